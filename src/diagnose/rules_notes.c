/* What is worth saying though the pull does not fail of it. The verdict never depends on these. */
#include "diagnose/lines.h"
#include "diagnose/rule.h"
#include "model/oci.h"
#include "model/task.h"

/* about the whole run: said once, at its first step */
static bool is_first(const struct context *context, const struct step *step)
{
	return step == context->evidence->steps;
}

/* ECR is reached through an endpoint under one of its names and from outside under the other */
static bool is_half_private(const struct context *context, const struct step *step)
{
	enum endpoint_kind sibling = step->endpoint == ENDPOINT_API ? ENDPOINT_DKR : ENDPOINT_API;
	const struct step *other = context_passed(context, STAGE_TCP, sibling);
	return other && peer_location(context, other) & PEER_NEAR;
}

/* whole layers take the time they take */
static bool was_slow(const struct context *context, const struct step *step)
{
	const struct evidence *evidence = context->evidence;
	return evidence->timeout_us > 0 && step->took_us > evidence->timeout_us / 2 &&
		!(evidence->full && step->stage == STAGE_LAYERS);
}

/* what one role may do says nothing of another */
static bool calls_as_another(const struct context *context, const struct step *step)
{
	struct text wanted = role_name(seen_text(step, FACT_EXECUTION_ROLE));
	struct text principal = context_principal(context, NULL);
	return wanted.len && principal.len && !text_equal(wanted, role_name(principal));
}

/* no other role was assumed with these credentials */
static bool is_last_role(const struct context *context, const struct step *step)
{
	const struct evidence *evidence = context->evidence;
	while (++step < evidence->steps + evidence->count)
		if (step->stage == STAGE_CREDENTIALS)
			return false;
	return true;
}

static bool layers_are_zstd(const struct context *context, const struct step *step)
{
	struct texts types = seen_list(step, FACT_LAYER_TYPES);
	(void)context;
	for (size_t i = 0; i < types.count; i++)
		if (text_holds(types.at[i], T("zstd")))
			return true;
	return false;
}

/* clang-format off */
static const struct rule rows[] = {
	{"unsettled", PROVEN, {CAUSE_UNSETTLED}, .symptoms = SYMPTOM(DEADLINE),
	 .outcome = OUTCOME(SKIPPED), .severity = SEVERITY_WARNING,
	 .says = "The run ended before all checks were done. What was not reached may work or "
	 "fail.", .fix = {"Run again with a longer --deadline."}},
	{"probe-unable", PROVEN, {CAUSE_PROBE_UNABLE}, .symptoms = SYMPTOM(EXHAUSTED),
	 .outcome = OUTCOME(SKIPPED), .experiments = true, .severity = SEVERITY_WARNING,
	 .says = "The probe itself could not send a request to {host}: {words}. This says nothing "
	 "about the pull.", .fix = {"Give the probe more descriptors (ulimit -n) or memory, or "
	 "free what is in use, and run it again."}},
	{"resolver-silent", PROVEN, {CAUSE_DNS_TIMEOUT}, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(DNS), .has = FACT(SILENT_SERVERS), .severity = SEVERITY_WARNING,
	 .says = "The resolver {silent_servers} does not answer; {server} does. Each query to the "
	 "silent one first waits for a timeout.", .fix = {"Repair {silent_servers}, or remove it "
	 "from the VPC's DHCP options."}, .confirm = {LINE_DHCP}},
	{"clock-off", PROVEN, {CAUSE_AUTH_CLOCK_SKEW}, .number = NUMBER(CLOCK_OFFSET, 61, -61),
	 .severity = SEVERITY_WARNING,
	 .says = "The clock of this machine is {clock_error}, by the Date of {host}. AWS rejects "
	 "signatures that are off by more than five minutes.", .fix = {"Set the clock: Amazon Time "
	 "Sync is 169.254.169.123 (chrony)."}, .confirm = {"chronyc tracking"}},
	{"clock-unsynchronized", PROVEN, {CAUSE_AUTH_CLOCK_SKEW}, .when = {is_first},
	 .run = RUN(CLOCK_UNSYNCHRONIZED), .severity = SEVERITY_NOTE,
	 .says = "Task metadata says that this task's clock is not synchronized.", .fix = {"Check "
	 "it again later; on Fargate a new task gets another host."}},
	{"proxy-configured", PROVEN, {CAUSE_PROXY_NOT_USED}, .when = {is_first},
	 .run = RUN(PROXY_UNUSED), .severity = SEVERITY_NOTE,
	 .says = "The proxy {proxy} is configured here but was not used, because a pull on Fargate "
	 "does not use one. Pass --proxy to use it."},
	{"proxy-was-used", PROVEN, {CAUSE_PROXY_NOT_USED}, .endpoints = ENDPOINT(PROXY),
	 .outcome = OUTCOME(PASSED), .stages = STAGE(TCP), .severity = SEVERITY_NOTE,
	 .says = "This run used the proxy {proxy} (--proxy). A pull on Fargate uses no proxy, so "
	 "this result is for pullers with this proxy only."},
	{"start-other-role", PROVEN, {CAUSE_AUTH_IAM_IDENTITY}, .when = {calls_as_another},
	 .severity = SEVERITY_NOTE,
	 .says = "This ran as {principal}, but the task definition's execution role is "
	 "{execution_role}. The permissions of one say nothing about the other's.", .fix = {"Run "
	 "the probe with that role as its task role."}},
	{"pod-role", PROVEN, {CAUSE_AUTH_IAM_IDENTITY}, .stages = STAGE(CREDENTIALS),
	 .outcome = OUTCOME(PASSED), .source = "irsa|pod_identity", .when = {is_last_role},
	 .severity = SEVERITY_NOTE,
	 .says = "This ran with the role of the pod's service account ({source}), and the kubelet "
	 "does not: it pulls with the node's instance role, on Fargate with the pod execution "
	 "role. The permissions of one say nothing about the other's.", .fix = {"Run the probe "
	 "with hostNetwork and a service account that has no role: it then has the node's."}},
	{"anchor-added", LIKELY, {CAUSE_TLS_INTERCEPTED, CAUSE_TLS_UNTRUSTED},
	 .certificate = CERTIFICATE_ADDED_CA | CERTIFICATE_OF_AWS, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(TLS), .severity = SEVERITY_NOTE,
	 .says = "The certificates of {hosts} are trusted only by a CA that was added here "
	 "({issuer}). A pull on Fargate does not have that CA and rejects them.", .verify = "Who "
	 "operates the CA {issuer}: an inspecting device, or a private network that replaces AWS.",
	 .fix = {"If TLS is inspected on the path, exempt these hosts."}},
	{"anchor-added-other", PROVEN, {CAUSE_TLS_UNTRUSTED}, .certificate = CERTIFICATE_ADDED_CA |
	 CERTIFICATE_OF_OTHERS, .outcome = OUTCOME(PASSED), .stages = STAGE(TLS),
	 .severity = SEVERITY_NOTE,
	 .says = "The certificates of {hosts} are trusted only by a CA that was added here "
	 "({issuer}). The pull needs that CA too; Fargate cannot have it.", .fix = {"Use a "
	 "certificate of a public CA for the registry, or install the CA on the hosts that pull."}},
	{"half-private", PROVEN, {CAUSE_NET_NO_EGRESS_ROUTE}, .endpoints = ENDPOINT(API) |
	 ENDPOINT(DKR), .registry = PRIVATE_ECR, .outcome = OUTCOME(PASSED), .stages = STAGE(TCP),
	 .peer = PEER(PUBLIC), .when = {is_half_private}, .severity = SEVERITY_NOTE,
	 .says = "{host} has a public address ({peer}), but ECR's other name has a VPC endpoint: "
	 "the {service} endpoint is missing or has private DNS off, so pulls also need a route to "
	 "the internet.", .fix = {FIX_ADD_ENDPOINT}, .confirm = {LINE_VPC_ENDPOINT}},
	{"packet-lost", LIKELY, {CAUSE_NET_LOSS, CAUSE_REGISTRY_SLOW, CAUSE_S3_SLOW},
	 .outcome = OUTCOME(PASSED), .stages = STAGE(TCP), .has = FACT(REPEATS),
	 .severity = SEVERITY_NOTE,
	 .says = "{host} ({peer}) accepted the connection after {took}, only after its first "
	 "packet was sent again: most likely that packet or its answer was lost.", .verify = "More "
	 "runs: loss varies; a slow host is slow each time.", .fix = {"If it happens often, check "
	 "the drop counters of the devices on the path."}},
	{"connection-late", LIKELY, {CAUSE_NET_LOSS, CAUSE_REGISTRY_SLOW, CAUSE_S3_SLOW},
	 .outcome = OUTCOME(PASSED), .stages = STAGE(TCP), .has = FACT(LATE),
	 .lacks = FACT(REPEATS), .severity = SEVERITY_NOTE,
	 .says = "{host} accepted the connection after {took}, much later than other hosts.",
	 .verify = "More runs: loss varies.", .fix = {"If it happens often, check the drop "
	 "counters of the devices on the path."}},
	{"rate-limit-near", PROVEN, {CAUSE_REGISTRY_RATE_LIMITED}, .outcome = OUTCOME(PASSED),
	 .number = NUMBER(RATE_LEFT, 0, 9), .severity = SEVERITY_WARNING,
	 .says = "{host} limits the number of pulls, and few are left: {rate}.", .fix = {"Sign in "
	 "to the registry (repositoryCredentials), or pull through an ECR pull-through cache."}},
	{"registry-slow", PROVEN, {CAUSE_REGISTRY_SLOW}, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(TOKEN) | STAGE(MANIFEST), .when = {was_slow}, .severity = SEVERITY_NOTE,
	 .says = "{host} took {took} to answer.", .fix = {"If it happens again, check the devices "
	 "between this subnet and {host}."}},
	{"docker-zstd", PROVEN, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST}, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(MANIFEST), .fact = FACT_PULLER, .holds = "docker",
	 .when = {layers_are_zstd}, .severity = SEVERITY_WARNING,
	 .says = "Layers of {image} are compressed with zstd. Docker supports zstd since version "
	 "23.0; older versions fail with \"invalid tar header\".", .fix = {"Check the version of "
	 "Docker on the hosts that pull, or build with compression=gzip."}},
	{"docker-layers", PROVEN, {CAUSE_IMAGE_UNSUPPORTED_MANIFEST}, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(MANIFEST), .fact = FACT_PULLER, .holds = "docker",
	 .number = NUMBER(LAYER_COUNT, PULLER_DOCKER_LAYERS + 1, INT64_MAX),
	 .severity = SEVERITY_WARNING,
	 .says = "{image} has more layers than the 125 that Docker's classic image store supports: "
	 "it fails with \"max depth exceeded\".", .fix = {"Build the image with fewer layers, or "
	 "use Docker's containerd image store."}},
	{"storage-needed", PROVEN, {CAUSE_IMAGE_DISK_FULL}, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(MANIFEST), .fact = FACT_PULLER, .holds = "fargate", .lacks = FACT(STORAGE),
	 .number = NUMBER(LAYER_BYTES, FARGATE_STORAGE / 2, INT64_MAX),
	 .severity = SEVERITY_WARNING,
	 .says = "The compressed layers of {image} have more than 10 GiB. A Fargate task has 20 "
	 "GiB for them and for their unpacked files, unless its definition requests more.",
	 .fix = {"Set ephemeralStorage.sizeInGiB (21 to 200) in the task definition, or make the "
	 "image smaller."}},
	{"blob-from-cache", PROVEN, {CAUSE_HTTP_NOT_THE_SERVICE}, .endpoints = ENDPOINT(S3),
	 .registry = PRIVATE_ECR, .outcome = OUTCOME(PASSED), .stages = STAGE(LAYERS),
	 .lacks = FACT(REQUEST_ID), .has = FACT(STATUS), .severity = SEVERITY_NOTE,
	 .says = "{host} serves the right bytes without the request id of S3: a cache or proxy is "
	 "on the path. The pull works through it."},
	{"blob-slow-at", PROVEN, {CAUSE_S3_SLOW}, .endpoints = ENDPOINT(S3),
	 .outcome = OUTCOME(PASSED), .stages = STAGE(LAYERS), .has = FACT(RATE),
	 .severity = SEVERITY_WARNING,
	 .says = "{host} serves the layers slowly: {words}.", .fix = {"Check the devices between "
	 "this subnet and {host}, and their bandwidth."}},
	{"layers-slow", PROVEN, {CAUSE_S3_SLOW}, .outcome = OUTCOME(PASSED),
	 .stages = STAGE(LAYERS), .when = {was_slow}, .severity = SEVERITY_NOTE,
	 .says = "{host} took {took} for the {document}.", .fix = {"If it happens again, check the "
	 "devices between this subnet and {host}."}},
};
/* clang-format on */

const struct rule_part rules_notes = RULE_PART(rows, .stages = ANY_STAGE);
