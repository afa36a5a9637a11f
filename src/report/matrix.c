/* Vantages side by side, as data. */
#include "report/matrix.h"
#include "base/buffer.h"
#include "diagnose/context.h"
#include "report/units.h"
#include "report/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { FEW = 3 };

/* which row is being made; only some of it matters to each kind */
struct which {
	enum stage stage;
	enum endpoint_kind endpoint;
};

typedef struct text cell_fn(
	struct arena *arena, const struct column *column, const struct which *which);

/* cells */

static struct text verdict_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	const struct finding *finding = verdict_finding(&column->diagnosis);
	struct text pull = pull_name(column->diagnosis.pull);
	(void)which;
	if (!finding)
		return pull;
	return text_format(arena, "%.*s: %.*s", TEXT(pull), TEXT(cause_name(finding->cause)));
}

static struct text step_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	const struct connectivity_row *connectivity_row = column_connectivity_row(
		column, which->stage, which->endpoint);
	return connectivity_row ? connectivity_row_outcome(arena, connectivity_row) : T("");
}

/* where a name leads to: into the VPC, where its endpoints stand, or out of it */
static struct text stage_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	static const struct text names[] = {
		[LOCATION_SELF] = {"this machine", 12},
		[LOCATION_LINK_LOCAL] = {"link-local", 10},
		[LOCATION_INSIDE] = {"in the VPC", 10},
		[LOCATION_PRIVATE] = {"private", 7},
		[LOCATION_PUBLIC] = {"public", 6},
	};
	const struct connectivity_row *connectivity_row = column_connectivity_row(
		column, which->stage, which->endpoint);
	struct texts found = {0};
	for (size_t i = 0; connectivity_row && i < COUNT(names); i++)
		if (connectivity_row->places & (1u << i))
			texts_add(arena, &found, names[i]);
	return units_list(arena, found, found.count);
}

static struct text issuer_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	const struct connectivity_row *connectivity_row = column_connectivity_row(
		column, which->stage, which->endpoint);
	(void)arena;
	return connectivity_row ? connectivity_row->issuer : T("");
}

#define TEXT_CELL_(function, field)                                                          \
	static struct text function(                                                         \
		struct arena *arena, const struct column *column, const struct which *which) \
	{                                                                                    \
		(void)arena, (void)which;                                                    \
		return column->field;                                                        \
	}
TEXT_CELL_(image_cell, image)
TEXT_CELL_(platform_cell, platform)
TEXT_CELL_(zone_cell, zone)
TEXT_CELL_(subnet_cell, subnet)
TEXT_CELL_(principal_cell, principal)
TEXT_CELL_(source_cell, credential_source)

static struct text resolvers_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	(void)which;
	return units_list(arena, column->resolvers, FEW);
}

static struct text mtu_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	(void)which;
	return column->mtu ? text_format(arena, "%lld", (long long)column->mtu) : T("");
}

/* what was found besides the verdict, notes left out */
static struct text besides_cell(
	struct arena *arena, const struct column *column, const struct which *which)
{
	const struct diagnosis *diagnosis = &column->diagnosis;
	struct texts causes = {0};
	(void)which;
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		struct text name = cause_name(finding->cause);
		bool retry = finding == verdict_finding(diagnosis);
		for (size_t k = 0; k < causes.count; k++)
			retry = retry || text_equal(causes.at[k], name);
		if (!retry && finding->severity != SEVERITY_NOTE)
			texts_add(arena, &causes, name);
	}
	return units_list(arena, causes, FEW);
}

/* rows */

enum { ROWS_MAX = 1 + STAGE_COUNT * ENDPOINT_COUNT + 2 * ENDPOINT_COUNT + 9 + STAGE_COUNT + 1 };

static const struct {
	const char *name;
	cell_fn *cell;
	bool behaves;
} vantage_facts[] = {
	{"also found", besides_cell, true},
	{"image", image_cell, false},
	{"platform", platform_cell, false},
	{"zone", zone_cell, false},
	{"subnet", subnet_cell, false},
	{"resolvers", resolvers_cell, false},
	{"MTU", mtu_cell, false},
	{"principal", principal_cell, false},
	{"credentials from", source_cell, false},
};

static bool cells_differ(const struct text *cells, size_t count)
{
	const struct text *first = NULL;
	for (size_t i = 0; i < count; i++) {
		if (first && cells[i].len && !text_equal(cells[i], *first))
			return true;
		if (!first && cells[i].len)
			first = &cells[i];
	}
	return false;
}

/* Adds a row, unless all its cells are empty. */
static void add_row(struct arena *arena, struct matrix *matrix, const struct column *columns,
	struct row row, cell_fn *cell, const struct which *which)
{
	size_t empty = 0;
	row.cells = arena_new(arena, struct text, matrix->columns);
	for (size_t i = 0; i < matrix->columns; i++) {
		row.cells[i] = cell(arena, &columns[i], which);
		empty += row.cells[i].len == 0;
	}
	/* an empty cell is no difference: it was not asked, or not seen; but of findings it is */
	for (size_t i = 0; i < matrix->columns && cell == besides_cell; i++)
		if (row.cells[i].len == 0)
			row.cells[i] = T("nothing");
	row.differs = cells_differ(row.cells, matrix->columns);
	row.shared = empty == 0 && !row.differs;
	if (empty < matrix->columns)
		matrix->rows[matrix->count++] = row;
}

static struct text row_name(struct arena *arena, struct text what, enum endpoint_kind kind)
{
	if (kind == ENDPOINT_CALLER)
		return what;
	return text_format(arena, "%.*s %.*s", TEXT(what), TEXT(endpoint_kind_name(kind)));
}

/* whether any vantage went there: most of the rows that could be are not */
static bool any_connectivity_row(
	const struct matrix *matrix, const struct column *columns, const struct which *which)
{
	for (size_t i = 0; i < matrix->columns; i++)
		if (column_connectivity_row(&columns[i], which->stage, which->endpoint))
			return true;
	return false;
}

static void add_stage(struct arena *arena, struct matrix *matrix, const struct column *columns,
	struct row row, cell_fn *cell, enum stage stage)
{
	struct text what = row.name;
	for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++) {
		struct which which = {stage, kind};
		if (!any_connectivity_row(matrix, columns, &which))
			continue;
		row.name = row_name(arena, what, kind);
		add_row(arena, matrix, columns, row, cell, &which);
	}
}

static void add_facts(struct arena *arena, struct matrix *matrix, const struct column *columns)
{
	struct row row = {.kind = ROW_FACT, .name = T("address"), .behaves = true};
	add_stage(arena, matrix, columns, row, stage_cell, STAGE_DNS);
	row = (struct row){.kind = ROW_FACT, .name = T("issuer")};
	add_stage(arena, matrix, columns, row, issuer_cell, STAGE_TLS);
	for (size_t i = 0; i < COUNT(vantage_facts); i++) {
		row.name = text_of(vantage_facts[i].name);
		row.behaves = vantage_facts[i].behaves;
		add_row(arena, matrix, columns, row, vantage_facts[i].cell, NULL);
	}
}

/* times */

/* from the first beginning to the last end of a stage's steps; -1 when there were none */
static int64_t stage_time(const struct column *column, enum stage stage)
{
	int64_t from = INT64_MAX;
	int64_t to = -1;
	for (size_t i = 0; i < column->count; i++) {
		const struct connectivity_row *connectivity_row = &column->connectivity[i];
		if (connectivity_row->stage != stage ||
			connectivity_row->experiment != EXPERIMENT_NONE ||
			connectivity_row->outcomes[OUTCOME_PASSED] +
					connectivity_row->outcomes[OUTCOME_FAILED] ==
				0)
			continue;
		from = connectivity_row->began_us < from ? connectivity_row->began_us : from;
		to = connectivity_row->ended_us > to ? connectivity_row->ended_us : to;
	}
	return to < from ? -1 : to - from;
}

static bool times_differ(const int64_t *times_us, size_t count)
{
	int64_t shortest = INT64_MAX;
	int64_t longest = -1;
	for (size_t i = 0; i < count; i++) {
		if (times_us[i] < 0)
			continue;
		shortest = times_us[i] < shortest ? times_us[i] : shortest;
		longest = times_us[i] > longest ? times_us[i] : longest;
	}
	return longest > shortest && longest / 3 > shortest && longest - shortest > 100000;
}

/* the whole walk's when `stage` is STAGE_COUNT */
static void add_time(
	struct arena *arena, struct matrix *matrix, const struct column *columns, enum stage stage)
{
	struct row row = {
		.kind = ROW_TIME,
		.name = stage == STAGE_COUNT
			? T("time in all")
			: text_format(arena, "time %.*s", TEXT(stage_name(stage))),
		.cells = arena_new(arena, struct text, matrix->columns),
		.times_us = arena_new(arena, int64_t, matrix->columns),
	};
	bool any = false;
	for (size_t i = 0; i < matrix->columns; i++) {
		int64_t time_us = stage == STAGE_COUNT ? columns[i].took_us
						       : stage_time(&columns[i], stage);
		row.times_us[i] = time_us;
		row.cells[i] = time_us < 0 ? T("") : units_time(arena, time_us);
		any = any || time_us >= 0;
	}
	row.differs = times_differ(row.times_us, matrix->columns);
	if (any)
		matrix->rows[matrix->count++] = row;
}

struct matrix matrix_of(struct arena *arena, const struct column *columns, size_t count)
{
	struct matrix matrix = {
		.labels = arena_new(arena, struct text, count),
		.columns = count,
		.rows = arena_new(arena, struct row, ROWS_MAX),
	};
	struct row verdict = {.kind = ROW_VERDICT, .name = T("verdict"), .behaves = true};
	struct row step = {.kind = ROW_STEP, .behaves = true};
	for (size_t i = 0; i < count; i++)
		matrix.labels[i] = columns[i].label;
	add_row(arena, &matrix, columns, verdict, verdict_cell, NULL);
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++) {
		step.name = stage_name(stage);
		add_stage(arena, &matrix, columns, step, step_cell, stage);
	}
	add_facts(arena, &matrix, columns);
	for (enum stage stage = 0; stage <= STAGE_COUNT; stage++)
		add_time(arena, &matrix, columns, stage);
	return matrix;
}
