"""What the probe does when it is told nonsense, stopped, or short of time."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess

import faults
import judge
import pytest
from test_lab import lab_of, needs_probe, root, taken_down  # noqa: F401  # the fixtures act

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


@needs_probe
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_before_any_packet(name: str) -> None:
    arguments, word = MISTAKES[name]
    lab = lab_of("endpoints", "v4")
    before = packets(lab)
    done = lab.run([str(judge.PROBE), *arguments], capture_output=True, text=True, timeout=20,
                   stdin=subprocess.DEVNULL)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and word in done.stderr
    assert packets(lab) == before


@needs_probe
@pytest.mark.parametrize("value", ["http://localhost:4566", "https://user:hunter2@a.example",
                                   "https://a.example/path", "api.ecr.us-east-1.amazonaws.com"])
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECR"])
def test_an_endpoint_url_that_cannot_be_followed_is_a_mistake(name: str, value: str) -> None:
    lab = lab_of("endpoints", "v4")
    before = packets(lab)
    done = lab.run([str(judge.PROBE), "check", IMAGE], variables={name: value},
                   capture_output=True, text=True, timeout=20)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and f"{name} is not" in done.stderr
    assert value not in done.stderr and packets(lab) == before


@needs_probe
def test_an_endpoint_url_may_be_set_aside() -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    done = lab.run([str(judge.PROBE), "check", IMAGE], capture_output=True, text=True, timeout=30,
                   variables={"AWS_ENDPOINT_URL": "http://localhost:4566",
                              "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"})  # fmt: skip
    assert done.returncode == 0, done.stdout


def stopped(lab, by: str, after: str, *options: str) -> tuple[int, dict]:
    """A check of a subnet where nothing answers, stopped while it waits."""
    lab.apply(faults.together([faults.by_name("tcp-task-group-closed")], lab.plan))
    done = lab.run(["timeout", "--preserve-status", "-s", by, after, str(judge.PROBE), "check",
                    "--format", "json", *options, IMAGE],
                   capture_output=True, text=True, timeout=250)  # fmt: skip
    return done.returncode, json.loads(done.stdout)


@needs_probe
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=lambda by: by.name)
def test_a_signal_ends_the_wait_and_not_the_report(by: signal.Signals) -> None:
    code, report = stopped(lab_of("endpoints", "v4"), by.name.removeprefix("SIG"), "1.5",
                           "--timeout", "300", "--deadline", "600")  # fmt: skip
    assert report["interrupted"]  # long before its own limits, or `stopped` would have given up
    assert code == report["verdict"]["exit_code"] != 0
    assert any(step["cause"] == "deadline" for step in report["steps"])
    assert report["verdict"]["pull"] != "works"


@needs_probe
def test_the_deadline_ends_the_run_and_not_the_report() -> None:
    code, report = stopped(lab_of("endpoints", "v4"), "KILL", "240",
                           "--timeout", "300", "--deadline", "2")  # fmt: skip
    assert code == report["verdict"]["exit_code"] != 0


@needs_probe
def test_full_tells_a_terminal_how_far_it_is() -> None:
    lab = lab_of("endpoints", "v4")
    fault = faults.by_name("s3-stalled")
    lab.apply(faults.together([fault], lab.plan))
    terminal, slave = pty.openpty()
    done = lab.run([str(judge.PROBE), "check", "--full", "--timeout", "2", fault.reference(lab.plan)],
                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave, text=True,
                   timeout=60)  # fmt: skip
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
                    capture_output=True, text=True, timeout=40)  # fmt: skip
    again = subprocess.run([judge.PROBE, "explain", "--format", "json", str(path)],
                           capture_output=True, text=True, timeout=20, check=True)  # fmt: skip
    assert first.stdout == path.read_text() == again.stdout
