/* Experiments on names: is it this name or every name, this server or every server, UDP or TCP?
 * All of them go out at once and cost one --timeout. */
#include "model/hosts.h"
#include "walk/experiments.h"
#include "walk/stages.h"

enum { QUERIES_MAX = 64, DNS_PORT = 53 };

/* a question, and the failed step that called for it */
struct asked {
	enum experiment experiment;
	size_t follows;
};

struct round {
	struct query queries[QUERIES_MAX];
	struct asked asked[QUERIES_MAX];
	size_t count;
};

static void add(struct round *round, enum experiment experiment, size_t follows, struct query query)
{
	if (round->count == QUERIES_MAX)
		return;
	query.server.port = DNS_PORT;
	round->queries[round->count] = query;
	round->asked[round->count++] = (struct asked){experiment, follows};
}

enum record record_of(const struct journey *journey)
{
	const struct addresses *own = &journey->surroundings->addresses;
	for (size_t i = 0; i < own->count; i++)
		if (own->at[i].family == 4)
			return RECORD_A;
	return own->count ? RECORD_AAAA : RECORD_A;
}

/* The other places where Amazon's resolver answers: the subnet's network plus two is the VPC's
 * base plus two only in the VPC's first subnet, so that guess is one of three.
 * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
struct addresses amazon_resolvers(struct journey *journey)
{
	struct addresses list = {0};
	struct address address;
	const struct surroundings *here = journey->surroundings;
	for (size_t i = 0; i < here->addresses.count; i++) {
		if (here->addresses.at[i].family != 4)
			continue;
		/* most VPCs are a /16 and give the second address of it to the resolver */
		address = here->addresses.at[i];
		address.bytes[2] = 0;
		address.bytes[3] = 2;
		addresses_add(journey->arena, &list, address);
		break;
	}
	if (address_parse(T("fd00:ec2::253"), &address))
		addresses_add(journey->arena, &list, address);
	if (record_of(journey) == RECORD_A && address_parse(T("169.254.169.253"), &address))
		addresses_add(journey->arena, &list, address);
	return list;
}

static bool is_configured(const struct journey *journey, const struct address *server)
{
	for (size_t i = 0; i < journey->resolvers.count; i++) {
		struct address known = journey->resolvers.at[i];
		known.port = server->port;
		if (address_equal(&known, server))
			return true;
	}
	return false;
}

static bool is_silence(enum cause cause)
{
	return cause == CAUSE_TIMEOUT || cause == CAUSE_STALLED;
}

/* what a failed name calls for */
static void plan_name(
	struct journey *journey, struct round *round, size_t index, const struct addresses *others)
{
	const struct step *step = &journey->evidence->steps[index];
	struct query query = {.name = step->host, .record = record_of(journey)};
	struct address server;
	if (address_parse(seen_text(step, FACT_SERVER), &server)) {
		query.server = server;
		query.tcp = true;
		if (is_silence(step->cause))
			add(round, EXPERIMENT_DNS_OVER_TCP, index, query);
		query.tcp = false;
	}
	for (size_t i = 0; i < others->count; i++) {
		query.server = others->at[i];
		if (!is_configured(journey, &others->at[i]))
			add(round, EXPERIMENT_DNS_OTHER_SERVER, index, query);
	}
}

/* one name that must exist, of the server that failed */
static void plan_known_name(struct journey *journey, struct round *round, size_t index)
{
	const struct step *step = &journey->evidence->steps[index];
	struct query query = {.name = T("aws.amazon.com"), .record = record_of(journey)};
	if (address_parse(seen_text(step, FACT_SERVER), &query.server))
		add(round, EXPERIMENT_DNS_KNOWN_NAME, index, query);
}

void record_query(struct journey *journey, const struct query *query, enum experiment experiment,
	enum role role, size_t follows)
{
	struct step *step = record(journey, STAGE_DNS, role, query->name, query->cause,
		query->detail, query->began_us, query->took_us);
	struct texts addresses = {0};
	for (size_t i = 0; i < query->addresses.count; i++)
		texts_add(journey->arena, &addresses,
			address_text(journey->arena, &query->addresses.at[i]));
	mark_experiment(step, experiment, follows);
	step->peer = address_peer(journey->arena, &query->server);
	saw(journey, step, FACT_SERVER, address_text(journey->arena, &query->server));
	saw(journey, step, FACT_TRANSPORT, query->tcp ? T("tcp") : T("udp"));
	saw(journey, step, FACT_RECORD, query->record == RECORD_A ? T("A") : T("AAAA"));
	saw_list(journey, step, FACT_ADDRESSES, addresses);
	saw_list(journey, step, FACT_CNAMES, query->cnames);
}

static void record_asked(
	struct journey *journey, const struct query *query, const struct asked *asked)
{
	record_query(journey, query, asked->experiment,
		journey->evidence->steps[asked->follows].role, asked->follows);
}

static void ask(struct journey *journey, struct round *round)
{
	if (round->count)
		journey->net->resolve(
			journey->net, round->queries, round->count, wait_until(journey));
	for (size_t i = 0; i < round->count; i++)
		record_asked(journey, &round->queries[i], &round->asked[i]);
}

/* A name with a second spelling that does not exist under the first: the climb goes on by the
 * second where that exists. */
static bool is_spelt_otherwise(struct journey *journey, size_t index)
{
	const struct step *step = &journey->evidence->steps[index];
	struct climb *climb = climb_of(journey, step->role);
	bool is_absent = step->cause == CAUSE_NXDOMAIN || step->cause == CAUSE_NODATA;
	if (!is_absent || !climb || climb->endpoint.other_host.len == 0 || time_is_up(journey))
		return false;
	struct climb other = {.endpoint = climb->endpoint, .fd = -1};
	other.endpoint.host = climb->endpoint.other_host;
	size_t made = journey->evidence->count;
	ladder_dns(journey, &other, 1);
	mark_experiment(&journey->evidence->steps[made], EXPERIMENT_DNS_OTHER_SPELLING, index);
	if (other.stopped.len)
		return false;
	*climb = other;
	return true;
}

void follow_dns(struct journey *journey, size_t from)
{
	struct round *round = arena_new(journey->arena, struct round, 1);
	struct addresses others = amazon_resolvers(journey);
	size_t count = journey->evidence->count;
	bool known_name_asked = false;
	for (size_t i = from; i < count; i++) {
		if (journey->evidence->steps[i].outcome != OUTCOME_FAILED ||
			is_spelt_otherwise(journey, i))
			continue;
		plan_name(journey, round, i, &others);
		if (!known_name_asked)
			plan_known_name(journey, round, i);
		known_name_asked = true;
	}
	ask(journey, round);
}

/* the server that answered for a role's name */
static bool server_of(const struct journey *journey, enum role role, struct address *out)
{
	for (size_t i = journey->evidence->count; i-- > 0;) {
		const struct step *step = &journey->evidence->steps[i];
		if (step->stage == STAGE_DNS && step->role == role)
			return address_parse(seen_text(step, FACT_SERVER), out);
	}
	return false;
}

/* A name with IPv4 addresses that this machine cannot use: its dual-stack name may have others. */
static void plan_dualstack_name(struct journey *journey, struct round *round, size_t index)
{
	const struct step *step = &journey->evidence->steps[index];
	const struct climb *climb = climb_of(journey, step->role);
	const struct target *target = journey->target;
	struct host_wish wish = {
		.partition = target->partition,
		.region = target->region,
		.account = target->account,
		.role = step->role,
		.fips = target->fips,
		.dualstack = true,
	};
	struct query query = {.record = RECORD_AAAA};
	bool is_ipv4 = climb && climb->addresses.count && climb->addresses.at[0].family == 4;
	if (!is_ipv4 || target->kind != REGISTRY_ECR || target->account.len == 0)
		return;
	query.name = host_name(journey->arena, &wish);
	if (!text_same(query.name, step->host) && server_of(journey, step->role, &query.server))
		add(round, EXPERIMENT_DNS_DUALSTACK_NAME, index, query);
}

void follow_missing_ipv6(struct journey *journey, size_t from)
{
	struct round *round = arena_new(journey->arena, struct round, 1);
	for (size_t i = from; i < journey->evidence->count; i++)
		if (journey->evidence->steps[i].cause == CAUSE_NO_ADDRESS)
			plan_dualstack_name(journey, round, i);
	ask(journey, round);
}
