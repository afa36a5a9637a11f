/* The sources of credentials for calls that no walk makes. */
#include "walk/caller.h"
#include "walk/credentials.h"

/* what a round needs of STS is left to the caller */
static void take_role(struct caller *out, const struct credentials_round *round)
{
	const struct sts_call *call = &round->call;
	if (call->role_arn.len == 0 || out->role_count == CALLER_ROLES)
		return;
	out->roles[out->role_count++] = (struct caller_role){
		call->role_arn, call->session_name, call->external_id, call->token};
}

/* The source alone: the roles behind it, and a web identity's own, are the caller's to ask for. */
static void ask_source(struct probe *probe, struct credentials_round *source)
{
	struct credentials_round *roles = source->next;
	if (source->call.role_arn.len)
		return;
	source->next = NULL;
	credentials_ask(probe);
	trials_end(probe);
	source->next = roles;
}

void caller_find(struct arena *arena, struct net *net, const struct walk_options *options,
	struct text region, struct caller *out)
{
	struct target target = {
		.kind = REGISTRY_ECR, .region = region, .partition = partition_of_region(region)};
	struct evidence evidence = {0};
	struct probe probe;
	probe_begin(&probe, arena, net, &target, arena_new(arena, struct plan, 1), options,
		&evidence, 1 + CALLER_ROLES);
	*out = (struct caller){.config_path = profile_config_path(&probe),
		.profile_name = variable(&probe, T("AWS_PROFILE"))};
	profile_find(&probe, out->profile_name, &out->profile);
	credentials_choose(&probe);
	struct credentials_round *round = probe.credentials_round;
	ask_source(&probe, round);
	out->source = round->source;
	out->credentials = round->found;
	if (round->symptom != SYMPTOM_NONE)
		out->complaint = round->detail.len ? round->detail : symptom_name(round->symptom);
	for (; round; round = round->next)
		take_role(out, round);
}
