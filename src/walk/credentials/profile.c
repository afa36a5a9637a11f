/* The shared files' profile: keys, or a role to assume with another source's. No program is run,
 * and nobody is logged in: what needs that is told by its name.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
#include "walk/credentials.h"

/* what another program or a login would have to give; empty for nothing of the kind */
static const char *needs(const struct profile *profile)
{
	if (profile->sso.len || profile->sso_start_url.len)
		return "uses IAM Identity Center (sso_session): the probe logs nobody in";
	if (profile->login.len)
		return "uses a console login (login_session): the probe logs nobody in";
	return profile->process.len ? "uses credential_process: the probe runs no program" : "";
}

/* https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
static const struct {
	const char *name;
	look_fn *look;
} named_sources[] = {
	{"Environment", look_environment},
	{"EcsContainer", look_container},
	{"Ec2InstanceMetadata", look_instance},
};

/* one hop: what the source profile itself assumes is not followed */
static bool take_keys(struct probe *probe, struct credentials_round *round, struct text name)
{
	struct profile profile;
	if (!profile_find(probe, name, &profile) || !profile.access_key.len ||
		!profile.secret_key.len)
		return false;
	round->found = (struct credentials){.access_key = profile.access_key,
		.secret_key = profile.secret_key,
		.session_token = profile.session_token};
	return true;
}

/* why the role cannot be assumed; empty when it can */
static const char *take_role(
	struct probe *probe, struct credentials_round *round, const struct profile *profile)
{
	struct text source = profile->source_profile;
	struct sts_call call = {.role_arn = profile->role_arn,
		.session_name = profile->session_name,
		.external_id = profile->external_id};
	if (profile->mfa.len)
		return "has an mfa_serial: the probe asks nobody for a code";
	if (profile->token_file.len) {
		if (token_of_file(probe, round, profile->token_file, &call.token))
			sts_plan(probe, round, call);
		return "";
	}
	if (source.len && !take_keys(probe, round, source))
		return "has a source_profile without keys of its own";
	bool found = source.len > 0;
	for (size_t i = 0; i < sizeof named_sources / sizeof *named_sources && !found; i++)
		found = text_equal(profile->credential_source, text_of(named_sources[i].name)) &&
			named_sources[i].look(probe, round).len == 0;
	if (!found)
		return "has a role_arn, and neither source_profile nor credential_source leads to "
		       "credentials";
	round->source = T("profile");
	assume_next(probe, round, &call);
	return "";
}

struct text look_profile(struct probe *probe, struct credentials_round *round)
{
	struct text asked = variable(probe, T("AWS_PROFILE"));
	struct text name = asked.len ? asked : T("default");
	struct profile profile;
	const char *broken = "";
	bool found = profile_find(probe, name, &profile);
	struct text absent = text_format(probe->arena,
		"no credentials of the profile %.*s in %.*s or %.*s", TEXT(name),
		TEXT(profile_path(probe, false)), TEXT(profile_path(probe, true)));
	if (asked.len && !found)
		round_fail(round, SYMPTOM_LOCAL, absent);
	else if (!found)
		return absent;
	else if (profile.role_arn.len)
		broken = take_role(probe, round, &profile);
	else if (!take_keys(probe, round, name))
		broken = needs(&profile);
	if (*broken)
		round_fail(round, SYMPTOM_LOCAL,
			text_format(probe->arena, "the profile %.*s %s", TEXT(name), broken));
	/* a profile may say nothing of credentials */
	bool is_silent = !profile.role_arn.len && !round->found.access_key.len &&
		round->symptom == SYMPTOM_NONE;
	return is_silent ? absent : T("");
}
