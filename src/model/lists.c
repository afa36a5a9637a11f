/* Names and meanings of the closed lists, made from their rows. */
#include "model/lists.h"
#include "model/causes.h"
#include "model/finding.h"
#include "model/oci.h"
#include <string.h>

#define ROW_(name, label, meaning) {LITERAL(label), LITERAL(meaning)},
#define ROW_4_(name, label, column, meaning) {LITERAL(label), LITERAL(meaning)},

struct list_row {
	struct text name, meaning;
};

static const struct list_row stages[] = {STAGES(ROW_)};
static const struct list_row endpoints[] = {ENDPOINTS(ROW_4_)};
static const struct list_row outcomes[] = {OUTCOMES(ROW_)};
static const struct list_row symptoms[] = {SYMPTOMS(ROW_)};
static const struct list_row causes[] = {CAUSES(ROW_4_)};
static const struct list_row facts[] = {FACTS(ROW_4_)};
static const struct list_row experiments[] = {EXPERIMENTS(ROW_)};

#define NAME_(label)                   \
	{                              \
		.name = LITERAL(label) \
	}
static const struct list_row registries[] = {NAME_("ecr"), NAME_("ecr_public"), NAME_("oci")};
static const struct list_row references[] = {NAME_("tag"), NAME_("digest")};
static const struct list_row severities[] = {NAME_("broken"), NAME_("warning"), NAME_("note")};
static const struct list_row certainties[] = {NAME_("proven"), NAME_("likely"), NAME_("open")};
static const struct list_row pullers[] = {NAME_(""), PULLERS(ROW_)};
static const struct list_row pulls[] = {NAME_("works"), NAME_("breaks"), NAME_("unknown")};

static const struct {
	const struct list_row *rows;
	size_t count;
} lists[] = {
	[LIST_STAGE] = {stages, STAGE_COUNT},
	[LIST_ENDPOINT] = {endpoints, ENDPOINT_COUNT},
	[LIST_OUTCOME] = {outcomes, OUTCOME_COUNT},
	[LIST_SYMPTOM] = {symptoms, SYMPTOM_COUNT},
	[LIST_CAUSE] = {causes, CAUSE_COUNT},
	[LIST_FACT] = {facts, FACT_COUNT},
	[LIST_EXPERIMENT] = {experiments, EXPERIMENT_COUNT},
	[LIST_REGISTRY] = {registries, COUNT(registries)},
	[LIST_REFERENCE] = {references, COUNT(references)},
	[LIST_SEVERITY] = {severities, COUNT(severities)},
	[LIST_CERTAINTY] = {certainties, COUNT(certainties)},
	[LIST_PULL] = {pulls, COUNT(pulls)},
	[LIST_PULLER] = {pullers, COUNT(pullers)},
};

struct text list_name(enum list list, unsigned value)
{
	return lists[list].rows[value].name;
}

struct text list_meaning(enum list list, unsigned value)
{
	return lists[list].rows[value].meaning;
}

_Static_assert(sizeof(enum stage) == sizeof(unsigned), "an enum is as wide as an unsigned");

bool list_parse(enum list list, struct text name, void *out)
{
	unsigned value = 0;
	if (name.len == 0 && list >= LIST_EXPERIMENT && list <= LIST_REFERENCE)
		name = list_name(list, 0);
	while (value < lists[list].count && !text_equal(list_name(list, value), name))
		value++;
	if (value < lists[list].count)
		memcpy(out, &value, sizeof value);
	return value < lists[list].count;
}

#define NAMES_(type, list)                       \
	struct text type##_name(enum type value) \
	{                                        \
		return list_name(list, value);   \
	}

NAMES_(stage, LIST_STAGE)
NAMES_(endpoint_kind, LIST_ENDPOINT)
NAMES_(outcome, LIST_OUTCOME)
NAMES_(symptom, LIST_SYMPTOM)
NAMES_(cause, LIST_CAUSE)
NAMES_(fact, LIST_FACT)
NAMES_(experiment, LIST_EXPERIMENT)
NAMES_(severity, LIST_SEVERITY)
NAMES_(certainty, LIST_CERTAINTY)
NAMES_(pull, LIST_PULL)
NAMES_(puller, LIST_PULLER)

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
