/* The order of the parts, how a row meets a step, and what it advises. */
#include "diagnose/rule.h"
#include "base/arena.h"
#include "diagnose/diagnose.h"
#include "diagnose/fill.h"
#include "model/hosts.h"
#include <string.h>

/* the parts of one stage come before those of several */
static const struct rule_part *const parts[] = {
	&rules_dns,
	&rules_ipv6,
	&rules_ipv6_translated,
	&rules_tcp,
	&rules_tcp_silent,
	&rules_tcp_silent_s3,
	&rules_tcp_outside,
	&rules_tls,
	&rules_certificate_later,
	&rules_oci,
	&rules_proxy,
	&rules_task_launch,
	&rules_imds,
	&rules_sts,
	&rules_credentials,
	&rules_manifest,
	&rules_token,
	&rules_denied,
	&rules_layers,
	&rules_http,
	&rules_stalled,
	&rules_last,
	&rules_notes,
};

const struct rule_part *rule_part_at(size_t index)
{
	return index < sizeof parts / sizeof *parts ? parts[index] : NULL;
}

static bool peer_meets(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	return (!rule->peer || rule->peer & peer_location(context, step)) &&
		(!rule->family || rule->family == context_peer(step).family);
}

static bool status_meets(const struct rule *rule, const struct step *step)
{
	int64_t status = seen_number(step, FACT_STATUS);
	for (size_t i = 0; i < RULE_STATUS_RANGES && rule->status[i].to; i++)
		if (status >= rule->status[i].from && status <= rule->status[i].to)
			return true;
	return !rule->status[0].to;
}

/* a fact that was recorded, and is not zero */
static bool shows(const struct step *step, enum fact fact)
{
	return seen_text(step, fact).len || seen_number(step, fact) || seen_list(step, fact).count;
}

/* the columns `has` and `lacks` */
static bool has_facts(const struct step *step, uint8_t has, uint8_t lacks)
{
	return (!has || shows(step, (enum fact)(has - 1))) &&
		(!lacks || !shows(step, (enum fact)(lacks - 1)));
}

static bool number_meets(const struct rule *rule, const struct step *step)
{
	const struct rule_number *wanted = rule->number;
	if (!wanted)
		return true;
	int64_t number = seen_number(step, wanted->fact);
	bool above = number >= wanted->from;
	bool below = number <= wanted->to;
	return seen_at_all(step, wanted->fact) &&
		(wanted->from > wanted->to ? above || below : above && below);
}

/* AWS' endpoints show certificates of Amazon Trust Services and of its predecessors:
 * https://www.amazontrust.com/ */
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

static unsigned certificate_bits(const struct step *step)
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
	return bits;
}

static bool facts_meet(const struct rule *rule, const struct step *step)
{
	return has_facts(step, rule->has, rule->lacks) &&
		(!rule->holds ||
			text_holds_one(seen_text(step, (enum fact)rule->fact), rule->holds)) &&
		(!rule->source || text_holds_one(seen_text(step, FACT_SOURCE), rule->source) ||
			text_holds_one(seen_text(step, FACT_URI), rule->source)) &&
		(rule->certificate & ~certificate_bits(step)) == 0 && status_meets(rule, step) &&
		number_meets(rule, step);
}

static bool tried_meets(
	const struct rule_tried *tried, const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, tried->experiment);
	if (!made || (tried->symptoms && !(tried->symptoms & (UINT64_C(1) << made->symptom))))
		return false;
	/* reports of versions before 0.2 have an image's status as the error's text */
	return has_facts(made, tried->has, tried->lacks) &&
		(!tried->holds || text_holds_one(seen_text(made, tried->fact), tried->holds) ||
			text_holds_one(seen_text(made, FACT_ERROR_TEXT), tried->holds));
}

static bool experiments_meet(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	if (rule->passed && !context_tried(context, step, rule->passed, OUTCOME_PASSED))
		return false;
	for (size_t i = 0; i < sizeof rule->failed && rule->failed[i]; i++)
		if (!context_tried(context, step, rule->failed[i], OUTCOME_FAILED))
			return false;
	return !rule->tried || tried_meets(rule->tried, context, step);
}

/* what must be asked of other steps */
static bool context_meets(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	for (size_t i = 0; i < sizeof rule->when / sizeof *rule->when && rule->when[i]; i++)
		if (!rule->when[i](context, step))
			return false;
	unsigned others = rule->others | rule->no_others ? context_others(context, step) : 0;
	return (!rule->others || rule->others & others) && !(rule->no_others & others) &&
		(!rule->words || error_holds(context, step, rule->words)) &&
		(!rule->policy || denied_by(context, step, text_of(rule->policy))) &&
		(!rule->unless || !rule->unless(context, step)) &&
		experiments_meet(rule, context, step);
}

bool rule_meets(const struct rule *rule, const struct context *context, const struct step *step)
{
	return (!rule->symptoms || rule->symptoms & (UINT64_C(1) << step->symptom)) &&
		(!rule->endpoints || rule->endpoints & (UINT32_C(1) << step->endpoint)) &&
		(!rule->stages || rule->stages & (1U << step->stage)) &&
		(!rule->outcome || rule->outcome - 1 == (int)step->outcome) &&
		(rule->run & ~context->run) == 0 &&
		(!rule->registry || is_ecr(context) == (rule->registry == PRIVATE_ECR)) &&
		facts_meet(rule, step) && peer_meets(rule, context, step) &&
		context_meets(rule, context, step);
}

/* of a verdict that came as exit codes: NULL where no row has that name */
static const struct rule *rule_named(struct text id)
{
	const struct rule_part *part;
	for (size_t at = 0; id.len && (part = rule_part_at(at)); at++)
		for (size_t i = 0; i < part->count; i++)
			if (text_equal(text_of(part->rows[i].id), id))
				return &part->rows[i];
	return NULL;
}

const struct rule *rule_for(const struct context *context, const struct step *step)
{
	const struct rule *row = rule_named(seen_text(step, FACT_RULE));
	if (row)
		return row;
	for (size_t at = 0; parts[at] != &rules_notes; at++)
		for (size_t i = 0;
			rule_meets(&parts[at]->common, context, step) && i < parts[at]->count;
			i++) {
			row = &parts[at]->rows[i];
			if (rule_meets(row, context, step))
				return row;
		}
	return row;
}

struct advice advice_with(enum cause cause, const struct advice *own)
{
	struct advice advice = *advice_of(cause);
	if (own && own->verify)
		advice.verify = own->verify;
	if (own && own->fix[0])
		memcpy(advice.fix, own->fix, sizeof advice.fix);
	if (own && own->confirm[0])
		memcpy(advice.confirm, own->confirm, sizeof advice.confirm);
	return advice;
}

struct advice rule_advice(const struct rule *rule)
{
	struct advice own = {.verify = rule->verify};
	memcpy(own.fix, rule->fix, sizeof own.fix);
	memcpy(own.confirm, rule->confirm, sizeof own.confirm);
	if (rule->severity != SEVERITY_BROKEN)
		return own;
	struct advice advice = advice_with(rule->causes[0], &own);
	if (rule->certainty == CERTAINTY_PROVEN)
		advice.verify = rule->verify;
	return advice;
}

/* Lines about VPC endpoints and ECR's API are only for hosts that have them. */
static bool applies(const struct context *context, const struct step *step, struct text line)
{
	if (!step || !endpoint_is_of_pull(step->endpoint) || is_ecr(context))
		return true;
	bool of_api = text_starts(line, T("aws ecr ")) && text_holds(line, T("{region_option}"));
	return !of_api &&
		!(text_holds_one(line, "com.amazonaws.|describe-vpc-endpoints") &&
			host_has_no_endpoint(context, step));
}

struct texts advice_fill(const struct context *context, const char *const lines[ADVICE_LINES],
	const size_t *steps, size_t step_count)
{
	const struct step *step = step_count ? &context->evidence->steps[steps[0]] : NULL;
	struct texts out = {0};
	for (size_t i = 0; i < ADVICE_LINES && lines[i]; i++)
		if (applies(context, step, text_of(lines[i])))
			texts_add(context->arena, &out,
				fill(context->arena, context, lines[i], steps, step_count));
	return out;
}
