"""The worlds of tests/configuration as the control plane of an account: what is judged there is read here."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "cloud"))
import world as w  # noqa: E402
from control_plane import Refused  # noqa: E402
from vpc import ACTIONS  # noqa: E402


def is_served(doc: dict) -> bool:
    """The VPC of a service of ECS, which all calls were made for, and nothing newer than Debian's botocore."""
    subject = doc["subject"]
    return not (
        subject["launch_type"] == "LAMBDA" or not subject["role"] + subject["task_definition"]
        or any(call["part"] not in ACTIONS for call in doc["calls"])
        or any(one["internet_gateway_block"] != "off" for one in doc["subnets"])
        or any(one["status"] == "ARCHIVED" for one in doc["images"])
        or any(one["private_dns_only_inbound"] for one in doc["endpoints"])
        or any(rule["qtype"] for one in doc["firewall_groups"] for rule in one["rules"])
        or any(one["type"] == "Interface" and not one["groups"] for one in doc["endpoints"]))  # fmt: skip


def keyed(made: dict, *pairs) -> dict:
    """With those of the pairs that have a value."""
    return made | {key: value for key, value in pairs if value not in ("", None, [])}


def tables_of(doc: dict) -> list:
    return [{"RouteTableId": one["id"], "VpcId": one["vpc"],
             "Associations": [{"Main": False, "RouteTableId": one["id"], "SubnetId": name} for name in one["subnets"]]
             + [{"Main": True, "RouteTableId": one["id"]}] * one["main"],
             "Routes": [w.route(r["destination"], r["target"], r["state"]) | {"Origin": r["origin"]}
                        for r in one["routes"]]} for one in doc["route_tables"]]  # fmt: skip


def acls_of(doc: dict) -> list:
    return [{"NetworkAclId": one["id"], "VpcId": one["vpc"], "IsDefault": one["is_default"],
             "Entries": [w.entry(e["number"], e["action"], e["cidr"], e["egress"], e["protocol"],
                                 (e["from"], e["to"]) if e["from"] is not None else None) for e in one["entries"]],
             "Associations": [{"NetworkAclId": one["id"], "SubnetId": name} for name in one["subnets"]]}
            for one in doc["network_acls"]]  # fmt: skip


def groups_of(doc: dict) -> list:
    made = []
    for one in doc["security_groups"]:
        rules = {egress: [w.permission(rule["peer"], ports=(rule["from"], rule["to"]), protocol=rule["protocol"])
                          for rule in one["rules"] if rule["egress"] == egress] for egress in (False, True)}  # fmt: skip
        made.append({"GroupId": one["id"], "GroupName": one["name"], "VpcId": one["vpc"], "OwnerId": one["owner"],
                     "IpPermissions": rules[False], "IpPermissionsEgress": rules[True]})  # fmt: skip
    return made


def endpoints_of(doc: dict) -> list:
    return [keyed({"VpcEndpointId": one["id"], "VpcEndpointType": one["type"], "VpcId": one["vpc"],
                   "OwnerId": one["owner"], "ServiceName": one["service"], "State": one["state"],
                   "PrivateDnsEnabled": one["private_dns"], "SubnetIds": one["subnets"],
                   "NetworkInterfaceIds": one["interfaces"], "RouteTableIds": one["route_tables"],
                   "Groups": [{"GroupId": name, "GroupName": name} for name in one["groups"]]},
                  ("PolicyDocument", one["policy"]),
                  ("DnsOptions", {"PrivateDnsOnlyForInboundResolverEndpoint": True} if one["private_dns_only_inbound"]
                   else "")) for one in doc["endpoints"]]  # fmt: skip


def interfaces_of(doc: dict) -> list:
    return [{"NetworkInterfaceId": one["id"], "SubnetId": one["subnet"], "InterfaceType": one["type"],
             "Groups": [{"GroupId": name, "GroupName": name} for name in one["groups"]],
             "PrivateIpAddresses": [{"PrivateIpAddress": a} for a in one["addresses"] if ":" not in a],
             "Ipv6Addresses": [{"Ipv6Address": a} for a in one["addresses"] if ":" in a]}
            for one in doc["interfaces"]]  # fmt: skip


def network_of(doc: dict) -> dict:
    return {
        "Subnets": [keyed({"SubnetId": one["id"], "VpcId": one["vpc"], "OwnerId": one["owner"],
                           "AvailabilityZone": one["zone"], "Ipv6Native": one["ipv6_native"],
                           "EnableDns64": one["dns64"], "MapPublicIpOnLaunch": one["map_public_ip"],
                           "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": cidr} for cidr in one["cidrs6"]]},
                          ("CidrBlock", one["cidr"])) for one in doc["subnets"]],
        "Vpcs": [{"VpcId": one["id"], "OwnerId": one["owner"], "DhcpOptionsId": one["dhcp_options"],
                  "CidrBlockAssociationSet": [{"CidrBlock": cidr, "CidrBlockState": {"State": "associated"}}
                                              for cidr in one["cidrs"]],
                  "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": cidr, "Ipv6CidrBlockState": {"State": "associated"}}
                                                  for cidr in one["cidrs6"]]} for one in doc["vpcs"]],
        "DhcpOptions": [{"DhcpOptionsId": one["id"], "DhcpConfigurations": [
            {"Key": "domain-name-servers", "Values": [{"Value": name} for name in one["servers"]]}]}
            for one in doc["dhcp_options"]],
        "RouteTables": tables_of(doc), "NetworkAcls": acls_of(doc), "SecurityGroups": groups_of(doc),
        "VpcEndpoints": endpoints_of(doc), "NetworkInterfaces": interfaces_of(doc),
        "NatGateways": [keyed({"NatGatewayId": one["id"], "VpcId": one["vpc"], "State": one["state"],
                               "ConnectivityType": one["connectivity"],
                               "NatGatewayAddresses": [{"PrivateIp": a} for a in one["addresses"]]},
                              ("SubnetId", one["subnet"]), ("FailureCode", one["failure"]))
                        for one in doc["nat_gateways"]],
        "InternetGateways": [{"InternetGatewayId": one["id"], "Attachments": [
            keyed({"VpcId": one["vpc"]}, ("State", one["state"]))]} for one in doc["internet_gateways"]],
        "PrefixLists": [{"PrefixListId": one["id"], "PrefixListName": one["name"], "Cidrs": one["entries"]}
                        for one in doc["prefix_lists"]],
        "prefix_entries": {one["id"]: one["entries"] for one in doc["prefix_lists"]},
    }  # fmt: skip


def names_of(doc: dict) -> dict:
    groups, rules = doc["firewall_groups"], doc["resolver_rules"]
    return {
        "attributes": {"enableDnsSupport": doc["vpcs"][0]["dns_support"],
                       "enableDnsHostnames": doc["vpcs"][0]["dns_hostnames"]},
        "firewall_associations": [{"Id": one["id"], "FirewallRuleGroupId": one["id"], "VpcId": one["vpc"],
                                   "Priority": one["priority"], "Status": one["status"]} for one in groups],
        "firewall_rules": {one["id"]: [keyed(
            {"FirewallRuleGroupId": one["id"], "Priority": rule["priority"], "Action": rule["action"]},
            ("FirewallDomainListId", rule["domain_list"]), ("BlockResponse", rule["block_response"]))
            for rule in one["rules"]] for one in groups},
        "firewall_domains": {one["id"]: one["domains"] for one in doc["firewall_domains"]},
        "rule_associations": [{"Id": one["id"], "ResolverRuleId": one["id"], "VPCId": one["vpc"],
                               "Status": one["status"]} for one in rules],
        "resolver_rules": {one["id"]: {"Id": one["id"], "DomainName": one["domain"], "RuleType": one["type"],
                                       "TargetIps": [{"Ip": address} for address in one["targets"]]} for one in rules},
        "zones": [{"HostedZoneId": one["id"], "Name": one["name"], "Owner": {"OwningAccount": one["owner"]}}
                  for one in doc["hosted_zones"]],
    }  # fmt: skip


def registry_of(doc: dict) -> dict:
    """The repositories, in the registry of the image."""
    repositories = {one["name"]: {"policy": one["policy"], "images": []} for one in doc["repositories"]}
    for one in doc["images"] if repositories else []:
        image = w.index(*(name.split("/", 1)[1] for name in one["platforms"] or ["linux/"]))
        repositories[one["repository"]]["images"].append(
            {**image, "imageTags": one["tags"], "imageDigest": one["digest"]})  # fmt: skip
    return {"repositories": repositories, "registry_policy": doc["registry_policy"],
            "cache_rules": [{"ecrRepositoryPrefix": one["prefix"], "upstreamRegistryUrl": one["upstream"]}
                            for one in doc["cache_rules"]]}  # fmt: skip


def definition_of(subject: dict) -> dict:
    arn = subject["task_definition"] or w.task_definition({})["taskDefinitionArn"]
    region, account = subject["region"], subject["account"]
    container = {"name": "web", "image": subject["image"], "essential": True}
    secrets = {"secretsmanager": f"arn:aws:secretsmanager:{region}:{account}:secret:db-AbCdEf",
               "ssm": f"arn:aws:ssm:{region}:{account}:parameter/db"}  # fmt: skip
    named = [{"name": name, "valueFrom": secrets[name]} for name in subject["services"] if name in secrets]
    files = [{"value": arn_, "type": "s3"} for arn_ in subject["resources"] if ":s3:" in arn_]
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/web", "awslogs-region": region,
                                                "awslogs-stream-prefix": "web"}}  # fmt: skip
    system, machine = subject["platform"].split("(")[0].split("/")[0], subject["platform"].split("/")[1]
    return keyed({"taskDefinitionArn": arn, "family": "web", "revision": 7, "networkMode": "awsvpc",
                  "runtimePlatform": {"cpuArchitecture": "ARM64" if machine == "arm64" else "X86_64",
                                      "operatingSystemFamily": "LINUX" if system == "linux"
                                      else "WINDOWS_SERVER_2022_CORE"},
                  "containerDefinitions": [keyed(container, ("secrets", named), ("environmentFiles", files),
                                                 ("logConfiguration", logs if "logs" in subject["services"] else ""))]},
                 ("executionRoleArn", subject["role"]))  # fmt: skip


def world_of(doc: dict) -> dict:
    """The account, with a service "web" whose task is the subject."""
    subject = doc["subject"]
    definition = definition_of(subject)
    service = w.service_of(subject["subnets"], subject["security_groups"], launchType=subject["launch_type"],
                           taskDefinition=definition["taskDefinitionArn"], deployments=[])  # fmt: skip
    service["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] = (
        "ENABLED" if subject["public_ip"] else "DISABLED")  # fmt: skip
    answers = {one["action"]: one for one in doc["simulations"]}
    registry, host = registry_of(doc), subject["image"].split("/")[0].split(".")
    region = next((part for part in host if part.count("-") >= 2 and part[-1].isdigit()), subject["region"])
    denied = {call["action"]: Refused(call["error"], 403 if call["action"][:3] in ("ec2", "iam") else 400)
              for call in doc["calls"] if call["error"]}  # fmt: skip
    return {"account": subject["account"], "region": subject["region"],
            "trouble": {action.split(":")[1]: error for action, error in denied.items()},
            "caller": f"arn:aws:iam::{subject['account']}:user/alice",
            "roles": {subject["role"]: {"answers": answers}} if answers else {},
            "registries": {(host[0], region): registry}, **registry, **network_of(doc), **names_of(doc),
            "task_definitions": {"web:7": definition}, "clusters": {"prod": {"services": {"web": service}}}}  # fmt: skip
