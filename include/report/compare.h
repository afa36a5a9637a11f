/* Reports side by side: a column each, a row for the verdict, for every endpoint and stage in the
 * order of a check, for the facts worth comparing, and for the times. Text, JSON and the page for
 * a browser all print the one struct comparison. */
#pragma once
#include "model/finding.h"
#include "report/report.h"

/* the steps of one stage at one endpoint, of its many addresses or blobs, taken together */
struct stage_result {
	enum stage stage;
	enum endpoint_kind endpoint;
	enum experiment experiment; /* NONE for a stage of the path itself */
	size_t outcomes[OUTCOME_COUNT];
	bool tried;		 /* not all of them were skipped */
	enum symptom symptom;	 /* of the first step that failed */
	const struct step *step; /* the first that failed, else the first one */
	struct text shows;    /* "ok", "skip", "FAIL timeout", or "PART timeout" if some passed */
	struct text issuer;   /* of tls: who vouched for the peer, or claimed to */
	unsigned locations;   /* of dns: bits by enum location of the addresses */
	struct text location; /* the same in words */
	int64_t began_us;     /* from the start of the check; what was skipped took no time */
	int64_t ended_us;
};

struct compared {
	/* given */
	struct text file;
	struct evidence evidence;
	struct diagnosis diagnosis;

	/* made by comparison_of */
	struct text label; /* the vantage's own, with the file where others have it too */
	struct text verdict, also_found, platform, subnet, resolvers,
		mtu;		      /* as the rows show them */
	struct stage_result *results; /* in the order in which their first steps ended */
	size_t count;
};

enum row_kind { ROW_VERDICT, ROW_STEP, ROW_FACT, ROW_TIME };

struct row {
	enum row_kind kind;
	struct text name;   /* "tcp s3" */
	struct text *cells; /* one a column: "ok", "FAIL timeout"; empty where there is nothing */
	int64_t *times_us;  /* of a TIME, the values of the cells; -1 where there is nothing */
	bool behaves;	    /* columns that are unlike in it do not behave alike */
	bool differs;	    /* two cells that are not empty are not equal; of times, see below */
	bool shared;	    /* no cell is empty, and all are equal */
};

/* Times always differ. A row of them is marked if the longest is over three times the shortest and
 * over 100 ms longer. */
struct matrix {
	struct text *labels; /* one a column, no two alike */
	size_t columns;
	struct row *rows;
	size_t count;
};

/* columns that are alike in every row with `behaves` */
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

/* Where the vantages first differ: the first step that does; where none does the verdict, and then
 * the first fact. */
struct difference {
	const struct row *row; /* NULL: nowhere */
	struct texts those;    /* the vantages that do */
	struct text shows;     /* their cell */
	struct texts others;   /* the vantages that they differ from */
	struct text others_show;
	struct text sentence; /* all of it in words, without the full stop */
};

struct comparison {
	const struct compared *reports;
	size_t count;
	struct matrix matrix;
	struct groups groups;
	/* The matrix with a column a group. A cell in which the members differ says how: "varies:
	 * 1500 and 9001", "12 ms to 40 ms". */
	struct matrix grouped;
	struct difference difference;
	struct text version;	   /* of the program that compares */
	struct report_style style; /* of compare_text; to be set */
};

/* the result of a stage at an endpoint, or NULL */
struct stage_result *stage_result_of(const struct compared *report, enum stage stage,
	enum endpoint_kind endpoint, enum experiment experiment);

/* Completes the reports, which must outlive the comparison. */
struct comparison comparison_of(
	struct arena *arena, struct compared *reports, size_t count, struct text version);

/* the parts of comparison_of that need the matrix alone */
struct groups matrix_groups(struct arena *arena, const struct matrix *matrix);
struct matrix matrix_grouped(
	struct arena *arena, const struct matrix *matrix, const struct groups *groups);
struct difference matrix_difference(struct arena *arena, const struct matrix *matrix);

/* a table that keeps to its width, and a sentence about the first difference below it */
struct text compare_text(struct arena *arena, const struct comparison *comparison);

/* one line of JSON, schema pullprobe.compare.v1 (docs/compare.schema.json), ended by a newline */
struct text compare_json(struct arena *arena, const struct comparison *comparison);

/* One page that needs nothing else: src/report/compare.html with that JSON in it, which its script
 * draws; without scripts it shows the text. */
struct text compare_html(struct arena *arena, const struct comparison *comparison);

/* JUnit's XML: a suite a report, a case an endpoint and stage. It keeps to the schema of Apache
 * Ant's reports (https://github.com/windyroad/JUnit-Schema) and to that of Jenkins' xUnit plugin.
 */
struct text compare_junit(struct arena *arena, const struct comparison *comparison);

/* Metrics that are both OpenMetrics 1.0 and Prometheus' text format 0.0.4, which knows no type
 * "info": so they can be served, and read by node_exporter from a textfile. */
struct text compare_openmetrics(struct arena *arena, const struct comparison *comparison);
