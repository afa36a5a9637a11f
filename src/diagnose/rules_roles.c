/* Credentials that another service hands out: the instance metadata, STS, EKS' agent. Whose role
 * pulls is another matter: on EC2 and EKS the instance's, on Fargate the execution role. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define METADATA_OPTIONS                                                               \
	"aws ec2 modify-instance-metadata-options{region_option} --instance-id $(aws " \
	"ec2 describe-instances{region_option} --filters "                             \
	"Name=private-ip-address,Values={own_ip} --query "                             \
	"'Reservations[0].Instances[0].InstanceId' --output text) "
#define SEE_METADATA_OPTIONS                                   \
	"aws ec2 describe-instances{region_option} --filters " \
	"Name=private-ip-address,Values={own_ip} --query "     \
	"'Reservations[].Instances[].[InstanceId,IamInstanceProfile,MetadataOptions]'"
#define SEE_TRUST "aws iam get-role --role-name {asked_role} --query Role.AssumeRolePolicyDocument"
#define SEE_ENDPOINT                                                                              \
	"aws ec2 describe-vpc-endpoints{region_option} --filters Name=vpc-id,Values={vpc_query} " \
	"Name=service-name,Values='*.{region}.sts' --query 'VpcEndpoints[].PolicyDocument'"
#define SIMULATE                                                            \
	"aws iam simulate-principal-policy --policy-source-arn {role_arn} " \
	"--action-names sts:AssumeRole --resource-arns {resource}"
#define TRUST_CALLER                                                                    \
	"Add to the trust policy of {asked_role}: {\"Effect\":\"Allow\",\"Principal\":" \
	"{\"AWS\":\"{role_arn}\"},\"Action\":\"sts:AssumeRole\"}"
#define ALLOW_CALLER                                                                             \
	"Add to the policy of {role_name}: {\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\"," \
	"\"Resource\":\"{resource}\"}"
#define SEE_ASSOCIATIONS \
	"aws eks list-pod-identity-associations{region_option} --cluster-name CLUSTER"
#define KUBELET                                                                             \
	"For the pull itself look at the node's instance role: the kubelet pulls with it, " \
	"not with the pod's."
#define SILENT                                                                                    \
	CAUSE(TIMEOUT) | CAUSE(REFUSED) | CAUSE(UNREACHABLE) | CAUSE(PROHIBITED) | CAUSE(RESET) | \
		CAUSE(CLOSED) | CAUSE(STALLED)

static bool source_is(const struct step *step, struct text name)
{
	return text_equal(seen_text(step, FACT_SOURCE), name);
}

static bool error_holds(const struct step *step, struct text word)
{
	return text_holds(seen_text(step, FACT_ERROR_CODE), word);
}

static bool is_instance(const struct scene *scene, const struct step *step)
{
	(void)scene;
	struct text uri = seen_text(step, FACT_URI);
	return source_is(step, T("imds")) || text_holds(uri, T("//169.254.169.254/")) ||
		text_holds(uri, T("//[fd00:ec2::254]/"));
}

static bool is_pod(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return source_is(step, T("pod_identity"));
}

static bool is_assuming(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return source_is(step, T("assume_role"));
}

/* of the environment or of a profile: only these ask STS with a token */
static bool is_web_identity(const struct scene *scene, const struct step *step)
{
	return source_is(step, T("web_identity")) ||
		(!is_assuming(scene, step) &&
			text_holds(seen_text(step, FACT_URI), T("https://sts")));
}

static bool is_sts(const struct scene *scene, const struct step *step)
{
	return is_assuming(scene, step) || is_web_identity(scene, step);
}

static bool get_is_answered(const struct scene *scene, const struct step *step)
{
	return scene_experiment_passed(scene, step, EXPERIMENT_IMDS_GET);
}

static bool get_is_silent(const struct scene *scene, const struct step *step)
{
	return scene_experiment_failed(scene, step, EXPERIMENT_IMDS_GET);
}

static bool status_is_403(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_number(step, FACT_STATUS) == 403;
}

static bool status_is_404(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_number(step, FACT_STATUS) == 404;
}

static bool role_is_named(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_at_all(step, FACT_PRINCIPAL);
}

static bool says_assume_role(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return error_holds(step, T("AssumeRole"));
}

static bool says_denied(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return error_holds(step, T("AccessDenied"));
}

static bool policy_is_told(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_at_all(step, FACT_POLICY);
}

static bool policy_is_of_endpoint(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return text_equal(seen_text(step, FACT_POLICY), T("endpoint"));
}

static bool says_region_is_off(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return error_holds(step, T("RegionDisabled"));
}

static const struct rule rows[] = {
	/* the instance metadata */
	{
		.id = "credentials-instance-hops",
		.causes = CAUSE(TIMEOUT),
		.when = {is_instance, get_is_answered},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata answers GET, and its answer to PUT, which hands out "
			"the token, does not arrive: most likely its hop limit is too small for a "
			"container; a proxy of metadata on the host that swallows PUT looks alike.",
		.fix = {METADATA_OPTIONS "--http-put-response-hop-limit 2"},
		.confirm = {SEE_METADATA_OPTIONS},
	},
	{
		.id = "credentials-instance-silent",
		.causes = CAUSE(TIMEOUT),
		.when = {is_instance, get_is_silent},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_TIMEOUT},
		.says = "The instance metadata accepts connections and answers nothing: a proxy of "
			"metadata that hangs, or a firewall before it.",
		.decide = "The same request from the host itself.",
		.fix = {"Let packets between this container and the instance metadata pass."},
		.confirm = {SEE_METADATA_OPTIONS},
	},
	{
		.id = "credentials-instance-off",
		.causes = CAUSE(STATUS),
		.when = {is_instance, status_is_403},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata refuses every request (403): it is switched off for "
			"this instance, or something on the host keeps it from containers.",
		.fix = {METADATA_OPTIONS "--http-endpoint enabled"},
		.confirm = {SEE_METADATA_OPTIONS},
	},
	{
		.id = "credentials-instance-role-gone",
		.causes = CAUSE(STATUS),
		.when = {is_instance, status_is_404, role_is_named},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The instance profile has the role {role_name}, and the instance metadata "
			"has no credentials of it (404): the role was deleted or exchanged.",
		.fix = {"Attach an instance profile whose role has {managed_policy}."},
		.confirm = {"aws iam get-role --role-name {role_name}", SEE_METADATA_OPTIONS},
	},
	{
		.id = "credentials-no-instance-role",
		.causes = CAUSE(STATUS),
		.when = {is_instance, status_is_404},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata has no role (404): no instance profile is attached, "
			"so neither the probe nor the pull has an instance role.",
		.fix = {"Attach an instance profile whose role has {managed_policy}."},
		.confirm = {SEE_METADATA_OPTIONS},
	},
	{
		.id = "credentials-instance-untrusted",
		.causes = CAUSE(STATUS),
		.when = {is_instance, says_assume_role},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.says = "EC2 may not assume the instance role {role_name}: {words}.",
		.fix = {"Add to the trust policy of {role_name}: {\"Effect\":\"Allow\","
			"\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":"
			"\"sts:AssumeRole\"}"},
		.confirm = {"aws iam get-role --role-name {role_name} --query "
			    "Role.AssumeRolePolicyDocument"},
	},
	{
		.id = "credentials-instance-failed",
		.causes = CAUSE(STATUS) | SILENT,
		.when = {is_instance},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The instance metadata gives no credentials (status {status}): {words}.",
		.fix = {"Run again; if it stays so, stop and start the instance."},
		.confirm = {SEE_METADATA_OPTIONS},
	},

	/* EKS */
	{
		.id = "credentials-pod-denied",
		.causes = CAUSE(STATUS),
		.when = {is_pod, says_denied},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.says = "EKS may not assume the role of this pod's service account: {words}.",
		.fix = {"Add to the role's trust policy: {\"Effect\":\"Allow\",\"Principal\":"
			"{\"Service\":\"pods.eks.amazonaws.com\"},\"Action\":[\"sts:AssumeRole\","
			"\"sts:TagSession\"]}",
			KUBELET},
		.confirm = {SEE_ASSOCIATIONS},
	},
	{
		.id = "credentials-pod-failed",
		.causes = CAUSE(STATUS) | SILENT,
		.when = {is_pod},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The EKS Pod Identity agent at {uri} gives no credentials (status "
			"{status}): {words}.",
		.fix = {"Associate a role with the pod's service account, then start a new pod: "
			"aws "
			"eks create-pod-identity-association --cluster-name CLUSTER --namespace "
			"NAMESPACE --service-account NAME --role-arn ROLE_ARN",
			KUBELET},
		.confirm = {SEE_ASSOCIATIONS,
			"kubectl -n kube-system logs daemonset/eks-pod-identity-agent"},
	},
	{
		.id = "credentials-web-identity-expired",
		.causes = CAUSE(EXPIRED),
		.when = {is_web_identity},
		.class = CLASS_AUTH_TOKEN_EXPIRED,
		.says = "The web identity token has expired, at {expires}: {words}.",
		.fix = {"Mount the token as a projected volume, which the kubelet renews; start a "
			"new pod.",
			KUBELET},
		.confirm = {"curl -sI {uri}"},
	},
	{
		.id = "credentials-web-identity-early",
		.causes = CAUSE(NOT_YET_VALID),
		.when = {is_web_identity},
		.class = CLASS_AUTH_CLOCK_SKEW,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_AUTH_INVALID_CREDENTIALS},
		.says = "The web identity token begins to be valid later than now, by the clock of "
			"STS: {words}.",
		.decide = "The clock of the identity provider that made the token.",
		.fix = {"Set the identity provider's clock, and have a new token made."},
		.confirm = {"curl -sI {uri}"},
	},

	/* STS */
	{
		.id = "credentials-sts-region",
		.when = {is_sts, says_region_is_off},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.says = "STS is switched off for the account in this Region: {words}.",
		.fix = {"Activate the Region for STS in the account settings of IAM, or set "
			"AWS_REGION to a Region where it is active."},
		.confirm = {"aws account list-regions --region-opt-status-contains ENABLED "
			    "ENABLED_BY_DEFAULT"},
	},
	{
		.id = "credentials-sts-endpoint",
		.causes = CAUSE(DENIED),
		.when = {is_sts, policy_is_of_endpoint},
		.class = CLASS_AUTH_ENDPOINT_POLICY,
		.says = "The policy of the STS VPC endpoint does not let the role be assumed: "
			"{words}.",
		.fix = {"Add to the policy of the STS endpoint: {\"Effect\":\"Allow\","
			"\"Principal\":\"*\",\"Action\":[\"sts:AssumeRole\","
			"\"sts:AssumeRoleWithWebIdentity\"],\"Resource\":\"{resource}\"}"},
		.confirm = {SEE_ENDPOINT},
	},
	{
		.id = "credentials-assume-denied-told",
		.causes = CAUSE(DENIED),
		.when = {is_assuming, policy_is_told},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.says = "The role cannot be assumed: {words}.",
		.fix = {TRUST_CALLER, ALLOW_CALLER},
		.confirm = {SEE_TRUST, SIMULATE},
	},
	{
		.id = "credentials-assume-denied",
		.causes = CAUSE(DENIED),
		.when = {is_assuming},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_AUTH_ENDPOINT_POLICY, CLASS_AUTH_SCP},
		.says = "The role cannot be assumed: {words}.",
		.decide = "The trust policy of {asked_role}, then the caller's own policies, then "
			  "the policy of the STS endpoint and the organization's.",
		.fix = {TRUST_CALLER, ALLOW_CALLER},
		.confirm = {SEE_TRUST, SIMULATE, SEE_ENDPOINT},
	},
	{
		.id = "credentials-assume-keys",
		.causes = CAUSE(UNAUTHENTICATED),
		.when = {is_assuming},
		.class = CLASS_AUTH_INVALID_CREDENTIALS,
		.says = "STS does not accept the credentials that are to assume {resource} "
			"({error_code}): {words}.",
		.fix = {"Correct or replace these credentials; both keys and the session token "
			"belong together."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-assume-expired",
		.causes = CAUSE(EXPIRED),
		.when = {is_assuming},
		.class = CLASS_AUTH_TOKEN_EXPIRED,
		.says = "The session that is to assume {resource} has expired: {words}.",
		.fix = {"Fetch new credentials for it."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-clock-skew",
		.causes = CAUSE(SKEWED),
		.class = CLASS_AUTH_CLOCK_SKEW,
		.says = "STS refuses the signature for its time; the clock here is {clock_error}: "
			"{words}.",
		.fix = {"Synchronise the clock: chronyc makestep; 169.254.169.123 serves the time "
			"in every VPC."},
		.confirm = {"chronyc tracking"},
	},
	{
		.id = "credentials-web-identity",
		.causes = CAUSE(DENIED),
		.when = {is_web_identity},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_AUTH_ENDPOINT_POLICY},
		.says = "STS does not exchange the web identity token for {resource}: {words}.",
		.decide = "The trust policy of {asked_role}; if it allows this pod, the policy of "
			  "the STS endpoint.",
		.fix = {"In the trust policy of {asked_role} allow "
			"sts:AssumeRoleWithWebIdentity to the cluster's OIDC provider, with "
			":aud sts.amazonaws.com and :sub "
			"system:serviceaccount:NAMESPACE:NAME of this pod.",
			KUBELET},
		.confirm = {SEE_TRUST, SEE_ENDPOINT},
	},
	{
		.id = "credentials-web-identity-token",
		.causes = CAUSE(STATUS) | CAUSE(UNAUTHENTICATED),
		.when = {is_web_identity},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.says = "STS does not take the web identity token for {resource} ({error_code}): "
			"{words}.",
		.fix = {"Check that the token's issuer is an OIDC provider of the role's account, "
			"with the token's audience among its client ids.",
			KUBELET},
		.confirm = {"aws iam list-open-id-connect-providers", SEE_TRUST},
	},
	{
		.id = "credentials-sts-silent",
		.causes = SILENT,
		.when = {is_sts},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "STS takes the request for the role's credentials at {uri} and does not "
			"answer it: {words}.",
		.fix = {"Look at what stands between this subnet and {host}; run again with a "
			"longer --timeout."},
		.confirm = {"curl -sv -o /dev/null {uri}"},
	},
	{
		.id = "credentials-sts-malformed",
		.causes = CAUSE(MALFORMED) | CAUSE(TRUNCATED) | CAUSE(TOO_LARGE) |
			CAUSE(NOT_THE_SERVICE),
		.when = {is_sts},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "{uri} answers with status {status}, but not with credentials: {words}.",
		.fix = {"Look at what opens TLS between this subnet and {host}."},
		.confirm = {"curl -sv -o /dev/null {uri}"},
	},
};

const struct rule_part rules_roles = RULE_PART(STAGE(CREDENTIALS), rows);
