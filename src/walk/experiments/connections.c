/* Experiments on connections: is it the address, the source port, or every way out? */
#include "walk/experiments.h"
#include "walk/stages.h"
#include <unistd.h>

enum { RETRY = 8, CONTROLS_MAX = 2, TRIALS_MAX = 13 };

/* Source ports spread over what network ACLs leave open or not: the Linux range 32768-60999, the
 * NAT gateways' and Windows' lower ones. Two of each, since loss knows no range and a list of
 * ranges does not part neighbours often.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
static const uint16_t source_ports[RETRY] = {1025, 2025, 20011, 24011, 33001, 45001, 61001, 63001};

static bool close_settled(struct dial *dials, size_t count)
{
	bool open = false;
	for (size_t i = 0; i < count; i++) {
		open |= dials[i].pending != NULL;
		if (!dials[i].pending && dials[i].fd >= 0) {
			close(dials[i].fd);
			dials[i].fd = -1;
		}
	}
	return !open;
}

void record_dial(
	struct probe *probe, enum endpoint_kind kind, struct text host, const struct dial *dial)
{
	struct step *step = record(probe, STAGE_TCP, kind, host, dial->symptom, dial->detail,
		dial->began_us, dial->took_us);
	step->peer = address_peer(probe->arena, &dial->to);
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_HOP, address_text(probe->arena, &dial->hop));
}

/* the same address again ------------------------------------------------------------------- */

struct dial_trial {
	struct trial trial;
	struct dial dials[RETRY + 1]; /* and to S3's port 80 */
	size_t count;
};

static void dial_begin_all(struct probe *probe, struct trial *trial)
{
	struct dial_trial *again = (struct dial_trial *)trial;
	probe->net->connect(probe->net, again->dials, again->count, trial->until_us);
}

static bool dial_work(struct probe *probe, struct trial *trial)
{
	struct dial_trial *again = (struct dial_trial *)trial;
	(void)probe;
	return close_settled(again->dials, again->count);
}

static void dial_write(struct probe *probe, struct trial *trial)
{
	const struct dial_trial *again = (struct dial_trial *)trial;
	const struct step failed = probe->evidence->steps[trial->follows];
	const struct dial *dials = again->dials, *shown = &dials[0];
	struct texts passed = {0}, lost = {0};
	for (size_t i = 0; i < RETRY; i++) {
		bool ok = dials[i].symptom == SYMPTOM_NONE;
		texts_add(probe->arena, ok ? &passed : &lost,
			text_format(probe->arena, "%u", (unsigned)dials[i].source_port));
		if (ok)
			shown = &dials[i];
	}
	write_as(probe, EXPERIMENT_TCP_RETRY, trial->follows);
	struct step *step = record(probe, STAGE_TCP, failed.endpoint, failed.host, shown->symptom,
		shown->detail, shown->began_us, shown->took_us);
	step->peer = failed.peer;
	step_counted(probe->arena, step, FACT_TRIES, RETRY);
	step_counted(probe->arena, step, FACT_PASSED_TRIES, (int64_t)passed.count);
	saw_list(probe, step, FACT_PASSED_PORTS, passed);
	saw_list(probe, step, FACT_FAILED_PORTS, lost);
	if (again->count == RETRY)
		return;
	write_as(probe, EXPERIMENT_TCP_PORT_80, trial->follows);
	record_dial(probe, failed.endpoint, failed.host, &dials[RETRY]);
}

/* Of our endpoints only S3 serves plain http. */
static bool has_port_80(
	const struct probe *probe, const struct endpoint_state *state, const struct dial *dial)
{
	const struct address *first = first_address(probe, state);
	return is_private_ecr(probe) && state->endpoint.kind == ENDPOINT_S3 &&
		state->reached.family == 0 && first && address_equal(first, &dial->to);
}

/* other hosts, once in a run --------------------------------------------------------------- */

struct control_trial {
	struct trial trial;
	enum experiment experiments[CONTROLS_MAX];
	struct query names[CONTROLS_MAX];
	struct dial dials[CONTROLS_MAX]; /* each begun when its name has an address */
	size_t count;
};

static void control_begin(struct probe *probe, struct trial *trial)
{
	struct control_trial *control = (struct control_trial *)trial;
	if (probe->resolvers.count)
		probe->net->resolve(probe->net, control->names, control->count, trial->until_us);
}

static bool control_work(struct probe *probe, struct trial *trial)
{
	struct control_trial *control = (struct control_trial *)trial;
	bool waits = false;
	for (size_t i = 0; i < control->count; i++) {
		struct query *name = &control->names[i];
		struct dial *dial = &control->dials[i];
		if (!name->pending && name->symptom == SYMPTOM_NONE && !dial->to.family) {
			dial->to = name->addresses.at[0];
			dial->to.port = 443;
			probe->net->connect(probe->net, dial, 1, trial->until_us);
		}
		waits |= name->pending != NULL;
	}
	return close_settled(control->dials, control->count) && !waits;
}

static void control_write(struct probe *probe, struct trial *trial)
{
	const struct control_trial *control = (struct control_trial *)trial;
	for (size_t i = 0; i < control->count; i++) {
		const struct query *name = &control->names[i];
		write_as(probe, control->experiments[i], trial->follows);
		if (control->dials[i].to.family)
			record_dial(probe, ENDPOINT_CONTROL, name->name, &control->dials[i]);
		else
			record(probe, STAGE_TCP, ENDPOINT_CONTROL, name->name, name->symptom,
				name->detail, 0, 0);
	}
}

/* Hosts that no VPC endpoint serves, by partition; where none is known, none is asked. */
static struct text public_host(const struct target *target)
{
	struct text partition = target->partition ? target->partition->name : T("aws");
	if (text_equal(partition, T("aws")) || text_equal(partition, T("aws-us-gov")))
		return T("public.ecr.aws");
	return text_equal(partition, T("aws-cn")) ? T("www.amazonaws.cn") : T("");
}

static void add_control(struct probe *probe, struct control_trial *control,
	enum experiment experiment, struct text host)
{
	if (host.len == 0)
		return;
	control->experiments[control->count] = experiment;
	control->dials[control->count].fd = -1;
	control->names[control->count++] = (struct query){.name = host,
		.record = record_of(probe),
		.server = probe->resolvers.count ? probe->resolvers.at[0] : (struct address){0},
		.symptom = SYMPTOM_LOCAL};
}

static struct trial *begin_controls(struct probe *probe, int64_t since_us)
{
	struct control_trial *control = arena_new(probe->arena, struct control_trial, 1);
	const struct target *target = probe->target;
	bool over_ipv6 = record_of(probe) == RECORD_AAAA;
	struct trials whole_run = {0};
	control->trial.begin = control_begin;
	control->trial.work = control_work;
	control->trial.write = control_write;
	if (target->partition)
		add_control(probe, control, EXPERIMENT_TCP_CONTROL_S3,
			text_format(probe->arena, "s3.%s%.*s.%.*s", over_ipv6 ? "dualstack." : "",
				TEXT(target->region), TEXT(target->partition->suffix)));
	add_control(probe, control, EXPERIMENT_TCP_CONTROL_PUBLIC,
		over_ipv6 ? T("ecr-public.aws.com") : public_host(target));
	trial_begin(probe, &whole_run, &control->trial, since_us);
	return &control->trial;
}

void try_connection(struct probe *probe, struct trials *trials, const struct endpoint_state *state,
	const struct dial *dial)
{
	struct dial_trial *again = arena_new(probe->arena, struct dial_trial, 1);
	trials->begun = true;
	if (!probe->controls)
		probe->controls = begin_controls(probe, dial->began_us);
	if (probe->dial_trials == TRIALS_MAX)
		return;
	/* a port no client of ours uses, moved on for each so that none is used twice */
	uint16_t shift = (uint16_t)(++probe->dial_trials * 7);
	again->trial.begin = dial_begin_all;
	again->trial.work = dial_work;
	again->trial.write = dial_write;
	for (size_t i = 0; i < RETRY; i++)
		again->dials[again->count++] = (struct dial){.to = dial->to,
			.source_port = (uint16_t)(source_ports[i] + shift),
			.fd = -1};
	if (has_port_80(probe, state, dial)) {
		again->dials[again->count] = (struct dial){.to = dial->to, .fd = -1};
		again->dials[again->count++].to.port = 80;
	}
	trial_begin(probe, trials, &again->trial, dial->began_us);
}
