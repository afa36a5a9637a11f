/* Environment variables. */
#pragma once
#include "base/text.h"

/* environment variables, as main got them; lets tests bring their own */
struct environment {
	char *const *variables; /* "NAME=value", ended by NULL */
};

/* empty when it is not set */
struct text environment_get(const struct environment *environment, struct text name);
