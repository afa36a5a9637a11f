"""A peer that means harm, in front of the real one: /usr/bin/python3 -m fake_services.hostile DIR WISH

It takes over one role (TLS with a genuine certificate, a plain link-local service, or the
resolver), writes down every request it sees, forwards those that the wish does not match, and
spoils the others by one of MANNERS or of ANSWERS. Everything is bounded by HOLD, so that nothing is
left behind.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import gzip
import itertools
import json
import re
import socket
import ssl
import struct
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qsl, quote

import plan as p

LOCAL = {"metadata": p.METADATA, "imds": p.IMDS, "pods": p.POD_IDENTITY}
PORT = {role: 9300 + i for i, role in enumerate((*LOCAL, "dns", *p.SERVICES))}
HOLD = 40  # seconds that anything goes on
PIECE = 16 * 1024
JSON = "application/json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\x00\x08\u202e<script>alert(1)</script>\r&amp;'\""


def head(status: str = "200 OK", kind: str = JSON, *more: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def whole(body: str | bytes, *more: str, status: str = "200 OK", kind: str = JSON) -> list[bytes]:
    data = body if isinstance(body, bytes) else body.encode()
    return [head(status, kind, *more, "Connection: close", length=len(data)), data]


def forever(piece: bytes):
    return itertools.repeat(piece)


def drip(data: bytes, pause: float = 0.2):
    for i in range(len(data)):
        time.sleep(pause)
        yield data[i : i + 1]


def dripping(piece: bytes):
    for one in forever(piece):
        yield from drip(one)


def manifest(layers: int) -> str:
    layer = ('{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:'
             + "0" * 64 + '","size":1}')
    return ('{"schemaVersion":2,"mediaType":"' + MANIFEST + '","config":'
            '{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:' + "1" * 64
            + '","size":2},"layers":[' + ",".join([layer] * layers) + "]}")  # fmt: skip


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = "Transfer-Encoding: chunked"
ERROR = '{"__type":"X#AccessDeniedException","code":"%s","message":"%s","errors":[{"code":"%s","message":"%s"}]}'
XML = "<?xml version='1.0'?><Error><Code>%s</Code><Message>%s</Message><Key>%s</Key></Error>"
S3 = ("x-amz-request-id: EXAMPLE0123456789", "Server: AmazonS3")


@functools.cache
def bomb() -> bytes:
    """Half a second of work, which the other manners do without."""
    return gzip.compress(b"\0" * (64 << 20), 9)


def escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def heavy(asked: bytes) -> list[bytes]:
    """An image of a thousand layers, and every answer about them as long as it may be."""
    line = asked.split(b" ", 2)[1].decode()
    more = [f"X-Heavy-{i}: {'h' * 1000}" for i in range(5)]
    more += [f"{name}: {'v' * 2000}" for name in ("Server", "Via", "x-amz-request-id")]
    body = manifest(1000) if "/manifests/" in line else "b" * 4096
    if "/blobs/" in line:
        more += [f"Location: https://{p.REGISTRY}/bucket/{'l' * 2000}?X-Amz-Expires=60"]
        return [head("307 Temporary Redirect", "text/html", *more, length=0)]
    return [head("200 OK", MANIFEST, *more, length=len(body)), body.encode()]


def redirect(to: str):
    return lambda _: whole("", f"Location: {to}", status="307 Temporary Redirect", kind="text/html")


# Each gets the request's head, and gives the pieces to be sent.
MANNERS = {
    "headers without end": lambda _: itertools.chain(
        [b"HTTP/1.1 200 OK\r\n"], (b"X-%d: %s\r\n" % (i, b"a" * 60) for i in itertools.count())),
    "a header without end": lambda _: itertools.chain(
        [b"HTTP/1.1 200 OK\r\nX-A: "], forever(b"a" * PIECE)),
    "a status line without end": lambda _: itertools.chain([b"HTTP/1.1 200 "], forever(b"a" * PIECE)),
    "interim answers without end": lambda _: forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "a body without end": lambda _: itertools.chain(
        [head("200 OK", JSON, *S3)], forever(b" " * PIECE)),
    "chunks without end": lambda _: itertools.chain(
        [head("200 OK", JSON, CHUNKED, *S3)], forever(chunk(b"[" * PIECE))),
    "a chunk's line without end": lambda _: itertools.chain(
        [head("200 OK", JSON, CHUNKED, *S3), b"1;"], forever(b"a" * PIECE)),
    "trailers without end": lambda _: itertools.chain(
        [head("200 OK", JSON, CHUNKED, *S3), chunk(b"{}"), b"0\r\n"], forever(b"X-A: b\r\n" * 100)),
    "a length beyond all": lambda _: itertools.chain(
        [head(length=9 * 10**18)], forever(b"{" * PIECE)),
    "a negative length": lambda _: [head(length=-1), b"{}"],
    "two lengths": lambda _: [head("200 OK", JSON, "Content-Length: 5", length=2), b"{}   "],
    "a length that is too large": lambda _: [head(length=100), b"{}"],
    "a length that is too small": lambda _: [head(length=1), b"{}" * 1000],
    "deep JSON": lambda _: whole("[" * 500_000),
    "JSON of empty objects": lambda _: whole('{"a":[' + "{}," * 330_000 + "{}]}"),
    "JSON of numbers": lambda _: whole('{"a":[' + "1," * 490_000 + "1]}"),
    "no UTF-8": lambda _: whole(b'{"message":"\xff\xfe\xc0\x80","code":"\xff"}'),
    "100,000 empty layers": lambda _: whole(
        manifest(0).replace("[]", "[" + "{}," * 99_999 + "{}]"), kind=MANIFEST),
    "25,000 layers": lambda _: whole(manifest(25_000), kind=MANIFEST),
    "a manifest of brackets": lambda _: whole(
        manifest(0)[:-1] + ',"a":[' + "{}," * 1_380_000 + "{}]}", kind=MANIFEST),
    "a compressed bomb": lambda _: whole(bomb(), "Content-Encoding: gzip"),
    "a compressed transfer": lambda _: [head("200 OK", JSON, "Transfer-Encoding: gzip, chunked"),
                                        chunk(bomb())],
    "escapes": lambda _: whole(
        ERROR % ((escaped(ESCAPES),) * 4), f"Server: {ESCAPES[:-3]}".replace("\r", ""),
        f"Via: {ESCAPES[1:20]}", f"Www-Authenticate: {ESCAPES[2:20]}", status="403 Forbidden"),
    "escapes in a page": lambda _: whole(ESCAPES * 10, status="200 OK", kind="text/html"),
    "escapes in XML": lambda _: whole(
        XML % (("&#x9b;31m&#x202e;&lt;script&gt;\u009b",) * 3), *S3, status="403 Forbidden"),
    "entities": lambda _: whole(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12))
        + "]><Error><Code>&m;</Code><Message>&m;</Message></Error>", *S3, status="403 Forbidden"),
    "deep XML": lambda _: whole("<a>" * 20_000, *S3, status="403 Forbidden"),
    "a large XML text": lambda _: whole(XML % ("A" * 3000, "B" * 900_000, "C"), *S3,
                                        status="403 Forbidden"),
    "a drip of a head": lambda _: dripping(b"HTTP/1.1 200 OK\r\nX-A: b\r\n" + b"X-A: b\r\n" * 99),
    "a drip of a body": lambda _: itertools.chain(
        [head("200 OK", JSON, *S3, length=10**6)], dripping(b" ")),
    "half of a head, then half closed": lambda _: [b"HTTP/1.1 200 OK\r\nContent-Le", None],
    "a head, then half closed": lambda _: [head(length=50), b"{", None],
    "no answer, half closed": lambda _: [None],
    "another protocol": lambda _: [b"SSH-2.0-OpenSSH_9.2\r\n" * 1000],
    "bytes without meaning": lambda _: [bytes(range(256)) * 4000],
    "a switch of protocols": lambda _: itertools.chain(
        [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"],
        forever(b"\0" * PIECE)),
    "an echo of the request": lambda asked: whole(
        ERROR % ((escaped(asked.decode("latin-1")),) * 4), status="403 Forbidden"),
    "an echo as a page": lambda asked: whole(
        b"<html>You sent: " + asked + b"</html>", status="400 Bad Request", kind="text/html"),
}  # fmt: skip



def echo_of_s3(asked: bytes) -> str:
    """What S3 says of a wrong signature: it repeats all that was signed."""
    line = asked.split(b" ", 2)[1].decode("latin-1")
    path, _, query = line.partition("?")
    sent = dict(parse_qsl(query))
    key, signature = sent.get("X-Amz-Credential", "").split("/")[0], sent.get("X-Amz-Signature", "")
    return (
        "<AWSAccessKeyId>" + key + "</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256\n20260102T030405Z\n"
        "20260102/us-east-1/s3/aws4_request\n0123</StringToSign><SignatureProvided>" + signature
        + "</SignatureProvided><CanonicalRequest>GET\n" + path + "\n" + query.replace("&", "&amp;")
        + "\nhost:x\nx-amz-security-token:" + sent.get("X-Amz-Security-Token", "")
        + "</CanonicalRequest><Resource>" + quote(line, safe="") + "</Resource>")


def values(asked: bytes) -> str:
    """Whatever secret was sent, without any name before it."""
    line, *headers = asked.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    query = line.split(" ")[1].partition("?")[2]
    found = [part.split("=", 1)[-1] for part in query.split("&")] + [
        quoted for _, quoted in parse_qsl(query)]
    found += [header.split(": ", 1)[-1].split(" ")[-1].split("Signature=")[-1] for header in headers]
    return " ".join(one for one in found if len(one) >= 20)


NO_MATCH = "The request signature we calculated does not match the signature you provided. "
MANNERS |= {
    "a thousand heavy layers": heavy,
    "an echo of S3": lambda asked: whole(
        "<Error><Code>SignatureDoesNotMatch</Code><Message>" + NO_MATCH + "</Message>"
        + echo_of_s3(asked) + "</Error>", *S3, status="403 Forbidden"),
    "a broken echo of S3": lambda asked: whole(
        "<Oops>" + echo_of_s3(asked), *S3, status="403 Forbidden", kind="text/plain"),
    "an echo of the words before the cut": lambda asked: whole(
        asked[asked.lower().find(b"\r\nauthorization:") + 2:][:150], status="400 Bad Request"),
    "an encoded echo": lambda asked: whole(
        ERROR % ((quote(asked.decode("latin-1"), safe=""),) * 4), status="403 Forbidden"),
    "keys in an error": lambda _: whole(
        '{"code":"Broken","RoleArn":"x","AccessKeyId":"%s","SecretAccessKey":"%s","Token":"%s"'
        % (p.ACCESS_KEY, p.SECRET_KEY, p.SESSION_TOKEN), status="500 Internal Server Error"),
    "keys in an error's words": lambda _: whole(json.dumps(
        {"code": "Broken", "message": "AccessKeyId=%s&SecretAccessKey=%s Token: %s"
         % (p.ACCESS_KEY, p.SECRET_KEY, p.SESSION_TOKEN)}), status="500 Internal Server Error"),
}  # fmt: skip
MANNERS |= {
    "an echo of the values": lambda asked: whole(
        ERROR % ((escaped(values(asked)),) * 4), *S3, status="403 Forbidden"),
    "an echo of the values in XML": lambda asked: whole(
        XML % ((values(asked).replace("&", " "),) * 3), *S3, status="403 Forbidden"),
    "an echo in base64": lambda asked: whole(
        ERROR % ((base64.b64encode(asked).decode(),) * 4), status="403 Forbidden"),
    "an echo in XML": lambda asked: whole(
        "<ErrorResponse><Error><Type>Sender</Type><Code>X</Code><Message>You sent: "
        + quote(asked.decode("latin-1"), safe=" /+=:") + "</Message></Error></ErrorResponse>",
        status="400 Bad Request", kind="text/xml"),
    "a token of two lines": lambda _: whole("TOKENEXAMPLE\r\nX-Injected: 1", kind="text/plain"),
    "a token with a CR": lambda _: whole("TOKENEXAMPLE\rX-Injected: 1", kind="text/plain"),
    "a token with a NUL": lambda _: whole("TOKENEXAMPLE\0X-Injected", kind="text/plain"),
    "an empty token": lambda _: whole("", kind="text/plain"),
    "a token of a megabyte": lambda _: whole("T" * (1 << 20), kind="text/plain"),
    "a path for a name": lambda _: whole("../../../dynamic/x?y#z", kind="text/plain"),
    "a request for a name": lambda _: whole(
        "role HTTP/1.1\rX-Injected: 1\r\r", kind="text/plain"),
    "keys with line ends": lambda _: whole(json.dumps(
        {"Code": "Success", "AccessKeyId": "ASIA\r\nX-Injected: 1", "SecretAccessKey": "a\r\nb",
         "Token": "c\r\nX-Injected: 2"})),
    "a bearer token with line ends": lambda _: whole(json.dumps(
        {"token": "TOKENEXAMPLE\r\nX-Injected: 1", "expires_in": 300})),
}  # fmt: skip
KEPT = ("a thousand heavy layers",)  # whose connections go on


def record(name: bytes, kind: int, data: bytes) -> bytes:
    return name + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def dns(query: bytes, records: list[bytes], flags: int = 0x8180, count: int | None = None) -> bytes:
    end = query.index(b"\0", 12) + 5
    counts = struct.pack("!5H", flags, 1, len(records) if count is None else count, 0, 0)
    return query[:2] + counts + query[12:end] + b"".join(records)


ME = b"\xc0\x0c"  # the question's name, by RFC 1035 4.1.4
LOUD = bytes([len(ESCAPES.encode())]) + ESCAPES.encode() + b"\0"
TRUNCATED = 0x8380

# What the resolver says: to the query, and whether it came over TCP.
ANSWERS = {
    "a flood of strangers": lambda q, tcp: forever(bytes([q[0] ^ 1]) + q[1:2] + b"\x81\x80" + q[4:]),
    "an alias of itself": lambda q, tcp: [dns(q, [record(ME, 5, ME)])],
    "a name that points at itself": lambda q, tcp: [dns(q, [b"\xc0\x30"] * 40)],
    "counts that lie": lambda q, tcp: [dns(q, [], count=65535)],
    "thousands of addresses": lambda q, tcp: [
        dns(q, [record(ME, 1, struct.pack("!I", 0x0A140900 + i)) for i in range(4000)])
        if tcp else dns(q, [], TRUNCATED)],
    "aliases without end": lambda q, tcp: [
        dns(q, [record(ME if i == 0 else b"\4%04d\0" % i, 5, b"\4%04d\0" % (i + 1))
                for i in range(2000)]) if tcp else dns(q, [], TRUNCATED)],
    "TCP messages without end": lambda q, tcp: (
        forever(b"\0\0" + q[2:] + b"\0" * 4000) if tcp else [dns(q, [], TRUNCATED)]),
    "escapes in a name": lambda q, tcp: [
        dns(q, [record(ME, 5, LOUD), record(LOUD, 1, bytes([10, 20, 9, 200]))])],
    "this machine": lambda q, tcp: [dns(q, [record(ME, 1, bytes([127, 0, 0, 1]))])],
    "the metadata service": lambda q, tcp: [dns(q, [record(ME, 1, bytes([169, 254, 169, 254]))])],
    "nothing of DNS": lambda q, tcp: [q[:2] + b"\xff" * 500],
}  # fmt: skip


class Peer:
    def __init__(self, directory: Path, wish: dict):
        self.directory, self.wish, self.role = directory, wish, wish["role"]
        self.log = open(directory / "hostile.heard", "w", encoding="utf-8")
        self.lock = threading.Lock()
        self.context = None
        if self.role in p.SERVICES:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            name = wish.get("certificate", f"{self.role}.pem")
            self.context.load_cert_chain(directory / name, directory / "key.pem")

    def note(self, request: bytes) -> None:
        with self.lock:
            self.log.write(json.dumps([self.role, request.decode("latin-1")]) + "\n")
            self.log.flush()

    def pieces(self, asked: bytes):
        if "to" in self.wish:
            return redirect(self.wish["to"])(asked)
        if "challenge" in self.wish:
            return whole("{}", f"Www-Authenticate: {self.wish['challenge']}", status="401 Unauthorized")
        return MANNERS[self.wish["do"]](asked)

    def serve(self, raw: socket.socket) -> None:
        raw.settimeout(HOLD)
        with contextlib.suppress(OSError, StopIteration):
            one = self.context.wrap_socket(raw, server_side=True) if self.context else raw
            with one:
                while asked := self.take(one):
                    line = asked.split(b"\r\n", 1)[0].decode("latin-1")
                    signed = b"\r\nauthorization:" in asked.lower()
                    wanted = re.search(self.wish.get("match", ""), line)
                    if not wanted or signed < self.wish.get("signed", False):
                        self.relay(one, asked)
                        return
                    self.spoil(one, asked)
                    if self.wish.get("do") not in KEPT:
                        return

    def take(self, one) -> bytes:
        """A request, with its body; empty at the connection's end."""
        asked = b""
        while b"\r\n\r\n" not in asked:
            more = one.recv(PIECE)
            if not more:
                return b""
            asked += more
        length = re.search(rb"content-length: *(\d+)", asked.lower())
        missing = int(length[1]) if length else 0
        missing -= len(asked) - asked.index(b"\r\n\r\n") - 4
        while missing > 0:
            more = one.recv(PIECE)
            asked += more
            missing -= len(more) or missing
        self.note(asked)
        return asked

    def spoil(self, one, asked: bytes) -> None:
        until = time.monotonic() + HOLD
        for piece in self.pieces(asked):
            if time.monotonic() > until:
                return
            if piece is None:  # the reading side stays open
                one.shutdown(socket.SHUT_WR)
                time.sleep(HOLD / 2)
                return
            one.sendall(piece)

    def real(self, host: str) -> socket.socket:
        """Those whose place this is, as they are reached from beside them."""
        if self.role in LOCAL:
            return socket.create_connection((LOCAL[self.role], 80), 10)
        context = ssl._create_unverified_context()
        plain = socket.create_connection((p.SERVICES[self.role].all4()[0], 443), 10)
        return context.wrap_socket(plain, server_hostname=host)

    def relay(self, one, asked: bytes) -> None:
        host = re.search(rb"\r\nhost: *([^\r:]+)", asked, re.I)[1].decode()
        with self.real(host) as far:
            first, rest = asked.split(b"\r\n", 1)
            far.sendall(first + b"\r\nConnection: close\r\n" + rest)
            while data := far.recv(PIECE):
                one.sendall(data)

    def resolve(self, one: socket.socket) -> None:
        """A resolver's TCP connection."""
        one.settimeout(HOLD)
        with contextlib.suppress(OSError), one:
            while size := one.recv(2):
                query = one.recv(struct.unpack("!H", size)[0])
                for answer in self.answers(query, True):
                    one.sendall(struct.pack("!H", len(answer)) + answer)

    def answers(self, query: bytes, tcp: bool):
        until = time.monotonic() + HOLD
        for answer in ANSWERS[self.wish["do"]](query, tcp):
            if time.monotonic() > until:
                return
            yield answer

    def datagrams(self) -> None:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((p.MIDDLEBOX4, PORT["dns"]))

        def reply(query: bytes, to) -> None:
            with contextlib.suppress(OSError):
                for answer in self.answers(query, False):
                    one.sendto(answer, to)

        while True:
            threading.Thread(target=reply, args=one.recvfrom(4096), daemon=True).start()

    def run(self) -> None:
        listener = socket.create_server((p.MIDDLEBOX4, PORT[self.role]), backlog=64)
        work = self.serve
        if self.role == "dns":
            work = self.resolve
            threading.Thread(target=self.datagrams, daemon=True).start()
        (self.directory / "hostile.ready").touch()
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=work, args=(raw,), daemon=True).start()


if __name__ == "__main__":
    Peer(Path(sys.argv[1]), json.loads(sys.argv[2])).run()
