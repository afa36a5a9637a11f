/* What a proxy's URL says, what of it may be told, and which hosts NO_PROXY keeps from it. */
#include "check.h"
#include "model/url.h"

static struct arena arena;

static void a_url_is_taken_apart(void **state)
{
	static const struct {
		const char *given;
		const char *url, *host; /* NULL: it is refused */
		const char *password, *basic;
	} cases[] = {
		{"http://proxy.example:3128", "http://proxy.example:3128", "proxy.example", "", ""},
		{"HTTP://Proxy.Example/", "http://proxy.example:80", "proxy.example", "", ""},
		{"http://10.0.0.1:8080", "http://10.0.0.1:8080", "10.0.0.1", "", ""},
		{"http://[fd00::1]:8080", "http://[fd00::1]:8080", "fd00::1", "", ""},
		{"http://u:p@proxy:3128", "http://proxy:3128", "proxy", "p", "dTpw"},
		{"http://corp%5Cme:p%40%3A%2fw@proxy", "http://proxy:80", "proxy", "p@:/w",
			"Y29ycFxtZTpwQDovdw=="},
		{"http://u:p@ss/word@proxy:1", "http://proxy:1", "proxy", "p@ss/word",
			"dTpwQHNzL3dvcmQ="},
		{"http://u@proxy:1", "http://proxy:1", "proxy", "", "dTo="},
		{"http://u:100%@proxy:1", "http://proxy:1", "proxy", "100%", "dToxMDAl"},
		{"proxy:3128", NULL, NULL, NULL, NULL},
		{"https://proxy:3128", NULL, NULL, NULL, NULL},
		{"socks5://proxy:3128", NULL, NULL, NULL, NULL},
		{"http://", NULL, NULL, NULL, NULL},
		{"http://proxy:0", NULL, NULL, NULL, NULL},
		{"http://proxy:99999", NULL, NULL, NULL, NULL},
		{"http://proxy/path", NULL, NULL, NULL, NULL},
		{"http://pro xy", NULL, NULL, NULL, NULL},
		{"http://proxy:1\r\nX: y", NULL, NULL, NULL, NULL},
		{"http://u:p@", NULL, NULL, NULL, NULL},
		{"", NULL, NULL, NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct proxy proxy = {0};
		struct text given = exact(text_of(cases[i].given));
		bool parsed = proxy_parse(&arena, given, &proxy);
		check_row(i, parsed == (cases[i].url != NULL));
		if (parsed) {
			check_text(i, proxy.url, cases[i].url);
			check_text(i, proxy.host, cases[i].host);
			check_text(i, proxy.password, cases[i].password);
			check_text(i, proxy.basic, cases[i].basic);
		}
		exact_end(given);
	}
}

static void what_is_told_of_one_holds_no_password(void **state)
{
	static const struct {
		const char *given, *shown;
	} cases[] = {
		{"http://u:secret@proxy:3128/", "http://proxy:3128"},
		{"proxy:3128", "http://proxy:3128"},
		{"u:secret@proxy:3128", "http://proxy:3128"},
		{"u:sec/ret@proxy", "http://proxy"},
		{"socks5h://u:secret@10.0.0.1:1080", "socks5h://10.0.0.1:1080"},
		{"https://proxy", "https://proxy"},
		{"u:secret", "a proxy whose URL cannot be read"},
		{"u:secret://proxy", "a proxy whose URL cannot be read"},
		{"http://u:secret@", "a proxy whose URL cannot be read"},
		{"http://u:secret", "a proxy whose URL cannot be read"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text given = exact(text_of(cases[i].given));
		check_text(i, proxy_shown(&arena, given), cases[i].shown);
		exact_end(given);
	}
}

static void a_list_keeps_hosts_from_it(void **state)
{
	static const struct {
		const char *list, *host;
		bool excepts;
	} cases[] = {
		{"", "api.ecr.us-east-1.amazonaws.com", false},
		{"*", "api.ecr.us-east-1.amazonaws.com", true},
		{"amazonaws.com", "api.ecr.us-east-1.amazonaws.com", true},
		{".amazonaws.com", "api.ecr.us-east-1.amazonaws.com", true},
		{"AmazonAWS.com", "api.ecr.us-east-1.amazonaws.com", true},
		{"a.com, .s3.us-east-1.amazonaws.com", "b.s3.us-east-1.amazonaws.com", true},
		{"a.com b.com", "x.b.com", true},
		{"*.amazonaws.com", "api.ecr.us-east-1.amazonaws.com", true},
		{"*.b.com:443", "a.b.com", true},
		{"onaws.com", "api.ecr.us-east-1.amazonaws.com", false},
		{"api.ecr.us-east-1.amazonaws.com.", "api.ecr.us-east-1.amazonaws.com", false},
		{"b.com:443", "a.b.com", true},
		{"b.com:8443", "a.b.com", false},
		{".", "a.b.com", false},
		{",,", "a.b.com", false},
		{"10.0.0.0/8", "10.1.2.3", true},
		{"10.0.0.0/8", "11.1.2.3", false},
		{"10.1.2.3", "10.1.2.3", true},
		{"2.3", "10.1.2.3", false},
		{"[fd00::1]", "[fd00::1]", true},
		{"", "169.254.170.2", true},
		{"", "127.0.0.1", true},
		{"", "fd00:ec2::23", true},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++)
		check_row(i,
			proxy_excepts(text_of(cases[i].list), text_of(cases[i].host), 443) ==
				cases[i].excepts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_is_taken_apart),
		cmocka_unit_test(what_is_told_of_one_holds_no_password),
		cmocka_unit_test(a_list_keeps_hosts_from_it),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_end(&arena);
	return failed;
}
