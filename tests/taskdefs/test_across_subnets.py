"""`across-subnets` against a control plane that validates every request: see fake/aws."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import machine
import pytest
from plane import Plane

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "taskdefs" / "across-subnets"
CASES = ROOT / "build" / "golden"
PROBE = ROOT / os.environ.get("PULLPROBE", "build/pullprobe")
FAKE = Path(__file__).resolve().parent / "fake"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.4.2"
ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
GIVEN = ["--image", IMAGE, "--security-groups", "sg-0a,sg-0b"]
FARGATE = ["--probe", "123456789012.dkr.ecr.us-east-1.amazonaws.com/pullprobe:0.1.0", "--role", ROLE]
CANNOT_PULL = (
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
    'x: failed to do request: Head "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/pullprobe'
    '/manifests/0.1.0": dial tcp 10.0.1.5:443: i/o timeout'
)

# who is started in a shell's background ignores it, and so would the script that inherits that
signal.signal(signal.SIGINT, signal.default_int_handler)


def report(case: str, label: str) -> str:
    """A report of a golden case, as `check` in a subnet would give it."""
    document = json.loads((CASES / f"{case}.json").read_text())
    document["vantage"]["label"] = label
    done = subprocess.run([PROBE, "explain", "--format", "json", "-"], input=json.dumps(document),
                          capture_output=True, text=True, check=True)  # fmt: skip
    return done.stdout


class World:
    def __init__(self, folder: Path, scenario: dict):
        self.folder = folder
        self.plane = Plane(folder, scenario)
        self.zip = folder / "function.zip"
        self.zip.write_bytes(b"PK\5\6" + bytes(18))
        self.environment = {
            "PATH": f"{FAKE}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder),
            "FAKE_AWS": str(folder), "PULLPROBE": str(PROBE), "TMPDIR": str(folder),
        }  # fmt: skip

    def command(self, *arguments: str) -> list[str]:
        return [str(SCRIPT), "--poll", "0.02", "--output", str(self.folder / "reports"), *arguments]

    def run(self, *arguments: str, **more) -> subprocess.CompletedProcess:
        done = subprocess.run(self.command(*arguments), env=self.environment | more, text=True,
                              capture_output=True, timeout=machine.HANG, stdin=subprocess.DEVNULL,
                              check=False)  # fmt: skip
        assert self.plane.invalid == []
        assert not list(self.folder.glob("tmp.*")), "it leaves a temporary folder"
        return done

    @property
    def calls(self) -> list[tuple[str, dict]]:
        return self.plane.calls

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    def left(self) -> dict:
        """What was made and is still there; a task that has ended by itself is not."""
        return {"tasks": self.plane.running()} | {
            key: self.plane.state[key] for key in ("definitions", "functions")}  # fmt: skip


NOTHING = {"tasks": [], "definitions": {}, "functions": {}}


@pytest.fixture
def world(tmp_path: Path):
    made = []

    def make(scenario: dict) -> World:
        made.append(World(tmp_path, scenario))
        return made[-1]

    yield make
    for one in made:
        one.plane.close()


def fates(**by_name: dict) -> dict:
    return {f"subnet-{name}": fate for name, fate in by_name.items()}


def names_of(subnets: dict) -> str:
    return ",".join(subnets)


def rows(done: subprocess.CompletedProcess) -> dict[str, str]:
    """The table: code and words by subnet."""
    lines = [line.split(None, 1) for line in done.stdout.splitlines() if line.startswith("subnet-")]
    return {line[0]: line[1] for line in lines if line[0] != "subnet-"}


def test_healthy_subnets_are_0(world) -> None:
    subnets = fates(aa={"code": 0}, bb={"code": 0}, cc={"code": 0})
    at = world({"subnets": subnets})
    done = at.run(*GIVEN, *FARGATE, "--subnets", names_of(subnets))
    assert done.returncode == 0, done.stderr
    assert rows(done) == {name: "0  the pull works" for name in subnets}
    assert at.left() == NOTHING
    assert "3 PENDING" in done.stderr and "3 STOPPED" in done.stderr
    assert at.names().index("DescribeTasks") > [n for n, _ in at.calls].index("RunTask") + 2


def test_each_subnet_has_its_own_verdict(world) -> None:
    subnets = fates(aa={"code": 0}, bb={"code": 22}, cc={"refused": "RESOURCE:ENI"},
                    dd={"why": CANNOT_PULL})  # fmt: skip
    at = world({"subnets": subnets})
    done = at.run(*GIVEN, *FARGATE, "--subnets", names_of(subnets), "--public-ip",
                  "--options", "--timeout 3")  # fmt: skip
    assert done.returncode == 1, done.stderr
    table = rows(done)
    assert table["subnet-aa"] == "0  the pull works"
    assert table["subnet-bb"] == "22  tcp: no connection to the layer host"
    assert table["subnet-cc"].startswith("-  not started: RESOURCE:ENI")
    assert table["subnet-dd"] == f"-  {CANNOT_PULL}"
    assert "net.security_group (open)" in done.stdout
    assert at.left() == NOTHING
    asked = [request for name, request in at.calls if name == "RunTask"]
    for request, subnet in zip(asked, subnets):
        network = request["networkConfiguration"]["awsvpcConfiguration"]
        assert network == {"subnets": [subnet], "securityGroups": ["sg-0a", "sg-0b"],
                           "assignPublicIp": "ENABLED"}  # fmt: skip
        (override,) = request["overrides"]["containerOverrides"]
        assert override["environment"][0]["value"] == f"--label {subnet} --timeout 3"


def test_what_is_too_busy_is_asked_again(world) -> None:
    busy = {"RegisterTaskDefinition": 2, "RunTask": 3, "DescribeTasks": 2, "StopTask": 1,
            "DeregisterTaskDefinition": 2}  # fmt: skip
    subnets = fates(aa={"code": 0}, bb={"code": 11})
    at = world({"subnets": subnets, "busy": busy})
    done = at.run(*GIVEN, *FARGATE, "--subnets", names_of(subnets))
    assert done.returncode == 1, done.stderr
    assert rows(done)["subnet-bb"].startswith("11 ")
    assert at.names().count("RunTask") == 5 and at.left() == NOTHING


def test_a_task_that_does_not_end_is_stopped(world) -> None:
    subnets = fates(aa={"code": 0, "looks": 1}, bb={"stuck": "PENDING"})
    at = world({"subnets": subnets})
    done = at.run(*GIVEN, *FARGATE, "--subnets", names_of(subnets), "--wait", "1")
    assert done.returncode == 1
    assert rows(done)["subnet-bb"] == (
        "-  not ended after 1 s: PENDING, while pulling the image of the probe")  # fmt: skip
    assert at.names().count("StopTask") == 1 and at.left() == NOTHING


def test_what_cannot_be_removed_is_told(world) -> None:
    subnets = fates(aa={"code": 0})
    at = world({"subnets": subnets, "denied": ["DeregisterTaskDefinition"]})
    done = at.run(*GIVEN, *FARGATE, "--subnets", names_of(subnets))
    assert done.returncode == 3
    assert "not removed: arn:" in done.stderr and "AccessDenied" in done.stderr


def test_a_call_that_is_denied_is_told(world) -> None:
    at = world({"subnets": fates(aa={}), "denied": ["RegisterTaskDefinition"]})
    done = at.run(*GIVEN, *FARGATE, "--subnets", "subnet-aa")
    assert done.returncode == 3 and "AccessDenied" in done.stderr
    assert at.left() == NOTHING and done.stdout == ""


def interrupted(at: World, whom: str, *arguments: str, until) -> subprocess.Popen:
    """Starts it, interrupts it when `until` is true, and waits for its end."""
    process = subprocess.Popen(at.command(*arguments), env=at.environment, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip
    limit = time.monotonic() + machine.HANG
    while not until(at):
        assert process.poll() is None and time.monotonic() < limit, process.communicate()
        time.sleep(0.02)
    (os.killpg if whom == "all" else os.kill)(process.pid, signal.SIGINT)
    process.communicate(timeout=machine.HANG)
    assert at.plane.invalid == []
    return process


@pytest.mark.parametrize("whom", ["all", "the script"])
def test_an_interrupt_while_it_waits_removes_everything(world, whom: str) -> None:
    subnets = fates(aa={"stuck": "RUNNING"}, bb={"stuck": "PENDING"})
    at = world({"subnets": subnets})
    process = interrupted(at, whom, *GIVEN, *FARGATE, "--subnets", names_of(subnets),
                          until=lambda at: at.names().count("DescribeTasks") > 1)  # fmt: skip
    assert process.returncode == 130 and at.left() == NOTHING
    assert sorted(at.names()[-3:]) == ["DeregisterTaskDefinition", "StopTask", "StopTask"]


@pytest.mark.parametrize("operation", ["RunTask", "RegisterTaskDefinition"])
def test_what_an_interrupted_call_made_is_found_and_removed(world, operation: str) -> None:
    subnets = fates(aa={"stuck": "RUNNING"})
    at = world({"subnets": subnets, "hangs": [operation]})
    process = interrupted(at, "all", *GIVEN, *FARGATE, "--subnets", names_of(subnets),
                          until=lambda at: at.plane.hanging.is_set())  # fmt: skip
    assert process.returncode == 130 and at.left() == NOTHING


def test_an_interrupt_removes_functions(world) -> None:
    subnets = fates(aa={"report": "{}"}, bb={"report": "{}"})
    at = world({"subnets": subnets, "hangs": ["Invoke"]})
    process = interrupted(at, "the script", *GIVEN, *by_lambda(at), "--subnets", names_of(subnets),
                          until=lambda at: at.names().count("Invoke") == 2)  # fmt: skip
    assert process.returncode == 130 and at.left() == NOTHING


def by_lambda(at: World) -> list[str]:
    return ["--by", "lambda", "--lambda-role", ROLE, "--zip", str(at.zip)]


def test_functions_bring_reports_side_by_side(world) -> None:
    subnets = fates(aa={"report": report("s3-endpoint-policy", "subnet-aa")},
                    bb={"report": report("denied-token", "subnet-bb")},
                    cc={"error": "--nope is no option"}, dd={"state": "Failed"},
                    ee={"refused": "ENILimitReachedException"})  # fmt: skip
    at = world({"subnets": subnets, "busy": {"CreateFunction": 1, "Invoke": 2}})
    done = at.run(*GIVEN, *by_lambda(at), "--subnets", names_of(subnets), "--options", "--full")
    assert done.returncode == 1, done.stderr
    table = rows(done)
    assert table["subnet-aa"].startswith("80  layers: ")
    assert table["subnet-cc"] == "-  no report: --nope is no option"
    assert table["subnet-dd"] == "-  no function: EniLimitExceeded no interface is left"
    assert "ENILimitReachedException" in table["subnet-ee"]
    kept = sorted((at.folder / "reports").iterdir())
    assert [path.name for path in kept] == ["subnet-aa.json", "subnet-bb.json"]
    compared = subprocess.run([PROBE, "compare", *kept], capture_output=True, text=True, check=True)
    assert done.stdout.endswith(compared.stdout)
    assert at.left() == NOTHING
    created = next(request for name, request in at.calls if name == "CreateFunction")
    assert created["VpcConfig"] == {"SubnetIds": ["subnet-aa"], "SecurityGroupIds": ["sg-0a", "sg-0b"]}


def test_logs_bring_reports_where_they_work(world) -> None:
    subnets = fates(aa={"code": 80, "report": report("s3-endpoint-policy", "subnet-aa")},
                    bb={"code": 10})  # fmt: skip
    at = world({"subnets": subnets})
    done = at.run(*GIVEN, *FARGATE, "--subnets", names_of(subnets), "--logs", "/ecs/pullprobe")
    assert done.returncode == 1, done.stderr
    assert "s3.endpoint_policy" in done.stdout
    assert "the log of subnet-bb holds no report" in done.stderr
    registered = next(request for name, request in at.calls if name == "RegisterTaskDefinition")
    (container,) = registered["containerDefinitions"]
    assert container["logConfiguration"]["options"]["awslogs-group"] == "/ecs/pullprobe"


DEFINITION = {
    "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/app:7",
    "executionRoleArn": ROLE, "runtimePlatform": {"cpuArchitecture": "ARM64"},
    "containerDefinitions": [{"name": "agent", "image": "public.ecr.aws/x/agent:1"},
                             {"name": "app", "image": IMAGE},
                             {"name": "side", "image": IMAGE.replace("app", "side")}],
}  # fmt: skip
SERVICE = {
    "serviceName": "web", "taskDefinition": DEFINITION["taskDefinitionArn"],
    "networkConfiguration": {"awsvpcConfiguration": {
        "subnets": ["subnet-aa", "subnet-bb"], "securityGroups": ["sg-0c"],
        "assignPublicIp": "ENABLED"}},
}  # fmt: skip
TASK = "arn:aws:ecs:us-east-1:123456789012:task/prod/0123456789abcdef0123456789abcdef"


def failed_task(group: str) -> dict:
    details = {"subnetId": "subnet-bb", "networkInterfaceId": "eni-0a"}
    return {
        "taskArn": TASK, "taskDefinitionArn": DEFINITION["taskDefinitionArn"], "group": group,
        "containers": [{"name": "app"}, {"name": "side", "reason": CANNOT_PULL}],
        "attachments": [{"type": "ElasticNetworkInterface", "details": [
            {"name": name, "value": value} for name, value in details.items()]}],
    }  # fmt: skip


def scenario(**more) -> dict:
    return {"subnets": fates(aa={"code": 0}, bb={"code": 22}), "definition": DEFINITION,
            "services": [SERVICE]} | more  # fmt: skip


def asked_for(at: World) -> dict:
    """What the probe was told to look at, by the calls that were made."""
    (container,) = next(r for n, r in at.calls if n == "RegisterTaskDefinition")["containerDefinitions"]
    runs = [request for name, request in at.calls if name == "RunTask"]
    networks = [run["networkConfiguration"]["awsvpcConfiguration"] for run in runs]
    return {
        "image": container["environment"][0]["value"],
        "subnets": [network["subnets"][0] for network in networks],
        "groups": networks[0]["securityGroups"], "ip": networks[0]["assignPublicIp"],
        "cluster": runs[0]["cluster"],
        "options": runs[0]["overrides"]["containerOverrides"][0]["environment"][0]["value"],
    }  # fmt: skip


def test_a_failing_service_says_it_all(world) -> None:
    at = world(scenario())
    done = at.run("--service", "web", "--cluster", "prod", *FARGATE[:2])
    assert done.returncode == 1, done.stderr
    assert asked_for(at) == {
        "image": IMAGE, "subnets": ["subnet-aa", "subnet-bb"], "groups": ["sg-0c"], "ip": "ENABLED",
        "cluster": "prod", "options": "--label subnet-aa --platform linux/arm64",
    }  # fmt: skip


def test_a_failing_task_of_a_service_says_which_image(world) -> None:
    at = world(scenario(tasks=[failed_task("service:web")]))
    done = at.run("--task", TASK, *FARGATE[:2])
    assert done.returncode == 1, done.stderr
    found = asked_for(at)
    assert found["image"] == IMAGE.replace("app", "side") and found["cluster"] == "prod"
    assert found["subnets"] == ["subnet-aa", "subnet-bb"] and found["ip"] == "ENABLED"


def test_a_failing_task_of_its_own_has_an_interface(world) -> None:
    interface = {"Groups": [{"GroupId": "sg-0d"}], "Association": {"PublicIp": "3.80.20.21"}}
    at = world(scenario(tasks=[failed_task("family:app")], interfaces={"eni-0a": interface}))
    done = at.run("--task", TASK, *FARGATE[:2], "--container", "app")
    assert done.returncode == 1, done.stderr
    found = asked_for(at)
    assert (found["subnets"], found["groups"]) == (["subnet-bb"], ["sg-0d"])
    assert (found["ip"], found["image"]) == ("ENABLED", IMAGE)


def test_an_interface_that_is_gone_has_to_be_made_up_for(world) -> None:
    at = world(scenario(tasks=[failed_task("family:app")]))
    done = at.run("--task", TASK, *FARGATE[:2])
    assert done.returncode == 2 and "--security-groups" in done.stderr
    assert at.run("--task", TASK, *FARGATE[:2], "--security-groups", "sg-0e").returncode == 1
    assert asked_for(at)["groups"] == ["sg-0e"]


def test_what_is_not_there_is_told(world) -> None:
    at = world(scenario())
    assert "no service api" in at.run("--service", "api", *FARGATE[:2]).stderr
    assert "does not know" in at.run("--task", TASK, *FARGATE[:2]).stderr
    assert "RunTask" not in at.names()


def test_a_dry_run_shows_every_call_and_makes_none(world) -> None:
    at = world({"subnets": {}})
    for more, shown in ((FARGATE, "register-task-definition run-task run-task describe-tasks "
                                  "deregister-task-definition"),
                        (by_lambda(at), "create-function create-function get-function-configuration"
                                        " invoke get-function-configuration invoke delete-function"
                                        " delete-function")):  # fmt: skip
        done = at.run(*GIVEN, *more, "--subnets", "subnet-aa,subnet-bb", "--dry-run")
        assert done.returncode == 0, done.stderr
        assert [line.split()[2] for line in done.stdout.splitlines()] == shown.split()
    assert at.calls == [] and not (at.folder / "reports").exists()


def test_the_calls_of_a_dry_run_are_good_ones(world) -> None:
    at = world(scenario())
    done = at.run("--service", "web", *FARGATE[:2], "--dry-run")
    assert done.returncode == 0
    assert set(at.names()) == {"DescribeServices", "DescribeTaskDefinition"}
    made = [line for line in done.stdout.splitlines() if "register-task-definition" in line][0]
    subprocess.run(["sh", "-c", made], env=at.environment, check=True, capture_output=True)
    assert asked_definition(at)["executionRoleArn"] == ROLE


def asked_definition(at: World) -> dict:
    return next(request for name, request in at.calls if name == "RegisterTaskDefinition")


MISTAKES = {
    "no image": (["--subnets", "subnet-aa", *FARGATE], "--image"),
    "no subnets": ([*GIVEN, *FARGATE], "--subnets"),
    "no subnet": ([*GIVEN, *FARGATE, "--subnets", "us-east-1a"], "us-east-1a"),
    "no group": (["--image", IMAGE, *FARGATE, "--subnets", "subnet-aa"], "--security-groups"),
    "no role": ([*GIVEN, *FARGATE[:2], "--subnets", "subnet-aa"], "--role"),
    "no probe": ([*GIVEN, "--role", ROLE, "--subnets", "subnet-aa"], "--probe"),
    "no way": ([*GIVEN, "--by", "ec2"], "--by"),
    "no zip": ([*GIVEN, "--by", "lambda", "--lambda-role", ROLE, "--zip", "/none"], "/none"),
    "no such option": (["--subnet", "subnet-aa"], "--subnet;"),
    "no value": (["--subnets"], "needs a value"),
    "no option": (["subnet-aa"], "subnet-aa"),
    "no time": ([*GIVEN, *FARGATE, "--wait", "soon"], "--wait"),
    "both": (["--service", "a", "--task", TASK, *FARGATE], "not both"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_before_any_call(world, name: str) -> None:
    arguments, word = MISTAKES[name]
    at = world({"subnets": {}})
    done = at.run(*arguments)
    assert (done.returncode, done.stdout, at.calls) == (2, "", [])
    assert done.stderr.count("\n") == 1 and word in done.stderr


@pytest.mark.parametrize("tool", ["aws", "jq"])
def test_a_missing_tool_is_named(world, tmp_path: Path, tool: str) -> None:
    at = world({"subnets": {}})
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "dirname", "date", "cat", "env", "aws", "jq"):
        if name != tool:
            (tools / name).symlink_to(shutil.which(name, path=at.environment["PATH"]))
    done = at.run(*GIVEN, *FARGATE, "--subnets", "subnet-aa", PATH=str(tools))
    assert done.returncode == 3 and done.stderr == f"across-subnets: missing: {tool}\n"


def test_help_names_every_option() -> None:
    said = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True, check=True).stdout
    text = SCRIPT.read_text()
    taken = text[text.index("take_option() {") : text.index("unknown option")]
    for line in taken.splitlines():
        if line.strip().startswith("--"):
            assert line.strip().split(")")[0] in said
