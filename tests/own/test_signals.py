"""A signal at every stage ends the waits and not the report; a call that a signal ended early
changes no verdict."""

from __future__ import annotations

import pytest
from own import run, wrong

# a check makes some 1000 of these, from the first packet to the last
CALLS = "recvfrom,sendto,sendmsg,readv,poll,connect,close"
STAGES = (1, 8, 20, 40, 60, 90, 120, 150, 180, 220, 260, 300, 350, 400, 450, 500, 560, 620, 700)


def ended(lab, by: str, number: int) -> str:
    done = run(lab, inject=f"{CALLS}:signal={by}:when={number}")
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
