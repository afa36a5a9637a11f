"""Tokens of an identity provider: made for the task's files, and checked by STS."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import plan as p


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _sign(text: str) -> str:
    return _pack(hmac.new(p.ISSUER_KEY, text.encode(), hashlib.sha256).digest())


def make(after: int = -60, until: int = 3600, **claims) -> str:
    """A service account's token, valid between so many seconds from now."""
    now = int(time.time())
    head = {"alg": "HS256", "kid": "EXAMPLE"}
    body = {"iss": p.ISSUER, "aud": ["sts.amazonaws.com"], "sub": p.SUBJECT, "iat": now - 60,
            "nbf": now + after, "exp": now + until} | claims  # fmt: skip
    text = ".".join(_pack(json.dumps(part).encode()) for part in (head, body))
    return f"{text}.{_sign(text)}"


def refusal(token: str, now: float) -> tuple[str, str] | None:
    """STS' code and message for a token that it does not take."""
    text, _, signature = token.rpartition(".")
    try:
        body = json.loads(_unpack(text.split(".")[1]))
        good = hmac.compare_digest(signature, _sign(text))
    except (ValueError, IndexError):
        return "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"  # fmt: skip
    if not good:
        return "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"  # fmt: skip
    if body["exp"] <= now:
        return "ExpiredTokenException", (f"Token expired: current date/time {int(now)} must be "
                                         f"before the expiration date/time {body['exp']}")  # fmt: skip
    if body["nbf"] > now:
        return "InvalidIdentityToken", "Token is not active yet"
    if "sts.amazonaws.com" not in body["aud"]:
        return "InvalidIdentityToken", "Incorrect token audience"
    return None
