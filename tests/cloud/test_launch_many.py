"""launch for many subjects: a process each, some at a time; resumed where it was broken off."""

from __future__ import annotations

import json
import signal
import time

import pytest
from run import launch
from test_launch import names, world_of
from world import IMAGE, ROLE, service_of, subnet


def world_of_services(count: int, **more) -> dict:
    """A service in a subnet of its own, each."""
    one = world_of(**more)
    services = one["clusters"]["prod"]["services"]
    for index in range(count):
        one["Subnets"].append(subnet(f"s{index:03}", f"10.0.{20 + index}.0/24"))
        services[f"s{index:03}"] = service_of([f"subnet-s{index:03}"], ["sg-task"], serviceName=f"s{index:03}")
    return one


def lines(tmp_path, *subjects) -> list:
    path = tmp_path / "subjects"
    path.write_text("".join(json.dumps(one) + "\n" for one in subjects))
    return ["--subjects", str(path), "--output", str(tmp_path / "kept")]


def of_service(index: int) -> dict:
    return {"cluster": "prod", "service": f"s{index:03}"}


def test_each_line_is_a_subject_with_a_folder_of_its_own(tmp_path):
    one = world_of_services(12)
    done = launch(one, *lines(tmp_path, *(of_service(index) for index in range(12))))
    assert done.returncode == 1 and one["launch"].left() == []
    kept = sorted((tmp_path / "kept").iterdir())
    assert [path.name for path in kept] == [f"{number:04}" for number in range(1, 13)]
    for index, folder in enumerate(kept):
        survey = json.loads((folder / "survey.json").read_text())
        assert survey["subject"]["service"] == f"s{index:03}"
        assert (folder / f"subnet-s{index:03}.json").exists() and (folder / "index.html").exists()
    printed = done.stdout_text.splitlines()
    assert len(printed) == 12 and all(line.endswith(": The pull breaks in 1 of 1 subnet.") for line in printed)


def test_a_line_has_every_option_and_one_that_is_wrong_ends_itself_alone(tmp_path):
    good = {"image": IMAGE, "subnets": ["subnet-a", "subnet-b"], "security_groups": ["sg-task"], "role": ROLE,
            "region": "us-east-1"}  # fmt: skip
    one = world_of()
    done = launch(one, *lines(tmp_path, good, {"cluster": "prod", "service": "nope"}, {"servce": "web"},
                              {"clean": True, "image": 3}, {"cluster": "prod"}))  # fmt: skip
    assert done.returncode == 1
    told = {line.split(":")[0].split("/")[-1]: line for line in done.stdout_text.splitlines()}
    assert told["0001"].endswith("The pull breaks in 2 of 2 subnets.")
    assert "no service nope" in told["0002"] and "servce" in told["0003"]
    assert "image" in told["0004"] and "--service NAME" in told["0005"]
    assert not (tmp_path / "kept/0002/survey.json").exists()


def test_a_run_that_was_broken_off_is_resumed(tmp_path):
    one = world_of_services(10)
    words = lines(tmp_path, *(of_service(index) for index in range(10)))

    def meanwhile(process):
        until = time.monotonic() + 100
        while time.monotonic() < until and not list((tmp_path / "kept").glob("*/survey.json")):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)

    broken = launch(one, *words, meanwhile=meanwhile)
    assert broken.returncode == 1 and one["launch"].left() == []
    begun = {path.parent.name for path in (tmp_path / "kept").glob("*/survey.json")}
    whole = {path.parent.name for path in (tmp_path / "kept").glob("*/survey.json")
             if not json.loads(path.read_text())["subnets"][0]["error"]}  # fmt: skip
    assert whole and len(begun) < 10
    done = launch(one, *words, "--resume")
    made = [asked["VpcConfig"]["SubnetIds"][0] for call, asked in done.server.asked if call == "lambda:CreateFunction"]
    assert len(made) == 10 - len(begun) and one["launch"].left() == []
    assert len(list((tmp_path / "kept").glob("*/survey.json"))) == 10


def test_the_surveys_are_lines_of_json(tmp_path):
    one = world_of_services(3)
    done = launch(one, *lines(tmp_path, *(of_service(index) for index in range(3))), "--format", "json")
    found = [json.loads(line) for line in done.stdout_text.splitlines()]
    assert sorted(survey["subject"]["service"] for survey in found) == ["s000", "s001", "s002"]


def test_the_roles_of_other_accounts_are_assumed(tmp_path):
    one = world_of()
    one["keys"] = {"AKIDEXAMPLE": ("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "SESSION"), "AKOTHER": ("S", "T")}
    one["assumed"] = "AKOTHER"
    role = "arn:aws:iam::444455556666:role/look"
    done = launch(one, *lines(tmp_path, {"cluster": "prod", "service": "web", "role_arn": role}))
    assert "AssumeRole" in names(done) and (tmp_path / "kept/0001/survey.json").exists()


@pytest.mark.parametrize("words", [["--subjects", "x"], ["--subjects", "/nonexistent", "--output", "/tmp/x"]])
def test_a_mistake_is_one_line(words):
    done = launch(world_of(), *words)
    assert done.returncode == 2 and done.stderr_text.count("\n") == 1
