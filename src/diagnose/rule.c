/* The order of the parts, and the walk through their rows. */
#include "diagnose/rule.h"
#include "diagnose/diagnose.h"
#include "diagnose/parts.h"

const struct rule_part *rule_part_at(size_t index)
{
	/* what only one stage knows stands before what all share */
	static const struct rule_part *const parts[] = {
		&rules_dns,
		&rules_dns_names,
		&rules_ipv6,
		&rules_tcp,
		&rules_tcp_inside,
		&rules_tcp_outside,
		&rules_tls,
		&rules_certificate,
		&rules_certificate_later,
		&rules_oci,
		&rules_proxy,
		&rules_task_launch,
		&rules_http,
		&rules_imds,
		&rules_sts,
		&rules_credentials,
		&rules_token,
		&rules_document,
		&rules_manifest,
		&rules_denied,
		&rules_layers,
		&rules_transport,
		&rules_stalled,
		&rules_last,
		NULL,
	};
	const struct rule_part *const *part = parts;
	while (index > 0 && *part) {
		part++;
		index--;
	}
	return *part;
}

bool rule_meets(const struct rule *rule, const struct context *context, const struct step *step)
{
	if (rule->symptoms && !(rule->symptoms & (UINT64_C(1) << step->symptom)))
		return false;
	if (rule->endpoints && !(rule->endpoints & (UINT32_C(1) << step->endpoint)))
		return false;
	for (size_t i = 0; i < RULE_CONDITIONS && rule->when[i]; i++)
		if (!rule->when[i](context, step))
			return false;
	return true;
}

const struct rule *rule_for(const struct context *context, const struct step *step)
{
	const struct rule *last = NULL;
	const struct rule_part *part;
	for (size_t at = 0; (part = rule_part_at(at)); at++)
		for (size_t i = 0; i < part->count; i++) {
			last = &part->rows[i];
			if ((part->stages & (UINT32_C(1) << step->stage)) &&
				rule_meets(last, context, step))
				return last;
		}
	return last;
}

/* the first stage that a part speaks of */
static enum stage stage_of(const struct rule_part *part)
{
	enum stage stage = STAGE_DNS;
	while (stage < STAGE_START && !(part->stages & (UINT32_C(1) << stage)))
		stage++;
	return stage;
}

bool rule_at(size_t index, struct rule_entry *out)
{
	const struct rule_part *part;
	for (size_t at = 0;; at++) {
		part = rule_part_at(at);
		bool notes = !part;
		if (notes)
			part = &rules_notes;
		/* the same rows again, for later stages */
		if (part == &rules_transport)
			continue;
		if (index < part->count) {
			const struct rule *rule = &part->rows[index];
			*out = (struct rule_entry){
				.id = text_of(rule->id),
				.stage = stage_of(part),
				.severity = rule->severity,
				.cause = rule->cause,
				.certainty = rule->certainty,
				.says = text_of(rule->says),
				.verify = text_of(rule->verify),
				.fix = text_of(rule->fix[0]),
			};
			return true;
		}
		if (notes)
			return false;
		index -= part->count;
	}
}
