/* A Fargate task in each subnet, of the containers of taskdefs/fargate-verdict.json: the first
 * checks, the others end with the bytes of its verdict, so that the answer needs no log.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
#include "cloud/launch_parts.h"
#include "cloud/parts.h"
#include "model/json.h"
#include <string.h>
#include <time.h>

#define POLL_US (SECOND_US * 2)
#define REPORT_FOLDER "/report"
#define REPORT_FILE REPORT_FOLDER "/report.json"

#ifdef __aarch64__
#define TASK_ARCHITECTURE "ARM64"
#else
#define TASK_ARCHITECTURE "X86_64"
#endif

/* a task of one subnet and image */
struct task_probe {
	struct probe *probe;
	size_t image;
	struct text arn;
	size_t made; /* its index in launch->made, and one more; 0: not made */
	bool ended;
};

struct tasks {
	struct launch *launch;
	struct task_probe *at;
	size_t count;
	struct texts definitions; /* ARNs, an image each */
};

/* the task definition ---------------------------------------------------------------------------
 */

static json_t *pair(struct arena *arena, struct text value, const char *name, const char *key)
{
	json_t *object = json_object();
	field_put(object, "name", json_string(name));
	field_put(object, key, field_text(arena, value));
	return object;
}

/* Container `index`: 0 checks, the last is essential and waits for all others. */
static json_t *container_of(const struct launch *launch, int index, size_t image)
{
	struct arena *arena = launch->cloud->arena;
	const bool last = index == PROBE_CODES - 1;
	json_t *container = json_pack("{s:s%,s:s,s:b,s:b,s:[{s:s,s:s,s:b}]}", "image",
		launch->probe_image.at, launch->probe_image.len, "user", "65532:65532",
		"readonlyRootFilesystem", 1, "essential", last, "mountPoints", "sourceVolume",
		"report", "containerPath", REPORT_FOLDER, "readOnly", index != 0);
	json_t *depends = json_array();
	json_t *variables = json_array();
	field_put(container, "name",
		field_text(arena, text_format(arena, index ? "%d-byte" : "%d-check", index)));
	if (index == 0) {
		field_append(variables,
			pair(arena, launch->images.at[image], "PULLPROBE_IMAGE", "value"));
		field_put(container, "environment", variables);
		json_decref(depends);
		return container;
	}
	json_decref(variables);
	field_put(container, "command",
		json_pack("[s,s,s,s]", "explain", "--byte", text_format(arena, "%d", index).at,
			REPORT_FILE));
	for (int i = 0; i < (last ? index : 1); i++)
		field_append(depends,
			json_pack("{s:s,s:s}", "containerName",
				text_format(arena, i ? "%d-byte" : "%d-check", i).at, "condition",
				"COMPLETE"));
	field_put(container, "dependsOn", depends);
	return container;
}

static json_t *tags_of(const struct launch *launch)
{
	return json_pack(
		"[{s:s,s:s%}]", "key", CLOUD_TAG, "value", launch->run.at, launch->run.len);
}

static struct text definition_body(const struct launch *launch, size_t image)
{
	struct arena *arena = launch->cloud->arena;
	json_t *containers = json_array();
	for (int i = 0; i < PROBE_CODES; i++)
		field_append(containers, container_of(launch, i, image));
	json_t *body = json_pack("{s:[s],s:s,s:s,s:s,s:{s:s,s:s},s:[{s:s}]}",
		"requiresCompatibilities", "FARGATE", "networkMode", "awsvpc", "cpu", "256",
		"memory", "512", "runtimePlatform", "cpuArchitecture", TASK_ARCHITECTURE,
		"operatingSystemFamily", "LINUX", "volumes", "name", "report");
	field_put(body, "family",
		field_text(
			arena, text_format(arena, "pullprobe-%.*s-%zu", TEXT(launch->run), image)));
	/* the probe has the permissions of the pull: containers never see the execution role's */
	field_put(body, "executionRoleArn", field_text(arena, launch->execution_role));
	field_put(body, "taskRoleArn", field_text(arena, launch->execution_role));
	field_put(body, "containerDefinitions", containers);
	field_put(body, "tags", tags_of(launch));
	return json_body(arena, body);
}

static bool register_all(struct tasks *tasks)
{
	struct launch *launch = tasks->launch;
	for (size_t i = 0; i < launch->images.count && launch->end.len == 0; i++) {
		struct call call = {
			.row = &ecs_calls[ECS_REGISTER], .body = definition_body(launch, i)};
		struct text name = text_format(
			launch->cloud->arena, "pullprobe-%.*s-%zu:1", TEXT(launch->run), i);
		bool made = call_run(launch->cloud, &call);
		if (made || call.symptom != SYMPTOM_DENIED)
			launch_made(launch, T("task-definition"), name);
		if (!made)
			launch->end = launch_blame(launch, &call);
		texts_add(launch->cloud->arena, &tasks->definitions, name);
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

static struct text run_body(const struct tasks *tasks, const struct task_probe *task)
{
	const struct launch *launch = tasks->launch;
	struct arena *arena = launch->cloud->arena;
	struct text label = text_format(arena, "%.*s --label %.*s --report " REPORT_FILE,
		TEXT(launch->words), TEXT(task->probe->subnet));
	struct text once = text_format(
		arena, "%.*s-%zu-%.*s", TEXT(launch->run), task->image, TEXT(task->probe->subnet));
	json_t *body = json_pack("{s:s,s:i,s:o,s:{s:{s:[s],s:o,s:s}}}", "launchType", "FARGATE",
		"count", 1, "tags", tags_of(launch), "networkConfiguration", "awsvpcConfiguration",
		"subnets", text_string(arena, task->probe->subnet), "securityGroups",
		field_texts(arena, launch->security_groups), "assignPublicIp",
		launch->public_ip ? "ENABLED" : "DISABLED");
	json_t *variables = json_array();
	field_append(variables, pair(arena, label, "PULLPROBE_OPTIONS", "value"));
	field_put(body, "overrides",
		json_pack("{s:[{s:s,s:o}]}", "containerOverrides", "name", "0-check", "environment",
			variables));
	field_put(body, "taskDefinition", field_text(arena, tasks->definitions.at[task->image]));
	/* tried again it is the same task */
	field_put(body, "clientToken", field_text(arena, text_head(once, 64)));
	field_put(body, "startedBy",
		field_text(arena, text_format(arena, "pullprobe-%.*s", TEXT(launch->run))));
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
		call->body = run_body(tasks, &tasks->at[i]);
		call->into = arena_new(cloud->arena, struct ecs_answer, 1);
	}
	calls_run(cloud, &calls);
	for (size_t i = 0; i < tasks->count; i++)
		take_started(tasks, &tasks->at[i], &calls.at[i]);
}

/* the exit codes of the containers, by their names; false where one has none */
static bool take_codes(const struct ecs_task *task, uint8_t codes[PROBE_CODES])
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
		codes[index] = (uint8_t)code;
		seen |= 1u << index;
	}
	return seen == (1u << PROBE_CODES) - 1;
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
	made->removed = true; /* a task that stopped is gone */
	struct probe_codes *codes = &task->probe->codes[task->image];
	codes->are_there = take_codes(found, codes->at);
	if (!codes->are_there)
		task->probe->stopped = words_of(launch->cloud->arena, found);
	end_task(tasks, task,
		codes->are_there ? T("")
				 : text_format(launch->cloud->arena, "the task did not run: %.*s",
					   TEXT(task->probe->stopped)));
}

/* Looks once at all that have not ended; how many they are. */
static size_t look(struct tasks *tasks)
{
	struct cloud *cloud = tasks->launch->cloud;
	struct ecs_answer answer = {0};
	struct calls calls = {0};
	struct texts arns = {0};
	for (size_t i = 0; i < tasks->count; i++)
		if (!tasks->at[i].ended && tasks->at[i].arn.len)
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
			if (!tasks->at[k].ended && text_equal(tasks->at[k].arn, found[i].arn) &&
				text_equal(found[i].status, T("STOPPED")))
				take_stopped(tasks, &tasks->at[k], &found[i]);
	for (size_t i = 0; i < calls.count; i++)
		if (calls.at[i].symptom == SYMPTOM_DENIED)
			tasks->launch->end = launch_blame(tasks->launch, &calls.at[i]);
	return arns.count;
}

/* the end ---------------------------------------------------------------------------------------
 */

/* Stops what still runs, and removes the task definitions; their tasks need them no longer. */
static void close_all(struct tasks *tasks)
{
	struct launch *launch = tasks->launch;
	struct text ended = launch->end.len ? launch->end
					    : launch_ended(launch, T("before the task had ended"));
	for (size_t i = 0; i < tasks->count; i++) {
		struct task_probe *task = &tasks->at[i];
		if (!task->ended && task->made) {
			struct call call = call_of(launch->cloud, &ecs_calls[ECS_STOP], NULL,
				launch->cluster, task->arn, T(""));
			launch_removed(
				launch, task->made - 1, call_run(launch->cloud, &call), &call);
		}
		if (!task->ended && !launch->cloud->dry_run)
			end_task(tasks, task, ended);
	}
	for (size_t i = 0; i < launch->made.count; i++) {
		struct made *made = (struct made *)launch->made.at + i;
		if (!text_equal(made->kind, T("task-definition")))
			continue;
		struct call call = call_of(
			launch->cloud, &ecs_calls[ECS_DEREGISTER], NULL, made->id, T(""), T(""));
		call_run(launch->cloud, &call);
		launch_removed(launch, i, call.symptom == SYMPTOM_NONE, &call);
	}
}

void launch_by_fargate(struct launch *launch)
{
	struct arena *arena = launch->cloud->arena;
	struct tasks tasks = {.launch = launch,
		.count = launch->count * launch->images.count,
		.at = arena_new(arena, struct task_probe, launch->count * launch->images.count)};
	for (size_t i = 0; i < tasks.count; i++) {
		struct probe *probe = &launch->probes[i % launch->count];
		if (!probe->codes)
			probe->codes = arena_new(arena, struct probe_codes, launch->images.count);
		tasks.at[i] = (struct task_probe){.probe = probe, .image = i / launch->count};
	}
	if (register_all(&tasks)) {
		start_all(&tasks);
		while (!interrupted && launch->end.len == 0 && clock_us() < launch->cloud->end_us &&
			look(&tasks)) {
			int64_t next_us = clock_us() + POLL_US;
			while (!interrupted && clock_us() < next_us)
				nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
		}
	}
	launch_close(launch);
	close_all(&tasks);
	launch->closing = false;
}
