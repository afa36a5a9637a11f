/* What the answers for a blob are worth: the bytes decide, whatever headers are missing. */
#include "walk/blobs.h"
#include "walk/redirect.h"
#include "walk/stages.h"

/* the registry's part --------------------------------------------------------------------- */

static enum symptom judge_redirect(struct blob *blob, struct text *detail)
{
	const char *refusal = redirect_read(
		header_value(&blob->ask, T("location")), &blob->location);
	*detail = text_of(refusal);
	blob->redirected = refusal == NULL;
	return refusal ? SYMPTOM_BAD_REDIRECT : SYMPTOM_NONE;
}

/* The size of the whole blob by an answer with a part of it or all: Content-Range's (RFC 9110 14.4)
 * or Content-Length's; -1 where it does not say. */
static int64_t announced_size(const struct exchange *exchange)
{
	struct text range = header_value(exchange, T("content-range"));
	int64_t size;
	if (exchange->status != 206)
		return exchange->announced;
	text_cut(&range, T("/"));
	return text_number(range, &size) ? size : -1;
}

/* The bytes decide, whatever headers lack. A blob that the registry serves itself is judged as the
 * bucket's would be. */
static enum symptom judge_bytes(struct probe *probe, const struct blob *blob,
	const struct exchange *exchange, struct text *detail)
{
	int64_t size = blob->descriptor->size, announced = announced_size(exchange);
	bool is_cut = exchange->symptom != SYMPTOM_NONE && exchange->symptom != SYMPTOM_TOO_LARGE;
	/* of another size it is another blob, however whole the answer is */
	if ((announced >= 0 && announced != size) ||
		(blob->whole && !is_cut && exchange->bytes > size)) {
		*detail = text_format(probe->arena,
			"it has %s%lld bytes, and the manifest says %lld",
			announced >= 0 ? "" : "at least ",
			(long long)(announced >= 0 ? announced : exchange->bytes), (long long)size);
		return SYMPTOM_DIGEST_MISMATCH;
	}
	if (is_cut || (blob->whole && exchange->symptom == SYMPTOM_TOO_LARGE))
		return exchange->symptom;
	/* a range that was not honoured: the bytes come, and that is what was asked */
	if (!blob->whole)
		return SYMPTOM_NONE;
	if (exchange->bytes < size) {
		*detail = text_format(probe->arena, "%lld of %lld bytes",
			(long long)exchange->bytes, (long long)size);
		return SYMPTOM_TRUNCATED;
	}
	if (text_equal(exchange->digest, blob->descriptor->digest))
		return SYMPTOM_NONE;
	*detail = text_format(probe->arena, "the bytes hash to %.*s", TEXT(exchange->digest));
	return SYMPTOM_DIGEST_MISMATCH;
}

/* what all of a blob's bytes hash to, where they came and are not what the manifest names */
static void saw_found_digest(struct probe *probe, struct step *step, const struct blob *blob,
	const struct exchange *exchange)
{
	if (blob->whole && exchange->symptom == SYMPTOM_NONE &&
		exchange->bytes == blob->descriptor->size)
		saw(probe, step, FACT_FOUND_DIGEST, exchange->digest);
}

static enum symptom judge_ask(
	struct probe *probe, struct blob *blob, struct aws_error *error, struct text *detail)
{
	const struct exchange *ask = &blob->ask;
	*detail = ask->detail;
	if (ask->symptom == SYMPTOM_NONE && is_redirect(ask->status))
		return judge_redirect(blob, detail);
	if (ask->status == 200)
		return judge_bytes(probe, blob, ask, detail);
	enum symptom symptom = registry_judge(probe, ask, error);
	if (error->message.len)
		*detail = error->message;
	else if (ask->symptom == SYMPTOM_NONE)
		*detail = text_format(probe->arena, "HTTP status %d", ask->status);
	return symptom;
}

static void saw_blob(struct probe *probe, struct step *step, const struct blob *blob)
{
	saw(probe, step, FACT_DOCUMENT, blob->document);
	saw(probe, step, FACT_DIGEST, blob->descriptor->digest);
	step_counted(probe->arena, step, FACT_SIZE, blob->descriptor->size);
}

void blob_record_ask(struct probe *probe, struct blob *blob)
{
	struct aws_error error = {0};
	struct text detail;
	enum symptom symptom = judge_ask(probe, blob, &error, &detail);
	mask_query(probe, blob->location.query);
	struct step *step = record(probe, STAGE_LAYERS, ENDPOINT_DKR,
		state_of(probe, ENDPOINT_DKR)->endpoint.host, symptom, detail, blob->ask.began_us,
		blob->ask.took_us);
	saw_answer(probe, step, &blob->ask);
	saw_blob(probe, step, blob);
	if (is_redirect(blob->ask.status))
		redirect_saw(probe, step, &blob->ask, &blob->location);
	else if (error.code.len + error.message.len)
		saw_error(probe, step, &error);
	else if (symptom == SYMPTOM_DIGEST_MISMATCH)
		saw_found_digest(probe, step, blob, &blob->ask);
	else if (symptom != SYMPTOM_NONE && blob->ask.status)
		saw_body(probe, step, &blob->ask);
}

/* the bucket's part ----------------------------------------------------------------------- */

/* S3 gives each answer an id; a page of somebody else's may come with any status */
static bool is_of_s3(const struct probe *probe, const struct exchange *fetch)
{
	return !is_private_ecr(probe) || header_value(fetch, T("x-amz-request-id")).len > 0;
}

/* The config's bytes, which were right, vouch for those of its host of which only one was fetched.
 */
static bool is_vouched_for(const struct blobs *blobs, const struct blob *blob)
{
	const struct blob *config = &blobs->at[0];
	return config->fetched && config->bucket == blob->bucket &&
		text_equal(config->fetch.digest, config->descriptor->digest);
}

static enum symptom judge_fetch(struct probe *probe, const struct blobs *blobs,
	const struct blob *blob, struct aws_error *error, struct text *detail)
{
	const struct exchange *fetch = &blob->fetch;
	*detail = fetch->detail;
	if (fetch->status == 200 || fetch->status == 206) {
		enum symptom symptom = judge_bytes(probe, blob, fetch, detail);
		bool proven = blob->whole || is_of_s3(probe, fetch) || is_vouched_for(blobs, blob);
		if (symptom != SYMPTOM_NONE || proven)
			return symptom;
		*detail = T("one byte came, without the request id that S3 gives");
		return SYMPTOM_NOT_THE_SERVICE;
	}
	if (fetch->symptom != SYMPTOM_NONE)
		return fetch->symptom;
	*detail = text_format(probe->arena, "HTTP status %d", fetch->status);
	if (is_redirect(fetch->status))
		return SYMPTOM_BAD_REDIRECT;
	bool told = aws_xml_error_parse(probe->arena, fetch->kept, error);
	/* of other registries' blob hosts no mark is known, but that they serve no pages */
	if (!told && !is_private_ecr(probe) && !is_page(fetch))
		told = true;
	if (!told && !is_of_s3(probe, fetch))
		return fetch->status >= 500 ? SYMPTOM_UNAVAILABLE : SYMPTOM_NOT_THE_SERVICE;
	if (error->message.len)
		*detail = error->message;
	return fetch->status == 404 ? SYMPTOM_BLOB_UNKNOWN : symptom_of_error(fetch->status, error);
}

/* The bytes of all blobs a second, since the first was asked for. */
static int64_t rate_of(const struct blobs *blobs)
{
	int64_t bytes = 0, took_us = clock_us() - blobs->began_us;
	for (size_t i = 0; i < blobs->count; i++)
		bytes += blobs->at[i].fetched ? blobs->at[i].fetch.bytes : 0;
	return took_us > 0 ? bytes * SECOND_US / took_us : 0;
}

/* A body that comes, and so slowly that the image would not be there in ten minutes, is a finding;
 * one that only the deadline was too short for is not. A second of it is the least that shows a
 * rate. */
static bool is_slow(const struct probe *probe, const struct blobs *blobs, const struct blob *blob)
{
	enum { PATIENCE_S = 600 };
	const struct exchange *fetch = &blob->fetch;
	return blob->whole && fetch->bytes > 0 && fetch->took_us >= SECOND_US &&
		manifest_layer_bytes(&probe->image) / PATIENCE_S > rate_of(blobs);
}

static struct text slow_words(
	struct probe *probe, const struct blobs *blobs, const struct exchange *fetch)
{
	int64_t rate = rate_of(blobs), bytes = manifest_layer_bytes(&probe->image);
	return text_format(probe->arena,
		"%lld bytes in %lld s; all blobs together come at %lld bytes a second, at which "
		"the "
		"image's %lld bytes take %lld min",
		(long long)fetch->bytes, (long long)(fetch->took_us / SECOND_US), (long long)rate,
		(long long)bytes, (long long)(bytes / (rate ? rate : 1) / 60));
}

void blob_record_fetch(struct probe *probe, const struct blobs *blobs, struct blob *blob)
{
	struct aws_error error = {0};
	struct text detail;
	enum symptom symptom = judge_fetch(probe, blobs, blob, &error, &detail);
	bool slow = (symptom == SYMPTOM_NONE || symptom == SYMPTOM_DEADLINE) &&
		is_slow(probe, blobs, blob);
	if (slow)
		detail = slow_words(probe, blobs, &blob->fetch);
	if (slow && symptom == SYMPTOM_DEADLINE)
		symptom = SYMPTOM_SLOW;
	mask_query(probe, blob->location.query);
	struct step *step = record(probe, STAGE_LAYERS, ENDPOINT_S3, blob->location.host, symptom,
		detail, blob->fetch.began_us, blob->fetch.took_us);
	saw_answer(probe, step, &blob->fetch);
	saw_blob(probe, step, blob);
	if (error.code.len + error.message.len)
		saw_error(probe, step, &error);
	else if (symptom == SYMPTOM_DIGEST_MISMATCH)
		saw_found_digest(probe, step, blob, &blob->fetch);
	else if (slow)
		step_counted(probe->arena, step, FACT_RATE, rate_of(blobs));
	else if (symptom != SYMPTOM_NONE && blob->fetch.status)
		saw_body(probe, step, &blob->fetch);
}
