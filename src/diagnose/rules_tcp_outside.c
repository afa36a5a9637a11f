/* Connections to public addresses that time out. Security group, network ACL and missing route all
 * look alike from here; what tells them apart is who else answers. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool control_s3_answers(const struct context *context, const struct step *step)
{
	return s3_answers(context, step);
}

static bool nothing_answers(const struct context *context, const struct step *step)
{
	return !anything_answers(context, step);
}

/* clang-format off */
static const struct rule rows[] = {
	/* a proxy stands in the environment, and nothing leads out without it */
	{.id = "tcp-proxy-not-used", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC),
		.when = {proxy_is_configured, nothing_answers}, .cause = CAUSE_PROXY_NOT_USED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_NET_NO_EGRESS_ROUTE,
		CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} ({peer}) does not answer, and the proxy {proxy} is configured "
		"here. If only the proxy leads out, the pull fails: on Fargate it does not use "
		"one."},
	/* S3, by its public addresses */
	{.id = "tcp-s3-other-region", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .when = {bucket_is_of_other_region},
		.cause = CAUSE_S3_NO_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} ({peer}) is a bucket of another Region and does not answer: an S3 "
		"gateway endpoint covers its own Region only, and there seems to be no NAT.",
		.verify = "If this subnet has a NAT route, it is the task's security group or the "
		"network ACL.",
		.fix = {"Replicate the repository into this Region and pull it from here: aws ecr "
		"put-replication-configuration", FIX_NAT},
		.confirm = {LINE_ROUTES, LINE_OWN_GROUPS}},
	{.id = "tcp-s3-port", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.passed = EXPERIMENT_TCP_PORT_80, .registry = PRIVATE_ECR, .peer = PEER(PUBLIC),
		.cause = CAUSE_S3_SECURITY_GROUP, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NACL},
		.says = "S3 ({peer}) answers on port 80 and not on 443: there is a route, and a "
		"filter by port on it.",
		.verify = "The egress rules of the task's group, then the network ACL of the "
		"subnet.", .fix = {FIX_S3_EGRESS, FIX_S3_NACL},
		.confirm = {LINE_OWN_GROUPS, LINE_PREFIX_LIST, LINE_NACL}},
	{.id = "tcp-s3-some", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .when = {control_s3_answers},
		.cause = CAUSE_S3_SECURITY_GROUP, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_LOSS},
		.says = "{peer} ({host}) does not answer while another S3 address of the Region "
		"does: the route is there, and a filter lets some of S3's addresses through only.",
		.verify = "Whether the task's group or the network ACL lists address ranges for S3 "
		"in place of the prefix list.", .fix = {FIX_S3_EGRESS, FIX_S3_NACL},
		.confirm = {LINE_OWN_GROUPS, LINE_NACL, LINE_PREFIX_LIST}},
	{.id = "tcp-s3-not-outside", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .when = {outside_answers},
		.cause = CAUSE_S3_SECURITY_GROUP, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_NACL, CAUSE_S3_NO_ROUTE},
		.says = "S3 ({peer}) does not answer while other public addresses do: this subnet "
		"has a way out, and S3's addresses are kept from it by a security group, a network "
		"ACL, or a route of their own.",
		.verify = "The egress rules of the task's group, the network ACL, and where the "
		"route table sends S3's prefix list."},
	{.id = "tcp-s3-no-route", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .when = {inside_answers},
		.cause = CAUSE_S3_NO_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "The endpoints inside the VPC answer, S3 ({peer}) does not, and nothing "
		"outside was seen to. Most likely the route table of this subnet has no S3 gateway "
		"endpoint, and there is no NAT.",
		.verify = "If the route table shows the S3 prefix list with a vpce- target, it is "
		"the task's security group (egress to the prefix list) or the network ACL.",
		.fix = {FIX_S3_GATEWAY, FIX_S3_EGRESS, FIX_S3_NACL}},
	{.id = "tcp-s3-all-silent", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .when = {inside_is_silent},
		.cause = CAUSE_S3_SECURITY_GROUP, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NACL, CAUSE_S3_NO_ROUTE},
		.says = "Neither S3 ({peer}) nor the endpoints inside the VPC answer, which no "
		"missing route explains: most likely the task's security group allows nothing out "
		"on 443."},
	{.id = "tcp-s3-silent", .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
		.registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .cause = CAUSE_S3_NO_ROUTE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "S3 ({peer}) does not answer: no S3 gateway endpoint on this subnet's "
		"route table and no NAT, or a filter."},
	/* other services by their public addresses */
	{.id = "tcp-public-alone", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC),
		.when = {outside_answers}, .cause = CAUSE_NET_SECURITY_GROUP,
		.certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_TIMEOUT},
		.says = "{host} ({peer}) does not answer, while other public addresses do: this "
		"subnet has a way out, and this address is kept from it by a filter, or is not the "
		"service's.",
		.verify = "Whether {ip} is an address of {host} outside this VPC as well; then "
		"security group, network ACL and firewall, by address.",
		.fix = {"Allow TCP 443 to {ip} in the task's security group, the subnet's network "
		"ACL and the firewall on the path."},
		.confirm = {"nslookup {host}", LINE_OWN_GROUPS, LINE_NACL}},
	{.id = "tcp-port-443-closed", .symptoms = SYMPTOM(TIMEOUT),
		.passed = EXPERIMENT_TCP_PORT_80, .peer = PEER(PUBLIC),
		.cause = CAUSE_NET_SECURITY_GROUP, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "{host} ({peer}) does not answer on port 443, nor does anything outside, "
		"while port 80 of S3 does: there is a way out, and a filter by port on it.",
		.verify = "The egress rules of the task's group, then the network ACL and the "
		"firewall on the path; with an S3 gateway endpoint the way to S3 says nothing of "
		"others.",
		.fix = {"Allow TCP 443 to 0.0.0.0/0 in the task's security group, the subnet's "
		"network ACL and the firewall on the path."}},
	{.id = "tcp-ipv6-no-egress", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC),
		.family = 6, .cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} ({peer}) does not answer over IPv6, and nothing else outside does: "
		"most likely the subnet has no IPv6 route out.",
		.verify = "If the route table leads ::/0 to an egress-only or internet gateway, it "
		"is the task's security group or the network ACL.",
		.fix = {"Route ::/0 of this subnet to an egress-only internet gateway.",
		"Security group and network ACL: allow TCP 443 to ::/0."}},
	{.id = "tcp-no-endpoint", .symptoms = SYMPTOM(TIMEOUT), .registry = PRIVATE_ECR,
		.peer = PEER(PUBLIC), .when = {anything_answers},
		.cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} resolves to the public address {peer}, and nothing outside was "
		"seen to answer, while VPC endpoints do: the {service} endpoint is missing here or "
		"its private DNS is off, and there is no NAT.",
		.verify = "If this subnet has a NAT route, it is the task's security group (egress "
		"to 0.0.0.0/0) or the network ACL.",
		.confirm = {LINE_VPC_ENDPOINT, LINE_ROUTES, LINE_OWN_GROUPS}},
	{.id = "tcp-all-silent", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC),
		.when = {inside_is_silent}, .cause = CAUSE_NET_SECURITY_GROUP,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_NACL, CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "Neither {host} ({peer}) nor the endpoints inside the VPC answer, which no "
		"missing route explains: most likely the task's security group allows nothing out "
		"on 443.",
		.verify = "The egress rules of the task's group, then the network ACL, then the "
		"routes.",
		.fix = {"Security group of the task: allow egress TCP 443 to 0.0.0.0/0.",
		"With endpoints alone: to the VPC's range and the prefix list "
		"com.amazonaws.{region}.s3.", FIX_ADD_ENDPOINT, FIX_NAT}},
	{.id = "tcp-no-egress", .symptoms = SYMPTOM(TIMEOUT), .registry = PRIVATE_ECR,
		.peer = PEER(PUBLIC), .cause = CAUSE_NET_NO_EGRESS_ROUTE,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} resolves to the public address {peer}, and nothing answers from "
		"here: no NAT, no public IP in a public subnet, and no {service} endpoint with "
		"private DNS.",
		.confirm = {LINE_ROUTES, LINE_VPC_ENDPOINT, LINE_OWN_GROUPS, LINE_NACL}},
	{.id = "tcp-no-egress-other", .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC),
		.cause = CAUSE_NET_NO_EGRESS_ROUTE, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} ({peer}) does not answer, and no public address does: this subnet "
		"has no way out. No VPC endpoint serves this registry.",
		.fix = {"Route 0.0.0.0/0 of this subnet to a NAT gateway; in a public subnet run "
		"the task with assignPublicIp=ENABLED.", "Or pull through an ECR pull-through "
		"cache, which VPC endpoints serve once the image is cached."}},
	{.id = "tcp-timeout", .symptoms = SYMPTOM(TIMEOUT), .cause = CAUSE_NET_TIMEOUT,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_NET_NO_EGRESS_ROUTE,
		CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
		.says = "{host} ({peer}) does not answer on port 443 within {seconds}.",
		.verify = "Whether {ip} is the service's address; then routes, security groups, "
		"network ACLs.",
		.fix = {"Check what {host} resolves to, and let TCP 443 from {own_ip} reach it."},
		.confirm = {"nslookup {host}", LINE_ROUTES, LINE_OWN_GROUPS, LINE_NACL}},
	{.id = "tcp-failed", .cause = CAUSE_NET_TIMEOUT, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_NET_UNREACHABLE, CAUSE_NET_REFUSED,
		CAUSE_NET_NO_EGRESS_ROUTE},
		.says = "The connection to {peer} ({host}) failed: {words}."},
};
/* clang-format on */

const struct rule_part rules_tcp_outside = RULE_PART(STAGE(TCP), rows);
