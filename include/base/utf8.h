/* UTF-8, RFC 3629. */
#pragma once
#include "base/arena.h"

/* Takes the first character off `t`, which must not be empty. False when no character stands
 * there: one byte is taken then, and `point` is that byte. */
bool utf8_take(struct text *t, uint32_t *point);

/* `t` itself, or a copy with U+FFFD for every byte that is not UTF-8 */
struct text utf8_repair(struct arena *arena, struct text t);
