/* Experiments on names: is it this name or every name, this server or every server, UDP or TCP? And
 * the VPC's own view of a name: a DNS server of one's own (DHCP options) may not know the VPC's
 * private zones. All questions of one failure go out at once.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html */
#include "model/hosts.h"
#include "walk/experiments.h"

enum { DNS_PORT = 53 };

static struct query *add_query(struct probe *probe, struct trial *trial, enum experiment experiment,
	struct text name, struct address server)
{
	struct try *try = trial_add(trial, experiment, ASK_NAME);
	server.port = DNS_PORT;
	try->query = (struct query){.name = name, .record = record_of(probe), .server = server};
	return &try->query;
}

enum record record_of(const struct probe *probe)
{
	return have_family(probe, 4) ? RECORD_A : RECORD_AAAA;
}

/* The other places where Amazon's resolver answers: the subnet's network plus two is the VPC's
 * base plus two only in the VPC's first subnet, so that guess is one of three. Without IPv4 only
 * the IPv6 one is of use.
 * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
static struct addresses amazon_resolvers(struct probe *probe)
{
	struct addresses list = {0};
	struct address address;
	const struct addresses *own = &probe->host_info->addresses;
	for (size_t i = 0; i < own->count && list.count == 0; i++) {
		if (own->at[i].family != 4)
			continue;
		/* most VPCs are a /16 and give the second address of it to the resolver */
		address = own->at[i];
		address.bytes[2] = 0;
		address.bytes[3] = 2;
		addresses_add(probe->arena, &list, address);
	}
	if (address_parse(T("fd00:ec2::253"), &address))
		addresses_add(probe->arena, &list, address);
	if (record_of(probe) == RECORD_A && address_parse(T("169.254.169.253"), &address))
		addresses_add(probe->arena, &list, address);
	return list;
}

static bool holds_host(const struct addresses *list, struct address address)
{
	for (size_t i = 0; i < list->count; i++) {
		address.port = list->at[i].port;
		if (address_equal(&list->at[i], &address))
			return true;
	}
	return false;
}

/* The server's silence is worth a wait for others. After an answer none of theirs can say what
 * would not have come in the time of a few answers. */
void try_name(struct probe *probe, struct trial **of, const struct query *asked, int64_t since_us)
{
	struct trial *trial = trial_make(probe, of);
	if (!trial)
		return;
	struct addresses others = amazon_resolvers(probe);
	bool silent = asked->pending || asked->symptom == SYMPTOM_TIMEOUT;
	if (silent && asked->server.family)
		add_query(probe, trial, EXPERIMENT_DNS_OVER_TCP, asked->name, asked->server)
			->tcp = true;
	for (size_t i = 0; i < others.count; i++)
		if (!holds_host(&probe->resolvers, others.at[i]))
			add_query(probe, trial, EXPERIMENT_DNS_OTHER_SERVER, asked->name,
				others.at[i]);
	/* one name that must exist, of the server that failed first */
	if (asked->server.family && (!probe->known_name || probe->known_name->activity.ended)) {
		add_query(probe, trial, EXPERIMENT_DNS_KNOWN_NAME, T("aws.amazon.com"),
			asked->server);
		probe->known_name = trial;
	}
	trial->until_us = silent ? 0 : clock_us() + suspicion_us(probe);
	trial_begin(probe, trial, since_us);
}

void try_dualstack_name(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	struct address server)
{
	const struct target *target = probe->target;
	struct host_parts wish = {
		.partition = target->partition,
		.region = target->region,
		.account = target->account,
		.endpoint = state->endpoint.kind,
		.fips = target->fips,
		.dualstack = true,
	};
	bool is_ipv4 = state->addresses.count && state->addresses.at[0].family == 4;
	if (!is_ipv4 || target->kind != REGISTRY_ECR || target->account.len == 0)
		return;
	struct text name = host_name(probe->arena, &wish);
	if (text_same(name, state->endpoint.host) || !server.family)
		return;
	struct trial *trial = trial_make(probe, of);
	if (!trial)
		return;
	add_query(probe, trial, EXPERIMENT_DNS_DUALSTACK_NAME, name, server)->record = RECORD_AAAA;
	trial->until_us = clock_us() + suspicion_us(probe);
	trial_begin(probe, trial, clock_us());
}

/* Connects to an address of the answer that is not among the endpoint's own. */
static bool prepare_other_answer(struct probe *probe, struct try *try)
{
	const struct addresses *found = &try->after->query.addresses;
	(void)probe;
	for (size_t i = 0; i < found->count; i++)
		if (!holds_host(&try->state->addresses, found->at[i])) {
			try->dial.to = found->at[i];
			try->dial.to.port = try->state->endpoint.port;
			return true;
		}
	return false;
}

void try_other_answer(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	int64_t since_us)
{
	struct addresses amazon = amazon_resolvers(probe);
	/* the answer is Amazon's own, whatever other resolvers there are */
	if (state->asked && holds_host(&amazon, state->pairs[state->asked - 1].a.server))
		return;
	struct trial *trial = trial_make(probe, of);
	if (amazon.count == 0 || !trial)
		return;
	/* the last is of the family that this machine can use */
	add_query(probe, trial, EXPERIMENT_DNS_OTHER_SERVER, state->endpoint.host,
		amazon.at[amazon.count - 1]);
	struct try *try = trial_add(trial, EXPERIMENT_TCP_OTHER_ANSWER, ASK_CONNECTION);
	try->after = &trial->tries[0];
	try->state = state;
	try->prepare = prepare_other_answer;
	trial_begin(probe, trial, since_us);
}
