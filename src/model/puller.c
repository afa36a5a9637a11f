/* Which images a puller can use. What only may go wrong is a warning of the diagnosis, not here. */
#include "model/puller.h"

#define LAMBDA_BYTES (INT64_C(10) << 30)

bool puller_is_docker(enum puller puller)
{
	return puller == PULLER_DOCKER || puller == PULLER_ECS_DOCKER;
}

/* The type of a zstd layer that Docker never defined and some tools write: containerd does not know
 * it as a layer, leaves it out, and then says "number of layers and diffIDs don't match". */
static const struct descriptor *unknown_layer(const struct manifest *image)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (text_starts(image->layers[i].media_type,
			    T("application/vnd.docker.image.rootfs.diff.tar.zstd")))
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
