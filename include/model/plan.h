/* Which endpoints the pull will use, by role: pure, from the target alone. */
#pragma once
#include "model/lists.h"
#include "model/target.h"
#include "model/task.h"

struct endpoint {
	enum endpoint_kind kind;
	struct text host;
	struct text other_host; /* its second spelling, for where `host` does not exist; or empty */
	uint16_t port;
	struct text region; /* of a service that a start needs: whom to sign for */
	bool foreseen;	    /* by name only: the redirect may name another host (S3) */
};

struct plan {
	struct endpoint *endpoints; /* api, dkr, s3 (where known), then those of --also */
	size_t count;
	struct text bucket;	 /* the layer bucket's name; empty outside ECR */
	const struct task *task; /* of --also-from, or NULL */
	size_t *need_endpoints;	 /* by the task's needs: an index; `count` where there is none */
};

/* environment's wishes that change host names */
struct plan_options {
	bool fips;		  /* AWS_USE_FIPS_ENDPOINT */
	bool dualstack;		  /* AWS_USE_DUALSTACK_ENDPOINT */
	struct text api_endpoint; /* AWS_ENDPOINT_URL_ECR or AWS_ENDPOINT_URL, or empty; one that
				     endpoint_url_parse takes */
	enum endpoint_kind also[ENDPOINT_COUNT]; /* of --also, in the order given */
	size_t also_count;
	struct text cluster;	 /* the URL of an EKS cluster's API server, as above, or empty */
	const struct task *task; /* of --also-from, or NULL: the services of its needs are added */
};

/* "https://host[:port][/]", the only form of AWS_ENDPOINT_URL that we follow: ECR's API has no path
 */
bool endpoint_url_parse(struct text url, struct text *host, uint16_t *port);

/* The image's own spelling is a wish too: a FIPS or dual-stack registry has such an API. Services
 * of `also` are left out when the target has no Region, and needs without one have no endpoint. */
struct plan plan_make(
	struct arena *arena, const struct target *target, const struct plan_options *options);

/* the endpoint of a kind, or NULL when the plan has none */
const struct endpoint *plan_endpoint(const struct plan *plan, enum endpoint_kind kind);
