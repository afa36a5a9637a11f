/* What a task's start needs, read from a task definition. */
#pragma once
#include "model/lists.h"
#include "model/target.h"

/* the ephemeral storage of a Fargate task that asks for none, in bytes
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
#define FARGATE_STORAGE (INT64_C(20) << 30)

enum { TASK_BYTES_MAX = 1024 * 1024, TASK_NEEDS_MAX = 200, TASK_CONTAINERS_MAX = 100 };

/* One thing that the start asks of a service. All names are of the letters that AWS allows, so
 * they can be printed and pasted as they are. */
struct task_need {
	enum endpoint_kind endpoint; /* SECRETSMANAGER, SSM, ENVFILE or LOGS */
	struct text region;	     /* empty: the task's own */
	struct text name;	     /* a secret's ARN, a parameter's name or ARN, a log group, an
					object's key in its percent-encoded form */
	struct text bucket;	     /* of ENVFILE */
	struct text stage;	     /* of a secret's version; empty: the current one */
	struct text version;	     /* the same by its id */
	struct text stream;	     /* of LOGS: what the stream's name begins with */
	bool creates;		     /* of LOGS: the start makes the group (awslogs-create-group) */
	struct text mistake;	     /* why the start cannot even ask; empty: it can */
};

struct task {
	struct text image; /* of the first essential container */
	struct texts other_images;
	bool has_platform;
	struct platform platform; /* runtimePlatform */
	struct text region;	  /* of taskDefinitionArn; empty where it has none */
	struct text execution_role;
	int64_t storage; /* ephemeral storage in bytes: what it asks for, or Fargate's default */
	struct task_need *needs;
	size_t need_count;
	struct texts unchecked; /* what else the start needs, in words */
};

/* Reads what RegisterTaskDefinition takes or DescribeTaskDefinition gives ({"taskDefinition":...}).
 * False: `complaint` is one line.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
bool task_parse(struct arena *arena, struct text json, struct task *out, struct text *complaint);

struct task_call {
	struct text action;  /* "logs:CreateLogStream": as policies name it */
	struct text service; /* of the signature */
	struct text target;  /* the X-Amz-Target header; empty: a GET of S3 */
	struct text body;
};

/* `unique` tells our log stream from those of tasks. */
struct task_call task_call_of(
	struct arena *arena, const struct task_need *need, struct text unique);

/* GetParameters answers 200 for a parameter that is not there, and names it. */
bool task_parameter_is_missing(struct text json);
