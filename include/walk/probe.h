/* What the walk's stages share: the plan they follow and the evidence they write. */
#pragma once
#include "model/aws.h"
#include "model/oci.h"
#include "model/registry.h"
#include "model/url.h"
#include "walk/walk.h"

enum { ADDRESSES_MAX = 8 /* of one name that are dialled */, MASK_BITS = 1 << 16 };

struct probe;
struct trial;
struct pair;

/* by what secrets are found: see mask.c */
struct masks {
	size_t known; /* of the probe run's secrets */
	struct texts marks;
	uint64_t starts[MASK_BITS / 64]; /* a bit for the first bytes of each mark */
};

/* Where a step stands in the evidence, whatever the moment at which it is written. */
struct position {
	enum stage stage;	    /* among the steps of this stage */
	size_t rank;		    /* by this; equal ones as they come */
	enum experiment experiment; /* NONE: a step of the path; others stand behind those, */
	size_t follows;		    /* in the order of the failed steps that they follow */
};

enum { RANK_LAST = 1 << 20 }; /* behind all endpoints' */

/* Something that goes on beside the stages: an endpoint on its way, the credentials, an experiment.
 * It begins what it needs and never waits. */
struct activity {
	/* A turn, given whenever something has settled. True: it has ended. */
	bool (*advance)(struct probe *probe, struct activity *activity);
	struct position position; /* of the steps that it writes */
	bool ended;
	struct activity *next;
};

/* One endpoint on its way up the connectivity: an activity, once it was begun. */
struct endpoint_state {
	struct activity activity;
	struct endpoint endpoint;
	struct addresses addresses; /* of its name, with the port */
	struct address reached;	    /* the first that accepted; family 0: none yet */
	struct text stopped;	    /* why no later stage can use it; empty while one can */
	bool by_proxy;		    /* then `reached` is the proxy's address */
	enum stage stage;	    /* that it is at */
	enum stage last;	    /* that it has to pass; beyond it the endpoint is done */
	bool suspect;		    /* it has been silent for longer than any answer took so far */
	struct exchange *anonymous; /* its request of the http stage; NULL: not begun */
	const char *refusal; /* why it is stopped where its name leads astray; NULL: it may */

	/* the way itself: of connectivity.c and lookup.c */
	bool is_planned; /* of the plan: with experiments, and its steps in the order of the plan */
	size_t rank;
	bool begun;	    /* the stage that it is at */
	struct pair *pairs; /* a server each, in the order of the resolvers */
	size_t asked;	    /* so many of them */
	int64_t asked_us;
	size_t absent_step; /* that says that the first spelling does not exist; else NO_STEP */
	struct dial dials[ADDRESSES_MAX];
	struct trial *dial_trials[ADDRESSES_MAX];
	bool recorded[ADDRESSES_MAX];
	size_t dial_count;
	int fd; /* connected to what was reached, until the handshake takes it; else -1 */
	struct handshake handshake;
	struct trial *name_trial, *other_answer, *tls_trial, *http_trial;
};

/* signing in to a registry other than private ECR */
struct registry_auth {
	struct login login;	    /* basic empty: none, the caller is anonymous */
	struct text source;	    /* "option", "docker_config" or "anonymous" */
	struct texts passed_over;   /* the sources before it and why not they */
	struct challenge challenge; /* foreseen, then the registry's own */
	struct endpoint_state *at;  /* the host that is asked for a token; NULL: none is known */
	enum symptom symptom;	    /* why the challenge leads nowhere; NONE: it does not */
	struct text detail;
	bool is_open; /* the registry asks for nothing */
};

struct probe {
	struct arena *arena;
	struct net *net;
	const struct target *target;
	const struct plan *plan;
	const struct walk_options *options;
	struct evidence *evidence;
	int64_t started_us; /* clock_us() at the start */
	int64_t end_us;	    /* the deadline, likewise */

	const struct host_info *host_info;
	struct addresses resolvers;    /* asked in this order */
	struct endpoint_state *states; /* as the plan's endpoints */
	size_t state_count;	       /* there is room for one more: a token service learnt late */
	struct endpoint_state proxy;   /* of --proxy; see proxy_is_asked */

	/* what goes on beside the stages */
	struct activity *activities, **last_activity;
	struct position position; /* of the steps that are written now */
	int64_t wake_us;	  /* when an activity wants a turn, whatever settles */
	int64_t round_trip_us;	  /* the longest that an answer took so far; 0: none came */

	/* asked together in one stage, judged in several */
	struct credentials_round *credentials_round;
	bool credentials_done;		 /* all has been asked, or cannot be */
	struct exchange *token_exchange; /* NULL: not asked */
	struct trial *token_trial;
	struct trial *controls, *known_name, *plain_date; /* experiments of the whole run */
	size_t addresses_tried;				  /* again, by experiments */

	/* found on the way */
	struct credentials credentials; /* access_key empty: none */
	struct text token;		/* of the registry; empty: none */
	bool token_is_bearer;		/* else it is Basic */
	struct registry_auth registry_auth;
	struct manifest image; /* of the platform */
	bool has_image;
	bool platform_is_known; /* an index named it */
	struct endpoint_state
		*elsewhere;   /* the host that manifests were redirected to; NULL: none */
	struct texts secrets; /* masked in every text that becomes evidence; add, never take away */
	struct masks masks;
	struct texts presigned; /* of the URL that is followed: see mask_query */
	struct masks presigned_masks;
};

/* Begins a probe run, without any packet: with room for so many states more than the plan has. */
void probe_begin(struct probe *probe, struct arena *arena, struct net *net,
	const struct target *target, const struct plan *plan, const struct walk_options *options,
	struct evidence *evidence, size_t more_states);

/* when a wait that begins now must end: --timeout from now, or the deadline if that is sooner */
int64_t wait_until(const struct probe *probe);

/* the run must end: a signal came, or the deadline passed */
bool time_is_up(const struct probe *probe);
struct text time_is_up_words(void);

/* Begins an activity, with its first turn. */
void activity_begin(struct probe *probe, struct activity *activity);

/* Waits until something settles, or an activity wants to be woken; then all have a turn. */
void activities_wait(struct probe *probe);

/* Sees to it that the activities have a turn then. */
void wake_at(struct probe *probe, int64_t at_us);

/* Puts the steps into the order of the path, and what follows them behind them. */
void steps_sort(struct probe *probe);

/* An answer came after so long, which shows how far the peers are. */
void round_trip_saw(struct probe *probe, enum symptom symptom, int64_t took_us);

/* How long an answer may take before its peer is suspect: several times what answers took so far,
 * at most a fifth of --timeout. */
int64_t suspicion_us(const struct probe *probe);

/* what has been silent since then is suspect; if not, there will be a turn when it is */
bool is_suspect(struct probe *probe, int64_t since_us, int64_t patience_us);

/* the stages that are asked for include this one */
bool wants(const struct probe *probe, enum stage stage);

/* private ECR: the one registry that AWS credentials are for */
bool is_private_ecr(const struct probe *probe);

/* the state of the first endpoint of a kind, or NULL */
struct endpoint_state *state_of(struct probe *probe, enum endpoint_kind kind);
/* the same of a host; empty: any */
struct endpoint_state *state_by_host(
	struct probe *probe, enum endpoint_kind kind, struct text host);

/* the endpoint is where a URL leads */
bool state_is_at(const struct endpoint_state *state, const struct url *url);

/* Its name leads where no answer may lead: to this machine, or to link-local services. */
bool state_leads_astray(const struct endpoint_state *state);

/* Waits until an endpoint has passed its last stage or been stopped; NULL: there is none. */
void await_state(struct probe *probe, const struct endpoint_state *state);
bool state_done(const struct endpoint_state *state);

/* why a stage that needs this endpoint cannot run; empty when it can */
struct text why_not(const struct endpoint_state *state);

/* Adds a step, with its endpoint's place in the start of a task. `began_us` is a clock_us() time;
 * 0: now. What is DEADLINE becomes skipped. */
struct step *record(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, enum symptom symptom, struct text detail, int64_t began_us,
	int64_t took_us);

/* adds a skipped step: `reason` in words */
struct step *record_skip(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, enum symptom symptom, struct text reason);

/* The steps that are written from now on are of an experiment that follows a failed step; until the
 * turn ends, or this is called with NONE. */
void write_as(struct probe *probe, enum experiment experiment, size_t follows);

/* step_saw, with secrets masked */
void saw(struct probe *probe, struct step *step, enum fact fact, struct text value);
void saw_list(struct probe *probe, struct step *step, enum fact fact, struct texts value);

/* every known secret in `t` replaced, and what stands behind a secret's name */
struct text masked(struct probe *probe, struct text t);

/* From here to the next call the values of this query are secrets: those of a presigned URL, each
 * of which matters to its own answers alone. Its bytes must last as long. */
void mask_query(struct probe *probe, struct text query);

/* masked, and no longer than evidence has use for */
struct text fit(struct probe *probe, struct text t);

/* markup where a program's answer should be: somebody else answers */
bool is_page(const struct exchange *exchange);

/* a status that a Location goes with */
bool is_redirect(int status);

/* an error's code and sentence, and what the sentence says of policies */
void saw_error(struct probe *probe, struct step *step, const struct aws_error *error);

/* "https://host:port/path" */
struct text url_of(struct probe *probe, const struct endpoint *endpoint, struct text path);

/* a request to an endpoint at the address it was reached at */
struct exchange request_to(
	struct probe *probe, const struct endpoint_state *state, struct text path);

/* Begins an exchange under the walk's limits, which goes on beside all else. Until it has settled
 * it must stay where it is. */
void request_begin(struct probe *probe, struct exchange *exchange);
/* the same, to its end */
void request_run(struct probe *probe, struct exchange *exchange);

/* Begins a copy of a request, to an address. */
struct exchange *exchange_to(
	struct probe *probe, struct exchange request, const struct address *address);

/* It was sent to the address that was reached, and not only to where that was foreseen; NULL: it
 * was not. */
bool went_there(const struct exchange *begun, const struct endpoint_state *state);

/* the machine has addresses of that family */
bool have_family(const struct probe *probe, uint8_t family);

/* the endpoint's first address of a family that this machine has; NULL: none */
const struct address *first_address(const struct probe *probe, const struct endpoint_state *state);
