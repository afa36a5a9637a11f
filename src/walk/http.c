/* The service itself answers: an anonymous request to every endpoint. They go out
 * while the connectivity is still climbed, over connections of their own, and the token's request
 * beside them: it needs nothing that they would tell. So all of it takes the time of one of them.
 */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { WARM = 3 }; /* connections more than the one of the greeting */

/* What answer shows that this is the service, by endpoint. */
struct anonymous {
	enum endpoint_kind endpoint;
	bool post;
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
	return has_header(exchange, T("docker-distribution-api-version"));
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
	for (size_t i = 0; i < exchange->header_count && exchange->status == 401; i++)
		if (text_same(exchange->headers[i].name, T("www-authenticate")) &&
			challenge_parse(probe->arena, exchange->headers[i].value, &challenge))
			return true;
	return false;
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
	{ENDPOINT_DKR, false, {"/v2/", 4}, is_ecr_registry},
	{ENDPOINT_S3, false, {"/", 1}, is_s3},
	{ENDPOINT_ENVFILE, false, {"/", 1}, is_s3},
};

/* of the registries that are not private ECR */
static const struct anonymous other_anonymous[] = {
	{ENDPOINT_API, false, {"/", 1}, is_token_service},
	{ENDPOINT_DKR, false, {"/v2/", 4}, is_registry},
	{ENDPOINT_S3, false, {"/", 1}, is_blob_host},
};

/* the APIs of AWS answer an unsigned POST with an error of their own */
static const struct anonymous anonymous_of_api = {ENDPOINT_API, true, {"/", 1}, is_aws};

static const struct anonymous *anonymous_for(const struct probe *probe, enum endpoint_kind kind)
{
	bool ecr = is_private_ecr(probe);
	const struct anonymous *rows = ecr ? anonymous_requests : other_anonymous;
	size_t count = ecr ? sizeof anonymous_requests / sizeof *anonymous_requests
			   : sizeof other_anonymous / sizeof *other_anonymous;
	for (size_t i = 0; i < count; i++)
		if (rows[i].endpoint == kind)
			return &rows[i];
	return &anonymous_of_api;
}

static const struct header json_headers[] = {
	{{"Content-Type", 12}, {"application/x-amz-json-1.1", 26}},
};

struct exchange anonymous_to(struct probe *probe, const struct endpoint_state *state)
{
	const struct anonymous *anonymous = anonymous_for(probe, state->endpoint.kind);
	if (anonymous->is_service == is_token_service)
		return registry_auth_anonymous(probe, state);
	struct exchange exchange = request_to(probe, state, anonymous->path);
	exchange.post = anonymous->post;
	if (anonymous->post) {
		exchange.body = T("{}");
		exchange.send = json_headers;
		exchange.send_count = 1;
	}
	return exchange;
}

static enum symptom judge(
	struct probe *probe, const struct anonymous *anonymous, const struct exchange *exchange)
{
	if (exchange->symptom != SYMPTOM_NONE)
		return exchange->symptom;
	if (exchange->status >= 500)
		return SYMPTOM_UNAVAILABLE;
	if (exchange->status == 429)
		return SYMPTOM_THROTTLED;
	return anonymous->is_service(probe, exchange) ? SYMPTOM_NONE : SYMPTOM_NOT_THE_SERVICE;
}

static struct text words(struct probe *probe, enum symptom symptom, const struct exchange *exchange)
{
	if (symptom == SYMPTOM_NONE || exchange->status == 0)
		return exchange->detail;
	return text_format(probe->arena, "HTTP status %d", exchange->status);
}

/* "scheme://host/path" of where a redirect leads: its query may be secret */
static void saw_location(struct probe *probe, struct step *step, const struct exchange *exchange)
{
	struct text location = header_value(exchange, T("location"));
	saw(probe, step, FACT_LOCATION, text_cut(&location, T("?")));
}

void anonymous_judge(
	struct probe *probe, struct endpoint_state *state, const struct exchange *exchange)
{
	const struct endpoint *endpoint = &state->endpoint;
	const struct anonymous *anonymous = anonymous_for(probe, endpoint->kind);
	enum symptom symptom = judge(probe, anonymous, exchange);
	struct step *step = record(probe, STAGE_HTTP, endpoint->kind, endpoint->host, symptom,
		words(probe, symptom, exchange), exchange->began_us, exchange->took_us);
	saw_answer(probe, step, exchange);
	saw(probe, step, FACT_CHALLENGE, header_value(exchange, T("www-authenticate")));
	if (symptom == SYMPTOM_NONE)
		return;
	saw_location(probe, step, exchange);
	saw_body(probe, step, exchange);
	struct text what = symptom_name(symptom);
	state->stopped = text_format(
		probe->arena, "http to %.*s failed: %.*s", TEXT(endpoint->host), TEXT(what));
}

static bool wants(const struct probe *probe, enum stage stage)
{
	return !probe->options->stage_asked || probe->options->stage >= stage;
}

static struct exchange *begin(
	struct probe *probe, struct exchange request, const struct address *address)
{
	struct exchange *exchange = arena_new(probe->arena, struct exchange, 1);
	*exchange = request;
	exchange->address = *address;
	exchange_ahead_of(probe, exchange);
	return exchange;
}

/* Connections that the blobs will use are opened by requests whose answers nobody needs, so that
 * later ones go out at once on connections that stand. */
static void preconnect(struct probe *probe)
{
	static const enum endpoint_kind endpoints[] = {ENDPOINT_DKR, ENDPOINT_S3};
	/* somebody else's servers are not to be burdened for our speed */
	if (!is_private_ecr(probe))
		return;
	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
		const struct endpoint_state *state = state_of(probe, endpoints[i]);
		const struct address *address = state ? first_address(probe, state) : NULL;
		for (size_t more = 0; more < WARM && address && why_not(state).len == 0; more++)
			begin(probe, anonymous_to(probe, state), address);
	}
}

static void begin_token(struct probe *probe, const struct address *address)
{
	struct exchange request;
	if (address && token_request(probe, &request))
		probe->token_exchange = begin(probe, request, address);
}

/* Of other registries only what is foreseen can be asked for; where it goes must be known first. */
static void begin_registry_auth(struct probe *probe)
{
	struct exchange request;
	if (registry_auth_request(probe, &request))
		probe->token_exchange = begin(probe, request, &request.address);
}

static bool is_asked_anonymously(const struct probe *probe, const struct endpoint_state *state)
{
	return state->stopped.len == 0 && !credentials_need(probe, state);
}

void http_begin(struct probe *probe)
{
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	probe->anonymous_requests = arena_new(probe->arena, struct exchange *, probe->state_count);
	if (!wants(probe, STAGE_HTTP))
		return;
	bool goes_on = wants(probe, STAGE_CREDENTIALS);
	if (!is_private_ecr(probe))
		registry_auth_foresee(probe);
	if (goes_on && !credentials_need(probe, NULL))
		credentials_ask(probe);
	for (size_t i = 0; i < probe->state_count; i++) {
		const struct endpoint_state *state = &probe->states[i];
		const struct address *address = first_address(probe, state);
		if (address && !state->by_proxy && is_asked_anonymously(probe, state))
			probe->anonymous_requests[i] = begin(
				probe, anonymous_to(probe, state), address);
	}
	if (!goes_on)
		return;
	if (api && !api->by_proxy)
		begin_token(probe, first_address(probe, api));
	preconnect(probe);
}

/* It was sent to where the endpoint state came through, and not only to where that was foreseen. */
static bool went_there(const struct exchange *begun, const struct endpoint_state *state)
{
	return begun && address_equal(&begun->address, &state->reached);
}

static void begin_rest(struct probe *probe)
{
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	for (size_t i = 0; i < probe->state_count; i++) {
		const struct endpoint_state *state = &probe->states[i];
		if (state->stopped.len == 0 && !credentials_answer(probe, state) &&
			!went_there(probe->anonymous_requests[i], state))
			probe->anonymous_requests[i] = begin(
				probe, anonymous_to(probe, state), &state->reached);
	}
	if (!wants(probe, STAGE_CREDENTIALS))
		return;
	if (!is_private_ecr(probe))
		begin_registry_auth(probe);
	else if (api && !went_there(probe->token_exchange, api))
		begin_token(probe, &api->reached);
}

void walk_http(struct probe *probe)
{
	const struct exchange *hello = NULL;
	bool goes_on = wants(probe, STAGE_CREDENTIALS);
	if (goes_on && !probe->credentials_asked)
		credentials_ask(probe);
	begin_rest(probe);
	for (size_t i = 0; i < probe->state_count; i++) {
		struct endpoint_state *state = &probe->states[i];
		const struct exchange *answer = credentials_answer(probe, state);
		if (state->stopped.len) {
			record_skip(probe, STAGE_HTTP, state->endpoint.kind, state->endpoint.host,
				SYMPTOM_DEPENDENCY, state->stopped);
			continue;
		}
		if (!answer) {
			exchange_all(probe, probe->anonymous_requests[i], 1);
			answer = probe->anonymous_requests[i];
		}
		hello = state->endpoint.kind == ENDPOINT_DKR ? answer : hello;
		anonymous_judge(probe, state, answer);
	}
	if (goes_on && !is_private_ecr(probe))
		registry_auth_follow(probe, hello);
}
