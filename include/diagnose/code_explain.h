/* Explains exit codes: what is known of a task without logs. Pure. */
#pragma once
#include "model/finding.h"

struct rule;

/* a cause that leads to a code, by the rules that find it */
enum { CODE_COMMON = 256 };
struct code_cause {
	enum cause cause;
	unsigned order; /* below CODE_COMMON: it has the code for itself; then as often as met */
	struct text verify;   /* how it is told apart */
	struct texts fix;     /* what to do about it */
	struct texts confirm; /* AWS CLI lines that confirm it from outside */
};

struct code_explanation {
	const struct exit_code *row;
	struct code_cause *causes; /* those that users meet most often first */
	size_t count;
	struct texts ways; /* which way in tells more */
};

/* Where a code may come from: a row, and a stage, endpoint and symptom that it may meet. */
struct code_place {
	const struct rule *rule;
	struct finding finding; /* its cause, stage, endpoint and symptom */
	size_t part, row;	/* which comes next; all zero at first */
	unsigned next;
};

/* The next place of a code, or of ANY_CODE, in the order of the rules; false after the last. */
enum { ANY_CODE = -1 };
bool code_place_next(struct code_place *at, int code);

/* `code` must be one of the list */
struct code_explanation code_explain(struct arena *arena, int code);

/* The codes of --stage dns to --stage layers, one for each stage of a pull. */
enum { CODE_STAGES = STAGE_LAYERS + 1 };

struct stages_explanation {
	int codes[CODE_STAGES];
	struct code_explanation broken; /* of the first stage that failed; row NULL for none */
	struct texts excluded;		/* what the stages that passed exclude */
	struct texts failed;		/* further codes that are neither 0 nor EXIT_NOT_REACHED */
	struct texts not_reached;	/* names of stages */
};

/* False: `complaint` says which code is not one of its stage. */
bool stages_explain(struct arena *arena, const int codes[CODE_STAGES],
	struct stages_explanation *out, struct text *complaint);
