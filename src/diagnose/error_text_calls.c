/* Rows about the calls around a pull: pull-through cache, environment file, log driver, secrets.
 * They come first, since their texts use the words of the rest. */
#include "diagnose/error_text_rows.h"

static const struct error_text_row rows[] = {
	/* the pull-through cache names its own causes */
	{ALL(PATTERN_UPSTREAM_AUTH), NOT(0), PROVEN, {CAUSE_PTC_UPSTREAM_AUTH},
		"The pull-through cache rule has no valid credentials for its upstream registry."},
	{ALL(PATTERN_IMPORTING), NOT(0), PROVEN, {CAUSE_PTC_PERMISSION},
		"The caller is not allowed to create the repository or import the image for the "
		"pull-through cache."},
	/* environment files */
	{ALL(PATTERN_ENV_FILE, PATTERN_ACCESS_DENIED), NOT(0), PROVEN, {CAUSE_ENVFILE_DENIED},
		"S3 denies access to the environment file."},
	{ALL(PATTERN_ENV_FILE, PATTERN_ABSENT), NOT(PATTERN_WAITED), LIKELY, {CAUSE_ENVFILE_DENIED},
		"The environment file is not where the task definition says it is."},
	{ALL(PATTERN_ENV_FILE, PATTERN_WAITED), NOT(0), PROVEN, {CAUSE_ENVFILE_NETWORK},
		"S3 did not answer when the environment file was fetched."},
	{ALL(PATTERN_ENV_FILE, PATTERN_NOT_CONNECTED), NOT(0), PROVEN, {CAUSE_ENVFILE_NETWORK},
		"S3 was not reached when the environment file was fetched."},
	{ALL(PATTERN_ENV_FILE), NOT(0), OPEN, {CAUSE_ENVFILE_NETWORK, CAUSE_ENVFILE_DENIED},
		"The environment file could not be fetched; the text does not say why."},
	/* log drivers */
	{ALL(PATTERN_LOGGER, PATTERN_ACCESS_DENIED), NOT(0), PROVEN, {CAUSE_LOGS_DENIED},
		"The role is not allowed to use the log group or its stream."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_GROUP), NOT(0), PROVEN, {CAUSE_LOGS_NOT_FOUND},
		"CloudWatch Logs answers that the log group does not exist."},
	{ALL(PATTERN_LOGGER, PATTERN_GROUP_OR_PATH), NOT(PATTERN_DIALLED), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_NOT_FOUND},
		"Logs could not be set up; the text blames the log group and the network at once."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_SOURCE), NOT(0), LIKELY,
		{CAUSE_LOGS_DENIED, CAUSE_AUTH_NO_CREDENTIALS},
		"The log driver found no credentials."},
	{ALL(PATTERN_LOGGER, PATTERN_WAITED), NOT(PATTERN_KILLED), PROVEN, {CAUSE_LOGS_NETWORK},
		"CloudWatch Logs did not answer."},
	{ALL(PATTERN_LOGGER, PATTERN_NOT_CONNECTED), NOT(PATTERN_KILLED), PROVEN,
		{CAUSE_LOGS_NETWORK}, "CloudWatch Logs was not reached."},
	{ALL(PATTERN_LOGGER, PATTERN_NO_SUCH_HOST), NOT(0), PROVEN, {CAUSE_LOGS_NETWORK},
		"The name of CloudWatch Logs did not resolve."},
	{ALL(PATTERN_LOGGER, PATTERN_KILLED), NOT(0), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_NOT_FOUND},
		"The check of the log driver was killed at its deadline."},
	{ALL(PATTERN_LOGGER, PATTERN_BAD_OPTION), NOT(0), PROVEN, {CAUSE_LOGS_CONFIG},
		"An option of the log driver is missing or wrong."},
	{ALL(PATTERN_LOGGER), NOT(PATTERN_DKR, PATTERN_API), OPEN,
		{CAUSE_LOGS_NETWORK, CAUSE_LOGS_NOT_FOUND, CAUSE_LOGS_DENIED},
		"The log driver could not be set up; the text does not say why."},
	/* secrets and parameters */
	{ALL(PATTERN_SECRET, PATTERN_BAD_VALUE), NOT(PATTERN_WAITED), PROVEN,
		{CAUSE_SECRETS_BAD_FORMAT},
		"The secret was read, but it is not the JSON that the task definition expects."},
	{ALL(PATTERN_SECRET, PATTERN_ACCESS_DENIED), NOT(0), PROVEN, {CAUSE_SECRETS_DENIED},
		"The execution role is not allowed to read the secret or parameter."},
	{ALL(PATTERN_SECRET, PATTERN_KMS), NOT(0), PROVEN, {CAUSE_SECRETS_DENIED},
		"The key of the secret or parameter cannot be used."},
	{ALL(PATTERN_SECRET, PATTERN_ABSENT), NOT(PATTERN_WAITED), PROVEN,
		{CAUSE_SECRETS_NOT_FOUND},
		"The secret or parameter does not exist in that account and Region."},
	{ALL(PATTERN_SECRET, PATTERN_CANCELLED), NOT(PATTERN_DIALLED), OPEN,
		{CAUSE_SECRETS_NETWORK, CAUSE_DNS_TIMEOUT},
		"The service of the secret did not answer; no address shows that its name "
		"resolved."},
	{ALL(PATTERN_SECRET, PATTERN_WAITED), NOT(0), PROVEN, {CAUSE_SECRETS_NETWORK},
		"The service of the secret did not answer."},
	{ALL(PATTERN_SECRET, PATTERN_NOT_CONNECTED), NOT(0), PROVEN, {CAUSE_SECRETS_NETWORK},
		"The service of the secret was not reached."},
	{ALL(PATTERN_SECRET, PATTERN_NO_SUCH_HOST), NOT(0), PROVEN, {CAUSE_SECRETS_NETWORK},
		"The name of the secret's service did not resolve."},
	{ALL(PATTERN_SECRET, PATTERN_STALE), NOT(0), PROVEN, {CAUSE_SECRETS_DENIED},
		"The credentials for reading the secret are not accepted."},
	{ALL(PATTERN_SECRET), NOT(PATTERN_DKR, PATTERN_API, PATTERN_NOT_AUTHORIZED), OPEN,
		{CAUSE_SECRETS_NETWORK, CAUSE_SECRETS_DENIED, CAUSE_SECRETS_NOT_FOUND},
		"A secret or parameter could not be read; the deciding part of the text is "
		"missing."},
};

const struct error_text_rows error_text_calls = ERROR_TEXT_ROWS(rows);
