/* The closed lists: each name is there, is once, and leads back. */
#include "check.h"
#include "model/causes.h"
#include "model/finding.h"
#include "model/lists.h"

static void every_name_has_a_meaning_and_leads_back(void **state)
{
	static const struct {
		enum list list;
		unsigned count;
	} lists[] = {
		{LIST_STAGE, STAGE_COUNT},
		{LIST_ENDPOINT, ENDPOINT_COUNT},
		{LIST_OUTCOME, OUTCOME_COUNT},
		{LIST_SYMPTOM, SYMPTOM_COUNT},
		{LIST_CAUSE, CAUSE_COUNT},
		{LIST_FACT, FACT_COUNT},
		{LIST_EXPERIMENT, EXPERIMENT_COUNT},
	};
	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		unsigned back;
		for (unsigned value = 0; value < lists[i].count; value++) {
			struct text name = list_name(lists[i].list, value);
			check_row(value, list_parse(lists[i].list, name, &back) && back == value);
			check_row(value, list_meaning(lists[i].list, value).len > 0);
		}
		assert_false(list_parse(lists[i].list, T("no such"), &back));
	}
}

static void names_are_printed_as_the_design_has_them(void **state)
{
	(void)state;
	check_text(0, stage_name(STAGE_DNS), "dns");
	check_text(1, stage_name(STAGE_LAYERS), "layers");
	check_text(2, endpoint_kind_name(ENDPOINT_S3), "s3");
	check_text(3, outcome_name(OUTCOME_SKIPPED), "skipped");
	check_text(4, symptom_name(SYMPTOM_TIMEOUT), "timeout");
	check_text(5, cause_name(CAUSE_S3_NO_ROUTE), "s3.no_route");
	check_text(6, severity_name(SEVERITY_NOTE), "note");
	check_text(7, certainty_name(CERTAINTY_LIKELY), "likely");
	check_text(8, pull_name(PULL_UNKNOWN), "unknown");
	check_text(9, experiment_name(EXPERIMENT_NONE), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_a_meaning_and_leads_back),
		cmocka_unit_test(names_are_printed_as_the_design_has_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
