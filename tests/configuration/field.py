"""Configurations as users of AWS build and break them, with their truth. Neighbours differ in one thing."""

from __future__ import annotations

from vpc import ACCOUNT, ANYWHERE, ANYWHERE6, BUCKET, IMAGE, PULL, REGION, REPOSITORY, ROLE, Vpc, allow, deny, entry, out, policy, route, rule, sealed, with_nat  # fmt: skip
from worlds import EPHEMERAL, OTHER, breaks, cross_account, endpoint_policy, endpoint_rules, firewall, healthy, public, silent, task_acl, task_rules, warns  # fmt: skip

ECR_ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository"

# security groups


@healthy
def egress_of_every_tcp_port_to_the_vpc():
    return task_rules(sealed, out("10.20.0.0/16", 0, to=65535), out("pl-s3"))


@healthy
def egress_of_both_families():
    return task_rules(sealed, out(ANYWHERE6, protocol="-1"), out(ANYWHERE, protocol="-1"))


@breaks("api dkr s3", "", "sg-task sg-egress")
def a_second_group_with_http_alone():
    vpc = task_rules(sealed)
    vpc.group("sg-egress", out(ANYWHERE, 80))
    return vpc.subject(security_groups=["sg-task", "sg-egress"])


@breaks("api dkr", "net.security_group", "sg-endpoint")
def ingress_of_http():
    return endpoint_rules(rule("10.20.0.0/16", 80))


# network ACLs


@breaks("api dkr", "net.nacl", "acl-2")
def acl_that_denies_the_vpc_first():
    return task_acl(sealed, entry(50, True, "deny", "10.0.0.0/8"), entry(100, True), entry(100, False))


@warns("s3", "net.nacl", "acl-2")
def acl_that_denies_a_range_of_s3():
    return task_acl(sealed, entry(50, True, "deny", "52.216.0.0/15"), entry(100, True), entry(100, False))


@breaks("api dkr s3", "net.nacl", "acl-2")
def acl_with_answers_to_old_windows():
    return task_acl(sealed, entry(100, True), entry(100, False, ports=(1024, 5000)))


@breaks("api dkr s3", "net.nacl", "acl-2")
def acl_of_ipv6():
    return task_acl(sealed, entry(100, True, cidr=ANYWHERE6), entry(100, False, cidr=ANYWHERE6))


def acl_of_an_endpoints_subnet(*entries) -> Vpc:
    vpc = sealed()
    vpc.acl("acl-3", "subnet-2", *entries)
    return vpc


@warns("api dkr", "net.nacl", "acl-3")
def acl_of_one_endpoints_subnet_without_443():
    return acl_of_an_endpoints_subnet(entry(100, True), entry(100, False, ports=(22, 22)))


@healthy
def acl_of_one_endpoints_subnet_with_443():
    return acl_of_an_endpoints_subnet(entry(100, True, ports=EPHEMERAL), entry(100, False, ports=(443, 443)))


WITHOUT_THE_VPC = [entry(50, True, "deny", "10.20.0.0/16"), entry(50, False, "deny", "10.20.0.0/16"),
                   entry(100, True), entry(100, False)]  # fmt: skip


def acl_of_the_nat(*entries) -> Vpc:
    vpc = with_nat()
    vpc.acl("acl-nat", "subnet-9", *entries)
    return vpc


@healthy
def acl_of_the_nat_as_the_manual_says():
    return acl_of_the_nat(entry(100, True, ports=(443, 443)), entry(110, True, cidr="10.20.0.0/16", ports=EPHEMERAL),
                          entry(100, False, cidr="10.20.0.0/16", ports=(443, 443)),
                          entry(110, False, ports=EPHEMERAL))  # fmt: skip


@breaks("api dkr s3", "net.nacl", "acl-nat")
def acl_of_the_nat_without_answers():
    return acl_of_the_nat(entry(100, True, ports=(443, 443)), entry(110, True, cidr="10.20.0.0/16", ports=EPHEMERAL),
                          entry(100, False, cidr="10.20.0.0/16", ports=(443, 443)))  # fmt: skip


@breaks("api dkr s3", "net.nacl", "acl-nat")
def acl_of_the_nat_without_the_private_subnet():
    return acl_of_the_nat(entry(100, True), entry(110, False, cidr="10.20.2.0/24", ports=(443, 443)),
                          entry(50, False, "deny", cidr="10.20.1.0/24"),
                          entry(120, False, ports=EPHEMERAL))  # fmt: skip


# routes


@breaks("api dkr s3", "", "nat-1")
def a_regional_nat_that_failed():
    vpc = with_nat()
    vpc.get("nat_gateways", "nat-1").update(subnet="", addresses=[], state="failed", failure="InternalError")
    return vpc


@breaks("api dkr s3", "", "rtb-public igw-1")
def a_nat_whose_internet_gateway_is_gone():
    vpc = with_nat()
    vpc.remove("internet_gateways", "igw-1")
    vpc.get("route_tables", "rtb-public")["routes"][-1]["state"] = "blackhole"
    return vpc


@healthy
def the_route_of_a_deleted_nat_beside_endpoints():
    vpc = sealed()
    vpc.get("route_tables", "rtb-main")["routes"].append(route(ANYWHERE, "nat-0", "blackhole"))
    return vpc


@healthy
def a_gateway_endpoint_of_other_tables_beside_a_nat():
    vpc = with_nat()
    vpc.table("rtb-other", subnets=["subnet-3"])
    vpc.gateway_endpoint(tables=["rtb-other"])
    return vpc


@healthy
def another_subnets_table_without_the_nat():
    vpc = with_nat()
    vpc.table("rtb-isolated", subnets=["subnet-2"])
    return vpc


@silent("beyond")
def a_route_of_s3s_own_range_to_a_transit_gateway():
    vpc = sealed()
    vpc.get("route_tables", "rtb-main")["routes"] += [
        route(cidr, "tgw-1") for cidr in vpc.get("prefix_lists", "pl-s3")["entries"]]  # fmt: skip
    return vpc


@healthy
def public_access_is_blocked_where_endpoints_serve():
    vpc = sealed()
    for one in vpc.doc["subnets"]:
        one["internet_gateway_block"] = "block-bidirectional"
    return vpc


@breaks("api dkr s3", "", "rtb-main")
def a_public_address_in_a_private_subnet():
    return Vpc().internet().subject(public_ip=True)


@healthy
def an_instance_in_a_subnet_that_maps_public_addresses():
    vpc = public(launch_type="EC2")
    vpc.get("subnets", "subnet-1")["map_public_ip"] = True
    return vpc


@healthy
def a_nat_for_a_local_zone():
    vpc = with_nat()
    vpc.get("subnets", "subnet-1")["zone"] = "us-east-1-bos-1a"
    return vpc


# endpoints


@breaks("dkr", "net.no_egress_route", "rtb-main vpc-1 subnet-1 vpce-dkr")
def an_endpoint_of_another_region():
    vpc = sealed()
    vpc.get("endpoints", "vpce-dkr")["service"] = "com.amazonaws.us-west-2.ecr.dkr"
    return vpc


@breaks("dkr", "", "vpce-dkr rtb-main")
def an_endpoint_that_is_deleted():
    vpc = sealed()
    vpc.get("endpoints", "vpce-dkr")["state"] = "deleting"
    return vpc


@breaks("api", "", "vpce-api", "--private-dns-enabled")
def an_endpoint_without_private_dns():
    vpc = sealed()
    vpc.get("endpoints", "vpce-api")["private_dns"] = False
    return vpc


@healthy
def an_endpoint_of_vpc_lattice_beside():
    vpc = sealed()
    vpc.endpoint("sn", "", {"subnet-2": "10.20.2.40"}, type="ServiceNetwork")
    vpc.get("endpoints", "vpce-sn")["service"] = ""
    return vpc


# policies of endpoints


@healthy
def endpoint_for_principals_of_this_account():
    return endpoint_policy("api", allow(StringEquals={"aws:PrincipalAccount": ACCOUNT}))


@breaks("api", "auth.endpoint_policy", "vpce-api")
def endpoint_for_principals_of_another_account():
    return endpoint_policy("api", allow(StringEquals={"aws:PrincipalAccount": OTHER}))


@healthy
def endpoint_for_an_organization():
    return endpoint_policy("dkr", allow(), deny(StringNotEquals={"aws:PrincipalOrgID": "o-1234567890"}))


@healthy
def layers_from_this_vpc_alone():
    return endpoint_policy("s3", allow(), deny(StringNotEquals={"aws:SourceVpc": "vpc-1"}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_from_another_vpc_alone():
    return endpoint_policy("s3", allow(), deny(StringNotEquals={"aws:SourceVpc": "vpc-2"}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_from_buckets_of_this_account_alone():
    return endpoint_policy("s3", allow(StringEquals={"aws:ResourceAccount": ACCOUNT}))


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_denied_outside_an_organizations_buckets():
    return endpoint_policy("s3", allow(), deny(StringNotEquals={"aws:ResourceOrgID": "o-1234567890"}))


@healthy
def layers_denied_outside_an_organizations_buckets_but_ecrs():
    return endpoint_policy("s3", allow(), deny(StringNotEquals={"aws:ResourceOrgID": "o-1234567890"})
                           | {"NotResource": f"{BUCKET}/*"})  # fmt: skip


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_of_another_regions_bucket():
    return endpoint_policy("s3", allow("s3:Get*", "arn:aws:s3:::prod-us-west-2-starport-layer-bucket/*"))


@healthy
def layers_by_an_action_that_is_not_excepted():
    statement = allow()
    del statement["Action"]
    return endpoint_policy("s3", statement | {"NotAction": ["s3:PutObject", "s3:DeleteObject"]})


@breaks("s3", "s3.endpoint_policy", "vpce-s3")
def layers_denied_with_all_other_buckets():
    statement = deny("s3:*")
    del statement["Resource"]
    return endpoint_policy("s3", allow(), statement | {"NotResource": ["arn:aws:s3:::ours", "arn:aws:s3:::ours/*"]})


@healthy
def layers_excepted_from_what_is_denied():
    statement = deny("s3:*")
    del statement["Resource"]
    return endpoint_policy("s3", allow(), statement | {"NotResource": ["arn:aws:s3:::ours/*", f"{BUCKET}/*"]})


@breaks("dkr", "auth.endpoint_policy", "vpce-dkr", "ecr:GetDownloadUrlForLayer")
def endpoint_without_the_download():
    return endpoint_policy("dkr", allow(["ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"]))


@healthy
def endpoint_of_dkr_for_repositories():
    return endpoint_policy("dkr", allow("ecr:*", f"{ECR_ARN}/shop/*"))


@healthy
def endpoint_for_the_account_as_principal():
    return endpoint_policy("dkr", allow(principal={"AWS": ACCOUNT}))


@healthy
def endpoint_with_an_action_in_capitals():
    return endpoint_policy("dkr", allow(["ECR:BATCHGETIMAGE", "ecr:getdownloadurlforlayer"]))


# DNS


def own_servers(make, *servers) -> Vpc:
    vpc = make()
    vpc.get("dhcp_options", "dopt-1")["servers"] = list(servers)
    return vpc


@healthy
def servers_with_amazons_as_an_address():
    return own_servers(sealed, "169.254.169.253")


@healthy
def servers_that_the_group_reaches():
    return own_servers(lambda: task_rules(
        sealed, out("sg-endpoint"), out("pl-s3"), out("10.20.3.53/32", 53, protocol="udp"),
        out("10.20.3.53/32", 53)), "10.20.3.53")  # fmt: skip


def forward(domain, make=sealed) -> Vpc:
    vpc = make()
    vpc.add("resolver_rules", id="rslvr-rr-9", vpc="vpc-1", domain=domain, type="FORWARD", targets=["10.9.0.2"],
            status="COMPLETE")  # fmt: skip
    return vpc


@silent("beyond")
def s3s_names_forwarded():
    return forward(f"{REGION}.amazonaws.com.")


@silent("beyond")
def ecrs_very_name_forwarded():
    return forward(f"api.ecr.{REGION}.amazonaws.com.")


@healthy
def firewall_alerts_first():
    return firewall(("all", "ALERT", ""), ("all", "BLOCK", "NODATA"), all=["*"])


@breaks("api dkr s3", "dns.nodata", "rslvr-frg-1")
def firewall_alerts_last():
    return firewall(("all", "BLOCK", "NODATA"), ("all", "ALERT", ""), all=["*"])


@healthy
def firewall_blocks_another_type():
    vpc = firewall(("all", "BLOCK", "NODATA"), all=["*"])
    vpc.doc["firewall_groups"][0]["rules"][0]["qtype"] = "TXT"
    return vpc


@healthy
def firewall_blocks_the_apex_alone():
    return firewall(("aws", "BLOCK", "NXDOMAIN"), aws=["amazonaws.com."])


@breaks("api dkr s3", "dns.nxdomain", "rslvr-frg-1")
def firewall_blocks_below_the_apex():
    return firewall(("aws", "BLOCK", "NXDOMAIN"), aws=["*.amazonaws.com."])


def zone_of(name, make=with_nat) -> Vpc:
    vpc = make()
    vpc.add("hosted_zones", id="Z-1", vpc="vpc-1", name=name, owner=ACCOUNT)
    return vpc


@silent("beyond")
def a_private_zone_of_ecrs_name():
    return zone_of(f"ecr.{REGION}.amazonaws.com.")


@healthy
def a_private_zone_of_another_name():
    return zone_of("example.com.")


# roles and repositories


@breaks("dkr", "auth.iam_identity", ROLE)
def a_role_for_other_repositories():
    vpc = sealed()
    for action in PULL[1:]:
        vpc.simulated(action, "implicitDeny")
    return vpc


@breaks("dkr", "registry.repo_policy", REPOSITORY.replace(ACCOUNT, OTHER))
def a_repository_of_another_account_for_a_third():
    return cross_account({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                          "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]})  # fmt: skip


def repository_policy(*statements) -> Vpc:
    vpc = sealed()
    for statement in statements:
        statement.pop("Resource", None)
    vpc.doc["repositories"][0]["policy"] = policy(*statements)
    return vpc


@healthy
def a_repository_that_names_another_account():
    return repository_policy(allow("ecr:BatchGetImage", principal={"AWS": f"arn:aws:iam::{OTHER}:root"}))


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def a_repository_denied_to_all_but_another_role():
    statement = deny("ecr:BatchGetImage")
    del statement["Principal"]
    return repository_policy(statement | {"NotPrincipal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root",
                                                                   f"arn:aws:iam::{ACCOUNT}:role/ci"]}})  # fmt: skip


@healthy
def a_repository_denied_to_all_but_the_role():
    statement = deny("ecr:BatchGetImage")
    del statement["Principal"]
    return repository_policy(statement | {"NotPrincipal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", ROLE]}})


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def a_repository_denied_outside_the_api_endpoint():
    return repository_policy(deny("ecr:BatchGetImage", StringNotEquals={"aws:SourceVpce": "vpce-api"}))


@healthy
def a_repository_denied_without_tls():
    return repository_policy(deny("ecr:*", Bool={"aws:SecureTransport": "false"}))


@breaks("dkr", "registry.repo_policy", REPOSITORY)
def a_repository_denied_outside_addresses_that_an_endpoint_hides():
    return repository_policy(deny("ecr:BatchGetImage", NotIpAddress={"aws:SourceIp": ["10.20.0.0/16"]}))


# the image


@healthy
def an_image_for_arm64_on_arm64():
    vpc = sealed().subject(platform="linux/arm64")
    vpc.doc["images"][0]["platforms"] = ["linux/arm64"]
    return vpc


# accounts, Regions, ranges, services


@breaks("secretsmanager", "", "sg-endpoint2")
def secrets_with_an_endpoint_of_another_group():
    vpc = sealed().subject(services=["secretsmanager"])
    vpc.group("sg-endpoint2", rule("10.20.2.0/24"))
    vpc.endpoint("sm", "secretsmanager", {"subnet-2": "10.20.2.30"}, groups=["sg-endpoint2"])
    vpc.get("interfaces", "eni-sm-subnet-2")["groups"] = ["sg-endpoint2"]
    return vpc
