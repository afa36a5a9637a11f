"""The wall clock jumps by hours in the middle of a check: nothing waits longer or shorter for it, and only
what is truly of the clock may be told of it."""

from __future__ import annotations

import os
import subprocess

import machine
import pytest
from fault_injection import IMAGE, ROOT, Run, check, failed

FAILING_ALLOCATOR = str(ROOT / os.environ.get("FAILING_ALLOCATOR", "build/failing_allocator"))
HOUR = 3600
HOUR_US = HOUR * 1_000_000  # less than any jump, and more than any machine's lateness
# of AWS's signatures, which are good for minutes, and of certificates and credentials, good for hours or days
OF_THE_CLOCK = {"auth.clock_skew", "client.clock_skew", "tls.expired", "tls.not_yet_valid", "tls.clock"}


def jumping(lab, jump: str, path="", *options: str) -> Run:
    variables = {"FAIL_CLOCK": jump} | ({"FAIL_COUNTS": str(path)} if path else {})
    done = lab.run([FAILING_ALLOCATOR, *check(), *options, IMAGE], variables=variables, capture_output=True, text=True,
                   timeout=machine.HANG, stdin=subprocess.DEVNULL)  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def wrong(run: Run) -> str:
    report = run.report
    verdict = report["verdict"]
    if not 0 <= report["took_us"] < HOUR_US:
        return f"took {report['took_us']} us"
    if any(step["began_us"] < 0 or not 0 <= step["took_us"] < HOUR_US for step in report["steps"]):
        return "a step of no length"
    if verdict["pull"] == "works" or verdict["class"] in OF_THE_CLOCK:
        return ""
    return f"{verdict} for {failed(report)}"


@pytest.mark.parametrize("seconds", [-5 * HOUR, 5 * HOUR, -1000 * 24 * HOUR, 1000 * 24 * HOUR])
def test_a_jump(lab, seconds: int, tmp_path) -> None:
    jumping(lab, "", tmp_path / "counts")
    looks = int((tmp_path / "counts").read_text().split()[1])
    for number in (1, *range(2, looks, looks // 4), looks):
        assert not wrong(jumping(lab, f"{number}:{seconds}")), number
