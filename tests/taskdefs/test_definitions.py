"""Each task definition is one that ECS would register, and says what its page says of it."""

from __future__ import annotations

import re

import definitions as d
import model
import pytest

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
        assert "command" in container or d.environment(container)["PULLPROBE_IMAGE"] == d.IMAGE
        assert container["image"] == d.ASSIGNED["PROBE_IMAGE"]


@pytest.mark.parametrize("name", d.FILES)
def test_only_one_variant_logs(name: str) -> None:
    logs = ["logConfiguration" in container for container in d.containers(name)]
    assert any(logs) == (name == "fargate-logs.json")


def test_the_verdict_is_read_when_the_check_has_ended() -> None:
    """In the order of their names, by which the page sorts them; and a volume that the image declares."""
    containers = d.containers("fargate-verdict.json")
    names = [one["name"] for one in containers]
    assert names == sorted(names) and len(names) == 10
    assert [one.get("command") for one in containers] == [
        None, *(["explain", "--byte", str(n), "/report/report.json"] for n in range(1, 10))]  # fmt: skip
    assert [one["essential"] for one in containers] == [False] * 9 + [True]
    waits = [[(w["containerName"], w["condition"]) for w in one.get("dependsOn", [])] for one in containers]
    check = [(names[0], "COMPLETE")]
    assert waits == [[], *[check] * 8, [(name, "COMPLETE") for name in names[:9]]]
    for one in containers:
        (mount,) = one["mountPoints"]
        assert mount == {"sourceVolume": "report", "containerPath": "/report", "readOnly": one != containers[0]}
        assert one["readonlyRootFilesystem"] and one["user"] == "65532:65532"
    assert d.filled("fargate-verdict.json")["volumes"] == [{"name": "report"}]
    assert "VOLUME /report" in (d.FOLDER.parent / "Dockerfile").read_text()


def test_the_page_tells_of_every_file() -> None:
    page = (d.FOLDER / "README.md").read_text()
    for path in d.FOLDER.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in page, path.name
