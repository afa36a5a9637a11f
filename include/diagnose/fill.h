/* Templates: "{host} does not answer", and the placeholders in braces. */
#pragma once
#include "diagnose/context.h"

/* what a template is filled from */
struct fill_input {
	struct arena *arena;
	const struct context *context;
	const struct step
		*step;	     /* what the finding is about; empty when it is about the whole run */
	const size_t *steps; /* all that it is about */
	size_t step_count;
};

/* The value is a fact, a text of the target, or what a function gives. */
struct placeholder {
	const char *name;
	const char *otherwise; /* when the evidence does not know */
	struct text (*value)(const struct fill_input *input);
	uint8_t fact;	    /* FACT(name): of the step, */
	uint8_t experiment; /* or of that experiment; without a fact the address of its peer */
	uint8_t target;	    /* TARGET(member) */
};

#define TARGET(member) (1 + offsetof(struct target, member))

/* those that need AWS' spelling; ended by an empty row */
extern const struct placeholder placeholders_aws[];

/* The text with its placeholders filled from the steps a finding rests on (the first is the one it
 * is about), the target and the vantage. Braces that hold no placeholder's name stay as they are.
 */
struct text fill(struct arena *arena, const struct context *context, const char *template,
	const size_t *steps, size_t step_count);

/* the first name in lower-case braces that is no placeholder; empty when all are known */
struct text fill_unknown(const char *template);
