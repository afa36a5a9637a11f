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
	ECS_STOP,
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
	ECR_REPOSITORY_POLICY,
	ECR_REGISTRY_POLICY,
	ECR_CACHE_RULES,
	ECR_CALLS,
};
extern const struct call_row ecr_calls[ECR_CALLS];

/* what a push needs: one call, and what the registry's own protocol asks for */
enum ecr_push_call {
	ECR_CREATE_REPOSITORY, /* repositoryName, registryId */
	ECR_DELETE_REPOSITORY, /* with a body */
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
	LOGS_CALLS,
};
extern const struct call_row logs_calls[LOGS_CALLS];

/* TagFilters/Key: ARNs of what has the tag */
extern const struct call_row tagging_resources;

/* clang-format off */
#define LAMBDA_FUNCTION(X, L) \
	/* Pending, Active, Inactive, Failed */ \
	X(lambda_function, TEXT, state, "Configuration/State") \
	X(lambda_function, TEXT, code, "Configuration/StateReasonCode") \
	X(lambda_function, TEXT, reason, "Configuration/StateReason")
RECORD(lambda_function, LAMBDA_FUNCTION);

/* names, or ARNs, of what launch made, or finds */
#define NAMES(X, L) \
	X(names, TEXTS, names, "CreateRoleResult/Role/Arn|ListRolesResult/Roles/RoleName|" \
		"logGroups/logGroupName|ResourceTagMappingList/ResourceARN")
RECORD(names, NAMES);

#define CALLER_IDENTITY(X, L) \
	X(caller_identity, TEXT, arn, "GetCallerIdentityResult/Arn") \
	X(caller_identity, TEXT, account, "GetCallerIdentityResult/Account")
RECORD(caller_identity, CALLER_IDENTITY);

#define ECS_NETWORK "networkConfiguration/awsvpcConfiguration/"

/* a deployment, or a task set */
#define ECS_DEPLOYMENT(X, L) \
	X(ecs_deployment, TEXT, status, "status") /* PRIMARY, ACTIVE, INACTIVE */ \
	X(ecs_deployment, TEXT, task_definition, "taskDefinition") \
	X(ecs_deployment, TEXTS, subnets, ECS_NETWORK "subnets") \
	X(ecs_deployment, TEXTS, security_groups, ECS_NETWORK "securityGroups") \
	X(ecs_deployment, TEXT, public_ip, ECS_NETWORK "assignPublicIp") /* ENABLED, DISABLED */
RECORD(ecs_deployment, ECS_DEPLOYMENT);

#define ECS_SERVICE(X, L) \
	X(ecs_service, TEXT, name, "serviceName") \
	X(ecs_service, TEXT, arn, "serviceArn") \
	X(ecs_service, TEXT, cluster, "clusterArn") \
	X(ecs_service, TEXT, status, "status") \
	X(ecs_service, TEXT, launch_type, "launchType") \
	L(ecs_service, ecs_deployment, own, ".") /* what it says itself */ \
	L(ecs_service, ecs_deployment, deployments, "deployments") \
	L(ecs_service, ecs_deployment, task_sets, "taskSets") \
	/* capacity providers: FARGATE, FARGATE_SPOT, others of EC2 */ \
	X(ecs_service, TEXTS, providers, "capacityProviderStrategy/capacityProvider") \
	X(ecs_service, TEXTS, events, "events/message") /* newest first */
RECORD(ecs_service, ECS_SERVICE);

#define ECS_CONTAINER(X, L) \
	X(ecs_container, TEXT, name, "name") \
	X(ecs_container, TEXT, image, "image") \
	X(ecs_container, TEXT, reason, "reason") \
	X(ecs_container, TEXT, status, "lastStatus") \
	X(ecs_container, TEXT, exit_code, "exitCode")
RECORD(ecs_container, ECS_CONTAINER);

#define ECS_TASK(X, L) \
	X(ecs_task, TEXT, arn, "taskArn") \
	X(ecs_task, TEXT, cluster, "clusterArn") \
	X(ecs_task, TEXT, task_definition, "taskDefinitionArn") \
	X(ecs_task, TEXT, group, "group") \
	X(ecs_task, TEXT, launch_type, "launchType") \
	X(ecs_task, TEXT, status, "lastStatus") \
	X(ecs_task, TEXT, stop_code, "stopCode") \
	X(ecs_task, TEXT, reason, "stoppedReason") \
	X(ecs_task, NUMBER, created, "createdAt") /* seconds since 1970; -1: not told */ \
	X(ecs_task, TEXT, role, "overrides/executionRoleArn") \
	X(ecs_task, TEXT, subnet, "attachments/details[name=subnetId]/value") \
	X(ecs_task, TEXT, interface, "attachments/details[name=networkInterfaceId]/value") \
	L(ecs_task, ecs_container, containers, "containers")
RECORD(ecs_task, ECS_TASK);

#define ECS_FAILURE(X, L) \
	X(ecs_failure, TEXT, reason, "reason") \
	X(ecs_failure, TEXT, detail, "detail")
RECORD(ecs_failure, ECS_FAILURE);

/* what the describing calls answer with: one list, the other, or names (ARNs, families) */
#define ECS_ANSWER(X, L) \
	L(ecs_answer, ecs_failure, failures, "failures") \
	L(ecs_answer, ecs_service, services, "services") \
	L(ecs_answer, ecs_task, tasks, "tasks") \
	L(ecs_answer, ecs_container, containers, "taskDefinition/containerDefinitions") \
	X(ecs_answer, TEXTS, names, "taskArns|serviceArns|clusterArns|families")
RECORD(ecs_answer, ECS_ANSWER);
/* clang-format on */

extern const struct read_table caller_identity_table, ecs_answer_table, names_table;
