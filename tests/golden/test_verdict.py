"""The ten exit codes of a verdict, by the program itself: what the containers of taskdefs/fargate-verdict.json
run, and what is read of their codes anywhere. tests/unit/verdict_bytes_test.c does so for every case."""

from __future__ import annotations

import json
import subprocess

import machine
import pytest
from probe import PROBE, explained, path_of

ROLE = "arn:aws:iam::123456789012:role/pull-execution-role"
SAME = ("rule", "class", "certainty", "alternatives", "stage", "endpoint", "fix")
# each with the peer's address and the status, as the report's first step of the finding has them
CASES = {
    "tcp-s3-no-route": ("52.216.0.10:443", 0),
    "tcp-no-egress": ("44.213.79.104:443", 0),
    "denied-no-allow": ("10.20.2.11:443", 400),
    "dns-nxdomain": ("10.20.0.2:53", 0),
}


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROBE, "explain", *words], capture_output=True, text=True, timeout=machine.HANG,
                          check=False)  # fmt: skip


def codes_of(rule: str) -> list[str]:
    first = explained(path_of(rule))["verdict"]["exit_code"]
    done = [run("--byte", str(n), path_of(rule)) for n in range(1, 10)]
    codes = [str(first), *(str(one.returncode) for one in done)]
    assert {(one.stdout, one.stderr) for one in done} == {(",".join(codes) + "\n", "")}
    return codes


def test_a_byte_needs_no_stdout() -> None:
    words = f"exec '{PROBE}' explain --byte 1 '{path_of('tcp-no-egress')}' >&-"
    done = subprocess.run(["sh", "-c", words], timeout=machine.HANG, check=False)
    assert str(done.returncode) == codes_of("tcp-no-egress")[1]


@pytest.mark.parametrize("rule", CASES)
def test_the_codes_say_what_the_report_says(rule: str) -> None:
    report = explained(path_of(rule))
    finding = report["findings"][report["verdict"]["finding"]]
    words = ["--format", "json", "--image", report["target"]["image"], "--role", ROLE]
    told = json.loads(run(*words, ",".join(codes_of(rule))).stdout)
    assert {key: told[key] for key in SAME} == {key: finding[key] for key in SAME}
    assert (told["peer"], told["status"]) == CASES[rule] and told["exact"]
    assert told["exit_code"] == report["verdict"]["exit_code"]


def test_without_the_image_the_words_are_general() -> None:
    codes = codes_of("tcp-s3-no-route")
    told = json.loads(run("--format", "json", *codes).stdout)
    assert told["class"] == "s3.no_route" and not told["exact"]
    assert "com.amazonaws.REGION.s3" in told["fix"][0]
    text = run(*codes).stdout
    assert text.startswith("likely: s3.no_route (tcp, s3)") and "52.216.0.10" in text
    assert "add --image" in text and "What to do" in text


@pytest.mark.parametrize("words,says", [
    (["22", *["137"] * 9], "no verdict"),
    (["2"] * 10, "its command line is wrong"),
    (["137"] * 10, "no such exit code"),
    (["0"] * 10, "no verdict"),
    (["0", "300", *["0"] * 8], "from 0 to 255"),
    (["22,1,2"], "not 3"),
    (["--image", "registry.example/app", "22"], "for the ten codes"),
    (["--byte", "10", "x.json"], "--byte takes N"),
    (["--byte", "0", "x.json"], "--byte takes N"),
    (["--byte", "1", "a", "b"], "takes one report"),
])  # fmt: skip
def test_what_is_no_verdict_is_refused_in_a_line(words: list[str], says: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "") and says in done.stderr and done.stderr.count("\n") == 1
