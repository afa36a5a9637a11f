/* https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
#include "diagnose/denial.h"

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

bool denied_for_import(const struct step *step)
{
	struct text action = seen_text(step, FACT_ACTION);
	return text_equal(action, T("ecr:CreateRepository")) ||
		text_equal(action, T("ecr:BatchImportUpstreamImage"));
}

bool api_allows(const struct context *context, const struct step *step)
{
	return context_experiment_passed(context, step, EXPERIMENT_API_BATCH_GET_IMAGE) ||
		context_experiment_passed(context, step, EXPERIMENT_API_DOWNLOAD_URL);
}

/* a code of the step's own, or of a cross-check */
static bool code_holds(const struct context *context, const struct step *step, struct text word)
{
	struct text code = seen_text(step, FACT_ERROR_CODE);
	if (text_find_same(code, word) < code.len)
		return true;
	for (size_t i = 0; i < sizeof cross_checks / sizeof *cross_checks; i++) {
		const struct step *made = context_experiment(context, step, cross_checks[i]);
		code = made ? seen_text(made, FACT_ERROR_CODE) : T("");
		if (text_find_same(code, word) < code.len)
			return true;
	}
	return false;
}

bool api_has_no_image(const struct context *context, const struct step *step)
{
	return code_holds(context, step, T("ImageNotFound"));
}

bool image_is_not_listed(const struct context *context, const struct step *step)
{
	const struct step *made = context_experiment(context, step, EXPERIMENT_API_DESCRIBE_IMAGE);
	return made && error_holds(made, T("ImageNotFound"));
}

bool api_blames_upstream(const struct context *context, const struct step *step)
{
	return code_holds(context, step, T("UpstreamAccessDenied")) ||
		code_holds(context, step, T("UnableToGetUpstream")) ||
		code_holds(context, step, T("UnableToAccessSecret")) ||
		code_holds(context, step, T("UnableToDecryptSecret")) ||
		code_holds(context, step, T("SecretNotFound"));
}

bool api_finds_upstream_busy(const struct context *context, const struct step *step)
{
	return code_holds(context, step, T("UpstreamTooManyRequests"));
}

bool kms_fails(const struct context *context, const struct step *step)
{
	struct text text = seen_text(step, FACT_ERROR_TEXT);
	return code_holds(context, step, T("kms")) || text_find_same(text, T("kms")) < text.len ||
		text_find_same(text, T("customer master key")) < text.len;
}
