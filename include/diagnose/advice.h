/* What to do about a cause, whoever found it: a rule that met evidence or a row that met an error
 * text. */
#pragma once
#include "diagnose/context.h"
#include "model/causes.h"

enum { ADVICE_LINES = 4 };

/* how certain a row of rules or of error texts is */
#define PROVEN CERTAINTY_PROVEN
#define LIKELY CERTAINTY_LIKELY
#define OPEN CERTAINTY_OPEN

/* Templates with placeholders in braces, see fill.c. A cause that only notes speak of has no
 * lines. */
struct advice {
	uint8_t stage;	    /* enum stage: where a pull meets it */
	uint8_t rank;	    /* how often users meet it: 1 most often; 0: rarely */
	const char *verify; /* what would decide, where it is not proven */
	const char *fix[ADVICE_LINES];
	const char *confirm[ADVICE_LINES]; /* what to paste to see it from outside */
	const char *options;		   /* of the `check` that looks closer at it */
};

const struct advice *advice_of(enum cause cause);

/* the cause's advice, with what `own` says in its place; `own` may be NULL */
struct advice advice_with(enum cause cause, const struct advice *own);

/* The lines filled for the steps a finding rests on. What speaks of VPC endpoints or of ECR's API
 * is left out for registries that have none. */
struct texts advice_fill(const struct context *context, const char *const lines[ADVICE_LINES],
	const size_t *steps, size_t step_count);
