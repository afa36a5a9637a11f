/* The page: src/report/compare.html, whose places in double braces are filled here. */
#include "base/clock.h"
#include "report/compare.h"
#include "report/html.h"
#include "report/words.h"

extern const char compare_page[]; /* compare_page.S */

enum { FEW = 3 };

typedef void part_fn(const struct comparison *comparison, const struct sink *sink);

/* head and foot */

static void put_title(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	HTML(&out, "pullprobe: $ side by side", units_count(&arena, comparison->count, "vantage"));
	html_flush(&out, sink);
}

/* the images, each once */
static struct text images_of(struct arena *arena, const struct comparison *comparison)
{
	struct texts images = {0};
	for (size_t i = 0; i < comparison->count && images.count <= FEW; i++)
		units_add_once(arena, &images, comparison->reports[i].evidence.target.image);
	return images.count > FEW ? T("several images") : units_list(arena, images, FEW);
}

static void put_head(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	size_t working = 0;
	for (size_t i = 0; i < comparison->count; i++)
		working += comparison->reports[i].diagnosis.pull == PULL_WORKS;
	HTML(&out,
		"<h1>pullprobe: vantages side by side</h1>\n<p class=\"first\">$.</p>\n"
		"<p class=\"soft\">$, the pull works from $; $ by behaviour. $</p>",
		comparison->difference.sentence, units_count(&arena, comparison->count, "vantage"),
		working == comparison->count ? T("all")
			: working	     ? text_format(&arena, "%zu", working)
					     : T("none"),
		units_count(&arena, comparison->groups.count, "group"),
		images_of(&arena, comparison));
	html_flush(&out, sink);
}

static void put_foot(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	int64_t from = INT64_MAX;
	int64_t to = INT64_MIN;
	for (size_t i = 0; i < comparison->count; i++) {
		int64_t at = comparison->reports[i].evidence.started_at;
		from = at < from ? at : from;
		to = at > to ? at : to;
	}
	HTML(&out, "<p>Seen between $ and $; put together by pullprobe $.</p>",
		clock_text(&arena, from), clock_text(&arena, to), comparison->version);
	html_flush(&out, sink);
}

/* the matrix */

static void put_cells(struct buffer *out, const struct matrix *matrix, const struct row *row)
{
	bool plain = row->kind == ROW_FACT || row->kind == ROW_TIME;
	if (row->kind == ROW_FACT && row->shared) {
		HTML(out, "<td colspan=\"$\">$</td>",
			text_format(out->arena, "%zu", matrix->columns), row->cells[0]);
		return;
	}
	for (size_t i = 0; i < matrix->columns; i++) {
		struct text cell = row->cells[i];
		HTML(out, "<td class=\"$\">$</td>", plain && cell.len ? T("") : html_cause(cell),
			cell.len ? cell : T("-"));
	}
}

static void put_row(struct buffer *out, const struct matrix *matrix, const struct row *row)
{
	HTML(out, "<tr class=\"$\"><th scope=\"row\">", row->differs ? T("differs") : T("same"));
	if (row->differs)
		html_add(out,
			"<span aria-hidden=\"true\">&ne;</span> "
			"<span class=\"unseen\">differs:</span> ");
	HTML(out, "$</th>", row->name);
	put_cells(out, matrix, row);
	html_add(out, "</tr>\n");
}

static void put_kind(struct buffer *out, const struct matrix *matrix, enum row_kind kind)
{
	static const struct text names[] = {
		[ROW_VERDICT] = {"Verdict", 7},
		[ROW_STEP] = {"Steps", 5},
		[ROW_FACT] = {"Facts", 5},
		[ROW_TIME] = {"Times", 5},
	};
	HTML(out,
		"<tbody><tr><th scope=\"rowgroup\">$</th>"
		"<th scope=\"rowgroup\" colspan=\"$\"></th></tr>\n",
		names[kind], text_format(out->arena, "%zu", matrix->columns));
	for (size_t i = 0; i < matrix->count; i++)
		if (matrix->rows[i].kind == kind)
			put_row(out, matrix, &matrix->rows[i]);
	html_add(out, "</tbody>\n");
}

static void put_matrix(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	const struct matrix *matrix = &comparison->grouped;
	html_add(&out,
		"<table><caption>Rows that differ are marked &ne;; vantages that behave "
		"alike share a column.</caption>\n<thead><tr><th scope=\"col\">Row</th>");
	for (size_t i = 0; i < matrix->columns; i++)
		HTML(&out, "<th scope=\"col\">$</th>", matrix->labels[i]);
	html_add(&out, "</tr></thead>\n");
	for (enum row_kind kind = ROW_VERDICT; kind <= ROW_TIME; kind++)
		put_kind(&out, matrix, kind);
	html_add(&out, "</table>");
	html_flush(&out, sink);
}

static void put_groups(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	for (size_t i = 0; i < comparison->groups.count; i++) {
		const struct group *group = &comparison->groups.at[i];
		if (group->count < 2)
			continue;
		HTML(&out, "<details><summary>$: all $</summary><ul>\n", group->label,
			units_count(&arena, group->count, "vantage"));
		for (size_t k = 0; k < group->count; k++)
			HTML(&out, "<li>$</li>\n", comparison->reports[group->members[k]].label);
		html_add(&out, "</ul></details>\n");
	}
	html_flush(&out, sink);
}

static const struct {
	struct text name;
	part_fn *put;
} parts[] = {
	{{"title", 5}, put_title},
	{{"head", 4}, put_head},
	{{"matrix", 6}, put_matrix},
	{{"groups", 6}, put_groups},
	{{"findings", 8}, html_findings},
	{{"walks", 5}, html_walks},
	{{"foot", 4}, put_foot},
};

void compare_html(const struct comparison *comparison, const struct sink *sink)
{
	struct text rest = text_of(compare_page);
	while (rest.len) {
		sink->put(sink->context, text_cut(&rest, T("{{")));
		struct text name = rest.len ? text_cut(&rest, T("}}")) : T("");
		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
			if (text_equal(parts[i].name, name))
				parts[i].put(comparison, sink);
	}
}
