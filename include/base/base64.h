/* Base64, RFC 4648 section 4. */
#pragma once
#include "base/arena.h"

struct text base64_encode(struct arena *arena, struct text t);

/* False for anything that is not base64 with its padding. */
bool base64_decode(struct arena *arena, struct text t, struct text *out);
