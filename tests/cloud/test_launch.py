"""launch by Lambda: what is made, what comes back, and that nothing is left, whatever goes wrong."""

from __future__ import annotations

import functools
import json
import os
import pty
import re
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import jsonschema
import machine
import pytest
from account import TAG, Account
from control_plane import KEY, SECRET, TOKEN, Refused
from run import PROBE, ROOT, SUBJECT, environment, launch
from world import ACCOUNT, IMAGE, ROLE, find, healthy, subnet

GIVEN = ["--lambda-role", f"arn:aws:iam::{ACCOUNT}:role/mine"]
CHANGES = ["CreateRole", "PutRolePolicy", "CreateFunction", "Invoke", "DeleteFunction", "DeleteLogGroup",
           "DeleteRolePolicy", "DeleteRole"]  # fmt: skip


@functools.cache
def report_of_the_program() -> str:
    words = [str(PROBE), "check", "--resolver", "127.0.0.1", "--format", "json", IMAGE]
    env = {"AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B"}
    return subprocess.run(words, capture_output=True, text=True, env=env, timeout=60).stdout


def walk(event: dict, subnet: str) -> dict:
    """The answer of a function, without a process of its own."""
    report = json.loads(report_of_the_program())
    report["vantage"]["label"] = subnet
    report["target"]["image"] = event["image"]
    return report


def world_of(**more) -> dict:
    one = healthy()
    one["launch"] = Account(**{"walk": walk, **more})
    return one


def survey(done) -> dict:
    return json.loads(done.stdout_text)


def run_json(one: dict, *options, **more):
    done = launch(one, *SUBJECT, "--format", "json", *options, **more)
    assert done.stdout_text, done.stderr_text
    return done, survey(done)


def names(done) -> list:
    return [call.split(":")[1] for call, _ in done.server.asked]


def all_removed(found: dict) -> bool:
    return all(one["removed"] for one in found["made"])


# the way that it is meant to go -------------------------------------------------------------------


def test_the_formats_of_others_have_a_part_for_each_subnet():
    """What it looked at stands in each: both subnets, and the class that their walks found."""
    page = launch(world_of(), *SUBJECT, *GIVEN, "--format", "markdown").stdout_text
    assert page.startswith("**The pull breaks in 2 of 2 subnets.**")
    assert {"subnet-a", "subnet-b"} <= set(re.findall(r"subnet-[a-z]", page))
    assert "dns.refused" in page
    suites = ElementTree.fromstring(launch(world_of(), *SUBJECT, *GIVEN, "--format", "junit").stdout_text)
    assert {"subnet-a", "subnet-b"} <= {name for suite in suites.iter("testsuite")
                                        for name in re.findall(r"subnet-[a-z]", suite.get("name"))}  # fmt: skip
    assert any("dns.refused" in ElementTree.tostring(one, "unicode") for one in suites.iter("failure"))
    metrics = launch(world_of(), *SUBJECT, *GIVEN, "--format", "openmetrics").stdout_text
    works = [line for line in metrics.splitlines() if line.startswith("pullprobe_pull_works{")]
    assert len(works) == 2 and all(line.endswith(" 0") for line in works)
    assert all(any(name in line for line in works) for name in ("subnet-a", "subnet-b"))


def test_a_probe_in_every_subnet_by_the_running_executable():
    one = world_of(walk=None, unknown=2, variables={"PULLPROBE_OPTIONS": "--resolver 127.0.0.1"})
    done, found = run_json(one)
    assert done.returncode == 1
    assert [(s["subnet"], s["by"], s["error"]) for s in found["subnets"]] == [
        ("subnet-a", "lambda", ""), ("subnet-b", "lambda", "")]  # fmt: skip
    for element in found["subnets"]:
        report = element["report"]
        assert report["vantage"]["launch_type"] == "LAMBDA" and report["vantage"]["label"] == element["subnet"]
        assert (report["verdict"]["pull"], report["verdict"]["class"]) == ("breaks", "dns.refused")
        assert report["configuration"]["subnets"]
    account = one["launch"]
    assert account.left() == []
    assert {kind for kind, _ in account.made} == {"role", "function"}
    assert sorted((m["kind"], m["id"]) for m in found["made"]) == sorted(account.made) and all_removed(found)


def test_its_survey_keeps_to_the_schema():
    schema = json.loads((ROOT / "docs/survey.schema.json").read_text())
    report = json.loads((ROOT / "docs/report.schema.json").read_text())
    resolver = jsonschema.RefResolver("survey.schema.json", schema, store={"report.schema.json": report})
    _, found = run_json(world_of())
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(found)
    assert found["verb"] == "launch"


def test_the_functions_have_the_subjects_network_and_the_walks_words():
    done, _ = run_json(world_of(), "--timeout", "2.5", "--deadline", "30")
    created = [asked for call, asked in done.server.asked if call == "lambda:CreateFunction"]
    assert sorted(one["VpcConfig"]["SubnetIds"] for one in created) == [["subnet-a"], ["subnet-b"]]
    assert all(one["VpcConfig"]["SecurityGroupIds"] == ["sg-task"] and one["Timeout"] == 50 for one in created)
    assert len({one["Tags"][TAG] for one in created}) == 1
    events = [json.loads(asked["Payload"]) for call, asked in done.server.asked if call == "lambda:Invoke"]
    assert all(event["image"] == IMAGE for event in events)
    assert sorted(event["options"] for event in events)[0] == [
        "--label", "subnet-a", "--platform", "linux/amd64", "--region", "us-east-1", "--for", "fargate",
        "--also", "logs", "--timeout", "2.5", "--deadline", "30.0"]  # fmt: skip


def test_a_given_role_needs_no_rights_of_iam_and_its_log_groups_go():
    one = world_of(logs=True)
    done, found = run_json(one, *GIVEN)
    assert not [name for name in names(done) if name in ("CreateRole", "DeleteRole", "PutRolePolicy")]
    assert sorted({m["kind"] for m in found["made"]}) == ["function", "log-group"]
    assert all_removed(found) and one["launch"].left() == []


def test_two_images_are_two_walks_of_one_function():
    one = world_of()
    other = IMAGE.replace("app:1", "side:2")
    definition = one["task_definitions"]["web:7"]["containerDefinitions"]
    definition.append({**definition[0], "name": "side", "image": other})
    done, found = run_json(one)
    assert names(done).count("CreateFunction") == 2 and names(done).count("Invoke") == 4
    assert [(s["subnet"], s["report"]["target"]["image"]) for s in found["subnets"]] == [
        ("subnet-a", IMAGE), ("subnet-b", IMAGE), ("subnet-a", other), ("subnet-b", other)]  # fmt: skip


def test_an_executable_of_arm_is_not_made_for_another_machine():
    done, _ = run_json(world_of())
    (first, *_) = [asked for call, asked in done.server.asked if call == "lambda:CreateFunction"]
    assert first["Architectures"] == [{"x86_64": "x86_64", "aarch64": "arm64"}[os.uname().machine]]


def test_ipv6_is_allowed_where_the_subnet_has_it():
    one = world_of()
    find(one, "Subnets", "a")["Ipv6CidrBlockAssociationSet"] = [{"Ipv6CidrBlock": "2600:1f00::/64"}]
    done, _ = run_json(one)
    allowed = {asked["VpcConfig"]["SubnetIds"][0]: asked["VpcConfig"].get("Ipv6AllowedForDualStack")
               for call, asked in done.server.asked if call == "lambda:CreateFunction"}  # fmt: skip
    assert allowed == {"subnet-a": True, "subnet-b": None}


def test_reports_are_kept_and_the_page_is_made(tmp_path):
    done = launch(world_of(), *SUBJECT, "--output", str(tmp_path / "kept"))
    assert done.returncode == 1
    kept = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert kept == ["index.html", "subnet-a.json", "subnet-b.json", "survey.json"]
    report = json.loads((tmp_path / "kept/subnet-a.json").read_text())
    assert report["verdict"]["class"] == "dns.refused" and report["steps"]


def test_the_text_names_the_verdict_of_each_subnet():
    done = launch(world_of())
    lines = done.stdout_text.splitlines()
    assert lines[0] == "The pull breaks in 2 of 2 subnets."
    assert "The pull breaks at dns of api: dns.refused (proven)" in lines
    assert max(map(len, lines)) <= 100


# what is seen while it runs -----------------------------------------------------------------------


def test_on_a_pipe_an_event_is_a_line():
    done = launch(world_of())
    events = [line for line in done.stderr_text.splitlines() if line.startswith("subnet-a: ")]
    assert events == ["subnet-a: function made, pending", "subnet-a: walking",
                      "subnet-a: The pull breaks at dns of api: dns.refused (proven)"]  # fmt: skip


def test_on_a_terminal_each_subnet_is_a_line_that_changes():
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "rows", "30", "cols", "90"], stdin=theirs, check=True)
    from control_plane import control_plane

    with control_plane(world_of()) as server:
        words = [str(PROBE), "launch", *SUBJECT]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=theirs, env=environment(server.url))
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
        assert process.wait(timeout=60) == 1
    os.close(ours)
    assert b"\x1b[2A" in seen and seen.count(b"\n") % 2 == 0
    last = seen.decode().split("\x1b[2A")[-1]
    assert last.count("dns.refused") == 2


# what goes wrong ----------------------------------------------------------------------------------


def denied(name: str) -> Refused:
    role = "Role" in name
    return Refused("AccessDenied" if role else "AccessDeniedException", 403,
                   f"User: x is not authorized to perform: y:{name} on resource: z")  # fmt: skip


def test_a_function_that_cannot_be_made_is_the_error_of_its_subnet_alone():
    one = world_of(failed={"subnet-a": ("SubnetOutOfIPAddresses", "no address is left")})
    done, found = run_json(one)
    a, b = found["subnets"]
    assert done.returncode == 1 and b["error"] == "" and b["by"] == "lambda"
    assert "SubnetOutOfIPAddresses: no address is left" in a["error"] and a["by"] == "none"
    assert all_removed(found) and one["launch"].left() == []


def test_a_function_that_stays_pending_ends_with_the_wait():
    one = world_of(pending={"subnet-a": 10**6})
    done, found = run_json(one, "--wait", str(machine.limit(10)))
    a, b = found["subnets"]
    assert "the time was up (--wait) before the function was ready" in a["error"] and b["error"] == ""
    assert all_removed(found) and one["launch"].left() == []


def test_a_probe_that_fails_says_why():
    one = world_of(walk=lambda event, subnet: {"errorType": "Pullprobe.Usage", "errorMessage": "no such image"})
    done, found = run_json(one)
    assert done.returncode == 3
    assert all("Pullprobe.Usage: no such image" in s["error"] for s in found["subnets"])
    assert one["launch"].left() == []


def test_an_answer_that_is_no_report_is_named():
    one = world_of(walk=lambda event, subnet: {"hello": 1})
    _, found = run_json(one)
    assert all("is no report" in s["error"] for s in found["subnets"]) and one["launch"].left() == []


THROTTLES = {"CreateFunction": Refused("TooManyRequestsException", 429, "Rate Exceeded."),
             "GetFunction": Refused("TooManyRequestsException", 429, "Rate Exceeded."),
             "Invoke": Refused("TooManyRequestsException", 429, "Rate Exceeded."),
             "DeleteFunction": Refused("TooManyRequestsException", 429, "Rate Exceeded."),
             "CreateRole": Refused("Throttling", 400, "Rate exceeded"),
             "DeleteRole": Refused("Throttling", 400, "Rate exceeded"),
             "DescribeNetworkInterfaces": Refused("RequestLimitExceeded", 503, "Request limit exceeded.")}  # fmt: skip


@pytest.mark.parametrize("call", THROTTLES)
def test_throttling_is_waited_out(call):
    one = world_of()
    one["trouble"] = {call: lambda count: THROTTLES[call] if count <= 2 else None}
    done, found = run_json(one)
    assert [s["error"] for s in found["subnets"]] == ["", ""]
    assert names(done).count(call) >= 3 and all_removed(found) and one["launch"].left() == []


def test_ec2s_throttling_that_lambda_hands_on_is_waited_out():
    one = world_of()
    message = "Your request has been throttled by EC2, please make sure you have enough API rate limit. " \
              "EC2 Error Code: RequestLimitExceeded."  # fmt: skip
    busy = Refused("InvalidParameterValueException", 400, message)
    one["trouble"] = {"CreateFunction": lambda count: busy if count <= 2 else None}
    _, found = run_json(one)
    assert [s["error"] for s in found["subnets"]] == ["", ""] and one["launch"].left() == []


@pytest.mark.parametrize("call", ["CreateRole", "PutRolePolicy", "CreateFunction", "Invoke"])
def test_a_denial_names_the_action_and_leaves_nothing(call):
    one = world_of()
    one["trouble"] = {call: denied(call)}
    done, found = run_json(one)
    assert done.returncode == 3
    for element in found["subnets"]:
        assert f"needs the permission y:{call}" in element["error"], element["error"]
        assert "--lambda-role" in element["error"] or "pullprobe inspect" in element["error"]
        assert element["report"]["configuration"]  # and what inspect found is there all the same
    assert one["launch"].left() == [] and all_removed(found)


def test_without_get_function_it_is_invoked_until_it_is_ready():
    one = world_of(pending=0)
    one["trouble"] = {"GetFunction": denied("GetFunction")}
    _, found = run_json(one)
    assert [s["error"] for s in found["subnets"]] == ["", ""] and one["launch"].left() == []


@pytest.mark.parametrize("call", ["DeleteFunction", "DeleteRolePolicy", "DeleteRole", "DescribeNetworkInterfaces"])
def test_what_may_not_be_removed_is_named(call):
    one = world_of()

    def trouble(count, call=call):
        return Refused("UnauthorizedOperation", 403, "no") if call.startswith("Desc") else denied(call)

    one["trouble"] = {call: trouble}
    if call == "DescribeNetworkInterfaces":  # inspect's own calls go through
        one["trouble"] = {call: lambda count: trouble(count) if count > 1 else None}
    done, found = run_json(one)
    left = [m for m in found["made"] if not m["removed"]]
    assert left and sorted(m["id"] for m in left) == one["launch"].left()
    text = launch(copy_of(one, call, trouble), *SUBJECT).stdout_text
    assert "Left in the account" in text and "needs the permission" in " ".join(text.split())


def copy_of(one: dict, call: str, trouble) -> dict:
    other = world_of()
    other["trouble"] = one["trouble"]
    return other


@pytest.mark.parametrize("how", ["cut", "deaf", "dumb"])
@pytest.mark.parametrize("call", ["CreateRole", "PutRolePolicy", "CreateFunction", "GetFunction", "Invoke",
                                  "DeleteFunction", "DeleteRole"])  # fmt: skip
def test_a_connection_that_breaks_leaves_nothing(call, how):
    """Once, so that it is tried again; and always, so that there is no answer."""
    for always in (False, True):
        one = world_of()
        one["trouble"] = {call: lambda count, always=always: how if always or count == 1 else None}
        if call.startswith("Delete") and always:
            continue  # then nothing can be removed
        done, found = run_json(one)
        assert one["launch"].left() == [], (always, found["made"])


def test_the_role_stays_while_lambda_needs_it_and_clean_removes_it_later():
    one = world_of(lingers=True)
    done, found = run_json(one)
    account = one["launch"]
    (role,) = [m for m in found["made"] if m["kind"] == "role"]
    assert not role["removed"] and account.left() == [role["id"]]
    text = launch(world_of(lingers=True), *SUBJECT).stdout_text
    assert "pullprobe launch --clean" in " ".join(text.split()) and "eni-" in text
    early = launch(one, "--clean")
    assert early.returncode == 1 and "left: role" in early.stdout_text and account.left() == [role["id"]]
    account.interfaces = {}
    late = launch(one, "--clean")
    assert late.returncode == 0 and late.stdout_text == f"removed: role {role['id']}\n"
    assert account.left() == []
    assert launch(one, "--clean").stdout_text == "Nothing is left of earlier runs.\n"


# signals ------------------------------------------------------------------------------------------


def stop_when(account: Account, made: str, number: int):
    """Sends the signal once such a thing was made and is waited for."""

    def meanwhile(process):
        until = time.monotonic() + 100
        while time.monotonic() < until and not any(kind == made for kind, _ in account.made):
            time.sleep(0.02)
        process.send_signal(number)

    return meanwhile


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
@pytest.mark.parametrize("made", ["role", "function"])
def test_a_signal_ends_it_and_leaves_nothing(number, made):
    one = world_of(pending=10**6, unknown=10**6 if made == "role" else 0)
    account = one["launch"]
    done, found = run_json(one, meanwhile=stop_when(account, made, number))
    assert account.left() == [] and all_removed(found)
    assert all("interrupted" in s["error"] for s in found["subnets"])


def test_a_signal_during_the_walk_leaves_nothing():
    waiting = []

    def slow(event, subnet):
        waiting.append(subnet)
        if subnet == "subnet-b":
            time.sleep(20)
        return walk(event, subnet)

    one = world_of(walk=slow)

    def meanwhile(process):
        until = time.monotonic() + 100
        while time.monotonic() < until and "subnet-b" not in waiting:
            time.sleep(0.02)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)

    done, found = run_json(one, meanwhile=meanwhile)
    assert one["launch"].left() == [] and all_removed(found)
    b = found["subnets"][1]
    assert "interrupted during the walk" in b["error"]


@pytest.mark.parametrize("made", ["role", "function"])
def test_what_a_kill_leaves_the_next_run_finds_and_removes(made):
    one = world_of(pending=10**6, unknown=10**6 if made == "role" else 0)
    account = one["launch"]
    launch(one, meanwhile=stop_when(account, made, signal.SIGKILL))
    left = account.left()
    assert left
    account.log_groups.add("/aws/lambda/pullprobe-0-subnet-a")  # Lambda made it, of a run before
    cleaned = launch(one, "--clean")
    assert cleaned.returncode == 0, cleaned.stdout_text + cleaned.stderr_text
    assert account.left() == []
    removed = {line.split()[-1] for line in cleaned.stdout_text.splitlines() if line.startswith("removed: ")}
    assert removed == {*left, "/aws/lambda/pullprobe-0-subnet-a"}


def test_clean_touches_nothing_that_is_not_ours():
    one = world_of()
    account = one["launch"]
    account.roles["app"] = {"arn": "arn:aws:iam::1:role/app", "path": "/", "policy": {"x"}, "tries": 0}
    account.roles["other"] = {"arn": "arn:aws:iam::1:role/pullprobe/other", "path": "/pullprobe/", "policy": {"x"},
                              "tries": 0}  # fmt: skip
    account.log_groups.add("/aws/lambda/app")
    assert launch(one, "--clean").returncode == 0
    assert account.left() == ["/aws/lambda/app", "app", "other"]


@pytest.mark.parametrize("call", ["GetResources", "ListRoles", "DescribeLogGroups"])
def test_clean_says_what_it_may_not_find(call):
    one = world_of()
    one["trouble"] = {call: denied(call)}
    done = launch(one, "--clean")
    assert done.returncode == 3 and "needs the permission" in done.stderr_text and done.stderr_text.count("\n") == 1


# before anything is made --------------------------------------------------------------------------


def test_a_dry_run_prints_the_calls_and_changes_nothing():
    one = world_of()
    done = launch(one, *SUBJECT, "--dry-run")
    assert done.returncode == 0 and one["launch"].made == []
    assert not set(names(done)) & set(CHANGES)
    printed = [line.split()[0].split(":")[1] for line in done.stdout_text.splitlines()]
    assert printed == ["CreateRole", "PutRolePolicy", "CreateFunction", "CreateFunction", "Invoke", "Invoke",
                       "DeleteFunction", "DeleteFunction", "DeleteRolePolicy", "DeleteRole"]  # fmt: skip
    assert done.stderr_text == "" and len(done.stdout_text) < 20_000


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
                                      "AWS_ENDPOINT_URL_IAM"])  # fmt: skip
def test_a_url_that_is_wrong_is_told_before_anything_is_made(variable):
    one = world_of()
    done = launch(one, *SUBJECT, variables={variable: "ftp://x/y"})
    assert done.returncode == 2 and variable in done.stderr_text and one["launch"].made == []


def test_nothing_of_the_caller_goes_into_what_is_made():
    one = world_of()
    done = launch(one, *SUBJECT, "--format", "json", variables={"MY_SECRET": "hunter2"})
    made = json.dumps([[call, asked] for call, asked in done.server.asked], default=lambda b: b[:100].hex())
    for secret in (KEY, SECRET, TOKEN, "hunter2", "X=secret"):
        assert secret not in made and secret not in done.stdout_text + done.stderr_text


def test_every_permission_that_it_uses_is_in_the_policy():
    one = world_of(lingers=False, logs=True)
    asked = {call for call, _ in launch(one).server.asked} | {call for call, _ in launch(one, *SUBJECT, *GIVEN).server.asked}
    asked |= {call for call, _ in launch(one, "--clean").server.asked}
    statements = json.loads((ROOT / "docs/iam-policy.json").read_text())["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    names = {"lambda:Invoke": "lambda:InvokeFunction", "resourcegroupstaggingapi:GetResources": "tag:GetResources"}
    assert {names.get(call, call) for call in asked if call != "sts:GetCallerIdentity"} <= allowed
    assert {"iam:PassRole", "iam:TagRole", "lambda:TagResource"} <= allowed


MISTAKES = {
    "no subject": ([], "launch needs a subject"),
    "an argument": (["x.json", *SUBJECT], "launch takes no argument"),
    "a role": ([*SUBJECT, "--lambda-role", "x"], "--lambda-role takes ARN"),
    "a wait": ([*SUBJECT, "--wait", "soon"], "--wait takes SECONDS"),
    "of inspect": ([*SUBJECT, "--report", "x.json"], "--report is not an option of launch"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line(name):
    words, says = MISTAKES[name]
    done = subprocess.run([str(PROBE), "launch", *words], capture_output=True, text=True)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


# many ---------------------------------------------------------------------------------------------


def test_many_subnets_go_side_by_side():
    """Forty walks of a second each, beside one another: no more than Lambda's own quotas take."""
    one = world_of(walk=lambda event, name: time.sleep(1) or walk(event, name))
    many = [f"m{index:02}" for index in range(40)]
    one["Subnets"] += [subnet(name, f"10.0.{100 + index}.0/24") for index, name in enumerate(many)]
    words = ["--image", IMAGE, "--subnets", ",".join(f"subnet-{name}" for name in many),
             "--security-groups", "sg-task", "--role", ROLE, "--format", "json"]  # fmt: skip
    began = time.monotonic()
    done = launch(one, *words)
    found = survey(done)
    assert len(found["subnets"]) == 40 and all(s["by"] == "lambda" for s in found["subnets"])
    assert one["launch"].left() == [] and all_removed(found)
    assert found["took_us"] < (time.monotonic() - began) * 1e6
