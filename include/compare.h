/* The verb compare. */
#pragma once
#include "options.h"

/* Reads the reports one at a time and prints them side by side; the exit code. */
int compare(
	struct arena *arena, const struct options *options, const struct environment *environment);
