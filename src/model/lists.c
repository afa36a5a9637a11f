/* Names and meanings of the closed lists, made from their rows. */
#include "model/lists.h"
#include "model/causes.h"
#include "model/experiments.h"
#include "model/facts.h"
#include "model/finding.h"

#define NAME_(name, label, ...) {label, sizeof(label) - 1},
#define MEANING_(name, label, meaning) {meaning, sizeof(meaning) - 1},
#define MEANING_4_(name, label, column, meaning) {meaning, sizeof(meaning) - 1},

/* a list's names and meanings by enumerator, and the way back */
#define LIST_(list, type, rows, meaning)                                   \
	static const struct text list##_names[] = {rows(NAME_)};           \
	static const struct text list##_meanings[] = {rows(meaning)};      \
	struct text list##_name(enum type value)                           \
	{                                                                  \
		return list##_names[value];                                \
	}                                                                  \
	struct text list##_meaning(enum type value)                        \
	{                                                                  \
		return list##_meanings[value];                             \
	}                                                                  \
	bool list##_parse(struct text name, enum type *out)                \
	{                                                                  \
		size_t count = sizeof list##_names / sizeof *list##_names; \
		size_t at = place_of(name, list##_names, count);           \
		if (at < count)                                            \
			*out = (enum type)at;                              \
		return at < count;                                         \
	}

static size_t place_of(struct text name, const struct text *names, size_t count)
{
	size_t at = 0;
	while (at < count && !text_equal(names[at], name))
		at++;
	return at;
}

LIST_(stage, stage, STAGES, MEANING_)
LIST_(endpoint_kind, endpoint_kind, ENDPOINTS, MEANING_4_)
LIST_(outcome, outcome, OUTCOMES, MEANING_)
LIST_(symptom, symptom, SYMPTOMS, MEANING_)
LIST_(cause, cause, CAUSES, MEANING_4_)
LIST_(experiment, experiment, EXPERIMENTS, MEANING_)
LIST_(fact, fact, FACTS, MEANING_4_)

enum fact_kind fact_kind(enum fact fact)
{
#define KIND_(name, label, kind, meaning) FACT_KIND_##kind,
	static const enum fact_kind kinds[] = {FACTS(KIND_)};
	return kinds[fact];
}

static const struct {
	enum endpoint_use use;
	int exit_code, order;
} endpoint_traits[] = {
#define TRAITS_(used_by, code, order) {USED_BY_##used_by, code, order},
#define ENDPOINT_TRAITS_(name, label, traits, meaning) TRAITS_ traits
	ENDPOINTS(ENDPOINT_TRAITS_)};

enum endpoint_use endpoint_use(enum endpoint_kind kind)
{
	return endpoint_traits[kind].use;
}

int endpoint_exit_code(enum endpoint_kind kind)
{
	return endpoint_traits[kind].exit_code;
}

int endpoint_order(enum endpoint_kind kind)
{
	return endpoint_traits[kind].order;
}

struct text severity_name(enum severity severity)
{
	static const char *const names[] = {"broken", "warning", "note"};
	return text_of(names[severity]);
}

struct text certainty_name(enum certainty certainty)
{
	static const char *const names[] = {"proven", "likely", "open"};
	return text_of(names[certainty]);
}

struct text pull_name(enum pull pull)
{
	static const char *const names[] = {"works", "breaks", "unknown"};
	return text_of(names[pull]);
}
