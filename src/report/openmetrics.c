/* Reports as metrics, for Prometheus and what reads its format. */
#include "report/compare.h"

static const struct escapes label_escapes = {"\\\"", {"\\\\", "\\\""}};

enum family { WORKS, VERDICT, CODE, STARTED, WHOLE, STAGES_WORK, STAGE_TIMES };

static const struct {
	const char *name, *help;
} families[] = {
	[WORKS] = {"pull_works", "1 the pull works, 0 it breaks, NaN it is not known."},
	[VERDICT] = {"verdict_info", "The class of the finding that the verdict rests on."},
	[CODE] = {"exit_code", "See pullprobe explain CODE."},
	[STARTED] = {"started_timestamp_seconds", "When the check began."},
	[WHOLE] = {"check_seconds", "How long the check took."},
	[STAGES_WORK] = {"stage_works", "1 the stage passed at this endpoint, 0 it failed there."},
	[STAGE_TIMES] = {"stage_seconds", "How long the stage took at this endpoint."},
};

static void add_sample(struct buffer *out, enum family family, const struct compared *report)
{
	buffer_addf(out, "pullprobe_%s", families[family].name);
	fill(out, &label_escapes, "{vantage=\"$\",image=\"$\"", report->label,
		report->evidence.target.image);
}

static void add_stages(struct buffer *out, enum family family, const struct compared *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct stage_result *result = &report->results[i];
		double took = (double)(result->ended_us - result->began_us) / 1e6;
		if (!result->tried || result->experiment != EXPERIMENT_NONE)
			continue;
		add_sample(out, family, report);
		fill(out, &label_escapes, ",stage=\"$\",endpoint=\"$\"} ",
			stage_name(result->stage), endpoint_kind_name(result->endpoint));
		buffer_addf(out, "%.6g\n",
			family == STAGE_TIMES ? took : !result->outcomes[OUTCOME_FAILED]);
	}
}

static void add_report(struct buffer *out, enum family family, const struct compared *report)
{
	static const char *const works[] = {
		[PULL_WORKS] = "1", [PULL_BREAKS] = "0", [PULL_UNKNOWN] = "NaN"};
	const struct diagnosis *diagnosis = &report->diagnosis;
	const struct finding *finding = verdict_finding(diagnosis);
	add_sample(out, family, report);
	if (family == WORKS)
		buffer_addf(out, "} %s\n", works[diagnosis->pull]);
	else if (family == CODE)
		buffer_addf(out, "} %d\n", diagnosis->exit_code);
	else if (family == STARTED)
		buffer_addf(out, "} %lld\n", (long long)report->evidence.started_at);
	else if (family == WHOLE)
		buffer_addf(out, "} %.6f\n", (double)report->evidence.took_us / 1e6);
	else
		fill(out, &label_escapes,
			",pull=\"$\",class=\"$\",certainty=\"$\",stage=\"$\",endpoint=\"$\"} 1\n",
			pull_name(diagnosis->pull),
			cause_name(finding ? finding->cause : CAUSE_NONE),
			finding ? certainty_name(finding->certainty) : T(""),
			finding ? stage_name(finding->stage) : T(""),
			finding ? endpoint_kind_name(finding->endpoint) : T(""));
}

/* Two series of one name must differ in their labels. */
static bool is_repeated(const struct comparison *comparison, size_t at)
{
	const struct compared *report = &comparison->reports[at];
	for (size_t i = 0; i < at; i++)
		if (text_equal(comparison->reports[i].label, report->label) &&
			text_equal(comparison->reports[i].evidence.target.image,
				report->evidence.target.image))
			return true;
	return false;
}

struct text compare_openmetrics(struct arena *arena, const struct comparison *comparison)
{
	struct buffer out = {.arena = arena};
	for (enum family family = 0; family < COUNT(families); family++) {
		const char *name = families[family].name;
		buffer_addf(&out, "# HELP pullprobe_%s %s\n# TYPE pullprobe_%s gauge\n", name,
			families[family].help, name);
		for (size_t i = 0; i < comparison->count; i++) {
			if (is_repeated(comparison, i))
				continue;
			if (family >= STAGES_WORK)
				add_stages(&out, family, &comparison->reports[i]);
			else
				add_report(&out, family, &comparison->reports[i]);
		}
	}
	buffer_add(&out, T("# EOF\n"));
	return buffer_text(&out);
}
