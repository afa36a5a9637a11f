/* A network ACL that opens part of the ephemeral ports lets a connection pass or not by its source
 * port alone, so the ports of all connections through it form ranges that pass and ranges that
 * fail. Loss knows no ports. */
#include "diagnose/context.h"

enum { POINTS_MAX = 256 };

struct point {
	int64_t port;
	bool passed;
};

struct points {
	struct point at[POINTS_MAX];
	size_t count;
	size_t passed;
	bool contradict; /* one port both passed and failed */
};

/* keeps the points in the order of their ports */
static void add_point(struct points *points, int64_t port, bool passed)
{
	if (port <= 0 || points->count == POINTS_MAX)
		return;
	size_t at = points->count;
	while (at > 0 && points->at[at - 1].port > port) {
		points->at[at] = points->at[at - 1];
		at--;
	}
	if (at > 0 && points->at[at - 1].port == port && points->at[at - 1].passed != passed)
		points->contradict = true;
	points->at[at] = (struct point){.port = port, .passed = passed};
	points->count++;
	points->passed += passed;
}

static void add_points(struct points *points, struct texts ports, bool passed)
{
	int64_t port;
	for (size_t i = 0; i < ports.count; i++)
		if (text_number(ports.at[i], &port))
			add_point(points, port, passed);
}

/* Connections inside the own subnet meet no network ACL, and other families others. */
static bool is_comparable(
	const struct context *context, const struct step *step, const struct step *other)
{
	if (other->stage != STAGE_TCP || context_peer(other).family != context_peer(step).family)
		return false;
	if (text_same(other->host, step->host))
		return true;
	bool near = peer_location(context, step) & PEER_NEAR;
	bool other_near = peer_location(context, other) & PEER_NEAR;
	return near == other_near && !peer_is_in_subnet(context, other);
}

/* the connections that can be compared with the step's; none where all its tries failed */
static struct points collect(const struct context *context, const struct step *step)
{
	struct points points = {.count = 0};
	if (!context_tried(context, step, EXPERIMENT_TCP_RETRY, OUTCOME_PASSED))
		return points;
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *other = &context->evidence->steps[i];
		struct address local;
		if (!is_comparable(context, step, other))
			continue;
		if (other->experiment == EXPERIMENT_TCP_RETRY) {
			add_points(&points, seen_list(other, FACT_PASSED_PORTS), true);
			add_points(&points, seen_list(other, FACT_FAILED_PORTS), false);
		} else if (address_parse(seen_text(other, FACT_LOCAL), &local)) {
			bool passed = other->outcome == OUTCOME_PASSED;
			if (passed || other->symptom == SYMPTOM_TIMEOUT)
				add_point(&points, local.port, passed);
		}
	}
	return points;
}

static size_t changes(const struct points *points)
{
	size_t count = 0;
	for (size_t i = 1; i < points->count; i++)
		count += points->at[i].passed != points->at[i - 1].passed;
	return count;
}

/* A connection that passed after a second or more did so by a repeated SYN (RFC 6298): loss. */
static bool some_pass_late(const struct context *context)
{
	for (size_t i = 0; i < context->evidence->count; i++) {
		const struct step *step = &context->evidence->steps[i];
		if (step->stage == STAGE_TCP && step->outcome == OUTCOME_PASSED &&
			step->experiment != EXPERIMENT_TCP_RETRY && step->took_us >= 900000)
			return true;
	}
	return false;
}

/* Passing and failing ports form ranges, with at most `most` changes from passing to failing or
 * back. */
static bool stands_apart(const struct points *points, size_t most)
{
	return !points->contradict && points->passed && points->passed < points->count &&
		changes(points) <= most;
}

/* Loss that fails half of all connections, each of several SYNs, lets most of the others pass
 * late; and it leaves twelve tries with one change once in two hundred, sixteen with two once in
 * three hundred. */
bool ports_tell_a_range(const struct context *context, const struct step *step)
{
	struct points points = collect(context, step);
	bool enough = points.passed >= 3 && points.count >= points.passed + 3;
	return enough && !some_pass_late(context) &&
		((points.count >= 12 && stands_apart(&points, 1)) ||
			(points.count >= 16 && stands_apart(&points, 2)));
}

bool ports_hint_a_range(const struct context *context, const struct step *step)
{
	struct points points = collect(context, step);
	const struct step *retry = context_experiment(context, step, EXPERIMENT_TCP_RETRY);
	return points.count && !some_pass_late(context) && stands_apart(&points, 2) &&
		seen_list(retry, FACT_FAILED_PORTS).count;
}

bool ports_deny_a_range(const struct context *context, const struct step *step)
{
	struct points points = collect(context, step);
	return points.contradict || changes(&points) > 2;
}
