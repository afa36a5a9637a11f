/* The configuration's JSON form: a table of fields for each struct, which writing and reading both
 * walk, and for the lists in a struct a table of what their elements are. */
#include "model/vpc_json.h"

/* more than any VPC has; what judges them compares them with each other */
enum { LIST_MAX = 10000 };

/* what a struct is made of */
struct record {
	const struct field *fields;
	size_t field_count;
	const struct member *lists;
	size_t list_count;
	size_t size;
};

/* a list in a struct */
struct member {
	const char *key;
	size_t at;
	const struct record *of;
};

/* of a struct without lists, and of one with a list of others */
#define RECORD(name, ...)                                           \
	static const struct field name##_fields[] = {__VA_ARGS__};  \
	static const struct record name = {.fields = name##_fields, \
		.field_count = COUNT(name##_fields),                \
		.size = sizeof(struct vpc_##name)}
#define RECORD_OF(name, list, element, ...)                              \
	static const struct field name##_fields[] = {__VA_ARGS__};       \
	static const struct member name##_lists[] = {                    \
		{#list, offsetof(struct vpc_##name, list), &(element)}}; \
	static const struct record name = {                              \
		name##_fields, COUNT(name##_fields), name##_lists, 1, sizeof(struct vpc_##name)}

/* clang-format off */
#define F(name, member, kind) {#member, FIELD_##kind, offsetof(struct vpc_##name, member), -1}

RECORD(call, F(call, part, TEXT), F(call, about, TEXT), F(call, call, TEXT), F(call, action, TEXT),
	F(call, error, TEXT), F(call, message, TEXT));
RECORD(subject, F(subject, image, TEXT), F(subject, platform, TEXT), F(subject, role, TEXT),
	F(subject, region, TEXT), F(subject, account, TEXT), F(subject, launch_type, TEXT),
	F(subject, public_ip, FLAG), F(subject, subnets, TEXTS),
	F(subject, security_groups, TEXTS), F(subject, services, TEXTS),
	F(subject, resources, TEXTS));
RECORD(subnet, F(subnet, id, TEXT), F(subnet, vpc, TEXT), F(subnet, owner, TEXT),
	F(subnet, zone, TEXT), F(subnet, zone_id, TEXT), F(subnet, cidr, TEXT),
	F(subnet, cidrs6, TEXTS), F(subnet, map_public_ip, FLAG), F(subnet, ipv6_native, FLAG),
	F(subnet, dns64, FLAG), F(subnet, internet_gateway_block, TEXT),
	F(subnet, available_addresses, KNOWN));
RECORD(vpc, F(vpc, id, TEXT), F(vpc, owner, TEXT), F(vpc, dhcp_options, TEXT),
	F(vpc, cidrs, TEXTS), F(vpc, cidrs6, TEXTS), F(vpc, dns_support, FLAG),
	F(vpc, dns_hostnames, FLAG));
RECORD(dhcp_options, F(dhcp_options, id, TEXT), F(dhcp_options, servers, TEXTS));
RECORD(route, F(route, destination, TEXT), F(route, target, TEXT), F(route, state, TEXT),
	F(route, origin, TEXT));
RECORD_OF(route_table, routes, route, F(route_table, id, TEXT), F(route_table, vpc, TEXT),
	F(route_table, main, FLAG), F(route_table, subnets, TEXTS));
RECORD(acl_entry, F(acl_entry, number, NUMBER), F(acl_entry, egress, FLAG),
	F(acl_entry, action, TEXT), F(acl_entry, protocol, TEXT), F(acl_entry, cidr, TEXT),
	F(acl_entry, from, KNOWN), F(acl_entry, to, KNOWN));
RECORD_OF(network_acl, entries, acl_entry, F(network_acl, id, TEXT), F(network_acl, vpc, TEXT),
	F(network_acl, is_default, FLAG), F(network_acl, subnets, TEXTS));
RECORD(group_rule, F(group_rule, egress, FLAG), F(group_rule, protocol, TEXT),
	F(group_rule, from, KNOWN), F(group_rule, to, KNOWN), F(group_rule, peer, TEXT));
RECORD_OF(security_group, rules, group_rule, F(security_group, id, TEXT),
	F(security_group, name, TEXT), F(security_group, vpc, TEXT),
	F(security_group, owner, TEXT));
RECORD(prefix_list, F(prefix_list, id, TEXT), F(prefix_list, name, TEXT),
	F(prefix_list, entries, TEXTS));
RECORD(endpoint, F(endpoint, id, TEXT), F(endpoint, vpc, TEXT), F(endpoint, owner, TEXT),
	F(endpoint, type, TEXT), F(endpoint, service, TEXT), F(endpoint, state, TEXT),
	F(endpoint, private_dns, FLAG), F(endpoint, private_dns_only_inbound, FLAG),
	F(endpoint, ip_address_type, TEXT), F(endpoint, policy, TEXT), F(endpoint, subnets, TEXTS),
	F(endpoint, interfaces, TEXTS), F(endpoint, groups, TEXTS),
	F(endpoint, route_tables, TEXTS), F(endpoint, dns_names, TEXTS), F(endpoint, error, TEXT));
RECORD(interface, F(interface, id, TEXT), F(interface, subnet, TEXT), F(interface, type, TEXT),
	F(interface, description, TEXT), F(interface, groups, TEXTS),
	F(interface, addresses, TEXTS));
RECORD(nat_gateway, F(nat_gateway, id, TEXT), F(nat_gateway, vpc, TEXT),
	F(nat_gateway, subnet, TEXT), F(nat_gateway, state, TEXT), F(nat_gateway, failure, TEXT),
	F(nat_gateway, connectivity, TEXT), F(nat_gateway, addresses, TEXTS));
RECORD(internet_gateway, F(internet_gateway, id, TEXT), F(internet_gateway, vpc, TEXT),
	F(internet_gateway, state, TEXT));
RECORD(firewall_rule, F(firewall_rule, priority, NUMBER), F(firewall_rule, domain_list, TEXT),
	F(firewall_rule, action, TEXT), F(firewall_rule, block_response, TEXT),
	F(firewall_rule, qtype, TEXT), F(firewall_rule, redirection, TEXT));
RECORD_OF(firewall_group, rules, firewall_rule, F(firewall_group, id, TEXT),
	F(firewall_group, vpc, TEXT), F(firewall_group, priority, NUMBER),
	F(firewall_group, status, TEXT));
RECORD(firewall_domains, F(firewall_domains, id, TEXT), F(firewall_domains, domains, TEXTS));
RECORD(resolver_rule, F(resolver_rule, id, TEXT), F(resolver_rule, vpc, TEXT),
	F(resolver_rule, domain, TEXT), F(resolver_rule, type, TEXT),
	F(resolver_rule, targets, TEXTS), F(resolver_rule, status, TEXT));
RECORD(hosted_zone, F(hosted_zone, id, TEXT), F(hosted_zone, vpc, TEXT),
	F(hosted_zone, name, TEXT), F(hosted_zone, owner, TEXT));
RECORD(simulation, F(simulation, action, TEXT), F(simulation, resource, TEXT),
	F(simulation, decision, TEXT), F(simulation, sources, TEXTS),
	F(simulation, missing, TEXTS), F(simulation, organizations, TEXT),
	F(simulation, boundary, TEXT));
RECORD(repository, F(repository, name, TEXT), F(repository, arn, TEXT),
	F(repository, registry, TEXT), F(repository, policy, TEXT), F(repository, immutable, FLAG));
RECORD(cache_rule, F(cache_rule, prefix, TEXT), F(cache_rule, upstream, TEXT));
RECORD(image, F(image, repository, TEXT), F(image, digest, TEXT), F(image, tags, TEXTS),
	F(image, manifest_type, TEXT), F(image, status, TEXT), F(image, platforms, TEXTS));
/* clang-format on */

/* clang-format off */
#define LIST(member, element) {#member, offsetof(struct vpc_configuration, member), &(element)}
static const struct member configuration_lists[] = {
	LIST(calls, call), LIST(subnets, subnet), LIST(vpcs, vpc),
	LIST(dhcp_options, dhcp_options), LIST(route_tables, route_table),
	LIST(network_acls, network_acl), LIST(security_groups, security_group),
	LIST(prefix_lists, prefix_list), LIST(endpoints, endpoint), LIST(interfaces, interface),
	LIST(nat_gateways, nat_gateway), LIST(internet_gateways, internet_gateway),
	LIST(firewall_groups, firewall_group), LIST(firewall_domains, firewall_domains),
	LIST(resolver_rules, resolver_rule), LIST(hosted_zones, hosted_zone),
	LIST(simulations, simulation), LIST(repositories, repository),
	LIST(cache_rules, cache_rule), LIST(images, image),
};
/* clang-format on */

static const struct field configuration_fields[] = {
	{FIELD(vpc_configuration, registry_policy, TEXT)},
};
static const struct record configuration_record = {.fields = configuration_fields,
	.field_count = COUNT(configuration_fields),
	.lists = configuration_lists,
	.list_count = COUNT(configuration_lists)};

/* Lists stand in lists once: the configuration's, and those of a table, an ACL or a group. */
static json_t *write_record(struct arena *arena, const struct record *record, const void *from)
{
	json_t *object = json_object();
	fields_write(arena, object, record->fields, record->field_count, from);
	for (size_t i = 0; i < record->list_count; i++) {
		const struct member *member = &record->lists[i];
		const struct vpc_list *list = (const void *)((const char *)from + member->at);
		json_t *array = json_array();
		for (size_t e = 0; e < list->count; e++)
			field_append(array,
				write_record(arena, member->of,
					(const char *)list->at + e * member->of->size));
		field_put(object, member->key, array);
	}
	return object;
}

json_t *vpc_write(struct arena *arena, const struct vpc_configuration *configuration)
{
	if (vpc_is_empty(configuration))
		return json_object();
	json_t *object = write_record(arena, &configuration_record, configuration);
	field_put(object, "subject", write_record(arena, &subject, &configuration->subject));
	return object;
}

static bool read_record(
	struct json_reader *reader, const struct record *record, const json_t *object, void *into)
{
	if (!fields_read(reader, object, record->fields, record->field_count, into))
		return false;
	for (size_t i = 0; i < record->list_count; i++) {
		const struct member *member = &record->lists[i];
		struct vpc_list *list = (void *)((char *)into + member->at);
		const json_t *array = json_object_get(object, member->key);
		const json_t *element;
		size_t index;
		if (array && !json_is_array(array))
			return json_refuse(reader, member->key, "should be a list");
		if (json_array_size(array) > LIST_MAX)
			return json_refuse(reader, member->key, "are too many");
		json_array_foreach (array, index, element) {
			if (!json_is_object(element))
				return json_refuse(
					reader, member->key, "should be a list of objects");
			if (!read_record(reader, member->of, element,
				    vpc_add(reader->arena, list, member->of->size)))
				return false;
		}
	}
	return true;
}

bool vpc_read(
	struct json_reader *reader, const json_t *object, struct vpc_configuration *configuration)
{
	reader->part = "configuration";
	reader->listed = false;
	if (object && !json_is_object(object))
		return json_refuse(reader, "subject", "should be in an object");
	return read_record(reader, &configuration_record, object, configuration) &&
		read_record(reader, &subject, json_object_get(object, "subject"),
			&configuration->subject);
}
