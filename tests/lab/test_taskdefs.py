"""What the containers of taskdefs/ run, run by the real program in the lab."""

from __future__ import annotations

import json
import sys

import faults
import judge
import machine
import pytest
import yaml
from test_lab import lab_of, needs_probe
from vpc import ROOT

sys.path.insert(0, str(ROOT / "tests" / "taskdefs"))
import definitions as d  # noqa: E402

pytestmark = needs_probe

FAULTS = ["s3-endpoint-policy", "manifest-no-tag", "token-denied-identity", "tcp-s3-no-gateway"]


def codes(lab, name: str, folder, image: str = "app:multi") -> list[int]:
    """The exit codes of a task's containers, each run as the image's entry point when those that it
    depends on have ended, with `folder` for the task's volume."""

    def code(container: dict) -> int:
        variables = d.environment(container) | {"PULLPROBE_IMAGE": lab.plan.image(image)}
        options = variables.get("PULLPROBE_OPTIONS", "") + f" --timeout {machine.limit(1)}"
        variables["PULLPROBE_OPTIONS"] = options.replace("/report/", f"{folder}/")
        words = [word.replace("/report/", f"{folder}/") for word in container.get("command", [])]
        return lab.run([str(judge.PROBE), *words], variables=variables, capture_output=True,
                       timeout=machine.HANG).returncode  # fmt: skip

    first, *rest = d.containers(name)
    return [code(first), *map(code, rest)]


@pytest.mark.parametrize("name", d.FILES)
def test_it_works_in_a_healthy_subnet(name: str, tmp_path) -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    ended = codes(lab, name, tmp_path)
    assert ended[0] == 0
    if len(ended) > 1:
        report = json.loads((tmp_path / "report.json").read_text())
        assert judge.in_codes(report, ended) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_verdict_is_told_by_exit_codes(fault: str, tmp_path) -> None:
    lab, row = lab_of("endpoints", "v4"), faults.by_name(fault)
    lab.apply(faults.together([row], lab.plan))
    ended = codes(lab, "fargate-verdict.json", tmp_path, row.image)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["verdict"]["exit_code"] == row.exit or row.exit is None
    assert judge.in_codes(report, ended) == []


def test_a_code_that_is_lost_is_no_verdict(tmp_path) -> None:
    lab, row = lab_of("endpoints", "v4"), faults.by_name(FAULTS[0])
    lab.apply(faults.together([row], lab.plan))
    ended = codes(lab, "fargate-verdict.json", tmp_path, row.image)
    for at in range(len(ended)):
        for instead in ([], [137]):  # lost; killed
            done = judge.explain(*map(str, ended[:at] + instead + ended[at + 1 :]))
            assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1, (at, instead)


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


@pytest.mark.parametrize("fault, code, begins", [
    (None, 0, "The pull works"), ("s3-endpoint-policy", 80, "The pull breaks at layers of s3: s3.endpoint_policy (proven)"),
])  # fmt: skip
def test_kubernetes_keeps_the_verdict_and_what_to_do_as_its_termination_message(fault, code, begins, tmp_path) -> None:
    lab = lab_of("endpoints", "v4")
    lab.apply(faults.together([faults.by_name(fault)] if fault else [], lab.plan))
    job = next(yaml.safe_load_all((ROOT / "taskdefs" / "kubernetes.yaml").read_text()))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    message = tmp_path / "termination-log"
    message.touch()
    variables = {one["name"]: one["value"] for one in container["env"]}
    variables["PULLPROBE_IMAGE"] = lab.plan.image("app:multi")
    variables["PULLPROBE_OPTIONS"] = variables["PULLPROBE_OPTIONS"].replace("/dev/termination-log", str(message))
    done = lab.run([str(judge.PROBE)], variables=variables, capture_output=True, text=True, timeout=machine.HANG)
    assert done.returncode == code, done.stderr
    assert message.read_text().startswith(begins) and message.stat().st_size <= 4096
    assert done.stdout.startswith(message.read_text())
