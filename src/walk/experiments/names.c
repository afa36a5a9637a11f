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

enum record record_of(const struct probe *probe)
{
	const struct addresses *own = &probe->host_info->addresses;
	for (size_t i = 0; i < own->count; i++)
		if (own->at[i].family == 4)
			return RECORD_A;
	return own->count ? RECORD_AAAA : RECORD_A;
}

/* The other places where Amazon's resolver answers: the subnet's network plus two is the VPC's
 * base plus two only in the VPC's first subnet, so that guess is one of three.
 * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
struct addresses amazon_resolvers(struct probe *probe)
{
	struct addresses list = {0};
	struct address address;
	const struct host_info *here = probe->host_info;
	for (size_t i = 0; i < here->addresses.count; i++) {
		if (here->addresses.at[i].family != 4)
			continue;
		/* most VPCs are a /16 and give the second address of it to the resolver */
		address = here->addresses.at[i];
		address.bytes[2] = 0;
		address.bytes[3] = 2;
		addresses_add(probe->arena, &list, address);
		break;
	}
	if (address_parse(T("fd00:ec2::253"), &address))
		addresses_add(probe->arena, &list, address);
	if (record_of(probe) == RECORD_A && address_parse(T("169.254.169.253"), &address))
		addresses_add(probe->arena, &list, address);
	return list;
}

static bool is_configured(const struct probe *probe, const struct address *server)
{
	for (size_t i = 0; i < probe->resolvers.count; i++) {
		struct address known = probe->resolvers.at[i];
		known.port = server->port;
		if (address_equal(&known, server))
			return true;
	}
	return false;
}

static bool is_silence(enum symptom symptom)
{
	return symptom == SYMPTOM_TIMEOUT || symptom == SYMPTOM_STALLED;
}

/* what a failed name calls for */
static void plan_name(
	struct probe *probe, struct round *round, size_t index, const struct addresses *others)
{
	const struct step *step = &probe->evidence->steps[index];
	struct query query = {.name = step->host, .record = record_of(probe)};
	struct address server;
	if (address_parse(seen_text(step, FACT_SERVER), &server)) {
		query.server = server;
		query.tcp = true;
		if (is_silence(step->symptom))
			add(round, EXPERIMENT_DNS_OVER_TCP, index, query);
		query.tcp = false;
	}
	for (size_t i = 0; i < others->count; i++) {
		query.server = others->at[i];
		if (!is_configured(probe, &others->at[i]))
			add(round, EXPERIMENT_DNS_OTHER_SERVER, index, query);
	}
}

/* one name that must exist, of the server that failed */
static void plan_known_name(struct probe *probe, struct round *round, size_t index)
{
	const struct step *step = &probe->evidence->steps[index];
	struct query query = {.name = T("aws.amazon.com"), .record = record_of(probe)};
	if (address_parse(seen_text(step, FACT_SERVER), &query.server))
		add(round, EXPERIMENT_DNS_KNOWN_NAME, index, query);
}

void record_query(struct probe *probe, const struct query *query, enum experiment experiment,
	enum endpoint_kind kind, size_t follows)
{
	struct step *step = record(probe, STAGE_DNS, kind, query->name, query->symptom,
		query->detail, query->began_us, query->took_us);
	struct texts addresses = {0};
	for (size_t i = 0; i < query->addresses.count; i++)
		texts_add(probe->arena, &addresses,
			address_text(probe->arena, &query->addresses.at[i]));
	mark_experiment(step, experiment, follows);
	step->peer = address_peer(probe->arena, &query->server);
	saw(probe, step, FACT_SERVER, address_text(probe->arena, &query->server));
	saw(probe, step, FACT_TRANSPORT, query->tcp ? T("tcp") : T("udp"));
	saw(probe, step, FACT_RECORD, query->record == RECORD_A ? T("A") : T("AAAA"));
	saw_list(probe, step, FACT_ADDRESSES, addresses);
	saw_list(probe, step, FACT_CNAMES, query->cnames);
}

static void record_asked(struct probe *probe, const struct query *query, const struct asked *asked)
{
	record_query(probe, query, asked->experiment,
		probe->evidence->steps[asked->follows].endpoint, asked->follows);
}

static void ask(struct probe *probe, struct round *round)
{
	if (round->count)
		net_resolve(probe->net, round->queries, round->count, wait_until(probe));
	for (size_t i = 0; i < round->count; i++)
		record_asked(probe, &round->queries[i], &round->asked[i]);
}

/* A name with a second spelling that does not exist under the first: the endpoint goes on by
 * the second where that exists. */
static bool is_spelt_otherwise(struct probe *probe, size_t index)
{
	const struct step *step = &probe->evidence->steps[index];
	struct endpoint_state *state = state_of(probe, step->endpoint);
	bool is_absent = step->symptom == SYMPTOM_NXDOMAIN || step->symptom == SYMPTOM_NODATA;
	if (!is_absent || !state || state->endpoint.other_host.len == 0 || time_is_up(probe))
		return false;
	struct endpoint_state other = {.endpoint = state->endpoint, .fd = -1};
	other.endpoint.host = state->endpoint.other_host;
	size_t made = probe->evidence->count;
	connectivity_dns(probe, &other, 1);
	mark_experiment(&probe->evidence->steps[made], EXPERIMENT_DNS_OTHER_SPELLING, index);
	if (other.stopped.len)
		return false;
	*state = other;
	return true;
}

void follow_dns(struct probe *probe, size_t from)
{
	struct round *round = arena_new(probe->arena, struct round, 1);
	struct addresses others = amazon_resolvers(probe);
	size_t count = probe->evidence->count;
	bool known_name_asked = false;
	for (size_t i = from; i < count; i++) {
		if (probe->evidence->steps[i].outcome != OUTCOME_FAILED ||
			is_spelt_otherwise(probe, i))
			continue;
		plan_name(probe, round, i, &others);
		if (!known_name_asked)
			plan_known_name(probe, round, i);
		known_name_asked = true;
	}
	ask(probe, round);
}

/* the server that answered for a role's name */
static bool server_of(const struct probe *probe, enum endpoint_kind kind, struct address *out)
{
	for (size_t i = probe->evidence->count; i-- > 0;) {
		const struct step *step = &probe->evidence->steps[i];
		if (step->stage == STAGE_DNS && step->endpoint == kind)
			return address_parse(seen_text(step, FACT_SERVER), out);
	}
	return false;
}

/* A name with IPv4 addresses that this machine cannot use: its dual-stack name may have others. */
static void plan_dualstack_name(struct probe *probe, struct round *round, size_t index)
{
	const struct step *step = &probe->evidence->steps[index];
	const struct endpoint_state *state = state_of(probe, step->endpoint);
	const struct target *target = probe->target;
	struct host_wish wish = {
		.partition = target->partition,
		.region = target->region,
		.account = target->account,
		.endpoint = step->endpoint,
		.fips = target->fips,
		.dualstack = true,
	};
	struct query query = {.record = RECORD_AAAA};
	bool is_ipv4 = state && state->addresses.count && state->addresses.at[0].family == 4;
	if (!is_ipv4 || target->kind != REGISTRY_ECR || target->account.len == 0)
		return;
	query.name = host_name(probe->arena, &wish);
	if (!text_same(query.name, step->host) && server_of(probe, step->endpoint, &query.server))
		add(round, EXPERIMENT_DNS_DUALSTACK_NAME, index, query);
}

void follow_missing_ipv6(struct probe *probe, size_t from)
{
	struct round *round = arena_new(probe->arena, struct round, 1);
	for (size_t i = from; i < probe->evidence->count; i++)
		if (probe->evidence->steps[i].symptom == SYMPTOM_NO_ADDRESS)
			plan_dualstack_name(probe, round, i);
	ask(probe, round);
}
