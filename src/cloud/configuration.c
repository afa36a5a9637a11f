/* All that decides about a pull, read in four rounds: the subnets, their VPC, what its parts name,
 * and what those name. Each round's calls go side by side. */
#include "base/die.h"
#include "cloud/parts.h"

/* the first round: subnets ----------------------------------------------------------------------
 */

static void check_subnets(struct configuration_reading *run, const struct call *call)
{
	const struct vpc_list *list = &run->out->subnets;
	struct texts *wanted = &run->subject->what.subnets;
	const struct vpc_subnet *found = list->at;
	if (call->symptom != SYMPTOM_NONE)
		return;
	if (list->count == 0 && wanted->count == 0)
		die(EXIT_USAGE, "no VPC %.*s with subnets in %.*s", TEXT(run->subject->vpc),
			TEXT(run->cloud->region));
	for (size_t i = 0; i < wanted->count; i++)
		if (!VPC_FIND(*list, vpc_subnet, wanted->at[i]))
			die(EXIT_USAGE, "no subnet %.*s in %.*s", TEXT(wanted->at[i]),
				TEXT(run->cloud->region));
	for (size_t i = 0; i < list->count; i++) {
		if (!text_equal(found[i].vpc, found[0].vpc))
			die(EXIT_USAGE, "the subnets are of two VPCs: %.*s and %.*s",
				TEXT(found[0].vpc), TEXT(found[i].vpc));
		if (run->subject->vpc.len && !text_equal(found[i].vpc, run->subject->vpc))
			die(EXIT_USAGE, "the subnet %.*s is of %.*s, not of %.*s",
				TEXT(found[i].id), TEXT(found[i].vpc), TEXT(run->subject->vpc));
		texts_add_once(run->arena, wanted, found[i].id);
	}
	run->subject->vpc = found[0].vpc;
}

static void read_subnets(struct configuration_reading *run)
{
	struct subject *subject = run->subject;
	struct vpc_configuration *out = run->out;
	if (subject->what.subnets.count) {
		calls_add_each(run->cloud, &run->calls, &ec2_calls[EC2_SUBNETS],
			subject->what.subnets, &out->subnets);
	} else {
		struct call *call = reading_add(
			run, &ec2_calls[EC2_SUBNETS], &out->subnets, T(""), subject->vpc);
		call->values[1] = one_text(run->arena, subject->vpc);
	}
	calls_add_each(run->cloud, &run->calls, &ec2_calls[EC2_SECURITY_GROUPS],
		subject->what.security_groups, &out->security_groups);
	reading_add(run, &sts_calls[STS_IDENTITY], &run->identity, T(""), T(""));
	calls_run(run->cloud, &run->calls);
	check_subnets(run, &run->calls.at[0]);
	const struct vpc_security_group *group = out->security_groups.at;
	if (subject->vpc.len == 0 && out->security_groups.count)
		subject->vpc = group->vpc;
	if (run->identity.account.len)
		subject->what.account = run->identity.account;
}

/* Anybody with credentials may ask who he is: where not even that is answered, nothing else is. */
static void check_access(const struct configuration_reading *run)
{
	const struct call *identity = &run->calls.at[run->calls.count - 1];
	if (identity->symptom == SYMPTOM_UNAUTHENTICATED || identity->symptom == SYMPTOM_EXPIRED ||
		identity->symptom == SYMPTOM_SKEWED)
		die(EXIT_UNABLE, "the credentials are refused: %.*s: %.*s",
			TEXT(identity->error.code), TEXT(identity->error.message));
}

/* none of the calls was answered: one line, and the reason of the first */
static void check_read(const struct vpc_configuration *out)
{
	const struct vpc_call *calls = out->calls.at;
	for (size_t i = 0; i < out->calls.count; i++)
		if (calls[i].error.len == 0)
			return;
	if (out->calls.count)
		die(EXIT_UNABLE, "nothing could be read: %.*s: %.*s: %.*s", TEXT(calls[0].call),
			TEXT(calls[0].error), TEXT(calls[0].message));
}

/* the second: the VPC, the role, the image ------------------------------------------------------
 */

static void ask_vpc(struct configuration_reading *run)
{
	struct vpc_configuration *out = run->out;
	struct text vpc = run->subject->vpc;
	const struct {
		const struct call_row *row;
		struct vpc_list *into;
	} all[] = {
		{&ec2_calls[EC2_VPCS], &out->vpcs},
		{&ec2_calls[EC2_ROUTE_TABLES], &out->route_tables},
		{&ec2_calls[EC2_NETWORK_ACLS], &out->network_acls},
		{&ec2_calls[EC2_ENDPOINTS], &out->endpoints},
		{&ec2_calls[EC2_NAT_GATEWAYS], &out->nat_gateways},
		{&ec2_calls[EC2_INTERNET_GATEWAYS], &out->internet_gateways},
		{&resolver_calls[RESOLVER_FIREWALL_GROUPS], &out->firewall_groups},
		{&resolver_calls[RESOLVER_ASSOCIATIONS], &out->resolver_rules},
	};
	if (vpc.len == 0)
		return;
	for (size_t i = 0; i < COUNT(all); i++)
		reading_add_about(run, all[i].row, all[i].into, vpc);
	reading_add_about(run, &route53_hosted_zones, &out->hosted_zones, vpc)
		->values[1] = one_text(run->arena, run->cloud->region);
	reading_add_about(run, &ec2_calls[EC2_DNS_SUPPORT], &run->support, vpc)
		->values[1] = one_text(run->arena, T("enableDnsSupport"));
	reading_add_about(run, &ec2_calls[EC2_DNS_HOSTNAMES], &run->hostnames, vpc)
		->values[1] = one_text(run->arena, T("enableDnsHostnames"));
	if (run->subject->what.security_groups.count == 0) {
		/* ECS gives a task without groups the VPC's default one */
		struct call *call = reading_add(run, &ec2_calls[EC2_SECURITY_GROUPS],
			&out->security_groups, T(""), T("default"));
		call->values[1] = one_text(run->arena, vpc);
		call->values[2] = one_text(run->arena, T("default"));
	}
	/* the other subnets: of endpoints and NAT gateways */
	run->out->subnets = (struct vpc_list){0};
	reading_add(run, &ec2_calls[EC2_SUBNETS], &out->subnets, T(""), vpc)->values[1] = one_text(
		run->arena, vpc);
}

static void take_vpc(struct configuration_reading *run)
{
	struct vpc_configuration *out = run->out;
	if (out->vpcs.count == 0 && run->subject->vpc.len) {
		struct vpc_vpc *vpc = vpc_add(run->arena, &out->vpcs, sizeof *vpc);
		vpc->id = run->subject->vpc;
	}
	if (out->vpcs.count) {
		((struct vpc_vpc *)out->vpcs.at)->dns_support = run->support.value;
		((struct vpc_vpc *)out->vpcs.at)->dns_hostnames = run->hostnames.value;
	}
	if (run->subject->what.security_groups.count == 0) {
		const struct vpc_security_group *groups = out->security_groups.at;
		for (size_t i = 0; i < out->security_groups.count; i++)
			texts_add_once(
				run->arena, &run->subject->what.security_groups, groups[i].id);
	}
	struct vpc_hosted_zone *zones = out->hosted_zones.at;
	for (size_t i = 0; i < out->hosted_zones.count; i++)
		zones[i].vpc = run->subject->vpc;
	struct vpc_repository *repositories = out->repositories.at;
	for (size_t i = 0; i < run->target_count; i++)
		for (size_t k = 0; k < out->repositories.count; k++)
			if (text_equal(repositories[k].name, run->targets[i].repository))
				repositories[k].policy = run->policies[i].text;
	out->registry_policy = run->registry.text;
}

/* the third and fourth: what those name ----------------------------------------------------------
 */

static void ask_endpoints(struct configuration_reading *run)
{
	const struct vpc_endpoint *endpoints = run->out->endpoints.at;
	struct texts groups = {0};
	struct texts interfaces = {0};
	for (size_t i = 0; i < run->out->endpoints.count; i++) {
		for (size_t k = 0; k < endpoints[i].groups.count; k++)
			if (!VPC_FIND(run->out->security_groups, vpc_security_group,
				    endpoints[i].groups.at[k]))
				texts_add_once(run->arena, &groups, endpoints[i].groups.at[k]);
		for (size_t k = 0; k < endpoints[i].interfaces.count; k++)
			texts_add_once(run->arena, &interfaces, endpoints[i].interfaces.at[k]);
	}
	calls_add_each(run->cloud, &run->calls, &ec2_calls[EC2_SECURITY_GROUPS], groups,
		&run->out->security_groups);
	calls_add_each(run->cloud, &run->calls, &ec2_calls[EC2_INTERFACES], interfaces,
		&run->out->interfaces);
}

static void ask_dns(struct configuration_reading *run)
{
	struct vpc_configuration *out = run->out;
	struct vpc_firewall_group *groups = out->firewall_groups.at;
	struct vpc_resolver_rule *rules = out->resolver_rules.at;
	for (size_t i = 0; i < out->firewall_groups.count; i++)
		reading_add_about(run, &resolver_calls[RESOLVER_FIREWALL_RULES], &groups[i].rules,
			groups[i].id);
	for (size_t i = 0; i < out->resolver_rules.count; i++)
		reading_add(
			run, &resolver_calls[RESOLVER_RULE], &rules[i], rules[i].id, rules[i].vpc);
	if (out->vpcs.count)
		reading_add_about(run, &ec2_calls[EC2_DHCP_OPTIONS], &out->dhcp_options,
			((struct vpc_vpc *)out->vpcs.at)->dhcp_options);
}

static void ask_domains(struct configuration_reading *run, struct vpc_firewall_domains **lists)
{
	const struct vpc_firewall_group *groups = run->out->firewall_groups.at;
	struct texts ids = {0};
	for (size_t i = 0; i < run->out->firewall_groups.count; i++) {
		const struct vpc_firewall_rule *rules = groups[i].rules.at;
		for (size_t k = 0; k < groups[i].rules.count; k++)
			texts_add_once(run->arena, &ids, rules[k].domain_list);
	}
	*lists = arena_new(run->arena, struct vpc_firewall_domains, ids.count + 1);
	for (size_t i = 0; i < ids.count; i++) {
		(*lists)[i].id = ids.at[i];
		reading_add_about(
			run, &resolver_calls[RESOLVER_FIREWALL_DOMAINS], &(*lists)[i], ids.at[i]);
	}
}

/* prefix lists that routes and rules name, and that are none of those that were read */
static void ask_prefixes(struct configuration_reading *run, struct vpc_prefix_list **lists)
{
	struct vpc_configuration *out = run->out;
	const struct vpc_route_table *tables = out->route_tables.at;
	const struct vpc_security_group *groups = out->security_groups.at;
	struct texts ids = {0};
	for (size_t i = 0; i < out->route_tables.count; i++)
		for (size_t k = 0; k < tables[i].routes.count; k++)
			texts_add_once(run->arena, &ids,
				((struct vpc_route *)tables[i].routes.at)[k].destination);
	for (size_t i = 0; i < out->security_groups.count; i++)
		for (size_t k = 0; k < groups[i].rules.count; k++)
			texts_add_once(run->arena, &ids,
				((struct vpc_group_rule *)groups[i].rules.at)[k].peer);
	*lists = arena_new(run->arena, struct vpc_prefix_list, ids.count + 1);
	for (size_t i = 0; i < ids.count; i++) {
		if (!text_starts(ids.at[i], T("pl-")) ||
			VPC_FIND(out->prefix_lists, vpc_prefix_list, ids.at[i]))
			continue;
		(*lists)[i].id = ids.at[i];
		reading_add_about(run, &ec2_calls[EC2_PREFIX_ENTRIES], &(*lists)[i], ids.at[i]);
	}
}

/* what was read beside the lists joins them */
static void join(struct configuration_reading *run)
{
	struct vpc_configuration *out = run->out;
	for (size_t i = 0; i < run->calls.count; i++) {
		const struct call *call = &run->calls.at[i];
		bool read = call->symptom == SYMPTOM_NONE && !call->absent;
		if (read && call->row == &ec2_calls[EC2_PREFIX_ENTRIES])
			*(struct vpc_prefix_list *)vpc_add(run->arena, &out->prefix_lists,
				sizeof(struct vpc_prefix_list)) = *(struct vpc_prefix_list *)
									   call->into;
		else if (read && call->row == &resolver_calls[RESOLVER_FIREWALL_DOMAINS])
			*(struct vpc_firewall_domains *)vpc_add(run->arena, &out->firewall_domains,
				sizeof(struct vpc_firewall_domains)) =
				*(struct vpc_firewall_domains *)call->into;
	}
}

/* all -------------------------------------------------------------------------------------------
 */

void configuration_read(struct cloud *cloud, struct subject *subject, struct vpc_configuration *out)
{
	struct configuration_reading run = {
		.cloud = cloud, .arena = cloud->arena, .subject = subject, .out = out};
	struct text s3 = text_format(cloud->arena, "com.amazonaws.%.*s.s3", TEXT(cloud->region));
	struct vpc_firewall_domains *domains;
	struct vpc_prefix_list *prefixes;
	*out = (struct vpc_configuration){0};
	cloud->configuration = out;
	reading_find_targets(&run);
	read_subnets(&run);
	check_access(&run);

	run.calls = (struct calls){0};
	reading_find_registry(&run);
	ask_vpc(&run);
	reading_ask_role(&run);
	reading_ask_registry(&run);
	reading_add_about(&run, &ec2_calls[EC2_PREFIX_LISTS], &out->prefix_lists, s3);
	calls_run(cloud, &run.calls);
	take_vpc(&run);

	run.calls = (struct calls){0};
	ask_endpoints(&run);
	ask_dns(&run);
	reading_ask_cache(&run);
	calls_run(cloud, &run.calls);

	run.calls = (struct calls){0};
	ask_domains(&run, &domains);
	ask_prefixes(&run, &prefixes);
	calls_run(cloud, &run.calls);
	join(&run);
	cloud->configuration = NULL;
	check_read(out);
	out->subject = subject->what;
}
