/* The tables of the configuration's structs: those in lists before those that have the lists. */
#include "model/vpc_json.h"

READ_TABLE(vpc_call, VPC_CALL);
READ_TABLE(vpc_subject, VPC_SUBJECT);
READ_TABLE(vpc_subnet, VPC_SUBNET);
READ_TABLE(vpc_vpc, VPC_VPC);
READ_TABLE(vpc_dhcp_options, VPC_DHCP_OPTIONS);
READ_TABLE(vpc_route, VPC_ROUTE);
READ_TABLE(vpc_route_table, VPC_ROUTE_TABLE);
READ_TABLE(vpc_acl_entry, VPC_ACL_ENTRY);
READ_TABLE(vpc_network_acl, VPC_NETWORK_ACL);
READ_TABLE(vpc_group_rule, VPC_GROUP_RULE);
READ_TABLE(vpc_security_group, VPC_SECURITY_GROUP);
READ_TABLE(vpc_prefix_list, VPC_PREFIX_LIST);
READ_TABLE(vpc_endpoint, VPC_ENDPOINT);
READ_TABLE(vpc_interface, VPC_INTERFACE);
READ_TABLE(vpc_nat_gateway, VPC_NAT_GATEWAY);
READ_TABLE(vpc_internet_gateway, VPC_INTERNET_GATEWAY);
READ_TABLE(vpc_firewall_rule, VPC_FIREWALL_RULE);
READ_TABLE(vpc_firewall_group, VPC_FIREWALL_GROUP);
READ_TABLE(vpc_firewall_domains, VPC_FIREWALL_DOMAINS);
READ_TABLE(vpc_resolver_rule, VPC_RESOLVER_RULE);
READ_TABLE(vpc_hosted_zone, VPC_HOSTED_ZONE);
READ_TABLE(vpc_simulation, VPC_SIMULATION);
READ_TABLE(vpc_repository, VPC_REPOSITORY);
READ_TABLE(vpc_cache_rule, VPC_CACHE_RULE);
READ_TABLE(vpc_image, VPC_IMAGE);
READ_TABLE(vpc_configuration, VPC_CONFIGURATION);

json_t *vpc_write(struct arena *arena, const struct vpc_configuration *configuration)
{
	if (vpc_is_empty(configuration))
		return json_object();
	json_t *object = record_write(arena, &vpc_configuration_table, configuration);
	field_put(object, "subject",
		record_write(arena, &vpc_subject_table, &configuration->subject));
	return object;
}

bool vpc_read(
	struct json_reader *reader, const json_t *object, struct vpc_configuration *configuration)
{
	reader->part = "configuration";
	reader->listed = false;
	if (object && !json_is_object(object))
		return json_refuse(reader, "subject", "should be in an object");
	return record_read(reader, object, &vpc_configuration_table, configuration) &&
		record_read(reader, json_object_get(object, "subject"), &vpc_subject_table,
			&configuration->subject);
}
