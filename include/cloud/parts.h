/* What src/cloud/call.c and src/cloud/configuration.c share with their parts. */
#pragma once
#include "cloud/subject.h"

enum { CALL_ANSWER_MAX = 8 * 1024 * 1024 };

/* the exchange of a call's next page; its service has a place */
struct exchange request_of(struct cloud *cloud, const struct call *call);

/* an object as a request's body; it is used up */
struct text json_body(struct arena *arena, json_t *object);

/* a call as a line, without the program that it may carry */
struct text call_text(struct arena *arena, const struct call *call);

/* What one registry answers: those of two accounts may have repositories of one name. */
struct ecr_registry {
	struct text account, region;
	struct vpc_configuration has;
	struct vpc_repository own; /* its policy */
};

/* one image of the subject */
struct pull {
	struct target target;
	struct ecr_registry *registry; /* NULL: it is of another registry than ECR's */
	struct vpc_repository policy;  /* of its repository */
	struct vpc_list others;	      /* the repository's images, where the target's is not there */
	struct ecr_manifest manifest; /* where it may be an index */
};

/* what is read, while it is read */
struct reading {
	struct cloud *cloud;
	struct arena *arena;
	struct subject *subject;
	struct vpc_configuration *out;
	struct calls calls; /* of this round */
	struct caller_identity identity;
	struct vpc_vpc attributes;
	struct pull *pulls; /* by the subject's images */
	struct ecr_registry *registries;
	size_t registry_count;
};

/* Adds a call to the round, with the value of its first parameter, and about that value. */
struct call *reading_add(
	struct reading *run, const struct call_row *row, void *into, struct text about);

/* Takes the subject's images apart. */
void reading_find_pulls(struct reading *run);

/* Add calls: what the role may do, and what is in the registries; then which tags there are
 * besides, which platforms an index has, and what a first pull through the cache needs, as it makes
 * the repository. */
void reading_ask_role(struct reading *run);
void reading_ask_registries(struct reading *run);
void reading_ask_images(struct reading *run);

/* What these calls read beside the registries' lists. */
void reading_take_policies(struct reading *run);
void reading_take_images(struct reading *run);
