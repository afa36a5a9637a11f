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

static struct text base_url(struct journey *journey)
{
	struct text own = variable(journey, T("AWS_EC2_METADATA_SERVICE_ENDPOINT"));
	struct text mode = variable(journey, T("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
	while (text_ends(own, T("/")))
		own = text_head(own, own.len - 1);
	if (own.len)
		return own;
	return text_same(mode, T("IPv6")) ? T("http://[fd00:ec2::254]")
					  : T("http://169.254.169.254");
}

static int64_t soon(const struct journey *journey)
{
	int64_t until = clock_us() + PATIENCE_US;
	return until < wait_until(journey) ? until : wait_until(journey);
}

/* Makes the next request of the round, and sends it unless it is the last. False: the round is
 * settled. */
static bool ask(struct journey *journey, struct credentials_round *round, const char *path,
	struct text name, const struct header *header)
{
	struct text base = base_url(journey);
	ask_uri(journey, round,
		text_format(journey->arena, "%.*s%s%.*s", TEXT(base), path, TEXT(name)), header, 1);
	return round->cause == CAUSE_NONE;
}

static bool send_now(struct journey *journey, struct credentials_round *round)
{
	int64_t idle = journey->options->timeout_us;
	journey->net->exchange(journey->net, &round->ask, 1,
		idle < PATIENCE_US ? idle : PATIENCE_US, journey->end_us);
	if (round->ask.cause == CAUSE_NONE && round->ask.status == 200)
		return true;
	round->cause = judge_document(journey, round);
	return false;
}

/* Nobody is there: this is no instance, or its metadata is out of reach altogether. */
static void be_absent(struct journey *journey, struct credentials_round *round, struct text why)
{
	texts_add(journey->arena, &round->passed_over,
		text_format(journey->arena, "imds: %.*s", TEXT(why)));
	round->source = round->uri.host = T("");
	broken(round, CAUSE_NO_SOURCE, T("no source of credentials is configured"));
}

static bool accepts(struct journey *journey, struct credentials_round *round)
{
	struct dial dial = {.to = round->ask.address, .fd = -1};
	journey->net->connect(journey->net, &dial, 1, soon(journey));
	if (dial.fd >= 0)
		close(dial.fd);
	struct text cause = cause_name(dial.cause);
	struct text to = address_peer(journey->arena, &dial.to);
	if (dial.cause != CAUSE_NONE)
		be_absent(journey, round,
			text_format(journey->arena, "%.*s does not accept connections (%.*s)",
				TEXT(to), TEXT(cause)));
	return dial.cause == CAUSE_NONE;
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
	broken(round, CAUSE_MALFORMED, T("the answer is no role's name"));
	return false;
}

static struct header *token_header(struct journey *journey, struct text token)
{
	struct header *header = arena_new(journey->arena, struct header, 1);
	*header = (struct header){T("x-aws-ec2-metadata-token"), token};
	texts_add(journey->arena, &journey->secrets, token);
	return header;
}

static void begin(struct journey *journey, struct credentials_round *round)
{
	static const struct header ttl = {{TTL, sizeof TTL - 1}, {"60", 2}};
	struct vantage *vantage = &journey->evidence->vantage;
	struct text none = {0};
	if (!ask(journey, round, "/latest/api/token", none, &ttl) || !accepts(journey, round))
		return;
	round->ask.put = true;
	if (!send_now(journey, round))
		return;
	struct text token = text_trim(round->ask.kept);
	if (token.len > TOKEN_MAX || !is_plain(token)) {
		broken(round, CAUSE_MALFORMED, T("the answer is no token"));
		return;
	}
	if (vantage->launch_type.len == 0)
		vantage->launch_type = T("EC2");
	struct header *header = token_header(journey, token);
	if (ask(journey, round, ROLE_PATH, none, header) && send_now(journey, round) &&
		take_role(round))
		ask(journey, round, ROLE_PATH, round->instance_role, header);
}

enum look look_instance(
	struct journey *journey, struct credentials_round *round, struct text *absent)
{
	struct text launch_type = journey->evidence->vantage.launch_type;
	bool none = text_equal(launch_type, T("FARGATE")) || text_equal(launch_type, T("LAMBDA"));
	*absent = none ? T("there is no instance") : T("AWS_EC2_METADATA_DISABLED is true");
	if (none || text_same(variable(journey, T("AWS_EC2_METADATA_DISABLED")), T("true")))
		return LOOK_ABSENT;
	round->begin = begin;
	round->judge = judge_document;
	return LOOK_SETTLED;
}

/* The hop limit is that of the answer to PUT alone: a GET without a token is answered all the
 * same, if only by 401. */
void follow_credentials(struct journey *journey, size_t from)
{
	const struct credentials_round *round = journey->credentials_round;
	if (!round || from >= journey->evidence->count || !round->ask.put ||
		round->cause != CAUSE_TIMEOUT)
		return;
	struct exchange get = round->ask;
	get.put = false;
	get.send_count = 0;
	journey->net->exchange(journey->net, &get, 1, PATIENCE_US, journey->end_us);
	struct step *step = record(journey, STAGE_CREDENTIALS, ROLE_CALLER, round->uri.host,
		get.cause, get.detail, get.began_us, get.took_us);
	mark_experiment(step, EXPERIMENT_IMDS_GET, from);
	saw_answer(journey, step, &get);
}
