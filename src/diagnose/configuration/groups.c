/* Security groups, which see connections: any rule that fits allows, and replies need none.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

enum { SHOWN_MAX = 8 };

/* one question to several groups: what they let out, or in */
struct gate {
	const char *whose;
	struct text owner; /* the endpoint's id; empty of the task */
	struct texts groups;
	bool egress;
	bool udp;
	const struct ranges *far;
	struct texts far_groups; /* of the interfaces on the other side; none of public addresses */
	bool is_far_known;	 /* whose the addresses on the other side are */
};

/* No group given is the VPC's own, named "default". */
static struct texts groups_or_default(struct judge *judge, struct texts groups)
{
	const struct vpc_security_group *all = judge->configuration->security_groups.at;
	for (size_t i = 0; !groups.count && i < judge->configuration->security_groups.count; i++)
		if (text_equal(all[i].name, T("default")) &&
			text_equal(all[i].vpc, judge->subnet->vpc))
			texts_add(judge->arena, &groups, all[i].id);
	return groups;
}

static void add_peer(struct judge *judge, const struct gate *gate, struct filter *filter,
	struct filter_row row, struct text peer)
{
	struct ranges ranges = {0};
	const struct vpc_prefix_list *list = VPC_FIND(
		judge->configuration->prefix_lists, vpc_prefix_list, peer);
	if (text_starts(peer, T("pl-")) && !list)
		filter->incomplete = "a prefix list";
	else if (list)
		ranges_add_texts(judge->arena, &ranges, list->entries);
	else if (text_starts(peer, T("sg-")) && texts_hold(gate->far_groups, peer))
		ranges = *gate->far;
	else if (text_starts(peer, T("sg-")) && !gate->is_far_known)
		filter->incomplete = "whose addresses they are";
	else
		ranges_add_texts(judge->arena, &ranges, (struct texts){&peer, 1});
	for (size_t i = 0; i < ranges.count; i++) {
		row.network = ranges.at[i];
		filter_add(judge->arena, filter, row);
	}
}

/* all rules of the gate's groups; what they are is appended to `read` */
static struct filter gate_rows(struct judge *judge, const struct gate *gate, struct text *read)
{
	struct filter filter = {0};
	for (size_t g = 0; g < gate->groups.count; g++) {
		const struct vpc_security_group *group = VPC_FIND(
			judge->configuration->security_groups, vpc_security_group,
			gate->groups.at[g]);
		size_t shown = 0;
		if (!group) {
			filter.incomplete = "a security group";
			continue;
		}
		*read = text_format(judge->arena, "%.*s%s%.*s %s:", TEXT(*read),
			read->len ? "; " : "", TEXT(group->id),
			gate->egress ? "egress" : "ingress");
		const struct vpc_group_rule *rules = group->rules.at;
		for (size_t i = 0; i < group->rules.count; i++) {
			const struct vpc_group_rule *rule = &rules[i];
			if (rule->egress != gate->egress)
				continue;
			if (shown++ < SHOWN_MAX)
				*read = text_format(judge->arena, "%.*s%s %.*s %lld-%lld %.*s",
					TEXT(*read), shown > 1 ? "," : "", TEXT(rule->protocol),
					(long long)rule->from, (long long)rule->to,
					TEXT(rule->peer));
			struct filter_row row = {.allows = true, .rule = rule};
			if (filter_ports(&row, gate->udp, rule->protocol, rule->from, rule->to))
				add_peer(judge, gate, &filter, row, rule->peer);
		}
		if (!shown)
			*read = text_format(judge->arena, "%.*s no rule", TEXT(*read));
	}
	return filter;
}

/* who the rule is to name: a group, S3's prefix list, or a range */
static struct text far_permission(struct judge *judge, const struct way *way,
	const struct gate *gate, const struct filtered *found)
{
	struct arena *arena = judge->arena;
	const struct vpc_prefix_list *lists = judge->configuration->prefix_lists.at;
	struct text s3 = text_format(arena, "com.amazonaws%.*s", TEXT(way->service));
	if (gate->far_groups.count)
		return text_format(
			arena, "UserIdGroupPairs=[{GroupId=%.*s}]", TEXT(gate->far_groups.at[0]));
	for (size_t i = 0; i < judge->configuration->prefix_lists.count; i++)
		if (way->is_s3 && text_equal(lists[i].name, s3))
			return text_format(
				arena, "PrefixListIds=[{PrefixListId=%.*s}]", TEXT(lists[i].id));
	struct text range = ranges_to_open(arena, gate->far, &found->address);
	return found->address.family == 6
		? text_format(arena, "Ipv6Ranges=[{CidrIpv6=%.*s}]", TEXT(range))
		: text_format(arena, "IpRanges=[{CidrIp=%.*s}]", TEXT(range));
}

static void judge_gate(struct judge *judge, const struct way *way, struct gate gate)
{
	struct arena *arena = judge->arena;
	struct text read = {0};
	gate.groups = groups_or_default(judge, gate.groups);
	struct filter filter = gate_rows(judge, &gate, &read);
	struct filtered found = filter_judge(arena, &filter, gate.far, way->port, way->port);
	struct text id = gate.groups.count ? gate.groups.at[0] : T("");
	if (found.effect == EFFECT_UNREAD || !gate.groups.count) {
		judge_unread(judge, STAGE_TCP, gate.whose, id,
			filter.incomplete && text_holds(text_of(filter.incomplete), T("prefix"))
				? VPC_PREFIX_LISTS
				: VPC_SECURITY_GROUPS,
			T(""));
		return;
	}
	struct text far = gate.far_groups.count && found.effect == EFFECT_BLOCKS
		? gate.far_groups.at[0]
		: address_text(arena, &found.address);
	bool many = gate.groups.count > 1;
	struct link *link = judge_link(judge,
		(struct link){STAGE_TCP, gate.whose, .id = id, .effect = found.effect,
			.cause = way->is_s3 && gate.egress ? CAUSE_S3_SECURITY_GROUP
							   : CAUSE_NET_SECURITY_GROUP,
			.read = read, .resources = gate.groups},
		"Security group%s %.*s of %s%.*s %s %s %lld%s%.*s", many ? "s" : "",
		TEXT(texts_joined(arena, gate.groups)), gate.owner.len ? "endpoint " : "the task",
		TEXT(gate.owner),
		found.effect == EFFECT_PASSES ? (many ? "allow" : "allows")
			: many		      ? "do not allow"
					      : "does not allow",
		gate.udp ? "UDP" : "TCP", (long long)way->port,
		!far.len	      ? ""
			: gate.egress ? " to "
				      : " from ",
		TEXT(far));
	struct text permission = far_permission(judge, way, &gate, &found);
	if (found.effect >= EFFECT_PARTLY)
		judge_fix(judge, link,
			"aws ec2 authorize-security-group-%s --group-id %.*s --ip-permissions "
			"'IpProtocol=%s,FromPort=%lld,ToPort=%lld,%.*s'",
			gate.egress ? "egress" : "ingress", TEXT(id), gate.udp ? "udp" : "tcp",
			(long long)way->port, (long long)way->port, TEXT(permission));
}

void judge_groups(struct judge *judge, const struct way *way)
{
	const struct vpc_endpoint *through = way->kind == WAY_INTERFACE ? way->through : NULL;
	struct texts own = groups_or_default(judge, judge->configuration->subject.security_groups);
	struct texts theirs = {0};
	if (through)
		theirs = groups_or_default(judge, through->groups);
	judge_gate(judge, way,
		(struct gate){.whose = "security group of the task",
			.groups = own,
			.egress = true,
			.udp = way->udp,
			.far = &way->to,
			.far_groups = theirs,
			.is_far_known = way->kind != WAY_ELSEWHERE});
	if (through)
		judge_gate(judge, way,
			(struct gate){.whose = "security group of the endpoint",
				.owner = through->id,
				.groups = theirs,
				.far = &way->from,
				.far_groups = own,
				.is_far_known = true});
}
