"""ECR for a push: its API and its registry behind TLS on loopback, and a resolver that leads every name there.
What ECR does and says is of its documentation and of real clients' issues; a request that ECR would take
otherwise than the distribution protocol says (PATCH) is a mistake of the test's subject."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import ssl
import struct
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.validate import ParamValidator
from control_plane import KEY, MODELS, SECRET, TOKEN, Refused, check_signature

ACCOUNT = "123456789012"
HOST = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
PASSWORD = base64.b64encode(b"AWS:eyJwYXlsb2FkIjoi").decode()
USER = f"arn:aws:iam::{ACCOUNT}:user/dev"


def denial(action: str) -> str:
    return f"User: {USER} is not authorized to perform: {action} on resource: arn:aws:ecr:us-east-1:{ACCOUNT}:" \
           "repository/shop/probe because no identity-based policy allows the action"  # fmt: skip


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def answer_name(question: bytes) -> bytes:
    """127.0.0.1 for every A question, no data for others."""
    end = 12
    while question[end]:
        end += question[end] + 1
    is_a = question[end + 1 : end + 3] == b"\0\1"
    head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, is_a, 0, 0) + question[12 : end + 5]
    return head + (b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if is_a else b"")


class Registry(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status: int, body: bytes = b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status: int, code: str, message: str):
        self.send(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode())

    def fault(self, name: str) -> bool:
        """Whether a fault is still to happen; `True` is without end."""
        left = self.server.world.get(name, 0)
        if left and left is not True:
            self.server.world[name] = left - 1
        return bool(left)

    def api(self, body: bytes):
        world, name = self.server.world, self.headers["X-Amz-Target"].split(".")[1]
        parameters = json.loads(body)
        assert check_signature(self, body, {KEY: (SECRET, TOKEN)}) == "ecr"
        operation = MODELS["ecr"].operation_model(name)
        report = ParamValidator().validate(parameters, operation.input_shape)
        assert not report.has_errors(), report.generate_report()
        if f"ecr:{name}" in world.get("denied", ()):
            raise Refused("AccessDeniedException", 400, denial(f"ecr:{name}"))
        if name == "GetAuthorizationToken":
            token = [{"authorizationToken": PASSWORD, "expiresAt": 4102444800}]
            return self.send(200, json.dumps({"authorizationData": token}).encode())
        assert name == "CreateRepository" and parameters["registryId"] == ACCOUNT, (name, parameters)
        if self.fault("many_repositories"):
            raise Refused("LimitExceededException", 400, "The maximum number of repositories is reached")
        if parameters["repositoryName"] in world["repositories"]:
            raise Refused("RepositoryAlreadyExistsException", 400, "The repository already exists")
        world["repositories"][parameters["repositoryName"]] = {}
        return self.send(200, json.dumps({"repository": {"repositoryName": parameters["repositoryName"]}}).encode())

    def registry(self, method: str, body: bytes):
        world, url = self.server.world, urlsplit(self.path)
        if self.headers.get("Authorization") != f"Basic {PASSWORD}":
            self.send(401, b"Not Authorized", WWW_Authenticate=f'Basic realm="https://{HOST}/"')
            return
        name, kind, what = url.path[len("/v2/") :].rsplit("/", 2) if "/uploads/" not in url.path else (
            url.path[len("/v2/") :].split("/blobs/")[0], "uploads", url.path.rsplit("/", 1)[1])  # fmt: skip
        action = {"manifests": "ecr:PutImage" if method == "PUT" else "ecr:BatchGetImage",
                  "blobs": "ecr:BatchCheckLayerAvailability",
                  "uploads": "ecr:CompleteLayerUpload" if what else "ecr:InitiateLayerUpload"}[kind]  # fmt: skip
        if action in world.get("denied", ()):
            return self.refuse(403, "DENIED", denial(action))
        if self.fault("throttled") and method in ("POST", "PUT"):
            return self.refuse(429, "TOOMANYREQUESTS", "Rate exceeded")
        found = world["repositories"].get(name)
        if found is None:
            return self.refuse(404, "NAME_UNKNOWN", f"The repository with name '{name}' does not exist in the "
                                                    f"registry with id '{ACCOUNT}'")  # fmt: skip
        work = {"manifests": self.manifest, "blobs": self.blob, "uploads": self.upload}[kind]
        return work(method, found, name, what, body)

    def blob(self, method: str, found: dict, name: str, what: str, body: bytes):
        assert method == "HEAD", method
        self.send(200 if what in found else 404, Docker_Content_Digest=what)

    def upload(self, method: str, found: dict, name: str, what: str, body: bytes):
        url = urlsplit(self.path)
        base = f"/v2/{name}/blobs/uploads/5e1c"
        if method == "POST":
            assert not what and not body
            place = self.server.world.get("location", "{base}").format(base=base, port=self.server.server_port)
            return self.send(202, Location=place, Docker_Upload_UUID="5e1c", Range="0-0")
        assert method == "PUT" and what == "5e1c", "ECR takes a layer in one PUT, or its PATCH misleads"
        assert "Content-Range" not in self.headers and self.headers["Content-Type"] == "application/octet-stream"
        wanted = parse_qs(url.query)["digest"][0]
        if self.fault("changed"):
            return self.refuse(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        assert digest(body) == wanted
        found[wanted] = body
        told = wanted if not self.fault("other_digest") else digest(b"other")
        return self.send(201, Docker_Content_Digest=told, Location=f"/v2/{name}/blobs/{wanted}")

    def manifest(self, method: str, found: dict, name: str, what: str, body: bytes):
        tags = found.setdefault("tags", {})
        if method == "HEAD":
            there = tags.get(unquote(what))
            return self.send(200, Docker_Content_Digest=digest(there)) if there else self.send(404)
        assert method == "PUT" and self.headers["Content-Type"] == "application/vnd.oci.image.manifest.v1+json"
        if what in tags and found.get("immutable"):
            return self.refuse(400, "TAG_INVALID", f"The image tag '{what}' already exists in the '{name}' repository "
                                                   "and cannot be overwritten because the repository is immutable.")  # fmt: skip
        document = json.loads(body)
        for one in [document["config"], *document["layers"]]:
            assert len(found[one["digest"]]) == one["size"], "a manifest comes after its blobs"
        tags[what] = body
        return self.send(201, Docker_Content_Digest=digest(body))

    def handle_one(self):
        size = int(self.headers.get("Content-Length") or 0)
        cut = self.command == "PUT" and "/uploads/" in self.path and self.fault("cut")
        body = self.rfile.read(size // 2 if cut else size)
        if self.path.startswith("/v2/"):
            self.server.asked.append(f"{self.command} {self.path}")
            self.server.sent += len(body)
        if cut:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        try:
            if "X-Amz-Target" in self.headers:
                self.api(body)
            elif self.headers["Host"].startswith("api."):
                self.send(404, b"<UnknownOperationException/>\n", x_amzn_RequestId="r-1")
            else:
                self.registry(self.command, body)
        except Refused as error:
            self.send(error.status, json.dumps({"__type": error.code, "message": error.message}).encode())
        except Exception as error:  # noqa: BLE001
            self.server.mistakes.append(error)
            self.send(500)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_one


def certificate(folder):
    """A CA of the test, which is the server's certificate too."""
    names = f"DNS:{HOST},DNS:localhost,DNS:registry.test,DNS:*.ecr.us-east-1.amazonaws.com"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem", "-days", "3", "-subj", "/CN=test", "-addext", f"subjectAltName={names}"],
                   check=True, capture_output=True)  # fmt: skip
    return folder / "cert.pem", folder / "key.pem"


@contextlib.contextmanager
def resolver():
    """A DNS server; yields its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        ended = threading.Event()

        def serve():
            while not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    question, client = server.recvfrom(512)
                    server.sendto(answer_name(question), client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        ended.set()
        thread.join()


@contextlib.contextmanager
def ecr(files, world: dict):
    """Serves a world: `.server_port`, `.asked`, `.sent` (bytes that came)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.world, server.asked, server.mistakes, server.sent = world, [], [], 0
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
    assert not server.mistakes, server.mistakes
