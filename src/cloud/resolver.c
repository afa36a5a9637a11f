/* Route 53 Resolver's calls: DNS Firewall and forwarding rules; and private hosted zones.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/ */
#include "cloud/services.h"

/* clang-format off */
#define PAGED "NextToken", "NextToken", false

const struct call_row resolver_calls[RESOLVER_CALLS] = {
	[RESOLVER_FIREWALL_GROUPS] = {SERVICE_RESOLVER, "ListFirewallRuleGroupAssociations", NULL,
		"DNS Firewall's rule groups of the VPC", {{"VpcId", PARAMETER_ONE}},
		"FirewallRuleGroupAssociations", &vpc_firewall_group_table, PAGED, VPC_FIREWALL_GROUPS},
	[RESOLVER_FIREWALL_RULES] = {SERVICE_RESOLVER, "ListFirewallRules", NULL,
		"their rules", {{"FirewallRuleGroupId", PARAMETER_ONE}},
		"FirewallRules", &vpc_firewall_rule_table, PAGED, VPC_FIREWALL_RULES},
	[RESOLVER_FIREWALL_DOMAINS] = {SERVICE_RESOLVER, "ListFirewallDomains", NULL,
		"the domains of their lists", {{"FirewallDomainListId", PARAMETER_ONE}},
		NULL, &vpc_firewall_domains_table, PAGED, VPC_FIREWALL_DOMAINS},
	[RESOLVER_ASSOCIATIONS] = {SERVICE_RESOLVER, "ListResolverRuleAssociations", NULL,
		"the VPC's forwarding rules", {{"VPCId", PARAMETER_FILTER}},
		"ResolverRuleAssociations", &vpc_resolver_rule_table, PAGED, VPC_RESOLVER_RULES},
	[RESOLVER_RULE] = {SERVICE_RESOLVER, "GetResolverRule", NULL,
		"their domains and targets", {{"ResolverRuleId", PARAMETER_ONE}},
		NULL, &vpc_resolver_rule_table, NULL, NULL, false, VPC_RESOLVER_RULES},
};

/* https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html */
const struct call_row route53_hosted_zones = {SERVICE_ROUTE53, "ListHostedZonesByVPC", NULL,
	"private hosted zones of the VPC", {{"vpcid", PARAMETER_ONE}, {"vpcregion", PARAMETER_ONE}},
	"HostedZoneSummaries/HostedZoneSummary", &vpc_hosted_zone_table, "NextToken", "nexttoken", false,
	VPC_HOSTED_ZONES};
