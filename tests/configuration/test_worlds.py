"""Each VPC is told as it is: what breaks and at which resource, and nothing of what is healthy."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from pathlib import Path

import pytest
from vpc import ACTIONS, LISTS, report, sealed, with_nat
import customers, field, unusual  # noqa: E401, F401
from worlds import WORLDS

ROOT = Path(__file__).resolve().parents[2]
PROBE = os.environ.get("PULLPROBE", str(ROOT / "build/dev/pullprobe"))
CHAINS = os.environ.get("CHAINS", str(ROOT / "build/dev/chains"))
EACH = pytest.mark.parametrize("name", WORLDS)


def judged(document: dict) -> dict:
    done = subprocess.run([PROBE, "explain", "--format", "json", "-"], input=json.dumps(document), text=True,
                          check=True, timeout=60, stdout=subprocess.PIPE)  # fmt: skip
    return json.loads(done.stdout)


@functools.cache
def found_in(name: str) -> dict:
    return judged(report(WORLDS[name][0]()))


def asked(documents: list) -> list:
    """The chains of reports, and what policies say about requests: see chains.c."""
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    done = subprocess.run([CHAINS], input=lines, text=True, check=True, timeout=300, stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.splitlines()]


def blocked(answer: list) -> set:
    """The endpoints of chains that a link blocks, wholly or partly."""
    return {one["endpoint"] for one in answer
            if {link["effect"] for link in one["links"]} & {"blocks", "partly"}}  # fmt: skip


def told(report_: dict) -> list[tuple]:
    return [(f["endpoint"], f["severity"], f["class"], f["resources"][0], f["certainty"])
            for f in report_["findings"]]  # fmt: skip


@EACH
def test_a_world_is_told_as_it_is(name):
    truth = WORLDS[name][1]
    got = found_in(name)
    found = got["findings"]
    assert [f["endpoint"] for f in found] == truth.endpoints, told(got)
    for finding in found:
        assert finding["severity"] == truth.severity
        assert finding["certainty"] == "likely"
        assert not truth.cls or finding["class"] == truth.cls
        assert finding["resources"][0] in truth.resource.split(), told(got)
        assert finding["fix"] and finding["confirm"]
    text = " ".join(text for f in found for text in [f["says"], *f["fix"]])
    assert truth.words in text, text
    breaks = any(f["severity"] == "broken" for f in found)
    assert got["verdict"]["pull"] == ("breaks" if breaks else "unknown")


@EACH
def test_a_report_with_a_configuration_is_explained_the_same_again(name):
    got = found_in(name)
    assert judged(got) == got


def test_what_is_not_told_has_a_link_that_says_why():
    quiet = {name: one for name, one in WORLDS.items() if one[1].effect}
    for (name, (_, truth)), answer in zip(quiet.items(), asked([report(make()) for make, _ in quiet.values()])):
        assert truth.effect in {link["effect"] for chain in answer for link in chain["links"]}, name


def test_half_of_the_worlds_are_healthy_or_not_told():
    fine = [truth for _, truth in WORLDS.values() if not truth.endpoints]
    assert len(WORLDS) >= 80
    assert len(fine) >= 0.4 * len(WORLDS)


def test_what_is_unread_is_never_taken_as_absent():
    """A call that is denied takes findings away at most: the healthy VPC stays without one."""
    for make in (sealed, with_nat):
        answers = asked([report(make().unread(part)) for part in ACTIONS])
        for part, answer in zip(ACTIONS, answers):
            assert not blocked(answer), part


@functools.cache
def unread_chains() -> dict:
    """Of each world and each call that is denied: all in one process, which takes a tenth of the time."""
    cases = [(name, part) for name in WORLDS for part in ACTIONS]
    return dict(zip(cases, asked([report(WORLDS[name][0]().unread(part)) for name, part in cases])))


@EACH
def test_what_is_unread_breaks_nothing_else(name):
    """Nor does it in a VPC that breaks: no endpoint breaks that did not before."""
    for part in ACTIONS:
        assert blocked(unread_chains()[name, part]) <= set(WORLDS[name][1].endpoints), part


def test_what_was_never_asked_is_not_absent_either():
    reports = []
    for make, _ in WORLDS.values():
        vpc = make()
        vpc.doc["calls"] = []
        for name in LISTS:
            vpc.doc[name] = []
        reports.append(report(vpc))
    for name, answer in zip(WORLDS, asked(reports)):
        assert not blocked(answer), name
