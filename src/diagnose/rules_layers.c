/* The layers: the registry redirects, and the blob host serves. The redirect is signed by ECR's own
 * role, so no permission of the puller changes what S3 denies. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

/* the second try gave the very same wrong bytes */
static bool retry_is_alike(const struct context *context, const struct step *step)
{
	const struct step *retry = context_experiment(context, step, EXPERIMENT_BLOB_RETRY);
	struct text found = seen_text(step, FACT_FOUND_DIGEST);
	return retry && found.len && text_equal(seen_text(retry, FACT_FOUND_DIGEST), found);
}

/* clang-format off */
static const struct rule rows[] = {
	/* pullers follow a second redirect, the probe does not */
	{"s3-elsewhere", LIKELY, {CAUSE_REGISTRY_BAD_REDIRECT, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_S3_NOT_FOUND}, .symptoms = SYMPTOM(STATUS) | SYMPTOM(BAD_REDIRECT),
	 .endpoints = ENDPOINT(S3), .status = {{300, 399}},
	 .says = "The layer host {host} redirects the {document} elsewhere (status {status}): "
	 "{words}. The registry named the wrong Region, or a proxy answers.", .fix = {"Exempt "
	 "{registry} and {host} from proxies that rewrite redirects or names."}},
	/* the registry's part */
	{"redirect-bad", PROVEN, {CAUSE_REGISTRY_BAD_REDIRECT}, .symptoms = SYMPTOM(BAD_REDIRECT) |
	 SYMPTOM(FORBIDDEN_HOST), .endpoints = ENDPOINT(DKR) | ENDPOINT(S3),
	 .says = "{host} redirects the {document} to {location}, which a pull must not follow: it "
	 "is not https, or an address of this machine or its metadata.", .fix = {"Check that "
	 "{host} is the registry and not a proxy that rewrites redirects."}},
	{"layer-unknown", PROVEN, {CAUSE_REGISTRY_DIGEST_GONE}, .symptoms = SYMPTOM(BLOB_UNKNOWN),
	 .endpoints = ENDPOINT(DKR),
	 .says = "The manifest names the {document} {blob}, but {repository} does not have it.",
	 .fix = {FIX_PUSH}, .confirm = {LINE_LAYER}},
	/* the blob host's part; S3 gives each answer a request id */
	{"blob-unproven", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_IMAGE_CORRUPT_LAYER},
	 .symptoms = SYMPTOM(NOT_THE_SERVICE), .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
	 .status = {{200, 206}}, .lacks = FACT(BODY),
	 .says = "{host} serves {document} {blob} without the request id of S3: a cache or proxy "
	 "answers, and one byte does not show whether it serves the right bytes.", .verify = "A "
	 "run with --full: if every digest is right, the pull works.", .fix = {"Run pullprobe "
	 "check --full {image}; if it fails, exempt {host} from the proxy on the path."}},
	{"blob-not-the-service", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_IMAGE_CORRUPT_LAYER,
	 CAUSE_S3_RESET, CAUSE_S3_ENDPOINT_POLICY}, .symptoms = SYMPTOM(TRUNCATED) |
	 SYMPTOM(DIGEST_MISMATCH) | SYMPTOM(STATUS) | SYMPTOM(DENIED) | SYMPTOM(BLOB_UNKNOWN),
	 .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR, .has = FACT(STATUS),
	 .lacks = FACT(REQUEST_ID),
	 .says = "{host} answers with status {status} and {bytes} bytes for {document} {blob}, "
	 "without a request id of S3: a web filter or proxy answers."},
	{"s3-endpoint-policy", PROVEN, {CAUSE_S3_ENDPOINT_POLICY}, .symptoms = SYMPTOM(DENIED),
	 .endpoints = ENDPOINT(S3), .policy = "endpoint",
	 .says = "The policy of the S3 VPC endpoint does not allow ECR's own role to read the "
	 "layers in {bucket}. The permissions of the role that pulls do not matter."},
	{"s3-kms", PROVEN, {CAUSE_S3_KMS}, .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS),
	 .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR, .words = "kms|customer master key",
	 .says = "S3 cannot decrypt the {document}: {words}. ECR uses the repository's KMS key "
	 "through its own grant, so no permission of the puller helps."},
	{"s3-denied-by-organization", PROVEN, {CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED),
	 .endpoints = ENDPOINT(S3), .fact = FACT_POLICY, .holds = "scp|rcp",
	 .says = "A policy of the organization denies reading the layers from {bucket}: {words}.",
	 .fix = {"Ask the organization's administrator to exempt "
	 "arn:{partition}:s3:::{bucket}/*."}},
	{"s3-signature", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_TLS_INTERCEPTED,
	 CAUSE_CLIENT_CONFIG}, .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS) |
	 SYMPTOM(UNAUTHENTICATED), .endpoints = ENDPOINT(S3), .words = "SignatureDoesNotMatch",
	 .says = "The layer host says that the signature of the presigned URL does not match: a "
	 "proxy on the path changed the URL or the request."},
	{"s3-two-authorizations", PROVEN, {CAUSE_CLIENT_CONFIG}, .symptoms = SYMPTOM(STATUS) |
	 SYMPTOM(DENIED), .endpoints = ENDPOINT(S3), .words = "Only one auth mechanism",
	 .says = "The layer host received an Authorization header with the presigned URL: a proxy "
	 "on the path adds one.", .fix = {"Exempt {host} from the proxy that adds the header."},
	 .confirm = {LINE_CURL}},
	{"s3-expired", PROVEN, {CAUSE_S3_EXPIRED_URL}, .symptoms = SYMPTOM(EXPIRED) |
	 SYMPTOM(SKEWED), .endpoints = ENDPOINT(S3),
	 .says = "The layer host says that the presigned URL is not valid now, but the URL is "
	 "new: {words}. A proxy cached the redirect, or has a wrong clock."},
	{"s3-denied", LIKELY, {CAUSE_S3_ENDPOINT_POLICY, CAUSE_S3_KMS, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
	 .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
	 .says = "S3 denies the {document} in {bucket}: {words}. ECR signed the redirect, so most "
	 "likely the policy of the S3 VPC endpoint denies it.", .verify = "The "
	 "policy of the S3 endpoint; then the state of the repository's KMS key, and the "
	 "organization's policies.", .confirm = {LINE_ENDPOINT_POLICY, LINE_ENCRYPTION}},
	{"blob-denied-other", OPEN, {CAUSE_S3_ENDPOINT_POLICY, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_S3_EXPIRED_URL}, .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
	 .endpoints = ENDPOINT(S3),
	 .says = "The layer host {host} denies the {document}: {words}.", .verify = "Whether "
	 "{host} is in S3 and this VPC has an S3 endpoint: then its policy; else a proxy.",
	 .fix = {"Allow {host} in the policy of the S3 endpoint and on the proxy."},
	 .confirm = {LINE_CURL, LINE_ENDPOINT_POLICY}},
	{"s3-not-found", PROVEN, {CAUSE_S3_NOT_FOUND}, .symptoms = SYMPTOM(BLOB_UNKNOWN),
	 .endpoints = ENDPOINT(S3),
	 .says = "The layer host {host} does not have the {document} {blob}: {words}."},
	{"blob-slow", LIKELY, {CAUSE_S3_SLOW, CAUSE_NET_LOSS}, .symptoms = SYMPTOM(SLOW),
	 .says = "{host} serves {document} {blob} too slowly: {words}.", .verify = "The same "
	 "download from another subnet, and the drop counters of the devices on the path."},
	{"blob-wrong-size", PROVEN, {CAUSE_IMAGE_CORRUPT_LAYER},
	 .symptoms = SYMPTOM(DIGEST_MISMATCH), .has = FACT(REQUEST_ID), .lacks = FACT(FOUND_DIGEST),
	 .says = "{host} serves another blob than {document} {blob}: {words}.", .fix = {FIX_PUSH}},
	{"blob-corrupt", PROVEN, {CAUSE_IMAGE_CORRUPT_LAYER}, .symptoms = SYMPTOM(DIGEST_MISMATCH),
	 .when = {retry_is_alike},
	 .says = "The {document} {blob} has the digest {found_blob}, also on a second try: it is "
	 "corrupt in the registry or in a cache on the path."},
	{"blob-corrupt-once", PROVEN, {CAUSE_IMAGE_CORRUPT_LAYER},
	 .symptoms = SYMPTOM(DIGEST_MISMATCH), .passed = EXPERIMENT_BLOB_RETRY,
	 .says = "The {document} {blob} arrived with wrong bytes once and right on a second try: "
	 "something on the path changes bytes at times.", .fix = {"Check the devices between this "
	 "subnet and {host} for a proxy, firewall or faulty device."}},
	{"blob-mismatch", PROVEN, {CAUSE_IMAGE_CORRUPT_LAYER}, .symptoms = SYMPTOM(DIGEST_MISMATCH),
	 .says = "The {document} {blob} has the digest {found_blob}: its bytes are changed on the "
	 "path or corrupt."},
};
/* clang-format on */

const struct rule_part rules_layers = RULE_PART(rows, .stages = STAGE(LAYERS));
