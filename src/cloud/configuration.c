/* All that decides about a pull, read in four rounds: the subnets, their VPC, what its parts name,
 * and what those name. Each round's calls go side by side. */
#include "base/die.h"
#include "cloud/parts.h"
#include <string.h>

static void run_round(struct reading *run)
{
	calls_run(run->cloud, &run->calls);
	run->calls = (struct calls){0};
}

/* as many calls as the values of their first parameter need; none for no values */
static void add_each(
	struct reading *run, const struct call_row *row, struct texts values, void *into)
{
	for (size_t from = 0; from < values.count; from += CALL_VALUES) {
		size_t left = values.count - from;
		struct call *call = reading_add(run, row, into, T(""));
		call->values[0] = (struct texts){
			values.at + from, left < CALL_VALUES ? left : CALL_VALUES};
		call->about = call->values[0];
	}
}

/* the first round: subnets, and who asks --------------------------------------------------------
 */

static void check_subnets(struct reading *run, const struct call *call)
{
	const struct vpc_list *list = &run->out->subnets;
	struct texts *wanted = &run->subject->what.subnets;
	const struct vpc_subnet *found = list->at;
	struct text region = run->cloud->region;
	struct text vpc = run->subject->vpc;
	if (call->symptom != SYMPTOM_NONE)
		return;
	if (list->count == 0 && wanted->count == 0)
		die(EXIT_USAGE, "no VPC %.*s with subnets in %.*s", TEXT(vpc), TEXT(region));
	for (size_t i = 0; i < wanted->count; i++)
		if (!VPC_FIND(*list, vpc_subnet, wanted->at[i]))
			die(EXIT_USAGE, "no subnet %.*s in %.*s", TEXT(wanted->at[i]),
				TEXT(region));
	for (size_t i = 0; i < list->count; i++) {
		if (!text_equal(found[i].vpc, found[0].vpc))
			die(EXIT_USAGE, "the subnets are of two VPCs: %.*s and %.*s",
				TEXT(found[0].vpc), TEXT(found[i].vpc));
		if (vpc.len && !text_equal(found[i].vpc, vpc))
			die(EXIT_USAGE, "the subnet %.*s is of %.*s, not of %.*s",
				TEXT(found[i].id), TEXT(found[i].vpc), TEXT(vpc));
		texts_add_once(run->arena, wanted, found[i].id);
	}
	run->subject->vpc = found[0].vpc;
}

/* A group may be of another VPC than the subnets', where it is associated with theirs. */
static void check_groups(struct reading *run, const struct call *call)
{
	const struct texts *wanted = &run->subject->what.security_groups;
	const struct vpc_list *found = &run->out->security_groups;
	for (size_t i = 0; call->symptom == SYMPTOM_NONE && i < wanted->count; i++)
		if (!VPC_FIND(*found, vpc_security_group, wanted->at[i]))
			die(EXIT_USAGE, "no security group %.*s in %.*s", TEXT(wanted->at[i]),
				TEXT(run->cloud->region));
	if (run->subject->vpc.len == 0 && found->count)
		run->subject->vpc = ((const struct vpc_security_group *)found->at)->vpc;
}

/* The subnets of a VPC: of that of the subject, or, as endpoints and NAT gateways are in them, all
 * of that of its subnets. */
static void ask_subnets(struct reading *run, struct text vpc)
{
	struct call *call = reading_add(run, &ec2_calls[EC2_SUBNETS], &run->out->subnets, vpc);
	call->values[1] = call->values[0];
	call->values[0] = (struct texts){0};
}

static void read_subnets(struct reading *run)
{
	struct vpc_subject *what = &run->subject->what;
	struct vpc_configuration *out = run->out;
	if (what->subnets.count)
		add_each(run, &ec2_calls[EC2_SUBNETS], what->subnets, &out->subnets);
	else
		ask_subnets(run, run->subject->vpc);
	add_each(
		run, &ec2_calls[EC2_SECURITY_GROUPS], what->security_groups, &out->security_groups);
	reading_add(run, &sts_calls[STS_IDENTITY], &run->identity, T(""));
	calls_run(run->cloud, &run->calls);
	/* Anybody with credentials may ask who he is: where not even that is answered, nothing else
	 * is. */
	const struct call *identity = &run->calls.at[run->calls.count - 1];
	check_subnets(run, &run->calls.at[0]);
	if (identity->symptom == SYMPTOM_UNAUTHENTICATED || identity->symptom == SYMPTOM_EXPIRED ||
		identity->symptom == SYMPTOM_SKEWED)
		die(EXIT_UNABLE, "the credentials are refused: %.*s: %.*s",
			TEXT(identity->error.code), TEXT(identity->error.message));
	check_groups(run, identity - 1);
	if (run->identity.account.len)
		what->account = run->identity.account;
	run->calls = (struct calls){0};
}

/* none of the calls was answered: one line, and the reason of the first */
static bool any_read(const struct vpc_list *list)
{
	const struct vpc_call *calls = list->at;
	for (size_t i = 0; i < list->count; i++)
		if (calls[i].error.len == 0)
			return true;
	return false;
}

static void check_read(const struct reading *run)
{
	const struct vpc_call *calls = run->out->calls.at;
	bool read = any_read(&run->out->calls);
	for (size_t i = 0; i < run->registry_count; i++)
		read |= any_read(&run->registries[i].has.calls);
	if (!read && run->out->calls.count)
		die(EXIT_UNABLE, "nothing could be read: %.*s: %.*s: %.*s", TEXT(calls[0].call),
			TEXT(calls[0].error), TEXT(calls[0].message));
}

/* the second: the VPC ---------------------------------------------------------------------------
 */

static void ask_vpc(struct reading *run)
{
	struct vpc_configuration *out = run->out;
	struct text vpc = run->subject->vpc;
	const struct {
		const struct call_row *row;
		void *into;
		struct text second; /* the value of the second parameter */
	} all[] = {
		{&ec2_calls[EC2_VPCS], &out->vpcs, T("")},
		{&ec2_calls[EC2_ROUTE_TABLES], &out->route_tables, T("")},
		{&ec2_calls[EC2_NETWORK_ACLS], &out->network_acls, T("")},
		{&ec2_calls[EC2_ENDPOINTS], &out->endpoints, T("")},
		{&ec2_calls[EC2_NAT_GATEWAYS], &out->nat_gateways, T("")},
		{&ec2_calls[EC2_INTERNET_GATEWAYS], &out->internet_gateways, T("")},
		{&resolver_calls[RESOLVER_FIREWALL_GROUPS], &out->firewall_groups, T("")},
		{&resolver_calls[RESOLVER_ASSOCIATIONS], &out->resolver_rules, T("")},
		{&route53_hosted_zones, &out->hosted_zones, run->cloud->region},
		{&ec2_calls[EC2_DNS_SUPPORT], &run->attributes, T("enableDnsSupport")},
		{&ec2_calls[EC2_DNS_HOSTNAMES], &run->attributes, T("enableDnsHostnames")},
	};
	for (size_t i = 0; vpc.len && i < COUNT(all); i++)
		reading_add(run, all[i].row, all[i].into, vpc)->values[1] = one_text(
			run->arena, all[i].second);
	if (vpc.len && run->subject->what.security_groups.count == 0) {
		/* ECS gives a task without groups the VPC's default one */
		struct call *call = reading_add(
			run, &ec2_calls[EC2_SECURITY_GROUPS], &out->security_groups, T("default"));
		call->values[2] = call->values[0];
		call->values[1] = one_text(run->arena, vpc);
		call->values[0] = (struct texts){0};
	}
	out->subnets = (struct vpc_list){0};
	ask_subnets(run, vpc);
	reading_add(run, &ec2_calls[EC2_PREFIX_LISTS], &out->prefix_lists,
		text_format(run->arena, "com.amazonaws.%.*s.s3", TEXT(run->cloud->region)));
}

static void take_vpc(struct reading *run)
{
	struct vpc_configuration *out = run->out;
	struct vpc_hosted_zone *zones = out->hosted_zones.at;
	struct texts *own = &run->subject->what.security_groups;
	const struct vpc_security_group *groups = out->security_groups.at;
	if (out->vpcs.count == 0 && run->subject->vpc.len)
		((struct vpc_vpc *)vpc_add(run->arena, &out->vpcs, sizeof(struct vpc_vpc)))
			->id = run->subject->vpc;
	if (out->vpcs.count) {
		((struct vpc_vpc *)out->vpcs.at)->dns_support = run->attributes.dns_support;
		((struct vpc_vpc *)out->vpcs.at)->dns_hostnames = run->attributes.dns_hostnames;
	}
	for (size_t i = 0; own->count == 0 && i < out->security_groups.count; i++)
		texts_add_once(run->arena, own, groups[i].id);
	for (size_t i = 0; i < out->hosted_zones.count; i++)
		zones[i].vpc = run->subject->vpc;
}

/* the third: what those name --------------------------------------------------------------------
 */

static void ask_endpoints(struct reading *run)
{
	struct vpc_configuration *out = run->out;
	const struct vpc_endpoint *endpoints = out->endpoints.at;
	struct texts groups = {0};
	struct texts interfaces = {0};
	for (size_t i = 0; i < out->endpoints.count; i++) {
		const struct vpc_endpoint *one = &endpoints[i];
		for (size_t k = 0; k < one->groups.count; k++)
			if (!VPC_FIND(out->security_groups, vpc_security_group, one->groups.at[k]))
				texts_add_once(run->arena, &groups, one->groups.at[k]);
		for (size_t k = 0; k < one->interfaces.count; k++)
			texts_add_once(run->arena, &interfaces, one->interfaces.at[k]);
	}
	add_each(run, &ec2_calls[EC2_SECURITY_GROUPS], groups, &out->security_groups);
	add_each(run, &ec2_calls[EC2_INTERFACES], interfaces, &out->interfaces);
}

static void ask_dns(struct reading *run)
{
	struct vpc_configuration *out = run->out;
	struct vpc_firewall_group *groups = out->firewall_groups.at;
	struct vpc_resolver_rule *rules = out->resolver_rules.at;
	for (size_t i = 0; i < out->firewall_groups.count; i++)
		reading_add(run, &resolver_calls[RESOLVER_FIREWALL_RULES], &groups[i].rules,
			groups[i].id);
	for (size_t i = 0; i < out->resolver_rules.count; i++)
		reading_add(run, &resolver_calls[RESOLVER_RULE], &rules[i], rules[i].id)
			->about = one_text(run->arena, rules[i].vpc);
	if (out->vpcs.count)
		reading_add(run, &ec2_calls[EC2_DHCP_OPTIONS], &out->dhcp_options,
			((struct vpc_vpc *)out->vpcs.at)->dhcp_options);
}

/* the fourth: lists that rules and routes name --------------------------------------------------
 */

/* Asks for each id by a call that reads into a struct that begins with it; those are kept apart
 * until they are read. */
static void ask_each(
	struct reading *run, const struct call_row *row, struct texts ids, struct text prefix)
{
	size_t size = row->reads->size;
	char *structs = arena_take(run->arena, size, ids.count + 1);
	for (size_t i = 0; i < ids.count; i++) {
		void *one = structs + i * size;
		if (!text_starts(ids.at[i], prefix) ||
			VPC_FIND(run->out->prefix_lists, vpc_prefix_list, ids.at[i]))
			continue;
		*(struct text *)one = ids.at[i];
		reading_add(run, row, one, ids.at[i]);
	}
}

static void ask_lists(struct reading *run)
{
	struct vpc_configuration *out = run->out;
	struct texts domains = {0};
	struct texts prefixes = {0};
	const struct vpc_firewall_group *firewall = out->firewall_groups.at;
	const struct vpc_route_table *tables = out->route_tables.at;
	const struct vpc_security_group *groups = out->security_groups.at;
	for (size_t i = 0; i < out->firewall_groups.count; i++) {
		const struct vpc_firewall_rule *rules = firewall[i].rules.at;
		for (size_t k = 0; k < firewall[i].rules.count; k++)
			texts_add_once(run->arena, &domains, rules[k].domain_list);
	}
	for (size_t i = 0; i < out->route_tables.count; i++) {
		const struct vpc_route *routes = tables[i].routes.at;
		for (size_t k = 0; k < tables[i].routes.count; k++)
			texts_add_once(run->arena, &prefixes, routes[k].destination);
	}
	for (size_t i = 0; i < out->security_groups.count; i++) {
		const struct vpc_group_rule *rules = groups[i].rules.at;
		for (size_t k = 0; k < groups[i].rules.count; k++)
			texts_add_once(run->arena, &prefixes, rules[k].peer);
	}
	ask_each(run, &resolver_calls[RESOLVER_FIREWALL_DOMAINS], domains, T(""));
	ask_each(run, &ec2_calls[EC2_PREFIX_ENTRIES], prefixes, T("pl-"));
}

/* what was read beside the lists joins them */
static void join_lists(struct reading *run)
{
	for (size_t i = 0; i < run->calls.count; i++) {
		const struct call *call = &run->calls.at[i];
		struct vpc_list *list = call->row == &ec2_calls[EC2_PREFIX_ENTRIES]
			? &run->out->prefix_lists
			: &run->out->firewall_domains;
		size_t size = call->row->reads->size;
		if (call->symptom == SYMPTOM_NONE && !call->absent)
			memcpy(vpc_add(run->arena, list, size), call->into, size);
	}
}

/* all -------------------------------------------------------------------------------------------
 */

void configuration_read(struct cloud *cloud, struct subject *subject, struct vpc_configuration *out)
{
	struct reading run = {
		.cloud = cloud, .arena = cloud->arena, .subject = subject, .out = out};
	*out = (struct vpc_configuration){0};
	reading_find_pulls(&run);
	read_subnets(&run);

	ask_vpc(&run);
	reading_ask_role(&run);
	reading_ask_registries(&run);
	run_round(&run);
	take_vpc(&run);
	reading_take_policies(&run);

	ask_endpoints(&run);
	ask_dns(&run);
	reading_ask_images(&run);
	run_round(&run);
	reading_take_images(&run);

	ask_lists(&run);
	calls_run(cloud, &run.calls);
	join_lists(&run);
	check_read(&run);
	out->subject = subject->what;
}
