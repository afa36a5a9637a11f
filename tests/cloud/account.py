"""What launch makes in an account, and how it changes with time: IAM roles that are not known at once,
Lambda functions that are pending while their network interface is made, log groups that Lambda makes, and
interfaces that stay when the function is gone. An invoked function is the real zip's bootstrap, run as a
process of its own against a runtime API; or, where only the control plane is tested, `walk` answers."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import control_plane
from control_plane import Refused

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/lab"), str(ROOT / "tests/taskdefs")]
import function as runtime  # noqa: E402
import model  # noqa: E402

TAG = "pullprobe:run"
INTERFACE = {"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
             "ec2:DeleteNetworkInterface"}  # fmt: skip
NOT_ASSUMED = "The role defined for the function cannot be assumed by Lambda."
NO_INTERFACE = "The provided execution role does not have permissions to call CreateNetworkInterface on EC2"


class Api(runtime.Api):
    """Its runtime is ended while it waits for an event."""

    def handle_error(self, request, address):
        pass


class Account:
    """`pending`: looks until a function is Active (by subnet, or for all); `unknown`: tries until a new
    role is known; `lingers`: interfaces stay; `walk(event, subnet)`: the report in place of a process."""

    def __init__(self, account: str = "111122223333", pending=1, unknown: int = 0, lingers: bool = False,
                 failed: dict | None = None, logs: bool = False, walk=None, variables: dict | None = None,
                 command=lambda words, variables: words, listen=None, refused: dict | None = None, unpulled: dict | None = None,
                 stuck: tuple = (), program: str = "", unlogged: dict | None = None, late: int = 0):  # fmt: skip
        """Of tasks, by subnet: `refused` by RunTask, `unpulled`: why the probe's image is not pulled,
        `unlogged`: why its log driver does not start, `stuck`: those that never stop. `program` runs as their
        containers. What they log is read after `late` looks."""
        self.unlogged, self.late = unlogged or {}, late
        self.streams: dict = {}
        self.refused, self.unpulled, self.stuck, self.program = refused or {}, unpulled or {}, stuck, program
        self.definitions: dict = {}
        self.tasks: dict = {}
        self.account, self.pending, self.unknown, self.lingers = account, pending, unknown, lingers
        self.failed, self.logs, self.walk, self.command = failed or {}, logs, walk, command
        self.listen = listen or (lambda: socket.create_server(("127.0.0.1", 0)))
        self.variables = variables or {}
        self.roles: dict = {}
        self.functions: dict = {}
        self.log_groups: set = set()
        self.interfaces: dict = {}
        self.made: list = []
        self.lock = threading.Lock()

    def left(self) -> list:
        """What there is of what was made."""
        running = [arn for arn, task in self.tasks.items() if task["status"] != "STOPPED"]
        return sorted([*self.roles, *self.functions, *self.log_groups, *self.definitions, *running])

    def knows(self, service: str, name: str, parameters: dict) -> bool:
        if name == "DescribeNetworkInterfaces":
            return any(one["Name"] == "description" for one in parameters.get("Filters", []))
        if name == "DescribeTasks":
            return parameters["tasks"][0] in self.tasks
        if name in ("RegisterTaskDefinition", "RunTask", "StopTask", "DeregisterTaskDefinition"):
            return True
        return service in ("lambda", "logs", "resourcegroupstaggingapi") or (
            service == "iam" and name != "SimulatePrincipalPolicy")  # fmt: skip

    def answer(self, service: str, name: str, parameters: dict) -> dict:
        wrong = model.mistakes(service, name, control_plane.without_newer(parameters))
        assert not wrong, wrong
        if name == "Invoke":
            return self.invoke(parameters)
        with self.lock:
            return getattr(self, name)(parameters)

    # IAM

    def CreateRole(self, asked):
        assert json.loads(asked["AssumeRolePolicyDocument"])["Statement"][0]["Principal"] == {
            "Service": "lambda.amazonaws.com"}  # fmt: skip
        name = asked["RoleName"]
        assert len(name) <= 64 and asked["Tags"][0]["Key"] == TAG
        if name in self.roles:
            raise Refused("EntityAlreadyExists", 409)
        arn = f"arn:aws:iam::{self.account}:role{asked['Path']}{name}"
        self.roles[name] = {"arn": arn, "path": asked["Path"], "policy": set(), "tries": 0}
        self.made.append(("role", name))
        return {"Role": {"Path": asked["Path"], "RoleName": name, "RoleId": "AROA1234567890123", "Arn": arn,
                         "CreateDate": "2026-01-02T03:04:05Z"}}  # fmt: skip

    def role(self, name):
        if name not in self.roles:
            raise Refused("NoSuchEntity", 404, "The role cannot be found.")
        return self.roles[name]

    def PutRolePolicy(self, asked):
        (statement,) = json.loads(asked["PolicyDocument"])["Statement"]
        self.role(asked["RoleName"])["policy"] = set(statement["Action"])
        return {}

    def DeleteRolePolicy(self, asked):
        if not self.role(asked["RoleName"])["policy"]:
            raise Refused("NoSuchEntity", 404, "The role policy cannot be found.")
        self.roles[asked["RoleName"]]["policy"] = set()
        return {}

    def DeleteRole(self, asked):
        if self.role(asked["RoleName"])["policy"]:
            raise Refused("DeleteConflict", 409, "Cannot delete entity, must delete policies first.")
        run = asked["RoleName"].removeprefix("pullprobe-")
        assert not any(f"-{run}-" in one["Description"] for one in self.interfaces.values()), \
            "Lambda needs the role to remove its interfaces"  # fmt: skip
        del self.roles[asked["RoleName"]]
        return {}

    def ListRoles(self, asked):
        found = [name for name, role in self.roles.items() if role["path"].startswith(asked["PathPrefix"])]
        return {"IsTruncated": False, "Roles": [
            {"Path": self.roles[name]["path"], "RoleName": name, "RoleId": "AROA1234567890123",
             "Arn": self.roles[name]["arn"], "CreateDate": "2026-01-02T03:04:05Z"} for name in found]}  # fmt: skip

    # Lambda

    def CreateFunction(self, asked):
        name = asked["FunctionName"]
        if name in self.functions:
            raise Refused("ResourceConflictException", 409, f"Function already exist: {name}")
        role = next((one for one in self.roles.values() if one["arn"] == asked["Role"]), None)
        if role:
            role["tries"] += 1
            if role["tries"] <= self.unknown:
                raise Refused("InvalidParameterValueException", 400,
                              NOT_ASSUMED if role["tries"] % 2 else NO_INTERFACE)  # fmt: skip
            assert role["policy"] >= INTERFACE, role
        (subnet,) = asked["VpcConfig"]["SubnetIds"]
        assert asked["VpcConfig"]["SecurityGroupIds"] and asked["Tags"][TAG]
        assert "Environment" not in asked
        self.functions[name] = {"asked": asked, "subnet": subnet, "looks": 0, "role": role}
        self.made.append(("function", name))
        number = f"eni-{len(self.interfaces):017x}"
        self.interfaces[number] = {"NetworkInterfaceId": number, "SubnetId": subnet, "InterfaceType": "lambda",
                                   "Description": f"AWS Lambda VPC ENI-{name}-0a1b"}  # fmt: skip
        return {"FunctionName": name, "State": "Pending", "StateReasonCode": "Creating"}

    def function(self, name):
        if name not in self.functions:
            raise Refused("ResourceNotFoundException", 404, f"Function not found: {name}")
        return self.functions[name]

    def state(self, function) -> str:
        subnet = function["subnet"]
        if subnet in self.failed:
            return "Failed"
        needed = self.pending.get(subnet, 1) if isinstance(self.pending, dict) else self.pending
        return "Active" if function["looks"] >= needed else "Pending"

    def GetFunction(self, asked):
        function = self.function(asked["FunctionName"])
        state = self.state(function)
        function["looks"] += 1
        found = {"FunctionName": asked["FunctionName"], "State": state}
        if state == "Failed":
            found["StateReasonCode"], found["StateReason"] = self.failed[function["subnet"]]
        return {"Configuration": found, "Code": {"RepositoryType": "S3", "Location": "https://s3/presigned?X=secret"}}

    def DeleteFunction(self, asked):
        function = self.function(asked["FunctionName"])
        if self.state(function) == "Pending" and function["looks"] < 50:
            function["looks"] = max(function["looks"], 50)
            raise Refused("ResourceConflictException", 409, "The operation cannot be performed at this time.")
        del self.functions[asked["FunctionName"]]
        if not self.lingers:
            self.interfaces = {number: one for number, one in self.interfaces.items()
                               if f"ENI-{asked['FunctionName']}-" not in one["Description"]}  # fmt: skip
        return {}

    def invoke(self, asked):
        with self.lock:
            function = self.function(asked["FunctionName"])
            if self.state(function) == "Pending":
                raise Refused("ResourceConflictException", 409, "The function is Pending")
            role = function["role"]
            if self.logs if role is None else "logs:CreateLogGroup" in role["policy"]:
                self.log_groups.add(f"/aws/lambda/{asked['FunctionName']}")
                self.made.append(("log-group", f"/aws/lambda/{asked['FunctionName']}"))
        event = json.loads(asked["Payload"])
        assert set(event) == {"image", "options"}, event
        if self.walk:
            answer = self.walk(event, function["subnet"])
        else:
            answer = self.run(function, event)
        error = "errorType" in answer
        return {"Payload": json.dumps(answer).encode(), **({"FunctionError": "Unhandled"} if error else {})}

    def run(self, function, event) -> dict:
        """The zip's own program, as Lambda starts it."""
        import tempfile

        asked = function["asked"]
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(io.BytesIO(asked["Code"]["ZipFile"])) as archive:
                assert archive.testzip() is None and archive.namelist() == ["bootstrap"]
                (entry,) = archive.infolist()
                assert (entry.create_system, entry.external_attr) == (3, 0o100755 << 16)
                path = Path(archive.extract(entry, folder))
            path.chmod(entry.external_attr >> 16)
            listener = self.listen()
            api = Api(listener)
            threading.Thread(target=api.serve_forever, daemon=True).start()
            variables = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{listener.getsockname()[1]}",
                         "AWS_LAMBDA_FUNCTION_NAME": asked["FunctionName"], "AWS_REGION": "us-east-1",
                         "ASAN_OPTIONS": "detect_leaks=0", **self.variables}  # fmt: skip
            process = subprocess.Popen(self.command([str(path)], variables), env=variables, stdin=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE)  # fmt: skip
            api.events.put(("id", json.dumps(event).encode(), int((time.time() + asked["Timeout"]) * 1000)))
            try:
                _, _, answer, _ = api.answers.get(timeout=asked["Timeout"] + 60)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
                process.communicate()
                api.events.put(None)
                api.shutdown()
                api.server_close()
        return answer

    # ECS

    def RegisterTaskDefinition(self, asked):
        name = f"{asked['family']}:1"
        assert asked["executionRoleArn"] == asked["taskRoleArn"] and asked["tags"][0]["key"] == TAG
        essential = [one["name"] for one in asked["containerDefinitions"] if one["essential"]]
        assert essential == ["9-byte"] and len(asked["containerDefinitions"]) == 10
        assert [one["name"] for one in asked["containerDefinitions"] if "logConfiguration" in one] in ([], ["0-check"])
        self.definitions[name] = asked
        self.made.append(("task-definition", name))
        return {"taskDefinition": {"taskDefinitionArn": f"arn:aws:ecs:us-east-1:{self.account}:task-definition/{name}"}}

    def RunTask(self, asked):
        network = asked["networkConfiguration"]["awsvpcConfiguration"]
        (subnet,) = network["subnets"]
        assert asked["taskDefinition"] in self.definitions and asked["launchType"] == "FARGATE"
        if subnet in self.refused:
            return {"tasks": [], "failures": [{"reason": self.refused[subnet], "detail": "of the test"}]}
        for arn, task in self.tasks.items():
            if task["asked"]["clientToken"] == asked["clientToken"]:
                return {"tasks": [{"taskArn": arn, "lastStatus": "PENDING"}], "failures": []}
        arn = f"arn:aws:ecs:us-east-1:{self.account}:task/{asked['cluster']}/{len(self.tasks):032x}"
        self.tasks[arn] = {"asked": asked, "status": "PENDING", "looks": 0, "subnet": subnet, "codes": None}
        self.made.append(("task", arn))
        return {"tasks": [{"taskArn": arn, "lastStatus": "PENDING"}], "failures": []}

    def DescribeTasks(self, asked):
        return {"tasks": [self.described(arn) for arn in asked["tasks"]], "failures": []}

    def described(self, arn):
        task = self.tasks[arn]
        task["looks"] += 1
        subnet = task["subnet"]
        if task["looks"] >= 2 and subnet not in self.stuck and task["status"] != "STOPPED":
            task["status"] = "STOPPED"
            task["reason"] = self.unpulled.get(subnet) or (self.log_of(task) and self.unlogged.get(subnet)) or ""
            task["codes"] = None if task["reason"] else self.containers(task)
        found = {"taskArn": arn, "lastStatus": task["status"], "containers": []}
        for number in range(10):
            container = {"name": f"{number}-check" if number == 0 else f"{number}-byte", "lastStatus": task["status"]}
            if task["codes"]:
                container["exitCode"] = task["codes"][number]
            found["containers"].append(container)
        if task.get("reason"):
            found["stoppedReason"] = task["reason"]
        return found

    def log_of(self, task) -> dict:
        """The options of the first container's log driver, if it has one."""
        first = self.definitions[task["asked"]["taskDefinition"]]["containerDefinitions"][0]
        return first.get("logConfiguration", {}).get("options", {})

    def write_log(self, task, written: bytes):
        """A line is an event, a long one several. https://docs.docker.com/engine/logging/drivers/awslogs/"""
        log = self.log_of(task)
        arn = next(arn for arn, one in self.tasks.items() if one is task)
        assert log["awslogs-group"] in self.log_groups and log["awslogs-region"] == "us-east-1", log
        stream = f"{log['awslogs-stream-prefix']}/0-check/{arn.split('/')[-1]}"
        text = [line.decode() for line in written.split(b"\n")]
        self.streams[log["awslogs-group"], stream] = [
            line[at : at + 10_000] for line in text for at in range(0, len(line), 10_000)]  # fmt: skip

    def GetLogEvents(self, asked):
        """Two events a page; the last page's token is its own."""
        key = asked["logGroupName"], asked["logStreamName"]
        if key not in self.streams or self.late > 0:
            self.late -= 1
            raise Refused("ResourceNotFoundException", 400, "The specified log stream does not exist.")
        assert asked["startFromHead"]
        at = int(asked.get("nextToken", "f/0").split("/")[1])
        events = self.streams[key][at : at + 2]
        return {"events": [{"message": one, "timestamp": 1, "ingestionTime": 1} for one in events],
                "nextForwardToken": f"f/{at + len(events)}", "nextBackwardToken": f"b/{at}"}  # fmt: skip

    def containers(self, task) -> list:
        """The exit codes of the real containers, in the order of dependsOn, with a folder as their volume."""
        import tempfile

        definition = self.definitions[task["asked"]["taskDefinition"]]
        (override,) = task["asked"]["overrides"]["containerOverrides"]
        codes: dict = {}
        with tempfile.TemporaryDirectory() as volume:
            waiting = list(definition["containerDefinitions"])
            while waiting:
                one = next(c for c in waiting if all(d["containerName"] in codes for d in c.get("dependsOn", [])))
                waiting.remove(one)
                variables = {v["name"]: v["value"] for v in one.get("environment", [])}
                if one["name"] == override["name"]:
                    variables |= {v["name"]: v["value"] for v in override["environment"]}
                mounted = {name: value.replace("/report/", f"{volume}/") for name, value in variables.items()}
                words = [word.replace("/report/", f"{volume}/") for word in one.get("command", [])]
                if "PULLPROBE_OPTIONS" in mounted:
                    mounted["PULLPROBE_OPTIONS"] += f" {self.variables.get('PULLPROBE_OPTIONS', '')}"
                done = subprocess.run([self.program, *words], env=mounted, capture_output=True, timeout=100, check=False)
                codes[one["name"]] = done.returncode
                if "logConfiguration" in one:
                    self.write_log(task, b"a warning {not JSON}\n" + done.stdout)
        return [codes[name] for name in sorted(codes)]

    def StopTask(self, asked):
        for arn, task in self.tasks.items():
            if asked["task"] in (arn, arn.split("/")[-1]) and task["status"] != "STOPPED":
                task["status"] = "STOPPED"
                return {"task": {"taskArn": arn, "lastStatus": "DEPROVISIONING"}}
        raise Refused("InvalidParameterException", 400, "The referenced task was not found.")

    def DeregisterTaskDefinition(self, asked):
        if asked["taskDefinition"] not in self.definitions:
            raise Refused("ClientException", 400, "The specified task definition is inactive.")
        del self.definitions[asked["taskDefinition"]]
        return {"taskDefinition": {"status": "INACTIVE"}}

    # the others

    def DeleteLogGroup(self, asked):
        if asked["logGroupName"] not in self.log_groups:
            raise Refused("ResourceNotFoundException", 400, "The specified log group does not exist.")
        self.log_groups.remove(asked["logGroupName"])
        return {}

    def DescribeLogGroups(self, asked):
        found = sorted(one for one in self.log_groups if one.startswith(asked["logGroupNamePrefix"]))
        return {"logGroups": [{"logGroupName": name} for name in found]}

    def DescribeNetworkInterfaces(self, asked):
        import operations

        found = [one for one in self.interfaces.values() if operations.matches(one, asked["Filters"])]
        return {"NetworkInterfaces": found}

    def GetResources(self, asked):
        assert asked["TagFilters"] == [{"Key": TAG}]
        ecs = f"arn:aws:ecs:us-east-1:{self.account}"
        arns = [*(f"arn:aws:lambda:us-east-1:{self.account}:function:{name}" for name in self.functions), *self.tasks,
                *(f"{ecs}:task-definition/{name}" for kind, name in self.made if kind == "task-definition")]  # fmt: skip
        return {"PaginationToken": "", "ResourceTagMappingList": [{"ResourceARN": arn} for arn in arns]}
