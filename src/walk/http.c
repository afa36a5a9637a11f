/* The service itself answers: an anonymous request to every endpoint. They go out
 * while the connectivity is still climbed, over connections of their own, and the token's request
 * beside them: it needs nothing that they would tell. So all of it takes the time of one of them.
 */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { WARM = 3 }; /* connections more than the one of the greeting */

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

/* It was sent to the address that was reached, and not only to where that was foreseen. */
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
