/* What src/cloud/call.c and src/cloud/configuration.c share with their parts. */
#pragma once
#include "cloud/subject.h"
#include <stdlib.h>

enum { CALL_ANSWER_MAX = 8 * 1024 * 1024 };

/* the exchange of a call's next page; its service has a place */
struct exchange request_of(struct cloud *cloud, const struct call *call);

/* Finds where the services of a batch are, those that are not known yet. */
void places_find(struct cloud *cloud, const struct calls *calls);

/* what is read, while it is read */
struct configuration_reading {
	struct cloud *cloud;
	struct arena *arena;
	struct subject *subject;
	struct vpc_configuration *out;
	struct calls calls; /* of this round */
	struct caller_identity identity;
	struct dns_attribute support, hostnames;
	struct target *targets; /* by the subject's images; of another registry than ECR: none */
	size_t target_count;
	struct policy_document *policies; /* of the targets' repositories */
	struct policy_document registry;
	struct text region; /* of the registry */
};

/* Adds a call to the round, with the value of its first parameter; and one about that value. */
struct call *reading_add(struct configuration_reading *run, const struct call_row *row, void *into,
	struct text first, struct text about);
struct call *reading_add_about(
	struct configuration_reading *run, const struct call_row *row, void *into, struct text id);

/* Takes the subject's images apart; those of ECR are the targets. */
void reading_find_targets(struct configuration_reading *run);

/* ECR is asked in the registry's Region, not in the subnets'. */
void reading_find_registry(struct configuration_reading *run);

/* Add calls: what the role may do, what is in the registry, what a first pull through the cache
 * needs. */
void reading_ask_role(struct configuration_reading *run);
void reading_ask_registry(struct configuration_reading *run);
void reading_ask_cache(struct configuration_reading *run);
