/* What the errors of AWS services and of registries mean: one table, for answers and for texts. */
#include "model/aws.h"
#include <ctype.h>

/* An error by its code, or by what its sentence holds; codes end where the row's text ends or go
 * on ("AccessDenied" is "AccessDeniedException" too). The first row that fits counts. */
struct error_row {
	const char *code;    /* NULL: any */
	const char *message; /* NULL: any */
	enum symptom symptom;
};

static const struct error_row error_rows[] = {
	{NULL, "not authorized to perform", SYMPTOM_DENIED},
	{NULL, "authorization token has expired", SYMPTOM_EXPIRED},
	{NULL, "request has expired", SYMPTOM_EXPIRED},
	{NULL, "request is not yet valid", SYMPTOM_SKEWED},
	{NULL, "has been throttled by EC2", SYMPTOM_THROTTLED}, /* of Lambda */
	{NULL, "signature expired", SYMPTOM_SKEWED},
	{NULL, "signature not yet current", SYMPTOM_SKEWED},
	{NULL, "LayerInaccessible", SYMPTOM_BLOB_UNKNOWN}, /* a registry's, of a code of its own */
	{"RequestTimeTooSkewed", NULL, SYMPTOM_SKEWED},
	{"RequestExpired", NULL, SYMPTOM_SKEWED},
	{"ExpiredToken", NULL, SYMPTOM_EXPIRED},
	{"AccessDenied", NULL, SYMPTOM_DENIED},
	{"UnauthorizedOperation", NULL, SYMPTOM_DENIED},
	{"BlockedByOrganizationPolicy", NULL, SYMPTOM_DENIED},
	{"DENIED", NULL, SYMPTOM_DENIED},
	{"FORBIDDEN", NULL, SYMPTOM_DENIED},
	{"UnrecognizedClient", NULL, SYMPTOM_UNAUTHENTICATED},
	{"AuthFailure", NULL, SYMPTOM_UNAUTHENTICATED},
	{"InvalidClientTokenId", NULL, SYMPTOM_UNAUTHENTICATED},
	{"InvalidAccessKeyId", NULL, SYMPTOM_UNAUTHENTICATED},
	{"InvalidSignature", NULL, SYMPTOM_UNAUTHENTICATED},
	{"SignatureDoesNotMatch", NULL, SYMPTOM_UNAUTHENTICATED},
	{"MissingAuthenticationToken", NULL, SYMPTOM_UNAUTHENTICATED},
	{"IncompleteSignature", NULL, SYMPTOM_UNAUTHENTICATED},
	{"OptInRequired", NULL, SYMPTOM_UNAUTHENTICATED},
	{"UNAUTHORIZED", NULL, SYMPTOM_UNAUTHENTICATED},
	{"Throttl", NULL, SYMPTOM_THROTTLED},
	{"RequestThrottled", NULL, SYMPTOM_THROTTLED},
	{"EC2Throttled", NULL, SYMPTOM_THROTTLED},
	{"BandwidthLimitExceeded", NULL, SYMPTOM_THROTTLED},
	{"PriorRequestNotComplete", NULL, SYMPTOM_THROTTLED},
	{"TooManyRequests", NULL, SYMPTOM_THROTTLED},
	{"SlowDown", NULL, SYMPTOM_THROTTLED},
	{"RequestLimitExceeded", NULL, SYMPTOM_THROTTLED},
	{"NAME_UNKNOWN", NULL, SYMPTOM_REPOSITORY_UNKNOWN},
	{"RepositoryNotFound", NULL, SYMPTOM_REPOSITORY_UNKNOWN},
	{"MANIFEST_UNKNOWN", NULL, SYMPTOM_MANIFEST_UNKNOWN},
	{"ImageNotFound", NULL, SYMPTOM_MANIFEST_UNKNOWN},
	{"BLOB_UNKNOWN", NULL, SYMPTOM_BLOB_UNKNOWN},
	{"NoSuchKey", NULL, SYMPTOM_BLOB_UNKNOWN},
	{"LayersNotFound", NULL, SYMPTOM_BLOB_UNKNOWN},
	{"ServerException", NULL, SYMPTOM_UNAVAILABLE},
	{"InternalError", NULL, SYMPTOM_UNAVAILABLE},
	{"InternalFailure", NULL, SYMPTOM_UNAVAILABLE},
	{"ServiceUnavailable", NULL, SYMPTOM_UNAVAILABLE},
	{"UNAVAILABLE", NULL, SYMPTOM_UNAVAILABLE},
};

/* a byte that a code may have: what is not, ends it */
static bool is_of_code(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

bool aws_error_find(struct text text, struct text *code, enum symptom *symptom)
{
	for (size_t at = 0; at < text.len; at++) {
		struct text rest = text_skip(text, at);
		if (!is_of_code(*rest.at) || (at && is_of_code(text.at[at - 1])))
			continue;
		for (size_t i = 0; i < sizeof error_rows / sizeof *error_rows; i++) {
			struct text start = text_of(error_rows[i].code);
			size_t len = start.len;
			if (!len || !text_same(text_head(rest, len), start))
				continue;
			while (len < rest.len && is_of_code(rest.at[len]))
				len++;
			/* "denied" alone is a word of English; "denied:" is a registry's code */
			bool is_word = text_only(start, T(UPPER));
			if (is_word &&
				!(len == start.len && text_starts(text_skip(rest, len), T(":"))))
				continue;
			*code = text_head(rest, len);
			*symptom = error_rows[i].symptom;
			return true;
		}
	}
	return false;
}

enum symptom symptom_of_error(int status, const struct aws_error *error)
{
	for (size_t i = 0; i < sizeof error_rows / sizeof *error_rows; i++) {
		struct text code = text_of(error_rows[i].code);
		struct text message = text_of(error_rows[i].message);
		if (text_same(text_head(error->code, code.len), code) &&
			(!message.len ||
				text_find_same(error->message, message) < error->message.len))
			return error_rows[i].symptom;
	}
	if (status == 401)
		return SYMPTOM_UNAUTHENTICATED;
	/* a code of its own, such as InvalidObjectState, tells another reason than a denial */
	if (status == 403 && !error->code.len)
		return SYMPTOM_DENIED;
	if (status == 429)
		return SYMPTOM_THROTTLED;
	return status >= 500 ? SYMPTOM_UNAVAILABLE : SYMPTOM_STATUS;
}

/* IAM's sentence of a denied access:
 *
 *     User: <principal> is not authorized to perform: <action> on resource: <resource>
 *         because no <policy type> allows the <action> action
 *         with an explicit deny in a <policy type>[: <policy ARN>]
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * Logs wrap it, quote it and cut it off, so words count and the space between them does not. */

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
