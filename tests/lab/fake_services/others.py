"""Registries other than ECR: their token services, their manners before docker-registry, and the
hosts that their blobs are redirected to."""

from __future__ import annotations

import base64
import functools
import json
import re
import secrets
import time

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

import others

BLOB = re.compile(r"^/v2/(.+)/blobs/(sha256:[0-9a-f]{64})$")
SCOPE = re.compile(r"^repository:([a-z0-9._/-]+):(?:[a-z]+,)*pull")
OBJECT = re.compile(r"^/registry-v2/sha256/([0-9a-f]{64})/data$")
KEPT = ("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version")


def host_of(request: web.Request) -> str:
    return request.headers.get("Host", "").split(":")[0]


def error(world, status: int, code: str, message: str) -> web.Response:
    body = json.dumps({"errors": [{"code": code, "message": message}]})
    return world.reply(status, body, {"Content-Type": "application/json"})


async def answer(world, request: web.Request) -> web.StreamResponse:
    host = host_of(request)
    if host in others.BLOB_HOSTS:
        return await blob_host(world, request)
    if request.path in others.TOKEN_PATHS:
        return await token_service(world, request, host)
    if host in others.REGISTRIES:
        return await registry(world, request, host, others.REGISTRIES[host])
    return world.reply(404, "404 page not found\n", {"Content-Type": "text/plain"})


# the token service


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@functools.cache
def signer(directory):
    key = serialization.load_pem_private_key((directory / "key.pem").read_bytes(), None)
    certificate = x509.load_pem_x509_certificate((directory / "jwt.pem").read_bytes())
    return key, base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def signed(world, user: str, repository: str) -> str:
    """A JSON web token as docker-registry wants it: RS256, its certificate inside (RFC 7515)."""
    key, certificate = signer(world.directory)
    now = int(time.time())
    access = [{"type": "repository", "name": repository, "actions": ["pull"]}] if repository else []
    head = {"typ": "JWT", "alg": "RS256", "x5c": [certificate]}
    claims = {"iss": "lab", "sub": user, "aud": others.SERVICE, "iat": now, "nbf": now - 10,
              "exp": now + 300, "jti": secrets.token_hex(8), "access": access}  # fmt: skip
    text = ".".join(b64(json.dumps(one).encode()) for one in (head, claims))
    mark = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{b64(mark)}"


def user_of(request: web.Request) -> str | None:
    """Who asks: empty for nobody, None for somebody with a wrong password."""
    given = request.headers.get("Authorization", "")
    if not given:
        return ""
    both = base64.b64encode(f"{others.USER}:{others.PASSWORD}".encode()).decode()
    return others.USER if given == f"Basic {both}" else None


async def token_service(world, request: web.Request, host: str) -> web.StreamResponse:
    match = SCOPE.match(request.query.get("scope", ""))
    canned = await world.canned("others.token" if match else "others.hello")
    if canned is not None:
        return canned
    user = user_of(request)
    if user is None and host == "ghcr.io":
        return error(world, 403, "DENIED", "denied: denied")
    if user is None:
        return world.reply(401, '{"details":"incorrect username or password"}',
                           {"Content-Type": "application/json"})  # fmt: skip
    name = match[1] if match else ""
    hidden = name not in others.REPOSITORIES or (name == others.PRIVATE and not user)
    if name and hidden and host == "ghcr.io":
        return error(world, 403, "DENIED", "requested access to the resource is denied")
    token = world.planted(signed(world, user, "" if hidden else name))
    body = json.dumps({"token": token, "access_token": token, "expires_in": 300})
    return world.reply(200, body, {"Content-Type": "application/json"})


# the registry


async def registry(world, request, host: str, row: others.Registry) -> web.StreamResponse:
    blob = BLOB.match(request.path)
    kind = "blobs" if blob else "manifests" if "/manifests/" in request.path else "ping"
    canned = await world.canned(f"others.{kind}")
    if canned is not None:
        return canned
    if kind == "manifests" and world.get("manifests_at"):
        place = f"https://{world.get('manifests_at')}{request.path}"
        return world.reply(307, "", {"Location": place})
    sent = {name: request.headers[name] for name in ("Authorization", "Accept")
            if name in request.headers}  # fmt: skip
    url = f"http://127.0.0.1:{others.TOKEN_PORT}{request.path_qs}"
    method = "HEAD" if blob else request.method
    async with world.client.request(method, url, headers=sent, allow_redirects=False) as answer:
        data = await answer.read()
        headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
        if answer.status == 401:
            told = answer.headers.get("Www-Authenticate", "")
            told = told.replace(others.REALM, row.realm).replace(others.SERVICE, row.service)
            headers["Www-Authenticate"] = told
        if blob and answer.status == 200:
            return redirect(world, row, blob[2], headers)
        return world.reply(answer.status, data, headers | rate(world, host, kind))


def rate(world, host: str, kind: str) -> dict[str, str]:
    if host != "registry-1.docker.io" or kind != "manifests":
        return {}
    left = world.get("pulls_left", 96)
    return {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": f"{left};w=21600"}


def redirect(world, row: others.Registry, digest: str, headers: dict) -> web.Response:
    secret = world.planted(secrets.token_urlsafe(40))
    place = f"https://{row.blobs}/registry-v2/sha256/{digest.removeprefix('sha256:')}/data"
    place = world.get("blobs_at") or f"{place}?verify={secret}"
    return world.reply(307, "", {**headers, "Content-Type": "text/html", "Location": place})


# the blob host


async def blob_host(world, request: web.Request) -> web.StreamResponse:
    canned = await world.canned("others.object")
    if canned is not None:
        return canned
    found = OBJECT.match(request.path)
    if request.headers.get("Authorization"):
        return world.reply(400, "no authorization is wanted here", {"Content-Type": "text/plain"})
    if not found or not request.query.get("verify"):
        return world.reply(403, "", {"Content-Type": "text/plain"})
    return world.reply(200, "", {"Content-Type": "application/octet-stream",
                                 "X-Accel-Redirect": f"/.blob/{found[1][:2]}/{found[1]}/data"})  # fmt: skip
