"""A resolver that misbehaves on demand: it stands before unbound while a fault asks for it."""

from __future__ import annotations

import asyncio
import ipaddress
import struct

import plan as p

RCODE = {"formerr": 1, "servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5, "nodata": 0, "truncate": 0}
TYPES = {1: "A", 28: "AAAA"}


def question(packet: bytes) -> tuple[str, int, int]:
    """Name, type, and where the question ends."""
    labels, at = [], 12
    while at < len(packet) and packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("latin-1"))
        at += packet[at] + 1
    return ".".join(labels).lower(), struct.unpack_from("!H", packet, at + 1)[0], at + 5


def respond(packet: bytes, end: int, rcode: int, answers=(), truncated=False, ttl=60) -> bytes:
    flags = 0x8180 | rcode | (0x0200 if truncated else 0)
    head = packet[:2] + struct.pack("!5H", flags, 1, len(answers), 0, 0)
    records = b""
    for address in answers:
        data = ipaddress.ip_address(address).packed
        kind = 1 if len(data) == 4 else 28
        records += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data
    return head + packet[12:end] + records


def alias(packet: bytes, end: int, target: str, rcode: int) -> bytes:
    """An answer of a CNAME alone, whose target has the rest."""
    labels = (bytes([len(one)]) + one.encode() for one in target.split("."))
    data = b"".join(labels) + b"\0"
    head = packet[:2] + struct.pack("!5H", 0x8180 | rcode, 1, 1, 0, 0)
    return head + packet[12:end] + b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, len(data)) + data


def referral(packet: bytes, end: int) -> bytes:
    """What a server that does not recurse says of a name that is not its own."""
    head = packet[:2] + struct.pack("!5H", 0x8100, 1, 0, 1, 0)
    server = b"\x01a\x0croot-servers\x03net\0"
    return head + packet[12:end] + b"\0" + struct.pack("!HHIH", 2, 1, 60, len(server)) + server


def rule_for(rules: list[dict], name: str, kind: str, extended: bool) -> dict | None:
    """The first rule for the name, for its type where it says one, for EDNS where it says so."""
    for rule in rules:
        if rule.get("type", kind) != kind or rule.get("edns", extended) != extended:
            continue
        if rule["name"] == "*" or rule["name"] in name:
            return rule
    return None


class Injector:
    def __init__(self, world):
        self.world = world

    async def reply(self, packet: bytes, stream: bool) -> bytes | None:
        if len(packet) < 17:
            return None
        name, kind, end = question(packet)
        extended = struct.unpack_from("!H", packet, 10)[0] > 0
        rule = rule_for(self.world.get("dns", []), name, TYPES.get(kind, ""), extended)
        what = rule["do"] if rule else "forward"
        if what == "drop":
            return None
        if what == "answer":
            wanted = TYPES.get(kind)
            found = [a for a in rule["addresses"] if (":" in a) == (wanted == "AAAA")]
            return respond(packet, end, 0, found if wanted else (), ttl=rule.get("ttl", 60))
        if what == "alias":
            return alias(packet, end, rule["target"], RCODE[rule["rcode"]])
        if what == "referral":
            return referral(packet, end)
        if what == "other-id":
            return bytes([packet[0] ^ 255]) + respond(packet, end, 0, ["203.0.113.66"])[1:]
        if what == "garbage":
            return packet[:2] + b"\xff" * 7
        if what in RCODE and not (what == "truncate" and stream):
            return respond(packet, end, RCODE[what], truncated=what == "truncate")
        return await self.forward(packet, stream)

    async def forward(self, packet: bytes, stream: bool) -> bytes | None:
        """Ask the real resolver in the same way."""
        if stream:
            reader, writer = await asyncio.open_connection(p.RESOLVER4, 53)
            writer.write(struct.pack("!H", len(packet)) + packet)
            size = struct.unpack("!H", await reader.readexactly(2))[0]
            data = await reader.readexactly(size)
            writer.close()
            return data
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Once(answer), remote_addr=(p.RESOLVER4, 53)
        )
        try:
            transport.sendto(packet)
            return await asyncio.wait_for(answer, 3)
        except asyncio.TimeoutError:
            return None
        finally:
            transport.close()

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(100):
                size = struct.unpack("!H", await reader.readexactly(2))[0]
                data = await self.reply(await reader.readexactly(size), True)
                if data is None:
                    await asyncio.sleep(30)
                    break
                writer.write(struct.pack("!H", len(data)) + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        for address in (p.MIDDLEBOX4, p.MIDDLEBOX6):
            await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(address, p.DNS_PORT)
            )
            await asyncio.start_server(self.stream, address, p.DNS_PORT)


class _Once(asyncio.DatagramProtocol):
    def __init__(self, answer: asyncio.Future):
        self.answer = answer

    def datagram_received(self, data: bytes, addr) -> None:
        if not self.answer.done():
            self.answer.set_result(data)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, injector: Injector):
        self.injector = injector
        self.tasks: set[asyncio.Task] = set()

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        task = asyncio.ensure_future(self._one(data, addr))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _one(self, data: bytes, addr) -> None:
        answer = await self.injector.reply(data, False)
        if answer is not None:
            self.transport.sendto(answer, addr)
