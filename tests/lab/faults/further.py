"""Faults of the path, as an outsider who knows AWS would think of them."""

from __future__ import annotations

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, fixed, http, raw, resolver, seen, state, to, variant
from .http import MOVED, page
from .layers import FULL
from .tcp import S3_SET

API, DKR, BUCKET = "api.ecr.", ".dkr.ecr.", "starport"
HTML = "Content-Type: text/html"
BALANCER_502 = page("502 Bad Gateway", "<html><h1>502 Bad Gateway</h1></html>", HTML,
                    "Server: awselb/2.0")  # fmt: skip
WAF = page("403 Forbidden", "<html><h1>403 Forbidden</h1></html>", HTML, "Server: awselb/2.0")
BAD_HOST = page("400 Bad Request", "<html><h1>invalid host header</h1></html>", HTML,
                "Server: nginx")  # fmt: skip
TO_HTTP = page("301 Moved Permanently", "", f"Location: http://{p.REGISTRY}/v2/", HTML)
BUSY = page("429 Too Many Requests", "<html>slow down</html>", HTML, "Retry-After: 120",
            "Server: gateway")  # fmt: skip
STALE = "10.20.2.99"
UNCHAINED = ("unable to get local issuer certificate", "unable to get issuer certificate",
             "unable to verify the first certificate")  # fmt: skip


def alias(name: str, rcode: str, target: str = "gone.removed-zone.example"):
    """The name is an alias, and what it stands for has no address."""
    return resolver(name, "alias", rcode=rcode, target=target)


def two_views(plan: p.Plan) -> Switch:
    """The first of two resolvers still has the address of an endpoint that was deleted."""
    ports = "meta l4proto { tcp, udp } th dport 53 dnat"
    there = (f'iifname "task" ip daddr {p.CUSTOM_DNS} {ports} ip to {p.MIDDLEBOX4}:{p.DNS_PORT}',)
    rule = {"name": DKR, "do": "answer", "addresses": [STALE]}
    return Switch(dnat=there, state={"dns": [rule]}, resolvers=(p.CUSTOM_DNS, p.RESOLVER4))


def everything_is_portal(plan: p.Plan) -> Switch:
    """A resolver that gives one address for every name, and a portal with a certificate there."""
    page = (f'iifname "task" ip daddr 10.20.9.200 tcp dport 443 dnat ip to '
            f'{p.MIDDLEBOX4}:{p.VARIANT_PORT["dkr", "wrongname"]}')  # fmt: skip
    return resolver("*", "answer", addresses=["10.20.9.200"])(plan) + Switch(dnat=(page,))


def without_answers(*roles: str):
    """What goes there arrives, and what comes back takes a way that drops it."""
    return lambda plan: Switch(answer=tuple(
        f"{match} tcp sport 443 drop" for match in to(plan, *roles, word="saddr")))  # fmt: skip


def one_address(role: str, pick: int, verdict: str = "drop", six: bool = False):
    def make(plan: p.Plan) -> Switch:
        found = plan.addresses6(role) if six else plan.addresses4(role)
        word = "ip6" if six else "ip"
        return Switch(endpoint=(f"{word} daddr {found[pick]} tcp dport 443 {verdict}",))

    return make


def only_there(role: str, limit: int = 1300):
    return lambda plan: Switch(
        forward=tuple(f"{match} meta length > {limit} drop" for match in to(plan, role)),
        per_packet=True)  # fmt: skip


DNS = [
    Fault("dns-dkr-other-region", "the registry's name leads to another Region's registry",
          variant("otherregion", "dkr"),
          (seen(f"Hostname mismatch, certificate is not valid for '{p.REGISTRY}'.", "tls", "dkr"),
           seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "tls.hostname_mismatch", certainty=ANY, exit=31,
          tells=("us-west-2",)),
    Fault("dns-api-only-aaaa", "a subnet with IPv4 alone gets AAAA records alone for the API",
          resolver(API, "answer", addresses=["2600:1f18:20:a02::11"]),
          (seen("nodata", "dns", "api"), seen("2600:1f18:20:a02::11", "dns", "api", "AAAA")),
          "tcp", "api", "dns.nodata", certainty=UNSURE, exit=20, tells=("IPv6 addresses only",)),
    Fault("dns-s3-only-aaaa", "a subnet with IPv4 alone gets AAAA records alone for the bucket",
          resolver(BUCKET, "answer", addresses=["2600:1fa0:8000::10"]),
          (seen("nodata", "dns", "s3"), seen("yes", "dns_is", "dkr", "dkr")),
          "tcp", "s3", "dns.nodata", certainty=UNSURE, exit=22),
    Fault("dns-api-garbage", "the resolver answers the API's name with a broken packet",
          resolver(API, "garbage"), (seen("yes", "dns_is", "dkr", "dkr"),),
          "dns", "api", "dns.servfail", also=("dns.timeout",), certainty=UNSURE, exit=10),
    Fault("dns-s3-alias-removed", "the bucket's name is an alias into a zone that was removed",
          alias(BUCKET, "nxdomain"), (seen("nxdomain", "dns", "s3"),),
          "dns", "s3", "s3.dns", also=("dns.nxdomain",), certainty=ANY, exit=12),
    Fault("dns-api-alias-removed", "the API's name is an alias of an endpoint that was removed",
          alias(API, "nxdomain", "vpce-0gone.api.ecr.us-east-1.vpce.amazonaws.com"),
          (seen("nxdomain", "dns", "api"),), "dns", "api", "dns.nxdomain", certainty=ANY, exit=10),
    Fault("dns-dkr-alias-alone", "the registry's name is an alias, and its target has no address",
          alias(DKR, "nodata"), (seen("yes", "dns_is", "api", "api"),),
          "dns", "dkr", "dns.nodata", certainty=ANY, exit=11),
    Fault("dns-two-views", "the first resolver has a deleted endpoint's address, the second not",
          two_views, (seen(STALE, "dns", "dkr"), seen("timeout", "tcp", STALE),
                      seen("yes", "dns_is", "api", "api")),
          "tcp", "dkr", "dns.split_horizon", certainty=UNSURE, exit=21,
          tells=("10.20.2.99", "former endpoint")),
    Fault("dns-dkr-sinkhole", "a DNS filter gives 127.0.0.1 for the registry",
          resolver(DKR, "answer", addresses=["127.0.0.1"]),
          (seen("127.0.0.1", "dns", "dkr"), seen("refused", "tcp", "127.0.0.1")),
          "tcp", "dkr", "net.refused", also=("dns.split_horizon",), certainty=ANY, exit=21,
          tells=("127.0.0.1",)),
    Fault("dns-s3-sinkhole", "a DNS filter gives 127.0.0.1 for the layer bucket",
          resolver(BUCKET, "answer", addresses=["127.0.0.1"]), (seen("127.0.0.1", "dns", "s3"),),
          "tcp", "s3", "net.refused", exit=22, tells=("127.0.0.1",)),
    Fault("dns-all-one-portal", "a resolver gives a portal's address for every name",
          everything_is_portal, (seen("10.20.9.200", "dns", "api"), seen("10.20.9.200", "dns", "s3")),
          "tls", "api", "tls.hostname_mismatch", also=("tls.intercepted",), certainty=ANY, exit=33),
]  # fmt: skip

TCP = [
    Fault("tcp-dkr-second-refused", "no fault: the registry's second address refuses, the first is fine",
          one_address("dkr", 1, "reject with tcp reset"),
          (seen("open", "tcp", "dkr"), seen("refused", "tcp", "dkr", pick=1)),
          "tcp", "dkr", "none", works=True, exit=0),
    Fault("tcp-s3-first-dead", "no fault: the first of S3's three addresses is dead",
          one_address("s3", 0), (seen("timeout", "tcp", "s3"), seen("open", "tcp", "s3", pick=1)),
          "tcp", "s3", "none", works=True, exit=0),
    Fault("tcp-dkr-asymmetric", "the registry's answers come back by a way that drops them",
          without_answers("dkr"), (seen("timeout", "tcp", "dkr"), seen("open", "tcp", "api")),
          "tcp", "dkr", "net.security_group", also=("net.nacl", "net.timeout"), certainty=UNSURE,
          exit=21),
    Fault("tcp-nacl-back-s3", "the NACL lets only the VPC's own replies in",
          fixed(forward=(f'oifname "task" ip saddr {S3_SET} drop',)),
          (seen("timeout", "tcp", "s3"), seen("open", "tcp", "dkr")),
          "tcp", "s3", "net.nacl", also=("s3.no_route", "s3.security_group"), certainty=UNSURE,
          exit=22),
    Fault("dual-dkr-v6-dead", "no fault: the registry's IPv6 addresses are dead, IPv4 is fine",
          one_address("dkr", 0, six=True),
          (seen("open", "tcp", "dkr"),), "tcp", "dkr", "none", works=True, exit=0,
          topology="nat", family="dual", host=p.REGISTRY_DUAL),
    Fault("v6-s3-dead", "IPv6 reaches the registry and not S3",
          lambda plan: Switch(forward=tuple(f"{match} drop" for match in to(plan, "s3"))),
          (seen("timeout", "tcp", "s3"), seen("open", "tcp", "dkr")), "tcp", "s3", "s3.no_route", certainty=UNSURE,
          exit=22, topology="nat", family="v6"),
]  # fmt: skip

TLS = [
    Fault("tls-dkr-old-intermediate", "the registry's chain has an intermediate that has expired",
          variant("oldmiddle", "dkr"), (seen("certificate has expired", "tls", "dkr"),),
          "tls", "dkr", "tls.expired", exit=31,
          tells=("certificate 1 of the chain",)),
    Fault("tls-api-no-intermediate", "the API's side sends its own certificate without the chain",
          variant("nochain", "api"), (seen(UNCHAINED, "tls", "api"), seen("TLSv1.3", "tls", "dkr")),
          "tls", "api", "tls.untrusted", also=("tls.intercepted",), certainty=UNSURE, exit=30),
    Fault("tls-dkr-client-certificate", "the registry's side demands a certificate of the client",
          variant("clientcert", "dkr"), (seen("400", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41, stages=("tls",)),
    Fault("tls-dkr-alert-name", "the server does not know the registry's name",
          raw("dkr", "alert", code=112), (seen("TLSv1.3", "tls", "api"),),
          "tls", "dkr", "tls.sni_filtered", also=("http.not_the_service",), certainty=UNSURE,
          exit=31),
    Fault("tls-s3-alert-internal", "the bucket's side fails in the handshake: internal_error",
          raw("s3", "alert", code=80), (seen("TLSv1.3", "tls", "api"),),
          "tls", "s3", "http.not_the_service", also=("tls.version", "tls.sni_filtered"),
          certainty=UNSURE, exit=32),
    Fault("tls-api-alert-access", "a device answers access_denied to the API's name alone",
          raw("api", "alert", code=49, names=["api.ecr"]),
          (seen("TLSv1.3", "tls", "api", "www.example.com", False),),
          "tls", "api", "tls.sni_filtered", certainty=ANY, exit=30),
    Fault("tls-dkr-dies-early", "the flow dies after a thousand bytes from the registry",
          raw("dkr", "splice", most=1000), (seen("timeout", "tls", "dkr"), seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "tls.handshake_timeout", also=("net.mtu_blackhole",), certainty=UNSURE,
          exit=31),
    Fault("tls-dkr-dies-later", "the flow dies when the registry has sent four kilobytes",
          raw("dkr", "splice", most=4500), (seen("TLSv1.3", "tls", "dkr"),),
          "manifest", "dkr", "registry.slow", also=("net.timeout", "net.mtu_blackhole",
          "registry.truncated"), certainty=UNSURE, stages=("http", "layers")),
    Fault("tls-s3-dies-in-layer", "the flow dies when the bucket has sent 300 kilobytes",
          raw("s3", "splice", most=300_000), (seen("timeout", "layer", "medium"),),
          "layers", "s3", "s3.stalled", also=("net.timeout",), certainty=ANY, exit=84,
          image="app:medium", options=FULL),
    Fault("tls-mtu-there-only", "packets of more than 1300 bytes to the registry vanish",
          only_there("dkr"), (seen("timeout", "hello", "dkr", 1500), seen("answered", "hello", "dkr", 600)),
          "tls", "dkr", "net.mtu_blackhole", also=("tls.handshake_timeout",), certainty=ANY,
          exit=31),
]  # fmt: skip

HTTP = [
    Fault("http-dkr-to-plain", "the registry's side redirects to plain HTTP",
          http("dkr", do="reply", text=TO_HTTP), (seen("301", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41),
    Fault("http-s3-bad-host", "a reverse proxy does not know the bucket's name",
          http("s3", do="reply", text=BAD_HOST), (seen("400", "http_get", "s3"),),
          "http", "s3", "http.not_the_service", certainty=ANY, exit=42),
    Fault("http-api-balancer", "a load balancer without a target answers for the API",
          http("api", do="reply", text=BALANCER_502), (seen("502", "http_get", "api"),),
          "http", "api", "http.not_the_service", also=("registry.unavailable",), certainty=UNSURE,
          exit=40),
    Fault("http-api-firewall-page", "a web application firewall forbids the API",
          http("api", do="reply", text=WAF), (seen("403", "http_get", "api"),),
          "http", "api", "http.not_the_service", certainty=ANY, exit=40),
    Fault("http-dkr-gateway-busy", "a gateway of one's own throttles the registry",
          http("dkr", do="reply", text=BUSY), (seen("429", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", also=("registry.rate_limited",),
          certainty=UNSURE, exit=41),
    Fault("http-dkr-signed-reset", "an inspector resets requests that have a password",
          http("dkr", do="reset", signed=True),
          (seen("401", "http_get", "dkr", "/v2/"), seen(("reset", "closed"), "manifest", "app", "multi")),
          "manifest", "dkr", "net.reset", also=("http.not_the_service",), certainty=ANY),
    Fault("http-dkr-password-lost", "a proxy takes the password out of requests to the registry",
          http("dkr", strip=["authorization"]),
          (seen("401", "manifest", "app", "multi"), seen("401", "http_get", "dkr", "/v2/")),
          "manifest", "dkr", "http.not_the_service",
          also=("auth.token_expired", "auth.invalid_credentials"), certainty=UNSURE),
    Fault("token-signature-lost", "a proxy takes the signature out of requests to the API",
          http("api", strip=["authorization"]), (seen("400 MissingAuthenticationTokenException", "api"),),
          "token", "api", "http.not_the_service", certainty=UNSURE),
    Fault("token-portal", "a portal takes only signed requests to the API",
          http("api", do="reply", text=MOVED, signed=True),
          (seen("404", "http_get", "api"), seen("302", "api")),
          "token", "api", "http.not_the_service", certainty=ANY),
    Fault("token-reset", "an inspector resets signed requests to the API",
          http("api", do="reset", signed=True),
          (seen("404", "http_get", "api"), seen(("reset", "closed"), "api")),
          "token", "api", "net.reset", also=("http.not_the_service",), certainty=ANY),
    Fault("token-firewall-page", "a web application firewall forbids signed requests",
          http("api", do="reply", text=WAF, signed=True),
          (seen("404", "http_get", "api"), seen("403", "api")),
          "token", "api", "http.not_the_service", certainty=ANY),
    Fault("token-of-another", "the token in the answer is for another registry",
          state(answers={"api.GetAuthorizationToken": {
              "status": 200, "headers": {"Content-Type": "application/x-amz-json-1.1",
                                         "x-amzn-RequestId": "44444444-EXAMPLE"},
              "body": '{"authorizationData":[{"authorizationToken":"QVdTOmFub3RoZXJFWEFNUExF",'
                      '"expiresAt":1999999999.0,"proxyEndpoint":'
                      '"https://210987654321.dkr.ecr.eu-west-1.amazonaws.com"}]}'}}),
          (seen("200", "api"), seen("401", "http_get", "dkr", "/v2/")),
          "manifest", "dkr", "auth.token_expired", also=("auth.invalid_credentials",),
          certainty=ANY),
    Fault("manifest-plain-type", "the manifest has the right bytes and the wrong Content-Type",
          state(manifest_swap={"app:single": {"kind": "text/plain"}}),
          (seen("200", "manifest", "app", "multi"),), "manifest", "dkr", "image.unsupported_manifest",
          also=("http.not_the_service",), certainty=UNSURE, image="app:single", tells=("text/plain",)),
    Fault("manifest-other-digest", "the registry names another digest than the manifest has",
          state(manifest_swap={"app:multi": {"digest": "sha256:" + "d" * 64}}),
          (seen("200 altered", "manifest", "app", "multi"),),
          "manifest", "dkr", "registry.digest_mismatch", certainty=ANY),
]  # fmt: skip

ROWS = [*DNS, *TCP, *TLS, *HTTP]
