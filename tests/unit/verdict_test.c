/* Every failure has its finding, the first one is the verdict, and the rows are whole. */
#include "bench.h"
#include "diagnose/fill.h"
#include "diagnose/rule.h"
#include "model/finding.h"

/* No symptom at no stage goes without a finding, whoever it happens to. */
static void every_failure_has_a_finding(void **state)
{
	struct bench *bench = *state;
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		for (int kind = 0; kind < ENDPOINT_COUNT; kind++)
			for (int symptom = 1; symptom < SYMPTOM_COUNT; symptom++) {
				bench->evidence.count = 0;
				put(bench, (enum stage)stage, (enum endpoint_kind)kind, "",
					(enum symptom)symptom);
				struct diagnosis diagnosis = diagnose(
					&bench->arena, &bench->evidence);
				assert_int_equal(diagnosis.count, 1);
				assert_true(diagnosis.findings[0].says.len > 0);
				assert_true(diagnosis.pull == PULL_BREAKS);
				assert_true(diagnosis.exit_code >= 10);
			}
}

static void alike_failures_share_a_finding(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_TCP, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_TIMEOUT);
	put(bench, STAGE_TCP, ENDPOINT_API, "10.20.3.11:443", SYMPTOM_TIMEOUT);
	put(bench, STAGE_TCP, ENDPOINT_DKR, "10.20.2.12:443", SYMPTOM_TIMEOUT);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 1);
	assert_int_equal(diagnosis.findings[0].step_count, 3);
	assert_true(text_holds(diagnosis.findings[0].says, T(DKR)));
	assert_int_equal(diagnosis.exit_code, 23);
}

/* two resolvers that fail, and an address that does not answer */
static void different_causes_have_findings_of_their_own(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_DNS, ENDPOINT_API, "10.20.0.2:53", SYMPTOM_NONE);
	put(bench, STAGE_DNS, ENDPOINT_DKR, "10.20.0.2:53", SYMPTOM_SERVFAIL);
	put(bench, STAGE_DNS, ENDPOINT_S3, "10.30.0.2:53", SYMPTOM_SERVFAIL);
	put(bench, STAGE_TCP, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_TIMEOUT);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 3);
	assert_int_equal(diagnosis.exit_code, 13);
}

/* The pull's own endpoint decides where it breaks, whoever was seen to fail first. */
static void a_shared_finding_is_of_the_pull(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_DNS, ENDPOINT_LOGS, "10.20.0.2:53", SYMPTOM_SERVFAIL);
	put(bench, STAGE_DNS, ENDPOINT_DKR, "10.20.0.2:53", SYMPTOM_SERVFAIL);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 1);
	assert_true(diagnosis.findings[0].endpoint == ENDPOINT_DKR);
	assert_int_equal(diagnosis.findings[0].steps[0], 1);
	assert_int_equal(diagnosis.exit_code, 11);
}

static void an_address_beside_one_that_accepts_is_a_warning(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_TCP, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_NONE);
	put(bench, STAGE_TCP, ENDPOINT_API, "10.20.3.11:443", SYMPTOM_REFUSED);
	put(bench, STAGE_LAYERS, ENDPOINT_S3, "52.216.0.10:443", SYMPTOM_NONE);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 1);
	assert_true(diagnosis.findings[0].severity == SEVERITY_WARNING);
	assert_true(diagnosis.pull == PULL_WORKS);
	assert_int_equal(diagnosis.exit_code, 0);
}

static void another_port_of_the_same_address_is_no_way(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_TCP, ENDPOINT_S3, "52.216.0.10:443", SYMPTOM_NONE);
	put(bench, STAGE_TCP, ENDPOINT_S3, "52.216.0.10:8443", SYMPTOM_REFUSED);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 1);
	assert_true(diagnosis.findings[0].severity == SEVERITY_BROKEN);
	assert_true(diagnosis.pull == PULL_BREAKS);
	assert_int_equal(diagnosis.exit_code, 22);
}

static void what_the_pull_needs_comes_before_what_was_asked_besides(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_DNS, ENDPOINT_LOGS, "10.20.0.2:53", SYMPTOM_SERVFAIL);
	put(bench, STAGE_MANIFEST, ENDPOINT_DKR, "10.20.2.12:443", SYMPTOM_THROTTLED);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 2);
	assert_true(diagnosis.findings[0].endpoint == ENDPOINT_DKR);
	assert_true(diagnosis.findings[1].endpoint == ENDPOINT_LOGS);
	assert_int_equal(diagnosis.verdict, 0);
	assert_int_equal(diagnosis.exit_code, 68);
}

static void a_stage_that_was_asked_for_speaks_alone(void **state)
{
	static const struct asked {
		enum stage stage;
		int exit_code;
	} asked[] = {
		{STAGE_DNS, 0},	 /* all names resolved */
		{STAGE_TCP, 21}, /* the registry's broke */
		{STAGE_TLS, EXIT_NOT_REACHED},
	};
	for (size_t row = 0; row < SIZE(asked); row++) {
		struct bench *bench = *state;
		bench->evidence.count = 0;
		bench->evidence.stage_asked = true;
		bench->evidence.stage = asked[row].stage;
		put(bench, STAGE_DNS, ENDPOINT_API, "10.20.0.2:53", SYMPTOM_NONE);
		put(bench, STAGE_DNS, ENDPOINT_DKR, "10.20.0.2:53", SYMPTOM_NONE);
		put(bench, STAGE_TCP, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_NONE);
		put(bench, STAGE_TCP, ENDPOINT_DKR, "10.20.2.12:443", SYMPTOM_TIMEOUT);
		put(bench, STAGE_TLS, ENDPOINT_API, "10.20.2.11:443", SYMPTOM_NONE);
		leave_out(bench, STAGE_TLS, ENDPOINT_DKR, SYMPTOM_DEPENDENCY);
		struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
		check_row(row, diagnosis.exit_code == asked[row].exit_code);
	}
}

static void what_was_not_settled_is_not_known(void **state)
{
	struct bench *bench = *state;
	put(bench, STAGE_DNS, ENDPOINT_API, "10.20.0.2:53", SYMPTOM_NONE);
	leave_out(bench, STAGE_TCP, ENDPOINT_API, SYMPTOM_DEADLINE);
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 1);
	assert_true(diagnosis.findings[0].cause == CAUSE_UNSETTLED);
	assert_true(diagnosis.pull == PULL_UNKNOWN);
	assert_int_equal(diagnosis.exit_code, EXIT_UNSETTLED);
}

static void nothing_at_all_is_not_known_either(void **state)
{
	struct bench *bench = *state;
	struct diagnosis diagnosis = diagnose(&bench->arena, &bench->evidence);
	assert_int_equal(diagnosis.count, 0);
	assert_true(diagnosis.pull == PULL_UNKNOWN);
	assert_int_equal(diagnosis.exit_code, EXIT_UNSETTLED);
}

static void fills_are_known(const char *id, const char *template)
{
	struct text unknown = fill_unknown(template ? template : "");
	if (unknown.len)
		fail_msg("%s: no placeholder is called {%.*s}", id, TEXT(unknown));
}

static void rows_are_whole(const struct rule_part *part)
{
	for (size_t i = 0; i < part->count; i++) {
		const struct rule *rule = &part->rows[i];
		struct advice advice = rule_advice(rule);
		bool unsure = rule->certainty != CERTAINTY_PROVEN;
		fills_are_known(rule->id, rule->says);
		fills_are_known(rule->id, advice.verify);
		for (size_t line = 0; line < ADVICE_LINES; line++) {
			fills_are_known(rule->id, advice.fix[line]);
			fills_are_known(rule->id, advice.confirm[line]);
		}
		if (unsure != (advice.verify != NULL) || unsure != (rule->causes[1] != CAUSE_NONE))
			fail_msg("%s: only what is not proven has alternatives, and says what "
				 "would decide",
				rule->id);
	}
}

static void every_row_is_whole(void **state)
{
	const struct rule_part *part;
	(void)state;
	for (size_t i = 0; (part = rule_part_at(i)); i++)
		rows_are_whole(part);
}

static void ids_are_unique(void **state)
{
	struct text id[512];
	const struct rule_part *part;
	size_t count = 0;
	(void)state;
	for (size_t p = 0; (part = rule_part_at(p)); p++)
		for (size_t i = 0; i < part->count; i++, count++) {
			assert_in_range(count, 0, 511);
			id[count] = text_of(part->rows[i].id);
			for (size_t j = 0; j < count; j++)
				assert_false(text_equal(id[count], id[j]));
		}
}

static void templates_are_filled(void **state)
{
	static const struct template
	{
		const char *template;
		const char *filled;
	}
	templates[] = {
		{"{host} at {peer}", DKR " at 10.20.2.12:443"},
		{"{ip}", "10.20.2.12"},
		{"{\"Action\":\"{action}\"}", "{\"Action\":\"the action\"}"},
		{"{repository_arn}", "arn:aws:ecr:us-east-1:123456789012:repository/shop/app"},
		{"arn:{partition}:s3:::{bucket}/*",
			"arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"},
		{"x{region_option} y", "x --region us-east-1 y"},
		{"{", "{"},
		{"}{", "}{"},
		{"{Not}", "{Not}"},
		{"", ""},
	};
	struct bench *bench = *state;
	const size_t steps[] = {0};
	put(bench, STAGE_TCP, ENDPOINT_DKR, "10.20.2.12:443", SYMPTOM_TIMEOUT);
	struct context context = context_make(&bench->arena, &bench->evidence);
	for (size_t row = 0; row < SIZE(templates); row++)
		check_text(row, fill(&bench->arena, &context, templates[row].template, steps, 1),
			templates[row].filled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_failure_has_a_finding),
		TEST(alike_failures_share_a_finding),
		TEST(different_causes_have_findings_of_their_own),
		TEST(a_shared_finding_is_of_the_pull),
		TEST(an_address_beside_one_that_accepts_is_a_warning),
		TEST(another_port_of_the_same_address_is_no_way),
		TEST(what_the_pull_needs_comes_before_what_was_asked_besides),
		TEST(a_stage_that_was_asked_for_speaks_alone),
		TEST(what_was_not_settled_is_not_known),
		TEST(nothing_at_all_is_not_known_either),
		TEST(every_row_is_whole),
		TEST(ids_are_unique),
		TEST(templates_are_filled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
