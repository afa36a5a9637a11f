/* Vantages side by side, as text: a table that fits its width, then a sentence about the first
 * difference. */
#include "report/compare.h"
#include "report/page.h"

enum { NAME = 2, CELL_MIN = 12, CELL_MAX = 40, GAP = 2 };

/* so many members of a group are named */
enum { MEMBERS = 24 };

/* one table of the columns from `from` to `to` */
struct table {
	struct page *page;
	const struct matrix *matrix;
	size_t from, to;
	size_t start; /* where the first cell begins */
	size_t width; /* of a cell, with the gap behind it */
};

/* the lines of a cell, words flowed into its width */
static struct texts cell_lines(const struct table *table, struct text cell)
{
	struct page narrow = {
		.out = {.arena = table->page->out.arena},
		.columns = table->width - GAP,
	};
	struct texts lines = {0};
	page_words(&narrow, 0, cell.len ? cell : T("-"));
	page_end(&narrow);
	struct text rest = buffer_text(&narrow.out);
	while (rest.len)
		texts_add(narrow.out.arena, &lines, text_cut(&rest, T("\n")));
	return lines;
}

static enum ink ink_of(const struct row *row, struct text cell)
{
	if (row->kind == ROW_FACT || row->kind == ROW_TIME)
		return INK_PLAIN;
	if (text_equal(cell, T("ok")) || text_equal(cell, T("works")))
		return INK_GOOD;
	if (text_equal(cell, T("skip")))
		return INK_FAINT;
	return cell.len ? INK_BAD : INK_PLAIN;
}

/* the cells of a row, as many lines as the longest needs; of the labels where `row` is NULL */
static void put_cells(const struct table *table, const struct row *row)
{
	struct page *page = table->page;
	const struct text *cells = row ? row->cells : table->matrix->labels;
	struct texts *lines = arena_new(page->out.arena, struct texts, table->to);
	size_t most = 0;
	for (size_t i = table->from; i < table->to; i++) {
		lines[i] = cell_lines(table, cells[i]);
		most = lines[i].count > most ? lines[i].count : most;
	}
	for (size_t line = 0; line < most; line++) {
		for (size_t i = table->from; i < table->to; i++) {
			if (line >= lines[i].count)
				continue;
			page_tab(page, table->start + (i - table->from) * table->width);
			page_put(page, row ? ink_of(row, cells[i]) : INK_BOLD, lines[i].at[line]);
		}
		page_end(page);
	}
}

static void put_table(const struct table *table)
{
	struct page *page = table->page;
	const struct matrix *matrix = table->matrix;
	enum row_kind above = ROW_VERDICT;
	put_cells(table, NULL);
	for (size_t i = 0; i < matrix->count; i++) {
		const struct row *row = &matrix->rows[i];
		bool last = i + 1 == matrix->count;
		/* times of single stages are shown where they differ */
		if (row->kind == ROW_TIME && !row->differs && !last)
			continue;
		if (row->kind != above)
			buffer_add(&page->out, T("\n"));
		above = row->kind;
		if (row->differs)
			page_put(page, INK_BOLD, T("*"));
		page_tab(page, NAME);
		page_put(page, row->differs ? INK_BOLD : INK_PLAIN, row->name);
		if (row->kind != ROW_FACT || !row->shared) {
			put_cells(table, row);
			continue;
		}
		/* a fact that all share is printed once, across the columns */
		page_tab(page, table->start);
		page_words(page, table->start, row->cells[table->from]);
		page_end(page);
	}
	buffer_add(&page->out, T("\n"));
}

/* the same in Markdown, where no width is kept to */
static void put_markdown(struct page *page, const struct matrix *matrix)
{
	buffer_add(&page->out, T("| | "));
	for (size_t i = 0; i < matrix->columns; i++)
		page_cell(page, matrix->labels[i]);
	buffer_add(&page->out, T("\n| --- |"));
	for (size_t i = 0; i < matrix->columns; i++)
		buffer_add(&page->out, T(" --- |"));
	for (size_t i = 0; i < matrix->count; i++) {
		const struct row *row = &matrix->rows[i];
		struct text name = row->name;
		buffer_add(&page->out, T("\n| "));
		page_cell(page,
			row->differs ? text_format(page->out.arena, "\u2260 %.*s", TEXT(name))
				     : name);
		for (size_t k = 0; k < matrix->columns; k++)
			page_cell(page, row->cells[k]);
	}
	buffer_add(&page->out, T("\n\n"));
}

static void put_members(struct page *page, const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->groups.count; i++) {
		const struct group *group = &comparison->groups.at[i];
		struct texts labels = {0};
		if (group->count < 2)
			continue;
		for (size_t k = 0; k < group->count; k++)
			texts_add(page->out.arena, &labels,
				comparison->reports[group->members[k]].label);
		page_pair(page, NAME, INK_PLAIN,
			text_format(page->out.arena, "%.*s:", TEXT(group->label)), NAME + 2,
			units_list(page->out.arena, labels, MEMBERS));
	}
	buffer_add(&page->out, T("\n"));
}

struct text compare_text(struct arena *arena, const struct comparison *comparison)
{
	struct page page = page_new(arena, &comparison->style);
	struct text sentence = text_format(arena, "%.*s.", TEXT(comparison->difference.sentence));
	if (page.markdown) {
		page_line(&page, INK_BOLD, sentence);
		put_markdown(&page, &comparison->grouped);
		put_members(&page, comparison);
		return buffer_text(&page.out);
	}
	size_t name_width = 0;
	for (size_t i = 0; i < comparison->matrix.count; i++) {
		size_t width = page_width(arena, comparison->matrix.rows[i].name);
		name_width = width > name_width ? width : name_width;
	}
	size_t start = NAME + name_width + GAP;
	size_t room = page.columns > start ? page.columns - start : 0;
	size_t fit = room >= CELL_MIN + GAP ? room / (CELL_MIN + GAP) : 1;

	/* too many columns: those that behave alike share one */
	bool grouped = comparison->count > fit;
	const struct matrix *matrix = grouped ? &comparison->grouped : &comparison->matrix;
	for (size_t from = 0; from < matrix->columns; from += fit) {
		size_t left = matrix->columns - from;
		size_t columns = left < fit ? left : fit;
		size_t width = (page.columns - start) / columns;
		put_table(&(struct table){
			.page = &page,
			.matrix = matrix,
			.from = from,
			.to = from + columns,
			.start = start,
			.width = width > CELL_MAX ? CELL_MAX : width,
		});
	}
	if (grouped)
		put_members(&page, comparison);
	page_line(&page, INK_BOLD, sentence);
	return buffer_text(&page.out);
}
