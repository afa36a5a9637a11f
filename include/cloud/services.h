/* The calls of each service, by name: the parameters of each are in its row, in their order. And
 * what is read of ECS and STS. */
#pragma once
#include "cloud/call.h"
#include "model/vpc_json.h"

enum ec2_call {
	EC2_SUBNETS,
	EC2_VPCS,
	EC2_DNS_SUPPORT,
	EC2_DNS_HOSTNAMES,
	EC2_DHCP_OPTIONS,
	EC2_ROUTE_TABLES,
	EC2_NETWORK_ACLS,
	EC2_SECURITY_GROUPS,
	EC2_ENDPOINTS,
	EC2_INTERFACES,
	EC2_NAT_GATEWAYS,
	EC2_INTERNET_GATEWAYS,
	EC2_PREFIX_LISTS,
	EC2_PREFIX_ENTRIES,
	EC2_CALLS,
};
extern const struct call_row ec2_calls[EC2_CALLS];

enum ecs_call {
	ECS_SERVICES,
	ECS_TASKS,
	ECS_TASK_DEFINITION,
	ECS_LIST_TASKS,
	ECS_LIST_SERVICES,
	ECS_LIST_CLUSTERS,
	ECS_LIST_FAMILIES,
	ECS_REGISTER, /* with a body, */
	ECS_RUN,      /* and this too */
	ECS_STOP,     /* task, cluster */
	ECS_DEREGISTER,
	ECS_TAG, /* no call: a permission that these need */
	ECS_CALLS,
};
extern const struct call_row ecs_calls[ECS_CALLS];

enum resolver_call {
	RESOLVER_FIREWALL_GROUPS,
	RESOLVER_FIREWALL_RULES,
	RESOLVER_FIREWALL_DOMAINS,
	RESOLVER_ASSOCIATIONS,
	RESOLVER_RULE,
	RESOLVER_CALLS,
};
extern const struct call_row resolver_calls[RESOLVER_CALLS];

/* vpcid, vpcregion: the private zones that the VPC's resolver answers from */
extern const struct call_row route53_hosted_zones;

enum iam_call {
	IAM_SIMULATE,
	IAM_CREATE_ROLE,
	IAM_PUT_POLICY,
	IAM_ROLES,
	IAM_DELETE_POLICY,
	IAM_DELETE_ROLE,
	IAM_TAG_ROLE,  /* no call: a permission that CreateRole needs, */
	IAM_PASS_ROLE, /* and this what is made with a role */
	IAM_CALLS,
};
extern const struct call_row iam_calls[IAM_CALLS];

enum ecr_call {
	ECR_REPOSITORIES,
	ECR_IMAGES,
	ECR_TAGS,
	ECR_MANIFEST,
	ECR_REPOSITORY_POLICY,
	ECR_REGISTRY_POLICY,
	ECR_CACHE_RULES,
	ECR_CALLS,
};
extern const struct call_row ecr_calls[ECR_CALLS];

/* what a push needs: one call, and what the registry's own protocol asks for */
enum ecr_push_call {
	ECR_CREATE_REPOSITORY, /* repositoryName, registryId */
	ECR_DELETE_REPOSITORY, /* repositoryName, and whether its images go too */
	ECR_PUSH_TOKEN,
	ECR_PUSH_LAYERS,
	ECR_PUSH_BEGIN,
	ECR_PUSH_PART,
	ECR_PUSH_END,
	ECR_PUSH_IMAGE,
	ECR_PUSH_LOOK,
	ECR_PUSH_CALLS,
};
extern const struct call_row ecr_push_calls[ECR_PUSH_CALLS];

enum sts_call_name {
	STS_IDENTITY,
	STS_ASSUME_ROLE,
	STS_WEB_IDENTITY,
	STS_CALLS,
};
extern const struct call_row sts_calls[STS_CALLS];

/* role_name, account_id: GetRoleCredentials of IAM Identity Center */
extern const struct call_row sso_role_credentials;

enum lambda_call {
	LAMBDA_CREATE, /* with a body */
	LAMBDA_GET,
	LAMBDA_INVOKE, /* the event is the body */
	LAMBDA_DELETE,
	LAMBDA_TAG, /* no call: a permission that CreateFunction needs */
	LAMBDA_CALLS,
};
extern const struct call_row lambda_calls[LAMBDA_CALLS];

enum logs_call {
	LOGS_GROUPS,
	LOGS_DELETE_GROUP,
	LOGS_EVENTS, /* logGroupName, logStreamName, and whether the oldest come first */
	LOGS_CALLS,
};
extern const struct call_row logs_calls[LOGS_CALLS];

/* TagFilters/Key: ARNs of what has the tag */
extern const struct call_row tagging_resources;

/* clang-format off */
#define LAMBDA_FUNCTION(X, L, S) \
	/* Pending, Active, Inactive, Failed */ \
	X(S, TEXT, state, "Configuration/State") \
	X(S, TEXT, code, "Configuration/StateReasonCode") \
	X(S, TEXT, reason, "Configuration/StateReason")
RECORD(lambda_function, LAMBDA_FUNCTION);

/* names, or ARNs, of what launch made, or finds */
#define NAMES(X, L, S) \
	X(S, TEXTS, names, "CreateRoleResult/Role/Arn|ListRolesResult/Roles/RoleName|" \
		"logGroups/logGroupName|events/message|ResourceTagMappingList/ResourceARN")
RECORD(names, NAMES);

#define CALLER_IDENTITY(X, L, S) \
	X(S, TEXT, arn, "GetCallerIdentityResult/Arn") \
	X(S, TEXT, account, "GetCallerIdentityResult/Account")
RECORD(caller_identity, CALLER_IDENTITY);

#define ECR_MANIFEST_FIELDS(X, L, S) \
	X(S, TEXT, document, "images/imageManifest") \
	X(S, TEXT, type, "images/imageManifestMediaType")
RECORD(ecr_manifest, ECR_MANIFEST_FIELDS);

#define ECS_NETWORK "networkConfiguration/awsvpcConfiguration/"

/* a deployment, or a task set */
#define ECS_DEPLOYMENT(X, L, S) \
	X(S, TEXT, status, "status") /* PRIMARY, ACTIVE, INACTIVE */ \
	X(S, TEXT, task_definition, "taskDefinition") \
	X(S, TEXTS, subnets, ECS_NETWORK "subnets") \
	X(S, TEXTS, security_groups, ECS_NETWORK "securityGroups") \
	X(S, TEXT, public_ip, ECS_NETWORK "assignPublicIp") /* ENABLED, DISABLED */ \
	X(S, TEXT, launch_type, "launchType") \
	/* capacity providers: FARGATE, FARGATE_SPOT, others of EC2 */ \
	X(S, TEXTS, providers, "capacityProviderStrategy/capacityProvider")
RECORD(ecs_deployment, ECS_DEPLOYMENT);

#define ECS_SERVICE(X, L, S) \
	X(S, TEXT, name, "serviceName") \
	X(S, TEXT, arn, "serviceArn") \
	X(S, TEXT, cluster, "clusterArn") \
	X(S, TEXT, status, "status") \
	L(S, ecs_deployment, own, ".") /* what it says itself */ \
	L(S, ecs_deployment, deployments, "deployments") \
	L(S, ecs_deployment, task_sets, "taskSets") \
	X(S, TEXTS, events, "events/message") /* newest first */
RECORD(ecs_service, ECS_SERVICE);

#define ECS_CONTAINER(X, L, S) \
	X(S, TEXT, name, "name") \
	X(S, TEXT, image, "image") \
	X(S, TEXT, reason, "reason") \
	X(S, TEXT, status, "lastStatus") \
	X(S, TEXT, exit_code, "exitCode")
RECORD(ecs_container, ECS_CONTAINER);

#define ECS_TASK(X, L, S) \
	X(S, TEXT, arn, "taskArn") \
	X(S, TEXT, cluster, "clusterArn") \
	X(S, TEXT, task_definition, "taskDefinitionArn") \
	X(S, TEXT, group, "group") \
	X(S, TEXT, launch_type, "launchType") \
	X(S, TEXT, status, "lastStatus") \
	X(S, TEXT, stop_code, "stopCode") \
	X(S, TEXT, reason, "stoppedReason") \
	X(S, NUMBER, created, "createdAt") /* seconds since 1970; -1: not told */ \
	X(S, TEXT, role, "overrides/executionRoleArn") \
	X(S, TEXT, subnet, "attachments/details[name=subnetId]/value") \
	X(S, TEXT, interface, "attachments/details[name=networkInterfaceId]/value") \
	L(S, ecs_container, containers, "containers")
RECORD(ecs_task, ECS_TASK);

#define ECS_FAILURE(X, L, S) \
	X(S, TEXT, reason, "reason") \
	X(S, TEXT, detail, "detail")
RECORD(ecs_failure, ECS_FAILURE);

/* what the describing calls answer with: one list, the other, or names (ARNs, families) */
#define ECS_ANSWER(X, L, S) \
	L(S, ecs_failure, failures, "failures") \
	L(S, ecs_service, services, "services") \
	L(S, ecs_task, tasks, "tasks") \
	X(S, TEXT, definition, "taskDefinition/taskDefinitionArn") \
	L(S, ecs_container, containers, "taskDefinition/containerDefinitions") \
	X(S, TEXTS, names, "taskArns|serviceArns|clusterArns|families")
RECORD(ecs_answer, ECS_ANSWER);
/* clang-format on */

extern const struct read_table caller_identity_table, ecs_answer_table, names_table;
