"""What the probe does when it is told nonsense, stopped, or short of time."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time
from pathlib import Path

import faults
import judge
import machine
import pytest
from test_lab import lab_of, needs_probe

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:multi"

MISTAKES = {
    "no verb": ([], "verb"),
    "unknown verb": (["chekc", IMAGE], "chekc"),
    "unknown option": (["check", "--nope", IMAGE], "--nope"),
    "option without its value": (["check", IMAGE, "--timeout"], "--timeout"),
    "no image": (["check"], "image"),
    "upper case": (["check", IMAGE.replace("app", "App")], "upper-case"),
    "digest too short": (["check", IMAGE.split(":")[0] + "@sha256:abc"], "digest"),
    "zone for a Region": (["check", IMAGE.replace("east-1", "east-1a")], "us-east-1a"),
    "no such Region": (["check", IMAGE.replace("us-east-1", "mars-east-1")], "mars-east-1"),
    "--region that is none": (["check", "--region", "mars", IMAGE], "mars"),
    "a user for a role": (["check", "--role-arn", "arn:aws:iam::123456789012:user/me", IMAGE],
                          "arn:aws:iam::ACCOUNT:role/NAME"),
    "a role's name for its ARN": (["check", "--role-arn", "me", IMAGE], '"me"'),
    "unreadable CA file": (["check", "--ca-file", "/nowhere/ca.pem", IMAGE], "/nowhere/ca.pem"),
    "unwritable report": (["check", "--report", "/nowhere/r.json", IMAGE], "/nowhere/r.json"),
    "a registry over plain http": (["check", "http://registry.corp.example/app"], "https only"),
    "a user without a password": (["check", "--user", "me", "nginx"], "--password-stdin"),
    "a password without a user": (["check", "--password-stdin", "nginx"], "--user"),
    "two passwords": (["check", "--user", "me", "--password-stdin", "--password-file", "/x", "nginx"],
                      "exclude"),
    "a user with a colon": (["check", "--user", "me:pw", "--password-stdin", "nginx"], "--user"),
    "a password file that is none": (["check", "--user", "me", "--password-file", "/dev/null", "nginx"], "regular file"),
    "unreadable password": (["check", "--user", "me", "--password-file", "/nowhere", "nginx"],
                            "/nowhere"),
    "a user of private ECR": (["check", "--user", "me", "--password-stdin", IMAGE], "AWS"),
}  # fmt: skip


def packets(lab) -> list[str]:
    """What the task's own network has sent: TCP segments and UDP datagrams, RFC 1213."""
    snmp = lab.run(["cat", "/proc/net/snmp"], capture_output=True, text=True).stdout
    rows = {kind: [line.split()[1:] for line in snmp.splitlines() if line.startswith(f"{kind}:")]
            for kind in ("Tcp", "Udp")}  # fmt: skip
    names = {"Tcp": "OutSegs", "Udp": "OutDatagrams"}
    return [values[head.index(names[kind])] for kind, (head, values) in rows.items()]


def silent(lab, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """A run that sends nothing. A program that did would each time; what the connections of earlier
    tests still send is chance."""
    for _ in range(5):
        before = packets(lab)
        done = lab.run([str(judge.PROBE), *arguments], variables=variables, capture_output=True,
                       text=True, timeout=machine.HANG, stdin=subprocess.DEVNULL)  # fmt: skip
        if packets(lab) == before:
            return done
    pytest.fail("it sends something before it complains")


@needs_probe
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_before_any_packet(name: str) -> None:
    arguments, word = MISTAKES[name]
    done = silent(lab_of("endpoints", "v4"), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and word in done.stderr


@needs_probe
@pytest.mark.parametrize("value", ["http://localhost:4566", "https://user:hunter2@a.example",
                                   "https://a.example/path", "api.ecr.us-east-1.amazonaws.com"])
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECR"])
def test_an_endpoint_url_that_cannot_be_followed_is_a_mistake(name: str, value: str) -> None:
    done = silent(lab_of("endpoints", "v4"), "check", IMAGE, **{name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and f"{name} is not" in done.stderr
    assert value not in done.stderr


@needs_probe
def test_an_endpoint_url_may_be_set_aside() -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    done = lab.run([str(judge.PROBE), "check", IMAGE], capture_output=True, text=True, timeout=machine.HANG,
                   variables={"AWS_ENDPOINT_URL": "http://localhost:4566",
                              "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"})  # fmt: skip
    assert done.returncode == 0, done.stdout


LONG = 300  # seconds that one wait may last


def waiting(lab, deadline: int) -> subprocess.Popen:
    """A check of a subnet where nothing answers."""
    lab.apply(faults.together([faults.by_name("tcp-task-group-closed")], lab.plan))
    words = [str(judge.PROBE), "check", "--format", "json", "--timeout", str(LONG),
             "--deadline", str(deadline), IMAGE]  # fmt: skip
    return subprocess.Popen(lab.task_command(words), stdout=subprocess.PIPE, text=True)


def ended(child: subprocess.Popen) -> dict:
    """Its report, which came long before its waits would have ended by themselves."""
    out, _ = child.communicate(timeout=machine.HANG)
    report = json.loads(out)
    assert child.returncode == report["verdict"]["exit_code"] != 0
    assert report["took_us"] < LONG * 1_000_000
    assert any(step["cause"] == "deadline" for step in report["steps"])
    assert report["verdict"]["pull"] != "works"
    return report


def connects(child: subprocess.Popen) -> bool:
    """Whether a connection of its network is in SYN_SENT: proc(5)."""
    assert child.poll() is None
    lines = Path(f"/proc/{child.pid}/net/tcp").read_text().splitlines()[1:]
    return any(line.split()[3] == "02" for line in lines)


@needs_probe
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=lambda by: by.name)
def test_a_signal_ends_the_wait_and_not_the_report(by: signal.Signals) -> None:
    child = waiting(lab_of("endpoints", "v4"), 2 * LONG)
    while not connects(child):
        time.sleep(0.02)
    child.send_signal(by)
    assert ended(child)["interrupted"]


@needs_probe
def test_the_deadline_ends_the_run_and_not_the_report() -> None:
    assert ended(waiting(lab_of("endpoints", "v4"), 2))["took_us"] >= 2_000_000


@needs_probe
def test_full_tells_a_terminal_how_far_it_is() -> None:
    lab = lab_of("endpoints", "v4")
    fault = faults.by_name("s3-stalled")
    lab.apply(faults.together([fault], lab.plan))
    terminal, slave = pty.openpty()
    done = lab.run([str(judge.PROBE), "check", "--full", "--timeout", str(machine.limit(2)), fault.reference(lab.plan)],
                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave, text=True,
                   timeout=machine.HANG)  # fmt: skip
    os.close(slave)
    told = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert re.search(r"\d\.\d of \d+\.\d MB, \d+\.\d MB/s, \d+ s left", told), told
    assert "MB/s" not in done.stdout


@needs_probe
def test_a_recorded_report_is_explained_alike(tmp_path) -> None:
    lab = lab_of("endpoints", "v4")
    lab.apply(faults.together([faults.by_name("s3-endpoint-policy")], lab.plan))
    path = tmp_path / "report.json"
    first = lab.run([str(judge.PROBE), "check", "--format", "json", "--report", str(path), IMAGE],
                    capture_output=True, text=True, timeout=machine.HANG)  # fmt: skip
    again = subprocess.run([judge.PROBE, "explain", "--format", "json", str(path)],
                           capture_output=True, text=True, timeout=machine.HANG, check=True)  # fmt: skip
    assert first.stdout == path.read_text() == again.stdout
