"""launch of many subnets, and of many subjects: wall time and memory, against the control plane of the tests.

A function is pending for ten seconds, and its walk takes five, about as on AWS, so that what is measured is
launch's own part: what it does one after the other, and what the quotas that it keeps to cost."""

from __future__ import annotations

import json
import shutil
import sys
import time

import bench as b

sys.path += [str(b.ROOT / "tests" / name) for name in ("cloud", "golden")]
import account  # noqa: E402
import run  # noqa: E402
import world as w  # noqa: E402
from control_plane import control_plane  # noqa: E402

SUBNETS = (1, 200)
SUBJECTS = (1, 100)
PENDING_S, WALK_S = 10, 5
ROLE = f"arn:aws:iam::{w.ACCOUNT}:role/mine"


class Timed(account.Account):
    """Its functions are pending for a time, whoever looks."""

    def __init__(self, pending_s: float, **more):
        super().__init__(**more)
        self.pending_s = pending_s

    def state(self, function) -> str:
        began = function.setdefault("began", time.monotonic())
        return "Active" if time.monotonic() - began >= self.pending_s else "Pending"


def report() -> str:
    """One that a check gives: of a resolver that refuses."""
    words = [str(b.PROBE), "check", "--resolver", "127.0.0.1", "--format", "json", w.IMAGE]
    keys = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_LAMBDA_FUNCTION_NAME": "f"}
    return b.subprocess.run(words, capture_output=True, text=True, env=keys, timeout=60, check=False).stdout


def world(names: list[str], pending_s: float, walk_s: float) -> dict:
    text = report()

    def walk(_event: dict, _subnet: str) -> dict:
        time.sleep(walk_s)
        return json.loads(text)

    one = w.healthy()
    one["Subnets"] += [w.subnet(name, f"10.0.{20 + i // 8}.{i % 8 * 32}/27") for i, name in enumerate(names)]
    one["launch"] = Timed(pending_s, walk=walk)
    return one


def launch(one: dict, *words: str) -> b.Run:
    with control_plane(one) as server:
        variables = [f"{name}={value}" for name, value in run.environment(server.url).items()]
        found = b.measure(["env", "-i", *variables, *b.peaked([str(b.PROBE), "launch", "--lambda-role", ROLE, *words])])
    if found.status != 1 or one["launch"].left():
        raise SystemExit(f"bench: launch ended with {found.status}: {found.out[-300:]}{found.error[-300:]}")
    return found


def of_subnets(count: int) -> b.Run:
    names = [f"m{i:03}" for i in range(count)]
    found = launch(world(names, PENDING_S, WALK_S), "--image", w.IMAGE, "--subnets",
                   ",".join(f"subnet-{name}" for name in names), "--security-groups", "sg-task", "--role", w.ROLE,
                   "--format", "json")  # fmt: skip
    survey = json.loads(found.out)
    if len(survey["subnets"]) != count or any(one["error"] for one in survey["subnets"]):
        raise SystemExit("bench: launch has no report of a subnet")
    return found


def of_subjects(count: int) -> b.Run:
    folder = b.WORK / "many"
    shutil.rmtree(folder, ignore_errors=True)
    subject = json.dumps({"image": w.IMAGE, "subnets": ["subnet-a"], "security_groups": ["sg-task"], "role": w.ROLE})
    (b.WORK / "subjects").write_text(f"{subject}\n" * count)
    found = launch(world([], 0, 0), "--subjects", str(b.WORK / "subjects"), "--output", str(folder))
    surveys = list(folder.glob("*/survey.json"))
    if len(surveys) != count:
        raise SystemExit(f"bench: {len(surveys)} surveys of {count} subjects")
    shutil.rmtree(folder)
    return found


def many() -> list[dict]:
    one, all_ = (of_subnets(count) for count in SUBNETS)
    times = all_.wall_us / one.wall_us
    table = [
        b.row("launch", f"{SUBNETS[1]} subnets, against one: wall", times, "times", "3 at most", times <= 3),
        b.row("launch", f"{SUBNETS[1]} subnets: CPU of each", all_.cpu_us / 1000 / SUBNETS[1], "ms of CPU", "", None),
    ]
    for count, found in zip(SUBNETS, (one, all_), strict=True):
        peak = found.peak_kib / 1024
        table.append(b.row("launch", f"subnets: {count}, memory", peak, "MiB", "on a line", None))
    peaks = [(count, of_subjects(count).peak_kib / 1024) for count in SUBJECTS]
    for count, peak in peaks:
        table.append(b.row("launch", f"--subjects of {count} lines: memory", peak, "MiB", "that of one, and a tenth",
                           peak <= 1.1 * peaks[0][1]))  # fmt: skip
    return table
