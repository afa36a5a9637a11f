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

static const struct read_table unread_table = {
	unread_fields, COUNT(unread_fields), sizeof(struct vpc_call)};
static const struct read_table made_table = {made_fields, COUNT(made_fields), sizeof(struct made)};

static const struct field list_fields[] = {
	{"unread", FIELD_LIST, offsetof(struct survey, unread), -1, NULL, &unread_table},
	{"made", FIELD_LIST, offsetof(struct survey, made), -1, NULL, &made_table},
};

static json_t *write_subject(struct arena *arena, const struct survey *survey)
{
	json_t *object = json_object();
	const struct finding *finding = &survey->explained.finding;
	bool known = survey->is_explained;
	fields_write(arena, object, survey_fields, COUNT(survey_fields), survey);
	field_put(object, "image",
		field_text(arena, survey->images.count ? survey->images.at[0] : T("")));
	fields_write(arena, object, subject_fields, COUNT(subject_fields), &survey->subject);
	field_put(object, "explained",
		json_pack("{s:o,s:o}", "class",
			field_text(arena, known ? cause_name(finding->cause) : T("")), "certainty",
			field_text(arena, known ? certainty_name(finding->certainty) : T(""))));
	return object;
}

static json_t *write_subnet(struct arena *arena, const struct survey_subnet *subnet)
{
	json_t *object = json_object();
	fields_write(arena, object, subnet_fields, COUNT(subnet_fields), subnet);
	field_put(object, "report", report_value(arena, &subnet->evidence, &subnet->diagnosis));
	return object;
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
	fields_write(arena, object, list_fields, COUNT(list_fields), survey);
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
