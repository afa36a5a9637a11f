/* Templates are filled from tables of placeholders. */
#include "diagnose/fill.h"
#include "base/arena.h"
#include "base/clock.h"
#include "model/registry.h"
#include <stddef.h>

static struct text fact_text(
	const struct fill_input *input, const struct step *step, enum fact fact)
{
	switch (fact_kind(fact)) {
	case FACT_KIND_TEXT:
		return seen_text(step, fact);
	case FACT_KIND_LIST:
		return texts_joined(input->arena, seen_list(step, fact));
	default:
		return seen_at_all(step, fact)
			? text_format(input->arena, "%lld", (long long)seen_number(step, fact))
			: T("");
	}
}

static struct text rate(const struct fill_input *input)
{
	return rate_words(input->arena, input->step);
}

static struct text host(const struct fill_input *input)
{
	return input->step->host;
}

static struct text peer(const struct fill_input *input)
{
	return input->step->peer;
}

static struct text peer_ip(const struct fill_input *input, const struct step *step)
{
	struct address address = context_peer(step);
	return address_text(input->arena, &address);
}

static struct text ip(const struct fill_input *input)
{
	return peer_ip(input, input->step);
}

/* the hosts, or peers, of all steps that the finding is about, each once */
static struct text all_of(const struct fill_input *input, bool peers)
{
	struct texts list = {0};
	for (size_t i = 0; i < input->step_count; i++) {
		const struct step *step = &input->context->evidence->steps[input->steps[i]];
		texts_add_once(input->arena, &list, peers ? step->peer : step->host);
	}
	return texts_joined(input->arena, list);
}

static struct text hosts(const struct fill_input *input)
{
	return all_of(input, false);
}

static struct text peers(const struct fill_input *input)
{
	return all_of(input, true);
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

static struct text proxy(const struct fill_input *input)
{
	for (size_t i = 0; i < input->context->evidence->count; i++) {
		const struct step *step = &input->context->evidence->steps[i];
		if (seen_at_all(step, FACT_PROXY))
			return seen_text(step, FACT_PROXY);
	}
	return T("");
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
	struct platform platform = input->context->evidence->target.platform;
	platform.os_version = T("");
	return platform_text(input->arena, &platform);
}

/* enough of a digest to recognise it by */
static struct text short_digest(struct text digest)
{
	return text_head(digest, sizeof "sha256:" - 1 + 12);
}

static struct text blob(const struct fill_input *input)
{
	return short_digest(seen_text(input->step, FACT_DIGEST));
}

static struct text found_blob(const struct fill_input *input)
{
	return short_digest(seen_text(input->step, FACT_FOUND_DIGEST));
}

static struct text largest_passed(const struct fill_input *input)
{
	static const enum experiment made_of[] = {
		EXPERIMENT_TLS_SMALL_MSS, EXPERIMENT_HTTP_SMALL_MSS};
	struct text largest = T("");
	for (size_t i = 0; i < 2 && !largest.len; i++) {
		const struct step *made = context_experiment(
			input->context, input->step, made_of[i]);
		if (made)
			largest = fact_text(input, made, FACT_LARGEST_PASSED);
		if (made && !largest.len)
			largest = fact_text(input, made, FACT_MSS);
	}
	return largest;
}

static struct text other_spelling(const struct fill_input *input)
{
	const struct step *made = context_experiment(
		input->context, input->step, EXPERIMENT_DNS_OTHER_SPELLING);
	return made ? made->host : T("");
}

static struct text cross_check(const struct fill_input *input)
{
	static const enum experiment kinds[] = {EXPERIMENT_API_DOWNLOAD_URL,
		EXPERIMENT_API_BATCH_GET_IMAGE, EXPERIMENT_API_DESCRIBE_IMAGE};
	struct text text = T("");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !text.len; i++) {
		const struct step *made = context_experiment(input->context, input->step, kinds[i]);
		if (made)
			text = seen_text(made, FACT_ERROR_TEXT);
	}
	return text;
}

/* where the host's name was resolved, or was to be */
static struct text resolver(const struct fill_input *input)
{
	const struct evidence *evidence = input->context->evidence;
	const struct step *step = input->step;
	for (size_t i = 0; i < evidence->count && step->stage != STAGE_DNS; i++)
		if (evidence->steps[i].stage == STAGE_DNS &&
			evidence->steps[i].experiment == EXPERIMENT_NONE &&
			text_same(evidence->steps[i].host, step->host))
			step = &evidence->steps[i];
	struct text server = step->stage == STAGE_DNS ? peer_ip(input, step) : T("");
	return server.len ? server : seen_text(input->step, FACT_SERVER);
}

static const struct placeholder rows[] = {
	{"account", "ACCOUNT", .target = TARGET(account)},
	{"action", "the action", .fact = FACT(ACTION)},
	{"alert", "an alert", .fact = FACT(ALERT)},
	{"blob", "without digest", .value = blob},
	{"bytes", "some", .fact = FACT(BYTES)},
	{"call", "the call", .fact = FACT(CALL)},
	{"clock_error", "off", .value = clock_error},
	{"connect", "ADDRESS:443", .value = connect_option},
	{"cross_check", "no more than that", .value = cross_check},
	{"digest", "its digest", .fact = FACT(DIGEST)},
	{"document", "document", .fact = FACT(DOCUMENT)},
	{"error_code", "an error", .fact = FACT(ERROR_CODE)},
	{"execution_role", "the execution role", .fact = FACT(EXECUTION_ROLE)},
	{"expires", "its end", .fact = FACT(EXPIRES)},
	{"failed_ports", "some", .fact = FACT(FAILED_PORTS), .experiment = EXPERIMENT_TCP_RETRY},
	{"found_blob", "something else", .value = found_blob},
	{"found_tags", "none", .fact = FACT(FOUND), .experiment = EXPERIMENT_TAGS},
	{"hello_bytes", "some", .fact = FACT(HELLO_BYTES)},
	{"hop", "a device on the path", .fact = FACT(HOP)},
	{"host", "HOST", .value = host},
	{"hosts", "the hosts", .value = hosts},
	{"image", "IMAGE", .target = TARGET(image)},
	{"ip", "ADDRESS", .value = ip},
	{"issuer", "an unknown issuer", .fact = FACT(ISSUER)},
	{"largest_passed", "a small size", .value = largest_passed},
	{"location", "another host", .fact = FACT(LOCATION)},
	{"media_type", "unknown", .fact = FACT(MEDIA_TYPE)},
	{"names", "other names", .fact = FACT(NAMES)},
	{"nearest_repository", "no similar one", .fact = FACT(NEAREST),
		.experiment = EXPERIMENT_REPOSITORIES},
	{"nearest_tag", "no similar one", .fact = FACT(NEAREST), .experiment = EXPERIMENT_TAGS},
	{"not_after", "an unknown time", .fact = FACT(NOT_AFTER)},
	{"not_before", "an unknown time", .fact = FACT(NOT_BEFORE)},
	{"other_answer", "another address", .experiment = EXPERIMENT_TCP_OTHER_ANSWER},
	{"other_server", "another resolver", .experiment = EXPERIMENT_DNS_OTHER_SERVER},
	{"other_spelling", "its other spelling", .value = other_spelling},
	{"passed_over", "no source was configured", .fact = FACT(PASSED_OVER)},
	{"passed_ports", "others", .fact = FACT(PASSED_PORTS), .experiment = EXPERIMENT_TCP_RETRY},
	{"peer", "the address", .value = peer},
	{"peers", "the addresses", .value = peers},
	{"platform", "the platform", .value = platform},
	{"platforms", "others", .fact = FACT(PLATFORMS)},
	{"policy_arn", "the policy", .fact = FACT(POLICY_ARN)},
	{"proxy", "the proxy", .value = proxy},
	{"rate", "an unknown number", .value = rate},
	{"reference", "TAG", .target = TARGET(reference)},
	{"region", "REGION", .target = TARGET(region)},
	{"registry", "REGISTRY", .target = TARGET(host)},
	{"repository", "REPOSITORY", .target = TARGET(repository)},
	{"resolver", "the resolver", .value = resolver},
	{"resource", "*", .fact = FACT(RESOURCE)},
	{"seconds", "the timeout", .value = seconds},
	{"server", "an unknown server", .fact = FACT(SERVER)},
	{"silent_servers", "some", .fact = FACT(SILENT_SERVERS)},
	{"size", "more", .fact = FACT(SIZE)},
	{"source", "the source", .fact = FACT(SOURCE)},
	{"status", "another status", .fact = FACT(STATUS)},
	{"took", "long", .value = took},
	{"uri", "the credential endpoint", .fact = FACT(URI)},
	{"wanted", "what it wants", .fact = FACT(WANTED)},
	{"words", "nothing more", .value = words},
	{.name = NULL},
};

static const struct placeholder *placeholder_named(struct text name)
{
	for (const struct placeholder *row = rows; row->name; row++)
		if (text_equal(text_of(row->name), name))
			return row;
	for (const struct placeholder *row = placeholders_aws; row->name; row++)
		if (text_equal(text_of(row->name), name))
			return row;
	return NULL;
}

static struct text value_of(const struct placeholder *row, const struct fill_input *input)
{
	const char *target = (const char *)&input->context->evidence->target;
	const struct step *step = input->step;
	struct text value = T("");
	if (row->experiment)
		step = context_experiment(input->context, step, row->experiment);
	if (row->value)
		value = row->value(input);
	else if (row->target)
		value = *(const struct text *)(const void *)(target + row->target - 1);
	else if (step)
		value = row->fact ? fact_text(input, step, row->fact - 1) : peer_ip(input, step);
	return value.len ? value : text_of(row->otherwise);
}

/* cuts "{name}" off the head of `rest` */
static bool cut_placeholder(struct text *rest, struct text *name)
{
	if (!text_starts(*rest, T("{")))
		return false;
	struct text inside = text_skip(*rest, 1);
	size_t end = text_find(inside, T("}"));
	*name = text_head(inside, end);
	if (end == inside.len || !end || !text_only(*name, T("abcdefghijklmnopqrstuvwxyz_")))
		return false;
	*rest = text_skip(inside, end + 1);
	return true;
}

struct text fill(struct arena *arena, const struct context *context, const char *template,
	const size_t *steps, size_t step_count)
{
	static const struct step none;
	struct buffer out = {.arena = arena};
	struct fill_input input = {
		.arena = arena,
		.context = context,
		.step = step_count ? &context->evidence->steps[steps[0]] : &none,
		.steps = steps,
		.step_count = step_count,
	};
	struct text rest = text_of(template);
	while (rest.len) {
		struct text name;
		if (cut_placeholder(&rest, &name)) {
			const struct placeholder *row = placeholder_named(name);
			buffer_add(&out, row ? value_of(row, &input) : name);
			continue;
		}
		size_t plain = text_find(text_skip(rest, 1), T("{")) + 1;
		buffer_add(&out, text_head(rest, plain));
		rest = text_skip(rest, plain);
	}
	return buffer_text(&out);
}

struct text fill_unknown(const char *template)
{
	struct text rest = text_of(template);
	struct text name;
	while (rest.len) {
		if (!cut_placeholder(&rest, &name))
			rest = text_skip(rest, 1);
		else if (!placeholder_named(name))
			return name;
	}
	return T("");
}
