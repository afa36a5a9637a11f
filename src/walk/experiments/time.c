/* A certificate that is out of its time, by whose clock? S3 answers plain HTTP too, and its Date
 * needs no certificate. */
#include "walk/experiments.h"
#include "walk/stages.h"

static bool calls_for_more(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->cause == CAUSE_EXPIRED || step->cause == CAUSE_NOT_YET_VALID);
}

void follow_dates(struct journey *journey, size_t from)
{
	const struct climb *s3 = climb_of(journey, ROLE_S3);
	size_t count = journey->evidence->count;
	size_t at = from;
	while (at < count && !calls_for_more(&journey->evidence->steps[at]))
		at++;
	if (at == count || !s3 || s3->reached.family == 0 || time_is_up(journey))
		return;
	struct exchange ask = {
		.url = text_format(journey->arena, "http://%.*s/", TEXT(s3->endpoint.host)),
		.address = s3->reached,
		.body_max = 4096,
	};
	ask.address.port = 80;
	exchange_all(journey, &ask, 1);
	struct step *step = record(journey, STAGE_TLS, ROLE_S3, s3->endpoint.host, ask.cause,
		ask.detail, ask.began_us, ask.took_us);
	mark_experiment(step, EXPERIMENT_PLAIN_DATE, at);
	saw_answer(journey, step, &ask);
}
