/* A container's endpoint: the ECS agent, EKS Pod Identity's agent, CloudShell, Greengrass.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
#include "walk/credentials.h"

#define RELATIVE_URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"

/* link-local agents: of ECS, and of EKS over IPv4 and IPv6 */
static const struct text agents[] = {
	{"169.254.170.2", 13},
	{"169.254.170.23", 14},
	{"fd00:ec2::23", 12},
};

static bool is_agent(struct text host, size_t from)
{
	struct address address;
	if (!address_parse(host, &address))
		return false;
	for (size_t i = from; i < sizeof agents / sizeof *agents; i++) {
		struct address agent;
		if (address_parse(agents[i], &agent) && address_equal(&agent, &address))
			return true;
	}
	return false;
}

/* Plain http is for this machine and the link-local agents only, as the SDKs have it. */
static bool may_be_asked(const struct url *uri)
{
	struct address host;
	if (text_equal(uri->scheme, T("https")) || text_same(uri->host, T("localhost")))
		return true;
	return (address_parse(uri->host, &host) && address_is_loopback(&host)) ||
		is_agent(uri->host, 0);
}

/* a file's token wins over the variable's */
static bool authorization(struct probe *probe, struct credentials_round *round, struct text *token)
{
	struct text file = variable(probe, T("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
	*token = variable(probe, T("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
	if (file.len)
		return token_of_file(probe, round, file, token);
	texts_add(probe->arena, &probe->secrets, *token);
	return !(text_holds(*token, T("\r")) || text_holds(*token, T("\n"))) ||
		round_fail(round, SYMPTOM_LOCAL, T("the authorization token holds a line break"));
}

static void container_fetch(struct probe *probe, struct credentials_round *round)
{
	struct header *headers = arena_new(probe->arena, struct header, 2);
	struct text token = {0};
	headers[0] = (struct header){T("Accept"), T("application/json")};
	/* a relative one is the ECS agent's, which wants no token */
	if (!variable(probe, T(RELATIVE_URI)).len && !authorization(probe, round, &token))
		return;
	headers[1] = (struct header){T("Authorization"), token};
	if (!round_request(probe, round, round->ask.url, headers, token.len ? 2 : 1))
		return;
	round_send(probe, round, INT64_MAX);
	request_await(probe, &round->ask, NULL);
	take_document(probe, round);
}

/* The relative URI wins over the full one, as in the SDKs. */
struct text look_container(struct probe *probe, struct credentials_round *round)
{
	struct text relative = variable(probe, T(RELATIVE_URI));
	struct text uri = relative.len
		? text_format(probe->arena, "http://169.254.170.2%.*s", TEXT(relative))
		: variable(probe, T("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
	if (uri.len == 0)
		return T(RELATIVE_URI " is not set: the task has no task role");
	round->ask.url = uri;
	round->fetch = container_fetch;
	if (relative.len && !text_starts(relative, T("/")))
		round_fail(round, SYMPTOM_LOCAL,
			T("the relative credential URI does not begin with /"));
	else if (!url_parse(uri, &round->uri))
		round_fail(
			round, SYMPTOM_LOCAL, T("the credential URI is not an http or https URL"));
	else if (!may_be_asked(&round->uri))
		round_fail(round, SYMPTOM_FORBIDDEN_HOST,
			T("the SDKs send nothing over plain http to such a host"));
	else if (is_agent(round->uri.host, 1))
		round->source = T("pod_identity");
	return T("");
}
