/* Which way a packet takes: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 * The longest prefix wins; among equally long ones a static route before one by a prefix list
 * before a propagated one. A route that is a blackhole drops, and no other takes its place. */
#include "diagnose/configuration_parts.h"

enum { TARGETS_MAX = 16 };

enum { PROPAGATED, BY_PREFIX_LIST, STATIC };

/* one hop: the packets of a subnet, and its table */
struct hop {
	const struct vpc_subnet *subnet;
	const struct vpc_route_table *table;
	const struct ranges *to;
	bool is_public;			   /* has a public address of its own */
	const struct vpc_nat_gateway *nat; /* of depth 1: whose packets they are */
};

static bool serves(const struct way *way, const struct vpc_endpoint *endpoint)
{
	return judge_serves(way, endpoint, T("Gateway"));
}

static const struct vpc_endpoint *gateway_endpoint(const struct judge *judge, struct text id)
{
	const struct vpc_endpoint *endpoint = VPC_FIND(
		judge->configuration->endpoints, vpc_endpoint, id);
	return endpoint && text_same(endpoint->type, T("Gateway")) ? endpoint : NULL;
}

/* A prefix list that was not read is known to hold the service's addresses, if the route leads to
 * the gateway endpoint of the service. */
static void add_prefix_list(struct judge *judge, const struct way *way, const struct hop *hop,
	struct filter *filter, struct filter_row row)
{
	const struct vpc_route *route = row.rule;
	const struct vpc_prefix_list *list = VPC_FIND(
		judge->configuration->prefix_lists, vpc_prefix_list, route->destination);
	const struct vpc_endpoint *endpoint = gateway_endpoint(judge, route->target);
	struct ranges ranges = {0};
	row.rank = BY_PREFIX_LIST;
	if (list)
		ranges_add_texts(judge->arena, &ranges, list->entries);
	else if (endpoint && serves(way, endpoint) && way->family == 4)
		ranges = *hop->to;
	else if (!endpoint)
		filter->incomplete = "a prefix list";
	for (size_t i = 0; i < ranges.count; i++) {
		row.network = ranges.at[i];
		filter_add(judge->arena, filter, row);
	}
}

static struct filter rows_of(struct judge *judge, const struct way *way, const struct hop *hop)
{
	struct filter filter = {0};
	const struct vpc_route *routes = hop->table->routes.at;
	for (size_t i = 0; i < hop->table->routes.count; i++) {
		bool propagated = text_equal(routes[i].origin, T("EnableVgwRoutePropagation"));
		struct filter_row row = {
			.rank = propagated ? PROPAGATED : STATIC, .rule = &routes[i]};
		if (text_starts(routes[i].destination, T("pl-")))
			add_prefix_list(judge, way, hop, &filter, row);
		else if (network_parse(routes[i].destination, &row.network))
			filter_add(judge->arena, &filter, row);
	}
	return filter;
}

static const struct vpc_route *best(const struct filter *filter, const struct address *address)
{
	const struct filter_row *best = NULL;
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_row *row = &filter->at[i];
		if (address_within(address, &row->network) &&
			(!best || row->network.bits > best->network.bits ||
				(row->network.bits == best->network.bits &&
					row->rank > best->rank)))
			best = row;
	}
	return best ? best->rule : NULL;
}

/* The routes that the ranges take, each once; NULL is that there is none. Where it is not known
 * which addresses are the service's, other services' gateway endpoints do not count. */
static size_t routes_taken(struct judge *judge, const struct way *way, const struct hop *hop,
	const struct filter *filter, const struct vpc_route **taken)
{
	struct addresses samples = filter_samples(judge->arena, filter, hop->to);
	size_t count = 0;
	for (size_t i = 0; i < samples.count; i++) {
		const struct vpc_route *route = best(filter, &samples.at[i]);
		const struct vpc_endpoint *endpoint = route ? gateway_endpoint(judge, route->target)
							    : NULL;
		size_t at = 0;
		if (!hop->to->known && endpoint && !serves(way, endpoint))
			continue;
		while (at < count && taken[at] != route)
			at++;
		if (at == count && count < TARGETS_MAX)
			taken[count++] = route;
	}
	return count;
}

static struct text place(struct judge *judge, const struct way *way)
{
	if (way->to.known && way->to.count == 1)
		return address_text(judge->arena, &way->to.at[0].address);
	if (way->is_s3)
		return T("the addresses of S3");
	return way->kind == WAY_ELSEWHERE ? T("private addresses outside the VPC")
					  : T("the internet");
}

static struct text read_routes(struct judge *judge, const struct vpc_route_table *table)
{
	struct text out = text_format(judge->arena, "%.*s:", TEXT(table->id));
	const struct vpc_route *routes = table->routes.at;
	for (size_t i = 0; i < table->routes.count && i < TARGETS_MAX; i++)
		out = text_format(judge->arena, "%.*s%s %.*s -> %.*s%s%.*s", TEXT(out),
			i ? "," : "", TEXT(routes[i].destination), TEXT(routes[i].target),
			text_equal(routes[i].state, T("active")) ? "" : " ",
			TEXT(text_equal(routes[i].state, T("active")) ? T("") : routes[i].state));
	return out;
}

static enum cause no_route(const struct way *way)
{
	return way->is_s3 ? CAUSE_S3_NO_ROUTE : CAUSE_NET_NO_EGRESS_ROUTE;
}

/* In China interface endpoints of ECR and STS have names of their own; of logs and secrets not.
 * https://docs.amazonaws.cn/en_us/AmazonECR/latest/userguide/vpc-endpoints.html */
static bool of_china(const struct judge *judge, const struct way *way)
{
	return text_starts(judge->target->region, T("cn-")) &&
		(text_holds(way->service, T(".ecr.")) || text_ends(way->service, T(".sts")));
}

/* an endpoint for the service that does not lie on the way, or a NAT gateway that is there */
static void suggest_way(
	struct judge *judge, const struct way *way, const struct hop *hop, struct link *link)
{
	struct arena *arena = judge->arena;
	const struct vpc_nat_gateway *nats = judge->configuration->nat_gateways.at;
	const struct vpc_endpoint *through = way->through;
	const struct vpc_internet_gateway *gateway = judge->configuration->internet_gateways.at;
	struct text table = hop->table->id;
	const char *default_route = way->family == 6 ? "--destination-ipv6-cidr-block ::/0"
						     : "--destination-cidr-block 0.0.0.0/0";
	bool is_s3 = way->is_s3;
	link->resources = (struct texts){0};
	if (hop->nat) {
		texts_add(arena, &link->resources, table);
		judge_fix(judge, link,
			"aws ec2 create-route --route-table-id %.*s --destination-cidr-block "
			"0.0.0.0/0 --gateway-id %.*s",
			TEXT(table), TEXT(gateway ? gateway->id : T("IGW")));
		return;
	}
	if (way->unused_id.len) {
		texts_add(arena, &link->resources, way->unused_id);
		if (way->unused_fix.len)
			judge_fix(judge, link, "aws ec2 %.*s", TEXT(way->unused_fix));
	} else if (is_s3 && through) {
		texts_add(arena, &link->resources, through->id);
		judge_fix(judge, link,
			"aws ec2 modify-vpc-endpoint --vpc-endpoint-id %.*s --add-route-table-ids "
			"%.*s",
			TEXT(through->id), TEXT(table));
	} else if (is_s3 && text_starts(way->service, T("."))) {
		judge_fix(judge, link,
			"aws ec2 create-vpc-endpoint --vpc-id %.*s --service-name "
			"com.amazonaws%.*s --route-table-ids %.*s",
			TEXT(hop->subnet->vpc), TEXT(way->service), TEXT(table));
	}
	texts_add(arena, &link->resources, table);
	for (size_t i = 0; i < judge->configuration->nat_gateways.count; i++) {
		if (!text_same(nats[i].state, T("available")) ||
			text_same(nats[i].connectivity, T("private")) ||
			!text_equal(nats[i].vpc, hop->subnet->vpc) || way->family == 6)
			continue;
		judge_fix(judge, link,
			"aws ec2 create-route --route-table-id %.*s %s --nat-gateway-id %.*s",
			TEXT(table), default_route, TEXT(nats[i].id));
		return;
	}
	if (!is_s3 && way->service.len && !way->unused_id.len)
		judge_fix(judge, link,
			"aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --vpc-id %.*s "
			"--service-name %scom.amazonaws%.*s --subnet-ids %.*s "
			"--private-dns-enabled",
			TEXT(hop->subnet->vpc), of_china(judge, way) ? "cn." : "",
			TEXT(way->service), TEXT(hop->subnet->id));
	if (!link->fix.count)
		judge_fix(judge, link,
			"aws ec2 create-route --route-table-id %.*s %s --nat-gateway-id NAT",
			TEXT(table), default_route);
}

static void add_no_route(struct judge *judge, const struct way *way, const struct hop *hop)
{
	struct link *link = judge_link(judge,
		(struct link){STAGE_TCP, "route table", .id = hop->table->id,
			.effect = EFFECT_BLOCKS, .cause = no_route(way)},
		"Route table %.*s of %.*s has no route to %.*s%s%.*s", TEXT(hop->table->id),
		TEXT(hop->subnet->id), TEXT(place(judge, way)), way->unused.len ? ", and " : "",
		TEXT(way->unused));
	link->read = read_routes(judge, hop->table);
	suggest_way(judge, way, hop, link);
}

/* a route that is there, and what it does */
static struct link *add_route(struct judge *judge, const struct way *way, const struct hop *hop,
	const struct vpc_route *route, enum effect effect, const char *does)
{
	struct link *link = judge_link(judge,
		(struct link){STAGE_TCP,
			hop->nat ? "route table of the NAT gateway" : "route table",
			.id = hop->table->id, .effect = effect, .cause = no_route(way)},
		"Route table %.*s of %.*s leads %.*s to %.*s%s", TEXT(hop->table->id),
		TEXT(hop->subnet->id), TEXT(route->destination), TEXT(route->target), does);
	judge_read(judge, link, "%.*s: %.*s -> %.*s (%.*s)", TEXT(hop->table->id),
		TEXT(route->destination), TEXT(route->target), TEXT(route->state));
	if (effect == EFFECT_BLOCKS)
		suggest_way(judge, way, hop, link);
	return link;
}

static void judge_hop(struct judge *judge, const struct way *way, struct hop hop);

/* It is the NAT gateway of the hop that is to be another. */
static void change_nat(
	struct judge *judge, const struct hop *hop, struct text subnet, struct link *link)
{
	link->resources = link->fix = (struct texts){0};
	texts_add(judge->arena, &link->resources, hop->nat->id);
	texts_add(judge->arena, &link->resources, hop->table->id);
	judge_fix(judge, link,
		"aws ec2 create-nat-gateway --subnet-id %.*s --allocation-id EIPALLOC",
		TEXT(subnet));
}

static void judge_internet_gateway(struct judge *judge, const struct way *way,
	const struct hop *hop, const struct vpc_route *route)
{
	const struct vpc_internet_gateway *gateway = VPC_FIND(
		judge->configuration->internet_gateways, vpc_internet_gateway, route->target);
	struct text block = hop->subnet->internet_gateway_block;
	bool egress_only = text_starts(route->target, T("eigw-"));
	/* a NAT gateway needs no traffic in */
	bool both_ways = text_same(block, T("block-bidirectional"));
	if (both_ways || (text_same(block, T("block-ingress")) && !hop->nat && !egress_only)) {
		struct link *link = add_route(judge, way, hop, route, EFFECT_BLOCKS,
			", and VPC Block Public Access stops it");
		link->read = text_format(judge->arena, "%.*s: internetGatewayBlockMode %.*s",
			TEXT(hop->subnet->id), TEXT(block));
		link->resources = link->fix = (struct texts){0};
		texts_add(judge->arena, &link->resources, hop->subnet->id);
		judge_fix(judge, link,
			"aws ec2 create-vpc-block-public-access-exclusion --subnet-id %.*s "
			"--internet-gateway-exclusion-mode allow-egress",
			TEXT(hop->subnet->id));
	} else if (gateway && !gateway->state.len) {
		add_route(judge, way, hop, route, EFFECT_BLOCKS, ", which is not attached");
	} else if (egress_only && way->family == 4) {
		add_route(judge, way, hop, route, EFFECT_BLOCKS, ", which is for IPv6 alone");
	} else if (!hop->nat && address_is_nat64(&hop->to->at[0].address)) {
		add_route(judge, way, hop, route, EFFECT_BLOCKS,
			", and only a NAT gateway translates 64:ff9b::/96");
	} else if (way->family == 4 && !hop->is_public) {
		struct link *link = add_route(judge, way, hop, route, EFFECT_BLOCKS,
			hop->nat ? ", and the NAT gateway is private"
				 : ", and the task has no public IPv4 address");
		if (hop->nat)
			change_nat(judge, hop, hop->subnet->id, link);
		else
			texts_add(judge->arena, &link->fix,
				T("aws ecs update-service --cluster CLUSTER --service SERVICE "
				  "--network-configuration "
				  "'awsvpcConfiguration={subnets=[...],securityGroups=[...],"
				  "assignPublicIp=ENABLED}'"));
	} else {
		add_route(judge, way, hop, route, EFFECT_PASSES, "");
	}
}

/* https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html */
static void judge_nat_gateway(struct judge *judge, const struct way *way, const struct hop *hop,
	const struct vpc_route *route)
{
	struct arena *arena = judge->arena;
	const struct vpc_configuration *configuration = judge->configuration;
	const struct vpc_nat_gateway *nat = VPC_FIND(
		configuration->nat_gateways, vpc_nat_gateway, route->target);
	if (hop->nat && text_equal(hop->nat->id, route->target)) {
		change_nat(judge, hop, T("SUBNET_WITH_AN_INTERNET_GATEWAY"),
			add_route(judge, way, hop, route, EFFECT_BLOCKS,
				", which is in that subnet itself: it has no way out"));
		return;
	}
	add_route(judge, way, hop, route, hop->nat ? EFFECT_UNDECIDED : EFFECT_PASSES, "");
	if (hop->nat)
		return;
	if (!nat) {
		judge_unread(judge, STAGE_TCP, "NAT gateway", route->target, VPC_NAT_GATEWAYS,
			route->target);
		return;
	}
	bool available = text_same(nat->state, T("available"));
	struct text subnet_id = nat->subnet.len ? nat->subnet : T("SUBNET");
	struct link *link = judge_link(judge,
		(struct link){STAGE_TCP, "NAT gateway", .id = nat->id,
			.effect = available ? EFFECT_PASSES : EFFECT_BLOCKS,
			.cause = no_route(way)},
		"NAT gateway %.*s is %.*s%s%.*s", TEXT(nat->id), TEXT(nat->state),
		nat->failure.len ? ": " : "", TEXT(nat->failure));
	judge_read(judge, link, "%.*s: %.*s", TEXT(nat->id), TEXT(nat->state));
	texts_add(arena, &link->resources, hop->table->id);
	if (!available)
		judge_fix(judge, link,
			"aws ec2 create-nat-gateway --subnet-id %.*s --allocation-id EIPALLOC",
			TEXT(subnet_id));
	if (!available || !nat->subnet.len)
		return; /* a regional one has no subnet, and a way out of its own */
	const struct vpc_subnet *subnet = VPC_FIND(configuration->subnets, vpc_subnet, nat->subnet);
	if (!subnet) {
		judge_unread(judge, STAGE_TCP, "subnet of the NAT gateway", nat->subnet,
			VPC_SUBNETS, nat->subnet);
		return;
	}
	judge_nat_acl(judge, way, subnet);
	/* what a NAT64 translates goes on over IPv4 */
	struct ranges to = way->family == 6 ? ranges_public(arena, 4, judge->vpc) : *hop->to;
	judge_hop(judge, way,
		(struct hop){subnet, judge_table(judge, subnet), &to,
			!text_same(nat->connectivity, T("private")), nat});
}

/* A peering connection is no way through the other VPC to its gateways and endpoints:
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations */
static void judge_target(struct judge *judge, const struct way *way, const struct hop *hop,
	const struct vpc_route *route)
{
	const struct vpc_endpoint *endpoint = gateway_endpoint(judge, route->target);
	if (text_same(route->state, T("blackhole")))
		add_route(judge, way, hop, route, EFFECT_BLOCKS, ", which is no more (blackhole)");
	else if (text_equal(route->target, T("local")))
		add_route(judge, way, hop, route, EFFECT_PASSES, "");
	else if (text_starts(route->target, T("igw-")) || text_starts(route->target, T("eigw-")))
		judge_internet_gateway(judge, way, hop, route);
	else if (text_starts(route->target, T("nat-")))
		judge_nat_gateway(judge, way, hop, route);
	else if (endpoint && serves(way, endpoint))
		add_route(judge, way, hop, route,
			text_same(endpoint->state, T("available")) ? EFFECT_PASSES
								   : EFFECT_UNDECIDED,
			"");
	else if (text_starts(route->target, T("vpce-")) && !judge_read_vpc(judge, VPC_ENDPOINTS) &&
		!endpoint)
		judge_unread(judge, STAGE_TCP, "VPC endpoint", route->target, VPC_ENDPOINTS,
			hop->subnet->vpc);
	else if (text_starts(route->target, T("pcx-")) && way->kind == WAY_PUBLIC)
		add_route(judge, way, hop, route, EFFECT_BLOCKS,
			", which reaches the other VPC's own addresses alone");
	else
		add_route(judge, way, hop, route, EFFECT_BEYOND,
			", beyond which this configuration shows nothing");
}

static void judge_hop(struct judge *judge, const struct way *way, struct hop hop)
{
	const struct vpc_route *taken[TARGETS_MAX];
	size_t first = judge->chain->count;
	size_t closed = 0;
	if (!hop.table) {
		judge_unread(judge, STAGE_TCP, "route table", hop.subnet->id, VPC_ROUTE_TABLES,
			hop.subnet->vpc);
		return;
	}
	struct filter filter = rows_of(judge, way, &hop);
	size_t count = routes_taken(judge, way, &hop, &filter, taken);
	for (size_t i = 0; i < count; i++) {
		size_t from = judge->chain->count;
		if (taken[i])
			judge_target(judge, way, &hop, taken[i]);
		else if (filter.incomplete)
			judge_unread(judge, STAGE_TCP, "route table", hop.table->id,
				VPC_PREFIX_LISTS, T(""));
		else
			add_no_route(judge, way, &hop);
		closed += judge_blocks(judge->chain, from) > 0;
	}
	if (closed < count) /* some addresses take a way that is open */
		judge_soften(judge, first, hop.to->known ? EFFECT_PARTLY : EFFECT_UNDECIDED);
}

void judge_route(struct judge *judge, const struct way *way)
{
	const struct vpc_subject *subject = &judge->configuration->subject;
	judge_hop(judge, way,
		(struct hop){judge->subnet, judge_table(judge, judge->subnet), &way->to,
			subject->public_ip && !judge_by_lambda(judge), NULL});
}
