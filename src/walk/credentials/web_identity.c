/* Web identity: a token of an identity provider, in a file, that STS takes for a role's
 * credentials. On EKS these are IAM roles for service accounts (IRSA).
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
#include "walk/credentials.h"

enum look look_web_identity(
	struct probe *probe, struct credentials_round *round, struct text *absent)
{
	struct text file = variable(probe, T("AWS_WEB_IDENTITY_TOKEN_FILE"));
	struct sts_call call = {
		.role_arn = variable(probe, T("AWS_ROLE_ARN")),
		.session_name = variable(probe, T("AWS_ROLE_SESSION_NAME")),
	};
	*absent = T("AWS_WEB_IDENTITY_TOKEN_FILE is not set");
	if (file.len == 0)
		return LOOK_ABSENT;
	if (call.role_arn.len == 0)
		broken(round, SYMPTOM_LOCAL,
			T("AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not"));
	else if (token_of_file(probe, round, file, &call.token))
		sts_plan(probe, round, call);
	return LOOK_SETTLED;
}
