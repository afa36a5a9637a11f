/* Docker's config.json: "auths" by registry, each with "auth" (base64 of "user:password"), and
 * "credHelpers" and "credsStore", which name programs that hold the passwords instead. */
#include "model/login.h"
#include "base/base64.h"
#include "base/complain.h"
#include "model/json.h"
#include "model/partition.h"

enum { CONFIG_BYTES_MAX = 1024 * 1024 };

static bool is_printable(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.at[i] < ' ' || t.at[i] == 0x7f)
			return false;
	return t.len > 0;
}

bool login_make(struct arena *arena, struct text user, struct text password, struct login *out)
{
	*out = (struct login){0};
	if (!is_printable(user) || !is_printable(password) || text_holds(user, T(":")))
		return false;
	out->user = user;
	out->password = password;
	out->basic = base64_encode(
		arena, text_format(arena, "%.*s:%.*s", TEXT(user), TEXT(password)));
	return true;
}

/* "https://index.docker.io/v1/" is a key of old, "registry.example:5000" one of now */
static struct text host_of(struct text key)
{
	static const struct text schemes[] = {{"https://", 8}, {"http://", 7}};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (text_starts(key, schemes[i]))
			key = text_skip(key, schemes[i].len);
	key = text_cut(&key, T("/"));
	if (is_one_of(key, T("docker.io|index.docker.io")))
		return T("registry-1.docker.io");
	return key;
}

/* the value whose key means the host, or NULL */
static json_t *value_for(json_t *object, struct text host)
{
	const char *key;
	json_t *value;
	json_object_foreach (object, key, value)
		if (text_same(host_of(text_of(key)), host))
			return value;
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

static struct text helper_for(struct arena *arena, json_t *root, struct text host)
{
	json_t *named = value_for(json_object_get(root, "credHelpers"), host);
	struct text helper = text_keep(arena, text_of(json_string_value(named)));
	return helper.len ? helper : json_text(arena, root, "credsStore");
}

static void read_config(struct arena *arena, json_t *root, struct text host, struct login *out,
	struct text *why_not)
{
	json_t *entry = value_for(json_object_get(root, "auths"), host);
	struct text helper = helper_for(arena, root, host);
	if (read_entry(arena, entry, out))
		return;
	if (helper.len)
		*why_not = text_format(
			arena, "docker-credential-%.*s is named there and not run", TEXT(helper));
	else if (json_text(arena, entry, "identitytoken").len)
		*why_not = T("it has an identity token, which is not used");
	else if (entry)
		*why_not = T("its entry has no user name and password");
	else
		*why_not = text_format(arena, "it has no entry for %.*s", TEXT(host));
}

bool login_parse(struct arena *arena, struct text json, struct text host, struct login *out,
	struct text *why_not)
{
	*out = (struct login){0};
	json_t *root = json_read(json, CONFIG_BYTES_MAX, why_not);
	if (root)
		read_config(arena, root, host, out, why_not);
	json_decref(root);
	return root != NULL;
}
