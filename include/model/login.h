/* A user's name and password at a registry, as the command line or Docker's configuration file has
 * them: https://docs.docker.com/reference/cli/docker/login/ */
#pragma once
#include "base/arena.h"

struct login {
	struct text user;
	struct text password; /* a secret */
	struct text basic;    /* base64 of "user:password", RFC 7617: a secret; empty: none */
};

/* False: a user name that holds a colon or a control character, or an empty one or password. */
bool login_make(struct arena *arena, struct text user, struct text password, struct login *out);

/* What a configuration file has for a registry's host (with its port). Where that is nothing that
 * can be sent, `basic` is empty and `why_not` says why: a credential helper is named there and
 * never run. False: the file is no JSON object; `why_not` says so and repeats nothing. */
bool login_parse(struct arena *arena, struct text json, struct text host, struct login *out,
	struct text *why_not);
