/* Connections that were answered, or failed at once: what says no says who it is. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"
#include "diagnose/ports.h"

/* A public address here and an endpoint's there, every try of the first in vain. Two public
 * addresses are no two views: S3 gives others each time. */
static bool split_horizon_differ(
	const struct context *context, const struct step *step, const struct step *made)
{
	return peer_is_public(context, step) && peer_is_inside(context, made) &&
		every_try_fails(context, step);
}

static bool other_answer_is_silent(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_TCP_OTHER_ANSWER);
	return made && made->outcome == OUTCOME_FAILED && split_horizon_differ(context, step, made);
}

static bool no_other_address_accepts(const struct context *context, const struct step *step)
{
	return !another_address_accepts(context, step);
}

static bool other_answer_accepts(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_TCP_OTHER_ANSWER);
	return made && made->outcome == OUTCOME_PASSED && split_horizon_differ(context, step, made);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "tcp-host-not-used", .endpoints = ENDPOINT(API) | ENDPOINT(S3),
		.when = {host_is_not_used}, .severity = SEVERITY_NOTE, .cause = CAUSE_S3_NO_ROUTE,
		.says = "{host} does not accept connections, which does no harm: the registry "
		"named another host."},
	{.id = "tcp-proxy", .step = {proxy_is_used}, .cause = CAUSE_PROXY_UNREACHABLE,
		.says = "The proxy {proxy} at {peer} does not let a connection through: {words}.",
		.fix = {"Correct the proxy's URL, start the proxy, or let this machine reach "
		"{peer}."}, .confirm = {LINE_OWN_GROUPS}},
	{.id = "tcp-family-not-here", .symptoms = SYMPTOM(NO_ADDRESS) | SYMPTOM(UNREACHABLE) |
		SYMPTOM(LOCAL), .when = {peer_family_is_missing, another_address_accepts},
		.severity = SEVERITY_NOTE, .cause = CAUSE_NET_UNREACHABLE,
		.says = "{peer} is of an IP version that this machine has no address of; {host} "
		"was reached on another address."},
	{.id = "tcp-refused-self", .symptoms = SYMPTOM(REFUSED), .peer = PEER(SELF),
		.cause = CAUSE_NET_REFUSED,
		.says = "{host} resolves to {peer}, which is this machine itself, and nothing "
		"listens there: a DNS firewall, a sinkhole or a hosts file answers so.",
		.fix = {"Allow {host} in the DNS firewall, or remove the entry that sends it "
		"here."}, .confirm = {LINE_DNS_FIREWALL, LINE_ZONES}},
	{.id = "tcp-refused-inside", .symptoms = SYMPTOM(REFUSED), .peer = PEER(INSIDE) |
		PEER(PRIVATE), .cause = CAUSE_NET_REFUSED,
		.says = "{peer} refuses the connection for {host}. An interface endpoint never "
		"does: the private address belongs to something else, or a firewall answers in its "
		"place.",
		.fix = {"Correct the record of {host} in the private hosted zone or DNS server so "
		"that it names the {service} endpoint.", "Or let the firewall on the path pass TCP "
		"443 to {ip}."}, .confirm = {LINE_PEER_GROUPS, LINE_ZONES}},
	{.id = "tcp-refused", .symptoms = SYMPTOM(REFUSED), .cause = CAUSE_NET_REFUSED,
		.says = "{peer} refuses the connection for {host}. Security groups and network "
		"ACLs stay silent, so a firewall rejects it, or the address is not the service's."},
	{.id = "tcp-reset", .symptoms = SYMPTOM(RESET) | SYMPTOM(CLOSED), .cause = CAUSE_NET_RESET,
		.says = "The connection to {peer} ({host}) is reset as it opens. Security groups "
		"and network ACLs do not do that: a device on the path does.",
		.fix = {"Let the firewall or proxy on the path pass TCP 443 to {host}."},
		.confirm = {LINE_ROUTES}},
	{.id = "tcp-prohibited-by-hop", .symptoms = SYMPTOM(PROHIBITED), .has = FACT(HOP),
		.cause = CAUSE_NET_UNREACHABLE,
		.says = "The router or firewall {hop} forbids the connection to {peer} ({host}) "
		"and says so. Security groups and network ACLs never answer.",
		.fix = {"Allow TCP 443 to {host} on {hop}."}},
	{.id = "tcp-prohibited", .symptoms = SYMPTOM(PROHIBITED), .cause = CAUSE_NET_UNREACHABLE,
		.says = "A filter on this machine or next to it forbids the connection to {peer} "
		"({host}): {words}.",
		.fix = {"Remove the local rule (iptables, nftables, seccomp or network policy) "
		"that forbids TCP 443 to {host}."}, .confirm = {"nft list ruleset"}},
	{.id = "tcp-unreachable-by-hop", .symptoms = SYMPTOM(UNREACHABLE), .has = FACT(HOP),
		.cause = CAUSE_NET_UNREACHABLE,
		.says = "The router {hop} has no route to {peer} ({host}) and says so.",
		.fix = {"Give the network behind {hop} a route to {ip}."}},
	{.id = "tcp-unreachable", .symptoms = SYMPTOM(UNREACHABLE), .cause = CAUSE_NET_UNREACHABLE,
		.says = "This machine has no route to {peer} ({host}): it failed at once, nothing "
		"was sent.",
		.fix = {"Give this machine a default route, or an address of that IP version."},
		.confirm = {"ip route get {ip}", LINE_ROUTES}},
	{.id = "tcp-no-address", .symptoms = SYMPTOM(NO_ADDRESS), .cause = CAUSE_NET_UNREACHABLE,
		.says = "{host} has no address of an IP version that this machine can use.",
		.confirm = {"nslookup {host}"}},
	{.id = "tcp-local", .symptoms = SYMPTOM(LOCAL), .cause = CAUSE_CLIENT_CONFIG,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_UNREACHABLE},
		.says = "This machine could not open the connection to {peer}: {words}."},
	{.id = "tcp-split-horizon", .symptoms = SYMPTOM(TIMEOUT),
		.when = {other_answer_accepts, no_other_address_accepts},
		.cause = CAUSE_DNS_SPLIT_HORIZON,
		.says = "The resolver {resolver} gives {ip} for {host}, which does not answer; the "
		"VPC's own resolver {other_server} gives {other_answer}, which does. {resolver} "
		"does not know the private zone of the VPC endpoint."},
	{.id = "tcp-two-views", .symptoms = SYMPTOM(TIMEOUT),
		.when = {other_answer_is_silent, no_other_address_accepts},
		.cause = CAUSE_NET_SECURITY_GROUP, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_DNS_SPLIT_HORIZON, CAUSE_NET_NO_EGRESS_ROUTE,
		CAUSE_NET_NACL},
		.says = "The resolver {resolver} gives {ip} for {host}, the VPC's own resolver "
		"{other_server} gives {other_answer}, and neither answers.",
		.verify = "Which of the two the pull is meant to use: to a VPC endpoint it is the "
		"security groups, and {resolver} besides; to a public address the route.",
		.fix = {FIX_TASK_EGRESS, FIX_ENDPOINT_INGRESS, "Make {resolver} forward "
		"amazonaws.com and api.aws to the VPC's resolver, or set the DHCP options to "
		"AmazonProvidedDNS."},
		.confirm = {LINE_OWN_GROUPS, LINE_DHCP, LINE_ROUTES, LINE_ZONES}},
	{.id = "tcp-port-range", .symptoms = SYMPTOM(TIMEOUT), .when = {ports_tell_a_range},
		.cause = CAUSE_NET_PORT_RANGE,
		.says = "Connections to {host} pass or fail by their source port: {passed_ports} "
		"pass, {failed_ports} do not. A network ACL allows replies to a part of the ports "
		"only.",
		.fix = {"Network ACL of the subnet: allow TCP 1024-65535 in from 0.0.0.0/0, not "
		"only a part of it; the same out on the other side's subnet."}},
	{.id = "tcp-port-range-likely", .symptoms = SYMPTOM(TIMEOUT), .when = {ports_hint_a_range},
		.cause = CAUSE_NET_PORT_RANGE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_LOSS},
		.says = "Some connections to {host} pass and some do not, and the source ports "
		"stand apart: {passed_ports} pass, {failed_ports} do not."},
	{.id = "tcp-loss-proven", .symptoms = SYMPTOM(TIMEOUT), .when = {ports_deny_a_range},
		.cause = CAUSE_NET_LOSS,
		.says = "Connections to {peer} ({host}) pass sometimes, and no range of source "
		"ports tells which: packets are lost, or one of several paths is dead.",
		.confirm = {"aws cloudwatch list-metrics{region_option} --namespace AWS/NATGateway "
		"--metric-name PacketsDropCount"}},
	{.id = "tcp-loss", .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_TCP_RETRY,
		.cause = CAUSE_NET_LOSS, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_PORT_RANGE, CAUSE_NET_NACL},
		.says = "Connections to {peer} ({host}) pass sometimes: of more tries from ports "
		"{passed_ports} passed, {failed_ports} did not. Packets are lost, or one of "
		"several paths is dead."},
};
/* clang-format on */

const struct rule_part rules_tcp = RULE_PART(STAGE(TCP), rows);
