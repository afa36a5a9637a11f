/* What a task's start needs beside the image, when it was asked for by name. */
#include "diagnose/denial.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define SECRETS (ENDPOINT(SECRETSMANAGER) | ENDPOINT(SSM))
#define NETWORK                                                                   \
	(SYMPTOM(TIMEOUT) | SYMPTOM(STALLED) | SYMPTOM(RESET) | SYMPTOM(CLOSED) | \
		SYMPTOM(REFUSED) | SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED) |   \
		SYMPTOM(TRUNCATED) | SYMPTOM(MALFORMED) | SYMPTOM(NOT_THE_SERVICE))

#define FIX_GRANT                  \
	"Add to the {role_hint}: " \
	"{\"Effect\":\"Allow\",\"Action\":\"{call}\",\"Resource\":\"{resource}\"}"
#define FIX_NETWORK "Look at what stands between this subnet and {host}, and run again."
#define FIX_ELSE                                                                            \
	"If a Deny, an endpoint's policy or an organization's is named above, change that " \
	"one: an Allow of the role does not outweigh it."
#define LINE_SECRET "aws secretsmanager describe-secret{region_option} --secret-id {wanted}"
#define LINE_PARAMETER \
	"aws ssm get-parameters{region_option} --names {wanted} --query InvalidParameters"
#define LINE_GROUP                                                                      \
	"aws logs describe-log-groups{region_option} --log-group-name-prefix {wanted} " \
	"--query 'logGroups[].logGroupName'"
#define LINE_FILE "aws s3 ls s3://{wanted}"
#define LINE_GRANTED                                                                       \
	"aws iam simulate-principal-policy --policy-source-arn {role_arn} --action-names " \
	"{call} --resource-arns {resource}"

/* "Access to KMS is not allowed", "kms:Decrypt", "refers to a customer master key" */
static bool names_a_key(const struct context *context, const struct step *step)
{
	struct text words = seen_text(step, FACT_ERROR_TEXT);
	return kms_fails(context, step) || text_find_same(words, T("kms")) < words.len ||
		text_find_same(words, T("master key")) < words.len;
}

static bool is_of_ssm(const struct step *step)
{
	return step->endpoint == ENDPOINT_SSM;
}

static bool was_not_called(const struct step *step)
{
	return step->peer.len == 0;
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "start-secret-key", .endpoints = SECRETS, .when = {names_a_key},
		.cause = CAUSE_SECRETS_DENIED,
		.says = "{wanted} is encrypted with a KMS key that {principal} may not use, or "
		"that is gone or disabled: {words}.",
		.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\","
		"\"Resource\":\"{resource}\"}, and let the key's policy allow it too.",
		"Check that the key exists and is enabled."},
		.confirm = {"aws kms list-aliases{region_option}"}},
	{.id = "start-secret-denied", .symptoms = SYMPTOM(DENIED), .endpoints = SECRETS,
		.cause = CAUSE_SECRETS_DENIED,
		.says = "{principal} may not read {wanted}: {words}.",
		.fix = {FIX_GRANT, FIX_ELSE}, .confirm = {LINE_GRANTED}},
	{.id = "start-parameter-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = SECRETS,
		.step = {is_of_ssm}, .cause = CAUSE_SECRETS_NOT_FOUND,
		.says = "Parameter Store has no parameter {wanted} in this account and Region.",
		.fix = {"Correct valueFrom in the task definition, or create the parameter there."},
		.confirm = {LINE_PARAMETER}},
	{.id = "start-secret-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = SECRETS,
		.cause = CAUSE_SECRETS_NOT_FOUND,
		.says = "Secrets Manager cannot give {wanted}: {words}.",
		.fix = {"Correct valueFrom in the task definition (the six characters at the end "
		"of the ARN are part of it), or create the secret there."},
		.confirm = {LINE_SECRET}},
	{.id = "start-secret-network", .symptoms = NETWORK, .endpoints = SECRETS,
		.cause = CAUSE_SECRETS_NETWORK, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{host} does not answer the request for {wanted}: {words}.",
		.verify = "A second run.", .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{.id = "start-file-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(ENVFILE),
		.cause = CAUSE_ENVFILE_DENIED,
		.says = "The environment file {wanted} is not there: {words}.",
		.fix = {"Correct environmentFiles in the task definition, or put the file there."},
		.confirm = {LINE_FILE}},
	{.id = "start-file-denied", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(ENVFILE),
		.cause = CAUSE_ENVFILE_DENIED,
		.says = "{principal} may not read the environment file {wanted}, or it does not "
		"exist (without s3:ListBucket S3 answers both alike): {words}.",
		.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\","
		"\"Resource\":\"arn:{partition}:s3:::{wanted}\"}", FIX_ELSE},
		.confirm = {LINE_FILE}},
	{.id = "start-file-network", .symptoms = NETWORK, .endpoints = ENDPOINT(ENVFILE),
		.cause = CAUSE_ENVFILE_NETWORK, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{host} does not answer the request for {wanted}: {words}.",
		.verify = "A second run.", .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{.id = "start-logs-config", .symptoms = SYMPTOM(MALFORMED), .endpoints = ENDPOINT(LOGS),
		.step = {was_not_called}, .cause = CAUSE_LOGS_CONFIG,
		.says = "The awslogs driver of the task definition cannot start: {words}.",
		.fix = {"Set awslogs-group and awslogs-region in the options of logConfiguration."},
		.confirm = {"aws ecs describe-task-definition{region_option} --task-definition "
		"FAMILY --query 'taskDefinition.containerDefinitions[].[name,logConfiguration]'"}},
	{.id = "start-logs-denied", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_DENIED,
		.says = "{principal} may not make a log stream in {wanted}: {words}.",
		.fix = {"Add to the {role_hint}: {\"Effect\":\"Allow\",\"Action\":\"{call}\","
		"\"Resource\":\"arn:{partition}:logs:*:*:log-group:{wanted}:*\"}", FIX_ELSE},
		.confirm = {LINE_GRANTED}},
	{.id = "start-logs-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_NOT_FOUND,
		.says = "CloudWatch Logs has no log group {wanted} in this account and Region.",
		.fix = {"Create it: aws logs create-log-group{region_option} --log-group-name "
		"{wanted}", "Or set awslogs-create-group to true, and allow the {role_hint} "
		"logs:CreateLogGroup."}, .confirm = {LINE_GROUP}},
	{.id = "start-logs-network", .symptoms = NETWORK, .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_NETWORK, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{host} does not answer the request for a log stream in {wanted}: {words}.",
		.verify = "A second run.", .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{.id = "start-failed", .cause = CAUSE_AUTH_INVALID_CREDENTIALS, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_CLOCK_SKEW,
		CAUSE_AUTH_THROTTLED, CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "{host} does not grant {call} of {wanted} (status {status}): {words}.",
		.verify = "A second run, and the same call from outside this subnet.",
		.fix = {"Run again; check the Region, the credentials and the clock."},
		.confirm = {LINE_GRANTED}},
};
/* clang-format on */

const struct rule_part rules_task_launch = RULE_PART(STAGE(START), rows);
