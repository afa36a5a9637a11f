"""A long wire: python3 wire.py LEFT RIGHT MILLISECONDS

Carries frames between two devices, each way half of the given round trip late. Link-local
services and address resolution stand beside the task, so their frames pass at once. It is for
counting round trips, not for throughput. Ended by a signal.
"""

from __future__ import annotations

import collections
import select
import socket
import sys
import time

EVERYTHING = 0x0003
OUTGOING = 4
NEAR = bytes([169, 254])


def at_once(frame: bytes) -> bool:
    kind = frame[12:14]
    if kind == b"\x08\x00":  # IPv4: to or from 169.254.0.0/16
        return NEAR in (frame[26:28], frame[30:32])
    return kind != b"\x86\xdd" or frame[20] == 58  # ARP; ICMPv6: neighbour discovery


def open_device(name: str) -> socket.socket:
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    one.bind((name, EVERYTHING))
    one.setblocking(False)
    return one


def carry(left: socket.socket, right: socket.socket, late: float) -> None:
    waiting: collections.deque = collections.deque()  # (due, to, frame), in the order they came
    while True:
        patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        ready, _, _ = select.select([left, right], [], [], patience)
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, to, frame = waiting.popleft()
            to.send(frame)
        for one in ready:
            to = right if one is left else left
            for _ in range(64):
                try:
                    frame, where = one.recvfrom(65536)
                except BlockingIOError:
                    break
                if where[2] == OUTGOING:
                    continue
                if at_once(frame):
                    to.send(frame)
                else:
                    waiting.append((time.monotonic() + late, to, frame))


if __name__ == "__main__":
    carry(open_device(sys.argv[1]), open_device(sys.argv[2]), float(sys.argv[3]) / 2000)
