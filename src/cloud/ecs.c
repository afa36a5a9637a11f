/* ECS's calls. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ */
#include "cloud/services.h"
#include <stddef.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)
#define AWSVPC "networkConfiguration/awsvpcConfiguration/"

static const struct read_row failure_rows[] = {
	{"arn", READ_TEXT, AT(ecs_failure, arn), NULL},
	{"reason", READ_TEXT, AT(ecs_failure, reason), NULL},
};
static const struct read_table failures = {READ_TABLE(ecs_failure, failure_rows), NULL, 0};

static const struct read_row deployment_rows[] = {
	{"status", READ_TEXT, AT(ecs_deployment, status), NULL},
	{"taskDefinition", READ_TEXT, AT(ecs_deployment, task_definition), NULL},
	{AWSVPC "subnets", READ_TEXTS, AT(ecs_deployment, network.subnets), NULL},
	{AWSVPC "securityGroups", READ_TEXTS, AT(ecs_deployment, network.security_groups), NULL},
	{AWSVPC "assignPublicIp", READ_TEXT, AT(ecs_deployment, network.public_ip), NULL},
};
static const struct read_table deployments = {READ_TABLE(ecs_deployment, deployment_rows), NULL, 0};

static const struct read_row service_rows[] = {
	{"serviceName", READ_TEXT, AT(ecs_service, name), NULL},
	{"serviceArn", READ_TEXT, AT(ecs_service, arn), NULL},
	{"clusterArn", READ_TEXT, AT(ecs_service, cluster), NULL},
	{"status", READ_TEXT, AT(ecs_service, status), NULL},
	{"launchType", READ_TEXT, AT(ecs_service, launch_type), NULL},
	{"taskDefinition", READ_TEXT, AT(ecs_service, task_definition), NULL},
	{"deployments", READ_LIST, AT(ecs_service, deployments), &deployments},
	{"taskSets", READ_LIST, AT(ecs_service, task_sets), &deployments},
	{AWSVPC "subnets", READ_TEXTS, AT(ecs_service, network.subnets), NULL},
	{AWSVPC "securityGroups", READ_TEXTS, AT(ecs_service, network.security_groups), NULL},
	{AWSVPC "assignPublicIp", READ_TEXT, AT(ecs_service, network.public_ip), NULL},
	{"capacityProviderStrategy/capacityProvider", READ_TEXTS, AT(ecs_service, providers), NULL},
	{"events/message", READ_TEXTS, AT(ecs_service, events), NULL},
};
static const struct read_table service = {READ_TABLE(ecs_service, service_rows), NULL, 0};

static const struct read_row services_rows[] = {
	{"services", READ_LIST, AT(ecs_services, services), &service},
	{"failures", READ_LIST, AT(ecs_services, failures), &failures},
};
static const struct read_table services = {READ_TABLE(ecs_services, services_rows), NULL, 0};

static const struct read_row container_rows[] = {
	{"name", READ_TEXT, AT(ecs_container, name), NULL},
	{"image", READ_TEXT, AT(ecs_container, image), NULL},
	{"reason", READ_TEXT, AT(ecs_container, reason), NULL},
	{"lastStatus", READ_TEXT, AT(ecs_container, status), NULL},
	{"exitCode", READ_TEXT, AT(ecs_container, exit_code), NULL},
};
static const struct read_table containers = {READ_TABLE(ecs_container, container_rows), NULL, 0};

static const struct read_row task_rows[] = {
	{"taskArn", READ_TEXT, AT(ecs_task, arn), NULL},
	{"clusterArn", READ_TEXT, AT(ecs_task, cluster), NULL},
	{"taskDefinitionArn", READ_TEXT, AT(ecs_task, task_definition), NULL},
	{"group", READ_TEXT, AT(ecs_task, group), NULL},
	{"launchType", READ_TEXT, AT(ecs_task, launch_type), NULL},
	{"lastStatus", READ_TEXT, AT(ecs_task, status), NULL},
	{"stopCode", READ_TEXT, AT(ecs_task, stop_code), NULL},
	{"stoppedReason", READ_TEXT, AT(ecs_task, reason), NULL},
	{"overrides/executionRoleArn", READ_TEXT, AT(ecs_task, role), NULL},
	{"attachments/details[name=subnetId]/value", READ_TEXT, AT(ecs_task, subnet), NULL},
	{"attachments/details[name=networkInterfaceId]/value", READ_TEXT, AT(ecs_task, interface),
		NULL},
	{"createdAt", READ_NUMBER, AT(ecs_task, created), NULL},
	{"containers", READ_LIST, AT(ecs_task, containers), &containers},
};
static const struct read_table task = {READ_TABLE(ecs_task, task_rows), NULL, 0};

static const struct read_row tasks_rows[] = {
	{"tasks", READ_LIST, AT(ecs_tasks, tasks), &task},
	{"failures", READ_LIST, AT(ecs_tasks, failures), &failures},
};
static const struct read_table tasks = {READ_TABLE(ecs_tasks, tasks_rows), NULL, 0};

static const struct read_row name_rows[] = {
	{"taskArns|serviceArns|clusterArns|families", READ_TEXTS, AT(ecs_names, names), NULL},
};
static const struct read_table names = {READ_TABLE(ecs_names, name_rows), NULL, 0};

#define PAGED "nextToken", "nextToken", false, -1
#define WHOLE NULL, NULL, false, -1

const struct call_row ecs_calls[ECS_CALLS] = {
	[ECS_SERVICES] = {SERVICE_ECS, "DescribeServices", NULL,
		"the service's subnets, groups, task definition and events",
		{{"cluster", PARAMETER_ONE}, {"services", PARAMETER_MANY}}, NULL, &services, WHOLE},
	[ECS_TASKS] = {SERVICE_ECS, "DescribeTasks", NULL, "why a task stopped, and where it was",
		{{"cluster", PARAMETER_ONE}, {"tasks", PARAMETER_MANY}}, NULL, &tasks, WHOLE},
	[ECS_TASK_DEFINITION] = {SERVICE_ECS, "DescribeTaskDefinition", NULL,
		"the images, the execution role, and what the start needs besides",
		{{"taskDefinition", PARAMETER_ONE}}, NULL, NULL, WHOLE},
	[ECS_LIST_TASKS] = {SERVICE_ECS, "ListTasks", NULL, "the service's stopped tasks",
		{{"cluster", PARAMETER_ONE}, {"serviceName", PARAMETER_ONE},
			{"desiredStatus", PARAMETER_ONE}}, NULL, &names, PAGED},
	[ECS_LIST_SERVICES] = {SERVICE_ECS, "ListServices", NULL,
		"the nearest name, where a service is not found",
		{{"cluster", PARAMETER_ONE}}, NULL, &names, PAGED},
	[ECS_LIST_CLUSTERS] = {SERVICE_ECS, "ListClusters", NULL,
		"the nearest name, where a cluster is not found", {{NULL, 0}}, NULL, &names, PAGED},
	[ECS_LIST_FAMILIES] = {SERVICE_ECS, "ListTaskDefinitionFamilies", NULL,
		"the nearest name, where a task definition is not found",
		{{"familyPrefix", PARAMETER_ONE}, {"status", PARAMETER_ONE}}, NULL, &names, PAGED},
};
