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

/* what is read, while it is read */
struct reading {
	struct cloud *cloud;
	struct arena *arena;
	struct subject *subject;
	struct vpc_configuration *out;
	struct calls calls; /* of this round */
	struct caller_identity identity;
	struct vpc_vpc attributes;
	struct target *targets; /* by the subject's images; of another registry than ECR: none */
	size_t target_count;
	struct vpc_repository *policies; /* of the targets' repositories */
	struct vpc_list *tags;		 /* those that there are, where the target's is not */
	struct vpc_repository registry;	 /* its policy */
};

/* Adds a call to the round, with the value of its first parameter, and about that value. */
struct call *reading_add(
	struct reading *run, const struct call_row *row, void *into, struct text about);

/* Takes the subject's images apart; those of ECR are the targets. */
void reading_find_targets(struct reading *run);

/* Add calls: what the role may do, what is in the registry, which tags there are besides, what a
 * first pull through the cache needs, as it makes the repository. */
void reading_ask_role(struct reading *run);
void reading_ask_registry(struct reading *run);
void reading_ask_tags(struct reading *run);
void reading_ask_cache(struct reading *run);

/* What the calls of the registry read beside its lists. */
void reading_take_policies(struct reading *run);
void reading_take_tags(struct reading *run);
