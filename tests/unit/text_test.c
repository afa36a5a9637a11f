/* Texts, and the arena and buffer that hold them. */
#include "base/arena.h"
#include "check.h"
#include <limits.h>
#include <string.h>

static void a_needle_is_found_where_it_first_stands(void **state)
{
	static const struct {
		const char *text;
		const char *needle;
		size_t at;
		size_t at_same; /* not looking at case */
	} cases[] = {
		{"abcabc", "bc", 1, 1},
		{"abcabc", "BC", 6, 1},
		{"abc", "abc", 0, 0},
		{"abc", "abcd", 3, 3},
		{"abc", "", 0, 0},
		{"", "", 0, 0},
		{"", "a", 0, 0},
		{"aab", "ab", 1, 1},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text text = exact(text_of(cases[i].text));
		struct text needle = exact(text_of(cases[i].needle));
		check_row(i, text_find(text, needle) == cases[i].at);
		check_row(i, text_find_same(text, needle) == cases[i].at_same);
		check_row(
			i, text_holds(text, needle) == (cases[i].at < text.len || needle.len == 0));
		exact_end(text);
		exact_end(needle);
	}
}

static void texts_are_compared_by_their_bytes(void **state)
{
	(void)state;
	assert_true(text_equal(T(""), text_of(NULL)));
	assert_true(text_equal(T("a\0b"), T("a\0b")));
	assert_false(text_equal(T("a\0b"), T("a\0c")));
	assert_false(text_equal(T("a"), T("ab")));
	assert_true(text_same(T("aB"), T("Ab")));
	assert_true(text_starts(T("ab"), T("a")) && text_starts(T("ab"), T("")));
	assert_true(text_ends(T("ab"), T("b")) && text_ends(T("ab"), T("ab")));
	assert_false(text_starts(T("a"), T("ab")) || text_ends(T("b"), T("ab")));
	assert_true(text_only(T("aab"), T("ab")) && text_only(T(""), T("")));
	assert_false(text_only(T("abc"), T("ab")));
}

static void cutting_takes_what_is_before_the_separator(void **state)
{
	static const struct {
		const char *text;
		const char *before;
		const char *behind;
	} cases[] = {
		{"a::b::c", "a", "b::c"},
		{"a:b", "a:b", ""},
		{"::a", "", "a"},
		{"a::", "a", ""},
		{"::", "", ""},
		{"", "", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text whole = exact(text_of(cases[i].text));
		struct text rest = whole;
		check_text(i, text_cut(&rest, T("::")), cases[i].before);
		check_text(i, rest, cases[i].behind);
		exact_end(whole);
	}
	struct text none = {0};
	assert_int_equal(text_cut(&none, T(":")).len, 0);
	assert_int_equal(none.len, 0);
}

static void heads_and_tails_stay_inside(void **state)
{
	(void)state;
	check_text(0, text_head(T("abc"), 2), "ab");
	check_text(1, text_head(T("abc"), SIZE_MAX), "abc");
	check_text(2, text_skip(T("abc"), 2), "c");
	check_text(3, text_skip(T("abc"), SIZE_MAX), "");
	check_text(4, text_skip((struct text){0}, 1), "");
	check_text(5, text_trim(T(" \t\r\na b\n")), "a b");
	check_text(6, text_trim(T(" \n ")), "");
}

static void a_number_fills_its_text(void **state)
{
	static const struct {
		const char *text;
		bool read;
		int64_t value;
	} cases[] = {
		{"0", true, 0},
		{"007", true, 7},
		{"-12", true, -12},
		{"999999999999999999", true, INT64_C(999999999999999999)},
		{"1000000000000000000", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1.0", false, 0},
		{"0x1", false, 0},
		{"--1", false, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		int64_t value = 42;
		struct text text = exact(text_of(cases[i].text));
		check_row(i, text_number(text, &value) == cases[i].read);
		check_row(i, value == (cases[i].read ? cases[i].value : 42));
		exact_end(text);
	}
}

static void the_arena_keeps_what_it_is_given(void **state)
{
	struct arena arena = {0};
	struct texts list = {0};
	(void)state;
	for (size_t i = 0; i < 1000; i++)
		texts_add(&arena, &list, text_format(&arena, "text %zu", i));
	assert_int_equal(list.count, 1000);
	check_text(0, list.at[0], "text 0");
	check_text(1, list.at[999], "text 999");
	char *large = arena_new(&arena, char, 1000000);
	for (size_t i = 0; i < 1000000; i++)
		assert_int_equal(large[i], 0);
	struct text kept = text_keep(&arena, T("a\0b"));
	assert_true(text_equal(kept, T("a\0b")) && kept.at[3] == '\0');
	assert_int_equal(strlen(text_string(&arena, (struct text){0})), 0);
	assert_non_null(arena_new(&arena, char, 0));
	for (size_t i = 0; i < 100; i++)
		assert_int_equal((uintptr_t)arena_new(&arena, char, i) % 16, 0);
	arena_end(&arena);
	assert_null(arena.last);
}

static void a_buffer_grows(void **state)
{
	struct arena arena = {0};
	struct buffer buffer = {.arena = &arena};
	(void)state;
	check_text(0, buffer_text(&buffer), "");
	for (int i = 0; i < 10000; i++) {
		buffer_addf(&buffer, "%d", i % 10);
		buffer_add(&buffer, T("-"));
		buffer_add(&buffer, (struct text){0});
	}
	struct text all = buffer_text(&buffer);
	assert_int_equal(all.len, 20000);
	check_text(1, text_head(all, 4), "0-1-");
	check_text(2, text_skip(all, 19996), "8-9-");
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_needle_is_found_where_it_first_stands),
		cmocka_unit_test(texts_are_compared_by_their_bytes),
		cmocka_unit_test(cutting_takes_what_is_before_the_separator),
		cmocka_unit_test(heads_and_tails_stay_inside),
		cmocka_unit_test(a_number_fills_its_text),
		cmocka_unit_test(the_arena_keeps_what_it_is_given),
		cmocka_unit_test(a_buffer_grows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
