/* Which host names can exist ("no such host" means another thing for a name that is wrong), and
 * whose they are. */
#include "diagnose/error_text_parts.h"
#include <ctype.h>

#define LABEL_BYTES "abcdefghijklmnopqrstuvwxyz0123456789-"

/* registries other than ECR whose names are known to be right */
static bool is_well_known(struct text host)
{
	static const char *const names[] = {"docker.io", "docker.com", "ghcr.io", "quay.io",
		"public.ecr.aws", "registry.k8s.io", "gcr.io", "mcr.microsoft.com",
		"registry.gitlab.com", "cloudfront.net"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_ends(host, text_of(names[i])))
			return true;
	return false;
}

/* FIPS names are for the US alone, and ECR Public's API has two Regions:
 * docs.aws.amazon.com/general/latest/gr/ecr.html and ecr-public.html */
static bool service_is_there(struct text host, struct text region)
{
	if (text_holds(host, T("ecr-fips")) || text_holds(host, T("ecr-public-fips")))
		return text_starts(region, T("us-"));
	if (text_holds(host, T("api.ecr-public.")))
		return text_equal(region, T("us-east-1")) || text_equal(region, T("us-west-2"));
	return true;
}

static bool is_masked(struct text label)
{
	return !text_only(label, T(LABEL_BYTES)) || text_starts(label, T("xx")) ||
		text_equal(label, T("region")) || text_equal(label, T("redacted"));
}

enum host_kind error_text_host_kind(struct text host)
{
	struct text rest = host;
	struct text account = text_cut(&rest, T("."));
	bool registry = text_starts(rest, T("dkr."));
	if (is_well_known(host))
		return HOST_VALID;
	if (text_starts(host, T(".")))
		return HOST_WRONG;
	if (!text_ends(host, T(".amazonaws.com")) && !text_ends(host, T(".amazonaws.com.cn")))
		return HOST_UNSURE;
	/* the Region is the label before the suffix */
	struct text region = T("");
	size_t labels = 0;
	for (rest = host; !text_starts(rest, T("amazonaws")); labels++)
		region = text_cut(&rest, T("."));
	if (is_masked(region))
		return HOST_UNSURE;
	/* "sts.amazonaws.com", "bucket.s3.amazonaws.com": global names, but not
	 * "logs.undefined.amazonaws.com" */
	bool regional = labels == 2 && !text_equal(region, T("s3"));
	if (!text_holds(host, T("ecr")) && !text_holds(region, T("-")) && !regional)
		return HOST_VALID;
	const struct partition *partition = partition_of_region(region);
	if (!region_exists(region) || !text_equal(partition->suffix, rest) ||
		!service_is_there(host, region))
		return HOST_WRONG;
	/* a registry's host begins with the account; a masked one tells nothing */
	if (registry && account.len && !text_only(account, T("0123456789")))
		return HOST_UNSURE;
	return !registry || account.len == 12 ? HOST_VALID : HOST_WRONG;
}

enum owner error_text_owner(struct text host)
{
	/* the first that the host holds; S3 of ECR's own buckets stands before S3 */
	static const struct {
		const char *part;
		enum owner owner;
	} owners[] = {
		{"dkr.ecr", OWNER_ECR},
		{"dkr-ecr", OWNER_ECR},
		{"starport", OWNER_ECR},
		{"ecr-public", OWNER_ECR_PUBLIC},
		{"public.ecr.aws", OWNER_ECR_PUBLIC},
		{"api.ecr", OWNER_ECR},
		{"ecr.", OWNER_ECR},
		{"docker.io", OWNER_HUB},
		{"docker.com", OWNER_HUB},
		{"docker-images-prod", OWNER_HUB},
		{".s3.", OWNER_S3},
		{".s3-", OWNER_S3},
		{"s3.", OWNER_S3},
		{"amazonaws", OWNER_AWS},
		{"amazon", OWNER_AWS},
		{".aws", OWNER_AWS},
	};
	/* "azurecr.io" holds "ecr." and is not AWS' */
	bool azure = text_holds(host, T("azurecr."));
	for (size_t i = 0; i < sizeof owners / sizeof *owners && !azure; i++)
		if (text_holds(host, text_of(owners[i].part)))
			return owners[i].owner;
	bool named = host.len && isalnum((unsigned char)host.at[0]) &&
		!text_starts(host, T("169.254."));
	return named && (text_holds(host, T(".")) || text_holds(host, T(":"))) ? OWNER_OTHER
									       : OWNER_UNKNOWN;
}
