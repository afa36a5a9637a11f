/* Which endpoints the pull will use. The names are botocore's endpoint rule sets, and of the layer
 * bucket https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
#include "model/plan.h"

enum { HTTPS = 443 };

/* a service that a task's start may need, and which spellings its name has */
struct service {
	enum role role;
	const char *name;
	bool fips;
	bool fips_is_plain_in_gov; /* GovCloud's plain name is the FIPS one */
	bool dualstack;
};

static const struct service services[] = {
	{.role = ROLE_LOGS, "logs", .fips = true, .fips_is_plain_in_gov = true, .dualstack = true},
	{.role = ROLE_SECRETSMANAGER, "secretsmanager", .fips = true},
	{.role = ROLE_SSM, "ssm", .fips = true, .fips_is_plain_in_gov = true, .dualstack = true},
	{.role = ROLE_KMS, "kms", .fips = true, .dualstack = true},
	{.role = ROLE_STS, "sts", .fips = true, .fips_is_plain_in_gov = true, .dualstack = true},
	{.role = ROLE_SSMMESSAGES, "ssmmessages"},
	{.role = ROLE_ECS, "ecs", .fips = true, .dualstack = true},
};

/* where the plan is made */
struct making {
	struct arena *arena;
	const struct target *target;
	bool fips;
	bool dualstack;
	struct plan plan;
};

static void add(struct making *m, enum role role, struct text host, uint16_t port)
{
	m->plan.endpoints[m->plan.count++] = (struct endpoint){
		.role = role,
		.host = host,
		.port = port ? port : HTTPS,
		.foreseen = role == ROLE_S3,
	};
}

bool endpoint_url_parse(struct text url, struct text *host, uint16_t *port)
{
	if (!text_starts(url, T("https://")))
		return false;
	struct text rest = text_skip(url, 8);
	return authority_parse(text_cut(&rest, T("/")), host, port);
}

/* Without dual-stack it is "api.ecr", with it plain "ecr". Of the two FIPS spellings "ecr-fips" is
 * the one that the ECS agent knows. */
static struct text api_host(const struct making *m)
{
	const struct partition *partition = m->target->partition;
	struct text suffix = m->dualstack ? partition->dualstack_suffix : partition->suffix;
	const char *name = m->fips ? "ecr-fips" : m->dualstack ? "ecr" : "api.ecr";
	return text_format(m->arena, "%s.%.*s.%.*s", name, TEXT(m->target->region), TEXT(suffix));
}

static void add_api(struct making *m, const struct plan_options *options)
{
	struct text host;
	uint16_t port = 0;
	if (!endpoint_url_parse(options->api_endpoint, &host, &port)) {
		host = api_host(m);
		port = 0;
	}
	add(m, ROLE_API, host, port);
}

static void add_registry(struct making *m)
{
	struct text host = m->target->host;
	uint16_t port = 0;
	authority_parse(m->target->host, &host, &port);
	add(m, ROLE_DKR, host, port);
}

static void add_bucket(struct making *m)
{
	const struct target *target = m->target;
	m->plan.bucket = text_format(
		m->arena, "prod-%.*s-starport-layer-bucket", TEXT(target->region));
	add(m, ROLE_S3,
		text_format(m->arena, "%.*s.s3.%.*s.%.*s", TEXT(m->plan.bucket),
			TEXT(target->region), TEXT(target->partition->suffix)),
		HTTPS);
}

/* the token service, where it is known before the registry has named it */
static void add_token_service(struct making *m)
{
	if (m->target->kind == REGISTRY_ECR_PUBLIC)
		add(m, ROLE_API, m->target->host, HTTPS);
	else if (text_equal(m->target->host, T("registry-1.docker.io")))
		add(m, ROLE_API, T("auth.docker.io"), HTTPS);
}

static struct text service_host(
	const struct making *m, const struct service *service, struct text region)
{
	const struct partition *partition = partition_of_region(region);
	bool in_gov = text_equal(partition->name, T("aws-us-gov"));
	bool fips = m->fips && service->fips && !(in_gov && service->fips_is_plain_in_gov);
	bool dualstack = m->dualstack && service->dualstack;
	struct text suffix = dualstack ? partition->dualstack_suffix : partition->suffix;
	return text_format(m->arena, "%s%s.%.*s.%.*s", service->name, fips ? "-fips" : "",
		TEXT(region), TEXT(suffix));
}

/* the index of a service's endpoint, which is made where it is new */
static size_t place(struct making *m, enum role role, struct text host, struct text region)
{
	size_t at = 0;
	while (at < m->plan.count &&
		(m->plan.endpoints[at].role != role ||
			!text_equal(m->plan.endpoints[at].host, host)))
		at++;
	if (at == m->plan.count) {
		add(m, role, host, HTTPS);
		m->plan.endpoints[at].region = region;
	}
	return at;
}

static size_t add_also(struct making *m, enum role role, struct text region)
{
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (services[i].role == role && partition_of_region(region))
			return place(m, role, service_host(m, &services[i], region), region);
	return SIZE_MAX;
}

/* A bucket with a dot has no certificate of its own:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
static size_t add_files(struct making *m, struct text bucket, struct text region)
{
	const struct partition *partition = partition_of_region(region);
	bool dotted = text_holds(bucket, T("."));
	if (!partition)
		return SIZE_MAX;
	return place(m, ROLE_ENVFILE,
		text_format(m->arena, "%.*s%ss3.%.*s.%.*s", TEXT(dotted ? T("") : bucket),
			dotted ? "" : ".", TEXT(region), TEXT(partition->suffix)),
		region);
}

static void add_needs(struct making *m, const struct task *task)
{
	m->plan.task = task;
	m->plan.need_endpoints = arena_new(m->arena, size_t, task->need_count);
	for (size_t i = 0; i < task->need_count; i++) {
		const struct task_need *need = &task->needs[i];
		struct text region = need->region;
		/* what the file does not say is where the task is: most likely where its image is
		 */
		if (region.len == 0 && need->role != ROLE_LOGS)
			region = task->region.len ? task->region : m->target->region;
		m->plan.need_endpoints[i] = need->role == ROLE_ENVFILE
			? add_files(m, need->bucket, region)
			: add_also(m, need->role, region);
	}
}

struct plan plan_make(
	struct arena *arena, const struct target *target, const struct plan_options *options)
{
	struct making m = {
		.arena = arena,
		.target = target,
		.fips = options->fips || target->fips,
		.dualstack = options->dualstack || target->dualstack,
		.plan.endpoints = arena_new(arena, struct endpoint,
			ROLE_COUNT + (options->task ? options->task->need_count : 0)),
	};
	if (target->kind == REGISTRY_ECR) {
		add_api(&m, options);
		add_registry(&m);
		add_bucket(&m);
	} else {
		add_token_service(&m);
		add_registry(&m);
	}
	for (size_t i = 0; i < options->also_count; i++)
		add_also(&m, options->also[i], target->region);
	if (options->task)
		add_needs(&m, options->task);
	return m.plan;
}

const struct endpoint *plan_endpoint(const struct plan *plan, enum role role)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->endpoints[i].role == role)
			return &plan->endpoints[i];
	return NULL;
}
