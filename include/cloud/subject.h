/* The subject: whose pull is looked at, from as little as the user can say. */
#pragma once
#include "cloud/call.h"
#include "cloud/services.h"
#include "model/task.h"

/* the command line's part; what is given here wins over what ECS tells */
struct subject_options {
	struct text cluster, service, task, task_definition; /* names or ARNs */
	struct text image, vpc, container, role;
	struct texts subnets, security_groups;
	bool public_ip;
	struct platform platform; /* without an OS: not given */
};

struct subject {
	struct text cluster, service, task, task_definition; /* as ECS names them; or empty */
	struct text vpc;				     /* of --vpc; or empty */
	struct texts images;				     /* each a pull of its own */
	/* of each, once the configuration was read: what its registry has; NULL: it is not ECR */
	const struct vpc_configuration **registries;
	struct vpc_subject what; /* but for `image`, which is each of `images` */
	bool platform_is_known;	 /* else it is only assumed: what runs the task is not known */
	const struct task *definition; /* what the task definition needs; or NULL */
	/* ECS's own words */
	struct text stopped_reason;
	struct texts reasons;	/* the containers', "NAME: reason" */
	struct texts events;	/* the service's, newest first, at most EVENTS_MAX */
	struct vpc_list unread; /* struct vpc_call: what was denied on the way */
};

enum { EVENTS_MAX = 5, IMAGES_MAX = 10, SUBNETS_MAX = 500 };

/* The Region that an ARN among the options names; empty: none does. */
struct text subject_region(const struct subject_options *options);

/* Ends the program with one line (exit 2) where there is no such cluster, service, task or task
 * definition, and (exit 3) where nothing may be read. */
void subject_read(struct cloud *cloud, const struct subject_options *options, struct subject *out);

/* Reads all that decides about the pulls of a subject; its subnets and VPC are known afterwards.
 * What is denied is noted in `calls`, and the rest goes on. Ends the program (exit 2) for subnets
 * that do not exist or are of two VPCs, and (exit 3) where nothing at all could be read. */
void configuration_read(
	struct cloud *cloud, struct subject *subject, struct vpc_configuration *out);

/* What of it decides about the pull of one of the subject's images in one of its subnets. */
struct vpc_configuration configuration_of(struct arena *arena,
	const struct vpc_configuration *whole, const struct subject *subject, size_t image,
	struct text subnet);
