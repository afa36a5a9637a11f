/* The verdict: what the findings and the steps make of the pull, and the exit code. */
#include "base/die.h"
#include "diagnose/context.h"
#include "diagnose/diagnose.h"
#include "model/finding.h"

bool step_failed(const struct step *step)
{
	return step->experiment == EXPERIMENT_NONE && step->outcome == OUTCOME_FAILED;
}

/* the stages are the pull's, but the last, which is of the services beside it */
static bool is_of_stage(enum endpoint_kind endpoint, enum stage stage)
{
	return endpoint_is_of_pull(endpoint) || stage == STAGE_START;
}

/* The stage was walked to its end for all endpoints of the pull: something passed, and nothing was
 * left out. What a proxy does for us is not ours to walk. */
static bool stage_passed(const struct evidence *evidence, enum stage stage)
{
	bool any = false;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		bool left = step->symptom == SYMPTOM_NOT_ASKED &&
			(seen_at_all(step, FACT_PROXY) || stage == STAGE_START);
		if (step->experiment != EXPERIMENT_NONE || step->stage != stage ||
			!is_of_stage(step->endpoint, stage) || left)
			continue;
		if (step->outcome == OUTCOME_SKIPPED)
			return false;
		any |= step->outcome == OUTCOME_PASSED;
	}
	return any;
}

static bool is_broken(const struct finding *finding)
{
	return finding->severity == SEVERITY_BROKEN;
}

/* more than one endpoint of the pull broke in the finding's stage */
static bool are_several(const struct diagnosis *diagnosis, const struct evidence *evidence,
	const struct finding *finding)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *other = &diagnosis->findings[i];
		for (size_t k = 0; k < other->step_count && is_broken(other); k++) {
			const struct step *step = &evidence->steps[other->steps[k]];
			if (step_failed(step) && step->stage == finding->stage &&
				step->endpoint != finding->endpoint &&
				endpoint_is_of_pull(step->endpoint))
				return true;
		}
	}
	return false;
}

/* The finding whose code is the exit code; NULL for none: all is well, or not settled. */
static const struct finding *decisive(
	const struct diagnosis *diagnosis, const struct evidence *evidence)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		bool asked = !evidence->stage_asked ||
			(finding->stage == evidence->stage &&
				is_of_stage(finding->endpoint, finding->stage));
		if (is_broken(finding) && asked)
			return finding;
	}
	return NULL;
}

static bool has_cause(const struct diagnosis *diagnosis, enum cause cause)
{
	for (size_t i = 0; i < diagnosis->count; i++)
		if (diagnosis->findings[i].cause == cause)
			return true;
	return false;
}

static int exit_code(const struct diagnosis *diagnosis, const struct evidence *evidence)
{
	const struct finding *finding = decisive(diagnosis, evidence);
	int64_t told = finding && finding->step_count
		? seen_number(&evidence->steps[finding->steps[0]], FACT_EXIT_CODE)
		: 0;
	if (told && exit_code_row((int)told))
		return (int)told;
	if (finding)
		return exit_code_of(finding, are_several(diagnosis, evidence, finding));
	bool well = evidence->stage_asked ? stage_passed(evidence, evidence->stage)
					  : diagnosis->pull == PULL_WORKS;
	if (well)
		return EXIT_WORKS;
	if (evidence->stage_asked && diagnosis->pull == PULL_BREAKS)
		return EXIT_NOT_REACHED;
	return has_cause(diagnosis, CAUSE_PROBE_UNABLE) ? EXIT_UNABLE : EXIT_UNSETTLED;
}

void verdict_set(struct diagnosis *diagnosis, const struct evidence *evidence)
{
	diagnosis->pull = stage_passed(evidence, STAGE_LAYERS) ? PULL_WORKS : PULL_UNKNOWN;
	if (diagnosis->count && is_broken(&diagnosis->findings[0])) {
		diagnosis->pull = PULL_BREAKS;
		diagnosis->verdict = 0;
	}
	diagnosis->exit_code = exit_code(diagnosis, evidence);
}
