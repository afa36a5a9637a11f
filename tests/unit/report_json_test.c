/* The report's JSON against its schema: docs/report.schema.json has the code's own lists, and the
 * keys that it demands are those that are written. Run from the top of the sources. */
#include "check.h"
#include "report/report.h"
#include "sample.h"
#include <jansson.h>
#include <string.h>

static json_t *schema(void **state)
{
	json_t *whole = *state;
	return json_object_get(whole, "$defs");
}

static int load(void **state)
{
	*state = json_load_file("docs/report.schema.json", JSON_REJECT_DUPLICATES, NULL);
	return *state ? 0 : -1;
}

static int unload(void **state)
{
	json_decref(*state);
	return 0;
}

static void check_list(
	json_t *definitions, const char *definition, int count, struct text name(int))
{
	json_t *list = json_object_get(json_object_get(definitions, definition), "enum");
	assert_int_equal(json_array_size(list), count);
	for (int i = 0; i < count; i++)
		check_text(i, name(i), json_string_value(json_array_get(list, (size_t)i)));
}

static struct text severity_name_of(int i)
{
	return severity_name((enum severity)i);
}

static struct text certainty_name_of(int i)
{
	return certainty_name((enum certainty)i);
}

/* the other lists are generated */
static void the_schema_has_our_lists(void **state)
{
	json_t *definitions = schema(state);
	check_list(definitions, "severity", SEVERITY_NOTE + 1, severity_name_of);
	check_list(definitions, "certainty", CERTAINTY_OPEN + 1, certainty_name_of);
}

/* every key that is demanded is written, no other is, and so below it */
static void check_keys(json_t *definitions, json_t *rule, json_t *value)
{
	const char *reference = json_string_value(json_object_get(rule, "$ref"));
	if (reference)
		rule = json_object_get(definitions, strrchr(reference, '/') + 1);
	json_t *required = json_object_get(rule, "required");
	json_t *properties = json_object_get(rule, "properties");
	json_t *element;
	size_t index;
	json_array_foreach (value, index, element)
		check_keys(definitions, json_object_get(rule, "items"), element);
	if (!required)
		return;
	assert_int_equal(json_object_size(value), json_array_size(required));
	assert_int_equal(json_object_size(properties), json_array_size(required));
	json_array_foreach (required, index, element) {
		const char *key = json_string_value(element);
		json_t *below = json_object_get(value, key);
		if (!below)
			fail_msg("%s is not written", key);
		check_keys(definitions, json_object_get(properties, key), below);
	}
}

static json_t *written(struct arena *arena, const struct sample *sample)
{
	struct text line = report_json(arena, &sample->evidence, &sample->diagnosis);
	assert_true(text_find(line, T("\n")) == line.len - 1);
	json_t *report = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(report);
	return report;
}

static void the_keys_are_those_of_the_schema(void **state)
{
	struct arena arena = {0};
	struct sample samples[] = {
		sample_start("empty"),
		sample_working(&arena, "a"),
		sample_without_s3(&arena, "b"),
	};
	for (size_t i = 0; i < SIZE(samples); i++) {
		json_t *report = written(&arena, &samples[i]);
		check_keys(schema(state), *state, report);
		json_decref(report);
	}
	arena_end(&arena);
}

static void the_verdict_points_at_its_finding(void **state)
{
	struct arena arena = {0};
	struct sample sample = sample_without_s3(&arena, "b");
	const char *pull;
	const char *cause;
	int finding;
	int code;
	(void)state;
	json_t *report = written(&arena, &sample);
	assert_int_equal(0,
		json_unpack(report, "{s:{s:s,s:s,s:i,s:i}}", "verdict", "pull", &pull, "class",
			&cause, "finding", &finding, "exit_code", &code));
	assert_string_equal(pull, "breaks");
	assert_string_equal(cause, "s3.no_route");
	assert_int_equal(finding, 0);
	assert_int_equal(code, 22);
	json_decref(report);

	sample = sample_working(&arena, "a");
	report = written(&arena, &sample);
	json_t *verdict = json_object_get(report, "verdict");
	assert_true(json_is_null(json_object_get(verdict, "finding")));
	assert_string_equal(json_string_value(json_object_get(verdict, "class")), "none");
	json_decref(report);
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_has_our_lists),
		cmocka_unit_test(the_keys_are_those_of_the_schema),
		cmocka_unit_test(the_verdict_points_at_its_finding),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
