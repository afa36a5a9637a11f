"""Faults of what a task's start needs beside its image, with a task definition that names it."""

from __future__ import annotations

import json

import plan as p
from switch import Switch

from .base import CONTEXTS, UNSURE, Fault, block, denial, seen

OPTIONS = ("--also-from", "/mnt/task.json", "--also-calls")
ABOVE = (seen("open", "tcp", "api"), seen("open", "tcp", "s3"))


def definition(**wish) -> dict:
    """What DescribeTaskDefinition gives, with what a fault changes."""
    group = {"awslogs-group": p.LOG_GROUP, "awslogs-region": p.REGION,
             "awslogs-stream-prefix": "app"}  # fmt: skip
    container = {
        "name": "app", "essential": True, "image": f"{p.REGISTRY}/app:multi",
        "secrets": [
            {"name": "DB", "valueFrom": f"{wish.get('secret', p.SECRET_ARN)}:password::"},
            {"name": "KEY", "valueFrom": wish.get("parameter", p.PARAMETER)},
        ],
        "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::"
                              f"{p.ENV_BUCKET}/{wish.get('key', p.ENV_KEY)}"}],
        "logConfiguration": {"logDriver": "awslogs", "options": group | wish.get("logs", {})},
    }  # fmt: skip
    sidecar = {"name": "side", "essential": False, "image": "docker.io/library/busybox:1",
               "logConfiguration": {"logDriver": "splunk", "options": {}}}  # fmt: skip
    return {"taskDefinition": {
        "taskDefinitionArn": f"arn:aws:ecs:{p.REGION}:{p.ACCOUNT}:task-definition/app:7",
        "family": "app", "executionRoleArn": p.ROLE, "containerDefinitions": [sidecar, container],
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
    }}  # fmt: skip


def task(plan: p.Plan, **wish) -> Switch:
    return Switch(files={"task.json": json.dumps(definition(**wish))})


def named(**wish):
    return lambda plan: task(plan, **wish)


def denied(action: str, context: str = "identity"):
    deny = {action: denial(action, CONTEXTS[context][0])}
    return lambda plan: task(plan) + Switch(state={"deny": deny})


def row(name: str, says: str, switch, endpoint: str, cls: str, exit: int, stage: str = "start",
        **more) -> Fault:
    return Fault(name, says, switch, more.pop("proof", ABOVE), stage, endpoint, cls, exit=exit,
                 image="", options=(*OPTIONS, *more.pop("options", ())), **more)  # fmt: skip


ROWS = [
    row("start-healthy", "no fault: all that the task definition names is there", named(), "api",
        "none", 0, works=True),
    Fault("start-not-asked", "no call is made without --also-calls: nothing is denied then",
          denied("secretsmanager:GetSecretValue"), ABOVE, "start", "api", "none", exit=0,
          works=True, image="", options=OPTIONS[:2]),
    row("start-group-to-be-made", "no fault yet: the log group is to be made by the start",
        named(logs={"awslogs-group": "/ecs/new", "awslogs-create-group": "true"}), "api", "none",
        0, works=True),
    row("start-logs-endpoint-closed", "the pull works, and the logs endpoint is a black hole",
        lambda plan: task(plan) + block("endpoint", "logs")(plan), "logs", "logs.network", 91,
        "tcp", proof=(seen("timeout", "tcp", "logs"), *ABOVE)),
    row("start-secret-denied", "the role may not read the secret",
        denied("secretsmanager:GetSecretValue"), "secretsmanager", "secrets.denied", 92),
    row("start-stage-alone", "the same, and only the last stage is asked about",
        denied("secretsmanager:GetSecretValue"), "secretsmanager", "secrets.denied", 92,
        options=("--stage", "start")),
    row("start-secret-denied-by-endpoint", "the endpoint's policy does not let the secret be read",
        denied("secretsmanager:GetSecretValue", "endpoint"), "secretsmanager", "secrets.denied",
        92),
    row("start-secret-missing", "the secret is of another name",
        named(secret=p.SECRET_ARN + "x"), "secretsmanager", "secrets.not_found", 92),
    row("start-parameter-missing", "there is no such parameter", named(parameter="/lab/other"),
        "ssm", "secrets.not_found", 93),
    row("start-parameter-denied", "the role may not read parameters", denied("ssm:GetParameters"),
        "ssm", "secrets.denied", 93),
    row("start-key-denied", "the role may not use the secret's key", denied("kms:Decrypt"),
        "secretsmanager", "secrets.denied", 92),
    row("start-file-missing", "the environment file is not there", named(key="app/other.env"),
        "envfile", "envfile.not_found", 98),
    row("start-file-denied", "the role may not read the environment file", denied("s3:GetObject"),
        "envfile", "envfile.denied", 98, certainty=UNSURE),
    row("start-group-missing", "the log group does not exist",
        named(logs={"awslogs-group": "/ecs/gone"}), "logs", "logs.not_found", 91),
    row("start-logs-denied", "the role may not make log streams", denied("logs:CreateLogStream"),
        "logs", "logs.denied", 91),
    row("start-logs-without-region", "the log driver lacks its Region",
        named(logs={"awslogs-region": ""}), "logs", "logs.config", 91),
    row("start-secrets-before-layers", "the secret is denied, and the layers cannot be had",
        lambda plan: denied("secretsmanager:GetSecretValue")(plan) + block("forward", "s3")(plan),
        "secretsmanager", "secrets.denied", 92, proof=(seen("timeout", "tcp", "s3"),)),
]  # fmt: skip
