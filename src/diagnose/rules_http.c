/* Requests that got no answer, a part of one, or one of somebody else. The same at every stage that
 * speaks HTTP; symptoms of one stage alone are in that stage's part. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define CUT (SYMPTOM(RESET) | SYMPTOM(CLOSED) | SYMPTOM(REFUSED))
#define SILENT (SYMPTOM(TIMEOUT) | SYMPTOM(STALLED))
#define LATER_STAGES (STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS))
#define LINE_DROPS                                                                                 \
	"aws cloudwatch list-metrics{own_region_option} --namespace AWS/NATGateway --metric-name " \
	"PacketsDropCount"

/* AWS gives each answer a request id, failures too, and ECR's registry a code; a proxy names itself
 * in Via */
static bool lacks_request_id(const struct context *context, const struct step *step)
{
	enum fact mark = step->endpoint == ENDPOINT_DKR ? FACT_ERROR_CODE : FACT_REQUEST_ID;
	return seen_text(step, FACT_VIA).len ||
		(is_ecr(context) && seen_number(step, FACT_STATUS) && !seen_text(step, mark).len);
}

/* every try over small segments passed, and none of as many as it was: chance does that once in a
 * hundred and twenty-eight, the first failure counted */
static bool only_small_pass(const struct context *context, const struct step *step)
{
	const struct step *small = context_experiment(context, step, EXPERIMENT_HTTP_SMALL_MSS);
	return small && seen_number(small, FACT_TRIES) >= 3 &&
		seen_number(small, FACT_PASSED_TRIES) == seen_number(small, FACT_TRIES);
}

/* clang-format off */
/* what the proxy of --proxy answers to CONNECT */
static const struct rule proxy_rows[] = {
	{"proxy-password", PROVEN, {CAUSE_PROXY_UNREACHABLE}, .symptoms = SYMPTOM(STATUS),
	 .status = {{407, 407}}, .shared = SHARED_ALL,
	 .says = "The proxy {proxy} requires a user name and password to connect to {hosts} "
	 "(status 407), and rejects those of --proxy, if any.", .fix = {"Pass user and password: "
	 "--proxy http://USER:PASSWORD@HOST:PORT (Basic only). Or exempt this machine on the "
	 "proxy."}},
	{"proxy-refuses", PROVEN, {CAUSE_PROXY_UNREACHABLE}, .symptoms = SYMPTOM(STATUS),
	 .status = {{400, 499}}, .shared = SHARED_ALL,
	 .says = "The proxy {proxy} refuses to connect to {hosts} (status {status})."},
	{"proxy-fails", LIKELY, {CAUSE_PROXY_UNREACHABLE, CAUSE_NET_NO_EGRESS_ROUTE,
	 CAUSE_DNS_NXDOMAIN}, .symptoms = SYMPTOM(STATUS), .status = {{500, 999}},
	 .shared = SHARED_ALL,
	 .says = "The proxy {proxy} cannot reach {hosts} itself (status {status}).", .fix = {"Give "
	 "the proxy a route to {host}:443, and a resolver that resolves the name."}},
	{"proxy-silent", LIKELY, {CAUSE_PROXY_UNREACHABLE, CAUSE_NET_NO_EGRESS_ROUTE,
	 CAUSE_NET_TIMEOUT}, .symptoms = SILENT, .shared = SHARED_ALL,
	 .says = "The proxy {proxy} does not answer the request for {hosts} within {seconds}: it "
	 "waits for the host itself, or it is no proxy.", .fix = {"Give the proxy a route to "
	 "{host}:443; check host and port of the proxy."}},
	{"proxy-is-none", PROVEN, {CAUSE_PROXY_UNREACHABLE}, .symptoms = SYMPTOM(MALFORMED) |
	 SYMPTOM(TOO_LARGE), .shared = SHARED_ALL,
	 .says = "The server at {proxy} is no HTTP proxy: {words}.", .fix = {"Correct host and "
	 "port of --proxy."}},
	{"proxy-cut", LIKELY, {CAUSE_PROXY_UNREACHABLE, CAUSE_NET_RESET}, .shared = SHARED_ALL,
	 .says = "The proxy {proxy} closes the connection instead of connecting to {hosts}: "
	 "{words}."},
};

static const struct rule rows[] = {
	{"http-host-not-used", PROVEN, {CAUSE_HTTP_NOT_THE_SERVICE}, .endpoints = ENDPOINT(API) |
	 ENDPOINT(S3), .when = {host_is_not_used}, .severity = SEVERITY_NOTE,
	 .says = "{host} gives no valid response as {endpoint_name}. This does no harm: the "
	 "registry redirected to another host."},
	{"http-proxy", LIKELY, {CAUSE_PROXY_UNREACHABLE, CAUSE_NET_RESET, CAUSE_REGISTRY_SLOW},
	 .symptoms = SYMPTOM(TIMEOUT) | CUT | SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED) |
	 SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA) | SYMPTOM(SERVFAIL) | SYMPTOM(NO_ADDRESS),
	 .has = FACT(PROXY), .shared = SHARED_ALL,
	 .says = "The proxy {proxy} does not connect to {hosts}: {words}.", .fix = {"Correct the "
	 "proxy's URL, start it, and allow CONNECT to {host}:443 on it."}},
	{"http-proxy-password", PROVEN, {CAUSE_PROXY_UNREACHABLE}, .has = FACT(PROXY),
	 .words = "407", .shared = SHARED_ALL,
	 .says = "The proxy {proxy} requires a user name and password for {hosts} (status 407).",
	 .fix = {"Set user and password in HTTPS_PROXY, or exempt this machine on the proxy."}},
	{"blob-cut", PROVEN, {CAUSE_S3_RESET}, .symptoms = CUT | SYMPTOM(TRUNCATED),
	 .endpoints = ENDPOINT(S3),
	 .says = "The connection to the layer host {host} was closed after {bytes} bytes of "
	 "{document} {blob}: {words}.", .fix = {"Check the devices between this subnet and {host} "
	 "for a firewall or proxy that cuts large or long transfers.", FIX_GO_ROUND},
	 .confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT}},
	{"http-cut", PROVEN, {CAUSE_NET_RESET}, .symptoms = CUT, .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) completes the TLS handshake and then closes the connection: "
	 "{words}."},
	{"http-captive", PROVEN, {CAUSE_HTTP_NOT_THE_SERVICE}, .symptoms = SYMPTOM(NOT_THE_SERVICE)
	 | SYMPTOM(STATUS) | SYMPTOM(MALFORMED) | SYMPTOM(DENIED), .status = {{300, 399}, {407,
	 407}, {511, 511}}, .lacks = FACT(REQUEST_ID), .shared = SHARED_ALL,
	 .says = "A portal or proxy answers for {hosts} with status {status}: it asks for a "
	 "sign-in or leads elsewhere ({location}). It is not {endpoint_name}."},
	{"http-proxy-answers", PROVEN, {CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(NOT_THE_SERVICE), .has = FACT(VIA), .shared = SHARED_ALL,
	 .says = "A proxy answers for {hosts} with status {status} instead of {endpoint_name}; its "
	 "Via header shows it."},
	{"http-not-the-service", PROVEN, {CAUSE_HTTP_NOT_THE_SERVICE},
	 .symptoms = SYMPTOM(NOT_THE_SERVICE) | SYMPTOM(MALFORMED) | SYMPTOM(TOO_LARGE),
	 .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}, server {server}, status {status}) gives no valid response as "
	 "{endpoint_name}: a block page, a proxy or another server answers."},
	{"s3-slow-down", PROVEN, {CAUSE_S3_SLOW}, .symptoms = SYMPTOM(THROTTLED),
	 .endpoints = ENDPOINT(S3),
	 .says = "The layer host {host} throttles requests (status {status}).", .fix = {"Start "
	 "fewer tasks at once, and let the pull try again."}},
	{"http-proxy-unavailable", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_REGISTRY_UNAVAILABLE,
	 CAUSE_S3_UNAVAILABLE}, .symptoms = SYMPTOM(UNAVAILABLE), .when = {lacks_request_id},
	 .shared = SHARED_ALL,
	 .says = "Status {status} for {hosts} (server {server}) has no request id or "
	 "error code of {endpoint_name}: a proxy that cannot reach the service probably answers.", .fix = {"Give "
	 "the proxy or firewall that answers a route to {host}, or exempt {host} from it."}},
	{"s3-unavailable", PROVEN, {CAUSE_S3_UNAVAILABLE}, .symptoms = SYMPTOM(UNAVAILABLE),
	 .endpoints = ENDPOINT(S3),
	 .says = "The layer host {host} answers with status {status}: S3 has a failure.",
	 .fix = {"Try again; check the AWS Health Dashboard for S3 in {region}."},
	 .confirm = {"aws health describe-events --region us-east-1 --filter "
	 "services=S3,regions={region}"}},
	{"http-proxy-throttles", LIKELY, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_REGISTRY_RATE_LIMITED,
	 CAUSE_AUTH_THROTTLED}, .symptoms = SYMPTOM(THROTTLED), .endpoints = ENDPOINT(API) |
	 ENDPOINT(DKR), .registry = PRIVATE_ECR, .has = FACT(STATUS), .lacks = FACT(ERROR_CODE),
	 .shared = SHARED_ALL,
	 .says = "Status {status} for {hosts} (server {server}) has no error code of "
	 "{endpoint_name}: a proxy or gateway on the path probably limits the rate.", .fix =
	 {"Raise the limit of the proxy or gateway that answers, or exempt {host} from it."}},
	{"api-throttled", PROVEN, {CAUSE_AUTH_THROTTLED}, .symptoms = SYMPTOM(THROTTLED),
	 .endpoints = ENDPOINT(API), .registry = PRIVATE_ECR,
	 .says = "The ECR API throttles GetAuthorizationToken: {words}."},
	{"registry-rate-limited", PROVEN, {CAUSE_REGISTRY_RATE_LIMITED},
	 .symptoms = SYMPTOM(THROTTLED), .registry = OTHER_REGISTRY,
	 .says = "{host} limits the rate of pulls: {words}. All tasks behind one NAT gateway count "
	 "as one client."},
	{"ecr-rate-limited", PROVEN, {CAUSE_REGISTRY_RATE_LIMITED}, .symptoms = SYMPTOM(THROTTLED),
	 .endpoints = ENDPOINT(DKR),
	 .says = "ECR limits the rate of pulls: {words}.", .fix = {"Start fewer tasks at once, or "
	 "raise ECR's BatchGetImage and GetDownloadUrlForLayer quotas."}, .confirm = {"aws "
	 "service-quotas list-service-quotas{region_option} --service-code ecr"}},
	{"registry-unavailable", PROVEN, {CAUSE_REGISTRY_UNAVAILABLE},
	 .symptoms = SYMPTOM(UNAVAILABLE),
	 .says = "{host} answers with status {status}: {endpoint_name} has a failure.",
	 .fix = {"Try again; check the service's status page or the AWS Health Dashboard."}},
	{"registry-truncated", PROVEN, {CAUSE_REGISTRY_TRUNCATED}, .symptoms = SYMPTOM(TRUNCATED),
	 .says = "The answer of {host} ended after {bytes} of {size} bytes."},
	{"http-unknown-status", OPEN, {CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_REGISTRY_UNAVAILABLE},
	 .symptoms = SYMPTOM(STATUS) | SYMPTOM(DENIED) | SYMPTOM(UNAUTHENTICATED),
	 .stages = STAGE(HTTP),
	 .says = "{host} ({peer}) answers an anonymous request with status {status}. "
	 "{endpoint_name} does not.", .verify = "Whether the answer has the service's request id."},
};

/* a slow service, lost packets, or large ones that are dropped */
static const struct rule stalled_rows[] = {
	{"http-mtu", PROVEN, {CAUSE_NET_MTU_BLACKHOLE}, .failed = {EXPERIMENT_HTTP_RETRY},
	 .when = {only_small_pass}, .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) answers over segments of {largest_passed} bytes each time, but "
	 "never over full-size packets: large packets are dropped on the path without an ICMP "
	 "message (path MTU black hole)."},
	{"http-passes-later", OPEN, {CAUSE_REGISTRY_SLOW, CAUSE_NET_LOSS, CAUSE_NET_TIMEOUT},
	 .passed = EXPERIMENT_HTTP_RETRY,
	 .says = "{host} ({peer}) did not answer within {seconds}, but answered the same request "
	 "later: the service is slow at times, or packets are lost.", .verify = "More runs, with a "
	 "longer --timeout: a slow service answers in the end, lost packets do not.", .fix = {"Run "
	 "again with --timeout 20; if it happens again, check the drop counters of the NAT "
	 "gateway, firewall or proxy on the path."}, .confirm = {LINE_DROPS}},
	{"blob-loss", LIKELY, {CAUSE_S3_STALLED, CAUSE_NET_LOSS, CAUSE_S3_SLOW},
	 .endpoints = ENDPOINT(S3), .passed = EXPERIMENT_BLOB_RETRY,
	 .says = "{host} stopped sending {document} {blob}, and sent it whole on a second try: the "
	 "path to the layer host stalls at times.", .verify = "More runs with --full, and the drop "
	 "counters of the devices on the path.", .fix = {"Check the drop counters and bandwidth of "
	 "the NAT gateway, firewall or proxy."}, .confirm = {LINE_DROPS}},
	{"http-mtu-likely", LIKELY, {CAUSE_NET_MTU_BLACKHOLE, CAUSE_REGISTRY_SLOW, CAUSE_S3_SLOW,
	 CAUSE_NET_LOSS}, .passed = EXPERIMENT_HTTP_SMALL_MSS, .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) did not answer, but answered over segments of {largest_passed} "
	 "bytes: large packets are probably dropped on the path.", .verify = "More tries of the "
	 "same request with large and with small packets: if only the small ones pass, it is the "
	 "size."},
	{"blob-stalled", PROVEN, {CAUSE_S3_STALLED}, .symptoms = SYMPTOM(STALLED),
	 .endpoints = ENDPOINT(S3), .number = NUMBER(BYTES, 1401, INT64_MAX),
	 .says = "{host} sent {bytes} of {size} bytes of {document} {blob}, then nothing for "
	 "{seconds}.", .fix = {"Check the devices between this subnet and {host} for an inspecting "
	 "firewall or proxy that blocks large bodies.", FIX_GO_ROUND}, .confirm = {LINE_ROUTES,
	 LINE_VPC_ENDPOINT}},
	{"blob-stalled-early", LIKELY, {CAUSE_S3_STALLED, CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_LOSS},
	 .symptoms = SYMPTOM(STALLED), .endpoints = ENDPOINT(S3),
	 .says = "{host} began to send {document} {blob} and stopped almost at once."},
	{"http-s3-slow", LIKELY, {CAUSE_S3_SLOW, CAUSE_S3_STALLED, CAUSE_NET_MTU_BLACKHOLE,
	 CAUSE_NET_TIMEOUT}, .endpoints = ENDPOINT(S3),
	 .says = "The layer host {host} completes the TLS handshake but does not answer the "
	 "request within {seconds}."},
	{"http-slow", LIKELY, {CAUSE_REGISTRY_SLOW, CAUSE_NET_TIMEOUT}, .endpoints = ENDPOINT(API) |
	 ENDPOINT(DKR), .failed = {EXPERIMENT_HTTP_SMALL_MSS}, .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) accepts the request but does not answer within {seconds}, even "
	 "with small packets."},
	{"http-silent", LIKELY, {CAUSE_REGISTRY_SLOW, CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_TIMEOUT},
	 .endpoints = ENDPOINT(API) | ENDPOINT(DKR), .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) accepts the request but does not answer within {seconds}."},
};

/* what no other row meets still gets a finding */
static const struct rule last_rows[] = {
	{"no-answer", OPEN, {CAUSE_NET_TIMEOUT, CAUSE_NET_MTU_BLACKHOLE,
	 CAUSE_HTTP_NOT_THE_SERVICE}, .symptoms = SILENT,
	 .says = "{host} ({peer}) accepts the request but does not answer within {seconds}.",
	 .verify = "A run with a longer --timeout.", .fix = {FIX_NETWORK}},
	{"s3-failed", OPEN, {CAUSE_S3_UNAVAILABLE, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_S3_NOT_FOUND, CAUSE_S3_ENDPOINT_POLICY, CAUSE_S3_EXPIRED_URL, CAUSE_CLIENT_CONFIG},
	 .endpoints = ENDPOINT(S3), .stages = STAGE(LAYERS),
	 .says = "The layer host {host} does not serve the {document} (status {status}): {words}.",
	 .fix = {"Run again; check the devices between this subnet and {host}."}},
	{"token-failed", OPEN, {CAUSE_REGISTRY_UNAVAILABLE, CAUSE_HTTP_NOT_THE_SERVICE,
	 CAUSE_AUTH_INVALID_CREDENTIALS, CAUSE_AUTH_CLOCK_SKEW, CAUSE_AUTH_TOKEN_EXPIRED,
	 CAUSE_AUTH_THROTTLED}, .endpoints = ENDPOINT(API), .stages = STAGE(TOKEN),
	 .says = "{host} gives no token (status {status}, {error_code}): {words}.", .fix = {"Run "
	 "again; check credentials and Region."}, .confirm = {LINE_TOKEN}},
	{"failed", OPEN, {CAUSE_REGISTRY_UNAVAILABLE, CAUSE_HTTP_NOT_THE_SERVICE, CAUSE_NET_TIMEOUT,
	 CAUSE_REGISTRY_RATE_LIMITED, CAUSE_AUTH_TOKEN_EXPIRED},
	 .says = "{host} rejects the request (status {status}): {words}."},
};
/* clang-format on */

const struct rule_part rules_proxy = RULE_PART(
	proxy_rows, .stages = STAGE(HTTP), .endpoints = ENDPOINT(PROXY));
const struct rule_part rules_http = RULE_PART(rows, .stages = STAGE(HTTP) | LATER_STAGES);
const struct rule_part rules_stalled = RULE_PART(
	stalled_rows, .stages = STAGE(HTTP) | LATER_STAGES, .symptoms = SILENT);
const struct rule_part rules_last = RULE_PART(last_rows, .stages = ANY_STAGE);
