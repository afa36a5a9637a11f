"""One case for each rule of names, connections, handshakes and answers."""

from __future__ import annotations

from world import ACCOUNT, DATE, HOSTS, NEEDS, PRIVATE, PUBLIC, SESSION, World

MY_CA = "CN=Corp TLS Root,O=Corp"
ZSCALER = "CN=Zscaler Intermediate Root CA,O=Zscaler Inc."
OCI = {"image": "ghcr.io/shop/app:1.4", "host": "ghcr.io", "account": "", "region": "",
       "registry": "oci", "partition": "", "repository": "shop/app"}
OCI_HOSTS = {**HOSTS, "api": "ghcr.io", "dkr": "ghcr.io", "s3": "pkg-containers.githubusercontent.com"}
OCI_ADDRESSES = {"api": ["140.82.121.33"], "dkr": ["140.82.121.33"], "s3": ["185.199.108.154"]}
V6 = {"addresses": ["2600:1f18:aa:bb01::10"], "resolvers": ["fd00:ec2::253"], "subnet_cidr": "",
      "subnet_cidr6": "2600:1f18:aa:bb01::/64", "label": "us-east-1a v6"}
MIRROR = "layers.example.com"
PROXY = {"proxy": "http://proxy.example.com:3128"}


def nat(**more):
    return World(addresses=dict(PUBLIC), **more)


def oci(**more):
    more.setdefault("target", dict(OCI))
    return World(hosts=dict(OCI_HOSTS), addresses=dict(OCI_ADDRESSES), **more)


def again(world, stage_role, passed=(), failed=("1032", "20018", "33008", "61008")):
    return world.experiment("tcp_again", stage_role, bool(passed), tries=4,
                            passed_tries=len(passed), passed_ports=list(passed),
                            failed_ports=list(failed))


def controls(world, after, s3=False, public=False):
    world.experiment("tcp_control_s3", after, s3, role="control", host="s3.us-east-1.amazonaws.com",
                     peer="52.217.10.20:443")
    return world.experiment("tcp_control_public", after, public, role="control",
                            host="public.ecr.aws", peer="75.2.101.78:443")


def silent(world, *roles, s3=False, public=False, **more):
    """These endpoints time out, and so do the tries that follow."""
    for role in roles:
        world.fail("tcp", role, "timeout", "no answer to the SYN", **more)
    for role in roles:
        again(world, ("tcp", role))
    return controls(world, ("tcp", roles[0]), s3, public)


def dns_all(world, cause, detail="", roles=("api", "dkr", "s3"), **seen):
    for role in roles:
        world.fail("dns", role, cause, detail, **seen)
    return world


def opinions(world, roles, tcp=None, other=None, known=None, cause="timeout"):
    """The experiments that follow a failed name; None: not made, True: passed."""
    for role in roles:
        if tcp is not None:
            world.experiment("dns_over_tcp", ("dns", role), tcp, cause, server="10.20.0.2",
                             transport="tcp", record="A", addresses=["10.20.2.11"] if tcp else [])
        if other is not None:
            world.experiment("dns_other_server", ("dns", role), other, cause,
                             peer="169.254.169.253:53", server="169.254.169.253", transport="udp",
                             record="A", addresses=["10.20.2.11"] if other else [])
    if known is not None:
        world.experiment("dns_known_name", ("dns", roles[0]), known, cause, host="aws.amazon.com",
                         server="10.20.0.2", transport="udp", record="A",
                         addresses=["3.5.8.9"] if known else [])
    return world


ALL = ("api", "dkr", "s3")


def hosts_of(region):
    return {"api": f"api.ecr.{region}.amazonaws.com",
            "dkr": f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com",
            "s3": f"prod-{region}-starport-layer-bucket.s3.{region}.amazonaws.com",
            "caller": "169.254.170.2", "control": "public.ecr.aws"}


def elsewhere(region, **target):
    hosts = hosts_of(region)
    return World(hosts=hosts, target={"image": f"{hosts['dkr']}/shop/app:1.4", "host": hosts["dkr"],
                                      "region": region, **target})


def named(cases):
    """Each function's name, with dashes, is its rule's id."""
    return {make.__name__.replace("_", "-"): make for make in cases}


def dns_host_not_used():
    return World(redirect=MIRROR).fail("dns", "s3", "nxdomain", "NXDOMAIN")


def dns_other_spelling():
    first = "ecr-fips.us-east-1.amazonaws.com"
    return World(hosts={**HOSTS, "api": f"api.{first}"}, respelt=first, target={"fips": True})


def dns_proxy():
    return dns_all(World(), "nxdomain", "NXDOMAIN", ("api",), **PROXY)


def dns_tcp_blocked():
    return dns_all(World(), "timeout", "no answer", was_truncated=True, transport="tcp")


def dns_tcp_answer_missing():
    return dns_all(World(), "malformed", "49 bytes came, no answer to the question",
                   was_truncated=True, transport="tcp")


def dns_udp_answer_lost():
    return opinions(World().fail("dns", "s3", "timeout", "no answer"), ["s3"], True, True, True)


def dns_udp_blocked():
    return opinions(dns_all(World(), "timeout", "no answer"), ALL, True, False, False)


def dns_s3_alone():
    return World().fail("dns", "s3", "nxdomain", "NXDOMAIN")


def dns_name_unanswered():
    return opinions(World().fail("dns", "api", "timeout", "no answer"), ["api"], False, False, True)


def dns_custom_server_silent():
    world = World(vantage={"resolvers": ["10.9.0.53"]})
    dns_all(world, "timeout", "no answer", peer="10.9.0.53:53")
    return opinions(world, ALL, False, True, False)


def dns_vpc_resolver_silent():
    return opinions(dns_all(World(), "timeout", "no answer"), ALL, False, False, False)


def dns_server_silent():
    world = World(vantage={"resolvers": ["10.9.0.53"]})
    dns_all(world, "timeout", "no answer", peer="10.9.0.53:53")
    return opinions(world, ALL, False, False, False)


def dns_timeout():
    return dns_all(World(), "timeout", "no answer")


def dns_nothing_listens():
    return opinions(dns_all(World(), "refused", "ECONNREFUSED", errno="ECONNREFUSED"), ALL, None,
                    True, False, "refused")


def dns_refused():
    return opinions(dns_all(World(), "refused", "REFUSED"), ALL, None, False, False, "refused")


def dns_servfail_here():
    return opinions(World().fail("dns", "api", "servfail", "SERVFAIL"), ["api"], None, True, True)


def dns_servfail():
    return opinions(dns_all(World(), "servfail", "SERVFAIL"), ALL, None, False, False, "servfail")


def dns_unreachable():
    return dns_all(World(), "unreachable", "network is unreachable", errno="ENETUNREACH")


def dns_local():
    return dns_all(World(), "local", "no resolver is configured", peer="")


def dns_impossible_host():
    return opinions(dns_all(elsewhere("us-east-1a"), "nxdomain", "NXDOMAIN"), ALL, None, False,
                    True, "nxdomain")


def dns_unknown_elsewhere():
    world = World(vantage={"resolvers": ["10.9.0.53"]})
    world.fail("dns", "dkr", "nxdomain", "NXDOMAIN", peer="10.9.0.53:53")
    return opinions(world, ["dkr"], None, True, True)


def dns_no_fips_host():
    world = elsewhere("eu-west-2", fips=True)
    world.hosts["dkr"] = f"{ACCOUNT}.dkr.ecr-fips.eu-west-2.amazonaws.com"
    world.fail("dns", "dkr", "nxdomain", "NXDOMAIN")
    return opinions(world, ["dkr"], None, False, True, "nxdomain")


def dns_valid_name():
    return opinions(World().fail("dns", "dkr", "nxdomain", "NXDOMAIN"), ["dkr"], None, False, True,
                    "nxdomain")


def dns_nothing_public():
    return opinions(dns_all(elsewhere("eu-west-9"), "nxdomain", "NXDOMAIN"), ALL, None, False,
                    False, "nxdomain")


def dns_misspelt_region():
    return opinions(dns_all(elsewhere("ap-southeest-1"), "nxdomain", "NXDOMAIN"), ALL, None, False,
                    True, "nxdomain")


def dns_nxdomain():
    return opinions(dns_all(elsewhere("eu-west-9"), "nxdomain", "NXDOMAIN"), ALL, None, False, True,
                    "nxdomain")


def dns_ipv6_only():
    return dns_all(World(vantage=dict(V6)), "nodata", "no AAAA record", peer="[fd00:ec2::253]:53",
                   a_cause="none")


def dns_nodata_here():
    return opinions(World().fail("dns", "dkr", "nodata", "NODATA"), ["dkr"], None, True, True)


def dns_nodata():
    return opinions(World().fail("dns", "dkr", "nodata", "NODATA"), ["dkr"], None, False, True,
                    "nodata")


def dns_unusable():
    return dns_all(World(), "malformed", "17 bytes came, no DNS answer")


def tcp_host_not_used():
    return controls(World(redirect=MIRROR).fail("tcp", "s3", "timeout", "no answer to the SYN"),
                    ("tcp", "s3"))


def tcp_proxy():
    return nat().fail("tcp", "api", "refused", "ECONNREFUSED", peer="10.20.9.9:3128",
                      errno="ECONNREFUSED", **PROXY)


def tcp_family_not_here():
    world = nat()
    world.addresses["api"] = ["44.213.79.104", "2600:1f18:aa::5"]
    return world.fail("tcp", "api", "unreachable", "ENETUNREACH", only=["2600:1f18:aa::5"],
                      errno="ENETUNREACH", local="")


NO_AAAA = "this machine has IPv6 addresses only, and the name has none"
DUAL_HOSTS = {**HOSTS, "api": "ecr.us-east-1.api.aws", "dkr": f"{ACCOUNT}.dkr-ecr.us-east-1.on.aws",
              "s3": HOSTS["s3"].replace(".s3.", ".s3.dualstack.")}
SIX = {"api": ["2600:1f28:3d:c000::4"], "dkr": ["2600:1f28:3d:c000::5"],
       "s3": ["2600:1fa0:8000::10"]}


def dual(*broken, vantage=None, **more):
    """An IPv6-only subnet and an image under its dual-stack name; these roles have no AAAA."""
    world = World(hosts=dict(DUAL_HOSTS), vantage=dict(V6 if vantage is None else vantage),
                  target={"image": f"{DUAL_HOSTS['dkr']}/shop/app:1.4", "host": DUAL_HOSTS["dkr"],
                          "dualstack": True}, **more)
    world.addresses = {role: list(PUBLIC[role] if role in broken else SIX[role]) for role in ALL}
    for role in broken:
        world.fail("tcp", role, "no_address", NO_AAAA)
    return world


def asked_dual(world, *roles, passed=True):
    for role in roles:
        world.experiment("dns_dualstack_name", ("tcp", role), passed, "nxdomain",
                         host=DUAL_HOSTS[role], peer="[fd00:ec2::253]:53", server="fd00:ec2::253",
                         transport="udp", record="AAAA", addresses=SIX[role] if passed else [])
    return world


def four(*roles, **more):
    """An IPv6-only subnet and an image under its IPv4-only name."""
    world = nat(vantage=dict(V6), **more)
    for role in roles:
        world.fail("tcp", role, "no_address", NO_AAAA)
    for role in set(ALL) - set(roles):
        world.addresses[role] = list(SIX[role])
    return world


def tcp_ipv6_only_foreseen():
    return silent(dual("s3"), "api", "dkr")


def tcp_ipv6_only_hidden():
    return dual("api", "dkr")


def tcp_ipv6_only_redirect():
    return dual(redirect=HOSTS["s3"]).fail("tcp", "s3", "no_address", NO_AAAA, host=HOSTS["s3"])


def tcp_ipv6_only_nameless():
    return asked_dual(four(*ALL), *ALL, passed=False)


def tcp_ipv6_only_dkr():
    return asked_dual(four("dkr", "s3"), "dkr", "s3")


def tcp_ipv6_only_s3():
    world = elsewhere("cn-north-1", partition="aws-cn")
    world.hosts = {role: f"{host}.cn" for role, host in world.hosts.items()}
    world.target |= {"host": world.hosts["dkr"], "image": f"{world.hosts['dkr']}/shop/app:1.4"}
    world.vantage = dict(V6)
    world.addresses = {**SIX, "s3": list(PUBLIC["s3"])}
    return world.fail("tcp", "s3", "no_address", NO_AAAA)


def tcp_ipv6_only_api():
    return asked_dual(four(*ALL), *ALL)


def tcp_ipv6_only():
    world = dual(also=["logs"])
    world.addresses["logs"] = list(PUBLIC["logs"])
    return world.fail("tcp", "logs", "no_address", NO_AAAA)


def tcp_ipv6_only_other():
    world = oci(vantage=dict(V6))
    for role in ALL:
        world.fail("tcp", role, "no_address", NO_AAAA)
    return world


def translated(role):
    """What DNS64 makes of a role's addresses."""
    parts = ([int(part) for part in address.split(".")] for address in PUBLIC[role])
    return [f"64:ff9b::{a << 8 | b:x}:{c << 8 | d:x}" for a, b, c, d in parts]


def dns64(*roles, **more):
    world = nat(**more)
    world.addresses |= {role: translated(role) for role in roles}
    return world


def tcp_nat64_beside():
    world = dns64(vantage={"addresses": ["10.20.1.10", *V6["addresses"]]})
    world.addresses["dkr"] = [*PUBLIC["dkr"], *translated("dkr")]
    world.fail("tcp", "dkr", "timeout", "no answer to the SYN", only=translated("dkr"))
    return again(world, ("tcp", "dkr"))


def tcp_nat64_unreachable():
    world = dns64(*ALL, vantage=dict(V6))
    for role in ALL:
        world.fail("tcp", role, "unreachable", "ENETUNREACH", errno="ENETUNREACH", local="")
    return world


def tcp_nat64_silent():
    return silent(dns64(*ALL, vantage=dict(V6)), *ALL)


def tcp_fargate_api_ipv4():
    world = dual(vantage={"addresses": ["10.20.1.10", *V6["addresses"]]})
    world.addresses["api"] = [PUBLIC["api"][0], *SIX["api"]]
    world.fail("tcp", "api", "timeout", "no answer to the SYN", only=[PUBLIC["api"][0]])
    return again(world, ("tcp", "api"))


def tcp_refused_self():
    world = World()
    world.addresses["dkr"] = ["127.0.0.1"]
    return world.fail("tcp", "dkr", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


def tcp_refused_inside():
    return World().fail("tcp", "api", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


def tcp_refused():
    return nat().fail("tcp", "s3", "refused", "ECONNREFUSED", errno="ECONNREFUSED")


def tcp_reset():
    return nat().fail("tcp", "dkr", "reset", "ECONNRESET", errno="ECONNRESET")


def tcp_prohibited_by_hop():
    return nat().fail("tcp", "dkr", "prohibited", "ICMP: administratively prohibited",
                      errno="EHOSTUNREACH", hop="10.20.1.1")


def tcp_prohibited():
    return nat().fail("tcp", "dkr", "prohibited", "EPERM", errno="EPERM")


def tcp_unreachable_by_hop():
    return nat().fail("tcp", "dkr", "unreachable", "ICMP: host unreachable", errno="EHOSTUNREACH",
                      hop="10.20.1.1")


def tcp_unreachable():
    world = nat()
    for role in ALL:
        world.fail("tcp", role, "unreachable", "ENETUNREACH", errno="ENETUNREACH", local="")
    return world


def tcp_no_address():
    world = nat()
    world.addresses["dkr"] = ["2600:1f18:aa::5"]
    return world.fail("tcp", "dkr", "no_address",
                      "this machine has IPv4 addresses only, and the name has none")


def tcp_local():
    return nat().fail("tcp", "dkr", "local", "Address in use", errno="EADDRINUSE")


def tcp_port_range():
    world = World()
    for role in ALL:
        world.fail("tcp", role, "timeout", "no answer to the SYN")
    for role in ALL:
        again(world, ("tcp", role), ["1032", "20018"], ["33008", "61008"])
    return controls(world, ("tcp", "api"))


def other_view(passed):
    world = silent(nat(), "dkr")
    world.experiment("dns_other_server", ("tcp", "dkr"), True, peer="169.254.169.253:53",
                     server="169.254.169.253", addresses=["10.20.2.12"], record="A")
    return world.experiment("tcp_other_answer", ("tcp", "dkr"), passed, peer="10.20.2.12:443")


def tcp_split_horizon():
    return other_view(True)


def tcp_two_views():
    return other_view(False)


def tcp_port_range_likely():
    world = World()
    world.addresses["api"], world.addresses["dkr"] = ["10.20.1.11"], ["10.20.2.12"]
    world.fail("tcp", "dkr", "timeout", "no answer to the SYN")
    return again(world, ("tcp", "dkr"), ["61008"], ["1032", "20018", "33008"])


def tcp_loss_proven():
    world = World().fail("tcp", "dkr", "timeout", "no answer to the SYN")
    return again(world, ("tcp", "dkr"), ["20018", "61008"], ["1032", "33008"])


def tcp_loss():
    world = World().fail("tcp", "dkr", "timeout", "no answer to the SYN")
    return again(world, ("tcp", "dkr"), ["1032", "20018", "33008", "61008"], [])


def tcp_dead_address_inside():
    return silent(World(), "api", only=["10.20.3.11"])


def tcp_dead_ipv6():
    world = nat()
    world.addresses["dkr"] = ["54.210.113.5", "2600:1f18:aa::5"]
    world.vantage = {"addresses": ["10.20.1.10", "2600:1f18:bb:cc01::10"],
                     "subnet_cidr6": "2600:1f18:bb:cc01::/64"}
    return silent(world, "dkr", only=["2600:1f18:aa::5"], s3=True, public=True)


def tcp_dead_address():
    return silent(nat(), "api", only=["44.213.79.50"], s3=True, public=True)


def tcp_logs():
    return silent(World(also=["logs"]), "logs")


def tcp_secrets():
    return silent(World(also=["secretsmanager"]), "secretsmanager")


def tcp_endpoint_in_subnet():
    world = World()
    world.addresses["dkr"] = ["10.20.1.12"]
    return silent(world, "dkr", s3=True)


def tcp_endpoint_alone():
    return silent(World(), "dkr", s3=True)


def tcp_endpoint_not_outside():
    world = nat()
    world.addresses["dkr"] = list(PRIVATE["dkr"])
    return silent(world, "dkr", s3=True, public=True)


def tcp_elsewhere():
    world = World()
    world.addresses["api"] = ["172.31.7.11"]
    world.addresses["dkr"] = ["172.31.7.12"]
    return silent(world, "api", "dkr", s3=True)


def tcp_all_endpoints_silent():
    return silent(World(), "api", "dkr", s3=True)


def tcp_endpoint_silent():
    world = nat()
    world.addresses["dkr"] = list(PRIVATE["dkr"])
    return silent(world, "api", "dkr", "s3")


def tcp_proxy_not_used():
    world = nat(passed={("credentials", "caller"): PROXY})
    return silent(world, "api", "dkr", "s3")


def tcp_s3_other_region():
    return silent(elsewhere("us-west-2"), "s3")


def tcp_s3_port():
    return silent(World(), "s3").experiment("tcp_port_80", ("tcp", "s3"), True,
                                            peer="52.216.0.10:80")


def tcp_s3_some():
    return silent(World(), "s3", s3=True)


def tcp_s3_not_outside():
    return silent(nat(), "s3", public=True)


def tcp_s3_no_route():
    return silent(World(), "s3")


def tcp_s3_all_silent():
    return silent(World(), "api", "dkr", "s3")


def tcp_s3_silent():
    return silent(nat(), "api", "dkr", "s3")


def tcp_public_alone():
    return silent(nat(), "api", s3=True, public=True)


def tcp_port_443_closed():
    return silent(nat(), "api", "dkr", "s3").experiment(
        "tcp_port_80", ("tcp", "api"), True, role="s3", host=HOSTS["s3"], peer="52.216.0.10:80")


def tcp_ipv6_no_egress():
    world = World(vantage=dict(V6))
    world.addresses = {"api": ["2600:1f18:aa::4"], "dkr": ["2600:1f18:aa::5"],
                       "s3": ["2600:1fa0:80::10"]}
    return silent(world, "api", "dkr", "s3")


def tcp_no_endpoint():
    world = World()
    world.addresses["api"] = list(PUBLIC["api"])
    return silent(world, "api", s3=True)


def tcp_all_silent():
    world = World()
    world.addresses["api"] = list(PUBLIC["api"])
    return silent(world, "api", "dkr", "s3")


def tcp_no_egress():
    return silent(nat(), "api", "dkr", "s3")


def tcp_no_egress_other():
    return silent(oci(), "api", "dkr", "s3")


def tcp_timeout():
    world = nat()
    world.addresses["dkr"] = ["169.254.20.10"]
    return silent(world, "dkr", s3=True, public=True)


def tcp_failed():
    return nat().fail("tcp", "dkr", "malformed", "an answer that is none")


def handshake(world, role, cause, detail="", other=None, none=None, small=None, mss=None,
              old=None, **seen):
    """A handshake that is cut, and what becomes of its variations."""
    world.fail("tls", role, cause, detail, **seen)
    tried = {"tls_other_name": (other, {"sent_name": "example.com", "hello_bytes": 1520}),
             "tls_no_name": (none, {"hello_bytes": 1500}),
             "tls_small_hello": (small, {"sent_name": world.hosts[role], "hello_bytes": 290}),
             "tls_1_2": (old, {"sent_name": world.hosts[role], "hello_bytes": 260}),
             "tls_small_mss": (mss, {"sent_name": world.hosts[role], "hello_bytes": 1560,
                                     "mss": 1200})}
    for asks, (passed, facts) in tried.items():
        if passed is None:
            continue
        if passed and asks == "tls_small_mss":
            facts["largest_passed"] = 1200
        world.experiment(asks, ("tls", role), passed, cause, peer_bytes=4200 if passed else 0, **facts)
    return world


def tls_host_not_used():
    return World(redirect=MIRROR).fail("tls", "s3", "timeout", "no answer to the ClientHello")


def tls_proxy():
    return nat().fail("tls", "api", "closed", "the proxy closed the tunnel", **PROXY)


def tls_sni():
    return handshake(World(), "dkr", "reset", "connection reset", True, True, False, False, False)


def tls_mtu():
    return handshake(World(), "s3", "timeout", "no answer", False, False, False, True, False,
                     peer_bytes=1180)


def tls_mtu_likely():
    return handshake(World(), "s3", "timeout", "no answer", mss=True)


def tls_long_hello():
    return handshake(World(), "dkr", "timeout", "no answer", False, False, True, False, True)


def tls_passes_later():
    return handshake(World(), "dkr", "timeout", "no answer", True, True, True, True, True)


def tls_sni_likely():
    return handshake(World(), "dkr", "reset", "connection reset", other=True)


def tls_new_version_fails():
    return handshake(World(), "dkr", "reset", "connection reset", False, False, False, False, True)


def tls_alert_version():
    return handshake(World(), "api", "alert", "tlsv1 alert protocol version", False, False, False,
                     False, False, alert="protocol version", peer_bytes=7)


def tls_version():
    return handshake(World(), "api", "version", "unsupported protocol", False, False, False, False,
                     False, peer_bytes=90)


def tls_alert_name():
    return handshake(World(), "dkr", "alert", "tlsv1 unrecognized name", False, False, False, False,
                     False, alert="unrecognized name", peer_bytes=7)


def tls_alert():
    return handshake(World(), "dkr", "alert", "sslv3 alert handshake failure", False, False, False,
                     False, False, alert="handshake failure", peer_bytes=7)


def tls_silent_mid_way():
    return handshake(World(), "dkr", "timeout", "no answer", False, False, False, False, False,
                     peer_bytes=1200)


def tls_mtu_untested():
    return World().fail("tls", "dkr", "timeout", "no answer", peer_bytes=1200)


def tls_all_silent():
    return handshake(World(), "api", "timeout", "no answer", False, False, False, False, False)


def tls_timeout():
    return World().fail("tls", "api", "timeout", "no answer")


def tls_cut_by_name():
    return handshake(World(), "dkr", "reset", "connection reset", False, False, False, False, False)


def tls_cut_s3():
    return handshake(World(), "s3", "closed", "connection closed", False, False, False, False, False,
                     peer_bytes=90)


def tls_cut():
    world = World()
    for role in ALL:
        handshake(world, role, "reset", "connection reset", False, False, False, False, False)
    return world


def tls_not_tls():
    return World().fail("tls", "s3", "not_tls", "wrong version number", peer_bytes=140)


def tls_isolated_partition():
    hosts = {**HOSTS, "api": "api.ecr.us-iso-east-1.c2s.ic.gov",
             "dkr": f"{ACCOUNT}.dkr.ecr.us-iso-east-1.c2s.ic.gov",
             "s3": "prod-us-iso-east-1-starport-layer-bucket.s3.us-iso-east-1.c2s.ic.gov"}
    world = World(hosts=hosts, target={"region": "us-iso-east-1", "partition": "aws-iso",
                                       "host": hosts["dkr"], "image": f"{hosts['dkr']}/shop/app:1.4"})
    for role in ALL:
        world.fail("tls", role, "untrusted", "unable to get local issuer certificate",
                   issuer="CN=Example Isolated CA")
    return world


def tls_intercepted_by_vendor():
    return World().fail("tls", "dkr", "untrusted", "self-signed certificate in certificate chain",
                        issuer=ZSCALER)


def tls_intercepted():
    world = World()
    for role in ALL:
        world.fail("tls", role, "untrusted", "unable to get local issuer certificate", issuer=MY_CA)
    return world


def tls_intercepted_everywhere():
    world = oci()
    for role in ALL:
        world.fail("tls", role, "untrusted", "unable to get local issuer certificate", issuer=MY_CA)
    return world


def tls_foreign_issuer():
    return World().fail("tls", "dkr", "untrusted", "self-signed certificate", issuer="CN=appliance",
                        subject="CN=appliance", names=["appliance.example.com"])


def tls_untrusted():
    return oci().fail("tls", "s3", "untrusted", "unable to get local issuer certificate",
                      issuer=MY_CA)


def tls_expired_clock():
    world = World(passed={("http", "api"): {"clock_offset": 7776000}})
    return world.fail("tls", "dkr", "not_yet_valid", "certificate is not yet valid")


def tls_expired_peer():
    return World().fail("tls", "s3", "expired", "certificate has expired",
                        not_after="2025-12-01T00:00:00Z").experiment(
        "plain_date", ("tls", "s3"), True, peer="52.216.0.10:80", date=DATE, clock_offset=0)


def tls_expired():
    """No answer bore a Date."""
    world = World()
    for role in ALL:
        world.fail("tls", role, "expired", "certificate has expired",
                   not_after="2025-12-01T00:00:00Z")
    return world


def tls_expired_later():
    """Between the handshake and the layers: the clock has jumped, or another server answers."""
    return World().fail("layers", "dkr", "expired",
                        "SSL certificate problem: certificate has expired", document="layer")


def tls_untrusted_later():
    return World().fail("manifest", "dkr", "untrusted",
                        "SSL certificate problem: unable to get local issuer certificate",
                        document="index")


def tls_other_aws_service():
    return World().fail("tls", "dkr", "name_mismatch", "hostname mismatch", names=[HOSTS["api"]])


def tls_name_mismatch():
    return World().fail("tls", "dkr", "name_mismatch", "hostname mismatch",
                        names=["block.example.com"], subject="CN=block.example.com")


def tls_failed():
    return World().fail("tls", "dkr", "local", "out of memory")


def http_host_not_used():
    return World(redirect=MIRROR).fail("http", "s3", "not_the_service", "HTTP status 200",
                                       status=200, server="nginx", content_type="text/html")


def http_proxy():
    return nat().fail("http", "dkr", "refused", "the proxy refuses the connection", **PROXY)


def http_proxy_password():
    return nat().fail("http", "dkr", "not_the_service", "HTTP status 407", status=407, **PROXY)


def twice_more(world, stage, role, same, small):
    """The same request three times more as it was, and three times over small segments."""
    return world.experiment("http_again", (stage, role), same, tries=3,
                            passed_tries=3 * same).experiment(
        "http_small_mss", (stage, role), small, mss=536, tries=3, passed_tries=3 * small)


def by_proxy(cause, detail, *roles, **seen):
    world = nat(proxy=PROXY["proxy"])
    for role in roles or ALL:
        world.fail("connect", role, cause, detail, **seen)
    return world


def proxy_password():
    return by_proxy("status", "HTTP status 407 to CONNECT", status=407, via="1.1 corp-proxy",
                    challenge='Basic realm="corp"')


def proxy_refuses():
    return by_proxy("status", "HTTP status 403 to CONNECT", "s3", status=403)


def proxy_fails():
    return by_proxy("status", "HTTP status 504 to CONNECT", "api", "dkr", status=504)


def proxy_silent():
    return by_proxy("timeout", "")


def proxy_is_none():
    return by_proxy("malformed", 'no HTTP answer: "220 mail.corp.example ESMTP"')


def proxy_cut():
    return by_proxy("closed", "the proxy closed the connection")


SECRET, KMS = "secretsmanager", "arn:aws:kms:us-east-1:123456789012:key/1111"


def start(role, cause, detail="", **seen):
    return World(task=["secretsmanager", "ssm", "envfile", "logs"]).fail(
        "start", role, cause, detail, **seen)


def denied_call(role, action, resource):
    text = (f"User: {SESSION} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action")
    return start(role, "denied", text, status=400, error_code="AccessDeniedException",
                 error_text=text, principal=SESSION, action=action, resource=resource,
                 policy="identity", explicit=False)


def start_secret_key():
    return denied_call("ssm", "kms:Decrypt", KMS)


def start_secret_denied():
    return denied_call(SECRET, *NEEDS[SECRET])


def start_parameter_missing():
    return start("ssm", "not_found", "InvalidParameters names it", status=200)


def start_secret_missing():
    text = "Secrets Manager can't find the specified secret."
    return start(SECRET, "not_found", text, status=400, error_text=text,
                 error_code="ResourceNotFoundException")


def start_secret_network():
    return start(SECRET, "timeout")


def start_file_missing():
    return start("envfile", "not_found", "The specified key does not exist.", status=404,
                 error_code="NoSuchKey", error_text="The specified key does not exist.")


def start_file_denied():
    return start("envfile", "denied", "Access Denied", status=403, error_code="AccessDenied",
                 error_text="Access Denied")


def start_file_network():
    return start("envfile", "reset", "connection reset")


def start_logs_config():
    world = World(task=["logs"])
    return world.fail("start", "logs", "malformed", "awslogs-region is required", peer="")


def start_logs_denied():
    return denied_call("logs", "logs:CreateLogStream",
                       "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop:log-stream:a/b/c")


def start_logs_missing():
    text = "The specified log group does not exist."
    return start("logs", "not_found", text, status=400, error_text=text,
                 error_code="ResourceNotFoundException").fail("start", "ssm", "timeout")


def start_logs_network():
    return start("logs", "closed", "the peer closed the connection")


def start_failed():
    text = "The security token included in the request is expired"
    return start("logs", "expired", text, status=400, error_code="ExpiredTokenException",
                 error_text=text)


def start_other_role():
    return World(task=["logs"], execution_role="arn:aws:iam::123456789012:role/shop-execution")


def proxy_was_used():
    return nat(proxy=PROXY["proxy"])


def http_mtu():
    world = World().fail("manifest", "dkr", "timeout", "no answer", document="index")
    return twice_more(world, "manifest", "dkr", False, True)


def http_mtu_likely():
    return World().fail("http", "s3", "timeout", "no answer").experiment(
        "http_small_mss", ("http", "s3"), True, mss=536, status=403)


def http_passes_later():
    return twice_more(World().fail("token", "api", "timeout", "no answer"), "token", "api", True, True)


def http_s3_slow():
    return World().fail("http", "s3", "timeout", "no answer").experiment(
        "http_small_mss", ("http", "s3"), False, mss=536)


def http_slow():
    return World().fail("http", "dkr", "timeout", "no answer").experiment(
        "http_small_mss", ("http", "dkr"), False, mss=536)


def http_silent():
    return World().fail("token", "api", "timeout", "no answer")


def http_cut():
    return World().fail("http", "dkr", "reset", "connection reset")


def http_captive():
    return World().fail("http", "dkr", "not_the_service", "HTTP status 302", status=302,
                        server="portal", location="https://portal.example.com/login",
                        content_type="text/html")


def http_proxy_answers():
    return World().fail("http", "dkr", "not_the_service", "HTTP status 403", status=403,
                        server="webfilter", via="1.1 filter.example.com", body="Blocked by policy")


def http_not_the_service():
    return World().fail("http", "s3", "not_the_service", "HTTP status 200", status=200,
                        server="nginx", content_type="text/html", body="<html>Welcome</html>")


def http_proxy_unavailable():
    return World().fail("http", "s3", "unavailable", "HTTP status 503", status=503,
                        server="squid/5.7", via="1.1 proxy.example.com (squid/5.7)")


def http_unknown_status():
    return World().fail("http", "dkr", "status", "HTTP status 418", status=418)


def s3_unavailable():
    return World().fail("http", "s3", "unavailable", "HTTP status 500", status=500,
                        server="AmazonS3", request_id="EXAMPLE0123456789")


def registry_unavailable():
    return World().fail("http", "dkr", "unavailable", "HTTP status 503", status=503,
                        content_type="application/json", date=DATE)


def no_answer():
    return silent(World(also=["logs"]).fail("http", "logs", "timeout", "no answer"), "s3")


def run_ended():
    return World().fail("http", "dkr", "deadline", "the deadline has passed")


def unsettled():
    return World(deadline_at="manifest")


def probe_unable():
    return nat().fail("tcp", "dkr", "exhausted", "No file descriptors available", errno="EMFILE")


def resolver_silent():
    return World(passed={("dns", role): {"server": "10.20.0.2", "silent_servers": ["10.9.0.53"]}
                         for role in ALL},
                 vantage={"resolvers": ["10.9.0.53", "10.20.0.2"]})


def clock_off():
    return World(passed={("http", role): {"clock_offset": -180} for role in ALL})


def clock_unsynchronized():
    return World(vantage={"clock_status": "NOT_SYNCHRONIZED"})


def proxy_configured():
    return World(passed={("credentials", "caller"): PROXY})


def anchor_added():
    return World(passed={("tls", role): {"anchor": "added", "issuer": MY_CA} for role in ALL})


def anchor_added_other():
    return oci(passed={("tls", "dkr"): {"anchor": "added", "issuer": MY_CA}})


def half_private():
    world = World()
    world.addresses["api"] = list(PUBLIC["api"])
    return world


def connection_late():
    return nat(took={("tcp", "dkr"): 1030000})


def registry_slow():
    return World(took={("manifest", "dkr"): 3200000})


def layers_slow():
    return World(took={("layers", "s3"): 3200000})


CASES = named(value for value in list(globals().values())
              if getattr(value, "__module__", "") == __name__
              and getattr(value, "__code__", None) and not value.__code__.co_argcount
              and not value.__code__.co_flags & 0x08)
