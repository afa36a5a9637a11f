"""The program as a Lambda function: see function.py."""

from __future__ import annotations

import json
import subprocess
import time

import faults
import judge
import machine
import pytest
from function import ZIP, Function
from test_lab import lab_of, needs_probe
from vpc import ROOT, Lab

pytestmark = needs_probe
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:multi"


@pytest.fixture(scope="module", autouse=True)
def package() -> None:
    subprocess.run([ROOT / "taskdefs/lambda-zip", ROOT / judge.PROBE, ZIP], check=True)


@pytest.fixture
def lab() -> Lab:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    return lab


def secrets_in(lab: Lab, *texts: str) -> list[str]:
    return [secret[:12] for secret in lab.secrets() if any(secret in text for text in texts)]


def test_the_answer_is_the_report(lab: Lab) -> None:
    with Function(lab) as function:
        what, _, healthy, _ = function.invoke({"image": IMAGE, "options": ["--full"]})
        assert (what, healthy["verdict"]["pull"]) == ("response", "works")
        assert healthy["vantage"]["launch_type"] == "LAMBDA"
        assert healthy["vantage"]["credential_source"] == "lambda"
        lab.apply(faults.together([faults.by_name("s3-endpoint-policy")], lab.plan))
        what, _, broken, _ = function.invoke({"image": IMAGE})
        assert (what, broken["verdict"]["class"]) == ("response", "s3.endpoint_policy")
        assert broken["verdict"]["exit_code"] == 80
    assert function.process.returncode == 0
    assert secrets_in(lab, json.dumps([healthy, broken]), *function.said) == []


def test_each_check_leaves_its_metrics_in_the_log(lab: Lab) -> None:
    with Function(lab) as function:
        for options in (["--label", "here"], ["--stage", "dns"]):
            assert function.invoke({"image": IMAGE, "options": options})[0] == "response"
        assert function.invoke({"explain": "i/o timeout"})[0] == "response"
    works, unknown = map(json.loads, function.said[0].splitlines())
    (directive,) = works["_aws"]["CloudWatchMetrics"]
    assert directive == {"Namespace": "pullprobe", "Dimensions": [["Image", "Vantage"]],
                         "Metrics": [{"Name": "PullWorks", "Unit": "None"}, {"Name": "CheckSeconds", "Unit": "Seconds"}]}  # fmt: skip
    assert abs(works["_aws"]["Timestamp"] / 1000 - time.time()) < machine.HANG
    assert (works["PullWorks"], works["Vantage"], works["Image"], works["Class"]) == (1, "here", IMAGE, "none")
    assert works["CheckSeconds"] > 0 and "PullWorks" not in unknown and unknown["ExitCode"] == 0


# of AWS's page on task events, AmazonECS/latest/developerguide/ecs_task_events.html, with a pull that failed
TASK = "arn:aws:ecs:us-west-2:111122223333:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad"
STOPPED = {
    "version": "0", "id": "9bcdac79-b31f-4d3d-9410-fbd727c29fab", "detail-type": "ECS Task State Change",
    "source": "aws.ecs", "account": "111122223333", "time": "2019-12-06T16:41:06Z", "region": "us-west-2",
    "resources": [TASK],
    "detail": {
        "attachments": [{"id": "1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8", "type": "eni", "status": "ATTACHED",
                         "details": [{"name": "subnetId", "value": "subnet-abcd1234"}]}],
        "availabilityZone": "us-west-2b", "clusterArn": "arn:aws:ecs:us-west-2:111122223333:cluster/FargateCluster",
        "containers": [{"containerArn": "arn:aws:ecs:us-west-2:111122223333:container/1", "lastStatus": "STOPPED",
                        "name": "FargateApp", "image": "app", "taskArn": TASK, "cpu": "0",
                        "reason": "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to "
                                  "resolve ref 111122223333.dkr.ecr.us-west-2.amazonaws.com/app:9: not found"}],
        "desiredStatus": "STOPPED", "group": "family:sample-fargate", "launchType": "FARGATE",
        "lastStatus": "STOPPED", "stopCode": "TaskFailedToStart", "stoppedReason": "Task failed to start",
        "taskArn": TASK, "taskDefinitionArn": "arn:aws:ecs:us-west-2:111122223333:task-definition/sample-fargate:1",
    },
}  # fmt: skip


def test_a_task_that_stopped_and_a_text_are_explained(lab: Lab) -> None:
    running = {**STOPPED, "detail": {"lastStatus": "RUNNING", "taskArn": TASK, "containers": [{"name": "a"}]}}
    with Function(lab) as function:
        what, _, answer, _ = function.invoke(STOPPED)
        assert (what, set(answer)) == ("response", {"text", "explanation"})
        assert answer["explanation"]["class"] == "registry.tag_not_found"
        assert answer["text"].startswith(f"Task {TASK} (family:sample-fargate): ") and "\n" not in answer["text"]
        assert answer["explanation"]["says"] in answer["text"] and answer["explanation"]["fix"][0] in answer["text"]
        what, _, answer, _ = function.invoke({"explain": "no basic auth credentials"})
        assert (what, answer["explanation"]["schema"]) == ("response", "pullprobe.explain.v1")
        assert function.invoke(running)[2] == {"text": "", "explanation": None}
        assert function.invoke({"image": IMAGE, "options": ["--stage", "dns"]})[2]["verdict"]["exit_code"] == 0


MISTAKES = {
    "no event of ours": ([1], "Pullprobe.Event", "the event"),
    "no JSON": (b"{", "Pullprobe.Event", "the event"),
    "too large": ({"image": "a" * 100_000}, "Pullprobe.Event", "larger"),
    "another kind": ({"detail-type": "ECS Service Action", "detail": {}}, "Pullprobe.Event", "ECS Task State"),
    "misspelt": ({"image": IMAGE, "option": []}, "Pullprobe.Event", '"options"'),
    "no image": ({}, "Pullprobe.Usage", "image"),
    "unknown option": ({"image": IMAGE, "options": ["--nope"]}, "Pullprobe.Usage", "--nope"),
    "bad value": ({"image": IMAGE, "options": ["--timeout", "x"]}, "Pullprobe.Usage", "--timeout"),
    "upper case": ({"image": IMAGE.replace("app", "App")}, "Pullprobe.Usage", "upper-case"),
    "no report": ({"image": IMAGE, "options": ["--help"]}, "Pullprobe.Usage", "report"),
    "text": ({"image": IMAGE, "options": ["--format", "text"]}, "Pullprobe.Usage", "--format"),
    "a file": ({"image": IMAGE, "options": ["--rep=/tmp/x"]}, "Pullprobe.Usage", "--report"),
}  # fmt: skip


def test_a_mistake_goes_the_way_of_errors_and_the_runtime_goes_on(lab: Lab) -> None:
    with Function(lab) as function:
        for name, (event, kind, word) in MISTAKES.items():
            what, header, error, _ = function.invoke(event)
            assert (what, header, error["errorType"]) == ("error", kind, kind), name
            assert word in error["errorMessage"] and "\n" not in error["errorMessage"], name
            assert error["stackTrace"] == []
        assert function.invoke({"image": IMAGE})[0] == "response"


def test_a_report_that_is_not_taken_becomes_an_error(lab: Lab) -> None:
    with Function(lab) as function:
        function.api.refuse["response"] = 413
        what, kind, error, _ = function.invoke({"image": IMAGE})
        assert (what, kind) == ("error", "Pullprobe.Unable")
        assert "did not accept" in error["errorMessage"]
        function.api.refuse.clear()
        assert function.invoke({"image": IMAGE})[0] == "response"


def test_it_answers_before_the_deadline(lab: Lab) -> None:
    lab.apply(faults.together([faults.by_name("tcp-task-group-closed")], lab.plan))
    with Function(lab) as function:
        seconds = machine.limit(4)
        until = time.time() + seconds
        options = ["--timeout", "300", "--deadline", "600"]
        what, _, report, at = function.invoke({"image": IMAGE, "options": options}, seconds)
        assert what == "response" and at < until
        assert report["verdict"]["exit_code"] not in (0, 2, 3)


def test_the_environment_stands_in_for_the_event(lab: Lab) -> None:
    variables = {"PULLPROBE_IMAGE": IMAGE, "PULLPROBE_OPTIONS": "--stage dns --label here"}
    with Function(lab, variables) as function:
        what, _, report, _ = function.invoke({})
        assert (what, report["vantage"]["label"]) == ("response", "here")
        assert report["verdict"]["exit_code"] == 0


def test_many_invocations_leave_nothing_behind(lab: Lab) -> None:
    event = {"image": IMAGE, "options": ["--stage", "dns"]}
    with Function(lab) as function:
        for index in range(200):
            assert function.invoke(event)[0] == "response"
            if index == 9:
                before, files = function.size()
        after, files_after = function.size()
        children = subprocess.run(["ps", "--ppid", str(function.process.pid), "-o", "pid="],
                                  capture_output=True, text=True, check=False).stdout  # fmt: skip
    # a page that is touched late is no growth; one leaked a round would be 760 kB; and sanitizers
    # keep what is freed
    assert (machine.SANITIZED or after - before <= 32) and files_after == files and children.strip() == ""


START_FAILURES = {
    "an option": ({"PULLPROBE_OPTIONS": "--nope"}, "--nope"),
    "a file": ({"AWS_CA_BUNDLE": "/var/task/none.pem"}, "/var/task/none.pem"),
}


@pytest.mark.parametrize("name", START_FAILURES)
def test_what_would_fail_always_fails_the_start(lab: Lab, name: str) -> None:
    variables, word = START_FAILURES[name]
    with Function(lab, variables) as function:
        path, kind, error, _ = function.answer()
        assert (path, kind) == ("init/error", "Pullprobe.Usage")
        assert word in error["errorMessage"]
        assert function.process.wait(timeout=machine.HANG) == 3


def test_without_its_api_it_says_so(lab: Lab) -> None:
    with Function(lab, api=False) as function:
        assert function.process.wait(timeout=machine.HANG) == 3
    assert function.said[1].count("\n") == 1 and "AWS_LAMBDA_RUNTIME_API" in function.said[1]


def test_an_api_that_fails_ends_it(lab: Lab) -> None:
    with Function(lab) as function:
        function.api.events.put(None)
        assert function.process.wait(timeout=machine.HANG) == 3
    assert function.said[1].count("\n") == 1 and "500" in function.said[1]


def test_the_same_program_gives_the_same_zip(tmp_path) -> None:
    copy, again = tmp_path / "program", tmp_path / "again.zip"
    copy.write_bytes((ROOT / judge.PROBE).read_bytes())
    subprocess.run([ROOT / "taskdefs/lambda-zip", copy, again], check=True, capture_output=True)
    assert again.read_bytes() == ZIP.read_bytes()


@pytest.mark.parametrize("words", [[], ["/nowhere", "x.zip"], ["README.md", "/nowhere/x.zip"]])
def test_a_zip_that_cannot_be_made_is_one_line(words: list[str]) -> None:
    done = subprocess.run([ROOT / "taskdefs/lambda-zip", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and not done.stdout
