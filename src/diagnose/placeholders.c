/* The placeholders of templates. Most name where their value is in the evidence; some are lines of
 * AWS's own form: service names, ARNs, commands to paste. */
#include "base/arena.h"
#include "base/clock.h"
#include "diagnose/fill.h"
#include "model/hosts.h"
#include "model/registry.h"
#include <stddef.h>
#include <string.h>

static const struct target *target_of(const struct fill_input *input)
{
	return &input->context->evidence->target;
}

static struct text rate(const struct fill_input *input)
{
	return rate_words(input->arena, input->step);
}

/* the service's own words, else the library's; the template ends the sentence */
static struct text words(const struct fill_input *input)
{
	struct text text = seen_text(input->step, FACT_ERROR_TEXT);
	if (!text.len)
		text = input->step->detail;
	return text_ends(text, T(".")) ? text_head(text, text.len - 1) : text;
}

static struct text seconds(const struct fill_input *input)
{
	int64_t us = input->context->evidence->timeout_us;
	return text_format(input->arena, "%lld s", (long long)(us / SECOND_US));
}

static struct text took(const struct fill_input *input)
{
	int64_t ms = input->step->took_us / 1000;
	return text_format(
		input->arena, "%lld.%lld s", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
}

/* "ahead by 420 s" */
static struct text clock_error(const struct fill_input *input)
{
	int64_t offset;
	if (!context_clock_offset(input->context, &offset) || offset == 0)
		return T("");
	return text_format(input->arena, "%s by %lld s", offset > 0 ? "behind" : "ahead",
		(long long)(offset > 0 ? offset : -offset));
}

/* openssl's options for how to get there */
static struct text connect_option(const struct fill_input *input)
{
	struct text proxy = seen_text(input->step, FACT_PROXY);
	if (proxy.len == 0)
		return input->step->peer;
	text_cut(&proxy, T("://"));
	return text_format(
		input->arena, "%.*s:443 -proxy %.*s", TEXT(input->step->host), TEXT(proxy));
}

static struct text platform(const struct fill_input *input)
{
	struct platform platform = target_of(input)->platform;
	platform.os_version = T("");
	return platform_text(input->arena, &platform);
}

static struct text largest_passed(const struct fill_input *input)
{
	static const enum experiment made_of[] = {
		EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_HTTP_SMALL_MSS};
	for (size_t i = 0; i < 2; i++) {
		const struct step *made = context_experiment(
			input->context, input->step, made_of[i]);
		enum fact fact = made && seen_at_all(made, FACT_LARGEST_PASSED)
			? FACT_LARGEST_PASSED
			: FACT_MSS;
		if (made && seen_at_all(made, fact))
			return text_format(
				input->arena, "%lld", (long long)seen_number(made, fact));
	}
	return T("");
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

static struct text partition(const struct context *context)
{
	const struct partition *own = context->evidence->target.partition;
	return own ? own->name : T("aws");
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
	bool known = target_of(input)->partition && target_of(input)->account.len;
	return known ? input->fill(input,
			       "arn:{partition}:ecr:{region}:{account}:repository/{repository}")
		     : T("*");
}

static struct text role_hint(const struct context *context)
{
	return context->run & RUN(FARGATE)   ? T("task execution role")
		: context->run & RUN(EC2)    ? T("instance role")
		: context->run & RUN(LAMBDA) ? T("function's role")
					     : T("role that pulls");
}

/* On EC2 hosts the instance role pulls: its managed policy is another. */
static struct text managed_policy(const struct fill_input *input)
{
	return input->fill(input,
		input->context->run & RUN(EC2)
			? "arn:{partition}:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
			: "arn:{partition}:iam::aws:policy/service-role/"
			  "AmazonECSTaskExecutionRolePolicy");
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
		TEXT(text_cut(&rest, T(":"))), TEXT(context_caller_account(input->context)),
		TEXT(caller_role(input)));
}

/* a line that grants all that a pull needs */
static struct text attach(const struct fill_input *input)
{
	return input->fill(input,
		caller_role(input).len ? "aws iam attach-role-policy --role-name {role_name} "
					 "--policy-arn {managed_policy}"
				       : "Attach {managed_policy} to the {role_hint}");
}

/* the smallest statement that allows what was denied */
static struct text grant(const struct fill_input *input)
{
	struct text action = seen_text(input->step, FACT_ACTION);
	bool token = input->step->stage == STAGE_TOKEN ||
		text_equal(action, T("ecr:GetAuthorizationToken"));
	return input->fill(input,
		token ? "{\"Effect\":\"Allow\",\"Action\":\"ecr:GetAuthorizationToken\","
			"\"Resource\":\"*\"}"
		      : "{\"Effect\":\"Allow\",\"Action\":[\"ecr:BatchGetImage\","
			"\"ecr:GetDownloadUrlForLayer\"],\"Resource\":\"{repository_arn}\"}");
}

/* The probe cannot know ids of subnet and VPC; a line to paste can ask for them by the range,
 * which outlives the task, else by the address. */
static struct text query(const struct fill_input *input)
{
	struct text value = input->context->evidence->vantage.subnet_cidr;
	const char *command = "subnets";
	const char *filter = "cidr-block";
	const char *list = "Subnets";
	struct network network;
	if (!network_parse(value, &network)) {
		value = context_own_ip(input->context);
		command = "network-interfaces";
		list = "NetworkInterfaces";
		filter = text_holds(value, T(":")) ? "ipv6-addresses.ipv6-address"
						   : "addresses.private-ip-address";
	}
	if (!value.len)
		return T("");
	return text_format(input->arena,
		"$(aws ec2 describe-%s%.*s --filters Name=%s,Values=%.*s --query '%s[0].%s' "
		"--output text)",
		command, TEXT(input->fill(input, "{own_region_option}")), filter, TEXT(value), list,
		input->argument);
}

static struct text image_id(const struct fill_input *input)
{
	const struct target *target = target_of(input);
	if (!target->reference.len)
		return T("");
	return input->fill(input,
		target->reference_kind == REFERENCE_DIGEST ? "imageDigest={reference}"
							   : "imageTag={reference}");
}

/* "arn:aws:ecs:us-east-1:123456789012:task/cluster/id" */
static struct text cluster(const struct context *context)
{
	struct text rest = context->evidence->vantage.task_arn;
	text_cut(&rest, T(":task/"));
	return text_holds(rest, T("/")) ? text_cut(&rest, T("/")) : T("");
}

/* clang-format off */
const struct placeholder placeholders[] = {
	{"account", "ACCOUNT", .target = TARGET(account)},
	{"action", "the action", .fact = FACT(ACTION)},
	{"alert", "an alert", .fact = FACT(ALERT)},
	{"asked_role", "ROLE", .value = asked_role},
	{"attach", "", .value = attach},
	{"blob", "without digest", .fact = FACT(DIGEST), .brief = true},
	{"bucket", "prod-REGION-starport-layer-bucket", .value = bucket},
	{"bytes", "some", .fact = FACT(BYTES)},
	{"call", "the call", .fact = FACT(CALL)},
	{"caller_account", "CALLER_ACCOUNT", .of_run = context_caller_account},
	{"clock_error", "off", .value = clock_error},
	{"cluster", "CLUSTER", .of_run = cluster},
	{"connect", "ADDRESS:443", .value = connect_option},
	{"cross_check", "no more than that", .of_step = cross_check_words},
	{"digest", "its digest", .fact = FACT(DIGEST)},
	{"document", "document", .fact = FACT(DOCUMENT)},
	{"dualstack_host", "its dual-stack name", .value = dualstack_host},
	{"dualstack_registry", "the registry's dual-stack name", .value = dualstack_registry},
	{"endpoint_name", "the service", .value = endpoint_name},
	{"error_code", "an error", .fact = FACT(ERROR_CODE)},
	{"execution_role", "the execution role", .fact = FACT(EXECUTION_ROLE)},
	{"expires", "its end", .fact = FACT(EXPIRES)},
	{"failed_ports", "some", .fact = FACT(FAILED_PORTS), .experiment = EXPERIMENT_TCP_RETRY},
	{"found_blob", "something else", .fact = FACT(FOUND_DIGEST), .brief = true},
	{"found_tags", "none", .fact = FACT(FOUND), .experiment = EXPERIMENT_TAGS},
	{"grant", "", .value = grant},
	{"hello_bytes", "some", .fact = FACT(HELLO_BYTES)},
	{"hop", "a device on the path", .fact = FACT(HOP)},
	{"host", "HOST", .member = STEP(host)},
	{"hosts", "the hosts", .all = STEP(host)},
	{"image", "IMAGE", .target = TARGET(image)},
	{"image_id", "imageTag=TAG", .value = image_id},
	{"ip", "ADDRESS", .experiment = EXPERIMENT_NONE},
	{"issuer", "an unknown issuer", .fact = FACT(ISSUER)},
	{"largest_passed", "a small size", .value = largest_passed},
	{"location", "another host", .fact = FACT(LOCATION)},
	{"managed_policy", "", .value = managed_policy},
	{"media_type", "unknown", .fact = FACT(MEDIA_TYPE)},
	{"names", "other names", .fact = FACT(NAMES)},
	{"nearest_repository", "no similar one", .fact = FACT(NEAREST),
	 .experiment = EXPERIMENT_REPOSITORIES},
	{"nearest_tag", "no similar one", .fact = FACT(NEAREST), .experiment = EXPERIMENT_TAGS},
	{"not_after", "an unknown time", .fact = FACT(NOT_AFTER)},
	{"not_before", "an unknown time", .fact = FACT(NOT_BEFORE)},
	{"other_answer", "another address", .experiment = EXPERIMENT_TCP_OTHER_ANSWER},
	{"other_server", "another resolver", .experiment = EXPERIMENT_DNS_OTHER_SERVER},
	{"other_spelling", "its other spelling", .member = STEP(host),
	 .experiment = EXPERIMENT_DNS_OTHER_SPELLING},
	{"own_ip", "TASK_ADDRESS", .of_run = context_own_ip},
	{"own_region", "REGION", .of_run = context_own_region},
	/* for what is in the subnet's Region, whatever the image's */
	{"own_region_option", "", .of_run = context_own_region, .argument = " --region "},
	{"partition", "", .of_run = partition},
	{"passed_over", "no source was configured", .fact = FACT(PASSED_OVER)},
	{"passed_ports", "others", .fact = FACT(PASSED_PORTS), .experiment = EXPERIMENT_TCP_RETRY},
	{"peer", "the address", .member = STEP(peer)},
	{"peers", "the addresses", .all = STEP(peer)},
	{"plain_host", "the plain name", .value = plain_host},
	{"platform", "the platform", .value = platform},
	{"platforms", "others", .fact = FACT(PLATFORMS)},
	{"policy_arn", "the policy", .fact = FACT(POLICY_ARN)},
	{"principal", "the caller", .of_step = context_principal},
	{"proxy", "the proxy", .of_run = context_proxy},
	{"rate", "an unknown number", .value = rate},
	{"reference", "TAG", .target = TARGET(reference)},
	{"region", "REGION", .target = TARGET(region)},
	{"region_option", "", .target = TARGET(region), .argument = " --region "},
	{"registry", "REGISTRY", .target = TARGET(host)},
	{"repository", "REPOSITORY", .target = TARGET(repository)},
	{"repository_arn", "", .value = repository_arn},
	{"resolver", "the resolver", .of_step = context_resolver},
	{"resource", "*", .fact = FACT(RESOURCE)},
	{"role_arn", "ROLE_ARN", .value = role_arn},
	{"role_hint", "", .of_run = role_hint},
	{"role_name", "ROLE", .value = caller_role},
	{"seconds", "the timeout", .value = seconds},
	{"server", "an unknown server", .fact = FACT(SERVER)},
	{"service", "SERVICE", .value = service},
	{"silent_servers", "some", .fact = FACT(SILENT_SERVERS)},
	{"size", "more", .fact = FACT(SIZE)},
	{"source", "the source", .fact = FACT(SOURCE)},
	{"status", "another status", .fact = FACT(STATUS)},
	{"subnet_query", "SUBNET", .value = query, .argument = "SubnetId"},
	{"took", "long", .value = took},
	{"translated_ip", "an IPv4 address", .value = translated_ip},
	{"uri", "the credential endpoint", .fact = FACT(URI)},
	{"vpc_query", "VPC", .value = query, .argument = "VpcId"},
	{"wanted", "what it wants", .fact = FACT(WANTED)},
	{"words", "nothing more", .value = words},
	{.name = NULL},
};
/* clang-format on */
