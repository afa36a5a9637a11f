/* A comparison for programs, and the page for a browser, which is drawn of the same JSON. */
#include "base/clock.h"
#include "diagnose/configuration.h"
#include "diagnose/context.h"
#include "model/json.h"
#include "report/compare.h"
#include "report/report.h"
#include "report/words.h"

extern const char compare_page[]; /* compare_page.S */

static json_t *difference_json(struct arena *arena, const struct difference *difference)
{
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

static json_t *group_json(struct arena *arena, const struct comparison *comparison, size_t at)
{
	const struct group *group = &comparison->groups.at[at];
	json_t *object = json_object();
	field_put(object, "label", field_text(arena, group->label));
	field_put(object, "vantages", indices_json(group->members, group->count));
	return object;
}

static json_t *row_json(struct arena *arena, const struct comparison *comparison, size_t at)
{
	static const char *const kinds[] = {
		[ROW_VERDICT] = "verdict",
		[ROW_STEP] = "step",
		[ROW_FACT] = "fact",
		[ROW_TIME] = "time",
	};
	const struct matrix *matrix = &comparison->matrix;
	const struct row *row = &matrix->rows[at];
	json_t *object = json_object();
	struct texts cells = {row->cells, matrix->columns};
	field_put(object, "kind", json_string(kinds[row->kind]));
	field_put(object, "name", field_text(arena, row->name));
	field_put(object, "differs", json_boolean(row->differs));
	field_put(object, "cells", field_texts(arena, cells));
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
	{FIELD_AT("took_us", compared, evidence.took_us, NUMBER, FIELD_NO_NULL)},
	{FIELD_AT("image", compared, evidence.target.image, TEXT, FIELD_NO_NULL)},
	{FIELD_AT("zone", compared, evidence.vantage.availability_zone, TEXT, FIELD_NO_NULL)},
	{FIELD_AT("resolvers", compared, evidence.vantage.resolvers, TEXTS, FIELD_NO_NULL)},
	{FIELD_AT("mtu", compared, evidence.vantage.mtu, NUMBER, 0)},
	{FIELD_AT("principal", compared, evidence.vantage.principal, TEXT, FIELD_NO_NULL)},
	{FIELD_AT("credential_source", compared, evidence.vantage.credential_source, TEXT,
		FIELD_NO_NULL)},
	{FIELD(compared, platform, TEXT)},
	{FIELD(compared, subnet, TEXT)},
};

static json_t *vantage_json(struct arena *arena, const struct comparison *comparison, size_t at)
{
	const struct compared *report = &comparison->reports[at];
	json_t *object = json_object();
	json_t *results = json_array();
	fields_write(arena, object, fields, COUNT(fields), report);
	field_put(object, "started_at",
		field_text(arena, clock_text(arena, report->evidence.started_at)));
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
		json_t *way = json_object();
		json_t *links = json_array();
		for (size_t k = 0; k < chain->count; k++) {
			const struct link *link = &chain->links[k];
			json_t *one = json_object();
			field_put(one, "effect", field_text(arena, effect_name(link->effect)));
			field_put(one, "line", field_text(arena, link->line));
			field_append(links, one);
		}
		field_put(way, "subnet", field_text(arena, chain->subnet));
		field_put(way, "endpoint", field_text(arena, endpoint_kind_name(chain->endpoint)));
		field_put(way, "host", field_text(arena, chain->host));
		field_put(way, "links", links);
		field_append(ways, way);
	}
	return ways;
}

/* what the page shows besides the comparison's own JSON */
static json_t *page_json(struct arena *arena, const struct comparison *comparison)
{
	const struct matrix *grouped = &comparison->grouped;
	json_t *page = json_object();
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
	field_put(page, "grouped", cells);
	field_put(page, "says", says);
	field_put(page, "ways", ways);
	field_put(page, "meanings", meanings);
	return page;
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
