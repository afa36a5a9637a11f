/* SHA-256, FIPS 180-4. */
#pragma once
#include "base/arena.h"

/* "sha256:" and 64 hexadecimal digits */
struct text digest_of(struct arena *arena, struct text bytes);
