"""What customers build, and what they forget, with the truth of each: written before the program saw it.
Most are from threads about CannotPullContainerError, or from AWS's own pages. Neighbours differ in one thing."""

from __future__ import annotations

import json

from vpc import ACCOUNT, ANYWHERE, ANYWHERE6, BUCKET, IMAGE, PULL, REGION, REPOSITORY, ROLE, S3_RANGES, Vpc, allow, deny, entry, out, policy, route, rule, sealed, with_nat  # fmt: skip
from worlds import EPHEMERAL, OTHER, breaks, cross_account, endpoint_policy, endpoint_rules, firewall, healthy, public, silent, task_acl, task_rules, warns  # fmt: skip

HUB = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/docker-hub/library/nginx:1.27"


def main_routes(vpc) -> list:
    return vpc.get("route_tables", "rtb-main")["routes"]


def routed(make, *routes) -> Vpc:
    vpc = make()
    main_routes(vpc).extend(routes)
    return vpc


# ways out


@breaks("api dkr s3", "", "nat-1")
def a_nat_that_is_still_being_made():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1").update(state="pending", addresses=[])
    return vpc


@breaks("api dkr s3", "", "rtb-main")
def a_default_route_to_a_peers_nat():
    """A peering connection carries packets for the other VPC's own addresses alone."""
    return routed(Vpc, route(ANYWHERE, "pcx-1"))


@breaks("api dkr s3", "", "rtb-main")
def a_default_route_to_a_transit_gateway_that_lost_its_attachment():
    return routed(Vpc, route(ANYWHERE, "tgw-1", "blackhole"))


@breaks("s3", "s3.no_route", "rtb-main")
def a_deleted_gateway_endpoint_leaves_its_route_before_the_nat():
    return routed(with_nat, route("pl-s3", "vpce-gone", "blackhole"))


@breaks("s3", "s3.no_route", "rtb-main")
def the_ranges_of_s3_to_the_internet_gateway_without_a_public_address():
    return routed(with_nat, *(route(cidr, "igw-1") for cidr in S3_RANGES))


@warns("s3", "s3.no_route", "rtb-main")
def one_range_of_s3_to_the_internet_gateway_without_a_public_address():
    return routed(with_nat, route(S3_RANGES[0], "igw-1"))


@healthy
def the_ranges_of_s3_to_the_internet_gateway_with_a_public_address():
    return routed(with_nat, *(route(cidr, "igw-1") for cidr in S3_RANGES)).subject(public_ip=True)


@silent("beyond")
def the_ranges_of_s3_to_the_data_center():
    return routed(with_nat, *(route(cidr, "vgw-1") for cidr in S3_RANGES))


@healthy
def the_table_of_an_internet_gateway_itself():
    """Ingress routing: what comes from outside meets an appliance, what is an answer to the NAT too."""
    vpc = with_nat()
    vpc.table("rtb-edge", route("10.20.8.0/24", "vpce-fw"))
    return vpc


@silent("beyond")
def a_network_firewall_behind_the_nat():
    vpc = with_nat()
    vpc.add("endpoints", **(sealed().get("endpoints", "vpce-s3") | {
        "id": "vpce-fw", "type": "GatewayLoadBalancer", "service": "com.amazonaws.vpce.us-east-1.vpce-svc-1",
        "route_tables": []}))  # fmt: skip
    vpc.get("route_tables", "rtb-public")["routes"][-1] = route(ANYWHERE, "vpce-fw")
    return vpc


@healthy
def two_nats_and_a_table_for_each_zone():
    vpc = with_nat()
    vpc.add("nat_gateways", **(vpc.get("nat_gateways", "nat-1") | {"id": "nat-2", "state": "failed"}))
    vpc.table("rtb-b", route(ANYWHERE, "nat-2"), subnets=["subnet-2"])
    return vpc


@breaks("api dkr s3", "", "nat-2")
def two_nats_and_the_one_of_our_zone_failed():
    vpc = two_nats_and_a_table_for_each_zone()
    vpc.get("route_tables", "rtb-b")["subnets"] = ["subnet-1"]
    return vpc


@breaks("api dkr s3", "", "rtb-public")
def an_instance_type_public_address_is_not_the_tasks():
    """MapPublicIpOnLaunch does nothing for a Fargate task whose assignPublicIp is DISABLED."""
    vpc = public()
    vpc.get("subnets", "subnet-1")["map_public_ip"] = True
    return vpc


# gateway and interface endpoints


@breaks("s3", "s3.no_route", "rtb-main")
def an_endpoint_of_s3_express_is_none_of_s3():
    vpc = sealed()
    vpc.get("endpoints", "vpce-s3")["service"] = f"com.amazonaws.{REGION}.s3express"
    vpc.add("prefix_lists", id="pl-express", name=f"com.amazonaws.{REGION}.s3express", entries=["18.34.244.0/22"])
    main_routes(vpc)[-1] = route("pl-express", "vpce-s3")
    return vpc


@breaks("api", "net.no_egress_route", "rtb-main", f"com.amazonaws.{REGION}.ecr.api")
def the_endpoint_of_the_registry_alone():
    """Enough until Fargate's platform version 1.4.0."""
    vpc = sealed()
    vpc.remove("endpoints", "vpce-api")
    return vpc


@healthy
def the_endpoint_of_the_registry_and_a_nat():
    vpc = sealed().nat()
    vpc.remove("endpoints", "vpce-api")
    return vpc


def s3_interface(*rules, **more) -> Vpc:
    vpc = sealed()
    vpc.remove("endpoints", "vpce-s3")
    main_routes(vpc).pop()
    vpc.group("sg-s3", *rules)
    vpc.endpoint("s3i", "s3", {"subnet-2": "10.20.2.30"}, groups=["sg-s3"], **more)
    vpc.get("interfaces", "eni-s3i-subnet-2")["groups"] = ["sg-s3"]
    return vpc


@healthy
def s3_by_an_interface_endpoint_with_its_own_group():
    return s3_interface(rule("sg-task"))


@breaks("s3", "net.security_group", "sg-s3")
def s3_by_an_interface_endpoint_whose_group_is_closed():
    return s3_interface()


@breaks("s3", "s3.no_route", "rtb-main")
def s3_by_an_interface_endpoint_without_private_names():
    """AWS's page of ECS's endpoints: layers want the gateway endpoint."""
    return s3_interface(rule("sg-task"), private_dns=False)


@breaks("dkr s3", "", "rtb-main")
def a_public_image_of_ecr_has_no_endpoint():
    """Its token is the registry's own: no API is asked."""
    return sealed().subject(image="public.ecr.aws/nginx/nginx:1.27")


@healthy
def a_public_image_of_ecr_by_nat():
    return sealed().nat().subject(image="public.ecr.aws/nginx/nginx:1.27")


@healthy
def an_image_of_github_by_nat():
    return with_nat().subject(image="ghcr.io/acme/app:1")


@breaks("api dkr", "net.security_group", "sg-task")
def one_group_for_tasks_and_endpoints_that_lets_nobody_in():
    """amazon-ecs-agent#1680: "I had to allow inbound traffic in the associated security group"."""
    vpc = sealed()
    for one in [*vpc.doc["endpoints"], *vpc.doc["interfaces"]]:
        if one.get("type") != "Gateway":
            one["groups"] = ["sg-task"]
    return vpc


@healthy
def one_group_for_tasks_and_endpoints_that_lets_the_vpc_in():
    vpc = one_group_for_tasks_and_endpoints_that_lets_nobody_in()
    vpc.get("security_groups", "sg-task")["rules"].append(rule("10.20.0.0/16"))
    return vpc


@healthy
def a_rule_by_the_number_of_its_protocol():
    return endpoint_rules(rule("10.20.0.0/16", protocol="6"))


@silent("undecided")
def an_endpoint_that_lets_one_address_in():
    return endpoint_rules(rule("10.20.1.17/32"))


@breaks("api dkr", "net.security_group", "sg-endpoint")
def an_endpoint_that_lets_a_peers_range_in():
    return endpoint_rules(rule("10.21.0.0/16"), rule("192.168.0.0/16"))


@breaks("api dkr s3", "", "sg-task")
def outbound_for_the_application_alone():
    return task_rules(sealed, out("10.20.0.0/16", 5432), out(ANYWHERE, 53, protocol="udp"), rule(ANYWHERE, 8080))


# network ACLs


@breaks("s3", "net.nacl", "acl-2")
def an_acl_that_lets_answers_of_the_vpc_in_alone():
    return task_acl(sealed, entry(100, True), entry(100, False, cidr="10.0.0.0/8"))


@breaks("api dkr s3", "net.nacl", "acl-2")
def an_acl_that_lets_answers_of_the_vpc_in_alone_before_a_nat():
    return task_acl(with_nat, entry(100, True), entry(100, False, cidr="10.0.0.0/8"))


@breaks("api dkr s3", "net.nacl", "acl-1")
def an_acl_without_entries():
    vpc = sealed()
    vpc.get("network_acls", "acl-1")["entries"] = [entry(32767, True, "deny"), entry(32767, False, "deny")]
    return vpc


@healthy
def an_acl_that_denies_the_privileged_ports_inwards():
    return task_acl(sealed, entry(100, True), entry(90, False, "deny", ports=(1, 1023)), entry(100, False))


@breaks("api dkr s3", "net.nacl", "acl-2")
def an_acl_that_denies_tcp_inwards_before_it_allows_all():
    return task_acl(sealed, entry(100, True), entry(90, False, "deny", ports=(1, 65535)), entry(100, False))


def second_range(*entries) -> Vpc:
    """Tasks in a second range; the endpoints' subnets have an ACL of their own."""
    vpc = endpoint_rules(rule(ANYWHERE))
    vpc.get("vpcs", "vpc-1")["cidrs"].append("100.64.0.0/16")
    main_routes(vpc).append(route("100.64.0.0/16", "local", origin="CreateRouteTable"))
    vpc.subnet("subnet-4", "100.64.4.0/24")
    vpc.acl("acl-endpoints", "subnet-2", *entries)
    vpc.get("network_acls", "acl-endpoints")["subnets"].append("subnet-3")
    vpc.get("network_acls", "acl-1")["subnets"].remove("subnet-3")
    return vpc.subject(subnets=["subnet-4"])


@breaks("api dkr", "net.nacl", "acl-endpoints")
def an_acl_of_the_endpoints_that_knows_the_first_range_alone():
    return second_range(entry(100, True, cidr="10.20.0.0/16"), entry(100, False, cidr="10.20.0.0/16"))


@healthy
def an_acl_of_the_endpoints_that_knows_both_ranges():
    return second_range(*(entry(100 + n, egress, cidr=cidr) for egress in (True, False)
                          for n, cidr in enumerate(("10.20.0.0/16", "100.64.0.0/10"))))  # fmt: skip


@healthy
def an_acl_with_answers_to_a_version_of_windows():
    """The platform of a task definition's WINDOWS_SERVER_2022_CORE."""
    acl = task_acl(sealed, entry(90, True), entry(90, False, ports=(49152, 65535)))
    return acl.subject(platform="windows(10.0.20348)/amd64")


# names


def served_by(vpc, *servers) -> Vpc:
    vpc.get("dhcp_options", "dopt-1")["servers"] = list(servers)
    return vpc


TCP_ALONE = [entry(100, True, ports=(0, 65535)), entry(100, False, ports=EPHEMERAL)]


@healthy
def an_acl_of_tcp_does_not_stop_amazons_names():
    return task_acl(sealed, *TCP_ALONE)


@breaks("api dkr s3", "dns.timeout", "acl-2")
def an_acl_of_tcp_stops_the_names_of_a_server():
    return served_by(task_acl(sealed, *TCP_ALONE), "10.20.3.53")


@breaks("api dkr s3", "dns.timeout", "sg-task")
def a_group_of_https_stops_the_names_of_a_server():
    return served_by(task_rules(sealed, out(ANYWHERE)), "10.20.3.53")


@healthy
def a_group_of_https_does_not_stop_amazons_names():
    return task_rules(sealed, out(ANYWHERE))


@silent("beyond")
def a_group_of_https_stops_one_of_two_servers():
    """The second one is the VPC's own, which no group filters."""
    return served_by(task_rules(sealed, out(ANYWHERE)), "10.20.3.53", "AmazonProvidedDNS")


@breaks("api dkr s3", "dns.timeout", "rtb-main dopt-1")
def a_server_of_names_without_a_way():
    return served_by(sealed(), "10.9.0.53")


@silent("beyond")
def a_server_of_names_behind_a_transit_gateway():
    return served_by(routed(sealed, route("10.9.0.0/16", "tgw-1")), "10.9.0.53")


@breaks("api dkr s3", "dns.timeout", "rtb-main")
def a_server_of_names_behind_a_vpn_that_is_down():
    return served_by(routed(sealed, route("10.9.0.0/16", "vgw-1", "blackhole")), "10.9.0.53")


@silent("beyond")
def public_servers_of_names_by_nat():
    return served_by(with_nat(), "8.8.8.8", "1.1.1.1")


@breaks("api dkr s3", "dns.timeout", "rtb-main dopt-1")
def public_servers_of_names_in_a_sealed_vpc():
    return served_by(sealed(), "8.8.8.8")


@breaks("s3", "dns.nxdomain", "rslvr-frg-1")
def a_walled_garden_that_knows_ecr_and_forgets_the_layers():
    return firewall(("ok", "ALLOW", ""), ("all", "BLOCK", "NXDOMAIN"), all=["*"],
                    ok=[f"api.ecr.{REGION}.amazonaws.com.", f"*.dkr.ecr.{REGION}.amazonaws.com."])  # fmt: skip


@healthy
def a_walled_garden_that_knows_the_bucket():
    vpc = a_walled_garden_that_knows_ecr_and_forgets_the_layers()
    vpc.doc["firewall_domains"][-1]["domains"].append(
        f"prod-{REGION}-starport-layer-bucket.s3.{REGION}.amazonaws.com.")  # fmt: skip
    return vpc


@breaks("dkr", "dns.nxdomain", "rslvr-frg-1")
def a_walled_garden_without_the_wildcard_of_accounts():
    return firewall(("ok", "ALLOW", ""), ("all", "BLOCK", "NXDOMAIN"), all=["*"],
                    ok=[f"api.ecr.{REGION}.amazonaws.com", f"dkr.ecr.{REGION}.amazonaws.com",
                        f"*.s3.{REGION}.amazonaws.com"])  # fmt: skip


@breaks("api dkr s3", "", "rslvr-frg-1")
def a_firewall_that_sends_all_to_a_page_of_its_own():
    return firewall(("all", "BLOCK", "OVERRIDE"), all=["*"])


@healthy
def a_firewall_against_types_that_nobody_asks_for():
    vpc = firewall(("all", "BLOCK", "NODATA"), all=["*"])
    vpc.doc["firewall_groups"][0]["rules"][0]["qtype"] = "HTTPS"
    return vpc


@breaks("api dkr s3", "", "rslvr-frg-1")
def a_firewall_against_type_a():
    vpc = firewall(("all", "BLOCK", "NODATA"), all=["*"])
    vpc.doc["firewall_groups"][0]["rules"][0]["qtype"] = "A"
    return vpc


@silent("beyond")
def a_private_zone_of_s3():
    """Of endpoints in a hub: what its records say is not described."""
    vpc = sealed()
    vpc.remove("endpoints", "vpce-s3")
    main_routes(vpc).pop()
    vpc.add("hosted_zones", id="Z1", vpc="vpc-1", name=f"s3.{REGION}.amazonaws.com.", owner=OTHER)
    return routed(lambda: vpc, route("10.30.0.0/16", "tgw-1"))


# dual-stack, FIPS


def two_families(*routes, groups=(ANYWHERE, ANYWHERE6)) -> Vpc:
    """A subnet with both, an image by its dual-stack name."""
    vpc = task_rules(Vpc, *(out(peer, protocol="-1") for peer in groups))
    vpc.get("vpcs", "vpc-1")["cidrs6"] = ["2600:1f18:aa:bb00::/56"]
    vpc.get("subnets", "subnet-1")["cidrs6"] = ["2600:1f18:aa:bb01::/64"]
    vpc.get("network_acls", "acl-1")["entries"] += [entry(101, True, cidr=ANYWHERE6),
                                                    entry(101, False, cidr=ANYWHERE6)]  # fmt: skip
    vpc.add("internet_gateways", id="igw-1", vpc="vpc-1", state="available")
    main_routes(vpc).extend([route("2600:1f18:aa:bb00::/56", "local"), *routes])
    return vpc.subject(image=f"{ACCOUNT}.dkr-ecr.{REGION}.on.aws/shop/app:1.4")


@healthy
def ipv6_by_an_internet_gateway_needs_no_public_ipv4():
    return two_families(route(ANYWHERE6, "igw-1"))


@breaks("api dkr s3", "", "rtb-main")
def ipv4_by_an_internet_gateway_needs_a_public_address():
    return two_families(route(ANYWHERE, "igw-1"))


@breaks("api dkr s3", "", "sg-task")
def ipv6_by_an_egress_only_gateway_and_a_group_of_ipv4():
    return two_families(route(ANYWHERE6, "eigw-1"), groups=(ANYWHERE,))


@healthy
def a_fips_name_by_nat():
    return sealed().nat().subject(image=IMAGE.replace(".ecr.", ".ecr-fips."))


@silent("undecided")
def a_fips_name_beside_endpoints_of_the_plain_one():
    """No page of AWS's says whether private DNS makes it."""
    return sealed().subject(image=IMAGE.replace(".ecr.", ".ecr-fips."))


# other partitions


def moved(vpc, region, arn, suffix="amazonaws.com", interface="com.amazonaws") -> Vpc:
    """The same VPC in another partition."""
    text = json.dumps(vpc.doc).replace(f".{REGION}.amazonaws.com/", f".{region}.{suffix}/")
    text = text.replace(f"com.amazonaws.{REGION}.ecr", f"{interface}.{REGION}.ecr")
    vpc.doc = json.loads(text.replace("arn:aws:", f"arn:{arn}:").replace(REGION, region))
    return vpc


def china(vpc) -> Vpc:
    return moved(vpc, "cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws")


@healthy
def china_with_endpoints():
    return china(endpoint_policy("s3", allow("s3:GetObject", f"{BUCKET}/*")))


@breaks("dkr", "net.no_egress_route", "rtb-main", "--service-name cn.com.amazonaws.cn-north-1.ecr.dkr")
def china_without_an_endpoint_of_the_registry():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-dkr")
    return china(vpc)


@breaks("s3", "s3.no_route", "rtb-main", "--service-name com.amazonaws.cn-north-1.s3")
def china_without_an_endpoint_of_s3():
    vpc = sealed()
    vpc.remove("endpoints", "vpce-s3")
    main_routes(vpc).pop()
    return china(vpc)


@breaks("s3", "s3.endpoint_policy", "vpce-s3", "arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket")
def china_with_a_policy_from_a_page_about_the_others():
    vpc = china(sealed())
    vpc.get("endpoints", "vpce-s3")["policy"] = policy(
        allow("s3:GetObject", "arn:aws:s3:::prod-cn-north-1-starport-layer-bucket/*"))  # fmt: skip
    return vpc


@healthy
def govcloud_with_endpoints():
    return moved(endpoint_policy("s3", allow("s3:GetObject", f"{BUCKET}/*")), "us-gov-west-1", "aws-us-gov")


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def govcloud_with_a_repository_of_the_wrong_partition():
    vpc = moved(sealed(), "us-gov-west-1", "aws-us-gov")
    vpc.get("endpoints", "vpce-dkr")["policy"] = policy(
        allow("ecr:*", f"arn:aws:ecr:us-gov-west-1:{ACCOUNT}:repository/*"))  # fmt: skip
    return vpc


# policies of endpoints


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_for_the_account_as_principal():
    return endpoint_policy("s3", allow(principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_for_principals_of_the_account():
    return endpoint_policy("s3", allow(StringEquals={"aws:PrincipalAccount": ACCOUNT}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_by_another_action():
    return endpoint_policy("s3", allow(["s3:GetObjectVersion", "s3:ListBucket"]))


@healthy
def layers_over_tls_alone():
    return endpoint_policy("s3", allow(), deny("s3:*", Bool={"aws:SecureTransport": "false"}))


@healthy
def layers_of_this_region():
    return endpoint_policy("s3", allow(StringEquals={"aws:RequestedRegion": REGION}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_of_another_region():
    return endpoint_policy("s3", allow(StringEquals={"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}))


@healthy
def layers_by_this_endpoint():
    return endpoint_policy("s3", allow(), deny(StringNotEquals={"aws:SourceVpce": "vpce-s3"}))


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def own_repositories_alone_and_an_image_of_another_account():
    vpc = cross_account({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "ecr:*"})
    vpc.get("endpoints", "vpce-dkr")["policy"] = policy(allow("ecr:*", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*"))
    return vpc


@breaks("api", "auth.endpoint_policy", "vpce-api")
def the_registrys_policy_copied_without_the_token():
    return endpoint_policy("api", allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]))


@healthy
def the_token_alone_at_the_api():
    """Manifests and layers go by the other endpoint."""
    return endpoint_policy("api", allow("ecr:GetAuthorizationToken"))


@healthy
def repositories_of_the_account_by_its_id():
    return endpoint_policy("dkr", allow(StringEquals={"aws:ResourceAccount": [ACCOUNT, OTHER]}))


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr")
def repositories_of_another_account_by_its_id():
    return endpoint_policy("dkr", allow(StringEquals={"aws:ResourceAccount": OTHER}))


# the role


def without(*actions) -> Vpc:
    vpc = sealed()
    for action in actions:
        vpc.simulated(action, "implicitDeny")
    return vpc


@breaks("api dkr", "auth.iam_identity", ROLE)
def a_role_without_anything():
    """The task role's name where the execution role's should stand."""
    return without(*PULL)


@silent("undecided")
def a_role_that_may_pull_by_an_endpoint_alone():
    """AWS's own example: aws:sourceVpce and aws:sourceVpc on all but the token."""
    vpc = sealed()
    for action in PULL[1:]:
        vpc.simulated(action, "implicitDeny", missing=["aws:sourceVpce", "aws:sourceVpc"])
    return vpc


@breaks("api", "auth.assume_role", ROLE)
def a_role_that_is_gone():
    """SimulatePrincipalPolicy answers NoSuchEntity."""
    vpc = sealed()
    vpc.doc["simulations"] = []
    return vpc


TASK_DEFINITION = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:7"


def no_role(make, *services, **subject) -> Vpc:
    """A task definition without executionRoleArn, which was read."""
    vpc = make().subject(role="", task_definition=TASK_DEFINITION, services=list(services), **subject)
    vpc.doc["simulations"] = []
    return vpc


@breaks("api", "auth.no_credentials", TASK_DEFINITION, "--execution-role-arn")
def a_task_definition_without_an_execution_role():
    return no_role(sealed)


@breaks("api logs", "", TASK_DEFINITION)
def a_task_definition_with_logs_and_without_an_execution_role():
    return no_role(with_nat, "logs")


@breaks("secretsmanager", "secrets.denied", TASK_DEFINITION)
def a_task_definition_on_an_instance_with_secrets_and_without_an_execution_role():
    return no_role(with_nat, "secretsmanager", "logs", launch_type="EC2")


@silent("unread")
def a_task_definition_on_an_instance_without_an_execution_role():
    """The instance's role pulls, and no task tells of it."""
    return no_role(with_nat, "logs", launch_type="EC2")


@healthy
def a_task_definition_with_a_public_image_and_without_an_execution_role():
    return no_role(with_nat, image="ghcr.io/acme/app:1")


@breaks("logs", "logs.denied", TASK_DEFINITION)
def a_task_definition_with_a_public_image_and_logs_and_without_an_execution_role():
    return no_role(with_nat, "logs", image="ghcr.io/acme/app:1")


@silent("unread")
def an_image_without_a_task_definition_and_a_role():
    return no_role(sealed).subject(task_definition="")


@silent("unread")
def a_role_of_another_account_that_is_not_shown():
    vpc = cross_account({"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "ecr:*"}).subject(
        image=IMAGE, role=ROLE.replace(ACCOUNT, OTHER))  # fmt: skip
    vpc.doc["simulations"] = []
    return vpc


@silent("unread")
def a_role_that_may_not_be_simulated():
    return without(*PULL).unread("simulations", "AccessDenied")


@breaks("dkr", "auth.iam_identity", ROLE)
def an_image_of_another_account_that_grants_what_the_role_lacks():
    vpc = cross_account({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "ecr:*"})
    vpc.simulated(PULL[1], "implicitDeny")
    return vpc


# repositories


def own_policy(*statements) -> Vpc:
    vpc = sealed()
    vpc.doc["repositories"][0]["policy"] = policy(*statements)
    return vpc


def but(operator, key, *values) -> dict:
    return {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": {operator: {key: list(values)}}}


@healthy
def a_repository_for_roles_by_a_pattern():
    return own_policy(but("StringNotLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/pull-*"))


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def a_repository_for_other_roles_by_a_pattern():
    return own_policy(but("StringNotLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/ci-*"))


@silent("undecided")
def a_repository_for_an_organization_alone():
    return own_policy(but("StringNotEquals", "aws:PrincipalOrgID", "o-1234567890"))


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def a_repository_for_a_vpc_by_nat():
    """Without an endpoint a request has no aws:SourceVpc, and what is not there is not equal."""
    vpc = with_nat()
    vpc.doc["repositories"][0]["policy"] = policy(but("StringNotEqualsIfExists", "aws:SourceVpc", "vpc-1"))
    return vpc


@healthy
def a_repository_of_another_account_for_everybody():
    return cross_account({"Effect": "Allow", "Principal": "*", "Action": "ecr:*"})


@silent("unread")
def a_repository_of_another_account_that_is_not_shown():
    vpc = cross_account()
    for part in ("repositories", "repository_policy", "images", "cache_rules", "registry_policy"):
        vpc.unread(part, "AccessDeniedException")
    return vpc


# images


DIGEST = "sha256:" + "1" * 64


@healthy
def an_image_by_its_digest():
    return sealed().subject(image=IMAGE.replace(":1.4", f"@{DIGEST}"))


@healthy
def an_image_by_a_tag_that_is_gone_and_a_digest():
    return sealed().subject(image=IMAGE.replace(":1.4", f":gone@{DIGEST}"))


@breaks("dkr", "registry.digest_gone", REPOSITORY)
def an_image_by_a_digest_that_is_gone():
    vpc = sealed().subject(image=IMAGE.replace(":1.4", "@sha256:" + "2" * 64))
    vpc.doc["images"] = []
    return vpc


@breaks("dkr", "registry.tag_not_found", REPOSITORY)
def an_image_without_a_tag_is_the_latest():
    vpc = sealed().subject(image=IMAGE.replace(":1.4", ""))
    vpc.doc["images"] = []
    return vpc


@breaks("dkr", "registry.platform_mismatch", REPOSITORY)
def an_image_of_intel_for_graviton():
    """Pushed from a CI that builds linux/amd64 alone; the task's runtimePlatform is ARM64."""
    vpc = sealed().subject(platform="linux/arm64")
    vpc.doc["images"][0]["platforms"] = ["linux/amd64"]
    return vpc


@breaks("dkr", "registry.platform_mismatch", REPOSITORY)
def an_image_of_linux_for_windows():
    vpc = sealed().subject(platform="windows/amd64")
    vpc.doc["images"][0]["platforms"] = ["linux/amd64", "linux/arm64"]
    return vpc


# pull-through caches


def cache(prefix="docker-hub", exists=False, rights="allowed", make=sealed) -> Vpc:
    vpc = make().subject(image=HUB)
    name, vpc.doc["images"] = "docker-hub/library/nginx", []
    vpc.doc["repositories"] = []
    if exists:
        vpc.add("repositories", name=name, arn=REPOSITORY.replace("shop/app", name), registry=ACCOUNT, policy="",
                immutable=False)  # fmt: skip
    vpc.add("cache_rules", prefix=prefix, upstream="registry-1.docker.io")
    for action in ("ecr:CreateRepository", "ecr:BatchImportUpstreamImage"):
        vpc.simulated(action, rights)
    return vpc


@healthy
def a_first_pull_by_nat():
    return cache(make=with_nat)


@silent("undecided")
def a_first_pull_by_endpoints():
    """AWS's page of ECR's endpoints: the first pull through a cache needs a NAT gateway besides."""
    return cache()


@healthy
def a_later_pull_without_the_rights_of_the_first():
    vpc = cache(exists=True, rights="implicitDeny")
    vpc.add("images", repository="docker-hub/library/nginx", digest=DIGEST, tags=["1.27"], manifest_type="",
            status="ACTIVE", platforms=[])  # fmt: skip
    return vpc


@breaks("dkr", "ptc.permission", ROLE)
def a_new_tag_without_the_right_to_import():
    return cache(exists=True, rights="implicitDeny", make=with_nat)


@healthy
def a_new_tag_with_the_right_to_import():
    return cache(exists=True, make=with_nat)


@healthy
def a_cache_of_every_name():
    return cache(prefix="ROOT", make=with_nat)


@breaks("dkr", "registry.repo_not_found", REPOSITORY.replace("shop/app", "docker-hub/library/nginx"))
def a_cache_of_a_prefix_that_only_begins_alike():
    return cache(prefix="docker", make=with_nat)


# other accounts' subnets, other services


@healthy
def a_shared_subnet_with_a_nat():
    vpc = with_nat()
    vpc.get("vpcs", "vpc-1")["owner"] = OTHER
    for one in vpc.doc["subnets"]:
        one["owner"] = OTHER
    return vpc


@silent("unread")
def a_shared_subnet_whose_acl_stops_what_is_outside():
    """Endpoints are the owner's, and not shown: S3 may have one, too."""
    vpc = a_shared_subnet_with_a_nat()
    vpc.acl("acl-2", "subnet-1", entry(100, True, cidr="10.0.0.0/8"), entry(100, False))
    return vpc


def needs(make, *services) -> Vpc:
    return make().subject(services=list(services))


@breaks("ssm", "", "rtb-main", f"com.amazonaws.{REGION}.ssm")
def parameters_without_an_endpoint():
    return needs(sealed, "ssm")


@healthy
def parameters_by_nat():
    return needs(with_nat, "ssm", "secretsmanager", "logs")


@breaks("secretsmanager", "", "vpce-sm", "--private-dns-enabled")
def secrets_by_an_endpoint_without_private_names():
    vpc = needs(sealed, "secretsmanager")
    vpc.endpoint("sm", "secretsmanager", {"subnet-2": "10.20.2.40"}, private_dns=False)
    return vpc


@breaks("secretsmanager", "secrets.denied", ROLE)
def secrets_that_the_role_may_not_read():
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
    vpc = needs(with_nat, "secretsmanager").subject(resources=[secret])
    vpc.simulated("secretsmanager:GetSecretValue", "implicitDeny", resource=secret)
    return vpc


@breaks("logs", "logs.denied", ROLE)
def logs_that_the_role_may_not_write():
    vpc = needs(with_nat, "logs")
    vpc.simulated("logs:CreateLogStream", "implicitDeny")
    vpc.simulated("logs:PutLogEvents", "allowed")
    return vpc


@breaks("logs", "", "vpce-logs")
def logs_by_an_endpoint_whose_policy_reads_alone():
    vpc = needs(sealed, "logs")
    vpc.endpoint("logs", "logs", {"subnet-2": "10.20.2.41"}, policy=policy(allow(["logs:Get*", "logs:Describe*"])))
    return vpc
