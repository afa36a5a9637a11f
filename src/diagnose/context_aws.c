/* Which policy denied, by AWS's own text or by a cross-check of the API, and what else the checks
 * tell: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
#include "diagnose/context.h"

static const enum experiment cross_checks[] = {
	EXPERIMENT_API_BATCH_GET_IMAGE, EXPERIMENT_API_DOWNLOAD_URL, EXPERIMENT_API_DESCRIBE_IMAGE};

/* The policy type named by the step itself, else by the API's own refusal of the same image. */
static const struct step *denier(const struct context *context, const struct step *step)
{
	if (seen_text(step, FACT_POLICY).len)
		return step;
	/* reading an image's description needs an action of its own, that pulls do not need */
	for (size_t i = 0; i < 2; i++) {
		const struct step *made = context_experiment(context, step, cross_checks[i]);
		if (made && made->outcome == OUTCOME_FAILED && seen_text(made, FACT_POLICY).len)
			return made;
	}
	return step;
}

bool denied_by(const struct context *context, const struct step *step, struct text policy)
{
	/* an endpoint's policy is of the step's own way: the API's endpoint is another */
	const struct step *by = text_equal(policy, T("endpoint")) ? step : denier(context, step);
	return text_equal(seen_text(by, FACT_POLICY), policy);
}

bool denied_explicitly(const struct context *context, const struct step *step)
{
	return seen_number(denier(context, step), FACT_EXPLICIT) != 0;
}

bool error_holds(const struct context *context, const struct step *step, const char *words)
{
	if (text_holds_one(seen_text(step, FACT_ERROR_CODE), words) ||
		text_holds_one(seen_text(step, FACT_ERROR_TEXT), words) ||
		text_holds_one(step->detail, words))
		return true;
	for (size_t i = 0; i < sizeof cross_checks / sizeof *cross_checks; i++) {
		const struct step *made = context_experiment(context, step, cross_checks[i]);
		if (made && text_holds_one(seen_text(made, FACT_ERROR_CODE), words))
			return true;
	}
	return false;
}

bool api_allows(const struct context *context, const struct step *step)
{
	return context_tried(context, step, EXPERIMENT_API_BATCH_GET_IMAGE, OUTCOME_PASSED) ||
		context_tried(context, step, EXPERIMENT_API_DOWNLOAD_URL, OUTCOME_PASSED);
}

/* The policy of an interface endpoint counts only where the calls go through one. */
bool caller_uses_endpoint(const struct context *context, const struct step *step)
{
	const struct step *tcp = context_passed(context, STAGE_TCP, step->endpoint);
	return !tcp || peer_location(context, tcp) != PEER(PUBLIC);
}

struct text cross_check_words(const struct context *context, const struct step *step)
{
	static const enum experiment kinds[] = {EXPERIMENT_API_DOWNLOAD_URL,
		EXPERIMENT_API_BATCH_GET_IMAGE, EXPERIMENT_API_DESCRIBE_IMAGE};
	struct text text = T("");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !text.len; i++) {
		const struct step *made = context_experiment(context, step, kinds[i]);
		if (made)
			text = seen_text(made, FACT_ERROR_TEXT);
	}
	return text;
}
