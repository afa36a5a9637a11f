/* The host names of private ECR registries, as the ECS agent and the kubelet know them:
 *
 *     <account>.dkr.ecr[-fips].<region>.<suffix>
 *     <account>.dkr-ecr[-fips].<region>.<dual-stack suffix>
 *     <endpoint>.dkr.ecr.<region>.vpce.<suffix>
 *
 * "starport" stands for "ecr" in names that AWS uses itself. */
#include "model/ecr_host.h"
#include "base/die.h"
#include "model/hosts.h"

/* a host's parts, as they stand between its dots */
struct parts {
	struct text account;
	struct text service; /* "ecr", "ecr-fips", "starport", "starport-fips" */
	struct text region;
	struct text suffix;
	bool dualstack; /* "dkr-ecr", with a dash */
	bool vpce;
};

static bool has_label(struct text host, struct text label)
{
	while (host.len)
		if (text_equal(text_cut(&host, T(".")), label))
			return true;
	return false;
}

static bool is_service(struct text t)
{
	return is_one_of(t, T("ecr|ecr-fips|starport|starport-fips"));
}

bool ecr_host_is_meant(struct text host)
{
	return text_holds(host, T(".dkr.ecr")) || text_holds(host, T(".dkr-ecr")) ||
		text_holds(host, T(".dkr.starport")) || text_holds(host, T(".dkr-starport")) ||
		text_starts(host, T("dkr.ecr")) || text_starts(host, T("dkr-ecr")) ||
		(host_is_under(host, NULL) &&
			(has_label(host, T("ecr")) || has_label(host, T("ecr-fips")) ||
				has_label(host, T("ecr-public"))));
}

static bool cut_parts(struct text host, struct parts *out)
{
	/* "dkr.ecr..." without even the dot before it */
	if (!text_starts(host, T("dkr.")) && !text_starts(host, T("dkr-")))
		out->account = text_cut(&host, T("."));
	struct text label = text_cut(&host, T("."));
	out->dualstack = text_starts(label, T("dkr-"));
	if (out->dualstack)
		out->service = text_skip(label, 4);
	else if (text_equal(label, T("dkr")))
		out->service = text_cut(&host, T("."));
	out->region = text_cut(&host, T("."));
	out->suffix = host;
	if (text_starts(host, T("vpce."))) {
		out->vpce = true;
		out->suffix = text_skip(host, 5);
	}
	return is_service(out->service);
}

/* what follows the account is all right, so only it can be wrong */
static bool check_account(
	struct arena *arena, struct text host, const struct parts *parts, struct text *complaint)
{
	struct text account = parts->account;
	if (parts->vpce)
		return true;
	if (account.len == 0)
		return complain(complaint,
			text_format(arena,
				"the account id before \"%.*s\" is empty: the host starts with "
				"twelve digits (is a variable unset?)",
				TEXT(host)));
	if (account.len == 12 && text_only(account, T("0123456789")))
		return true;
	return complain(complaint,
		text_format(arena, "\"%.*s\" is no account id: that is twelve digits, as in %s",
			TEXT(account), "123456789012.dkr.ecr.us-east-1.amazonaws.com"));
}

/* "123456789012.dkr.ecr.amazonaws.com": the suffix stands where the Region should */
static bool is_without_region(const struct parts *parts)
{
	const struct partition *row;
	for (size_t i = 0; (row = partition_at(i)); i++) {
		struct text first = row->suffix;
		first = text_cut(&first, T("."));
		if (text_equal(parts->region, first))
			return true;
	}
	return parts->region.len == 0 || text_equal(parts->region, T("on"));
}

static struct text region_complaint(
	struct arena *arena, const struct parts *parts, struct text region)
{
	struct text given = parts->region;
	struct text right = region_of_zone(given);
	if (is_without_region(parts))
		return text_format(arena,
			"the host names no Region: write %.*s.dkr.ecr.%.*s.amazonaws.com",
			TEXT(parts->account), TEXT(region.len ? region : T("<region>")));
	if (right.len)
		return text_format(arena,
			"\"%.*s\" is an availability zone, not a Region: write %.*s", TEXT(given),
			TEXT(right));
	if (text_holds(given, T("-az")))
		return text_format(arena,
			"\"%.*s\" is a zone id, not a Region: write one like us-east-1",
			TEXT(given));
	if (!region_is_wellformed(given))
		return text_format(
			arena, "\"%.*s\" is not a Region: write one like us-east-1", TEXT(given));
	return text_format(arena,
		"\"%.*s\" is not a Region of any partition that AWS is known to have: write one "
		"like us-east-1",
		TEXT(given));
}

/* the host as it should be, in the spelling that was meant */
static struct text right_host(
	struct arena *arena, const struct parts *parts, const struct partition *partition)
{
	struct host_wish wish = {
		.partition = partition,
		.region = parts->region,
		.account = parts->account,
		.endpoint = ENDPOINT_DKR,
		.fips = text_ends(parts->service, T("-fips")),
		.dualstack = parts->dualstack,
		.privatelink = parts->vpce,
	};
	return host_name(arena, &wish);
}

static bool check_suffix(struct arena *arena, const struct parts *parts,
	const struct partition *partition, struct text *complaint)
{
	if (parts->dualstack ? is_one_of(parts->suffix, partition->registry_suffix)
			     : text_equal(parts->suffix, partition->suffix))
		return true;
	struct text right = right_host(arena, parts, partition);
	return complain(complaint,
		text_format(arena, "\"%.*s\" is the wrong end for a registry in %.*s: write %.*s",
			TEXT(parts->suffix), TEXT(parts->region), TEXT(right)));
}

static bool complain_of_form(struct arena *arena, struct text host, struct text *complaint)
{
	if (has_label(host, T("ecr-public")))
		return complain(complaint,
			text_format(arena,
				"%.*s is the API of ECR Public, not its registry: write "
				"public.ecr.aws/<alias>/<repository>",
				TEXT(host)));
	return complain(complaint,
		text_format(arena,
			"%.*s is not a registry: write "
			"<account>.dkr.ecr.<region>.amazonaws.com/<repository>",
			TEXT(host)));
}

bool ecr_host_parse(struct arena *arena, struct text host, struct text region, struct target *out,
	struct text *complaint)
{
	struct parts parts = {0};
	if (!cut_parts(host, &parts))
		return complain_of_form(arena, host, complaint);
	const struct partition *partition = partition_of_region(parts.region);
	if (!check_account(arena, host, &parts, complaint))
		return false;
	if (!partition)
		return complain(complaint, region_complaint(arena, &parts, region));
	if (!check_suffix(arena, &parts, partition, complaint))
		return false;
	out->account = parts.vpce ? T("") : parts.account;
	out->region = parts.region;
	out->partition = partition;
	out->fips = text_ends(parts.service, T("-fips"));
	out->dualstack = parts.dualstack;
	return true;
}
