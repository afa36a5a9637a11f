"""A third round of faults that nobody had seen, of every stage."""

from __future__ import annotations

import datetime

import plan as p
from switch import Switch

from .base import ANY, UNSURE, Fault, block, http, raw, resolver, seen, state
from .further import API, BUCKET, DKR, HTML
from .http import MOVED, page
from .layers import bucket
from .manifest import error
from .proxy import answers
from .second_path import OK_API, told
from .sources import ASSUME, caller, instance, metadata, sts_error, well
from .start import denied as start_denied
from .start import row
from .token import refused

UPGRADE = page("426 Upgrade Required", "<html>426</html>", HTML, "Upgrade: h2c", "Server: envoy")
LENGTH = page("411 Length Required", "<html>411</html>", HTML, "Server: squid/3.5")
FINE = page("200 OK", "<html>Welcome</html>", HTML, "Server: FortiGate")
LISTING = page("200 OK", '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>x</Name></ListBucketResult>',
               "Content-Type: application/xml", "Server: AmazonS3", "x-amz-request-id: EXAMPLE0123456789",
               "x-amz-id-2: EXAMPLE=")  # fmt: skip
NO_PROVIDER = "No OpenIDConnect provider found in your account for https://oidc.eks.us-east-1.amazonaws.com/id/X"


def soon(seconds: int) -> str:
    end = datetime.datetime.utcnow() + datetime.timedelta(seconds=seconds)
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")


def one_refuses_one_is_silent(plan: p.Plan) -> Switch:
    first, second = plan.addresses4("dkr")
    return Switch(endpoint=(f"ip daddr {first} tcp dport 443 reject with tcp reset",
                            f"ip daddr {second} tcp dport 443 drop"))


PATH = [
    Fault("dns-dkr-a-servfail", "A of the registry is SERVFAIL, AAAA has no data",
          resolver(DKR, "servfail", type="A"), (seen("servfail", "dns", "dkr"), seen("nodata", "dns", "dkr", "AAAA")),
          "dns", "dkr", "dns.servfail", certainty=ANY, exit=11),
    Fault("dns-api-a-silent", "A of the API is swallowed, AAAA has no data",
          resolver(API, "drop", type="A"), (seen("timeout", "dns", "api"), seen("nodata", "dns", "api", "AAAA")),
          "dns", "api", "dns.timeout", certainty=ANY, exit=10),
    Fault("dns-s3-refused-only", "a DNS firewall answers REFUSED for the bucket's name alone",
          resolver(BUCKET, "refused"), (seen("refused", "dns", "s3"), OK_API), "dns", "s3", "s3.dns",
          also=("dns.refused",), certainty=ANY, exit=12),
    Fault("tcp-s3-prohibited", "a firewall says that S3 is prohibited", told("admin-prohibited", "s3"),
          (OK_API,), "tcp", "s3", "net.unreachable", also=("s3.no_route", "net.prohibited"), certainty=ANY, exit=22),
    Fault("tcp-dkr-refused-and-silent", "one of the registry's addresses refuses, the other is silent",
          one_refuses_one_is_silent,
          (seen("refused", "tcp", "dkr"), seen("timeout", "tcp", "dkr", pick=1), OK_API),
          "tcp", "dkr", "net.refused", also=("net.security_group", "net.nacl", "net.unreachable"),
          certainty=ANY, exit=21),
    Fault("tcp-api-half-refused", "no fault: the API's first address refuses, the second is fine",
          lambda plan: Switch(endpoint=(
              f"ip daddr {plan.addresses4('api')[0]} tcp dport 443 reject with tcp reset",)),
          (seen("refused", "tcp", "api"), seen("open", "tcp", "api", pick=1)), "tcp", "api", "none",
          works=True, exit=0),
    Fault("tls-api-name-swallowed", "a firewall swallows handshakes with the API's name",
          raw("api", "stall", names=["api.ecr"]),
          (seen("timeout", "tls", "api"), seen("TLSv1.3", "tls", "api", "www.example.com", False)),
          "tls", "api", "tls.sni_filtered", certainty=ANY, exit=30),
    Fault("http-dkr-426", "a proxy wants another protocol for the registry",
          http("dkr", do="reply", text=UPGRADE), (seen("426", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, exit=41),
    Fault("http-api-411", "an old proxy wants a length of requests to the API",
          http("api", do="reply", text=LENGTH), (seen("411", "http_get", "api"),),
          "http", "api", "http.not_the_service", certainty=ANY, exit=40),
    Fault("token-page-200", "a firewall's page answers signed requests with 200",
          http("api", do="reply", text=FINE, signed=True), (seen("200", "api"),),
          "token", "api", "http.not_the_service", also=("registry.unavailable",), certainty=ANY),
    Fault("manifest-moved", "a portal redirects manifests alone",
          http("dkr", match="/manifests/", do="reply", text=MOVED), (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "http.not_the_service", certainty=ANY),
    Fault("layers-moved", "a portal redirects requests for layers", http("dkr", match="/blobs/", do="reply", text=MOVED),
          (seen("200", "manifest", "app", "multi"),), "layers", "dkr", "http.not_the_service",
          also=("registry.bad_redirect", "s3.dns", "dns.nxdomain"), certainty=ANY, stages=("dns",),
          endpoints=("s3",)),
    Fault("s3-other-bucket", "a bucket of one's own answers for the layers with its listing",
          http("s3", match="?", do="reply", text=LISTING), (seen("altered", "layer"),),
          "layers", "s3", "image.corrupt_layer", also=("http.not_the_service",), certainty=ANY),
    answers("proxy-302", "the proxy answers CONNECT with a redirect to its sign-in", status="302 Found",
            certainty=ANY),
    answers("proxy-wants-password-of-dkr", "the proxy wants a password for the registry alone", roles=["dkr"],
            login=p.PROXY_LOGIN, certainty=ANY),
]  # fmt: skip

ANSWERS = [
    well("credentials-soon-over-works", "the keys end in a quarter of an hour",
         lambda plan: Switch(state={"credentials": {"Expiration": soon(900)}}), (seen("200 ok", "credentials"),)),
    caller("imds-503", "the instance metadata is unavailable", metadata("imds", 503, ""),
           (seen("503", "imds", "token"),), certainty=ANY),
    caller("imds-token-400", "the instance metadata finds the request for a token bad",
           metadata("imds.token", 400, ""), (seen("400", "imds", "token"),), certainty=ANY),
    caller("imds-two-versions", "the instance metadata refuses tokens and wants one",
           instance(answers={"imds.token": {"status": 405, "body": ""}, "imds.role": {"status": 401, "body": ""}}),
           (seen("405", "imds", "token"),), certainty=ANY),
    caller("web-identity-no-provider", "the account has no identity provider of the cluster",
           sts_error(400, "InvalidIdentityToken", NO_PROVIDER), (seen("400 InvalidIdentityToken", "web_identity"),),
           ASSUME, certainty=ANY),
    caller("web-identity-role-malformed", "STS says that the role's ARN is invalid",
           sts_error(400, "ValidationError", "Request ARN is invalid"),
           (seen("400 ValidationError", "web_identity"),), ASSUME,
           also=("client.config", "auth.no_credentials"), certainty=ANY),
    Fault("token-clock-a-day", "the task's clock is behind by a day", state(clock=86400),
          (seen("ahead", "api_clock"),), "token", "api", "auth.clock_skew", certainty=ANY),
    refused("unknown-operation", "another AWS service answers for the API", "UnknownOperationException", "",
            "http.not_the_service"),
    refused("not-subscribed", "the account has no subscription", "SubscriptionRequiredException",
            "The AWS Access Key Id needs a subscription for the service", "auth.invalid_credentials"),
    error("invalid", "the registry says that the manifest is invalid", 400, "MANIFEST_INVALID", "manifest invalid",
          "image.unsupported_manifest", "registry.unavailable"),
    error("limit", "the account is at a limit of the registry", 400, "LIMIT_EXCEEDED", "Limit exceeded.",
          "registry.rate_limited", "registry.unavailable", "auth.throttled"),
    Fault("manifest-artifact", "the tag is an OCI artifact without an image's configuration", state(),
          (seen("200", "manifest", "app", "artifact"),), "manifest", "dkr", "image.unsupported_manifest",
          image="app:artifact", certainty=ANY, stages=("layers",)),
    Fault("manifest-signature", "the tag is cosign's signature of an image", state(),
          (seen("200", "manifest", "app", "signature"),), "manifest", "dkr", "image.unsupported_manifest",
          image="app:signature", certainty=ANY, stages=("layers",)),
    bucket("account-problem", "S3 says that the account has a problem", "s3.unavailable", "s3.endpoint_policy",
           saw="403 AccountProblem", certainty=UNSURE, code="AccountProblem",
           message="There is a problem with your AWS account that prevents the operation from completing "
                   "successfully."),
    bucket("not-signed-up", "S3 says that the account is not signed up", "s3.unavailable", "s3.endpoint_policy",
           saw="403 NotSignedUp", certainty=UNSURE, code="NotSignedUp",
           message="Your account is not signed up for the S3 service."),
    bucket("too-many", "S3 throttles with its newer code", "s3.slow", saw="429 TooManyRequests", status=429,
           code="TooManyRequests", message="Please reduce your request rate."),
    row("start-parameter-denied-by-endpoint", "the endpoint's policy does not let parameters be read",
        start_denied("ssm:GetParameters", "endpoint"), "ssm", "secrets.denied", 93, certainty=ANY,
        tells=("endpoint",)),
    row("start-logs-denied-by-boundary", "a boundary does not let log streams be made",
        start_denied("logs:CreateLogStream", "boundary"), "logs", "logs.denied", 91, certainty=ANY,
        tells=("boundary",)),
    Fault("also-sts-silent", "the endpoint of STS does not let the task in", block("endpoint", "sts"),
          (seen("timeout", "tcp", "sts"),), "tcp", "sts", "net.security_group", certainty=UNSURE,
          options=("--also", "sts")),
    Fault("also-ecs-nxdomain", "the name of ECS does not resolve", resolver("ecs.us-east-1", "nxdomain"),
          (seen("nxdomain", "dns", "ecs"), OK_API), "dns", "ecs", "dns.nxdomain", certainty=ANY,
          options=("--also", "ecs")),
]  # fmt: skip

ROWS = [*PATH, *ANSWERS]
