"""A subnet for each exit code that no rule's own case and no fault of the lab comes to."""

from __future__ import annotations

from denials import LAYERS, REPOSITORY, denial
from world import HOSTS, PRIVATE, World

SERVICES = {93: "ssm", 94: "kms", 95: "sts", 96: "ssmmessages", 97: "ecs", 98: "eks-auth"}


def beside(endpoint):
    """A service of --also, or a target of the probe's own."""
    return World(also=[endpoint], hosts={**HOSTS, endpoint: f"{endpoint}.us-east-1.amazonaws.com"},
                 addresses={**PRIVATE, endpoint: ["10.20.2.20"]})  # fmt: skip


def layer(cause, status, world=None, **facts):
    return (world or World()).fail("layers", "dkr", cause, f"HTTP status {status}",
                                   document="layer", status=status, **facts)  # fmt: skip


def denied(policy, context):
    facts = denial(LAYERS, policy, context, resource=REPOSITORY)
    return layer("denied", 403, error_code="DENIED", **facts)


def other(stage, cause):
    return beside("control").fail(stage, "control", cause)


def both(stage, cause):
    return World().fail(stage, "api", cause).fail(stage, "dkr", cause)


CODES = {
    19: lambda: other("dns", "nxdomain"),
    29: lambda: other("tcp", "refused"),
    39: lambda: other("tls", "reset"),
    40: lambda: World().fail("http", "api", "reset"),
    43: lambda: both("http", "reset"),
    44: lambda: other("http", "reset"),
    70: lambda: denied("identity", "because no identity-based policy allows the action"),
    71: lambda: denied("resource", "because no resource-based policy allows the action"),
    72: lambda: denied("endpoint", "because no VPC endpoint policy allows the action"),
    75: lambda: layer("throttled", 429, error_code="TOOMANYREQUESTS"),
    76: lambda: layer("unavailable", 503, error_code="UNAVAILABLE"),
    77: lambda: World().fail("layers", "dkr", "reset", "connection reset", document="layer"),
    79: lambda: layer("not_the_service", 200),
    90: lambda: World(stage="tls").fail("tcp", "api", "refused"),
    **{code: lambda endpoint=endpoint: beside(endpoint).fail("tcp", endpoint, "refused")
       for code, endpoint in SERVICES.items()},
}  # fmt: skip
