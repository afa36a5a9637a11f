/* IAM's and STS's calls, and IAM Identity Center's: who may do what, and who asks.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
#include "cloud/services.h"

READ_TABLE(caller_identity, CALLER_IDENTITY);

/* clang-format off */
const struct call_row iam_calls[IAM_CALLS] = {
	[IAM_SIMULATE] = {SERVICE_IAM, "SimulatePrincipalPolicy", NULL,
		"whether the role may do what the pull asks for",
		{{"PolicySourceArn", PARAMETER_ONE}, {"ActionNames.member", PARAMETER_MANY},
			{"ResourceArns.member", PARAMETER_MANY}},
		"SimulatePrincipalPolicyResult/EvaluationResults", &vpc_simulation_table,
		"SimulatePrincipalPolicyResult/Marker", "Marker", false, VPC_SIMULATIONS},
};

#define WHOLE NULL, NULL

const struct call_row sts_calls[STS_CALLS] = {
	[STS_IDENTITY] = {SERVICE_STS, "GetCallerIdentity", "", "the caller's account",
		{{NULL, 0}}, NULL, &caller_identity_table, WHOLE, false, -1},
	[STS_ASSUME_ROLE] = {SERVICE_STS, "AssumeRole", NULL,
		"--role-arn, and profiles with a role_arn",
		{{"RoleArn", PARAMETER_ONE}, {"RoleSessionName", PARAMETER_ONE},
			{"ExternalId", PARAMETER_ONE}}, NULL, NULL, WHOLE, false, -1},
	[STS_WEB_IDENTITY] = {SERVICE_STS, "AssumeRoleWithWebIdentity", "", "a web identity's role",
		{{"RoleArn", PARAMETER_ONE}, {"RoleSessionName", PARAMETER_ONE},
			{"WebIdentityToken", PARAMETER_ONE}}, NULL, NULL, WHOLE, true, -1},
};

const struct call_row sso_role_credentials = {SERVICE_SSO, "GetRoleCredentials", "",
	"credentials of an Identity Center session",
	{{"role_name", PARAMETER_ONE}, {"account_id", PARAMETER_ONE}}, NULL, NULL, WHOLE, true, -1};
