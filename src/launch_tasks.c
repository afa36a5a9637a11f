/* launch by Fargate: the program's image, the tasks, and what is left to Lambda. */
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
		if (probe->stopped.len == 0)
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

/* Where the probe's image could not be pulled, a function needs no image; but it has no public IP,
 * and would find another way out. False: no subnet is left to look at. */
static bool leave_to_lambda(struct view *view)
{
	bool any = false;
	for (size_t i = 0; i < view->launch.count; i++) {
		struct probe *probe = &view->launch.probes[i];
		probe->skip = probe->stopped.len == 0 || view->launch.public_ip;
		any |= !probe->skip;
		if (!probe->skip) {
			view_show(view, i, T("by Lambda instead"));
			probe->error = T("");
		}
	}
	view->launch.end = T("");
	view->launch.cloud->end_us = view->launch.until_us;
	return any && !view->launch.stopped;
}

bool launch_tasks(struct view *view)
{
	struct launch *launch = &view->launch;
	launch->execution_role = view->survey->subject.role;
	launch->cluster = view->survey->cluster;
	launch->probe_image = view->options->probe_image;
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
		launch_by_fargate(launch);
	else
		for (size_t i = 0; i < launch->count; i++) {
			launch->probes[i].error = launch->end;
			view_take(view, i);
		}
	explain_stops(view);
	if (view->options->remove_repository)
		launch_remove_repository(launch);
	return leave_to_lambda(view);
}
