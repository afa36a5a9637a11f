/* Text is a pointer and a length: cut without copying, never owned, not terminated. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *at;
	size_t len;
};

/* a list of texts; both the array and the bytes belong to somebody else */
struct texts {
	struct text *at;
	size_t count;
};

/* the text of a string literal */
#define T(literal) ((struct text){(literal), sizeof(literal) - 1})

/* the same, as the initialiser of a static row */
#define LITERAL(literal)                       \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

/* how many elements an array has */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* for printf's "%.*s" */
#define TEXT(t) (int)(t).len, (t).at

/* the text of a terminated string; NULL gives the empty text */
struct text text_of(const char *string);

bool text_equal(struct text a, struct text b);

/* equal but for the case of ASCII letters */
bool text_same(struct text a, struct text b);

bool text_starts(struct text t, struct text with);
bool text_ends(struct text t, struct text with);

/* where `needle` first is in `t`, or t.len */
size_t text_find(struct text t, struct text needle);

/* as text_find, not looking at the case of ASCII letters */
size_t text_find_same(struct text t, struct text needle);

bool text_holds(struct text t, struct text needle);

/* the first `count` bytes, and all but them; `count` may be too large */
struct text text_head(struct text t, size_t count);
struct text text_skip(struct text t, size_t count);

/* Cuts at the first `separator`: what stood before it is returned, and `t` keeps what stood
 * behind. Without a separator all of `t` is returned and `t` is left empty. */
struct text text_cut(struct text *t, struct text separator);

/* without white space at both ends */
struct text text_trim(struct text t);

/* a decimal number that fills the whole text; false leaves `out` alone */
bool text_number(struct text t, int64_t *out);

/* It is, or holds, one of the words, which stand between "|", in capital or small letters. */
bool text_is_one_of(struct text t, struct text words);
bool text_holds_one(struct text t, const char *words);

/* the list has a text like it */
bool texts_hold(struct texts list, struct text t);
bool texts_equal(struct texts a, struct texts b);

/* how many bytes from the start are in `set`, or are not */
size_t text_span(struct text t, struct text set);
size_t text_until(struct text t, struct text set);

/* every byte is in `set` */
bool text_only(struct text t, struct text set);

/* not empty, and without control characters */
bool text_is_printable(struct text t);

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ALPHANUMERIC UPPER LOWER DIGITS

/* environment variables, as main got them; tests bring their own */
struct environment {
	char *const *variables; /* "NAME=value", ended by NULL */
};

/* empty when it is not set */
struct text environment_get(const struct environment *environment, struct text name);
