"""What the parts of the bench share: a lab with the bench's images, one measured run, a table's row."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lab"))

import plan as p  # noqa: E402
from vpc import Lab  # noqa: E402

import content  # noqa: E402

PROBE = Path(os.environ.get("PULLPROBE", ROOT / "build" / "pullprobe")).resolve()
WORK = ROOT / "build" / "bench"
NAME = "bench"
TOKEN = """import botocore.session as s
c = s.get_session().create_client("ecr")
print(c.get_authorization_token()["authorizationData"][0]["authorizationToken"])"""


@dataclass
class Run:
    wall_us: int
    cpu_us: int
    peak_kib: int
    status: int
    out: str
    error: str


def measure(command: list[str]) -> Run:
    """One run of a command line, by the small program that waits for it."""
    result = WORK / "result"
    result.unlink(missing_ok=True)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=180, check=False)  # fmt: skip
    if not result.exists():
        raise SystemExit(f"bench: {command[-1]}: {done.stderr.strip()[-300:]}")
    wall, cpu, peak, status = map(int, result.read_text().split())
    return Run(wall, cpu, peak, status, done.stdout, done.stderr)


def peaked(command: list[str]) -> list[str]:
    return [str(WORK / "peak"), str(WORK / "result"), *command]


def alone(*command: str) -> Run:
    return measure(peaked(list(command)))


def in_lab(lab: Lab, *command: str, good: bool = True, **variables: str) -> Run:
    found = measure(lab.task_command(peaked(list(command)), variables))
    if good and found.status:
        raise SystemExit(f"bench: {' '.join(command[:3])} ended with {found.status}: {found.out[-300:]}{found.error[-300:]}")
    return found


def image(tag: str) -> str:
    repository = "app" if tag in ("single", "multi", "layers30") else content.REPOSITORY
    return f"{p.REGISTRY}/{repository}:{tag}"


def check(lab: Lab, tag: str, *options: str) -> Run:
    return in_lab(lab, str(PROBE), "check", "--format", "json", "--deadline", "170", *options, image(tag))


def took_us(run: Run) -> int:
    return json.loads(run.out)["took_us"]


def token(lab: Lab) -> str:
    """An ECR token as base64 of user and password, for the programs that cannot ask for one."""
    return lab.run(["/usr/bin/python3", "-c", TOKEN], capture_output=True, text=True,
                   stdin=subprocess.DEVNULL, timeout=60).stdout.strip()  # fmt: skip


def with_lab(plan: p.Plan, work) -> list[dict]:
    """`work` in a lab of its own, whose registry has the bench's images."""
    lab = Lab(plan)
    lab.up()
    try:
        store = Path(json.loads((lab.directory / "lab.json").read_text())["store"])
        return work(lab, content.fill(store))
    finally:
        lab.down()


def row(part: str, what: str, value: float, unit: str, budget: str, met: bool | None) -> dict:
    said = {True: "met", False: "MISSED", None: ""}[met]
    print(f"{part:12} {what:46} {value:9.2f} {unit:14} {budget:22} {said}", flush=True)
    return {"part": part, "what": what, "value": round(value, 3), "unit": unit, "budget": budget,
            "met": met}  # fmt: skip


def prepare() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    here = Path(__file__).resolve().parent
    for name, source in (("peak", here / "peak.c"), ("true", WORK / "true.c")):
        (WORK / "true.c").write_text("int main(void)\n{\n\treturn 0;\n}\n")
        subprocess.run(["gcc", "-O2", "-static", "-o", str(WORK / name), str(source)], check=True)
