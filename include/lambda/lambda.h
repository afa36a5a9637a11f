/* The program as a custom runtime of AWS Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
#pragma once
#include "base/arena.h"
#include <jansson.h>

/* What the runtime runs, each in a process of its own, whose exit code is the result and whose last
 * line on stderr says what was wrong. */
struct lambda {
	/* Finds what is wrong before any event: exit code 0, or another. */
	int (*start)(void);
	/* Makes the check of a command line within that time, which is 0 where there is no limit,
	 * and prints its report. EXIT_USAGE and EXIT_UNABLE are failures of the invocation; every
	 * other code comes with a report. */
	int (*check)(int count, char **words, int64_t within_us);
	/* Prints what an error text of `subject`, which may be empty, means. */
	int (*explain)(struct text subject, struct text error_text);
};

/* Takes events from the API at `api` ("127.0.0.1:9001", of AWS_LAMBDA_RUNTIME_API) and answers
 * each, until a signal comes (0), or what fails leaves nothing to be answered (EXIT_UNABLE, with a
 * line on stderr). */
int lambda_serve(struct text api, const struct lambda *lambda);

/* A piece of work in a process of its own: it may end itself, crash, or take too long, and what it
 * took of memory is given back whole. */
struct child {
	/* asked */
	int (*work)(void *context); /* its result is the exit code */
	void *context;
	int64_t within_us; /* then SIGALRM ends it; 0: whenever it likes */
	size_t out_max;	   /* bytes of stdout that are read */
	/* answered */
	int code;	 /* the exit code; -1 when a signal ended it, or when it could not be run */
	int signal;	 /* which one; 0 when none did */
	struct text out; /* stdout */
	struct text err; /* the last line of stderr, without the program's name */
};

/* Runs it to its end. SIGINT and SIGTERM are handed on to it as SIGTERM. False: it could not be
 * run, or its stdout not be read; `err` says why. */
bool child_run(struct arena *arena, struct child *child);

enum { EVENT_BYTES_MAX = 64 * 1024, EVENT_OPTIONS_MAX = 100 };

/* What an invocation asks for: a check, {"image": "...", "options": ["--timeout", "3"]}; an
 * explanation, {"explain": "TEXT"}; or that of a task that stopped, EventBridge's "ECS Task State
 * Change" (AmazonECS/latest/developerguide/ecs_task_events.html). */
struct event {
	struct text image;    /* empty: PULLPROBE_IMAGE says it */
	struct texts options; /* a word each, as on the command line */
	bool explains;
	struct text subject; /* the task, or empty */
	struct text explain; /* the error text; of a task its reasons, a line each, or empty */
};

/* False for anything else than the forms above, of which a check's keys may both be missing;
 * `complaint` is one line, which repeats nothing of the event. Texts are copied into the arena. */
bool event_read(struct arena *arena, struct text json, struct event *out, struct text *complaint);

/* The command line of that check, its report as JSON on stdout; the list ends with NULL. */
char **event_words(struct arena *arena, const struct event *event, int *count);

/* The metrics of a report, in CloudWatch's embedded metric format; the caller owns the result. */
json_t *metrics_of(const json_t *report);
