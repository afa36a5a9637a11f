/* Batches of calls: each page of each is one exchange. What throttles and what fails for a moment
 * is tried again later, by full jitter.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
#include "cloud/call.h"
#include "cloud/parts.h"
#include "cloud/services.h"
#include "model/json.h"
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

enum {
	ATTEMPTS_THROTTLED = 8,	   /* 64 seconds of waits on the average; a run ends before */
	ATTEMPTS_OF_LAUNCH = 1000, /* until the deadline: what was made has to be removed */
	ATTEMPTS_FAILED = 3,	   /* the SDKs' */
	WAIT_MAX_S = 20,
	PAGES_MAX = 200,
};

/* batches ---------------------------------------------------------------------------------------
 */

struct texts one_text(struct arena *arena, struct text t)
{
	struct texts texts = {0};
	if (t.len)
		texts_add(arena, &texts, t);
	return texts;
}

struct call *calls_add(struct cloud *cloud, struct calls *calls, const struct call_row *row)
{
	struct vpc_list list = {calls->at, calls->count};
	struct call *call = vpc_add(cloud->arena, &list, sizeof *call);
	*call = (struct call){.row = row};
	*calls = (struct calls){list.at, list.count};
	return call;
}

struct call call_of(struct cloud *cloud, const struct call_row *row, void *into, struct text first,
	struct text second, struct text third)
{
	struct call call = {.row = row, .into = into};
	call.values[0] = one_text(cloud->arena, first);
	call.values[1] = one_text(cloud->arena, second);
	call.values[2] = one_text(cloud->arena, third);
	return call;
}

struct text call_name(struct arena *arena, const struct call_row *row)
{
	return text_format(arena, "%s:%s", service_row(row->service)->name, row->name);
}

struct text call_text(struct arena *arena, const struct call *call)
{
	struct text name = call_name(arena, call->row);
	struct buffer out = {.arena = arena};
	buffer_add(&out, name);
	for (size_t i = 0; i < CALL_PARAMETERS && call->row->parameters[i].name; i++)
		if (call->values[i].count)
			buffer_addf(&out, " %s=%.*s", call->row->parameters[i].name,
				TEXT(texts_joined(arena, call->values[i])));
	if (call->body.len)
		buffer_addf(&out, " %.*s", TEXT(call->body));
	return buffer_text(&out);
}

struct text call_action(struct arena *arena, const struct call_row *row)
{
	return row->action ? text_of(row->action) : call_name(arena, row);
}

const struct call_row *call_row_at(size_t index)
{
	static const struct {
		const struct call_row *rows;
		size_t count;
	} files[] = {
		{ecs_calls, ECS_CALLS},
		{ec2_calls, EC2_CALLS},
		{resolver_calls, RESOLVER_CALLS},
		{&route53_hosted_zones, 1},
		{iam_calls, IAM_CALLS},
		{ecr_calls, ECR_CALLS},
		{ecr_push_calls, ECR_PUSH_CALLS},
		{sts_calls, STS_CALLS},
		{&sso_role_credentials, 1},
		{lambda_calls, LAMBDA_CALLS},
		{logs_calls, LOGS_CALLS},
		{&tagging_resources, 1},
	};
	for (size_t i = 0; i < COUNT(files); i++) {
		if (index < files[i].count)
			return &files[i].rows[index];
		index -= files[i].count;
	}
	return NULL;
}

/* answers ---------------------------------------------------------------------------------------
 */

static bool is_xml(const struct call *call)
{
	enum wire wire = service_row(call->row->service)->wire;
	return wire == WIRE_QUERY || wire == WIRE_REST_XML;
}

static json_t *tree_of(const struct call *call, struct text body, struct text *complaint)
{
	return is_xml(call) ? xml_read(body, CALL_ANSWER_MAX, complaint)
			    : json_read(body, CALL_ANSWER_MAX, complaint);
}

static void fail(struct call *call, enum symptom symptom, const char *code, struct text message)
{
	call->settled = true;
	call->symptom = symptom;
	if (call->error.code.len == 0)
		call->error = (struct aws_error){text_of(code), message};
}

/* A page that is read; another follows where it says so. */
static void take_page(struct cloud *cloud, struct call *call, struct text body)
{
	const struct call_row *row = call->row;
	struct text complaint;
	call->answer = body;
	if (!row->reads && row->traits & CALL_CHANGES) {
		call->settled = true; /* and the answer may be empty */
		return;
	}
	json_t *tree = tree_of(call, body, &complaint);
	if (!tree) {
		fail(call, SYMPTOM_MALFORMED, "Unreadable", complaint);
		return;
	}
	if (row->reads && row->list)
		read_list(cloud->arena, tree, row->list, row->reads, call->into);
	else if (row->reads)
		read_struct(cloud->arena, tree, row->reads, call->into);
	struct text token = row->next ? read_first(cloud->arena, tree, row->next) : T("");
	json_decref(tree);
	if (row->traits & CALL_REPEATS && text_equal(token, call->token))
		token = T("");
	call->settled = token.len == 0;
	call->attempts = 0;
	if (token.len && (text_equal(token, call->token) || ++call->pages == PAGES_MAX))
		fail(call, SYMPTOM_TOO_LARGE, "TooManyPages", T("the list does not end"));
	call->token = token;
}

/* full jitter: rand(0,1) * min(2^(n-1), 20) seconds after the n-th attempt */
static int64_t wait_of(size_t attempts)
{
	uint32_t random = 0;
	int64_t most = attempts > 5 ? WAIT_MAX_S : INT64_C(1) << (attempts - 1);
	if (getrandom(&random, sizeof random, 0) != sizeof random)
		random = (uint32_t)clock_us();
	return most * (SECOND_US / 1000) * (random % 1001);
}

static void try_later(struct cloud *cloud, struct call *call, enum symptom symptom,
	size_t attempts_max, struct text detail)
{
	call->attempts++;
	call->ready_us = clock_us() + wait_of(call->attempts);
	if (call->attempts >= attempts_max || call->ready_us >= cloud->end_us)
		fail(call, symptom, symptom == SYMPTOM_THROTTLED ? "Throttled" : "NoAnswer",
			detail);
}

/* "InvalidVpcID.NotFound", "RepositoryNotFoundException": an answer like any other */
static bool is_absence(struct text code)
{
	return text_ends(code, T(".NotFound")) || text_ends(code, T("NotFoundException")) ||
		text_equal(code, T("NoSuchEntity"));
}

static void take_error(struct cloud *cloud, struct call *call, const struct exchange *exchange)
{
	struct aws_error error = {0};
	bool read = error_parse(
		cloud->arena, exchange->kept, is_xml(call) ? ERROR_XML : ERROR_AWS, &error);
	enum symptom symptom;
	struct text code = header_value(exchange, T("x-amzn-ErrorType")); /* Lambda's */
	if (!read)
		error.code = code.len ? text_cut(&code, T(":"))
				      : text_format(cloud->arena, "HTTP%d", exchange->status);
	symptom = symptom_of_error(exchange->status, &error);
	bool early = call->row->traits & CALL_WAITS &&
		text_equal(error.code, T("ResourceConflictException"));
	if (early || symptom == SYMPTOM_THROTTLED || exchange->status >= 500) {
		try_later(cloud, call, symptom,
			!early && symptom != SYMPTOM_THROTTLED	     ? ATTEMPTS_FAILED
				: call->row->traits & ~CALL_UNSIGNED ? ATTEMPTS_OF_LAUNCH
								     : ATTEMPTS_THROTTLED,
			error.message);
		if (call->settled)
			call->error = error;
		return;
	}
	call->settled = true;
	call->error = error;
	call->absent = is_absence(error.code);
	call->symptom = call->absent ? SYMPTOM_NONE : symptom;
}

/* why no call goes on */
static struct text ended(void)
{
	return interrupted ? T("it was interrupted") : T("the deadline passed");
}

static void take(struct cloud *cloud, struct call *call)
{
	const struct exchange *exchange = &call->exchange;
	if (call->code.len)
		free((char *)exchange->body.at);
	if (exchange->symptom == SYMPTOM_TOO_LARGE || exchange->symptom == SYMPTOM_DEADLINE)
		fail(call, exchange->symptom, "NoAnswer",
			exchange->detail.len ? exchange->detail : ended());
	else if (exchange->symptom != SYMPTOM_NONE)
		try_later(cloud, call, exchange->symptom, ATTEMPTS_FAILED, exchange->detail);
	else if (exchange->status / 100 == 2)
		take_page(cloud, call, exchange->kept);
	else
		take_error(cloud, call, exchange);
}

/* the run ---------------------------------------------------------------------------------------
 */

struct vpc_call call_noted(struct arena *arena, const struct call *call)
{
	struct vpc_call noted = {
		.call = call_name(arena, call->row), .action = call_action(arena, call->row)};
	if (call->symptom != SYMPTOM_NONE) {
		noted.error = call->error.code;
		noted.message = call->error.message;
	}
	return noted;
}

static void note(struct cloud *cloud, const struct call *call)
{
	struct vpc_call noted = call_noted(cloud->arena, call);
	if (!call->configuration || call->row->part < 0)
		return;
	for (size_t i = 0; i < (call->about.count ? call->about.count : 1); i++) {
		noted.about = call->about.count ? call->about.at[i] : T("");
		vpc_called(
			cloud->arena, call->configuration, (enum vpc_part)call->row->part, noted);
	}
}

static void sleep_until(int64_t until_us)
{
	while (!interrupted && clock_us() < until_us)
		nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
}

/* Begins a call, or fails it where there is no point; else `next` is when it may be tried. */
static void begin(struct cloud *cloud, struct call *call, int64_t *next)
{
	struct text error = place_of(cloud, call)->error;
	int64_t now = clock_us();
	if (error.len || interrupted || now >= cloud->end_us) {
		fail(call, SYMPTOM_DEADLINE, "NoAnswer", error.len ? error : ended());
	} else if (cloud->dry_run && call->row->traits & CALL_CHANGES) {
		texts_add(cloud->arena, &cloud->instead, call_text(cloud->arena, call));
		call->settled = true;
	} else if (call->ready_us > now) {
		*next = call->ready_us < *next ? call->ready_us : *next;
	} else {
		call->exchange = request_of(cloud, call);
		call->begun = true;
		cloud->net->owner = call;
		cloud->net->send(cloud->net, &call->exchange, 1,
			call->patience_us ? call->patience_us : cloud->timeout_us, cloud->end_us);
	}
}

bool calls_step(struct cloud *cloud, struct call **calls, size_t count)
{
	int64_t next = INT64_MAX;
	bool under_way = false;
	bool moved = false;
	for (size_t i = 0; i < count; i++) {
		struct call *call = calls[i];
		if (call->settled)
			continue;
		if (call->begun && !call->exchange.pending) {
			call->begun = false;
			take(cloud, call);
		}
		if (!call->settled && !call->begun)
			begin(cloud, call, &next);
		under_way |= call->begun;
		moved |= call->settled;
	}
	if (!moved && under_way)
		cloud->net->wait(cloud->net, next < cloud->end_us ? next : cloud->end_us);
	else if (!moved && next != INT64_MAX)
		sleep_until(next);
	return under_way || next != INT64_MAX;
}

void calls_run(struct cloud *cloud, struct calls *calls)
{
	struct call **each = arena_new(cloud->arena, struct call *, calls->count);
	for (size_t i = 0; i < calls->count; i++)
		each[i] = &calls->at[i];
	places_find(cloud, calls);
	while (calls_step(cloud, each, calls->count))
		;
	for (size_t i = 0; i < calls->count; i++)
		note(cloud, &calls->at[i]);
}

bool call_run(struct cloud *cloud, struct call *call)
{
	struct calls calls = {call, 1};
	calls_run(cloud, &calls);
	return call->symptom == SYMPTOM_NONE && !call->absent;
}
