/* What HTTP answers tell, whoever gives them. */
#include "base/buffer.h"
#include "model/rate.h"
#include "walk/journey.h"
#include "walk/stages.h"

enum { BODY_SHOWN = 300 };

static int64_t offset_of(struct text date)
{
	int64_t server;
	return clock_parse(date, &server) ? server - clock_unix() : 0;
}

static struct text request_id(const struct exchange *exchange)
{
	struct text id = header_value(exchange, T("x-amzn-requestid"));
	return id.len ? id : header_value(exchange, T("x-amz-request-id"));
}

static void saw_rate(struct journey *journey, struct step *step, const struct exchange *exchange)
{
	struct rate rate;
	if (!rate_parse(header_value(exchange, T("ratelimit-limit")),
		    header_value(exchange, T("ratelimit-remaining")), &rate))
		return;
	step_counted(journey->arena, step, FACT_RATE_LIMIT, rate.limit);
	step_counted(journey->arena, step, FACT_RATE_LEFT, rate.left);
	step_counted(journey->arena, step, FACT_RATE_WINDOW, rate.window);
}

void saw_answer(struct journey *journey, struct step *step, const struct exchange *exchange)
{
	step->peer = address_peer(journey->arena, &exchange->peer);
	if (exchange->proxy.len)
		saw(journey, step, FACT_PROXY, exchange->proxy);
	if (exchange->status == 0)
		return;
	struct text date = header_value(exchange, T("date"));
	step_counted(journey->arena, step, FACT_STATUS, exchange->status);
	saw(journey, step, FACT_DATE, date);
	if (date.len)
		step_counted(journey->arena, step, FACT_CLOCK_OFFSET, offset_of(date));
	saw(journey, step, FACT_SERVER, header_value(exchange, T("server")));
	saw(journey, step, FACT_REQUEST_ID, request_id(exchange));
	saw(journey, step, FACT_VIA, header_value(exchange, T("via")));
	saw(journey, step, FACT_CONTENT_TYPE, header_value(exchange, T("content-type")));
	step_counted(journey->arena, step, FACT_BYTES, exchange->bytes);
	saw_rate(journey, step, exchange);
}

void saw_body(struct journey *journey, struct step *step, const struct exchange *exchange)
{
	struct buffer shown = {.arena = journey->arena};
	struct text start = text_trim(text_head(masked(journey, exchange->kept), BODY_SHOWN));
	for (size_t i = 0; i < start.len; i++) {
		char byte = start.at[i] >= ' ' && start.at[i] < 0x7f ? start.at[i] : ' ';
		buffer_add(&shown, (struct text){&byte, 1});
	}
	saw(journey, step, FACT_BODY, text_trim(buffer_text(&shown)));
}

bool is_page(const struct exchange *exchange)
{
	struct text type = header_value(exchange, T("content-type"));
	return text_same(text_head(type, 9), T("text/html"));
}

bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void saw_error(struct journey *journey, struct step *step, const struct aws_error *error)
{
	struct denial denial;
	saw(journey, step, FACT_ERROR_CODE, error->code);
	saw(journey, step, FACT_ERROR_TEXT, error->message);
	if (!denial_parse(error->message, &denial))
		return;
	saw(journey, step, FACT_PRINCIPAL, denial.principal);
	saw(journey, step, FACT_ACTION, denial.action);
	saw(journey, step, FACT_RESOURCE, denial.resource);
	saw(journey, step, FACT_POLICY, denial.policy);
	if (denial.policy.len)
		step_counted(journey->arena, step, FACT_EXPLICIT, denial.explicit_deny);
	saw(journey, step, FACT_POLICY_ARN, denial.policy_arn);
}

struct text url_of(struct journey *journey, const struct endpoint *endpoint, struct text path)
{
	if (endpoint->port == 443)
		return text_format(
			journey->arena, "https://%.*s%.*s", TEXT(endpoint->host), TEXT(path));
	return text_format(journey->arena, "https://%.*s:%u%.*s", TEXT(endpoint->host),
		(unsigned)endpoint->port, TEXT(path));
}

struct exchange request_to(struct journey *journey, const struct climb *climb, struct text path)
{
	struct exchange exchange = {
		.url = url_of(journey, &climb->endpoint, path),
		.address = climb->reached,
		.body_keep = 64 * 1024,
		.body_max = 1024 * 1024,
		.trust = journey->options->trust,
	};
	proxy_take(journey, &exchange, climb->by_proxy);
	return exchange;
}

void exchange_all(struct journey *journey, struct exchange *exchanges, size_t count)
{
	if (count)
		journey->net->exchange(journey->net, exchanges, count, journey->options->timeout_us,
			journey->end_us);
}

void exchange_ahead_of(struct journey *journey, struct exchange *exchange)
{
	journey->net->begin(
		journey->net, exchange, 1, journey->options->timeout_us, journey->end_us);
}

/* An error by its code, or by what its sentence holds; codes end where the row's text ends or go
 * on ("AccessDenied" is "AccessDeniedException" too). The first row that fits counts. */
struct error_row {
	const char *code;    /* NULL: any */
	const char *message; /* NULL: any */
	enum cause cause;
};

static const struct error_row error_rows[] = {
	{NULL, "not authorized to perform", CAUSE_DENIED},
	{NULL, "authorization token has expired", CAUSE_EXPIRED},
	{NULL, "request has expired", CAUSE_EXPIRED},
	{NULL, "signature expired", CAUSE_SKEWED},
	{NULL, "signature not yet current", CAUSE_SKEWED},
	{"RequestTimeTooSkewed", NULL, CAUSE_SKEWED},
	{"RequestExpired", NULL, CAUSE_SKEWED},
	{"ExpiredToken", NULL, CAUSE_EXPIRED},
	{"AccessDenied", NULL, CAUSE_DENIED},
	{"BlockedByOrganizationPolicy", NULL, CAUSE_DENIED},
	{"DENIED", NULL, CAUSE_DENIED},
	{"UnrecognizedClient", NULL, CAUSE_UNAUTHENTICATED},
	{"InvalidClientTokenId", NULL, CAUSE_UNAUTHENTICATED},
	{"InvalidAccessKeyId", NULL, CAUSE_UNAUTHENTICATED},
	{"InvalidSignature", NULL, CAUSE_UNAUTHENTICATED},
	{"SignatureDoesNotMatch", NULL, CAUSE_UNAUTHENTICATED},
	{"MissingAuthenticationToken", NULL, CAUSE_UNAUTHENTICATED},
	{"IncompleteSignature", NULL, CAUSE_UNAUTHENTICATED},
	{"UNAUTHORIZED", NULL, CAUSE_UNAUTHENTICATED},
	{"Throttl", NULL, CAUSE_THROTTLED},
	{"TooManyRequests", NULL, CAUSE_THROTTLED},
	{"SlowDown", NULL, CAUSE_THROTTLED},
	{"RequestLimitExceeded", NULL, CAUSE_THROTTLED},
	{"NAME_UNKNOWN", NULL, CAUSE_REPOSITORY_UNKNOWN},
	{"RepositoryNotFound", NULL, CAUSE_REPOSITORY_UNKNOWN},
	{"MANIFEST_UNKNOWN", NULL, CAUSE_MANIFEST_UNKNOWN},
	{"ImageNotFound", NULL, CAUSE_MANIFEST_UNKNOWN},
	{"BLOB_UNKNOWN", NULL, CAUSE_BLOB_UNKNOWN},
	{"NoSuchKey", NULL, CAUSE_BLOB_UNKNOWN},
	{"LayersNotFound", NULL, CAUSE_BLOB_UNKNOWN},
	{"ServerException", NULL, CAUSE_UNAVAILABLE},
	{"InternalError", NULL, CAUSE_UNAVAILABLE},
	{"InternalFailure", NULL, CAUSE_UNAVAILABLE},
	{"ServiceUnavailable", NULL, CAUSE_UNAVAILABLE},
	{"UNAVAILABLE", NULL, CAUSE_UNAVAILABLE},
};

static bool fits(const struct error_row *row, const struct aws_error *error)
{
	struct text code = text_of(row->code);
	if (row->code && !text_same(text_head(error->code, code.len), code))
		return false;
	return !row->message ||
		text_find_same(error->message, text_of(row->message)) < error->message.len;
}

static enum cause cause_of_status(int status)
{
	if (status == 401)
		return CAUSE_UNAUTHENTICATED;
	if (status == 403)
		return CAUSE_DENIED;
	if (status == 429)
		return CAUSE_THROTTLED;
	return status >= 500 ? CAUSE_UNAVAILABLE : CAUSE_STATUS;
}

enum cause cause_of_error(int status, const struct aws_error *error)
{
	for (size_t i = 0; i < sizeof error_rows / sizeof *error_rows; i++)
		if (fits(&error_rows[i], error))
			return error_rows[i].cause;
	return cause_of_status(status);
}
