/* Experiments on handshakes, each on a connection of its own to the same address: is it the
 * server name, the size of the packets, or the TLS version? */
#include "walk/experiments.h"
#include "walk/stages.h"

/* segment sizes tried, in bytes of TCP payload */
static const int segment_sizes[] = {536, 1000, 1200, 1300, 1360, 1400};

enum { SIZES = sizeof segment_sizes / sizeof *segment_sizes, KINDS = 4, TRIES = KINDS + SIZES };

static const enum experiment kinds[KINDS] = {EXPERIMENT_TLS_OTHER_NAME, EXPERIMENT_TLS_NO_NAME,
	EXPERIMENT_TLS_SMALL_HELLO, EXPERIMENT_TLS_1_2};

/* variations of the handshake that failed */
struct tls_trial {
	struct trial trial;
	struct dial dials[TRIES];
	struct handshake handshakes[TRIES]; /* each begun when its connection stands */
	bool begun[TRIES];
};

static void tls_begin_all(struct probe *probe, struct trial *trial)
{
	struct tls_trial *tls = (struct tls_trial *)trial;
	probe->net->connect(probe->net, tls->dials, TRIES, trial->until_us);
}

static bool tls_work(struct probe *probe, struct trial *trial)
{
	struct tls_trial *tls = (struct tls_trial *)trial;
	bool open = false;
	for (size_t i = 0; i < TRIES; i++) {
		if (!tls->dials[i].pending && !tls->begun[i]) {
			tls->begun[i] = true;
			tls->handshakes[i].fd = tls->dials[i].fd;
			probe->net->handshake(probe->net, &tls->handshakes[i], 1, trial->until_us);
		}
		open |= tls->dials[i].pending || tls->handshakes[i].pending;
	}
	return !open;
}

static struct step *record_try(struct probe *probe, const struct handshake *handshake,
	enum experiment experiment, size_t follows)
{
	const struct step failed = probe->evidence->steps[follows];
	write_as(probe, experiment, follows);
	struct step *step = record(probe, STAGE_TLS, failed.endpoint, failed.host,
		handshake->symptom, handshake->detail, handshake->began_us, handshake->took_us);
	step->peer = failed.peer;
	saw(probe, step, FACT_SENT_NAME, handshake->send_name);
	step_counted(probe->arena, step, FACT_HELLO_BYTES, handshake->hello_bytes);
	step_counted(probe->arena, step, FACT_PEER_BYTES, handshake->peer_bytes);
	saw(probe, step, FACT_VERSION, handshake->version);
	saw(probe, step, FACT_SUBJECT, handshake->subject);
	saw(probe, step, FACT_ISSUER, handshake->issuer);
	saw(probe, step, FACT_ALERT, handshake->alert);
	return step;
}

/* The sizes are one experiment: it passed when any did, and tells the largest that did. */
static void tls_write(struct probe *probe, struct trial *trial)
{
	const struct tls_trial *tls = (struct tls_trial *)trial;
	size_t largest = 0;
	bool any = false;
	for (size_t i = 0; i < KINDS; i++)
		record_try(probe, &tls->handshakes[i], kinds[i], trial->follows);
	for (size_t i = 0; i < SIZES; i++)
		if (tls->handshakes[KINDS + i].symptom == SYMPTOM_NONE) {
			largest = i;
			any = true;
		}
	struct step *step = record_try(
		probe, &tls->handshakes[KINDS + largest], EXPERIMENT_TLS_SMALL_MSS, trial->follows);
	step_counted(probe->arena, step, FACT_MSS, segment_sizes[largest]);
	if (any)
		step_counted(probe->arena, step, FACT_LARGEST_PASSED, segment_sizes[largest]);
}

void try_handshake(struct probe *probe, struct trials *trials, const struct endpoint_state *state,
	int64_t since_us)
{
	struct tls_trial *tls = arena_new(probe->arena, struct tls_trial, 1);
	tls->trial.begin = tls_begin_all;
	tls->trial.work = tls_work;
	tls->trial.write = tls_write;
	for (size_t i = 0; i < TRIES; i++) {
		tls->dials[i] = (struct dial){.to = state->reached, .fd = -1};
		if (state->by_proxy)
			tls->dials[i] = proxy_dial(
				probe, state->endpoint.host, state->endpoint.port);
		tls->handshakes[i] = (struct handshake){
			.fd = -1, .send_name = state->endpoint.host};
	}
	tls->handshakes[0].send_name = T("example.com");
	tls->handshakes[1].send_name = T("");
	tls->handshakes[2].small = true;
	tls->handshakes[3].tls12 = true;
	for (size_t i = 0; i < SIZES; i++)
		tls->dials[KINDS + i].mss = segment_sizes[i];
	trial_begin(probe, trials, &tls->trial, since_us);
}

/* A certificate that is out of its validity, by whose clock? S3 answers plain HTTP too, and its
 * Date needs no certificate. */
struct date_trial {
	struct trial trial;
	const struct endpoint_state *s3;
	struct exchange ask;
};

static void date_begin(struct probe *probe, struct trial *trial)
{
	(void)probe, (void)trial;
}

static bool date_work(struct probe *probe, struct trial *trial)
{
	struct date_trial *date = (struct date_trial *)trial;
	const struct endpoint_state *s3 = date->s3;
	if (s3->stage <= STAGE_TCP && !state_done(s3))
		return false;
	if (s3->reached.family && !date->ask.begun && !time_is_up(probe)) {
		date->ask = (struct exchange){
			.url = text_format(probe->arena, "http://%.*s/", TEXT(s3->endpoint.host)),
			.address = s3->reached,
			.body_max = 4096,
			.begun = true,
		};
		date->ask.address.port = 80;
		probe->net->send(probe->net, &date->ask, 1, suspicion_us(probe), probe->end_us);
	}
	return !date->ask.pending;
}

static void date_write(struct probe *probe, struct trial *trial)
{
	const struct date_trial *date = (struct date_trial *)trial;
	if (!date->ask.begun)
		return;
	write_as(probe, EXPERIMENT_PLAIN_DATE, trial->follows);
	struct step *step = record(probe, STAGE_TLS, ENDPOINT_S3, date->s3->endpoint.host,
		date->ask.symptom, date->ask.detail, date->ask.began_us, date->ask.took_us);
	saw_answer(probe, step, &date->ask);
}

void try_plain_date(struct probe *probe, size_t step)
{
	const struct endpoint_state *s3 = state_of(probe, ENDPOINT_S3);
	struct trials whole_run = {0};
	if (!s3 || probe->plain_date)
		return;
	struct date_trial *date = arena_new(probe->arena, struct date_trial, 1);
	date->trial.begin = date_begin;
	date->trial.work = date_work;
	date->trial.write = date_write;
	date->s3 = s3;
	probe->plain_date = &date->trial;
	trial_begin(probe, &whole_run, &date->trial, clock_us());
	trial_follow(&date->trial, step);
}
