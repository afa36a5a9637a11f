/* The service itself answers: an anonymous request to every endpoint. They go out
 * while the ladder is still climbed, over connections of their own, and the token's request beside
 * them: it needs nothing that they would tell. So all of it takes the time of one of them. */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { WARM = 3 }; /* connections more than the one of the greeting */

/* What answer shows that this is the service, by endpoint. */
struct greeting {
	enum role role;
	bool post;
	struct text path;
	bool (*is_service)(struct journey *journey, const struct exchange *exchange);
};

static bool has_header(const struct exchange *exchange, struct text name)
{
	return header_value(exchange, name).len > 0;
}

/* 401 on an anonymous /v2/ with a Basic challenge (distribution-spec, "Determining support") */
static bool is_ecr_registry(struct journey *journey, const struct exchange *exchange)
{
	struct text challenge = header_value(exchange, T("www-authenticate"));
	(void)journey;
	if (exchange->status == 401)
		return text_same(text_head(challenge, 6), T("Basic "));
	return has_header(exchange, T("docker-distribution-api-version"));
}

/* Every answer of S3 carries its request id, errors included. */
static bool is_s3(struct journey *journey, const struct exchange *exchange)
{
	(void)journey;
	return has_header(exchange, T("x-amz-request-id"));
}

static bool is_aws(struct journey *journey, const struct exchange *exchange)
{
	return has_header(exchange, T("x-amzn-requestid")) || is_s3(journey, exchange);
}

/* 401 with a challenge that can be met, or a registry that asks for nothing */
static bool is_registry(struct journey *journey, const struct exchange *exchange)
{
	struct challenge challenge;
	if (exchange->status == 200)
		return has_header(exchange, T("docker-distribution-api-version")) ||
			!is_page(exchange);
	for (size_t i = 0; i < exchange->header_count && exchange->status == 401; i++)
		if (text_same(exchange->headers[i].name, T("www-authenticate")) &&
			challenge_parse(journey->arena, exchange->headers[i].value, &challenge))
			return true;
	return false;
}

/* Nothing that all token services have in common marks them; pages and redirects are none's. */
static bool is_token_service(struct journey *journey, const struct exchange *exchange)
{
	(void)journey;
	return !is_page(exchange) && (exchange->status < 300 || exchange->status >= 400);
}

/* Blob hosts are of all kinds, and their roots answer whatever they like; their certificate has
 * vouched for them. What asks for a sign-in of its own is none. */
static bool is_blob_host(struct journey *journey, const struct exchange *exchange)
{
	(void)journey;
	return exchange->status != 407 && exchange->status != 511;
}

static const struct greeting greetings[] = {
	{ROLE_DKR, false, {"/v2/", 4}, is_ecr_registry},
	{ROLE_S3, false, {"/", 1}, is_s3},
	{ROLE_ENVFILE, false, {"/", 1}, is_s3},
};

/* of the registries that are not private ECR */
static const struct greeting other_greetings[] = {
	{ROLE_API, false, {"/", 1}, is_token_service},
	{ROLE_DKR, false, {"/v2/", 4}, is_registry},
	{ROLE_S3, false, {"/", 1}, is_blob_host},
};

/* the APIs of AWS answer an unsigned POST with an error of their own */
static const struct greeting greeting_of_api = {ROLE_API, true, {"/", 1}, is_aws};

static const struct greeting *greeting_for(const struct journey *journey, enum role role)
{
	bool ecr = is_private_ecr(journey);
	const struct greeting *rows = ecr ? greetings : other_greetings;
	size_t count = ecr ? sizeof greetings / sizeof *greetings
			   : sizeof other_greetings / sizeof *other_greetings;
	for (size_t i = 0; i < count; i++)
		if (rows[i].role == role)
			return &rows[i];
	return &greeting_of_api;
}

static const struct header json_headers[] = {
	{{"Content-Type", 12}, {"application/x-amz-json-1.1", 26}},
};

struct exchange greeting_to(struct journey *journey, const struct climb *climb)
{
	const struct greeting *greeting = greeting_for(journey, climb->endpoint.role);
	if (greeting->is_service == is_token_service)
		return sign_in_greeting(journey, climb);
	struct exchange exchange = request_to(journey, climb, greeting->path);
	exchange.post = greeting->post;
	if (greeting->post) {
		exchange.body = T("{}");
		exchange.send = json_headers;
		exchange.send_count = 1;
	}
	return exchange;
}

static enum cause judge(
	struct journey *journey, const struct greeting *greeting, const struct exchange *exchange)
{
	if (exchange->cause != CAUSE_NONE)
		return exchange->cause;
	if (exchange->status >= 500)
		return CAUSE_UNAVAILABLE;
	if (exchange->status == 429)
		return CAUSE_THROTTLED;
	return greeting->is_service(journey, exchange) ? CAUSE_NONE : CAUSE_NOT_THE_SERVICE;
}

static struct text words(struct journey *journey, enum cause cause, const struct exchange *exchange)
{
	if (cause == CAUSE_NONE || exchange->status == 0)
		return exchange->detail;
	return text_format(journey->arena, "HTTP status %d", exchange->status);
}

/* "scheme://host/path" of where a redirect leads: its query may be secret */
static void saw_location(
	struct journey *journey, struct step *step, const struct exchange *exchange)
{
	struct text location = header_value(exchange, T("location"));
	saw(journey, step, FACT_LOCATION, text_cut(&location, T("?")));
}

void greeting_judge(struct journey *journey, struct climb *climb, const struct exchange *exchange)
{
	const struct endpoint *endpoint = &climb->endpoint;
	const struct greeting *greeting = greeting_for(journey, endpoint->role);
	enum cause cause = judge(journey, greeting, exchange);
	struct step *step = record(journey, STAGE_HTTP, endpoint->role, endpoint->host, cause,
		words(journey, cause, exchange), exchange->began_us, exchange->took_us);
	saw_answer(journey, step, exchange);
	saw(journey, step, FACT_CHALLENGE, header_value(exchange, T("www-authenticate")));
	if (cause == CAUSE_NONE)
		return;
	saw_location(journey, step, exchange);
	saw_body(journey, step, exchange);
	struct text what = cause_name(cause);
	climb->stopped = text_format(
		journey->arena, "http to %.*s failed: %.*s", TEXT(endpoint->host), TEXT(what));
}

static bool wants(const struct journey *journey, enum stage stage)
{
	return !journey->options->stage_asked || journey->options->stage >= stage;
}

static struct exchange *begin(
	struct journey *journey, struct exchange request, const struct address *address)
{
	struct exchange *exchange = arena_new(journey->arena, struct exchange, 1);
	*exchange = request;
	exchange->address = *address;
	exchange_ahead_of(journey, exchange);
	return exchange;
}

/* Connections that the blobs will use are opened by requests whose answers nobody needs, so that
 * later ones go out at once on connections that stand. */
static void warm(struct journey *journey)
{
	static const enum role roles[] = {ROLE_DKR, ROLE_S3};
	/* somebody else's servers are not to be burdened for our speed */
	if (!is_private_ecr(journey))
		return;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		const struct climb *climb = climb_of(journey, roles[i]);
		const struct address *address = climb ? first_address(journey, climb) : NULL;
		for (size_t more = 0; more < WARM && address && why_not(climb).len == 0; more++)
			begin(journey, greeting_to(journey, climb), address);
	}
}

static void begin_token(struct journey *journey, const struct address *address)
{
	struct exchange request;
	if (address && token_request(journey, &request))
		journey->token_exchange = begin(journey, request, address);
}

/* Of other registries only what is foreseen can be asked for; where it goes must be known first. */
static void begin_sign_in(struct journey *journey)
{
	struct exchange request;
	if (sign_in_request(journey, &request))
		journey->token_exchange = begin(journey, request, &request.address);
}

static bool is_to_be_greeted(const struct journey *journey, const struct climb *climb)
{
	return climb->stopped.len == 0 && !credentials_need(journey, climb);
}

void http_begin(struct journey *journey)
{
	const struct climb *api = climb_of(journey, ROLE_API);
	journey->greetings = arena_new(journey->arena, struct exchange *, journey->climb_count);
	if (!wants(journey, STAGE_HTTP))
		return;
	bool goes_on = wants(journey, STAGE_CREDENTIALS);
	if (!is_private_ecr(journey))
		sign_in_foresee(journey);
	if (goes_on && !credentials_need(journey, NULL))
		credentials_ask(journey);
	for (size_t i = 0; i < journey->climb_count; i++) {
		const struct climb *climb = &journey->climbs[i];
		const struct address *address = first_address(journey, climb);
		if (address && !climb->by_proxy && is_to_be_greeted(journey, climb))
			journey->greetings[i] = begin(
				journey, greeting_to(journey, climb), address);
	}
	if (!goes_on)
		return;
	if (api && !api->by_proxy)
		begin_token(journey, first_address(journey, api));
	warm(journey);
}

/* It was sent to where the climb came through, and not only to where that was foreseen. */
static bool went_there(const struct exchange *begun, const struct climb *climb)
{
	return begun && address_equal(&begun->address, &climb->reached);
}

static void begin_rest(struct journey *journey)
{
	const struct climb *api = climb_of(journey, ROLE_API);
	for (size_t i = 0; i < journey->climb_count; i++) {
		const struct climb *climb = &journey->climbs[i];
		if (climb->stopped.len == 0 && !credentials_answer(journey, climb) &&
			!went_there(journey->greetings[i], climb))
			journey->greetings[i] = begin(
				journey, greeting_to(journey, climb), &climb->reached);
	}
	if (!wants(journey, STAGE_CREDENTIALS))
		return;
	if (!is_private_ecr(journey))
		begin_sign_in(journey);
	else if (api && !went_there(journey->token_exchange, api))
		begin_token(journey, &api->reached);
}

void walk_http(struct journey *journey)
{
	const struct exchange *hello = NULL;
	bool goes_on = wants(journey, STAGE_CREDENTIALS);
	if (goes_on && !journey->credentials_asked)
		credentials_ask(journey);
	begin_rest(journey);
	for (size_t i = 0; i < journey->climb_count; i++) {
		struct climb *climb = &journey->climbs[i];
		const struct exchange *answer = credentials_answer(journey, climb);
		if (climb->stopped.len) {
			record_skip(journey, STAGE_HTTP, climb->endpoint.role, climb->endpoint.host,
				CAUSE_DEPENDENCY, climb->stopped);
			continue;
		}
		if (!answer) {
			exchange_all(journey, journey->greetings[i], 1);
			answer = journey->greetings[i];
		}
		hello = climb->endpoint.role == ROLE_DKR ? answer : hello;
		greeting_judge(journey, climb, answer);
	}
	if (goes_on && !is_private_ecr(journey))
		sign_in_follow(journey, hello);
}
