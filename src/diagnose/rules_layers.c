/* The layers: the registry redirects, and the blob host serves. The redirect is signed by ECR's own
 * role, so no permission of the puller changes what S3 denies. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define REDIRECTS "PermanentRedirect|TemporaryRedirect"
#define FIX_S3_POLICY                                                                           \
	"Add to the policy of the S3 endpoint: "                                                \
	"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":"   \
	"\"arn:{partition}:s3:::{bucket}/*\"}, without conditions on account, organization or " \
	"principal."

/* the second try gave the very same wrong bytes */
static bool retry_is_alike(const struct context *context, const struct step *step)
{
	const struct step *retry = context_experiment(context, step, EXPERIMENT_BLOB_RETRY);
	struct text found = seen_text(step, FACT_FOUND_DIGEST);
	return retry && found.len && text_equal(seen_text(retry, FACT_FOUND_DIGEST), found);
}

/* clang-format off */
static const struct rule rows[] = {
	/* the registry's part */
	{.id = "redirect-bad", .symptoms = SYMPTOM(BAD_REDIRECT) | SYMPTOM(FORBIDDEN_HOST),
	 .endpoints = ENDPOINT(DKR) | ENDPOINT(S3), .cause = CAUSE_REGISTRY_BAD_REDIRECT,
	 .says = "{host} redirects the {document} to {location}, which a pull must not follow: it "
	 "is not https, or an address of this machine or its metadata.", .fix = {"Check that "
	 "{host} is the registry and not a proxy that rewrites redirects."}},
	{.id = "layer-unknown", .symptoms = SYMPTOM(BLOB_UNKNOWN), .endpoints = ENDPOINT(DKR),
	 .cause = CAUSE_REGISTRY_DIGEST_GONE,
	 .says = "The manifest names the {document} {blob}, but {repository} does not have it.",
	 .fix = {"Push the image again: docker push {image}"}, .confirm = {"aws ecr "
	 "batch-check-layer-availability{region_option} --registry-id {account} --repository-name "
	 "{repository} --layer-digests {digest}"}},
	/* the blob host's part; S3 gives each answer a request id */
	{.id = "blob-unproven", .symptoms = SYMPTOM(NOT_THE_SERVICE), .endpoints = ENDPOINT(S3),
	 .registry = PRIVATE_ECR, .status = {{200, 206}}, .lacks = FACT(BODY),
	 .cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_IMAGE_CORRUPT_LAYER},
	 .says = "{host} serves {document} {blob} without the request id of S3: a cache or proxy "
	 "answers, and one byte does not show whether it serves the right bytes.", .verify = "A run "
	 "with --full: if every digest is right, the pull works.", .fix = {"Run pullprobe check "
	 "--full {image}; if it fails, exempt {host} from the proxy on the path."},
	 .confirm = {LINE_CURL, LINE_ROUTES}},
	{.id = "blob-not-the-service", .symptoms = SYMPTOM(TRUNCATED) | SYMPTOM(DIGEST_MISMATCH) |
	 SYMPTOM(STATUS) | SYMPTOM(DENIED) | SYMPTOM(BLOB_UNKNOWN), .endpoints = ENDPOINT(S3),
	 .registry = PRIVATE_ECR, .has = FACT(STATUS), .lacks = FACT(REQUEST_ID),
	 .cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_IMAGE_CORRUPT_LAYER, CAUSE_S3_RESET, CAUSE_S3_ENDPOINT_POLICY},
	 .says = "{host} answers with status {status} and {bytes} bytes for {document} {blob}, "
	 "without a request id of S3: a web filter or proxy answers.", .verify = "The same pull "
	 "from a subnet without that filter.", .fix = {"Exempt {host} from the web filter or proxy "
	 "on the path."}, .confirm = {LINE_CURL, LINE_ROUTES}},
	{.id = "s3-endpoint-policy", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(S3),
	 .policy = "endpoint", .cause = CAUSE_S3_ENDPOINT_POLICY,
	 .says = "The policy of the S3 VPC endpoint does not allow ECR's own role to read the "
	 "layers in {bucket}. The permissions of the role that pulls do not matter.",
	 .fix = {FIX_S3_POLICY, "If the policy has a Deny statement that covers the bucket, exempt "
	 "the bucket there."}, .confirm = {LINE_ENDPOINT_POLICY}},
	{.id = "s3-kms", .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS), .endpoints = ENDPOINT(S3),
	 .registry = PRIVATE_ECR, .words = "kms|customer master key", .cause = CAUSE_S3_KMS,
	 .says = "S3 cannot decrypt the {document}: {words}. ECR uses the repository's KMS key "
	 "through its own grant, so no permission of the puller helps."},
	{.id = "s3-denied-by-organization", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(S3),
	 .policy = "scp", .cause = CAUSE_AUTH_SCP,
	 .says = "A service control policy of the organization denies reading the layers from "
	 "{bucket}: {words}.", .fix = {"Ask the organization's administrator to exempt "
	 "arn:{partition}:s3:::{bucket}/*."}},
	{.id = "s3-signature", .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS) |
	 SYMPTOM(UNAUTHENTICATED), .endpoints = ENDPOINT(S3), .words = "SignatureDoesNotMatch",
	 .cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_TLS_INTERCEPTED, CAUSE_CLIENT_CONFIG},
	 .says = "The layer host says that the signature of the presigned URL does not match: a "
	 "proxy on the path changed the URL or the request.", .verify = "The same pull from a "
	 "subnet without that proxy.", .fix = {"Exempt {host} from proxies and inspection."},
	 .confirm = {LINE_CURL, LINE_ROUTES}},
	{.id = "s3-elsewhere", .symptoms = SYMPTOM(STATUS) | SYMPTOM(BAD_REDIRECT),
	 .endpoints = ENDPOINT(S3), .words = REDIRECTS, .cause = CAUSE_REGISTRY_BAD_REDIRECT,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_S3_NOT_FOUND},
	 .says = "The layer host says that the bucket is not at {host}: {words}. The redirect "
	 "names the wrong Region, or a proxy changed it.", .fix = {"Exempt {registry} and {host} "
	 "from proxies that rewrite redirects or names."}},
	{.id = "s3-two-authorizations", .symptoms = SYMPTOM(STATUS) | SYMPTOM(DENIED),
	 .endpoints = ENDPOINT(S3), .words = "Only one auth mechanism",
	 .cause = CAUSE_CLIENT_CONFIG,
	 .says = "The layer host received an Authorization header with the presigned URL: a proxy "
	 "on the path adds one.", .fix = {"Exempt {host} from the proxy that adds the header."},
	 .confirm = {LINE_CURL}},
	{.id = "s3-expired", .symptoms = SYMPTOM(EXPIRED) | SYMPTOM(SKEWED),
	 .endpoints = ENDPOINT(S3), .cause = CAUSE_S3_EXPIRED_URL,
	 .says = "The layer host says that the presigned URL has expired, but the URL is new: "
	 "{words}. A proxy cached the redirect, or has a wrong clock."},
	{.id = "s3-denied", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
	 .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR, .cause = CAUSE_S3_ENDPOINT_POLICY,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_S3_KMS, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_AUTH_SCP},
	 .says = "S3 denies the {document} in {bucket} without a reason: {words}. ECR signed the "
	 "redirect, so most likely the policy of the S3 VPC endpoint denies it.", .verify = "The "
	 "policy of the S3 endpoint; then the state of the repository's KMS key, and the "
	 "organization's policies.", .fix = {FIX_S3_POLICY}, .confirm = {LINE_ENDPOINT_POLICY,
	 LINE_ENCRYPTION}},
	{.id = "blob-denied-other", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
	 .endpoints = ENDPOINT(S3), .cause = CAUSE_S3_ENDPOINT_POLICY, .certainty = CERTAINTY_OPEN,
	 .alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_S3_EXPIRED_URL},
	 .says = "The layer host {host} denies the {document}: {words}.",
	 .verify = "Whether {host} is in S3 and this VPC has an S3 endpoint: then its policy; "
	 "else a proxy.",
	 .fix = {"Allow {host} in the policy of the S3 endpoint and on the proxy."},
	 .confirm = {LINE_CURL, LINE_ENDPOINT_POLICY}},
	{.id = "s3-not-found", .symptoms = SYMPTOM(BLOB_UNKNOWN), .endpoints = ENDPOINT(S3),
	 .cause = CAUSE_S3_NOT_FOUND,
	 .says = "The layer host {host} does not have the {document} {blob}: {words}."},
	{.id = "blob-slow", .symptoms = SYMPTOM(SLOW), .cause = CAUSE_S3_SLOW,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_LOSS},
	 .says = "{host} serves {document} {blob} too slowly: {words}.", .verify = "The same "
	 "download from another subnet, and the drop counters of the devices on the path."},
	{.id = "blob-wrong-size", .symptoms = SYMPTOM(DIGEST_MISMATCH), .has = FACT(REQUEST_ID),
	 .lacks = FACT(FOUND_DIGEST), .cause = CAUSE_IMAGE_CORRUPT_LAYER,
	 .says = "{host} serves another blob than {document} {blob}: {words}.", .fix = {"Push the "
	 "image again: docker push {image}"}, .confirm = {LINE_BATCH_GET_IMAGE}},
	{.id = "blob-corrupt", .symptoms = SYMPTOM(DIGEST_MISMATCH), .when = {retry_is_alike},
	 .cause = CAUSE_IMAGE_CORRUPT_LAYER,
	 .says = "The {document} {blob} has the digest {found_blob}, also on a second try: it is "
	 "corrupt in the registry or in a cache on the path.", .fix = {"Exempt {host} from caching "
	 "proxies, then push the image again: docker push {image}"}},
	{.id = "blob-corrupt-once", .symptoms = SYMPTOM(DIGEST_MISMATCH),
	 .passed = EXPERIMENT_BLOB_RETRY, .cause = CAUSE_IMAGE_CORRUPT_LAYER,
	 .says = "The {document} {blob} arrived with wrong bytes once and right on a second try: "
	 "something on the path changes bytes at times.", .fix = {"Check the devices between this "
	 "subnet and {host} for a proxy, firewall or faulty device."}},
	{.id = "blob-mismatch", .symptoms = SYMPTOM(DIGEST_MISMATCH),
	 .cause = CAUSE_IMAGE_CORRUPT_LAYER,
	 .says = "The {document} {blob} has the digest {found_blob}: its bytes are changed on the "
	 "path or corrupt."},
};
/* clang-format on */

const struct rule_part rules_layers = RULE_PART(rows, .stages = STAGE(LAYERS));
