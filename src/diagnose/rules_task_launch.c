/* What a task's start needs beside the image, when it was asked for by name. */
#include "diagnose/denial.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define SECRETS (ENDPOINT(SECRETSMANAGER) | ENDPOINT(SSM))
#define NETWORK                                                                   \
	(SYMPTOM(TIMEOUT) | SYMPTOM(STALLED) | SYMPTOM(RESET) | SYMPTOM(CLOSED) | \
		SYMPTOM(REFUSED) | SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED) |   \
		SYMPTOM(TRUNCATED) | SYMPTOM(MALFORMED) | SYMPTOM(NOT_THE_SERVICE))

#define LINE_PARAMETER \
	"aws ssm get-parameters{region_option} --names {wanted} --query InvalidParameters"

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
		.says = "{principal} may not read {wanted}: {words}."},
	{.id = "start-parameter-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = SECRETS,
		.step = {is_of_ssm}, .cause = CAUSE_SECRETS_NOT_FOUND,
		.says = "Parameter Store has no parameter {wanted} in this account and Region.",
		.fix = {"Correct valueFrom in the task definition, or create the parameter there."},
		.confirm = {LINE_PARAMETER}},
	{.id = "start-secret-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = SECRETS,
		.cause = CAUSE_SECRETS_NOT_FOUND,
		.says = "Secrets Manager cannot give {wanted}: {words}."},
	{.id = "start-secret-network", .symptoms = NETWORK, .endpoints = SECRETS,
		.cause = CAUSE_SECRETS_NETWORK, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{host} does not answer the request for {wanted}: {words}.",
		.fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{.id = "start-file-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(ENVFILE),
		.cause = CAUSE_ENVFILE_DENIED,
		.says = "The environment file {wanted} is not there: {words}.",
		.fix = {"Correct environmentFiles in the task definition, or put the file there."}},
	{.id = "start-file-denied", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(ENVFILE),
		.cause = CAUSE_ENVFILE_DENIED,
		.says = "{principal} may not read the environment file {wanted}, or it does not "
		"exist (without s3:ListBucket S3 answers both alike): {words}."},
	{.id = "start-file-network", .symptoms = NETWORK, .endpoints = ENDPOINT(ENVFILE),
		.cause = CAUSE_ENVFILE_NETWORK, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{host} does not answer the request for {wanted}: {words}."},
	{.id = "start-logs-config", .symptoms = SYMPTOM(MALFORMED), .endpoints = ENDPOINT(LOGS),
		.step = {was_not_called}, .cause = CAUSE_LOGS_CONFIG,
		.says = "The awslogs driver of the task definition cannot start: {words}."},
	{.id = "start-logs-denied", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_DENIED,
		.says = "{principal} may not make a log stream in {wanted}: {words}."},
	{.id = "start-logs-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_NOT_FOUND,
		.says = "CloudWatch Logs has no log group {wanted} in this account and Region."},
	{.id = "start-logs-network", .symptoms = NETWORK, .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_NETWORK, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{host} does not answer the request for a log stream in {wanted}: {words}.",
		.fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
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
