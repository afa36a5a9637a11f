"""A second round of faults that nobody had seen: other accounts and Regions, caches, proxies, odd answers."""

from __future__ import annotations

import json

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, http, raw, resolver, seen, state
from .credentials import answer, pod_identity
from .further import BUCKET, DKR
from .http import page
from .layers import bucket
from .manifest import FOREIGN, JSON, error
from .proxy import NAMED, THERE, answers, only_way
from .second_answers import PTC, sentence
from .sources import instance, well
from .tcp import ALL_SILENT, BLACKHOLE
from .token import refused

THERE_REGION = "eu-west-1"
FAR = f"{p.ACCOUNT}.dkr.ecr.{THERE_REGION}.amazonaws.com"
SIX = f"http://[{p.MIDDLEBOX6}]:{p.PROXY_PORT}"
OWN_404 = page("404 Not Found", "404 page not found\n", "Content-Type: text/plain; charset=utf-8",
               "Docker-Distribution-Api-Version: registry/2.0", "X-Content-Type-Options: nosniff")  # fmt: skip
LOWER = (f'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: basic realm="https://{p.REGISTRY}/",'
         'service="ecr.amazonaws.com"\r\ndocker-distribution-api-version: registry/2.0\r\n'
         "content-length: 0\r\nconnection: close\r\n\r\n")  # fmt: skip


def elsewhere_public(plan: p.Plan) -> Switch:
    """Another Region's names have public addresses, and this subnet has endpoints alone."""
    return resolver(THERE_REGION, "answer", addresses=["52.46.72.10", "52.46.80.11"])(plan)


def cached(name: str, says: str, status: int, code: str, message: str, cls: str, *also: str) -> Fault:
    """What the registry itself says of a pull-through cache's image."""
    body = json.dumps({"errors": [{"code": code, "message": message}]})
    return Fault(f"manifest-cache-{name}", says,
                 state(answers={"dkr.manifests": {"status": status, "body": body, "headers": JSON}}),
                 (seen(f"{status} {code}", "manifest", PTC, "latest"),), "manifest", "dkr", cls,
                 also=also, certainty=ANY, image=f"{PTC}:latest")  # fmt: skip


def keys(name: str, says: str, **fields) -> Fault:
    return well(name, says, state(credentials=fields), (seen("200 ok", "credentials"),))


def exempt(names: str):
    return lambda plan: Switch(routes=BLACKHOLE, env={"HTTPS_PROXY": NAMED, "NO_PROXY": names})


ELSEWHERE = [
    Fault("region-without-a-way", "the image is in another Region, and the subnet has this one's endpoints alone",
          elsewhere_public,
          (seen("52.46.72.10 52.46.80.11", "dns", FAR), seen("timeout", "tcp", "52.46.72.10"),
           seen("open", "tcp", "api")),
          "tcp", "api", "net.no_egress_route", certainty=UNSURE, exit=23, host=FAR, tells=(THERE_REGION,)),
    Fault("region-without-a-name", "the image is in another Region, whose names do not resolve here",
          resolver(THERE_REGION, "nxdomain"),
          (seen("nxdomain", "dns", FAR), seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "api", "dns.nxdomain", certainty=ANY, exit=13, host=FAR),
    Fault("account-of-another-without-repository", "the other account's registry has no such repository",
          state(missing=["app"]), (seen("404 NAME_UNKNOWN", "manifest", "app", "multi", host=FOREIGN),),
          "manifest", "dkr", "registry.repo_not_found", also=("registry.wrong_registry",), certainty=ANY,
          host=FOREIGN, tells=(p.OTHER_ACCOUNT,)),
    Fault("account-of-another-works", "no fault: the image is in another account's registry", state(),
          (seen("200", "manifest", "app", "multi", host=FOREIGN),), "manifest", "dkr", "none",
          works=True, exit=0, host=FOREIGN),
    Fault("account-of-another-layers", "the other account lets manifests be read, and layers not",
          state(deny={"ecr:GetDownloadUrlForLayer":
                      "because no resource-based policy allows the {action} action"}),
          (seen("200", "manifest", "app", "multi", host=FOREIGN),), "layers", "dkr",
          "registry.repo_policy", certainty=ANY, host=FOREIGN, exit=71),
]  # fmt: skip

POLICIES = [
    sentence("token-denied-rcp-implicitly", "no resource control policy allows the token",
             "ecr:GetAuthorizationToken",
             "because no resource control policy allows the {action} action", "auth.scp"),
    sentence("manifest-denied-session-deny", "a session policy denies the manifest", "ecr:BatchGetImage",
             "with an explicit deny in a session policy", "auth.iam_identity"),
    sentence("layers-denied-boundary-deny", "a boundary denies the layers", "ecr:GetDownloadUrlForLayer",
             "with an explicit deny in a permissions boundary", "auth.iam_identity"),
    sentence("layers-denied-rcp", "a resource control policy denies the layers",
             "ecr:GetDownloadUrlForLayer",
             "with an explicit deny in a resource control policy: arn:aws:organizations::123456789012:"
             "policy/o-example/resource_control_policy/p-example", "auth.scp"),
    bucket("denied-session", "the session's policy does not allow the object", "s3.endpoint_policy",
           "auth.iam_identity", "auth.scp", "s3.unavailable", saw="403 AccessDenied",
           context="because no session policy allows the s3:GetObject action"),
    bucket("denied-perimeter", "the organization's perimeter denies the layer bucket, named by its ARN",
           "auth.scp", saw="403 AccessDenied",
           context="with an explicit deny in a service control policy: arn:aws:organizations::"
                   "123456789012:policy/o-example/service_control_policy/p-example"),
    bucket("access-point", "S3 says that all access is disabled", "s3.endpoint_policy", "s3.unavailable",
           "s3.not_found", "http.not_the_service", saw="403 AllAccessDisabled", certainty=UNSURE,
           code="AllAccessDisabled", message="All access to this object has been disabled"),
    bucket("too-busy", "S3 says 503 in its other words", "s3.unavailable", "s3.slow",
           saw="503 ServiceUnavailable", status=503, code="ServiceUnavailable",
           message="Service is unable to handle request."),
]  # fmt: skip

CACHES = [
    cached("hub-limit", "the cache's upstream has no pulls left", 429, "TOOMANYREQUESTS",
           "You have reached your pull rate limit. You may increase the limit by authenticating and "
           "upgrading: https://www.docker.com/increase-rate-limit", "registry.rate_limited"),
    cached("no-import-told", "the caller may not import, and ECR says so", 403, "DENIED",
           f"User: {p.PRINCIPAL} is not authorized to perform: ecr:BatchImportUpstreamImage on "
           f"resource: arn:aws:ecr:{p.REGION}:{p.ACCOUNT}:repository/{PTC} because no identity-based "
           "policy allows the ecr:BatchImportUpstreamImage action", "ptc.permission", "auth.iam_identity"),
    cached("no-create-told", "the caller may not create the cache's repository, and ECR says so", 403, "DENIED",
           f"User: {p.PRINCIPAL} is not authorized to perform: ecr:CreateRepository on "
           f"resource: arn:aws:ecr:{p.REGION}:{p.ACCOUNT}:repository/{PTC} because no identity-based "
           "policy allows the ecr:CreateRepository action", "ptc.permission", "auth.iam_identity"),
    error("unsupported", "the registry says UNSUPPORTED", 405, "UNSUPPORTED",
          "The operation is unsupported.", "http.not_the_service", "registry.unavailable",
          "image.unsupported_manifest", certainty=UNSURE),
    error("name-invalid", "a repository's name of another sort: NAME_INVALID", 400, "NAME_INVALID",
          "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular "
          "expression'", "ref.bad_reference", "registry.repo_not_found"),
]  # fmt: skip

TRANSPORT = [
    Fault("tls-dkr-alert-alpn", "the registry's side knows no protocol that is offered",
          raw("dkr", "alert", code=120), (seen("TLSv1.3", "tls", "api"),), "tls", "dkr",
          "http.not_the_service", also=("tls.version", "tls.sni_filtered", "tls.intercepted"),
          certainty=UNSURE, exit=31),
    Fault("tls-api-alert-security", "the API's side wants stronger parameters",
          raw("api", "alert", code=71), (seen("TLSv1.3", "tls", "dkr"),), "tls", "api", "tls.version",
          also=("http.not_the_service", "tls.intercepted"), certainty=ANY, exit=30),
    Fault("tls-s3-one-name-reset", "a firewall resets the layer bucket's name, and no other name of S3",
          raw("s3", "reset", names=["starport"]),
          (seen("reset", "tls", "s3"), seen("TLSv1.3", "tls", "s3", "www.example.com", False)),
          "tls", "s3", "tls.sni_filtered", certainty=ANY, exit=32),
    Fault("tls-all-large-hello-swallowed", "a device swallows every ClientHello of two packets",
          lambda plan: sum((raw(role, "stall", above=1400)(plan) for role in ("api", "dkr", "s3")), Switch()),
          (seen("timeout", "hello", "api", 1500), seen("answered", "hello", "api", 600)),
          "tls", "api", "net.mtu_blackhole", also=("tls.handshake_timeout",), certainty=ANY, exit=33),
    Fault("s3-late-drop", "a firewall forgets the flow after a megabyte of a layer",
          raw("s3", "splice", most=1_000_000),
          (seen("timeout", "layer", "medium"),), "layers", "s3", "s3.stalled", also=("net.timeout",),
          certainty=ANY, exit=84, image="app:medium", options=("--full",)),
    Fault("http-dkr-404", "a server that knows no /v2/ answers for the registry",
          http("dkr", do="reply", text=OWN_404), (seen("404", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41),
    Fault("http-dkr-lower-case", "no fault: a proxy writes all header names in lower case",
          http("dkr", do="reply", text=LOWER, signed=False), (seen("401", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "none", works=True, exit=0),
    Fault("dns-truncated-works", "no fault: every answer comes truncated, and TCP has it whole",
          resolver("*", "truncate"),
          (seen("truncated", "dns", "api"), seen("10.20.2.11 10.20.3.11", "dns_tcp", "api")),
          "dns", "api", "none", works=True, exit=0),
    Fault("dns-s3-mixed", "no fault: of the bucket's two addresses the first belongs to nobody",
          resolver(BUCKET, "answer", addresses=["52.216.99.99", "52.216.0.10"]),
          (seen("52.216.0.10 52.216.99.99", "dns", "s3"), seen("timeout", "tcp", "52.216.99.99")),
          "dns", "s3", "none", works=True, exit=0),
    Fault("dns-s3-servfail", "the resolver fails to validate the bucket's zone alone",
          resolver(BUCKET, "servfail"), (seen("servfail", "dns", "s3"), seen("yes", "dns_is", "dkr", "dkr")),
          "dns", "s3", "s3.dns", also=("dns.servfail",), certainty=ANY, exit=12),
    Fault("dns-dkr-no-host", "the registry's name leads to an address of the VPC that nobody has",
          resolver(DKR, "answer", addresses=["10.20.1.77"]),
          (seen("10.20.1.77", "dns", "dkr"), seen(("no route", "host unreachable", "timeout"), "tcp", "10.20.1.77")),
          "tcp", "dkr", "dns.split_horizon", also=("net.unreachable", "net.security_group", "net.no_egress_route"),
          certainty=ANY, exit=21, tells=("10.20.1.77",)),
]  # fmt: skip

PROXIES = [
    Fault("proxy-by-ipv6-works", "no fault: the proxy is named by its IPv6 address", only_way(SIX),
          (seen("open", "tcp", p.MIDDLEBOX6, p.PROXY_PORT),), "tcp", "api", "none", works=True, exit=0,
          topology="nat", family="dual", options=("--proxy", SIX)),
    Fault("proxy-by-ipv6-refused", "the proxy's port at its IPv6 address refuses",
          only_way(SIX.replace("3128", "3129")), (seen("refused", "tcp", p.MIDDLEBOX6, 3129),),
          "tcp", "proxy", "proxy.unreachable", exit=29, topology="nat", family="dual",
          options=("--proxy", SIX.replace("3128", "3129"))),
    Fault("proxy-exempts-amazon", "NO_PROXY exempts amazonaws.com, and only the proxy leads out",
          exempt("169.254.170.2,.amazonaws.com"), (*ALL_SILENT[:3], THERE), "tcp", "api", "proxy.not_used",
          also=("net.no_egress_route",), certainty=UNSURE, exit=23, topology="nat",
          options=("--proxy", NAMED), tells=("NO_PROXY",)),
    Fault("proxy-exempts-s3", "NO_PROXY exempts the bucket, and there is no gateway endpoint",
          exempt("169.254.170.2,s3.us-east-1.amazonaws.com"), (*ALL_SILENT[:3], THERE), "tcp", "s3",
          "proxy.not_used", also=("s3.no_route",), certainty=UNSURE, exit=22, topology="nat",
          options=("--proxy", NAMED), tells=("NO_PROXY",)),
    Fault("proxy-exempts-by-star", "NO_PROXY exempts *.amazonaws.com, which Go takes as .amazonaws.com",
          exempt("169.254.170.2,*.amazonaws.com"), (*ALL_SILENT[:3], THERE), "tcp", "api", "proxy.not_used",
          also=("net.no_egress_route",), certainty=UNSURE, exit=23, topology="nat",
          options=("--proxy", NAMED), tells=("NO_PROXY",)),
    answers("proxy-502-s3", "the proxy cannot resolve the bucket's name", roles=["s3"],
            status="502 Bad Gateway", certainty=UNSURE),
    answers("proxy-429", "the proxy says that there are too many tunnels", status="429 Too Many Requests",
            certainty=ANY),
    answers("proxy-407-s3", "the proxy wants a password for the bucket alone", roles=["s3"],
            login=p.PROXY_LOGIN, certainty=ANY),
]  # fmt: skip

KEYS = [
    keys("credentials-fraction-works", "the keys' end has a fraction of a second",
         Expiration="2099-01-01T00:00:00.123456Z"),
    keys("credentials-offset-works", "the keys' end has an offset in place of Z",
         Expiration="2099-01-01T02:00:00+02:00"),
    keys("credentials-more-works", "the document has members that nobody knows",
         Extra={"nested": [1, 2]}, AccountId=p.ACCOUNT),
    keys("credentials-no-end-works", "the keys have no end", Expiration=None),
    Fault("credentials-list", "the endpoint's JSON is a list", answer(200, "[]"), (seen("200 []", "credentials"),),
          "credentials", "caller", "auth.no_credentials", also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-moved", "the endpoint redirects to a sign-in",
          state(answers={"credentials": {"status": 302, "body": "", "headers": {
              "Location": "https://portal.example.com/"}}}), (seen("302", "credentials"),),
          "credentials", "caller", "auth.no_credentials", also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-pod-empty-token", "the pod identity's token file is empty", pod_identity(""),
          (seen("401 Access Denied: missing or wrong service", "credentials",
                f"http://{p.POD_IDENTITY}/v1/credentials"),),
          "credentials", "caller", "auth.no_credentials", also=("client.config", "auth.assume_role"),
          certainty=ANY),
    well("imds-role-line-end-works", "the list of the instance's roles ends with a line break",
         instance(answers={"imds.role": {"status": 200, "body": "pull-execution-role\n",
                                         "headers": {"Content-Type": "text/plain"}}}),
         (seen("200 pull-execution-role", "imds", "role"),)),
    refused("key-pending", "the account was suspended", "AccountSuspendedException", "Account is suspended",
            "auth.invalid_credentials", status=403),
    refused("internal-failure", "the API fails in the words of all services", "InternalFailure",
            "The request processing has failed because of an unknown error", "registry.unavailable", status=500),
    refused("slow-down", "the API throttles in other words", "RequestLimitExceeded", "Request limit exceeded.",
            "auth.throttled", status=503),
]  # fmt: skip

ROWS = [*ELSEWHERE, *POLICIES, *CACHES, *TRANSPORT, *PROXIES, *KEYS]
