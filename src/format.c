/* The formats, a row each. */
#include "options.h"

enum {
	CHECK = 1 << VERB_CHECK,
	EXPLAIN = 1 << VERB_EXPLAIN,
	SEVERAL = 1 << VERB_COMPARE | 1 << VERB_INSPECT | 1 << VERB_LAUNCH
};

static struct comparison comparison_by(struct arena *arena, const struct content *content)
{
	return comparison_of(arena, content->reports, content->count, text_of(PULLPROBE_VERSION));
}

static struct text print_text(struct arena *arena, const struct content *content)
{
	const struct compared *first = content->reports;
	const struct survey *survey = content->survey;
	struct text begin = T("");
	if (survey)
		begin = survey_text(arena, survey, &content->style);
	/* what probes saw is put side by side behind it */
	if (survey && (survey->count < 2 || !text_equal(survey->verb, T("launch"))))
		return begin;
	if (!survey && content->count == 1)
		return report_text(arena, &first->evidence, &first->diagnosis, &content->style);
	struct comparison comparison = comparison_by(arena, content);
	struct text table = compare_text(arena, &comparison, &content->style);
	return survey ? text_format(arena, "%.*s\n%.*s", TEXT(begin), TEXT(table)) : table;
}

static struct text print_json(struct arena *arena, const struct content *content)
{
	const struct compared *first = content->reports;
	if (content->survey)
		return survey_json(arena, content->survey);
	if (content->count == 1)
		return report_json(arena, &first->evidence, &first->diagnosis);
	struct comparison comparison = comparison_by(arena, content);
	return compare_json(arena, &comparison);
}

static struct text print_html(struct arena *arena, const struct content *content)
{
	struct comparison comparison = comparison_by(arena, content);
	return compare_html(arena, &comparison);
}

static struct text print_junit(struct arena *arena, const struct content *content)
{
	struct comparison comparison = comparison_by(arena, content);
	return compare_junit(arena, &comparison);
}

static struct text print_openmetrics(struct arena *arena, const struct content *content)
{
	struct comparison comparison = comparison_by(arena, content);
	return compare_openmetrics(arena, &comparison);
}

const struct format formats[FORMATS] = {
	{"text", CHECK | EXPLAIN | SEVERAL, true, false, print_text},
	{"json", CHECK | EXPLAIN | SEVERAL, true, false, print_json},
	{"html", SEVERAL, false, false, print_html},
	{"markdown", CHECK | EXPLAIN | SEVERAL, true, true, print_text},
	{"junit", CHECK | EXPLAIN | SEVERAL, false, false, print_junit},
	{"openmetrics", CHECK | EXPLAIN | SEVERAL, false, false, print_openmetrics},
};

bool format_is_json(const struct format *format)
{
	return format->print == print_json;
}

struct text format_print(struct arena *arena, const struct format *format, struct content *content)
{
	content->style.markdown = format->markdown;
	return format->print(arena, content);
}
