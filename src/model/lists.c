/* Names and meanings of the closed lists, made from their rows. */
#include "model/lists.h"
#include "model/causes.h"
#include "model/experiments.h"
#include "model/facts.h"
#include "model/finding.h"
#include <string.h>

#define NAME_(name, label, ...) {label, sizeof(label) - 1},
#define MEANING_(name, label, meaning) {meaning, sizeof(meaning) - 1},
#define MEANING_4_(name, label, column, meaning) {meaning, sizeof(meaning) - 1},

/* a list's names and meanings by enumerator, and the way back */
#define LIST_(list, type, rows, meaning)                                               \
	static const struct text list##_row_names[] = {rows(NAME_)};                   \
	static const struct text list##_meanings[] = {rows(meaning)};                  \
	static const struct names list##_names = {                                     \
		list##_row_names, sizeof list##_row_names / sizeof *list##_row_names}; \
	struct text list##_name(enum type value)                                       \
	{                                                                              \
		return list##_row_names[value];                                        \
	}                                                                              \
	struct text list##_meaning(enum type value)                                    \
	{                                                                              \
		return list##_meanings[value];                                         \
	}                                                                              \
	bool list##_parse(struct text name, enum type *out)                            \
	{                                                                              \
		return names_find(&list##_names, name, out);                           \
	}

struct names {
	const struct text *at;
	size_t count;
};

/* `out` is an enum, which is as wide as an unsigned; it stays when the name is not found */
static bool names_find(const struct names *names, struct text name, void *out)
{
	unsigned at = 0;
	while (at < names->count && !text_equal(names->at[at], name))
		at++;
	if (at < names->count)
		memcpy(out, &at, sizeof at);
	return at < names->count;
}

_Static_assert(sizeof(enum stage) == sizeof(unsigned), "an enum is as wide as an unsigned");

LIST_(stage, stage, STAGES, MEANING_)
LIST_(endpoint_kind, endpoint_kind, ENDPOINTS, MEANING_4_)
LIST_(outcome, outcome, OUTCOMES, MEANING_)
LIST_(symptom, symptom, SYMPTOMS, MEANING_)
LIST_(cause, cause, CAUSES, MEANING_4_)
LIST_(experiment, experiment, EXPERIMENTS, MEANING_)
LIST_(fact, fact, FACTS, MEANING_4_)

static const struct names *names_of(enum list list)
{
	static const struct text registries[] = {{"ecr", 3}, {"ecr_public", 10}, {"oci", 3}};
	static const struct text references[] = {{"tag", 3}, {"digest", 6}};
	static const struct names registry_names = {registries, 3};
	static const struct names reference_names = {references, 2};
	static const struct names *const lists[] = {
		[LIST_STAGE] = &stage_names,
		[LIST_ENDPOINT] = &endpoint_kind_names,
		[LIST_OUTCOME] = &outcome_names,
		[LIST_SYMPTOM] = &symptom_names,
		[LIST_EXPERIMENT] = &experiment_names,
		[LIST_REGISTRY] = &registry_names,
		[LIST_REFERENCE] = &reference_names,
	};
	return lists[list];
}

struct text list_name(enum list list, unsigned value)
{
	return names_of(list)->at[value];
}

bool list_parse(enum list list, struct text name, unsigned *out)
{
	if (name.len == 0 && list >= LIST_EXPERIMENT)
		name = list_name(list, 0);
	return names_find(names_of(list), name, out);
}

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
