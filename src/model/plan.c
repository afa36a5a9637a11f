/* Which endpoints the pull will use; their names are rows of hosts.c. */
#include "model/plan.h"
#include "model/hosts.h"
#include "model/registry.h"
#include "model/url.h"

enum { HTTPS = 443 };

/* where the plan is made */
struct making {
	struct arena *arena;
	const struct target *target;
	bool fips;
	bool dualstack;
	struct plan plan;
};

static void add(struct making *m, enum endpoint_kind kind, struct text host, uint16_t port)
{
	m->plan.endpoints[m->plan.count++] = (struct endpoint){
		.kind = kind,
		.host = host,
		.port = port ? port : HTTPS,
		.foreseen = kind == ENDPOINT_S3,
	};
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

static struct host_wish wish_of(const struct making *m, enum endpoint_kind kind)
{
	return (struct host_wish){
		.partition = m->target->partition,
		.region = m->target->region,
		.account = m->target->account,
		.endpoint = kind,
		.fips = m->fips,
		.dualstack = m->dualstack,
	};
}

static void add_api(struct making *m, const struct plan_options *options)
{
	struct host_wish wish = wish_of(m, ENDPOINT_API);
	struct text host;
	uint16_t port = 0;
	if (endpoint_url_parse(options->api_endpoint, &host, &port)) {
		add(m, ENDPOINT_API, host, port);
		return;
	}
	add(m, ENDPOINT_API, host_name(m->arena, &wish), HTTPS);
	m->plan.endpoints[m->plan.count - 1].other_host = host_name_repeated(m->arena, &wish);
}

static void add_registry(struct making *m)
{
	struct text host = m->target->host;
	uint16_t port = 0;
	authority_parse(m->target->host, &host, &port);
	add(m, ENDPOINT_DKR, host, port);
}

/* The registry signs the bucket's URL, so its own spelling counts, not what the SDK is told. */
static void add_bucket(struct making *m)
{
	struct host_wish wish = wish_of(m, ENDPOINT_S3);
	wish.fips = m->target->fips;
	wish.dualstack = m->target->dualstack;
	struct text host = host_name(m->arena, &wish);
	m->plan.bucket = text_head(host, text_find(host, T(".s3.")));
	add(m, ENDPOINT_S3, host, HTTPS);
}

/* The token service and the blob host are foreseen where the registry is well known; a token
 * service on the registry's own host is no endpoint of its own. */
static void add_other_registry(struct making *m)
{
	const struct registry *known = registry_known(m->target->host);
	struct url realm;
	if (known && url_parse(known->realm, &realm) && !text_equal(realm.host, known->host))
		add(m, ENDPOINT_API, realm.host, realm.port);
	add_registry(m);
	if (known)
		add(m, ENDPOINT_S3, known->blob_host, HTTPS);
}

/* the index of a service's endpoint, which is made where it is new */
static size_t place(struct making *m, enum endpoint_kind kind, struct text host, struct text region)
{
	size_t at = 0;
	while (at < m->plan.count &&
		(m->plan.endpoints[at].kind != kind ||
			!text_equal(m->plan.endpoints[at].host, host)))
		at++;
	if (at == m->plan.count) {
		add(m, kind, host, HTTPS);
		m->plan.endpoints[at].region = region;
	}
	return at;
}

static size_t add_also(struct making *m, enum endpoint_kind kind, struct text region)
{
	struct host_wish wish = wish_of(m, kind);
	wish.partition = partition_of_region(region);
	wish.region = region;
	if (!wish.partition)
		return SIZE_MAX;
	return place(m, kind, host_name(m->arena, &wish), region);
}

/* A bucket with a dot has no certificate of its own:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
static size_t add_files(struct making *m, struct text bucket, struct text region)
{
	const struct partition *partition = partition_of_region(region);
	bool dotted = text_holds(bucket, T("."));
	if (!partition)
		return SIZE_MAX;
	return place(m, ENDPOINT_ENVFILE,
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
		if (region.len == 0 && need->endpoint != ENDPOINT_LOGS)
			region = task->region.len ? task->region : m->target->region;
		m->plan.need_endpoints[i] = need->endpoint == ENDPOINT_ENVFILE
			? add_files(m, need->bucket, region)
			: add_also(m, need->endpoint, region);
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
			ENDPOINT_COUNT + (options->task ? options->task->need_count : 0)),
	};
	if (target->kind == REGISTRY_ECR) {
		add_api(&m, options);
		add_registry(&m);
		add_bucket(&m);
	} else {
		add_other_registry(&m);
	}
	for (size_t i = 0; i < options->also_count; i++)
		add_also(&m, options->also[i], target->region);
	if (options->task)
		add_needs(&m, options->task);
	return m.plan;
}

const struct endpoint *plan_endpoint(const struct plan *plan, enum endpoint_kind kind)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->endpoints[i].kind == kind)
			return &plan->endpoints[i];
	return NULL;
}
