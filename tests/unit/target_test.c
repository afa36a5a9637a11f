/* Image references: what each is taken for, and what is said of those that are none. */
#include "check.h"
#include "model/target.h"
#include <string.h>

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ACCOUNT "123456789012"
#define ECR ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com"

struct ecr_case {
	const char *host;
	const char *region;
	const char *partition;
	bool fips;
	bool dualstack;
};

static void private_registries_are_known_in_every_spelling(void **state)
{
	static const struct ecr_case cases[] = {
		{ECR, "us-east-1", "aws", false, false},
		{ACCOUNT ".dkr.ecr-fips.us-west-2.amazonaws.com", "us-west-2", "aws", true, false},
		{ACCOUNT ".dkr-ecr.eu-west-1.on.aws", "eu-west-1", "aws", false, true},
		{ACCOUNT ".dkr-ecr-fips.us-gov-west-1.on.aws", "us-gov-west-1", "aws-us-gov", true,
			true},
		{ACCOUNT ".dkr.ecr.us-gov-east-1.amazonaws.com", "us-gov-east-1", "aws-us-gov",
			false, false},
		{ACCOUNT ".dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "aws-cn", false,
			false},
		{ACCOUNT ".dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn", "cn-northwest-1",
			"aws-cn", false, true},
		{ACCOUNT ".dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "aws-iso", false,
			false},
		{ACCOUNT ".dkr-ecr.us-iso-east-1.on.aws.ic.gov", "us-iso-east-1", "aws-iso", false,
			true},
		{ACCOUNT ".dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "aws-iso-b",
			false, false},
		{ACCOUNT ".dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "aws-iso-e",
			false, false},
		{ACCOUNT ".dkr-ecr.us-isof-south-1.on.aws.hci.ic.gov", "us-isof-south-1",
			"aws-iso-f", false, true},
		{ACCOUNT ".dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "aws-eusc",
			false, false},
		{ACCOUNT ".dkr-ecr.eusc-de-east-1.amazonwebservices.eu", "eusc-de-east-1",
			"aws-eusc", false, true},
		/* a Region that nobody has heard of is for DNS to judge */
		{ACCOUNT ".dkr.ecr.eu-middle-7.amazonaws.com", "eu-middle-7", "aws", false, false},
		{ACCOUNT ".dkr.ecr.xx-east-1.amazonaws.com", "xx-east-1", "aws", false, false},
		{ACCOUNT ".dkr-ecr-fips.eusc-fr-west-2.amazonwebservices.eu", "eusc-fr-west-2",
			"aws-eusc", true, true},
		{ACCOUNT ".dkr.starport.us-east-1.amazonaws.com", "us-east-1", "aws", false, false},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct target target;
		struct text complaint = {0};
		struct text image = text_format(&arena, "%s/team/app@" DIGEST, cases[i].host);
		if (!target_parse(&arena, image, T(""), &target, &complaint))
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		check_row(i, target.kind == REGISTRY_ECR);
		check_text(i, target.host, cases[i].host);
		check_text(i, target.account, ACCOUNT);
		check_text(i, target.region, cases[i].region);
		check_text(i, target.partition->name, cases[i].partition);
		check_row(i, target.fips == cases[i].fips);
		check_row(i, target.dualstack == cases[i].dualstack);
		check_text(i, target.repository, "team/app");
		check_text(i, target.reference, DIGEST);
		check_row(i, target.reference_kind == REFERENCE_DIGEST);
		arena_end(&arena);
	}
}

struct reference_case {
	const char *image;
	enum registry_kind kind;
	const char *host;
	const char *repository;
	const char *reference;
	const char *tag;
};

static void references_are_read_as_docker_reads_them(void **state)
{
	static const struct reference_case cases[] = {
		{"nginx", REGISTRY_OCI, "registry-1.docker.io", "library/nginx", "latest", ""},
		{"nginx:1.27", REGISTRY_OCI, "registry-1.docker.io", "library/nginx", "1.27", ""},
		{"bitnami/nginx", REGISTRY_OCI, "registry-1.docker.io", "bitnami/nginx", "latest",
			""},
		{"docker.io/nginx", REGISTRY_OCI, "registry-1.docker.io", "library/nginx", "latest",
			""},
		{"index.docker.io/library/nginx", REGISTRY_OCI, "registry-1.docker.io",
			"library/nginx", "latest", ""},
		{"public.ecr.aws/nginx/nginx:alpine", REGISTRY_ECR_PUBLIC, "public.ecr.aws",
			"nginx/nginx", "alpine", ""},
		{"ecr-public.aws.com/a/b", REGISTRY_ECR_PUBLIC, "ecr-public.aws.com", "a/b",
			"latest", ""},
		{"ghcr.io/a/b:C_d.e-f", REGISTRY_OCI, "ghcr.io", "a/b", "C_d.e-f", ""},
		{"localhost/app", REGISTRY_OCI, "localhost", "app", "latest", ""},
		{"localhost:5000/app:1", REGISTRY_OCI, "localhost:5000", "app", "1", ""},
		{"registry:5000/app", REGISTRY_OCI, "registry:5000", "app", "latest", ""},
		{"[fd00::1]:5000/app", REGISTRY_OCI, "[fd00::1]:5000", "app", "latest", ""},
		{"Registry.Example/app", REGISTRY_OCI, "registry.example", "app", "latest", ""},
		{"ec2-1-2-3-4.compute-1.amazonaws.com/app", REGISTRY_OCI,
			"ec2-1-2-3-4.compute-1.amazonaws.com", "app", "latest", ""},
		{"a.b/c__d/e-----f/g_h.i", REGISTRY_OCI, "a.b", "c__d/e-----f/g_h.i", "latest", ""},
		{ECR "/app:1@" DIGEST, REGISTRY_ECR, ECR, "app", DIGEST, "1"},
		{ECR "/" ACCOUNT "/app:1", REGISTRY_ECR, ECR, ACCOUNT "/app", "1", ""},
		{"123456789012.DKR.ECR.us-east-1.amazonaws.com/app:1", REGISTRY_ECR, ECR, "app",
			"1", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct target target;
		struct text complaint = {0};
		struct text image = exact(text_of(cases[i].image));
		if (!target_parse(&arena, image, T(""), &target, &complaint))
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		exact_end(image);
		check_text(i, target.image, cases[i].image);
		check_row(i, target.kind == cases[i].kind);
		check_text(i, target.host, cases[i].host);
		check_text(i, target.repository, cases[i].repository);
		check_text(i, target.reference, cases[i].reference);
		check_text(i, target.tag, cases[i].tag);
		check_text(i, target.platform.os, "linux");
		arena_end(&arena);
	}
}

struct mistake {
	const char *image;
	const char *says; /* part of the complaint */
};

static void every_mistake_is_named_in_one_line(void **state)
{
	static const struct mistake cases[] = {
		{"", "is empty"},
		{" ", "white space"},
		{ECR "/app :1", "white space"},
		{ECR "/app\n", "white space"},
		{ECR "/app\033[31m", "control character"},
		{ECR "/app:${TAG}", "variable"},
		{"$REGISTRY/app", "variable"},
		{"https://" ECR "/app", "URL"},
		{"docker://nginx", "URL"},
		{"http://localhost:5000/app", "https only"},
		{"arn:aws:ecr:us-east-1:" ACCOUNT ":repository/app", "ARN"},
		{ECR, "no repository"},
		{ECR "/", "no repository"},
		{ECR ":latest", "no repository"},
		{"localhost:5000", "no repository"},
		{"public.ecr.aws", "no repository"},
		{ECR "/app:", "empty"},
		{":1", "no repository"},
		{"@" DIGEST, "no repository"},
		{ECR "/app:.x", "is no tag"},
		{ECR "/app:a+b", "is no tag"},
		{ECR "/App", "upper-case"},
		{"Nginx", "upper-case"},
		{ECR "/a//b", "between two"},
		{ECR "//b", "between two"},
		{ECR "/a/", "ends in"},
		{ECR "/a..b", "cannot be part"},
		{ECR "/a___b", "cannot be part"},
		{ECR "/-a", "cannot be part"},
		{ECR "/a_", "cannot be part"},
		{ECR "/a*b", "cannot be part"},
		{ECR "/app@", "is no digest"},
		{ECR "/app@latest", "is no digest"},
		{ECR "/app@sha256:", "has 0 digits"},
		{ECR "/app@sha256:0123", "has 4 digits"},
		{ECR "/app@" DIGEST "0", "has 65 digits"},
		{ECR "/app@sha256:"
		     "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
			"lower case"},
		{ECR "/app@sha512:00", "sha256"},
		{".dkr.ecr.us-east-1.amazonaws.com/app", "account id"},
		{"dkr.ecr.us-east-1.amazonaws.com/app", "account id"},
		{"12345678901.dkr.ecr.us-east-1.amazonaws.com/app", "twelve digits"},
		{"<account>.dkr.ecr.us-east-1.amazonaws.com/app", "twelve digits"},
		{ACCOUNT ".dkr.ecr.us-east-1a.amazonaws.com/app",
			"an availability zone, not a Region: write us-east-1"},
		{ACCOUNT ".dkr.ecr.us-west-2-lax-1a.amazonaws.com/app", "write us-west-2"},
		{ACCOUNT ".dkr.ecr.use1-az1.amazonaws.com/app", "zone id"},
		{ACCOUNT ".dkr.ecr.useast1.amazonaws.com/app", "is not a Region"},
		{ACCOUNT ".dkr.ecr.mars-east-1.amazonaws.com/app", "partition"},
		{ACCOUNT ".dkr.ecr.xx-east-1.amazonaws.com.cn/app",
			"write " ACCOUNT ".dkr.ecr.xx-east-1.amazonaws.com"},
		{"vpce-0abc-xyz.dkr.ecr.us-east-1.vpce.amazonaws.eu/app",
			"write vpce-0abc-xyz.dkr.ecr.us-east-1.vpce.amazonaws.com"},
		{ACCOUNT ".dkr-ecr-fips.us-west-2.api.aws/app",
			"write " ACCOUNT ".dkr-ecr-fips.us-west-2.on.aws"},
		{ACCOUNT ".dkr.ecr.amazonaws.com/app", "names no Region"},
		{ACCOUNT ".dkr.ecr..amazonaws.com/app", "names no Region"},
		{ACCOUNT ".dkr-ecr.on.aws/app", "names no Region"},
		{ACCOUNT ".dkr.ecr.cn-north-1.amazonaws.com/app",
			"write " ACCOUNT ".dkr.ecr.cn-north-1.amazonaws.com.cn"},
		{ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com.cn/app",
			"write " ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com"},
		{ACCOUNT ".dkr.ecr.us-east-1.amazonaws.con/app", "wrong suffix"},
		{ACCOUNT ".dkr-ecr.us-east-1.amazonaws.com/app",
			"write " ACCOUNT ".dkr-ecr.us-east-1.on.aws"},
		{ACCOUNT ".dkr.ecr.us-east-1.on.aws/app", "wrong suffix"},
		{"api.ecr.us-east-1.amazonaws.com/app", "is not a registry"},
		{"api.ecr-public.us-east-1.amazonaws.com/app", "public.ecr.aws"},
		{ACCOUNT ".ecr.us-east-1.amazonaws.com/app", "is not a registry"},
		{"-a.b/app", "no host name"},
		{"a..b/app", "no host name"},
		{"a.b:0/app", "port"},
		{"a.b:65536/app", "port"},
		{"a.b:x/app", "port"},
		{"a_b.c/app", "no host name"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct target target;
		struct text complaint = {0};
		struct text image = exact(text_of(cases[i].image));
		check_row(i, !target_parse(&arena, image, T(""), &target, &complaint));
		exact_end(image);
		if (!text_holds(complaint, text_of(cases[i].says)))
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		check_row(i, !text_holds(complaint, T("\n")) && !text_holds(complaint, T("\033")));
		arena_end(&arena);
	}
}

static void a_long_image_is_refused_and_not_repeated(void **state)
{
	struct arena arena = {0};
	struct target target;
	struct text complaint = {0};
	(void)state;
	for (size_t len = 1; len < 100000; len = len * 3 + 50) {
		char *image = arena_new(&arena, char, len);
		memset(image, 'a', len);
		target_parse(&arena, (struct text){image, len}, T(""), &target, &complaint);
		assert_true(complaint.len < 300);
	}
	char tagged[3 + 129];
	memset(tagged, 'a', sizeof tagged);
	tagged[2] = ':';
	assert_true(
		target_parse(&arena, (struct text){tagged, 3 + 128}, T(""), &target, &complaint));
	assert_false(
		target_parse(&arena, (struct text){tagged, 3 + 129}, T(""), &target, &complaint));
	arena_end(&arena);
}

static void the_region_is_the_hosts_before_the_callers(void **state)
{
	struct arena arena = {0};
	struct target target;
	struct text complaint = {0};
	(void)state;
	assert_true(target_parse(&arena, T(ECR "/a"), T("eu-west-1"), &target, &complaint));
	check_text(0, target.region, "us-east-1");
	assert_true(target_parse(&arena, T("nginx"), T("eu-west-1"), &target, &complaint));
	check_text(1, target.region, "eu-west-1");
	check_text(1, target.partition->name, "aws");
	assert_true(target_parse(&arena, T("nginx"), T(""), &target, &complaint));
	assert_null(target.partition);
	assert_false(target_parse(&arena, T("nginx"), T("eu-west-1a"), &target, &complaint));
	arena_end(&arena);
}

static void an_endpoints_own_name_has_no_account(void **state)
{
	struct arena arena = {0};
	struct target target;
	struct text complaint = {0};
	(void)state;
	assert_true(target_parse(&arena, T("vpce-0123-abc.dkr.ecr.us-east-1.vpce.amazonaws.com/a"),
		T(""), &target, &complaint));
	check_text(0, target.account, "");
	check_text(0, target.region, "us-east-1");
	arena_end(&arena);
}

struct platform_case {
	const char *text;
	const char *read; /* NULL when it is none */
};

static void platforms_are_two_or_three_words(void **state)
{
	static const struct platform_case cases[] = {
		{"linux/amd64", "linux/amd64"},
		{"linux/arm64/v8", "linux/arm64/v8"},
		{"linux/x86_64", "linux/amd64"},
		{"linux/aarch64", "linux/arm64"},
		{"windows/amd64", "windows/amd64"},
		{"windows(10.0.20348)/amd64", "windows(10.0.20348)/amd64"},
		{"windows(10.0.20348/amd64", NULL},
		{"windows()/amd64", NULL},
		{"", NULL},
		{"linux", NULL},
		{"/", NULL},
		{"linux/", NULL},
		{"/amd64", NULL},
		{"linux/amd64/", NULL},
		{"linux/arm/v7/x", NULL},
		{"linux/am d64", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct platform platform;
		bool read = platform_parse(text_of(cases[i].text), &platform);
		check_row(i, read == (cases[i].read != NULL));
		if (read)
			check_text(i, platform_text(&arena, &platform), cases[i].read);
		arena_end(&arena);
	}
}

/* as containerd's own tests of platforms.Only and of Windows' versions have it */
static void a_puller_takes_what_containerd_would(void **state)
{
	static const struct {
		const char *want, *have;
		int rank;
	} cases[] = {
		{"linux/amd64", "linux/amd64", 0},
		{"linux/amd64", "linux/amd64/v1", 0},
		{"linux/amd64", "linux/amd64/v2", -1},
		{"linux/amd64/v3", "linux/amd64", 20},
		{"linux/amd64", "linux/386", 100},
		{"linux/386", "linux/amd64", -1},
		{"linux/amd64", "linux/arm64", -1},
		{"linux/amd64", "windows/amd64", -1},
		{"linux/arm64", "linux/arm64/v8", 0},
		{"linux/arm64/v8", "linux/arm64", 0},
		{"linux/arm64", "linux/arm64/v7", -1},
		{"linux/arm64", "linux/arm64/v9", -1},
		{"linux/arm64", "linux/arm64/v8.1", -1},
		{"linux/arm64/v8.4", "linux/arm64/v8.1", 3},
		{"linux/arm64/v9", "linux/arm64/v8.5", 5},
		{"linux/arm64/v9", "linux/arm64/v8.6", -1},
		{"linux/arm64", "linux/arm/v7", 110},
		{"linux/arm64", "linux/arm", 110},
		{"linux/arm64", "linux/arm/v4", -1},
		{"linux/arm/v7", "linux/arm/v6", 10},
		{"linux/arm/v7", "linux/arm/v5", 20},
		{"linux/arm/v7", "linux/arm/v4", -1},
		{"linux/arm/v6", "linux/arm/v7", -1},
		{"linux/arm", "linux/arm/v7", 0},
		{"linux/arm/v7", "linux/arm64", -1},
		{"linux/s390x", "linux/s390x", 0},
		{"linux/s390x", "linux/s390x/z", -1},
		{"windows/amd64", "windows(10.0.17763)/amd64", 0},
		{"windows(10.0.17763)/amd64", "windows(10.0.17763.1)/amd64", 0},
		{"windows(10.0.17763)/amd64", "windows(10.0.20348)/amd64", -1},
		{"windows(10.0.20348)/amd64", "windows(10.0.17763)/amd64", -1},
		{"windows(10.0.26100)/amd64", "windows(10.0.20348)/amd64", 0},
		{"windows(10.0.20348)/amd64", "windows(10.0.26100)/amd64", -1},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct platform want, have;
		assert_true(platform_parse(text_of(cases[i].want), &want));
		assert_true(platform_parse(text_of(cases[i].have), &have));
		check_row(i, platform_rank(&want, &have) == cases[i].rank);
	}
}

static void only_the_partitions_own_regions_are_its(void **state)
{
	static const struct {
		const char *region;
		const char *partition; /* NULL when there is none */
	} cases[] = {
		{"us-east-1", "aws"},
		{"us-gov-west-1", "aws-us-gov"},
		{"us-iso-west-1", "aws-iso"},
		{"us-isob-east-1", "aws-iso-b"},
		{"us-isof-south-1", "aws-iso-f"},
		{"eu-isoe-west-1", "aws-iso-e"},
		{"eusc-de-east-1", "aws-eusc"},
		{"cn-north-1", "aws-cn"},
		{"ap-southeast-12", "aws"},
		{"mx-central-1", "aws"},
		{"xx-east-1", "aws"},
		{"eusc-fr-east-1", "aws-eusc"},
		{"x1-east-1", NULL},
		{"xxx-east-1", NULL},
		{"us-iso2-east-1", NULL},
		{"eusc-f-east-1", NULL},
		{"", NULL},
		{"us", NULL},
		{"us-1", NULL},
		{"us--1", NULL},
		{"-us-east-1", NULL},
		{"us-east-1a", NULL},
		{"us-foo-east-1", NULL},
		{"US-EAST-1", NULL},
		{"-1", NULL},
		{"1", NULL},
		{"us-east-", NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		const struct partition *got = partition_of_region(text_of(cases[i].region));
		check_row(i, (got != NULL) == (cases[i].partition != NULL));
		if (got)
			check_text(i, got->name, cases[i].partition);
	}
	assert_non_null(partition_at(7));
	assert_null(partition_at(8));
}

static void names_end_in_their_partitions_suffixes(void **state)
{
	static const struct {
		const char *host;
		size_t partition; /* 8: of any */
		bool is;
	} cases[] = {
		{"api.ecr.us-east-1.amazonaws.com", 0, true},
		{"ecr.us-east-1.api.aws", 0, true},
		{ACCOUNT ".dkr-ecr.us-east-1.on.aws", 0, true},
		{"api.ecr.cn-north-1.amazonaws.com.cn", 0, false},
		{"api.ecr.cn-north-1.amazonaws.com.cn", 1, true},
		{ACCOUNT ".dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", 8, true},
		{ACCOUNT ".dkr-ecr.eusc-de-east-1.amazonwebservices.eu", 7, true},
		{"evilamazonaws.com", 8, false},
		{"amazonaws.com", 8, false},
		{"example.com", 8, false},
		{"", 8, false},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text host = text_of(cases[i].host);
		check_row(i, host_is_under(host, partition_at(cases[i].partition)) == cases[i].is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_registries_are_known_in_every_spelling),
		cmocka_unit_test(references_are_read_as_docker_reads_them),
		cmocka_unit_test(every_mistake_is_named_in_one_line),
		cmocka_unit_test(a_long_image_is_refused_and_not_repeated),
		cmocka_unit_test(the_region_is_the_hosts_before_the_callers),
		cmocka_unit_test(an_endpoints_own_name_has_no_account),
		cmocka_unit_test(platforms_are_two_or_three_words),
		cmocka_unit_test(a_puller_takes_what_containerd_would),
		cmocka_unit_test(only_the_partitions_own_regions_are_its),
		cmocka_unit_test(names_end_in_their_partitions_suffixes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
