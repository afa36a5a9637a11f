/* Evidence grows by steps, and steps by facts. */
#include "model/evidence.h"
#include <assert.h>
#include <string.h>

struct step *evidence_add(struct arena *arena, struct evidence *evidence, struct step step)
{
	evidence->steps = arena_grow(arena, evidence->steps, evidence->count);
	evidence->steps[evidence->count] = step;
	return &evidence->steps[evidence->count++];
}

static const struct seen *seen_of(const struct step *step, enum fact fact)
{
	for (size_t i = 0; i < step->seen_count; i++)
		if (step->seen[i].fact == fact)
			return &step->seen[i];
	return NULL;
}

void step_record(struct arena *arena, struct step *step, struct seen seen)
{
	enum fact_kind kind = fact_kind(seen.fact);
	assert(!seen_of(step, seen.fact));
	if ((kind == FACT_KIND_TEXT && !seen.text.len) ||
		(kind == FACT_KIND_LIST && !seen.list.count))
		return;
	step->seen = arena_grow(arena, step->seen, step->seen_count);
	step->seen[step->seen_count++] = seen;
}

void step_saw(struct arena *arena, struct step *step, enum fact fact, struct text value)
{
	assert(fact_kind(fact) == FACT_KIND_TEXT);
	step_record(arena, step, (struct seen){.fact = fact, .text = value});
}

void step_counted(struct arena *arena, struct step *step, enum fact fact, int64_t value)
{
	assert(fact_kind(fact) == FACT_KIND_NUMBER || fact_kind(fact) == FACT_KIND_FLAG);
	step_record(arena, step, (struct seen){.fact = fact, .number = value, .flag = value != 0});
}

void step_listed(struct arena *arena, struct step *step, enum fact fact, struct texts value)
{
	assert(fact_kind(fact) == FACT_KIND_LIST);
	step_record(arena, step, (struct seen){.fact = fact, .list = value});
}

struct text seen_text(const struct step *step, enum fact fact)
{
	const struct seen *seen = seen_of(step, fact);
	return seen ? seen->text : T("");
}

int64_t seen_number(const struct step *step, enum fact fact)
{
	const struct seen *seen = seen_of(step, fact);
	return seen ? seen->number : 0;
}

struct texts seen_list(const struct step *step, enum fact fact)
{
	const struct seen *seen = seen_of(step, fact);
	return seen ? seen->list : (struct texts){0};
}

bool seen_at_all(const struct step *step, enum fact fact)
{
	return seen_of(step, fact) != NULL;
}
