/* The way to a host, link by link, and of several the one that blocks least. */
#include "diagnose/configuration_parts.h"

/* A subnet with IPv6 alone needs DNS64 and a NAT64 for hosts that have IPv4 alone. */
static bool judge_family(struct judge *judge, const struct way *way)
{
	if (way->family == 4 || way->kind != WAY_PUBLIC || judge->target->dualstack ||
		judge->subnet->dns64)
		return true;
	struct text id = judge->subnet->id;
	struct link *link = judge_link(judge,
		(struct link){STAGE_TCP, "subnet", .id = id, .effect = EFFECT_BLOCKS,
			.cause = CAUSE_NET_IPV6_ONLY},
		"Subnet %.*s has IPv6 alone and no DNS64, and %.*s has no IPv6 address", TEXT(id),
		TEXT(way->host));
	judge_read(judge, link, "%.*s: ipv6Native true, enableDns64 false", TEXT(id));
	judge_fix(judge, link, "aws ec2 modify-subnet-attribute --subnet-id %.*s --enable-dns64",
		TEXT(id));
	return false;
}

static void judge_way(struct judge *judge, const struct way *way)
{
	if (!judge_family(judge, way))
		return;
	if (!way->to.count) {
		judge_unread(judge, STAGE_TCP, "interfaces of the endpoint",
			way->through ? way->through->id : T(""), VPC_INTERFACES, T(""));
		return;
	}
	judge_route(judge, way);
	judge_acls(judge, way);
	judge_groups(judge, way);
	judge_endpoint_policy(judge, way);
}

/* how many links let packets through before one blocks */
static size_t passed(const struct chain *chain)
{
	size_t count = 0;
	while (count < chain->count && chain->links[count].effect != EFFECT_BLOCKS)
		count++;
	return count;
}

void judge_best(struct judge *judge, const struct ways *ways)
{
	struct chain *chain = judge->chain;
	struct chain best = {0};
	for (size_t i = 0; i < ways->count; i++) {
		struct chain one = *chain;
		one.links = NULL;
		one.count = 0;
		judge->chain = &one;
		judge_way(judge, &ways->at[i]);
		size_t blocks = judge_blocks(&one, 0);
		size_t least = judge_blocks(&best, 0);
		bool further = blocks == least && passed(&one) > passed(&best);
		if (i == 0 || blocks < least || (blocks && further))
			best = one;
	}
	judge->chain = chain;
	for (size_t i = 0; i < best.count; i++)
		judge_add(judge, best.links[i]);
}
