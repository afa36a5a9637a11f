"""The pieces of docs/ci.md, whose shell lines run here as the services run them."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import judge
import machine
import pytest
import yaml
from test_lab import lab_of, needs_probe
from vpc import ROOT

pytestmark = needs_probe
PAGE = (ROOT / "docs" / "ci.md").read_text()
GONE = "app:never-pushed"


def piece(heading: str, kind: str) -> str:
    return re.search(rf"^## {heading}\n.*?^```{kind}\n(.*?)^```", PAGE, re.M | re.S)[1]


def github() -> str:
    job = yaml.safe_load(piece("GitHub Actions", "yaml"))["jobs"]
    assert job["deploy"]["needs"] == "gate"
    (script,) = [step["run"] for step in job["gate"]["steps"] if "run" in step]
    return "set -eo pipefail\n" + script  # the shell that Actions uses: bash --noprofile --norc -eo pipefail


def gitlab() -> str:
    job = yaml.safe_load(piece("GitLab", "yaml"))["gate"]
    assert job["artifacts"] == {"when": "always", "reports": {"junit": "junit.xml"}}
    return "set -eo pipefail\n" + "\n".join(job["script"])


def codebuild() -> str:
    spec = yaml.safe_load(piece("CodeBuild", "yaml"))
    assert spec["reports"]["pullprobe"] == {"file-format": "JUNITXML", "files": ["junit.xml"]}
    assert spec["phases"]["build"]["on-failure"] == "ABORT"
    return "\n".join(spec["phases"]["build"]["commands"])


def makefile() -> str:
    return f"cat >Makefile <<'END'\n{piece('A Makefile', 'make')}END\nmake deploy"


def run(script: str, folder: Path, lab, **variables: str):
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    if not (programs / "pullprobe").exists():
        (programs / "pullprobe").symlink_to((ROOT / judge.PROBE).resolve())
    variables |= {"PATH": f"{programs}:{os.environ['PATH']}"}
    return lab.run(["bash", "-c", f"cd {folder}\n{script}"], variables=variables, capture_output=True, text=True,
                   timeout=machine.HANG)  # fmt: skip


@pytest.fixture(name="lab")
def healthy_lab():
    lab = lab_of("endpoints", "v4")
    lab.heal()
    return lab


@pytest.mark.parametrize("name, code", [("app:multi", 0), (GONE, 61), ("app:armindex", 63)])
def test_github(lab, tmp_path, name, code):
    done = run(github(), tmp_path, lab, IMAGE=lab.plan.image(name), GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    assert done.returncode == code, done.stderr
    summary = (tmp_path / "summary").read_text()
    assert summary.startswith("**The pull works up to manifest; " if code == 0 else "**The pull breaks at manifest of dkr: ")
    assert json.loads((tmp_path / "report.json").read_text())["verdict"]["exit_code"] == code


@pytest.mark.parametrize("script", [gitlab, codebuild])
@pytest.mark.parametrize("name, code", [("app:multi", 0), (GONE, 61)])
def test_gitlab_and_codebuild(lab, tmp_path, script, name, code):
    done = run(script(), tmp_path, lab, IMAGE=lab.plan.image(name))
    assert done.returncode == code, done.stderr
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()
    failures = [one.get("type") for one in suite.iter("failure")]
    assert suite.get("errors") == "0" and int(suite.get("tests")) > 5
    assert failures == ([] if code == 0 else ["registry.tag_not_found"])


@pytest.mark.parametrize("name, code", [("app:multi", 0), (GONE, 2)])
def test_make(lab, tmp_path, name, code):
    done = run(makefile(), tmp_path, lab, IMAGE=lab.plan.image(name))
    assert (done.returncode, "deploy here" in done.stdout) == (code, code == 0), done.stderr
    assert code == 0 or "[Makefile:5: gate] Error 61" in done.stderr


def test_every_image_of_a_release(lab, tmp_path):
    images = [lab.plan.image(name) for name in ("app:multi", GONE, "app:arm")]
    done = run(piece("Every image of a release", "sh"), tmp_path, lab, IMAGES=" ".join(images))
    assert done.returncode == 1
    assert len(list((tmp_path / "reports").glob("*.json"))) == 3
    assert (tmp_path / "reports" / "index.html").read_text().startswith("<!DOCTYPE html>")
    done = run(piece("Every image of a release", "sh"), tmp_path, lab, IMAGES=images[0])
    assert done.returncode == 0


@pytest.mark.parametrize("name, value", [("app:multi", "1"), (GONE, "0")])
def test_a_metric(lab, tmp_path, name, value):
    done = run(piece("A metric", "sh"), tmp_path, lab, IMAGE=lab.plan.image(name), FOLDER=str(tmp_path))
    metrics = (tmp_path / "pullprobe.prom").read_text()
    assert done.returncode == 0 and re.search(rf"^pullprobe_pull_works\{{.*\}} {value}$", metrics, re.M)
    documented = set(re.findall(r"`(pullprobe_\w+)`", PAGE))
    assert documented == set(re.findall(r"^# TYPE (\w+)", metrics, re.M))
