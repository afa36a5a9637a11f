/* Calls of AWS's control plane: a row for each, in the file of its service. A row says how the call
 * is asked and what is read of its answer; src/cloud/call.c does the rest for all of them. The IAM
 * policy and the manual's list are made of the rows. */
#pragma once
#include "model/aws.h"
#include "model/hosts.h"
#include "model/read.h"
#include "model/vpc.h"
#include "net/net.h"
#include "walk/caller.h"

enum service {
	SERVICE_ECS,
	SERVICE_EC2,
	SERVICE_RESOLVER,
	SERVICE_IAM,
	SERVICE_ECR,
	SERVICE_STS,
	SERVICE_ROUTE53,
	SERVICE_SSO,
	SERVICE_LAMBDA,
	SERVICE_LOGS,
	SERVICE_TAGGING,
	SERVICE_COUNT,
};

/* https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
enum wire {
	WIRE_JSON,  /* AWS JSON 1.1 */
	WIRE_QUERY, /* a form, answered in XML */
	WIRE_REST,  /* GET with a query, answered in JSON */
	WIRE_REST_XML,
	WIRE_FUNCTION, /* Lambda's: the method by the call's name, the function in the path, JSON */
};

struct service_row {
	const char *name;     /* signed for, and before the colon of IAM actions */
	const char *variable; /* names another URL */
	const char *host;     /* before the Region and the suffix: "api.ecr" */
	enum wire wire;
	const char *version; /* of WIRE_QUERY; before the dot of X-Amz-Target of WIRE_JSON; the
				path of WIRE_REST and WIRE_FUNCTION */
	bool global;	     /* signed for the partition's implicit Region */
};

const struct service_row *service_row(enum service service);

/* how a parameter is written */
enum parameter_form {
	PARAMETER_ONE,	  /* one value */
	PARAMETER_MANY,	  /* a list of values: "SubnetId.1" in a form */
	PARAMETER_FILTER, /* the name of a filter, and its values */
	PARAMETER_MEMBER, /* "list/member": a list of objects that have that one member */
	PARAMETER_TRUE,	  /* of JSON: true, whatever the value */
	PARAMETER_TAG,	  /* of a form: a list of one tag, CLOUD_TAG, with the value */
};

struct parameter {
	const char *name; /* NULL: none */
	enum parameter_form form;
};

enum { CALL_PARAMETERS = 4, CALL_VALUES = 100 };

/* what else is true of a call, as bits */
enum call_trait {
	CALL_UNSIGNED = 1,
	CALL_CHANGES = 2,  /* it makes or removes something, or runs a probe */
	CALL_LAMBDA = 4,   /* of launch by Lambda alone, or */
	CALL_FARGATE = 8,  /* by Fargate; without both it reads, for inspect too */
	CALL_PUSH = 32,	   /* of push, and of launch by Fargate without --probe */
	CALL_REPEATS = 64, /* the token of the last page is that of the page itself */
	CALL_WAITS = 16,   /* a conflict means "not yet": the function is pending */
};

struct call_row {
	enum service service;
	const char *name;    /* of the operation */
	const char *action;  /* IAM's, where it is not "service:Name"; "": none is needed */
	const char *purpose; /* what it is read for: "Subnets and their VPC" */
	struct parameter parameters[CALL_PARAMETERS];
	const char *list;		/* path of what `reads` describes; see model/read.h */
	const struct read_table *reads; /* NULL: the caller reads `answer` itself */
	const char *next;      /* the answer's key of the next page's token; NULL: one page */
	const char *send_next; /* the request's */
	unsigned traits;       /* bits of enum call_trait */
	int part;	       /* of a configuration, whose `calls` tell of it; -1: none */
};

/* every row of every service, in the order of their files; NULL after the last */
const struct call_row *call_row_at(size_t index);

/* "ec2:DescribeSubnets"; the IAM action may differ, and be empty */
struct text call_name(struct arena *arena, const struct call_row *row);
struct text call_action(struct arena *arena, const struct call_row *row);

struct call {
	/* asked */
	const struct call_row *row;
	struct texts values[CALL_PARAMETERS]; /* of the row's parameters; empty ones are left out */
	struct text body;		      /* JSON that is sent in place of them; or empty */
	struct text code;    /* base64, which goes into the body's empty "ZipFile"; or empty */
	int64_t patience_us; /* longest silence; 0: the cloud's */
	struct texts about;  /* as told in the `calls` of */
	struct vpc_configuration *configuration; /* or NULL */
	struct text region;			 /* another than the cloud's; or empty */
	void *into; /* a struct vpc_list, to which elements are added; or the struct itself */
	const struct header *send; /* besides; NULL: none */
	/* answered */
	enum symptom symptom; /* NONE: answered whole; DENIED, UNAUTHENTICATED ... */
	bool absent;	      /* "there is no such thing": symptom is NONE, and nothing was read */
	struct aws_error error;
	struct text answer; /* the last page's body */
	/* while it runs */
	bool settled;
	bool begun; /* `exchange` is under way, or was and has not been looked at */
	struct exchange exchange;
	struct text token; /* of the next page */
	size_t pages, attempts;
	int64_t ready_us; /* when it may be tried next */
};

struct calls {
	struct call *at;
	size_t count;
};

/* where a service is, in a Region */
struct service_place {
	enum service service;
	struct text region;
	struct text url; /* without a path */
	struct addresses addresses;
	struct text signed_region; /* that is signed for */
	struct text error;	   /* why it cannot be asked; or empty */
};

/* a Region of its own for each of a subject's images */
enum { PLACES_MAX = SERVICE_COUNT + 16 };

struct cloud {
	struct arena *arena;
	struct net *net;
	struct environment environment;
	const struct trust *trust;
	struct addresses resolvers;
	struct text region;
	const struct partition *partition;
	struct text endpoint_urls, endpoint_url; /* of the profile: its section of services, and for
						    all of them; or empty */
	struct credentials credentials;		 /* secrets */
	int64_t timeout_us;			 /* longest wait for one answer */
	int64_t end_us;				 /* clock_us() at which all ends */
	struct service_place places[PLACES_MAX];
	size_t place_count;
	bool dry_run;	      /* calls that change something are listed, and not made */
	struct texts instead; /* a line each */
};

/* what the command line says of it */
struct cloud_options {
	struct text profile;	 /* --profile; empty: AWS_PROFILE, or "default" */
	struct text region;	 /* --region, or AWS_REGION; empty: by the profile */
	struct text last_region; /* where nothing else names one: the image's; or empty */
	struct text role_arn;	 /* --role-arn; empty: none */
};

/* Finds the Region and the credentials: the walk's sources, and besides them those of a person: a
 * cached IAM Identity Center token and credential_process. The program ends (exit 3) where there
 * are none, and (exit 2) where no Region is named. `walk` says whom to trust and how long to wait.
 */
void cloud_begin(struct cloud *cloud, struct arena *arena, struct net *net,
	const struct cloud_options *options, const struct walk_options *walk);

/* the tag of all that is made, with the run as its value */
#define CLOUD_TAG "pullprobe:run"

/* Appends a call to a batch; valid until the next addition. */
struct call *calls_add(struct cloud *cloud, struct calls *calls, const struct call_row *row);

/* Makes the calls side by side, all pages of each, and waits out what throttles: full jitter,
 * min(2^(n-1), 20) seconds. Every call is settled then. */
void calls_run(struct cloud *cloud, struct calls *calls);

/* a call with the values of its first parameters, one each; empty ones are left out */
struct call call_of(struct cloud *cloud, const struct call_row *row, void *into, struct text first,
	struct text second, struct text third);

/* what `calls` of a configuration, or `unread` of a survey, tells of a settled call */
struct vpc_call call_noted(struct arena *arena, const struct call *call);

/* A step of calls that may be at different points: begins those that are ready, and waits until one
 * settles, or is ready to be tried. Their services must have been found. They must stay where they
 * are. False when all are settled. */
bool calls_step(struct cloud *cloud, struct call **calls, size_t count);

/* Finds where the services of a batch are, those that are not known yet; and where that of a call
 * is, NULL before it was looked for. */
void places_find(struct cloud *cloud, const struct calls *calls);
const struct service_place *place_of(const struct cloud *cloud, const struct call *call);

/* one call alone; false unless it was answered */
bool call_run(struct cloud *cloud, struct call *call);

/* a list of one text */
struct texts one_text(struct arena *arena, struct text t);
