"""One case for each rule of names that do not resolve."""

from __future__ import annotations

from doubts import at, dual_stack_name, garbage, new_region, no_experiments
from expect import breaks, likely, note, proven, undecided, warning, works
from subnets import ALL, MIRROR, PROXY, V6, elsewhere
from world import ACCOUNT, HOSTS, World


def dns_all(world, cause, detail="", endpoints=("api", "dkr", "s3"), **seen):
    for endpoint in endpoints:
        world.fail("dns", endpoint, cause, detail, **seen)
    return world


def dns_cross_checks(world, endpoints, tcp=None, other=None, known=None, cause="timeout"):
    """The experiments that follow a failed name; None: not made, True: passed."""
    for endpoint in endpoints:
        if tcp is not None:
            world.experiment("dns_over_tcp", ("dns", endpoint), tcp, cause, server="10.20.0.2",
                             transport="tcp", record="A", addresses=["10.20.2.11"] if tcp else [])
        if other is not None:
            world.experiment("dns_other_server", ("dns", endpoint), other, cause,
                             peer="169.254.169.253:53", server="169.254.169.253", transport="udp",
                             record="A", addresses=["10.20.2.11"] if other else [])
    if known is not None:
        world.experiment("dns_known_name", ("dns", endpoints[0]), known, cause, host="aws.amazon.com",
                         server="10.20.0.2", transport="udp", record="A",
                         addresses=["3.5.8.9"] if known else [])
    return world


@works(note(proven("s3.dns", "dns", "s3")))
def dns_host_not_used():
    return World(redirect=MIRROR).fail("dns", "s3", "nxdomain", "NXDOMAIN")


@works(warning(proven("dns.nxdomain", "dns", "api")), words=["api.ecr-fips.us-east-1.amazonaws.com"])
def dns_other_spelling():
    first = "ecr-fips.us-east-1.amazonaws.com"
    return World(hosts={**HOSTS, "api": f"api.{first}"}, respelt=first, target={"fips": True})


@breaks(19, proven("proxy.unreachable", "dns", "proxy"),
        words=["http://proxy.example.com:3128"], doubt=at("tls", "reset"))
def dns_proxy():
    return World(**PROXY).fail("dns", "proxy", "nxdomain", "NXDOMAIN", a_cause="nxdomain",
                               aaaa_cause="nxdomain")


@breaks(13, proven("dns.tcp_blocked", "dns", "api+dkr+s3"), words=["10.20.0.2", "TCP port 53"], doubt=garbage)
def dns_tcp_blocked():
    return dns_all(World(), "timeout", "no answer", was_truncated=True, transport="tcp")


@breaks(13, likely("dns.tcp_blocked", "dns", "api+dkr+s3", "dns.servfail"))
def dns_tcp_answer_missing():
    return dns_all(World(), "malformed", "49 bytes came, no answer to the question",
                   was_truncated=True, transport="tcp")


@breaks(12, likely("dns.udp_blocked", "dns", "s3", "dns.timeout net.loss"), words=["512 bytes"])
def dns_udp_answer_lost():
    return dns_cross_checks(World().fail("dns", "s3", "timeout", "no answer"), ["s3"], True, True, True)


@breaks(13, proven("dns.udp_blocked", "dns", "api+dkr+s3"),
        words=["Allow UDP port 53", "10.20.0.2"], doubt=no_experiments)
def dns_udp_blocked():
    return dns_cross_checks(dns_all(World(), "timeout", "no answer"), ALL, True, False, False)


@breaks(12, proven("s3.dns", "dns", "s3"), words=["DNS firewall", "list-hosted-zones-by-vpc"])
def dns_s3_alone():
    return World().fail("dns", "s3", "nxdomain", "NXDOMAIN")


@breaks(10, likely("dns.timeout", "dns", "api", "dns.servfail net.loss"))
def dns_name_unanswered():
    return dns_cross_checks(World().fail("dns", "api", "timeout", "no answer"), ["api"], False, False, True)


@breaks(13, proven("dns.timeout", "dns", "api+dkr+s3"),
        words=["10.9.0.53", "169.254.169.253", "AmazonProvidedDNS"], doubt=no_experiments)
def dns_custom_server_silent():
    world = World(vantage={"resolvers": ["10.9.0.53"]})
    dns_all(world, "timeout", "no answer", peer="10.9.0.53:53")
    return dns_cross_checks(world, ALL, False, True, False)


@breaks(13, proven("dns.timeout", "dns", "api+dkr+s3"),
        words=["modify-vpc-attribute", "1024 queries"], doubt=no_experiments)
def dns_vpc_resolver_silent():
    return dns_cross_checks(dns_all(World(), "timeout", "no answer"), ALL, False, False, False)


@breaks(13, proven("dns.timeout", "dns", "api+dkr+s3"), words=["10.9.0.53"], doubt=no_experiments)
def dns_server_silent():
    world = World(vantage={"resolvers": ["10.9.0.53"]})
    dns_all(world, "timeout", "no answer", peer="10.9.0.53:53")
    return dns_cross_checks(world, ALL, False, False, False)


@breaks(13, likely("dns.timeout", "dns", "api+dkr+s3", "dns.udp_blocked"))
def dns_timeout():
    return dns_all(World(), "timeout", "no answer")


@breaks(13, proven("dns.refused", "dns", "api+dkr+s3"), words=["Port 53", "10.20.0.2"], doubt=garbage)
def dns_nothing_listens():
    return dns_cross_checks(dns_all(World(), "refused", "ECONNREFUSED", errno="ECONNREFUSED"), ALL, None,
                            True, False, "refused")


@breaks(13, proven("dns.refused", "dns", "api+dkr+s3"), doubt=garbage)
def dns_refused():
    return dns_cross_checks(dns_all(World(), "refused", "REFUSED"), ALL, None, False, False, "refused")


@breaks(10, proven("dns.servfail", "dns", "api"),
        words=["169.254.169.253", "10.20.0.2"], doubt=garbage)
def dns_servfail_here():
    return dns_cross_checks(World().fail("dns", "api", "servfail", "SERVFAIL"), ["api"], None, True, True)


@breaks(13, proven("dns.servfail", "dns", "api+dkr+s3"), doubt=garbage)
def dns_servfail():
    return dns_cross_checks(dns_all(World(), "servfail", "SERVFAIL"), ALL, None, False, False, "servfail")


@breaks(13, proven("net.unreachable", "dns", "api+dkr+s3"), doubt=at("tcp", "local"))
def dns_unreachable():
    return dns_all(World(), "unreachable", "network is unreachable", errno="ENETUNREACH")


@breaks(13, likely("client.config", "dns", "api+dkr+s3", "dns.refused"))
def dns_local():
    return dns_all(World(), "local", "no resolver is configured", peer="")


@breaks(13, proven("ref.bad_hostname", "dns", "api dkr s3"),
        words=["us-east-1a", "ACCOUNT.dkr.ecr.REGION.amazona"], doubt=new_region)
def dns_impossible_host():
    return dns_cross_checks(dns_all(elsewhere("us-east-1a"), "nxdomain", "NXDOMAIN"), ALL, None, False,
                            True, "nxdomain")


@breaks(11, proven("dns.nxdomain", "dns", "dkr"), words=["10.9.0.53", "169.254.169.253"], doubt=new_region)
def dns_unknown_elsewhere():
    world = World(vantage={"resolvers": ["10.9.0.53"]})
    world.fail("dns", "dkr", "nxdomain", "NXDOMAIN", peer="10.9.0.53:53")
    return dns_cross_checks(world, ["dkr"], None, True, True)


@breaks(11, likely("ref.bad_hostname", "dns", "dkr", "dns.nxdomain"), words=["AWS_USE_FIPS_ENDPOINT"])
def dns_no_fips_host():
    world = elsewhere("eu-west-2", fips=True)
    world.hosts["dkr"] = f"{ACCOUNT}.dkr.ecr-fips.eu-west-2.amazonaws.com"
    world.fail("dns", "dkr", "nxdomain", "NXDOMAIN")
    return dns_cross_checks(world, ["dkr"], None, False, True, "nxdomain")


@breaks(11, proven("dns.nxdomain", "dns", "dkr"),
        words=["private hosted zone", "*.dkr.ecr.us-east-1"], doubt=new_region)
def dns_valid_name():
    return dns_cross_checks(World().fail("dns", "dkr", "nxdomain", "NXDOMAIN"), ["dkr"], None, False, True,
                            "nxdomain")


@breaks(13, likely("dns.nxdomain", "dns", "api+dkr+s3", "ref.bad_hostname"))
def dns_nothing_public():
    return dns_cross_checks(dns_all(elsewhere("eu-west-9"), "nxdomain", "NXDOMAIN"), ALL, None, False,
                            False, "nxdomain")


@breaks(13, likely("ref.bad_hostname", "dns", "api+dkr+s3", "dns.nxdomain"), words=['"ap-southeest-1"'])
def dns_misspelt_region():
    return dns_cross_checks(dns_all(elsewhere("ap-southeest-1"), "nxdomain", "NXDOMAIN"), ALL, None, False,
                            True, "nxdomain")


@breaks(13, undecided("dns.nxdomain", "dns", "api+dkr+s3", "ref.bad_hostname"))
def dns_nxdomain():
    return dns_cross_checks(dns_all(elsewhere("eu-west-9"), "nxdomain", "NXDOMAIN"), ALL, None, False, True,
                            "nxdomain")


@breaks(13, proven("net.ipv6_only", "dns", "api+dkr+s3"),
        words=["123456789012.dkr-ecr.us-east-1.on.aws/shop/app", "AWS_USE_DUALSTACK_ENDPOINT"],
        doubt=dual_stack_name)
def dns_ipv6_only():
    return dns_all(World(vantage=dict(V6)), "nodata", "no AAAA record", peer="[fd00:ec2::253]:53",
                   a_cause="none")


@breaks(11, proven("dns.nodata", "dns", "dkr"), doubt=dual_stack_name)
def dns_nodata_here():
    return dns_cross_checks(World().fail("dns", "dkr", "nodata", "NODATA"), ["dkr"], None, True, True)


@breaks(11, proven("dns.nodata", "dns", "dkr"), words=["DNS firewall"], doubt=dual_stack_name)
def dns_nodata():
    return dns_cross_checks(World().fail("dns", "dkr", "nodata", "NODATA"), ["dkr"], None, False, True,
                            "nodata")


@breaks(13, undecided("dns.servfail", "dns", "api+dkr+s3", "dns.refused dns.timeout"))
def dns_unusable():
    return dns_all(World(), "malformed", "17 bytes came, no DNS answer")
