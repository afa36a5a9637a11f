/* A comparison, and the labels that tell its reports apart. */
#include "report/compare.h"

/* no honest label is longer, and a page repeats it often */
enum { LABEL_MAX = 4000 };

/* what stands behind the last '/' */
static struct text base_name(struct text path)
{
	size_t at = path.len;
	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_skip(path, at);
}

static struct text label_in(const struct compared *report)
{
	return text_head(report->evidence.vantage.label, LABEL_MAX);
}

/* The vantage's own label; where it is missing or also another's, with its file, and with the
 * file's folder where another's file has the same name. */
static struct text label_of(
	struct arena *arena, const struct compared *reports, size_t count, size_t at)
{
	struct text label = label_in(&reports[at]);
	struct text file = base_name(reports[at].file);
	bool alone = label.len > 0;
	for (size_t i = 0; i < count; i++) {
		if (i == at)
			continue;
		if (text_equal(label_in(&reports[i]), label))
			alone = false;
		if (text_equal(base_name(reports[i].file), file))
			file = reports[at].file;
	}
	if (alone || file.len == 0)
		return label;
	return label.len ? text_format(arena, "%.*s (%.*s)", TEXT(label), TEXT(file)) : file;
}

struct comparison comparison_of(
	struct arena *arena, struct compared *reports, size_t count, struct text version)
{
	for (size_t i = 0; i < count; i++) {
		reports[i].label = label_of(arena, reports, count, i);
		stage_results_make(arena, &reports[i]);
	}
	struct comparison comparison = {
		.reports = reports,
		.count = count,
		.matrix = matrix_of(arena, reports, count),
		.version = version,
	};
	comparison.groups = matrix_groups(arena, &comparison.matrix);
	comparison.grouped = matrix_grouped(arena, &comparison.matrix, &comparison.groups);
	comparison.difference = matrix_difference(arena, &comparison.matrix);
	return comparison;
}
