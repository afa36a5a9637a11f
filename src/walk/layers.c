/* The blobs: the registry redirects each to a presigned URL, and the bucket serves the bytes.
 * The redirect is followed by hand, so that the registry's token never goes along and so that
 * its target is looked at first. */
#include "model/url.h"
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
	struct climb *bucket;
};

struct blobs {
	struct blob *at;
	size_t count;
	struct climb hosts[HOSTS_MAX]; /* that redirects name, the foreseen one first */
	size_t host_count;
};

static struct blobs blobs_of(struct journey *journey)
{
	const struct manifest *image = &journey->image;
	struct blobs blobs = {.count = image->layer_count + 1};
	blobs.at = arena_new(journey->arena, struct blob, blobs.count);
	blobs.at[0] = (struct blob){
		.descriptor = &image->config, .document = T("config"), .whole = true};
	for (size_t i = 0; i < image->layer_count; i++)
		blobs.at[i + 1] = (struct blob){.descriptor = &image->layers[i],
			.document = T("layer"),
			.whole = journey->options->full};
	return blobs;
}

/* what --full is going to fetch, for those who watch it */
static void expect_bytes(struct journey *journey, const struct blobs *blobs)
{
	journey->net->received = 0;
	for (size_t i = 0; i < blobs->count && journey->options->full; i++)
		journey->net->expected += blobs->at[i].descriptor->size;
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

static void ask_registry(struct journey *journey, struct blobs *blobs)
{
	for (size_t i = 0; i < blobs->count; i++) {
		struct blob *blob = &blobs->at[i];
		blob->ask = registry_request(journey,
			text_format(journey->arena, "/v2/%.*s/blobs/%.*s",
				TEXT(journey->target->repository), TEXT(blob->descriptor->digest)));
		/* a registry may serve the blob itself */
		blob->ask.body_keep = i == 0 ? CONFIG_MAX : ERROR_KEPT;
		blob->ask.body_max = most_bytes(blob);
		blob->ask.hash = true;
		exchange_ahead_of(journey, &blob->ask);
	}
}

static enum cause judge_redirect(struct blob *blob, struct text *detail)
{
	struct text location = header_value(&blob->ask, T("location"));
	const char *refusal = NULL;
	if (location.len == 0)
		refusal = "the registry redirects without saying where to";
	else if (!url_parse(location, &blob->location))
		refusal = "the registry redirects to something that is no http or https URL";
	else
		refusal = redirect_refuse(&blob->location);
	*detail = text_of(refusal);
	blob->redirected = refusal == NULL;
	return refusal ? CAUSE_BAD_REDIRECT : CAUSE_NONE;
}

/* A blob that the registry serves itself is judged as the bucket's would be. */
static enum cause judge_bytes(struct journey *journey, const struct blob *blob,
	const struct exchange *exchange, struct text *detail)
{
	/* a range that was not honoured: the bytes come, and that is what was asked */
	if (!blob->whole)
		return CAUSE_NONE;
	if (exchange->bytes < blob->descriptor->size) {
		*detail = text_format(journey->arena, "%lld of %lld bytes",
			(long long)exchange->bytes, (long long)blob->descriptor->size);
		return CAUSE_TRUNCATED;
	}
	if (text_equal(exchange->digest, blob->descriptor->digest))
		return CAUSE_NONE;
	*detail = text_format(journey->arena, "the bytes hash to %.*s", TEXT(exchange->digest));
	return CAUSE_DIGEST_MISMATCH;
}

static enum cause judge_ask(
	struct journey *journey, struct blob *blob, struct aws_error *error, struct text *detail)
{
	const struct exchange *ask = &blob->ask;
	*detail = ask->detail;
	if (ask->cause == CAUSE_TOO_LARGE && ask->status == 200 && !blob->whole)
		return CAUSE_NONE;
	if (ask->cause == CAUSE_NONE && is_redirect(ask->status))
		return judge_redirect(blob, detail);
	if (ask->cause == CAUSE_NONE && ask->status == 200)
		return judge_bytes(journey, blob, ask, detail);
	enum cause cause = registry_judge(journey, ask, error);
	if (error->message.len)
		*detail = error->message;
	else if (ask->cause == CAUSE_NONE)
		*detail = text_format(journey->arena, "HTTP status %d", ask->status);
	return cause;
}

static void saw_blob(struct journey *journey, struct step *step, const struct blob *blob)
{
	saw(journey, step, FACT_DOCUMENT, blob->document);
	saw(journey, step, FACT_DIGEST, blob->descriptor->digest);
	step_counted(journey->arena, step, FACT_SIZE, blob->descriptor->size);
}

static void saw_redirect(struct journey *journey, struct step *step, const struct blob *blob)
{
	struct text location = header_value(&blob->ask, T("location"));
	saw(journey, step, FACT_LOCATION, redirect_shown(location));
	saw_list(journey, step, FACT_QUERY_NAMES,
		redirect_query_names(journey->arena, blob->location.query));
}

static void record_ask(struct journey *journey, struct blob *blob)
{
	struct aws_error error = {0};
	struct text detail;
	enum cause cause = judge_ask(journey, blob, &error, &detail);
	mask_query(journey, blob->location.query);
	struct step *step = record(journey, STAGE_LAYERS, ROLE_DKR,
		climb_of(journey, ROLE_DKR)->endpoint.host, cause, detail, blob->ask.began_us,
		blob->ask.took_us);
	saw_answer(journey, step, &blob->ask);
	saw_blob(journey, step, blob);
	if (is_redirect(blob->ask.status))
		saw_redirect(journey, step, blob);
	else if (error.code.len + error.message.len)
		saw_error(journey, step, &error);
	else if (cause == CAUSE_DIGEST_MISMATCH)
		saw(journey, step, FACT_FOUND_DIGEST, blob->ask.digest);
	else if (cause != CAUSE_NONE && blob->ask.status)
		saw_body(journey, step, &blob->ask);
}

/* the bucket's part ----------------------------------------------------------------------- */

static bool is_at(const struct climb *climb, const struct url *location)
{
	return text_same(climb->endpoint.host, location->host) &&
		climb->endpoint.port == location->port;
}

/* the host that a redirect names; NULL when there are more of them than any registry has */
static struct climb *host_for(struct blobs *blobs, const struct url *location)
{
	for (size_t i = 0; i < blobs->host_count; i++)
		if (is_at(&blobs->hosts[i], location))
			return &blobs->hosts[i];
	if (blobs->host_count == HOSTS_MAX)
		return NULL;
	struct climb *host = &blobs->hosts[blobs->host_count++];
	*host = (struct climb){
		.endpoint = {.role = ROLE_S3, .host = location->host, .port = location->port},
		.fd = -1,
	};
	return host;
}

/* Redirects to hosts that were not foreseen: those climb the ladder now. */
static void find_hosts(struct journey *journey, struct blobs *blobs)
{
	size_t known = blobs->host_count;
	for (size_t i = 0; i < blobs->count; i++)
		if (blobs->at[i].redirected && !blobs->at[i].bucket)
			blobs->at[i].bucket = host_for(blobs, &blobs->at[i].location);
	struct climb *new = blobs->hosts + known;
	size_t count = blobs->host_count - known;
	if (count == 0)
		return;
	ladder_dns(journey, new, count);
	for (size_t i = 0; i < count; i++)
		if (new[i].stopped.len == 0)
			new[i].stopped = text_of(redirect_refuse_addresses(&new[i]));
	ladder_tcp(journey, new, count);
	ladder_tls(journey, new, count);
}

static struct exchange fetch_of(struct journey *journey, const struct blob *blob)
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
		.trust = journey->options->trust,
	};
	proxy_take(journey, &fetch, blob->bucket->by_proxy);
	return fetch;
}

static bool may_fetch(const struct blob *blob)
{
	return blob->redirected && blob->bucket && blob->bucket->stopped.len == 0 &&
		!redirect_refuse_addresses(blob->bucket);
}

static void begin_fetch(struct journey *journey, struct blob *blob)
{
	if (blob->fetched || !may_fetch(blob))
		return;
	blob->fetch = fetch_of(journey, blob);
	blob->fetched = true;
	exchange_ahead_of(journey, &blob->fetch);
}

/* Each redirect is followed as soon as it is there, while others are still asked for. */
static void follow_redirects(struct journey *journey, struct blobs *blobs)
{
	const struct climb *foreseen = climb_of(journey, ROLE_S3);
	if (foreseen)
		blobs->hosts[blobs->host_count++] = *foreseen;
	for (size_t i = 0; i < blobs->count; i++) {
		struct blob *blob = &blobs->at[i];
		exchange_all(journey, &blob->ask, 1);
		record_ask(journey, blob);
		if (foreseen && blob->redirected && is_at(&blobs->hosts[0], &blob->location))
			blob->bucket = &blobs->hosts[0];
		begin_fetch(journey, blob);
	}
	find_hosts(journey, blobs);
	for (size_t i = 0; i < blobs->count; i++)
		begin_fetch(journey, &blobs->at[i]);
}

static enum cause judge_fetch(struct journey *journey, const struct blob *blob,
	struct aws_error *error, struct text *detail)
{
	const struct exchange *fetch = &blob->fetch;
	bool served = fetch->status == 200 || fetch->status == 206;
	*detail = fetch->detail;
	/* S3 signs every answer; a page of somebody else's may come with any status */
	if (served && journey->target->kind == REGISTRY_ECR &&
		header_value(fetch, T("x-amz-request-id")).len == 0)
		return CAUSE_NOT_THE_SERVICE;
	if (served && fetch->cause == CAUSE_TOO_LARGE && !blob->whole)
		return CAUSE_NONE;
	if (fetch->cause != CAUSE_NONE)
		return fetch->cause;
	if (served)
		return judge_bytes(journey, blob, fetch, detail);
	*detail = text_format(journey->arena, "HTTP status %d", fetch->status);
	if (is_redirect(fetch->status))
		return CAUSE_BAD_REDIRECT;
	bool told = aws_xml_error_parse(journey->arena, fetch->kept, error);
	/* of other registries' blob hosts no mark is known, but that they serve no pages */
	if (!told && !is_private_ecr(journey) && !is_page(fetch))
		told = true;
	if (!told && header_value(fetch, T("x-amz-request-id")).len == 0)
		return fetch->status >= 500 ? CAUSE_UNAVAILABLE : CAUSE_NOT_THE_SERVICE;
	if (error->message.len)
		*detail = error->message;
	return fetch->status == 404 ? CAUSE_BLOB_UNKNOWN : cause_of_error(fetch->status, error);
}

static void record_fetch(struct journey *journey, struct blob *blob)
{
	struct aws_error error = {0};
	struct text detail;
	enum cause cause = judge_fetch(journey, blob, &error, &detail);
	mask_query(journey, blob->location.query);
	struct step *step = record(journey, STAGE_LAYERS, ROLE_S3, blob->location.host, cause,
		detail, blob->fetch.began_us, blob->fetch.took_us);
	saw_answer(journey, step, &blob->fetch);
	saw_blob(journey, step, blob);
	if (error.code.len + error.message.len)
		saw_error(journey, step, &error);
	else if (cause == CAUSE_DIGEST_MISMATCH)
		saw(journey, step, FACT_FOUND_DIGEST, blob->fetch.digest);
	else if (cause != CAUSE_NONE && blob->fetch.status)
		saw_body(journey, step, &blob->fetch);
}

/* A registry that redirects nothing is its own blob host. */
static void record_own_host(struct journey *journey, const struct blobs *blobs)
{
	const struct exchange *config = &blobs->at[0].ask;
	for (size_t i = 0; i < blobs->count; i++)
		if (blobs->at[i].ask.status != 200)
			return;
	struct step *step = record(journey, STAGE_LAYERS, ROLE_S3,
		climb_of(journey, ROLE_DKR)->endpoint.host, CAUSE_NONE, T(""), config->began_us, 0);
	step->peer = address_peer(journey->arena, &config->peer);
	saw(journey, step, FACT_SERVED_BY, T("the registry itself"));
}

/* A blob that was not fetched: its registry part failed, or its host stopped climbing. */
static void judge_blob(struct journey *journey, struct blob *blob)
{
	struct text digest = blob->descriptor->digest;
	struct text host = blob->redirected ? blob->location.host : T("");
	const char *refusal = blob->bucket ? redirect_refuse_addresses(blob->bucket) : NULL;
	if (blob->fetched) {
		exchange_all(journey, &blob->fetch, 1);
		record_fetch(journey, blob);
		return;
	}
	if (blob->ask.status == 200)
		return; /* served by the registry itself */
	struct step *step;
	if (refusal)
		step = record(journey, STAGE_LAYERS, ROLE_S3, host, CAUSE_BAD_REDIRECT,
			text_of(refusal), 0, 0);
	else
		step = record_skip(journey, STAGE_LAYERS, ROLE_S3, host, CAUSE_DEPENDENCY,
			blob->bucket ? blob->bucket->stopped
				     : T("the registry gave no usable redirect"));
	saw(journey, step, FACT_DOCUMENT, blob->document);
	saw(journey, step, FACT_DIGEST, digest);
}

/* An image without an index is for the platform that its config names. */
static void check_platform(struct journey *journey, const struct blob *config)
{
	const struct platform *want = &journey->target->platform;
	const struct exchange *served = config->ask.status == 200 ? &config->ask : &config->fetch;
	struct platform have;
	if (journey->platform_is_known || !text_equal(served->digest, config->descriptor->digest) ||
		!config_platform(journey->arena, served->kept, &have) ||
		platform_matches(want, &have))
		return;
	struct texts platforms = {0};
	struct text found = platform_text(journey->arena, &have);
	struct step *step = record(journey, STAGE_MANIFEST, ROLE_DKR,
		climb_of(journey, ROLE_DKR)->endpoint.host, CAUSE_PLATFORM_MISSING,
		text_format(journey->arena, "the image is for %.*s alone", TEXT(found)), 0, 0);
	texts_add(journey->arena, &platforms, found);
	saw(journey, step, FACT_DOCUMENT, T("config"));
	saw(journey, step, FACT_DIGEST, config->descriptor->digest);
	saw_list(journey, step, FACT_PLATFORMS, platforms);
}

void walk_layers(struct journey *journey)
{
	const struct endpoint *s3 = plan_endpoint(journey->plan, ROLE_S3);
	struct text reason = T("there is no manifest of an image");
	if (!journey->has_image) {
		record_skip(journey, STAGE_LAYERS, ROLE_DKR,
			plan_endpoint(journey->plan, ROLE_DKR)->host, CAUSE_DEPENDENCY, reason);
		record_skip(journey, STAGE_LAYERS, ROLE_S3, s3 ? s3->host : T(""), CAUSE_DEPENDENCY,
			reason);
		return;
	}
	struct blobs blobs = blobs_of(journey);
	expect_bytes(journey, &blobs);
	ask_registry(journey, &blobs);
	follow_redirects(journey, &blobs);
	for (size_t i = 0; i < blobs.count; i++)
		judge_blob(journey, &blobs.at[i]);
	journey->net->expected = 0;
	record_own_host(journey, &blobs);
	check_platform(journey, &blobs.at[0]);
}
