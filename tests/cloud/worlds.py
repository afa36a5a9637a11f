"""Pairs of VPCs: one that is healthy, if unusual, and its neighbour, which differs in one thing and
breaks there. What breaks is stated by hand: the endpoint, and the resource to change first."""

from __future__ import annotations

import json

import world as w
from world import ALL, REGION, S3_LIST, acl, entry, find, group, permission, route, subnet, table

PAIRS = []


def pair(endpoint: str, resource: str, *options: str):
    """A function that makes the healthy world, and yields before it breaks it."""

    def keep(function):
        PAIRS.append((function.__name__, function, endpoint, resource, options))
        return function

    return keep


def made(function, broken: bool) -> dict:
    """The healthy world of a pair, or the one that breaks."""
    one = w.healthy()
    steps = function(one)
    next(steps)
    if broken:
        next(steps, None)
    one["NetworkInterfaces"] = w.interfaces_of(one["VpcEndpoints"])
    return one


def endpoint_of(one: dict, name: str) -> dict:
    return find(one, "VpcEndpoints", name)


def policy(action="*", resource="*", principal="*", effect="Allow", **more) -> dict:
    return {"Effect": effect, "Action": action, "Resource": resource, "Principal": principal, **more}


def document(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def without_endpoints(one: dict):
    one["VpcEndpoints"] = []
    find(one, "RouteTables", "private")["Routes"] = [route("10.0.0.0/16", "local"), route(ALL, "nat-1")]


# names --------------------------------------------------------------------------------------------


@pair("api", "vpc-0a")
def dns_hostnames_off_with_private_dns(one):
    yield
    one["attributes"]["enableDnsSupport"] = False


@pair("api", "vpce-ecrapi")
def private_dns_off_with_nat(one):
    endpoint_of(one, "ecrapi")["PrivateDnsEnabled"] = False
    yield
    find(one, "RouteTables", "private")["Routes"][1:2] = []


@pair("api", "rslvr-frg-1")
def firewall_allows_before_it_blocks(one):
    one["firewall_associations"] = [{"Id": "a", "FirewallRuleGroupId": "rslvr-frg-1", "VpcId": w.VPC,
                                     "Priority": 101, "Status": "COMPLETE"}]  # fmt: skip
    one["firewall_rules"] = {"rslvr-frg-1": [
        {"FirewallRuleGroupId": "rslvr-frg-1", "FirewallDomainListId": "rslvr-fdl-ok", "Priority": 1, "Action": "ALLOW"},
        {"FirewallRuleGroupId": "rslvr-frg-1", "FirewallDomainListId": "rslvr-fdl-all", "Priority": 2,
         "Action": "BLOCK", "BlockResponse": "NXDOMAIN"}]}  # fmt: skip
    one["firewall_domains"] = {"rslvr-fdl-ok": ["*.amazonaws.com."], "rslvr-fdl-all": ["*."]}
    yield
    one["firewall_rules"]["rslvr-frg-1"][0]["Priority"] = 3


@pair("dkr", "vpce-ecrdkr")
def endpoint_state_spelt_otherwise(one):
    endpoint_of(one, "ecrdkr")["State"] = "Available"
    yield
    endpoint_of(one, "ecrdkr")["State"] = "pendingAcceptance"
    find(one, "RouteTables", "private")["Routes"][1:2] = []


# routes -------------------------------------------------------------------------------------------


@pair("s3", "vpce-s3")
def main_table_serves_the_subnets(one):
    find(one, "RouteTables", "private")["Associations"] = []
    find(one, "RouteTables", "main")["Routes"] += [route(S3_LIST, "vpce-s3")]
    endpoint_of(one, "s3")["RouteTableIds"] = ["rtb-main"]
    yield
    find(one, "RouteTables", "main")["Routes"].pop()
    endpoint_of(one, "s3")["RouteTableIds"] = []


@pair("s3", "vpce-s3")
def no_nat_but_gateway_endpoint(one):
    find(one, "RouteTables", "private")["Routes"] = [route("10.0.0.0/16", "local"), route(S3_LIST, "vpce-s3")]
    yield
    find(one, "RouteTables", "private")["Routes"].pop()
    endpoint_of(one, "s3")["RouteTableIds"] = []


@pair("api", "rtb-private")
def nat_alone(one):
    without_endpoints(one)
    yield
    find(one, "RouteTables", "private")["Routes"].pop()


@pair("api", "nat-1")
def nat_in_another_zone(one):
    without_endpoints(one)
    find(one, "Subnets", "pub")["AvailabilityZone"] = f"{REGION}c"
    yield
    one["NatGateways"][0]["State"] = "failed"


@pair("api", "rtb-public")
def nat_whose_own_way_is_by_the_main_table(one):
    without_endpoints(one)
    yield
    find(one, "RouteTables", "public")["Routes"].pop()


@pair("api", "rtb-private")
def a_blackhole_that_nothing_takes(one):
    without_endpoints(one)
    find(one, "RouteTables", "private")["Routes"].append(route("192.168.0.0/16", "pcx-1", "blackhole"))
    yield
    find(one, "RouteTables", "private")["Routes"][1]["State"] = "blackhole"


@pair("api", "rtb-public", "--image", w.IMAGE, "--subnets", "subnet-pub", "--security-groups", "sg-task",
      "--role", w.ROLE, "--public-ip")  # fmt: skip
def public_subnet_with_public_ip(one):
    without_endpoints(one)
    yield
    find(one, "RouteTables", "public")["Routes"].pop()


@pair("api", "rtb-private")
def two_halves_of_the_internet_in_place_of_all(one):
    without_endpoints(one)
    find(one, "RouteTables", "private")["Routes"][1:] = [route("0.0.0.0/1", "nat-1"), route("128.0.0.0/1", "nat-1")]
    yield
    find(one, "RouteTables", "private")["Routes"][1:] = []


@pair("api", "rtb-public")
def an_internet_gateway_that_is_attached(one):
    without_endpoints(one)
    one["InternetGateways"][0]["Attachments"][0]["State"] = "attached"
    yield
    find(one, "RouteTables", "public")["Routes"][-1]["State"] = "blackhole"


# network ACLs -------------------------------------------------------------------------------------


@pair("api", "acl-tight")
def acl_allows_before_it_denies(one):
    one["NetworkAcls"].append(acl("tight", ["a", "b"], [
        entry(100, "allow", egress=True, protocol="6", ports=(443, 443)),
        entry(100, "allow", protocol="6", ports=(1024, 65535)),
        entry(90, "allow", "10.0.0.0/16"), entry(90, "allow", "10.0.0.0/16", egress=True),
        entry(200, "deny", egress=True), entry(200, "deny")]))  # fmt: skip
    one["NetworkAcls"][0]["Associations"] = one["NetworkAcls"][0]["Associations"][2:]
    without_endpoints(one)
    yield
    for rule in one["NetworkAcls"][1]["Entries"]:
        if rule["RuleNumber"] == 200:
            rule["RuleNumber"] = 50


@pair("api", "acl-tight")
def acl_with_ephemeral_ports_of_linux(one):
    without_endpoints(one)
    one["NetworkAcls"].append(acl("tight", ["a", "b"], [
        entry(100, "allow", egress=True, protocol="6", ports=(443, 443)),
        entry(100, "allow", protocol="6", ports=(32768, 61000))]))  # fmt: skip
    one["NetworkAcls"][0]["Associations"] = one["NetworkAcls"][0]["Associations"][2:]
    yield
    one["NetworkAcls"][1]["Entries"][1]["PortRange"] = {"From": 443, "To": 443}


@pair("api", "acl-pub")
def acl_of_the_nat_gateway(one):
    without_endpoints(one)
    one["NetworkAcls"].append(acl("pub", ["pub"], [
        entry(100, "allow", egress=True), entry(100, "allow", "10.0.0.0/16"),
        entry(110, "allow", protocol="6", ports=(1024, 65535))]))  # fmt: skip
    one["NetworkAcls"][0]["Associations"].pop()
    yield
    one["NetworkAcls"][1]["Entries"][2]["RuleAction"] = "deny"


@pair("api", "acl-ep")
def endpoints_in_subnets_of_their_own(one):
    one["Subnets"].append(subnet("c", "10.0.12.0/24"))
    for name in ("ecrapi", "ecrdkr", "logs"):
        endpoint_of(one, name)["SubnetIds"] = ["subnet-c"]
        endpoint_of(one, name)["NetworkInterfaceIds"] = [f"eni-{name}c"]
    one["NetworkAcls"].append(acl("ep", ["c"], [
        entry(100, "allow", "10.0.0.0/16", protocol="6", ports=(443, 443)),
        entry(100, "allow", "10.0.0.0/16", egress=True, protocol="6", ports=(1024, 65535))]))  # fmt: skip
    yield
    one["NetworkAcls"][1]["Entries"][1]["PortRange"] = {"From": 443, "To": 443}


# security groups ----------------------------------------------------------------------------------


@pair("s3", "sg-task")
def egress_to_the_prefix_list(one):
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [
        permission("sg-ep"), permission(S3_LIST)]  # fmt: skip
    yield
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"].pop()


@pair("api", "sg-task")
def groups_that_name_each_other(one):
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [permission("sg-ep", S3_LIST)]
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("sg-task")]
    yield
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [permission(S3_LIST)]


@pair("api", "sg-ep")
def ingress_from_the_task_alone(one):
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("sg-task")]
    yield
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("sg-other")]


@pair("api", "sg-ep")
def a_customers_prefix_list_in_a_rule(one):
    one["prefix_entries"]["pl-own"] = ["10.0.10.0/24", "10.0.11.0/24"]
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("pl-own")]
    yield
    one["prefix_entries"]["pl-own"] = ["10.7.0.0/16"]


@pair("api", "sg-task")
def egress_of_all_protocols(one):
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [permission(ALL, protocol="-1")]
    yield
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [permission(ALL, protocol="udp")]


@pair("api", "sg-ep")
def two_groups_of_a_task(one):
    one["SecurityGroups"].append(group("second", [], []))
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("sg-second")]
    network = one["clusters"]["prod"]["services"]["web"]["networkConfiguration"]["awsvpcConfiguration"]
    network["securityGroups"].append("sg-second")
    yield
    network["securityGroups"].pop()


@pair("api", "sg-task")
def a_range_of_ports(one):
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [permission(ALL, ports=(0, 65535))]
    yield
    find(one, "SecurityGroups", "task")["IpPermissionsEgress"] = [permission(ALL, ports=(444, 65535))]


# policies -----------------------------------------------------------------------------------------


@pair("s3", "vpce-s3")
def a_policy_with_the_layer_bucket(one):
    bucket = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"
    endpoint_of(one, "s3")["PolicyDocument"] = document(policy("s3:GetObject", bucket))
    yield
    endpoint_of(one, "s3")["PolicyDocument"] = document(policy("s3:GetObject", "arn:aws:s3:::own-bucket/*"))


@pair("dkr", "vpce-ecrdkr")
def a_policy_of_the_pull_alone(one):
    pull = policy(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken"])
    for name in ("ecrapi", "ecrdkr"):
        endpoint_of(one, name)["PolicyDocument"] = document(pull)
    yield
    endpoint_of(one, "ecrdkr")["PolicyDocument"] = document(policy("ecr:DescribeImages"))


@pair("api", "vpce-ecrapi")
def a_policy_of_the_role(one):
    for name in ("ecrapi", "ecrdkr"):
        endpoint_of(one, name)["PolicyDocument"] = document(policy(principal={"AWS": w.ROLE}))
    yield
    endpoint_of(one, "ecrapi")["PolicyDocument"] = document(policy(principal={"AWS": w.ROLE.replace("exec", "task")}))


@pair("api", w.ROLE)
def the_role_by_wildcards(one):
    one["roles"][w.ROLE]["allow"] = ["ecr:*", "logs:*"]
    yield
    one["roles"][w.ROLE]["allow"] = ["ecr:Batch*", "ecr:GetDownload*", "logs:*"]


@pair("dkr", w.ROLE)
def a_deny_of_something_else(one):
    one["roles"][w.ROLE]["deny"] = ["ecr:Delete*"]
    yield
    one["roles"][w.ROLE]["deny"] = ["ecr:BatchGet*"]


@pair("dkr", "app")
def a_repository_with_a_policy(one):
    one["repositories"]["app"]["policy"] = document(
        {"Effect": "Allow", "Principal": {"AWS": w.ROLE}, "Action": "ecr:BatchGetImage"})  # fmt: skip
    yield
    del one["repositories"]["app"]


@pair("dkr", "app")
def a_tag_among_others(one):
    one["repositories"]["app"]["images"][0]["imageTags"] = ["1", "latest"]
    yield
    one["repositories"]["app"]["images"][0]["imageTags"] = ["latest"]


# the VPC ------------------------------------------------------------------------------------------


@pair("api", "sg-ep")
def a_secondary_range(one):
    one["Vpcs"][0]["CidrBlockAssociationSet"].append(
        {"AssociationId": "2", "CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}})  # fmt: skip
    find(one, "Subnets", "a")["CidrBlock"], find(one, "Subnets", "b")["CidrBlock"] = "100.64.0.0/24", "100.64.1.0/24"
    for one_table in one["RouteTables"]:
        one_table["Routes"].append(route("100.64.0.0/16", "local"))
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("10.0.0.0/16", "100.64.0.0/16")]
    yield
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [permission("10.0.0.0/16")]


@pair("api", "sg-def", "--image", w.IMAGE, "--subnets", "subnet-a", "--role", w.ROLE)
def no_groups_are_the_default_one(one):
    yield
    find(one, "SecurityGroups", "def")["IpPermissionsEgress"] = []


@pair("logs", "sg-logs")
def logs_by_a_group_of_their_own(one):
    one["SecurityGroups"].append(group("logs", [permission("10.0.0.0/16")], []))
    endpoint_of(one, "logs")["Groups"] = [{"GroupId": "sg-logs", "GroupName": "logs"}]
    yield
    find(one, "SecurityGroups", "logs")["IpPermissions"] = []


@pair("api", "rtb-b")
def tables_of_each_subnet(one):
    without_endpoints(one)
    find(one, "RouteTables", "private")["Associations"].pop()
    one["RouteTables"].append(table("b", [route(ALL, "nat-1")], ["b"]))
    yield
    find(one, "RouteTables", "b")["Routes"].pop()
