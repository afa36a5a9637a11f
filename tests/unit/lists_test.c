/* The closed lists: each name is there, is once, and leads back. */
#include "check.h"
#include "model/causes.h"
#include "model/experiments.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/lists.h"

/* a test of one list, by its functions */
#define LIST_TEST_(list, type, rows)                                               \
	static void every_##list##_leads_back_from_its_name(void **state)          \
	{                                                                          \
		(void)state;                                                       \
		for (int i = 0; i < rows; i++) {                                   \
			enum type back;                                            \
			struct text name = list##_name((enum type)i);              \
			check_row(i, list##_parse(name, &back) && (int)back == i); \
			check_row(i, list##_meaning((enum type)i).len > 0);        \
		}                                                                  \
		enum type none;                                                    \
		assert_false(list##_parse(T("no such"), &none));                   \
	}

LIST_TEST_(stage, stage, STAGE_COUNT)
LIST_TEST_(endpoint_kind, endpoint_kind, ENDPOINT_COUNT)
LIST_TEST_(outcome, outcome, OUTCOME_COUNT)
LIST_TEST_(symptom, symptom, SYMPTOM_COUNT)
LIST_TEST_(cause, cause, CAUSE_COUNT)
LIST_TEST_(experiment, experiment, EXPERIMENT_COUNT)
LIST_TEST_(fact, fact, FACT_COUNT)

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
		cmocka_unit_test(every_stage_leads_back_from_its_name),
		cmocka_unit_test(every_endpoint_kind_leads_back_from_its_name),
		cmocka_unit_test(every_outcome_leads_back_from_its_name),
		cmocka_unit_test(every_symptom_leads_back_from_its_name),
		cmocka_unit_test(every_cause_leads_back_from_its_name),
		cmocka_unit_test(every_experiment_leads_back_from_its_name),
		cmocka_unit_test(every_fact_leads_back_from_its_name),
		cmocka_unit_test(names_are_printed_as_the_design_has_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
