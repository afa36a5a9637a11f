"""Faults of tests/lab that a configuration of AWS causes, each with a VPC that has it, and by hand what a
walk through the fault and that VPC prove together. The addresses are those of the lab.

    python3 lab_worlds.py    {"FAULT": {"configuration": ..., "endpoints": [...], "class": ..., "resource": ...}}
"""

from __future__ import annotations

import json

import worlds
from test_joined import group
from unusual import endpoint_policy
from vpc import PULL, REPOSITORY, ROLE, S3_RANGES, deny, entry, out, sealed, with_nat
from worlds import simulated, task_acl, task_rules

FAULTS: dict[str, tuple] = {}
LAB_REPOSITORY = REPOSITORY.replace("shop/app", "app")


def fault(name, endpoints, cls, resource):
    def add(make):
        assert name not in FAULTS
        FAULTS[name] = (make, endpoints.split(), cls, resource)
        return make

    return add


@fault("tcp-api-endpoint-group", "api", "net.security_group", "sg-other")
def _():
    vpc = sealed()
    vpc.group("sg-other")
    vpc.get("endpoints", "vpce-api")["groups"] = ["sg-other"]
    return vpc


fault("tcp-dkr-endpoint-group", "dkr", "net.security_group", "sg-other")(worlds.one_endpoint_has_another_group)
fault("tcp-both-endpoint-groups", "api dkr", "net.security_group", "sg-default")(worlds.endpoints_with_the_default_group)
fault("tcp-task-group-closed", "api dkr s3", "", "sg-task")(lambda: task_rules(sealed))
fault("tcp-task-group-without-s3", "s3", "s3.security_group", "sg-task")(lambda: task_rules(sealed, out("10.20.0.0/16")))
fault("tcp-s3-no-gateway", "s3", "s3.no_route", "rtb-main")(worlds.no_gateway_endpoint)
fault("tcp-nacl-out", "api dkr s3", "net.nacl", "acl-2")(
    lambda: task_acl(sealed, entry(90, True, "deny", ports=(443, 443)), entry(100, True), entry(100, False)))
fault("tcp-nacl-back", "api dkr s3", "net.nacl", "acl-2")(worlds.acl_without_replies)
fault("tcp-nacl-back-half", "api dkr s3", "net.port_range", "acl-2")(
    lambda: task_acl(sealed, entry(100, True), entry(90, False, ports=(1024, 32767))))
fault("tcp-nacl-without-s3", "s3", "net.nacl", "acl-2")(worlds.acl_of_the_vpc_alone)
fault("nat-no-route", "api dkr s3", "", "rtb-main")(worlds.route_to_a_deleted_nat)
fault("nat-blackholed", "api dkr s3", "", "nat-1")(worlds.nat_that_failed)
fault("nat-no-public-address", "api dkr s3", "", "rtb-public")(worlds.public_subnet_without_a_public_ip)
fault("nat-port-80-only", "api dkr s3", "", "sg-task")(lambda: group(with_nat(), "sg-task", out("0.0.0.0/0", 80)))
fault("nat-without-s3", "s3", "net.nacl", "acl-2")(
    lambda: task_acl(with_nat, *(entry(50 + n, True, "deny", one) for n, one in enumerate(S3_RANGES)), entry(100, True),
                     entry(100, False)))
fault("nat-api-only-silent", "api", "net.nacl", "acl-2")(
    lambda: task_acl(with_nat, entry(50, True, "deny", "44.213.79.0/24"), entry(100, True), entry(100, False)))
fault("dns-all-nxdomain", "api dkr s3", "dns.nxdomain", "rslvr-frg-1")(worlds.firewall_blocks_all)
fault("dns-silent", "api dkr s3", "dns.timeout", "vpc-1")(worlds.dns_support_off)
fault("token-denied-none", "api", "auth.iam_identity", ROLE)(worlds.role_without_the_token)
fault("token-denied-endpoint", "api", "auth.endpoint_policy", "vpce-api")(worlds.policy_of_the_repository_alone)
fault("token-denied-endpoint-deny", "api", "auth.endpoint_policy", "vpce-api")(
    lambda: endpoint_policy("api", worlds.allow(), deny("ecr:GetAuthorizationToken")))
fault("token-denied-identity-deny", "api", "auth.iam_identity", ROLE)(lambda: simulated(PULL[0], "explicitDeny"))
fault("token-denied-scp", "api", "auth.scp", ROLE)(lambda: simulated(PULL[0], "implicitDeny", organizations="false"))
fault("manifest-denied-none", "dkr", "auth.iam_identity", ROLE)(lambda: simulated(PULL[1], "implicitDeny"))
fault("manifest-denied-endpoint", "dkr", "auth.endpoint_policy", "vpce-dkr")(worlds.policy_of_another_role)
fault("layers-denied-none", "dkr", "auth.iam_identity", ROLE)(lambda: simulated(PULL[2], "implicitDeny"))
fault("s3-endpoint-policy", "s3", "s3.endpoint_policy", "vpce-s3")(worlds.policy_of_other_buckets)
fault("s3-denied-plainly", "s3", "s3.endpoint_policy", "vpce-s3")(worlds.policy_of_the_organizations_principals)
fault("manifest-no-tag", "dkr", "registry.tag_not_found", LAB_REPOSITORY)(worlds.no_such_tag)
fault("manifest-no-repository", "dkr", "registry.repo_not_found", LAB_REPOSITORY.replace("app", "apq"))(worlds.no_repository)


def named(document: dict, name: str) -> dict:
    """The lab's repository and tag."""
    text = json.dumps(document).replace("shop/app", "apq" if name == "manifest-no-repository" else "app")
    return json.loads(text.replace('"1.4"', '"multi"'))


if __name__ == "__main__":
    print(json.dumps({name: {"configuration": named(make().doc, name), "endpoints": endpoints, "classes": cls.split(),
                             "resource": resource} for name, (make, endpoints, cls, resource) in FAULTS.items()}))  # fmt: skip
