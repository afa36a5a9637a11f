/* What the answers for a blob are worth: the bytes decide, whatever headers are missing. */
#include "walk/blobs.h"
#include "walk/stages.h"
#include <ctype.h>

/* where a registry sends us, looked at before anything is sent there ------------------------ */

const char *redirect_refuse(const struct url *location)
{
	struct address address;
	if (!text_equal(location->scheme, T("https")))
		return "the registry redirects to plain http";
	/* RFC 1035 2.3.4; an IPv6 address has no brackets any more */
	if (location->host.len > 253 ||
		!text_only(location->host,
			T("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789-._:")))
		return "the registry redirects to what is no host's name";
	if (!address_parse(location->host, &address))
		return NULL;
	if (address_is_loopback(&address) || address_is_link_local(&address))
		return "the registry redirects to an address that no blob host can have";
	return NULL;
}

/* the names of a query's parameters; "?" for what has no name of the usual kind, since that may be
 * a value */
static struct texts redirect_query_names(struct arena *arena, struct text query)
{
	struct texts names = {0};
	while (query.len && names.count < 32) {
		struct text pair = text_cut(&query, T("&"));
		size_t len = 0;
		/* what is no name of S3's may be a value */
		while (len < pair.len &&
			(isalnum((unsigned char)pair.at[len]) || pair.at[len] == '-'))
			len++;
		texts_add(arena, &names,
			len < pair.len && pair.at[len] == '=' ? text_head(pair, len) : T("?"));
	}
	return names;
}

/* the bytes -------------------------------------------------------------------------------- */

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

static struct verdict mismatch(struct text detail)
{
	return (struct verdict){SYMPTOM_DIGEST_MISMATCH, detail, .body = BODY_HIDDEN};
}

/* The bytes decide, whatever headers lack. A blob that the registry serves itself is judged as the
 * bucket's would be. */
static struct verdict judge_bytes(
	struct probe *probe, const struct blob *blob, const struct exchange *exchange)
{
	struct arena *arena = probe->arena;
	int64_t size = blob->descriptor->size, announced = announced_size(exchange);
	bool is_cut = exchange->symptom != SYMPTOM_NONE && exchange->symptom != SYMPTOM_TOO_LARGE;
	struct verdict verdict = {SYMPTOM_NONE, exchange->detail, .body = BODY_SHOWN};
	/* of another size it is another blob, however whole the answer is */
	if ((announced >= 0 && announced != size) ||
		(blob->whole && !is_cut && exchange->bytes > size))
		return mismatch(
			text_format(arena, "it has %s%lld bytes, and the manifest says %lld",
				announced >= 0 ? "" : "at least ",
				(long long)(announced >= 0 ? announced : exchange->bytes),
				(long long)size));
	if (is_cut || (blob->whole && exchange->symptom == SYMPTOM_TOO_LARGE)) {
		verdict.symptom = exchange->symptom;
	} else if (blob->whole && exchange->bytes < size) {
		verdict.symptom = SYMPTOM_TRUNCATED;
		verdict.detail = text_format(
			arena, "%lld of %lld bytes", (long long)exchange->bytes, (long long)size);
	} else if (blob->whole && !text_equal(exchange->digest, blob->descriptor->digest)) {
		return mismatch(
			text_format(arena, "the bytes hash to %.*s", TEXT(exchange->digest)));
	}
	/* else it is right, or a part: a range that was not honoured brings the bytes too */
	return verdict;
}

static void saw_blob(struct probe *probe, struct step *step, const struct blob *blob,
	const struct exchange *exchange)
{
	const struct descriptor *descriptor = blob->descriptor;
	saw(probe, step, FACT_DOCUMENT, blob->document);
	saw(probe, step, FACT_DIGEST, descriptor->digest);
	step_counted(probe->arena, step, FACT_SIZE, descriptor->size);
	/* what all of its bytes hash to, where they came and are not what the manifest names */
	if (step->symptom == SYMPTOM_DIGEST_MISMATCH && blob->whole &&
		exchange->symptom == SYMPTOM_NONE && exchange->bytes == descriptor->size)
		saw(probe, step, FACT_FOUND_DIGEST, exchange->digest);
}

/* the registry's part --------------------------------------------------------------------- */

static struct verdict judge_ask(struct probe *probe, struct blob *blob)
{
	const struct exchange *ask = &blob->ask;
	if (ask->status == 200)
		return judge_bytes(probe, blob, ask);
	if (ask->symptom != SYMPTOM_NONE || !is_redirect(ask->status))
		return registry_judge(probe, ask);
	struct text location = header_value(ask, T("location"));
	const char *refusal = location.len ? "the registry redirects to something that is no http "
					     "or https URL"
					   : "the registry redirects without saying where to";
	if (url_parse(location, &blob->location))
		refusal = redirect_refuse(&blob->location);
	blob->redirected = refusal == NULL;
	return (struct verdict){refusal ? SYMPTOM_BAD_REDIRECT : SYMPTOM_NONE, text_of(refusal),
		.body = BODY_HIDDEN};
}

void blob_record_ask(struct probe *probe, struct blob *blob)
{
	struct verdict verdict = judge_ask(probe, blob);
	mask_query(probe, blob->location.query);
	struct step *step = record_verdict(probe, STAGE_LAYERS, ENDPOINT_DKR,
		state_of(probe, ENDPOINT_DKR)->endpoint.host, &blob->ask, &verdict);
	saw_blob(probe, step, blob, &blob->ask);
	if (!is_redirect(blob->ask.status))
		return;
	/* what may be told of it: a user and a password lead nowhere, and the query signs */
	struct text location = header_value(&blob->ask, T("location"));
	struct text shown = text_cut(&location, T("?"));
	while (text_holds(shown, T("@")))
		text_cut(&shown, T("@"));
	saw(probe, step, FACT_LOCATION, shown);
	saw_list(probe, step, FACT_QUERY_NAMES,
		redirect_query_names(probe->arena, blob->location.query));
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

static struct verdict judge_fetch(
	struct probe *probe, const struct blobs *blobs, const struct blob *blob)
{
	const struct exchange *fetch = &blob->fetch;
	struct verdict verdict = {fetch->symptom, fetch->detail, .body = BODY_SHOWN};
	if (fetch->status == 200 || fetch->status == 206) {
		verdict = judge_bytes(probe, blob, fetch);
		if (verdict.symptom != SYMPTOM_NONE || blob->whole || is_of_s3(probe, fetch) ||
			is_vouched_for(blobs, blob))
			return verdict;
		verdict.symptom = SYMPTOM_NOT_THE_SERVICE;
		verdict.detail = T("one byte came, without the request id that S3 gives");
		return verdict;
	}
	if (fetch->symptom != SYMPTOM_NONE)
		return verdict;
	bool told = error_parse(probe->arena, fetch->kept, ERROR_XML, &verdict.error) ||
		is_of_s3(probe, fetch);
	judge_error(probe, fetch, told, &verdict);
	if (is_redirect(fetch->status))
		verdict.symptom = SYMPTOM_BAD_REDIRECT;
	else if (told && fetch->status == 404)
		verdict.symptom = SYMPTOM_BLOB_UNKNOWN;
	return verdict;
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
 * rate. Empty: it is fast enough. */
static struct text slow_words(
	struct probe *probe, const struct blobs *blobs, const struct blob *blob)
{
	enum { PATIENCE_S = 600 };
	const struct exchange *fetch = &blob->fetch;
	int64_t rate = rate_of(blobs), bytes = manifest_layer_bytes(&probe->image);
	if (!blob->whole || fetch->bytes == 0 || fetch->took_us < SECOND_US ||
		bytes / PATIENCE_S <= rate)
		return T("");
	return text_format(probe->arena,
		"%lld bytes in %lld s; all blobs together come at %lld bytes a second, at which "
		"the image's %lld bytes take %lld min",
		(long long)fetch->bytes, (long long)(fetch->took_us / SECOND_US), (long long)rate,
		(long long)bytes, (long long)(bytes / (rate ? rate : 1) / 60));
}

void blob_record_fetch(struct probe *probe, const struct blobs *blobs, struct blob *blob)
{
	struct verdict verdict = judge_fetch(probe, blobs, blob);
	struct text slow = slow_words(probe, blobs, blob);
	bool may_be_slow = verdict.symptom == SYMPTOM_NONE || verdict.symptom == SYMPTOM_DEADLINE;
	if (may_be_slow && slow.len) {
		verdict.detail = slow;
		verdict.body = BODY_HIDDEN;
		if (verdict.symptom == SYMPTOM_DEADLINE)
			verdict.symptom = SYMPTOM_SLOW;
	}
	mask_query(probe, blob->location.query);
	struct step *step = record_verdict(
		probe, STAGE_LAYERS, ENDPOINT_S3, blob->location.host, &blob->fetch, &verdict);
	saw_blob(probe, step, blob, &blob->fetch);
	if (may_be_slow && slow.len)
		step_counted(probe->arena, step, FACT_RATE, rate_of(blobs));
}
