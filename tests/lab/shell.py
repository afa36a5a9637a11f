"""Small things all modules need: run a command, enter a network namespace, own processes."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import machine

CLONE_NEWNET = 0x40000000


class LabError(Exception):
    """Something the lab could not do, said in one line."""


def run(*command: str, feed: str | None = None, check: bool = True) -> str:
    done = subprocess.run(
        command, input=feed, capture_output=True, text=True, timeout=machine.HANG, check=False
    )
    if check and done.returncode:
        raise LabError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def inside(namespace: str, work):
    """Call `work` in a thread whose sockets belong to the namespace; its result or exception."""
    box: dict = {}

    def body() -> None:
        try:
            with open(f"/run/netns/{namespace}", "rb") as handle:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(handle.fileno(), CLONE_NEWNET):
                    raise LabError(f"cannot enter {namespace}: {os.strerror(ctypes.get_errno())}")
            box["value"] = work()
        except BaseException as error:  # handed to the caller below
            box["error"] = error

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if "error" in box:
        raise box["error"]
    return box["value"]


def _started(pid: int) -> str:
    """The kernel's start time of a process: tells a reused pid from the one we started."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat[stat.rindex(")") + 2 :].split()
        if fields[0] != "Z":
            return fields[19]
    return ""


def spawn(directory: Path, name: str, namespace: str, *command: str, cwd: Path | None = None):
    """Start a server of the lab, with its pid and its log in the lab's directory."""
    log = open(directory / f"{name}.log", "ab")
    child = subprocess.Popen(
        ["ip", "netns", "exec", namespace, *command],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=cwd, start_new_session=True,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "PYTHONUNBUFFERED": "1",
             "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    log.close()
    write_down(directory, name, child.pid)
    return child


def write_down(directory: Path, name: str, pid: int) -> None:
    (directory / f"{name}.pid").write_text(json.dumps({"pid": pid, "started": _started(pid)}))


def end(directory: Path, name: str) -> None:
    """End a server by the pid that was written down, with its workers; bounded in time."""
    path = directory / f"{name}.pid"
    try:
        record = json.loads(path.read_text())
    except (OSError, ValueError):
        return
    pid = record["pid"]
    for sign, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
        if not _started(pid) or _started(pid) != record["started"]:
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, sign)
        limit = time.monotonic() + patience
        while _started(pid) == record["started"] and time.monotonic() < limit:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.02)
    path.unlink(missing_ok=True)


def alive(directory: Path, name: str) -> bool:
    try:
        record = json.loads((directory / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return False
    return bool(record["started"]) and _started(record["pid"]) == record["started"]
