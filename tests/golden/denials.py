"""Refusals in the words of IAM, and images of ECR to refuse."""

from __future__ import annotations

from world import ACCOUNT, REGION, SESSION, WRONG, World

REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop/app"
AWS_JSON = {"request_id": "22222222-EXAMPLE", "content_type": "application/x-amz-json-1.1"}
TOKEN, PULL, LAYERS = "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"
CACHE = {"repository": "ecr-public/docker/library/alpine", "reference": "3.20",
         "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/ecr-public/docker/library/alpine:3.20"}
GONE = {"reference": WRONG, "reference_kind": "digest",
        "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/app@{WRONG}"}
MISMATCH = "The request signature we calculated does not match the signature you provided."
OTHER = "210987654321"
FOREIGN = {"account": OTHER, "host": f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com",
           "image": f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com/shop/app:1.4"}


def sentence(action, context, resource=REPOSITORY, principal=SESSION):
    text = f"User: {principal} is not authorized to perform: {action} on resource: {resource}"
    return f"{text} {context}".strip()


def denial(action, policy="", context="", explicit=False, resource=REPOSITORY, principal=SESSION,
           **more):
    text = sentence(action, context, resource, principal)
    facts = {"error_text": text, "principal": principal, "action": action, "resource": resource}
    if policy:
        facts.update(policy=policy, explicit=explicit)
    return {**facts, **more}


def token_denied(policy="", context="", explicit=False, world=None, **more):
    facts = denial(TOKEN, policy, context, explicit, "*", **more)
    return (world or World()).fail("token", "api", "denied", facts["error_text"], status=400,
                                   error_code="AccessDeniedException", **AWS_JSON, **facts)


def pull_denied(policy="", context="", explicit=False, world=None, **more):
    facts = denial(PULL, policy, context, explicit, **more)
    return (world or World()).fail("manifest", "dkr", "denied", facts["error_text"], "", "index",
                                   status=403, error_code="DENIED", **facts)


def api_cross_check(world, passed, code="", text="", asks="api_batch_get_image", stage="manifest", **facts):
    return world.experiment(asks, (stage, "dkr"), passed, "denied", endpoint="api",
                            host=f"api.ecr.{REGION}.amazonaws.com", peer="10.20.2.11:443",
                            status=200 if passed else 400, error_code=code, error_text=text, **facts)


def no_image(world):
    return api_cross_check(world, False, "ImageNotFound", "Requested image not found")
