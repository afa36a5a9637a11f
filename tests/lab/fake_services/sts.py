"""STS: the query protocol, XML, and roles for those who may have them."""

from __future__ import annotations

import datetime
import re
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from aiohttp import web

import plan as p

from . import jwt, sigv4
from .world import request_id

SPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
# What the JSON services and the query services call the same.
CODES = {
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
    "IncompleteSignatureException": "IncompleteSignature",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
}


def reply(world, status: int, body: str) -> web.Response:
    return world.reply(status, body,
                       {"Content-Type": "text/xml", "x-amzn-RequestId": request_id()})  # fmt: skip


def error(world, code: str, message: str, status: int = 400) -> web.Response:
    return reply(world, status,
                 f"<ErrorResponse {SPACE}>\n  <Error>\n    <Type>Sender</Type>\n"
                 f"    <Code>{code}</Code>\n    <Message>{escape(message)}</Message>\n  </Error>\n"
                 f"  <RequestId>{request_id()}</RequestId>\n</ErrorResponse>\n")  # fmt: skip


def handed_out(world, action: str, session: str) -> web.Response:
    end = datetime.datetime.utcnow() + datetime.timedelta(seconds=world.get("sts_lasts", 3600))
    return reply(world, 200, f"""<{action}Response {SPACE}>
  <{action}Result>
    <AssumedRoleUser>
      <AssumedRoleId>AROAEXAMPLE:{session}</AssumedRoleId>
      <Arn>{p.SESSION}{session}</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{p.ASSUMED_KEY}</AccessKeyId>
      <SecretAccessKey>{p.ASSUMED_SECRET}</SecretAccessKey>
      <SessionToken>{p.ASSUMED_TOKEN}</SessionToken>
      <Expiration>{end:%Y-%m-%dT%H:%M:%SZ}</Expiration>
    </Credentials>
  </{action}Result>
  <ResponseMetadata><RequestId>{request_id()}</RequestId></ResponseMetadata>
</{action}Response>
""")


def web_identity(world, fields: dict) -> web.Response:
    token = fields.get("WebIdentityToken", "")
    wrong = jwt.refusal(world.planted(token), world.now())
    if wrong:
        return error(world, *wrong)
    if fields.get("RoleArn") != p.OTHER_ROLE or world.get("sts_trusts") is False:
        return error(world, "AccessDenied",
                     "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)  # fmt: skip
    return handed_out(world, fields["Action"], fields["RoleSessionName"])


def assume_role(world, request: web.Request, body: bytes, fields: dict) -> web.Response:
    wrong = sigv4.check(request.headers, request.method, request.raw_path, body, "sts", world)
    if wrong:
        return error(world, CODES.get(wrong[0], wrong[0]), wrong[1], 403)
    known = fields.get("RoleArn") == p.OTHER_ROLE and world.get("sts_trusts") is not False
    if not known or fields.get("ExternalId") != world.get("sts_external"):
        return error(world, "AccessDenied",
                     f"User: {p.PRINCIPAL} is not authorized to perform: sts:AssumeRole on "
                     f"resource: {fields.get('RoleArn')}", 403)  # fmt: skip
    return handed_out(world, fields["Action"], fields["RoleSessionName"])


async def answer(world, request: web.Request) -> web.StreamResponse:
    body = await request.read()
    fields = {k: v[0] for k, v in parse_qs(body.decode("latin-1")).items()}
    action = fields.get("Action", "")
    canned = await world.canned(f"sts.{action}", "sts")
    if canned is not None:
        return canned
    if not action:
        return error(world, "MissingAction", "One of the required parameters, Action, is missing")
    if fields.get("Version") != "2011-06-15":
        return error(world, "InvalidAction", f"Could not find operation {action} for version NO_VERSION_SPECIFIED")  # fmt: skip
    if not re.fullmatch(r"[\w+=,.@-]{2,64}", fields.get("RoleSessionName", "")):
        return error(world, "ValidationError", "1 validation error detected")
    if action == "AssumeRoleWithWebIdentity":
        return web_identity(world, fields)
    if action == "AssumeRole":
        return assume_role(world, request, body, fields)
    return error(world, "InvalidAction", f"Could not find operation {action}")
