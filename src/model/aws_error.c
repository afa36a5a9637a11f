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
	{NULL, "has been throttled by EC2", SYMPTOM_THROTTLED}, /* of Lambda */
	{NULL, "signature expired", SYMPTOM_SKEWED},
	{NULL, "signature not yet current", SYMPTOM_SKEWED},
	{"RequestTimeTooSkewed", NULL, SYMPTOM_SKEWED},
	{"RequestExpired", NULL, SYMPTOM_SKEWED},
	{"ExpiredToken", NULL, SYMPTOM_EXPIRED},
	{"AccessDenied", NULL, SYMPTOM_DENIED},
	{"UnauthorizedOperation", NULL, SYMPTOM_DENIED},
	{"BlockedByOrganizationPolicy", NULL, SYMPTOM_DENIED},
	{"DENIED", NULL, SYMPTOM_DENIED},
	{"UnrecognizedClient", NULL, SYMPTOM_UNAUTHENTICATED},
	{"AuthFailure", NULL, SYMPTOM_UNAUTHENTICATED},
	{"InvalidClientTokenId", NULL, SYMPTOM_UNAUTHENTICATED},
	{"InvalidAccessKeyId", NULL, SYMPTOM_UNAUTHENTICATED},
	{"InvalidSignature", NULL, SYMPTOM_UNAUTHENTICATED},
	{"SignatureDoesNotMatch", NULL, SYMPTOM_UNAUTHENTICATED},
	{"MissingAuthenticationToken", NULL, SYMPTOM_UNAUTHENTICATED},
	{"IncompleteSignature", NULL, SYMPTOM_UNAUTHENTICATED},
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
	if (status == 403)
		return SYMPTOM_DENIED;
	if (status == 429)
		return SYMPTOM_THROTTLED;
	return status >= 500 ? SYMPTOM_UNAVAILABLE : SYMPTOM_STATUS;
}
