"""What each operation answers of a world: lists of the world under the answer's own key, filtered by
what was asked, and cut into pages."""

from __future__ import annotations

import fnmatch
import json

# an EC2 filter, and what it looks at
FILTERS = {
    "vpc-id": "VpcId",
    "subnet-id": "SubnetId",
    "group-id": "GroupId",
    "group-name": "GroupName",
    "dhcp-options-id": "DhcpOptionsId",
    "network-interface-id": "NetworkInterfaceId",
    "prefix-list-name": "PrefixListName",
}
# the list of a describe call
LISTS = {
    "DescribeSubnets": "Subnets",
    "DescribeVpcs": "Vpcs",
    "DescribeDhcpOptions": "DhcpOptions",
    "DescribeRouteTables": "RouteTables",
    "DescribeNetworkAcls": "NetworkAcls",
    "DescribeSecurityGroups": "SecurityGroups",
    "DescribeVpcEndpoints": "VpcEndpoints",
    "DescribeNetworkInterfaces": "NetworkInterfaces",
    "DescribeNatGateways": "NatGateways",
    "DescribeInternetGateways": "InternetGateways",
    "DescribePrefixLists": "PrefixLists",
}


def page(world: dict, items: list, parameters: dict, name: str, token: str, send: str) -> dict:
    """A page of a list: world["page"] elements."""
    size = world.get("page", 1000)
    begin = int(parameters.get(send) or 0)
    found = {name: items[begin : begin + size]}
    if begin + size < len(items):
        found[token] = str(begin + size)
    return found


def matches(item: dict, filters: list) -> bool:
    for one in filters:
        if one["Name"] == "description":
            have = {value for value in one["Values"] if fnmatch.fnmatchcase(item.get("Description", ""), value)}
        elif one["Name"] == "attachment.vpc-id":
            have = {a["VpcId"] for a in item.get("Attachments", [])}
        else:
            have = {item.get(FILTERS[one["Name"]])}
        if not have & set(one["Values"]):
            return False
    return True


def ec2(world: dict, name: str, parameters: dict, refused) -> dict:
    if name == "DescribeVpcAttribute":
        key = parameters["Attribute"][0].upper() + parameters["Attribute"][1:]
        value = world["attributes"].get(parameters["Attribute"], True)
        return {"VpcId": parameters["VpcId"], key: {"Value": value}}
    if name == "GetManagedPrefixListEntries":
        entries = world["prefix_entries"].get(parameters["PrefixListId"])
        if entries is None:
            raise refused("InvalidPrefixListID.NotFound")
        items = [{"Cidr": cidr} for cidr in entries]
        return page(world, items, parameters, "Entries", "NextToken", "NextToken")
    key = LISTS[name]
    # the misspelt name is AWS's own
    filters = parameters.get("Filters", parameters.get("Filter", []))
    items = [item for item in world.get(key, []) if matches(item, filters)]
    return page(world, items, parameters, key, "NextToken", "NextToken")


def resolver(world: dict, name: str, parameters: dict, refused) -> dict:
    if name == "GetResolverRule":
        rule = world["resolver_rules"].get(parameters["ResolverRuleId"])
        if rule is None:
            raise refused("ResourceNotFoundException")
        return {"ResolverRule": rule}
    key, items = {
        "ListFirewallRuleGroupAssociations": (
            "FirewallRuleGroupAssociations", world.get("firewall_associations", [])),
        "ListFirewallRules": (
            "FirewallRules", world.get("firewall_rules", {}).get(parameters.get("FirewallRuleGroupId"), [])),
        "ListFirewallDomains": (
            "Domains", world.get("firewall_domains", {}).get(parameters.get("FirewallDomainListId"), [])),
        "ListResolverRuleAssociations": (
            "ResolverRuleAssociations", world.get("rule_associations", [])),
    }[name]  # fmt: skip
    return page(world, items, parameters, key, "NextToken", "NextToken")


def simulated(action: str, resource: str, one: dict) -> dict:
    """A simulation as tests/configuration has it, in AWS's form."""
    made = {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": one["decision"],
            "MissingContextValues": one.get("missing", []),
            "MatchedStatements": [{"SourcePolicyId": name} for name in one.get("sources", [])]}  # fmt: skip
    for key, detail in (("organizations", "Organizations"), ("boundary", "PermissionsBoundary")):
        if one.get(key):
            made[f"{detail}DecisionDetail"] = {f"AllowedBy{detail}": one[key] == "true"}
    return made


def iam(world: dict, parameters: dict, refused) -> dict:
    role = world.get("roles", {}).get(parameters["PolicySourceArn"])
    if role is None:
        raise refused("NoSuchEntity", 404, "the role is not there")
    results = []
    if "answers" in role:
        named = [(action, role["answers"].get(action, {"decision": "allowed"})) for action in parameters["ActionNames"]]
        return {"EvaluationResults": [simulated(action, parameters["ResourceArns"][0], one) for action, one in named],
                "IsTruncated": False}  # fmt: skip
    for action in parameters["ActionNames"]:
        allowed = any(fnmatch.fnmatchcase(action, one) for one in role["allow"])
        denied = any(fnmatch.fnmatchcase(action, one) for one in role.get("deny", []))
        results.append({
            "EvalActionName": action,
            "EvalResourceName": parameters["ResourceArns"][0],
            "EvalDecision": "explicitDeny" if denied else "allowed" if allowed else "implicitDeny",
            "MatchedStatements": [{"SourcePolicyId": role.get("policy", "pull")}] if allowed or denied else [],
        })  # fmt: skip
    return {"EvaluationResults": results, "IsTruncated": False}


def ecr(world: dict, name: str, parameters: dict, refused) -> dict:
    """Of the registry that is asked: `registries` has those of other accounts and Regions."""
    asked = (parameters.get("registryId", world["account"]), world["asked_region"])
    if asked in world.get("registries", {}):
        world = {**world, "cache_rules": [], "account": asked[0], "region": asked[1], **world["registries"][asked]}
    wanted = parameters.get("repositoryName") or (parameters.get("repositoryNames") or [None])[0]
    repository = world.get("repositories", {}).get(wanted)
    if name == "DescribePullThroughCacheRules":
        return {"pullThroughCacheRules": world.get("cache_rules", [])}
    if name == "GetRegistryPolicy":
        if not world.get("registry_policy"):
            raise refused("RegistryPolicyNotFoundException")
        return {"registryId": world["account"], "policyText": world["registry_policy"]}
    if repository is None:
        raise refused("RepositoryNotFoundException", 400, f"no repository {wanted}")
    if name == "DescribeRepositories":
        arn = f"arn:aws:ecr:{world['region']}:{world['account']}:repository/{wanted}"
        return {"repositories": [
            {"repositoryName": wanted, "repositoryArn": arn, "registryId": world["account"]}]}  # fmt: skip
    if name == "GetRepositoryPolicy":
        if not repository.get("policy"):
            raise refused("RepositoryPolicyNotFoundException")
        return {"repositoryName": wanted, "policyText": repository["policy"]}
    if name == "BatchGetImage":
        image = next(one for one in repository["images"] if one["imageDigest"] == parameters["imageIds"][0]["imageDigest"])
        media_type = image.get("imageManifestMediaType", "application/vnd.oci.image.manifest.v1+json")
        assert media_type in parameters["acceptedMediaTypes"]
        document = image.get("document", json.dumps({"schemaVersion": 2, "mediaType": media_type}))
        return {"images": [{"imageManifest": document, "imageManifestMediaType": media_type}], "failures": []}
    images = [{"repositoryName": wanted, **{key: image[key] for key in image if key != "document"}}
              for image in repository["images"]]  # fmt: skip
    if "imageIds" not in parameters:
        return page(world, images, parameters, "imageDetails", "nextToken", "nextToken")
    asked = parameters["imageIds"][0]
    for image in images:
        if asked.get("imageTag") in image["imageTags"] or asked.get("imageDigest") == image["imageDigest"]:
            return {"imageDetails": [image]}
    raise refused("ImageNotFoundException", 400, "no such image")


def ecs(world: dict, name: str, parameters: dict, refused) -> dict:
    cluster = parameters.get("cluster", "default").split("/")[-1]
    known = world.get("clusters", {})
    if name == "ListClusters":
        arns = [f"arn:aws:ecs:{world['region']}:{world['account']}:cluster/{one}" for one in known]
        return page(world, arns, parameters, "clusterArns", "nextToken", "nextToken")
    if name == "ListTaskDefinitionFamilies":
        return {"families": sorted({one.split(":")[0] for one in world.get("task_definitions", {})})}
    if name == "DescribeTaskDefinition":
        wanted = parameters["taskDefinition"].split("/")[-1]
        found = world.get("task_definitions", {}).get(wanted)
        if found is None:
            raise refused("ClientException", 400, "Unable to describe task definition.")
        return {"taskDefinition": found}
    if cluster not in known:
        raise refused("ClusterNotFoundException", 400, "Cluster not found.")
    services, tasks = known[cluster].get("services", {}), known[cluster].get("tasks", {})
    prefix = f"arn:aws:ecs:{world['region']}:{world['account']}"
    if name == "ListServices":
        arns = [f"{prefix}:service/{cluster}/{one}" for one in services]
        return page(world, arns, parameters, "serviceArns", "nextToken", "nextToken")
    if name == "ListTasks":
        wanted = parameters.get("desiredStatus", "RUNNING")
        arns = [task["taskArn"] for task in tasks.values()
                if (task["lastStatus"] == "STOPPED") == (wanted == "STOPPED")
                and parameters.get("serviceName") in (None, task["group"].split(":")[-1])]  # fmt: skip
        return page(world, arns, parameters, "taskArns", "nextToken", "nextToken")
    ids = parameters["services" if name == "DescribeServices" else "tasks"]
    have = services if name == "DescribeServices" else tasks
    found = [have[one.split("/")[-1]] for one in ids if one.split("/")[-1] in have]
    missing = [one for one in ids if one.split("/")[-1] not in have]
    return {
        "services" if name == "DescribeServices" else "tasks": found,
        "failures": [{"arn": one, "reason": "MISSING"} for one in missing],
    }


def answer(world: dict, service: str, name: str, parameters: dict, refused) -> dict:
    account = world.get("launch")  # what launch makes: see account.py
    if account and account.knows(service, name, parameters):
        return account.answer(service, name, parameters)
    if service == "ec2":
        return ec2(world, name, parameters, refused)
    if service == "route53resolver":
        return resolver(world, name, parameters, refused)
    if service == "route53":
        zones = {"HostedZoneSummaries": world.get("zones", []), "MaxItems": "100"}
        return zones
    if service == "iam":
        return iam(world, parameters, refused)
    if service == "ecr":
        return ecr(world, name, parameters, refused)
    if service == "ecs":
        return ecs(world, name, parameters, refused)
    if name == "GetCallerIdentity":
        return {"UserId": "U", "Account": world["account"], "Arn": world["caller"]}
    if name == "GetRoleCredentials":
        if parameters["accessToken"] != world.get("sso_token"):
            raise refused("UnauthorizedException", 401, "Session token not found or invalid")
        return {"roleCredentials": world["sso_credentials"]}
    key = world["assumed"]  # AssumeRole: a key that `keys` knows
    return {
        "Credentials": {"AccessKeyId": key, "SecretAccessKey": world["keys"][key][0],
                        "SessionToken": world["keys"][key][1], "Expiration": "2099-01-01T00:00:00Z"},
        "AssumedRoleUser": {"AssumedRoleId": "R:pullprobe", "Arn": parameters["RoleArn"]},
    }  # fmt: skip
