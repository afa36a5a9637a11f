/* ECR's calls. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ */
#include "cloud/services.h"

READ_TABLE(ecr_manifest, ECR_MANIFEST_FIELDS);

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
	[ECR_MANIFEST] = {SERVICE_ECR, "BatchGetImage", NULL, "the platforms of an image index",
		{{"repositoryName", PARAMETER_ONE}, {"imageIds/imageDigest", PARAMETER_MEMBER},
			{"registryId", PARAMETER_ONE}, {"acceptedMediaTypes", PARAMETER_MANY}},
		NULL, &ecr_manifest_table, WHOLE, VPC_PLATFORMS},
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

#define OF_PUSH(call, why) {.service = SERVICE_ECR, .name = call, .purpose = why, .traits = CALL_PUSH, .part = -1}

/* Those after the first are permissions that ECR asks for where the distribution protocol is spoken.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const struct call_row ecr_push_calls[ECR_PUSH_CALLS] = {
	[ECR_CREATE_REPOSITORY] = {.service = SERVICE_ECR, .name = "CreateRepository",
		.purpose = "makes the repository, if wanted",
		.parameters = {{"repositoryName", PARAMETER_ONE}, {"registryId", PARAMETER_ONE}},
		.traits = CALL_CHANGES | CALL_PUSH, .part = -1},
	[ECR_DELETE_REPOSITORY] = {.service = SERVICE_ECR, .name = "DeleteRepository",
		.purpose = "removes it, with \\-\\-remove-repository",
		.parameters = {{"repositoryName", PARAMETER_ONE}, {"force", PARAMETER_TRUE}},
		.traits = CALL_CHANGES | CALL_PUSH, .part = -1},
	[ECR_PUSH_TOKEN] = OF_PUSH("GetAuthorizationToken", "signs in to the registry"),
	[ECR_PUSH_LAYERS] = OF_PUSH("BatchCheckLayerAvailability", "which blobs are there"),
	[ECR_PUSH_BEGIN] = OF_PUSH("InitiateLayerUpload", "begins the upload of a blob"),
	[ECR_PUSH_PART] = OF_PUSH("UploadLayerPart", "uploads it"),
	[ECR_PUSH_END] = OF_PUSH("CompleteLayerUpload", "ends the upload"),
	[ECR_PUSH_IMAGE] = OF_PUSH("PutImage", "uploads the manifest"),
	[ECR_PUSH_LOOK] = OF_PUSH("BatchGetImage", "whether the tag names the image already"),
};
