/* The parts of a URL, and the proxy that one names. */
#pragma once
#include "base/arena.h"

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

struct proxy {
	struct text url;  /* "http://host:port": without user, password and path */
	struct text host; /* without brackets; empty: there is no proxy */
	uint16_t port;
	/* secrets; empty when the proxy wants none */
	struct text user, password;
	struct text basic; /* both in base64 (RFC 7617) */
};

/* "http://[user[:password]@]host[:port][/]", port 80 where none is given; user and password may be
 * percent-encoded. False for anything else, "https://" and "socks5://" among it. */
bool proxy_parse(struct arena *arena, struct text given, struct proxy *out);

/* A proxy of the environment, of whatever scheme or none, as it may be shown: scheme, host and port
 * alone. What cannot be read is reported as that. */
struct text proxy_shown(struct arena *arena, struct text given);

/* NO_PROXY's list has the host: names with all that is below them, addresses, networks, "*"; an
 * entry may name a port. Commas or blanks part them. Link-local and loopback addresses are never
 * for a proxy. */
bool proxy_excepts(struct text no_proxy, struct text host, uint16_t port);
