/* What a matrix shows: which columns behave alike, and where the first difference is. */
#include "report/compare.h"
#include "report/words.h"

enum { FEW = 3 };

/* groups */

static bool columns_alike(const struct matrix *matrix, size_t a, size_t b)
{
	for (size_t i = 0; i < matrix->count; i++) {
		const struct row *row = &matrix->rows[i];
		if (row->behaves && !text_equal(row->cells[a], row->cells[b]))
			return false;
	}
	return true;
}

/* the group whose first member is like a column; count when there is none */
static size_t group_like(const struct matrix *matrix, const struct groups *groups,
	const size_t *firsts, size_t column)
{
	size_t group = 0;
	while (group < groups->count && !columns_alike(matrix, firsts[group], column))
		group++;
	return group;
}

struct groups matrix_groups(struct arena *arena, const struct matrix *matrix)
{
	struct groups groups = {.of = arena_new(arena, size_t, matrix->columns)};
	size_t *firsts = arena_new(arena, size_t, matrix->columns);
	size_t *sizes = arena_new(arena, size_t, matrix->columns);
	for (size_t i = 0; i < matrix->columns; i++) {
		size_t group = group_like(matrix, &groups, firsts, i);
		if (group == groups.count)
			firsts[groups.count++] = i;
		groups.of[i] = group;
		sizes[group]++;
	}
	groups.at = arena_new(arena, struct group, groups.count);
	for (size_t i = 0; i < groups.count; i++) {
		struct text label = matrix->labels[firsts[i]];
		if (sizes[i] > 1)
			label = text_format(arena, "%.*s +%zu", TEXT(label), sizes[i] - 1);
		groups.at[i] = (struct group){label, arena_new(arena, size_t, sizes[i]), 0};
	}
	for (size_t i = 0; i < matrix->columns; i++) {
		struct group *group = &groups.at[groups.of[i]];
		group->members[group->count++] = i;
	}
	return groups;
}

/* "varies: 1500 and 9001", or what all members have */
static struct text cell_of(struct arena *arena, const struct row *row, const struct group *group)
{
	struct texts seen = {0};
	for (size_t i = 0; i < group->count; i++)
		units_add_once(arena, &seen, row->cells[group->members[i]]);
	if (seen.count < 2)
		return seen.count ? seen.at[0] : T("");
	return text_format(arena, "varies: %.*s", TEXT(units_list(arena, seen, 2)));
}

/* "12 ms to 40 ms" */
static struct text time_of(struct arena *arena, const struct row *row, const struct group *group)
{
	int64_t shortest = INT64_MAX;
	int64_t longest = -1;
	for (size_t i = 0; i < group->count; i++) {
		int64_t time_us = row->times_us[group->members[i]];
		shortest = time_us >= 0 && time_us < shortest ? time_us : shortest;
		longest = time_us > longest ? time_us : longest;
	}
	if (longest < 0)
		return T("");
	struct text from = units_time(arena, shortest);
	struct text to = units_time(arena, longest);
	if (text_equal(from, to))
		return from;
	return text_format(arena, "%.*s to %.*s", TEXT(from), TEXT(to));
}

struct matrix matrix_grouped(
	struct arena *arena, const struct matrix *matrix, const struct groups *groups)
{
	struct matrix grouped = {
		.labels = arena_new(arena, struct text, groups->count),
		.columns = groups->count,
		.rows = arena_new(arena, struct row, matrix->count),
		.count = matrix->count,
	};
	for (size_t i = 0; i < groups->count; i++)
		grouped.labels[i] = groups->at[i].label;
	for (size_t i = 0; i < matrix->count; i++) {
		const struct row *row = &matrix->rows[i];
		grouped.rows[i] = *row;
		grouped.rows[i].times_us = NULL;
		grouped.rows[i].cells = arena_new(arena, struct text, groups->count);
		for (size_t k = 0; k < groups->count; k++)
			grouped.rows[i].cells[k] = row->kind == ROW_TIME
				? time_of(arena, row, &groups->at[k])
				: cell_of(arena, row, &groups->at[k]);
	}
	return grouped;
}

/* the first difference */

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
	if (text_equal(cell, T("skip")))
		return T("not tried");
	return whole || text_starts(cell, T("PART ")) ? text_skip(cell, 5) : cell;
}

/* "tcp to s3", "dns of s3": the row's name in a sentence */
static struct text row_said(struct arena *arena, const struct row *row)
{
	struct text rest = row->name;
	struct text what = text_cut(&rest, T(" "));
	bool leads = text_equal(what, stage_name(STAGE_TCP)) ||
		text_equal(what, stage_name(STAGE_TLS)) || text_equal(what, stage_name(STAGE_HTTP));
	if (rest.len == 0 || row->kind == ROW_TIME)
		return row->name;
	return text_format(arena, "%.*s %s %.*s", TEXT(what), leads ? "to" : "of", TEXT(rest));
}

/* what the columns with the better cell do */
static struct text doing(struct arena *arena, struct text cell, bool many)
{
	if (text_equal(cell, T("ok")))
		return many ? T("pass") : T("passes");
	return text_format(arena, "%s %.*s", many ? "show" : "shows", TEXT(said(cell)));
}

static struct text step_sentence(struct arena *arena, const struct difference *difference)
{
	size_t many = difference->others.count;
	struct text does = doing(arena, difference->others_show, many > 1);
	return text_format(arena, "%.*s %s first at %.*s: %.*s, where %.*s %.*s",
		TEXT(units_list(arena, difference->those, FEW)),
		difference->those.count == 1 ? "differs" : "differ",
		TEXT(row_said(arena, difference->row)), TEXT(said(difference->shows)),
		TEXT(units_list(arena, difference->others, FEW)), TEXT(does));
}

static struct text fact_sentence(struct arena *arena, const struct difference *difference)
{
	return text_format(arena,
		"No step differs; what differs first is the %.*s: %.*s at %.*s, %.*s at %.*s",
		TEXT(row_said(arena, difference->row)), TEXT(difference->others_show),
		TEXT(units_list(arena, difference->others, FEW)), TEXT(difference->shows),
		TEXT(units_list(arena, difference->those, FEW)));
}

struct difference matrix_difference(struct arena *arena, const struct matrix *matrix)
{
	static const enum row_kind order[] = {ROW_STEP, ROW_VERDICT, ROW_FACT};
	struct difference difference = {.sentence = T("The vantages do not differ")};
	const struct row *row = NULL;
	for (size_t i = 0; i < sizeof order / sizeof *order && !row; i++)
		row = first_difference(matrix, order[i]);
	if (!row)
		return difference;
	size_t measure = measure_of(matrix, row);
	difference.row = row;
	difference.shows = other_cell(matrix, row, measure);
	difference.others_show = row->cells[measure];
	difference.those = labels_with(arena, matrix, row, difference.shows);
	difference.others = labels_with(arena, matrix, row, difference.others_show);
	difference.sentence = row->kind == ROW_STEP ? step_sentence(arena, &difference)
						    : fact_sentence(arena, &difference);
	return difference;
}
