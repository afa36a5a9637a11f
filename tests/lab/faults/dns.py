"""Faults of name resolution."""

from __future__ import annotations

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, resolver, seen

API, DKR = "api.ecr.", ".dkr.ecr."
BIG = ["52.216.0.10", "52.216.60.146", "16.15.176.9"] + [f"52.217.9.{i}" for i in range(1, 28)]
TO_RESOLVER = f'iifname "task" ip daddr {{ {p.RESOLVER4}, {p.RESOLVER_LOCAL} }}'


def closed(*protocols: str):
    return lambda plan: Switch(
        forward=tuple(f"{TO_RESOLVER} {one} dport 53 drop" for one in protocols)
    )


def truncated_and_no_tcp(plan: p.Plan) -> Switch:
    # the filter sees what the takeover made of the destination
    to_box = f'iifname "task" ip daddr {p.MIDDLEBOX4} tcp dport {p.DNS_PORT} drop'
    return resolver("*", "truncate")(plan) + Switch(forward=(to_box,))


def big_answers_lost(plan: p.Plan) -> Switch:
    drop = f'oifname "task" ip saddr {p.MIDDLEBOX4} udp sport {p.DNS_PORT} meta length > 350 drop'
    return resolver("starport", "answer", addresses=BIG)(plan) + Switch(forward=(drop,))


def override(plan: p.Plan) -> Switch:
    """A DNS firewall's block page, behind TLS of its own."""
    page = (f'iifname "task" ip daddr 10.20.9.200 tcp dport 443 dnat ip to '
            f'{p.MIDDLEBOX4}:{p.VARIANT_PORT["dkr", "wrongname"]}')  # fmt: skip
    return resolver(DKR, "answer", addresses=["10.20.9.200"])(plan) + Switch(dnat=(page,))


def other_view(plan: p.Plan) -> Switch:
    """A DNS server of one's own, outside the VPC's private zones: the endpoints' public addresses."""
    ports = "meta l4proto { tcp, udp } th dport 53 dnat"
    there = (f'iifname "task" ip daddr {p.CUSTOM_DNS} {ports} ip to {p.MIDDLEBOX4}:{p.DNS_PORT}',)
    public = [{"name": API, "do": "answer", "addresses": ["44.213.79.104", "44.213.79.50"]},
              {"name": DKR, "do": "answer", "addresses": ["54.210.113.5", "3.227.11.12"]}]
    return Switch(dnat=there, state={"dns": public}, resolvers=(p.CUSTOM_DNS,))


ROWS = [
    Fault("dns-api-nxdomain", "the resolver says that the API's name does not exist",
          resolver(API, "nxdomain"),
          (seen("nxdomain", "dns", "api"), seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "api", "dns.nxdomain", exit=10),
    Fault("dns-dkr-nxdomain", "a private zone without the wildcard record hides the registry",
          resolver(DKR, "nxdomain"),
          (seen("nxdomain", "dns", "dkr"), seen("yes", "dns_is", "api", "api")),
          "dns", "dkr", "dns.nxdomain", exit=11),
    Fault("dns-s3-nxdomain", "the layer bucket's name does not exist",
          resolver("starport", "nxdomain"),
          (seen("nxdomain", "dns", "s3"), seen("yes", "dns_is", "api", "api")),
          "dns", "s3", "s3.dns", also=("dns.nxdomain",), exit=12),
    Fault("dns-all-nxdomain", "no name under amazonaws.com exists for this resolver",
          resolver("amazonaws.com", "nxdomain"),
          (seen("nxdomain", "dns", "api"), seen("nxdomain", "dns", "s3")),
          "dns", "api", "dns.nxdomain", certainty=ANY, exit=13),
    Fault("dns-api-servfail", "the resolver's forwarding for the API's name fails",
          resolver(API, "servfail"),
          (seen("servfail", "dns", "api"), seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "api", "dns.servfail", exit=10),
    Fault("dns-all-servfail", "the resolver fails for every name", resolver("*", "servfail"),
          (seen("servfail", "dns", "api"), seen("servfail", "dns", "www.example.com")),
          "dns", "api", "dns.servfail", exit=13),
    Fault("dns-all-refused", "the resolver refuses every question", resolver("*", "refused"),
          (seen("refused", "dns", "api"), seen("refused", "dns_tcp", "dkr")),
          "dns", "api", "dns.refused", exit=13),
    Fault("dns-dkr-nodata", "a DNS firewall answers NODATA for the registry",
          resolver(DKR, "nodata"),
          (seen("nodata", "dns", "dkr"), seen("yes", "dns_is", "api", "api")),
          "dns", "dkr", "dns.nodata", exit=11),
    Fault("dns-api-silent", "the resolver swallows questions for the API's name",
          resolver(API, "drop"),
          (seen("timeout", "dns", "api"), seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "api", "dns.timeout", certainty=ANY, exit=10),
    Fault("dns-silent", "port 53 of every resolver is silent, over UDP and TCP",
          closed("udp", "tcp"),
          (seen("timeout", "dns", "api"), seen("timeout", "dns_tcp", "api"), seen("open", "tcp", "api")),
          "dns", "api", "dns.timeout", certainty=ANY, exit=13),
    Fault("dns-udp-silent", "UDP to port 53 vanishes, TCP port 53 answers", closed("udp"),
          (seen("timeout", "dns", "api"), seen("10.20.2.11 10.20.3.11", "dns_tcp", "api")),
          "dns", "api", "dns.udp_blocked", exit=13),
    Fault("dns-tcp-blocked", "answers come truncated, and TCP port 53 is closed",
          truncated_and_no_tcp,
          (seen("truncated", "dns", "api"), seen("timeout", "dns_tcp", "api")),
          "dns", "api", "dns.tcp_blocked", exit=13),
    Fault("dns-big-answers-lost", "large UDP answers vanish, and the bucket's answer is large",
          big_answers_lost,
          (seen("timeout", "dns", "s3"), seen(" ".join(sorted(BIG)), "dns_tcp", "s3"),
           seen("yes", "dns_is", "api", "api")),
          "dns", "s3", "dns.udp_blocked", also=("s3.dns",), certainty=ANY, exit=12),
    Fault("dns-custom-server-dead",
          "the DHCP options name a DNS server that is gone; the VPC's own resolver works",
          lambda plan: Switch(resolvers=(p.CUSTOM_DNS,)),
          (seen("timeout", "dns", "api"), seen("10.20.2.11 10.20.3.11", "dns", "api", server=p.RESOLVER4)),
          "dns", "api", "dns.timeout", certainty=ANY, exit=13),
    Fault("dns-custom-server-no-zone",
          "the DHCP options name a DNS server that does not know the AWS names",
          lambda plan: resolver("amazonaws.com", "nxdomain")(plan)
          + Switch(resolvers=(p.RESOLVER_LOCAL,)),
          (seen("nxdomain", "dns", "dkr"), seen(("75.2.101.78 99.83.145.10",), "dns", "public.ecr.aws")),
          "dns", "api", "dns.nxdomain", certainty=ANY, exit=13),
    Fault("dns-nothing-listens", "resolv.conf names a host where nothing listens on port 53",
          lambda plan: Switch(resolvers=(p.MIDDLEBOX4,)),
          (seen("refused", "dns", "api"), seen("10.20.2.11 10.20.3.11", "dns", "api", server=p.RESOLVER4)),
          "dns", "api", "dns.refused", exit=13),
    Fault("dns-second-server-works", "the first name server is dead, the second one answers",
          lambda plan: Switch(resolvers=(p.CUSTOM_DNS, p.RESOLVER4)),
          (seen("timeout", "dns", "api"), seen("10.20.2.11 10.20.3.11", "dns", "api", server=p.RESOLVER4)),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-private-dns-off-api", "private DNS is off at the API's endpoint: a public answer",
          resolver(API, "answer", addresses=["44.213.79.104", "44.213.79.50"]),
          (seen("44.213.79.104 44.213.79.50", "dns", "api"), seen("timeout", "public_api"),
           seen("open", "tcp", "dkr")),
          "tcp", "api", "net.no_egress_route", certainty=ANY, exit=20),
    Fault("dns-private-dns-off-dkr", "private DNS is off at the registry's endpoint",
          resolver(DKR, "answer", addresses=["54.210.113.5", "3.227.11.12"]),
          (seen("3.227.11.12 54.210.113.5", "dns", "dkr"), seen("timeout", "tcp", "54.210.113.5"),
           seen("open", "tcp", "api")),
          "tcp", "dkr", "net.no_egress_route", certainty=ANY, exit=21),
    Fault("dns-misspelt-region", "the image names a Region that does not exist", resolver("nowhere", "drop"),
          (seen("nxdomain", "dns", "api.ecr.us-esat-1.amazonaws.com"), seen("yes", "dns_is", "api", "api")),
          "dns", "api", "ref.bad_hostname", certainty=ANY, exit=13,
          host=f"{p.ACCOUNT}.dkr.ecr.us-esat-1.amazonaws.com"),
    Fault("dns-split-horizon",
          "the DHCP options name a DNS server that gives the endpoints' public addresses",
          other_view,
          (seen("44.213.79.104 44.213.79.50", "dns", "api"), seen("timeout", "public_api"),
           seen("10.20.2.11 10.20.3.11", "dns", "api", server=p.RESOLVER_LOCAL),
           seen("open", "tcp", "10.20.2.11")),
          "tcp", "api", "dns.split_horizon", exit=23),
    Fault("dns-firewall-override", "a DNS firewall sends the registry's name to a block page",
          override,
          (seen("10.20.9.200", "dns", "dkr"), seen("open", "tcp", "10.20.9.200")),
          "tls", "dkr", "tls.hostname_mismatch", also=("tls.intercepted",), certainty=ANY, exit=31),
    Fault("dns-stale-address", "a private zone holds an address where no endpoint is any more",
          resolver(DKR, "answer", addresses=["10.20.2.99"]),
          (seen("10.20.2.99", "dns", "dkr"), seen("timeout", "tcp", "10.20.2.99")),
          "tcp", "dkr", "net.security_group", also=("net.timeout", "net.nacl"), certainty=UNSURE,
          exit=21),
]  # fmt: skip
