/* Secrets are kept out of evidence: what is known to be one, whole or in part and whatever it is
 * encoded in, and what stands behind a name that says so. */
#include "base/buffer.h"
#include "walk/journey.h"
#include <ctype.h>
#include <string.h>

/* Letters and digits stay as they are when a text is percent-encoded, escaped or cut: so a secret
 * is found by MARK of them in a row, of which it has some every STRIDE bytes at least. */
enum { MARK = 12, STRIDE = 48, FACT_BYTES_MAX = 2048 };

#define HIDDEN T("[secret]")

static size_t letters(struct text t)
{
	size_t count = 0;
	while (count < t.len && isalnum((unsigned char)t.at[count]))
		count++;
	return count;
}

/* most positions of most texts are told by this not to be a mark's */
static size_t pair_of(const char *at)
{
	return ((unsigned char)at[0] * 61u + (unsigned char)at[1]) % MASK_PAIRS;
}

static void add_mark(struct journey *journey, const char *at)
{
	struct masks *masks = &journey->masks;
	size_t pair = pair_of(at);
	texts_add(journey->arena, &masks->marks, (struct text){at, MARK});
	masks->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
}

static void learn(struct journey *journey)
{
	while (journey->masks.known < journey->secrets.count) {
		struct text rest = journey->secrets.at[journey->masks.known++];
		while (rest.len) {
			size_t run = letters(rest);
			for (size_t at = 0; at + MARK <= run; at += STRIDE)
				add_mark(journey, rest.at + at);
			rest = text_skip(rest, run + 1);
		}
	}
}

static bool holds_mark(const struct masks *masks, struct text t)
{
	for (size_t at = 0; at + MARK <= t.len; at++) {
		size_t pair = pair_of(t.at + at);
		if (!(masks->pairs[pair / 64] >> pair % 64 & 1))
			continue;
		for (size_t i = 0; i < masks->marks.count; i++)
			if (memcmp(masks->marks.at[i].at, t.at + at, MARK) == 0)
				return true;
	}
	return false;
}

/* how much of the start is one word, as keys, tokens and their encodings are */
static size_t word(struct text t)
{
	size_t count = 0;
	while (count < t.len &&
		(isalnum((unsigned char)t.at[count]) || strchr("+/=_-.~%", t.at[count])) &&
		t.at[count])
		count++;
	return count;
}

static struct text hide_marked(struct journey *journey, struct text t)
{
	struct buffer out = {.arena = journey->arena};
	if (!holds_mark(&journey->masks, t))
		return t;
	while (t.len) {
		struct text one = text_head(t, word(t));
		bool secret = holds_mark(&journey->masks, one);
		if (one.len == 0)
			one.len = 1;
		buffer_add(&out, secret ? HIDDEN : one);
		t = text_skip(t, one.len);
	}
	return buffer_text(&out);
}

/* what is too short for a mark */
static struct text hide_value(struct arena *arena, struct text t, struct text secret)
{
	struct buffer out = {.arena = arena};
	if (secret.len == 0 || !text_holds(t, secret))
		return t;
	for (size_t at; (at = text_find(t, secret)) < t.len; t = text_skip(t, at + secret.len)) {
		buffer_add(&out, text_head(t, at));
		buffer_add(&out, HIDDEN);
	}
	buffer_add(&out, t);
	return buffer_text(&out);
}

/* "X-Amz-Signature=", "<SignatureProvided>", "\"SecretAccessKey\" : \"", "Authorization: Basic " */
static bool names_secret(struct text before)
{
	static const char *const names[] = {"signature", "signatureprovided", "credential", "token",
		"accesskeyid", "accesskey", "authorization", "password"};
	while (before.len && strchr(" \"'\\", before.at[before.len - 1]))
		before.len--;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct text name = text_of(names[i]);
		if (before.len >= name.len &&
			text_same(text_skip(before, before.len - name.len), name))
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

struct text masked(struct journey *journey, struct text t)
{
	learn(journey);
	t = hide_named(journey->arena, t);
	t = hide_marked(journey, t);
	for (size_t i = 0; i < journey->secrets.count; i++)
		t = hide_value(journey->arena, t, journey->secrets.at[i]);
	return t;
}

struct text fit(struct journey *journey, struct text t)
{
	return text_head(masked(journey, t), FACT_BYTES_MAX);
}
