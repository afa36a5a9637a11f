/* What a matrix shows: which columns are alike, and where the first difference is. */
#include "report/matrix.h"
#include "report/units.h"

enum { FEW = 3 };

static bool columns_alike(const struct matrix *matrix, size_t a, size_t b)
{
	for (size_t i = 0; i < matrix->count; i++) {
		const struct row *row = &matrix->rows[i];
		if (row->kind != ROW_FACT && !text_equal(row->cells[a], row->cells[b]))
			return false;
	}
	return true;
}

/* the group of each column, counted from 0 in order of the first members */
static size_t *groups_of(struct arena *arena, const struct matrix *matrix, size_t *count)
{
	size_t *groups = arena_new(arena, size_t, matrix->columns);
	*count = 0;
	for (size_t i = 0; i < matrix->columns; i++) {
		size_t like = 0;
		while (like < i && !columns_alike(matrix, like, i))
			like++;
		groups[i] = like < i ? groups[like] : (*count)++;
	}
	return groups;
}

static struct row group_row(struct arena *arena, const struct row *row, const size_t *groups,
	size_t columns, size_t count)
{
	struct row grouped = *row;
	grouped.cells = arena_new(arena, struct text, count);
	for (size_t i = 0; i < columns; i++) {
		struct text *cell = &grouped.cells[groups[i]];
		if (cell->at == NULL || cell->len == 0)
			*cell = row->cells[i];
		else if (row->cells[i].len && !text_equal(*cell, row->cells[i]))
			*cell = T("(varies)");
	}
	return grouped;
}

struct matrix matrix_grouped(
	struct arena *arena, const struct matrix *matrix, struct texts **members)
{
	struct matrix grouped = {
		.rows = arena_new(arena, struct row, matrix->count),
		.count = matrix->count,
	};
	size_t *groups = groups_of(arena, matrix, &grouped.columns);
	*members = arena_new(arena, struct texts, grouped.columns);
	grouped.labels = arena_new(arena, struct text, grouped.columns);
	for (size_t i = 0; i < matrix->columns; i++)
		texts_add(arena, &(*members)[groups[i]], matrix->labels[i]);
	for (size_t i = 0; i < grouped.columns; i++) {
		struct texts *of = &(*members)[i];
		grouped.labels[i] = of->count == 1
			? of->at[0]
			: text_format(arena, "%.*s +%zu", TEXT(of->at[0]), of->count - 1);
	}
	for (size_t i = 0; i < matrix->count; i++)
		grouped.rows[i] = group_row(
			arena, &matrix->rows[i], groups, matrix->columns, grouped.columns);
	return grouped;
}

/* the first row of a kind that differs, or NULL */
static const struct row *first_difference(const struct matrix *matrix, enum row_kind kind)
{
	for (size_t i = 0; i < matrix->count; i++)
		if (matrix->rows[i].kind == kind && matrix->rows[i].differs)
			return &matrix->rows[i];
	return NULL;
}

/* The column to measure the others by: the first whose cell is "ok", else the first that has one.
 */
static size_t measure_of(const struct matrix *matrix, const struct row *row)
{
	size_t first = matrix->columns;
	for (size_t i = 0; i < matrix->columns; i++) {
		if (row->kind == ROW_STEP && text_equal(row->cells[i], T("ok")))
			return i;
		if (row->cells[i].len && first == matrix->columns)
			first = i;
	}
	return first;
}

/* the labels of the columns whose cell is so */
static struct texts labels_with(
	struct arena *arena, const struct matrix *matrix, const struct row *row, struct text cell)
{
	struct texts labels = {0};
	for (size_t i = 0; i < matrix->columns; i++)
		if (text_equal(row->cells[i], cell))
			texts_add(arena, &labels, matrix->labels[i]);
	return labels;
}

/* the first cell that is not the measure's */
static struct text other_cell(const struct matrix *matrix, const struct row *row, size_t measure)
{
	size_t i = 0;
	while (i < matrix->columns &&
		(!row->cells[i].len || text_equal(row->cells[i], row->cells[measure])))
		i++;
	return i < matrix->columns ? row->cells[i] : T("");
}

/* "FAIL timeout" as it is said in a sentence */
static struct text said(struct text cell)
{
	bool whole = text_starts(cell, T("FAIL "));
	return whole || text_starts(cell, T("PART ")) ? text_skip(cell, 5) : cell;
}

/* "tcp to s3", "dns of s3": the row's name in a sentence */
static struct text row_said(struct arena *arena, const struct row *row)
{
	struct text rest = row->name;
	struct text what = text_cut(&rest, T(" "));
	bool leads = text_equal(what, stage_name(STAGE_TCP)) ||
		text_equal(what, stage_name(STAGE_TLS)) || text_equal(what, stage_name(STAGE_HTTP));
	if (rest.len == 0)
		return row->name;
	return text_format(arena, "%.*s %s %.*s", TEXT(what), leads ? "to" : "of", TEXT(rest));
}

/* what the columns with the better cell do */
static struct text doing(struct arena *arena, struct text cell, bool many)
{
	struct text what = said(cell);
	if (text_equal(cell, T("ok")))
		return many ? T("pass") : T("passes");
	return text_format(arena, "%s %.*s", many ? "show" : "shows", TEXT(what));
}

static struct text step_sentence(
	struct arena *arena, const struct matrix *matrix, const struct row *row)
{
	size_t measure = measure_of(matrix, row);
	struct text good = row->cells[measure];
	struct text bad = other_cell(matrix, row, measure);
	struct texts those = labels_with(arena, matrix, row, bad);
	struct texts these = labels_with(arena, matrix, row, good);
	struct text does = doing(arena, good, these.count > 1);
	return text_format(arena, "%.*s %s first at %.*s: %.*s, where %.*s %.*s",
		TEXT(units_list(arena, those, FEW)), those.count == 1 ? "differs" : "differ",
		TEXT(row_said(arena, row)), TEXT(said(bad)), TEXT(units_list(arena, these, FEW)),
		TEXT(does));
}

static struct text fact_sentence(
	struct arena *arena, const struct matrix *matrix, const struct row *row)
{
	size_t measure = measure_of(matrix, row);
	struct text other = other_cell(matrix, row, measure);
	struct texts those = labels_with(arena, matrix, row, other);
	struct texts these = labels_with(arena, matrix, row, row->cells[measure]);
	return text_format(arena,
		"No step differs; what differs first is the %.*s: %.*s at %.*s, %.*s at %.*s",
		TEXT(row->name), TEXT(row->cells[measure]), TEXT(units_list(arena, these, FEW)),
		TEXT(other), TEXT(units_list(arena, those, FEW)));
}

struct text matrix_difference(struct arena *arena, const struct matrix *matrix)
{
	const struct row *step = first_difference(matrix, ROW_STEP);
	const struct row *verdict = first_difference(matrix, ROW_VERDICT);
	const struct row *fact = first_difference(matrix, ROW_FACT);
	if (step)
		return step_sentence(arena, matrix, step);
	if (verdict || fact)
		return fact_sentence(arena, matrix, verdict ? verdict : fact);
	return T("The vantages do not differ");
}
