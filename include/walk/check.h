/* What the files of the connectivity share: an endpoint's way up the stages dns, tcp, tls and http.
 */
#pragma once
#include "walk/experiments.h"

/* both record types of one name, asked of one server */
struct pair {
	struct query a;
	struct query aaaa;
};

/* an endpoint's way: an activity */
struct check {
	struct activity activity;
	struct endpoint_state *state;
	bool is_planned; /* of the plan: with experiments, and its steps in the order of the plan */
	size_t rank;
	bool begun; /* the stage that it is at */
	/* dns */
	struct pair *pairs; /* a server each, in the order of the resolvers */
	size_t asked;	    /* so many of them */
	int64_t asked_us;
	size_t absent_step; /* that says that the first spelling does not exist; else NO_STEP */
	struct trial *name_trial;
	/* tcp */
	struct dial dials[ADDRESSES_MAX];
	struct trial *dial_trials[ADDRESSES_MAX];
	bool recorded[ADDRESSES_MAX];
	size_t dial_count;
	struct trial *other_answer;
	int fd; /* connected to what was reached, until the handshake takes it; else -1 */
	/* tls, http */
	struct handshake handshake;
	struct trial *tls_trial, *http_trial;
};

/* The steps that are written now are of this stage, in the order of the plan; `rank` is that within
 * the endpoint's. */
void check_stand(struct probe *probe, const struct check *check, enum stage stage, size_t rank);

/* Says why an endpoint cannot be used: the reason that its later stages are skipped with. */
void check_stop(struct probe *probe, struct check *check, enum stage stage, enum symptom symptom);

/* It has been silent since then for longer than any answer took so far: true when that calls for
 * experiments. */
bool check_is_suspect(struct probe *probe, struct check *check, int64_t since_us);

/* The dns stage: src/walk/lookup.c. True: it has been passed, well or not. */
bool check_dns(struct probe *probe, struct check *check);
