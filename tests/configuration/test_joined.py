"""The symptom of a golden case that leaves its cause open, and a configuration with exactly one fault: the
finding is proven, and names the resource. With the same configuration without the fault it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
import worlds
from test_worlds import PROBE, ROOT, judged
from vpc import ANYWHERE, ANYWHERE6, BUCKET, PULL, REPOSITORY, ROLE, S3_RANGES, Vpc, allow, entry, out, policy, route, rule, sealed, with_nat

sys.path.append(str(ROOT / "tests/golden"))

from cases import CASES  # noqa: E402


@dataclass
class Case:
    rule: str
    make: object
    cls: str
    resource: str
    endpoints: str = ""  # whose findings are proven; empty: all


JOINED: list[Case] = []


def joined(rule_, cls, resource, endpoints=""):
    def add(make):
        JOINED.append(Case(rule_, make, cls, resource, endpoints))
        return make

    return add


def group(vpc, name, *rules):
    vpc.get("security_groups", name)["rules"] = list(rules)
    return vpc


def endpoint_of_dkr(vpc, **addresses):
    vpc.group("sg-other")
    vpc.endpoint("dkr", "ecr.dkr", {key.replace("_", "-"): value for key, value in addresses.items()},
                 groups=["sg-other"])  # fmt: skip
    return vpc


@joined("tcp-endpoint-in-subnet", "net.security_group", "sg-other")
def _():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-dkr")
    return endpoint_of_dkr(vpc, subnet_1="10.20.1.12")


@joined("tcp-endpoint-alone", "net.security_group", "sg-other")
def _():
    return worlds.one_endpoint_has_another_group()


@joined("tcp-endpoint-alone", "net.nacl", "acl-2")
def _():
    vpc = sealed()
    vpc.acl("acl-2", "subnet-1", entry(10, True, "deny", "10.20.2.12/32"), entry(11, True, "deny", "10.20.3.12/32"),
            entry(100, True), entry(100, False))  # fmt: skip
    return vpc


@joined("tcp-endpoint-not-outside", "net.security_group", "sg-other")
def _():
    return endpoint_of_dkr(with_nat(), subnet_2="10.20.2.12", subnet_3="10.20.3.12")


@joined("tcp-elsewhere", "net.no_egress_route", "rtb-main")
def _():
    return sealed()


@joined("tcp-all-endpoints-silent", "net.security_group", "sg-endpoint")
def _():
    return group(sealed(), "sg-endpoint", rule("10.99.0.0/16"))


@joined("tcp-endpoint-silent", "", "sg-task")
def _():
    vpc = endpoint_of_dkr(with_nat(), subnet_2="10.20.2.12", subnet_3="10.20.3.12")
    group(vpc, "sg-other", rule(ANYWHERE))
    return group(vpc, "sg-task", out(ANYWHERE, 80))


@joined("tcp-s3-other-region", "s3.no_route", "rtb-main")
def _():
    vpc = sealed()
    vpc.get("prefix_lists", "pl-s3")["entries"] = ["3.5.0.0/19"]
    return vpc


@joined("tcp-s3-port", "s3.security_group", "sg-task")
def _():
    return group(sealed(), "sg-task", out("sg-endpoint"), out(ANYWHERE, 80))


@joined("tcp-s3-some", "net.nacl", "acl-2")
def _():
    vpc = sealed()
    vpc.acl("acl-2", "subnet-1", entry(50, True, "deny", "52.216.0.0/24"),
            entry(51, True, "deny", "16.15.176.0/24"), entry(100, True), entry(100, False))  # fmt: skip
    return vpc


@joined("tcp-s3-not-outside", "net.nacl", "acl-2")
def _():
    vpc = with_nat()
    vpc.acl("acl-2", "subnet-1", *(entry(50 + n, True, "deny", cidr) for n, cidr in enumerate(S3_RANGES)),
            entry(100, True), entry(100, False))  # fmt: skip
    return vpc


@joined("tcp-s3-not-outside", "s3.security_group", "sg-task")
def _():
    return group(with_nat(), "sg-task", out("44.0.0.0/8"), out("54.0.0.0/8"))


@joined("tcp-s3-no-route", "s3.no_route", "vpce-s3")
def _():
    return worlds.gateway_endpoint_of_the_main_table()


@joined("tcp-s3-no-route", "s3.security_group", "sg-task")
def _():
    return group(sealed(), "sg-task", out("sg-endpoint"))


@joined("tcp-s3-no-route", "net.nacl", "acl-2")
def _():
    return worlds.acl_of_the_vpc_alone()


@joined("tcp-s3-all-silent", "", "sg-task")
def _():
    return group(sealed(), "sg-task")


@joined("tcp-s3-silent", "", "rtb-1")
def _():
    return worlds.own_table_without_nat()


@joined("tcp-public-alone", "net.nacl", "acl-2")
def _():
    vpc = with_nat()
    vpc.acl("acl-2", "subnet-1", entry(50, True, "deny", "44.213.79.0/24"), entry(100, True), entry(100, False))
    return vpc


@joined("tcp-port-443-closed", "", "sg-task")
def _():
    return group(with_nat(), "sg-task", out(ANYWHERE, 80))


@joined("tcp-no-endpoint", "net.no_egress_route", "vpce-api")
def _():
    vpc = sealed()
    vpc.get("endpoints", "vpce-api")["private_dns"] = False
    return vpc


@joined("tcp-all-silent", "net.nacl", "acl-2")
def _():
    vpc = sealed().nat()
    vpc.acl("acl-2", "subnet-1", entry(100, True), entry(100, False, ports=(443, 443)))
    return vpc


@joined("tcp-no-egress", "", "nat-1")
def _():
    return worlds.nat_that_failed()


@joined("tcp-no-egress", "", "rtb-public")
def _():
    return worlds.public_subnet_without_a_public_ip()


@joined("tcp-no-egress-other", "net.no_egress_route", "rtb-1", "api dkr")
def _():
    return worlds.own_table_without_nat()


@joined("tcp-two-views", "net.nacl", "acl-2")
def _():
    vpc = with_nat()
    vpc.acl("acl-2", "subnet-1", entry(50, True, "deny", "54.210.113.0/24"), entry(100, True), entry(100, False))
    return vpc


@joined("tcp-proxy-not-used", "", "rtb-1")
def _():
    return worlds.own_table_without_nat()


@joined("tcp-nat64-silent", "", "rtb-main")
def _():
    return worlds.ipv6_alone_without_a_route()


@joined("tcp-ipv6-no-egress", "", "rtb-main")
def _():
    vpc = worlds.ipv6()
    return vpc


@joined("dns-nxdomain", "dns.nxdomain", "rslvr-frg-1")
def _():
    return worlds.firewall_blocks_all()


@joined("dns-timeout", "dns.timeout", "vpc-1")
def _():
    return worlds.dns_support_off()


@joined("denied-token", "auth.iam_identity", ROLE)
def _():
    return worlds.role_without_the_token()


@joined("denied-token", "auth.endpoint_policy", "vpce-api")
def _():
    return worlds.policy_of_the_repository_alone()


@joined("denied-token-no-endpoint", "auth.iam_identity", ROLE)
def _():
    vpc = with_nat()
    vpc.simulated(PULL[0], "implicitDeny")
    return vpc


@joined("denied", "auth.iam_identity", ROLE)
def _():
    return worlds.simulated(PULL[1], "implicitDeny")


@joined("denied", "auth.endpoint_policy", "vpce-dkr")
def _():
    return worlds.policy_of_another_role()


@joined("denied-no-endpoint", "auth.iam_identity", ROLE)
def _():
    vpc = with_nat()
    vpc.simulated(PULL[1], "implicitDeny")
    return vpc


@joined("denied-only-by-registry", "auth.endpoint_policy", "vpce-dkr")
def _():
    return worlds.policy_of_another_role()


@joined("denied-cross-account", "registry.repo_policy", REPOSITORY.replace("123456789012", "210987654321"))
def _():
    return worlds.cross_account()


@joined("s3-denied", "s3.endpoint_policy", "vpce-s3")
def _():
    return worlds.policy_of_other_buckets()


@joined("cache-not-filled", "ptc.permission", ROLE)
def _():
    return worlds.first_pull_through_the_cache_without_the_right()


@joined("repository-unknown-cross", "registry.repo_not_found", REPOSITORY.replace("123456789012", "210987654321"))
def _():
    vpc = worlds.repository_of_another_account_that_grants_ours()
    vpc.doc["repositories"] = []
    return vpc


@joined("tag-unknown", "registry.tag_not_found", REPOSITORY)
def _():
    return worlds.no_such_tag()


@joined("tag-listed", "registry.archived", REPOSITORY)
def _():
    return worlds.archived_image()


@joined("digest-unknown", "registry.digest_gone", REPOSITORY)
def _():
    return worlds.no_such_tag()


IDS = [f"{case.rule}-{case.resource.split(':')[0]}-{number}" for number, case in enumerate(JOINED)]


def walked(case, vpc):
    """The golden evidence, and a configuration for it."""
    report = CASES[case.rule].report()
    target = report["target"]
    subject = vpc.doc["subject"]
    subject["image"] = target["image"]
    if target["repository"] != "shop/app":
        for part in ("repositories", "images"):
            for one in vpc.doc[part]:
                one["name" if part == "repositories" else "repository"] = target["repository"]
        for one in vpc.doc["cache_rules"]:
            one["prefix"] = target["repository"].split("/")[0]
    report["configuration"] = vpc.doc
    return report


def resource(case, report):
    """The ARN of the repository is that of the golden case."""
    if ":repository/" not in case.resource:
        return case.resource
    return case.resource.rsplit(":repository/", 1)[0] + f":repository/{report['target']['repository']}"


@pytest.mark.parametrize("case", JOINED, ids=IDS)
def test_a_walk_and_one_fault_prove_the_resource(case):
    report = walked(case, case.make())
    before = [f for f in judged(CASES[case.rule].report())["findings"] if f["severity"] == "broken"]
    got = judged(report)
    places = {(f["stage"], f["endpoint"]) for f in before if f["certainty"] != "proven"}
    found = [f for f in got["findings"] if (f["stage"], f["endpoint"]) in places and f["severity"] == "broken"
             and (f["endpoint"] in case.endpoints.split() or not case.endpoints)]  # fmt: skip
    assert any(f["certainty"] != "proven" for f in before)
    assert found and got["verdict"]["pull"] == "breaks"
    for finding in found:
        assert finding["certainty"] == "proven", (finding["class"], finding["says"], finding["decide"])
        assert finding["resources"][0] == resource(case, report), finding["says"]
        assert not case.cls or finding["class"] == case.cls
        assert finding["fix"] and finding["confirm"] and not finding["alternatives"] and not finding["decide"]
    assert not [f for f in got["findings"] if f["class"] == "config.contradiction"]


def test_all_of_the_undecided_are_decided():
    assert len({case.rule for case in JOINED}) >= 24


def test_two_faults_are_likely_and_both_are_named():
    vpc = worlds.egress_to_the_prefix_list_alone()
    vpc.get("security_groups", "sg-endpoint")["rules"] = []
    got = judged(walked(next(c for c in JOINED if c.rule == "tcp-all-endpoints-silent"), vpc))
    for finding in got["findings"]:
        assert finding["certainty"] == "likely" and finding["alternatives"] and finding["decide"]
        assert finding["resources"] == ["sg-task", "sg-endpoint"]
        assert len(finding["fix"]) == 2


def test_a_walk_that_fails_where_all_is_open_is_a_contradiction():
    got = judged(walked(Case("tcp-s3-no-route", None, "", ""), sealed()))
    broken, note = got["findings"]
    assert (broken["class"], broken["certainty"]) == ("s3.no_route", "likely")
    assert (note["class"], note["severity"], note["endpoint"]) == ("config.contradiction", "note", "s3")


def test_a_walk_that_passes_where_a_link_blocks_is_believed():
    got = judged(walked(Case("tcp-host-not-used", None, "", ""), worlds.role_without_the_token()))
    assert got["verdict"]["pull"] == "works"
    note = next(f for f in got["findings"] if f["class"] == "config.contradiction")
    assert note["resources"] == [ROLE] and note["severity"] == "note"


def test_what_is_unread_or_beyond_keeps_the_doubt_and_says_so():
    for vpc in (sealed().unread("network_acls"), worlds.network_firewall()):
        got = judged(walked(Case("tcp-s3-no-route", None, "", ""), vpc))
        finding = next(f for f in got["findings"] if f["endpoint"] == "s3")
        assert finding["certainty"] == "likely"
        assert "The configuration leaves open:" in finding["decide"], finding
        assert not [f for f in got["findings"] if f["class"] == "config.contradiction"]


def test_a_comparison_names_the_difference_of_the_configurations(tmp_path):
    """One of two subnets has a table of its own, without a NAT route."""
    works, breaks = with_nat(), worlds.own_table_without_nat()
    reports = [walked(Case("tcp-family-not-here", None, "", ""), works), walked(Case("tcp-no-egress", None, "", ""), breaks)]
    for number, one in enumerate(reports):
        one["vantage"]["label"] = f"subnet-{number}"
        (tmp_path / f"{number}.json").write_text(json.dumps(one))
    done = subprocess.run([PROBE, "compare", "--format", "text", *map(str, sorted(tmp_path.iterdir()))],
                          text=True, stdout=subprocess.PIPE, timeout=60)  # fmt: skip
    told = " ".join(done.stdout.split())
    assert "Route table rtb-1 of subnet-1 has no route to the internet" in told, told
    assert "Route table rtb-main of subnet-1 leads 0.0.0.0/0 to nat-1" in told
