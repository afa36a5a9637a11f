/* A Fargate task in each subnet, of the containers of taskdefs/fargate-verdict.json: the first
 * checks, the others end with the bytes of its verdict, so that the answer needs no log. Where
 * there is one, the first container writes the report into it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
#include "cloud/launch_parts.h"
#include "cloud/parts.h"
#include "model/json.h"
#include <time.h>

#define POLL_US (SECOND_US * 2)
#define LOG_US (SECOND_US * 15) /* until what a task that stopped has written is in its log */
#define REPORT_FOLDER "/report"
#define REPORT_FILE REPORT_FOLDER "/report.json"

/* a task of one subnet and image */
struct task_probe {
	struct probe *probe;
	size_t image;
	struct text arn;
	size_t made;	    /* its index in launch->made, and one more; 0: not made */
	int64_t stopped_us; /* since then its report is waited for in the log; 0: it is not */
	bool ended;
};

struct tasks {
	struct launch *launch;
	struct task_probe *at;
	size_t count;
};

/* the task definition ---------------------------------------------------------------------------
 */

static struct text container_name(struct arena *arena, int index)
{
	return text_format(arena, index ? "%d-byte" : "%d-check", index);
}

/* a container's environment, of one variable */
static json_t *environment_of(struct arena *arena, const char *name, struct text value)
{
	return json_pack("[{s:s,s:o}]", "name", name, "value", field_text(arena, value));
}

/* The name of all that a round makes: one with a log, and one without where that cannot be. */
static struct text round_name(const struct launch *launch, size_t image)
{
	return text_format(launch->cloud->arena, "pullprobe-%.*s-%zu%s", TEXT(launch->run), image,
		launch->logs.len ? "-logs" : "");
}

/* https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html: the stream is
 * "PREFIX/CONTAINER/TASK" */
static json_t *log_of(const struct launch *launch, size_t image)
{
	struct arena *arena = launch->cloud->arena;
	return json_pack("{s:s,s:{s:o,s:o,s:o}}", "logDriver", "awslogs", "options",
		"awslogs-group", field_text(arena, launch->logs), "awslogs-region",
		field_text(arena, launch->cloud->region), "awslogs-stream-prefix",
		field_text(arena, round_name(launch, image)));
}

/* Container `index`: 0 checks, the last is essential and waits for all others. */
static json_t *container_of(const struct launch *launch, int index, size_t image)
{
	struct arena *arena = launch->cloud->arena;
	const bool last = index == PROBE_CODES - 1;
	json_t *container = json_pack("{s:o,s:o,s:s,s:b,s:b,s:[{s:s,s:s,s:b}]}", "name",
		field_text(arena, container_name(arena, index)), "image",
		field_text(arena, launch->probe_image), "user", "65532:65532",
		"readonlyRootFilesystem", 1, "essential", last, "mountPoints", "sourceVolume",
		"report", "containerPath", REPORT_FOLDER, "readOnly", index != 0);
	if (index == 0) {
		field_put(container, "environment",
			environment_of(arena, "PULLPROBE_IMAGE", launch->images.at[image]));
		if (launch->logs.len)
			field_put(container, "logConfiguration", log_of(launch, image));
		return container;
	}
	json_t *depends = json_array();
	for (int i = 0; i < (last ? index : 1); i++)
		field_append(depends,
			json_pack("{s:s,s:s}", "containerName", container_name(arena, i).at,
				"condition", "COMPLETE"));
	field_put(container, "dependsOn", depends);
	field_put(container, "command",
		json_pack("[s,s,s,s]", "explain", "--byte", text_format(arena, "%d", index).at,
			REPORT_FILE));
	return container;
}

static json_t *tags_of(const struct launch *launch)
{
	return json_pack("[{s:s,s:o}]", "key", CLOUD_TAG, "value",
		field_text(launch->cloud->arena, launch->run));
}

/* The role is that of the pull, of the containers too: they never see the execution role's own
 * permissions. */
static struct text definition_body(const struct launch *launch, size_t image)
{
	struct arena *arena = launch->cloud->arena;
	json_t *containers = json_array();
	for (int i = 0; i < PROBE_CODES; i++)
		field_append(containers, container_of(launch, i, image));
	return json_body(arena,
		json_pack("{s:o,s:[s],s:s,s:s,s:s,s:{s:s,s:s},s:[{s:s}],s:o,s:o,s:o,s:o}", "family",
			field_text(arena, round_name(launch, image)), "requiresCompatibilities",
			"FARGATE", "networkMode", "awsvpc", "cpu", "256", "memory", "512",
			"runtimePlatform", "cpuArchitecture", TASK_ARCHITECTURE,
			"operatingSystemFamily", "LINUX", "volumes", "name", "report",
			"executionRoleArn", field_text(arena, launch->execution_role),
			"taskRoleArn", field_text(arena, launch->execution_role),
			"containerDefinitions", containers, "tags", tags_of(launch)));
}

static bool register_all(struct launch *launch)
{
	for (size_t i = 0; i < launch->images.count && launch->end.len == 0; i++) {
		struct call call = {
			.row = &ecs_calls[ECS_REGISTER], .body = definition_body(launch, i)};
		bool made = call_run(launch->cloud, &call);
		if (made || call.symptom != SYMPTOM_DENIED)
			launch_made(launch, T("task-definition"),
				text_format(launch->cloud->arena, "%.*s:1",
					TEXT(round_name(launch, i))));
		if (!made)
			launch->end = launch_blame(launch, &call);
	}
	return launch->end.len == 0;
}

/* the tasks -------------------------------------------------------------------------------------
 */

static void end_task(struct tasks *tasks, struct task_probe *task, struct text error)
{
	struct launch *launch = tasks->launch;
	task->ended = true;
	if (error.len)
		task->probe->error = error;
	bool all = true;
	for (size_t i = 0; i < tasks->count; i++)
		all &= tasks->at[i].probe != task->probe || tasks->at[i].ended;
	if (all)
		launch->tell(launch->context, task->probe, task->probe->error);
}

static struct text run_body(const struct launch *launch, const struct task_probe *task)
{
	struct arena *arena = launch->cloud->arena;
	struct text subnet = task->probe->subnet;
	struct text name = round_name(launch, task->image);
	struct text words = text_format(arena, "%.*s --label %.*s --report " REPORT_FILE "%s",
		TEXT(launch->words), TEXT(subnet), launch->logs.len ? " --format json" : "");
	struct text definition = text_format(arena, "%.*s:1", TEXT(name));
	/* tried again it is the same task */
	struct text once = text_format(arena, "%.*s-%.*s", TEXT(name), TEXT(subnet));
	json_t *body = json_pack(
		"{s:s,s:i,s:o,s:o,s:o,s:o,s:{s:{s:[o],s:o,s:s}},s:{s:[{s:o,s:o}]}}", "launchType",
		"FARGATE", "count", 1, "tags", tags_of(launch), "taskDefinition",
		field_text(arena, definition), "clientToken",
		field_text(arena, text_head(once, 64)), "startedBy",
		field_text(arena, text_format(arena, "pullprobe-%.*s", TEXT(launch->run))),
		"networkConfiguration", "awsvpcConfiguration", "subnets", field_text(arena, subnet),
		"securityGroups", field_texts(arena, launch->security_groups), "assignPublicIp",
		launch->public_ip ? "ENABLED" : "DISABLED", "overrides", "containerOverrides",
		"name", field_text(arena, container_name(arena, 0)), "environment",
		environment_of(arena, "PULLPROBE_OPTIONS", words));
	if (launch->cluster.len)
		field_put(body, "cluster", field_text(arena, launch->cluster));
	return json_body(arena, body);
}

static void take_started(struct tasks *tasks, struct task_probe *task, const struct call *call)
{
	struct launch *launch = tasks->launch;
	struct arena *arena = launch->cloud->arena;
	const struct ecs_answer *answer = call->into;
	const struct ecs_task *started = answer->tasks.at;
	if (answer->tasks.count) {
		task->arn = started->arn;
		launch_made(launch, T("task"), task->arn);
		task->made = launch->made.count;
		launch->tell(launch->context, task->probe, T("task started, pending"));
	} else if (call->symptom != SYMPTOM_NONE) {
		end_task(tasks, task, launch_blame(launch, call));
	} else if (!launch->cloud->dry_run) {
		const struct ecs_failure *failure = answer->failures.at;
		end_task(tasks, task,
			text_format(arena, "ECS did not start the task: %.*s %.*s",
				TEXT(answer->failures.count ? failure->reason : T("")),
				TEXT(answer->failures.count ? failure->detail : T(""))));
	}
}

static void start_all(struct tasks *tasks)
{
	struct cloud *cloud = tasks->launch->cloud;
	struct calls calls = {0};
	for (size_t i = 0; i < tasks->count; i++) {
		struct call *call = calls_add(cloud, &calls, &ecs_calls[ECS_RUN]);
		call->body = run_body(tasks->launch, &tasks->at[i]);
		call->into = arena_new(cloud->arena, struct ecs_answer, 1);
	}
	calls_run(cloud, &calls);
	for (size_t i = 0; i < tasks->count; i++)
		take_started(tasks, &tasks->at[i], &calls.at[i]);
}

/* The exit codes of the containers, by their names. */
static void take_codes(const struct ecs_task *task, struct probe_answer *answer)
{
	const struct ecs_container *containers = task->containers.at;
	unsigned seen = 0;
	for (size_t i = 0; i < task->containers.count; i++) {
		int64_t code = -1;
		struct text name = containers[i].name;
		int index = name.len ? name.at[0] - '0' : -1;
		if (index < 0 || index >= PROBE_CODES ||
			!text_number(containers[i].exit_code, &code) || code < 0 || code > 255)
			continue;
		answer->codes[index] = (uint8_t)code;
		seen |= 1u << index;
	}
	answer->has_codes = seen == (1u << PROBE_CODES) - 1;
}

/* ECS's own words of a task whose containers never ran, or not all */
static struct text words_of(struct arena *arena, const struct ecs_task *task)
{
	const struct ecs_container *containers = task->containers.at;
	struct text reason = task->reason;
	for (size_t i = 0; i < task->containers.count; i++)
		if (text_holds(containers[i].reason, T("CannotPull")))
			reason = containers[i].reason;
	return reason.len ? reason : text_format(arena, "the task stopped without a reason");
}

static void take_stopped(struct tasks *tasks, struct task_probe *task, const struct ecs_task *found)
{
	struct launch *launch = tasks->launch;
	struct made *made = (struct made *)launch->made.at + task->made - 1;
	struct probe *probe = task->probe;
	made->removed = true; /* a task that stopped is gone */
	take_codes(found, &probe->answers[task->image]);
	if (!probe->answers[task->image].has_codes) {
		probe->stopped = words_of(launch->cloud->arena, found);
		end_task(tasks, task,
			text_format(launch->cloud->arena, "the task did not run: %.*s",
				TEXT(probe->stopped)));
	} else if (launch->logs.len) {
		task->stopped_us = clock_us();
	} else {
		end_task(tasks, task, T(""));
	}
}

/* Looks once at all that have not ended; how many they are. */
static size_t look(struct tasks *tasks)
{
	struct cloud *cloud = tasks->launch->cloud;
	struct ecs_answer answer = {0};
	struct calls calls = {0};
	struct texts arns = {0};
	for (size_t i = 0; i < tasks->count; i++)
		if (!tasks->at[i].ended && !tasks->at[i].stopped_us && tasks->at[i].arn.len)
			texts_add(cloud->arena, &arns, tasks->at[i].arn);
	for (size_t from = 0; from < arns.count; from += CALL_VALUES) {
		struct call *call = calls_add(cloud, &calls, &ecs_calls[ECS_TASKS]);
		size_t left = arns.count - from;
		call->values[0] = one_text(cloud->arena, tasks->launch->cluster);
		call->values[1] = (struct texts){
			arns.at + from, left < CALL_VALUES ? left : CALL_VALUES};
		call->into = &answer;
	}
	if (calls.count)
		calls_run(cloud, &calls);
	const struct ecs_task *found = answer.tasks.at;
	for (size_t i = 0; i < answer.tasks.count; i++)
		for (size_t k = 0; k < tasks->count; k++)
			if (!tasks->at[k].ended && !tasks->at[k].stopped_us &&
				text_equal(tasks->at[k].arn, found[i].arn) &&
				text_equal(found[i].status, T("STOPPED")))
				take_stopped(tasks, &tasks->at[k], &found[i]);
	for (size_t i = 0; i < calls.count; i++)
		if (calls.at[i].symptom == SYMPTOM_DENIED)
			tasks->launch->end = launch_blame(tasks->launch, &calls.at[i]);
	return arns.count;
}

/* the log ---------------------------------------------------------------------------------------
 */

/* The report among what the container wrote, whose long lines are several events; empty: it is not
 * there, or not whole. */
static struct text report_in(struct arena *arena, struct texts events)
{
	struct buffer all = {.arena = arena};
	struct text complaint;
	for (size_t i = 0; i < events.count; i++)
		buffer_add(&all, events.at[i]);
	struct text report = buffer_text(&all);
	report = text_skip(report, text_find(report, T("{\"schema\":\"pullprobe.report.")));
	while (report.len && report.at[report.len - 1] != '}')
		report.len--;
	json_t *root = json_read(report, CALL_ANSWER_MAX, &complaint);
	json_decref(root);
	return root ? report : T("");
}

/* Without a report the codes are the answer. */
static void take_log(struct tasks *tasks, struct task_probe *task, const struct call *call)
{
	struct launch *launch = tasks->launch;
	const struct names *events = call->into;
	struct text report = report_in(launch->cloud->arena, events->names);
	bool failed = call->symptom != SYMPTOM_NONE;
	if (!report.len && !failed && clock_us() < task->stopped_us + LOG_US)
		return;
	task->probe->answers[task->image].report = report;
	if (!report.len)
		launch->tell(launch->context, task->probe,
			T("no report in the log: the verdict is that of the exit codes"));
	if (failed)
		launch->unread = call_noted(launch->cloud->arena, call);
	end_task(tasks, task, T(""));
}

/* Looks once into the logs of all that have stopped; how many are waited for. */
static size_t read_logs(struct tasks *tasks)
{
	struct launch *launch = tasks->launch;
	struct arena *arena = launch->cloud->arena;
	struct calls calls = {0};
	size_t *indices = arena_new(arena, size_t, tasks->count);
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task_probe *task = &tasks->at[i];
		struct text id = task->arn;
		if (task->ended || !task->stopped_us)
			continue;
		while (text_holds(id, T("/")))
			text_cut(&id, T("/"));
		struct text stream = text_format(arena, "%.*s/%.*s/%.*s",
			TEXT(round_name(launch, task->image)), TEXT(container_name(arena, 0)),
			TEXT(id));
		indices[calls.count] = i;
		*calls_add(launch->cloud, &calls, &logs_calls[LOGS_EVENTS]) = call_of(launch->cloud,
			&logs_calls[LOGS_EVENTS], arena_new(arena, struct names, 1), launch->logs,
			stream, T("true"));
	}
	if (calls.count)
		calls_run(launch->cloud, &calls);
	for (size_t i = 0; i < calls.count; i++)
		take_log(tasks, &tasks->at[indices[i]], &calls.at[i]);
	return calls.count;
}

/* all of them -----------------------------------------------------------------------------------
 */

static void wait_for_all(struct tasks *tasks)
{
	struct launch *launch = tasks->launch;
	while (!interrupted && launch->end.len == 0 && clock_us() < launch->cloud->end_us &&
		look(tasks) + read_logs(tasks)) {
		int64_t next_us = clock_us() + POLL_US;
		while (!interrupted && clock_us() < next_us)
			nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	}
}

void launch_by_fargate(struct launch *launch)
{
	struct tasks tasks = {.launch = launch,
		.at = arena_new(launch->cloud->arena, struct task_probe,
			launch->count * launch->images.count)};
	launch_open(launch);
	for (size_t k = 0; k < launch->images.count; k++)
		for (size_t i = 0; i < launch->count; i++)
			if (!launch->probes[i].skip)
				tasks.at[tasks.count++] = (struct task_probe){
					.probe = &launch->probes[i], .image = k};
	if (register_all(launch)) {
		start_all(&tasks);
		wait_for_all(&tasks);
	}
	launch_close(launch);
	struct text ended = launch->end.len ? launch->end
					    : launch_ended(launch, T("before the task had ended"));
	launch_remove(launch, T("task"));
	launch_remove(launch, T("task-definition")); /* their tasks need them no longer */
	for (size_t i = 0; i < tasks.count; i++)
		if (!tasks.at[i].ended && !launch->cloud->dry_run)
			end_task(&tasks, &tasks.at[i], tasks.at[i].stopped_us ? T("") : ended);
}
