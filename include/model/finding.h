/* A finding: a rule that met a step; the verdict, and its exit code. */
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

/* The exit codes: one list, from which the verdict's code, README's table and `explain CODE` come.
 * Below 126, since 126 and up are the shell's and the signals'. */

/* The verdicts that no finding makes. Those without any verdict are EXIT_USAGE and EXIT_UNABLE. */
enum {
	EXIT_WORKS = 0,
	EXIT_UNREACHED = 48,	 /* the source of the credentials */
	EXIT_NOT_REACHED = 90,	 /* the stage of --stage was not tried: an earlier one broke */
	EXIT_OTHER_SERVICE = 98, /* of --also, without a code of its own */
	EXIT_UNSETTLED = 99,	 /* PULL_UNKNOWN: a deadline or a signal came first */
};

struct exit_code {
	int code;
	struct text
		stage; /* printed name of the stage, "also", or empty where it is about neither */
	struct text says;
};

/* walks the list; NULL after the last row */
const struct exit_code *exit_code_at(size_t index);

/* the row of a code, or NULL */
const struct exit_code *exit_code_row(int code);

/* The code of a broken finding; `several` when more than one of api, dkr and s3 broke in its stage,
 * which counts up to `http`. A service of --also has its own code or shares
 * EXIT_OTHER_SERVICE, whatever the stage. */
int exit_code_of(const struct finding *finding, bool several);
