/* The verb launch. */
#pragma once
#include "cloud/launch.h"
#include "inspect.h"

/* The verb: one subject, or each of --subjects. */
int launch(
	struct arena *arena, const struct options *options, const struct environment *environment);

/* Sends a probe into every subnet of the subject at once, and does all that inspect does; or, with
 * --clean, removes what earlier runs left. */
int launch_subject(
	struct arena *arena, const struct options *options, const struct environment *environment);

/* a run, and what is seen of it */
struct view {
	struct arena *arena;
	const struct options *options;
	struct survey *survey;
	struct launch launch;
	struct text executable;
	/* on a terminal */
	size_t rows;	     /* of it; 0: no terminal, or too few for a line each */
	struct text *states; /* of the probes */
	bool drawn;
};

/* A line a subnet that changes; or, on a pipe, a line an event. */
void view_show(struct view *view, size_t index, struct text what);

/* Gives the answers of a probe to the elements of its subnet, an image each. */
void view_take(struct view *view, size_t index);

/* Sends the probes as Fargate tasks. False: none of them is left to Lambda. */
bool launch_tasks(struct view *view);
