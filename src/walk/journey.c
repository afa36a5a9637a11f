/* Limits, and how steps are written: the same for every stage. */
#include "walk/journey.h"

int64_t wait_until(const struct journey *journey)
{
	int64_t until = clock_us() + journey->options->timeout_us;
	return until < journey->end_us ? until : journey->end_us;
}

bool time_is_up(const struct journey *journey)
{
	return interrupted || clock_us() >= journey->end_us;
}

struct climb *climb_of(struct journey *journey, enum role role)
{
	for (size_t i = 0; i < journey->climb_count; i++)
		if (journey->climbs[i].endpoint.role == role)
			return &journey->climbs[i];
	return NULL;
}

struct climb *climb_by_host(struct journey *journey, enum role role, struct text host)
{
	for (size_t i = 0; i < journey->climb_count; i++)
		if (journey->climbs[i].endpoint.role == role &&
			text_same(journey->climbs[i].endpoint.host, host))
			return &journey->climbs[i];
	return NULL;
}

struct text why_not(const struct climb *climb)
{
	return climb ? climb->stopped : T("this kind of registry has no such endpoint");
}

struct step *record(struct journey *journey, enum stage stage, enum role role, struct text host,
	enum cause cause, struct text detail, int64_t began_us, int64_t took_us)
{
	enum outcome outcome = cause == CAUSE_NONE		      ? OUTCOME_PASSED
		: cause == CAUSE_DEADLINE || cause == CAUSE_EXHAUSTED ? OUTCOME_SKIPPED
								      : OUTCOME_FAILED;
	struct step step = {
		.stage = stage,
		.role = role,
		.host = host,
		.outcome = outcome,
		.cause = cause,
		.detail = fit(journey, detail),
		.began_us = (began_us ? began_us : clock_us()) - journey->started_us,
		.took_us = took_us,
	};
	return evidence_add(journey->arena, journey->evidence, step);
}

struct step *record_skip(struct journey *journey, enum stage stage, enum role role,
	struct text host, enum cause cause, struct text reason)
{
	struct step *step = record(journey, stage, role, host, cause, reason, 0, 0);
	step->outcome = OUTCOME_SKIPPED;
	return step;
}

void mark_experiment(struct step *step, enum experiment experiment, size_t follows)
{
	step->experiment = experiment;
	step->follows = follows;
}

void saw(struct journey *journey, struct step *step, enum fact fact, struct text value)
{
	step_saw(journey->arena, step, fact, fit(journey, value));
}

void saw_list(struct journey *journey, struct step *step, enum fact fact, struct texts value)
{
	struct texts safe = {0};
	for (size_t i = 0; i < value.count; i++)
		texts_add(journey->arena, &safe, fit(journey, value.at[i]));
	step_listed(journey->arena, step, fact, safe);
}
