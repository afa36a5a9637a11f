/* The sources that environment variables alone configure: keys, and a web identity's token. */
#include "walk/credentials.h"

/* Keys; a Lambda function always has its role's there.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html */
enum look look_environment(
	struct probe *probe, struct credentials_round *round, struct text *absent)
{
	struct credentials found = {
		.access_key = variable(probe, T("AWS_ACCESS_KEY_ID")),
		.secret_key = variable(probe, T("AWS_SECRET_ACCESS_KEY")),
		.session_token = variable(probe, T("AWS_SESSION_TOKEN")),
		/* not of all SDKs, but aws configure export-credentials writes it */
		.expiration = variable(probe, T("AWS_CREDENTIAL_EXPIRATION")),
	};
	*absent = found.access_key.len ? T("AWS_SECRET_ACCESS_KEY is not set")
				       : T("AWS_ACCESS_KEY_ID is not set");
	if (found.access_key.len == 0 || found.secret_key.len == 0)
		return LOOK_ABSENT;
	if (variable(probe, T("AWS_LAMBDA_FUNCTION_NAME")).len)
		round->source = T("lambda");
	round->found = found;
	round->symptom = judge_expiration(round);
	return LOOK_SETTLED;
}

/* Web identity: a token of an identity provider, in a file, that STS takes for a role's
 * credentials. On EKS these are IAM roles for service accounts (IRSA).
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
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
		round_fail(round, SYMPTOM_LOCAL,
			T("AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not"));
	else if (token_of_file(probe, round, file, &call.token))
		sts_plan(probe, round, call);
	return LOOK_SETTLED;
}
