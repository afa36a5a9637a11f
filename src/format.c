/* The formats, a row each. */
#include "options.h"

enum {
	CHECK = 1 << VERB_CHECK,
	EXPLAIN = 1 << VERB_EXPLAIN,
	SEVERAL = 1 << VERB_COMPARE | 1 << VERB_INSPECT | 1 << VERB_LAUNCH
};

const struct format formats[FORMATS] = {
	{"text", CHECK | EXPLAIN | SEVERAL, true, false, compare_text},
	{"json", CHECK | EXPLAIN | SEVERAL, true, false, compare_json},
	{"html", SEVERAL, false, false, compare_html},
	{"markdown", CHECK | EXPLAIN | SEVERAL, true, true, compare_text},
	{"junit", CHECK | EXPLAIN | SEVERAL, false, false, compare_junit},
	{"openmetrics", CHECK | EXPLAIN | SEVERAL, false, false, compare_openmetrics},
};

bool format_is_json(const struct format *format)
{
	return format->compare == compare_json;
}

/* text and JSON have forms of their own for a survey, and for one report */
static struct text print_one(
	struct arena *arena, const struct format *format, const struct content *content)
{
	const struct compared *report = content->reports;
	bool is_json = format_is_json(format);
	if (!is_json && format->compare != compare_text)
		return T("");
	if (content->survey)
		return is_json ? survey_json(arena, content->survey)
			       : survey_text(arena, content->survey, &content->style);
	if (content->count != 1)
		return T("");
	return is_json ? report_json(arena, &report->evidence, &report->diagnosis)
		       : report_text(arena, &report->evidence, &report->diagnosis, &content->style);
}

struct text format_print(struct arena *arena, const struct format *format, struct content *content)
{
	content->style.markdown = format->markdown;
	struct text begin = print_one(arena, format, content);
	/* what probes saw is put side by side behind the survey's text */
	bool probed = content->survey && content->count > 1 && !format_is_json(format) &&
		text_equal(content->survey->verb, T("launch"));
	if (begin.len && !probed)
		return begin;
	struct comparison comparison = comparison_of(
		arena, content->reports, content->count, text_of(PULLPROBE_VERSION));
	comparison.style = content->style;
	struct text table = format->compare(arena, &comparison);
	return begin.len ? text_format(arena, "%.*s\n%.*s", TEXT(begin), TEXT(table)) : table;
}
