/* A survey in JSON: the subject, a report for each subnet, and what could not be read. */
#include "report/survey.h"
#include "base/clock.h"
#include "base/die.h"
#include "model/json.h"

static const struct field subject_fields[] = {
	{FIELD(vpc_subject, platform, TEXT)},
	{FIELD(vpc_subject, role, TEXT)},
	{FIELD(vpc_subject, region, TEXT)},
	{FIELD(vpc_subject, account, TEXT)},
	{FIELD(vpc_subject, public_ip, FLAG)},
	{FIELD(vpc_subject, security_groups, TEXTS)},
};

static const struct field survey_fields[] = {
	{FIELD(survey, cluster, TEXT)},
	{FIELD(survey, service, TEXT)},
	{FIELD(survey, task, TEXT)},
	{FIELD(survey, task_definition, TEXT)},
	{FIELD(survey, stopped_reason, TEXT)},
};

static const struct field subnet_fields[] = {
	{FIELD(survey_subnet, subnet, TEXT)},
	{FIELD(survey_subnet, vpc, TEXT)},
	{FIELD(survey_subnet, zone, TEXT)},
	{FIELD(survey_subnet, by, TEXT)},
	{FIELD(survey_subnet, error, TEXT)},
};

static const struct field unread_fields[] = {
	{FIELD(vpc_call, call, TEXT)},
	{FIELD(vpc_call, error, TEXT)},
};

static const struct field made_fields[] = {
	{FIELD(made, kind, TEXT)},
	{FIELD(made, id, TEXT)},
	{FIELD(made, removed, FLAG)},
};

static json_t *write_subject(struct arena *arena, const struct survey *survey)
{
	json_t *object = json_object();
	json_t *explained = json_object();
	const struct explanation *explanation = &survey->explained;
	bool known = survey->is_explained;
	fields_write(arena, object, survey_fields, COUNT(survey_fields), survey);
	field_put(object, "image",
		field_text(arena, survey->images.count ? survey->images.at[0] : T("")));
	fields_write(arena, object, subject_fields, COUNT(subject_fields), &survey->subject);
	field_put(explained, "class",
		field_text(arena, known ? cause_name(explanation->finding.cause) : T("")));
	field_put(explained, "certainty",
		field_text(arena, known ? certainty_name(explanation->finding.certainty) : T("")));
	field_put(object, "explained", explained);
	return object;
}

static json_t *write_subnet(struct arena *arena, const struct survey_subnet *subnet)
{
	json_t *object = json_object();
	fields_write(arena, object, subnet_fields, COUNT(subnet_fields), subnet);
	field_put(object, "report", report_value(arena, &subnet->evidence, &subnet->diagnosis));
	return object;
}

/* a list of structs, an object each */
static json_t *write_list(struct arena *arena, const void *at, size_t count, size_t size,
	const struct field *fields, size_t field_count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *object = json_object();
		fields_write(arena, object, fields, field_count, (const char *)at + i * size);
		field_append(list, object);
	}
	return list;
}

struct text survey_json(struct arena *arena, const struct survey *survey)
{
	json_t *object = json_object();
	json_t *subnets = json_array();
	for (size_t i = 0; i < survey->count; i++)
		field_append(subnets, write_subnet(arena, &survey->subnets[i]));
	field_put(object, "schema", json_string("pullprobe.survey.v1"));
	field_put(object, "tool", tool_json(arena, survey->version));
	field_put(object, "verb", field_text(arena, survey->verb));
	field_put(object, "started_at", field_text(arena, clock_text(arena, survey->started_at)));
	field_put(object, "took_us", json_integer(survey->took_us));
	field_put(object, "subject", write_subject(arena, survey));
	field_put(object, "subnets", subnets);
	field_put(object, "unread",
		write_list(arena, survey->unread.at, survey->unread.count, sizeof(struct vpc_call),
			unread_fields, COUNT(unread_fields)));
	field_put(object, "made",
		write_list(arena, survey->made.at, survey->made.count, sizeof(struct made),
			made_fields, COUNT(made_fields)));
	return json_line(arena, object);
}

struct compared *survey_reports(struct arena *arena, const struct survey *survey)
{
	struct compared *reports = arena_new(arena, struct compared, survey->count);
	for (size_t i = 0; i < survey->count; i++)
		reports[i] = (struct compared){.file = survey->subnets[i].subnet,
			.evidence = survey->subnets[i].evidence,
			.diagnosis = survey->subnets[i].diagnosis};
	return reports;
}

int survey_exit_code(const struct survey *survey)
{
	bool inspect = text_equal(survey->verb, T("inspect"));
	size_t failed = 0;
	size_t works = 0;
	for (size_t i = 0; i < survey->count; i++) {
		enum pull pull = survey->subnets[i].diagnosis.pull;
		works += inspect ? pull != PULL_BREAKS : pull == PULL_WORKS;
		failed += survey->subnets[i].error.len > 0;
	}
	if (survey->count && failed == survey->count)
		return EXIT_UNABLE; /* nothing was made */
	return works < survey->count;
}
