/* Subnets with IPv6 alone, and what stands in for IPv4 there. Names of AWS have AAAA records under
 * their dual-stack spelling only:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 * Others are reached by DNS64 and NAT64, 64:ff9b::/96 (RFC 6052):
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html */
#include "diagnose/lines.h"
#include "diagnose/names.h"
#include "diagnose/parts.h"

#define NO_WAY (SYMPTOM(NO_ADDRESS) | SYMPTOM(UNREACHABLE) | SYMPTOM(LOCAL))
#define FIX_NAT64                                                                            \
	"Or enable DNS64 in the subnet and route 64:ff9b::/96 to a NAT gateway, or give it " \
	"an IPv4 range besides."
#define LINE_NAT_GATEWAYS                                                                      \
	"aws ec2 describe-nat-gateways{region_option} --filter Name=vpc-id,Values={vpc_query}" \
	" --query 'NatGateways[].[NatGatewayId,SubnetId,State]'"

/* IPv6 is all that this machine has, and all that the endpoint lacks */
static bool lacks_ipv6(const struct context *context, const struct step *step)
{
	return machine_is_ipv6_only(context) && context_peer(step).family != 6 &&
		!host_is_not_used(context, step) && !proxy_is_used(step) &&
		!another_address_accepts(context, step);
}

static bool is_dual_stack(const struct context *context)
{
	return context->evidence->target.dualstack;
}

static bool dualstack_name_fails(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_DNS_DUALSTACK_NAME);
	return made && (made->symptom == SYMPTOM_NODATA || made->symptom == SYMPTOM_NXDOMAIN);
}

static bool peer_is_nat64(const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	return address_is_nat64(&address) && !host_is_not_used(context, step) &&
		!proxy_is_used(step);
}

/* neither this address nor another one that is translated accepts, however often it is tried */
/* the peer is one of them, and none accepts */
static bool nat64_is_silent(const struct context *context, const struct step *step)
{
	if (!peer_is_nat64(context, step))
		return false;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		struct address address = context_peer(other);
		if (other->stage == STAGE_TCP && other->outcome == OUTCOME_PASSED &&
			address_is_nat64(&address))
			return false;
	}
	return !context_experiment_passed(context, step, EXPERIMENT_TCP_RETRY);
}

/* clang-format off */
static const struct rule rows[] = {
	/* no AAAA record */
	{.id = "tcp-ipv6-only-foreseen", .symptoms = NO_WAY, .endpoints = ENDPOINT(S3),
		.when = {lacks_ipv6}, .run = {is_dual_stack, redirect_is_unknown},
		.severity = SEVERITY_WARNING, .cause = CAUSE_NET_IPV6_ONLY,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_S3_NO_ROUTE},
		.says = "This machine has IPv6 only, and the layer host that was foreseen, {host}, "
		"has no IPv6 address; a dual-stack registry may redirect to another that has.",
		.verify = "Where the registry redirects to, which this run did not reach.",
		.fix = {"Mend what broke before, then run again."}, .confirm = {LINE_AAAA}},
	{.id = "tcp-ipv6-only-hidden", .symptoms = NO_WAY, .registry = PRIVATE_ECR,
		.when = {lacks_ipv6, name_is_dualstack}, .cause = CAUSE_NET_IPV6_ONLY,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_NODATA},
		.says = "This machine has IPv6 only. {host} is a dual-stack name, yet the resolver "
		"has no AAAA record for it: a private hosted zone, a DNS firewall or an endpoint "
		"with IPv4 addresses only stands before it.",
		.fix = {"Add the AAAA record to the private hosted zone, or remove the zone; give "
		"the {service} endpoint, where there is one, the IP address type dualstack.",
		FIX_NAT64},
		.confirm = {LINE_AAAA, LINE_ZONES, LINE_VPC_ENDPOINT, LINE_DNS_FIREWALL}},
	{.id = "tcp-ipv6-only-redirect", .symptoms = NO_WAY, .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .when = {lacks_ipv6}, .run = {is_dual_stack},
		.cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and the dual-stack registry sends for the "
		"layers to {host}, which has no AAAA record. {dualstack_host} would be its "
		"dual-stack name, but the registry chooses where it sends: no name in the image "
		"changes that."},
	{.id = "tcp-ipv6-only-nameless", .symptoms = NO_WAY, .registry = PRIVATE_ECR,
		.when = {lacks_ipv6, dualstack_name_fails}, .cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and {host} has no AAAA record; nor has its "
		"dual-stack name {dualstack_host} here.",
		.fix = {"Enable DNS64 in the subnet and route 64:ff9b::/96 to a NAT gateway, or "
		"give it an IPv4 range besides.", "Or make the resolver answer for "
		"{dualstack_host}, if a private hosted zone or DNS firewall hides it."},
		.confirm = {"nslookup -type=AAAA {dualstack_host}", LINE_SUBNET, LINE_ZONES}},
	{.id = "tcp-ipv6-only-dkr", .symptoms = NO_WAY, .endpoints = ENDPOINT(DKR),
		.registry = PRIVATE_ECR, .when = {lacks_ipv6}, .cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and the registry's name {host} has no AAAA "
		"record. Its dual-stack name is {dualstack_host}.",
		.fix = {"Name the image {dualstack_host}/{repository}.", FIX_NAT64}},
	{.id = "tcp-ipv6-only-s3", .symptoms = NO_WAY, .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .when = {lacks_ipv6}, .cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and the layer host {host} has no AAAA record. "
		"Its dual-stack name is {dualstack_host}; only a registry under its own dual-stack "
		"name can send there.",
		.fix = {"Name the image {dualstack_registry}/{repository}.", FIX_NAT64}},
	{.id = "tcp-ipv6-only-api", .symptoms = NO_WAY, .endpoints = ENDPOINT(API),
		.registry = PRIVATE_ECR, .when = {lacks_ipv6}, .cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and the API's name {host} has no AAAA record. "
		"Its dual-stack name is {dualstack_host}.",
		.fix = {"Name the image {dualstack_registry}/{repository}, and let what logs in "
		"ask {dualstack_host}: AWS_USE_DUALSTACK_ENDPOINT=true.", FIX_NAT64}},
	{.id = "tcp-ipv6-only", .symptoms = NO_WAY, .registry = PRIVATE_ECR, .when = {lacks_ipv6},
		.cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and {host} ({endpoint_name}) has no AAAA "
		"record. Its dual-stack name is {dualstack_host}.",
		.fix = {"Let what asks it ask {dualstack_host}: AWS_USE_DUALSTACK_ENDPOINT=true, "
		"for the probe, too.", FIX_NAT64}},
	{.id = "tcp-ipv6-only-other", .symptoms = NO_WAY, .when = {lacks_ipv6},
		.cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and {host} has no AAAA record."},
	/* an AAAA record that DNS64 made */
	{.id = "tcp-nat64-beside", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(UNREACHABLE),
		.when = {another_address_accepts, nat64_is_silent}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL, CAUSE_NET_LOSS},
		.says = "{peer}, which DNS64 made of {translated_ip}, does not answer; another "
		"address of {host} does. Most likely 64:ff9b::/96 is not routed to a NAT gateway. "
		"Pulls that try IPv6 first lose time.",
		.verify = "Whether the route table of this subnet has 64:ff9b::/96.",
		.fix = {"Route 64:ff9b::/96 of this subnet to a NAT gateway, or switch DNS64 off: "
		"this machine has IPv4."}, .confirm = {LINE_ROUTES, LINE_SUBNET}},
	{.id = "tcp-nat64-unreachable", .symptoms = SYMPTOM(UNREACHABLE), .when = {nat64_is_silent},
		.cause = CAUSE_NET_UNREACHABLE,
		.says = "{host} has no AAAA record of its own: DNS64 made {ip} of {translated_ip}, "
		"and there is no route to it: {words}.",
		.fix = {"Route 64:ff9b::/96 of this subnet to a NAT gateway.",
		"Or use the dual-stack name, {dualstack_host}."},
		.confirm = {LINE_ROUTES, LINE_NAT_GATEWAYS}},
	{.id = "tcp-nat64-silent", .symptoms = SYMPTOM(TIMEOUT), .when = {nat64_is_silent},
		.cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} has no AAAA record of its own: DNS64 made {ip} of {translated_ip}, "
		"and no address under 64:ff9b::/96 answers. Most likely the route table of this "
		"subnet does not lead 64:ff9b::/96 to a NAT gateway, or the gateway has no way "
		"out.",
		.verify = "If the route is there and the gateway's own subnet leads 0.0.0.0/0 to "
		"an internet gateway, it is the security group or network ACL: they must allow TCP "
		"443 to 64:ff9b::/96.",
		.fix = {"Route 64:ff9b::/96 of this subnet to a NAT gateway whose subnet routes "
		"0.0.0.0/0 to an internet gateway.", "Or use the dual-stack name, {dualstack_host},"
		" which needs no translation.", "Security group and network ACL: allow TCP 443 out "
		"to ::/0."}, .confirm = {LINE_ROUTES, LINE_NAT_GATEWAYS, LINE_NACL}},
	/* what this run did not need, and the platform does: Fargate was seen to log in by the * *
	 * * * * * API's IPv4 name even for an image under a dual-stack one * * * * * *
	 * https://github.com/aws/containers-roadmap/issues/2792 */
	{.id = "tcp-fargate-api-ipv4", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(UNREACHABLE),
		.endpoints = ENDPOINT(API), .family = 4, .when = {another_address_accepts},
		.run = {is_fargate, is_dual_stack}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_NET_IPV6_ONLY, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_TIMEOUT},
		.says = "{peer} of {host} does not answer over IPv4; over IPv6 it does. In subnets "
		"that have both, Fargate was seen to log in by {plain_host}, which has IPv4 only, "
		"whatever the image's name: its pull may break here where this one works.",
		.verify = "Whether a task of this image starts in this subnet.",
		.fix = {FIX_ADD_ENDPOINT, FIX_NAT, "Or run the task in a subnet with IPv6 alone."},
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT}},
};
/* clang-format on */

const struct rule_part rules_ipv6 = RULE_PART(STAGE(TCP), rows);
