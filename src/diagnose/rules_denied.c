/* The token service refuses who calls, and AWS denies what is asked: at token, manifest and the
 * layers' redirect. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define ECR_ENDPOINTS (ENDPOINT(API) | ENDPOINT(DKR))
#define LINE_ORGANIZATION                                                                   \
	"aws organizations list-policies-for-target --target-id {caller_account} --filter " \
	"SERVICE_CONTROL_POLICY"
#define FIX_IMPORT                                                          \
	"Add to the {role_hint}: "                                          \
	"{\"Effect\":\"Allow\",\"Action\":[\"ecr:CreateRepository\",\"ecr:" \
	"BatchImportUpstreamImage\"],\"Resource\":\"{repository_arn}\"}"
#define FIX_ENDPOINT_POLICY                                                                    \
	"Add to the policy of the {service} endpoint: "                                        \
	"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":[\"ecr:GetAuthorizationToken\"," \
	"\"ecr:BatchGetImage\",\"ecr:GetDownloadUrlForLayer\"],\"Resource\":\"*\"}"

/* clang-format off */
static const struct rule token_rows[] = {
	{"auth-clock-skew", PROVEN, {CAUSE_AUTH_CLOCK_SKEW}, .symptoms = SYMPTOM(SKEWED),
	 .endpoints = ECR_ENDPOINTS, .run = RUN(CLOCK_WRONG),
	 .says = "The service rejects the time of the signature: the clock of this machine is "
	 "{clock_error}."},
	{"auth-clock-skew-told", PROVEN, {CAUSE_AUTH_CLOCK_SKEW}, .symptoms = SYMPTOM(SKEWED),
	 .endpoints = ECR_ENDPOINTS,
	 .says = "The service rejects the time of the signature: {words}."},
	{"auth-signature-lost", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_TLS_INTERCEPTED,
	 CAUSE_AUTH_INVALID_CREDENTIALS}, .symptoms = SYMPTOM(UNAUTHENTICATED),
	 .registry = PRIVATE_ECR, .stages = STAGE(TOKEN), .fact = FACT_ERROR_CODE,
	 .holds = "MissingAuthentication|IncompleteSignature",
	 .says = "{host} says that the request has no signature or a part of one ({error_code}), "
	 "but it was sent with a whole one: a proxy on the path changed the Authorization header.",
	 .fix = {"Exempt {host} from the proxy that changes requests."}, .confirm = {LINE_TOKEN}},
	{"auth-signature-proxy", LIKELY, {CAUSE_AUTH_INVALID_CREDENTIALS, CAUSE_TLS_INTERCEPTED},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .registry = PRIVATE_ECR, .stages = STAGE(TOKEN),
	 .fact = FACT_ERROR_CODE, .holds = "Signature", .has = FACT(VIA),
	 .says = "The signature of the request does not match: the secret key is wrong, or the "
	 "proxy on the path changed the request.", .fix = {"Correct the secret key, and exempt "
	 "{host} from the proxy."}},
	{"auth-signature", PROVEN, {CAUSE_AUTH_INVALID_CREDENTIALS},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .registry = PRIVATE_ECR, .stages = STAGE(TOKEN),
	 .fact = FACT_ERROR_CODE, .holds = "Signature",
	 .says = "The signature of the request does not match the access key: the secret key is "
	 "wrong.", .fix = {"Correct the secret access key; check that it was copied whole."}},
	{"auth-invalid", PROVEN, {CAUSE_AUTH_INVALID_CREDENTIALS},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .registry = PRIVATE_ECR, .stages = STAGE(TOKEN),
	 .says = "ECR does not accept these credentials ({error_code}): the key is wrong, "
	 "disabled, of another partition or without its session token, or {region} is not enabled "
	 "for the account.", .confirm = {"aws "
	 "sts get-caller-identity", "aws account get-region-opt-status --region-name {region}"}},
	{"auth-session-expired", PROVEN, {CAUSE_AUTH_TOKEN_EXPIRED}, .symptoms = SYMPTOM(EXPIRED),
	 .stages = STAGE(TOKEN),
	 .says = "The session of these credentials has expired: {words}.", .fix = {"Fetch new "
	 "credentials; on ECS start a new task."}},
	{"token-malformed", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_REGISTRY_UNAVAILABLE,
	 CAUSE_REGISTRY_TRUNCATED}, .symptoms = SYMPTOM(MALFORMED), .stages = STAGE(TOKEN),
	 .says = "The answer of {host} has no token: {words}.", .confirm = {LINE_TOKEN}},
	{"auth-registry-token-expired", PROVEN, {CAUSE_AUTH_TOKEN_EXPIRED},
	 .symptoms = SYMPTOM(EXPIRED), .endpoints = ENDPOINT(DKR), .registry = PRIVATE_ECR,
	 .says = "The registry says that a new token has expired: a token is valid in one Region "
	 "and partition only. {words}", .fix = {"Fetch the token in the Region of the image: aws "
	 "ecr get-login-password --region {region}; check AWS_ENDPOINT_URL_ECR."},
	 .confirm = {LINE_TOKEN}},
	{"auth-other-registry", PROVEN, {CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .endpoints = ENDPOINT(DKR), .registry = PRIVATE_ECR,
	 .run = RUN(FOREIGN_CHALLENGE),
	 .says = "{host} asks for another sign-in method than ECR's: another registry or a mirror "
	 "answers."},
	{"auth-registry-token-refused", LIKELY, {CAUSE_AUTH_TOKEN_EXPIRED,
	 CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .endpoints = ENDPOINT(DKR), .registry = PRIVATE_ECR,
	 .says = "The registry answers 401 to a new token of ECR: the token is of another Region, "
	 "or a proxy on the path removed it.", .verify = "The same token from outside this subnet.",
	 .fix = {"Fetch the token in the Region of the image ({region}); exempt {host} from "
	 "proxies."}, .confirm = {LINE_TOKEN}},
};

static const struct rule rows[] = {
	{"denied-import", PROVEN, {CAUSE_PTC_PERMISSION}, .symptoms = SYMPTOM(DENIED),
	 .fact = FACT_ACTION, .holds = "ecr:CreateRepository|ecr:BatchImportUpstreamImage",
	 .says = "{repository} comes through a pull-through cache. {principal} is not allowed to "
	 "do {action}, which the first pull of an image needs.", .fix = {FIX_IMPORT},
	 .confirm = {"aws iam simulate-principal-policy --policy-source-arn {role_arn} "
	 "--action-names ecr:CreateRepository ecr:BatchImportUpstreamImage --resource-arns "
	 "{repository_arn}", LINE_CACHE_RULES}},
	{"denied-by-endpoint", PROVEN, {CAUSE_AUTH_ENDPOINT_POLICY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "endpoint",
	 .says = "The policy of the {service} VPC endpoint does not allow {principal} to do "
	 "{action}.", .fix = {FIX_ENDPOINT_POLICY, "Remove a Deny statement that covers this call. "
	 "The policy only limits what the role is allowed to do."},
	 .confirm = {LINE_ENDPOINT_POLICY}},
	{"denied-by-identity", PROVEN, {CAUSE_AUTH_IAM_IDENTITY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "identity", .when = {denied_explicitly},
	 .says = "An identity-based policy of {principal} explicitly denies {action}.",
	 .fix = {"Remove or narrow the Deny statement in the policies of {role_name}; an Allow "
	 "does not override it."}, .confirm = {LINE_SIMULATE, "aws iam list-attached-role-policies "
	 "--role-name {role_name}"}},
	{"denied-no-allow", PROVEN, {CAUSE_AUTH_IAM_IDENTITY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "identity",
	 .says = "No policy of {principal} allows {action}: the {role_hint} lacks it."},
	{"denied-by-boundary", PROVEN, {CAUSE_AUTH_IAM_IDENTITY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "boundary",
	 .says = "The permissions boundary of {principal} does not allow {action}.", .fix = {"Add "
	 "to the boundary: {grant}"}, .confirm = {"aws iam get-role --role-name {role_name} "
	 "--query Role.PermissionsBoundary"}},
	{"denied-by-session", PROVEN, {CAUSE_AUTH_IAM_IDENTITY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "session",
	 .says = "The session policy of {principal} does not allow {action}.", .fix = {"Add to the "
	 "session policy, where the role is assumed: {grant}"}, .confirm = {"aws cloudtrail "
	 "lookup-events{region_option} --lookup-attributes "
	 "AttributeKey=EventName,AttributeValue=AssumeRole --max-results 20"}},
	{"denied-by-scp", PROVEN, {CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED), .policy = "scp",
	 .says = "A service control policy of the organization ({policy_arn}) does not allow "
	 "{principal} to do {action}. No change in this account helps."},
	{"denied-by-rcp", PROVEN, {CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED), .policy = "rcp",
	 .says = "A resource control policy of the organization that owns the repository "
	 "({policy_arn}) does not allow {principal} to do {action}.", .fix = {"Ask the "
	 "administrator of the organization of account {account} to allow it."}, .confirm = {"aws "
	 "organizations list-policies-for-target --target-id {account} --filter "
	 "RESOURCE_CONTROL_POLICY"}},
	{"denied-by-trust", PROVEN, {CAUSE_AUTH_ASSUME_ROLE}, .symptoms = SYMPTOM(DENIED),
	 .policy = "trust",
	 .says = "The trust policy of the role does not allow {principal} to assume it."},
	{"denied-by-repository", PROVEN, {CAUSE_REGISTRY_REPO_POLICY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "resource", .when = {denied_explicitly},
	 .says = "The policy of repository {repository} in account {account} explicitly denies "
	 "{action} to {principal}, often by a condition on aws:SourceVpce or aws:SourceVpc.",
	 .fix = {"Exempt {principal} or this VPC from the Deny statement in the policy of "
	 "{repository}."}},
	{"denied-no-grant", PROVEN, {CAUSE_REGISTRY_REPO_POLICY}, .symptoms = SYMPTOM(DENIED),
	 .policy = "resource",
	 .says = "The policy of repository {repository} in account {account} does not allow "
	 "{action} to {principal}.", .fix = {"In account {account}, add to the policy of "
	 "{repository}: {\"Effect\":\"Allow\","
	 "\"Principal\":{\"AWS\":\"arn:{partition}:iam::{caller_account}:root\"},"
	 "\"Action\":[\"ecr:BatchGetImage\",\"ecr:GetDownloadUrlForLayer\"]}"}},
	{"denied-kms", PROVEN, {CAUSE_S3_KMS}, .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS) |
	 SYMPTOM(MANIFEST_UNKNOWN) | SYMPTOM(UNAVAILABLE), .words = "kms|customer master key",
	 .says = "ECR cannot use the KMS key of repository {repository}. No permission of the "
	 "puller helps."},
	{"denied-digest-gone", LIKELY, {CAUSE_REGISTRY_DIGEST_GONE, CAUSE_REGISTRY_ARCHIVED},
	 .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(DKR), .stages = STAGE(MANIFEST),
	 .words = "ImageNotFound", .run = RUN(BY_DIGEST),
	 .says = "The registry answers 403 for {reference}, and the ECR API has no such image in "
	 "{repository}: the digest was deleted."},
	{"denied-upstream", PROVEN, {CAUSE_PTC_UPSTREAM_AUTH}, .symptoms = SYMPTOM(DENIED),
	 .words = UPSTREAM_FAILS,
	 .says = "ECR cannot fetch {repository} from its upstream registry: {cross_check}."},
	{"denied-only-by-registry", LIKELY, {CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_REGISTRY_REPO_POLICY,
	 CAUSE_AUTH_IAM_IDENTITY}, .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(DKR),
	 .registry = PRIVATE_ECR, .when = {api_allows, caller_uses_endpoint},
	 .says = "The registry denies what the ECR API allows the same caller: most likely the "
	 "policy of the ecr.dkr VPC endpoint does not allow it.", .fix = {FIX_ENDPOINT_POLICY},
	 .confirm = {LINE_ENDPOINT_POLICY, LINE_REPOSITORY_POLICY}},
	{"denied-token-no-endpoint", LIKELY, {CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_SCP},
	 .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(API), .registry = PRIVATE_ECR,
	 .stages = STAGE(TOKEN), .unless = caller_uses_endpoint,
	 .says = "ECR does not allow {principal} to do ecr:GetAuthorizationToken. The call did not "
	 "go through a VPC endpoint, so no endpoint policy is the cause.", .verify = "A simulation "
	 "of the role's policies; if they allow it, a service control policy denies it.",
	 .confirm = {LINE_SIMULATE, LINE_ORGANIZATION}},
	{"denied-token", OPEN, {CAUSE_AUTH_IAM_IDENTITY, CAUSE_AUTH_ENDPOINT_POLICY,
	 CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(API),
	 .registry = PRIVATE_ECR, .stages = STAGE(TOKEN),
	 .says = "ECR does not allow {principal} to do ecr:GetAuthorizationToken. The answer does "
	 "not name the policy.", .verify = "A simulation of the role's policies; if they allow it, "
	 "the policy of the ecr.api endpoint or a service control policy denies it.",
	 .fix = {"{attach}", "Or add to its policy: {grant}", "Allow ecr:GetAuthorizationToken on "
	 "\"*\" in the policy of the ecr.api endpoint."}},
	{"denied-cache", OPEN, {CAUSE_AUTH_IAM_IDENTITY, CAUSE_PTC_PERMISSION,
	 CAUSE_PTC_UPSTREAM_AUTH, CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_ENDPOINT_POLICY,
	 CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED), .registry = PRIVATE_ECR,
	 .run = RUN(CACHE_PATH),
	 .says = "The registry denies {principal} the {document} of {repository}, without a "
	 "reason. The name looks like a pull-through cache's: ECR may deny the import or the "
	 "upstream registry its credentials.", .verify = "Whether {reference} is cached already. "
	 "If so, the role's, the repository's or the endpoint's policy denies it; if not, the "
	 "import fails.", .fix = {"{attach}", FIX_IMPORT}, .confirm = {LINE_SIMULATE,
	 LINE_CACHE_RULES, LINE_DESCRIBE_IMAGE}},
	{"denied-cross-account", OPEN, {CAUSE_REGISTRY_REPO_POLICY, CAUSE_AUTH_IAM_IDENTITY,
	 CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP, CAUSE_REGISTRY_DIGEST_GONE},
	 .symptoms = SYMPTOM(DENIED), .registry = PRIVATE_ECR, .run = RUN(CROSS_ACCOUNT),
	 .says = "The registry of account {account} denies {principal} of account "
	 "{caller_account}. The answer does not name the policy.",
	 .confirm = {LINE_REPOSITORY_POLICY, LINE_SIMULATE, LINE_ENDPOINT_POLICY}},
	{"denied-no-endpoint", OPEN, {CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY,
	 CAUSE_AUTH_SCP, CAUSE_REGISTRY_DIGEST_GONE}, .symptoms = SYMPTOM(DENIED),
	 .registry = PRIVATE_ECR, .unless = caller_uses_endpoint,
	 .says = "The registry denies {principal} the {document} of {repository}. The answer does "
	 "not name the policy. The call did not go through a VPC endpoint.", .verify = "A "
	 "simulation of the role's policies, the repository's policy, and whether {reference} "
	 "still exists."},
	{"denied", OPEN, {CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_REPO_POLICY,
	 CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP, CAUSE_REGISTRY_DIGEST_GONE, CAUSE_S3_KMS},
	 .symptoms = SYMPTOM(DENIED), .registry = PRIVATE_ECR,
	 .says = "The registry denies {principal} the {document} of {repository}. The answer does "
	 "not name the policy."},
	{"denied-docker-hub", LIKELY, {CAUSE_REGISTRY_WRONG_REGISTRY,
	 CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_REGISTRY_REPO_NOT_FOUND},
	 .symptoms = SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED) | SYMPTOM(REPOSITORY_UNKNOWN),
	 .run = RUN(NO_REGISTRY_GIVEN),
	 .says = "\"{image}\" has no registry host, so it is pulled from Docker Hub. Docker Hub "
	 "does not have it or does not show it."},
	{"denied-upstream-registry", LIKELY, {CAUSE_AUTH_UPSTREAM_CREDENTIALS,
	 CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_AUTH_TOKEN_EXPIRED}, .symptoms = SYMPTOM(DENIED) |
	 SYMPTOM(UNAUTHENTICATED) | SYMPTOM(EXPIRED), .registry = OTHER_REGISTRY,
	 .says = "{host} denies {repository}: {words}. This user is not allowed to read it, or it "
	 "does not exist.", .verify = "Whether {repository} exists, and who is allowed to read it.",
	 .fix = {"Allow the user to read {repository}, or correct the name in {image}."}},
};
/* clang-format on */

const struct rule_part rules_token = RULE_PART(
	token_rows, .stages = STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS));
const struct rule_part rules_denied = RULE_PART(
	rows, .stages = STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), .endpoints = ECR_ENDPOINTS);
