/* OCI and Docker manifests, and the registry's error bodies. Parsing only: bytes in, values out.
 * OCI image-spec and distribution-spec 1.1; Docker manifest v2 schema 2. */
#pragma once
#include "base/arena.h"
#include "model/target.h"

/* LAYERS_MAX bounds an index's entries too. ECR's own limit of a layer is 52,000 MiB. */
enum { MANIFEST_BYTES_MAX = 4 * 1024 * 1024, LAYERS_MAX = 1000 };
#define BLOB_BYTES_MAX (INT64_C(1) << 40)

struct descriptor {
	struct text media_type;
	struct text digest;
	int64_t size;		  /* 0 to BLOB_BYTES_MAX */
	struct platform platform; /* of an index's entries; empty texts where it has none */
	bool attestation;	  /* not an image: attestation, SOCI index, or platform unknown */
};

enum manifest_kind {
	MANIFEST_INDEX,	      /* several platforms */
	MANIFEST_IMAGE,	      /* one image: config and layers */
	MANIFEST_UNSUPPORTED, /* JSON, but schema 1 or an artifact that is no image */
};

struct manifest {
	enum manifest_kind kind;
	struct text media_type;	    /* of UNSUPPORTED, what it is instead of an image */
	bool is_schema_1;	    /* Docker's, unsupported since containerd 2.0 */
	struct descriptor *entries; /* of an index */
	size_t entry_count;
	struct descriptor config; /* of an image */
	struct descriptor *layers;
	size_t layer_count;
};

/* False: `complaint` says what is wrong with it. `media_type` is the Content-Type, used where the
 * document does not name its own. */
bool manifest_parse(struct arena *arena, struct text json, struct text media_type,
	struct manifest *out, struct text *complaint);

/* The index's entry for a platform, or NULL: of those that serve it, the first of the best rank
 * (see platform_rank). An entry that names no platform is taken where no other will do, since its
 * config may.
 */
const struct descriptor *manifest_choose(const struct manifest *index, const struct platform *want);

/* the sum of the layers' sizes, as the manifest says */
int64_t manifest_layer_bytes(const struct manifest *image);

/* the media types of an image's layers, each once */
struct texts manifest_layer_types(struct arena *arena, const struct manifest *image);

/* the platforms an index has, as texts, each once, attestations left out */
struct texts manifest_platforms(struct arena *arena, const struct manifest *index);

/* what an image's config blob says; members that it lacks are empty and 0 */
struct image_config {
	struct platform platform;
	size_t diff_ids;
};
bool config_parse(struct arena *arena, struct text json, struct image_config *out);

/* the names of {"tags":[...]} or {"repositories":[...]}; null is an empty list */
bool names_parse(struct arena *arena, struct text json, struct texts *out);

/* the Accept header of a manifest request: the four types that a pull takes */
extern const struct text manifest_accept;

/* At most ten of `names`, the nearest first, by edit distance. */
struct texts nearest_names(struct arena *arena, struct texts names, struct text wanted);

/* Who pulls the image in the end, and which images each can use. */

/* name, printed name, what users call it */
#define PULLERS(X)                                              \
	X(FARGATE, "fargate", "AWS Fargate")                    \
	X(LAMBDA, "lambda", "AWS Lambda")                       \
	X(ECS_DOCKER, "ecs-docker", "the Docker of ECS on EC2") \
	X(KUBELET, "kubelet", "the kubelet")                    \
	X(DOCKER, "docker", "Docker")

#define PULLER_ENUM_(name, label, words) PULLER_##name,
enum puller { PULLER_UNKNOWN, PULLERS(PULLER_ENUM_) PULLER_COUNT };

struct text puller_name(enum puller puller);

/* Docker, by itself or under ECS: versions before 23.0 cannot unpack zstd, and its classic image
 * store holds PULLER_DOCKER_LAYERS layers at most (moby, layer/layer_store.go). */
bool puller_is_docker(enum puller puller);
enum { PULLER_DOCKER_LAYERS = 125 };

/* One reason why a puller cannot use an image. */
struct unfit {
	enum symptom symptom; /* UNSUPPORTED or NO_SPACE */
	struct text document; /* "index", "image" or "layer" */
	struct text detail;   /* a sentence */
};
enum { UNFIT_MAX = 3 };

/* The certain reasons, UNFIT_MAX at most, in `out`; returns how many. `is_index`: the reference
 * named an index. `storage` is the bytes of ephemeral storage, 0 where not known. */
size_t puller_unfit(struct arena *arena, enum puller puller, bool is_index,
	const struct manifest *image, int64_t storage, struct unfit out[UNFIT_MAX]);
