"""Faults between the task and an accepted connection."""

from __future__ import annotations

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, block, fixed, resolver, seen

# Security groups and NACLs do not see the resolver or the link-local services.
OUT = f'iifname "task" ip daddr != {{ 169.254.0.0/16, {p.RESOLVER4} }}'
BACK = f'oifname "task" ip saddr != {{ 169.254.0.0/16, {p.RESOLVER4} }}'
S3_SET = f"{{ {', '.join(p.S3_PREFIXES4)} }}"
NO_S3_ROUTE = {"router": {prefix: None for prefix in p.S3_PREFIXES4}}
BLACKHOLE = {"router": {"default": "blackhole"}}
ALL_SILENT = (seen("timeout", "tcp", "api"), seen("timeout", "tcp", "dkr"),
              seen("timeout", "tcp", "s3"), seen("yes", "dns_is", "api", "api"))  # fmt: skip


def closed_group(plan: p.Plan) -> Switch:
    """A task's security group without egress, stateful as they are."""
    return Switch(forward=("ct state established,related accept", f"{OUT} drop"))


def one_zone_dead(plan: p.Plan) -> Switch:
    return Switch(endpoint=(f"ip daddr {plan.addresses4('api')[0]} tcp dport 443 drop",))


def slow_zone_dead(plan: p.Plan) -> Switch:
    return Switch(endpoint=(f"ip daddr {plan.addresses4('dkr')[1]} tcp dport 443 drop",))


ROWS = [
    Fault("tcp-api-endpoint-group", "the API endpoint's security group does not let the task in",
          block("endpoint", "api"),
          (seen("timeout", "tcp", "api"), seen("timeout", "tcp", "api", pick=1), seen("open", "tcp", "dkr"),
           seen("open", "tcp", "s3")),
          "tcp", "api", "net.security_group", certainty=UNSURE, exit=20),
    Fault("tcp-dkr-endpoint-group",
          "the registry endpoint's security group does not let the task in",
          block("endpoint", "dkr"),
          (seen("timeout", "tcp", "dkr"), seen("open", "tcp", "api"), seen("open", "tcp", "s3")),
          "tcp", "dkr", "net.security_group", certainty=UNSURE, exit=21),
    Fault("tcp-both-endpoint-groups", "both endpoints carry the VPC's default security group",
          block("endpoint", "api", "dkr"),
          (seen("timeout", "tcp", "dkr"), seen("timeout", "tcp", "api"), seen("open", "tcp", "s3")),
          "tcp", "api", "net.security_group", certainty=UNSURE, exit=23),
    Fault("tcp-task-group-closed", "the task's security group has no egress rule", closed_group,
          (*ALL_SILENT, seen("200 ok", "credentials")),
          "tcp", "api", "net.security_group", certainty=UNSURE, exit=23),
    Fault("tcp-task-group-without-s3",
          "the task's security group allows the VPC, but not the S3 prefix list",
          fixed(forward=("ct state established,related accept",
                         f"{OUT} ip daddr != {p.VPC4} drop")),
          (seen("timeout", "tcp", "s3"), seen("open", "tcp", "api"), seen("open", "tcp", "dkr")),
          "tcp", "s3", "s3.security_group", certainty=UNSURE, exit=22),
    Fault("tcp-s3-no-gateway", "the route table has no S3 gateway endpoint",
          fixed(routes=NO_S3_ROUTE),
          (seen("timeout", "tcp", "s3"), seen("open", "tcp", "api"), seen("open", "tcp", "dkr")),
          "tcp", "s3", "s3.no_route", certainty=UNSURE, exit=22),
    Fault("tcp-nacl-out", "the subnet's NACL does not let port 443 out",
          fixed(forward=(f"{OUT} tcp dport 443 drop",)), ALL_SILENT,
          "tcp", "api", "net.nacl", certainty=UNSURE, exit=23),
    Fault("tcp-nacl-back", "the subnet's NACL lets no ephemeral port back in",
          fixed(forward=(f"{BACK} tcp dport 1024-65535 drop",)), ALL_SILENT,
          "tcp", "api", "net.nacl", certainty=UNSURE, exit=23),
    Fault("tcp-nacl-back-half",
          "the subnet's NACL lets replies in to the ports 1024-32767 only",
          fixed(forward=(f"{BACK} tcp dport 32768-65535 drop",)),
          (*ALL_SILENT, seen("open", "tcp", "api", source=20001)),
          "tcp", "api", "net.port_range", also=("net.nacl",), certainty=ANY, exit=23),
    Fault("tcp-nacl-without-s3", "the subnet's NACL names the VPC but not S3's ranges",
          fixed(forward=(f'iifname "task" ip daddr {S3_SET} drop',)),
          (seen("timeout", "tcp", "s3"), seen("open", "tcp", "api"), seen("open", "tcp", "dkr")),
          "tcp", "s3", "s3.security_group", also=("net.nacl", "s3.no_route"), certainty=UNSURE,
          exit=22),
    Fault("tcp-api-refused", "something answers for the API with a reset",
          block("forward", "api", verdict="reject with tcp reset"),
          (seen("refused", "tcp", "api"), seen("open", "tcp", "dkr")),
          "tcp", "api", "net.refused", certainty=ANY, exit=20),
    Fault("tcp-s3-refused", "something answers for S3 with a reset",
          block("forward", "s3", verdict="reject with tcp reset"),
          (seen("refused", "tcp", "s3"), seen("open", "tcp", "api")),
          "tcp", "s3", "net.refused", certainty=ANY, exit=22),
    Fault("tcp-dkr-host-unreachable", "a router tells that the registry's host is unreachable",
          block("forward", "dkr", verdict="reject with icmpx host-unreachable"),
          (seen("host unreachable", "tcp", "dkr"), seen("open", "tcp", "api")),
          "tcp", "dkr", "net.unreachable", certainty=ANY, exit=21),
    Fault("tcp-dkr-prohibited", "a firewall says that the registry is prohibited",
          block("forward", "dkr", verdict="reject with icmpx admin-prohibited"),
          (seen(("prohibited", "host unreachable"), "tcp", "dkr"), seen("open", "tcp", "api")),
          "tcp", "dkr", "net.unreachable", certainty=ANY, exit=21),
    Fault("tcp-no-default-route", "the task has no default route at all",
          fixed(routes={"task": {"default": None}}, resolvers=(p.RESOLVER_LOCAL,)),
          (seen("no route", "tcp", "api"), seen("no route", "tcp", "s3"), seen("yes", "dns_is", "api", "api")),
          "tcp", "api", "net.unreachable", also=("net.no_egress_route",), certainty=ANY, exit=23),
    Fault("tcp-zone-dead", "the API's endpoint is dead in one zone and alive in the other",
          one_zone_dead,
          (seen("timeout", "tcp", "api"), seen("open", "tcp", "api", pick=1)),
          "tcp", "api", "none", works=True, exit=0),
    Fault("tcp-other-zone-dead", "the registry's second address is dead, the first one answers",
          slow_zone_dead,
          (seen("open", "tcp", "dkr"), seen("timeout", "tcp", "dkr", pick=1)),
          "tcp", "dkr", "none", works=True, exit=0),
    Fault("tcp-loss", "four of five packets that open a connection to the registry are lost",
          block("endpoint", "dkr", verdict="tcp flags syn numgen random mod 100 < 80 drop"),
          (seen("lossy", "losses", "dkr"), seen("open", "tcp", "api")),
          "tcp", "dkr", "net.loss", also=("net.timeout",), certainty=ANY, lenient=True),
    Fault("also-logs-endpoint-group", "the logs endpoint does not let the task in",
          block("endpoint", "logs"),
          (seen("timeout", "tcp", "logs"), seen("open", "tcp", "api")),
          "tcp", "logs", "logs.network", also=("net.security_group",), certainty=ANY,
          options=("--also", "logs")),
    Fault("also-secrets-nxdomain", "Secrets Manager's name leads nowhere in the VPC",
          resolver("secretsmanager", "nxdomain"),
          (seen("nxdomain", "dns", "secretsmanager"), seen("open", "tcp", "api")),
          "dns", "secretsmanager", "secrets.network", also=("dns.nxdomain",), certainty=ANY,
          options=("--also", "secretsmanager")),
    Fault("also-eks-auth-nxdomain", "the name of EKS Pod Identity leads nowhere in the VPC",
          resolver("eks-auth", "nxdomain"),
          (seen("nxdomain", "dns", "eks-auth"), seen("open", "tcp", "api")),
          "dns", "eks-auth", "dns.nxdomain", certainty=ANY, options=("--also", "eks")),
    Fault("also-eks-cluster-group", "the security group of the cluster does not let the node in",
          block("endpoint", "cluster"),
          (seen("timeout", "tcp", "cluster"), seen("open", "tcp", "api")),
          "tcp", "cluster", "net.security_group", certainty=("open",),
          options=("--also", f"eks={p.CLUSTER}")),
    Fault("nat-no-route", "the subnet's route table has no way out",
          fixed(routes=BLACKHOLE), ALL_SILENT,
          "tcp", "api", "net.no_egress_route", certainty=ANY, exit=23, topology="nat"),
    Fault("nat-blackholed", "the NAT gateway forwards nothing",
          fixed(forward=('iifname "task" oifname "inet" drop',)), ALL_SILENT,
          "tcp", "api", "net.no_egress_route", certainty=ANY, exit=23, topology="nat"),
    Fault("nat-no-public-address",
          "a public subnet, and the task has no public address: the gateway drops it",
          fixed(forward=(f'oifname "inet" ip saddr {p.SUBNET4} drop',)), ALL_SILENT,
          "tcp", "api", "net.no_egress_route", certainty=ANY, exit=23, topology="nat"),
    Fault("nat-port-80-only", "an egress firewall lets port 80 out and drops port 443",
          fixed(forward=('oifname "inet" tcp dport 443 drop',)),
          (*ALL_SILENT, seen("open", "tcp", "s3", port=80)),
          "tcp", "api", "net.security_group", also=("net.nacl",), certainty=ANY, exit=23,
          topology="nat"),
    Fault("nat-without-s3", "an egress firewall knows ECR's addresses but not S3's",
          fixed(forward=(f'oifname "inet" ip daddr {S3_SET} drop',)),
          (seen("timeout", "tcp", "s3"), seen("open", "tcp", "api"), seen("open", "tcp", "internet")),
          "tcp", "s3", "s3.security_group", also=("net.nacl", "s3.no_route"), certainty=UNSURE,
          exit=22, topology="nat"),
    Fault("nat-api-only-silent", "one public service is filtered, the rest of the internet works",
          block("forward", "api"),
          (seen("timeout", "tcp", "api"), seen("open", "tcp", "dkr"), seen("open", "tcp", "internet")),
          "tcp", "api", "net.security_group", also=("net.nacl", "net.timeout"), certainty=UNSURE,
          exit=20, topology="nat"),
    Fault("v6-ipv4-only-names", "a subnet with IPv6 alone, and names that have no AAAA record",
          fixed(),
          (seen("nodata", "dns", p.API, "AAAA"), seen("no route", "tcp", "44.213.79.104"),
           seen("open", "tcp", "api")),
          "dns", "api", "net.ipv6_only", certainty=ANY, exit=13, topology="nat", family="v6",
          host=p.REGISTRY, stages=("tcp",)),
    Fault("v6-no-egress-gateway", "the IPv6 route out of the subnet leads nowhere",
          fixed(routes={"router": {"::/0": "blackhole"}}), ALL_SILENT[:3],
          "tcp", "api", "net.no_egress_route", certainty=ANY, exit=23, topology="nat",
          family="v6"),
    Fault("dual-v6-dead", "IPv6 leads nowhere, IPv4 works, and the names have both",
          fixed(routes={"router": {"::/0": "blackhole"}}),
          (seen("timeout", "tcp", "2600:1f28:3d:c000::12"), seen("open", "tcp", "dkr")),
          "tcp", "dkr", "none", works=True, exit=0, topology="nat", family="dual",
          host=p.REGISTRY_DUAL),
]  # fmt: skip
