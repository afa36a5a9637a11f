/* Names that do not resolve. Security groups and network ACLs never filter Amazon's resolver:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html */
#include "diagnose/lines.h"
#include "diagnose/rule.h"
#include "model/hosts.h"

#define MISSING (SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA))
#define NO_ADDRESS (SYMPTOM(NODATA) | SYMPTOM(NO_ADDRESS))
#define LINE_FORWARDING_RULES                                                               \
	"aws route53resolver list-resolver-rule-associations{own_region_option} --filters " \
	"Name=VPCId,Values={vpc_query}"

/* the same server answered for another name of the path, or for one that surely exists */
static bool server_answers(const struct context *context, const struct step *step)
{
	const struct step *other = NULL;
	while ((other = context_next(context, STAGE_DNS, other)))
		if (other->outcome == OUTCOME_PASSED && text_equal(other->peer, step->peer))
			return true;
	return context_tried(context, step, EXPERIMENT_DNS_KNOWN_NAME, OUTCOME_PASSED);
}

/* link-local, or base plus two of the VPC's first range, which a resolver's address gave us */
static bool is_amazon_resolver(const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	bool base = address.family == 4 && address.bytes[3] == 2 && address.bytes[2] % 16 == 0;
	return address_is_link_local(&address) ||
		(base && context_location(context, &address) == LOCATION_INSIDE);
}

/* "api.ecr-public.REGION...": https://docs.aws.amazon.com/general/latest/gr/ecr-public.html */
static bool is_public_api_elsewhere(struct text host)
{
	return text_holds(host, T("ecr-public.")) && text_holds(host, T(".amazonaws.com")) &&
		!text_holds(host, T(".us-east-1.")) && !text_holds(host, T(".us-west-2."));
}

static bool name_is_impossible(const struct context *context, const struct step *step)
{
	const struct target *target = &context->evidence->target;
	if (is_public_api_elsewhere(step->host))
		return true;
	if (target->kind != REGISTRY_ECR || !endpoint_is_of_pull(step->endpoint))
		return false;
	/* an endpoint of one's own choice (AWS_ENDPOINT_URL) may have any name */
	bool is_chosen = step->endpoint != ENDPOINT_DKR && !text_starts(step->host, T("api.ecr")) &&
		!text_starts(step->host, T("prod-"));
	const struct partition *partition = partition_of_region(target->region);
	if (!is_chosen && (!partition || !host_is_under(step->host, partition)))
		return true;
	return step->endpoint == ENDPOINT_DKR && !account_is_wellformed(target->account);
}

static bool name_is_fips_outside_us(const struct context *context, const struct step *step)
{
	return text_holds(step->host, T("-fips.")) &&
		!text_starts(context->evidence->target.region, T("us-"));
}

static bool name_is_standard(const struct context *context, const struct step *step)
{
	const struct target *target = &context->evidence->target;
	struct text region = target->region;
	size_t at = text_find(step->host, region);
	bool holds_region = region.len && at > 0 && at < step->host.len &&
		step->host.at[at - 1] == '.';
	return target->kind == REGISTRY_ECR && region_exists(region) && holds_region &&
		account_is_wellformed(target->account) && !text_holds(step->host, T("-fips.")) &&
		target->partition && text_ends(step->host, target->partition->suffix);
}

/* clang-format off */
static const struct rule rows[] = {
	{"dns-host-not-used", PROVEN, {CAUSE_S3_DNS}, .endpoints = ENDPOINT(API) | ENDPOINT(S3),
	 .when = {host_is_not_used}, .severity = SEVERITY_NOTE,
	 .says = "{host} does not resolve. This does no harm: the registry redirected to another "
	 "host."},
	{"dns-other-spelling", PROVEN, {CAUSE_DNS_NXDOMAIN}, .symptoms = MISSING,
	 .passed = EXPERIMENT_DNS_OTHER_SPELLING, .severity = SEVERITY_WARNING,
	 .says = "{host} has no address here. {other_spelling}, the other name of the same FIPS "
	 "API, has one and was used. Clients that use the first name may fail here.",
	 .fix = {"Make the resolver {resolver} answer for both names.", "Or set "
	 "AWS_ENDPOINT_URL_ECR=https://{other_spelling} for the clients, and unset "
	 "AWS_USE_FIPS_ENDPOINT."}, .confirm = {"nslookup {host}", "nslookup {other_spelling}"}},
	{"dns-proxy", PROVEN, {CAUSE_PROXY_UNREACHABLE}, .has = FACT(PROXY),
	 .says = "The name of the proxy {proxy} does not resolve: {words}.", .fix = {"Correct the "
	 "host name in the proxy's URL, or add it to the DNS server."}, .confirm = {"nslookup "
	 "{host}"}},
	/* servers that do not answer, or refuse */
	{"dns-tcp-blocked", PROVEN, {CAUSE_DNS_TCP_BLOCKED}, .symptoms = NO_ANSWER,
	 .has = FACT(WAS_TRUNCATED), .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers over UDP for {hosts}, but the answer is too long "
	 "for UDP, and TCP port 53 of the resolver is not reachable."},
	{"dns-tcp-answer-missing", LIKELY, {CAUSE_DNS_TCP_BLOCKED, CAUSE_DNS_SERVFAIL},
	 .symptoms = SYMPTOM(MALFORMED) | SYMPTOM(LOCAL), .has = FACT(WAS_TRUNCATED),
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers over UDP for {hosts}, but the answer is too long "
	 "for UDP, and over TCP port 53 it sends no valid answer: {words}."},
	{"dns-udp-answer-lost", LIKELY, {CAUSE_DNS_UDP_BLOCKED, CAUSE_DNS_TIMEOUT, CAUSE_NET_LOSS},
	 .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_DNS_OVER_TCP, .when = {server_answers},
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers for {hosts} over TCP port 53 but not over UDP. "
	 "It answers over UDP for other names, so large UDP answers are probably lost.",
	 .fix = {"Allow UDP answers of more than 512 bytes, and their fragments, from "
	 "{resolver}."}},
	{"dns-udp-blocked", PROVEN, {CAUSE_DNS_UDP_BLOCKED}, .symptoms = SYMPTOM(TIMEOUT),
	 .passed = EXPERIMENT_DNS_OVER_TCP, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers for {hosts} over TCP port 53 but not over UDP."},
	{"dns-s3-alone", PROVEN, {CAUSE_S3_DNS}, .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
	 .run = RUN(REGISTRY_RESOLVED),
	 .says = "The layer host {host} does not resolve, but the registry's names do: {words}."},
	{"dns-name-unanswered", LIKELY, {CAUSE_DNS_TIMEOUT, CAUSE_DNS_SERVFAIL, CAUSE_NET_LOSS},
	 .symptoms = SYMPTOM(TIMEOUT), .when = {server_answers}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers for other names but not for {hosts}. The server "
	 "that it forwards these names to does not answer, or answers are lost.", .verify = "The "
	 "resolver's log for {host}, and a second run that fails in the same way.",
	 .fix = {"Correct the Route 53 Resolver rule or the forwarder for {host}."},
	 .confirm = {LINE_FORWARDING_RULES, LINE_DNS_FIREWALL}},
	{"dns-custom-server-silent", PROVEN, {CAUSE_DNS_TIMEOUT}, .symptoms = SYMPTOM(TIMEOUT),
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .shared = SHARED_PEER,
	 .says = "The configured resolver {resolver} does not answer for {hosts}. The VPC's own "
	 "resolver {other_server} does."},
	{"dns-vpc-resolver-silent", PROVEN, {CAUSE_DNS_TIMEOUT}, .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_DNS_OVER_TCP}, .when = {is_amazon_resolver}, .shared = SHARED_PEER,
	 .says = "Amazon's resolver {resolver} answers no query. Security groups and network ACLs "
	 "cannot block it: DNS support is off in this VPC, or the limit of 1024 queries a second "
	 "is reached.", .fix = {"aws ec2 modify-vpc-attribute{own_region_option} --vpc-id "
	 "{vpc_query} --enable-dns-support"}},
	{"dns-server-silent", PROVEN, {CAUSE_DNS_TIMEOUT}, .symptoms = SYMPTOM(TIMEOUT),
	 .failed = {EXPERIMENT_DNS_OVER_TCP}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers neither over UDP nor over TCP."},
	{"dns-timeout", LIKELY, {CAUSE_DNS_TIMEOUT, CAUSE_DNS_UDP_BLOCKED},
	 .symptoms = SYMPTOM(TIMEOUT), .shared = SHARED_PEER,
	 .says = "The resolver {resolver} does not answer for {hosts} within {seconds}."},
	{"dns-nothing-listens", PROVEN, {CAUSE_DNS_REFUSED}, .symptoms = SYMPTOM(REFUSED),
	 .fact = FACT_ERRNO, .holds = "ECONNREFUSED", .shared = SHARED_PEER,
	 .says = "Port 53 of the resolver {resolver} is closed: no DNS server runs there.",
	 .fix = {"Correct the resolver's address (DHCP options, resolv.conf), or start the DNS "
	 "server there."}},
	{"dns-refused", PROVEN, {CAUSE_DNS_REFUSED}, .symptoms = SYMPTOM(REFUSED) |
	 SYMPTOM(PROHIBITED), .shared = SHARED_PEER,
	 .says = "The resolver {resolver} refuses the query for {hosts}."},
	{"dns-servfail-here", PROVEN, {CAUSE_DNS_SERVFAIL}, .symptoms = SYMPTOM(SERVFAIL),
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} fails for {hosts} (SERVFAIL). The VPC's own resolver "
	 "{other_server} answers."},
	{"dns-servfail", PROVEN, {CAUSE_DNS_SERVFAIL}, .symptoms = SYMPTOM(SERVFAIL),
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} fails for {hosts} (SERVFAIL): the server that it "
	 "forwards to is not reachable, or DNSSEC validation fails.", .fix = {"Correct the "
	 "Resolver rule or forwarder for {host}, and check that its target answers."},
	 .confirm = {LINE_FORWARDING_RULES, "aws route53resolver "
	 "get-resolver-dnssec-config{own_region_option} --resource-id {vpc_query}"}},
	{"dns-unreachable", PROVEN, {CAUSE_NET_UNREACHABLE}, .symptoms = SYMPTOM(UNREACHABLE),
	 .shared = SHARED_PEER,
	 .says = "There is no route to the resolver {resolver}.", .fix = {"Correct the resolver's "
	 "address, or add a route to it."}, .confirm = {LINE_DHCP, LINE_ROUTES}},
	{"dns-local", LIKELY, {CAUSE_CLIENT_CONFIG, CAUSE_DNS_REFUSED}, .symptoms = SYMPTOM(LOCAL),
	 .shared = SHARED_PEER,
	 .says = "This machine could not send a query for {hosts}: {words}.", .verify = "Whether "
	 "/etc/resolv.conf lists a resolver here.", .fix = {"Configure a resolver on this machine, "
	 "or pass one with --resolver."}, .confirm = {LINE_DHCP}},
	/* names that do not exist for the resolver, or have no address */
	{"dns-impossible-host", PROVEN, {CAUSE_REF_BAD_HOSTNAME}, .symptoms = MISSING,
	 .when = {name_is_impossible},
	 .says = "{host} cannot exist: it is not a valid AWS host name. Check Region, suffix and "
	 "account in the image reference.", .fix = {"Correct the host in {image}: "
	 "ACCOUNT.dkr.ecr.REGION.amazonaws.com, with amazonaws.com.cn in China and no zone letter "
	 "after the Region."}, .confirm = {"aws ecr describe-repositories --region REGION --query "
	 "'repositories[].repositoryUri'"}},
	{"dns-unknown-elsewhere", PROVEN, {CAUSE_DNS_NXDOMAIN}, .symptoms = SYMPTOM(NXDOMAIN),
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NXDOMAIN (no such name) for {hosts}. The VPC's "
	 "own resolver {other_server} resolves it.", .fix = {FIX_FORWARD}, .confirm = {LINE_DHCP}},
	{"dns-no-fips-host", LIKELY, {CAUSE_REF_BAD_HOSTNAME, CAUSE_DNS_NXDOMAIN},
	 .symptoms = MISSING, .when = {name_is_fips_outside_us}, .shared = SHARED_ALL,
	 .says = "There is no {hosts}: ECR has FIPS endpoints in the United States only.",
	 .verify = "Whether the name without -fips resolves here.", .fix = {"Use the host name "
	 "without -fips, and unset AWS_USE_FIPS_ENDPOINT."}, .confirm = {"nslookup {plain_host}"}},
	{"dns-misspelt-region", LIKELY, {CAUSE_REF_BAD_HOSTNAME, CAUSE_DNS_NXDOMAIN},
	 .symptoms = SYMPTOM(NXDOMAIN), .run = RUN(ODD_REGION), .shared = SHARED_ALL,
	 .says = "There is no {hosts}. \"{region}\" is not a known form of a Region; check its "
	 "spelling."},
	{"dns-valid-name", PROVEN, {CAUSE_DNS_NXDOMAIN}, .symptoms = SYMPTOM(NXDOMAIN),
	 .when = {name_is_standard}, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NXDOMAIN (no such name) for {hosts}, but the "
	 "name is valid. A private hosted zone without this record hides it, a DNS firewall blocks "
	 "it, or the resolver does not resolve public names.", .fix = {"Add the record to the "
	 "private hosted zone (for the registry the wildcard *.dkr.ecr.{region}), or remove the "
	 "zone.", "Or allow {host} in the VPC's DNS firewall."}},
	{"dns-nothing-public", LIKELY, {CAUSE_DNS_NXDOMAIN, CAUSE_REF_BAD_HOSTNAME},
	 .symptoms = SYMPTOM(NXDOMAIN), .failed = {EXPERIMENT_DNS_KNOWN_NAME},
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} resolves neither {hosts} nor a name that surely exists: "
	 "it does not resolve public names.", .verify = "Whether {host} resolves anywhere else.",
	 .fix = {"Configure a forwarder for public names on {resolver}, or set the VPC's DHCP "
	 "options to AmazonProvidedDNS."}, .confirm = {LINE_DHCP, LINE_DNS_FIREWALL, LINE_ZONES}},
	{"dns-nxdomain", OPEN, {CAUSE_DNS_NXDOMAIN, CAUSE_REF_BAD_HOSTNAME},
	 .symptoms = SYMPTOM(NXDOMAIN), .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NXDOMAIN (no such name) for {hosts}: a private "
	 "hosted zone or DNS firewall hides it, or the name is wrong."},
	{"dns-ipv6-only", PROVEN, {CAUSE_NET_IPV6_ONLY}, .symptoms = NO_ADDRESS,
	 .fact = FACT_A_SYMPTOM, .holds = "none", .registry = PRIVATE_ECR, .run = RUN(IPV6_ONLY),
	 .shared = SHARED_ALL,
	 .says = "This machine has IPv6 only, and DNS has IPv4 addresses only for {hosts}.",
	 .fix = {"Pull by the dual-stack name, {dualstack_registry}/{repository}, and set "
	 "AWS_USE_DUALSTACK_ENDPOINT=true.", "Or add an IPv4 range to the subnet, or DNS64 and a "
	 "route of 64:ff9b::/96 to a NAT gateway."}},
	{"dns-ipv6-only-other", PROVEN, {CAUSE_NET_IPV6_ONLY}, .symptoms = NO_ADDRESS,
	 .fact = FACT_A_SYMPTOM, .holds = "none", .run = RUN(IPV6_ONLY), .shared = SHARED_ALL,
	 .says = "This machine has IPv6 only, and DNS has IPv4 addresses only for {hosts}.",
	 .fix = {"Add an IPv4 range to the subnet, or DNS64 and a route of 64:ff9b::/96 to a NAT "
	 "gateway.", "ECR Public has a dual-stack name: ecr-public.aws.com."}},
	{"dns-nodata-here", PROVEN, {CAUSE_DNS_NODATA}, .symptoms = NO_ADDRESS,
	 .passed = EXPERIMENT_DNS_OTHER_SERVER, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} has no address for {hosts}. The VPC's own resolver "
	 "{other_server} has one.", .fix = {FIX_FORWARD}, .confirm = {LINE_DHCP}},
	{"dns-nodata", PROVEN, {CAUSE_DNS_NODATA}, .symptoms = NO_ADDRESS, .shared = SHARED_PEER,
	 .says = "The resolver {resolver} answers NODATA (a name without address) for {hosts}: a "
	 "DNS firewall blocks it, or the record is missing in a private hosted zone."},
	{"dns-unusable", OPEN, {CAUSE_DNS_SERVFAIL, CAUSE_DNS_REFUSED, CAUSE_DNS_TIMEOUT},
	 .shared = SHARED_PEER,
	 .says = "The resolver {resolver} gives no valid answer for {hosts}: {words}."},
};
/* clang-format on */

const struct rule_part rules_dns = RULE_PART(rows, .stages = STAGE(DNS));
