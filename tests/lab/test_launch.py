"""launch, with its zip run as a real process in the lab's subnet: what its functions see there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import faults
import judge
import pytest
from shell import inside
from test_lab import lab_of, needs_probe
from vpc import ROOT, Lab

sys.path.append(str(Path(__file__).resolve().parents[1] / "cloud"))
import account  # noqa: E402
import world as w  # noqa: E402
from control_plane import KEY, SECRET, TOKEN, control_plane  # noqa: E402

pytestmark = needs_probe
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:multi"


@pytest.fixture
def lab() -> Lab:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    return lab


def launch(lab: Lab) -> dict:
    """The survey; the function runs where the lab's tasks do."""
    one = w.healthy()
    # the image is of another account, which lets this one pull
    allow = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": w.ACCOUNT}, "Action": "ecr:*"}]}
    one["repositories"] = {"app": {"images": [{"imageTags": ["multi"], "imageDigest": "sha256:" + "a" * 64}],
                                   "policy": json.dumps(allow)}}  # fmt: skip
    one["launch"] = account.Account(
        # a function knows of no task
        command=lambda words, variables: lab.task_command(["env", "-u", "ECS_CONTAINER_METADATA_URI_V4", *words],
                                                          variables),
        listen=lambda: inside(lab.plan.ns("task"), lambda: socket.create_server(("127.0.0.1", 0))),
    )
    words = [str(ROOT / judge.PROBE), "launch", "--image", IMAGE, "--subnets", "subnet-a", "--security-groups", "sg-task",
             "--role", w.ROLE, "--timeout", "2", "--format", "json"]  # fmt: skip
    with control_plane(one) as server:
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": KEY,
               "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN, "AWS_ENDPOINT_URL": server.url,
               "AWS_EC2_METADATA_DISABLED": "true"}  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, env=env, timeout=300, check=False)
    assert one["launch"].left() == [], done.stderr
    found = json.loads(done.stdout)
    found["exit"] = done.returncode
    return found


def test_a_function_in_a_healthy_subnet_pulls(lab: Lab) -> None:
    found = launch(lab)
    (element,) = found["subnets"]
    assert (element["by"], element["error"]) == ("lambda", "") and found["exit"] == 0, element["error"]
    assert element["report"]["verdict"]["pull"] == "works"
    assert element["report"]["vantage"]["label"] == "subnet-a"


def test_a_function_sees_what_breaks_in_its_subnet(lab: Lab) -> None:
    lab.apply(faults.together([faults.by_name("s3-endpoint-policy")], lab.plan))
    found = launch(lab)
    (element,) = found["subnets"]
    said = [(one["class"], one["says"]) for one in element["report"]["findings"]]
    assert found["exit"] == 1 and element["report"]["verdict"]["class"] == "s3.endpoint_policy", said
