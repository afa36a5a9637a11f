"""The registry host: ECR's answers before docker-registry's content."""

from __future__ import annotations

import json
import re

from aiohttp import web

import plan as p

from . import content, sigv4

ROUTE = re.compile(r"^/v2/(?P<name>.+)/(?P<kind>manifests|blobs|tags)/(?P<what>[^/]+)$")
ACTIONS = {
    "manifests": "ecr:BatchGetImage",
    "blobs": "ecr:GetDownloadUrlForLayer",
    "tags": "ecr:ListImages",
}
EXPIRED = "Your authorization token has expired. Reauthenticate and try again."


def error(world, status: int, code: str, message: str) -> web.Response:
    body = json.dumps({"errors": [{"code": code, "message": message}]}) + "\n"
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return world.reply(status, body, kind | version())


def version() -> dict[str, str]:
    return {"Docker-Distribution-Api-Version": "registry/2.0"}


def challenge(world, host: str) -> web.Response:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Www-Authenticate": f'Basic realm="https://{host}/",service="ecr.amazonaws.com"',
    }
    return world.reply(401, "Not Authorized\n", headers | version())


async def answer(world, request: web.Request) -> web.StreamResponse:
    host = request.headers.get("Host", "").split(":")[0]
    route = ROUTE.match(request.path)
    kind = route["kind"] if route else "ping"
    given = request.headers.get("Authorization", "")
    hooks = [f"dkr.{kind}", "dkr"] if given else ["dkr.anonymous", "dkr"]
    canned = await world.canned(*hooks)
    if canned is not None:
        return canned
    if not given.startswith("Basic ") or world.get("refuse_token"):
        return challenge(world, host)
    if given[6:].strip() not in world.tokens or world.get("stale_token"):
        return error(world, 403, "DENIED", EXPIRED)
    if not route:
        known = request.path in ("/v2/", "/v2")
        return world.reply(200 if known else 404, "" if known else "404 page not found\n",
                           {"Content-Type": "text/plain"} | version())  # fmt: skip
    account, name = host.split(".")[0], route["name"]
    denied = world.denied(ACTIONS[kind], f"arn:aws:ecr:{p.REGION}:{account}:repository/{name}")
    if denied:
        return error(world, 403, "DENIED", denied)
    if not world.exists(name):
        text = f"The repository with name '{name}' does not exist in the registry with id '{account}'"
        return error(world, 404, "NAME_UNKNOWN", text)
    if kind == "tags":
        body = json.dumps({"name": name, "tags": await content.tags(world, name)})
        return world.reply(200, body, {"Content-Type": "application/json"} | version())
    work = manifest if kind == "manifests" else blob
    return await work(world, request, account, name, route["what"])


async def manifest(world, request, account: str, name: str, reference: str):
    accept = ", ".join(request.headers.getall("Accept", ["*/*"]))
    found = await content.manifest(world, name, reference, accept)
    if not found:
        return error(world, 404, "MANIFEST_UNKNOWN", "Requested image not found")
    kind, digest, data = found
    swaps = world.get("manifest_swap", {})
    replaced = swaps.get(reference, swaps.get(f"{name}:{reference}"))
    if replaced:
        kind = replaced.get("kind", kind)
        data = replaced["body"].encode() if "body" in replaced else data
        digest = replaced.get("digest", digest)
        data = data[: len(data) - replaced.get("cut", 0)]
        data += b" " * replaced.get("pad", 0)
    headers = {"Content-Type": kind, "Docker-Content-Digest": digest} | version()
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(data))
        data = b""
    return world.reply(200, data, headers)


async def blob(world, request, account: str, name: str, digest: str):
    size = await content.blob_size(world, name, digest) if content.DIGEST.match(digest) else None
    if size is None:
        return error(world, 404, "BLOB_UNKNOWN", "The layer does not exist in the repository")
    dual = ".dkr-ecr" in request.headers["Host"] and not world.get("redirect_plain")
    bucket = p.S3_DUAL if dual else p.S3
    place = world.get("redirect") or sigv4.presign(
        bucket, content.key(world, account, name, digest), world
    )
    headers = {"Content-Type": "text/html; charset=utf-8", "Location": place} | version()
    if world.get("redirect") == "none":
        del headers["Location"]
    return world.reply(307, "" if request.method == "HEAD" else "Temporary Redirect\n", headers)
