/* Registries other than private ECR: what their sign-in, their limits and their answers about
 * private repositories mean. These rows precede those for ECR, and leave the rest to them. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define DENIED (SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED))

/* clang-format off */
static const struct rule rows[] = {
	{"other-greeting-refused", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_REF_BAD_HOSTNAME,
	 CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_CLIENT_CONFIG},
	 .symptoms = SYMPTOM(NOT_THE_SERVICE), .endpoints = ENDPOINT(DKR), .stages = STAGE(HTTP),
	 .status = {{400, 406}, {408, 499}},
	 .says = "{host} answers /v2/ with status {status} and without a usable challenge: "
	 "something else answers for the registry, the host is no registry, or it does not allow "
	 "this address or sign-in method.", .fix = {"Check that {host} is the registry's host and "
	 "{ip} its address.", "Allow {host} on the web filter or proxy on the path, and this "
	 "address in the registry's allow list."}, .confirm = {LINE_PING}},
	{"other-realm-refused", PROVEN, {CAUSE_REGISTRY_BAD_REDIRECT},
	 .symptoms = SYMPTOM(FORBIDDEN_HOST) | SYMPTOM(MALFORMED), .stages = STAGE(TOKEN),
	 .lacks = FACT(STATUS),
	 .says = "The challenge of {registry} names a token service that must not receive "
	 "credentials: {words}. None were sent.", .confirm = {LINE_PING}},
	{"other-needs-password", PROVEN, {CAUSE_AUTH_UPSTREAM_CREDENTIALS},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .stages = STAGE(TOKEN), .lacks = FACT(STATUS),
	 .says = "{registry} requires a user name and password, and the probe has none. Whether "
	 "the pull has them is not visible from here.", .confirm = {LINE_PING}},
	{"other-password-refused", PROVEN, {CAUSE_AUTH_UPSTREAM_CREDENTIALS},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .stages = STAGE(TOKEN), .run = RUN(SIGNED_IN),
	 .says = "{host} rejects the user name and password of the probe: {words}.",
	 .fix = {"Correct them, in repositoryCredentials too. Some registries take an access token "
	 "as the password."}, .confirm = {"curl -si -u USER https://{registry}/v2/"}},
	{"other-hidden", OPEN, {CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
	 .symptoms = DENIED, .endpoints = ENDPOINT(API) | ENDPOINT(DKR), .run = RUN(REGISTRY_GIVEN)
	 | RUN(ANONYMOUS),
	 .says = "{host} denies {repository} to an anonymous caller: {words}. It answers the same "
	 "for a private repository and for one that does not exist."},
	{"other-data-limit", PROVEN, {CAUSE_REGISTRY_RATE_LIMITED}, .symptoms = SYMPTOM(THROTTLED),
	 .words = "data limit",
	 .says = "{host} has reached its monthly data limit for anonymous callers from this "
	 "address: {words}. A retry does not help.", .fix = {"Sign in: aws ecr-public "
	 "get-login-password --region us-east-1 | docker login --username AWS --password-stdin "
	 "public.ecr.aws", FIX_CACHE}},
	{"other-pulls-used-up", PROVEN, {CAUSE_REGISTRY_RATE_LIMITED},
	 .symptoms = SYMPTOM(THROTTLED), .has = FACT(RATE_LIMIT),
	 .says = "{host} limits the rate of pulls ({rate}): {words}. All tasks behind one NAT "
	 "gateway count as one anonymous client."},
	/* docker-registry says MANIFEST_UNKNOWN of a repository that it does not have, too */
	{"other-repository-unknown", PROVEN, {CAUSE_REGISTRY_REPO_NOT_FOUND},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .tried = TRIED(TAGS,
	 .symptoms = SYMPTOM(REPOSITORY_UNKNOWN)),
	 .says = "{registry} has no {reference} in {repository} and no list of its tags: the "
	 "repository does not exist.", .confirm = {LINE_TAGS}},
	{"other-tag-near", PROVEN, {CAUSE_REGISTRY_TAG_NOT_FOUND},
	 .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .tried = TRIED(TAGS, .has = FACT(FOUND)),
	 .says = "{repository} has no {reference}. The nearest tag is {nearest_tag}, of: "
	 "{found_tags}.", .confirm = {LINE_TAGS}},
	{"other-blob-denied", OPEN, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_S3_EXPIRED_URL,
	 CAUSE_S3_UNAVAILABLE}, .symptoms = DENIED | SYMPTOM(EXPIRED), .endpoints = ENDPOINT(S3),
	 .when = {host_has_no_endpoint},
	 .says = "The layer host {host}, to which the registry redirects, denies the {document}: "
	 "{words}.", .verify = "The same pull from outside this subnet. If it works, a proxy or "
	 "filter on the path changes the request or answers it.", .fix = {"Exempt {registry} and "
	 "{host} from proxies and web filters."}},
	{"other-blobs-unavailable", LIKELY, {CAUSE_S3_UNAVAILABLE, CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(UNAVAILABLE), .endpoints = ENDPOINT(S3),
	 .says = "The layer host {host} answers with status {status}: it has a failure, or a proxy "
	 "that cannot reach it answers."},
};
/* clang-format on */

const struct rule_part rules_oci = RULE_PART(rows, .registry = OTHER_REGISTRY,
	.stages = STAGE(HTTP) | STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS));
