/* Registries other than private ECR: what their sign-in, limits and silence about what is private
 * mean. They stand before what ECR's answers mean, and leave the rest to it. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool is_anonymous(const struct context *context)
{
	const struct step *login = context_step(context, STAGE_CREDENTIALS, ENDPOINT_CALLER);
	return login && source_is(login, T("anonymous"));
}

static bool is_signed_in(const struct context *context)
{
	const struct step *login = context_step(context, STAGE_CREDENTIALS, ENDPOINT_CALLER);
	return login && seen_text(login, FACT_SOURCE).len && !is_anonymous(context);
}

static bool says_data_limit(const struct step *step)
{
	return text_find_same(step->detail, T("data limit")) < step->detail.len;
}

static bool names_a_registry(const struct context *context)
{
	return !is_docker_hub_by_default(context);
}

static bool tags_are_known(const struct context *context, const struct step *step)
{
	const struct step *tags = context_experiment(context, step, EXPERIMENT_TAGS);
	return tags && tags->outcome == OUTCOME_PASSED && seen_list(tags, FACT_FOUND).count;
}

/* docker-registry says MANIFEST_UNKNOWN of a repository that it does not have, too */
static bool has_no_tags_list(const struct context *context, const struct step *step)
{
	const struct step *tags = context_experiment(context, step, EXPERIMENT_TAGS);
	return tags && tags->symptom == SYMPTOM_REPOSITORY_UNKNOWN;
}

static bool is_refused_anonymous(const struct step *step)
{
	int64_t status = seen_number(step, FACT_STATUS);
	return step->stage == STAGE_HTTP && status >= 400 && status < 500 && status != 407;
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "other-greeting-refused", .symptoms = SYMPTOM(NOT_THE_SERVICE),
		.endpoints = ENDPOINT(DKR), .registry = OTHER_REGISTRY,
		.step = {is_refused_anonymous}, .cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_REF_BAD_HOSTNAME,
		CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_CLIENT_CONFIG},
		.says = "{host} answers /v2/ with status {status} and no challenge that could be "
		"met: something else answers in the registry's place, or it is no registry, or it "
		"does not allow this address or this sign-in method.",
		.verify = "The same request from outside this subnet.",
		.fix = {"Check that {host} is the registry's host and {ip} its address.",
		"Let {host} pass the web filter or proxy on the path, and this address the "
		"registry's own allow list."}, .confirm = {LINE_PING}},
	{.id = "other-realm-refused", .symptoms = SYMPTOM(FORBIDDEN_HOST) | SYMPTOM(MALFORMED),
		.registry = OTHER_REGISTRY, .stages = STAGE(TOKEN), .lacks = FACT(STATUS),
		.cause = CAUSE_REGISTRY_BAD_REDIRECT,
		.says = "The challenge of {registry} leads where no credentials may go: {words}. "
		"None were sent there.", .confirm = {LINE_PING}},
	{.id = "other-needs-password", .symptoms = SYMPTOM(UNAUTHENTICATED),
		.registry = OTHER_REGISTRY, .stages = STAGE(TOKEN), .lacks = FACT(STATUS),
		.cause = CAUSE_AUTH_UPSTREAM_CREDENTIALS,
		.says = "{registry} serves nobody without a user name and password, and the probe "
		"has none. Whether the pull has some cannot be seen from here.",
		.fix = {"To be served " SIGN_IN}, .confirm = {LINE_PING}},
	{.id = "other-password-refused", .symptoms = SYMPTOM(UNAUTHENTICATED),
		.registry = OTHER_REGISTRY, .stages = STAGE(TOKEN), .run = {is_signed_in},
		.cause = CAUSE_AUTH_UPSTREAM_CREDENTIALS,
		.says = "{host} does not accept the user name and password that the probe was "
		"given: {words}.",
		.fix = {"Correct them (where a registry has access tokens, one takes the "
		"password's place), in repositoryCredentials too."},
		.confirm = {"curl -si -u USER https://{registry}/v2/"}},
	{.id = "other-hidden", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
		.endpoints = ENDPOINT(API) | ENDPOINT(DKR), .registry = OTHER_REGISTRY,
		.run = {names_a_registry, is_anonymous}, .cause = CAUSE_AUTH_UPSTREAM_CREDENTIALS,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "{host} does not let an anonymous caller have {repository}: {words}. It "
		"answers alike for what is private and for what does not exist."},
	{.id = "other-data-limit", .symptoms = SYMPTOM(THROTTLED), .registry = OTHER_REGISTRY,
		.step = {says_data_limit}, .cause = CAUSE_REGISTRY_RATE_LIMITED,
		.says = "{host} has sent anonymous callers of this address all the data that it "
		"gives them in a month: {words}. Trying again does not help.",
		.fix = {"Sign in: aws ecr-public get-login-password --region us-east-1 | docker "
		"login --username AWS --password-stdin public.ecr.aws", FIX_CACHE}},
	{.id = "other-pulls-used-up", .symptoms = SYMPTOM(THROTTLED), .registry = OTHER_REGISTRY,
		.has = FACT(RATE_LIMIT), .cause = CAUSE_REGISTRY_RATE_LIMITED,
		.says = "{host} limits the rate of pulls ({rate}): {words}. All tasks behind one "
		"NAT gateway count as one anonymous client."},
	{.id = "other-repository-unknown", .symptoms = SYMPTOM(MANIFEST_UNKNOWN),
		.registry = OTHER_REGISTRY, .when = {has_no_tags_list},
		.cause = CAUSE_REGISTRY_REPO_NOT_FOUND,
		.says = "{registry} has no {reference} in {repository}, nor any list of its tags: "
		"there is no such repository.", .confirm = {LINE_TAGS}},
	{.id = "other-tag-near", .symptoms = SYMPTOM(MANIFEST_UNKNOWN), .registry = OTHER_REGISTRY,
		.when = {tags_are_known}, .cause = CAUSE_REGISTRY_TAG_NOT_FOUND,
		.says = "{repository} has no {reference}; the nearest tag is {nearest_tag}, of: "
		"{found_tags}.", .fix = {"Use a tag that exists, or push {reference}."},
		.confirm = {LINE_TAGS}},
	{.id = "other-blob-denied", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED) |
		SYMPTOM(EXPIRED), .endpoints = ENDPOINT(S3), .registry = OTHER_REGISTRY,
		.when = {host_has_no_endpoint}, .cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_S3_EXPIRED_URL, CAUSE_S3_UNAVAILABLE},
		.says = "The layer host {host} denies the {document} that the registry's redirect "
		"led to: {words}.",
		.verify = "The same pull from outside this subnet: if it passes, a proxy or filter "
		"on the path changes the request or answers in the host's place.",
		.fix = {"Exempt {registry} and {host} from proxies and web filters."}},
	{.id = "other-blobs-unavailable", .symptoms = SYMPTOM(UNAVAILABLE),
		.endpoints = ENDPOINT(S3), .registry = OTHER_REGISTRY,
		.cause = CAUSE_S3_UNAVAILABLE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "The layer host {host} answers with status {status}: it fails on its own "
		"side, or a proxy answers that does not reach it."},
};
/* clang-format on */

const struct rule_part rules_oci = RULE_PART(
	STAGE(HTTP) | STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), rows);
