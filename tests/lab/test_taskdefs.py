"""What the containers of taskdefs/ run, run by the real program in the lab."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import faults
import judge
import machine
import pytest
from test_lab import lab_of, needs_probe
from vpc import ROOT

sys.path.insert(0, str(ROOT / "tests" / "taskdefs"))
import definitions as d  # noqa: E402

pytestmark = needs_probe

LADDERS = {
    "s3-endpoint-policy": [0, 0, 0, 0, 0, 0, 0, 80],
    "manifest-no-tag": [0, 0, 0, 0, 0, 0, 61, 90],
    "token-denied-identity": [0, 0, 0, 0, 0, 50, 90, 90],
    "tcp-s3-no-gateway": [0, 22, 90, 90, 0, 0, 0, 90],
}


def codes(lab, name: str, image: str = "app:multi") -> list[int]:
    """Every container's exit code, run without a command, as the image's entry point alone, and
    side by side, as in a task."""

    def code(container: dict) -> int:
        variables = d.environment(container) | {"PULLPROBE_IMAGE": lab.plan.image(image)}
        variables["PULLPROBE_OPTIONS"] += f" --timeout {machine.limit(1)}"
        return lab.run([str(judge.PROBE)], variables=variables, capture_output=True,
                       timeout=machine.HANG).returncode  # fmt: skip

    with ThreadPoolExecutor() as pool:
        return list(pool.map(code, d.containers(name)))


@pytest.mark.parametrize("name", d.FILES)
def test_it_works_in_a_healthy_subnet(name: str) -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    assert set(codes(lab, name)) == {0}


@pytest.mark.parametrize("fault", LADDERS)
def test_the_ladder_shows_as_exit_codes(fault: str) -> None:
    lab, row = lab_of("endpoints", "v4"), faults.by_name(fault)
    lab.apply(faults.together([row], lab.plan))
    assert codes(lab, "fargate-stages.json", row.image) == LADDERS[fault]


def test_the_log_holds_the_report() -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    (container,) = d.containers("fargate-logs.json")
    variables = d.environment(container)
    variables["PULLPROBE_OPTIONS"] += " --format json"
    done = lab.run([str(judge.PROBE)], variables=variables, capture_output=True, text=True,
                   timeout=machine.HANG)  # fmt: skip
    assert done.stdout, done.stderr
    assert json.loads(done.stdout)["verdict"]["pull"] == "works"
    assert done.stdout.count("\n") == 1 and done.stderr == ""
