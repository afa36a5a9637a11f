/* Connections to addresses inside the VPC that time out. Routes are always there, filters are not;
 * which one it is tells who else answers. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

/* clang-format off */
static const struct rule rows[] = {
	/* one of several addresses */
	{.id = "tcp-dead-address-inside", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(INSIDE) |
		PEER(PRIVATE), .when = {another_address_accepts}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_NET_NACL, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_LOSS},
		.says = "{peer} of {host} does not answer, other addresses of it do: the endpoint "
		"is dead in one zone. Pulls that pick this address will stall.",
		.verify = "All addresses of an endpoint share its security group, so look first at "
		"the network ACL of the subnet that {ip} is in.",
		.fix = {FIX_NACL, FIX_TASK_EGRESS}, .confirm = {LINE_PEER_GROUPS, LINE_NACL}},
	{.id = "tcp-dead-ipv6", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC), .family = 6,
		.when = {another_address_accepts}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL, CAUSE_NET_LOSS},
		.says = "{peer} of {host} does not answer over IPv6, other addresses of it do: "
		"most likely this subnet has no IPv6 route out. Pulls that try IPv6 first lose "
		"time.",
		.verify = "If the route table leads ::/0 to an egress-only or internet gateway, it "
		"is the security group or the network ACL.",
		.fix = {"Route ::/0 of this subnet to an egress-only internet gateway, and allow "
		"TCP 443 to ::/0."}, .confirm = {LINE_ROUTES, LINE_NACL}},
	{.id = "tcp-dead-address", .symptoms = SYMPTOM(TIMEOUT), .when = {another_address_accepts},
		.severity = SEVERITY_WARNING, .cause = CAUSE_NET_TIMEOUT,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_SECURITY_GROUP, CAUSE_NET_LOSS},
		.says = "{peer} of {host} does not answer, other addresses of it do. Pulls that "
		"pick this address will stall.",
		.verify = "Whether the same address fails on a second run: a filter by address "
		"does, loss does not.",
		.fix = {"Allow TCP 443 to all of the service's addresses, not to some of them, in "
		"security groups and network ACLs."}, .confirm = {LINE_NACL, LINE_OWN_GROUPS}},
	/* services of --also: the cause says which */
	{.id = "tcp-logs", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(LOGS),
		.cause = CAUSE_LOGS_NETWORK,
		.says = "CloudWatch Logs ({host}, {peer}) does not answer; a task with the awslogs "
		"driver does not start here."},
	{.id = "tcp-secrets", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(SECRETSMANAGER) |
		ENDPOINT(SSM) | ENDPOINT(KMS), .cause = CAUSE_SECRETS_NETWORK,
		.says = "{endpoint_name} ({host}, {peer}) does not answer; a task that takes "
		"secrets from it does not start here."},
	/* an address inside: routes are always there, filters are not */
	{.id = "tcp-endpoint-in-subnet", .symptoms = SYMPTOM(TIMEOUT), .when = {peer_is_in_subnet},
		.cause = CAUSE_NET_SECURITY_GROUP, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "{host} resolves to {peer} in this very subnet and does not answer. "
		"Neither routes nor network ACLs stand between, so a security group drops it: the "
		"endpoint's ingress or the task's egress.",
		.verify = "Whether a network interface still has the address {ip}; if so it is a "
		"security group.", .fix = {FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS},
		.confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS}},
	{.id = "tcp-endpoint-alone", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(INSIDE) |
		PEER(PRIVATE), .when = {inside_answers}, .cause = CAUSE_NET_SECURITY_GROUP,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "{host} resolves to the private address {peer} and does not answer, while "
		"another endpoint inside the VPC does. The security group of the {service} "
		"endpoint most likely does not let this subnet in.",
		.confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS, LINE_NACL}},
	{.id = "tcp-endpoint-not-outside", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(INSIDE) |
		PEER(PRIVATE), .when = {outside_answers}, .cause = CAUSE_NET_SECURITY_GROUP,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "{host} resolves to the private address {peer} and does not answer, while "
		"public addresses do. The task may talk to the outside, so most likely the "
		"security group of the {service} endpoint does not let it in.",
		.fix = {FIX_ENDPOINT_INGRESS, FIX_NACL},
		.confirm = {LINE_PEER_GROUPS, LINE_NACL}},
	{.id = "tcp-elsewhere", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PRIVATE),
		.cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} resolves to the private address {peer}, outside the ranges that "
		"this subnet is known to be in, and does not answer: another VPC's endpoint "
		"without a route to it, or a filter on the way.",
		.verify = "Whether the route table of this subnet leads {ip} to a transit gateway "
		"or peering and back; if it does, the security groups and network ACLs.",
		.fix = {"Route {ip} to the VPC of the endpoint (transit gateway or peering), and "
		"back.", FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS},
		.confirm = {LINE_ROUTES, LINE_ZONES, LINE_OWN_GROUPS}},
	{.id = "tcp-all-endpoints-silent", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(INSIDE) |
		PEER(PRIVATE), .when = {inside_is_silent}, .cause = CAUSE_NET_SECURITY_GROUP,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_NACL},
		.says = "{host} resolves to the private address {peer}; neither it nor the other "
		"endpoints inside the VPC answer. Most likely the task's security group allows "
		"nothing out on 443, or all endpoints share a group that does not let it in.",
		.verify = "The egress rules of the task's group, the ingress rules of the group on "
		"{ip}, then the network ACLs of both subnets.",
		.fix = {FIX_TASK_EGRESS, FIX_ENDPOINT_INGRESS, FIX_NACL},
		.confirm = {LINE_OWN_GROUPS, LINE_PEER_GROUPS, LINE_NACL}},
	{.id = "tcp-endpoint-silent", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(INSIDE) |
		PEER(PRIVATE), .cause = CAUSE_NET_SECURITY_GROUP, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "{host} resolves to the private address {peer} and does not answer: the "
		"endpoint's security group, the task's egress or a network ACL drops TCP 443.",
		.verify = "The rules of the group on {ip} and of the task's group, then the "
		"network ACLs of both subnets.",
		.confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS, LINE_NACL}},
};
/* clang-format on */

const struct rule_part rules_tcp_inside = RULE_PART(STAGE(TCP), rows);
