/* Experiments on handshakes, each on a connection of its own to the same address: is it the
 * server name, the size of the packets, or the TLS version? */
#include "walk/experiments.h"

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
