"""The link-local services: task credentials and metadata, pod identity, IMDS."""

from __future__ import annotations

import datetime
import json
import socket

from aiohttp import web

import plan as p

ZONE = "us-east-1a"
TASK = f"arn:aws:ecs:{p.REGION}:{p.ACCOUNT}:task/lab/0123456789abcdef0123456789abcdef"
POD_TOKEN = "podIdentityTOKENEXAMPLE0123456789"
IMDS_TOKEN = "imdsTOKENEXAMPLE0123456789=="
IMDS_ROLES = "/latest/meta-data/iam/security-credentials/"
INSTANCE_ROLE = "pull-execution-role"


def keys(world) -> dict:
    """The role's credentials, with what a fault puts in place of a field."""
    end = datetime.datetime.utcnow() + datetime.timedelta(hours=6)
    document = {
        "RoleArn": p.ROLE, "AccessKeyId": p.ACCESS_KEY, "SecretAccessKey": p.SECRET_KEY,
        "Token": p.SESSION_TOKEN, "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip
    return document | world.get("credentials", {})


def container(plan: p.Plan) -> dict:
    network: dict = {
        "NetworkMode": "awsvpc", "AttachmentIndex": 0, "MACAddress": "0e:9a:12:34:56:78",
        "DomainNameServers": list(plan.resolvers()), "PrivateDNSName": "ip-10-20-1-10.ec2.internal",
    }  # fmt: skip
    if plan.v4:
        network |= {"IPv4Addresses": [p.TASK4], "IPv4SubnetCIDRBlock": p.SUBNET4,
                    "SubnetGatewayIpv4Address": f"{p.ROUTER4}/24"}  # fmt: skip
    if plan.v6:
        network |= {"IPv6Addresses": [p.TASK6], "IPv6SubnetCIDRBlock": p.SUBNET6,
                    "SubnetGatewayIpv6Address": f"{p.ROUTER6}/64"}  # fmt: skip
    return {
        "DockerId": p.CONTAINER_ID, "Name": "pullprobe", "DockerName": "pullprobe",
        "Image": plan.image("pullprobe:latest"), "ImageID": "sha256:" + "1" * 64,
        "Labels": {
            "com.amazonaws.ecs.cluster": f"arn:aws:ecs:{p.REGION}:{p.ACCOUNT}:cluster/lab",
            "com.amazonaws.ecs.container-name": "pullprobe",
            "com.amazonaws.ecs.task-arn": TASK,
            "com.amazonaws.ecs.task-definition-family": "pullprobe",
            "com.amazonaws.ecs.task-definition-version": "1",
        },
        "DesiredStatus": "RUNNING", "KnownStatus": "RUNNING", "Limits": {"CPU": 2},
        "CreatedAt": "2026-01-02T03:04:05.123456789Z", "StartedAt": "2026-01-02T03:04:05.2345Z",
        "Type": "NORMAL", "Networks": [network], "Snapshotter": "overlayfs",
        "ContainerARN": f"arn:aws:ecs:{p.REGION}:{p.ACCOUNT}:container/lab/0123/EXAMPLE",
    }  # fmt: skip


def task(world, plan: p.Plan) -> dict:
    drift = {"ClockErrorBound": 0.5, "ReferenceTimestamp": "2026-01-02T03:04:05Z",
             "ClockSynchronizationStatus": "SYNCHRONIZED"}  # fmt: skip
    return {
        "Cluster": f"arn:aws:ecs:{p.REGION}:{p.ACCOUNT}:cluster/lab", "TaskARN": TASK,
        "Family": "pullprobe", "Revision": "1", "DesiredStatus": "RUNNING",
        "KnownStatus": "RUNNING", "Limits": {"CPU": 0.25, "Memory": 512},
        "PullStartedAt": "2026-01-02T03:04:00Z", "PullStoppedAt": "2026-01-02T03:04:03Z",
        "AvailabilityZone": ZONE, "LaunchType": "FARGATE", "Containers": [container(plan)],
        "ClockDrift": world.get("drift", drift),
        "EphemeralStorageMetrics": {"Utilized": 200, "Reserved": 20496},
        "FaultInjectionEnabled": False,
    }  # fmt: skip


def as_json(world, document, status: int = 200) -> web.Response:
    return world.reply(status, json.dumps(document), {"Content-Type": "application/json"})


def plain(world, text: str, status: int = 200) -> web.Response:
    return world.reply(status, text, {"Content-Type": "text/plain"})


async def answer(world, request: web.Request, plan: p.Plan) -> web.StreamResponse:
    """By the address that was dialled."""
    address = request.transport.get_extra_info("sockname")[0]
    path = request.path
    if address in (p.POD_IDENTITY, p.POD_IDENTITY6):
        return await pod_identity(world, request)
    if address in (p.IMDS, p.IMDS6):
        return await imds(world, request)
    if path.startswith("/v2/credentials"):
        canned = await world.canned("credentials")
        if canned is not None:
            return canned
        if path != p.CREDENTIALS_PATH:
            return plain(world, "404 page not found\n", 404)
        return as_json(world, keys(world))
    canned = await world.canned("metadata")
    if canned is not None:
        return canned
    found = {
        p.METADATA_PATH: lambda: container(plan),
        f"{p.METADATA_PATH}/task": lambda: task(world, plan),
        f"{p.METADATA_PATH}/taskWithTags": lambda: task(world, plan),
        f"{p.METADATA_PATH}/stats": lambda: {},
    }.get(path.rstrip("/"))
    if not found:
        return plain(world, "V4 container metadata handler: unable to get container", 404)
    return as_json(world, found())


async def pod_identity(world, request: web.Request) -> web.StreamResponse:
    canned = await world.canned("credentials")
    if canned is not None:
        return canned
    if request.headers.get("Authorization") != POD_TOKEN:
        return plain(world, "Access Denied: missing or wrong service account token\n", 401)
    return as_json(world, keys(world))


def limit_hops(world, request: web.Request) -> None:
    """As the real one does: the answer to PUT may travel so far, and no other answer is bound."""
    hops = world.get("imds_hops", 64) if request.method == "PUT" else 64
    line = request.transport.get_extra_info("socket")
    six = line.family == socket.AF_INET6
    line.setsockopt(*((socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS) if six else
                      (socket.IPPROTO_IP, socket.IP_TTL)), hops)  # fmt: skip


async def imds(world, request: web.Request) -> web.StreamResponse:
    """IMDSv2 alone: a token first."""
    limit_hops(world, request)
    kind = {"/latest/api/token": "token", IMDS_ROLES: "role"}.get(request.path, "credentials")
    canned = await world.canned(f"imds.{kind}", "imds")
    if canned is not None:
        return canned
    if request.path == "/latest/api/token":
        if request.method != "PUT":
            return plain(world, "", 405)
        if not request.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "").isdigit():
            return plain(world, "", 400)
        return plain(world, world.planted(IMDS_TOKEN))
    if request.headers.get("X-aws-ec2-metadata-token") != IMDS_TOKEN:
        return plain(world, "", 401)
    if request.path in (IMDS_ROLES, IMDS_ROLES.rstrip("/")):
        return plain(world, INSTANCE_ROLE)
    if request.path == IMDS_ROLES + INSTANCE_ROLE:
        document = {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-02T03:04:05Z"}
        found = document | keys(world)
        found.pop("RoleArn")  # which IMDS does not tell
        return as_json(world, found)
    known = {
        "/latest/meta-data/placement/region": p.REGION,
        "/latest/meta-data/placement/availability-zone": ZONE,
        "/latest/meta-data/instance-id": "i-0123456789abcdef0",
    }
    return plain(world, known.get(request.path, ""), 200 if request.path in known else 404)
