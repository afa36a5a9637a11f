"""Every exit code of the one list comes about, and comes about as what the list says it is: by a
rule's case, by a subnet of codes.py, or, where there is no verdict, by the program's own failure."""

from __future__ import annotations

import os
import subprocess

import machine
import pytest
from cases import CASES
from codes import CODES
from probe import PROBE, explained, judged

MET = {case.code for case in CASES.values()}
WITHOUT_VERDICT = {
    2: (["pullprobe", "check"], "check takes one image"),
    3: (["bootstrap"], "AWS_LAMBDA_RUNTIME_API is not set"),
}


def explains(code: int) -> int:
    done = subprocess.run([PROBE, "explain", str(code)], capture_output=True, check=False, timeout=machine.HANG)
    return done.returncode


def test_every_code_of_the_list_comes_about():
    known = [code for code in range(256) if explains(code) == 0]
    assert len(known) > 60
    assert known == sorted(MET | set(CODES) | set(WITHOUT_VERDICT))
    # 3 has a report where the probe lacked means for a part of the path only
    assert MET & set(WITHOUT_VERDICT) <= {3}


@pytest.mark.parametrize("code", CODES)
def test_the_subnet_comes_to_its_code(code: int):
    report = judged(CODES[code]().report())
    verdict = report["verdict"]
    assert verdict["exit_code"] == code, (verdict, [f["rule"] for f in report["findings"]])
    stage = explained(str(code))["stage"]
    assert stage in ("", "also", verdict["stage"])


@pytest.mark.parametrize("code", WITHOUT_VERDICT)
def test_without_a_verdict_it_is_the_programs_own(code: int):
    (name, *words), said = WITHOUT_VERDICT[code]
    done = subprocess.run([name, *words], executable=PROBE, capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"]}, timeout=machine.HANG, check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("code", [1, 4, 9, 100, 125])
def test_no_other_number_is_explained(code: int):
    assert explains(code) == 2
