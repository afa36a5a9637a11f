/* What the sources of credentials share: the environment, token files, the shared configuration
 * files, requests to plain endpoints and the verdicts on their answers.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
#include "base/file.h"
#include "walk/credentials.h"

enum { TOKEN_FILE_MAX = 16 * 1024, DOCUMENT_MAX = 1024 * 1024, FILE_MAX = 256 * 1024 };

struct text variable(const struct probe *probe, struct text name)
{
	return environment_get(&probe->options->environment, name);
}

bool round_fail(struct credentials_round *round, enum symptom symptom, struct text detail)
{
	round->symptom = symptom;
	round->detail = detail;
	return false;
}

/* The SDKs send what stands in the file: a line break in it is refused here as by botocore. */
bool token_of_file(
	struct probe *probe, struct credentials_round *round, struct text file, struct text *token)
{
	struct text complaint;
	if (!file_read(probe->arena, file, TOKEN_FILE_MAX, token, &complaint))
		return round_fail(round, SYMPTOM_LOCAL, complaint);
	texts_add(probe->arena, &probe->secrets, *token);
	bool breaks = text_holds(*token, T("\r")) || text_holds(*token, T("\n"));
	if (breaks || token->len == 0)
		round_fail(round, SYMPTOM_LOCAL,
			text_format(probe->arena, "the token file %.*s %s", TEXT(file),
				breaks ? "holds a line break" : "is empty"));
	return round->symptom == SYMPTOM_NONE;
}

/* Where a credential host is: an address already, this machine, or a name that is resolved first.
 */
static bool locate(struct probe *probe, struct credentials_round *round)
{
	bool local = text_same(round->uri.host, T("localhost"));
	struct query query = {.name = round->uri.host, .record = RECORD_A};
	if (address_parse(local ? T("127.0.0.1") : round->uri.host, &round->ask.address))
		return true;
	if (probe->resolvers.count) {
		query.server = probe->resolvers.at[0];
		probe->net->resolve(probe->net, &query, 1, wait_until(probe));
	}
	while (query.pending)
		activities_wait(probe);
	if (query.addresses.count == 0)
		return round_fail(
			round, SYMPTOM_NXDOMAIN, T("the credential URI's host does not resolve"));
	round->ask.address = query.addresses.at[0];
	return true;
}

bool round_request(struct probe *probe, struct credentials_round *round, struct text uri,
	const struct header *headers, size_t count)
{
	if (!url_parse(uri, &round->uri))
		return round_fail(
			round, SYMPTOM_LOCAL, T("the credential URI is not an http or https URL"));
	round->ask = (struct exchange){.url = uri,
		.send = headers,
		.send_count = count,
		.body_keep = DOCUMENT_MAX,
		.body_max = DOCUMENT_MAX,
		.trust = probe->options->trust};
	bool located = locate(probe, round);
	round->ask.address.port = round->uri.port;
	return located;
}

void round_send(struct probe *probe, struct credentials_round *round, int64_t patience_us)
{
	int64_t timeout = probe->options->timeout_us;
	round->asked = true;
	probe->net->send(probe->net, &round->ask, 1, patience_us < timeout ? patience_us : timeout,
		probe->end_us);
}

enum symptom judge_expiration(struct credentials_round *round)
{
	int64_t expires;
	if (!clock_parse(round->found.expiration, &expires) || expires > clock_unix())
		return SYMPTOM_NONE;
	round->detail = T("the credentials are past their expiration");
	return SYMPTOM_EXPIRED;
}

void take_document(struct probe *probe, struct credentials_round *round)
{
	const struct exchange *ask = &round->ask;
	struct aws_error error;
	round->detail = ask->detail;
	round->symptom = ask->symptom;
	if (ask->symptom != SYMPTOM_NONE)
		return;
	if (ask->status != 200)
		round_fail(round, ask->status == 429 ? SYMPTOM_THROTTLED : SYMPTOM_STATUS,
			status_words(probe, ask));
	else if (credentials_parse(probe->arena, ask->kept, &round->found, &round->detail))
		round->symptom = judge_expiration(round);
	else /* IMDS tells with 200 that it may not assume the role */
		round->symptom = error_parse(probe->arena, ask->kept, ERROR_AWS, &error)
			? SYMPTOM_STATUS
			: SYMPTOM_MALFORMED;
}

struct text profile_path(struct probe *probe, bool is_config)
{
	struct text own = variable(
		probe, is_config ? T("AWS_CONFIG_FILE") : T("AWS_SHARED_CREDENTIALS_FILE"));
	struct text home = variable(probe, T("HOME"));
	if (own.len || home.len == 0)
		return own;
	return text_format(
		probe->arena, "%.*s/.aws/%s", TEXT(home), is_config ? "config" : "credentials");
}

static bool read_part(struct probe *probe, bool is_config, struct text name, struct profile *out)
{
	struct text path = profile_path(probe, is_config), content, complaint;
	return path.len && file_read(probe->arena, path, FILE_MAX, &content, &complaint) &&
		profile_parse(content, is_config, name, out);
}

/* the credentials file's keys win over the config file's */
bool profile_find(struct probe *probe, struct text name, struct profile *out)
{
	struct text profile = name.len ? name : T("default");
	*out = (struct profile){0};
	bool in_config = read_part(probe, true, profile, out);
	return read_part(probe, false, profile, out) || in_config;
}

/* Keys; a Lambda function always has its role's there.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html */
struct text look_environment(struct probe *probe, struct credentials_round *round)
{
	struct credentials found = {
		.access_key = variable(probe, T("AWS_ACCESS_KEY_ID")),
		.secret_key = variable(probe, T("AWS_SECRET_ACCESS_KEY")),
		.session_token = variable(probe, T("AWS_SESSION_TOKEN")),
		/* not of all SDKs, but aws configure export-credentials writes it */
		.expiration = variable(probe, T("AWS_CREDENTIAL_EXPIRATION")),
	};
	if (found.access_key.len == 0)
		return T("AWS_ACCESS_KEY_ID is not set");
	if (found.secret_key.len == 0)
		return T("AWS_SECRET_ACCESS_KEY is not set");
	if (variable(probe, T("AWS_LAMBDA_FUNCTION_NAME")).len)
		round->source = T("lambda");
	round->found = found;
	round->symptom = judge_expiration(round);
	return T("");
}
