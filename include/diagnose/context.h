/* Questions to the whole evidence: what a rule asks beyond the failed step itself. A question is
 * answered from what was seen, and says no where nothing was. */
#pragma once
#include "model/evidence.h"

/* Where an address lies, as far as the probe can know. */
enum location {
	LOCATION_UNKNOWN,    /* no address */
	LOCATION_SELF,	     /* this machine: loopback or the unspecified address */
	LOCATION_LINK_LOCAL, /* link-local services of AWS among them */
	LOCATION_INSIDE,     /* in the VPC's own ranges, whatever they are */
	LOCATION_PRIVATE,    /* not in them, yet no public address: another VPC, or a wider range */
	LOCATION_PUBLIC,
};

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct context {
	struct arena *arena;
	const struct evidence *evidence;
	struct network *inside; /* the VPC's ranges as far as they are known */
	size_t inside_count;
	bool has_ipv4; /* the machine has an address of that family */
	bool has_ipv6;
};

/* What a rule's conditions ask: about a step in its run, about a step alone, about the run alone.
 */
typedef bool condition(const struct context *context, const struct step *step);
typedef bool step_condition(const struct step *step);
typedef bool run_condition(const struct context *context);

struct context context_make(struct arena *arena, const struct evidence *evidence);

/* the address of a step's peer; family 0 where it had none */
struct address context_peer(const struct step *step);
enum location context_location(const struct context *context, const struct address *address);
/* For each step of the evidence, in `locations`, the bits by enum location of the addresses that it
 * saw. */
void evidence_locations(const struct evidence *evidence, unsigned *locations);

/* A step's index; the step must be the evidence's own. */
size_t context_index(const struct context *context, const struct step *step);

/* The experiment of that kind that was made for this step, for its endpoint, or, where the walk
 * makes it once for all, for another step that failed alike; NULL when there is none. */
const struct step *context_experiment(
	const struct context *context, const struct step *step, enum experiment experiment);
bool context_experiment_passed(
	const struct context *context, const struct step *step, enum experiment experiment);
bool context_experiment_failed(
	const struct context *context, const struct step *step, enum experiment experiment);

/* the path's own steps, experiments and services of --also left out */
bool context_on_path(const struct step *step);
/* a role of the pull itself: caller, proxy, api, dkr, s3 */
bool endpoint_is_of_pull(enum endpoint_kind kind);

/* the first step of the path of that stage and endpoint kind (and outcome), or NULL */
const struct step *context_step(
	const struct context *context, enum stage stage, enum endpoint_kind kind);
const struct step *context_passed(
	const struct context *context, enum stage stage, enum endpoint_kind kind);

/* our clock, by the Date of a service that answered: the first clock_offset seen */
bool context_clock_offset(const struct context *context, int64_t *seconds);

/* the account that calls, by the principal; empty when not known */
struct text context_caller_account(const struct context *context);
/* the ARN of whom the step denied, or whose credentials these are; empty when not known */
struct text context_principal(const struct context *context, const struct step *step);

/* the step's credentials are of that source; its error code has that word in it */
bool source_is(const struct step *step, struct text name);
bool error_holds(const struct step *step, struct text word);

/* conditions: the target */
run_condition is_ecr;
run_condition is_not_ecr;
run_condition registry_is_public; /* ECR or another that is known to have public CAs */
condition host_has_no_endpoint;	  /* of a pull that no VPC endpoint can serve */
run_condition is_cross_account;	  /* known to be */
run_condition by_digest;
run_condition is_cache_path;		/* the repository looks like a pull-through cache's */
run_condition is_docker_hub_by_default; /* no registry host was given at all */
run_condition is_isolated_partition;	/* has CAs of its own */

/* conditions: the address of the step */
condition peer_is_inside;    /* in the VPC, or at least private */
condition peer_is_in_subnet; /* in our own subnet: no network ACL stands between */
condition peer_is_public;
condition peer_family_is_missing; /* the machine has no address of the peer's family */
run_condition machine_is_ipv6_only;
condition another_address_accepts; /* of the same name */

/* conditions: how the neighbours did on TCP 443 */
condition inside_answers;   /* another endpoint inside the VPC accepts */
condition inside_is_silent; /* another endpoint inside the VPC times out */
condition outside_answers;  /* a public address other than S3's and this one's accepts */
condition s3_answers;	    /* S3 accepts, on whatever host */
condition anything_answers;

/* conditions: launch types and proxies */
run_condition is_fargate;
run_condition is_ec2;
run_condition is_lambda;
condition proxy_is_configured; /* and not used */
step_condition proxy_is_used;  /* by this step */
condition host_is_not_used;    /* foreseen by name, and the redirect went elsewhere and worked */
run_condition redirect_is_unknown;   /* the layer host is foreseen by its name only */
condition bucket_is_of_other_region; /* which no S3 gateway endpoint here covers */
condition caller_uses_endpoint; /* the API or registry has an address inside: its policy counts */
