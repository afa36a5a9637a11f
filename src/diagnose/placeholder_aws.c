/* Placeholders that speak AWS: service names, ARNs, and lines to paste. */
#include "base/arena.h"
#include "diagnose/fill.h"
#include "model/hosts.h"
#include <string.h>

static const struct target *target_of(const struct fill_input *input)
{
	return &input->context->evidence->target;
}

static struct text service(const struct fill_input *input)
{
	if (host_has_no_endpoint(input->context, input->step))
		return input->step->host;
	switch (input->step->endpoint) {
	case ENDPOINT_API:
		return T("ecr.api");
	case ENDPOINT_DKR:
		return T("ecr.dkr");
	default:
		return endpoint_kind_name(input->step->endpoint);
	}
}

static struct text endpoint_name(const struct fill_input *input)
{
	bool ecr = is_ecr(input->context);
	switch (input->step->endpoint) {
	case ENDPOINT_API:
		return ecr ? T("the ECR API") : T("the registry's token service");
	case ENDPOINT_DKR:
		return ecr ? T("the ECR registry") : T("the registry");
	case ENDPOINT_S3:
		return ecr ? T("the layer bucket in S3") : T("the layer host");
	default:
		return list_meaning(LIST_ENDPOINT, input->step->endpoint);
	}
}

static struct text partition(const struct fill_input *input)
{
	return target_of(input)->partition ? target_of(input)->partition->name : T("aws");
}

static struct text option_of(const struct fill_input *input, struct text region)
{
	return region.len ? text_format(input->arena, " --region %.*s", TEXT(region)) : T("");
}

static struct text region_option(const struct fill_input *input)
{
	return option_of(input, target_of(input)->region);
}

static struct text own_region(const struct fill_input *input)
{
	return context_own_region(input->context);
}

/* for what is in the subnet's Region, whatever the image's */
static struct text own_region_option(const struct fill_input *input)
{
	return option_of(input, context_own_region(input->context));
}

/* another name of an endpoint; empty where the tables have none */
static struct text named(const struct fill_input *input, enum endpoint_kind kind, bool dualstack)
{
	const struct target *target = target_of(input);
	struct host_parts wish = {
		.partition = target->partition,
		.region = target->region,
		.account = target->account,
		.endpoint = kind,
		.fips = dualstack && target->fips,
		.dualstack = dualstack,
	};
	bool is_whole = target->partition && target->region.len &&
		(kind != ENDPOINT_DKR || target->account.len);
	return is_whole ? host_name(input->arena, &wish) : T("");
}

static struct text dualstack_host(const struct fill_input *input)
{
	struct text name = named(input, input->step->endpoint, true);
	/* some services have no second name */
	return text_same(name, input->step->host) ? T("") : name;
}

static struct text dualstack_registry(const struct fill_input *input)
{
	return named(input, ENDPOINT_DKR, true);
}

static struct text plain_host(const struct fill_input *input)
{
	return named(input, input->step->endpoint, false);
}

/* the IPv4 address that a DNS64 wrapped: the last four bytes, RFC 6052 section 2.2 */
static struct text translated_ip(const struct fill_input *input)
{
	struct address address = context_peer(input->step);
	struct address inner = {.family = 4};
	memcpy(inner.bytes, address.bytes + 12, 4);
	return address_is_nat64(&address) ? address_text(input->arena, &inner) : T("");
}

/* the bucket as the host names it, else by its pattern */
static struct text bucket(const struct fill_input *input)
{
	struct text host = input->step->host;
	if (input->step->endpoint != ENDPOINT_S3 || !text_holds(host, T(".s3.")))
		host = named(input, ENDPOINT_S3, false);
	return text_cut(&host, T(".s3."));
}

static struct text repository_arn(const struct fill_input *input)
{
	const struct target *target = target_of(input);
	if (!target->partition || !target->account.len)
		return T("*");
	return text_format(input->arena, "arn:%.*s:ecr:%.*s:%.*s:repository/%.*s",
		TEXT(target->partition->name), TEXT(target->region), TEXT(target->account),
		TEXT(target->repository));
}

static struct text role_hint(const struct fill_input *input)
{
	uint32_t run = input->context->run;
	return run & RUN(FARGATE)   ? T("task execution role")
		: run & RUN(EC2)    ? T("instance role")
		: run & RUN(LAMBDA) ? T("function's role")
				    : T("role that pulls");
}

/* On EC2 hosts the instance role pulls: its managed policy is another. */
static struct text managed_policy(const struct fill_input *input)
{
	return text_format(input->arena, "arn:%.*s:iam::aws:policy/%s", TEXT(partition(input)),
		input->context->run & RUN(EC2) ? "AmazonEC2ContainerRegistryReadOnly"
					       : "service-role/AmazonECSTaskExecutionRolePolicy");
}

static struct text principal(const struct fill_input *input)
{
	return context_principal(input->context, input->step);
}

static struct text caller_account(const struct fill_input *input)
{
	return context_caller_account(input->context);
}

/* the caller, also where the step denied somebody else */
static struct text caller(const struct fill_input *input)
{
	bool s3 = input->step->endpoint == ENDPOINT_S3;
	return context_principal(input->context, s3 ? NULL : input->step);
}

static struct text caller_role(const struct fill_input *input)
{
	return role_name(caller(input));
}

static struct text asked_role(const struct fill_input *input)
{
	return role_name(seen_text(input->step, FACT_RESOURCE));
}

static struct text role_arn(const struct fill_input *input)
{
	struct text rest = caller(input);
	if (!text_holds(rest, T(":assumed-role/")))
		return text_holds(rest, T(":")) ? rest : T("");
	text_cut(&rest, T(":"));
	return text_format(input->arena, "arn:%.*s:iam::%.*s:role/%.*s",
		TEXT(text_cut(&rest, T(":"))), TEXT(caller_account(input)),
		TEXT(caller_role(input)));
}

/* a line that grants all that a pull needs */
static struct text attach(const struct fill_input *input)
{
	struct text role = caller_role(input);
	struct text policy = managed_policy(input);
	if (role.len)
		return text_format(input->arena,
			"aws iam attach-role-policy --role-name %.*s --policy-arn %.*s", TEXT(role),
			TEXT(policy));
	return text_format(
		input->arena, "Attach %.*s to the %.*s", TEXT(policy), TEXT(role_hint(input)));
}

/* the smallest statement that allows what was denied */
static struct text grant(const struct fill_input *input)
{
	struct text action = seen_text(input->step, FACT_ACTION);
	if (text_equal(action, T("ecr:GetAuthorizationToken")) || input->step->stage == STAGE_TOKEN)
		return T("{\"Effect\":\"Allow\",\"Action\":\"ecr:GetAuthorizationToken\","
			 "\"Resource\":\"*\"}");
	return text_format(input->arena,
		"{\"Effect\":\"Allow\",\"Action\":[\"ecr:BatchGetImage\","
		"\"ecr:GetDownloadUrlForLayer\"],\"Resource\":\"%.*s\"}",
		TEXT(repository_arn(input)));
}

/* the first of our own addresses that leads anywhere */
static struct text own_ip(const struct fill_input *input)
{
	struct texts addresses = input->context->evidence->vantage.addresses;
	struct address address;
	for (size_t i = 0; i < addresses.count; i++)
		if (address_parse(addresses.at[i], &address) && !address_is_loopback(&address) &&
			!address_is_link_local(&address))
			return address_text(input->arena, &address);
	return T("");
}

/* The probe cannot know ids of subnet and VPC; a line to paste can ask for them by the range,
 * which outlives the task, else by the address. */
static struct text query(const struct fill_input *input, const char *wanted)
{
	struct text cidr = input->context->evidence->vantage.subnet_cidr;
	struct text ip = own_ip(input);
	struct text region = own_region_option(input);
	struct network network;
	if (network_parse(cidr, &network))
		return text_format(input->arena,
			"$(aws ec2 describe-subnets%.*s --filters Name=cidr-block,Values=%.*s"
			" --query 'Subnets[0].%s' --output text)",
			TEXT(region), TEXT(cidr), wanted);
	if (ip.len)
		return text_format(input->arena,
			"$(aws ec2 describe-network-interfaces%.*s --filters"
			" Name=%s,Values=%.*s"
			" --query 'NetworkInterfaces[0].%s' --output text)",
			TEXT(region),
			text_holds(ip, T(":")) ? "ipv6-addresses.ipv6-address"
					       : "addresses.private-ip-address",
			TEXT(ip), wanted);
	return T("");
}

static struct text subnet_query(const struct fill_input *input)
{
	return query(input, "SubnetId");
}

static struct text vpc_query(const struct fill_input *input)
{
	return query(input, "VpcId");
}

static struct text image_id(const struct fill_input *input)
{
	const struct target *target = target_of(input);
	bool digest = target->reference_kind == REFERENCE_DIGEST;
	if (!target->reference.len)
		return T("");
	return text_format(input->arena, "%s=%.*s", digest ? "imageDigest" : "imageTag",
		TEXT(target->reference));
}

/* "arn:aws:ecs:us-east-1:123456789012:task/cluster/id" */
static struct text cluster(const struct fill_input *input)
{
	struct text rest = input->context->evidence->vantage.task_arn;
	text_cut(&rest, T(":task/"));
	return text_holds(rest, T("/")) ? text_cut(&rest, T("/")) : T("");
}

const struct placeholder placeholders_aws[] = {
	{"asked_role", "ROLE", .value = asked_role},
	{"attach", "", .value = attach},
	{"bucket", "prod-REGION-starport-layer-bucket", .value = bucket},
	{"caller_account", "CALLER_ACCOUNT", .value = caller_account},
	{"cluster", "CLUSTER", .value = cluster},
	{"dualstack_host", "its dual-stack name", .value = dualstack_host},
	{"dualstack_registry", "the registry's dual-stack name", .value = dualstack_registry},
	{"endpoint_name", "the service", .value = endpoint_name},
	{"grant", "", .value = grant},
	{"image_id", "imageTag=TAG", .value = image_id},
	{"managed_policy", "", .value = managed_policy},
	{"own_ip", "TASK_ADDRESS", .value = own_ip},
	{"own_region", "REGION", .value = own_region},
	{"own_region_option", "", .value = own_region_option},
	{"partition", "", .value = partition},
	{"plain_host", "the plain name", .value = plain_host},
	{"principal", "the caller", .value = principal},
	{"region_option", "", .value = region_option},
	{"repository_arn", "", .value = repository_arn},
	{"role_arn", "ROLE_ARN", .value = role_arn},
	{"role_hint", "", .value = role_hint},
	{"role_name", "ROLE", .value = caller_role},
	{"service", "SERVICE", .value = service},
	{"subnet_query", "SUBNET", .value = subnet_query},
	{"translated_ip", "an IPv4 address", .value = translated_ip},
	{"vpc_query", "VPC", .value = vpc_query},
	{.name = NULL},
};
