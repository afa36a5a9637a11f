/* The configuration that decides about a pull, as AWS's control plane describes it: what `inspect`
 * reads, and what the diagnosis judges. Data alone: texts and lists live in an arena, ids and words
 * are AWS's own, in AWS's own spelling.
 *
 * Nothing that was not read is ever taken as absent. Every call leaves a row in `calls`, which says
 * about which part of the configuration it was, and whether it failed. A part is read where such a
 * row says so; only then does an empty list mean that there is nothing. */
#pragma once
#include "model/record.h"

/* The parts that one call reads: the name is that of the list in the JSON form, or of what the call
 * adds to one. The comment says what `about` is: the id that the call asked for. */
#define VPC_PARTS(X)                                                                               \
	X(SUBNETS, "subnets")			  /* a subnet, or a VPC: all of its subnets */     \
	X(VPCS, "vpcs")				  /* a VPC */                                      \
	X(DNS_SUPPORT, "dns_support")		  /* a VPC: DescribeVpcAttribute */                \
	X(DNS_HOSTNAMES, "dns_hostnames")	  /* a VPC: DescribeVpcAttribute */                \
	X(DHCP_OPTIONS, "dhcp_options")		  /* a set of options */                           \
	X(ROUTE_TABLES, "route_tables")		  /* a VPC: all of its tables */                   \
	X(NETWORK_ACLS, "network_acls")		  /* a VPC: all of its ACLs */                     \
	X(SECURITY_GROUPS, "security_groups")	  /* a group, or a VPC: all of its groups */       \
	X(PREFIX_LISTS, "prefix_lists")		  /* a prefix list; or the name of one of AWS's */ \
	X(ENDPOINTS, "endpoints")		  /* a VPC: all of its endpoints */                \
	X(INTERFACES, "interfaces")		  /* a network interface, or a VPC */              \
	X(NAT_GATEWAYS, "nat_gateways")		  /* a NAT gateway, or a VPC */                    \
	X(INTERNET_GATEWAYS, "internet_gateways") /* an internet gateway, or a VPC */              \
	X(FIREWALL_GROUPS, "firewall_groups")	  /* a VPC: its associations */                    \
	X(FIREWALL_RULES, "firewall_rules")	  /* a rule group: its rules */                    \
	X(FIREWALL_DOMAINS, "firewall_domains")	  /* a domain list: its domains */                 \
	X(RESOLVER_RULES, "resolver_rules")	  /* a VPC: its associations, with each rule */    \
	X(HOSTED_ZONES, "hosted_zones")		  /* a VPC: its private zones (may be left out) */ \
	X(SIMULATIONS, "simulations")		  /* a role, or an action of it */                 \
	X(REPOSITORIES, "repositories")		  /* a repository's name */                        \
	X(REPOSITORY_POLICY, "repository_policy") /* a repository's name */                        \
	X(REGISTRY_POLICY, "registry_policy")	  /* a registry's id */                            \
	X(CACHE_RULES, "cache_rules")		  /* a registry's id */                            \
	X(IMAGES, "images")			  /* a repository's name */

#define VPC_PART_ENUM_(name, label) VPC_##name,
enum vpc_part { VPC_PARTS(VPC_PART_ENUM_) VPC_PART_COUNT };
struct text vpc_part_name(enum vpc_part part);

/* clang-format off */
/* What was asked of the control plane. "There is no such thing" (RepositoryNotFoundException,
 * ImageNotFoundException, RepositoryPolicyNotFoundException, InvalidVpcID.NotFound ...) is an
 * answer and no error: the row's `error` is empty then, and the list lacks the thing. */
#define VPC_CALL(X, L) \
	X(vpc_call, TEXT, part, "") /* vpc_part_name */ \
	X(vpc_call, TEXT, about, "") /* see VPC_PARTS; empty: everything of the part */ \
	X(vpc_call, TEXT, call, "") /* "ec2:DescribeVpcEndpoints" */ \
	X(vpc_call, TEXT, action, "") /* the IAM action it needs: mostly the same */ \
	/* AWS's error code, or a word of our own; empty where it was read */ \
	X(vpc_call, TEXT, error, "") \
	X(vpc_call, TEXT, message, "") /* AWS's words */
RECORD(vpc_call, VPC_CALL);

/* What is to be pulled, from where. */
#define VPC_SUBJECT(X, L) \
	X(vpc_subject, TEXT, image, "") \
	X(vpc_subject, TEXT, platform, "") /* "linux/amd64" */ \
	/* ARN of the role that pulls: the execution role; empty: not known */ \
	X(vpc_subject, TEXT, role, "") \
	X(vpc_subject, TEXT, region, "") \
	X(vpc_subject, TEXT, account, "") /* the caller's */ \
	X(vpc_subject, TEXT, launch_type, "") /* "FARGATE", "LAMBDA", "EC2"; empty is FARGATE */ \
	X(vpc_subject, FLAG, public_ip, "") /* assignPublicIp */ \
	X(vpc_subject, TEXTS, subnets, "") /* the ones to judge; a report of one subnet has one */ \
	X(vpc_subject, TEXTS, security_groups, "") \
	/* needed besides: logs, secretsmanager, ssm, kms ... */ \
	X(vpc_subject, TEXTS, services, "") \
	/* ARNs that those services are asked for: secrets, parameters, keys, log groups */ \
	X(vpc_subject, TEXTS, resources, "")
RECORD(vpc_subject, VPC_SUBJECT);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html */
#define VPC_SUBNET(X, L) \
	X(vpc_subnet, TEXT, id, "subnetId") \
	X(vpc_subnet, TEXT, vpc, "vpcId") \
	X(vpc_subnet, TEXT, owner, "ownerId") \
	X(vpc_subnet, TEXT, zone, "availabilityZone") /* "us-east-1a" */ \
	X(vpc_subnet, TEXT, zone_id, "availabilityZoneId") /* "use1-az1" */ \
	X(vpc_subnet, TEXT, cidr, "cidrBlock") /* empty in an IPv6-only subnet */ \
	X(vpc_subnet, TEXTS, cidrs6, "ipv6CidrBlockAssociationSet/ipv6CidrBlock") \
	X(vpc_subnet, FLAG, map_public_ip, "mapPublicIpOnLaunch") \
	X(vpc_subnet, FLAG, ipv6_native, "ipv6Native") \
	X(vpc_subnet, FLAG, dns64, "enableDns64") \
	/* VPC Block Public Access: "off", "block-ingress", "block-bidirectional" */ \
	X(vpc_subnet, TEXT, internet_gateway_block, \
		"blockPublicAccessStates/internetGatewayBlockMode") \
	X(vpc_subnet, NUMBER, available_addresses, "availableIpAddressCount") /* -1: not known */
RECORD(vpc_subnet, VPC_SUBNET);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html */
#define VPC_VPC(X, L) \
	X(vpc_vpc, TEXT, id, "vpcId") \
	/* another account's than the subject's: a shared VPC */ \
	X(vpc_vpc, TEXT, owner, "ownerId") \
	X(vpc_vpc, TEXT, dhcp_options, "dhcpOptionsId") \
	/* the associated ones, IPv4 */ \
	X(vpc_vpc, TEXTS, cidrs, \
		"cidrBlockAssociationSet[cidrBlockState/state=associated]/cidrBlock") \
	X(vpc_vpc, TEXTS, cidrs6, \
		"ipv6CidrBlockAssociationSet[ipv6CidrBlockState/state=associated]/ipv6CidrBlock") \
	/* meaningless unless DNS_SUPPORT was read */ \
	X(vpc_vpc, FLAG, dns_support, "enableDnsSupport/value") \
	X(vpc_vpc, FLAG, dns_hostnames, "enableDnsHostnames/value")
RECORD(vpc_vpc, VPC_VPC);

/* https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html */
#define VPC_DHCP_OPTIONS(X, L) \
	X(vpc_dhcp_options, TEXT, id, "dhcpOptionsId") \
	X(vpc_dhcp_options, TEXTS, servers, \
		"dhcpConfigurationSet[key=domain-name-servers]/valueSet/value")
RECORD(vpc_dhcp_options, VPC_DHCP_OPTIONS);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html */
#define VPC_ROUTE(X, L) \
	/* a CIDR of either family, or a prefix list's id */ \
	X(vpc_route, TEXT, destination, \
		"destinationCidrBlock|destinationIpv6CidrBlock|destinationPrefixListId") \
	/* the target's id: "local", igw-, eigw-, nat-, vpce-, tgw-, pcx-, vgw-, eni-, \
	   i-, lgw-, cagw-, or a core network's ARN */ \
	X(vpc_route, TEXT, target, \
		"natGatewayId|transitGatewayId|vpcPeeringConnectionId" \
		"|egressOnlyInternetGatewayId|carrierGatewayId|localGatewayId|coreNetworkArn" \
		"|networkInterfaceId|instanceId|gatewayId") \
	X(vpc_route, TEXT, state, "state") /* active, blackhole, filtered */ \
	/* CreateRoute, CreateRouteTable, EnableVgwRoutePropagation */ \
	X(vpc_route, TEXT, origin, "origin")
RECORD(vpc_route, VPC_ROUTE);

#define VPC_ROUTE_TABLE(X, L) \
	X(vpc_route_table, TEXT, id, "routeTableId") \
	X(vpc_route_table, TEXT, vpc, "vpcId") \
	X(vpc_route_table, FLAG, main, "associationSet/main") \
	X(vpc_route_table, TEXTS, subnets, "associationSet/subnetId") /* associated explicitly */ \
	L(vpc_route_table, vpc_route, routes, "routeSet")
RECORD(vpc_route_table, VPC_ROUTE_TABLE);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html */
#define VPC_ACL_ENTRY(X, L) \
	X(vpc_acl_entry, NUMBER, number, "ruleNumber") \
	X(vpc_acl_entry, FLAG, egress, "egress") \
	X(vpc_acl_entry, TEXT, action, "ruleAction") /* allow, deny */ \
	X(vpc_acl_entry, TEXT, protocol, "protocol") /* a number; "-1" is all */ \
	X(vpc_acl_entry, TEXT, cidr, "cidrBlock|ipv6CidrBlock") /* of either family */ \
	X(vpc_acl_entry, NUMBER, from, "portRange/from") /* ports; -1: the entry has none */ \
	X(vpc_acl_entry, NUMBER, to, "portRange/to")
RECORD(vpc_acl_entry, VPC_ACL_ENTRY);

#define VPC_NETWORK_ACL(X, L) \
	X(vpc_network_acl, TEXT, id, "networkAclId") \
	X(vpc_network_acl, TEXT, vpc, "vpcId") \
	X(vpc_network_acl, FLAG, is_default, "default") \
	X(vpc_network_acl, TEXTS, subnets, "associationSet/subnetId") \
	L(vpc_network_acl, vpc_acl_entry, entries, "entrySet") /* in any order */
RECORD(vpc_network_acl, VPC_NETWORK_ACL);

/* One peer of one permission: a permission with three ranges is three rules.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
#define VPC_GROUP_RULE(X, L) \
	X(vpc_group_rule, SECOND, egress, "") \
	/* tcp, udp, icmp, icmpv6, "-1", or a number */ \
	X(vpc_group_rule, TEXT, protocol, "ipProtocol") \
	X(vpc_group_rule, NUMBER, from, "fromPort") /* ports; -1: the rule has none */ \
	X(vpc_group_rule, NUMBER, to, "toPort") \
	/* a CIDR of either family, a prefix list's id, or a group's */ \
	X(vpc_group_rule, EACH, peer, \
		"ipRanges/cidrIp|ipv6Ranges/cidrIpv6|prefixListIds/prefixListId|groups/groupId")
RECORD(vpc_group_rule, VPC_GROUP_RULE);

#define VPC_SECURITY_GROUP(X, L) \
	X(vpc_security_group, TEXT, id, "groupId") \
	X(vpc_security_group, TEXT, name, "groupName") \
	X(vpc_security_group, TEXT, vpc, "vpcId") \
	X(vpc_security_group, TEXT, owner, "ownerId") \
	L(vpc_security_group, vpc_group_rule, rules, "ipPermissions|ipPermissionsEgress")
RECORD(vpc_security_group, VPC_SECURITY_GROUP);

/* AWS's (DescribePrefixLists) and the customer's own (GetManagedPrefixListEntries) */
#define VPC_PREFIX_LIST(X, L) \
	X(vpc_prefix_list, TEXT, id, "prefixListId") \
	/* "com.amazonaws.us-east-1.s3" of AWS's; may be empty */ \
	X(vpc_prefix_list, TEXT, name, "prefixListName") \
	X(vpc_prefix_list, TEXTS, entries, "cidrSet|entrySet/cidr") /* CIDRs */
RECORD(vpc_prefix_list, VPC_PREFIX_LIST);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html */
#define VPC_ENDPOINT(X, L) \
	X(vpc_endpoint, TEXT, id, "vpcEndpointId") \
	X(vpc_endpoint, TEXT, vpc, "vpcId") \
	X(vpc_endpoint, TEXT, owner, "ownerId") \
	/* Interface, Gateway, GatewayLoadBalancer, Resource, ServiceNetwork */ \
	X(vpc_endpoint, TEXT, type, "vpcEndpointType") \
	X(vpc_endpoint, TEXT, service, "serviceName") /* "com.amazonaws.us-east-1.ecr.dkr" */ \
	/* "available"; the API's spelling varies, compare without case */ \
	X(vpc_endpoint, TEXT, state, "state") \
	X(vpc_endpoint, FLAG, private_dns, "privateDnsEnabled") \
	/* of S3 */ \
	X(vpc_endpoint, FLAG, private_dns_only_inbound, \
		"dnsOptions/privateDnsOnlyForInboundResolverEndpoint") \
	X(vpc_endpoint, TEXT, ip_address_type, "ipAddressType") /* ipv4, ipv6, dualstack */ \
	/* the document as JSON; empty is full access */ \
	X(vpc_endpoint, TEXT, policy, "policyDocument") \
	X(vpc_endpoint, TEXTS, subnets, "subnetIdSet") \
	X(vpc_endpoint, TEXTS, interfaces, "networkInterfaceIdSet") \
	X(vpc_endpoint, TEXTS, groups, "groupSet/groupId") \
	X(vpc_endpoint, TEXTS, route_tables, "routeTableIdSet") /* of a gateway endpoint */ \
	X(vpc_endpoint, TEXTS, dns_names, "dnsEntrySet/dnsName") \
	X(vpc_endpoint, JOINED, error, "lastError/code|lastError/message")
RECORD(vpc_endpoint, VPC_ENDPOINT);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
#define VPC_INTERFACE(X, L) \
	X(vpc_interface, TEXT, id, "networkInterfaceId") \
	X(vpc_interface, TEXT, subnet, "subnetId") \
	X(vpc_interface, TEXT, type, "interfaceType") \
	X(vpc_interface, TEXT, description, "description") \
	X(vpc_interface, TEXTS, groups, "groupSet/groupId") \
	/* private IPv4 and IPv6 */ \
	X(vpc_interface, TEXTS, addresses, \
		"privateIpAddressesSet/privateIpAddress|ipv6AddressesSet/ipv6Address")
RECORD(vpc_interface, VPC_INTERFACE);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html */
#define VPC_NAT_GATEWAY(X, L) \
	X(vpc_nat_gateway, TEXT, id, "natGatewayId") \
	X(vpc_nat_gateway, TEXT, vpc, "vpcId") \
	X(vpc_nat_gateway, TEXT, subnet, "subnetId") /* empty: a regional one */ \
	X(vpc_nat_gateway, TEXT, state, "state") \
	X(vpc_nat_gateway, JOINED, failure, "failureCode|failureMessage") \
	X(vpc_nat_gateway, TEXT, connectivity, "connectivityType") /* public, private */ \
	X(vpc_nat_gateway, TEXTS, addresses, "natGatewayAddressSet/privateIp") /* private ones */
RECORD(vpc_nat_gateway, VPC_NAT_GATEWAY);

#define VPC_INTERNET_GATEWAY(X, L) \
	X(vpc_internet_gateway, TEXT, id, "internetGatewayId") \
	X(vpc_internet_gateway, TEXT, vpc, "attachmentSet/vpcId") /* of its attachment */ \
	/* of its attachment: attached or available; empty: detached */ \
	X(vpc_internet_gateway, TEXT, state, "attachmentSet/state")
RECORD(vpc_internet_gateway, VPC_INTERNET_GATEWAY);

/* https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html */
#define VPC_FIREWALL_RULE(X, L) \
	X(vpc_firewall_rule, NUMBER, priority, "Priority") \
	X(vpc_firewall_rule, TEXT, domain_list, "FirewallDomainListId") \
	X(vpc_firewall_rule, TEXT, action, "Action") /* ALLOW, ALERT, BLOCK */ \
	/* NODATA, NXDOMAIN, OVERRIDE */ \
	X(vpc_firewall_rule, TEXT, block_response, "BlockResponse") \
	X(vpc_firewall_rule, TEXT, qtype, "Qtype") /* "A", "AAAA" ...; empty is every type */ \
	/* INSPECT_REDIRECTION_DOMAIN (the default), TRUST_... */ \
	X(vpc_firewall_rule, TEXT, redirection, "FirewallDomainRedirectionAction")
RECORD(vpc_firewall_rule, VPC_FIREWALL_RULE);

#define VPC_FIREWALL_GROUP(X, L) \
	X(vpc_firewall_group, TEXT, id, "FirewallRuleGroupId") \
	X(vpc_firewall_group, TEXT, vpc, "VpcId") /* of the association */ \
	X(vpc_firewall_group, NUMBER, priority, "Priority") /* of the association */ \
	X(vpc_firewall_group, TEXT, status, "Status") /* of the association: COMPLETE ... */ \
	/* read where FIREWALL_RULES was, about id */ \
	L(vpc_firewall_group, vpc_firewall_rule, rules, "")
RECORD(vpc_firewall_group, VPC_FIREWALL_GROUP);

#define VPC_FIREWALL_DOMAINS(X, L) \
	X(vpc_firewall_domains, TEXT, id, "") \
	X(vpc_firewall_domains, TEXTS, domains, "Domains") /* "example.com.", "*.example.com." */
RECORD(vpc_firewall_domains, VPC_FIREWALL_DOMAINS);

/* https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRule.html */
#define VPC_RESOLVER_RULE(X, L) \
	X(vpc_resolver_rule, TEXT, id, "ResolverRuleId") \
	X(vpc_resolver_rule, TEXT, vpc, "VPCId") /* of the association */ \
	/* "example.com."; "." is all */ \
	X(vpc_resolver_rule, TEXT, domain, "ResolverRule/DomainName") \
	/* FORWARD, SYSTEM, RECURSIVE, DELEGATE */ \
	X(vpc_resolver_rule, TEXT, type, "ResolverRule/RuleType") \
	X(vpc_resolver_rule, TEXTS, targets, \
		"ResolverRule/TargetIps/Ip|ResolverRule/TargetIps/Ipv6") \
	X(vpc_resolver_rule, TEXT, status, "Status") /* of the association */
RECORD(vpc_resolver_rule, VPC_RESOLVER_RULE);

#define VPC_HOSTED_ZONE(X, L) \
	X(vpc_hosted_zone, TEXT, id, "HostedZoneId") \
	X(vpc_hosted_zone, TEXT, vpc, "") \
	X(vpc_hosted_zone, TEXT, name, "Name") /* "dkr.ecr.us-east-1.amazonaws.com." */ \
	X(vpc_hosted_zone, TEXT, owner, "Owner/OwningAccount|Owner/OwningService")
RECORD(vpc_hosted_zone, VPC_HOSTED_ZONE);

/* One action of SimulatePrincipalPolicy.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html */
#define VPC_SIMULATION(X, L) \
	X(vpc_simulation, TEXT, action, "EvalActionName") \
	X(vpc_simulation, TEXT, resource, "EvalResourceName") \
	/* allowed, explicitDeny, implicitDeny */ \
	X(vpc_simulation, TEXT, decision, "EvalDecision") \
	/* of the statements that matched */ \
	X(vpc_simulation, TEXTS, sources, "MatchedStatements/SourcePolicyId") \
	X(vpc_simulation, TEXTS, missing, "MissingContextValues") \
	/* "true", "false"; empty: no detail */ \
	X(vpc_simulation, TEXT, organizations, \
		"OrganizationsDecisionDetail/AllowedByOrganizations") \
	/* likewise */ \
	X(vpc_simulation, TEXT, boundary, \
		"PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary")
RECORD(vpc_simulation, VPC_SIMULATION);

#define VPC_REPOSITORY(X, L) \
	X(vpc_repository, TEXT, name, "repositoryName") \
	X(vpc_repository, TEXT, arn, "repositoryArn") \
	X(vpc_repository, TEXT, registry, "registryId") \
	/* empty, where REPOSITORY_POLICY was read: there is none */ \
	X(vpc_repository, TEXT, policy, "policyText") \
	X(vpc_repository, FLAG, immutable, "") \
	X(vpc_repository, TEXTS, nearest, "") /* tags like the wanted one, where that is missing */
RECORD(vpc_repository, VPC_REPOSITORY);

#define VPC_CACHE_RULE(X, L) \
	X(vpc_cache_rule, TEXT, prefix, "ecrRepositoryPrefix") \
	X(vpc_cache_rule, TEXT, upstream, "upstreamRegistryUrl")
RECORD(vpc_cache_rule, VPC_CACHE_RULE);

/* of DescribeImages, the image that is to be pulled */
#define VPC_IMAGE(X, L) \
	X(vpc_image, TEXT, repository, "repositoryName") \
	X(vpc_image, TEXT, digest, "imageDigest") \
	X(vpc_image, TEXTS, tags, "imageTags") \
	X(vpc_image, TEXT, manifest_type, "imageManifestMediaType") \
	X(vpc_image, TEXT, status, "imageStatus") /* ACTIVE, ARCHIVED; may be empty */ \
	X(vpc_image, TEXTS, platforms, "") /* "linux/amd64"; empty: not known */
RECORD(vpc_image, VPC_IMAGE);

#define VPC_CONFIGURATION(X, L) \
	L(vpc_configuration, vpc_call, calls, "") \
	L(vpc_configuration, vpc_subnet, subnets, "") \
	L(vpc_configuration, vpc_vpc, vpcs, "") \
	L(vpc_configuration, vpc_dhcp_options, dhcp_options, "") \
	L(vpc_configuration, vpc_route_table, route_tables, "") \
	L(vpc_configuration, vpc_network_acl, network_acls, "") \
	L(vpc_configuration, vpc_security_group, security_groups, "") \
	L(vpc_configuration, vpc_prefix_list, prefix_lists, "") \
	L(vpc_configuration, vpc_endpoint, endpoints, "") \
	L(vpc_configuration, vpc_interface, interfaces, "") \
	L(vpc_configuration, vpc_nat_gateway, nat_gateways, "") \
	L(vpc_configuration, vpc_internet_gateway, internet_gateways, "") \
	L(vpc_configuration, vpc_firewall_group, firewall_groups, "") \
	L(vpc_configuration, vpc_firewall_domains, firewall_domains, "") \
	L(vpc_configuration, vpc_resolver_rule, resolver_rules, "") \
	L(vpc_configuration, vpc_hosted_zone, hosted_zones, "") \
	L(vpc_configuration, vpc_simulation, simulations, "") \
	L(vpc_configuration, vpc_repository, repositories, "") \
	L(vpc_configuration, vpc_cache_rule, cache_rules, "") \
	L(vpc_configuration, vpc_image, images, "") \
	/* empty, where REGISTRY_POLICY was read: there is none */ \
	X(vpc_configuration, TEXT, registry_policy, "")
struct vpc_configuration {
	struct vpc_subject subject;
	VPC_CONFIGURATION(RECORD_MEMBER, RECORD_MEMBER_LIST)
};
/* clang-format on */

/* Appends a row to `calls`. */
void vpc_called(struct arena *arena, struct vpc_configuration *configuration, enum vpc_part part,
	struct vpc_call call);

/* The part was read about that id, or as a whole, and no call about the same failed. */
bool vpc_was_read(
	const struct vpc_configuration *configuration, enum vpc_part part, struct text about);

/* The call that failed to read it; NULL where none was made, or none failed. */
const struct vpc_call *vpc_unread(
	const struct vpc_configuration *configuration, enum vpc_part part, struct text about);

/* The element of a list by its id, or NULL. Every struct with an `id` begins with it. */
const void *vpc_find(const struct vpc_list *list, size_t size, struct text id);

/* `id` of the list whose elements are `struct type` */
#define VPC_FIND(list, type, id) ((const struct type *)vpc_find(&(list), sizeof(struct type), (id)))

/* no configuration at all: nothing was asked, and there is no subject */
bool vpc_is_empty(const struct vpc_configuration *configuration);
