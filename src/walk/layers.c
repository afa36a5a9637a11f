/* The blobs: the registry redirects each to a presigned URL, and the bucket serves the bytes.
 * The redirect is followed by hand, so that the registry's token never goes along and so that
 * its target is looked at first. */
#include "model/url.h"
#include "walk/experiments.h"
#include "walk/redirect.h"
#include "walk/stages.h"

enum { CONFIG_MAX = 4 * 1024 * 1024, ERROR_KEPT = 4096, HOSTS_MAX = 4 };

struct blob {
	const struct descriptor *descriptor;
	struct text document; /* "config" or "layer" */
	bool whole;	      /* fetched whole, and its digest verified */
	struct exchange ask;  /* of the registry */
	bool redirected;
	struct url location;   /* its query is a secret */
	struct exchange fetch; /* of the bucket */
	bool fetched;	       /* or begun to be */
	struct endpoint_state *bucket;
};

/* The experiments on blobs: the first that fails speaks for all. */
struct blob_trials {
	struct trials of_ask, of_fetch;
	bool done;
};

struct blobs {
	struct blob *at;
	size_t count;
	int64_t began_us;			/* when the first was asked for */
	struct endpoint_state hosts[HOSTS_MAX]; /* that redirects name, the foreseen one first */
	size_t host_count;
	struct blob_trials trials;
};

static struct blobs blobs_of(struct probe *probe)
{
	const struct manifest *image = &probe->image;
	struct blobs blobs = {.count = image->layer_count + 1, .began_us = clock_us()};
	blobs.at = arena_new(probe->arena, struct blob, blobs.count);
	blobs.at[0] = (struct blob){
		.descriptor = &image->config, .document = T("config"), .whole = true};
	for (size_t i = 0; i < image->layer_count; i++)
		blobs.at[i + 1] = (struct blob){.descriptor = &image->layers[i],
			.document = T("layer"),
			.whole = probe->options->full};
	return blobs;
}

/* what --full is going to fetch, for those who watch it */
static void expect_bytes(struct probe *probe, const struct blobs *blobs)
{
	probe->net->received = 0;
	for (size_t i = 0; i < blobs->count && probe->options->full; i++)
		probe->net->expected += blobs->at[i].descriptor->size;
}

/* What the manifest says, but room for an error: who sends more does not send this blob. */
static int64_t most_bytes(const struct blob *blob)
{
	if (text_equal(blob->document, T("config")))
		return CONFIG_MAX;
	return blob->whole && blob->descriptor->size > ERROR_KEPT ? blob->descriptor->size
								  : ERROR_KEPT;
}

/* the registry's part --------------------------------------------------------------------- */

static void ask_registry(struct probe *probe, struct blobs *blobs)
{
	for (size_t i = 0; i < blobs->count; i++) {
		struct blob *blob = &blobs->at[i];
		blob->ask = registry_request(probe,
			text_format(probe->arena, "/v2/%.*s/blobs/%.*s",
				TEXT(probe->target->repository), TEXT(blob->descriptor->digest)));
		/* a registry may serve the blob itself */
		blob->ask.body_keep = i == 0 ? CONFIG_MAX : ERROR_KEPT;
		blob->ask.body_max = most_bytes(blob);
		blob->ask.hash = true;
		exchange_ahead_of(probe, &blob->ask);
	}
}

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
	if (blob->whole && exchange->symptom == SYMPTOM_NONE)
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

static void record_ask(struct probe *probe, struct blob *blob)
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

static bool is_at(const struct endpoint_state *state, const struct url *location)
{
	return text_same(state->endpoint.host, location->host) &&
		state->endpoint.port == location->port;
}

/* the host that a redirect names; NULL when there are more of them than any registry has */
static struct endpoint_state *host_for(struct blobs *blobs, const struct url *location)
{
	for (size_t i = 0; i < blobs->host_count; i++)
		if (is_at(&blobs->hosts[i], location))
			return &blobs->hosts[i];
	if (blobs->host_count == HOSTS_MAX)
		return NULL;
	struct endpoint_state *host = &blobs->hosts[blobs->host_count++];
	*host = (struct endpoint_state){
		.endpoint = {.kind = ENDPOINT_S3, .host = location->host, .port = location->port},
	};
	return host;
}

/* Redirects to hosts that were not foreseen: their connectivity is checked now. */
static void find_hosts(struct probe *probe, struct blobs *blobs)
{
	size_t known = blobs->host_count;
	for (size_t i = 0; i < blobs->count; i++)
		if (blobs->at[i].redirected && !blobs->at[i].bucket)
			blobs->at[i].bucket = host_for(blobs, &blobs->at[i].location);
	struct endpoint_state *new = blobs->hosts + known;
	size_t count = blobs->host_count - known;
	if (count == 0)
		return;
	connectivity_pass(probe, new, count, STAGE_DNS);
	for (size_t i = 0; i < count; i++)
		if (new[i].stopped.len == 0)
			new[i].stopped = text_of(redirect_refuse_addresses(&new[i]));
	connectivity_pass(probe, new, count, STAGE_TLS);
}

static struct exchange fetch_of(struct probe *probe, const struct blob *blob)
{
	bool config = text_equal(blob->document, T("config"));
	struct exchange fetch = {
		/* as the registry gave it: it is signed */
		.url = header_value(&blob->ask, T("location")),
		.address = blob->bucket->reached,
		.range = blob->whole ? T("") : T("0-0"),
		.body_keep = config ? CONFIG_MAX : ERROR_KEPT,
		.body_max = most_bytes(blob),
		.hash = true,
		.trust = probe->options->trust,
	};
	proxy_take(probe, &fetch, blob->bucket->by_proxy);
	return fetch;
}

static bool may_fetch(const struct blob *blob)
{
	return blob->redirected && blob->bucket && blob->bucket->stopped.len == 0 &&
		!redirect_refuse_addresses(blob->bucket);
}

static void begin_fetch(struct probe *probe, struct blob *blob)
{
	if (blob->fetched || !may_fetch(blob))
		return;
	blob->fetch = fetch_of(probe, blob);
	blob->fetched = true;
	exchange_ahead_of(probe, &blob->fetch);
}

/* waits for the registry's answer, with experiments */
static void await_ask(struct probe *probe, struct blobs *blobs, struct blob *blob)
{
	struct trials *trials = &blobs->trials.of_ask;
	exchange_watch(probe, &blob->ask, trials);
	record_ask(probe, blob);
	size_t index = probe->evidence->count - 1;
	const struct step *step = &probe->evidence->steps[index];
	if (blobs->trials.done)
		return;
	blobs->trials.done = step->outcome == OUTCOME_FAILED;
	trials_settle(probe, trials, silent_step(probe, index));
	trials->begun = blobs->trials.done;
	if (blobs->trials.done && step->symptom == SYMPTOM_DENIED)
		cross_check_layer(probe, index);
}

/* Each redirect is followed as soon as it is there, while others are still asked for. */
static void follow_redirects(struct probe *probe, struct blobs *blobs)
{
	const struct endpoint_state *foreseen = state_of(probe, ENDPOINT_S3);
	await_state(probe, foreseen);
	if (foreseen)
		blobs->hosts[blobs->host_count++] = *foreseen;
	for (size_t i = 0; i < blobs->count; i++) {
		struct blob *blob = &blobs->at[i];
		await_ask(probe, blobs, blob);
		if (foreseen && blob->redirected && is_at(&blobs->hosts[0], &blob->location))
			blob->bucket = &blobs->hosts[0];
		begin_fetch(probe, blob);
	}
	find_hosts(probe, blobs);
	for (size_t i = 0; i < blobs->count; i++)
		begin_fetch(probe, &blobs->at[i]);
}

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

static void record_fetch(struct probe *probe, const struct blobs *blobs, struct blob *blob)
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

/* A registry that redirects nothing is its own blob host. */
static void record_own_host(struct probe *probe, const struct blobs *blobs)
{
	const struct exchange *config = &blobs->at[0].ask;
	for (size_t i = 0; i < blobs->count; i++)
		if (blobs->at[i].ask.status != 200)
			return;
	struct step *step = record(probe, STAGE_LAYERS, ENDPOINT_S3,
		state_of(probe, ENDPOINT_DKR)->endpoint.host, SYMPTOM_NONE, T(""), config->began_us,
		0);
	step->peer = address_peer(probe->arena, &config->peer);
	saw(probe, step, FACT_SERVED_BY, T("the registry itself"));
}

/* waits for the bucket's bytes, with experiments */
static void await_fetch(struct probe *probe, struct blobs *blobs, struct blob *blob)
{
	struct blob_trials *trials = &blobs->trials;
	struct trials *retry = &trials->of_fetch;
	struct text digest = blob->descriptor->digest;
	bool is_config = text_equal(blob->document, T("config"));
	while (blob->fetch.pending) {
		if (!trials->done && !retry->begun && request_is_silent(probe, &blob->fetch))
			try_blob(probe, retry, digest, is_config, &blob->fetch);
		activities_wait(probe);
	}
	record_fetch(probe, blobs, blob);
	size_t index = probe->evidence->count - 1;
	const struct step *step = &probe->evidence->steps[index];
	bool calls = blob_calls_for_retry(step);
	if (trials->done)
		return;
	trials->done = step->outcome == OUTCOME_FAILED;
	if (calls && !retry->begun && !time_is_up(probe))
		try_blob(probe, retry, digest, is_config, &blob->fetch);
	trials_settle(probe, retry, calls ? index : NO_STEP);
	retry->begun = false;
}

/* A blob that was not fetched: its registry part failed, or its host was not reached. */
static void judge_blob(struct probe *probe, struct blobs *blobs, struct blob *blob)
{
	struct text digest = blob->descriptor->digest;
	struct text host = blob->redirected ? blob->location.host : T("");
	const char *refusal = blob->bucket ? redirect_refuse_addresses(blob->bucket) : NULL;
	if (blob->fetched) {
		await_fetch(probe, blobs, blob);
		return;
	}
	if (blob->ask.status == 200)
		return; /* served by the registry itself */
	struct step *step;
	if (refusal)
		step = record(probe, STAGE_LAYERS, ENDPOINT_S3, host, SYMPTOM_BAD_REDIRECT,
			text_of(refusal), 0, 0);
	else
		step = record_skip(probe, STAGE_LAYERS, ENDPOINT_S3, host, SYMPTOM_DEPENDENCY,
			blob->bucket ? blob->bucket->stopped
				     : T("the registry gave no usable redirect"));
	saw(probe, step, FACT_DOCUMENT, blob->document);
	saw(probe, step, FACT_DIGEST, digest);
}

void walk_layers(struct probe *probe)
{
	const struct endpoint *s3 = plan_endpoint(probe->plan, ENDPOINT_S3);
	struct text reason = T("there is no manifest of an image");
	if (!probe->has_image) {
		record_skip(probe, STAGE_LAYERS, ENDPOINT_DKR,
			plan_endpoint(probe->plan, ENDPOINT_DKR)->host, SYMPTOM_DEPENDENCY, reason);
		record_skip(probe, STAGE_LAYERS, ENDPOINT_S3, s3 ? s3->host : T(""),
			SYMPTOM_DEPENDENCY, reason);
		return;
	}
	struct blobs blobs = blobs_of(probe);
	expect_bytes(probe, &blobs);
	ask_registry(probe, &blobs);
	follow_redirects(probe, &blobs);
	for (size_t i = 0; i < blobs.count; i++)
		judge_blob(probe, &blobs, &blobs.at[i]);
	probe->net->expected = 0;
	record_own_host(probe, &blobs);
	const struct blob *config = &blobs.at[0];
	manifest_check_platform(probe, config->ask.status == 200 ? &config->ask : &config->fetch);
}
