/* A certificate that is out of its time, by whose clock? S3 answers plain HTTP too, and its Date
 * needs no certificate. */
#include "walk/experiments.h"
#include "walk/stages.h"

static bool calls_for_more(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_EXPIRED || step->symptom == SYMPTOM_NOT_YET_VALID);
}

void follow_dates(struct probe *probe, size_t from)
{
	const struct endpoint_state *s3 = state_of(probe, ENDPOINT_S3);
	size_t count = probe->evidence->count;
	size_t at = from;
	while (at < count && !calls_for_more(&probe->evidence->steps[at]))
		at++;
	if (at == count || !s3 || s3->reached.family == 0 || time_is_up(probe))
		return;
	struct exchange ask = {
		.url = text_format(probe->arena, "http://%.*s/", TEXT(s3->endpoint.host)),
		.address = s3->reached,
		.body_max = 4096,
	};
	ask.address.port = 80;
	exchange_all(probe, &ask, 1);
	struct step *step = record(probe, STAGE_TLS, ENDPOINT_S3, s3->endpoint.host, ask.symptom,
		ask.detail, ask.began_us, ask.took_us);
	mark_experiment(step, EXPERIMENT_PLAIN_DATE, at);
	saw_answer(probe, step, &ask);
}
