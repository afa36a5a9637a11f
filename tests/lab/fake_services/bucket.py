"""The layer bucket: checks the presigned URL, then leaves the bytes to nginx."""

from __future__ import annotations

import asyncio
import secrets

from aiohttp import web

import plan as p

from . import sigv4


def xml_error(world, status: int, code: str, message: str, more: str = "") -> web.Response:
    request_id, host_id = secrets.token_hex(8).upper(), secrets.token_urlsafe(56)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message>{more}"
        f"<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId></Error>"
    )
    return world.reply(status, body, signature(request_id, host_id, "application/xml"))


def signature(request_id: str, host_id: str, kind: str) -> dict[str, str]:
    return {"Server": "AmazonS3", "x-amz-request-id": request_id, "x-amz-id-2": host_id,
            "Content-Type": kind}  # fmt: skip


async def answer(world, request: web.Request) -> web.StreamResponse:
    path, _, query = request.raw_path.partition("?")
    key = request.path.lstrip("/")
    canned = await world.canned("s3.object" if query else "s3.anonymous", "s3")
    if canned is not None:
        return canned
    if request.headers.get("Authorization") and query:
        text = ("Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
                "Signature query string parameter or the Authorization header should be specified")
        return xml_error(world, 400, "InvalidArgument", text)
    if not query:
        return xml_error(world, 403, "AccessDenied", "Access Denied")
    wrong = sigv4.check_presigned(
        request.method, request.headers["Host"], request.path, query, world.now()
    )
    if wrong:
        return xml_error(world, 403, *wrong)
    if world.get("s3_error") is not None:
        return await refuse(world, key)
    if key not in world.objects:
        return xml_error(world, 404, "NoSuchKey", "The specified key does not exist.",
                         f"<Key>{key}</Key>")  # fmt: skip
    text = world.objects[key].removeprefix("sha256:")
    headers = signature(secrets.token_hex(8).upper(), secrets.token_urlsafe(56),
                        "binary/octet-stream")  # fmt: skip
    headers["X-Accel-Redirect"] = f"/.blob/{text[:2]}/{text}/data"
    return world.reply(200, "", headers)


async def refuse(world, key: str) -> web.Response:
    """The refusal that a fault asks for: status, code, message, and a `context` of IAM's."""
    wanted = world.get("s3_error")
    await asyncio.sleep(wanted.get("delay", 0))
    message = wanted.get("message", "Access Denied")
    if "context" in wanted:
        message = (
            f"User: {p.STORAGE_ROLE} is not authorized to perform: s3:GetObject on resource: "
            f'"arn:aws:s3:::{p.BUCKET}/{key}" {wanted["context"]}'
        )
    return xml_error(world, wanted.get("status", 403), wanted.get("code", "AccessDenied"),
                     message, wanted.get("more", ""))  # fmt: skip
