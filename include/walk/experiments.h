/* What the experiments and the stages need of each other.
 *
 * An experiment begins when a part of the path is suspect or has failed. It is written down once
 * that part has failed, and dropped without a trace if its answer came after all. */
#pragma once
#include "walk/probe.h"

#define NO_STEP SIZE_MAX

/* The first member of what an experiment keeps. */
struct trial {
	struct activity activity;
	size_t follows; /* the step that it follows; NO_STEP: it is not known whether that fails */
	int64_t until_us; /* until then it waits for answers; 0: a little longer than its part */
	/* Sends what needs no answer first. */
	void (*begin)(struct probe *probe, struct trial *trial);
	/* Begins what can be begun by now. True: all has settled. */
	bool (*work)(struct probe *probe, struct trial *trial);
	void (*write)(struct probe *probe, struct trial *trial);
};

/* those on one part of the path */
struct trials {
	bool begun;
	struct trial *at[2];
	size_t count;
};

/* Begins an experiment on a part that began at `since_us`. */
void trial_begin(struct probe *probe, struct trials *trials, struct trial *trial, int64_t since_us);

/* The experiment's failed step is known. An experiment of the whole run keeps its first. */
void trial_follow(struct trial *trial, size_t step);

/* What they are about has settled: as the failed `step`, or well (NO_STEP). */
void trials_settle(struct probe *probe, struct trials *trials, size_t step);

/* Drops what follows nothing, and waits for the rest. */
void trials_end(struct probe *probe);

/* what an experiment's exchange gave: its own limit is no deadline of the run */
enum symptom trial_symptom(const struct probe *probe, const struct exchange *exchange);

/* the record type that this machine can use: A unless it has IPv6 alone */
enum record record_of(const struct probe *probe);

/* The places where Amazon's resolver answers, besides the subnet's guess. What it is good for
 * depends on the machine's addresses: without IPv4 only the IPv6 one is named. */
struct addresses amazon_resolvers(struct probe *probe);

/* Writes a query of an experiment down. */
void record_query(struct probe *probe, const struct query *query, enum endpoint_kind kind);

/* and one of its connections */
void record_dial(
	struct probe *probe, enum endpoint_kind kind, struct text host, const struct dial *dial);

/* On a name, last asked of `server`. What was answered at once is not worth a long wait. */
void try_name(struct probe *probe, struct trials *trials, const struct endpoint_state *state,
	const struct query *asked);
/* on a name without an address that this machine can use: its dual-stack name is asked */
void try_dualstack_name(struct probe *probe, struct trials *trials,
	const struct endpoint_state *state, struct address server);
/* on a connection that is not accepted: other source ports, other hosts, another resolver's answer
 */
void try_connection(struct probe *probe, struct trials *trials, const struct endpoint_state *state,
	const struct dial *dial);
struct trial *try_other_answer(
	struct probe *probe, const struct endpoint_state *state, int64_t since_us);
/* on a handshake: other names, sizes and versions */
void try_handshake(struct probe *probe, struct trials *trials, const struct endpoint_state *state,
	int64_t since_us);
/* after a certificate that is out of its time: the date that S3 tells without one */
void try_plain_date(struct probe *probe, size_t step);
/* on a request without a whole answer: the same again, and over small segments */
void try_request(struct probe *probe, struct trials *trials, const struct exchange *exchange);
/* its bytes did not come whole or right */
bool blob_calls_for_retry(const struct step *step);
/* on a blob: a new URL of the registry's, and what it leads to */
void try_blob(struct probe *probe, struct trials *trials, struct text digest, bool is_config,
	const struct exchange *fetch);

/* a request that has been silent for long; if it is not, there will be a turn when it may be */
bool request_is_silent(struct probe *probe, const struct exchange *exchange);

/* The trials on an exchange begin when it has been silent for long; to be called at every turn. */
void watch_request(struct probe *probe, struct trials *trials, const struct exchange *exchange);

/* Waits for a request of the path, with experiments once it has been silent for long. */
void exchange_watch(struct probe *probe, struct exchange *exchange, struct trials *trials);

/* whether it ended in a silence that calls for experiments: then `step`, else NO_STEP */
size_t silent_step(const struct probe *probe, size_t step);

/* What else AWS says of a manifest, or of a layer that was denied, that the registry refused. */
void cross_check_manifest(struct probe *probe, size_t step);
void cross_check_layer(struct probe *probe, size_t step);
