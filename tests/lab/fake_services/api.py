"""The ECR API: AWS JSON 1.1 behind a signature check."""

from __future__ import annotations

import json

from aiohttp import web

import plan as p

from . import content, sigv4, start
from .world import request_id

PREFIX = "AmazonEC2ContainerRegistry_V20150921."


def reply(world, status: int, document: dict, code: str = "") -> web.Response:
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id()}
    if code:
        headers["x-amzn-ErrorType"] = code
    return world.reply(status, json.dumps(document), headers)


def error(world, code: str, message: str, status: int = 400) -> web.Response:
    return reply(world, status, {"__type": code, "message": message}, code)


async def answer(world, request: web.Request, service: str) -> web.StreamResponse:
    """One request to an AWS JSON service; those without operations refuse politely."""
    target = request.headers.get("X-Amz-Target", "")
    operation = target.removeprefix(PREFIX)
    signed = "Authorization" in request.headers
    if service == "ecr":
        hooks = [f"api.{operation}", "api.signed"] if signed else ["api.anonymous"]
        canned = await world.canned(*hooks, "api")
        if canned is not None:
            return canned
    body = await request.read()
    if not target:
        return world.reply(404, "<UnknownOperationException/>\n",
                           {"Content-Type": "application/xml", "x-amzn-RequestId": request_id()})
    wrong = sigv4.check(request.headers, request.method, request.raw_path, body, service, world)
    if wrong:
        return error(world, *wrong)
    if world.get("api_error"):
        wanted = world.get("api_error")
        return error(world, wanted["code"], wanted["message"], wanted.get("status", 400))
    done = start.work(world, service, target, body)
    if isinstance(done, tuple):
        return error(world, *done)
    if done is not None:
        return reply(world, 200, done)
    work = OPERATIONS.get(operation) if service == "ecr" else None
    if not work:
        return error(world, "UnknownOperationException", "")
    arguments = json.loads(body or b"{}")
    account = arguments.get("registryId", p.ACCOUNT)
    name = arguments.get("repositoryName")
    resource = f"arn:aws:ecr:{p.REGION}:{account}:repository/{name}" if name else "*"
    denied = world.denied(f"ecr:{operation}", resource)
    if denied:
        return reply(world, 400, {"__type": "AccessDeniedException", "Message": denied},
                     "AccessDeniedException")  # fmt: skip
    if name and not world.exists(name):
        return error(world, "RepositoryNotFoundException", _absent(account, name))
    return await work(world, arguments, account)


def _absent(account: str, name: str) -> str:
    return (f"The repository with name '{name}' does not exist in the registry "
            f"with id '{account}'")  # fmt: skip


async def get_authorization_token(world, arguments: dict, account: str):
    registry = (arguments.get("registryIds") or [account])[0]
    data = {
        "authorizationToken": world.token(),
        "expiresAt": round(world.now() + 12 * 3600, 3),
        "proxyEndpoint": f"https://{registry}.dkr.ecr.{p.REGION}.amazonaws.com",
    }
    return reply(world, 200, {"authorizationData": [data]})


async def batch_get_image(world, arguments: dict, account: str):
    name, found, failures = arguments["repositoryName"], [], []
    for one in arguments.get("imageIds", [])[:100]:
        reference = one.get("imageDigest") or one.get("imageTag", "")
        got = await content.manifest(world, name, reference)
        if not got:
            failures.append({"imageId": one, "failureCode": "ImageNotFound",
                             "failureReason": "Requested image not found"})  # fmt: skip
            continue
        kind, digest, data = got
        found.append({"registryId": account, "repositoryName": name,
                      "imageId": one | {"imageDigest": digest}, "imageManifest": data.decode(),
                      "imageManifestMediaType": kind})  # fmt: skip
    return reply(world, 200, {"images": found, "failures": failures})


async def get_download_url(world, arguments: dict, account: str):
    name, digest = arguments["repositoryName"], arguments.get("layerDigest", "")
    if await content.blob_size(world, name, digest) is None:
        return error(world, "LayersNotFoundException", f"The layer '{digest}' does not exist")
    url = sigv4.presign(p.S3, content.key(world, account, name, digest), world)
    return reply(world, 200, {"downloadUrl": url, "layerDigest": digest})


async def check_layers(world, arguments: dict, account: str):
    layers = []
    for digest in arguments.get("layerDigests", [])[:100]:
        size = await content.blob_size(world, arguments["repositoryName"], digest)
        state = "UNAVAILABLE" if size is None else "AVAILABLE"
        layers.append({"layerDigest": digest, "layerAvailability": state, "layerSize": size or 0})
    return reply(world, 200, {"layers": layers, "failures": []})


async def describe_images(world, arguments: dict, account: str):
    name, details = arguments["repositoryName"], []
    wanted = arguments.get("imageIds")
    if wanted is None:
        wanted = [{"imageTag": tag} for tag in await content.tags(world, name)]
    archived = world.get("archived", [])
    for one in wanted[:100]:
        reference = one.get("imageDigest") or one.get("imageTag", "")
        got = await content.manifest(world, name, reference)
        put_away = f"{name}:{reference}" in archived or f"{name}@{reference}" in archived
        if not got and not put_away:
            return error(world, "ImageNotFoundException",
                         f"The image with imageId {{imageDigest:'null', imageTag:'{reference}'}} "
                         f"does not exist within the repository with name '{name}' in the registry "
                         f"with id '{account}'")  # fmt: skip
        kind, digest, data = got or ("", "sha256:" + "0" * 64, b"")
        details.append({"registryId": account, "repositoryName": name, "imageDigest": digest,
                        "imageTags": [one["imageTag"]] if "imageTag" in one else [],
                        "imageSizeInBytes": len(data), "imageManifestMediaType": kind,
                        "imagePushedAt": 1760000000.0,
                        "imageStatus": "ARCHIVED" if put_away else "ACTIVE"})  # fmt: skip
    return reply(world, 200, {"imageDetails": details})


async def list_images(world, arguments: dict, account: str):
    name = arguments["repositoryName"]
    ids = [{"imageTag": tag} for tag in await content.tags(world, name)]
    return reply(world, 200, {"imageIds": ids})


async def describe_repositories(world, arguments: dict, account: str):
    names = arguments.get("repositoryNames") or sorted(world.repositories)
    for name in names:
        if not world.exists(name):
            return error(world, "RepositoryNotFoundException", _absent(account, name))
    return reply(world, 200, {"repositories": [
        {"registryId": account, "repositoryName": name,
         "repositoryArn": f"arn:aws:ecr:{p.REGION}:{account}:repository/{name}",
         "repositoryUri": f"{account}.dkr.ecr.{p.REGION}.amazonaws.com/{name}"}
        for name in names]})  # fmt: skip


OPERATIONS = {
    "GetAuthorizationToken": get_authorization_token,
    "BatchGetImage": batch_get_image,
    "GetDownloadUrlForLayer": get_download_url,
    "BatchCheckLayerAvailability": check_layers,
    "DescribeImages": describe_images,
    "ListImages": list_images,
    "DescribeRepositories": describe_repositories,
}
