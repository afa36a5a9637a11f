"""Signature Version 4 as the server sees it. Header signatures are checked with botocore;
presigned URLs are made with botocore and checked by hand, so that nobody checks himself."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import plan as p

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/"
    r"(?P<service>[^/]+)/aws4_request, ?SignedHeaders=(?P<signed>[^,]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})$"
)
STAMP = "%Y%m%dT%H%M%SZ"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)


def _stamp(seconds: float) -> str:
    return datetime.datetime.utcfromtimestamp(seconds).strftime(STAMP)


def identities(world, service: str) -> dict[str, tuple[str, str]]:
    """Whose signatures are taken: by key id, the secret and the session's token."""
    known = {p.ACCESS_KEY: (p.SECRET_KEY, p.SESSION_TOKEN),
             p.ASSUMED_KEY: (p.ASSUMED_SECRET, p.ASSUMED_TOKEN)}  # fmt: skip
    accepted = world.get("accepted", known)
    if service != "sts":
        accepted = world.get("api_accepted", accepted)
    return {key: known[key] for key in accepted}


def check(headers, method: str, path: str, body: bytes, service: str, world) -> tuple | None:
    """None when the request is signed by a role of the lab; else the error's code and message."""
    if "Authorization" not in headers:
        return "MissingAuthenticationTokenException", "Missing Authentication Token"
    parts = AUTHORIZATION.match(headers["Authorization"])
    if not parts:
        return "IncompleteSignatureException", "Authorization header is not a valid key=value pair"
    secret, token = identities(world, service).get(parts["key"], ("", ""))
    if not secret or headers.get("X-Amz-Security-Token") != token:
        return "UnrecognizedClientException", "The security token included in the request is invalid."
    if parts["region"] != p.REGION or parts["service"] != service:
        scope = f"Credential should be scoped to a valid region. ({parts['region']})"
        return "InvalidSignatureException", scope
    signed = parts["signed"].split(";")
    if "host" not in signed or "x-amz-security-token" not in signed:
        return "InvalidSignatureException", "'Host' must be a 'SignedHeader' in the Authorization."
    stamp = headers.get("X-Amz-Date", "")
    late = clock(stamp, world.now())
    if late:
        return "InvalidSignatureException", late
    request = AWSRequest(method, f"https://{headers['Host']}{path}", data=body)
    for name in signed:
        request.headers[name] = headers.get(name, "")
    request.context["timestamp"] = stamp
    kind = S3SigV4Auth if service == "s3" else SigV4Auth  # S3 takes paths as they are
    signer = kind(Credentials(parts["key"], secret), service, p.REGION)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    if not hmac.compare_digest(signer.signature(text, request), parts["signature"]):
        return "InvalidSignatureException", MISMATCH
    return None


def clock(stamp: str, now: float) -> str:
    """The complaint about a request's time, empty when it is within five minutes."""
    try:
        then = datetime.datetime.strptime(stamp, STAMP).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return "Date must be in ISO-8601 'basic format'."
    if then.timestamp() < now - 300:
        return (f"Signature expired: {stamp} is now earlier than {_stamp(now - 300)} "
                f"({_stamp(now)} - 5 min.)")  # fmt: skip
    if then.timestamp() > now + 300:
        return (f"Signature not yet current: {stamp} is still later than {_stamp(now + 300)} "
                f"({_stamp(now)} + 5 min.)")  # fmt: skip
    return ""


def presign(host: str, key: str, world) -> str:
    """The URL of an object in the bucket, signed by the registry's own role for an hour."""
    request = AWSRequest("GET", f"https://{host}/{key}")
    owner = Credentials(p.STORAGE_KEY, p.STORAGE_SECRET, p.STORAGE_TOKEN)
    S3SigV4QueryAuth(owner, "s3", p.REGION, expires=3600).add_auth(request)
    url = request.prepare().url
    world.planted(dict(parse_qsl(url.split("?", 1)[1]))["X-Amz-Signature"])
    return url


def check_presigned(method: str, host: str, path: str, query: str, now: float) -> tuple | None:
    """None when the URL is good; else S3's code, message and further XML elements."""
    fields = dict(parse_qsl(query, keep_blank_values=True))
    needed = {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
              "X-Amz-SignedHeaders", "X-Amz-Signature"}  # fmt: skip
    if not needed <= fields.keys():
        return "AccessDenied", "Access Denied", ""
    scope = fields["X-Amz-Credential"].split("/", 1)
    if scope[0] != p.STORAGE_KEY or fields.get("X-Amz-Security-Token") != p.STORAGE_TOKEN:
        return ("InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.", "")  # fmt: skip
    unsigned = sorted((k, v) for k, v in fields.items() if k != "X-Amz-Signature")
    canonical = "\n".join(
        [method, quote(path, safe="/~"),
         "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in unsigned),
         f"host:{host}", "", "host", "UNSIGNED-PAYLOAD"])  # fmt: skip
    text = "\n".join(
        ["AWS4-HMAC-SHA256", fields["X-Amz-Date"], scope[1],
         hashlib.sha256(canonical.encode()).hexdigest()])  # fmt: skip
    key = ("AWS4" + p.STORAGE_SECRET).encode()
    for part in scope[1].split("/") + [text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(key.hex(), fields["X-Amz-Signature"]):
        return "SignatureDoesNotMatch", MISMATCH.split(" Consult")[0], ""
    begun = datetime.datetime.strptime(fields["X-Amz-Date"], STAMP)
    end = begun.replace(tzinfo=datetime.timezone.utc).timestamp() + int(fields["X-Amz-Expires"])
    if now > end:
        iso = "%Y-%m-%dT%H:%M:%SZ"
        more = (f"<X-Amz-Expires>{fields['X-Amz-Expires']}</X-Amz-Expires>"
                f"<Expires>{datetime.datetime.utcfromtimestamp(end):{iso}}</Expires>"
                f"<ServerTime>{datetime.datetime.utcfromtimestamp(now):{iso}}</ServerTime>")
        return "AccessDenied", "Request has expired", more
    return None
