/* JSON Web Tokens, as far as a refused one tells of its own time. */
#pragma once
#include "base/text.h"

/* The claims nbf and exp, RFC 7519 4.1.4 and 4.1.5, in Unix seconds; 0 where there is none. The
 * signature is not looked at. False when it is no such token. */
bool jwt_times(struct text token, int64_t *not_before, int64_t *expires);
