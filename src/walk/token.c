/* The registry token: ecr:GetAuthorizationToken, signed by libcurl. Its request needs nothing that
 * the connectivity's would tell, so it goes beside them, and all of it takes the time of one.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
#include "base/encoding.h"
#include "walk/experiments.h"

enum { PRECONNECTED = 3 }; /* connections more than the one of the anonymous request */

/* Connections that the blobs will use are opened by requests whose answers nobody needs, so that
 * later ones go out at once on connections that stand: an activity. Somebody else's servers than
 * ECR's are not to be burdened for our speed. */
static bool preconnect(struct probe *probe, struct activity *activity)
{
	static const enum endpoint_kind endpoints[] = {ENDPOINT_DKR, ENDPOINT_S3};
	(void)activity;
	if (!names_are_settled(probe))
		return false;
	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
		const struct endpoint_state *state = state_of(probe, endpoints[i]);
		const struct address *address = state ? first_address(probe, state) : NULL;
		for (size_t more = 0; more < PRECONNECTED && address && why_not(state).len == 0;
			more++)
			exchange_to(probe, anonymous_to(probe, state), address);
	}
	return true;
}

void walk_preconnect(struct probe *probe)
{
	if (!wants(probe, STAGE_CREDENTIALS))
		return;
	struct activity *activity = arena_new(probe->arena, struct activity, 1);
	activity->advance = preconnect;
	activity_begin(probe, activity);
}

/* the token -------------------------------------------------------------------------------- */

static void send_token(struct probe *probe, const struct address *address)
{
	if (address && ecr_can_be_called(probe))
		probe->token_exchange = exchange_to(
			probe, ecr_call(probe, "GetAuthorizationToken", T("{}")), address);
}

/* It goes to the first of the API's addresses as soon as there is one, and again where another was
 * the one that was reached. */
static void ask_for_token(struct probe *probe, const struct endpoint_state *api)
{
	while (api->stage == STAGE_DNS && !state_done(api))
		activities_wait(probe);
	if (!api->by_proxy)
		send_token(probe, api->reached.family ? &api->reached : first_address(probe, api));
	while (!api->reached.family && !state_done(api))
		activities_wait(probe);
	if (api->reached.family && !went_there(probe->token_exchange, api))
		send_token(probe, &api->reached);
	await_state(probe, api);
}

struct step *token_record(struct probe *probe, struct text host, judge_token_fn *judge)
{
	struct exchange *exchange = probe->token_exchange;
	int64_t expires = 0;
	request_await(probe, exchange, &probe->token_trial);
	struct verdict verdict = judge(probe, exchange, &expires);
	struct step *step = record_verdict(
		probe, STAGE_TOKEN, ENDPOINT_API, host, exchange, &verdict);
	if (expires)
		saw(probe, step, FACT_EXPIRES, clock_text(probe->arena, expires));
	request_settle(probe, probe->token_trial);
	return step;
}

static struct verdict judge_token(
	struct probe *probe, const struct exchange *exchange, int64_t *expires)
{
	struct verdict verdict = aws_judge(probe, exchange);
	struct text password = {0};
	if (verdict.symptom != SYMPTOM_NONE)
		return verdict;
	if (!authorization_parse(
		    probe->arena, exchange->kept, &probe->token, expires, &verdict.detail)) {
		verdict.symptom = SYMPTOM_MALFORMED;
		return verdict;
	}
	/* it is "AWS:" and the password in base64: a registry may repeat either */
	base64_decode(probe->arena, probe->token, &password);
	text_cut(&password, T(":"));
	texts_add(probe->arena, &probe->secrets, probe->token);
	texts_add(probe->arena, &probe->secrets, password);
	return verdict;
}

void walk_token(struct probe *probe)
{
	const struct endpoint_state *api = state_of(probe, ENDPOINT_API);
	struct text host = api ? api->endpoint.host : T("");
	if (api)
		ask_for_token(probe, api);
	struct text reason = why_not(api);
	if (!reason.len && !probe->credentials.access_key.len)
		reason = T("there are no credentials to ask with");
	else if (!reason.len && !probe->token_exchange)
		reason = T("it was not asked for");
	if (reason.len)
		record_skip(probe, STAGE_TOKEN, ENDPOINT_API, host, SYMPTOM_DEPENDENCY, reason);
	else
		token_record(probe, host, judge_token);
}
