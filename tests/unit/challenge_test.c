/* How registries sign callers in: challenges, tokens, Docker's configuration file, rate limits. */
#include "base/encoding.h"
#include "check.h"
#include "model/aws.h"
#include "model/registry.h"
#include <string.h>

static void challenges_are_read_by_their_grammar(void **state)
{
	static const struct {
		const char *header;
		enum scheme scheme; /* NONE: it is refused */
		const char *realm;
		const char *service;
	} cases[] = {
		{"Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"",
			SCHEME_BEARER, "https://auth.docker.io/token", "registry.docker.io"},
		{"Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a,b:pull\"",
			SCHEME_BEARER, "https://a/t", "s"},
		{"bearer  Realm = \"https://a/t\" ,\tSERVICE=s", SCHEME_BEARER, "https://a/t", "s"},
		{"Basic realm=\"Registry Realm\"", SCHEME_BASIC, "Registry Realm", ""},
		{"Basic realm=\"a\", Bearer realm=\"https://b\",service=\"c\"", SCHEME_BEARER,
			"https://b", "c"},
		{"Bearer realm=\"https://b\",service=\"c\", Basic realm=\"a\"", SCHEME_BEARER,
			"https://b", "c"},
		{"Negotiate YWJj==, Basic realm=\"a\"", SCHEME_BASIC, "a", ""},
		{"Bearer realm=\"https://a/\\\"t\\\\\"", SCHEME_BEARER, "https://a/\"t\\", ""},
		{"Basic", SCHEME_BASIC, "", ""},
		{",, ,Basic realm=a", SCHEME_BASIC, "a", ""},
		{"", SCHEME_NONE, "", ""},
		{"Negotiate", SCHEME_NONE, "", ""},
		{"realm=\"https://a\"", SCHEME_NONE, "", ""},
		{"Bearer realm=\"https://a", SCHEME_NONE, "", ""},
		{"Bearer realm=\"https://a\\", SCHEME_NONE, "", ""},
		{"Bearer realm=https://a", SCHEME_NONE, "", ""},
		{"Bearer \"", SCHEME_NONE, "", ""},
		{"Bearer realm=\"a\" \x01", SCHEME_NONE, "", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct challenge challenge;
		struct text header = exact(text_of(cases[i].header));
		bool read = challenge_parse(&arena, header, &challenge);
		check_row(i, read == (cases[i].scheme != SCHEME_NONE));
		if (read) {
			check_row(i, challenge.scheme == cases[i].scheme);
			check_text(i, challenge.realm, cases[i].realm);
			check_text(i, challenge.service, cases[i].service);
		}
		exact_end(header);
		arena_end(&arena);
	}
}

static void a_huge_challenge_is_refused(void **state)
{
	struct arena arena = {0};
	struct challenge challenge;
	static char header[CHALLENGE_BYTES_MAX + 64];
	(void)state;
	memset(header, 'a', sizeof header - 1);
	memcpy(header, "Bearer realm=\"", 14);
	header[CHALLENGE_BYTES_MAX - 1] = '"';
	header[CHALLENGE_BYTES_MAX] = '\0';
	assert_true(challenge_parse(&arena, text_of(header), &challenge));
	header[CHALLENGE_BYTES_MAX - 1] = 'a';
	header[CHALLENGE_BYTES_MAX] = '"';
	header[CHALLENGE_BYTES_MAX + 1] = '\0';
	assert_false(challenge_parse(&arena, text_of(header), &challenge));
	arena_end(&arena);
}

static void a_token_is_asked_for_one_repository(void **state)
{
	static const struct {
		const char *realm, *service, *repository, *url;
	} cases[] = {
		{"https://auth.docker.io/token", "registry.docker.io", "library/nginx",
			"https://auth.docker.io/"
			"token?service=registry.docker.io&scope=repository:library/nginx:pull"},
		{"https://a/t?x=1", "", "b", "https://a/t?x=1&scope=repository:b:pull"},
		{"https://a/t", "a b&c=\"d", "", "https://a/t?service=a%20b%26c%3D%22d"},
		{"https://a/t", "", "", "https://a/t"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct challenge challenge = {
			SCHEME_BEARER, text_of(cases[i].realm), text_of(cases[i].service)};
		check_text(i,
			challenge_url(&arena, &challenge, text_of(cases[i].repository), "pull"),
			cases[i].url);
		arena_end(&arena);
	}
}

static void tokens_are_taken_that_can_be_sent(void **state)
{
	static const struct {
		const char *json;
		const char *token; /* NULL: refused */
		int64_t seconds;
	} cases[] = {
		{"{\"token\":\"a.b-c_d~e+f/g=\",\"expires_in\":300}", "a.b-c_d~e+f/g=", 300},
		{"{\"access_token\":\"abc\"}", "abc", 60},
		{"{\"token\":\"\",\"access_token\":\"abc\",\"expires_in\":-1}", "abc", 60},
		{"{\"token\":\"abc\",\"expires_in\":1e30}", "abc", 60},
		{"{\"token\":\"a b\"}", NULL, 0},
		{"{\"token\":\"a\\r\\nX: y\"}", NULL, 0},
		{"{\"token\":7}", NULL, 0},
		{"{}", NULL, 0},
		{"[]", NULL, 0},
		{"{\"token\":\"ab", NULL, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct text token;
		struct text complaint = {0};
		int64_t seconds = 0;
		bool taken = bearer_parse(
			&arena, text_of(cases[i].json), &token, &seconds, &complaint);
		check_row(i, taken == (cases[i].token != NULL));
		if (taken) {
			check_text(i, token, cases[i].token);
			check_row(i, seconds == cases[i].seconds);
		} else {
			check_row(i, complaint.len > 0);
		}
		arena_end(&arena);
	}
}

static void errors_come_in_many_shapes(void **state)
{
	static const struct {
		const char *json, *code, *message; /* code NULL: it is no error */
	} cases[] = {
		{"{\"errors\":[{\"code\":\"DENIED\",\"message\":\"denied\"}]}", "DENIED", "denied"},
		{"{\"details\":\"incorrect username or password\"}", "",
			"incorrect username or password"},
		{"{\"error\":\"invalid_client\",\"error_description\":\"no\"}", "", "no"},
		{"{\"code\":\"X\",\"message\":\"m\"}", "X", "m"},
		{"{}", NULL, NULL},
		{"nothing", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct aws_error error;
		struct text json = text_of(cases[i].json);
		bool is_error = error_parse(&arena, json, ERROR_REGISTRY, &error) ||
			error_parse(&arena, json, ERROR_TOKEN_SERVICE, &error);
		check_row(i, is_error == (cases[i].code != NULL));
		if (is_error) {
			check_text(i, error.code, cases[i].code);
			check_text(i, error.message, cases[i].message);
		}
		arena_end(&arena);
	}
}

static void base64_goes_there_and_back(void **state)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"user:pa~ss?>", "dXNlcjpwYX5zcz8+"}};
	static const char *const wrong[] = {
		"Z", "Zg=", "Zg===", "Z===", "Zm9v Zg==", "Zm-v", "====", "Zg=v"};
	struct arena arena = {0};
	struct text out;
	(void)state;
	for (size_t i = 0; i < SIZE(pairs); i++) {
		check_text(i, base64_encode(&arena, text_of(pairs[i][0])), pairs[i][1]);
		check_row(i, base64_decode(&arena, text_of(pairs[i][1]), &out));
		check_text(i, out, pairs[i][0]);
	}
	for (size_t i = 0; i < SIZE(wrong); i++) {
		struct text t = exact(text_of(wrong[i]));
		check_row(i, !base64_decode(&arena, t, &out));
		exact_end(t);
	}
	arena_end(&arena);
}

static void dockers_configuration_is_read_and_its_helpers_are_not_run(void **state)
{
	static const struct {
		const char *json, *host, *user, *basic, *why_not;
	} cases[] = {
		{"{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"bWU6c2VjcmV0\"}}}",
			"registry-1.docker.io", "me", "bWU6c2VjcmV0", ""},
		{"{\"auths\":{\"https://r.example:5000\":{\"auth\":\"bWU6c2VjcmV0\"}}}",
			"r.example:5000", "me", "bWU6c2VjcmV0", ""},
		{"{\"auths\":{\"r.example\":{\"username\":\"me\",\"password\":\"a:b\"}}}",
			"r.example", "me", "bWU6YTpi", ""},
		{"{\"auths\":{\"r.example\":{\"auth\":\"bWU6c2VjcmV0\"}}}", "r.example:5000", "",
			"", "it has no entry for r.example:5000"},
		{"{\"auths\":{\"r.example\":{}},\"credsStore\":\"ecr-login\"}", "r.example", "", "",
			"docker-credential-ecr-login is named there and not run"},
		{"{\"credHelpers\":{\"r.example\":\"a\",\"s\":\"b\"},\"credsStore\":\"c\"}",
			"r.example", "", "", "docker-credential-a is named there and not run"},
		{"{\"auths\":{\"r.example\":{\"identitytoken\":\"x\"}}}", "r.example", "", "",
			"it has an identity token, which is not used"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"!\"}}}", "r.example", "", "",
			"its entry has no user name and password"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"bm9jb2xvbg==\"}}}", "r.example", "", "",
			"its entry has no user name and password"},
		{"{\"auths\":[],\"credHelpers\":7,\"credsStore\":{}}", "r.example", "", "",
			"it has no entry for r.example"},
		{"[]", "r.example", "", "", "it is JSON but no object"},
		{"{\"auths\":", "r.example", "", "", "it is not JSON"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct login login;
		struct text why_not = {0};
		login_parse(
			&arena, text_of(cases[i].json), text_of(cases[i].host), &login, &why_not);
		check_text(i, login.user, cases[i].user);
		check_text(i, login.basic, cases[i].basic);
		check_text(i, why_not, cases[i].why_not);
		arena_end(&arena);
	}
}

static void a_login_is_of_printable_text(void **state)
{
	struct arena arena = {0};
	struct login login;
	(void)state;
	assert_true(login_make(&arena, T("me"), T("a:b c"), &login));
	check_text(0, login.basic, "bWU6YTpiIGM=");
	assert_false(login_make(&arena, T("m:e"), T("a"), &login));
	assert_false(login_make(&arena, T(""), T("a"), &login));
	assert_false(login_make(&arena, T("me"), T(""), &login));
	assert_false(login_make(&arena, T("me"), T("a\nb"), &login));
	check_text(1, login.basic, "");
	arena_end(&arena);
}

static void rate_limits_are_numbers_in_a_window(void **state)
{
	static const struct {
		const char *limit, *left, *words; /* NULL: they are none */
	} cases[] = {
		{"100;w=21600", "96;w=21600", "4 of 100 pulls used in 6 h, 96 left"},
		{"100;w=60", "0;w=60", "100 of 100 pulls used in 60 s, 0 left"},
		{"200", "200", "0 of 200 pulls used, 200 left"},
		{"100;w=x", "1", "99 of 100 pulls used, 1 left"},
		{"100", "", NULL},
		{"", "", NULL},
		{"0", "0", NULL},
		{"10", "11", NULL},
		{"-5", "-6", NULL},
		{"99999999999999999999", "1", NULL},
		{"100, 100;w=60", "1", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct step step = {0};
		struct rate rate;
		bool told = rate_parse(text_of(cases[i].limit), text_of(cases[i].left), &rate);
		check_row(i, told == (cases[i].words != NULL));
		if (told) {
			step_counted(&arena, &step, FACT_RATE_LIMIT, rate.limit);
			step_counted(&arena, &step, FACT_RATE_LEFT, rate.left);
			step_counted(&arena, &step, FACT_RATE_WINDOW, rate.window);
			check_text(i, rate_words(&arena, &step), cases[i].words);
		}
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(challenges_are_read_by_their_grammar),
		cmocka_unit_test(a_huge_challenge_is_refused),
		cmocka_unit_test(a_token_is_asked_for_one_repository),
		cmocka_unit_test(tokens_are_taken_that_can_be_sent),
		cmocka_unit_test(errors_come_in_many_shapes),
		cmocka_unit_test(base64_goes_there_and_back),
		cmocka_unit_test(dockers_configuration_is_read_and_its_helpers_are_not_run),
		cmocka_unit_test(a_login_is_of_printable_text),
		cmocka_unit_test(rate_limits_are_numbers_in_a_window),
	};
	return cmocka_run_group_tests_name("challenge", tests, NULL, NULL);
}
