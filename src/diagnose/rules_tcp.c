/* Connections that were answered, or failed at once: what refuses a connection tells what it is. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

/* A public address here and an endpoint's there, no try of the first passed. Two public
 * addresses are no split horizon: S3 gives others each time. */
static bool resolvers_differ(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_TCP_OTHER_ANSWER);
	return made && peer_location(context, step) == PEER(PUBLIC) &&
		peer_location(context, made) & PEER_NEAR;
}

/* both give addresses inside the VPC: the configured resolver's may be of a former endpoint */
static bool answers_differ_inside(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_TCP_OTHER_ANSWER);
	return made && peer_location(context, step) & PEER_NEAR &&
		peer_location(context, made) & PEER_NEAR;
}

/* the resolver has AAAA records of the name, and this machine has IPv4 */
static bool has_no_a_record(const struct context *context, const struct step *step)
{
	const struct step *asked = NULL;
	while ((asked = context_next(context, STAGE_DNS, asked)))
		if (text_same(asked->host, step->host))
			return context->has_ipv4 &&
				text_same(seen_text(asked, FACT_A_SYMPTOM),
					symptom_name(SYMPTOM_NODATA));
	return false;
}

/* clang-format off */
static const struct rule rows[] = {
	{"tcp-host-not-used", PROVEN, {CAUSE_S3_NO_ROUTE}, .endpoints = ENDPOINT(API) |
	 ENDPOINT(S3), .when = {host_is_not_used}, .severity = SEVERITY_NOTE,
	 .says = "{host} accepts no connection. This does no harm: the registry redirected to "
	 "another host."},
	{"tcp-proxy", PROVEN, {CAUSE_PROXY_UNREACHABLE}, .has = FACT(PROXY), .shared = SHARED_ALL,
	 .says = "No connection to the proxy {proxy} ({peers}): {words}.", .fix = {"Correct the "
	 "proxy's URL, start the proxy, or allow this machine to connect to {peer}."},
	 .confirm = {LINE_OWN_GROUPS}},
	{"tcp-family-not-here", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(NO_ADDRESS) |
	 SYMPTOM(UNREACHABLE) | SYMPTOM(LOCAL), .when = {peer_family_is_missing,
	 another_address_accepts}, .severity = SEVERITY_NOTE,
	 .says = "This machine has no address of {peer}'s IP version. {host} accepted the "
	 "connection on another address."},
	{"tcp-refused-self", PROVEN, {CAUSE_NET_REFUSED}, .symptoms = SYMPTOM(REFUSED),
	 .peer = PEER(SELF), .shared = SHARED_ALL,
	 .says = "{hosts} leads to {peers}, this machine itself, and the port is closed here: a "
	 "DNS firewall, a sinkhole or a hosts file answers so.", .fix = {"Allow {host} in the DNS "
	 "firewall, or remove the entry that leads it here. Unset AWS_ENDPOINT_URL if it names "
	 "{host}."},
	 .confirm = {LINE_DNS_FIREWALL, LINE_ZONES}},
	{"tcp-refused-inside", PROVEN, {CAUSE_NET_REFUSED}, .symptoms = SYMPTOM(REFUSED),
	 .peer = PEER_NEAR,
	 .says = "{peer} refuses the connection for {host}. A VPC endpoint never does that: the "
	 "private address belongs to something else, or a firewall answers.", .fix = {"Correct the "
	 "record of {host} in the private hosted zone or DNS server to the address of the "
	 "{service} endpoint.", "Or allow TCP 443 to {ip} on the firewall."},
	 .confirm = {LINE_PEER_GROUPS, LINE_ZONES}},
	{"tcp-refused", PROVEN, {CAUSE_NET_REFUSED}, .symptoms = SYMPTOM(REFUSED),
	 .says = "{peer} refuses the connection for {host}. Security groups and network ACLs never "
	 "do that: a firewall rejects it, or the address is not the service's."},
	{"tcp-reset", PROVEN, {CAUSE_NET_RESET}, .symptoms = SYMPTOM(RESET) | SYMPTOM(CLOSED),
	 .shared = SHARED_ALL,
	 .says = "The connection to {hosts} ({peers}) is reset at once. Security groups and "
	 "network ACLs do not do that: a device on the path does."},
	{"tcp-prohibited-by-hop", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(PROHIBITED),
	 .has = FACT(HOP), .shared = SHARED_ALL,
	 .says = "The router or firewall {hop} reports that the connection to {hosts} ({peers}) is "
	 "prohibited. Security groups and network ACLs never report anything.", .fix = {"Allow TCP "
	 "443 to {host} on {hop}."}},
	{"tcp-prohibited", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(PROHIBITED),
	 .shared = SHARED_ALL,
	 .says = "A filter on this machine or next to it prohibits the connection to {hosts} "
	 "({peers}): {words}.", .fix = {"Remove the local rule (iptables, nftables, seccomp or "
	 "network policy) that prohibits TCP 443 to {host}."}, .confirm = {"nft list ruleset"}},
	{"tcp-unreachable-by-hop", PROVEN, {CAUSE_NET_UNREACHABLE},
	 .symptoms = SYMPTOM(UNREACHABLE), .has = FACT(HOP), .shared = SHARED_ALL,
	 .says = "The router {hop} reports that it has no route to {hosts} ({peers}).",
	 .fix = {"Add a route to {ip} on {hop} or behind it."}},
	{"tcp-unreachable", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(UNREACHABLE),
	 .shared = SHARED_ALL,
	 .says = "This machine has no route to {hosts} ({peers}): it failed at once, nothing was "
	 "sent.", .fix = {"Add a default route, or an address of that IP version, to this "
	 "machine."}, .confirm = {"ip route get {ip}", LINE_ROUTES}},
	{"tcp-no-a-record", LIKELY, {CAUSE_DNS_NODATA, CAUSE_NET_UNREACHABLE},
	 .symptoms = SYMPTOM(NO_ADDRESS), .registry = PRIVATE_ECR, .when = {has_no_a_record},
	 .says = "This machine uses IPv4, and DNS gives IPv6 addresses only for {host}: most "
	 "likely a VPC endpoint for IPv6 alone, a private hosted zone or a DNS firewall hides the "
	 "IPv4 ones.", .verify = "Whether {host} has an A record outside this VPC.",
	 .fix = {"Set the VPC endpoint's IP address type and DNS record type to dualstack, or add "
	 "the A record to the private hosted zone.",
	 "Or give the subnet and the task IPv6."}, .confirm = {"nslookup {host}",
	 LINE_VPC_ENDPOINT, LINE_ZONES}},
	{"tcp-no-address", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(NO_ADDRESS),
	 .says = "{host} has no address of an IP version that this machine has.",
	 .confirm = {"nslookup {host}"}},
	{"tcp-local", LIKELY, {CAUSE_CLIENT_CONFIG, CAUSE_NET_UNREACHABLE},
	 .symptoms = SYMPTOM(LOCAL), .shared = SHARED_ALL,
	 .says = "This machine could not open a connection to {hosts} ({peers}): {words}.",
	 .verify = "The limits of this machine: descriptors, memory, source ports.",
	 .fix = {"Raise the limit that the error names, or free what is in use."}, .confirm = {"ss "
	 "-s"}},
	{"tcp-split-horizon", PROVEN, {CAUSE_DNS_SPLIT_HORIZON}, .symptoms = SYMPTOM(TIMEOUT),
	 .passed = EXPERIMENT_TCP_OTHER_ANSWER, .failed = {EXPERIMENT_TCP_RETRY},
	 .when = {resolvers_differ}, .unless = another_address_accepts, .shared = SHARED_ALL,
	 .says = "The resolver {resolver} gives {peers} for {hosts}, which does not answer. The "
	 "VPC's own resolver {other_server} gives {other_answer}, which does. {resolver} does not "
	 "use the private hosted zone of the VPC endpoint."},
	{"tcp-two-views", OPEN, {CAUSE_NET_SECURITY_GROUP, CAUSE_DNS_SPLIT_HORIZON,
	 CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_TCP_OTHER_ANSWER, EXPERIMENT_TCP_RETRY}, .when = {resolvers_differ},
	 .unless = another_address_accepts,
	 .says = "The resolver {resolver} gives {ip} for {host}, and the VPC's own resolver "
	 "{other_server} gives {other_answer}. Neither address answers.", .verify = "Which address "
	 "the pull is meant to use. For a VPC endpoint check the security groups and {resolver}, "
	 "for a public address the routes.", .fix = {FIX_TASK_EGRESS, FIX_ENDPOINT_INGRESS,
	 FIX_FORWARD}, .confirm = {LINE_OWN_GROUPS, LINE_DHCP, LINE_ROUTES, LINE_ZONES}},
	{"tcp-stale-answer", LIKELY, {CAUSE_DNS_SPLIT_HORIZON, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_TCP_OTHER_ANSWER,
	 .failed = {EXPERIMENT_TCP_RETRY}, .when = {answers_differ_inside},
	 .unless = another_address_accepts,
	 .says = "The resolver {resolver} gives {peers} for {host}, which does not answer. The "
	 "VPC's own resolver {other_server} gives {other_answer}, which does: the record of "
	 "{resolver} is probably of a former endpoint.", .verify = "Whether {ip} is an address of "
	 "the {service} endpoint."},
	{"tcp-port-range", PROVEN, {CAUSE_NET_PORT_RANGE}, .symptoms = SYMPTOM(TIMEOUT),
	 .when = {ports_tell_a_range},
	 .says = "Whether a connection to {host} passes depends on its source port: {passed_ports} "
	 "pass, {failed_ports} do not. A network ACL allows replies to a part of the ephemeral "
	 "ports only."},
	{"tcp-port-range-likely", LIKELY, {CAUSE_NET_PORT_RANGE, CAUSE_NET_LOSS},
	 .symptoms = SYMPTOM(TIMEOUT), .when = {ports_hint_a_range},
	 .says = "Some connections to {host} pass, probably depending on their source port: "
	 "{passed_ports} pass, {failed_ports} do not."},
	{"tcp-loss-proven", PROVEN, {CAUSE_NET_LOSS}, .symptoms = SYMPTOM(TIMEOUT),
	 .when = {ports_deny_a_range},
	 .says = "Connections to {host} ({peer}) pass sometimes, whatever their source port: "
	 "packets are lost, or one of several paths is dead."},
	{"tcp-loss", LIKELY, {CAUSE_NET_LOSS, CAUSE_NET_PORT_RANGE, CAUSE_NET_NACL},
	 .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_TCP_RETRY,
	 .says = "Connections to {host} ({peer}) pass sometimes: of more tries, those from ports "
	 "{passed_ports} passed, those from {failed_ports} did not. Packets are lost, or one of "
	 "several paths is dead."},
};
/* clang-format on */

const struct rule_part rules_tcp = RULE_PART(rows, .stages = STAGE(TCP));
