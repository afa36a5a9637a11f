/* Roles that STS hands out: for a web identity's token, or for credentials that sign. STS is an
 * endpoint like the others, regional, whose connectivity is checked beside theirs.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
#include "base/arena.h"
#include "base/encoding.h"
#include "model/aws.h"
#include "model/hosts.h"
#include "walk/credentials.h"

enum { ANSWER_MAX = 1024 * 1024 };

static bool is_true(const struct probe *probe, struct text name)
{
	return text_same(variable(probe, name), T("true"));
}

/* the Region that a caller here would use: its own, before the image's */
static struct text region_of(struct probe *probe)
{
	struct profile profile = {0};
	const struct text own[] = {
		variable(probe, T("AWS_REGION")), variable(probe, T("AWS_DEFAULT_REGION"))};
	for (size_t i = 0; i < 2; i++)
		if (partition_of_region(own[i]))
			return own[i];
	if (profile_find(probe, variable(probe, T("AWS_PROFILE")), &profile) &&
		partition_of_region(profile.region))
		return profile.region;
	return probe->target->region;
}

static void add_field(struct buffer *out, const char *name, struct text value)
{
	if (value.len == 0)
		return;
	buffer_addf(out, "&%s=", name);
	buffer_add(out, percent_encode(out->arena, value, T("")));
}

static struct text form_of(struct arena *arena, const struct sts_call *call)
{
	struct buffer out = {.arena = arena};
	buffer_addf(&out, "Action=AssumeRole%s&Version=2011-06-15",
		call->token.len ? "WithWebIdentity" : "");
	add_field(&out, "RoleArn", call->role_arn);
	add_field(&out, "RoleSessionName",
		call->session_name.len ? call->session_name : T("pullprobe"));
	add_field(&out, "ExternalId", call->external_id);
	add_field(&out, "WebIdentityToken", call->token);
	return buffer_text(&out);
}

static enum symptom judge_sts(struct probe *probe, struct credentials_round *round)
{
	const struct exchange *ask = &round->ask;
	struct verdict verdict = aws_judge(probe, ask);
	int64_t from = 0, to = 0, now = clock_unix();
	round->detail = verdict.detail;
	if (verdict.symptom == SYMPTOM_NONE)
		return aws_xml_credentials_parse(
			       probe->arena, ask->kept, &round->found, &round->detail)
			? judge_expiration(round)
			: SYMPTOM_MALFORMED;
	bool may_be_token = verdict.symptom == SYMPTOM_STATUS || verdict.symptom == SYMPTOM_EXPIRED;
	if (ask->symptom != SYMPTOM_NONE || !may_be_token || !round->call.token.len ||
		!jwt_times(round->call.token, &from, &to))
		return verdict.symptom;
	/* what a refused token says of its own time, by the clock of STS where that told its own */
	clock_parse(header_value(ask, T("date")), &now);
	if (to && to <= now)
		return SYMPTOM_EXPIRED;
	return from > now ? SYMPTOM_NOT_YET_VALID : verdict.symptom;
}

static void sts_fetch(struct probe *probe, struct credentials_round *round)
{
	static const struct header form = {
		{"Content-Type", 12}, {"application/x-www-form-urlencoded; charset=utf-8", 48}};
	const struct sts_call *call = &round->call;
	while (call->at->stage < STAGE_HTTP && !state_done(call->at))
		activities_wait(probe);
	if (why_not(call->at).len)
		return;
	round->ask = request_to(probe, call->at, T("/"));
	round->ask.post = true;
	round->ask.body = form_of(probe->arena, call);
	round->ask.body_keep = ANSWER_MAX;
	round->ask.send = &form;
	round->ask.send_count = 1;
	if (call->token.len == 0)
		aws_sign(probe, &round->ask, call->region, T("sts"));
	round_send(probe, round, INT64_MAX);
	request_await(probe, &round->ask, NULL);
	round->symptom = judge_sts(probe, round);
}

void sts_plan(struct probe *probe, struct credentials_round *round, struct sts_call call)
{
	struct text host;
	uint16_t port = 443;
	call.region = region_of(probe);
	if (!partition_of_region(call.region)) {
		round_fail(
			round, SYMPTOM_LOCAL, T("no Region is set to ask STS in: set AWS_REGION"));
		return;
	}
	struct host_parts wish = {
		.partition = partition_of_region(call.region),
		.region = call.region,
		.endpoint = ENDPOINT_STS,
		.fips = is_true(probe, T("AWS_USE_FIPS_ENDPOINT")),
		.dualstack = is_true(probe, T("AWS_USE_DUALSTACK_ENDPOINT")),
	};
	if (!endpoint_url_parse(variable(probe, T("AWS_ENDPOINT_URL_STS")), &host, &port))
		host = host_name(probe->arena, &wish);
	call.at = state_by_host(probe, ENDPOINT_STS, host);
	if (!call.at) {
		call.at = &probe->states[probe->state_count++];
		call.at->endpoint = (struct endpoint){
			.kind = ENDPOINT_STS, .host = host, .port = port ? port : 443};
	}
	round->call = call;
	round->fetch = sts_fetch;
	round->uri = (struct url){.scheme = T("https"), .host = host, .path = T("/")};
}

void assume_next(struct probe *probe, struct credentials_round *round, const struct sts_call *call)
{
	struct credentials_round *next = arena_new(probe->arena, struct credentials_round, 1);
	next->source = T("assume_role");
	sts_plan(probe, next, *call);
	while (round->next)
		round = round->next;
	round->next = next;
}

/* Web identity: a token of an identity provider, in a file, that STS takes for a role's
 * credentials. On EKS these are IAM roles for service accounts (IRSA), known by the folder where
 * its webhook puts the token: https://github.com/aws/amazon-eks-pod-identity-webhook
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
struct text look_web_identity(struct probe *probe, struct credentials_round *round)
{
	struct text file = variable(probe, T("AWS_WEB_IDENTITY_TOKEN_FILE"));
	struct sts_call call = {
		.role_arn = variable(probe, T("AWS_ROLE_ARN")),
		.session_name = variable(probe, T("AWS_ROLE_SESSION_NAME")),
	};
	if (file.len == 0)
		return T("AWS_WEB_IDENTITY_TOKEN_FILE is not set");
	if (call.role_arn.len == 0)
		round_fail(round, SYMPTOM_LOCAL,
			T("AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not"));
	else if (token_of_file(probe, round, file, &call.token))
		sts_plan(probe, round, call);
	if (text_holds(file, T("/eks.amazonaws.com/")))
		round->source = T("irsa");
	return T("");
}
