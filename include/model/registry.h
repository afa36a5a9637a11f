/* Registries: those that are well known, a login at one, its challenge, and its rate limit. */
#pragma once
#include "base/arena.h"
#include "model/evidence.h"

struct registry {
	struct text host;
	struct text realm;     /* of its token service, as its challenge names it */
	struct text service;   /* as its challenge names it */
	struct text blob_host; /* where its blobs are redirected to; empty: not foreseen */
};

/* the row of a registry's host, or NULL */
const struct registry *registry_known(struct text host);

/* A repository of private ECR whose name begins with a prefix that the console proposes for
 * pull-through caches, or that people use ("docker-hub/library/nginx"). A hint only: any name may
 * be a cache's. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
bool cache_prefix_is_known(struct text repository);

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

struct rate {
	int64_t limit;
	int64_t left;
	int64_t window; /* seconds; 0: not known */
};

/* "ratelimit-limit: 100;w=21600" and "ratelimit-remaining: 96;w=21600". False: they are not there,
 * or not such. */
bool rate_parse(struct text limit, struct text left, struct rate *out);

/* "4 of 100 pulls used in 6 h, 96 left", of a step that saw them; else empty */
struct text rate_words(struct arena *arena, const struct step *step);

/* How a registry wants to be signed in to: its WWW-Authenticate header, RFC 9110 11.6.1, and the
 * answer of its token service, https://distribution.github.io/distribution/spec/auth/token/ */
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

/* `realm` with the query that asks for a token for `repository`, "pull" or "pull,push"; of none
 * when that is empty */
struct text challenge_url(struct arena *arena, const struct challenge *challenge,
	struct text repository, const char *actions);

/* "token" or "access_token", a secret, and "expires_in" in seconds (60 where it does not say).
 * False: `complaint` says what is wrong, and repeats nothing. */
bool bearer_parse(struct arena *arena, struct text json, struct text *token, int64_t *expires_in,
	struct text *complaint);
