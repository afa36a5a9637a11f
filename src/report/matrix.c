/* The rows of a comparison. */
#include "diagnose/context.h"
#include "report/compare.h"
#include "report/words.h"
#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { FEW = 3 };

/* the result is NULL where the row is of no stage, or the stage was not reached */
typedef struct text cell_fn(
	struct arena *arena, const struct compared *report, const struct stage_result *result);

static struct text verdict_cell(struct arena *arena, const struct compared *report)
{
	const struct finding *finding = verdict_finding(&report->diagnosis);
	struct text pull = pull_name(report->diagnosis.pull);
	if (!finding)
		return pull;
	return text_format(arena, "%.*s: %.*s", TEXT(pull), TEXT(cause_name(finding->cause)));
}

static struct text outcome_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	(void)arena, (void)report;
	return result ? result->shows : T("");
}

/* where a name leads to: into the VPC, where its endpoints stand, or out of it */
static struct text location_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	static const struct text names[] = {
		[LOCATION_SELF] = {"this machine", 12},
		[LOCATION_LINK_LOCAL] = {"link-local", 10},
		[LOCATION_INSIDE] = {"in the VPC", 10},
		[LOCATION_PRIVATE] = {"private", 7},
		[LOCATION_PUBLIC] = {"public", 6},
	};
	struct texts found = {0};
	(void)report;
	for (size_t i = 0; result && i < COUNT(names); i++)
		if (result->locations & (1u << i))
			texts_add(arena, &found, names[i]);
	return units_list(arena, found, found.count);
}

static struct text issuer_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	(void)arena, (void)report;
	return result ? result->issuer : T("");
}

static struct text platform_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	(void)result;
	return compared_platform(arena, report);
}

static struct text subnet_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	(void)arena, (void)result;
	return compared_subnet(report);
}

static struct text resolvers_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	(void)result;
	return units_list(arena, report->evidence.vantage.resolvers, FEW);
}

static struct text mtu_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	int64_t mtu = report->evidence.vantage.mtu;
	(void)result;
	return mtu ? text_format(arena, "%lld", (long long)mtu) : T("");
}

/* what was found besides the verdict, notes left out */
static struct text also_found_cell(
	struct arena *arena, const struct compared *report, const struct stage_result *result)
{
	const struct diagnosis *diagnosis = &report->diagnosis;
	struct texts causes = {0};
	(void)result;
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		if (finding != verdict_finding(diagnosis) && finding->severity != SEVERITY_NOTE)
			units_add_once(arena, &causes, cause_name(finding->cause));
	}
	return units_list(arena, causes, FEW);
}

enum { ROWS_MAX = 1 + STAGE_COUNT * ENDPOINT_COUNT + 2 * ENDPOINT_COUNT + 9 + STAGE_COUNT + 1 };

static const struct {
	const char *name;
	cell_fn *cell; /* or NULL: the text at `at` */
	size_t at;
	bool behaves;
} vantage_facts[] = {
	{"also found", also_found_cell, 0, true},
	{"image", NULL, offsetof(struct compared, evidence.target.image), false},
	{"platform", platform_cell, 0, false},
	{"zone", NULL, offsetof(struct compared, evidence.vantage.availability_zone), false},
	{"subnet", subnet_cell, 0, false},
	{"resolvers", resolvers_cell, 0, false},
	{"MTU", mtu_cell, 0, false},
	{"principal", NULL, offsetof(struct compared, evidence.vantage.principal), false},
	{"credentials from", NULL, offsetof(struct compared, evidence.vantage.credential_source),
		false},
};

/* Adds a row whose cells are there, unless all of them are empty. An empty cell is no difference:
 * it was not asked, or not seen. */
static void add_row(struct matrix *matrix, struct row row)
{
	size_t empty = 0;
	const struct text *first = NULL;
	for (size_t i = 0; i < matrix->columns; i++) {
		const struct text *cell = &row.cells[i];
		empty += cell->len == 0;
		row.differs = row.differs || (first && cell->len && !text_equal(*cell, *first));
		if (!first && cell->len)
			first = cell;
	}
	row.shared = empty == 0 && !row.differs;
	if (empty < matrix->columns)
		matrix->rows[matrix->count++] = row;
}

/* A row for each endpoint at which any vantage reached that stage. */
static void add_stage(struct arena *arena, struct matrix *matrix, const struct compared *reports,
	struct row row, cell_fn *cell, enum stage stage)
{
	struct text what = row.name;
	for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++) {
		bool reached = false;
		row.cells = arena_new(arena, struct text, matrix->columns);
		for (size_t i = 0; i < matrix->columns; i++) {
			const struct stage_result *result = stage_result_find(
				&reports[i], stage, kind);
			row.cells[i] = cell(arena, &reports[i], result);
			reached = reached || result;
		}
		row.name = what;
		if (kind != ENDPOINT_CALLER)
			row.name = text_format(
				arena, "%.*s %.*s", TEXT(what), TEXT(endpoint_kind_name(kind)));
		if (reached)
			add_row(matrix, row);
	}
}

static void add_vantage_facts(
	struct arena *arena, struct matrix *matrix, const struct compared *reports)
{
	for (size_t fact = 0; fact < COUNT(vantage_facts); fact++) {
		cell_fn *cell = vantage_facts[fact].cell;
		struct row row = {.kind = ROW_FACT,
			.name = text_of(vantage_facts[fact].name),
			.behaves = vantage_facts[fact].behaves,
			.cells = arena_new(arena, struct text, matrix->columns)};
		size_t empty = 0;
		for (size_t i = 0; i < matrix->columns; i++) {
			const char *field = (const char *)&reports[i] + vantage_facts[fact].at;
			row.cells[i] = cell ? cell(arena, &reports[i], NULL)
					    : *(const struct text *)(const void *)field;
			empty += row.cells[i].len == 0;
		}
		/* of findings, none is a difference */
		for (size_t i = 0; i < matrix->columns && cell == also_found_cell; i++)
			if (row.cells[i].len == 0 && empty < matrix->columns)
				row.cells[i] = T("nothing");
		add_row(matrix, row);
	}
}

/* from the first beginning to the last end of a stage's steps; -1 when there were none */
static int64_t stage_time(const struct compared *report, enum stage stage)
{
	int64_t from = INT64_MAX;
	int64_t to = -1;
	for (size_t i = 0; i < report->count; i++) {
		const struct stage_result *result = &report->results[i];
		if (result->stage != stage || result->experiment != EXPERIMENT_NONE ||
			!stage_result_was_tried(result))
			continue;
		from = result->began_us < from ? result->began_us : from;
		to = result->ended_us > to ? result->ended_us : to;
	}
	return to < from ? -1 : to - from;
}

/* the whole walk's when `stage` is STAGE_COUNT */
static void add_time(struct arena *arena, struct matrix *matrix, const struct compared *reports,
	enum stage stage)
{
	struct row row = {
		.kind = ROW_TIME,
		.name = stage == STAGE_COUNT
			? T("time in all")
			: text_format(arena, "time %.*s", TEXT(stage_name(stage))),
		.cells = arena_new(arena, struct text, matrix->columns),
		.times_us = arena_new(arena, int64_t, matrix->columns),
	};
	int64_t shortest = INT64_MAX;
	int64_t longest = -1;
	for (size_t i = 0; i < matrix->columns; i++) {
		int64_t time_us = stage == STAGE_COUNT ? reports[i].evidence.took_us
						       : stage_time(&reports[i], stage);
		row.times_us[i] = time_us;
		row.cells[i] = time_us < 0 ? T("") : units_time(arena, time_us);
		shortest = time_us >= 0 && time_us < shortest ? time_us : shortest;
		longest = time_us > longest ? time_us : longest;
	}
	row.differs = longest > shortest && longest / 3 > shortest && longest - shortest > 100000;
	if (longest >= 0)
		matrix->rows[matrix->count++] = row;
}

struct matrix matrix_of(struct arena *arena, const struct compared *reports, size_t count)
{
	struct matrix matrix = {
		.labels = arena_new(arena, struct text, count),
		.columns = count,
		.rows = arena_new(arena, struct row, ROWS_MAX),
	};
	struct row row = {.kind = ROW_VERDICT, .name = T("verdict"), .behaves = true};
	row.cells = arena_new(arena, struct text, count);
	for (size_t i = 0; i < count; i++) {
		matrix.labels[i] = reports[i].label;
		row.cells[i] = verdict_cell(arena, &reports[i]);
	}
	add_row(&matrix, row);
	row.kind = ROW_STEP;
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++) {
		row.name = stage_name(stage);
		add_stage(arena, &matrix, reports, row, outcome_cell, stage);
	}
	row.kind = ROW_FACT;
	row.name = T("address");
	add_stage(arena, &matrix, reports, row, location_cell, STAGE_DNS);
	row.name = T("issuer");
	row.behaves = false;
	add_stage(arena, &matrix, reports, row, issuer_cell, STAGE_TLS);
	add_vantage_facts(arena, &matrix, reports);
	for (enum stage stage = 0; stage <= STAGE_COUNT; stage++)
		add_time(arena, &matrix, reports, stage);
	return matrix;
}
