/* Credentials: the sources in the order of the SDKs, the first that is configured wins; then the
 * roles that are assumed with it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
#include "walk/credentials.h"
#include "walk/caller.h"

static const struct source {
	struct text name;
	look_fn *look;
} sources[] = {
	{{"environment", 11}, look_environment},
	{{"web_identity", 12}, look_web_identity},
	{{"profile", 7}, look_profile},
	{{"container", 9}, look_container},
	{{"imds", 4}, look_instance},
};

/* before the walk -------------------------------------------------------------------------- */

static void look_for_source(struct probe *probe, struct credentials_round *round)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		round->source = sources[i].name;
		struct text absent = sources[i].look(probe, round);
		if (absent.len == 0)
			return;
		texts_add(probe->arena, &round->passed_over,
			text_format(
				probe->arena, "%.*s: %.*s", TEXT(sources[i].name), TEXT(absent)));
	}
	round->source = T("");
	round_fail(round, SYMPTOM_NO_SOURCE, T("no source of credentials is configured"));
}

void credentials_choose(struct probe *probe)
{
	struct credentials_round *round = arena_new(probe->arena, struct credentials_round, 1);
	struct sts_call call = {.role_arn = probe->options->role_arn};
	probe->credentials_round = round;
	look_for_source(probe, round);
	if (call.role_arn.len && round->symptom == SYMPTOM_NONE)
		assume_next(probe, round, &call);
}

/* beside the services ---------------------------------------------------------------------- */

static bool has_given(const struct credentials_round *round)
{
	return round->symptom == SYMPTOM_NONE && round->found.access_key.len;
}

static void fetch_round(struct probe *probe, struct credentials_round *round)
{
	if (round->fetch && round->symptom == SYMPTOM_NONE)
		round->fetch(probe, round);
	texts_add(probe->arena, &probe->secrets, round->found.secret_key);
	texts_add(probe->arena, &probe->secrets, round->found.session_token);
	texts_add(probe->arena, &probe->secrets, round->found.access_key);
	probe->credentials = has_given(round) ? round->found : (struct credentials){0};
}

bool credentials_need(const struct probe *probe, const struct endpoint_state *state)
{
	for (const struct credentials_round *round = probe->credentials_round; round;
		round = round->next)
		if (round->call.at && (!state || round->call.at == state))
			return true;
	return false;
}

struct exchange *credentials_exchange(const struct probe *probe, const struct endpoint_state *state)
{
	struct credentials_round *round = probe->credentials_round;
	while (round && !(round->call.at == state && round->asked))
		round = round->next;
	return round ? &round->ask : NULL;
}

/* the steps -------------------------------------------------------------------------------- */

/* scheme, host and the first part of the path: what follows names the task */
static struct text shown_uri(struct probe *probe, const struct url *uri)
{
	struct text path = text_skip(uri->path, 1);
	struct text first = text_cut(&path, T("/"));
	const char *format = text_holds(uri->host, T(":")) ? "%.*s://[%.*s]/%.*s"
							   : "%.*s://%.*s/%.*s";
	return text_format(probe->arena, format, TEXT(uri->scheme), TEXT(uri->host), TEXT(first));
}

/* when what was given ends, or the token that was refused did */
static struct text expiration_of(struct probe *probe, const struct credentials_round *round)
{
	int64_t from;
	int64_t to = 0;
	if (round->found.expiration.len == 0 && round->symptom != SYMPTOM_NONE &&
		jwt_times(round->call.token, &from, &to) && to)
		return clock_text(probe->arena, to);
	return round->found.expiration;
}

static void write_round(struct probe *probe, struct credentials_round *round, struct text unasked)
{
	struct step *step = unasked.len
		? record_skip(probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, round->uri.host,
			  SYMPTOM_DEPENDENCY, unasked)
		: record(probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, round->uri.host, round->symptom,
			  round->detail, round->ask.began_us, round->ask.took_us);
	bool asked = round->asked && !unasked.len;
	struct aws_error error;
	if (round == probe->credentials_round)
		proxy_note(probe, step);
	saw(probe, step, FACT_SOURCE, round->source);
	saw_list(probe, step, FACT_PASSED_OVER, round->passed_over);
	if (round->uri.host.len)
		saw(probe, step, FACT_URI, shown_uri(probe, &round->uri));
	if (asked && round->symptom != SYMPTOM_NONE) {
		saw_answer(probe, step, &round->ask);
		if (error_parse(probe->arena, round->ask.kept, ERROR_AWS, &error) ||
			error_parse(probe->arena, round->ask.kept, ERROR_XML, &error))
			saw_error(probe, step, &error);
		else if (round->ask.status != 200) /* else there may be keys in it */
			saw_body(probe, step, &round->ask);
	}
	saw(probe, step, FACT_EXPIRES, expiration_of(probe, round));
	struct text given = round->found.role_arn.len ? round->found.role_arn
						      : round->instance_role;
	if (seen_text(step, FACT_PRINCIPAL).len == 0)
		saw(probe, step, FACT_PRINCIPAL, given);
	if (asked && round->symptom != SYMPTOM_NONE && seen_text(step, FACT_RESOURCE).len == 0)
		saw(probe, step, FACT_RESOURCE, round->call.role_arn);
	imds_settle(probe, round, probe->evidence->count - 1);
}

void walk_credentials(struct probe *probe)
{
	const struct text missing = T("there are no credentials to ask with");
	struct credentials_round *source = probe->credentials_round, *round = source;
	/* with what was to assume a role, nothing else is asked */
	for (bool given = true; round && given; round = round->next) {
		fetch_round(probe, round);
		given = has_given(round);
	}
	probe->credentials_done = true;
	bool given = true;
	for (round = source; round; round = round->next) {
		struct text unasked = round->call.at ? why_not(round->call.at) : T("");
		write_round(probe, round, given ? unasked : missing);
		given = given && unasked.len == 0 && has_given(round);
	}
	if (source && given)
		probe->evidence->vantage.credential_source = source->source;
}

/* without a walk -------------------------------------------------------------------------- */

/* what a round needs of STS is left to the caller */
static void take_caller_role(struct caller *out, const struct credentials_round *round)
{
	const struct sts_call *call = &round->call;
	if (call->role_arn.len == 0 || out->role_count == CALLER_ROLES)
		return;
	out->roles[out->role_count++] = (struct caller_role){
		call->role_arn, call->session_name, call->external_id, call->token};
}

void caller_find(struct arena *arena, struct net *net, const struct walk_options *options,
	struct text region, struct caller *out)
{
	struct target target = {
		.kind = REGISTRY_ECR, .region = region, .partition = partition_of_region(region)};
	struct evidence evidence = {0};
	struct probe probe;
	probe_begin(&probe, arena, net, &target, arena_new(arena, struct plan, 1), options,
		&evidence, 1 + CALLER_ROLES);
	*out = (struct caller){.config_path = profile_config_path(&probe),
		.profile_name = variable(&probe, T("AWS_PROFILE"))};
	profile_find(&probe, out->profile_name, &out->profile);
	credentials_choose(&probe);
	struct credentials_round *round = probe.credentials_round;
	/* the roles behind it, and a web identity's own, are the caller's to ask for */
	if (!round->call.role_arn.len)
		fetch_round(&probe, round);
	trials_end(&probe);
	out->source = round->source;
	out->credentials = round->found;
	if (round->symptom != SYMPTOM_NONE)
		out->complaint = round->detail.len ? round->detail : symptom_name(round->symptom);
	for (; round; round = round->next)
		take_caller_role(out, round);
}
