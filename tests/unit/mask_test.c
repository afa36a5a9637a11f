/* Secrets in texts that become evidence: whole, cut, encoded, or only named. */
#include "check.h"
#include "walk/probe.h"
#include <string.h>

#define KEY "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static void a_known_secret_is_hidden_in_every_form(void **state)
{
	static const struct {
		const char *given, *shown;
	} cases[] = {
		{"a plain text: 404 page not found", "a plain text: 404 page not found"},
		{"key " KEY " here", "key [secret] here"},
		{"cut at wJalrXUtnFEMI/K7", "cut at [secret]"},
		{"wJalrXUtnFEMI%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY&x=1", "[secret]&x=1"},
		{"\"wJalrXUtnFEMI\\/K7MDENG+bPxRfiCYEXAMPLEKEY\"", "\"[secret]\\[secret]\""},
		{"the end bPxRfiCYEXAMPLEKEY, ok", "the end [secret], ok"},
		{"wJalrXUt is too short to tell", "wJalrXUt is too short to tell"},
		{"open sesame! and pa$$ word", "open sesame! and [secret] word"},
		{"digest sha256:0123456789abcdef0123456789abcdef",
			"digest sha256:0123456789abcdef0123456789abcdef"},
		/* base64 of "a=" KEY "=z", and one and two bytes further on */
		{"in YT13SmFsclhVdG5GRU1JL0s3TURFTkcrYlB4UmZpQ1lFWEFNUExFS0VZPXo= too",
			"in [secret] too"},
		{"aWE9d0phbHJYVXRuRkVNSS9LN01ERU5HK2JQeFJmaUNZRVhBTVBMRUtFWT16", "[secret]"},
		{"aWlhPXdKYWxyWFV0bkZFTUkvSzdNREVORytiUHhSZmlDWUVYQU1QTEVLRVk9eg==", "[secret]"},
	};
	struct arena arena = {0};
	struct probe probe = {.arena = &arena};
	(void)state;
	texts_add(&arena, &probe.secrets, T(KEY));
	texts_add(&arena, &probe.secrets, T("pa$$"));
	texts_add(&arena, &probe.secrets, T(""));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_text(i, masked(&probe, text_of(cases[i].given)), cases[i].shown);
	arena_end(&arena);
}

static void what_a_name_says_to_be_secret_is_hidden(void **state)
{
	static const struct {
		const char *given, *shown;
	} cases[] = {
		{"https://h/a?X-Amz-Expires=60&X-Amz-Signature=ab12&b=1",
			"https://h/a?X-Amz-Expires=60&X-Amz-Signature=[secret]&b=1"},
		{"x-amz-signature%3Dab12 x", "x-amz-signature%3D[secret] x"},
		{"<AWSAccessKeyId>AKIA1</AWSAccessKeyId><SignatureProvided>ab</SignatureProvided>",
			"<AWSAccessKeyId>[secret]</AWSAccessKeyId>"
			"<SignatureProvided>[secret]</SignatureProvided>"},
		{"{\"SecretAccessKey\" : \"abc\", \"Token\":\"d\"}",
			"{\"SecretAccessKey\" : \"[secret]\", \"Token\":\"[secret]\"}"},
		{"Authorization: Basic QVdTOg==\r\nHost: h",
			"Authorization: Basic [secret]\r\nHost: h"},
		{"Basic realm=\"https://h/\",service=\"ecr.amazonaws.com\"",
			"Basic realm=\"https://h/\",service=\"ecr.amazonaws.com\""},
		{"The security token included in the request is expired",
			"The security token included in the request is expired"},
		{"Signature expired: 20260102T030405Z is now earlier",
			"Signature expired: 20260102T030405Z is now earlier"},
		{"password=", "password="},
		{"realm=\"https://me:open@h:1/a@b\" and ftp://x@y@z",
			"realm=\"https://[secret]@h:1/a@b\" and ftp://[secret]@z"},
		{"https://h/, mail me@h", "https://h/, mail me@h"},
	};
	struct arena arena = {0};
	struct probe probe = {.arena = &arena};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_text(i, masked(&probe, text_of(cases[i].given)), cases[i].shown);
	arena_end(&arena);
}

#define SIGNED                                                                                   \
	"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260102T030405Z&"                          \
	"X-Amz-Credential=ASIASTORAGEEXAMPLE01%2F20260102%2Fus-east-1%2Fs3%2Faws4_request&"      \
	"X-Amz-Security-Token=Fwo%2FEXAMPLETOKENEXAMPLE%2BXY&name=sha256__0123456789abcdef0123&" \
	"X-Amz-Signature=feedface0123456789abcdef0123456789abcdef"

static void a_presigned_query_is_hidden_by_its_values(void **state)
{
	static const struct {
		const char *given, *shown;
	} cases[] = {
		{"not feedface0123456789abcdef0123456789abcdef", "not [secret]"},
		{"cut feedface0123456", "cut [secret]"},
		{"sent Fwo/EXAMPLETOKENEXAMPLE+XY", "sent [secret]"},
		{"sent Fwo%2FEXAMPLETOKENEXAMPLE%2BXY", "sent [secret]"},
		{"by ASIASTORAGEEXAMPLE01 at 20260102T030405Z", "by [secret] at 20260102T030405Z"},
		{"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256"},
		{"sha256__0123456789abcdef0123", "sha256__0123456789abcdef0123"},
	};
	struct arena arena = {0};
	struct probe probe = {.arena = &arena};
	struct text shown = T("feedface0123456789abcdef0123456789abcdef");
	(void)state;
	mask_query(&probe, T(SIGNED));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_text(i, masked(&probe, text_of(cases[i].given)), cases[i].shown);
	mask_query(&probe, T("v=1"));
	check_text(0, masked(&probe, shown), shown.at);
	arena_end(&arena);
}

static void a_fact_has_an_end(void **state)
{
	static char many[10000];
	struct arena arena = {0};
	struct probe probe = {.arena = &arena};
	(void)state;
	memset(many, 'a', sizeof many);
	assert_int_equal(fit(&probe, (struct text){many, sizeof many}).len, 2048);
	arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_secret_is_hidden_in_every_form),
		cmocka_unit_test(what_a_name_says_to_be_secret_is_hidden),
		cmocka_unit_test(a_presigned_query_is_hidden_by_its_values),
		cmocka_unit_test(a_fact_has_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
