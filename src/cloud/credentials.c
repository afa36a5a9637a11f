/* Credentials for calls of the control plane: a person's sources besides those of the walk, and the
 * roles to assume. https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
#include "base/arena.h"
#include "base/die.h"
#include "base/file.h"
#include "cloud/services.h"
#include "model/json.h"
#include <sys/wait.h>
#include <unistd.h>

enum {
	FILE_MAX = 256 * 1024,
	PROCESS_SECONDS = 60,
	PROCESS_BYTES = 64 * 1024,
};

/* credential_process ----------------------------------------------------------------------------
 */

/* Runs the command in a shell, as most SDKs do.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
static bool run_process(struct arena *arena, struct text command, struct text *out)
{
	struct text complaint;
	int ends[2];
	int status = -1;
	const char *line = text_string(arena, command);
	if (pipe(ends) != 0)
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		alarm(PROCESS_SECONDS);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	bool read = pid > 0 &&
		file_read_open(arena, ends[0], T("its output"), PROCESS_BYTES, out, &complaint);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return read && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* what a program prints, and what Identity Center answers in roleCredentials */
static bool take_keys(struct cloud *cloud, struct text json)
{
	struct credentials *keys = &cloud->credentials;
	struct arena *arena = cloud->arena;
	struct text complaint;
	json_t *tree = json_read(json, PROCESS_BYTES, &complaint);
	keys->access_key = read_first(arena, tree, "AccessKeyId|roleCredentials/accessKeyId");
	keys->secret_key = read_first(
		arena, tree, "SecretAccessKey|roleCredentials/secretAccessKey");
	keys->session_token = read_first(arena, tree, "SessionToken|roleCredentials/sessionToken");
	keys->expiration = read_first(arena, tree, "Expiration");
	json_decref(tree);
	return credentials_are_usable(keys);
}

/* the command is not repeated: it may hold a secret */
static void take_process(struct cloud *cloud, struct text command)
{
	struct text out;
	if (!run_process(cloud->arena, command, &out))
		die(EXIT_UNABLE, "the profile's credential_process failed");
	if (!take_keys(cloud, out))
		die(EXIT_UNABLE, "the profile's credential_process printed no credentials");
}

/* IAM Identity Center ----------------------------------------------------------------------------
 */

/* The token that `aws sso login` left. */
static struct text cached_token(
	struct cloud *cloud, const struct profile *profile, struct text login)
{
	struct arena *arena = cloud->arena;
	struct text key = profile->sso.len ? profile->sso : profile->sso_start_url;
	struct text name = digest_sha1(arena, key);
	struct text home = environment_get(&cloud->environment, T("HOME"));
	struct text path = text_format(
		arena, "%.*s/.aws/sso/cache/%.*s.json", TEXT(home), TEXT(name));
	struct text content;
	struct text complaint;
	int64_t expires;
	if (!file_read(arena, path, FILE_MAX, &content, &complaint))
		die(EXIT_UNABLE, "there is no IAM Identity Center session: run %.*s", TEXT(login));
	json_t *tree = json_read(content, FILE_MAX, &complaint);
	struct text token = tree ? json_text(arena, tree, "accessToken") : T("");
	struct text until = tree ? json_text(arena, tree, "expiresAt") : T("");
	json_decref(tree);
	if (text_ends(until, T("UTC")))
		until = text_format(arena, "%.*sZ", TEXT(text_head(until, until.len - 3)));
	if (token.len == 0 || !clock_parse(until, &expires) || expires <= clock_unix())
		die(EXIT_UNABLE, "the IAM Identity Center session has expired: run %.*s",
			TEXT(login));
	return token;
}

static void take_sso(
	struct cloud *cloud, struct text name, struct text config, struct profile *profile)
{
	struct arena *arena = cloud->arena;
	struct text login = text_format(arena, "aws sso login --profile %.*s", TEXT(name));
	/* a session has a section of its own */
	struct text session = text_format(arena, "sso-session %.*s", TEXT(profile->sso));
	if (profile->sso.len)
		profile_parse(config, false, session, profile);
	struct header token = {T("x-amz-sso_bearer_token"), cached_token(cloud, profile, login)};
	struct call call = call_of(
		cloud, &sso_role_credentials, NULL, profile->sso_role, profile->sso_account, T(""));
	call.send = &token;
	call.region = profile->sso_region; /* the session's home */
	if (!partition_of_region(profile->sso_region))
		die(EXIT_UNABLE, "the profile %.*s names no sso_region", TEXT(name));
	bool answered = call_run(cloud, &call);
	if (call.symptom == SYMPTOM_UNAUTHENTICATED)
		die(EXIT_UNABLE, "the IAM Identity Center session is not valid: run %.*s",
			TEXT(login));
	if (!answered || !take_keys(cloud, call.answer))
		die(EXIT_UNABLE, "IAM Identity Center gives no credentials: %.*s %.*s",
			TEXT(call.error.code), TEXT(call.error.message));
}

/* roles -----------------------------------------------------------------------------------------
 */

static void assume(struct cloud *cloud, const struct caller_role *role)
{
	bool web = role->token.len > 0;
	struct text complaint = T("");
	struct call call = call_of(cloud, &sts_calls[web ? STS_WEB_IDENTITY : STS_ASSUME_ROLE],
		NULL, role->arn, role->session_name.len ? role->session_name : T("pullprobe"),
		web ? role->token : role->external_id);
	if (call_run(cloud, &call) &&
		aws_xml_credentials_parse(
			cloud->arena, call.answer, &cloud->credentials, &complaint))
		return;
	if (call.error.code.len)
		complaint = text_format(cloud->arena, "%.*s: %.*s", TEXT(call.error.code),
			TEXT(call.error.message));
	die(EXIT_UNABLE, "the role %.*s cannot be assumed: %.*s", TEXT(role->arn), TEXT(complaint));
}

/* all -------------------------------------------------------------------------------------------
 */

/* The profile's endpoints: the section "[services NAME]", up to the next. */
static void take_endpoints(struct cloud *cloud, const struct profile *profile, struct text config)
{
	struct text wanted = text_format(cloud->arena, "services %.*s", TEXT(profile->services));
	cloud->endpoint_url = profile->endpoint_url;
	while (profile->services.len && config.len) {
		struct text line = text_cut(&config, T("\n"));
		struct text name = text_skip(line, 1);
		if (!text_starts(line, T("[")) ||
			!text_equal(text_trim(text_cut(&name, T("]"))), wanted))
			continue;
		cloud->endpoint_urls = text_cut(&config, T("\n["));
		return;
	}
}

/* What the walk does not do: it runs no program, and uses nobody's login. A role's source_profile
 * may have such a source too. */
static bool take_person(struct cloud *cloud, struct caller *caller, struct text config)
{
	struct text name = caller->profile_name.len ? caller->profile_name : T("default");
	struct profile profile = caller->profile;
	bool by_source = profile.role_arn.len && profile.source_profile.len;
	if (by_source) {
		name = profile.source_profile;
		profile = (struct profile){0};
		profile_parse(config, true, name, &profile);
	}
	if (profile.process.len)
		take_process(cloud, profile.process);
	else if (profile.sso.len || profile.sso_start_url.len)
		take_sso(cloud, name, config, &profile);
	else
		return false;
	if (by_source)
		caller->roles[caller->role_count++] = (struct caller_role){
			.arn = caller->profile.role_arn,
			.session_name = caller->profile.session_name,
			.external_id = caller->profile.external_id};
	return true;
}

/* --profile wins over keys of the environment, as in the AWS CLI */
static struct environment environment_with(
	struct arena *arena, struct environment environment, struct text profile)
{
	const struct text dropped = T(
		"AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_PROFILE|"
		"AWS_WEB_IDENTITY_TOKEN_FILE");
	size_t count = 0;
	size_t end = 0;
	while (environment.variables[count])
		count++;
	char **kept = arena_new(arena, char *, count + 2);
	for (size_t i = 0; i < count; i++) {
		struct text line = text_of(environment.variables[i]);
		if (!text_is_one_of(text_cut(&line, T("=")), dropped))
			kept[end++] = environment.variables[i];
	}
	kept[end] = text_string(arena, text_format(arena, "AWS_PROFILE=%.*s", TEXT(profile)));
	return (struct environment){kept};
}

static void choose_region(
	struct cloud *cloud, const struct cloud_options *options, const struct caller *caller)
{
	struct text region = options->region;
	if (region.len == 0)
		region = environment_get(&cloud->environment, T("AWS_DEFAULT_REGION"));
	if (region.len == 0)
		region = caller->profile.region;
	if (region.len == 0)
		region = options->last_region;
	cloud->region = region;
	cloud->partition = partition_of_region(region);
	if (!cloud->partition)
		die(EXIT_USAGE,
			region.len ? "%.*s is no Region"
				   : "%.*sno Region is named: add "
				     "--region REGION",
			TEXT(region));
}

void cloud_begin(struct cloud *cloud, struct arena *arena, struct net *net,
	const struct cloud_options *options, const struct walk_options *walk)
{
	struct walk_options for_caller = *walk;
	struct caller caller;
	struct text config;
	struct text complaint;
	for_caller.role_arn = T("");
	if (options->profile.len)
		for_caller.environment = environment_with(
			arena, walk->environment, options->profile);
	*cloud = (struct cloud){.arena = arena,
		.net = net,
		.environment = for_caller.environment,
		.trust = walk->trust,
		.resolvers = walk->resolvers.count ? walk->resolvers : walk->host_info->resolvers,
		.timeout_us = walk->timeout_us,
		.end_us = clock_us() + walk->deadline_us};
	caller_find(arena, net, &for_caller, options->region.len ? options->region : T("us-east-1"),
		&caller);
	choose_region(cloud, options, &caller);
	cloud->credentials = caller.credentials;
	if (!file_read(arena, caller.config_path, FILE_MAX, &config, &complaint))
		config = T("");
	take_endpoints(cloud, &caller.profile, config);
	if (caller.complaint.len && !take_person(cloud, &caller, config))
		die(EXIT_UNABLE, "no AWS credentials: %.*s", TEXT(caller.complaint));
	for (size_t i = 0; i < caller.role_count; i++)
		assume(cloud, &caller.roles[i]);
	if (options->role_arn.len)
		assume(cloud, &(struct caller_role){.arn = options->role_arn});
}
