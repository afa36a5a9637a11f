/* Which host names can exist ("no such host" means another thing for a name that is wrong), and
 * whose they are. */
#include "diagnose/error_text_parts.h"
#include "model/hosts.h"
#include <ctype.h>

const char *const error_text_registries[] = {"quay.io", "ghcr.io", "registry.gitlab.com",
	"registry.k8s.io", "gcr.io", "mcr.microsoft.com", "public.ecr.aws", "docker.io",
	"docker.com", "pkg.dev", "nvcr.io", NULL};

static bool is_well_known(struct text host)
{
	for (size_t i = 0; error_text_registries[i]; i++)
		if (text_ends(host, text_of(error_text_registries[i])))
			return true;
	return text_ends(host, T("cloudfront.net"));
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
	return !text_only(label, T(LOWER DIGITS "-")) || text_starts(label, T("xx")) ||
		text_equal(label, T("region")) || text_equal(label, T("redacted"));
}

/* another service than ECR: the Region is the label before the suffix */
static void read_labels(struct text host, struct host_parts *out)
{
	size_t labels = 0;
	for (; !text_starts(host, T("amazonaws")); labels++)
		out->region = text_cut(&host, T("."));
	out->suffix = host;
	/* "sts.amazonaws.com", "bucket.s3.amazonaws.com": global names, but not
	 * "logs.undefined.amazonaws.com" */
	if ((labels != 2 || text_equal(out->region, T("s3"))) && !text_holds(out->region, T("-")))
		out->region = T("");
}

enum host_kind error_text_host_kind(struct text host)
{
	struct host_parts parts = {0};
	if (is_well_known(host))
		return HOST_VALID;
	if (text_starts(host, T(".")))
		return HOST_WRONG;
	if (!text_ends(host, T(".amazonaws.com")) && !text_ends(host, T(".amazonaws.com.cn")))
		return HOST_UNSURE;
	bool registry = host_parse(host, ENDPOINT_DKR, &parts);
	bool ecr = registry || host_parse(host, ENDPOINT_API, &parts);
	if (!ecr)
		read_labels(host, &parts);
	if (is_masked(parts.region))
		return HOST_UNSURE;
	if (!ecr && !parts.region.len)
		return text_holds(host, T("ecr")) ? HOST_WRONG : HOST_VALID;
	if (!region_exists(parts.region) || !service_is_there(host, parts.region) ||
		!text_equal(partition_of_region(parts.region)->suffix, parts.suffix))
		return HOST_WRONG;
	/* a registry's host begins with the account; a masked one tells nothing */
	if (!registry || parts.privatelink || account_is_wellformed(parts.account))
		return HOST_VALID;
	return text_only(parts.account, T(DIGITS)) ? HOST_WRONG : HOST_UNSURE;
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
