/* Experiments on connections: is it the address, the source port, or every way out? */
#include "walk/experiments.h"
#include "walk/stages.h"
#include <unistd.h>

enum { RETRY = 8, CONTROLS_MAX = 3, DIALS_MAX = 128 };

/* Source ports spread over what network ACLs leave open or not: the Linux range 32768-60999, the
 * NAT gateways' and Windows' lower ones. Two of each, since loss knows no range and a list of
 * ranges does not part neighbours often.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
static const uint16_t source_ports[RETRY] = {1025, 2025, 20011, 24011, 33001, 45001, 61001, 63001};

struct control {
	enum experiment experiment;
	struct text host;
	uint16_t port;
	struct address address;
	enum symptom symptom; /* of its name */
	struct text detail;
};

struct round {
	struct dial dials[DIALS_MAX];
	size_t count;
	size_t failed[DIALS_MAX / RETRY]; /* the steps that are tried again, AGAIN dials each */
	size_t failed_count;
	struct control controls[CONTROLS_MAX];
	size_t control_count;
	size_t control_dials[CONTROLS_MAX]; /* their dials; DIALS_MAX: none */
};

static void plan_retry(struct round *round, size_t index, const struct step *step)
{
	struct address to;
	/* room for the controls and the other answers stays */
	if (round->count + RETRY + CONTROLS_MAX + VIEWS_MAX > DIALS_MAX ||
		!address_parse(step->peer, &to))
		return;
	round->failed[round->failed_count++] = index;
	/* a port no client of ours uses, moved on for each step so that none is used twice */
	uint16_t shift = (uint16_t)(round->failed_count * 7);
	for (size_t i = 0; i < RETRY; i++)
		round->dials[round->count++] = (struct dial){
			.to = to, .source_port = (uint16_t)(source_ports[i] + shift), .fd = -1};
}

/* Hosts that no VPC endpoint serves, by partition; where none is known, none is asked. */
static struct text public_host(const struct target *target)
{
	struct text partition = target->partition ? target->partition->name : T("aws");
	if (text_equal(partition, T("aws")) || text_equal(partition, T("aws-us-gov")))
		return T("public.ecr.aws");
	return text_equal(partition, T("aws-cn")) ? T("www.amazonaws.cn") : T("");
}

static void add_control(
	struct round *round, enum experiment experiment, struct text host, uint16_t port)
{
	if (host.len)
		round->controls[round->control_count++] = (struct control){
			.experiment = experiment, .host = host, .port = port};
}

static void plan_controls(struct probe *probe, struct round *round)
{
	const struct target *target = probe->target;
	const struct endpoint_state *s3 = state_of(probe, ENDPOINT_S3);
	bool over_ipv6 = record_of(probe) == RECORD_AAAA;
	if (target->partition)
		add_control(round, EXPERIMENT_TCP_CONTROL_S3,
			text_format(probe->arena, "s3.%s%.*s.%.*s", over_ipv6 ? "dualstack." : "",
				TEXT(target->region), TEXT(target->partition->suffix)),
			443);
	add_control(round, EXPERIMENT_TCP_CONTROL_PUBLIC,
		over_ipv6 ? T("ecr-public.aws.com") : public_host(target), 443);
	/* of our endpoints only S3 serves plain http */
	if (is_private_ecr(probe) && s3 && s3->addresses.count && s3->reached.family == 0)
		add_control(round, EXPERIMENT_TCP_PORT_80, s3->endpoint.host, 80);
}

static void resolve_controls(struct probe *probe, struct round *round, int64_t until_us)
{
	struct query queries[CONTROLS_MAX] = {0};
	if (probe->resolvers.count == 0)
		return;
	for (size_t i = 0; i < round->control_count; i++)
		queries[i] = (struct query){.name = round->controls[i].host,
			.record = record_of(probe),
			.server = probe->resolvers.at[0]};
	net_resolve(probe->net, queries, round->control_count, until_us);
	for (size_t i = 0; i < round->control_count; i++) {
		struct control *control = &round->controls[i];
		control->symptom = queries[i].symptom;
		control->detail = queries[i].detail;
		if (control->symptom == SYMPTOM_NONE)
			control->address = queries[i].addresses.at[0];
		control->address.port = control->port;
	}
}

static void dial_controls(struct round *round)
{
	for (size_t i = 0; i < round->control_count; i++) {
		round->control_dials[i] = DIALS_MAX;
		if (round->controls[i].symptom != SYMPTOM_NONE ||
			round->controls[i].address.family == 0)
			continue;
		round->control_dials[i] = round->count;
		round->dials[round->count++] = (struct dial){
			.to = round->controls[i].address, .fd = -1};
	}
}

static void record_retry(struct probe *probe, const struct round *round, size_t which)
{
	size_t follows = round->failed[which];
	const struct step failed = probe->evidence->steps[follows];
	const struct dial *dials = round->dials + which * RETRY;
	struct texts passed = {0};
	struct texts lost = {0};
	const struct dial *shown = &dials[0];
	for (size_t i = 0; i < RETRY; i++) {
		bool ok = dials[i].symptom == SYMPTOM_NONE;
		texts_add(probe->arena, ok ? &passed : &lost,
			text_format(probe->arena, "%u", (unsigned)dials[i].source_port));
		if (ok)
			shown = &dials[i];
	}
	struct step *step = record(probe, STAGE_TCP, failed.endpoint, failed.host, shown->symptom,
		shown->detail, shown->began_us, shown->took_us);
	mark_experiment(step, EXPERIMENT_TCP_RETRY, follows);
	step->peer = failed.peer;
	step_counted(probe->arena, step, FACT_TRIES, RETRY);
	step_counted(probe->arena, step, FACT_PASSED_TRIES, (int64_t)passed.count);
	saw_list(probe, step, FACT_PASSED_PORTS, passed);
	saw_list(probe, step, FACT_FAILED_PORTS, lost);
}

static void record_control(
	struct probe *probe, const struct round *round, size_t which, size_t follows)
{
	const struct control *control = &round->controls[which];
	size_t at = round->control_dials[which];
	const struct dial *dial = at < DIALS_MAX ? &round->dials[at] : NULL;
	bool own = control->experiment == EXPERIMENT_TCP_PORT_80;
	struct step *step = record(probe, STAGE_TCP, own ? ENDPOINT_S3 : ENDPOINT_CONTROL,
		control->host, dial ? dial->symptom : control->symptom,
		dial ? dial->detail : control->detail, dial ? dial->began_us : 0,
		dial ? dial->took_us : 0);
	mark_experiment(step, control->experiment, follows);
	if (!dial)
		return;
	step->peer = address_peer(probe->arena, &dial->to);
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_HOP, address_text(probe->arena, &dial->hop));
}

static void close_all(struct round *round)
{
	for (size_t i = 0; i < round->count; i++)
		if (round->dials[i].fd >= 0)
			close(round->dials[i].fd);
}

/* Silence calls for all of it; a filter or router that answers has already said who it is. */
static bool calls_for_more(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED && step->symptom == SYMPTOM_TIMEOUT;
}

void follow_tcp(struct probe *probe, size_t from)
{
	struct round *round = arena_new(probe->arena, struct round, 1);
	size_t count = probe->evidence->count;
	follow_missing_ipv6(probe, from);
	for (size_t i = from; i < count; i++)
		if (calls_for_more(&probe->evidence->steps[i]))
			plan_retry(round, i, &probe->evidence->steps[i]);
	if (round->failed_count == 0)
		return;
	/* names and connections together are one wait */
	int64_t until_us = wait_until(probe);
	struct split_horizon *split_horizon = arena_new(probe->arena, struct split_horizon, 1);
	split_horizon_ask(probe, split_horizon, from, until_us);
	plan_controls(probe, round);
	resolve_controls(probe, round, until_us);
	dial_controls(round);
	size_t split_horizon_at = round->count;
	round->count += split_horizon_plan(split_horizon, round->dials + split_horizon_at);
	net_connect(probe->net, round->dials, round->count, until_us);
	for (size_t i = 0; i < round->failed_count; i++)
		record_retry(probe, round, i);
	for (size_t i = 0; i < round->control_count; i++)
		record_control(probe, round, i, round->failed[0]);
	split_horizon_record(probe, split_horizon, round->dials + split_horizon_at);
	close_all(round);
}
