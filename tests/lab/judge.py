"""Run the probe in the lab, and hold its report against what is known to be broken."""

from __future__ import annotations

import functools
import ipaddress
import json
import os
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import machine
from faults.base import Fault, Pair
from faults.exits import SEVERAL, code_of
from vpc import ROOT, Lab

PROBE = Path(os.environ.get("PULLPROBE", ROOT / "build" / "pullprobe"))
DEADLINE = 25
CPU_SECONDS = 8 if machine.SANITIZED else 2  # that a run may use: it is 0.1 where nothing spins


@dataclass
class Outcome:
    code: int
    text: str
    complaints: str
    cpu: float = 0
    """seconds of CPU time, of the run and of what started it"""

    @property
    def report(self) -> dict:
        return json.loads(self.text)


def probe(lab: Lab, arguments: list[str], timeout: int = 1, form: str = "json") -> Outcome:
    """`check` as the task."""
    before = cpu_of_children()
    done = lab.run(
        [str(PROBE), "check", "--format", form, "--timeout", str(machine.limit(timeout)),
         "--deadline", str(machine.limit(DEADLINE)), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=machine.HANG,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr, cpu_of_children() - before)


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@functools.cache
def help_text() -> str:
    return subprocess.run([PROBE, "check", "--help"], capture_output=True, text=True, timeout=machine.HANG,
                          check=False).stdout  # fmt: skip


def knows(row: Fault) -> bool:
    """Whether this probe has the options that the row is run with."""
    return all(one in help_text() for one in row.options if one.startswith("--"))


def leaks(lab: Lab, outcome: Outcome) -> list[str]:
    """Which planted secrets stand in the output, as they are or percent-encoded."""
    output = outcome.text + outcome.complaints
    found = []
    for secret in lab.secrets():
        ends = {secret} if len(secret) < 60 else {secret[:40], secret[-40:]}
        for piece in ends | {quote(one, safe="") for one in ends}:
            if piece in output:
                found.append(f"leaks a secret that begins with {secret[:12]}")
    return found


def health(report: dict, code: int) -> list[str]:
    verdict = report["verdict"]
    if verdict["pull"] != "works" or code != 0:
        broken = [f["class"] for f in report["findings"] if f["severity"] == "broken"]
        return [f"the pull {verdict['pull']}, exit {code}, {broken}; it should work"]
    return []


def against(row: Fault, report: dict, code: int, besides: tuple[Fault, ...] = ()) -> list[str]:
    """What in the report disagrees with the fault; empty when it is right."""
    verdict = report["verdict"]
    if row.works:
        told = [t for one in report["findings"] for t in (one["says"], *one["fix"])]
        return health(report, code) + _told(row, told)
    if row.lenient and verdict["pull"] == "works":
        return []
    if verdict["pull"] != "breaks":
        return [f"the pull {verdict['pull']}, exit {code}; it should break: {row.says}"]
    finding = report["findings"][verdict["finding"]]
    if row.lenient:
        return _class(row, finding) if finding["certainty"] == "proven" else []
    wrong = []
    if verdict["exit_code"] != code:
        wrong.append(f"the report says exit {verdict['exit_code']}, the process {code}")
    if verdict["stage"] not in (row.stage, *row.stages):
        wrong.append(f"stage {verdict['stage']}, not {row.stage}")
    if verdict["endpoint"] not in (row.endpoint, *row.endpoints):
        wrong.append(f"endpoint {verdict['endpoint']}, not {row.endpoint}")
    wrong += _told(row, [finding["says"], *finding["fix"]])
    return wrong + _class(row, finding) + _code(row, verdict, code) + _proofs((row, *besides), report)


def _told(row: Fault, texts: list[str]) -> list[str]:
    return [f"does not tell {one}" for one in row.tells if one not in " ".join(texts)]


def _class(row: Fault, finding: dict) -> list[str]:
    certainty, named = finding["certainty"], {finding["class"], *finding["alternatives"]}
    said = f"{finding['class']} ({certainty}, or {', '.join(finding['alternatives']) or 'nothing'})"
    if certainty == "proven" and finding["class"] not in (row.cls, *row.also):
        return [f"proves {said}, and it is {row.cls}"]
    if row.cls not in named and finding["class"] not in row.also:
        return [f"{said} leaves out {row.cls}"]
    if certainty not in row.certainty:
        return [f"{said}: {certainty} is not {' or '.join(row.certainty)}"]
    return []


# one fault, met at the layer bucket as well, has a class of its own there
AT_BUCKET = {"dns": "s3.dns", "net.reset": "s3.reset", "registry.slow": "s3.slow",
             "registry.unavailable": "s3.unavailable"}  # fmt: skip


def _proofs(rows: tuple[Fault, ...], report: dict) -> list[str]:
    """All that the report proves must be the faults' doing."""
    true = {cls for row in rows for cls in (row.cls, *row.also)}
    true |= {there for here, there in AT_BUCKET.items()
             if any(cls.startswith(here) for cls in true)}  # fmt: skip
    return [f"proves {f['class']} of {f['endpoint']} besides, and it is {rows[0].cls}"
            for f in report["findings"]
            if f["severity"] == "broken" and f["certainty"] == "proven" and f["class"] not in true]  # fmt: skip


def _code(row: Fault, verdict: dict, code: int) -> list[str]:
    stage = verdict["stage"]
    if row.exit is not None and not row.stages:
        wanted = row.exit
    elif row.exit in SEVERAL.values() and stage in SEVERAL:
        wanted = SEVERAL[stage]
    else:
        wanted = code_of(stage, verdict["endpoint"], verdict["class"])
    return [] if code == wanted else [f"exit {code}, not {wanted}"]


def both(pair: Pair, report: dict, code: int) -> list[str]:
    """The first decides the verdict, the second stands among the findings."""
    wrong = against(pair.first, report, code, (pair.second,))
    if pair.listed and not wrong:
        second = pair.second
        known = {second.cls, *second.also}
        for finding in report["findings"]:
            named = {finding["class"], *finding["alternatives"]}
            about = {report["steps"][index]["endpoint"] for index in finding["steps"]}
            if finding["severity"] == "broken" and named & known and second.endpoint in about:
                return []
        wrong.append(f"{second.cls} of {second.endpoint} is not listed")
    return wrong


def explain(*words: str, report: dict | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([PROBE, "explain", *words], input=report and json.dumps(report), text=True,
                          capture_output=True, timeout=machine.HANG, check=False)  # fmt: skip


def codes_of(report: dict) -> list[int]:
    """The exit codes of a task that has this report."""
    done = explain("--byte", "1", "-", report=report)
    codes = [int(code) for code in done.stdout.split(",")]
    assert (codes[0], codes[1]) == (report["verdict"]["exit_code"], done.returncode)
    return codes


def in_codes(report: dict, codes: list[int]) -> list[str]:
    """What a machine elsewhere says of the codes, and the report does not."""
    words = [",".join(map(str, codes)), "--format", "json"]
    known = ["--image", report["target"]["image"]]
    principal = report["vantage"]["principal"].split(":")
    if len(principal) > 5 and "assumed-role/" in principal[5]:
        known += ["--role", f"arn:aws:iam::{principal[4]}:role/{principal[5].split('/')[1]}"]
    done = explain(*words, *known)
    if done.returncode:
        return [done.stderr]
    told, verdict = json.loads(done.stdout), report["verdict"]
    wanted = {"exit_code": verdict["exit_code"]}
    if verdict["pull"] == "breaks":
        finding = report["findings"][verdict["finding"]]
        step = report["steps"][finding["steps"][0]]
        wanted |= {key: finding[key] for key in ("rule", "class", "certainty", "alternatives", "stage", "endpoint")}
        wanted |= {"exit_codes": codes, "status": step["seen"].get("status", 0),
                   "fix": finding["fix"] if told["exact"] else told["fix"]}  # fmt: skip
        told["peer"], wanted["peer"] = _address(told["peer"]), _address(step["peer"])
    return [f"the codes tell {key} {told[key]}, not {one}" for key, one in wanted.items() if told[key] != one]


def _address(peer: str) -> str:
    """Without its port; of an IPv6 address that no NAT64 made, its end. The codes of 0.0.0.0 are of none."""
    host = peer.rsplit(":", 1)[0].strip("[]") if "." in peer or peer.startswith("[") else peer
    if host == "0.0.0.0":
        return ""
    if ":" not in host or host.startswith(("64:ff9b:", "*")):
        return host
    end = ipaddress.ip_address(host).packed[-4:]
    return f"*:{int.from_bytes(end[:2]):x}:{int.from_bytes(end[2:]):x}"
