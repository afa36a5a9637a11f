/* A Lambda function in each subnet, made of the running executable: each is made, waited for,
 * invoked and deleted at its own pace, all of them side by side.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
#include "base/encoding.h"
#include "cloud/launch_parts.h"
#include "cloud/parts.h"
#include "model/json.h"

enum {
	CREATING_MAX = 8, /* a request carries the whole program */
	MEMORY_MB = 256,
	TIMEOUT_MAX_S = 900,
	REPEATS_MAX = 3,
};

#define ROLE_US (SECOND_US * 120) /* a new role is known everywhere by then */
#define PACE_US (SECOND_US / 12)  /* "Lambda quotas": 15 calls a second of the control plane */
#define PATIENCE_US (SECOND_US * 60)
#define POLL_US (SECOND_US * 1)
#define MARGIN_US (SECOND_US * 20) /* of a function's time, besides the walk's */

enum state {
	STATE_NEW,
	STATE_MAKING,
	STATE_PENDING,
	STATE_WALKING,
	STATE_REMOVING,
	STATE_LOG,
	STATE_DONE
};

struct seat {
	struct launch *launch;
	struct probe *probe;
	enum state state;
	struct text function;
	struct call call;
	size_t made;	  /* its index in launch->made, and one more; 0: not made */
	size_t repeats;	  /* of the call of this state */
	size_t walked;	  /* images */
	bool unsure;	  /* whether it was made: no answer came */
	int64_t since_us; /* the state began */
};

/* the calls -------------------------------------------------------------------------------------
 */

static void arm(struct seat *seat, const struct call_row *row, int64_t delay_us)
{
	struct arena *arena = seat->launch->cloud->arena;
	seat->call = (struct call){
		.row = row, .patience_us = PATIENCE_US, .ready_us = clock_us() + delay_us};
	seat->call.values[0] = one_text(arena, seat->function);
}

/* calls that count for the quota follow one another at a distance */
static void arm_paced(struct seat *seat, const struct call_row *row)
{
	struct launch *launch = seat->launch;
	int64_t now = clock_us();
	launch->paced_us = launch->paced_us + PACE_US > now ? launch->paced_us + PACE_US : now;
	arm(seat, row, launch->paced_us - now);
}

static void enter(struct seat *seat, enum state state)
{
	seat->state = state;
	seat->since_us = clock_us();
	seat->repeats = 0;
}

static struct text function_body(const struct seat *seat)
{
	const struct launch *launch = seat->launch;
	struct arena *arena = launch->cloud->arena;
	int64_t seconds = (launch->answer_us + MARGIN_US) / SECOND_US;
	json_t *body = json_pack("{s:o,s:o,s:s,s:s,s:[s],s:i,s:I,s:{s:[o],s:o},s:{s:o},s:{s:s}}",
		"FunctionName", field_text(arena, seat->function), "Role",
		field_text(arena, launch->role), "Runtime", "provided.al2023", "Handler",
		"bootstrap", "Architectures", LAUNCH_ARCHITECTURE, "MemorySize", MEMORY_MB,
		"Timeout", (json_int_t)(seconds < TIMEOUT_MAX_S ? seconds : TIMEOUT_MAX_S),
		"VpcConfig", "SubnetIds", field_text(arena, seat->probe->subnet),
		"SecurityGroupIds", field_texts(arena, launch->security_groups), "Tags", CLOUD_TAG,
		field_text(arena, launch->run), "Code", "ZipFile", "");
	if (seat->probe->ipv6)
		field_put(
			json_object_get(body, "VpcConfig"), "Ipv6AllowedForDualStack", json_true());
	return json_body(arena, body);
}

static void make(struct seat *seat)
{
	arm_paced(seat, &lambda_calls[LAMBDA_CREATE]);
	seat->call.values[0] = (struct texts){0};
	seat->call.body = function_body(seat);
	seat->call.code = seat->launch->code;
	enter(seat, STATE_MAKING);
}

static void invoke(struct seat *seat)
{
	struct launch *launch = seat->launch;
	arm(seat, &lambda_calls[LAMBDA_INVOKE], 0);
	seat->call.body = seat->probe->events.at[seat->walked];
	seat->call.patience_us = launch->answer_us + MARGIN_US + PATIENCE_US;
	enter(seat, STATE_WALKING);
	launch->tell(launch->context, seat->probe, T("walking"));
}

static void poll(struct seat *seat)
{
	struct arena *arena = seat->launch->cloud->arena;
	/* GetFunction may be called 100 times a second, by all seats together */
	int64_t share_us = (int64_t)seat->launch->count * (SECOND_US / 50);
	arm(seat, &lambda_calls[LAMBDA_GET], POLL_US + share_us);
	seat->call.into = arena_new(arena, struct lambda_function, 1);
}

static void remove_function(struct seat *seat)
{
	if (!seat->made) {
		enter(seat, STATE_DONE);
		return;
	}
	arm_paced(seat, &lambda_calls[LAMBDA_DELETE]);
	enter(seat, STATE_REMOVING);
}

/* There is no report; what was made goes. */
static void give_up(struct seat *seat, struct text error)
{
	struct launch *launch = seat->launch;
	seat->probe->error = error;
	launch->tell(launch->context, seat->probe, error);
	remove_function(seat);
}

/* their answers ---------------------------------------------------------------------------------
 */

/* A role is not known everywhere at once, nor what it may do:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html (eventual consistency) */
static bool is_role_new(const struct seat *seat)
{
	struct text message = seat->call.error.message;
	return seat->launch->lambda_role.len == 0 &&
		text_equal(seat->call.error.code, T("InvalidParameterValueException")) &&
		(text_holds(message, T("cannot be assumed by Lambda")) ||
			text_holds(message, T("does not have permissions to call"))) &&
		clock_us() - seat->since_us < ROLE_US && !seat->launch->closing;
}

/* It was made, or may have been: an answer that did not come does not say. */
static void note_made(struct seat *seat)
{
	if (!seat->made) {
		launch_made(seat->launch, T("function"), seat->function);
		seat->made = seat->launch->made.count;
	}
}

static void take_made(struct seat *seat)
{
	struct launch *launch = seat->launch;
	struct call *call = &seat->call;
	if (is_role_new(seat)) {
		call->settled = false;
		call->symptom = SYMPTOM_NONE;
		call->error = (struct aws_error){0};
		call->ready_us = clock_us() + 2 * SECOND_US;
		return;
	}
	/* a conflict: an attempt before this one was not answered, but heard */
	if (call->symptom == SYMPTOM_NONE ||
		text_equal(call->error.code, T("ResourceConflictException"))) {
		note_made(seat);
		if (launch->closing) {
			give_up(seat, launch_ended(launch, T("before the function was ready")));
			return;
		}
		if (launch->cloud->dry_run) {
			invoke(seat);
			return;
		}
		launch->tell(launch->context, seat->probe, T("function made, pending"));
		enter(seat, STATE_PENDING);
		poll(seat);
		return;
	}
	if (call->error.code.len == 0 || call->symptom == SYMPTOM_DEADLINE ||
		call->exchange.status == 0 || call->exchange.status >= 500) {
		note_made(seat);
		seat->unsure = true;
	}
	give_up(seat,
		launch->closing ? launch_ended(launch, T("before the function was made"))
				: launch_blame(launch, call));
}

static void take_state(struct seat *seat)
{
	struct launch *launch = seat->launch;
	struct call *call = &seat->call;
	const struct lambda_function *found = call->into;
	bool late = clock_us() >= launch->until_us;
	if (launch->closing)
		give_up(seat, launch_ended(launch, T("before the function was ready")));
	/* whose state may not be read is invoked until it is ready */
	else if (call->symptom == SYMPTOM_DENIED ||
		(call->symptom == SYMPTOM_NONE && text_equal(found->state, T("Active"))))
		invoke(seat);
	else if (call->symptom != SYMPTOM_NONE)
		give_up(seat, launch_blame(launch, call));
	else if (text_equal(found->state, T("Failed")))
		give_up(seat,
			text_format(launch->cloud->arena,
				"Lambda could not make the function: %.*s: %.*s", TEXT(found->code),
				TEXT(found->reason)));
	else if (late)
		give_up(seat, launch_ended(launch, T("while the function was pending")));
	else
		poll(seat);
}

/* what a function that failed says of it */
static struct text failure_of(struct arena *arena, struct text answer)
{
	struct text complaint;
	json_t *root = json_read(answer, answer.len, &complaint);
	struct text type = json_text(arena, root, "errorType");
	struct text message = json_text(arena, root, "errorMessage");
	json_decref(root);
	return text_format(arena, "the probe failed: %.*s: %.*s", TEXT(type), TEXT(message));
}

static void take_walk(struct seat *seat)
{
	struct launch *launch = seat->launch;
	struct call *call = &seat->call;
	struct probe *probe = seat->probe;
	if (call->symptom != SYMPTOM_NONE) {
		give_up(seat,
			launch->closing ? launch_ended(launch, T("during the walk"))
					: launch_blame(launch, call));
	} else if (header_value(&call->exchange, T("X-Amz-Function-Error")).len) {
		give_up(seat, failure_of(launch->cloud->arena, call->answer));
	} else {
		probe->answers[seat->walked++].report = call->answer;
		if (seat->walked < probe->events.count && !launch->closing) {
			invoke(seat);
			return;
		}
		launch->tell(launch->context, probe, T(""));
		remove_function(seat);
	}
}

static void take_removed(struct seat *seat)
{
	struct launch *launch = seat->launch;
	struct call *call = &seat->call;
	/* it may come to be after all; and a signal ends all waits, but the first not this one */
	bool late = call->absent && seat->unsure && seat->repeats == 0;
	if (late || (call->symptom == SYMPTOM_DEADLINE && seat->repeats < REPEATS_MAX)) {
		arm(seat, &lambda_calls[LAMBDA_DELETE], late ? 2 * POLL_US : 0);
		seat->repeats++;
		return;
	}
	launch_removed(launch, seat->made - 1, call->symptom == SYMPTOM_NONE, call);
	/* the role that is made for the run may not write logs: then there is no log group */
	if (call->symptom != SYMPTOM_NONE || launch->lambda_role.len == 0) {
		enter(seat, STATE_DONE);
		return;
	}
	arm(seat, &logs_calls[LOGS_DELETE_GROUP], 0);
	seat->call.values[0] = one_text(launch->cloud->arena,
		text_format(launch->cloud->arena, "/aws/lambda/%.*s", TEXT(seat->function)));
	enter(seat, STATE_LOG);
}

static void take_log(struct seat *seat)
{
	struct launch *launch = seat->launch;
	const struct call *call = &seat->call;
	enter(seat, STATE_DONE);
	if (call->absent)
		return;
	launch_made(launch, T("log-group"), call->values[0].at[0]);
	launch_removed(launch, launch->made.count - 1, call->symptom == SYMPTOM_NONE, call);
}

/* all of them -----------------------------------------------------------------------------------
 */

/* Whether the next one may begin: few carry the program at a time, and while a new role is not yet
 * known, one finds out when it is. */
static bool has_room(const struct launch *launch, const struct seat *seats)
{
	size_t making = 0;
	size_t begun = 0;
	for (size_t i = 0; i < launch->count; i++) {
		making += seats[i].state == STATE_MAKING;
		begun += seats[i].state > STATE_MAKING;
	}
	return making <
		(begun || launch->lambda_role.len || launch->cloud->dry_run ? CREATING_MAX : 1);
}

static void advance(struct seat *seat)
{
	static void (*const takes[])(struct seat *) = {
		[STATE_MAKING] = take_made,
		[STATE_PENDING] = take_state,
		[STATE_WALKING] = take_walk,
		[STATE_REMOVING] = take_removed,
		[STATE_LOG] = take_log,
	};
	struct launch *launch = seat->launch;
	if (seat->state == STATE_NEW && launch->closing)
		give_up(seat, launch_ended(launch, T("before the function was made")));
	else if (seat->state == STATE_PENDING && launch->closing && !seat->call.begun)
		take_state(seat);
	else if (seat->state != STATE_NEW && seat->state != STATE_DONE && seat->call.settled)
		takes[seat->state](seat);
}

/* one step; false when there is nothing more to do */
static bool step(struct launch *launch, struct seat *seats, struct call **calls)
{
	size_t count = 0;
	bool left = false;
	if (!launch->closing && (interrupted || clock_us() >= launch->cloud->end_us)) {
		launch_close(launch);
		for (size_t i = 0; i < launch->count; i++) /* nobody waits for the walks */
			if (seats[i].state == STATE_WALKING)
				launch->cloud->net->drop(launch->cloud->net, &seats[i].call);
	}
	for (size_t i = 0; i < launch->count; i++) {
		if (seats[i].state == STATE_NEW && !launch->closing && has_room(launch, seats))
			make(&seats[i]);
		else
			advance(&seats[i]);
		left |= seats[i].state != STATE_DONE;
		if (seats[i].state != STATE_NEW && seats[i].state != STATE_DONE &&
			!seats[i].call.settled)
			calls[count++] = &seats[i].call;
	}
	if (count)
		calls_step(launch->cloud, calls, count);
	return left;
}

/* A denial of the first is one of all: the others would be told the same. */
void launch_by_lambda(struct launch *launch)
{
	struct arena *arena = launch->cloud->arena;
	struct arena scratch = {0};
	struct seat *seats = arena_new(arena, struct seat, launch->count);
	struct call **calls = arena_new(arena, struct call *, launch->count);
	launch_open(launch);
	struct text zip = zip_program(&scratch, T("bootstrap"), launch->executable);
	launch->code = base64_encode(arena, zip);
	arena_end(&scratch);
	for (size_t i = 0; i < launch->count; i++)
		seats[i] = (struct seat){.launch = launch,
			.state = launch->probes[i].skip ? STATE_DONE : STATE_NEW,
			.probe = &launch->probes[i],
			.function = text_format(arena, "pullprobe-%.*s-%.*s", TEXT(launch->run),
				TEXT(launch->probes[i].subnet))};
	if (!launch_make_role(launch)) {
		for (size_t i = 0; i < launch->count; i++)
			if (seats[i].state == STATE_NEW)
				give_up(&seats[i], launch->end);
	} else {
		while (step(launch, seats, calls))
			;
	}
	launch_remove_role(launch);
}
