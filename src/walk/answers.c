/* What HTTP answers tell, whoever gives them. */
#include "base/arena.h"
#include "model/registry.h"
#include "walk/stages.h"

/* so much of a body is shown, and looked through for secrets: a body may have megabytes */
enum { BODY_START = 300, BODY_MASKED = 32 * 1024 };

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

static void saw_rate(struct probe *probe, struct step *step, const struct exchange *exchange)
{
	struct rate rate;
	if (!rate_parse(header_value(exchange, T("ratelimit-limit")),
		    header_value(exchange, T("ratelimit-remaining")), &rate))
		return;
	step_counted(probe->arena, step, FACT_RATE_LIMIT, rate.limit);
	step_counted(probe->arena, step, FACT_RATE_LEFT, rate.left);
	step_counted(probe->arena, step, FACT_RATE_WINDOW, rate.window);
}

void saw_answer(struct probe *probe, struct step *step, const struct exchange *exchange)
{
	step->peer = address_peer(probe->arena, &exchange->peer);
	if (exchange->proxy.len)
		saw(probe, step, FACT_PROXY, exchange->proxy);
	if (exchange->status == 0)
		return;
	struct text date = header_value(exchange, T("date"));
	step_counted(probe->arena, step, FACT_STATUS, exchange->status);
	saw(probe, step, FACT_DATE, date);
	if (date.len)
		step_counted(probe->arena, step, FACT_CLOCK_OFFSET, offset_of(date));
	saw(probe, step, FACT_SERVER, header_value(exchange, T("server")));
	saw(probe, step, FACT_REQUEST_ID, request_id(exchange));
	saw(probe, step, FACT_VIA, header_value(exchange, T("via")));
	saw(probe, step, FACT_CONTENT_TYPE, header_value(exchange, T("content-type")));
	step_counted(probe->arena, step, FACT_BYTES, exchange->bytes);
	saw_rate(probe, step, exchange);
}

void saw_body(struct probe *probe, struct step *step, const struct exchange *exchange)
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

struct verdict registry_judge(struct probe *probe, const struct exchange *exchange)
{
	struct verdict verdict = {exchange->symptom, exchange->detail, .body = BODY_SHOWN};
	struct aws_error *error = &verdict.error;
	if (exchange->symptom != SYMPTOM_NONE || exchange->status == 200 || exchange->status == 307)
		return verdict;
	if (!registry_error_parse(probe->arena, exchange->kept, &error->code, &error->message) &&
		is_page(exchange))
		verdict.symptom = SYMPTOM_NOT_THE_SERVICE;
	else
		verdict.symptom = symptom_of_error(exchange->status, error);
	verdict.detail = error->message.len ? error->message : status_words(probe, exchange);
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
