/* A rule is a row. Rows stand in parts, each for some stages; the first row that meets a failed
 * step makes its finding, so rows run from the most specific to the plainest. */
#pragma once
#include "diagnose/context.h"
#include "model/finding.h"

enum { RULE_CONDITIONS = 5, RULE_ALTERNATIVES = 6, RULE_LINES = 4 };

struct rule {
	const char *id;
	uint64_t symptoms; /* bits by symptom; 0: any */
	condition *when[RULE_CONDITIONS];
	uint32_t endpoints; /* bits by role; 0: any */
	enum severity severity;
	enum cause cause;
	enum certainty certainty;
	enum cause alternatives[RULE_ALTERNATIVES]; /* ended by NONE */
	/* templates with places in braces, see fill.c */
	const char *says;
	const char *verify;
	const char *fix[RULE_LINES];
	const char *confirm[RULE_LINES];
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

/* whether a row meets a step, the stage left aside */
bool rule_meets(const struct rule *rule, const struct context *context, const struct step *step);
