/* The service itself answers: an anonymous request to every endpoint. They go out when the name is
 * known, over connections of their own beside the connectivity's, and the token's request beside
 * them: it needs nothing that they would tell. So all of it takes the time of one of them. */
#include "walk/stages.h"

enum { PRECONNECTED = 3 }; /* connections more than the one of the anonymous request */

static struct exchange *begin(
	struct probe *probe, struct exchange request, const struct address *address)
{
	struct exchange *exchange = arena_new(probe->arena, struct exchange, 1);
	*exchange = request;
	exchange->address = *address;
	exchange_ahead_of(probe, exchange);
	return exchange;
}

void http_begin(struct probe *probe, struct endpoint_state *state)
{
	const struct address *address = first_address(probe, state);
	if (address && !state->by_proxy && wants(probe, STAGE_HTTP) &&
		state->endpoint.kind != ENDPOINT_PROXY && !credentials_need(probe, state))
		state->anonymous = begin(probe, anonymous_to(probe, state), address);
}

/* It was sent to the address that was reached, and not only to where that was foreseen. */
static bool went_there(const struct exchange *begun, const struct endpoint_state *state)
{
	return begun && address_equal(&begun->address, &state->reached);
}

/* The token of private ECR. Its address is the first of the API's until one was reached. */
void token_begin(struct probe *probe)
{
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	struct exchange request;
	if (!api || !is_private_ecr(probe) || !probe->credentials_done || api->stage < STAGE_TCP ||
		!wants(probe, STAGE_CREDENTIALS))
		return;
	const struct address *address = api->reached.family ? &api->reached
		: api->by_proxy				    ? NULL
							    : first_address(probe, api);
	bool is_foreseen = probe->token_exchange && !api->reached.family;
	if (address && !is_foreseen && !went_there(probe->token_exchange, api) &&
		token_request(probe, &request))
		probe->token_exchange = begin(probe, request, address);
}

static bool token_advance(struct probe *probe, struct activity *activity)
{
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	(void)activity;
	token_begin(probe);
	return !api || state_done(api) || went_there(probe->token_exchange, api);
}

void token_watch(struct probe *probe)
{
	struct activity *activity = arena_new(probe->arena, struct activity, 1);
	activity->advance = token_advance;
	activity_begin(probe, activity);
}

const struct exchange *http_exchange(struct probe *probe, struct endpoint_state *state)
{
	bool is_asked = credentials_need(probe, state) && wants(probe, STAGE_CREDENTIALS);
	const struct exchange *answer = is_asked ? credentials_exchange(probe, state) : NULL;
	if (answer || (is_asked && !probe->credentials_done))
		return answer;
	if (!went_there(state->anonymous, state))
		state->anonymous = begin(probe, anonymous_to(probe, state), &state->reached);
	return state->anonymous;
}

/* Connections that the blobs will use are opened by requests whose answers nobody needs, so that
 * later ones go out at once on connections that stand. */
static void preconnect(struct probe *probe)
{
	static const enum endpoint_kind endpoints[] = {ENDPOINT_DKR, ENDPOINT_S3};
	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
		const struct endpoint_state *state = state_of(probe, endpoints[i]);
		const struct address *address = state ? first_address(probe, state) : NULL;
		for (size_t more = 0; more < PRECONNECTED && address && why_not(state).len == 0;
			more++)
			begin(probe, anonymous_to(probe, state), address);
	}
}

/* The names are known, or will not be soon. */
static void await_names(struct probe *probe)
{
	for (size_t i = 0; i < probe->state_count; i++) {
		const struct endpoint_state *state = &probe->states[i];
		while (state->stage == STAGE_DNS && !state->suspect && !state_done(state))
			activities_wait(probe);
	}
}

/* Of other registries only what is foreseen can be asked for, and only where it goes is known. */
static void begin_registry_auth(struct probe *probe)
{
	const struct endpoint_state *at = probe->registry_auth.at;
	struct exchange request;
	while (at && at->stage < STAGE_HTTP && !state_done(at))
		activities_wait(probe);
	if (registry_auth_request(probe, &request))
		probe->token_exchange = begin(probe, request, &request.address);
}

void walk_http(struct probe *probe)
{
	const struct endpoint_state *dkr = state_of(probe, ENDPOINT_DKR);
	if (!wants(probe, STAGE_CREDENTIALS))
		return;
	await_names(probe);
	/* somebody else's servers are not to be burdened for our speed */
	if (is_private_ecr(probe)) {
		preconnect(probe);
		return;
	}
	begin_registry_auth(probe);
	await_state(probe, dkr);
	registry_auth_follow(probe, dkr ? dkr->anonymous : NULL);
}
