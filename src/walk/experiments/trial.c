/* How experiments begin and end: beside the stages, bounded in time, and gone without a trace when
 * what they are about answers after all. */
#include "walk/experiments.h"

/* Of --timeout: how much longer than what it is about an experiment may take; and how long a
 * service may think about a request, which has nothing to do with how far it is. */
enum { LONGER_PART = 20, SILENT_PART = 5 };

static bool trial_advance(struct probe *probe, struct activity *activity)
{
	struct trial *trial = (struct trial *)activity;
	if (!trial->work(probe, trial) || trial->follows == NO_STEP)
		return false;
	trial->write(probe, trial);
	return true;
}

void trial_begin(struct probe *probe, struct trials *trials, struct trial *trial, int64_t since_us)
{
	int64_t timeout = probe->options->timeout_us;
	const void *owner = probe->net->owner;
	if (!trial->until_us)
		trial->until_us = since_us + timeout + timeout / LONGER_PART;
	if (trial->until_us > probe->end_us)
		trial->until_us = probe->end_us;
	trial->follows = NO_STEP;
	trial->activity.advance = trial_advance;
	trial->activity.position = (struct position){.stage = probe->position.stage};
	trials->begun = true;
	trials->at[trials->count++] = trial;
	probe->net->owner = trial;
	trial->begin(probe, trial);
	probe->net->owner = owner;
	activity_begin(probe, &trial->activity);
}

void trial_follow(struct trial *trial, size_t step)
{
	if (trial && trial->follows == NO_STEP)
		trial->follows = step;
}

static void trial_drop(struct probe *probe, struct trial *trial)
{
	if (trial->activity.ended)
		return;
	trial->activity.ended = true;
	probe->net->drop(probe->net, trial);
}

void trials_settle(struct probe *probe, struct trials *trials, size_t step)
{
	for (size_t i = 0; i < trials->count; i++)
		if (step != NO_STEP)
			trial_follow(trials->at[i], step);
		else
			trial_drop(probe, trials->at[i]);
	trials->count = 0;
	/* what is complete already can be written now */
	wake_at(probe, clock_us());
}

void trials_end(struct probe *probe)
{
	for (struct activity *one = probe->activities; one; one = one->next) {
		if (one->advance == trial_advance && ((struct trial *)one)->follows == NO_STEP)
			trial_drop(probe, (struct trial *)one);
		while (!one->ended)
			activities_wait(probe);
	}
}

enum symptom trial_symptom(const struct probe *probe, const struct exchange *exchange)
{
	if (exchange->symptom != SYMPTOM_DEADLINE || time_is_up(probe))
		return exchange->symptom;
	return exchange->status ? SYMPTOM_STALLED : SYMPTOM_TIMEOUT;
}

bool request_is_silent(struct probe *probe, const struct exchange *exchange)
{
	return exchange->pending && exchange->moved_us && !time_is_up(probe) &&
		is_suspect(probe, exchange->moved_us, probe->options->timeout_us / SILENT_PART);
}

size_t silent_step(const struct probe *probe, size_t step)
{
	const struct step *failed = &probe->evidence->steps[step];
	return failed->outcome == OUTCOME_FAILED &&
			(failed->symptom == SYMPTOM_TIMEOUT || failed->symptom == SYMPTOM_STALLED)
		? step
		: NO_STEP;
}
