/* Names and meanings of the closed lists, made from their rows. */
#include "model/lists.h"
#include "model/causes.h"
#include "model/experiments.h"
#include "model/facts.h"
#include "model/finding.h"

#define NAME_(name, label, meaning) {label, sizeof(label) - 1},
#define MEANING_(name, label, meaning) {meaning, sizeof(meaning) - 1},

/* a list's names and meanings by enumerator, and the way back */
#define LIST_(list, type, count, rows)                                 \
	static const struct text list##_names[] = {rows(NAME_)};       \
	static const struct text list##_meanings[] = {rows(MEANING_)}; \
	struct text list##_name(enum type value)                       \
	{                                                              \
		return list##_names[value];                            \
	}                                                              \
	struct text list##_meaning(enum type value)                    \
	{                                                              \
		return list##_meanings[value];                         \
	}                                                              \
	bool list##_parse(struct text name, enum type *out)            \
	{                                                              \
		size_t at = find(list##_names, count, name);           \
		if (at < count)                                        \
			*out = (enum type)at;                          \
		return at < count;                                     \
	}

static size_t find(const struct text *names, size_t count, struct text name)
{
	size_t at = 0;
	while (at < count && !text_equal(names[at], name))
		at++;
	return at;
}

LIST_(stage, stage, STAGE_COUNT, STAGES)
LIST_(endpoint_kind, endpoint_kind, ENDPOINT_COUNT, ENDPOINTS)
LIST_(outcome, outcome, OUTCOME_COUNT, OUTCOMES)
LIST_(symptom, symptom, SYMPTOM_COUNT, SYMPTOMS)
LIST_(cause, cause, CAUSE_COUNT, CAUSES)
LIST_(experiment, experiment, EXPERIMENT_COUNT, EXPERIMENTS)

#define FACT_NAME_(name, label, kind, meaning) NAME_(name, label, meaning)
#define FACT_MEANING_(name, label, kind, meaning) MEANING_(name, label, meaning)
#define FACT_KIND_(name, label, kind, meaning) FACT_KIND_##kind,

static const struct text fact_names[] = {FACTS(FACT_NAME_)};
static const struct text fact_meanings[] = {FACTS(FACT_MEANING_)};
static const enum fact_kind fact_kinds[] = {FACTS(FACT_KIND_)};

struct text fact_name(enum fact fact)
{
	return fact_names[fact];
}

struct text fact_meaning(enum fact fact)
{
	return fact_meanings[fact];
}

enum fact_kind fact_kind(enum fact fact)
{
	return fact_kinds[fact];
}

bool fact_parse(struct text name, enum fact *out)
{
	size_t at = find(fact_names, FACT_COUNT, name);
	if (at < FACT_COUNT)
		*out = (enum fact)at;
	return at < FACT_COUNT;
}

struct text severity_name(enum severity severity)
{
	static const struct text names[] = {
		[SEVERITY_BROKEN] = {"broken", 6},
		[SEVERITY_WARNING] = {"warning", 7},
		[SEVERITY_NOTE] = {"note", 4},
	};
	return names[severity];
}

struct text certainty_name(enum certainty certainty)
{
	static const struct text names[] = {
		[CERTAINTY_PROVEN] = {"proven", 6},
		[CERTAINTY_LIKELY] = {"likely", 6},
		[CERTAINTY_OPEN] = {"open", 4},
	};
	return names[certainty];
}

struct text pull_name(enum pull pull)
{
	static const struct text names[] = {
		[PULL_WORKS] = {"works", 5},
		[PULL_BREAKS] = {"breaks", 6},
		[PULL_UNKNOWN] = {"unknown", 7},
	};
	return names[pull];
}
