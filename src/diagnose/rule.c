/* The order of the parts, and the walk through their rows. */
#include "diagnose/rule.h"
#include "diagnose/denial.h"
#include "diagnose/diagnose.h"
#include "diagnose/parts.h"
#include <string.h>

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

/* a fact that was recorded, and is neither empty nor zero */
static bool shows(const struct step *step, enum fact fact)
{
	return seen_text(step, fact).len || seen_number(step, fact) || seen_list(step, fact).count;
}

static bool peer_meets(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	struct address address = context_peer(step);
	return (!rule->peer || rule->peer & (1U << context_location(context, &address))) &&
		(!rule->family || rule->family == address.family);
}

static bool facts_meet(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	int64_t status = seen_number(step, FACT_STATUS);
	struct text text = rule->text ? text_of(rule->text) : T("");
	if (rule->shows == FACT_POLICY && text.len && !denied_by(context, step, text))
		return false;
	return (!rule->has || shows(step, (enum fact)(rule->has - 1))) &&
		(!rule->lacks || !seen_at_all(step, (enum fact)(rule->lacks - 1))) &&
		(!rule->status.to || (status >= rule->status.from && status <= rule->status.to)) &&
		(rule->shows == FACT_POLICY || !text.len ||
			text_holds(seen_text(step, (enum fact)rule->shows), text));
}

static bool experiments_meet(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	if (rule->passed && !context_experiment_passed(context, step, rule->passed))
		return false;
	for (size_t i = 0; i < sizeof rule->failed; i++)
		if (rule->failed[i] && !context_experiment_failed(context, step, rule->failed[i]))
			return false;
	return true;
}

/* the functions of a row, which ask what no column can */
static bool conditions_meet(
	const struct rule *rule, const struct context *context, const struct step *step)
{
	for (size_t i = 0; i < sizeof rule->when / sizeof *rule->when && rule->when[i]; i++)
		if (!rule->when[i](context, step))
			return false;
	for (size_t i = 0; i < sizeof rule->step / sizeof *rule->step && rule->step[i]; i++)
		if (!rule->step[i](step))
			return false;
	for (size_t i = 0; i < sizeof rule->run / sizeof *rule->run && rule->run[i]; i++)
		if (!rule->run[i](context))
			return false;
	return true;
}

bool rule_meets(const struct rule *rule, const struct context *context, const struct step *step)
{
	return (!rule->symptoms || rule->symptoms & (UINT64_C(1) << step->symptom)) &&
		(!rule->endpoints || rule->endpoints & (UINT32_C(1) << step->endpoint)) &&
		(!rule->stages || rule->stages & (1U << step->stage)) &&
		(!rule->registry || is_ecr(context) == (rule->registry == PRIVATE_ECR)) &&
		facts_meet(rule, context, step) && peer_meets(rule, context, step) &&
		experiments_meet(rule, context, step) && conditions_meet(rule, context, step);
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

struct advice rule_advice(const struct rule *rule)
{
	struct advice advice = {0};
	if (rule->severity == SEVERITY_BROKEN)
		advice = *advice_of(rule->cause);
	if (rule->verify || rule->certainty == CERTAINTY_PROVEN)
		advice.verify = rule->verify;
	if (rule->fix[0])
		memcpy(advice.fix, rule->fix, sizeof advice.fix);
	if (rule->confirm[0])
		memcpy(advice.confirm, rule->confirm, sizeof advice.confirm);
	return advice;
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
			struct advice advice = rule_advice(rule);
			*out = (struct rule_entry){
				.id = text_of(rule->id),
				.stage = stage_of(part),
				.severity = rule->severity,
				.cause = rule->cause,
				.certainty = rule->certainty,
				.says = text_of(rule->says),
				.verify = text_of(advice.verify),
				.fix = text_of(advice.fix[0]),
			};
			return true;
		}
		if (notes)
			return false;
		index -= part->count;
	}
}
