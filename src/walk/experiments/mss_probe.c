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
		(step->symptom == SYMPTOM_TIMEOUT || step->symptom == SYMPTOM_STALLED);
}

/* The tries of one kind are one experiment, which passed when any did. */
static void record_tries(struct probe *probe, size_t follows, enum experiment experiment,
	const struct exchange tries[TRIES])
{
	const struct step failed = probe->evidence->steps[follows];
	const struct exchange *shown = &tries[0];
	int64_t passed = 0;
	for (size_t i = 0; i < TRIES; i++)
		if (tries[i].symptom == SYMPTOM_NONE) {
			shown = &tries[i];
			passed++;
		}
	struct step *step = record(probe, failed.stage, failed.endpoint, failed.host,
		shown->symptom, shown->detail, shown->began_us, shown->took_us);
	mark_experiment(step, experiment, follows);
	saw_answer(probe, step, shown);
	step_counted(probe->arena, step, FACT_TRIES, TRIES);
	step_counted(probe->arena, step, FACT_PASSED_TRIES, passed);
	if (shown->mss)
		step_counted(probe->arena, step, FACT_MSS, shown->mss);
}

void follow_silence(struct probe *probe, size_t follows, struct exchange exchange)
{
	struct exchange tries[2 * TRIES];
	for (size_t i = 0; i < 2 * TRIES; i++) {
		tries[i] = exchange;
		tries[i].mss = i < TRIES ? 0 : SMALL_SEGMENT;
	}
	exchange_all(probe, tries, 2 * TRIES);
	record_tries(probe, follows, EXPERIMENT_HTTP_RETRY, tries);
	record_tries(probe, follows, EXPERIMENT_HTTP_SMALL_MSS, tries + TRIES);
}

void follow_http(struct probe *probe, size_t from)
{
	size_t count = probe->evidence->count;
	for (size_t i = from; i < count && !time_is_up(probe); i++) {
		const struct step *step = &probe->evidence->steps[i];
		const struct endpoint_state *state = state_by_host(
			probe, step->endpoint, step->host);
		if (step->stage == STAGE_HTTP && calls_for_more(step) && state &&
			state->reached.family)
			follow_silence(probe, i, anonymous_to(probe, state));
	}
}

void follow_token(struct probe *probe, size_t from)
{
	struct exchange exchange;
	if (from < probe->evidence->count && calls_for_more(&probe->evidence->steps[from]) &&
		(token_request(probe, &exchange) || registry_auth_request(probe, &exchange)))
		follow_silence(probe, from, exchange);
}

/* What the registry was asked for, asked again. */
bool follow_registry(struct probe *probe, size_t follows, const char *kind)
{
	const struct step *step = &probe->evidence->steps[follows];
	struct text digest = seen_text(step, FACT_DIGEST);
	struct text reference = digest.len ? digest : probe->target->reference;
	if (step->endpoint != ENDPOINT_DKR || step->stage < STAGE_MANIFEST || !calls_for_more(step))
		return false;
	follow_silence(probe, follows,
		registry_request(probe,
			text_format(probe->arena, "/v2/%.*s/%s/%.*s",
				TEXT(probe->target->repository), kind, TEXT(reference))));
	return true;
}
