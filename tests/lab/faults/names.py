"""Which names are asked: FIPS, VPC endpoints' own, dual-stack, and IPv6 without IPv4."""

from __future__ import annotations

import ipaddress

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, fixed, resolver, seen, state

FIRST, SECOND = p.FIPS_APIS
FIPS = {"AWS_USE_FIPS_ENDPOINT": "TRUE"}
NAMES4 = {"api": p.API, "dkr": p.REGISTRY, "s3": p.S3}
PUBLIC4 = {role: p.SERVICES[role].public4 for role in NAMES4}


def translated(address: str) -> str:
    """The IPv4 address as a DNS64 wraps it, RFC 6052."""
    return str(ipaddress.ip_address((0x64FF9B << 96) | int(ipaddress.ip_address(address))))


def no_name(*names: str, but: tuple[str, ...] = ()):
    """The resolver knows no name that holds one of these, except those that hold one of `but`."""

    def make(plan: p.Plan) -> Switch:
        rules = [{"name": one, "do": "forward"} for one in but]
        rules += [{"name": one, "do": "nxdomain"} for one in names]
        return Switch(dnat=resolver("*", "forward")(plan).dnat, state={"dns": rules})

    return make


def dns64(plan: p.Plan) -> Switch:
    """The subnet's DNS64: names with A records alone get AAAA records made of them."""
    rules = [{"name": NAMES4[role], "do": "answer",
              "addresses": [*found, *(translated(one) for one in found)]}
             for role, found in PUBLIC4.items()]  # fmt: skip
    return Switch(dnat=resolver("*", "forward")(plan).dnat, state={"dns": rules})


def nat64(plan: p.Plan) -> Switch:
    """A NAT64, as far as three services need one: each translated address leads to them."""
    return Switch(dnat=tuple(
        f'iifname "task" ip6 daddr {translated(one)} tcp dport {{ 80, 443 }} dnat ip6 to '
        f"{p.SERVICES[role].public6[0]}"
        for role, found in PUBLIC4.items() for one in found))  # fmt: skip


def nat64_without_route(plan: p.Plan) -> Switch:
    return dns64(plan) + Switch(routes={"router": {"64:ff9b::/96": "blackhole"}})


def nat64_dead(plan: p.Plan) -> Switch:
    return dns64(plan) + Switch(forward=("ip6 daddr 64:ff9b::/96 drop",))


def translation(what: str) -> tuple:
    """DNS64 answers, its addresses do so or not, and genuine IPv6 works."""
    address = translated(PUBLIC4["dkr"][0])
    both = " ".join(sorted(translated(one) for one in PUBLIC4["dkr"]))
    return (seen(both, "dns", p.REGISTRY, "AAAA"), seen(what, "tcp", address),
            seen("open", "tcp", p.SERVICES["dkr"].public6[0]))  # fmt: skip


def env(**variables: str):
    return fixed(env=variables)


ROWS = [
    Fault("fips-names", "all names are FIPS ones, and exist", fixed(env=FIPS),
          (seen("yes", "dns_is", FIRST, "api"), seen("yes", "dns_is", p.REGISTRY_FIPS, "dkr")),
          "dns", "api", "none", works=True, exit=0, host=p.REGISTRY_FIPS),
    Fault("fips-second-spelling", "of the API's two FIPS names only the second exists",
          lambda plan: no_name(FIRST, but=(SECOND,))(plan) + Switch(env=FIPS),
          (seen("nxdomain", "dns", FIRST), seen("yes", "dns_is", SECOND, "api")),
          "dns", "api", "none", works=True, exit=0, tells=(FIRST, SECOND)),
    Fault("fips-no-spelling", "neither of the API's FIPS names exists",
          lambda plan: no_name(FIRST)(plan) + Switch(env=FIPS),
          (seen("nxdomain", "dns", FIRST), seen("nxdomain", "dns", SECOND),
           seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "api", "dns.nxdomain", also=("ref.bad_hostname",), certainty=ANY, exit=10),
    Fault("fips-dual-names", "FIPS and dual-stack names, in a subnet with IPv6 alone", fixed(),
          (seen("2600:1f28:3d:c000::12", "dns", p.REGISTRY_FIPS_DUAL, "AAAA"),),
          "dns", "api", "none", works=True, exit=0, topology="nat", family="v6",
          host=p.REGISTRY_FIPS_DUAL),
    Fault("vpce-names", "the VPC endpoints' own names, without private DNS",
          lambda plan: no_name(p.API, p.REGISTRY)(plan)
          + Switch(env={"AWS_ENDPOINT_URL_ECR": f"https://{p.API_VPCE}"}),
          (seen("nxdomain", "dns", p.API), seen("yes", "dns_is", p.API_VPCE, "api")),
          "dns", "api", "none", works=True, exit=0, host=p.REGISTRY_VPCE),

    # IPv6 alone: a hop without an AAAA record
    Fault("v6-api-hidden", "a private zone gives the API's dual-stack name A records only",
          resolver(p.API_DUAL, "answer", addresses=list(PUBLIC4["api"])),
          (seen("nodata", "dns", p.API_DUAL, "AAAA"), seen("open", "tcp", "dkr")),
          "tcp", "api", "net.ipv6_only", certainty=UNSURE, exit=20, topology="nat", family="v6",
          tells=(p.API_DUAL,)),
    Fault("v6-api-without-aaaa", "the environment names the API by its IPv4-only name",
          env(AWS_ENDPOINT_URL=f"https://{p.API}/"),
          (seen("nodata", "dns", p.API, "AAAA"), seen("open", "tcp", "dkr")),
          "tcp", "api", "net.ipv6_only", exit=20, topology="nat", family="v6",
          tells=(p.API, p.API_DUAL)),
    Fault("v6-dkr-without-aaaa", "the image is under the registry's IPv4-only name",
          env(AWS_USE_DUALSTACK_ENDPOINT="True"),
          (seen("nodata", "dns", p.REGISTRY, "AAAA"), seen("open", "tcp", "api")),
          "tcp", "dkr", "net.ipv6_only", exit=23, topology="nat", family="v6", host=p.REGISTRY,
          tells=(p.REGISTRY, f"{p.REGISTRY_DUAL}/app")),
    Fault("v6-s3-without-aaaa", "the dual-stack registry redirects to an IPv4-only layer host",
          state(redirect_plain=True),
          (seen("nodata", "dns", p.S3, "AAAA"), seen("open", "tcp", "s3"), seen("open", "tcp", "dkr")),
          "tcp", "s3", "net.ipv6_only", exit=22, topology="nat", family="v6",
          tells=(p.S3, p.S3_DUAL)),
    Fault("v6-no-dual-names", "IPv4-only names, and the resolver knows no dual-stack ones",
          no_name(".api.aws", ".on.aws", ".dualstack."),
          (seen("nodata", "dns", p.API, "AAAA"), seen("nxdomain", "dns", p.API_DUAL, "AAAA"),
           seen("open", "tcp", "api")),
          "tcp", "api", "net.ipv6_only", exit=23, topology="nat", family="v6", host=p.REGISTRY,
          tells=(p.API, p.API_DUAL, "64:ff9b::/96")),

    # and IPv4 by translation
    Fault("v6-nat64-works", "IPv4-only names by DNS64 and NAT64",
          lambda plan: dns64(plan) + nat64(plan), translation("open"),
          "tcp", "api", "none", works=True, exit=0, topology="nat", family="v6", host=p.REGISTRY),
    Fault("v6-dns64-without-route", "DNS64 is on, and 64:ff9b::/96 leads nowhere",
          nat64_without_route, translation("timeout"),
          "tcp", "api", "net.no_egress_route", certainty=UNSURE, exit=23, topology="nat",
          family="v6", host=p.REGISTRY, tells=("64:ff9b::/96", PUBLIC4["api"][0], p.API_DUAL)),
    Fault("v6-nat64-dead", "DNS64 is on, and the NAT gateway translates nothing",
          nat64_dead, translation("timeout"),
          "tcp", "api", "net.no_egress_route", certainty=UNSURE, exit=23, topology="nat",
          family="v6", host=p.REGISTRY, tells=("64:ff9b::/96", "NAT gateway")),
    Fault("dual-v4-dead", "IPv4 leads nowhere, IPv6 works, and the names have both",
          fixed(routes={"router": {"default": "blackhole"}}),
          (seen("timeout", "tcp", "api"), seen("open", "tcp", "2600:1f28:3d:c000::11")),
          "tcp", "api", "none", works=True, exit=0, topology="nat", family="dual",
          host=p.REGISTRY_DUAL, tells=(f"Fargate may ask {p.API}",)),
]  # fmt: skip
