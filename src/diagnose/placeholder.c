/* Places whose value is a fact or a field as it stands. */
#include "diagnose/placeholder.h"
#include "base/arena.h"
#include "base/clock.h"
#include "model/registry.h"

#define FACT_PLACE_(function, fact)                                        \
	static struct text function(const struct placeholder_input *input) \
	{                                                                  \
		return input->step ? seen_text(input->step, fact) : T(""); \
	}
FACT_PLACE_(server, FACT_SERVER)
FACT_PLACE_(hop, FACT_HOP)
FACT_PLACE_(sent_name, FACT_SENT_NAME)
FACT_PLACE_(issuer, FACT_ISSUER)
FACT_PLACE_(subject, FACT_SUBJECT)
FACT_PLACE_(not_before, FACT_NOT_BEFORE)
FACT_PLACE_(not_after, FACT_NOT_AFTER)
FACT_PLACE_(alert, FACT_ALERT)
FACT_PLACE_(location, FACT_LOCATION)
FACT_PLACE_(uri, FACT_URI)
FACT_PLACE_(source, FACT_SOURCE)
FACT_PLACE_(expires, FACT_EXPIRES)
FACT_PLACE_(error_code, FACT_ERROR_CODE)
FACT_PLACE_(call, FACT_CALL)
FACT_PLACE_(wanted, FACT_WANTED)
FACT_PLACE_(execution_role, FACT_EXECUTION_ROLE)
FACT_PLACE_(action, FACT_ACTION)
FACT_PLACE_(resource, FACT_RESOURCE)
FACT_PLACE_(policy_arn, FACT_POLICY_ARN)
FACT_PLACE_(document, FACT_DOCUMENT)
FACT_PLACE_(media_type, FACT_MEDIA_TYPE)
FACT_PLACE_(digest, FACT_DIGEST)
FACT_PLACE_(found_digest, FACT_FOUND_DIGEST)

static struct text rate(const struct placeholder_input *input)
{
	return input->step ? rate_words(input->arena, input->step) : T("");
}

#define LIST_PLACE_(function, fact)                                                           \
	static struct text function(const struct placeholder_input *input)                    \
	{                                                                                     \
		return input->step ? texts_joined(input->arena, seen_list(input->step, fact)) \
				   : T("");                                                   \
	}
LIST_PLACE_(names, FACT_NAMES)
LIST_PLACE_(platforms, FACT_PLATFORMS)
LIST_PLACE_(silent_servers, FACT_SILENT_SERVERS)
LIST_PLACE_(passed_over, FACT_PASSED_OVER)

#define NUMBER_PLACE_(function, fact)                                                     \
	static struct text function(const struct placeholder_input *input)                \
	{                                                                                 \
		if (!input->step || !seen_at_all(input->step, fact))                      \
			return T("");                                                     \
		return text_format(                                                       \
			input->arena, "%lld", (long long)seen_number(input->step, fact)); \
	}
NUMBER_PLACE_(status, FACT_STATUS)
NUMBER_PLACE_(bytes, FACT_BYTES)
NUMBER_PLACE_(size, FACT_SIZE)
NUMBER_PLACE_(hello_bytes, FACT_HELLO_BYTES)

static struct text host(const struct placeholder_input *input)
{
	return input->step ? input->step->host : T("");
}

static struct text peer(const struct placeholder_input *input)
{
	return input->step ? input->step->peer : T("");
}

static struct text ip(const struct placeholder_input *input)
{
	struct address address = {0};
	if (input->step)
		address = context_peer(input->step);
	return address_text(input->arena, &address);
}

/* the hosts, or peers, of all steps that the finding is about, each once */
static struct text all_of(const struct placeholder_input *input, bool peers)
{
	struct texts list = {0};
	for (size_t i = 0; i < input->step_count; i++) {
		const struct step *step = &input->context->evidence->steps[input->steps[i]];
		struct text t = peers ? step->peer : step->host;
		if (t.len)
			texts_add_once(input->arena, &list, t);
	}
	return texts_joined(input->arena, list);
}

static struct text hosts(const struct placeholder_input *input)
{
	return all_of(input, false);
}

static struct text peers(const struct placeholder_input *input)
{
	return all_of(input, true);
}

/* the service's own words, else the library's */
static struct text words(const struct placeholder_input *input)
{
	struct text text = input->step ? seen_text(input->step, FACT_ERROR_TEXT) : T("");
	if (!text.len && input->step)
		text = input->step->detail;
	/* the template ends the sentence */
	return text_ends(text, T(".")) ? text_head(text, text.len - 1) : text;
}

static struct text seconds(const struct placeholder_input *input)
{
	int64_t us = input->context->evidence->timeout_us;
	return text_format(input->arena, "%lld s", (long long)(us / SECOND_US));
}

static struct text took(const struct placeholder_input *input)
{
	int64_t ms = input->step ? input->step->took_us / 1000 : 0;
	return text_format(
		input->arena, "%lld.%lld s", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
}

/* "ahead by 420 s" */
static struct text clock_error(const struct placeholder_input *input)
{
	int64_t offset;
	if (!context_clock_offset(input->context, &offset) || offset == 0)
		return T("");
	return text_format(input->arena, "%s by %lld s", offset > 0 ? "behind" : "ahead",
		(long long)(offset > 0 ? offset : -offset));
}

static struct text proxy(const struct placeholder_input *input)
{
	for (size_t i = 0; i < input->context->evidence->count; i++) {
		const struct step *step = &input->context->evidence->steps[i];
		if (seen_at_all(step, FACT_PROXY))
			return seen_text(step, FACT_PROXY);
	}
	return T("");
}

/* openssl's words for how to get there */
static struct text connect_option(const struct placeholder_input *input)
{
	struct text proxy = input->step ? seen_text(input->step, FACT_PROXY) : T("");
	if (proxy.len == 0)
		return peer(input);
	text_cut(&proxy, T("://"));
	return text_format(
		input->arena, "%.*s:443 -proxy %.*s", TEXT(input->step->host), TEXT(proxy));
}

#define TARGET_PLACE_(function, field)                                     \
	static struct text function(const struct placeholder_input *input) \
	{                                                                  \
		return input->context->evidence->target.field;             \
	}
TARGET_PLACE_(image, image)
TARGET_PLACE_(registry, host)
TARGET_PLACE_(account, account)
TARGET_PLACE_(repository, repository)
TARGET_PLACE_(reference, reference)

static struct text platform(const struct placeholder_input *input)
{
	const struct target *target = &input->context->evidence->target;
	struct buffer out = {.arena = input->arena};
	buffer_add(&out, target->platform.os);
	buffer_add(&out, T("/"));
	buffer_add(&out, target->platform.architecture);
	if (target->platform.variant.len) {
		buffer_add(&out, T("/"));
		buffer_add(&out, target->platform.variant);
	}
	return buffer_text(&out);
}

/* enough of a digest to know it by */
static struct text short_digest(struct text digest)
{
	return text_head(digest, sizeof "sha256:" - 1 + 12);
}

static struct text blob(const struct placeholder_input *input)
{
	return short_digest(digest(input));
}

static struct text found_blob(const struct placeholder_input *input)
{
	return short_digest(found_digest(input));
}

#define PLACE_(word, function, else_)               \
	{                                           \
		{word, sizeof(word) - 1}, function, \
		{                                   \
			else_, sizeof(else_) - 1    \
		}                                   \
	}

static const struct placeholder_row rows[] = {
	PLACE_("account", account, "ACCOUNT"),
	PLACE_("action", action, "the action"),
	PLACE_("alert", alert, "an alert"),
	PLACE_("asked_role", placeholder_asked_role, "ROLE"),
	PLACE_("attach", placeholder_attach, "Attach the policy to the role that pulls"),
	PLACE_("blob", blob, "without digest"),
	PLACE_("bucket", placeholder_bucket, "prod-REGION-starport-layer-bucket"),
	PLACE_("bytes", bytes, "some"),
	PLACE_("caller_account", placeholder_caller_account, "CALLER_ACCOUNT"),
	PLACE_("clock_error", clock_error, "off"),
	PLACE_("cluster", placeholder_cluster, "CLUSTER"),
	PLACE_("call", call, "the call"),
	PLACE_("connect", connect_option, "ADDRESS:443"),
	PLACE_("digest", digest, "its digest"),
	PLACE_("document", document, "document"),
	PLACE_("endpoint_name", placeholder_endpoint_name, "the service"),
	PLACE_("dualstack_host", placeholder_dualstack_host, "its dual-stack name"),
	PLACE_("dualstack_registry", placeholder_dualstack_registry,
		"the registry's dual-stack name"),
	PLACE_("error_code", error_code, "an error"),
	PLACE_("expires", expires, "its end"),
	PLACE_("execution_role", execution_role, "the execution role"),
	PLACE_("failed_ports", placeholder_failed_ports, "some"),
	PLACE_("found_blob", found_blob, "something else"),
	PLACE_("found_tags", placeholder_found_tags, "none"),
	PLACE_("grant", placeholder_grant, "Allow the actions of the pull"),
	PLACE_("hello_bytes", hello_bytes, "some"),
	PLACE_("hop", hop, "a device on the path"),
	PLACE_("host", host, "HOST"),
	PLACE_("hosts", hosts, "the hosts"),
	PLACE_("image", image, "IMAGE"),
	PLACE_("image_id", placeholder_image_id, "imageTag=TAG"),
	PLACE_("ip", ip, "ADDRESS"),
	PLACE_("issuer", issuer, "an unknown issuer"),
	PLACE_("largest_passed", placeholder_largest_passed, "a small size"),
	PLACE_("location", location, "another host"),
	PLACE_("managed_policy", placeholder_managed_policy, "the pull's managed policy"),
	PLACE_("media_type", media_type, "unknown"),
	PLACE_("names", names, "other names"),
	PLACE_("nearest_repository", placeholder_nearest_repository, "none that is near"),
	PLACE_("nearest_tag", placeholder_nearest_tag, "none that is near"),
	PLACE_("not_after", not_after, "an unknown time"),
	PLACE_("not_before", not_before, "an unknown time"),
	PLACE_("other_answer", placeholder_other_answer, "another address"),
	PLACE_("other_server", placeholder_other_server, "another resolver"),
	PLACE_("other_spelling", placeholder_other_spelling, "its other spelling"),
	PLACE_("own_ip", placeholder_own_ip, "TASK_ADDRESS"),
	PLACE_("own_region", placeholder_own_region, "REGION"),
	PLACE_("own_region_option", placeholder_own_region_option, ""),
	PLACE_("partition", placeholder_partition, "aws"),
	PLACE_("passed_over", passed_over, "no source was configured"),
	PLACE_("passed_ports", placeholder_passed_ports, "others"),
	PLACE_("peer", peer, "the address"),
	PLACE_("peers", peers, "the addresses"),
	PLACE_("plain_host", placeholder_plain_host, "the plain name"),
	PLACE_("platform", platform, "the platform"),
	PLACE_("platforms", platforms, "others"),
	PLACE_("policy_arn", policy_arn, "the policy"),
	PLACE_("principal", placeholder_principal, "the caller"),
	PLACE_("proxy", proxy, "the proxy"),
	PLACE_("rate", rate, "not told how many"),
	PLACE_("reference", reference, "TAG"),
	PLACE_("region", placeholder_region, "REGION"),
	PLACE_("region_option", placeholder_region_option, ""),
	PLACE_("registry", registry, "REGISTRY"),
	PLACE_("repository", repository, "REPOSITORY"),
	PLACE_("repository_arn", placeholder_repository_arn, "*"),
	PLACE_("resolver", placeholder_resolver, "the resolver"),
	PLACE_("resource", resource, "*"),
	PLACE_("role_arn", placeholder_role_arn, "ROLE_ARN"),
	PLACE_("role_hint", placeholder_role_hint, "role that pulls"),
	PLACE_("role_name", placeholder_role_name, "ROLE"),
	PLACE_("cross_check", placeholder_cross_check, "no more than that"),
	PLACE_("seconds", seconds, "the timeout"),
	PLACE_("sent_name", sent_name, "no name"),
	PLACE_("server", server, "an unknown server"),
	PLACE_("service", placeholder_service, "the service"),
	PLACE_("silent_servers", silent_servers, "some"),
	PLACE_("size", size, "more"),
	PLACE_("source", source, "the source"),
	PLACE_("status", status, "another status"),
	PLACE_("subject", subject, "another subject"),
	PLACE_("subnet_query", placeholder_subnet_query, "SUBNET"),
	PLACE_("took", took, "long"),
	PLACE_("translated_ip", placeholder_translated_ip, "an IPv4 address"),
	PLACE_("uri", uri, "the credential endpoint"),
	PLACE_("vpc_query", placeholder_vpc_query, "VPC"),
	PLACE_("wanted", wanted, "what it wants"),
	PLACE_("words", words, "nothing more"),
};

const struct placeholder_row *placeholder_row(struct text name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_equal(rows[i].name, name))
			return &rows[i];
	return NULL;
}
