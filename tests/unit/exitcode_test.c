/* The exit codes: one list, and a code of it for every finding. */
#include "check.h"
#include "model/exitcode.h"

struct code_case {
	enum stage stage;
	enum role role;
	enum class class;
	bool several;
	int code;
};

static void a_findings_code_is_its_endpoints_or_its_classs(void **state)
{
	static const struct code_case cases[] = {
		{STAGE_DNS, ROLE_API, CLASS_DNS_NXDOMAIN, false, 10},
		{STAGE_DNS, ROLE_DKR, CLASS_DNS_TIMEOUT, false, 11},
		{STAGE_DNS, ROLE_S3, CLASS_S3_DNS, false, 12},
		{STAGE_DNS, ROLE_API, CLASS_DNS_TIMEOUT, true, 13},
		{STAGE_DNS, ROLE_CONTROL, CLASS_DNS_TIMEOUT, false, 19},
		{STAGE_TCP, ROLE_S3, CLASS_S3_NO_ROUTE, false, 22},
		{STAGE_TCP, ROLE_S3, CLASS_NET_NO_EGRESS_ROUTE, true, 23},
		{STAGE_TLS, ROLE_DKR, CLASS_TLS_INTERCEPTED, false, 31},
		{STAGE_HTTP, ROLE_DKR, CLASS_HTTP_NOT_THE_SERVICE, true, 43},
		{STAGE_HTTP, ROLE_PROXY, CLASS_PROXY_UNREACHABLE, false, 44},
		{STAGE_HTTP, ROLE_CALLER, CLASS_HTTP_NOT_THE_SERVICE, false, 44},
		{STAGE_CREDENTIALS, ROLE_CALLER, CLASS_AUTH_NO_CREDENTIALS, false, 45},
		{STAGE_CREDENTIALS, ROLE_CALLER, CLASS_CLIENT_CONFIG, false, 49},
		{STAGE_TOKEN, ROLE_API, CLASS_AUTH_IAM_IDENTITY, false, 50},
		{STAGE_TOKEN, ROLE_API, CLASS_AUTH_IAM_IDENTITY, true, 50},
		{STAGE_TOKEN, ROLE_API, CLASS_AUTH_ENDPOINT_POLICY, false, 51},
		{STAGE_TOKEN, ROLE_API, CLASS_AUTH_CLOCK_SKEW, false, 55},
		{STAGE_MANIFEST, ROLE_DKR, CLASS_REGISTRY_TAG_NOT_FOUND, false, 61},
		{STAGE_MANIFEST, ROLE_DKR, CLASS_REGISTRY_TRUNCATED, false, 69},
		{STAGE_LAYERS, ROLE_DKR, CLASS_AUTH_IAM_IDENTITY, false, 70},
		{STAGE_LAYERS, ROLE_CALLER, CLASS_AUTH_IAM_IDENTITY, false, 70},
		{STAGE_LAYERS, ROLE_S3, CLASS_S3_ENDPOINT_POLICY, false, 80},
		{STAGE_LAYERS, ROLE_S3, CLASS_PROXY_NOT_USED, false, 89},
		{STAGE_DNS, ROLE_LOGS, CLASS_DNS_NXDOMAIN, true, 91},
		{STAGE_START, ROLE_SSM, CLASS_SECRETS_NOT_FOUND, false, 93},
		{STAGE_START, ROLE_ENVFILE, CLASS_ENVFILE_DENIED, false, 98},
		{STAGE_TCP, ROLE_ECS, CLASS_NET_TIMEOUT, false, 97},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct finding finding = {
			.stage = cases[i].stage, .role = cases[i].role, .class = cases[i].class};
		int code = exit_code_of(&finding, cases[i].several);
		if (code != cases[i].code)
			fail_msg("row %zu: %d, not %d", i, code, cases[i].code);
	}
}

static void a_silent_source_of_credentials_is_not_an_empty_one(void **state)
{
	struct finding finding = {.stage = STAGE_CREDENTIALS, .class = CLASS_AUTH_NO_CREDENTIALS};
	(void)state;
	finding.cause = CAUSE_TIMEOUT;
	assert_int_equal(exit_code_of(&finding, false), 48);
	finding.cause = CAUSE_STATUS;
	assert_int_equal(exit_code_of(&finding, false), 45);
	/* of any other stage the cause says nothing */
	finding = (struct finding){
		.stage = STAGE_TOKEN, .class = CLASS_AUTH_IAM_IDENTITY, .cause = CAUSE_TIMEOUT};
	assert_int_equal(exit_code_of(&finding, false), 50);
}

static struct text wanted_stage(const struct finding *finding)
{
	bool also = finding->role >= ROLE_LOGS && finding->role <= ROLE_ENVFILE;
	/* what is asked for at the start is asked of those services alone */
	if (finding->stage == STAGE_START && !also)
		return T("");
	return also ? T("also") : stage_name(finding->stage);
}

static void every_finding_has_a_code_of_its_stage(void **state)
{
	(void)state;
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		for (int role = 0; role < ROLE_COUNT; role++)
			for (int class = 1; class < 2 * CLASS_COUNT; class ++) {
				struct finding finding = {.stage = (enum stage)stage,
					.role = (enum role)role,
					.class = (enum class)(class / 2)};
				const struct exit_code *row = exit_code_row(
					exit_code_of(&finding, class % 2 == 0));
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
