/* What a matrix shows: which columns behave alike, and where the first difference is. */
#include "report/compare.h"

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

struct groups matrix_groups(struct arena *arena, const struct matrix *matrix)
{
	struct groups groups = {
		.at = arena_new(arena, struct group, matrix->columns),
		.of = arena_new(arena, size_t, matrix->columns),
	};
	size_t *members = arena_new(arena, size_t, matrix->columns);
	bool *taken = arena_new(arena, bool, matrix->columns);
	for (size_t i = 0; i < matrix->columns; i++) {
		struct group *group = &groups.at[groups.count];
		if (taken[i])
			continue;
		*group = (struct group){.label = matrix->labels[i], .members = members};
		for (size_t k = i; k < matrix->columns; k++) {
			if (taken[k] || !columns_alike(matrix, i, k))
				continue;
			taken[k] = true;
			groups.of[k] = groups.count;
			group->members[group->count++] = k;
		}
		if (group->count > 1)
			group->label = text_format(
				arena, "%.*s +%zu", TEXT(group->label), group->count - 1);
		members += group->count;
		groups.count++;
	}
	return groups;
}

/* "varies: 1500 and 9001", or what all members have */
static struct text cell_of(struct arena *arena, const struct row *row, const struct group *group)
{
	struct texts seen = {0};
	for (size_t i = 0; i < group->count; i++)
		texts_add_once(arena, &seen, row->cells[group->members[i]]);
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

/* Who shows what in its row: "ok" is what the others show where any of them does, else the first
 * cell that is not empty; the first cell unlike it is the difference. */
static void find_sides(
	struct arena *arena, const struct matrix *matrix, struct difference *difference)
{
	const struct row *row = difference->row;
	for (size_t i = 0; i < matrix->columns; i++) {
		bool ok = row->kind == ROW_STEP && text_equal(row->cells[i], T("ok"));
		if (ok || !difference->others_show.len)
			difference->others_show = row->cells[i];
	}
	for (size_t i = 0; i < matrix->columns; i++) {
		struct text cell = row->cells[i];
		bool other = text_equal(cell, difference->others_show);
		if (!other && !difference->shows.len)
			difference->shows = cell;
		if (other)
			texts_add(arena, &difference->others, matrix->labels[i]);
		else if (cell.len && text_equal(cell, difference->shows))
			texts_add(arena, &difference->those, matrix->labels[i]);
	}
}

/* "FAIL timeout" as a sentence has it */
static struct text cell_words(struct text cell)
{
	bool whole = text_starts(cell, T("FAIL "));
	if (text_equal(cell, T("skip")))
		return T("not tried");
	return whole || text_starts(cell, T("PART ")) ? text_skip(cell, 5) : cell;
}

/* "tcp to s3", "dns of s3": the row's name in a sentence */
static struct text row_words(struct arena *arena, const struct row *row)
{
	struct text rest = row->name;
	struct text what = text_cut(&rest, T(" "));
	bool leads = text_equal(what, stage_name(STAGE_TCP)) ||
		text_equal(what, stage_name(STAGE_TLS)) || text_equal(what, stage_name(STAGE_HTTP));
	if (rest.len == 0 || row->kind == ROW_TIME)
		return row->name;
	return text_format(arena, "%.*s %s %.*s", TEXT(what), leads ? "to" : "of", TEXT(rest));
}

static struct text step_sentence(struct arena *arena, const struct difference *difference)
{
	bool many = difference->others.count > 1;
	struct text does = many ? T("pass") : T("passes");
	if (!text_equal(difference->others_show, T("ok")))
		does = text_format(arena, "%s %.*s", many ? "show" : "shows",
			TEXT(cell_words(difference->others_show)));
	return text_format(arena, "%.*s %s first at %.*s: %.*s, where %.*s %.*s",
		TEXT(units_list(arena, difference->those, FEW)),
		difference->those.count == 1 ? "differs" : "differ",
		TEXT(row_words(arena, difference->row)), TEXT(cell_words(difference->shows)),
		TEXT(units_list(arena, difference->others, FEW)), TEXT(does));
}

static struct text fact_sentence(struct arena *arena, const struct difference *difference)
{
	return text_format(arena,
		"No step differs; the first difference is the %.*s: %.*s at %.*s, %.*s at %.*s",
		TEXT(row_words(arena, difference->row)), TEXT(difference->others_show),
		TEXT(units_list(arena, difference->others, FEW)), TEXT(difference->shows),
		TEXT(units_list(arena, difference->those, FEW)));
}

struct difference matrix_difference(struct arena *arena, const struct matrix *matrix)
{
	static const enum row_kind order[] = {ROW_STEP, ROW_VERDICT, ROW_FACT};
	struct difference difference = {.sentence = T("The vantages do not differ")};
	for (size_t k = 0; k < sizeof order / sizeof *order && !difference.row; k++)
		for (size_t i = 0; i < matrix->count && !difference.row; i++)
			if (matrix->rows[i].kind == order[k] && matrix->rows[i].differs)
				difference.row = &matrix->rows[i];
	if (!difference.row)
		return difference;
	find_sides(arena, matrix, &difference);
	difference.sentence = difference.row->kind == ROW_STEP ? step_sentence(arena, &difference)
							       : fact_sentence(arena, &difference);
	return difference;
}
