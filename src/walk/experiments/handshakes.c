/* Experiments on handshakes, each on a connection of its own to the same address: is it the
 * server name, the size of the packets, or the TLS version? */
#include "walk/experiments.h"
#include "walk/stages.h"
#include <unistd.h>

/* segment sizes tried, in bytes of TCP payload */
static const int segment_sizes[] = {536, 1000, 1200, 1300, 1360, 1400};

enum { SIZES = sizeof segment_sizes / sizeof *segment_sizes, KINDS = 4, TRIES = KINDS + SIZES };

/* one variation of the handshake that failed */
struct variation {
	enum experiment experiment;
	int mss;
	bool no_name, other_name, small, tls12;
};

static void variations_make(struct variation variations[TRIES])
{
	variations[0] = (struct variation){EXPERIMENT_TLS_OTHER_NAME, .other_name = true};
	variations[1] = (struct variation){EXPERIMENT_TLS_NO_NAME, .no_name = true};
	variations[2] = (struct variation){EXPERIMENT_TLS_SMALL_HELLO, .small = true};
	variations[3] = (struct variation){EXPERIMENT_TLS_1_2, .tls12 = true};
	for (size_t i = 0; i < SIZES; i++)
		variations[KINDS + i] = (struct variation){
			EXPERIMENT_TLS_SMALL_MSS, .mss = segment_sizes[i]};
}

static bool calls_for_more(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_TIMEOUT || step->symptom == SYMPTOM_RESET ||
			step->symptom == SYMPTOM_CLOSED || step->symptom == SYMPTOM_ALERT ||
			step->symptom == SYMPTOM_VERSION);
}

static struct text name_for(const struct variation *variation, struct text host)
{
	if (variation->no_name)
		return T("");
	return variation->other_name ? T("example.com") : host;
}

static struct step *record_try(struct probe *probe, const struct handshake *handshake,
	const struct variation *variation, size_t follows)
{
	const struct step failed = probe->evidence->steps[follows];
	struct step *step = record(probe, STAGE_TLS, failed.endpoint, failed.host,
		handshake->symptom, handshake->detail, handshake->began_us, handshake->took_us);
	mark_experiment(step, variation->experiment, follows);
	step->peer = failed.peer;
	saw(probe, step, FACT_SENT_NAME, handshake->send_name);
	step_counted(probe->arena, step, FACT_HELLO_BYTES, handshake->hello_bytes);
	step_counted(probe->arena, step, FACT_PEER_BYTES, handshake->peer_bytes);
	saw(probe, step, FACT_VERSION, handshake->version);
	saw(probe, step, FACT_SUBJECT, handshake->subject);
	saw(probe, step, FACT_ISSUER, handshake->issuer);
	saw(probe, step, FACT_ALERT, handshake->alert);
	if (variation->mss)
		step_counted(probe->arena, step, FACT_MSS, variation->mss);
	return step;
}

/* The sizes are one experiment: it passed when any did, and tells the largest that did. */
static void record_sizes(struct probe *probe, const struct handshake *handshakes,
	const struct variation *variations, size_t follows)
{
	size_t largest = 0;
	bool any = false;
	for (size_t i = 0; i < SIZES; i++)
		if (handshakes[i].symptom == SYMPTOM_NONE) {
			largest = i;
			any = true;
		}
	struct step *step = record_try(probe, &handshakes[largest], &variations[largest], follows);
	if (any)
		step_counted(probe->arena, step, FACT_LARGEST_PASSED, segment_sizes[largest]);
}

static void try_all(struct probe *probe, size_t follows)
{
	const struct step failed = probe->evidence->steps[follows];
	struct variation variations[TRIES];
	struct dial dials[TRIES];
	struct handshake handshakes[TRIES];
	struct address to;
	if (!address_parse(failed.peer, &to))
		return;
	variations_make(variations);
	int64_t until_us = wait_until(probe);
	for (size_t i = 0; i < TRIES; i++) {
		dials[i] = proxy_dial_retry(probe, &failed);
		dials[i].mss = variations[i].mss;
	}
	net_connect(probe->net, dials, TRIES, until_us);
	for (size_t i = 0; i < TRIES; i++)
		handshakes[i] = (struct handshake){.fd = dials[i].fd,
			.send_name = name_for(&variations[i], failed.host),
			.tls12 = variations[i].tls12,
			.small = variations[i].small};
	net_handshake(probe->net, handshakes, TRIES, until_us);
	for (size_t i = 0; i < KINDS; i++)
		record_try(probe, &handshakes[i], &variations[i], follows);
	record_sizes(probe, handshakes + KINDS, variations + KINDS, follows);
}

/* A certificate that is out of its validity, by whose clock? S3 answers plain HTTP too, and its
 * Date needs no certificate. */
static bool is_out_of_its_time(const struct step *step)
{
	return step->outcome == OUTCOME_FAILED &&
		(step->symptom == SYMPTOM_EXPIRED || step->symptom == SYMPTOM_NOT_YET_VALID);
}

static void follow_dates(struct probe *probe, size_t from)
{
	const struct endpoint_state *s3 = state_of(probe, ENDPOINT_S3);
	size_t count = probe->evidence->count;
	size_t at = from;
	while (at < count && !is_out_of_its_time(&probe->evidence->steps[at]))
		at++;
	if (at == count || !s3 || s3->reached.family == 0 || time_is_up(probe))
		return;
	struct exchange ask = {
		.url = text_format(probe->arena, "http://%.*s/", TEXT(s3->endpoint.host)),
		.address = s3->reached,
		.body_max = 4096,
	};
	ask.address.port = 80;
	exchange_all(probe, &ask, 1);
	struct step *step = record(probe, STAGE_TLS, ENDPOINT_S3, s3->endpoint.host, ask.symptom,
		ask.detail, ask.began_us, ask.took_us);
	mark_experiment(step, EXPERIMENT_PLAIN_DATE, at);
	saw_answer(probe, step, &ask);
}

void follow_tls(struct probe *probe, size_t from)
{
	size_t count = probe->evidence->count;
	for (size_t i = from; i < count && !time_is_up(probe); i++)
		if (calls_for_more(&probe->evidence->steps[i]))
			try_all(probe, i);
	follow_dates(probe, from);
}
