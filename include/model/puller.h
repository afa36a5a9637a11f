/* Who pulls the image in the end, and which images each can use. */
#pragma once
#include "model/lists.h"
#include "model/oci.h"

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
