/* Experiments on names: is it this name or every name, this server or every server, UDP or TCP?
 * All of them go out at once. */
#include "model/hosts.h"
#include "walk/experiments.h"

enum { QUERIES_MAX = 8, DNS_PORT = 53 };

/* the questions that one name calls for */
struct name_trial {
	struct trial trial;
	enum endpoint_kind kind;
	struct query queries[QUERIES_MAX];
	enum experiment experiments[QUERIES_MAX];
	size_t count;
};

static void add_query(struct name_trial *name, enum experiment experiment, struct query query)
{
	if (name->count == QUERIES_MAX)
		return;
	query.server.port = DNS_PORT;
	name->experiments[name->count] = experiment;
	name->queries[name->count++] = query;
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

void record_query(struct probe *probe, const struct query *query, enum endpoint_kind kind)
{
	struct step *step = record(probe, STAGE_DNS, kind, query->name, query->symptom,
		query->detail, query->began_us, query->took_us);
	struct texts addresses = {0};
	for (size_t i = 0; i < query->addresses.count; i++)
		texts_add(probe->arena, &addresses,
			address_text(probe->arena, &query->addresses.at[i]));
	step->peer = address_peer(probe->arena, &query->server);
	saw(probe, step, FACT_SERVER, address_text(probe->arena, &query->server));
	saw(probe, step, FACT_TRANSPORT, query->tcp ? T("tcp") : T("udp"));
	saw(probe, step, FACT_RECORD, query->record == RECORD_A ? T("A") : T("AAAA"));
	saw_list(probe, step, FACT_ADDRESSES, addresses);
	saw_list(probe, step, FACT_CNAMES, query->cnames);
}

static bool name_work(struct probe *probe, struct trial *trial)
{
	const struct name_trial *name = (struct name_trial *)trial;
	(void)probe;
	for (size_t i = 0; i < name->count; i++)
		if (name->queries[i].pending)
			return false;
	return true;
}

static void name_write(struct probe *probe, struct trial *trial)
{
	const struct name_trial *name = (struct name_trial *)trial;
	for (size_t i = 0; i < name->count; i++) {
		write_as(probe, name->experiments[i], trial->follows);
		record_query(probe, &name->queries[i], name->kind);
	}
}

static void name_begin(struct probe *probe, struct trial *trial)
{
	struct name_trial *name = (struct name_trial *)trial;
	probe->net->resolve(probe->net, name->queries, name->count, trial->until_us);
}

static struct name_trial *new_trial(struct probe *probe, const struct endpoint_state *state)
{
	struct name_trial *name = arena_new(probe->arena, struct name_trial, 1);
	name->trial.begin = name_begin;
	name->trial.work = name_work;
	name->trial.write = name_write;
	name->kind = state->endpoint.kind;
	return name;
}

/* The server's silence is worth a wait for others. After an answer none of theirs can say what
 * would not have come in the time of a few answers. */
void try_name(struct probe *probe, struct trials *trials, const struct endpoint_state *state,
	const struct query *asked)
{
	struct name_trial *name = new_trial(probe, state);
	struct addresses others = amazon_resolvers(probe);
	struct query query = {.name = asked->name, .record = record_of(probe)};
	bool silent = asked->pending || asked->symptom == SYMPTOM_TIMEOUT;
	query.server = asked->server;
	query.tcp = true;
	if (silent && query.server.family)
		add_query(name, EXPERIMENT_DNS_OVER_TCP, query);
	query.tcp = false;
	for (size_t i = 0; i < others.count; i++) {
		query.server = others.at[i];
		if (!is_configured(probe, &others.at[i]))
			add_query(name, EXPERIMENT_DNS_OTHER_SERVER, query);
	}
	/* one name that must exist, of the server that failed first */
	query = (struct query){
		.name = T("aws.amazon.com"), .record = record_of(probe), .server = asked->server};
	if (query.server.family && (!probe->known_name || probe->known_name->activity.ended)) {
		add_query(name, EXPERIMENT_DNS_KNOWN_NAME, query);
		probe->known_name = &name->trial;
	}
	name->trial.until_us = silent ? 0 : clock_us() + suspicion_us(probe);
	trial_begin(probe, trials, &name->trial, asked->began_us);
}

void try_dualstack_name(struct probe *probe, struct trials *trials,
	const struct endpoint_state *state, struct address server)
{
	const struct target *target = probe->target;
	struct name_trial *name = new_trial(probe, state);
	struct host_wish wish = {
		.partition = target->partition,
		.region = target->region,
		.account = target->account,
		.endpoint = state->endpoint.kind,
		.fips = target->fips,
		.dualstack = true,
	};
	struct query query = {.record = RECORD_AAAA, .server = server};
	bool is_ipv4 = state->addresses.count && state->addresses.at[0].family == 4;
	if (!is_ipv4 || target->kind != REGISTRY_ECR || target->account.len == 0)
		return;
	query.name = host_name(probe->arena, &wish);
	if (text_same(query.name, state->endpoint.host) || !server.family)
		return;
	add_query(name, EXPERIMENT_DNS_DUALSTACK_NAME, query);
	name->trial.until_us = clock_us() + suspicion_us(probe);
	trial_begin(probe, trials, &name->trial, clock_us());
}
