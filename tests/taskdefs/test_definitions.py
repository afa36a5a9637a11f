"""Each task definition is one that ECS would register, and says what its page says of it."""

from __future__ import annotations

import re

import definitions as d
import model
import pytest

STAGES = ["dns", "tcp", "tls", "http", "credentials", "token", "manifest", "layers"]
CASES = [(name, arch) for name in d.TASKS for arch in ("X86_64", "ARM64")]


def refused(document: dict) -> list[str]:
    return model.mistakes("ecs", "RegisterTaskDefinition", document)


@pytest.mark.parametrize("name,architecture", CASES)
def test_ecs_would_register_it(name: str, architecture: str) -> None:
    assert refused(d.filled(name, architecture)) == []


def test_ecs_would_register_the_sidecar_beside_an_application() -> None:
    (sidecar,) = d.containers("sidecar.json")
    assert refused(d.in_an_application(sidecar)) == []
    assert sidecar["essential"] is False


def test_the_models_do_refuse() -> None:
    document = d.filled("fargate.json")
    document["containerDefinitions"][0]["esential"] = True
    document["networkMode"] = "vpc"
    del document["family"]
    said = "\n".join(refused(document))
    for word in ("esential", "'vpc'", "family"):
        assert word in said


@pytest.mark.parametrize("name", [n for n in d.TASKS if n.startswith("fargate")])
def test_fargate_has_what_it_demands(name: str) -> None:
    document = d.filled(name)
    assert document["requiresCompatibilities"] == ["FARGATE"]
    assert document["networkMode"] == "awsvpc"
    assert (document["cpu"], document["memory"]) == ("256", "512")
    assert document["executionRoleArn"] == document["taskRoleArn"] == d.ROLE


@pytest.mark.parametrize("name", d.FILES)
def test_no_word_is_left_to_fill_in(name: str) -> None:
    text = str(d.filled(name))
    assert not re.search("ROLE_ARN|IMAGE_OF_PULLPROBE|IMAGE_THAT_FAILS|LOG_GROUP|REGION", text)
    for container in d.containers(name):
        assert d.environment(container)["PULLPROBE_IMAGE"] == d.IMAGE
        assert container["image"] == d.ASSIGNED["PROBE_IMAGE"]


@pytest.mark.parametrize("name", d.FILES)
def test_only_one_variant_logs(name: str) -> None:
    logs = ["logConfiguration" in container for container in d.containers(name)]
    assert any(logs) == (name == "fargate-logs.json")


def test_the_ladder_is_whole_before_its_last_rung() -> None:
    containers = d.containers("fargate-stages.json")
    asked = [d.environment(one)["PULLPROBE_OPTIONS"].split()[-1] for one in containers]
    assert asked == STAGES
    assert [one["essential"] for one in containers] == [False] * 7 + [True]
    waits = [(one["containerName"], one["condition"]) for one in containers[-1]["dependsOn"]]
    assert waits == [(one["name"], "COMPLETE") for one in containers[:-1]]


def test_the_page_tells_of_every_file() -> None:
    page = (d.FOLDER / "README.md").read_text()
    for path in d.FOLDER.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in page, path.name
