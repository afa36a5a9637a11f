/* The parts of an absolute http or https URL, RFC 3986, cut without copying. */
#pragma once
#include "base/text.h"

struct url {
	struct text scheme; /* "https" */
	struct text host;   /* without brackets */
	uint16_t port;	    /* the scheme's own where none is given */
	struct text path;   /* "/" at least, unless empty in the URL */
	struct text query;  /* without '?'; may hold secrets */
};

/* False for anything else: other schemes, user info, an empty host, a bad port, and bytes that
 * no URL may hold (white space, control characters). */
bool url_parse(struct text t, struct url *out);
