/* Evidence in its one JSON form: what stands around the steps. The plain fields are rows that both
 * ways walk. */
#include "model/schema.h"
#include "base/clock.h"
#include "model/fields.h"
#include "model/schema_steps.h"

static const struct text schema_name = {"pullprobe.report.v1", 19};

static const struct field evidence_fields[] = {
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
	{"mtu", FIELD_KNOWN, offsetof(struct vantage, mtu), 0},
	{FIELD(vantage, principal, TEXT)},
	{FIELD(vantage, credential_source, TEXT)},
	{"clock_error_ms", FIELD_KNOWN, offsetof(struct vantage, clock_error_ms), -1},
	{FIELD(vantage, clock_status, TEXT)},
};

static const char *const registry_names[] = {
	[REGISTRY_ECR] = "ecr",
	[REGISTRY_ECR_PUBLIC] = "ecr_public",
	[REGISTRY_OCI] = "oci",
};

static const char *const reference_names[] = {
	[REFERENCE_TAG] = "tag",
	[REFERENCE_DIGEST] = "digest",
};

/* writing */

static json_t *write_target(struct arena *arena, const struct target *target)
{
	json_t *object = json_object();
	const struct partition *partition = target->partition;
	bool platform = target->platform.os.len > 0;
	fields_write(arena, object, target_fields, COUNT(target_fields), target);
	field_put(object, "registry", json_string(registry_names[target->kind]));
	field_put(object, "partition", field_text(arena, partition ? partition->name : T("")));
	field_put(object, "reference_kind", json_string(reference_names[target->reference_kind]));
	field_put(object, "platform",
		field_text(arena, platform ? platform_text(arena, &target->platform) : T("")));
	return object;
}

static json_t *write_vantage(struct arena *arena, const struct vantage *vantage)
{
	json_t *object = json_object();
	fields_write(arena, object, vantage_fields, COUNT(vantage_fields), vantage);
	return object;
}

static json_t *write_tool(struct arena *arena, const struct evidence *evidence)
{
	json_t *object = json_object();
	field_put(object, "name", json_string("pullprobe"));
	field_put(object, "version", field_text(arena, evidence->version));
	return object;
}

json_t *schema_write(struct arena *arena, const struct evidence *evidence)
{
	json_t *report = json_object();
	struct text stage = evidence->stage_asked ? stage_name(evidence->stage) : T("");
	field_put(report, "schema", field_text(arena, schema_name));
	field_put(report, "tool", write_tool(arena, evidence));
	field_put(report, "started_at", field_text(arena, clock_text(arena, evidence->started_at)));
	fields_write(arena, report, evidence_fields, COUNT(evidence_fields), evidence);
	field_put(report, "stage", field_text(arena, stage));
	field_put(report, "target", write_target(arena, &evidence->target));
	field_put(report, "vantage", write_vantage(arena, &evidence->vantage));
	field_put(report, "steps", steps_write(arena, evidence));
	return report;
}

/* reading */

/* Begins a part that is an object; NULL, and a complaint, when it is none. */
static const json_t *enter(struct reading *reading, const json_t *report, const char *part)
{
	const json_t *object = json_object_get(report, part);
	reading->part = "";
	if (!json_is_object(object)) {
		reading_refuse(reading, part, "should be an object");
		return NULL;
	}
	reading->part = part;
	return object;
}

static bool read_partition(struct reading *reading, const json_t *object, struct target *target)
{
	struct text name = {0};
	if (!read_text(reading, object, "partition", &name))
		return false;
	for (size_t i = 0; name.len && partition_at(i); i++)
		if (text_equal(partition_at(i)->name, name))
			target->partition = partition_at(i);
	return !name.len || target->partition || reading_refuse_name(reading, "partition", name);
}

static bool read_platform(struct reading *reading, const json_t *object, struct target *target)
{
	struct text name = {0};
	return read_text(reading, object, "platform", &name) &&
		(!name.len || platform_parse(name, &target->platform) ||
			reading_refuse(reading, "platform", "should be OS/ARCH[/VARIANT]"));
}

/* the place of a text in a table of names; missing is the first */
static bool read_place(struct reading *reading, const json_t *object, const char *key,
	const char *const *names, size_t count, size_t *out)
{
	struct text name = {0};
	if (!read_text(reading, object, key, &name))
		return false;
	*out = 0;
	while (name.len && *out < count && !text_equal(text_of(names[*out]), name))
		++*out;
	return *out < count || reading_refuse_name(reading, key, name);
}

static bool read_target(struct reading *reading, const json_t *report, struct target *target)
{
	const json_t *object = enter(reading, report, "target");
	size_t registry;
	size_t reference;
	if (!object || !fields_read(reading, object, target_fields, COUNT(target_fields), target) ||
		!read_partition(reading, object, target) ||
		!read_platform(reading, object, target) ||
		!read_place(reading, object, "registry", registry_names, COUNT(registry_names),
			&registry) ||
		!read_place(reading, object, "reference_kind", reference_names,
			COUNT(reference_names), &reference))
		return false;
	target->kind = (enum registry_kind)registry;
	target->reference_kind = (enum reference_kind)reference;
	return true;
}

static bool read_vantage(struct reading *reading, const json_t *report, struct vantage *vantage)
{
	const json_t *object = enter(reading, report, "vantage");
	return object &&
		fields_read(reading, object, vantage_fields, COUNT(vantage_fields), vantage);
}

/* "stage" is empty where --stage was not given */
static bool read_stage_asked(struct reading *reading, const json_t *report, struct evidence *out)
{
	struct text name = {0};
	if (!read_text(reading, report, "stage", &name))
		return false;
	out->stage_asked = name.len > 0;
	return !out->stage_asked || stage_parse(name, &out->stage) ||
		reading_refuse_name(reading, "stage", name);
}

static bool read_started_at(struct reading *reading, const json_t *report, struct evidence *out)
{
	struct text when = {0};
	return read_text(reading, report, "started_at", &when) &&
		(!when.len || clock_parse(when, &out->started_at) ||
			reading_refuse(reading, "started_at", "should be a time of RFC 3339"));
}

static bool read_schema(struct reading *reading, const json_t *report)
{
	struct text schema = {0};
	return read_text(reading, report, "schema", &schema) &&
		(text_equal(schema, schema_name) ||
			reading_refuse(reading, "schema", "should be \"pullprobe.report.v1\""));
}

static bool read_report(struct reading *reading, const json_t *report, struct evidence *out)
{
	const json_t *tool = json_object_get(report, "tool");
	return read_schema(reading, report) && read_text(reading, tool, "version", &out->version) &&
		read_started_at(reading, report, out) &&
		fields_read(reading, report, evidence_fields, COUNT(evidence_fields), out) &&
		read_stage_asked(reading, report, out) && steps_read(reading, report, out) &&
		read_target(reading, report, &out->target) &&
		read_vantage(reading, report, &out->vantage);
}

bool schema_read(
	struct arena *arena, struct text json, struct evidence *out, struct text *complaint)
{
	struct reading reading = {.arena = arena, .part = ""};
	json_error_t error;
	if (json.len > REPORT_BYTES_MAX) {
		*complaint = T("larger than any report");
		return false;
	}
	json_t *report = json_loadb(
		json.len ? json.at : "", json.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	*out = (struct evidence){0};
	if (!report)
		reading.complaint = text_format(
			arena, "not JSON: line %d, column %d", error.line, error.column);
	else if (json_is_object(report))
		read_report(&reading, report, out);
	else
		reading.complaint = T("not a report: should be a JSON object");
	json_decref(report);
	*complaint = reading.complaint;
	return complaint->len == 0;
}
