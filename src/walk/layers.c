/* The blobs: the registry redirects each to a presigned URL, and the bucket serves the bytes.
 * The redirect is followed by hand, so that the registry's token never goes along and so that
 * its target is looked at first. */
#include "walk/blobs.h"
#include "walk/stages.h"

static const char astray[] = "the blob host's name leads to an address that no blob host can have";

enum { CONFIG_MAX = 4 * 1024 * 1024, ERROR_KEPT = 4096 };

static struct blobs blobs_of(struct probe *probe)
{
	const struct manifest *image = &probe->image;
	struct blobs blobs = {.count = image->layer_count + 1, .began_us = clock_us()};
	blobs.at = arena_new(probe->arena, struct blob, blobs.count);
	blobs.hosts = arena_new(probe->arena, struct endpoint_state, BLOB_HOSTS_MAX);
	blobs.at[0] = (struct blob){
		.descriptor = &image->config, .document = T("config"), .whole = true};
	for (size_t i = 0; i < image->layer_count; i++)
		blobs.at[i + 1] = (struct blob){.descriptor = &image->layers[i],
			.document = T("layer"),
			.whole = probe->options->full};
	/* what --full is going to fetch, for those who watch it */
	probe->net->received = 0;
	for (size_t i = 0; i < blobs.count && probe->options->full; i++)
		probe->net->expected += blobs.at[i].descriptor->size;
	return blobs;
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
		/* what the manifest says, but room for an error: more is not this blob */
		int64_t most = blob->whole ? blob->descriptor->size : 0;
		if (i == 0 && most > CONFIG_MAX)
			most = CONFIG_MAX;
		blob->ask.body_max = most > ERROR_KEPT ? most : ERROR_KEPT;
		blob->ask.hash = true;
		request_begin(probe, &blob->ask);
	}
}

/* the bucket's part ----------------------------------------------------------------------- */

/* the host that a redirect names; NULL when there are more of them than any registry has */
static struct endpoint_state *host_for(struct blobs *blobs, const struct url *location)
{
	if (blobs->foreseen && state_is_at(blobs->foreseen, location))
		return blobs->foreseen;
	for (size_t i = 0; i < blobs->host_count; i++)
		if (state_is_at(&blobs->hosts[i], location))
			return &blobs->hosts[i];
	if (blobs->host_count == BLOB_HOSTS_MAX)
		return NULL;
	struct endpoint_state *host = &blobs->hosts[blobs->host_count++];
	host->endpoint = (struct endpoint){
		.kind = ENDPOINT_S3, .host = location->host, .port = location->port};
	host->refusal = astray;
	return host;
}

static void begin_fetch(struct probe *probe, struct blob *blob)
{
	struct endpoint_state *bucket = blob->bucket;
	if (blob->fetched || !blob->redirected || !bucket || bucket->stopped.len ||
		state_leads_astray(bucket))
		return;
	blob->fetched = true;
	blob->fetch = (struct exchange){
		/* as the registry gave it: it is signed */
		.url = header_value(&blob->ask, T("location")),
		.address = bucket->reached,
		.range = blob->whole ? T("") : T("0-0"),
		.body_keep = blob->ask.body_keep,
		.body_max = blob->ask.body_max,
		.hash = true,
		.trust = probe->options->trust,
	};
	proxy_take(probe, &blob->fetch, bucket->by_proxy);
	request_begin(probe, &blob->fetch);
}

/* What a blob's step calls for, which was written last; the first that fails speaks for all. */
static void settle_blob(struct probe *probe, struct blobs *blobs, bool calls)
{
	size_t index = probe->evidence->count - 1;
	if (blobs->has_failed)
		return;
	blobs->has_failed = probe->evidence->steps[index].outcome == OUTCOME_FAILED;
	trial_settle(probe, blobs->trial, index, calls);
	blobs->trial = NULL;
	if (probe->evidence->steps[index].symptom == SYMPTOM_DENIED &&
		probe->evidence->steps[index].endpoint == ENDPOINT_DKR)
		cross_check(probe, index);
}

/* Each redirect is followed as soon as it is there, while others are still asked for. */
static void follow_redirects(struct probe *probe, struct blobs *blobs)
{
	struct endpoint_state *foreseen = blobs->foreseen = state_of(probe, ENDPOINT_S3);
	await_state(probe, foreseen);
	for (size_t i = 0; i < blobs->count; i++) {
		struct blob *blob = &blobs->at[i];
		request_await(probe, &blob->ask, blobs->has_failed ? NULL : &blobs->trial);
		blob_record_ask(probe, blob);
		settle_blob(probe, blobs,
			is_silence(&probe->evidence->steps[probe->evidence->count - 1]));
		if (foreseen && blob->redirected && state_is_at(foreseen, &blob->location))
			blob->bucket = foreseen;
		begin_fetch(probe, blob);
	}
	/* redirects to hosts that were not foreseen: their connectivity is checked now */
	for (size_t i = 0; i < blobs->count; i++)
		if (blobs->at[i].redirected && !blobs->at[i].bucket)
			blobs->at[i].bucket = host_for(blobs, &blobs->at[i].location);
	connectivity_pass(probe, blobs->hosts, blobs->host_count);
	for (size_t i = 0; i < blobs->count; i++)
		begin_fetch(probe, &blobs->at[i]);
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

/* its bytes did not come whole or right */
static bool calls_for_retry(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_RESET || step->symptom == SYMPTOM_CLOSED ||
			step->symptom == SYMPTOM_STALLED || step->symptom == SYMPTOM_TRUNCATED ||
			step->symptom == SYMPTOM_TIMEOUT ||
			step->symptom == SYMPTOM_DIGEST_MISMATCH);
}

/* waits for the bucket's bytes, with experiments */
static void await_fetch(struct probe *probe, struct blobs *blobs, struct blob *blob)
{
	struct trial **trial = &blobs->trial;
	struct text digest = blob->descriptor->digest;
	bool is_config = text_equal(blob->document, T("config"));
	while (blob->fetch.pending) {
		if (!blobs->has_failed && request_is_silent(probe, &blob->fetch))
			try_blob(probe, trial, digest, is_config, &blob->fetch);
		activities_wait(probe);
	}
	blob_record_fetch(probe, blobs, blob);
	bool calls = calls_for_retry(&probe->evidence->steps[probe->evidence->count - 1]);
	if (calls && !blobs->has_failed)
		try_blob(probe, trial, digest, is_config, &blob->fetch);
	settle_blob(probe, blobs, calls);
}

/* A blob that was not fetched: its registry part failed, or its host was not reached. */
static void judge_blob(struct probe *probe, struct blobs *blobs, struct blob *blob)
{
	struct text digest = blob->descriptor->digest;
	struct text host = blob->redirected ? blob->location.host : T("");
	if (blob->fetched) {
		await_fetch(probe, blobs, blob);
		return;
	}
	if (blob->ask.status == 200)
		return; /* served by the registry itself */
	struct step *step;
	/* of the bucket that was foreseen its own stages say what the address is */
	bool told = blob->bucket && blob->bucket->is_planned && blob->bucket->stopped.len;
	if (blob->bucket && state_leads_astray(blob->bucket) && !told)
		step = record(probe, STAGE_LAYERS, ENDPOINT_S3, host, SYMPTOM_BAD_REDIRECT,
			text_of(astray), 0, 0);
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
	ask_registry(probe, &blobs);
	follow_redirects(probe, &blobs);
	for (size_t i = 0; i < blobs.count; i++)
		judge_blob(probe, &blobs, &blobs.at[i]);
	probe->net->expected = 0;
	record_own_host(probe, &blobs);
	const struct blob *config = &blobs.at[0];
	manifest_check_config(probe, config->ask.status == 200 ? &config->ask : &config->fetch);
}
