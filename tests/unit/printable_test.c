/* What a terminal must not obey is shown instead. */
#include "check.h"
#include "report/report.h"

static void what_a_terminal_obeys_is_shown(void **state)
{
	static const struct {
		struct text given;
		const char *shown;
	} cases[] = {
		{T(""), ""},
		{T("plain text, 100%"), "plain text, 100%"},
		{T("gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xb3"),
			"gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xb3"},
		{T("a\nb\tc\r"), "a\\nb\\tc\\x0d"},
		{T("\x1b[2J\x1b]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07"},
		{T("a\0b\x7f"), "a\\x00b\\x7f"},
		/* CSI as one character of C1, and as a byte that is not UTF-8 */
		{T("\xc2\x9b"
		   "2J"),
			"\\x9b2J"},
		{T("\x9b"
		   "2J"),
			"\\x9b2J"},
		/* right-to-left override, zero width space, byte order mark, a tag */
		{T("abc\xe2\x80\xae"
		   "cba"),
			"abc\\u{202e}cba"},
		{T("a\xe2\x80\x8b"
		   "b\xef\xbb\xbf"),
			"a\\u{200b}b\\u{feff}"},
		{T("\xf3\xa0\x81\x81"), "\\u{e0041}"},
		/* cut short, overlong, a surrogate, beyond the end */
		{T("\xe6\x97"), "\\xe6\\x97"},
		{T("\xc0\xaf"), "\\xc0\\xaf"},
		{T("\xed\xa0\x80"), "\\xed\\xa0\\x80"},
		{T("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"},
		{T("\xff"), "\\xff"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct text given = exact(cases[i].given);
		check_text(i, printable(&arena, given), cases[i].shown);
		exact_end(given);
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_terminal_obeys_is_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
