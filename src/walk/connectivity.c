/* The way of an endpoint up the stages dns, tcp, tls and http: each begins when the one before has
 * settled, beside all other endpoints. What is silent for long is suspect: experiments on it begin
 * while it is still waited for. */
#include "walk/experiments.h"
#include "walk/stages.h"
#include <unistd.h>

/* both record types of one name, asked of one server */
struct pair {
	struct query a;
	struct query aaaa;
};

/* an endpoint's way: an activity */
struct climb {
	struct activity activity;
	struct endpoint_state *state;
	bool is_planned; /* of the plan: with experiments, and its steps in the order of the plan */
	size_t rank;
	bool begun; /* the stage that it is at */
	/* dns */
	struct pair *pairs; /* a server each, in the order of the resolvers */
	size_t asked;	    /* so many of them */
	int64_t asked_us;
	size_t absent_step; /* that says that the first spelling does not exist; else NO_STEP */
	struct trials name_trials;
	/* tcp */
	struct dial dials[ADDRESSES_MAX];
	struct trials dial_trials[ADDRESSES_MAX];
	bool recorded[ADDRESSES_MAX];
	size_t dial_count;
	struct trial *other_answer;
	int fd; /* connected to what was reached, until the handshake takes it; else -1 */
	/* tls, http */
	struct handshake handshake;
	struct trials tls_trials, http_trials;
};

static void stand_at(struct probe *probe, const struct climb *climb, enum stage stage, size_t rank)
{
	if (climb->is_planned)
		probe->position = (struct position){.stage = stage, .rank = climb->rank + rank};
}

/* Says why an endpoint cannot be used: the reason that its later stages are skipped with. */
static void stop(
	struct probe *probe, struct endpoint_state *state, enum stage stage, enum symptom symptom)
{
	struct text connectivity_row = stage_name(stage);
	struct text what = symptom_name(symptom);
	state->stopped = text_format(probe->arena, "%.*s to %.*s failed: %.*s",
		TEXT(connectivity_row), TEXT(state->endpoint.host), TEXT(what));
	if (symptom == SYMPTOM_DEADLINE)
		state->stopped = text_format(probe->arena, "%.*s to %.*s was not settled in time",
			TEXT(connectivity_row), TEXT(state->endpoint.host));
	if (symptom == SYMPTOM_EXHAUSTED)
		state->stopped = text_format(probe->arena, "%.*s to %.*s could not be tried",
			TEXT(connectivity_row), TEXT(state->endpoint.host));
}

/* a stage that is not tried; true when it is not */
static bool is_skipped(struct probe *probe, enum stage stage, const struct endpoint_state *state)
{
	bool late = time_is_up(probe);
	struct text reason = !late ? state->stopped
		: interrupted	   ? T("interrupted by a signal")
				   : T("the deadline passed");
	if (reason.len)
		record_skip(probe, stage, state->endpoint.kind, state->endpoint.host,
			late ? SYMPTOM_DEADLINE : SYMPTOM_DEPENDENCY, reason);
	return reason.len > 0;
}

/* The answer is later than any so far; true when it is time for experiments, once. */
static bool becomes_suspect(
	struct probe *probe, struct climb *climb, const struct trials *trials, int64_t since_us)
{
	if (!is_suspect(probe, since_us, suspicion_us(probe)))
		return false;
	climb->state->suspect = true;
	return climb->is_planned && !trials->begun && !time_is_up(probe);
}

/* What was suspect and answered is well, but says something of the path. */
static void saw_lateness(struct probe *probe, struct step *step, const struct trials *trials)
{
	if (trials->begun && step->outcome == OUTCOME_PASSED)
		step_counted(probe->arena, step, FACT_LATE, 1);
}

static bool have_family(const struct probe *probe, uint8_t family)
{
	const struct addresses *own = &probe->host_info->addresses;
	for (size_t i = 0; i < own->count; i++)
		if (own->at[i].family == family)
			return true;
	/* a machine that tells nothing of itself may have both */
	return own->count == 0;
}

/* dns ------------------------------------------------------------------------------------- */

static bool is_open(const struct pair *pair)
{
	return pair->a.pending || pair->aaaa.pending;
}

/* The server gave an answer, if only that there is none; or it was not even asked. libc, too, goes
 * on to the next server after silence, a refusal and SERVFAIL. */
static bool answered(const struct pair *pair)
{
	const enum symptom symptoms[] = {pair->a.symptom, pair->aaaa.symptom};
	for (size_t i = 0; i < 2; i++)
		if (symptoms[i] == SYMPTOM_NONE || symptoms[i] == SYMPTOM_NXDOMAIN ||
			symptoms[i] == SYMPTOM_NODATA || symptoms[i] == SYMPTOM_EXHAUSTED)
			return true;
	return false;
}

/* whose symptom is the pair's, when no address came */
static const struct query *decisive(const struct probe *probe, const struct pair *pair)
{
	if (pair->aaaa.symptom == SYMPTOM_EXHAUSTED)
		return &pair->aaaa;
	return pair->a.symptom == SYMPTOM_EXHAUSTED || have_family(probe, 4) ? &pair->a
									     : &pair->aaaa;
}

static void take_addresses(
	struct probe *probe, struct endpoint_state *state, const struct pair *pair)
{
	const struct addresses *found[] = {&pair->a.addresses, &pair->aaaa.addresses};
	for (size_t family = 0; family < 2; family++)
		for (size_t i = 0; i < found[family]->count; i++) {
			struct address address = found[family]->at[i];
			address.port = state->endpoint.port;
			addresses_add(probe->arena, &state->addresses, address);
		}
}

static struct texts bare_addresses(struct arena *arena, const struct addresses *addresses)
{
	struct texts list = {0};
	for (size_t i = 0; i < addresses->count; i++)
		texts_add(arena, &list, address_text(arena, &addresses->at[i]));
	return list;
}

static void saw_pair(struct probe *probe, struct step *step, const struct pair *pair)
{
	const struct query *told = pair->a.symptom == SYMPTOM_NONE ? &pair->a : &pair->aaaa;
	bool truncated = pair->a.truncated || pair->aaaa.truncated;
	step->peer = address_peer(probe->arena, &pair->a.server);
	saw(probe, step, FACT_SERVER, address_text(probe->arena, &pair->a.server));
	saw_list(probe, step, FACT_CNAMES, told->cnames);
	saw(probe, step, FACT_TRANSPORT, truncated ? T("tcp") : T("udp"));
	if (truncated)
		step_counted(probe->arena, step, FACT_WAS_TRUNCATED, 1);
	saw(probe, step, FACT_RECORD, T("both"));
	saw(probe, step, FACT_A_SYMPTOM, symptom_name(pair->a.symptom));
	saw(probe, step, FACT_AAAA_SYMPTOM, symptom_name(pair->aaaa.symptom));
	if (pair->a.repeats + pair->aaaa.repeats)
		step_counted(
			probe->arena, step, FACT_REPEATS, pair->a.repeats + pair->aaaa.repeats);
	if (pair->a.symptom == SYMPTOM_REFUSED && text_holds(pair->a.detail, T("ECONNREFUSED")))
		saw(probe, step, FACT_ERRNO, T("ECONNREFUSED"));
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* the step's index */
static size_t record_name(
	struct probe *probe, struct climb *climb, const struct pair *pair, struct texts silent)
{
	struct endpoint_state *state = climb->state;
	const struct query *told = decisive(probe, pair);
	bool any = pair->a.symptom == SYMPTOM_NONE || pair->aaaa.symptom == SYMPTOM_NONE;
	enum symptom symptom = any ? SYMPTOM_NONE : told->symptom;
	struct text detail = symptom == SYMPTOM_NONE ? T("") : told->detail;
	struct step *step = record(probe, STAGE_DNS, state->endpoint.kind, state->endpoint.host,
		symptom, detail, pair->a.began_us, later(pair->a.took_us, pair->aaaa.took_us));
	take_addresses(probe, state, pair);
	saw_pair(probe, step, pair);
	proxy_saw(probe, step, state);
	saw_list(probe, step, FACT_SILENT_SERVERS, silent);
	saw_list(probe, step, FACT_ADDRESSES, bare_addresses(probe->arena, &state->addresses));
	saw_lateness(probe, step, &climb->name_trials);
	return probe->evidence->count - 1;
}

/* A host that is an address needs no name, nor does "localhost" (RFC 6761 6.3): the stage is
 * passed. */
static bool is_address(struct probe *probe, struct endpoint_state *state)
{
	struct address address;
	bool local = text_same(state->endpoint.host, T("localhost"));
	if (!address_parse(local ? T("127.0.0.1") : state->endpoint.host, &address) || address.port)
		return false;
	address.port = state->endpoint.port;
	addresses_add(probe->arena, &state->addresses, address);
	record(probe, STAGE_DNS, state->endpoint.kind, state->endpoint.host, SYMPTOM_NONE,
		T("the host is an address"), 0, 0);
	return true;
}

/* The first server has --timeout; what is asked because of its silence ends soon after. */
static void ask_server(struct probe *probe, struct climb *climb)
{
	struct pair *pair = &climb->pairs[climb->asked];
	int64_t timeout = probe->options->timeout_us;
	int64_t until_us = climb->asked_us + timeout + (climb->asked ? timeout / 10 : 0);
	*pair = (struct pair){.a = {.name = climb->state->endpoint.host, .record = RECORD_A}};
	pair->a.server = probe->resolvers.at[climb->asked++];
	pair->aaaa = pair->a;
	pair->aaaa.record = RECORD_AAAA;
	until_us = until_us < probe->end_us ? until_us : probe->end_us;
	probe->net->resolve(probe->net, &pair->a, 1, until_us);
	probe->net->resolve(probe->net, &pair->aaaa, 1, until_us);
}

/* The servers in their order, as libc has it: the next one when one is silent, or does not know.
 * `decided`: whose answer counts. False: it is not known yet. */
static bool ask_servers(struct probe *probe, struct climb *climb, size_t *decided)
{
	bool open = false;
	for (size_t at = 0; at < probe->resolvers.count; at++) {
		const struct pair *pair = &climb->pairs[at];
		if (at == climb->asked && time_is_up(probe))
			break;
		if (at == climb->asked)
			ask_server(probe, climb);
		*decided = at;
		if (is_open(pair) && !is_suspect(probe, pair->a.began_us, suspicion_us(probe)))
			return false;
		open |= is_open(pair);
		if (!is_open(pair) && answered(pair))
			return !open;
	}
	const struct pair *last = &climb->pairs[*decided];
	if (open && becomes_suspect(probe, climb, &climb->name_trials, last->a.began_us))
		try_name(probe, &climb->name_trials, climb->state, &last->a);
	return !open;
}

static void begin_names(struct probe *probe, struct climb *climb)
{
	climb->begun = true;
	climb->asked = 0;
	climb->asked_us = clock_us();
	climb->pairs = arena_new(probe->arena, struct pair, probe->resolvers.count + 1);
	climb->pairs[0].a = (struct query){.name = climb->state->endpoint.host,
		.symptom = SYMPTOM_LOCAL,
		.detail = T("no resolver is configured")};
	climb->pairs[0].aaaa = climb->pairs[0].a;
}

/* A name with a second spelling that does not exist under the first: the endpoint goes on by the
 * second where that exists. */
static bool is_spelt_otherwise(struct climb *climb, const struct pair *pair)
{
	enum symptom symptom = pair->a.symptom;
	bool is_absent = symptom == SYMPTOM_NXDOMAIN || symptom == SYMPTOM_NODATA;
	return climb->is_planned && is_absent && climb->absent_step == NO_STEP &&
		climb->state->endpoint.other_host.len > 0;
}

static void swap_spellings(struct endpoint *endpoint)
{
	struct text host = endpoint->host;
	endpoint->host = endpoint->other_host;
	endpoint->other_host = host;
}

/* what a name's failure calls for, where nothing was begun for it yet */
static void settle_name(
	struct probe *probe, struct climb *climb, const struct pair *pair, size_t step)
{
	bool failed = probe->evidence->steps[step].outcome == OUTCOME_FAILED;
	if (failed && climb->is_planned && !climb->name_trials.begun && !time_is_up(probe))
		try_name(probe, &climb->name_trials, climb->state, decisive(probe, pair));
	trials_settle(probe, &climb->name_trials, failed ? step : NO_STEP);
}

static bool judge_name(struct probe *probe, struct climb *climb, size_t decided)
{
	struct endpoint_state *state = climb->state;
	const struct pair *pair = &climb->pairs[decided];
	struct texts silent = {0};
	bool respelt = climb->absent_step != NO_STEP;
	for (size_t i = 0; i < decided; i++)
		texts_add(probe->arena, &silent,
			address_text(probe->arena, &climb->pairs[i].a.server));
	round_trip_saw(probe, pair->a.symptom, pair->a.took_us);
	if (respelt)
		write_as(probe, EXPERIMENT_DNS_OTHER_SPELLING, climb->absent_step);
	size_t step = record_name(probe, climb, pair, silent);
	write_as(probe, EXPERIMENT_NONE, 0);
	enum symptom symptom = probe->evidence->steps[step].symptom;
	if (symptom != SYMPTOM_NONE && !respelt && is_spelt_otherwise(climb, pair)) {
		climb->absent_step = step;
		swap_spellings(&state->endpoint);
		begin_names(probe, climb);
		return false;
	}
	if (symptom != SYMPTOM_NONE && respelt) {
		step = climb->absent_step;
		symptom = probe->evidence->steps[step].symptom;
		swap_spellings(&state->endpoint);
	}
	settle_name(probe, climb, pair, step);
	if (symptom != SYMPTOM_NONE)
		stop(probe, state, STAGE_DNS, symptom);
	return true;
}

static bool pass_dns(struct probe *probe, struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	size_t decided = 0;
	if (!climb->begun) {
		proxy_route(probe, state);
		if (state->by_proxy && !state_done(&probe->proxy))
			return false;
		if (is_skipped(probe, STAGE_DNS, state))
			return true;
		if (state->by_proxy)
			proxy_leave(probe, STAGE_DNS, state);
		if (state->by_proxy || is_address(probe, state))
			return true;
		begin_names(probe, climb);
	}
	do
		if (!ask_servers(probe, climb, &decided))
			return false;
	while (!judge_name(probe, climb, decided));
	return true;
}

/* tcp ------------------------------------------------------------------------------------- */

static struct step *record_connection(
	struct probe *probe, struct endpoint_state *state, const struct dial *dial)
{
	if (state->by_proxy) {
		proxy_judge(probe, state, dial);
		return &probe->evidence->steps[probe->evidence->count - 1];
	}
	struct step *step = record(probe, STAGE_TCP, state->endpoint.kind, state->endpoint.host,
		dial->symptom, dial->detail, dial->began_us, dial->took_us);
	step->peer = address_peer(probe->arena, &dial->to);
	saw(probe, step, FACT_LOCAL, address_peer(probe->arena, &dial->local));
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_HOP, address_text(probe->arena, &dial->hop));
	proxy_saw(probe, step, state);
	return step;
}

const struct address *first_address(const struct probe *probe, const struct endpoint_state *state)
{
	for (size_t i = 0; i < state->addresses.count; i++)
		if (have_family(probe, state->addresses.at[i].family))
			return &state->addresses.at[i];
	return NULL;
}

/* the endpoint's addresses of families that this machine has, as dials; or the proxy's one */
static size_t plan_dials(
	struct probe *probe, const struct endpoint_state *state, struct dial *dials)
{
	size_t count = 0;
	if (state->by_proxy)
		dials[count++] = proxy_dial(probe, state->endpoint.host, state->endpoint.port);
	for (size_t i = 0; i < state->addresses.count && count < ADDRESSES_MAX; i++)
		if (have_family(probe, state->addresses.at[i].family))
			dials[count++] = (struct dial){.to = state->addresses.at[i], .fd = -1};
	return count;
}

static void judge_no_dials(struct probe *probe, struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	struct trials trials = {0};
	const char *only = have_family(probe, 6) ? "IPv6" : "IPv4";
	record(probe, STAGE_TCP, state->endpoint.kind, state->endpoint.host, SYMPTOM_NO_ADDRESS,
		text_format(probe->arena,
			"this machine has %s addresses only, and the name has none", only),
		0, 0);
	stop(probe, state, STAGE_TCP, SYMPTOM_NO_ADDRESS);
	if (climb->is_planned && climb->asked)
		try_dualstack_name(probe, &trials, state, climb->pairs[climb->asked - 1].a.server);
	trials_settle(probe, &trials, probe->evidence->count - 1);
}

/* Writes a connection down, or that it failed; its experiments follow it, or are dropped. */
static void settle_dial(struct probe *probe, struct climb *climb, size_t i)
{
	struct dial *dial = &climb->dials[i];
	struct trials *trials = &climb->dial_trials[i];
	stand_at(probe, climb, STAGE_TCP, i);
	struct step *step = record_connection(probe, climb->state, dial);
	size_t index = probe->evidence->count - 1;
	bool silent = step->outcome == OUTCOME_FAILED && dial->symptom == SYMPTOM_TIMEOUT;
	if (dial->repeats)
		step_counted(probe->arena, step, FACT_REPEATS, dial->repeats);
	saw_lateness(probe, step, trials);
	climb->recorded[i] = true;
	round_trip_saw(probe, dial->repeats ? SYMPTOM_TIMEOUT : dial->symptom, dial->took_us);
	if (silent && climb->is_planned) {
		if (!trials->begun && !time_is_up(probe))
			try_connection(probe, trials, climb->state, dial);
		trial_follow(probe->controls, index);
		trial_follow(climb->other_answer, index);
	}
	trials_settle(probe, trials, silent ? index : NO_STEP);
}

/* True: one of them still has to be waited for before the endpoint can go on. */
static bool look_at_dials(struct probe *probe, struct climb *climb, bool *open)
{
	bool waits = false;
	*open = false;
	for (size_t i = 0; i < climb->dial_count; i++) {
		struct dial *dial = &climb->dials[i];
		if (!dial->pending && !climb->recorded[i])
			settle_dial(probe, climb, i);
		if (!dial->pending)
			continue;
		*open = true;
		stand_at(probe, climb, STAGE_TCP, i);
		if (becomes_suspect(probe, climb, &climb->dial_trials[i], dial->began_us)) {
			try_connection(probe, &climb->dial_trials[i], climb->state, dial);
			if (!climb->other_answer && !climb->state->by_proxy)
				climb->other_answer = try_other_answer(
					probe, climb->state, dial->began_us);
		}
		waits |= !is_suspect(probe, dial->began_us, suspicion_us(probe));
	}
	return waits;
}

/* the first in their order that accepted; the others are closed */
static void take_connection(struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	for (size_t i = 0; i < climb->dial_count; i++) {
		struct dial *dial = &climb->dials[i];
		if (dial->pending || dial->fd < 0)
			continue;
		if (climb->fd < 0 && !state->reached.family) {
			state->reached = dial->to;
			climb->fd = dial->fd;
		} else if (dial->fd != climb->fd) {
			close(dial->fd);
		}
		dial->fd = -1;
	}
}

static bool pass_tcp(struct probe *probe, struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	bool open;
	if (!climb->begun) {
		if (is_skipped(probe, STAGE_TCP, state))
			return true;
		climb->begun = true;
		if (climb->is_planned)
			http_begin(probe, state);
		climb->dial_count = plan_dials(probe, state, climb->dials);
		if (climb->dial_count == 0) {
			judge_no_dials(probe, climb);
			return true;
		}
		probe->net->connect(probe->net, climb->dials, climb->dial_count, wait_until(probe));
	}
	if (look_at_dials(probe, climb, &open))
		return false;
	take_connection(climb);
	if (state->reached.family == 0 && !open && !state->stopped.len)
		stop(probe, state, STAGE_TCP, climb->dials[0].symptom);
	return state->reached.family || !open;
}

/* tls ------------------------------------------------------------------------------------- */

static void saw_certificate(
	struct probe *probe, struct step *step, const struct handshake *handshake)
{
	saw(probe, step, FACT_SENT_NAME, handshake->send_name);
	step_counted(probe->arena, step, FACT_HELLO_BYTES, handshake->hello_bytes);
	step_counted(probe->arena, step, FACT_PEER_BYTES, handshake->peer_bytes);
	saw(probe, step, FACT_VERSION, handshake->version);
	saw(probe, step, FACT_CIPHER, handshake->cipher);
	saw(probe, step, FACT_SUBJECT, handshake->subject);
	saw(probe, step, FACT_ISSUER, handshake->issuer);
	saw_list(probe, step, FACT_NAMES, handshake->names);
	saw_list(probe, step, FACT_CHAIN, handshake->chain);
	saw(probe, step, FACT_NOT_BEFORE, handshake->not_before);
	saw(probe, step, FACT_NOT_AFTER, handshake->not_after);
	saw(probe, step, FACT_ANCHOR, handshake->anchor);
	saw(probe, step, FACT_ALERT, handshake->alert);
}

/* other names, sizes and versions may tell more of these */
static bool calls_for_handshakes(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_TIMEOUT || step->symptom == SYMPTOM_RESET ||
			step->symptom == SYMPTOM_CLOSED || step->symptom == SYMPTOM_ALERT ||
			step->symptom == SYMPTOM_VERSION);
}

static void judge_handshake(struct probe *probe, struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	const struct handshake *handshake = &climb->handshake;
	struct trials *trials = &climb->tls_trials;
	struct step *step = record(probe, STAGE_TLS, state->endpoint.kind, state->endpoint.host,
		handshake->symptom, handshake->detail, handshake->began_us, handshake->took_us);
	size_t index = probe->evidence->count - 1;
	bool calls = calls_for_handshakes(step) && climb->is_planned;
	step->peer = address_peer(probe->arena, &state->reached);
	saw_certificate(probe, step, handshake);
	proxy_saw(probe, step, state);
	saw_lateness(probe, step, trials);
	round_trip_saw(probe, handshake->symptom, handshake->took_us);
	if (calls && !trials->begun && !time_is_up(probe))
		try_handshake(probe, trials, state, handshake->began_us);
	trials_settle(probe, trials, calls ? index : NO_STEP);
	if (climb->is_planned &&
		(handshake->symptom == SYMPTOM_EXPIRED ||
			handshake->symptom == SYMPTOM_NOT_YET_VALID))
		try_plain_date(probe, index);
	if (handshake->symptom != SYMPTOM_NONE)
		stop(probe, state, STAGE_TLS, handshake->symptom);
}

static struct handshake handshake_with(const struct probe *probe, struct climb *climb)
{
	const struct endpoint *endpoint = &climb->state->endpoint;
	struct address address;
	bool named = !address_parse(endpoint->host, &address);
	struct handshake handshake = {
		.fd = climb->fd,
		/* an address is no server name, RFC 6066 section 3 */
		.send_name = named ? endpoint->host : T(""),
		.expect_name = endpoint->host,
		.trust = probe->options->trust,
	};
	climb->fd = -1;
	return handshake;
}

static bool pass_tls(struct probe *probe, struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	struct trials *trials = &climb->tls_trials;
	if (!climb->begun) {
		if (is_skipped(probe, STAGE_TLS, state))
			return true;
		climb->begun = true;
		climb->handshake = handshake_with(probe, climb);
		probe->net->handshake(probe->net, &climb->handshake, 1, wait_until(probe));
	}
	if (climb->handshake.pending) {
		if (becomes_suspect(probe, climb, trials, climb->handshake.began_us))
			try_handshake(probe, trials, state, climb->handshake.began_us);
		return false;
	}
	judge_handshake(probe, climb);
	return true;
}

/* http ------------------------------------------------------------------------------------ */

static bool pass_http(struct probe *probe, struct climb *climb)
{
	struct endpoint_state *state = climb->state;
	struct trials *trials = &climb->http_trials;
	if (!climb->begun && is_skipped(probe, STAGE_HTTP, state))
		return true;
	climb->begun = true;
	const struct exchange *answer = http_exchange(probe, state);
	if (answer)
		watch_request(probe, trials, answer);
	state->suspect |= trials->begun;
	if (!answer || answer->pending)
		return false;
	anonymous_judge(probe, state, answer);
	size_t index = probe->evidence->count - 1;
	saw_lateness(probe, &probe->evidence->steps[index], trials);
	trials_settle(probe, trials, silent_step(probe, index));
	return true;
}

/* the way --------------------------------------------------------------------------------- */

static bool climb_advance(struct probe *probe, struct activity *activity)
{
	static bool (*const pass[])(struct probe * probe, struct climb * climb) = {
		[STAGE_DNS] = pass_dns,
		[STAGE_TCP] = pass_tcp,
		[STAGE_TLS] = pass_tls,
		[STAGE_HTTP] = pass_http,
	};
	struct climb *climb = (struct climb *)activity;
	struct endpoint_state *state = climb->state;
	bool open = false;
	while (!state_done(state)) {
		stand_at(probe, climb, state->stage, 0);
		if (!pass[state->stage](probe, climb))
			break;
		state->stage++;
		state->suspect = climb->begun = false;
	}
	/* addresses that are slower than the one that was taken */
	look_at_dials(probe, climb, &open);
	take_connection(climb);
	if (!state_done(state) || open)
		return false;
	if (climb->fd >= 0)
		close(climb->fd);
	climb->fd = -1;
	return true;
}

static void climb_begin(
	struct probe *probe, struct endpoint_state *state, bool is_planned, size_t rank)
{
	struct climb *climb = arena_new(probe->arena, struct climb, 1);
	climb->activity.advance = climb_advance;
	climb->activity.position = probe->position;
	climb->state = state;
	climb->is_planned = is_planned;
	climb->rank = rank * ADDRESSES_MAX;
	climb->absent_step = NO_STEP;
	climb->fd = -1;
	activity_begin(probe, &climb->activity);
}

void connectivity_begin(struct probe *probe)
{
	enum stage last = wants(probe, STAGE_HTTP) ? STAGE_HTTP : probe->options->stage;
	for (size_t i = 0; i < probe->state_count; i++)
		probe->states[i].last = last;
	probe->proxy.last = last < STAGE_TCP ? last : STAGE_TCP;
	if (proxy_is_asked(probe))
		climb_begin(probe, &probe->proxy, true, 0);
	for (size_t i = 0; i < probe->state_count; i++)
		climb_begin(probe, &probe->states[i], true, i + 1);
}

void connectivity_pass(
	struct probe *probe, struct endpoint_state *states, size_t count, enum stage last)
{
	for (size_t i = 0; i < count; i++) {
		states[i].last = last;
		climb_begin(probe, &states[i], false, 0);
	}
	for (size_t i = 0; i < count; i++)
		await_state(probe, &states[i]);
}
