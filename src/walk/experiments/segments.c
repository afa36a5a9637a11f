/* A request that got no whole answer, twice more at once: as it was, and over small segments. If
 * only the small ones come through, full-size packets vanish on the path and no ICMP says so (RFC
 * 2923 section 2.1). The way there may be the narrow one: the first request that fills a packet is
 * a signed one. */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { SMALL_SEGMENT = 536, TRIES = 2 };

static bool calls_for_more(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED && step->experiment == EXPERIMENT_NONE &&
		(step->cause == CAUSE_TIMEOUT || step->cause == CAUSE_STALLED);
}

static void record_try(struct journey *journey, size_t follows, enum experiment experiment,
	const struct exchange *exchange)
{
	const struct step failed = journey->evidence->steps[follows];
	struct step *step = record(journey, failed.stage, failed.role, failed.host, exchange->cause,
		exchange->detail, exchange->began_us, exchange->took_us);
	mark_experiment(step, experiment, follows);
	saw_answer(journey, step, exchange);
	if (exchange->mss)
		step_counted(journey->arena, step, FACT_MSS, exchange->mss);
}

void follow_silence(struct journey *journey, size_t follows, struct exchange exchange)
{
	struct exchange tries[TRIES] = {exchange, exchange};
	tries[1].mss = SMALL_SEGMENT;
	exchange_all(journey, tries, TRIES);
	record_try(journey, follows, EXPERIMENT_HTTP_AGAIN, &tries[0]);
	record_try(journey, follows, EXPERIMENT_HTTP_SMALL_MSS, &tries[1]);
}

void follow_http(struct journey *journey, size_t from)
{
	size_t count = journey->evidence->count;
	for (size_t i = from; i < count && !time_is_up(journey); i++) {
		const struct step *step = &journey->evidence->steps[i];
		const struct climb *climb = climb_of(journey, step->role);
		if (calls_for_more(step) && climb && climb->reached.family)
			follow_silence(journey, i, greeting_to(journey, climb));
	}
}

void follow_token(struct journey *journey, size_t from)
{
	struct exchange exchange;
	if (from < journey->evidence->count && calls_for_more(&journey->evidence->steps[from]) &&
		token_request(journey, &exchange))
		follow_silence(journey, from, exchange);
}

/* What the registry was asked for, asked again. */
bool follow_registry(struct journey *journey, size_t follows, const char *kind)
{
	const struct step *step = &journey->evidence->steps[follows];
	struct text digest = seen_text(step, FACT_DIGEST);
	struct text reference = digest.len ? digest : journey->target->reference;
	if (step->role != ROLE_DKR || !calls_for_more(step))
		return false;
	follow_silence(journey, follows,
		registry_request(journey,
			text_format(journey->arena, "/v2/%.*s/%s/%.*s",
				TEXT(journey->target->repository), kind, TEXT(reference))));
	return true;
}
