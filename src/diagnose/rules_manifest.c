/* The registry answered, and the image is not as wanted. */
#include "diagnose/denial.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool repository_is_a_host(const struct context *context)
{
	struct text repository = context->evidence->target.repository;
	return text_holds(repository, T("amazonaws.com")) || text_holds(repository, T(".dkr.ecr."));
}

static bool image_status_is(
	const struct context *context, const struct step *step, struct text word)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_API_DESCRIBE_IMAGE);
	/* reports of versions before 0.2 have it as the error's text */
	return made &&
		(text_equal(seen_text(made, FACT_IMAGE_STATUS), word) ||
			text_holds(seen_text(made, FACT_ERROR_TEXT), word));
}

static bool is_archived(const struct context *context, const struct step *step)
{
	return image_status_is(context, step, T("ARCHIVED"));
}

static bool is_activating(const struct context *context, const struct step *step)
{
	return image_status_is(context, step, T("ACTIVATING"));
}

static bool tag_is_listed(const struct context *context, const struct step *step)
{
	const struct step *tags = context_experiment(context, step, EXPERIMENT_TAGS);
	struct texts found = {0};
	if (tags && !by_digest(context))
		found = seen_list(tags, FACT_FOUND);
	for (size_t i = 0; i < found.count; i++)
		if (text_equal(found.at[i], context->evidence->target.reference))
			return true;
	return false;
}

static bool tags_are_known(const struct context *context, const struct step *step)
{
	const struct step *tags = context_experiment(context, step, EXPERIMENT_TAGS);
	return tags && tags->outcome == OUTCOME_PASSED && seen_list(tags, FACT_FOUND).count;
}

static bool tags_are_empty(const struct context *context, const struct step *step)
{
	const struct step *tags = context_experiment(context, step, EXPERIMENT_TAGS);
	return tags && tags->outcome == OUTCOME_PASSED && !seen_list(tags, FACT_FOUND).count;
}

/* an archived image is listed by DescribeImages, not by the registry */
static bool archive_is_excluded(const struct context *context, const struct step *step)
{
	return is_not_ecr(context) || image_is_not_listed(context, step);
}

static bool has_near_repository(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_REPOSITORIES);
	return made && seen_text(made, FACT_NEAREST).len;
}

/* the document asked for by the index, not by the reference */
static bool is_child(const struct context *context, const struct step *step)
{
	const struct target *target = &context->evidence->target;
	struct text digest = seen_text(step, FACT_DIGEST);
	const struct step *first = context_step(context, STAGE_MANIFEST, ENDPOINT_DKR);
	return first && first != step && first->outcome == OUTCOME_PASSED && digest.len &&
		!text_equal(digest, target->reference);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "repository-is-a-host", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN) |
		SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(DENIED), .run = {repository_is_a_host},
		.cause = CAUSE_REF_BAD_REFERENCE,
		.says = "The repository name \"{repository}\" holds a registry host: the reference "
		"names the registry twice."},
	{.id = "cache-upstream-denied", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN) |
		SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(UNAVAILABLE) | SYMPTOM(STATUS),
		.registry = PRIVATE_ECR, .when = {api_blames_upstream},
		.cause = CAUSE_PTC_UPSTREAM_AUTH,
		.says = "ECR cannot fetch {repository} from its upstream registry: "
		"{cross_check}."},
	{.id = "cache-upstream-busy", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN) |
		SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(UNAVAILABLE) | SYMPTOM(STATUS),
		.registry = PRIVATE_ECR, .when = {api_finds_upstream_busy},
		.cause = CAUSE_REGISTRY_RATE_LIMITED,
		.says = "The upstream registry of {repository} limits ECR's pull-through cache.",
		.fix = {"Give the pull-through cache rule credentials of the upstream registry."},
		.confirm = {LINE_CACHE_RULES}},
	{.id = "cache-not-filled", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN), .run = {is_cache_path},
		.cause = CAUSE_PTC_PERMISSION, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_PTC_UPSTREAM_AUTH},
		.says = "{repository} is not in the registry. Its name looks like a pull-through "
		"cache's, and the first pull creates it only when the caller may.",
		.verify = "Whether the registry has a pull-through cache rule for this prefix; if "
		"not, the repository is simply missing.",
		.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":[\"ecr:CreateRepository\",\"ecr:BatchImportUpstreamImage\"],"
		"\"Resource\":\"{repository_arn}\"}", "With VPC endpoints only, the first pull "
		"needs a NAT route besides."}, .confirm = {LINE_CACHE_RULES, LINE_REPOSITORY}},
	{.id = "cache-not-imported", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .run = {is_cache_path},
		.cause = CAUSE_PTC_PERMISSION, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_PTC_UPSTREAM_AUTH,
		CAUSE_REGISTRY_ARCHIVED, CAUSE_REGISTRY_RATE_LIMITED},
		.says = "{repository} has no {reference}. Its name looks like a pull-through "
		"cache's, and an image that is not cached yet is imported only when the caller "
		"may."},
	{.id = "repository-unknown-cross", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN),
		.registry = PRIVATE_ECR, .run = {is_cross_account},
		.cause = CAUSE_REGISTRY_REPO_NOT_FOUND, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_REPO_POLICY},
		.says = "The registry of account {account} in {region} has no repository "
		"{repository}, or does not show it to account {caller_account}.",
		.verify = "Whether the owner of account {account} sees the repository in {region}.",
		.fix = {"Correct account, Region or name in {image}."}},
	{.id = "repository-near", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN),
		.when = {has_near_repository}, .cause = CAUSE_REGISTRY_REPO_NOT_FOUND,
		.says = "There is no repository {repository} in this registry; did you mean "
		"{nearest_repository}?",
		.fix = {"Correct the repository in {image}: {nearest_repository}."}},
	{.id = "repository-unknown", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN),
		.registry = PRIVATE_ECR, .cause = CAUSE_REGISTRY_REPO_NOT_FOUND,
		.says = "There is no repository {repository} in registry {account} in {region}.",
		.fix = {"Correct account, Region or name in {image}, or create it: aws ecr "
		"create-repository{region_option} --repository-name {repository}"}},
	{.id = "repository-unknown-other", .symptoms = SYMPTOM(REPOSITORY_UNKNOWN),
		.cause = CAUSE_REGISTRY_REPO_NOT_FOUND, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "{registry} has no repository {repository}, or does not show it to an "
		"anonymous caller.",
		.fix = {"Correct the name in {image}, or give the container "
		"repositoryCredentials."},
		.confirm = {"curl -s https://{registry}/v2/{repository}/tags/list"}},
	{.id = "image-archived", .symptoms = SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(DENIED) |
		SYMPTOM(BLOB_UNKNOWN), .when = {is_archived}, .cause = CAUSE_REGISTRY_ARCHIVED,
		.says = "{reference} exists in {repository} but is archived: it cannot be pulled "
		"until it is restored."},
	{.id = "image-activating", .symptoms = SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(DENIED) |
		SYMPTOM(BLOB_UNKNOWN), .when = {is_activating}, .cause = CAUSE_REGISTRY_ARCHIVED,
		.says = "{reference} was archived and is being restored just now; it cannot be "
		"pulled yet.", .fix = {"Wait until imageStatus is ACTIVE, then pull again."}},
	{.id = "index-child-gone", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .when = {is_child},
		.cause = CAUSE_REGISTRY_DIGEST_GONE,
		.says = "The index {reference} arrived, but the image it names for {platform} "
		"({blob}) is not in {repository}.",
		.fix = {"Push the image again for {platform}, and keep the lifecycle policy from "
		"expiring untagged images that an index needs."},
		.confirm = {"aws ecr get-lifecycle-policy{region_option} --registry-id {account} "
		"--repository-name {repository}", LINE_BATCH_GET_IMAGE}},
	{.id = "digest-gone", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .when = {image_is_not_listed},
		.run = {by_digest}, .cause = CAUSE_REGISTRY_DIGEST_GONE,
		.says = "No image {reference} exists in {repository} any more; a tag that once "
		"pointed to it may point elsewhere now.",
		.confirm = {LINE_DESCRIBE_IMAGE, "aws ecr get-lifecycle-policy{region_option} "
		"--registry-id {account} --repository-name {repository}"}},
	{.id = "digest-unknown", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR,
		.run = {by_digest}, .cause = CAUSE_REGISTRY_DIGEST_GONE,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_REGISTRY_ARCHIVED},
		.says = "{repository} does not serve {reference}: it was deleted, or archived."},
	{.id = "digest-unknown-other", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .run = {by_digest},
		.cause = CAUSE_REGISTRY_DIGEST_GONE,
		.says = "{registry} has no {reference} in {repository} any more.",
		.fix = {"Pin a digest that exists."},
		.confirm = {"curl -s https://{registry}/v2/{repository}/tags/list"}},
	{.id = "tag-listed", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR,
		.when = {tag_is_listed}, .cause = CAUSE_REGISTRY_ARCHIVED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "{repository} lists the tag {reference} and does not serve it: the image "
		"is most likely archived."},
	{.id = "registry-and-api-differ", .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
		.registry = PRIVATE_ECR, .when = {api_allows},
		.cause = CAUSE_REGISTRY_TAG_NOT_FOUND, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_REGISTRY_ARCHIVED, CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "The registry says that {repository} has no {reference}, and the ECR API "
		"returns it.", .verify = "A second run: the tag may have been pushed just now.",
		.fix = {"Run again; check that {host} resolves to ECR's own address."},
		.confirm = {LINE_DESCRIBE_IMAGE, LINE_BATCH_GET_IMAGE}},
	{.id = "repository-empty", .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
		.when = {tags_are_empty, archive_is_excluded},
		.cause = CAUSE_REGISTRY_TAG_NOT_FOUND,
		.says = "The repository {repository} exists and has no tag at all: nothing was "
		"pushed yet, or everything has expired.",
		.fix = {"Push the image: docker push {image}"}},
	{.id = "tag-near", .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
		.when = {tags_are_known, archive_is_excluded},
		.cause = CAUSE_REGISTRY_TAG_NOT_FOUND,
		.says = "{repository} has no tag {reference}; the nearest is {nearest_tag}. It "
		"has: {found_tags}.",
		.fix = {"Use a tag that exists, or push {reference}; look at the lifecycle policy "
		"if it was there."},
		.confirm = {"aws ecr describe-images{region_option} --registry-id {account} "
		"--repository-name {repository} --query 'imageDetails[].imageTags[]'"}},
	{.id = "tag-gone", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR,
		.when = {image_is_not_listed}, .cause = CAUSE_REGISTRY_TAG_NOT_FOUND,
		.says = "{repository} has no tag {reference}; the ECR API says so too."},
	{.id = "tag-near-likely", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .when = {tags_are_known},
		.cause = CAUSE_REGISTRY_TAG_NOT_FOUND, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_ARCHIVED},
		.says = "{repository} does not serve the tag {reference}; the nearest it has is "
		"{nearest_tag}, of: {found_tags}.",
		.fix = {"Use a tag that exists, or push {reference}; look at the lifecycle policy "
		"if it was there."}},
	{.id = "tag-unknown", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR,
		.cause = CAUSE_REGISTRY_TAG_NOT_FOUND, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_ARCHIVED},
		.says = "{repository} does not serve the tag {reference}: it was never pushed, has "
		"expired, or is archived."},
	{.id = "tag-unknown-other", .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
		.cause = CAUSE_REGISTRY_TAG_NOT_FOUND, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "{registry} has no tag {reference} in {repository}.",
		.verify = "Whether {repository} exists: some registries say the same where it does "
		"not.", .fix = {"Use a repository and tag that exist."},
		.confirm = {"curl -s https://{registry}/v2/{repository}/tags/list"}},
};
/* clang-format on */

const struct rule_part rules_manifest = RULE_PART(STAGE(MANIFEST) | STAGE(LAYERS), rows);
