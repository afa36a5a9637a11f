/* The rows of the command line, and the usage text that is made from them. */
#pragma once
#include "options.h"
#include "report/report.h"

/* Reads an option's value into `out`, the option's destination. False: the value is not of the form
 * that `argument` names. */
typedef bool take_fn(struct arena *arena, struct text value, void *out);

struct option_row {
	const char *name;
	const char *argument; /* NULL: a flag */
	unsigned verbs;	      /* bits by verb */
	take_fn *take;
	size_t to; /* the destination, as an offset in struct options */
	const char *help;
};

struct verb_row {
	const char *name;
	const char *arguments;
	const char *help;
};

enum { OPTION_ROWS = 36, VERBS = VERB_INSPECT + 1 };

/* An option may have several rows, each for other verbs. */
extern const struct option_row option_rows[OPTION_ROWS];
extern const struct verb_row verb_rows[VERBS]; /* by verb */

/* what --help prints, within the style's width */
struct text usage(struct arena *arena, const struct report_style *style,
	const struct verb_row *verbs, size_t count);

/* what "VERB --help" prints: the verb's options among the rows */
struct text usage_of_verb(struct arena *arena, const struct report_style *style,
	const struct verb_row *row, enum verb verb, const struct option_row *rows, size_t count);
