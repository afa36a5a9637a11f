"""The probe in the lab: /usr/bin/python3 -m pytest tests/lab

For every fault: first its own check, without the probe; then the probe, which must name it.
`LAB_ONLY=1` leaves the probe out, `PULLPROBE` names another binary.
"""

from __future__ import annotations

import os

import pytest

import faults
import judge
import machine
import plan as p
from faults.base import Fault, Pair
from vpc import Lab

LAB_ONLY = bool(os.environ.get("LAB_ONLY"))
ORDER = [("endpoints", "v4"), ("endpoints", "dual"), ("endpoints", "v6"), ("nat", "v4"),
         ("nat", "dual"), ("nat", "v6")]  # fmt: skip
UP: dict[tuple[str, str], Lab] = {}

needs_probe = pytest.mark.skipif(LAB_ONLY, reason="LAB_ONLY is set")

HEALTHY = [
    *((*key, ["app:multi"]) for key in ORDER),
    *(("endpoints", "v4", [image]) for image in ("app:single", "app:docker", "app:layers30",
                                                  "app:big", "app:medium")),
    ("endpoints", "v4", ["--full", "app:multi"]),
    ("endpoints", "v4", ["--full", "app:layers30"]),
    ("endpoints", "v4", ["--full", "app:big"]),
    ("nat", "v4", ["--full", "app:docker"]),
    ("endpoints", "v4", ["--platform", "linux/arm64", "app:arm"]),
    ("endpoints", "v4", ["--platform", "linux/arm64", "app:multi"]),
    ("endpoints", "v4", ["ecr-public/docker/library/busybox:latest"]),
    ("endpoints", "v4", ["--also", ",".join(p.ALSO), "app:multi"]),
    ("nat", "v4", ["--also", ",".join(p.ALSO), "app:multi"]),
]  # fmt: skip


def lab_of(topology: str, family: str) -> Lab:
    """The lab of this kind, brought up when it is first needed."""
    if reason := machine.missing(machine.LAB):
        pytest.skip(reason)
    key = (topology, family)
    if key not in UP:
        lab = Lab(p.Plan(f"t{os.getpid()}{topology[0]}{family}", topology, family))
        lab.up(os.getpid())
        UP[key] = lab
    return UP[key]


def rank(row: Fault) -> int:
    return ORDER.index((row.topology, row.family))


def complain(lab: Lab, outcome: judge.Outcome, wrong: list[str]) -> None:
    wrong = wrong + judge.leaks(lab, outcome)
    if outcome.cpu > judge.CPU_SECONDS:
        wrong.append(f"used {outcome.cpu:.1f} s of CPU time")
    assert not wrong, "; ".join(wrong) + f"\n{outcome.text[-6000:]}\n{outcome.complaints}"


def prove(lab: Lab, row: Fault, count: int | None = None) -> None:
    failed = [line for line, good in (one.check(lab) for one in row.proof[:count]) if not good]
    assert not failed, f"the lab's {row.name} is not there: {failed}"


@needs_probe
@pytest.mark.parametrize("topology,family,arguments", sorted(
    HEALTHY, key=lambda one: ORDER.index(one[:2])), ids=lambda one: str(one) if isinstance(
    one, str) else " ".join(one))  # fmt: skip
def test_a_healthy_subnet_works(topology: str, family: str, arguments: list[str]) -> None:
    lab = lab_of(topology, family)
    lab.heal()
    *options, image = arguments
    outcome = judge.probe(lab, [*options, lab.plan.image(image)], timeout=5)
    complain(lab, outcome, judge.health(outcome.report, outcome.code))


@pytest.mark.parametrize("row", sorted(faults.ALL, key=rank), ids=lambda row: row.name)
def test_a_fault_is_named(row: Fault) -> None:
    lab = lab_of(row.topology, row.family)
    lab.apply(faults.together([row], lab.plan))
    prove(lab, row)
    if LAB_ONLY:
        return
    if not judge.knows(row):
        pytest.skip(f"this probe has no {row.options[0]}")
    outcome = judge.probe(lab, row.arguments(lab.plan))
    wrong = judge.against(row, outcome.report, outcome.code)
    if "--stage" not in row.options:
        wrong += judge.in_codes(outcome.report, judge.codes_of(outcome.report))
    complain(lab, outcome, wrong)


@pytest.mark.parametrize("pair", sorted(faults.PAIRS, key=lambda pair: rank(pair.first)),
                         ids=lambda pair: pair.name)  # fmt: skip
def test_of_two_faults_the_first_hop_is_the_verdict(pair: Pair) -> None:
    lab = lab_of(pair.first.topology, pair.first.family)
    lab.apply(faults.together([pair.first, pair.second], lab.plan))
    prove(lab, pair.first, 1)
    if pair.listed:
        prove(lab, pair.second, 1)
    if LAB_ONLY:
        return
    row = pair.second if pair.second.image != "app:multi" else pair.first
    outcome = judge.probe(lab, row.arguments(lab.plan))
    complain(lab, outcome, judge.both(pair, outcome.report, outcome.code))


@needs_probe
def test_the_text_report_keeps_secrets_too() -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    outcome = judge.probe(lab, ["--full", lab.plan.image("app:multi")], timeout=5, form="text")
    complain(lab, outcome, [] if outcome.code == 0 else [f"exit {outcome.code}"])
