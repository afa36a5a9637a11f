/* EC2's calls. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ */
#include "cloud/services.h"
#include <stddef.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)

static const struct read_row subnet_rows[] = {
	{"subnetId", READ_TEXT, AT(vpc_subnet, id), NULL},
	{"vpcId", READ_TEXT, AT(vpc_subnet, vpc), NULL},
	{"ownerId", READ_TEXT, AT(vpc_subnet, owner), NULL},
	{"availabilityZone", READ_TEXT, AT(vpc_subnet, zone), NULL},
	{"availabilityZoneId", READ_TEXT, AT(vpc_subnet, zone_id), NULL},
	{"cidrBlock", READ_TEXT, AT(vpc_subnet, cidr), NULL},
	{"ipv6CidrBlockAssociationSet/ipv6CidrBlock", READ_TEXTS, AT(vpc_subnet, cidrs6), NULL},
	{"mapPublicIpOnLaunch", READ_FLAG, AT(vpc_subnet, map_public_ip), NULL},
	{"ipv6Native", READ_FLAG, AT(vpc_subnet, ipv6_native), NULL},
	{"enableDns64", READ_FLAG, AT(vpc_subnet, dns64), NULL},
	{"blockPublicAccessStates/internetGatewayBlockMode", READ_TEXT,
		AT(vpc_subnet, internet_gateway_block), NULL},
	{"availableIpAddressCount", READ_NUMBER, AT(vpc_subnet, available_addresses), NULL},
};
static const struct read_table subnets = {READ_TABLE(vpc_subnet, subnet_rows), NULL, 0};

static const struct read_row vpc_rows[] = {
	{"vpcId", READ_TEXT, AT(vpc_vpc, id), NULL},
	{"ownerId", READ_TEXT, AT(vpc_vpc, owner), NULL},
	{"dhcpOptionsId", READ_TEXT, AT(vpc_vpc, dhcp_options), NULL},
	{"cidrBlockAssociationSet[cidrBlockState/state=associated]/cidrBlock", READ_TEXTS,
		AT(vpc_vpc, cidrs), NULL},
	{"ipv6CidrBlockAssociationSet[ipv6CidrBlockState/state=associated]/ipv6CidrBlock",
		READ_TEXTS,
		AT(vpc_vpc, cidrs6), NULL},
};
static const struct read_table vpcs = {READ_TABLE(vpc_vpc, vpc_rows), NULL, 0};

static const struct read_row support_rows[] = {
	{"enableDnsSupport/value", READ_FLAG, AT(dns_attribute, value), NULL},
};
static const struct read_table support = {READ_TABLE(dns_attribute, support_rows), NULL, 0};

static const struct read_row hostnames_rows[] = {
	{"enableDnsHostnames/value", READ_FLAG, AT(dns_attribute, value), NULL},
};
static const struct read_table hostnames = {READ_TABLE(dns_attribute, hostnames_rows), NULL, 0};

static const struct read_row dhcp_rows[] = {
	{"dhcpOptionsId", READ_TEXT, AT(vpc_dhcp_options, id), NULL},
	{"dhcpConfigurationSet[key=domain-name-servers]/valueSet/value", READ_TEXTS,
		AT(vpc_dhcp_options, servers), NULL},
};
static const struct read_table dhcp = {READ_TABLE(vpc_dhcp_options, dhcp_rows), NULL, 0};

static const struct read_row route_rows[] = {
	{"destinationCidrBlock|destinationIpv6CidrBlock|destinationPrefixListId", READ_TEXT,
		AT(vpc_route, destination), NULL},
	{"natGatewayId|transitGatewayId|vpcPeeringConnectionId|egressOnlyInternetGatewayId"
		"|carrierGatewayId|localGatewayId|coreNetworkArn|networkInterfaceId|instanceId"
		"|gatewayId", READ_TEXT, AT(vpc_route, target), NULL},
	{"state", READ_TEXT, AT(vpc_route, state), NULL},
	{"origin", READ_TEXT, AT(vpc_route, origin), NULL},
};
static const struct read_table routes = {READ_TABLE(vpc_route, route_rows), NULL, 0};

static const struct read_row table_rows[] = {
	{"routeTableId", READ_TEXT, AT(vpc_route_table, id), NULL},
	{"vpcId", READ_TEXT, AT(vpc_route_table, vpc), NULL},
	{"associationSet/main", READ_FLAG, AT(vpc_route_table, main), NULL},
	{"associationSet/subnetId", READ_TEXTS, AT(vpc_route_table, subnets), NULL},
	{"routeSet", READ_LIST, AT(vpc_route_table, routes), &routes},
};
static const struct read_table tables = {READ_TABLE(vpc_route_table, table_rows), NULL, 0};

static const struct read_row entry_rows[] = {
	{"ruleNumber", READ_NUMBER, AT(vpc_acl_entry, number), NULL},
	{"egress", READ_FLAG, AT(vpc_acl_entry, egress), NULL},
	{"ruleAction", READ_TEXT, AT(vpc_acl_entry, action), NULL},
	{"protocol", READ_TEXT, AT(vpc_acl_entry, protocol), NULL},
	{"cidrBlock|ipv6CidrBlock", READ_TEXT, AT(vpc_acl_entry, cidr), NULL},
	{"portRange/from", READ_NUMBER, AT(vpc_acl_entry, from), NULL},
	{"portRange/to", READ_NUMBER, AT(vpc_acl_entry, to), NULL},
};
static const struct read_table entries = {READ_TABLE(vpc_acl_entry, entry_rows), NULL, 0};

static const struct read_row acl_rows[] = {
	{"networkAclId", READ_TEXT, AT(vpc_network_acl, id), NULL},
	{"vpcId", READ_TEXT, AT(vpc_network_acl, vpc), NULL},
	{"default", READ_FLAG, AT(vpc_network_acl, is_default), NULL},
	{"associationSet/subnetId", READ_TEXTS, AT(vpc_network_acl, subnets), NULL},
	{"entrySet", READ_LIST, AT(vpc_network_acl, entries), &entries},
};
static const struct read_table acls = {READ_TABLE(vpc_network_acl, acl_rows), NULL, 0};

/* a rule for each peer of a permission */
#define PEERS "ipRanges/cidrIp|ipv6Ranges/cidrIpv6|prefixListIds/prefixListId|groups/groupId"

static const struct read_row rule_rows[] = {
	{"ipProtocol", READ_TEXT, AT(vpc_group_rule, protocol), NULL},
	{"fromPort", READ_NUMBER, AT(vpc_group_rule, from), NULL},
	{"toPort", READ_NUMBER, AT(vpc_group_rule, to), NULL},
	{"", READ_SET, AT(vpc_group_rule, egress), NULL}, /* the last: not of ingress */
};
static const struct read_table ingress = {rule_rows, COUNT(rule_rows) - 1,
	sizeof(struct vpc_group_rule), PEERS, AT(vpc_group_rule, peer)};
static const struct read_table egress = {rule_rows, COUNT(rule_rows),
	sizeof(struct vpc_group_rule), PEERS, AT(vpc_group_rule, peer)};

static const struct read_row group_rows[] = {
	{"groupId", READ_TEXT, AT(vpc_security_group, id), NULL},
	{"groupName", READ_TEXT, AT(vpc_security_group, name), NULL},
	{"vpcId", READ_TEXT, AT(vpc_security_group, vpc), NULL},
	{"ownerId", READ_TEXT, AT(vpc_security_group, owner), NULL},
	{"ipPermissions", READ_LIST, AT(vpc_security_group, rules), &ingress},
	{"ipPermissionsEgress", READ_LIST, AT(vpc_security_group, rules), &egress},
};
static const struct read_table groups = {READ_TABLE(vpc_security_group, group_rows), NULL, 0};

static const struct read_row endpoint_rows[] = {
	{"vpcEndpointId", READ_TEXT, AT(vpc_endpoint, id), NULL},
	{"vpcId", READ_TEXT, AT(vpc_endpoint, vpc), NULL},
	{"ownerId", READ_TEXT, AT(vpc_endpoint, owner), NULL},
	{"vpcEndpointType", READ_TEXT, AT(vpc_endpoint, type), NULL},
	{"serviceName", READ_TEXT, AT(vpc_endpoint, service), NULL},
	{"state", READ_TEXT, AT(vpc_endpoint, state), NULL},
	{"privateDnsEnabled", READ_FLAG, AT(vpc_endpoint, private_dns), NULL},
	{"dnsOptions/privateDnsOnlyForInboundResolverEndpoint", READ_FLAG,
		AT(vpc_endpoint, private_dns_only_inbound), NULL},
	{"ipAddressType", READ_TEXT, AT(vpc_endpoint, ip_address_type), NULL},
	{"policyDocument", READ_TEXT, AT(vpc_endpoint, policy), NULL},
	{"subnetIdSet", READ_TEXTS, AT(vpc_endpoint, subnets), NULL},
	{"networkInterfaceIdSet", READ_TEXTS, AT(vpc_endpoint, interfaces), NULL},
	{"groupSet/groupId", READ_TEXTS, AT(vpc_endpoint, groups), NULL},
	{"routeTableIdSet", READ_TEXTS, AT(vpc_endpoint, route_tables), NULL},
	{"dnsEntrySet/dnsName", READ_TEXTS, AT(vpc_endpoint, dns_names), NULL},
	{"lastError/code", READ_TEXT, AT(vpc_endpoint, error), NULL},
	{"lastError/message", READ_MORE, AT(vpc_endpoint, error), NULL},
};
static const struct read_table endpoints = {READ_TABLE(vpc_endpoint, endpoint_rows), NULL, 0};

static const struct read_row interface_rows[] = {
	{"networkInterfaceId", READ_TEXT, AT(vpc_interface, id), NULL},
	{"subnetId", READ_TEXT, AT(vpc_interface, subnet), NULL},
	{"interfaceType", READ_TEXT, AT(vpc_interface, type), NULL},
	{"description", READ_TEXT, AT(vpc_interface, description), NULL},
	{"groupSet/groupId", READ_TEXTS, AT(vpc_interface, groups), NULL},
	{"privateIpAddressesSet/privateIpAddress|ipv6AddressesSet/ipv6Address", READ_TEXTS,
		AT(vpc_interface, addresses), NULL},
};
static const struct read_table interfaces = {READ_TABLE(vpc_interface, interface_rows), NULL, 0};

static const struct read_row nat_rows[] = {
	{"natGatewayId", READ_TEXT, AT(vpc_nat_gateway, id), NULL},
	{"vpcId", READ_TEXT, AT(vpc_nat_gateway, vpc), NULL},
	{"subnetId", READ_TEXT, AT(vpc_nat_gateway, subnet), NULL},
	{"state", READ_TEXT, AT(vpc_nat_gateway, state), NULL},
	{"failureCode", READ_TEXT, AT(vpc_nat_gateway, failure), NULL},
	{"failureMessage", READ_MORE, AT(vpc_nat_gateway, failure), NULL},
	{"connectivityType", READ_TEXT, AT(vpc_nat_gateway, connectivity), NULL},
	{"natGatewayAddressSet/privateIp", READ_TEXTS, AT(vpc_nat_gateway, addresses), NULL},
};
static const struct read_table nats = {READ_TABLE(vpc_nat_gateway, nat_rows), NULL, 0};

static const struct read_row igw_rows[] = {
	{"internetGatewayId", READ_TEXT, AT(vpc_internet_gateway, id), NULL},
	{"attachmentSet/vpcId", READ_TEXT, AT(vpc_internet_gateway, vpc), NULL},
	{"attachmentSet/state", READ_TEXT, AT(vpc_internet_gateway, state), NULL},
};
static const struct read_table igws = {READ_TABLE(vpc_internet_gateway, igw_rows), NULL, 0};

static const struct read_row prefix_rows[] = {
	{"prefixListId", READ_TEXT, AT(vpc_prefix_list, id), NULL},
	{"prefixListName", READ_TEXT, AT(vpc_prefix_list, name), NULL},
	{"cidrSet", READ_TEXTS, AT(vpc_prefix_list, entries), NULL},
};
static const struct read_table prefixes = {READ_TABLE(vpc_prefix_list, prefix_rows), NULL, 0};

static const struct read_row cidr_rows[] = {
	{"entrySet/cidr", READ_TEXTS, AT(vpc_prefix_list, entries), NULL},
};
static const struct read_table cidrs = {READ_TABLE(vpc_prefix_list, cidr_rows), NULL, 0};

#define PAGED "nextToken", "NextToken", false

const struct call_row ec2_calls[EC2_CALLS] = {
	[EC2_SUBNETS] = {SERVICE_EC2, "DescribeSubnets", NULL, "the subnets, their VPC and ranges",
		{{"subnet-id", PARAMETER_FILTER}, {"vpc-id", PARAMETER_FILTER}},
		"subnetSet", &subnets, PAGED, VPC_SUBNETS},
	[EC2_VPCS] = {SERVICE_EC2, "DescribeVpcs", NULL, "the VPC's ranges, owner and DHCP options",
		{{"vpc-id", PARAMETER_FILTER}}, "vpcSet", &vpcs, PAGED, VPC_VPCS},
	[EC2_DNS_SUPPORT] = {SERVICE_EC2, "DescribeVpcAttribute", NULL, "enableDnsSupport",
		{{"VpcId", PARAMETER_ONE}, {"Attribute", PARAMETER_ONE}},
		NULL, &support, NULL, NULL, false, VPC_DNS_SUPPORT},
	[EC2_DNS_HOSTNAMES] = {SERVICE_EC2, "DescribeVpcAttribute", NULL, "enableDnsHostnames",
		{{"VpcId", PARAMETER_ONE}, {"Attribute", PARAMETER_ONE}},
		NULL, &hostnames, NULL, NULL, false, VPC_DNS_HOSTNAMES},
	[EC2_DHCP_OPTIONS] = {SERVICE_EC2, "DescribeDhcpOptions", NULL, "the VPC's DNS servers",
		{{"dhcp-options-id", PARAMETER_FILTER}},
		"dhcpOptionsSet", &dhcp, PAGED, VPC_DHCP_OPTIONS},
	[EC2_ROUTE_TABLES] = {SERVICE_EC2, "DescribeRouteTables", NULL, "routes",
		{{"vpc-id", PARAMETER_FILTER}}, "routeTableSet", &tables, PAGED, VPC_ROUTE_TABLES},
	[EC2_NETWORK_ACLS] = {SERVICE_EC2, "DescribeNetworkAcls", NULL, "network ACLs",
		{{"vpc-id", PARAMETER_FILTER}}, "networkAclSet", &acls, PAGED, VPC_NETWORK_ACLS},
	[EC2_SECURITY_GROUPS] = {SERVICE_EC2, "DescribeSecurityGroups", NULL,
		"the rules of the task's and the endpoints' groups",
		{{"group-id", PARAMETER_FILTER}, {"vpc-id", PARAMETER_FILTER},
			{"group-name", PARAMETER_FILTER}},
		"securityGroupInfo", &groups, PAGED, VPC_SECURITY_GROUPS},
	[EC2_ENDPOINTS] = {SERVICE_EC2, "DescribeVpcEndpoints", NULL,
		"VPC endpoints, their state, private DNS and policies",
		{{"vpc-id", PARAMETER_FILTER}}, "vpcEndpointSet", &endpoints, PAGED, VPC_ENDPOINTS},
	[EC2_INTERFACES] = {SERVICE_EC2, "DescribeNetworkInterfaces", NULL,
		"the endpoints' addresses and subnets",
		{{"network-interface-id", PARAMETER_FILTER}},
		"networkInterfaceSet", &interfaces, PAGED, VPC_INTERFACES},
	[EC2_NAT_GATEWAYS] = {SERVICE_EC2, "DescribeNatGateways", NULL,
		"NAT gateways and their state",
		{{"vpc-id", PARAMETER_FILTER}}, "natGatewaySet", &nats, PAGED, VPC_NAT_GATEWAYS},
	[EC2_INTERNET_GATEWAYS] = {SERVICE_EC2, "DescribeInternetGateways", NULL,
		"the VPC's internet gateway",
		{{"attachment.vpc-id", PARAMETER_FILTER}},
		"internetGatewaySet", &igws, PAGED, VPC_INTERNET_GATEWAYS},
	[EC2_PREFIX_LISTS] = {SERVICE_EC2, "DescribePrefixLists", NULL,
		"AWS's prefix lists, S3's among them",
		{{"prefix-list-name", PARAMETER_FILTER}},
		"prefixListSet", &prefixes, PAGED, VPC_PREFIX_LISTS},
	[EC2_PREFIX_ENTRIES] = {SERVICE_EC2, "GetManagedPrefixListEntries", NULL,
		"other prefix lists that routes and rules name",
		{{"PrefixListId", PARAMETER_ONE}}, NULL, &cidrs, PAGED, VPC_PREFIX_LISTS},
};
