/* The verb inspect. */
#pragma once
#include "options.h"
#include "report/survey.h"

/* Reads the configuration that decides about the subject's pulls, judges it together with the
 * reports of walks that were given, and prints it; the exit code. */
int inspect(
	struct arena *arena, const struct options *options, const struct environment *environment);
