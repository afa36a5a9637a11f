/* A blob whose bytes did not come whole or right, once more: does it fail every time? If they
 * stopped coming, over small segments as well: do full-size packets vanish? The URL is asked for
 * anew, since the first may be near its end. */
#include "model/url.h"
#include "walk/experiments.h"
#include "walk/stages.h"

enum { CONFIG_MAX = 4 * 1024 * 1024, ERROR_KEPT = 4096, SMALL_SEGMENT = 536, TRIES = 2 };

static bool calls_for_more(const struct step *step)
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

static enum symptom judge(const struct exchange *fetch, struct text digest)
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
		judge(fetch, digest), fetch->detail, fetch->began_us, fetch->took_us);
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
	if (!calls_for_more(&failed) || !address_parse(failed.peer, &address))
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
	struct exchange tries[TRIES] = {fetch, fetch};
	tries[1].mss = SMALL_SEGMENT;
	bool silent = failed.symptom == SYMPTOM_TIMEOUT || failed.symptom == SYMPTOM_STALLED;
	exchange_all(probe, tries, silent ? TRIES : 1);
	record_try(probe, follows, EXPERIMENT_BLOB_RETRY, &tries[0]);
	if (silent)
		record_try(probe, follows, EXPERIMENT_HTTP_SMALL_MSS, &tries[1]);
}
