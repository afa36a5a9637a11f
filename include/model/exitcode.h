/* The exit codes: one list, from which the verdict's code, the README's table and
 * `explain CODE` come. Below 126, since 126 and up are the shell's and the signals'. */
#pragma once
#include "model/finding.h"

/* The verdicts that no finding makes. Those without any verdict are EXIT_USAGE and EXIT_UNABLE. */
enum {
	EXIT_WORKS = 0,
	EXIT_UNREACHED = 48,	 /* the source of the credentials */
	EXIT_NOT_REACHED = 90,	 /* the stage of --stage was not tried: an earlier one broke */
	EXIT_OTHER_SERVICE = 98, /* of --also, without a code of its own */
	EXIT_UNSETTLED = 99,	 /* PULL_UNKNOWN: a deadline or a signal came first */
};

struct exit_code {
	int code;
	struct text
		stage; /* printed name of the stage, "also", or empty where it is about neither */
	struct text says;
};

/* walks the list; NULL after the last row */
const struct exit_code *exit_code_at(size_t index);

/* the row of a code, or NULL */
const struct exit_code *exit_code_row(int code);

/* The code of a broken finding; `several` when more than one of api, dkr and s3 broke in its stage,
 * which counts up to `http`. A service of --also has its own code or shares
 * EXIT_OTHER_SERVICE, whatever the stage. */
int exit_code_of(const struct finding *finding, bool several);
