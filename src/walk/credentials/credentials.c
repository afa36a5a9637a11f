/* Credentials: the sources in the order of the SDKs, the first that is configured wins; then the
 * roles that are assumed with it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
#include "walk/credentials.h"
#include "base/file.h"
#include "model/jwt.h"

enum { TOKEN_FILE_MAX = 16 * 1024, DOCUMENT_MAX = 1024 * 1024 };

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

/* what the sources share ------------------------------------------------------------------- */

struct text variable(const struct journey *journey, struct text name)
{
	return environment_get(&journey->options->environment, name);
}

void broken(struct credentials_round *round, enum cause cause, struct text detail)
{
	round->cause = cause;
	round->detail = detail;
}

/* The SDKs send what stands in the file: a line break in it is refused here as by botocore. */
bool token_of_file(struct journey *journey, struct credentials_round *round, struct text file,
	struct text *token)
{
	struct text complaint;
	if (!file_read(journey->arena, file, TOKEN_FILE_MAX, token, &complaint)) {
		broken(round, CAUSE_LOCAL, complaint);
		return false;
	}
	texts_add(journey->arena, &journey->secrets, *token);
	bool breaks = text_holds(*token, T("\r")) || text_holds(*token, T("\n"));
	if (breaks || token->len == 0)
		broken(round, CAUSE_LOCAL,
			text_format(journey->arena, "the token file %.*s %s", TEXT(file),
				breaks ? "holds a line break" : "is empty"));
	return round->cause == CAUSE_NONE;
}

/* Where a credential host is: an address already, this machine, or a name to be resolved. */
static bool locate(struct journey *journey, struct credentials_round *round)
{
	struct query query = {.name = round->uri.host, .record = RECORD_A};
	if (address_parse(round->uri.host, &round->ask.address))
		return true;
	if (text_same(round->uri.host, T("localhost")))
		return address_parse(T("127.0.0.1"), &round->ask.address);
	if (journey->resolvers.count == 0)
		return false;
	query.server = journey->resolvers.at[0];
	journey->net->resolve(journey->net, &query, 1, wait_until(journey));
	if (query.cause == CAUSE_NONE)
		round->ask.address = query.addresses.at[0];
	return query.cause == CAUSE_NONE;
}

void ask_uri(struct journey *journey, struct credentials_round *round, struct text uri,
	const struct header *headers, size_t count)
{
	if (!url_parse(uri, &round->uri)) {
		broken(round, CAUSE_LOCAL, T("the credential URI is not an http or https URL"));
		return;
	}
	round->ask = (struct exchange){.url = uri,
		.send = headers,
		.send_count = count,
		.body_keep = DOCUMENT_MAX,
		.body_max = DOCUMENT_MAX,
		.trust = journey->options->trust};
	round->asks = locate(journey, round);
	round->ask.address.port = round->uri.port;
	if (!round->asks)
		broken(round, CAUSE_NXDOMAIN, T("the credential URI's host does not resolve"));
}

enum cause judge_expiration(struct credentials_round *round)
{
	int64_t expires;
	if (!clock_parse(round->found.expiration, &expires) || expires > clock_unix())
		return CAUSE_NONE;
	round->detail = T("the credentials are past their expiration");
	return CAUSE_EXPIRED;
}

enum cause judge_document(struct journey *journey, struct credentials_round *round)
{
	const struct exchange *ask = &round->ask;
	struct aws_error error;
	round->detail = ask->detail;
	if (ask->cause != CAUSE_NONE)
		return ask->cause;
	if (ask->status != 200) {
		round->detail = text_format(journey->arena, "HTTP status %d", ask->status);
		return ask->status == 429 ? CAUSE_THROTTLED : CAUSE_STATUS;
	}
	if (credentials_parse(journey->arena, ask->kept, &round->found, &round->detail))
		return judge_expiration(round);
	/* IMDS tells with 200 that it may not assume the role */
	return aws_error_parse(journey->arena, ask->kept, &error) ? CAUSE_STATUS : CAUSE_MALFORMED;
}

/* before the walk -------------------------------------------------------------------------- */

static void look_for_source(struct journey *journey, struct credentials_round *round)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct text absent;
		round->source = sources[i].name;
		if (sources[i].look(journey, round, &absent) == LOOK_SETTLED)
			return;
		texts_add(journey->arena, &round->passed_over,
			text_format(
				journey->arena, "%.*s: %.*s", TEXT(sources[i].name), TEXT(absent)));
	}
	round->source = T("");
	broken(round, CAUSE_NO_SOURCE, T("no source of credentials is configured"));
}

void credentials_choose(struct journey *journey)
{
	if (!is_private_ecr(journey)) {
		login_look(journey);
		return;
	}
	struct credentials_round *round = arena_new(journey->arena, struct credentials_round, 1);
	struct sts_call call = {.role_arn = journey->options->role_arn};
	journey->credentials_round = round;
	look_for_source(journey, round);
	if (call.role_arn.len && round->cause == CAUSE_NONE)
		assume_next(journey, round, &call);
}

/* beside the services ---------------------------------------------------------------------- */

static void keep_secrets(struct journey *journey, const struct credentials *found)
{
	texts_add(journey->arena, &journey->secrets, found->secret_key);
	texts_add(journey->arena, &journey->secrets, found->session_token);
	texts_add(journey->arena, &journey->secrets, found->access_key);
}

/* Asks for one round's credentials; `beside`, which may be NULL, goes along. */
static void ask_round(
	struct journey *journey, struct credentials_round *round, struct exchange *beside)
{
	struct exchange batch[2];
	size_t count = 0;
	if (round->begin && round->cause == CAUSE_NONE)
		round->begin(journey, round);
	bool asks = round->asks && round->cause == CAUSE_NONE;
	if (asks)
		batch[count++] = round->ask;
	if (beside)
		batch[count++] = *beside;
	exchange_all(journey, batch, count);
	if (beside)
		*beside = batch[count - 1];
	if (asks) {
		round->ask = batch[0];
		round->cause = round->judge(journey, round);
	}
	keep_secrets(journey, &round->found);
}

static bool has_given(const struct credentials_round *round)
{
	return round->cause == CAUSE_NONE && round->found.access_key.len;
}

void credentials_ask(struct journey *journey)
{
	struct exchange task;
	struct exchange *beside = task_request(journey, &task) ? &task : NULL;
	struct credentials_round none = {.cause = CAUSE_NO_SOURCE};
	struct credentials_round *round = journey->credentials_round;
	round = round ? round : &none;
	journey->credentials_asked = true;
	ask_round(journey, round, beside);
	if (beside)
		task_take(journey, beside);
	while (round->next && has_given(round)) {
		journey->credentials = round->found;
		round = round->next;
		ask_round(journey, round, NULL);
	}
	/* with what was to assume a role, nothing else is asked */
	journey->credentials = has_given(round) && !round->next ? round->found
								: (struct credentials){0};
}

bool credentials_need(const struct journey *journey, const struct climb *climb)
{
	for (const struct credentials_round *round = journey->credentials_round; round;
		round = round->next)
		if (round->call.at && (!climb || round->call.at == climb))
			return true;
	return false;
}

const struct exchange *credentials_answer(const struct journey *journey, const struct climb *climb)
{
	const struct credentials_round *round = journey->credentials_round;
	while (round && !(round->call.at == climb && round->asks))
		round = round->next;
	return round ? &round->ask : NULL;
}

/* the steps -------------------------------------------------------------------------------- */

/* scheme, host and the first part of the path: what follows names the task */
static struct text shown_uri(struct journey *journey, const struct url *uri)
{
	struct text path = text_skip(uri->path, 1);
	struct text first = text_cut(&path, T("/"));
	const char *format = text_holds(uri->host, T(":")) ? "%.*s://[%.*s]/%.*s"
							   : "%.*s://%.*s/%.*s";
	return text_format(journey->arena, format, TEXT(uri->scheme), TEXT(uri->host), TEXT(first));
}

static void saw_refusal(struct journey *journey, struct step *step, const struct exchange *ask)
{
	struct aws_error error;
	saw_answer(journey, step, ask);
	if (aws_error_parse(journey->arena, ask->kept, &error) ||
		aws_xml_error_parse(journey->arena, ask->kept, &error))
		saw_error(journey, step, &error);
	else if (ask->status != 200) /* else there may be keys in it */
		saw_body(journey, step, ask);
}

/* when what was given ends, or the token that was refused did */
static struct text expiration_of(struct journey *journey, const struct credentials_round *round)
{
	int64_t from;
	int64_t to = 0;
	if (round->found.expiration.len == 0 && round->cause != CAUSE_NONE &&
		jwt_times(round->call.token, &from, &to) && to)
		return clock_text(journey->arena, to);
	return round->found.expiration;
}

static struct step *write_step(
	struct journey *journey, struct credentials_round *round, struct text unasked)
{
	if (unasked.len)
		return record_skip(journey, STAGE_CREDENTIALS, ROLE_CALLER, round->uri.host,
			CAUSE_DEPENDENCY, unasked);
	return record(journey, STAGE_CREDENTIALS, ROLE_CALLER, round->uri.host, round->cause,
		round->detail, round->ask.began_us, round->ask.took_us);
}

static void note_principal(struct journey *journey, struct text principal)
{
	if (principal.len)
		journey->evidence->vantage.principal = masked(journey, principal);
}

static void write_round(
	struct journey *journey, struct credentials_round *round, struct text unasked)
{
	struct step *step = write_step(journey, round, unasked);
	bool asked = round->asks && !unasked.len;
	saw(journey, step, FACT_SOURCE, round->source);
	saw_list(journey, step, FACT_PASSED_OVER, round->passed_over);
	if (round->uri.host.len)
		saw(journey, step, FACT_URI, shown_uri(journey, &round->uri));
	if (asked && round->cause != CAUSE_NONE)
		saw_refusal(journey, step, &round->ask);
	saw(journey, step, FACT_EXPIRES, expiration_of(journey, round));
	struct text given = round->found.role_arn.len ? round->found.role_arn
						      : round->instance_role;
	if (seen_text(step, FACT_PRINCIPAL).len == 0)
		saw(journey, step, FACT_PRINCIPAL, given);
	if (asked && round->cause != CAUSE_NONE && seen_text(step, FACT_RESOURCE).len == 0)
		saw(journey, step, FACT_RESOURCE, round->call.role_arn);
	note_principal(journey, seen_text(step, FACT_PRINCIPAL));
}

void walk_credentials(struct journey *journey)
{
	if (!is_private_ecr(journey)) {
		walk_login(journey);
		return;
	}
	struct text missing = T("there are no credentials to ask with");
	struct credentials_round *source = journey->credentials_round;
	bool given = true;
	for (struct credentials_round *round = source; round; round = round->next) {
		struct text unasked = round->call.at ? why_not(round->call.at) : T("");
		write_round(journey, round, given ? unasked : missing);
		given = given && unasked.len == 0 && has_given(round);
	}
	if (source && given)
		journey->evidence->vantage.credential_source = source->source;
}
