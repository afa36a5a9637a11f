/* Vantages side by side, as data: a column each, a row for the verdict, for every endpoint and
 * stage in walking order, and for the facts worth comparing. Every format prints this. */
#pragma once
#include "report/report.h"

enum row_kind { ROW_VERDICT, ROW_STEP, ROW_FACT };

struct row {
	enum row_kind kind;
	struct text name;   /* "tcp s3" */
	struct text *cells; /* one a column: "ok", "FAIL timeout"; empty where there is nothing */
	bool differs;	    /* two cells that are not empty are not equal */
};

struct matrix {
	struct text *labels; /* one a column, no two alike */
	size_t columns;
	struct row *rows;
	size_t count;
};

struct matrix matrix_of(struct arena *arena, const struct vantage_report *reports, size_t count);

/* Puts columns together whose verdict and steps are alike, in order of the first. `members` gets
 * the labels of each. A fact in which the members differ is "(varies)". */
struct matrix matrix_grouped(
	struct arena *arena, const struct matrix *matrix, struct texts **members);

/* One sentence: where the vantages first differ, and how. */
struct text matrix_difference(struct arena *arena, const struct matrix *matrix);
