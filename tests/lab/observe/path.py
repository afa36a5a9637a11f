"""The path up to TLS: sockets, names, handshakes."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import struct

import machine
import plan as p

from .words import PATIENCE, in_task


def address_of(lab, where: str, pick: int = 0) -> str:
    """An address: given as such, or a role's nth."""
    if where in p.SERVICES:
        plan = lab.plan
        return (plan.addresses4(where) if plan.v4 else plan.addresses6(where))[pick]
    return where


def connect(address: str, port: int, source: int = 0, patience: float = PATIENCE):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.settimeout(machine.limit(patience))
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
    address = address_of(lab, where, pick)

    def work() -> str:
        with connect(address, port, source):
            return "open"

    return in_task(lab, work)


def public_api(lab) -> str:
    """Whether the API's public address answers."""
    return tcp(lab, p.SERVICES["api"].public4[0])


def losses(lab, where: str, tries: int = 40) -> str:
    """lossy when some of many short attempts fail, and some do not."""
    address = address_of(lab, where)

    def work() -> str:
        seen = set()
        for _ in range(tries):
            try:
                connect(address, 443, patience=0.05).close()
                seen.add("open")
            except (TimeoutError, socket.timeout):
                seen.add("timeout")
            if len(seen) == 2:
                return "lossy"
        return "always " + seen.pop()

    return in_task(lab, work)


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
            with connect(address, 53) as one:
                one.sendall(struct.pack("!H", len(query)) + query)
                data = one.recv(2)
                if len(data) < 2:
                    return "closed"
                return _judge(one.recv(struct.unpack("!H", data)[0]))
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.settimeout(machine.limit(PATIENCE))
            one.connect((address, 53))
            one.send(query)
            return _judge(one.recv(4096))

    return in_task(lab, work)


def dns_tcp(lab, name: str, kind: str = "A", server: str = "") -> str:
    return dns(lab, name, kind, server, True)


def dns_is(lab, name: str, role_or_address: str) -> str:
    """yes when the name has exactly the role's (or the given) addresses."""
    wanted = role_or_address.split()
    if role_or_address in p.SERVICES:
        wanted = list(lab.plan.addresses4(role_or_address))
    return "yes" if sorted(dns(lab, name).split()) == sorted(wanted) else dns(lab, name)


def context_of(lab, verify: bool = True) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(lab.ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def tls(lab, role: str, name: str | None = None, verify: bool = True, mss: int = 0) -> str:
    """The protocol version, or what failed."""
    address, host = address_of(lab, role), name or lab.plan.host(role)

    def work() -> str:
        with _connect_mss(address, mss) as one:
            with context_of(lab, verify).wrap_socket(one, server_hostname=host) as safe:
                return safe.version() or ""

    return in_task(lab, work)


def _connect_mss(address: str, mss: int):
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    one.settimeout(machine.limit(PATIENCE))
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
    address = address_of(lab, role)

    def work() -> str:
        context = context_of(lab, False)
        context.set_ecdh_curve("prime256v1")
        with connect(address, 443) as one, context.wrap_socket(one) as safe:
            return safe.version() or ""

    return in_task(lab, work)


def hello(lab, role: str, size: int) -> str:
    """answered when a ClientHello padded to `size` bytes gets any answer."""
    address, host = address_of(lab, role), lab.plan.host(role)

    def work() -> str:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        box = context_of(lab).wrap_bio(incoming, outgoing, server_hostname=host)
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
        with connect(address, 443) as one:
            one.sendall(data)
            return "answered" if one.recv(1) else "closed"

    return in_task(lab, work)


def banner(lab, role: str) -> str:
    """What the other side says unasked."""
    address = address_of(lab, role)

    def work() -> str:
        with connect(address, 443) as one:
            return one.recv(40).decode("latin-1").strip()

    return in_task(lab, work)
