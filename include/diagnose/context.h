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

#define PEER(name) (1U << LOCATION_##name)
#define PEER_NEAR (PEER(INSIDE) | PEER(PRIVATE))

/* What holds of the run as a whole, a bit each of context.run. */
enum run_trait {
	RUN_FARGATE, /* launch types */
	RUN_EC2,
	RUN_LAMBDA,
	RUN_IPV6_ONLY,	   /* the machine has IPv6 addresses and no IPv4 address */
	RUN_DUAL_STACK,	   /* the image has ECR's dual-stack name */
	RUN_BY_DIGEST,	   /* the image is named by a digest */
	RUN_CROSS_ACCOUNT, /* the caller's account is known, and is not the registry's */
	RUN_CACHE_PATH,	   /* the repository looks like a pull-through cache's */
	RUN_NO_LIBRARY,	   /* such as "docker-hub/nginx", without a namespace of Docker Hub */
	RUN_HOST_IN_REPOSITORY,
	RUN_NO_REGISTRY_GIVEN,	  /* the image has no registry host, so it is of Docker Hub */
	RUN_REGISTRY_GIVEN,	  /* or it has one */
	RUN_PUBLIC_REGISTRY,	  /* ECR or another that is known to have public CAs */
	RUN_ISOLATED_PARTITION,	  /* a partition with CAs of its own */
	RUN_ODD_REGION,		  /* ECR in a Region whose name has none of the usual words */
	RUN_REDIRECT_UNKNOWN,	  /* the layer host is foreseen by its name only */
	RUN_REGISTRY_RESOLVED,	  /* the names of API and registry resolved */
	RUN_ANONYMOUS,		  /* of another registry: without user name and password */
	RUN_SIGNED_IN,		  /* or with them */
	RUN_FOREIGN_CHALLENGE,	  /* the registry asks for a sign-in of another kind than ECR's */
	RUN_CLOCK_WRONG,	  /* by a server's Date, by more than five minutes */
	RUN_CLOCK_RIGHT,	  /* by a server's Date, within a minute */
	RUN_CLOCK_UNSYNCHRONIZED, /* as task metadata says */
	RUN_PROXY_UNUSED,	  /* a proxy is configured, and no step went through it */
	RUN_PROXY_USED,		  /* the run has a proxy, for what NO_PROXY does not except */
};
#define RUN(name) (UINT32_C(1) << RUN_##name)

struct context {
	struct arena *arena;
	const struct evidence *evidence;
	struct network *inside; /* the VPC's ranges as far as they are known */
	size_t inside_count;
	bool has_ipv4; /* the machine has an address of that family */
	bool has_ipv6;
	uint32_t run; /* bits by enum run_trait */
};

/* a fact in a column of a row, where 0 is none */
#define FACT(name) (FACT_##name + 1)

/* What a rule asks about a step in its run. */
typedef bool condition(const struct context *context, const struct step *step);

struct context context_make(struct arena *arena, const struct evidence *evidence);

/* the same without `run`, for questions about addresses alone */
struct context context_ranges(struct arena *arena, const struct evidence *evidence);

/* the address of a step's peer; family 0 where there is none */
struct address context_peer(const struct step *step);
/* where it lies: PEER(...) */
unsigned peer_location(const struct context *context, const struct step *step);
enum location context_location(const struct context *context, const struct address *address);
/* For each step of the evidence, in `locations`, the bits by enum location of the addresses that it
 * saw. */
void evidence_locations(const struct evidence *evidence, unsigned *locations);

/* The experiment of that kind that was made for this step, for its endpoint, or, where the walk
 * makes it once for all, for another step that failed alike; NULL when there is none. */
const struct step *context_experiment(
	const struct context *context, const struct step *step, enum experiment experiment);
bool context_tried(const struct context *context, const struct step *step,
	enum experiment experiment, enum outcome outcome);

/* an endpoint of the pull itself: caller, proxy, api, dkr, s3 */
bool endpoint_is_of_pull(enum endpoint_kind kind);

/* The next step of the path (no experiment) of that stage after `last`, which is NULL for the
 * first; NULL after the last one. */
const struct step *context_next(
	const struct context *context, enum stage stage, const struct step *last);

/* the first step of the path of that stage and endpoint kind that passed, or NULL */
const struct step *context_passed(
	const struct context *context, enum stage stage, enum endpoint_kind kind);

/* our clock, by the Date of a service that answered: the first clock_offset seen */
bool context_clock_offset(const struct context *context, int64_t *seconds);

/* the Region that the machine is in, by its zone; the image's where that is not known */
struct text context_own_region(const struct context *context);

/* the account that calls, by the principal; empty when not known */
struct text context_caller_account(const struct context *context);
/* the ARN of whom the step denied, or whose credentials these are; empty when not known */
struct text context_principal(const struct context *context, const struct step *step);

/* the first of our own addresses that leads anywhere, and the proxy that a step names; or empty */
struct text context_own_ip(const struct context *context);
struct text context_proxy(const struct context *context);
/* where the step's host was resolved, or was to be */
struct text context_resolver(const struct context *context, const struct step *step);
/* what the API's cross-check of the same image said */
struct text cross_check_words(const struct context *context, const struct step *step);

/* the role's name in its ARN or in that of a session of it; empty where it is another's ARN, and
 * what is no ARN as it is */
struct text role_name(struct text principal);

/* the registry is a private one of ECR */
bool is_ecr(const struct context *context);
/* context_aws.c: denied by a policy of this type: identity, boundary, session, resource (the
 * repository's), endpoint, scp, rcp, trust; by the step's own words, or by a cross-check's */
bool denied_by(const struct context *context, const struct step *step, struct text policy);
/* One of the words is in the code, text or detail of the step's error, or in the error code of the
 * API's cross-check of the same image. */
bool error_holds(const struct context *context, const struct step *step, const char *words);
condition denied_explicitly;
condition api_allows;		/* the API grants what the registry denied */
condition caller_uses_endpoint; /* the API or registry has an address inside: its policy counts */

/* context_net.c: conditions on the peer, and on how other connections on TCP 443 did */
condition peer_is_in_subnet;	   /* in our own subnet: no network ACL applies */
condition peer_family_is_missing;  /* the machine has no address of the peer's family */
condition another_address_accepts; /* of the same name */

/* What other connections did, a bit each; S3 is on whatever host. */
enum {
	INSIDE_ANSWERS = 1,   /* another endpoint inside the VPC accepts */
	INSIDE_IS_SILENT = 2, /* another endpoint inside the VPC times out */
	OUTSIDE_ANSWERS = 4,  /* a public address other than S3's and this one's accepts */
	S3_ANSWERS = 8,	      /* S3 accepts */
	ANY_ANSWERS = INSIDE_ANSWERS | OUTSIDE_ANSWERS | S3_ANSWERS,
};
uint8_t context_others(const struct context *context, const struct step *step);

/* context_run.c: conditions on the host */
condition host_has_no_endpoint; /* of a pull that no VPC endpoint can serve */
condition host_is_not_used;	/* foreseen by name, and the redirect went elsewhere and worked */

/* ports.c: a filter that opens a part of the source ports, or packets lost at random */
condition ports_tell_a_range; /* the ports that pass and those that fail differ, beyond chance */
condition ports_hint_a_range; /* they differ, but few were tried */
condition ports_deny_a_range; /* no range explains which tries pass */
