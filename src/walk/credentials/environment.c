/* Keys in the environment; a Lambda function always has its role's there.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html */
#include "walk/credentials.h"

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
