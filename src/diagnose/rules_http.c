/* Requests that got half an answer, or one of somebody else. The same at every stage that
 * speaks HTTP; symptoms that only one stage has stand in that stage's part. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define CUT (SYMPTOM(RESET) | SYMPTOM(CLOSED) | SYMPTOM(REFUSED))

static bool came_by_a_proxy(const struct step *step)
{
	return seen_text(step, FACT_VIA).len != 0;
}

static bool wants_proxy_password(const struct step *step)
{
	return seen_number(step, FACT_STATUS) == 407 || text_holds(step->detail, T("407"));
}

/* AWS signs each answer with a request id, its failures too */
static bool is_not_signed(const struct context *context, const struct step *step)
{
	bool aws = step->endpoint != ENDPOINT_DKR && is_ecr(context);
	return came_by_a_proxy(step) ||
		(aws && seen_number(step, FACT_STATUS) && !seen_text(step, FACT_REQUEST_ID).len);
}

static bool asks_for_registry_auth(const struct step *step)
{
	int64_t status = seen_number(step, FACT_STATUS);
	bool patterns = seen_text(step, FACT_REQUEST_ID).len ||
		seen_text(step, FACT_ERROR_CODE).len;
	return status == 407 || status == 511 || (status >= 300 && status < 400 && !patterns);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "http-host-not-used", .endpoints = ENDPOINT(API) | ENDPOINT(S3),
		.when = {host_is_not_used}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.says = "{host} does not answer as {endpoint_name} does, which does no harm: the "
		"registry named another host."},
	{.id = "http-proxy", .symptoms = SYMPTOM(TIMEOUT) | CUT | SYMPTOM(UNREACHABLE) |
		SYMPTOM(PROHIBITED) | SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA) | SYMPTOM(SERVFAIL) |
		SYMPTOM(NO_ADDRESS), .step = {proxy_is_used}, .cause = CAUSE_PROXY_UNREACHABLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_RESET, CAUSE_REGISTRY_SLOW},
		.says = "The proxy {proxy} does not connect to {host}: {words}.",
		.verify = "Whether anything answers at {proxy}, and its log for {host}.",
		.fix = {"Correct the proxy's URL, start it, and allow CONNECT to {host}:443 on "
		"it."}, .confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"}},
	{.id = "http-proxy-password", .step = {proxy_is_used, wants_proxy_password},
		.cause = CAUSE_PROXY_UNREACHABLE,
		.says = "The proxy {proxy} wants a user and password for {host} (status 407).",
		.fix = {"Put user and password into HTTPS_PROXY, or exempt this machine on the "
		"proxy."}, .confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"}},
	{.id = "blob-cut", .symptoms = CUT | SYMPTOM(TRUNCATED), .endpoints = ENDPOINT(S3),
		.cause = CAUSE_S3_RESET,
		.says = "The connection to the layer host {host} was cut after {bytes} bytes of "
		"{document} {blob}: {words}.",
		.fix = {"Check the devices between this subnet and {host}: a firewall or proxy "
		"that cuts large or long transfers.", FIX_GO_ROUND},
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT}},
	{.id = "http-cut", .symptoms = CUT, .cause = CAUSE_NET_RESET,
		.says = "{host} ({peer}) finishes the handshake and then cuts the connection: "
		"{words}.",
		.fix = {"Let HTTPS to {host} pass the firewall or proxy on the path unchanged."}},
	{.id = "http-captive", .symptoms = SYMPTOM(NOT_THE_SERVICE) | SYMPTOM(STATUS) |
		SYMPTOM(MALFORMED) | SYMPTOM(DENIED), .step = {asks_for_registry_auth},
		.cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.says = "A portal or proxy answers for {host} with status {status} and wants a "
		"sign-in ({location}); it is not {endpoint_name}.",
		.fix = {"Exempt {host} from the portal or proxy."}},
	{.id = "http-proxy-answers", .symptoms = SYMPTOM(NOT_THE_SERVICE), .has = FACT(VIA),
		.cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.says = "A proxy answers for {host} with status {status} in place of "
		"{endpoint_name}: its Via header gives it away.",
		.fix = {"Allow {host} on the proxy, or exempt it."}},
	{.id = "http-not-the-service", .symptoms = SYMPTOM(NOT_THE_SERVICE) | SYMPTOM(MALFORMED) |
		SYMPTOM(TOO_LARGE), .cause = CAUSE_HTTP_NOT_THE_SERVICE,
		.says = "Something answers for {host} ({peer}, server {server}, status {status}), "
		"but not as {endpoint_name} does: a block page, proxy or other server.",
		.fix = {"Check that {ip} is {host}'s address; allow {host} on the proxy or "
		"firewall that answers in its place."},
		.confirm = {LINE_CURL, "nslookup {host}"}},
	{.id = "s3-slow-down", .symptoms = SYMPTOM(THROTTLED), .endpoints = ENDPOINT(S3),
		.cause = CAUSE_S3_SLOW,
		.says = "The layer host {host} asks to slow down (status {status}).",
		.fix = {"Start fewer tasks at once, and let the pull try again."},
		.confirm = {LINE_CURL}},
	{.id = "http-proxy-unavailable", .symptoms = SYMPTOM(UNAVAILABLE), .when = {is_not_signed},
		.cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_UNAVAILABLE, CAUSE_S3_UNAVAILABLE},
		.says = "Something answers for {host} with status {status} (server {server}), "
		"without the marks of {endpoint_name}: a proxy that does not get through.",
		.verify = "Whether the same request from outside this subnet fails as well.",
		.fix = {"Let the proxy or firewall that answers reach {host}, or exempt {host} "
		"from it."}},
	{.id = "s3-unavailable", .symptoms = SYMPTOM(UNAVAILABLE), .endpoints = ENDPOINT(S3),
		.cause = CAUSE_S3_UNAVAILABLE,
		.says = "The layer host {host} answers with status {status}: it fails on its own "
		"side.",
		.fix = {"Try again; look at the AWS Health Dashboard for S3 in {region}."},
		.confirm = {"aws health describe-events --region us-east-1 --filter services=S3,"
		"regions={region}"}},
	{.id = "api-throttled", .symptoms = SYMPTOM(THROTTLED), .endpoints = ENDPOINT(API),
		.registry = PRIVATE_ECR, .cause = CAUSE_AUTH_THROTTLED,
		.says = "The ECR API throttles GetAuthorizationToken: {words}."},
	{.id = "registry-rate-limited", .symptoms = SYMPTOM(THROTTLED), .registry = OTHER_REGISTRY,
		.cause = CAUSE_REGISTRY_RATE_LIMITED,
		.says = "{host} limits the rate of pulls: {words}. All tasks behind one NAT "
		"gateway count as one client.",
		.fix = {"Sign in to the registry (repositoryCredentials), or pull through an ECR "
		"pull-through cache."}, .confirm = {LINE_CURL}},
	{.id = "ecr-rate-limited", .symptoms = SYMPTOM(THROTTLED), .endpoints = ENDPOINT(DKR),
		.cause = CAUSE_REGISTRY_RATE_LIMITED,
		.says = "ECR limits the rate of pulls: {words}.",
		.fix = {"Start fewer tasks at once, or raise ECR's BatchGetImage and "
		"GetDownloadUrlForLayer quotas."},
		.confirm = {"aws service-quotas list-service-quotas{region_option} --service-code "
		"ecr"}},
	{.id = "registry-unavailable", .symptoms = SYMPTOM(UNAVAILABLE),
		.cause = CAUSE_REGISTRY_UNAVAILABLE,
		.says = "{host} answers with status {status}: {endpoint_name} fails on its own "
		"side.",
		.fix = {"Try again; look at the service's status page or the AWS Health "
		"Dashboard."}},
	{.id = "registry-truncated", .symptoms = SYMPTOM(TRUNCATED),
		.cause = CAUSE_REGISTRY_TRUNCATED,
		.says = "The answer of {host} ended after {bytes} of {size} bytes."},
	{.id = "http-unknown-status", .symptoms = SYMPTOM(STATUS) | SYMPTOM(DENIED) |
		SYMPTOM(UNAUTHENTICATED), .stages = STAGE(HTTP),
		.cause = CAUSE_HTTP_NOT_THE_SERVICE, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_REGISTRY_UNAVAILABLE},
		.says = "{host} ({peer}) answers an anonymous request with status {status}, which "
		"{endpoint_name} does not do.",
		.verify = "Whether the answer bears the service's own request id.",
		.fix = {"Check that {ip} is {host}'s address, and what proxy or firewall answers "
		"for it."}},
};
/* clang-format on */

const struct rule_part rules_http = RULE_PART(STAGE(HTTP), rows);

/* the same for later stages, but what they themselves say of a status */
const struct rule_part rules_transport = RULE_PART(
	STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), rows);
