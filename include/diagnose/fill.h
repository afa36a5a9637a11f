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
	const char *argument; /* of the placeholder's row */
	/* fills a template, for a placeholder whose value is one */
	struct text (*fill)(const struct fill_input *input, const char *template);
};

/* A row says where its value is: the first of these columns that is set. */
struct placeholder {
	const char *name;
	const char *otherwise; /* when the evidence does not know */
	struct text (*value)(const struct fill_input *input);
	struct text (*of_run)(const struct context *context);
	struct text (*of_step)(const struct context *context, const struct step *step);
	uint8_t target;	      /* TARGET(member) */
	uint8_t all;	      /* STEP(member), of all steps that the finding is about, each once */
	uint8_t member;	      /* STEP(member), of the step */
	uint8_t fact;	      /* FACT(name), of the step */
	uint8_t experiment;   /* member and fact are of that experiment, else it is its address */
	bool brief;	      /* of a digest: enough to recognise it by */
	const char *argument; /* what the function is asked for; of others the text before it */
};

#define TARGET(member) (1 + offsetof(struct target, member))
#define STEP(member) (1 + offsetof(struct step, member))

/* ended by an empty row */
extern const struct placeholder placeholders[];

/* The text with its placeholders filled from the steps a finding rests on (the first is the one it
 * is about), the target and the vantage. Braces that hold no placeholder's name stay as they are.
 */
struct text fill(struct arena *arena, const struct context *context, const char *template,
	const size_t *steps, size_t step_count);

/* the first name in lower-case braces that is no placeholder; empty when all are known */
struct text fill_unknown(const char *template);
