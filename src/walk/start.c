/* What a task's start asks of other services: told for every task definition, and called only when
 * asked (--also-calls). The calls are those that the execution role is meant to make. Values of
 * secrets are not kept: of good answers only whether they came is looked at. */
#include "model/task_call.h"
#include "walk/stages.h"
#include <string.h>

enum { ANSWER_MAX = 64 * 1024 };

/* one need, on its way */
struct asking {
	const struct task_need *need;
	struct climb *climb; /* NULL: there is no endpoint for it */
	struct task_call call;
	struct text reason; /* why it is not called; empty: it is */
	struct exchange exchange;
};

static struct text wanted(struct journey *journey, const struct task_need *need)
{
	if (need->bucket.len == 0)
		return need->name;
	return text_format(journey->arena, "%.*s/%.*s", TEXT(need->bucket), TEXT(need->name));
}

static struct text hindrance(struct journey *journey, const struct asking *asking)
{
	if (!journey->options->also_calls)
		return T("it is called only with --also-calls");
	if (!asking->climb)
		return T("the Region that it is in is not known");
	if (asking->climb->stopped.len)
		return asking->climb->stopped;
	return journey->credentials.access_key.len ? T("")
						   : T("there are no credentials to ask with");
}

static struct exchange request(struct journey *journey, const struct asking *asking)
{
	const struct task_need *need = asking->need;
	struct header *headers = arena_new(journey->arena, struct header, 2);
	bool dotted = text_holds(need->bucket, T("."));
	struct text path = T("/");
	if (need->role == ROLE_ENVFILE)
		path = text_format(journey->arena, "/%.*s%s%.*s",
			TEXT(dotted ? need->bucket : T("")), dotted ? "/" : "", TEXT(need->name));
	struct exchange exchange = request_to(journey, asking->climb, path);
	headers[0] = (struct header){T("Content-Type"), T("application/x-amz-json-1.1")};
	headers[1] = (struct header){T("X-Amz-Target"), asking->call.target};
	exchange.post = asking->call.target.len > 0;
	exchange.send = headers;
	exchange.send_count = exchange.post ? 2 : 0;
	exchange.range = exchange.post ? T("") : T("0-0");
	exchange.body = asking->call.body;
	exchange.body_keep = exchange.body_max = ANSWER_MAX;
	/* of a parameter's answer we must know whether it names the parameter as missing */
	exchange.discard = need->role != ROLE_SSM;
	exchange.access_key = journey->credentials.access_key;
	exchange.secret_key = journey->credentials.secret_key;
	exchange.session_token = journey->credentials.session_token;
	exchange.region = asking->climb->endpoint.region;
	exchange.service = asking->call.service;
	return exchange;
}

static enum cause judge_good(struct asking *asking, struct text *detail)
{
	if (asking->need->role != ROLE_SSM)
		return CAUSE_NONE;
	struct text kept = asking->exchange.kept;
	bool missing = task_parameter_is_missing(kept);
	if (kept.len)
		explicit_bzero((char *)kept.at, kept.len);
	asking->exchange.kept = T("");
	*detail = missing ? T("InvalidParameters names it") : T("");
	return missing ? CAUSE_NOT_FOUND : CAUSE_NONE;
}

static bool is_not_found(const struct asking *asking, const struct aws_error *error)
{
	return text_equal(error->code, T("ResourceNotFoundException")) ||
		text_equal(error->code, T("NoSuchBucket")) ||
		(asking->need->role == ROLE_ENVFILE && asking->exchange.status == 404);
}

static enum cause judge(struct journey *journey, struct asking *asking, struct aws_error *error,
	struct text *detail)
{
	const struct exchange *exchange = &asking->exchange;
	*detail = exchange->detail;
	if (exchange->cause == CAUSE_TOO_LARGE && exchange->status / 100 == 2)
		return CAUSE_NONE; /* a value, and a long one */
	if (exchange->cause != CAUSE_NONE)
		return exchange->cause;
	if (exchange->status / 100 == 2)
		return judge_good(asking, detail);
	*detail = text_format(journey->arena, "HTTP status %d", exchange->status);
	if (!aws_error_parse(journey->arena, exchange->kept, error) &&
		!aws_xml_error_parse(journey->arena, exchange->kept, error))
		return exchange->status >= 500 ? CAUSE_UNAVAILABLE : CAUSE_NOT_THE_SERVICE;
	if (error->message.len)
		*detail = error->message;
	/* the stream is there already: another run of ours made it */
	if (text_equal(error->code, T("ResourceAlreadyExistsException")))
		return CAUSE_NONE;
	return is_not_found(asking, error) ? CAUSE_NOT_FOUND
					   : cause_of_error(exchange->status, error);
}

static void saw_call(struct journey *journey, struct step *step, const struct asking *asking)
{
	saw(journey, step, FACT_CALL, asking->call.action);
	saw(journey, step, FACT_WANTED, wanted(journey, asking->need));
}

/* A group that the start would make: whether it may is not tried, since it would stay. */
static bool would_be_made(const struct asking *asking, enum cause cause)
{
	return cause == CAUSE_NOT_FOUND && asking->need->creates;
}

static void record_call(struct journey *journey, struct asking *asking)
{
	struct aws_error error = {0};
	struct text detail;
	enum cause cause = judge(journey, asking, &error, &detail);
	struct text host = asking->climb->endpoint.host;
	if (would_be_made(asking, cause)) {
		saw_call(journey,
			record_skip(journey, STAGE_START, asking->need->role, host, CAUSE_NOT_ASKED,
				T("the start makes this log group (awslogs-create-group); whether "
				  "logs:CreateLogGroup is allowed was not tried")),
			asking);
		return;
	}
	struct step *step = record(journey, STAGE_START, asking->need->role, host, cause, detail,
		asking->exchange.began_us, asking->exchange.took_us);
	saw_answer(journey, step, &asking->exchange);
	saw_call(journey, step, asking);
	if (cause != CAUSE_NONE && error.code.len + error.message.len)
		saw_error(journey, step, &error);
	else if (cause == CAUSE_NOT_THE_SERVICE)
		saw_body(journey, step, &asking->exchange);
}

static void record_need(struct journey *journey, struct asking *asking)
{
	struct text host = asking->climb ? asking->climb->endpoint.host : T("");
	bool asked = journey->options->also_calls;
	if (asking->need->mistake.len)
		saw_call(journey,
			record(journey, STAGE_START, asking->need->role, host, CAUSE_MALFORMED,
				asking->need->mistake, 0, 0),
			asking);
	else if (asking->reason.len)
		saw_call(journey,
			record_skip(journey, STAGE_START, asking->need->role, host,
				asked ? CAUSE_DEPENDENCY : CAUSE_NOT_ASKED, asking->reason),
			asking);
	else
		record_call(journey, asking);
}

/* "2 secretsmanager HOST", in the order of the start */
static struct texts needs_in_order(struct journey *journey)
{
	struct texts needs = {0};
	for (int order = 1; order <= 7; order++)
		for (size_t i = 0; i < journey->climb_count; i++) {
			const struct endpoint *endpoint = &journey->climbs[i].endpoint;
			if (task_order(endpoint->role) == order)
				texts_add(journey->arena, &needs,
					text_format(journey->arena, "%d %.*s %.*s", order,
						TEXT(role_name(endpoint->role)),
						TEXT(endpoint->host)));
		}
	return needs;
}

/* of the caller, whose rungs stand together */
static struct text callers_host(const struct journey *journey)
{
	for (size_t i = 0; i < journey->evidence->count; i++)
		if (journey->evidence->steps[i].role == ROLE_CALLER)
			return journey->evidence->steps[i].host;
	return T("");
}

static void record_task(struct journey *journey)
{
	const struct task *task = journey->plan->task;
	struct step *step = record(
		journey, STAGE_START, ROLE_CALLER, callers_host(journey), CAUSE_NONE, T(""), 0, 0);
	struct texts others = task->other_images;
	if (!text_equal(task->image, journey->target->image))
		texts_add(journey->arena, &others, task->image);
	saw_list(journey, step, FACT_NEEDS, needs_in_order(journey));
	saw_list(journey, step, FACT_OTHER_IMAGES, others);
	saw_list(journey, step, FACT_UNCHECKED, task->unchecked);
	saw(journey, step, FACT_EXECUTION_ROLE, task->execution_role);
}

static struct asking *askings_of(struct journey *journey)
{
	const struct plan *plan = journey->plan;
	struct asking *askings = arena_new(journey->arena, struct asking, plan->task->need_count);
	struct text unique = text_format(
		journey->arena, "pullprobe-%lld", (long long)journey->evidence->started_at);
	for (size_t i = 0; i < plan->task->need_count; i++) {
		size_t at = plan->need_endpoints[i];
		askings[i].need = &plan->task->needs[i];
		askings[i].climb = at < journey->climb_count ? &journey->climbs[at] : NULL;
		askings[i].call = task_call_of(journey->arena, askings[i].need, unique);
		askings[i].reason = hindrance(journey, &askings[i]);
	}
	return askings;
}

static bool is_called(const struct asking *asking)
{
	return asking->reason.len == 0 && asking->need->mistake.len == 0;
}

void walk_start(struct journey *journey)
{
	if (!journey->plan->task)
		return;
	size_t needs = journey->plan->task->need_count;
	struct asking *askings = askings_of(journey);
	struct exchange *batch = arena_new(journey->arena, struct exchange, needs);
	size_t count = 0;
	record_task(journey);
	for (size_t i = 0; i < needs; i++)
		if (is_called(&askings[i]))
			batch[count++] = request(journey, &askings[i]);
	exchange_all(journey, batch, count);
	count = 0;
	for (size_t i = 0; i < needs; i++) {
		if (is_called(&askings[i]))
			askings[i].exchange = batch[count++];
		record_need(journey, &askings[i]);
	}
}

void start_order(struct journey *journey)
{
	struct evidence *evidence = journey->evidence;
	for (size_t i = 0; i < evidence->count && journey->plan->task; i++) {
		struct step *step = &evidence->steps[i];
		if (step->experiment == EXPERIMENT_NONE)
			step_counted(journey->arena, step, FACT_ORDER, task_order(step->role));
	}
}
