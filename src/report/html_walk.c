/* Each vantage's walk as a waterfall: a table whose last column is drawn, so that it is read as
 * well as seen. All walks share one scale. */
#include "report/html.h"
#include "report/words.h"

/* so many walks are unfolded; of more, only the first of each group */
enum { UNFOLDED = 6, TICKS = 5 };

struct scale {
	int64_t whole_us; /* what the full width stands for; never 0 */
	int64_t tick_us;
};

/* the smallest of 1, 2, 5, 10, ... milliseconds that takes few ticks */
static int64_t tick_of(int64_t whole_us)
{
	int64_t tick_us = 1000;
	for (int i = 0; whole_us / tick_us > TICKS; i++)
		tick_us = i % 3 == 1 ? tick_us / 2 * 5 : tick_us * 2;
	return tick_us;
}

static struct scale scale_of(const struct comparison *comparison)
{
	int64_t whole_us = 1000;
	for (size_t i = 0; i < comparison->count; i++)
		for (size_t k = 0; k < comparison->reports[i].count; k++) {
			int64_t ended_us = comparison->reports[i].results[k].ended_us;
			whole_us = ended_us > whole_us ? ended_us : whole_us;
		}
	return (struct scale){whole_us, tick_of(whole_us)};
}

static struct text percent(struct arena *arena, int64_t us, const struct scale *scale)
{
	double part = 100 * (double)us / (double)scale->whole_us;
	return text_format(arena, "%.2f%%", part < 0 ? 0 : part);
}

static void put_axis(struct buffer *out, const struct scale *scale)
{
	html_add(out, "<svg aria-hidden=\"true\">");
	/* none at the right end, where its label would stand in the next column */
	for (int64_t us = 0; us < scale->whole_us - scale->tick_us / 2; us += scale->tick_us) {
		struct text x = percent(out->arena, us, scale);
		HTML(out,
			"<line x1=\"$\" x2=\"$\" y2=\"100%\"/><text x=\"$\" dx=\"3\" "
			"y=\"12\">$</text>",
			x, x, x, us ? units_time(out->arena, us) : T("0"));
	}
	html_add(out, "</svg>");
}

static void put_bar(
	struct buffer *out, const struct stage_result *result, const struct scale *scale)
{
	int64_t took_us = result->ended_us - result->began_us;
	/* the shortest can still be seen */
	int64_t least_us = scale->whole_us / 150;
	if (!stage_result_was_tried(result))
		return;
	HTML(out,
		"<svg aria-hidden=\"true\"><rect class=\"$\" x=\"$\" width=\"$\" y=\"15%\" "
		"height=\"70%\"/></svg>",
		result->experiment != EXPERIMENT_NONE ? T("asks") : html_cause(result->shows),
		percent(out->arena, result->began_us, scale),
		percent(out->arena, took_us > least_us ? took_us : least_us, scale));
}

static void put_result(
	struct buffer *out, const struct stage_result *result, const struct scale *scale)
{
	struct text took = units_time(out->arena, result->ended_us - result->began_us);
	HTML(out,
		"<tr><th scope=\"row\">$ $$$</th><td class=\"$\">$</td><td>$</td><td "
		"class=\"bar\">",
		stage_name(result->stage),
		result->endpoint == ENDPOINT_CALLER ? T("") : endpoint_kind_name(result->endpoint),
		result->experiment != EXPERIMENT_NONE ? T(", ") : T(""),
		experiment_name(result->experiment), html_cause(result->shows), result->shows,
		text_equal(result->shows, T("skip")) ? T("") : took);
	put_bar(out, result, scale);
	HTML(out, "</td><td class=\"words\">$</td></tr>\n",
		step_words(out->arena, result->step, false));
}

static void put_walk(
	struct buffer *out, const struct compared *report, const struct scale *scale, bool unfolded)
{
	HTML(out,
		"<details$><summary><b>$</b> <span class=\"$\">$</span>, $</summary>\n"
		"<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		"aria-label=\"The walk from $\">\n"
		"<table class=\"walk\"><caption class=\"unseen\">The walk from $</caption>\n"
		"<thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Outcome</th>"
		"<th scope=\"col\">Took</th><th scope=\"col\" class=\"bar\">"
		"<span class=\"unseen\">When</span>",
		unfolded ? T(" open") : T(""), report->label,
		html_cause(pull_name(report->diagnosis.pull)),
		verdict_line(out->arena, &report->evidence, &report->diagnosis),
		units_time(out->arena, report->evidence.took_us), report->label, report->label);
	put_axis(out, scale);
	html_add(out, "</th><th scope=\"col\">Seen</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < report->count; i++)
		put_result(out, &report->results[i], scale);
	html_add(out, "</tbody></table></div></details>\n");
}

void html_walks(const struct comparison *comparison, const struct sink *sink)
{
	struct arena arena = {0};
	struct buffer out = {.arena = &arena};
	struct scale scale = scale_of(comparison);
	const struct groups *groups = &comparison->groups;
	for (size_t i = 0; i < comparison->count; i++) {
		bool first = groups->at[groups->of[i]].members[0] == i;
		bool unfolded = comparison->count <= UNFOLDED ||
			(first && groups->count <= UNFOLDED);
		put_walk(&out, &comparison->reports[i], &scale, unfolded);
		html_flush(&out, sink);
	}
}
