"""Looking at the lab without pullprobe: what a fault's own check is made of.

Every function is called with the lab and tells what it saw in a word or two. Sockets are
opened inside the task's namespace, names are asked of its resolvers, requests are signed by
botocore. Timeouts are short: nothing in the lab is far away.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import http.client
import json
import random
import socket
import ssl
import struct
import time
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import plan as p
from fronts.content import TYPES
from shell import inside

PATIENCE = 0.6
WORDS = {errno.ECONNREFUSED: "refused", errno.ENETUNREACH: "no route",
         errno.EHOSTUNREACH: "host unreachable", errno.ECONNRESET: "reset",
         errno.EACCES: "prohibited", errno.EINVAL: "invalid"}  # fmt: skip


def word(error: BaseException) -> str:
    """A failure as one of a few words."""
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLEOFError):
        return "closed"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "tls").lower().replace("_", " ")
    if isinstance(error, (http.client.RemoteDisconnected, http.client.IncompleteRead)):
        return "closed"
    if isinstance(error, http.client.BadStatusLine):
        return "not http"
    return WORDS.get(getattr(error, "errno", 0) or 0, type(error).__name__)


def _in_task(lab, work) -> str:
    def guarded() -> str:
        try:
            return work()
        except (OSError, ssl.SSLError, http.client.HTTPException) as error:
            return word(error)

    return inside(lab.plan.ns("task"), guarded)


def _address(lab, where: str, pick: int = 0) -> str:
    """An address: given as such, or a role's nth."""
    if where in p.SERVICES:
        plan = lab.plan
        return (plan.addresses4(where) if plan.v4 else plan.addresses6(where))[pick]
    return where


def _connect(address: str, port: int, source: int = 0, patience: float = PATIENCE):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.settimeout(patience)
    try:
        if source:
            one.bind(("", source))
        one.connect((address, port))
    except BaseException:
        one.close()
        raise
    return one


def tcp(lab, where: str, port: int = 443, pick: int = 0, source: int = 0) -> str:
    """open, timeout, refused, no route, ..."""
    address = _address(lab, where, pick)

    def work() -> str:
        with _connect(address, port, source):
            return "open"

    return _in_task(lab, work)


def public_api(lab) -> str:
    """Whether the API's public address answers."""
    return tcp(lab, p.SERVICES["api"].public4[0])


def losses(lab, where: str, tries: int = 40) -> str:
    """lossy when some of many short attempts fail, and some do not."""
    address = _address(lab, where)

    def work() -> str:
        seen = set()
        for _ in range(tries):
            try:
                _connect(address, 443, patience=0.05).close()
                seen.add("open")
            except (TimeoutError, socket.timeout):
                seen.add("timeout")
            if len(seen) == 2:
                return "lossy"
        return "always " + seen.pop()

    return _in_task(lab, work)


def _query(name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(x)]) + x.encode() for x in name.split("."))
    head = struct.pack("!6H", random.getrandbits(16), 0x0100, 1, 0, 0, 0)
    return head + labels + b"\0" + struct.pack("!2H", kind, 1)


def _addresses(packet: bytes) -> list[str]:
    count, at = struct.unpack_from("!H", packet, 6)[0], 12
    found = []

    def skip(at: int) -> int:
        while packet[at]:
            if packet[at] >= 0xC0:
                return at + 2
            at += packet[at] + 1
        return at + 1

    at = skip(at) + 4
    for _ in range(count):
        at = skip(at)
        kind, _, _, size = struct.unpack_from("!HHIH", packet, at)
        at += 10
        if kind == 1:
            found.append(socket.inet_ntop(socket.AF_INET, packet[at : at + 4]))
        elif kind == 28:
            found.append(socket.inet_ntop(socket.AF_INET6, packet[at : at + 16]))
        at += size
    return found


def _judge(packet: bytes) -> str:
    flags = struct.unpack_from("!H", packet, 2)[0]
    if len(packet) < 12:
        return "garbage"
    if flags & 0x0200:
        return "truncated"
    rcode = {0: "", 2: "servfail", 3: "nxdomain", 5: "refused"}.get(flags & 15, "garbage")
    return rcode or " ".join(sorted(_addresses(packet))) or "nodata"


def resolver(lab) -> str:
    """The first name server of the task's resolv.conf."""
    for line in (lab.directory / "resolv.conf").read_text().splitlines():
        if line.startswith("nameserver"):
            return line.split()[1]
    return ""


def dns(lab, name: str, kind: str = "A", server: str = "", stream: bool = False) -> str:
    """The addresses, or nxdomain, servfail, refused, nodata, truncated, timeout."""
    query = _query(lab.plan.host(name) if name in p.SERVICES else name, {"A": 1, "AAAA": 28}[kind])
    address = server or resolver(lab)

    def work() -> str:
        if stream:
            with _connect(address, 53) as one:
                one.sendall(struct.pack("!H", len(query)) + query)
                data = one.recv(2)
                if len(data) < 2:
                    return "closed"
                return _judge(one.recv(struct.unpack("!H", data)[0]))
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.settimeout(PATIENCE)
            one.connect((address, 53))
            one.send(query)
            return _judge(one.recv(4096))

    return _in_task(lab, work)


def dns_tcp(lab, name: str, kind: str = "A", server: str = "") -> str:
    return dns(lab, name, kind, server, True)


def dns_is(lab, name: str, role_or_address: str) -> str:
    """yes when the name has exactly the role's (or the given) addresses."""
    wanted = role_or_address.split()
    if role_or_address in p.SERVICES:
        wanted = list(lab.plan.addresses4(role_or_address))
    return "yes" if sorted(dns(lab, name).split()) == sorted(wanted) else dns(lab, name)


def _context(lab, verify: bool = True) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(lab.ca_file))
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def tls(lab, role: str, name: str | None = None, verify: bool = True, mss: int = 0) -> str:
    """The protocol version, or what failed."""
    address, host = _address(lab, role), name or lab.plan.host(role)

    def work() -> str:
        with _connect_mss(address, mss) as one:
            with _context(lab, verify).wrap_socket(one, server_hostname=host) as safe:
                return safe.version() or ""

    return _in_task(lab, work)


def _connect_mss(address: str, mss: int):
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    one.settimeout(PATIENCE)
    if mss:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
    try:
        one.connect((address, 443))
    except BaseException:
        one.close()
        raise
    return one


def tls_without_name(lab, role: str) -> str:
    """The handshake with a small ClientHello: no server name, one group, no verification."""
    address = _address(lab, role)

    def work() -> str:
        context = _context(lab, False)
        context.set_ecdh_curve("prime256v1")
        with _connect(address, 443) as one, context.wrap_socket(one) as safe:
            return safe.version() or ""

    return _in_task(lab, work)


def hello(lab, role: str, size: int) -> str:
    """answered when a ClientHello padded to `size` bytes gets any answer."""
    address, host = _address(lab, role), lab.plan.host(role)

    def work() -> str:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        box = _context(lab).wrap_bio(incoming, outgoing, server_hostname=host)
        with contextlib.suppress(ssl.SSLWantReadError):
            box.do_handshake()
        data = bytearray(outgoing.read())
        pad = max(0, size - len(data) - 4)
        if pad:  # the padding extension (RFC 7685), counted in every length around it
            data += struct.pack("!2H", 21, pad) + bytes(pad)
            at = 43 + 1 + data[43]
            at += 2 + struct.unpack_from("!H", data, at)[0]
            at += 1 + data[at]
            struct.pack_into("!H", data, at, struct.unpack_from("!H", data, at)[0] + pad + 4)
            struct.pack_into("!H", data, 3, len(data) - 5)
            data[6:9] = struct.pack("!I", len(data) - 9)[1:]
        with _connect(address, 443) as one:
            one.sendall(data)
            return "answered" if one.recv(1) else "closed"

    return _in_task(lab, work)


def banner(lab, role: str) -> str:
    """What the other side says unasked."""
    address = _address(lab, role)

    def work() -> str:
        with _connect(address, 443) as one:
            return one.recv(40).decode("latin-1").strip()

    return _in_task(lab, work)


def _ask(lab, role: str, method: str, path: str, headers: dict, body: bytes = b"", host: str = "",
         patience: float = 1.5):  # fmt: skip
    """One HTTPS request inside the task's namespace: status, headers, body."""
    host = host or lab.plan.host(role)
    with _connect(_address(lab, role), 443) as one:
        one.settimeout(patience)
        context = _context(lab)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
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

    return _in_task(lab, work)


def credentials(lab, url: str = "") -> str:
    """The status of the task's credential endpoint, and ok when its body has keys."""
    parts = urlsplit(url or f"http://{p.METADATA}{p.CREDENTIALS_PATH}")

    def work() -> str:
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=PATIENCE)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        text = answer.read()
        with contextlib.suppress(ValueError):
            if {"AccessKeyId", "SecretAccessKey"} <= json.loads(text).keys():
                return f"{answer.status} ok"
        return f"{answer.status} {text[:40].decode('latin-1')}".strip()

    return _in_task(lab, work)


def _signed(lab, operation: str, arguments: dict, offset: float = 0):
    """A signed ECR request with the credentials of the endpoint, as botocore makes it."""
    connection = http.client.HTTPConnection(p.METADATA, timeout=PATIENCE)
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

    return _in_task(lab, work)


def api_says(lab, text: str) -> str:
    """yes when the API's refusal has this text."""

    def work() -> str:
        _, _, body = _signed(lab, "GetAuthorizationToken", {})
        return "yes" if text in body.decode("latin-1") else body.decode("latin-1")[:120]

    return _in_task(lab, work)


def api_clock(lab) -> str:
    """How the API's clock stands to ours."""

    def work() -> str:
        _, headers, _ = _ask(lab, "api", "GET", "/", {})
        there = time.mktime(time.strptime(headers["Date"], "%a, %d %b %Y %H:%M:%S %Z"))
        apart = there - time.mktime(time.gmtime())
        return "ahead" if apart > 300 else "behind" if apart < -300 else "right"

    return _in_task(lab, work)


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

    return _in_task(lab, work)


def manifest_says(lab, repository: str, reference: str, text: str, host: str = "") -> str:
    def work() -> str:
        pull = Puller(lab)
        path = f"/v2/{repository}/manifests/{reference}"
        _, _, body = pull.registry(path, pull.token(), host)
        return "yes" if text in body.decode("latin-1") else body.decode("latin-1")[:200]

    return _in_task(lab, work)


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

    return _in_task(lab, work)


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

    return _in_task(lab, work)


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
        return f"{status} {code}" + (" says so" if text and text.encode() in body else "")

    return _in_task(lab, work)


def _layer(lab, image: str) -> str:
    """The digest of an image's first layer, read from the registry's store."""
    from images import blob_path

    settings = json.loads((lab.directory / "lab.json").read_text())
    from pathlib import Path

    path = blob_path(Path(settings["store"]), settings["images"][image]["digest"])
    return json.loads(path.read_text())["layers"][0]["digest"]


def variable(lab, name: str) -> str:
    return "set" if name in lab.environment() else "absent"


def decoded_token(token: str) -> str:
    return base64.b64decode(token).decode().split(":", 1)[0]
