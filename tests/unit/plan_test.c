/* Which endpoints a target has, by the names of facts and options. */
#include "check.h"
#include "model/plan.h"

#define ACCOUNT "123456789012"

struct plan_case {
	const char *image;
	struct plan_options options;
	const char *endpoints; /* "role host:port", by blanks */
};

#define ALSO(...) .also = {__VA_ARGS__}, .also_count = SIZE(((enum endpoint_kind[]){__VA_ARGS__}))

static struct text plan_text(struct arena *arena, const struct plan *plan)
{
	struct text all = T("");
	for (size_t i = 0; i < plan->count; i++)
		all = text_format(arena, "%.*s%s%.*s %.*s:%u%s", TEXT(all), i ? " " : "",
			TEXT(endpoint_kind_name(plan->endpoints[i].kind)),
			TEXT(plan->endpoints[i].host), (unsigned)plan->endpoints[i].port,
			plan->endpoints[i].foreseen ? "?" : "");
	return all;
}

static void the_endpoints_follow_from_the_target(void **state)
{
	static const struct plan_case cases[] = {
		{ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com/a", {0},
			"api api.ecr.us-east-1.amazonaws.com:443 "
			"dkr " ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com:443 "
			"s3 prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com:443?"},
		{ACCOUNT ".dkr.ecr.cn-north-1.amazonaws.com.cn/a", {.dualstack = true},
			"api ecr.cn-north-1.api.amazonwebservices.com.cn:443 "
			"dkr " ACCOUNT ".dkr.ecr.cn-north-1.amazonaws.com.cn:443 "
			"s3 prod-cn-north-1-starport-layer-bucket.s3.cn-north-1.amazonaws.com.cn"
			":443?"},
		{ACCOUNT ".dkr.ecr.us-gov-west-1.amazonaws.com/a",
			{.fips = true, ALSO(ENDPOINT_LOGS, ENDPOINT_KMS, ENDPOINT_STS)},
			"api ecr-fips.us-gov-west-1.amazonaws.com:443 "
			"dkr " ACCOUNT ".dkr.ecr.us-gov-west-1.amazonaws.com:443 "
			"s3 prod-us-gov-west-1-starport-layer-bucket.s3.us-gov-west-1"
			".amazonaws.com:443? "
			"logs logs.us-gov-west-1.amazonaws.com:443 "
			"kms kms-fips.us-gov-west-1.amazonaws.com:443 "
			"sts sts.us-gov-west-1.amazonaws.com:443"},
		{ACCOUNT ".dkr-ecr-fips.us-west-2.on.aws/a",
			{ALSO(ENDPOINT_LOGS, ENDPOINT_SECRETSMANAGER, ENDPOINT_LOGS)},
			"api ecr-fips.us-west-2.api.aws:443 "
			"dkr " ACCOUNT ".dkr-ecr-fips.us-west-2.on.aws:443 "
			"s3 prod-us-west-2-starport-layer-bucket.s3.dualstack.us-west-2"
			".amazonaws.com:443? "
			"logs logs-fips.us-west-2.api.aws:443 "
			"secretsmanager secretsmanager-fips.us-west-2.amazonaws.com:443"},
		{ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com:8443/a",
			{.api_endpoint = {"https://localhost:4566/", 23},
				ALSO(ENDPOINT_SSMMESSAGES, ENDPOINT_ECS, ENDPOINT_SSM)},
			"api localhost:4566 dkr " ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com:8443 "
			"s3 prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com:443? "
			"ssmmessages ssmmessages.us-east-1.amazonaws.com:443 "
			"ecs ecs.us-east-1.amazonaws.com:443 ssm ssm.us-east-1.amazonaws.com:443"},
		{ACCOUNT ".dkr.ecr-fips.us-east-1.amazonaws.com/a",
			{.cluster = {"https://0a.gr7.us-east-1.eks.amazonaws.com", 42},
				ALSO(ENDPOINT_EKS, ENDPOINT_EKS_AUTH, ENDPOINT_EC2)},
			"api ecr-fips.us-east-1.amazonaws.com:443 "
			"dkr " ACCOUNT ".dkr.ecr-fips.us-east-1.amazonaws.com:443 "
			"s3 prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com:443? "
			"eks fips.eks.us-east-1.amazonaws.com:443 "
			"eks-auth eks-auth-fips.us-east-1.api.aws:443 "
			"ec2 ec2-fips.us-east-1.amazonaws.com:443 "
			"cluster 0a.gr7.us-east-1.eks.amazonaws.com:443"},
		{"public.ecr.aws/a/b", {ALSO(ENDPOINT_LOGS)},
			"dkr public.ecr.aws:443 s3 d5l0dvt14r5h8.cloudfront.net:443?"},
		{"nginx", {0},
			"api auth.docker.io:443 dkr registry-1.docker.io:443 "
			"s3 production.cloudflare.docker.com:443?"},
		{"ghcr.io/a/b", {0},
			"dkr ghcr.io:443 s3 pkg-containers.githubusercontent.com:443?"},
		{"quay.io/a/b", {0}, "dkr quay.io:443 s3 cdn01.quay.io:443?"},
		{"registry.example:5000/a", {0}, "dkr registry.example:5000"},
		{"[fd00::1]:5000/a", {0}, "dkr [fd00::1]:5000"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct target target;
		struct text complaint = {0};
		if (!target_parse(&arena, text_of(cases[i].image), T(""), &target, &complaint))
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		struct plan plan = plan_make(&arena, &target, &cases[i].options);
		check_text(i, plan_text(&arena, &plan), cases[i].endpoints);
		check_row(i, (plan.bucket.len > 0) == (target.kind == REGISTRY_ECR));
		check_row(i, plan_endpoint(&plan, ENDPOINT_DKR) != NULL);
		check_row(i, plan_endpoint(&plan, ENDPOINT_CONTROL) == NULL);
		arena_end(&arena);
	}
}

static void a_fips_name_of_the_api_has_a_second_spelling(void **state)
{
	static const struct {
		const char *host;
		struct plan_options options;
		const char *first;
		const char *second;
	} cases[] = {
		{ACCOUNT ".dkr.ecr-fips.us-east-1.amazonaws.com", {0},
			"ecr-fips.us-east-1.amazonaws.com", "api.ecr-fips.us-east-1.amazonaws.com"},
		{ACCOUNT ".dkr.ecr.us-gov-east-1.amazonaws.com", {.fips = true},
			"ecr-fips.us-gov-east-1.amazonaws.com",
			"api.ecr-fips.us-gov-east-1.amazonaws.com"},
		{ACCOUNT ".dkr-ecr-fips.us-east-1.on.aws", {0}, "ecr-fips.us-east-1.api.aws",
			"api.ecr-fips.us-east-1.api.aws"},
		{ACCOUNT ".dkr.ecr.us-iso-east-1.c2s.ic.gov", {.fips = true},
			"api.ecr-fips.us-iso-east-1.c2s.ic.gov", ""},
		{ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com", {0}, "api.ecr.us-east-1.amazonaws.com",
			""},
		{ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com", {.dualstack = true},
			"ecr.us-east-1.api.aws", ""},
		{ACCOUNT ".dkr.ecr-fips.us-east-1.amazonaws.com",
			{.api_endpoint = {"https://a.b", 11}}, "a.b", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct target target;
		struct text complaint;
		struct text image = text_format(&arena, "%s/a", cases[i].host);
		assert_true(target_parse(&arena, image, T(""), &target, &complaint));
		struct plan plan = plan_make(&arena, &target, &cases[i].options);
		check_text(i, plan.endpoints[0].host, cases[i].first);
		check_text(i, plan.endpoints[0].other_host, cases[i].second);
		arena_end(&arena);
	}
}

static void an_endpoint_url_is_https_with_a_host(void **state)
{
	static const struct {
		const char *url;
		const char *host; /* NULL when it is none */
		unsigned port;
	} cases[] = {
		{"https://a.b", "a.b", 0},
		{"https://a.b/", "a.b", 0},
		{"https://a.b:1/", "a.b", 1},
		{"https://vpce-0abc-xyz.api.ecr.us-east-1.vpce.amazonaws.com",
			"vpce-0abc-xyz.api.ecr.us-east-1.vpce.amazonaws.com", 0},
		{"https://[::1]:8443", "[::1]", 8443},
		{"https://[::1]", "[::1]", 0},
		{"http://a.b", NULL, 0},
		{"https://a.b/path", NULL, 0},
		{"https://a.b:1/c:d", NULL, 0},
		{"https://a.b//", NULL, 0},
		{"https://a.b?q", NULL, 0},
		{"HTTPS://A.B", NULL, 0},
		{"a.b", NULL, 0},
		{"https://", NULL, 0},
		{"https://:1", NULL, 0},
		{"https://a:b", NULL, 0},
		{"https://user@a.b", NULL, 0},
		{"https://[", NULL, 0},
		{"https://]:1", NULL, 0},
		{"", NULL, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text host;
		uint16_t port;
		bool read = endpoint_url_parse(text_of(cases[i].url), &host, &port);
		check_row(i, read == (cases[i].host != NULL));
		if (read)
			check_text(i, host, cases[i].host);
		if (read)
			check_row(i, port == cases[i].port);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_endpoints_follow_from_the_target),
		cmocka_unit_test(a_fips_name_of_the_api_has_a_second_spelling),
		cmocka_unit_test(an_endpoint_url_is_https_with_a_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
