/* Route 53 Resolver's calls: DNS Firewall and forwarding rules; and private hosted zones.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/ */
#include "cloud/services.h"
#include <stddef.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)

static const struct read_row group_rows[] = {
	{"FirewallRuleGroupId", READ_TEXT, AT(vpc_firewall_group, id), NULL},
	{"VpcId", READ_TEXT, AT(vpc_firewall_group, vpc), NULL},
	{"Priority", READ_NUMBER, AT(vpc_firewall_group, priority), NULL},
	{"Status", READ_TEXT, AT(vpc_firewall_group, status), NULL},
};
static const struct read_table groups = {READ_TABLE(vpc_firewall_group, group_rows), NULL, 0};

static const struct read_row rule_rows[] = {
	{"Priority", READ_NUMBER, AT(vpc_firewall_rule, priority), NULL},
	{"FirewallDomainListId", READ_TEXT, AT(vpc_firewall_rule, domain_list), NULL},
	{"Action", READ_TEXT, AT(vpc_firewall_rule, action), NULL},
	{"BlockResponse", READ_TEXT, AT(vpc_firewall_rule, block_response), NULL},
	{"Qtype", READ_TEXT, AT(vpc_firewall_rule, qtype), NULL},
	{"FirewallDomainRedirectionAction", READ_TEXT, AT(vpc_firewall_rule, redirection), NULL},
};
static const struct read_table rules = {READ_TABLE(vpc_firewall_rule, rule_rows), NULL, 0};

static const struct read_row domain_rows[] = {
	{"Domains", READ_TEXTS, AT(vpc_firewall_domains, domains), NULL},
};
static const struct read_table domains = {READ_TABLE(vpc_firewall_domains, domain_rows), NULL, 0};

static const struct read_row association_rows[] = {
	{"ResolverRuleId", READ_TEXT, AT(vpc_resolver_rule, id), NULL},
	{"VPCId", READ_TEXT, AT(vpc_resolver_rule, vpc), NULL},
	{"Status", READ_TEXT, AT(vpc_resolver_rule, status), NULL},
};
static const struct read_table associations = {READ_TABLE(vpc_resolver_rule, association_rows),
	NULL, 0};

static const struct read_row forward_rows[] = {
	{"ResolverRule/DomainName", READ_TEXT, AT(vpc_resolver_rule, domain), NULL},
	{"ResolverRule/RuleType", READ_TEXT, AT(vpc_resolver_rule, type), NULL},
	{"ResolverRule/TargetIps/Ip|ResolverRule/TargetIps/Ipv6", READ_TEXTS,
		AT(vpc_resolver_rule, targets), NULL},
};
static const struct read_table forward = {READ_TABLE(vpc_resolver_rule, forward_rows), NULL, 0};

#define PAGED "NextToken", "NextToken", false

const struct call_row resolver_calls[RESOLVER_CALLS] = {
	[RESOLVER_FIREWALL_GROUPS] = {SERVICE_RESOLVER, "ListFirewallRuleGroupAssociations", NULL,
		"DNS Firewall's rule groups of the VPC", {{"VpcId", PARAMETER_ONE}},
		"FirewallRuleGroupAssociations", &groups, PAGED, VPC_FIREWALL_GROUPS},
	[RESOLVER_FIREWALL_RULES] = {SERVICE_RESOLVER, "ListFirewallRules", NULL,
		"their rules", {{"FirewallRuleGroupId", PARAMETER_ONE}},
		"FirewallRules", &rules, PAGED, VPC_FIREWALL_RULES},
	[RESOLVER_FIREWALL_DOMAINS] = {SERVICE_RESOLVER, "ListFirewallDomains", NULL,
		"the domains of their lists", {{"FirewallDomainListId", PARAMETER_ONE}},
		NULL, &domains, PAGED, VPC_FIREWALL_DOMAINS},
	[RESOLVER_ASSOCIATIONS] = {SERVICE_RESOLVER, "ListResolverRuleAssociations", NULL,
		"the VPC's forwarding rules", {{"VPCId", PARAMETER_FILTER}},
		"ResolverRuleAssociations", &associations, PAGED, VPC_RESOLVER_RULES},
	[RESOLVER_RULE] = {SERVICE_RESOLVER, "GetResolverRule", NULL,
		"their domains and targets", {{"ResolverRuleId", PARAMETER_ONE}},
		NULL, &forward, NULL, NULL, false, VPC_RESOLVER_RULES},
};

static const struct read_row zone_rows[] = {
	{"HostedZoneId", READ_TEXT, AT(vpc_hosted_zone, id), NULL},
	{"Name", READ_TEXT, AT(vpc_hosted_zone, name), NULL},
	{"Owner/OwningAccount|Owner/OwningService", READ_TEXT, AT(vpc_hosted_zone, owner), NULL},
};
static const struct read_table zones = {READ_TABLE(vpc_hosted_zone, zone_rows), NULL, 0};

/* https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html */
const struct call_row route53_hosted_zones = {SERVICE_ROUTE53, "ListHostedZonesByVPC", NULL,
	"private hosted zones of the VPC", {{"vpcid", PARAMETER_ONE}, {"vpcregion", PARAMETER_ONE}},
	"HostedZoneSummaries/HostedZoneSummary", &zones, "NextToken", "nexttoken", false,
	VPC_HOSTED_ZONES};
