/* Reports as metrics, for Prometheus and what reads its format. */
#include "report/compare.h"
#include "report/words.h"

static const struct escapes label_escapes = {"\\\"", {"\\\\", "\\\""}};

/* adds the samples of a family for one report */
typedef void add_samples(struct buffer *out, const struct compared *report);

static void add_sample(struct buffer *out, const char *name, const struct compared *report)
{
	fill(out, &label_escapes, "$", text_of(name));
	fill(out, &label_escapes, "{vantage=\"$\",image=\"$\"", report->label,
		report->evidence.target.image);
}

static void add_works(struct buffer *out, const struct compared *report)
{
	static const char *const values[] = {
		[PULL_WORKS] = "1", [PULL_BREAKS] = "0", [PULL_UNKNOWN] = "NaN"};
	add_sample(out, "pullprobe_pull_works", report);
	buffer_addf(out, "} %s\n", values[report->diagnosis.pull]);
}

static void add_verdict(struct buffer *out, const struct compared *report)
{
	const struct finding *finding = verdict_finding(&report->diagnosis);
	add_sample(out, "pullprobe_verdict_info", report);
	fill(out, &label_escapes,
		",pull=\"$\",class=\"$\",certainty=\"$\",stage=\"$\",endpoint=\"$\"} 1\n",
		pull_name(report->diagnosis.pull),
		cause_name(finding ? finding->cause : CAUSE_NONE),
		finding ? certainty_name(finding->certainty) : T(""),
		finding ? stage_name(finding->stage) : T(""),
		finding ? endpoint_kind_name(finding->endpoint) : T(""));
}

static void add_exit_code(struct buffer *out, const struct compared *report)
{
	add_sample(out, "pullprobe_exit_code", report);
	buffer_addf(out, "} %d\n", report->diagnosis.exit_code);
}

static void add_started(struct buffer *out, const struct compared *report)
{
	add_sample(out, "pullprobe_started_timestamp_seconds", report);
	buffer_addf(out, "} %lld\n", (long long)report->evidence.started_at);
}

static void add_whole(struct buffer *out, const struct compared *report)
{
	add_sample(out, "pullprobe_check_seconds", report);
	buffer_addf(out, "} %.6f\n", (double)report->evidence.took_us / 1e6);
}

static void add_stages(struct buffer *out, const struct compared *report, bool times)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct stage_result *result = &report->results[i];
		double took = (double)(result->ended_us - result->began_us) / 1e6;
		if (!result->tried || result->experiment != EXPERIMENT_NONE)
			continue;
		add_sample(
			out, times ? "pullprobe_stage_seconds" : "pullprobe_stage_works", report);
		fill(out, &label_escapes, ",stage=\"$\",endpoint=\"$\"} ",
			stage_name(result->stage), endpoint_kind_name(result->endpoint));
		buffer_addf(out, "%.6g\n", times ? took : !result->outcomes[OUTCOME_FAILED]);
	}
}

static void add_stages_work(struct buffer *out, const struct compared *report)
{
	add_stages(out, report, false);
}

static void add_stage_times(struct buffer *out, const struct compared *report)
{
	add_stages(out, report, true);
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
	static const struct {
		const char *name, *help;
		add_samples *add;
	} families[] = {
		{"pullprobe_pull_works", "1 the pull works, 0 it breaks, NaN it is not known.",
			add_works},
		{"pullprobe_verdict_info", "The class of the finding that the verdict rests on.",
			add_verdict},
		{"pullprobe_exit_code", "See pullprobe explain CODE.", add_exit_code},
		{"pullprobe_started_timestamp_seconds", "When the check began.", add_started},
		{"pullprobe_check_seconds", "How long the check took.", add_whole},
		{"pullprobe_stage_works", "1 the stage passed at this endpoint, 0 it failed there.",
			add_stages_work},
		{"pullprobe_stage_seconds", "How long the stage took at this endpoint.",
			add_stage_times},
	};
	struct buffer out = {.arena = arena};
	for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
		buffer_addf(&out, "# HELP %s %s\n# TYPE %s gauge\n", families[k].name,
			families[k].help, families[k].name);
		for (size_t i = 0; i < comparison->count; i++)
			if (!is_repeated(comparison, i))
				families[k].add(&out, &comparison->reports[i]);
	}
	buffer_add(&out, T("# EOF\n"));
	return buffer_text(&out);
}
