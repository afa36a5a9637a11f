/* What is true of a run as a whole: what is pulled, from where, and by whom. */
#include "diagnose/context.h"
#include "model/registry.h"

bool is_ecr(const struct context *context)
{
	return context->evidence->target.kind == REGISTRY_ECR;
}

static bool is_docker_hub_by_default(const struct target *target)
{
	bool hub = text_ends(target->host, T("docker.io")) ||
		text_ends(target->host, T("docker.com"));
	return hub && !text_holds_one(target->image, "docker.io/|docker.com/");
}

static bool is_cross_account(const struct context *context)
{
	struct text account = context_caller_account(context);
	return account.len && context->evidence->target.account.len &&
		!text_equal(account, context->evidence->target.account);
}

static bool redirect_is_unknown(const struct context *context)
{
	const struct step *step = NULL;
	while ((step = context_next(context, STAGE_LAYERS, step)))
		if (seen_text(step, FACT_LOCATION).len)
			return false;
	return true;
}

/* what a proxy of the environment is to the container's credentials is another matter */
static bool proxy_is_unused(const struct context *context)
{
	bool configured = false;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *step = &context->evidence->steps[i];
		if (seen_at_all(step, FACT_PROXY) && step->stage != STAGE_CREDENTIALS)
			return false;
		configured |= seen_at_all(step, FACT_PROXY);
	}
	return configured;
}

/* ECR's own challenge is Basic, for the service "ecr.amazonaws.com" in every partition */
static bool challenge_is_foreign(const struct context *context)
{
	const struct step *hello = context_passed(context, STAGE_HTTP, ENDPOINT_DKR);
	struct text challenge = hello ? seen_text(hello, FACT_CHALLENGE) : T("");
	return challenge.len && !text_holds(challenge, T("ecr.amazonaws.com"));
}

/* "anonymous" where a registry's token was asked for without a password */
static struct text login_source(const struct context *context)
{
	const struct step *login = NULL;
	do
		login = context_next(context, STAGE_CREDENTIALS, login);
	while (login && login->endpoint != ENDPOINT_CALLER);
	return login ? seen_text(login, FACT_SOURCE) : T("");
}

/* Docker Hub has its official images under library/, and every other one under a namespace. */
static bool has_no_library(struct text repository)
{
	struct text prefix = text_cut(&repository, T("/"));
	return text_starts(prefix, T("docker")) && repository.len &&
		!text_holds(repository, T("/"));
}

static uint32_t run_traits(const struct context *context)
{
	const struct target *target = &context->evidence->target;
	const struct vantage *vantage = &context->evidence->vantage;
	struct text source = login_source(context);
	int64_t offset = 0;
	bool has_offset = context_clock_offset(context, &offset);
	bool is_docker_hub = is_docker_hub_by_default(target);
	const bool traits[] = {
		[RUN_FARGATE] = text_same(vantage->launch_type, T("FARGATE")),
		[RUN_EC2] = text_same(vantage->launch_type, T("EC2")),
		[RUN_LAMBDA] = text_same(vantage->launch_type, T("LAMBDA")),
		[RUN_IPV6_ONLY] = context->has_ipv6 && !context->has_ipv4,
		[RUN_DUAL_STACK] = target->dualstack,
		[RUN_BY_DIGEST] = target->reference_kind == REFERENCE_DIGEST,
		[RUN_CROSS_ACCOUNT] = is_cross_account(context),
		[RUN_CACHE_PATH] = is_ecr(context) && cache_prefix_is_known(target->repository),
		[RUN_NO_LIBRARY] = has_no_library(target->repository),
		[RUN_HOST_IN_REPOSITORY] = text_holds_one(
			target->repository, "amazonaws.com|.dkr.ecr."),
		[RUN_NO_REGISTRY_GIVEN] = is_docker_hub,
		[RUN_REGISTRY_GIVEN] = !is_docker_hub,
		[RUN_PUBLIC_REGISTRY] = is_ecr(context) || registry_known(target->host),
		[RUN_ISOLATED_PARTITION] = target->partition &&
			text_starts(target->partition->name, T("aws-iso")),
		[RUN_ODD_REGION] = is_ecr(context) && !region_is_likely(target->region),
		[RUN_REDIRECT_UNKNOWN] = redirect_is_unknown(context),
		[RUN_REGISTRY_RESOLVED] = context_passed(context, STAGE_DNS, ENDPOINT_API) &&
			context_passed(context, STAGE_DNS, ENDPOINT_DKR),
		[RUN_ANONYMOUS] = text_equal(source, T("anonymous")),
		[RUN_SIGNED_IN] = source.len && !text_equal(source, T("anonymous")),
		[RUN_FOREIGN_CHALLENGE] = challenge_is_foreign(context),
		[RUN_CLOCK_WRONG] = offset > 300 || offset < -300,
		[RUN_CLOCK_RIGHT] = has_offset && offset <= 60 && offset >= -60,
		[RUN_CLOCK_UNSYNCHRONIZED] = text_equal(
			vantage->clock_status, T("NOT_SYNCHRONIZED")),
		[RUN_PROXY_UNUSED] = proxy_is_unused(context),
		[RUN_PROXY_USED] = context_passed(context, STAGE_TCP, ENDPOINT_PROXY) != NULL,
	};
	uint32_t bits = 0;
	for (size_t i = 0; i < sizeof traits / sizeof *traits; i++)
		bits |= (uint32_t)traits[i] << i;
	return bits;
}

struct context context_make(struct arena *arena, const struct evidence *evidence)
{
	struct context context = context_ranges(arena, evidence);
	context.run = run_traits(&context);
	return context;
}

struct text context_own_region(const struct context *context)
{
	struct text region = region_of_zone(context->evidence->vantage.availability_zone);
	return region.len ? region : context->evidence->target.region;
}

/* Of the hosts of other registries, those that are buckets in S3 may be reached by an endpoint. A
 * pull-through cache of ECR may redirect to its upstream's host. */
bool host_has_no_endpoint(const struct context *context, const struct step *step)
{
	bool may_be_foreign = !is_ecr(context) || step->endpoint == ENDPOINT_S3;
	return may_be_foreign && endpoint_is_of_pull(step->endpoint) &&
		!host_is_under(step->host, NULL);
}

/* "https://host/path" */
static struct text location_host(struct text location)
{
	text_cut(&location, T("://"));
	struct text host = text_cut(&location, T("/"));
	return text_cut(&host, T(":"));
}

/* The token came from another host, or the layers did; a registry that serves its blobs itself
 * needs no blob host. */
bool host_is_not_used(const struct context *context, const struct step *step)
{
	const struct step *token = context_passed(context, STAGE_TOKEN, ENDPOINT_API);
	if (step->endpoint == ENDPOINT_API)
		return !is_ecr(context) && token && !text_same(token->host, step->host);
	const struct step *layer = NULL;
	bool served = false;
	while ((layer = context_next(context, STAGE_LAYERS, layer))) {
		if (layer->outcome != OUTCOME_PASSED)
			continue;
		served = true;
		if (text_same(location_host(seen_text(layer, FACT_LOCATION)), step->host) ||
			(layer->endpoint == ENDPOINT_S3 && text_same(layer->host, step->host)))
			return false;
	}
	return served && step->endpoint == ENDPOINT_S3;
}

struct text context_own_ip(const struct context *context)
{
	struct texts addresses = context->evidence->vantage.addresses;
	struct address address;
	for (size_t i = 0; i < addresses.count; i++)
		if (address_parse(addresses.at[i], &address) && !address_is_loopback(&address) &&
			!address_is_link_local(&address))
			return address_text(context->arena, &address);
	return T("");
}

struct text context_proxy(const struct context *context)
{
	for (size_t i = 0; i < context->evidence->count; i++)
		if (seen_at_all(&context->evidence->steps[i], FACT_PROXY))
			return seen_text(&context->evidence->steps[i], FACT_PROXY);
	return T("");
}
