/* The calls about the pull itself: what the role may do, and what is in the registry. */
#include "base/die.h"
#include "cloud/parts.h"

enum { SIMULATIONS_MAX = 20 };

struct call *reading_add(struct configuration_reading *run, const struct call_row *row, void *into,
	struct text first, struct text about)
{
	struct call *call = calls_add(run->cloud, &run->calls, row);
	call->values[0] = one_text(run->arena, first);
	call->about = one_text(run->arena, about);
	call->into = into;
	return call;
}

struct call *reading_add_about(
	struct configuration_reading *run, const struct call_row *row, void *into, struct text id)
{
	return reading_add(run, row, into, id, id);
}

/* Whether the role may do some actions, two at most, on a resource. */
static void simulate(struct configuration_reading *run, struct text action, struct text other,
	struct text resource)
{
	struct text role = run->subject->what.role;
	if (role.len == 0 || action.len == 0)
		return;
	struct call *call = reading_add(
		run, &iam_calls[IAM_SIMULATE], &run->out->simulations, role, role);
	call->values[1] = one_text(run->arena, action);
	if (other.len)
		texts_add(run->arena, &call->values[1], other);
	call->values[2] = one_text(run->arena, resource);
	for (size_t i = 0; i < call->values[1].count; i++)
		texts_add(run->arena, &call->about, call->values[1].at[i]);
}

/* what a need is asked of: ARNs as they are, names made into ARNs */
static struct text need_resource(
	const struct configuration_reading *run, const struct task_need *need)
{
	struct text partition = run->cloud->partition->name;
	struct text region = need->region.len ? need->region : run->cloud->region;
	struct text account = run->identity.account;
	if (need->endpoint == ENDPOINT_ENVFILE)
		return text_format(run->arena, "arn:%.*s:s3:::%.*s/%.*s", TEXT(partition),
			TEXT(need->bucket), TEXT(need->name));
	if (text_starts(need->name, T("arn:")) || account.len == 0)
		return need->name;
	if (need->endpoint == ENDPOINT_SSM)
		return text_format(run->arena, "arn:%.*s:ssm:%.*s:%.*s:parameter/%.*s",
			TEXT(partition), TEXT(region), TEXT(account),
			TEXT(text_skip(need->name, text_starts(need->name, T("/")))));
	if (need->endpoint == ENDPOINT_LOGS)
		return text_format(run->arena,
			"arn:%.*s:logs:%.*s:%.*s:log-group:%.*s:log-stream:*", TEXT(partition),
			TEXT(region), TEXT(account), TEXT(need->name));
	return text_format(run->arena, "arn:%.*s:secretsmanager:%.*s:%.*s:secret:%.*s",
		TEXT(partition), TEXT(region), TEXT(account), TEXT(need->name));
}

static struct text repository_arn(struct arena *arena, const struct target *target)
{
	return text_format(arena, "arn:%.*s:ecr:%.*s:%.*s:repository/%.*s",
		TEXT(target->partition->name), TEXT(target->region), TEXT(target->account),
		TEXT(target->repository));
}

void reading_ask_role(struct configuration_reading *run)
{
	const struct task *task = run->subject->definition;
	for (size_t i = 0; i < run->target_count; i++) {
		struct text arn = repository_arn(run->arena, &run->targets[i]);
		if (i == 0)
			simulate(run, T("ecr:GetAuthorizationToken"), T(""), T("*"));
		simulate(run, T("ecr:BatchGetImage"), T("ecr:GetDownloadUrlForLayer"), arn);
	}
	for (size_t i = 0; task && i < task->need_count && i < SIMULATIONS_MAX; i++) {
		const struct task_need *need = &task->needs[i];
		struct text resource = need_resource(run, need);
		if (need->mistake.len)
			continue;
		texts_add_once(run->arena, &run->subject->what.resources, resource);
		simulate(run, task_call_of(run->arena, need, T("x")).action,
			need->endpoint == ENDPOINT_LOGS ? T("logs:PutLogEvents") : T(""), resource);
	}
}

void reading_ask_registry(struct configuration_reading *run)
{
	struct vpc_configuration *out = run->out;
	struct text asked = T("");
	for (size_t i = 0; i < run->target_count; i++) {
		const struct target *target = &run->targets[i];
		struct texts account = one_text(run->arena, target->account);
		struct text name = target->repository;
		bool by_tag = target->reference_kind == REFERENCE_TAG;
		reading_add_about(run, &ecr_calls[ECR_REPOSITORIES], &out->repositories, name)
			->values[1] = account;
		reading_add_about(run, &ecr_calls[ECR_REPOSITORY_POLICY], &run->policies[i], name)
			->values[1] = account;
		struct call *images = reading_add_about(
			run, &ecr_calls[ECR_IMAGES], &out->images, name);
		images->values[by_tag ? 1 : 2] = one_text(run->arena, target->reference);
		images->values[3] = account;
		if (!text_equal(asked, target->account))
			reading_add_about(run, &ecr_calls[ECR_CACHE_RULES], &out->cache_rules,
				target->account);
		asked = target->account;
	}
	/* another account's registry policy cannot be asked for */
	if (run->target_count && text_equal(run->identity.account, run->targets[0].account))
		reading_add(run, &ecr_calls[ECR_REGISTRY_POLICY], &run->registry, T(""),
			run->targets[0].account);
}

/* ECR is asked in the registry's Region, not in the subnets' */
void reading_find_registry(struct configuration_reading *run)
{
	struct text region = run->cloud->region;
	struct call call = {.row = &ecr_calls[ECR_REPOSITORIES]};
	if (run->target_count == 0)
		return;
	run->cloud->region = run->targets[0].region;
	places_find(run->cloud, &(struct calls){&call, 1, 1});
	run->cloud->region = region;
}

/* a first pull through the cache makes the repository */
void reading_ask_cache(struct configuration_reading *run)
{
	for (size_t i = 0; run->out->cache_rules.count && i < run->target_count; i++)
		simulate(run, T("ecr:CreateRepository"), T("ecr:BatchImportUpstreamImage"),
			repository_arn(run->arena, &run->targets[i]));
}

void reading_find_targets(struct configuration_reading *run)
{
	const struct texts *images = &run->subject->images;
	run->targets = arena_new(run->arena, struct target, images->count);
	run->policies = arena_new(run->arena, struct policy_document, images->count);
	for (size_t i = 0; i < images->count; i++) {
		struct target *target = &run->targets[run->target_count];
		struct text complaint;
		if (!target_parse(
			    run->arena, images->at[i], run->cloud->region, target, &complaint))
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		run->target_count += target->kind == REGISTRY_ECR;
	}
}
