"""The program for arm64, by an emulator of its instructions: it starts, complains, explains, and walks the lab."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import machine
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("PULLPROBE", "build/arm64/pullprobe")
EMULATOR = [] if platform.machine() == "aarch64" else ["qemu-aarch64-static"]
sys.path.insert(0, str(ROOT / "tests" / "golden"))

from cases import CASES  # noqa: E402
from probe import path_of  # noqa: E402

SAMPLE = sorted(CASES)[::40]  # every fortieth


def run(*arguments: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run([*EMULATOR, PROGRAM, *arguments], capture_output=True, text=True, timeout=machine.HANG,
                          check=False, **options)  # fmt: skip


def test_says_its_version_and_its_libraries() -> None:
    done = run("--version")
    assert done.returncode == 0
    for library in ("pullprobe", "libcurl", "OpenSSL", "c-ares", "jansson", "expat"):
        assert library in done.stdout


def test_a_mistake_is_one_line() -> None:
    done = run("check", "--nope", "image")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_explains_an_error_text() -> None:
    done = run("explain", "--format", "json", "toomanyrequests: Rate exceeded")
    assert done.returncode == 0 and json.loads(done.stdout)


@pytest.mark.parametrize("rule", SAMPLE)
def test_judges_evidence_as_any_machine_does(rule: str) -> None:
    CASES[rule].check(json.loads(run("explain", "--format", "json", path_of(rule)).stdout))
    assert run("explain", path_of(rule)).stdout.strip()


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One command that is the emulated program."""
    path = tmp_path_factory.mktemp("arm64") / "pullprobe"
    path.write_text('#!/bin/sh\nexec {} "$@"\n'.format(" ".join(map(str, [*EMULATOR, PROGRAM]))))
    path.chmod(0o755)
    return path


@pytest.mark.needs(*machine.LAB)
def test_a_healthy_subnet_works(wrapped: Path) -> None:
    sys.path.insert(0, str(ROOT / "tests" / "lab"))
    import plan
    import vpc

    lab = vpc.Lab(plan.Plan(f"a{os.getpid()}", "endpoints", "v4"))
    lab.up(os.getpid())
    try:
        done = lab.run([str(wrapped), "check", "--full", "--timeout", "20", "--deadline", "60",
                        "--format", "json", lab.plan.image("app:multi")],
                       capture_output=True, text=True, timeout=machine.HANG)  # fmt: skip
    finally:
        lab.down()
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]["pull"]) == (0, "works"), done.stdout[-3000:]
    assert report["target"]["platform"] == "linux/arm64"
