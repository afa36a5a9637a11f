/* Places that tell what experiments found, and where a name was asked. */
#include "base/arena.h"
#include "diagnose/placeholder.h"

/* what an experiment of this step found */
static struct text experiment_text(
	const struct placeholder_input *input, enum experiment experiment, enum fact fact)
{
	const struct step *made = input->step
		? context_experiment(input->context, input->step, experiment)
		: NULL;
	if (!made)
		return T("");
	return fact_kind(fact) == FACT_KIND_LIST ? texts_joined(input->arena, seen_list(made, fact))
						 : seen_text(made, fact);
}

struct text placeholder_nearest_tag(const struct placeholder_input *input)
{
	return experiment_text(input, EXPERIMENT_TAGS, FACT_NEAREST);
}

struct text placeholder_found_tags(const struct placeholder_input *input)
{
	return experiment_text(input, EXPERIMENT_TAGS, FACT_FOUND);
}

struct text placeholder_nearest_repository(const struct placeholder_input *input)
{
	return experiment_text(input, EXPERIMENT_REPOSITORIES, FACT_NEAREST);
}

struct text placeholder_passed_ports(const struct placeholder_input *input)
{
	return experiment_text(input, EXPERIMENT_TCP_RETRY, FACT_PASSED_PORTS);
}

struct text placeholder_failed_ports(const struct placeholder_input *input)
{
	return experiment_text(input, EXPERIMENT_TCP_RETRY, FACT_FAILED_PORTS);
}

struct text placeholder_largest_passed(const struct placeholder_input *input)
{
	for (int i = 0; i < 2; i++) {
		enum experiment kind = i ? EXPERIMENT_HTTP_SMALL_MSS : EXPERIMENT_TLS_SMALL_MSS;
		const struct step *made = input->step
			? context_experiment(input->context, input->step, kind)
			: NULL;
		enum fact fact = made && seen_at_all(made, FACT_LARGEST_PASSED)
			? FACT_LARGEST_PASSED
			: FACT_MSS;
		if (made && seen_at_all(made, fact))
			return text_format(
				input->arena, "%lld", (long long)seen_number(made, fact));
	}
	return T("");
}

struct text placeholder_other_server(const struct placeholder_input *input)
{
	const struct step *made = input->step
		? context_experiment(input->context, input->step, EXPERIMENT_DNS_OTHER_SERVER)
		: NULL;
	struct address address;
	if (!made || !address_parse(made->peer, &address))
		return T("");
	return address_text(input->arena, &address);
}

struct text placeholder_cross_check(const struct placeholder_input *input)
{
	static const enum experiment kinds[] = {EXPERIMENT_API_DOWNLOAD_URL,
		EXPERIMENT_API_BATCH_GET_IMAGE, EXPERIMENT_API_DESCRIBE_IMAGE};
	struct text text = T("");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !text.len; i++)
		text = experiment_text(input, kinds[i], FACT_ERROR_TEXT);
	return text;
}

/* an address that only the VPC's own resolver gives */
struct text placeholder_other_answer(const struct placeholder_input *input)
{
	const struct step *made = input->step
		? context_experiment(input->context, input->step, EXPERIMENT_TCP_OTHER_ANSWER)
		: NULL;
	struct address address;
	if (!made || !address_parse(made->peer, &address))
		return T("");
	return address_text(input->arena, &address);
}

/* where the host's name was resolved, or was to be */
static const struct step *name_step(const struct placeholder_input *input)
{
	const struct evidence *evidence = input->context->evidence;
	if (!input->step || input->step->stage == STAGE_DNS)
		return input->step;
	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->steps[i].stage == STAGE_DNS &&
			evidence->steps[i].experiment == EXPERIMENT_NONE &&
			text_same(evidence->steps[i].host, input->step->host))
			return &evidence->steps[i];
	return NULL;
}

struct text placeholder_resolver(const struct placeholder_input *input)
{
	struct address address = {0};
	const struct step *step = name_step(input);
	if (step)
		address = context_peer(step);
	if (address.family)
		return address_text(input->arena, &address);
	return input->step ? seen_text(input->step, FACT_SERVER) : T("");
}
