/* What ECS tells of a service, a task, a task definition.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ */
#include "cloud/subject.h"
#include "base/die.h"
#include "model/oci.h"

/* errors ----------------------------------------------------------------------------------------
 */

/* behind the last slash of an ARN: its name */
static struct text name_of(struct text arn)
{
	while (text_holds(arn, T("/")))
		text_cut(&arn, T("/"));
	return arn;
}

_Noreturn static void die_missing(struct cloud *cloud, const char *what, enum ecs_call list,
	struct text cluster, struct text wanted)
{
	struct ecs_answer found = {0};
	struct texts names = {0};
	struct call call = call_of(cloud, &ecs_calls[list], &found, cluster,
		list == ECS_LIST_FAMILIES ? T("ACTIVE") : T(""),
		list == ECS_LIST_TASKS ? T("STOPPED") : T(""));
	call_run(cloud, &call);
	for (size_t i = 0; i < found.names.count; i++)
		texts_add(cloud->arena, &names, name_of(found.names.at[i]));
	names = nearest_names(cloud->arena, names, name_of(wanted));
	die(EXIT_USAGE, "no %s %.*s in %.*s%s%.*s%s%.*s%s", what, TEXT(name_of(wanted)),
		TEXT(cloud->region), cluster.len ? ", cluster " : "", TEXT(name_of(cluster)),
		names.count ? "; did you mean " : "", TEXT(names.count ? names.at[0] : T("")),
		names.count ? "?" : "");
}

/* A call that the subject cannot do without. */
static bool run_needed(struct cloud *cloud, struct call *call, struct text cluster)
{
	if (call_run(cloud, call))
		return true;
	struct text name = call_name(cloud->arena, call->row);
	if (text_equal(call->error.code, T("ClusterNotFoundException")))
		die_missing(cloud, "cluster", ECS_LIST_CLUSTERS, T(""),
			cluster.len ? cluster : T("default"));
	if (!call->absent && !text_equal(call->error.code, T("ClientException")) &&
		!text_equal(call->error.code, T("InvalidParameterException")))
		die(EXIT_UNABLE, "%.*s: %.*s: %.*s", TEXT(name), TEXT(call->error.code),
			TEXT(call->error.message));
	return false;
}

/* what is worth knowing, and not needed: its denial is told */
static bool run_wanted(struct cloud *cloud, struct call *call, struct subject *out)
{
	if (call_run(cloud, call))
		return true;
	if (call->symptom != SYMPTOM_NONE)
		*(struct vpc_call *)vpc_add(cloud->arena, &out->unread,
			sizeof(struct vpc_call)) = call_noted(cloud->arena, call);
	return false;
}

/* the sources -----------------------------------------------------------------------------------
 */

/* An external deployment controller has task sets in place of deployments, each with its own. The
 * primary one is the newest that is meant to run: it is its tasks that do not start. */
static void take_deployment(struct subject *out, const struct vpc_list *list)
{
	const struct ecs_deployment *deployments = list->at;
	for (size_t i = 0; i < list->count; i++) {
		if (i && !text_equal(deployments[i].status, T("PRIMARY")))
			continue;
		if (deployments[i].task_definition.len)
			out->task_definition = deployments[i].task_definition;
		if (deployments[i].providers.count)
			out->what.launch_type = text_starts(deployments[i].providers.at[0],
							T("FARGATE"))
				? T("FARGATE")
				: T("EC2");
		else if (deployments[i].launch_type.len)
			out->what.launch_type = deployments[i].launch_type;
		if (deployments[i].subnets.count == 0)
			continue;
		out->what.subnets = deployments[i].subnets;
		out->what.security_groups = deployments[i].security_groups;
		out->what.public_ip = text_equal(deployments[i].public_ip, T("ENABLED"));
	}
}

static void take_service(struct subject *out, const struct ecs_service *service)
{
	out->service = service->name;
	out->cluster = name_of(service->cluster);
	take_deployment(out, &service->own);
	take_deployment(out, &service->deployments);
	take_deployment(out, &service->task_sets);
	out->events = service->events;
	if (out->events.count > EVENTS_MAX)
		out->events.count = EVENTS_MAX;
}

static const struct ecs_service *find_service(
	struct cloud *cloud, struct text cluster, struct text name, bool needed)
{
	struct ecs_answer found = {0};
	struct call call = call_of(cloud, &ecs_calls[ECS_SERVICES], &found, cluster, name, T(""));
	if (!needed)
		call_run(cloud, &call);
	else if (!run_needed(cloud, &call, cluster) || found.services.count == 0)
		die_missing(cloud, "service", ECS_LIST_SERVICES, cluster, name);
	const struct ecs_service *service = found.services.at;
	if (needed && text_equal(service->status, T("INACTIVE")))
		die(EXIT_USAGE, "the service %.*s is INACTIVE: it was deleted", TEXT(name));
	return service;
}

static void take_task(struct cloud *cloud, struct subject *out, const struct ecs_task *task)
{
	const struct ecs_container *containers = task->containers.at;
	out->task = name_of(task->arn);
	out->stopped_reason = task->reason;
	if (task->launch_type.len)
		out->what.launch_type = task->launch_type;
	for (size_t i = 0; i < task->containers.count; i++) {
		struct text reason = containers[i].reason;
		if (reason.len == 0)
			continue;
		texts_add(cloud->arena, &out->reasons,
			text_format(cloud->arena, "%.*s: %.*s", TEXT(containers[i].name),
				TEXT(reason)));
		if (containers[i].image.len &&
			(text_starts(reason, T("CannotPull")) || text_holds(reason, T("pull"))))
			texts_add_once(cloud->arena, &out->images, containers[i].image);
	}
}

/* the newest task of a service that stopped; ECS keeps them for an hour */
static void take_stopped(struct cloud *cloud, struct subject *out, struct text cluster)
{
	struct ecs_answer found = {0};
	struct call list = call_of(
		cloud, &ecs_calls[ECS_LIST_TASKS], &found, cluster, out->service, T("STOPPED"));
	struct call tasks = call_of(cloud, &ecs_calls[ECS_TASKS], &found, cluster, T(""), T(""));
	if (!run_wanted(cloud, &list, out) || found.names.count == 0)
		return;
	tasks.values[1] = found.names;
	if (tasks.values[1].count > CALL_VALUES)
		tasks.values[1].count = CALL_VALUES;
	run_wanted(cloud, &tasks, out);
	const struct ecs_task *all = found.tasks.at;
	const struct ecs_task *newest = all;
	for (size_t i = 0; i < found.tasks.count; i++)
		if (all[i].created > newest->created)
			newest = &all[i];
	if (newest)
		take_task(cloud, out, newest);
}

/* The groups of a task are those of its interface; it is gone once the task has stopped, and its
 * service's are the same. */
static void take_task_network(struct cloud *cloud, struct subject *out, const struct ecs_task *task)
{
	struct vpc_list interfaces = {0};
	struct call call = call_of(
		cloud, &ec2_calls[EC2_INTERFACES], &interfaces, task->interface, T(""), T(""));
	if (text_starts(task->group, T("service:"))) {
		const struct ecs_service *service = find_service(
			cloud, task->cluster, text_skip(task->group, 8), false);
		if (service)
			take_service(out, service);
	}
	if (task->task_definition.len)
		out->task_definition = task->task_definition;
	if (task->subnet.len)
		out->what.subnets = one_text(cloud->arena, task->subnet);
	if (task->interface.len && run_wanted(cloud, &call, out) && interfaces.count)
		out->what.security_groups = ((struct vpc_interface *)interfaces.at)->groups;
}

static void read_task(
	struct cloud *cloud, struct text cluster, struct text task, struct subject *out)
{
	struct ecs_answer found = {0};
	struct call call = call_of(cloud, &ecs_calls[ECS_TASKS], &found, cluster, task, T(""));
	if (!run_needed(cloud, &call, cluster) || found.tasks.count == 0)
		die_missing(cloud, "task (ECS keeps stopped ones for an hour)", ECS_LIST_TASKS,
			cluster, task);
	const struct ecs_task *one = found.tasks.at;
	out->cluster = name_of(one->cluster);
	take_task_network(cloud, out, one);
	take_task(cloud, out, one);
	out->what.role = one->role;
}

/* the task definition ---------------------------------------------------------------------------
 */

/* The container's of --container, else that of the containers whose pull failed, else all. */
static void choose_images(struct cloud *cloud, struct text container, const struct vpc_list *list,
	struct subject *out)
{
	const struct ecs_container *found = list->at;
	struct texts names = {0};
	if (container.len)
		out->images = (struct texts){0};
	bool known = out->images.count > 0;
	for (size_t i = 0; i < list->count && out->images.count < IMAGES_MAX; i++) {
		texts_add(cloud->arena, &names, found[i].name);
		if (container.len ? text_equal(found[i].name, container) : !known)
			texts_add_once(cloud->arena, &out->images, found[i].image);
	}
	if (container.len && out->images.count == 0) {
		names = nearest_names(cloud->arena, names, container);
		die(EXIT_USAGE, "no container %.*s in the task definition; did you mean %.*s?",
			TEXT(container), TEXT(names.count ? names.at[0] : T("another")));
	}
}

static void read_definition(struct cloud *cloud, const struct subject_options *options,
	struct text name, struct subject *out)
{
	struct task *task = arena_new(cloud->arena, struct task, 1);
	struct ecs_answer found = {0};
	struct call call = call_of(
		cloud, &ecs_calls[ECS_TASK_DEFINITION], &found, name, T(""), T(""));
	struct text complaint;
	if (options->image.len && !options->task_definition.len) {
		if (!run_wanted(cloud, &call, out))
			return;
	} else if (!run_needed(cloud, &call, T(""))) {
		die_missing(cloud, "task definition", ECS_LIST_FAMILIES, T(""), name);
	}
	out->task_definition = name;
	choose_images(cloud, options->container, &found.containers, out);
	if (!task_parse(cloud->arena, call.answer, task, &complaint))
		return; /* the images are there all the same */
	out->definition = task;
	out->what.task_definition = found.definition;
	if (out->what.role.len == 0)
		out->what.role = task->execution_role;
	if (task->has_platform)
		out->what.platform = platform_text(cloud->arena, &task->platform);
	for (size_t i = 0; i < task->need_count; i++)
		texts_add_once(cloud->arena, &out->what.services,
			endpoint_kind_name(task->needs[i].endpoint));
}

/* all -------------------------------------------------------------------------------------------
 */

/* "arn:aws:ecs:REGION:...", the cluster being the second part of a new ARN's name */
static struct text arn_part(struct text arn, int index)
{
	struct text part = T("");
	if (!text_starts(arn, T("arn:")))
		return part;
	for (int i = 0; i <= index; i++)
		part = text_cut(&arn, T(":"));
	return part;
}

struct text subject_region(const struct subject_options *options)
{
	const struct text arns[] = {
		options->service, options->task, options->cluster, options->task_definition};
	struct text region = T("");
	for (size_t i = 0; i < COUNT(arns) && region.len == 0; i++)
		region = arn_part(arns[i], 3);
	return region;
}

static struct text cluster_of(const struct subject_options *options)
{
	struct text arn = options->task.len ? options->task : options->service;
	struct text resource = arn_part(arn, 5);
	struct text kind = text_cut(&resource, T("/"));
	struct text cluster = text_cut(&resource, T("/"));
	bool named = kind.len && resource.len; /* old ARNs have no cluster */
	return options->cluster.len || !named ? options->cluster : cluster;
}

/* what is given besides wins */
static void take_options(
	struct cloud *cloud, const struct subject_options *options, struct subject *out)
{
	const struct platform amd64 = {.os = T("linux"), .architecture = T("amd64")};
	out->vpc = options->vpc;
	if (options->image.len)
		out->images = one_text(cloud->arena, options->image);
	if (options->subnets.count)
		out->what.subnets = options->subnets;
	else if (options->vpc.len)
		out->what.subnets = (struct texts){0};
	if (options->security_groups.count)
		out->what.security_groups = options->security_groups;
	if (options->role.len)
		out->what.role = options->role;
	out->what.public_ip |= options->public_ip;
	if (options->platform.os.len)
		out->what.platform = platform_text(cloud->arena, &options->platform);
	/* Fargate runs X86_64 where the definition says nothing; an instance runs its own */
	out->platform_is_known = out->what.platform.len ||
		(out->definition && !text_equal(out->what.launch_type, T("EC2")));
	if (out->what.platform.len == 0)
		out->what.platform = platform_text(cloud->arena, &amd64);
	out->what.region = cloud->region;
}

void subject_read(struct cloud *cloud, const struct subject_options *options, struct subject *out)
{
	struct text cluster = cluster_of(options);
	*out = (struct subject){0};
	if (options->service.len) {
		take_service(out, find_service(cloud, cluster, options->service, true));
		take_stopped(cloud, out, cluster);
	} else if (options->task.len) {
		read_task(cloud, cluster, options->task, out);
	}
	if (options->task_definition.len)
		read_definition(cloud, options, options->task_definition, out);
	else if (out->task_definition.len)
		read_definition(cloud, options, out->task_definition, out);
	take_options(cloud, options, out);
	if (out->what.subnets.count == 0 && out->vpc.len == 0)
		die(EXIT_USAGE,
			"the subject's subnets are not known (its tasks have no network "
			"of their own?): add --subnets ID[,ID]");
	if (out->images.count == 0)
		die(EXIT_USAGE, "the subject's image is not known: add --image IMAGE");
	if (out->what.subnets.count > SUBNETS_MAX)
		die(EXIT_USAGE, "more than %d subnets", SUBNETS_MAX);
}
