/* AWS' endpoints show certificates of Amazon Trust Services: https://www.amazontrust.com/ */
#include "diagnose/certificate.h"

static bool holds_any(struct text t, const struct text *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_find_same(t, words[i]) < t.len)
			return true;
	return false;
}

bool issuer_is_amazon(const struct step *step)
{
	static const struct text words[] = {
		{"Amazon", 6}, {"Starfield", 9}, {"DigiCert", 8}, {"Baltimore", 9}};
	return holds_any(seen_text(step, FACT_ISSUER), words, sizeof words / sizeof *words);
}

bool issuer_is_inspector(const struct step *step)
{
	static const struct text words[] = {{"Zscaler", 7}, {"Palo Alto", 9}, {"Fortinet", 8},
		{"FortiGate", 9}, {"Netskope", 8}, {"Umbrella", 8}, {"Blue Coat", 9},
		{"BlueCoat", 8}, {"Symantec Web", 12}, {"Sophos", 6}, {"Check Point", 11},
		{"Forcepoint", 10}, {"Websense", 8}, {"McAfee", 6}, {"Skyhigh", 7},
		{"mitmproxy", 9}, {"Squid", 5}, {"PortSwigger", 11}, {"Charles Proxy", 13},
		{"Barracuda", 9}, {"SonicWall", 9}, {"WatchGuard", 10}, {"Untangle", 8},
		{"Cato Networks", 13}, {"iboss", 5}, {"Menlo", 5}, {"inspection", 10},
		{"intercept", 9}};
	return holds_any(seen_text(step, FACT_ISSUER), words, sizeof words / sizeof *words);
}

bool issuer_is_everywhere(const struct context *context, const struct step *step)
{
	struct text issuer = seen_text(step, FACT_ISSUER);
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		if (other->stage == STAGE_TLS && other->experiment == EXPERIMENT_NONE &&
			other->endpoint != step->endpoint && issuer.len &&
			text_equal(seen_text(other, FACT_ISSUER), issuer))
			return true;
	}
	return false;
}

/* RFC 6125 6.4.3: a wildcard is the whole left-most label */
static bool name_matches(struct text name, struct text host)
{
	if (!text_starts(name, T("*.")))
		return text_same(name, host);
	text_cut(&host, T("."));
	return text_same(text_skip(name, 2), host);
}

bool certificate_names_host(const struct step *step)
{
	struct texts names = seen_list(step, FACT_NAMES);
	struct text host = step->host;
	host = text_cut(&host, T(":"));
	for (size_t i = 0; i < names.count; i++)
		if (name_matches(names.at[i], host))
			return true;
	return false;
}

/* the partitions' own, and ECR Public's */
static bool is_aws_name(struct text host)
{
	return host_is_under(host, NULL) || text_ends(host, T("public.ecr.aws")) ||
		text_ends(host, T(".aws.com"));
}

bool certificate_names_aws(const struct step *step)
{
	struct texts names = seen_list(step, FACT_NAMES);
	for (size_t i = 0; i < names.count; i++)
		if (is_aws_name(names.at[i]))
			return true;
	return false;
}

bool host_is_aws(const struct step *step)
{
	return is_aws_name(step->host);
}

bool clock_is_wrong(const struct context *context)
{
	int64_t offset;
	return context_clock_offset(context, &offset) && (offset > 300 || offset < -300);
}

bool clock_is_right(const struct context *context)
{
	int64_t offset;
	return context_clock_offset(context, &offset) && offset <= 60 && offset >= -60;
}
