"""Runs the zip of `make lambda` as AWS Lambda runs it: a runtime API on loopback, a file system that
only /tmp of can be written, a user of its own, and the environment's credentials."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import subprocess
import tempfile
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import machine
import plan as p
from shell import inside
from vpc import ROOT, Lab

ZIP = ROOT / "build" / "pullprobe-lambda.zip"
BASE = "/2018-06-01/runtime"

# Lambda's own: /var/task is read-only, /tmp is not; the user is none that root's files belong to
START = """
root=$1; shift
mount -t tmpfs none "$root" && cd "$root" && mkdir -p var/task etc proc dev tmp || exit 99
cp "$OLDPWD/task/"* var/task && cp /etc/resolv.conf etc || exit 99
mount -t proc proc proc && mount --bind /dev dev && mount -o remount,ro "$root" || exit 99
mount -t tmpfs -o mode=1777 none tmp || exit 99
exec env -i "$@"
"""
if machine.SANITIZED:  # that program needs this machine's libraries, and leaks can be looked for by root alone
    START = START.replace("&& mount -o remount", "&& mkdir usr && mount --bind /usr usr && "
                          "ln -s usr/lib usr/lib64 . && mount -o remount")  # fmt: skip


class Api(ThreadingHTTPServer):
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    daemon_threads = True

    def __init__(self, listener: socket.socket):
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.events: queue.Queue = queue.Queue()
        self.answers: queue.Queue = queue.Queue()
        self.refuse: dict[str, int] = {}
        """what it refuses to take: "response" or "error", and with which status"""
        self.waited_for = threading.Event()
        """set while the runtime has asked for the next event and there is none"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Api

    def log_message(self, *_) -> None:
        pass

    def reply(self, status: int, body: bytes = b"{}", headers: dict | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        assert self.path == f"{BASE}/invocation/next"
        self.server.waited_for.set()
        event = self.server.events.get()
        self.server.waited_for.clear()
        if event is None:
            self.reply(500)
            return
        identity, body, deadline_ms = event
        self.reply(200, body, {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": identity,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
            "Lambda-Runtime-Invoked-Function-Arn":
                "arn:aws:lambda:us-east-1:123456789012:function:pullprobe",
        })  # fmt: skip

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path.removeprefix(f"{BASE}/")
        status = self.server.refuse.get(path.rsplit("/", 1)[-1], 202)
        kind = self.headers.get("Lambda-Runtime-Function-Error-Type", "")
        if status == 202:
            self.server.answers.put((path, kind, json.loads(body), time.time()))
        self.reply(status, b'{"status":"OK"}')


class Function:
    """A function in the lab's subnet; `with` it, it runs."""

    def __init__(self, lab: Lab, variables: dict[str, str] | None = None, api: bool = True,
                 before: tuple[str, ...] = ()):  # fmt: skip
        self.lab = lab
        self.before = before
        self.count = 0
        self.variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "AWS_REGION": p.REGION, "AWS_DEFAULT_REGION": p.REGION,
            "AWS_LAMBDA_FUNCTION_NAME": "pullprobe", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "_HANDLER": "none", "AWS_ACCESS_KEY_ID": p.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": p.SECRET_KEY, "AWS_SESSION_TOKEN": p.SESSION_TOKEN,
            "AWS_CA_BUNDLE": "/var/task/ca.pem",
            **({"ASAN_OPTIONS": "detect_leaks=0"} if machine.SANITIZED else {}),
        } | (variables or {})  # fmt: skip
        listener = inside(lab.plan.ns("task"), lambda: socket.create_server(("127.0.0.1", 0)))
        self.api = Api(listener)
        if api:
            self.variables["AWS_LAMBDA_RUNTIME_API"] = f"127.0.0.1:{listener.getsockname()[1]}"

    def __enter__(self) -> Function:
        self.home = self.lab.directory / "function"
        (self.home / "task").mkdir(parents=True, exist_ok=True)
        (self.home / "root").mkdir(exist_ok=True)
        (self.home / "task/ca.pem").write_bytes(self.lab.ca_file.read_bytes())
        with zipfile.ZipFile(ZIP) as archive:
            for entry in archive.infolist():
                path = Path(archive.extract(entry, self.home / "task"))
                path.chmod(entry.external_attr >> 16)
        threading.Thread(target=self.api.serve_forever, daemon=True).start()
        command = self.lab.task_command(
            ["sh", "-c", START, "sh", str(self.home / "root"),
             *(f"{name}={value}" for name, value in self.variables.items()),
             "/usr/sbin/chroot", "--userspec=993:990", ".", "/var/task/bootstrap"]
        )  # fmt: skip
        # a pipe that nobody reads would be full after some hundred checks
        self.log = (tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+"))
        self.process = subprocess.Popen([*self.before, *command], cwd=self.home, stdin=subprocess.DEVNULL,
                                        stdout=self.log[0], stderr=self.log[1])  # fmt: skip
        return self

    def __exit__(self, *_) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(timeout=machine.HANG)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.said = self.logged()
            self.api.events.put(None)
            self.api.shutdown()
            self.api.server_close()

    def logged(self) -> tuple[str, str]:
        """what it wrote by now"""
        for file in self.log:
            file.seek(0)
        return self.log[0].read(), self.log[1].read()

    def invoke(self, event: object, seconds: float = 0) -> tuple[str, str, dict, float]:
        """What the runtime posts to this event: "response" or "error", its type, body and time."""
        seconds = seconds or machine.HANG
        self.count += 1
        identity = f"00000000-0000-4000-8000-{self.count:012}"
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self.api.events.put((identity, body, int((time.time() + seconds) * 1000)))
        path, kind, answer, at = self.answer()
        assert path.startswith(f"invocation/{identity}/"), path
        return path.rsplit("/", 1)[-1], kind, answer, at

    def answer(self) -> tuple[str, str, dict, float]:
        """The next thing that the runtime posts: path, type, body and time."""
        until = time.monotonic() + machine.HANG
        while True:
            with contextlib.suppress(queue.Empty):
                return self.api.answers.get(timeout=0.2)
            assert self.process.poll() is None, self.logged()
            assert time.monotonic() < until, "there is no answer"

    def size(self) -> tuple[int, int]:
        """What the runtime itself holds while it waits: resident kB, and open files."""
        assert self.api.waited_for.wait(machine.HANG)
        process = Path(f"/proc/{self.process.pid}")
        text = (process / "status").read_text()
        resident = next(line for line in text.splitlines() if line.startswith("VmRSS"))
        return int(resident.split()[1]), len(list((process / "fd").iterdir()))
