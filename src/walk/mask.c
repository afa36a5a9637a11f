/* Secrets are kept out of evidence: what is known to be one, whole or in part and whatever it is
 * encoded in, and what stands behind a name that says so. */
#include "base/arena.h"
#include "base/encoding.h"
#include "walk/probe.h"
#include <ctype.h>
#include <string.h>

/* Letters and digits stay as they are when a text is percent-encoded, escaped or cut: so a secret
 * is found by MARK of them in a row, of which it has some every STRIDE bytes at least. */
enum { MARK = 12, STRIDE = 48, FACT_BYTES_MAX = 2048 };

/* of a query: what is shorter is a date, an algorithm, a number; what is longer is nobody's */
enum { PRESIGNED_MIN = 20, QUERY_MAX = 4096 };

#define HIDDEN T("[secret]")

/* how much of the start is letters, digits and these */
static size_t word(struct text t, const char *more)
{
	size_t count = 0;
	while (count < t.len && t.at[count] &&
		(isalnum((unsigned char)t.at[count]) || strchr(more, t.at[count])))
		count++;
	return count;
}

/* most positions of most texts are told by this not to be a mark's */
static size_t bit_of(const char *at)
{
	uint32_t start;
	memcpy(&start, at, sizeof start);
	return start * UINT32_C(2654435761) >> 16; /* Knuth's: by the golden ratio */
}

static void add_marks(struct arena *arena, struct masks *masks, struct text secret)
{
	while (secret.len) {
		size_t run = word(secret, "");
		for (size_t at = 0; at + MARK <= run; at += STRIDE) {
			size_t bit = bit_of(secret.at + at);
			texts_add(arena, &masks->marks, (struct text){secret.at + at, MARK});
			masks->starts[bit / 64] |= UINT64_C(1) << bit % 64;
		}
		/* what a "%2F" was decoded to is one byte */
		size_t gap = run < secret.len && secret.at[run] == '%' ? 3 : 1;
		secret = text_skip(secret, run + gap);
	}
}

void mask_query(struct probe *probe, struct text query)
{
	probe->presigned = (struct texts){0};
	probe->presigned_masks = (struct masks){0};
	query = text_head(query, QUERY_MAX);
	while (query.len) {
		struct text secret = text_cut(&query, T("&"));
		text_cut(&secret, T("="));
		/* the digest of what is fetched is no secret */
		if (secret.len < PRESIGNED_MIN || text_find_same(secret, T("sha256")) < secret.len)
			continue;
		texts_add(probe->arena, &probe->presigned, secret);
		add_marks(probe->arena, &probe->presigned_masks, secret);
	}
}

static bool holds_mark(const struct masks *masks, struct text t)
{
	for (size_t at = 0; at + MARK <= t.len; at++) {
		size_t bit = bit_of(t.at + at);
		if (!(masks->starts[bit / 64] >> bit % 64 & 1))
			continue;
		for (size_t i = 0; i < masks->marks.count; i++)
			if (memcmp(masks->marks.at[i].at, t.at + at, MARK) == 0)
				return true;
	}
	return false;
}

static struct text hide_marked(struct arena *arena, const struct masks *masks, struct text t)
{
	struct buffer out = {.arena = arena};
	if (!holds_mark(masks, t))
		return t;
	while (t.len) {
		/* keys, tokens and their encodings are one word */
		struct text one = text_head(t, word(t, "+/=_-.~%"));
		bool secret = holds_mark(masks, one);
		if (one.len == 0)
			one.len = 1;
		buffer_add(&out, secret ? HIDDEN : one);
		t = text_skip(t, one.len);
	}
	return buffer_text(&out);
}

/* what is too short for a mark */
static struct text hide_values(struct arena *arena, struct text t, const struct texts *secrets)
{
	for (size_t i = 0; i < secrets->count; i++) {
		struct text secret = secrets->at[i];
		struct buffer out = {.arena = arena};
		if (secret.len == 0 || !text_holds(t, secret))
			continue;
		for (size_t at; (at = text_find(t, secret)) < t.len;
			t = text_skip(t, at + secret.len)) {
			buffer_add(&out, text_head(t, at));
			buffer_add(&out, HIDDEN);
		}
		buffer_add(&out, t);
		t = buffer_text(&out);
	}
	return t;
}

/* "X-Amz-Signature=", "<SignatureProvided>", "\"SecretAccessKey\" : \"", "Authorization: Basic " */
static bool names_secret(struct text before)
{
	static const char *const names[] = {"signature", "signatureprovided", "credential", "token",
		"accesskeyid", "accesskey", "authorization", "password"};
	while (before.len && strchr(" \"'\\", before.at[before.len - 1]))
		before.len--;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t len = strlen(names[i]);
		if (before.len >= len &&
			text_same(text_skip(before, before.len - len), text_of(names[i])))
			return true;
	}
	return false;
}

/* the length of what divides a name from its value; 0: nothing does */
static size_t divider(struct text t)
{
	if (text_same(text_head(t, 3), T("%3D")) || text_same(text_head(t, 3), T("%3A")))
		return 3;
	return t.len && strchr("=:>", t.at[0]) && t.at[0] ? 1 : 0;
}

static size_t span(struct text t, const char *set, bool in)
{
	size_t count = 0;
	while (count < t.len && (strchr(set, t.at[count]) != NULL) == in)
		count++;
	return count;
}

/* the length of the value, whatever quotes and scheme are before it */
static size_t value(struct text t, size_t *before)
{
	static const char ends[] = " \t\r\n\"'<>&,;\\}";
	*before = span(t, " \"'\\=", true);
	size_t len = span(text_skip(t, *before), ends, false);
	struct text scheme = {t.at + *before, len};
	if (text_same(scheme, T("Basic")) || text_same(scheme, T("Bearer"))) {
		*before += len + 1;
		len = span(text_skip(t, *before), ends, false);
	}
	return len;
}

static struct text hide_named(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	struct text rest = t;
	size_t at = 0;
	while (at < rest.len) {
		size_t before, len, divides = divider(text_skip(rest, at));
		at += divides ? divides : 1;
		if (!divides || !names_secret(text_head(rest, at - divides)))
			continue;
		len = value(text_skip(rest, at), &before);
		if (len == 0)
			continue;
		buffer_add(&out, text_head(rest, at + before));
		buffer_add(&out, HIDDEN);
		rest = text_skip(rest, at + before + len);
		at = 0;
	}
	if (out.len == 0)
		return t;
	buffer_add(&out, rest);
	return buffer_text(&out);
}

/* what a URL has before its host (RFC 3986 3.2.1): mostly a name and a password */
static struct text hide_users(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	struct text rest = t;
	while (text_holds(rest, T("://"))) {
		size_t at = text_find(rest, T("://")) + 3;
		struct text host = text_skip(rest, at);
		host = text_head(host, span(host, "/?# \t\r\n\"<>", false));
		size_t user = host.len;
		while (user && host.at[user - 1] != '@')
			user--;
		buffer_add(&out, text_head(rest, at));
		if (user)
			buffer_add(&out, T("[secret]@"));
		rest = text_skip(rest, at + user);
	}
	buffer_add(&out, rest);
	return buffer_text(&out);
}

struct text masked(struct probe *probe, struct text t)
{
	struct masks *masks = &probe->masks;
	while (masks->known < probe->secrets.count) {
		struct text secret = probe->secrets.at[masks->known++];
		add_marks(probe->arena, masks, secret);
		/* in base64 it looks in three ways, by where the groups of three bytes begin */
		for (size_t skip = 0; skip < 3; skip++)
			add_marks(probe->arena, masks,
				base64_encode(probe->arena, text_skip(secret, skip)));
	}
	if (text_holds(t, T("@")))
		t = hide_users(probe->arena, t);
	t = hide_named(probe->arena, t);
	t = hide_marked(probe->arena, masks, t);
	t = hide_marked(probe->arena, &probe->presigned_masks, t);
	t = hide_values(probe->arena, t, &probe->secrets);
	return hide_values(probe->arena, t, &probe->presigned);
}

struct text fit(struct probe *probe, struct text t)
{
	return text_head(masked(probe, t), FACT_BYTES_MAX);
}
