/* A comparison for programs, and the page for a browser, which is drawn of the same JSON. */
#include "diagnose/configuration.h"
#include "diagnose/context.h"
#include "model/json.h"
#include "report/compare.h"
#include "report/report.h"

extern const char compare_page[]; /* compare_page.S */

static json_t *difference_json(struct arena *arena, const struct difference *difference)
{
	static const struct field fields[] = {
		{FIELD(difference, sentence, TEXT)},
		{FIELD_AT("vantages", difference, those, TEXTS, 0)},
		{FIELD(difference, shows, TEXT)},
		{FIELD(difference, others, TEXTS)},
		{FIELD(difference, others_show, TEXT)},
	};
	json_t *object = json_object();
	fields_write(arena, object, fields, COUNT(fields), difference);
	field_put(
		object, "row", field_text(arena, difference->row ? difference->row->name : T("")));
	return object;
}

static json_t *group_json(struct arena *arena, const struct comparison *comparison, size_t at)
{
	const struct group *group = &comparison->groups.at[at];
	return json_pack("{s:o,s:o}", "label", field_text(arena, group->label), "vantages",
		indices_json(group->members, group->count));
}

static json_t *row_json(struct arena *arena, const struct comparison *comparison, size_t at)
{
	static const char *const kinds[] = {
		[ROW_VERDICT] = "verdict",
		[ROW_STEP] = "step",
		[ROW_FACT] = "fact",
		[ROW_TIME] = "time",
	};
	const struct row *row = &comparison->matrix.rows[at];
	struct texts cells = {row->cells, comparison->matrix.columns};
	return json_pack("{s:s,s:o,s:b,s:o}", "kind", kinds[row->kind], "name",
		field_text(arena, row->name), "differs", row->differs, "cells",
		field_texts(arena, cells));
}

static json_t *result_json(struct arena *arena, const struct stage_result *result)
{
	static const struct field fields[] = {
		{FIELD_AT("stage", stage_result, stage, NAME, LIST_STAGE)},
		{FIELD_AT("endpoint", stage_result, endpoint, NAME, LIST_ENDPOINT)},
		{FIELD_AT("asks", stage_result, experiment, NAME, LIST_EXPERIMENT)},
		{FIELD_AT("cause", stage_result, symptom, NAME, LIST_SYMPTOM)},
		{FIELD(stage_result, issuer, TEXT)},
		{FIELD(stage_result, began_us, NUMBER)},
	};
	static const char *const locations[] = {
		[LOCATION_SELF] = "self",
		[LOCATION_LINK_LOCAL] = "link_local",
		[LOCATION_INSIDE] = "vpc",
		[LOCATION_PRIVATE] = "private",
		[LOCATION_PUBLIC] = "public",
	};
	json_t *object = json_object();
	json_t *seen = json_array();
	fields_write(arena, object, fields, COUNT(fields), result);
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		field_put(object, outcome_name(outcome).at,
			json_integer((json_int_t)result->outcomes[outcome]));
	for (size_t i = LOCATION_SELF; i < COUNT(locations); i++)
		if (result->locations & (1u << i))
			field_append(seen, json_string(locations[i]));
	field_put(object, "words", field_text(arena, step_words(arena, result->step, false)));
	field_put(object, "places", seen);
	field_put(object, "took_us", json_integer(result->ended_us - result->began_us));
	return object;
}

#define OF_REPORT(key, member, kind)                                          \
	{                                                                     \
		FIELD_AT(key, compared, evidence.member, kind, FIELD_NO_NULL) \
	}

static const struct field fields[] = {
	{FIELD(compared, label, TEXT)},
	{FIELD(compared, file, TEXT)},
	OF_REPORT("took_us", took_us, NUMBER),
	OF_REPORT("started_at", started_at, TIME),
	OF_REPORT("image", target.image, TEXT),
	OF_REPORT("zone", vantage.availability_zone, TEXT),
	OF_REPORT("resolvers", vantage.resolvers, TEXTS),
	{FIELD_AT("mtu", compared, evidence.vantage.mtu, NUMBER, 0)},
	OF_REPORT("principal", vantage.principal, TEXT),
	OF_REPORT("credential_source", vantage.credential_source, TEXT),
	{FIELD(compared, platform, TEXT)},
	{FIELD(compared, subnet, TEXT)},
};

static json_t *vantage_json(struct arena *arena, const struct comparison *comparison, size_t at)
{
	const struct compared *report = &comparison->reports[at];
	json_t *object = json_object();
	json_t *results = json_array();
	fields_write(arena, object, fields, COUNT(fields), report);
	field_put(object, "group", json_integer((json_int_t)comparison->groups.of[at]));
	for (size_t i = 0; i < report->count; i++)
		field_append(results, result_json(arena, &report->results[i]));
	field_put(object, "rungs", results);
	field_put(object, "findings", findings_json(arena, &report->diagnosis));
	field_put(object, "verdict", verdict_json(arena, &report->diagnosis));
	return object;
}

/* Only one element at a time is held as JSON: there may be hundreds of vantages. */
static void put_list(struct buffer *out, struct text before, const struct comparison *comparison,
	size_t count,
	json_t *make(struct arena *arena, const struct comparison *comparison, size_t at))
{
	buffer_add(out, before);
	for (size_t i = 0; i < count; i++) {
		struct arena scratch = {0};
		buffer_add(out, i ? T(",") : T(""));
		json_add(out, make(&scratch, comparison, i));
		arena_end(&scratch);
	}
}

struct text compare_json(struct arena *arena, const struct comparison *comparison)
{
	struct buffer out = {.arena = arena};
	buffer_add(&out, T("{\"schema\":\"pullprobe.compare.v1\",\"tool\":"));
	json_add(&out, tool_json(arena, comparison->version));
	buffer_add(&out, T(",\"difference\":"));
	json_add(&out, difference_json(arena, &comparison->difference));
	put_list(&out, T(",\"groups\":["), comparison, comparison->groups.count, group_json);
	put_list(&out, T("],\"rows\":["), comparison, comparison->matrix.count, row_json);
	put_list(&out, T("],\"vantages\":["), comparison, comparison->count, vantage_json);
	buffer_add(&out, T("]}\n"));
	return buffer_text(&out);
}

/* the page ------------------------------------------------------------------------------------- */

/* the way to each endpoint, where the configuration was read */
static json_t *ways_json(struct arena *arena, const struct evidence *evidence)
{
	struct chains chains = configuration_chains(arena, evidence);
	json_t *ways = json_array();
	for (size_t i = 0; i < chains.count; i++) {
		const struct chain *chain = &chains.at[i];
		json_t *links = json_array();
		for (size_t k = 0; k < chain->count; k++)
			field_append(links,
				json_pack("{s:o,s:o}", "effect",
					field_text(arena, effect_name(chain->links[k].effect)),
					"line", field_text(arena, chain->links[k].line)));
		field_append(ways,
			json_pack("{s:o,s:o,s:o,s:o}", "subnet", field_text(arena, chain->subnet),
				"endpoint", field_text(arena, endpoint_kind_name(chain->endpoint)),
				"host", field_text(arena, chain->host), "links", links));
	}
	return ways;
}

/* what the page shows besides the comparison's own JSON */
static json_t *page_json(struct arena *arena, const struct comparison *comparison)
{
	const struct matrix *grouped = &comparison->grouped;
	json_t *cells = json_array();
	json_t *says = json_array();
	json_t *ways = json_array();
	json_t *meanings = json_object();
	for (size_t i = 0; i < grouped->count; i++)
		field_append(cells,
			field_texts(
				arena, (struct texts){grouped->rows[i].cells, grouped->columns}));
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compared *report = &comparison->reports[i];
		field_append(says,
			field_text(
				arena, verdict_line(arena, &report->evidence, &report->diagnosis)));
		field_append(ways, ways_json(arena, &report->evidence));
	}
	for (enum cause cause = 0; cause < CAUSE_COUNT; cause++)
		field_put(meanings, cause_name(cause).at,
			field_text(arena, list_meaning(LIST_CAUSE, cause)));
	return json_pack("{s:o,s:o,s:o,s:o}", "grouped", cells, "says", says, "ways", ways,
		"meanings", meanings);
}

struct text compare_html(struct arena *arena, const struct comparison *comparison)
{
	struct comparison wide = *comparison;
	static const struct escapes no_markup = {"<", {"\\u003c"}};
	struct buffer out = {.arena = arena};
	struct buffer data = {.arena = arena};
	struct text rest = text_of(compare_page);
	buffer_add(&out, text_cut(&rest, T("{{text}}")));
	wide.style = (struct report_style){.columns = 100};
	add_escaped(&out, &xml_escapes, compare_text(arena, &wide));
	buffer_add(&out, text_cut(&rest, T("{{data}}")));
	buffer_add(&data, T("["));
	buffer_add(&data, compare_json(arena, comparison));
	buffer_add(&data, T(","));
	json_add(&data, page_json(arena, comparison));
	add_escaped(&out, &no_markup, buffer_text(&data));
	buffer_add(&out, T("]"));
	buffer_add(&out, rest);
	return buffer_text(&out);
}
