"""One case for each rule of handshakes and certificates."""

from __future__ import annotations

from doubts import bare_alert, experiments_fail, later_certificate, no_experiments, no_signs, untrusted
from expect import breaks, likely, note, proven, undecided, warning, works
from subnets import ALL, MIRROR, MY_CA, PROXY, nat, oci
from world import ACCOUNT, DATE, HOSTS, World

ZSCALER = "CN=Zscaler Intermediate Root CA,O=Zscaler Inc."


def handshake(world, endpoint, cause, detail="", other=None, none=None, small=None, mss=None,
              old=None, **seen):
    """A handshake that is cut, and what becomes of its variations."""
    world.fail("tls", endpoint, cause, detail, **seen)
    tried = {"tls_other_name": (other, {"sent_name": "example.com", "hello_bytes": 1520}),
             "tls_no_name": (none, {"hello_bytes": 1500}),
             "tls_small_hello": (small, {"sent_name": world.hosts[endpoint], "hello_bytes": 290}),
             "tls_1_2": (old, {"sent_name": world.hosts[endpoint], "hello_bytes": 260}),
             "tls_small_mss": (mss, {"sent_name": world.hosts[endpoint], "hello_bytes": 1560,
                                     "mss": 1200})}
    for asks, (passed, facts) in tried.items():
        if passed is None:
            continue
        if passed and asks == "tls_small_mss":
            facts["largest_passed"] = 1200
        world.experiment(asks, ("tls", endpoint), passed, cause, peer_bytes=4200 if passed else 0, **facts)
    return world


@works(note(proven("tls.handshake_timeout", "tls", "s3")))
def tls_host_not_used():
    return World(redirect=MIRROR).fail("tls", "s3", "timeout", "no answer to the ClientHello")


@breaks(30, likely("proxy.unreachable", "tls", "api", "tls.sni_filtered"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")))
def tls_proxy():
    return nat(**PROXY).fail("tls", "api", "closed", "the proxy closed the tunnel", **PROXY)


@breaks(31, proven("tls.sni_filtered", "tls", "dkr"),
        words=["10.20.2.12:443", "network-firewall"], doubt=experiments_fail)
def tls_sni():
    return handshake(World(), "dkr", "reset", "connection reset", True, True, False, False, False)


@breaks(32, proven("net.mtu_blackhole", "tls", "s3"),
        words=["52.216.0.10:443", "1200 bytes", "clamp the MSS"], doubt=no_experiments)
def tls_mtu():
    return handshake(World(), "s3", "timeout", "no answer", False, False, False, True, False,
                     peer_bytes=1180)


@breaks(32, likely("net.mtu_blackhole", "tls", "s3", "net.loss"))
def tls_mtu_likely():
    return handshake(World(), "s3", "timeout", "no answer", mss=True)


@breaks(31, likely("tls.handshake_timeout", "tls", "dkr", "tls.sni_filtered net.reset"),
        words=["1560 bytes"])
def tls_long_hello():
    return handshake(World(), "dkr", "timeout", "no answer", False, False, True, False, True)


@breaks(31, undecided("tls.handshake_timeout", "tls", "dkr", "net.loss net.reset"))
def tls_passes_later():
    return handshake(World(), "dkr", "timeout", "no answer", True, True, True, True, True)


@breaks(31, likely("tls.sni_filtered", "tls", "dkr", "net.loss net.reset"))
def tls_sni_likely():
    return handshake(World(), "dkr", "reset", "connection reset", other=True)


@breaks(31, likely("tls.version", "tls", "dkr", "net.loss"), words=["TLS 1.2"])
def tls_new_version_fails():
    return handshake(World(), "dkr", "reset", "connection reset", False, False, False, False, True)


@breaks(30, proven("tls.version", "tls", "api"), words=["protocol version"], doubt=bare_alert)
def tls_alert_version():
    return handshake(World(), "api", "alert", "tlsv1 alert protocol version", False, False, False,
                     False, False, alert="protocol version", peer_bytes=7)


@breaks(30, proven("tls.version", "tls", "api"), doubt=bare_alert)
def tls_version():
    return handshake(World(), "api", "version", "unsupported protocol", False, False, False, False,
                     False, peer_bytes=90)


@breaks(31, likely("tls.sni_filtered", "tls", "dkr", "http.not_the_service"))
def tls_alert_name():
    return handshake(World(), "dkr", "alert", "tlsv1 unrecognized name", False, False, False, False,
                     False, alert="unrecognized name", peer_bytes=7)


@breaks(31, undecided("tls.version", "tls", "dkr", "tls.sni_filtered http.not_the_service"),
        words=["handshake failure"])
def tls_alert():
    return handshake(World(), "dkr", "alert", "sslv3 alert handshake failure", False, False, False,
                     False, False, alert="handshake failure", peer_bytes=7)


@breaks(31, likely("tls.handshake_timeout", "tls", "dkr", "net.mtu_blackhole net.loss"))
def tls_silent_mid_way():
    return handshake(World(), "dkr", "timeout", "no answer", False, False, False, False, False,
                     peer_bytes=1200)


@breaks(31, likely("net.mtu_blackhole", "tls", "dkr", "tls.handshake_timeout net.loss"))
def tls_mtu_untested():
    return World().fail("tls", "dkr", "timeout", "no answer", peer_bytes=1200)


@breaks(30, likely("tls.handshake_timeout", "tls", "api", "tls.sni_filtered net.mtu_blackhole"))
def tls_all_silent():
    return handshake(World(), "api", "timeout", "no answer", False, False, False, False, False)


@breaks(30, likely("tls.handshake_timeout", "tls", "api", "net.mtu_blackhole tls.sni_filtered"))
def tls_timeout():
    return World().fail("tls", "api", "timeout", "no answer")


@breaks(31, likely("tls.sni_filtered", "tls", "dkr", "net.reset s3.reset"))
def tls_cut_by_name():
    return handshake(World(), "dkr", "reset", "connection reset", False, False, False, False, False)


@breaks(32, likely("s3.reset", "tls", "s3", "tls.sni_filtered net.reset"))
def tls_cut_s3():
    return handshake(World(), "s3", "closed", "connection closed", False, False, False, False, False,
                     peer_bytes=90)


@breaks(33, likely("net.reset", "tls", "api+dkr", "tls.sni_filtered"),
        likely("s3.reset", "tls", "s3", "tls.sni_filtered net.reset", rule="tls-cut-s3"))
def tls_cut():
    world = World()
    for endpoint in ALL:
        handshake(world, endpoint, "reset", "connection reset", False, False, False, False, False)
    return world


@breaks(32, proven("tls.not_tls", "tls", "s3"), words=["52.216.0.10:443"])
def tls_not_tls():
    return World().fail("tls", "s3", "not_tls", "wrong version number", peer_bytes=140)


@breaks(33, likely("tls.untrusted", "tls", "api+dkr+s3", "tls.intercepted"),
        words=["CN=Example Isolated CA", "--ca-file"])
def tls_isolated_partition():
    hosts = {**HOSTS, "api": "api.ecr.us-iso-east-1.c2s.ic.gov",
             "dkr": f"{ACCOUNT}.dkr.ecr.us-iso-east-1.c2s.ic.gov",
             "s3": "prod-us-iso-east-1-starport-layer-bucket.s3.us-iso-east-1.c2s.ic.gov"}
    world = World(hosts=hosts, target={"region": "us-iso-east-1", "partition": "aws-iso",
                                       "host": hosts["dkr"], "image": f"{hosts['dkr']}/shop/app:1.4"})
    for endpoint in ALL:
        world.fail("tls", endpoint, "untrusted", "unable to get local issuer certificate",
                   issuer="CN=Example Isolated CA")
    return world


@breaks(31, proven("tls.intercepted", "tls", "dkr"),
        words=["CN=Zscaler Intermediate Root CA"], doubt=no_signs)
def tls_intercepted_by_vendor():
    return World().fail("tls", "dkr", "untrusted", "self-signed certificate in certificate chain",
                        issuer=ZSCALER)


@breaks(33, proven("tls.intercepted", "tls", "api+dkr+s3"),
        words=["CN=Corp TLS Root,O=Corp"], doubt=no_signs)
def tls_intercepted():
    world = World()
    for endpoint in ALL:
        world.fail("tls", endpoint, "untrusted", "unable to get local issuer certificate", issuer=MY_CA)
    return world


@breaks(33, likely("tls.intercepted", "tls", "api+dkr", "tls.untrusted"),
        warning(likely("tls.intercepted", "tls", "s3", "tls.untrusted")))
def tls_intercepted_everywhere():
    world = oci()
    for endpoint in ALL:
        world.fail("tls", endpoint, "untrusted", "unable to get local issuer certificate", issuer=MY_CA)
    return world


@breaks(31, likely("tls.intercepted", "tls", "dkr", "tls.hostname_mismatch http.not_the_service"),
        words=["CN=appliance", "appliance.example.com"])
def tls_foreign_issuer():
    return World().fail("tls", "dkr", "untrusted", "self-signed certificate", issuer="CN=appliance",
                        subject="CN=appliance", names=["appliance.example.com"])


@breaks(32, likely("tls.untrusted", "tls", "s3", "tls.intercepted"))
def tls_untrusted():
    return oci().fail("tls", "s3", "untrusted", "unable to get local issuer certificate",
                      issuer=MY_CA)


@breaks(31, proven("tls.expired", "tls", "dkr"),
        warning(proven("auth.clock_skew", "http", "api", rule="clock-off")),
        words=["7776000 s"], doubt=later_certificate)
def tls_expired_clock():
    world = World(passed={("http", "api"): {"clock_offset": 7776000}})
    return world.fail("tls", "dkr", "not_yet_valid", "certificate is not yet valid")


@breaks(32, proven("tls.expired", "tls", "s3"),
        words=["2025-12-01T00:00:00Z"], doubt=later_certificate)
def tls_expired_peer():
    return World().fail("tls", "s3", "expired", "certificate has expired",
                        not_after="2025-12-01T00:00:00Z").experiment(
        "plain_date", ("tls", "s3"), True, peer="52.216.0.10:80", date=DATE, clock_offset=0)


@breaks(33, likely("tls.expired", "tls", "api+dkr+s3", "auth.clock_skew"))
def tls_expired():
    """No answer bore a Date."""
    world = World()
    for endpoint in ALL:
        world.fail("tls", endpoint, "expired", "certificate has expired",
                   not_after="2025-12-01T00:00:00Z")
    return world


@breaks(79, likely("tls.expired", "layers", "dkr", "auth.clock_skew"))
def tls_expired_later():
    """Between the handshake and the layers: the clock has jumped, or another server answers."""
    return World().fail("layers", "dkr", "expired",
                        "SSL certificate problem: certificate has expired", document="layer")


@breaks(69, likely("tls.untrusted", "manifest", "dkr", "tls.intercepted tls.hostname_mismatch"))
def tls_untrusted_later():
    return World().fail("manifest", "dkr", "untrusted",
                        "SSL certificate problem: unable to get local issuer certificate",
                        document="index")


@breaks(31, proven("tls.hostname_mismatch", "tls", "dkr"),
        words=["api.ecr.us-east-1.amazonaws.com"], doubt=untrusted)
def tls_other_aws_service():
    return World().fail("tls", "dkr", "name_mismatch", "hostname mismatch", names=[HOSTS["api"]])


@breaks(31, proven("tls.hostname_mismatch", "tls", "dkr"), words=["block.example.com"], doubt=untrusted)
def tls_name_mismatch():
    return World().fail("tls", "dkr", "name_mismatch", "hostname mismatch",
                        names=["block.example.com"], subject="CN=block.example.com")


@breaks(31, undecided("tls.handshake_timeout", "tls", "dkr", "tls.version net.reset tls.intercepted"))
def tls_failed():
    return World().fail("tls", "dkr", "local", "out of memory")
