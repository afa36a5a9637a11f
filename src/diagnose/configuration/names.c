/* What answers for a name, and to where it leads: the VPC's DNS attributes, its DHCP options, DNS
 * Firewall, resolver rules, private zones, and the private DNS of an interface endpoint.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html */
#include "base/arena.h"
#include "diagnose/configuration_parts.h"

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

/* false where servers of the VPC's own choice answer */
static bool judge_servers(struct judge *judge)
{
	struct text id = judge->vpc->dhcp_options;
	const struct vpc_dhcp_options *options = VPC_FIND(
		judge->configuration->dhcp_options, vpc_dhcp_options, id);
	struct link link = {.stage = STAGE_DNS, .what = "DHCP options", .id = id};
	bool amazons = true;
	if (!id.len)
		return true;
	if (text_equal(id, T("default")) || (options && !options->servers.count)) {
		link.effect = EFFECT_UNDECIDED;
		link.line = T("no DHCP options name DNS servers");
		judge_add(judge, link);
		return true;
	}
	if (!options) {
		judge_unread(judge, STAGE_DNS, "DHCP options", id, VPC_DHCP_OPTIONS, id);
		return false;
	}
	for (size_t i = 0; i < options->servers.count; i++)
		amazons &= is_amazons(judge, options->servers.at[i]);
	struct text servers = texts_joined(judge->arena, options->servers);
	link.effect = amazons ? EFFECT_PASSES : EFFECT_BEYOND;
	link.line = text_format(judge->arena, "DHCP options %.*s name the DNS servers %.*s",
		TEXT(id), TEXT(servers));
	judge_add(judge, link);
	return amazons;
}

static struct link attribute_link(struct judge *judge, const char *name, bool on)
{
	struct arena *arena = judge->arena;
	struct text id = judge->vpc->id;
	struct link link = {.stage = STAGE_DNS,
		.what = "VPC DNS attributes",
		.id = id,
		.effect = on ? EFFECT_PASSES : EFFECT_BLOCKS,
		.cause = CAUSE_DNS_TIMEOUT,
		.line = text_format(arena, "DNS %s of VPC %.*s %s %s", name, TEXT(id),
			text_equal(text_of(name), T("support")) ? "is" : "are", on ? "on" : "off"),
		.read = text_format(arena, "%.*s: enableDns%s %s", TEXT(id),
			text_equal(text_of(name), T("support")) ? "Support" : "Hostnames",
			on ? "true" : "false")};
	judge_fix(judge, &link, "aws ec2 modify-vpc-attribute --vpc-id %.*s --enable-dns-%s",
		TEXT(id), name);
	return link;
}

/* DNS Firewall: groups, then rules, the lowest priority first; the first that fits ends it.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-actions.html
 */

static const struct vpc_firewall_group *next_group(
	const struct judge *judge, const struct vpc_firewall_group *last)
{
	const struct vpc_firewall_group *groups = judge->configuration->firewall_groups.at;
	const struct vpc_firewall_group *next = NULL;
	for (size_t i = 0; i < judge->configuration->firewall_groups.count; i++)
		if (text_equal(groups[i].vpc, judge->vpc->id) &&
			(!last || groups[i].priority > last->priority) &&
			(!next || groups[i].priority < next->priority))
			next = &groups[i];
	return next;
}

static const struct vpc_firewall_rule *next_rule(
	const struct vpc_firewall_group *group, const struct vpc_firewall_rule *last)
{
	const struct vpc_firewall_rule *rules = group->rules.at;
	const struct vpc_firewall_rule *next = NULL;
	for (size_t i = 0; i < group->rules.count; i++)
		if ((!last || rules[i].priority > last->priority) &&
			(!next || rules[i].priority < next->priority))
			next = &rules[i];
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
	struct arena *arena = judge->arena;
	bool blocks = text_same(rule->action, T("BLOCK"));
	struct link link = {.stage = STAGE_DNS,
		.what = "DNS Firewall",
		.id = group->id,
		.effect = !blocks ? EFFECT_PASSES
			: certain ? EFFECT_BLOCKS
				  : EFFECT_UNDECIDED,
		.cause = text_same(rule->block_response, T("NODATA")) ? CAUSE_DNS_NODATA
								      : CAUSE_DNS_NXDOMAIN,
		.line = text_format(arena,
			"DNS Firewall rule group %.*s %s %.*s (rule of priority %lld, domain list "
			"%.*s)",
			TEXT(group->id), blocks ? "blocks" : "allows", TEXT(host),
			(long long)rule->priority, TEXT(rule->domain_list)),
		.read = text_format(arena, "%.*s priority %lld: %.*s %.*s %.*s", TEXT(group->id),
			(long long)rule->priority, TEXT(rule->action), TEXT(rule->block_response),
			TEXT(rule->domain_list))};
	texts_add(arena, &link.resources, group->id);
	texts_add(arena, &link.resources, rule->domain_list);
	judge_fix(judge, &link,
		"aws route53resolver update-firewall-domains --firewall-domain-list-id %.*s "
		"--operation REMOVE --domains %.*s",
		TEXT(rule->domain_list), TEXT(host));
	judge_add(judge, link);
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
	while ((group = next_group(judge, group))) {
		const struct vpc_firewall_rule *rule = NULL;
		if (!vpc_was_read(judge->configuration, VPC_FIREWALL_RULES, group->id)) {
			judge_unread(judge, STAGE_DNS, "DNS Firewall", group->id,
				VPC_FIREWALL_RULES, group->id);
			certain = false;
		}
		while ((rule = next_rule(group, rule))) {
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
	struct text targets = texts_joined(judge->arena, best->targets);
	judge_add(judge,
		(struct link){.stage = STAGE_DNS,
			.what = "resolver rule",
			.id = best->id,
			.effect = EFFECT_BEYOND,
			.line = text_format(judge->arena,
				"Resolver rule %.*s forwards %.*s to %.*s", TEXT(best->id),
				TEXT(best->domain), TEXT(targets))});
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
		judge_add(judge,
			(struct link){.stage = STAGE_DNS,
				.what = "private zone",
				.id = zones[i].id,
				.effect = EFFECT_BEYOND,
				.line = text_format(judge->arena,
					"Private hosted zone %.*s (%.*s) answers for %.*s",
					TEXT(zones[i].name), TEXT(zones[i].id), TEXT(way->host))});
		return true;
	}
	return false;
}

/* the endpoint */

/* Why private DNS does not lead to it; empty where it does. */
static void find_fault(
	struct judge *judge, const struct vpc_endpoint *endpoint, struct naming *naming)
{
	struct arena *arena = judge->arena;
	struct text id = endpoint->id;
	naming->unused_id = id;
	if (!text_same(endpoint->state, T("available")) &&
		!text_same(endpoint->state, T("partial"))) {
		naming->unused = text_format(arena, "VPC endpoint %.*s is %.*s%s%.*s", TEXT(id),
			TEXT(endpoint->state), endpoint->error.len ? ": " : "",
			TEXT(endpoint->error));
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
			TEXT(id), TEXT(judge->vpc->id));
		naming->unused_id = judge->vpc->id;
		naming->unused_fix = text_format(arena,
			"modify-vpc-attribute --vpc-id %.*s --enable-dns-hostnames",
			TEXT(judge->vpc->id));
	}
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
		find_fault(judge, &endpoints[i], &one);
		link.id = endpoints[i].id;
		if (!one.unused.len) {
			naming->usable = &endpoints[i];
		} else if (!way->is_s3) {
			naming->unusable = &endpoints[i];
			naming->unused = one.unused;
			naming->unused_id = one.unused_id;
			naming->unused_fix = one.unused_fix;
		}
	}
	if (naming->usable)
		link.line = text_format(judge->arena, "VPC endpoint %.*s serves %.*s",
			TEXT(link.id), TEXT(way->host));
	else if (naming->unusable)
		link.line = text_format(judge->arena, "%.*s", TEXT(naming->unused));
	else
		link.line = text_format(judge->arena,
			"No interface endpoint of VPC %.*s serves %.*s", TEXT(judge->vpc->id),
			TEXT(way->host));
	judge_add(judge, link);
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
		judge_add(judge, attribute_link(judge, "support", judge->vpc->dns_support));
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
