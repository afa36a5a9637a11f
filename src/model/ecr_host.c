/* The host names of private ECR registries, as the ECS agent and the kubelet know them:
 *
 *     <account>.dkr.ecr[-fips].<region>.<suffix>
 *     <account>.dkr-ecr[-fips].<region>.<dual-stack suffix>
 *     <endpoint>.dkr.ecr.<region>.vpce.<suffix>
 *
 * The forms are rows of hosts.c. The complaints here say what is wrong with a host that has none.
 */
#include "base/die.h"
#include "model/target.h"

bool ecr_host_is_meant(struct text host)
{
	bool is_aws = host_is_under(host, NULL);
	while (host.len) {
		if (text_starts(host, T("dkr.ecr")) || text_starts(host, T("dkr-ecr")) ||
			text_starts(host, T("dkr.starport")) ||
			text_starts(host, T("dkr-starport")))
			return true;
		if (text_is_one_of(text_cut(&host, T(".")), T("ecr|ecr-fips|ecr-public")) && is_aws)
			return true;
	}
	return false;
}

/* "123456789012.dkr.ecr.amazonaws.com": the suffix is where the Region should be */
static bool has_no_region(const struct host_parts *parts)
{
	const struct partition *row;
	for (size_t i = 0; (row = partition_at(i)); i++) {
		struct text suffix = row->suffix;
		if (text_equal(parts->region, text_cut(&suffix, T("."))))
			return true;
	}
	return parts->region.len == 0 || text_equal(parts->region, T("on"));
}

static struct text region_complaint(
	struct arena *arena, const struct host_parts *parts, struct text region)
{
	struct text given = parts->region;
	struct text right = region_of_zone(given);
	const char *is = !region_is_wellformed(given)
		? "is not a Region"
		: "is not a Region of any known AWS partition";
	if (has_no_region(parts))
		return text_format(arena,
			"the host names no Region: write %.*s.dkr.ecr.%.*s.amazonaws.com",
			TEXT(parts->account), TEXT(region.len ? region : T("<region>")));
	if (right.len)
		return text_format(arena,
			"\"%.*s\" is an availability zone, not a Region: write %.*s", TEXT(given),
			TEXT(right));
	if (text_holds(given, T("-az")))
		is = "is a zone id, not a Region";
	return text_format(arena, "\"%.*s\" %s: write one like us-east-1", TEXT(given), is);
}

static struct text account_complaint(
	struct arena *arena, struct text host, const struct host_parts *parts)
{
	if (parts->account.len == 0)
		return text_format(arena,
			"the account id before \"%.*s\" is empty: the host starts with twelve "
			"digits "
			"(is a variable unset?)",
			TEXT(host));
	return text_format(arena, "\"%.*s\" is no account id: that is twelve digits, as in %s",
		TEXT(parts->account), "123456789012.dkr.ecr.us-east-1.amazonaws.com");
}

static struct text form_complaint(struct arena *arena, struct text host)
{
	const char *wrong = "is not a registry: write "
			    "<account>.dkr.ecr.<region>.amazonaws.com/<repository>";
	for (struct text rest = host; rest.len;)
		if (text_equal(text_cut(&rest, T(".")), T("ecr-public")))
			wrong = "is the API of ECR Public, not its registry: write "
				"public.ecr.aws/<alias>/<repository>";
	return text_format(arena, "%.*s %s", TEXT(host), wrong);
}

bool ecr_host_parse(struct arena *arena, struct text host, struct text region, struct target *out,
	struct text *complaint)
{
	struct host_parts parts;
	if (!host_parse(host, ENDPOINT_DKR, &parts))
		return complain(complaint, form_complaint(arena, host));
	if (!parts.privatelink && !account_is_wellformed(parts.account))
		return complain(complaint, account_complaint(arena, host, &parts));
	if (!parts.partition)
		return complain(complaint, region_complaint(arena, &parts, region));
	out->account = parts.privatelink ? T("") : parts.account;
	out->region = parts.region;
	out->partition = parts.partition;
	out->fips = parts.fips;
	out->dualstack = parts.dualstack;
	if (text_is_one_of(parts.suffix,
		    parts.dualstack ? parts.partition->registry_suffix : parts.partition->suffix))
		return true;
	struct text right = host_name(arena, &parts);
	return complain(complaint,
		text_format(arena,
			"\"%.*s\" is the wrong suffix for a registry in %.*s: write %.*s",
			TEXT(parts.suffix), TEXT(parts.region), TEXT(right)));
}
