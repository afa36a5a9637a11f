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
		(step->cause == CAUSE_TIMEOUT || step->cause == CAUSE_RESET ||
			step->cause == CAUSE_CLOSED || step->cause == CAUSE_ALERT ||
			step->cause == CAUSE_VERSION);
}

static struct text name_for(const struct variation *variation, struct text host)
{
	if (variation->no_name)
		return T("");
	return variation->other_name ? T("example.com") : host;
}

static struct step *record_try(struct journey *journey, const struct handshake *handshake,
	const struct variation *variation, size_t follows)
{
	const struct step failed = journey->evidence->steps[follows];
	struct step *step = record(journey, STAGE_TLS, failed.role, failed.host, handshake->cause,
		handshake->detail, handshake->began_us, handshake->took_us);
	mark_experiment(step, variation->experiment, follows);
	step->peer = failed.peer;
	saw(journey, step, FACT_SENT_NAME, handshake->send_name);
	step_counted(journey->arena, step, FACT_HELLO_BYTES, handshake->hello_bytes);
	step_counted(journey->arena, step, FACT_PEER_BYTES, handshake->peer_bytes);
	saw(journey, step, FACT_VERSION, handshake->version);
	saw(journey, step, FACT_SUBJECT, handshake->subject);
	saw(journey, step, FACT_ISSUER, handshake->issuer);
	saw(journey, step, FACT_ALERT, handshake->alert);
	if (variation->mss)
		step_counted(journey->arena, step, FACT_MSS, variation->mss);
	return step;
}

/* The sizes are one experiment: it passed when any did, and tells the largest that did. */
static void record_sizes(struct journey *journey, const struct handshake *handshakes,
	const struct variation *variations, size_t follows)
{
	size_t largest = 0;
	bool any = false;
	for (size_t i = 0; i < SIZES; i++)
		if (handshakes[i].cause == CAUSE_NONE) {
			largest = i;
			any = true;
		}
	struct step *step = record_try(
		journey, &handshakes[largest], &variations[largest], follows);
	if (any)
		step_counted(journey->arena, step, FACT_LARGEST_PASSED, segment_sizes[largest]);
}

static void try_all(struct journey *journey, size_t follows)
{
	const struct step failed = journey->evidence->steps[follows];
	struct variation variations[TRIES];
	struct dial dials[TRIES];
	struct handshake handshakes[TRIES];
	struct address to;
	if (!address_parse(failed.peer, &to))
		return;
	variations_make(variations);
	int64_t until_us = wait_until(journey);
	for (size_t i = 0; i < TRIES; i++) {
		dials[i] = proxy_dial_again(journey, &failed);
		dials[i].mss = variations[i].mss;
	}
	journey->net->connect(journey->net, dials, TRIES, until_us);
	for (size_t i = 0; i < TRIES; i++)
		handshakes[i] = (struct handshake){.fd = dials[i].fd,
			.send_name = name_for(&variations[i], failed.host),
			.tls12 = variations[i].tls12,
			.small = variations[i].small};
	journey->net->handshake(journey->net, handshakes, TRIES, until_us);
	for (size_t i = 0; i < KINDS; i++)
		record_try(journey, &handshakes[i], &variations[i], follows);
	record_sizes(journey, handshakes + KINDS, variations + KINDS, follows);
}

void follow_tls(struct journey *journey, size_t from)
{
	size_t count = journey->evidence->count;
	for (size_t i = from; i < count && !time_is_up(journey); i++)
		if (calls_for_more(&journey->evidence->steps[i]))
			try_all(journey, i);
	follow_dates(journey, from);
}
