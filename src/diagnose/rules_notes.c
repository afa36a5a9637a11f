/* What is worth saying though the pull does not fail of it. The verdict never depends on these. */
#include "diagnose/certificate.h"
#include "diagnose/lines.h"
#include "diagnose/rule.h"

/* about the whole run: said once, at its first step */
static bool is_first(const struct context *context, const struct step *step)
{
	return step == context->evidence->steps;
}

static bool passed(const struct step *step, enum stage stage)
{
	return step->experiment == EXPERIMENT_NONE && step->outcome == OUTCOME_PASSED &&
		step->stage == stage;
}

static bool is_unsettled(const struct step *step)
{
	return step->experiment == EXPERIMENT_NONE && step->outcome == OUTCOME_SKIPPED &&
		step->symptom == SYMPTOM_DEADLINE;
}

static bool is_exhausted(const struct step *step)
{
	return step->outcome == OUTCOME_SKIPPED && step->symptom == SYMPTOM_EXHAUSTED;
}

static bool shows_clock_off(const struct step *step)
{
	int64_t offset = seen_number(step, FACT_CLOCK_OFFSET);
	return step->experiment == EXPERIMENT_NONE && (offset > 60 || offset < -60);
}

static bool is_unsynchronized(const struct context *context)
{
	return text_equal(context->evidence->vantage.clock_status, T("NOT_SYNCHRONIZED"));
}

static bool anchor_is_added(const struct step *step)
{
	return passed(step, STAGE_TLS) && text_equal(seen_text(step, FACT_ANCHOR), T("added"));
}

static bool host_is_not_aws(const struct step *step)
{
	return !host_is_aws(step);
}

static bool left_servers_silent(const struct step *step)
{
	return passed(step, STAGE_DNS) && seen_list(step, FACT_SILENT_SERVERS).count;
}

/* ECR is reached through an endpoint under one of its names and from outside under the other */
static bool is_half_private(const struct context *context, const struct step *step)
{
	enum endpoint_kind sibling = step->endpoint == ENDPOINT_API ? ENDPOINT_DKR : ENDPOINT_API;
	const struct step *other = context_passed(context, STAGE_TCP, sibling);
	return passed(step, STAGE_TCP) && peer_is_public(context, step) && other &&
		peer_is_inside(context, other);
}

static bool connected(const struct step *step)
{
	return passed(step, STAGE_TCP);
}

static bool was_late(const struct step *step)
{
	return passed(step, STAGE_TCP) && step->took_us >= 900000;
}

static bool rate_is_low(const struct step *step)
{
	return step->outcome == OUTCOME_PASSED && seen_number(step, FACT_RATE_LIMIT) > 0 &&
		seen_number(step, FACT_RATE_LEFT) < seen_number(step, FACT_RATE_LIMIT) / 10;
}

static bool was_slow(const struct context *context, const struct step *step)
{
	bool answers = passed(step, STAGE_TOKEN) || passed(step, STAGE_MANIFEST);
	return answers && context->evidence->timeout_us > 0 &&
		step->took_us > context->evidence->timeout_us / 2;
}

static bool layer_was_slow(const struct context *context, const struct step *step)
{
	/* whole layers take the time they take */
	return passed(step, STAGE_LAYERS) && !context->evidence->full &&
		context->evidence->timeout_us > 0 &&
		step->took_us > context->evidence->timeout_us / 2;
}

/* "arn:aws:sts::1:assumed-role/NAME/session", "arn:aws:iam::1:role/path/NAME" */
static struct text endpoint_of(struct text arn)
{
	bool assumed = text_holds(arn, T(":assumed-role/"));
	struct text name = text_cut(&arn, T("/"));
	while (arn.len) {
		name = text_cut(&arn, T("/"));
		if (assumed)
			break;
	}
	return name;
}

/* what one role may do says nothing of another */
static bool calls_as_another(const struct context *context, const struct step *step)
{
	struct text wanted = endpoint_of(seen_text(step, FACT_EXECUTION_ROLE));
	struct text used = endpoint_of(context_principal(context, NULL));
	return wanted.len && used.len && !text_equal(wanted, used);
}

/* clang-format off */
static const struct rule rows[] = {
	{.id = "unsettled", .step = {is_unsettled}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_UNSETTLED,
		.says = "The run ended before everything was settled; what was not reached is "
		"neither good nor bad.", .fix = {"Run again with a longer --deadline."}},
	{.id = "probe-unable", .step = {is_exhausted}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_PROBE_UNABLE,
		.says = "The probe itself could not ask {host}: {words}. That says nothing of the "
		"pull, good or bad.",
		.fix = {"Give the probe more descriptors (ulimit -n) or memory, or free what is in "
		"use, and run it again."}},
	{.id = "resolver-silent", .step = {left_servers_silent}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_DNS_TIMEOUT,
		.says = "The resolver {silent_servers} does not answer; {server} did. Each name "
		"that is asked of the silent one first waits for it.",
		.fix = {"Repair {silent_servers}, or take it out of the VPC's DHCP options."},
		.confirm = {LINE_DHCP}},
	{.id = "clock-off", .step = {shows_clock_off}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_AUTH_CLOCK_SKEW,
		.says = "The clock of this machine is {clock_error}, as {host} tells; beyond five "
		"minutes AWS refuses signatures.",
		.fix = {"Set the clock: Amazon Time Sync is 169.254.169.123 (chrony)."},
		.confirm = {"chronyc tracking"}},
	{.id = "clock-unsynchronized", .when = {is_first}, .run = {is_unsynchronized},
		.severity = SEVERITY_NOTE, .cause = CAUSE_AUTH_CLOCK_SKEW,
		.says = "The platform says that this task's clock is not synchronized.",
		.fix = {"Watch it; on Fargate a new task gets another host."}},
	{.id = "proxy-configured", .when = {is_first, proxy_is_configured},
		.severity = SEVERITY_NOTE, .cause = CAUSE_PROXY_NOT_USED,
		.says = "The proxy {proxy} is configured here and was not used, as the pull on "
		"Fargate does not use one either; --proxy walks through it."},
	{.id = "proxy-was-used", .endpoints = ENDPOINT(PROXY), .step = {connected},
		.severity = SEVERITY_NOTE, .cause = CAUSE_PROXY_NOT_USED,
		.says = "This run went through the proxy {proxy}, as --proxy says. A pull on "
		"Fargate uses no proxy: only a puller that is given this one fares so."},
	{.id = "start-other-role", .when = {calls_as_another}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_AUTH_IAM_IDENTITY,
		.says = "This ran as {principal}, and the task definition's execution role is "
		"{execution_role}: what the one may do says nothing of the other.",
		.fix = {"Run the probe with that role as its task role."}},
	{.id = "anchor-added", .step = {anchor_is_added, host_is_aws}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_TLS_INTERCEPTED, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_TLS_UNTRUSTED},
		.says = "The certificates of {hosts} are trusted only by a CA that was added here "
		"({issuer}). A Fargate pull does not have that CA and would refuse them.",
		.verify = "Who runs the CA {issuer}: an inspection device, or a network of your "
		"own that stands in for AWS.",
		.fix = {"If TLS is inspected on the path, exempt these hosts."}},
	{.id = "anchor-added-other", .step = {host_is_not_aws, anchor_is_added},
		.severity = SEVERITY_NOTE, .cause = CAUSE_TLS_UNTRUSTED,
		.says = "The certificates of {hosts} are trusted only by a CA that was added here "
		"({issuer}). The pull needs that CA too; on Fargate it cannot have it.",
		.fix = {"Give the registry a certificate of a public CA, or install the CA on the "
		"hosts that pull."}},
	{.id = "half-private", .endpoints = ENDPOINT(API) | ENDPOINT(DKR), .registry = PRIVATE_ECR,
		.when = {is_half_private}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_NET_NO_EGRESS_ROUTE,
		.says = "{host} is reached at a public address ({peer}) while ECR's other name has "
		"an endpoint in the VPC: the {service} endpoint is missing or its private DNS is "
		"off, and pulls need the way out besides.", .fix = {FIX_ADD_ENDPOINT},
		.confirm = {LINE_VPC_ENDPOINT}},
	{.id = "connection-late", .step = {was_late}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_NET_LOSS, .certainty = CERTAINTY_LIKELY,
		.alternatives = {CAUSE_REGISTRY_SLOW, CAUSE_S3_SLOW},
		.says = "{host} accepted the connection after {took} only: a packet was most "
		"likely lost and sent again.", .verify = "More runs: loss comes and goes.",
		.fix = {"Look at the drop counters of what stands on the path if it happens "
		"often."}},
	{.id = "rate-limit-near", .step = {rate_is_low}, .severity = SEVERITY_WARNING,
		.cause = CAUSE_REGISTRY_RATE_LIMITED,
		.says = "{host} counts pulls, and few are left: {rate}.",
		.fix = {"Sign in to the registry (repositoryCredentials), or pull through an ECR "
		"pull-through cache."}},
	{.id = "registry-slow", .when = {was_slow}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_REGISTRY_SLOW, .says = "{host} took {took} to answer.",
		.fix = {"Check the devices between this subnet and {host} if it stays so."}},
	{.id = "layers-slow", .when = {layer_was_slow}, .severity = SEVERITY_NOTE,
		.cause = CAUSE_S3_SLOW, .says = "{host} took {took} for the {document}.",
		.fix = {"Check the devices between this subnet and {host} if it stays so."}},
};
/* clang-format on */

const struct rule_part rules_notes = RULE_PART(~UINT32_C(0), rows);
