/* The walk: stage after stage, each over all its endpoints at once. */
#include "walk/walk.h"
#include "walk/experiments.h"
#include "walk/stages.h"

static struct endpoint_state *states_of(struct arena *arena, const struct plan *plan)
{
	/* and STS, when credentials want it, or a token service that is learnt late */
	struct endpoint_state *states = arena_new(arena, struct endpoint_state, plan->count + 1);
	for (size_t i = 0; i < plan->count; i++)
		states[i] = (struct endpoint_state){.endpoint = plan->endpoints[i]};
	return states;
}

static void skip_connectivity_row(
	struct probe *probe, enum stage stage, enum symptom symptom, struct text reason)
{
	for (size_t i = 0; i < probe->state_count; i++) {
		const struct endpoint *endpoint = &probe->states[i].endpoint;
		record_skip(probe, stage, endpoint->kind, endpoint->host, symptom, reason);
	}
}

static void skip_endpoint(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	enum symptom symptom, struct text reason)
{
	const struct endpoint *endpoint = plan_endpoint(probe->plan, kind);
	struct text host = endpoint ? endpoint->host : T("");
	struct step *step = record_skip(probe, stage, kind, host, symptom, reason);
	if (stage == STAGE_CREDENTIALS)
		proxy_note(probe, step);
}

/* a stage that is not tried at all still shows in the evidence */
static void skip_stage(
	struct probe *probe, enum stage stage, enum symptom symptom, struct text reason)
{
	if (stage <= STAGE_HTTP) {
		skip_connectivity_row(probe, stage, symptom, reason);
	} else if (stage == STAGE_CREDENTIALS) {
		skip_endpoint(probe, stage, ENDPOINT_CALLER, symptom, reason);
	} else if (stage == STAGE_TOKEN) {
		skip_endpoint(probe, stage, ENDPOINT_API, symptom, reason);
	} else if (stage == STAGE_START) {
		if (probe->plan->task)
			skip_endpoint(probe, stage, ENDPOINT_CALLER, symptom, reason);
	} else {
		skip_endpoint(probe, stage, ENDPOINT_DKR, symptom, reason);
		if (stage == STAGE_LAYERS)
			skip_endpoint(probe, stage, ENDPOINT_S3, symptom, reason);
	}
}

/* A stage that is missing here does not compile (-Wswitch). */
static void walk_stage(struct probe *probe, enum stage stage)
{
	switch (stage) {
	case STAGE_DNS:
	case STAGE_TCP:
	case STAGE_TLS:
		break; /* of the endpoints, each on its own way */
	case STAGE_HTTP:
		walk_http(probe);
		break;
	case STAGE_CREDENTIALS:
		walk_credentials(probe);
		break;
	case STAGE_TOKEN:
		walk_token(probe);
		break;
	case STAGE_MANIFEST:
		walk_manifest(probe);
		break;
	case STAGE_LAYERS:
		walk_layers(probe);
		break;
	case STAGE_START:
		walk_task_launch(probe);
		break;
	case STAGE_COUNT:
		break;
	}
}

static void run_stage(struct probe *probe, enum stage stage)
{
	const struct walk_options *options = probe->options;
	bool is_own = stage <= STAGE_HTTP; /* endpoints write their skipped steps themselves */
	probe->position = (struct position){.stage = stage, .rank = RANK_LAST};
	if (options->stage_asked && stage > options->stage) {
		struct text asked = stage_name(options->stage);
		skip_stage(probe, stage, SYMPTOM_NOT_ASKED,
			text_format(probe->arena, "--stage %.*s was asked", TEXT(asked)));
	} else if (!time_is_up(probe)) {
		walk_stage(probe, stage);
	} else if (!is_own) {
		skip_stage(probe, stage, SYMPTOM_DEADLINE,
			interrupted ? T("interrupted by a signal") : T("the deadline passed"));
	}
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
	struct probe probe = {
		.arena = arena,
		.net = net,
		.target = target,
		.plan = plan,
		.options = options,
		.evidence = evidence,
		.started_us = clock_us(),
		.states = states_of(arena, plan),
		.state_count = plan->count,
		.wake_us = INT64_MAX,
	};
	probe.last_activity = &probe.activities;
	probe.end_us = probe.started_us + options->deadline_us;
	evidence->started_at = clock_unix();
	evidence->target = *target;
	evidence->full = options->full;
	evidence->timeout_us = options->timeout_us;
	evidence->stage_asked = options->stage_asked;
	evidence->stage = options->stage;

	vantage_look(&probe);
	proxy_begin(&probe);
	credentials_choose(&probe);
	if (!is_private_ecr(&probe))
		registry_auth_foresee(&probe);
	if (wants(&probe, STAGE_CREDENTIALS))
		credentials_begin(&probe);
	connectivity_begin(&probe);
	token_watch(&probe);
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		run_stage(&probe, stage);
	for (size_t i = 0; i < probe.state_count; i++)
		await_state(&probe, &probe.states[i]);
	trials_end(&probe);
	steps_sort(&probe);
	note_principal(&probe);

	evidence->interrupted = time_is_up(&probe);
	evidence->took_us = clock_us() - probe.started_us;
}
