/* The chain of each subnet and endpoint. Where it is not certain to where a name leads, each way is
 * judged, and the one that blocks least counts: a finding needs that no way is open. */
#include "diagnose/configuration_parts.h"
#include "model/plan.h"

/* where packets go */

static bool is_inside(const struct judge *judge, const struct address *address)
{
	struct ranges own = {0};
	if (judge->vpc) {
		ranges_add_texts(judge->arena, &own, judge->vpc->cidrs);
		ranges_add_texts(judge->arena, &own, judge->vpc->cidrs6);
	}
	for (size_t i = 0; i < own.count; i++)
		if (address_within(address, &own.at[i]))
			return true;
	return false;
}

/* the interface endpoint that has an address */
static const struct vpc_endpoint *endpoint_at(
	const struct judge *judge, const struct address *address)
{
	const struct vpc_endpoint *endpoints = judge->configuration->endpoints.at;
	const struct vpc_interface *interfaces = judge->configuration->interfaces.at;
	struct address own;
	for (size_t i = 0; i < judge->configuration->interfaces.count; i++)
		for (size_t a = 0; a < interfaces[i].addresses.count; a++)
			for (size_t e = 0; e < judge->configuration->endpoints.count &&
				address_parse(interfaces[i].addresses.at[a], &own) &&
				address_equal(&own, address);
				e++)
				if (texts_hold(endpoints[e].interfaces, interfaces[i].id))
					return &endpoints[e];
	return NULL;
}

/* of a family that the subnet has, and of that of those before */
static void add_walked(struct judge *judge, struct ranges *to, struct address address)
{
	bool has = address.family == 4 ? judge->subnet->cidr.len : judge->subnet->cidrs6.count;
	if (!has || (to->count && to->at[0].address.family != address.family))
		return;
	address.port = 0;
	ranges_add(judge->arena, to, (struct network){address, address.family == 6 ? 128 : 32});
}

/* The addresses that the walk saw: those that failed, else those that the name has. Of one family:
 * the first one's. */
static struct ranges walked(struct judge *judge, const struct way *way)
{
	struct ranges to = {.known = true};
	struct address address;
	for (int pass = 0; pass < 2 && !to.count; pass++)
		for (size_t i = 0; i < judge->evidence->count; i++) {
			const struct step *step = &judge->evidence->steps[i];
			struct texts seen = seen_list(step, FACT_ADDRESSES);
			bool about = step->endpoint == way->endpoint &&
				step->experiment == EXPERIMENT_NONE &&
				text_same(step->host, way->host);
			bool failed = step->stage == STAGE_TCP && step->outcome == OUTCOME_FAILED;
			if (about && pass == 0 && failed && address_parse(step->peer, &address))
				add_walked(judge, &to, address);
			for (size_t a = 0; about && pass == 1 && a < seen.count; a++)
				if (address_parse(seen.at[a], &address))
					add_walked(judge, &to, address);
		}
	return to;
}

/* the interfaces of an endpoint, or where they were not read the subnets that it is in */
static struct ranges interfaces_of(
	struct judge *judge, const struct vpc_endpoint *endpoint, uint8_t family)
{
	const struct vpc_configuration *configuration = judge->configuration;
	struct texts addresses = {0};
	struct texts ranges = {0};
	for (size_t i = 0; i < endpoint->interfaces.count; i++) {
		const struct vpc_interface *interface = VPC_FIND(
			configuration->interfaces, vpc_interface, endpoint->interfaces.at[i]);
		for (size_t a = 0; interface && a < interface->addresses.count; a++)
			texts_add(judge->arena, &addresses, interface->addresses.at[a]);
	}
	for (size_t i = 0; i < endpoint->subnets.count; i++) {
		const struct vpc_subnet *subnet = VPC_FIND(
			configuration->subnets, vpc_subnet, endpoint->subnets.at[i]);
		if (subnet)
			texts_add(judge->arena, &ranges, subnet->cidr);
		for (size_t c = 0; subnet && c < subnet->cidrs6.count; c++)
			texts_add(judge->arena, &ranges, subnet->cidrs6.at[c]);
	}
	return addresses.count ? judge_ranges(judge, addresses, family, true)
			       : judge_ranges(judge, ranges, family, false);
}

/* Public addresses: of S3 those of its prefix list; a host with IPv4 alone is reached from IPv6
 * through a NAT64 (RFC 6052). */
static struct ranges public_of(struct judge *judge, const struct way *way)
{
	const struct vpc_prefix_list *lists = judge->configuration->prefix_lists.at;
	struct text name = text_format(judge->arena, "com.amazonaws%.*s", TEXT(way->service));
	struct texts nat64 = {0};
	if (way->family == 6 && !judge->target->dualstack) {
		texts_add(judge->arena, &nat64, T("64:ff9b::/96"));
		return judge_ranges(judge, nat64, 6, false);
	}
	for (size_t i = 0; i < judge->configuration->prefix_lists.count; i++) {
		struct ranges ranges = judge_ranges(judge, lists[i].entries, way->family, true);
		if (way->is_s3 && text_equal(lists[i].name, name) && ranges.count)
			return ranges;
	}
	return ranges_public(judge->arena, way->family, judge->vpc);
}

static struct ranges private_of(struct judge *judge, uint8_t family)
{
	struct texts all = {0};
	static const char *const private[] = {
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"};
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		texts_add(judge->arena, &all, text_of(private[i]));
	struct ranges ranges = judge_ranges(judge, all, family, false);
	ranges.outside = judge->vpc;
	return ranges;
}

/* ways */

static void add_way(struct judge *judge, struct ways *ways, struct way way)
{
	const struct vpc_endpoint *endpoints = judge->configuration->endpoints.at;
	if (way.kind == WAY_INTERFACE && !way.to.count)
		way.to = interfaces_of(judge, way.through, way.family);
	else if (way.kind == WAY_PUBLIC && !way.to.count)
		way.to = public_of(judge, &way);
	else if (way.kind == WAY_ELSEWHERE && !way.to.count)
		way.to = private_of(judge, way.family);
	for (size_t i = 0; way.kind == WAY_PUBLIC && i < judge->configuration->endpoints.count; i++)
		if (judge_serves(&way, &endpoints[i], T("Gateway")) &&
			text_equal(endpoints[i].vpc, judge->subnet->vpc))
			way.through = &endpoints[i];
	if (ways->count < WAYS_MAX)
		ways->at[ways->count++] = way;
}

/* the one way that the walk went */
static void add_walked_way(
	struct judge *judge, struct ways *ways, struct way way, const struct naming *naming)
{
	const struct address *address = &way.to.at[0].address;
	way.through = endpoint_at(judge, address);
	way.kind = way.through ? WAY_INTERFACE : WAY_PUBLIC;
	if (!way.through && is_inside(judge, address)) {
		/* an interface that was not read */
		way.through = naming->usable ? naming->usable : naming->unusable;
		way.kind = way.through && !way.through->interfaces.count ? WAY_INTERFACE
									 : WAY_ELSEWHERE;
	} else if (!way.through && address_is_private(address)) {
		way.kind = WAY_ELSEWHERE;
	}
	add_way(judge, ways, way);
}

static void add_likely_ways(
	struct judge *judge, struct ways *ways, struct way way, const struct naming *naming)
{
	bool zones = !vpc_was_read(judge->configuration, VPC_HOSTED_ZONES, judge->subnet->vpc);
	way.kind = WAY_INTERFACE;
	way.through = naming->usable ? naming->usable : naming->unusable;
	if (way.through && (naming->usable || naming->uncertain))
		add_way(judge, ways, way);
	way.through = NULL;
	way.kind = WAY_PUBLIC;
	if (!naming->usable || naming->uncertain)
		add_way(judge, ways, way);
	if (!naming->usable && judge->target->dualstack && way.family == 4 &&
		judge->subnet->cidrs6.count) {
		struct way six = way;
		six.family = 6;
		six.from = judge_ranges(judge, judge->subnet->cidrs6, 6, false);
		add_way(judge, ways, six);
	}
	way.kind = WAY_ELSEWHERE;
	if (!naming->uncertain && (!zones || naming->usable))
		return;
	add_way(judge, ways, way);
	/* or to a proxy in the VPC, unless a route that leads nowhere shows where it was */
	const struct vpc_route_table *table = judge_table(judge, judge->subnet);
	for (size_t i = 0; table && i < table->routes.count; i++)
		if (text_same(
			    ((const struct vpc_route *)table->routes.at)[i].state, T("blackhole")))
			return;
	way.to = judge_ranges(
		judge, way.family == 4 ? judge->vpc->cidrs : judge->vpc->cidrs6, way.family, false);
	if (way.to.count)
		add_way(judge, ways, way);
}

/* On EC2 the instance pulls, by a network of its own that no service or task tells of:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html */
static void judge_puller(struct judge *judge)
{
	struct text type = judge->configuration->subject.launch_type;
	struct chain *chain = judge->chain;
	if (!type.len || text_same(type, T("FARGATE")) || text_same(type, T("LAMBDA")) ||
		judge->evidence->count || !endpoint_is_of_pull(chain->endpoint))
		return;
	for (size_t i = 0; i < chain->count; i++)
		if (chain->links[i].stage <= STAGE_HTTP && chain->links[i].effect >= EFFECT_PARTLY)
			chain->links[i].effect = EFFECT_UNDECIDED;
	judge_link(judge,
		(struct link){.stage = STAGE_DNS, .what = "launch type", .effect = EFFECT_BEYOND},
		"Of launch type %.*s the container instance pulls, perhaps from another subnet and "
		"with other groups",
		TEXT(type));
}

static void judge_endpoint(struct judge *judge, const struct endpoint *endpoint)
{
	struct arena *arena = judge->arena;
	bool ecr = judge->target->kind == REGISTRY_ECR || !endpoint_is_of_pull(endpoint->kind);
	struct text region = endpoint->region.len ? endpoint->region : judge->target->region;
	bool is_file = endpoint->kind == ENDPOINT_ENVFILE;
	struct text name = is_file ? T("s3") : endpoint_kind_name(endpoint->kind);
	bool is_registry = endpoint->kind == ENDPOINT_API || endpoint->kind == ENDPOINT_DKR;
	struct way way = {
		.endpoint = endpoint->kind,
		.host = endpoint->host,
		.port = endpoint->port,
		.family = judge->subnet->cidr.len && !judge->subnet->ipv6_native ? 4 : 6,
	};
	way.is_s3 = ecr && (is_file || endpoint->kind == ENDPOINT_S3);
	if (ecr)
		way.service = text_format(
			arena, ".%.*s%s.%.*s", TEXT(region), is_registry ? ".ecr" : "", TEXT(name));
	struct naming naming = judge_names(judge, &way);
	way.unused = naming.unused;
	way.unused_id = naming.unused_id;
	way.unused_fix = naming.unused_fix;
	struct texts own = judge->subnet->cidrs6;
	if (way.family == 4)
		own = (struct texts){(struct text *)&judge->subnet->cidr, 1};
	way.to = walked(judge, &way);
	if (way.to.count && way.to.at[0].address.family != way.family) {
		way.family = way.to.at[0].address.family;
		own = judge->subnet->cidrs6;
	}
	way.from = judge_ranges(judge, own, way.family, false);
	struct ways ways = {0};
	if (way.to.count)
		add_walked_way(judge, &ways, way, &naming);
	else if (!naming.unread)
		add_likely_ways(judge, &ways, way, &naming);
	judge_best(judge, &ways);
	judge_puller(judge);
	const struct way *taken = ways.count == 1 ? &ways.at[0] : NULL;
	judge_access(judge, &way, taken);
	if (ecr && endpoint->kind == ENDPOINT_DKR)
		judge_repository(judge, taken);
}

static struct plan plan_of(struct judge *judge)
{
	struct plan_options options = {0};
	struct texts services = judge->configuration->subject.services;
	for (size_t i = 0; i < services.count && options.also_count < ENDPOINT_COUNT; i++)
		options.also_count += list_parse(
			LIST_ENDPOINT, services.at[i], &options.also[options.also_count]);
	struct plan plan = plan_make(judge->arena, judge->target, &options);
	/* a token service or blob host of other registries, which the walk learnt of */
	for (size_t i = 0; i < judge->evidence->count; i++) {
		const struct step *step = &judge->evidence->steps[i];
		if (step->stage == STAGE_TCP && step->experiment == EXPERIMENT_NONE &&
			step->endpoint >= ENDPOINT_API && step->endpoint <= ENDPOINT_S3 &&
			!plan_endpoint(&plan, step->endpoint))
			plan.endpoints[plan.count++] = (struct endpoint){
				.kind = step->endpoint, .host = step->host, .port = 443};
	}
	return plan;
}

struct chains configuration_chains(struct arena *arena, const struct evidence *evidence)
{
	const struct vpc_configuration *configuration = &evidence->configuration;
	const struct vpc_subject *subject = &configuration->subject;
	struct chains chains = {0};
	struct target target = evidence->target;
	struct text complaint;
	if (!target.host.len &&
		!target_parse(arena, subject->image, subject->region, &target, &complaint))
		return chains;
	struct judge judge = {.arena = arena,
		.evidence = evidence,
		.configuration = configuration,
		.target = &target};
	struct plan plan = plan_of(&judge);
	chains.at = arena_new(arena, struct chain, subject->subnets.count * plan.count + 1);
	for (size_t i = 0; i < subject->subnets.count; i++)
		for (size_t e = 0; e < plan.count; e++) {
			struct chain *chain = &chains.at[chains.count++];
			*chain = (struct chain){.subnet = subject->subnets.at[i],
				.endpoint = plan.endpoints[e].kind,
				.host = plan.endpoints[e].host};
			judge.chain = chain;
			judge.subnet = VPC_FIND(configuration->subnets, vpc_subnet, chain->subnet);
			judge.vpc = judge.subnet
				? VPC_FIND(configuration->vpcs, vpc_vpc, judge.subnet->vpc)
				: NULL;
			if (judge.subnet)
				judge_endpoint(&judge, &plan.endpoints[e]);
			else
				judge_unread(&judge, STAGE_DNS, "subnet", chain->subnet,
					VPC_SUBNETS, chain->subnet);
		}
	return chains;
}
