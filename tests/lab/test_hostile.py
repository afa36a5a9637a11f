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
import machine
import plan as p
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from faults.base import resolver, to
from faults.credentials import pod_identity
from faults.others import LOGIN, password
from faults.sources import instance, web
from fake_services.hostile import ANSWERS, ESCAPES, KEPT, LOCAL, MANNERS, PORT
from fake_services.local import IMDS_ROLES, IMDS_TOKEN, INSTANCE_ROLE, POD_TOKEN
from shell import end, inside, spawn
from switch import Switch
from test_lab import lab_of, needs_probe
from vpc import CACHE, HERE, Lab

pytestmark = needs_probe
MEMORY = 32 << 10  # kB that are resident at most; 5,000 of them are this harness' own
MEMORY_TIMES = 32 if machine.SANITIZED else 1  # sanitizers keep what is freed
DEADLINE = 15

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
    "the instance's token": {"role": "imds", "match": "^PUT "},
    "the instance's role": {"role": "imds", "match": f"{IMDS_ROLES} "},
    "the instance's credentials": {"role": "imds", "match": IMDS_ROLES + INSTANCE_ROLE},
    "the pod's credentials": {"role": "pods"},
    "STS": {"role": "sts", "match": "^POST "},
    "Docker Hub's ping": {"role": "hub", "match": "/v2/ "},
    "Docker Hub's tokens": {"role": "hubauth", "match": "scope="},
    "Docker Hub's manifests": {"role": "hub", "match": "manifests", "signed": True},
    "Docker Hub's blobs": {"role": "hubblobs"},
    "a learnt token service": {"role": "corpauth", "match": "scope="},
}
HUB, CORP = "docker.io/lab/private:multi", "registry.corp.example/app:multi"
ELSEWHERE = {"hub": HUB, "hubauth": HUB, "hubblobs": HUB, "corpauth": CORP}
TOLD_AS = {"hub": "dkr", "hubauth": "api", "hubblobs": "s3", "corpauth": "api"}  # in reports

# What the task is like where a role is asked at all.
SETTINGS = {
    "imds": instance(), "pods": pod_identity(POD_TOKEN), "sts": web(),
    **{role: password() for role in ELSEWHERE},
}  # fmt: skip


@dataclass
class Told:
    code: int
    text: str
    complaints: str
    peak: int
    heard: list[list[str]]


def in_the_way(lab: Lab, role: str, port: int) -> Switch:
    """What leads the task's connections to a role, or its queries, to the middlebox."""
    what = "th dport 443"
    if role == "dns":
        where, what = f"ip daddr {{ {p.RESOLVER4}, {p.RESOLVER_LOCAL} }}", "th dport 53"
    elif role in LOCAL:
        where, what = f"ip daddr {LOCAL[role]}", "th dport 80"
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
        until = time.monotonic() + machine.HANG
        while not ready.exists():
            assert child.poll() is None and time.monotonic() < until, (
                lab.directory / "hostile.log").read_text()
            time.sleep(0.02)
        yield
    finally:
        end(lab.directory, "hostile")
        child.wait(machine.HANG)


def asked_of(lab: Lab, role: str) -> Switch:
    """The task asks the role, and is led to the middlebox."""
    return in_the_way(lab, role, PORT[role]) + SETTINGS.get(role, lambda plan: Switch())(lab.plan)


@contextlib.contextmanager
def hostile(lab: Lab, wish: dict, also: Switch = Switch()):
    lab.apply(asked_of(lab, wish["role"]) + also)
    with serving(lab, "/usr/bin/python3", "-m", "fake_services.hostile", str(lab.directory),
                 json.dumps(wish)):  # fmt: skip
        yield


def check(lab: Lab, *options: str, form: str = "json", deadline: int = DEADLINE,
          variables: dict | None = None, image: str = "app:multi") -> Told:
    """As the task, of an image of ECR's; or of another registry's, with the lab's user."""
    reference = image
    if "/" in image:
        options = (*options, *LOGIN)
    else:
        reference = lab.plan.image(image)
    peak, log = lab.directory / "peak", lab.directory / "hostile.heard"
    done = lab.run(
        ["/usr/bin/python3", "-ISc", PEAK, str(peak), str(judge.PROBE), "check", "--format", form,
         "--timeout", str(machine.limit(1)), "--deadline", str(machine.limit(deadline)), *options, reference],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=machine.HANG,
        variables=variables)  # fmt: skip
    heard = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return Told(done.returncode, done.stdout, done.stderr,
                int(peak.read_text()), heard)


def strays(heard: list[list[str]]) -> list[str]:
    """Secrets that were sent to whom they are not for."""
    found = []
    for role, request in heard:
        low = request.lower()
        sent = {
            "a secret key": (p.SECRET_KEY in request, ()),
            "a signature": ("authorization: aws4-hmac-sha256" in low, ("api",)),
            "a session token": (p.SESSION_TOKEN in request, ("api",)),
            "a user's or the registry's password": ("authorization: basic" in low,
                                                    ("dkr", "hubauth", "corpauth")),
            "a bearer token": ("authorization: bearer" in low, ("hub",)),
            "a presigned query": ("x-amz-signature=" in low or "verify=" in low, ("s3", "hubblobs")),
            "the instance's token": (IMDS_TOKEN in request, ("imds",)),
            "the pod's token": (POD_TOKEN in request, ("pods",)),
            "the web identity": ("webidentitytoken=" in low, ("sts",)),
        }  # fmt: skip
        found += [f"{role} got {what}" for what, (is_there, known) in sent.items()
                  if is_there and role not in known]  # fmt: skip
        found += [f"{role} got a header that another made"] * ("\nx-injected" in low or
                                                               "\rx-injected" in low)  # fmt: skip
    return found


def unfit(text: str) -> list[str]:
    """Characters that a terminal would obey, and those that turn a line around."""
    return sorted({hex(ord(c)) for c in text
                   if (c < " " and c != "\n") or "\x80" <= c <= "\x9f" or "\u202a" <= c <= "\u202e"})  # fmt: skip


def hold(lab: Lab, told: Told, memory: int = MEMORY, deadline: int = DEADLINE) -> dict:
    """What is true of every run, whoever answered."""
    assert told.complaints == ""
    assert told.code not in (2, 3) and 0 <= told.code < 126, told.text
    assert told.peak < memory * MEMORY_TIMES
    assert strays(told.heard) == []
    assert unfit(told.text) == []
    assert judge.leaks(lab, judge.Outcome(told.code, told.text, told.complaints)) == []
    report = json.loads(told.text)
    assert report["verdict"]["exit_code"] == told.code
    print(f"{told.peak} kB", report["verdict"],
          *(one["says"] for one in report["findings"][:2]), sep="\n")

    return report


EVERYWHERE = ("headers without end", "a drip of a head", "a drip of a body", "escapes")
OWN = ("echo", "keys", "token", " for a name")  # manners that have places of their own
AT_MANIFESTS = [do for do in MANNERS
                if do not in KEPT and not any(word in do for word in OWN)]  # fmt: skip
AT_TOKENS = ("a body without end", "deep JSON", "a head, then half closed",
             "a bearer token with line ends")  # fmt: skip
AT_IMDS = {
    "the instance's token": ("a token of two lines", "a token with a CR", "a token with a NUL", "an empty token",
                             "a token of a megabyte", "a body without end"),
    "the instance's role": ("a path for a name", "a request for a name"),
    "the instance's credentials": ("keys with line ends", "a body without end", "JSON of empty objects"),
}  # fmt: skip
AT_THE_BUCKET = ("a chunk's line without end", "trailers without end", "a switch of protocols",
                 "a length beyond all", "two lengths", "escapes in XML", "entities", "deep XML",
                 "a large XML text", "a head, then half closed", "a compressed bomb")  # fmt: skip
ROWS = [
    *((place, do) for place in PLACES for do in EVERYWHERE),
    ("the token", "JSON of empty objects"), ("the credentials", "JSON of empty objects"),
    ("the credentials", "a body without end"), ("the task's metadata", "JSON of numbers"),
    *(("manifests", do) for do in AT_MANIFESTS),
    *(("the bucket", do) for do in AT_THE_BUCKET),
    *((place, do) for place, manners in AT_IMDS.items() for do in manners),
    ("the credentials", "keys with line ends"), ("the pod's credentials", "keys with line ends"),
    ("STS", "a body without end"), ("STS", "deep XML"), ("STS", "entities"),
    *(("Docker Hub's tokens", do) for do in AT_TOKENS),
    ("a learnt token service", "a body without end"),
]  # fmt: skip


@pytest.mark.parametrize("place,do", dict.fromkeys(ROWS), ids=lambda one: one)
def test_a_hostile_answer_ends_in_a_finding(place: str, do: str) -> None:
    role = PLACES[place]["role"]
    lab = lab_of("nat" if role in ELSEWHERE else "endpoints", "v4")
    with hostile(lab, PLACES[place] | {"do": do}):
        report = hold(lab, told := check(lab, image=ELSEWHERE.get(role, "app:multi")))
    assert told.heard
    if place != "the task's metadata":  # nothing depends on it
        assert report["verdict"]["pull"] == "breaks" and report["findings"]


MOST_OF_A_BODY = 4 << 20  # of a manifest or config; of a layer's answer without --full less


@pytest.mark.parametrize("place", ["blobs", "the bucket"])
def test_a_layer_without_end_is_not_read_to_its_end(place: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, PLACES[place] | {"do": "a body without end"}):
        report = hold(lab, check(lab, "--full"))
    assert report["verdict"]["pull"] == "breaks" and report["verdict"]["stage"] == "layers"
    # the proof is in bytes, not in seconds: a busy machine may take long for few of them
    endless = [step for step in report["steps"] if step["cause"] == "too_large"]
    assert endless and all(step["seen"]["bytes"] <= MOST_OF_A_BODY for step in endless)


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


FLOODS = [*(("updates", role) for role in ("dkr", "api", "s3", "sts", *ELSEWHERE)),
          ("tickets", "dkr"), ("requests", "dkr"), ("requests", "api"), ("hellos", "dkr")]  # fmt: skip


@pytest.mark.parametrize("kind,role", FLOODS)
def test_a_flood_inside_of_tls_is_not_waited_out(flood: str, kind: str, role: str) -> None:
    lab = lab_of("nat" if role in ELSEWHERE else "endpoints", "v4")
    lab.apply(asked_of(lab, role))
    with serving(lab, flood, p.MIDDLEBOX4, str(PORT[role]), str(lab.directory / f"{role}.pem"),
                 str(lab.directory / "key.pem"), kind, str(lab.directory / "hostile.ready")):  # fmt: skip
        report = hold(lab, check(lab, image=ELSEWHERE.get(role, "app:multi")))
    assert report["verdict"]["pull"] == "breaks" and report["verdict"]["endpoint"] == TOLD_AS.get(role, role)
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


@contextlib.contextmanager
def trap(lab: Lab):
    """A port of the task's own, at which nobody may be heard, and a name that leads there."""
    with inside(lab.plan.ns("task"), lambda: socket.create_server(
            ("::", TRAP), family=socket.AF_INET6, dualstack_ipv6=True)) as one:  # fmt: skip
        one.settimeout(0)
        yield resolver("trap.example", "answer", addresses=["127.0.0.1", "::1"])(lab.plan)
        with pytest.raises(BlockingIOError):
            one.accept()


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_that_means_harm_is_not_followed(name: str) -> None:
    lab = lab_of("endpoints", "v4")
    wish = PLACES["blobs"] | {"to": REDIRECTS[name]}
    with trap(lab) as name_of_it, hostile(lab, wish, name_of_it):
        told = check(lab, "--full")
        report = hold(lab, told)
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


REALMS = ("to plain http", "to this machine", "to this machine, mapped", "to this machine, encoded",
          "to no address", "to a name of this machine", "to the metadata", "to a file", "to gopher",
          "to a user of this machine", "to a host behind a backslash", "nowhere")  # fmt: skip


@pytest.mark.parametrize("name", REALMS)
def test_a_token_service_that_means_harm_is_not_asked(name: str) -> None:
    """The user's password goes to whom the challenge names: so that is looked at before."""
    lab = lab_of("nat", "v4")
    realm = REDIRECTS[name].replace("\\", "\\\\")  # in a quoted-string: RFC 9110 5.6.4
    wish = PLACES["Docker Hub's ping"] | {"challenge": f'Bearer realm="{realm}",service="x"'}
    with trap(lab) as name_of_it, hostile(lab, wish, name_of_it):
        told = check(lab, image=HUB)
        report = hold(lab, told)
    assert told.heard and "PASSWORDEXAMPLE" not in told.text
    assert report["verdict"]["pull"] == "breaks" and report["findings"]


@pytest.mark.parametrize("place", ["the credentials", "the instance's token", "the pod's credentials",
                                   "the instance's credentials", "STS", "the token",
                                   "Docker Hub's tokens"])  # fmt: skip
def test_who_hands_out_secrets_is_not_left_for_another(place: str) -> None:
    """A redirect would take along the token or signature that was sent."""
    role = PLACES[place]["role"]
    lab = lab_of("nat" if role in ELSEWHERE else "endpoints", "v4")
    with trap(lab), hostile(lab, PLACES[place] | {"to": f"http://127.0.0.1:{TRAP}/"}):
        told = check(lab, image=ELSEWHERE.get(role, "app:multi"))
        report = hold(lab, told)
    assert told.heard and report["verdict"]["pull"] == "breaks" and report["findings"]
