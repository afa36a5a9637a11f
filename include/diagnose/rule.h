/* A rule is a row. Rows stand in parts, each for some stages; the first row that meets a failed
 * step makes its finding, so rows run from the most specific to the plainest. */
#pragma once
#include "diagnose/advice.h"
#include "diagnose/context.h"
#include "model/finding.h"

enum { RULE_CONDITIONS = 2, RULE_ALTERNATIVES = 6 };

enum rule_registry { ANY_REGISTRY, PRIVATE_ECR, OTHER_REGISTRY };

struct rule {
	const char *id;
	/* what it meets: every column that is set must hold */
	uint64_t symptoms;	   /* bits by symptom */
	uint32_t endpoints;	   /* bits by endpoint kind */
	uint16_t stages;	   /* bits by stage; the part's own are set besides */
	uint8_t peer;		   /* bits by location of the step's peer */
	uint8_t family;		   /* of the peer's address: 4 or 6 */
	uint8_t registry;	   /* enum rule_registry */
	uint8_t has, lacks;	   /* a fact that the step shows, or does not: FACT(name) */
	uint8_t passed, failed[2]; /* experiments that were made for the step, and went so */
	struct {
		uint16_t from, to;
	} status;      /* the range of the HTTP status */
	uint8_t shows; /* the fact that holds `text`; of POLICY, see denial.h */
	/* what it finds, beside the texts below; bytes stand together, there are hundreds of rows
	 */
	uint8_t severity, cause, certainty;	 /* their enums */
	uint8_t alternatives[RULE_ALTERNATIVES]; /* causes, ended by NONE */
	const char *text;			 /* of `shows` */
	condition *when[RULE_CONDITIONS];
	step_condition *step[2];
	run_condition *run[2];
	const char *says; /* a template with placeholders in braces, see fill.c */
	/* where something else is to be said than of the cause: see rule_advice */
	const char *verify;
	const char *fix[ADVICE_LINES];
	const char *confirm[ADVICE_LINES];
};

struct rule_part {
	uint32_t stages; /* bits by stage */
	const struct rule *rows;
	size_t count;
};

#define SYMPTOM(name) (UINT64_C(1) << SYMPTOM_##name)
/* the symptoms of who is there, or not, and says nothing */
#define NO_ANSWER                                                                           \
	(SYMPTOM(TIMEOUT) | SYMPTOM(REFUSED) | SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED) | \
		SYMPTOM(RESET) | SYMPTOM(CLOSED) | SYMPTOM(STALLED))
#define PEER(name) (1U << LOCATION_##name)
#define FACT(name) (FACT_##name + 1)
#define ENDPOINT(name) (UINT32_C(1) << ENDPOINT_##name)
#define STAGE(name) (UINT32_C(1) << STAGE_##name)
#define RULE_PART(bits, table)                                                              \
	{                                                                                   \
		.stages = (bits), .rows = (table), .count = sizeof(table) / sizeof *(table) \
	}

/* the parts of failed steps in order; NULL after the last */
const struct rule_part *rule_part_at(size_t index);

/* Notes and warnings: rows that meet steps of any outcome, and are no failure. */
extern const struct rule_part rules_notes;

/* the row for a failed step: never NULL */
const struct rule *rule_for(const struct context *context, const struct step *step);

/* The row's own advice where it has some, else that of its cause. Warnings and notes say all
 * themselves, and what is proven needs no verifying. */
struct advice rule_advice(const struct rule *rule);

/* whether a row meets a step, the stage left aside */
bool rule_meets(const struct rule *rule, const struct context *context, const struct step *step);
