"""A signal at every stage ends the waits and not the report; a call that a signal ended early
changes no verdict."""

from __future__ import annotations

import json
import subprocess
import time

import faults
import machine
import pytest
from function import Function
from fault_injection import IMAGE, PROBE, ROOT, failed, run, wrong

# a check makes some 1000 of these, from the first packet to the last
CALLS = "recvfrom,sendto,sendmsg,readv,poll,connect,close"
STAGES = (1, 8, 20, 40, 60, 90, 120, 150, 180, 220, 260, 300, 350, 400, 450, 500, 560, 620, 700)


def ended(lab, by: str, number: int, *options: str) -> str:
    done = run(lab, *options, inject=f"{CALLS}:signal={by}:when={number}")
    if wrong(done):
        return wrong(done)
    report = done.report
    left = any(step["cause"] == "deadline" for step in report["steps"])
    if report["interrupted"] and done.code == 0 and left:
        return "was interrupted, and says that the pull works"
    if done.code and not (report["interrupted"] and left):
        return f"ended early, and does not say so: {report['verdict']}"
    return ""


@pytest.mark.parametrize("number", STAGES)
def test_sigterm_at_every_stage(lab, number: int) -> None:
    assert not ended(lab, "SIGTERM", number)


@pytest.mark.parametrize("number", STAGES[1::4])
def test_sigterm_while_whole_layers_are_fetched(lab, number: int) -> None:
    assert not ended(lab, "SIGTERM", number, "--full")


@pytest.mark.parametrize("number", STAGES[1::4])
@pytest.mark.parametrize("name", ["tls-dkr-reset", "s3-endpoint-policy"])
def test_sigterm_while_a_break_is_looked_into(lab, name: str, number: int) -> None:
    """What was seen to break stays, and nothing else does."""
    row = faults.by_name(name)
    lab.apply(faults.together([row], lab.plan))
    try:
        done = run(lab, inject=f"{CALLS}:signal=SIGTERM:when={number}")
    finally:
        lab.heal()
    report = done.report
    verdict = report["verdict"]
    assert verdict["exit_code"] == done.code
    if verdict["pull"] == "breaks":
        finding = report["findings"][verdict["finding"]]
        assert row.cls in (finding["class"], *finding["alternatives"]), failed(report)
    else:
        assert (verdict["pull"], done.code) == ("unknown", 99) and report["interrupted"]


OFFLINE = ("read", "write", "open", "mmap", "close")


@pytest.mark.parametrize("call", OFFLINE)
@pytest.mark.parametrize("words", [["compare"], ["compare", "--format", "html"], ["explain"]],
                         ids=" ".join)  # fmt: skip
def test_sigterm_delays_and_changes_nothing_offline(call: str, words: list[str]) -> None:
    reports = [str(ROOT / f"build/golden/{name}.json") for name in
               ("s3-endpoint-policy", "unsettled")][:2 if words[0] == "compare" else 1]  # fmt: skip
    whole = subprocess.run([PROBE, *words, *reports], capture_output=True, check=True, timeout=machine.HANG)
    traced = ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
              "-e", f"inject={call}:signal=SIGTERM:when=1+"]  # fmt: skip
    done = subprocess.run([*traced, PROBE, *words, *reports], capture_output=True, timeout=machine.HANG,
                          check=False)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, whole.stdout, b"")


def test_lambda_answers_the_event_that_it_has(lab) -> None:
    lab.apply(faults.together([faults.by_name("tcp-task-group-closed")], lab.plan))
    try:
        with Function(lab) as function:
            function.api.events.put(("1", json.dumps({"image": IMAGE, "options": [
                "--timeout", "300", "--deadline", "600"]}).encode(), 0))  # fmt: skip
            waits = time.monotonic() + machine.HANG
            while not function.api.events.empty() or not lab.run(["ps", "--ppid", str(function.process.pid), "-o", "pid="],
                              capture_output=True).stdout.strip():  # fmt: skip
                assert time.monotonic() < waits
            function.process.terminate()
            path, _, report, _ = function.answer()
            assert function.process.wait(timeout=machine.HANG) == 0
    finally:
        lab.heal()
    assert path.endswith("/response") and report["interrupted"]
    assert report["verdict"]["pull"] != "works"


# of the runtime and of each of its checks, counted apart
@pytest.mark.parametrize("number", [1, 4, 9, 20, 50, 120])
def test_sigterm_at_every_stage_of_lambda(lab, number: int) -> None:
    calls = "recvfrom,sendto,readv,poll,connect,wait4,memfd_create"
    before = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
              "-e", f"inject={calls}:signal=SIGTERM:when={number}")  # fmt: skip
    with Function(lab, before=before) as function:
        function.api.events.put(("1", json.dumps({"image": IMAGE}).encode(), 0))
        until = time.monotonic() + machine.HANG
        while function.api.answers.empty() and function.process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.02)
        answers = list(function.api.answers.queue)
    for path, kind, answer, _ in answers:
        assert path.endswith(("/response", "/error"))
        assert answer.get("errorMessage") or answer["verdict"]["pull"] in ("works", "unknown"), answer
    assert function.process.returncode in (0, -15), function.said


@pytest.mark.parametrize("number", STAGES[1::6])
def test_sigint_is_alike(lab, number: int) -> None:
    assert not ended(lab, "SIGINT", number)


@pytest.mark.parametrize("number", STAGES[2::6])
def test_sigpipe_does_nothing(lab, number: int) -> None:
    done = run(lab, inject=f"{CALLS}:signal=SIGPIPE:when={number}")
    assert (done.code, done.report["verdict"]["pull"]) == (0, "works")


def test_a_signal_while_the_report_is_written(lab) -> None:
    done = run(lab, inject="write:signal=SIGTERM:when=1+")
    assert not wrong(done) and done.report["interrupted"] in (True, False)


# For ever, every second call of two connections in turn would always be the same one's.
@pytest.mark.parametrize("begin", ["1..99+2", "2..100+2", "1..100+3"])
@pytest.mark.parametrize("call", ["read", "write", "open", "poll", "recvfrom", "sendto", "sendmsg",
                                  "readv"])  # fmt: skip
def test_an_interrupted_call_changes_nothing(lab, call: str, begin: str) -> None:
    """connect is left out: it never waits here, and strace would not begin what it interrupts."""
    done = run(lab, inject=f"{call}:error=EINTR:when={begin}")
    assert (done.code, done.report["verdict"]["pull"]) == (0, "works"), wrong(done)
