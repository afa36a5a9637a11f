"""What a case must give, said by hand beside the evidence that it is made of.

    @breaks(22, likely("s3.no_route", "tcp", "s3", "s3.security_group net.nacl"), words=["52.216.0.10"])
    def tcp_s3_no_route():
        return silent(World(), "s3")

is the case of the rule tcp-s3-no-route: the pull breaks, with exit code 22, by one finding of that rule.
"api+dkr" is one finding that rests on failed steps of both. Every finding of the report is listed, in its order; one by another rule names it. `words` are in what
the rule's own finding says, advises or wants asked. `doubt` is a weakening of doubts.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

KEYS = ("rule", "class", "severity", "certainty", "stage", "endpoint", "alternatives")


@dataclass(frozen=True)
class Finding:
    certainty: str
    cls: str
    stage: str
    endpoints: str  # one or several, each with a finding of its own; "api+dkr" share one
    alternatives: str = ""
    rule: str = ""  # another than the case's own
    severity: str = "broken"

    def rows(self) -> list[tuple]:
        return [(self.rule, self.cls, self.severity, self.certainty, self.stage, endpoint,
                 self.alternatives.split()) for endpoint in self.endpoints.split()]  # fmt: skip


def proven(cls: str, stage: str, endpoints: str, **more) -> Finding:
    return Finding("proven", cls, stage, endpoints, **more)


def likely(cls: str, stage: str, endpoints: str, alternatives: str, **more) -> Finding:
    return Finding("likely", cls, stage, endpoints, alternatives, **more)


def undecided(cls: str, stage: str, endpoints: str, alternatives: str, **more) -> Finding:
    """Certainty `open`: it cannot be told apart from here."""
    return Finding("open", cls, stage, endpoints, alternatives, **more)


def warning(finding: Finding) -> Finding:
    return replace(finding, severity="warning")


def note(finding: Finding) -> Finding:
    return replace(finding, severity="note")


@dataclass(frozen=True)
class Case:
    rule: str
    make: Callable
    pull: str
    code: int
    findings: list
    words: list
    doubt: Callable | None

    def report(self) -> dict:
        return self.make().report()

    def proves(self) -> bool:
        """Does it prove what breaks the pull?"""
        return any((f.rule, f.severity, f.certainty) == (self.rule, "broken", "proven")
                   for f in self.findings)  # fmt: skip

    def check(self, report: dict) -> None:
        """The report is what this case must give."""
        expected = [row for finding in self.findings for row in finding.rows()]
        assert [seen_row(f, report["steps"]) for f in report["findings"]] == expected
        verdict = report["verdict"]
        assert (verdict["pull"], verdict["exit_code"]) == (self.pull, self.code)
        own = " ".join(text_of(f) for f in report["findings"] if f["rule"] == self.rule)
        for words in self.words:
            assert words in own, words


def seen_row(finding: dict, steps: list) -> tuple:
    """A finding as a case lists it: of several endpoints where it rests on failed steps of them."""
    failed = [steps[index] for index in finding["steps"] if not steps[index]["experiment"]
              and (steps[index]["outcome"], steps[index]["stage"]) == ("failed", finding["stage"])]  # fmt: skip
    endpoints = "+".join(dict.fromkeys(step["endpoint"] for step in failed))
    return tuple(endpoints or finding[key] if key == "endpoint" else finding[key] for key in KEYS)


def text_of(finding: dict) -> str:
    return " ".join([finding["says"], finding["decide"], *finding["fix"], *finding["confirm"]])


CASES: dict[str, Case] = {}  # by their name: that of their rule, unless they say another


def case(pull: str, code: int, findings: tuple, words: list, doubt: Callable | None,
         rule: str = "") -> Callable:  # fmt: skip
    def add(make: Callable) -> Callable:
        name = make.__name__.replace("_", "-")
        assert name not in CASES, name
        own = [replace(f, rule=f.rule or rule or name) for f in findings]
        CASES[name] = Case(rule or name, make, pull, code, own, words, doubt)
        return make

    return add


def breaks(code: int, *findings: Finding, words: list | None = None,
           doubt: Callable | None = None, rule: str = "") -> Callable:  # fmt: skip
    return case("breaks", code, findings, words or [], doubt, rule)


def works(*findings: Finding, words: list | None = None) -> Callable:
    return case("works", 0, findings, words or [], None)


def unknown(code: int, *findings: Finding, words: list | None = None) -> Callable:
    return case("unknown", code, findings, words or [], None)
