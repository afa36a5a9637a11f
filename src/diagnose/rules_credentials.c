/* The probe's own credentials. The pull's are another matter on Fargate: containers never see the
 * execution role's, so the text says how to lend them to the probe. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define LEND                                                                                 \
	"Run the probe with the pull's role as task role: aws ecs run-task ... --overrides " \
	"'{\"taskRoleArn\":\"EXECUTION_ROLE_ARN\"}'."

static bool source_holds(const struct step *step, struct text word)
{
	struct text source = seen_text(step, FACT_SOURCE);
	return text_find_same(source, word) < source.len;
}

static bool is_container(const struct step *step)
{
	return source_holds(step, T("container"));
}

static bool is_profile(const struct step *step)
{
	return source_holds(step, T("profile"));
}

static bool says_assume_role(const struct step *step)
{
	struct text code = seen_text(step, FACT_ERROR_CODE);
	return text_holds(code, T("AssumeRole")) ||
		text_holds(seen_text(step, FACT_ACTION), T("sts:AssumeRole"));
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "credentials-none-fargate", .symptoms = SYMPTOM(NO_SOURCE), .run = {is_fargate},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The probe's task has no task role, so it has no credentials to ask for a "
		"token with. Nothing is said here about the pull's own execution role.",
		.fix = {LEND},
		.confirm = {"aws ecs describe-tasks{region_option} --cluster {cluster} --tasks "
		"TASK_ID --query 'tasks[].[taskDefinitionArn,overrides.taskRoleArn,"
		"overrides.executionRoleArn]'"}},
	{.id = "credentials-none-ec2", .symptoms = SYMPTOM(NO_SOURCE), .run = {is_ec2},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "No source of credentials was found on this EC2 host: {passed_over}. The "
		"pull uses the instance role.",
		.fix = {"Attach an instance profile whose role has {managed_policy}, and let "
		"containers reach the instance metadata (hop limit 2)."},
		.confirm = {"aws ec2 describe-iam-instance-profile-associations{region_option}"}},
	{.id = "credentials-none", .symptoms = SYMPTOM(NO_SOURCE),
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "No source of credentials was found: {passed_over}.",
		.fix = {"Give the probe the credentials of the role that pulls: a task role, an "
		"instance profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."},
		.confirm = {"aws sts get-caller-identity"}},
	{.id = "credentials-forbidden-host", .symptoms = SYMPTOM(FORBIDDEN_HOST),
		.cause = CAUSE_CLIENT_CONFIG,
		.says = "AWS_CONTAINER_CREDENTIALS_FULL_URI names {uri}, a host that no SDK sends "
		"credential requests to over plain HTTP.",
		.fix = {"Use https, a loopback address, 169.254.170.2, 169.254.170.23 or "
		"[fd00:ec2::23] in AWS_CONTAINER_CREDENTIALS_FULL_URI."},
		.confirm = {"printenv AWS_CONTAINER_CREDENTIALS_FULL_URI"}},
	{.id = "credentials-expired", .symptoms = SYMPTOM(EXPIRED),
		.cause = CAUSE_AUTH_TOKEN_EXPIRED,
		.says = "The credentials from {source} expired at {expires}.",
		.fix = {"Fetch new credentials; do not bake temporary ones into a task or image."}},
	{.id = "credentials-not-assumable", .symptoms = SYMPTOM(DENIED) | SYMPTOM(STATUS) |
		SYMPTOM(UNAUTHENTICATED), .step = {says_assume_role},
		.cause = CAUSE_AUTH_ASSUME_ROLE,
		.says = "The role behind {source} cannot be assumed: {words}.",
		.fix = {"Correct the role's trust policy: ecs-tasks.amazonaws.com for tasks, "
		"ec2.amazonaws.com for instances, lambda.amazonaws.com for functions."}},
	{.id = "credentials-no-task-role", .symptoms = SYMPTOM(STATUS) | SYMPTOM(DENIED),
		.status = {404, 404}, .step = {is_container}, .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The task's credential endpoint has no credentials for this task (404): it "
		"has no task role.", .fix = {LEND},
		.confirm = {"aws ecs describe-tasks{region_option} --cluster {cluster} --tasks "
		"TASK_ID --query 'tasks[].overrides.taskRoleArn'"}},
	{.id = "credentials-throttled", .symptoms = SYMPTOM(THROTTLED),
		.cause = CAUSE_AUTH_THROTTLED,
		.says = "{source} throttles requests for credentials: {words}.",
		.fix = {"Ask for credentials less often; keep them until shortly before "
		"{expires}."}, .confirm = {"aws sts get-caller-identity"}},
	{.id = "credentials-endpoint-silent", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(REFUSED) |
		SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED) | SYMPTOM(RESET) | SYMPTOM(CLOSED) |
		SYMPTOM(STALLED), .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The credential endpoint {uri} cannot be reached: {words}.",
		.fix = {"On EC2 check that the ECS agent runs and that 169.254.170.2 is routed to "
		"it; elsewhere that the endpoint's process runs."},
		.confirm = {"curl -s http://localhost:51678/v1/metadata"}},
	{.id = "credentials-profile", .symptoms = SYMPTOM(LOCAL), .step = {is_profile},
		.cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The shared files' profile gives the probe no credentials: {words}.",
		.fix = {"Hand the probe what the AWS CLI gets: eval \"$(aws configure "
		"export-credentials --format env)\"", "Or name another profile in AWS_PROFILE."},
		.confirm = {"aws configure list"}},
	{.id = "credentials-local", .symptoms = SYMPTOM(LOCAL), .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "The credentials of {source} cannot be read here: {words}.",
		.fix = {"A token file must be readable here and hold the token alone, without any "
		"line break."}, .confirm = {"aws sts get-caller-identity"}},
	{.id = "credentials-malformed", .symptoms = SYMPTOM(MALFORMED) | SYMPTOM(TRUNCATED) |
		SYMPTOM(TOO_LARGE) | SYMPTOM(NOT_THE_SERVICE), .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "{uri} answers, but not with credentials: {words}.",
		.fix = {"Let requests to link-local addresses pass every proxy "
		"(NO_PROXY=169.254.170.2,169.254.169.254)."},
		.confirm = {"aws sts get-caller-identity"}},
	{.id = "credentials-not-ready", .status = {503, 503}, .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_AUTH_ASSUME_ROLE},
		.says = "{source} gives no credentials (status {status}): {words}.",
		.verify = "Whether the role exists and its trust policy lets this service assume "
		"it.", .fix = {"Check role and trust policy; on ECS start a new task."},
		.confirm = {"aws iam get-role --role-name {role_name} --query "
		"Role.AssumeRolePolicyDocument"}},
	{.id = "credentials-failed", .cause = CAUSE_AUTH_NO_CREDENTIALS,
		.says = "{source} gives no credentials (status {status}): {words}.",
		.fix = {"Check that the task has a role; on ECS start a new task, on EKS restart "
		"the agent."},
		.confirm = {"aws ecs describe-tasks{region_option} --cluster {cluster} --tasks "
		"TASK_ID --query 'tasks[].overrides.taskRoleArn'"}},
};
/* clang-format on */

const struct rule_part rules_credentials = RULE_PART(STAGE(CREDENTIALS), rows);
