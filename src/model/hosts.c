/* AWS' partitions, Regions and host names. What each row rests on:
 *
 *     partitions botocore partitions.json and endpoints.json; the registries' dual-stack suffixes
 *                are those that the ECS agent knows
 *     services   botocore data/SERVICE/VERSION/endpoint-rule-set-1.json
 *     ECR's API  https://docs.aws.amazon.com/general/latest/gr/ecr.html
 *     registries https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 *     PrivateLink, layer bucket
 *                https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 *
 * docs/hosts.md is generated from these tables, and tests/names compares every row with botocore's
 * own rules. */
#include "model/hosts.h"
#include "base/arena.h"
#include <ctype.h>

#define PARTITION_(label, prefix, new, dns, dualstack, registry, implicit)                    \
	{                                                                                     \
		.name = LITERAL(label), .region_prefix = LITERAL(prefix),                     \
		.new_prefix = LITERAL(new), .suffix = LITERAL(dns),                           \
		.dualstack_suffix = LITERAL(dualstack), .registry_suffix = LITERAL(registry), \
		.implicit_region = LITERAL(implicit),                                         \
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

bool region_is_wellformed(struct text region)
{
	size_t len = region.len;
	while (len && isdigit((unsigned char)region.at[len - 1]))
		len--;
	return len > 3 && len < region.len && region.len <= 32 && region.at[len - 1] == '-' &&
		!text_starts(region, T("-")) && !text_holds(region, T("--")) &&
		text_only(region, T(LOWER DIGITS "-"));
}

/* What is before the last two parts, a direction and a number: it tells the partition. */
static struct text geography_of(struct text region)
{
	size_t dashes = 0;
	size_t at = region.len;
	while (at > 0 && dashes < 2)
		dashes += region.at[--at] == '-';
	return text_head(region, dashes == 2 ? at : 0);
}

/* '?' in `form` is any letter */
static bool is_of_form(struct text t, struct text form)
{
	if (t.len != form.len)
		return false;
	for (size_t i = 0; i < form.len; i++)
		if (form.at[i] == '?' ? !islower((unsigned char)t.at[i]) : form.at[i] != t.at[i])
			return false;
	return form.len > 0;
}

const struct partition *partition_of_region(struct text region)
{
	struct text geography = geography_of(region);
	const struct partition *row;
	const struct partition *possible = NULL;
	if (!region_is_wellformed(region))
		return NULL;
	for (size_t i = 0; (row = partition_at(i)); i++) {
		if (text_is_one_of(geography, row->region_prefix))
			return row;
		if (!possible && is_of_form(geography, row->new_prefix))
			possible = row;
	}
	return possible;
}

bool region_is_likely(struct text region)
{
	const struct partition *partition = partition_of_region(region);
	return partition && text_is_one_of(geography_of(region), partition->region_prefix) &&
		text_holds_one(region,
			"-north-|-south-|-east-|-west-|-central-|-northeast-|-northwest-|"
			"-southeast-|-southwest-");
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

bool account_is_wellformed(struct text account)
{
	return account.len == 12 && text_only(account, T(DIGITS));
}

struct text region_of_zone(struct text zone)
{
	if (partition_of_region(zone))
		return T("");
	/* the longest beginning that is a Region */
	for (size_t len = zone.len; len-- > 0;) {
		bool ends_here = !isdigit((unsigned char)zone.at[len]);
		if (ends_here && partition_of_region(text_head(zone, len)))
			return text_head(zone, len);
	}
	return T("");
}

#define BIT(name) (UINT32_C(1) << ENDPOINT_##name)
#define USE_(used_by, code, order) USED_BY_##used_by
#define ALSO_BIT_(name, label, traits, meaning) | (USE_ traits == USED_BY_ALSO ? BIT(name) : 0)
#define BUCKET "prod-R-starport-layer-bucket"

enum {
	PLAIN = SPELLING_PLAIN,
	FIPS = SPELLING_FIPS,
	DUAL = SPELLING_DUALSTACK,
	BOTH = SPELLING_FIPS_DUALSTACK,
	VPCE = SPELLING_PRIVATELINK,
	OTHERS = (0 ENDPOINTS(ALSO_BIT_)) & ~BIT(SSMMESSAGES) & ~BIT(EKS_AUTH),
};

static const struct host_form forms[] = {
	/* the API: of the two FIPS spellings "ecr-fips" is the one that the ECS agent knows */
	{BIT(API), PLAIN, HOST_BOTOCORE, false, "", "api.ecr.R.S"},
	{BIT(API), FIPS, HOST_BOTOCORE, false, "aws|aws-us-gov", "ecr-fips.R.S"},
	{BIT(API), FIPS, HOST_BOTOCORE, false, "", "api.ecr-fips.R.S"},
	{BIT(API), FIPS, HOST_NEWER, true, "aws|aws-us-gov", "api.ecr-fips.R.S"},
	{BIT(API), DUAL, HOST_NEWER, false, "", "ecr.R.D"},
	{BIT(API), BOTH, HOST_NEWER, false, "", "ecr-fips.R.D"},
	{BIT(API), BOTH, HOST_BOTOCORE, true, "", "api.ecr-fips.R.D"},
	{BIT(API), VPCE, HOST_DOCS, false, "", "A.api.ecr.R.vpce.S"},

	/* registries: with dual-stack a dash follows "dkr" */
	{BIT(DKR), PLAIN, HOST_AGENT, false, "", "A.dkr.ecr.R.S"},
	{BIT(DKR), FIPS, HOST_AGENT, false, "", "A.dkr.ecr-fips.R.S"},
	{BIT(DKR), DUAL, HOST_AGENT, false, "", "A.dkr-ecr.R.O"},
	{BIT(DKR), BOTH, HOST_AGENT, false, "", "A.dkr-ecr-fips.R.O"},
	{BIT(DKR), VPCE, HOST_DOCS, false, "", "A.dkr.ecr.R.vpce.S"},

	/* the layer bucket, as far as it can be foreseen: the registry's redirect decides */
	{BIT(S3), PLAIN, HOST_BOTOCORE, false, "", BUCKET ".s3.R.S"},
	{BIT(S3), DUAL, HOST_BOTOCORE, false, "", BUCKET ".s3.dualstack.R.S"},

	/* what else the start of a task may need */
	{OTHERS, PLAIN, HOST_BOTOCORE, false, "", "N.R.S"},
	{BIT(LOGS) | BIT(SSM) | BIT(STS) | BIT(EKS) | BIT(EC2), FIPS, HOST_BOTOCORE, false,
		"aws-us-gov", "N.R.S"},
	{BIT(EKS), FIPS, HOST_BOTOCORE, false, "aws", "fips.N.R.S"},
	{OTHERS, FIPS, HOST_BOTOCORE, false, "", "N-fips.R.S"},
	{BIT(SECRETSMANAGER), DUAL, HOST_NEWER, false, "aws|aws-cn|aws-us-gov", "N.R.S"},
	{OTHERS, DUAL, HOST_BOTOCORE, false, "", "N.R.D"},
	{BIT(SECRETSMANAGER), BOTH, HOST_NEWER, false, "aws|aws-us-gov", "N-fips.R.S"},
	{OTHERS, BOTH, HOST_BOTOCORE, false, "", "N-fips.R.D"},
	{BIT(SSMMESSAGES), PLAIN, HOST_DOCS, false, "", "N.R.S"},
	/* it has dual-stack names alone */
	{BIT(EKS_AUTH), PLAIN, HOST_NEWER, false, "", "N.R.D"},
	{BIT(EKS_AUTH), FIPS, HOST_NEWER, false, "", "N-fips.R.D"},
	{BIT(EKS_AUTH), DUAL, HOST_NEWER, false, "", "N.R.D"},
	{BIT(EKS_AUTH), BOTH, HOST_NEWER, false, "", "N-fips.R.D"},
};

const struct host_form *host_form_at(size_t index)
{
	return index < sizeof forms / sizeof *forms ? &forms[index] : NULL;
}

const struct host_form *host_form(const struct partition *partition, enum endpoint_kind kind,
	enum spelling spelling, bool retry)
{
	const struct host_form *row;
	for (size_t i = 0; (row = host_form_at(i)); i++) {
		struct text only = text_of(row->partitions);
		if (row->endpoints & UINT32_C(1) << kind && row->spelling == spelling &&
			row->retry == retry && (!only.len || text_is_one_of(partition->name, only)))
			return row;
	}
	if (retry || spelling == SPELLING_PLAIN || spelling == SPELLING_PRIVATELINK)
		return NULL;
	/* a bucket is reached over IPv6 whether FIPS is wanted or not */
	return host_form(partition, kind,
		spelling == SPELLING_FIPS_DUALSTACK ? SPELLING_DUALSTACK : SPELLING_PLAIN, false);
}

struct text host_spell(struct arena *arena, const char *form, const struct host_parts *parts)
{
	const struct partition *partition = parts->partition;
	struct text registries = partition->registry_suffix;
	const struct {
		char letter;
		struct text value;
	} values[] = {
		{'R', parts->region},
		{'S', partition->suffix},
		{'D', partition->dualstack_suffix},
		{'O', text_cut(&registries, T("|"))},
		{'A', parts->account},
		{'I', partition->implicit_region},
		{'N', endpoint_kind_name(parts->endpoint)},
	};
	struct buffer out = {.arena = arena};
	for (; *form; form++) {
		struct text value = {form, 1};
		for (size_t i = 0; i < COUNT(values); i++)
			if (values[i].letter == *form)
				value = values[i].value;
		buffer_add(&out, value);
	}
	return buffer_text(&out);
}

struct text host_name(struct arena *arena, const struct host_parts *parts)
{
	unsigned spelling = (parts->fips ? SPELLING_FIPS : 0) |
		(parts->dualstack ? SPELLING_DUALSTACK : 0) |
		(parts->privatelink ? SPELLING_PRIVATELINK : 0);
	const struct host_form *row = host_form(
		parts->partition, parts->endpoint, (enum spelling)spelling, parts->retry);
	return host_spell(arena, row ? row->form : "", parts);
}

static bool is_under(struct text host, struct text suffixes)
{
	while (suffixes.len) {
		struct text suffix = text_cut(&suffixes, T("|"));
		if (host.len > suffix.len && text_ends(host, suffix) &&
			host.at[host.len - suffix.len - 1] == '.')
			return true;
	}
	return false;
}

bool host_is_under(struct text host, const struct partition *partition)
{
	const struct partition *row;
	for (size_t i = 0; (row = partition_at(i)); i++)
		if ((!partition || row == partition) &&
			(is_under(host, row->suffix) || is_under(host, row->dualstack_suffix) ||
				is_under(host, row->registry_suffix)))
			return true;
	return false;
}

/* In names that AWS uses itself "starport" stands for "ecr". */
static bool label_fits(struct text label, struct text form, struct host_parts *out)
{
	struct text tail = form;
	struct text head = text_cut(&tail, T("ecr"));
	struct text middle = text_head(text_skip(label, head.len), 8);
	if (text_equal(form, T("A")))
		out->account = label;
	else if (text_equal(form, T("R")))
		out->region = label;
	else if (!text_equal(label, form))
		return head.len < form.len && text_starts(label, head) &&
			text_equal(middle, T("starport")) &&
			text_equal(text_skip(label, head.len + 8), tail);
	return true;
}

bool host_parse(struct text host, enum endpoint_kind kind, struct host_parts *out)
{
	const struct host_form *row;
	for (size_t i = 0; (row = host_form_at(i)); i++) {
		struct text form = text_of(row->form);
		struct text rest = host;
		bool fits = row->endpoints & UINT32_C(1) << kind &&
			row->spelling != SPELLING_PRIVATELINK;
		*out = (struct host_parts){
			.endpoint = kind,
			.fips = row->spelling & SPELLING_FIPS,
			.dualstack = row->spelling & SPELLING_DUALSTACK,
		};
		/* "dkr.ecr..." without even the dot before it */
		if (text_starts(form, T("A.dkr")) && text_starts(host, T("dkr")))
			text_cut(&form, T("."));
		while (fits && form.len > 1)
			fits = label_fits(text_cut(&rest, T(".")), text_cut(&form, T(".")), out);
		if (!fits)
			continue;
		out->privatelink = text_starts(rest, T("vpce."));
		out->suffix = text_skip(rest, out->privatelink ? 5 : 0);
		out->partition = partition_of_region(out->region);
		return true;
	}
	return false;
}
