/* Where services are: by the Region, or as AWS_ENDPOINT_URL variables and the profile say.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
#include "base/die.h"
#include "cloud/parts.h"
#include "model/hosts.h"
#include "model/url.h"

static const struct service_row services[SERVICE_COUNT] = {
	[SERVICE_ECS] = {"ecs", "AWS_ENDPOINT_URL_ECS", "ecs", WIRE_JSON,
		"AmazonEC2ContainerServiceV20141113", false},
	[SERVICE_EC2] = {"ec2", "AWS_ENDPOINT_URL_EC2", "ec2", WIRE_QUERY, "2016-11-15", false},
	[SERVICE_RESOLVER] = {"route53resolver", "AWS_ENDPOINT_URL_ROUTE53RESOLVER",
		"route53resolver", WIRE_JSON, "Route53Resolver", false},
	[SERVICE_IAM] = {"iam", "AWS_ENDPOINT_URL_IAM", "iam", WIRE_QUERY, "2010-05-08", true},
	[SERVICE_ECR] = {"ecr", "AWS_ENDPOINT_URL_ECR", "api.ecr", WIRE_JSON,
		"AmazonEC2ContainerRegistry_V20150921", false},
	[SERVICE_STS] = {"sts", "AWS_ENDPOINT_URL_STS", "sts", WIRE_QUERY, "2011-06-15", false},
	[SERVICE_ROUTE53] = {"route53", "AWS_ENDPOINT_URL_ROUTE_53", "route53", WIRE_REST_XML,
		"/2013-04-01/hostedzonesbyvpc", true},
	[SERVICE_SSO] = {"sso", "AWS_ENDPOINT_URL_SSO", "portal.sso", WIRE_REST,
		"/federation/credentials", false},
	[SERVICE_LAMBDA] = {"lambda", "AWS_ENDPOINT_URL_LAMBDA", "lambda", WIRE_FUNCTION,
		"/2015-03-31/functions", false},
	[SERVICE_LOGS] = {"logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "logs", WIRE_JSON,
		"Logs_20140328", false},
	[SERVICE_TAGGING] = {"tagging", "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API", "tagging",
		WIRE_JSON, "ResourceGroupsTaggingAPI_20170126", false},
};

const struct service_row *service_row(enum service service)
{
	return &services[service];
}

static bool is_on(const struct cloud *cloud, struct text variable)
{
	return text_same(environment_get(&cloud->environment, variable), T("true"));
}

/* Names of FIPS 140 modules and of IPv6, and what differs by the partition: botocore
 * data/SERVICE/VERSION/endpoint-rule-set-1.json */
static struct text host_of(
	struct cloud *cloud, enum service service, const struct host_parts *parts)
{
	struct arena *arena = cloud->arena;
	const struct service_row *row = &services[service];
	struct text rest = text_of(row->host);
	bool gov = text_equal(parts->partition->name, T("aws-us-gov"));
	bool china = text_equal(parts->partition->name, T("aws-cn"));
	bool dual = is_on(cloud, T("AWS_USE_DUALSTACK_ENDPOINT"));
	bool plain = gov &&
		(row->global ||
			(!dual &&
				text_is_one_of(text_of(row->name),
					T("ec2|sts|sso|logs|route53resolver"))));
	bool fips = !plain && is_on(cloud, T("AWS_USE_FIPS_ENDPOINT"));
	const char *place = !row->global		   ? "R."
		: gov					   ? "us-gov."
		: dual					   ? "global."
		: china && !fips && service == SERVICE_IAM ? "cn-north-1."
							   : "";
	if (dual && text_starts(rest, T("api.")))
		rest = text_skip(rest, 4);
	struct text form = text_format(
		arena, "%.*s%s.%s%s", TEXT(rest), fips ? "-fips" : "", place, dual ? "D" : "S");
	return host_spell(arena, form.at, parts);
}

/* "endpoint_url", indented below "ecs =", in the profile's section of services:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
static struct text url_of_section(struct text section, struct text service)
{
	bool inside = false;
	while (section.len) {
		struct text line = text_cut(&section, T("\n"));
		bool nested = text_only(text_head(line, 1), T(" \t"));
		struct text key = text_trim(text_cut(&line, T("=")));
		if (nested && inside && text_same(key, T("endpoint_url")))
			return text_trim(line);
		if (!nested)
			inside = text_same(key, service);
	}
	return T("");
}

/* the environment's, then the profile's; that of the service before that of all */
static struct text configured_url(struct cloud *cloud, enum service service, struct text *from)
{
	struct text variable = text_of(services[service].variable);
	const struct {
		struct text from, url;
	} all[] = {
		{variable, environment_get(&cloud->environment, variable)},
		{T("AWS_ENDPOINT_URL"),
			environment_get(&cloud->environment, T("AWS_ENDPOINT_URL"))},
		{T("the profile's endpoint_url"),
			url_of_section(cloud->endpoint_urls, text_skip(variable, 17))},
		{T("the profile's endpoint_url"), cloud->endpoint_url},
	};
	size_t i = 0;
	while (i + 1 < COUNT(all) && all[i].url.len == 0)
		i++;
	*from = all[i].from;
	return is_on(cloud, T("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) ? T("") : all[i].url;
}

static struct text url_of(
	struct cloud *cloud, enum service service, const struct host_parts *wanted)
{
	struct text from;
	struct text url = configured_url(cloud, service, &from);
	struct url parts;
	struct address address;
	if (url.len == 0)
		return text_format(
			cloud->arena, "https://%.*s", TEXT(host_of(cloud, service, wanted)));
	/* its text is not repeated: it may hold a password */
	if (!url_parse(url, &parts) || parts.query.len || text_skip(parts.path, 1).len)
		die(EXIT_USAGE, "%.*s is not of the form https://HOST[:PORT]", TEXT(from));
	bool local = text_same(parts.host, T("localhost")) ||
		(address_parse(parts.host, &address) && address_is_loopback(&address));
	if (text_equal(parts.scheme, T("http")) && !local)
		die(EXIT_USAGE, "%.*s: http is followed to a loopback address alone", TEXT(from));
	return text_ends(url, T("/")) ? text_head(url, url.len - 1) : url;
}

/* Addresses of a host that is one already, or this machine's. */
static bool is_known(struct cloud *cloud, struct text host, struct addresses *out)
{
	struct address address;
	if (text_same(host, T("localhost")))
		host = T("127.0.0.1");
	if (!address_parse(host, &address))
		return false;
	addresses_add(cloud->arena, out, address);
	return true;
}

/* IPv4 first, as a machine without IPv6 is the more frequent one. */
static void resolve(struct cloud *cloud, struct service_place *places, size_t count)
{
	struct query queries[2 * PLACES_MAX];
	struct url urls[PLACES_MAX];
	size_t wanted = 0;
	size_t from[PLACES_MAX];
	for (size_t i = 0; i < count; i++) {
		struct url *url = &urls[wanted];
		if (!url_parse(places[i].url, url))
			places[i].error = T("its name is no URL");
		else if (is_known(cloud, url->host, &places[i].addresses))
			places[i].addresses.at[0].port = url->port;
		else
			from[wanted++] = i;
	}
	for (size_t i = 0; i < 2 * wanted; i++)
		queries[i] = (struct query){.name = urls[i / 2].host,
			.record = i % 2 ? RECORD_AAAA : RECORD_A,
			.server = cloud->resolvers.count ? cloud->resolvers.at[0]
							 : (struct address){0}};
	if (cloud->resolvers.count && wanted)
		net_resolve(cloud->net, queries, 2 * wanted, clock_us() + cloud->timeout_us);
	for (size_t i = 0; i < 2 * wanted; i++) {
		struct service_place *place = &places[from[i / 2]];
		for (size_t k = 0; k < queries[i].addresses.count; k++) {
			struct address address = queries[i].addresses.at[k];
			address.port = urls[i / 2].port;
			addresses_add(cloud->arena, &place->addresses, address);
		}
		if (i % 2 && place->addresses.count == 0)
			place->error = text_format(
				cloud->arena, "%.*s does not resolve", TEXT(urls[i / 2].host));
	}
}

const struct service_place *place_of(const struct cloud *cloud, const struct call *call)
{
	struct text region = call->region.len ? call->region : cloud->region;
	for (size_t i = 0; i < cloud->place_count; i++)
		if (cloud->places[i].service == call->row->service &&
			text_equal(cloud->places[i].region, region))
			return &cloud->places[i];
	return NULL;
}

void places_find(struct cloud *cloud, const struct calls *calls)
{
	size_t before = cloud->place_count;
	for (size_t i = 0; i < calls->count; i++) {
		const struct call *call = &calls->at[i];
		enum service service = call->row->service;
		struct host_parts parts = {
			.region = call->region.len ? call->region : cloud->region};
		if (place_of(cloud, call) || cloud->place_count == PLACES_MAX)
			continue;
		parts.partition = partition_of_region(parts.region);
		struct text implicit = service == SERVICE_IAM &&
				text_equal(parts.partition->name, T("aws-cn"))
			? T("cn-north-1")
			: parts.partition->implicit_region;
		cloud->places[cloud->place_count++] = (struct service_place){.service = service,
			.region = parts.region,
			.url = url_of(cloud, service, &parts),
			.signed_region = services[service].global ? implicit : parts.region};
	}
	resolve(cloud, cloud->places + before, cloud->place_count - before);
}
