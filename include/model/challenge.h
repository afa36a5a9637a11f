/* How a registry wants to be signed in to: its WWW-Authenticate header, RFC 9110 11.6.1, and the
 * answer of its token service, https://distribution.github.io/distribution/spec/auth/token/ */
#pragma once
#include "base/arena.h"

enum { CHALLENGE_BYTES_MAX = 4096 };

enum scheme {
	SCHEME_NONE,  /* nothing is asked for */
	SCHEME_BASIC, /* RFC 7617: user name and password, at the registry itself */
	SCHEME_BEARER /* RFC 6750: a token of the service that `realm` names */
};

struct challenge {
	enum scheme scheme;
	struct text realm;
	struct text service; /* may be empty */
};

/* Reads one header. Of several challenges in it Bearer counts, then Basic. False: it is too long,
 * not of the grammar, or holds neither of the two. */
bool challenge_parse(struct arena *arena, struct text header, struct challenge *out);

/* "Bearer", "Basic", "none" */
struct text scheme_name(enum scheme scheme);

/* `realm` with the query that asks for a token to pull `repository`; all repositories when that is
 * empty */
struct text challenge_url(
	struct arena *arena, const struct challenge *challenge, struct text repository);

/* "token" or "access_token", a secret, and "expires_in" in seconds (60 where it is not told).
 * False: `complaint` says what is wrong, and repeats nothing. */
bool bearer_parse(struct arena *arena, struct text json, struct text *token, int64_t *expires_in,
	struct text *complaint);

/* The error of a registry or of its token service, whose shapes are many: {"errors":[...]},
 * {"details"}, {"message"}, {"error","error_description"}. False: it is none of them. */
bool token_error_parse(
	struct arena *arena, struct text json, struct text *code, struct text *message);
