/* What an addition needs besides its row: a service of --also a host name and an exit code, a
 * stage rules for its failures, a cause advice. */
#include "check.h"
#include "diagnose/advice.h"
#include "diagnose/rule.h"
#include "model/finding.h"
#include "model/hosts.h"

static void every_service_has_a_host_name(void **state)
{
	const struct partition *partition;
	(void)state;
	for (size_t i = 0; (partition = partition_at(i)); i++)
		for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++)
			check_row(kind,
				endpoint_use(kind) != USED_BY_ALSO ||
					host_form(partition, kind, SPELLING_PLAIN, false));
}

static void every_service_has_an_exit_code(void **state)
{
	int last = 0;
	(void)state;
	for (enum endpoint_kind kind = 0; kind < ENDPOINT_COUNT; kind++) {
		struct finding finding = {
			.stage = STAGE_TCP, .cause = CAUSE_NET_TIMEOUT, .endpoint = kind};
		int code = exit_code_of(&finding, false);
		if (endpoint_use(kind) == USED_BY_PULL)
			continue;
		check_text(kind, exit_code_row(code)->stage, "also");
		check_row(kind, code > last || code == EXIT_OTHER_SERVICE);
		last = code;
	}
}

static void every_stage_has_rules(void **state)
{
	(void)state;
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++) {
		const struct rule_part *part;
		size_t count = 0;
		for (size_t i = 0; (part = rule_part_at(i)); i++)
			count += part->common.stages & (1U << stage) &&
				part->common.stages != ANY_STAGE;
		check_row(stage, count > 0);
	}
}

/* What a rule, an error text or an exit code leads to has advice; of the rest only notes speak. */
static void every_cause_has_advice(void **state)
{
	(void)state;
	for (enum cause cause = CAUSE_NONE + 1; cause < CAUSE_PROBE_UNABLE; cause++)
		check_row(cause, advice_of(cause)->fix[0] && advice_of(cause)->confirm[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_service_has_a_host_name),
		cmocka_unit_test(every_service_has_an_exit_code),
		cmocka_unit_test(every_stage_has_rules),
		cmocka_unit_test(every_cause_has_advice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
