/* The walk against a scripted world: what it asks, in which order, and what it writes down. */
#include "base/clock.h"
#include "check.h"
#include "model/evidence.h"
#include "net/net.h"
#include "walk/walk.h"
#include <string.h>
#include <unistd.h>

#define HOST "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#define BUCKET "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com"
#define CONFIG "{\"architecture\":\"amd64\",\"os\":\"linux\"}"
#define LAYER "layer"

/* a scripted answer: the first row whose `url` is in the URL asked counts */
struct script {
	const char *url;
	int status;
	const char *header;
	const char *value;
	const char *body;
	enum symptom symptom;
	const char *second_header;
	const char *second_value;
};

enum { LINES = 64, MANY = 256 };

/* A wire on which every wait is counted in round trips: what is begun goes on meanwhile. */
struct wire {
	int now;
	struct {
		struct text host;
		int free_at;
	} connections[LINES];
	size_t count;
	struct {
		struct pending **held;
		int due;
	} begun[MANY];
	size_t begun_count;
};

/* the world of one test */
struct world {
	const char *dead_name;	  /* this name does not resolve */
	const char *dead_address; /* this address is silent */
	const char *bad_tls;	  /* this name is vouched for by nobody */
	const struct script *scripts;
	size_t script_count;
	size_t exchanges;
	char asked[64][512];		      /* URLs, in order */
	char basic[64][64];		      /* and the Basic token that went along */
	bool stop_after_dns;		      /* a signal comes */
	const char *only_name, *only_address; /* what alone may be looked up, and dialled */
	bool strayed;			      /* something else was */
	struct wire wire;
};

static struct arena arena;

static const char *address_for(struct text name)
{
	if (text_starts(name, T("api.")))
		return "10.20.2.11";
	if (text_equal(name, T(HOST)))
		return "10.20.2.12";
	return text_equal(name, T(BUCKET)) ? "52.216.0.10" : "203.0.113.9";
}

/* it settles then; until then it is under way */
static void hold(struct wire *wire, struct pending **held, int due)
{
	assert_true(wire->begun_count < MANY);
	wire->begun[wire->begun_count].held = held;
	wire->begun[wire->begun_count++].due = due;
	*held = (struct pending *)wire; /* nobody looks into it */
}

static void scripted_resolve(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct query *query = &queries[i];
		hold(&world->wire, &query->pending, world->wire.now + 1);
		struct address address;
		query->began_us = clock_us();
		query->symptom = SYMPTOM_NODATA;
		world->strayed |= world->only_name &&
			!text_equal(query->name, text_of(world->only_name));
		if (world->dead_name && text_equal(query->name, text_of(world->dead_name)))
			query->symptom = SYMPTOM_NXDOMAIN;
		else if (query->record == RECORD_A) {
			query->symptom = SYMPTOM_NONE;
			address_parse(text_of(address_for(query->name)), &address);
			addresses_add(&arena, &query->addresses, address);
		}
	}
	if (world->stop_after_dns)
		interrupted = 1;
}

static void scripted_connect(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		hold(&world->wire, &dials[i].pending, world->wire.now + 1);
		struct text to = address_text(&arena, &dials[i].to);
		bool dead = world->dead_address && text_equal(to, text_of(world->dead_address));
		world->strayed |= world->only_address &&
			!text_equal(to, text_of(world->only_address));
		dials[i].began_us = clock_us();
		dials[i].symptom = dead ? SYMPTOM_TIMEOUT : SYMPTOM_NONE;
		dials[i].fd = dead ? -1 : dup(STDERR_FILENO);
	}
}

static void scripted_handshake(
	struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		hold(&world->wire, &handshakes[i].pending, world->wire.now + 1);
		struct text name = handshakes[i].send_name;
		bool bad = world->bad_tls && text_equal(name, text_of(world->bad_tls));
		handshakes[i].began_us = clock_us();
		handshakes[i].symptom = bad ? SYMPTOM_UNTRUSTED : SYMPTOM_NONE;
		handshakes[i].issuer = bad ? T("CN=Inspector") : T("CN=Amazon RSA 2048 M01");
		if (handshakes[i].fd >= 0)
			close(handshakes[i].fd);
	}
}

static void answer(struct exchange *exchange, const struct script *script)
{
	struct header *headers = arena_new(&arena, struct header, 2);
	struct text body = text_of(script->body);
	exchange->symptom = script->symptom;
	exchange->status = script->status;
	exchange->headers = headers;
	headers[0] = (struct header){text_of(script->header), text_of(script->value)};
	headers[1] = (struct header){text_of(script->second_header), text_of(script->second_value)};
	exchange->header_count = script->second_header ? 2 : script->header ? 1 : 0;
	exchange->kept = body;
	exchange->bytes = exchange->announced = (int64_t)body.len;
	exchange->digest = digest_of(&arena, body);
	exchange->peer = exchange->address;
}

/* the task's own services are at no distance */
static bool is_near(const struct exchange *exchange)
{
	return text_starts(exchange->url, T("http://169.254."));
}

/* A request takes one round trip on a connection that is free, and two more to open one. */
static void send_off(struct wire *wire, struct exchange *exchange)
{
	struct text host = text_skip(exchange->url, strlen("https://"));
	int due = wire->now + 1;
	size_t i = 0;
	host = text_head(host, text_find(host, T("/")));
	while (i < wire->count &&
		!(text_equal(wire->connections[i].host, host) &&
			wire->connections[i].free_at <= wire->now))
		i++;
	if (i == wire->count) {
		assert_true(wire->count < LINES);
		wire->connections[wire->count++].host = host;
		due += 2;
	}
	wire->connections[i].free_at = due;
	hold(wire, &exchange->pending, due);
}

static void scripted_send(struct net *net, struct exchange *exchanges, size_t count,
	int64_t idle_us, int64_t until_us)
{
	struct world *world = net->state;
	(void)idle_us, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct exchange *exchange = &exchanges[i];
		struct text host = text_skip(exchange->url, strlen("https://"));
		/* curl proves the peer too, before anything is sent */
		if (world->bad_tls && text_starts(host, text_of(world->bad_tls))) {
			exchange->symptom = SYMPTOM_UNTRUSTED;
			continue;
		}
		size_t at = world->exchanges++;
		assert_true(at < LINES);
		snprintf(world->asked[at], sizeof world->asked[at], "%.*s", TEXT(exchange->url));
		snprintf(world->basic[at], sizeof world->basic[at], "%.*s", TEXT(exchange->basic));
		exchange->began_us = clock_us();
		exchange->symptom = SYMPTOM_TIMEOUT;
		for (size_t s = 0; s < world->script_count; s++)
			if (text_holds(exchange->url, text_of(world->scripts[s].url))) {
				answer(exchange, &world->scripts[s]);
				break;
			}
		if (!is_near(exchange))
			send_off(&world->wire, exchange);
	}
}

/* the next answers on the wire */
static void scripted_wait(struct net *net, int64_t until_us)
{
	struct wire *wire = &((struct world *)net->state)->wire;
	int next = 0;
	(void)until_us;
	for (size_t i = 0; i < wire->begun_count; i++)
		if (wire->begun[i].held && (!next || wire->begun[i].due < next))
			next = wire->begun[i].due;
	for (size_t i = 0; i < wire->begun_count; i++)
		if (wire->begun[i].held && wire->begun[i].due == next) {
			*wire->begun[i].held = NULL;
			wire->begun[i].held = NULL;
		}
	wire->now = next > wire->now ? next : wire->now;
}

static void scripted_drop(struct net *net, const void *owner)
{
	(void)net, (void)owner;
}

/* the path as it should be ---------------------------------------------------------------- */

static struct text config_digest(void)
{
	return digest_of(&arena, T(CONFIG));
}

static const char *manifest_of(const char *layer)
{
	struct text config = config_digest();
	struct text digest = digest_of(&arena, text_of(layer));
	return text_format(&arena,
		"{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
		"\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
		"\"digest\":\"%.*s\",\"size\":%zu},\"layers\":[{\"mediaType\":"
		"\"application/"
		"vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"%.*s\",\"size\":%zu}]}",
		TEXT(config), strlen(CONFIG), TEXT(digest), strlen(layer))
		.at;
}

enum {
	CREDENTIALS,
	PING,
	BUCKET_ROOT,
	TOKEN,
	MANIFEST,
	CONFIG_ASK,
	LAYER_ASK,
	CONFIG_GET,
	LAYER_GET,
	HEALTHY
};

static void healthy(struct script scripts[HEALTHY])
{
	static const char location[] =
		"https://" BUCKET "/abc?X-Amz-Signature=0123456789abcdefEXAMPLE&X-Amz-Expires=3600";
	static const char layer_location[] = "https://" BUCKET
					     "/layer?X-Amz-Signature=0123456789abcdefEXAMPLE";
	struct text config = config_digest();
	scripts[CREDENTIALS] = (struct script){.url = "169.254.170.2/v2/credentials",
		.status = 200,
		.body = "{\"RoleArn\":\"arn:aws:iam::123456789012:role/pull\","
			"\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"wJalrEXAMPLEKEY\","
			"\"Token\":\"SESSIONEXAMPLE\",\"Expiration\":\"2099-01-01T00:00:00Z\"}"};
	scripts[PING] = (struct script){.url = HOST "/v2/",
		.status = 401,
		.header = "Www-Authenticate",
		.value = "Basic realm=\"https://" HOST "/\",service=\"ecr.amazonaws.com\""};
	scripts[BUCKET_ROOT] = (struct script){.url = BUCKET "/",
		.status = 403,
		.header = "x-amz-request-id",
		.value = "R1",
		.body = "<Error><Code>AccessDenied</Code></Error>"};
	scripts[TOKEN] = (struct script){.url = "//api.ecr.us-east-1.amazonaws.com/",
		.status = 200,
		.header = "x-amzn-RequestId",
		.value = "R2",
		.body = "{\"authorizationData\":[{\"authorizationToken\":\"QVdTOkVYQU1QTEU=\","
			"\"expiresAt\":4070908800.0,\"proxyEndpoint\":\"https://" HOST "\"}]}"};
	scripts[MANIFEST] = (struct script){.url = "/manifests/",
		.status = 200,
		.header = "Content-Type",
		.value = "application/vnd.oci.image.manifest.v1+json",
		.body = manifest_of(LAYER)};
	scripts[CONFIG_ASK] = (struct script){
		.url = text_format(&arena, "/blobs/%.*s", TEXT(config)).at,
		.status = 307,
		.header = "Location",
		.value = location};
	scripts[LAYER_ASK] = (struct script){
		.url = "/blobs/", .status = 307, .header = "Location", .value = layer_location};
	scripts[CONFIG_GET] = (struct script){.url = BUCKET "/abc?",
		.status = 200,
		.header = "x-amz-request-id",
		.value = "R3",
		.body = CONFIG};
	scripts[LAYER_GET] = (struct script){.url = BUCKET "/layer?",
		.status = 206,
		.header = "x-amz-request-id",
		.value = "R4",
		.body = "l"};
}

/* rows in the order in which they must be looked through: the longer URLs first */
static size_t ordered(const struct script scripts[HEALTHY], struct script out[HEALTHY])
{
	static const int order[HEALTHY] = {CREDENTIALS, MANIFEST, CONFIG_ASK, LAYER_ASK, CONFIG_GET,
		LAYER_GET, PING, BUCKET_ROOT, TOKEN};
	for (size_t i = 0; i < HEALTHY; i++)
		out[i] = scripts[order[i]];
	return HEALTHY;
}

static struct evidence evidence_of(
	struct world *world, const struct script scripts[HEALTHY], struct walk_options wishes)
{
	static char uri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/0123";
	static char *variables[] = {uri, NULL};
	struct script *rows = arena_new(&arena, struct script, HEALTHY);
	struct host_info here = {0};
	struct evidence evidence = {0};
	struct target target;
	struct text complaint;
	struct network subnet;
	struct net net = {&arena, scripted_resolve, scripted_connect, scripted_handshake,
		.send = scripted_send, .wait = scripted_wait, .drop = scripted_drop,
		.state = world};
	network_parse(T("10.20.1.10/24"), &subnet);
	addresses_add(&arena, &here.addresses, subnet.address);
	here.networks = &subnet;
	address_parse(T("10.20.0.2"), &subnet.address);
	addresses_add(&arena, &here.resolvers, subnet.address);
	network_parse(T("10.20.1.10/24"), &subnet);
	world->script_count = ordered(scripts, rows);
	world->scripts = rows;
	assert_true(target_parse(&arena, T(HOST "/app:1"), T(""), &target, &complaint));
	target.platform = (struct platform){.os = T("linux"), .architecture = T("amd64")};
	struct plan plan = plan_make(&arena, &target, &(struct plan_options){0});
	wishes.timeout_us = wishes.timeout_us ? wishes.timeout_us : SECOND_US;
	wishes.deadline_us = 60 * SECOND_US;
	wishes.host_info = &here;
	if (!wishes.environment.variables)
		wishes.environment.variables = variables;
	walk(&arena, &net, &target, &plan, &wishes, &evidence);
	return evidence;
}

static const struct step *first(
	const struct evidence *evidence, enum stage stage, enum endpoint_kind kind)
{
	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->steps[i].stage == stage && evidence->steps[i].endpoint == kind)
			return &evidence->steps[i];
	fail_msg("there is no step of stage %d", (int)stage);
	return NULL;
}

static void assert_outcome(const struct evidence *evidence, enum stage stage,
	enum endpoint_kind kind, enum outcome outcome, enum symptom symptom)
{
	const struct step *step = first(evidence, stage, kind);
	if (step->outcome != outcome || step->symptom != symptom)
		fail_msg("%.*s of %.*s is %.*s, %.*s: %.*s", TEXT(stage_name(stage)),
			TEXT(endpoint_kind_name(kind)), TEXT(outcome_name(step->outcome)),
			TEXT(symptom_name(step->symptom)), TEXT(step->detail));
}

/* the tests ------------------------------------------------------------------------------- */

static void a_healthy_path_passes_every_stage(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	for (size_t i = 0; i < evidence.count; i++)
		if (evidence.steps[i].outcome != OUTCOME_PASSED)
			fail_msg("%.*s of %.*s: %.*s", TEXT(stage_name(evidence.steps[i].stage)),
				TEXT(endpoint_kind_name(evidence.steps[i].endpoint)),
				TEXT(evidence.steps[i].detail));
	/* four stages of three endpoints, credentials, token, manifest, two blobs in two steps */
	assert_int_equal(evidence.count, 4 * 3 + 1 + 1 + 1 + 2 * 2);
}

static void a_healthy_path_waits_for_nothing_twice(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	evidence_of(&world, scripts, (struct walk_options){0});
	/* dns, tcp, tls, token, manifest, redirect, S3 */
	assert_int_equal(world.wire.now, 7);
}

static void a_credential_name_is_looked_up_beside_the_others(void **state)
{
	static char uri[] =
		"AWS_CONTAINER_CREDENTIALS_FULL_URI=https://agent.example/v2/credentials";
	static char *variables[] = {uri, NULL};
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	scripts[CREDENTIALS].url = "agent.example/v2/credentials";
	struct evidence evidence = evidence_of(
		&world, scripts, (struct walk_options){.environment.variables = variables});
	assert_outcome(&evidence, STAGE_LAYERS, ENDPOINT_S3, OUTCOME_PASSED, SYMPTOM_NONE);
	/* dns; tcp, tls, credentials; token, manifest, redirect, S3 */
	assert_int_equal(world.wire.now, 8);
}

static void a_healthy_path_runs_no_experiment(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	for (size_t i = 0; i < evidence.count; i++)
		assert_int_equal(evidence.steps[i].experiment, EXPERIMENT_NONE);
}

static void the_registry_token_stays_with_the_registry(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	evidence_of(&world, scripts, (struct walk_options){0});
	for (size_t i = 0; i < world.exchanges; i++)
		if (!strstr(world.asked[i], "//" HOST "/"))
			assert_string_equal(world.basic[i], "");
}

static void no_secret_becomes_evidence(void **state)
{
	static const char *const secrets[] = {"wJalrEXAMPLEKEY", "SESSIONEXAMPLE",
		"QVdTOkVYQU1QTEU=", "0123456789abcdefEXAMPLE", "AKIDEXAMPLE"};
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	/* a server that quotes what it should not */
	scripts[LAYER_GET] = (struct script){.url = BUCKET "/layer?",
		.status = 403,
		.header = "x-amz-request-id",
		.value = "R",
		.body = "<Error><Code>AccessDenied</Code><Message>SESSIONEXAMPLE "
			"X-Amz-Signature=0123456789abcdefEXAMPLE</Message></Error>"};
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	json_t *json = schema_write(&arena, &evidence);
	char *printed = json_dumps(json, 0);
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (strstr(printed, secrets[i]))
			fail_msg("%s is in %s", secrets[i], printed);
	free(printed);
	json_decref(json);
}

static void a_dead_name_skips_the_later_stages(void **state)
{
	struct world world = {.dead_name = HOST};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	assert_outcome(&evidence, STAGE_DNS, ENDPOINT_DKR, OUTCOME_FAILED, SYMPTOM_NXDOMAIN);
	assert_outcome(&evidence, STAGE_TCP, ENDPOINT_DKR, OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
	assert_outcome(&evidence, STAGE_TLS, ENDPOINT_DKR, OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
	assert_outcome(&evidence, STAGE_HTTP, ENDPOINT_API, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(&evidence, STAGE_TOKEN, ENDPOINT_API, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(
		&evidence, STAGE_MANIFEST, ENDPOINT_DKR, OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
	assert_outcome(&evidence, STAGE_LAYERS, ENDPOINT_S3, OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
}

static void a_silent_address_is_followed_by_its_experiments(void **state)
{
	struct world world = {.dead_address = "10.20.2.11"};
	struct script scripts[HEALTHY];
	bool retry = false;
	bool outside = false;
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	assert_outcome(&evidence, STAGE_TCP, ENDPOINT_API, OUTCOME_FAILED, SYMPTOM_TIMEOUT);
	for (size_t i = 0; i < evidence.count; i++) {
		const struct step *step = &evidence.steps[i];
		if (step->experiment == EXPERIMENT_TCP_RETRY) {
			retry = true;
			assert_int_equal(evidence.steps[step->follows].endpoint, ENDPOINT_API);
			assert_int_equal(seen_number(step, FACT_PASSED_TRIES), 0);
		}
		outside |= step->experiment == EXPERIMENT_TCP_CONTROL_PUBLIC &&
			step->outcome == OUTCOME_PASSED;
	}
	assert_true(retry);
	assert_true(outside);
	/* the other endpoints' story goes on as far as it can */
	assert_outcome(&evidence, STAGE_HTTP, ENDPOINT_DKR, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(&evidence, STAGE_TOKEN, ENDPOINT_API, OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
}

static void an_untrusted_peer_gets_no_request(void **state)
{
	struct world world = {.bad_tls = HOST};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	assert_outcome(&evidence, STAGE_TLS, ENDPOINT_DKR, OUTCOME_FAILED, SYMPTOM_UNTRUSTED);
	for (size_t i = 0; i < world.exchanges; i++)
		assert_null(strstr(world.asked[i], HOST "/v2/"));
}

static void without_credentials_the_network_is_still_judged(void **state)
{
	static char *none[] = {NULL};
	struct world world = {.dead_address = "169.254.169.254"};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(
		&world, scripts, (struct walk_options){.environment.variables = none});
	assert_outcome(&evidence, STAGE_HTTP, ENDPOINT_S3, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(
		&evidence, STAGE_CREDENTIALS, ENDPOINT_CALLER, OUTCOME_FAILED, SYMPTOM_NO_SOURCE);
	assert_outcome(&evidence, STAGE_TOKEN, ENDPOINT_API, OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
}

static void through_a_proxy_all_but_link_local_goes_by_it(void **state)
{
	static char uri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/0123";
	static char configured[] = "HTTPS_PROXY=http://u:PASSWORDEXAMPLE@other.example:1";
	static char *variables[] = {uri, configured, NULL};
	struct world world = {.only_name = "proxy.example", .only_address = "203.0.113.9"};
	struct script scripts[HEALTHY];
	struct walk_options wishes = {.environment.variables = variables};
	(void)state;
	healthy(scripts);
	assert_true(proxy_parse(&arena, T("http://proxy.example:3128"), &wishes.proxy));
	struct evidence evidence = evidence_of(&world, scripts, wishes);
	assert_false(world.strayed);
	assert_outcome(&evidence, STAGE_TCP, ENDPOINT_PROXY, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(&evidence, STAGE_HTTP, ENDPOINT_PROXY, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(&evidence, STAGE_DNS, ENDPOINT_API, OUTCOME_SKIPPED, SYMPTOM_NOT_ASKED);
	assert_outcome(&evidence, STAGE_LAYERS, ENDPOINT_S3, OUTCOME_PASSED, SYMPTOM_NONE);
	check_text(0, seen_text(first(&evidence, STAGE_TLS, ENDPOINT_S3), FACT_PROXY),
		"http://proxy.example:3128");
	check_text(
		1, seen_text(first(&evidence, STAGE_CREDENTIALS, ENDPOINT_CALLER), FACT_PROXY), "");
}

static void a_proxy_of_the_environment_is_noted_without_its_password(void **state)
{
	static char configured[] = "HTTPS_PROXY=http://u:PASSWORDEXAMPLE@other.example:1";
	static char excepts[] = "NO_PROXY=.amazonaws.com";
	static char *variables[] = {configured, NULL, NULL};
	struct world world = {0};
	struct script scripts[HEALTHY];
	struct walk_options wishes = {.environment.variables = variables};
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, wishes);
	check_text(0, seen_text(first(&evidence, STAGE_CREDENTIALS, ENDPOINT_CALLER), FACT_PROXY),
		"http://other.example:1");
	variables[1] = excepts;
	evidence = evidence_of(&world, scripts, wishes);
	check_text(
		1, seen_text(first(&evidence, STAGE_CREDENTIALS, ENDPOINT_CALLER), FACT_PROXY), "");
}

static void a_denied_manifest_says_by_which_policy(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	scripts[MANIFEST] = (struct script){.url = "/manifests/",
		.status = 403,
		.body = "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"User: arn:aws:sts::"
			"123456789012:assumed-role/pull/x is not authorized to perform: "
			"ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:"
			"repository/app because no resource-based policy allows the "
			"ecr:BatchGetImage action\"}]}"};
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	assert_outcome(&evidence, STAGE_MANIFEST, ENDPOINT_DKR, OUTCOME_FAILED, SYMPTOM_DENIED);
	const struct step *step = first(&evidence, STAGE_MANIFEST, ENDPOINT_DKR);
	assert_true(text_equal(seen_text(step, FACT_POLICY), T("resource")));
	assert_true(text_equal(seen_text(step, FACT_ACTION), T("ecr:BatchGetImage")));
}

/* where a redirect may not lead */
static void a_forbidden_redirect_is_not_followed(void **state)
{
	static const char *const locations[] = {"http://" BUCKET "/abc", "https://127.0.0.1/abc",
		"https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/x",
		"file:///etc/passwd", ""};
	(void)state;
	for (size_t i = 0; i < sizeof locations / sizeof *locations; i++) {
		struct world world = {0};
		struct script scripts[HEALTHY];
		healthy(scripts);
		scripts[CONFIG_ASK].value = locations[i];
		struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
		assert_outcome(&evidence, STAGE_LAYERS, ENDPOINT_DKR, OUTCOME_FAILED,
			SYMPTOM_BAD_REDIRECT);
		for (size_t at = 0; at < world.exchanges; at++)
			assert_true(!locations[i][0] || strcmp(world.asked[at], locations[i]) != 0);
	}
}

static void a_redirect_elsewhere_is_connected_first(void **state)
{
	struct world world = {.dead_address = "203.0.113.9"};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	scripts[CONFIG_ASK].value = "https://elsewhere.example/abc?X-Amz-Signature=EXAMPLE";
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	bool silent = false;
	for (size_t i = 0; i < evidence.count; i++)
		silent |= evidence.steps[i].stage == STAGE_TCP &&
			evidence.steps[i].symptom == SYMPTOM_TIMEOUT &&
			text_equal(evidence.steps[i].host, T("elsewhere.example"));
	assert_true(silent);
}

static void bytes_that_do_not_match_are_told(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	scripts[CONFIG_GET].body = "{\"architecture\":\"amd64\",\"os\":\"linuX\"}";
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	assert_outcome(
		&evidence, STAGE_LAYERS, ENDPOINT_S3, OUTCOME_FAILED, SYMPTOM_DIGEST_MISMATCH);
}

static void a_lone_image_is_judged_by_its_config(void **state)
{
	static const char arm[] = "{\"architecture\":\"arm64\",\"os\":\"linux\"}";
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct text digest = digest_of(&arena, text_of(arm));
	scripts[MANIFEST].body = text_format(&arena,
		"{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
		"\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
		"\"digest\":\"%.*s\",\"size\":%zu},\"layers\":[]}",
		TEXT(digest), strlen(arm))
					 .at;
	scripts[CONFIG_ASK].url = "/blobs/";
	scripts[CONFIG_GET].body = arm;
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	const struct step *last = &evidence.steps[evidence.count - 1];
	assert_int_equal(last->stage, STAGE_MANIFEST);
	assert_int_equal(last->symptom, SYMPTOM_PLATFORM_MISSING);
}

static void a_stage_that_was_asked_for_is_the_last(void **state)
{
	struct world world = {0};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(
		&world, scripts, (struct walk_options){.stage_asked = true, .stage = STAGE_TCP});
	assert_outcome(&evidence, STAGE_TCP, ENDPOINT_S3, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(&evidence, STAGE_TLS, ENDPOINT_API, OUTCOME_SKIPPED, SYMPTOM_NOT_ASKED);
	assert_outcome(&evidence, STAGE_LAYERS, ENDPOINT_S3, OUTCOME_SKIPPED, SYMPTOM_NOT_ASKED);
	assert_int_equal(world.exchanges, 0);
}

static void after_a_signal_the_rest_is_unsettled(void **state)
{
	struct world world = {.stop_after_dns = true};
	struct script scripts[HEALTHY];
	(void)state;
	healthy(scripts);
	struct evidence evidence = evidence_of(&world, scripts, (struct walk_options){0});
	interrupted = 0;
	assert_true(evidence.interrupted);
	assert_outcome(&evidence, STAGE_DNS, ENDPOINT_API, OUTCOME_PASSED, SYMPTOM_NONE);
	assert_outcome(&evidence, STAGE_TCP, ENDPOINT_API, OUTCOME_SKIPPED, SYMPTOM_DEADLINE);
	assert_outcome(&evidence, STAGE_LAYERS, ENDPOINT_S3, OUTCOME_SKIPPED, SYMPTOM_DEADLINE);
}

static int end(void **state)
{
	(void)state;
	arena_end(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_healthy_path_passes_every_stage, end),
		cmocka_unit_test_teardown(a_healthy_path_waits_for_nothing_twice, end),
		cmocka_unit_test_teardown(a_credential_name_is_looked_up_beside_the_others, end),
		cmocka_unit_test_teardown(a_healthy_path_runs_no_experiment, end),
		cmocka_unit_test_teardown(the_registry_token_stays_with_the_registry, end),
		cmocka_unit_test_teardown(no_secret_becomes_evidence, end),
		cmocka_unit_test_teardown(a_dead_name_skips_the_later_stages, end),
		cmocka_unit_test_teardown(a_silent_address_is_followed_by_its_experiments, end),
		cmocka_unit_test_teardown(an_untrusted_peer_gets_no_request, end),
		cmocka_unit_test_teardown(without_credentials_the_network_is_still_judged, end),
		cmocka_unit_test_teardown(through_a_proxy_all_but_link_local_goes_by_it, end),
		cmocka_unit_test_teardown(
			a_proxy_of_the_environment_is_noted_without_its_password, end),
		cmocka_unit_test_teardown(a_denied_manifest_says_by_which_policy, end),
		cmocka_unit_test_teardown(a_forbidden_redirect_is_not_followed, end),
		cmocka_unit_test_teardown(a_redirect_elsewhere_is_connected_first, end),
		cmocka_unit_test_teardown(bytes_that_do_not_match_are_told, end),
		cmocka_unit_test_teardown(a_lone_image_is_judged_by_its_config, end),
		cmocka_unit_test_teardown(a_stage_that_was_asked_for_is_the_last, end),
		cmocka_unit_test_teardown(after_a_signal_the_rest_is_unsettled, end),
	};
	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
