/* Requests that got half an answer, or one of somebody else. The same at every stage that
 * speaks HTTP; causes that only one stage has stand in that stage's part. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define CUT (CAUSE(RESET) | CAUSE(CLOSED) | CAUSE(REFUSED))

static bool is_anonymous(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return step->stage == STAGE_HTTP;
}

static bool came_by_a_proxy(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_text(step, FACT_VIA).len != 0;
}

static bool wants_proxy_password(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_number(step, FACT_STATUS) == 407 || text_holds(step->detail, T("407"));
}

/* AWS signs each answer with a request id, its failures too */
static bool is_not_signed(const struct scene *scene, const struct step *step)
{
	bool aws = step->role != ROLE_DKR && is_ecr(scene, step);
	return came_by_a_proxy(scene, step) ||
		(aws && seen_number(step, FACT_STATUS) && !seen_text(step, FACT_REQUEST_ID).len);
}

static bool asks_for_sign_in(const struct scene *scene, const struct step *step)
{
	(void)scene;
	int64_t status = seen_number(step, FACT_STATUS);
	bool signs = seen_text(step, FACT_REQUEST_ID).len || seen_text(step, FACT_ERROR_CODE).len;
	return status == 407 || status == 511 || (status >= 300 && status < 400 && !signs);
}

static const struct rule rows[] = {
	{
		.id = "http-host-not-used",
		.roles = ROLE(API) | ROLE(S3),
		.when = {host_is_not_used},
		.severity = SEVERITY_NOTE,
		.class = CLASS_HTTP_NOT_THE_SERVICE,
		.says = "{host} does not answer as {endpoint_name} does, which does no harm: the "
			"registry named another host.",
	},
	{
		.id = "http-proxy",
		.causes = CAUSE(TIMEOUT) | CUT | CAUSE(UNREACHABLE) | CAUSE(PROHIBITED) |
			CAUSE(NXDOMAIN) | CAUSE(NODATA) | CAUSE(SERVFAIL) | CAUSE(NO_ADDRESS),
		.when = {proxy_is_used},
		.class = CLASS_PROXY_UNREACHABLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_RESET, CLASS_REGISTRY_SLOW},
		.says = "The proxy {proxy} does not lead to {host}: {words}.",
		.decide = "Whether anything answers at {proxy}, and its log for {host}.",
		.fix = {"Correct the proxy's URL, start it, and allow CONNECT to {host}:443 on "
			"it."},
		.confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"},
	},
	{
		.id = "http-proxy-password",
		.when = {proxy_is_used, wants_proxy_password},
		.class = CLASS_PROXY_UNREACHABLE,
		.says = "The proxy {proxy} wants a user and password for {host} (status 407).",
		.fix = {"Put user and password into HTTPS_PROXY, or exempt this machine on the "
			"proxy."},
		.confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"},
	},
	{
		.id = "blob-cut",
		.causes = CUT | CAUSE(TRUNCATED),
		.roles = ROLE(S3),
		.class = CLASS_S3_RESET,
		.says = "The connection to the layer host {host} was cut after {bytes} bytes of "
			"{document} {blob}: {words}.",
		.fix = {"Look at what stands between this subnet and {host}: a firewall or proxy "
			"that cuts large or long transfers.",
			FIX_GO_ROUND},
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT},
	},
	{
		.id = "http-cut",
		.causes = CUT,
		.class = CLASS_NET_RESET,
		.says = "{host} ({peer}) finishes the handshake and then cuts the connection: "
			"{words}.",
		.fix = {"Let HTTPS to {host} pass the firewall or proxy on the path unchanged."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "http-captive",
		.causes = CAUSE(NOT_THE_SERVICE) | CAUSE(STATUS) | CAUSE(MALFORMED) | CAUSE(DENIED),
		.when = {asks_for_sign_in},
		.class = CLASS_HTTP_NOT_THE_SERVICE,
		.says = "A portal or proxy answers for {host} with status {status} and wants a "
			"sign-in ({location}); it is not {endpoint_name}.",
		.fix = {"Exempt {host} from the portal or proxy."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "http-proxy-answers",
		.causes = CAUSE(NOT_THE_SERVICE),
		.when = {came_by_a_proxy},
		.class = CLASS_HTTP_NOT_THE_SERVICE,
		.says = "A proxy answers for {host} with status {status} in place of "
			"{endpoint_name}: its Via header gives it away.",
		.fix = {"Allow {host} on the proxy, or exempt it."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "http-not-the-service",
		.causes = CAUSE(NOT_THE_SERVICE) | CAUSE(MALFORMED) | CAUSE(TOO_LARGE),
		.class = CLASS_HTTP_NOT_THE_SERVICE,
		.says = "Something answers for {host} ({peer}, server {server}, status {status}), "
			"but not as {endpoint_name} does: a block page, proxy or other server.",
		.fix = {"Check that {ip} is {host}'s address; allow {host} on the proxy or "
			"firewall that answers in its place."},
		.confirm = {LINE_CURL, "nslookup {host}"},
	},
	{
		.id = "s3-slow-down",
		.causes = CAUSE(THROTTLED),
		.roles = ROLE(S3),
		.class = CLASS_S3_SLOW,
		.says = "The layer host {host} asks to slow down (status {status}).",
		.fix = {"Start fewer tasks at once, and let the pull try again."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "http-proxy-unavailable",
		.causes = CAUSE(UNAVAILABLE),
		.when = {is_not_signed},
		.class = CLASS_HTTP_NOT_THE_SERVICE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_REGISTRY_UNAVAILABLE, CLASS_S3_UNAVAILABLE},
		.says = "Something answers for {host} with status {status} (server {server}), "
			"without the marks of {endpoint_name}: a proxy that does not get through.",
		.decide = "Whether the same request from outside this subnet fails as well.",
		.fix = {"Let the proxy or firewall that answers reach {host}, or exempt {host} "
			"from it."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "s3-unavailable",
		.causes = CAUSE(UNAVAILABLE),
		.roles = ROLE(S3),
		.class = CLASS_S3_UNAVAILABLE,
		.says = "The layer host {host} answers with status {status}: it fails on its own "
			"side.",
		.fix = {"Try again; look at the AWS Health Dashboard for S3 in {region}."},
		.confirm = {"aws health describe-events --region us-east-1 --filter "
			    "services=S3,regions={region}"},
	},
	{
		.id = "api-throttled",
		.causes = CAUSE(THROTTLED),
		.roles = ROLE(API),
		.when = {is_ecr},
		.class = CLASS_AUTH_THROTTLED,
		.says = "The ECR API throttles GetAuthorizationToken: {words}.",
		.fix = {"Start fewer tasks at once and keep tokens (they last 12 hours), or raise "
			"the quota."},
		.confirm =
			{"aws service-quotas list-service-quotas{region_option} --service-code ecr "
			 "--query \"Quotas[?contains(QuotaName,'GetAuthorizationToken')]\""},
	},
	{
		.id = "registry-rate-limited",
		.causes = CAUSE(THROTTLED),
		.when = {is_not_ecr},
		.class = CLASS_REGISTRY_RATE_LIMITED,
		.says = "{host} limits the rate of pulls: {words}. All tasks behind one NAT "
			"gateway count as one client.",
		.fix = {"Sign in to the registry (repositoryCredentials), or pull through an ECR "
			"pull-through cache."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "ecr-rate-limited",
		.causes = CAUSE(THROTTLED),
		.roles = ROLE(DKR),
		.class = CLASS_REGISTRY_RATE_LIMITED,
		.says = "ECR limits the rate of pulls: {words}.",
		.fix = {"Start fewer tasks at once, or raise ECR's BatchGetImage and "
			"GetDownloadUrlForLayer quotas."},
		.confirm = {"aws service-quotas list-service-quotas{region_option} --service-code "
			    "ecr"},
	},
	{
		.id = "registry-unavailable",
		.causes = CAUSE(UNAVAILABLE),
		.class = CLASS_REGISTRY_UNAVAILABLE,
		.says = "{host} answers with status {status}: {endpoint_name} fails on its own "
			"side.",
		.fix = {"Try again; look at the service's status page or the AWS Health "
			"Dashboard."},
		.confirm = {LINE_CURL},
	},
	{
		.id = "registry-truncated",
		.causes = CAUSE(TRUNCATED),
		.class = CLASS_REGISTRY_TRUNCATED,
		.says = "The answer of {host} ended after {bytes} of {size} bytes.",
		.fix = {"Look at what stands between this subnet and {host}: a proxy that cuts "
			"answers."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "http-unknown-status",
		.causes = CAUSE(STATUS) | CAUSE(DENIED) | CAUSE(UNAUTHENTICATED),
		.when = {is_anonymous},
		.class = CLASS_HTTP_NOT_THE_SERVICE,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_REGISTRY_UNAVAILABLE},
		.says = "{host} ({peer}) answers an anonymous request with status {status}, which "
			"{endpoint_name} does not do.",
		.decide = "Whether the answer bears the service's own request id.",
		.fix = {"Check that {ip} is {host}'s address, and what proxy or firewall answers "
			"for it."},
		.confirm = {LINE_CURL},
	},
};

const struct rule_part rules_http = RULE_PART(STAGE(HTTP), rows);

/* the same for later stages, but what they themselves say of a status */
const struct rule_part rules_transport = RULE_PART(
	STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), rows);
