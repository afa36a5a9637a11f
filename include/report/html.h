/* Markup with values in it. There is no other way to put a value than an escaped one. */
#pragma once
#include "base/buffer.h"

/* Adds markup in which each '$' is the next of the values, made printable and escaped for text and
 * for quoted attributes alike (HTML 13.1.2.3). */
#define HTML(out, markup, ...)                                         \
	html_fill((out), (markup), (const struct text[]){__VA_ARGS__}, \
		sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text))

void html_fill(struct buffer *out, const char *markup, const struct text *values, size_t count);

/* Adds markup without values. */
void html_add(struct buffer *out, const char *markup);
