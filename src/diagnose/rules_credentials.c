/* The probe's own credentials: of the instance metadata and EKS' agent, of STS, of a task. The
 * pull's are another matter on Fargate: containers never see the execution role's, so the text
 * says how to run the probe with them. On EC2 and EKS the instance's role pulls. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define LEND                                                                                 \
	"Run the probe with the pull's role as task role: aws ecs run-task ... --overrides " \
	"'{\"taskRoleArn\":\"EXECUTION_ROLE_ARN\"}'."
#define LINE_TASK_ROLE                                                                           \
	"aws ecs describe-tasks{own_region_option} --cluster {cluster} --tasks TASK_ID --query " \
	"'tasks[].overrides.taskRoleArn'"
#define METADATA_OPTIONS                                                                           \
	"aws ec2 modify-instance-metadata-options{own_region_option} --instance-id $(aws ec2 "     \
	"describe-instances{own_region_option} --filters Name=private-ip-address,Values={own_ip} " \
	"--query 'Reservations[0].Instances[0].InstanceId' --output text) "
#define LINE_POD_ROLES \
	"aws eks list-pod-identity-associations{own_region_option} --cluster-name CLUSTER"
#define LINE_TRUST "aws iam get-role --role-name {asked_role} --query Role.AssumeRolePolicyDocument"
#define LINE_ASSUME                                                                        \
	"aws iam simulate-principal-policy --policy-source-arn {role_arn} --action-names " \
	"sts:AssumeRole --resource-arns {resource}"
#define FIX_ALLOW_ASSUME                     \
	"Add to the policy of {role_name}: " \
	"{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"{resource}\"}"
#define FIX_RESTART "Run again; if it stays so, stop and start the instance."
#define FIX_PROFILE_ROLE "Attach an instance profile whose role has {managed_policy}."
#define NO_CREDENTIALS \
	(SYMPTOM(MALFORMED) | SYMPTOM(TRUNCATED) | SYMPTOM(TOO_LARGE) | SYMPTOM(NOT_THE_SERVICE))
/* of the environment or of a profile: only these ask STS with a token */
#define ASSUME_ROLE "assume_role"
#define WEB_IDENTITY "web_identity|irsa|https://sts"

/* clang-format off */
static const struct rule imds_rows[] = {
	{"credentials-instance-hops", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_IMDS_GET,
	 .says = "The instance metadata answers GET but not PUT, which creates the token. Most "
	 "likely its hop limit is too small for a container; a metadata proxy on the host that "
	 "drops PUT has the same effect.", .fix = {METADATA_OPTIONS "--http-put-response-hop-limit "
	 "2"}, .confirm = {SEE_METADATA_OPTIONS}},
	{"credentials-instance-silent", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_NET_TIMEOUT},
	 .symptoms = SYMPTOM(TIMEOUT), .failed = {EXPERIMENT_IMDS_GET},
	 .says = "The instance metadata accepts connections but answers no request: a metadata "
	 "proxy hangs, or a firewall blocks it.", .verify = "The same request from the host "
	 "itself.", .fix = {"Allow packets between this container and the instance metadata."},
	 .confirm = {SEE_METADATA_OPTIONS}},
	{"credentials-instance-off", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(STATUS), .status = {{403, 403}},
	 .says = "The instance metadata rejects every request (403): it is disabled for this "
	 "instance, or something on the host blocks containers.", .fix = {METADATA_OPTIONS
	 "--http-endpoint enabled"}, .confirm = {SEE_METADATA_OPTIONS}},
	{"credentials-instance-role-gone", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(STATUS), .status = {{404, 404}}, .has = FACT(PRINCIPAL),
	 .says = "The instance profile names the role {role_name}, but the instance metadata has "
	 "no credentials of it (404): the role was deleted or replaced.", .fix = {FIX_PROFILE_ROLE},
	 .confirm = {"aws iam get-role --role-name {role_name}", SEE_METADATA_OPTIONS}},
	{"credentials-no-instance-role", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(STATUS), .status = {{404, 404}},
	 .says = "The instance metadata has no role (404): no instance profile is attached, so "
	 "neither the probe nor the pull has an instance role.", .fix = {FIX_PROFILE_ROLE},
	 .confirm = {SEE_METADATA_OPTIONS}},
	{"credentials-instance-untrusted", PROVEN, {CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(STATUS), .fact = FACT_ERROR_CODE, .holds = "AssumeRole",
	 .says = "EC2 is not allowed to assume the instance role {role_name}: {words}.",
	 .fix = {"Add to the trust policy of {role_name}: {\"Effect\":\"Allow\","
	 "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}"}},
	{"credentials-instance-slow", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_NET_TIMEOUT},
	 .symptoms = NO_ANSWER,
	 .says = "The instance metadata accepts the connection but does not send the role's "
	 "credentials within {took}.", .verify = "The same request from the host itself.",
	 .fix = {FIX_RESTART}, .confirm = {SEE_METADATA_OPTIONS}},
	{"credentials-instance-failed", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(STATUS),
	 .says = "The instance metadata gives no credentials (status {status}): {words}.",
	 .verify = "The same request on the host. The code AssumeRoleUnauthorizedAccess means that "
	 "the role's trust policy is the cause.", .fix = {FIX_RESTART},
	 .confirm = {SEE_METADATA_OPTIONS}},
};

static const struct rule sts_rows[] = {
	{"credentials-sts-region", PROVEN, {CAUSE_AUTH_ASSUME_ROLE}, .fact = FACT_ERROR_CODE,
	 .holds = "RegionDisabled",
	 .says = "STS is disabled for the account in this Region: {words}.", .fix = {"Activate the "
	 "Region for STS in the account settings of IAM, or set AWS_REGION to a Region where it is "
	 "active."}, .confirm = {"aws account list-regions --region-opt-status-contains ENABLED "
	 "ENABLED_BY_DEFAULT"}},
	{"credentials-sts-endpoint", PROVEN, {CAUSE_AUTH_ENDPOINT_POLICY},
	 .symptoms = SYMPTOM(DENIED), .policy = "endpoint",
	 .says = "The policy of the STS VPC endpoint does not allow the role to be assumed: "
	 "{words}.", .fix = {"Add to the policy of the STS endpoint: {\"Effect\":\"Allow\","
	 "\"Principal\":\"*\",\"Action\":[\"sts:AssumeRole\",\"sts:AssumeRoleWithWebIdentity\"],"
	 "\"Resource\":\"{resource}\"}"}, .confirm = {SEE_ENDPOINT}},
	{"credentials-sts-scp", PROVEN, {CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED),
	 .policy = "scp",
	 .says = "A service control policy of the organization ({policy_arn}) does not allow the "
	 "role to be assumed. No change in this account helps."},
	{"credentials-sts-rcp", PROVEN, {CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED),
	 .policy = "rcp",
	 .says = "A resource control policy of the organization that owns {asked_role} "
	 "({policy_arn}) does not allow the role to be assumed.", .fix = {"Ask the administrator "
	 "of that organization to allow {action}."}, .confirm = {LINE_TRUST}},
	{"credentials-assume-denied-explicitly", PROVEN, {CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(DENIED), .source = ASSUME_ROLE, .has = FACT(POLICY),
	 .when = {denied_explicitly},
	 .says = "A policy explicitly denies that the role be assumed: {words}.", .fix = {"Exempt "
	 "{resource} from that Deny statement; an Allow in another policy does not override it."},
	 .confirm = {LINE_TRUST, LINE_ASSUME}},
	{"credentials-assume-denied-told", PROVEN, {CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(DENIED), .source = ASSUME_ROLE, .has = FACT(POLICY),
	 .says = "The role cannot be assumed: {words}.", .confirm = {LINE_TRUST, LINE_ASSUME},
	 .fix = {TRUST_CALLER, FIX_ALLOW_ASSUME}},
	{"credentials-sts-wordless", OPEN, {CAUSE_AUTH_ASSUME_ROLE, CAUSE_AUTH_ENDPOINT_POLICY,
	 CAUSE_AUTH_SCP, CAUSE_AUTH_INVALID_CREDENTIALS, CAUSE_AUTH_TOKEN_EXPIRED,
	 CAUSE_AUTH_CLOCK_SKEW}, .symptoms = SYMPTOM(DENIED), .lacks = FACT(ERROR_CODE),
	 .says = "STS rejects the request (status {status}) without a reason.", .verify = "The "
	 "same request by the AWS CLI, which shows the reason; if it shows none, something between "
	 "this subnet and {host} answers for STS.", .fix = {TRUST_CALLER}, .confirm = {"aws sts "
	 "get-caller-identity", LINE_TRUST, SEE_ENDPOINT}},
	{"credentials-assume-denied", LIKELY, {CAUSE_AUTH_ASSUME_ROLE, CAUSE_AUTH_ENDPOINT_POLICY,
	 CAUSE_AUTH_SCP}, .symptoms = SYMPTOM(DENIED), .source = ASSUME_ROLE,
	 .says = "The role cannot be assumed: {words}.", .verify = "The trust policy of "
	 "{asked_role}, then the caller's own policies, then the policy of the STS endpoint and "
	 "the organization's.", .confirm = {LINE_TRUST, LINE_ASSUME, SEE_ENDPOINT},
	 .fix = {TRUST_CALLER, FIX_ALLOW_ASSUME}},
	{"credentials-assume-keys", PROVEN, {CAUSE_AUTH_INVALID_CREDENTIALS},
	 .symptoms = SYMPTOM(UNAUTHENTICATED), .source = ASSUME_ROLE,
	 .says = "STS rejects the credentials that are to assume {resource} ({error_code}): "
	 "{words}.", .fix = {"Correct or replace these credentials; both keys and the session "
	 "token belong together."}},
	{"credentials-assume-expired", PROVEN, {CAUSE_AUTH_TOKEN_EXPIRED},
	 .symptoms = SYMPTOM(EXPIRED), .source = ASSUME_ROLE,
	 .says = "The session that is to assume {resource} has expired: {words}.", .fix = {"Fetch "
	 "new credentials for it."}},
	{"credentials-assume-failed", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(STATUS), .source = ASSUME_ROLE,
	 .says = "STS does not return credentials of {resource} (status {status}, {error_code}): "
	 "{words}.", .verify = "The same request by the AWS CLI.", .fix = {"Correct the profile or "
	 "variables that name the role."}, .confirm = {LINE_TRUST}},
	{"credentials-web-identity-expired", PROVEN, {CAUSE_AUTH_TOKEN_EXPIRED},
	 .symptoms = SYMPTOM(EXPIRED),
	 .says = "The web identity token expired at {expires}: {words}.", .fix = {"Mount the token "
	 "as a projected volume, which the kubelet renews; start a new pod.", KUBELET},
	 .confirm = {"curl -sI {uri}"}},
	{"credentials-web-identity-early", LIKELY, {CAUSE_AUTH_CLOCK_SKEW,
	 CAUSE_AUTH_INVALID_CREDENTIALS}, .symptoms = SYMPTOM(NOT_YET_VALID),
	 .says = "The web identity token is not valid yet by the clock of STS: {words}.",
	 .fix = {"Set the identity provider's clock, and create a new token."}, .confirm = {"curl "
	 "-sI {uri}"}},
	{"credentials-web-identity", LIKELY, {CAUSE_AUTH_ASSUME_ROLE, CAUSE_AUTH_ENDPOINT_POLICY},
	 .symptoms = SYMPTOM(DENIED),
	 .says = "STS does not exchange the web identity token for {resource}: {words}.",
	 .fix = {"In the trust policy of {asked_role} allow sts:AssumeRoleWithWebIdentity to the "
	 "cluster's OIDC provider, with :aud sts.amazonaws.com and :sub "
	 "system:serviceaccount:NAMESPACE:NAME of this pod.", KUBELET}, .confirm = {LINE_TRUST,
	 SEE_ENDPOINT}},
	{"credentials-web-identity-token", PROVEN, {CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(STATUS) | SYMPTOM(UNAUTHENTICATED),
	 .says = "STS rejects the web identity token for {resource} ({error_code}): {words}.",
	 .fix = {"Check that the token's issuer is an OIDC provider of the role's account, with "
	 "the token's audience among its client ids.", KUBELET}, .confirm = {"aws iam "
	 "list-open-id-connect-providers", LINE_TRUST}},
	{"credentials-sts-silent", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_NET_TIMEOUT,
	 CAUSE_NET_MTU_BLACKHOLE, CAUSE_HTTP_NOT_THE_SERVICE}, .symptoms = NO_ANSWER,
	 .says = "STS does not answer the request for the role's credentials at {uri}: {words}.",
	 .verify = "The same request from outside this subnet; a run with a longer --timeout.",
	 .fix = {FIX_NETWORK}, .confirm = {"curl -sv -o /dev/null {uri}"}},
	{"credentials-sts-malformed", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = NO_CREDENTIALS,
	 .says = "{uri} answers with status {status} but without credentials: {words}.",
	 .fix = {"Check which device decrypts TLS between this subnet and {host}."},
	 .confirm = {"curl -sv -o /dev/null {uri}"}},
};

static const struct rule rows[] = {
	{"credentials-pod-denied", PROVEN, {CAUSE_AUTH_ASSUME_ROLE}, .symptoms = SYMPTOM(STATUS),
	 .source = "pod_identity", .fact = FACT_ERROR_CODE, .holds = "AccessDenied",
	 .says = "EKS is not allowed to assume the role of this pod's service account: {words}.",
	 .fix = {"Add to the role's trust policy: {\"Effect\":\"Allow\","
	 "\"Principal\":{\"Service\":\"pods.eks.amazonaws.com\"},\"Action\":[\"sts:AssumeRole\","
	 "\"sts:TagSession\"]}", KUBELET}, .confirm = {LINE_POD_ROLES}},
	{"credentials-pod-failed", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_ASSUME_ROLE},
	 .symptoms = SYMPTOM(STATUS) | NO_ANSWER, .source = "pod_identity",
	 .says = "The EKS Pod Identity agent at {uri} gives no credentials (status {status}): "
	 "{words}.", .fix = {"Associate a role with the pod's service account, then start a new "
	 "pod: aws eks create-pod-identity-association --cluster-name CLUSTER --namespace "
	 "NAMESPACE --service-account NAME --role-arn ROLE_ARN", KUBELET}, .verify = "The agent's "
	 "log: it names what EKS answered.", .confirm = {LINE_POD_ROLES, "kubectl -n kube-system "
	 "logs daemonset/eks-pod-identity-agent"}},
	{"credentials-none-fargate", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(NO_SOURCE), .run = RUN(FARGATE),
	 .says = "The probe's task has no task role, so it has no credentials to ask for a token. "
	 "This says nothing about the pull's execution role.", .fix = {LEND}, .confirm = {"aws ecs "
	 "describe-tasks{own_region_option} --cluster {cluster} --tasks TASK_ID --query "
	 "'tasks[].[taskDefinitionArn,overrides.taskRoleArn,overrides.executionRoleArn]'"}},
	{"credentials-none-ec2", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(NO_SOURCE), .run = RUN(EC2),
	 .says = "No source of credentials was found on this EC2 host: {passed_over}. The pull "
	 "uses the instance role.", .fix = {FIX_PROFILE_ROLE, "Allow containers to reach the "
	 "instance metadata (hop limit 2)."}, .confirm = {"aws ec2 "
	 "describe-iam-instance-profile-associations{own_region_option}"}},
	{"credentials-none", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS}, .symptoms = SYMPTOM(NO_SOURCE),
	 .says = "No source of credentials was found: {passed_over}.", .fix = {"Give the probe the "
	 "credentials of the role that pulls: a task role, an instance profile, or "
	 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."}, .confirm = {"aws sts "
	 "get-caller-identity"}},
	{"credentials-forbidden-host", PROVEN, {CAUSE_CLIENT_CONFIG},
	 .symptoms = SYMPTOM(FORBIDDEN_HOST),
	 .says = "AWS_CONTAINER_CREDENTIALS_FULL_URI is {uri}. No SDK sends requests for "
	 "credentials to that host over plain HTTP.", .fix = {"Use https, a loopback address, "
	 "169.254.170.2, 169.254.170.23 or [fd00:ec2::23] in AWS_CONTAINER_CREDENTIALS_FULL_URI."},
	 .confirm = {"printenv AWS_CONTAINER_CREDENTIALS_FULL_URI"}},
	{"credentials-expired", PROVEN, {CAUSE_AUTH_TOKEN_EXPIRED}, .symptoms = SYMPTOM(EXPIRED),
	 .run = RUN(CLOCK_RIGHT),
	 .says = "The credentials from {source} expired at {expires}. The clock of this machine is "
	 "right by the Date of another answer.", .fix = {"Fetch new credentials; do not store "
	 "temporary ones in a task definition or image."}},
	{"credentials-expired-by-clock", LIKELY, {CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_CLOCK_SKEW},
	 .symptoms = SYMPTOM(EXPIRED),
	 .says = "The credentials from {source} expired at {expires} by the clock of this machine.",
	 .verify = "The clock of this machine.", .fix = {"Set the clock. If it is right, fetch new "
	 "credentials."}},
	{"credentials-clock-skew", PROVEN, {CAUSE_AUTH_CLOCK_SKEW}, .symptoms = SYMPTOM(SKEWED),
	 .says = "STS rejects the time of the signature. The clock of this machine is "
	 "{clock_error}: {words}."},
	{"credentials-not-assumable", PROVEN, {CAUSE_AUTH_ASSUME_ROLE}, .symptoms = SYMPTOM(DENIED)
	 | SYMPTOM(STATUS) | SYMPTOM(UNAUTHENTICATED), .words = "AssumeRole",
	 .says = "The role of {source} cannot be assumed: {words}."},
	{"credentials-no-task-role", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS},
	 .symptoms = SYMPTOM(STATUS) | SYMPTOM(DENIED), .status = {{404, 404}},
	 .source = "container",
	 .says = "The task's credential endpoint has no credentials for this task (404): it has no "
	 "task role.", .fix = {LEND}, .confirm = {LINE_TASK_ROLE}},
	{"credentials-throttled", PROVEN, {CAUSE_AUTH_THROTTLED}, .symptoms = SYMPTOM(THROTTLED),
	 .says = "{source} throttles requests for credentials: {words}.", .fix = {"Request "
	 "credentials less often; keep them until shortly before {expires}."}},
	{"credentials-endpoint-silent", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS}, .symptoms = NO_ANSWER,
	 .says = "The credential endpoint {uri} cannot be reached: {words}.", .fix = {"On EC2 "
	 "check that the ECS agent runs and that 169.254.170.2 is routed to it; elsewhere that the "
	 "endpoint's process runs."}, .confirm = {"curl -s http://localhost:51678/v1/metadata"}},
	{"credentials-profile", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS}, .symptoms = SYMPTOM(LOCAL),
	 .source = "profile",
	 .says = "The profile in the shared AWS files gives the probe no credentials: {words}.",
	 .fix = {"Pass the AWS CLI's credentials to the probe: eval \"$(aws configure "
	 "export-credentials --format env)\"", "Or name another profile in AWS_PROFILE."},
	 .confirm = {"aws configure list"}},
	{"credentials-local", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS}, .symptoms = SYMPTOM(LOCAL),
	 .says = "The credentials of {source} cannot be read here: {words}.", .fix = {"Make the "
	 "token file readable here; it must hold the token alone, without a line break."},
	 .confirm = {"aws sts get-caller-identity"}},
	{"credentials-malformed", PROVEN, {CAUSE_AUTH_NO_CREDENTIALS}, .symptoms = NO_CREDENTIALS,
	 .says = "{uri} answers without credentials: {words}.", .fix = {"Exempt link-local "
	 "addresses from every proxy (NO_PROXY=169.254.170.2,169.254.169.254)."}, .confirm = {"aws "
	 "sts get-caller-identity"}},
	{"credentials-failed", LIKELY, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_ASSUME_ROLE},
	 .says = "{source} gives no credentials (status {status}): {words}.", .verify = "Whether "
	 "the role exists, and whether its trust policy allows this service to assume it.",
	 .fix = {"Check the role and its trust policy; on ECS start a new task, on EKS restart the "
	 "agent."}, .confirm = {"aws iam get-role --role-name {role_name} --query "
	 "Role.AssumeRolePolicyDocument", LINE_TASK_ROLE}},
};
/* clang-format on */

const struct rule_part rules_imds = RULE_PART(imds_rows, .stages = STAGE(CREDENTIALS),
	.source = "imds|//169.254.169.254/|//[fd00:ec2::254]/");
const struct rule_part rules_sts = RULE_PART(
	sts_rows, .stages = STAGE(CREDENTIALS), .source = ASSUME_ROLE "|" WEB_IDENTITY);
const struct rule_part rules_credentials = RULE_PART(rows, .stages = STAGE(CREDENTIALS));
