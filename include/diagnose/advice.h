/* What to do about a cause, whoever found it. */
#pragma once
#include "model/causes.h"

enum { ADVICE_LINES = 4 };

/* Templates with places in braces, see fill.c. A cause that only notes speak of has no lines. */
struct advice {
	const char *verify; /* what would decide, where it is not proven */
	const char *fix[ADVICE_LINES];
	const char *confirm[ADVICE_LINES]; /* what to paste to see it from outside */
};

const struct advice *advice_of(enum cause cause);
