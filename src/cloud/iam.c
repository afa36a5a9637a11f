/* IAM's and STS's calls, and IAM Identity Center's: who may do what, and who asks.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
#include "cloud/services.h"
#include <stddef.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)

static const struct read_row simulation_rows[] = {
	{"EvalActionName", READ_TEXT, AT(vpc_simulation, action), NULL},
	{"EvalResourceName", READ_TEXT, AT(vpc_simulation, resource), NULL},
	{"EvalDecision", READ_TEXT, AT(vpc_simulation, decision), NULL},
	{"MatchedStatements/SourcePolicyId", READ_TEXTS, AT(vpc_simulation, sources), NULL},
	{"MissingContextValues", READ_TEXTS, AT(vpc_simulation, missing), NULL},
	{"OrganizationsDecisionDetail/AllowedByOrganizations", READ_TEXT,
		AT(vpc_simulation, organizations), NULL},
	{"PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary", READ_TEXT,
		AT(vpc_simulation, boundary), NULL},
};
static const struct read_table simulations = {READ_TABLE(vpc_simulation, simulation_rows), NULL, 0};

const struct call_row iam_calls[IAM_CALLS] = {
	[IAM_SIMULATE] = {SERVICE_IAM, "SimulatePrincipalPolicy", NULL,
		"whether the role may do what the pull asks for",
		{{"PolicySourceArn", PARAMETER_ONE}, {"ActionNames.member", PARAMETER_MANY},
			{"ResourceArns.member", PARAMETER_MANY}},
		"SimulatePrincipalPolicyResult/EvaluationResults", &simulations,
		"SimulatePrincipalPolicyResult/Marker", "Marker", false, VPC_SIMULATIONS},
};

static const struct read_row identity_rows[] = {
	{"GetCallerIdentityResult/Arn", READ_TEXT, AT(caller_identity, arn), NULL},
	{"GetCallerIdentityResult/Account", READ_TEXT, AT(caller_identity, account), NULL},
};
static const struct read_table identity = {READ_TABLE(caller_identity, identity_rows), NULL, 0};

#define WHOLE NULL, NULL

const struct call_row sts_calls[STS_CALLS] = {
	[STS_IDENTITY] = {SERVICE_STS, "GetCallerIdentity", "", "the caller's account",
		{{NULL, 0}}, NULL, &identity, WHOLE, false, -1},
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
