/* The form of AWS' host names. Regions come and go: one that is listed exists, one that is not may
 * be new, so it is judged by its words. */
#include "diagnose/context.h"

/* "ap-southeast-2": a known geography, a direction and a number */
bool region_is_odd(struct text region)
{
	return !text_holds_one(region,
		       "-north-|-south-|-east-|-west-|-central-|-northeast-|-northwest-|"
		       "-southeast-|-southwest-") ||
		!region_has_known_geography(region);
}

/* "api.ecr-public.REGION...": https://docs.aws.amazon.com/general/latest/gr/ecr-public.html */
static bool is_public_api_elsewhere(struct text host)
{
	return text_holds(host, T("ecr-public.")) && text_holds(host, T(".amazonaws.com")) &&
		!text_holds(host, T(".us-east-1.")) && !text_holds(host, T(".us-west-2."));
}

bool name_is_impossible(const struct context *context, const struct step *step)
{
	const struct target *target = &context->evidence->target;
	if (is_public_api_elsewhere(step->host))
		return true;
	if (target->kind != REGISTRY_ECR || !endpoint_is_of_pull(step->endpoint))
		return false;
	/* an endpoint of one's own choice (AWS_ENDPOINT_URL) may have any name */
	bool is_chosen = step->endpoint != ENDPOINT_DKR && !text_starts(step->host, T("api.ecr")) &&
		!text_starts(step->host, T("prod-"));
	const struct partition *partition = partition_of_region(target->region);
	if (!is_chosen && (!partition || !host_is_under(step->host, partition)))
		return true;
	return step->endpoint == ENDPOINT_DKR && !account_is_wellformed(target->account);
}

bool name_is_fips_outside_us(const struct context *context, const struct step *step)
{
	return text_holds(step->host, T("-fips.")) &&
		!text_starts(context->evidence->target.region, T("us-"));
}

bool name_is_standard(const struct context *context, const struct step *step)
{
	const struct target *target = &context->evidence->target;
	struct text region = target->region;
	size_t at = text_find(step->host, region);
	bool holds_region = region.len && at > 0 && at < step->host.len &&
		step->host.at[at - 1] == '.';
	return target->kind == REGISTRY_ECR && region_exists(region) && holds_region &&
		account_is_wellformed(target->account) && !text_holds(step->host, T("-fips.")) &&
		target->partition && text_ends(step->host, target->partition->suffix);
}

bool name_is_dualstack(const struct context *context, const struct step *step)
{
	const struct partition *partition = context->evidence->target.partition;
	return text_holds(step->host, T(".dkr-ecr")) || text_holds(step->host, T(".dualstack.")) ||
		(partition && text_ends(step->host, partition->dualstack_suffix));
}
