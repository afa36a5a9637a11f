/* How a probe run begins, and where: what the machine knows before any packet is sent, and what the
 * task's metadata adds. */
#include "walk/stages.h"

enum { DNS_PORT = 53, METADATA_MAX = 1024 * 1024 };

static struct text network_text(struct arena *arena, const struct network *network)
{
	struct network masked = *network;
	for (unsigned bit = network->bits; bit < (network->address.family == 6 ? 128u : 32u); bit++)
		masked.address.bytes[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
	struct text address = address_text(arena, &masked.address);
	return text_format(arena, "%.*s/%u", TEXT(address), (unsigned)network->bits);
}

static struct text launch_type(const struct environment *environment)
{
	struct text executes = environment_get(environment, T("AWS_EXECUTION_ENV"));
	if (environment_get(environment, T("AWS_LAMBDA_FUNCTION_NAME")).len)
		return T("LAMBDA");
	if (text_equal(executes, T("AWS_ECS_FARGATE")))
		return T("FARGATE");
	return text_equal(executes, T("AWS_ECS_EC2")) ? T("EC2") : T("");
}

void probe_begin(struct probe *probe, struct arena *arena, struct net *net,
	const struct target *target, const struct plan *plan, const struct walk_options *options,
	struct evidence *evidence, size_t more_states)
{
	struct vantage *vantage = &evidence->vantage;
	*probe = (struct probe){
		.arena = arena,
		.net = net,
		.target = target,
		.plan = plan,
		.options = options,
		.evidence = evidence,
		.started_us = clock_us(),
		.host_info = options->host_info,
		.resolvers = options->resolvers.count ? options->resolvers
						      : options->host_info->resolvers,
		.states = arena_new(arena, struct endpoint_state, plan->count + more_states),
		.state_count = plan->count,
		.wake_us = INT64_MAX,
	};
	probe->last_activity = &probe->activities;
	probe->end_us = probe->started_us + options->deadline_us;
	for (size_t i = 0; i < plan->count; i++)
		probe->states[i].endpoint = plan->endpoints[i];

	for (size_t i = 0; i < probe->resolvers.count; i++)
		if (probe->resolvers.at[i].port == 0)
			probe->resolvers.at[i].port = DNS_PORT;
	for (size_t i = 0; i < probe->host_info->addresses.count; i++) {
		const struct network *network = &probe->host_info->networks[i];
		bool six = network->address.family == 6;
		struct text *cidr = six ? &vantage->subnet_cidr6 : &vantage->subnet_cidr;
		if (cidr->len == 0)
			*cidr = network_text(probe->arena, network);
	}
	vantage->addresses = address_texts(probe->arena, &probe->host_info->addresses);
	vantage->resolvers = address_texts(probe->arena, &probe->resolvers);
	vantage->mtu = probe->host_info->mtu;
	vantage->clock_error_ms = -1;
	vantage->launch_type = launch_type(&options->environment);
	vantage->label = options->label.len ? options->label : probe->host_info->host_name;
}

/* the task's metadata: an activity */
struct task_look {
	struct activity activity;
	struct exchange exchange;
};

static bool take_task(struct probe *probe, struct activity *activity)
{
	const struct exchange *answer = &((struct task_look *)activity)->exchange;
	struct vantage *vantage = &probe->evidence->vantage;
	struct task_metadata metadata;
	if (answer->pending)
		return false;
	if (answer->symptom != SYMPTOM_NONE || answer->status != 200 ||
		!task_metadata_parse(probe->arena, answer->kept, &metadata))
		return true;
	vantage->task_arn = metadata.task_arn;
	vantage->availability_zone = metadata.availability_zone;
	vantage->clock_error_ms = metadata.clock_error_ms;
	vantage->clock_status = metadata.clock_status;
	if (metadata.launch_type.len)
		vantage->launch_type = metadata.launch_type;
	if (metadata.subnet_cidr.len)
		vantage->subnet_cidr = metadata.subnet_cidr;
	if (metadata.subnet_cidr6.len)
		vantage->subnet_cidr6 = metadata.subnet_cidr6;
	if (probe->options->label.len == 0 && metadata.availability_zone.len)
		vantage->label = text_format(probe->arena, "%.*s %.*s",
			TEXT(metadata.availability_zone), TEXT(metadata.subnet_cidr));
	return true;
}

/* The ECS agent's task metadata, version 4, asked only where the agent really is.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html */
void task_begin(struct probe *probe)
{
	struct text base = environment_get(
		&probe->options->environment, T("ECS_CONTAINER_METADATA_URI_V4"));
	struct task_look *look = arena_new(probe->arena, struct task_look, 1);
	struct address *agent = &look->exchange.address;
	struct url url;
	if (!url_parse(base, &url) || !text_equal(url.host, T("169.254.170.2")) ||
		!address_parse(url.host, agent))
		return;
	agent->port = url.port;
	look->exchange.url = text_format(probe->arena, "%.*s/task", TEXT(base));
	look->exchange.body_keep = look->exchange.body_max = METADATA_MAX;
	look->activity.advance = take_task;
	request_begin(probe, &look->exchange);
	activity_begin(probe, &look->activity);
}
