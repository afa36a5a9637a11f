"""Faults of the layers: the registry's redirect, and S3's bytes."""

from __future__ import annotations

import json

import plan as p
from switch import Switch

from .base import ANY, CONTEXTS, UNSURE, Fault, http, resolver, seen, state

ACTION = "ecr:GetDownloadUrlForLayer"
PATH = "/1234-123456789012-aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/ffffffff-0000-4111-8222-333333333333"
FULL = ("--full",)
MANIFEST_FINE = seen("200", "manifest", "app", "multi")
RATE = json.dumps({"errors": [{"code": "TOOMANYREQUESTS", "message": "Rate exceeded"}]})


def denied(context: str) -> Fault:
    text, cls = CONTEXTS[context]
    return Fault(
        f"layers-denied-{context}",
        f"403 DENIED for GetDownloadUrlForLayer: {text.replace(' {action}', '') or 'no reason'}",
        state(deny={ACTION: text}),
        (seen("403 DENIED", "blob"), MANIFEST_FINE),
        "layers", "dkr", cls, certainty=UNSURE if context == "none" else ANY,
        also=("auth.endpoint_policy", "auth.scp", "registry.repo_policy") if not text else (),
    )  # fmt: skip


def redirect(name: str, says: str, where: str, saw: str, *also: str, **more) -> Fault:
    return Fault(f"layers-redirect-{name}", says, state(redirect=where),
                 (seen(saw, "blob"), MANIFEST_FINE),
                 "layers", "dkr", "registry.bad_redirect", also=also, certainty=ANY,
                 **more)  # fmt: skip


def bucket(name: str, says: str, cls: str, *also: str, saw: str, certainty=ANY, **wish) -> Fault:
    """S3 refuses a good URL."""
    return Fault(f"s3-{name}", says, state(s3_error=wish), (seen(saw, "layer"), MANIFEST_FINE),
                 "layers", "s3", cls, also=also, certainty=certainty)  # fmt: skip


def spoiled(name: str, says: str, cls: str, *also: str, saw, **wish) -> Fault:
    """A layer's bytes are spoiled on their way, after some of them came."""
    return Fault(f"s3-{name}", says, http("s3", match="?", **wish),
                 (seen(saw, "layer", "medium"), seen("403", "http_get", "s3")),
                 "layers", "s3", cls, also=also, certainty=ANY, image="app:medium",
                 options=FULL)  # fmt: skip


def hidden_host(plan: p.Plan) -> Switch:
    """The registry redirects to a bucket of another Region, and that one is out of reach."""
    other = "prod-us-west-2-starport-layer-bucket.s3.us-west-2.amazonaws.com"
    answer = resolver(other, "answer", addresses=["52.92.128.10"])(plan)
    return answer + Switch(state={"redirect": f"https://{other}{PATH}?X-Amz-Expires=3600"})


OTHER = "https://mirror.example.com/blob?X-Amz-Expires=3600"

ROWS = [
    *(denied(context) for context in ("identity", "endpoint", "scp-deny", "resource", "none")),
    Fault("layers-blob-unknown", "the registry does not have the blob", state(lost=["*"]),
          (seen("404 BLOB_UNKNOWN", "blob"), MANIFEST_FINE),
          "layers", "dkr", "image.corrupt_layer",
          also=("registry.digest_gone", "s3.not_found", "registry.unavailable"), certainty=ANY),
    Fault("layers-throttled", "the registry throttles the layers",
          state(answers={"dkr.blobs": {"status": 429, "body": RATE,
                                       "headers": {"Content-Type": "application/json"}}}),
          (seen("429 TOOMANYREQUESTS", "blob"), MANIFEST_FINE),
          "layers", "dkr", "registry.rate_limited", also=("auth.throttled",), certainty=ANY),
    Fault("layers-503", "the registry is unavailable for layers",
          state(answers={"dkr.blobs": {"status": 503, "body": '{"errors":[{"code":"UNAVAILABLE"}]}',
                                       "headers": {"Content-Type": "application/json"}}}),
          (seen("503 UNAVAILABLE", "blob"), MANIFEST_FINE),
          "layers", "dkr", "registry.unavailable", certainty=ANY),
    redirect("http", "the registry redirects to plain HTTP", f"http://{p.S3}{PATH}?X-Amz-Expires=1",
             f"307 http {p.S3}"),
    redirect("link-local", "the registry redirects to the instance's metadata",
             "https://169.254.169.254/latest/meta-data/", "307 https 169.254.169.254"),
    redirect("credentials", "the registry redirects to the task's credentials",
             f"http://169.254.170.2{p.CREDENTIALS_PATH}", "307 http 169.254.170.2"),
    redirect("nowhere", "the redirect has no Location", "none", "307 nowhere"),
    redirect("garbage", "the redirect's Location is no URL", "://\\nonsense", "307 nowhere"),
    redirect("registry", "the registry redirects to itself, where it then wants a password",
             f"https://{p.REGISTRY}/v2/app/blobs/sha256:{'a' * 64}", f"307 https {p.REGISTRY}",
             "http.not_the_service", endpoints=("s3",)),
    Fault("layers-redirect-loop", "the bucket redirects to itself, without an end",
          state(answers={"s3.object": {"status": 307, "headers": {
              "Location": f"https://{p.S3}{PATH}?X-Amz-Expires=3600", "Server": "AmazonS3"}}}),
          (seen("307", "layer"), MANIFEST_FINE),
          "layers", "dkr", "registry.bad_redirect", also=("http.not_the_service",), certainty=ANY,
          endpoints=("s3",)),
    Fault("layers-redirect-unknown-host", "the redirect names a host that does not exist",
          state(redirect=OTHER), (seen("307 https mirror.example.com", "blob"), MANIFEST_FINE),
          "dns", "s3", "s3.dns", also=("dns.nxdomain", "registry.bad_redirect"), certainty=ANY,
          stages=("layers",)),
    Fault("layers-redirect-silent-host",
          "the redirect names a bucket of another Region, which is out of reach", hidden_host,
          (seen("307 https prod-us-west-2-starport-layer-bucket.s3.us-west-2.amazonaws.com", "blob"),
           seen("timeout", "tcp", "52.92.128.10"), seen("open", "tcp", "s3")),
          "tcp", "s3", "s3.no_route", certainty=UNSURE, stages=("layers",)),
    bucket("endpoint-policy", "the S3 endpoint's policy does not allow the layer bucket",
           "s3.endpoint_policy", saw="403 AccessDenied",
           context="because no VPC endpoint policy allows the s3:GetObject action"),
    bucket("endpoint-policy-deny", "the S3 endpoint's policy denies the layer bucket",
           "s3.endpoint_policy", saw="403 AccessDenied",
           context="with an explicit deny in a VPC endpoint policy"),
    bucket("denied-plainly", "S3 refuses without a reason", "s3.endpoint_policy", "s3.kms",
           saw="403 AccessDenied", certainty=UNSURE),
    bucket("kms", "the key that encrypts the layers is disabled", "s3.kms",
           saw="400 KMS.DisabledException", status=400, code="KMS.DisabledException",
           message="arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555 "
                   "is disabled."),
    bucket("kms-denied", "the key that encrypts the layers may not be used", "s3.kms",
           saw="403 AccessDenied", context="with an explicit deny in a resource-based policy",
           message="The ciphertext refers to a customer master key that does not exist, does not "
                   "exist in this region, or you are not allowed to access."),
    bucket("expired-url", "the presigned URL has expired", "s3.expired_url",
           saw="403 AccessDenied", message="Request has expired",
           more="<X-Amz-Expires>3600</X-Amz-Expires><Expires>2026-01-02T04:04:05Z</Expires>"
                "<ServerTime>2026-01-02T05:04:05Z</ServerTime>"),
    bucket("signature", "a device alters the presigned URL's query", "s3.endpoint_policy",
           "http.not_the_service", "client.config", "s3.expired_url", saw="403 SignatureDoesNotMatch",
           code="SignatureDoesNotMatch",
           message="The request signature we calculated does not match the signature you "
                   "provided. Check your key and signing method."),
    bucket("no-such-key", "the object is not in the bucket", "s3.not_found", saw="404 NoSuchKey",
           status=404, code="NoSuchKey", message="The specified key does not exist."),
    bucket("slow-down", "S3 asks to slow down", "s3.slow", "s3.unavailable", saw="503 SlowDown",
           status=503, code="SlowDown", message="Please reduce your request rate."),
    bucket("internal-error", "S3 fails on its side", "s3.unavailable", saw="500 InternalError",
           status=500, code="InternalError",
           message="We encountered an internal error. Please try again."),
    bucket("wrong-region", "S3 says that the bucket is elsewhere", "registry.bad_redirect",
           "s3.not_found", "http.not_the_service", "s3.unavailable", "s3.endpoint_policy",
           saw="301 PermanentRedirect", status=301, code="PermanentRedirect",
           message="The bucket you are attempting to access must be addressed using the "
                   "specified endpoint."),
    spoiled("reset", "the connection is reset in the middle of a layer", "s3.reset", "net.reset",
            saw=("reset", "closed"), body="reset", after=1_000_000),
    spoiled("stalled", "a layer's bytes stop coming in the middle", "s3.stalled",
            "net.mtu_blackhole", "net.timeout", saw="timeout", body="stall", after=1_000_000),
    spoiled("truncated", "a layer ends before its announced length", "s3.reset",
            "image.corrupt_layer", "net.reset", "registry.truncated", saw="closed", body="close",
            after=1_000_000),
    spoiled("altered", "one bit of a layer is another on the way", "image.corrupt_layer",
            saw="altered", body="flip", after=1_500_000),
    Fault("s3-altered-config", "one bit of the image's configuration is another on the way",
          http("s3", match="?", body="flip", after=20),
          (seen("altered", "layer", "single"), seen("403", "http_get", "s3")),
          "layers", "s3", "image.corrupt_layer", certainty=ANY, image="app:single"),
    Fault("s3-cached", "a cache serves the right bytes without S3's request id",
          http("s3", match="?", without=["x-amz-request-id", "x-amz-id-2"]),
          (seen("ok", "layer"), MANIFEST_FINE), "layers", "s3", "http.not_the_service", works=True,
          tells=("right bytes",)),
    Fault("s3-other-blob", "the bucket serves another blob, whole",
          http("s3", match="?", do="reply",
               text="HTTP/1.1 200 OK\r\nServer: AmazonS3\r\nx-amz-request-id: EXAMPLE0123456789\r\n"
                    "Content-Length: 20\r\nConnection: close\r\n\r\nabcdefghijabcdefghij"),
          (seen("altered", "layer"), seen("403", "http_get", "s3")),
          "layers", "s3", "image.corrupt_layer", exit=87, tells=("it has 20 bytes",)),
    Fault("s3-drip", "the layers come at two kilobytes a second",
          http("s3", match="?", body="slow", chunk=500, pause=0.25),
          (seen("206 1", "layer", "medium", ranged=True), seen("403", "http_get", "s3")),
          "layers", "s3", "s3.slow", certainty=UNSURE, exit=84, image="app:medium",
          options=("--full", "--deadline", "4"), tells=("bytes a second",)),
    Fault("s3-page-for-objects", "a web filter answers for the layers, but not for the bucket",
          http("s3", match="?", do="reply",
               text="HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n"
                    "Connection: close\r\n\r\n<html>scanned</html>"),
          (seen("altered", "layer"), seen("403", "http_get", "s3")),
          "layers", "s3", "http.not_the_service", also=("image.corrupt_layer",), certainty=ANY),
]  # fmt: skip

