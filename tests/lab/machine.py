"""What this machine has, and how long the tests wait for it.

No test holds a clock to the machine. What a run must keep is asserted by what the program reports, by the
requests a server saw, or by CPU time; `HANG` only ends what would never end. A probe in the lab has short
limits of its own, since most faults are silence, and a busy machine can be later than they allow. That is
late but correct: a test that asked for such a limit and failed runs once more with `UNHURRIED` times the
limit, and that run decides (tests/conftest.py; the summary counts these tests).
"""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
from pathlib import Path

HANG = 600  # seconds after which a process has hung
UNHURRIED = 10
SANITIZED = "SANITIZED" in os.environ  # `make lab-sanitized`: a slower program, and no static one


class _Limits:
    times = 4 if SANITIZED else 1
    asked = False


def limit(quick: float) -> float:
    """The seconds that a wait may take, of what it takes on an idle machine."""
    _Limits.asked = True
    return quick * _Limits.times


def asked_for_limits() -> bool:
    """Whether `limit` was called since the last time this was asked."""
    asked, _Limits.asked = _Limits.asked, False
    return asked


@contextlib.contextmanager
def unhurried():
    """Longer limits for the block."""
    _Limits.times *= UNHURRIED
    try:
        yield
    finally:
        _Limits.times //= UNHURRIED


def _works(*command: str) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def _control_groups() -> bool:
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    return any(line.split(" - ")[1].startswith(("cgroup ", "cgroup2 ")) for line in mounts)


HAS = {
    "root": lambda: os.geteuid() == 0,
    "network namespaces": lambda: _works("unshare", "--net", "--mount", "true"),
    "nftables": lambda: _works("unshare", "--net", "/usr/sbin/nft", "add table inet t"),
    "IPv6": lambda: _works("unshare", "--net", "ip", "address", "add", "fd00::1/128", "dev", "lo"),
    "control groups": _control_groups,
    "process tracing": lambda: _works("strace", "-qq", "-o", "/dev/null", "true"),
}
LAB = ("root", "network namespaces", "nftables", "IPv6")


@functools.cache
def lacks(name: str) -> bool:
    return not HAS[name]()


def missing(names: tuple[str, ...]) -> str:
    """The reason to skip what needs these; empty when all is there."""
    lacking = next((name for name in names if lacks(name)), "")
    return f"this machine has no {lacking}" if lacking else ""
