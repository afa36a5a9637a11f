/* The plain last rows: what no other row meets still gets a finding. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool is_layers(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return step->stage == STAGE_LAYERS;
}

static bool is_token(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return step->stage == STAGE_TOKEN;
}

static const struct rule rows[] = {
	{
		.id = "no-answer",
		.causes = CAUSE(TIMEOUT) | CAUSE(STALLED),
		.class = CLASS_NET_TIMEOUT,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_NET_MTU_BLACKHOLE, CLASS_HTTP_NOT_THE_SERVICE},
		.says = "{host} ({peer}) takes the request and does not answer it within "
			"{seconds}.",
		.decide = "A run with a longer --timeout.",
		.fix = {"Look at what stands between this subnet and {host}."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "run-ended",
		.causes = CAUSE(DEADLINE),
		.class = CLASS_UNSETTLED,
		.says = "The run ended before {host} had answered.",
		.fix = {"Run again with a longer --deadline."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "s3-failed",
		.roles = ROLE(S3),
		.when = {is_layers},
		.class = CLASS_S3_UNAVAILABLE,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_HTTP_NOT_THE_SERVICE, CLASS_S3_ENDPOINT_POLICY,
			CLASS_S3_EXPIRED_URL, CLASS_CLIENT_CONFIG},
		.says = "The layer host {host} does not serve the {document} (status {status}): "
			"{words}.",
		.decide = "The same pull from another subnet.",
		.fix = {"Run again; look at what stands between this subnet and {host}."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "token-failed",
		.roles = ROLE(API),
		.when = {is_token},
		.class = CLASS_REGISTRY_UNAVAILABLE,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_HTTP_NOT_THE_SERVICE, CLASS_AUTH_INVALID_CREDENTIALS,
			CLASS_AUTH_CLOCK_SKEW, CLASS_AUTH_TOKEN_EXPIRED, CLASS_AUTH_THROTTLED},
		.says = "{host} hands out no token (status {status}, {error_code}): {words}.",
		.decide = "The same call from outside this subnet.",
		.fix = {"Run again; check credentials and Region."},
		.confirm = {"aws ecr get-authorization-token{region_option} --query "
			    "'authorizationData[].[expiresAt,proxyEndpoint]'"},
	},
	{
		.id = "failed",
		.class = CLASS_REGISTRY_UNAVAILABLE,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_HTTP_NOT_THE_SERVICE, CLASS_NET_TIMEOUT,
			CLASS_REGISTRY_RATE_LIMITED, CLASS_AUTH_TOKEN_EXPIRED},
		.says = "{host} does not give what the pull needs (status {status}): {words}.",
		.decide = "The same pull from another subnet.",
		.fix = {"Run again; look at what stands between this subnet and {host}."},
		.confirm = {LINE_CURL},
	},
};

const struct rule_part rules_last = RULE_PART(~UINT32_C(0), rows);
