/* Credentials for a registry other than private ECR: --user, then Docker's configuration file, then
 * none. AWS credentials are not looked for: they are nobody else's.
 * https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
 */
#include "base/file.h"
#include "walk/stages.h"

enum { CONFIG_MAX = 1024 * 1024 };

bool is_private_ecr(const struct journey *journey)
{
	return journey->target->kind == REGISTRY_ECR;
}

static struct text config_path(struct journey *journey)
{
	const struct environment *environment = &journey->options->environment;
	struct text directory = environment_get(environment, T("DOCKER_CONFIG"));
	struct text home = environment_get(environment, T("HOME"));
	if (directory.len)
		return text_format(journey->arena, "%.*s/config.json", TEXT(directory));
	return text_format(journey->arena, "%.*s/.docker/config.json", TEXT(home));
}

static void pass_over(struct journey *journey, const char *source, struct text why_not)
{
	texts_add(journey->arena, &journey->sign_in.passed_over,
		text_format(journey->arena, "%s: %.*s", source, TEXT(why_not)));
}

static void look_at_config(struct journey *journey)
{
	struct sign_in *sign_in = &journey->sign_in;
	struct text json;
	struct text why_not = {0};
	struct text path = config_path(journey);
	if (file_read(journey->arena, path, CONFIG_MAX, &json, &why_not))
		login_parse(journey->arena, json, journey->target->host, &sign_in->login, &why_not);
	if (sign_in->login.basic.len == 0)
		pass_over(journey, "docker_config", why_not);
}

void login_look(struct journey *journey)
{
	struct sign_in *sign_in = &journey->sign_in;
	sign_in->source = T("option");
	sign_in->login = journey->options->login;
	if (sign_in->login.basic.len == 0) {
		pass_over(journey, "option", T("--user is not given"));
		sign_in->source = T("docker_config");
		look_at_config(journey);
	}
	if (sign_in->login.basic.len == 0)
		sign_in->source = T("anonymous");
	texts_add(journey->arena, &journey->secrets, sign_in->login.basic);
	texts_add(journey->arena, &journey->secrets, sign_in->login.password);
}

/* To have none is no failure: most images of such registries are public. */
void walk_login(struct journey *journey)
{
	const struct sign_in *sign_in = &journey->sign_in;
	struct step *step = record(
		journey, STAGE_CREDENTIALS, ROLE_CALLER, T(""), CAUSE_NONE, T(""), 0, 0);
	saw(journey, step, FACT_SOURCE, sign_in->source);
	saw_list(journey, step, FACT_PASSED_OVER, sign_in->passed_over);
	saw(journey, step, FACT_PRINCIPAL, sign_in->login.user);
	journey->evidence->vantage.credential_source = sign_in->source;
	journey->evidence->vantage.principal = sign_in->login.user;
}
