/* Where the probe stands: what the machine knows, before any packet is sent. */
#include "walk/stages.h"

enum { DNS_PORT = 53 };

static struct text network_text(struct arena *arena, const struct network *network)
{
	struct network masked = *network;
	for (unsigned bit = network->bits; bit < (network->address.family == 6 ? 128u : 32u); bit++)
		masked.address.bytes[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
	struct text address = address_text(arena, &masked.address);
	return text_format(arena, "%.*s/%u", TEXT(address), (unsigned)network->bits);
}

static void take_networks(struct probe *probe)
{
	struct vantage *vantage = &probe->evidence->vantage;
	const struct host_info *here = probe->host_info;
	for (size_t i = 0; i < here->addresses.count; i++) {
		bool six = here->addresses.at[i].family == 6;
		struct text *cidr = six ? &vantage->subnet_cidr6 : &vantage->subnet_cidr;
		texts_add(probe->arena, &vantage->addresses,
			address_text(probe->arena, &here->addresses.at[i]));
		if (cidr->len == 0)
			*cidr = network_text(probe->arena, &here->networks[i]);
	}
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

void vantage_look(struct probe *probe)
{
	struct vantage *vantage = &probe->evidence->vantage;
	const struct walk_options *options = probe->options;
	probe->host_info = options->host_info;
	probe->resolvers = options->resolvers.count ? options->resolvers
						    : probe->host_info->resolvers;
	for (size_t i = 0; i < probe->resolvers.count; i++)
		if (probe->resolvers.at[i].port == 0)
			probe->resolvers.at[i].port = DNS_PORT;
	take_networks(probe);
	for (size_t i = 0; i < probe->resolvers.count; i++)
		texts_add(probe->arena, &vantage->resolvers,
			address_text(probe->arena, &probe->resolvers.at[i]));
	vantage->mtu = probe->host_info->mtu;
	vantage->clock_error_ms = -1;
	vantage->launch_type = launch_type(&options->environment);
	vantage->label = options->label.len ? options->label : probe->host_info->host_name;
}
