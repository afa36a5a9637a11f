/* The manifest: the document that was asked for, and the platform's own if that is an index.
 * distribution-spec 1.1, "Pulling manifests"; always GET, since only a body says why not. */
#include "net/net.h"
#include "walk/blobs.h"
#include "walk/experiments.h"
#include "walk/stages.h"

enum { INDEXES_MAX = 4 }; /* that lead to an image, each named by the one before */

/* one document, as it was asked for and as it came */
struct document {
	struct text digest; /* to be matched; empty: whatever the tag means */
	struct exchange exchange;
	struct text host;      /* that answered last */
	struct text hindrance; /* why the host that it is at cannot be asked; empty: it can */
	struct manifest manifest;
	struct verdict verdict;
	struct trial *trial; /* of a silent registry */
};

/* Some registries have their manifests elsewhere (registry.k8s.io). The token stays behind. */
static struct endpoint_state *connect_to(struct probe *probe, const struct url *url)
{
	struct endpoint_state *dkr = state_of(probe, ENDPOINT_DKR);
	struct endpoint_state *known = probe->elsewhere;
	if (state_is_at(dkr, url))
		return dkr;
	if (known && state_is_at(known, url))
		return known;
	struct endpoint_state *state = probe->elsewhere = arena_new(
		probe->arena, struct endpoint_state, 1);
	*state = (struct endpoint_state){
		.endpoint = {.kind = ENDPOINT_DKR, .host = url->host, .port = url->port},
		.refusal = "its name leads to an address that no registry can have"};
	connectivity_pass(probe, state, 1);
	return state;
}

static void follow_manifest(struct probe *probe, struct document *document)
{
	struct text location = header_value(&document->exchange, T("location"));
	struct url url;
	if (is_private_ecr(probe) || !is_redirect(document->exchange.status) ||
		!url_parse(location, &url) || redirect_refuse(&url))
		return;
	mask_query(probe, url.query);
	struct endpoint_state *state = connect_to(probe, &url);
	document->host = url.host;
	document->hindrance = state->stopped;
	if (state->stopped.len)
		return;
	document->exchange.url = location;
	document->exchange.address = state->reached;
	if (state != state_of(probe, ENDPOINT_DKR))
		document->exchange.basic = document->exchange.bearer = T("");
	request_begin(probe, &document->exchange);
	request_await(probe, &document->exchange, &document->trial);
}

static void document_fail(struct document *document, enum symptom symptom, struct text detail)
{
	document->verdict.symptom = symptom;
	document->verdict.detail = detail;
}

static void read_manifest(struct probe *probe, struct document *document)
{
	const struct exchange *exchange = &document->exchange;
	struct manifest manifest;
	struct text type = header_value(exchange, T("content-type"));
	struct text complaint, told = header_value(exchange, T("docker-content-digest"));
	bool read = manifest_parse(probe->arena, exchange->kept, type, &manifest, &complaint);
	bool is_schema_1 = read && manifest.is_schema_1;
	document->verdict.detail = T("");
	document->exchange.digest = digest_of(probe->arena, exchange->kept);
	if (document->digest.len == 0 && digest_is_wellformed(told))
		document->digest = told;
	/* Bytes that do not hash to the digest are nobody's manifest (image-spec, descriptor). The
	 * digest of schema 1 leaves its signatures out, and no puller takes it any more. */
	if (document->digest.len && !text_equal(document->digest, exchange->digest) &&
		!is_schema_1) {
		document_fail(document, SYMPTOM_DIGEST_MISMATCH,
			text_format(
				probe->arena, "the bytes hash to %.*s", TEXT(exchange->digest)));
		return;
	}
	if (!read) {
		document_fail(document,
			is_page(exchange) ? SYMPTOM_NOT_THE_SERVICE : SYMPTOM_MALFORMED, complaint);
		return;
	}
	document->manifest = manifest;
	document->verdict.body = BODY_HIDDEN;
	/* containerd and Docker go by the header: https://github.com/containerd/containerd,
	 * core/remotes/docker/resolver.go, getManifestMediaType */
	if (manifest.kind == MANIFEST_UNSUPPORTED)
		document_fail(document, SYMPTOM_UNSUPPORTED,
			text_format(probe->arena, "media type %.*s", TEXT(manifest.media_type)));
	else if (type.len && !text_holds_one(type, "manifest|image.index"))
		document_fail(document, SYMPTOM_MALFORMED,
			text_format(probe->arena,
				"its Content-Type is %.*s, which is no manifest's", TEXT(type)));
}

static struct document fetch_manifest(
	struct probe *probe, struct text reference, struct text digest)
{
	struct document document = {
		.digest = digest, .host = state_of(probe, ENDPOINT_DKR)->endpoint.host};
	document.exchange = registry_request(probe,
		text_format(probe->arena, "/v2/%.*s/manifests/%.*s",
			TEXT(probe->target->repository), TEXT(reference)));
	document.exchange.body_keep = document.exchange.body_max = MANIFEST_BYTES_MAX;
	request_begin(probe, &document.exchange);
	request_await(probe, &document.exchange, &document.trial);
	follow_manifest(probe, &document);
	document.verdict = registry_judge(probe, &document.exchange);
	if (document.verdict.symptom == SYMPTOM_NONE && document.exchange.status == 200)
		read_manifest(probe, &document);
	else if (document.verdict.symptom == SYMPTOM_NONE)
		document_fail(
			&document, SYMPTOM_BAD_REDIRECT, status_words(probe, &document.exchange));
	return document;
}

/* who pulls: as --for says, else what runs tasks here */
static enum puller puller_of(const struct probe *probe)
{
	bool ec2 = text_same(probe->evidence->vantage.launch_type, T("EC2"));
	if (probe->options->puller)
		return probe->options->puller;
	return ec2 ? PULLER_ECS_DOCKER : PULLER_FARGATE;
}

static void saw_manifest(struct probe *probe, struct step *step, const struct document *document)
{
	const struct manifest *manifest = &document->manifest;
	bool index = manifest->kind == MANIFEST_INDEX;
	saw(probe, step, FACT_DOCUMENT, index ? T("index") : T("image"));
	saw(probe, step, FACT_MEDIA_TYPE, manifest->media_type);
	if (index)
		saw_list(probe, step, FACT_PLATFORMS, manifest_platforms(probe->arena, manifest));
	if (manifest->kind != MANIFEST_IMAGE)
		return;
	step_counted(probe->arena, step, FACT_LAYER_COUNT, (int64_t)manifest->layer_count);
	step_counted(probe->arena, step, FACT_LAYER_BYTES, manifest_layer_bytes(manifest));
	saw_list(probe, step, FACT_LAYER_TYPES, manifest_layer_types(probe->arena, manifest));
	saw(probe, step, FACT_PULLER, puller_name(puller_of(probe)));
	if (probe->plan->task)
		step_counted(probe->arena, step, FACT_STORAGE, probe->plan->task->storage);
}

static void record_document(struct probe *probe, struct document *document)
{
	const struct exchange *exchange = &document->exchange;
	if (document->hindrance.len) {
		record_skip(probe, STAGE_MANIFEST, ENDPOINT_DKR, document->host, SYMPTOM_DEPENDENCY,
			document->hindrance);
		return;
	}
	struct step *step = record_verdict(
		probe, STAGE_MANIFEST, ENDPOINT_DKR, document->host, exchange, &document->verdict);
	if (exchange->announced >= 0)
		step_counted(probe->arena, step, FACT_SIZE, exchange->announced);
	saw(probe, step, FACT_DIGEST, document->digest.len ? document->digest : exchange->digest);
	if (step->symptom == SYMPTOM_DIGEST_MISMATCH)
		saw(probe, step, FACT_FOUND_DIGEST, exchange->digest);
	if (document->manifest.media_type.len)
		saw_manifest(probe, step, document);
	size_t index = probe->evidence->count - 1;
	if (!request_settle(probe, document->trial) && step->outcome == OUTCOME_FAILED)
		cross_check(probe, index);
}

/* An image becomes the run's. What the puller cannot use of it though the registry serves it: each
 * reason is a failed step of its own. */
static void take_image(struct probe *probe, const struct document *document, bool of_index)
{
	const struct manifest *image = &document->manifest;
	const struct task *task = probe->plan->task;
	struct unfit unfit[UNFIT_MAX];
	enum puller puller = puller_of(probe);
	if (document->verdict.symptom != SYMPTOM_NONE || image->kind != MANIFEST_IMAGE)
		return;
	probe->image = *image;
	probe->has_image = true;
	size_t count = puller_unfit(
		probe->arena, puller, of_index, image, task ? task->storage : 0, unfit);
	for (size_t i = 0; i < count; i++) {
		struct step *step = record(probe, STAGE_MANIFEST, ENDPOINT_DKR, document->host,
			unfit[i].symptom, unfit[i].detail, 0, 0);
		saw(probe, step, FACT_DOCUMENT, unfit[i].document);
		saw(probe, step, FACT_PULLER, puller_name(puller));
		step_counted(probe->arena, step, FACT_LAYER_BYTES, manifest_layer_bytes(image));
	}
}

/* the platform's entry of an index; without one the index itself is what fails */
static const struct descriptor *choose(struct probe *probe, struct document *document)
{
	const struct platform *want = &probe->target->platform;
	if (document->verdict.symptom != SYMPTOM_NONE || document->manifest.kind != MANIFEST_INDEX)
		return NULL;
	const struct descriptor *chosen = manifest_choose(&document->manifest, want);
	if (!chosen)
		document_fail(document, SYMPTOM_PLATFORM_MISSING,
			text_format(probe->arena, "the image index has no entry for %.*s",
				TEXT(platform_text(probe->arena, want))));
	return chosen;
}

/* Docker takes no index out of an index, and containerd does:
 * https://github.com/containerd/containerd, core/images/image.go, Manifest */
static void walk_documents(struct probe *probe)
{
	const struct target *target = probe->target;
	bool pinned = target->reference_kind == REFERENCE_DIGEST;
	size_t depth_max = puller_is_docker(puller_of(probe)) ? 1 : INDEXES_MAX;
	struct text reference = target->reference, digest = pinned ? reference : T("");
	for (size_t depth = 0;; depth++) {
		struct document document = fetch_manifest(probe, reference, digest);
		const struct descriptor *chosen = choose(probe, &document);
		bool follows = chosen && depth < depth_max;
		if (chosen && !follows)
			document_fail(&document, SYMPTOM_UNSUPPORTED,
				T("the index names another index where an image should be"));
		record_document(probe, &document);
		take_image(probe, &document, depth > 0);
		if (!follows)
			return;
		/* an entry that names its platform vouches for it */
		probe->platform_is_known = chosen->platform.os.len > 0;
		reference = digest = chosen->digest;
	}
}

void walk_manifest(struct probe *probe)
{
	const struct endpoint_state *dkr = state_of(probe, ENDPOINT_DKR);
	await_state(probe, dkr);
	struct text reason = why_not(dkr);
	if (reason.len == 0 && probe->token.len == 0 && !probe->registry_auth.is_open)
		reason = T("there is no registry token");
	if (reason.len)
		record_skip(probe, STAGE_MANIFEST, ENDPOINT_DKR, dkr->endpoint.host,
			SYMPTOM_DEPENDENCY, reason);
	else
		walk_documents(probe);
}

static struct step *record_config(struct probe *probe, enum symptom symptom, struct text detail)
{
	struct step *step = record(probe, STAGE_MANIFEST, ENDPOINT_DKR,
		state_of(probe, ENDPOINT_DKR)->endpoint.host, symptom, detail, 0, 0);
	saw(probe, step, FACT_DOCUMENT, T("config"));
	saw(probe, step, FACT_DIGEST, probe->image.config.digest);
	return step;
}

/* An image without an index is for the platform that its config names; and pullers want as many
 * layers as it has diff_ids (image-spec, "Properties" of the configuration). */
void manifest_check_config(struct probe *probe, const struct exchange *served)
{
	struct arena *arena = probe->arena;
	const struct manifest *image = &probe->image;
	struct image_config have;
	if (!text_equal(served->digest, image->config.digest) ||
		!config_parse(arena, served->kept, &have))
		return;
	bool names_platform = have.platform.os.len && have.platform.architecture.len;
	if (!probe->platform_is_known && names_platform &&
		platform_rank(&probe->target->platform, &have.platform) < 0) {
		struct texts platforms = {0};
		struct text found = platform_text(arena, &have.platform);
		texts_add(arena, &platforms, found);
		struct step *step = record_config(probe, SYMPTOM_PLATFORM_MISSING,
			text_format(arena, "the image is for %.*s alone", TEXT(found)));
		saw_list(probe, step, FACT_PLATFORMS, platforms);
	}
	if (have.diff_ids && have.diff_ids != image->layer_count) {
		struct step *step = record_config(probe, SYMPTOM_MALFORMED,
			text_format(arena, "it has %zu layers, and its configuration %zu diff_ids",
				image->layer_count, have.diff_ids));
		saw(probe, step, FACT_MEDIA_TYPE, image->media_type);
	}
}
