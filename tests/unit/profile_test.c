/* What stands in files and tokens of others: profiles, JSON Web Tokens, STS' answers, role ARNs. */
#include "check.h"
#include "model/aws.h"

static void a_profile_is_found_under_its_own_section(void **state)
{
	static const struct {
		const char *file;
		bool is_config;
		const char *name;
		const char *region; /* NULL: no such profile */
	} cases[] = {
		{"[default]\nregion = a\n", true, "default", "a"},
		{"[profile default]\nregion = a\n", true, "default", "a"},
		{"[profile x]\nregion=a\n[profile y]\nregion=b\n", true, "y", "b"},
		{"[profile  x ]\r\nRegion = a b \r\n", true, "x", "a b"},
		{"[x]\nregion=a\n", false, "x", "a"},
		{"[x]\nregion=a", false, "x", "a"},
		{"# [x]\n[x]\n; region=b\n#region=c\nregion=a\n", false, "x", "a"},
		/* a later line wins, also of a section that begins again */
		{"[x]\nregion=b\n[y]\nregion=c\n[x]\nregion=a\n", false, "x", "a"},
		/* nested settings belong to something else */
		{"[x]\ns3 =\n  region=b\nregion=a\n", false, "x", "a"},
		{"[x]\nother=b\n", false, "x", ""},
		{"[x]\nregion\n=\n\n", false, "x", ""},
		/* not that section */
		{"[x]\nregion=a\n", true, "x", NULL},
		{"[profile x]\nregion=a\n", false, "x", NULL},
		{"[sso-session x]\nregion=a\n", true, "x", NULL},
		{"region=a\n", true, "default", NULL},
		{"[x", false, "y", NULL},
		{"[", true, "default", NULL},
		{"", true, "default", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct profile profile = {0};
		struct text file = exact(text_of(cases[i].file));
		bool found = profile_parse(
			file, cases[i].is_config, text_of(cases[i].name), &profile);
		check_row(i, found == (cases[i].region != NULL));
		check_text(i, profile.region, cases[i].region);
		exact_end(file);
	}
}

static void a_token_tells_its_times(void **state)
{
	static const struct {
		const char *token;
		bool read;
		int64_t not_before, expires;
	} cases[] = {
		/* {"exp":1}, {"nbf":4000000000}, {"nbf":2.5,"exp":3}, {} */
		{"h.eyJleHAiOjF9.s", true, 0, 1},
		{"h.eyJuYmYiOjQwMDAwMDAwMDB9.s", true, 4000000000, 0},
		{"h.eyJuYmYiOjIuNSwiZXhwIjozfQ.s", true, 2, 3},
		{"h.e30.s", true, 0, 0},
		/* {"exp":"1"}, {"exp":-1}, {"exp":1e300}: no dates */
		{"h.eyJleHAiOiIxIn0.s", true, 0, 0},
		{"h.eyJleHAiOi0xfQ.s", true, 0, 0},
		{"h.eyJleHAiOjFlMzAwfQ.s", true, 0, 0},
		{"h.e3+=.s", false, 0, 0},
		{"h.W10.s", false, 0, 0},
		{"h", false, 0, 0},
		{"h..s", false, 0, 0},
		{"", false, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		int64_t not_before = -1;
		int64_t expires = -1;
		struct text token = exact(text_of(cases[i].token));
		check_row(i, jwt_times(token, &not_before, &expires) == cases[i].read);
		check_row(i, not_before == cases[i].not_before && expires == cases[i].expires);
		exact_end(token);
	}
}

#define KEYS "<AccessKeyId>AEXAMPLE</AccessKeyId><SecretAccessKey>sEXAMPLE</SecretAccessKey>"
#define TOKEN "<SessionToken>tEXAMPLE</SessionToken>"
#define USER "<AssumedRoleUser><Arn>arn:x</Arn></AssumedRoleUser>"

static void sts_hands_out_whole_credentials_only(void **state)
{
	static const struct {
		const char *xml;
		const char *role; /* NULL: none are read */
	} cases[] = {
		{"<A><R>" USER "<Credentials>" KEYS TOKEN "</Credentials></R></A>", "arn:x"},
		{"<A><Credentials>\n" TOKEN KEYS "\n</Credentials></A>", ""},
		{"<A><Credentials>" KEYS "</Credentials></A>", NULL},
		{"<A>" KEYS TOKEN "</A>", NULL},
		{"<A><Credentials><B>" KEYS TOKEN "</B></Credentials></A>", NULL},
		{"<A><Credentials>" KEYS "<SessionToken>tEXAM", NULL},
		{"<A><Credentials>" KEYS
		 "<SessionToken>t&#10;X: y</SessionToken></Credentials></A>",
			NULL},
		{"<!DOCTYPE A [<!ENTITY e \"x\">]><A><Credentials>" KEYS TOKEN "</Credentials></A>",
			NULL},
		{"<html>", NULL},
		{"{}", NULL},
		{"", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct credentials got;
		struct text complaint = {0};
		struct text xml = exact(text_of(cases[i].xml));
		bool read = aws_xml_credentials_parse(&arena, xml, &got, &complaint);
		exact_end(xml);
		check_row(i, read == (cases[i].role != NULL));
		check_row(i, read || !text_holds(complaint, T("EXAMPLE")));
		check_text(i, got.role_arn, cases[i].role);
		check_text(i, got.access_key, read ? "AEXAMPLE" : NULL);
		check_text(i, got.session_token, read ? "tEXAMPLE" : NULL);
		arena_end(&arena);
	}
}

static void a_role_has_an_arn_of_its_own(void **state)
{
	static const struct {
		const char *arn;
		bool good;
	} cases[] = {
		{"arn:aws:iam::123456789012:role/pull", true},
		{"arn:aws-us-gov:iam::123456789012:role/team/a.b_c+=,@-d", true},
		{"arn:aws:iam::123456789012:user/me", false},
		{"arn:aws:sts::123456789012:assumed-role/pull/session", false},
		{"arn:aws:iam:us-east-1:123456789012:role/pull", false},
		{"arn:aws:iam::12345678901:role/pull", false},
		{"arn:aws:iam::123456789012:role/", false},
		{"arn:aws:iam::123456789012:role/a/", false},
		{"arn:aws:iam::123456789012:role/a b", false},
		{"arn:aws:iam::123456789012:role/a\nb", false},
		{"arn:gcp:iam::123456789012:role/pull", false},
		{"pull", false},
		{"", false},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++)
		check_row(i, role_arn_is_wellformed(text_of(cases[i].arn)) == cases[i].good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_is_found_under_its_own_section),
		cmocka_unit_test(a_token_tells_its_times),
		cmocka_unit_test(sts_hands_out_whole_credentials_only),
		cmocka_unit_test(a_role_has_an_arn_of_its_own),
	};
	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
