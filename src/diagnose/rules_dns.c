/* Names that do not resolve. Security groups and network ACLs never filter Amazon's resolver:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html */
#include "diagnose/lines.h"
#include "diagnose/rule.h"

#define MISSING (SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA))
#define NO_ADDRESS (SYMPTOM(NODATA) | SYMPTOM(NO_ADDRESS))
#define LINE_FORWARDING_RULES                                                               \
	"aws route53resolver list-resolver-rule-associations{own_region_option} --filters " \
	"Name=VPCId,Values={vpc_query}"

/* the same server answered for another name of the path, or for one that surely exists */
static bool server_answers(const struct context *context, const struct step *step)
{
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		if (other->stage == STAGE_DNS && other->experiment == EXPERIMENT_NONE &&
			other->outcome == OUTCOME_PASSED && text_equal(other->peer, step->peer))
			return true;
	}
	return context_experiment_passed(context, step, EXPERIMENT_DNS_KNOWN_NAME);
}

/* link-local, or base plus two of the VPC's first range, which a resolver's address gave us */
static bool is_amazon_resolver(const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	bool base = address.family == 4 && address.bytes[3] == 2 && address.bytes[2] % 16 == 0;
	return address_is_link_local(&address) ||
		(base && context_location(context, &address) == LOCATION_INSIDE);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "dns-host-not-used", .endpoints = ENDPOINT(API) | ENDPOINT(S3),
	 .when = {host_is_not_used}, .severity = SEVERITY_NOTE, .cause = CAUSE_S3_DNS,
	 .says = "{host} does not resolve. This does no harm: the registry redirected to another "
	 "host."},
	{.id = "dns-other-spelling", .symptoms = MISSING, .passed = EXPERIMENT_DNS_OTHER_SPELLING,
	 .severity = SEVERITY_WARNING, .cause = CAUSE_DNS_NXDOMAIN,
	 .says = "{host} has no address here. {other_spelling}, the other name of the same FIPS "
	 "API, has one and was used. Clients that use the first name may fail here.",
	 .fix = {"Make the resolver {resolver} answer for both names.", "Or set "
	 "AWS_ENDPOINT_URL_ECR=https://{other_spelling} for the clients, and unset "
	 "AWS_USE_FIPS_ENDPOINT."}, .confirm = {"nslookup {host}", "nslookup {other_spelling}"}},
	{.id = "dns-proxy", .has = FACT(PROXY), .cause = CAUSE_PROXY_UNREACHABLE,
	 .says = "The name of the proxy {proxy} does not resolve: {words}.", .fix = {"Correct the "
	 "host name in the proxy's URL, or add it to the DNS server."}, .confirm = {"nslookup "
	 "{host}"}},
	/* servers that do not answer, or refuse */
	{.id = "dns-tcp-blocked", .symptoms = NO_ANSWER, .has = FACT(WAS_TRUNCATED),
	 .cause = CAUSE_DNS_TCP_BLOCKED, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers over UDP for {hosts}, but the answer is too long "
	 "for UDP, and TCP port 53 of the resolver is not reachable."},
	{.id = "dns-tcp-answer-missing", .symptoms = SYMPTOM(MALFORMED) | SYMPTOM(LOCAL),
	 .has = FACT(WAS_TRUNCATED), .cause = CAUSE_DNS_TCP_BLOCKED, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_DNS_SERVFAIL}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers over UDP for {hosts}, but the answer is too long "
	 "for UDP, and over TCP port 53 it sends no valid answer: {words}."},
	{.id = "dns-udp-answer-lost", .symptoms = SYMPTOM(TIMEOUT),
	 .passed = EXPERIMENT_DNS_OVER_TCP, .when = {server_answers},
	 .cause = CAUSE_DNS_UDP_BLOCKED, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_DNS_TIMEOUT, CAUSE_NET_LOSS}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers for {hosts} over TCP port 53 but not over UDP. "
	 "It answers over UDP for other names, so large UDP answers are probably lost.",
	 .fix = {"Allow UDP answers of more than 512 bytes, and their fragments, from "
	 "{resolver}."}},
	{.id = "dns-udp-blocked", .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_DNS_OVER_TCP,
	 .cause = CAUSE_DNS_UDP_BLOCKED, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers for {hosts} over TCP port 53 but not over UDP."},
	{.id = "dns-s3-alone", .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
	 .run = RUN(REGISTRY_RESOLVED), .cause = CAUSE_S3_DNS,
	 .says = "The layer host {host} does not resolve, but the registry's names do: {words}."},
	{.id = "dns-name-unanswered", .symptoms = SYMPTOM(TIMEOUT), .when = {server_answers},
	 .cause = CAUSE_DNS_TIMEOUT, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_DNS_SERVFAIL, CAUSE_NET_LOSS}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers for other names but not for {hosts}. The server "
	 "that it forwards these names to does not answer, or answers are lost.", .verify = "The "
	 "resolver's log for {host}, and a second run that fails in the same way.",
	 .fix = {"Correct the Route 53 Resolver rule or the forwarder for {host}."},
	 .confirm = {LINE_FORWARDING_RULES, LINE_DNS_FIREWALL}},
	{.id = "dns-custom-server-silent", .symptoms = SYMPTOM(TIMEOUT),
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_TIMEOUT, .shared = SHARED_PEER,
	 .says = "The configured resolver {resolver} does not answer for {hosts}. The VPC's own "
	 "resolver {other_server} does.", .fix = {"Set the VPC's DHCP options to "
	 "AmazonProvidedDNS, or repair the DNS server {resolver} and allow UDP and TCP port 53 to "
	 "it."}},
	{.id = "dns-vpc-resolver-silent", .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_DNS_OVER_TCP}, .when = {is_amazon_resolver},
	 .cause = CAUSE_DNS_TIMEOUT, .shared = SHARED_PEER,
	 .says = "Amazon's resolver {resolver} answers no query. Security groups and network ACLs "
	 "cannot block it: DNS support is off in this VPC, or the limit of 1024 queries a second "
	 "is reached.", .fix = {"aws ec2 modify-vpc-attribute{own_region_option} --vpc-id "
	 "{vpc_query} --enable-dns-support"}},
	{.id = "dns-server-silent", .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_DNS_OVER_TCP}, .cause = CAUSE_DNS_TIMEOUT, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers neither over UDP nor over TCP.", .fix = {"Allow "
	 "UDP and TCP port 53 to {resolver}, start the DNS server there, or set the VPC's DHCP "
	 "options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP, LINE_DNS_ATTRIBUTES,
	 LINE_OWN_GROUPS}},
	{.id = "dns-timeout", .symptoms = SYMPTOM(TIMEOUT), .cause = CAUSE_DNS_TIMEOUT,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_UDP_BLOCKED},
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} does not answer for {hosts} within {seconds}."},
	{.id = "dns-nothing-listens", .symptoms = SYMPTOM(REFUSED), .fact = FACT_ERRNO,
	 .holds = "ECONNREFUSED", .cause = CAUSE_DNS_REFUSED, .shared = SHARED_PEER,
	 .says = "Port 53 of the resolver {resolver} is closed: no DNS server runs there.",
	 .fix = {"Correct the resolver's address (DHCP options, resolv.conf), or start the DNS "
	 "server there."}},
	{.id = "dns-refused", .symptoms = SYMPTOM(REFUSED) | SYMPTOM(PROHIBITED),
	 .cause = CAUSE_DNS_REFUSED, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} refuses the query for {hosts}."},
	{.id = "dns-servfail-here", .symptoms = SYMPTOM(SERVFAIL),
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_SERVFAIL, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} fails for {hosts} (SERVFAIL). The VPC's own resolver "
	 "{other_server} answers.", .fix = {"Repair the forwarding of {resolver}, or set the VPC's "
	 "DHCP options to AmazonProvidedDNS."}},
	{.id = "dns-servfail", .symptoms = SYMPTOM(SERVFAIL), .cause = CAUSE_DNS_SERVFAIL,
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} fails for {hosts} (SERVFAIL): the server that it "
	 "forwards to is not reachable, or DNSSEC validation fails.", .fix = {"Correct the "
	 "Resolver rule or forwarder for {host}, and check that its target answers."},
	 .confirm = {LINE_FORWARDING_RULES, "aws route53resolver "
	 "get-resolver-dnssec-config{own_region_option} --resource-id {vpc_query}"}},
	{.id = "dns-unreachable", .symptoms = SYMPTOM(UNREACHABLE), .cause = CAUSE_NET_UNREACHABLE,
	 .shared = SHARED_PEER,
	 .says = "There is no route to the resolver {resolver}.", .fix = {"Correct the resolver's "
	 "address, or add a route to it."}, .confirm = {LINE_DHCP, LINE_ROUTES}},
	{.id = "dns-local", .symptoms = SYMPTOM(LOCAL), .cause = CAUSE_CLIENT_CONFIG,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_REFUSED}, .shared = SHARED_PEER,
	 .says = "This machine could not send a query for {hosts}: {words}.", .verify = "Whether "
	 "/etc/resolv.conf lists a resolver here.", .fix = {"Configure a resolver on this machine, "
	 "or pass one with --resolver."}, .confirm = {LINE_DHCP}},
	/* names that do not exist for the resolver, or have no address */
	{.id = "dns-impossible-host", .symptoms = MISSING, .when = {name_is_impossible},
	 .cause = CAUSE_REF_BAD_HOSTNAME,
	 .says = "{host} cannot exist: it is not a valid AWS host name. Check Region, suffix and "
	 "account in the image reference.", .fix = {"Correct the host in {image}: "
	 "ACCOUNT.dkr.ecr.REGION.amazonaws.com, with amazonaws.com.cn in China and no zone letter "
	 "after the Region."}, .confirm = {"aws ecr describe-repositories --region REGION --query "
	 "'repositories[].repositoryUri'"}},
	{.id = "dns-unknown-elsewhere", .symptoms = SYMPTOM(NXDOMAIN),
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_NXDOMAIN, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NXDOMAIN (no such name) for {hosts}. The VPC's "
	 "own resolver {other_server} resolves it.", .fix = {"Make {resolver} forward AWS names to "
	 "the VPC's resolver, or set the VPC's DHCP options to AmazonProvidedDNS."},
	 .confirm = {LINE_DHCP}},
	{.id = "dns-no-fips-host", .symptoms = MISSING, .when = {name_is_fips_outside_us},
	 .cause = CAUSE_REF_BAD_HOSTNAME, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_DNS_NXDOMAIN}, .shared = SHARED_ALL,
	 .says = "There is no {hosts}: ECR has FIPS endpoints in the United States only.",
	 .verify = "Whether the name without -fips resolves here.", .fix = {"Use the host name "
	 "without -fips, and unset AWS_USE_FIPS_ENDPOINT."}, .confirm = {"nslookup {plain_host}"}},
	{.id = "dns-misspelt-region", .symptoms = SYMPTOM(NXDOMAIN), .run = RUN(ODD_REGION),
	 .cause = CAUSE_REF_BAD_HOSTNAME, .certainty = CERTAINTY_LIKELY,
	 .alternatives = {CAUSE_DNS_NXDOMAIN}, .shared = SHARED_ALL,
	 .says = "There is no {hosts}. \"{region}\" is not a known form of a Region; check its "
	 "spelling."},
	{.id = "dns-valid-name", .symptoms = SYMPTOM(NXDOMAIN), .when = {name_is_standard},
	 .cause = CAUSE_DNS_NXDOMAIN, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NXDOMAIN (no such name) for {hosts}, but the "
	 "name is valid. A private hosted zone without this record hides it, a DNS firewall blocks "
	 "it, or the resolver does not resolve public names.", .fix = {"Add the record to the "
	 "private hosted zone (for the registry the wildcard *.dkr.ecr.{region}), or remove the "
	 "zone.", "Or allow {host} in the VPC's DNS firewall."}},
	{.id = "dns-nothing-public", .symptoms = SYMPTOM(NXDOMAIN),
	 .failed = {EXPERIMENT_DNS_KNOWN_NAME}, .cause = CAUSE_DNS_NXDOMAIN,
	 .certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_REF_BAD_HOSTNAME},
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} resolves neither {hosts} nor a name that surely exists: "
	 "it does not resolve public names.", .verify = "Whether {host} resolves anywhere else.",
	 .fix = {"Configure a forwarder for public names on {resolver}, or set the VPC's DHCP "
	 "options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP, LINE_DNS_FIREWALL, LINE_ZONES}},
	{.id = "dns-nxdomain", .symptoms = SYMPTOM(NXDOMAIN), .cause = CAUSE_DNS_NXDOMAIN,
	 .certainty = CERTAINTY_OPEN, .alternatives = {CAUSE_REF_BAD_HOSTNAME},
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NXDOMAIN (no such name) for {hosts}: a private "
	 "hosted zone or DNS firewall hides it, or the name is wrong."},
	{.id = "dns-ipv6-only", .symptoms = NO_ADDRESS, .fact = FACT_A_SYMPTOM, .holds = "none",
	 .registry = PRIVATE_ECR, .run = RUN(IPV6_ONLY), .cause = CAUSE_NET_IPV6_ONLY,
	 .shared = SHARED_ALL,
	 .says = "This machine has IPv6 only, and DNS has IPv4 addresses only for {hosts}.",
	 .fix = {"Pull by the dual-stack name, {dualstack_registry}/{repository}, and set "
	 "AWS_USE_DUALSTACK_ENDPOINT=true.", "Or add an IPv4 range to the subnet, or DNS64 and a "
	 "route of 64:ff9b::/96 to a NAT gateway."}},
	{.id = "dns-ipv6-only-other", .symptoms = NO_ADDRESS, .fact = FACT_A_SYMPTOM,
	 .holds = "none", .run = RUN(IPV6_ONLY), .cause = CAUSE_NET_IPV6_ONLY, .shared = SHARED_ALL,
	 .says = "This machine has IPv6 only, and DNS has IPv4 addresses only for {hosts}.",
	 .fix = {"Add an IPv4 range to the subnet, or DNS64 and a route of 64:ff9b::/96 to a NAT "
	 "gateway.", "ECR Public has a dual-stack name: ecr-public.aws.com."}},
	{.id = "dns-nodata-here", .symptoms = NO_ADDRESS, .passed = EXPERIMENT_DNS_OTHER_SERVER,
	 .cause = CAUSE_DNS_NODATA, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} has no address for {hosts}. The VPC's own resolver "
	 "{other_server} has one.", .fix = {"Make {resolver} forward AWS names to the VPC's "
	 "resolver, or set the VPC's DHCP options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP}},
	{.id = "dns-nodata", .symptoms = NO_ADDRESS, .cause = CAUSE_DNS_NODATA,
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NODATA (a name without address) for {hosts}: a "
	 "DNS firewall blocks it, or the record is missing in a private hosted zone."},
	{.id = "dns-unusable", .cause = CAUSE_DNS_SERVFAIL, .certainty = CERTAINTY_OPEN,
	 .alternatives = {CAUSE_DNS_REFUSED, CAUSE_DNS_TIMEOUT}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} gives no valid answer for {hosts}: {words}."},
};
/* clang-format on */

const struct rule_part rules_dns = RULE_PART(rows, .stages = STAGE(DNS));
