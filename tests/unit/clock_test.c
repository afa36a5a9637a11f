/* Times as texts and back. */
#include "base/clock.h"
#include "check.h"

static void times_are_read_in_the_three_forms(void **state)
{
	static const struct {
		const char *text;
		const char *retry; /* NULL when it is none */
	} cases[] = {
		{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"},
		{"2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05Z"},
		{"2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"},
		{"20260102T030405Z", "2026-01-02T03:04:05Z"},
		{"Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05Z"},
		{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
		{"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
		{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
		{"2000-02-29T23:59:59Z", "2000-02-29T23:59:59Z"},
		{"2100-03-01T00:00:00Z", "2100-03-01T00:00:00Z"},
		{"2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z"},
		{"", NULL},
		{"2026-01-02", NULL},
		{"2026-01-02T03:04:05", NULL},
		{"2026-01-02T03:04:05+01:00", NULL},
		{"2026-13-02T03:04:05Z", NULL},
		{"2026-01-02T24:61:05Z", NULL},
		{"20260102T030405", NULL},
		{"20260102T030405Zx", NULL},
		{"Fri, 02 Jan 2026 03:04:05 CET", NULL},
		{"Fri, 02 Foo 2026 03:04:05 GMT", NULL},
		{"now", NULL},
		{"2026-01-02T03:04:05.000000000000000000000000Z", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		int64_t seconds;
		struct text text = exact(text_of(cases[i].text));
		bool read = clock_parse(text, &seconds);
		exact_end(text);
		check_row(i, read == (cases[i].retry != NULL));
		if (read)
			check_text(i, clock_text(&arena, seconds), cases[i].retry);
		arena_end(&arena);
	}
	int64_t seconds;
	assert_true(clock_parse(T("2026-01-02T03:04:05Z"), &seconds));
	assert_int_equal(seconds, 1767323045);
	assert_false(clock_parse(T("2026-01-02T03:04:05Z\0x"), &seconds));
}

static void the_clocks_go_forward(void **state)
{
	int64_t before = clock_us();
	(void)state;
	assert_true(clock_us() >= before);
	assert_true(clock_unix() > 1700000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read_in_the_three_forms),
		cmocka_unit_test(the_clocks_go_forward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
