"""More VPCs with their truth: what is unusual and works, beside what is alike and breaks."""

from __future__ import annotations

from vpc import ACCOUNT, ANYWHERE, ANYWHERE6, BUCKET, IMAGE, PULL, REGION, REPOSITORY, ROLE, S3_RANGES, Vpc, allow, deny, entry, out, policy, route, rule, sealed, with_nat  # fmt: skip
from worlds import OTHER, breaks, cross_account, endpoint_policy, endpoint_rules, firewall, healthy, ipv6, public, silent, task_acl, task_rules  # fmt: skip

# endpoints elsewhere


def shared_zones(vpc, *names) -> Vpc:
    for name in names or ("api.ecr", "dkr.ecr"):
        vpc.add("hosted_zones", id=f"Z-{name}", vpc="vpc-1", name=f"{name}.{REGION}.amazonaws.com.", owner=ACCOUNT)
    return vpc


def central(target) -> Vpc:
    vpc = Vpc()
    vpc.gateway_endpoint()
    vpc.get("route_tables", "rtb-main")["routes"].append(route("10.30.0.0/16", target))
    return shared_zones(vpc)


@silent("beyond")
def endpoints_of_a_peered_vpc():
    return central("pcx-1")


@silent("beyond")
def endpoints_behind_a_transit_gateway():
    return central("tgw-1")


@breaks("s3", "s3.no_route", "rtb-main")
def endpoints_of_a_peered_vpc_without_s3():
    vpc = central("pcx-1")
    vpc.remove("endpoints", "vpce-s3")
    vpc.get("route_tables", "rtb-main")["routes"].remove(route("pl-s3", "vpce-s3"))
    return vpc


@breaks("api dkr", "net.no_egress_route", "rtb-main")
def a_peering_that_is_gone():
    vpc = central("pcx-1")
    vpc.get("route_tables", "rtb-main")["routes"][-1]["state"] = "blackhole"
    return vpc


@breaks("dkr", "net.no_egress_route", "rtb-main")
def one_zone_is_not_shared():
    vpc = central("pcx-1")
    vpc.doc["hosted_zones"] = [one for one in vpc.doc["hosted_zones"] if "api" in one["name"]]
    return vpc


@healthy
def a_zone_of_all_amazon_is_less_specific():
    return shared_zones(sealed(), "internal")


# which way


@breaks("api dkr s3", "", "nat-1")
def nat_of_the_tasks_own_table():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1")["subnet"] = "subnet-2"
    return vpc


@silent("undecided")
def nat_behind_another_nat():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1").update(subnet="subnet-2", connectivity="private")
    vpc.add("nat_gateways", **(vpc.get("nat_gateways", "nat-1") | {"id": "nat-2", "subnet": "subnet-9", "connectivity": "public"}))
    vpc.table("rtb-2", route(ANYWHERE, "nat-2"), subnets=["subnet-2"])
    return vpc


@silent("beyond")
def private_nat_to_a_transit_gateway():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1")["connectivity"] = "private"
    vpc.get("route_tables", "rtb-public")["routes"][-1] = route(ANYWHERE, "tgw-1")
    return vpc


@breaks("api dkr s3", "", "nat-1")
def nat_that_is_deleted():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1")["state"] = "deleted"
    return vpc


@breaks("api dkr s3", "", "subnet-9")
def block_public_access_of_the_nats_subnet():
    vpc = with_nat()
    vpc.get("subnets", "subnet-9")["internet_gateway_block"] = "block-bidirectional"
    return vpc


@healthy
def public_ip_beside_a_nat():
    return with_nat().subject(public_ip=True)


@silent("beyond")
def carrier_gateway():
    vpc = Vpc()
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "cagw-1"))
    return vpc


@silent("beyond")
def local_gateway_of_an_outpost():
    vpc = Vpc()
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "lgw-1"))
    return vpc


@silent("beyond")
def nat_instance():
    vpc = Vpc()
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "eni-nat"))
    return vpc


@breaks("api dkr s3", "", "rtb-main")
def nat_instance_that_stopped():
    vpc = nat_instance()
    vpc.get("route_tables", "rtb-main")["routes"][-1]["state"] = "blackhole"
    return vpc


@healthy
def propagated_routes_of_a_branch_office():
    vpc = with_nat()
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"):
        vpc.get("route_tables", "rtb-main")["routes"].append(route(cidr, "vgw-1", origin="EnableVgwRoutePropagation"))
    return vpc


@silent("beyond")
def propagated_default_route():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-dkr")
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "vgw-1", origin="EnableVgwRoutePropagation"))
    return vpc


@healthy
def a_route_by_a_customers_prefix_list():
    vpc = with_nat()
    vpc.add("prefix_lists", id="pl-office", name="office", entries=["10.0.0.0/8"])
    vpc.get("route_tables", "rtb-main")["routes"].append(route("pl-office", "tgw-1"))
    return vpc


@silent("beyond")
def more_specific_than_local():
    vpc = sealed()
    vpc.get("route_tables", "rtb-main")["routes"] += [route("10.20.2.0/24", "eni-fw"), route("10.20.3.0/24", "eni-fw")]
    return vpc


@healthy
def a_gateway_endpoint_of_dynamodb():
    vpc = with_nat()
    vpc.add("prefix_lists", id="pl-ddb", name=f"com.amazonaws.{REGION}.dynamodb", entries=["52.94.0.0/22"])
    vpc.get("route_tables", "rtb-main")["routes"].append(route("pl-ddb", "vpce-ddb"))
    vpc.add("endpoints", **(sealed().get("endpoints", "vpce-s3") | {"id": "vpce-ddb", "service": f"com.amazonaws.{REGION}.dynamodb"}))
    return vpc


# names


@healthy
def endpoint_of_one_zone():
    vpc = sealed()
    for name in ("api", "dkr"):
        vpc.remove("endpoints", f"vpce-{name}")
    vpc.endpoint("api", "ecr.api", {"subnet-3": "10.20.3.11"})
    vpc.endpoint("dkr", "ecr.dkr", {"subnet-3": "10.20.3.12"})
    return vpc


@healthy
def endpoint_that_lost_a_subnet():
    vpc = sealed()
    vpc.get("endpoints", "vpce-dkr")["state"] = "partial"
    return vpc


def state(word) -> Vpc:
    vpc = sealed()
    vpc.get("endpoints", "vpce-api")["state"] = word
    return vpc


@breaks("api", "net.no_egress_route", "vpce-api")
def endpoint_that_was_rejected():
    return state("rejected")


@breaks("api", "net.no_egress_route", "vpce-api")
def endpoint_that_failed():
    return state("failed")


@breaks("api", "net.no_egress_route", "vpce-api")
def endpoint_that_expired():
    return state("expired")


@healthy
def two_endpoints_of_one_service():
    vpc = sealed()
    vpc.endpoint("new", "ecr.api", {"subnet-3": "10.20.3.21"}, state="pendingAcceptance", private_dns=False)
    return vpc


@healthy
def s3_by_an_interface_endpoint():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-s3")
    vpc.get("route_tables", "rtb-main")["routes"].pop()
    vpc.endpoint("s3i", "s3", {"subnet-2": "10.20.2.30"})
    return vpc


@breaks("s3", "s3.no_route", "rtb-main")
def s3_by_an_interface_endpoint_for_inbound_alone():
    vpc = s3_by_an_interface_endpoint()
    vpc.get("endpoints", "vpce-s3i")["private_dns_only_inbound"] = True
    return vpc


@healthy
def s3_for_inbound_beside_the_gateway():
    vpc = sealed()
    vpc.endpoint("s3i", "s3", {"subnet-2": "10.20.2.30"}, private_dns_only_inbound=True)
    return vpc


@breaks("s3", "s3.endpoint_policy", "vpce-s3i")
def policy_of_the_interface_endpoint_of_s3():
    vpc = s3_by_an_interface_endpoint()
    vpc.get("endpoints", "vpce-s3i")["policy"] = policy(allow("s3:*", "arn:aws:s3:::mine/*"))
    return vpc


@silent("undecided")
def no_dhcp_options():
    vpc = sealed()
    vpc.get("vpcs", "vpc-1")["dhcp_options"] = "default"
    vpc.doc["dhcp_options"] = []
    return vpc


@silent("undecided")
def dhcp_options_without_servers():
    vpc = sealed()
    vpc.get("dhcp_options", "dopt-1")["servers"] = []
    return vpc


@healthy
def firewall_for_ipv6_alone():
    vpc = firewall(("every", "BLOCK", "NXDOMAIN"), every=["*"])
    vpc.doc["firewall_groups"][0]["rules"][0]["qtype"] = "AAAA"
    return vpc


@breaks("api dkr s3", "dns.nodata", "rslvr-frg-1")
def firewall_for_ipv6_of_an_ipv6_subnet():
    vpc = ipv6()
    vpc.add("firewall_groups", **firewall(("every", "BLOCK", "NODATA")).doc["firewall_groups"][0])
    vpc.doc["firewall_groups"][0]["rules"][0]["qtype"] = "AAAA"
    vpc.add("firewall_domains", id="every", domains=["*"])
    return vpc


@healthy
def advanced_firewall_against_tunnels():
    return firewall(("", "BLOCK", "NXDOMAIN"))


@breaks("api dkr s3", "dns.nxdomain", "rslvr-frg-1")
def advanced_firewall_before_a_block_of_all():
    return firewall(("", "BLOCK", "NXDOMAIN"), ("every", "BLOCK", "NXDOMAIN"), every=["*"])


@breaks("api dkr s3", "dns.nxdomain", "rslvr-frg-1")
def the_first_firewall_group_decides():
    vpc = firewall(("every", "BLOCK", "NXDOMAIN"), every=["*"])
    vpc.add("firewall_groups", **(vpc.doc["firewall_groups"][0] | {"id": "rslvr-frg-2", "priority": 200}))
    vpc.doc["firewall_groups"][1]["rules"] = [vpc.doc["firewall_groups"][0]["rules"][0] | {"action": "ALLOW"}]
    return vpc


@healthy
def the_first_firewall_group_allows():
    vpc = the_first_firewall_group_decides()
    vpc.doc["firewall_groups"][0]["priority"] = 300
    return vpc


@healthy
def firewall_that_alerts():
    return firewall(("every", "ALERT", ""), every=["*"])


def with_rule(vpc, domain, kind="FORWARD") -> Vpc:
    vpc.add("resolver_rules", id=f"rslvr-rr-{len(vpc.doc['resolver_rules'])}", vpc="vpc-1", domain=domain, type=kind,
            targets=["10.9.0.2"] if kind == "FORWARD" else [], status="COMPLETE")  # fmt: skip
    return vpc


@silent("beyond")
def all_of_amazon_is_forwarded():
    return with_rule(with_nat(), "amazonaws.com.")


@healthy
def a_system_rule_within_what_is_forwarded():
    return with_rule(with_rule(with_nat(), "amazonaws.com."), f"{REGION}.amazonaws.com.", "SYSTEM")


@healthy
def forwarding_of_an_office():
    return with_rule(with_nat(), "corp.example.")


# groups and ACLs


@breaks("s3", "s3.security_group", "sg-task")
def egress_to_the_vpc_alone():
    return task_rules(sealed, out("10.20.0.0/16"))


@breaks("s3", "s3.security_group", "sg-task")
def egress_to_another_services_prefix_list():
    vpc = task_rules(sealed, out("10.20.0.0/16"), out("pl-ddb"))
    vpc.add("prefix_lists", id="pl-ddb", name=f"com.amazonaws.{REGION}.dynamodb", entries=["52.94.0.0/22"])
    return vpc


@healthy
def one_group_for_all():
    vpc = task_rules(sealed, out("sg-task"), out("pl-s3"), rule("sg-task"))
    for one in vpc.doc["endpoints"]:
        if one["type"] == "Interface":
            one["groups"] = ["sg-task"]
    return vpc


@breaks("api dkr", "net.security_group", "sg-endpoint")
def ingress_from_a_peers_group():
    return endpoint_rules(rule("sg-0fromapeeredvpc"))


@silent("")
def egress_to_a_peers_group():
    vpc = central("pcx-1")
    vpc.get("security_groups", "sg-task")["rules"] = [out("sg-0fromapeeredvpc"), out("pl-s3")]
    return vpc


@breaks("api dkr", "net.security_group", "sg-endpoint")
def strict_endpoints_beside_a_nat():
    return endpoint_rules().nat()


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def strict_gateway_endpoint_beside_a_nat():
    return endpoint_policy("s3", allow("s3:*", "arn:aws:s3:::mine/*")).nat()


@healthy
def acl_of_windows():
    vpc = task_acl(sealed, entry(90, True), entry(90, False, ports=(49152, 65535)))
    return vpc.subject(platform="windows/amd64")


@breaks("api dkr s3", "net.port_range", "acl-2")
def acl_of_linux_for_windows():
    vpc = task_acl(sealed, entry(90, True), entry(90, False, ports=(32768, 60999)))
    return vpc.subject(platform="windows/amd64")


# the launch


def on_ec2(vpc) -> Vpc:
    return vpc.subject(launch_type="EC2")


@silent("beyond")
def a_task_on_an_instance_without_a_route():
    return on_ec2(Vpc())


@breaks("api", "auth.iam_identity", ROLE)
def a_task_on_an_instance_without_the_right():
    vpc = on_ec2(Vpc())
    vpc.simulated(PULL[0], "implicitDeny")
    return vpc


@healthy
def an_image_of_another_region_by_nat():
    vpc = sealed().nat()
    vpc.get("repositories", "shop/app")["arn"] = REPOSITORY.replace(REGION, "eu-west-1")
    return vpc.subject(image=IMAGE.replace(REGION, "eu-west-1"))


@breaks("api dkr s3", "", "rtb-main")
def an_image_of_another_region_without_nat():
    return sealed().subject(image=IMAGE.replace(REGION, "eu-west-1"))


@healthy
def an_image_of_docker_hub_by_nat():
    return with_nat().subject(image="docker.io/library/nginx:1")


@breaks("api dkr s3", "net.no_egress_route", "rtb-main")
def an_image_of_docker_hub_without_nat():
    return sealed().subject(image="docker.io/library/nginx:1")


@healthy
def environment_files_of_s3():
    vpc = sealed().subject(services=["envfile"], resources=["arn:aws:s3:::config/app.env"])
    vpc.simulated("s3:GetObject", resource="arn:aws:s3:::config/app.env")
    return vpc


@breaks("envfile", "envfile.denied", "vpce-s3")
def environment_files_that_the_endpoint_denies():
    vpc = environment_files_of_s3()
    vpc.get("endpoints", "vpce-s3")["policy"] = policy(allow("s3:GetObject", f"{BUCKET}/*"))
    return vpc


@healthy
def lambda_by_nat():
    return with_nat().subject(launch_type="LAMBDA")


@silent("unread")
def shared_subnet_whose_vpc_is_not_told():
    vpc = Vpc()
    vpc.get("vpcs", "vpc-1")["owner"] = ""
    for one in vpc.doc["subnets"]:
        one["owner"] = OTHER
    return vpc


# policies


@silent("undecided")
def policy_for_an_organization():
    return endpoint_policy("dkr", allow(**{"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}))


@healthy
def policy_that_denies_other_accounts():
    return endpoint_policy("dkr", allow(), deny(**{"StringNotEquals": {"aws:PrincipalAccount": [ACCOUNT, OTHER]}}))


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def policy_that_denies_our_account():
    return endpoint_policy("dkr", allow(), deny(**{"StringNotEquals": {"aws:PrincipalAccount": [OTHER]}}))


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def policy_that_denies_all_but_another_role():
    one = deny("ecr:*")
    one["NotPrincipal"] = one.pop("Principal") and {"AWS": [ROLE.replace("pull", "push"), f"arn:aws:iam::{OTHER}:root"]}
    return endpoint_policy("dkr", allow(), one)


@silent("undecided")
def policy_that_denies_all_but_the_role():
    one = deny("ecr:*")
    one["NotPrincipal"] = one.pop("Principal") and {"AWS": [ROLE, f"arn:aws:iam::{ACCOUNT}:root"]}
    return endpoint_policy("dkr", allow(), one)


@healthy
def policy_for_roles_of_a_path():
    return endpoint_policy("api", allow(**{"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/pull-*"}}))


@breaks("api", "auth.endpoint_policy", "vpce-api")
def policy_for_roles_of_another_name():
    return endpoint_policy("api", allow(**{"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/push-*"}}))


@healthy
def policy_with_sets():
    return endpoint_policy("api", allow(**{"ForAnyValue:StringEquals": {"aws:PrincipalAccount": [ACCOUNT]},
                                           "ForAllValues:StringLike": {"aws:SourceVpc": ["vpc-*"]}}))  # fmt: skip


@breaks("api", "auth.endpoint_policy", "vpce-api")
def policy_with_a_set_of_others():
    return endpoint_policy("api", allow(**{"ForAnyValue:StringEquals": {"aws:PrincipalAccount": [OTHER]}}))


@healthy
def policy_of_the_vpcs_addresses():
    return endpoint_policy("api", allow(**{"IpAddress": {"aws:VpcSourceIp": "10.20.0.0/16"}}))


@breaks("api", "auth.endpoint_policy", "vpce-api")
def policy_of_other_addresses():
    return endpoint_policy("api", allow(**{"IpAddress": {"aws:VpcSourceIp": ["10.21.0.0/16"]}}))


@breaks("api", "auth.endpoint_policy", "vpce-api")
def policy_of_public_addresses():
    """Behind an endpoint a request has no aws:SourceIp."""
    return endpoint_policy("api", allow(**{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))


@healthy
def policy_that_denies_other_services():
    return endpoint_policy("dkr", allow(), deny(**{"StringNotEqualsIfExists": {"aws:SourceAccount": ACCOUNT},
                                                   "Bool": {"aws:PrincipalIsAWSService": "true"}}))  # fmt: skip


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def policy_for_the_role_alone():
    return endpoint_policy("s3", allow("s3:GetObject", f"{BUCKET}/*", {"AWS": ROLE}))


@healthy
def policy_of_all_layer_buckets():
    return endpoint_policy("s3", allow("s3:Get*", "arn:aws:s3:::prod-*-starport-layer-bucket/*"))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def policy_of_the_bucket_without_its_objects():
    return endpoint_policy("s3", allow("s3:*", BUCKET))


def repository_policy(vpc, *statements) -> Vpc:
    vpc.doc["repositories"][0]["policy"] = policy(*statements)
    return vpc


NOT_OUR_ENDPOINT = {"StringNotEquals": {"aws:SourceVpce": ["vpce-dkr", "vpce-other"]}}


def repository_deny(**condition) -> dict:
    return {"Sid": "Inside", "Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": condition}


@healthy
def repository_for_our_endpoint():
    return repository_policy(sealed(), repository_deny(**NOT_OUR_ENDPOINT))


@breaks("dkr", "registry.repo_policy", REPOSITORY, "Inside")
def repository_for_an_endpoint_that_is_not_used():
    return repository_policy(with_nat(), repository_deny(**NOT_OUR_ENDPOINT))


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def repository_for_another_vpc():
    return repository_policy(sealed(), repository_deny(**{"StringNotEquals": {"aws:SourceVpc": "vpc-2"}}))


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def repository_that_denies_the_role():
    return repository_policy(sealed(), {"Effect": "Deny", "Principal": {"AWS": ROLE}, "Action": "ecr:BatchGetImage"})


@healthy
def repository_that_denies_another_role():
    return repository_policy(sealed(), {"Effect": "Deny", "Principal": {"AWS": ROLE + "-2"}, "Action": "ecr:*"})


@silent("undecided")
def repository_of_another_account_for_an_organization():
    return cross_account({"Effect": "Allow", "Principal": "*", "Action": "ecr:*",
                          "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}})  # fmt: skip


@breaks("dkr", "registry.repo_policy", REPOSITORY.replace(ACCOUNT, OTHER))
def repository_of_another_account_that_grants_one_action():
    return cross_account({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "ecr:BatchGetImage"})


def registry_policy(*statements) -> Vpc:
    vpc = sealed()
    vpc.doc["registry_policy"] = policy(*statements)
    return vpc


@breaks("dkr", "registry.repo_policy", ACCOUNT, "Sealed")
def registry_that_denies():
    return registry_policy({"Sid": "Sealed", "Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage",
                            "Resource": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop/*"})  # fmt: skip


@healthy
def registry_that_denies_other_repositories():
    return registry_policy({"Effect": "Deny", "Principal": "*", "Action": "ecr:*",
                            "Resource": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/secret/*"})  # fmt: skip


@healthy
def registry_that_allows_replication():
    return registry_policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
                            "Action": "ecr:ReplicateImage", "Resource": "*"})  # fmt: skip


@breaks("dkr", "auth.iam_identity", ROLE, "permissions boundary")
def role_with_a_boundary():
    vpc = sealed()
    vpc.simulated(PULL[1], "implicitDeny", boundary="false")
    return vpc


@breaks("api", "auth.scp", ROLE)
def role_that_an_organization_denies():
    vpc = sealed()
    vpc.simulated(PULL[0], "explicitDeny", organizations="false")
    return vpc


# IPv6


@healthy
def dual_stack_subnet_by_nat():
    vpc = with_nat()
    vpc.get("subnets", "subnet-1")["cidrs6"] = ["2600:1f18:aa:bb01::/64"]
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE6, "eigw-1"))
    return vpc


@breaks("api dkr s3", "", "rtb-main")
def an_egress_only_gateway_is_for_ipv6_alone():
    vpc = Vpc()
    vpc.get("subnets", "subnet-1")["cidrs6"] = ["2600:1f18:aa:bb01::/64"]
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE6, "eigw-1"))
    return vpc


@breaks("api dkr s3", "", "rtb-main")
def nat64_without_its_route_to_it():
    vpc = ipv6()
    vpc.get("route_tables", "rtb-main")["routes"][-1] = route(ANYWHERE6, "eigw-1")
    return vpc
