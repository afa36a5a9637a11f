/* AWS' endpoints show certificates of Amazon Trust Services and of its predecessors:
 * https://www.amazontrust.com/ */
#include "diagnose/context.h"

#define AMAZON "Amazon|Starfield|DigiCert|Baltimore"
#define INSPECTORS                                                                               \
	"Zscaler|Palo Alto|Fortinet|FortiGate|Netskope|Umbrella|Blue Coat|BlueCoat|"             \
	"Symantec Web|Sophos|Check Point|Forcepoint|Websense|McAfee|Skyhigh|mitmproxy|Squid|"    \
	"PortSwigger|Charles Proxy|Barracuda|SonicWall|WatchGuard|Untangle|Cato Networks|iboss|" \
	"Menlo|inspection|intercept"

/* RFC 6125 6.4.3: a wildcard is the whole left-most label */
static bool name_matches(struct text name, struct text host)
{
	if (!text_starts(name, T("*.")))
		return text_same(name, host);
	text_cut(&host, T("."));
	return text_same(text_skip(name, 2), host);
}

/* the partitions' own, and ECR Public's */
static bool is_aws_name(struct text host)
{
	return host_is_under(host, NULL) || text_ends(host, T("public.ecr.aws")) ||
		text_ends(host, T(".aws.com"));
}

uint8_t certificate_bits(const struct step *step)
{
	struct text issuer = seen_text(step, FACT_ISSUER);
	struct texts names = seen_list(step, FACT_NAMES);
	struct text host = step->host;
	host = text_cut(&host, T(":"));
	unsigned bits = is_aws_name(step->host) ? CERTIFICATE_OF_AWS : CERTIFICATE_OF_OTHERS;
	if (text_holds_one(issuer, INSPECTORS))
		bits |= CERTIFICATE_INSPECTOR;
	if (issuer.len && bits & CERTIFICATE_OF_AWS && !text_holds_one(issuer, AMAZON))
		bits |= CERTIFICATE_FOREIGN;
	if (text_equal(seen_text(step, FACT_ANCHOR), T("added")))
		bits |= CERTIFICATE_ADDED_CA;
	for (size_t i = 0; i < names.count; i++) {
		if (name_matches(names.at[i], host))
			bits |= CERTIFICATE_NAMES_HOST;
		if (is_aws_name(names.at[i]))
			bits |= CERTIFICATE_NAMES_AWS;
	}
	return (uint8_t)bits;
}
