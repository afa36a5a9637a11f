/* The manifest: the document that was asked for, and the platform's own if that is an index.
 * distribution-spec 1.1, "Pulling manifests"; always GET, since only a body says why not. */
#include "net/digest.h"
#include "walk/redirect.h"
#include "walk/stages.h"

struct exchange registry_request(struct journey *journey, struct text path)
{
	struct header *headers = arena_new(journey->arena, struct header, 1);
	headers[0] = (struct header){T("Accept"), manifest_accept};
	struct exchange exchange = request_to(journey, climb_of(journey, ROLE_DKR), path);
	if (journey->token_is_bearer)
		exchange.bearer = journey->token;
	else
		exchange.basic = journey->token;
	exchange.send = headers;
	exchange.send_count = 1;
	return exchange;
}

enum cause registry_judge(
	struct journey *journey, const struct exchange *exchange, struct aws_error *error)
{
	if (exchange->cause != CAUSE_NONE)
		return exchange->cause;
	if (exchange->status == 200 || exchange->status == 307)
		return CAUSE_NONE;
	*error = (struct aws_error){0};
	if (!registry_error_parse(journey->arena, exchange->kept, &error->code, &error->message) &&
		is_page(exchange))
		return CAUSE_NOT_THE_SERVICE;
	return cause_of_error(exchange->status, error);
}

/* one document, as it was asked for and as it came */
struct document {
	struct text reference;
	struct text digest; /* to be matched; empty: whatever the tag means */
	int64_t size;	    /* of the descriptor; -1 when not known */
	struct exchange exchange;
	struct text host;      /* that answered last */
	struct text hindrance; /* why the host that it is at cannot be asked; empty: it can */
	struct manifest manifest;
	struct aws_error error;
	enum cause cause;
	struct text detail;
};

/* Some registries have their manifests elsewhere (registry.k8s.io). The token stays behind. */
static struct climb *climb_to(struct journey *journey, const struct url *url)
{
	struct climb *dkr = climb_of(journey, ROLE_DKR);
	struct climb *known = journey->elsewhere;
	if (text_same(dkr->endpoint.host, url->host) && dkr->endpoint.port == url->port)
		return dkr;
	if (known && text_same(known->endpoint.host, url->host) &&
		known->endpoint.port == url->port)
		return known;
	struct climb *climb = journey->elsewhere = arena_new(journey->arena, struct climb, 1);
	*climb = (struct climb){
		.endpoint = {.role = ROLE_DKR, .host = url->host, .port = url->port}, .fd = -1};
	ladder_dns(journey, climb, 1);
	if (climb->stopped.len == 0 && redirect_refuse_addresses(climb))
		climb->stopped = T("its name leads to an address that no registry can have");
	ladder_tcp(journey, climb, 1);
	ladder_tls(journey, climb, 1);
	return climb;
}

static void follow(struct journey *journey, struct document *document)
{
	struct text location = header_value(&document->exchange, T("location"));
	struct url url;
	if (is_private_ecr(journey) || !is_redirect(document->exchange.status) ||
		!url_parse(location, &url) || redirect_refuse(&url))
		return;
	mask_query(journey, url.query);
	struct climb *climb = climb_to(journey, &url);
	document->host = url.host;
	document->hindrance = climb->stopped;
	if (climb->stopped.len)
		return;
	document->exchange.url = location;
	document->exchange.address = climb->reached;
	if (climb != climb_of(journey, ROLE_DKR))
		document->exchange.basic = document->exchange.bearer = T("");
	exchange_all(journey, &document->exchange, 1);
}

static void fetch(struct journey *journey, struct document *document)
{
	struct text path = text_format(journey->arena, "/v2/%.*s/manifests/%.*s",
		TEXT(journey->target->repository), TEXT(document->reference));
	document->exchange = registry_request(journey, path);
	document->exchange.body_keep = MANIFEST_BYTES_MAX;
	document->exchange.body_max = MANIFEST_BYTES_MAX;
	exchange_all(journey, &document->exchange, 1);
	document->host = climb_of(journey, ROLE_DKR)->endpoint.host;
	follow(journey, document);
}

/* Bytes that do not hash to the digest are nobody's manifest (image-spec, descriptor). */
static enum cause check_digest(struct journey *journey, struct document *document)
{
	struct text told = header_value(&document->exchange, T("docker-content-digest"));
	document->exchange.digest = digest_of(journey->arena, document->exchange.kept);
	if (document->digest.len == 0 && digest_is_wellformed(told))
		document->digest = told;
	if (document->digest.len == 0 || text_equal(document->digest, document->exchange.digest))
		return CAUSE_NONE;
	document->detail = text_format(
		journey->arena, "the bytes hash to %.*s", TEXT(document->exchange.digest));
	return CAUSE_DIGEST_MISMATCH;
}

static enum cause read_manifest(struct journey *journey, struct document *document)
{
	struct text type = header_value(&document->exchange, T("content-type"));
	enum cause cause = check_digest(journey, document);
	if (cause != CAUSE_NONE)
		return cause;
	if (!manifest_parse(journey->arena, document->exchange.kept, type, &document->manifest,
		    &document->detail))
		return is_page(&document->exchange) ? CAUSE_NOT_THE_SERVICE : CAUSE_MALFORMED;
	if (document->manifest.kind != MANIFEST_UNSUPPORTED)
		return CAUSE_NONE;
	document->detail = text_format(
		journey->arena, "media type %.*s", TEXT(document->manifest.media_type));
	return CAUSE_UNSUPPORTED;
}

static void judge(struct journey *journey, struct document *document)
{
	document->detail = document->exchange.detail;
	document->cause = registry_judge(journey, &document->exchange, &document->error);
	if (document->cause == CAUSE_NONE && document->exchange.status != 200)
		document->cause = CAUSE_BAD_REDIRECT;
	if (document->cause == CAUSE_NONE)
		document->cause = read_manifest(journey, document);
	else if (document->error.message.len)
		document->detail = document->error.message;
	else if (document->exchange.status)
		document->detail = text_format(
			journey->arena, "HTTP status %d", document->exchange.status);
}

static int64_t bytes_of_layers(const struct manifest *image)
{
	int64_t bytes = 0;
	for (size_t i = 0; i < image->layer_count; i++)
		bytes += image->layers[i].size;
	return bytes;
}

static void saw_manifest(
	struct journey *journey, struct step *step, const struct document *document)
{
	const struct manifest *manifest = &document->manifest;
	bool index = manifest->kind == MANIFEST_INDEX;
	saw(journey, step, FACT_DOCUMENT, index ? T("index") : T("image"));
	saw(journey, step, FACT_MEDIA_TYPE, manifest->media_type);
	if (index)
		saw_list(journey, step, FACT_PLATFORMS,
			manifest_platforms(journey->arena, manifest));
	if (manifest->kind != MANIFEST_IMAGE)
		return;
	step_counted(journey->arena, step, FACT_LAYER_COUNT, (int64_t)manifest->layer_count);
	step_counted(journey->arena, step, FACT_LAYER_BYTES, bytes_of_layers(manifest));
}

static void record_document(struct journey *journey, const struct document *document)
{
	const struct exchange *exchange = &document->exchange;
	if (document->hindrance.len) {
		record_skip(journey, STAGE_MANIFEST, ROLE_DKR, document->host, CAUSE_DEPENDENCY,
			document->hindrance);
		return;
	}
	struct step *step = record(journey, STAGE_MANIFEST, ROLE_DKR, document->host,
		document->cause, document->detail, exchange->began_us, exchange->took_us);
	saw_answer(journey, step, exchange);
	if (exchange->announced >= 0)
		step_counted(journey->arena, step, FACT_SIZE, exchange->announced);
	saw(journey, step, FACT_DIGEST, document->digest.len ? document->digest : exchange->digest);
	if (document->cause == CAUSE_DIGEST_MISMATCH)
		saw(journey, step, FACT_FOUND_DIGEST, exchange->digest);
	if (document->manifest.media_type.len)
		saw_manifest(journey, step, document);
	else if (document->error.code.len + document->error.message.len)
		saw_error(journey, step, &document->error);
	else if (document->cause != CAUSE_NONE && exchange->status)
		saw_body(journey, step, exchange);
}

static struct document walk_document(
	struct journey *journey, struct text reference, struct text digest)
{
	struct document document = {.reference = reference, .digest = digest};
	fetch(journey, &document);
	judge(journey, &document);
	return document;
}

/* An index without the platform: the index itself is what fails. */
static const struct descriptor *choose(struct journey *journey, struct document *index)
{
	const struct platform *want = &journey->target->platform;
	const struct descriptor *chosen = manifest_choose(&index->manifest, want);
	if (chosen)
		return chosen;
	struct text platform = platform_text(journey->arena, want);
	index->cause = CAUSE_PLATFORM_MISSING;
	index->detail = text_format(
		journey->arena, "the image index has no entry for %.*s", TEXT(platform));
	return NULL;
}

static void take_image(struct journey *journey, const struct document *document)
{
	if (document->cause != CAUSE_NONE || document->manifest.kind != MANIFEST_IMAGE)
		return;
	journey->image = document->manifest;
	journey->has_image = true;
}

static void walk_documents(struct journey *journey)
{
	const struct target *target = journey->target;
	bool pinned = target->reference_kind == REFERENCE_DIGEST;
	struct text digest = pinned ? target->reference : T("");
	const struct descriptor *chosen = NULL;
	struct document first = walk_document(journey, target->reference, digest);
	if (first.cause == CAUSE_NONE && first.manifest.kind == MANIFEST_INDEX)
		chosen = choose(journey, &first);
	record_document(journey, &first);
	take_image(journey, &first);
	if (!chosen)
		return;
	struct document second = walk_document(journey, chosen->digest, chosen->digest);
	if (second.cause == CAUSE_NONE && second.manifest.kind != MANIFEST_IMAGE) {
		second.cause = CAUSE_UNSUPPORTED;
		second.detail = T("the index names another index where an image should be");
	}
	record_document(journey, &second);
	take_image(journey, &second);
	/* the index has vouched for the platform */
	journey->platform_is_known = true;
}

void walk_manifest(struct journey *journey)
{
	const struct climb *dkr = climb_of(journey, ROLE_DKR);
	struct text reason = why_not(dkr);
	if (reason.len == 0 && journey->token.len == 0 && !journey->sign_in.is_open)
		reason = T("there is no registry token");
	if (reason.len)
		record_skip(journey, STAGE_MANIFEST, ROLE_DKR, dkr->endpoint.host, CAUSE_DEPENDENCY,
			reason);
	else
		walk_documents(journey);
}
