/* Evidence grows by steps, and steps by facts. */
#include "check.h"
#include "model/evidence.h"

static void steps_keep_their_order_while_evidence_grows(void **state)
{
	struct arena arena = {0};
	struct evidence evidence = {0};
	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct step *step = evidence_add(&arena, &evidence, (struct step){.began_us = i});
		step_counted(&arena, step, FACT_STATUS, i);
	}
	assert_int_equal(evidence.count, 1000);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(evidence.steps[i].began_us, i);
		assert_int_equal(seen_number(&evidence.steps[i], FACT_STATUS), i);
	}
	arena_end(&arena);
}

static void what_was_seen_is_told_and_else_nothing(void **state)
{
	struct arena arena = {0};
	struct step step = {0};
	struct text names[] = {T("a"), T("b")};
	(void)state;
	step_saw(&arena, &step, FACT_SERVER, T("10.20.0.2"));
	step_counted(&arena, &step, FACT_STATUS, 0);
	step_counted(&arena, &step, FACT_WAS_TRUNCATED, 1);
	step_listed(&arena, &step, FACT_NAMES, (struct texts){names, 2});
	check_text(0, seen_text(&step, FACT_SERVER), "10.20.0.2");
	assert_true(seen_at_all(&step, FACT_STATUS));
	assert_int_equal(seen_number(&step, FACT_WAS_TRUNCATED), 1);
	assert_int_equal(seen_list(&step, FACT_NAMES).count, 2);
	check_text(1, seen_list(&step, FACT_NAMES).at[1], "b");
	assert_false(seen_at_all(&step, FACT_ISSUER));
	check_text(2, seen_text(&step, FACT_ISSUER), "");
	assert_int_equal(seen_number(&step, FACT_SIZE), 0);
	assert_int_equal(seen_list(&step, FACT_CHAIN).count, 0);
	arena_end(&arena);
}

static void empty_texts_and_lists_are_not_recorded(void **state)
{
	struct arena arena = {0};
	struct step step = {0};
	(void)state;
	step_saw(&arena, &step, FACT_SERVER, T(""));
	step_listed(&arena, &step, FACT_NAMES, (struct texts){0});
	assert_int_equal(step.seen_count, 0);
	arena_end(&arena);
}

static void a_step_can_see_every_fact(void **state)
{
	struct arena arena = {0};
	struct step step = {0};
	struct text name = T("x");
	(void)state;
	for (int fact = 0; fact < FACT_COUNT; fact++) {
		if (fact_kind((enum fact)fact) == FACT_KIND_TEXT)
			step_saw(&arena, &step, (enum fact)fact, name);
		else if (fact_kind((enum fact)fact) == FACT_KIND_LIST)
			step_listed(&arena, &step, (enum fact)fact, (struct texts){&name, 1});
		else
			step_counted(&arena, &step, (enum fact)fact, fact);
	}
	assert_int_equal(step.seen_count, FACT_COUNT);
	for (int fact = 0; fact < FACT_COUNT; fact++)
		assert_true(seen_at_all(&step, (enum fact)fact));
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_keep_their_order_while_evidence_grows),
		cmocka_unit_test(what_was_seen_is_told_and_else_nothing),
		cmocka_unit_test(empty_texts_and_lists_are_not_recorded),
		cmocka_unit_test(a_step_can_see_every_fact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
