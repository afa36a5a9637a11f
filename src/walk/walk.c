/* The walk: stage after stage, each over all its endpoints at once. */
#include "walk/walk.h"
#include "walk/stages.h"
#include <unistd.h>

struct stage_row {
	void (*walk)(struct journey *journey);
	void (*follow)(struct journey *journey, size_t from); /* experiments; may be NULL */
};

static const struct stage_row rows[STAGE_COUNT] = {
	[STAGE_DNS] = {walk_dns, follow_dns},
	[STAGE_TCP] = {walk_tcp, follow_tcp},
	[STAGE_TLS] = {walk_tls, follow_tls},
	[STAGE_HTTP] = {walk_http, follow_http},
	[STAGE_CREDENTIALS] = {walk_credentials, follow_credentials},
	[STAGE_TOKEN] = {walk_token, follow_token},
	[STAGE_MANIFEST] = {walk_manifest, follow_manifest},
	[STAGE_LAYERS] = {walk_layers, follow_layers},
	[STAGE_START] = {walk_start, NULL},
};

static struct climb *climbs_of(struct arena *arena, const struct plan *plan)
{
	/* and STS, when credentials want it, or a token service that is learnt late */
	struct climb *climbs = arena_new(arena, struct climb, plan->count + 1);
	for (size_t i = 0; i < plan->count; i++)
		climbs[i] = (struct climb){.endpoint = plan->endpoints[i], .fd = -1};
	return climbs;
}

/* --stage and the deadline leave connections that no handshake took */
static void close_connections(struct journey *journey)
{
	for (size_t i = 0; i < journey->climb_count; i++)
		if (journey->climbs[i].fd >= 0)
			close(journey->climbs[i].fd);
	if (journey->proxy.fd >= 0)
		close(journey->proxy.fd);
}

static void skip_rung(
	struct journey *journey, enum stage stage, enum cause cause, struct text reason)
{
	for (size_t i = 0; i < journey->climb_count; i++) {
		const struct endpoint *endpoint = &journey->climbs[i].endpoint;
		record_skip(journey, stage, endpoint->role, endpoint->host, cause, reason);
	}
}

static void skip_role(struct journey *journey, enum stage stage, enum role role, enum cause cause,
	struct text reason)
{
	const struct endpoint *endpoint = plan_endpoint(journey->plan, role);
	struct text host = endpoint ? endpoint->host : T("");
	record_skip(journey, stage, role, host, cause, reason);
}

/* a stage that is not tried at all still shows in the evidence */
static void skip_stage(
	struct journey *journey, enum stage stage, enum cause cause, struct text reason)
{
	if (stage <= STAGE_HTTP) {
		skip_rung(journey, stage, cause, reason);
	} else if (stage == STAGE_CREDENTIALS) {
		skip_role(journey, stage, ROLE_CALLER, cause, reason);
	} else if (stage == STAGE_TOKEN) {
		skip_role(journey, stage, ROLE_API, cause, reason);
	} else if (stage == STAGE_START) {
		if (journey->plan->task)
			skip_role(journey, stage, ROLE_CALLER, cause, reason);
	} else {
		skip_role(journey, stage, ROLE_DKR, cause, reason);
		if (stage == STAGE_LAYERS)
			skip_role(journey, stage, ROLE_S3, cause, reason);
	}
}

static void run_stage(struct journey *journey, enum stage stage)
{
	const struct walk_options *options = journey->options;
	if (options->stage_asked && stage > options->stage) {
		struct text asked = stage_name(options->stage);
		skip_stage(journey, stage, CAUSE_NOT_ASKED,
			text_format(journey->arena, "--stage %.*s was asked", TEXT(asked)));
		return;
	}
	if (time_is_up(journey)) {
		skip_stage(journey, stage, CAUSE_DEADLINE,
			interrupted ? T("interrupted by a signal") : T("the deadline passed"));
		return;
	}
	size_t from = journey->evidence->count;
	rows[stage].walk(journey);
	if (rows[stage].follow && !time_is_up(journey))
		rows[stage].follow(journey, from);
}

void walk(struct arena *arena, struct net *net, const struct target *target,
	const struct plan *plan, const struct walk_options *options, struct evidence *evidence)
{
	struct journey journey = {
		.arena = arena,
		.net = net,
		.target = target,
		.plan = plan,
		.options = options,
		.evidence = evidence,
		.started_us = clock_us(),
		.climbs = climbs_of(arena, plan),
		.climb_count = plan->count,
	};
	journey.end_us = journey.started_us + options->deadline_us;
	evidence->started_at = clock_unix();
	evidence->target = *target;
	evidence->full = options->full;
	evidence->timeout_us = options->timeout_us;
	evidence->stage_asked = options->stage_asked;
	evidence->stage = options->stage;

	vantage_look(&journey);
	proxy_begin(&journey);
	credentials_choose(&journey);
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		run_stage(&journey, stage);
	close_connections(&journey);
	proxy_note(&journey);
	start_order(&journey);

	evidence->interrupted = time_is_up(&journey);
	evidence->took_us = clock_us() - journey.started_us;
}

struct text environment_get(const struct environment *environment, struct text name)
{
	for (char *const *at = environment->variables; at && *at; at++) {
		struct text value = text_of(*at);
		if (text_starts(value, name) && value.len > name.len && value.at[name.len] == '=')
			return text_skip(value, name.len + 1);
	}
	return T("");
}
