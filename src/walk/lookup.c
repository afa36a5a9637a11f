/* What the stages of an endpoint's way have in common, and the first of them: both record types of
 * its name, of one resolver after the other. */
#include "walk/experiments.h"

void check_stand(
	struct probe *probe, const struct endpoint_state *state, enum stage stage, size_t rank)
{
	if (state->is_planned)
		probe->position = (struct position){.stage = stage, .rank = state->rank + rank};
}

void check_stop(
	struct probe *probe, struct endpoint_state *state, enum stage stage, enum symptom symptom)
{
	const char *format = symptom == SYMPTOM_DEADLINE ? "%.*s to %.*s was not settled in time"
		: symptom == SYMPTOM_EXHAUSTED		 ? "%.*s to %.*s could not be tried"
							 : "%.*s to %.*s failed: %.*s";
	state->stopped = text_format(probe->arena, format, TEXT(stage_name(stage)),
		TEXT(state->endpoint.host), TEXT(symptom_name(symptom)));
}

bool check_is_suspect(struct probe *probe, struct endpoint_state *state, int64_t since_us)
{
	bool suspect = is_suspect(probe, since_us, suspicion_us(probe));
	state->suspect |= suspect;
	return suspect && state->is_planned;
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

/* the step's index */
static size_t record_name(struct probe *probe, struct endpoint_state *state,
	const struct pair *pair, struct texts silent)
{
	const struct query *told = decisive(probe, pair);
	bool any = pair->a.symptom == SYMPTOM_NONE || pair->aaaa.symptom == SYMPTOM_NONE;
	enum symptom symptom = any ? SYMPTOM_NONE : told->symptom;
	struct text detail = symptom == SYMPTOM_NONE ? T("") : told->detail;
	struct step *step = record(probe, STAGE_DNS, state->endpoint.kind, state->endpoint.host,
		symptom, detail, pair->a.began_us,
		pair->a.took_us > pair->aaaa.took_us ? pair->a.took_us : pair->aaaa.took_us);
	const struct addresses *found[] = {&pair->a.addresses, &pair->aaaa.addresses};
	for (size_t family = 0; family < 2; family++)
		for (size_t i = 0; i < found[family]->count; i++) {
			struct address address = found[family]->at[i];
			address.port = state->endpoint.port;
			addresses_add(probe->arena, &state->addresses, address);
		}
	saw_pair(probe, step, pair);
	proxy_saw(probe, step, state);
	saw_list(probe, step, FACT_SILENT_SERVERS, silent);
	saw_list(probe, step, FACT_ADDRESSES, address_texts(probe->arena, &state->addresses));
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
static void ask_server(struct probe *probe, struct endpoint_state *state)
{
	struct pair *pair = &state->pairs[state->asked];
	int64_t timeout = probe->options->timeout_us;
	int64_t until_us = state->asked_us + timeout + (state->asked ? timeout / 20 : 0);
	*pair = (struct pair){.a = {.name = state->endpoint.host, .record = RECORD_A}};
	pair->a.server = probe->resolvers.at[state->asked++];
	pair->aaaa = pair->a;
	pair->aaaa.record = RECORD_AAAA;
	until_us = until_us < probe->end_us ? until_us : probe->end_us;
	probe->net->resolve(probe->net, &pair->a, 1, until_us);
	probe->net->resolve(probe->net, &pair->aaaa, 1, until_us);
}

/* The servers in their order, as libc has it: the next one when one is silent, or does not know.
 * `decided`: whose answer counts. False: it is not known yet. */
static bool ask_servers(struct probe *probe, struct endpoint_state *state, size_t *decided)
{
	bool open = false;
	for (size_t at = 0; at < probe->resolvers.count; at++) {
		const struct pair *pair = &state->pairs[at];
		if (at == state->asked && time_is_up(probe))
			break;
		if (at == state->asked)
			ask_server(probe, state);
		*decided = at;
		if (is_open(pair) && !is_suspect(probe, pair->a.began_us, suspicion_us(probe)))
			return false;
		open |= is_open(pair);
		if (!is_open(pair) && answered(pair))
			return !open;
	}
	const struct pair *last = &state->pairs[*decided];
	if (open && check_is_suspect(probe, state, last->a.began_us))
		try_name(probe, &state->name_trial, &last->a, state->asked_us);
	return !open;
}

static void begin_names(struct probe *probe, struct endpoint_state *state)
{
	state->asked = 0;
	state->asked_us = clock_us();
	state->pairs = arena_new(probe->arena, struct pair, probe->resolvers.count + 1);
	state->pairs[0].a = (struct query){.name = state->endpoint.host,
		.symptom = SYMPTOM_LOCAL,
		.detail = T("no resolver is configured")};
	state->pairs[0].aaaa = state->pairs[0].a;
}

static void swap_spellings(struct endpoint *endpoint)
{
	struct text host = endpoint->host;
	endpoint->host = endpoint->other_host;
	endpoint->other_host = host;
}

/* Where a name has a second spelling and does not exist under the first, the endpoint goes on by
 * the second if that exists. False: it is asked for now. */
static bool judge_name(struct probe *probe, struct endpoint_state *state, size_t decided)
{
	const struct pair *pair = &state->pairs[decided];
	struct texts silent = {0};
	bool respelt = state->absent_step != NO_STEP;
	for (size_t i = 0; i < decided; i++)
		texts_add(probe->arena, &silent,
			address_text(probe->arena, &state->pairs[i].a.server));
	round_trip_saw(probe, pair->a.symptom, pair->a.took_us);
	if (respelt)
		write_as(probe, EXPERIMENT_DNS_OTHER_SPELLING, state->absent_step);
	size_t step = record_name(probe, state, pair, silent);
	write_as(probe, EXPERIMENT_NONE, 0);
	enum symptom symptom = probe->evidence->steps[step].symptom;
	bool is_absent = symptom != SYMPTOM_NONE &&
		(pair->a.symptom == SYMPTOM_NXDOMAIN || pair->a.symptom == SYMPTOM_NODATA);
	if (is_absent && !respelt && state->is_planned && state->endpoint.other_host.len) {
		state->absent_step = step;
		swap_spellings(&state->endpoint);
		begin_names(probe, state);
		return false;
	}
	if (symptom != SYMPTOM_NONE && respelt) {
		step = state->absent_step;
		symptom = probe->evidence->steps[step].symptom;
		swap_spellings(&state->endpoint);
	}
	bool failed = probe->evidence->steps[step].outcome == OUTCOME_FAILED;
	if (failed && state->is_planned)
		try_name(probe, &state->name_trial, decisive(probe, pair), state->asked_us);
	trial_settle(probe, state->name_trial, step, failed);
	if (symptom != SYMPTOM_NONE)
		check_stop(probe, state, STAGE_DNS, symptom);
	return true;
}

bool check_dns(struct probe *probe, struct endpoint_state *state)
{
	size_t decided = 0;
	if (!state->begun) {
		if (state->by_proxy)
			proxy_leave(probe, STAGE_DNS, state);
		if (state->by_proxy || is_address(probe, state))
			return true;
		begin_names(probe, state);
	}
	do
		if (!ask_servers(probe, state, &decided))
			return false;
	while (!judge_name(probe, state, decided));
	return true;
}
