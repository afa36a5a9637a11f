/* IAM's sentence of a denied access:
 *
 *     User: <principal> is not authorized to perform: <action> on resource: <resource>
 *         because no <policy type> allows the <action> action
 *         with an explicit deny in a <policy type>[: <policy ARN>]
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * Logs wrap it, quote it and cut it off, so words count and the space between them does not. */
#include "model/aws.h"
#include <ctype.h>

/* white space, and its escapes in logs that quote a text: "\n" as a backslash and an n */
static struct text skip_space(struct text t)
{
	for (;;) {
		bool escaped = t.len > 1 && t.at[0] == '\\' &&
			(t.at[1] == 'n' || t.at[1] == 'r' || t.at[1] == 't');
		if (!escaped && !(t.len && isspace((unsigned char)t.at[0])))
			return t;
		t = text_skip(t, escaped ? 2 : 1);
	}
}

/* Takes the phrase off the start of `t`: any case, any white space where it has a blank. */
static bool take_phrase(struct text *t, const char *phrase)
{
	struct text rest = *t;
	for (; *phrase; phrase++) {
		size_t before = rest.len;
		if (*phrase == ' ')
			rest = skip_space(rest);
		else if (text_same(text_head(rest, 1), (struct text){phrase, 1}))
			rest = text_skip(rest, 1);
		if (rest.len == before)
			return false;
	}
	*t = skip_space(rest);
	return true;
}

/* Finds the phrase: `t` keeps what follows it, and `before` (or NULL) what precedes it. */
static bool find_phrase(struct text *t, const char *phrase, struct text *before)
{
	for (size_t at = 0; at < t->len; at++) {
		struct text rest = text_skip(*t, at);
		if (!take_phrase(&rest, phrase))
			continue;
		if (before)
			*before = text_head(*t, at);
		*t = rest;
		return true;
	}
	return false;
}

/* without a quote at its start: as S3 sets it, or as JSON and XML escape it in turn */
static struct text skip_quote(struct text t)
{
	if (text_starts(t, T("&quot;")))
		return text_skip(t, 6);
	if (text_starts(t, T("\\\"")))
		return text_skip(t, 2);
	return text_starts(t, T("\"")) ? text_skip(t, 1) : t;
}

/* the next word, without its quotes and the punctuation of the sentence around it */
static struct text take_word(struct text *t)
{
	*t = skip_quote(skip_space(*t));
	size_t len = 0;
	while (len < t->len) {
		struct text rest = text_skip(*t, len);
		if (skip_space(rest).len < rest.len || skip_quote(rest).len < rest.len ||
			text_starts(rest, T("</")))
			break;
		len++;
	}
	struct text word = text_head(*t, len);
	*t = text_skip(*t, len);
	while (word.len && text_only(text_skip(word, word.len - 1), T(",).;")))
		word.len--;
	return word;
}

/* What follows an article names the policy's type. The documents say "sessions" of one. */
static struct text take_policy(struct text *t)
{
	static const struct {
		const char *words;
		struct text policy;
	} types[] = {
		{"identity-based", {"identity", 8}},
		{"resource-based", {"resource", 8}},
		{"vpc endpoint", {"endpoint", 8}},
		{"service control", {"scp", 3}},
		{"resource control", {"rcp", 3}},
		{"permissions boundar", {"boundary", 8}},
		{"permission boundar", {"boundary", 8}},
		{"session", {"session", 7}},
		{"role trust", {"trust", 5}},
	};
	if (!take_phrase(t, "a ") && !take_phrase(t, "an "))
		take_phrase(t, "the ");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (take_phrase(t, types[i].words))
			return types[i].policy;
	return T("");
}

/* ": arn:aws:organizations::...:policy/..." behind the type, which newer texts add */
static struct text policy_arn(struct text t)
{
	while (find_phrase(&t, ": ", NULL)) {
		struct text rest = t;
		struct text word = take_word(&rest);
		if (text_starts(word, T("arn:")) && text_holds(word, T(":policy/")))
			return word;
	}
	return T("");
}

/* Reads the reason: of an explicit deny and a missing allow, the one that comes first. */
static bool read_reason(struct text t, struct denial *out)
{
	struct text lack = t;
	struct text until_deny = t;
	struct text until_lack = t;
	bool denies = find_phrase(&t, "with an explicit deny", &until_deny);
	bool lacks = find_phrase(&lack, "because no ", &until_lack);
	if (!denies && !lacks)
		return false;
	out->explicit_deny = denies && until_deny.len <= until_lack.len;
	if (!out->explicit_deny)
		t = lack;
	take_phrase(&t, "in ");
	out->policy = take_policy(&t);
	/* an organization's policy that speaks through an endpoint's is the one to change */
	if (take_phrase(&t, "policy transitively through ") ||
		take_phrase(&t, "transitively through "))
		out->policy = take_policy(&t);
	out->policy_arn = policy_arn(t);
	return out->policy.len > 0;
}

bool denial_parse(struct text message, struct denial *out)
{
	struct text before;
	struct text rest = message;
	*out = (struct denial){0};
	if (find_phrase(&rest, "not authorized to perform:", &before)) {
		bool has_user = false;
		while (find_phrase(&before, "User:", NULL))
			has_user = true;
		if (has_user)
			out->principal = take_word(&before);
		out->action = take_word(&rest);
		rest = skip_space(rest);
		if (take_phrase(&rest, "on resource:"))
			out->resource = take_word(&rest);
		read_reason(rest, out);
		return true;
	}
	/* the tail alone, where a text lost its start */
	if (!read_reason(message, out))
		return false;
	if (find_phrase(&rest, "allows the ", NULL))
		out->action = take_word(&rest);
	return true;
}
