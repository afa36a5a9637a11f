/* The push: what the registry has is left out, each blob is one POST and one PUT. ECR answers PATCH
 * with a Range that does not move, so nothing is sent in chunks:
 * https://github.com/aws/containers-roadmap/issues/2831 */
#include "walk/push.h"
#include "base/encoding.h"
#include "walk/stages.h"

enum { ATTEMPTS = 2 };

#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"

/* words ------------------------------------------------------------------------------------- */

/* the registry's codes, then those of ECR's API */
static const struct {
	const char *codes;
	const char *says; /* of the repository and the reference, in this order */
} meanings[] = {
	{"TAG_INVALID|TAG_IMMUTABLE|ImageTagAlreadyExistsException",
		"the repository %.*s does not let tags be changed, and it has %.*s: push another "
		"tag"},
	{"NAME_UNKNOWN|RepositoryNotFoundException",
		"there is no repository %.*s: make it, of ECR with --create-repository"},
	{"NAME_INVALID|InvalidParameterException", "the registry takes no repository named %.*s"},
	{"UNAUTHORIZED", "the registry does not let these credentials push to %.*s"},
	{"DENIED|AccessDeniedException", "the credentials do not allow to push to %.*s"},
	{"TOOMANYREQUESTS|ThrottlingException|LimitExceededException|LayerPartTooSmallException",
		"a quota of the registry is reached for %.*s"},
	{"DIGEST_INVALID|BLOB_UPLOAD_INVALID|BLOB_UPLOAD_UNKNOWN|SIZE_INVALID|"
	 "InvalidLayerPartException",
		"what arrived for %.*s is not what was sent: a device on the path changes uploads"},
};

struct text push_words(struct arena *arena, const struct target *target, int status,
	const struct aws_error *error, const char *doing)
{
	struct denial denial;
	struct text words = text_format(arena, "%s failed with HTTP status %d", doing, status);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (text_is_one_of(error->code, text_of(meanings[i].codes))) {
			words = text_format(arena, meanings[i].says, TEXT(target->repository),
				TEXT(target->reference));
			break;
		}
	if (denial_parse(error->message, &denial) && denial.action.len)
		words = text_format(arena, "%.*s is not allowed to do %.*s", TEXT(denial.principal),
			TEXT(denial.action));
	if (error->code.len + error->message.len == 0)
		return words;
	return text_format(arena, "%.*s (%.*s%s%.*s)", TEXT(words), TEXT(error->code),
		error->code.len && error->message.len ? ": " : "", TEXT(error->message));
}

/* Keeps why it does not go on; false, always. */
static bool fail(
	struct probe *probe, struct push *push, const struct exchange *exchange, const char *doing)
{
	struct arena *arena = probe->arena;
	struct text symptom = symptom_name(exchange->symptom);
	if (exchange->symptom != SYMPTOM_NONE) {
		/* https://github.com/aws/containers-roadmap/issues/1970 */
		bool ecr = is_private_ecr(probe) && exchange->symptom == SYMPTOM_CLOSED;
		push->complaint = text_format(arena, "%s was cut (%.*s): %.*s%s", doing,
			TEXT(symptom), TEXT(exchange->detail),
			ecr ? "; ECR does so also if the repository does not exist" : "");
		return false;
	}
	if (!error_parse(arena, exchange->kept, ERROR_REGISTRY, &push->error) &&
		exchange->status == 401)
		push->error.code = T("UNAUTHORIZED");
	push->complaint = push_words(arena, probe->target, exchange->status, &push->error, doing);
	return false;
}

static bool complain_of(struct push *push, struct text says)
{
	push->complaint = says;
	return false;
}

/* requests ---------------------------------------------------------------------------------- */

static struct exchange request(struct probe *probe, const char *kind, struct text what)
{
	return registry_request(probe,
		text_format(probe->arena, "/v2/%.*s/%s/%.*s", TEXT(probe->target->repository), kind,
			TEXT(what)));
}

static bool is_there(struct probe *probe, const char *kind, struct text what, struct text digest)
{
	struct exchange exchange = request(probe, kind, what);
	exchange.head = true;
	request_run(probe, &exchange);
	struct text told = header_value(&exchange, T("docker-content-digest"));
	/* a registry may redirect who asks for a blob that it has */
	return exchange.symptom == SYMPTOM_NONE &&
		(exchange.status == 200 || exchange.status == 307) &&
		(text_equal(told, digest) || (told.len == 0 && text_equal(what, digest)));
}

/* Where an upload goes: to the registry itself, since the token is for nobody else. */
static bool read_location(
	struct probe *probe, struct push *push, const struct exchange *exchange, struct text *out)
{
	const struct endpoint *registry = &state_of(probe, ENDPOINT_DKR)->endpoint;
	struct text location = header_value(exchange, T("location"));
	struct url url;
	if (text_starts(location, T("/")) && !text_starts(location, T("//")))
		location = url_of(probe, registry, location);
	if (!url_parse(location, &url))
		return complain_of(push, T("the registry names no place for an upload"));
	if (!text_equal(url.scheme, T("https")) || !text_same(url.host, registry->host) ||
		url.port != registry->port)
		return complain_of(push,
			text_format(probe->arena,
				"the registry sends uploads to another host, "
				"%.*s://%.*s, which gets no token",
				TEXT(url.scheme), TEXT(url.host)));
	*out = location;
	return true;
}

static void set_body(
	struct probe *probe, struct exchange *exchange, struct text type, struct text bytes)
{
	struct header *header = arena_new(probe->arena, struct header, 1);
	*header = (struct header){T("Content-Type"), type};
	exchange->send = header;
	exchange->send_count = 1;
	exchange->body = bytes;
}

static bool check_digest(
	struct probe *probe, struct push *push, const struct exchange *exchange, struct text digest)
{
	struct text told = header_value(exchange, T("docker-content-digest"));
	return told.len == 0 || text_equal(told, digest) ||
		complain_of(push,
			text_format(probe->arena,
				"the registry has %.*s in place of %.*s: a device "
				"on the path changes uploads",
				TEXT(told), TEXT(digest)));
}

static bool upload(
	struct probe *probe, struct push *push, const struct image_blob *blob, const char *doing)
{
	struct exchange begin = request(probe, "blobs", T("uploads/"));
	struct text location;
	begin.post = true;
	set_body(probe, &begin, T("application/octet-stream"), T(""));
	request_run(probe, &begin);
	if (begin.symptom != SYMPTOM_NONE || begin.status != 202)
		return fail(probe, push, &begin, doing);
	if (!read_location(probe, push, &begin, &location))
		return false;
	struct exchange put = request(probe, "blobs", T("uploads/"));
	struct text digest = percent_encode(probe->arena, blob->digest, T(""));
	put.url = text_format(probe->arena, "%.*s%sdigest=%.*s", TEXT(location),
		text_holds(location, T("?")) ? "&" : "?", TEXT(digest));
	put.put = true;
	set_body(probe, &put, T("application/octet-stream"), blob->bytes);
	request_run(probe, &put);
	if (put.symptom != SYMPTOM_NONE || put.status != 201)
		return fail(probe, push, &put, doing);
	push->sent += (int64_t)blob->bytes.len;
	return check_digest(probe, push, &put, blob->digest);
}

/* An upload that is cut may be a moment's trouble: it is tried once more, from its beginning. */
static bool send_blob(
	struct probe *probe, struct push *push, const struct image_blob *blob, const char *doing)
{
	if (is_there(probe, "blobs", blob->digest, blob->digest))
		return true;
	for (int i = 0; i < ATTEMPTS && !time_is_up(probe); i++) {
		push->complaint = T("");
		push->error = (struct aws_error){0};
		if (upload(probe, push, blob, doing))
			return true;
		if (push->error.code.len)
			break;
	}
	return false;
}

static bool put_manifest(struct probe *probe, struct push *push)
{
	const struct image_blob *manifest = &push->image->manifest;
	struct exchange put = request(probe, "manifests", probe->target->reference);
	put.put = true;
	set_body(probe, &put, T(MANIFEST_TYPE), manifest->bytes);
	request_run(probe, &put);
	if (put.symptom != SYMPTOM_NONE || put.status != 201)
		return fail(probe, push, &put, "the upload of the manifest");
	return check_digest(probe, push, &put, manifest->digest);
}

void push_image(struct probe *probe, struct push *push)
{
	const struct made_image *image = push->image;
	const struct registry_auth *auth = &probe->registry_auth;
	if (why_not(state_of(probe, ENDPOINT_DKR)).len || (!probe->token.len && !auth->is_open))
		return;
	/* a tag that cannot be changed may name this very image */
	push->was_there = is_there(
		probe, "manifests", probe->target->reference, image->manifest.digest);
	push->done = push->was_there ||
		(send_blob(probe, push, &image->layer, "the upload of the layer") &&
			send_blob(probe, push, &image->config, "the upload of the config") &&
			put_manifest(probe, push));
	if (!push->done && !push->complaint.len)
		push->complaint = T("the time was up before the image was there");
}
