/* What is pulled, from where, and by whom: conditions on target and vantage. */
#include "diagnose/context.h"
#include "model/registry.h"

bool is_ecr(const struct context *context)
{
	return context->evidence->target.kind == REGISTRY_ECR;
}

bool is_not_ecr(const struct context *context)
{
	return !is_ecr(context);
}

bool registry_is_public(const struct context *context)
{
	return is_ecr(context) || registry_known(context->evidence->target.host);
}

/* Of the hosts of other registries, those that are buckets in S3 may be reached by an endpoint. */
bool host_has_no_endpoint(const struct context *context, const struct step *step)
{
	return is_not_ecr(context) && endpoint_is_of_pull(step->endpoint) &&
		!text_holds(step->host, T(".amazonaws.com"));
}

static enum answer cross_account(const struct context *context)
{
	struct text account = context_caller_account(context);
	if (account.len == 0 || context->evidence->target.account.len == 0)
		return ANSWER_UNKNOWN;
	return text_equal(account, context->evidence->target.account) ? ANSWER_NO : ANSWER_YES;
}

bool is_cross_account(const struct context *context)
{
	return cross_account(context) == ANSWER_YES;
}

bool by_digest(const struct context *context)
{
	return context->evidence->target.reference_kind == REFERENCE_DIGEST;
}

bool is_cache_path(const struct context *context)
{
	const struct target *target = &context->evidence->target;
	return target->kind == REGISTRY_ECR && cache_prefix_is_known(target->repository);
}

bool is_docker_hub_by_default(const struct context *context)
{
	const struct target *target = &context->evidence->target;
	bool hub = text_ends(target->host, T("docker.io")) ||
		text_ends(target->host, T("docker.com"));
	return hub && !text_holds(target->image, T("docker.io/")) &&
		!text_holds(target->image, T("docker.com/"));
}

bool is_isolated_partition(const struct context *context)
{
	const struct partition *partition = context->evidence->target.partition;
	return partition && text_starts(partition->name, T("aws-iso"));
}

bool is_fargate(const struct context *context)
{
	return text_same(context->evidence->vantage.launch_type, T("FARGATE"));
}

bool is_ec2(const struct context *context)
{
	return text_same(context->evidence->vantage.launch_type, T("EC2"));
}

bool is_lambda(const struct context *context)
{
	return text_same(context->evidence->vantage.launch_type, T("LAMBDA"));
}

bool proxy_is_used(const struct step *step)
{
	return step->stage != STAGE_CREDENTIALS && seen_at_all(step, FACT_PROXY);
}

bool proxy_is_configured(const struct context *context, const struct step *step)
{
	bool configured = false;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		if (proxy_is_used(other))
			return false;
		configured |= seen_at_all(other, FACT_PROXY);
	}
	return configured && !proxy_is_used(step);
}

/* "https://host/path" */
static struct text host_of(struct text location)
{
	text_cut(&location, T("://"));
	struct text host = text_cut(&location, T("/"));
	return text_cut(&host, T(":"));
}

bool redirect_is_unknown(const struct context *context)
{
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		if (other->stage == STAGE_LAYERS && other->experiment == EXPERIMENT_NONE &&
			seen_text(other, FACT_LOCATION).len)
			return false;
	}
	return true;
}

/* "us-east-1" of the zone "us-east-1a"; a local zone's name is longer: "us-west-2-lax-1a" */
static struct text own_region(const struct context *context)
{
	struct text zone = context->evidence->vantage.availability_zone;
	struct text region = text_head(zone, zone.len ? zone.len - 1 : 0);
	return region_is_wellformed(region) && partition_of_region(region)
		? region
		: context->evidence->target.region;
}

/* "BUCKET.s3.us-east-1.amazonaws.com", "BUCKET.s3.dualstack.us-east-1.amazonaws.com" */
bool bucket_is_of_other_region(const struct context *context, const struct step *step)
{
	struct text region = own_region(context);
	struct text rest = step->host;
	text_cut(&rest, T(".s3."));
	if (text_starts(rest, T("dualstack.")))
		text_cut(&rest, T("."));
	struct text theirs = text_cut(&rest, T("."));
	return region.len && partition_of_region(theirs) && !text_equal(theirs, region);
}

/* the token came from somewhere else, or none was asked for */
static bool token_is_of_another_host(const struct context *context, const struct step *step)
{
	const struct step *token = context_passed(context, STAGE_TOKEN, ENDPOINT_API);
	return token && !text_same(token->host, step->host);
}

bool host_is_not_used(const struct context *context, const struct step *step)
{
	bool redirected = false;
	if (step->endpoint == ENDPOINT_API)
		return is_not_ecr(context) && token_is_of_another_host(context, step);
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		struct text location = seen_text(other, FACT_LOCATION);
		if (other->stage != STAGE_LAYERS || other->experiment != EXPERIMENT_NONE ||
			other->outcome != OUTCOME_PASSED)
			continue;
		/* a registry that serves its blobs itself needs no blob host */
		redirected = true;
		if (location.len && text_same(host_of(location), step->host))
			return false;
		if (other->endpoint == ENDPOINT_S3 && text_same(other->host, step->host))
			return false;
	}
	return redirected && step->endpoint == ENDPOINT_S3;
}
