/* Experiments on connections: is it the address, the source port, or every way out? */
#include "walk/experiments.h"

enum { ADDRESSES_TRIED = 13 }; /* of a run */

/* Source ports spread over what network ACLs leave open or not: the Linux range 32768-60999, the
 * NAT gateways' and Windows' lower ones. Two of each, since loss knows no range and a list of
 * ranges does not part neighbours often.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
static const uint16_t source_ports[] = {1025, 2025, 20011, 24011, 33001, 45001, 61001, 63001};

/* Hosts that no VPC endpoint serves, by partition; where none is known, none is asked. */
static struct text public_host(const struct target *target)
{
	struct text partition = target->partition ? target->partition->name : T("aws");
	if (text_equal(partition, T("aws")) || text_equal(partition, T("aws-us-gov")))
		return T("public.ecr.aws");
	return text_equal(partition, T("aws-cn")) ? T("www.amazonaws.cn") : T("");
}

static void add_control(
	struct probe *probe, struct trial *trial, enum experiment experiment, struct text host)
{
	if (host.len == 0)
		return;
	bool can_ask = probe->resolvers.count > 0;
	struct try *try = trial_add(trial, experiment, ASK_NAME | ASK_CONNECTION);
	try->endpoint = ENDPOINT_CONTROL;
	try->host = host;
	try->query = (struct query){
		.name = host, .record = record_of(probe), .symptom = SYMPTOM_LOCAL};
	if (can_ask)
		try->query.server = probe->resolvers.at[0];
	else
		try->asks = 0;
}

/* other hosts, once in a run */
static void try_controls(struct probe *probe, int64_t since_us)
{
	const struct target *target = probe->target;
	bool over_ipv6 = record_of(probe) == RECORD_AAAA;
	struct trial *trial = trial_make(probe, &probe->controls);
	if (!trial)
		return;
	if (target->partition)
		add_control(probe, trial, EXPERIMENT_TCP_CONTROL_S3,
			text_format(probe->arena, "s3.%s%.*s.%.*s", over_ipv6 ? "dualstack." : "",
				TEXT(target->region), TEXT(target->partition->suffix)));
	add_control(probe, trial, EXPERIMENT_TCP_CONTROL_PUBLIC,
		over_ipv6 ? T("ecr-public.aws.com") : public_host(target));
	trial_begin(probe, trial, since_us);
}

void try_connection(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	const struct dial *dial)
{
	struct trial *trial = trial_make(probe, of);
	if (!trial)
		return;
	try_controls(probe, dial->began_us);
	if (probe->addresses_tried == ADDRESSES_TRIED)
		return;
	/* a port no client of ours uses, moved on for each so that none is used twice */
	uint16_t shift = (uint16_t)(++probe->addresses_tried * 7);
	for (size_t i = 0; i < sizeof source_ports / sizeof *source_ports; i++) {
		struct try *try = trial_add(trial, EXPERIMENT_TCP_RETRY, ASK_CONNECTION);
		try->dial.to = dial->to;
		try->dial.source_port = (uint16_t)(source_ports[i] + shift);
	}
	/* of our endpoints only S3 serves plain http */
	const struct address *first = first_address(probe, state);
	if (is_private_ecr(probe) && state->endpoint.kind == ENDPOINT_S3 &&
		!state->reached.family && first && address_equal(first, &dial->to)) {
		struct try *try = trial_add(trial, EXPERIMENT_TCP_PORT_80, ASK_CONNECTION);
		try->dial.to = dial->to;
		try->dial.to.port = 80;
	}
	trial_begin(probe, trial, dial->began_us);
}
