/* The calls of each service, by name. The parameters of each are in its row, in this order. */
#pragma once
#include "cloud/call.h"

enum ec2_call {
	EC2_SUBNETS,	       /* subnet-id, vpc-id */
	EC2_VPCS,	       /* vpc-id */
	EC2_DNS_SUPPORT,       /* VpcId, Attribute */
	EC2_DNS_HOSTNAMES,     /* VpcId, Attribute */
	EC2_DHCP_OPTIONS,      /* dhcp-options-id */
	EC2_ROUTE_TABLES,      /* vpc-id */
	EC2_NETWORK_ACLS,      /* vpc-id */
	EC2_SECURITY_GROUPS,   /* group-id, vpc-id, group-name */
	EC2_ENDPOINTS,	       /* vpc-id */
	EC2_INTERFACES,	       /* network-interface-id */
	EC2_NAT_GATEWAYS,      /* vpc-id */
	EC2_INTERNET_GATEWAYS, /* attachment.vpc-id */
	EC2_PREFIX_LISTS,      /* prefix-list-name */
	EC2_PREFIX_ENTRIES,    /* PrefixListId */
	EC2_CALLS,
};
extern const struct call_row ec2_calls[EC2_CALLS];

enum ecs_call {
	ECS_SERVICES,	     /* cluster, services */
	ECS_TASKS,	     /* cluster, tasks */
	ECS_TASK_DEFINITION, /* taskDefinition */
	ECS_LIST_TASKS,	     /* cluster, serviceName, desiredStatus */
	ECS_LIST_SERVICES,   /* cluster */
	ECS_LIST_CLUSTERS,
	ECS_LIST_FAMILIES, /* familyPrefix, status */
	ECS_CALLS,
};
extern const struct call_row ecs_calls[ECS_CALLS];

enum resolver_call {
	RESOLVER_FIREWALL_GROUPS,  /* VpcId */
	RESOLVER_FIREWALL_RULES,   /* FirewallRuleGroupId */
	RESOLVER_FIREWALL_DOMAINS, /* FirewallDomainListId */
	RESOLVER_ASSOCIATIONS,	   /* VPCId */
	RESOLVER_RULE,		   /* ResolverRuleId */
	RESOLVER_CALLS,
};
extern const struct call_row resolver_calls[RESOLVER_CALLS];

/* vpcid, vpcregion: the private zones that the VPC's resolver answers from */
extern const struct call_row route53_hosted_zones;

enum iam_call {
	IAM_SIMULATE, /* PolicySourceArn, ActionNames, ResourceArns */
	IAM_CALLS,
};
extern const struct call_row iam_calls[IAM_CALLS];

enum ecr_call {
	ECR_REPOSITORIES,      /* repositoryNames, registryId */
	ECR_IMAGES,	       /* repositoryName, imageIds by tag, by digest, registryId */
	ECR_REPOSITORY_POLICY, /* repositoryName, registryId */
	ECR_REGISTRY_POLICY,
	ECR_CACHE_RULES, /* registryId */
	ECR_CALLS,
};
extern const struct call_row ecr_calls[ECR_CALLS];

enum sts_call_name {
	STS_IDENTITY,
	STS_ASSUME_ROLE,  /* RoleArn, RoleSessionName, ExternalId */
	STS_WEB_IDENTITY, /* RoleArn, RoleSessionName, WebIdentityToken */
	STS_CALLS,
};
extern const struct call_row sts_calls[STS_CALLS];

/* role_name, account_id: GetRoleCredentials of IAM Identity Center */
extern const struct call_row sso_role_credentials;

/* who asks, and what some calls read */
struct caller_identity {
	struct text arn, account;
};

struct dns_attribute {
	bool value;
};

struct policy_document {
	struct text text;
};

/* ECS's own words of a service, a task and its containers */
struct ecs_network {
	struct texts subnets, security_groups;
	struct text public_ip; /* ENABLED, DISABLED; or empty */
};

struct ecs_deployment {	    /* or task set */
	struct text status; /* PRIMARY, ACTIVE, INACTIVE */
	struct text task_definition;
	struct ecs_network network;
};

struct ecs_failure {
	struct text arn, reason;
};

struct ecs_service {
	struct text name, arn, cluster, status, launch_type, task_definition;
	struct vpc_list deployments, task_sets; /* struct ecs_deployment */
	struct ecs_network network;
	struct texts providers; /* capacity providers: FARGATE, FARGATE_SPOT, others of EC2 */
	struct texts events;	/* newest first */
};

struct ecs_container {
	struct text name, image, reason, status, exit_code;
};

struct ecs_task {
	struct text arn, cluster, task_definition, group, launch_type, status, stop_code, reason;
	int64_t created;    /* seconds since 1970; -1: not told */
	struct text role;   /* overrides' executionRoleArn */
	struct text subnet; /* of its network interface */
	struct text interface;
	struct vpc_list containers; /* struct ecs_container */
};

struct ecs_services {
	struct vpc_list services; /* struct ecs_service */
	struct vpc_list failures; /* struct ecs_failure */
};

struct ecs_tasks {
	struct vpc_list tasks; /* struct ecs_task */
	struct vpc_list failures;
};

struct ecs_names {
	struct texts names; /* ARNs, or families */
};
