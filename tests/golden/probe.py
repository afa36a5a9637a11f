"""The program under test, and the folder of cases that `make` has written."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build/golden"
PROBE = os.environ.get("PULLPROBE", str(ROOT / "build/dev/pullprobe"))


def path_of(rule: str) -> str:
    return str(FOLDER / f"{rule}.json")


def explained(subject: str, report: dict | None = None) -> dict:
    """What `explain` says of a file or a code, or of a report on its standard input."""
    done = subprocess.run([PROBE, "explain", "--format", "json", subject], check=True, text=True, timeout=machine.HANG,
                          stdout=subprocess.PIPE, input=report and json.dumps(report))  # fmt: skip
    return json.loads(done.stdout)


def judged(report: dict) -> dict:
    return explained("-", report)
