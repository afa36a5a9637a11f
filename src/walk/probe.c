/* Limits, and how steps are written: the same for every stage. */
#include "walk/probe.h"
#include <string.h>

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

struct text why_not(const struct endpoint_state *state)
{
	return state ? state->stopped : T("this kind of registry has no such endpoint");
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
	};
	size_t at = probe->evidence->count;
	struct step *added = evidence_add(probe->arena, probe->evidence, step);
	if (at == probe->position_room) {
		struct position *more = arena_new(probe->arena, struct position, at * 2 + 64);
		if (at)
			memcpy(more, probe->positions, at * sizeof *more);
		probe->positions = more;
		probe->position_room = at * 2 + 64;
	}
	probe->positions[at] = probe->position;
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
