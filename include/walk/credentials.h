/* The sources of credentials, a file each. A source is looked for before the walk, in environment
 * and files alone; what it needs of the network is asked later, beside the services. */
#pragma once
#include "model/aws.h"
#include "model/url.h"
#include "walk/experiments.h"

struct credentials_round;

enum round_turn {
	ROUND_SETTLED, /* by `symptom`, or by `found` */
	ROUND_DIALS,   /* `dial` is to be tried */
	ROUND_ASKS,    /* `ask` is to be sent, and more may follow */
	ROUND_ENDS,    /* `ask` is to be sent, and `judge` settles the round by its answer */
	ROUND_WAITS,   /* for an endpoint, or for the address of a name */
};

/* what STS is asked for; https://docs.aws.amazon.com/STS/latest/APIReference/ */
struct sts_call {
	struct endpoint_state
		*at; /* STS on its way up the connectivity; NULL: the round needs no STS */
	struct text region;
	struct text role_arn;
	struct text session_name;
	struct text external_id; /* empty: none */
	struct text token;	 /* of a web identity, a secret; empty: AssumeRole, signed */
};

/* What is known of one set of credentials before and after asking. */
struct credentials_round {
	struct text source;	  /* empty: there is none */
	struct texts passed_over; /* the sources before it: "NAME: why not" */
	/* Prepares the next request in `ask`, or a connection in `dial`, and says what to do with
	 * it; called again when it has settled. NULL: `found` is there without. */
	enum round_turn (*advance)(struct probe *probe, struct credentials_round *round);
	int turns;	     /* so many times */
	int64_t patience_us; /* for an answer; 0: --timeout */
	/* what the answer is worth: NONE when credentials were in it, and are in `found` */
	enum symptom (*judge)(struct probe *probe, struct credentials_round *round);
	struct text instance_role; /* the role's name, where IMDS told it */
	struct sts_call call;
	struct url uri;	     /* where `ask` goes; an empty host: nowhere */
	struct exchange ask; /* of the source's endpoint */
	struct dial dial;    /* to it */
	struct query query;  /* for its address, where the URI has a name */
	bool is_last;	     /* `judge` is to see the answer */
	bool asks;	     /* `ask` is to be sent, or was */
	enum symptom symptom;
	struct text detail;
	struct credentials found;
	struct trial *trial;		/* on a silent PUT to IMDS */
	struct credentials_round *next; /* the role that is assumed with these; or NULL */
};

/* Looks whether a source is configured, without any packet. Empty: it is, and the round is found,
 * to be asked for, or broken; else why it is not, and the next source may be. */
typedef struct text look_fn(struct probe *probe, struct credentials_round *round);

look_fn look_environment;
look_fn look_web_identity;
look_fn look_profile;
look_fn look_container;
look_fn look_instance;

/* an environment variable; empty when it is not set */
struct text variable(const struct probe *probe, struct text name);

/* Settles a round that cannot be asked for: ROUND_SETTLED. */
enum round_turn round_fail(
	struct credentials_round *round, enum symptom symptom, struct text detail);

/* A token of a file, without line breaks. False: the round is broken, and says why. */
bool token_of_file(
	struct probe *probe, struct credentials_round *round, struct text file, struct text *token);

/* Makes `ask` a request to a plain endpoint. The headers live as long as the probe run. `then`, or
 * WAITS until its host is resolved, or SETTLED: the round has failed. */
enum round_turn ask_uri(struct probe *probe, struct credentials_round *round, struct text uri,
	const struct header *headers, size_t count, enum round_turn then);

/* the experiment on a token's PUT that stays without an answer, and where it is written down */
void imds_watch(struct probe *probe, struct credentials_round *round);
void imds_settle(struct probe *probe, struct credentials_round *round, size_t step);

/* a round's judge: the JSON of container endpoints and of IMDS */
enum symptom judge_document(struct probe *probe, struct credentials_round *round);

/* past the end of its validity: EXPIRED, else NONE */
enum symptom judge_expiration(struct credentials_round *round);

/* The probe run's profile, by AWS_PROFILE and the shared files. False: neither file has it. */
bool profile_find(struct probe *probe, struct text name, struct profile *out);

/* where the shared files are; empty: nowhere */
struct text profile_config_path(struct probe *probe);
struct text profile_keys_path(struct probe *probe);

/* Plans a call of STS: adds STS to the connectivity, and sets the round's advance and judge. */
void sts_plan(struct probe *probe, struct credentials_round *round, struct sts_call call);

/* Appends a round that assumes a role with what the round before it found. */
void assume_next(struct probe *probe, struct credentials_round *round, const struct sts_call *call);
