/* ECR's calls. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ */
#include "cloud/services.h"

/* clang-format off */
#define PAGED "nextToken", "nextToken", false
#define WHOLE NULL, NULL, false

const struct call_row ecr_calls[ECR_CALLS] = {
	[ECR_REPOSITORIES] = {SERVICE_ECR, "DescribeRepositories", NULL,
		"whether the repository exists",
		{{"repositoryNames", PARAMETER_MANY}, {"registryId", PARAMETER_ONE}},
		"repositories", &vpc_repository_table, PAGED, VPC_REPOSITORIES},
	[ECR_IMAGES] = {SERVICE_ECR, "DescribeImages", NULL, "whether the image exists",
		{{"repositoryName", PARAMETER_ONE}, {"imageIds/imageTag", PARAMETER_MEMBER},
			{"imageIds/imageDigest", PARAMETER_MEMBER}, {"registryId", PARAMETER_ONE}},
		"imageDetails", &vpc_image_table, PAGED, VPC_IMAGES},
	[ECR_TAGS] = {SERVICE_ECR, "DescribeImages", NULL,
		"the nearest tag, where a tag is not found",
		{{"repositoryName", PARAMETER_ONE}, {"registryId", PARAMETER_ONE}},
		"imageDetails", &vpc_image_table, PAGED, -1},
	[ECR_REPOSITORY_POLICY] = {SERVICE_ECR, "GetRepositoryPolicy", NULL,
		"the repository's policy",
		{{"repositoryName", PARAMETER_ONE}, {"registryId", PARAMETER_ONE}},
		NULL, &vpc_repository_table, WHOLE, VPC_REPOSITORY_POLICY},
	[ECR_REGISTRY_POLICY] = {SERVICE_ECR, "GetRegistryPolicy", NULL, "the registry's policy",
		{{NULL, 0}}, NULL, &vpc_repository_table, WHOLE, VPC_REGISTRY_POLICY},
	[ECR_CACHE_RULES] = {SERVICE_ECR, "DescribePullThroughCacheRules", NULL,
		"pull-through cache rules", {{"registryId", PARAMETER_ONE}},
		"pullThroughCacheRules", &vpc_cache_rule_table, PAGED, VPC_CACHE_RULES},
};
