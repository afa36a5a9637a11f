/* What the stages of an endpoint's way have in common. */
#include "walk/check.h"

void check_stand(struct probe *probe, const struct check *check, enum stage stage, size_t rank)
{
	if (check->is_planned)
		probe->position = (struct position){.stage = stage, .rank = check->rank + rank};
}

void check_stop(struct probe *probe, struct check *check, enum stage stage, enum symptom symptom)
{
	const char *format = symptom == SYMPTOM_DEADLINE ? "%.*s to %.*s was not settled in time"
		: symptom == SYMPTOM_EXHAUSTED		 ? "%.*s to %.*s could not be tried"
							 : "%.*s to %.*s failed: %.*s";
	check->state->stopped = text_format(probe->arena, format, TEXT(stage_name(stage)),
		TEXT(check->state->endpoint.host), TEXT(symptom_name(symptom)));
}

bool check_may_try(const struct probe *probe, const struct check *check, const struct trial *trial)
{
	return check->is_planned && !trial && !time_is_up(probe);
}

bool check_is_suspect(
	struct probe *probe, struct check *check, const struct trial *trial, int64_t since_us)
{
	if (!is_suspect(probe, since_us, suspicion_us(probe)))
		return false;
	check->state->suspect = true;
	return check_may_try(probe, check, trial);
}

void check_saw_lateness(struct probe *probe, struct step *step, const struct trial *trial)
{
	if (trial && step->outcome == OUTCOME_PASSED)
		step_counted(probe->arena, step, FACT_LATE, 1);
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
