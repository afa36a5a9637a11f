/* Vantages side by side, as data: a column each, a row for the verdict, for every endpoint and
 * stage in walking order, for the facts worth comparing, and for the times. Every format prints
 * this. */
#pragma once
#include "report/column.h"

enum row_kind { ROW_VERDICT, ROW_STEP, ROW_FACT, ROW_TIME };

struct row {
	enum row_kind kind;
	struct text name;   /* "tcp s3" */
	struct text *cells; /* one a column: "ok", "FAIL timeout"; empty where there is nothing */
	int64_t *times_us;  /* of a TIME, what stands in the cells; -1 where there is nothing */
	bool behaves;	    /* columns that are unlike in it do not behave alike */
	bool differs;	    /* two cells that are not empty are not equal; of times, see below */
	bool shared;	    /* no cell is empty, and all are equal */
};

/* Times always differ. A row of them does where the longest is over three times the shortest and
 * over 100 ms longer. */
struct matrix {
	struct text *labels; /* one a column, no two alike */
	size_t columns;
	struct row *rows;
	size_t count;
};

struct matrix matrix_of(struct arena *arena, const struct column *columns, size_t count);

/* columns that behave alike */
struct group {
	struct text label; /* the first member's, and how many more there are */
	size_t *members;   /* as indices of columns, rising */
	size_t count;
};

struct groups {
	struct group *at; /* in order of the first members */
	size_t count;
	size_t *of; /* the group of each column */
};

/* Puts columns together that are alike in every row that tells of behaviour: verdict, steps, and
 * where a name leads to. */
struct groups matrix_groups(struct arena *arena, const struct matrix *matrix);

/* The matrix with a column a group. A cell in which the members differ says how: "varies: 1500
 * and 9001", "12 ms to 40 ms". */
struct matrix matrix_grouped(
	struct arena *arena, const struct matrix *matrix, const struct groups *groups);

/* Where the vantages first differ. */
struct difference {
	const struct row *row; /* NULL: nowhere */
	struct texts those;    /* the vantages that do */
	struct text shows;     /* what they have there */
	struct texts others;   /* the vantages to measure them by */
	struct text others_show;
	struct text sentence; /* all of it in words, without the full stop */
};

/* The first step that differs; where none does the verdict, and then the first fact. */
struct difference matrix_difference(struct arena *arena, const struct matrix *matrix);
