/* OCI and Docker manifests: https://github.com/opencontainers/image-spec, manifest.md and
 * image-index.md; https://distribution.github.io/distribution/spec/manifest-v2-2/ */
#include "model/oci.h"
#include "base/die.h"
#include "model/json.h"
#include <stdlib.h>

#define OCI "application/vnd.oci.image."
#define DOCKER "application/vnd.docker.distribution.manifest."
#define OCI_INDEX OCI "index.v1+json"
#define OCI_IMAGE OCI "manifest.v1+json"
#define DOCKER_INDEX DOCKER "list.v2+json"
#define DOCKER_IMAGE DOCKER "v2+json"

/* ECR's answers depend on it: a type that is not asked for may be converted or refused */
const struct text manifest_accept = {
	OCI_INDEX ", " DOCKER_INDEX ", " OCI_IMAGE ", " DOCKER_IMAGE,
	sizeof(OCI_INDEX ", " DOCKER_INDEX ", " OCI_IMAGE ", " DOCKER_IMAGE) - 1,
};

/* the types of a config that make an image; others are artifacts' */
static const struct text config_types = LITERAL("application/vnd.oci.image.config.v1+json|"
						"application/vnd.docker.container.image.v1+json|"
						"application/octet-stream");

/* what stays the same while one document is read */
struct manifest_reader {
	struct arena *arena;
	struct manifest *manifest;
	struct text *complaint;
};

static bool manifest_refuse(struct manifest_reader *r, const char *what, const char *why)
{
	return complain(r->complaint, text_format(r->arena, "%s %s", what, why));
}

static bool read_descriptor(
	struct manifest_reader *r, const json_t *json, const char *what, struct descriptor *out)
{
	const json_t *size = json_object_get(json, "size");
	if (!json_is_object(json))
		return manifest_refuse(r, what, "is missing or no object");
	out->media_type = json_text(r->arena, json, "mediaType");
	out->digest = json_text(r->arena, json, "digest");
	out->size = json_integer_value(size);
	if (out->media_type.len == 0)
		return manifest_refuse(r, what, "has no mediaType");
	if (!digest_is_wellformed(out->digest))
		return manifest_refuse(r, what, "has no digest of the form sha256:<64 digits>");
	if (!json_is_integer(size) || out->size < 0 || out->size > BLOB_BYTES_MAX)
		return manifest_refuse(r, what, "has no size, or one that cannot be");
	return true;
}

static struct platform read_platform(struct arena *arena, const json_t *json)
{
	return (struct platform){
		.os = json_text(arena, json, "os"),
		.architecture = json_text(arena, json, "architecture"),
		.variant = json_text(arena, json, "variant"),
		.os_version = json_text(arena, json, "os.version"),
	};
}

/* Not to be run: BuildKit's attestations say so in an annotation and are of platform unknown, SOCI
 * v2 indexes have an artifact type, and what has a type without a platform is no image either. */
static bool is_attestation(
	struct manifest_reader *r, const json_t *json, const struct platform *platform)
{
	const json_t *annotations = json_object_get(json, "annotations");
	struct text artifact = json_text(r->arena, json, "artifactType");
	if (json_object_get(annotations, "vnd.docker.reference.type"))
		return true;
	if (text_same(platform->os, T("unknown")) ||
		text_same(platform->architecture, T("unknown")))
		return true;
	return text_starts(artifact, T("application/vnd.amazon.soci.")) ||
		(artifact.len && platform->os.len == 0);
}

/* the layers of an image, or the entries of an index, which may name a platform */
static bool read_descriptors(struct manifest_reader *r, const json_t *root, const char *key,
	struct descriptor **list, size_t *count)
{
	const json_t *array = json_object_get(root, key);
	bool is_index = r->manifest->kind == MANIFEST_INDEX;
	if (!json_is_array(array))
		return manifest_refuse(r, key, "is missing or no list");
	*count = json_array_size(array);
	if (*count > LAYERS_MAX)
		return manifest_refuse(r, key, "is longer than we accept: 1000");
	*list = arena_new(r->arena, struct descriptor, *count);
	for (size_t i = 0; i < *count; i++) {
		const json_t *json = json_array_get(array, i);
		struct descriptor *out = &(*list)[i];
		if (!read_descriptor(r, json, is_index ? "an entry of the index" : "a layer", out))
			return false;
		if (is_index) {
			out->platform = read_platform(r->arena, json_object_get(json, "platform"));
			out->attestation = is_attestation(r, json, &out->platform);
		}
	}
	return true;
}

static bool read_image_manifest(struct manifest_reader *r, const json_t *root)
{
	struct manifest *manifest = r->manifest;
	if (!read_descriptor(r, json_object_get(root, "config"), "config", &manifest->config) ||
		!read_descriptors(r, root, "layers", &manifest->layers, &manifest->layer_count))
		return false;
	if (text_is_one_of(manifest->config.media_type, config_types))
		return true;
	struct text artifact = json_text(r->arena, root, "artifactType");
	manifest->kind = MANIFEST_UNSUPPORTED;
	manifest->media_type = artifact.len ? artifact : manifest->config.media_type;
	return true;
}

/* By what it says it is and by what it holds. A document that is both an index and an image is
 * refused, as containerd does: two readers would see two images (CVE-2021-41190). */
static bool read_document(struct manifest_reader *r, const json_t *root, bool named)
{
	struct manifest *manifest = r->manifest;
	struct text type = manifest->media_type;
	bool index = json_object_get(root, "manifests") != NULL;
	bool image = json_object_get(root, "layers") || json_object_get(root, "config");
	bool says_index = text_is_one_of(type, T(OCI_INDEX "|" DOCKER_INDEX));
	bool says_image = text_is_one_of(type, T(OCI_IMAGE "|" DOCKER_IMAGE));
	manifest->kind = MANIFEST_UNSUPPORTED;
	manifest->is_schema_1 = text_starts(type, T(DOCKER "v1+")) ||
		json_integer_value(json_object_get(root, "schemaVersion")) == 1;
	if (manifest->is_schema_1 || (named && !says_index && !says_image))
		return true;
	if (index && image)
		return manifest_refuse(r, "the document", "is both an index and an image");
	if ((says_index && image) || (says_image && index))
		return manifest_refuse(r, "the document", "is not what its media type says");
	if (says_index || index) {
		manifest->kind = MANIFEST_INDEX;
		return read_descriptors(
			r, root, "manifests", &manifest->entries, &manifest->entry_count);
	}
	manifest->kind = MANIFEST_IMAGE;
	if (says_image || image)
		return read_image_manifest(r, root);
	return manifest_refuse(r, "the document", "is neither an index nor an image");
}

bool manifest_parse(struct arena *arena, struct text json, struct text media_type,
	struct manifest *out, struct text *complaint)
{
	struct manifest_reader r = {arena, out, complaint};
	json_t *root = json_read(json, MANIFEST_BYTES_MAX, complaint);
	if (!root)
		return false;
	*out = (struct manifest){.media_type = json_text(arena, root, "mediaType")};
	bool named = out->media_type.len > 0;
	/* a Content-Type may have parameters (RFC 9110 8.3) */
	if (!named)
		out->media_type = text_keep(arena, text_trim(text_cut(&media_type, T(";"))));
	bool read = read_document(&r, root, named);
	json_decref(root);
	return read;
}

const struct descriptor *manifest_choose(const struct manifest *index, const struct platform *want)
{
	const struct descriptor *best = NULL, *nameless = NULL;
	int best_rank = -1;
	for (size_t i = index->entry_count; i-- > 0;) {
		const struct descriptor *entry = &index->entries[i];
		if (entry->attestation)
			continue;
		if (entry->platform.os.len == 0 && entry->platform.architecture.len == 0)
			nameless = entry;
		int rank = platform_rank(want, &entry->platform);
		if (rank >= 0 && (!best || rank <= best_rank)) {
			best = entry;
			best_rank = rank;
		}
	}
	return best ? best : nameless;
}

struct texts manifest_platforms(struct arena *arena, const struct manifest *index)
{
	struct texts list = {0};
	for (size_t i = 0; i < index->entry_count; i++) {
		const struct descriptor *entry = &index->entries[i];
		if (!entry->attestation && entry->platform.os.len)
			texts_add_once(arena, &list, platform_text(arena, &entry->platform));
	}
	return list;
}

int64_t manifest_layer_bytes(const struct manifest *image)
{
	int64_t bytes = 0;
	for (size_t i = 0; i < image->layer_count; i++)
		bytes += image->layers[i].size;
	return bytes;
}

struct texts manifest_layer_types(struct arena *arena, const struct manifest *image)
{
	struct texts list = {0};
	for (size_t i = 0; i < image->layer_count; i++)
		texts_add_once(arena, &list, image->layers[i].media_type);
	return list;
}

bool config_parse(struct arena *arena, struct text json, struct image_config *out)
{
	json_t *root = json_read(json, MANIFEST_BYTES_MAX, NULL);
	const json_t *rootfs = json_object_get(root, "rootfs");
	*out = (struct image_config){
		.platform = read_platform(arena, root),
		.diff_ids = json_array_size(json_object_get(rootfs, "diff_ids")),
	};
	bool read = root != NULL;
	json_decref(root);
	return read;
}

bool names_parse(struct arena *arena, struct text json, struct texts *out)
{
	json_t *root = json_read(json, MANIFEST_BYTES_MAX, NULL);
	const json_t *names = json_object_get(root, "tags");
	if (!names)
		names = json_object_get(root, "repositories");
	bool are_names = json_is_array(names) || json_is_null(names);
	*out = json_texts(arena, names);
	json_decref(root);
	return are_names;
}

enum { NEAREST_MAX = 10, NAME_MAX_BYTES = 256 };

#define TAKEN SIZE_MAX
#define FAR_AWAY (SIZE_MAX - 1)

/* Levenshtein's edit distance, a row at a time; names longer than 256 bytes count as far away */
static size_t edit_distance(struct text a, struct text b)
{
	size_t row[NAME_MAX_BYTES + 1];
	if (a.len > NAME_MAX_BYTES || b.len > NAME_MAX_BYTES)
		return FAR_AWAY;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
			size_t insert = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = change < insert ? change : insert;
		}
	}
	return row[b.len];
}

struct texts nearest_names(struct arena *arena, struct texts names, struct text wanted)
{
	size_t *distances = arena_new(arena, size_t, names.count);
	struct texts nearest = {0};
	for (size_t i = 0; i < names.count; i++)
		distances[i] = edit_distance(names.at[i], wanted);
	while (nearest.count < NEAREST_MAX && nearest.count < names.count) {
		size_t best = 0;
		for (size_t i = 1; i < names.count; i++)
			best = distances[i] < distances[best] ? i : best;
		texts_add(arena, &nearest, names.at[best]);
		distances[best] = TAKEN;
	}
	return nearest;
}

/* Which images a puller can use. What only may go wrong is a warning of the diagnosis, not here. */

#define LAMBDA_BYTES (INT64_C(10) << 30)

bool puller_is_docker(enum puller puller)
{
	return puller == PULLER_DOCKER || puller == PULLER_ECS_DOCKER;
}

/* https://github.com/containerd/containerd, core/images/mediatypes.go, IsLayerType. It leaves out
 * what is none, such as zstd under Docker's name or a signature, and then says "number of layers
 * and diffIDs don't match". */
static bool is_layer_type(struct text type)
{
	struct text base = text_cut(&type, T("+"));
	if (text_ends(base, T(".gzip")))
		base = text_head(base, base.len - 5);
	return text_starts(base, T("application/vnd.oci.image.layer.")) ||
		text_equal(base, T("application/vnd.docker.image.rootfs.diff.tar")) ||
		text_equal(base, T("application/vnd.docker.image.rootfs.foreign.diff.tar"));
}

static const struct descriptor *unknown_layer(const struct manifest *image)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (!is_layer_type(image->layers[i].media_type))
			return &image->layers[i];
	return NULL;
}

size_t puller_unfit(struct arena *arena, enum puller puller, bool is_index,
	const struct manifest *image, int64_t storage, struct unfit out[UNFIT_MAX])
{
	size_t count = 0;
	const struct text words = list_meaning(LIST_PULLER, puller);
	const struct descriptor *layer = unknown_layer(image);
	/* compressed layers need at least their own size on disk; unpacked they need more */
	int64_t bytes = manifest_layer_bytes(image);
	int64_t room = puller == PULLER_LAMBDA ? LAMBDA_BYTES
		: puller == PULLER_FARGATE     ? storage
					       : 0;

	/* https://docs.aws.amazon.com/lambda/latest/dg/images-create.html */
	if (puller == PULLER_LAMBDA && is_index)
		out[count++] = (struct unfit){SYMPTOM_UNSUPPORTED, T("index"),
			T("AWS Lambda does not support an image index (several platforms, or "
			  "attestations beside the image)")};
	if (layer && (puller == PULLER_FARGATE || puller == PULLER_KUBELET))
		out[count++] = (struct unfit){SYMPTOM_UNSUPPORTED, T("layer"),
			text_format(arena, "%.*s does not know the layer type %.*s", TEXT(words),
				TEXT(layer->media_type))};
	if (room && bytes > room)
		out[count++] = (struct unfit){SYMPTOM_NO_SPACE, T("image"),
			text_format(arena,
				"the compressed layers have %lld MiB, and %.*s has room for %lld "
				"MiB",
				(long long)(bytes >> 20), TEXT(words), (long long)(room >> 20))};
	return count;
}
