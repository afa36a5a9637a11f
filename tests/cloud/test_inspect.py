"""The verb: its subjects, its mistakes, its formats, and what it does where calls fail."""

from __future__ import annotations

import copy
import hashlib
import json
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import botocore.loaders
import jsonschema
import pytest
import world as w
from botocore.endpoint_provider import EndpointProvider
from control_plane import KEY, REGION, SECRET, TOKEN, Refused, control_plane
from run import PROBE, ROOT, SUBJECT, environment, inspect, survey
from world import IMAGE, VPC, find, healthy

IMAGE_SUBJECT = ["--image", IMAGE, "--subnets", "subnet-a", "--security-groups", "sg-task", "--role", w.ROLE]
DESCRIBED = ["DescribeSubnets", "DescribeVpcs", "DescribeVpcAttribute", "DescribeDhcpOptions", "DescribeRouteTables",
             "DescribeNetworkAcls", "DescribeSecurityGroups", "DescribeVpcEndpoints", "DescribeNetworkInterfaces",
             "DescribeNatGateways", "DescribeInternetGateways", "DescribePrefixLists", "SimulatePrincipalPolicy",
             "ListFirewallRuleGroupAssociations", "ListResolverRuleAssociations", "DescribeRepositories",
             "DescribeImages", "BatchGetImage", "GetRepositoryPolicy", "GetRegistryPolicy", "DescribePullThroughCacheRules",
             "ListTasks", "ListHostedZonesByVPC"]  # fmt: skip
CODES = {"ec2": "UnauthorizedOperation", "iam": "AccessDenied"}


def service_of(call: str) -> str:
    """The service that a call is of, as denials differ."""
    if call in ("SimulatePrincipalPolicy", "ListHostedZonesByVPC"):
        return "iam"
    json_calls = ("List", "DescribeRep", "DescribeIm", "GetRe", "DescribePull", "BatchGet")
    return "json" if call.startswith(json_calls) else "ec2"


def denied(call: str) -> Refused:
    kind = service_of(call)
    status = 400 if kind == "json" else 403
    return Refused(CODES.get(kind, "AccessDeniedException"), status, "You are not authorized")


def throttled(call: str) -> Refused:
    if service_of(call) == "ec2":
        return Refused("RequestLimitExceeded", 503, "Request limit exceeded.")
    return Refused("ThrottlingException", 400, "Rate exceeded")


@pytest.fixture(scope="module", name="schema")
def schema_of_surveys():
    schema = json.loads((ROOT / "docs/survey.schema.json").read_text())
    report = json.loads((ROOT / "docs/report.schema.json").read_text())
    resolver = jsonschema.RefResolver("survey.schema.json", schema, store={"report.schema.json": report})
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def breaking() -> dict:
    """The endpoints' group lets nobody in."""
    one = healthy()
    find(one, "SecurityGroups", "ep")["IpPermissions"] = []
    return one


# what is printed ----------------------------------------------------------------------------------


def test_a_survey_keeps_to_its_schema(schema):
    one = breaking()
    task = w.stopped_task("t1", "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to "
                          "resolve ref " + IMAGE + ": failed to do request: Head \"https://x/v2/app/manifests/1\": "
                          "dial tcp 10.0.10.50:443: i/o timeout")  # fmt: skip
    one["clusters"]["prod"]["tasks"]["t1"] = task
    one["trouble"] = {"DescribeNatGateways": denied("DescribeNatGateways")}
    found = survey(one)
    del found["exit"]
    schema.validate(found)
    assert found["subject"]["task"] == "t1" and found["subject"]["stopped_reason"].startswith("CannotPull")
    assert found["subject"]["explained"]["class"] != ""
    assert found["unread"] == [{"call": "ec2:DescribeNatGateways", "error": "UnauthorizedOperation"}]
    assert found["subject"]["security_groups"] == ["sg-task"] and found["subject"]["role"] == w.ROLE


def test_the_text_begins_with_the_resource_and_shows_the_chain():
    done = inspect(breaking())
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert lines[0] == "The pull breaks in 2 of 2 subnets."
    assert "To change: sg-ep" in lines[:6]
    assert any(line.startswith("  blocks    Security group sg-ep") for line in lines)
    assert max(map(len, lines)) <= 100


def test_a_report_of_each_subnet_is_kept_and_can_be_explained(tmp_path):
    folder = tmp_path / "kept"
    done = inspect(breaking(), *SUBJECT, "--output", str(folder))
    assert done.returncode == 1
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html", "subnet-a.json", "subnet-b.json", "survey.json"]  # fmt: skip
    report = json.loads((folder / "subnet-a.json").read_text())
    assert report["findings"][0]["resources"] == ["sg-ep"] and report["steps"] == []
    assert "sg-ep" in (folder / "index.html").read_text()


def test_the_page_shows_each_chain():
    done = inspect(breaking(), *SUBJECT, "--format", "html")
    assert done.returncode == 1 and done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.count("does not allow TCP 443 from sg-task") >= 2


def test_the_other_formats_have_each_subnet():
    suites = list(ElementTree.fromstring(inspect(breaking(), *SUBJECT, "--format=junit").stdout))
    assert [suite.get("name") for suite in suites] == ["subnet-a", "subnet-b"]
    for suite in suites:
        assert [case.get("name") for case in suite.findall("testcase/failure/..")] == ["tcp api", "tcp dkr", "tcp logs"]
    suites = list(ElementTree.fromstring(inspect(healthy(), *SUBJECT, "--format=junit").stdout))
    assert [[case.get("name") for case in suite.iter("testcase")] for suite in suites] == [["configuration"]] * 2
    metrics = inspect(breaking(), *SUBJECT, "--format=openmetrics").stdout.splitlines()
    assert [line[-2:] for line in metrics if line.startswith("pullprobe_pull_works{")] == [" 0", " 0"]
    markdown = inspect(breaking(), *SUBJECT, "--format=markdown").stdout
    assert markdown.startswith("**The pull breaks in 2 of 2 subnets.**\n\n### subnet-a")
    assert "\n- **blocks** Security group sg-ep" in markdown and "**To change: sg-ep**" in markdown


# subjects -----------------------------------------------------------------------------------------


def subnets(found: dict) -> list:
    return [one["subnet"] for one in found["subnets"]]


def test_a_service_by_its_arn_brings_region_and_cluster():
    arn = f"arn:aws:ecs:{REGION}:{w.ACCOUNT}:service/prod/web"
    found = survey(healthy(), "--service", arn, without=["AWS_REGION"])
    assert (found["subject"]["cluster"], found["subject"]["service"]) == ("prod", "web")
    assert subnets(found) == ["subnet-a", "subnet-b"]


def test_a_stopped_task_has_its_services_groups():
    one = healthy()
    one["clusters"]["prod"]["tasks"]["t1"] = w.stopped_task("t1", "Task failed to start")
    found = survey(one, "--cluster", "prod", "--task", "t1")
    assert subnets(found) == ["subnet-a"]
    assert found["subject"]["security_groups"] == ["sg-task"]


def test_a_running_task_has_its_interfaces_groups():
    one = healthy()
    task = w.stopped_task("t1", "")
    task.update(lastStatus="RUNNING", group="family:web")
    task["attachments"][0]["details"].append({"name": "networkInterfaceId", "value": "eni-task"})
    one["clusters"]["prod"]["tasks"]["t1"] = task
    one["SecurityGroups"].append(w.group("own", [], [w.permission(w.ALL)]))
    made = w.interfaces_of(one["VpcEndpoints"])
    made.append({"NetworkInterfaceId": "eni-task", "SubnetId": "subnet-a", "InterfaceType": "interface",
                 "Groups": [{"GroupId": "sg-own", "GroupName": "own"}], "PrivateIpAddresses": []})  # fmt: skip
    one["NetworkInterfaces"] = made
    assert survey(one, "--cluster", "prod", "--task", "t1")["subject"]["security_groups"] == ["sg-own"]


def test_the_newest_stopped_task_counts():
    one = healthy()
    for name, created in (("old", 1.6e9), ("new", 1.7e9), ("older", 1.5e9)):
        one["clusters"]["prod"]["tasks"][name] = w.stopped_task(name, f"reason {name}", created=created)
    assert survey(one)["subject"]["stopped_reason"] == "reason new"


def test_an_external_controller_has_task_sets():
    one = healthy()
    service = one["clusters"]["prod"]["services"]["web"]
    network = service.pop("networkConfiguration")
    network["awsvpcConfiguration"]["subnets"] = ["subnet-b"]
    definition = service.pop("taskDefinition")
    service.update(deployments=[], deploymentController={"type": "EXTERNAL"})
    service["taskSets"] = [{"id": "1", "status": "PRIMARY", "taskDefinition": definition,
                            "networkConfiguration": network}]  # fmt: skip
    assert subnets(survey(one)) == ["subnet-b"]


def test_the_primary_deployment_counts():
    one = healthy()
    service = one["clusters"]["prod"]["services"]["web"]
    newer = copy.deepcopy(service["deployments"][0])
    newer["networkConfiguration"]["awsvpcConfiguration"]["subnets"] = ["subnet-b"]
    service["deployments"] = [newer, {**service["deployments"][0], "status": "ACTIVE"}]
    assert subnets(survey(one)) == ["subnet-b"]


def test_capacity_providers_say_what_runs_the_tasks():
    one = healthy()
    service = one["clusters"]["prod"]["services"]["web"]
    del service["launchType"]
    service["capacityProviderStrategy"] = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
    report = survey(one)["subnets"][0]["report"]
    assert report["configuration"]["subject"]["launch_type"] == "FARGATE"
    service["capacityProviderStrategy"] = []
    service["deployments"][0].update(capacityProviderStrategy=[{"capacityProvider": "graviton", "weight": 1, "base": 0}])
    report = survey(one)["subnets"][0]["report"]
    assert report["configuration"]["subject"]["launch_type"] == "EC2"


def test_what_is_given_wins():
    found = survey(healthy(), *SUBJECT, "--subnets", "subnet-b", "--security-groups", "sg-ep", "--image",
                   IMAGE.replace(":1", ":2"), "--public-ip", "--platform", "linux/arm64")  # fmt: skip
    subject = found["subject"]
    assert subnets(found) == ["subnet-b"]
    assert (subject["security_groups"], subject["public_ip"]) == (["sg-ep"], True)
    assert (subject["image"], subject["platform"]) == (IMAGE.replace(":1", ":2"), "linux/arm64")


def test_a_vpc_is_all_of_its_subnets():
    found = survey(healthy(), "--image", IMAGE, "--vpc", VPC, "--security-groups", "sg-task")
    assert subnets(found) == ["subnet-a", "subnet-b", "subnet-pub"]


def two_images() -> dict:
    one = healthy()
    side = IMAGE.replace("app:1", "side:2")
    one["repositories"]["side"] = {"images": [{"imageTags": ["2"], "imageDigest": "sha256:" + "b" * 64}]}
    for name in ("web:7", "web"):
        one["task_definitions"][name] = w.task_definition({"web": IMAGE, "side": side})
    return one


def images(found: dict) -> list:
    return sorted({one["report"]["target"]["repository"] for one in found["subnets"]})


def test_each_image_is_a_pull_unless_one_is_named_or_has_failed():
    assert images(survey(two_images())) == ["app", "side"]
    assert images(survey(two_images(), *SUBJECT, "--container", "side")) == ["side"]
    one = two_images()
    one["clusters"]["prod"]["tasks"]["t1"] = w.stopped_task("t1", "stopped", "CannotPullContainerError: no")
    assert images(survey(one)) == ["app"]


def test_private_zones_of_the_vpc_are_read():
    one = healthy()
    one["zones"] = [{"HostedZoneId": f"Z{n}", "Name": name, "Owner": {"OwningAccount": "999999999999"}}
                    for n, name in enumerate(["example.com.", "example.net."])]  # fmt: skip
    zones = survey(one)["subnets"][0]["report"]["configuration"]["hosted_zones"]
    assert [(zone["id"], zone["name"], zone["vpc"], zone["owner"]) for zone in zones] == [
        ("Z0", "example.com.", VPC, "999999999999"), ("Z1", "example.net.", VPC, "999999999999")]  # fmt: skip


# the image ----------------------------------------------------------------------------------------

def indexed(*platforms: str) -> dict:
    """The image is an index of these."""
    one = healthy()
    one["repositories"]["app"]["images"] = [w.index(*platforms)]
    return one


@pytest.mark.parametrize(("platforms", "options", "found"), [
    (["amd64", "arm64/v8", "unknown"], [], ""),
    (["arm64/v8", "unknown"], [], "Image 1 exists for linux/arm64/v8, not for linux/amd64."),
    (["arm64/v8"], ["--platform", "linux/arm64"], ""),
    (["amd64"], ["--platform", "linux/arm64"], "Image 1 exists for linux/amd64, not for linux/arm64."),
    (["arm64", ""], [], ""),
])  # fmt: skip
def test_an_index_has_the_subjects_platform(platforms, options, found):
    said = survey(indexed(*platforms), *SUBJECT, *options)
    for subnet in said["subnets"]:
        findings = [(one["class"], one["says"]) for one in subnet["report"]["findings"]]
        assert findings == ([("registry.platform_mismatch", found)] if found else [])
    assert said["unread"] == []


def test_a_platform_that_nobody_named_is_not_missed():
    """An image alone, and tasks on instances whose definition is silent: of which architecture, nothing says."""
    assert survey(indexed("arm64"), *IMAGE_SUBJECT)["exit"] == 0
    one = indexed("arm64")
    for definition in one["task_definitions"].values():
        del definition["runtimePlatform"]
    assert survey(one)["exit"] == 1, "Fargate runs X86_64 then"
    service = one["clusters"]["prod"]["services"]["web"]
    for where in (service, service["deployments"][0]):
        del where["launchType"]
        where["capacityProviderStrategy"] = [{"capacityProvider": "graviton", "weight": 1, "base": 0}]
    assert survey(one)["exit"] == 0


def test_an_index_that_may_not_be_read_is_unread():
    one = indexed("arm64")
    one["trouble"] = {"BatchGetImage": denied("BatchGetImage")}
    found = survey(one)
    assert found["unread"] == [{"call": "ecr:BatchGetImage", "error": "AccessDeniedException"}]
    assert found["exit"] == 0
    assert "  unread    ecr:BatchGetImage: AccessDeniedException (needs ecr:BatchGetImage)" in inspect(one).stdout


@pytest.mark.parametrize("document", ["{", "[]", '{"manifests": 7}', '{"manifests": [{}]}', '{"schemaVersion": 2}'])
def test_a_document_that_is_no_index_names_no_platform(document):
    one = indexed("arm64")
    one["repositories"]["app"]["images"][0]["document"] = document
    assert survey(one)["exit"] == 0


def of_two_registries(account: str, region: str) -> dict:
    """A second image of the same name, in another registry, which has other tags."""
    one = healthy()
    other = f"{account}.dkr.ecr.{region}.amazonaws.com/app:1"
    for name in ("web:7", "web"):
        one["task_definitions"][name] = w.task_definition({"web": IMAGE, "side": other})
    one["registries"] = {(account, region): {"repositories": {"app": {"policy": w.EVERYTHING, "images": [
        {"imageTags": ["old"], "imageDigest": "sha256:" + "c" * 64}]}}}}  # fmt: skip
    return one


@pytest.mark.parametrize(("account", "region"), [("444455556666", REGION), (w.ACCOUNT, "eu-west-1"),
                                                 ("444455556666", "eu-west-1")])  # fmt: skip
def test_each_registry_is_asked_for_itself(account, region):
    """The same repository and tag in two accounts, or Regions: only the second lacks the tag."""
    found = survey(of_two_registries(account, region), *SUBJECT)
    assert [[one["class"] for one in subnet["report"]["findings"] if one["stage"] == "manifest"]
            for subnet in found["subnets"]] == [[], [], *[["registry.tag_not_found"]] * 2]  # fmt: skip
    last = found["subnets"][-1]["report"]
    assert (last["target"]["account"], last["target"]["region"]) == (account, region)
    assert [one["registry"] for one in last["configuration"]["repositories"]] == [account]
    assert "its nearest tag is old" in last["findings"][0]["says"]


def test_a_registry_that_refuses_is_unread_for_its_own_image():
    one = of_two_registries("444455556666", "eu-west-1")
    one["trouble"] = {"DescribeRepositories": lambda count: count > 1 and denied("DescribeRepositories")}
    found = survey(one)
    unread = [[call["about"] for call in subnet["report"]["configuration"]["calls"] if call["error"]]
              for subnet in found["subnets"]]  # fmt: skip
    assert sorted(unread) == [[], [], ["app"], ["app"]]
    assert [entry["call"] for entry in found["unread"]] == ["ecr:DescribeRepositories"]


# the role -----------------------------------------------------------------------------------------


def broken(found: dict) -> set:
    """What breaks, in any of the subnets: endpoint, class and the resource to change."""
    return {(finding["endpoint"], finding["class"], finding["resources"][0])
            for subnet in found["subnets"] for finding in subnet["report"]["findings"]
            if finding["severity"] == "broken"}  # fmt: skip


def without_role(**definition) -> dict:
    one = healthy()
    for task in one["task_definitions"].values():
        del task["executionRoleArn"]
        task.update(copy.deepcopy(definition))
    return one


def test_a_task_definition_without_an_execution_role_is_what_to_change():
    arn = healthy()["task_definitions"]["web"]["taskDefinitionArn"]
    assert broken(survey(without_role())) == {("api", "auth.no_credentials", arn), ("logs", "logs.denied", arn)}
    secret = f"arn:aws:secretsmanager:{REGION}:{w.ACCOUNT}:secret:db-AbCdEf"
    containers = [{"name": "web", "image": "ghcr.io/acme/web:1", "essential": True,
                   "secrets": [{"name": "DB", "valueFrom": secret}]}]  # fmt: skip
    found = survey(without_role(containerDefinitions=containers))
    assert broken(found) == {("secretsmanager", "secrets.denied", arn)}


def test_a_role_that_is_given_or_of_the_tasks_overrides_is_one():
    assert survey(without_role(), *SUBJECT, "--role", w.ROLE)["exit"] == 0
    one = without_role()
    one["clusters"]["prod"]["tasks"]["t1"] = w.stopped_task("t1", "stopped", overrides={"executionRoleArn": w.ROLE})
    assert survey(one, "--cluster", "prod", "--task", "t1")["exit"] == 0


def test_an_image_alone_names_no_role_and_none_is_missed():
    one = without_role()
    assert survey(one, "--image", IMAGE, "--subnets", "subnet-a", "--security-groups", "sg-task")["exit"] == 0


def test_a_role_that_does_not_exist_is_what_to_change():
    one = healthy()
    one["roles"] = {}
    assert broken(survey(one)) == {("api", "auth.assume_role", w.ROLE), ("logs", "logs.denied", w.ROLE)}


# mistakes -----------------------------------------------------------------------------------------

MISTAKES = [
    (["--cluster", "prod", "--service", "wbe"], "did you mean web?"),
    (["--cluster", "prdo", "--service", "web"], "no cluster prdo in us-east-1; did you mean prod?"),
    (["--cluster", "prod", "--task", "abc"], "no task"),
    (["--cluster", "prod", "--task", "t8"], "did you mean t9?"),
    ([*SUBJECT, "--security-groups", "sg-x"], "no security group sg-x in us-east-1"),
    (["--task-definition", "wep", "--subnets", "subnet-a"], "did you mean web?"),
    ([*SUBJECT, "--container", "wbe"], "did you mean web?"),
    (["--image", IMAGE, "--subnets", "subnet-x"], "no subnet subnet-x in us-east-1"),
    (["--image", IMAGE, "--vpc", "vpc-x"], "no VPC vpc-x with subnets in us-east-1"),
    (["--image", IMAGE, "--subnets", "subnet-a,subnet-else"], "of two VPCs"),
    (["--image", IMAGE, "--vpc", VPC, "--subnets", "subnet-else"], "not of vpc-0a"),
    (["--image", "UPPER!", "--subnets", "subnet-a"], "UPPER"),
    (["--image", IMAGE], "add --subnets"),
    (["--cluster", "prod"], "--cluster needs --service"),
    (["--vpc", VPC], "inspect needs a subject"),
    ([*SUBJECT, "file.json"], "no argument"),
    ([*SUBJECT, "--task", "t1"], "exclude each other"),
]


@pytest.mark.parametrize(("options", "says"), MISTAKES)
def test_a_mistake_is_one_line(options, says):
    one = healthy()
    one["Subnets"].append(w.subnet("else", "10.9.0.0/24", vpc="vpc-else"))
    one["clusters"]["prod"]["tasks"]["t9"] = w.stopped_task("t9", "Task failed to start")
    done = inspect(one, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_an_inactive_service_is_a_mistake():
    one = healthy()
    one["clusters"]["prod"]["services"]["web"]["status"] = "INACTIVE"
    done = inspect(one)
    assert done.returncode == 2 and "INACTIVE" in done.stderr


def test_http_is_for_loopback_alone():
    done = inspect(healthy(), variables={"AWS_ENDPOINT_URL_ECS": "http://10.1.2.3:80"})
    assert done.returncode == 2 and "loopback" in done.stderr


# calls that fail ----------------------------------------------------------------------------------


@pytest.mark.parametrize("call", DESCRIBED)
def test_a_denied_call_is_unread_and_the_run_goes_on(call):
    one = healthy()
    one["trouble"] = {call: denied(call)}
    found = survey(one)
    assert [entry["call"].split(":")[1] for entry in found["unread"]] == [call]
    assert found["exit"] == 0, "nothing unread is called absent"
    for subnet in found["subnets"]:
        assert [f for f in subnet["report"]["findings"] if f["severity"] == "broken"] == []


@pytest.mark.parametrize("call", DESCRIBED)
def test_a_throttled_call_is_made_again(call):
    one = healthy()
    one["trouble"] = {call: lambda count: throttled(call) if count == 1 else None}
    found = survey(one)
    assert (found["exit"], found["unread"]) == (0, [])


@pytest.mark.parametrize("call", DESCRIBED)
def test_an_answer_that_is_cut_is_asked_for_again(call):
    one = healthy()
    one["trouble"] = {call: lambda count: "cut" if count == 1 else None}
    found = survey(one)
    assert (found["exit"], found["unread"]) == (0, [])


def test_throttling_that_does_not_end_is_unread():
    one = healthy()
    one["trouble"] = {"DescribeVpcs": throttled("DescribeVpcs")}
    found = survey(one, *SUBJECT, "--deadline", "6")
    assert found["unread"] == [{"call": "ec2:DescribeVpcs", "error": "RequestLimitExceeded"}]


def test_no_permission_at_all_is_one_line():
    one = healthy()
    one["trouble"] = {name: denied(name) for name in [*DESCRIBED, "DescribeServices"]}
    done = inspect(one, *IMAGE_SUBJECT)
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert "nothing could be read: ec2:DescribeSubnets: UnauthorizedOperation" in done.stderr
    done = inspect({**one, "trouble": {"DescribeServices": denied("ListTasks")}})
    assert done.returncode == 3 and "ecs:DescribeServices: AccessDeniedException" in done.stderr


def test_keys_that_nobody_knows_are_one_line():
    done = inspect(healthy(), *IMAGE_SUBJECT, variables={"AWS_ACCESS_KEY_ID": "AKIDOTHER"})
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert "refused" in done.stderr and SECRET not in done.stderr


# pages and speed ----------------------------------------------------------------------------------


def test_every_page_is_read():
    one = breaking()
    one["page"] = 1
    find(one, "SecurityGroups", "ep")["IpPermissions"] = [w.permission("sg-task")]
    found = survey(one, "--image", IMAGE, "--vpc", VPC, "--security-groups", "sg-task", "--role", w.ROLE)
    assert len(found["subnets"]) == 3 and found["unread"] == []
    configuration = found["subnets"][0]["report"]["configuration"]
    assert len(configuration["endpoints"]) == 4


def test_a_vpc_of_200_subnets_takes_seconds():
    one = healthy()
    one["delay"], one["page"] = 0.02, 100
    for number in range(200):
        name = f"n{number}"
        one["Subnets"].append(w.subnet(name, f"10.0.{20 + number}.0/24"))
        one["RouteTables"].append(w.table(name, [w.route(w.ALL, "nat-1")], [name]))
    began = time.monotonic()
    found = survey(one, "--image", IMAGE, "--vpc", VPC, "--security-groups", "sg-task", "--role", w.ROLE)
    took = time.monotonic() - began
    assert len(found["subnets"]) == 203
    calls = found["took_us"] / 1e6
    print(f"{calls:.2f} s, with the process {took:.2f} s")


# credentials --------------------------------------------------------------------------------------


def home(tmp_path, config: str) -> dict:
    (tmp_path / ".aws/sso/cache").mkdir(parents=True)
    (tmp_path / ".aws/config").write_text(config)
    return {"HOME": str(tmp_path)}


KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
PROCESS = f"""[profile p]
region = {REGION}
credential_process = /bin/echo '{{"Version": 1, "AccessKeyId": "{KEY}", "SecretAccessKey": "{SECRET}", "SessionToken": "{TOKEN}"}}'
"""
SSO = f"""[profile p]
sso_session = corp
sso_account_id = {w.ACCOUNT}
sso_role_name = Reader
region = {REGION}
[sso-session corp]
sso_region = {REGION}
sso_start_url = https://corp.awsapps.com/start
"""


def test_a_credential_process_is_run(tmp_path):
    found = survey(healthy(), *SUBJECT, "--profile", "p", variables=home(tmp_path, PROCESS),
                   without=[*KEYS, "AWS_REGION"])  # fmt: skip
    assert found["exit"] == 0


def cache(tmp_path, expires: str = "2099-01-01T00:00:00Z"):
    name = hashlib.sha1(b"corp").hexdigest()
    (tmp_path / f".aws/sso/cache/{name}.json").write_text(
        json.dumps({"accessToken": "bearer", "expiresAt": expires, "region": REGION}))  # fmt: skip


def sso_world() -> dict:
    return {**healthy(), "sso_token": "bearer", "sso_credentials": {
        "accessKeyId": KEY, "secretAccessKey": SECRET, "sessionToken": TOKEN, "expiration": 4070908800000}}  # fmt: skip


def test_a_cached_token_of_identity_center_is_used(tmp_path):
    variables = home(tmp_path, SSO)
    cache(tmp_path)
    found = survey(sso_world(), *SUBJECT, "--profile", "p", variables=variables, without=KEYS)
    assert found["exit"] == 0


@pytest.mark.parametrize(("expires", "token"), [("2001-01-01T00:00:00Z", "bearer"), ("2099-01-01T00:00:00Z", "other")])
def test_a_session_that_ended_says_how_to_begin_one(tmp_path, expires, token):
    variables = home(tmp_path, SSO)
    cache(tmp_path, expires)
    done = inspect({**sso_world(), "sso_token": token}, *SUBJECT, "--profile", "p", variables=variables, without=KEYS)
    assert done.returncode == 3 and "aws sso login --profile p" in done.stderr


@pytest.mark.parametrize("section", ["services = here\n", ""])
def test_a_profile_names_endpoints(tmp_path, section):
    """Of its section of services, or one for all; not those of another section or of a nested key."""
    with control_plane(healthy()) as server:
        services = ["ecs", "ec2", "route53resolver", "route_53", "iam", "ecr", "sts"]
        one = "".join(f"{name} =\n  use_fips_endpoint = true\n  endpoint_url = {server.url}\n" for name in services)
        config = (f"[profile p]\n{section or f'endpoint_url = {server.url}'}\n"
                  f"[services other]\necs =\n  endpoint_url = https://elsewhere.example\n[services here]\n{one}[default]\n")
        variables = {**environment(""), **home(tmp_path, config + PROCESS.replace("profile p", "profile q")), "AWS_PROFILE": "p"}
        del variables["AWS_ENDPOINT_URL"]
        done = subprocess.run([PROBE, "inspect", *SUBJECT], capture_output=True, text=True, timeout=120, env=variables)
    assert done.returncode == 0, done.stderr
    assert {call.split(":")[0] for call, _ in server.asked} == {"ecs", "ec2", "route53resolver", "route53", "iam", "ecr", "sts"}


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "cn-north-1"])
@pytest.mark.parametrize("fips", [False, True])
@pytest.mark.parametrize("dualstack", [False, True])
def test_the_hosts_are_those_of_botocore(region, fips, dualstack):
    """Without a resolver that answers, the first host that does not resolve is named."""
    loader = botocore.loaders.create_loader()
    for service, subject in (("ecs", SUBJECT), ("ec2", [*IMAGE_SUBJECT])):
        rules = EndpointProvider(loader.load_service_model(service, "endpoint-rule-set-1"), loader.load_data("partitions"))
        url = rules.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dualstack).url
        variables = {**environment(""), "AWS_REGION": region, "AWS_USE_FIPS_ENDPOINT": str(fips).lower(),
                     "AWS_USE_DUALSTACK_ENDPOINT": str(dualstack).lower()}  # fmt: skip
        del variables["AWS_ENDPOINT_URL"]
        done = subprocess.run([PROBE, "inspect", *subject, "--resolver", "127.0.0.1"], capture_output=True, text=True,
                              timeout=120, env=variables)  # fmt: skip
        assert done.returncode == 3 and f" {url.removeprefix('https://')} does not resolve" in done.stderr, done.stderr


def test_the_nearest_tag_is_named():
    one = healthy()
    one["repositories"]["app"]["images"] = [{**one["repositories"]["app"]["images"][0], "imageTags": [tag]}
                                            for tag in ("2024-01", "1.0", "latest")]  # fmt: skip
    one["page"] = 2
    found = survey(one)["subnets"][0]["report"]["findings"]
    assert "its nearest tag is 1.0" in found[0]["says"]
    one["trouble"] = {"DescribeImages": lambda count: count > 1 and denied("DescribeImages")}
    again = survey(one)["subnets"][0]["report"]["findings"]
    assert again[0]["class"] == "registry.tag_not_found" and "nearest" not in again[0]["says"]


def test_a_role_is_assumed(tmp_path):
    role = f"arn:aws:iam::{w.ACCOUNT}:role/reader"
    keys = {KEY: (SECRET, TOKEN), "ASIAROLE": ("rolesecret", "roletoken")}
    one = {**healthy(), "keys": keys, "assumed": "ASIAROLE"}
    done = inspect(one, *SUBJECT, "--role-arn", role)
    assert done.returncode == 0, done.stderr
    assert done.server.asked[0][0] == "sts:AssumeRole"
    config = f"[profile p]\nrole_arn = {role}\nsource_profile = q\n" + PROCESS.replace("profile p", "profile q")
    done = inspect(one, *SUBJECT, "--profile", "p", variables=home(tmp_path, config), without=KEYS)
    assert done.returncode == 0, done.stderr


def test_no_credentials_are_one_line():
    done = inspect(healthy(), without=KEYS)
    assert done.returncode == 3 and "no AWS credentials" in done.stderr


def test_no_secret_is_printed(tmp_path):
    done = inspect(breaking(), *SUBJECT, "--format", "json", "--output", str(tmp_path / "kept"))
    texts = [done.stdout, done.stderr, *(path.read_text() for path in (tmp_path / "kept").iterdir())]
    assert not any(secret in text for text in texts for secret in (SECRET, TOKEN))


# with a walk --------------------------------------------------------------------------------------


def walk_that_failed(report: dict, endpoint: str, address: str) -> dict:
    """A report of check in the same subnet: the name resolves, nothing answers at its address."""
    host = next(f["host"] for f in report["findings"] if f["endpoint"] == endpoint)
    step = {"endpoint": endpoint, "host": host, "peer": "", "cause": "none", "detail": "", "began_us": 0,
            "took_us": 1000, "experiment": "", "seen": {}}  # fmt: skip
    dns = {**step, "stage": "dns", "outcome": "passed", "seen": {"addresses": [address]}}
    tcp = {**step, "stage": "tcp", "outcome": "failed", "cause": "timeout", "took_us": 5000000,
           "peer": f"{address}:443"}  # fmt: skip
    vantage = {**report["vantage"], "addresses": ["10.0.10.77"], "launch_type": "FARGATE"}
    return {**report, "configuration": {}, "findings": [], "steps": [dns, tcp], "vantage": vantage}


def test_a_walk_that_failed_where_one_link_blocks_proves_it(tmp_path):
    one = breaking()
    report = survey(one)["subnets"][0]["report"]
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(walk_that_failed(report, "api", "10.0.10.50")))
    found = survey(one, *SUBJECT, "--report", str(path))
    first, second = found["subnets"]
    finding = first["report"]["findings"][0]
    assert (finding["certainty"], finding["resources"][0], finding["endpoint"]) == ("proven", "sg-ep", "api")
    assert first["by"] == "fargate" and second["by"] == "none"
    assert second["report"]["findings"][0]["certainty"] == "likely"


def test_a_report_of_another_subnet_is_a_mistake(tmp_path):
    report = survey(breaking())["subnets"][0]["report"]
    report["vantage"].update(subnet_cidr="192.168.0.0/24", addresses=["192.168.0.7"])
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(report))
    done = inspect(breaking(), *SUBJECT, "--report", str(path))
    assert done.returncode == 2 and "none of the subject's subnets" in done.stderr
