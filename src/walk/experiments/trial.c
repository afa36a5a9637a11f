/* How experiments begin and end: beside the stages, bounded in time, and gone without a trace when
 * what they are about answers after all. */
#include "walk/experiments.h"
#include <unistd.h>

/* Of --timeout: how much longer than what it is about an experiment may take. */
enum { LONGER_PART = 20 };

struct trial *trial_make(struct probe *probe, struct trial **of)
{
	if (*of || time_is_up(probe))
		return NULL;
	*of = arena_new(probe->arena, struct trial, 1);
	(*of)->follows = NO_STEP;
	return *of;
}

struct try *trial_add(struct trial *trial, enum experiment experiment, unsigned asks)
{
	struct try *try = &trial->tries[trial->count++];
	try->experiment = experiment;
	try->wants = try->asks = asks;
	try->dial.fd = try->handshake.fd = -1;
	return try;
}

/* what is tried --------------------------------------------------------------------------- */

/* a connection that no handshake took */
static void close_dial(struct try *try)
{
	if (!try->dial.pending && try->dial.fd >= 0)
		close(try->dial.fd);
	if (!try->dial.pending)
		try->dial.fd = -1;
}

static void begin_part(struct probe *probe, struct trial *trial, struct try *try, unsigned part)
{
	struct net *net = probe->net;
	int64_t idle_us = try->idle_us ? try->idle_us : probe->options->timeout_us;
	bool by_name = !try->dial.to.family && try->query.addresses.count;
	if (part == ASK_CONNECTION && by_name) {
		try->dial.to = try->query.addresses.at[0];
		try->dial.to.port = 443;
	}
	if (part == ASK_NAME) {
		net->resolve(net, &try->query, 1, trial->until_us);
	} else if (part == ASK_CONNECTION && try->dial.to.family) {
		net->connect(net, &try->dial, 1, trial->until_us);
	} else if (part == ASK_HANDSHAKE) {
		try->handshake.fd = try->dial.fd;
		try->dial.fd = -1;
		net->handshake(net, &try->handshake, 1, trial->until_us);
	} else if (part == ASK_REQUEST) {
		net->send(net, &try->exchange, 1, idle_us, trial->until_us);
	}
}

static bool is_open(const struct try *try)
{
	return try->query.pending || try->dial.pending || try->handshake.pending ||
		try->exchange.pending;
}

/* what it waits for has come, or never will */
static bool may_begin(const struct try *try)
{
	const struct endpoint_state *state = try->state;
	return !(try->after && (try->after->asks || is_open(try->after))) &&
		!(state && try->asks & ASK_REQUEST && state->stage <= STAGE_TCP &&
			!state_done(state));
}

/* Begins what can be begun by now. True: all has settled. */
static bool try_advance(struct probe *probe, struct trial *trial, struct try *try)
{
	while (!is_open(try)) {
		if (try->asks && !may_begin(try))
			return false;
		if (try->asks && try->prepare && !try->prepare(probe, try)) {
			try->experiment = EXPERIMENT_NONE;
			try->asks = 0;
		}
		unsigned part = try->asks & -try->asks; /* the lowest */
		if (part != ASK_HANDSHAKE)
			close_dial(try);
		if (!part)
			return true;
		try->asks -= part;
		begin_part(probe, trial, try, part);
	}
	return false;
}

/* what is written down -------------------------------------------------------------------- */

static struct step *record_query_try(
	struct probe *probe, enum endpoint_kind kind, const struct try *try)
{
	const struct query *query = &try->query;
	struct step *step = record(probe, STAGE_DNS, kind, query->name, query->symptom,
		query->detail, query->began_us, query->took_us);
	step->peer = address_peer(probe->arena, &query->server);
	saw(probe, step, FACT_SERVER, address_text(probe->arena, &query->server));
	saw(probe, step, FACT_TRANSPORT, query->tcp ? T("tcp") : T("udp"));
	saw(probe, step, FACT_RECORD, query->record == RECORD_A ? T("A") : T("AAAA"));
	saw_list(probe, step, FACT_ADDRESSES, address_texts(probe->arena, &query->addresses));
	saw_list(probe, step, FACT_CNAMES, query->cnames);
	return step;
}

struct step *record_handshake(struct probe *probe, enum endpoint_kind kind, struct text host,
	const struct address *peer, const struct handshake *handshake)
{
	struct step *step = record(probe, STAGE_TLS, kind, host, handshake->symptom,
		handshake->detail, handshake->began_us, handshake->took_us);
	step->peer = address_peer(probe->arena, peer);
	saw(probe, step, FACT_SENT_NAME, handshake->send_name);
	step_counted(probe->arena, step, FACT_HELLO_BYTES, handshake->hello_bytes);
	step_counted(probe->arena, step, FACT_PEER_BYTES, handshake->peer_bytes);
	saw(probe, step, FACT_VERSION, handshake->version);
	saw(probe, step, FACT_SUBJECT, handshake->subject);
	saw(probe, step, FACT_ISSUER, handshake->issuer);
	saw(probe, step, FACT_ALERT, handshake->alert);
	return step;
}

static struct step *record_request(struct probe *probe, enum stage stage, enum endpoint_kind kind,
	struct text host, const struct try *try)
{
	const struct exchange *exchange = &try->exchange;
	struct verdict verdict = {.symptom = exchange->symptom, .detail = exchange->detail};
	/* its own limit is no deadline of the run */
	if (exchange->symptom == SYMPTOM_DEADLINE && !time_is_up(probe))
		verdict.symptom = exchange->status ? SYMPTOM_STALLED : SYMPTOM_TIMEOUT;
	else if (try->judge)
		verdict = try->judge(probe, try);
	struct step *step = record_verdict(probe, stage, kind, host, exchange, &verdict);
	if (exchange->mss)
		step_counted(probe->arena, step, FACT_MSS, exchange->mss);
	saw(probe, step, FACT_DIGEST, try->digest);
	return step;
}

struct step *record_dial(
	struct probe *probe, enum endpoint_kind kind, struct text host, const struct dial *dial)
{
	struct step *step = record(probe, STAGE_TCP, kind, host, dial->symptom, dial->detail,
		dial->began_us, dial->took_us);
	step->peer = address_peer(probe->arena, &dial->to);
	if (dial->source_port) /* one of several */
		return step;
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_HOP, address_text(probe->arena, &dial->hop));
	return step;
}

static bool has_passed(const struct try *try)
{
	enum symptom symptom = try->wants & ASK_REQUEST ? try->exchange.symptom
		: try->wants & ASK_HANDSHAKE		? try->handshake.symptom
							: try->dial.symptom;
	return symptom == SYMPTOM_NONE;
}

/* by the last of its parts */
static struct step *record_try(
	struct probe *probe, const struct trial *trial, const struct try *try)
{
	const struct step failed = probe->evidence->steps[trial->follows];
	const struct query *query = &try->query;
	enum endpoint_kind kind = try->host.len ? try->endpoint : failed.endpoint;
	struct text host = try->host.len ? try->host : failed.host;
	if (try->wants & ASK_REQUEST)
		return record_request(probe, failed.stage, kind, host, try);
	if (try->wants & ASK_CONNECTION && !try->dial.to.family) /* its name has no address */
		return record(probe, STAGE_TCP, kind, host, query->symptom, query->detail, 0, 0);
	if (!(try->wants & ASK_HANDSHAKE))
		return try->wants & ASK_CONNECTION ? record_dial(probe, kind, host, &try->dial)
						   : record_query_try(probe, kind, try);
	struct step *step = record_handshake(probe, kind, host, &try->dial.to, &try->handshake);
	if (try->dial.mss)
		step_counted(probe->arena, step, FACT_MSS, try->dial.mss);
	if (try->dial.mss && has_passed(try))
		step_counted(probe->arena, step, FACT_LARGEST_PASSED, try->dial.mss);
	return step;
}

static void tell_several(
	struct probe *probe, struct step *step, const struct try *tries, size_t count)
{
	struct texts passed = {0}, failed = {0};
	for (size_t i = 0; i < count; i++)
		texts_add(probe->arena, has_passed(&tries[i]) ? &passed : &failed,
			text_format(probe->arena, "%u", (unsigned)tries[i].dial.source_port));
	if (tries->wants & ASK_HANDSHAKE)
		return;
	step_counted(probe->arena, step, FACT_TRIES, (int64_t)count);
	step_counted(probe->arena, step, FACT_PASSED_TRIES, (int64_t)passed.count);
	if (tries->wants & ASK_REQUEST)
		return;
	saw_list(probe, step, FACT_PASSED_PORTS, passed);
	saw_list(probe, step, FACT_FAILED_PORTS, failed);
}

static void trial_write(struct probe *probe, const struct trial *trial)
{
	for (size_t first = 0, end; first < trial->count; first = end) {
		const struct try *tries = &trial->tries[first], *shown = tries;
		for (end = first + 1; end < trial->count && tries->wants != ASK_NAME &&
			trial->tries[end].experiment == tries->experiment;
			end++)
			if (has_passed(&trial->tries[end]))
				shown = &trial->tries[end];
		if (tries->experiment == EXPERIMENT_NONE)
			continue;
		write_as(probe, tries->experiment, trial->follows);
		struct step *step = record_try(probe, trial, shown);
		if (end - first > 1)
			tell_several(probe, step, tries, end - first);
		if (shown->tell)
			shown->tell(probe, step, shown);
	}
}

/* the whole ------------------------------------------------------------------------------- */

static bool trial_advance(struct probe *probe, struct activity *activity)
{
	struct trial *trial = (struct trial *)activity;
	bool open = false;
	for (size_t i = 0; i < trial->count; i++)
		open |= !try_advance(probe, trial, &trial->tries[i]);
	if (open || trial->follows == NO_STEP)
		return false;
	trial_write(probe, trial);
	return true;
}

void trial_begin(struct probe *probe, struct trial *trial, int64_t since_us)
{
	int64_t timeout = probe->options->timeout_us;
	if (!trial->until_us)
		trial->until_us = since_us + timeout + timeout / LONGER_PART;
	if (trial->until_us > probe->end_us)
		trial->until_us = probe->end_us;
	trial->activity.advance = trial_advance;
	trial->activity.position = (struct position){.stage = probe->position.stage};
	activity_begin(probe, &trial->activity);
}

void trial_follow(struct trial *trial, size_t step)
{
	if (trial && trial->follows == NO_STEP)
		trial->follows = step;
}

static void trial_drop(struct probe *probe, struct trial *trial)
{
	if (trial->activity.ended)
		return;
	trial->activity.ended = true;
	probe->net->drop(probe->net, trial);
	for (size_t i = 0; i < trial->count; i++)
		close_dial(&trial->tries[i]);
}

void trial_settle(struct probe *probe, struct trial *trial, size_t step, bool calls)
{
	struct step *settled = &probe->evidence->steps[step];
	if (!trial)
		return;
	if (settled->outcome == OUTCOME_PASSED)
		step_counted(probe->arena, settled, FACT_LATE, 1);
	if (calls)
		trial_follow(trial, step);
	else
		trial_drop(probe, trial);
	/* what is complete already can be written now */
	wake_at(probe, clock_us());
}

void trials_end(struct probe *probe)
{
	for (struct activity *one = probe->activities; one; one = one->next) {
		if (one->advance == trial_advance && ((struct trial *)one)->follows == NO_STEP)
			trial_drop(probe, (struct trial *)one);
		while (!one->ended)
			activities_wait(probe);
	}
}
