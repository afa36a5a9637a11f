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
	X(IMAGES, "images")			  /* a repository's name */                        \
	X(PLATFORMS, "platforms")		  /* an image's digest: those of an index */

#define VPC_PART_ENUM_(name, label) VPC_##name,
enum vpc_part { VPC_PARTS(VPC_PART_ENUM_) VPC_PART_COUNT };
struct text vpc_part_name(enum vpc_part part);

/* clang-format off */
/* What was asked of the control plane. "There is no such thing" (RepositoryNotFoundException,
 * ImageNotFoundException, RepositoryPolicyNotFoundException, InvalidVpcID.NotFound ...) is an
 * answer and no error: the row's `error` is empty then, and the list lacks the thing. */
#define VPC_CALL(X, L, S) \
	X(S, TEXT, part, "") /* vpc_part_name */ \
	X(S, TEXT, about, "") /* see VPC_PARTS; empty: everything of the part */ \
	X(S, TEXT, call, "") /* "ec2:DescribeVpcEndpoints" */ \
	X(S, TEXT, action, "") /* the IAM action it needs: mostly the same */ \
	/* AWS's error code, or a word of our own; empty where it was read */ \
	X(S, TEXT, error, "") \
	X(S, TEXT, message, "") /* AWS's words */
RECORD(vpc_call, VPC_CALL);

/* What is to be pulled, from where. */
#define VPC_SUBJECT(X, L, S) \
	X(S, TEXT, image, "") \
	X(S, TEXT, platform, "") /* "linux/amd64" */ \
	/* ARN of the role that pulls: the execution role; empty: not known */ \
	X(S, TEXT, role, "") \
	/* ARN of what was read of ECS, without a role where that is empty; empty: none was */ \
	X(S, TEXT, task_definition, "") \
	X(S, TEXT, region, "") \
	X(S, TEXT, account, "") /* the caller's */ \
	X(S, TEXT, launch_type, "") /* "FARGATE", "LAMBDA", "EC2"; empty is FARGATE */ \
	X(S, FLAG, public_ip, "") /* assignPublicIp */ \
	X(S, TEXTS, subnets, "") /* the ones to judge; a report of one subnet has one */ \
	X(S, TEXTS, security_groups, "") \
	X(S, TEXTS, services, "") /* needed besides: logs, secretsmanager, ssm, kms ... */ \
	/* ARNs that those services are asked for: secrets, parameters, keys, log groups */ \
	X(S, TEXTS, resources, "")
RECORD(vpc_subject, VPC_SUBJECT);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html */
#define VPC_SUBNET(X, L, S) \
	X(S, TEXT, id, "subnetId") \
	X(S, TEXT, vpc, "vpcId") \
	X(S, TEXT, owner, "ownerId") \
	X(S, TEXT, zone, "availabilityZone") /* "us-east-1a" */ \
	X(S, TEXT, zone_id, "availabilityZoneId") /* "use1-az1" */ \
	X(S, TEXT, cidr, "cidrBlock") /* empty in an IPv6-only subnet */ \
	X(S, TEXTS, cidrs6, "ipv6CidrBlockAssociationSet/ipv6CidrBlock") \
	X(S, FLAG, map_public_ip, "mapPublicIpOnLaunch") \
	X(S, FLAG, ipv6_native, "ipv6Native") \
	X(S, FLAG, dns64, "enableDns64") \
	/* VPC Block Public Access: "off", "block-ingress", "block-bidirectional" */ \
	X(S, TEXT, internet_gateway_block, "blockPublicAccessStates/internetGatewayBlockMode") \
	X(S, NUMBER, available_addresses, "availableIpAddressCount") /* -1: not known */
RECORD(vpc_subnet, VPC_SUBNET);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html */
#define VPC_VPC(X, L, S) \
	X(S, TEXT, id, "vpcId") \
	X(S, TEXT, owner, "ownerId") /* another account's than the subject's: a shared VPC */ \
	X(S, TEXT, dhcp_options, "dhcpOptionsId") \
	/* the associated ones, IPv4 */ \
	X(S, TEXTS, cidrs, "cidrBlockAssociationSet[cidrBlockState/state=associated]/cidrBlock") \
	X(S, TEXTS, cidrs6, \
		"ipv6CidrBlockAssociationSet[ipv6CidrBlockState/state=associated]/ipv6CidrBlock") \
	/* meaningless unless DNS_SUPPORT was read */ \
	X(S, FLAG, dns_support, "enableDnsSupport/value") \
	X(S, FLAG, dns_hostnames, "enableDnsHostnames/value")
RECORD(vpc_vpc, VPC_VPC);

/* https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html */
#define VPC_DHCP_OPTIONS(X, L, S) \
	X(S, TEXT, id, "dhcpOptionsId") \
	X(S, TEXTS, servers, "dhcpConfigurationSet[key=domain-name-servers]/valueSet/value")
RECORD(vpc_dhcp_options, VPC_DHCP_OPTIONS);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html */
#define VPC_ROUTE(X, L, S) \
	/* a CIDR of either family, or a prefix list's id */ \
	X(S, TEXT, destination, \
		"destinationCidrBlock|destinationIpv6CidrBlock|destinationPrefixListId") \
	/* the target's id: "local", igw-, eigw-, nat-, vpce-, tgw-, pcx-, vgw-, eni-, \
	   i-, lgw-, cagw-, or a core network's ARN */ \
	X(S, TEXT, target, \
		"natGatewayId|transitGatewayId|vpcPeeringConnectionId" \
		"|egressOnlyInternetGatewayId|carrierGatewayId|localGatewayId|coreNetworkArn" \
		"|networkInterfaceId|instanceId|gatewayId") \
	X(S, TEXT, state, "state") /* active, blackhole, filtered */ \
	X(S, TEXT, origin, "origin") /* CreateRoute, CreateRouteTable, EnableVgwRoutePropagation */
RECORD(vpc_route, VPC_ROUTE);

#define VPC_ROUTE_TABLE(X, L, S) \
	X(S, TEXT, id, "routeTableId") \
	X(S, TEXT, vpc, "vpcId") \
	X(S, FLAG, main, "associationSet/main") \
	X(S, TEXTS, subnets, "associationSet/subnetId") /* associated explicitly */ \
	L(S, vpc_route, routes, "routeSet")
RECORD(vpc_route_table, VPC_ROUTE_TABLE);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html */
#define VPC_ACL_ENTRY(X, L, S) \
	X(S, NUMBER, number, "ruleNumber") \
	X(S, FLAG, egress, "egress") \
	X(S, TEXT, action, "ruleAction") /* allow, deny */ \
	X(S, TEXT, protocol, "protocol") /* a number; "-1" is all */ \
	X(S, TEXT, cidr, "cidrBlock|ipv6CidrBlock") /* of either family */ \
	X(S, NUMBER, from, "portRange/from") /* ports; -1: the entry has none */ \
	X(S, NUMBER, to, "portRange/to")
RECORD(vpc_acl_entry, VPC_ACL_ENTRY);

#define VPC_NETWORK_ACL(X, L, S) \
	X(S, TEXT, id, "networkAclId") \
	X(S, TEXT, vpc, "vpcId") \
	X(S, FLAG, is_default, "default") \
	X(S, TEXTS, subnets, "associationSet/subnetId") \
	L(S, vpc_acl_entry, entries, "entrySet") /* in any order */
RECORD(vpc_network_acl, VPC_NETWORK_ACL);

/* One peer of one permission: a permission with three ranges is three rules.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
#define VPC_GROUP_RULE(X, L, S) \
	X(S, SECOND, egress, "") \
	X(S, TEXT, protocol, "ipProtocol") /* tcp, udp, icmp, icmpv6, "-1", or a number */ \
	X(S, NUMBER, from, "fromPort") /* ports; -1: the rule has none */ \
	X(S, NUMBER, to, "toPort") \
	/* a CIDR of either family, a prefix list's id, or a group's */ \
	X(S, EACH, peer, \
		"ipRanges/cidrIp|ipv6Ranges/cidrIpv6|prefixListIds/prefixListId|groups/groupId")
RECORD(vpc_group_rule, VPC_GROUP_RULE);

#define VPC_SECURITY_GROUP(X, L, S) \
	X(S, TEXT, id, "groupId") \
	X(S, TEXT, name, "groupName") \
	X(S, TEXT, vpc, "vpcId") \
	X(S, TEXT, owner, "ownerId") \
	L(S, vpc_group_rule, rules, "ipPermissions|ipPermissionsEgress")
RECORD(vpc_security_group, VPC_SECURITY_GROUP);

/* AWS's (DescribePrefixLists) and the customer's own (GetManagedPrefixListEntries) */
#define VPC_PREFIX_LIST(X, L, S) \
	X(S, TEXT, id, "prefixListId") \
	/* "com.amazonaws.us-east-1.s3" of AWS's; may be empty */ \
	X(S, TEXT, name, "prefixListName") \
	X(S, TEXTS, entries, "cidrSet|entrySet/cidr") /* CIDRs */
RECORD(vpc_prefix_list, VPC_PREFIX_LIST);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html */
#define VPC_ENDPOINT(X, L, S) \
	X(S, TEXT, id, "vpcEndpointId") \
	X(S, TEXT, vpc, "vpcId") \
	X(S, TEXT, owner, "ownerId") \
	/* Interface, Gateway, GatewayLoadBalancer, Resource, ServiceNetwork */ \
	X(S, TEXT, type, "vpcEndpointType") \
	X(S, TEXT, service, "serviceName") /* "com.amazonaws.us-east-1.ecr.dkr" */ \
	/* "available"; the API's spelling varies, compare without case */ \
	X(S, TEXT, state, "state") \
	X(S, FLAG, private_dns, "privateDnsEnabled") \
	/* of S3 */ \
	X(S, FLAG, private_dns_only_inbound, \
		"dnsOptions/privateDnsOnlyForInboundResolverEndpoint") \
	X(S, TEXT, ip_address_type, "ipAddressType") /* ipv4, ipv6, dualstack */ \
	X(S, TEXT, policy, "policyDocument") /* the document as JSON; empty is full access */ \
	X(S, TEXTS, subnets, "subnetIdSet") \
	X(S, TEXTS, interfaces, "networkInterfaceIdSet") \
	X(S, TEXTS, groups, "groupSet/groupId") \
	X(S, TEXTS, route_tables, "routeTableIdSet") /* of a gateway endpoint */ \
	X(S, TEXTS, dns_names, "dnsEntrySet/dnsName") \
	X(S, JOINED, error, "lastError/code|lastError/message")
RECORD(vpc_endpoint, VPC_ENDPOINT);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
#define VPC_INTERFACE(X, L, S) \
	X(S, TEXT, id, "networkInterfaceId") \
	X(S, TEXT, subnet, "subnetId") \
	X(S, TEXT, type, "interfaceType") \
	X(S, TEXT, description, "description") \
	X(S, TEXTS, groups, "groupSet/groupId") \
	/* private IPv4 and IPv6 */ \
	X(S, TEXTS, addresses, \
		"privateIpAddressesSet/privateIpAddress|ipv6AddressesSet/ipv6Address")
RECORD(vpc_interface, VPC_INTERFACE);

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html */
#define VPC_NAT_GATEWAY(X, L, S) \
	X(S, TEXT, id, "natGatewayId") \
	X(S, TEXT, vpc, "vpcId") \
	X(S, TEXT, subnet, "subnetId") /* empty: a regional one */ \
	X(S, TEXT, state, "state") \
	X(S, JOINED, failure, "failureCode|failureMessage") \
	X(S, TEXT, connectivity, "connectivityType") /* public, private */ \
	X(S, TEXTS, addresses, "natGatewayAddressSet/privateIp") /* private ones */
RECORD(vpc_nat_gateway, VPC_NAT_GATEWAY);

#define VPC_INTERNET_GATEWAY(X, L, S) \
	X(S, TEXT, id, "internetGatewayId") \
	X(S, TEXT, vpc, "attachmentSet/vpcId") /* of its attachment */ \
	/* of its attachment: attached or available; empty: detached */ \
	X(S, TEXT, state, "attachmentSet/state")
RECORD(vpc_internet_gateway, VPC_INTERNET_GATEWAY);

/* https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html */
#define VPC_FIREWALL_RULE(X, L, S) \
	X(S, NUMBER, priority, "Priority") \
	X(S, TEXT, domain_list, "FirewallDomainListId") \
	X(S, TEXT, action, "Action") /* ALLOW, ALERT, BLOCK */ \
	X(S, TEXT, block_response, "BlockResponse") /* NODATA, NXDOMAIN, OVERRIDE */ \
	X(S, TEXT, qtype, "Qtype") /* "A", "AAAA" ...; empty is every type */ \
	/* INSPECT_REDIRECTION_DOMAIN (the default), TRUST_... */ \
	X(S, TEXT, redirection, "FirewallDomainRedirectionAction")
RECORD(vpc_firewall_rule, VPC_FIREWALL_RULE);

#define VPC_FIREWALL_GROUP(X, L, S) \
	X(S, TEXT, id, "FirewallRuleGroupId") \
	X(S, TEXT, vpc, "VpcId") /* of the association */ \
	X(S, NUMBER, priority, "Priority") /* of the association */ \
	X(S, TEXT, status, "Status") /* of the association: COMPLETE ... */ \
	L(S, vpc_firewall_rule, rules, "") /* read where FIREWALL_RULES was, about id */
RECORD(vpc_firewall_group, VPC_FIREWALL_GROUP);

#define VPC_FIREWALL_DOMAINS(X, L, S) \
	X(S, TEXT, id, "") \
	X(S, TEXTS, domains, "Domains") /* "example.com.", "*.example.com." */
RECORD(vpc_firewall_domains, VPC_FIREWALL_DOMAINS);

/* https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRule.html */
#define VPC_RESOLVER_RULE(X, L, S) \
	X(S, TEXT, id, "ResolverRuleId") \
	X(S, TEXT, vpc, "VPCId") /* of the association */ \
	X(S, TEXT, domain, "ResolverRule/DomainName") /* "example.com."; "." is all */ \
	X(S, TEXT, type, "ResolverRule/RuleType") /* FORWARD, SYSTEM, RECURSIVE, DELEGATE */ \
	X(S, TEXTS, targets, "ResolverRule/TargetIps/Ip|ResolverRule/TargetIps/Ipv6") \
	X(S, TEXT, status, "Status") /* of the association */
RECORD(vpc_resolver_rule, VPC_RESOLVER_RULE);

#define VPC_HOSTED_ZONE(X, L, S) \
	X(S, TEXT, id, "HostedZoneId") \
	X(S, TEXT, vpc, "") \
	X(S, TEXT, name, "Name") /* "dkr.ecr.us-east-1.amazonaws.com." */ \
	X(S, TEXT, owner, "Owner/OwningAccount|Owner/OwningService")
RECORD(vpc_hosted_zone, VPC_HOSTED_ZONE);

/* One action of SimulatePrincipalPolicy.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html */
#define VPC_SIMULATION(X, L, S) \
	X(S, TEXT, action, "EvalActionName") \
	X(S, TEXT, resource, "EvalResourceName") \
	X(S, TEXT, decision, "EvalDecision") /* allowed, explicitDeny, implicitDeny */ \
	/* of the statements that matched */ \
	X(S, TEXTS, sources, "MatchedStatements/SourcePolicyId") \
	X(S, TEXTS, missing, "MissingContextValues") \
	/* "true", "false"; empty: no detail */ \
	X(S, TEXT, organizations, "OrganizationsDecisionDetail/AllowedByOrganizations") \
	/* likewise */ \
	X(S, TEXT, boundary, "PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary")
RECORD(vpc_simulation, VPC_SIMULATION);

#define VPC_REPOSITORY(X, L, S) \
	X(S, TEXT, name, "repositoryName") \
	X(S, TEXT, arn, "repositoryArn") \
	X(S, TEXT, registry, "registryId") \
	/* empty, where REPOSITORY_POLICY was read: there is none */ \
	X(S, TEXT, policy, "policyText") \
	X(S, FLAG, immutable, "") \
	X(S, TEXTS, nearest, "") /* tags like the wanted one, where that is missing */
RECORD(vpc_repository, VPC_REPOSITORY);

#define VPC_CACHE_RULE(X, L, S) \
	X(S, TEXT, prefix, "ecrRepositoryPrefix") \
	X(S, TEXT, upstream, "upstreamRegistryUrl")
RECORD(vpc_cache_rule, VPC_CACHE_RULE);

/* of DescribeImages, the image that is to be pulled */
#define VPC_IMAGE(X, L, S) \
	X(S, TEXT, repository, "repositoryName") \
	X(S, TEXT, digest, "imageDigest") \
	X(S, TEXTS, tags, "imageTags") \
	X(S, TEXT, manifest_type, "imageManifestMediaType") \
	X(S, TEXT, status, "imageStatus") /* ACTIVE, ARCHIVED; may be empty */ \
	X(S, TEXTS, platforms, "") /* "linux/amd64"; empty: not known */
RECORD(vpc_image, VPC_IMAGE);

#define VPC_CONFIGURATION(X, L, S) \
	L(S, vpc_call, calls, "") \
	L(S, vpc_subnet, subnets, "") \
	L(S, vpc_vpc, vpcs, "") \
	L(S, vpc_dhcp_options, dhcp_options, "") \
	L(S, vpc_route_table, route_tables, "") \
	L(S, vpc_network_acl, network_acls, "") \
	L(S, vpc_security_group, security_groups, "") \
	L(S, vpc_prefix_list, prefix_lists, "") \
	L(S, vpc_endpoint, endpoints, "") \
	L(S, vpc_interface, interfaces, "") \
	L(S, vpc_nat_gateway, nat_gateways, "") \
	L(S, vpc_internet_gateway, internet_gateways, "") \
	L(S, vpc_firewall_group, firewall_groups, "") \
	L(S, vpc_firewall_domains, firewall_domains, "") \
	L(S, vpc_resolver_rule, resolver_rules, "") \
	L(S, vpc_hosted_zone, hosted_zones, "") \
	L(S, vpc_simulation, simulations, "") \
	L(S, vpc_repository, repositories, "") \
	L(S, vpc_cache_rule, cache_rules, "") \
	L(S, vpc_image, images, "") \
	X(S, TEXT, registry_policy, "") /* empty, where REGISTRY_POLICY was read: there is none */
struct vpc_configuration {
	struct vpc_subject subject;
	VPC_CONFIGURATION(RECORD_MEMBER, RECORD_MEMBER_LIST, vpc_configuration)
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

/* what launch made in the account */
struct made {
	struct text kind, id; /* "function", its name */
	bool removed;
	struct text left; /* why it is still there, and the line that removes it; or empty */
};
