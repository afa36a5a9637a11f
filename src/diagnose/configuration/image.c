/* What there is to be pulled: the repository, or the cache rule that makes it; the image. */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

static const struct vpc_cache_rule *cache_rule_of(const struct judge *judge)
{
	const struct vpc_cache_rule *rules = judge->configuration->cache_rules.at;
	struct text name = judge->target->repository;
	for (size_t i = 0; i < judge->configuration->cache_rules.count; i++) {
		bool root = text_equal(rules[i].prefix, T("ROOT"));
		bool below = text_starts(name, rules[i].prefix) && name.len > rules[i].prefix.len &&
			name.at[rules[i].prefix.len] == '/';
		if (root || below)
			return &rules[i];
	}
	return NULL;
}

static struct link *add_thing(struct judge *judge, const char *what, enum effect effect,
	enum cause cause, struct text line)
{
	return judge_add(judge,
		(struct link){.stage = STAGE_MANIFEST,
			.what = what,
			.id = judge_repository_arn(judge),
			.effect = effect,
			.cause = cause,
			.line = line,
			.read = line});
}

/* A first pull through the cache makes the repository, with the caller's rights or the registry's
 * policy. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html */
static void judge_cache(struct judge *judge, const struct vpc_cache_rule *rule)
{
	static const char *const actions[] = {
		"ecr:CreateRepository", "ecr:BatchImportUpstreamImage"};
	struct arena *arena = judge->arena;
	const struct vpc_configuration *configuration = judge->configuration;
	for (size_t i = 0; i < COUNT(actions); i++) {
		const struct vpc_simulation *simulation = judge_simulation(judge, actions[i]);
		struct policy_request request = {.principal = configuration->subject.role,
			.account = configuration->subject.account,
			.action = text_of(actions[i]),
			.resource = judge_repository_arn(judge)};
		struct policy_answer answer = {.decision = POLICY_NOT_ALLOWED};
		if (configuration->registry_policy.len)
			answer = policy_judge(arena, configuration->registry_policy, &request);
		bool allowed = (simulation && text_same(simulation->decision, T("allowed"))) ||
			answer.decision == POLICY_ALLOWED;
		if (allowed)
			continue;
		if (!simulation ||
			!vpc_was_read(configuration, VPC_REGISTRY_POLICY, judge->target->account) ||
			answer.decision == POLICY_UNDECIDED) {
			judge_unread(judge, STAGE_MANIFEST, "pull-through cache", rule->prefix,
				simulation ? VPC_REGISTRY_POLICY : VPC_SIMULATIONS, T(""));
			continue;
		}
		struct link link = {.stage = STAGE_MANIFEST,
			.what = "pull-through cache",
			.id = configuration->subject.role,
			.effect = EFFECT_BLOCKS,
			.cause = CAUSE_PTC_PERMISSION,
			.line = text_format(arena,
				"The first pull by the cache rule \"%.*s\" (%.*s) needs %s, which "
				"role %.*s does not have",
				TEXT(rule->prefix), TEXT(rule->upstream), actions[i],
				TEXT(judge_role_name(configuration->subject.role))),
			.read = text_format(
				arena, "%s: %.*s", actions[i], TEXT(simulation->decision))};
		judge_suggest_role(judge, simulation, actions[i], &link);
		judge_add(judge, link);
	}
}

static const struct vpc_image *image_of(const struct judge *judge)
{
	const struct vpc_image *images = judge->configuration->images.at;
	const struct target *target = judge->target;
	for (size_t i = 0; i < judge->configuration->images.count; i++)
		if (target->reference_kind == REFERENCE_DIGEST
				? text_equal(images[i].digest, target->reference)
				: texts_hold(images[i].tags, target->reference))
			return &images[i];
	return NULL;
}

static bool has_platform(const struct judge *judge, struct texts platforms)
{
	struct platform have;
	struct platform want;
	struct text name = judge->configuration->subject.platform;
	bool any = !platforms.count || !platform_parse(name, &want);
	for (size_t i = 0; i < platforms.count && !any; i++)
		any = platform_parse(platforms.at[i], &have) && platform_rank(&want, &have) >= 0;
	return any;
}

static void judge_image(struct judge *judge, bool is_cached)
{
	struct arena *arena = judge->arena;
	const struct target *target = judge->target;
	struct text wanted = judge->configuration->subject.platform;
	bool digest = target->reference_kind == REFERENCE_DIGEST;
	const struct vpc_image *found = image_of(judge);
	struct link *link;
	if (!vpc_was_read(judge->configuration, VPC_IMAGES, target->repository)) {
		judge_unread(judge, STAGE_MANIFEST, "image", judge_repository_arn(judge),
			VPC_IMAGES, target->repository);
	} else if (!found) {
		const struct vpc_repository *repository = judge_repository_of(judge);
		struct text near = repository && repository->nearest.count
			? repository->nearest.at[0]
			: T("");
		link = add_thing(judge, "image", is_cached ? EFFECT_UNDECIDED : EFFECT_BLOCKS,
			digest ? CAUSE_REGISTRY_DIGEST_GONE : CAUSE_REGISTRY_TAG_NOT_FOUND,
			text_format(arena, "Repository %.*s has no image %.*s%s%.*s",
				TEXT(target->repository), TEXT(target->reference),
				near.len ? ", and its nearest tag is " : "", TEXT(near)));
		texts_add(arena, &link->fix,
			text_format(arena, "docker push %.*s", TEXT(target->image)));
	} else if (text_same(found->status, T("ARCHIVED"))) {
		link = add_thing(judge, "image", EFFECT_BLOCKS, CAUSE_REGISTRY_ARCHIVED,
			text_format(arena, "Image %.*s is archived", TEXT(target->reference)));
		judge_fix(judge, link,
			"aws ecr update-image-storage-class --registry-id %.*s --repository-name "
			"%.*s --image-id imageDigest=%.*s --target-storage-class STANDARD",
			TEXT(target->account), TEXT(target->repository), TEXT(found->digest));
	} else if (!has_platform(judge, found->platforms)) {
		struct text have = texts_joined(arena, found->platforms);
		link = add_thing(judge, "image", EFFECT_BLOCKS, CAUSE_REGISTRY_PLATFORM_MISMATCH,
			text_format(arena, "Image %.*s exists for %.*s, not for %.*s",
				TEXT(target->reference), TEXT(have), TEXT(wanted)));
		texts_add(arena, &link->fix,
			text_format(arena, "docker buildx build --platform %.*s --push -t %.*s .",
				TEXT(wanted), TEXT(target->image)));
	} else {
		add_thing(judge, "image", EFFECT_PASSES, CAUSE_NONE,
			text_format(arena, "Repository %.*s has image %.*s",
				TEXT(target->repository), TEXT(target->reference)));
	}
}

void judge_repository(struct judge *judge)
{
	const struct target *target = judge->target;
	const struct vpc_cache_rule *rule = cache_rule_of(judge);
	if (judge_repository_of(judge)) {
		judge_image(judge, rule);
	} else if (!vpc_was_read(judge->configuration, VPC_REPOSITORIES, target->repository)) {
		judge_unread(judge, STAGE_MANIFEST, "repository", judge_repository_arn(judge),
			VPC_REPOSITORIES, target->repository);
	} else if (rule) {
		judge_cache(judge, rule);
	} else if (!vpc_was_read(judge->configuration, VPC_CACHE_RULES, target->account)) {
		judge_unread(judge, STAGE_MANIFEST, "pull-through cache",
			judge_repository_arn(judge), VPC_CACHE_RULES, target->account);
	} else {
		struct link *link = add_thing(judge, "repository", EFFECT_BLOCKS,
			CAUSE_REGISTRY_REPO_NOT_FOUND,
			text_format(judge->arena, "Registry %.*s has no repository %.*s in %.*s",
				TEXT(target->account), TEXT(target->repository),
				TEXT(target->region)));
		judge_fix(judge, link, "aws ecr create-repository --repository-name %.*s",
			TEXT(target->repository));
	}
}
