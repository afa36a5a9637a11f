/* launch by Fargate: the program's image, the tasks, and what is left to Lambda. */
#include "base/die.h"
#include "cloud/launch_parts.h"
#include "diagnose/error_text.h"
#include "launch.h"
#include "push.h"

/* This program as an image of the account's registry; or `end` says why there is none. */
static void push_probe(struct view *view)
{
	struct launch *launch = &view->launch;
	struct cloud *cloud = launch->cloud;
	struct walk_options walk = view->options->walk;
	struct host_info host_info;
	struct program_push push = {.cloud = cloud,
		.walk = &walk,
		.region = cloud->region,
		.create_repository = true,
		.image = launch->probe_image};
	host_info_read(view->arena, &host_info);
	walk.trust = cloud->trust;
	walk.host_info = &host_info;
	walk.environment = cloud->environment;
	walk.role_arn = T("");
	int code = program_push(view->arena, cloud->net, &push);
	if (push.created)
		launch_made(launch, T("repository"), T("pullprobe"))->left = T(
			"kept for the next run; --remove-repository removes it");
	launch->probe_image = push.reference;
	if (code != EXIT_WORKS)
		launch->end = text_format(
			view->arena, "the probe's image is not pushed: %.*s", TEXT(push.complaint));
}

/* ECS's words of tasks that did not run are explained, as those of the subject are. */
static void explain_stops(struct view *view)
{
	struct survey *survey = view->survey;
	for (size_t i = 0; i < view->launch.count; i++) {
		const struct probe *probe = &view->launch.probes[i];
		if (probe->stopped.len == 0 || probe->skip)
			continue;
		texts_add(view->arena, &survey->reasons,
			text_format(view->arena, "the probe's task in %.*s: %.*s",
				TEXT(probe->subnet), TEXT(probe->stopped)));
		if (survey->is_explained)
			continue;
		survey->explained = error_text_explain(view->arena, probe->stopped);
		survey->is_explained = survey->explained.has_stage;
	}
}

/* Prepares another round, in the subnets whose task did not run, all of them or those that their
 * log kept from it. False: there are none. */
static bool again(struct view *view, bool of_log, struct text how)
{
	bool any = false;
	for (size_t i = 0; i < view->launch.count; i++) {
		struct probe *probe = &view->launch.probes[i];
		struct explanation words = error_text_explain(view->arena, probe->stopped);
		probe->skip = probe->stopped.len == 0 ||
			(of_log && !text_starts(cause_name(words.finding.cause), T("logs.")));
		any |= !probe->skip;
		if (probe->skip)
			continue;
		view_show(view, i, how);
		probe->error = T("");
		if (of_log)
			probe->stopped = T("");
	}
	return any && !view->launch.stopped;
}

/* A group that does not exist ends the program before anything is made. Where groups may not be
 * listed, ECS tells of it. */
static void check_group(struct cloud *cloud, struct text group)
{
	struct names found = {0};
	struct call call = call_of(cloud, &logs_calls[LOGS_GROUPS], &found, group, T(""), T(""));
	if (call_run(cloud, &call) && !texts_hold(found.names, group))
		die(EXIT_USAGE, "there is no log group %.*s in %.*s (--logs)", TEXT(group),
			TEXT(cloud->region));
}

/* The tasks, where their log cannot be reached once more without it: by their codes. */
static void run_tasks(struct view *view)
{
	struct launch *launch = &view->launch;
	launch_by_fargate(launch);
	explain_stops(view);
	if (launch->logs.len && again(view, true, T("once more, without a log"))) {
		launch->logs = T("");
		launch_by_fargate(launch);
		explain_stops(view);
	}
	if (launch->unread.error.len)
		*(struct vpc_call *)vpc_add(
			view->arena, &view->survey->unread, sizeof launch->unread) = launch->unread;
}

bool launch_tasks(struct view *view)
{
	struct launch *launch = &view->launch;
	launch->execution_role = view->survey->subject.role;
	launch->cluster = view->survey->cluster;
	launch->probe_image = view->options->probe_image;
	launch->logs = view->options->logs;
	if (launch->logs.len)
		check_group(launch->cloud, launch->logs);
	if (launch->probe_image.len == 0)
		launch->probe_image = text_format(view->arena,
			"%.*s.dkr.ecr.%.*s.%.*s/pullprobe:" PULLPROBE_VERSION,
			TEXT(launch->account), TEXT(launch->cloud->region),
			TEXT(launch->cloud->partition->suffix));
	if (launch->execution_role.len == 0)
		launch->end = T("the tasks' execution role is not known: add --role ARN");
	else if (view->options->probe_image.len == 0 && !view->options->dry_run)
		push_probe(view);
	if (launch->end.len == 0)
		run_tasks(view);
	else
		for (size_t i = 0; i < launch->count; i++) {
			launch->probes[i].error = launch->end;
			view_take(view, i);
		}
	if (view->options->remove_repository)
		launch_remove(launch, T("repository"));
	/* A function needs no image; but it has no public IP, and would find another way out. */
	return !launch->public_ip && again(view, false, T("by Lambda instead"));
}
