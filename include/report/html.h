/* Markup with values in it. There is no other way to put a value than an escaped one. */
#pragma once
#include "base/buffer.h"
#include "report/compare.h"

/* Adds markup in which each '$' is the next of the values, made printable and escaped for text and
 * for quoted attributes alike (HTML 13.1.2.3). */
#define HTML(out, markup, ...)                                         \
	html_fill((out), (markup), (const struct text[]){__VA_ARGS__}, \
		sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text))

void html_fill(struct buffer *out, const char *markup, const struct text *values, size_t count);

/* Adds markup without values. */
void html_add(struct buffer *out, const char *markup);

/* Puts the buffer's content and frees its arena; the buffer is empty afterwards. */
void html_flush(struct buffer *out, const struct sink *sink);

/* the cause that colours a cell or a bar of that outcome, or "" */
struct text html_cause(struct text cell);

/* The parts of a comparison's page that are told vantage by vantage: */

/* what to do, group by group */
void html_findings(const struct comparison *comparison, const struct sink *sink);

/* each vantage's walk as a waterfall, on one time scale */
void html_walks(const struct comparison *comparison, const struct sink *sink);
