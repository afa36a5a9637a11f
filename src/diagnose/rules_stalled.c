/* Requests that got no answer, or whose answer stopped coming: a slow service, lost packets, or
 * large ones that vanish. The same at every stage that speaks HTTP. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define SILENT (SYMPTOM(TIMEOUT) | SYMPTOM(STALLED))

/* every try over small segments passed, and none of as many as it was: chance does that once in a
 * hundred and twenty-eight, the first failure counted */
static bool only_small_pass(const struct context *context, const struct step *step)
{
	const struct step *small = context_experiment(context, step, EXPERIMENT_HTTP_SMALL_MSS);
	return small && seen_number(small, FACT_TRIES) >= 3 &&
		seen_number(small, FACT_PASSED_TRIES) == seen_number(small, FACT_TRIES) &&
		context_experiment_failed(context, step, EXPERIMENT_HTTP_RETRY);
}

/* the blob host answered its own stage with full-size packets of a certificate, and bytes came */
static bool some_bytes_came(const struct step *step)
{
	return seen_number(step, FACT_BYTES) > 1400;
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "http-mtu", .symptoms = SILENT, .when = {only_small_pass},
		.cause = CAUSE_NET_MTU_BLACKHOLE,
		.says = "{host} ({peer}) gives no answer over full-size packets, however often it "
		"is asked, and always over segments of {largest_passed} bytes: large packets "
		"vanish on the path, there or back, and no ICMP says so.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through on firewall, VPN or "
		"transit gateway, or clamp the MSS there to {largest_passed}."}},
	{.id = "http-passes-later", .symptoms = SILENT, .passed = EXPERIMENT_HTTP_RETRY,
		.cause = CAUSE_REGISTRY_SLOW, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_LOSS, CAUSE_NET_TIMEOUT},
		.says = "{host} ({peer}) gave no answer within {seconds}, and the same request "
		"once more got one: the service is slow at times, or packets are lost.",
		.verify = "More runs, with a longer --timeout: a slow service answers in the end, "
		"lost packets do not.",
		.fix = {"Run again with --timeout 20; if it comes and goes, look at the drop "
		"counters of the NAT gateway, firewall or proxy on the path."},
		.confirm = {"aws cloudwatch list-metrics{region_option} --namespace AWS/NATGateway "
		"--metric-name PacketsDropCount"}},
	{.id = "blob-loss", .symptoms = SILENT, .endpoints = ENDPOINT(S3),
		.passed = EXPERIMENT_BLOB_RETRY, .cause = CAUSE_S3_STALLED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_LOSS, CAUSE_S3_SLOW},
		.says = "The bytes of {document} {blob} stopped coming from {host}, and a second "
		"try got them: the way to the layer host stalls now and then.",
		.verify = "More runs with --full, and the counters of what stands on the path.",
		.fix = {"Look at the NAT gateway's, firewall's or proxy's drop counters and "
		"bandwidth."},
		.confirm = {"aws cloudwatch list-metrics{region_option} --namespace AWS/NATGateway "
		"--metric-name PacketsDropCount"}},
	{.id = "http-mtu-likely", .symptoms = SILENT, .passed = EXPERIMENT_HTTP_SMALL_MSS,
		.cause = CAUSE_NET_MTU_BLACKHOLE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_SLOW, CAUSE_S3_SLOW, CAUSE_NET_LOSS},
		.says = "{host} ({peer}) gave no answer, and did over segments of {largest_passed} "
		"bytes: large packets seem to vanish on the path.",
		.verify = "More of the same request, large and small at once: if only the small "
		"ones pass, it is the size.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through on firewall, VPN or "
		"transit gateway, or clamp the MSS there to {largest_passed}."}},
	{.id = "blob-stalled", .symptoms = SYMPTOM(STALLED), .endpoints = ENDPOINT(S3),
		.step = {some_bytes_came}, .cause = CAUSE_S3_STALLED,
		.says = "{bytes} of {size} bytes of {document} {blob} came from {host}, and then "
		"none for {seconds}.",
		.fix = {"Check the devices between this subnet and {host}: an inspecting firewall "
		"or proxy that holds large bodies back.", FIX_GO_ROUND},
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT}},
	{.id = "blob-stalled-early", .symptoms = SYMPTOM(STALLED), .endpoints = ENDPOINT(S3),
		.cause = CAUSE_S3_STALLED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_LOSS},
		.says = "{host} began to answer for {document} {blob}, and its bytes stopped "
		"almost at once."},
	{.id = "http-s3-slow", .symptoms = SILENT, .endpoints = ENDPOINT(S3),
		.cause = CAUSE_S3_SLOW, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_S3_STALLED, CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_TIMEOUT},
		.says = "The layer host {host} accepts the connection and the handshake, and does "
		"not answer the request within {seconds}."},
	{.id = "http-slow", .symptoms = SILENT, .endpoints = ENDPOINT(API) | ENDPOINT(DKR),
		.failed = {EXPERIMENT_HTTP_SMALL_MSS}, .cause = CAUSE_REGISTRY_SLOW,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_TIMEOUT},
		.says = "{host} ({peer}) accepts the request but does not answer within {seconds}, "
		"nor with small packets.",
		.verify = "A run with a longer --timeout: if it passes, the service or what stands "
		"before it is slow."},
	{.id = "http-silent", .symptoms = SILENT, .endpoints = ENDPOINT(API) | ENDPOINT(DKR),
		.cause = CAUSE_REGISTRY_SLOW, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_TIMEOUT},
		.says = "{host} ({peer}) accepts the request but does not answer it within "
		"{seconds}."},
};
/* clang-format on */

const struct rule_part rules_stalled = RULE_PART(
	STAGE(HTTP) | STAGE(TOKEN) | STAGE(MANIFEST) | STAGE(LAYERS), rows);
