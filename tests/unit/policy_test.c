/* Policy documents against one request: what is told, and what cannot be. */
#include "check.h"
#include "diagnose/policy.h"

#define ROLE "arn:aws:iam::123456789012:role/pull"
#define ALL "\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\""
#define ALLOW(principal, action, resource)                                                     \
	"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" principal ",\"Action\":" action \
	",\"Resource\":" resource "}]}"
#define WHERE(condition) "{\"Statement\":[{" ALL ",\"Condition\":{" condition "}}]}"

static void wildcards_match_as_iam_reads_them(void **state)
{
	static const struct {
		const char *pattern, *value;
		bool same, matches;
	} cases[] = {
		{"*", "", false, true},
		{"", "", false, true},
		{"", "a", false, false},
		{"ecr:*", "ecr:BatchGetImage", false, true},
		{"ecr:*", "ECR:BatchGetImage", false, false},
		{"ecr:*", "ECR:BatchGetImage", true, true},
		{"*Get*", "ecr:BatchGetImage", false, true},
		{"*Get", "ecr:BatchGetImage", false, false},
		{"ecr:?atchGetImage", "ecr:BatchGetImage", false, true},
		{"ecr:??", "ecr:B", false, false},
		{"*a*b*c", "xxaxxbxxbxxc", false, true},
		{"*a*b*c", "xxaxxcxxb", false, false},
		{"a**b", "ab", false, true},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++)
		check_row(i,
			policy_matches(text_of(cases[i].pattern), text_of(cases[i].value),
				cases[i].same) == cases[i].matches);
}

static void each_document_is_told_or_left_undecided(void **state)
{
	static const struct {
		const char *document;
		enum policy_decision decision;
	} cases[] = {
		{ALLOW("\"*\"", "\"*\"", "\"*\""), POLICY_ALLOWED},
		{ALLOW("\"*\"", "\"ecr:batchgetimage\"", "\"*\""), POLICY_ALLOWED},
		{ALLOW("\"*\"", "\"ecr:Get*\"", "\"*\""), POLICY_NOT_ALLOWED},
		{ALLOW("\"*\"", "\"*\"", "\"arn:aws:ecr:*:*:repository/shop\""), POLICY_ALLOWED},
		{ALLOW("\"*\"", "\"*\"", "\"arn:aws:ecr:*:*:repository/Shop\""),
			POLICY_NOT_ALLOWED},
		{ALLOW("\"*\"", "\"*\"", "\"arn:aws:ecr:*:*:repository/${aws:username}\""),
			POLICY_UNDECIDED},
		/* principals */
		{ALLOW("{\"AWS\":\"" ROLE "\"}", "\"*\"", "\"*\""), POLICY_ALLOWED},
		{ALLOW("{\"AWS\":\"123456789012\"}", "\"*\"", "\"*\""), POLICY_ALLOWED},
		{ALLOW("{\"AWS\":\"arn:aws:iam::123456789012:root\"}", "\"*\"", "\"*\""),
			POLICY_ALLOWED},
		{ALLOW("{\"AWS\":\"arn:aws:iam::210987654321:root\"}", "\"*\"", "\"*\""),
			POLICY_NOT_ALLOWED},
		{ALLOW("{\"AWS\":\"" ROLE "er\"}", "\"*\"", "\"*\""), POLICY_NOT_ALLOWED},
		{ALLOW("{\"AWS\":\"arn:aws:sts::123456789012:assumed-role/pull/x\"}", "\"*\"",
			 "\"*\""),
			POLICY_UNDECIDED},
		{ALLOW("{\"AWS\":\"AROAEXAMPLE\"}", "\"*\"", "\"*\""), POLICY_UNDECIDED},
		{ALLOW("{\"Service\":\"ecs.amazonaws.com\"}", "\"*\"", "\"*\""),
			POLICY_NOT_ALLOWED},
		/* conditions */
		{WHERE("\"StringEquals\":{\"aws:SourceVpc\":\"vpc-1\"}"), POLICY_ALLOWED},
		{WHERE("\"StringEquals\":{\"AWS:sourcevpc\":[\"vpc-2\",\"vpc-1\"]}"),
			POLICY_ALLOWED},
		{WHERE("\"StringEquals\":{\"aws:SourceVpc\":\"vpc-2\"}"), POLICY_NOT_ALLOWED},
		{WHERE("\"StringNotEquals\":{\"aws:SourceVpc\":\"vpc-2\"}"), POLICY_ALLOWED},
		{WHERE("\"StringEquals\":{\"aws:SourceVpce\":\"vpce-1\"}"), POLICY_NOT_ALLOWED},
		{WHERE("\"StringEqualsIfExists\":{\"aws:SourceVpce\":\"vpce-1\"}"), POLICY_ALLOWED},
		{WHERE("\"StringNotEquals\":{\"aws:SourceVpce\":\"vpce-1\"}"), POLICY_ALLOWED},
		{WHERE("\"Null\":{\"aws:SourceVpce\":\"true\"}"), POLICY_ALLOWED},
		{WHERE("\"Null\":{\"aws:SourceVpc\":true}"), POLICY_NOT_ALLOWED},
		{WHERE("\"StringEquals\":{\"aws:PrincipalTag/team\":\"shop\"}"), POLICY_UNDECIDED},
		{WHERE("\"DateLessThan\":{\"aws:SourceVpc\":\"vpc-1\"}"), POLICY_UNDECIDED},
		/* a key of one value is a set of one */
		{WHERE("\"ForAnyValue:StringEquals\":{\"aws:SourceVpc\":\"vpc-1\"}"),
			POLICY_ALLOWED},
		{WHERE("\"ForAnyValue:StringEquals\":{\"aws:SourceVpc\":\"vpc-2\"}"),
			POLICY_NOT_ALLOWED},
		{WHERE("\"StringEquals\":{\"aws:SourceVpc\":\"vpc-2\",\"x\":\"y\"}"),
			POLICY_NOT_ALLOWED},
		/* several statements */
		{"{\"Statement\":[{" ALL "},{\"Effect\":\"Deny\",\"Principal\":\"*\","
		 "\"Action\":\"ecr:Batch*\",\"Resource\":\"*\"}]}",
			POLICY_DENIED},
		{"{\"Statement\":[{" ALL "},{\"Effect\":\"Deny\",\"Principal\":\"*\","
		 "\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
			POLICY_ALLOWED},
		{"{\"Statement\":[{" ALL "},{\"Effect\":\"Deny\",\"Principal\":\"*\","
		 "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"x\":\"true\"}}}]}",
			POLICY_UNDECIDED},
		{"{\"Statement\":{" ALL "}}", POLICY_ALLOWED},
		/* no documents */
		{"{\"Statement\":[]}", POLICY_NOT_ALLOWED},
		{"{}", POLICY_UNDECIDED},
		{"[]", POLICY_UNDECIDED},
		{"", POLICY_UNDECIDED},
	};
	static const struct policy_key keys[] = {
		{"aws:SourceVpc", {"vpc-1", 5}, false},
		{"aws:SourceVpce", {NULL, 0}, false},
	};
	struct policy_request request = {.principal = T(ROLE),
		.account = T("123456789012"),
		.action = T("ecr:BatchGetImage"),
		.resource = T("arn:aws:ecr:us-east-1:123456789012:repository/shop"),
		.keys = keys,
		.key_count = SIZE(keys)};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct policy_answer answer = policy_judge(
			&arena, text_of(cases[i].document), &request);
		check_row(i, answer.decision == cases[i].decision);
		arena_end(&arena);
	}
}

/* The one that fetches layers is a role of AWS's own: what names the customer's account or
 * organization is about somebody else. */
static void the_role_of_the_layers_is_nobodys(void **state)
{
	static const struct {
		const char *document;
		enum policy_decision decision;
	} cases[] = {
		{ALLOW("\"*\"", "\"s3:GetObject\"", "\"*\""), POLICY_ALLOWED},
		{ALLOW("{\"AWS\":\"123456789012\"}", "\"*\"", "\"*\""), POLICY_NOT_ALLOWED},
		{ALLOW("{\"AWS\":\"999999999999\"}", "\"*\"", "\"*\""), POLICY_UNDECIDED},
		{WHERE("\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}"), POLICY_NOT_ALLOWED},
		{WHERE("\"StringNotEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}"), POLICY_ALLOWED},
		{WHERE("\"StringEquals\":{\"aws:PrincipalAccount\":\"123456789012\"}"),
			POLICY_NOT_ALLOWED},
		{WHERE("\"StringEquals\":{\"aws:PrincipalAccount\":\"999999999999\"}"),
			POLICY_UNDECIDED},
		{WHERE("\"StringLike\":{\"aws:PrincipalAccount\":\"*\"}"), POLICY_ALLOWED},
	};
	static const struct policy_key keys[] = {
		{"aws:PrincipalAccount", {NULL, 0}, true},
		{"aws:PrincipalOrgID", {NULL, 0}, true},
	};
	struct policy_request request = {.foreign = true,
		.account = T("123456789012"),
		.action = T("s3:GetObject"),
		.resource = T("arn:aws:s3:::bucket/layer"),
		.keys = keys,
		.key_count = SIZE(keys)};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct policy_answer answer = policy_judge(
			&arena, text_of(cases[i].document), &request);
		check_row(i, answer.decision == cases[i].decision);
		arena_end(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wildcards_match_as_iam_reads_them),
		cmocka_unit_test(each_document_is_told_or_left_undecided),
		cmocka_unit_test(the_role_of_the_layers_is_nobodys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
