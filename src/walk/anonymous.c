/* The anonymous request to an endpoint, whose answer shows whether the service itself gives it. */
#include "walk/stages.h"

/* What answer shows that this is the service, by endpoint. */
struct anonymous {
	bool is_ecr; /* of private ECR, or of other registries */
	enum endpoint_kind endpoint;
	struct text path;
	bool (*is_service)(struct probe *probe, const struct exchange *exchange);
};

static bool has_header(const struct exchange *exchange, struct text name)
{
	return header_value(exchange, name).len > 0;
}

/* 401 on an anonymous /v2/ with a Basic challenge (distribution-spec, "Determining support") */
static bool is_ecr_registry(struct probe *probe, const struct exchange *exchange)
{
	struct text challenge = header_value(exchange, T("www-authenticate"));
	(void)probe;
	if (exchange->status == 401)
		return text_same(text_head(challenge, 6), T("Basic "));
	return exchange->status != 404 &&
		has_header(exchange, T("docker-distribution-api-version"));
}

/* Every answer of S3 carries its request id, errors included. */
static bool is_s3(struct probe *probe, const struct exchange *exchange)
{
	(void)probe;
	return has_header(exchange, T("x-amz-request-id"));
}

static bool is_aws(struct probe *probe, const struct exchange *exchange)
{
	return has_header(exchange, T("x-amzn-requestid")) || is_s3(probe, exchange);
}

/* 401 with a challenge that can be met, or a registry that asks for nothing */
static bool is_registry(struct probe *probe, const struct exchange *exchange)
{
	struct challenge challenge;
	if (exchange->status == 200)
		return has_header(exchange, T("docker-distribution-api-version")) ||
			!is_page(exchange);
	return exchange->status == 401 && challenge_read(probe, exchange, &challenge);
}

/* Nothing that all token services have in common marks them; pages and redirects are none's. */
static bool is_token_service(struct probe *probe, const struct exchange *exchange)
{
	(void)probe;
	return !is_page(exchange) && (exchange->status < 300 || exchange->status >= 400);
}

/* Blob hosts are of all kinds, and their roots answer whatever they like; their certificate has
 * vouched for them. What asks for a sign-in of its own is none. */
static bool is_blob_host(struct probe *probe, const struct exchange *exchange)
{
	(void)probe;
	return exchange->status != 407 && exchange->status != 511;
}

static const struct anonymous anonymous_requests[] = {
	{true, ENDPOINT_DKR, {"/v2/", 4}, is_ecr_registry},
	{true, ENDPOINT_S3, {"/", 1}, is_s3},
	{true, ENDPOINT_ENVFILE, {"/", 1}, is_s3},
	{false, ENDPOINT_API, {"/", 1}, is_token_service},
	{false, ENDPOINT_DKR, {"/v2/", 4}, is_registry},
	{false, ENDPOINT_S3, {"/", 1}, is_blob_host},
};

/* the APIs of AWS answer an unsigned POST with an error of their own */
static const struct anonymous anonymous_of_api = {true, ENDPOINT_API, {"/", 1}, is_aws};

static const struct anonymous *anonymous_for(const struct probe *probe, enum endpoint_kind kind)
{
	for (size_t i = 0; i < sizeof anonymous_requests / sizeof *anonymous_requests; i++)
		if (anonymous_requests[i].endpoint == kind &&
			anonymous_requests[i].is_ecr == is_private_ecr(probe))
			return &anonymous_requests[i];
	return &anonymous_of_api;
}

struct exchange anonymous_to(struct probe *probe, const struct endpoint_state *state)
{
	const struct anonymous *anonymous = anonymous_for(probe, state->endpoint.kind);
	const struct challenge *challenge = &probe->registry_auth.challenge;
	struct exchange exchange = request_to(probe, state, anonymous->path);
	if (anonymous == &anonymous_of_api)
		aws_json_call(probe, &exchange, T(""), T("{}"));
	/* until the registry asks for another sign-in method than the expected one */
	if (anonymous->is_service == is_token_service && challenge->scheme == SCHEME_BEARER) {
		exchange.url = challenge_url(probe->arena, challenge, T(""), "");
		exchange.body_keep = exchange.body_max = TOKEN_ANSWER_MAX;
	}
	return exchange;
}

static struct verdict judge_anonymous(
	struct probe *probe, enum endpoint_kind kind, const struct exchange *exchange)
{
	struct verdict verdict = {exchange->symptom, exchange->detail, .body = BODY_SHOWN};
	if (exchange->symptom != SYMPTOM_NONE)
		return verdict;
	if (exchange->status >= 500)
		verdict.symptom = SYMPTOM_UNAVAILABLE;
	else if (exchange->status == 429)
		verdict.symptom = SYMPTOM_THROTTLED;
	else if (!anonymous_for(probe, kind)->is_service(probe, exchange))
		verdict.symptom = SYMPTOM_NOT_THE_SERVICE;
	if (verdict.symptom == SYMPTOM_NONE)
		return verdict;
	/* an error of the service's own form is the service's */
	if (verdict.symptom != SYMPTOM_NOT_THE_SERVICE &&
		!error_parse(probe->arena, exchange->kept, ERROR_REGISTRY, &verdict.error) &&
		!error_parse(probe->arena, exchange->kept, ERROR_AWS, &verdict.error))
		error_parse(probe->arena, exchange->kept, ERROR_XML, &verdict.error);
	verdict.detail = status_words(probe, exchange);
	return verdict;
}

void anonymous_judge(
	struct probe *probe, struct endpoint_state *state, const struct exchange *exchange)
{
	const struct endpoint *endpoint = &state->endpoint;
	struct verdict verdict = judge_anonymous(probe, endpoint->kind, exchange);
	struct step *step = record_verdict(
		probe, STAGE_HTTP, endpoint->kind, endpoint->host, exchange, &verdict);
	saw(probe, step, FACT_CHALLENGE, header_value(exchange, T("www-authenticate")));
	if (verdict.symptom == SYMPTOM_NONE)
		return;
	/* of where a redirect leads the query may be secret */
	struct text location = header_value(exchange, T("location"));
	saw(probe, step, FACT_LOCATION, text_cut(&location, T("?")));
	state->stopped = text_format(probe->arena, "http to %.*s failed: %.*s",
		TEXT(endpoint->host), TEXT(symptom_name(verdict.symptom)));
}

void http_begin(struct probe *probe, struct endpoint_state *state)
{
	const struct address *address = first_address(probe, state);
	struct exchange *request;
	if (address && !state->by_proxy && wants(probe, STAGE_HTTP) && state->last >= STAGE_HTTP &&
		!credentials_ask_at(probe, state, &request))
		state->anonymous = exchange_to(probe, anonymous_to(probe, state), address);
}

const struct exchange *http_exchange(struct probe *probe, struct endpoint_state *state)
{
	struct exchange *request = NULL;
	if (wants(probe, STAGE_CREDENTIALS) && credentials_ask_at(probe, state, &request) &&
		(request || (!probe->credentials_done && !time_is_up(probe))))
		return request;
	if (!went_there(state->anonymous, state))
		state->anonymous = exchange_to(probe, anonymous_to(probe, state), &state->reached);
	return state->anonymous;
}
