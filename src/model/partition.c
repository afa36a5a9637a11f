/* AWS partitions, a row each: botocore's partitions.json and endpoints.json; the registry's
 * dual-stack suffixes are those that the ECS agent knows. */
#include "model/hosts.h"
#include <ctype.h>

#define LITERAL_(literal)                    \
	{                                    \
		literal, sizeof(literal) - 1 \
	}
#define PARTITION_(label, prefix, new, dns, dualstack, registry, implicit)                      \
	{                                                                                       \
		.name = LITERAL_(label), .region_prefix = LITERAL_(prefix),                     \
		.new_prefix = LITERAL_(new), .suffix = LITERAL_(dns),                           \
		.dualstack_suffix = LITERAL_(dualstack), .registry_suffix = LITERAL_(registry), \
		.implicit_region = LITERAL_(implicit),                                          \
	}

static const struct partition partitions[] = {
	PARTITION_("aws", "us|eu|ap|sa|ca|me|af|il|mx", "??", "amazonaws.com", "api.aws", "on.aws",
		"us-east-1"),
	PARTITION_("aws-cn", "cn", "", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
		"on.amazonwebservices.com.cn", "cn-northwest-1"),
	PARTITION_(
		"aws-us-gov", "us-gov", "", "amazonaws.com", "api.aws", "on.aws", "us-gov-west-1"),
	PARTITION_("aws-iso", "us-iso", "", "c2s.ic.gov", "api.aws.ic.gov", "on.aws.ic.gov",
		"us-iso-east-1"),
	PARTITION_("aws-iso-b", "us-isob", "", "sc2s.sgov.gov", "api.aws.scloud", "on.aws.scloud",
		"us-isob-east-1"),
	PARTITION_("aws-iso-e", "eu-isoe", "", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk",
		"on.cloud-aws.adc-e.uk", "eu-isoe-west-1"),
	PARTITION_("aws-iso-f", "us-isof", "", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
		"on.aws.hci.ic.gov", "us-isof-south-1"),
	/* the agent's own comment has no "on." here, unlike everywhere else */
	PARTITION_("aws-eusc", "eusc-de", "eusc-??", "amazonaws.eu", "api.amazonwebservices.eu",
		"amazonwebservices.eu|on.amazonwebservices.eu", "eusc-de-east-1"),
};

const struct partition *partition_at(size_t index)
{
	return index < sizeof partitions / sizeof *partitions ? &partitions[index] : NULL;
}

const struct partition *partition_named(struct text name)
{
	size_t at = 0;
	while (partition_at(at) && !text_equal(partition_at(at)->name, name))
		at++;
	return partition_at(at);
}

bool is_one_of(struct text one, struct text several)
{
	while (several.len)
		if (text_equal(text_cut(&several, T("|")), one))
			return true;
	return false;
}

static bool ends_in(struct text host, struct text suffix)
{
	size_t before = host.len > suffix.len ? host.len - suffix.len : 0;
	return before && text_ends(host, suffix) && host.at[before - 1] == '.';
}

bool host_is_under(struct text host, const struct partition *partition)
{
	const struct partition *row;
	for (size_t i = 0; !partition && (row = partition_at(i)); i++)
		if (host_is_under(host, row))
			return true;
	if (!partition)
		return false;
	struct text registries = partition->registry_suffix;
	while (registries.len)
		if (ends_in(host, text_cut(&registries, T("|"))))
			return true;
	return ends_in(host, partition->suffix) || ends_in(host, partition->dualstack_suffix);
}

static size_t count_digits_at_end(struct text t)
{
	size_t count = 0;
	while (count < t.len && isdigit((unsigned char)t.at[t.len - 1 - count]))
		count++;
	return count;
}

bool region_is_wellformed(struct text region)
{
	size_t digits = count_digits_at_end(region);
	struct text head = text_head(region, region.len - digits);
	return digits && region.len <= 32 && head.len > 3 && text_ends(head, T("-")) &&
		!text_starts(region, T("-")) && !text_holds(region, T("--")) &&
		text_only(region, T("abcdefghijklmnopqrstuvwxyz0123456789-"));
}

/* Where the dash before the last two parts stands: the two are a direction and a number, and what
 * is before them tells the partition. */
static struct text prefix_of(struct text region)
{
	size_t dashes = 0;
	size_t at = region.len;
	while (at > 0 && dashes < 2)
		dashes += region.at[--at] == '-';
	return text_head(region, dashes == 2 ? at : 0);
}

static bool is_of_form(struct text prefix, struct text form)
{
	if (prefix.len != form.len)
		return false;
	for (size_t i = 0; i < form.len; i++)
		if (form.at[i] == '?' ? !islower((unsigned char)prefix.at[i])
				      : form.at[i] != prefix.at[i])
			return false;
	return form.len > 0;
}

static const struct partition *known_partition(struct text region)
{
	struct text prefix = prefix_of(region);
	size_t at = 0;
	while (partition_at(at) && !is_one_of(prefix, partition_at(at)->region_prefix))
		at++;
	return partition_at(at);
}

const struct partition *partition_of_region(struct text region)
{
	if (!region_is_wellformed(region))
		return NULL;
	const struct partition *known = known_partition(region);
	size_t at = 0;
	while (!known && partition_at(at) &&
		!is_of_form(prefix_of(region), partition_at(at)->new_prefix))
		at++;
	return known ? known : partition_at(at);
}

bool region_has_known_geography(struct text region)
{
	return region_is_wellformed(region) && known_partition(region);
}

struct text region_of_zone(struct text zone)
{
	/* the longest beginning that is a Region, and no Region itself */
	if (partition_of_region(zone))
		return T("");
	for (size_t len = zone.len; len-- > 0;) {
		struct text region = text_head(zone, len);
		bool whole = !isdigit((unsigned char)zone.at[len]);
		if (whole && partition_of_region(region))
			return region;
	}
	return T("");
}

/* Regions by their direction, and how many there are of each; botocore endpoints.json. */
bool region_exists(struct text region)
{
	static const char *const stems[] = {"us-east-2", "us-west-2", "ca-central-1", "ca-west-1",
		"mx-central-1", "sa-east-1", "sa-west-1", "eu-central-2", "eu-north-1",
		"eu-south-2", "eu-west-3", "af-south-1", "il-central-1", "me-central-1",
		"me-south-1", "me-west-1", "ap-east-2", "ap-northeast-3", "ap-south-2",
		"ap-southeast-7", "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1",
		"us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1",
		"eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1", "eusc-de-east-1"};
	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		struct text last = text_of(stems[i]);
		struct text stem = text_head(last, last.len - 1);
		if (region.len == last.len && text_starts(region, stem))
			return region.at[stem.len] >= '1' &&
				region.at[stem.len] <= last.at[stem.len];
	}
	return false;
}
