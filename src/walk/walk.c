/* The walk: stage after stage, each over all its endpoints at once. */
#include "walk/walk.h"
#include "walk/experiments.h"
#include "walk/push.h"
#include "walk/stages.h"

/* What walks a stage, of private ECR and of other registries, and whose steps say so when it is not
 * walked; NULL: the endpoints walk it, each on its own way. */
static const struct {
	void (*walk)(struct probe *probe);
	void (*walk_other)(struct probe *probe);
	enum endpoint_kind skipped[2]; /* the second: CALLER for none */
} stages[STAGE_COUNT] = {
	[STAGE_DNS] = {NULL, NULL, {0}},
	[STAGE_TCP] = {NULL, NULL, {0}},
	[STAGE_TLS] = {NULL, NULL, {0}},
	[STAGE_HTTP] = {walk_preconnect, walk_challenge, {0}},
	[STAGE_CREDENTIALS] = {walk_credentials, walk_login, {ENDPOINT_CALLER}},
	[STAGE_TOKEN] = {walk_token, walk_registry_auth, {ENDPOINT_API}},
	[STAGE_MANIFEST] = {walk_manifest, walk_manifest, {ENDPOINT_DKR}},
	[STAGE_LAYERS] = {walk_layers, walk_layers, {ENDPOINT_DKR, ENDPOINT_S3}},
	[STAGE_START] = {walk_task_launch, walk_task_launch, {ENDPOINT_CALLER}},
};
_Static_assert(STAGE_START + 1 == STAGE_COUNT, "a stage has a row here");

/* a stage that is not tried at all still shows in the evidence */
static void skip_stage(
	struct probe *probe, enum stage stage, enum symptom symptom, struct text reason)
{
	for (size_t i = 0; i < probe->state_count && stage <= STAGE_HTTP; i++)
		record_skip(probe, stage, probe->states[i].endpoint.kind,
			probe->states[i].endpoint.host, symptom, reason);
	if (stage <= STAGE_HTTP || (stage == STAGE_START && !probe->plan->task))
		return;
	for (size_t i = 0; i < 2; i++) {
		enum endpoint_kind kind = stages[stage].skipped[i];
		const struct endpoint *endpoint = plan_endpoint(probe->plan, kind);
		if (i > 0 && kind == ENDPOINT_CALLER)
			break;
		struct step *step = record_skip(
			probe, stage, kind, endpoint ? endpoint->host : T(""), symptom, reason);
		if (stage == STAGE_CREDENTIALS)
			proxy_note(probe, step);
	}
}

static void run_stage(struct probe *probe, enum stage stage)
{
	const struct walk_options *options = probe->options;
	bool is_own = stage <= STAGE_HTTP; /* endpoints write their skipped steps themselves */
	void (*walk_stage)(struct probe * probe) = is_private_ecr(probe) ? stages[stage].walk
									 : stages[stage].walk_other;
	probe->position = (struct position){.stage = stage, .rank = RANK_LAST};
	if (options->stage_asked && stage > options->stage)
		skip_stage(probe, stage, SYMPTOM_NOT_ASKED,
			text_format(probe->arena, "--stage %.*s was asked",
				TEXT(stage_name(options->stage))));
	else if (time_is_up(probe) && !is_own)
		skip_stage(probe, stage, SYMPTOM_DEADLINE, time_is_up_words());
	else if (!time_is_up(probe) && walk_stage)
		walk_stage(probe);
}

/* Whom the registry knows the caller as: by the credentials, and where those name only an
 * instance's role, by ECR's refusal. */
static void note_principal(struct probe *probe)
{
	struct text *principal = &probe->evidence->vantage.principal;
	for (size_t i = 0; i < probe->evidence->count; i++) {
		const struct step *step = &probe->evidence->steps[i];
		struct text named = seen_text(step, FACT_PRINCIPAL);
		bool by_refusal = step->stage == STAGE_TOKEN && is_private_ecr(probe) &&
			!text_starts(*principal, T("arn:"));
		if (named.len && (step->stage == STAGE_CREDENTIALS || by_refusal))
			*principal = named;
	}
}

void walk(struct arena *arena, struct net *net, const struct target *target,
	const struct plan *plan, const struct walk_options *options, struct evidence *evidence)
{
	struct probe probe;
	/* of STS, when credentials want it, or of a token service that is learnt late */
	probe_begin(&probe, arena, net, target, plan, options, evidence, 1);
	evidence->started_at = clock_unix();
	evidence->target = *target;
	evidence->full = options->full;
	evidence->timeout_us = options->timeout_us;
	evidence->stage_asked = options->stage_asked;
	evidence->stage = options->stage;

	proxy_begin(&probe);
	if (is_private_ecr(&probe))
		credentials_choose(&probe);
	else
		registry_auth_foresee(&probe);
	if (wants(&probe, STAGE_CREDENTIALS))
		task_begin(&probe);
	connectivity_begin(&probe);
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		run_stage(&probe, stage);
	if (options->push)
		push_image(&probe, options->push);
	for (size_t i = 0; i < probe.state_count; i++)
		await_state(&probe, &probe.states[i]);
	trials_end(&probe);
	steps_sort(&probe);
	note_principal(&probe);

	evidence->interrupted = time_is_up(&probe);
	evidence->took_us = clock_us() - probe.started_us;
}
