"""A fault of the lab, walked for real, and a VPC that has it (tests/configuration/lab_worlds.py): joined, the
findings are proven and name the resource to change. With a VPC that has no fault they name none."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

import faults
import judge
import machine
from test_lab import lab_of, needs_probe, prove, rank

CONFIGURATION = Path(__file__).resolve().parents[1] / "configuration"
NAMES = [line.split('"')[1] for line in (CONFIGURATION / "lab_worlds.py").read_text().splitlines()
         if line.removeprefix("@").startswith('fault("')]  # fmt: skip
ROWS = sorted((row for row in faults.ALL if row.name in NAMES), key=rank)


@functools.cache
def worlds() -> dict:
    """By a process of its own: both folders have a module named vpc."""
    done = subprocess.run([sys.executable, "lab_worlds.py"], cwd=CONFIGURATION, check=True, stdout=subprocess.PIPE,
                          timeout=machine.HANG)  # fmt: skip
    return json.loads(done.stdout)


def explained(report: dict) -> dict:
    done = subprocess.run([str(judge.PROBE), "explain", "--format", "json", "-"], input=json.dumps(report), text=True,
                          check=True, stdout=subprocess.PIPE, timeout=machine.HANG)  # fmt: skip
    return json.loads(done.stdout)


def test_every_fault_is_one_of_the_labs():
    assert {row.name for row in ROWS} == set(NAMES) == set(worlds())


@needs_probe
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_walk_and_the_configuration_prove_the_resource(row):
    lab = lab_of(row.topology, row.family)
    lab.apply(faults.together([row], lab.plan))
    prove(lab, row)
    report = judge.probe(lab, row.arguments(lab.plan)).report
    one = worlds()[row.name]
    subject = one["configuration"]["subject"] | {"image": report["target"]["image"]}
    got = explained({**report, "configuration": one["configuration"] | {"subject": subject}})
    found = [f for f in got["findings"] if f["severity"] == "broken"]
    told = [(f["endpoint"], f["class"], f["certainty"], f["resources"], f["says"]) for f in got["findings"]]
    # what breaks several endpoints in one way is one finding, of the first
    assert found and found[0]["endpoint"] == one["endpoints"][0], told
    assert {f["endpoint"] for f in found} <= set(one["endpoints"]), told
    for finding in found:
        assert finding["certainty"] == "proven" and finding["resources"][0] == one["resource"], told
        assert not one["classes"] or finding["class"] in one["classes"], told
        assert finding["fix"] and not finding["alternatives"]
    assert not [f for f in got["findings"] if f["class"] == "config.contradiction"], told
    assert got["verdict"]["pull"] == "breaks"
