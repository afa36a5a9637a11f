/* The page's markup. There is no way to put a value into it but HTML(), which escapes. */
#pragma once
#include "base/arena.h"
#include "report/compare.h"

struct html {
	const struct comparison *comparison;
	const struct sink *sink;
	struct arena arena; /* of what was not flushed yet */
	struct buffer out;
};

/* Adds markup without values. */
void html_add(struct html *html, const char *markup);

/* Adds markup in which each '$' is the next of the values, made printable and escaped for text and
 * for quoted attributes alike (HTML 13.1.2.3). */
#define HTML(html, markup, ...)                                         \
	html_fill((html), (markup), (const struct text[]){__VA_ARGS__}, \
		sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text))

void html_fill(struct html *html, const char *markup, const struct text *values, size_t count);

/* Hands on what was added so far, and frees it. */
void html_flush(struct html *html);

/* the links of each way, where a report has the configuration */
void html_chains(struct html *html, const struct compared *report);
