"""launch by Fargate: the real containers of the task definition, whose exit codes are the verdict."""

from __future__ import annotations

import json
import signal

import machine
import pytest
from run import PROBE, SUBJECT, launch
from test_launch import all_removed, denied, names, run_json, stop_when, world_of
from world import IMAGE, ROLE

FARGATE = ["--by", "fargate", "--probe", "public.ecr.aws/x/pullprobe:1"]
REFUSED = {"PULLPROBE_OPTIONS": "--resolver 127.0.0.1"}
UNPULLED = ("CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
            "public.ecr.aws/x/pullprobe:1: failed to do request: Head \"https://public.ecr.aws/v2/x/pullprobe/manifests/1"
            "\": dial tcp 10.0.0.9:443: i/o timeout")  # fmt: skip


def fargate_world(**more) -> dict:
    return world_of(**{"program": str(PROBE), "variables": REFUSED, **more})


def test_the_verdict_comes_by_exit_codes_and_nothing_is_left():
    one = fargate_world()
    done, found = run_json(one, *FARGATE)
    assert done.returncode == 1
    for element in found["subnets"]:
        assert (element["by"], element["error"]) == ("fargate", "")
        verdict = element["report"]["verdict"]
        assert (verdict["pull"], verdict["class"]) == ("breaks", "dns.refused")
        assert element["report"]["vantage"]["launch_type"] == "FARGATE"
    assert one["launch"].left() == [] and all_removed(found)
    assert {m["kind"] for m in found["made"]} == {"task", "task-definition"}
    assert not {"CreateFunction", "CreateRole", "CreateRepository"} & set(names(done))


def test_a_task_has_the_role_the_network_and_the_words_of_the_subject():
    done, _ = run_json(fargate_world(), *FARGATE, "--timeout", "2.5")
    (definition,) = [asked for call, asked in done.server.asked if call == "ecs:RegisterTaskDefinition"]
    assert definition["taskRoleArn"] == ROLE and definition["volumes"] == [{"name": "report"}]
    check = definition["containerDefinitions"][0]
    assert check["environment"] == [{"name": "PULLPROBE_IMAGE", "value": IMAGE}] and check["readonlyRootFilesystem"]
    tasks = [asked for call, asked in done.server.asked if call == "ecs:RunTask"]
    network = [task["networkConfiguration"]["awsvpcConfiguration"] for task in tasks]
    assert sorted(one["subnets"] for one in network) == [["subnet-a"], ["subnet-b"]]
    assert all(one["securityGroups"] == ["sg-task"] and one["assignPublicIp"] == "DISABLED" for one in network)
    assert all(task["cluster"] == "prod" for task in tasks)
    ((variable,),) = [o["environment"] for o in tasks[0]["overrides"]["containerOverrides"]]
    assert "--timeout 2.5" in variable["value"] and "--report /report/report.json" in variable["value"]


def test_public_ips_choose_fargate_by_themselves():
    one = fargate_world()
    service = one["clusters"]["prod"]["services"]["web"]
    for part in (service, *service["deployments"]):
        part["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    done, found = run_json(one, *FARGATE[2:])
    assert all(element["by"] == "fargate" for element in found["subnets"])
    assert "public IP" in done.stderr_text and "by Fargate" in done.stderr_text
    (network,) = {json.dumps(asked["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"])
                  for call, asked in done.server.asked if call == "ecs:RunTask"}  # fmt: skip
    assert network == '"ENABLED"'


def test_where_the_probes_image_cannot_be_pulled_lambda_goes_on():
    one = fargate_world(unpulled={"subnet-a": UNPULLED})
    done, found = run_json(one, *FARGATE)
    a, b = found["subnets"]
    assert (a["by"], b["by"]) == ("lambda", "fargate") and a["error"] == b["error"] == ""
    assert names(done).count("CreateFunction") == 1
    assert found["subject"]["explained"]["class"] != ""
    text = launch(fargate_world(unpulled={"subnet-a": UNPULLED}), *SUBJECT, *FARGATE).stdout_text
    assert "the probe's task in subnet-a: CannotPullContainerError" in " ".join(text.split())
    assert one["launch"].left() == [] and all_removed(found)


# a log --------------------------------------------------------------------------------------------

LOGGED = [*FARGATE, "--logs", "/probe"]
UNLOGGED = ("ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch "
            "log group defined in the task definition. There is a connection issue between the task and Amazon "
            "CloudWatch. Check your network configuration. signal: killed")  # fmt: skip


def logged_world(**more) -> dict:
    one = fargate_world(**more)
    one["launch"].log_groups.add("/probe")
    return one


def test_with_a_log_the_report_itself_comes():
    one = logged_world(late=1)
    done, found = run_json(one, *LOGGED)
    assert done.returncode == 1
    for element in found["subnets"]:
        report = element["report"]
        assert (element["by"], element["error"]) == ("fargate", "") and report["verdict"]["class"] == "dns.refused"
        # the walk's own words, which no codes have
        assert report["vantage"]["label"] == element["subnet"] and report["took_us"] > 0
        assert len(report["steps"]) > 1 and any(step["detail"] for step in report["steps"])
    prefixes = {one.split("/")[0] for _, one in one["launch"].streams}
    (definition,) = [asked for call, asked in done.server.asked if call == "ecs:RegisterTaskDefinition"]
    (tag,) = definition["tags"]
    assert prefixes == {f"pullprobe-{tag['value']}-0-logs"}
    assert one["launch"].left() == ["/probe"] and all_removed(found) and found["unread"] == []


def test_where_the_log_cannot_be_reached_the_codes_come():
    one = logged_world(unlogged={"subnet-a": UNLOGGED})
    done, found = run_json(one, *LOGGED)
    assert [(s["by"], s["error"], s["report"]["verdict"]["class"]) for s in found["subnets"]] == [
        ("fargate", "", "dns.refused")] * 2  # fmt: skip
    a, b = found["subnets"]
    assert a["report"]["took_us"] == 0 < b["report"]["took_us"]  # codes, and a report
    assert found["subject"]["explained"]["class"] == "logs.network"
    assert names(done).count("RunTask") == 3 and "CreateFunction" not in names(done)
    assert "subnet-a: once more, without a log" in done.stderr_text
    assert one["launch"].left() == ["/probe"] and all_removed(found)
    text = launch(logged_world(unlogged={"subnet-a": UNLOGGED}), *SUBJECT, *LOGGED).stdout_text
    assert " ".join(text.split()).count("the probe's task in subnet-a: ResourceInitializationError") == 1


def test_what_else_stops_a_task_with_a_log_is_left_to_lambda():
    one = logged_world(unpulled={"subnet-a": UNPULLED}, unlogged={"subnet-b": UNLOGGED})
    done, found = run_json(one, *LOGGED)
    assert [(s["by"], s["error"]) for s in found["subnets"]] == [("lambda", ""), ("fargate", "")]
    assert names(done).count("RunTask") == 3 and names(done).count("CreateFunction") == 1
    assert one["launch"].left() == ["/probe"]


def test_a_group_that_does_not_exist_is_one_line_before_anything_is_made():
    one = fargate_world()
    one["launch"].log_groups.add("/probe/other")
    done = launch(one, *SUBJECT, *LOGGED)
    assert (done.returncode, done.stdout_text) == (2, "") and one["launch"].made == []
    assert done.stderr_text == "pullprobe: there is no log group /probe in us-east-1 (--logs)\n"


def test_a_log_that_may_not_be_read_is_unread_and_the_codes_are_the_verdict():
    one = logged_world()
    one["trouble"] = {"GetLogEvents": denied("GetLogEvents"), "DescribeLogGroups": denied("DescribeLogGroups")}
    _, found = run_json(one, *LOGGED)
    assert [(s["error"], s["report"]["verdict"]["class"]) for s in found["subnets"]] == [("", "dns.refused")] * 2
    assert [(u["call"], u["error"]) for u in found["unread"]] == [("logs:GetLogEvents", "AccessDeniedException")]


def test_a_report_that_never_comes_leaves_the_codes():
    one = logged_world(late=10**6)
    done, found = run_json(one, *LOGGED)
    assert [(s["error"], s["report"]["verdict"]["class"]) for s in found["subnets"]] == [("", "dns.refused")] * 2
    assert "subnet-a: no report in the log: the verdict is that of the exit codes" in done.stderr_text


@pytest.mark.parametrize("how", ["cut", "deaf", "dumb"])
def test_a_log_whose_connection_breaks_is_read_again(how):
    one = logged_world()
    one["trouble"] = {"GetLogEvents": lambda count: how if count == 1 else None}
    _, found = run_json(one, *LOGGED)
    assert all(element["report"]["took_us"] > 0 for element in found["subnets"])


def test_every_permission_of_a_log_is_in_the_policy():
    from run import ROOT

    done, _ = run_json(logged_world(), *LOGGED)
    statements = json.loads((ROOT / "docs/iam-policy.json").read_text())["Statement"]
    allowed = {action for statement in statements if statement["Sid"] in ("PullprobeInspect", "PullprobeLaunchByFargate")
               for action in statement["Action"]}  # fmt: skip
    assert {call for call, _ in done.server.asked if call != "sts:GetCallerIdentity"} <= allowed


# what goes wrong ----------------------------------------------------------------------------------


def test_a_container_that_was_killed_is_an_error_and_no_verdict():
    one = fargate_world()
    account = one["launch"]
    real = account.containers
    account.containers = lambda task: [137 if index == 3 else code for index, code in enumerate(real(task))]
    _, found = run_json(one, *FARGATE)
    assert all("no verdict" in element["error"] for element in found["subnets"]) and account.left() == []


def test_a_task_that_is_refused_is_the_error_of_its_subnet():
    one = fargate_world(refused={"subnet-b": "RESOURCE:ENI"})
    _, found = run_json(one, *FARGATE)
    a, b = found["subnets"]
    assert a["error"] == "" and "RESOURCE:ENI" in b["error"] and one["launch"].left() == []


def test_a_task_that_never_starts_is_stopped_with_the_wait():
    one = fargate_world(stuck=("subnet-b",))
    _, found = run_json(one, *FARGATE, "--wait", str(machine.limit(12)))
    a, b = found["subnets"]
    assert a["error"] == "" and "the time was up (--wait)" in b["error"]
    assert one["launch"].left() == [] and all_removed(found)


@pytest.mark.parametrize("call", ["RegisterTaskDefinition", "RunTask"])
def test_a_denial_names_the_action_and_leaves_nothing(call):
    one = fargate_world()
    one["trouble"] = {call: denied(call)}
    done, found = run_json(one, *FARGATE)
    assert done.returncode == 3 and one["launch"].left() == []
    assert all(f"needs the permission y:{call}" in element["error"] for element in found["subnets"])


@pytest.mark.parametrize("how", ["cut", "deaf", "dumb"])
@pytest.mark.parametrize("call", ["RegisterTaskDefinition", "RunTask", "DescribeTasks", "DeregisterTaskDefinition"])
def test_a_connection_that_breaks_leaves_nothing(call, how):
    one = fargate_world()
    one["trouble"] = {call: lambda count: how if count == 1 else None}
    _, found = run_json(one, *FARGATE)
    assert one["launch"].left() == [], found["made"]
    assert len(one["launch"].tasks) <= 2  # none twice


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_a_signal_stops_the_tasks(number):
    one = fargate_world(stuck=("subnet-a", "subnet-b"))
    _, found = run_json(one, *FARGATE, meanwhile=stop_when(one["launch"], "task", number))
    assert one["launch"].left() == []
    assert all("interrupted" in element["error"] for element in found["subnets"])


def test_what_a_kill_leaves_clean_removes():
    one = fargate_world(stuck=("subnet-a", "subnet-b"))
    account = one["launch"]
    launch(one, *SUBJECT, *FARGATE, meanwhile=stop_when(account, "task", signal.SIGKILL))
    assert account.left()
    cleaned = launch(one, "--clean")
    assert cleaned.returncode == 0 and account.left() == [], cleaned.stdout_text
    assert "removed: task-definition pullprobe-" in cleaned.stdout_text and "removed: task " in cleaned.stdout_text
    assert launch(one, "--clean").stdout_text == "Nothing is left of earlier runs.\n"


def test_a_dry_run_prints_the_calls():
    one = fargate_world()
    done = launch(one, *SUBJECT, *FARGATE, "--dry-run")
    assert done.returncode == 0 and one["launch"].made == []
    printed = [line.split()[0].split(":")[1] for line in done.stdout_text.splitlines()]
    assert printed == ["RegisterTaskDefinition", "RunTask", "RunTask", "DeregisterTaskDefinition"]


def test_the_definition_is_that_of_taskdefs():
    from run import ROOT

    done, _ = run_json(fargate_world(), *FARGATE)
    (made,) = [asked for call, asked in done.server.asked if call == "ecs:RegisterTaskDefinition"]
    file = json.loads((ROOT / "taskdefs/fargate-verdict.json").read_text())
    for key in ("requiresCompatibilities", "networkMode", "cpu", "memory", "runtimePlatform", "volumes"):
        assert made[key] == file[key], key
    for ours, theirs in zip(made["containerDefinitions"], file["containerDefinitions"], strict=True):
        for key in (set(ours) | set(theirs)) - {"image", "environment"}:
            assert ours.get(key) == theirs.get(key), (ours["name"], key)
