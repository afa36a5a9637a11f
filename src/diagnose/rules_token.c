/* The token service refuses who calls, not what is asked. */
#include "diagnose/certificate.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

/* ECR's own is Basic, for the service "ecr.amazonaws.com" in every partition */
static bool challenge_is_foreign(const struct context *context)
{
	const struct step *hello = context_passed(context, STAGE_HTTP, ENDPOINT_DKR);
	struct text challenge = hello ? seen_text(hello, FACT_CHALLENGE) : T("");
	return challenge.len && text_same(text_head(challenge, 6), T("Bearer"));
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "auth-clock-skew", .symptoms = SYMPTOM(SKEWED), .endpoints = ENDPOINT(API) |
		ENDPOINT(DKR), .run = {clock_is_wrong}, .cause = CAUSE_AUTH_CLOCK_SKEW,
		.says = "The signature's time is refused: the clock of this machine is "
		"{clock_error}.",
		.fix = {"Set the clock: Amazon Time Sync is 169.254.169.123 (chrony). On Fargate "
		"stop the task and start another."}},
	{.id = "auth-clock-skew-told", .symptoms = SYMPTOM(SKEWED), .endpoints = ENDPOINT(API) |
		ENDPOINT(DKR), .cause = CAUSE_AUTH_CLOCK_SKEW,
		.says = "The signature's time is refused: {words}."},
	{.id = "auth-signature-proxy", .symptoms = SYMPTOM(UNAUTHENTICATED),
		.registry = PRIVATE_ECR, .stages = STAGE(TOKEN), .shows = FACT_ERROR_CODE, .text =
		"Signature", .has = FACT(VIA), .cause = CAUSE_AUTH_INVALID_CREDENTIALS,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_TLS_INTERCEPTED},
		.says = "The signature of the request does not fit: the secret key is wrong, or "
		"the proxy on the path changed the request.",
		.fix = {"Correct the secret key, and exempt {host} from the proxy."}},
	{.id = "auth-signature", .symptoms = SYMPTOM(UNAUTHENTICATED), .registry = PRIVATE_ECR,
		.stages = STAGE(TOKEN), .shows = FACT_ERROR_CODE, .text = "Signature",
		.cause = CAUSE_AUTH_INVALID_CREDENTIALS,
		.says = "The signature of the request does not fit the access key: the secret key "
		"is wrong.",
		.fix = {"Correct the secret access key; it often loses a character when copied."}},
	{.id = "auth-invalid", .symptoms = SYMPTOM(UNAUTHENTICATED), .registry = PRIVATE_ECR,
		.stages = STAGE(TOKEN), .cause = CAUSE_AUTH_INVALID_CREDENTIALS,
		.says = "ECR does not know these credentials ({error_code}): the key is wrong or "
		"disabled, of another partition, or {region} is not enabled for the account.",
		.confirm = {"aws sts get-caller-identity", "aws account get-region-opt-status "
		"--region-name {region}"}},
	{.id = "auth-session-expired", .symptoms = SYMPTOM(EXPIRED), .stages = STAGE(TOKEN),
		.cause = CAUSE_AUTH_TOKEN_EXPIRED,
		.says = "The session behind these credentials has expired: {words}.",
		.fix = {"Fetch new credentials; on ECS start a new task."}},
	{.id = "token-malformed", .symptoms = SYMPTOM(MALFORMED), .stages = STAGE(TOKEN),
		.cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_UNAVAILABLE, CAUSE_REGISTRY_TRUNCATED},
		.says = "{host} answers, but not with a token: {words}.",
		.fix = {"Exempt {host} from proxies that change or cut answers."},
		.confirm = {"aws ecr get-authorization-token{region_option} --query "
		"'authorizationData[].[expiresAt,proxyEndpoint]'"}},
	{.id = "auth-registry-token-expired", .symptoms = SYMPTOM(EXPIRED),
		.endpoints = ENDPOINT(DKR), .registry = PRIVATE_ECR,
		.cause = CAUSE_AUTH_TOKEN_EXPIRED,
		.says = "The registry says that its token has expired, though it was fetched just "
		"now: tokens count in one Region and partition only. {words}",
		.fix = {"Fetch the token in the Region of the image: aws ecr get-login-password "
		"--region {region}; check AWS_ENDPOINT_URL_ECR."},
		.confirm = {"aws ecr get-authorization-token{region_option} --query "
		"'authorizationData[].[expiresAt,proxyEndpoint]'"}},
	{.id = "auth-other-registry", .symptoms = SYMPTOM(UNAUTHENTICATED),
		.endpoints = ENDPOINT(DKR), .registry = PRIVATE_ECR, .run = {challenge_is_foreign},
		.cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.says = "What answers for {host} asks for another sign-in than ECR does: it is "
		"another registry or a mirror in its place.",
		.confirm = {LINE_CURL, "nslookup {host}"}},
	{.id = "auth-registry-token-refused", .symptoms = SYMPTOM(UNAUTHENTICATED),
		.endpoints = ENDPOINT(DKR), .registry = PRIVATE_ECR,
		.cause = CAUSE_AUTH_TOKEN_EXPIRED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_AUTH_NO_CREDENTIALS},
		.says = "The registry answers 401 to a token that ECR handed out just now: it is "
		"of another Region, or a proxy on the path removed it.",
		.confirm = {"aws ecr get-authorization-token{region_option} --query "
		"'authorizationData[].[expiresAt,proxyEndpoint]'"}},
};
/* clang-format on */

const struct rule_part rules_token = RULE_PART(
	STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), rows);
