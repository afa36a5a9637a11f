/* Probes in subnets, sent through the control plane; and what is made for them, which is removed
 * on errors and signals too. All of it has the tag CLOUD_TAG, with the run as its value. */
#pragma once
#include "cloud/services.h"

enum { PROBE_CODES = 10 };

/* what a probe saw of an image */
struct probe_answer {
	struct text report; /* JSON; empty: none */
	/* by Fargate: the verdict (diagnose/verdict_bytes.h) */
	bool has_codes;
	uint8_t codes[PROBE_CODES]; /* the exit codes of the task's containers */
};

/* in one subnet */
struct probe {
	/* asked */
	struct text subnet;
	bool ipv6;	     /* the subnet has IPv6 too */
	struct texts events; /* an image each, as src/lambda/runtime.c takes them: JSON */
	bool skip;	     /* not in this round: there is an answer already */
	/* answered */
	struct probe_answer *answers; /* one of each event; by Lambda in their order */
	struct text stopped;	      /* by Fargate: ECS's own words of a task that did not run */
	struct text error;	      /* why there is no answer, or not to all; or empty */
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
	struct text logs;	    /* the log group that gets the reports; empty: none does */
	bool public_ip;
	/* both */
	int64_t wait_us;   /* longest time until a function is ready, and all is done */
	int64_t answer_us; /* longest time of one walk */
	/* told of what happens to a probe, in words: "walking"; nothing: its reports are there */
	void (*tell)(void *context, const struct probe *probe, struct text what);
	void *context;
	int64_t began_us;
	/* answered */
	struct vpc_list made;	/* struct made */
	struct vpc_call unread; /* why a report in a log was not read; without an error: it was */
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

/* Runs a task in each subnet for each image, and removes the task definitions. The answers are
 * reports where there is a log, and always codes. */
void launch_by_fargate(struct launch *launch);

/* Removes what was made of a kind, "repository", side by side. */
void launch_remove(struct launch *launch, struct text kind);

/* Finds by its tag what earlier runs left, in this account and Region, and removes it. False: some
 * could not be found or removed; `made` says which, and `end` why nothing could be found. */
bool launch_clean(struct launch *launch);
