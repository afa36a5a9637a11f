/* The rows of a comparison: the results of each report's stages, and the facts worth comparing. */
#include "report/compare.h"
#include "diagnose/configuration.h"
#include "diagnose/context.h"

/* no honest label is longer, and a page repeats it often */
enum { LABEL_MAX = 4000, FEW = 3 };

/* labels */

static struct text base_name(struct text path)
{
	size_t at = path.len;
	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_skip(path, at);
}

/* The vantage's own label; where it is missing or also another's, with its file, and with the
 * file's folder where another's file has the same name. */
static struct text label_of(
	struct arena *arena, const struct compared *reports, size_t count, size_t at)
{
	struct text label = text_head(reports[at].evidence.vantage.label, LABEL_MAX);
	struct text file = base_name(reports[at].file);
	bool alone = label.len > 0;
	for (size_t i = 0; i < count; i++) {
		struct text other = text_head(reports[i].evidence.vantage.label, LABEL_MAX);
		if (i == at)
			continue;
		alone = alone && !text_equal(other, label);
		if (text_equal(base_name(reports[i].file), file))
			file = reports[at].file;
	}
	if (alone || file.len == 0)
		return label;
	return label.len ? text_format(arena, "%.*s (%.*s)", TEXT(label), TEXT(file)) : file;
}

/* results */

struct stage_result *stage_result_of(const struct compared *report, enum stage stage,
	enum endpoint_kind endpoint, enum experiment experiment)
{
	for (size_t i = 0; i < report->count; i++) {
		struct stage_result *result = &report->results[i];
		if (result->stage == stage && result->endpoint == endpoint &&
			result->experiment == experiment)
			return result;
	}
	return NULL;
}

static struct stage_result *result_add(
	struct arena *arena, struct compared *report, const struct step *step)
{
	report->results = arena_grow(arena, report->results, report->count);
	struct stage_result *result = &report->results[report->count++];
	*result = (struct stage_result){.stage = step->stage,
		.endpoint = step->endpoint,
		.experiment = step->experiment,
		.step = step,
		.began_us = step->began_us,
		.ended_us = step->began_us};
	return result;
}

static void add_step(struct stage_result *result, const struct step *step, unsigned locations)
{
	if (step->outcome == OUTCOME_FAILED && !result->outcomes[OUTCOME_FAILED]) {
		result->step = step;
		result->symptom = step->symptom;
	}
	result->outcomes[step->outcome]++;
	result->tried = result->tried || step->outcome != OUTCOME_SKIPPED;
	if (result->issuer.len == 0)
		result->issuer = seen_text(step, FACT_ISSUER);
	result->locations |= locations;
	int64_t ended_us = step->began_us;
	if (step->outcome != OUTCOME_SKIPPED &&
		__builtin_add_overflow(ended_us, step->took_us, &ended_us))
		ended_us = step->began_us;
	if (step->began_us < result->began_us)
		result->began_us = step->began_us;
	if (ended_us > result->ended_us)
		result->ended_us = ended_us;
}

/* what its cells show */
static void describe_result(struct arena *arena, struct stage_result *result)
{
	static const struct text names[] = {
		[LOCATION_SELF] = {"this machine", 12},
		[LOCATION_LINK_LOCAL] = {"link-local", 10},
		[LOCATION_INSIDE] = {"in the VPC", 10},
		[LOCATION_PRIVATE] = {"private", 7},
		[LOCATION_PUBLIC] = {"public", 6},
	};
	struct texts found = {0};
	for (size_t i = 0; i < COUNT(names); i++)
		if (result->locations & (1u << i))
			texts_add(arena, &found, names[i]);
	result->location = units_list(arena, found, found.count);
	if (result->outcomes[OUTCOME_FAILED])
		result->shows = text_format(arena, "%s %.*s",
			result->outcomes[OUTCOME_PASSED] ? "PART" : "FAIL",
			TEXT(symptom_name(result->symptom)));
	else
		result->shows = result->outcomes[OUTCOME_SKIPPED] ? T("skip") : T("ok");
}

static void make_results(struct arena *arena, struct compared *report)
{
	const struct evidence *evidence = &report->evidence;
	unsigned *locations = arena_new(arena, unsigned, evidence->count);
	evidence_locations(evidence, locations);
	report->results = NULL;
	report->count = 0;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		struct stage_result *result = stage_result_of(
			report, step->stage, step->endpoint, step->experiment);
		add_step(result ? result : result_add(arena, report, step), step, locations[i]);
	}
	for (size_t i = 0; i < report->count; i++)
		describe_result(arena, &report->results[i]);
}

static void describe_report(struct arena *arena, struct compared *report)
{
	const struct diagnosis *diagnosis = &report->diagnosis;
	const struct finding *verdict = verdict_finding(diagnosis);
	const struct vantage *vantage = &report->evidence.vantage;
	const struct platform *platform = &report->evidence.target.platform;
	struct text pull = pull_name(diagnosis->pull);
	struct texts causes = {0};
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct finding *finding = &diagnosis->findings[i];
		if (finding != verdict && finding->severity != SEVERITY_NOTE)
			texts_add_once(arena, &causes, cause_name(finding->cause));
	}
	report->verdict = verdict
		? text_format(arena, "%.*s: %.*s", TEXT(pull), TEXT(cause_name(verdict->cause)))
		: pull;
	report->also_found = units_list(arena, causes, FEW);
	report->platform = platform->os.len ? platform_text(arena, platform) : T("");
	report->subnet = vantage->subnet_cidr.len ? vantage->subnet_cidr : vantage->subnet_cidr6;
	report->resolvers = units_list(arena, vantage->resolvers, FEW);
	report->mtu = vantage->mtu ? text_format(arena, "%lld", (long long)vantage->mtu) : T("");
}

/* rows */

enum { OF_REPORT = STAGE_COUNT };

#define OF_REPORT_(member) OF_REPORT, offsetof(struct compared, member)
#define OF_STAGE_(name, member) STAGE_##name, offsetof(struct stage_result, member)
#define STEP_ROW_(name, label, meaning) {ROW_STEP, true, label, OF_STAGE_(name, shows), ""},

/* clang-format off */
/* The rows, from the top. Their cells are texts of the reports, or of the results of a stage: then
 * there is one for each endpoint at which any vantage reached that stage. */
static const struct row_source {
	enum row_kind kind;
	bool behaves;
	const char *name;
	int stage;	  /* or OF_REPORT */
	size_t at;	  /* offsetof */
	const char *none; /* instead of an empty cell, if another one is not empty */
} sources[] = {
	{ROW_VERDICT, true, "verdict", OF_REPORT_(verdict), ""},
	STAGES(STEP_ROW_)
	{ROW_FACT, true, "address", OF_STAGE_(DNS, location), ""},
	{ROW_FACT, false, "issuer", OF_STAGE_(TLS, issuer), ""},
	{ROW_FACT, true, "also found", OF_REPORT_(also_found), "nothing"},
	{ROW_FACT, false, "image", OF_REPORT_(evidence.target.image), ""},
	{ROW_FACT, false, "platform", OF_REPORT_(platform), ""},
	{ROW_FACT, false, "zone", OF_REPORT_(evidence.vantage.availability_zone), ""},
	{ROW_FACT, false, "subnet", OF_REPORT_(subnet), ""},
	{ROW_FACT, false, "resolvers", OF_REPORT_(resolvers), ""},
	{ROW_FACT, false, "MTU", OF_REPORT_(mtu), ""},
	{ROW_FACT, false, "principal", OF_REPORT_(evidence.vantage.principal), ""},
	{ROW_FACT, false, "credentials from", OF_REPORT_(evidence.vantage.credential_source), ""},
};
/* clang-format on */

enum { ROWS_MAX = COUNT(sources) * ENDPOINT_COUNT + STAGE_COUNT + 1 };

/* Adds a row whose cells are there, unless all of them are empty. An empty cell is no difference:
 * it was not asked, or not seen. */
static void add_row(struct matrix *matrix, struct row row)
{
	size_t empty = 0;
	const struct text *first = NULL;
	for (size_t i = 0; i < matrix->columns; i++) {
		const struct text *cell = &row.cells[i];
		empty += cell->len == 0;
		row.differs = row.differs || (first && cell->len && !text_equal(*cell, *first));
		if (!first && cell->len)
			first = cell;
	}
	row.shared = empty == 0 && !row.differs;
	if (empty < matrix->columns)
		matrix->rows[matrix->count++] = row;
}

static void add_rows(struct arena *arena, struct matrix *matrix, const struct compared *reports,
	const struct row_source *from)
{
	bool of_report = from->stage == OF_REPORT;
	for (enum endpoint_kind kind = 0; kind < (of_report ? 1 : ENDPOINT_COUNT); kind++) {
		struct row row = {.kind = from->kind,
			.name = text_of(from->name),
			.behaves = from->behaves,
			.cells = arena_new(arena, struct text, matrix->columns)};
		bool any = false;
		if (kind != ENDPOINT_CALLER)
			row.name = text_format(
				arena, "%s %.*s", from->name, TEXT(endpoint_kind_name(kind)));
		for (size_t i = 0; i < matrix->columns; i++) {
			const void *in = &reports[i];
			if (!of_report)
				in = stage_result_of(&reports[i], (enum stage)from->stage, kind,
					EXPERIMENT_NONE);
			if (in)
				row.cells[i] = *(
					const struct text *)(const void *)((const char *)in +
					from->at);
			any = any || row.cells[i].len;
		}
		for (size_t i = 0; i < matrix->columns && any; i++)
			if (row.cells[i].len == 0)
				row.cells[i] = text_of(from->none);
		add_row(matrix, row);
	}
}

/* from the first beginning to the last end of a stage's steps, the whole check's where `stage` is
 * STAGE_COUNT; -1 when there were none */
static int64_t stage_time(const struct compared *report, enum stage stage)
{
	int64_t from = INT64_MAX;
	int64_t to = -1;
	if (stage == STAGE_COUNT)
		return report->evidence.took_us;
	for (size_t i = 0; i < report->count; i++) {
		const struct stage_result *result = &report->results[i];
		if (result->stage != stage || result->experiment != EXPERIMENT_NONE ||
			!result->tried)
			continue;
		from = result->began_us < from ? result->began_us : from;
		to = result->ended_us > to ? result->ended_us : to;
	}
	return to < from ? -1 : to - from;
}

static void add_time(struct arena *arena, struct matrix *matrix, const struct compared *reports,
	enum stage stage)
{
	struct row row = {
		.kind = ROW_TIME,
		.name = stage == STAGE_COUNT
			? T("time in all")
			: text_format(arena, "time %.*s", TEXT(stage_name(stage))),
		.cells = arena_new(arena, struct text, matrix->columns),
		.times_us = arena_new(arena, int64_t, matrix->columns),
	};
	int64_t shortest = INT64_MAX;
	int64_t longest = -1;
	for (size_t i = 0; i < matrix->columns; i++) {
		int64_t time_us = stage_time(&reports[i], stage);
		row.times_us[i] = time_us;
		row.cells[i] = time_us < 0 ? T("") : units_time(arena, time_us);
		shortest = time_us >= 0 && time_us < shortest ? time_us : shortest;
		longest = time_us > longest ? time_us : longest;
	}
	row.differs = longest > shortest && longest / 3 > shortest && longest - shortest > 100000;
	if (longest >= 0)
		matrix->rows[matrix->count++] = row;
}

static struct matrix matrix_of(struct arena *arena, const struct compared *reports, size_t count)
{
	struct matrix matrix = {
		.labels = arena_new(arena, struct text, count),
		.columns = count,
		.rows = arena_new(arena, struct row, ROWS_MAX),
	};
	for (size_t i = 0; i < count; i++)
		matrix.labels[i] = reports[i].label;
	for (size_t i = 0; i < COUNT(sources); i++)
		add_rows(arena, &matrix, reports, &sources[i]);
	for (enum stage stage = 0; stage <= STAGE_COUNT; stage++)
		add_time(arena, &matrix, reports, stage);
	return matrix;
}

static const struct evidence *evidence_of(const struct comparison *comparison, struct text label)
{
	for (size_t i = 0; i < comparison->count; i++)
		if (text_equal(comparison->matrix.labels[i], label))
			return &comparison->reports[i].evidence;
	return NULL;
}

/* The difference in behaviour, and the one of the configuration that explains it. */
static void explain_difference(struct arena *arena, struct comparison *comparison)
{
	struct difference *difference = &comparison->difference;
	if (!difference->those.count || !difference->others.count)
		return;
	const struct evidence *works = evidence_of(comparison, difference->others.at[0]);
	const struct evidence *breaks = evidence_of(comparison, difference->those.at[0]);
	if (!works || !breaks || vpc_is_empty(&works->configuration) ||
		vpc_is_empty(&breaks->configuration))
		return;
	struct text why = configuration_difference(arena, works, breaks);
	if (why.len)
		difference->sentence = text_format(
			arena, "%.*s: %.*s", TEXT(difference->sentence), TEXT(why));
}

struct comparison comparison_of(
	struct arena *arena, struct compared *reports, size_t count, struct text version)
{
	for (size_t i = 0; i < count; i++) {
		reports[i].label = label_of(arena, reports, count, i);
		make_results(arena, &reports[i]);
		describe_report(arena, &reports[i]);
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
	explain_difference(arena, &comparison);
	return comparison;
}
