/* Experiments on connections: is it the address, the source port, or every way out? And on
 * handshakes, each on a connection of its own to the same address: is it the server name, the size
 * of the packets, or the TLS version? */
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

/* handshakes ------------------------------------------------------------------------------ */

/* segment sizes tried, in bytes of TCP payload: the largest that passes is told */
static const int segment_sizes[] = {536, 1000, 1200, 1300, 1360, 1400};

static struct handshake *add_handshake(struct probe *probe, struct trial *trial,
	const struct endpoint_state *state, enum experiment experiment, int mss)
{
	struct try *try = trial_add(trial, experiment, ASK_CONNECTION | ASK_HANDSHAKE);
	if (state->by_proxy)
		try->dial = proxy_dial(probe, state->endpoint.host, state->endpoint.port);
	try->dial.to = state->reached;
	try->dial.mss = mss;
	try->handshake.send_name = state->endpoint.host;
	return &try->handshake;
}

void try_handshake(struct probe *probe, struct trial **of, const struct endpoint_state *state,
	int64_t since_us)
{
	struct trial *trial = trial_make(probe, of);
	if (!trial)
		return;
	add_handshake(probe, trial, state, EXPERIMENT_TLS_OTHER_NAME, 0)->send_name = T(
		"example.com");
	add_handshake(probe, trial, state, EXPERIMENT_TLS_NO_NAME, 0)->send_name = T("");
	add_handshake(probe, trial, state, EXPERIMENT_TLS_SMALL_HELLO, 0)->small = true;
	add_handshake(probe, trial, state, EXPERIMENT_TLS_1_2, 0)->tls12 = true;
	for (size_t i = 0; i < sizeof segment_sizes / sizeof *segment_sizes; i++)
		add_handshake(probe, trial, state, EXPERIMENT_TLS_SMALL_MSS, segment_sizes[i]);
	trial_begin(probe, trial, since_us);
}

/* A certificate that is out of its validity, by whose clock? S3 answers plain HTTP too, and its
 * Date needs no certificate. */
static bool prepare_date(struct probe *probe, struct try *try)
{
	try->exchange.address = try->state->reached;
	try->exchange.address.port = 80;
	return try->state->reached.family && !time_is_up(probe);
}

void try_plain_date(struct probe *probe, size_t step)
{
	const struct endpoint_state *s3 = state_of(probe, ENDPOINT_S3);
	struct trial *trial = s3 ? trial_make(probe, &probe->plain_date) : NULL;
	if (!trial)
		return;
	struct try *try = trial_add(trial, EXPERIMENT_PLAIN_DATE, ASK_REQUEST);
	try->endpoint = ENDPOINT_S3;
	try->host = s3->endpoint.host;
	try->state = s3;
	try->prepare = prepare_date;
	try->idle_us = suspicion_us(probe);
	try->exchange.url = text_format(probe->arena, "http://%.*s/", TEXT(s3->endpoint.host));
	try->exchange.body_max = 4096;
	trial->until_us = probe->end_us;
	trial_follow(trial, step);
	trial_begin(probe, trial, clock_us());
}
