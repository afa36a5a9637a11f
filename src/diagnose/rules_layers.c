/* The layers: the registry redirects, and the blob host serves. The redirect is signed by ECR's own
 * role, so no permission of the puller mends what S3 denies. */
#include "diagnose/denial.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool text_says(const struct step *step, struct text word)
{
	struct text code = seen_text(step, FACT_ERROR_CODE);
	struct text text = seen_text(step, FACT_ERROR_TEXT);
	return text_find_same(code, word) < code.len || text_find_same(text, word) < text.len;
}

static bool is_signature(const struct step *step)
{
	return text_says(step, T("SignatureDoesNotMatch"));
}

static bool is_double_auth(const struct step *step)
{
	return text_says(step, T("Only one auth mechanism"));
}

static bool is_elsewhere(const struct step *step)
{
	return text_says(step, T("PermanentRedirect")) || text_says(step, T("TemporaryRedirect"));
}

/* the second try gave the very same wrong bytes */
static bool retry_alike(const struct context *context, const struct step *step)
{
	const struct step *retry = context_experiment(context, step, EXPERIMENT_BLOB_RETRY);
	struct text found = seen_text(step, FACT_FOUND_DIGEST);
	return retry && found.len && text_equal(seen_text(retry, FACT_FOUND_DIGEST), found);
}

/* S3 gives each answer a request id */
static bool is_not_signed(const struct step *step)
{
	return seen_number(step, FACT_STATUS) && !seen_text(step, FACT_REQUEST_ID).len;
}

/* clang-format off */
static const struct rule rows[] = {
	/* the registry's part */
	{.id = "redirect-bad", .symptoms = SYMPTOM(BAD_REDIRECT) | SYMPTOM(FORBIDDEN_HOST),
		.endpoints = ENDPOINT(DKR) | ENDPOINT(S3), .cause = CAUSE_REGISTRY_BAD_REDIRECT,
		.says = "{host} redirects the {document} to {location}, where a pull must not go: "
		"not https, or an address of this machine or of its metadata.",
		.fix = {"Check that {host} is the registry and not a proxy that rewrites "
		"redirects."}},
	{.id = "layer-unknown", .symptoms = SYMPTOM(BLOB_UNKNOWN), .endpoints = ENDPOINT(DKR),
		.cause = CAUSE_REGISTRY_DIGEST_GONE,
		.says = "The manifest names the {document} {blob}, and {repository} does not have "
		"it.", .fix = {"Push the image again: docker push {image}"},
		.confirm = {"aws ecr batch-check-layer-availability{region_option} --registry-id "
		"{account} --repository-name {repository} --layer-digests {digest}"}},
	/* the blob host's part */
	{.id = "blob-not-the-service", .symptoms = SYMPTOM(TRUNCATED) | SYMPTOM(DIGEST_MISMATCH) |
		SYMPTOM(STATUS) | SYMPTOM(DENIED) | SYMPTOM(BLOB_UNKNOWN),
		.endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR, .step = {is_not_signed},
		.cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_IMAGE_CORRUPT_LAYER, CAUSE_S3_RESET,
		CAUSE_S3_ENDPOINT_POLICY},
		.says = "Something answers for {host} with status {status} and {bytes} bytes in "
		"place of {document} {blob}, without the request id that S3 gives: a web filter or "
		"proxy.", .verify = "The same pull from a subnet without that filter.",
		.fix = {"Exempt {host} from the web filter or proxy on the path."},
		.confirm = {LINE_CURL, LINE_ROUTES}},
	{.id = "s3-endpoint-policy", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(S3),
		.shows = FACT_POLICY, .text = "endpoint", .cause = CAUSE_S3_ENDPOINT_POLICY,
		.says = "The policy of the S3 VPC endpoint does not let ECR's own role read the "
		"layers in {bucket}. The role that pulls has no part in it.",
		.fix = {"Add to the policy of the S3 endpoint: {\"Effect\":\"Allow\","
		"\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
		"\"Resource\":\"arn:{partition}:s3:::{bucket}/*\"}, without conditions on account, "
		"organization or principal.", "If the policy has a Deny statement that meets the "
		"bucket, exempt it there."}, .confirm = {LINE_ENDPOINT_POLICY}},
	{.id = "s3-kms", .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .when = {kms_fails}, .cause = CAUSE_S3_KMS,
		.says = "S3 cannot decrypt the {document}: {words}. ECR uses the repository's KMS "
		"key through its own grant, so no permission of the puller mends it."},
	{.id = "s3-denied-by-organization", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(S3),
		.shows = FACT_POLICY, .text = "scp", .cause = CAUSE_AUTH_SCP,
		.says = "A service control policy of the organization denies reading the layers "
		"from {bucket}: {words}.",
		.fix = {"Ask the organization's administrator to exempt "
		"arn:{partition}:s3:::{bucket}/*."}},
	{.id = "s3-signature", .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS) |
		SYMPTOM(UNAUTHENTICATED), .endpoints = ENDPOINT(S3), .step = {is_signature},
		.cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_INTERCEPTED, CAUSE_CLIENT_CONFIG},
		.says = "The layer host says that the redirect's signature does not fit: something "
		"on the way changed the URL or the request, as rewriting proxies do.",
		.verify = "The same pull from a subnet without that proxy.",
		.fix = {"Exempt {host} from proxies and inspection."},
		.confirm = {LINE_CURL, LINE_ROUTES}},
	{.id = "s3-elsewhere", .symptoms = SYMPTOM(STATUS) | SYMPTOM(BAD_REDIRECT),
		.endpoints = ENDPOINT(S3), .step = {is_elsewhere},
		.cause = CAUSE_REGISTRY_BAD_REDIRECT, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_S3_NOT_FOUND},
		.says = "The layer host says that the bucket is not at {host}: {words}. The "
		"redirect names the wrong Region, or something on the way changed it.",
		.fix = {"Exempt {registry} and {host} from proxies that rewrite redirects or "
		"names."}},
	{.id = "s3-two-authorizations", .symptoms = SYMPTOM(STATUS) | SYMPTOM(DENIED),
		.endpoints = ENDPOINT(S3), .step = {is_double_auth}, .cause = CAUSE_CLIENT_CONFIG,
		.says = "The layer host got an Authorization header beside the signed URL: a proxy "
		"on the way adds one.",
		.fix = {"Exempt {host} from the proxy that adds the header."},
		.confirm = {LINE_CURL}},
	{.id = "s3-expired", .symptoms = SYMPTOM(EXPIRED) | SYMPTOM(SKEWED),
		.endpoints = ENDPOINT(S3), .cause = CAUSE_S3_EXPIRED_URL,
		.says = "The layer host says that the presigned URL has expired, though the "
		"registry gave it just now: {words}. A cached redirect or a wrong clock on the way "
		"does that."},
	{.id = "s3-denied", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
		.endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
		.cause = CAUSE_S3_ENDPOINT_POLICY, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_S3_KMS, CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_AUTH_SCP},
		.says = "S3 denies the {document} in {bucket} and does not say why: {words}. The "
		"redirect was signed by ECR, so most likely the policy of the S3 VPC endpoint "
		"denies it.",
		.verify = "The policy of the S3 endpoint; then the state of the repository's KMS "
		"key, and the organization's policies.",
		.fix = {"Add to the policy of the S3 endpoint: {\"Effect\":\"Allow\","
		"\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
		"\"Resource\":\"arn:{partition}:s3:::{bucket}/*\"}, without conditions on account, "
		"organization or principal."},
		.confirm = {LINE_ENDPOINT_POLICY, LINE_ENCRYPTION}},
	{.id = "blob-denied-other", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
		.endpoints = ENDPOINT(S3), .cause = CAUSE_S3_ENDPOINT_POLICY,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_S3_EXPIRED_URL},
		.says = "The layer host {host} denies the {document}: {words}."},
	{.id = "s3-not-found", .symptoms = SYMPTOM(BLOB_UNKNOWN), .endpoints = ENDPOINT(S3),
		.cause = CAUSE_S3_NOT_FOUND,
		.says = "The layer host {host} does not have the {document} {blob}: {words}."},
	{.id = "blob-corrupt", .symptoms = SYMPTOM(DIGEST_MISMATCH), .when = {retry_alike},
		.cause = CAUSE_IMAGE_CORRUPT_LAYER,
		.says = "The {document} {blob} hashes to {found_blob}, twice the same: it is "
		"damaged where it is kept, in the registry or in a cache on the way.",
		.fix = {"Exempt {host} from caching proxies, then push the image again: docker "
		"push {image}"}, .confirm = {LINE_BATCH_GET_IMAGE}},
	{.id = "blob-corrupt-once", .symptoms = SYMPTOM(DIGEST_MISMATCH),
		.passed = EXPERIMENT_BLOB_RETRY, .cause = CAUSE_IMAGE_CORRUPT_LAYER,
		.says = "The {document} {blob} arrived with wrong bytes once and whole the second "
		"time: something on the way changes bytes now and then.",
		.fix = {"Check the devices between this subnet and {host}: a proxy, a firewall or "
		"a failing device."}, .confirm = {LINE_ROUTES}},
	{.id = "blob-mismatch", .symptoms = SYMPTOM(DIGEST_MISMATCH),
		.cause = CAUSE_IMAGE_CORRUPT_LAYER,
		.says = "The {document} {blob} hashes to {found_blob}: its bytes are changed on "
		"the way or damaged."},
	{.id = "blob-unusable", .symptoms = SYMPTOM(UNSUPPORTED) | SYMPTOM(PLATFORM_MISSING),
		.cause = CAUSE_IMAGE_UNSUPPORTED_MANIFEST,
		.says = "The {document} {blob} cannot be used: {words}."},
};
/* clang-format on */

const struct rule_part rules_layers = RULE_PART(STAGE(LAYERS), rows);
