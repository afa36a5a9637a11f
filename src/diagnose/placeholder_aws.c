/* Places that speak AWS: service names, ARNs, and lines to paste. */
#include "base/arena.h"
#include "diagnose/placeholder.h"
#include "model/hosts.h"
#include <string.h>

static const struct target *target_of(const struct placeholder_input *input)
{
	return &input->context->evidence->target;
}

static const struct vantage *vantage_of(const struct placeholder_input *input)
{
	return &input->context->evidence->vantage;
}

struct text placeholder_service(const struct placeholder_input *input)
{
	static const struct text services[ENDPOINT_COUNT] = {
		[ENDPOINT_API] = {"ecr.api", 7},
		[ENDPOINT_DKR] = {"ecr.dkr", 7},
		[ENDPOINT_S3] = {"s3", 2},
	};
	if (!input->step)
		return T("");
	if (host_has_no_endpoint(input->context, input->step))
		return input->step->host;
	struct text service = services[input->step->endpoint];
	return service.len ? service : endpoint_kind_name(input->step->endpoint);
}

struct text placeholder_endpoint_name(const struct placeholder_input *input)
{
	static const struct text ecr[ENDPOINT_COUNT] = {
		[ENDPOINT_API] = {"the ECR API", 11},
		[ENDPOINT_DKR] = {"the ECR registry", 16},
		[ENDPOINT_S3] = {"the layer bucket in S3", 22},
	};
	static const struct text other[ENDPOINT_COUNT] = {
		[ENDPOINT_API] = {"the registry's token service", 28},
		[ENDPOINT_DKR] = {"the registry", 12},
		[ENDPOINT_S3] = {"the layer host", 14},
	};
	if (!input->step)
		return T("");
	enum endpoint_kind kind = input->step->endpoint;
	struct text name = is_ecr(input->context) ? ecr[kind] : other[kind];
	return name.len ? name : list_meaning(LIST_ENDPOINT, kind);
}

struct text placeholder_partition(const struct placeholder_input *input)
{
	const struct partition *partition = target_of(input)->partition;
	return partition ? partition->name : T("");
}

struct text placeholder_region(const struct placeholder_input *input)
{
	return target_of(input)->region;
}

struct text placeholder_region_option(const struct placeholder_input *input)
{
	struct text region = target_of(input)->region;
	return region.len ? text_format(input->arena, " --region %.*s", TEXT(region)) : T("");
}

struct text placeholder_own_region(const struct placeholder_input *input)
{
	return context_own_region(input->context);
}

/* for what is in the subnet's Region, whatever the image's */
struct text placeholder_own_region_option(const struct placeholder_input *input)
{
	struct text region = context_own_region(input->context);
	return region.len ? text_format(input->arena, " --region %.*s", TEXT(region)) : T("");
}

/* another name of the step's endpoint, or of another kind; empty where the table has none */
static struct text named(
	const struct placeholder_input *input, enum endpoint_kind kind, bool dualstack)
{
	const struct target *target = target_of(input);
	struct host_wish wish = {
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

struct text placeholder_dualstack_host(const struct placeholder_input *input)
{
	struct text name = input->step ? named(input, input->step->endpoint, true) : T("");
	/* some services have no second name */
	return name.len && !text_same(name, input->step->host) ? name : T("");
}

struct text placeholder_dualstack_registry(const struct placeholder_input *input)
{
	return named(input, ENDPOINT_DKR, true);
}

struct text placeholder_plain_host(const struct placeholder_input *input)
{
	return input->step ? named(input, input->step->endpoint, false) : T("");
}

struct text placeholder_other_spelling(const struct placeholder_input *input)
{
	const struct step *made = input->step
		? context_experiment(input->context, input->step, EXPERIMENT_DNS_OTHER_SPELLING)
		: NULL;
	return made ? made->host : T("");
}

/* the IPv4 address that a DNS64 wrapped: the last four bytes, RFC 6052 section 2.2 */
struct text placeholder_translated_ip(const struct placeholder_input *input)
{
	struct address address = {0};
	struct address inner = {.family = 4};
	if (input->step)
		address = context_peer(input->step);
	memcpy(inner.bytes, address.bytes + 12, 4);
	return address_is_nat64(&address) ? address_text(input->arena, &inner) : T("");
}

/* the bucket as the host names it, else by its pattern */
struct text placeholder_bucket(const struct placeholder_input *input)
{
	struct text host = input->step && input->step->endpoint == ENDPOINT_S3 ? input->step->host
									       : T("");
	size_t end = text_find(host, T(".s3."));
	if (end < host.len)
		return text_head(host, end);
	host = named(input, ENDPOINT_S3, false);
	return text_head(host, text_find(host, T(".s3.")));
}

struct text placeholder_repository_arn(const struct placeholder_input *input)
{
	const struct target *target = target_of(input);
	if (!target->partition || !target->account.len)
		return T("");
	return text_format(input->arena, "arn:%.*s:ecr:%.*s:%.*s:repository/%.*s",
		TEXT(target->partition->name), TEXT(target->region), TEXT(target->account),
		TEXT(target->repository));
}

struct text placeholder_role_hint(const struct placeholder_input *input)
{
	if (is_fargate(input->context))
		return T("task execution role");
	if (is_ec2(input->context))
		return T("instance role");
	if (is_lambda(input->context))
		return T("function's role");
	return T("");
}

/* On EC2 hosts the instance role pulls: its managed policy is another. */
struct text placeholder_managed_policy(const struct placeholder_input *input)
{
	struct text partition = placeholder_partition(input);
	const char *name = is_ec2(input->context) ? "AmazonEC2ContainerRegistryReadOnly"
						  : "service-role/AmazonECSTaskExecutionRolePolicy";
	return text_format(input->arena, "arn:%.*s:iam::aws:policy/%s",
		TEXT(partition.len ? partition : T("aws")), name);
}

struct text placeholder_principal(const struct placeholder_input *input)
{
	return context_principal(input->context, input->step);
}

struct text placeholder_caller_account(const struct placeholder_input *input)
{
	return context_caller_account(input->context);
}

/* the caller, also where the step denied somebody else */
static struct text caller(const struct placeholder_input *input)
{
	bool s3 = input->step && input->step->endpoint == ENDPOINT_S3;
	return context_principal(input->context, s3 ? NULL : input->step);
}

struct text placeholder_role_name(const struct placeholder_input *input)
{
	return role_name(caller(input));
}

struct text placeholder_asked_role(const struct placeholder_input *input)
{
	return role_name(input->step ? seen_text(input->step, FACT_RESOURCE) : T(""));
}

struct text placeholder_role_arn(const struct placeholder_input *input)
{
	struct text principal = caller(input);
	if (!text_holds(principal, T(":assumed-role/")))
		return text_holds(principal, T(":")) ? principal : T("");
	struct text rest = principal;
	text_cut(&rest, T(":"));
	struct text partition = text_cut(&rest, T(":"));
	return text_format(input->arena, "arn:%.*s:iam::%.*s:role/%.*s", TEXT(partition),
		TEXT(context_caller_account(input->context)), TEXT(placeholder_role_name(input)));
}

/* a line that grants all that a pull needs */
struct text placeholder_attach(const struct placeholder_input *input)
{
	struct text kind = placeholder_role_name(input);
	struct text policy = placeholder_managed_policy(input);
	struct text hint = placeholder_role_hint(input);
	if (kind.len)
		return text_format(input->arena,
			"aws iam attach-role-policy --role-name %.*s --policy-arn %.*s", TEXT(kind),
			TEXT(policy));
	return text_format(input->arena, "Attach %.*s to the %.*s", TEXT(policy),
		TEXT(hint.len ? hint : T("role that pulls")));
}

/* the smallest statement that allows what was denied */
struct text placeholder_grant(const struct placeholder_input *input)
{
	struct text action = input->step ? seen_text(input->step, FACT_ACTION) : T("");
	struct text arn = placeholder_repository_arn(input);
	bool token = text_equal(action, T("ecr:GetAuthorizationToken")) ||
		(input->step && input->step->stage == STAGE_TOKEN);
	if (token)
		return T("{\"Effect\":\"Allow\",\"Action\":\"ecr:GetAuthorizationToken\","
			 "\"Resource\":\"*\"}");
	return text_format(input->arena,
		"{\"Effect\":\"Allow\",\"Action\":[\"ecr:BatchGetImage\","
		"\"ecr:GetDownloadUrlForLayer\"],\"Resource\":\"%.*s\"}",
		TEXT(arn.len ? arn : T("*")));
}

/* the first of our own addresses that leads anywhere */
struct text placeholder_own_ip(const struct placeholder_input *input)
{
	struct texts addresses = vantage_of(input)->addresses;
	struct address address;
	for (size_t i = 0; i < addresses.count; i++)
		if (address_parse(addresses.at[i], &address) && !address_is_loopback(&address) &&
			!address_is_link_local(&address))
			return address_text(input->arena, &address);
	return T("");
}

/* The probe cannot know ids of subnet and VPC; a line to paste can ask for them by the range,
 * which outlives the task, else by the address. */
static struct text query(const struct placeholder_input *input, const char *wanted)
{
	struct text cidr = vantage_of(input)->subnet_cidr;
	struct text ip = placeholder_own_ip(input);
	struct text region = placeholder_own_region_option(input);
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

struct text placeholder_subnet_query(const struct placeholder_input *input)
{
	return query(input, "SubnetId");
}

struct text placeholder_vpc_query(const struct placeholder_input *input)
{
	return query(input, "VpcId");
}

struct text placeholder_image_id(const struct placeholder_input *input)
{
	const struct target *target = target_of(input);
	if (!target->reference.len)
		return T("");
	const char *kind = target->reference_kind == REFERENCE_DIGEST ? "imageDigest" : "imageTag";
	return text_format(input->arena, "%s=%.*s", kind, TEXT(target->reference));
}

/* "arn:aws:ecs:us-east-1:123456789012:task/cluster/id" */
struct text placeholder_cluster(const struct placeholder_input *input)
{
	struct text rest = vantage_of(input)->task_arn;
	text_cut(&rest, T(":task/"));
	return text_holds(rest, T("/")) ? text_cut(&rest, T("/")) : T("");
}
