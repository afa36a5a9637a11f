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

/* of the repository */
static struct link thing(
	struct judge *judge, const char *what, enum effect effect, enum cause cause)
{
	return (struct link){STAGE_MANIFEST, what, .id = judge_repository_arn(judge),
		.effect = effect, .cause = cause};
}

/* Beside an endpoint AWS asks for a NAT gateway until the image is in the cache:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
static void judge_first_pull(struct judge *judge, const struct way *taken)
{
	const struct vpc_route_table *table = judge_table(judge, judge->subnet);
	const struct vpc_route *routes = table ? table->routes.at : NULL;
	bool has_nat = false;
	if (!taken || taken->kind != WAY_INTERFACE)
		return;
	for (size_t i = 0; table && i < table->routes.count; i++)
		has_nat |= text_starts(routes[i].target, T("nat-"));
	if (!has_nat)
		judge_link(judge,
			(struct link){STAGE_MANIFEST, "first pull", .id = taken->through->id,
				.effect = EFFECT_UNDECIDED},
			"By VPC endpoint %.*s the first pull through a cache needs, AWS says, a "
			"NAT gateway besides, and %.*s has no route to one",
			TEXT(taken->through->id), TEXT(judge->subnet->id));
}

/* A pull of what is not in the cache yet imports it, and makes the repository where that is not
 * there, with the caller's rights or the registry's policy.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html */
static void judge_cache(struct judge *judge, const struct vpc_cache_rule *rule)
{
	static const char *const actions[] = {
		"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"};
	const struct vpc_configuration *configuration = judge->configuration;
	struct text role = configuration->subject.role;
	struct text arn = judge_repository_arn(judge);
	size_t needed = judge_repository_of(judge) ? 1 : COUNT(actions);
	for (size_t i = 0; i < needed; i++) {
		const struct vpc_simulation *simulation = judge_simulation(judge, actions[i], arn);
		struct policy_request request = {.principal = role,
			.account = configuration->subject.account,
			.action = text_of(actions[i]),
			.resource = arn};
		struct policy_answer answer = {.decision = POLICY_NOT_ALLOWED};
		if (configuration->registry_policy.len)
			answer = policy_judge(
				judge->arena, configuration->registry_policy, &request);
		if ((simulation && text_same(simulation->decision, T("allowed"))) ||
			answer.decision == POLICY_ALLOWED)
			continue;
		if (!simulation ||
			!vpc_was_read(configuration, VPC_REGISTRY_POLICY, judge->target->account) ||
			answer.decision == POLICY_UNDECIDED) {
			judge_unread(judge, STAGE_MANIFEST, "pull-through cache", rule->prefix,
				simulation ? VPC_REGISTRY_POLICY : VPC_SIMULATIONS, T(""));
			continue;
		}
		struct link *link = judge_link(judge,
			(struct link){STAGE_MANIFEST, "pull-through cache", .id = role,
				.effect = EFFECT_BLOCKS, .cause = CAUSE_PTC_PERMISSION},
			"The first pull by the cache rule \"%.*s\" (%.*s) needs %s, which role "
			"%.*s does not have",
			TEXT(rule->prefix), TEXT(rule->upstream), actions[i],
			TEXT(judge_role_name(role)));
		judge_read(judge, link, "%s: %.*s", actions[i], TEXT(simulation->decision));
		judge_suggest_role(judge, simulation, actions[i], link);
	}
}

static const struct vpc_image *image_of(const struct judge *judge)
{
	const struct vpc_image *images = judge->configuration->images.at;
	const struct target *target = judge->target;
	for (size_t i = 0; i < judge->configuration->images.count; i++)
		if (text_equal(images[i].repository, target->repository) &&
			(target->reference_kind == REFERENCE_DIGEST
					? text_equal(images[i].digest, target->reference)
					: texts_hold(images[i].tags, target->reference)))
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

static void judge_image(struct judge *judge, const struct vpc_cache_rule *rule)
{
	const struct target *target = judge->target;
	struct text wanted = judge->configuration->subject.platform;
	struct text repository = target->repository;
	bool digest = target->reference_kind == REFERENCE_DIGEST;
	const struct vpc_image *found = image_of(judge);
	struct texts nearest = judge_repository_of(judge)->nearest;
	struct link *link;
	bool is_cache_known = vpc_was_read(judge->configuration, VPC_CACHE_RULES, target->account);
	if (!found && !rule && !is_cache_known) {
		judge_unread(judge, STAGE_MANIFEST, "pull-through cache",
			judge_repository_arn(judge), VPC_CACHE_RULES, target->account);
		return;
	}
	if (!found) {
		link = judge_link(judge,
			thing(judge, "image", rule ? EFFECT_UNDECIDED : EFFECT_BLOCKS,
				digest ? CAUSE_REGISTRY_DIGEST_GONE : CAUSE_REGISTRY_TAG_NOT_FOUND),
			"Repository %.*s has no image %.*s%s%.*s", TEXT(repository),
			TEXT(target->reference), nearest.count ? ", and its nearest tag is " : "",
			TEXT(nearest.count ? nearest.at[0] : T("")));
		judge_advise(judge, link, "docker push %.*s", TEXT(target->image));
	} else if (text_same(found->status, T("ARCHIVED"))) {
		link = judge_link(judge,
			thing(judge, "image", EFFECT_BLOCKS, CAUSE_REGISTRY_ARCHIVED),
			"Image %.*s is archived", TEXT(target->reference));
		judge_fix(judge, link,
			"aws ecr update-image-storage-class --registry-id %.*s --repository-name "
			"%.*s --image-id imageDigest=%.*s --target-storage-class STANDARD",
			TEXT(target->account), TEXT(repository), TEXT(found->digest));
	} else if (!has_platform(judge, found->platforms)) {
		link = judge_link(judge,
			thing(judge, "image", EFFECT_BLOCKS, CAUSE_REGISTRY_PLATFORM_MISMATCH),
			"Image %.*s exists for %.*s, not for %.*s", TEXT(target->reference),
			TEXT(texts_joined(judge->arena, found->platforms)), TEXT(wanted));
		judge_advise(judge, link, "docker buildx build --platform %.*s --push -t %.*s .",
			TEXT(wanted), TEXT(target->image));
	} else {
		if (vpc_unread(judge->configuration, VPC_PLATFORMS, found->digest))
			judge_unread(judge, STAGE_MANIFEST, "image platform",
				judge_repository_arn(judge), VPC_PLATFORMS, found->digest);
		link = judge_link(judge, thing(judge, "image", EFFECT_PASSES, CAUSE_NONE),
			"Repository %.*s has image %.*s", TEXT(repository),
			TEXT(target->reference));
	}
	link->read = link->line;
}

void judge_repository(struct judge *judge, const struct way *taken)
{
	const struct vpc_configuration *configuration = judge->configuration;
	const struct target *target = judge->target;
	const struct vpc_cache_rule *rule = cache_rule_of(judge);
	struct text name = target->repository;
	struct text arn = judge_repository_arn(judge);
	if (judge_repository_of(judge) && vpc_was_read(configuration, VPC_IMAGES, name)) {
		judge_image(judge, rule);
		if (rule && !image_of(judge))
			judge_cache(judge, rule);
	} else if (judge_repository_of(judge)) {
		judge_unread(judge, STAGE_MANIFEST, "image", arn, VPC_IMAGES, name);
	} else if (!vpc_was_read(configuration, VPC_REPOSITORIES, name)) {
		judge_unread(judge, STAGE_MANIFEST, "repository", arn, VPC_REPOSITORIES, name);
	} else if (rule) {
		judge_cache(judge, rule);
		judge_first_pull(judge, taken);
	} else if (!vpc_was_read(configuration, VPC_CACHE_RULES, target->account)) {
		judge_unread(judge, STAGE_MANIFEST, "pull-through cache", arn, VPC_CACHE_RULES,
			target->account);
	} else {
		struct link *link = judge_link(judge,
			thing(judge, "repository", EFFECT_BLOCKS, CAUSE_REGISTRY_REPO_NOT_FOUND),
			"Registry %.*s has no repository %.*s in %.*s", TEXT(target->account),
			TEXT(name), TEXT(target->region));
		judge_fix(judge, link, "aws ecr create-repository --repository-name %.*s",
			TEXT(name));
		link->read = link->line;
	}
}
