"""What a task's start asks of other services: CloudWatch Logs, Secrets Manager, Parameter Store,
and a bucket of environment files. Signatures are checked before anything is looked up."""

from __future__ import annotations

import json
import secrets

from aiohttp import web

import plan as p

from . import sigv4
from .bucket import signature, xml_error

NOT_FOUND = "ResourceNotFoundException"


def refusal(world, action: str, resource: str) -> tuple | None:
    denied = world.denied(action, resource)
    return ("AccessDeniedException", denied) if denied else None


def key_refusal(world) -> tuple | None:
    """Whoever may read the secret may still not use its key."""
    return refusal(world, "kms:Decrypt", p.KEY_ARN)


def create_log_stream(world, arguments: dict) -> tuple | dict:
    group, stream = arguments["logGroupName"], arguments["logStreamName"]
    resource = f"arn:aws:logs:{p.REGION}:{p.ACCOUNT}:log-group:{group}:log-stream:{stream}"
    refused = refusal(world, "logs:CreateLogStream", resource)
    if refused:
        return refused
    if group != p.LOG_GROUP:
        return NOT_FOUND, "The specified log group does not exist."
    return {}


def get_secret_value(world, arguments: dict) -> tuple | dict:
    secret = arguments["SecretId"]
    refused = refusal(world, "secretsmanager:GetSecretValue", secret) or key_refusal(world)
    if refused:
        return refused
    if secret != p.SECRET_ARN:
        return NOT_FOUND, "Secrets Manager can't find the specified secret."
    return {"ARN": secret, "Name": "lab/db", "VersionId": "v", "SecretString": p.SECRET_VALUE}


def get_parameters(world, arguments: dict) -> tuple | dict:
    found, missing = [], []
    for name in arguments["Names"]:
        short = name.rsplit(":parameter", 1)[-1]
        resource = f"arn:aws:ssm:{p.REGION}:{p.ACCOUNT}:parameter{short}"
        refused = refusal(world, "ssm:GetParameters", resource)
        if refused:
            return refused
        if short != p.PARAMETER:
            missing.append(name)
            continue
        if key_refusal(world) and arguments.get("WithDecryption"):
            return "AccessDeniedException", (
                "The ciphertext refers to a customer master key that does not exist, does not "
                "exist in this region, or you are not allowed to access.")
        found.append({"Name": short, "Type": "SecureString", "Value": p.SECRET_VALUE})
    return {"InvalidParameters": missing, "Parameters": found}


OPERATIONS = {
    "logs": {"Logs_20140328.CreateLogStream": create_log_stream},
    "secretsmanager": {"secretsmanager.GetSecretValue": get_secret_value},
    "ssm": {"AmazonSSM.GetParameters": get_parameters},
}


def work(world, service: str, target: str, body: bytes) -> tuple | dict | None:
    """The answer, or an error's code and message; None when there is no such operation."""
    operation = OPERATIONS.get(service, {}).get(target)
    return operation(world, json.loads(body)) if operation else None


async def envfile(world, request: web.Request) -> web.StreamResponse:
    """An object of the bucket that holds environment files."""
    if "Authorization" not in request.headers:
        return xml_error(world, 403, "AccessDenied", "Access Denied")
    wrong = sigv4.check(request.headers, request.method, request.raw_path, b"", "s3", world)
    if wrong:
        return xml_error(world, 403, "SignatureDoesNotMatch", wrong[1])
    if world.denied("s3:GetObject", f"arn:aws:s3:::{p.ENV_BUCKET}{request.path}"):
        return xml_error(world, 403, "AccessDenied", "Access Denied")
    if request.path != f"/{p.ENV_KEY}":
        return xml_error(world, 404, "NoSuchKey", "The specified key does not exist.")
    headers = signature(secrets.token_hex(8).upper(), secrets.token_urlsafe(56), "text/plain")
    return world.reply(206, p.SECRET_VALUE[:1], headers)
