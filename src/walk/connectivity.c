/* The way of an endpoint up the stages dns, tcp, tls and http: each begins when the one before has
 * settled, beside all other endpoints. What is silent for long is suspect: experiments on it begin
 * while it is still waited for. */
#include "walk/experiments.h"
#include <unistd.h>

/* tcp ------------------------------------------------------------------------------------- */

/* the endpoint's addresses of families that this machine has, as dials; or the proxy's one */
static void plan_dials(struct probe *probe, struct endpoint_state *state)
{
	const struct addresses *addresses = &state->addresses;
	if (state->by_proxy)
		state->dials[state->dial_count++] = proxy_dial(
			probe, state->endpoint.host, state->endpoint.port);
	for (size_t i = 0; i < addresses->count && state->dial_count < ADDRESSES_MAX; i++)
		if (have_family(probe, addresses->at[i].family))
			state->dials[state->dial_count++] = (struct dial){
				.to = addresses->at[i], .fd = -1};
}

static void judge_no_dials(struct probe *probe, struct endpoint_state *state)
{
	struct trial *trial = NULL;
	const char *only = have_family(probe, 6) ? "IPv6" : "IPv4";
	record(probe, STAGE_TCP, state->endpoint.kind, state->endpoint.host, SYMPTOM_NO_ADDRESS,
		text_format(probe->arena,
			"this machine has %s addresses only, and the name has none", only),
		0, 0);
	check_stop(probe, state, STAGE_TCP, SYMPTOM_NO_ADDRESS);
	if (state->is_planned && state->asked)
		try_dualstack_name(probe, &trial, state, state->pairs[state->asked - 1].a.server);
	trial_settle(probe, trial, probe->evidence->count - 1, true);
}

/* Writes a connection down, or that it failed; its experiments follow it, or are dropped. */
static void settle_dial(struct probe *probe, struct endpoint_state *state, size_t i)
{
	struct dial *dial = &state->dials[i];
	struct trial **trial = &state->dial_trials[i];
	check_stand(probe, state, STAGE_TCP, i);
	struct step *step = state->by_proxy
		? proxy_judge(probe, state, dial)
		: record_dial(probe, state->endpoint.kind, state->endpoint.host, dial);
	if (!state->by_proxy) {
		saw(probe, step, FACT_LOCAL, address_peer(probe->arena, &dial->local));
		proxy_saw(probe, step, state);
	}
	size_t index = probe->evidence->count - 1;
	bool silent = step->outcome == OUTCOME_FAILED && dial->symptom == SYMPTOM_TIMEOUT;
	if (dial->repeats)
		step_counted(probe->arena, step, FACT_REPEATS, dial->repeats);
	state->recorded[i] = true;
	round_trip_saw(probe, dial->repeats ? SYMPTOM_TIMEOUT : dial->symptom, dial->took_us);
	if (silent && state->is_planned) {
		try_connection(probe, trial, state, dial);
		trial_follow(probe->controls, index);
		trial_follow(state->other_answer, index);
	}
	trial_settle(probe, *trial, index, silent);
}

/* True: one of them still has to be waited for before the endpoint can go on. */
static bool look_at_dials(struct probe *probe, struct endpoint_state *state, bool *open)
{
	bool waits = false;
	*open = false;
	for (size_t i = 0; i < state->dial_count; i++) {
		struct dial *dial = &state->dials[i];
		if (!dial->pending && !state->recorded[i])
			settle_dial(probe, state, i);
		if (!dial->pending)
			continue;
		*open = true;
		check_stand(probe, state, STAGE_TCP, i);
		if (check_is_suspect(probe, state, dial->began_us) && !state->dial_trials[i]) {
			try_connection(probe, &state->dial_trials[i], state, dial);
			if (!state->by_proxy)
				try_other_answer(
					probe, &state->other_answer, state, dial->began_us);
		}
		waits |= !is_suspect(probe, dial->began_us, suspicion_us(probe));
	}
	return waits;
}

/* the first in their order that accepted; the others are closed */
static void take_connection(struct endpoint_state *state)
{
	for (size_t i = 0; i < state->dial_count; i++) {
		struct dial *dial = &state->dials[i];
		if (dial->pending || dial->fd < 0)
			continue;
		if (state->fd < 0 && !state->reached.family) {
			state->reached = dial->to;
			state->fd = dial->fd;
		} else if (dial->fd != state->fd) {
			close(dial->fd);
		}
		dial->fd = -1;
	}
}

static bool pass_tcp(struct probe *probe, struct endpoint_state *state)
{
	bool open;
	if (!state->begun) {
		if (state->is_planned)
			http_begin(probe, state);
		plan_dials(probe, state);
		if (state->dial_count == 0) {
			judge_no_dials(probe, state);
			return true;
		}
		probe->net->connect(probe->net, state->dials, state->dial_count, wait_until(probe));
	}
	if (look_at_dials(probe, state, &open))
		return false;
	take_connection(state);
	if (state->reached.family == 0 && !open && !state->stopped.len)
		check_stop(probe, state, STAGE_TCP, state->dials[0].symptom);
	return state->reached.family || !open;
}

/* tls ------------------------------------------------------------------------------------- */

static void judge_handshake(struct probe *probe, struct endpoint_state *state)
{
	const struct handshake *handshake = &state->handshake;
	enum symptom symptom = handshake->symptom;
	struct step *step = record_handshake(
		probe, state->endpoint.kind, state->endpoint.host, &state->reached, handshake);
	size_t index = probe->evidence->count - 1;
	/* other names, sizes and versions may tell more of these */
	bool calls = state->is_planned && step->outcome == OUTCOME_FAILED &&
		(symptom == SYMPTOM_TIMEOUT || symptom == SYMPTOM_RESET ||
			symptom == SYMPTOM_CLOSED || symptom == SYMPTOM_ALERT ||
			symptom == SYMPTOM_VERSION);
	saw(probe, step, FACT_CIPHER, handshake->cipher);
	saw_list(probe, step, FACT_NAMES, handshake->names);
	saw_list(probe, step, FACT_CHAIN, handshake->chain);
	saw(probe, step, FACT_NOT_BEFORE, handshake->not_before);
	saw(probe, step, FACT_NOT_AFTER, handshake->not_after);
	saw(probe, step, FACT_ANCHOR, handshake->anchor);
	proxy_saw(probe, step, state);
	round_trip_saw(probe, symptom, handshake->took_us);
	if (calls)
		try_handshake(probe, &state->tls_trial, state, handshake->began_us);
	trial_settle(probe, state->tls_trial, index, calls);
	if (state->is_planned && (symptom == SYMPTOM_EXPIRED || symptom == SYMPTOM_NOT_YET_VALID))
		try_plain_date(probe, index);
	if (symptom != SYMPTOM_NONE)
		check_stop(probe, state, STAGE_TLS, symptom);
}

static bool pass_tls(struct probe *probe, struct endpoint_state *state)
{
	struct handshake *handshake = &state->handshake;
	struct address address;
	if (!state->begun) {
		bool named = !address_parse(state->endpoint.host, &address);
		*handshake = (struct handshake){
			.fd = state->fd,
			/* an address is no server name, RFC 6066 section 3 */
			.send_name = named ? state->endpoint.host : T(""),
			.expect_name = state->endpoint.host,
			.trust = probe->options->trust,
		};
		state->fd = -1;
		probe->net->handshake(probe->net, handshake, 1, wait_until(probe));
	}
	if (!handshake->pending)
		judge_handshake(probe, state);
	else if (check_is_suspect(probe, state, handshake->began_us))
		try_handshake(probe, &state->tls_trial, state, handshake->began_us);
	return !handshake->pending;
}

/* http ------------------------------------------------------------------------------------ */

static bool pass_http(struct probe *probe, struct endpoint_state *state)
{
	const struct exchange *answer = http_exchange(probe, state);
	if (answer && request_is_silent(probe, answer))
		try_request(probe, &state->http_trial, answer);
	state->suspect |= state->http_trial != NULL;
	if (!answer || answer->pending)
		return false;
	anonymous_judge(probe, state, answer);
	request_settle(probe, state->http_trial);
	return true;
}

/* the way --------------------------------------------------------------------------------- */

/* True: the stage that an endpoint is at has been passed, well or not. */
static bool pass_stage(struct probe *probe, struct endpoint_state *state)
{
	static bool (*const pass[])(struct probe * probe, struct endpoint_state * state) = {
		[STAGE_DNS] = check_dns,
		[STAGE_TCP] = pass_tcp,
		[STAGE_TLS] = pass_tls,
		[STAGE_HTTP] = pass_http,
	};
	check_stand(probe, state, state->stage, 0);
	if (!state->begun && state->stage == STAGE_DNS)
		proxy_route(probe, state);
	if (state->by_proxy && !state_done(&probe->proxy))
		return false;
	if (state->stage == STAGE_TCP && state->refusal && state_leads_astray(state))
		state->stopped = text_of(state->refusal);
	bool late = time_is_up(probe);
	struct text reason = late ? time_is_up_words() : state->stopped;
	if (!state->begun && reason.len) {
		record_skip(probe, state->stage, state->endpoint.kind, state->endpoint.host,
			late ? SYMPTOM_DEADLINE : SYMPTOM_DEPENDENCY, reason);
		return true;
	}
	bool passed = pass[state->stage](probe, state);
	state->begun = true;
	return passed;
}

static bool check_advance(struct probe *probe, struct activity *activity)
{
	struct endpoint_state *state = (struct endpoint_state *)activity;
	bool open = false;
	while (!state_done(state) && pass_stage(probe, state)) {
		state->stage++;
		state->suspect = state->begun = false;
	}
	/* addresses that are slower than the one that was taken */
	look_at_dials(probe, state, &open);
	take_connection(state);
	if (!state_done(state) || open)
		return false;
	if (state->fd >= 0)
		close(state->fd);
	state->fd = -1;
	return true;
}

static void check_begin(struct probe *probe, struct endpoint_state *state)
{
	state->activity.advance = check_advance;
	state->activity.position = probe->position;
	state->absent_step = NO_STEP;
	state->fd = -1;
	activity_begin(probe, &state->activity);
}

static void begin_planned(
	struct probe *probe, struct endpoint_state *state, size_t rank, enum stage last)
{
	enum endpoint_kind kind = state->endpoint.kind;
	/* An HTTP proxy speaks no TLS, and a cluster's API server has a certificate of the
	 * cluster's own CA: of them a connection is all that can be judged. */
	bool connects = kind == ENDPOINT_PROXY || kind == ENDPOINT_CLUSTER;
	state->is_planned = true;
	state->rank = rank * ADDRESSES_MAX;
	state->last = connects && last > STAGE_TCP ? STAGE_TCP : last;
	check_begin(probe, state);
}

void connectivity_begin(struct probe *probe)
{
	enum stage last = wants(probe, STAGE_HTTP) ? STAGE_HTTP : probe->options->stage;
	if (proxy_is_asked(probe))
		begin_planned(probe, &probe->proxy, 0, last);
	for (size_t i = 0; i < probe->state_count; i++)
		begin_planned(probe, &probe->states[i], i + 1, last);
}

void connectivity_pass(struct probe *probe, struct endpoint_state *states, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		states[i].last = STAGE_TLS;
		check_begin(probe, &states[i]);
	}
	for (size_t i = 0; i < count; i++)
		await_state(probe, &states[i]);
}

bool names_are_settled(const struct probe *probe)
{
	for (size_t i = 0; i < probe->state_count; i++) {
		const struct endpoint_state *state = &probe->states[i];
		if (state->stage == STAGE_DNS && !state->suspect && !state_done(state))
			return false;
	}
	return true;
}
