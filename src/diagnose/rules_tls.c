/* Handshakes. What varies between the tries tells size from name from version. */
#include "diagnose/certificate.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define CUT (SYMPTOM(TIMEOUT) | SYMPTOM(RESET) | SYMPTOM(CLOSED) | SYMPTOM(ALERT))

static bool other_name_passes(const struct context *context, const struct step *step)
{
	return context_experiment_passed(context, step, EXPERIMENT_TLS_OTHER_NAME);
}

static bool no_name_passes(const struct context *context, const struct step *step)
{
	return context_experiment_passed(context, step, EXPERIMENT_TLS_NO_NAME);
}

static bool names_pass_as_well(const struct context *context, const struct step *step)
{
	return other_name_passes(context, step) || no_name_passes(context, step);
}

static bool only_size_matters(const struct context *context, const struct step *step)
{
	return !names_pass_as_well(context, step);
}

static bool peer_said_nothing(const struct step *step)
{
	return seen_at_all(step, FACT_PEER_BYTES) && seen_number(step, FACT_PEER_BYTES) == 0;
}

static bool hello_is_long(const struct step *step)
{
	return seen_number(step, FACT_HELLO_BYTES) > 1300;
}

static bool another_host_passes(const struct context *context, const struct step *step)
{
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		if (other->stage == STAGE_TLS && other->experiment == EXPERIMENT_NONE &&
			other->outcome == OUTCOME_PASSED && !text_same(other->host, step->host))
			return true;
	}
	return false;
}

static bool alert_is_about_version(const struct step *step)
{
	struct text alert = seen_text(step, FACT_ALERT);
	return text_find_same(alert, T("version")) < alert.len ||
		text_find_same(alert, T("insufficient")) < alert.len;
}

static bool alert_is_about_name(const struct step *step)
{
	struct text alert = seen_text(step, FACT_ALERT);
	return text_find_same(alert, T("name")) < alert.len ||
		text_find_same(alert, T("access")) < alert.len;
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "tls-host-not-used", .endpoints = ENDPOINT(API) | ENDPOINT(S3),
		.when = {host_is_not_used}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_TLS_HANDSHAKE_TIMEOUT,
		.says = "{host} does not finish a TLS handshake, which does no harm: the registry "
		"named another host."},
	{.id = "tls-proxy", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(RESET) | SYMPTOM(CLOSED) |
		SYMPTOM(REFUSED) | SYMPTOM(STATUS), .step = {proxy_is_used},
		.cause = CAUSE_PROXY_UNREACHABLE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_SNI_FILTERED},
		.says = "The proxy {proxy} accepts the connection but does not connect to {host}: "
		"{words}.",
		.confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"}},
	{.id = "tls-sni", .symptoms = CUT, .passed = EXPERIMENT_TLS_OTHER_NAME,
		.failed = {EXPERIMENT_TLS_SMALL_HELLO}, .cause = CAUSE_TLS_SNI_FILTERED,
		.says = "{peer} finishes the handshake for another server name and not for {host}, "
		"however small the hello: a device on the path filters by the name.",
		.fix = {"Allow the name {host} on the firewall (AWS Network Firewall: a domain "
		"list or Suricata rule on tls.sni)."}},
	{.id = "tls-mtu", .symptoms = CUT, .passed = EXPERIMENT_TLS_SMALL_MSS,
		.failed = {EXPERIMENT_TLS_OTHER_NAME}, .when = {only_size_matters},
		.cause = CAUSE_NET_MTU_BLACKHOLE,
		.says = "The handshake with {host} ({peer}) fails with full-size packets and "
		"passes with segments of {largest_passed} bytes: large packets vanish on the path, "
		"and no ICMP says so.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through on firewall, VPN or "
		"transit gateway, or clamp the MSS there to {largest_passed}.",
		"Or lower the MTU of this subnet's interfaces."},
		.confirm = {LINE_ROUTES, "tracepath -n {ip}"}},
	{.id = "tls-mtu-likely", .symptoms = CUT, .passed = EXPERIMENT_TLS_SMALL_MSS,
		.when = {only_size_matters}, .cause = CAUSE_NET_MTU_BLACKHOLE,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_LOSS},
		.says = "The handshake with {host} ({peer}) failed once and passed with segments "
		"of {largest_passed} bytes: large packets seem to vanish on the path.",
		.verify = "A second run: a path that drops large packets fails each time.",
		.confirm = {LINE_ROUTES, "tracepath -n {ip}"}},
	{.id = "tls-long-hello", .symptoms = CUT, .passed = EXPERIMENT_TLS_SMALL_HELLO,
		.failed = {EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_TLS_OTHER_NAME},
		.step = {hello_is_long}, .cause = CAUSE_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_TLS_SNI_FILTERED},
		.says = "{host} ({peer}) answers a small hello and not one of {hello_bytes} bytes, "
		"which fills more than one packet: a device on the path reads the first packet "
		"only.", .verify = "The firewall's log of TLS hellos that it could not parse.",
		.fix = {"Update or configure the inspecting firewall so that it takes a "
		"ClientHello in several packets (post-quantum key shares made it longer)."},
		.confirm = {LINE_ROUTES}},
	{.id = "tls-passes-later", .symptoms = CUT, .passed = EXPERIMENT_TLS_SMALL_HELLO,
		.when = {names_pass_as_well}, .cause = CAUSE_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_NET_LOSS, CAUSE_NET_RESET},
		.says = "The handshake with {host} ({peer}) failed ({words}) and then passed in "
		"other forms: it fails now and then.",
		.verify = "More runs: loss and overload come and go, a filter does not.",
		.fix = {"Look at the counters of NAT gateway, firewall and load balancer on the "
		"path."}, .confirm = {LINE_ROUTES, LINE_CURL}},
	{.id = "tls-sni-likely", .symptoms = CUT, .when = {names_pass_as_well},
		.cause = CAUSE_TLS_SNI_FILTERED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_LOSS, CAUSE_NET_RESET},
		.says = "{peer} finishes the handshake for another server name or none, and not "
		"for {host}: a device on the path seems to filter by the name.",
		.verify = "The firewall's log, or a second run that fails for this name alone.",
		.fix = {"Allow the name {host} on the firewall."}},
	{.id = "tls-new-version-fails", .symptoms = CUT, .passed = EXPERIMENT_TLS_1_2,
		.failed = {EXPERIMENT_TLS_SMALL_HELLO}, .cause = CAUSE_TLS_VERSION,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_LOSS},
		.says = "The handshake with {host} ({peer}) passes with TLS 1.2 and not with TLS "
		"1.3: a device on the path does not accept the newer version.",
		.verify = "A second run that fails alike.",
		.fix = {"Update the inspecting firewall or proxy, or exempt {host} from "
		"inspection."},
		.confirm = {"openssl s_client -connect {connect} -servername {host} -tls1_3"}},
	{.id = "tls-alert-version", .symptoms = SYMPTOM(ALERT) | SYMPTOM(VERSION),
		.step = {alert_is_about_version}, .cause = CAUSE_TLS_VERSION,
		.says = "{peer} refuses the handshake for {host} with the alert \"{alert}\": no "
		"common TLS version or cipher. AWS accepts TLS 1.2 and 1.3, so this is not AWS, or "
		"a device on the path answers."},
	{.id = "tls-version", .symptoms = SYMPTOM(VERSION), .cause = CAUSE_TLS_VERSION,
		.says = "{peer} and this program have no TLS version in common for {host}. AWS "
		"accepts TLS 1.2 and 1.3, so this is not AWS, or a device on the path answers."},
	{.id = "tls-alert-name", .symptoms = SYMPTOM(ALERT), .step = {alert_is_about_name},
		.cause = CAUSE_TLS_SNI_FILTERED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "{peer} refuses the server name {host} with the alert \"{alert}\": a "
		"device filters by the name, or the address is not the service's.",
		.verify = "Whether {ip} is {host}'s address.",
		.fix = {"Allow {host} on the firewall, or correct the DNS record that gives {ip}."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}"}},
	{.id = "tls-alert", .symptoms = SYMPTOM(ALERT), .cause = CAUSE_TLS_VERSION,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_TLS_SNI_FILTERED, CAUSE_HTTP_NOT_THE_SERVICE},
		.says = "{peer} ends the handshake for {host} with the alert \"{alert}\".",
		.fix = {"Check the DNS record of {host}; exempt the host from inspection."}},
	{.id = "tls-silent-mid-way", .symptoms = SYMPTOM(TIMEOUT),
		.failed = {EXPERIMENT_TLS_SMALL_MSS}, .has = FACT(PEER_BYTES),
		.cause = CAUSE_TLS_HANDSHAKE_TIMEOUT, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_MTU_BLACKHOLE, CAUSE_NET_LOSS},
		.says = "{host} ({peer}) begins the handshake and does not finish it, nor with "
		"small packets: what answers there is stuck, or a device holds its answer back.",
		.verify = "A second run, and what the endpoint or firewall at {ip} logs.",
		.fix = {"Exempt {host} from inspection on the firewall; for an endpoint inside the "
		"VPC look at its state."}},
	{.id = "tls-mtu-untested", .symptoms = SYMPTOM(TIMEOUT), .has = FACT(PEER_BYTES),
		.cause = CAUSE_NET_MTU_BLACKHOLE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_HANDSHAKE_TIMEOUT, CAUSE_NET_LOSS},
		.says = "{host} ({peer}) begins the handshake, and then nothing more comes: "
		"full-size packets seem to vanish on the path."},
	{.id = "tls-all-silent", .symptoms = SYMPTOM(TIMEOUT),
		.failed = {EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_TLS_OTHER_NAME},
		.cause = CAUSE_TLS_HANDSHAKE_TIMEOUT, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_SNI_FILTERED, CAUSE_NET_MTU_BLACKHOLE},
		.says = "{peer} ({host}) accepts the connection but never answers the handshake, "
		"whatever the server name and the packet size.",
		.verify = "What accepts on {ip}: the endpoint itself, or a firewall in its place "
		"that swallows all names but a few.",
		.fix = {"Look at what accepts on {ip}: a firewall or load balancer whose far side "
		"is dead."}, .confirm = {LINE_CURL, LINE_PEER_GROUPS, LINE_ROUTES}},
	{.id = "tls-timeout", .symptoms = SYMPTOM(TIMEOUT), .cause = CAUSE_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_MTU_BLACKHOLE, CAUSE_TLS_SNI_FILTERED},
		.says = "{peer} ({host}) accepts the connection but does not answer the handshake "
		"within {seconds}."},
	{.id = "tls-cut-by-name", .symptoms = SYMPTOM(RESET) | SYMPTOM(CLOSED),
		.when = {another_host_passes}, .step = {peer_said_nothing},
		.cause = CAUSE_TLS_SNI_FILTERED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_RESET, CAUSE_S3_RESET},
		.says = "{peer} cuts the connection as soon as it sees the hello for {host}, while "
		"handshakes with other hosts pass: a firewall seems to allow names from a list."},
	{.id = "tls-cut-s3", .symptoms = SYMPTOM(RESET) | SYMPTOM(CLOSED),
		.endpoints = ENDPOINT(S3), .cause = CAUSE_S3_RESET, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_SNI_FILTERED, CAUSE_NET_RESET},
		.says = "The connection to the layer host {host} ({peer}) is cut in the "
		"handshake."},
	{.id = "tls-cut", .symptoms = SYMPTOM(RESET) | SYMPTOM(CLOSED), .cause = CAUSE_NET_RESET,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_TLS_SNI_FILTERED},
		.says = "The connection to {host} ({peer}) is cut in the handshake: a device on "
		"the path does not let TLS through."},
	{.id = "tls-not-tls", .symptoms = SYMPTOM(NOT_TLS) | SYMPTOM(MALFORMED),
		.cause = CAUSE_TLS_NOT_TLS,
		.says = "What answers on {peer} for {host} does not speak TLS: a captive portal, a "
		"proxy, or another service at that address."},
};
/* clang-format on */

const struct rule_part rules_tls = RULE_PART(STAGE(TLS), rows);
