/* What the experiments and the stages need of each other.
 *
 * An experiment begins when a part of the path is suspect or has failed. It is written down once
 * that part has failed, and dropped without a trace if its answer came after all. */
#pragma once
#include "walk/stages.h"

#define NO_STEP SIZE_MAX

enum { TRIES_MAX = 10 };

/* What a try asks, in this order: each when the part before it has settled. */
enum { ASK_NAME = 1, ASK_CONNECTION = 2, ASK_HANDSHAKE = 4, ASK_REQUEST = 8 };

struct trial;

/* One thing that an experiment tries: a row of it. */
struct
try {
	/* Its step. Neighbours of the same experiment, but names, are one step, which passed when
	 * any of them did. NONE: it is not written down. */
	enum experiment experiment;
	enum endpoint_kind endpoint; /* with `host`; an empty host: those of the failed step */
	struct text host;
	unsigned wants, asks; /* the parts that it has; those that are still to be asked */
	struct query query;
	struct dial dial; /* to the name's first address, port 443, where none is set */
	struct handshake handshake;
	struct exchange exchange;
	int64_t idle_us; /* that a request may be silent; 0: --timeout */
	/* What it waits for: another try's end, and a request its endpoint's connection; NULL:
	 * nothing. Then it is completed; false: there is nothing to ask, and nothing to write down.
	 */
	const struct try *after;
	const struct endpoint_state *state;
	bool (*prepare)(struct probe * probe, struct try * try);
	/* what a request's answer is worth, and what else its step tells; NULL: any answer will
	 * do, and nothing */
	struct verdict (*judge)(struct probe * probe, const struct try *try);
	void (*tell)(struct probe * probe, struct step * step, const struct try *try);
	struct text digest; /* of the blob that is asked for */
};

/* The tries that one failure calls for: an activity. */
struct trial {
	struct activity activity;
	size_t follows; /* the step that it follows; NO_STEP: it is not known whether that fails */
	int64_t until_us; /* until then it waits for answers; 0: a little longer than its part */
	struct try tries[TRIES_MAX];
	size_t count;
};

/* A trial for a part of the path, to be filled and begun. NULL: none is to be made, since the part
 * has one already or time is up. */
struct trial *trial_make(struct probe *probe, struct trial **of);

/* Adds a try, to be filled in by the caller. */
struct try *trial_add(struct trial *trial, enum experiment experiment, unsigned asks);

/* Begins an experiment on a part that began at `since_us`. */
void trial_begin(struct probe *probe, struct trial *trial, int64_t since_us);

/* The experiment's failed step is known. An experiment of the whole run keeps its first. NULL:
 * there is no experiment. */
void trial_follow(struct trial *trial, size_t step);

/* What it is about has settled, as `step`, which the experiment follows if that `calls` for one;
 * else it is dropped. What was suspect and answered is well, but its lateness says something of the
 * path. NULL: there is none. */
void trial_settle(struct probe *probe, struct trial *trial, size_t step, bool calls);

/* Records a connection, or a handshake with a peer, of the path or of a try. */
struct step *record_dial(
	struct probe *probe, enum endpoint_kind kind, struct text host, const struct dial *dial);
struct step *record_handshake(struct probe *probe, enum endpoint_kind kind, struct text host,
	const struct address *peer, const struct handshake *handshake);

/* Drops what follows nothing, and waits for the rest. */
void trials_end(struct probe *probe);

/* the record type that this machine can use: A unless it has IPv6 alone */
enum record record_of(const struct probe *probe);

/* The experiments on a part of the path, which `of` points to afterwards; see trial_make.
 * On a name, last `asked` of a server and first `since_us`. What was answered at once is not worth
 * a long wait. */
void try_name(struct probe *probe, struct trial **of, const struct query *asked, int64_t since_us);
/* on a name without an address that this machine can use: its dual-stack name is asked */
void try_dualstack_name(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	struct address server);
/* the VPC's own view of a name whose addresses are silent, unless it was asked already */
void try_other_answer(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	int64_t since_us);
/* on a connection that is not accepted: other source ports, other hosts */
void try_connection(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	const struct dial *dial);
/* on a handshake: other names, sizes and versions */
void try_handshake(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	int64_t since_us);
/* after a certificate that is out of its time: the date that S3 tells without one */
void try_plain_date(struct probe *probe, size_t step);
/* on a request without a whole answer: the same again, and over small segments */
void try_request(struct probe *probe, struct trial **of, const struct exchange *exchange);
/* on a blob: a new URL of the registry's, and what it leads to */
void try_blob(struct probe *probe, struct trial **of, struct text digest, bool is_config,
	const struct exchange *fetch);

/* a request that has been silent for long; if it is not, there will be a turn when it may be */
bool request_is_silent(struct probe *probe, const struct exchange *exchange);

/* Waits for a request of the path, with the experiment once it has been silent for long; NULL:
 * without one. */
void request_await(struct probe *probe, struct exchange *exchange, struct trial **trial);

/* a request's failure that calls for its experiment */
bool is_silence(const struct step *step);

/* Settles the experiment on a request, whose step was written last; true when that ended in a
 * silence, which calls for it. */
bool request_settle(struct probe *probe, struct trial *trial);

/* What else AWS says of a manifest, or of a layer that was denied, that the registry refused. */
void cross_check(struct probe *probe, size_t step);

/* What the files of the connectivity share: connectivity.c, and lookup.c for its first stage. */

/* both record types of one name, asked of one server */
struct pair {
	struct query a;
	struct query aaaa;
};

/* The steps that are written now are of this stage, in the order of the plan; `rank` is that within
 * the endpoint's. */
void check_stand(
	struct probe *probe, const struct endpoint_state *state, enum stage stage, size_t rank);

/* Says why an endpoint cannot be used: the reason that its later stages are skipped with. */
void check_stop(
	struct probe *probe, struct endpoint_state *state, enum stage stage, enum symptom symptom);

/* It has been silent since then for longer than any answer took so far: true when that calls for
 * experiments. */
bool check_is_suspect(struct probe *probe, struct endpoint_state *state, int64_t since_us);

/* The dns stage: src/walk/lookup.c. True: it has been passed, well or not. */
bool check_dns(struct probe *probe, struct endpoint_state *state);
