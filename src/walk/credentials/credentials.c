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

static void keep_secret(struct probe *probe, const struct credentials_round *round)
{
	texts_add(probe->arena, &probe->secrets, round->found.secret_key);
	texts_add(probe->arena, &probe->secrets, round->found.session_token);
	texts_add(probe->arena, &probe->secrets, round->found.access_key);
}

void credentials_choose(struct probe *probe)
{
	enum { COUNT = sizeof sources / sizeof *sources };
	struct credentials_round *round = arena_new(probe->arena, struct credentials_round, 1);
	struct sts_call call = {.role_arn = probe->options->role_arn};
	size_t i = 0;
	probe->credentials_round = round;
	for (struct text absent; i < COUNT; i++) {
		round->source = sources[i].name;
		absent = sources[i].look(probe, round);
		if (absent.len == 0)
			break;
		texts_add(probe->arena, &round->passed_over,
			text_format(
				probe->arena, "%.*s: %.*s", TEXT(sources[i].name), TEXT(absent)));
	}
	if (i == COUNT) {
		round->source = T("");
		round_fail(round, SYMPTOM_NO_SOURCE, T("no source of credentials is configured"));
	}
	if (call.role_arn.len && round->symptom == SYMPTOM_NONE)
		assume_next(probe, round, &call);
	/* the environment's, before any answer can repeat them */
	keep_secret(probe, round);
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
	keep_secret(probe, round);
	probe->credentials = has_given(round) ? round->found : (struct credentials){0};
}

bool credentials_ask_at(
	const struct probe *probe, const struct endpoint_state *state, struct exchange **request)
{
	struct credentials_round *round = probe->credentials_round;
	while (round && round->call.at != state)
		round = round->next;
	*request = round && round->asked ? &round->ask : NULL;
	return round != NULL;
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

static void write_round(struct probe *probe, struct credentials_round *round, struct text unasked)
{
	const struct text host = round->uri.host;
	struct verdict verdict = {.symptom = round->symptom, .detail = round->detail};
	bool asked = round->asked && !unasked.len, failed = round->symptom != SYMPTOM_NONE;
	struct text expires = round->found.expiration;
	int64_t from, to = 0;
	struct step *step;
	if (asked && failed) {
		if (!error_parse(probe->arena, round->ask.kept, ERROR_AWS, &verdict.error))
			error_parse(probe->arena, round->ask.kept, ERROR_XML, &verdict.error);
		step = record_verdict(
			probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, host, &round->ask, &verdict);
	} else if (unasked.len) {
		step = record_skip(probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, host,
			SYMPTOM_DEPENDENCY, unasked);
	} else {
		step = record(probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, host, round->symptom,
			round->detail, round->ask.began_us, round->ask.took_us);
	}
	if (round == probe->credentials_round)
		proxy_note(probe, step);
	saw(probe, step, FACT_SOURCE, round->source);
	saw_list(probe, step, FACT_PASSED_OVER, round->passed_over);
	if (host.len)
		saw(probe, step, FACT_URI, shown_uri(probe, &round->uri));
	/* when what was given ends, or the token that was refused did */
	if (!expires.len && failed && jwt_times(round->call.token, &from, &to) && to)
		expires = clock_text(probe->arena, to);
	saw(probe, step, FACT_EXPIRES, expires);
	if (seen_text(step, FACT_PRINCIPAL).len == 0)
		saw(probe, step, FACT_PRINCIPAL,
			round->found.role_arn.len ? round->found.role_arn : round->instance_role);
	if (asked && failed && seen_text(step, FACT_RESOURCE).len == 0)
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

void caller_find(struct arena *arena, struct net *net, const struct walk_options *options,
	struct text region, struct caller *out)
{
	struct target target = {
		.kind = REGISTRY_ECR, .region = region, .partition = partition_of_region(region)};
	struct evidence evidence = {0};
	struct probe probe;
	probe_begin(&probe, arena, net, &target, arena_new(arena, struct plan, 1), options,
		&evidence, 1 + CALLER_ROLES);
	*out = (struct caller){.config_path = profile_path(&probe, true),
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
	/* what the rounds need of STS is left to the caller */
	for (; round; round = round->next)
		if (round->call.role_arn.len && out->role_count < CALLER_ROLES)
			out->roles[out->role_count++] = (struct caller_role){round->call.role_arn,
				round->call.session_name, round->call.external_id,
				round->call.token};
}
