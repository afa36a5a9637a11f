/* The results of the stages of one report: steps of one stage at one endpoint, taken together. */
#include "diagnose/context.h"
#include "report/compare.h"
#include <string.h>

/* The result that a step belongs to; room doubles at every power of two. */
static struct stage_result *result_for(
	struct arena *arena, struct compared *report, const struct step *step)
{
	for (size_t i = 0; i < report->count; i++) {
		struct stage_result *result = &report->results[i];
		if (result->stage == step->stage && result->endpoint == step->endpoint &&
			result->experiment == step->experiment)
			return result;
	}
	if ((report->count & (report->count - 1)) == 0) {
		struct stage_result *more = arena_new(
			arena, struct stage_result, report->count ? report->count * 2 : 1);
		if (report->count)
			memcpy(more, report->results, report->count * sizeof *more);
		report->results = more;
	}
	struct stage_result *result = &report->results[report->count++];
	*result = (struct stage_result){.stage = step->stage,
		.endpoint = step->endpoint,
		.experiment = step->experiment,
		.step = step,
		.began_us = step->began_us,
		.ended_us = step->began_us};
	return result;
}

static void add_step(struct stage_result *result, const struct step *step, unsigned locations)
{
	if (step->outcome == OUTCOME_FAILED && !result->outcomes[OUTCOME_FAILED]) {
		result->step = step;
		result->symptom = step->symptom;
	}
	result->outcomes[step->outcome]++;
	if (result->issuer.len == 0)
		result->issuer = seen_text(step, FACT_ISSUER);
	result->locations |= locations;
	int64_t ended_us = step->began_us;
	if (step->outcome != OUTCOME_SKIPPED &&
		__builtin_add_overflow(ended_us, step->took_us, &ended_us))
		ended_us = step->began_us;
	if (step->began_us < result->began_us)
		result->began_us = step->began_us;
	if (ended_us > result->ended_us)
		result->ended_us = ended_us;
}

void stage_results_make(struct arena *arena, struct compared *report)
{
	const struct evidence *evidence = &report->evidence;
	unsigned *locations = arena_new(arena, unsigned, evidence->count);
	evidence_locations(evidence, locations);
	report->results = NULL;
	report->count = 0;
	for (size_t i = 0; i < evidence->count; i++)
		add_step(result_for(arena, report, &evidence->steps[i]), &evidence->steps[i],
			locations[i]);
	for (size_t i = 0; i < report->count; i++) {
		struct stage_result *result = &report->results[i];
		bool passed = result->outcomes[OUTCOME_PASSED] > 0;
		if (result->outcomes[OUTCOME_FAILED])
			result->shows = text_format(arena, "%s %.*s", passed ? "PART" : "FAIL",
				TEXT(symptom_name(result->symptom)));
		else
			result->shows = result->outcomes[OUTCOME_SKIPPED] ? T("skip") : T("ok");
	}
}

const struct stage_result *stage_result_find(
	const struct compared *report, enum stage stage, enum endpoint_kind endpoint)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct stage_result *result = &report->results[i];
		if (result->stage == stage && result->endpoint == endpoint &&
			result->experiment == EXPERIMENT_NONE)
			return result;
	}
	return NULL;
}

bool stage_result_was_tried(const struct stage_result *result)
{
	return result->outcomes[OUTCOME_PASSED] + result->outcomes[OUTCOME_FAILED] > 0;
}

struct text compared_platform(struct arena *arena, const struct compared *report)
{
	const struct platform *platform = &report->evidence.target.platform;
	return platform->os.len ? platform_text(arena, platform) : T("");
}

struct text compared_subnet(const struct compared *report)
{
	const struct vantage *vantage = &report->evidence.vantage;
	return vantage->subnet_cidr.len ? vantage->subnet_cidr : vantage->subnet_cidr6;
}
