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

static bool request_metadata(struct probe *probe, struct credentials_round *round, struct text path,
	const struct header *header)
{
	struct text base = base_url(probe);
	return round_request(probe, round,
		text_format(probe->arena, "%.*s%.*s", TEXT(base), TEXT(path)), header,
		header->name.len > 0);
}

/* Nobody may be there: this is no instance, or its metadata is out of reach altogether. */
static bool accepts(struct probe *probe, struct credentials_round *round)
{
	struct dial dial = {.to = round->ask.address, .fd = -1};
	int64_t until_us = clock_us() + PATIENCE_US;
	if (until_us > wait_until(probe))
		until_us = wait_until(probe);
	probe->net->connect(probe->net, &dial, 1, until_us);
	while (dial.pending)
		activities_wait(probe);
	if (dial.fd >= 0)
		close(dial.fd);
	if (dial.symptom == SYMPTOM_NONE)
		return true;
	texts_add(probe->arena, &round->passed_over,
		text_format(probe->arena, "imds: %.*s does not accept connections (%.*s)",
			TEXT(address_peer(probe->arena, &dial.to)),
			TEXT(symptom_name(dial.symptom))));
	round->source = round->uri.host = T("");
	return round_fail(round, SYMPTOM_NO_SOURCE, T("no source of credentials is configured"));
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

/* The hop limit is that of the answer to PUT alone: a GET without a token is answered all the
 * same, if only by 401. */
static void try_get(struct probe *probe, struct credentials_round *round)
{
	struct trial *trial = trial_make(probe, &round->trial);
	if (!trial)
		return;
	struct try *try = trial_add(trial, EXPERIMENT_IMDS_GET, ASK_REQUEST);
	try->exchange = round->ask;
	try->exchange.pending = NULL;
	try->exchange.put = false;
	try->exchange.send_count = 0;
	try->idle_us = PATIENCE_US;
	trial_begin(probe, trial, round->ask.began_us);
}

/* The first version has no tokens, and the SDKs then ask without one. */
static bool has_no_tokens(const struct credentials_round *round)
{
	int status = round->ask.status;
	return round->ask.put && round->ask.symptom == SYMPTOM_NONE &&
		(status == 403 || status == 404 || status == 405);
}

/* False: it was no good answer, and the round is settled. */
static bool get_answer(struct probe *probe, struct credentials_round *round)
{
	round_send(probe, round, PATIENCE_US);
	while (round->ask.pending) {
		if (round->ask.put && request_is_silent(probe, &round->ask))
			try_get(probe, round);
		activities_wait(probe);
	}
	if ((round->ask.symptom == SYMPTOM_NONE && round->ask.status == 200) ||
		has_no_tokens(round))
		return true;
	take_document(probe, round);
	return false;
}

/* The header that the others need, with the token that PUT gives, or without a name: they need
 * none. NULL: the round has failed. */
static const struct header *fetch_token(struct probe *probe, struct credentials_round *round)
{
	static const struct header ttl = {{TTL, sizeof TTL - 1}, {"60", 2}};
	struct vantage *vantage = &probe->evidence->vantage;
	struct header *header = arena_new(probe->arena, struct header, 1);
	if (!request_metadata(probe, round, T("/latest/api/token"), &ttl) || !accepts(probe, round))
		return NULL;
	round->ask.put = true;
	if (!get_answer(probe, round))
		return NULL;
	*header = (struct header){0};
	if (has_no_tokens(round))
		return header;
	*header = (struct header){T("x-aws-ec2-metadata-token"), text_trim(round->ask.kept)};
	if (header->value.len > TOKEN_MAX || !is_plain(header->value)) {
		round_fail(round, SYMPTOM_MALFORMED, T("the answer is no token"));
		return NULL;
	}
	if (vantage->launch_type.len == 0)
		vantage->launch_type = T("EC2");
	texts_add(probe->arena, &probe->secrets, header->value);
	return header;
}

static void instance_fetch(struct probe *probe, struct credentials_round *round)
{
	const struct header *header = fetch_token(probe, round);
	if (!header || !request_metadata(probe, round, T(ROLE_PATH), header) ||
		!get_answer(probe, round))
		return;
	/* of several roles the first, as in the SDKs: an instance profile has one at most */
	struct text body = round->ask.kept, role = text_trim(text_cut(&body, T("\n")));
	if (!is_plain(role) || text_holds(role, T("/")) || role.len > ROLE_NAME_MAX) {
		round_fail(round, SYMPTOM_MALFORMED, T("the answer is no role's name"));
		return;
	}
	round->instance_role = role;
	struct text path = text_format(probe->arena, ROLE_PATH "%.*s", TEXT(role));
	if (request_metadata(probe, round, path, header) && get_answer(probe, round))
		take_document(probe, round);
}

struct text look_instance(struct probe *probe, struct credentials_round *round)
{
	struct text launch_type = probe->evidence->vantage.launch_type;
	if (text_equal(launch_type, T("FARGATE")) || text_equal(launch_type, T("LAMBDA")))
		return T("there is no instance");
	if (text_same(variable(probe, T("AWS_EC2_METADATA_DISABLED")), T("true")))
		return T("AWS_EC2_METADATA_DISABLED is true");
	round->fetch = instance_fetch;
	return T("");
}

void imds_settle(struct probe *probe, struct credentials_round *round, size_t step)
{
	bool silent = round->ask.put && round->symptom == SYMPTOM_TIMEOUT;
	if (silent)
		try_get(probe, round);
	trial_settle(probe, round->trial, step, silent);
}
