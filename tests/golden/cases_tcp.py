"""One case for each rule of connections over IPv4."""

from __future__ import annotations

from doubts import at, experiments_fail, garbage, local, one_port
from expect import breaks, likely, note, proven, undecided, warning, works
from subnets import ALL, MIRROR, PROXY, controls, elsewhere, nat, oci, silent, tcp_retries
from world import HOSTS, PRIVATE, PUBLIC, World


@works(note(proven("s3.no_route", "tcp", "s3")))
def tcp_host_not_used():
    return controls(World(redirect=MIRROR).fail("tcp", "s3", "timeout", "no answer to the SYN"),
                    ("tcp", "s3"))


@breaks(22, likely("net.no_egress_route", "tcp", "s3", "net.security_group net.nacl"),
        words=["production.cloudflare.docker.com", "NAT gateway", "upstream registry"])
def tcp_cache_upstream():
    """Docker Hub's own host serves what the cache does not have yet."""
    upstream = "production.cloudflare.docker.com"
    world = World(redirect=upstream, target={"repository": "docker-hub/library/nginx"})
    return world.fail("tcp", "s3", "timeout", "", host=upstream)


@breaks(29, proven("proxy.unreachable", "tcp", "proxy"),
        words=["10.20.9.9:3128", "ECONNREFUSED"], doubt=at("tls", "reset"))
def tcp_proxy():
    return nat(**PROXY).fail("tcp", "proxy", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


@works(note(proven("net.unreachable", "tcp", "api")))
def tcp_family_not_here():
    world = nat()
    world.addresses["api"] = ["44.213.79.104", "2600:1f18:aa::5"]
    return world.fail("tcp", "api", "unreachable", "ENETUNREACH", only=["2600:1f18:aa::5"],
                      errno="ENETUNREACH", local="")


@breaks(21, proven("net.refused", "tcp", "dkr"), words=["127.0.0.1:443"], doubt=garbage)
def tcp_refused_self():
    world = World()
    world.addresses["dkr"] = ["127.0.0.1"]
    return world.fail("tcp", "dkr", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


@breaks(20, proven("net.refused", "tcp", "api"), words=["10.20.2.11:443"], doubt=garbage)
def tcp_refused_inside():
    return World().fail("tcp", "api", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


@breaks(22, proven("net.refused", "tcp", "s3"), words=["52.216.0.10:443"], doubt=garbage)
def tcp_refused():
    return nat().fail("tcp", "s3", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


@breaks(21, proven("net.reset", "tcp", "dkr"), words=["54.210.113.5:443"], doubt=at("tls"))
def tcp_reset():
    return nat().fail("tcp", "dkr", "reset", "ECONNRESET", errno="ECONNRESET")


@breaks(21, proven("net.unreachable", "tcp", "dkr"), words=["10.20.1.1", "54.210.113.5:443"], doubt=local)
def tcp_prohibited_by_hop():
    return nat().fail("tcp", "dkr", "prohibited", "ICMP: administratively prohibited",
                      errno="EHOSTUNREACH", hop="10.20.1.1")


@breaks(21, proven("net.unreachable", "tcp", "dkr"), words=["EPERM", "nft list ruleset"], doubt=local)
def tcp_prohibited():
    return nat().fail("tcp", "dkr", "prohibited", "EPERM", errno="EPERM")


@breaks(21, proven("net.unreachable", "tcp", "dkr"), words=["10.20.1.1"], doubt=local)
def tcp_unreachable_by_hop():
    return nat().fail("tcp", "dkr", "unreachable", "ICMP: host unreachable", errno="EHOSTUNREACH",
                      hop="10.20.1.1")


@breaks(23, proven("net.unreachable", "tcp", "api+dkr+s3"),
        words=["44.213.79.104", "ip route get 44.213.79.104"], doubt=local)
def tcp_unreachable():
    world = nat()
    for endpoint in ALL:
        world.fail("tcp", endpoint, "unreachable", "ENETUNREACH", errno="ENETUNREACH", local="")
    return world


def ipv6_answers(world):
    world.addresses["dkr"] = ["2600:1f18:aa::5"]
    return world.fail("tcp", "dkr", "no_address",
                      "this machine has IPv4 addresses only, and the name has none")


@breaks(21, proven("net.unreachable", "tcp", "dkr"), doubt=local)
def tcp_no_address():
    return ipv6_answers(oci())


@breaks(21, likely("dns.nodata", "tcp", "dkr", "net.unreachable"),
        words=["IPv6 addresses only", "dualstack"])
def tcp_no_a_record():
    return ipv6_answers(nat())


@breaks(21, likely("client.config", "tcp", "dkr", "net.unreachable"))
def tcp_local():
    return nat().fail("tcp", "dkr", "local", "Address in use", errno="EADDRINUSE")


@breaks(23, proven("net.port_range", "tcp", "api dkr"),
        likely("net.port_range", "tcp", "s3", "net.loss", rule="tcp-port-range-likely"),
        words=["1032, 20018", "33008, 61008", "TCP 1024-65535"], doubt=one_port)
def tcp_port_range():
    world = World()
    for endpoint in ALL:
        world.fail("tcp", endpoint, "timeout", "no answer to the SYN")
    for endpoint in ALL:
        tcp_retries(world, ("tcp", endpoint), ["1032", "20018"], ["33008", "61008"])
    return controls(world, ("tcp", "api"))


def other_answer(passed, world=None):
    world = silent(world or nat(), "dkr")
    world.experiment("dns_other_server", ("tcp", "dkr"), True, peer="169.254.169.253:53",
                     server="169.254.169.253", addresses=["10.20.2.12"], record="A")
    return world.experiment("tcp_other_answer", ("tcp", "dkr"), passed, peer="10.20.2.12:443")


@breaks(21, proven("dns.split_horizon", "tcp", "dkr"),
        words=["54.210.113.5", "169.254.169.253", "10.20.2.12"], doubt=experiments_fail)
def tcp_split_horizon():
    return other_answer(True)


@breaks(21, undecided("net.security_group", "tcp", "dkr", "dns.split_horizon net.no_egress_route net.nacl"),
        words=["54.210.113.5", "10.20.2.12"])
def tcp_two_views():
    return other_answer(False)


@breaks(21, likely("dns.split_horizon", "tcp", "dkr", "net.security_group net.nacl"),
        words=["10.20.9.99", "169.254.169.253", "10.20.2.12", "former endpoint"])
def tcp_stale_answer():
    world = World()
    world.addresses["dkr"] = ["10.20.9.99"]
    return other_answer(True, world)


@breaks(21, likely("net.port_range", "tcp", "dkr", "net.loss"))
def tcp_port_range_likely():
    world = World()
    world.addresses["api"], world.addresses["dkr"] = ["10.20.1.11"], ["10.20.2.12"]
    world.fail("tcp", "dkr", "timeout", "no answer to the SYN")
    return tcp_retries(world, ("tcp", "dkr"), ["61008"], ["1032", "20018", "33008"])


@breaks(21, proven("net.loss", "tcp", "dkr"), doubt=one_port)
def tcp_loss_proven():
    world = World().fail("tcp", "dkr", "timeout", "no answer to the SYN")
    return tcp_retries(world, ("tcp", "dkr"), ["20018", "61008"], ["1032", "33008"])


@breaks(21, likely("net.loss", "tcp", "dkr", "net.port_range net.nacl"))
def tcp_loss():
    world = World().fail("tcp", "dkr", "timeout", "no answer to the SYN")
    return tcp_retries(world, ("tcp", "dkr"), ["1032", "20018", "33008", "61008"], [])


@works(warning(likely("net.nacl", "tcp", "api", "net.security_group net.loss")), words=["10.20.3.11:443"])
def tcp_dead_address_inside():
    return silent(World(), "api", only=["10.20.3.11"])


@works(warning(likely("net.no_egress_route", "tcp", "dkr", "net.security_group net.nacl net.loss")))
def tcp_dead_ipv6():
    world = nat()
    world.addresses["dkr"] = ["54.210.113.5", "2600:1f18:aa::5"]
    world.vantage = {"addresses": ["10.20.1.10", "2600:1f18:bb:cc01::10"],
                     "subnet_cidr6": "2600:1f18:bb:cc01::/64"}
    return silent(world, "dkr", only=["2600:1f18:aa::5"], s3=True, public=True)


@works(warning(undecided("net.timeout", "tcp", "api", "net.nacl net.security_group net.loss")),
       words=["44.213.79.50:443"])
def tcp_dead_address():
    return silent(nat(), "api", only=["44.213.79.50"], s3=True, public=True)


@breaks(91, proven("logs.network", "tcp", "logs"),
        words=["com.amazonaws.us-east-1.logs", "44.202.79.10:443"], doubt=at("start", "timeout"))
def tcp_logs():
    return silent(nat(also=["logs"]), "logs")


@breaks(91, proven("logs.network", "tcp", "logs"),
        words=["Security group of the logs endpoint", "10.20.2.13:443"], doubt=at("start", "timeout"))
def tcp_logs_endpoint():
    return silent(World(also=["logs"]), "logs")


@breaks(98, undecided("net.security_group", "tcp", "cluster", "net.nacl net.no_egress_route"),
        words=["10.20.2.17:443", "Security group of the cluster", "aws eks describe-cluster"])
def tcp_cluster_inside():
    return silent(World(also=["cluster"]), "cluster")


@breaks(98, undecided("net.no_egress_route", "tcp", "cluster", "net.security_group net.nacl"),
        words=["44.202.79.30:443", "endpointPrivateAccess=true"])
def tcp_cluster_outside():
    return silent(nat(also=["cluster"]), "cluster")


@breaks(92, proven("secrets.network", "tcp", "secretsmanager"),
        words=["com.amazonaws.us-east-1.secretsmanager"], doubt=at("start", "timeout"))
def tcp_secrets():
    return silent(nat(also=["secretsmanager"]), "secretsmanager")


@breaks(92, proven("secrets.network", "tcp", "secretsmanager"),
        words=["Security group of the secretsmanager endpoint"], doubt=at("start", "timeout"))
def tcp_secrets_endpoint():
    return silent(World(also=["secretsmanager"]), "secretsmanager")


@breaks(21, likely("net.security_group", "tcp", "dkr", "net.no_egress_route"),
        words=["10.20.1.12:443", "ingress TCP 443 from 10.20.1.10/32"])
def tcp_endpoint_in_subnet():
    world = World()
    world.addresses["dkr"] = ["10.20.1.12"]
    return silent(world, "dkr", s3=True)


@breaks(21, likely("net.security_group", "tcp", "dkr", "net.nacl net.no_egress_route"),
        words=["10.20.2.12:443", "ecr.dkr endpoint"])
def tcp_endpoint_alone():
    return silent(World(), "dkr", s3=True)


@breaks(21, likely("net.security_group", "tcp", "dkr", "net.nacl net.no_egress_route"))
def tcp_endpoint_not_outside():
    world = nat()
    world.addresses["dkr"] = list(PRIVATE["dkr"])
    return silent(world, "dkr", s3=True, public=True)


@breaks(23, undecided("net.no_egress_route", "tcp", "api+dkr",
                      "net.security_group net.nacl dns.split_horizon"), words=["172.31.7.11"])
def tcp_elsewhere():
    world = World()
    world.addresses["api"] = ["172.31.7.11"]
    world.addresses["dkr"] = ["172.31.7.12"]
    return silent(world, "api", "dkr", s3=True)


@breaks(23, likely("net.security_group", "tcp", "api+dkr", "net.nacl"), words=["allow egress TCP 443"])
def tcp_all_endpoints_silent():
    return silent(World(), "api", "dkr", s3=True)


@breaks(23,
        likely("net.security_group", "tcp", "api+s3", "net.nacl net.no_egress_route", rule="tcp-all-silent"),
        undecided("net.security_group", "tcp", "dkr", "net.nacl net.no_egress_route"))
def tcp_endpoint_silent():
    world = nat()
    world.addresses["dkr"] = list(PRIVATE["dkr"])
    return silent(world, "api", "dkr", "s3")


@breaks(23, likely("proxy.not_used", "tcp", "api+dkr+s3", "net.no_egress_route net.security_group net.nacl"),
        note(proven("proxy.not_used", "dns", "api", rule="proxy-configured")),
        words=["http://proxy.example.com:3128", "NAT gateway"])
def tcp_proxy_not_used():
    world = nat(passed={("credentials", "caller"): PROXY})
    return silent(world, "api", "dkr", "s3")


@breaks(22, likely("proxy.not_used", "tcp", "s3",
                   "net.no_egress_route s3.no_route net.security_group net.nacl"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")),
        words=["NO_PROXY", "http://proxy.example.com:3128"])
def tcp_proxy_excepts():
    return silent(nat(proxy=PROXY["proxy"], excepted=("s3",)), "s3")


@breaks(22, likely("s3.no_route", "tcp", "s3", "s3.security_group net.nacl"),
        words=["put-replication-configuration"])
def tcp_s3_other_region():
    return silent(elsewhere("us-west-2"), "s3")


@breaks(22, likely("s3.security_group", "tcp", "s3", "net.nacl"), words=["port 80"])
def tcp_s3_port():
    return silent(World(), "s3").experiment("tcp_port_80", ("tcp", "s3"), True,
                                            peer="52.216.0.10:80")


@breaks(22, undecided("s3.security_group", "tcp", "s3", "net.nacl net.loss"), words=["52.216.0.10:443"])
def tcp_s3_some():
    return silent(World(), "s3", s3=True)


@breaks(22, undecided("s3.security_group", "tcp", "s3", "net.nacl s3.no_route"))
def tcp_s3_not_outside():
    return silent(nat(), "s3", public=True)


@breaks(22, likely("s3.no_route", "tcp", "s3", "s3.security_group net.nacl"),
        words=["52.216.0.10:443", "com.amazonaws.us-east-1.s3",
               "describe-route-tables"])
def tcp_s3_no_route():
    return silent(World(), "s3")


@breaks(10, proven("dns.nxdomain", "dns", "api", rule="dns-valid-name"),
        undecided("net.security_group",
                  "tcp", "dkr", "net.nacl net.no_egress_route", rule="tcp-endpoint-silent"),
        likely("s3.security_group", "tcp", "s3", "net.nacl s3.no_route"), words=["egress TCP 443"])
def tcp_s3_all_silent():
    return silent(World().fail("dns", "api", "nxdomain"), "dkr", "s3")


@breaks(23, likely("net.security_group", "tcp", "api+dkr+s3", "net.nacl"),
        words=["egress TCP 443", "com.amazonaws.us-east-1.s3"], rule="tcp-all-endpoints-silent")
def tcp_task_group_closed():
    """One security group that lets nothing out is one finding, S3 among what it breaks."""
    return silent(World(), "api", "dkr", "s3")


@breaks(13, proven("dns.nxdomain", "dns", "api+dkr", rule="dns-valid-name"),
        likely("s3.no_route", "tcp", "s3", "s3.security_group net.nacl"))
def tcp_s3_silent():
    return silent(World().fail("dns", "api", "nxdomain").fail("dns", "dkr", "nxdomain"), "s3")


@breaks(20, undecided("net.security_group", "tcp", "api", "net.nacl net.no_egress_route net.timeout"),
        words=["44.213.79.104"])
def tcp_public_alone():
    return silent(nat(), "api", s3=True, public=True)


@breaks(23, likely("net.security_group", "tcp", "api+dkr", "net.nacl net.no_egress_route"),
        likely("s3.security_group", "tcp", "s3", "net.nacl", rule="tcp-s3-port"))
def tcp_port_443_closed():
    return silent(nat(), "api", "dkr", "s3").experiment(
        "tcp_port_80", ("tcp", "api"), True, endpoint="s3", host=HOSTS["s3"], peer="52.216.0.10:80")


@breaks(20, likely("net.no_egress_route", "tcp", "api", "net.security_group net.nacl"))
def tcp_no_endpoint():
    world = World()
    world.addresses["api"] = list(PUBLIC["api"])
    return silent(world, "api", s3=True)


@breaks(23, likely("net.security_group", "tcp", "api+s3", "net.nacl net.no_egress_route"),
        undecided("net.security_group",
                  "tcp", "dkr", "net.nacl net.no_egress_route", rule="tcp-endpoint-silent"))
def tcp_all_silent():
    world = World()
    world.addresses["api"] = list(PUBLIC["api"])
    return silent(world, "api", "dkr", "s3")


@breaks(23, likely("net.no_egress_route", "tcp", "api+dkr+s3", "net.security_group net.nacl"),
        words=["com.amazonaws.us-east-1.ecr.dkr", "S3 gateway endpoint", "NAT gateway"])
def tcp_no_egress():
    return silent(nat(), "api", "dkr", "s3")


@breaks(23, likely("net.no_egress_route", "tcp", "api+dkr", "net.security_group net.nacl"),
        warning(likely("net.no_egress_route", "tcp", "s3", "net.security_group net.nacl")))
def tcp_no_egress_other():
    return silent(oci(), "api", "dkr", "s3")


@breaks(21, undecided("net.timeout", "tcp", "dkr", "net.no_egress_route net.security_group net.nacl"))
def tcp_timeout():
    world = nat()
    world.addresses["dkr"] = ["169.254.20.10"]
    return silent(world, "dkr", s3=True, public=True)


@breaks(21, undecided("net.timeout", "tcp", "dkr", "net.unreachable net.refused net.no_egress_route"))
def tcp_failed():
    return nat().fail("tcp", "dkr", "malformed", "an answer that is none")
