"""One case for each rule of layers."""

from __future__ import annotations

from denials import MISMATCH, denial
from doubts import cut_short, denied, moved, no_words, silence, status, unsigned
from expect import breaks, likely, proven, undecided
from subnets import oci
from world import ACCOUNT, BUCKET, REGION, S3_ROLE, WRONG, World


@breaks(73, proven("registry.bad_redirect", "layers", "dkr"),
        words=["http://prod-us-east-1-starport-layer-bucket"])
def redirect_bad():
    return World().fail("layers", "dkr", "bad_redirect", "not https", status=307,
                        location=f"http://{BUCKET}.s3.{REGION}.amazonaws.com/1234")


@breaks(74, proven("registry.digest_gone", "layers", "dkr"),
        words=["sha256:444444444444", "docker push", "batch-check-layer-availability"], doubt=denied)
def layer_unknown():
    return World().fail("layers", "dkr", "blob_unknown", "HTTP status 404", document="layer",
                        status=404, error_code="BLOB_UNKNOWN", error_text="layer not found")


def s3_answer(cause, code="", text="", document="", status=403, **facts):
    return World().fail("layers", "s3", cause, text or f"HTTP status {status}", document=document,
                        status=status, server="AmazonS3", request_id="EXAMPLE0123456789",
                        error_code=code, error_text=text, **facts)


def s3_denied_by(policy, context, explicit=False):
    facts = denial("s3:GetObject", policy, context, explicit,
                   f"arn:aws:s3:::{BUCKET}/1234-{ACCOUNT}-example/config", S3_ROLE)
    return s3_answer("denied", "AccessDenied", facts.pop("error_text"), **facts)


@breaks(80, proven("s3.endpoint_policy", "layers", "s3"),
        words=['"Action":"s3:GetObject"', "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*",
               "do not matter"], doubt=no_words)
def s3_endpoint_policy():
    return s3_denied_by("endpoint", "because no VPC endpoint policy allows the s3:GetObject action")


@breaks(81, proven("s3.kms", "layers", "s3"), words=["is disabled"], doubt=denied)
def s3_kms():
    return s3_answer("status", "KMS.DisabledException", "arn:aws:kms:us-east-1:123456789012:key/"
                     "11111111-2222-3333-4444-555555555555 is disabled.", status=400)


@breaks(89, proven("auth.scp", "layers", "s3"), words=["policy of the organization"], doubt=no_words)
def s3_denied_by_organization():
    return s3_denied_by("scp", "with an explicit deny in a service control policy", True)


@breaks(88, likely("http.not_the_service", "layers", "s3", "tls.intercepted client.config"))
def s3_signature():
    return s3_answer("unauthenticated", "SignatureDoesNotMatch", MISMATCH)


@breaks(89, likely("registry.bad_redirect", "layers", "s3", "http.not_the_service s3.not_found"))
def s3_elsewhere():
    return s3_answer("status", "PermanentRedirect", "The bucket you are attempting to access must be "
                     "addressed using the specified endpoint.", status=301)


@breaks(89, proven("client.config", "layers", "s3"), words=["Authorization"], doubt=no_words)
def s3_two_authorizations():
    return s3_answer("status", "InvalidArgument", "Only one auth mechanism allowed", status=400)


@breaks(82, proven("s3.expired_url", "layers", "s3"), doubt=status)
def s3_expired():
    return s3_answer("expired", "AccessDenied", "Request has expired")


@breaks(80, likely("s3.endpoint_policy", "layers", "s3", "s3.kms http.not_the_service auth.scp"),
        words=["Access Denied", "S3 endpoint"])
def s3_denied():
    return s3_answer("denied", "AccessDenied", "Access Denied")


@breaks(80, undecided("s3.endpoint_policy", "layers", "s3", "http.not_the_service s3.expired_url"))
def blob_denied_other():
    world = oci()
    world.hosts.update(s3="layers.s3.us-east-1.amazonaws.com")
    return world.fail("layers", "s3", "denied", "HTTP status 403", status=403, server="nginx")


@breaks(85, proven("s3.not_found", "layers", "s3"), doubt=moved)
def s3_not_found():
    return s3_answer("blob_unknown", "NoSuchKey", "The specified key does not exist.", "layer", 404)


@breaks(84, proven("s3.slow", "layers", "s3"), doubt=silence)
def s3_slow_down():
    return s3_answer("throttled", "SlowDown", "Please reduce your request rate.", status=503)


@breaks(86,
        undecided("s3.unavailable",
                  "layers", "s3",
                  "http.not_the_service s3.not_found s3.endpoint_policy s3.expired_url client.config"))
def s3_failed():
    return s3_answer("status", "MethodNotAllowed", "The specified method is not allowed.", status=405)


@breaks(88, likely("http.not_the_service", "layers", "s3", "image.corrupt_layer s3.reset s3.endpoint_policy"),
        words=["20 bytes", "request id"])
def blob_not_the_service():
    return World().fail("layers", "s3", "truncated", "20 of 1470 bytes", document="config",
                        status=200, bytes=20)


@breaks(88, likely("http.not_the_service", "layers", "s3", "image.corrupt_layer"),
        words=["one byte", "--full"])
def blob_unproven():
    return World().fail("layers", "s3", "not_the_service",
                        "one byte came, without the request id that S3 gives", document="layer",
                        status=206, bytes=1)


def bad_blob(cause, detail, document="layer", **facts):
    return World(full=True).fail("layers", "s3", cause, detail, document=document, status=200,
                                 server="AmazonS3", request_id="EXAMPLE0123456789", **facts)


def blob_retry(world, passed, cause="", **facts):
    return world.experiment("blob_again", ("layers", "s3"), passed, cause, status=200, **facts)


@breaks(84, likely("s3.slow", "layers", "s3", "net.loss"), words=["9000 bytes a second"])
def blob_slow():
    return bad_blob("slow", "540000 bytes in 60 s; all blobs together come at 9000 bytes a second",
                    rate=9000)


@breaks(87, proven("image.corrupt_layer", "layers", "s3"), words=["the manifest says 3408729"],
        doubt=unsigned)
def blob_wrong_size():
    return bad_blob("digest_mismatch", "it has 20 bytes, and the manifest says 3408729", bytes=20)


@breaks(87, proven("image.corrupt_layer", "layers", "s3"),
        words=["sha256:eeeeeeeeeeee"], doubt=unsigned)
def blob_corrupt():
    return blob_retry(bad_blob("digest_mismatch", "the bytes hash to something else",
                               found_digest=WRONG), False, "digest_mismatch", found_digest=WRONG)


@breaks(87, proven("image.corrupt_layer", "layers", "s3"), doubt=unsigned)
def blob_corrupt_once():
    return blob_retry(bad_blob("digest_mismatch", "the bytes hash to something else",
                               found_digest=WRONG), True)


@breaks(87, proven("image.corrupt_layer", "layers", "s3"), doubt=unsigned)
def blob_mismatch():
    return bad_blob("digest_mismatch", "the bytes hash to something else", "config",
                    found_digest=WRONG)


@breaks(84, likely("s3.stalled", "layers", "s3", "net.loss s3.slow"))
def blob_loss():
    return blob_retry(bad_blob("stalled", "no bytes for 5 s", bytes=900000), True)


@breaks(84, proven("s3.stalled", "layers", "s3"), words=["1000000 of 3408729 bytes"], doubt=silence)
def blob_stalled():
    return blob_retry(bad_blob("stalled", "no bytes for 5 s", bytes=1000000), False, "stalled",
                      bytes=1000000)


@breaks(84, likely("s3.stalled", "layers", "s3", "net.mtu_blackhole net.loss"))
def blob_stalled_early():
    return bad_blob("stalled", "no bytes for 5 s", bytes=512)


@breaks(83, proven("s3.reset", "layers", "s3"), words=["1000000 bytes", "connection reset"], doubt=cut_short)
def blob_cut():
    return blob_retry(bad_blob("reset", "connection reset", bytes=1000000), False, "reset",
                      bytes=900000)
