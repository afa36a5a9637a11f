/* The exit codes: one list, from which the verdict's code, the README's table and
 * `explain CODE` come. Below 126, since 126 and up are the shell's and the signals'. */
#pragma once
#include "model/finding.h"

struct exit_code {
	int code;
	struct text stage; /* printed name of the stage, or what else it is about */
	struct text says;
};

/* walks the list; NULL after the last row */
const struct exit_code *exit_code_at(size_t index);

/* the row of a code, or NULL */
const struct exit_code *exit_code_row(int code);

/* the code of a broken finding; `several` when more than one endpoint broke in its stage */
int exit_code_of(const struct finding *finding, bool several);
