/* The verb push, and what launch uses of it. */
#pragma once
#include "cloud/call.h"
#include "model/finding.h"
#include "options.h"
#include "walk/push.h"

/* Pushes the running program as the image of the command line; the exit code. */
int push(struct arena *arena, const struct options *options, const struct environment *environment);

struct program_push {
	/* asked */
	struct text image;	/* with a tag, "latest" where it names none */
	struct text region;	/* where the image does not name it */
	bool create_repository; /* of ECR: where it does not exist */
	struct cloud *cloud; /* whose credentials push to ECR, and make the repository there; NULL:
				for other registries, with the walk's login or Docker's */
	const struct walk_options *walk; /* with trust, host_info and environment */
	/* answered */
	struct text reference; /* "registry/repository@sha256:..." */
	bool created;	       /* the repository was made */
	struct push push;
	struct evidence evidence; /* of the way to the registry */
	struct diagnosis diagnosis;
	struct text complaint; /* why the image is not there, in a line; empty: it is */
};

/* Makes the image and pushes it. The exit code is 0, 1 where the registry does not take the image,
 * 2 of a mistake in its name, else as that of check for what breaks on the way. */
int program_push(struct arena *arena, struct net *net, struct program_push *push);
