/* IAM's and STS's calls, and IAM Identity Center's: who may do what, and who asks.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
#include "cloud/services.h"

READ_TABLE(caller_identity, CALLER_IDENTITY);

/* clang-format off */
#define MAKES (CALL_CHANGES | CALL_LAMBDA)

const struct call_row iam_calls[IAM_CALLS] = {
	[IAM_SIMULATE] = {SERVICE_IAM, "SimulatePrincipalPolicy", NULL,
		"whether the role may do what the pull asks for",
		{{"PolicySourceArn", PARAMETER_ONE}, {"ActionNames.member", PARAMETER_MANY},
			{"ResourceArns.member", PARAMETER_MANY}},
		"SimulatePrincipalPolicyResult/EvaluationResults", &vpc_simulation_table,
		"SimulatePrincipalPolicyResult/Marker", "Marker", false, VPC_SIMULATIONS},
	[IAM_CREATE_ROLE] = {.service = SERVICE_IAM, .name = "CreateRole",
		.purpose = "the functions' role", .traits = MAKES, .reads = &names_table, .part = -1,
		.parameters = {{"RoleName", PARAMETER_ONE}, {"Path", PARAMETER_ONE},
			{"AssumeRolePolicyDocument", PARAMETER_ONE},
			{"Tags.member", PARAMETER_TAG}}},
	[IAM_PUT_POLICY] = {.service = SERVICE_IAM, .name = "PutRolePolicy",
		.purpose = "what that role may do: join the subnet, and pull",
		.traits = MAKES, .part = -1,
		.parameters = {{"RoleName", PARAMETER_ONE}, {"PolicyName", PARAMETER_ONE},
			{"PolicyDocument", PARAMETER_ONE}}},
	[IAM_ROLES] = {.service = SERVICE_IAM, .name = "ListRoles",
		.purpose = "roles that earlier runs left", .traits = CALL_LAMBDA, .part = -1,
		.reads = &names_table, .next = "ListRolesResult/Marker", .send_next = "Marker",
		.parameters = {{"PathPrefix", PARAMETER_ONE}}},
	[IAM_DELETE_POLICY] = {.service = SERVICE_IAM, .name = "DeleteRolePolicy",
		.purpose = "to delete the role", .traits = MAKES, .part = -1,
		.parameters = {{"RoleName", PARAMETER_ONE}, {"PolicyName", PARAMETER_ONE}}},
	[IAM_DELETE_ROLE] = {.service = SERVICE_IAM, .name = "DeleteRole",
		.purpose = "once Lambda has released its network interfaces",
		.traits = MAKES, .part = -1, .parameters = {{"RoleName", PARAMETER_ONE}}},
	[IAM_TAG_ROLE] = {.service = SERVICE_IAM, .name = "TagRole",
		.purpose = "the role is made with a tag", .traits = MAKES, .part = -1},
	[IAM_PASS_ROLE] = {.service = SERVICE_IAM, .name = "PassRole",
		.purpose = "the functions and tasks have a role",
		.traits = MAKES | CALL_FARGATE, .part = -1},
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
