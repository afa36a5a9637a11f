"""Routes, network ACLs, security groups and policies of random configurations, evaluated by a program of
its own: the same results as the diagnosis has. Seeds are fixed, so that a failure comes again."""

from __future__ import annotations

import fnmatch
import json
import random
import re
from ipaddress import ip_address, ip_network

import pytest
import worlds
from test_worlds import asked
from vpc import ACCOUNT, BUCKET, PULL, REGION, REPOSITORY, ROLE, Vpc, report, sealed

HOST = f"prod-{REGION}-starport-layer-bucket.s3.{REGION}.amazonaws.com"
ROUNDS = 400
LINUX = (32768, 60999)


def chain(answer: list, endpoint: str) -> list:
    return next(one["links"] for one in answer if one["endpoint"] == endpoint)


def link(links: list, what: str) -> dict:
    return next(one for one in links if one["what"] == what)


def resolving(vpc: Vpc, *addresses: str) -> dict:
    """The name of the layer bucket leads to these addresses, and no more is known."""
    document = report(vpc)
    document["steps"] = [{"stage": "dns", "endpoint": "s3", "host": HOST, "peer": "10.20.0.2:53", "outcome": "passed",
                          "cause": "none", "detail": "", "began_us": 0, "took_us": 1, "experiment": False, "asks": "",
                          "follows": None, "seen": {"addresses": list(addresses)}}]  # fmt: skip
    document["target"].update(host=vpc.doc["subject"]["image"].split("/")[0], account=ACCOUNT, region=REGION,
                              partition="aws", repository="shop/app", reference="1.4")  # fmt: skip
    return document


def random_range(random_: random.Random) -> str:
    base = random_.choice(["52.216.0.10", "52.216.0.11", "52.217.3.4", "16.15.176.9", "10.20.1.10", "10.20.2.11"])
    bits = random_.choice([0, 1, 8, 12, 15, 16, 23, 24, 27, 31, 32])
    return str(ip_network(f"{base}/{bits}", strict=False))


def random_ports(random_: random.Random) -> tuple:
    first = random_.choice([0, 80, 443, 444, 1024, 32768, 40000, 60999, 61000])
    return first, random_.choice([port for port in (443, 1023, 32767, 50000, 60999, 61000, 65535) if port >= first])


# network ACLs


def random_entries(random_: random.Random) -> list:
    entries = []
    for number in random_.sample(range(1, 1000), random_.randrange(8)):
        protocol = random_.choice(["6", "6", "-1", "17"])
        ports = (None, None) if protocol == "-1" else random_ports(random_)
        entries.append({"number": number, "egress": random_.random() < 0.5, "protocol": protocol, "to": ports[1],
                        "action": random_.choice(["allow", "allow", "deny"]), "cidr": random_range(random_),
                        "from": ports[0]})  # fmt: skip
    return entries


def acl_allows(entries: list, egress: bool, address: str, port: int) -> bool:
    for one in sorted(entries, key=lambda one: one["number"]):
        fits = one["egress"] == egress and ip_address(address) in ip_network(one["cidr"])
        if fits and (one["protocol"] == "-1" or (one["protocol"] == "6" and one["from"] <= port <= one["to"])):
            return one["action"] == "allow"
    return False


def effect(allowed: list[list[bool]]) -> str:
    """By address, and of each by port."""
    whole = [all(ports) for ports in allowed]
    return "passes" if all(whole) else "partly" if any(whole) else "blocks"


def test_network_acls():
    random_ = random.Random(1)
    cases = []
    for _ in range(ROUNDS):
        vpc = sealed()
        vpc.acl("acl-2", "subnet-1", *random_entries(random_))
        cases.append((vpc, random_.sample(["52.216.0.10", "52.217.3.4", "16.15.176.9"], random_.randrange(1, 4))))
    answers = asked([resolving(vpc, *addresses) for vpc, addresses in cases])
    seen = set()
    for (vpc, addresses), answer in zip(cases, answers):
        entries = vpc.get("network_acls", "acl-2")["entries"]
        links = chain(answer, "s3")
        ports = sorted({LINUX[0]} | {port + more for one in entries for port in (one["from"], one["to"]) if port
                                     for more in (0, 1) if LINUX[0] <= port + more <= LINUX[1]})  # fmt: skip
        out = effect([[acl_allows(entries, True, address, 443)] for address in addresses])
        back = effect([[acl_allows(entries, False, address, port) for port in ports] for address in addresses])
        assert link(links, "network ACL, out")["effect"] == out, (entries, addresses)
        assert link(links, "network ACL, in")["effect"] == back, (entries, addresses)
        seen |= {out, back}
    assert seen == {"passes", "partly", "blocks"}


# security groups


def random_rules(random_: random.Random, egress: bool) -> list:
    rules = []
    for _ in range(random_.randrange(5)):
        protocol = random_.choice(["tcp", "tcp", "-1", "udp", "6"])
        ports = (None, None) if protocol == "-1" else random_ports(random_)
        peer = random_.choice([random_range(random_), "pl-s3", "pl-own", "sg-endpoint", "sg-task"])
        rules.append({"egress": egress if random_.random() < 0.8 else not egress, "protocol": protocol,
                      "from": ports[0], "to": ports[1], "peer": peer})  # fmt: skip
    return rules


def group_allows(vpc: Vpc, rules: list, egress: bool, address: str, groups: list) -> bool:
    lists = {one["id"]: one["entries"] for one in vpc.doc["prefix_lists"]}
    for one in rules:
        tcp = one["protocol"] == "-1" or (one["protocol"] in ("tcp", "6") and one["from"] <= 443 <= one["to"])
        peer = one["peer"]
        ranges = lists.get(peer, [] if peer.startswith("sg-") else [peer])
        if one["egress"] == egress and tcp and (peer in groups or any(
                ip_address(address) in ip_network(cidr) for cidr in ranges)):  # fmt: skip
            return True
    return False


def test_security_groups():
    random_ = random.Random(2)
    cases = []
    for _ in range(ROUNDS):
        vpc = sealed()
        vpc.add("prefix_lists", id="pl-own", name="own", entries=[random_range(random_) for _ in range(3)])
        vpc.get("security_groups", "sg-task")["rules"] = random_rules(random_, True)
        vpc.get("security_groups", "sg-endpoint")["rules"] = random_rules(random_, False)
        cases.append(vpc)
    answers = asked([resolving(vpc, "52.216.0.10") for vpc in cases])
    for vpc, answer in zip(cases, answers):
        task, endpoint = (vpc.get("security_groups", name)["rules"] for name in ("sg-task", "sg-endpoint"))
        out = effect([[group_allows(vpc, task, True, "52.216.0.10", [])]])
        assert link(chain(answer, "s3"), "security group of the task")["effect"] == out, task
        out = effect([[group_allows(vpc, task, True, address, ["sg-endpoint"])]
                      for address in ("10.20.2.12", "10.20.3.12")])  # fmt: skip
        into = [group_allows(vpc, endpoint, False, str(address), ["sg-task"])
                for address in ip_network("10.20.1.0/24")]  # fmt: skip
        into = "passes" if all(into) else "undecided" if any(into) else "blocks"
        links = chain(answer, "dkr")
        assert link(links, "security group of the task")["effect"] == out, task
        assert link(links, "security group of the endpoint")["effect"] == into, endpoint


# routes


def random_routes(random_: random.Random) -> list:
    routes = [{"destination": "10.20.0.0/16", "target": "local", "state": "active", "origin": "CreateRouteTable"}]
    for number in range(random_.randrange(6)):
        destination = random_.choice([random_range(random_), "pl-s3", "pl-own"])
        routes.append({"destination": destination, "target": f"tgw-{number}", "state": "active",
                       "origin": random_.choice(["CreateRoute", "CreateRoute", "EnableVgwRoutePropagation"])})  # fmt: skip
    return routes


def route_of(vpc: Vpc, routes: list, address: str) -> list:
    """The targets that are equally good; AWS has no two static routes of one destination."""
    lists = {one["id"]: one["entries"] for one in vpc.doc["prefix_lists"]}
    best: dict = {}
    for one in routes:
        for cidr in lists.get(one["destination"], [one["destination"]]):
            network = ip_network(cidr)
            if ip_address(address) in network:
                rank = (network.prefixlen, 0 if one["origin"].startswith("Enable") and "pl-" not in one["destination"]
                        else 1 if "pl-" in one["destination"] else 2)  # fmt: skip
                best.setdefault(rank, []).append(one["target"])
    return best[max(best)] if best else []


def test_routes():
    random_ = random.Random(3)
    cases = []
    for _ in range(ROUNDS):
        vpc = sealed()
        vpc.add("prefix_lists", id="pl-own", name="own", entries=[random_range(random_) for _ in range(3)])
        vpc.get("route_tables", "rtb-main")["routes"] = random_routes(random_)
        cases.append(vpc)
    answers = asked([resolving(vpc, "52.216.0.10") for vpc in cases])
    without = 0
    for vpc, answer in zip(cases, answers):
        routes = vpc.get("route_tables", "rtb-main")["routes"]
        targets = route_of(vpc, routes, "52.216.0.10")
        line = link(chain(answer, "s3"), "route table")["line"]
        got = re.search(r" to (\S+?)[,.]?( |$)", line.split("leads ")[-1])
        without += not targets
        if targets:
            assert "leads" in line and got and got[1] in targets, (routes, line)
        else:
            assert "has no route" in line, (routes, line)
    assert 0 < without < ROUNDS


# policies

ACTIONS = [*PULL, "ecr:*", "ecr:Get*", "ecr:Batch?etImage", "*", "s3:GetObject", "ECR:BATCHGETIMAGE"]
RESOURCES = ["*", REPOSITORY, REPOSITORY.replace("shop", "*"), REPOSITORY.replace("app", "ap?"), f"{BUCKET}/*"]
PRINCIPALS = ["*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": ACCOUNT}, {"AWS": [ROLE + "x", f"arn:aws:iam::{ACCOUNT}:root"]},
              {"AWS": ROLE + "x"}, {"Service": "ecs.amazonaws.com"}]  # fmt: skip
KEYS = {"aws:SourceVpc": "vpc-1", "aws:PrincipalAccount": ACCOUNT, "aws:SecureTransport": "true", "aws:SourceArn": ""}
CONDITIONS = [
    {}, {}, {"StringEquals": {"aws:SourceVpc": "vpc-1"}}, {"StringEquals": {"aws:SourceVpc": ["vpc-2", "vpc-3"]}},
    {"StringNotEquals": {"AWS:sourcevpc": "vpc-2"}}, {"StringLike": {"aws:PrincipalAccount": "1234*"}},
    {"StringNotLike": {"aws:PrincipalAccount": "1234*"}}, {"Bool": {"aws:SecureTransport": False}},
    {"Bool": {"aws:SecureTransport": "true"}}, {"StringEquals": {"aws:PrincipalTag/team": "shop"}},
    {"StringEqualsIgnoreCase": {"aws:SourceVpc": "VPC-1"}}, {"Null": {"aws:SourceVpc": "true"}},
    {"ForAnyValue:StringLike": {"aws:SourceVpc": "*"}}, {"ForAllValues:StringEquals": {"aws:SourceVpc": ["vpc-2", "x"]}},
    {"ForAnyValue:StringNotEquals": {"aws:SourceArn": "x"}}, {"ForAllValues:StringNotLike": {"aws:SourceArn": "x*"}},
    {"StringNotEquals": {"aws:SourceArn": "x"}}, {"StringEquals": {"aws:SourceArn": "x"}}, {"Null": {"aws:SourceArn": "true"}},
    {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:PrincipalAccount": "1"}},
]  # fmt: skip


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def wild(pattern: str, value: str) -> bool:
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def condition_holds(condition: dict) -> bool | None:
    """None: it cannot be told."""
    keys = {key.lower(): value for key, value in KEYS.items()}
    result: bool | None = True
    for operator, pairs in condition.items():
        for key, wanted in pairs.items():
            value = keys.get(key.lower())
            values = [str(one).lower() if isinstance(one, bool) else one for one in as_list(wanted)]
            everyone, _, plain = operator.rpartition(":")
            operator = plain  # of one value all are those that any is
            if value == "" and operator != "Null":
                negated = operator.startswith("StringNot") and everyone != "ForAnyValue"
                holds = negated or everyone == "ForAllValues"
            elif value is None:
                holds = None
            elif operator == "Null":
                holds = values == ["true" if value == "" else "false"]
            elif operator in ("StringLike", "StringNotLike"):
                holds = any(wild(one, value) for one in values) == (operator == "StringLike")
            elif operator == "StringEqualsIgnoreCase":
                holds = value.lower() in [one.lower() for one in values]
            else:
                holds = (value in values) == (operator != "StringNotEquals")
            result = False if False in (result, holds) else None if None in (result, holds) else True
    return result


def statement_holds(one: dict, action: str, resource: str) -> bool | None:
    by_action = any(wild(a.lower(), action.lower()) for a in as_list(one.get("Action", one.get("NotAction"))))
    by_resource = any(wild(r, resource) for r in as_list(one.get("Resource", one.get("NotResource"))))
    principal = one["Principal"]
    who = ["*"] if principal == "*" else as_list(principal.get("AWS", []))
    by_principal = any(p in ("*", ROLE, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root") for p in who)
    plain = by_action == ("Action" in one) and by_resource == ("Resource" in one) and by_principal
    return condition_holds(one["Condition"]) if plain else False


def decision(statements: list, action: str, resource: str) -> str:
    held = [(one["Effect"], statement_holds(one, action, resource)) for one in statements]
    if ("Deny", True) in held:
        return "denied"
    if ("Allow", True) in held:
        return "undecided" if ("Deny", None) in held else "allowed"
    return "undecided" if ("Allow", None) in held else "not allowed"


def random_statement(random_: random.Random) -> dict:
    some = random_.sample(ACTIONS, random_.randrange(1, 3))
    one = {"Effect": random_.choice(["Allow", "Allow", "Deny"]), "Principal": random_.choice(PRINCIPALS),
           "Condition": random_.choice(CONDITIONS)}  # fmt: skip
    one["Action" if random_.random() < 0.8 else "NotAction"] = some if len(some) > 1 else some[0]
    one["Resource" if random_.random() < 0.8 else "NotResource"] = random_.choice(RESOURCES)
    return one


def test_policies():
    random_ = random.Random(4)
    cases = []
    for _ in range(5 * ROUNDS):
        action = random_.choice(PULL)
        cases.append(([random_statement(random_) for _ in range(random_.randrange(1, 5))], action,
                      "*" if action == PULL[0] else REPOSITORY))  # fmt: skip
    answers = asked([{"policy": json.dumps({"Statement": statements}),
                      "request": {"principal": ROLE, "account": ACCOUNT, "action": action, "resource": resource,
                                  "keys": KEYS}} for statements, action, resource in cases])  # fmt: skip
    seen = set()
    for (statements, action, resource), answer in zip(cases, answers):
        assert answer == decision(statements, action, resource), (statements, action, resource)
        seen.add(answer)
    assert seen == {"denied", "allowed", "undecided", "not allowed"}


# the worlds' links

SILENT = [name for name, (_, truth) in worlds.WORLDS.items() if truth.effect]


@pytest.mark.parametrize("name", SILENT)
def test_what_is_not_told_shows_in_a_link(name):
    make, truth = worlds.WORLDS[name]
    effects = {one["effect"] for links in asked([report(make())])[0] for one in links["links"]}
    assert truth.effect in effects and "blocks" not in effects, effects


def test_a_healthy_chain_passes_link_by_link():
    for links in asked([report(sealed())])[0]:
        assert {one["effect"] for one in links["links"]} == {"passes"}, links
