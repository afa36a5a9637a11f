"""One case for each rule of the first answer."""

from __future__ import annotations

from doubts import at, no_experiments, silence, status, unavailable, unsigned
from expect import breaks, likely, note, proven, undecided, works
from subnets import MIRROR, PROXY, nat
from world import DATE, World


@works(note(proven("http.not_the_service", "http", "s3")))
def http_host_not_used():
    return World(redirect=MIRROR).fail("http", "s3", "not_the_service", "HTTP status 200",
                                       status=200, server="nginx", content_type="text/html")


@breaks(41, likely("proxy.unreachable", "http", "dkr", "net.reset registry.slow"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")))
def http_proxy():
    return nat(**PROXY).fail("http", "dkr", "refused", "the proxy refuses the connection", **PROXY)


@breaks(41, proven("proxy.unreachable", "http", "dkr"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")), words=["407", "HTTPS_PROXY"],
        doubt=silence)
def http_proxy_password():
    return nat(**PROXY).fail("http", "dkr", "not_the_service", "HTTP status 407", status=407, **PROXY)


def http_retries(world, stage, endpoint, same, small):
    """The same request three times more as it was, and three times over small segments."""
    return world.experiment("http_again", (stage, endpoint), same, tries=3,
                            passed_tries=3 * same).experiment(
        "http_small_mss", (stage, endpoint), small, mss=536, tries=3, passed_tries=3 * small)


@breaks(69, proven("net.mtu_blackhole", "manifest", "dkr"),
        words=["10.20.2.12:443", "536 bytes", "clamp the MSS", "tracepath -n 10.20.2.12"],
        doubt=no_experiments)
def http_mtu():
    world = World().fail("manifest", "dkr", "timeout", "no answer", document="index")
    return http_retries(world, "manifest", "dkr", False, True)


@breaks(42, likely("net.mtu_blackhole", "http", "s3", "registry.slow s3.slow net.loss"),
        words=["52.216.0.10:443", "536 bytes"])
def http_mtu_likely():
    return World().fail("http", "s3", "timeout", "no answer").experiment(
        "http_small_mss", ("http", "s3"), True, mss=536, status=403)


@breaks(58, undecided("registry.slow", "token", "api", "net.loss net.timeout"))
def http_passes_later():
    return http_retries(World().fail("token", "api", "timeout", "no answer"), "token", "api", True, True)


@breaks(42, likely("s3.slow", "http", "s3", "s3.stalled net.mtu_blackhole net.timeout"))
def http_s3_slow():
    return World().fail("http", "s3", "timeout", "no answer").experiment(
        "http_small_mss", ("http", "s3"), False, mss=536)


@breaks(41, likely("registry.slow", "http", "dkr", "net.timeout"))
def http_slow():
    return World().fail("http", "dkr", "timeout", "no answer").experiment(
        "http_small_mss", ("http", "dkr"), False, mss=536)


@breaks(58, likely("registry.slow", "token", "api", "net.mtu_blackhole net.timeout"))
def http_silent():
    return World().fail("token", "api", "timeout", "no answer")


@breaks(41, proven("net.reset", "http", "dkr"), doubt=at("tls"))
def http_cut():
    return World().fail("http", "dkr", "reset", "connection reset")


@breaks(41, proven("http.not_the_service", "http", "dkr"),
        words=["302", "https://portal.example.com/login"], doubt=status)
def http_captive():
    return World().fail("http", "dkr", "not_the_service", "HTTP status 302", status=302,
                        server="portal", location="https://portal.example.com/login",
                        content_type="text/html")


@breaks(41, proven("http.not_the_service", "http", "dkr"), words=["Via"], doubt=unavailable)
def http_proxy_answers():
    return World().fail("http", "dkr", "not_the_service", "HTTP status 403", status=403,
                        server="webfilter", via="1.1 filter.example.com", body="Blocked by policy")


@breaks(42, proven("http.not_the_service", "http", "s3"), words=["nginx", "52.216.0.10"], doubt=unavailable)
def http_not_the_service():
    return World().fail("http", "s3", "not_the_service", "HTTP status 200", status=200,
                        server="nginx", content_type="text/html", body="<html>Welcome</html>")


@breaks(42, likely("http.not_the_service", "http", "s3", "registry.unavailable s3.unavailable"),
        words=["squid/5.7"])
def http_proxy_unavailable():
    return World().fail("http", "s3", "unavailable", "HTTP status 503", status=503,
                        server="squid/5.7", via="1.1 proxy.example.com (squid/5.7)")


@breaks(41, likely("http.not_the_service", "http", "dkr", "registry.rate_limited auth.throttled"),
        words=["429", "gateway/1"])
def http_proxy_throttles():
    return World().fail("http", "dkr", "throttled", "HTTP status 429", status=429, server="gateway/1")


@breaks(41, undecided("http.not_the_service", "http", "dkr", "registry.unavailable"), words=["418"])
def http_unknown_status():
    return World().fail("http", "dkr", "status", "HTTP status 418", status=418)


@breaks(42, proven("s3.unavailable", "http", "s3"), words=["500"], doubt=unsigned)
def s3_unavailable():
    return World().fail("http", "s3", "unavailable", "HTTP status 500", status=500,
                        server="AmazonS3", request_id="EXAMPLE0123456789")


@breaks(41, proven("registry.unavailable", "http", "dkr"), doubt=status)
def registry_unavailable():
    return World().fail("http", "dkr", "unavailable", "HTTP status 503", status=503,
                        content_type="application/json", date=DATE, error_code="UNAVAILABLE")
