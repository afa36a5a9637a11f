/* Credentials by STS, which trades a web identity token or another role's keys for a role's, and
 * says by which policy it does not. */
#include "diagnose/denial.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define SEE_TRUST "aws iam get-role --role-name {asked_role} --query Role.AssumeRolePolicyDocument"
#define SIMULATE                                                            \
	"aws iam simulate-principal-policy --policy-source-arn {role_arn} " \
	"--action-names sts:AssumeRole --resource-arns {resource}"

static bool is_assuming(const struct step *step)
{
	return source_is(step, T("assume_role"));
}

/* of the environment or of a profile: only these ask STS with a token */
static bool is_web_identity(const struct step *step)
{
	return source_is(step, T("web_identity")) ||
		(!is_assuming(step) && text_holds(seen_text(step, FACT_URI), T("https://sts")));
}

static bool is_sts(const struct step *step)
{
	return is_assuming(step) || is_web_identity(step);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "credentials-web-identity-expired", .symptoms = SYMPTOM(EXPIRED),
		.step = {is_web_identity}, .cause = CAUSE_AUTH_TOKEN_EXPIRED,
		.says = "The web identity token has expired, at {expires}: {words}.",
		.fix = {"Mount the token as a projected volume, which the kubelet renews; start a "
		"new pod.", KUBELET}, .confirm = {"curl -sI {uri}"}},
	{.id = "credentials-web-identity-early", .symptoms = SYMPTOM(NOT_YET_VALID),
		.step = {is_web_identity}, .cause = CAUSE_AUTH_CLOCK_SKEW,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_AUTH_INVALID_CREDENTIALS},
		.says = "The web identity token begins to be valid later than now, by the clock of "
		"STS: {words}.",
		.fix = {"Set the identity provider's clock, and have a new token made."},
		.confirm = {"curl -sI {uri}"}},
	{.id = "credentials-sts-region", .shows = FACT_ERROR_CODE, .text = "RegionDisabled",
		.step = {is_sts}, .cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "STS is switched off for the account in this Region: {words}.",
		.fix = {"Activate the Region for STS in the account settings of IAM, or set "
		"AWS_REGION to a Region where it is active."},
		.confirm = {"aws account list-regions --region-opt-status-contains ENABLED "
		"ENABLED_BY_DEFAULT"}},
	{.id = "credentials-sts-endpoint", .symptoms = SYMPTOM(DENIED), .shows = FACT_POLICY,
		.text = "endpoint", .step = {is_sts}, .cause = CAUSE_AUTH_ENDPOINT_POLICY,
		.says = "The policy of the STS VPC endpoint does not let the role be assumed: "
		"{words}."},
	{.id = "credentials-sts-scp", .symptoms = SYMPTOM(DENIED), .shows = FACT_POLICY, .text =
		"scp", .step = {is_sts}, .cause = CAUSE_AUTH_SCP,
		.says = "A service control policy of the organization ({policy_arn}) does not let "
		"the role be assumed; no change in this account helps."},
	{.id = "credentials-sts-rcp", .symptoms = SYMPTOM(DENIED), .shows = FACT_POLICY, .text =
		"rcp", .step = {is_sts}, .cause = CAUSE_AUTH_SCP,
		.says = "A resource control policy of the organization that owns {asked_role} "
		"({policy_arn}) does not let it be assumed.",
		.fix = {"Ask the administrator of that organization to allow {action}."},
		.confirm = {SEE_TRUST}},
	{.id = "credentials-assume-denied-explicitly", .symptoms = SYMPTOM(DENIED),
		.shows = FACT_SOURCE, .text = "assume_role", .has = FACT(POLICY),
		.when = {denied_explicitly}, .cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "A policy denies explicitly that the role be assumed: {words}.",
		.fix = {"Exempt {resource} from that Deny statement; what another policy allows "
		"does not help."}, .confirm = {SEE_TRUST, SIMULATE}},
	{.id = "credentials-assume-denied-told", .symptoms = SYMPTOM(DENIED), .shows = FACT_SOURCE,
		.text = "assume_role", .has = FACT(POLICY), .cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "The role cannot be assumed: {words}.",
		.confirm = {SEE_TRUST, SIMULATE}},
	{.id = "credentials-sts-wordless", .symptoms = SYMPTOM(DENIED), .lacks = FACT(ERROR_CODE),
		.step = {is_sts}, .cause = CAUSE_AUTH_ASSUME_ROLE, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP,
		CAUSE_AUTH_INVALID_CREDENTIALS, CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_CLOCK_SKEW},
		.says = "STS refuses (status {status}), and gives no reason.",
		.verify = "The same request by the AWS CLI, which shows the reason; if it shows "
		"none either, something between this subnet and {host} answers for STS.",
		.fix = {TRUST_CALLER},
		.confirm = {"aws sts get-caller-identity", SEE_TRUST, SEE_ENDPOINT}},
	{.id = "credentials-assume-denied", .symptoms = SYMPTOM(DENIED), .shows = FACT_SOURCE,
		.text = "assume_role", .cause = CAUSE_AUTH_ASSUME_ROLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_AUTH_ENDPOINT_POLICY, CAUSE_AUTH_SCP},
		.says = "The role cannot be assumed: {words}.",
		.verify = "The trust policy of {asked_role}, then the caller's own policies, then "
		"the policy of the STS endpoint and the organization's.",
		.confirm = {SEE_TRUST, SIMULATE, SEE_ENDPOINT}},
	{.id = "credentials-assume-keys", .symptoms = SYMPTOM(UNAUTHENTICATED),
		.shows = FACT_SOURCE, .text = "assume_role",
		.cause = CAUSE_AUTH_INVALID_CREDENTIALS,
		.says = "STS does not accept the credentials that are to assume {resource} "
		"({error_code}): {words}.",
		.fix = {"Correct or replace these credentials; both keys and the session token "
		"belong together."}},
	{.id = "credentials-assume-expired", .symptoms = SYMPTOM(EXPIRED), .shows = FACT_SOURCE,
		.text = "assume_role", .cause = CAUSE_AUTH_TOKEN_EXPIRED,
		.says = "The session that is to assume {resource} has expired: {words}.",
		.fix = {"Fetch new credentials for it."}},
	{.id = "credentials-clock-skew", .symptoms = SYMPTOM(SKEWED),
		.cause = CAUSE_AUTH_CLOCK_SKEW,
		.says = "STS refuses the signature for its time; the clock here is {clock_error}: "
		"{words}.",
		.fix = {"Synchronise the clock: chronyc makestep; 169.254.169.123 serves the time "
		"in every VPC."}},
	{.id = "credentials-web-identity", .symptoms = SYMPTOM(DENIED), .step = {is_web_identity},
		.cause = CAUSE_AUTH_ASSUME_ROLE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_AUTH_ENDPOINT_POLICY},
		.says = "STS does not exchange the web identity token for {resource}: {words}.",
		.fix = {"In the trust policy of {asked_role} allow sts:AssumeRoleWithWebIdentity "
		"to the cluster's OIDC provider, with :aud sts.amazonaws.com and :sub "
		"system:serviceaccount:NAMESPACE:NAME of this pod.", KUBELET},
		.confirm = {SEE_TRUST, SEE_ENDPOINT}},
	{.id = "credentials-web-identity-token", .symptoms = SYMPTOM(STATUS) |
		SYMPTOM(UNAUTHENTICATED), .step = {is_web_identity},
		.cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "STS does not accept the web identity token for {resource} ({error_code}): "
		"{words}.",
		.fix = {"Check that the token's issuer is an OIDC provider of the role's account, "
		"with the token's audience among its client ids.", KUBELET},
		.confirm = {"aws iam list-open-id-connect-providers", SEE_TRUST}},
	{.id = "credentials-sts-silent", .symptoms = NO_ANSWER, .step = {is_sts},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "STS accepts the request for the role's credentials at {uri} and does not "
		"answer it: {words}.",
		.fix = {"Check the devices between this subnet and {host}; run again with a longer "
		"--timeout."}, .confirm = {"curl -sv -o /dev/null {uri}"}},
	{.id = "credentials-sts-malformed", .symptoms = SYMPTOM(MALFORMED) | SYMPTOM(TRUNCATED) |
		SYMPTOM(TOO_LARGE) | SYMPTOM(NOT_THE_SERVICE), .step = {is_sts},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "{uri} answers with status {status}, but not with credentials: {words}.",
		.fix = {"Look at what opens TLS between this subnet and {host}."},
		.confirm = {"curl -sv -o /dev/null {uri}"}},
};
/* clang-format on */

const struct rule_part rules_sts = RULE_PART(STAGE(CREDENTIALS), rows);
