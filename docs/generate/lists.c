/* The lists of docs/report.schema.json, and the rules of docs/causes.md. */
#include "model/lists.h"
#include "diagnose/rule.h"
#include "generate.h"
#include "model/causes.h"
#include "model/lists.h"
#include <stdio.h>

enum { COLUMNS = 100 };

#define LABEL_(name, label, ...) label,

static const char *const stages[] = {STAGES(LABEL_) NULL};
static const char *const endpoints[] = {ENDPOINTS(LABEL_) NULL};
static const char *const outcomes[] = {OUTCOMES(LABEL_) NULL};
static const char *const symptoms[] = {SYMPTOMS(LABEL_) NULL};
static const char *const experiments[] = {EXPERIMENTS(LABEL_) NULL};
static const char *const causes[] = {CAUSES(LABEL_) NULL};

static void put_names(const char *const *names)
{
	int column = 0;
	for (; *names; names++) {
		const char *comma = names[1] ? "," : "";
		int width = snprintf(NULL, 0, " \"%s\"%s", *names, comma);
		if (column && column + width > COLUMNS)
			column = 0, putchar('\n');
		column += printf("%s\"%s\"%s", column ? " " : "        ", *names, comma);
	}
	putchar('\n');
}

bool put_list(struct text name)
{
	static const struct {
		const char *name; /* that of the report's key */
		const char *const *names;
	} lists[] = {
		{"stage", stages},
		{"endpoint", endpoints},
		{"outcome", outcomes},
		{"cause", symptoms},
		{"experiment", experiments},
		{"class", causes},
	};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (text_equal(name, text_of(lists[i].name))) {
			put_names(lists[i].names);
			return true;
		}
	return false;
}

void put_facts(void)
{
	static const char *const types[] = {
		[FACT_KIND_TEXT] = "\"string\"",
		[FACT_KIND_NUMBER] = "\"integer\"",
		[FACT_KIND_FLAG] = "\"boolean\"",
		[FACT_KIND_LIST] = "\"array\", \"items\": {\"type\": \"string\"}",
	};
	for (enum fact fact = 0; fact < FACT_COUNT; fact++)
		printf("        \"%.*s\": {\"type\": %s, \"description\": \"%.*s\"}%s\n",
			TEXT(fact_name(fact)), types[fact_kind(fact)],
			TEXT(list_meaning(LIST_FACT, fact)), fact + 1 < FACT_COUNT ? "," : "");
}

void put_outcome_counts(void)
{
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		printf("        \"%.*s\": {\"type\": \"integer\", \"minimum\": 0, "
		       "\"description\": \"how many steps have this outcome\"},\n",
			TEXT(outcome_name(outcome)));
}

static enum stage rule_part_stage(const struct rule_part *part)
{
	enum stage stage = STAGE_DNS;
	while (!(part->common.stages & (1U << stage)))
		stage++;
	return stage;
}

static void put_rule(const struct rule *rule)
{
	struct advice advice = rule_advice(rule);
	printf("\n### %s\n\n`%.*s`, %.*s. %s\n", rule->id, TEXT(cause_name(rule->causes[0])),
		TEXT(certainty_name(rule->certainty)), rule->says);
	if (advice.verify || advice.fix[0])
		putchar('\n');
	if (advice.verify)
		printf("- decides: %s\n", advice.verify);
	if (advice.fix[0])
		printf("- fix: %s\n", advice.fix[0]);
}

/* those of the parts whose first stage it is */
static void put_rules_of(enum stage stage)
{
	const struct rule_part *part;
	for (size_t at = 0; (part = rule_part_at(at)); at++)
		for (size_t i = 0; i < part->count; i++)
			if (part->rows[i].severity == SEVERITY_BROKEN &&
				rule_part_stage(part) == stage)
				put_rule(&part->rows[i]);
}

void put_rules(void)
{
	const struct rule_part *part;
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++) {
		printf("%s## %.*s: %.*s\n", stage ? "\n" : "", TEXT(stage_name(stage)),
			TEXT(list_meaning(LIST_STAGE, stage)));
		put_rules_of(stage);
	}
	puts("\n## warnings and notes");
	for (size_t at = 0; (part = rule_part_at(at)); at++)
		for (size_t i = 0; i < part->count; i++)
			if (part->rows[i].severity != SEVERITY_BROKEN)
				put_rule(&part->rows[i]);
}
