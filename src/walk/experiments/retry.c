/* A request that got no whole answer, several times more at once: as it was, and over small
 * segments. If the small ones and none else come through, full-size packets vanish on the path and
 * no ICMP says so (RFC 2923 section 2.1). The way there may be the narrow one: the first request
 * that fills a packet is a signed one. Several, since loss and a service that falters favour nobody
 * for long. */
#include "walk/experiments.h"

/* how long a service may think about a request, which has nothing to do with how far it is: of
 * --timeout */
enum { SMALL_SEGMENT = 536, TRIES = 3, ERROR_KEPT = 4096, SILENT_PART = 5 };

static struct try *add_request(struct trial *trial, const struct exchange *exchange, bool is_small)
{
	struct try *try = trial_add(
		trial, is_small ? EXPERIMENT_HTTP_SMALL_MSS : EXPERIMENT_HTTP_RETRY, ASK_REQUEST);
	try->exchange = *exchange;
	try->exchange.pending = NULL;
	try->exchange.hash = false;
	try->exchange.body_keep = 0;
	try->exchange.mss = is_small ? SMALL_SEGMENT : 0;
	return try;
}

void try_request(struct probe *probe, struct trial **of, const struct exchange *exchange)
{
	struct trial *trial = trial_make(probe, of);
	if (!trial)
		return;
	for (size_t i = 0; i < 2 * TRIES; i++)
		add_request(trial, exchange, i >= TRIES);
	trial_begin(probe, trial, exchange->moved_us);
}

bool request_is_silent(struct probe *probe, const struct exchange *exchange)
{
	/* while it waits for its turn, it is looked at again later */
	int64_t since_us = exchange->moved_us ? exchange->moved_us : clock_us();
	return exchange->pending && !time_is_up(probe) &&
		is_suspect(probe, since_us, probe->options->timeout_us / SILENT_PART);
}

void request_await(struct probe *probe, struct exchange *exchange, struct trial **trial)
{
	while (exchange->pending) {
		if (trial && request_is_silent(probe, exchange))
			try_request(probe, trial, exchange);
		activities_wait(probe);
	}
}

bool is_silence(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_TIMEOUT || step->symptom == SYMPTOM_STALLED);
}

bool request_settle(struct probe *probe, struct trial *trial)
{
	size_t index = probe->evidence->count - 1;
	bool silent = is_silence(&probe->evidence->steps[index]);
	trial_settle(probe, trial, index, silent);
	return silent;
}

/* of a blob -------------------------------------------------------------------------------- */

/* The URL is asked for anew, since the first may be near its end. */
static bool prepare_fetch(struct probe *probe, struct try *try)
{
	struct text location = header_value(&try->after->exchange, T("location"));
	struct url url, was;
	(void)probe;
	/* only the host that was looked at already */
	if (!url_parse(location, &url) || !url_parse(try->exchange.url, &was) ||
		!text_same(url.host, was.host))
		return false;
	try->exchange.url = location;
	return true;
}

static struct verdict judge_fetch(struct probe *probe, const struct try *try)
{
	const struct exchange *fetch = &try->exchange;
	struct verdict verdict = {.symptom = fetch->symptom, .detail = fetch->detail};
	struct text query = fetch->url;
	text_cut(&query, T("?"));
	mask_query(probe, query);
	if (verdict.symptom == SYMPTOM_NONE && fetch->status != 200 && fetch->status != 206)
		verdict.symptom = SYMPTOM_STATUS;
	else if (verdict.symptom == SYMPTOM_NONE && fetch->status == 200 &&
		!text_equal(fetch->digest, try->digest))
		verdict.symptom = SYMPTOM_DIGEST_MISMATCH;
	return verdict;
}

/* A blob whose bytes did not come whole or right, once more: does it fail every time? If they
 * stopped coming, over small segments as well. */
void try_blob(struct probe *probe, struct trial **of, struct text digest, bool is_config,
	const struct exchange *fetch)
{
	struct trial *trial = trial_make(probe, of);
	bool silent = fetch->pending || fetch->symptom == SYMPTOM_TIMEOUT ||
		fetch->symptom == SYMPTOM_STALLED;
	if (!trial)
		return;
	trial_add(trial, EXPERIMENT_NONE, ASK_REQUEST)->exchange = registry_request(probe,
		text_format(probe->arena, "/v2/%.*s/blobs/%.*s", TEXT(probe->target->repository),
			TEXT(digest)));
	for (size_t i = 0; i < (silent ? 2 : 1); i++) {
		struct try *try = add_request(trial, fetch, i > 0);
		try->experiment = i ? EXPERIMENT_HTTP_SMALL_MSS : EXPERIMENT_BLOB_RETRY;
		try->exchange.hash = true;
		if (!is_config) {
			try->exchange.range = T("0-0");
			try->exchange.body_max = ERROR_KEPT;
		}
		try->digest = digest;
		try->after = &trial->tries[0];
		try->prepare = prepare_fetch;
		try->judge = judge_fetch;
	}
	trial_begin(probe, trial, fetch->pending ? fetch->moved_us : clock_us());
}
