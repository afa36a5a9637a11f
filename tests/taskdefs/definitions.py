"""The files of taskdefs/, filled in as taskdefs/README.md says."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "taskdefs"
TASKS = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "sidecar.json")
FILES = [*TASKS, "sidecar.json"]
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:multi"
ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
ASSIGNED = {
    "ROLE_ARN": ROLE,
    "PROBE_IMAGE": "123456789012.dkr.ecr.us-east-1.amazonaws.com/pullprobe:0.2.0",
    "IMAGE": IMAGE,
    "LOG_GROUP": "/ecs/pullprobe",
    "REGION": "us-east-1",
}


def filled(name: str, architecture: str = "X86_64") -> dict:
    """By the page's own command."""
    page = (FOLDER / "README.md").read_text()
    command = re.search(r"^sed -e .*?fargate\.json(?= > filled)", page, re.M | re.S)[0]
    done = subprocess.run(["sh", "-c", command.replace("fargate.json", name)], cwd=FOLDER, text=True,
                          env=os.environ | ASSIGNED, capture_output=True, check=True)  # fmt: skip
    return json.loads(done.stdout.replace("X86_64", architecture))


def containers(name: str) -> list[dict]:
    document = filled(name)
    return document.get("containerDefinitions", [document])


def environment(container: dict) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container.get("environment", [])}


def in_an_application(container: dict) -> dict:
    """The task definition of an application that the sidecar is put beside."""
    return {
        "family": "app", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "cpu": "256", "memory": "512", "executionRoleArn": ROLE,
        "containerDefinitions": [{"name": "app", "image": IMAGE, "essential": True}, container],
    }  # fmt: skip
