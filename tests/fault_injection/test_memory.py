"""Every allocation fails once, one by one: alone, and with all after it.

`FAILING_ALLOCATOR` is the static program itself, linked once more with failing_allocator.c around its allocations. The first
hundred of a run fail each, and `ALLOCATIONS` more, spread over the rest (a check makes some 60,000, most of
them alike, of the certificates that are trusted)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import faults
import machine
import pytest
from fault_injection import IMAGE, ROOT, Run, check, failed, is_one_line

FAILING_ALLOCATOR = str(ROOT / os.environ.get("FAILING_ALLOCATOR", "build/failing_allocator"))
FIRST, SPREAD = 100, int(os.environ.get("ALLOCATIONS", "16"))
EVER = pytest.mark.parametrize("ever", ["", "+"], ids=["once", "from then on"])
REPORT = str(ROOT / "build/golden/s3-endpoint-policy.json")
OTHER = str(ROOT / "build/golden/unsettled.json")
TEXT = ("CannotPullContainerError: Error response from daemon: Get https://123456789012.dkr.ecr."
        "us-east-1.amazonaws.com/v2/: net/http: request canceled (Client.Timeout)")  # fmt: skip

OFFLINE = {
    "a report": ["explain", REPORT],
    "a report as JSON": ["explain", "--format", "json", REPORT],
    "a text": ["explain", TEXT],
    "a code": ["explain", "22"],
    "reports side by side": ["compare", REPORT, OTHER],
    "reports as JSON": ["compare", "--format", "json", REPORT, OTHER],
    "reports as a page": ["compare", "--format", "html", REPORT, OTHER],
    "a mistake": ["check", "--nope", IMAGE],
    "a mistaken image": ["check", "UPPER:case"],
    "help": ["check", "--help"],
}

LOOP = """folder=$1 numbers=$2; shift 2
for n in $numbers; do
	FAIL_COUNTS=$folder/counts FAIL_MEMORY=$n "$@" >"$folder/out.$n" 2>"$folder/err.$n" </dev/null
	echo $? >"$folder/code.$n"
done"""


def each(start: Callable, folder: Path, numbers: list[str], words: list[str]) -> dict[str, Run]:
    """The runs of one command, in which these allocations fail; number 0 is unharmed."""
    done = start(["sh", "-c", LOOP, "sh", str(folder), " ".join(numbers), FAILING_ALLOCATOR, *words],
                 timeout=machine.HANG)  # fmt: skip
    assert done.returncode == 0
    return {n: Run(int((folder / f"code.{n}").read_text()), (folder / f"out.{n}").read_text(),
                   (folder / f"err.{n}").read_text()) for n in numbers}  # fmt: skip


def harmed(start: Callable, folder: Path, ever: str, words: list[str]) -> tuple[Run, dict[str, Run]]:
    whole = each(start, folder, ["0"], words)["0"]
    counts = folder / "counts"  # a usage mistake ends by _exit and tells none
    count = int(counts.read_text().split()[0]) if counts.exists() else FIRST
    step = max(1, (count - FIRST) // SPREAD)
    numbers = sorted({*range(1, min(count, FIRST) + 1), *range(count, FIRST, -step)})
    return whole, each(start, folder, [f"{number}{ever}" for number in numbers], words)


def told(wrong: dict[str, Run]) -> str:
    return "\n".join(f"allocation {number}: exit {run.code}, {run.err[-200:]!r}, {run.out[-200:]!r}"
                     for number, run in wrong.items())  # fmt: skip


@EVER
@pytest.mark.parametrize("name", OFFLINE)
def test_offline(name: str, ever: str, tmp_path) -> None:
    whole, runs = harmed(subprocess.run, tmp_path, ever, OFFLINE[name])
    assert whole.code == (2 if "mistake" in name else 0), whole

    def good(run: Run) -> bool:
        """Comparisons are written as they are made: what is already out stays, and the line comes after."""
        begun = OFFLINE[name][0] == "compare" and whole.out.startswith(run.out)
        return run == whole or is_one_line(Run(run.code, "" if begun else run.out, run.err))

    wrong = {number: run for number, run in runs.items() if not good(run)}
    assert not wrong, told(wrong)


# a whole walk, and one with experiments and rules in it
@EVER
@pytest.mark.parametrize("fault", ["", "tls-dkr-reset"])
def test_a_check(lab, fault: str, ever: str, tmp_path) -> None:
    def verdict(run: Run) -> tuple:
        report = run.report
        return run.code, report["verdict"], [step[:3] for step in failed(report)]

    lab.apply(faults.together([faults.by_name(fault)] if fault else [], lab.plan))
    try:
        whole, runs = harmed(lab.run, tmp_path, ever, [*check(), IMAGE])
    finally:
        lab.heal()
    assert whole.report["verdict"]["pull"] == ("breaks" if fault else "works")
    wrong = {number: run for number, run in runs.items()
             if not is_one_line(run) and (not run.out or verdict(run) != verdict(whole))}  # fmt: skip
    assert not wrong, told(wrong)
