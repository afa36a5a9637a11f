"""A healthy VPC to begin with, as botocore names its parts: two private subnets with a NAT gateway,
interface endpoints for ECR and CloudWatch Logs, a gateway endpoint for S3, a service that pulls. A
world is made by changing it."""

from __future__ import annotations

import copy
import json

ACCOUNT, REGION, VPC = "111122223333", "us-east-1", "vpc-0a"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/app:1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/exec"
ALL = "0.0.0.0/0"
S3_LIST, S3_RANGES = "pl-63a5400a", ["52.216.0.0/15", "3.5.0.0/19"]
EVERYTHING = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
PULL = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
        "ecr:BatchCheckLayerAvailability", "logs:CreateLogStream", "logs:PutLogEvents"]  # fmt: skip


def subnet(name: str, cidr: str, zone: str = "a", vpc: str = VPC, **more) -> dict:
    return {"SubnetId": f"subnet-{name}", "VpcId": vpc, "OwnerId": ACCOUNT, "CidrBlock": cidr,
            "AvailabilityZone": f"{REGION}{zone}", "AvailabilityZoneId": f"use1-az{ord(zone) - 96}",
            "AvailableIpAddressCount": 200, "MapPublicIpOnLaunch": False, **more}  # fmt: skip


def route(to: str, target: str, state: str = "active") -> dict:
    """A route by the forms that AWS names its targets in."""
    key = ("DestinationPrefixListId" if to.startswith("pl-")
           else "DestinationIpv6CidrBlock" if ":" in to else "DestinationCidrBlock")  # fmt: skip
    by = {"nat": "NatGatewayId", "tgw": "TransitGatewayId", "pcx": "VpcPeeringConnectionId",
          "eni": "NetworkInterfaceId", "eigw": "EgressOnlyInternetGatewayId"}  # fmt: skip
    origin = "CreateRouteTable" if target == "local" else "CreateRoute"
    target_key = by.get(target.split("-")[0], "GatewayId")
    return {key: to, target_key: target, "State": state, "Origin": origin}


def table(name: str, routes: list, subnets: list = (), main: bool = False) -> dict:
    associations = [{"Main": False, "RouteTableId": f"rtb-{name}", "SubnetId": f"subnet-{one}"} for one in subnets]
    if main:
        associations.append({"Main": True, "RouteTableId": f"rtb-{name}"})
    return {"RouteTableId": f"rtb-{name}", "VpcId": VPC, "Associations": associations,
            "Routes": [route("10.0.0.0/16", "local"), *routes]}  # fmt: skip


def entry(number: int, action: str, cidr: str = ALL, egress: bool = False, protocol: str = "-1", ports=None) -> dict:
    key = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
    made = {"RuleNumber": number, "RuleAction": action, "Egress": egress, "Protocol": protocol, key: cidr}
    if ports:
        made["PortRange"] = {"From": ports[0], "To": ports[1]}
    return made


def acl(name: str, subnets: list, entries: list, default: bool = False) -> dict:
    """The last entries are AWS's own."""
    last = [entry(32767, "deny", egress=True), entry(32767, "deny")]
    return {"NetworkAclId": f"acl-{name}", "VpcId": VPC, "IsDefault": default, "Entries": [*entries, *last],
            "Associations": [{"NetworkAclId": f"acl-{name}", "SubnetId": f"subnet-{one}"} for one in subnets]}  # fmt: skip


OPEN = [entry(100, "allow", egress=True), entry(100, "allow")]


def permission(*peers: str, ports=(443, 443), protocol: str = "tcp") -> dict:
    """A rule of a group: its peers are CIDRs, prefix lists, groups."""
    made = {"IpProtocol": protocol, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
    if protocol != "-1":
        made["FromPort"], made["ToPort"] = ports
    for peer in peers:
        if peer.startswith("pl-"):
            made["PrefixListIds"].append({"PrefixListId": peer})
        elif peer.startswith("sg-"):
            made["UserIdGroupPairs"].append({"GroupId": peer, "UserId": ACCOUNT})
        elif ":" in peer:
            made["Ipv6Ranges"].append({"CidrIpv6": peer})
        else:
            made["IpRanges"].append({"CidrIp": peer})
    return made


def group(name: str, ingress: list = (), egress: list = (), label: str = "") -> dict:
    return {"GroupId": f"sg-{name}", "GroupName": label or name, "VpcId": VPC, "OwnerId": ACCOUNT,
            "Description": name, "IpPermissions": list(ingress), "IpPermissionsEgress": list(egress)}  # fmt: skip


def interface_endpoint(service: str, subnets: list = ("a", "b"), groups: list = ("ep",), **more) -> dict:
    name = service.replace(".", "")
    return {"VpcEndpointId": f"vpce-{name}", "VpcEndpointType": "Interface", "VpcId": VPC, "OwnerId": ACCOUNT,
            "ServiceName": f"com.amazonaws.{REGION}.{service}", "State": "available", "PrivateDnsEnabled": True,
            "PolicyDocument": EVERYTHING, "SubnetIds": [f"subnet-{one}" for one in subnets],
            "NetworkInterfaceIds": [f"eni-{name}{one}" for one in subnets],
            "Groups": [{"GroupId": f"sg-{one}", "GroupName": one} for one in groups], **more}  # fmt: skip


def gateway_endpoint(tables: list = ("private",), **more) -> dict:
    return {"VpcEndpointId": "vpce-s3", "VpcEndpointType": "Gateway", "VpcId": VPC, "OwnerId": ACCOUNT,
            "ServiceName": f"com.amazonaws.{REGION}.s3", "State": "available", "PrivateDnsEnabled": False,
            "PolicyDocument": EVERYTHING, "RouteTableIds": [f"rtb-{one}" for one in tables], **more}  # fmt: skip


def interfaces_of(endpoints: list) -> list:
    """The interfaces of interface endpoints, each with an address of its subnet."""
    made = []
    for index, endpoint in enumerate(endpoints):
        for name, place in zip(endpoint.get("NetworkInterfaceIds", []), endpoint.get("SubnetIds", [])):
            third = 10 + "abcdefgh".index(place[-1]) if place[-1] in "abcdefgh" else 10
            address = f"10.0.{third}.{50 + index}"
            made.append({"NetworkInterfaceId": name, "SubnetId": place, "InterfaceType": "vpc_endpoint",
                         "Description": f"VPC Endpoint Interface {endpoint['VpcEndpointId']}",
                         "Groups": [{"GroupId": g["GroupId"], "GroupName": g["GroupName"]} for g in endpoint["Groups"]],
                         "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}]})  # fmt: skip
    return made


def service_of(subnets: list, groups: list, **more) -> dict:
    network = {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": groups, "assignPublicIp": "DISABLED"}}
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
    return {"serviceName": "web", "serviceArn": f"{arn}:service/prod/web", "clusterArn": f"{arn}:cluster/prod",
            "status": "ACTIVE", "launchType": "FARGATE", "taskDefinition": f"{arn}:task-definition/web:7",
            "networkConfiguration": network,
            "deployments": [{"id": "ecs-svc/1", "status": "PRIMARY", "launchType": "FARGATE",
                             "taskDefinition": f"{arn}:task-definition/web:7", "networkConfiguration": network}],
            "events": [{"id": "e1", "message": "(service web) has reached a steady state."}], **more}  # fmt: skip


def stopped_task(name: str, reason: str, container_reason: str = "", created: float = 1.7e9, **more) -> dict:
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
    container = {"name": "web", "image": IMAGE, "lastStatus": "STOPPED"}
    if container_reason:
        container["reason"] = container_reason
    return {"taskArn": f"{arn}:task/prod/{name}", "clusterArn": f"{arn}:cluster/prod", "group": "service:web",
            "taskDefinitionArn": f"{arn}:task-definition/web:7", "launchType": "FARGATE", "lastStatus": "STOPPED",
            "stopCode": "TaskFailedToStart", "stoppedReason": reason, "createdAt": created,
            "containers": [container],
            "attachments": [{"id": "1", "type": "ElasticNetworkInterface", "status": "DELETED",
                             "details": [{"name": "subnetId", "value": "subnet-a"}]}], **more}  # fmt: skip


def task_definition(images: dict, **more) -> dict:
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/web", "awslogs-region": REGION,
                                                "awslogs-stream-prefix": "web"}}  # fmt: skip
    return {"taskDefinitionArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:7", "family": "web",
            "revision": 7, "status": "ACTIVE", "executionRoleArn": ROLE, "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
            "containerDefinitions": [{"name": name, "image": image, "essential": True, "logConfiguration": logs}
                                     for name, image in images.items()], **more}  # fmt: skip


def index(*platforms: str) -> dict:
    """An image of several platforms: "arm64/v8", "" for an entry that names none, "unknown" an attestation's."""
    media_type, entries = "application/vnd.oci.image.index.v1+json", []
    for number, name in enumerate(platforms):
        architecture, _, variant = name.partition("/")
        platform = {"os": "unknown" if name == "unknown" else "linux", "architecture": architecture, "variant": variant}
        entries.append({"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 500,
                        "digest": f"sha256:{number:064x}", **({"platform": platform} if name else {})})  # fmt: skip
    document = {"schemaVersion": 2, "mediaType": media_type, "manifests": entries}
    return {"imageTags": ["1"], "imageDigest": "sha256:" + "a" * 64, "imageManifestMediaType": media_type,
            "document": json.dumps(document)}  # fmt: skip


def healthy() -> dict:
    endpoints = [interface_endpoint("ecr.api"), interface_endpoint("ecr.dkr"), interface_endpoint("logs"),
                 gateway_endpoint()]  # fmt: skip
    return copy.deepcopy({
        "account": ACCOUNT, "region": REGION, "caller": f"arn:aws:iam::{ACCOUNT}:user/alice",
        "attributes": {"enableDnsSupport": True, "enableDnsHostnames": True},
        "Vpcs": [{"VpcId": VPC, "OwnerId": ACCOUNT, "CidrBlock": "10.0.0.0/16", "DhcpOptionsId": "dopt-1",
                  "CidrBlockAssociationSet": [{"AssociationId": "1", "CidrBlock": "10.0.0.0/16",
                                               "CidrBlockState": {"State": "associated"}}]}],
        "DhcpOptions": [{"DhcpOptionsId": "dopt-1", "DhcpConfigurations": [
            {"Key": "domain-name-servers", "Values": [{"Value": "AmazonProvidedDNS"}]}]}],
        "Subnets": [subnet("a", "10.0.10.0/24"), subnet("b", "10.0.11.0/24", "b"), subnet("pub", "10.0.0.0/24")],
        "RouteTables": [table("main", [], main=True), table("public", [route(ALL, "igw-1")], ["pub"]),
                        table("private", [route(ALL, "nat-1"), route(S3_LIST, "vpce-s3")], ["a", "b"])],
        "NetworkAcls": [acl("default", ["a", "b", "pub"], OPEN, default=True)],
        "SecurityGroups": [group("task", [], [permission(ALL)]),
                           group("ep", [permission("10.0.0.0/16")], [permission(ALL, protocol="-1")]),
                           group("def", [permission("sg-def", protocol="-1")],
                                 [permission(ALL, protocol="-1")], label="default")],
        "VpcEndpoints": endpoints, "NetworkInterfaces": interfaces_of(endpoints),
        "NatGateways": [{"NatGatewayId": "nat-1", "VpcId": VPC, "SubnetId": "subnet-pub", "State": "available",
                         "ConnectivityType": "public",
                         "NatGatewayAddresses": [{"PrivateIp": "10.0.0.9", "PublicIp": "54.0.0.9"}]}],
        "InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": VPC}]}],
        "PrefixLists": [{"PrefixListId": S3_LIST, "PrefixListName": f"com.amazonaws.{REGION}.s3",
                         "Cidrs": list(S3_RANGES)}],
        "prefix_entries": {S3_LIST: list(S3_RANGES)},
        "roles": {ROLE: {"allow": PULL}},
        "repositories": {"app": {"images": [index("amd64", "arm64/v8", "unknown")]}},
        "task_definitions": {"web:7": task_definition({"web": IMAGE}), "web": task_definition({"web": IMAGE})},
        "clusters": {"prod": {"services": {"web": service_of(["subnet-a", "subnet-b"], ["sg-task"])}, "tasks": {}},
                     "staging": {}},
    })  # fmt: skip


def find(world: dict, key: str, name: str) -> dict:
    """The part of a world by the end of its id: find(world, "RouteTables", "private")."""
    for item in world[key]:
        for field, value in item.items():
            if field.endswith("Id") and isinstance(value, str) and value.split("-", 1)[-1] == name:
                return item
    raise KeyError(name)
