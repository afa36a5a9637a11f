/* JSON from outside: bounded and strict, and texts copied out of it. */
#pragma once
#include "base/arena.h"
#include <jansson.h>

/* An object of at most `max` bytes and 50,000 values, without duplicate keys, which the caller
 * owns; else NULL, and
 * `complaint` says which it was not. Never repeats what stands in it: that may be a secret. */
json_t *json_read(struct text json, size_t max, struct text *complaint);

/* the string under a key; empty when there is none */
struct text json_text(struct arena *arena, const json_t *object, const char *key);

/* the strings of an array, what is no string passed over; an empty list when it is no array */
struct texts json_texts(struct arena *arena, const json_t *array);
