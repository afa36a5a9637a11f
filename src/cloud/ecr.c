/* ECR's calls. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ */
#include "cloud/services.h"
#include <stddef.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)

static const struct read_row repository_rows[] = {
	{"repositoryName", READ_TEXT, AT(vpc_repository, name), NULL},
	{"repositoryArn", READ_TEXT, AT(vpc_repository, arn), NULL},
	{"registryId", READ_TEXT, AT(vpc_repository, registry), NULL},
};
static const struct read_table repositories = {READ_TABLE(vpc_repository, repository_rows), NULL,
	0};

static const struct read_row image_rows[] = {
	{"repositoryName", READ_TEXT, AT(vpc_image, repository), NULL},
	{"imageDigest", READ_TEXT, AT(vpc_image, digest), NULL},
	{"imageTags", READ_TEXTS, AT(vpc_image, tags), NULL},
	{"imageManifestMediaType", READ_TEXT, AT(vpc_image, manifest_type), NULL},
	{"imageStatus", READ_TEXT, AT(vpc_image, status), NULL},
};
static const struct read_table images = {READ_TABLE(vpc_image, image_rows), NULL, 0};

static const struct read_row policy_rows[] = {
	{"policyText", READ_TEXT, AT(policy_document, text), NULL},
};
static const struct read_table policy = {READ_TABLE(policy_document, policy_rows), NULL, 0};

static const struct read_row cache_rows[] = {
	{"ecrRepositoryPrefix", READ_TEXT, AT(vpc_cache_rule, prefix), NULL},
	{"upstreamRegistryUrl", READ_TEXT, AT(vpc_cache_rule, upstream), NULL},
};
static const struct read_table cache = {READ_TABLE(vpc_cache_rule, cache_rows), NULL, 0};

#define PAGED "nextToken", "nextToken", false
#define WHOLE NULL, NULL, false

const struct call_row ecr_calls[ECR_CALLS] = {
	[ECR_REPOSITORIES] = {SERVICE_ECR, "DescribeRepositories", NULL,
		"whether the repository exists",
		{{"repositoryNames", PARAMETER_MANY}, {"registryId", PARAMETER_ONE}},
		"repositories", &repositories, PAGED, VPC_REPOSITORIES},
	[ECR_IMAGES] = {SERVICE_ECR, "DescribeImages", NULL, "whether the image exists",
		{{"repositoryName", PARAMETER_ONE}, {"imageIds/imageTag", PARAMETER_MEMBER},
			{"imageIds/imageDigest", PARAMETER_MEMBER}, {"registryId", PARAMETER_ONE}},
		"imageDetails", &images, PAGED, VPC_IMAGES},
	[ECR_REPOSITORY_POLICY] = {SERVICE_ECR, "GetRepositoryPolicy", NULL,
		"the repository's policy",
		{{"repositoryName", PARAMETER_ONE}, {"registryId", PARAMETER_ONE}},
		NULL, &policy, WHOLE, VPC_REPOSITORY_POLICY},
	[ECR_REGISTRY_POLICY] = {SERVICE_ECR, "GetRegistryPolicy", NULL, "the registry's policy",
		{{NULL, 0}}, NULL, &policy, WHOLE, VPC_REGISTRY_POLICY},
	[ECR_CACHE_RULES] = {SERVICE_ECR, "DescribePullThroughCacheRules", NULL,
		"pull-through cache rules", {{"registryId", PARAMETER_ONE}},
		"pullThroughCacheRules", &cache, PAGED, VPC_CACHE_RULES},
};
