/* Subnets with IPv6 alone, and what stands in for IPv4 there. Names of AWS have AAAA records under
 * their dual-stack spelling only:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 * Others are reached by DNS64 and NAT64, 64:ff9b::/96 (RFC 6052):
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define FIX_NAT64                                                                                \
	"Or enable DNS64 in the subnet and route 64:ff9b::/96 to a NAT gateway, or add an IPv4 " \
	"range to the subnet."
#define LINE_NAT_GATEWAYS                                            \
	"aws ec2 describe-nat-gateways{own_region_option} --filter " \
	"Name=vpc-id,Values={vpc_query} --query 'NatGateways[].[NatGatewayId,SubnetId,State]'"

/* no address of the host is one that this machine, which has IPv6 only, can use */
static bool lacks_ipv6(const struct context *context, const struct step *step)
{
	return context_peer(step).family != 6 && !host_is_not_used(context, step) &&
		!another_address_accepts(context, step);
}

/* AWS says that it has AAAA records */
static bool name_is_dualstack(const struct context *context, const struct step *step)
{
	const struct partition *partition = context->evidence->target.partition;
	return text_holds(step->host, T(".dkr-ecr")) || text_holds(step->host, T(".dualstack.")) ||
		(partition && text_ends(step->host, partition->dualstack_suffix));
}

/* the peer is a translated address, and none of those accepts, however often it is tried */
static bool nat64_is_silent(const struct context *context, const struct step *step)
{
	struct address peer = context_peer(step);
	if (!address_is_nat64(&peer) || host_is_not_used(context, step))
		return false;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		struct address address = context_peer(other);
		if (other->stage == STAGE_TCP && other->outcome == OUTCOME_PASSED &&
			address_is_nat64(&address))
			return false;
	}
	return !context_tried(context, step, EXPERIMENT_TCP_RETRY, OUTCOME_PASSED);
}

/* clang-format off */
/* no AAAA record */
static const struct rule rows[] = {
	{"tcp-ipv6-only-foreseen", OPEN, {CAUSE_NET_IPV6_ONLY, CAUSE_S3_NO_ROUTE},
	 .endpoints = ENDPOINT(S3), .run = RUN(DUAL_STACK) | RUN(REDIRECT_UNKNOWN),
	 .severity = SEVERITY_WARNING,
	 .says = "This machine has IPv6 only, and the expected layer host {host} has no IPv6 "
	 "address. A dual-stack registry may redirect to a host that has one.", .verify = "Where "
	 "the registry redirects to; this run did not get that far.", .fix = {"Correct the failure "
	 "before it, then run again."}, .confirm = {LINE_AAAA}},
	{"tcp-ipv6-only-hidden", LIKELY, {CAUSE_NET_IPV6_ONLY, CAUSE_DNS_NODATA},
	 .registry = PRIVATE_ECR, .when = {name_is_dualstack}, .shared = SHARED_ALL,
	 .says = "This machine has IPv6 only. The resolver has no AAAA record for the dual-stack "
	 "name {hosts}: a private hosted zone, a DNS firewall or a VPC endpoint with IPv4 "
	 "addresses only hides the record.", .fix = {"Add the AAAA record to the private hosted "
	 "zone, or remove the zone.", "Set the IP address type of the {service} VPC endpoint, if "
	 "there is one, to dualstack.", FIX_NAT64}, .confirm = {LINE_AAAA, LINE_ZONES,
	 LINE_VPC_ENDPOINT, LINE_DNS_FIREWALL}},
	{"tcp-ipv6-only-redirect", PROVEN, {CAUSE_NET_IPV6_ONLY}, .endpoints = ENDPOINT(S3),
	 .registry = PRIVATE_ECR, .run = RUN(DUAL_STACK),
	 .says = "This machine has IPv6 only, and the dual-stack registry redirects to {host}, "
	 "which has no AAAA record. The registry chooses this host: no image name makes it "
	 "redirect to the dual-stack name {dualstack_host}."},
	{"tcp-ipv6-only-nameless", PROVEN, {CAUSE_NET_IPV6_ONLY}, .registry = PRIVATE_ECR,
	 .tried = TRIED(DNS_DUALSTACK_NAME, .symptoms = SYMPTOM(NODATA) | SYMPTOM(NXDOMAIN)),
	 .says = "This machine has IPv6 only. {host} has no AAAA record, and its dual-stack name "
	 "{dualstack_host} does not resolve to one here either.", .fix = {"Enable DNS64 in the "
	 "subnet and route 64:ff9b::/96 to a NAT gateway, or add an IPv4 range to the subnet.",
	 "Or make the resolver answer for {dualstack_host}, if a private hosted zone or DNS "
	 "firewall hides it."}, .confirm = {"nslookup -type=AAAA {dualstack_host}", LINE_SUBNET,
	 LINE_ZONES}},
	{"tcp-ipv6-only-registry", PROVEN, {CAUSE_NET_IPV6_ONLY}, .endpoints = ENDPOINT(DKR) |
	 ENDPOINT(S3), .registry = PRIVATE_ECR,
	 .says = "This machine has IPv6 only, and {host} ({endpoint_name}) has no AAAA record. Its "
	 "dual-stack name is {dualstack_host}.", .fix = {"Pull the image by "
	 "{dualstack_registry}/{repository}: it redirects to the dual-stack name of the layers.",
	 FIX_NAT64}},
	{"tcp-ipv6-only-api", PROVEN, {CAUSE_NET_IPV6_ONLY}, .endpoints = ENDPOINT(API),
	 .registry = PRIVATE_ECR,
	 .says = "This machine has IPv6 only, and the API {host} has no AAAA record. Its "
	 "dual-stack name is {dualstack_host}.", .fix = {"Pull the image by "
	 "{dualstack_registry}/{repository}, and set AWS_USE_DUALSTACK_ENDPOINT=true for the "
	 "client that asks {dualstack_host} for the token.", FIX_NAT64}},
	{"tcp-ipv6-only", PROVEN, {CAUSE_NET_IPV6_ONLY}, .registry = PRIVATE_ECR,
	 .says = "This machine has IPv6 only, and {host} ({endpoint_name}) has no AAAA record. Its "
	 "dual-stack name is {dualstack_host}.", .fix = {"Set AWS_USE_DUALSTACK_ENDPOINT=true for "
	 "the clients of {dualstack_host} and for the probe.", FIX_NAT64}},
	{"tcp-ipv6-only-other", PROVEN, {CAUSE_NET_IPV6_ONLY}, .shared = SHARED_ALL,
	 .says = "This machine has IPv6 only, and DNS has no AAAA record for {hosts}."},
};

/* an AAAA record that DNS64 made, or none that Fargate uses */
static const struct rule translated_rows[] = {
	{"tcp-nat64-beside", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL, CAUSE_NET_LOSS}, .when = {another_address_accepts, nat64_is_silent},
	 .severity = SEVERITY_WARNING, .shared = SHARED_ALL,
	 .says = "Another address of {hosts} answers, but not {peers}, which DNS64 made of "
	 "{translated_ip}. Most likely 64:ff9b::/96 has no route to a NAT gateway. Pulls that try "
	 "IPv6 first lose time.", .verify = "Whether the route table of this subnet has "
	 "64:ff9b::/96.", .fix = {"Route 64:ff9b::/96 of this subnet to a NAT gateway, or disable "
	 "DNS64: this machine has IPv4."}, .confirm = {LINE_ROUTES, LINE_SUBNET}},
	{"tcp-nat64-unreachable", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(UNREACHABLE),
	 .when = {nat64_is_silent}, .shared = SHARED_ALL,
	 .says = "There is no AAAA record for {hosts}. DNS64 made {ip} of {translated_ip}, and "
	 "there is no route to it: {words}.", .fix = {"Route 64:ff9b::/96 of this subnet to a NAT "
	 "gateway.", "Or use the dual-stack name, {dualstack_host}."}, .confirm = {LINE_ROUTES,
	 LINE_NAT_GATEWAYS}},
	{"tcp-nat64-silent", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .when = {nat64_is_silent},
	 .shared = SHARED_ALL,
	 .says = "There is no AAAA record for {hosts}. DNS64 made {ip} of {translated_ip}, and no "
	 "address under 64:ff9b::/96 answers. Most likely this subnet has no route of 64:ff9b::/96 "
	 "to a NAT gateway, or the gateway has no route to the internet.", .verify = "The route "
	 "tables of this subnet and of the NAT gateway's. If both routes exist, the security group "
	 "or network ACL does not allow TCP 443 to 64:ff9b::/96.", .fix = {"Route 64:ff9b::/96 of "
	 "this subnet to a NAT gateway whose subnet routes 0.0.0.0/0 to an internet gateway.", "Or "
	 "use the dual-stack name, {dualstack_host}, which needs no translation.", "Security group "
	 "and network ACL: allow TCP 443 out to ::/0."}, .confirm = {LINE_ROUTES, LINE_NAT_GATEWAYS,
	 LINE_NACL}},
	/* Fargate was seen to use the API's IPv4 name even for an image under a dual-stack one:
	 * https://github.com/aws/containers-roadmap/issues/2792 */
	{"tcp-fargate-api-ipv4", LIKELY, {CAUSE_NET_IPV6_ONLY, CAUSE_NET_NO_EGRESS_ROUTE,
	 CAUSE_NET_TIMEOUT}, .endpoints = ENDPOINT(API), .family = 4,
	 .when = {another_address_accepts}, .run = RUN(FARGATE) | RUN(DUAL_STACK),
	 .severity = SEVERITY_WARNING,
	 .says = "{peer} of {host} does not answer over IPv4; over IPv6 the host answers. In "
	 "subnets with both, Fargate may ask {plain_host} for the token, which has IPv4 only, "
	 "whatever the image's name: its pull may fail here.", .verify = "Whether a task of this "
	 "image starts in this subnet.", .fix = {FIX_ADD_ENDPOINT, FIX_NAT, "Or run the task in a "
	 "subnet with IPv6 alone."}, .confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT}},
};
/* clang-format on */

const struct rule_part rules_ipv6 = RULE_PART(rows, .stages = STAGE(TCP), .run = RUN(IPV6_ONLY),
	.symptoms = SYMPTOM(NO_ADDRESS) | SYMPTOM(UNREACHABLE) | SYMPTOM(LOCAL),
	.lacks = FACT(PROXY), .when = {lacks_ipv6});
const struct rule_part rules_ipv6_translated = RULE_PART(translated_rows, .stages = STAGE(TCP),
	.symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(UNREACHABLE), .lacks = FACT(PROXY));
