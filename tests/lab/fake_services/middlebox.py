"""The appliance that faults put in the way: it takes over connections to a service and
spoils them, on the raw socket, by the name in the ClientHello, or inside of TLS."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import socket
import ssl
import struct

import plan as p

HOLD = 60  # seconds that a stalled connection is kept, no longer
LIMIT = 64 * 1024


def client_hello(data: bytes) -> tuple[bool, str, int]:
    """Whether the ClientHello's first record is whole, its server name, and its length."""
    if len(data) < 5 or data[0] != 0x16:
        return len(data) >= 5, "", 0
    size = struct.unpack_from("!H", data, 3)[0] + 5
    if len(data) < size:
        return False, "", size
    at = 5 + 4 + 2 + 32
    at += 1 + data[at]
    at += 2 + struct.unpack_from("!H", data, at)[0]
    at += 1 + data[at]
    end = at + 2 + struct.unpack_from("!H", data, at)[0]
    at += 2
    while at + 4 <= end:
        kind, length = struct.unpack_from("!HH", data, at)
        if kind == 0:
            return True, data[at + 9 : at + 4 + length].decode("latin-1"), size
        at += 4 + length
    return True, "", size


async def read_hello(reader: asyncio.StreamReader) -> tuple[bytes, str, int]:
    data, done, name, size = b"", False, "", 0
    while not done and len(data) < LIMIT:
        more = await asyncio.wait_for(reader.read(4096), HOLD)
        if not more:
            break
        data += more
        done, name, size = client_hello(data)
    return data, name, size


def reset(writer: asyncio.StreamWriter) -> None:
    """End with a TCP reset instead of a farewell."""
    with contextlib.suppress(OSError):
        one = writer.get_extra_info("socket")
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def pump(reader, writer, most: int | None = None) -> None:
    """Until the end, or until `most` bytes: what comes after them is lost."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while data := await reader.read(LIMIT):
            writer.write(data[:most])
            await writer.drain()
            most = None if most is None else max(most - len(data), 0)
    with contextlib.suppress(OSError):
        writer.write_eof()


async def splice(first: bytes, reader, writer, address: str, port: int = 443,
                 most: int | None = None) -> None:  # fmt: skip
    far_reader, far_writer = await asyncio.open_connection(address, port)
    far_writer.write(first)
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer, most))
    far_writer.close()


async def hold(reader: asyncio.StreamReader) -> None:
    """Read and never answer."""
    with contextlib.suppress(asyncio.TimeoutError, OSError):
        async def drain() -> None:
            while await reader.read(LIMIT):
                pass

        await asyncio.wait_for(drain(), HOLD)


class Middlebox:
    def __init__(self, world, plan: p.Plan):
        self.world, self.plan = world, plan

    def real(self, role: str) -> str:
        addresses = self.plan.addresses4(role) or self.plan.addresses6(role)
        return addresses[0]

    async def raw(self, role: str, reader, writer) -> None:
        """A connection taken over before TLS."""
        wish = self.world.get("box", {}).get(role, {})
        do = wish.get("do", "splice")
        if do == "banner":
            writer.write(wish["text"].encode("latin-1"))
            await hold(reader)
        elif do == "close-at-once":
            pass
        elif do == "stall-at-once":
            await hold(reader)
        else:
            data, name, size = await read_hello(reader)
            chosen = any(part in name for part in wish.get("names", [""]))
            chosen = chosen and size > wish.get("above", 0)
            if not chosen or do == "splice":
                await splice(data, reader, writer, self.real(role), most=wish.get("most"))
            elif do == "reset":
                reset(writer)
                return
            elif do == "stall":
                await hold(reader)
            elif do == "reply":
                writer.write(wish["text"].encode("latin-1"))
                await writer.drain()
            elif do == "alert":
                writer.write(bytes([0x15, 3, 3, 0, 2, 2, wish["code"]]))
                await writer.drain()

    async def tls(self, role: str, reader, writer) -> None:
        """A connection taken over with a genuine certificate: HTTP is spoiled."""
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            for _ in range(200):
                head = await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                body = await reader.readexactly(min(length, LIMIT)) if length else b""
                if not await self.one(role, head, body, writer, reader):
                    break

    async def one(self, role: str, head: bytes, body: bytes, writer, reader) -> bool:
        """One request; True when the connection goes on."""
        wish = self.world.get("http", {}).get(role, {})
        line = head.split(b"\r\n", 1)[0].decode("latin-1")
        wanted = wish.get("match", "") in line and re.search(wish.get("pattern", ""), line) and (
            "signed" not in wish or wish["signed"] == (b"authorization:" in head.lower())
        )
        do = wish.get("do", "pass") if wanted else "pass"
        if do == "stall":
            await hold(reader)
        elif do == "reset":
            reset(writer)
        elif do == "reply":
            writer.write(wish["text"].encode("latin-1"))
            await writer.drain()
        elif do != "close":
            await self.relay(role, head, body, writer, wish if wanted else {}, reader)
        return False

    async def relay(self, role: str, head: bytes, body: bytes, writer, wish: dict, reader):
        """Forward to the real server, and spoil the answer's body where the wish says so."""
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", p.PLAIN_PORT[role])
        lost = (b"connect", *(name.encode() for name in wish.get("strip", ())))
        lines = [one for one in head.split(b"\r\n")[:-2] if not one.lower().startswith(lost)]
        far_writer.write(b"\r\n".join(lines + [b"Connection: close", b"", b""]) + body)
        do, after = wish.get("body"), wish.get("after", 0)
        answer = await far_reader.readuntil(b"\r\n\r\n")
        dropped = tuple(name.encode() for name in wish.get("without", ()))
        writer.write(b"\r\n".join(one for one in answer.split(b"\r\n")
                                  if not dropped or not one.lower().startswith(dropped)))
        sent = 0
        while data := await far_reader.read(LIMIT if do != "slow" else wish["chunk"]):
            if do == "flip" and sent <= after < sent + len(data):
                at = after - sent
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            elif do == "slow":
                await asyncio.sleep(wish["pause"])
            elif do and do != "flip" and sent + len(data) > after:
                writer.write(data[: after - sent])
                await writer.drain()
                await asyncio.sleep(0.1)  # let what was sent arrive before the end
                if do == "reset":
                    reset(writer)
                elif do == "stall":
                    await hold(reader)
                break
            writer.write(data)
            await writer.drain()
            sent += len(data)
        far_writer.close()

    async def proxy(self, reader, writer) -> None:
        """An HTTP proxy that knows CONNECT; wishes are for all hosts, or for some roles'."""
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HOLD)
        method, target = head.decode("latin-1").split(" ")[:2]
        name, _, port = target.partition(":")
        role = role_of(name)
        wish = self.world.get("proxy", {})
        if role not in wish.get("roles", [role]):
            wish = {}
        login = base64.b64encode(wish.get("login", "").encode())
        if login and b"\r\nproxy-authorization: basic " + login.lower() not in head.lower():
            wish = {"status": "407 Proxy Authentication Required"}
        status = wish.get("status")
        if wish.get("do") == "stall":
            await hold(reader)
        elif wish.get("do") in ("hole", "tunnel-close"):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            if wish["do"] == "hole":
                await hold(reader)
        elif wish.get("do") == "text":
            writer.write(wish["text"].encode("latin-1"))
        elif wish.get("do") == "close":
            pass
        elif method != "CONNECT" or not role or status:
            status = status or "403 Forbidden"
            writer.write(f"HTTP/1.1 {status}\r\nVia: 1.1 corp-proxy\r\n"
                         'Proxy-Authenticate: Basic realm="corp"\r\n'
                         "Content-Length: 0\r\n\r\n".encode())  # fmt: skip
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            where = (self.real(role), int(port or 443))
            if "variant" in wish:
                where = (p.MIDDLEBOX4, p.VARIANT_PORT[role, wish["variant"]])
            await splice(b"", reader, writer, *where, most=wish.get("most"))

    async def _guard(self, work, reader, writer, *arguments) -> None:
        try:
            await work(*arguments, reader, writer)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    async def start(self) -> None:
        for address in (p.MIDDLEBOX4, p.MIDDLEBOX6):
            for role in p.SPOOFABLE:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(
                    self.world.directory / f"{role}.pem", self.world.directory / "key.pem"
                )
                await asyncio.start_server(
                    lambda r, w, role=role: self._guard(self.raw, r, w, role),
                    address, p.RAW_PORT[role])  # fmt: skip
                await asyncio.start_server(
                    lambda r, w, role=role: self._guard(self.tls, r, w, role),
                    address, p.TLS_PORT[role], ssl=context)  # fmt: skip
            await asyncio.start_server(
                lambda r, w: self._guard(self.proxy, r, w), address, p.PROXY_PORT)  # fmt: skip


def role_of(name: str) -> str | None:
    for role, service in p.SERVICES.items():
        for known in service.names + service.dual:
            if name == known or (known.startswith("*") and name.endswith(known[1:])):
                return role
    return None
