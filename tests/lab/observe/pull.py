"""What speaks over the path: HTTP, the API signed by botocore, and a pull in Python."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import machine
import plan as p
from fake_services.content import TYPES
from images import blob_path

from .path import address_of, connect, context_of
from .words import PATIENCE, in_task


def _ask(lab, role: str, method: str, path: str, headers: dict, body: bytes = b"", host: str = "",
         patience: float = 1.5):  # fmt: skip
    """One HTTPS request inside the task's namespace: status, headers, body."""
    host = host or lab.plan.host(role)
    with connect(address_of(lab, role), 443) as one:
        one.settimeout(machine.limit(patience))
        context = context_of(lab)
        with context.wrap_socket(one, server_hostname=host) as safe:
            connection = http.client.HTTPConnection(host)
            connection.sock = safe
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()


def http_get(lab, role: str, path: str = "/", part: str = "") -> str:
    """The status, and with `part` whether the body has that text."""

    def work() -> str:
        status, _, body = _ask(lab, role, "GET", path, {})
        return f"{status}{' ' + part if part and part.encode() in body else ''}"

    return in_task(lab, work)


def credentials(lab, url: str = "") -> str:
    """The status of the task's credential endpoint, and ok when its body has keys."""
    parts = urlsplit(url or f"http://{p.METADATA}{p.CREDENTIALS_PATH}")

    def work() -> str:
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=machine.limit(PATIENCE))
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        text = answer.read()
        with contextlib.suppress(ValueError):
            if {"AccessKeyId", "SecretAccessKey"} <= set(json.loads(text)):
                return f"{answer.status} ok"
        return f"{answer.status} {text[:40].decode('latin-1')}".strip()

    return in_task(lab, work)


def _signed(lab, operation: str, arguments: dict, offset: float = 0):
    """A signed ECR request with the credentials of the endpoint, as botocore makes it."""
    connection = http.client.HTTPConnection(p.METADATA, timeout=machine.limit(PATIENCE))
    connection.request("GET", p.CREDENTIALS_PATH)
    keys = json.loads(connection.getresponse().read())
    host, body = lab.plan.host("api"), json.dumps(arguments).encode()
    request = AWSRequest("POST", f"https://{host}/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.1", "Host": host,
        "X-Amz-Target": f"AmazonEC2ContainerRegistry_V20150921.{operation}"})  # fmt: skip
    owner = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["Token"])
    SigV4Auth(owner, "ecr", p.REGION).add_auth(request)
    return _ask(lab, "api", "POST", "/", dict(request.headers), body)


def api(lab, operation: str = "GetAuthorizationToken", **arguments) -> str:
    """200, or the status and the error's code."""

    def work() -> str:
        status, _, body = _signed(lab, operation, arguments)
        if status == 200:
            return "200"
        with contextlib.suppress(ValueError):
            return f"{status} {json.loads(body).get('__type', '')}".strip()
        return f"{status}"

    return in_task(lab, work)


def api_says(lab, text: str) -> str:
    """yes when the API's refusal has this text."""

    def work() -> str:
        _, _, body = _signed(lab, "GetAuthorizationToken", {})
        return "yes" if text in body.decode("latin-1") else body.decode("latin-1")[:120]

    return in_task(lab, work)


def api_clock(lab) -> str:
    """How the API's clock stands to ours."""

    def work() -> str:
        _, headers, _ = _ask(lab, "api", "GET", "/", {})
        there = time.mktime(time.strptime(headers["Date"], "%a, %d %b %Y %H:%M:%S %Z"))
        apart = there - time.mktime(time.gmtime())
        return "ahead" if apart > 300 else "behind" if apart < -300 else "right"

    return in_task(lab, work)


class Puller:
    """A pull in Python, one thing after the other, as far as it goes."""

    def __init__(self, lab):
        self.lab = lab

    def token(self) -> str:
        status, _, body = _signed(self.lab, "GetAuthorizationToken", {})
        if status != 200:
            raise ConnectionError(f"token {status}")
        return json.loads(body)["authorizationData"][0]["authorizationToken"]

    def registry(self, path: str, token: str, host: str = ""):
        headers = {"Authorization": f"Basic {token}", "Accept": TYPES}
        return _ask(self.lab, "dkr", "GET", path, headers, host=host)

    def object(self, url: str, headers: dict | None = None):
        parts = urlsplit(url)
        return _ask(self.lab, "s3", "GET", f"{parts.path}?{parts.query}", headers or {},
                    host=parts.hostname)  # fmt: skip


def manifest(lab, repository: str, reference: str, host: str = "") -> str:
    """200, or the status and the registry's code."""

    def work() -> str:
        pull = Puller(lab)
        path = f"/v2/{repository}/manifests/{reference}"
        status, headers, body = pull.registry(path, pull.token(), host)
        if status == 200:
            kind = headers.get("Content-Type", "")
            same = "sha256:" + hashlib.sha256(body).hexdigest() == headers["Docker-Content-Digest"]
            return ("200" if same else "200 altered") + (" v1" if "v1+prettyjws" in kind else "")
        with contextlib.suppress(ValueError):
            return f"{status} {json.loads(body)['errors'][0]['code']}"
        return f"{status}"

    return in_task(lab, work)


def manifest_says(lab, repository: str, reference: str, text: str, host: str = "") -> str:
    def work() -> str:
        pull = Puller(lab)
        path = f"/v2/{repository}/manifests/{reference}"
        _, _, body = pull.registry(path, pull.token(), host)
        return "yes" if text in body.decode("latin-1") else body.decode("latin-1")[:200]

    return in_task(lab, work)


def platforms(lab, repository: str, reference: str) -> str:
    """The platforms of an index, or of the configuration of a single manifest."""

    def work() -> str:
        pull = Puller(lab)
        token = pull.token()
        _, _, body = pull.registry(f"/v2/{repository}/manifests/{reference}", token)
        document = json.loads(body)
        if "manifests" in document:
            return " ".join(sorted(m["platform"]["architecture"] for m in document["manifests"]))
        path = f"/v2/{repository}/blobs/{document['config']['digest']}"
        _, headers, _ = pull.registry(path, token)
        return json.loads(pull.object(headers["Location"])[2])["architecture"]

    return in_task(lab, work)


def blob(lab, image: str = "multi-amd64") -> str:
    """The registry's answer for the image's first layer: status and the Location's host or code."""
    digest = _layer(lab, image)

    def work() -> str:
        pull = Puller(lab)
        status, headers, body = pull.registry(f"/v2/app/blobs/{digest}", pull.token())
        if status == 307:
            parts = urlsplit(headers.get("Location", ""))
            return f"307 {parts.scheme} {parts.hostname}" if parts.scheme else "307 nowhere"
        with contextlib.suppress(ValueError):
            return f"{status} {json.loads(body)['errors'][0]['code']}"
        return f"{status}"

    return in_task(lab, work)


def layer(lab, image: str = "multi-amd64", text: str = "", ranged: bool = False) -> str:
    """The bucket's answer for the image's first layer: ok, altered, short, or status and code."""
    digest = _layer(lab, image)

    def work() -> str:
        pull = Puller(lab)
        _, headers, _ = pull.registry(f"/v2/app/blobs/{digest}", pull.token())
        status, _, body = pull.object(headers["Location"], {"Range": "bytes=0-0"} if ranged else {})
        if status == 206:
            return f"206 {len(body)}"
        if status == 200:
            return "ok" if "sha256:" + hashlib.sha256(body).hexdigest() == digest else "altered"
        code = body.decode("latin-1").partition("<Code>")[2].partition("<")[0]
        return f"{status} {code}".strip() + (" says so" if text and text.encode() in body else "")

    return in_task(lab, work)


def _layer(lab, image: str) -> str:
    """The digest of an image's first layer, read from the registry's store."""
    settings = json.loads((lab.directory / "lab.json").read_text())
    path = blob_path(Path(settings["store"]), settings["images"][image]["digest"])
    return json.loads(path.read_text())["layers"][0]["digest"]


def variable(lab, name: str) -> str:
    return "set" if name in lab.environment() else "absent"
