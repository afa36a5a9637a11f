/* The ladder's first rungs: dns, tcp and tls, of all endpoints at once. */
#include "walk/stages.h"
#include <unistd.h>

/* Says why a climb ends: the words that later rungs are skipped with. */
static void stop(struct journey *journey, struct climb *climb, enum stage stage, enum cause cause)
{
	struct text rung = stage_name(stage);
	struct text what = cause_name(cause);
	climb->stopped = text_format(journey->arena, "%.*s to %.*s failed: %.*s", TEXT(rung),
		TEXT(climb->endpoint.host), TEXT(what));
	if (cause == CAUSE_DEADLINE)
		climb->stopped = text_format(journey->arena, "%.*s to %.*s was not settled in time",
			TEXT(rung), TEXT(climb->endpoint.host));
	if (cause == CAUSE_EXHAUSTED)
		climb->stopped = text_format(journey->arena, "%.*s to %.*s could not be tried",
			TEXT(rung), TEXT(climb->endpoint.host));
}

/* a rung that an earlier one already ruled out; true when it was */
static bool skipped(struct journey *journey, enum stage stage, const struct climb *climb)
{
	if (climb->stopped.len)
		record_skip(journey, stage, climb->endpoint.role, climb->endpoint.host,
			CAUSE_DEPENDENCY, climb->stopped);
	return climb->stopped.len > 0;
}

static bool have_family(const struct journey *journey, uint8_t family)
{
	const struct addresses *own = &journey->surroundings->addresses;
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
	struct journey *journey, struct pair **pairs, size_t count, struct address server)
{
	struct query *queries = arena_new(journey->arena, struct query, count * 2);
	for (size_t i = 0; i < count; i++) {
		queries[2 * i] = pairs[i]->a;
		queries[2 * i + 1] = pairs[i]->aaaa;
		queries[2 * i].server = queries[2 * i + 1].server = server;
	}
	journey->net->resolve(journey->net, queries, count * 2, wait_until(journey));
	for (size_t i = 0; i < count; i++) {
		pairs[i]->a = queries[2 * i];
		pairs[i]->aaaa = queries[2 * i + 1];
	}
}

/* The server gave an answer, if only that there is none; or it was not even asked. libc, too, goes
 * on to the next server after silence, a refusal and SERVFAIL. */
static bool answered(const struct pair *pair)
{
	const enum cause causes[] = {pair->a.cause, pair->aaaa.cause};
	for (size_t i = 0; i < 2; i++)
		if (causes[i] == CAUSE_NONE || causes[i] == CAUSE_NXDOMAIN ||
			causes[i] == CAUSE_NODATA || causes[i] == CAUSE_EXHAUSTED)
			return true;
	return false;
}

/* whose cause is the pair's, when no address came */
static const struct query *decisive(const struct journey *journey, const struct pair *pair)
{
	if (pair->aaaa.cause == CAUSE_EXHAUSTED)
		return &pair->aaaa;
	return pair->a.cause == CAUSE_EXHAUSTED || have_family(journey, 4) ? &pair->a : &pair->aaaa;
}

static void take_addresses(struct journey *journey, struct climb *climb, const struct pair *pair)
{
	const struct addresses *found[] = {&pair->a.addresses, &pair->aaaa.addresses};
	for (size_t family = 0; family < 2; family++)
		for (size_t i = 0; i < found[family]->count; i++) {
			struct address address = found[family]->at[i];
			address.port = climb->endpoint.port;
			addresses_add(journey->arena, &climb->addresses, address);
		}
}

static struct texts bare_addresses(struct arena *arena, const struct addresses *addresses)
{
	struct texts list = {0};
	for (size_t i = 0; i < addresses->count; i++)
		texts_add(arena, &list, address_text(arena, &addresses->at[i]));
	return list;
}

static void saw_pair(struct journey *journey, struct step *step, const struct pair *pair)
{
	const struct query *told = pair->a.cause == CAUSE_NONE ? &pair->a : &pair->aaaa;
	bool truncated = pair->a.truncated || pair->aaaa.truncated;
	step->peer = address_peer(journey->arena, &pair->a.server);
	saw(journey, step, FACT_SERVER, address_text(journey->arena, &pair->a.server));
	saw_list(journey, step, FACT_CNAMES, told->cnames);
	saw(journey, step, FACT_TRANSPORT, truncated ? T("tcp") : T("udp"));
	if (truncated)
		step_counted(journey->arena, step, FACT_WAS_TRUNCATED, 1);
	saw(journey, step, FACT_RECORD, T("both"));
	saw(journey, step, FACT_A_CAUSE, cause_name(pair->a.cause));
	saw(journey, step, FACT_AAAA_CAUSE, cause_name(pair->aaaa.cause));
	if (pair->a.cause == CAUSE_REFUSED && text_holds(pair->a.detail, T("ECONNREFUSED")))
		saw(journey, step, FACT_ERRNO, T("ECONNREFUSED"));
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void judge_name(
	struct journey *journey, struct climb *climb, const struct pair *pair, struct texts silent)
{
	const struct query *told = decisive(journey, pair);
	bool any = pair->a.cause == CAUSE_NONE || pair->aaaa.cause == CAUSE_NONE;
	enum cause cause = any ? CAUSE_NONE : told->cause;
	struct text detail = cause == CAUSE_NONE ? T("") : told->detail;
	struct step *step = record(journey, STAGE_DNS, climb->endpoint.role, climb->endpoint.host,
		cause, detail, pair->a.began_us, later(pair->a.took_us, pair->aaaa.took_us));
	take_addresses(journey, climb, pair);
	saw_pair(journey, step, pair);
	proxy_saw(journey, step, climb);
	saw_list(journey, step, FACT_SILENT_SERVERS, silent);
	saw_list(journey, step, FACT_ADDRESSES, bare_addresses(journey->arena, &climb->addresses));
	if (cause != CAUSE_NONE)
		stop(journey, climb, STAGE_DNS, cause);
}

/* A host that is an address needs no name, nor does "localhost" (RFC 6761 6.3): the rung is passed.
 */
static bool is_address(struct journey *journey, struct climb *climb)
{
	struct address address;
	bool local = text_same(climb->endpoint.host, T("localhost"));
	if (!address_parse(local ? T("127.0.0.1") : climb->endpoint.host, &address) || address.port)
		return false;
	address.port = climb->endpoint.port;
	addresses_add(journey->arena, &climb->addresses, address);
	record(journey, STAGE_DNS, climb->endpoint.role, climb->endpoint.host, CAUSE_NONE,
		T("the host is an address"), 0, 0);
	return true;
}

static bool is_left_to_proxy(struct journey *journey, struct climb *climb)
{
	proxy_route(journey, climb);
	if (climb->by_proxy && !skipped(journey, STAGE_DNS, climb))
		proxy_leave(journey, STAGE_DNS, climb);
	return climb->by_proxy;
}

/* One server after the other, as libc does, each asked only for names that are still open. */
static void ask_all_servers(struct journey *journey, struct pair *pairs, struct texts *silent,
	struct climb *climbs, size_t count)
{
	struct pair **open = arena_new(journey->arena, struct pair *, count);
	for (size_t server = 0; server < journey->resolvers.count; server++) {
		size_t still = 0;
		for (size_t i = 0; i < count; i++) {
			if (climbs[i].by_proxy || climbs[i].addresses.count ||
				(server && answered(&pairs[i])))
				continue;
			if (server)
				texts_add(journey->arena, &silent[i],
					address_text(journey->arena,
						&journey->resolvers.at[server - 1]));
			open[still++] = &pairs[i];
		}
		if (still == 0 || time_is_up(journey))
			return;
		ask_server(journey, open, still, journey->resolvers.at[server]);
	}
}

void ladder_dns(struct journey *journey, struct climb *climbs, size_t count)
{
	struct pair *pairs = arena_new(journey->arena, struct pair, count);
	struct texts *silent = arena_new(journey->arena, struct texts, count);
	bool *settled = arena_new(journey->arena, bool, count);
	for (size_t i = 0; i < count; i++) {
		struct text name = climbs[i].endpoint.host;
		settled[i] = is_left_to_proxy(journey, &climbs[i]) ||
			is_address(journey, &climbs[i]);
		pairs[i].a = (struct query){.name = name,
			.record = RECORD_A,
			.cause = CAUSE_LOCAL,
			.detail = T("no resolver is configured")};
		pairs[i].aaaa = pairs[i].a;
		pairs[i].aaaa.record = RECORD_AAAA;
	}
	ask_all_servers(journey, pairs, silent, climbs, count);
	for (size_t i = 0; i < count; i++)
		if (!settled[i])
			judge_name(journey, &climbs[i], &pairs[i], silent[i]);
}

/* tcp ------------------------------------------------------------------------------------- */

static void judge_dial(struct journey *journey, struct climb *climb, const struct dial *dial)
{
	struct step *step = record(journey, STAGE_TCP, climb->endpoint.role, climb->endpoint.host,
		dial->cause, dial->detail, dial->began_us, dial->took_us);
	step->peer = address_peer(journey->arena, &dial->to);
	saw(journey, step, FACT_LOCAL, address_peer(journey->arena, &dial->local));
	saw(journey, step, FACT_ERRNO, dial->error);
	saw(journey, step, FACT_HOP, address_text(journey->arena, &dial->hop));
	proxy_saw(journey, step, climb);
	if (dial->cause == CAUSE_NONE && climb->reached.family == 0) {
		climb->reached = dial->to;
		climb->fd = dial->fd;
	} else if (dial->fd >= 0) {
		close(dial->fd);
	}
}

const struct address *first_address(const struct journey *journey, const struct climb *climb)
{
	for (size_t i = 0; i < climb->addresses.count; i++)
		if (have_family(journey, climb->addresses.at[i].family))
			return &climb->addresses.at[i];
	return NULL;
}

/* the climb's addresses of families that this machine has, as dials; or the proxy's one */
static size_t plan_dials(struct journey *journey, const struct climb *climb, struct dial *dials)
{
	size_t count = 0;
	if (climb->by_proxy)
		dials[count++] = proxy_dial(journey, climb->endpoint.host, climb->endpoint.port);
	for (size_t i = 0; i < climb->addresses.count && count < ADDRESSES_MAX; i++)
		if (have_family(journey, climb->addresses.at[i].family))
			dials[count++] = (struct dial){.to = climb->addresses.at[i], .fd = -1};
	return count;
}

static void judge_no_dials(struct journey *journey, struct climb *climb)
{
	const char *only = have_family(journey, 6) ? "IPv6" : "IPv4";
	record(journey, STAGE_TCP, climb->endpoint.role, climb->endpoint.host, CAUSE_NO_ADDRESS,
		text_format(journey->arena,
			"this machine has %s addresses only, and the name has none", only),
		0, 0);
	stop(journey, climb, STAGE_TCP, CAUSE_NO_ADDRESS);
}

/* the cause that ends a climb none of whose addresses accepted: the first one's */
static void judge_climb(
	struct journey *journey, struct climb *climb, const struct dial *dials, size_t count)
{
	if (climb->by_proxy) {
		proxy_judge(journey, climb, &dials[0]);
		return;
	}
	for (size_t i = 0; i < count; i++)
		judge_dial(journey, climb, &dials[i]);
	if (climb->reached.family == 0)
		stop(journey, climb, STAGE_TCP, dials[0].cause);
}

void ladder_tcp(struct journey *journey, struct climb *climbs, size_t count)
{
	struct dial *dials = arena_new(journey->arena, struct dial, count * ADDRESSES_MAX);
	size_t *first = arena_new(journey->arena, size_t, count + 1);
	for (size_t i = 0; i < count; i++) {
		bool climbing = climbs[i].stopped.len == 0;
		size_t more = climbing ? plan_dials(journey, &climbs[i], dials + first[i]) : 0;
		first[i + 1] = first[i] + more;
	}
	if (first[count])
		journey->net->connect(journey->net, dials, first[count], wait_until(journey));
	for (size_t i = 0; i < count; i++) {
		size_t dialled = first[i + 1] - first[i];
		if (skipped(journey, STAGE_TCP, &climbs[i]))
			continue;
		if (dialled)
			judge_climb(journey, &climbs[i], dials + first[i], dialled);
		else
			judge_no_dials(journey, &climbs[i]);
	}
}

/* tls ------------------------------------------------------------------------------------- */

static void saw_certificate(
	struct journey *journey, struct step *step, const struct handshake *handshake)
{
	saw(journey, step, FACT_SENT_NAME, handshake->send_name);
	step_counted(journey->arena, step, FACT_HELLO_BYTES, handshake->hello_bytes);
	step_counted(journey->arena, step, FACT_PEER_BYTES, handshake->peer_bytes);
	saw(journey, step, FACT_VERSION, handshake->version);
	saw(journey, step, FACT_CIPHER, handshake->cipher);
	saw(journey, step, FACT_SUBJECT, handshake->subject);
	saw(journey, step, FACT_ISSUER, handshake->issuer);
	saw_list(journey, step, FACT_NAMES, handshake->names);
	saw_list(journey, step, FACT_CHAIN, handshake->chain);
	saw(journey, step, FACT_NOT_BEFORE, handshake->not_before);
	saw(journey, step, FACT_NOT_AFTER, handshake->not_after);
	saw(journey, step, FACT_ANCHOR, handshake->anchor);
	saw(journey, step, FACT_ALERT, handshake->alert);
}

static void judge_handshake(
	struct journey *journey, struct climb *climb, const struct handshake *handshake)
{
	struct step *step = record(journey, STAGE_TLS, climb->endpoint.role, climb->endpoint.host,
		handshake->cause, handshake->detail, handshake->began_us, handshake->took_us);
	step->peer = address_peer(journey->arena, &climb->reached);
	saw_certificate(journey, step, handshake);
	proxy_saw(journey, step, climb);
	if (handshake->cause != CAUSE_NONE)
		stop(journey, climb, STAGE_TLS, handshake->cause);
}

static struct handshake handshake_with(const struct journey *journey, struct climb *climb)
{
	struct address address;
	bool named = !address_parse(climb->endpoint.host, &address);
	struct handshake handshake = {
		.fd = climb->fd,
		/* an address is no server name, RFC 6066 section 3 */
		.send_name = named ? climb->endpoint.host : T(""),
		.expect_name = climb->endpoint.host,
		.trust = journey->options->trust,
	};
	climb->fd = -1;
	return handshake;
}

void ladder_tls(struct journey *journey, struct climb *climbs, size_t count)
{
	struct handshake *handshakes = arena_new(journey->arena, struct handshake, count);
	size_t still = 0;
	for (size_t i = 0; i < count; i++)
		if (climbs[i].stopped.len == 0)
			handshakes[still++] = handshake_with(journey, &climbs[i]);
	if (still)
		journey->net->handshake(journey->net, handshakes, still, wait_until(journey));
	still = 0;
	for (size_t i = 0; i < count; i++)
		if (!skipped(journey, STAGE_TLS, &climbs[i]))
			judge_handshake(journey, &climbs[i], &handshakes[still++]);
}

void walk_dns(struct journey *journey)
{
	if (proxy_is_asked(journey))
		ladder_dns(journey, &journey->proxy, 1);
	ladder_dns(journey, journey->climbs, journey->climb_count);
}

void walk_tcp(struct journey *journey)
{
	if (proxy_is_asked(journey))
		ladder_tcp(journey, &journey->proxy, 1);
	http_begin(journey);
	ladder_tcp(journey, journey->climbs, journey->climb_count);
}

void walk_tls(struct journey *journey)
{
	ladder_tls(journey, journey->climbs, journey->climb_count);
}
