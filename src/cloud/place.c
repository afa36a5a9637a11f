/* Where services are: by the Region, or by the environment's AWS_ENDPOINT_URL variables.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
#include "base/die.h"
#include "cloud/parts.h"
#include "model/hosts.h"
#include "model/url.h"

static const struct service_row services[SERVICE_COUNT] = {
	[SERVICE_ECS] = {"ecs", "AWS_ENDPOINT_URL_ECS", "ecs.R.S", WIRE_JSON,
		"AmazonEC2ContainerServiceV20141113", false},
	[SERVICE_EC2] = {"ec2", "AWS_ENDPOINT_URL_EC2", "ec2.R.S", WIRE_QUERY, "2016-11-15", false},
	[SERVICE_RESOLVER] = {"route53resolver", "AWS_ENDPOINT_URL_ROUTE53RESOLVER",
		"route53resolver.R.S", WIRE_JSON, "Route53Resolver", false},
	[SERVICE_IAM] = {"iam", "AWS_ENDPOINT_URL_IAM", "iam.I.S", WIRE_QUERY, "2010-05-08", true},
	[SERVICE_ECR] = {"ecr", "AWS_ENDPOINT_URL_ECR", "api.ecr.R.S", WIRE_JSON,
		"AmazonEC2ContainerRegistry_V20150921", false},
	[SERVICE_STS] = {"sts", "AWS_ENDPOINT_URL_STS", "sts.R.S", WIRE_QUERY, "2011-06-15", false},
	[SERVICE_ROUTE53] = {"route53", "AWS_ENDPOINT_URL_ROUTE_53", "route53.S", WIRE_REST_XML,
		"/2013-04-01/hostedzonesbyvpc", true},
	[SERVICE_SSO] = {"sso", "AWS_ENDPOINT_URL_SSO", "portal.sso.R.S", WIRE_REST,
		"/federation/credentials", false},
};

const struct service_row *service_row(enum service service)
{
	return &services[service];
}

/* IAM's names differ by the partition: botocore data/iam, endpoint-rule-set-1.json */
static const char *form_of(const struct cloud *cloud, enum service service)
{
	struct text partition = cloud->partition->name;
	if (service == SERVICE_IAM && text_equal(partition, T("aws")))
		return "iam.S";
	if (service == SERVICE_IAM && text_equal(partition, T("aws-us-gov")))
		return "iam.us-gov.S";
	return services[service].host;
}

static struct text url_of(struct cloud *cloud, enum service service)
{
	struct host_wish wish = {.partition = cloud->partition, .region = cloud->region};
	struct text ignore = environment_get(
		&cloud->environment, T("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
	struct text name = text_of(services[service].variable);
	struct text url = environment_get(&cloud->environment, name);
	struct text plain = T("AWS_ENDPOINT_URL");
	if (url.len == 0) {
		name = plain;
		url = environment_get(&cloud->environment, name);
	}
	if (url.len == 0 || text_same(ignore, T("true"))) {
		struct text host = host_spell(cloud->arena, form_of(cloud, service), &wish);
		return text_format(cloud->arena, "https://%.*s", TEXT(host));
	}
	struct url parts;
	/* its text is not repeated: it may hold a password */
	if (!url_parse(url, &parts) || parts.query.len || text_skip(parts.path, 1).len)
		die(EXIT_USAGE, "%.*s is not of the form https://HOST[:PORT]", TEXT(name));
	struct address address;
	bool local = text_same(parts.host, T("localhost")) ||
		(address_parse(parts.host, &address) && address_is_loopback(&address));
	if (text_equal(parts.scheme, T("http")) && !local)
		die(EXIT_USAGE, "%.*s: http is followed to a loopback address alone", TEXT(name));
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

static void take_addresses(
	struct cloud *cloud, struct service_place *place, const struct query *query, uint16_t port)
{
	for (size_t i = 0; i < query->addresses.count; i++) {
		struct address address = query->addresses.at[i];
		address.port = port;
		addresses_add(cloud->arena, &place->addresses, address);
	}
}

/* IPv4 first, as a machine without IPv6 is the more frequent one. */
static void resolve(struct cloud *cloud, enum service *wanted, struct url *urls, size_t count)
{
	struct query queries[2 * SERVICE_COUNT];
	for (size_t i = 0; i < 2 * count; i++)
		queries[i] = (struct query){.name = urls[i / 2].host,
			.record = i % 2 ? RECORD_AAAA : RECORD_A,
			.server = cloud->resolvers.count ? cloud->resolvers.at[0]
							 : (struct address){0}};
	if (cloud->resolvers.count)
		net_resolve(cloud->net, queries, 2 * count, clock_us() + cloud->timeout_us);
	for (size_t i = 0; i < count; i++) {
		struct service_place *place = &cloud->places[wanted[i]];
		take_addresses(cloud, place, &queries[2 * i], urls[i].port);
		take_addresses(cloud, place, &queries[2 * i + 1], urls[i].port);
		if (place->addresses.count == 0)
			place->error = text_format(
				cloud->arena, "%.*s does not resolve", TEXT(urls[i].host));
	}
}

void places_find(struct cloud *cloud, const struct calls *calls)
{
	enum service wanted[SERVICE_COUNT];
	struct url urls[SERVICE_COUNT];
	size_t count = 0;
	for (size_t i = 0; i < calls->count; i++) {
		enum service service = calls->at[i].row->service;
		struct service_place *place = &cloud->places[service];
		if (place->url.len)
			continue;
		place->url = url_of(cloud, service);
		place->region = services[service].global ? cloud->partition->implicit_region
							 : cloud->region;
		wanted[count] = service;
		if (!url_parse(place->url, &urls[count]))
			place->error = T("its name is no URL");
		else if (is_known(cloud, urls[count].host, &place->addresses))
			place->addresses.at[0].port = urls[count].port;
		else
			count++;
	}
	if (count)
		resolve(cloud, wanted, urls, count);
}
