/* Calls of Lambda, of CloudWatch Logs and of the tags of all services.
 * https://docs.aws.amazon.com/lambda/latest/api/
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/ */
#include "cloud/services.h"

READ_TABLE(lambda_function, LAMBDA_FUNCTION);
READ_TABLE(names, NAMES);

/* clang-format off */
#define MAKES (CALL_CHANGES | CALL_LAMBDA)
#define BY_NAME {{"FunctionName", PARAMETER_ONE}}

/* GetFunction has a quota of its own, 100 a second; the others share 15: "Lambda quotas" */
const struct call_row lambda_calls[LAMBDA_CALLS] = {
	[LAMBDA_CREATE] = {.service = SERVICE_LAMBDA, .name = "CreateFunction",
		.purpose = "a function in each subnet", .traits = MAKES, .part = -1},
	[LAMBDA_GET] = {.service = SERVICE_LAMBDA, .name = "GetFunction",
		.purpose = "whether the function is ready", .parameters = BY_NAME,
		.reads = &lambda_function_table, .traits = CALL_LAMBDA, .part = -1},
	[LAMBDA_INVOKE] = {.service = SERVICE_LAMBDA, .name = "Invoke",
		.action = "lambda:InvokeFunction", .purpose = "the probe, and its report",
		.parameters = BY_NAME, .traits = MAKES | CALL_WAITS, .part = -1},
	[LAMBDA_DELETE] = {.service = SERVICE_LAMBDA, .name = "DeleteFunction",
		.purpose = "the function, after its report",
		.parameters = BY_NAME, .traits = MAKES | CALL_WAITS, .part = -1},
	[LAMBDA_TAG] = {.service = SERVICE_LAMBDA, .name = "TagResource",
		.purpose = "the functions are made with a tag", .traits = MAKES, .part = -1},
};

const struct call_row logs_calls[LOGS_CALLS] = {
	[LOGS_GROUPS] = {.service = SERVICE_LOGS, .name = "DescribeLogGroups",
		.purpose = "log groups that earlier runs left, and that of \\-\\-logs",
		.parameters = {{"logGroupNamePrefix", PARAMETER_ONE}}, .reads = &names_table,
		.next = "nextToken", .send_next = "nextToken",
		.traits = CALL_LAMBDA | CALL_FARGATE, .part = -1},
	[LOGS_DELETE_GROUP] = {.service = SERVICE_LOGS, .name = "DeleteLogGroup",
		.purpose = "the log group that Lambda makes for a function",
		.parameters = {{"logGroupName", PARAMETER_ONE}}, .traits = MAKES, .part = -1},
	[LOGS_EVENTS] = {.service = SERVICE_LOGS, .name = "GetLogEvents",
		.purpose = "the reports of tasks, with \\-\\-logs",
		.parameters = {{"logGroupName", PARAMETER_ONE}, {"logStreamName", PARAMETER_ONE},
			{"startFromHead", PARAMETER_TRUE}}, .reads = &names_table,
		.next = "nextForwardToken", .send_next = "nextToken",
		.traits = CALL_FARGATE | CALL_REPEATS, .part = -1},
};

const struct call_row tagging_resources = {.service = SERVICE_TAGGING, .name = "GetResources",
	.action = "tag:GetResources", .purpose = "what earlier runs left",
	.parameters = {{"TagFilters/Key", PARAMETER_MEMBER}}, .reads = &names_table,
	.next = "PaginationToken", .send_next = "PaginationToken",
	.traits = CALL_LAMBDA | CALL_FARGATE, .part = -1};
