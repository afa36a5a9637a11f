/* Resolvers that do not answer, or refuse. Security groups and network ACLs never filter Amazon's:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html */
#include "diagnose/lines.h"
#include "diagnose/parts.h"

static bool known_name_passes(const struct context *context, const struct step *step)
{
	return context_experiment_passed(context, step, EXPERIMENT_DNS_KNOWN_NAME);
}

/* the same server answered for another name of the path */
static bool server_answers(const struct context *context, const struct step *step)
{
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		if (other->stage == STAGE_DNS && other->experiment == EXPERIMENT_NONE &&
			other->outcome == OUTCOME_PASSED && text_equal(other->peer, step->peer))
			return true;
	}
	return known_name_passes(context, step);
}

static bool is_amazon_resolver(const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	/* base plus two of the first range, which a resolver's address gave us */
	bool base = address.family == 4 && address.bytes[3] == 2 && address.bytes[2] % 16 == 0;
	return address_is_link_local(&address) ||
		(base && context_location(context, &address) == LOCATION_INSIDE);
}

/* only the layer host is concerned: the other endpoints' names resolved */
static bool others_resolve(const struct context *context)
{
	return context_passed(context, STAGE_DNS, ENDPOINT_API) &&
		context_passed(context, STAGE_DNS, ENDPOINT_DKR);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "dns-host-not-used", .endpoints = ENDPOINT(API) | ENDPOINT(S3),
		.when = {host_is_not_used}, .severity = SEVERITY_NOTE, .cause = CAUSE_S3_DNS,
		.says = "{host} does not resolve, which does no harm: the registry named another "
		"host."},
	{.id = "dns-other-spelling", .symptoms = SYMPTOM(NXDOMAIN) | SYMPTOM(NODATA),
		.passed = EXPERIMENT_DNS_OTHER_SPELLING, .severity = SEVERITY_WARNING,
		.cause = CAUSE_DNS_NXDOMAIN,
		.says = "{host} has no address here; {other_spelling}, the other spelling of the "
		"same FIPS API, has one and was used. SDKs differ in which of the two they ask, so "
		"a pull by another client may break here.",
		.fix = {"Make the resolver {resolver} answer for both names.",
		"Or tell the clients the name that exists: "
		"AWS_ENDPOINT_URL_ECR=https://{other_spelling} in place of AWS_USE_FIPS_ENDPOINT."},
		.confirm = {"nslookup {host}", "nslookup {other_spelling}"}},
	{.id = "dns-proxy", .step = {proxy_is_used}, .cause = CAUSE_PROXY_UNREACHABLE,
		.says = "The name of the proxy {proxy} does not resolve: {words}.",
		.fix = {"Correct the host name in the proxy's URL, or make the resolver know it."},
		.confirm = {"nslookup {host}"}},
	{.id = "dns-tcp-blocked", .symptoms = SYMPTOM(TIMEOUT) | SYMPTOM(REFUSED) | SYMPTOM(RESET) |
		SYMPTOM(CLOSED) | SYMPTOM(UNREACHABLE) | SYMPTOM(PROHIBITED),
		.has = FACT(WAS_TRUNCATED), .cause = CAUSE_DNS_TCP_BLOCKED,
		.says = "The resolver {resolver} answers for {host} over UDP, but the answer is "
		"too long and has to be asked again over TCP port 53, which does not get through."},
	{.id = "dns-tcp-answer-missing", .symptoms = SYMPTOM(MALFORMED) | SYMPTOM(LOCAL),
		.has = FACT(WAS_TRUNCATED), .cause = CAUSE_DNS_TCP_BLOCKED,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_SERVFAIL},
		.says = "The resolver {resolver} answers for {host} over UDP, but the answer is "
		"too long, and what comes over TCP port 53 in its place is none: {words}."},
	{.id = "dns-udp-answer-lost", .symptoms = SYMPTOM(TIMEOUT),
		.passed = EXPERIMENT_DNS_OVER_TCP, .when = {server_answers},
		.cause = CAUSE_DNS_UDP_BLOCKED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_DNS_TIMEOUT, CAUSE_NET_LOSS},
		.says = "The resolver {resolver} answers for {host} over TCP port 53 and not over "
		"UDP, while other names come over UDP: large UDP answers seem to be lost on the "
		"way.",
		.fix = {"Let UDP answers of more than 512 bytes, and their fragments, come back "
		"from {resolver}."}, .confirm = {LINE_DHCP, LINE_NACL}},
	{.id = "dns-udp-blocked", .symptoms = SYMPTOM(TIMEOUT), .passed = EXPERIMENT_DNS_OVER_TCP,
		.cause = CAUSE_DNS_UDP_BLOCKED,
		.says = "The resolver {resolver} answers for {host} over TCP port 53 but not over "
		"UDP."},
	{.id = "dns-s3-alone", .endpoints = ENDPOINT(S3), .registry = PRIVATE_ECR,
		.run = {others_resolve}, .cause = CAUSE_S3_DNS,
		.says = "The registry's names resolve, the layer host {host} does not: {words}."},
	{.id = "dns-name-unanswered", .symptoms = SYMPTOM(TIMEOUT), .when = {server_answers},
		.cause = CAUSE_DNS_TIMEOUT, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_DNS_SERVFAIL, CAUSE_NET_LOSS},
		.says = "The resolver {resolver} answers for other names, but stays silent for "
		"{host}: what it forwards this name to does not answer, or its answers are lost.",
		.verify = "The resolver's own log for {host}, and whether a second run fails "
		"alike.",
		.fix = {"Correct the forwarding rule (Route 53 Resolver rule, or the DNS server's "
		"forwarder) that covers {host}."},
		.confirm = {"aws route53resolver list-resolver-rule-associations{region_option} "
		"--filters Name=VPCId,Values={vpc_query}", LINE_DNS_FIREWALL}},
	{.id = "dns-custom-server-silent", .symptoms = SYMPTOM(TIMEOUT),
		.passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_TIMEOUT,
		.says = "The configured resolver {resolver} does not answer; the VPC's own "
		"resolver {other_server} does.",
		.fix = {"Set the VPC's DHCP options to AmazonProvidedDNS, or repair the DNS server "
		"{resolver} and let UDP and TCP port 53 reach it."}, .confirm = {LINE_DHCP}},
	{.id = "dns-vpc-resolver-silent", .symptoms = SYMPTOM(TIMEOUT),
		.failed = {EXPERIMENT_DNS_OVER_TCP}, .when = {is_amazon_resolver},
		.cause = CAUSE_DNS_TIMEOUT,
		.says = "Amazon's resolver {resolver} does not answer at all. Security groups and "
		"network ACLs cannot do that: DNS support is off in this VPC, or the limit of 1024 "
		"queries a second is used up.",
		.fix = {"aws ec2 modify-vpc-attribute{region_option} --vpc-id {vpc_query} "
		"--enable-dns-support"}},
	{.id = "dns-server-silent", .symptoms = SYMPTOM(TIMEOUT),
		.failed = {EXPERIMENT_DNS_OVER_TCP}, .cause = CAUSE_DNS_TIMEOUT,
		.says = "The resolver {resolver} answers neither over UDP nor over TCP.",
		.fix = {"Let UDP and TCP port 53 reach {resolver}, start the DNS server there, or "
		"set the VPC's DHCP options to AmazonProvidedDNS."},
		.confirm = {LINE_DHCP, LINE_DNS_ATTRIBUTES, LINE_OWN_GROUPS}},
	{.id = "dns-timeout", .symptoms = SYMPTOM(TIMEOUT), .cause = CAUSE_DNS_TIMEOUT,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_UDP_BLOCKED},
		.says = "The resolver {resolver} does not answer for {host} within {seconds}."},
	{.id = "dns-nothing-listens", .symptoms = SYMPTOM(REFUSED), .shows = FACT_ERRNO, .text =
		"ECONNREFUSED", .cause = CAUSE_DNS_REFUSED,
		.says = "Nothing listens on port 53 of the resolver {resolver}.",
		.fix = {"Correct the resolver's address (DHCP options, resolv.conf), or start the "
		"DNS server there."}, .confirm = {LINE_DHCP}},
	{.id = "dns-refused", .symptoms = SYMPTOM(REFUSED) | SYMPTOM(PROHIBITED),
		.cause = CAUSE_DNS_REFUSED,
		.says = "The resolver {resolver} refuses to answer for {host}."},
	{.id = "dns-servfail-here", .symptoms = SYMPTOM(SERVFAIL),
		.passed = EXPERIMENT_DNS_OTHER_SERVER, .cause = CAUSE_DNS_SERVFAIL,
		.says = "The resolver {resolver} fails for {host}; the VPC's own resolver "
		"{other_server} answers.",
		.fix = {"Repair the forwarding of {resolver}, or set the DHCP options to "
		"AmazonProvidedDNS."}, .confirm = {LINE_DHCP}},
	{.id = "dns-servfail", .symptoms = SYMPTOM(SERVFAIL), .cause = CAUSE_DNS_SERVFAIL,
		.says = "The resolver {resolver} fails for {host} (SERVFAIL): the server it "
		"forwards to is not reachable, or DNSSEC validation fails.",
		.fix = {"Correct the Resolver rule or forwarder that covers {host}; check that its "
		"target answers."},
		.confirm = {"aws route53resolver list-resolver-rule-associations{region_option} "
		"--filters Name=VPCId,Values={vpc_query}", "aws route53resolver "
		"get-resolver-dnssec-config{region_option} --resource-id {vpc_query}"}},
	{.id = "dns-unreachable", .symptoms = SYMPTOM(UNREACHABLE), .cause = CAUSE_NET_UNREACHABLE,
		.says = "There is no route to the resolver {resolver}.",
		.fix = {"Correct the resolver's address, or give this machine a route to it."},
		.confirm = {LINE_DHCP, LINE_ROUTES}},
	{.id = "dns-local", .symptoms = SYMPTOM(LOCAL), .cause = CAUSE_CLIENT_CONFIG,
		.certainty = CERTAINTY_LIKELY, .alternatives = {CAUSE_DNS_REFUSED},
		.says = "This machine could not ask for {host}: {words}.",
		.verify = "Whether /etc/resolv.conf names a resolver here.",
		.fix = {"Give this machine a resolver, or name one with --resolver."},
		.confirm = {LINE_DHCP}},
};
/* clang-format on */

const struct rule_part rules_dns = RULE_PART(STAGE(DNS), rows);
