/* The configuration that decides about a pull, as AWS's control plane describes it: what `inspect`
 * reads, and what the diagnosis judges. Data alone: texts and lists live in an arena, ids and words
 * are AWS's own, in AWS's own spelling.
 *
 * Nothing that was not read is ever taken as absent. Every call leaves a row in `calls`, which says
 * about which part of the configuration it was, and whether it failed. A part is read where such a
 * row says so; only then does an empty list mean that there is nothing. */
#pragma once
#include "base/arena.h"

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

/* A list of structs of one type, which the comment names: `const struct x *rows = list.at;`. */
struct vpc_list {
	void *at;
	size_t count;
};

/* Appends a zeroed element to a list of elements of `size` bytes and returns it; it is valid until
 * the next addition. The room doubles, so a list may be long. */
void *vpc_add(struct arena *arena, struct vpc_list *list, size_t size);

/* What was asked of the control plane. "There is no such thing" (RepositoryNotFoundException,
 * ImageNotFoundException, RepositoryPolicyNotFoundException, InvalidVpcID.NotFound ...) is an
 * answer and no error: the row's `error` is empty then, and the list lacks the thing. */
struct vpc_call {
	struct text part;    /* vpc_part_name */
	struct text about;   /* see VPC_PARTS; empty: everything of the part */
	struct text call;    /* "ec2:DescribeVpcEndpoints" */
	struct text action;  /* the IAM action it needs: mostly the same */
	struct text error;   /* AWS's error code, or a word of our own; empty where it was read */
	struct text message; /* AWS's words */
};

/* What is to be pulled, from where. */
struct vpc_subject {
	struct text image;
	struct text platform; /* "linux/amd64" */
	struct text role;     /* ARN of the role that pulls: the execution role; empty: not known */
	struct text region;
	struct text account;	 /* the caller's */
	struct text launch_type; /* "FARGATE", "LAMBDA", "EC2"; empty is FARGATE */
	bool public_ip;		 /* assignPublicIp */
	struct texts subnets;	 /* the ones to judge; a report of one subnet has one */
	struct texts security_groups;
	struct texts services;	/* needed besides: logs, secretsmanager, ssm, kms ... */
	struct texts resources; /* ARNs that those services are asked for: secrets, parameters,
				   keys, log groups */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html */
struct vpc_subnet {
	struct text id;
	struct text vpc;
	struct text owner;
	struct text zone;    /* "us-east-1a" */
	struct text zone_id; /* "use1-az1" */
	struct text cidr;    /* empty in an IPv6-only subnet */
	struct texts cidrs6;
	bool map_public_ip;
	bool ipv6_native;
	bool dns64;
	struct text internet_gateway_block; /* VPC Block Public Access: "off", "block-ingress",
					       "block-bidirectional" */
	int64_t available_addresses;	    /* -1: not known */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html */
struct vpc_vpc {
	struct text id;
	struct text owner; /* another account's than the subject's: a shared VPC */
	struct text dhcp_options;
	struct texts cidrs; /* the associated ones, IPv4 */
	struct texts cidrs6;
	bool dns_support; /* meaningless unless DNS_SUPPORT was read */
	bool dns_hostnames;
};

/* https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html */
struct vpc_dhcp_options {
	struct text id;
	struct texts servers; /* domain-name-servers */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html */
struct vpc_route {
	struct text destination; /* a CIDR of either family, or a prefix list's id */
	struct text target; /* the target's id: "local", igw-, eigw-, nat-, vpce-, tgw-, pcx-, vgw-,
			       eni-, i-, lgw-, cagw-, or a core network's ARN */
	struct text state;  /* active, blackhole, filtered */
	struct text origin; /* CreateRoute, CreateRouteTable, EnableVgwRoutePropagation */
};

struct vpc_route_table {
	struct text id;
	struct text vpc;
	bool main;
	struct texts subnets;	/* associated explicitly */
	struct vpc_list routes; /* struct vpc_route */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html */
struct vpc_acl_entry {
	int64_t number;
	bool egress;
	struct text action;   /* allow, deny */
	struct text protocol; /* a number; "-1" is all */
	struct text cidr;     /* of either family */
	int64_t from;	      /* ports; -1: the entry has none */
	int64_t to;
};

struct vpc_network_acl {
	struct text id;
	struct text vpc;
	bool is_default;
	struct texts subnets;
	struct vpc_list entries; /* struct vpc_acl_entry, in any order */
};

/* One peer of one permission: a permission with three ranges is three rules.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
struct vpc_group_rule {
	bool egress;
	struct text protocol; /* tcp, udp, icmp, icmpv6, "-1", or a number */
	int64_t from;	      /* ports; -1: the rule has none */
	int64_t to;
	struct text peer; /* a CIDR of either family, a prefix list's id, or a group's */
};

struct vpc_security_group {
	struct text id;
	struct text name;
	struct text vpc;
	struct text owner;
	struct vpc_list rules; /* struct vpc_group_rule */
};

/* AWS's (DescribePrefixLists) and the customer's own (GetManagedPrefixListEntries) */
struct vpc_prefix_list {
	struct text id;
	struct text name;     /* "com.amazonaws.us-east-1.s3" of AWS's; may be empty */
	struct texts entries; /* CIDRs */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html */
struct vpc_endpoint {
	struct text id;
	struct text vpc;
	struct text owner;
	struct text type;    /* Interface, Gateway, GatewayLoadBalancer, Resource, ServiceNetwork */
	struct text service; /* "com.amazonaws.us-east-1.ecr.dkr" */
	struct text state;   /* "available"; the API's spelling varies, compare without case */
	bool private_dns;
	bool private_dns_only_inbound; /* PrivateDnsOnlyForInboundResolverEndpoint, of S3 */
	struct text ip_address_type;   /* ipv4, ipv6, dualstack */
	struct text policy;	       /* the document as JSON; empty is full access */
	struct texts subnets;
	struct texts interfaces;
	struct texts groups;
	struct texts route_tables; /* of a gateway endpoint */
	struct texts dns_names;
	struct text error; /* lastError: "code: message" */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
struct vpc_interface {
	struct text id;
	struct text subnet;
	struct text type;
	struct text description;
	struct texts groups;
	struct texts addresses; /* private IPv4 and IPv6 */
};

/* https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html */
struct vpc_nat_gateway {
	struct text id;
	struct text vpc;
	struct text subnet; /* empty: a regional one */
	struct text state;
	struct text failure;	  /* failureCode: failureMessage */
	struct text connectivity; /* public, private */
	struct texts addresses;	  /* private ones */
};

struct vpc_internet_gateway {
	struct text id;
	struct text vpc;   /* of its attachment */
	struct text state; /* of its attachment: attached or available; empty: detached */
};

/* https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html */
struct vpc_firewall_rule {
	int64_t priority;
	struct text domain_list;
	struct text action;	    /* ALLOW, ALERT, BLOCK */
	struct text block_response; /* NODATA, NXDOMAIN, OVERRIDE */
	struct text qtype;	    /* "A", "AAAA" ...; empty is every type */
	struct text redirection;    /* INSPECT_REDIRECTION_DOMAIN (the default), TRUST_... */
};

struct vpc_firewall_group {
	struct text id;
	struct text vpc;    /* of the association */
	int64_t priority;   /* of the association */
	struct text status; /* of the association: COMPLETE ... */
	struct vpc_list
		rules; /* struct vpc_firewall_rule; read where FIREWALL_RULES was, about id */
};

struct vpc_firewall_domains {
	struct text id;
	struct texts domains; /* "example.com.", "*.example.com." */
};

/* https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRule.html */
struct vpc_resolver_rule {
	struct text id;
	struct text vpc;    /* of the association */
	struct text domain; /* "example.com."; "." is all */
	struct text type;   /* FORWARD, SYSTEM, RECURSIVE, DELEGATE */
	struct texts targets;
	struct text status; /* of the association */
};

struct vpc_hosted_zone {
	struct text id;
	struct text vpc;
	struct text name; /* "dkr.ecr.us-east-1.amazonaws.com." */
	struct text owner;
};

/* One action of SimulatePrincipalPolicy.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html */
struct vpc_simulation {
	struct text action;
	struct text resource;
	struct text decision;	   /* allowed, explicitDeny, implicitDeny */
	struct texts sources;	   /* SourcePolicyId of the statements that matched */
	struct texts missing;	   /* MissingContextValues */
	struct text organizations; /* AllowedByOrganizations: "true", "false"; empty: no detail */
	struct text boundary;	   /* AllowedByPermissionsBoundary, likewise */
};

struct vpc_repository {
	struct text name;
	struct text arn;
	struct text registry;
	struct text policy; /* empty, where REPOSITORY_POLICY was read: there is none */
	bool immutable;
};

struct vpc_cache_rule {
	struct text prefix; /* ecrRepositoryPrefix */
	struct text upstream;
};

/* of DescribeImages, the image that is to be pulled */
struct vpc_image {
	struct text repository;
	struct text digest;
	struct texts tags;
	struct text manifest_type;
	struct text status;	/* imageStatus: ACTIVE, ARCHIVED; may be empty */
	struct texts platforms; /* "linux/amd64"; empty: not known */
};

struct vpc_configuration {
	struct vpc_subject subject;
	struct vpc_list calls;		   /* struct vpc_call */
	struct vpc_list subnets;	   /* struct vpc_subnet */
	struct vpc_list vpcs;		   /* struct vpc_vpc */
	struct vpc_list dhcp_options;	   /* struct vpc_dhcp_options */
	struct vpc_list route_tables;	   /* struct vpc_route_table */
	struct vpc_list network_acls;	   /* struct vpc_network_acl */
	struct vpc_list security_groups;   /* struct vpc_security_group */
	struct vpc_list prefix_lists;	   /* struct vpc_prefix_list */
	struct vpc_list endpoints;	   /* struct vpc_endpoint */
	struct vpc_list interfaces;	   /* struct vpc_interface */
	struct vpc_list nat_gateways;	   /* struct vpc_nat_gateway */
	struct vpc_list internet_gateways; /* struct vpc_internet_gateway */
	struct vpc_list firewall_groups;   /* struct vpc_firewall_group */
	struct vpc_list firewall_domains;  /* struct vpc_firewall_domains */
	struct vpc_list resolver_rules;	   /* struct vpc_resolver_rule */
	struct vpc_list hosted_zones;	   /* struct vpc_hosted_zone */
	struct vpc_list simulations;	   /* struct vpc_simulation */
	struct vpc_list repositories;	   /* struct vpc_repository */
	struct vpc_list cache_rules;	   /* struct vpc_cache_rule */
	struct vpc_list images;		   /* struct vpc_image */
	struct text registry_policy; /* empty, where REGISTRY_POLICY was read: there is none */
};

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
