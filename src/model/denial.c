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
#include <strings.h>

/* white space, and its escapes in logs that quote a text: "\n" as a backslash and an n */
static size_t space_at(struct text t)
{
	if (t.len && isspace((unsigned char)t.at[0]))
		return 1;
	bool escaped = t.len > 1 && t.at[0] == '\\' &&
		(t.at[1] == 'n' || t.at[1] == 'r' || t.at[1] == 't');
	return escaped ? 2 : 0;
}

static struct text skip_space(struct text t)
{
	while (space_at(t))
		t = text_skip(t, space_at(t));
	return t;
}

/* Takes the phrase off the start of `t`: any case, any white space where it has a blank. */
static bool take(struct text *t, const char *phrase)
{
	struct text rest = *t;
	for (; *phrase; phrase++) {
		if (*phrase == ' ') {
			if (!space_at(rest))
				return false;
			rest = skip_space(rest);
			continue;
		}
		if (rest.len == 0 ||
			tolower((unsigned char)rest.at[0]) != tolower((unsigned char)*phrase))
			return false;
		rest = text_skip(rest, 1);
	}
	*t = skip_space(rest);
	return true;
}

/* Finds the phrase: what stands before it, and in `t` what stands behind. */
static bool find(struct text *t, const char *phrase, struct text *before)
{
	for (size_t at = 0; at < t->len; at++) {
		struct text rest = text_skip(*t, at);
		if (!take(&rest, phrase))
			continue;
		*before = text_head(*t, at);
		*t = rest;
		return true;
	}
	return false;
}

static bool find_after(struct text *t, const char *phrase)
{
	struct text before;
	return find(t, phrase, &before);
}

/* quotes as S3 sets them, and as JSON and XML escape them in turn */
static struct text take_quote(struct text t)
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
	*t = take_quote(skip_space(*t));
	size_t len = 0;
	while (len < t->len) {
		struct text rest = text_skip(*t, len);
		if (space_at(rest) || take_quote(rest).len < rest.len || text_starts(rest, T("</")))
			break;
		len++;
	}
	struct text word = text_head(*t, len);
	*t = text_skip(*t, len);
	while (word.len &&
		(word.at[word.len - 1] == ',' || word.at[word.len - 1] == ')' ||
			word.at[word.len - 1] == '.' || word.at[word.len - 1] == ';'))
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
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (take(t, types[i].words))
			return types[i].policy;
	return T("");
}

static void take_article(struct text *t)
{
	if (!take(t, "a ") && !take(t, "an "))
		take(t, "the ");
}

/* ": arn:aws:organizations::...:policy/..." behind the type, which newer texts add */
static struct text policy_arn(struct text t)
{
	while (find_after(&t, ": ")) {
		struct text rest = t;
		struct text word = take_word(&rest);
		if (text_starts(word, T("arn:")) && text_holds(word, T(":policy/")))
			return word;
	}
	return T("");
}

/* Finds which of the two comes first, and takes it. */
static bool take_reason(struct text *t, bool *explicit_deny)
{
	struct text deny = *t;
	struct text lack = *t;
	struct text until_deny = *t;
	struct text until_lack = *t;
	bool denies = find(&deny, "with an explicit deny", &until_deny);
	bool lacks = find(&lack, "because no ", &until_lack);
	*explicit_deny = denies && until_deny.len <= until_lack.len;
	*t = *explicit_deny ? deny : lack;
	return denies || lacks;
}

static bool read_context(struct text t, struct denial *out)
{
	if (!take_reason(&t, &out->explicit_deny))
		return false;
	take(&t, "in ");
	take_article(&t);
	out->policy = take_policy(&t);
	/* an organization's policy that speaks through an endpoint's is the one to change */
	if (take(&t, "policy transitively through ") || take(&t, "transitively through ")) {
		take_article(&t);
		out->policy = take_policy(&t);
	}
	out->policy_arn = policy_arn(t);
	return out->policy.len > 0;
}

static struct text principal_of(struct text before)
{
	bool has_user = false;
	while (find_after(&before, "User:"))
		has_user = true;
	return has_user ? take_word(&before) : T("");
}

bool denial_parse(struct text message, struct denial *out)
{
	struct text before;
	struct text rest = message;
	*out = (struct denial){0};
	if (find(&rest, "not authorized to perform:", &before)) {
		out->principal = principal_of(before);
		out->action = take_word(&rest);
		rest = skip_space(rest);
		if (take(&rest, "on resource:"))
			out->resource = take_word(&rest);
		read_context(rest, out);
		return true;
	}
	/* the tail alone, where a text lost its start */
	if (!read_context(message, out))
		return false;
	rest = message;
	if (find_after(&rest, "allows the "))
		out->action = take_word(&rest);
	return true;
}
