"""Runs of the real program in the lab with a fault of its own machine, and what may come of them.

strace makes the faults: it lets the chosen calls fail with an errno, or sends a signal at them. That
works on the static program too, and reaches every call of the libraries inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/lab"))

import machine  # noqa: E402
import plan as p  # noqa: E402
from vpc import Lab  # noqa: E402

PROBE = ROOT / os.environ.get("PULLPROBE", "build/pullprobe")
IMAGE = f"{p.REGISTRY}/app:multi"
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/report.schema.json").read_text()))


@dataclass
class Run:
    code: int
    out: str
    err: str

    @property
    def report(self) -> dict:
        report = json.loads(self.out)
        SCHEMA.validate(report)
        return report


def check() -> list[str]:
    return ["check", "--format", "json", "--timeout", str(machine.limit(5)),
            "--deadline", str(machine.limit(25))]  # fmt: skip


def run(lab: Lab, *options: str, inject: str = "", before: tuple[str, ...] = (),
        image: str = IMAGE, **more) -> Run:  # fmt: skip
    """A check in the lab; `inject` is strace's, `before` a command that runs the rest of its line."""
    traced = inject.split(":")[0]
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={traced}",
              "-e", f"inject={inject}"] if inject else []  # fmt: skip
    command = [*before, *strace, str(PROBE), *check(), *options, image]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    done = lab.run(command, stdin=subprocess.DEVNULL, text=True, timeout=machine.HANG, **streams)
    return Run(done.returncode, done.stdout or "", done.stderr or "")


def is_one_line(done: Run, code: int = 3) -> bool:
    """The program could not work, and says so: nothing else."""
    return (done.code == code and done.out == "" and done.err.startswith("pullprobe: ")
            and done.err.count("\n") == 1 and len(done.err) > len("pullprobe: \n"))  # fmt: skip


def wrong(done: Run) -> str:
    """What is wrong with a run in a healthy subnet; empty when it is honest."""
    if is_one_line(done):
        return ""
    if not done.out:
        return f"silence or noise: exit {done.code}, {done.err!r}"
    report = done.report
    verdict = report["verdict"]
    if verdict["exit_code"] != done.code:
        return f"the report says exit {verdict['exit_code']}, the process {done.code}"
    if verdict["pull"] == "breaks":
        return f"a wrong verdict: {verdict}, {failed(report)}"
    known = {finding["class"] for finding in report["findings"]}
    if verdict["pull"] == "unknown" and not known & {"probe.unable", "unsettled"}:
        return f"does not say why it is unknown: {known}"
    if done.code != {"works": 0}.get(verdict["pull"], 3 if "probe.unable" in known else 99):
        return f"exit {done.code} for {verdict}"
    return ""


def failed(report: dict) -> list[tuple]:
    return [(step["stage"], step["endpoint"], step["cause"], step["detail"])
            for step in report["steps"] if step["outcome"] == "failed"]  # fmt: skip
