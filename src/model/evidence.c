/* Evidence grows by steps, and steps by facts. */
#include "model/evidence.h"
#include "base/die.h"
#include "model/json.h"
#include "model/vpc_json.h"
#include <assert.h>
#include <string.h>

struct step *evidence_add(struct arena *arena, struct evidence *evidence, struct step step)
{
	evidence->steps = arena_grow(arena, evidence->steps, evidence->count);
	evidence->steps[evidence->count] = step;
	return &evidence->steps[evidence->count++];
}

static const struct seen *seen_of(const struct step *step, enum fact fact)
{
	for (size_t i = 0; i < step->seen_count; i++)
		if (step->seen[i].fact == fact)
			return &step->seen[i];
	return NULL;
}

void step_record(struct arena *arena, struct step *step, struct seen seen)
{
	enum fact_kind kind = fact_kind(seen.fact);
	assert(!seen_of(step, seen.fact));
	if ((kind == FACT_KIND_TEXT && !seen.text.len) ||
		(kind == FACT_KIND_LIST && !seen.list.count))
		return;
	step->seen = arena_grow(arena, step->seen, step->seen_count);
	step->seen[step->seen_count++] = seen;
}

void step_saw(struct arena *arena, struct step *step, enum fact fact, struct text value)
{
	assert(fact_kind(fact) == FACT_KIND_TEXT);
	step_record(arena, step, (struct seen){.fact = fact, .text = value});
}

void step_counted(struct arena *arena, struct step *step, enum fact fact, int64_t value)
{
	assert(fact_kind(fact) == FACT_KIND_NUMBER || fact_kind(fact) == FACT_KIND_FLAG);
	step_record(arena, step, (struct seen){.fact = fact, .number = value, .flag = value != 0});
}

void step_listed(struct arena *arena, struct step *step, enum fact fact, struct texts value)
{
	assert(fact_kind(fact) == FACT_KIND_LIST);
	step_record(arena, step, (struct seen){.fact = fact, .list = value});
}

struct text seen_text(const struct step *step, enum fact fact)
{
	const struct seen *seen = seen_of(step, fact);
	return seen ? seen->text : T("");
}

int64_t seen_number(const struct step *step, enum fact fact)
{
	const struct seen *seen = seen_of(step, fact);
	return seen ? seen->number : 0;
}

struct texts seen_list(const struct step *step, enum fact fact)
{
	const struct seen *seen = seen_of(step, fact);
	return seen ? seen->list : (struct texts){0};
}

bool seen_at_all(const struct step *step, enum fact fact)
{
	return seen_of(step, fact) != NULL;
}

/* Evidence in its one JSON form. The plain fields are rows that both ways walk; what a row cannot
 * say is written and read beside them. */

enum { STEPS_MAX = 20000 };

static const struct text schema_name = {"pullprobe.report.v1", 19};

static const struct field evidence_fields[] = {
	{FIELD(evidence, started_at, TIME)},
	{FIELD(evidence, took_us, NUMBER)},
	{FIELD(evidence, interrupted, FLAG)},
	{FIELD(evidence, full, FLAG)},
	{FIELD(evidence, timeout_us, NUMBER)},
};

static const struct field target_fields[] = {
	{FIELD(target, image, TEXT)},
	{FIELD(target, host, TEXT)},
	{FIELD(target, account, TEXT)},
	{FIELD(target, region, TEXT)},
	{FIELD(target, fips, FLAG)},
	{FIELD(target, dualstack, FLAG)},
	{FIELD(target, repository, TEXT)},
	{FIELD(target, reference, TEXT)},
	{FIELD(target, tag, TEXT)},
	{FIELD_AT("registry", target, kind, NAME, LIST_REGISTRY)},
	{FIELD_AT("reference_kind", target, reference_kind, NAME, LIST_REFERENCE)},
};

static const struct field vantage_fields[] = {
	{FIELD(vantage, label, TEXT)},
	{FIELD(vantage, launch_type, TEXT)},
	{FIELD(vantage, task_arn, TEXT)},
	{FIELD(vantage, availability_zone, TEXT)},
	{FIELD(vantage, subnet_cidr, TEXT)},
	{FIELD(vantage, subnet_cidr6, TEXT)},
	{FIELD(vantage, addresses, TEXTS)},
	{FIELD(vantage, resolvers, TEXTS)},
	{FIELD_AT("mtu", vantage, mtu, NUMBER, 0)},
	{FIELD(vantage, principal, TEXT)},
	{FIELD(vantage, credential_source, TEXT)},
	{FIELD_AT("clock_error_ms", vantage, clock_error_ms, NUMBER, -1)},
	{FIELD(vantage, clock_status, TEXT)},
};

static const struct field step_fields[] = {
	{FIELD_AT("stage", step, stage, NAME, LIST_STAGE)},
	{FIELD_AT("endpoint", step, endpoint, NAME, LIST_ENDPOINT)},
	{FIELD_AT("outcome", step, outcome, NAME, LIST_OUTCOME)},
	{FIELD_AT("cause", step, symptom, NAME, LIST_SYMPTOM)},
	{FIELD(step, host, TEXT)},
	{FIELD(step, peer, TEXT)},
	{FIELD(step, detail, TEXT)},
	{FIELD(step, began_us, NUMBER)},
	{FIELD(step, took_us, NUMBER)},
	{FIELD_AT("asks", step, experiment, NAME, LIST_EXPERIMENT)},
};

static struct field fact_field(enum fact fact)
{
	static const struct field kinds[] = {
		[FACT_KIND_TEXT] = {FIELD(seen, text, TEXT)},
		[FACT_KIND_NUMBER] = {FIELD(seen, number, NUMBER)},
		[FACT_KIND_FLAG] = {FIELD(seen, flag, FLAG)},
		[FACT_KIND_LIST] = {FIELD(seen, list, TEXTS)},
	};
	struct field field = kinds[fact_kind(fact)];
	field.key = fact_name(fact).at;
	return field;
}

/* writing ---------------------------------------------------------------------------------- */

static json_t *write_target(struct arena *arena, const struct target *target)
{
	json_t *object = json_object();
	const struct partition *partition = target->partition;
	bool platform = target->platform.os.len > 0;
	fields_write(arena, object, target_fields, COUNT(target_fields), target);
	field_put(object, "partition", field_text(arena, partition ? partition->name : T("")));
	field_put(object, "platform",
		field_text(arena, platform ? platform_text(arena, &target->platform) : T("")));
	return object;
}

static json_t *write_step(struct arena *arena, const struct step *step)
{
	json_t *object = json_object();
	json_t *facts = json_object();
	bool experiment = step->experiment != EXPERIMENT_NONE;
	fields_write(arena, object, step_fields, COUNT(step_fields), step);
	field_put(object, "experiment", json_boolean(experiment));
	field_put(object, "follows",
		experiment ? json_integer((json_int_t)step->follows) : json_null());
	for (size_t i = 0; i < step->seen_count; i++) {
		struct field field = fact_field(step->seen[i].fact);
		field_put(facts, field.key, field_value(arena, &field, &step->seen[i]));
	}
	field_put(object, "seen", facts);
	return object;
}

json_t *tool_json(struct arena *arena, struct text version)
{
	return json_pack("{s:s,s:o}", "name", "pullprobe", "version", field_text(arena, version));
}

json_t *schema_write(struct arena *arena, const struct evidence *evidence)
{
	json_t *report = json_object();
	json_t *vantage = json_object();
	json_t *steps = json_array();
	struct text stage = evidence->stage_asked ? stage_name(evidence->stage) : T("");
	fields_write(arena, vantage, vantage_fields, COUNT(vantage_fields), &evidence->vantage);
	for (size_t i = 0; i < evidence->count; i++)
		field_append(steps, write_step(arena, &evidence->steps[i]));
	field_put(report, "schema", field_text(arena, schema_name));
	field_put(report, "tool", tool_json(arena, evidence->version));
	fields_write(arena, report, evidence_fields, COUNT(evidence_fields), evidence);
	field_put(report, "stage", field_text(arena, stage));
	field_put(report, "target", write_target(arena, &evidence->target));
	field_put(report, "vantage", vantage);
	field_put(report, "configuration", vpc_write(arena, &evidence->configuration));
	field_put(report, "steps", steps);
	return report;
}

/* reading ---------------------------------------------------------------------------------- */

/* Begins a part that is an object; NULL, and a complaint, when it is none. */
static const json_t *enter(struct json_reader *reader, const json_t *report, const char *part)
{
	const json_t *object = json_object_get(report, part);
	reader->part = "";
	if (!json_is_object(object)) {
		json_refuse(reader, part, "should be an object");
		return NULL;
	}
	reader->part = part;
	return object;
}

static bool read_target(struct json_reader *reader, const json_t *report, struct target *target)
{
	const json_t *object = enter(reader, report, "target");
	struct text partition = {0};
	struct text platform = {0};
	if (!object || !fields_read(reader, object, target_fields, COUNT(target_fields), target) ||
		!read_text(reader, object, "partition", &partition) ||
		!read_text(reader, object, "platform", &platform))
		return false;
	if (partition.len && !(target->partition = partition_named(partition)))
		return json_refuse_name(reader, "partition", partition);
	return !platform.len || platform_parse(platform, &target->platform) ||
		json_refuse(reader, "platform", "should be OS/ARCH[/VARIANT]");
}

static bool read_fact(
	struct json_reader *reader, struct step *step, const json_t *facts, const char *key)
{
	struct seen seen = {0};
	if (!list_parse(LIST_FACT, text_of(key), &seen.fact))
		return json_refuse_name(reader, "seen", text_of(key));
	struct field field = fact_field(seen.fact);
	if (!field_read(reader, facts, &field, &seen))
		return false;
	if (field.kind == FIELD_FLAG)
		seen.number = seen.flag;
	step_record(reader->arena, step, seen);
	return true;
}

static bool read_facts(struct json_reader *reader, struct step *step, json_t *facts)
{
	const char *key;
	json_t *value;
	if (facts && !json_is_null(facts) && !json_is_object(facts))
		return json_refuse(reader, "seen", "should be an object");
	json_object_foreach (facts, key, value)
		if (!json_is_null(value) && !read_fact(reader, step, facts, key))
			return false;
	return true;
}

static bool read_step(struct json_reader *reader, const json_t *object, struct step *step)
{
	static const struct field follows_field = {
		.key = "follows", .kind = FIELD_NUMBER, .unknown = -1};
	int64_t follows;
	if (!fields_read(reader, object, step_fields, COUNT(step_fields), step) ||
		!field_read(reader, object, &follows_field, &follows))
		return false;
	/* an experiment follows an earlier step */
	bool experiment = step->experiment != EXPERIMENT_NONE;
	if (experiment && (follows < 0 || (size_t)follows >= reader->index))
		return json_refuse(reader, "follows", "should be the index of an earlier step");
	step->follows = experiment ? (size_t)follows : 0;
	return read_facts(reader, step, json_object_get(object, "seen"));
}

static bool read_steps(struct json_reader *reader, const json_t *report, struct evidence *out)
{
	const json_t *steps = json_object_get(report, "steps");
	const json_t *element;
	if (!json_is_array(steps))
		return json_refuse(reader, "steps", "should be a list");
	if (json_array_size(steps) > STEPS_MAX)
		return json_refuse(reader, "steps", "are too many");
	reader->part = "steps";
	reader->listed = true;
	json_array_foreach (steps, reader->index, element) {
		struct step step = {0};
		if (!read_step(reader, element, &step))
			return false;
		evidence_add(reader->arena, out, step);
	}
	reader->listed = false;
	return true;
}

static bool read_report(struct json_reader *reader, const json_t *report, struct evidence *out)
{
	struct text schema = {0};
	struct text stage = {0};
	if (!read_text(reader, report, "schema", &schema))
		return false;
	if (!text_equal(schema, schema_name))
		return json_refuse(reader, "schema", "should be \"pullprobe.report.v1\"");
	if (!read_text(reader, json_object_get(report, "tool"), "version", &out->version) ||
		!fields_read(reader, report, evidence_fields, COUNT(evidence_fields), out) ||
		!read_text(reader, report, "stage", &stage))
		return false;
	/* empty where --stage was not given */
	out->stage_asked = stage.len > 0;
	if (out->stage_asked && !list_parse(LIST_STAGE, stage, &out->stage))
		return json_refuse_name(reader, "stage", stage);
	if (!read_steps(reader, report, out) || !read_target(reader, report, &out->target))
		return false;
	const json_t *vantage = enter(reader, report, "vantage");
	return vantage &&
		fields_read(
			reader, vantage, vantage_fields, COUNT(vantage_fields), &out->vantage) &&
		vpc_read(reader, json_object_get(report, "configuration"), &out->configuration);
}

bool schema_read(
	struct arena *arena, struct text json, struct evidence *out, struct text *complaint)
{
	struct json_reader reader = {.arena = arena, .part = ""};
	json_error_t error;
	if (json.len > REPORT_BYTES_MAX)
		return complain(complaint, T("larger than any report"));
	json_t *report = json_loadb(
		json.len ? json.at : "", json.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	*out = (struct evidence){0};
	if (!report)
		reader.complaint = text_format(
			arena, "not JSON: line %d, column %d", error.line, error.column);
	else if (json_is_object(report))
		read_report(&reader, report, out);
	else
		reader.complaint = T("not a report: should be a JSON object");
	json_decref(report);
	*complaint = reader.complaint;
	return complaint->len == 0;
}
