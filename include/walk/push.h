/* A push by the distribution protocol: a walk to the registry's token, then the image.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push */
#pragma once
#include "model/aws.h"
#include "walk/walk.h"

struct image_blob {
	struct text digest; /* "sha256:..." */
	struct text bytes;
};

/* an image of one layer; its texts live in the arena that it was made in */
struct made_image {
	struct image_blob layer, config, manifest;
};

/* Makes the image of this program as it runs: a layer with the program as /pullprobe, the licences
 * that lie beside it, and the folder /report; the config; the manifest. The same program gives the
 * same image. False: `complaint`. */
bool image_make(struct arena *arena, struct made_image *out, struct text *complaint);

struct push {
	/* asked */
	const struct made_image *image;
	/* answered */
	bool done;		/* the reference names the image now */
	bool was_there;		/* and did so before */
	int64_t sent;		/* bytes of blobs; those that the registry has are not sent */
	struct text complaint;	/* why the registry does not take it; empty while the walk breaks */
	struct aws_error error; /* what the registry said; empty where it said nothing */
};

/* Pushes the image to the target of a walk whose options have `push`. */
struct probe;
void push_image(struct probe *probe, struct push *push);

/* What a registry's or ECR's error means for who pushes, in words; `doing` begins the sentence
 * where it is no known one: "the upload of a layer". */
struct text push_words(struct arena *arena, const struct target *target, int status,
	const struct aws_error *error, const char *doing);
