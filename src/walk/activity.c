/* What goes on beside the stages, the one place where the walk waits, and the order of the steps
 * that come of it. */
#include "walk/probe.h"
#include <stdlib.h>

/* Suspicion, in parts: how many times the longest answer, and of --timeout at least and at most. */
enum { PATIENCE = 8, LEAST_PART = 20, MOST_PART = 5 };

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

bool wants(const struct probe *probe, enum stage stage)
{
	return !probe->options->stage_asked || probe->options->stage >= stage;
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

/* the order of the steps ------------------------------------------------------------------- */

struct placed {
	uint64_t order;
	size_t index; /* as it was written */
};

enum { RANK_BITS = 24, INDEX_BITS = 32 };

/* by the stage; experiments behind the path's own; by the rank, and as they were written */
static struct placed place(struct probe *probe, size_t index)
{
	const struct step *step = &probe->evidence->steps[index];
	bool is_experiment = step->experiment != EXPERIMENT_NONE;
	/* experiments stand in the order of what they follow, whenever they were begun */
	const struct position *of = &probe->positions[is_experiment ? step->follows : index];
	uint64_t order = (uint64_t)of->stage * 2 + is_experiment;
	order = order << RANK_BITS | of->rank;
	return (struct placed){order << INDEX_BITS | index, index};
}

static int compare_places(const void *one, const void *two)
{
	uint64_t a = ((const struct placed *)one)->order, b = ((const struct placed *)two)->order;
	return (a > b) - (a < b);
}

void steps_sort(struct probe *probe)
{
	struct evidence *evidence = probe->evidence;
	size_t count = evidence->count;
	struct placed *placed = arena_new(probe->arena, struct placed, count);
	struct step *steps = arena_new(probe->arena, struct step, count);
	size_t *now_at = arena_new(probe->arena, size_t, count);
	for (size_t i = 0; i < count; i++)
		placed[i] = place(probe, i);
	if (count)
		qsort(placed, count, sizeof *placed, compare_places);
	for (size_t i = 0; i < count; i++) {
		steps[i] = evidence->steps[placed[i].index];
		now_at[placed[i].index] = i;
	}
	for (size_t i = 0; i < count; i++) {
		if (steps[i].experiment != EXPERIMENT_NONE)
			steps[i].follows = now_at[steps[i].follows];
		evidence->steps[i] = steps[i];
	}
}
