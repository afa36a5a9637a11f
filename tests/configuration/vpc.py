"""VPCs as the control plane describes them, in the JSON form of a report's `configuration`.

`sealed` is a VPC without a way out, whose endpoints serve the pull; `with_nat` has a NAT gateway and no
endpoint. Both are those of tests/golden: the same addresses, the same image. What a world changes it
changes in `doc`, a dictionary that json.dumps writes as it is.
"""

from __future__ import annotations

import copy
import json

ACCOUNT, REGION, SERVICE_ACCOUNT = "123456789012", "us-east-1", "999999999999"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/pull-execution-role"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/app:1.4"
REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop/app"
BUCKET = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket"
S3_RANGES = ["52.216.0.0/15", "16.15.176.0/20", "3.5.0.0/19"]
ANYWHERE, ANYWHERE6 = "0.0.0.0/0", "::/0"
ACTIONS = {
    "subnets": "ec2:DescribeSubnets", "vpcs": "ec2:DescribeVpcs", "dns_support": "ec2:DescribeVpcAttribute",
    "dns_hostnames": "ec2:DescribeVpcAttribute", "dhcp_options": "ec2:DescribeDhcpOptions",
    "route_tables": "ec2:DescribeRouteTables", "network_acls": "ec2:DescribeNetworkAcls",
    "security_groups": "ec2:DescribeSecurityGroups", "prefix_lists": "ec2:DescribePrefixLists",
    "endpoints": "ec2:DescribeVpcEndpoints", "interfaces": "ec2:DescribeNetworkInterfaces",
    "nat_gateways": "ec2:DescribeNatGateways", "internet_gateways": "ec2:DescribeInternetGateways",
    "firewall_groups": "route53resolver:ListFirewallRuleGroupAssociations",
    "firewall_rules": "route53resolver:ListFirewallRules",
    "firewall_domains": "route53resolver:ListFirewallDomains",
    "resolver_rules": "route53resolver:ListResolverRuleAssociations",
    "hosted_zones": "route53:ListHostedZonesByVPC", "simulations": "iam:SimulatePrincipalPolicy",
    "repositories": "ecr:DescribeRepositories", "repository_policy": "ecr:GetRepositoryPolicy",
    "registry_policy": "ecr:GetRegistryPolicy", "cache_rules": "ecr:DescribePullThroughCacheRules",
    "images": "ecr:DescribeImages",
}  # fmt: skip
LISTS = ("calls subnets vpcs dhcp_options route_tables network_acls security_groups prefix_lists endpoints "
         "interfaces nat_gateways internet_gateways firewall_groups firewall_domains resolver_rules "
         "hosted_zones simulations repositories cache_rules images").split()  # fmt: skip
PULL = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def route(destination, target, state="active", origin="CreateRoute"):
    return {"destination": destination, "target": target, "state": state, "origin": origin}


def rule(peer, port=443, to=None, protocol="tcp", egress=False):
    if protocol == "-1":
        return {"egress": egress, "protocol": "-1", "from": None, "to": None, "peer": peer}
    return {"egress": egress, "protocol": protocol, "from": port, "to": to or port, "peer": peer}


def out(peer, port=443, **more):
    return rule(peer, port, egress=True, **more)


def entry(number, egress, action="allow", cidr=ANYWHERE, ports=None, protocol=None):
    first, last = ports or (None, None)
    return {"number": number, "egress": egress, "action": action,
            "protocol": protocol or ("6" if ports else "-1"), "cidr": cidr, "from": first,
            "to": last}  # fmt: skip


def open_acl():
    return [entry(100, True), entry(32767, True, "deny"), entry(100, False), entry(32767, False, "deny")]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action="*", resource="*", principal="*", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def deny(action="*", resource="*", principal="*", **condition):
    return allow(action, resource, principal, **condition) | {"Effect": "Deny"}


class Vpc:
    def __init__(self):
        self.doc = {name: [] for name in LISTS} | {"registry_policy": ""}
        self.doc["subject"] = {
            "image": IMAGE, "platform": "linux/amd64", "role": ROLE, "task_definition": "", "region": REGION, "account": ACCOUNT,
            "launch_type": "FARGATE", "public_ip": False, "subnets": ["subnet-1"],
            "security_groups": ["sg-task"], "services": [], "resources": []}  # fmt: skip
        self.doc["calls"] = [{"part": part, "about": "", "call": action, "action": action, "error": "",
                              "message": ""} for part, action in ACTIONS.items()]  # fmt: skip
        self.add("vpcs", id="vpc-1", owner=ACCOUNT, dhcp_options="dopt-1", cidrs=["10.20.0.0/16"],
                 cidrs6=[], dns_support=True, dns_hostnames=True)  # fmt: skip
        self.add("dhcp_options", id="dopt-1", servers=["AmazonProvidedDNS"])
        self.add("route_tables", id="rtb-main", vpc="vpc-1", main=True, subnets=[],
                 routes=[route("10.20.0.0/16", "local", origin="CreateRouteTable")])  # fmt: skip
        self.add("network_acls", id="acl-1", vpc="vpc-1", is_default=True, subnets=[], entries=open_acl())
        self.add("prefix_lists", id="pl-s3", name=f"com.amazonaws.{REGION}.s3", entries=list(S3_RANGES))
        for number in (1, 2, 3):
            self.subnet(f"subnet-{number}", f"10.20.{number}.0/24", f"{REGION}{'abc'[number - 1]}")
        self.group("sg-task", out(ANYWHERE, protocol="-1"))
        self.add("repositories", name="shop/app", arn=REPOSITORY, registry=ACCOUNT, policy="", immutable=False)
        self.add("images", repository="shop/app", digest="sha256:" + "1" * 64, tags=["1.4"],
                 manifest_type="application/vnd.oci.image.index.v1+json", status="ACTIVE",
                 platforms=[])  # fmt: skip
        for action in PULL:
            self.simulated(action)

    # reading and adding

    def add(self, part, /, **values):
        self.doc[part].append(values)
        return values

    def get(self, name, which):
        key = {"repositories": "name", "simulations": "action"}.get(name, "id")
        return next(one for one in self.doc[name] if one[key] == which)

    def remove(self, name, which):
        self.doc[name].remove(self.get(name, which))

    def subnet(self, name, cidr, zone=f"{REGION}a", acl="acl-1", table="", cidrs6=(), **more):
        self.add("subnets", **({"id": name, "vpc": "vpc-1", "owner": ACCOUNT, "zone": zone, "zone_id": "",
                                "cidr": cidr, "cidrs6": list(cidrs6), "map_public_ip": False,
                                "ipv6_native": False, "dns64": False, "internet_gateway_block": "off",
                                "available_addresses": 200} | more))  # fmt: skip
        self.get("network_acls", acl)["subnets"].append(name)
        if table:
            self.get("route_tables", table)["subnets"].append(name)

    def group(self, name, *rules, label=""):
        return self.add("security_groups", id=name, name=label or name, vpc="vpc-1", owner=ACCOUNT,
                        rules=list(rules))  # fmt: skip

    def table(self, name, *routes, subnets=()):
        local = route("10.20.0.0/16", "local", origin="CreateRouteTable")
        return self.add("route_tables", id=name, vpc="vpc-1", main=False, subnets=list(subnets),
                        routes=[local, *routes])  # fmt: skip

    def acl(self, name, subnet, *entries):
        """An ACL of its own for a subnet."""
        for one in self.doc["network_acls"]:
            one["subnets"] = [other for other in one["subnets"] if other != subnet]
        return self.add("network_acls", id=name, vpc="vpc-1", is_default=False, subnets=[subnet],
                        entries=list(entries))  # fmt: skip

    def interface(self, name, subnet, *addresses, groups=("sg-endpoint",)):
        self.add("interfaces", id=name, subnet=subnet, type="vpc_endpoint", description="",
                 groups=list(groups), addresses=list(addresses))  # fmt: skip

    def endpoint(self, name, service, addresses, **more):
        """An interface endpoint; addresses by subnet."""
        for subnet, address in addresses.items():
            self.interface(f"eni-{name}-{subnet}", subnet, address)
        return self.add("endpoints", **({
            "id": f"vpce-{name}", "vpc": "vpc-1", "owner": ACCOUNT, "type": "Interface",
            "service": f"com.amazonaws.{REGION}.{service}", "state": "available", "private_dns": True,
            "private_dns_only_inbound": False, "ip_address_type": "ipv4", "policy": policy(allow()),
            "subnets": list(addresses), "interfaces": [f"eni-{name}-{subnet}" for subnet in addresses],
            "groups": ["sg-endpoint"], "route_tables": [], "dns_names": [], "error": ""} | more))  # fmt: skip

    def gateway_endpoint(self, name="s3", tables=("rtb-main",), **more):
        for table in tables:
            self.get("route_tables", table)["routes"].append(route("pl-s3", f"vpce-{name}"))
        return self.add("endpoints", **({
            "id": f"vpce-{name}", "vpc": "vpc-1", "owner": ACCOUNT, "type": "Gateway",
            "service": f"com.amazonaws.{REGION}.s3", "state": "available", "private_dns": False,
            "private_dns_only_inbound": False, "ip_address_type": "ipv4", "policy": policy(allow()),
            "subnets": [], "interfaces": [], "groups": [], "route_tables": list(tables), "dns_names": [],
            "error": ""} | more))  # fmt: skip

    def internet(self):
        """A public subnet, subnet-9, with an internet gateway."""
        self.add("internet_gateways", id="igw-1", vpc="vpc-1", state="available")
        self.table("rtb-public", route(ANYWHERE, "igw-1"))
        self.subnet("subnet-9", "10.20.9.0/24", table="rtb-public")
        return self

    def nat(self, tables=("rtb-main",), **more):
        self.internet()
        for table in tables:
            self.get("route_tables", table)["routes"].append(route(ANYWHERE, "nat-1"))
        self.add("nat_gateways", **({"id": "nat-1", "vpc": "vpc-1", "subnet": "subnet-9",
                                     "state": "available", "failure": "", "connectivity": "public",
                                     "addresses": ["10.20.9.20"]} | more))  # fmt: skip
        return self

    def simulated(self, action, decision="allowed", **more):
        resource = "*" if action == PULL[0] else REPOSITORY
        self.doc["simulations"] = [one for one in self.doc["simulations"] if one["action"] != action]
        self.add("simulations", **({"action": action, "resource": resource, "decision": decision,
                                    "sources": [], "missing": [], "organizations": "",
                                    "boundary": ""} | more))  # fmt: skip

    def unread(self, part, error="UnauthorizedOperation"):
        """The call was denied: what it would have told is not there."""
        for call in self.doc["calls"]:
            if call["part"] == part:
                call.update(error=error, message="denied")
        if part in self.doc:
            self.doc[part] = "" if part == "registry_policy" else []
        for one in self.doc["vpcs"] if part.startswith("dns_") else []:
            one[part] = False
        for one in self.doc["repositories"] if part == "repository_policy" else []:
            one["policy"] = ""
        return self

    def subject(self, **values):
        self.doc["subject"].update(values)
        return self

    def copy(self):
        return copy.deepcopy(self)


def sealed() -> Vpc:
    """No way out: endpoints for ECR, a gateway endpoint for S3."""
    vpc = Vpc()
    vpc.group("sg-endpoint", rule("10.20.0.0/16"))
    vpc.endpoint("api", "ecr.api", {"subnet-2": "10.20.2.11", "subnet-3": "10.20.3.11"})
    vpc.endpoint("dkr", "ecr.dkr", {"subnet-2": "10.20.2.12", "subnet-3": "10.20.3.12"})
    vpc.gateway_endpoint()
    return vpc


def with_nat() -> Vpc:
    return Vpc().nat()


def report(vpc: Vpc) -> dict:
    """A report of `inspect`: a configuration, and no walk."""
    subject = vpc.doc["subject"]
    return {"schema": "pullprobe.report.v1", "tool": {"name": "pullprobe", "version": "0.1.0"},
            "started_at": "2026-01-02T03:04:05Z", "took_us": 1, "interrupted": False, "full": False,
            "timeout_us": 5000000, "stage": "",
            "target": {"image": subject["image"], "host": "", "registry": "ecr", "partition": "",
                       "reference_kind": "tag", "platform": subject["platform"]},
            "vantage": {"label": ",".join(subject["subnets"])}, "configuration": vpc.doc,
            "steps": []}  # fmt: skip
