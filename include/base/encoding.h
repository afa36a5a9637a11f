/* Encodings of text: UTF-8, Base64, percent-encoding, lower case. */
#pragma once
#include "base/arena.h"

/* Takes the first character off `t`, which must not be empty. False when it does not begin with
 * UTF-8 (RFC 3629): one byte is taken then, and `point` is that byte. */
bool utf8_take(struct text *t, uint32_t *point);

/* `t` itself, or a copy with U+FFFD for every byte that is not UTF-8 */
struct text utf8_repair(struct arena *arena, struct text t);

/* Base64, RFC 4648 section 4. False for anything that is not base64 with its padding. */
struct text base64_encode(struct arena *arena, struct text t);
bool base64_decode(struct arena *arena, struct text t, struct text *out);

/* base64url without padding, RFC 4648 section 5 and RFC 7515 section 2 */
bool base64url_decode(struct arena *arena, struct text t, struct text *out);

/* RFC 3986 2.1: letters, digits, "-._~" and the bytes of `keep` stay as they are. */
struct text percent_encode(struct arena *arena, struct text t, struct text keep);

/* the reverse; a '%' without two hexadecimal digits stays */
struct text percent_decode(struct arena *arena, struct text t);

/* a copy with ASCII letters in lower case */
struct text text_lower(struct arena *arena, struct text t);

/* A zip with one program, which is not compressed: the same bytes for the same program. */
struct text zip_program(struct arena *arena, struct text name, struct text bytes);
