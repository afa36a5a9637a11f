/* What goes on beside the stages and the one place where the walk waits; limits, and how steps are
 * written: the same for every stage. */
#include "walk/probe.h"
#include "base/arena.h"
#include <stdlib.h>

/* Suspicion, in parts: how many times the longest answer, and of --timeout at least and at most. */
enum { PATIENCE = 8, LEAST_PART = 20, MOST_PART = 5 };

/* A step's order: its stage; experiments behind the path's own; its rank; and as it was written. */
enum { INDEX_BITS = 32, RANK_BITS = 24 };

#define INDEX_MASK ((UINT64_C(1) << INDEX_BITS) - 1)
#define BEHIND_PATH (UINT64_C(1) << (INDEX_BITS + RANK_BITS))

int64_t wait_until(const struct probe *probe)
{
	int64_t until = clock_us() + probe->options->timeout_us;
	return until < probe->end_us ? until : probe->end_us;
}

bool time_is_up(const struct probe *probe)
{
	return interrupted || clock_us() >= probe->end_us;
}

struct text time_is_up_words(void)
{
	return interrupted ? T("interrupted by a signal") : T("the deadline passed");
}

bool wants(const struct probe *probe, enum stage stage)
{
	return !probe->options->stage_asked || probe->options->stage >= stage;
}

bool is_private_ecr(const struct probe *probe)
{
	return probe->target->kind == REGISTRY_ECR;
}

struct endpoint_state *state_of(struct probe *probe, enum endpoint_kind kind)
{
	return state_by_host(probe, kind, T(""));
}

struct endpoint_state *state_by_host(struct probe *probe, enum endpoint_kind kind, struct text host)
{
	for (size_t i = 0; i < probe->state_count; i++)
		if (probe->states[i].endpoint.kind == kind &&
			(!host.len || text_same(probe->states[i].endpoint.host, host)))
			return &probe->states[i];
	return NULL;
}

bool state_is_at(const struct endpoint_state *state, const struct url *url)
{
	return text_same(state->endpoint.host, url->host) && state->endpoint.port == url->port;
}

bool state_leads_astray(const struct endpoint_state *state)
{
	for (size_t i = 0; i < state->addresses.count && !state->by_proxy; i++)
		if (address_is_loopback(&state->addresses.at[i]) ||
			address_is_link_local(&state->addresses.at[i]))
			return true;
	return false;
}

struct text why_not(const struct endpoint_state *state)
{
	return state ? state->stopped : T("this kind of registry has no such endpoint");
}

static void give_turn(struct probe *probe, struct activity *activity)
{
	struct position position = probe->position;
	const void *owner = probe->net->owner;
	probe->position = activity->position;
	probe->net->owner = activity;
	activity->ended = activity->advance(probe, activity);
	probe->position = position;
	probe->net->owner = owner;
}

void activity_begin(struct probe *probe, struct activity *activity)
{
	*probe->last_activity = activity;
	probe->last_activity = &activity->next;
	give_turn(probe, activity);
}

void activities_wait(struct probe *probe)
{
	probe->net->wait(
		probe->net, probe->wake_us < probe->end_us ? probe->wake_us : probe->end_us);
	probe->wake_us = INT64_MAX;
	for (struct activity *one = probe->activities; one; one = one->next)
		if (!one->ended)
			give_turn(probe, one);
}

void wake_at(struct probe *probe, int64_t at_us)
{
	if (at_us < probe->wake_us)
		probe->wake_us = at_us;
}

void round_trip_saw(struct probe *probe, enum symptom symptom, int64_t took_us)
{
	if (symptom != SYMPTOM_TIMEOUT && symptom != SYMPTOM_DEADLINE &&
		took_us > probe->round_trip_us)
		probe->round_trip_us = took_us;
}

int64_t suspicion_us(const struct probe *probe)
{
	int64_t least = probe->options->timeout_us / LEAST_PART;
	int64_t most = probe->options->timeout_us / MOST_PART;
	int64_t several = probe->round_trip_us * PATIENCE;
	if (probe->round_trip_us == 0 || several > most)
		return most;
	return several < least ? least : several;
}

bool is_suspect(struct probe *probe, int64_t since_us, int64_t patience_us)
{
	if (clock_us() >= since_us + patience_us)
		return true;
	wake_at(probe, since_us + patience_us);
	return false;
}

bool state_done(const struct endpoint_state *state)
{
	return state->stage > state->last;
}

void await_state(struct probe *probe, const struct endpoint_state *state)
{
	while (state && !state_done(state))
		activities_wait(probe);
}

/* steps ------------------------------------------------------------------------------------ */

static uint64_t order_here(const struct probe *probe)
{
	const struct position *at = &probe->position;
	uint64_t order = (uint64_t)at->stage * 2 * BEHIND_PATH + ((uint64_t)at->rank << INDEX_BITS);
	/* experiments stand in the order of what they follow, whenever they were begun */
	if (at->experiment != EXPERIMENT_NONE)
		order = probe->evidence->steps[at->follows].order | BEHIND_PATH;
	return (order & ~INDEX_MASK) | probe->evidence->count;
}

static int compare_order(const void *one, const void *two)
{
	uint64_t a = ((const struct step *)one)->order, b = ((const struct step *)two)->order;
	return (a > b) - (a < b);
}

void steps_sort(struct probe *probe)
{
	struct step *steps = probe->evidence->steps;
	size_t count = probe->evidence->count, *now_at = arena_new(probe->arena, size_t, count);
	if (count)
		qsort(steps, count, sizeof *steps, compare_order);
	for (size_t i = 0; i < count; i++)
		now_at[steps[i].order & INDEX_MASK] = i;
	for (size_t i = 0; i < count; i++)
		if (steps[i].experiment != EXPERIMENT_NONE)
			steps[i].follows = now_at[steps[i].follows];
}

struct step *record(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, enum symptom symptom, struct text detail, int64_t began_us,
	int64_t took_us)
{
	enum outcome outcome = symptom == SYMPTOM_NONE			      ? OUTCOME_PASSED
		: symptom == SYMPTOM_DEADLINE || symptom == SYMPTOM_EXHAUSTED ? OUTCOME_SKIPPED
									      : OUTCOME_FAILED;
	struct step step = {
		.stage = stage,
		.endpoint = kind,
		.host = host,
		.outcome = outcome,
		.symptom = symptom,
		.detail = fit(probe, detail),
		.began_us = (began_us ? began_us : clock_us()) - probe->started_us,
		.took_us = took_us,
		.experiment = probe->position.experiment,
		.follows = probe->position.follows,
		.order = order_here(probe),
	};
	struct step *added = evidence_add(probe->arena, probe->evidence, step);
	if (probe->plan->task && probe->position.experiment == EXPERIMENT_NONE)
		step_counted(probe->arena, added, FACT_ORDER, endpoint_order(kind));
	return added;
}

struct step *record_skip(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, enum symptom symptom, struct text reason)
{
	struct step *step = record(probe, stage, kind, host, symptom, reason, 0, 0);
	step->outcome = OUTCOME_SKIPPED;
	return step;
}

void write_as(struct probe *probe, enum experiment experiment, size_t follows)
{
	probe->position.experiment = experiment;
	probe->position.follows = follows;
}

void saw(struct probe *probe, struct step *step, enum fact fact, struct text value)
{
	step_saw(probe->arena, step, fact, fit(probe, value));
}

void saw_list(struct probe *probe, struct step *step, enum fact fact, struct texts value)
{
	struct texts safe = {0};
	for (size_t i = 0; i < value.count; i++)
		texts_add(probe->arena, &safe, fit(probe, value.at[i]));
	step_listed(probe->arena, step, fact, safe);
}

bool have_family(const struct probe *probe, uint8_t family)
{
	const struct addresses *own = &probe->host_info->addresses;
	for (size_t i = 0; i < own->count; i++)
		if (own->at[i].family == family)
			return true;
	/* a machine that tells nothing of itself may have both */
	return own->count == 0;
}

const struct address *first_address(const struct probe *probe, const struct endpoint_state *state)
{
	for (size_t i = 0; i < state->addresses.count; i++)
		if (have_family(probe, state->addresses.at[i].family))
			return &state->addresses.at[i];
	return NULL;
}
