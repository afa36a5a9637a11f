/* Network ACLs, which see each packet. The lowest number that fits decides, and packets within one
 * subnet are not looked at. https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
#include "diagnose/configuration_parts.h"
#include <stdlib.h>

enum { PORT_MAX = 65535, SUBNETS_MAX = 8 };

/* https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
enum { LINUX_FROM = 32768, LINUX_TO = 60999, WINDOWS_FROM = 49152, ANY_FROM = 1024 };

static int by_number(const void *a, const void *b)
{
	int64_t first = ((const struct vpc_acl_entry *)a)->number;
	int64_t second = ((const struct vpc_acl_entry *)b)->number;
	return (first > second) - (first < second);
}

static const struct vpc_network_acl *acl_of(
	const struct judge *judge, const struct vpc_subnet *subnet)
{
	const struct vpc_network_acl *acls = judge->configuration->network_acls.at;
	for (size_t i = 0; i < judge->configuration->network_acls.count; i++)
		if (texts_hold(acls[i].subnets, subnet->id))
			return &acls[i];
	return NULL;
}

/* one question to one ACL */
struct crossing {
	const struct vpc_subnet *subnet;
	bool egress;
	const struct ranges *far; /* on the other side of the subnet's border */
	int64_t from, to;	  /* the destination's ports */
	bool udp;		  /* else TCP */
};

static struct filter acl_rows(
	struct judge *judge, const struct vpc_network_acl *acl, const struct crossing *crossing)
{
	struct filter filter = {0};
	struct vpc_acl_entry *entries = arena_new(
		judge->arena, struct vpc_acl_entry, acl->entries.count + 1);
	const struct vpc_acl_entry *given = acl->entries.at;
	for (size_t i = 0; i < acl->entries.count; i++)
		entries[i] = given[i];
	qsort(entries, acl->entries.count, sizeof *entries, by_number);
	for (size_t i = 0; i < acl->entries.count; i++) {
		struct filter_row row = {
			.allows = text_same(entries[i].action, T("allow")), .rule = &entries[i]};
		if (entries[i].egress == crossing->egress &&
			filter_ports(&row, crossing->udp, entries[i].protocol, entries[i].from,
				entries[i].to) &&
			network_parse(entries[i].cidr, &row.network))
			filter_add(judge->arena, &filter, row);
	}
	return filter;
}

/* a number before the rule that denies, or behind all; 0 where there is none */
static int64_t free_number(const struct vpc_network_acl *acl, bool egress, int64_t before)
{
	const struct vpc_acl_entry *entries = acl->entries.at;
	int64_t last = 90;
	for (size_t i = 0; i < acl->entries.count; i++)
		if (entries[i].egress == egress && entries[i].number > last &&
			entries[i].number < 32000)
			last = entries[i].number;
	int64_t number = before ? before - 1 : last + 10;
	for (size_t i = 0; before && number > 0 && i < acl->entries.count; i++)
		if (entries[i].egress == egress && entries[i].number == number) {
			number--;
			i = (size_t)-1;
		}
	return number;
}

static void suggest_entry(struct judge *judge, const struct vpc_network_acl *acl,
	const struct crossing *crossing, const struct filtered *found, struct link *link)
{
	const struct vpc_acl_entry *entry = found->row ? found->row->rule : NULL;
	int64_t number = free_number(acl, crossing->egress, entry ? entry->number : 0);
	const char *verb = number ? "create" : "replace"; /* where no number before it is free */
	if (!number && entry)
		number = entry->number;
	struct text range = ranges_to_open(judge->arena, crossing->far, &found->address);
	judge_fix(judge, link,
		"aws ec2 %s-network-acl-entry --network-acl-id %.*s --%s --rule-number %lld "
		"--protocol %s --port-range From=%lld,To=%lld --%scidr-block %.*s --rule-action "
		"allow",
		verb, TEXT(acl->id), crossing->egress ? "egress" : "ingress", (long long)number,
		crossing->udp ? "udp" : "tcp", (long long)crossing->from, (long long)crossing->to,
		found->address.family == 6 ? "ipv6-" : "", TEXT(range));
}

static struct link *add_crossing(struct judge *judge, const struct vpc_network_acl *acl,
	const struct crossing *crossing, const struct filtered *found)
{
	struct arena *arena = judge->arena;
	const struct vpc_acl_entry *entry = found->row ? found->row->rule : NULL;
	bool passes = found->effect == EFFECT_PASSES;
	struct text far = address_text(arena, &found->address);
	struct text ports = text_format(arena, "%lld", (long long)crossing->from);
	if (crossing->from != crossing->to)
		ports = text_format(arena, "%.*s-%lld", TEXT(ports), (long long)crossing->to);
	struct text by = entry ? text_format(arena, " (rule %lld)", (long long)entry->number)
		: passes       ? T("")
			       : T(" (no rule allows it)");
	struct link *link = judge_link(judge,
		(struct link){STAGE_TCP, crossing->egress ? "network ACL, out" : "network ACL, in",
			.id = acl->id, .effect = found->effect,
			.cause = found->by_port ? CAUSE_NET_PORT_RANGE : CAUSE_NET_NACL},
		"Network ACL %.*s of %.*s %s %s %.*s %s%s%.*s%.*s", TEXT(acl->id),
		TEXT(crossing->subnet->id),
		passes			 ? "allows"
			: found->by_port ? "allows only a part of"
					 : "does not allow",
		crossing->udp ? "UDP" : "TCP", TEXT(ports), crossing->egress ? "out" : "in",
		!far.len		   ? ""
			: crossing->egress ? " to "
					   : " from ",
		TEXT(far), TEXT(by));
	const char *direction = crossing->egress ? "egress" : "ingress";
	if (entry)
		judge_read(judge, link,
			"%.*s %s rule %lld: %.*s protocol %.*s, ports %lld-%lld, %.*s",
			TEXT(acl->id), direction, (long long)entry->number, TEXT(entry->action),
			TEXT(entry->protocol), (long long)entry->from, (long long)entry->to,
			TEXT(entry->cidr));
	else
		judge_read(judge, link, "%.*s %s: no rule fits, * DENY", TEXT(acl->id), direction);
	return link;
}

static void judge_crossing(struct judge *judge, struct crossing crossing)
{
	const struct vpc_network_acl *acl = acl_of(judge, crossing.subnet);
	if (!crossing.far->count)
		return;
	if (!acl) {
		judge_unread(judge, STAGE_TCP, "network ACL", crossing.subnet->id, VPC_NETWORK_ACLS,
			crossing.subnet->vpc);
		return;
	}
	struct filter filter = acl_rows(judge, acl, &crossing);
	struct filtered found = filter_judge(
		judge->arena, &filter, crossing.far, crossing.from, crossing.to);
	struct link *link = add_crossing(judge, acl, &crossing, &found);
	if (found.effect >= EFFECT_PARTLY)
		suggest_entry(judge, acl, &crossing, &found, link);
}

/* the ephemeral ports of the puller: its kernel's, and those that Lambda uses */
static struct crossing replies(const struct judge *judge, const struct way *way,
	const struct vpc_subnet *subnet, bool egress, const struct ranges *far)
{
	if (judge_by_lambda(judge))
		return (struct crossing){subnet, egress, far, ANY_FROM, PORT_MAX, way->udp};
	if (text_starts(judge->configuration->subject.platform, T("windows")))
		return (struct crossing){subnet, egress, far, WINDOWS_FROM, PORT_MAX, way->udp};
	return (struct crossing){subnet, egress, far, LINUX_FROM, LINUX_TO, way->udp};
}

static struct crossing request(const struct way *way, const struct vpc_subnet *subnet, bool egress,
	const struct ranges *far)
{
	return (struct crossing){subnet, egress, far, way->port, way->port, way->udp};
}

/* the subnet that an address of the VPC is in; NULL where it is not known */
static const struct vpc_subnet *subnet_at(const struct judge *judge, const struct network *at)
{
	const struct vpc_configuration *configuration = judge->configuration;
	const struct vpc_interface *interfaces = configuration->interfaces.at;
	const struct vpc_subnet *subnets = configuration->subnets.at;
	struct network network;
	for (size_t i = 0; i < configuration->interfaces.count; i++)
		for (size_t a = 0; a < interfaces[i].addresses.count; a++) {
			struct address address;
			if (address_parse(interfaces[i].addresses.at[a], &address) &&
				address_equal(&address, &at->address))
				return VPC_FIND(
					configuration->subnets, vpc_subnet, interfaces[i].subnet);
		}
	for (size_t i = 0; i < configuration->subnets.count; i++) {
		if (network_parse(subnets[i].cidr, &network) &&
			address_within(&at->address, &network))
			return &subnets[i];
		for (size_t c = 0; c < subnets[i].cidrs6.count; c++)
			if (network_parse(subnets[i].cidrs6.at[c], &network) &&
				address_within(&at->address, &network))
				return &subnets[i];
	}
	return NULL;
}

/* The other side of the way to an endpoint: a subnet's ACL may close one of several addresses. */
static void judge_far_side(
	struct judge *judge, const struct way *way, const struct ranges *others, bool has_own)
{
	size_t first = judge->chain->count;
	size_t open = has_own;
	const struct vpc_subnet *done[SUBNETS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < others->count && count < SUBNETS_MAX; i++) {
		const struct vpc_subnet *subnet = subnet_at(judge, &others->at[i]);
		size_t at = 0;
		while (at < count && done[at] != subnet)
			at++;
		if (at < count)
			continue;
		done[count++] = subnet;
		if (!subnet) {
			judge_unread(judge, STAGE_TCP, "subnet of the endpoint", T(""), VPC_SUBNETS,
				T(""));
			continue;
		}
		size_t from = judge->chain->count;
		judge_crossing(judge, request(way, subnet, false, &way->from));
		judge_crossing(judge, replies(judge, way, subnet, true, &way->from));
		open += !judge_blocks(judge->chain, from);
	}
	if (open)
		judge_soften(judge, first, EFFECT_PARTLY);
}

void judge_acls(struct judge *judge, const struct way *way)
{
	struct ranges others = way->to;
	others.at = NULL;
	others.count = 0;
	for (size_t i = 0; i < way->to.count; i++) {
		bool own = (way->kind == WAY_INTERFACE || way->to.known) &&
			subnet_at(judge, &way->to.at[i]) == judge->subnet;
		if (!own)
			ranges_add(judge->arena, &others, way->to.at[i]);
	}
	size_t first = judge->chain->count;
	bool has_own = others.count < way->to.count;
	judge_crossing(judge, request(way, judge->subnet, true, &others));
	judge_crossing(judge, replies(judge, way, judge->subnet, false, &others));
	if (has_own)
		judge_soften(judge, first, EFFECT_PARTLY);
	if (way->kind == WAY_INTERFACE)
		judge_far_side(judge, way, &others, has_own);
}

void judge_nat_acl(struct judge *judge, const struct way *way, const struct vpc_subnet *nat)
{
	struct ranges out = way->family == 6 ? ranges_public(judge->arena, 4, judge->vpc) : way->to;
	if (nat != judge->subnet) {
		judge_crossing(judge, request(way, nat, false, &way->from));
		judge_crossing(judge, replies(judge, way, nat, true, &way->from));
	}
	judge_crossing(judge, request(way, nat, true, &out));
	judge_crossing(judge, (struct crossing){nat, false, &out, ANY_FROM, PORT_MAX, way->udp});
}
