/* Credentials that a machine hands out: the instance metadata, EKS' agent. Whose role pulls is
 * another matter: on EC2 and EKS the instance's, on Fargate the execution role. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define METADATA_OPTIONS                                                               \
	"aws ec2 modify-instance-metadata-options{region_option} --instance-id $(aws " \
	"ec2 describe-instances{region_option} --filters "                             \
	"Name=private-ip-address,Values={own_ip} --query "                             \
	"'Reservations[0].Instances[0].InstanceId' --output text) "
#define SEE_ASSOCIATIONS \
	"aws eks list-pod-identity-associations{region_option} --cluster-name CLUSTER"

static bool is_instance(const struct step *step)
{
	struct text uri = seen_text(step, FACT_URI);
	return source_is(step, T("imds")) || text_holds(uri, T("//169.254.169.254/")) ||
		text_holds(uri, T("//[fd00:ec2::254]/"));
}

static bool is_pod(const struct step *step)
{
	return source_is(step, T("pod_identity"));
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "credentials-instance-hops", .symptoms = SYMPTOM(TIMEOUT),
		.passed = EXPERIMENT_IMDS_GET, .step = {is_instance},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata answers GET, and its answer to PUT, which hands out "
		"the token, does not arrive: most likely its hop limit is too small for a "
		"container; a proxy of metadata on the host that swallows PUT looks alike.",
		.fix = {METADATA_OPTIONS "--http-put-response-hop-limit 2"}},
	{.id = "credentials-instance-silent", .symptoms = SYMPTOM(TIMEOUT),
		.failed = {EXPERIMENT_IMDS_GET}, .step = {is_instance},
		.cause = CAUSE_AUTH_NO_CREDENTIALS, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_TIMEOUT},
		.says = "The instance metadata accepts connections and answers nothing: a proxy of "
		"metadata that hangs, or a firewall before it.",
		.verify = "The same request from the host itself.",
		.fix = {"Let packets between this container and the instance metadata pass."}},
	{.id = "credentials-instance-off", .symptoms = SYMPTOM(STATUS), .status = {403, 403},
		.step = {is_instance}, .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata refuses every request (403): it is switched off for "
		"this instance, or something on the host keeps it from containers.",
		.fix = {METADATA_OPTIONS "--http-endpoint enabled"}},
	{.id = "credentials-instance-role-gone", .symptoms = SYMPTOM(STATUS), .status = {404, 404},
		.has = FACT(PRINCIPAL), .step = {is_instance}, .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The instance profile has the role {role_name}, and the instance metadata "
		"has no credentials of it (404): the role was deleted or exchanged.",
		.fix = {"Attach an instance profile whose role has {managed_policy}."},
		.confirm = {"aws iam get-role --role-name {role_name}", SEE_METADATA_OPTIONS}},
	{.id = "credentials-no-instance-role", .symptoms = SYMPTOM(STATUS), .status = {404, 404},
		.step = {is_instance}, .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata has no role (404): no instance profile is attached, "
		"so neither the probe nor the pull has an instance role.",
		.fix = {"Attach an instance profile whose role has {managed_policy}."}},
	{.id = "credentials-instance-untrusted", .symptoms = SYMPTOM(STATUS),
		.shows = FACT_ERROR_CODE, .text = "AssumeRole", .step = {is_instance},
		.cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "EC2 may not assume the instance role {role_name}: {words}.",
		.fix = {"Add to the trust policy of {role_name}: {\"Effect\":\"Allow\","
		"\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},"
		"\"Action\":\"sts:AssumeRole\"}"}},
	{.id = "credentials-instance-slow", .symptoms = NO_ANSWER, .step = {is_instance},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata accepts the connection, but its answer with the "
		"role's credentials does not come within {took}."},
	{.id = "credentials-instance-failed", .symptoms = SYMPTOM(STATUS), .step = {is_instance},
		.cause = CAUSE_AUTH_NO_CREDENTIALS, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_AUTH_ASSUME_ROLE},
		.says = "The instance metadata gives no credentials (status {status}): {words}.",
		.verify = "The answer itself, on the host: its Code is "
		"AssumeRoleUnauthorizedAccess where the role's trust policy is the cause."},
	{.id = "credentials-pod-denied", .symptoms = SYMPTOM(STATUS), .step = {is_pod},
		.shows = FACT_ERROR_CODE, .text = "AccessDenied", .cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "EKS may not assume the role of this pod's service account: {words}.",
		.fix = {"Add to the role's trust policy: {\"Effect\":\"Allow\","
		"\"Principal\":{\"Service\":\"pods.eks.amazonaws.com\"},"
		"\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"]}", KUBELET},
		.confirm = {SEE_ASSOCIATIONS}},
	{.id = "credentials-pod-failed", .symptoms = SYMPTOM(STATUS) | NO_ANSWER,
		.shows = FACT_SOURCE, .text = "pod_identity", .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_AUTH_ASSUME_ROLE},
		.says = "The EKS Pod Identity agent at {uri} gives no credentials (status "
		"{status}): {words}.",
		.fix = {"Associate a role with the pod's service account, then start a new pod: "
		"aws eks create-pod-identity-association --cluster-name CLUSTER --namespace "
		"NAMESPACE --service-account NAME --role-arn ROLE_ARN", KUBELET},
		.confirm = {SEE_ASSOCIATIONS, "kubectl -n kube-system logs "
		"daemonset/eks-pod-identity-agent"}},
};
/* clang-format on */

const struct rule_part rules_imds = RULE_PART(STAGE(CREDENTIALS), rows);
