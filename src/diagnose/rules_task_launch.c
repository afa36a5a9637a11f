/* What a task's start needs beside the image, when it was asked for by name. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define SECRETS (ENDPOINT(SECRETSMANAGER) | ENDPOINT(SSM))
#define NETWORK (NO_ANSWER | SYMPTOM(TRUNCATED) | SYMPTOM(MALFORMED) | SYMPTOM(NOT_THE_SERVICE))
#define REFUSED                                                                \
	CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_CLOCK_SKEW, CAUSE_AUTH_THROTTLED, \
		CAUSE_HTTP_NOT_THE_SERVICE
#define SAYS_REFUSED "{host} rejects {call} of {wanted} (status {status}): {words}."
#define FIX_REFUSED "Run again; check the Region, the credentials and the clock."
#define VERIFY_REFUSED "A second run, and the same call from outside this subnet."
#define SAYS_NO_ANSWER "{host} gives no valid answer to the request for {wanted}: {words}."

/* clang-format off */
static const struct rule rows[] = {
	{.id = "start-secret-key", .endpoints = SECRETS, .words = "kms|master key",
	 .cause = CAUSE_SECRETS_DENIED,
	 .says = "{wanted} is encrypted with a KMS key that {principal} is not allowed to use, or "
	 "that is deleted or disabled: {words}.", .fix = {"Add to the {role_hint}: "
	 "{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"{resource}\"}, and allow "
	 "it in the key's policy too.", "Check that the key exists and is enabled."},
	 .confirm = {"aws kms list-aliases{region_option}"}},
	{.id = "start-secret-denied", .symptoms = SYMPTOM(DENIED), .endpoints = SECRETS,
	 .cause = CAUSE_SECRETS_DENIED,
	 .says = "{principal} is not allowed to read {wanted}: {words}."},
	{.id = "start-parameter-missing", .symptoms = SYMPTOM(NOT_FOUND),
	 .endpoints = ENDPOINT(SSM), .cause = CAUSE_SECRETS_NOT_FOUND,
	 .says = "Parameter Store has no parameter {wanted} in this account and Region.",
	 .fix = {"Correct valueFrom in the task definition, or create the parameter there."},
	 .confirm = {"aws ssm get-parameters{region_option} --names {wanted} --query "
	 "InvalidParameters"}},
	{.id = "start-secret-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = SECRETS,
	 .cause = CAUSE_SECRETS_NOT_FOUND,
	 .says = "Secrets Manager does not have {wanted}: {words}."},
	{.id = "start-secret-network", .symptoms = NETWORK, .endpoints = SECRETS,
	 .cause = CAUSE_SECRETS_NETWORK, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
	 .says = SAYS_NO_ANSWER, .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{.id = "start-secret-failed", .endpoints = SECRETS, .cause = CAUSE_AUTH_INVALID_CREDENTIALS,
	 .certainty = CERTAINTY_OPEN, .alternatives = {REFUSED, CAUSE_SECRETS_DENIED,
	 CAUSE_SECRETS_NOT_FOUND},
	 .says = SAYS_REFUSED, .verify = VERIFY_REFUSED, .fix = {FIX_REFUSED},
	 .confirm = {LINE_GRANTED}},
	{.id = "start-file-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(ENVFILE),
	 .cause = CAUSE_ENVFILE_NOT_FOUND,
	 .says = "The environment file {wanted} does not exist: {words}."},
	{.id = "start-file-denied", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(ENVFILE),
	 .fact = FACT_ACTION, .holds = "s3:GetObject", .cause = CAUSE_ENVFILE_DENIED,
	 .says = "{principal} is not allowed to read the environment file {wanted}: {words}."},
	{.id = "start-file-hidden", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(ENVFILE),
	 .cause = CAUSE_ENVFILE_DENIED, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_ENVFILE_NOT_FOUND},
	 .says = "{principal} is not allowed to read the environment file {wanted}, or it does not "
	 "exist: {words}. Without s3:ListBucket S3 answers the same for both.", .verify = "Whether "
	 "the file exists, by a caller that is allowed to list the bucket."},
	{.id = "start-file-network", .symptoms = NETWORK, .endpoints = ENDPOINT(ENVFILE),
	 .cause = CAUSE_ENVFILE_NETWORK, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
	 .says = SAYS_NO_ANSWER},
	{.id = "start-file-failed", .endpoints = ENDPOINT(ENVFILE),
	 .cause = CAUSE_AUTH_INVALID_CREDENTIALS, .certainty = CERTAINTY_OPEN,
	 .alternatives = {REFUSED, CAUSE_ENVFILE_DENIED, CAUSE_ENVFILE_NOT_FOUND},
	 .says = SAYS_REFUSED, .verify = VERIFY_REFUSED, .fix = {FIX_REFUSED}, .confirm = {"aws s3 "
	 "ls s3://{wanted}"}},
	{.id = "start-logs-config", .symptoms = SYMPTOM(MALFORMED), .endpoints = ENDPOINT(LOGS),
	 .peer = PEER(UNKNOWN), .cause = CAUSE_LOGS_CONFIG,
	 .says = "The awslogs driver of the task definition cannot start: {words}."},
	{.id = "start-logs-denied", .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(LOGS),
	 .cause = CAUSE_LOGS_DENIED,
	 .says = "{principal} is not allowed to create a log stream in {wanted}: {words}."},
	{.id = "start-logs-missing", .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(LOGS),
	 .cause = CAUSE_LOGS_NOT_FOUND,
	 .says = "CloudWatch Logs has no log group {wanted} in this account and Region."},
	{.id = "start-logs-network", .symptoms = NETWORK, .endpoints = ENDPOINT(LOGS),
	 .cause = CAUSE_LOGS_NETWORK, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_MTU_BLACKHOLE},
	 .says = SAYS_NO_ANSWER, .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{.id = "start-failed", .cause = CAUSE_AUTH_INVALID_CREDENTIALS, .certainty = CERTAINTY_OPEN,
	 .alternatives = {REFUSED, CAUSE_LOGS_DENIED, CAUSE_LOGS_NOT_FOUND},
	 .says = SAYS_REFUSED, .verify = VERIFY_REFUSED, .fix = {FIX_REFUSED},
	 .confirm = {LINE_GRANTED}},
};
/* clang-format on */

const struct rule_part rules_task_launch = RULE_PART(rows, .stages = STAGE(START));
