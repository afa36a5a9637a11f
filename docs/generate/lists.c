/* The lists of docs/report.schema.json, and the rules of docs/causes.md. */
#include "model/lists.h"
#include "diagnose/diagnose.h"
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

static void put_rule(const struct rule_entry *rule)
{
	printf("\n### %.*s\n\n`%.*s`, %.*s. %.*s\n", TEXT(rule->id), TEXT(cause_name(rule->cause)),
		TEXT(certainty_name(rule->certainty)), TEXT(rule->says));
	if (rule->verify.len || rule->fix.len)
		putchar('\n');
	if (rule->verify.len)
		printf("- decides: %.*s\n", TEXT(rule->verify));
	if (rule->fix.len)
		printf("- fix: %.*s\n", TEXT(rule->fix));
}

void put_rules(void)
{
	struct rule_entry rule;
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++) {
		printf("%s## %.*s: %.*s\n", stage ? "\n" : "", TEXT(stage_name(stage)),
			TEXT(list_meaning(LIST_STAGE, stage)));
		for (size_t i = 0; rule_at(i, &rule); i++)
			if (rule.stage == stage && rule.severity == SEVERITY_BROKEN)
				put_rule(&rule);
	}
	puts("\n## warnings and notes");
	for (size_t i = 0; rule_at(i, &rule); i++)
		if (rule.severity != SEVERITY_BROKEN)
			put_rule(&rule);
}
