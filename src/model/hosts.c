/* The table of host names. What each form rests on:
 *
 *     botocore   data/SERVICE/VERSION/endpoint-rule-set-1.json and partitions.json
 *     ECR's API  https://docs.aws.amazon.com/general/latest/gr/ecr.html
 *     registries https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 *     PrivateLink, layer bucket
 *                https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 *
 * docs/hosts.md is made of it, and tests/names holds every row against botocore's own rules. */
#include "model/hosts.h"
#include "base/buffer.h"
#include <ctype.h>

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
	OTHERS = (0 ENDPOINTS(ALSO_BIT_)) & ~BIT(SSMMESSAGES),
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
	{BIT(LOGS) | BIT(SSM) | BIT(STS), FIPS, HOST_BOTOCORE, false, "aws-us-gov", "N.R.S"},
	{OTHERS, FIPS, HOST_BOTOCORE, false, "", "N-fips.R.S"},
	{BIT(SECRETSMANAGER), DUAL, HOST_NEWER, false, "aws|aws-cn|aws-us-gov", "N.R.S"},
	{OTHERS, DUAL, HOST_BOTOCORE, false, "", "N.R.D"},
	{BIT(SECRETSMANAGER), BOTH, HOST_NEWER, false, "aws|aws-us-gov", "N-fips.R.S"},
	{OTHERS, BOTH, HOST_BOTOCORE, false, "", "N-fips.R.D"},
	{BIT(SSMMESSAGES), PLAIN, HOST_DOCS, false, "", "N.R.S"},
};

const struct host_form *host_form_at(size_t index)
{
	return index < sizeof forms / sizeof *forms ? &forms[index] : NULL;
}

static const struct host_form *find(const struct partition *partition, enum endpoint_kind kind,
	enum spelling spelling, bool retry)
{
	const struct host_form *row;
	for (size_t i = 0; (row = host_form_at(i)); i++) {
		struct text partitions = text_of(row->partitions);
		if (row->endpoints & UINT32_C(1) << kind && row->spelling == spelling &&
			row->retry == retry &&
			(!partitions.len || is_one_of(partition->name, partitions)))
			return row;
	}
	return NULL;
}

const struct host_form *host_form(const struct partition *partition, enum endpoint_kind kind,
	enum spelling spelling, bool retry)
{
	const struct host_form *row = find(partition, kind, spelling, retry);
	/* a bucket is reached over IPv6 whether FIPS is wanted or not */
	if (!row && !retry && spelling == SPELLING_FIPS_DUALSTACK)
		row = find(partition, kind, SPELLING_DUALSTACK, false);
	if (!row && !retry && spelling != SPELLING_PRIVATELINK)
		row = find(partition, kind, SPELLING_PLAIN, false);
	return row;
}

static struct text value(const struct host_wish *wish, char letter)
{
	struct text several = wish->partition->registry_suffix;
	switch (letter) {
	case 'R':
		return wish->region;
	case 'S':
		return wish->partition->suffix;
	case 'D':
		return wish->partition->dualstack_suffix;
	case 'O':
		return text_cut(&several, T("|"));
	case 'A':
		return wish->account;
	case 'I':
		return wish->partition->implicit_region;
	default:
		return endpoint_kind_name(wish->endpoint);
	}
}

struct text host_spell(struct arena *arena, const char *form, const struct host_wish *wish)
{
	struct buffer out = {.arena = arena};
	for (const char *at = form; *at; at++)
		buffer_add(&out,
			isupper((unsigned char)*at) ? value(wish, *at) : (struct text){at, 1});
	return buffer_text(&out);
}

static struct text spelt(struct arena *arena, const struct host_wish *wish, bool retry)
{
	enum spelling spelling = wish->privatelink ? SPELLING_PRIVATELINK
		: wish->fips			   ? (wish->dualstack ? BOTH : FIPS)
		: wish->dualstack		   ? SPELLING_DUALSTACK
						   : SPELLING_PLAIN;
	const struct host_form *row = host_form(wish->partition, wish->endpoint, spelling, retry);
	return host_spell(arena, row ? row->form : "", wish);
}

struct text host_name(struct arena *arena, const struct host_wish *wish)
{
	return spelt(arena, wish, false);
}

struct text host_name_repeated(struct arena *arena, const struct host_wish *wish)
{
	return spelt(arena, wish, true);
}
