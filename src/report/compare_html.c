/* The page: src/report/compare.html, whose placeholders in double braces are filled here. */
#include "base/arena.h"
#include "base/clock.h"
#include "report/html.h"
#include "report/words.h"

extern const char compare_page[]; /* compare_page.S */

/* so many timelines are unfolded; of more, only the first of each group */
enum { FEW = 3, UNFOLDED = 6, TICKS = 5 };

/* the class that colours a cell or a bar of that outcome */
static struct text colour_of(struct text cell)
{
	if (text_equal(cell, T("ok")) || text_equal(cell, T("works")))
		return T("good");
	return text_equal(cell, T("skip")) || cell.len == 0 ? T("n") : T("bad");
}

/* head and foot */

static void put_title(struct html *html)
{
	HTML(html, "pullprobe: $ side by side",
		units_count(&html->arena, html->comparison->count, "vantage"));
}

static void put_head(struct html *html)
{
	const struct comparison *comparison = html->comparison;
	struct arena *arena = &html->arena;
	struct texts images = {0};
	size_t working = 0;
	for (size_t i = 0; i < comparison->count; i++) {
		working += comparison->reports[i].diagnosis.pull == PULL_WORKS;
		if (images.count <= FEW)
			texts_add_once(
				arena, &images, comparison->reports[i].evidence.target.image);
	}
	HTML(html,
		"<h1>pullprobe: vantages side by side</h1>\n<p class=\"first\">$.</p>\n"
		"<p class=\"soft\">$, the pull works from $; $ by behaviour. $</p>",
		comparison->difference.sentence, units_count(arena, comparison->count, "vantage"),
		working == comparison->count ? T("all")
			: working	     ? text_format(arena, "%zu", working)
					     : T("none"),
		units_count(arena, comparison->groups.count, "group"),
		images.count > FEW ? T("several images") : units_list(arena, images, FEW));
}

static void put_foot(struct html *html)
{
	int64_t from = INT64_MAX;
	int64_t to = INT64_MIN;
	for (size_t i = 0; i < html->comparison->count; i++) {
		int64_t at = html->comparison->reports[i].evidence.started_at;
		from = at < from ? at : from;
		to = at > to ? at : to;
	}
	HTML(html, "<p>Checked between $ and $; compared by pullprobe $.</p>",
		clock_text(&html->arena, from), clock_text(&html->arena, to),
		html->comparison->version);
}

/* the matrix */

static void put_row(struct html *html, const struct matrix *matrix, const struct row *row)
{
	bool plain = row->kind == ROW_FACT || row->kind == ROW_TIME;
	HTML(html, "<tr class=\"$\"><th scope=\"row\">", row->differs ? T("differs") : T("same"));
	if (row->differs)
		html_add(html,
			"<span aria-hidden=\"true\">&ne;</span> "
			"<span class=\"unseen\">differs:</span> ");
	HTML(html, "$</th>", row->name);
	if (row->kind == ROW_FACT && row->shared) {
		HTML(html, "<td colspan=\"$\">$</td></tr>\n",
			text_format(&html->arena, "%zu", matrix->columns), row->cells[0]);
		return;
	}
	for (size_t i = 0; i < matrix->columns; i++) {
		struct text cell = row->cells[i];
		HTML(html, "<td class=\"$\">$</td>", plain && cell.len ? T("") : colour_of(cell),
			cell.len ? cell : T("-"));
	}
	html_add(html, "</tr>\n");
}

static void put_matrix(struct html *html)
{
	static const char *const names[] = {"Verdict", "Steps", "Facts", "Times"};
	const struct matrix *matrix = &html->comparison->grouped;
	html_add(html,
		"<table><caption>Rows that differ are marked &ne;; vantages that behave "
		"alike share a column.</caption>\n<thead><tr><th scope=\"col\">Row</th>");
	for (size_t i = 0; i < matrix->columns; i++)
		HTML(html, "<th scope=\"col\">$</th>", matrix->labels[i]);
	html_add(html, "</tr></thead>\n");
	for (enum row_kind kind = ROW_VERDICT; kind <= ROW_TIME; kind++) {
		HTML(html,
			"<tbody><tr><th scope=\"rowgroup\">$</th>"
			"<th scope=\"rowgroup\" colspan=\"$\"></th></tr>\n",
			text_of(names[kind]), text_format(&html->arena, "%zu", matrix->columns));
		for (size_t i = 0; i < matrix->count; i++)
			if (matrix->rows[i].kind == kind)
				put_row(html, matrix, &matrix->rows[i]);
		html_add(html, "</tbody>\n");
	}
	html_add(html, "</table>");
}

static void put_groups(struct html *html)
{
	const struct comparison *comparison = html->comparison;
	for (size_t i = 0; i < comparison->groups.count; i++) {
		const struct group *group = &comparison->groups.at[i];
		if (group->count < 2)
			continue;
		HTML(html, "<details><summary>$: all $</summary><ul>\n", group->label,
			units_count(&html->arena, group->count, "vantage"));
		for (size_t k = 0; k < group->count; k++)
			HTML(html, "<li>$</li>\n", comparison->reports[group->members[k]].label);
		html_add(html, "</ul></details>\n");
	}
}

/* What to do, group by group: the first member's findings in full, the others' behind a fold. */

static void put_lines(struct html *html, struct texts lines)
{
	if (lines.count == 0)
		return;
	html_add(html, "<ul class=\"fix\">\n");
	for (size_t i = 0; i < lines.count; i++) {
		bool command = text_starts(lines.at[i], T("aws ")) ||
			text_holds(lines.at[i], T("{\"")) || text_holds(lines.at[i], T(" --"));
		HTML(html, command ? "<li><code>$</code>" : "<li><span>$</span>", lines.at[i]);
		html_add(html, "<button type=\"button\" hidden>Copy</button></li>\n");
	}
	html_add(html, "</ul>\n");
}

static void put_finding(struct html *html, const struct finding *finding)
{
	HTML(html, "<article>\n<h4>$ of $: <span class=\"$\">$</span> ($, $)</h4>\n<p>$</p>\n",
		stage_name(finding->stage), endpoint_kind_name(finding->endpoint),
		finding->severity == SEVERITY_BROKEN ? T("bad") : T(""), cause_name(finding->cause),
		severity_name(finding->severity), certainty_name(finding->certainty),
		finding->says);
	if (finding->alternative_count)
		HTML(html, "<p>$</p><ul>\n", alternatives_heading(finding->certainty));
	for (size_t i = 0; i < finding->alternative_count; i++)
		HTML(html, "<li><b>$</b>: $</li>\n", cause_name(finding->alternatives[i]),
			list_meaning(LIST_CAUSE, finding->alternatives[i]));
	if (finding->alternative_count)
		html_add(html, "</ul>\n");
	if (finding->verify.len)
		HTML(html, "<p>$: $</p>\n", T(VERIFY_HEADING), finding->verify);
	put_lines(html, finding->fix);
	if (finding->confirm.count)
		HTML(html, "<p>$:</p>\n", T(CONFIRM_HEADING));
	put_lines(html, finding->confirm);
	html_add(html, "</article>\n");
}

static bool texts_equal(struct texts a, struct texts b)
{
	size_t i = 0;
	while (i < a.count && i < b.count && text_equal(a.at[i], b.at[i]))
		i++;
	return i == a.count && i == b.count;
}

/* whether all that would be read is the same */
static bool reads_alike(const struct diagnosis *a, const struct diagnosis *b)
{
	bool alike = a->count == b->count;
	for (size_t i = 0; alike && i < a->count; i++) {
		const struct finding *one = &a->findings[i];
		const struct finding *other = &b->findings[i];
		alike = text_equal(one->rule, other->rule) && text_equal(one->says, other->says) &&
			text_equal(one->verify, other->verify) &&
			texts_equal(one->fix, other->fix) &&
			texts_equal(one->confirm, other->confirm);
	}
	return alike;
}

static void put_findings_of(struct html *html, const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->count; i++)
		put_finding(html, &diagnosis->findings[i]);
}

static void put_findings(struct html *html)
{
	const struct comparison *comparison = html->comparison;
	for (size_t i = 0; i < comparison->groups.count; i++) {
		const struct group *group = &comparison->groups.at[i];
		const struct compared *first = &comparison->reports[group->members[0]];
		HTML(html, "<h3>$</h3>\n<p class=\"$\">$</p>\n", group->label,
			colour_of(pull_name(first->diagnosis.pull)),
			verdict_line(&html->arena, &first->evidence, &first->diagnosis));
		put_findings_of(html, &first->diagnosis);
		for (size_t k = 1; k < group->count; k++) {
			const struct compared *report = &comparison->reports[group->members[k]];
			if (reads_alike(&report->diagnosis, &first->diagnosis))
				continue;
			HTML(html, "<details><summary>For $</summary>\n", report->label);
			put_findings_of(html, &report->diagnosis);
			html_add(html, "</details>\n");
			html_flush(html);
		}
		html_flush(html);
	}
}

/* Each vantage's check as a timeline: a table whose last column is drawn, so that it is read as
 * well as seen. All share one scale. */

struct scale {
	int64_t whole_us; /* the full width; never 0 */
	int64_t tick_us;  /* the smallest of 1, 2, 5, 10, ... milliseconds that takes few ticks */
};

static struct scale scale_of(const struct comparison *comparison)
{
	struct scale scale = {1000, 1000};
	for (size_t i = 0; i < comparison->count; i++)
		for (size_t k = 0; k < comparison->reports[i].count; k++) {
			int64_t ended_us = comparison->reports[i].results[k].ended_us;
			scale.whole_us = ended_us > scale.whole_us ? ended_us : scale.whole_us;
		}
	for (int i = 0; scale.whole_us / scale.tick_us > TICKS; i++)
		scale.tick_us = i % 3 == 1 ? scale.tick_us / 2 * 5 : scale.tick_us * 2;
	return scale;
}

static struct text percent(struct html *html, int64_t us, const struct scale *scale)
{
	double part = 100 * (double)us / (double)scale->whole_us;
	return text_format(&html->arena, "%.2f%%", part < 0 ? 0 : part);
}

static void put_axis(struct html *html, const struct scale *scale)
{
	html_add(html, "<svg aria-hidden=\"true\">");
	/* none at the right end, where its label would be in the next column */
	for (int64_t us = 0; us < scale->whole_us - scale->tick_us / 2; us += scale->tick_us) {
		struct text x = percent(html, us, scale);
		HTML(html,
			"<line x1=\"$\" x2=\"$\" y2=\"100%\"/><text x=\"$\" dx=\"3\" "
			"y=\"12\">$</text>",
			x, x, x, us ? units_time(&html->arena, us) : T("0"));
	}
	html_add(html, "</svg>");
}

static void put_result(
	struct html *html, const struct stage_result *result, const struct scale *scale)
{
	bool experiment = result->experiment != EXPERIMENT_NONE;
	int64_t took_us = result->ended_us - result->began_us;
	int64_t least_us = scale->whole_us / 150; /* the shortest can still be seen */
	HTML(html,
		"<tr><th scope=\"row\">$ $$$</th><td class=\"$\">$</td><td>$</td><td "
		"class=\"bar\">",
		stage_name(result->stage),
		result->endpoint == ENDPOINT_CALLER ? T("") : endpoint_kind_name(result->endpoint),
		experiment ? T(", ") : T(""), experiment_name(result->experiment),
		colour_of(result->shows), result->shows,
		text_equal(result->shows, T("skip")) ? T("") : units_time(&html->arena, took_us));
	if (result->tried)
		HTML(html,
			"<svg aria-hidden=\"true\"><rect class=\"$\" x=\"$\" width=\"$\" "
			"y=\"15%\" height=\"70%\"/></svg>",
			experiment ? T("experiment") : colour_of(result->shows),
			percent(html, result->began_us, scale),
			percent(html, took_us > least_us ? took_us : least_us, scale));
	HTML(html, "</td><td class=\"words\">$</td></tr>\n",
		step_words(&html->arena, result->step, false));
}

static void put_timelines(struct html *html)
{
	const struct comparison *comparison = html->comparison;
	const struct groups *groups = &comparison->groups;
	struct scale scale = scale_of(comparison);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compared *report = &comparison->reports[i];
		bool first = groups->at[groups->of[i]].members[0] == i;
		bool open = comparison->count <= UNFOLDED || (first && groups->count <= UNFOLDED);
		HTML(html,
			"<details$><summary><b>$</b> <span class=\"$\">$</span>, $</summary>\n"
			"<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
			"aria-label=\"The check from $\">\n<table class=\"timeline\">"
			"<caption class=\"unseen\">The check from $</caption>\n"
			"<thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Outcome</th>"
			"<th scope=\"col\">Took</th><th scope=\"col\" class=\"bar\">"
			"<span class=\"unseen\">When</span>",
			open ? T(" open") : T(""), report->label,
			colour_of(pull_name(report->diagnosis.pull)),
			verdict_line(&html->arena, &report->evidence, &report->diagnosis),
			units_time(&html->arena, report->evidence.took_us), report->label,
			report->label);
		put_axis(html, &scale);
		html_add(html, "</th><th scope=\"col\">Details</th></tr></thead>\n<tbody>\n");
		for (size_t k = 0; k < report->count; k++)
			put_result(html, &report->results[k], &scale);
		html_add(html, "</tbody></table></div>\n");
		html_chains(html, report);
		html_add(html, "</details>\n");
		html_flush(html);
	}
}

void compare_html(const struct comparison *comparison, const struct sink *sink)
{
	static const struct {
		struct text name;
		void (*put)(struct html *html);
	} parts[] = {
		{{"title", 5}, put_title},
		{{"head", 4}, put_head},
		{{"matrix", 6}, put_matrix},
		{{"groups", 6}, put_groups},
		{{"findings", 8}, put_findings},
		{{"timelines", 9}, put_timelines},
		{{"foot", 4}, put_foot},
	};
	struct html html = {.comparison = comparison, .sink = sink};
	struct text rest = text_of(compare_page);
	html.out.arena = &html.arena;
	while (rest.len) {
		sink->put(sink->context, text_cut(&rest, T("{{")));
		struct text name = rest.len ? text_cut(&rest, T("}}")) : T("");
		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
			if (text_equal(parts[i].name, name))
				parts[i].put(&html);
		html_flush(&html);
	}
}
