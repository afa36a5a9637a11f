/* Of a whole VPC, what decides in one of its subnets: a report of each of hundreds would be large.
 */
#include "cloud/subject.h"
#include <string.h>

static bool holds_any(const struct texts *ids, const struct texts *of)
{
	for (size_t i = 0; i < of->count; i++)
		if (texts_hold(*ids, of->at[i]))
			return true;
	return false;
}

static bool keeps_subnet(const void *element, const struct texts *ids)
{
	return texts_hold(*ids, ((const struct vpc_subnet *)element)->id);
}

static bool keeps_table(const void *element, const struct texts *ids)
{
	const struct vpc_route_table *table = element;
	return table->main || holds_any(ids, &table->subnets);
}

static bool keeps_acl(const void *element, const struct texts *ids)
{
	return holds_any(ids, &((const struct vpc_network_acl *)element)->subnets);
}

/* all but the calls about other subnets */
static bool keeps_call(const void *element, const struct texts *ids)
{
	const struct vpc_call *call = element;
	return !text_starts(call->about, T("subnet-")) || texts_hold(*ids, call->about);
}

static void keep(struct arena *arena, struct vpc_list *list, size_t size,
	bool (*keeps)(const void *, const struct texts *), const struct texts *ids)
{
	struct vpc_list kept = {0};
	for (size_t i = 0; i < list->count; i++) {
		const char *element = (const char *)list->at + i * size;
		if (keeps(element, ids))
			memcpy(vpc_add(arena, &kept, size), element, size);
	}
	*list = kept;
}

/* the subnet's own, and those of what it may use */
static struct texts used_subnets(
	struct arena *arena, const struct vpc_configuration *whole, struct text subnet)
{
	const struct vpc_endpoint *endpoints = whole->endpoints.at;
	const struct vpc_nat_gateway *nats = whole->nat_gateways.at;
	struct texts ids = one_text(arena, subnet);
	for (size_t i = 0; i < whole->endpoints.count; i++)
		for (size_t k = 0; k < endpoints[i].subnets.count; k++)
			texts_add_once(arena, &ids, endpoints[i].subnets.at[k]);
	for (size_t i = 0; i < whole->nat_gateways.count; i++)
		texts_add_once(arena, &ids, nats[i].subnet);
	return ids;
}

struct vpc_configuration configuration_of(struct arena *arena,
	const struct vpc_configuration *whole, const struct subject *subject, size_t image,
	struct text subnet)
{
	struct vpc_configuration part = *whole;
	const struct vpc_configuration *registry = subject->registries[image];
	struct texts ids = used_subnets(arena, whole, subnet);
	part.subject.image = subject->images.at[image];
	if (!subject->platform_is_known)
		part.subject.platform = T("");
	if (registry) {
		part.repositories = registry->repositories;
		part.images = registry->images;
		part.cache_rules = registry->cache_rules;
		part.registry_policy = registry->registry_policy;
	}
	part.subject.subnets = one_text(arena, subnet);
	keep(arena, &part.calls, sizeof(struct vpc_call), keeps_call, &ids);
	for (size_t i = 0; registry && i < registry->calls.count; i++)
		*(struct vpc_call *)vpc_add(arena, &part.calls,
			sizeof(struct vpc_call)) = ((const struct vpc_call *)registry->calls.at)[i];
	keep(arena, &part.subnets, sizeof(struct vpc_subnet), keeps_subnet, &ids);
	keep(arena, &part.route_tables, sizeof(struct vpc_route_table), keeps_table, &ids);
	keep(arena, &part.network_acls, sizeof(struct vpc_network_acl), keeps_acl, &ids);
	return part;
}
