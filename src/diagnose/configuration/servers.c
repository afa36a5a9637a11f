/* Which DNS servers answer. Amazon's are reached in any case: no route, network ACL or security
 * group is about them. Those of the customer's own are packets like others, over UDP.
 * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

enum { DNS_PORT = 53 };

static bool is_amazons(const struct judge *judge, struct text server)
{
	struct address address;
	struct network network;
	if (text_same(server, T("AmazonProvidedDNS")) || text_equal(server, T("169.254.169.253")) ||
		text_same(server, T("fd00:ec2::253")))
		return true;
	/* the second address of the VPC's first range */
	if (!judge->vpc->cidrs.count || !network_parse(judge->vpc->cidrs.at[0], &network) ||
		!address_parse(server, &address) || !address_within(&address, &network))
		return false;
	struct text first = address_text(judge->arena, &network.address);
	struct text base = text_head(first, first.len - 1);
	return text_ends(first, T(".0")) &&
		text_equal(server, text_format(judge->arena, "%.*s2", TEXT(base)));
}

static struct ways ways_to(struct judge *judge, struct texts servers)
{
	struct ways ways = {0};
	const struct vpc_subnet *subnet = judge->subnet;
	for (size_t i = 0; i < servers.count && ways.count < WAYS_MAX; i++) {
		struct address address;
		struct texts own = subnet->cidrs6;
		if (!address_parse(servers.at[i], &address))
			continue;
		if (address.family == 4)
			own = (struct texts){(struct text *)&subnet->cidr, subnet->cidr.len > 0};
		if (own.count)
			ways.at[ways.count++] = (struct way){
				.kind = address_is_private(&address) ? WAY_ELSEWHERE : WAY_PUBLIC,
				.endpoint = judge->chain->endpoint,
				.to = judge_ranges(judge, (struct texts){&servers.at[i], 1},
					address.family, true),
				.from = judge_ranges(judge, own, address.family, false),
				.family = address.family,
				.port = DNS_PORT,
				.udp = true,
			};
	}
	return ways;
}

/* What stops the queries to all of the servers; a client asks one after the other. */
static void judge_way_to(struct judge *judge, const struct vpc_dhcp_options *options)
{
	struct chain *chain = judge->chain;
	struct chain found = {.subnet = chain->subnet, .endpoint = chain->endpoint};
	struct ways ways = ways_to(judge, options->servers);
	judge->chain = &found;
	judge_best(judge, &ways);
	judge->chain = chain;
	for (size_t i = 0; i < found.count; i++) {
		struct link link = found.links[i];
		bool is_route = text_starts(text_of(link.what), T("route table"));
		if (link.effect == EFFECT_PASSES)
			continue;
		link.stage = STAGE_DNS;
		link.what = "way to the DNS servers";
		link.cause = CAUSE_DNS_TIMEOUT;
		if (is_route)
			link.fix = (struct texts){0};
		texts_add(judge->arena, &link.resources, options->id);
		struct link *added = judge_add(judge, link);
		if (is_route)
			judge_fix(judge, added,
				"Lead the route to where the servers are, or let Amazon's DNS "
				"answer: aws ec2 associate-dhcp-options --dhcp-options-id default "
				"--vpc-id %.*s",
				TEXT(judge->vpc->id));
	}
}

bool judge_servers(struct judge *judge)
{
	struct text id = judge->vpc->dhcp_options;
	const struct vpc_dhcp_options *options = VPC_FIND(
		judge->configuration->dhcp_options, vpc_dhcp_options, id);
	struct link link = {STAGE_DNS, "DHCP options", .id = id, .effect = EFFECT_UNDECIDED};
	size_t amazons = 0;
	if (!id.len)
		return true;
	if (text_equal(id, T("default")) || (options && !options->servers.count)) {
		judge_link(judge, link, "no DHCP options name DNS servers");
		return true;
	}
	if (!options) {
		judge_unread(judge, STAGE_DNS, link.what, id, VPC_DHCP_OPTIONS, id);
		return false;
	}
	for (size_t i = 0; i < options->servers.count; i++)
		amazons += is_amazons(judge, options->servers.at[i]);
	link.effect = amazons == options->servers.count ? EFFECT_PASSES : EFFECT_BEYOND;
	judge_link(judge, link, "DHCP options %.*s name the DNS servers %.*s", TEXT(id),
		TEXT(texts_joined(judge->arena, options->servers)));
	if (!amazons)
		judge_way_to(judge, options);
	return link.effect == EFFECT_PASSES;
}
