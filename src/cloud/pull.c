/* The calls about the pull itself: what the role may do, and what is in the registry. */
#include "base/die.h"
#include "cloud/parts.h"
#include "model/oci.h"

enum { SIMULATIONS_MAX = 20 };

struct call *reading_add(
	struct reading *run, const struct call_row *row, void *into, struct text about)
{
	struct call *call = calls_add(run->cloud, &run->calls, row);
	*call = call_of(run->cloud, row, into, about, T(""), T(""));
	call->about = call->values[0];
	call->configuration = run->out;
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
	if (run->registry_count)
		simulate(run, T("ecr:GetAuthorizationToken"), T(""), T("*"));
	for (size_t i = 0; i < run->subject->images.count; i++)
		if (run->pulls[i].registry)
			simulate(run, T("ecr:BatchGetImage"), T("ecr:GetDownloadUrlForLayer"),
				repository_arn(run->arena, &run->pulls[i].target));
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

static struct ecr_registry *registry_of(struct reading *run, const struct target *target)
{
	struct ecr_registry *registry = run->registries;
	while (registry < run->registries + run->registry_count &&
		!(text_equal(registry->account, target->account) &&
			text_equal(registry->region, target->region)))
		registry++;
	if (registry == run->registries + run->registry_count) {
		run->registry_count++;
		*registry = (struct ecr_registry){
			.account = target->account, .region = target->region};
	}
	return registry;
}

void reading_find_pulls(struct reading *run)
{
	const struct texts *images = &run->subject->images;
	struct subject *subject = run->subject;
	run->pulls = arena_new(run->arena, struct pull, images->count);
	run->registries = arena_new(run->arena, struct ecr_registry, images->count);
	subject->registries = arena_new(
		run->arena, const struct vpc_configuration *, images->count);
	for (size_t i = 0; i < images->count; i++) {
		struct pull *pull = &run->pulls[i];
		struct text complaint;
		if (!target_parse(run->arena, images->at[i], run->cloud->region, &pull->target,
			    &complaint))
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		if (pull->target.kind != REGISTRY_ECR)
			continue;
		pull->registry = registry_of(run, &pull->target);
		subject->registries[i] = &pull->registry->has;
	}
}

/* a call of a registry, which is asked in its own Region, not in the subnets' */
static struct call *add_registry_call(struct reading *run, struct ecr_registry *registry,
	const struct call_row *row, void *into, struct text about)
{
	struct call *call = reading_add(run, row, into, about);
	call->configuration = &registry->has;
	call->region = registry->region;
	return call;
}

static struct call *add_pull_call(
	struct reading *run, struct pull *pull, enum ecr_call name, void *into, size_t account_at)
{
	struct call *call = add_registry_call(
		run, pull->registry, &ecr_calls[name], into, pull->target.repository);
	call->values[account_at] = one_text(run->arena, pull->target.account);
	return call;
}

void reading_ask_registries(struct reading *run)
{
	for (size_t i = 0; i < run->registry_count; i++) {
		struct ecr_registry *registry = &run->registries[i];
		add_registry_call(run, registry, &ecr_calls[ECR_CACHE_RULES],
			&registry->has.cache_rules, registry->account);
		/* another account's registry policy cannot be asked for */
		if (text_equal(run->identity.account, registry->account))
			add_registry_call(run, registry, &ecr_calls[ECR_REGISTRY_POLICY],
				&registry->own, T(""))
				->about = one_text(run->arena, registry->account);
	}
	for (size_t i = 0; i < run->subject->images.count; i++) {
		struct pull *pull = &run->pulls[i];
		if (!pull->registry)
			continue;
		struct vpc_configuration *has = &pull->registry->has;
		bool by_tag = pull->target.reference_kind == REFERENCE_TAG;
		add_pull_call(run, pull, ECR_REPOSITORIES, &has->repositories, 1);
		add_pull_call(run, pull, ECR_REPOSITORY_POLICY, &pull->policy, 1);
		add_pull_call(run, pull, ECR_IMAGES, &has->images, 3)
			->values[by_tag ? 1 : 2] = one_text(run->arena, pull->target.reference);
	}
}

static struct vpc_repository *repository_of(const struct pull *pull)
{
	struct vpc_repository *repositories = pull->registry->has.repositories.at;
	for (size_t i = 0; i < pull->registry->has.repositories.count; i++)
		if (text_equal(repositories[i].name, pull->target.repository))
			return &repositories[i];
	return NULL;
}

static struct vpc_image *image_of(const struct pull *pull)
{
	struct vpc_image *images = pull->registry->has.images.at;
	for (size_t i = 0; i < pull->registry->has.images.count; i++)
		if (text_equal(images[i].repository, pull->target.repository) &&
			(texts_hold(images[i].tags, pull->target.reference) ||
				text_equal(images[i].digest, pull->target.reference)))
			return &images[i];
	return NULL;
}

void reading_take_policies(struct reading *run)
{
	for (size_t i = 0; i < run->registry_count; i++)
		run->registries[i].has.registry_policy = run->registries[i].own.policy;
	for (size_t i = 0; i < run->subject->images.count; i++) {
		const struct pull *pull = &run->pulls[i];
		struct vpc_repository *repository = pull->registry ? repository_of(pull) : NULL;
		if (repository)
			repository->policy = pull->policy.policy;
	}
}

/* The tags of a repository that lacks the target's, to name the nearest; the document of an image
 * that may be an index: that of one platform does not say which. */
void reading_ask_images(struct reading *run)
{
	static const struct text index_types = LITERAL(
		"application/vnd.oci.image.index.v1+json|"
		"application/vnd.docker.distribution.manifest.list.v2+json");
	for (size_t i = 0; i < run->subject->images.count; i++) {
		struct pull *pull = &run->pulls[i];
		if (!pull->registry)
			continue;
		const struct vpc_configuration *has = &pull->registry->has;
		const struct vpc_image *image = image_of(pull);
		struct text types = manifest_accept;
		if (has->cache_rules.count)
			simulate(run, T("ecr:CreateRepository"), T("ecr:BatchImportUpstreamImage"),
				repository_arn(run->arena, &pull->target));
		if (!image && pull->target.reference_kind == REFERENCE_TAG &&
			vpc_was_read(has, VPC_IMAGES, pull->target.repository))
			add_pull_call(run, pull, ECR_TAGS, &pull->others, 1);
		if (!image ||
			(image->manifest_type.len &&
				!text_is_one_of(image->manifest_type, index_types)))
			continue;
		struct call *call = add_pull_call(run, pull, ECR_MANIFEST, &pull->manifest, 2);
		call->about = call->values[1] = one_text(run->arena, image->digest);
		while (types.len)
			texts_add(
				run->arena, &call->values[3], text_trim(text_cut(&types, T(","))));
	}
}

static void take_platforms(struct reading *run, const struct pull *pull)
{
	struct manifest manifest;
	struct text complaint;
	if (!manifest_parse(run->arena, pull->manifest.document, pull->manifest.type, &manifest,
		    &complaint) ||
		manifest.kind != MANIFEST_INDEX)
		return;
	/* an entry that names none is taken for any: see manifest_choose */
	for (size_t i = 0; i < manifest.entry_count; i++)
		if (!manifest.entries[i].attestation && manifest.entries[i].platform.os.len == 0)
			return;
	image_of(pull)->platforms = manifest_platforms(run->arena, &manifest);
}

void reading_take_images(struct reading *run)
{
	for (size_t i = 0; i < run->subject->images.count; i++) {
		const struct pull *pull = &run->pulls[i];
		const struct vpc_image *others = pull->others.at;
		struct texts tags = {0};
		for (size_t k = 0; k < pull->others.count; k++)
			for (size_t t = 0; t < others[k].tags.count; t++)
				texts_add(run->arena, &tags, others[k].tags.at[t]);
		if (tags.count && repository_of(pull))
			repository_of(pull)->nearest = nearest_names(
				run->arena, tags, pull->target.reference);
		if (pull->manifest.document.len)
			take_platforms(run, pull);
	}
}
