/* Evidence written, read and written again; and reports that are not. */
#include "base/arena.h"
#include "check.h"
#include "model/evidence.h"

#define FRAME(target, steps)                                      \
	"{\"schema\":\"pullprobe.report.v1\",\"target\":{" target \
	"},\"vantage\":{},\"steps\":[" steps "]}"
#define STEP(rest)                                                                                 \
	"{\"stage\":\"tcp\",\"endpoint\":\"s3\",\"outcome\":\"failed\",\"cause\":\"timeout\"" rest \
	"}"

static struct text written(struct arena *arena, const struct evidence *evidence)
{
	json_t *report = schema_write(arena, evidence);
	char *string = json_dumps(report, JSON_COMPACT);
	struct text text = text_keep(arena, text_of(string));
	free(string);
	json_decref(report);
	return text;
}

/* a fact of every kind that there is, by its own name */
static void see(struct arena *arena, struct step *step, enum fact fact)
{
	struct texts list = {0};
	switch (fact_kind(fact)) {
	case FACT_KIND_TEXT:
		step_saw(arena, step, fact, fact_name(fact));
		break;
	case FACT_KIND_LIST:
		texts_add(arena, &list, fact_name(fact));
		texts_add(arena, &list, T("a \"second\"\n"));
		step_listed(arena, step, fact, list);
		break;
	case FACT_KIND_NUMBER:
		step_counted(arena, step, fact, -(int64_t)fact);
		break;
	case FACT_KIND_FLAG:
		step_counted(arena, step, fact, fact % 2);
		break;
	}
}

static struct evidence everything(struct arena *arena)
{
	struct evidence evidence = {
		.version = T("1.2.3"),
		.started_at = 1767323045,
		.took_us = 81234,
		.interrupted = true,
		.timeout_us = 5000000,
		.stage_asked = true,
		.stage = STAGE_DNS,
		.target = {.image = T("registry.example/app"),
			.kind = REGISTRY_OCI,
			.reference_kind = REFERENCE_DIGEST,
			.tag = T("v1"),
			.fips = true,
			.partition = partition_at(0),
			.platform = {.os = T("linux"),
				.architecture = T("arm"),
				.variant = T("v7")}},
		.vantage = {.label = T("a"), .mtu = 9001, .clock_error_ms = -1},
	};
	texts_add(arena, &evidence.vantage.addresses, T("10.20.1.10"));
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		evidence_add(arena, &evidence, (struct step){.stage = (enum stage)stage});
	for (int kind = 0; kind < ENDPOINT_COUNT; kind++)
		evidence_add(arena, &evidence, (struct step){.endpoint = (enum endpoint_kind)kind});
	for (int symptom = 0; symptom < SYMPTOM_COUNT; symptom++)
		evidence_add(arena, &evidence,
			(struct step){.outcome = OUTCOME_FAILED, .symptom = (enum symptom)symptom});
	for (int asks = 0; asks < EXPERIMENT_COUNT; asks++)
		evidence_add(arena, &evidence,
			(struct step){.experiment = (enum experiment)asks, .follows = 1});
	struct step *step = evidence_add(arena, &evidence, (struct step){.detail = T("\"\x1b[1m")});
	for (int fact = 0; fact < FACT_COUNT; fact++)
		see(arena, step, (enum fact)fact);
	return evidence;
}

static void what_is_written_can_be_read(void **state)
{
	struct arena arena = {0};
	struct evidence first = everything(&arena);
	struct evidence second;
	struct text complaint;
	struct text json = written(&arena, &first);
	(void)state;
	assert_true(schema_read(&arena, json, &second, &complaint));
	assert_int_equal(second.count, first.count);
	assert_true(second.target.partition == first.target.partition);
	assert_true(text_equal(second.target.platform.variant, T("v7")));
	assert_int_equal(second.vantage.clock_error_ms, -1);
	const struct step *step = &second.steps[second.count - 1];
	assert_int_equal(step->seen_count, FACT_COUNT);
	assert_int_equal(seen_list(step, FACT_FOUND).count, 2);
	assert_int_equal(seen_number(step, FACT_STATUS), -(int)FACT_STATUS);
	assert_true(text_equal(json, written(&arena, &second)));
	arena_end(&arena);
}

static void bytes_that_are_no_text_are_written_as_text(void **state)
{
	struct arena arena = {0};
	struct evidence evidence = {.version = T("a\xff\0b\xed\xa0\x80")};
	struct text complaint;
	(void)state;
	struct text json = written(&arena, &evidence);
	assert_true(schema_read(&arena, json, &evidence, &complaint));
	assert_true(text_equal(
		evidence.version, T("a\xef\xbf\xbd\0b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd")));
	arena_end(&arena);
}

static void a_report_that_is_none_is_refused_in_one_line(void **state)
{
	static const struct {
		const char *json;
		const char *complaint;
	} tests[] = {
		{"", "not JSON: line 1, column 0"},
		{"[1", "not JSON: line 1, column 2"},
		{"{\"a\":1,\"a\":2}", "not JSON: line 1, column 10"},
		{"[]", "not a report: should be a JSON object"},
		{"{}", "schema should be \"pullprobe.report.v1\""},
		{"{\"schema\":7}", "schema should be a text"},
		{"{\"schema\":\"pullprobe.report.v1\"}", "steps should be a list"},
		{FRAME("", "7"), "steps[0].stage is missing"},
		{FRAME("", STEP("") "," STEP(",\"host\":[]")), "steps[1].host should be a text"},
		{FRAME("", STEP(",\"took_us\":0.5")), "steps[0].took_us should be a whole number"},
		{FRAME("", STEP(",\"took_us\":9007199254740993")),
			"steps[0].took_us is too large a number"},
		{FRAME("", STEP(",\"asks\":\"tcp_again\",\"follows\":0")),
			"steps[0].follows should be the index of an earlier step"},
		{FRAME("", STEP(",\"asks\":\"luck\"")),
			"steps[0].asks \"luck\" is not known to this version"},
		{FRAME("", STEP(",\"asks\":\"\\u001b]0;\"")),
			"steps[0].asks (unprintable) is not known to this version"},
		{FRAME("", STEP(",\"seen\":[]")), "steps[0].seen should be an object"},
		{FRAME("", STEP(",\"seen\":{\"colour\":1}")),
			"steps[0].seen \"colour\" is not known to this version"},
		{FRAME("", STEP(",\"seen\":{\"status\":\"200\"}")),
			"steps[0].status should be a whole number"},
		{FRAME("", STEP(",\"seen\":{\"explicit\":1}")),
			"steps[0].explicit should be true or false"},
		{FRAME("", STEP(",\"seen\":{\"names\":[1]}")),
			"steps[0].names should be a list of texts"},
		{FRAME("\"partition\":\"aws-moon\"", ""),
			"target.partition \"aws-moon\" is not known to this version"},
		{FRAME("\"registry\":\"tape\"", ""),
			"target.registry \"tape\" is not known to this version"},
		{FRAME("\"platform\":\"linux\"", ""),
			"target.platform should be OS/ARCH[/VARIANT]"},
		{"{\"schema\":\"pullprobe.report.v1\",\"steps\":[],\"target\":{}}",
			"vantage should be an object"},
		{"{\"schema\":\"pullprobe.report.v1\",\"started_at\":\"noon\"}",
			"started_at should be a time of RFC 3339"},
		{"{\"schema\":\"pullprobe.report.v1\",\"stage\":\"lunch\"}",
			"stage \"lunch\" is not known to this version"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(tests); i++) {
		struct arena arena = {0};
		struct evidence evidence;
		struct text complaint;
		assert_false(schema_read(&arena, text_of(tests[i].json), &evidence, &complaint));
		assert_string_equal(text_string(&arena, complaint), tests[i].complaint);
		arena_end(&arena);
	}
}

static void what_is_not_known_or_left_out_is_passed_over(void **state)
{
	static const char *const reports[] = {
		FRAME("", ""),
		FRAME("\"partition\":null,\"planet\":{}", STEP(",\"moon\":[1],\"seen\":null")),
		FRAME("", STEP(",\"follows\":null,\"seen\":{\"status\":null}")),
		FRAME("},\"findings\":7,\"verdict\":7,\"tool\":7,\"moon\":{", ""),
	};
	(void)state;
	for (size_t i = 0; i < SIZE(reports); i++) {
		struct arena arena = {0};
		struct evidence evidence;
		struct text complaint;
		assert_true(schema_read(&arena, text_of(reports[i]), &evidence, &complaint));
		arena_end(&arena);
	}
}

static void a_report_has_its_limits(void **state)
{
	struct arena arena = {0};
	struct buffer many = {.arena = &arena};
	struct evidence evidence;
	struct text complaint;
	(void)state;
	buffer_add(&many, T("{\"schema\":\"pullprobe.report.v1\",\"steps\":[0"));
	for (int i = 0; i < 20000; i++)
		buffer_add(&many, T(",0"));
	buffer_add(&many, T("]}"));
	assert_false(schema_read(&arena, buffer_text(&many), &evidence, &complaint));
	assert_true(text_equal(complaint, T("steps are too many")));
	struct text large = {buffer_text(&many).at, (size_t)1 << 30};
	assert_false(schema_read(&arena, large, &evidence, &complaint));
	assert_true(text_equal(complaint, T("larger than any report")));
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(bytes_that_are_no_text_are_written_as_text),
		cmocka_unit_test(a_report_that_is_none_is_refused_in_one_line),
		cmocka_unit_test(what_is_not_known_or_left_out_is_passed_over),
		cmocka_unit_test(a_report_has_its_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
