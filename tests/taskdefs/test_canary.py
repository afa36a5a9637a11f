"""The canary's two forms. CloudFormation's properties are put into the requests that CloudFormation makes of them,
and those are held against botocore's models of Lambda, IAM, Events, CloudWatch and Logs. There is no model of
Terraform's provider in Debian: of canary.tf the blocks, the references and the policy are checked, and its
arguments against ARGUMENTS, a copy by hand of what the provider's pages say."""

from __future__ import annotations

import json
import re

import definitions as d
import model
import pytest
import yaml

TERRAFORM = (d.FOLDER / "canary.tf").read_text()
ARN = "arn:aws:iam::123456789012:role/pullprobe"
EXAMPLES = {
    "CodeBucket": "bucket", "CodeKey": "a.zip", "Image": d.IMAGE, "Subnets": ["subnet-0a1b2c3d"],
    "RepositoryArn": "arn:aws:ecr:us-east-1:123456789012:repository/app", "SecurityGroups": ["sg-0a1b2c3d"],
    "Schedule": "rate(15 minutes)", "AlarmTopic": "arn:aws:sns:us-east-1:123456789012:pager",
    "AWS::StackName": "pullprobe", "AWS::NoValue": None,
}  # fmt: skip
NEWER = {"AWS::Lambda::Function": {"LoggingConfig"}}  # than Debian's botocore
STATEMENTS = [
    (["logs:CreateLogStream", "logs:PutLogEvents"], "Log"),
    (["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"], "*"),
    (["ecr:GetAuthorizationToken"], "*"),
    (["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "Repository"),
]  # fmt: skip


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: !Ref X is {"Ref": "X"}."""


def short_form(loader, suffix, node):
    kinds = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    value = kinds[type(node)](node, *([True] if isinstance(node, yaml.SequenceNode) else []))
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", short_form)
TEMPLATE = yaml.load((d.FOLDER / "canary.yaml").read_text(), Loader)
RESOURCES = TEMPLATE["Resources"]


def references(value):
    """The names that !Ref, !GetAtt and !Sub use."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner.split(".")[0]
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{([^}]+)\}", inner)
            else:
                yield from references(inner)


def resolved(value):
    if isinstance(value, list):
        return [resolved(one) for one in value]
    if not isinstance(value, dict):
        return value
    ((key, inner),) = value.items() if len(value) == 1 else [(None, None)]
    if key == "Ref":
        return EXAMPLES.get(inner, inner)
    if key == "Fn::GetAtt":
        return ARN if inner == "Role.Arn" else f"arn:aws:lambda:us-east-1:123456789012:function:{inner.split('.')[0]}"
    if key == "Fn::Sub":
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(EXAMPLES.get(found[1], found[1])), inner)
    if key == "Fn::If":
        return resolved(inner[1])
    return {name: resolved(one) for name, one in value.items()}


def requests(name: str):
    """What CloudFormation asks the service for a resource."""
    kind, got = RESOURCES[name]["Type"], resolved(RESOURCES[name]["Properties"])
    got = {key: value for key, value in got.items() if key not in NEWER.get(kind, ())}
    if kind == "AWS::Lambda::Function":
        yield "lambda", "CreateFunction", got | {"FunctionName": name}
    elif kind == "AWS::Lambda::Permission":
        yield "lambda", "AddPermission", got | {"StatementId": name}
    elif kind == "AWS::Lambda::EventInvokeConfig":
        yield "lambda", "PutFunctionEventInvokeConfig", got
    elif kind == "AWS::Logs::LogGroup":
        yield "logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": got.pop("RetentionInDays")}
        assert not got
    elif kind == "AWS::Events::Rule":
        yield "events", "PutTargets", {"Rule": name, "Targets": got.pop("Targets")}
        yield "events", "PutRule", got | {"Name": name}
    elif kind == "AWS::CloudWatch::Alarm":
        yield "cloudwatch", "PutMetricAlarm", got | {"AlarmName": name}
    elif kind == "AWS::IAM::Role":
        for policy in got.pop("Policies"):
            yield "iam", "PutRolePolicy", {"RoleName": name, "PolicyName": policy["PolicyName"],
                                           "PolicyDocument": json.dumps(policy["PolicyDocument"])}  # fmt: skip
        yield "iam", "CreateRole", got | {"RoleName": name, "AssumeRolePolicyDocument":
                                          json.dumps(got["AssumeRolePolicyDocument"])}  # fmt: skip
    else:
        raise AssertionError(kind)


@pytest.mark.parametrize("name", RESOURCES)
def test_the_services_would_take_each_resource(name):
    for service, operation, request in requests(name):
        assert model.mistakes(service, operation, request) == [], operation


def test_every_reference_has_its_end_and_every_parameter_its_use():
    used = set(references(RESOURCES)) | set(references(TEMPLATE["Outputs"]))
    assert used <= set(RESOURCES) | set(TEMPLATE["Parameters"]) | {"AWS::StackName", "AWS::NoValue"}
    conditions = set(references(TEMPLATE["Conditions"]))
    assert set(TEMPLATE["Parameters"]) <= used | conditions
    assert re.fullmatch(TEMPLATE["Parameters"]["RepositoryArn"]["AllowedPattern"], EXAMPLES["RepositoryArn"])


def test_it_may_do_what_it_does_and_no_more():
    (policy,) = RESOURCES["Role"]["Properties"]["Policies"]
    found = []
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resource = statement["Resource"]
        names = {"Log.Arn": "Log", "RepositoryArn": "Repository"}
        found.append((sorted(actions), resource if resource == "*" else names[next(iter(resource.values()))]))
    assert found == STATEMENTS


def test_the_alarm_is_about_the_metric_that_the_function_logs():
    source = " ".join((d.FOLDER.parent / "src" / "lambda" / "runtime.c").read_text().split())
    alarm = resolved(RESOURCES["Alarm"]["Properties"])
    assert f'"Name", "{alarm["MetricName"]}", "Unit"' in source
    dimensions = [one["Name"] for one in alarm["Dimensions"]]
    assert f'"Namespace", "{alarm["Namespace"]}", "Dimensions", "Image", "Vantage"' in source
    assert dimensions == ["Image", "Vantage"]
    variables = resolved(RESOURCES["Function"]["Properties"])["Environment"]["Variables"]
    assert variables["PULLPROBE_OPTIONS"].split() == ["--label", alarm["Dimensions"][1]["Value"]]


# Terraform ------------------------------------------------------------------------------------------


def blocks() -> dict[tuple[str, ...], str]:
    """The top blocks of the file, by their labels; braces must pair."""
    text = re.sub(r"(?m)^\s*#.*$", "", TERRAFORM)
    found, at = {}, 0
    for head in re.finditer(r'(?m)^(\w+)((?: "[\w]+")+) \{', text):
        assert head.start() >= at and text[at : head.start()].strip() == ""
        depth, at = 1, head.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        found[head[1], *re.findall(r'"(\w+)"', head[2])] = text[head.end() : at - 1]
    assert text[at:].strip() == ""
    return found


def test_terraforms_form_has_the_same_parts_and_no_loose_ends():
    parts = blocks()
    resources = {labels[1:] for labels in parts if labels[0] == "resource"}
    variables = {labels[1] for labels in parts if labels[0] == "variable"}
    assert set(re.findall(r"\bvar\.(\w+)", TERRAFORM)) == variables
    assert set(re.findall(r"\b(aws_\w+)\.(\w+)\.\w+", TERRAFORM)) <= resources
    kinds = {"aws_cloudwatch_log_group": "AWS::Logs::LogGroup", "aws_iam_role": "AWS::IAM::Role",
             "aws_lambda_function": "AWS::Lambda::Function", "aws_cloudwatch_event_rule": "AWS::Events::Rule",
             "aws_lambda_function_event_invoke_config": "AWS::Lambda::EventInvokeConfig",
             "aws_lambda_permission": "AWS::Lambda::Permission",
             "aws_cloudwatch_metric_alarm": "AWS::CloudWatch::Alarm"}  # fmt: skip
    beside = {"aws_iam_role_policy", "aws_cloudwatch_event_target"}  # parts of a resource in CloudFormation
    assert {kind for kind, _ in resources} - beside == set(kinds)
    assert sorted(kinds.values()) == sorted(one["Type"] for one in RESOURCES.values())


# registry.terraform.io/providers/hashicorp/aws, "Argument Reference" of each resource: what it requires, and
# what else is used here. A block within a resource has a row of its own.
ARGUMENTS = {
    "aws_cloudwatch_log_group": ("", "name retention_in_days"),
    "aws_iam_role": ("assume_role_policy", "name_prefix"),
    "aws_iam_role_policy": ("role policy", ""),
    "aws_lambda_function": ("function_name role", "filename source_code_hash runtime architectures handler "
                            "memory_size timeout logging_config vpc_config environment"),
    "logging_config": ("log_format", "log_group"),
    "vpc_config": ("subnet_ids security_group_ids", ""),
    "environment": ("", "variables"),
    "aws_lambda_function_event_invoke_config": ("function_name", "maximum_retry_attempts"),
    "aws_cloudwatch_event_rule": ("", "schedule_expression"),
    "aws_cloudwatch_event_target": ("rule arn", "input"),
    "aws_lambda_permission": ("action function_name principal", "source_arn"),
    "aws_cloudwatch_metric_alarm": ("alarm_name comparison_operator evaluation_periods",
                                    "namespace metric_name dimensions statistic threshold period "
                                    "treat_missing_data alarm_actions"),
}  # fmt: skip


def test_terraforms_form_has_the_arguments_that_the_provider_takes():
    for (what, *labels), body in blocks().items():
        inner = {name: text for name, text in re.findall(r"(?ms)^  (\w+) \{\n(.*?)^  \}", body)}
        if what != "resource":
            assert what == "variable" and not inner
            continue
        given = {labels[0]: set(re.findall(r"(?m)^  (\w+)\s*[={]", body)) - {"depends_on"}}
        given |= {name: set(re.findall(r"(?m)^    (\w+)\s*=", text)) for name, text in inner.items()}
        for name, arguments in given.items():
            required, others = (set(words.split()) for words in ARGUMENTS[name])
            assert required <= arguments <= required | others, labels


def test_terraforms_form_has_the_same_rights_and_values():
    policy = blocks()["resource", "aws_iam_role_policy", "policy"]
    assert sorted(re.findall(r'"((?:logs|ec2|ecr):\w+)"', policy)) == sorted(a for actions, _ in STATEMENTS for a in actions)
    function = blocks()["resource", "aws_lambda_function", "probe"]
    alarm = blocks()["resource", "aws_cloudwatch_metric_alarm", "alarm"]
    for text, name, keys in (
        (function, "Function", ["Runtime", "Handler", "MemorySize", "Timeout"]),
        (alarm, "Alarm", ["Namespace", "MetricName", "Statistic", "ComparisonOperator", "Threshold", "Period",
                          "EvaluationPeriods", "TreatMissingData"]),
    ):  # fmt: skip
        for key in keys:
            own = re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()
            value = re.search(rf'^\s*{own}\s*= "?([^"\n]*)"?$', text, re.M)[1]
            assert value == str(RESOURCES[name]["Properties"][key]), key


# the rule for tasks that stop -------------------------------------------------------------------------


def test_the_rule_of_the_page_is_one_that_events_take_and_it_meets_a_stopped_task():
    page = (d.FOLDER / "lambda.md").read_text()
    pattern = re.search(r"--event-pattern \\\n\s+'(.*)'", page)[1]
    assert model.mistakes("events", "PutRule", {"Name": "pullprobe-stopped", "EventPattern": pattern}) == []
    event = {"source": "aws.ecs", "detail-type": "ECS Task State Change",
             "detail": {"lastStatus": "STOPPED", "stopCode": "TaskFailedToStart"}}  # fmt: skip

    def meets(wanted: dict, got: dict) -> bool:
        return all(meets(one, got[key]) if isinstance(one, dict) else got[key] in one for key, one in wanted.items())

    assert meets(json.loads(pattern), event)
    assert not meets(json.loads(pattern), event | {"detail": {"lastStatus": "RUNNING", "stopCode": ""}})
