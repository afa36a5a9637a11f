/* The rows of the command line, and the usage text that is made from them. */
#pragma once
#include "options.h"
#include "report/report.h"

/* takes an option's value; false: the value is not of the form that `argument` names */
typedef bool take_fn(struct arena *arena, struct options *options, struct text value);

struct option_row {
	const char *name;
	const char *argument; /* NULL: a flag */
	unsigned verbs;	      /* bits by verb */
	take_fn *take;
	const char *help;
};

struct verb_row {
	const char *name;
	const char *arguments;
	const char *help;
};

enum { OPTION_ROWS = 21, VERBS = VERB_COMPARE + 1 };

/* An option may have several rows, each for other verbs. */
extern const struct option_row option_rows[OPTION_ROWS];
extern const struct verb_row verb_rows[VERBS]; /* by verb */

/* what --help prints, within the style's width */
struct text usage(struct arena *arena, const struct report_style *style,
	const struct verb_row *verbs, size_t count);

/* what "VERB --help" prints: the verb's options among the rows */
struct text usage_of_verb(struct arena *arena, const struct report_style *style,
	const struct verb_row *row, enum verb verb, const struct option_row *rows, size_t count);
