/* Which host names can exist: "no such host" means another thing for a name that is wrong. */
#include "diagnose/error_text_parts.h"
#include <ctype.h>
#include <string.h>

/* Regions by their direction, and how many there are of each; botocore endpoints.json. */
struct region_stem {
	const char *stem;
	char last;
};

static const struct region_stem stems[] = {
	{"us-east-", '2'},
	{"us-west-", '2'},
	{"ca-central-", '1'},
	{"ca-west-", '1'},
	{"mx-central-", '1'},
	{"sa-east-", '1'},
	{"sa-west-", '1'},
	{"eu-central-", '2'},
	{"eu-north-", '1'},
	{"eu-south-", '2'},
	{"eu-west-", '3'},
	{"af-south-", '1'},
	{"il-central-", '1'},
	{"me-central-", '1'},
	{"me-south-", '1'},
	{"me-west-", '1'},
	{"ap-east-", '2'},
	{"ap-northeast-", '3'},
	{"ap-south-", '2'},
	{"ap-southeast-", '7'},
	{"cn-north-", '1'},
	{"cn-northwest-", '1'},
	{"us-gov-east-", '1'},
	{"us-gov-west-", '1'},
	{"us-iso-east-", '1'},
	{"us-iso-west-", '1'},
	{"us-isob-east-", '1'},
	{"us-isob-west-", '1'},
	{"eu-isoe-west-", '1'},
	{"us-isof-east-", '1'},
	{"us-isof-south-", '1'},
	{"eusc-de-east-", '1'},
};

bool error_text_region_known(struct text region)
{
	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		struct text stem = text_of(stems[i].stem);
		if (region.len == stem.len + 1 && text_starts(region, stem))
			return region.at[stem.len] >= '1' && region.at[stem.len] <= stems[i].last;
	}
	return false;
}

#define LABEL_BYTES "abcdefghijklmnopqrstuvwxyz0123456789-"

static bool ends_in_any(struct text host, const char *const *suffixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_ends(host, text_of(suffixes[i])))
			return true;
	return false;
}

/* registries whose names are known to be right */
static bool famous(struct text host)
{
	static const char *const names[] = {"docker.io", "docker.com", "ghcr.io", "quay.io",
		"public.ecr.aws", "registry.k8s.io", "k8s.gcr.io", "gcr.io", "mcr.microsoft.com",
		"registry.gitlab.com", "cloudfront.net"};
	return ends_in_any(host, names, sizeof names / sizeof *names);
}

/* the label before "amazonaws.com", where the Region stands */
static struct text region_label(struct text host)
{
	struct text rest = host;
	struct text label = T("");
	while (rest.len && !text_starts(rest, T("amazonaws")))
		label = text_cut(&rest, T("."));
	return label;
}

/* China's names end in .cn and no others do */
static bool suffix_fits(struct text host, struct text region)
{
	return text_starts(region, T("cn-")) == text_ends(host, T(".cn"));
}

/* docs.aws.amazon.com/general/latest/gr/ecr.html and ecr-public.html */
static bool service_is_there(struct text host, struct text region)
{
	if (text_holds(host, T("ecr-fips")) || text_holds(host, T("ecr-public-fips")))
		return text_starts(region, T("us-"));
	if (text_holds(host, T("api.ecr-public.")))
		return text_equal(region, T("us-east-1")) || text_equal(region, T("us-west-2"));
	return true;
}

/* a registry's host begins with the account; a masked one tells nothing */
static enum host_kind account_kind(struct text host)
{
	struct text rest = host;
	struct text account = text_cut(&rest, T("."));
	if (!text_starts(rest, T("dkr.")))
		return HOST_VALID;
	if (account.len == 0)
		return HOST_WRONG;
	if (!text_only(account, T("0123456789")))
		return HOST_UNSURE;
	return account.len == 12 ? HOST_VALID : HOST_WRONG;
}

static bool masked(struct text label)
{
	return !text_only(label, T(LABEL_BYTES)) || text_starts(label, T("xx")) ||
		text_equal(label, T("region")) || text_equal(label, T("redacted"));
}

enum host_kind error_text_host_kind(struct text host)
{
	static const char *const suffixes[] = {".amazonaws.com", ".amazonaws.com.cn"};
	if (famous(host))
		return HOST_VALID;
	if (text_starts(host, T(".")))
		return HOST_WRONG;
	if (!ends_in_any(host, suffixes, sizeof suffixes / sizeof *suffixes))
		return HOST_UNSURE;
	struct text region = region_label(host);
	if (masked(region))
		return HOST_UNSURE;
	/* "s3.amazonaws.com", "sts.amazonaws.com": global names */
	if (!text_holds(host, T("ecr")) && !text_holds(region, T("-")))
		return HOST_VALID;
	if (!error_text_region_known(region) || !suffix_fits(host, region) ||
		!service_is_there(host, region))
		return HOST_WRONG;
	return account_kind(host);
}
