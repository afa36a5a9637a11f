/* What an IAM policy document says about one request: endpoint policies and repository policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * Never guesses: a condition key, an operator or an element whose effect cannot be told makes the
 * statement undecided, and with it the answer, unless the others decide without it. */
#pragma once
#include "diagnose/context.h"

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

enum policy_decision {
	POLICY_ALLOWED,
	POLICY_NOT_ALLOWED, /* no statement allows it */
	POLICY_DENIED,	    /* a statement denies it */
	POLICY_UNDECIDED,
};

/* A condition key of the request. What is no key of the list is not known. */
struct policy_key {
	const char *name;
	struct text value; /* empty: the request does not have the key */
	bool foreign;	   /* a value of AWS's own account: none that a customer writes but "*" */
};

struct policy_request {
	struct text principal; /* the role's ARN; empty: not known */
	bool foreign;	       /* a role of AWS's own account: the one that fetches layers */
	struct text account;   /* of the subject: what is never AWS's own */
	struct text action;
	struct text resource; /* ARN or "*"; empty: not known */
	bool granted;	      /* another document allows it: only a Deny of this one counts */
	const struct policy_key *keys;
	size_t key_count;
};

struct policy_answer {
	enum policy_decision decision;
	struct text
		statement; /* the one that decides, as JSON; empty: that there is none decides */
	struct text name;  /* its Sid, else "statement 2" */
	struct text doubt; /* of UNDECIDED: what could not be told */
};

/* A document without a Principal is an identity's own, and about whoever asks. */
struct policy_answer policy_judge(
	struct arena *arena, struct text document, const struct policy_request *request);

/* '*' and '?' as IAM reads them; `same` looks not at the case of ASCII letters */
bool policy_matches(struct text pattern, struct text value, bool same);

/* the account of an ARN; empty where it has none */
struct text policy_account(struct text arn);
