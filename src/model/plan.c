/* Which endpoints the pull will use; their names are rows of hosts.c. */
#include "model/plan.h"
#include "model/hosts.h"

enum { HTTPS = 443 };

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
	struct text authority = text_skip(url, 8);
	if (text_ends(authority, T("/")))
		authority = text_head(authority, authority.len - 1);
	return authority_parse(authority, host, port);
}

static struct host_wish wish_of(const struct making *m, enum role role)
{
	return (struct host_wish){
		.partition = m->target->partition,
		.region = m->target->region,
		.account = m->target->account,
		.role = role,
		.fips = m->fips,
		.dualstack = m->dualstack,
	};
}

static void add_api(struct making *m, const struct plan_options *options)
{
	struct host_wish wish = wish_of(m, ROLE_API);
	struct text host;
	uint16_t port = 0;
	if (endpoint_url_parse(options->api_endpoint, &host, &port)) {
		add(m, ROLE_API, host, port);
		return;
	}
	add(m, ROLE_API, host_name(m->arena, &wish), HTTPS);
	m->plan.endpoints[m->plan.count - 1].other_host = host_name_again(m->arena, &wish);
}

static void add_registry(struct making *m)
{
	struct text host = m->target->host;
	uint16_t port = 0;
	authority_parse(m->target->host, &host, &port);
	add(m, ROLE_DKR, host, port);
}

/* The registry signs the bucket's URL, so its own spelling counts, not what the SDK is told. */
static void add_bucket(struct making *m)
{
	struct host_wish wish = wish_of(m, ROLE_S3);
	wish.fips = m->target->fips;
	wish.dualstack = m->target->dualstack;
	struct text host = host_name(m->arena, &wish);
	m->plan.bucket = text_head(host, text_find(host, T(".s3.")));
	add(m, ROLE_S3, host, HTTPS);
}

/* the token service, where it is known before the registry has named it */
static void add_token_service(struct making *m)
{
	if (m->target->kind == REGISTRY_ECR_PUBLIC)
		add(m, ROLE_API, m->target->host, HTTPS);
	else if (text_equal(m->target->host, T("registry-1.docker.io")))
		add(m, ROLE_API, T("auth.docker.io"), HTTPS);
}

static void add_also(struct making *m, enum role role)
{
	struct host_wish wish = wish_of(m, role);
	if (m->target->partition && !plan_endpoint(&m->plan, role))
		add(m, role, host_name(m->arena, &wish), HTTPS);
}

struct plan plan_make(
	struct arena *arena, const struct target *target, const struct plan_options *options)
{
	struct making m = {
		.arena = arena,
		.target = target,
		.fips = options->fips || target->fips,
		.dualstack = options->dualstack || target->dualstack,
		.plan.endpoints = arena_new(arena, struct endpoint, ROLE_COUNT),
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
		add_also(&m, options->also[i]);
	return m.plan;
}

const struct endpoint *plan_endpoint(const struct plan *plan, enum role role)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->endpoints[i].role == role)
			return &plan->endpoints[i];
	return NULL;
}
