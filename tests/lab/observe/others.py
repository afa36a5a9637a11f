"""A pull from a registry other than ECR, in Python: what each hop of it answers."""

from __future__ import annotations

import base64
import http.client
import json
import re
from urllib.parse import urlsplit

from .path import connect, context_of
from .words import in_task

import machine
import others
import plan as p


def _role_of(host: str) -> str:
    return next(role for role, one in p.SERVICES.items() if host in one.names)


def _get(lab, url: str, headers: dict):
    parts = urlsplit(url)
    host = parts.hostname or ""
    with connect(lab.plan.addresses4(_role_of(host))[0], 443) as one:
        one.settimeout(machine.limit(1.5))
        with context_of(lab).wrap_socket(one, server_hostname=host) as safe:
            connection = http.client.HTTPConnection(host)
            connection.sock = safe
            connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""),
                               headers=headers)  # fmt: skip
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()


def _basic(password: str) -> dict[str, str]:
    both = base64.b64encode(f"{others.USER}:{password}".encode()).decode()
    return {"Authorization": f"Basic {both}"} if password else {}


def challenge(lab, host: str) -> str:
    """What the registry asks for: the scheme, and where a token is to be had."""

    def work() -> str:
        status, headers, _ = _get(lab, f"https://{host}/v2/", {})
        told = headers.get("Www-Authenticate", headers.get("WWW-Authenticate", ""))
        realm = re.search(r'realm="([^"?]*)', told)
        scheme = told.split(" ")[0] or "nothing"
        where = f" {realm[1][:60]}" if realm and scheme == "Bearer" else ""
        return f"{status} {scheme}{where}"

    return in_task(lab, work)


def token(lab, realm: str, service: str, name: str, password: str = "") -> str:
    """The status of the token service, and its error."""

    def work() -> str:
        url = f"{realm}?service={service}&scope=repository:{name}:pull"
        status, _, body = _get(lab, url, _basic(password))
        told = json.loads(body)
        word = told["errors"][0]["code"] if "errors" in told else told.get("details", "")
        return f"{status}" if status == 200 else f"{status} {word}"

    return in_task(lab, work)


def fetched(lab, host: str, name: str, reference: str, realm: str = "", service: str = "",
            password: str = "") -> str:  # fmt: skip
    """The manifest's status, after a token where the registry wants one, and its error's code."""

    def work() -> str:
        headers = _basic(password) if not realm else {}
        if realm:
            url = f"{realm}?service={service}&scope=repository:{name}:pull"
            _, _, body = _get(lab, url, _basic(password))
            headers = {"Authorization": f"Bearer {json.loads(body)['token']}"}
        headers["Accept"] = "application/vnd.oci.image.index.v1+json"
        status, _, body = _get(lab, f"https://{host}/v2/{name}/manifests/{reference}", headers)
        return f"{status}" if status == 200 else f"{status} {json.loads(body)['errors'][0]['code']}"

    return in_task(lab, work)


__all__ = ["challenge", "fetched", "token"]
