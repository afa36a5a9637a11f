/* Whether the role that pulls is there, and may: what SimulatePrincipalPolicy says of it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

const struct vpc_simulation *judge_simulation(
	const struct judge *judge, const char *action, struct text resource)
{
	const struct vpc_simulation *all = judge->configuration->simulations.at;
	const struct vpc_simulation *found = NULL;
	for (size_t i = 0; i < judge->configuration->simulations.count; i++) {
		if (!text_same(all[i].action, text_of(action)))
			continue;
		if (resource.len && text_equal(all[i].resource, resource))
			return &all[i];
		if (!found || text_same(found->decision, T("allowed")))
			found = &all[i];
	}
	return found;
}

struct text judge_role_name(struct text arn)
{
	while (text_holds(arn, T("/")))
		text_cut(&arn, T("/"));
	return arn;
}

void judge_suggest_role(struct judge *judge, const struct vpc_simulation *simulation,
	const char *action, struct link *link)
{
	struct arena *arena = judge->arena;
	struct text role = judge_role_name(judge->configuration->subject.role);
	struct text sources = texts_joined(arena, simulation->sources);
	struct text resource = simulation->resource.len ? simulation->resource : T("*");
	struct text policy = judge_with_statement(arena, T(""),
		json_pack("{s:s,s:s,s:s%}", "Effect", "Allow", "Action", action, "Resource",
			resource.at, (int)resource.len));
	if (text_same(simulation->decision, T("explicitDeny")))
		judge_advise(judge, link, "Remove the Deny of %s from policy %.*s of role %.*s.",
			action, TEXT(sources), TEXT(role));
	else if (text_equal(simulation->boundary, T("false")))
		judge_advise(judge, link, "Allow %s in the permissions boundary of role %.*s.",
			action, TEXT(role));
	else if (text_equal(simulation->organizations, T("false")))
		judge_advise(judge, link,
			"Allow %s in the organization's service control policies.", action);
	else
		judge_advise(judge, link,
			"aws iam put-role-policy --role-name %.*s --policy-name pullprobe-pull "
			"--policy-document '%.*s'",
			TEXT(role), TEXT(policy));
}

/* the role */

/* SimulatePrincipalPolicy sees what the role has, its boundary, and the organization's policies;
 * not the repository's, which within the account may grant it to the role itself. */
static enum effect role_effect(struct judge *judge, const struct endpoint_call *call,
	const struct vpc_simulation *simulation, const struct policy_answer *repository)
{
	struct text name = judge->target->repository;
	bool may_grant = call->endpoint == ENDPOINT_DKR && !judge_is_cross_account(judge) &&
		!text_equal(simulation->organizations, T("false")) &&
		!text_same(simulation->decision, T("explicitDeny"));
	enum effect effect = simulation->missing.count ? EFFECT_UNDECIDED : EFFECT_BLOCKS;
	if (text_same(simulation->decision, T("allowed")))
		return EFFECT_PASSES;
	if (!may_grant)
		return effect;
	if (repository->decision == POLICY_UNDECIDED)
		return EFFECT_UNDECIDED;
	if (repository->decision == POLICY_ALLOWED && text_equal(simulation->boundary, T("false")))
		return EFFECT_UNDECIDED;
	if (repository->decision == POLICY_ALLOWED &&
		text_holds(repository->statement, judge->configuration->subject.role))
		return EFFECT_PASSES;
	if (repository->decision != POLICY_ALLOWED &&
		(!vpc_was_read(judge->configuration, VPC_REPOSITORIES, name) ||
			!vpc_was_read(judge->configuration, VPC_REPOSITORY_POLICY, name)))
		return EFFECT_UNREAD; /* it may grant it */
	return effect;
}

/* The managed policy of a role that pulls and writes logs. */
static void suggest_new_role(struct judge *judge, struct link *link)
{
	struct text name = judge_role_name(judge->configuration->subject.role);
	const struct partition *partition = judge->target->partition;
	judge_advise(judge, link,
		"aws iam create-role --role-name %.*s --assume-role-policy-document "
		"'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
		"{\"Service\":\"ecs-tasks.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'",
		TEXT(name));
	judge_advise(judge, link,
		"aws iam attach-role-policy --role-name %.*s --policy-arn "
		"arn:%.*s:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
		TEXT(name), TEXT(partition ? partition->name : T("aws")));
}

/* Whether a call lacks any role: the task definition names none, or one that is not there. What
 * Fargate does before the task runs it does with the execution role; an instance has one of its own
 * for images and logs, and none for secrets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
static bool is_role_absent(const struct judge *judge, const struct endpoint_call *call)
{
	const struct vpc_configuration *configuration = judge->configuration;
	const struct vpc_subject *subject = &configuration->subject;
	bool by_instance = text_same(subject->launch_type, T("EC2")) &&
		(endpoint_is_of_pull(call->endpoint) || call->endpoint == ENDPOINT_LOGS);
	if (!subject->role.len)
		return subject->task_definition.len && !by_instance;
	return !configuration->simulations.count &&
		vpc_was_read(configuration, VPC_SIMULATIONS, subject->role) &&
		text_equal(policy_account(subject->role), subject->account);
}

static void judge_absent_role(struct judge *judge, const struct endpoint_call *call)
{
	const struct vpc_subject *subject = &judge->configuration->subject;
	struct text role = subject->role;
	struct text id = role.len ? role : subject->task_definition;
	struct link link = {call->stage, "role", .id = id, .effect = EFFECT_BLOCKS,
		.cause = role.len ? CAUSE_AUTH_ASSUME_ROLE : CAUSE_AUTH_NO_CREDENTIALS};
	if (role.len) {
		struct link *gone = judge_link(
			judge, link, "Role %.*s does not exist", TEXT(judge_role_name(role)));
		judge_read(judge, gone, "%.*s: NoSuchEntity", TEXT(role));
		suggest_new_role(judge, gone);
	} else {
		struct link *none = judge_link(judge, link,
			"Task definition %.*s has no execution role, which %s needs",
			TEXT(judge_role_name(id)), call->action);
		judge_read(judge, none, "%.*s: no executionRoleArn", TEXT(id));
		judge_fix(judge, none,
			"aws ecs register-task-definition --cli-input-json "
			"file://TASK_DEFINITION.json --execution-role-arn ROLE_ARN");
	}
}

void judge_role(struct judge *judge, const struct endpoint_call *call, struct text resource,
	const struct policy_answer *repository, bool is_first)
{
	struct text role = judge->configuration->subject.role;
	const struct vpc_simulation *simulation = judge_simulation(judge, call->action, resource);
	if (is_role_absent(judge, call)) {
		/* without a token no more is asked of ECR */
		if (is_first && call->endpoint != ENDPOINT_DKR)
			judge_absent_role(judge, call);
		return;
	}
	if (!simulation) {
		judge_unread(judge, call->stage, "role", role, VPC_SIMULATIONS, role);
		return;
	}
	bool scp = text_equal(simulation->organizations, T("false"));
	struct text sources = texts_joined(judge->arena, simulation->sources);
	struct link *link = judge_link(judge,
		(struct link){call->stage, "role", .id = role,
			.effect = role_effect(judge, call, simulation, repository),
			.cause = scp ? CAUSE_AUTH_SCP : CAUSE_AUTH_IAM_IDENTITY},
		"Role %.*s %s %s%s%.*s%s", TEXT(judge_role_name(role)),
		text_same(simulation->decision, T("allowed")) ? "may call"
			: scp ? "may not call, by an organization's policy,"
			: text_equal(simulation->boundary, T("false"))
			? "may not call, by its permissions boundary,"
			: text_same(simulation->decision, T("explicitDeny")) ? "is denied"
									     : "may not call",
		call->action, sources.len ? " (policy " : "", TEXT(sources),
		sources.len ? ")" : "");
	judge_read(judge, link, "%s on %.*s: %.*s", call->action, TEXT(simulation->resource),
		TEXT(simulation->decision));
	judge_suggest_role(judge, simulation, call->action, link);
}
