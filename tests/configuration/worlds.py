"""VPCs with their truth, stated by hand. Neighbours differ in one thing.

    @healthy                                  nothing in it stops a pull: no finding at all
    @breaks("api dkr", "net.nacl", "acl-2")   these endpoints break, by that class, at that resource
    @warns(...)                               some of the addresses do
    @silent("unread")                         no finding either, but a link with that effect: not told
"""

from __future__ import annotations

from dataclasses import dataclass

from vpc import (
    ACCOUNT, ANYWHERE, ANYWHERE6, BUCKET, IMAGE, PULL, REGION, REPOSITORY, ROLE, S3_RANGES, Vpc, allow, deny,
    entry, open_acl, out, policy, route, rule, sealed, with_nat)  # fmt: skip

OTHER = "210987654321"
EPHEMERAL, ALL_PORTS = (1024, 65535), (0, 65535)


@dataclass
class Truth:
    endpoints: list
    cls: str = ""
    resource: str = ""
    severity: str = "broken"
    effect: str = ""
    words: str = ""


WORLDS: dict[str, tuple] = {}


def world(truth):
    def add(make):
        assert make.__name__ not in WORLDS
        WORLDS[make.__name__] = (make, truth)
        return make

    return add


healthy = world(Truth([]))


def breaks(endpoints, cls, resource, words=""):
    return world(Truth(endpoints.split(), cls, resource, words=words))


def warns(endpoints, cls, resource):
    return world(Truth(endpoints.split(), cls, resource, "warning"))


def silent(effect):
    return world(Truth([], effect=effect))


# security groups


def task_rules(make, *rules) -> Vpc:
    vpc = make()
    vpc.get("security_groups", "sg-task")["rules"] = list(rules)
    return vpc


@healthy
def egress_to_groups_and_a_prefix_list():
    return task_rules(sealed, out("sg-endpoint"), out("pl-s3"))


@breaks("s3", "s3.security_group", "sg-task", "PrefixListIds=[{PrefixListId=pl-s3}]")
def egress_without_the_prefix_list():
    return task_rules(sealed, out("sg-endpoint"))


@breaks("api dkr", "net.security_group", "sg-task", "--group-id sg-task")
def egress_to_the_prefix_list_alone():
    return task_rules(sealed, out("pl-s3"))


@breaks("api dkr s3", "", "sg-task")
def egress_of_another_port():
    return task_rules(sealed, out(ANYWHERE, 80))


@healthy
def egress_of_a_range_of_ports():
    return task_rules(sealed, out(ANYWHERE, 400, to=500))


@breaks("api dkr s3", "", "sg-task")
def egress_over_udp():
    return task_rules(sealed, out(ANYWHERE, protocol="udp"))


@breaks("api dkr s3", "", "sg-task")
def egress_over_ipv6_alone():
    return task_rules(sealed, out(ANYWHERE6, protocol="-1"))


@healthy
def two_groups_share_the_egress():
    vpc = task_rules(sealed, out("10.20.0.0/16"))
    vpc.group("sg-s3", out("pl-s3"))
    return vpc.subject(security_groups=["sg-task", "sg-s3"])


@breaks("api dkr s3", "", "sg-task")
def ingress_is_no_egress():
    return task_rules(sealed, rule(ANYWHERE, protocol="-1"))


def endpoint_rules(*rules) -> Vpc:
    vpc = sealed()
    vpc.get("security_groups", "sg-endpoint")["rules"] = list(rules)
    return vpc


@healthy
def ingress_from_the_group():
    return endpoint_rules(rule("sg-task"))


@breaks("api dkr", "net.security_group", "sg-endpoint", "authorize-security-group-ingress --group-id sg-endpoint")
def ingress_from_another_group():
    return endpoint_rules(rule("sg-web"))


@healthy
def ingress_from_the_subnet():
    return endpoint_rules(rule("10.20.1.0/24"))


@breaks("api dkr", "net.security_group", "sg-endpoint")
def ingress_from_the_next_subnet():
    return endpoint_rules(rule("10.20.2.0/24"))


@silent("undecided")
def ingress_from_half_of_the_subnet():
    return endpoint_rules(rule("10.20.1.0/25"))


@healthy
def ingress_from_both_halves():
    return endpoint_rules(rule("10.20.1.0/25"), rule("10.20.1.128/25"))


@healthy
def ingress_from_a_customers_prefix_list():
    vpc = endpoint_rules(rule("pl-own"))
    vpc.add("prefix_lists", id="pl-own", name="tasks", entries=["10.20.0.0/20"])
    return vpc


@breaks("api dkr", "net.security_group", "sg-endpoint")
def ingress_from_a_prefix_list_without_us():
    vpc = endpoint_rules(rule("pl-own"))
    vpc.add("prefix_lists", id="pl-own", name="tasks", entries=["10.20.2.0/23"])
    return vpc


@silent("unread")
def ingress_from_a_prefix_list_unread():
    vpc = endpoint_rules(rule("pl-own"))
    vpc.doc["calls"].append({"part": "prefix_lists", "about": "pl-own", "call": "ec2:GetManagedPrefixListEntries",
                             "action": "ec2:GetManagedPrefixListEntries", "error": "UnauthorizedOperation",
                             "message": ""})  # fmt: skip
    return vpc


@breaks("dkr", "net.security_group", "sg-other")
def one_endpoint_has_another_group():
    vpc = sealed()
    vpc.group("sg-other")
    vpc.get("endpoints", "vpce-dkr")["groups"] = ["sg-other"]
    return vpc


@breaks("api dkr", "net.security_group", "sg-default")
def endpoints_with_the_default_group():
    vpc = sealed()
    vpc.group("sg-default", rule("sg-default", protocol="-1"), label="default")
    for one in vpc.doc["endpoints"]:
        one["groups"] = []
    return vpc


@healthy
def all_with_the_default_group():
    vpc = endpoints_with_the_default_group()
    vpc.get("security_groups", "sg-default")["rules"].append(out(ANYWHERE, protocol="-1"))
    return vpc.subject(security_groups=[])


# network ACLs


def task_acl(make, *entries) -> Vpc:
    vpc = make()
    vpc.acl("acl-2", "subnet-1", *entries)
    return vpc


@healthy
def acl_allows_before_it_denies():
    return task_acl(sealed, entry(90, True, ports=(443, 443)), entry(100, True, "deny"),
                    entry(90, False, ports=EPHEMERAL), entry(100, False, "deny"))  # fmt: skip


@breaks("api dkr s3", "net.nacl", "acl-2", "--egress --rule-number 99 --protocol tcp --port-range From=443,To=443")
def acl_denies_before_it_allows():
    return task_acl(sealed, entry(110, True, ports=(443, 443)), entry(100, True, "deny"),
                    entry(90, False, ports=EPHEMERAL), entry(100, False, "deny"))  # fmt: skip


@breaks("api dkr s3", "net.nacl", "acl-2", "--ingress --rule-number 100")
def acl_without_replies():
    return task_acl(sealed, entry(90, True), entry(90, False, ports=(443, 443)))


@healthy
def acl_with_the_kernels_ephemeral_ports():
    return task_acl(sealed, entry(90, True), entry(90, False, ports=(32768, 60999)))


@breaks("api dkr s3", "net.port_range", "acl-2")
def acl_with_windows_ephemeral_ports():
    return task_acl(sealed, entry(90, True), entry(90, False, ports=(49152, 65535)))


@breaks("api dkr s3", "net.port_range", "acl-2")
def acl_of_fargate_as_lambda():
    return acl_with_the_kernels_ephemeral_ports().subject(launch_type="LAMBDA")


@healthy
def acl_rules_in_any_order_of_the_list():
    return task_acl(sealed, entry(32767, True, "deny"), entry(32767, False, "deny"), entry(200, False),
                    entry(100, True, ports=(443, 443)))  # fmt: skip


@breaks("api dkr s3", "net.nacl", "acl-2")
def acl_over_udp():
    return task_acl(sealed, entry(90, True, ports=ALL_PORTS, protocol="17"), entry(90, False))


@healthy
def acl_denies_strangers():
    return task_acl(sealed, entry(10, True, "deny", "198.51.100.0/24"), entry(90, True), entry(90, False))


@breaks("s3", "net.nacl", "acl-2")
def acl_of_the_vpc_alone():
    return task_acl(sealed, entry(90, True, cidr="10.0.0.0/8"), entry(90, False))


@healthy
def acl_of_the_vpc_and_s3():
    return task_acl(sealed, entry(90, True, cidr="10.0.0.0/8"), entry(90, False),
                    *(entry(100 + n, True, cidr=cidr) for n, cidr in enumerate(S3_RANGES)))  # fmt: skip


@warns("s3", "net.nacl", "acl-2")
def acl_with_some_of_s3():
    return task_acl(sealed, entry(90, True, cidr="10.0.0.0/8"), entry(90, False),
                    entry(100, True, cidr=S3_RANGES[0]))  # fmt: skip


@healthy
def acl_does_not_see_one_subnet():
    vpc = sealed()
    for name in ("api", "dkr"):
        vpc.remove("endpoints", f"vpce-{name}")
    vpc.endpoint("api", "ecr.api", {"subnet-1": "10.20.1.11"})
    vpc.endpoint("dkr", "ecr.dkr", {"subnet-1": "10.20.1.12"})
    vpc.acl("acl-2", "subnet-1", entry(90, True, cidr="52.216.0.0/15"), entry(90, False),
            entry(91, True, cidr="16.15.176.0/20"), entry(92, True, cidr="3.5.0.0/19"))  # fmt: skip
    return vpc


@breaks("api dkr", "net.nacl", "acl-2")
def acl_sees_two_subnets():
    return task_acl(sealed, *(entry(90 + n, True, cidr=cidr) for n, cidr in enumerate(S3_RANGES)),
                    entry(90, False))  # fmt: skip


@warns("api dkr", "net.nacl", "acl-3")
def acl_of_one_zone_of_the_endpoint():
    vpc = sealed()
    vpc.acl("acl-3", "subnet-3", entry(90, True), entry(90, False, cidr="10.20.2.0/24"))
    return vpc


@breaks("api dkr", "net.nacl", "acl-3")
def acl_of_all_zones_of_the_endpoint():
    vpc = acl_of_one_zone_of_the_endpoint()
    for acl in vpc.doc["network_acls"]:
        acl["subnets"] = ["subnet-2", "subnet-3"] if acl["id"] == "acl-3" else ["subnet-1"]
    return vpc


# routes


@breaks("s3", "s3.no_route", "vpce-s3", "--add-route-table-ids rtb-1")
def gateway_endpoint_of_the_main_table():
    vpc = sealed()
    vpc.table("rtb-1", subnets=["subnet-1"])
    return vpc


@healthy
def gateway_endpoint_of_its_own_table():
    vpc = sealed()
    vpc.table("rtb-1", route("pl-s3", "vpce-s3"), subnets=["subnet-1"])
    return vpc


@breaks("s3", "s3.no_route", "rtb-main", "create-vpc-endpoint --vpc-id vpc-1 --service-name com.amazonaws.us-east-1.s3")
def no_gateway_endpoint():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-s3")
    vpc.get("route_tables", "rtb-main")["routes"].pop()
    return vpc


@healthy
def nat_in_the_main_table():
    return with_nat()


@breaks("api dkr s3", "", "rtb-1", "create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0")
def own_table_without_nat():
    vpc = with_nat()
    vpc.table("rtb-1", subnets=["subnet-1"])
    return vpc


@healthy
def split_default_routes():
    vpc = with_nat()
    routes = vpc.get("route_tables", "rtb-main")["routes"]
    routes.pop()
    routes += [route("0.0.0.0/1", "nat-1"), route("128.0.0.0/1", "nat-1")]
    return vpc


@breaks("api dkr s3", "", "rtb-main", "blackhole")
def route_to_a_deleted_nat():
    vpc = with_nat()
    vpc.get("route_tables", "rtb-main")["routes"][-1]["state"] = "blackhole"
    vpc.remove("nat_gateways", "nat-1")
    return vpc


@breaks("api dkr s3", "", "nat-1")
def nat_that_failed():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1").update(state="failed", failure="Gateway.NotAttached: no gateway")
    return vpc


@breaks("api dkr s3", "", "rtb-public")
def nat_in_a_private_subnet():
    vpc = with_nat()
    vpc.get("route_tables", "rtb-public")["routes"].pop()
    return vpc


@breaks("api dkr s3", "", "nat-1", "create-nat-gateway")
def private_nat():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1")["connectivity"] = "private"
    return vpc


@healthy
def regional_nat():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1")["subnet"] = ""
    return vpc


@breaks("api dkr s3", "net.nacl", "acl-9")
def acl_of_the_nats_subnet():
    vpc = with_nat()
    vpc.acl("acl-9", "subnet-9", entry(90, True), entry(90, False, cidr="10.99.0.0/16"))
    return vpc


@breaks("api dkr s3", "net.nacl", "acl-9")
def acl_of_the_nats_subnet_without_replies():
    vpc = with_nat()
    vpc.acl("acl-9", "subnet-9", entry(90, True), entry(90, False, cidr="10.20.0.0/16"))
    return vpc


def public(**subject) -> Vpc:
    vpc = Vpc().internet()
    vpc.get("route_tables", "rtb-public")["subnets"].append("subnet-1")
    return vpc.subject(**subject)


@healthy
def public_subnet_with_a_public_ip():
    return public(public_ip=True)


@breaks("api dkr s3", "", "rtb-public", "assignPublicIp=ENABLED")
def public_subnet_without_a_public_ip():
    return public()


@breaks("api dkr s3", "", "rtb-public")
def lambda_in_a_public_subnet():
    return public(public_ip=True, launch_type="LAMBDA")


@breaks("api dkr s3", "", "rtb-public")
def detached_internet_gateway():
    vpc = public(public_ip=True)
    vpc.get("internet_gateways", "igw-1")["state"] = ""
    return vpc


@breaks("api dkr s3", "", "subnet-1", "create-vpc-block-public-access-exclusion")
def block_public_access():
    vpc = public(public_ip=True)
    vpc.get("subnets", "subnet-1")["internet_gateway_block"] = "block-ingress"
    return vpc


@healthy
def block_public_access_of_nat():
    vpc = with_nat()
    for subnet in vpc.doc["subnets"]:
        subnet["internet_gateway_block"] = "block-ingress"
    return vpc


@silent("beyond")
def transit_gateway():
    vpc = Vpc()
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "tgw-1"))
    return vpc


@silent("beyond")
def central_endpoints_over_a_transit_gateway():
    vpc = Vpc()
    vpc.get("route_tables", "rtb-main")["routes"].append(route("10.0.0.0/8", "tgw-1"))
    vpc.gateway_endpoint()
    next(call for call in vpc.doc["calls"] if call["part"] == "hosted_zones")["part"] = "none"
    return vpc


@silent("beyond")
def network_firewall():
    vpc = Vpc()
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "vpce-firewall"))
    vpc.add("endpoints", **(sealed().get("endpoints", "vpce-s3") | {
        "id": "vpce-firewall", "type": "GatewayLoadBalancer", "service": "com.amazonaws.vpce.us-east-1.vpce-svc-1",
        "route_tables": []}))  # fmt: skip
    return vpc


@healthy
def static_route_before_a_propagated_one():
    vpc = with_nat()
    vpc.get("route_tables", "rtb-main")["routes"].insert(
        1, route(ANYWHERE, "vgw-1", "blackhole", "EnableVgwRoutePropagation"))  # fmt: skip
    return vpc


@healthy
def odd_blackholes_beside_nat():
    vpc = with_nat()
    vpc.get("route_tables", "rtb-main")["routes"].append(route("203.0.113.0/24", "pcx-1", "blackhole"))
    return vpc


# names


@healthy
def private_dns_off_with_a_nat():
    vpc = sealed().nat()
    for name in ("api", "dkr"):
        vpc.get("endpoints", f"vpce-{name}")["private_dns"] = False
    return vpc


@breaks("api dkr", "net.no_egress_route", "vpce-api vpce-dkr", "--private-dns-enabled")
def private_dns_off_without_nat():
    vpc = sealed()
    for name in ("api", "dkr"):
        vpc.get("endpoints", f"vpce-{name}")["private_dns"] = False
    return vpc


@silent("beyond")
def private_dns_off_with_a_zone():
    vpc = private_dns_off_without_nat()
    for number, name in enumerate((f"api.ecr.{REGION}.amazonaws.com.", f"dkr.ecr.{REGION}.amazonaws.com.")):
        vpc.add("hosted_zones", id=f"Z{number}", vpc="vpc-1", name=name, owner=ACCOUNT)
    return vpc


def without_endpoints_of_ecr() -> Vpc:
    vpc = sealed()
    vpc.remove("endpoints", "vpce-api")
    vpc.remove("endpoints", "vpce-dkr")
    return vpc


@silent("beyond")
def a_zone_that_may_lead_to_a_proxy_in_the_vpc():
    vpc = without_endpoints_of_ecr()
    vpc.add("hosted_zones", id="Z1", vpc="vpc-1", name="amazonaws.com.", owner=ACCOUNT)
    return vpc


@breaks("dkr", "net.no_egress_route", "rtb-main")
def a_zone_for_the_api_alone():
    vpc = without_endpoints_of_ecr()
    vpc.add("hosted_zones", id="Z1", vpc="vpc-1", name=f"api.ecr.{REGION}.amazonaws.com.", owner=ACCOUNT)
    return vpc


@breaks("dkr", "net.no_egress_route", "vpce-dkr")
def endpoint_that_waits():
    vpc = sealed()
    vpc.get("endpoints", "vpce-dkr")["state"] = "pendingAcceptance"
    return vpc


@healthy
def endpoint_states_in_capitals():
    vpc = sealed()
    for one in vpc.doc["endpoints"]:
        one["state"] = "Available"
    return vpc


@breaks("dkr", "net.no_egress_route", "rtb-main", "com.amazonaws.us-east-1.ecr.dkr")
def no_endpoint_of_the_registry():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-dkr")
    return vpc


@breaks("api dkr", "net.no_egress_route", "vpc-1", "--enable-dns-hostnames")
def dns_hostnames_off():
    vpc = sealed()
    vpc.get("vpcs", "vpc-1")["dns_hostnames"] = False
    return vpc


@healthy
def dns_hostnames_off_with_a_nat():
    vpc = with_nat()
    vpc.get("vpcs", "vpc-1")["dns_hostnames"] = False
    return vpc


@breaks("api dkr s3", "dns.timeout", "vpc-1", "--enable-dns-support")
def dns_support_off():
    vpc = with_nat()
    vpc.get("vpcs", "vpc-1")["dns_support"] = False
    return vpc


@silent("beyond")
def dns_support_off_with_servers():
    vpc = dns_support_off()
    vpc.get("dhcp_options", "dopt-1")["servers"] = ["10.20.5.5"]
    return vpc


@silent("beyond")
def servers_of_the_customer():
    vpc = sealed()
    vpc.get("dhcp_options", "dopt-1")["servers"] = ["10.20.5.5", "10.20.5.6"]
    return vpc


@healthy
def the_vpcs_server_by_its_address():
    vpc = sealed()
    vpc.get("dhcp_options", "dopt-1")["servers"] = ["10.20.0.2"]
    return vpc


def firewall(*rules, **domains) -> Vpc:
    vpc = sealed()
    vpc.add("firewall_groups", id="rslvr-frg-1", vpc="vpc-1", priority=100, status="COMPLETE",
            rules=[{"priority": n, "domain_list": name, "action": action, "block_response": response,
                    "qtype": "", "redirection": ""} for n, (name, action, response) in enumerate(rules)])  # fmt: skip
    for name, entries in domains.items():
        vpc.add("firewall_domains", id=name, domains=entries)
    return vpc


@breaks("api dkr s3", "dns.nxdomain", "rslvr-frg-1", "update-firewall-domains --firewall-domain-list-id every")
def firewall_blocks_all():
    return firewall(("every", "BLOCK", "NXDOMAIN"), every=["*."])


@healthy
def firewall_allows_amazon_first():
    return firewall(("aws", "ALLOW", ""), ("every", "BLOCK", "NXDOMAIN"), aws=["*.amazonaws.com."],
                    every=["*."])  # fmt: skip


@breaks("s3", "dns.nodata", "rslvr-frg-1")
def firewall_allows_ecr_alone():
    return firewall(("aws", "ALLOW", ""), ("every", "BLOCK", "NODATA"),
                    aws=[f"*.ecr.{REGION}.amazonaws.com"], every=["*"])  # fmt: skip


@breaks("api dkr", "dns.nxdomain", "rslvr-frg-1")
def firewall_lists_names_alone():
    return firewall(("aws", "ALLOW", ""), ("every", "BLOCK", "NXDOMAIN"),
                    aws=[f"ecr.{REGION}.amazonaws.com", f"*.s3.{REGION}.amazonaws.com"], every=["*"])  # fmt: skip


@silent("unread")
def firewall_with_a_managed_list():
    return firewall(("managed", "BLOCK", "NXDOMAIN"), managed=[])


@healthy
def firewall_for_other_names():
    return firewall(("bad", "BLOCK", "NXDOMAIN"), bad=["*.example.com.", "amazonaws.com.example."])


def forwarding(domain, make=sealed) -> Vpc:
    vpc = make()
    vpc.add("resolver_rules", id="rslvr-rr-1", vpc="vpc-1", domain=domain, type="FORWARD",
            targets=["10.9.0.2"], status="COMPLETE")  # fmt: skip
    return vpc


@healthy
def a_rule_for_all_loses_to_the_endpoints_zone():
    vpc = forwarding(".")
    vpc.nat()
    return vpc


@silent("beyond")
def a_rule_for_the_very_name_wins():
    vpc = forwarding(f"dkr.ecr.{REGION}.amazonaws.com.")
    vpc.get("security_groups", "sg-endpoint")["rules"].append(rule("10.20.0.0/16"))
    vpc.get("route_tables", "rtb-main")["routes"].append(route("10.9.0.0/16", "tgw-1"))
    return vpc


# IPv6


def ipv6(**subnet) -> Vpc:
    """A subnet with IPv6 alone, and a NAT gateway that translates."""
    vpc = with_nat()
    vpc.get("vpcs", "vpc-1")["cidrs6"] = ["2600:1f18:aa:bb00::/56"]
    vpc.get("subnets", "subnet-1").update({"cidr": "", "cidrs6": ["2600:1f18:aa:bb01::/64"], "ipv6_native": True,
                                           "dns64": True} | subnet)  # fmt: skip
    vpc.get("route_tables", "rtb-main")["routes"] += [route("2600:1f18:aa:bb00::/56", "local"),
                                                      route("64:ff9b::/96", "nat-1")]  # fmt: skip
    vpc.get("network_acls", "acl-1")["entries"] += [entry(101, True, cidr=ANYWHERE6),
                                                    entry(101, False, cidr=ANYWHERE6)]  # fmt: skip
    vpc.get("security_groups", "sg-task")["rules"].append(out(ANYWHERE6, protocol="-1"))
    return vpc


@healthy
def ipv6_alone_with_a_nat64():
    return ipv6()


@breaks("api dkr s3", "net.ipv6_only", "subnet-1", "--enable-dns64")
def ipv6_alone_without_dns64():
    return ipv6(dns64=False)


@breaks("api dkr s3", "", "rtb-main")
def ipv6_alone_without_a_route():
    vpc = ipv6()
    vpc.get("route_tables", "rtb-main")["routes"].pop()
    return vpc


@breaks("api dkr s3", "", "sg-task")
def ipv6_alone_with_ipv4_egress():
    vpc = ipv6()
    vpc.get("security_groups", "sg-task")["rules"].pop()
    return vpc


@breaks("api dkr s3", "net.nacl", "acl-1")
def ipv6_alone_with_an_ipv4_acl():
    vpc = ipv6()
    vpc.get("network_acls", "acl-1")["entries"] = open_acl()
    return vpc


@healthy
def dual_stack_subnet():
    vpc = sealed()
    vpc.get("subnets", "subnet-1")["cidrs6"] = ["2600:1f18:aa:bb01::/64"]
    return vpc


@healthy
def dual_stack_names_by_an_egress_only_gateway():
    vpc = Vpc()
    vpc.get("subnets", "subnet-1")["cidrs6"] = ["2600:1f18:aa:bb01::/64"]
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE6, "eigw-1"))
    vpc.get("network_acls", "acl-1")["entries"] += [entry(101, True, cidr=ANYWHERE6),
                                                    entry(101, False, cidr=ANYWHERE6)]  # fmt: skip
    vpc.get("security_groups", "sg-task")["rules"].append(out(ANYWHERE6, protocol="-1"))
    return vpc.subject(image=f"{ACCOUNT}.dkr-ecr.{REGION}.on.aws/shop/app:1.4")


# ranges


def with_ranges(first, second) -> Vpc:
    """The task's subnet is in a second range of the VPC."""
    vpc = sealed()
    vpc.get("vpcs", "vpc-1")["cidrs"] = [first, second]
    vpc.get("subnets", "subnet-1")["cidr"] = second
    vpc.get("route_tables", "rtb-main")["routes"].append(route(second, "local", origin="CreateRouteTable"))
    return vpc


@breaks("api dkr", "net.security_group", "sg-endpoint")
def secondary_range_that_the_endpoint_does_not_know():
    return with_ranges("10.20.0.0/16", "100.64.0.0/20")


@healthy
def secondary_range_that_the_endpoint_knows():
    vpc = with_ranges("10.20.0.0/16", "100.64.0.0/20")
    vpc.get("security_groups", "sg-endpoint")["rules"].append(rule("100.64.0.0/10"))
    return vpc


@healthy
def ranges_that_are_public_elsewhere():
    vpc = with_ranges("10.20.0.0/16", "203.0.112.0/24")
    vpc.get("security_groups", "sg-endpoint")["rules"].append(rule("sg-task"))
    return vpc


@silent("unread")
def shared_subnet():
    vpc = Vpc()
    vpc.doc["endpoints"] = []
    vpc.get("vpcs", "vpc-1")["owner"] = OTHER
    vpc.gateway_endpoint()
    vpc.doc["endpoints"] = []
    return vpc


# policies


def endpoint_policy(name, *statements) -> Vpc:
    vpc = sealed()
    vpc.get("endpoints", f"vpce-{name}")["policy"] = policy(*statements)
    return vpc


@healthy
def policy_of_the_layer_bucket():
    return endpoint_policy("s3", allow("s3:GetObject", f"{BUCKET}/*"))


@breaks("s3", "s3.endpoint_policy", "vpce-s3", "starport-layer-bucket")
def policy_of_other_buckets():
    return endpoint_policy("s3", allow("s3:*", ["arn:aws:s3:::mine", "arn:aws:s3:::mine/*"]))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def policy_of_the_organizations_principals():
    return endpoint_policy("s3", allow(**{"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def policy_of_the_accounts_buckets():
    return endpoint_policy("s3", allow(**{"StringEquals": {"s3:ResourceAccount": [ACCOUNT]}}))


@healthy
def policy_of_the_vpc():
    return endpoint_policy("s3", allow(**{"StringEquals": {"aws:SourceVpc": "vpc-1"}}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def policy_of_another_vpc():
    return endpoint_policy("s3", allow(**{"StringEquals": {"aws:SourceVpc": "vpc-2"}}))


@silent("undecided")
def policy_with_an_unknown_key():
    return endpoint_policy("s3", allow(**{"StringEquals": {"aws:PrincipalTag/team": "shop"}}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3", "Perimeter")
def policy_of_a_data_perimeter():
    return endpoint_policy("s3", allow(), deny("s3:*", **{"StringNotEquals": {
        "aws:PrincipalOrgID": "o-1234567890"}}) | {"Sid": "Perimeter"})  # fmt: skip


@silent("undecided")
def policy_of_a_data_perimeter_with_an_exception():
    return endpoint_policy("s3", allow(), deny("s3:*", **{
        "StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}))  # fmt: skip


@healthy
def policy_that_denies_deleting():
    return endpoint_policy("s3", allow(), deny(["s3:Delete*", "s3:PutObject"]))


@breaks("api", "auth.endpoint_policy", "vpce-api", "ecr:GetAuthorizationToken")
def policy_of_the_repository_alone():
    return endpoint_policy("api", allow("ecr:*", REPOSITORY))


@healthy
def policy_of_the_role():
    return endpoint_policy("dkr", allow(list(PULL), principal={"AWS": ROLE}))


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def policy_of_another_role():
    return endpoint_policy("dkr", allow(list(PULL), principal={"AWS": ROLE.replace("pull", "push")}))


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def policy_of_all_but_the_pull():
    return endpoint_policy("dkr", {"Effect": "Allow", "Principal": "*", "NotAction": "ecr:Batch*",
                                   "Resource": "*"})  # fmt: skip


@healthy
def policy_of_all_but_another_repository():
    return endpoint_policy("dkr", {"Effect": "Allow", "Principal": "*", "Action": "ecr:*",
                                   "NotResource": REPOSITORY.replace("shop", "other")})  # fmt: skip


# the role, the repository, the image


def simulated(action, decision, **more) -> Vpc:
    vpc = sealed()
    vpc.simulated(action, decision, **more)
    return vpc


@breaks("api", "auth.iam_identity", ROLE, "put-role-policy --role-name pull-execution-role")
def role_without_the_token():
    return simulated(PULL[0], "implicitDeny")


@breaks("dkr", "auth.iam_identity", ROLE, "Remove the Deny")
def role_with_a_deny():
    return simulated(PULL[2], "explicitDeny", sources=["deny-layers"])


@silent("undecided")
def role_with_missing_context():
    return simulated(PULL[1], "implicitDeny", missing=["aws:ResourceTag/team"])


@breaks("dkr", "auth.scp", ROLE)
def role_under_an_organization():
    return simulated(PULL[1], "implicitDeny", organizations="false")


@healthy
def repository_that_grants_the_role():
    vpc = simulated(PULL[1], "implicitDeny")
    vpc.doc["repositories"][0]["policy"] = policy({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "ecr:*"})
    return vpc


@breaks("dkr", "auth.iam_identity", ROLE)
def repository_that_grants_the_account():
    vpc = simulated(PULL[1], "implicitDeny")
    vpc.doc["repositories"][0]["policy"] = policy(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "ecr:*"})  # fmt: skip
    return vpc


def cross_account(*statements) -> Vpc:
    vpc = sealed()
    vpc.doc["repositories"][0].update(registry=OTHER, policy=policy(*statements) if statements else "")
    return vpc.subject(image=IMAGE.replace(ACCOUNT, OTHER))


@healthy
def repository_of_another_account_that_grants_ours():
    return cross_account({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                          "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]})  # fmt: skip


@breaks("dkr", "registry.repo_policy", REPOSITORY.replace(ACCOUNT, OTHER), "set-repository-policy")
def repository_of_another_account_without_a_policy():
    return cross_account()


@breaks("dkr", "registry.repo_not_found", REPOSITORY, "create-repository")
def no_repository():
    vpc = sealed()
    vpc.doc["repositories"] = []
    return vpc


@breaks("dkr", "registry.tag_not_found", REPOSITORY)
def no_such_tag():
    vpc = sealed()
    vpc.doc["images"] = []
    return vpc


@breaks("dkr", "registry.archived", REPOSITORY, "update-image-storage-class")
def archived_image():
    vpc = sealed()
    vpc.doc["images"][0]["status"] = "ARCHIVED"
    return vpc


@breaks("dkr", "registry.platform_mismatch", REPOSITORY)
def image_of_another_platform():
    vpc = sealed()
    vpc.doc["images"][0]["platforms"] = ["linux/arm64"]
    return vpc


def cached(*allowed) -> Vpc:
    vpc = no_repository()
    vpc.add("cache_rules", prefix="shop", upstream="registry-1.docker.io")
    for action in ("ecr:CreateRepository", "ecr:BatchImportUpstreamImage"):
        vpc.simulated(action, "allowed" if action in allowed else "implicitDeny")
    return vpc


@healthy
def first_pull_through_the_cache():
    return cached("ecr:CreateRepository", "ecr:BatchImportUpstreamImage")


@breaks("dkr", "ptc.permission", ROLE)
def first_pull_through_the_cache_without_the_right():
    return cached("ecr:BatchImportUpstreamImage")


# beside the pull


def with_logs() -> Vpc:
    vpc = sealed().subject(services=["logs"])
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        vpc.simulated(action)
    return vpc


@breaks("logs", "logs.network", "rtb-main", "com.amazonaws.us-east-1.logs")
def no_endpoint_of_the_logs():
    return with_logs()


@healthy
def an_endpoint_of_the_logs():
    vpc = with_logs()
    vpc.endpoint("logs", "logs", {"subnet-2": "10.20.2.13"})
    return vpc
