"""Recorded evidence in, expected findings and verdict out: one case for each rule.

A changed rule changes expectations: `make --expect` writes them anew, and the difference is read
before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import doubts
import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROBE = os.environ.get("PULLPROBE", str(ROOT / "build/dev/pullprobe"))
TABLES = sorted((ROOT / "src/diagnose").glob("rules_*.c"))
RULES = [rule for table in TABLES for rule in re.findall(r'\.id = "([^"]+)"', table.read_text())]
CASES = sorted(path.name.removesuffix(".expected.json")
               for path in (HERE / "cases").glob("*.expected.json"))  # fmt: skip
TOOLS = ("aws ", "nslookup ", "openssl ", "curl ", "chronyc ", "tracepath ", "ip ", "nft ", "ss ",
         "printenv ", "kubectl ")  # fmt: skip
DOUBTS = json.loads((HERE / "doubts.json").read_text())
PLACE = re.compile(r"\{[a-z_]+\}")


def explained(path: Path | str, report: str | None = None) -> dict:
    done = subprocess.run([PROBE, "explain", str(path), "--format", "json"], capture_output=True,
                          input=report, check=True, text=True, timeout=60)  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture(scope="module", name="reports")
def reports_by_case():
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = pool.map(lambda case: explained(HERE / "cases" / f"{case}.json"), CASES)
        return dict(zip(CASES, reports))


def test_every_rule_has_a_case():
    assert len(RULES) == len(set(RULES))
    assert sorted(RULES) == CASES


@pytest.mark.parametrize("case", CASES)
def test_findings_and_verdict_are_as_expected(reports, case):
    expected = json.loads((HERE / "cases" / f"{case}.expected.json").read_text())
    report = reports[case]
    assert {"findings": report["findings"], "verdict": report["verdict"]} == expected


@pytest.mark.parametrize("case", CASES)
def test_the_rule_of_that_name_is_met(reports, case):
    assert case in [finding["rule"] for finding in reports[case]["findings"]]


def test_explaining_the_explained_changes_nothing(reports, tmp_path):
    def again(case):
        path = tmp_path / f"{case}.json"
        path.write_text(json.dumps(reports[case]))
        return explained(path)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, report in zip(CASES, pool.map(again, CASES)):
            assert report == reports[case], case


def failed_steps(report):
    return [index for index, step in enumerate(report["steps"])
            if step["outcome"] == "failed" and not step["experiment"]]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_failed_step_has_exactly_one_finding(reports, case):
    report = reports[case]
    for index in failed_steps(report):
        step = report["steps"][index]
        about = [f for f in report["findings"] if index in f["steps"]
                 and (f["stage"], f["endpoint"], f["host"])
                 == (step["stage"], step["endpoint"], step["host"])]  # fmt: skip
        about = [f for f in about if f["rule"] != "clock-off"]
        assert len(about) == 1, f"step {index}: {[f['rule'] for f in about]}"


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_is_the_first_broken_finding(reports, case):
    report = reports[case]
    verdict = report["verdict"]
    broken = [i for i, f in enumerate(report["findings"]) if f["severity"] == "broken"]
    if broken:
        assert (verdict["pull"], verdict["finding"]) == ("breaks", broken[0])
        assert verdict["exit_code"] >= 10
    else:
        assert verdict["pull"] in ("works", "unknown")
        assert (verdict["pull"] == "works") == (verdict["exit_code"] == 0)


@pytest.mark.parametrize("case", CASES)
def test_a_certainty_says_what_it_rests_on(reports, case):
    for finding in reports[case]["findings"]:
        unsure = finding["certainty"] != "proven"
        assert bool(finding["alternatives"]) == unsure, finding["rule"]
        assert bool(finding["decide"]) == unsure, finding["rule"]
        assert finding["class"] not in finding["alternatives"]


def test_every_proof_can_be_doubted_or_is_what_was_seen(reports):
    proven = set(doubts.proven_rules(reports))
    assert doubts.OBSERVED <= proven
    assert set(DOUBTS) == proven - doubts.OBSERVED


@pytest.mark.parametrize("rule", sorted(DOUBTS))
def test_less_evidence_turns_a_proof_into_doubt(reports, rule):
    doubt = DOUBTS[rule]
    case = json.loads((HERE / "cases" / f"{rule}.json").read_text())
    less = doubts.weakened(case, getattr(doubts, doubt["weakened"]))
    finding = doubts.doubted(reports[rule], explained("-", json.dumps(less)), rule)
    assert finding, "it is still proven, or the truth is out of sight"
    assert {"weakened": doubt["weakened"]} | {key: finding[key] for key in doubt if key != "weakened"} == doubt


def test_two_public_answers_are_no_split_horizon():
    """S3 gives other addresses each time, so one of them that answers proves nothing of zones."""
    case = json.loads((HERE / "cases" / "tcp-split-horizon.json").read_text())
    for step in case["steps"]:
        if step["asks"] == "tcp_other_answer":
            step["peer"] = "54.210.113.77:443"
    classes = [finding["class"] for finding in explained("-", json.dumps(case))["findings"]]
    assert "dns.split_horizon" not in classes


def test_a_service_that_falters_is_no_black_hole():
    """One small try of three that failed, and it may be chance."""
    case = json.loads((HERE / "cases" / "http-mtu.json").read_text())
    for step in case["steps"]:
        if step["asks"] == "http_small_mss":
            step["seen"]["passed_tries"] = 2
    found = explained("-", json.dumps(case))["findings"]
    assert [f["certainty"] for f in found if f["class"] == "net.mtu_blackhole"] == ["likely"]


@pytest.mark.parametrize("case", CASES)
def test_lines_can_be_pasted(reports, case):
    for finding in reports[case]["findings"]:
        texts = [finding["says"], finding["decide"], *finding["fix"], *finding["confirm"]]
        for text in texts:
            assert not PLACE.search(text), text
            assert "  " not in text and text == text.strip(), text
        for line in finding["confirm"]:
            assert line.startswith(TOOLS), line
            assert line.count("(") == line.count(")") and line.count("'") % 2 == 0, line
        if finding["severity"] == "broken":
            assert finding["fix"] and (finding["confirm"] or finding["class"] == "unsettled")


def test_every_class_of_a_live_check_is_met(reports):
    """The classes that only an error text can tell are left to `explain`."""
    declared = re.findall(r'X\([A-Z0-9_]+, "([a-z0-9_.]+)",',
                          (ROOT / "include/model/classes.h").read_text())  # fmt: skip
    told = {"none", "image.disk_full", "envfile.network", "envfile.denied", "logs.config",
            "logs.not_found", "logs.denied", "secrets.denied", "secrets.not_found",
            "secrets.bad_format"}  # fmt: skip
    met = {f["class"] for report in reports.values() for f in report["findings"]}
    met |= {one for report in reports.values() for f in report["findings"] for one in f["alternatives"]}
    assert set(declared) - told - met == set()


def test_cases_are_as_the_generator_writes_them():
    import importlib.machinery
    import importlib.util

    loader = importlib.machinery.SourceFileLoader("make", str(HERE / "make"))
    make = importlib.util.module_from_spec(importlib.util.spec_from_loader("make", loader))
    loader.exec_module(make)
    assert sorted(make.CASES) == CASES
    for case in CASES:
        assert (HERE / "cases" / f"{case}.json").read_text() == make.text_of(case), case
