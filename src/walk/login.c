/* Credentials for a registry other than private ECR: --user, then Docker's configuration file, then
 * none. AWS credentials are not looked for: they are nobody else's.
 * https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
 */
#include "base/file.h"
#include "walk/stages.h"

enum { CONFIG_MAX = 1024 * 1024 };

static struct text config_path(struct probe *probe)
{
	const struct environment *environment = &probe->options->environment;
	struct text directory = environment_get(environment, T("DOCKER_CONFIG"));
	struct text home = environment_get(environment, T("HOME"));
	if (directory.len)
		return text_format(probe->arena, "%.*s/config.json", TEXT(directory));
	return text_format(probe->arena, "%.*s/.docker/config.json", TEXT(home));
}

static void pass_over(struct probe *probe, const char *source, struct text why_not)
{
	texts_add(probe->arena, &probe->registry_auth.passed_over,
		text_format(probe->arena, "%s: %.*s", source, TEXT(why_not)));
}

static void look_at_config(struct probe *probe)
{
	struct registry_auth *registry_auth = &probe->registry_auth;
	struct text json;
	struct text why_not = {0};
	struct text path = config_path(probe);
	if (file_read(probe->arena, path, CONFIG_MAX, &json, &why_not))
		login_parse(
			probe->arena, json, probe->target->host, &registry_auth->login, &why_not);
	if (registry_auth->login.basic.len == 0)
		pass_over(probe, "docker_config", why_not);
}

void login_look(struct probe *probe)
{
	struct registry_auth *registry_auth = &probe->registry_auth;
	registry_auth->source = T("option");
	registry_auth->login = probe->options->login;
	if (registry_auth->login.basic.len == 0) {
		pass_over(probe, "option", T("--user is not given"));
		registry_auth->source = T("docker_config");
		look_at_config(probe);
	}
	if (registry_auth->login.basic.len == 0)
		registry_auth->source = T("anonymous");
	texts_add(probe->arena, &probe->secrets, registry_auth->login.basic);
	texts_add(probe->arena, &probe->secrets, registry_auth->login.password);
}

/* To have none is no failure: most images of such registries are public. */
void walk_login(struct probe *probe)
{
	const struct registry_auth *registry_auth = &probe->registry_auth;
	struct step *step = record(
		probe, STAGE_CREDENTIALS, ENDPOINT_CALLER, T(""), SYMPTOM_NONE, T(""), 0, 0);
	saw(probe, step, FACT_SOURCE, registry_auth->source);
	saw_list(probe, step, FACT_PASSED_OVER, registry_auth->passed_over);
	saw(probe, step, FACT_PRINCIPAL, registry_auth->login.user);
	proxy_note(probe, step);
	probe->evidence->vantage.credential_source = registry_auth->source;
}
