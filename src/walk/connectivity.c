/* The connectivity's first stages: dns, tcp and tls, of all endpoints at once. */
#include "walk/stages.h"
#include <unistd.h>

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

/* a stage that an earlier one already ruled out; true when it was */
static bool skipped(struct probe *probe, enum stage stage, const struct endpoint_state *state)
{
	if (state->stopped.len)
		record_skip(probe, stage, state->endpoint.kind, state->endpoint.host,
			SYMPTOM_DEPENDENCY, state->stopped);
	return state->stopped.len > 0;
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

/* both record types of one name, asked of one server */
struct pair {
	struct query a;
	struct query aaaa;
};

static void ask_server(
	struct probe *probe, struct pair **pairs, size_t count, struct address server)
{
	struct query *queries = arena_new(probe->arena, struct query, count * 2);
	for (size_t i = 0; i < count; i++) {
		queries[2 * i] = pairs[i]->a;
		queries[2 * i + 1] = pairs[i]->aaaa;
		queries[2 * i].server = queries[2 * i + 1].server = server;
	}
	net_resolve(probe->net, queries, count * 2, wait_until(probe));
	for (size_t i = 0; i < count; i++) {
		pairs[i]->a = queries[2 * i];
		pairs[i]->aaaa = queries[2 * i + 1];
	}
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
	if (pair->a.symptom == SYMPTOM_REFUSED && text_holds(pair->a.detail, T("ECONNREFUSED")))
		saw(probe, step, FACT_ERRNO, T("ECONNREFUSED"));
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void judge_name(struct probe *probe, struct endpoint_state *state, const struct pair *pair,
	struct texts silent)
{
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
	if (symptom != SYMPTOM_NONE)
		stop(probe, state, STAGE_DNS, symptom);
}

/* A host that is an address needs no name, nor does "localhost" (RFC 6761 6.3): the stage is
 * passed.
 */
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

static bool is_left_to_proxy(struct probe *probe, struct endpoint_state *state)
{
	proxy_route(probe, state);
	if (state->by_proxy && !skipped(probe, STAGE_DNS, state))
		proxy_leave(probe, STAGE_DNS, state);
	return state->by_proxy;
}

/* One server after the other, as libc does, each asked only for names that are still open. */
static void ask_all_servers(struct probe *probe, struct pair *pairs, struct texts *silent,
	struct endpoint_state *states, size_t count)
{
	struct pair **open = arena_new(probe->arena, struct pair *, count);
	for (size_t server = 0; server < probe->resolvers.count; server++) {
		size_t still = 0;
		for (size_t i = 0; i < count; i++) {
			if (states[i].by_proxy || states[i].addresses.count ||
				(server && answered(&pairs[i])))
				continue;
			if (server)
				texts_add(probe->arena, &silent[i],
					address_text(
						probe->arena, &probe->resolvers.at[server - 1]));
			open[still++] = &pairs[i];
		}
		if (still == 0 || time_is_up(probe))
			return;
		ask_server(probe, open, still, probe->resolvers.at[server]);
	}
}

void connectivity_dns(struct probe *probe, struct endpoint_state *states, size_t count)
{
	struct pair *pairs = arena_new(probe->arena, struct pair, count);
	struct texts *silent = arena_new(probe->arena, struct texts, count);
	bool *settled = arena_new(probe->arena, bool, count);
	for (size_t i = 0; i < count; i++) {
		struct text name = states[i].endpoint.host;
		settled[i] = is_left_to_proxy(probe, &states[i]) || is_address(probe, &states[i]);
		pairs[i].a = (struct query){.name = name,
			.record = RECORD_A,
			.symptom = SYMPTOM_LOCAL,
			.detail = T("no resolver is configured")};
		pairs[i].aaaa = pairs[i].a;
		pairs[i].aaaa.record = RECORD_AAAA;
	}
	ask_all_servers(probe, pairs, silent, states, count);
	for (size_t i = 0; i < count; i++)
		if (!settled[i])
			judge_name(probe, &states[i], &pairs[i], silent[i]);
}

/* tcp ------------------------------------------------------------------------------------- */

static void judge_dial(struct probe *probe, struct endpoint_state *state, const struct dial *dial)
{
	struct step *step = record(probe, STAGE_TCP, state->endpoint.kind, state->endpoint.host,
		dial->symptom, dial->detail, dial->began_us, dial->took_us);
	step->peer = address_peer(probe->arena, &dial->to);
	saw(probe, step, FACT_LOCAL, address_peer(probe->arena, &dial->local));
	saw(probe, step, FACT_ERRNO, dial->error);
	saw(probe, step, FACT_HOP, address_text(probe->arena, &dial->hop));
	proxy_saw(probe, step, state);
	if (dial->symptom == SYMPTOM_NONE && state->reached.family == 0) {
		state->reached = dial->to;
		state->fd = dial->fd;
	} else if (dial->fd >= 0) {
		close(dial->fd);
	}
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

static void judge_no_dials(struct probe *probe, struct endpoint_state *state)
{
	const char *only = have_family(probe, 6) ? "IPv6" : "IPv4";
	record(probe, STAGE_TCP, state->endpoint.kind, state->endpoint.host, SYMPTOM_NO_ADDRESS,
		text_format(probe->arena,
			"this machine has %s addresses only, and the name has none", only),
		0, 0);
	stop(probe, state, STAGE_TCP, SYMPTOM_NO_ADDRESS);
}

/* the symptom of an endpoint none of whose addresses accepted: the first one's */
static void judge_state(
	struct probe *probe, struct endpoint_state *state, const struct dial *dials, size_t count)
{
	if (state->by_proxy) {
		proxy_judge(probe, state, &dials[0]);
		return;
	}
	for (size_t i = 0; i < count; i++)
		judge_dial(probe, state, &dials[i]);
	if (state->reached.family == 0)
		stop(probe, state, STAGE_TCP, dials[0].symptom);
}

void connectivity_tcp(struct probe *probe, struct endpoint_state *states, size_t count)
{
	struct dial *dials = arena_new(probe->arena, struct dial, count * ADDRESSES_MAX);
	size_t *first = arena_new(probe->arena, size_t, count + 1);
	for (size_t i = 0; i < count; i++) {
		bool state_continues = states[i].stopped.len == 0;
		size_t more = state_continues ? plan_dials(probe, &states[i], dials + first[i]) : 0;
		first[i + 1] = first[i] + more;
	}
	if (first[count])
		net_connect(probe->net, dials, first[count], wait_until(probe));
	for (size_t i = 0; i < count; i++) {
		size_t dialled = first[i + 1] - first[i];
		if (skipped(probe, STAGE_TCP, &states[i]))
			continue;
		if (dialled)
			judge_state(probe, &states[i], dials + first[i], dialled);
		else
			judge_no_dials(probe, &states[i]);
	}
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

static void judge_handshake(
	struct probe *probe, struct endpoint_state *state, const struct handshake *handshake)
{
	struct step *step = record(probe, STAGE_TLS, state->endpoint.kind, state->endpoint.host,
		handshake->symptom, handshake->detail, handshake->began_us, handshake->took_us);
	step->peer = address_peer(probe->arena, &state->reached);
	saw_certificate(probe, step, handshake);
	proxy_saw(probe, step, state);
	if (handshake->symptom != SYMPTOM_NONE)
		stop(probe, state, STAGE_TLS, handshake->symptom);
}

static struct handshake handshake_with(const struct probe *probe, struct endpoint_state *state)
{
	struct address address;
	bool named = !address_parse(state->endpoint.host, &address);
	struct handshake handshake = {
		.fd = state->fd,
		/* an address is no server name, RFC 6066 section 3 */
		.send_name = named ? state->endpoint.host : T(""),
		.expect_name = state->endpoint.host,
		.trust = probe->options->trust,
	};
	state->fd = -1;
	return handshake;
}

void connectivity_tls(struct probe *probe, struct endpoint_state *states, size_t count)
{
	struct handshake *handshakes = arena_new(probe->arena, struct handshake, count);
	size_t still = 0;
	for (size_t i = 0; i < count; i++)
		if (states[i].stopped.len == 0)
			handshakes[still++] = handshake_with(probe, &states[i]);
	if (still)
		net_handshake(probe->net, handshakes, still, wait_until(probe));
	still = 0;
	for (size_t i = 0; i < count; i++)
		if (!skipped(probe, STAGE_TLS, &states[i]))
			judge_handshake(probe, &states[i], &handshakes[still++]);
}
