/* An explained error text or exit code, for a person or for a program. */
#pragma once
#include "diagnose/code_explain.h"
#include "diagnose/error_text.h"
#include "diagnose/verdict_bytes.h"
#include "report/report.h"

/* one line of JSON, schema pullprobe.explain.v1, ended by a newline; every key is there, and is
 * empty where there is nothing to say */
struct text explain_json(struct arena *arena, const struct explanation *explanation);

/* The answer to an event: {"text": one paragraph for a chat, "explanation": the object above}. */
struct text explain_message(
	struct arena *arena, struct text subject, const struct explanation *explanation);

/* what it may be and where, what would decide, what to do, how to confirm it */
struct text explain_text(struct arena *arena, const struct explanation *explanation,
	const struct report_style *style);

/* Likewise of an exit code; `stages` are the eight of --stage dns to layers, or NULL. Their JSON
 * has more keys: "exit_code", "causes" (each with class, meaning, decide, fix and confirm) and
 * "ways"; of the eight also "exit_codes", "excluded", "also_failed" and "not_reached". */
struct text explain_code_json(struct arena *arena, const struct code_explanation *explanation,
	const struct stages_explanation *stages);
struct text explain_code_text(struct arena *arena, const struct code_explanation *explanation,
	const struct stages_explanation *stages, const struct report_style *style);

/* the first code that failed; all passed, or none was reached, where there is none */
struct code_explanation stages_broken(const struct stages_explanation *stages);

/* A verdict that came as exit codes. Its JSON has besides "rule", "peer", "status" (0: none),
 * "exit_code", "exit_codes" and "exact": the report's fix is this, word for word. */
struct verdict_explanation {
	uint8_t codes[VERDICT_CODES];
	struct evidence evidence;
	struct diagnosis diagnosis; /* it breaks */
	bool is_same;		    /* as verdict_bytes_read says */
};

struct text explain_verdict_json(struct arena *arena, const struct verdict_explanation *verdict);
struct text explain_verdict_text(struct arena *arena, const struct verdict_explanation *verdict,
	const struct report_style *style);
