/* The token of a registry other than private ECR: what its challenge asks for, at the service that
 * it names. https://distribution.github.io/distribution/spec/auth/token/ */
#include "model/registry.h"
#include "model/url.h"
#include "walk/redirect.h"
#include "walk/stages.h"

enum { ANSWER_MAX = 256 * 1024 };

/* the climb of a URL's host, among those of the registry and its token service */
static struct climb *climb_at(struct journey *journey, const struct url *url)
{
	for (size_t i = 0; i < journey->climb_count; i++) {
		const struct endpoint *endpoint = &journey->climbs[i].endpoint;
		bool signs_in = endpoint->role == ROLE_API || endpoint->role == ROLE_DKR;
		if (signs_in && text_same(endpoint->host, url->host) && endpoint->port == url->port)
			return &journey->climbs[i];
	}
	return NULL;
}

void sign_in_foresee(struct journey *journey)
{
	const struct registry *known = registry_known(journey->target->host);
	struct sign_in *sign_in = &journey->sign_in;
	struct url url;
	if (!known || !url_parse(known->realm, &url))
		return;
	sign_in->challenge = (struct challenge){SCHEME_BEARER, known->realm, known->service};
	sign_in->at = climb_at(journey, &url);
}

static struct exchange ask(struct journey *journey, const struct climb *climb, struct text url)
{
	struct exchange exchange = request_to(journey, climb, T("/"));
	exchange.url = url;
	exchange.body_keep = exchange.body_max = ANSWER_MAX;
	return exchange;
}

struct exchange sign_in_greeting(struct journey *journey, const struct climb *climb)
{
	const struct challenge *challenge = &journey->sign_in.challenge;
	/* foreseen, and the registry signs in otherwise */
	if (challenge->scheme != SCHEME_BEARER)
		return request_to(journey, climb, T("/"));
	return ask(journey, climb, challenge_url(journey->arena, challenge, T("")));
}

bool sign_in_request(struct journey *journey, struct exchange *out)
{
	const struct sign_in *sign_in = &journey->sign_in;
	if (!sign_in->at || sign_in->at->stopped.len)
		return false;
	*out = ask(journey, sign_in->at,
		challenge_url(journey->arena, &sign_in->challenge, journey->target->repository));
	out->basic = sign_in->login.basic;
	return true;
}

/* the challenge ---------------------------------------------------------------------------- */

/* Where credentials must not go. A registry on this machine may have its token service there. */
static const char *refuse_realm(const struct climb *registry, const struct url *url)
{
	struct address address;
	if (!text_equal(url->scheme, T("https")))
		return "a token service over plain http";
	if (!address_parse(url->host, &address) || address_is_loopback(&registry->reached))
		return NULL;
	if (address_is_loopback(&address) || address_is_link_local(&address))
		return "a token service at an address that none can have";
	return NULL;
}

/* a name can lead where an address must not */
static const char *refuse_climb(const struct climb *registry, const struct climb *service)
{
	if (service->stopped.len || address_is_loopback(&registry->reached))
		return NULL;
	if (redirect_refuse_addresses(service))
		return "a token service whose name leads to an address that none can have";
	return NULL;
}

static bool refused(struct journey *journey, const struct url *url, const char *why)
{
	struct sign_in *sign_in = &journey->sign_in;
	if (why) {
		sign_in->cause = CAUSE_FORBIDDEN_HOST;
		sign_in->detail = text_format(journey->arena, "%s: %.*s://%.*s%.*s", why,
			TEXT(url->scheme), TEXT(url->host), TEXT(url->path));
		sign_in->at = NULL;
	}
	return why != NULL;
}

/* A token service that was not foreseen begins to climb the ladder now. */
static struct climb *learn(struct journey *journey, const struct url *url)
{
	struct climb *climb = &journey->climbs[journey->climb_count++];
	*climb = (struct climb){
		.endpoint = {.role = ROLE_API, .host = url->host, .port = url->port}, .fd = -1};
	ladder_dns(journey, climb, 1);
	return climb;
}

/* the request for the token, and before it the greeting of a host that is new */
static void ask_service(struct journey *journey, struct climb *fresh)
{
	struct exchange *batch = arena_new(journey->arena, struct exchange, 2);
	size_t count = 0;
	bool greets = fresh && fresh->stopped.len == 0;
	if (greets)
		batch[count++] = sign_in_greeting(journey, fresh);
	if (sign_in_request(journey, &batch[count]))
		journey->token_exchange = &batch[count++];
	exchange_all(journey, batch, count);
	if (greets)
		greeting_judge(journey, fresh, &batch[0]);
	else if (fresh)
		record_skip(journey, STAGE_HTTP, ROLE_API, fresh->endpoint.host, CAUSE_DEPENDENCY,
			fresh->stopped);
}

static void follow_bearer(struct journey *journey, const struct climb *registry)
{
	struct sign_in *sign_in = &journey->sign_in;
	struct climb *fresh = NULL;
	struct url url;
	if (!url_parse(sign_in->challenge.realm, &url)) {
		sign_in->cause = CAUSE_MALFORMED;
		sign_in->detail = T("it names no token service by an http or https URL");
		return;
	}
	if (refused(journey, &url, refuse_realm(registry, &url)))
		return;
	sign_in->at = climb_at(journey, &url);
	if (!sign_in->at)
		sign_in->at = fresh = learn(journey, &url);
	if (refused(journey, &url, refuse_climb(registry, sign_in->at)))
		return;
	if (fresh) {
		ladder_tcp(journey, fresh, 1);
		ladder_tls(journey, fresh, 1);
	}
	ask_service(journey, fresh);
}

/* The registry signs in by itself: whether it takes the password shows at "/v2/". */
static void follow_basic(struct journey *journey, struct climb *registry)
{
	journey->sign_in.at = registry;
	if (journey->sign_in.login.basic.len == 0)
		return;
	journey->token_exchange = arena_new(journey->arena, struct exchange, 1);
	*journey->token_exchange = request_to(journey, registry, T("/v2/"));
	journey->token_exchange->basic = journey->sign_in.login.basic;
	exchange_all(journey, journey->token_exchange, 1);
}

/* the strongest of the challenges, which may be in one header or in several */
static bool read_challenge(
	struct journey *journey, const struct exchange *greeting, struct challenge *out)
{
	*out = (struct challenge){0};
	for (size_t i = 0; i < greeting->header_count; i++) {
		struct challenge one;
		if (text_same(greeting->headers[i].name, T("www-authenticate")) &&
			challenge_parse(journey->arena, greeting->headers[i].value, &one) &&
			one.scheme > out->scheme)
			*out = one;
	}
	return out->scheme != SCHEME_NONE;
}

static bool is_as_foreseen(const struct sign_in *sign_in, const struct challenge *told)
{
	return sign_in->challenge.scheme == told->scheme &&
		text_equal(sign_in->challenge.realm, told->realm) &&
		text_equal(sign_in->challenge.service, told->service);
}

void sign_in_follow(struct journey *journey, const struct exchange *greeting)
{
	struct sign_in *sign_in = &journey->sign_in;
	struct climb *registry = climb_of(journey, ROLE_DKR);
	struct challenge told = {0};
	if (!greeting || why_not(registry).len)
		return;
	sign_in->is_open = greeting->status == 200;
	if (!sign_in->is_open && read_challenge(journey, greeting, &told) &&
		is_as_foreseen(sign_in, &told))
		return;
	journey->token_exchange = NULL;
	sign_in->at = NULL;
	sign_in->challenge = told;
	if (sign_in->challenge.scheme == SCHEME_BEARER)
		follow_bearer(journey, registry);
	else if (sign_in->challenge.scheme == SCHEME_BASIC)
		follow_basic(journey, registry);
}

/* the token -------------------------------------------------------------------------------- */

static enum cause take_token(struct journey *journey, const struct exchange *exchange,
	int64_t *expires, struct text *detail)
{
	int64_t seconds;
	if (!bearer_parse(journey->arena, exchange->kept, &journey->token, &seconds, detail))
		return CAUSE_MALFORMED;
	journey->token_is_bearer = true;
	texts_add(journey->arena, &journey->secrets, journey->token);
	*expires = clock_unix() + seconds;
	return CAUSE_NONE;
}

static enum cause judge(struct journey *journey, const struct exchange *exchange,
	struct aws_error *error, int64_t *expires, struct text *detail)
{
	bool basic = journey->sign_in.challenge.scheme == SCHEME_BASIC;
	*detail = exchange->detail;
	if (exchange->cause != CAUSE_NONE)
		return exchange->cause;
	if (exchange->status == 200 && !basic)
		return take_token(journey, exchange, expires, detail);
	if (exchange->status == 200) {
		journey->token = journey->sign_in.login.basic;
		return CAUSE_NONE;
	}
	*detail = text_format(journey->arena, "HTTP status %d", exchange->status);
	if (!sign_in_error_parse(journey->arena, exchange->kept, &error->code, &error->message) &&
		(is_page(exchange) || exchange->status < 400))
		return exchange->status >= 500 ? CAUSE_UNAVAILABLE : CAUSE_NOT_THE_SERVICE;
	if (error->message.len)
		*detail = error->message;
	return cause_of_error(exchange->status, error);
}

static void judge_token(struct journey *journey, struct text host)
{
	struct exchange *exchange = journey->token_exchange;
	struct aws_error error = {0};
	struct text detail;
	int64_t expires = 0;
	/* what was foreseen is still under way */
	if (exchange->begun)
		exchange_all(journey, exchange, 1);
	enum cause cause = judge(journey, exchange, &error, &expires, &detail);
	struct step *step = record(journey, STAGE_TOKEN, ROLE_API, host, cause, detail,
		exchange->began_us, exchange->took_us);
	saw_answer(journey, step, exchange);
	saw(journey, step, FACT_SCHEME, scheme_name(journey->sign_in.challenge.scheme));
	if (expires)
		saw(journey, step, FACT_EXPIRES, clock_text(journey->arena, expires));
	if (cause != CAUSE_NONE && error.code.len + error.message.len)
		saw_error(journey, step, &error);
	else if (cause != CAUSE_NONE && exchange->status != 200)
		saw_body(journey, step, exchange);
}

/* a token step that needed no request, or could make none */
static void settle(struct journey *journey, enum cause cause, struct text detail)
{
	const struct sign_in *sign_in = &journey->sign_in;
	struct step *step = record(journey, STAGE_TOKEN, ROLE_API,
		climb_of(journey, ROLE_DKR)->endpoint.host, cause, detail, 0, 0);
	saw(journey, step, FACT_SCHEME, scheme_name(sign_in->challenge.scheme));
}

static struct text hindrance(struct journey *journey)
{
	const struct climb *at = journey->sign_in.at;
	struct text reason = why_not(climb_of(journey, ROLE_DKR));
	if (at && at->stopped.len)
		return at->stopped;
	return reason.len ? reason : T("it was not asked for");
}

void walk_sign_in(struct journey *journey)
{
	const struct sign_in *sign_in = &journey->sign_in;
	const struct climb *registry = climb_of(journey, ROLE_DKR);
	const struct climb *at = sign_in->at ? sign_in->at : registry;
	if (journey->token_exchange)
		judge_token(journey, at->endpoint.host);
	else if (sign_in->is_open)
		settle(journey, CAUSE_NONE, T(""));
	else if (sign_in->cause != CAUSE_NONE)
		settle(journey, sign_in->cause, sign_in->detail);
	else if (registry->stopped.len == 0 && sign_in->challenge.scheme == SCHEME_BASIC)
		settle(journey, CAUSE_UNAUTHENTICATED,
			T("the registry asks for a user name and password, and there are none"));
	else
		record_skip(journey, STAGE_TOKEN, ROLE_API, at->endpoint.host, CAUSE_DEPENDENCY,
			hindrance(journey));
}
