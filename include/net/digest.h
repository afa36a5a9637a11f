/* SHA-256, FIPS 180-4. */
#pragma once
#include "base/arena.h"

/* "sha256:" and 64 hexadecimal digits */
struct text digest_of(struct arena *arena, struct text bytes);

/* The same over bytes that come in pieces. Every digest that was begun must be ended, which frees
 * it and gives the text. */
struct digest;

struct digest *digest_begin(void);
void digest_add(struct digest *digest, struct text bytes);
struct text digest_end(struct digest *digest, struct arena *arena);
