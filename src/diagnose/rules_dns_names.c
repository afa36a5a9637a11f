/* Names that do not exist for the resolver, or have no address. */
#include "diagnose/lines.h"
#include "diagnose/names.h"
#include "diagnose/parts.h"

/* clang-format off */
static const struct rule rows[] = {
	{.id = "dns-impossible-host", .symptoms = SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA),
		.when = {name_is_impossible}, .cause = CAUSE_REF_BAD_HOSTNAME,
		.says = "{host} does not exist, and cannot: it does not have the form of an AWS "
		"name. Look at Region, suffix and account in the image reference.",
		.fix = {"Correct the host in {image}: ACCOUNT.dkr.ecr.REGION.amazonaws.com, with "
		"amazonaws.com.cn in China and no zone letter after the Region."},
		.confirm = {"aws ecr describe-repositories --region REGION --query "
		"'repositories[].repositoryUri'"}},
	{.id = "dns-unknown-elsewhere", .symptoms = SYMPTOM(NXDOMAIN),
		.passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_NXDOMAIN,
		.says = "The resolver {resolver} says that {host} does not exist; the VPC's own "
		"resolver {other_server} knows it.",
		.fix = {"Make {resolver} forward {host} to the VPC's resolver, or set the DHCP "
		"options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP}},
	{.id = "dns-no-fips-host", .symptoms = SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA),
		.when = {name_is_fips_outside_us}, .cause = CAUSE_REF_BAD_HOSTNAME,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_NXDOMAIN},
		.says = "{host} does not exist: ECR has FIPS endpoints in the United States only.",
		.verify = "Whether the name without -fips resolves here.",
		.fix = {"Use the host without -fips, and unset AWS_USE_FIPS_ENDPOINT."},
		.confirm = {"nslookup {plain_host}"}},
	{.id = "dns-misspelt-region", .symptoms = SYMPTOM(NXDOMAIN), .run = {name_has_odd_region},
		.cause = CAUSE_REF_BAD_HOSTNAME, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_DNS_NXDOMAIN},
		.says = "{host} does not exist. \"{region}\" does not look like a Region; it may "
		"be misspelt."},
	{.id = "dns-valid-name", .symptoms = SYMPTOM(NXDOMAIN), .when = {name_is_standard},
		.cause = CAUSE_DNS_NXDOMAIN,
		.says = "{host} is a valid name, and the resolver {resolver} says that it does not "
		"exist: a private hosted zone without this record hides it, a DNS firewall denies "
		"it, or the resolver does not know public names.",
		.fix = {"Add the record to the private hosted zone (for the registry the wildcard "
		"*.dkr.ecr.{region}), or remove the zone.", "Or allow {host} in the VPC's DNS "
		"firewall."}, .confirm = {LINE_ZONES, LINE_DNS_FIREWALL}},
	{.id = "dns-nothing-public", .symptoms = SYMPTOM(NXDOMAIN),
		.failed = {EXPERIMENT_DNS_KNOWN_NAME}, .cause = CAUSE_DNS_NXDOMAIN,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_REF_BAD_HOSTNAME},
		.says = "The resolver {resolver} knows neither {host} nor a name that surely "
		"exists: it does not resolve public names.",
		.verify = "Whether {host} resolves anywhere else.",
		.fix = {"Give {resolver} a forwarder for public names, or set the DHCP options to "
		"AmazonProvidedDNS."}, .confirm = {LINE_DHCP, LINE_DNS_FIREWALL, LINE_ZONES}},
	{.id = "dns-nxdomain", .symptoms = SYMPTOM(NXDOMAIN), .cause = CAUSE_DNS_NXDOMAIN,
		.certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_REF_BAD_HOSTNAME},
		.says = "The resolver {resolver} says that {host} does not exist: a private zone "
		"or DNS firewall hides it, or the name is wrong."},
	{.id = "dns-ipv6-only", .symptoms = SYMPTOM(NODATA) | SYMPTOM(NO_ADDRESS),
		.shows = FACT_A_SYMPTOM, .text = "none", .registry = PRIVATE_ECR,
		.run = {machine_is_ipv6_only}, .cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and {host} has IPv4 addresses only.",
		.fix = {"Pull by the dual-stack name: {dualstack_registry}/{repository}, and set "
		"AWS_USE_DUALSTACK_ENDPOINT=true.", "Or give the subnet an IPv4 range, or DNS64 "
		"and a route of 64:ff9b::/96 to a NAT gateway."},
		.confirm = {"nslookup -type=AAAA {host}"}},
	{.id = "dns-ipv6-only-other", .symptoms = SYMPTOM(NODATA) | SYMPTOM(NO_ADDRESS),
		.shows = FACT_A_SYMPTOM, .text = "none", .run = {machine_is_ipv6_only},
		.cause = CAUSE_NET_IPV6_ONLY,
		.says = "This machine has IPv6 only, and {host} has IPv4 addresses only.",
		.fix = {"Give the subnet an IPv4 range, or DNS64 and a route of 64:ff9b::/96 to a "
		"NAT gateway.", "ECR Public has a dual-stack name: ecr-public.aws.com."},
		.confirm = {"nslookup -type=AAAA {host}"}},
	{.id = "dns-nodata-here", .symptoms = SYMPTOM(NODATA) | SYMPTOM(NO_ADDRESS),
		.passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_NODATA,
		.says = "The resolver {resolver} has no address for {host}; the VPC's own resolver "
		"{other_server} has.",
		.fix = {"Make {resolver} forward {host} to the VPC's resolver, or set the DHCP "
		"options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP}},
	{.id = "dns-nodata", .symptoms = SYMPTOM(NODATA) | SYMPTOM(NO_ADDRESS),
		.cause = CAUSE_DNS_NODATA,
		.says = "{host} exists but has no address for the resolver {resolver}: a DNS "
		"firewall answers so, or a private hosted zone lacks the record."},
	{.id = "dns-unusable", .cause = CAUSE_DNS_SERVFAIL, .certainty = CERTAINTY_OPEN,
		.alternatives = {CAUSE_DNS_REFUSED, CAUSE_DNS_TIMEOUT},
		.says = "The resolver {resolver} gives no usable answer for {host}: {words}."},
};
/* clang-format on */

const struct rule_part rules_dns_names = RULE_PART(STAGE(DNS), rows);
