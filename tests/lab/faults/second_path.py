"""A second round of faults that nobody had seen: names, ways, handshakes, and what stands there."""

from __future__ import annotations

from pathlib import Path

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, fixed, http, raw, resolver, seen, to, variant
from .further import API, BUCKET, DKR, HTML, UNCHAINED, alias
from .http import page
from .proxy import NAMED, THERE, answers, only_way
from .tcp import ALL_SILENT
from .tls import ROLES

OK_API = seen("open", "tcp", "api")
NEAR = "via 10.20.254.2 dev vpc"
DOTS = f"{p.RESOLVER4}\nsearch shop.svc.cluster.local svc.cluster.local corp.example\noptions ndots:5"
CHALLENGE = (f'Www-Authenticate: Basic realm="https://{p.REGISTRY}/",service="ecr.amazonaws.com"\r\n'
             "Docker-Distribution-Api-Version: registry/2.0\r\n")  # fmt: skip
EARLY = ("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\nHTTP/1.1 401 Unauthorized\r\n"
         f"{CHALLENGE}Content-Length: 15\r\nConnection: close\r\n\r\nNot Authorized\n")  # fmt: skip
LARGE = ("HTTP/1.1 401 Unauthorized\r\n" + CHALLENGE
         + "".join(f"Set-Cookie: c{i}={'x' * 4000}\r\n" for i in range(120))
         + "Content-Length: 0\r\nConnection: close\r\n\r\n")  # fmt: skip
MISDIRECTED = page("421 Misdirected Request", "<html>421</html>", HTML, "Server: Apache/2.4.58")
CLOUDFRONT = page("403 Forbidden", "<HTML><H1>403 ERROR</H1>The request could not be satisfied."
                  "</HTML>", HTML, "Server: CloudFront", "X-Cache: Error from cloudfront",
                  "Via: 1.1 0123.cloudfront.net (CloudFront)", "X-Amz-Cf-Id: EXAMPLE==")  # fmt: skip
GATEWAY = page("403 Forbidden", '{"message":"Forbidden"}', "Content-Type: application/json",
               "x-amzn-RequestId: 55555555-EXAMPLE", "x-amzn-ErrorType: ForbiddenException",
               "x-amz-apigw-id: EXAMPLE=")  # fmt: skip
ENVOY = page("503 Service Unavailable", "no healthy upstream", "Content-Type: text/plain",
             "server: envoy")  # fmt: skip
ARTIFACTORY = page("401 Unauthorized", '{"errors":[{"status":401,"message":"Authentication is required"}]}',
                   'Www-Authenticate: Basic realm="Artifactory Realm"',
                   "Docker-Distribution-Api-Version: registry/2.0",
                   "Content-Type: application/json", "X-JFrog-Version: Artifactory/7.77.3")  # fmt: skip
ZSCALER = page("307 Temporary Redirect", "", "Location: https://gateway.zscaler.net/auD?origurl=x",
               "Server: Zscaler/6.2", HTML)  # fmt: skip
MINIO = page("403 Forbidden", '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied'
             "</Code><Message>Access Denied.</Message><RequestId>17C0EXAMPLE</RequestId></Error>",
             "Content-Type: application/xml", "Server: MinIO", "X-Amz-Request-Id: 17C0EXAMPLE",
             "X-Amz-Id-2: dd9025EXAMPLE")  # fmt: skip
NTLM = ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"
        "Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")  # fmt: skip
WELCOME = page("200 OK", "<html>Choose your network</html>", HTML)


def corporate(plan: p.Plan) -> Switch:
    """Every host is inspected, and the machine's bundle has the inspector's CA alone."""
    bundle = Path(__file__).resolve().parents[3] / "build/lab" / plan.name / "mitm-ca.pem"
    return variant("intercepted", *ROLES)(plan) + Switch(env={"AWS_CA_BUNDLE": str(bundle)})


def elsewhere(role: str, other: str):
    """Role's addresses lead to another service's servers."""
    return lambda plan: Switch(dnat=tuple(
        f'iifname "task" {match} tcp dport 443 dnat ip to {plan.addresses4(other)[0]}:443'
        for match in to(plan, role) if match.startswith("ip ")))  # fmt: skip


def each(place: str, role: str, rule: str, **more):
    return lambda plan: Switch(
        **{place: tuple(f"{match} tcp dport 443 {rule}" for match in to(plan, role))}, **more)


def told(kind: str, *roles: str):
    """The router rejects with an ICMP message that only IPv4 has."""
    return lambda plan: Switch(forward=tuple(
        f"{match} tcp dport 443 reject with icmp type {kind}"
        for match in to(plan, *roles) if match.startswith("ip ")))  # fmt: skip


def looped(plan: p.Plan) -> Switch:
    """Two routers that send S3's packets to one another: nothing of their time is left."""
    return Switch(raw=tuple(f'iifname "task" {match} ip ttl set 1' for match in to(plan, "s3")
                             if match.startswith("ip ")))  # fmt: skip


def truncated_and_refused(plan: p.Plan) -> Switch:
    box = f'iifname "task" ip daddr {p.MIDDLEBOX4} tcp dport {p.DNS_PORT} reject with tcp reset'
    return resolver("*", "truncate")(plan) + Switch(forward=(box,))


def tiny(role: str, limit: int):
    return lambda plan: Switch(forward=tuple(
        f"{match} meta length > {limit} drop"
        for word in ("daddr", "saddr") for match in to(plan, role, word=word)), per_packet=True)


def clamped(plan: p.Plan) -> Switch:
    return Switch(forward=("tcp flags & (syn|rst) == syn tcp option maxseg size set 536",))


def through(*shape: str, state=None, no_proxy: str = "169.254.170.2", url: str = NAMED):
    return lambda plan: Switch(env={"HTTPS_PROXY": url, "NO_PROXY": no_proxy}, state=state or {})


DNS = [
    Fault("dns-api-refused-only", "a DNS firewall answers REFUSED for the API's name alone",
          resolver(API, "refused"), (seen("refused", "dns", "api"), seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "api", "dns.refused", certainty=ANY, exit=10),
    Fault("dns-tcp-refused", "answers come truncated, and TCP port 53 refuses", truncated_and_refused,
          (seen("truncated", "dns", "api"), seen("refused", "dns_tcp", "api")),
          "dns", "api", "dns.tcp_blocked", certainty=ANY, exit=13),
    Fault("dns-not-recursive", "the resolver is a name server that only refers to the root's",
          resolver("*", "referral"), (seen("nodata", "dns", "api"),),
          "dns", "api", "dns.nodata", also=("dns.refused", "dns.servfail"), certainty=ANY, exit=13),
    Fault("dns-not-implemented", "the resolver says NOTIMP to every question", resolver("*", "notimp"),
          (seen("garbage", "dns", "api"),), "dns", "api", "dns.servfail", also=("dns.refused",),
          certainty=ANY, exit=13),
    Fault("dns-no-edns", "no fault: the resolver is too old for EDNS and says FORMERR",
          resolver("*", "formerr", edns=True), (seen("yes", "dns_is", "api", "api"),),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-forged-id", "somebody answers the API's name with another query's number",
          resolver(API, "other-id"), (seen("yes", "dns_is", "dkr", "dkr"),),
          "dns", "api", "dns.timeout", also=("dns.servfail",), certainty=ANY, exit=10),
    Fault("dns-aaaa-silent", "no fault: AAAA questions are swallowed, A is answered",
          resolver("amazonaws.com", "drop", type="AAAA"),
          (seen("yes", "dns_is", "api", "api"), seen("timeout", "dns", "api", "AAAA")),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-aaaa-nxdomain", "no fault: AAAA is NXDOMAIN, A is answered",
          resolver("amazonaws.com", "nxdomain", type="AAAA"),
          (seen("yes", "dns_is", "api", "api"), seen("nxdomain", "dns", "api", "AAAA")),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-zero-ttl", "no fault: the registry's records may not be kept at all",
          resolver(DKR, "answer", addresses=["10.20.2.12", "10.20.3.12"], ttl=0),
          (seen("yes", "dns_is", "dkr", "dkr"),), "dns", "dkr", "none", works=True, exit=0),
    Fault("dns-five-dots", "no fault: a pod's resolv.conf, whose search list comes first",
          lambda plan: resolver("corp.example", "answer", addresses=["10.20.9.200"])(plan)
          + Switch(resolvers=(DOTS,)),
          (seen("10.20.9.200", "dns", f"{p.API}.corp.example"), seen("yes", "dns_is", "api", "api")),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-name-as-server", "no fault: resolv.conf has a name where an address should be, and a second line",
          lambda plan: Switch(resolvers=("dns.corp.example", p.RESOLVER4)),
          (seen("10.20.2.11 10.20.3.11", "dns", "api", server=p.RESOLVER4),),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-own-alias", "the registry's name is an alias of itself",
          alias(DKR, "nodata", p.REGISTRY), (seen("nodata", "dns", "dkr"),),
          "dns", "dkr", "dns.nodata", also=("dns.servfail",), certainty=ANY, exit=11),
    Fault("dns-dkr-zero", "a DNS filter gives 0.0.0.0 for the registry",
          resolver(DKR, "answer", addresses=["0.0.0.0"]), (seen("0.0.0.0", "dns", "dkr"),),
          "tcp", "dkr", "net.refused", also=("dns.split_horizon", "net.unreachable"), certainty=ANY,
          exit=21, tells=("0.0.0.0",)),
    Fault("dns-dkr-other-vpc", "a peered VPC's private zone: the registry has an address out of reach",
          resolver(DKR, "answer", addresses=["10.99.4.17", "10.99.5.17"]),
          (seen("10.99.4.17 10.99.5.17", "dns", "dkr"), seen("timeout", "tcp", "10.99.4.17"), OK_API),
          "tcp", "dkr", "dns.split_horizon", also=("net.no_egress_route",), certainty=UNSURE, exit=21),
    Fault("dns-s3-dead-interface", "a private zone leads the bucket to an interface endpoint that is silent",
          resolver(BUCKET, "answer", addresses=["10.20.4.44"]),
          (seen("10.20.4.44", "dns", "s3"), seen("timeout", "tcp", "10.20.4.44"), OK_API),
          "tcp", "s3", "net.security_group", also=("s3.security_group", "dns.split_horizon"),
          certainty=UNSURE, exit=22),
    Fault("dns-dkr-to-api", "a private zone leads the registry to the API's endpoint",
          resolver(DKR, "answer", addresses=["10.20.2.11", "10.20.3.11"]),
          (seen("yes", "dns_is", "dkr", "api"), seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "tls.hostname_mismatch", certainty=ANY, exit=31, tells=("api.ecr",)),
    Fault("dns-s3-to-endpoint", "a wildcard zone leads the bucket to the registry's endpoint",
          resolver(BUCKET, "answer", addresses=["10.20.2.12"]), (seen("10.20.2.12", "dns", "s3"),),
          "tls", "s3", "tls.hostname_mismatch", certainty=ANY, exit=32, tells=("dkr.ecr",)),
]  # fmt: skip

TCP = [
    Fault("tcp-api-port-unreachable", "a firewall says that the API's port is unreachable",
          told("port-unreachable", "api"),
          (seen("refused", "tcp", "api"), seen("open", "tcp", "dkr")),
          "tcp", "api", "net.refused", also=("net.unreachable",), certainty=ANY, exit=20),
    Fault("tcp-dkr-protocol-unreachable", "a router says that it does not carry TCP to the registry",
          told("prot-unreachable", "dkr"),
          (OK_API,), "tcp", "dkr", "net.unreachable", also=("net.refused",), certainty=ANY, exit=21),
    Fault("tcp-all-net-prohibited", "a firewall says that every network outside is prohibited",
          told("net-prohibited", *ROLES),
          (seen(("no route", "host unreachable", "prohibited"), "tcp", "api"),),
          "tcp", "api", "net.unreachable", certainty=ANY, exit=23),
    Fault("tcp-s3-loop", "two routers send S3's packets to one another", looped,
          (seen("host unreachable", "tcp", "s3"), OK_API),
          "tcp", "s3", "net.unreachable", also=("s3.no_route",), certainty=ANY, exit=22),
    Fault("tcp-dkr-accepts-alone", "a device accepts in the registry's name, and then carries nothing",
          each("endpoint", "dkr", "tcp flags & syn == 0 drop"),
          (seen("open", "tcp", "dkr"), seen("timeout", "tls", "dkr"), OK_API),
          "tls", "dkr", "tls.handshake_timeout", also=("net.mtu_blackhole",), certainty=ANY, exit=31),
    Fault("tcp-dkr-few-connections", "a firewall allows one new connection a second to the registry",
          each("forward", "dkr", "tcp flags & (syn|ack) == syn limit rate over 1/second burst 1 packets "
                                 "reject with tcp reset"),
          (OK_API,), "http", "dkr", "net.refused", also=("net.reset", "net.loss"), certainty=ANY,
          lenient=True),
    Fault("tcp-clamped", "no fault: every connection's segments are cut to 536 bytes", clamped,
          (OK_API, seen("TLSv1.3", "tls", "dkr")), "tcp", "dkr", "none", works=True, exit=0),
    Fault("tcp-path-mtu-told", "no fault: the way to the endpoints carries 1300 bytes, and ICMP tells",
          fixed(routes={"router": {"10.20.2.0/24": f"{NEAR} mtu 1300", "10.20.3.0/24": f"{NEAR} mtu 1300"}},
                per_packet=True),
          (seen("200", "api"),), "tls", "dkr", "none", works=True, exit=0),
    Fault("v6-mtu-s3", "packets of more than 1300 bytes from S3 vanish, over IPv6",
          lambda plan: Switch(forward=tuple(f"{m} meta length > 1300 drop" for m in to(plan, "s3", word="saddr")),
                              per_packet=True),
          (seen("timeout", "tls", "s3"), seen("TLSv1.3", "tls", "s3", mss=900)),
          "tls", "s3", "net.mtu_blackhole", certainty=ANY, exit=32, topology="nat", family="v6"),
    Fault("tls-mtu-600", "packets of more than 600 bytes to and from the registry vanish",
          tiny("dkr", 600), (seen("timeout", "tls", "dkr"), seen("TLSv1.3", "tls", "dkr", mss=500)),
          "tls", "dkr", "net.mtu_blackhole", also=("tls.handshake_timeout",), certainty=ANY, exit=31),
]  # fmt: skip

TLS = [
    Fault("tls-dkr-is-logs", "the registry's address was given to another service's endpoint",
          elsewhere("dkr", "logs"), (seen("TLSv1.3", "tls", "api"),),
          "tls", "dkr", "tls.hostname_mismatch", certainty=ANY, exit=31, tells=("logs.us-east-1",)),
    Fault("tls-all-expired", "every certificate has expired, and this machine's clock is right",
          variant("expired", *ROLES), (seen("certificate has expired", "tls", "api"),
                                       seen("certificate has expired", "tls", "s3")),
          "tls", "api", "tls.expired", certainty=ANY, exit=33),
    Fault("tls-all-not-yet", "no certificate is valid yet",
          variant("notyet", *ROLES), (seen("certificate is not yet valid", "tls", "dkr"),),
          "tls", "api", "tls.expired", certainty=ANY, exit=33),
    Fault("tls-all-inspected-and-trusted", "no fault here: every host is inspected, and the bundle has that CA",
          corporate, (seen(UNCHAINED + ("self-signed certificate in certificate chain",), "tls", "api"),),
          "tls", "api", "none", works=True, exit=0),
    Fault("tls-dkr-wrong-use", "the registry's side shows a certificate that is for clients",
          variant("wronguse", "dkr"), (seen("unsuitable certificate purpose", "tls", "dkr"),),
          "tls", "dkr", "tls.untrusted", also=("tls.intercepted",), certainty=ANY, exit=31),
    Fault("tls-api-sha1", "the API's side shows a certificate that is signed with SHA-1",
          variant("sha1", "api"), (seen("TLSv1.3", "tls", "dkr"),),
          "tls", "api", "tls.untrusted", also=("tls.intercepted",), certainty=ANY, exit=30),
    Fault("tls-s3-no-name", "the bucket's side shows a certificate without alternative names",
          variant("noname", "s3"), (seen("TLSv1.3", "tls", "dkr"),),
          "tls", "s3", "tls.hostname_mismatch", also=("tls.intercepted",), certainty=ANY, exit=32),
    Fault("tls-dkr-large-hello-reset", "a device resets every ClientHello of more than 700 bytes",
          raw("dkr", "reset", above=700), (seen("answered", "hello", "dkr", 550), OK_API),
          "tls", "dkr", "net.reset", also=("net.mtu_blackhole", "tls.version"), certainty=ANY, exit=31),
    Fault("tls-s3-alert-version", "the bucket's side says that the protocol's version is not right",
          raw("s3", "alert", code=70), (seen("tlsv1 alert protocol version", "tls", "s3"),),
          "tls", "s3", "tls.version", certainty=ANY, exit=32),
    Fault("tls-dkr-alert-unknown-ca", "the registry's side says that it does not know the CA",
          raw("dkr", "alert", code=48), (OK_API,),
          "tls", "dkr", "http.not_the_service", also=("tls.version", "tls.sni_filtered", "tls.intercepted"),
          certainty=UNSURE, exit=31),
    Fault("tls-all-names-filtered", "a firewall by names resets every handshake with amazonaws.com",
          lambda plan: sum((raw(role, "reset", names=["amazonaws.com"])(plan) for role in ROLES), Switch()),
          (seen("reset", "tls", "dkr"), seen("TLSv1.3", "tls", "dkr", "www.example.com", False)),
          "tls", "api", "tls.sni_filtered", certainty=ANY, exit=33),
]  # fmt: skip

HTTP = [
    Fault("http-dkr-early-hints", "no fault: a proxy sends 103 before the registry's challenge",
          http("dkr", do="reply", text=EARLY, signed=False), (OK_API,),
          "http", "dkr", "none", works=True, exit=0),
    Fault("http-dkr-many-cookies", "what answers for the registry adds half a megabyte of headers",
          http("dkr", do="reply", text=LARGE), (OK_API,),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41),
    Fault("http-dkr-version-lost", "no fault: a proxy drops the registry's version header",
          http("dkr", without=["docker-distribution-api-version"]), (seen("401", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "none", works=True, exit=0),
    Fault("http-dkr-digest-lost", "no fault: a proxy drops Docker-Content-Digest",
          http("dkr", without=["docker-content-digest"]), (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "none", works=True, exit=0),
    Fault("http-dkr-challenge-lost", "a proxy drops the registry's challenge",
          http("dkr", without=["www-authenticate"]), (seen("401", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41),
    Fault("http-s3-range-lost", "no fault: a proxy drops the Range of requests",
          http("s3", match="?", strip=["range"]), (seen("200", "manifest", "app", "multi"),),
          "layers", "s3", "none", works=True, exit=0),
    Fault("http-api-misdirected", "a server says that it does not serve the API's name",
          http("api", do="reply", text=MISDIRECTED), (seen("421", "http_get", "api"),),
          "http", "api", "http.not_the_service", certainty=ANY, exit=40),
    Fault("http-dkr-cloudfront", "CloudFront says that the request could not be satisfied",
          http("dkr", do="reply", text=CLOUDFRONT), (seen("403", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41),
    Fault("http-api-api-gateway", "a private API Gateway's endpoint answers for the API",
          http("api", do="reply", text=GATEWAY), (seen("403", "http_get", "api"), seen("403", "api")),
          "http", "api", "http.not_the_service", certainty=ANY, stages=("token",)),
    Fault("http-dkr-envoy", "a service mesh has no healthy upstream for the registry",
          http("dkr", do="reply", text=ENVOY), (seen("503", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", also=("registry.unavailable",), certainty=UNSURE, exit=41),
    Fault("http-dkr-artifactory", "an Artifactory has the registry's name",
          http("dkr", do="reply", text=ARTIFACTORY), (seen("401", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41, stages=("manifest",)),
    Fault("http-s3-zscaler", "a cloud proxy redirects the bucket to its sign-in",
          http("s3", do="reply", text=ZSCALER), (seen("307", "http_get", "s3"),),
          "http", "s3", "http.not_the_service", certainty=ANY, exit=42),
    Fault("http-s3-minio", "a MinIO has the bucket's name", http("s3", do="reply", text=MINIO),
          (seen("403", "http_get", "s3"), seen("403 AccessDenied", "layer")),
          "http", "s3", "http.not_the_service", certainty=ANY, stages=("layers",)),
]  # fmt: skip

PROXY = [
    Fault("proxy-not-used-lower-case", "only a proxy leads out, which https_proxy names",
          lambda plan: Switch(routes={"router": {"default": "blackhole"}}, env={"https_proxy": NAMED}),
          (*ALL_SILENT[:3], THERE), "tcp", "api", "proxy.not_used", certainty=UNSURE, exit=23,
          topology="nat"),
    Fault("proxy-everything-exempt", "no fault: the proxy refuses all, and NO_PROXY exempts all",
          through(no_proxy="*", state={"proxy": {"status": "403 Forbidden"}}), (THERE,),
          "http", "proxy", "none", works=True, exit=0, options=("--proxy", NAMED)),
    answers("proxy-ntlm", "the proxy wants NTLM", do="text", text=NTLM, certainty=ANY),
    answers("proxy-page", "the proxy answers CONNECT with a page and 200", do="text", text=WELCOME,
            certainty=ANY, cls="proxy.unreachable", also=("tls.not_tls",)),
    answers("proxy-allows-s3-alone", "the proxy allows the bucket and not ECR", roles=["api", "dkr"],
            status="403 Forbidden", certainty=ANY),
    answers("proxy-one-host-intercepted", "the proxy opens TLS to the bucket alone", "tls.intercepted",
            "tls", "s3", exit=32, variant="intercepted", roles=["s3"], certainty=ANY),
    Fault("proxy-tunnels-cut", "the proxy carries 300 kilobytes of each tunnel and then nothing",
          only_way(NAMED, proxy={"most": 300_000}), (THERE,), "layers", "s3", "s3.stalled",
          also=("proxy.unreachable", "net.timeout"), certainty=ANY, topology="nat", image="app:medium",
          options=("--full", "--proxy", NAMED)),
]  # fmt: skip

ROWS = [*DNS, *TCP, *TLS, *HTTP, *PROXY]
