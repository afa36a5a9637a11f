/* The registry answered, and the image is not as wanted, or its manifest cannot be used. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define UNKNOWN (SYMPTOM(REPOSITORY_UNKNOWN) | SYMPTOM(MANIFEST_UNKNOWN))

/* what DescribeImages says of the image's status */
static bool tag_is_listed(const struct context *context, const struct step *step)
{
	const struct step *tags = context_experiment(context, step, EXPERIMENT_TAGS);
	struct texts found = {0};
	if (tags)
		found = seen_list(tags, FACT_FOUND);
	for (size_t i = 0; i < found.count; i++)
		if (text_equal(found.at[i], context->evidence->target.reference))
			return true;
	return false;
}

/* an archived image is listed by DescribeImages, not by the registry */
static bool archive_is_excluded(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_API_DESCRIBE_IMAGE);
	return !is_ecr(context) ||
		(made && text_holds(seen_text(made, FACT_ERROR_CODE), T("ImageNotFound")));
}

/* the document asked for by the index, not by the reference */
static bool is_child(const struct context *context, const struct step *step)
{
	const struct target *target = &context->evidence->target;
	struct text digest = seen_text(step, FACT_DIGEST);
	const struct step *first = context_next(context, STAGE_MANIFEST, NULL);
	return first && first != step && first->outcome == OUTCOME_PASSED && digest.len &&
		!text_equal(digest, target->reference);
}

/* clang-format off */
static const struct rule rows[] = {
	/* the manifest arrived, and it cannot be used */
	{"platform-missing", PROVEN, {CAUSE_REGISTRY_PLATFORM_MISMATCH},
	 .symptoms = SYMPTOM(PLATFORM_MISSING), .stages = STAGE(MANIFEST),
	 .says = "{image} exists for {platforms}, not for {platform}."},
	{"manifest-digest-mismatch", PROVEN, {CAUSE_REGISTRY_DIGEST_MISMATCH},
	 .symptoms = SYMPTOM(DIGEST_MISMATCH), .stages = STAGE(MANIFEST),
	 .says = "The {document} manifest has the digest {found_blob}, not {blob}: its bytes were "
	 "changed on the path, or are corrupt in the registry."},
	{"puller-index", PROVEN, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST},
	 .symptoms = SYMPTOM(UNSUPPORTED), .stages = STAGE(MANIFEST), .has = FACT(PULLER),
	 .fact = FACT_DOCUMENT, .holds = "index",
	 .says = "{image} does not suit its puller: {words}.", .fix = {"Build it for one platform "
	 "and without attestations: docker buildx build --platform {platform} --provenance=false "
	 "--sbom=false --push -t {image} ."}},
	{"puller-layer-type", PROVEN, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST},
	 .symptoms = SYMPTOM(UNSUPPORTED), .stages = STAGE(MANIFEST), .has = FACT(PULLER),
	 .says = "{image} does not suit its puller: {words}. It leaves such layers out and then "
	 "reports that the numbers of layers and diffIDs differ.", .fix = {"Build it with OCI "
	 "media types and one compression: docker buildx build --output "
	 "type=image,oci-mediatypes=true,compression=zstd,force-compression=true,push=true -t "
	 "{image} ."}},
	{"puller-storage", PROVEN, {CAUSE_IMAGE_DISK_FULL}, .symptoms = SYMPTOM(NO_SPACE),
	 .stages = STAGE(MANIFEST),
	 .says = "{image} is too large for its puller: {words}. Unpacking needs more.",
	 .confirm = {LINE_BATCH_GET_IMAGE}},
	{"manifest-unsupported", PROVEN, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST},
	 .symptoms = SYMPTOM(UNSUPPORTED) | SYMPTOM(TOO_LARGE), .stages = STAGE(MANIFEST),
	 .says = "{image} has a type that a pull does not support ({media_type}): {words}."},
	{"manifest-malformed", LIKELY, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST,
	 CAUSE_HTTP_NOT_THE_SERVICE}, .symptoms = SYMPTOM(MALFORMED), .stages = STAGE(MANIFEST),
	 .fact = FACT_MEDIA_TYPE, .holds = "manifest|image.index",
	 .says = "The manifest of {image} cannot be used: {words}."},
	{"reference-rejected", LIKELY, {CAUSE_REF_BAD_REFERENCE, CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(STATUS), .fact = FACT_ERROR_CODE,
	 .holds = "NAME_INVALID|TAG_INVALID|DIGEST_INVALID",
	 .says = "{host} says that {image} is no valid reference ({error_code}): {words}."},
	/* the registry does not have it */
	{"repository-is-a-host", PROVEN, {CAUSE_REF_BAD_REFERENCE}, .symptoms = UNKNOWN |
	 SYMPTOM(DENIED), .run = RUN(HOST_IN_REPOSITORY),
	 .says = "The repository name \"{repository}\" contains a registry host: the reference "
	 "names the registry twice."},
	{"cache-library", LIKELY, {CAUSE_REF_BAD_REFERENCE, CAUSE_PTC_UPSTREAM_AUTH,
	 CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_REPO_NOT_FOUND}, .symptoms = UNKNOWN |
	 SYMPTOM(UNAVAILABLE) | SYMPTOM(STATUS), .registry = PRIVATE_ECR, .run = RUN(CACHE_PATH) |
	 RUN(NO_LIBRARY),
	 .says = "{repository} looks like a pull-through cache of Docker Hub. Docker Hub's "
	 "official images are under library/; for another name without a namespace it answers "
	 "\"unauthorized\".", .verify = "Whether the image is an official one: then its path has "
	 "library/ after the cache's prefix.", .fix = {"Write the prefix, then library/, then the "
	 "name in {image}."}, .confirm = {LINE_CACHE_RULES}},
	{"cache-by-digest", LIKELY, {CAUSE_REGISTRY_DIGEST_GONE, CAUSE_PTC_PERMISSION,
	 CAUSE_PTC_UPSTREAM_AUTH, CAUSE_REGISTRY_REPO_NOT_FOUND}, .symptoms = UNKNOWN,
	 .run = RUN(CACHE_PATH) | RUN(BY_DIGEST),
	 .says = "{repository} does not have {reference}. Its name looks like a pull-through "
	 "cache's, and a pull by digest alone does not fill a cache: ECR imports tags.",
	 .verify = "A pull of the tag: if it works, the digest works after it.", .fix = {"Pull the "
	 "image once by its tag, or name tag and digest of an image that is cached."},
	 .confirm = {LINE_CACHE_RULES, LINE_DESCRIBE_IMAGE}},
	{"cache-upstream-denied", PROVEN, {CAUSE_PTC_UPSTREAM_AUTH}, .symptoms = UNKNOWN |
	 SYMPTOM(UNAVAILABLE) | SYMPTOM(STATUS), .registry = PRIVATE_ECR, .words = UPSTREAM_FAILS,
	 .says = "ECR cannot fetch {repository} from its upstream registry: {cross_check}."},
	{"cache-upstream-busy", PROVEN, {CAUSE_REGISTRY_RATE_LIMITED}, .symptoms = UNKNOWN |
	 SYMPTOM(UNAVAILABLE) | SYMPTOM(STATUS), .registry = PRIVATE_ECR,
	 .words = "UpstreamTooManyRequests",
	 .says = "The upstream registry of {repository} limits ECR's pull-through cache.",
	 .fix = {"Add credentials of the upstream registry to the pull-through cache rule."},
	 .confirm = {LINE_CACHE_RULES}},
	{"cache-upstream-unavailable", PROVEN, {CAUSE_REGISTRY_UNAVAILABLE}, .symptoms = UNKNOWN |
	 SYMPTOM(UNAVAILABLE) | SYMPTOM(STATUS), .registry = PRIVATE_ECR,
	 .words = "UpstreamUnavailable",
	 .says = "ECR cannot reach the upstream registry of {repository}, whose pull-through cache "
	 "has no {reference}.", .fix = {"Pull a reference that is cached, or try again when the "
	 "upstream registry works."}, .confirm = {LINE_CACHE_RULES}},
	{"cache-not-filled", LIKELY, {CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_REPO_NOT_FOUND,
	 CAUSE_PTC_UPSTREAM_AUTH}, .symptoms = SYMPTOM(REPOSITORY_UNKNOWN), .run = RUN(CACHE_PATH),
	 .says = "{repository} is not in the registry. Its name looks like a pull-through cache's; "
	 "the first pull creates it only if the caller is allowed to."},
	{"cache-not-imported", LIKELY, {CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_TAG_NOT_FOUND,
	 CAUSE_PTC_UPSTREAM_AUTH, CAUSE_REGISTRY_ARCHIVED, CAUSE_REGISTRY_RATE_LIMITED,
	 CAUSE_REGISTRY_UNAVAILABLE},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .run = RUN(CACHE_PATH),
	 .says = "{repository} has no {reference}. Its name looks like a pull-through cache's; a "
	 "new image is imported only if the caller is allowed to."},
	{"repository-unknown-cross", LIKELY, {CAUSE_REGISTRY_REPO_NOT_FOUND,
	 CAUSE_REGISTRY_REPO_POLICY}, .symptoms = SYMPTOM(REPOSITORY_UNKNOWN),
	 .registry = PRIVATE_ECR, .run = RUN(CROSS_ACCOUNT),
	 .says = "The registry of account {account} in {region} has no repository {repository}, or "
	 "does not show it to account {caller_account}.", .verify = "Whether the owner of account "
	 "{account} sees the repository in {region}."},
	{"repository-near", PROVEN, {CAUSE_REGISTRY_REPO_NOT_FOUND},
	 .symptoms = SYMPTOM(REPOSITORY_UNKNOWN), .tried = TRIED(REPOSITORIES,
	 .has = FACT(NEAREST)),
	 .says = "There is no repository {repository} in this registry. Did you mean "
	 "{nearest_repository}?", .fix = {"Correct the repository in {image}: "
	 "{nearest_repository}."}},
	{"repository-unknown", PROVEN, {CAUSE_REGISTRY_REPO_NOT_FOUND},
	 .symptoms = SYMPTOM(REPOSITORY_UNKNOWN), .registry = PRIVATE_ECR,
	 .says = "There is no repository {repository} in registry {account} in {region}.",
	 .fix = {"Correct account, Region or name in {image}, or create it: aws ecr "
	 "create-repository{region_option} --repository-name {repository}"}},
	{"repository-unknown-other", LIKELY, {CAUSE_REGISTRY_REPO_NOT_FOUND,
	 CAUSE_AUTH_UPSTREAM_CREDENTIALS}, .symptoms = SYMPTOM(REPOSITORY_UNKNOWN),
	 .says = "{registry} has no repository {repository}, or does not show it to an anonymous "
	 "caller.", .fix = {"Correct the name in {image}, or set repositoryCredentials for the "
	 "container."}, .confirm = {LINE_TAGS}},
	{"image-archived", PROVEN, {CAUSE_REGISTRY_ARCHIVED}, .symptoms = SYMPTOM(MANIFEST_UNKNOWN)
	 | SYMPTOM(DENIED) | SYMPTOM(BLOB_UNKNOWN), .tried = TRIED(API_DESCRIBE_IMAGE,
	 .fact = FACT_IMAGE_STATUS, .holds = "ARCHIVED"),
	 .says = "{reference} exists in {repository} but is archived. It cannot be pulled until it "
	 "is restored."},
	{"image-activating", PROVEN, {CAUSE_REGISTRY_ARCHIVED},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(DENIED) | SYMPTOM(BLOB_UNKNOWN),
	 .tried = TRIED(API_DESCRIBE_IMAGE, .fact = FACT_IMAGE_STATUS, .holds = "ACTIVATING"),
	 .says = "{reference} is being restored from the archive and cannot be pulled yet.",
	 .fix = {"Wait until imageStatus is ACTIVE, then pull again."}},
	{"index-child-gone", PROVEN, {CAUSE_REGISTRY_DIGEST_GONE},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .when = {is_child},
	 .says = "The index {reference} names an image for {platform} ({blob}) that is not in "
	 "{repository}.", .fix = {"Push the image again for {platform}, and keep the lifecycle "
	 "policy from expiring untagged images of an index."}, .confirm = {LINE_LIFECYCLE,
	 LINE_BATCH_GET_IMAGE}},
	{"digest-gone", PROVEN, {CAUSE_REGISTRY_DIGEST_GONE}, .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
	 .when = {archive_is_excluded}, .registry = PRIVATE_ECR, .run = RUN(BY_DIGEST),
	 .says = "{repository} has no image {reference} any more. A tag that pointed to it may "
	 "point to another image now."},
	{"digest-unknown", LIKELY, {CAUSE_REGISTRY_DIGEST_GONE, CAUSE_REGISTRY_ARCHIVED},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR, .run = RUN(BY_DIGEST),
	 .says = "{repository} does not serve {reference}: it was deleted or archived."},
	{"digest-unknown-other", LIKELY, {CAUSE_REGISTRY_DIGEST_GONE,
	 CAUSE_REGISTRY_REPO_NOT_FOUND}, .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
	 .run = RUN(BY_DIGEST),
	 .says = "{registry} does not serve {reference} in {repository}: it was deleted, or there "
	 "is no such repository.", .verify = "Whether {repository} exists: some registries answer "
	 "the same where it does not.", .fix = {"Use a digest that exists."},
	 .confirm = {LINE_TAGS}},
	{"tag-listed", LIKELY, {CAUSE_REGISTRY_ARCHIVED, CAUSE_REGISTRY_TAG_NOT_FOUND},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR, .when = {tag_is_listed},
	 .says = "{repository} lists the tag {reference} but does not serve it: the image is most "
	 "likely archived."},
	{"registry-and-api-differ", OPEN, {CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_ARCHIVED,
	 CAUSE_HTTP_NOT_THE_SERVICE}, .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
	 .registry = PRIVATE_ECR, .when = {api_allows},
	 .says = "The registry has no {reference} in {repository}, but the ECR API returns it.",
	 .verify = "A second run: the tag may be new.", .fix = {"Run again; check that {host} "
	 "resolves to ECR's own address."}},
	{"repository-empty", PROVEN, {CAUSE_REGISTRY_TAG_NOT_FOUND},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .passed = EXPERIMENT_TAGS, .tried = TRIED(TAGS,
	 .lacks = FACT(FOUND)), .when = {archive_is_excluded},
	 .says = "The repository {repository} has no tags: nothing was pushed yet, or all images "
	 "have expired.", .fix = {FIX_PUSH}},
	{"tag-near", PROVEN, {CAUSE_REGISTRY_TAG_NOT_FOUND}, .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
	 .tried = TRIED(TAGS, .has = FACT(FOUND)), .when = {archive_is_excluded},
	 .says = "{repository} has no tag {reference}. The nearest tag is {nearest_tag}, of: "
	 "{found_tags}.", .confirm = {"aws ecr describe-images{region_option} --registry-id "
	 "{account} --repository-name {repository} --query 'imageDetails[].imageTags[]'"}},
	{"tag-gone", PROVEN, {CAUSE_REGISTRY_TAG_NOT_FOUND}, .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
	 .registry = PRIVATE_ECR, .when = {archive_is_excluded},
	 .says = "{repository} has no tag {reference}. The ECR API confirms it."},
	{"tag-near-likely", LIKELY, {CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_ARCHIVED},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .tried = TRIED(TAGS, .has = FACT(FOUND)),
	 .says = "{repository} does not serve the tag {reference}. The nearest tag is "
	 "{nearest_tag}, of: {found_tags}."},
	{"tag-unknown", LIKELY, {CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_ARCHIVED},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = PRIVATE_ECR,
	 .says = "{repository} does not serve the tag {reference}: it was never pushed, has "
	 "expired, or is archived."},
	{"tag-unknown-other", LIKELY, {CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_REPO_NOT_FOUND},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
	 .says = "{registry} has no tag {reference} in {repository}.", .verify = "Whether "
	 "{repository} exists: some registries answer the same where it does not.", .fix = {"Use a "
	 "repository and tag that exist."}, .confirm = {LINE_TAGS}},
};
/* clang-format on */

const struct rule_part rules_manifest = RULE_PART(rows, .stages = STAGE(MANIFEST) | STAGE(LAYERS));
