/* Rows about the calls around a pull: pull-through cache, environment file, log driver, secrets.
 * They come first, since their texts use the words of the rest. */
#include "diagnose/error_text_parts.h"

static const struct error_text_row rows[] = {
	/* no pull at all: networks and capacity before the pull, the container after it */
	{ALL(PATTERN_ENI), NOT(PATTERN_PULL_FAILED), PROVEN, {CAUSE_ECS_ENI},
		.says = "No pull was tried: the task or pod got no network interface or address."},
	{ALL(PATTERN_CAPACITY), NOT(PATTERN_PULL_FAILED), PROVEN, {CAUSE_ECS_CAPACITY},
		.says = "No pull was tried: there was nothing to place the task on."},
	{ALL(PATTERN_HOST_GONE), NOT(PATTERN_PULL_FAILED), OPEN,
		{CAUSE_ECS_CAPACITY, CAUSE_ECS_START},
		.says = "This is no pull: the machine under the task was taken away."},
	{ALL(PATTERN_OUT_OF_MEMORY), NOT(PATTERN_PULL_FAILED), PROVEN, {CAUSE_ECS_OUT_OF_MEMORY},
		.says = "This is no pull: the container ran and used more memory than it may."},
	{ALL(PATTERN_UNHEALTHY), NOT(PATTERN_PULL_FAILED), PROVEN, {CAUSE_ECS_HEALTH_CHECK},
		.says = "This is no pull: the container runs and does not pass its health check."},
	{ALL(PATTERN_NOT_STARTED),
		NOT(PATTERN_PULL_FAILED, PATTERN_PLATFORM, PATTERN_EXEC_FORMAT, PATTERN_LOGGER),
		LIKELY, {CAUSE_ECS_START},
		.says = "This is no pull: the image is there, and the container could not start or "
			"exited."},
	{ALL(PATTERN_STOPPED), NOT(PATTERN_PULL_FAILED), LIKELY, {CAUSE_ECS_START},
		.says = "This is no pull: a user, a deployment or a change of the task count "
			"stopped the task."},
	/* the pull-through cache names its own causes */
	{ALL(PATTERN_UPSTREAM_AUTH, PATTERN_UPSTREAM_SAYS), NOT(0), LIKELY,
		{CAUSE_PTC_UPSTREAM_AUTH, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The upstream registry does not accept the pull-through cache's "
			"credentials; it says the same of a repository that does not exist "
			"(library/ missing, or too much)."},
	{ALL(PATTERN_UPSTREAM_AUTH), NOT(0), PROVEN, {CAUSE_PTC_UPSTREAM_AUTH},
		.says = "The pull-through cache rule has no valid credentials for its upstream "
			"registry."},
	{ALL(PATTERN_IMPORTING), NOT(0), PROVEN, {CAUSE_PTC_PERMISSION},
		.says = "The caller is not allowed to create the repository or import the image "
			"for the pull-through cache."},
	/* environment files */
	{ALL(PATTERN_ENV_FILE, PATTERN_ACCESS_DENIED), NOT(0), PROVEN, {CAUSE_ENVFILE_DENIED},
		.says = "S3 denies access to the environment file."},
	{ALL(PATTERN_ENV_FILE, PATTERN_ABSENT), NOT(PATTERN_WAITED), LIKELY,
		{CAUSE_ENVFILE_NOT_FOUND},
		.says = "The environment file is not where the task definition says it is."},
	{ALL(PATTERN_ENV_FILE, PATTERN_UNANSWERED), NOT(0), PROVEN, {CAUSE_ENVFILE_NETWORK},
		.says = "S3 did not answer when the environment file was fetched."},
	{ALL(PATTERN_ENV_FILE), NOT(0), OPEN, {CAUSE_ENVFILE_NETWORK, CAUSE_ENVFILE_DENIED},
		.says = "The environment file could not be fetched; the text does not say why."},
	/* log drivers */
	{ALL(PATTERN_LOGGER, PATTERN_ACCESS_DENIED), NOT(0), PROVEN, {CAUSE_LOGS_DENIED},
		.says = "The role is not allowed to use the log group or its stream."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_SUCH_HOST, PATTERN_HOST_BAD), NOT(0), LIKELY,
		{CAUSE_LOGS_CONFIG, CAUSE_REF_BAD_HOSTNAME},
		.says = "{host} cannot exist: an option of the log driver has no Region in it."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_GROUP), NOT(0), PROVEN, {CAUSE_LOGS_NOT_FOUND},
		.says = "CloudWatch Logs answers that the log group does not exist."},
	{ALL(PATTERN_LOGGER, PATTERN_GROUP_OR_PATH), NOT(PATTERN_DIALLED), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_NOT_FOUND},
		.says = "Logs could not be set up; the text blames the log group and the network "
			"at once."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_SOURCE), NOT(0), LIKELY,
		{CAUSE_LOGS_DENIED, CAUSE_AUTH_NO_CREDENTIALS},
		.says = "The log driver found no credentials."},
	{ALL(PATTERN_LOGGER, PATTERN_UNANSWERED), NOT(PATTERN_KILLED), PROVEN, {CAUSE_LOGS_NETWORK},
		.says = "CloudWatch Logs did not answer."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_SUCH_HOST), NOT(0), PROVEN, {CAUSE_LOGS_NETWORK},
		.says = "The name of CloudWatch Logs did not resolve."},
	{ALL(PATTERN_LOGGER, PATTERN_REFUSED), NOT(0), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_CONFIG},
		.says = "Where the log driver sends to, connections are refused: nothing listens "
			"there, or its address is wrong."},
	{ALL(PATTERN_LOGGER, PATTERN_KILLED), NOT(0), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_NOT_FOUND},
		.says = "The check of the log driver was killed at its deadline."},
	{ALL(PATTERN_LOGGER, PATTERN_BAD_OPTION), NOT(0), PROVEN, {CAUSE_LOGS_CONFIG},
		.says = "An option of the log driver is missing or wrong."},
	{ALL(PATTERN_LOGGER), NOT(PATTERN_DKR, PATTERN_API), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_NOT_FOUND, CAUSE_LOGS_DENIED},
		.says = "The log driver could not be set up; the text does not say why."},
	/* secrets and parameters */
	{ALL(PATTERN_SECRET, PATTERN_BAD_VALUE), NOT(PATTERN_WAITED), PROVEN,
		{CAUSE_SECRETS_BAD_FORMAT},
		.says = "The secret is not the JSON that the task definition expects."},
	{ALL(PATTERN_SECRET, PATTERN_ACCESS_DENIED), NOT(0), PROVEN, {CAUSE_SECRETS_DENIED},
		.says = "The execution role is not allowed to read the secret or parameter."},
	{ALL(PATTERN_SECRET, PATTERN_KMS), NOT(0), PROVEN, {CAUSE_SECRETS_DENIED},
		.says = "The key of the secret or parameter cannot be used."},
	{ALL(PATTERN_SECRET, PATTERN_ABSENT), NOT(PATTERN_WAITED), PROVEN,
		{CAUSE_SECRETS_NOT_FOUND},
		.says = "The secret or parameter does not exist in that account and Region."},
	{ALL(PATTERN_SECRET, PATTERN_CANCELLED), NOT(PATTERN_DIALLED), OPEN,
		{CAUSE_SECRETS_NETWORK, CAUSE_DNS_TIMEOUT},
		.says = "The service of the secret did not answer; no address shows that its name "
			"resolved."},
	{ALL(PATTERN_SECRET, PATTERN_UNANSWERED), NOT(0), LIKELY, {CAUSE_SECRETS_NETWORK},
		.says = "The service of the secret did not answer."},
	{ALL(PATTERN_SECRET, PATTERN_NO_SUCH_HOST), NOT(0), PROVEN, {CAUSE_SECRETS_NETWORK},
		.says = "The name of the secret's service did not resolve."},
	{ALL(PATTERN_SECRET, PATTERN_STALE), NOT(0), PROVEN, {CAUSE_SECRETS_DENIED},
		.says = "The credentials for reading the secret are not accepted."},
	{ALL(PATTERN_SECRET), NOT(PATTERN_DKR, PATTERN_API, PATTERN_NOT_AUTHORIZED), OPEN,
		{CAUSE_SECRETS_NETWORK, CAUSE_SECRETS_DENIED, CAUSE_SECRETS_NOT_FOUND},
		.says = "A secret or parameter could not be read; the deciding part of the text is "
			"missing."},
};

const struct error_text_rows error_text_calls = ERROR_TEXT_ROWS(rows);
