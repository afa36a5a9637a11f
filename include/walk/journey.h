/* What the walk's stages share: the plan they follow and the evidence they write. */
#pragma once
#include "model/aws.h"
#include "model/challenge.h"
#include "model/oci.h"
#include "model/url.h"
#include "walk/walk.h"

enum { ADDRESSES_MAX = 8 /* of one name that are dialled */, MASK_BITS = 1 << 16 };

/* by what secrets are found: see mask.c */
struct masks {
	size_t known; /* of the journey's secrets */
	struct texts marks;
	uint64_t starts[MASK_BITS / 64]; /* a bit for the first bytes of each mark */
};

/* one endpoint on its way up the ladder */
struct climb {
	struct endpoint endpoint;
	struct addresses addresses; /* of its name, with the port */
	struct address reached;	    /* the first that accepted; family 0: none yet */
	int fd;			    /* connected to it, until the handshake takes it; else -1 */
	struct text stopped;	    /* why it climbs no further; empty while it does */
	bool by_proxy;		    /* then `reached` is the proxy's address */
};

/* signing in to a registry other than private ECR */
struct sign_in {
	struct login login;	    /* basic empty: none, the caller is anonymous */
	struct text source;	    /* "option", "docker_config" or "anonymous" */
	struct texts passed_over;   /* the sources before it and why not they */
	struct challenge challenge; /* foreseen, then the registry's own */
	struct climb *at;	    /* the host that is asked for a token; NULL: none is known */
	enum cause cause;	    /* why the challenge leads nowhere; NONE: it does not */
	struct text detail;
	bool is_open; /* the registry asks for nothing */
};

struct journey {
	struct arena *arena;
	struct net *net;
	const struct target *target;
	const struct plan *plan;
	const struct walk_options *options;
	struct evidence *evidence;
	int64_t started_us; /* clock_us() at the start */
	int64_t end_us;	    /* the deadline, likewise */

	const struct surroundings *surroundings;
	struct addresses resolvers; /* asked in this order */
	struct climb *climbs;	    /* as the plan's endpoints */
	size_t climb_count;	    /* there is room for one more: a token service learnt late */
	struct climb proxy;	    /* of --proxy; see proxy_is_asked */

	/* asked together in one stage, judged in several */
	struct credentials_round *credentials_round;
	bool credentials_asked;
	struct exchange **greetings;	 /* of each climb; NULL: not begun */
	struct exchange *token_exchange; /* NULL: not asked */

	/* found on the way */
	struct credentials credentials; /* access_key empty: none */
	struct text token;		/* of the registry; empty: none */
	bool token_is_bearer;		/* else it is Basic */
	struct sign_in sign_in;
	struct manifest image; /* of the platform */
	bool has_image;
	bool platform_is_known;	 /* an index named it */
	struct climb *elsewhere; /* the host that manifests were redirected to; NULL: none */
	struct texts secrets; /* masked in every text that becomes evidence; add, never take away */
	struct masks masks;
	struct texts presigned; /* of the URL that is followed: see mask_query */
	struct masks presigned_masks;
};

/* when a wait that begins now must end: --timeout from now, or the deadline if that is sooner */
int64_t wait_until(const struct journey *journey);

/* the run must end: a signal came, or the deadline passed */
bool time_is_up(const struct journey *journey);

/* the climb of a role, or NULL */
struct climb *climb_of(struct journey *journey, enum role role);
/* of a role's climbs the one to this host; NULL: none */
struct climb *climb_by_host(struct journey *journey, enum role role, struct text host);

/* why a stage that needs this climb cannot run; empty when it can */
struct text why_not(const struct climb *climb);

/* Adds a step. `began_us` is a clock_us() time; 0: now. What is DEADLINE becomes skipped. */
struct step *record(struct journey *journey, enum stage stage, enum role role, struct text host,
	enum cause cause, struct text detail, int64_t began_us, int64_t took_us);

/* adds a skipped step: `reason` in words */
struct step *record_skip(struct journey *journey, enum stage stage, enum role role,
	struct text host, enum cause cause, struct text reason);

/* Marks a step as an experiment that follows another. */
void mark_experiment(struct step *step, enum experiment experiment, size_t follows);

/* step_saw, with secrets masked */
void saw(struct journey *journey, struct step *step, enum fact fact, struct text value);
void saw_list(struct journey *journey, struct step *step, enum fact fact, struct texts value);

/* every known secret in `t` replaced, and what stands behind a secret's name */
struct text masked(struct journey *journey, struct text t);

/* From here to the next call the values of this query are secrets: those of a presigned URL, each
 * of which matters to its own answers alone. Its bytes must last as long. */
void mask_query(struct journey *journey, struct text query);

/* masked, and no longer than evidence has use for */
struct text fit(struct journey *journey, struct text t);

/* what any HTTP answer tells: status, date, clock offset, server, request id, via, peer */
void saw_answer(struct journey *journey, struct step *step, const struct exchange *exchange);

/* the start of a body that should not have come, made printable */
void saw_body(struct journey *journey, struct step *step, const struct exchange *exchange);

/* markup where a program's answer should be: somebody else answers */
bool is_page(const struct exchange *exchange);

/* a status that a Location goes with */
bool is_redirect(int status);

/* an error's code and sentence, and what the sentence says of policies */
void saw_error(struct journey *journey, struct step *step, const struct aws_error *error);

/* "https://host:port/path" */
struct text url_of(struct journey *journey, const struct endpoint *endpoint, struct text path);

/* a request to an endpoint at the address it was reached at */
struct exchange request_to(struct journey *journey, const struct climb *climb, struct text path);

/* runs exchanges under the walk's limits */
void exchange_all(struct journey *journey, struct exchange *exchanges, size_t count);

/* Begins an exchange, which goes on beside all else; exchange_all waits for it. Until then it must
 * stay where it is. */
void exchange_ahead_of(struct journey *journey, struct exchange *exchange);

/* the climb's first address of a family that this machine has; NULL: none */
const struct address *first_address(const struct journey *journey, const struct climb *climb);

/* one error of a service: what is known by its code, and where not, by its status */
enum cause cause_of_error(int status, const struct aws_error *error);
