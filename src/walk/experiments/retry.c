/* A request that got no whole answer, several times more at once: as it was, and over small
 * segments. If the small ones and none else come through, full-size packets vanish on the path and
 * no ICMP says so (RFC 2923 section 2.1). The way there may be the narrow one: the first request
 * that fills a packet is a signed one. Several, since loss and a service that falters favour nobody
 * for long. */
#include "walk/experiments.h"
#include "walk/stages.h"

enum { SMALL_SEGMENT = 536, TRIES = 3, CONFIG_MAX = 4 * 1024 * 1024, ERROR_KEPT = 4096 };

static bool is_silent(const struct step *step)
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

static void follow_silence(struct probe *probe, size_t follows, struct exchange exchange)
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
		if (step->stage == STAGE_HTTP && is_silent(step) && state && state->reached.family)
			follow_silence(probe, i, anonymous_to(probe, state));
	}
}

void follow_token(struct probe *probe, size_t from)
{
	struct exchange exchange;
	if (from < probe->evidence->count && is_silent(&probe->evidence->steps[from]) &&
		(token_request(probe, &exchange) || registry_auth_request(probe, &exchange)))
		follow_silence(probe, from, exchange);
}

/* What the registry was asked for, asked again. */
bool follow_registry(struct probe *probe, size_t follows, const char *kind)
{
	const struct step *step = &probe->evidence->steps[follows];
	struct text digest = seen_text(step, FACT_DIGEST);
	struct text reference = digest.len ? digest : probe->target->reference;
	if (step->endpoint != ENDPOINT_DKR || step->stage < STAGE_MANIFEST || !is_silent(step))
		return false;
	follow_silence(probe, follows,
		registry_request(probe,
			text_format(probe->arena, "/v2/%.*s/%s/%.*s",
				TEXT(probe->target->repository), kind, TEXT(reference))));
	return true;
}

/* A blob whose bytes did not come whole or right, once more: does it fail every time? If they
 * stopped coming, over small segments as well. The URL is asked for anew, since the first may be
 * near its end. */
static bool blob_calls_for_more(const struct step *step)
{
	return step->stage == STAGE_LAYERS && step->endpoint == ENDPOINT_S3 &&
		step->experiment == EXPERIMENT_NONE &&
		(step->symptom == SYMPTOM_RESET || step->symptom == SYMPTOM_CLOSED ||
			step->symptom == SYMPTOM_STALLED || step->symptom == SYMPTOM_TRUNCATED ||
			step->symptom == SYMPTOM_TIMEOUT ||
			step->symptom == SYMPTOM_DIGEST_MISMATCH);
}

/* a presigned URL for the blob; empty when the registry gives none now */
static struct text presigned(struct probe *probe, struct text digest)
{
	struct exchange ask = registry_request(probe,
		text_format(probe->arena, "/v2/%.*s/blobs/%.*s", TEXT(probe->target->repository),
			TEXT(digest)));
	exchange_all(probe, &ask, 1);
	return header_value(&ask, T("location"));
}

static enum symptom judge_blob_retry(const struct exchange *fetch, struct text digest)
{
	if (fetch->symptom != SYMPTOM_NONE)
		return fetch->symptom;
	if (fetch->status != 200 && fetch->status != 206)
		return SYMPTOM_STATUS;
	return fetch->status == 206 || text_equal(fetch->digest, digest) ? SYMPTOM_NONE
									 : SYMPTOM_DIGEST_MISMATCH;
}

static void record_try(struct probe *probe, size_t follows, enum experiment experiment,
	const struct exchange *fetch)
{
	const struct step failed = probe->evidence->steps[follows];
	struct text digest = seen_text(&failed, FACT_DIGEST);
	struct step *step = record(probe, STAGE_LAYERS, ENDPOINT_S3, failed.host,
		judge_blob_retry(fetch, digest), fetch->detail, fetch->began_us, fetch->took_us);
	mark_experiment(step, experiment, follows);
	saw_answer(probe, step, fetch);
	saw(probe, step, FACT_DIGEST, digest);
	if (fetch->mss)
		step_counted(probe->arena, step, FACT_MSS, fetch->mss);
}

void follow_blobs(struct probe *probe, size_t follows)
{
	const struct step failed = probe->evidence->steps[follows];
	struct text digest = seen_text(&failed, FACT_DIGEST);
	bool config = text_equal(seen_text(&failed, FACT_DOCUMENT), T("config"));
	struct address address;
	struct url url;
	if (!blob_calls_for_more(&failed) || !address_parse(failed.peer, &address))
		return;
	struct text location = presigned(probe, digest);
	/* only the host that was looked at already */
	if (!url_parse(location, &url) || !text_same(url.host, failed.host))
		return;
	struct exchange fetch = {
		.url = location,
		.address = address,
		.range = config ? T("") : T("0-0"),
		.body_keep = config ? CONFIG_MAX : ERROR_KEPT,
		.body_max = config ? CONFIG_MAX : ERROR_KEPT,
		.hash = true,
		.trust = probe->options->trust,
	};
	proxy_take(probe, &fetch, seen_at_all(&failed, FACT_PROXY));
	struct exchange tries[2] = {fetch, fetch};
	tries[1].mss = SMALL_SEGMENT;
	bool silent = failed.symptom == SYMPTOM_TIMEOUT || failed.symptom == SYMPTOM_STALLED;
	exchange_all(probe, tries, silent ? 2 : 1);
	record_try(probe, follows, EXPERIMENT_BLOB_RETRY, &tries[0]);
	if (silent)
		record_try(probe, follows, EXPERIMENT_HTTP_SMALL_MSS, &tries[1]);
}
