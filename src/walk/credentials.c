/* Credentials: the sources in the order of the SDKs, the first that is configured wins.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
#include "base/file.h"
#include "model/url.h"
#include "walk/stages.h"

enum { TOKEN_FILE_MAX = 16 * 1024, METADATA_MAX = 1024 * 1024 };

/* what is known of the credentials before and after asking */
struct credentials_round {
	struct text source;
	struct texts passed_over;
	struct url uri;
	struct exchange ask; /* of the source's endpoint */
	bool asks;	     /* `ask` is to be sent, or was */
	enum cause cause;    /* why there is nothing to ask */
	struct text detail;
	struct exchange task; /* of the task metadata */
	bool asks_task;
	struct credentials found; /* without asking */
};

enum look {
	LOOK_ABSENT,  /* not configured: the next source may be */
	LOOK_SETTLED, /* configured: found, to be asked, or broken */
};

static struct text variable(const struct journey *journey, struct text name)
{
	return environment_get(&journey->options->environment, name);
}

static void broken(struct credentials_round *round, enum cause cause, struct text detail)
{
	round->cause = cause;
	round->detail = detail;
}

/* environment: https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html */
static enum look look_environment(
	struct journey *journey, struct credentials_round *round, struct text *absent)
{
	round->found = (struct credentials){
		.access_key = variable(journey, T("AWS_ACCESS_KEY_ID")),
		.secret_key = variable(journey, T("AWS_SECRET_ACCESS_KEY")),
		.session_token = variable(journey, T("AWS_SESSION_TOKEN")),
	};
	bool both = round->found.access_key.len && round->found.secret_key.len;
	*absent = round->found.access_key.len ? T("AWS_SECRET_ACCESS_KEY is not set")
					      : T("AWS_ACCESS_KEY_ID is not set");
	if (!both)
		round->found = (struct credentials){0};
	return both ? LOOK_SETTLED : LOOK_ABSENT;
}

/* Plain http is for this machine and the link-local agents only, as the SDKs have it:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
static bool may_have_token(const struct url *uri)
{
	const struct text agents[] = {T("169.254.170.2"), T("169.254.170.23"), T("fd00:ec2::23")};
	struct address host;
	if (text_equal(uri->scheme, T("https")) || text_same(uri->host, T("localhost")))
		return true;
	if (!address_parse(uri->host, &host))
		return false;
	if (address_is_loopback(&host))
		return true;
	for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
		struct address agent;
		if (address_parse(agents[i], &agent) && address_equal(&agent, &host))
			return true;
	}
	return false;
}

/* The authorization token of a container source: a file's wins over the variable's. False: it
 * cannot be used, and the round says why. */
static bool authorization(
	struct journey *journey, struct credentials_round *round, struct text *token)
{
	struct text file = variable(journey, T("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
	struct text complaint;
	*token = variable(journey, T("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
	if (file.len && !file_read(journey->arena, file, TOKEN_FILE_MAX, token, &complaint)) {
		broken(round, CAUSE_LOCAL, complaint);
		return false;
	}
	texts_add(journey->arena, &journey->secrets, *token);
	if (text_holds(*token, T("\r")) || text_holds(*token, T("\n"))) {
		broken(round, CAUSE_LOCAL, T("the authorization token holds a line break"));
		return false;
	}
	return true;
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

static void ask_uri(
	struct journey *journey, struct credentials_round *round, struct text uri, bool with_token)
{
	struct header *headers = arena_new(journey->arena, struct header, 2);
	struct text token = {0};
	headers[0] = (struct header){T("Accept"), T("application/json")};
	if (!url_parse(uri, &round->uri)) {
		broken(round, CAUSE_LOCAL, T("the credential URI is not an http or https URL"));
		return;
	}
	if (!may_have_token(&round->uri)) {
		broken(round, CAUSE_FORBIDDEN_HOST,
			T("the SDKs send nothing over plain http to such a host"));
		return;
	}
	if (with_token && !authorization(journey, round, &token))
		return;
	if (token.len)
		headers[1] = (struct header){T("Authorization"), token};
	round->ask = (struct exchange){.url = uri,
		.send = headers,
		.send_count = token.len ? 2 : 1,
		.body_keep = METADATA_MAX,
		.body_max = METADATA_MAX,
		.trust = journey->options->trust};
	round->asks = locate(journey, round);
	round->ask.address.port = round->uri.port;
	if (!round->asks)
		broken(round, CAUSE_NXDOMAIN, T("the credential URI's host does not resolve"));
}

/* ECS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * The relative URI wins over the full one, as in the SDKs. */
static enum look look_container(
	struct journey *journey, struct credentials_round *round, struct text *absent)
{
	struct text relative = variable(journey, T("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
	struct text full = variable(journey, T("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
	*absent = T("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set: the task has no task role");
	if (relative.len && !text_starts(relative, T("/")))
		broken(round, CAUSE_LOCAL, T("the relative credential URI does not begin with /"));
	else if (relative.len)
		ask_uri(journey, round,
			text_format(journey->arena, "http://169.254.170.2%.*s", TEXT(relative)),
			false);
	else if (full.len)
		ask_uri(journey, round, full, true);
	return relative.len || full.len ? LOOK_SETTLED : LOOK_ABSENT;
}

static const struct source {
	struct text name;
	enum look (*look)(
		struct journey *journey, struct credentials_round *round, struct text *absent);
} sources[] = {
	{{"environment", 11}, look_environment},
	{{"container", 9}, look_container},
};

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

/* The agent's task metadata, version 4: only where the agent really is. */
static void look_for_task(struct journey *journey, struct credentials_round *round)
{
	struct text base = variable(journey, T("ECS_CONTAINER_METADATA_URI_V4"));
	struct url url;
	if (!url_parse(base, &url) || !text_equal(url.host, T("169.254.170.2")))
		return;
	round->task = (struct exchange){
		.url = text_format(journey->arena, "%.*s/task", TEXT(base)),
		.body_keep = METADATA_MAX,
		.body_max = METADATA_MAX,
	};
	round->asks_task = address_parse(url.host, &round->task.address);
	round->task.address.port = url.port;
}

static void take_task(struct journey *journey, const struct exchange *task)
{
	struct vantage *vantage = &journey->evidence->vantage;
	struct task_metadata metadata;
	if (task->cause != CAUSE_NONE || task->status != 200 ||
		!task_metadata_parse(journey->arena, task->kept, &metadata))
		return;
	vantage->task_arn = metadata.task_arn;
	vantage->availability_zone = metadata.availability_zone;
	vantage->clock_error_ms = metadata.clock_error_ms;
	vantage->clock_status = metadata.clock_status;
	if (metadata.launch_type.len)
		vantage->launch_type = metadata.launch_type;
	if (metadata.subnet_cidr.len)
		vantage->subnet_cidr = metadata.subnet_cidr;
	if (metadata.subnet_cidr6.len)
		vantage->subnet_cidr6 = metadata.subnet_cidr6;
	if (journey->options->label.len == 0 && metadata.availability_zone.len)
		vantage->label = text_format(journey->arena, "%.*s %.*s",
			TEXT(metadata.availability_zone), TEXT(metadata.subnet_cidr));
}

static void keep_secrets(struct journey *journey)
{
	const struct credentials *found = &journey->credentials;
	texts_add(journey->arena, &journey->secrets, found->secret_key);
	texts_add(journey->arena, &journey->secrets, found->session_token);
	texts_add(journey->arena, &journey->secrets, found->access_key);
}

/* What the endpoint's answer is worth; NONE when credentials were in it. */
static enum cause judge_answer(struct journey *journey, struct credentials_round *round)
{
	const struct exchange *ask = &round->ask;
	int64_t expires;
	if (ask->cause != CAUSE_NONE) {
		round->detail = ask->detail;
		return ask->cause;
	}
	if (ask->status != 200) {
		round->detail = text_format(journey->arena, "HTTP status %d", ask->status);
		return CAUSE_STATUS;
	}
	if (!credentials_parse(journey->arena, ask->kept, &round->found, &round->detail))
		return CAUSE_MALFORMED;
	if (clock_parse(round->found.expiration, &expires) && expires <= clock_unix()) {
		round->detail = T("the credentials are past their expiration");
		return CAUSE_EXPIRED;
	}
	return CAUSE_NONE;
}

void credentials_ask(struct journey *journey)
{
	struct credentials_round *round = arena_new(journey->arena, struct credentials_round, 1);
	struct exchange batch[2];
	size_t count = 0;
	if (is_private_ecr(journey))
		look_for_source(journey, round);
	else
		login_look(journey);
	look_for_task(journey, round);
	if (round->asks)
		batch[count++] = round->ask;
	if (round->asks_task)
		batch[count++] = round->task;
	exchange_all(journey, batch, count);
	if (round->asks_task)
		take_task(journey, &batch[count - 1]);
	if (round->asks) {
		round->ask = batch[0];
		round->cause = judge_answer(journey, round);
	}
	if (round->cause == CAUSE_NONE)
		journey->credentials = round->found;
	keep_secrets(journey);
	journey->credentials_round = round;
}

/* scheme, host and the first part of the path: what follows names the task */
static struct text shown_uri(struct journey *journey, const struct url *uri)
{
	struct text path = text_skip(uri->path, 1);
	struct text first = text_cut(&path, T("/"));
	return text_format(journey->arena, "%.*s://%.*s/%.*s", TEXT(uri->scheme), TEXT(uri->host),
		TEXT(first));
}

static void saw_refusal(struct journey *journey, struct step *step, const struct exchange *ask)
{
	struct aws_error error;
	saw_answer(journey, step, ask);
	if (ask->status != 200 && aws_error_parse(journey->arena, ask->kept, &error))
		saw_error(journey, step, &error);
	else if (ask->status != 200)
		saw_body(journey, step, ask);
}

void walk_credentials(struct journey *journey)
{
	struct credentials_round *round = journey->credentials_round;
	if (!is_private_ecr(journey)) {
		walk_login(journey);
		return;
	}
	struct step *step = record(journey, STAGE_CREDENTIALS, ROLE_CALLER, round->uri.host,
		round->cause, round->detail, round->ask.began_us, round->ask.took_us);
	saw(journey, step, FACT_SOURCE, round->source);
	saw_list(journey, step, FACT_PASSED_OVER, round->passed_over);
	if (round->uri.host.len)
		saw(journey, step, FACT_URI, shown_uri(journey, &round->uri));
	if (round->asks && round->cause != CAUSE_NONE)
		saw_refusal(journey, step, &round->ask);
	saw(journey, step, FACT_EXPIRES, round->found.expiration);
	if (round->cause != CAUSE_NONE)
		return;
	saw(journey, step, FACT_PRINCIPAL, round->found.role_arn);
	journey->evidence->vantage.credential_source = round->source;
	journey->evidence->vantage.principal = round->found.role_arn;
}
