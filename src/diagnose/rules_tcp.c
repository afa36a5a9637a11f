/* Connections that were answered, or failed at once: what refuses a connection tells what it is. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

/* A public address here and an endpoint's there, every try of the first in vain. Two public
 * addresses are no split horizon: S3 gives others each time. */
static bool resolvers_differ(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_TCP_OTHER_ANSWER);
	return made && peer_is_public(context, step) && peer_is_inside(context, made);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "tcp-host-not-used", .endpoints = ENDPOINT(API) | ENDPOINT(S3),
	 .when = {host_is_not_used}, .severity = SEVERITY_NOTE, .cause = CAUSE_S3_NO_ROUTE,
	 .says = "{host} accepts no connection. This does no harm: the registry redirected to "
	 "another host."},
	{.id = "tcp-proxy", .has = FACT(PROXY), .cause = CAUSE_PROXY_UNREACHABLE,
	 .shared = SHARED_ALL,
	 .says = "No connection to the proxy {proxy} ({peers}): {words}.", .fix = {"Correct the "
	 "proxy's URL, start the proxy, or allow this machine to connect to {peer}."},
	 .confirm = {LINE_OWN_GROUPS}},
	{.id = "tcp-family-not-here", .symptoms = SYMPTOM(NO_ADDRESS) | SYMPTOM(UNREACHABLE) |
	 SYMPTOM(LOCAL), .when = {peer_family_is_missing, another_address_accepts},
	 .severity = SEVERITY_NOTE, .cause = CAUSE_NET_UNREACHABLE,
	 .says = "This machine has no address of {peer}'s IP version. {host} accepted the "
	 "connection on another address."},
	{.id = "tcp-refused-self", .symptoms = SYMPTOM(REFUSED), .peer = PEER(SELF),
	 .cause = CAUSE_NET_REFUSED, .shared = SHARED_ALL,
	 .says = "DNS gives {peers}, this machine itself, for {hosts}, and the port is closed "
	 "here: a DNS firewall, a sinkhole or a hosts file answers so.", .fix = {"Allow {host} in "
	 "the DNS firewall, or remove the entry that leads it here."},
	 .confirm = {LINE_DNS_FIREWALL, LINE_ZONES}},
	{.id = "tcp-refused-inside", .symptoms = SYMPTOM(REFUSED), .peer = PEER_NEAR,
	 .cause = CAUSE_NET_REFUSED,
	 .says = "{peer} refuses the connection for {host}. A VPC endpoint never does that: the "
	 "private address belongs to something else, or a firewall answers.", .fix = {"Correct the "
	 "record of {host} in the private hosted zone or DNS server to the address of the "
	 "{service} endpoint.", "Or allow TCP 443 to {ip} on the firewall."},
	 .confirm = {LINE_PEER_GROUPS, LINE_ZONES}},
	{.id = "tcp-refused", .symptoms = SYMPTOM(REFUSED), .cause = CAUSE_NET_REFUSED,
	 .says = "{peer} refuses the connection for {host}. Security groups and network ACLs never "
	 "do that: a firewall rejects it, or the address is not the service's."},
	{.id = "tcp-reset", .symptoms = SYMPTOM(RESET) | SYMPTOM(CLOSED), .cause = CAUSE_NET_RESET,
	 .shared = SHARED_ALL,
	 .says = "The connection to {hosts} ({peers}) is reset at once. Security groups and "
	 "network ACLs do not do that: a device on the path does.", .fix = {"Allow TCP 443 to "
	 "{host} on the firewall or proxy."}},
	{.id = "tcp-prohibited-by-hop", .symptoms = SYMPTOM(PROHIBITED), .has = FACT(HOP),
	 .cause = CAUSE_NET_UNREACHABLE, .shared = SHARED_ALL,
	 .says = "The router or firewall {hop} reports that the connection to {hosts} ({peers}) is "
	 "prohibited. Security groups and network ACLs never report anything.", .fix = {"Allow TCP "
	 "443 to {host} on {hop}."}},
	{.id = "tcp-prohibited", .symptoms = SYMPTOM(PROHIBITED), .cause = CAUSE_NET_UNREACHABLE,
	 .shared = SHARED_ALL,
	 .says = "A filter on this machine or next to it prohibits the connection to {hosts} "
	 "({peers}): {words}.", .fix = {"Remove the local rule (iptables, nftables, seccomp or "
	 "network policy) that prohibits TCP 443 to {host}."}, .confirm = {"nft list ruleset"}},
	{.id = "tcp-unreachable-by-hop", .symptoms = SYMPTOM(UNREACHABLE), .has = FACT(HOP),
	 .cause = CAUSE_NET_UNREACHABLE, .shared = SHARED_ALL,
	 .says = "The router {hop} reports that it has no route to {hosts} ({peers}).",
	 .fix = {"Add a route to {ip} on {hop} or behind it."}},
	{.id = "tcp-unreachable", .symptoms = SYMPTOM(UNREACHABLE), .cause = CAUSE_NET_UNREACHABLE,
	 .shared = SHARED_ALL,
	 .says = "This machine has no route to {hosts} ({peers}): it failed at once, nothing was "
	 "sent.", .fix = {"Add a default route, or an address of that IP version, to this "
	 "machine."}, .confirm = {"ip route get {ip}", LINE_ROUTES}},
	{.id = "tcp-no-address", .symptoms = SYMPTOM(NO_ADDRESS), .cause = CAUSE_NET_UNREACHABLE,
	 .says = "{host} has no address of an IP version that this machine has.",
	 .confirm = {"nslookup {host}"}},
	{.id = "tcp-local", .symptoms = SYMPTOM(LOCAL), .cause = CAUSE_CLIENT_CONFIG,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_UNREACHABLE},
	 .shared = SHARED_ALL,
	 .says = "This machine could not open a connection to {hosts} ({peers}): {words}.",
	 .verify = "The limits of this machine: descriptors, memory, source ports.",
	 .fix = {"Raise the limit that the error names, or free what is in use."},
	 .confirm = {"ss -s"}},
	{.id = "tcp-split-horizon", .symptoms = SYMPTOM(TIMEOUT),
	 .passed = EXPERIMENT_TCP_OTHER_ANSWER, .failed = {EXPERIMENT_TCP_RETRY},
	 .when = {resolvers_differ}, .unless = another_address_accepts,
	 .cause = CAUSE_DNS_SPLIT_HORIZON, .shared = SHARED_ALL,
	 .says = "The resolver {resolver} gives {peers} for {hosts}, which does not answer. The "
	 "VPC's own resolver {other_server} gives {other_answer}, which does. {resolver} does not "
	 "use the private hosted zone of the VPC endpoint."},
	{.id = "tcp-two-views", .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_TCP_OTHER_ANSWER, EXPERIMENT_TCP_RETRY}, .when = {resolvers_differ},
	 .unless = another_address_accepts, .cause = CAUSE_NET_SECURITY_GROUP,
	 .certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_DNS_SPLIT_HORIZON,
	 CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_NACL},
	 .says = "The resolver {resolver} gives {ip} for {host}, and the VPC's own resolver "
	 "{other_server} gives {other_answer}. Neither address answers.", .verify = "Which address "
	 "the pull is meant to use. For a VPC endpoint check the security groups and {resolver}, "
	 "for a public address the routes.", .fix = {FIX_TASK_EGRESS, FIX_ENDPOINT_INGRESS, "Make "
	 "{resolver} forward amazonaws.com and api.aws to the VPC's resolver, or set the DHCP "
	 "options to AmazonProvidedDNS."}, .confirm = {LINE_OWN_GROUPS, LINE_DHCP, LINE_ROUTES,
	 LINE_ZONES}},
	{.id = "tcp-port-range", .symptoms = SYMPTOM(TIMEOUT), .when = {ports_tell_a_range},
	 .cause = CAUSE_NET_PORT_RANGE,
	 .says = "Whether a connection to {host} passes depends on its source port: {passed_ports} "
	 "pass, {failed_ports} do not. A network ACL allows replies to a part of the ephemeral "
	 "ports only.", .fix = {"Network ACL of the subnet: allow TCP 1024-65535 in from "
	 "0.0.0.0/0, and out on the other side's subnet."}},
	{.id = "tcp-port-range-likely", .symptoms = SYMPTOM(TIMEOUT), .when = {ports_hint_a_range},
	 .cause = CAUSE_NET_PORT_RANGE, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_NET_LOSS},
	 .says = "Some connections to {host} pass, probably depending on their source port: "
	 "{passed_ports} pass, {failed_ports} do not."},
	{.id = "tcp-loss-proven", .symptoms = SYMPTOM(TIMEOUT), .when = {ports_deny_a_range},
	 .cause = CAUSE_NET_LOSS,
	 .says = "Connections to {host} ({peer}) pass sometimes, whatever their source port: "
	 "packets are lost, or one of several paths is dead."},
	{.id = "tcp-loss", .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_TCP_RETRY,
	 .cause = CAUSE_NET_LOSS, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_NET_PORT_RANGE, CAUSE_NET_NACL},
	 .says = "Connections to {host} ({peer}) pass sometimes: of more tries, those from ports "
	 "{passed_ports} passed, those from {failed_ports} did not. Packets are lost, or one of "
	 "several paths is dead."},
};
/* clang-format on */

const struct rule_part rules_tcp = RULE_PART(rows, .stages = STAGE(TCP));
