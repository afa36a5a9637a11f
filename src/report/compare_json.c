/* A comparison for programs. Only one vantage or row at a time is held as JSON. */
#include "base/clock.h"
#include "diagnose/context.h"
#include "model/json.h"
#include "report/compare.h"
#include "report/report.h"
#include "report/words.h"

struct writer {
	const struct comparison *comparison;
	const struct sink *sink;
	struct arena arena; /* of one value */
};

static void put_text(struct writer *writer, struct text t)
{
	writer->sink->put(writer->sink->context, t);
}

/* the value is used up, and all that was taken from the arena for it */
static void put_value(struct writer *writer, json_t *value)
{
	struct text line = json_line(&writer->arena, value);
	put_text(writer, text_head(line, line.len - 1));
	arena_end(&writer->arena);
}

static json_t *difference_json(struct writer *writer)
{
	struct arena *arena = &writer->arena;
	const struct difference *difference = &writer->comparison->difference;
	json_t *object = json_object();
	struct text name = difference->row ? difference->row->name : T("");
	field_put(object, "sentence", field_text(arena, difference->sentence));
	field_put(object, "row", field_text(arena, name));
	field_put(object, "vantages", field_texts(arena, difference->those));
	field_put(object, "shows", field_text(arena, difference->shows));
	field_put(object, "others", field_texts(arena, difference->others));
	field_put(object, "others_show", field_text(arena, difference->others_show));
	return object;
}

static json_t *group_json(struct writer *writer, size_t at)
{
	const struct group *group = &writer->comparison->groups.at[at];
	json_t *object = json_object();
	field_put(object, "label", field_text(&writer->arena, group->label));
	field_put(object, "vantages", indices_json(group->members, group->count));
	return object;
}

static json_t *row_json(struct writer *writer, size_t at)
{
	static const char *const kinds[] = {
		[ROW_VERDICT] = "verdict",
		[ROW_STEP] = "step",
		[ROW_FACT] = "fact",
		[ROW_TIME] = "time",
	};
	const struct matrix *matrix = &writer->comparison->matrix;
	const struct row *row = &matrix->rows[at];
	json_t *object = json_object();
	struct texts cells = {row->cells, matrix->columns};
	field_put(object, "kind", json_string(kinds[row->kind]));
	field_put(object, "name", field_text(&writer->arena, row->name));
	field_put(object, "differs", json_boolean(row->differs));
	field_put(object, "cells", field_texts(&writer->arena, cells));
	return object;
}

static json_t *result_json(struct arena *arena, const struct stage_result *result)
{
	static const char *const locations[] = {
		[LOCATION_SELF] = "self",
		[LOCATION_LINK_LOCAL] = "link_local",
		[LOCATION_INSIDE] = "vpc",
		[LOCATION_PRIVATE] = "private",
		[LOCATION_PUBLIC] = "public",
	};
	json_t *object = json_object();
	json_t *seen = json_array();
	field_put(object, "stage", field_text(arena, stage_name(result->stage)));
	field_put(object, "endpoint", field_text(arena, endpoint_kind_name(result->endpoint)));
	field_put(object, "asks", field_text(arena, experiment_name(result->experiment)));
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		field_put(object, outcome_name(outcome).at,
			json_integer((json_int_t)result->outcomes[outcome]));
	field_put(object, "cause", field_text(arena, symptom_name(result->symptom)));
	field_put(object, "words", field_text(arena, step_words(arena, result->step, false)));
	field_put(object, "issuer", field_text(arena, result->issuer));
	for (size_t i = LOCATION_SELF; i < COUNT(locations); i++)
		if (result->locations & (1u << i))
			field_append(seen, json_string(locations[i]));
	field_put(object, "places", seen);
	field_put(object, "began_us", json_integer(result->began_us));
	field_put(object, "took_us", json_integer(result->ended_us - result->began_us));
	return object;
}

static const struct field fields[] = {
	{FIELD(compared, label, TEXT)},
	{FIELD(compared, file, TEXT)},
	{"took_us", FIELD_NUMBER, offsetof(struct compared, evidence.took_us), 0},
	{"image", FIELD_TEXT, offsetof(struct compared, evidence.target.image), 0},
	{"zone", FIELD_TEXT, offsetof(struct compared, evidence.vantage.availability_zone), 0},
	{"resolvers", FIELD_TEXTS, offsetof(struct compared, evidence.vantage.resolvers), 0},
	{"mtu", FIELD_KNOWN, offsetof(struct compared, evidence.vantage.mtu), 0},
	{"principal", FIELD_TEXT, offsetof(struct compared, evidence.vantage.principal), 0},
	{"credential_source", FIELD_TEXT,
		offsetof(struct compared, evidence.vantage.credential_source), 0},
	{FIELD(compared, platform, TEXT)},
	{FIELD(compared, subnet, TEXT)},
};

static json_t *vantage_json(struct writer *writer, size_t at)
{
	struct arena *arena = &writer->arena;
	const struct compared *report = &writer->comparison->reports[at];
	json_t *object = json_object();
	json_t *results = json_array();
	fields_write(arena, object, fields, COUNT(fields), report);
	field_put(object, "started_at",
		field_text(arena, clock_text(arena, report->evidence.started_at)));
	field_put(object, "group", json_integer((json_int_t)writer->comparison->groups.of[at]));
	for (size_t i = 0; i < report->count; i++)
		field_append(results, result_json(arena, &report->results[i]));
	field_put(object, "rungs", results);
	field_put(object, "findings", findings_json(arena, &report->diagnosis));
	field_put(object, "verdict", verdict_json(arena, &report->diagnosis));
	return object;
}

static void put_list(struct writer *writer, struct text before, size_t count,
	json_t *make(struct writer *writer, size_t at))
{
	put_text(writer, before);
	for (size_t i = 0; i < count; i++) {
		put_text(writer, i ? T(",") : T(""));
		put_value(writer, make(writer, i));
	}
}

void compare_json(const struct comparison *comparison, const struct sink *sink)
{
	struct writer writer = {.comparison = comparison, .sink = sink};
	json_t *tool = json_object();
	field_put(tool, "name", json_string("pullprobe"));
	field_put(tool, "version", field_text(&writer.arena, comparison->version));
	put_text(&writer, T("{\"schema\":\"pullprobe.compare.v1\",\"tool\":"));
	put_value(&writer, tool);
	put_text(&writer, T(",\"difference\":"));
	put_value(&writer, difference_json(&writer));
	put_list(&writer, T(",\"groups\":["), comparison->groups.count, group_json);
	put_list(&writer, T("],\"rows\":["), comparison->matrix.count, row_json);
	put_list(&writer, T("],\"vantages\":["), comparison->count, vantage_json);
	put_text(&writer, T("]}\n"));
}
