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
#define SAYS_NO_ANSWER "{host} gives no valid answer to the request for {wanted}: {words}."

/* clang-format off */
static const struct rule rows[] = {
	{"start-secret-key", PROVEN, {CAUSE_SECRETS_DENIED}, .endpoints = SECRETS,
	 .words = "kms|master key",
	 .says = "{wanted} is encrypted with a KMS key that {principal} is not allowed to use, or "
	 "that is deleted or disabled: {words}.", .fix = {"Add to the {role_hint}: "
	 "{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"{resource}\"}, and allow "
	 "it in the key's policy too.", "Check that the key exists and is enabled."},
	 .confirm = {"aws kms list-aliases{region_option}"}},
	{"start-secret-denied", PROVEN, {CAUSE_SECRETS_DENIED}, .symptoms = SYMPTOM(DENIED),
	 .endpoints = SECRETS,
	 .says = "{principal} is not allowed to read {wanted}: {words}."},
	{"start-parameter-missing", PROVEN, {CAUSE_SECRETS_NOT_FOUND},
	 .symptoms = SYMPTOM(NOT_FOUND), .endpoints = ENDPOINT(SSM),
	 .says = "Parameter Store has no parameter {wanted} in this account and Region.",
	 .fix = {"Correct valueFrom in the task definition, or create the parameter there."},
	 .confirm = {"aws ssm get-parameters{region_option} --names {wanted} --query "
	 "InvalidParameters"}},
	{"start-secret-missing", PROVEN, {CAUSE_SECRETS_NOT_FOUND}, .symptoms = SYMPTOM(NOT_FOUND),
	 .endpoints = SECRETS,
	 .says = "Secrets Manager does not have {wanted}: {words}."},
	{"start-secret-network", LIKELY, {CAUSE_SECRETS_NETWORK, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_NET_MTU_BLACKHOLE}, .symptoms = NETWORK, .endpoints = SECRETS,
	 .says = SAYS_NO_ANSWER, .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{"start-secret-failed", OPEN, {CAUSE_AUTH_INVALID_CREDENTIALS, REFUSED,
	 CAUSE_SECRETS_DENIED, CAUSE_SECRETS_NOT_FOUND}, .endpoints = SECRETS,
	 .says = SAYS_REFUSED, .fix = {FIX_REFUSED}, .confirm = {LINE_GRANTED}},
	{"start-file-missing", PROVEN, {CAUSE_ENVFILE_NOT_FOUND}, .symptoms = SYMPTOM(NOT_FOUND),
	 .endpoints = ENDPOINT(ENVFILE),
	 .says = "The environment file {wanted} does not exist: {words}."},
	{"start-file-denied", PROVEN, {CAUSE_ENVFILE_DENIED}, .symptoms = SYMPTOM(DENIED),
	 .endpoints = ENDPOINT(ENVFILE), .fact = FACT_ACTION, .holds = "s3:GetObject",
	 .says = "{principal} is not allowed to read the environment file {wanted}: {words}."},
	{"start-file-hidden", LIKELY, {CAUSE_ENVFILE_DENIED, CAUSE_ENVFILE_NOT_FOUND},
	 .symptoms = SYMPTOM(DENIED), .endpoints = ENDPOINT(ENVFILE),
	 .says = "{principal} is not allowed to read the environment file {wanted}, or it does not "
	 "exist: {words}. Without s3:ListBucket S3 answers the same for both.", .verify = "Whether "
	 "the file exists, by a caller that is allowed to list the bucket."},
	{"start-file-network", LIKELY, {CAUSE_ENVFILE_NETWORK, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_NET_MTU_BLACKHOLE}, .symptoms = NETWORK, .endpoints = ENDPOINT(ENVFILE),
	 .says = SAYS_NO_ANSWER},
	{"start-file-failed", OPEN, {CAUSE_AUTH_INVALID_CREDENTIALS, REFUSED, CAUSE_ENVFILE_DENIED,
	 CAUSE_ENVFILE_NOT_FOUND}, .endpoints = ENDPOINT(ENVFILE),
	 .says = SAYS_REFUSED, .fix = {FIX_REFUSED}, .confirm = {"aws s3 ls s3://{wanted}"}},
	{"start-logs-config", PROVEN, {CAUSE_LOGS_CONFIG}, .symptoms = SYMPTOM(MALFORMED),
	 .endpoints = ENDPOINT(LOGS), .peer = PEER(UNKNOWN),
	 .says = "The awslogs driver of the task definition cannot start: {words}."},
	{"start-logs-denied", PROVEN, {CAUSE_LOGS_DENIED}, .symptoms = SYMPTOM(DENIED),
	 .endpoints = ENDPOINT(LOGS),
	 .says = "{principal} is not allowed to create a log stream in {wanted}: {words}."},
	{"start-logs-missing", PROVEN, {CAUSE_LOGS_NOT_FOUND}, .symptoms = SYMPTOM(NOT_FOUND),
	 .endpoints = ENDPOINT(LOGS),
	 .says = "CloudWatch Logs has no log group {wanted} in this account and Region."},
	{"start-logs-network", LIKELY, {CAUSE_LOGS_NETWORK, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_NET_MTU_BLACKHOLE}, .symptoms = NETWORK, .endpoints = ENDPOINT(LOGS),
	 .says = SAYS_NO_ANSWER, .fix = {FIX_NETWORK}, .confirm = {LINE_CURL}},
	{"start-failed", OPEN, {CAUSE_AUTH_INVALID_CREDENTIALS, REFUSED, CAUSE_LOGS_DENIED,
	 CAUSE_LOGS_NOT_FOUND},
	 .says = SAYS_REFUSED, .fix = {FIX_REFUSED}, .confirm = {LINE_GRANTED}},
};
/* clang-format on */

const struct rule_part rules_task_launch = RULE_PART(rows, .stages = STAGE(START));
