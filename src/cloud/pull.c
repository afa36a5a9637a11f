/* The calls about the pull itself: what the role may do, and what is in the registry. */
#include "base/die.h"
#include "cloud/parts.h"

enum { SIMULATIONS_MAX = 20 };

struct call *reading_add(
	struct reading *run, const struct call_row *row, void *into, struct text about)
{
	struct call *call = calls_add(run->cloud, &run->calls, row);
	*call = call_of(run->cloud, row, into, about, T(""), T(""));
	call->about = call->values[0];
	return call;
}

/* Whether the role may do some actions, two at most, on a resource. */
static void simulate(
	struct reading *run, struct text action, struct text other, struct text resource)
{
	struct text role = run->subject->what.role;
	if (role.len == 0 || action.len == 0)
		return;
	struct call *call = reading_add(
		run, &iam_calls[IAM_SIMULATE], &run->out->simulations, role);
	call->values[1] = one_text(run->arena, action);
	if (other.len)
		texts_add(run->arena, &call->values[1], other);
	call->values[2] = one_text(run->arena, resource);
	for (size_t i = 0; i < call->values[1].count; i++)
		texts_add(run->arena, &call->about, call->values[1].at[i]);
}

/* what a need is asked of: ARNs as they are, names made into ARNs */
static struct text need_resource(const struct reading *run, const struct task_need *need)
{
	struct text region = need->region.len ? need->region : run->cloud->region;
	struct text account = run->identity.account;
	struct text name = need->name;
	const char *before = "secret:";
	const char *behind = "";
	if (need->endpoint == ENDPOINT_ENVFILE)
		return text_format(run->arena, "arn:%.*s:s3:::%.*s/%.*s",
			TEXT(run->cloud->partition->name), TEXT(need->bucket), TEXT(name));
	if (text_starts(name, T("arn:")) || account.len == 0)
		return name;
	if (need->endpoint == ENDPOINT_SSM) {
		before = "parameter/";
		name = text_skip(name, text_starts(name, T("/")));
	} else if (need->endpoint == ENDPOINT_LOGS) {
		before = "log-group:";
		behind = ":log-stream:*";
	}
	struct text service = endpoint_kind_name(need->endpoint);
	return text_format(run->arena, "arn:%.*s:%.*s:%.*s:%.*s:%s%.*s%s",
		TEXT(run->cloud->partition->name), TEXT(service), TEXT(region), TEXT(account),
		before, TEXT(name), behind);
}

static struct text repository_arn(struct arena *arena, const struct target *target)
{
	return text_format(arena, "arn:%.*s:ecr:%.*s:%.*s:repository/%.*s",
		TEXT(target->partition->name), TEXT(target->region), TEXT(target->account),
		TEXT(target->repository));
}

void reading_ask_role(struct reading *run)
{
	const struct task *task = run->subject->definition;
	if (run->target_count)
		simulate(run, T("ecr:GetAuthorizationToken"), T(""), T("*"));
	for (size_t i = 0; i < run->target_count; i++)
		simulate(run, T("ecr:BatchGetImage"), T("ecr:GetDownloadUrlForLayer"),
			repository_arn(run->arena, &run->targets[i]));
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

/* Takes the subject's images apart. ECR is asked in the registry's Region, not in the subnets':
 * those of another Region than the first's are not asked about. */
void reading_find_targets(struct reading *run)
{
	const struct texts *images = &run->subject->images;
	struct text region = run->cloud->region;
	struct call call = {.row = &ecr_calls[ECR_REPOSITORIES]};
	run->targets = arena_new(run->arena, struct target, images->count);
	run->policies = arena_new(run->arena, struct vpc_repository, images->count);
	run->tags = arena_new(run->arena, struct vpc_list, images->count);
	for (size_t i = 0; i < images->count; i++) {
		struct target *target = &run->targets[run->target_count];
		struct text complaint;
		if (!target_parse(run->arena, images->at[i], region, target, &complaint))
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		run->target_count += target->kind == REGISTRY_ECR &&
			text_equal(target->region, run->targets[0].region);
	}
	if (run->target_count == 0)
		return;
	run->cloud->region = run->targets[0].region;
	places_find(run->cloud, &(struct calls){&call, 1, 1});
	run->cloud->region = region;
}

void reading_ask_registry(struct reading *run)
{
	struct vpc_configuration *out = run->out;
	struct text asked = T("");
	for (size_t i = 0; i < run->target_count; i++) {
		const struct target *target = &run->targets[i];
		struct texts account = one_text(run->arena, target->account);
		struct text name = target->repository;
		bool by_tag = target->reference_kind == REFERENCE_TAG;
		reading_add(run, &ecr_calls[ECR_REPOSITORIES], &out->repositories, name)
			->values[1] = account;
		reading_add(run, &ecr_calls[ECR_REPOSITORY_POLICY], &run->policies[i], name)
			->values[1] = account;
		struct call *images = reading_add(run, &ecr_calls[ECR_IMAGES], &out->images, name);
		images->values[by_tag ? 1 : 2] = one_text(run->arena, target->reference);
		images->values[3] = account;
		if (!text_equal(asked, target->account))
			reading_add(run, &ecr_calls[ECR_CACHE_RULES], &out->cache_rules,
				target->account);
		asked = target->account;
	}
	/* another account's registry policy cannot be asked for */
	if (run->target_count && text_equal(run->identity.account, run->targets[0].account)) {
		struct call *call = reading_add(
			run, &ecr_calls[ECR_REGISTRY_POLICY], &run->registry, T(""));
		call->about = one_text(run->arena, run->targets[0].account);
	}
}

/* The tags of a repository that lacks the target's, to name the nearest. */
void reading_ask_tags(struct reading *run)
{
	for (size_t i = 0; i < run->target_count; i++) {
		const struct target *target = &run->targets[i];
		bool found = target->reference_kind != REFERENCE_TAG ||
			!vpc_was_read(run->out, VPC_IMAGES, target->repository);
		const struct vpc_image *images = run->out->images.at;
		for (size_t k = 0; k < run->out->images.count; k++)
			found |= text_equal(images[k].repository, target->repository) &&
				texts_hold(images[k].tags, target->reference);
		if (!found)
			reading_add(run, &ecr_calls[ECR_TAGS], &run->tags[i], target->repository)
				->values[1] = one_text(run->arena, target->account);
	}
}

void reading_take_policies(struct reading *run)
{
	struct vpc_repository *repositories = run->out->repositories.at;
	for (size_t i = 0; i < run->target_count; i++)
		for (size_t k = 0; k < run->out->repositories.count; k++)
			if (text_equal(repositories[k].name, run->targets[i].repository))
				repositories[k].policy = run->policies[i].policy;
	run->out->registry_policy = run->registry.policy;
}

void reading_take_tags(struct reading *run)
{
	for (size_t i = 0; i < run->target_count; i++) {
		struct vpc_repository *repositories = run->out->repositories.at;
		const struct vpc_image *images = run->tags[i].at;
		struct texts tags = {0};
		for (size_t k = 0; k < run->tags[i].count; k++)
			for (size_t t = 0; t < images[k].tags.count; t++)
				texts_add(run->arena, &tags, images[k].tags.at[t]);
		for (size_t k = 0; tags.count && k < run->out->repositories.count; k++)
			if (text_equal(repositories[k].name, run->targets[i].repository))
				repositories[k].nearest = nearest_names(
					run->arena, tags, run->targets[i].reference);
	}
}

void reading_ask_cache(struct reading *run)
{
	for (size_t i = 0; run->out->cache_rules.count && i < run->target_count; i++)
		simulate(run, T("ecr:CreateRepository"), T("ecr:BatchImportUpstreamImage"),
			repository_arn(run->arena, &run->targets[i]));
}
