/* An EC2 instance's role, by the instance metadata service, version 2: a token by PUT, the role's
 * name, its credentials. The last of the sources, since it is there without any configuration: so
 * nothing waits for it long where it is not.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
#include "walk/credentials.h"
#include <unistd.h>

enum {
	PATIENCE_US = 1000 * 1000, /* the SDKs', too */
	ROLE_NAME_MAX = 64,
	TOKEN_MAX = 1024,
};

#define TTL "x-aws-ec2-metadata-token-ttl-seconds"
#define ROLE_PATH "/latest/meta-data/iam/security-credentials/"

static struct text base_url(struct probe *probe)
{
	struct text own = variable(probe, T("AWS_EC2_METADATA_SERVICE_ENDPOINT"));
	struct text mode = variable(probe, T("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
	while (text_ends(own, T("/")))
		own = text_head(own, own.len - 1);
	if (own.len)
		return own;
	return text_same(mode, T("IPv6")) ? T("http://[fd00:ec2::254]")
					  : T("http://169.254.169.254");
}

static enum round_turn ask_metadata(struct probe *probe, struct credentials_round *round,
	struct text path, const struct header *header, enum round_turn then)
{
	struct text base = base_url(probe);
	return ask_uri(probe, round, text_format(probe->arena, "%.*s%.*s", TEXT(base), TEXT(path)),
		header, 1, then);
}

/* False: it was no good answer, and the round is settled. */
static bool is_answered(struct probe *probe, struct credentials_round *round)
{
	if (round->ask.symptom == SYMPTOM_NONE && round->ask.status == 200)
		return true;
	round->symptom = judge_document(probe, round);
	return false;
}

/* Nobody may be there: this is no instance, or its metadata is out of reach altogether. */
static bool accepts(struct probe *probe, struct credentials_round *round)
{
	const struct dial *dial = &round->dial;
	if (dial->fd >= 0)
		close(dial->fd);
	if (dial->symptom == SYMPTOM_NONE)
		return true;
	texts_add(probe->arena, &round->passed_over,
		text_format(probe->arena, "imds: %.*s does not accept connections (%.*s)",
			TEXT(address_peer(probe->arena, &dial->to)),
			TEXT(symptom_name(dial->symptom))));
	round->source = round->uri.host = T("");
	round_fail(round, SYMPTOM_NO_SOURCE, T("no source of credentials is configured"));
	return false;
}

/* What a header can hold (RFC 9110 5.5), and a path where there is no slash in it. A line's end
 * would begin a header of the answerer's own. */
static bool is_plain(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] <= ' ' || t.at[i] > '~')
			return false;
	return t.len > 0;
}

/* Of several roles the first, as in the SDKs: an instance profile has one at most. */
static bool take_role_name(struct credentials_round *round)
{
	struct text body = round->ask.kept;
	round->instance_role = text_trim(text_cut(&body, T("\n")));
	if (is_plain(round->instance_role) && !text_holds(round->instance_role, T("/")) &&
		round->instance_role.len <= ROLE_NAME_MAX)
		return true;
	round->instance_role = T("");
	round_fail(round, SYMPTOM_MALFORMED, T("the answer is no role's name"));
	return false;
}

static enum round_turn ask_token(struct probe *probe, struct credentials_round *round)
{
	static const struct header ttl = {{TTL, sizeof TTL - 1}, {"60", 2}};
	enum round_turn turn = ask_metadata(
		probe, round, T("/latest/api/token"), &ttl, ROUND_DIALS);
	round->ask.put = true;
	round->dial = (struct dial){.to = round->ask.address, .fd = -1};
	return turn;
}

/* the answer to PUT: the role's name is asked for with it */
static enum round_turn ask_role(struct probe *probe, struct credentials_round *round)
{
	struct vantage *vantage = &probe->evidence->vantage;
	if (!is_answered(probe, round))
		return ROUND_SETTLED;
	struct text token = text_trim(round->ask.kept);
	if (token.len > TOKEN_MAX || !is_plain(token))
		return round_fail(round, SYMPTOM_MALFORMED, T("the answer is no token"));
	if (vantage->launch_type.len == 0)
		vantage->launch_type = T("EC2");
	struct header *header = arena_new(probe->arena, struct header, 1);
	*header = (struct header){T("x-aws-ec2-metadata-token"), token};
	texts_add(probe->arena, &probe->secrets, token);
	return ask_metadata(probe, round, T(ROLE_PATH), header, ROUND_ASKS);
}

static enum round_turn ask_keys(struct probe *probe, struct credentials_round *round)
{
	const struct header *header = round->ask.send;
	if (!is_answered(probe, round) || !take_role_name(round))
		return ROUND_SETTLED;
	struct text path = text_format(probe->arena, ROLE_PATH "%.*s", TEXT(round->instance_role));
	return ask_metadata(probe, round, path, header, ROUND_ENDS);
}

static enum round_turn instance_advance(struct probe *probe, struct credentials_round *round)
{
	switch (round->turns) {
	case 0:
		return ask_token(probe, round);
	case 1:
		return accepts(probe, round) ? ROUND_ASKS : ROUND_SETTLED;
	case 2:
		return ask_role(probe, round);
	default:
		return ask_keys(probe, round);
	}
}

struct text look_instance(struct probe *probe, struct credentials_round *round)
{
	struct text launch_type = probe->evidence->vantage.launch_type;
	if (text_equal(launch_type, T("FARGATE")) || text_equal(launch_type, T("LAMBDA")))
		return T("there is no instance");
	if (text_same(variable(probe, T("AWS_EC2_METADATA_DISABLED")), T("true")))
		return T("AWS_EC2_METADATA_DISABLED is true");
	round->advance = instance_advance;
	round->patience_us = PATIENCE_US;
	round->judge = judge_document;
	return T("");
}

/* The hop limit is that of the answer to PUT alone: a GET without a token is answered all the
 * same, if only by 401. */
static void try_get(struct probe *probe, struct credentials_round *round)
{
	struct trial *trial = round->trial = trial_make(probe);
	struct try *try = trial_add(trial, EXPERIMENT_IMDS_GET, ASK_REQUEST);
	try->exchange = round->ask;
	try->exchange.pending = NULL;
	try->exchange.put = false;
	try->exchange.send_count = 0;
	try->idle_us = PATIENCE_US;
	trial_begin(probe, trial, round->ask.began_us);
}

void imds_watch(struct probe *probe, struct credentials_round *round)
{
	if (round->ask.put && !round->trial && request_is_silent(probe, &round->ask))
		try_get(probe, round);
}

void imds_settle(struct probe *probe, struct credentials_round *round, size_t step)
{
	bool silent = round->ask.put && round->symptom == SYMPTOM_TIMEOUT;
	if (silent && !round->trial && !time_is_up(probe))
		try_get(probe, round);
	trial_settle(probe, round->trial, silent ? step : NO_STEP);
}
