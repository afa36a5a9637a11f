/* Requests that AWS understood and denied: at token, manifest and the layers' redirect. */
#include "diagnose/denial.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define ECR_ENDPOINTS (ENDPOINT(API) | ENDPOINT(DKR))

static bool uses_no_endpoint(const struct context *context, const struct step *step)
{
	return !caller_uses_endpoint(context, step);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "denied-import", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.step = {denied_for_import}, .cause = CAUSE_PTC_PERMISSION,
		.says = "{repository} comes through a pull-through cache, and {principal} may not "
		"do {action}, which the first pull of an image needs.",
		.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":[\"ecr:CreateRepository\",\"ecr:BatchImportUpstreamImage\"],"
		"\"Resource\":\"{repository_arn}\"}"},
		.confirm = {"aws iam simulate-principal-policy --policy-source-arn {role_arn} "
		"--action-names ecr:CreateRepository ecr:BatchImportUpstreamImage --resource-arns "
		"{repository_arn}", LINE_CACHE_RULES}},
	{.id = "denied-by-endpoint", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "endpoint", .cause = CAUSE_AUTH_ENDPOINT_POLICY,
		.says = "The policy of the {service} VPC endpoint does not let {principal} do "
		"{action}.",
		.fix = {"Add to the policy of the {service} endpoint: {\"Effect\":\"Allow\","
		"\"Principal\":\"*\",\"Action\":[\"ecr:GetAuthorizationToken\","
		"\"ecr:BatchGetImage\",\"ecr:GetDownloadUrlForLayer\"],\"Resource\":\"*\"}",
		"Remove a Deny statement that meets this call; the policy only narrows what the "
		"role may do."}, .confirm = {LINE_ENDPOINT_POLICY}},
	{.id = "denied-by-identity", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "identity", .when = {denied_explicitly},
		.cause = CAUSE_AUTH_IAM_IDENTITY,
		.says = "An identity-based policy of {principal} denies {action} explicitly.",
		.fix = {"Remove or narrow the Deny statement in the policies of {role_name}; an "
		"Allow does not outweigh it."},
		.confirm = {LINE_SIMULATE, "aws iam list-attached-role-policies --role-name "
		"{role_name}"}},
	{.id = "denied-no-allow", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "identity", .cause = CAUSE_AUTH_IAM_IDENTITY,
		.says = "No policy of {principal} allows {action}: the {role_hint} lacks it.",
		.confirm = {LINE_SIMULATE}},
	{.id = "denied-by-boundary", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "boundary", .cause = CAUSE_AUTH_IAM_IDENTITY,
		.says = "The permissions boundary of {principal} does not allow {action}.",
		.fix = {"Add to the boundary: {grant}"},
		.confirm = {"aws iam get-role --role-name {role_name} --query "
		"Role.PermissionsBoundary"}},
	{.id = "denied-by-session", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "session", .cause = CAUSE_AUTH_IAM_IDENTITY,
		.says = "The session policy that {principal} was assumed with does not allow "
		"{action}.",
		.fix = {"Add to the session policy, where the role is assumed: {grant}"},
		.confirm = {"aws cloudtrail lookup-events{region_option} --lookup-attributes "
		"AttributeKey=EventName,AttributeValue=AssumeRole --max-results 20"}},
	{.id = "denied-by-scp", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "scp", .cause = CAUSE_AUTH_SCP,
		.says = "A service control policy of the organization ({policy_arn}) does not let "
		"{principal} do {action}; no change in this account helps."},
	{.id = "denied-by-rcp", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "rcp", .cause = CAUSE_AUTH_SCP,
		.says = "A resource control policy of the organization ({policy_arn}) that owns "
		"the repository does not let {principal} do {action}.",
		.fix = {"Ask the administrator of the organization of account {account} to allow "
		"it."},
		.confirm = {"aws organizations list-policies-for-target --target-id {account} "
		"--filter RESOURCE_CONTROL_POLICY"}},
	{.id = "denied-by-trust", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "trust", .cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "The trust policy of the role does not let {principal} assume it.",
		.fix = {"Correct the role's trust policy: ecs-tasks.amazonaws.com for tasks."}},
	{.id = "denied-by-repository", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "resource", .when = {denied_explicitly},
		.cause = CAUSE_REGISTRY_REPO_POLICY,
		.says = "The policy of repository {repository} in account {account} denies "
		"{principal} {action} explicitly, often by a condition on aws:SourceVpce or "
		"aws:SourceVpc.",
		.fix = {"Exempt {principal} or this VPC from the Deny statement in the policy of "
		"{repository}."}},
	{.id = "denied-no-grant", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.shows = FACT_POLICY, .text = "resource", .cause = CAUSE_REGISTRY_REPO_POLICY,
		.says = "The policy of repository {repository} in account {account} does not grant "
		"{principal} {action}.",
		.fix = {"In account {account}, add to the policy of {repository}: "
		"{\"Effect\":\"Allow\","
		"\"Principal\":{\"AWS\":\"arn:{partition}:iam::{caller_account}:root\"},"
		"\"Action\":[\"ecr:BatchGetImage\",\"ecr:GetDownloadUrlForLayer\"]}"}},
	{.id = "denied-kms", .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS) |
		SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(UNAVAILABLE), .endpoints = ECR_ENDPOINTS,
		.when = {kms_fails}, .cause = CAUSE_S3_KMS,
		.says = "ECR cannot use the KMS key of repository {repository}; no permission of "
		"the puller mends that.",
		.fix = {"Enable the key, or cancel its deletion; a revoked grant of ECR needs a "
		"new repository."}},
	{.id = "denied-digest-gone", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(DKR),
		.stages = STAGE(MANIFEST), .when = {api_has_no_image}, .run = {by_digest},
		.cause = CAUSE_REGISTRY_DIGEST_GONE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_ARCHIVED},
		.says = "The registry says 403 for {reference}, and the ECR API says that no such "
		"image exists in {repository}: the digest is gone.",
		.fix = {"Deploy again, so that ECS pins the tag's present digest, or push the "
		"image again; look at the lifecycle policy."}},
	{.id = "denied-upstream", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.when = {api_blames_upstream}, .cause = CAUSE_PTC_UPSTREAM_AUTH,
		.says = "ECR cannot fetch {repository} from its upstream registry: "
		"{cross_check}."},
	{.id = "denied-only-by-registry", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(DKR),
		.registry = PRIVATE_ECR, .when = {api_allows, caller_uses_endpoint},
		.cause = CAUSE_AUTH_ENDPOINT_POLICY, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_IAM_IDENTITY},
		.says = "The registry denies what the ECR API grants the same caller: the policy "
		"of the ecr.dkr VPC endpoint most likely does not allow it, while that of ecr.api "
		"does.",
		.fix = {"Add to the policy of the ecr.dkr endpoint: {\"Effect\":\"Allow\","
		"\"Principal\":\"*\",\"Action\":[\"ecr:BatchGetImage\","
		"\"ecr:GetDownloadUrlForLayer\"],\"Resource\":\"*\"}"},
		.confirm = {LINE_ENDPOINT_POLICY, LINE_REPOSITORY_POLICY}},
	{.id = "denied-token-no-endpoint", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(API),
		.registry = PRIVATE_ECR, .stages = STAGE(TOKEN), .when = {uses_no_endpoint},
		.cause = CAUSE_AUTH_IAM_IDENTITY, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_AUTH_SCP},
		.says = "ECR does not let {principal} do ecr:GetAuthorizationToken. The call did "
		"not go through a VPC endpoint, so no endpoint policy is to blame.",
		.verify = "A simulation of the role's policies; if it allows, a service control "
		"policy denies.",
		.confirm = {LINE_SIMULATE, "aws organizations list-policies-for-target --target-id "
		"{caller_account} --filter SERVICE_CONTROL_POLICY"}},
	{.id = "denied-token", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(API),
		.registry = PRIVATE_ECR, .stages = STAGE(TOKEN), .cause = CAUSE_AUTH_IAM_IDENTITY,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP},
		.says = "ECR does not let {principal} do ecr:GetAuthorizationToken, and does not "
		"say which policy denies it.",
		.verify = "A simulation of the role's policies; if it allows, the policy of the "
		"ecr.api endpoint or a service control policy denies.",
		.fix = {"{attach}", "Or add to its policy: {grant}",
		"Allow ecr:GetAuthorizationToken on \"*\" in the policy of the ecr.api endpoint."},
		.confirm = {LINE_SIMULATE, LINE_ENDPOINT_POLICY}},
	{.id = "denied-cache", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.registry = PRIVATE_ECR, .run = {is_cache_path}, .cause = CAUSE_AUTH_IAM_IDENTITY,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_PTC_PERMISSION,
		CAUSE_PTC_UPSTREAM_AUTH, CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_ENDPOINT_POLICY,
		CAUSE_AUTH_SCP},
		.says = "The registry denies {principal} the {document} of {repository} and does "
		"not say why. The name looks like a pull-through cache's: the denial may be of the "
		"import or of the upstream's credentials as well.",
		.verify = "Whether {reference} is cached already: if it is, the role's, the "
		"repository's or the endpoint's policy denies; if not, the import does.",
		.fix = {"{attach}", "Add to the {role_hint}: {\"Effect\":\"Allow\","
		"\"Action\":[\"ecr:CreateRepository\",\"ecr:BatchImportUpstreamImage\"],"
		"\"Resource\":\"{repository_arn}\"}"},
		.confirm = {LINE_SIMULATE, LINE_CACHE_RULES, LINE_DESCRIBE_IMAGE}},
	{.id = "denied-cross-account", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.registry = PRIVATE_ECR, .run = {is_cross_account},
		.cause = CAUSE_REGISTRY_REPO_POLICY, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_ENDPOINT_POLICY,
		CAUSE_AUTH_SCP, CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The registry of account {account} denies {principal} of account "
		"{caller_account} and does not say which policy does.",
		.confirm = {LINE_REPOSITORY_POLICY, LINE_SIMULATE, LINE_ENDPOINT_POLICY}},
	{.id = "denied-no-endpoint", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.registry = PRIVATE_ECR, .when = {uses_no_endpoint},
		.cause = CAUSE_AUTH_IAM_IDENTITY, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_SCP,
		CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The registry denies {principal} the {document} of {repository} and does "
		"not say which policy does; the call did not go through a VPC endpoint.",
		.verify = "A simulation of the role's policies, the repository's policy, and "
		"whether {reference} still exists.",
		.confirm = {LINE_SIMULATE, LINE_REPOSITORY_POLICY, LINE_DESCRIBE_IMAGE}},
	{.id = "denied", .symptoms = SYMPTOM(DENIED), .endpoints = ECR_ENDPOINTS,
		.registry = PRIVATE_ECR, .cause = CAUSE_AUTH_IAM_IDENTITY,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_REGISTRY_REPO_POLICY,
		CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP, CAUSE_REGISTRY_DIGEST_GONE,
		CAUSE_S3_KMS},
		.says = "The registry denies {principal} the {document} of {repository} and does "
		"not say which policy does."},
	{.id = "denied-docker-hub", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED) |
		SYMPTOM(REPOSITORY_UNKNOWN), .endpoints = ECR_ENDPOINTS,
		.run = {is_docker_hub_by_default}, .cause = CAUSE_REGISTRY_WRONG_REGISTRY,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "\"{image}\" names no registry, so it was looked for on Docker Hub, which "
		"does not have it or does not show it."},
	{.id = "denied-upstream-registry", .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED) |
		SYMPTOM(EXPIRED), .endpoints = ECR_ENDPOINTS, .registry = OTHER_REGISTRY,
		.cause = CAUSE_AUTH_UPSTREAM_CREDENTIALS, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_AUTH_TOKEN_EXPIRED},
		.says = "{host} does not let the caller have {repository}: {words}. It may not be "
		"read by this user, or does not exist.",
		.verify = "Whether {repository} exists, and who may read it.",
		.fix = {"Let the user read {repository}, or correct the name in {image}."},
		.confirm = {"curl -s https://{registry}/v2/{repository}/tags/list"}},
};
/* clang-format on */

const struct rule_part rules_denied = RULE_PART(
	STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), rows);
