/* DNS answers, byte by byte: good ones, and what a hostile resolver may send. */
#include "check.h"
#include "net/parts.h"

/* a header of one question and `answers` records, and the question for a.b, cause IN */
#define HEAD(flags, answers) "\x12\x34\x81" flags "\0\1\0" answers "\0\0\0\0\1a\1b\0\0\1\0\1"
#define ADDRESS(name) name "\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x07"
/* the pointer to the question's name */
#define SAME "\xc0\x0c"

static void each_message_is_judged(void **state)
{
	static const struct {
		struct text message;
		enum symptom symptom;
		size_t addresses, cnames;
	} cases[] = {
		{T(HEAD("\x80", "\1") ADDRESS(SAME)), SYMPTOM_NONE, 1, 0},
		/* the case of letters means nothing */
		{T(HEAD("\x80", "\1") ADDRESS("\1A\1B\0")), SYMPTOM_NONE, 1, 0},
		{T(HEAD("\x80", "\2") ADDRESS(SAME) ADDRESS(SAME)), SYMPTOM_NONE, 2, 0},
		{T(HEAD("\x80", "\0")), SYMPTOM_NODATA, 0, 0},
		{T(HEAD("\x83", "\0")), SYMPTOM_NXDOMAIN, 0, 0},
		{T(HEAD("\x82", "\0")), SYMPTOM_SERVFAIL, 0, 0},
		{T(HEAD("\x84", "\0")), SYMPTOM_SERVFAIL, 0, 0},
		{T(HEAD("\x85", "\0")), SYMPTOM_REFUSED, 0, 0},
		/* an alias to c: with its address, without, and one that does not exist */
		{T(HEAD("\x80", "\2") SAME "\0\5\0\1\0\0\0\x3c\0\3\1c\0" ADDRESS("\1c\0")),
			SYMPTOM_NONE, 1, 1},
		{T(HEAD("\x80", "\1") SAME "\0\5\0\1\0\0\0\x3c\0\3\1c\0"), SYMPTOM_NODATA, 0, 1},
		{T(HEAD("\x83", "\1") SAME "\0\5\0\1\0\0\0\x3c\0\3\1c\0"), SYMPTOM_NXDOMAIN, 0, 1},
		/* an alias to itself ends */
		{T(HEAD("\x80", "\1") SAME "\0\5\0\1\0\0\0\x3c\0\2" SAME), SYMPTOM_NODATA, 0, 16},
		/* an address of another name is nobody's answer */
		{T(HEAD("\x80", "\1") ADDRESS("\1z\0")), SYMPTOM_NODATA, 0, 0},
		/* nobody looks behind the answers */
		{T(HEAD("\x80", "\1") ADDRESS(SAME) "\xff\xff\xff"), SYMPTOM_NONE, 1, 0},
		{T("\x12\x34\x81\x80\0\1\0\1\0\x09\0\x09\1a\1b\0\0\1\0\1" ADDRESS(SAME)),
			SYMPTOM_NONE, 1, 0},
		/* it breaks off: in the header, the record, the address */
		{T("\x12\x34\x81\x80"), SYMPTOM_MALFORMED, 0, 0},
		{T(HEAD("\x80", "\1")), SYMPTOM_MALFORMED, 0, 0},
		{T(HEAD("\x80", "\1") SAME "\0\1\0\1\0\0\0\x3c\0\4\xc0\0"), SYMPTOM_MALFORMED, 0,
			0},
		/* an address of three bytes, a name that leads to itself, a label beyond 63 */
		{T(HEAD("\x80", "\1") SAME "\0\1\0\1\0\0\0\x3c\0\3\xc0\0\2"), SYMPTOM_MALFORMED, 0,
			0},
		{T(HEAD("\x80", "\1") ADDRESS("\xc0\x15")), SYMPTOM_MALFORMED, 0, 0},
		{T(HEAD("\x80", "\1") ADDRESS("\x40")), SYMPTOM_MALFORMED, 0, 0},
		/* more records than bytes */
		{T("\x12\x34\x81\x80\0\1\xff\xff\0\0\0\0\1a\1b\0\0\1\0\1"), SYMPTOM_MALFORMED, 0,
			0},
		/* the answer to another question, and to none */
		{T("\x12\x34\x81\x80\0\1\0\0\0\0\0\0\1a\1z\0\0\1\0\1"), SYMPTOM_MALFORMED, 0, 0},
		{T("\x12\x34\x81\x80\0\0\0\0\0\0\0\0"), SYMPTOM_MALFORMED, 0, 0},
	};
	(void)state;
	struct arena arena = {0};
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text message = exact(cases[i].message);
		struct addresses addresses = {0};
		struct texts cnames = {0};
		enum symptom symptom = dns_read(
			&arena, message, T("a.b."), RECORD_A, &addresses, &cnames);
		exact_end(message);
		check_text(i, symptom_name(symptom), symptom_name(cases[i].symptom).at);
		check_row(i, addresses.count == cases[i].addresses);
		check_row(i, cnames.count == cases[i].cnames);
	}
	arena_end(&arena);
}

static void no_message_is_read_beyond_its_end(void **state)
{
	const struct text whole = T(
		HEAD("\x80", "\2") SAME "\0\5\0\1\0\0\0\x3c\0\3\1c\0" ADDRESS("\1c\0"));
	(void)state;
	struct arena arena = {0};
	for (size_t len = 0; len < whole.len; len++) {
		struct text message = exact(text_head(whole, len));
		struct addresses addresses = {0};
		struct texts cnames = {0};
		enum symptom symptom = dns_read(
			&arena, message, T("a.b"), RECORD_A, &addresses, &cnames);
		exact_end(message);
		check_text(len, symptom_name(symptom), "malformed");
	}
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_is_judged),
		cmocka_unit_test(no_message_is_read_beyond_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
