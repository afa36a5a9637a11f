/* A challenge is parsed by its grammar, since it names where credentials go:
 *
 *     challenge  = scheme [ 1*SP ( token68 / #( token "=" ( token / quoted-string ) ) ) ]
 *     WWW-Authenticate = #challenge                                  (RFC 9110, 11.2 and 11.6.1) */
#include "model/challenge.h"
#include "base/buffer.h"
#include "base/die.h"
#include "base/encoding.h"
#include "model/json.h"
#include "model/oci.h"
#include <ctype.h>
#include <string.h>

enum { ANSWER_BYTES_MAX = 1024 * 1024, TOKEN_BYTES_MAX = 64 * 1024, SECONDS_MAX = 366 * 86400 };

static bool is_token_byte(char byte)
{
	return isalnum((unsigned char)byte) || (byte && strchr("!#$%&'*+-.^_`|~", byte));
}

static struct text cut_token(struct text *rest)
{
	size_t count = 0;
	while (count < rest->len && is_token_byte(rest->at[count]))
		count++;
	struct text token = text_head(*rest, count);
	*rest = text_skip(*rest, count);
	return token;
}

static void skip(struct text *rest, const char *set)
{
	while (rest->len && rest->at[0] && strchr(set, rest->at[0]))
		*rest = text_skip(*rest, 1);
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

static bool cut_value(struct arena *arena, struct text *rest, struct text *out)
{
	/* the padding of a token68 looks like values */
	skip(rest, "= \t");
	if (rest->len && rest->at[0] == '"')
		return cut_quoted(arena, rest, out);
	*out = cut_token(rest);
	return true;
}

static void take_scheme(struct challenge *challenge, struct text word, bool *counts)
{
	enum scheme scheme = text_same(word, T("Bearer")) ? SCHEME_BEARER
		: text_same(word, T("Basic"))		  ? SCHEME_BASIC
							  : SCHEME_NONE;
	*counts = scheme > challenge->scheme;
	if (*counts)
		*challenge = (struct challenge){.scheme = scheme};
}

static void take_value(struct challenge *challenge, struct text name, struct text value)
{
	if (text_same(name, T("realm")))
		challenge->realm = value;
	else if (text_same(name, T("service")))
		challenge->service = value;
}

bool challenge_parse(struct arena *arena, struct text header, struct challenge *out)
{
	bool counts = false;
	*out = (struct challenge){0};
	if (header.len > CHALLENGE_BYTES_MAX)
		return false;
	for (skip(&header, ", \t"); header.len; skip(&header, ", \t")) {
		struct text word = cut_token(&header);
		struct text value;
		if (word.len == 0)
			return false;
		skip(&header, " \t");
		if (!text_starts(header, T("="))) {
			take_scheme(out, word, &counts);
			continue;
		}
		if (!cut_value(arena, &header, &value))
			return false;
		if (counts)
			take_value(out, word, value);
	}
	return out->scheme != SCHEME_NONE;
}

struct text scheme_name(enum scheme scheme)
{
	if (scheme == SCHEME_NONE)
		return T("none");
	return scheme == SCHEME_BASIC ? T("Basic") : T("Bearer");
}

struct text challenge_url(
	struct arena *arena, const struct challenge *challenge, struct text repository)
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
		buffer_addf(&out, "%sscope=repository:%.*s:pull", join, TEXT(name));
	}
	return buffer_text(&out);
}

/* RFC 6750 2.1: what may stand behind "Bearer " */
static bool is_bearer(struct text token)
{
	for (size_t i = 0; i < token.len; i++)
		if (!isalnum((unsigned char)token.at[i]) &&
			(!token.at[i] || !strchr("-._~+/=", token.at[i])))
			return false;
	return token.len > 0 && token.len <= TOKEN_BYTES_MAX;
}

static bool read_bearer(struct arena *arena, const json_t *root, struct text *token,
	int64_t *expires_in, struct text *complaint)
{
	int64_t seconds = json_integer_value(json_object_get(root, "expires_in"));
	*expires_in = seconds > 0 && seconds < SECONDS_MAX ? seconds : 60;
	*token = json_text(arena, root, "token");
	if (token->len == 0)
		*token = json_text(arena, root, "access_token");
	if (token->len == 0)
		return complain(complaint, T("there is no token in it"));
	if (is_bearer(*token))
		return true;
	*token = T("");
	return complain(complaint, T("its token is longer than any, or no bearer token"));
}

bool bearer_parse(struct arena *arena, struct text json, struct text *token, int64_t *expires_in,
	struct text *complaint)
{
	json_t *root = json_read(json, ANSWER_BYTES_MAX, complaint);
	bool has = root && read_bearer(arena, root, token, expires_in, complaint);
	json_decref(root);
	return has;
}

bool token_error_parse(
	struct arena *arena, struct text json, struct text *code, struct text *message)
{
	static const char *const messages[] = {
		"details", "message", "error_description", "error", NULL};
	struct text complaint;
	if (registry_error_parse(arena, json, code, message))
		return true;
	json_t *root = json_read(json, ANSWER_BYTES_MAX, &complaint);
	*code = json_text(arena, root, "code");
	*message = T("");
	for (size_t i = 0; messages[i] && message->len == 0; i++)
		*message = json_text(arena, root, messages[i]);
	json_decref(root);
	return code->len + message->len > 0;
}
