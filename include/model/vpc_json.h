/* The tables of the configuration's structs, and its JSON form: "configuration" of a report, {}
 * where nothing was asked. */
#pragma once
#include "model/read.h"
#include "model/vpc.h"

extern const struct read_table vpc_call_table, vpc_subject_table, vpc_subnet_table, vpc_vpc_table,
	vpc_dhcp_options_table, vpc_route_table, vpc_route_table_table, vpc_acl_entry_table,
	vpc_network_acl_table, vpc_group_rule_table, vpc_security_group_table,
	vpc_prefix_list_table, vpc_endpoint_table, vpc_interface_table, vpc_nat_gateway_table,
	vpc_internet_gateway_table, vpc_firewall_rule_table, vpc_firewall_group_table,
	vpc_firewall_domains_table, vpc_resolver_rule_table, vpc_hosted_zone_table,
	vpc_simulation_table, vpc_repository_table, vpc_cache_rule_table, vpc_image_table;

json_t *vpc_write(struct arena *arena, const struct vpc_configuration *configuration);

/* Makes a complaint where something is not of the right kind, and passes over keys that it does not
 * know. NULL is an empty one. */
bool vpc_read(
	struct json_reader *reader, const json_t *object, struct vpc_configuration *configuration);
