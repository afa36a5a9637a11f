/* The report for programs: the evidence, what was found in it, and the verdict. */
#include "model/json.h"
#include "base/die.h"
#include "report/report.h"

static int add_dumped(const char *bytes, size_t size, void *out)
{
	buffer_add(out, (struct text){bytes, size});
	return 0;
}

void json_add(struct buffer *out, json_t *value)
{
	if (json_dump_callback(value, add_dumped, out, JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
		die(EXIT_UNABLE, "out of memory");
	json_decref(value);
}

struct text json_line(struct arena *arena, json_t *value)
{
	struct buffer out = {.arena = arena};
	json_add(&out, value);
	buffer_add(&out, T("\n"));
	return buffer_text(&out);
}

json_t *causes_json(struct arena *arena, const enum cause *list, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		field_append(array, field_text(arena, cause_name(list[i])));
	return array;
}

json_t *indices_json(const size_t *list, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		field_append(array, json_integer((json_int_t)list[i]));
	return array;
}

static json_t *write_finding(struct arena *arena, const struct finding *finding)
{
	static const struct field fields[] = {
		{FIELD(finding, rule, TEXT)},
		{FIELD_AT("class", finding, cause, NAME, LIST_CAUSE)},
		{FIELD_AT("severity", finding, severity, NAME, LIST_SEVERITY)},
		{FIELD_AT("certainty", finding, certainty, NAME, LIST_CERTAINTY)},
		{FIELD_AT("decide", finding, verify, TEXT, 0)},
		{FIELD_AT("stage", finding, stage, NAME, LIST_STAGE)},
		{FIELD_AT("endpoint", finding, endpoint, NAME, LIST_ENDPOINT)},
		{FIELD(finding, host, TEXT)},
		{FIELD(finding, says, TEXT)},
		{FIELD(finding, resources, TEXTS)},
		{FIELD(finding, fix, TEXTS)},
		{FIELD(finding, confirm, TEXTS)},
	};
	json_t *object = json_object();
	fields_write(arena, object, fields, COUNT(fields), finding);
	field_put(object, "alternatives",
		causes_json(arena, finding->alternatives, finding->alternative_count));
	field_put(object, "steps", indices_json(finding->steps, finding->step_count));
	return object;
}

json_t *findings_json(struct arena *arena, const struct diagnosis *diagnosis)
{
	json_t *list = json_array();
	for (size_t i = 0; i < diagnosis->count; i++)
		field_append(list, write_finding(arena, &diagnosis->findings[i]));
	return list;
}

json_t *verdict_json(struct arena *arena, const struct diagnosis *diagnosis)
{
	const struct finding *finding = verdict_finding(diagnosis);
	bool is = finding != NULL;
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:i}", "pull",
		field_text(arena, pull_name(diagnosis->pull)), "stage",
		field_text(arena, is ? stage_name(finding->stage) : T("")), "endpoint",
		field_text(arena, is ? endpoint_kind_name(finding->endpoint) : T("")), "class",
		field_text(arena, cause_name(is ? finding->cause : CAUSE_NONE)), "finding",
		is ? json_integer((json_int_t)diagnosis->verdict) : json_null(), "exit_code",
		diagnosis->exit_code);
}

json_t *report_value(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	json_t *report = schema_write(arena, evidence);
	field_put(report, "findings", findings_json(arena, diagnosis));
	field_put(report, "verdict", verdict_json(arena, diagnosis));
	return report;
}

struct text report_json(
	struct arena *arena, const struct evidence *evidence, const struct diagnosis *diagnosis)
{
	return json_line(arena, report_value(arena, evidence, diagnosis));
}
