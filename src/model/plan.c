/* Which endpoints the pull will use. The names are botocore's endpoint rule sets, and of the layer
 * bucket https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
#include "model/plan.h"
#include "model/registry.h"
#include "model/url.h"

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

/* The token service and the blob host are foreseen where the registry is well known; a token
 * service on the registry's own host is no endpoint of its own. */
static void add_other_registry(struct making *m)
{
	const struct registry *known = registry_known(m->target->host);
	struct url realm;
	if (known && url_parse(known->realm, &realm) && !text_equal(realm.host, known->host))
		add(m, ROLE_API, realm.host, realm.port);
	add_registry(m);
	if (known)
		add(m, ROLE_S3, known->blob_host, HTTPS);
}

static void add_service(struct making *m, const struct service *service)
{
	const struct partition *partition = m->target->partition;
	bool in_gov = text_equal(partition->name, T("aws-us-gov"));
	bool fips = m->fips && service->fips && !(in_gov && service->fips_is_plain_in_gov);
	bool dualstack = m->dualstack && service->dualstack;
	struct text suffix = dualstack ? partition->dualstack_suffix : partition->suffix;
	add(m, service->role,
		text_format(m->arena, "%s%s.%.*s.%.*s", service->name, fips ? "-fips" : "",
			TEXT(m->target->region), TEXT(suffix)),
		HTTPS);
}

static void add_also(struct making *m, enum role role)
{
	if (!m->target->partition || plan_endpoint(&m->plan, role))
		return;
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (services[i].role == role)
			add_service(m, &services[i]);
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
		add_other_registry(&m);
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
