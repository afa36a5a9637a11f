/* The exit codes: one list, and a code of it for every finding. */
#include "check.h"
#include "model/finding.h"

struct code_case {
	enum stage stage;
	enum endpoint_kind endpoint;
	enum cause cause;
	bool several;
	int code;
};

static void a_findings_code_is_its_endpoints_or_its_classs(void **state)
{
	static const struct code_case cases[] = {
		{STAGE_DNS, ENDPOINT_API, CAUSE_DNS_NXDOMAIN, false, 10},
		{STAGE_DNS, ENDPOINT_DKR, CAUSE_DNS_TIMEOUT, false, 11},
		{STAGE_DNS, ENDPOINT_S3, CAUSE_S3_DNS, false, 12},
		{STAGE_DNS, ENDPOINT_API, CAUSE_DNS_TIMEOUT, true, 13},
		{STAGE_DNS, ENDPOINT_CONTROL, CAUSE_DNS_TIMEOUT, false, 19},
		{STAGE_TCP, ENDPOINT_S3, CAUSE_S3_NO_ROUTE, false, 22},
		{STAGE_TCP, ENDPOINT_S3, CAUSE_NET_NO_EGRESS_ROUTE, true, 23},
		{STAGE_TLS, ENDPOINT_DKR, CAUSE_TLS_INTERCEPTED, false, 31},
		{STAGE_HTTP, ENDPOINT_DKR, CAUSE_HTTP_NOT_THE_SERVICE, true, 43},
		{STAGE_HTTP, ENDPOINT_PROXY, CAUSE_PROXY_UNREACHABLE, false, 44},
		{STAGE_HTTP, ENDPOINT_CALLER, CAUSE_HTTP_NOT_THE_SERVICE, false, 44},
		{STAGE_CREDENTIALS, ENDPOINT_CALLER, CAUSE_AUTH_NO_CREDENTIALS, false, 45},
		{STAGE_CREDENTIALS, ENDPOINT_CALLER, CAUSE_CLIENT_CONFIG, false, 49},
		{STAGE_TOKEN, ENDPOINT_API, CAUSE_AUTH_IAM_IDENTITY, false, 50},
		{STAGE_TOKEN, ENDPOINT_API, CAUSE_AUTH_IAM_IDENTITY, true, 50},
		{STAGE_TOKEN, ENDPOINT_API, CAUSE_AUTH_ENDPOINT_POLICY, false, 51},
		{STAGE_TOKEN, ENDPOINT_API, CAUSE_AUTH_CLOCK_SKEW, false, 55},
		{STAGE_MANIFEST, ENDPOINT_DKR, CAUSE_REGISTRY_TAG_NOT_FOUND, false, 61},
		{STAGE_MANIFEST, ENDPOINT_DKR, CAUSE_REGISTRY_TRUNCATED, false, 69},
		{STAGE_LAYERS, ENDPOINT_DKR, CAUSE_AUTH_IAM_IDENTITY, false, 70},
		{STAGE_LAYERS, ENDPOINT_CALLER, CAUSE_AUTH_IAM_IDENTITY, false, 70},
		{STAGE_LAYERS, ENDPOINT_S3, CAUSE_S3_ENDPOINT_POLICY, false, 80},
		{STAGE_LAYERS, ENDPOINT_S3, CAUSE_PROXY_NOT_USED, false, 89},
		{STAGE_DNS, ENDPOINT_LOGS, CAUSE_DNS_NXDOMAIN, true, 91},
		{STAGE_START, ENDPOINT_SSM, CAUSE_SECRETS_NOT_FOUND, false, 93},
		{STAGE_START, ENDPOINT_ENVFILE, CAUSE_ENVFILE_DENIED, false, 98},
		{STAGE_TCP, ENDPOINT_ECS, CAUSE_NET_TIMEOUT, false, 97},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct finding finding = {.stage = cases[i].stage,
			.endpoint = cases[i].endpoint,
			.cause = cases[i].cause};
		int code = exit_code_of(&finding, cases[i].several);
		if (code != cases[i].code)
			fail_msg("row %zu: %d, not %d", i, code, cases[i].code);
	}
}

static void a_silent_source_of_credentials_is_not_an_empty_one(void **state)
{
	struct finding finding = {.stage = STAGE_CREDENTIALS, .cause = CAUSE_AUTH_NO_CREDENTIALS};
	(void)state;
	finding.symptom = SYMPTOM_TIMEOUT;
	assert_int_equal(exit_code_of(&finding, false), 48);
	finding.symptom = SYMPTOM_STATUS;
	assert_int_equal(exit_code_of(&finding, false), 45);
	/* of any other stage the symptom says nothing */
	finding = (struct finding){
		.stage = STAGE_TOKEN, .cause = CAUSE_AUTH_IAM_IDENTITY, .symptom = SYMPTOM_TIMEOUT};
	assert_int_equal(exit_code_of(&finding, false), 50);
}

static struct text wanted_stage(const struct finding *finding)
{
	bool also = endpoint_use(finding->endpoint) != USED_BY_PULL;
	/* what is asked for at the start is asked of those services alone */
	if (finding->stage == STAGE_START && !also)
		return T("");
	return also ? T("also") : stage_name(finding->stage);
}

static void every_finding_has_a_code_of_its_stage(void **state)
{
	(void)state;
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		for (int kind = 0; kind < ENDPOINT_COUNT; kind++)
			for (int cause = 1; cause < 2 * CAUSE_COUNT; cause++) {
				struct finding finding = {.stage = (enum stage)stage,
					.endpoint = (enum endpoint_kind)kind,
					.cause = (enum cause)(cause / 2)};
				const struct exit_code *row = exit_code_row(
					exit_code_of(&finding, cause % 2 == 0));
				assert_non_null(row);
				assert_true(text_equal(row->stage, wanted_stage(&finding)));
			}
}

static void the_codes_rise_and_leave_the_shells_alone(void **state)
{
	const struct exit_code *row;
	int last = -1;
	(void)state;
	for (size_t i = 0; (row = exit_code_at(i)); i++) {
		assert_true(row->code > last && row->code < 126 && row->code != 1);
		assert_true(row->says.len > 0);
		assert_ptr_equal(exit_code_row(row->code), row);
		last = row->code;
	}
	assert_int_equal(last, EXIT_UNSETTLED);
	assert_null(exit_code_row(1));
	assert_null(exit_code_row(-1));
	assert_null(exit_code_row(126));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_findings_code_is_its_endpoints_or_its_classs),
		cmocka_unit_test(a_silent_source_of_credentials_is_not_an_empty_one),
		cmocka_unit_test(every_finding_has_a_code_of_its_stage),
		cmocka_unit_test(the_codes_rise_and_leave_the_shells_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
