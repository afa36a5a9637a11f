/* What a task's start asks of other services: told for every task definition, and called only when
 * asked (--also-calls). The calls are those that the execution role is meant to make. Values of
 * secrets are not kept: of good answers only whether they came is looked at. */
#include "model/task.h"
#include "walk/experiments.h"
#include <string.h>

enum { ANSWER_MAX = 64 * 1024 };

/* one need, on its way */
struct asking {
	const struct task_need *need;
	struct endpoint_state *state; /* NULL: there is no endpoint for it */
	struct task_call call;
	struct text reason; /* why it is not called; empty: it is */
	struct exchange exchange;
};

static struct text call_hindrance(struct probe *probe, const struct asking *asking)
{
	if (!probe->options->also_calls)
		return T("it is called only with --also-calls");
	if (!asking->state)
		return T("the Region that it is in is not known");
	if (asking->state->stopped.len)
		return asking->state->stopped;
	return probe->credentials.access_key.len ? T("")
						 : T("there are no credentials to ask with");
}

static struct exchange call_request(struct probe *probe, const struct asking *asking)
{
	const struct task_need *need = asking->need;
	bool dotted = text_holds(need->bucket, T("."));
	struct text path = T("/");
	if (need->endpoint == ENDPOINT_ENVFILE)
		path = text_format(probe->arena, "/%.*s%s%.*s", TEXT(dotted ? need->bucket : T("")),
			dotted ? "/" : "", TEXT(need->name));
	struct exchange exchange = request_to(probe, asking->state, path);
	if (asking->call.target.len)
		aws_json_call(probe, &exchange, asking->call.target, asking->call.body);
	else
		exchange.range = T("0-0");
	exchange.body_keep = exchange.body_max = ANSWER_MAX;
	/* of a parameter's answer we must know whether it names the parameter as missing */
	exchange.discard = need->endpoint != ENDPOINT_SSM;
	aws_sign(probe, &exchange, asking->state->endpoint.region, asking->call.service);
	return exchange;
}

/* of a parameter's good answer, which has its value: it names the parameter as missing */
static bool is_missing(struct asking *asking)
{
	struct text *kept = &asking->exchange.kept;
	bool missing = asking->need->endpoint == ENDPOINT_SSM && task_parameter_is_missing(*kept);
	if (kept->len && asking->need->endpoint == ENDPOINT_SSM)
		explicit_bzero((char *)kept->at, kept->len);
	*kept = T("");
	return missing;
}

static struct verdict judge_call(struct probe *probe, struct asking *asking)
{
	struct verdict verdict = aws_judge(probe, &asking->exchange);
	struct text code = verdict.error.code;
	bool good = asking->exchange.status / 100 == 2, passed = verdict.symptom == SYMPTOM_NONE;
	/* a long value is a value, and a stream that another run of ours made is there */
	if ((good && verdict.symptom == SYMPTOM_TOO_LARGE) ||
		text_equal(code, T("ResourceAlreadyExistsException"))) {
		verdict.symptom = SYMPTOM_NONE;
	} else if (good && passed && is_missing(asking)) {
		verdict.symptom = SYMPTOM_NOT_FOUND;
		verdict.detail = T("InvalidParameters names it");
	} else if (text_equal(code, T("ResourceNotFoundException")) ||
		text_equal(code, T("NoSuchBucket")) ||
		(code.len + verdict.error.message.len &&
			asking->need->endpoint == ENDPOINT_ENVFILE &&
			asking->exchange.status == 404)) {
		verdict.symptom = SYMPTOM_NOT_FOUND;
	}
	return verdict;
}

static void record_need(struct probe *probe, struct asking *asking)
{
	const struct task_need *need = asking->need;
	struct text host = asking->state ? asking->state->endpoint.host : T("");
	enum symptom unasked = probe->options->also_calls ? SYMPTOM_DEPENDENCY : SYMPTOM_NOT_ASKED;
	struct verdict verdict = {0};
	struct step *step;
	if (!need->mistake.len && !asking->reason.len)
		verdict = judge_call(probe, asking);
	/* a group that is not there is made: whether it may be is not tried, since it would stay */
	if (verdict.symptom == SYMPTOM_NOT_FOUND && need->creates) {
		unasked = SYMPTOM_NOT_ASKED;
		asking->reason = T("the start makes this log group (awslogs-create-group); whether "
				   "logs:CreateLogGroup is allowed was not tried");
	}
	if (need->mistake.len)
		step = record(probe, STAGE_START, need->endpoint, host, SYMPTOM_MALFORMED,
			need->mistake, 0, 0);
	else if (asking->reason.len)
		step = record_skip(
			probe, STAGE_START, need->endpoint, host, unasked, asking->reason);
	else
		step = record_verdict(
			probe, STAGE_START, need->endpoint, host, &asking->exchange, &verdict);
	saw(probe, step, FACT_CALL, asking->call.action);
	saw(probe, step, FACT_WANTED,
		text_format(probe->arena, "%.*s%s%.*s", TEXT(need->bucket),
			need->bucket.len ? "/" : "", TEXT(need->name)));
}

/* "2 secretsmanager HOST", in the order of the start */
static struct texts needs_in_order(struct probe *probe)
{
	struct texts needs = {0};
	for (int order = 1; order <= 7; order++)
		for (size_t i = 0; i < probe->state_count; i++) {
			const struct endpoint *endpoint = &probe->states[i].endpoint;
			if (endpoint_order(endpoint->kind) == order)
				texts_add(probe->arena, &needs,
					text_format(probe->arena, "%d %.*s %.*s", order,
						TEXT(endpoint_kind_name(endpoint->kind)),
						TEXT(endpoint->host)));
		}
	return needs;
}

static void record_task(struct probe *probe)
{
	const struct task *task = probe->plan->task;
	struct texts others = task->other_images;
	struct text host = {0};
	/* of the caller, whose stages stand together */
	for (size_t i = 0; i < probe->evidence->count && !host.len; i++)
		if (probe->evidence->steps[i].endpoint == ENDPOINT_CALLER)
			host = probe->evidence->steps[i].host;
	struct step *step = record(
		probe, STAGE_START, ENDPOINT_CALLER, host, SYMPTOM_NONE, T(""), 0, 0);
	if (!text_equal(task->image, probe->target->image))
		texts_add(probe->arena, &others, task->image);
	saw_list(probe, step, FACT_NEEDS, needs_in_order(probe));
	saw_list(probe, step, FACT_OTHER_IMAGES, others);
	saw_list(probe, step, FACT_UNCHECKED, task->unchecked);
	saw(probe, step, FACT_EXECUTION_ROLE, task->execution_role);
}

static struct asking *askings_of(struct probe *probe)
{
	const struct plan *plan = probe->plan;
	struct asking *askings = arena_new(probe->arena, struct asking, plan->task->need_count);
	struct text unique = text_format(
		probe->arena, "pullprobe-%lld", (long long)probe->evidence->started_at);
	for (size_t i = 0; i < plan->task->need_count; i++) {
		size_t at = plan->need_endpoints[i];
		askings[i].need = &plan->task->needs[i];
		askings[i].state = at < probe->state_count ? &probe->states[at] : NULL;
		/* it may be on its way still: what was said of the pull had not to wait for it */
		await_state(probe, askings[i].state);
		askings[i].call = task_call_of(probe->arena, askings[i].need, unique);
		askings[i].reason = call_hindrance(probe, &askings[i]);
	}
	return askings;
}

void walk_task_launch(struct probe *probe)
{
	if (!probe->plan->task)
		return;
	size_t needs = probe->plan->task->need_count;
	struct asking *askings = askings_of(probe);
	record_task(probe);
	for (size_t i = 0; i < needs; i++)
		if (askings[i].reason.len == 0 && askings[i].need->mistake.len == 0) {
			askings[i].exchange = call_request(probe, &askings[i]);
			request_begin(probe, &askings[i].exchange);
		}
	for (size_t i = 0; i < needs; i++) {
		request_await(probe, &askings[i].exchange, NULL);
		record_need(probe, &askings[i]);
	}
}
