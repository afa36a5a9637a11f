/* A finding: a rule that met a step. */
#pragma once
#include "model/causes.h"
#include "model/evidence.h"

struct finding {
	struct text rule; /* the row's id */
	enum cause cause;
	enum severity severity;
	enum certainty certainty;
	enum cause *alternatives; /* what else would leave this evidence; not `cause` itself */
	size_t alternative_count;
	struct text verify; /* what would decide between them */
	enum stage stage;
	enum endpoint_kind endpoint;
	struct text host;
	enum symptom symptom; /* of the step that failed; NONE of a note without one */
	struct text says;
	struct texts resources; /* ids or ARNs of what to change, the first one first */
	struct texts fix;	/* what to do, a sentence or a command each */
	struct texts confirm;	/* AWS CLI lines that would confirm it from outside */
	size_t *steps; /* the evidence it rests on, as indices; the first is the failed one */
	size_t step_count;
};

enum pull { PULL_WORKS, PULL_BREAKS, PULL_UNKNOWN };

struct diagnosis {
	struct finding *findings; /* in walking order of what they are about */
	size_t count;
	/* the verdict: the first broken finding */
	enum pull pull;
	size_t verdict; /* index of that finding; meaningless unless pull is BREAKS */
	int exit_code;
};

struct text pull_name(enum pull pull);
