/* The probe's own credentials. The pull's are another matter on Fargate: containers never see the
 * execution role's, so the text says how to lend them to the probe. */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

#define LEND                                                                                 \
	"Run the probe with the pull's role as task role: aws ecs run-task ... --overrides " \
	"'{\"taskRoleArn\":\"EXECUTION_ROLE_ARN\"}'."

static bool status_is(const struct step *step, int64_t status)
{
	return seen_number(step, FACT_STATUS) == status;
}

static bool source_holds(const struct step *step, struct text word)
{
	struct text source = seen_text(step, FACT_SOURCE);
	return text_find_same(source, word) < source.len;
}

static bool is_container(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return source_holds(step, T("container"));
}

static bool is_profile(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return source_holds(step, T("profile"));
}

static bool status_is_404(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return status_is(step, 404);
}

static bool is_not_ready(const struct scene *scene, const struct step *step)
{
	(void)scene;
	return status_is(step, 503);
}

static bool says_assume_role(const struct scene *scene, const struct step *step)
{
	(void)scene;
	struct text code = seen_text(step, FACT_ERROR_CODE);
	return text_holds(code, T("AssumeRole")) ||
		text_holds(seen_text(step, FACT_ACTION), T("sts:AssumeRole"));
}

static const struct rule rows[] = {
	{
		.id = "credentials-none-fargate",
		.causes = CAUSE(NO_SOURCE),
		.when = {is_fargate},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The probe's task has no task role, so it has no credentials to ask for a "
			"token with. Nothing is said here about the pull's own execution role.",
		.fix = {LEND},
		.confirm = {"aws ecs describe-tasks{region_option} --cluster {cluster} --tasks "
			    "TASK_ID --query 'tasks[].[taskDefinitionArn,overrides.taskRoleArn,"
			    "overrides.executionRoleArn]'"},
	},
	{
		.id = "credentials-none-ec2",
		.causes = CAUSE(NO_SOURCE),
		.when = {is_ec2},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "No source of credentials was found on this EC2 host: {passed_over}. The "
			"pull uses the instance role.",
		.fix = {"Attach an instance profile whose role has {managed_policy}, and let "
			"containers reach the instance metadata (hop limit 2)."},
		.confirm = {"aws ec2 describe-iam-instance-profile-associations{region_option}"},
	},
	{
		.id = "credentials-none",
		.causes = CAUSE(NO_SOURCE),
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "No source of credentials was found: {passed_over}.",
		.fix = {"Give the probe the credentials of the role that pulls: a task role, an "
			"instance profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-forbidden-host",
		.causes = CAUSE(FORBIDDEN_HOST),
		.class = CLASS_CLIENT_CONFIG,
		.says = "AWS_CONTAINER_CREDENTIALS_FULL_URI names {uri}, a host that no SDK sends "
			"credential requests to over plain HTTP.",
		.fix = {"Use https, a loopback address, 169.254.170.2, 169.254.170.23 or "
			"[fd00:ec2::23] in AWS_CONTAINER_CREDENTIALS_FULL_URI."},
		.confirm = {"printenv AWS_CONTAINER_CREDENTIALS_FULL_URI"},
	},
	{
		.id = "credentials-expired",
		.causes = CAUSE(EXPIRED),
		.class = CLASS_AUTH_TOKEN_EXPIRED,
		.says = "The credentials from {source} expired at {expires}.",
		.fix = {"Fetch new credentials; do not bake temporary ones into a task or image."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-not-assumable",
		.causes = CAUSE(DENIED) | CAUSE(STATUS) | CAUSE(UNAUTHENTICATED),
		.when = {says_assume_role},
		.class = CLASS_AUTH_ASSUME_ROLE,
		.says = "The role behind {source} cannot be assumed: {words}.",
		.fix = {"Correct the role's trust policy: ecs-tasks.amazonaws.com for tasks, "
			"ec2.amazonaws.com for instances, lambda.amazonaws.com for functions."},
		.confirm = {"aws iam get-role --role-name {role_name} --query "
			    "Role.AssumeRolePolicyDocument"},
	},
	{
		.id = "credentials-no-task-role",
		.causes = CAUSE(STATUS) | CAUSE(DENIED),
		.when = {status_is_404, is_container},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The task's credential endpoint has no credentials for this task (404): it "
			"has no task role.",
		.fix = {LEND},
		.confirm = {"aws ecs describe-tasks{region_option} --cluster {cluster} --tasks "
			    "TASK_ID --query 'tasks[].overrides.taskRoleArn'"},
	},
	{
		.id = "credentials-throttled",
		.causes = CAUSE(THROTTLED),
		.class = CLASS_AUTH_THROTTLED,
		.says = "{source} throttles requests for credentials: {words}.",
		.fix = {"Ask for credentials less often; keep them until shortly before "
			"{expires}."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-endpoint-silent",
		.causes = CAUSE(TIMEOUT) | CAUSE(REFUSED) | CAUSE(UNREACHABLE) | CAUSE(PROHIBITED) |
			CAUSE(RESET) | CAUSE(CLOSED) | CAUSE(STALLED),
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The credential endpoint {uri} cannot be reached: {words}.",
		.fix = {"On EC2 check that the ECS agent runs and that 169.254.170.2 is routed to "
			"it; elsewhere that the endpoint's process runs."},
		.confirm = {"curl -s http://localhost:51678/v1/metadata"},
	},
	{
		.id = "credentials-profile",
		.causes = CAUSE(LOCAL),
		.when = {is_profile},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The shared files' profile gives the probe no credentials: {words}.",
		.fix = {"Hand the probe what the AWS CLI gets: eval \"$(aws configure "
			"export-credentials --format env)\"",
			"Or name another profile in AWS_PROFILE."},
		.confirm = {"aws configure list"},
	},
	{
		.id = "credentials-local",
		.causes = CAUSE(LOCAL),
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "The credentials of {source} cannot be read here: {words}.",
		.fix = {"A token file must be readable here and hold the token alone, without any "
			"line break."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-malformed",
		.causes = CAUSE(MALFORMED) | CAUSE(TRUNCATED) | CAUSE(TOO_LARGE) |
			CAUSE(NOT_THE_SERVICE),
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "{uri} answers, but not with credentials: {words}.",
		.fix = {"Let requests to link-local addresses pass every proxy "
			"(NO_PROXY=169.254.170.2,169.254.169.254)."},
		.confirm = {"aws sts get-caller-identity"},
	},
	{
		.id = "credentials-not-ready",
		.when = {is_not_ready},
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.certainty = CERTAINTY_LIKELY,
		.alternatives = {CLASS_AUTH_ASSUME_ROLE},
		.says = "{source} gives no credentials (status {status}): {words}.",
		.decide =
			"Whether the role exists and its trust policy lets this service assume it.",
		.fix = {"Check role and trust policy; on ECS start a new task."},
		.confirm = {"aws iam get-role --role-name {role_name} --query "
			    "Role.AssumeRolePolicyDocument"},
	},
	{
		.id = "credentials-failed",
		.class = CLASS_AUTH_NO_CREDENTIALS,
		.says = "{source} gives no credentials (status {status}): {words}.",
		.fix = {"Check that the task has a role; on ECS start a new task, on EKS restart "
			"the agent."},
		.confirm = {"aws ecs describe-tasks{region_option} --cluster {cluster} --tasks "
			    "TASK_ID --query 'tasks[].overrides.taskRoleArn'"},
	},
};

const struct rule_part rules_credentials = RULE_PART(STAGE(CREDENTIALS), rows);
