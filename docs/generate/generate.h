/* The tables that generated files hold, each printed from the program's own rows. */
#pragma once
#include "base/text.h"

/* a list's printed names, as the elements of a JSON array; false: there is no such list */
bool put_list(struct text name);
void put_facts(void);

/* of docs/compare.schema.json: how many steps of a result have each outcome */
void put_outcome_counts(void);

/* docs/causes.md: the rules of each stage in their order, then the warnings and notes */
void put_rules(void);

/* docs/hosts.md */
void put_partitions(void);
void put_host_forms(void);

/* docs/iam-policy.json: the IAM actions of the calls, as elements of a JSON array */
void put_policy_reading(void);
void put_policy_lambda(void);
void put_policy_fargate(void);
/* the manual's list of them, and what each is for */
void put_calls(void);
/* both of what push needs in ECR */
void put_policy_push(void);
void put_calls_push(void);
void put_calls_lambda(void);
void put_calls_fargate(void);
