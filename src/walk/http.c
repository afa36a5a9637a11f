/* The service itself answers: an anonymous request to every endpoint. They go out when the name is
 * known, over connections of their own beside the connectivity's, and the token's request beside
 * them: it needs nothing that they would tell. So all of it takes the time of one of them. */
#include "walk/stages.h"

enum { PRECONNECTED = 3 }; /* connections more than the one of the anonymous request */

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
			exchange_to(probe, anonymous_to(probe, state), address);
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
		probe->token_exchange = exchange_to(probe, request, &request.address);
}

void walk_http(struct probe *probe)
{
	const struct endpoint_state *dkr = state_of(probe, ENDPOINT_DKR);
	if (!wants(probe, STAGE_CREDENTIALS))
		return;
	/* the names are known, or will not be soon */
	for (size_t i = 0; i < probe->state_count; i++) {
		const struct endpoint_state *state = &probe->states[i];
		while (state->stage == STAGE_DNS && !state->suspect && !state_done(state))
			activities_wait(probe);
	}
	/* somebody else's servers are not to be burdened for our speed */
	if (is_private_ecr(probe)) {
		preconnect(probe);
		return;
	}
	begin_registry_auth(probe);
	await_state(probe, dkr);
	registry_auth_follow(probe, dkr ? dkr->anonymous : NULL);
}
