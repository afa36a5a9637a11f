"""Who hands out credentials: the instance metadata, STS, and what stands in files."""

from __future__ import annotations

import http.client
from urllib.parse import urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import machine
import plan as p
from fake_services.local import IMDS_ROLES, INSTANCE_ROLE

from .pull import _ask
from .words import PATIENCE, in_task

TTL = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}


def _metadata(address: str, method: str, path: str, headers: dict) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address, 80, timeout=machine.limit(PATIENCE))
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def imds(lab, what: str = "credentials", address: str = p.IMDS) -> str:
    """The status of one of IMDSv2's questions, with its body's beginning where that is short.

    `get` is asked without a token, and `token` is the PUT; the others need one first.
    """

    def work() -> str:
        if what == "get":
            return f"{_metadata(address, 'GET', IMDS_ROLES, {})[0]}"
        status, token = _metadata(address, "PUT", "/latest/api/token", TTL)
        if what == "token" or status != 200:
            return f"{status}"
        path = IMDS_ROLES + (INSTANCE_ROLE if what == "credentials" else "")
        headers = {"X-aws-ec2-metadata-token": token.decode("latin-1")}
        status, body = _metadata(address, "GET", path, headers)
        if b"SecretAccessKey" in body and body.endswith(b"}"):
            return f"{status} ok"
        return f"{status} {body[:40].decode('latin-1')}".strip()

    return in_task(lab, work)


def _form(lab, fields: dict, owner: Credentials | None = None) -> str:
    host, body = lab.plan.host("sts"), urlencode({"Version": "2011-06-15", **fields}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Host": host}
    if owner:
        request = AWSRequest("POST", f"https://{host}/", data=body, headers=headers)
        SigV4Auth(owner, "sts", p.REGION).add_auth(request)
        headers = dict(request.headers)
    status, _, answer = _ask(lab, "sts", "POST", "/", headers, body)
    text = answer.decode("latin-1")
    code = text.partition("<Code>")[2].partition("<")[0]
    if not code and status == 200:
        code = "ok" if text.rstrip().endswith("Response>") else text[:20]
    return f"{status} {code}".strip()


def web_identity(lab, file: str = "token") -> str:
    """What STS says to the token in the task's file: status and code, or 200 ok."""
    token = (lab.directory / "files" / file).read_bytes().decode("latin-1")
    return in_task(lab, lambda: _form(lab, {
        "Action": "AssumeRoleWithWebIdentity", "RoleArn": p.OTHER_ROLE,
        "RoleSessionName": "observer", "WebIdentityToken": token}))  # fmt: skip


def assume(lab, secret: str = p.SECRET_KEY, **more) -> str:
    """What STS says when the task's role asks for another."""
    owner = Credentials(p.ACCESS_KEY, secret, p.SESSION_TOKEN)
    return in_task(lab, lambda: _form(lab, {
        "Action": "AssumeRole", "RoleArn": p.OTHER_ROLE, "RoleSessionName": "observer",
        **more}, owner))  # fmt: skip


def file_has(lab, name: str, text: str) -> str:
    """yes when the task's file has the text in it, absent when there is no such file."""
    path = lab.directory / "files" / name
    if not path.exists():
        return "absent"
    return "yes" if text.encode("latin-1") in path.read_bytes() else "no"
