/* Probes in subnets, sent through the control plane; and what is made for them, which is removed
 * on errors and signals too. All of it has the tag CLOUD_TAG, with the run as its value. */
#pragma once
#include "cloud/services.h"

enum { PROBE_CODES = 10 };

/* the exit codes of a task's containers: the verdict (diagnose/verdict_bytes.h) */
struct probe_codes {
	uint8_t at[PROBE_CODES];
	bool are_there;
};

/* in one subnet */
struct probe {
	/* asked */
	struct text subnet;
	bool ipv6;	     /* the subnet has IPv6 too */
	struct texts events; /* an image each, as src/lambda/runtime.c takes them: JSON */
	bool skip;	     /* by Lambda: there is an answer already */
	/* answered */
	struct texts reports; /* of the events, in their order; fewer where there is an error */
	struct probe_codes *codes; /* by Fargate, of each image */
	struct text stopped;	   /* by Fargate: ECS's own words of a task that did not run */
	struct text error;	   /* why there is no report, or not of all; or empty */
};

struct launch {
	/* asked */
	struct cloud *cloud;
	struct probe *probes;
	size_t count;
	struct texts security_groups;
	struct text account;
	/* by Lambda */
	struct text lambda_role; /* an ARN; empty: one is made */
	struct text executable;	 /* the program's bytes */
	/* by Fargate */
	struct texts images;
	struct text words;	    /* options of check, but for the label */
	struct text probe_image;    /* of this program */
	struct text execution_role; /* an ARN, of the task that fails: also the probe's task role */
	struct text cluster;	    /* empty: the default one */
	bool public_ip;
	/* both */
	int64_t wait_us;   /* longest time until a function is ready, and all is done */
	int64_t answer_us; /* longest time of one walk */
	/* told of what happens to a probe, in words: "walking"; nothing: its reports are there */
	void (*tell)(void *context, const struct probe *probe, struct text what);
	void *context;
	int64_t began_us;
	/* answered */
	struct vpc_list made; /* struct made */
	/* while it runs */
	struct text run, role;
	struct text code; /* the zip, in base64 */
	struct text end;  /* why there is no point in going on; or empty */
	bool closing;	  /* nothing new is begun */
	bool stopped;	  /* by a signal */
	int64_t paced_us; /* when the next call that counts for Lambda's quota may be made */
	int64_t until_us; /* of the wait */
};

/* Names the run, and finds where the services are that it needs. */
void launch_begin(struct launch *launch);

/* Sends all probes at once by Lambda functions, one in each subnet, and removes the functions. */
void launch_by_lambda(struct launch *launch);

/* Runs a task in each subnet for each image, and removes the task definitions. */
void launch_by_fargate(struct launch *launch);

/* Removes the repository, if it was made. */
void launch_remove_repository(struct launch *launch);

/* Finds by its tag what earlier runs left, in this account and Region, and removes it. False: some
 * could not be found or removed; `made` says which, and `end` why nothing could be found. */
bool launch_clean(struct launch *launch);
