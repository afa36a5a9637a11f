"""Faults of what answers, as an outsider who knows AWS would think of them."""

from __future__ import annotations

import gzip

import plan as p
from fake_services import jwt
from fake_services.local import POD_TOKEN
from switch import Switch

from .base import ANY, UNSURE, Fault, block, fixed, http, raw, resolver, seen, state
from .credentials import CLASS, POD_URL, agent, pod_identity
from .further import API, BALANCER_502, DKR, HTML, WAF
from .http import page
from .layers import FULL, MANIFEST_FINE, PATH, bucket
from .proxy import answers
from .sources import ASSUME, INVALID, ONLY_ASSUMED, caller, metadata, web, well
from .token import refused

RATE = page("429 Too Many Requests",
            '{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}',
            "Content-Type: application/json", "Docker-Distribution-Api-Version: registry/2.0")  # fmt: skip
EMPTY = page("200 OK", "", "Server: AmazonS3", "x-amz-request-id: EXAMPLE0123456789",
             "x-amz-id-2: EXAMPLE=", "Content-Type: binary/octet-stream")  # fmt: skip
OTHER_BUCKET = "prod-us-west-2-starport-layer-bucket.s3.us-west-2.amazonaws.com"
TOO_LONG = page("431 Request Header Fields Too Large", "<html>Header Too Large</html>", HTML,
                "Server: nginx")  # fmt: skip
NGINX_404 = page("404 Not Found", "<html><h1>404 Not Found</h1></html>", HTML, "Server: nginx")
HEALTH = page("200 OK", "OK", "Content-Type: text/plain", "Server: haproxy")
OPEN_MIRROR = page("200 OK", "{}", "Content-Type: application/json",
                   "Docker-Distribution-Api-Version: registry/2.0", "Server: nginx")  # fmt: skip
ZIPPED = page("200 OK", gzip.compress(b'{"schemaVersion":2,"layers":[]}', mtime=0).decode("latin-1"),
              "Content-Encoding: gzip",
              "Content-Type: application/vnd.oci.image.manifest.v1+json")  # fmt: skip
AGAIN = page("503 Service Unavailable",
             '{"errors":[{"code":"UNAVAILABLE","message":"service unavailable"}]}',
             "Content-Type: application/json", "Retry-After: 30",
             "Docker-Distribution-Api-Version: registry/2.0")  # fmt: skip

ANSWERS = [
    Fault("http-dkr-open-mirror", "a registry of one's own, without sign-in, has the registry's name",
          http("dkr", do="reply", text=OPEN_MIRROR), (seen("200", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "http.not_the_service", certainty=ANY, stages=("manifest",)),
    Fault("http-api-health-page", "a load balancer's health page answers for the API",
          http("api", do="reply", text=HEALTH), (seen("200", "http_get", "api"),),
          "http", "api", "http.not_the_service", certainty=ANY, exit=40),
    Fault("http-dkr-retry-later", "the registry says 503, and when to come again",
          http("dkr", do="reply", text=AGAIN), (seen("503", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "registry.unavailable", certainty=ANY, exit=41, stages=("manifest",)),
    Fault("http-dkr-throttled", "the registry itself throttles, before any sign-in",
          http("dkr", do="reply", text=RATE), (seen("429", "http_get", "dkr", "/v2/"),),
          "http", "dkr", "registry.rate_limited", exit=41),
    Fault("token-header-too-long", "a proxy has no room for the session token's header",
          http("api", do="reply", text=TOO_LONG, signed=True), (seen("431", "api"),),
          "token", "api", "http.not_the_service", certainty=ANY),
    Fault("manifest-header-too-long", "a proxy has no room for the registry token's header",
          http("dkr", do="reply", text=TOO_LONG, signed=True),
          (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "http.not_the_service", certainty=ANY),
    Fault("manifest-page-404", "a reverse proxy does not forward the manifests' path",
          http("dkr", match="/manifests/", do="reply", text=NGINX_404),
          (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "http.not_the_service", certainty=ANY),
    Fault("manifest-balancer", "a load balancer fails for the manifests",
          http("dkr", match="/manifests/", do="reply", text=BALANCER_502),
          (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "http.not_the_service", also=("registry.unavailable",),
          certainty=UNSURE),
    Fault("manifest-zipped", "a device compresses the manifest, which nobody asked for",
          http("dkr", match="/manifests/", do="reply", text=ZIPPED),
          (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "http.not_the_service", also=("image.unsupported_manifest",),
          certainty=ANY),
    Fault("manifest-drip", "the manifest comes at fifty bytes a second",
          http("dkr", match="/manifests/", body="slow", chunk=25, pause=0.5),
          (seen("401", "http_get", "dkr", "/v2/"),),
          "manifest", "dkr", "registry.slow", also=("net.timeout",), certainty=ANY,
          options=("--deadline", "6")),
    Fault("layers-page-404", "a reverse proxy does not forward the layers' path",
          http("dkr", match="/blobs/", do="reply", text=NGINX_404), (MANIFEST_FINE,),
          "layers", "dkr", "http.not_the_service", certainty=ANY),
    Fault("layers-balancer", "a load balancer fails for the layers",
          http("dkr", match="/blobs/", do="reply", text=BALANCER_502), (MANIFEST_FINE,),
          "layers", "dkr", "http.not_the_service", also=("registry.unavailable",),
          certainty=UNSURE),
    Fault("layers-redirect-port", "the registry redirects to a port where nobody listens",
          state(redirect=f"https://{p.S3}:8443{PATH}?X-Amz-Expires=3600"), (MANIFEST_FINE,),
          "tcp", "s3", "net.refused", also=("registry.bad_redirect",), certainty=ANY,
          stages=("layers",)),
    bucket("not-yet-valid", "S3's clock is behind that of who signed", "auth.clock_skew",
           "s3.expired_url", saw="403 AccessDenied", message="Request is not yet valid"),
    bucket("session-ended", "the session that signed the URL has ended", "s3.expired_url",
           saw="400 ExpiredToken", status=400, code="ExpiredToken",
           message="The provided token has expired."),
    bucket("method", "S3 does not take the method", "http.not_the_service", "s3.unavailable",
           "client.config", saw="405 MethodNotAllowed", certainty=("open",), status=405,
           code="MethodNotAllowed",
           message="The specified method is not allowed against this resource."),
    bucket("query-altered", "a device cuts the presigned URL's query", "http.not_the_service",
           "client.config", "s3.unavailable", saw="400 AuthorizationQueryParametersError",
           certainty=UNSURE, status=400, code="AuthorizationQueryParametersError",
           message="Query-string authentication version 4 requires the X-Amz-Algorithm, "
                   "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
                   "X-Amz-Expires parameters."),
    refused("unknown-client", "the key is not known, in STS's words", "InvalidClientTokenId",
            "The security token included in the request is invalid.", INVALID, status=403),
    Fault("tls-dkr-alert-certificate", "the registry's side wants a certificate: an alert",
          raw("dkr", "alert", code=116), (seen("TLSv1.3", "tls", "api"),),
          "tls", "dkr", "http.not_the_service", also=("tls.version", "tls.sni_filtered"),
          certainty=UNSURE, exit=31),
    Fault("tls-api-noise", "what answers for the API speaks an unknown protocol",
          raw("api", "reply", text="\x00\x01\x02\x03\xff\xfe noise"), (seen("TLSv1.3", "tls", "dkr"),),
          "tls", "api", "tls.not_tls", certainty=ANY, exit=30),
    Fault("tls-s3-half-record", "the bucket's side closes in the middle of its first record",
          raw("s3", "reply", text="\x16\x03\x03"), (seen("TLSv1.3", "tls", "dkr"),),
          "tls", "s3", "net.reset", also=("s3.reset", "tls.sni_filtered"), certainty=UNSURE, exit=32),
    Fault("tcp-s3-no-route-told", "a router says that it has no route to S3",
          block("forward", "s3", verdict="reject with icmpx no-route"),
          (seen("no route", "tcp", "s3"), seen("open", "tcp", "api")),
          "tcp", "s3", "net.unreachable", certainty=ANY, exit=22),
    Fault("dns-dkr-link-local", "a resolver gives a link-local address for the registry",
          resolver(DKR, "answer", addresses=["169.254.7.7"]), (seen("169.254.7.7", "dns", "dkr"),),
          "tcp", "dkr", "net.timeout", also=("net.unreachable", "dns.split_horizon",
          "net.refused"), certainty=ANY, exit=21),
    Fault("dns-api-documentation", "a resolver gives an address that nobody routes",
          resolver(API, "answer", addresses=["192.0.2.1"]), (seen("192.0.2.1", "dns", "api"),),
          "tcp", "api", "net.no_egress_route", also=("net.timeout", "net.unreachable"),
          certainty=UNSURE, exit=20),
    caller("imds-role-failed", "the instance metadata could not make the role's credentials",
           metadata("imds.credentials", 200, '{"Code":"InternalError","Message":"Try later"}',
                    "application/json"),
           (seen('200 {"Code":"InternalError","Message":"Try l', "imds"),), CLASS,
           also=(ASSUME,), certainty=ANY),
    Fault("sts-refused", "a firewall refuses connections to STS",
          web(switch=block("forward", "sts", verdict="reject with tcp reset")),
          (seen("refused", "tcp", "sts"),), "tcp", "sts", "net.refused", certainty=ANY),
    caller("credentials-forbidden", "the agent forbids the request",
           state(answers={"credentials": agent("AccessDenied", "Forbidden", 403)}),
           (seen("403 {\"code\":\"AccessDenied\",\"message\":\"Forbid", "credentials"),), CLASS,
           also=(ASSUME,), certainty=ANY),
]  # fmt: skip

LAYERS = [
    Fault("layers-some-throttled", "the registry throttles some of the layers",
          http("dkr", do="reply", text=RATE, pattern="/blobs/sha256:[89a-f]"), (MANIFEST_FINE,),
          "layers", "dkr", "registry.rate_limited", also=("auth.throttled",), certainty=ANY,
          image="app:layers30", options=FULL),
    Fault("s3-moved-region", "S3 redirects to a bucket of another Region, which has no name here",
          state(answers={"s3.object": {"status": 307, "headers": {
              "Location": f"https://{OTHER_BUCKET}{PATH}?X-Amz-Expires=3600", "Server": "AmazonS3",
              "x-amz-request-id": "EXAMPLE0123456789", "x-amz-id-2": "EXAMPLE="}}}),
          (seen("307", "layer"), MANIFEST_FINE),
          "layers", "s3", "registry.bad_redirect", also=("http.not_the_service",), certainty=UNSURE),
    bucket("clock-skewed", "S3 says that the time of the request is wrong", "auth.clock_skew",
           "s3.expired_url", saw="403 RequestTimeTooSkewed", code="RequestTimeTooSkewed",
           message="The difference between the request time and the server's time is too large."),
    bucket("kms-pending", "the key of the layers waits for its deletion", "s3.kms",
           saw="400 KMS.KMSInvalidStateException", status=400, code="KMS.KMSInvalidStateException",
           message="arn:aws:kms:us-east-1:123456789012:key/1111 is pending deletion."),
    bucket("kms-gone", "the key of the layers does not exist", "s3.kms",
           saw="400 KMS.NotFoundException", status=400, code="KMS.NotFoundException",
           message="Key 'arn:aws:kms:us-east-1:123456789012:key/1111' does not exist"),
    bucket("scp", "the organization denies the layers", "auth.scp", saw="403 AccessDenied",
           context="with an explicit deny in a service control policy"),
    bucket("rcp", "a resource control policy denies the layers", "auth.scp",
           saw="403 AccessDenied", context="with an explicit deny in a resource control policy"),
    bucket("frozen", "the object's storage class does not let it be read", "s3.not_found",
           "s3.endpoint_policy", saw="403 InvalidObjectState", certainty=("open",), code="InvalidObjectState",
           message="The operation is not valid for the object's storage class"),
    bucket("request-timeout", "S3 says that the request did not arrive whole", "s3.slow",
           "s3.unavailable", saw="400 RequestTimeout", certainty=UNSURE, status=400, code="RequestTimeout",
           message="Your socket connection to the server was not read from or written to within "
                   "the timeout period. Idle connections will be closed."),
    Fault("s3-nothing", "the bucket serves an empty object", http("s3", match="?", do="reply", text=EMPTY),
          (seen("altered", "layer"), MANIFEST_FINE),
          "layers", "s3", "image.corrupt_layer", certainty=ANY),
    Fault("s3-firewall-page", "a web filter forbids the layers, and not the bucket",
          http("s3", match="?", do="reply", text=WAF), (seen("403", "layer"), seen("403", "http_get", "s3")),
          "layers", "s3", "http.not_the_service", also=("s3.endpoint_policy",), certainty=ANY),
    Fault("s3-signed-reset", "a device resets requests with long queries",
          http("s3", match="?", do="reset"), (seen(("reset", "closed"), "layer"), MANIFEST_FINE),
          "layers", "s3", "s3.reset", also=("net.reset",), certainty=ANY),
]  # fmt: skip

CREDENTIALS = [
    caller("credentials-throttled", "the agent throttles",
           state(answers={"credentials": agent("TooManyRequests", "Rate exceeded", 429)}),
           (seen('429 {"code":"TooManyRequests","message":"Rat', "credentials"),),
           "auth.throttled", also=(CLASS,), certainty=ANY),
    caller("credentials-association-gone", "the pod identity association was deleted",
           lambda plan: pod_identity(POD_TOKEN)(plan) + Switch(state={"answers": {
               "credentials": agent("ResourceNotFoundException", "The association was not found",
                                    404)}}),
           (seen('404 {"code":"ResourceNotFoundException","mes', "credentials", POD_URL),), CLASS,
           also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-no-session-token", "the credentials have no session token",
          state(credentials={"Token": ""}), (seen("200 ok", "credentials"),),
          "token", "api", "auth.invalid_credentials", also=(CLASS,), certainty=ANY,
          stages=("credentials",), endpoints=("caller",)),
    caller("imds-token-dropped", "a filter drops the token's PUT alone",
           metadata("imds.token", 200, "", delay=30),
           (seen("timeout", "imds", "token"), seen("401", "imds", "get")), certainty=ANY, exit=48),
    caller("imds-token-forbidden", "a proxy on the way forbids PUT", metadata("imds.token", 405, ""),
           (seen("405", "imds", "token"), seen("401", "imds", "get")), certainty=ANY),
    caller("assume-clock", "the machine's clock is 20 minutes off, and a role is assumed",
           fixed(state={**ONLY_ASSUMED, "clock": 1200}),
           (seen("403 SignatureDoesNotMatch", "assume"),), "auth.clock_skew", certainty=ANY,
           options=("--role-arn", p.OTHER_ROLE)),
    well("web-identity-clock-a-little", "three minutes apart, and a token is exchanged",
         lambda plan: Switch(env={"AWS_WEB_IDENTITY_TOKEN_FILE": "/mnt/token",
                                  "AWS_ROLE_ARN": p.OTHER_ROLE}, files={"token": jwt.make()},
                             state={**ONLY_ASSUMED, "clock": 180}),
         (seen("right", "api_clock"), seen("200 ok", "web_identity"))),
]  # fmt: skip

PROXY = [
    answers("proxy-no-way-to-dkr", "the proxy cannot reach the registry alone", roles=["dkr"],
            status="502 Bad Gateway", certainty=UNSURE),
    answers("proxy-swallows", "the proxy says 200 and carries nothing", "proxy.unreachable", "tls",
            "api", UNSURE, 33, also=("tls.handshake_timeout",), do="hole"),
    answers("proxy-drops-tunnels", "the proxy says 200 and closes", "proxy.unreachable", "tls",
            "api", UNSURE, 33, also=("net.reset", "tls.sni_filtered"), do="tunnel-close"),
]  # fmt: skip

ROWS = [*ANSWERS, *LAYERS, *CREDENTIALS, *PROXY]
