/* What answers for a name, and to where it leads: the VPC's DNS attributes, its DHCP options, DNS
 * Firewall, resolver rules, private zones, and the private DNS of an interface endpoint.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"
#include <stddef.h>

static struct text bare(struct text domain)
{
	return text_ends(domain, T(".")) ? text_head(domain, domain.len - 1) : domain;
}

/* the name is the domain, or with `under` one below it */
static bool is_under(struct text host, struct text domain)
{
	domain = bare(domain);
	if (!domain.len || text_same(host, domain))
		return true;
	return host.len > domain.len && host.at[host.len - domain.len - 1] == '.' &&
		text_same(text_skip(host, host.len - domain.len), domain);
}

/* "*.example.com." is what stands below, "example.com." the name alone:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-domain-lists.html
 */
static bool is_listed(struct text host, struct text domain)
{
	domain = bare(domain);
	if (text_equal(domain, T("*")))
		return true;
	if (!text_starts(domain, T("*.")))
		return text_same(host, domain);
	domain = text_skip(domain, 2);
	return is_under(host, domain) && host.len > domain.len;
}

/* the VPC's DNS */

static void judge_support(struct judge *judge)
{
	bool on = judge->vpc->dns_support;
	struct text id = judge->vpc->id;
	struct link *link = judge_link(judge,
		(struct link){STAGE_DNS, "VPC DNS attributes", .id = id,
			.effect = on ? EFFECT_PASSES : EFFECT_BLOCKS, .cause = CAUSE_DNS_TIMEOUT},
		"DNS support of VPC %.*s is %s", TEXT(id), on ? "on" : "off");
	judge_read(judge, link, "%.*s: enableDnsSupport %s", TEXT(id), on ? "true" : "false");
	judge_fix(judge, link, "aws ec2 modify-vpc-attribute --vpc-id %.*s --enable-dns-support",
		TEXT(id));
}

/* DNS Firewall: groups, then rules, the lowest priority first; the first that fits ends it.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-actions.html
 */

/* the row of the lowest priority behind the last one's; each row has its number at `at` */
static const void *next_of(const struct vpc_list *list, size_t size, size_t at, const void *last)
{
	const char *next = NULL;
	for (const char *row = list->at; row && row < (const char *)list->at + list->count * size;
		row += size) {
		int64_t priority = *(const int64_t *)(const void *)(row + at);
		if ((!last ||
			    priority > *(const int64_t *)(const void *)((const char *)last + at)) &&
			(!next || priority < *(const int64_t *)(const void *)(next + at)))
			next = row;
	}
	return next;
}

static enum answer rule_fits(
	const struct judge *judge, const struct vpc_firewall_rule *rule, struct text host)
{
	const struct vpc_firewall_domains *list = VPC_FIND(
		judge->configuration->firewall_domains, vpc_firewall_domains, rule->domain_list);
	bool is_ipv4 = judge->subnet->cidr.len > 0;
	if (rule->qtype.len && !text_same(rule->qtype, is_ipv4 ? T("A") : T("AAAA")))
		return ANSWER_NO;
	/* a rule of DNS Firewall Advanced has no list: it is about tunnels and made-up names */
	if (!rule->domain_list.len)
		return ANSWER_NO;
	for (size_t i = 0; list && i < list->domains.count; i++)
		if (is_listed(host, list->domains.at[i]))
			return ANSWER_YES;
	return list && list->domains.count ? ANSWER_NO : ANSWER_UNKNOWN;
}

static void judge_rule(struct judge *judge, const struct vpc_firewall_group *group,
	const struct vpc_firewall_rule *rule, struct text host, bool certain)
{
	bool blocks = text_same(rule->action, T("BLOCK"));
	long long priority = rule->priority;
	struct link *link = judge_link(judge,
		(struct link){STAGE_DNS, "DNS Firewall", .id = group->id,
			.effect = !blocks ? EFFECT_PASSES
				: certain ? EFFECT_BLOCKS
					  : EFFECT_UNDECIDED,
			.cause = text_same(rule->block_response, T("NODATA")) ? CAUSE_DNS_NODATA
									      : CAUSE_DNS_NXDOMAIN},
		"DNS Firewall rule group %.*s %s %.*s (rule of priority %lld, domain list %.*s)",
		TEXT(group->id), blocks ? "blocks" : "allows", TEXT(host), priority,
		TEXT(rule->domain_list));
	texts_add(judge->arena, &link->resources, rule->domain_list);
	judge_read(judge, link, "%.*s priority %lld: %.*s %.*s %.*s", TEXT(group->id), priority,
		TEXT(rule->action), TEXT(rule->block_response), TEXT(rule->domain_list));
	judge_fix(judge, link,
		"aws route53resolver update-firewall-domains --firewall-domain-list-id %.*s "
		"--operation REMOVE --domains %.*s",
		TEXT(rule->domain_list), TEXT(host));
}

static void judge_firewall(struct judge *judge, struct text host)
{
	const struct vpc_firewall_group *group = NULL;
	bool certain = true;
	if (!judge_read_vpc(judge, VPC_FIREWALL_GROUPS)) {
		judge_unread(judge, STAGE_DNS, "DNS Firewall", T(""), VPC_FIREWALL_GROUPS,
			judge->vpc->id);
		return;
	}
	while ((group = next_of(&judge->configuration->firewall_groups, sizeof *group,
			offsetof(struct vpc_firewall_group, priority), group))) {
		const struct vpc_firewall_rule *rule = NULL;
		if (!vpc_was_read(judge->configuration, VPC_FIREWALL_RULES, group->id)) {
			judge_unread(judge, STAGE_DNS, "DNS Firewall", group->id,
				VPC_FIREWALL_RULES, group->id);
			certain = false;
		}
		while ((rule = next_of(&group->rules, sizeof *rule,
				offsetof(struct vpc_firewall_rule, priority), rule))) {
			enum answer fits = rule_fits(judge, rule, host);
			if (fits == ANSWER_YES) {
				judge_rule(judge, group, rule, host, certain);
				return;
			}
			if (fits == ANSWER_UNKNOWN && text_same(rule->action, T("BLOCK")))
				judge_unread(judge, STAGE_DNS, "DNS Firewall", rule->domain_list,
					VPC_FIREWALL_DOMAINS, rule->domain_list);
			certain &= fits == ANSWER_NO;
		}
	}
}

/* who answers instead: a rule that forwards, or a private zone of the customer's */

/* how specific the zone is that an endpoint's private DNS makes: that of a registry and a bucket
 * holds every name below */
static size_t zone_length(const struct way *way)
{
	struct text zone = way->host;
	if (way->endpoint == ENDPOINT_DKR || way->endpoint == ENDPOINT_S3)
		text_cut(&zone, T("."));
	return zone.len;
}

static bool judge_forwarding(struct judge *judge, const struct way *way, bool has_zone)
{
	const struct vpc_resolver_rule *rules = judge->configuration->resolver_rules.at;
	const struct vpc_resolver_rule *best = NULL;
	for (size_t i = 0; i < judge->configuration->resolver_rules.count; i++)
		if (text_equal(rules[i].vpc, judge->vpc->id) &&
			is_under(way->host, rules[i].domain) &&
			(!best || bare(rules[i].domain).len > bare(best->domain).len))
			best = &rules[i];
	if (!best || !text_same(best->type, T("FORWARD")) ||
		(has_zone && bare(best->domain).len < zone_length(way)))
		return false;
	judge_link(judge,
		(struct link){STAGE_DNS, "resolver rule", .id = best->id, .effect = EFFECT_BEYOND},
		"Resolver rule %.*s forwards %.*s to %.*s", TEXT(best->id), TEXT(best->domain),
		TEXT(texts_joined(judge->arena, best->targets)));
	return true;
}

static bool judge_zones(struct judge *judge, const struct way *way, bool has_zone)
{
	const struct vpc_hosted_zone *zones = judge->configuration->hosted_zones.at;
	if (vpc_unread(judge->configuration, VPC_HOSTED_ZONES, judge->vpc->id)) {
		judge_unread(
			judge, STAGE_DNS, "private zones", T(""), VPC_HOSTED_ZONES, judge->vpc->id);
		return true;
	}
	for (size_t i = 0; i < judge->configuration->hosted_zones.count; i++) {
		if (!text_equal(zones[i].vpc, judge->vpc->id) ||
			!is_under(way->host, zones[i].name) ||
			text_holds(zones[i].owner, T("vpce")) ||
			(has_zone && bare(zones[i].name).len < zone_length(way)))
			continue;
		judge_link(judge,
			(struct link){STAGE_DNS, "private zone", .id = zones[i].id,
				.effect = EFFECT_BEYOND},
			"Private hosted zone %.*s (%.*s) answers for %.*s", TEXT(zones[i].name),
			TEXT(zones[i].id), TEXT(way->host));
		return true;
	}
	return false;
}

/* the endpoint */

/* Why private DNS does not lead to it; false where it does. */
static bool find_fault(
	struct judge *judge, const struct vpc_endpoint *endpoint, struct naming *naming)
{
	struct arena *arena = judge->arena;
	struct text id = endpoint->id;
	struct text vpc = judge->vpc->id;
	struct text error = endpoint->error;
	naming->unused_id = id;
	if (!text_same(endpoint->state, T("available")) &&
		!text_same(endpoint->state, T("partial"))) {
		naming->unused = text_format(arena, "VPC endpoint %.*s is %.*s%s%.*s", TEXT(id),
			TEXT(endpoint->state), error.len ? ": " : "", TEXT(error));
		naming->unused_fix = text_format(arena,
			"describe-vpc-endpoints --vpc-endpoint-ids %.*s --query "
			"'VpcEndpoints[].[State,LastError]'",
			TEXT(id));
	} else if (!endpoint->private_dns || endpoint->private_dns_only_inbound) {
		naming->unused = text_format(
			arena, "private DNS of VPC endpoint %.*s is off", TEXT(id));
		naming->unused_fix = text_format(arena,
			"modify-vpc-endpoint --vpc-endpoint-id %.*s --private-dns-enabled",
			TEXT(id));
	} else if (judge_read_vpc(judge, VPC_DNS_HOSTNAMES) && !judge->vpc->dns_hostnames) {
		naming->unused = text_format(arena,
			"VPC endpoint %.*s has no private names, because DNS hostnames of VPC %.*s "
			"are off",
			TEXT(id), TEXT(vpc));
		naming->unused_id = vpc;
		naming->unused_fix = text_format(arena,
			"modify-vpc-attribute --vpc-id %.*s --enable-dns-hostnames", TEXT(vpc));
	}
	return naming->unused.len > 0;
}

static void judge_endpoint_names(struct judge *judge, const struct way *way, struct naming *naming)
{
	const struct vpc_endpoint *endpoints = judge->configuration->endpoints.at;
	struct link link = {.stage = STAGE_DNS, .what = "interface endpoint"};
	for (size_t i = 0; i < judge->configuration->endpoints.count && !naming->usable; i++) {
		struct naming one = {0};
		if (!judge_serves(way, &endpoints[i], T("Interface")) ||
			!text_equal(endpoints[i].vpc, judge->vpc->id))
			continue;
		link.id = endpoints[i].id;
		one.unusable = &endpoints[i];
		if (!find_fault(judge, &endpoints[i], &one))
			naming->usable = &endpoints[i];
		else if (!way->is_s3)
			*naming = one;
	}
	/* private DNS makes names of the plain spelling; of the others it is not said */
	bool other = judge->target->fips || judge->target->dualstack;
	naming->uncertain |= other && (naming->usable || naming->unusable);
	link.effect = naming->usable && other ? EFFECT_UNDECIDED : EFFECT_PASSES;
	if (naming->usable)
		judge_link(judge, link, "VPC endpoint %.*s serves %.*s%s", TEXT(link.id),
			TEXT(way->host), other ? ", if its private DNS has that name" : "");
	else if (naming->unusable)
		judge_link(judge, link, "%.*s", TEXT(naming->unused));
	else
		judge_link(judge, link, "No interface endpoint of VPC %.*s serves %.*s",
			TEXT(judge->vpc->id), TEXT(way->host));
}

struct naming judge_names(struct judge *judge, const struct way *way)
{
	struct naming naming = {0};
	struct text id = judge->subnet->vpc;
	if (!judge->vpc) {
		judge_unread(judge, STAGE_DNS, "VPC", id, VPC_VPCS, id);
		return (struct naming){.uncertain = true, .unread = true};
	}
	bool amazons = judge_servers(judge);
	if (!judge_read_vpc(judge, VPC_DNS_HOSTNAMES)) {
		naming.uncertain = true;
		judge_unread(judge, STAGE_DNS, "VPC DNS attributes", id, VPC_DNS_HOSTNAMES, id);
	}
	if (!judge_read_vpc(judge, VPC_DNS_SUPPORT))
		judge_unread(judge, STAGE_DNS, "VPC DNS attributes", id, VPC_DNS_SUPPORT, id);
	else if (amazons || judge->vpc->dns_support)
		judge_support(judge);
	if (!way->service.len && !way->host.len)
		return naming;
	if (way->host.len)
		judge_firewall(judge, way->host);
	struct text owner = judge->vpc->owner.len ? judge->vpc->owner : judge->subnet->owner;
	bool shared = owner.len && judge->configuration->subject.account.len &&
		!text_equal(owner, judge->configuration->subject.account);
	if (!judge_read_vpc(judge, VPC_ENDPOINTS) ||
		(shared && !judge->configuration->endpoints.count)) {
		naming.unread = naming.uncertain = true;
		judge_unread(judge, STAGE_DNS, "interface endpoint", T(""), VPC_ENDPOINTS, id);
	} else if (way->service.len) {
		judge_endpoint_names(judge, way, &naming);
	}
	naming.uncertain |= !amazons;
	naming.uncertain |= judge_forwarding(judge, way, naming.usable);
	naming.uncertain |= judge_zones(judge, way, naming.usable);
	return naming;
}
