/* Registries: those that are well known, logins for them, and how many pulls are left. The hosts
 * are those that the registries' owners ask firewalls to let through:
 * https://docs.docker.com/desktop/setup/allow-list/
 * https://docs.github.com/en/packages/working-with-a-github-packages-registry
 * https://docs.openshift.com/container-platform/latest/installing/install_config/
 * ECR Public's as its own challenge and redirects name them. */
#include "model/registry.h"
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
