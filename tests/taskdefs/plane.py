"""A stand-in for what is behind the AWS CLI. Words are read and requests validated by AWS's own
service models, and answers keep to them too; the scenario says how the control plane acts.
fake/aws brings a command line here, over a socket, and prints what comes back."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import model
from botocore import xform_name

GLOBAL = {"--region", "--output", "--cli-read-timeout"}
ACCOUNT = "arn:aws:ecs:us-east-1:123456789012"


class Failed(Exception):
    """The AWS CLI's exit code and its words."""


def fail(code: int, text: str):
    raise Failed(code, text)


def value_of(shape, words: list[str]):
    if shape.type_name == "list":
        return words
    if shape.type_name == "blob":
        return Path(words[0].removeprefix("fileb://")).read_bytes()
    if shape.type_name in ("integer", "long"):
        return int(words[0])
    if shape.type_name == "string":
        return words[0]
    fail(252, f"this stand-in takes no {shape.type_name}")


def read(words: list[str]):
    """Service, operation, request, and what stands outside of it, as the AWS CLI reads them."""
    name, command, *words = words
    service = model.service(name)
    by_name = {xform_name(one, "-"): one for one in service.operation_names}
    operation = by_name.get(command) or fail(252, f"Invalid choice: '{command}'")
    shape = service.operation_model(operation).input_shape
    members = {f"--{xform_name(one, '-')}": one for one in shape.members}
    request, positional = {}, []
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            positional.append(word)
        elif word == "--cli-input-json":
            request = json.loads(words.pop(0)) | request
        elif word == "--zip-file" and operation == "CreateFunction":
            request["Code"] = {"ZipFile": Path(words.pop(0).removeprefix("fileb://")).read_bytes()}
        elif word in GLOBAL:
            words.pop(0)
        elif word not in members:
            fail(252, f"Unknown options: {word}")
        elif shape.members[members[word]].type_name == "boolean":
            request[members[word]] = True
        else:
            values = []
            while words and not words[0].startswith("--"):
                values.append(words.pop(0))
                if shape.members[members[word]].type_name != "list":
                    break
            request[members[word]] = value_of(shape.members[members[word]], values)
    return name, operation, request, positional


def unknown(shape, document) -> list[str]:
    """Keys of an answer that the service does not have."""
    if shape.type_name == "structure" and isinstance(document, dict):
        return [key for key in document if key not in shape.members] + [
            one for key, inner in document.items() if key in shape.members
            for one in unknown(shape.members[key], inner)]  # fmt: skip
    if shape.type_name == "list":
        return [one for inner in document for one in unknown(shape.member, inner)]
    return []


class Plane:
    """ECS, Lambda, EC2 and Logs, as far as the scenario goes."""

    def __init__(self, folder: Path, scenario: dict):
        self.scenario = scenario
        self.state: dict = {"tasks": {}, "definitions": {}, "functions": {}}
        self.calls: list[tuple[str, dict]] = []
        self.invalid: list[str] = []
        self.lock = threading.Lock()
        self.hanging, self.over = threading.Event(), threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / "socket"))
        self.listener.listen(64)
        self.threads = [threading.Thread(target=self.serve)]
        self.threads[0].start()

    def close(self):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.listener.close()

    def serve(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.threads.append(threading.Thread(target=self.hear, args=(connection,)))
            self.threads[-1].start()

    def hear(self, connection: socket.socket):
        """One command line: a JSON list of words and the end of the line; the answer likewise."""
        with connection:
            heard = connection.makefile("r").readline()
            try:
                answer = [0, json.dumps(self.run(json.loads(heard)), indent=4)]
            except Failed as failed:
                answer = list(failed.args)
            if not self.over.is_set():  # then nobody listens any more
                connection.sendall(json.dumps(answer).encode() + b"\n")

    def run(self, words: list[str]) -> dict:
        name, operation, request, positional = read(words)
        wrong = model.mistakes(name, operation, request)
        if wrong:
            self.invalid += [operation, *wrong]
            fail(252, "Parameter validation failed:\n" + "\n".join(wrong))
        with self.lock:
            found = self.answer(operation, request)
        if operation in self.scenario.get("hangs", []):
            self.hanging.set()
            self.over.wait()
            fail(255, "nobody listens")
        shape = model.service(name).operation_model(operation).output_shape
        self.invalid += unknown(shape, found) if shape else []
        if operation == "Invoke":
            Path(positional[0]).write_text(json.dumps(found.pop("Payload")))
        return found

    def answer(self, operation: str, request: dict) -> dict:
        self.calls.append((operation, request))
        count = [name for name, _ in self.calls].count(operation)
        if count <= self.scenario.get("busy", {}).get(operation, 0):
            fail(254, f"An error occurred (ThrottlingException) when calling {operation}: Rate exceeded")
        if operation in self.scenario.get("denied", []):
            fail(254, f"An error occurred (AccessDeniedException) when calling {operation}")
        return getattr(self, operation)(request)

    def RegisterTaskDefinition(self, asked):
        arn = f"{ACCOUNT}:task-definition/{asked['family']}:1"
        self.state["definitions"][arn] = asked
        return {"taskDefinition": {**asked, "taskDefinitionArn": arn, "status": "ACTIVE"}}

    def ListTaskDefinitions(self, asked):
        arns = [one for one, definition in self.state["definitions"].items()
                if definition["family"].startswith(asked["familyPrefix"])]  # fmt: skip
        return {"taskDefinitionArns": arns}

    def DeregisterTaskDefinition(self, asked):
        self.state["definitions"].pop(asked["taskDefinition"], None) or fail(
            254, "An error occurred (ClientException): Unable to describe task definition.")
        return {"taskDefinition": {"status": "INACTIVE"}}

    def DescribeTaskDefinition(self, asked):
        assert asked["taskDefinition"] == self.scenario["definition"]["taskDefinitionArn"]
        return {"taskDefinition": self.scenario["definition"]}

    def RunTask(self, asked):
        assert asked["taskDefinition"] in self.state["definitions"]
        (subnet,) = asked["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
        fate = self.scenario["subnets"][subnet]
        if "refused" in fate:
            return {"tasks": [], "failures": [{"reason": fate["refused"], "detail": "of the fake"}]}
        arn = f"{ACCOUNT}:task/{asked['cluster']}/{subnet.removeprefix('subnet-'):0>32}"
        self.state["tasks"][arn] = {"subnet": subnet, "startedBy": asked["startedBy"],
                                    "looks": 0, "asked": asked}  # fmt: skip
        return {"tasks": [{"taskArn": arn, "lastStatus": "PROVISIONING"}], "failures": []}

    def running(self) -> list[str]:
        """Tasks that have not ended by themselves."""
        fates = self.scenario["subnets"]
        return [arn for arn, task in self.state["tasks"].items()
                if "stuck" in fates[task["subnet"]]
                or task["looks"] < fates[task["subnet"]].get("looks", 2)]  # fmt: skip

    def ListTasks(self, asked):
        return {"taskArns": [arn for arn in self.running()
                             if self.state["tasks"][arn]["startedBy"] == asked["startedBy"]]}  # fmt: skip

    def StopTask(self, asked):
        task = self.state["tasks"].pop(asked["task"], None)
        return {"task": {"taskArn": asked["task"], "lastStatus": "STOPPED"}} if task else fail(
            254, "An error occurred (InvalidParameterException): The referenced task was not found.")

    def DescribeTasks(self, asked):
        known = {one["taskArn"]: one for one in self.scenario.get("tasks", [])}
        tasks = [known.get(arn) or self.task(arn) for arn in asked["tasks"]
                 if arn in known or arn in self.state["tasks"]]  # fmt: skip
        missing = [{"arn": arn, "reason": "MISSING"} for arn in asked["tasks"]
                   if arn not in known and arn not in self.state["tasks"]]  # fmt: skip
        return {"tasks": tasks, "failures": missing}

    def task(self, arn):
        """Pending at the first look, stopped at the second (or as `looks` says), unless stuck."""
        task = self.state["tasks"][arn]
        task["looks"] += 1
        fate = self.scenario["subnets"][task["subnet"]]
        answer = {"taskArn": arn, "lastStatus": fate.get("stuck", "PENDING"),
                  "containers": [{"name": "pullprobe", "lastStatus": "PENDING"}]}  # fmt: skip
        if fate.get("stuck"):
            answer["pullStartedAt"] = "2026-01-02T03:04:05+00:00"
        elif task["looks"] >= fate.get("looks", 2):
            answer["lastStatus"] = "STOPPED"
            answer["stoppedReason"] = fate.get("why", "Essential container in task exited")
            if "code" in fate:
                answer["containers"][0]["exitCode"] = fate["code"]
        return answer

    def DescribeServices(self, asked):
        wanted = [one for one in self.scenario["services"]
                  if one["serviceName"] in asked["services"]]  # fmt: skip
        return {"services": wanted, "failures": [] if wanted else [{"reason": "MISSING"}]}

    def DescribeNetworkInterfaces(self, asked):
        found = self.scenario.get("interfaces", {}).get(asked["NetworkInterfaceIds"][0])
        return {"NetworkInterfaces": [found]} if found else fail(
            254, "An error occurred (InvalidNetworkInterfaceID.NotFound)")

    def GetLogEvents(self, asked):
        subnet = "subnet-" + asked["logStreamName"].split("/")[-1].lstrip("0")
        report = self.scenario["subnets"][subnet].get("report")
        return {"events": [{"message": part} for part in (report[:1000], report[1000:])]
                if report else []}  # fmt: skip

    def CreateFunction(self, asked):
        assert asked["Code"]["ZipFile"][:2] == b"PK"
        subnet = asked["VpcConfig"]["SubnetIds"][0]
        fate = self.scenario["subnets"][subnet]
        if "refused" in fate:
            fail(254, f"An error occurred ({fate['refused']}) when calling CreateFunction")
        self.state["functions"][asked["FunctionName"]] = {"subnet": subnet, "looks": 0}
        return {"FunctionName": asked["FunctionName"], "State": "Pending"}

    def GetFunctionConfiguration(self, asked):
        function = self.state["functions"][asked["FunctionName"]]
        function["looks"] += 1
        fate = self.scenario["subnets"][function["subnet"]]
        state = fate.get("state", "Active") if function["looks"] > 1 else "Pending"
        answer = {"FunctionName": asked["FunctionName"], "State": state}
        if state == "Failed":
            answer |= {"StateReasonCode": "EniLimitExceeded", "StateReason": "no interface is left"}
        return answer

    def Invoke(self, asked):
        fate = self.scenario["subnets"][self.state["functions"][asked["FunctionName"]]["subnet"]]
        event = json.loads(asked["Payload"])
        assert set(event) == {"image", "options"}
        if "error" in fate:
            payload = {"errorType": "Pullprobe.Usage", "errorMessage": fate["error"]}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload}
        return {"StatusCode": 200, "Payload": json.loads(fate["report"])}

    def DeleteFunction(self, asked):
        self.state["functions"].pop(asked["FunctionName"], None) or fail(
            254, "An error occurred (ResourceNotFoundException): Function not found")
        return {}
