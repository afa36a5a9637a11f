/* ECS's calls. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ */
#include "cloud/services.h"

READ_TABLE(ecs_deployment, ECS_DEPLOYMENT);
READ_TABLE(ecs_service, ECS_SERVICE);
READ_TABLE(ecs_container, ECS_CONTAINER);
READ_TABLE(ecs_task, ECS_TASK);
READ_TABLE(ecs_failure, ECS_FAILURE);
READ_TABLE(ecs_answer, ECS_ANSWER);

/* clang-format off */
#define PAGED "nextToken", "nextToken", false, -1
#define WHOLE NULL, NULL, false, -1
#define MAKES (CALL_CHANGES | CALL_FARGATE)

const struct call_row ecs_calls[ECS_CALLS] = {
	[ECS_SERVICES] = {SERVICE_ECS, "DescribeServices", NULL,
		"the service's subnets, groups, task definition and events",
		{{"cluster", PARAMETER_ONE}, {"services", PARAMETER_MANY}}, NULL, &ecs_answer_table, WHOLE},
	[ECS_TASKS] = {SERVICE_ECS, "DescribeTasks", NULL, "why a task stopped, and where it was",
		{{"cluster", PARAMETER_ONE}, {"tasks", PARAMETER_MANY}}, NULL, &ecs_answer_table, WHOLE},
	[ECS_TASK_DEFINITION] = {SERVICE_ECS, "DescribeTaskDefinition", NULL,
		"the images, the execution role, and what the start needs besides",
		{{"taskDefinition", PARAMETER_ONE}}, NULL, &ecs_answer_table, WHOLE},
	[ECS_LIST_TASKS] = {SERVICE_ECS, "ListTasks", NULL, "the service's stopped tasks",
		{{"cluster", PARAMETER_ONE}, {"serviceName", PARAMETER_ONE},
			{"desiredStatus", PARAMETER_ONE}}, NULL, &ecs_answer_table, PAGED},
	[ECS_LIST_SERVICES] = {SERVICE_ECS, "ListServices", NULL,
		"the nearest name, where a service is not found",
		{{"cluster", PARAMETER_ONE}}, NULL, &ecs_answer_table, PAGED},
	[ECS_LIST_CLUSTERS] = {SERVICE_ECS, "ListClusters", NULL,
		"the nearest name, where a cluster is not found", {{NULL, 0}}, NULL, &ecs_answer_table, PAGED},
	[ECS_LIST_FAMILIES] = {SERVICE_ECS, "ListTaskDefinitionFamilies", NULL,
		"the nearest name, where a task definition is not found",
		{{"familyPrefix", PARAMETER_ONE}, {"status", PARAMETER_ONE}}, NULL, &ecs_answer_table, PAGED},
	[ECS_REGISTER] = {.service = SERVICE_ECS, .name = "RegisterTaskDefinition",
		.purpose = "the probe's task", .traits = MAKES, .part = -1},
	[ECS_RUN] = {.service = SERVICE_ECS, .name = "RunTask", .purpose = "a task in each subnet",
		.reads = &ecs_answer_table, .traits = MAKES, .part = -1},
	[ECS_STOP] = {.service = SERVICE_ECS, .name = "StopTask", .purpose = "a task that does not end",
		.parameters = {{"task", PARAMETER_ONE}, {"cluster", PARAMETER_ONE}},
		.traits = MAKES, .part = -1},
	[ECS_DEREGISTER] = {.service = SERVICE_ECS, .name = "DeregisterTaskDefinition",
		.purpose = "when its tasks have ended",
		.parameters = {{"taskDefinition", PARAMETER_ONE}}, .traits = MAKES, .part = -1},
	[ECS_TAG] = {.service = SERVICE_ECS, .name = "TagResource",
		.purpose = "tasks and their definition are made with a tag", .traits = MAKES, .part = -1},
};
