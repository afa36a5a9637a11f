/* Templates: "{host} does not answer" and the places that may stand in braces. */
#pragma once
#include "diagnose/context.h"

/* The text with its places filled from the steps a finding rests on (the first is the one it is
 * about), the target and the vantage. Braces that hold no place's name stay as they are. */
struct text fill(struct arena *arena, const struct context *context, const char *template,
	const size_t *steps, size_t step_count);

/* the first name in lower-case braces that is no place; empty when all are known */
struct text fill_unknown(const char *template);
