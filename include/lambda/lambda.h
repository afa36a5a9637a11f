/* The program as a custom runtime of AWS Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
#pragma once
#include "base/arena.h"

/* What the runtime runs, each in a process of its own, whose exit code is the result and whose last
 * line on stderr says what was wrong. */
struct lambda {
	/* Finds what is wrong before any event: exit code 0, or another. */
	int (*start)(void);
	/* Makes the check of a command line within that time, which is 0 where there is no limit,
	 * and prints its report. EXIT_USAGE and EXIT_UNABLE are failures of the invocation; every
	 * other code comes with a report. */
	int (*check)(int count, char **words, int64_t within_us);
};

/* Takes events from the API at `api` ("127.0.0.1:9001", of AWS_LAMBDA_RUNTIME_API) and answers
 * each, until a signal comes (0), or what fails leaves nothing to be answered (EXIT_UNABLE, with a
 * line on stderr). */
int lambda_serve(struct text api, const struct lambda *lambda);
