/* Registries: those that are well known, logins for them, and how many pulls are left. The hosts
 * are those that the registries' owners ask firewalls to let through:
 * https://docs.docker.com/desktop/setup/allow-list/
 * https://docs.github.com/en/packages/working-with-a-github-packages-registry
 * https://docs.openshift.com/container-platform/latest/installing/install_config/
 * ECR Public's as its own challenge and redirects name them. */
#include "model/registry.h"
#include "base/arena.h"
#include "base/die.h"
#include "base/encoding.h"
#include "model/hosts.h"
#include "model/json.h"

static const struct registry rows[] = {
	{LITERAL("registry-1.docker.io"), LITERAL("https://auth.docker.io/token"),
		LITERAL("registry.docker.io"), LITERAL("production.cloudflare.docker.com")},
	{LITERAL("public.ecr.aws"), LITERAL("https://public.ecr.aws/token/"),
		LITERAL("public.ecr.aws"), LITERAL("d5l0dvt14r5h8.cloudfront.net")},
	{LITERAL("ghcr.io"), LITERAL("https://ghcr.io/token"), LITERAL("ghcr.io"),
		LITERAL("pkg-containers.githubusercontent.com")},
	{LITERAL("quay.io"), LITERAL("https://quay.io/v2/auth"), LITERAL("quay.io"),
		LITERAL("cdn01.quay.io")},
};

const struct registry *registry_known(struct text host)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_equal(rows[i].host, host))
			return &rows[i];
	return NULL;
}

bool cache_prefix_is_known(struct text repository)
{
	struct text prefix = text_cut(&repository, T("/"));
	return repository.len > 0 &&
		text_is_one_of(prefix,
			T("ecr-public|docker-hub|dockerhub|docker.io|docker|quay|quay.io|k8s|"
			  "kubernetes|registry.k8s.io|github|ghcr|ghcr.io|gitlab|azure|chainguard|"
			  "cgr|pull-through|pull-through-cache|cache"));
}

enum { CONFIG_BYTES_MAX = 1024 * 1024 };

bool login_make(struct arena *arena, struct text user, struct text password, struct login *out)
{
	*out = (struct login){0};
	if (!text_is_printable(user) || !text_is_printable(password) || text_holds(user, T(":")))
		return false;
	struct text both = text_format(arena, "%.*s:%.*s", TEXT(user), TEXT(password));
	*out = (struct login){user, password, base64_encode(arena, both)};
	return true;
}

/* The value whose key means the host, or NULL. "https://index.docker.io/v1/" is an old form of a
 * key, "registry.example:5000" is today's. */
static json_t *value_for(json_t *object, struct text host)
{
	const char *key;
	json_t *value;
	json_object_foreach (object, key, value) {
		struct text name = text_of(key);
		if (text_starts(name, T("https://")) || text_starts(name, T("http://")))
			text_cut(&name, T("://"));
		name = text_cut(&name, T("/"));
		if (text_is_one_of(name, T("docker.io|index.docker.io")))
			name = T("registry-1.docker.io");
		if (text_same(name, host))
			return value;
	}
	return NULL;
}

static bool read_entry(struct arena *arena, const json_t *entry, struct login *out)
{
	struct text both;
	struct text user = json_text(arena, entry, "username");
	struct text password = json_text(arena, entry, "password");
	if (base64_decode(arena, json_text(arena, entry, "auth"), &both) && both.len) {
		user = text_cut(&both, T(":"));
		password = both;
	}
	return login_make(arena, user, password, out);
}

static struct text why_no_login(
	struct arena *arena, json_t *root, const json_t *entry, struct text host)
{
	json_t *named = value_for(json_object_get(root, "credHelpers"), host);
	struct text helper = text_keep(arena, text_of(json_string_value(named)));
	if (helper.len == 0)
		helper = json_text(arena, root, "credsStore");
	if (helper.len)
		return text_format(
			arena, "docker-credential-%.*s is named there and not run", TEXT(helper));
	if (json_text(arena, entry, "identitytoken").len)
		return T("it has an identity token, which is not used");
	if (entry)
		return T("its entry has no user name and password");
	return text_format(arena, "it has no entry for %.*s", TEXT(host));
}

bool login_parse(struct arena *arena, struct text json, struct text host, struct login *out,
	struct text *why_not)
{
	*out = (struct login){0};
	json_t *root = json_read(json, CONFIG_BYTES_MAX, why_not);
	if (!root)
		return false;
	json_t *entry = value_for(json_object_get(root, "auths"), host);
	if (!read_entry(arena, entry, out))
		*why_not = why_no_login(arena, root, entry, host);
	json_decref(root);
	return true;
}

enum { NUMBER_MAX = 1000 * 1000 * 1000, HOUR = 3600 };

static bool rate_number(struct text t, int64_t *out)
{
	return text_number(text_trim(t), out) && *out >= 0 && *out <= NUMBER_MAX;
}

bool rate_parse(struct text limit, struct text left, struct rate *out)
{
	struct text number = text_cut(&limit, T(";"));
	struct text window = text_trim(limit);
	*out = (struct rate){0};
	if (!rate_number(number, &out->limit) || !rate_number(text_cut(&left, T(";")), &out->left))
		return false;
	if (text_starts(window, T("w=")) && !rate_number(text_skip(window, 2), &out->window))
		out->window = 0;
	return out->limit > 0 && out->left <= out->limit;
}

struct text rate_words(struct arena *arena, const struct step *step)
{
	long long limit = seen_number(step, FACT_RATE_LIMIT);
	long long left = seen_number(step, FACT_RATE_LEFT);
	long long window = seen_number(step, FACT_RATE_WINDOW);
	bool hours = window >= HOUR;
	struct text in = T("");
	if (limit <= 0)
		return in;
	if (window > 0)
		in = text_format(
			arena, " in %lld %s", hours ? window / HOUR : window, hours ? "h" : "s");
	return text_format(arena, "%lld of %lld pulls used%.*s, %lld left",
		left < limit ? limit - left : 0, limit, TEXT(in), left);
}

/* A challenge is parsed by its grammar, since it names where credentials go:
 *
 *     challenge  = scheme [ 1*SP ( token68 / #( token "=" ( token / quoted-string ) ) ) ]
 *     WWW-Authenticate = #challenge                                  (RFC 9110, 11.2 and 11.6.1) */

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
