/* Task definitions of --also-from, and the calls that are made for them. */
#include "fuzz.h"
#include "model/json.h"
#include "model/task.h"

/* nothing that a shell, a URL or a header would take for more than a name */
static void check_name(struct text name)
{
	must_of(name,
		text_only(name,
			T("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			  "/_+=.@-:!#%~")));
}

static void check_call(struct arena *arena, const struct task_need *need)
{
	struct text complaint;
	struct task_call call = task_call_of(arena, need, T("unique"));
	must(call.action.len && call.service.len);
	must(call.target.len > 0 || need->endpoint == ENDPOINT_ENVFILE);
	if (call.body.len == 0)
		return;
	json_t *body = json_read(call.body, TASK_BYTES_MAX, &complaint);
	must_of(call.body, body != NULL);
	json_decref(body);
}

static void check_need(struct arena *arena, const struct task_need *need)
{
	check_name(need->name);
	check_name(need->bucket);
	check_name(need->stage);
	check_name(need->version);
	must_of(need->region, !need->region.len || region_is_wellformed(need->region));
	must(!need->mistake.len || fuzz_is_line(arena, need->mistake));
	check_call(arena, need);
}

void fuzz(struct arena *arena, struct text input)
{
	struct task task;
	struct target target;
	struct text complaint = T("");
	struct world world = {.input = T("{}"), .stage = STAGE_START, .task = &task};
	if (!task_parse(arena, input, &task, &complaint)) {
		must_of(complaint, fuzz_is_line(arena, complaint));
		return;
	}
	must(task.image.len > 0 && task.need_count <= TASK_NEEDS_MAX);
	for (size_t i = 0; i < task.need_count; i++)
		check_need(arena, &task.needs[i]);
	for (size_t i = 0; i < task.unchecked.count; i++)
		must_of(task.unchecked.at[i], fuzz_is_line(arena, task.unchecked.at[i]));
	if (!target_parse(arena, task.image, task.region, &target, &complaint))
		must_of(complaint, fuzz_is_line(arena, complaint));
	struct evidence evidence = fuzz_walk(arena, &world);
	fuzz_shown(arena, &evidence);
}
