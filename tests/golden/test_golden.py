"""Evidence in, findings and verdict out: one case for each rule, and what it must give beside it."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor

import doubts
import pytest
from cases import CASES
from expect import text_of
from probe import ROOT, explained, judged, path_of

RULES = re.findall(r"^### (\S+)$", (ROOT / "docs/causes.md").read_text(), re.MULTILINE)
TOOLS = ("aws ", "nslookup ", "openssl ", "curl ", "chronyc ", "tracepath ", "ip ", "nft ", "ss ",
         "printenv ", "kubectl ")  # fmt: skip
PLACE = re.compile(r"\{[a-z_]+\}")
PROVING = [rule for rule, case in CASES.items() if case.proves()]
EACH = pytest.mark.parametrize("rule", CASES)


@pytest.fixture(scope="module", name="reports")
def reports_by_rule():
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(CASES, pool.map(explained, map(path_of, CASES))))


def test_every_rule_has_a_case():
    """docs/causes.md lists the rules of the tables; tests/unit/causes_test.c fails where it is stale."""
    assert len(RULES) == len(set(RULES))
    assert sorted(RULES) == sorted({case.rule for case in CASES.values()})


@EACH
def test_findings_and_verdict_are_as_expected(reports, rule):
    CASES[rule].check(reports[rule])


@EACH
def test_the_rule_of_that_name_is_met(rule):
    assert CASES[rule].rule in [finding.rule for finding in CASES[rule].findings]


def test_explaining_the_explained_changes_nothing(reports):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for rule, report in zip(CASES, pool.map(judged, reports.values())):
            assert report == reports[rule], rule


@EACH
def test_every_failed_step_has_exactly_one_finding(reports, rule):
    report = reports[rule]
    for index, step in enumerate(report["steps"]):
        if step["outcome"] != "failed" or step["experiment"]:
            continue
        about = [f["rule"] for f in report["findings"] if index in f["steps"] and f["rule"] != "clock-off"
                 and f["stage"] == step["stage"]]  # fmt: skip
        assert len(about) == 1, f"step {index}: {about}"


@EACH
def test_a_finding_rests_on_steps(reports, rule):
    steps = reports[rule]["steps"]
    for finding in reports[rule]["findings"]:
        place = tuple(finding[key] for key in ("stage", "endpoint", "host"))
        assert place in [tuple(steps[index][key] for key in ("stage", "endpoint", "host"))
                         for index in finding["steps"]], finding["rule"]  # fmt: skip


@EACH
def test_the_verdict_is_the_first_broken_finding(reports, rule):
    report = reports[rule]
    verdict = report["verdict"]
    broken = [i for i, f in enumerate(report["findings"]) if f["severity"] == "broken"]
    if broken:
        first = report["findings"][broken[0]]
        assert (verdict["pull"], verdict["finding"]) == ("breaks", broken[0])
        assert all(verdict[key] == first[key] for key in ("stage", "endpoint", "class"))
        assert verdict["exit_code"] >= 10
    else:
        assert verdict["pull"] in ("works", "unknown")
        assert (verdict["pull"] == "works") == (verdict["exit_code"] == 0)


@EACH
def test_a_certainty_says_what_it_rests_on(reports, rule):
    for finding in reports[rule]["findings"]:
        unsure = finding["certainty"] != "proven"
        assert bool(finding["alternatives"]) == unsure, finding["rule"]
        assert bool(finding["decide"]) == unsure, finding["rule"]
        assert finding["class"] not in finding["alternatives"]


@pytest.mark.parametrize("rule", PROVING)
def test_less_evidence_turns_a_proof_into_doubt(reports, rule):
    """Or, where nothing else leaves that evidence, doubts.CERTAIN says why."""
    weaken = CASES[rule].doubt
    if rule in doubts.CERTAIN and not weaken:
        return
    report = CASES[rule].report()
    weaken(report)
    finding = doubts.doubted(reports[rule], judged(report), CASES[rule].rule)
    assert finding, "it is still proven, or the truth is out of sight"
    assert finding["decide"]


def test_few_proofs_are_beyond_doubt():
    assert set(doubts.CERTAIN) == {rule for rule in PROVING if not CASES[rule].doubt}
    assert len(doubts.CERTAIN) < 20
    assert not [rule for rule, case in CASES.items() if case.doubt and not case.proves()]


def test_two_public_answers_are_no_split_horizon():
    """S3 gives other addresses each time, so one of them that answers proves nothing of zones."""
    report = CASES["tcp-split-horizon"].report()
    for step in report["steps"]:
        if step["asks"] == "tcp_other_answer":
            step["peer"] = "54.210.113.77:443"
    assert "dns.split_horizon" not in [finding["class"] for finding in judged(report)["findings"]]


def test_a_service_that_falters_is_no_black_hole():
    """One small try of three that failed, and it may be chance."""
    report = CASES["http-mtu"].report()
    for step in report["steps"]:
        if step["asks"] == "http_small_mss":
            step["seen"]["passed_tries"] = 2
    found = judged(report)["findings"]
    assert [f["certainty"] for f in found if f["class"] == "net.mtu_blackhole"] == ["likely"]


@EACH
def test_lines_can_be_pasted(reports, rule):
    for finding in reports[rule]["findings"]:
        assert not PLACE.search(text_of(finding)), text_of(finding)
        for text in [finding["says"], finding["decide"], *finding["fix"], *finding["confirm"]]:
            assert "  " not in text and text == text.strip(), text
        for line in finding["confirm"]:
            assert line.startswith(TOOLS), line
            assert line.count("(") == line.count(")") and line.count("'") % 2 == 0, line
        if finding["severity"] == "broken":
            assert finding["fix"] and (finding["confirm"] or finding["class"] == "unsettled")


def test_lines_about_the_subnet_are_for_its_own_region():
    """The image is in one Region, the subnet in another."""
    report = CASES["tcp-endpoint-alone"].report()
    report["vantage"]["availability_zone"] = "eu-west-1b"
    finding = judged(report)["findings"][0]
    ours = [line for line in finding["confirm"] if line.startswith("aws ec2 ")]
    assert ours and all("--region eu-west-1" in line and "us-east-1 " not in line for line in ours)


def test_every_class_of_a_live_check_is_met():
    """The classes that only an error text can tell are left to `explain`."""
    schema = json.loads((ROOT / "docs/report.schema.json").read_text())
    told = {"none", "image.disk_full", "envfile.network", "envfile.denied", "logs.config",
            "logs.not_found", "logs.denied", "secrets.denied", "secrets.not_found",
            "secrets.bad_format", "config.contradiction"}  # fmt: skip
    met = {name for case in CASES.values() for f in case.findings
           for name in (f.cls, *f.alternatives.split())}  # fmt: skip
    no_pull = {name for name in schema["$defs"]["class"]["enum"] if name.startswith("ecs.")}
    assert set(schema["$defs"]["class"]["enum"]) - told - no_pull - met == set()
