/* Requests, and what their answers tell, whoever gives them. Calls of AWS services are signed by
 * libcurl with the probe's credentials.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
#include "base/arena.h"
#include "model/registry.h"
#include "walk/stages.h"

/* so much of a body is shown, and looked through for secrets: a body may have megabytes */
enum { BODY_START = 300, BODY_MASKED = 32 * 1024 };

/* what any HTTP answer tells */
static void saw_answer(struct probe *probe, struct step *step, const struct exchange *exchange)
{
	step->peer = address_peer(probe->arena, &exchange->peer);
	if (exchange->proxy.len)
		saw(probe, step, FACT_PROXY, exchange->proxy);
	if (exchange->status == 0)
		return;
	struct text date = header_value(exchange, T("date"));
	struct text id = header_value(exchange, T("x-amzn-requestid"));
	struct rate rate;
	int64_t server_time;
	step_counted(probe->arena, step, FACT_STATUS, exchange->status);
	saw(probe, step, FACT_DATE, date);
	if (date.len)
		step_counted(probe->arena, step, FACT_CLOCK_OFFSET,
			clock_parse(date, &server_time) ? server_time - clock_unix() : 0);
	saw(probe, step, FACT_SERVER, header_value(exchange, T("server")));
	saw(probe, step, FACT_REQUEST_ID,
		id.len ? id : header_value(exchange, T("x-amz-request-id")));
	saw(probe, step, FACT_VIA, header_value(exchange, T("via")));
	saw(probe, step, FACT_CONTENT_TYPE, header_value(exchange, T("content-type")));
	step_counted(probe->arena, step, FACT_BYTES, exchange->bytes);
	if (!rate_parse(header_value(exchange, T("ratelimit-limit")),
		    header_value(exchange, T("ratelimit-remaining")), &rate))
		return;
	step_counted(probe->arena, step, FACT_RATE_LIMIT, rate.limit);
	step_counted(probe->arena, step, FACT_RATE_LEFT, rate.left);
	step_counted(probe->arena, step, FACT_RATE_WINDOW, rate.window);
}

/* the start of a body that should not have come, made printable */
static void saw_body(struct probe *probe, struct step *step, const struct exchange *exchange)
{
	struct buffer shown = {.arena = probe->arena};
	struct text start = text_trim(
		text_head(masked(probe, text_head(exchange->kept, BODY_MASKED)), BODY_START));
	for (size_t i = 0; i < start.len; i++) {
		char byte = start.at[i] >= ' ' && start.at[i] < 0x7f ? start.at[i] : ' ';
		buffer_add(&shown, (struct text){&byte, 1});
	}
	saw(probe, step, FACT_BODY, text_trim(buffer_text(&shown)));
}

bool challenge_read(struct probe *probe, const struct exchange *exchange, struct challenge *out)
{
	*out = (struct challenge){0};
	for (size_t i = 0; i < exchange->header_count; i++) {
		struct challenge one;
		if (text_same(exchange->headers[i].name, T("www-authenticate")) &&
			challenge_parse(probe->arena, exchange->headers[i].value, &one) &&
			one.scheme > out->scheme)
			*out = one;
	}
	return out->scheme != SCHEME_NONE;
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

void saw_error(struct probe *probe, struct step *step, const struct aws_error *error)
{
	struct denial denial;
	saw(probe, step, FACT_ERROR_CODE, error->code);
	saw(probe, step, FACT_ERROR_TEXT, error->message);
	if (!denial_parse(error->message, &denial))
		return;
	saw(probe, step, FACT_PRINCIPAL, denial.principal);
	saw(probe, step, FACT_ACTION, denial.action);
	saw(probe, step, FACT_RESOURCE, denial.resource);
	saw(probe, step, FACT_POLICY, denial.policy);
	if (denial.policy.len)
		step_counted(probe->arena, step, FACT_EXPLICIT, denial.explicit_deny);
	saw(probe, step, FACT_POLICY_ARN, denial.policy_arn);
}

struct text url_of(struct probe *probe, const struct endpoint *endpoint, struct text path)
{
	if (endpoint->port == 443)
		return text_format(
			probe->arena, "https://%.*s%.*s", TEXT(endpoint->host), TEXT(path));
	return text_format(probe->arena, "https://%.*s:%u%.*s", TEXT(endpoint->host),
		(unsigned)endpoint->port, TEXT(path));
}

struct exchange request_to(
	struct probe *probe, const struct endpoint_state *state, struct text path)
{
	struct exchange exchange = {
		.url = url_of(probe, &state->endpoint, path),
		.address = state->reached,
		.body_keep = 64 * 1024,
		.body_max = 1024 * 1024,
		.trust = probe->options->trust,
	};
	proxy_take(probe, &exchange, state->by_proxy);
	return exchange;
}

void request_begin(struct probe *probe, struct exchange *exchange)
{
	probe->net->send(probe->net, exchange, 1, probe->options->timeout_us, probe->end_us);
}

void request_run(struct probe *probe, struct exchange *exchange)
{
	request_begin(probe, exchange);
	while (exchange->pending)
		activities_wait(probe);
}

struct exchange registry_request(struct probe *probe, struct text path)
{
	struct header *headers = arena_new(probe->arena, struct header, 1);
	headers[0] = (struct header){T("Accept"), manifest_accept};
	struct exchange exchange = request_to(probe, state_of(probe, ENDPOINT_DKR), path);
	if (probe->token_is_bearer)
		exchange.bearer = probe->token;
	else
		exchange.basic = probe->token;
	exchange.send = headers;
	exchange.send_count = 1;
	return exchange;
}

struct text status_words(struct probe *probe, const struct exchange *exchange)
{
	return text_format(probe->arena, "HTTP status %d", exchange->status);
}

void judge_error(struct probe *probe, const struct exchange *exchange, bool is_services,
	struct verdict *verdict)
{
	const struct aws_error *error = &verdict->error;
	verdict->symptom = is_services	  ? symptom_of_error(exchange->status, error)
		: exchange->status >= 500 ? SYMPTOM_UNAVAILABLE
					  : SYMPTOM_NOT_THE_SERVICE;
	verdict->detail = error->message.len ? error->message
		: error->code.len	     ? error->code
					     : status_words(probe, exchange);
}

struct verdict registry_judge(struct probe *probe, const struct exchange *exchange)
{
	struct verdict verdict = {exchange->symptom, exchange->detail, .body = BODY_SHOWN};
	if (exchange->symptom != SYMPTOM_NONE || exchange->status == 200 || exchange->status == 307)
		return verdict;
	bool told = error_parse(probe->arena, exchange->kept, ERROR_REGISTRY, &verdict.error);
	judge_error(probe, exchange, told || !is_page(exchange), &verdict);
	return verdict;
}

struct exchange *exchange_to(
	struct probe *probe, struct exchange request, const struct address *address)
{
	struct exchange *exchange = arena_new(probe->arena, struct exchange, 1);
	*exchange = request;
	exchange->address = *address;
	request_begin(probe, exchange);
	return exchange;
}

bool went_there(const struct exchange *begun, const struct endpoint_state *state)
{
	return begun && address_equal(&begun->address, &state->reached);
}

/* calls of AWS services ------------------------------------------------------------------- */

enum { ANSWER_MAX = 1024 * 1024 };

void aws_sign(const struct probe *probe, struct exchange *exchange, struct text region,
	struct text service)
{
	exchange->access_key = probe->credentials.access_key;
	exchange->secret_key = probe->credentials.secret_key;
	exchange->session_token = probe->credentials.session_token;
	exchange->region = region;
	exchange->service = service;
}

void aws_json_call(
	struct probe *probe, struct exchange *exchange, struct text target, struct text body)
{
	struct header *headers = arena_new(probe->arena, struct header, 2);
	headers[0] = (struct header){T("Content-Type"), T("application/x-amz-json-1.1")};
	headers[1] = (struct header){T("X-Amz-Target"), target};
	exchange->post = true;
	exchange->body = body;
	exchange->body_keep = exchange->body_max = ANSWER_MAX;
	exchange->send = headers;
	exchange->send_count = target.len ? 2 : 1;
}

struct exchange ecr_call(struct probe *probe, const char *action, struct text body)
{
	struct exchange exchange = request_to(probe, state_of(probe, ENDPOINT_API), T("/"));
	aws_json_call(probe, &exchange,
		text_format(probe->arena, "AmazonEC2ContainerRegistry_V20150921.%s", action), body);
	aws_sign(probe, &exchange, probe->target->region, T("ecr"));
	return exchange;
}

bool ecr_can_be_called(struct probe *probe)
{
	/* what is signed for AWS is sent to nobody else */
	return is_private_ecr(probe) && why_not(state_of(probe, ENDPOINT_API)).len == 0 &&
		probe->credentials.access_key.len > 0;
}

struct verdict aws_judge(struct probe *probe, const struct exchange *exchange)
{
	struct verdict verdict = {.symptom = exchange->symptom, .detail = exchange->detail};
	if (exchange->symptom != SYMPTOM_NONE || exchange->status == 200 || exchange->status == 206)
		return verdict;
	bool told = error_parse(probe->arena, exchange->kept, ERROR_AWS, &verdict.error) ||
		error_parse(probe->arena, exchange->kept, ERROR_XML, &verdict.error);
	judge_error(probe, exchange, told, &verdict);
	return verdict;
}

struct step *record_verdict(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, const struct exchange *exchange, const struct verdict *verdict)
{
	struct step *step = record(probe, stage, kind, host, verdict->symptom, verdict->detail,
		exchange->began_us, exchange->took_us);
	saw_answer(probe, step, exchange);
	bool is_good = exchange->status / 100 == 2;
	if (verdict->symptom == SYMPTOM_NONE || verdict->body == BODY_HIDDEN)
		return step;
	if (verdict->error.code.len + verdict->error.message.len)
		saw_error(probe, step, &verdict->error);
	else if (!is_good || verdict->body == BODY_SHOWN)
		saw_body(probe, step, exchange);
	return step;
}
