/* An explained error text or exit code, for a person or for a program. */
#pragma once
#include "diagnose/error_text.h"
#include "model/exitcode.h"
#include "report/report.h"

/* one line of JSON, schema pullprobe.explain.v1, ended by a newline; every key is there, and is
 * empty where there is nothing to say */
struct text explain_json(struct arena *arena, const struct explanation *explanation);

/* what it may be and where, what would decide, what to do, how to confirm it */
struct text explain_text(struct arena *arena, const struct explanation *explanation,
	const struct report_style *style);

/* likewise of an exit code's row; the JSON has the key "exit_code" besides */
struct text explain_code_json(struct arena *arena, const struct exit_code *row);
struct text explain_code_text(
	struct arena *arena, const struct exit_code *row, const struct report_style *style);
