/* Which endpoints the pull will use; their names are rows of hosts.c. */
#include "model/plan.h"
#include "model/hosts.h"
#include "model/registry.h"
#include "model/url.h"

enum { HTTPS = 443 };

/* where the plan is made */
struct planner {
	struct arena *arena;
	const struct target *target;
	struct host_parts parts; /* of the target's Region, for every endpoint */
	struct plan plan;
};

static struct endpoint *add_endpoint(
	struct planner *p, enum endpoint_kind kind, struct text host, uint16_t port)
{
	struct endpoint *endpoint = &p->plan.endpoints[p->plan.count++];
	*endpoint = (struct endpoint){
		.kind = kind,
		.host = host,
		.port = port ? port : HTTPS,
		.foreseen = kind == ENDPOINT_S3,
	};
	return endpoint;
}

bool endpoint_url_parse(struct text url, struct text *host, uint16_t *port)
{
	if (!text_starts(url, T("https://")))
		return false;
	struct text authority = text_skip(url, 8);
	if (text_ends(authority, T("/")))
		authority = text_head(authority, authority.len - 1);
	return authority_parse(authority, host, port);
}

static void add_registry(struct planner *p)
{
	struct text host = p->target->host;
	uint16_t port = 0;
	authority_parse(p->target->host, &host, &port);
	add_endpoint(p, ENDPOINT_DKR, host, port);
}

static void add_ecr(struct planner *p, const struct plan_options *options)
{
	struct host_parts parts = p->parts;
	struct host_parts other = parts;
	struct text host;
	uint16_t port = 0;
	parts.endpoint = other.endpoint = ENDPOINT_API;
	other.retry = true;
	if (endpoint_url_parse(options->api_endpoint, &host, &port))
		add_endpoint(p, ENDPOINT_API, host, port);
	else
		add_endpoint(p, ENDPOINT_API, host_name(p->arena, &parts), HTTPS)
			->other_host = host_name(p->arena, &other);
	add_registry(p);
	/* the registry signs the bucket's URL, so its own spelling counts, not what the SDK is told
	 */
	parts.endpoint = ENDPOINT_S3;
	parts.fips = p->target->fips;
	parts.dualstack = p->target->dualstack;
	host = host_name(p->arena, &parts);
	p->plan.bucket = text_head(host, text_find(host, T(".s3.")));
	add_endpoint(p, ENDPOINT_S3, host, HTTPS);
}

/* The token service and the blob host are foreseen where the registry is well known; a token
 * service on the registry's own host is no endpoint of its own. */
static void add_other_registry(struct planner *p)
{
	const struct registry *known = registry_known(p->target->host);
	struct url realm;
	if (known && url_parse(known->realm, &realm) && !text_equal(realm.host, known->host))
		add_endpoint(p, ENDPOINT_API, realm.host, realm.port);
	add_registry(p);
	if (known)
		add_endpoint(p, ENDPOINT_S3, known->blob_host, HTTPS);
}

/* The index of a service's endpoint, which is made where it is new. `bucket` is of ENVFILE.
 * SIZE_MAX: it has no Region. */
static size_t add_service(
	struct planner *p, enum endpoint_kind kind, struct text bucket, struct text region)
{
	struct host_parts parts = p->parts;
	size_t at = 0;
	parts.endpoint = kind;
	parts.partition = partition_of_region(region);
	parts.region = region;
	if (!parts.partition)
		return SIZE_MAX;
	struct text host = host_name(p->arena, &parts);
	/* a bucket with a dot has no certificate of its own:
	 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
	if (kind == ENDPOINT_ENVFILE) {
		bool dotted = text_holds(bucket, T("."));
		host = text_format(p->arena, "%.*s%ss3.%.*s.%.*s", TEXT(dotted ? T("") : bucket),
			dotted ? "" : ".", TEXT(region), TEXT(parts.partition->suffix));
	}
	while (at < p->plan.count &&
		(p->plan.endpoints[at].kind != kind ||
			!text_equal(p->plan.endpoints[at].host, host)))
		at++;
	if (at == p->plan.count)
		add_endpoint(p, kind, host, HTTPS)->region = region;
	return at;
}

static void add_needs(struct planner *p, const struct task *task)
{
	p->plan.task = task;
	p->plan.need_endpoints = arena_new(p->arena, size_t, task->need_count);
	for (size_t i = 0; i < task->need_count; i++) {
		const struct task_need *need = &task->needs[i];
		struct text region = need->region;
		/* what the file does not say is where the task is: probably where its image is */
		if (region.len == 0 && need->endpoint != ENDPOINT_LOGS)
			region = task->region.len ? task->region : p->target->region;
		p->plan.need_endpoints[i] = add_service(p, need->endpoint, need->bucket, region);
	}
}

struct plan plan_make(
	struct arena *arena, const struct target *target, const struct plan_options *options)
{
	struct text server;
	uint16_t port = 0;
	struct planner p = {
		.arena = arena,
		.target = target,
		.parts = {.partition = target->partition,
			.region = target->region,
			.account = target->account,
			.fips = options->fips || target->fips,
			.dualstack = options->dualstack || target->dualstack},
		.plan.endpoints = arena_new(arena, struct endpoint,
			ENDPOINT_COUNT + (options->task ? options->task->need_count : 0)),
	};
	if (target->kind == REGISTRY_ECR)
		add_ecr(&p, options);
	else
		add_other_registry(&p);
	for (size_t i = 0; i < options->also_count; i++)
		add_service(&p, options->also[i], T(""), target->region);
	if (endpoint_url_parse(options->cluster, &server, &port))
		add_endpoint(&p, ENDPOINT_CLUSTER, server, port);
	if (options->task)
		add_needs(&p, options->task);
	return p.plan;
}

const struct endpoint *plan_endpoint(const struct plan *plan, enum endpoint_kind kind)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->endpoints[i].kind == kind)
			return &plan->endpoints[i];
	return NULL;
}
