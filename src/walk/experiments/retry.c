/* A request that got no whole answer, several times more at once: as it was, and over small
 * segments. If the small ones and none else come through, full-size packets vanish on the path and
 * no ICMP says so (RFC 2923 section 2.1). The way there may be the narrow one: the first request
 * that fills a packet is a signed one. Several, since loss and a service that falters favour nobody
 * for long. */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { SMALL_SEGMENT = 536, TRIES = 3, ERROR_KEPT = 4096 };

static bool all_settled(const struct exchange *exchanges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (exchanges[i].pending)
			return false;
	return true;
}

/* Sends it within what is left of the experiment's time. */
static void send_within(
	struct probe *probe, struct exchange *exchanges, size_t count, const struct trial *trial)
{
	probe->net->send(probe->net, exchanges, count, probe->options->timeout_us, trial->until_us);
}

/* of a request ----------------------------------------------------------------------------- */

struct request_trial {
	struct trial trial;
	struct exchange tries[2 * TRIES]; /* as it was, then over small segments */
};

static void request_begin(struct probe *probe, struct trial *trial)
{
	struct request_trial *again = (struct request_trial *)trial;
	send_within(probe, again->tries, 2 * TRIES, trial);
}

static bool request_work(struct probe *probe, struct trial *trial)
{
	(void)probe;
	return all_settled(((struct request_trial *)trial)->tries, 2 * TRIES);
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
	write_as(probe, experiment, follows);
	struct step *step = record(probe, failed.stage, failed.endpoint, failed.host,
		trial_symptom(probe, shown), shown->detail, shown->began_us, shown->took_us);
	saw_answer(probe, step, shown);
	step_counted(probe->arena, step, FACT_TRIES, TRIES);
	step_counted(probe->arena, step, FACT_PASSED_TRIES, passed);
	if (shown->mss)
		step_counted(probe->arena, step, FACT_MSS, shown->mss);
}

static void request_write(struct probe *probe, struct trial *trial)
{
	const struct request_trial *again = (struct request_trial *)trial;
	record_tries(probe, trial->follows, EXPERIMENT_HTTP_RETRY, again->tries);
	record_tries(probe, trial->follows, EXPERIMENT_HTTP_SMALL_MSS, again->tries + TRIES);
}

void try_request(struct probe *probe, struct trials *trials, const struct exchange *exchange)
{
	struct request_trial *again = arena_new(probe->arena, struct request_trial, 1);
	again->trial.begin = request_begin;
	again->trial.work = request_work;
	again->trial.write = request_write;
	for (size_t i = 0; i < 2 * TRIES; i++) {
		again->tries[i] = *exchange;
		again->tries[i].pending = NULL;
		again->tries[i].hash = false;
		again->tries[i].body_keep = 0;
		again->tries[i].mss = i < TRIES ? 0 : SMALL_SEGMENT;
	}
	trial_begin(probe, trials, &again->trial, exchange->moved_us);
}

/* while it is waited for */
void watch_request(struct probe *probe, struct trials *trials, const struct exchange *exchange)
{
	if (!trials->begun && request_is_silent(probe, exchange))
		try_request(probe, trials, exchange);
}

void exchange_watch(struct probe *probe, struct exchange *exchange, struct trials *trials)
{
	if (!exchange->begun)
		exchange_ahead_of(probe, exchange);
	while (exchange->pending) {
		watch_request(probe, trials, exchange);
		activities_wait(probe);
	}
	exchange->begun = false;
}

/* of a blob -------------------------------------------------------------------------------- */

bool blob_calls_for_retry(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_RESET || step->symptom == SYMPTOM_CLOSED ||
			step->symptom == SYMPTOM_STALLED || step->symptom == SYMPTOM_TRUNCATED ||
			step->symptom == SYMPTOM_TIMEOUT ||
			step->symptom == SYMPTOM_DIGEST_MISMATCH);
}

/* A blob whose bytes did not come whole or right, once more: does it fail every time? If they
 * stopped coming, over small segments as well. The URL is asked for anew, since the first may be
 * near its end. */
struct blob_trial {
	struct trial trial;
	struct text digest;
	bool is_config;
	bool asked;	      /* and answered: `count` fetches were sent */
	struct exchange ask;  /* of the registry */
	struct exchange like; /* what is asked again */
	struct url url;	      /* that the registry gives now */
	struct exchange tries[2];
	size_t count, wanted;
};

static void blob_begin(struct probe *probe, struct trial *trial)
{
	struct blob_trial *blob = (struct blob_trial *)trial;
	blob->ask = registry_request(probe,
		text_format(probe->arena, "/v2/%.*s/blobs/%.*s", TEXT(probe->target->repository),
			TEXT(blob->digest)));
	send_within(probe, &blob->ask, 1, trial);
}

static void begin_fetches(struct probe *probe, struct blob_trial *blob)
{
	struct text location = header_value(&blob->ask, T("location"));
	struct url was;
	/* only the host that was looked at already */
	if (!url_parse(location, &blob->url) || !url_parse(blob->like.url, &was) ||
		!text_same(blob->url.host, was.host))
		return;
	blob->like.url = location;
	if (!blob->is_config) {
		blob->like.range = T("0-0");
		blob->like.body_keep = blob->like.body_max = ERROR_KEPT;
	}
	blob->like.pending = NULL;
	blob->tries[0] = blob->tries[1] = blob->like;
	blob->tries[1].mss = SMALL_SEGMENT;
	blob->count = blob->wanted;
	send_within(probe, blob->tries, blob->count, &blob->trial);
}

static bool blob_work(struct probe *probe, struct trial *trial)
{
	struct blob_trial *blob = (struct blob_trial *)trial;
	if (blob->ask.pending)
		return false;
	if (!blob->asked)
		begin_fetches(probe, blob);
	blob->asked = true;
	return all_settled(blob->tries, blob->count);
}

static enum symptom judge_blob_retry(
	const struct probe *probe, const struct exchange *fetch, struct text digest)
{
	if (fetch->symptom != SYMPTOM_NONE)
		return trial_symptom(probe, fetch);
	if (fetch->status != 200 && fetch->status != 206)
		return SYMPTOM_STATUS;
	return fetch->status == 206 || text_equal(fetch->digest, digest) ? SYMPTOM_NONE
									 : SYMPTOM_DIGEST_MISMATCH;
}

static void blob_write(struct probe *probe, struct trial *trial)
{
	const struct blob_trial *blob = (struct blob_trial *)trial;
	const struct step failed = probe->evidence->steps[trial->follows];
	mask_query(probe, blob->url.query);
	for (size_t i = 0; i < blob->count; i++) {
		const struct exchange *fetch = &blob->tries[i];
		write_as(probe, i ? EXPERIMENT_HTTP_SMALL_MSS : EXPERIMENT_BLOB_RETRY,
			trial->follows);
		struct step *step = record(probe, STAGE_LAYERS, ENDPOINT_S3, failed.host,
			judge_blob_retry(probe, fetch, blob->digest), fetch->detail,
			fetch->began_us, fetch->took_us);
		saw_answer(probe, step, fetch);
		saw(probe, step, FACT_DIGEST, blob->digest);
		if (fetch->mss)
			step_counted(probe->arena, step, FACT_MSS, fetch->mss);
	}
}

void try_blob(struct probe *probe, struct trials *trials, struct text digest, bool is_config,
	const struct exchange *fetch)
{
	struct blob_trial *blob = arena_new(probe->arena, struct blob_trial, 1);
	blob->trial.begin = blob_begin;
	blob->trial.work = blob_work;
	blob->trial.write = blob_write;
	blob->digest = digest;
	blob->is_config = is_config;
	blob->like = *fetch;
	blob->wanted = fetch->pending || fetch->symptom == SYMPTOM_TIMEOUT ||
			fetch->symptom == SYMPTOM_STALLED
		? 2
		: 1;
	trial_begin(probe, trials, &blob->trial, fetch->pending ? fetch->moved_us : clock_us());
}
