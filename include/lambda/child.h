/* A piece of work in a process of its own: it may end itself, crash, or take too long, and what it
 * took of memory is given back whole. */
#pragma once
#include "base/arena.h"

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
