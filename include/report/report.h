/* A report for a person or for a program. */
#pragma once
#include "model/finding.h"
#include <jansson.h>

struct report_style {
	bool colour;
	int columns; /* width to keep to */
};

/* text for a person in a hurry: verdict, what to do, the connectivity, other findings */
struct text report_text(struct arena *arena, const struct evidence *evidence,
	const struct diagnosis *diagnosis, const struct report_style *style);

/* one line of JSON, schema pullprobe.report.v1, ended by a newline */
struct text report_json(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* the report as a JSON value, which the caller owns */
json_t *report_value(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis);

/* What was judged, as JSON: the same in a report and in a comparison. The caller owns the result.
 */
json_t *causes_json(struct arena *arena, const enum cause *list, size_t count);
json_t *indices_json(const size_t *list, size_t count);
json_t *findings_json(struct arena *arena, const struct diagnosis *diagnosis);
json_t *verdict_json(struct arena *arena, const struct diagnosis *diagnosis);
json_t *tool_json(struct arena *arena, struct text version);

/* Adds a value as compact ASCII, and uses it up; json_line: as one line, ended by a newline. */
void json_add(struct buffer *out, json_t *value);
struct text json_line(struct arena *arena, json_t *value);

/* Made safe for a terminal: control characters, escapes and invalid UTF-8 become visible. */
struct text printable(struct arena *arena, struct text t);
