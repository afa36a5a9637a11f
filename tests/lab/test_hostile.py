"""What stands between us and AWS may mean harm: each of these ends in a finding, in time, in
little memory, and learns no secret that is not for it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from dataclasses import dataclass

import certs
import judge
import plan as p
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from faults.base import resolver, to
from fronts.hostile import ANSWERS, ESCAPES, KEPT, MANNERS, PORT
from shell import end, inside, spawn
from switch import Switch
from test_lab import lab_of, needs_probe, root, taken_down  # noqa: F401  # the fixtures act
from vpc import CACHE, HERE, Lab

pytestmark = needs_probe
MEMORY = 32 << 10  # kB that are resident at most; 5,000 of them are this harness' own
MEMORY_TIMES = 32 if judge.SANITIZED else 1  # sanitizers keep what is freed
DEADLINE = 15
PATIENCE = 15 * judge.TIMES  # seconds that a busy machine may add to anything

# The most resident memory of a command, for a file; the command's own exit code.
PEAK = """import os, sys
pid = os.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
open(sys.argv[1], "w").write(str(usage.ru_maxrss))
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
"""

PLACES = {
    "the registry's ping": {"role": "dkr", "match": "/v2/ "},
    "manifests": {"role": "dkr", "match": "manifests", "signed": True},
    "blobs": {"role": "dkr", "match": "blobs", "signed": True},
    "the API": {"role": "api"},
    "the token": {"role": "api", "signed": True},
    "the bucket": {"role": "s3", "match": "Signature="},
    "the credentials": {"role": "metadata", "match": "credentials"},
    "the task's metadata": {"role": "metadata", "match": "task"},
}


@dataclass
class Told:
    code: int
    text: str
    complaints: str
    seconds: float
    peak: int
    heard: list[list[str]]


def in_the_way(lab: Lab, role: str, port: int) -> Switch:
    """What leads the task's connections to a role, or its queries, to the middlebox."""
    what = "th dport 443"
    if role == "dns":
        where, what = f"ip daddr {{ {p.RESOLVER4}, {p.RESOLVER_LOCAL} }}", "th dport 53"
    elif role == "metadata":
        where, what = f"ip daddr {p.METADATA}", "th dport 80"
    else:
        where = to(lab.plan, role)[0]
    return Switch(dnat=(f'iifname "task" {where} meta l4proto {{ tcp, udp }} {what} '
                        f"dnat ip to {p.MIDDLEBOX4}:{port}",))  # fmt: skip


@contextlib.contextmanager
def serving(lab: Lab, *command: str):
    """A server in the place of AWS, for as long as the block runs."""
    ready = lab.directory / "hostile.ready"
    ready.unlink(missing_ok=True)
    child = spawn(lab.directory, "hostile", lab.plan.ns("aws"), *command, cwd=HERE)
    try:
        until = time.monotonic() + PATIENCE
        while not ready.exists():
            assert child.poll() is None and time.monotonic() < until, (
                lab.directory / "hostile.log").read_text()
            time.sleep(0.02)
        yield
    finally:
        end(lab.directory, "hostile")
        child.wait(PATIENCE)


@contextlib.contextmanager
def hostile(lab: Lab, wish: dict, also: Switch = Switch()):
    lab.apply(in_the_way(lab, wish["role"], PORT[wish["role"]]) + also)
    with serving(lab, "/usr/bin/python3", "-m", "fronts.hostile", str(lab.directory),
                 json.dumps(wish)):  # fmt: skip
        yield


def check(lab: Lab, *options: str, form: str = "json", deadline: int = DEADLINE,
          variables: dict | None = None, image: str = "app:multi") -> Told:
    peak, log = lab.directory / "peak", lab.directory / "hostile.heard"
    begun = time.monotonic()
    done = lab.run(
        ["/usr/bin/python3", "-ISc", PEAK, str(peak), str(judge.PROBE), "check", "--format", form,
         "--timeout", str(judge.TIMES), "--deadline", str(deadline), *options, lab.plan.image(image)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=deadline + 60,
        variables=variables)  # fmt: skip
    heard = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return Told(done.returncode, done.stdout, done.stderr, time.monotonic() - begun,
                int(peak.read_text()), heard)


def strays(heard: list[list[str]]) -> list[str]:
    """Secrets that were sent to whom they are not for."""
    found = []
    for role, request in heard:
        low = request.lower()
        wrong = {
            "a secret key": p.SECRET_KEY in request,
            "a signature": "authorization: aws4-hmac-sha256" in low and role != "api",
            "a session token": p.SESSION_TOKEN in request and role != "api",
            "a registry token": "authorization: basic" in low and role != "dkr",
            "a presigned query": "x-amz-signature=" in low and role != "s3",
        }
        found += [f"{role} got {what}" for what, sent in wrong.items() if sent]
    return found


def unfit(text: str) -> list[str]:
    """Characters that a terminal would obey, and those that turn a line around."""
    return sorted({hex(ord(c)) for c in text
                   if (c < " " and c != "\n") or "\x80" <= c <= "\x9f" or "\u202a" <= c <= "\u202e"})  # fmt: skip


def hold(lab: Lab, told: Told, memory: int = MEMORY, deadline: int = DEADLINE) -> dict:
    """What is true of every run, whoever answered."""
    assert told.complaints == ""
    assert told.code not in (2, 3) and 0 <= told.code < 126, told.text
    assert told.seconds < deadline + PATIENCE
    assert told.peak < memory * MEMORY_TIMES
    assert strays(told.heard) == []
    assert unfit(told.text) == []
    assert judge.leaks(lab, judge.Outcome(told.code, told.text, told.complaints, 0)) == []
    report = json.loads(told.text)
    assert report["verdict"]["exit_code"] == told.code
    print(f"{told.seconds:.1f} s, {told.peak} kB", report["verdict"],
          *(one["says"] for one in report["findings"][:2]), sep="\n")

    return report


EVERYWHERE = ("headers without end", "escapes")
AT_MANIFESTS = [do for do in MANNERS if do not in KEPT and "echo" not in do and "keys" not in do]
AT_THE_BUCKET = ("a chunk's line without end", "trailers without end", "a switch of protocols",
                 "a length beyond all", "two lengths", "escapes in XML", "entities", "deep XML",
                 "a large XML text", "a head, then half closed", "a drip of a body",
                 "a compressed bomb")  # fmt: skip
ROWS = [
    *((place, do) for place in PLACES for do in EVERYWHERE),
    ("the token", "JSON of empty objects"), ("the credentials", "JSON of empty objects"),
    ("the credentials", "a body without end"), ("the credentials", "a drip of a head"),
    ("the task's metadata", "JSON of numbers"), ("the API", "a drip of a head"),
    *(("manifests", do) for do in AT_MANIFESTS),
    *(("the bucket", do) for do in AT_THE_BUCKET),
]  # fmt: skip


@pytest.mark.parametrize("place,do", dict.fromkeys(ROWS), ids=lambda one: one)
def test_a_hostile_answer_ends_in_a_finding(place: str, do: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, PLACES[place] | {"do": do}):
        report = hold(lab, told := check(lab))
    assert told.heard
    if place != "the task's metadata":  # nothing depends on it
        assert report["verdict"]["pull"] == "breaks" and report["findings"]


@pytest.mark.parametrize("place", ["blobs", "the bucket"])
def test_a_layer_without_end_is_not_read_to_its_end(place: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, PLACES[place] | {"do": "a body without end"}):
        report = hold(lab, check(lab, "--full"))
    assert report["verdict"]["pull"] == "breaks" and report["verdict"]["stage"] == "layers"
    assert report["took_us"] < DEADLINE * 1e6


def test_a_thousand_layers_with_long_answers_fit_into_memory() -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, {"role": "dkr", "match": "manifests|blobs|bucket", "do": KEPT[0]}):
        told = check(lab, deadline=40)
        report = hold(lab, told, memory=128 << 10, deadline=40)
    assert report["verdict"]["pull"] == "breaks" and len(told.heard) > 1000


@pytest.mark.parametrize("do", ANSWERS)
def test_a_hostile_resolver_ends_in_a_finding(do: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, {"role": "dns", "do": do}):
        report = hold(lab, check(lab))
    assert report["verdict"]["pull"] == "breaks"
    assert report["verdict"]["stage"] in ("dns", "tcp")


# tls ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def flood() -> str:
    """The server that Python cannot be."""
    fresh, program = CACHE / f"flood.{os.getpid()}", CACHE / "flood"
    CACHE.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", fresh, HERE / "flood.c",
                    "-lssl", "-lcrypto"], check=True)  # fmt: skip
    fresh.rename(program)
    return str(program)


@pytest.mark.parametrize("kind,role", [("updates", "dkr"), ("updates", "s3"), ("tickets", "dkr"),
                                       ("requests", "dkr"), ("requests", "api"), ("hellos", "dkr")])
def test_a_flood_inside_of_tls_is_not_waited_out(flood: str, kind: str, role: str) -> None:
    lab = lab_of("endpoints", "v4")
    lab.apply(in_the_way(lab, role, PORT[role]))
    with serving(lab, flood, p.MIDDLEBOX4, str(PORT[role]), str(lab.directory / f"{role}.pem"),
                 str(lab.directory / "key.pem"), kind, str(lab.directory / "hostile.ready")):  # fmt: skip
        report = hold(lab, check(lab))
    assert report["verdict"]["pull"] == "breaks" and report["verdict"]["endpoint"] == role
    assert report["verdict"]["stage"] == ("tls" if kind == "hellos" else "http")


def absurd(lab: Lab, name: str) -> str:
    key = serialization.load_pem_private_key((lab.directory / "key.pem").read_bytes(), None)
    loud = "".join(c for c in ESCAPES if c not in "\0")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, loud)])
    names = {"many names": [f"{i:060}.example.com" for i in range(700)],
             "more names than fit": [f"{i:060}.example.com" for i in range(3000)]}.get(name, ["a.b"])  # fmt: skip
    one = certs._pem(certs._certificate(subject, key, subject, key, names=names))
    (lab.directory / "absurd.pem").write_text(one * (45 if name == "a long chain" else 1))
    return "absurd.pem"


@pytest.mark.parametrize("name", ["escapes", "many names", "more names than fit", "a long chain"])
def test_an_absurd_certificate_ends_in_a_finding(name: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, {"role": "dkr", "certificate": absurd(lab, name), "do": "escapes"}):
        told = check(lab)
        report = hold(lab, told)
    assert report["verdict"]["stage"] == "tls" and told.heard == []


# redirects ----------------------------------------------------------------------------------

TRAP = 8443
REDIRECTS = {
    "to plain http": f"http://{p.S3}/a?X-Amz-Signature=00",
    "to this machine": f"https://127.0.0.1:{TRAP}/",
    "to this machine, IPv6": f"https://[::1]:{TRAP}/",
    "to this machine, mapped": f"https://[::ffff:127.0.0.1]:{TRAP}/",
    "to this machine, as a number": f"https://2130706433:{TRAP}/",
    "to this machine, encoded": f"https://%31%32%37.0.0.1:{TRAP}/",
    "to no address": f"https://0.0.0.0:{TRAP}/",
    "to a name of this machine": f"https://trap.example:{TRAP}/",
    "to localhost": f"https://localhost:{TRAP}/",
    "to the metadata": "https://169.254.169.254/latest/meta-data/",
    "to the metadata, IPv6": "https://[fd00:ec2::254]/latest/meta-data/",
    "to the credentials": f"http://{p.METADATA}{p.CREDENTIALS_PATH}",
    "to a file": "file:///etc/passwd",
    "to gopher": "gopher://127.0.0.1:8443/_x",
    "to a user of this machine": f"https://user:PASSWORDEXAMPLE@127.0.0.1:{TRAP}/",
    "to a host behind a backslash": f"https://{p.S3}\\@127.0.0.1:{TRAP}/",
    "to itself": f"https://{p.REGISTRY}/v2/app/blobs/loop",
    "nowhere": "https://",
    "to escapes": "https://" + "".join(c for c in ESCAPES if c > " " and ord(c) < 256),
    "to a long place": "https://" + "a" * 9000 + "/" + "b" * 4000,
}  # fmt: skip


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_that_means_harm_is_not_followed(name: str) -> None:
    lab = lab_of("endpoints", "v4")
    trap = inside(lab.plan.ns("task"), lambda: socket.create_server(
        ("::", TRAP), family=socket.AF_INET6, dualstack_ipv6=True))  # fmt: skip
    trap.settimeout(0)
    away = resolver("trap.example", "answer", addresses=["127.0.0.1", "::1"])(lab.plan)
    with trap, hostile(lab, PLACES["blobs"] | {"to": REDIRECTS[name]}, away):
        told = check(lab, "--full")
        report = hold(lab, told)
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert "PASSWORDEXAMPLE" not in told.text and "root:" not in told.text
    assert report["verdict"]["pull"] == "breaks" and report["verdict"]["stage"] in ("layers", "dns")
    looped = [request for role, request in told.heard if "/loop " in request]
    assert all("authorization" not in request.lower() for request in looped)


def test_a_bucket_that_redirects_is_not_followed() -> None:
    lab = lab_of("endpoints", "v4")
    wish = PLACES["the bucket"] | {"to": f"https://{p.S3}/again?X-Amz-Signature=again"}
    with hostile(lab, wish):
        told = check(lab)
        report = hold(lab, told)
    assert report["verdict"]["class"] == "registry.bad_redirect"
    assert not any("again" in request for _, request in told.heard)
