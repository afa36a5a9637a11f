/* The call by which a task's start asks for one of its needs. */
#pragma once
#include "model/task.h"

struct task_call {
	struct text action;  /* "logs:CreateLogStream": as policies name it */
	struct text service; /* whom it is signed for */
	struct text target;  /* the X-Amz-Target header; empty: a GET of S3 */
	struct text body;
};

/* `unique` tells our log stream from those of tasks. */
struct task_call task_call_of(
	struct arena *arena, const struct task_need *need, struct text unique);

/* GetParameters answers 200 for a parameter that is not there, and names it. */
bool task_parameter_is_missing(struct text json);
