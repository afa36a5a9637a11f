/* Reads the error codes and the statuses that a text names. */
#include "diagnose/error_text_parts.h"
#include "model/aws.h"
#include <ctype.h>

/* AWS' and registries' error codes, by the table that judges their answers, too */
static void read_errors(struct reading *reading)
{
	static const enum pattern means[SYMPTOM_COUNT] = {
		[SYMPTOM_EXPIRED] = PATTERN_STALE,
		[SYMPTOM_SKEWED] = PATTERN_SKEWED,
		[SYMPTOM_THROTTLED] = PATTERN_THROTTLING,
		[SYMPTOM_REPOSITORY_UNKNOWN] = PATTERN_NAME_UNKNOWN,
		[SYMPTOM_MANIFEST_UNKNOWN] = PATTERN_MANIFEST_UNKNOWN,
		[SYMPTOM_BLOB_UNKNOWN] = PATTERN_BLOB_GONE,
		[SYMPTOM_UNAVAILABLE] = PATTERN_BROKEN_SERVER,
	};
	struct text rest = reading->plain;
	struct text code;
	enum symptom symptom;
	while (aws_error_find(rest, &code, &symptom)) {
		if (means[symptom])
			reading->has[means[symptom]] = true;
		rest = text_skip(rest, (size_t)(code.at + code.len - rest.at));
	}
}

/* Whether a number of three digits is a status there: behind a word for it or a mark, or before
 * its reason. */
static bool is_status(struct text bare, size_t at, struct text reason)
{
	static const char *const words[] = {"status", "code", "http"};
	static const char *const marks[] = {":", "(", "=", "response", "error"};
	struct text head = text_head(bare, at);
	struct text tail = text_skip(bare, at + 3);
	bool named = false;
	bool marked = false;
	if ((at && isdigit((unsigned char)bare.at[at - 1])) ||
		(tail.len && isdigit((unsigned char)tail.at[0])))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		named |= text_ends(head, text_of(words[i]));
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		marked |= text_ends(head, text_of(marks[i]));
	tail = text_skip(tail, text_starts(tail, T("(")) ? 1 : 0);
	return named || text_starts(tail, reason) ||
		(marked && (!tail.len || !isalnum((unsigned char)tail.at[0])));
}

/* A status of 500 or more, where a word says that it is one: "API error (500)" is the daemon's
 * own. */
static bool has_server_error(struct text bare)
{
	static const char *const words[] = {"status", "status:", "status=", "statuscode",
		"statuscode:", "statuscode=", "httpcode:", "http", "http/1.1", "http/2"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct text rest = bare;
		for (size_t at; (at = text_find(rest, text_of(words[i]))) < rest.len;) {
			rest = text_skip(rest, at + text_of(words[i]).len);
			if (rest.len >= 3 && rest.at[0] == '5' &&
				isdigit((unsigned char)rest.at[1]) &&
				isdigit((unsigned char)rest.at[2]) &&
				(rest.len == 3 || !isdigit((unsigned char)rest.at[3])))
				return true;
		}
	}
	return false;
}

/* a registry's status */
static void read_status(struct reading *reading)
{
	static const struct {
		const char *number;
		const char *reason;
		enum pattern pattern;
	} statuses[] = {
		{"401", "unauthoriz", PATTERN_UNAUTHORIZED},
		{"401", "notauthorized", PATTERN_UNAUTHORIZED},
		{"403", "forbidden", PATTERN_FORBIDDEN},
		{"403", "response", PATTERN_FORBIDDEN},
		{"404", "notfound", PATTERN_IMAGE_GONE},
		{"405", "methodnotallowed", PATTERN_NOT_ALLOWED},
		{"407", "proxyauth", PATTERN_PROXY_FAILED},
		{"429", "toomany", PATTERN_TOO_MANY},
	};
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		struct text number = text_of(statuses[i].number);
		struct text rest = reading->bare;
		for (size_t at; (at = text_find(rest, number)) < rest.len;
			rest = text_skip(rest, at + 1)) {
			size_t begin = (size_t)(rest.at - reading->bare.at) + at;
			if (is_status(reading->bare, begin, text_of(statuses[i].reason)))
				reading->has[statuses[i].pattern] = true;
		}
	}
}

void error_text_codes(struct reading *reading)
{
	reading->has[PATTERN_BROKEN_SERVER] |= has_server_error(reading->bare);
	read_errors(reading);
	read_status(reading);
}
