/* Handshakes. What varies between the tries tells size from name from version. */
#include "diagnose/certificate.h"
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define CUT (CAUSE(TIMEOUT) | CAUSE(RESET) | CAUSE(CLOSED) | CAUSE(ALERT))

static bool other_name_passes(const struct scene *scene, const struct step *step)
{
	return scene_experiment_passed(scene, step, EXPERIMENT_TLS_OTHER_NAME);
}

static bool other_name_fails(const struct scene *scene, const struct step *step)
{
	return scene_experiment_failed(scene, step, EXPERIMENT_TLS_OTHER_NAME);
}

static bool no_name_passes(const struct scene *scene, const struct step *step)
{
	return scene_experiment_passed(scene, step, EXPERIMENT_TLS_NO_NAME);
}

static bool small_hello_passes(const struct scene *scene, const struct step *step)
{
	return scene_experiment_passed(scene, step, EXPERIMENT_TLS_SMALL_HELLO);
}

static bool small_hello_fails(const struct scene *scene, const struct step *step)
{
	return scene_experiment_failed(scene, step, EXPERIMENT_TLS_SMALL_HELLO);
}

static bool small_mss_passes(const struct scene *scene, const struct step *step)
{
	return scene_experiment_passed(scene, step, EXPERIMENT_TLS_SMALL_MSS);
}

static bool small_mss_fails(const struct scene *scene, const struct step *step)
{
	return scene_experiment_failed(scene, step, EXPERIMENT_TLS_SMALL_MSS);
}

static bool tls_1_2_passes(const struct scene *scene, const struct step *step)
{
	return scene_experiment_passed(scene, step, EXPERIMENT_TLS_1_2);
}

static bool names_pass_as_well(const struct scene *scene, const struct step *step)
{
	return other_name_passes(scene, step) || no_name_passes(scene, step);
}

static bool only_size_matters(const struct scene *scene, const struct step *step)
{
	return !names_pass_as_well(scene, step);
}

static bool peer_said_something(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_number(step, FACT_PEER_BYTES) > 0;
}

static bool peer_said_nothing(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_at_all(step, FACT_PEER_BYTES) && seen_number(step, FACT_PEER_BYTES) == 0;
}

static bool hello_is_long(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return seen_number(step, FACT_HELLO_BYTES) > 1300;
}

static bool another_host_passes(const struct scene *scene, const struct step *step)
{
	for (size_t i = 0; i < scene->evidence->count; i++) {
		const struct step *other = &scene->evidence->steps[i];
		if (other->stage == STAGE_TLS && other->experiment == EXPERIMENT_NONE &&
			other->outcome == OUTCOME_PASSED && !text_same(other->host, step->host))
			return true;
	}
	return false;
}

static bool alert_is_about_version(const struct scene *scene, const struct step *step)
{
	(void)scene;
	struct text alert = seen_text(step, FACT_ALERT);
	return text_find_same(alert, T("version")) < alert.len ||
		text_find_same(alert, T("insufficient")) < alert.len;
}

static bool alert_is_about_name(const struct scene *scene, const struct step *step)
{
	(void)scene;
	struct text alert = seen_text(step, FACT_ALERT);
	return text_find_same(alert, T("name")) < alert.len ||
		text_find_same(alert, T("access")) < alert.len;
}

static const struct rule rows[] = {
	{
		.id = "tls-host-not-used",
		.roles = ROLE(API) | ROLE(S3),
		.when = {host_is_not_used},
		.severity = SEVERITY_NOTE,
		.class = CLASS_TLS_HANDSHAKE_TIMEOUT,
		.says = "{host} does not finish a TLS handshake, which does no harm: the registry "
			"named another host.",
	},
	{
		.id = "tls-proxy",
		.causes = CAUSE(TIMEOUT) | CAUSE(RESET) | CAUSE(CLOSED) | CAUSE(REFUSED) |
			CAUSE(STATUS),
		.when = {proxy_is_used},
		.class = CLASS_PROXY_UNREACHABLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_TLS_SNI_FILTERED},
		.says = "The proxy {proxy} takes the connection but does not lead to {host}: "
			"{words}.",
		.decide = "The proxy's own log for {host}.",
		.fix = {"Allow CONNECT to {host}:443 on the proxy {proxy}."},
		.confirm = {"curl -sv -o /dev/null --proxy {proxy} https://{host}/"},
	},
	{
		.id = "tls-sni",
		.causes = CUT,
		.when = {other_name_passes, small_hello_fails},
		.class = CLASS_TLS_SNI_FILTERED,
		.says = "{peer} finishes the handshake for another server name and not for {host}, "
			"however small the hello: a device on the path filters by the name.",
		.fix = {"Allow the name {host} on the firewall (AWS Network Firewall: a domain "
			"list or Suricata rule on tls.sni)."},
		.confirm = {"aws network-firewall list-rule-groups{region_option}", LINE_ROUTES},
	},
	{
		.id = "tls-mtu",
		.causes = CUT,
		.when = {small_mss_passes, other_name_fails, only_size_matters},
		.class = CLASS_NET_MTU_BLACKHOLE,
		.says = "The handshake with {host} ({peer}) fails with full-size packets and "
			"passes with segments of {largest_passed} bytes: large packets vanish on "
			"the path, and no ICMP says so.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through on firewall, VPN or "
			"transit gateway, or clamp the MSS there to {largest_passed}.",
			"Or lower the MTU of this subnet's interfaces."},
		.confirm = {LINE_ROUTES, "tracepath -n {ip}"},
	},
	{
		.id = "tls-mtu-likely",
		.causes = CUT,
		.when = {small_mss_passes, only_size_matters},
		.class = CLASS_NET_MTU_BLACKHOLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_LOSS},
		.says = "The handshake with {host} ({peer}) failed once and passed with segments "
			"of {largest_passed} bytes: large packets seem to vanish on the path.",
		.decide = "A second run: a path that drops large packets fails each time.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through, or clamp the MSS "
			"on the path."},
		.confirm = {LINE_ROUTES, "tracepath -n {ip}"},
	},
	{
		.id = "tls-long-hello",
		.causes = CUT,
		.when = {small_hello_passes, small_mss_fails, other_name_fails, hello_is_long},
		.class = CLASS_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_TLS_SNI_FILTERED},
		.says = "{host} ({peer}) answers a small hello and not one of {hello_bytes} bytes, "
			"which fills more than one packet: a device on the path reads the first "
			"packet only.",
		.decide = "The firewall's log of TLS hellos that it could not parse.",
		.fix = {"Update or configure the inspecting firewall so that it takes a "
			"ClientHello in several packets (post-quantum key shares made it longer)."},
		.confirm = {LINE_ROUTES},
	},
	{
		.id = "tls-passes-later",
		.causes = CUT,
		.when = {small_hello_passes, names_pass_as_well},
		.class = CLASS_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_NET_LOSS, CLASS_NET_RESET},
		.says = "The handshake with {host} ({peer}) failed ({words}) and then passed in "
			"other forms: it fails now and then.",
		.decide = "More runs: loss and overload come and go, a filter does not.",
		.fix = {"Look at the counters of NAT gateway, firewall and load balancer on the "
			"path."},
		.confirm = {LINE_ROUTES, LINE_CURL},
	},
	{
		.id = "tls-sni-likely",
		.causes = CUT,
		.when = {names_pass_as_well},
		.class = CLASS_TLS_SNI_FILTERED,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_LOSS, CLASS_NET_RESET},
		.says = "{peer} finishes the handshake for another server name or none, and not "
			"for {host}: a device on the path seems to filter by the name.",
		.decide = "The firewall's log, or a second run that fails for this name alone.",
		.fix = {"Allow the name {host} on the firewall."},
		.confirm = {"aws network-firewall list-rule-groups{region_option}", LINE_ROUTES},
	},
	{
		.id = "tls-new-version-fails",
		.causes = CUT,
		.when = {tls_1_2_passes, small_hello_fails},
		.class = CLASS_TLS_VERSION,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_LOSS},
		.says = "The handshake with {host} ({peer}) passes with TLS 1.2 and not with TLS "
			"1.3: a device on the path does not take the newer version.",
		.decide = "A second run that fails alike.",
		.fix = {"Update the inspecting firewall or proxy, or exempt {host} from "
			"inspection."},
		.confirm = {"openssl s_client -connect {connect} -servername {host} -tls1_3"},
	},
	{
		.id = "tls-alert-version",
		.causes = CAUSE(ALERT) | CAUSE(VERSION),
		.when = {alert_is_about_version},
		.class = CLASS_TLS_VERSION,
		.says = "{peer} refuses the handshake for {host} with the alert \"{alert}\": no "
			"common TLS version or cipher. AWS takes TLS 1.2 and 1.3, so this is not "
			"AWS, or a device stands between.",
		.fix = {"Check that {ip} is {host}'s address; allow TLS 1.2 and 1.3 on what stands "
			"between."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}"},
	},
	{
		.id = "tls-version",
		.causes = CAUSE(VERSION),
		.class = CLASS_TLS_VERSION,
		.says = "{peer} and this program have no TLS version in common for {host}. AWS "
			"takes TLS 1.2 and 1.3, so this is not AWS, or a device stands between.",
		.fix = {"Check that {ip} is {host}'s address; allow TLS 1.2 and 1.3 on what stands "
			"between."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}"},
	},
	{
		.id = "tls-alert-name",
		.causes = CAUSE(ALERT),
		.when = {alert_is_about_name},
		.class = CLASS_TLS_SNI_FILTERED,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_HTTP_NOT_THE_SERVICE},
		.says = "{peer} refuses the server name {host} with the alert \"{alert}\": a "
			"device filters by the name, or the address is not the service's.",
		.decide = "Whether {ip} is {host}'s address.",
		.fix = {"Allow {host} on the firewall, or correct the DNS record that gives {ip}."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}"},
	},
	{
		.id = "tls-alert",
		.causes = CAUSE(ALERT),
		.class = CLASS_TLS_VERSION,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CLASS_TLS_SNI_FILTERED, CLASS_HTTP_NOT_THE_SERVICE},
		.says = "{peer} ends the handshake for {host} with the alert \"{alert}\".",
		.decide = "Whether {ip} is {host}'s address, and what the device there logs.",
		.fix = {"Check the DNS record of {host}; exempt the host from inspection."},
		.confirm = {"openssl s_client -connect {connect} -servername {host}"},
	},
	{
		.id = "tls-silent-mid-way",
		.causes = CAUSE(TIMEOUT),
		.when = {peer_said_something, small_mss_fails},
		.class = CLASS_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_MTU_BLACKHOLE, CLASS_NET_LOSS},
		.decide = "A second run, and what the endpoint or firewall at {ip} logs.",
		.says = "{host} ({peer}) begins the handshake and does not finish it, nor with "
			"small packets: what answers there is stuck, or a device holds its answer "
			"back.",
		.fix = {"Exempt {host} from inspection on the firewall; for an endpoint inside the "
			"VPC look at its state."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "tls-mtu-untested",
		.causes = CAUSE(TIMEOUT),
		.when = {peer_said_something},
		.class = CLASS_NET_MTU_BLACKHOLE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_TLS_HANDSHAKE_TIMEOUT, CLASS_NET_LOSS},
		.says = "{host} ({peer}) begins the handshake, and then nothing more comes: "
			"full-size packets seem to vanish on the path.",
		.decide = "The same handshake with small segments: if it passes, it is the packet "
			  "size.",
		.fix = {"Let ICMP type 3 code 4 (IPv6: packet too big) through, or clamp the MSS "
			"on the path."},
		.confirm = {"tracepath -n {ip}", LINE_ROUTES},
	},
	{
		.id = "tls-all-silent",
		.causes = CAUSE(TIMEOUT),
		.when = {small_mss_fails, other_name_fails},
		.class = CLASS_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_TLS_SNI_FILTERED, CLASS_NET_MTU_BLACKHOLE},
		.decide = "What accepts on {ip}: the endpoint itself, or a firewall in its place "
			  "that swallows all names but a few.",
		.says = "{peer} ({host}) takes the connection and never answers the handshake, "
			"whatever the server name and the packet size.",
		.fix = {"Look at what accepts on {ip}: a firewall or load balancer whose far side "
			"is dead."},
		.confirm = {LINE_CURL, LINE_PEER_GROUPS, LINE_ROUTES},
	},
	{
		.id = "tls-timeout",
		.causes = CAUSE(TIMEOUT),
		.class = CLASS_TLS_HANDSHAKE_TIMEOUT,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_MTU_BLACKHOLE, CLASS_TLS_SNI_FILTERED},
		.says = "{peer} ({host}) takes the connection and does not answer the handshake "
			"within {seconds}.",
		.decide = "The same handshake with small packets, and with another server name.",
		.fix = {"Let TLS to {host} pass the firewall uninspected; look at the packet size "
			"on the path."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "tls-cut-by-name",
		.causes = CAUSE(RESET) | CAUSE(CLOSED),
		.when = {another_host_passes, peer_said_nothing},
		.class = CLASS_TLS_SNI_FILTERED,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_NET_RESET, CLASS_S3_RESET},
		.says = "{peer} cuts the connection as soon as it sees the hello for {host}, while "
			"handshakes with other hosts pass: a firewall seems to allow names from a "
			"list.",
		.decide = "The firewall's log for {host}.",
		.fix = {"Allow the name {host} on the firewall (AWS Network Firewall: a domain "
			"list)."},
		.confirm = {"aws network-firewall list-rule-groups{region_option}", LINE_ROUTES},
	},
	{
		.id = "tls-cut-s3",
		.causes = CAUSE(RESET) | CAUSE(CLOSED),
		.roles = ROLE(S3),
		.class = CLASS_S3_RESET,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_TLS_SNI_FILTERED, CLASS_NET_RESET},
		.says = "The connection to the layer host {host} ({peer}) is cut in the handshake.",
		.decide = "Whether the firewall on the path logs {host}.",
		.fix = {"Let TLS to {host} pass the firewall or proxy on the path."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "tls-cut",
		.causes = CAUSE(RESET) | CAUSE(CLOSED),
		.class = CLASS_NET_RESET,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_TLS_SNI_FILTERED},
		.says = "The connection to {host} ({peer}) is cut in the handshake: a device on "
			"the path does not let TLS through.",
		.decide = "Whether the firewall on the path allows other names and not {host}.",
		.fix = {"Let TLS to {host} pass the firewall or proxy on the path."},
		.confirm = {LINE_CURL, LINE_ROUTES},
	},
	{
		.id = "tls-not-tls",
		.causes = CAUSE(NOT_TLS) | CAUSE(MALFORMED),
		.class = CLASS_TLS_NOT_TLS,
		.says = "What answers on {peer} for {host} does not speak TLS: a captive portal, a "
			"proxy, or another service at that address.",
		.fix = {"Check that {ip} is {host}'s address, and let TCP 443 pass the proxy "
			"unchanged."},
		.confirm = {"nslookup {host}", LINE_CURL},
	},
};

const struct rule_part rules_tls = RULE_PART(STAGE(TLS), rows);
