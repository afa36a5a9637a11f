/* The plain last rows: what no other row meets still gets a finding. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

/* clang-format off */
static const struct rule rows[] = {
	{.id = "no-answer", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(STALLED),
		.cause = CAUSE_NET_TIMEOUT, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_MTU_BLACKHOLE, CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "{host} ({peer}) accepts the request but does not answer it within "
		"{seconds}.", .verify = "A run with a longer --timeout.",
		.fix = {"Check the devices between this subnet and {host}."},
		.confirm = {LINE_CURL, LINE_ROUTES}},
	{.id = "run-ended", .symptoms = SYMPTOM(DEADLINE), .cause = CAUSE_UNSETTLED,
		.says = "The run ended before {host} had answered."},
	{.id = "s3-failed", .endpoints = ENDPOINT(S3), .stages = STAGE(LAYERS),
		.cause = CAUSE_S3_UNAVAILABLE, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_S3_ENDPOINT_POLICY,
		CAUSE_S3_EXPIRED_URL, CAUSE_CLIENT_CONFIG},
		.says = "The layer host {host} does not serve the {document} (status {status}): "
		"{words}.", .verify = "The same pull from another subnet.",
		.fix = {"Run again; check the devices between this subnet and {host}."}},
	{.id = "token-failed", .endpoints = ENDPOINT(API), .stages = STAGE(TOKEN),
		.cause = CAUSE_REGISTRY_UNAVAILABLE, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_AUTH_INVALID_CREDENTIALS,
		CAUSE_AUTH_CLOCK_SKEW, CAUSE_AUTH_TOKEN_EXPIRED, CAUSE_AUTH_THROTTLED},
		.says = "{host} hands out no token (status {status}, {error_code}): {words}.",
		.verify = "The same call from outside this subnet.",
		.fix = {"Run again; check credentials and Region."},
		.confirm = {"aws ecr get-authorization-token{region_option} --query "
		"'authorizationData[].[expiresAt,proxyEndpoint]'"}},
	{.id = "failed", .cause = CAUSE_REGISTRY_UNAVAILABLE, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_TIMEOUT,
		CAUSE_REGISTRY_RATE_LIMITED, CAUSE_AUTH_TOKEN_EXPIRED},
		.says = "{host} does not give what the pull needs (status {status}): {words}."},
};
/* clang-format on */

const struct rule_part rules_last = RULE_PART(~UINT32_C(0), rows);
