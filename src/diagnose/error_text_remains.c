/* Rows about texts that were cut, or never said much. The last row takes everything. */
#include "diagnose/error_text_parts.h"

#define WHOLE_TEXT                                                                               \
	{                                                                                        \
		.verify = "The whole text: ECS cuts it, and kubectl describe and docker repeat " \
			  "only its end.",                                                       \
		.fix = {"Get the whole text: of ECS from DescribeTasks, of Kubernetes from the " \
			"pod's events, of Docker from the daemon's log."},                       \
		.confirm = {                                                                     \
			"aws ecs describe-tasks{own_region_option} --cluster {cluster} --tasks " \
			"TASK --query 'tasks[].[stoppedReason,containers[].reason]'",            \
			"kubectl describe pod POD"},                                             \
	}

static const struct error_text_row rows[] = {
	{ALL(PATTERN_AUTHORIZING), NOT(PATTERN_WAITED, PATTERN_NOT_CONNECTED), OPEN,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "The registry's token service gave no token; the text does not say why."},
	{ALL(PATTERN_HELPER_FAILED, PATTERN_FOREIGN), NOT(PATTERN_NOT_CONNECTED), LIKELY,
		{CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The credential helper gave no credentials for that registry."},
	{ALL(PATTERN_HELPER_FAILED), NOT(PATTERN_NOT_CONNECTED, PATTERN_WAITED), LIKELY,
		{CAUSE_AUTH_NO_CREDENTIALS}, .says = "The credential helper gave no credentials."},
	{ALL(PATTERN_HELPER_FAILED, PATTERN_WAITED), NOT(PATTERN_NOT_CONNECTED, PATTERN_DIALLED),
		OPEN, {CAUSE_AUTH_NO_CREDENTIALS, CAUSE_NET_TIMEOUT},
		.says = "The credential helper did not finish in time."},
	{ALL(PATTERN_API, PATTERN_UNANSWERED), NOT(0), OPEN, {PATH_OUT, CAUSE_DNS_TIMEOUT},
		.says = "ECR's API was not reached; no address shows that its name resolved."},
	{ALL(PATTERN_REGISTRY_AUTH), NOT(0), OPEN,
		{PATH_OUT, CAUSE_DNS_TIMEOUT, CAUSE_AUTH_IAM_IDENTITY},
		.says = "No registry token could be fetched; the deciding part of the text is "
			"missing."},
	{ALL(PATTERN_CONTEXT_CANCELLED, PATTERN_ECS), NOT(PATTERN_RESOLVING, PATTERN_DKR), OPEN,
		{CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP,
			CAUSE_NET_TIMEOUT},
		.says = "The pull was cancelled; AWS advises to check the path to the registry and "
			"to S3."},
	{ALL(PATTERN_WAITED, PATTERN_DAEMON_ASKED), NOT(0), OPEN,
		{CAUSE_NET_TIMEOUT, PATH_OUT, CAUSE_DNS_TIMEOUT},
		.says = "The registry was not reached; no address shows that its name resolved."},
	{ALL(PATTERN_UNANSWERED, PATTERN_ECS), NOT(0), OPEN, {PATH_OUT, CAUSE_DNS_TIMEOUT},
		.says = "The registry was not reached; no address shows that its name resolved."},
	{ALL(PATTERN_WAITED, PATTERN_ANY_PULL), NOT(0), OPEN,
		{CAUSE_NET_TIMEOUT, PATH_OUT, CAUSE_DNS_TIMEOUT},
		.says = "Nothing answered; no address shows that the name resolved."},
	{ALL(PATTERN_UNANSWERED), NOT(0), OPEN,
		{CAUSE_NET_TIMEOUT, PATH_OUT, CAUSE_DNS_TIMEOUT, CAUSE_DNS_NXDOMAIN},
		.says = "No connection was made; the text does not say why."},
	/* "not found", from the plainest pullers */
	{ALL(PATTERN_RESOLVING, PATTERN_IMAGE_GONE, PATTERN_CACHED_PATH, PATTERN_PINNED), NOT(0),
		OPEN, {CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_DIGEST_GONE}, .says = BY_DIGEST},
	{ALL(PATTERN_RESOLVING, PATTERN_IMAGE_GONE, PATTERN_CACHED_PATH), NOT(0), OPEN,
		{CAUSE_PTC_PERMISSION, CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "The image is not in the pull-through cache and was not imported."},
	{ALL(PATTERN_RESOLVING, PATTERN_IMAGE_GONE, PATTERN_PINNED), NOT(0), LIKELY,
		{CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The digest that the image is pinned to does not exist any more."},
	{ALL(PATTERN_LAYER_FETCH, PATTERN_IMAGE_GONE, PATTERN_PINNED), NOT(0), LIKELY,
		{CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The image lists a manifest or layer that the registry does not have any "
			"more."},
	{ALL(PATTERN_IMAGE_GONE, PATTERN_ANY_PULL), NOT(PATTERN_DKR, PATTERN_IMAGE_SAID), OPEN,
		{CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_REPO_NOT_FOUND},
		.says = "The registry has no such image: the tag or the repository is missing."},
	{ALL(PATTERN_RESOLVING, PATTERN_IMAGE_GONE), NOT(0), LIKELY, {CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "The registry has no such image: most often the tag is missing."},
	{ALL(PATTERN_REPOSITORY_GONE), NOT(PATTERN_IMAGE_SAID, PATTERN_DKR), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_REGISTRY_WRONG_REGISTRY},
		.says = "The registry that was asked has no such repository."},
	{ALL(PATTERN_REPOSITORY_GONE), NOT(PATTERN_IMAGE_SAID), OPEN,
		{CAUSE_REGISTRY_REPO_NOT_FOUND, CAUSE_REGISTRY_REPO_POLICY,
			CAUSE_AUTH_IAM_IDENTITY},
		.says = "The registry shows no such repository to this caller."},
	{ALL(PATTERN_IMAGE_GONE, PATTERN_ANY_PULL), NOT(0), OPEN,
		{CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_REPO_NOT_FOUND,
			CAUSE_REGISTRY_REPO_POLICY},
		.says = "The registry shows no such image to this caller."},
	{ALL(PATTERN_STATUS_CUT, PATTERN_HUB), NOT(0), OPEN,
		{CAUSE_REGISTRY_RATE_LIMITED, CAUSE_REGISTRY_UNAVAILABLE,
			CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "Docker Hub answered with an error; the text ends before it names it."},
	{ALL(PATTERN_STATUS_CUT, PATTERN_ECR_PUBLIC), NOT(0), OPEN,
		{CAUSE_REGISTRY_RATE_LIMITED, CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_REGISTRY_UNAVAILABLE,
			CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "ECR Public answered with an error; the text ends before it names it."},
	{ALL(PATTERN_STATUS_CUT, PATTERN_ECR_LAYER), NOT(0), OPEN,
		{CAUSE_S3_ENDPOINT_POLICY, CAUSE_AUTH_IAM_IDENTITY},
		.says = "A layer was refused; the text ends before it says how."},
	{ALL(PATTERN_RESOLVING, PATTERN_HUB), NOT(0), OPEN,
		{PATH_OUT, CAUSE_DNS_TIMEOUT, CAUSE_REGISTRY_RATE_LIMITED,
			CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "The image was not found or Docker Hub not reached; the deciding part is "
			"missing."},
	{ALL(PATTERN_RESOLVING), NOT(0), OPEN,
		{CAUSE_REGISTRY_TAG_NOT_FOUND, CAUSE_REGISTRY_REPO_NOT_FOUND,
			CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_AUTH_IAM_IDENTITY,
			CAUSE_REGISTRY_DIGEST_GONE},
		.says = "The manifest could not be fetched; the deciding part of the text is "
			"missing."},
	{ALL(PATTERN_ECS, PATTERN_INIT), NOT(0), OPEN,
		{PATH_OUT, CAUSE_DNS_TIMEOUT, CAUSE_AUTH_IAM_IDENTITY, CAUSE_SECRETS_NETWORK,
			CAUSE_SECRETS_DENIED},
		.says = "A registry token or a secret could not be fetched; the text ends before "
			"it says why.",
		.own = WHOLE_TEXT},
	{ALL(PATTERN_ECS, PATTERN_RETRIED), NOT(0), OPEN,
		{PATH_OUT, CAUSE_NET_TIMEOUT, CAUSE_DNS_TIMEOUT, CAUSE_REGISTRY_RATE_LIMITED,
			CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "The pull failed several times; the text ends before it says why.",
		.own = WHOLE_TEXT},
	{ALL(PATTERN_NO_PROXY), NOT(0), OPEN,
		{CAUSE_NET_TIMEOUT, CAUSE_PROXY_NOT_USED, PATH_OUT, CAUSE_DNS_NXDOMAIN,
			CAUSE_DNS_TIMEOUT},
		.says = "A direct connection was tried; the text ends before it gives the result."},
	{ALL(PATTERN_PULL_SECRET_MISSING), NOT(0), OPEN,
		{CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_UPSTREAM_CREDENTIALS},
		.says = "The pod names a pull secret that does not exist in its namespace; an "
			"image that needs none is pulled nonetheless."},
	{ALL(PATTERN_TASK_FAILED), NOT(0), OPEN,
		{CAUSE_ECS_START, PATH_OUT, CAUSE_AUTH_IAM_IDENTITY, CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "This text does not say what failed: the pull or the container's start.",
		.own = WHOLE_TEXT},
	/* nothing to go by */
	{ALL(0), NOT(0), OPEN,
		{PATH_OUT, CAUSE_DNS_TIMEOUT, CAUSE_AUTH_NO_CREDENTIALS, CAUSE_AUTH_IAM_IDENTITY,
			CAUSE_REGISTRY_TAG_NOT_FOUND},
		.says = "This text does not say what failed.", .own = WHOLE_TEXT},
};

const struct error_text_rows error_text_remains = ERROR_TEXT_ROWS(rows);
