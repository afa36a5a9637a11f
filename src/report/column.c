/* One report, boiled down to what is compared. Nothing in it points into the report itself. */
#include "report/column.h"
#include "diagnose/context.h"
#include "report/step_words.h"
#include "report/verdict.h"
#include <string.h>

/* what no honest report exceeds, so that a hostile one costs little */
enum { TEXT_MAX = 4000, LIST_MAX = 32 };

static struct text keep(struct arena *arena, struct text t)
{
	return t.len ? text_keep(arena, text_head(t, TEXT_MAX)) : T("");
}

static struct texts keep_list(struct arena *arena, struct texts list)
{
	struct texts kept = {0};
	for (size_t i = 0; i < list.count && i < LIST_MAX; i++)
		texts_add(arena, &kept, keep(arena, list.at[i]));
	return kept;
}

static void *keep_array(struct arena *arena, const void *from, size_t size, size_t count)
{
	void *kept = arena_take(arena, size, count);
	if (count)
		memcpy(kept, from, size * count);
	return kept;
}

/* stages */

static struct connectivity_row *find_connectivity_row(
	struct column *column, const struct step *step)
{
	for (size_t i = 0; i < column->count; i++) {
		struct connectivity_row *connectivity_row = &column->connectivity[i];
		if (connectivity_row->stage == step->stage &&
			connectivity_row->endpoint == step->endpoint &&
			connectivity_row->experiment == step->experiment)
			return connectivity_row;
	}
	return NULL;
}

/* room doubles at every power of two */
static struct connectivity_row *add_connectivity_row(
	struct arena *arena, struct column *column, const struct step *step)
{
	if ((column->count & (column->count - 1)) == 0) {
		struct connectivity_row *more = arena_new(
			arena, struct connectivity_row, column->count ? column->count * 2 : 1);
		if (column->count)
			memcpy(more, column->connectivity, column->count * sizeof *more);
		column->connectivity = more;
	}
	struct connectivity_row *connectivity_row = &column->connectivity[column->count++];
	*connectivity_row = (struct connectivity_row){
		.stage = step->stage,
		.endpoint = step->endpoint,
		.experiment = step->experiment,
		.began_us = step->began_us,
		.ended_us = step->began_us,
	};
	return connectivity_row;
}

static unsigned places_of(const struct context *context, struct texts addresses)
{
	unsigned places = 0;
	for (size_t i = 0; i < addresses.count; i++) {
		struct address address;
		if (address_parse(addresses.at[i], &address))
			places |= 1u << context_location(context, &address);
	}
	return places;
}

static void gather(struct arena *arena, struct column *column, const struct context *context,
	const struct step *step)
{
	struct connectivity_row *connectivity_row = find_connectivity_row(column, step);
	bool first_failed = step->outcome == OUTCOME_FAILED &&
		(!connectivity_row || connectivity_row->outcomes[OUTCOME_FAILED] == 0);
	bool tells = !connectivity_row || first_failed;
	if (!connectivity_row)
		connectivity_row = add_connectivity_row(arena, column, step);
	if (tells)
		connectivity_row->words = keep(arena, step_words(context->arena, step, false));
	if (first_failed)
		connectivity_row->symptom = step->symptom;
	connectivity_row->outcomes[step->outcome]++;
	if (connectivity_row->issuer.len == 0)
		connectivity_row->issuer = keep(arena, seen_text(step, FACT_ISSUER));
	connectivity_row->places |= places_of(context, seen_list(step, FACT_ADDRESSES));
	int64_t ended_us = step->began_us;
	if (step->outcome != OUTCOME_SKIPPED &&
		__builtin_add_overflow(ended_us, step->took_us, &ended_us))
		ended_us = step->began_us;
	connectivity_row->began_us = step->began_us < connectivity_row->began_us
		? step->began_us
		: connectivity_row->began_us;
	connectivity_row->ended_us = ended_us > connectivity_row->ended_us
		? ended_us
		: connectivity_row->ended_us;
}

const struct connectivity_row *column_connectivity_row(
	const struct column *column, enum stage stage, enum endpoint_kind kind)
{
	for (size_t i = 0; i < column->count; i++) {
		const struct connectivity_row *connectivity_row = &column->connectivity[i];
		if (connectivity_row->stage == stage && connectivity_row->endpoint == kind &&
			connectivity_row->experiment == EXPERIMENT_NONE)
			return connectivity_row;
	}
	return NULL;
}

struct text connectivity_row_outcome(
	struct arena *arena, const struct connectivity_row *connectivity_row)
{
	bool passed = connectivity_row->outcomes[OUTCOME_PASSED] > 0;
	if (connectivity_row->outcomes[OUTCOME_FAILED])
		return text_format(arena, "%s %.*s", passed ? "PART" : "FAIL",
			TEXT(symptom_name(connectivity_row->symptom)));
	return connectivity_row->outcomes[OUTCOME_SKIPPED] ? T("skip") : T("ok");
}

/* findings */

static struct finding keep_finding(struct arena *arena, const struct finding *finding)
{
	struct finding kept = *finding;
	kept.rule = keep(arena, finding->rule);
	kept.alternatives = keep_array(arena, finding->alternatives, sizeof *kept.alternatives,
		finding->alternative_count);
	kept.verify = keep(arena, finding->verify);
	kept.host = keep(arena, finding->host);
	kept.says = keep(arena, finding->says);
	kept.fix = keep_list(arena, finding->fix);
	kept.confirm = keep_list(arena, finding->confirm);
	kept.steps = keep_array(arena, finding->steps, sizeof *kept.steps, finding->step_count);
	return kept;
}

static struct diagnosis keep_diagnosis(struct arena *arena, const struct diagnosis *diagnosis)
{
	struct diagnosis kept = *diagnosis;
	kept.findings = arena_new(arena, struct finding, diagnosis->count);
	for (size_t i = 0; i < diagnosis->count; i++)
		kept.findings[i] = keep_finding(arena, &diagnosis->findings[i]);
	return kept;
}

struct column column_of(struct arena *arena, struct text file, const struct evidence *evidence,
	const struct diagnosis *diagnosis)
{
	const struct vantage *vantage = &evidence->vantage;
	const struct platform *platform = &evidence->target.platform;
	struct arena scratch = {0};
	struct context context = context_make(&scratch, evidence);
	struct column column = {
		.file = file,
		.label = keep(arena, vantage->label),
		.image = keep(arena, evidence->target.image),
		.platform = platform->os.len ? platform_text(arena, platform) : T(""),
		.zone = keep(arena, vantage->availability_zone),
		.subnet = keep(arena,
			vantage->subnet_cidr.len ? vantage->subnet_cidr : vantage->subnet_cidr6),
		.resolvers = keep_list(arena, vantage->resolvers),
		.mtu = vantage->mtu,
		.principal = keep(arena, vantage->principal),
		.credential_source = keep(arena, vantage->credential_source),
		.started_at = evidence->started_at,
		.took_us = evidence->took_us,
		.diagnosis = keep_diagnosis(arena, diagnosis),
		.verdict = verdict_line(arena, evidence, diagnosis),
	};
	for (size_t i = 0; i < evidence->count; i++)
		gather(arena, &column, &context, &evidence->steps[i]);
	arena_end(&scratch);
	return column;
}

/* labels */

/* what stands behind the last '/' */
static struct text base_name(struct text path)
{
	size_t at = path.len;
	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_skip(path, at);
}

/* the file's name, with its folder where another report's has the same */
static struct text file_of(const struct column *columns, size_t count, size_t at)
{
	struct text name = base_name(columns[at].file);
	for (size_t i = 0; i < count; i++)
		if (i != at && text_equal(base_name(columns[i].file), name))
			return columns[at].file;
	return name;
}

static struct text label_of(
	struct arena *arena, const struct column *columns, size_t count, size_t at)
{
	struct text label = columns[at].label;
	bool alone = label.len > 0;
	for (size_t i = 0; i < count && alone; i++)
		alone = i == at || !text_equal(columns[i].label, label);
	if (alone)
		return label;
	struct text file = file_of(columns, count, at);
	if (label.len == 0 || file.len == 0)
		return label.len ? label : file;
	return text_format(arena, "%.*s (%.*s)", TEXT(label), TEXT(file));
}

void columns_name(struct arena *arena, struct column *columns, size_t count)
{
	struct text *labels = arena_new(arena, struct text, count);
	for (size_t i = 0; i < count; i++)
		labels[i] = label_of(arena, columns, count, i);
	for (size_t i = 0; i < count; i++)
		columns[i].label = labels[i];
}
