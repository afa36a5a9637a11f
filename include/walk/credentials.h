/* The sources of credentials, a file each. A source is looked for before the walk, in environment
 * and files alone; what it needs of the network is asked later, beside the services. */
#pragma once
#include "model/aws.h"
#include "model/url.h"
#include "walk/experiments.h"

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
	/* Asks for `found`, and waits for it. NULL: it is there without. */
	void (*fetch)(struct probe *probe, struct credentials_round *round);
	struct text instance_role; /* the role's name, where IMDS told it */
	struct sts_call call;
	struct url uri;	      /* where `ask` goes; an empty host: nowhere */
	struct exchange ask;  /* of the source's endpoint */
	bool asked;	      /* `ask` was sent */
	enum symptom symptom; /* NONE: nothing is wrong so far */
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

/* Settles a round as failed: false. */
bool round_fail(struct credentials_round *round, enum symptom symptom, struct text detail);

/* A token of a file, without line breaks. False: the round is broken, and says why. */
bool token_of_file(
	struct probe *probe, struct credentials_round *round, struct text file, struct text *token);

/* Makes `ask` a request to a plain endpoint, whose name it waits for. False: the round has failed.
 */
bool round_request(struct probe *probe, struct credentials_round *round, struct text uri,
	const struct header *headers, size_t count);

/* Sends `ask`, which may be silent for so long, but no longer than --timeout. */
void round_send(struct probe *probe, struct credentials_round *round, int64_t patience_us);

/* where the experiment on a token's PUT that stays without an answer is written down */
void imds_settle(struct probe *probe, struct credentials_round *round, size_t step);

/* Settles a round by the JSON of container endpoints and of IMDS. */
void take_document(struct probe *probe, struct credentials_round *round);

/* past the end of its validity: EXPIRED, else NONE */
enum symptom judge_expiration(struct credentials_round *round);

/* The probe run's profile, by AWS_PROFILE and the shared files. False: neither file has it. */
bool profile_find(struct probe *probe, struct text name, struct profile *out);

/* where the shared files are, of configuration or of keys; empty: nowhere */
struct text profile_path(struct probe *probe, bool is_config);

/* Plans a call of STS: adds STS to the connectivity, and sets the round's fetch. */
void sts_plan(struct probe *probe, struct credentials_round *round, struct sts_call call);

/* Appends a round that assumes a role with what the round before it found. */
void assume_next(struct probe *probe, struct credentials_round *round, const struct sts_call *call);
