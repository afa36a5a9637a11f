/* A blob whose bytes did not come whole or right, once more: does it fail every time? If they
 * stopped coming, over small segments as well: do full-size packets vanish? The URL is asked for
 * anew, since the first may be near its end. */
#include "model/url.h"
#include "walk/experiments.h"
#include "walk/stages.h"

enum { CONFIG_MAX = 4 * 1024 * 1024, ERROR_KEPT = 4096, SMALL_SEGMENT = 536, TRIES = 2 };

static bool calls_for_more(const struct step *step)
{
	return step->stage == STAGE_LAYERS && step->role == ROLE_S3 &&
		step->experiment == EXPERIMENT_NONE &&
		(step->cause == CAUSE_RESET || step->cause == CAUSE_CLOSED ||
			step->cause == CAUSE_STALLED || step->cause == CAUSE_TRUNCATED ||
			step->cause == CAUSE_TIMEOUT || step->cause == CAUSE_DIGEST_MISMATCH);
}

/* a presigned URL for the blob; empty when the registry gives none now */
static struct text presigned(struct journey *journey, struct text digest)
{
	struct exchange ask = registry_request(journey,
		text_format(journey->arena, "/v2/%.*s/blobs/%.*s",
			TEXT(journey->target->repository), TEXT(digest)));
	exchange_all(journey, &ask, 1);
	return header_value(&ask, T("location"));
}

static enum cause judge(const struct exchange *fetch, struct text digest)
{
	if (fetch->cause != CAUSE_NONE)
		return fetch->cause;
	if (fetch->status != 200 && fetch->status != 206)
		return CAUSE_STATUS;
	return fetch->status == 206 || text_equal(fetch->digest, digest) ? CAUSE_NONE
									 : CAUSE_DIGEST_MISMATCH;
}

static void record_try(struct journey *journey, size_t follows, enum experiment experiment,
	const struct exchange *fetch)
{
	const struct step failed = journey->evidence->steps[follows];
	struct text digest = seen_text(&failed, FACT_DIGEST);
	struct step *step = record(journey, STAGE_LAYERS, ROLE_S3, failed.host,
		judge(fetch, digest), fetch->detail, fetch->began_us, fetch->took_us);
	mark_experiment(step, experiment, follows);
	saw_answer(journey, step, fetch);
	saw(journey, step, FACT_DIGEST, digest);
	if (fetch->mss)
		step_counted(journey->arena, step, FACT_MSS, fetch->mss);
}

void follow_blobs(struct journey *journey, size_t follows)
{
	const struct step failed = journey->evidence->steps[follows];
	struct text digest = seen_text(&failed, FACT_DIGEST);
	bool config = text_equal(seen_text(&failed, FACT_DOCUMENT), T("config"));
	struct address address;
	struct url url;
	if (!calls_for_more(&failed) || !address_parse(failed.peer, &address))
		return;
	struct text location = presigned(journey, digest);
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
		.trust = journey->options->trust,
	};
	proxy_take(journey, &fetch, seen_at_all(&failed, FACT_PROXY));
	struct exchange tries[TRIES] = {fetch, fetch};
	tries[1].mss = SMALL_SEGMENT;
	bool silent = failed.cause == CAUSE_TIMEOUT || failed.cause == CAUSE_STALLED;
	exchange_all(journey, tries, silent ? TRIES : 1);
	record_try(journey, follows, EXPERIMENT_BLOB_AGAIN, &tries[0]);
	if (silent)
		record_try(journey, follows, EXPERIMENT_HTTP_SMALL_MSS, &tries[1]);
}
