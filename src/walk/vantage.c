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

static void take_networks(struct journey *journey)
{
	struct vantage *vantage = &journey->evidence->vantage;
	const struct surroundings *here = journey->surroundings;
	for (size_t i = 0; i < here->addresses.count; i++) {
		bool six = here->addresses.at[i].family == 6;
		struct text *cidr = six ? &vantage->subnet_cidr6 : &vantage->subnet_cidr;
		texts_add(journey->arena, &vantage->addresses,
			address_text(journey->arena, &here->addresses.at[i]));
		if (cidr->len == 0)
			*cidr = network_text(journey->arena, &here->networks[i]);
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

void vantage_look(struct journey *journey)
{
	struct vantage *vantage = &journey->evidence->vantage;
	const struct walk_options *options = journey->options;
	journey->surroundings = options->surroundings;
	journey->resolvers = options->resolvers.count ? options->resolvers
						      : journey->surroundings->resolvers;
	for (size_t i = 0; i < journey->resolvers.count; i++)
		if (journey->resolvers.at[i].port == 0)
			journey->resolvers.at[i].port = DNS_PORT;
	take_networks(journey);
	for (size_t i = 0; i < journey->resolvers.count; i++)
		texts_add(journey->arena, &vantage->resolvers,
			address_text(journey->arena, &journey->resolvers.at[i]));
	vantage->mtu = journey->surroundings->mtu;
	vantage->clock_error_ms = -1;
	vantage->launch_type = launch_type(&options->environment);
	vantage->label = options->label.len ? options->label : journey->surroundings->host_name;
}
