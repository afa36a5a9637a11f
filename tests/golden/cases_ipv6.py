"""One case for each rule of subnets with IPv6 only, and of what IPv6 adds to others."""

from __future__ import annotations

from doubts import dual_stack_name, local
from expect import breaks, likely, proven, undecided, warning, works
from subnets import ALL, V6, elsewhere, nat, oci, silent, tcp_retries
from world import ACCOUNT, HOSTS, PUBLIC, World

NO_AAAA = "this machine has IPv6 addresses only, and the name has none"
DUAL_HOSTS = {**HOSTS, "api": "ecr.us-east-1.api.aws", "dkr": f"{ACCOUNT}.dkr-ecr.us-east-1.on.aws",
              "s3": HOSTS["s3"].replace(".s3.", ".s3.dualstack.")}
SIX = {"api": ["2600:1f28:3d:c000::4"], "dkr": ["2600:1f28:3d:c000::5"],
       "s3": ["2600:1fa0:8000::10"]}


def dual(*broken, vantage=None, **more):
    """An IPv6-only subnet and an image under its dual-stack name; these endpoints have no AAAA."""
    world = World(hosts=dict(DUAL_HOSTS), vantage=dict(V6 if vantage is None else vantage),
                  target={"image": f"{DUAL_HOSTS['dkr']}/shop/app:1.4", "host": DUAL_HOSTS["dkr"],
                          "dualstack": True}, **more)
    world.addresses = {endpoint: list((PUBLIC if endpoint in broken else SIX)[endpoint]) for endpoint in ALL}
    for endpoint in broken:
        world.fail("tcp", endpoint, "no_address", NO_AAAA)
    return world


def asked_dual(world, *endpoints, passed=True):
    for endpoint in endpoints:
        world.experiment("dns_dualstack_name", ("tcp", endpoint), passed, "nxdomain",
                         host=DUAL_HOSTS[endpoint], peer="[fd00:ec2::253]:53", server="fd00:ec2::253",
                         transport="udp", record="AAAA", addresses=SIX[endpoint] if passed else [])
    return world


def four(*endpoints, **more):
    """An IPv6-only subnet and an image under its IPv4-only name."""
    world = nat(vantage=dict(V6), **more)
    for endpoint in endpoints:
        world.fail("tcp", endpoint, "no_address", NO_AAAA)
    for endpoint in set(ALL) - set(endpoints):
        world.addresses[endpoint] = list(SIX[endpoint])
    return world


@breaks(23,
        likely("net.no_egress_route",
               "tcp", "api+dkr", "net.security_group net.nacl", rule="tcp-ipv6-no-egress"),
        warning(undecided("net.ipv6_only", "tcp", "s3", "s3.no_route")))
def tcp_ipv6_only_foreseen():
    return silent(dual("s3"), "api", "dkr")


@breaks(23, likely("net.ipv6_only", "tcp", "api+dkr", "dns.nodata"))
def tcp_ipv6_only_hidden():
    return dual("api", "dkr")


@breaks(22, proven("net.ipv6_only", "tcp", "s3"), words=["64:ff9b::/96", "NAT gateway"])
def tcp_ipv6_only_redirect():
    return dual(redirect=HOSTS["s3"]).fail("tcp", "s3", "no_address", NO_AAAA, host=HOSTS["s3"])


@breaks(23, proven("net.ipv6_only", "tcp", "api dkr s3"), doubt=dual_stack_name)
def tcp_ipv6_only_nameless():
    return asked_dual(four(*ALL), *ALL, passed=False)


@breaks(23, proven("net.ipv6_only", "tcp", "dkr"),
        proven("net.ipv6_only", "tcp", "s3", rule="tcp-ipv6-only-registry"),
        words=["123456789012.dkr-ecr.us-east-1.on.aws/shop/app"], doubt=dual_stack_name,
        rule="tcp-ipv6-only-registry")
def tcp_ipv6_only_dkr():
    return asked_dual(four("dkr", "s3"), "dkr", "s3")


@breaks(22, proven("net.ipv6_only", "tcp", "s3"),
        words=["dkr-ecr.cn-north-1.on.amazonwebservices.com.cn"], doubt=dual_stack_name,
        rule="tcp-ipv6-only-registry")
def tcp_ipv6_only_s3():
    world = elsewhere("cn-north-1", partition="aws-cn")
    world.hosts = {endpoint: f"{host}.cn" for endpoint, host in world.hosts.items()}
    world.target |= {"host": world.hosts["dkr"], "image": f"{world.hosts['dkr']}/shop/app:1.4"}
    world.vantage = dict(V6)
    world.addresses = {**SIX, "s3": list(PUBLIC["s3"])}
    return world.fail("tcp", "s3", "no_address", NO_AAAA)


@breaks(23, proven("net.ipv6_only", "tcp", "api"),
        proven("net.ipv6_only", "tcp", "dkr", rule="tcp-ipv6-only-registry"),
        proven("net.ipv6_only", "tcp", "s3", rule="tcp-ipv6-only-registry"),
        words=["ecr.us-east-1.api.aws"], doubt=dual_stack_name)
def tcp_ipv6_only_api():
    return asked_dual(four(*ALL), *ALL)


@breaks(91, proven("net.ipv6_only", "tcp", "logs"), words=["logs.us-east-1.api.aws"], doubt=dual_stack_name)
def tcp_ipv6_only():
    world = dual(also=["logs"])
    world.addresses["logs"] = list(PUBLIC["logs"])
    return world.fail("tcp", "logs", "no_address", NO_AAAA)


@breaks(23, proven("net.ipv6_only", "tcp", "api+dkr"), warning(proven("net.ipv6_only", "tcp", "s3")))
def tcp_ipv6_only_other():
    world = oci(vantage=dict(V6))
    for endpoint in ALL:
        world.fail("tcp", endpoint, "no_address", NO_AAAA)
    return world


def translated(endpoint):
    """What DNS64 makes of an endpoint's addresses."""
    parts = ([int(part) for part in address.split(".")] for address in PUBLIC[endpoint])
    return [f"64:ff9b::{a << 8 | b:x}:{c << 8 | d:x}" for a, b, c, d in parts]


def dns64(*endpoints, **more):
    world = nat(**more)
    world.addresses |= {endpoint: translated(endpoint) for endpoint in endpoints}
    return world


@works(warning(likely("net.no_egress_route", "tcp", "dkr", "net.security_group net.nacl net.loss")),
       words=["54.210.113.5"])
def tcp_nat64_beside():
    world = dns64(vantage={"addresses": ["10.20.1.10", *V6["addresses"]]})
    world.addresses["dkr"] = [*PUBLIC["dkr"], *translated("dkr")]
    world.fail("tcp", "dkr", "timeout", "no answer to the SYN", only=translated("dkr"))
    return tcp_retries(world, ("tcp", "dkr"))


@breaks(23, proven("net.unreachable", "tcp", "api+dkr+s3"),
        words=["64:ff9b::2cd5:4f68", "44.213.79.104"], doubt=local)
def tcp_nat64_unreachable():
    world = dns64(*ALL, vantage=dict(V6))
    for endpoint in ALL:
        world.fail("tcp", endpoint, "unreachable", "ENETUNREACH", errno="ENETUNREACH", local="")
    return world


@breaks(23, likely("net.no_egress_route", "tcp", "api+dkr+s3", "net.security_group net.nacl"),
        words=["64:ff9b::/96", "NAT gateway"])
def tcp_nat64_silent():
    return silent(dns64(*ALL, vantage=dict(V6)), *ALL)


@works(warning(likely("net.ipv6_only", "tcp", "api", "net.no_egress_route net.timeout")))
def tcp_fargate_api_ipv4():
    world = dual(vantage={"addresses": ["10.20.1.10", *V6["addresses"]]})
    world.addresses["api"] = [PUBLIC["api"][0], *SIX["api"]]
    world.fail("tcp", "api", "timeout", "no answer to the SYN", only=[PUBLIC["api"][0]])
    return tcp_retries(world, ("tcp", "api"))


@breaks(23, likely("net.no_egress_route", "tcp", "api+dkr", "net.security_group net.nacl"),
        likely("s3.no_route", "tcp", "s3", "s3.security_group net.nacl", rule="tcp-s3-silent"),
        words=["egress-only internet gateway"])
def tcp_ipv6_no_egress():
    world = World(vantage=dict(V6))
    world.addresses = {"api": ["2600:1f18:aa::4"], "dkr": ["2600:1f18:aa::5"],
                       "s3": ["2600:1fa0:80::10"]}
    return silent(world, "api", "dkr", "s3")
