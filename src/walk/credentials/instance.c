/* An EC2 instance's role, by the instance metadata service, version 2: a token by PUT, the role's
 * name, its credentials. The last of the sources, since it is there without any configuration: so
 * nothing waits for it long where it is not.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
#include "walk/credentials.h"
#include "walk/experiments.h"
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

static int64_t soon(const struct probe *probe)
{
	int64_t until = clock_us() + PATIENCE_US;
	return until < wait_until(probe) ? until : wait_until(probe);
}

/* Makes the next request of the round, and sends it unless it is the last. False: the round is
 * settled. */
static bool ask(struct probe *probe, struct credentials_round *round, const char *path,
	struct text name, const struct header *header)
{
	struct text base = base_url(probe);
	ask_uri(probe, round, text_format(probe->arena, "%.*s%s%.*s", TEXT(base), path, TEXT(name)),
		header, 1);
	return round->symptom == SYMPTOM_NONE;
}

static bool send_now(struct probe *probe, struct credentials_round *round)
{
	int64_t idle = probe->options->timeout_us;
	net_exchange(
		probe->net, &round->ask, 1, idle < PATIENCE_US ? idle : PATIENCE_US, probe->end_us);
	if (round->ask.symptom == SYMPTOM_NONE && round->ask.status == 200)
		return true;
	round->symptom = judge_document(probe, round);
	return false;
}

/* Nobody is there: this is no instance, or its metadata is out of reach altogether. */
static void be_absent(struct probe *probe, struct credentials_round *round, struct text why)
{
	texts_add(probe->arena, &round->passed_over,
		text_format(probe->arena, "imds: %.*s", TEXT(why)));
	round->source = round->uri.host = T("");
	broken(round, SYMPTOM_NO_SOURCE, T("no source of credentials is configured"));
}

static bool accepts(struct probe *probe, struct credentials_round *round)
{
	struct dial dial = {.to = round->ask.address, .fd = -1};
	net_connect(probe->net, &dial, 1, soon(probe));
	if (dial.fd >= 0)
		close(dial.fd);
	struct text symptom = symptom_name(dial.symptom);
	struct text to = address_peer(probe->arena, &dial.to);
	if (dial.symptom != SYMPTOM_NONE)
		be_absent(probe, round,
			text_format(probe->arena, "%.*s does not accept connections (%.*s)",
				TEXT(to), TEXT(symptom)));
	return dial.symptom == SYMPTOM_NONE;
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
static bool take_role(struct credentials_round *round)
{
	struct text body = round->ask.kept;
	round->instance_role = text_trim(text_cut(&body, T("\n")));
	if (is_plain(round->instance_role) && !text_holds(round->instance_role, T("/")) &&
		round->instance_role.len <= ROLE_NAME_MAX)
		return true;
	round->instance_role = T("");
	broken(round, SYMPTOM_MALFORMED, T("the answer is no role's name"));
	return false;
}

static struct header *token_header(struct probe *probe, struct text token)
{
	struct header *header = arena_new(probe->arena, struct header, 1);
	*header = (struct header){T("x-aws-ec2-metadata-token"), token};
	texts_add(probe->arena, &probe->secrets, token);
	return header;
}

static void begin(struct probe *probe, struct credentials_round *round)
{
	static const struct header ttl = {{TTL, sizeof TTL - 1}, {"60", 2}};
	struct vantage *vantage = &probe->evidence->vantage;
	struct text none = {0};
	if (!ask(probe, round, "/latest/api/token", none, &ttl) || !accepts(probe, round))
		return;
	round->ask.put = true;
	if (!send_now(probe, round))
		return;
	struct text token = text_trim(round->ask.kept);
	if (token.len > TOKEN_MAX || !is_plain(token)) {
		broken(round, SYMPTOM_MALFORMED, T("the answer is no token"));
		return;
	}
	if (vantage->launch_type.len == 0)
		vantage->launch_type = T("EC2");
	struct header *header = token_header(probe, token);
	if (ask(probe, round, ROLE_PATH, none, header) && send_now(probe, round) &&
		take_role(round))
		ask(probe, round, ROLE_PATH, round->instance_role, header);
}

enum look look_instance(struct probe *probe, struct credentials_round *round, struct text *absent)
{
	struct text launch_type = probe->evidence->vantage.launch_type;
	bool none = text_equal(launch_type, T("FARGATE")) || text_equal(launch_type, T("LAMBDA"));
	*absent = none ? T("there is no instance") : T("AWS_EC2_METADATA_DISABLED is true");
	if (none || text_same(variable(probe, T("AWS_EC2_METADATA_DISABLED")), T("true")))
		return LOOK_ABSENT;
	round->begin = begin;
	round->judge = judge_document;
	return LOOK_SETTLED;
}

/* The hop limit is that of the answer to PUT alone: a GET without a token is answered all the
 * same, if only by 401. */
void follow_credentials(struct probe *probe, size_t from)
{
	const struct credentials_round *round = probe->credentials_round;
	if (!round || from >= probe->evidence->count || !round->ask.put ||
		round->symptom != SYMPTOM_TIMEOUT)
		return;
	struct exchange get = round->ask;
	get.put = false;
	get.send_count = 0;
	net_exchange(probe->net, &get, 1, PATIENCE_US, probe->end_us);
	struct step *step = record(probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, round->uri.host,
		get.symptom, get.detail, get.began_us, get.took_us);
	mark_experiment(step, EXPERIMENT_IMDS_GET, from);
	saw_answer(probe, step, &get);
}
