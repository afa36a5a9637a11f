/* A request that got no whole answer, several times more at once: as it was, and over small
 * segments. If the small ones and none else come through, full-size packets vanish on the path and
 * no ICMP says so (RFC 2923 section 2.1). The way there may be the narrow one: the first request
 * that fills a packet is a signed one. Several, since loss and a service that falters favour nobody
 * for long. */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { SMALL_SEGMENT = 536, TRIES = 3 };

static bool calls_for_more(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED && step->experiment == EXPERIMENT_NONE &&
		(step->cause == CAUSE_TIMEOUT || step->cause == CAUSE_STALLED);
}

/* The tries of one kind are one experiment, which passed when any did. */
static void record_tries(struct journey *journey, size_t follows, enum experiment experiment,
	const struct exchange tries[TRIES])
{
	const struct step failed = journey->evidence->steps[follows];
	const struct exchange *shown = &tries[0];
	int64_t passed = 0;
	for (size_t i = 0; i < TRIES; i++)
		if (tries[i].cause == CAUSE_NONE) {
			shown = &tries[i];
			passed++;
		}
	struct step *step = record(journey, failed.stage, failed.role, failed.host, shown->cause,
		shown->detail, shown->began_us, shown->took_us);
	mark_experiment(step, experiment, follows);
	saw_answer(journey, step, shown);
	step_counted(journey->arena, step, FACT_TRIES, TRIES);
	step_counted(journey->arena, step, FACT_PASSED_TRIES, passed);
	if (shown->mss)
		step_counted(journey->arena, step, FACT_MSS, shown->mss);
}

void follow_silence(struct journey *journey, size_t follows, struct exchange exchange)
{
	struct exchange tries[2 * TRIES];
	for (size_t i = 0; i < 2 * TRIES; i++) {
		tries[i] = exchange;
		tries[i].mss = i < TRIES ? 0 : SMALL_SEGMENT;
	}
	exchange_all(journey, tries, 2 * TRIES);
	record_tries(journey, follows, EXPERIMENT_HTTP_AGAIN, tries);
	record_tries(journey, follows, EXPERIMENT_HTTP_SMALL_MSS, tries + TRIES);
}

void follow_http(struct journey *journey, size_t from)
{
	size_t count = journey->evidence->count;
	for (size_t i = from; i < count && !time_is_up(journey); i++) {
		const struct step *step = &journey->evidence->steps[i];
		const struct climb *climb = climb_by_host(journey, step->role, step->host);
		if (step->stage == STAGE_HTTP && calls_for_more(step) && climb &&
			climb->reached.family)
			follow_silence(journey, i, greeting_to(journey, climb));
	}
}

void follow_token(struct journey *journey, size_t from)
{
	struct exchange exchange;
	if (from < journey->evidence->count && calls_for_more(&journey->evidence->steps[from]) &&
		(token_request(journey, &exchange) || sign_in_request(journey, &exchange)))
		follow_silence(journey, from, exchange);
}

/* What the registry was asked for, asked again. */
bool follow_registry(struct journey *journey, size_t follows, const char *kind)
{
	const struct step *step = &journey->evidence->steps[follows];
	struct text digest = seen_text(step, FACT_DIGEST);
	struct text reference = digest.len ? digest : journey->target->reference;
	if (step->role != ROLE_DKR || step->stage < STAGE_MANIFEST || !calls_for_more(step))
		return false;
	follow_silence(journey, follows,
		registry_request(journey,
			text_format(journey->arena, "/v2/%.*s/%s/%.*s",
				TEXT(journey->target->repository), kind, TEXT(reference))));
	return true;
}
