/* Vantages side by side, for a person, for a program, and for a browser. */
#pragma once
#include "report/matrix.h"
#include "report/report.h"

/* all that the formats print */
struct comparison {
	const struct column *columns;
	size_t count;
	struct matrix matrix;
	struct groups groups;
	struct matrix grouped;
	struct difference difference;
	struct text version; /* of the tool that compares */
};

/* `columns` must outlive it. They are given labels that tell them apart. */
struct comparison comparison_of(
	struct arena *arena, struct column *columns, size_t count, struct text version);

/* Takes what is printed, a part after the other, so that hundreds of vantages need not be held as
 * one text. A part is valid during the call only. */
struct sink {
	void (*put)(void *context, struct text part);
	void *context;
};

/* a table that keeps to its width, and the first difference said below it */
void compare_text(const struct comparison *comparison, const struct report_style *style,
	const struct sink *sink);

/* one line of JSON, schema pullprobe.compare.v1 (docs/compare.schema.json), ended by a newline */
void compare_json(const struct comparison *comparison, const struct sink *sink);

/* one page that needs nothing else: src/report/compare.html, filled in */
void compare_html(const struct comparison *comparison, const struct sink *sink);
