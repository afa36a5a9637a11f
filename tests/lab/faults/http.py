"""Faults where TLS is genuine and what speaks in it is not, or not well."""

from __future__ import annotations

from .base import ANY, UNSURE, Fault, http, seen, state

HTML = "<html><head><title>Sign in</title></head><body>Welcome to the guest network</body></html>"


def page(status: str, body: str, *headers: str) -> str:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join(lines) + "\r\n\r\n" + body


TYPE = "Content-Type: text/html"
PORTAL = page("200 OK", HTML, TYPE, "Server: portal/1.0")
MOVED = page("302 Found", "", "Location: https://portal.example.com/login?next=/", TYPE)
PROXY_AUTH = page("407 Proxy Authentication Required", "<html>Access denied</html>", TYPE,
                  'Proxy-Authenticate: Basic realm="corp"', "Via: 1.1 proxy.example.com")
PROXY_503 = page("503 Service Unavailable", "<html>upstream connect error</html>", TYPE,
                 "Via: 1.1 proxy.example.com (squid/5.7)", "Server: squid/5.7")
OTHER = page("401 Unauthorized", '{"errors":[{"code":"UNAUTHORIZED"}]}',
             'Www-Authenticate: Bearer realm="https://mirror.example.com/token",'
             'service="mirror"', "Content-Type: application/json", "Server: nexus/3")
FORBIDDEN = page("403 Forbidden", "<html>Blocked by policy: category software</html>", TYPE,
                 "Server: webfilter", "Via: 1.1 filter.example.com")
GARBAGE = "\x00\x01\x02 this is no HTTP at all\r\n\r\n" + "x" * 64
UNAVAILABLE = {"status": 503, "headers": {"Content-Type": "application/json"},
               "body": '{"errors":[{"code":"UNAVAILABLE","message":"service unavailable"}]}'}
SERVER_EXCEPTION = {
    "status": 500,
    "headers": {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "11111111-EXAMPLE"},
    "body": '{"__type":"ServerException","message":"Internal server error"}',
}  # fmt: skip
INTERNAL = {
    "status": 500,
    "headers": {"Content-Type": "application/xml", "Server": "AmazonS3",
                "x-amz-request-id": "EXAMPLE0123456789", "x-amz-id-2": "EXAMPLE="},
    "body": '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InternalError</Code><Message>We '
            "encountered an internal error. Please try again.</Message></Error>",
}  # fmt: skip

ROWS = [
    Fault("http-dkr-portal", "a captive page answers for the registry",
          http("dkr", do="reply", text=PORTAL),
          (seen("200 guest network", "http_get", "dkr", "/v2/", "guest network"), seen("404", "http_get", "api")),
          "http", "dkr", "http.not_the_service", exit=41),
    Fault("http-s3-portal", "a captive page answers for the layer bucket",
          http("s3", do="reply", text=PORTAL),
          (seen("200 guest network", "http_get", "s3", "/", "guest network"),
           seen("401", "http_get", "dkr", "/v2/")),
          "http", "s3", "http.not_the_service", exit=42),
    Fault("http-api-portal-redirect", "the API's host redirects to a portal",
          http("api", do="reply", text=MOVED),
          (seen("302", "http_get", "api"), seen("401", "http_get", "dkr", "/v2/")),
          "http", "api", "http.not_the_service", exit=40),
    Fault("http-dkr-proxy-auth", "a transparent proxy wants a password for the registry",
          http("dkr", do="reply", text=PROXY_AUTH),
          (seen("407", "http_get", "dkr", "/v2/"), seen("404", "http_get", "api")),
          "http", "dkr", "http.not_the_service", also=("proxy.unreachable", "proxy.not_used"),
          exit=41),
    Fault("http-s3-proxy-503", "a transparent proxy cannot reach S3 and says 503 itself",
          http("s3", do="reply", text=PROXY_503),
          (seen("503", "http_get", "s3"), seen("401", "http_get", "dkr", "/v2/")),
          "http", "s3", "http.not_the_service", also=("s3.unavailable",), certainty=ANY, exit=42),
    Fault("http-dkr-web-filter", "a web filter forbids the registry",
          http("dkr", do="reply", text=FORBIDDEN),
          (seen("403 category software", "http_get", "dkr", "/v2/", "category software"),),
          "http", "dkr", "http.not_the_service", exit=41),
    Fault("http-dkr-other-registry", "another registry answers under ECR's name",
          http("dkr", do="reply", text=OTHER),
          (seen("401", "http_get", "dkr", "/v2/"), seen("404", "http_get", "api")),
          "http", "dkr", "http.not_the_service", exit=41),
    Fault("http-api-empty", "the API's side closes after the request, without an answer",
          http("api", do="close"),
          (seen("closed", "http_get", "api"), seen("TLSv1.3", "tls", "api")),
          "http", "api", "net.reset", also=("http.not_the_service",), certainty=ANY, exit=40),
    Fault("http-dkr-reset", "the registry's side resets after the request",
          http("dkr", do="reset"),
          (seen(("reset", "closed"), "http_get", "dkr", "/v2/"), seen("TLSv1.3", "tls", "dkr")),
          "http", "dkr", "net.reset", also=("http.not_the_service",), certainty=ANY, exit=41),
    Fault("http-dkr-stall", "the registry's side takes the request and never answers",
          http("dkr", do="stall"),
          (seen("timeout", "http_get", "dkr", "/v2/"), seen("TLSv1.3", "tls", "dkr")),
          "http", "dkr", "registry.slow", also=("net.timeout", "net.mtu_blackhole"),
          certainty=UNSURE, exit=41),
    Fault("http-s3-stall", "the bucket's side takes the request and never answers",
          http("s3", do="stall"),
          (seen("timeout", "http_get", "s3"), seen("TLSv1.3", "tls", "s3")),
          "http", "s3", "s3.slow", also=("net.timeout", "net.mtu_blackhole", "s3.stalled"),
          certainty=UNSURE, exit=42),
    Fault("http-s3-garbage", "what answers for S3 does not speak HTTP",
          http("s3", do="reply", text=GARBAGE),
          (seen(("not http", "closed"), "http_get", "s3"), seen("401", "http_get", "dkr", "/v2/")),
          "http", "s3", "http.not_the_service", also=("net.reset",), certainty=ANY, exit=42),
    Fault("http-dkr-503", "the registry itself is unavailable",
          state(answers={"dkr": UNAVAILABLE}),
          (seen("503 UNAVAILABLE", "http_get", "dkr", "/v2/", "UNAVAILABLE"), seen("200", "api")),
          "http", "dkr", "registry.unavailable", certainty=ANY, exit=41, stages=("manifest",)),
    Fault("http-api-500", "the API answers every request with a ServerException",
          state(answers={"api": SERVER_EXCEPTION}),
          (seen("500", "http_get", "api"), seen("401", "http_get", "dkr", "/v2/")),
          "http", "api", "registry.unavailable", certainty=ANY, exit=40, stages=("token",)),
    Fault("http-s3-500", "S3 answers every request with InternalError",
          state(answers={"s3": INTERNAL}),
          (seen("500 InternalError", "http_get", "s3", "/", "InternalError"),
           seen("401", "http_get", "dkr", "/v2/")),
          "http", "s3", "s3.unavailable", certainty=ANY, stages=("layers",)),
]  # fmt: skip
