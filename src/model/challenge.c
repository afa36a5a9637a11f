/* A challenge is parsed by its grammar, since it names where credentials go:
 *
 *     challenge  = scheme [ 1*SP ( token68 / #( token "=" ( token / quoted-string ) ) ) ]
 *     WWW-Authenticate = #challenge                                  (RFC 9110, 11.2 and 11.6.1) */
#include "base/arena.h"
#include "base/die.h"
#include "base/encoding.h"
#include "model/json.h"
#include "model/registry.h"

enum { ANSWER_BYTES_MAX = 1024 * 1024, TOKEN_BYTES_MAX = 64 * 1024, SECONDS_MAX = 366 * 86400 };

static struct text cut_token(struct text *rest)
{
	struct text token = text_head(*rest, text_span(*rest, T(ALPHANUMERIC "!#$%&'*+-.^_`|~")));
	*rest = text_skip(*rest, token.len);
	return token;
}

static void skip(struct text *rest, struct text set)
{
	*rest = text_skip(*rest, text_span(*rest, set));
}

/* a quoted-string without its quotes and backslashes; false when it has no end */
static bool cut_quoted(struct arena *arena, struct text *rest, struct text *out)
{
	struct buffer value = {.arena = arena};
	size_t at = 1;
	for (; at < rest->len && rest->at[at] != '"'; at++) {
		if (rest->at[at] == '\\')
			at++;
		buffer_add(&value, text_head(text_skip(*rest, at), 1));
	}
	*out = buffer_text(&value);
	bool ended = at < rest->len;
	*rest = text_skip(*rest, at + 1);
	return ended;
}

bool challenge_parse(struct arena *arena, struct text header, struct challenge *out)
{
	bool counts = false;
	*out = (struct challenge){0};
	if (header.len > CHALLENGE_BYTES_MAX)
		return false;
	for (skip(&header, T(", \t")); header.len; skip(&header, T(", \t"))) {
		struct text word = cut_token(&header);
		struct text value;
		if (word.len == 0)
			return false;
		skip(&header, T(" \t"));
		if (!text_starts(header, T("="))) {
			enum scheme scheme = text_same(word, T("Bearer")) ? SCHEME_BEARER
				: text_same(word, T("Basic"))		  ? SCHEME_BASIC
									  : SCHEME_NONE;
			counts = scheme > out->scheme;
			if (counts)
				*out = (struct challenge){.scheme = scheme};
			continue;
		}
		/* the padding of a token68 looks like values */
		skip(&header, T("= \t"));
		if (!text_starts(header, T("\"")))
			value = cut_token(&header);
		else if (!cut_quoted(arena, &header, &value))
			return false;
		if (counts && text_same(word, T("realm")))
			out->realm = value;
		else if (counts && text_same(word, T("service")))
			out->service = value;
	}
	return out->scheme != SCHEME_NONE;
}

struct text scheme_name(enum scheme scheme)
{
	if (scheme == SCHEME_NONE)
		return T("none");
	return scheme == SCHEME_BASIC ? T("Basic") : T("Bearer");
}

struct text challenge_url(struct arena *arena, const struct challenge *challenge,
	struct text repository, const char *actions)
{
	struct buffer out = {.arena = arena};
	const char *join = text_holds(challenge->realm, T("?")) ? "&" : "?";
	buffer_add(&out, challenge->realm);
	if (challenge->service.len) {
		struct text service = percent_encode(arena, challenge->service, T(":/"));
		buffer_addf(&out, "%sservice=%.*s", join, TEXT(service));
		join = "&";
	}
	if (repository.len) {
		struct text name = percent_encode(arena, repository, T(":/"));
		buffer_addf(&out, "%sscope=repository:%.*s:%s", join, TEXT(name), actions);
	}
	return buffer_text(&out);
}

bool bearer_parse(struct arena *arena, struct text json, struct text *token, int64_t *expires_in,
	struct text *complaint)
{
	json_t *root = json_read(json, ANSWER_BYTES_MAX, complaint);
	if (!root)
		return false;
	int64_t seconds = json_integer_value(json_object_get(root, "expires_in"));
	*expires_in = seconds > 0 && seconds < SECONDS_MAX ? seconds : 60;
	*token = json_text(arena, root, "token");
	if (token->len == 0)
		*token = json_text(arena, root, "access_token");
	json_decref(root);
	if (token->len == 0)
		return complain(complaint, T("there is no token in it"));
	/* RFC 6750 2.1: what may follow "Bearer " */
	if (token->len <= TOKEN_BYTES_MAX && text_only(*token, T(ALPHANUMERIC "-._~+/=")))
		return true;
	*token = T("");
	return complain(complaint, T("its token is too long or is no bearer token"));
}
