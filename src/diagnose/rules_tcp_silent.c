/* Connections that time out. Inside the VPC routes always exist and filters may not; to public
 * addresses a security group, a network ACL and a missing route all look alike. What tells them
 * apart is who else answers. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"
#include "model/hosts.h"

#define SECRETS (ENDPOINT(SECRETSMANAGER) | ENDPOINT(SSM) | ENDPOINT(KMS))
#define FIX_ALL_EGRESS                                                                          \
	"Security group of the task: allow egress TCP 443 to 0.0.0.0/0, or to the VPC's range " \
	"and the prefix list com.amazonaws.{region}.s3."
#define LINE_CLUSTER                                                      \
	"aws eks describe-cluster{region_option} --name CLUSTER --query " \
	"cluster.resourcesVpcConfig"

/* "BUCKET.s3.us-east-1.amazonaws.com", "BUCKET.s3.dualstack.us-east-1.amazonaws.com" */
static bool bucket_is_of_other_region(const struct context *context, const struct step *step)
{
	struct text region = context_own_region(context);
	struct text rest = step->host;
	text_cut(&rest, T(".s3."));
	if (text_starts(rest, T("dualstack.")))
		text_cut(&rest, T("."));
	struct text theirs = text_cut(&rest, T("."));
	return region.len && partition_of_region(theirs) && !text_equal(theirs, region);
}

/* clang-format off */
static const struct rule rows[] = {
	/* one of several addresses */
	{"tcp-dead-address-inside", LIKELY, {CAUSE_NET_NACL, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_LOSS}, .peer = PEER_NEAR, .when = {another_address_accepts},
	 .severity = SEVERITY_WARNING,
	 .says = "{peers} of {host} does not answer; other addresses of it do. The endpoint is not "
	 "reachable in one zone, and pulls that pick this address stall.", .verify = "The network "
	 "ACL of the subnet of {ip} first: all addresses of an endpoint share its security group.",
	 .fix = {FIX_NACL, FIX_TASK_EGRESS}, .confirm = {LINE_PEER_GROUPS, LINE_NACL}},
	{"tcp-dead-ipv6", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL, CAUSE_NET_LOSS}, .peer = PEER(PUBLIC), .family = 6,
	 .when = {another_address_accepts}, .severity = SEVERITY_WARNING, .shared = SHARED_ALL,
	 .says = "{hosts} does not answer over IPv6 ({peers}); other addresses answer. Most likely "
	 "this subnet has no IPv6 route to the internet. Pulls that try IPv6 first lose time.",
	 .verify = "The route table. If it routes ::/0 to an egress-only or internet gateway, the "
	 "security group or network ACL blocks it.", .fix = {"Route ::/0 of this subnet to an "
	 "egress-only internet gateway, and allow TCP 443 to ::/0."}, .confirm = {LINE_ROUTES,
	 LINE_NACL}},
	{"tcp-dead-address", OPEN, {CAUSE_NET_TIMEOUT, CAUSE_NET_NACL, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_LOSS}, .when = {another_address_accepts}, .severity = SEVERITY_WARNING,
	 .says = "{peers} of {host} does not answer; other addresses of it do. Pulls that pick "
	 "this address stall.", .verify = "Whether the same address fails on a second run: a "
	 "filter by address does, loss does not.", .fix = {"Allow TCP 443 to all of the service's "
	 "addresses in security groups and network ACLs."}, .confirm = {LINE_NACL,
	 LINE_OWN_GROUPS}},
	/* services of --also: the cause says which; a private address is an endpoint's */
	{"tcp-logs-endpoint", PROVEN, {CAUSE_LOGS_NETWORK}, .endpoints = ENDPOINT(LOGS),
	 .peer = PEER_NEAR,
	 .says = "The VPC endpoint of CloudWatch Logs ({host}, {peers}) does not answer. A task "
	 "with the awslogs driver does not start here.", .fix = {FIX_ENDPOINT_INGRESS,
	 FIX_TASK_EGRESS, FIX_NACL}, .confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS, LINE_NACL}},
	{"tcp-logs", PROVEN, {CAUSE_LOGS_NETWORK}, .endpoints = ENDPOINT(LOGS),
	 .says = "CloudWatch Logs ({host}, {peers}) does not answer. A task with the awslogs "
	 "driver does not start here."},
	{"tcp-secrets-endpoint", PROVEN, {CAUSE_SECRETS_NETWORK}, .endpoints = SECRETS,
	 .peer = PEER_NEAR,
	 .says = "The VPC endpoint of {endpoint_name} ({host}, {peers}) does not answer. A task "
	 "with secrets from it does not start here.", .fix = {FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS,
	 FIX_NACL}, .confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS, LINE_NACL}},
	{"tcp-secrets", PROVEN, {CAUSE_SECRETS_NETWORK}, .endpoints = SECRETS,
	 .says = "{endpoint_name} ({host}, {peers}) does not answer. A task with secrets from it "
	 "does not start here."},
	/* the address of a cluster's API server inside the VPC is its private access */
	{"tcp-cluster-inside", OPEN, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE}, .endpoints = ENDPOINT(CLUSTER), .peer = PEER_NEAR,
	 .says = "The API server of the EKS cluster ({host}, {peers}) does not answer at its "
	 "private address, so a node here cannot join the cluster.", .verify = "The security group "
	 "of the cluster, the egress rules of the node's group, then the network ACLs of both "
	 "subnets.", .fix = {"Security group of the cluster: allow ingress TCP 443 from {own_ip} "
	 "or from the nodes' group.", FIX_NACL}, .confirm = {LINE_CLUSTER, LINE_NACL}},
	{"tcp-cluster-outside", OPEN, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .endpoints = ENDPOINT(CLUSTER), .peer = PEER(PUBLIC),
	 .says = "The API server of the EKS cluster ({host}) has a public address here ({peers}) "
	 "that does not answer: the cluster's private access is off, or the resolver is not the "
	 "VPC's; and there is no way out, or the cluster's public access does not allow it.",
	 .verify = "Whether endpointPrivateAccess is true; then whether publicAccessCidrs allow "
	 "the address that this subnet goes out with.", .fix = {"aws eks "
	 "update-cluster-config{region_option} --name CLUSTER --resources-vpc-config "
	 "endpointPrivateAccess=true"}, .confirm = {LINE_CLUSTER, LINE_ROUTES}},
	/* an address inside */
	{"tcp-endpoint-in-subnet", LIKELY, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NO_EGRESS_ROUTE},
	 .when = {peer_is_in_subnet},
	 .says = "{host} ({peers}) is in this subnet and does not answer. No route and no network "
	 "ACL can be the cause, so a security group is: the endpoint's ingress or the task's "
	 "egress.", .verify = "Whether a network interface still has the address {ip}; if so, a "
	 "security group blocks it.", .fix = {FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS},
	 .confirm = {LINE_PEER_GROUPS, LINE_OWN_GROUPS}},
	{"tcp-elsewhere", OPEN, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL, CAUSE_DNS_SPLIT_HORIZON}, .peer = PEER(PRIVATE), .shared = SHARED_ALL,
	 .says = "{hosts} has a private address outside this VPC's known ranges ({peers}) and does "
	 "not answer: there is no route to another VPC's endpoint, a filter blocks it, or the "
	 "record is not meant for this VPC.",
	 .verify = "Whether the route tables lead {ip} to a transit gateway or peering and back; "
	 "if so, the security groups and network ACLs.", .fix = {"Route {ip} to the VPC of the "
	 "endpoint (transit gateway or peering), and back.", FIX_ENDPOINT_INGRESS, FIX_TASK_EGRESS},
	 .confirm = {LINE_ROUTES, LINE_ZONES, LINE_OWN_GROUPS}},
	{"tcp-endpoint-alone", LIKELY, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE}, .peer = PEER_NEAR, .others = INSIDE_ANSWERS,
	 .says = "{host} has the private address {peers} and does not answer, but another endpoint "
	 "inside the VPC does. Most likely the security group of the {service} endpoint does not "
	 "allow this subnet."},
	{"tcp-endpoint-not-outside", LIKELY, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE}, .peer = PEER_NEAR, .others = OUTSIDE_ANSWERS,
	 .says = "{host} has the private address {peers} and does not answer, but public addresses "
	 "do. The task's egress is open, so most likely the security group of the {service} "
	 "endpoint does not allow the task.", .fix = {FIX_ENDPOINT_INGRESS, FIX_NACL},
	 .confirm = {LINE_PEER_GROUPS, LINE_NACL}},
	{"tcp-all-endpoints-silent", LIKELY, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL},
	 .peer = PEER_NEAR, .others = INSIDE_IS_SILENT, .shared = SHARED_EGRESS,
	 .says = "No endpoint inside the VPC answers: {hosts} ({peers}). Most likely the task's "
	 "security group allows no egress on TCP 443, or all endpoints have one security group, "
	 "which does not allow the task.", .fix = {FIX_ALL_EGRESS, FIX_ENDPOINT_INGRESS, "Network "
	 "ACLs: allow TCP 443 out and TCP 1024-65535 in on the task's subnet, and the reverse on "
	 "the endpoints' subnets."}},
	{"tcp-endpoint-silent", OPEN, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE}, .peer = PEER_NEAR,
	 .says = "{host} has the private address {peers} and does not answer: the endpoint's "
	 "security group, the task's egress or a network ACL blocks TCP 443."},
	/* a proxy is configured, and nothing else leads out */
	{"tcp-proxy-not-used", LIKELY, {CAUSE_PROXY_NOT_USED, CAUSE_NET_NO_EGRESS_ROUTE,
	 CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL}, .peer = PEER(PUBLIC), .run = RUN(PROXY_UNUSED),
	 .no_others = ANY_ANSWERS, .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) does not answer, and the proxy {proxy} is configured here. If "
	 "only the proxy leads out, the pull fails: a pull on Fargate uses no proxy."},
	{"tcp-proxy-excepts", LIKELY, {CAUSE_PROXY_NOT_USED, CAUSE_NET_NO_EGRESS_ROUTE,
	 CAUSE_S3_NO_ROUTE, CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL}, .peer = PEER(PUBLIC),
	 .run = RUN(PROXY_USED), .lacks = FACT(PROXY), .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) does not answer, and NO_PROXY exempts it from the proxy "
	 "{proxy}: most likely only the proxy leads out.", .verify = "Whether this subnet has a "
	 "route to {ip}: then a security group or network ACL blocks it.", .fix = {"Remove what "
	 "covers {host} from NO_PROXY, or give it a VPC endpoint."}},
};

/* S3 by its public addresses */
static const struct rule s3_rows[] = {
	{"tcp-s3-other-region", LIKELY, {CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .when = {bucket_is_of_other_region},
	 .says = "{host} ({peers}) is a bucket in another Region and does not answer. An S3 "
	 "gateway endpoint serves its own Region only, and most likely there is no NAT gateway.",
	 .fix = {"Replicate the repository into this Region and pull it from here: aws ecr "
	 "put-replication-configuration", FIX_NAT}},
	{"tcp-s3-port", LIKELY, {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL},
	 .passed = EXPERIMENT_TCP_PORT_80,
	 .says = "S3 ({peers}) answers on port 80 but not on 443: there is a route, and a filter "
	 "blocks the port.", .fix = {FIX_S3_EGRESS, FIX_S3_NACL}},
	{"tcp-s3-some", OPEN, {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL, CAUSE_NET_LOSS},
	 .others = S3_ANSWERS,
	 .says = "{host} ({peers}) does not answer, but another S3 address of the Region does: "
	 "there is a route, and a filter allows some of S3's addresses only.", .verify = "Whether "
	 "the task's group or the network ACL lists address ranges for S3 instead of the prefix "
	 "list.", .fix = {FIX_S3_EGRESS, FIX_S3_NACL}},
	{"tcp-s3-not-outside", OPEN, {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL, CAUSE_S3_NO_ROUTE},
	 .others = OUTSIDE_ANSWERS,
	 .says = "S3 ({peers}) does not answer, but other public addresses do: the security group, "
	 "the network ACL, or a route for S3's addresses alone blocks it."},
	{"tcp-s3-no-route", LIKELY, {CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL},
	 .others = INSIDE_ANSWERS,
	 .says = "The endpoints inside the VPC answer, but S3 ({peers}) does not, and no other "
	 "public address was seen to. Most likely the route table of this subnet has no S3 gateway "
	 "endpoint, and there is no NAT gateway."},
	{"tcp-s3-all-silent", LIKELY, {CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL, CAUSE_S3_NO_ROUTE},
	 .others = INSIDE_IS_SILENT, .shared = SHARED_EGRESS,
	 .says = "Neither S3 ({peers}) nor the endpoints inside the VPC answer, so no missing "
	 "route is the cause: most likely the task's security group allows no egress on TCP 443.",
	 .fix = {FIX_ALL_EGRESS, FIX_S3_NACL, FIX_S3_GATEWAY}},
	{"tcp-s3-silent", LIKELY, {CAUSE_S3_NO_ROUTE, CAUSE_S3_SECURITY_GROUP, CAUSE_NET_NACL},
	 .shared = SHARED_ROUTE,
	 .says = "S3 ({peers}) does not answer: this subnet has no S3 gateway endpoint and no NAT "
	 "gateway, or a filter blocks it."},
};

/* other services by their public addresses, and what is left */
static const struct rule outside_rows[] = {
	{"tcp-cache-upstream", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3),
	 .registry = PRIVATE_ECR, .peer = PEER(PUBLIC), .when = {host_has_no_endpoint},
	 .says = "The registry redirects the layers to {host} ({peers}), which does not answer. It "
	 "is a host of the pull-through cache's upstream registry, and no VPC endpoint serves it.",
	 .fix = {"Route 0.0.0.0/0 of this subnet to a NAT gateway.", "Or pull the image once where "
	 "the internet is reachable: ECR then serves the layers from S3."},
	 .confirm = {LINE_CACHE_RULES, LINE_ROUTES, LINE_OWN_GROUPS, LINE_NACL}},
	{"tcp-public-alone", OPEN, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_TIMEOUT}, .symptoms = SYMPTOM(TIMEOUT),
	 .peer = PEER(PUBLIC), .others = OUTSIDE_ANSWERS,
	 .says = "{host} ({peers}) does not answer, but other public addresses do: a filter blocks "
	 "this address, or it is not the service's.", .verify = "Whether {ip} is an address of "
	 "{host} outside this VPC as well; if so, a security group, network ACL or firewall blocks "
	 "it by address.", .fix = {"Allow TCP 443 to {ip} in the task's security group, the "
	 "subnet's network ACL and the firewall on the path."}, .confirm = {"nslookup {host}",
	 LINE_OWN_GROUPS, LINE_NACL}},
	{"tcp-port-443-closed", LIKELY, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE}, .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_TCP_PORT_80,
	 .peer = PEER(PUBLIC), .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) does not answer on port 443, and nothing else outside does, "
	 "but S3 answers on port 80: there is a route, and a filter blocks the port.",
	 .verify = "The egress rules of the task's group, then the network ACL and the firewall. "
	 "With an S3 gateway endpoint, the route to S3 says nothing about others.", .fix = {"Allow "
	 "TCP 443 to 0.0.0.0/0 in the task's security group, the subnet's network ACL and the "
	 "firewall on the path."}, .confirm = {LINE_OWN_GROUPS, LINE_NACL, LINE_ROUTES}},
	{"tcp-ipv6-no-egress", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC), .family = 6,
	 .shared = SHARED_ALL,
	 .says = "{hosts} ({peers}) does not answer over IPv6, and nothing else outside does: most "
	 "likely the subnet has no IPv6 route to the internet.", .verify = "The route table. If it "
	 "routes ::/0 to an egress-only or internet gateway, the task's security group or the "
	 "network ACL blocks it.", .fix = {"Route ::/0 of this subnet to an egress-only internet "
	 "gateway.", "Security group and network ACL: allow TCP 443 to ::/0."}},
	{"tcp-no-endpoint", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .registry = PRIVATE_ECR,
	 .peer = PEER(PUBLIC), .others = ANY_ANSWERS, .shared = SHARED_ALL,
	 .says = "{hosts} has a public address ({peers}), and no public address was seen to "
	 "answer, but VPC endpoints do: its VPC endpoint is missing or has private DNS off, and "
	 "there is no NAT gateway."},
	{"tcp-all-silent", LIKELY, {CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL,
	 CAUSE_NET_NO_EGRESS_ROUTE}, .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC),
	 .others = INSIDE_IS_SILENT, .shared = SHARED_EGRESS,
	 .says = "Neither {hosts} ({peers}) nor the endpoints inside the VPC answer, so no missing "
	 "route is the cause: most likely the task's security group allows no egress on TCP 443.",
	 .verify = "The egress rules of the task's group, then the network ACL, then the routes.",
	 .fix = {FIX_ALL_EGRESS, FIX_ADD_ENDPOINT, FIX_NAT}, .confirm = {LINE_OWN_GROUPS, LINE_NACL,
	 LINE_ROUTES}},
	{"tcp-no-egress", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .registry = PRIVATE_ECR,
	 .peer = PEER(PUBLIC), .shared = SHARED_ROUTE,
	 .says = "No public address answers: {hosts} ({peers}). This subnet has no NAT gateway, "
	 "the task has no public IP in a public subnet, and there is no VPC endpoint with private "
	 "DNS."},
	{"tcp-no-egress-other", LIKELY, {CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP,
	 CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT), .peer = PEER(PUBLIC), .shared = SHARED_ALL,
	 .says = "No public address answers: {hosts} ({peers}). This subnet has no route to the "
	 "internet, and no VPC endpoint serves this registry.", .fix = {"Route 0.0.0.0/0 of this "
	 "subnet to a NAT gateway; in a public subnet run the task with assignPublicIp=ENABLED.",
	 "Or pull through an ECR pull-through cache, which VPC endpoints serve once the image is "
	 "cached."}},
	{"tcp-timeout", OPEN, {CAUSE_NET_TIMEOUT, CAUSE_NET_NO_EGRESS_ROUTE,
	 CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL}, .symptoms = SYMPTOM(TIMEOUT),
	 .says = "{host} ({peers}) does not answer on port 443 within {seconds}.",
	 .verify = "Whether {ip} is the service's address; then routes, security groups, network "
	 "ACLs.", .fix = {"Check what {host} resolves to, and allow TCP 443 from {own_ip} to it."},
	 .confirm = {"nslookup {host}", LINE_ROUTES, LINE_OWN_GROUPS, LINE_NACL}},
	{"tcp-failed", OPEN, {CAUSE_NET_TIMEOUT, CAUSE_NET_UNREACHABLE, CAUSE_NET_REFUSED,
	 CAUSE_NET_NO_EGRESS_ROUTE},
	 .says = "The connection to {host} ({peer}) failed: {words}."},
};
/* clang-format on */

const struct rule_part rules_tcp_silent = RULE_PART(
	rows, .stages = STAGE(TCP), .symptoms = SYMPTOM(TIMEOUT));
const struct rule_part rules_tcp_silent_s3 = RULE_PART(s3_rows, .stages = STAGE(TCP),
	.symptoms = SYMPTOM(TIMEOUT), .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
	.peer = PEER(PUBLIC), .unless = host_has_no_endpoint);
const struct rule_part rules_tcp_outside = RULE_PART(outside_rows, .stages = STAGE(TCP));
