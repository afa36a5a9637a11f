/* Registries other than private ECR, against a scripted world: where the token is asked for, who is
 * sent credentials, and who never. */
#include "base/clock.h"
#include "check.h"
#include "model/evidence.h"
#include "net/net.h"
#include "walk/walk.h"
#include <string.h>
#include <unistd.h>

#define TYPE "application/vnd.oci.image.manifest.v1+json"
#define CONFIG "{\"architecture\":\"amd64\",\"os\":\"linux\"}"
#define LAYER "layer"
#define BASIC "bWU6c2VjcmV0UFc="
#define HUB_CHALLENGE "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\""

/* an answer: the first row whose `url` is in the URL asked counts; with `when` only if that was
 * sent in the Authorization header */
struct script {
	const char *url;
	const char *when;
	int status;
	const char *header, *value;
	const char *body;
};

enum { ASKED_MAX = 64 };

struct world {
	const struct script *scripts;
	const char *leads_to; /* what names resolve to; NULL: a public address */
	size_t count;
	char asked[ASKED_MAX][512];
	char sent[ASKED_MAX][160]; /* "Basic x", "Bearer x" or nothing */
};

static struct arena arena;

/* everything has settled when it was begun */
static void scripted_wait(struct net *net, int64_t until_us)
{
	(void)net, (void)until_us;
}

static void scripted_drop(struct net *net, const void *owner)
{
	(void)net, (void)owner;
}

static void scripted_resolve(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	const struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		bool new = text_starts(queries[i].name, T("auth.new"));
		struct address address;
		queries[i].symptom = SYMPTOM_NODATA;
		if (queries[i].record != RECORD_A)
			continue;
		queries[i].symptom = SYMPTOM_NONE;
		address_parse(new && world->leads_to ? text_of(world->leads_to) : T("203.0.113.9"),
			&address);
		addresses_add(&arena, &queries[i].addresses, address);
	}
}

static void scripted_connect(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++)
		dials[i].fd = dup(STDERR_FILENO);
}

static void scripted_handshake(
	struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++)
		close(handshakes[i].fd);
}

static void answer(struct exchange *exchange, const struct script *script)
{
	struct header *header = arena_new(&arena, struct header, 1);
	struct text body = text_of(script->body);
	*header = (struct header){text_of(script->header), text_of(script->value)};
	exchange->status = script->status;
	exchange->symptom = script->status ? SYMPTOM_NONE : SYMPTOM_TIMEOUT;
	exchange->headers = header;
	exchange->header_count = script->header != NULL;
	exchange->kept = body;
	exchange->bytes = exchange->announced = (int64_t)body.len;
	exchange->digest = digest_of(&arena, body);
	exchange->peer = exchange->address;
}

static void scripted_send(struct net *net, struct exchange *exchanges, size_t count,
	int64_t idle_us, int64_t until_us)
{
	struct world *world = net->state;
	(void)idle_us, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct exchange *exchange = &exchanges[i];
		size_t at = world->count++;
		assert_true(at < ASKED_MAX);
		assert_int_equal(exchange->access_key.len, 0);
		snprintf(world->asked[at], sizeof *world->asked, "%.*s", TEXT(exchange->url));
		if (exchange->basic.len)
			snprintf(world->sent[at], sizeof *world->sent, "Basic %.*s",
				TEXT(exchange->basic));
		if (exchange->bearer.len)
			snprintf(world->sent[at], sizeof *world->sent, "Bearer %.*s",
				TEXT(exchange->bearer));
		exchange->symptom = SYMPTOM_TIMEOUT;
		for (const struct script *row = world->scripts; row->url; row++)
			if (strstr(world->asked[at], row->url) &&
				(!row->when || !strcmp(world->sent[at], row->when))) {
				answer(exchange, row);
				break;
			}
	}
}

static const char *manifest(void)
{
	struct text config = digest_of(&arena, T(CONFIG));
	struct text layer = digest_of(&arena, T(LAYER));
	return text_format(&arena,
		"{\"schemaVersion\":2,\"mediaType\":\"" TYPE
		"\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
		"\"digest\":\"%.*s\",\"size\":%zu},\"layers\":[{\"mediaType\":"
		"\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%.*s\",\"size\":5}]}",
		TEXT(config), strlen(CONFIG), TEXT(layer))
		.at;
}

/* the blobs' rows, served by the registry itself, and the manifest's */
#define CONTENT(sent)                                                 \
	{"/manifests/", sent, 200, "Content-Type", TYPE, manifest()}, \
		{config_path(), sent, 200, NULL, NULL, CONFIG},       \
	{                                                             \
		"/blobs/", sent, 200, NULL, NULL, LAYER               \
	}

static const char *config_path(void)
{
	struct text digest = digest_of(&arena, T(CONFIG));
	return text_format(&arena, "/blobs/%.*s", TEXT(digest)).at;
}

static struct evidence walked(struct world *world, const char *image, bool login)
{
	static char key[] = "AWS_ACCESS_KEY_ID=AKIDEXAMPLE";
	static char secret[] = "AWS_SECRET_ACCESS_KEY=wJalrEXAMPLEKEY";
	static char home[] = "HOME=/nonexistent";
	static char *variables[] = {key, secret, home, NULL};
	struct net net = {.arena = &arena,
		.resolve = scripted_resolve,
		.connect = scripted_connect,
		.handshake = scripted_handshake,
		.send = scripted_send,
		.wait = scripted_wait,
		.drop = scripted_drop,
		.state = world};
	struct host_info here = {0};
	struct evidence evidence = {0};
	struct target target;
	struct text complaint;
	struct address resolver;
	address_parse(T("10.20.0.2"), &resolver);
	addresses_add(&arena, &here.resolvers, resolver);
	assert_true(target_parse(&arena, text_of(image), T("us-east-1"), &target, &complaint));
	target.platform = (struct platform){.os = T("linux"), .architecture = T("amd64")};
	struct plan plan = plan_make(&arena, &target, &(struct plan_options){0});
	struct walk_options options = {
		.timeout_us = SECOND_US,
		.deadline_us = 60 * SECOND_US,
		.host_info = &here,
		.environment.variables = variables,
	};
	if (login)
		assert_true(login_make(&arena, T("me"), T("secretPW"), &options.login));
	walk(&arena, &net, &target, &plan, &options, &evidence);
	return evidence;
}

static const struct step *first(
	const struct evidence *evidence, enum stage stage, enum endpoint_kind kind)
{
	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->steps[i].stage == stage && evidence->steps[i].endpoint == kind)
			return &evidence->steps[i];
	fail_msg("there is no step of stage %d, role %d", (int)stage, (int)kind);
	return NULL;
}

static void assert_all_pass(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		if (step->outcome != OUTCOME_PASSED)
			fail_msg("%.*s of %.*s at %.*s: %.*s, %.*s", TEXT(stage_name(step->stage)),
				TEXT(endpoint_kind_name(step->endpoint)), TEXT(step->host),
				TEXT(symptom_name(step->symptom)), TEXT(step->detail));
	}
}

/* what was sent to hosts, but for those whose URL begins with one of two */
static void assert_sent_only_to(const struct world *world, const char *one, const char *other)
{
	for (size_t i = 0; i < world->count; i++)
		if (world->sent[i][0] && strncmp(world->asked[i], one, strlen(one)) != 0 &&
			strncmp(world->asked[i], other, strlen(other)) != 0)
			fail_msg("%s was sent to %s", world->sent[i], world->asked[i]);
}

static size_t times_asked(const struct world *world, const char *part)
{
	size_t times = 0;
	for (size_t i = 0; i < world->count; i++)
		times += strstr(world->asked[i], part) != NULL;
	return times;
}

static void docker_hub_is_foreseen_and_its_blobs_get_no_token(void **state)
{
	const struct script scripts[] = {
		{"/v2/library/nginx/manifests/latest", "Bearer T0.k-n", 200, "Content-Type", TYPE,
			manifest()},
		{config_path(), "Bearer T0.k-n", 307, "Location",
			"https://production.cloudflare.docker.com/c?verify=EXAMPLE", ""},
		{"/blobs/", "Bearer T0.k-n", 307, "Location",
			"https://production.cloudflare.docker.com/l?verify=EXAMPLE", ""},
		{"registry-1.docker.io/v2/", "", 401, "WWW-Authenticate", HUB_CHALLENGE, ""},
		{"auth.docker.io/token?service=registry.docker.io&scope=repository:library/"
		 "nginx:pull",
			"", 200, NULL, NULL, "{\"token\":\"T0.k-n\",\"expires_in\":300}"},
		{"auth.docker.io/token?service=registry.docker.io", "", 200, NULL, NULL, "{}"},
		{"cloudflare.docker.com/c", "", 200, NULL, NULL, CONFIG},
		{"cloudflare.docker.com/l", "", 206, NULL, NULL, "l"},
		{"cloudflare.docker.com/", "", 403, NULL, NULL, ""},
		{0},
	};
	struct world world = {.scripts = scripts};
	(void)state;
	struct evidence evidence = walked(&world, "nginx", false);
	assert_all_pass(&evidence);
	assert_int_equal(times_asked(&world, "scope="), 1);
	assert_sent_only_to(&world, "https://registry-1.docker.io/", "https://auth.docker.io/");
	const struct step *login = first(&evidence, STAGE_CREDENTIALS, ENDPOINT_CALLER);
	check_text(0, seen_text(login, FACT_SOURCE), "anonymous");
	check_text(
		0, seen_text(first(&evidence, STAGE_TOKEN, ENDPOINT_API), FACT_SCHEME), "Bearer");
}

static void a_learnt_token_service_is_connected_first(void **state)
{
	const struct script scripts[] = {
		CONTENT("Bearer T"),
		{"registry.example:5000/v2/", "", 401, "WWW-Authenticate",
			"Bearer realm=\"https://auth.new:8443/t\",service=\"s\"", ""},
		{"auth.new:8443/t?service=s&scope=repository:a/b:pull", "Basic " BASIC, 200, NULL,
			NULL, "{\"access_token\":\"T\"}"},
		{"auth.new:8443/t?service=s", "", 401, NULL, NULL, ""},
		{0},
	};
	struct world world = {.scripts = scripts};
	(void)state;
	struct evidence evidence = walked(&world, "registry.example:5000/a/b:1", true);
	assert_all_pass(&evidence);
	check_text(0, first(&evidence, STAGE_DNS, ENDPOINT_API)->host, "auth.new");
	check_text(0, first(&evidence, STAGE_HTTP, ENDPOINT_API)->host, "auth.new");
	assert_sent_only_to(&world, "https://registry.example:5000/", "https://auth.new:8443/t?");
	const struct step *blobs = first(&evidence, STAGE_LAYERS, ENDPOINT_S3);
	check_text(0, seen_text(blobs, FACT_SERVED_BY), "the registry itself");
	json_t *json = schema_write(&arena, &evidence);
	char *printed = json_dumps(json, 0);
	assert_null(strstr(printed, BASIC));
	assert_null(strstr(printed, "secretPW"));
	free(printed);
	json_decref(json);
}

static void a_realm_that_is_not_to_be_trusted_gets_nothing(void **state)
{
	static const struct {
		const char *challenge, *leads_to;
		enum symptom symptom;
	} cases[] = {
		{"Bearer realm=\"http://auth.new/t\"", NULL, SYMPTOM_FORBIDDEN_HOST},
		{"Bearer realm=\"https://169.254.170.2/t\"", NULL, SYMPTOM_FORBIDDEN_HOST},
		{"Bearer realm=\"https://127.0.0.1/t\"", NULL, SYMPTOM_FORBIDDEN_HOST},
		{"Bearer realm=\"https://[::1]/t\"", NULL, SYMPTOM_FORBIDDEN_HOST},
		{"Bearer realm=\"https://[fe80::1]/t\"", NULL, SYMPTOM_FORBIDDEN_HOST},
		{"Bearer realm=\"https://auth.new/t\"", "169.254.169.254", SYMPTOM_FORBIDDEN_HOST},
		{"Bearer realm=\"https://me:pw@auth.new/t\"", NULL, SYMPTOM_MALFORMED},
		{"Bearer realm=\"file:///etc/passwd\"", NULL, SYMPTOM_MALFORMED},
		{"Bearer service=\"s\"", NULL, SYMPTOM_MALFORMED},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		const struct script scripts[] = {
			{"registry.example/v2/", NULL, 401, "WWW-Authenticate", cases[i].challenge,
				""},
			{0},
		};
		struct world world = {.scripts = scripts, .leads_to = cases[i].leads_to};
		struct evidence evidence = walked(&world, "registry.example/a:1", true);
		const struct step *token = first(&evidence, STAGE_TOKEN, ENDPOINT_API);
		check_row(
			i, token->outcome == OUTCOME_FAILED && token->symptom == cases[i].symptom);
		check_row(i, world.count == 1 && !world.sent[0][0]);
		check_row(i,
			first(&evidence, STAGE_MANIFEST, ENDPOINT_DKR)->outcome == OUTCOME_SKIPPED);
		arena_end(&arena);
	}
}

static void basic_goes_to_the_registry_alone_and_only_when_asked(void **state)
{
	const struct script scripts[] = {
		CONTENT("Basic " BASIC),
		{"registry.example/v2/", "Basic " BASIC, 200, NULL, NULL, ""},
		{"registry.example/v2/", "", 401, "WWW-Authenticate", "Basic realm=\"r\"", ""},
		{0},
	};
	struct world world = {.scripts = scripts};
	(void)state;
	struct evidence evidence = walked(&world, "registry.example/a:1", true);
	assert_all_pass(&evidence);
	assert_string_equal(world.sent[0], "");
	check_text(0, seen_text(first(&evidence, STAGE_TOKEN, ENDPOINT_API), FACT_SCHEME), "Basic");
	world = (struct world){.scripts = scripts};
	evidence = walked(&world, "registry.example/a:1", false);
	const struct step *token = first(&evidence, STAGE_TOKEN, ENDPOINT_API);
	assert_int_equal(token->symptom, SYMPTOM_UNAUTHENTICATED);
	assert_int_equal(world.count, 1);
}

static void an_open_registry_is_sent_nothing(void **state)
{
	const struct script scripts[] = {
		CONTENT(""),
		{"localhost:5000/v2/", "", 200, "Docker-Distribution-Api-Version", "registry/2.0",
			"{}"},
		{0},
	};
	struct world world = {.scripts = scripts};
	(void)state;
	struct evidence evidence = walked(&world, "localhost:5000/a:1", true);
	assert_all_pass(&evidence);
	assert_sent_only_to(&world, "-", "-");
	check_text(0, seen_text(first(&evidence, STAGE_TOKEN, ENDPOINT_API), FACT_SCHEME), "none");
}

static void a_manifest_elsewhere_is_fetched_without_the_token(void **state)
{
	static const char *const refused[] = {"http://far.example/m", "https://127.0.0.1/m",
		"https://169.254.169.254/m", "ftp://far.example/m"};
	struct script scripts[] = {
		{"far.example/m", "", 200, "Content-Type", TYPE, manifest()},
		{"registry.example/v2/a/manifests/1", "Basic " BASIC, 307, "Location",
			"https://far.example/m", ""},
		CONTENT("Basic " BASIC),
		{"registry.example/v2/", "Basic " BASIC, 200, NULL, NULL, ""},
		{"registry.example/v2/", "", 401, "WWW-Authenticate", "Basic realm=\"r\"", ""},
		{0},
	};
	struct world world = {.scripts = scripts};
	(void)state;
	struct evidence evidence = walked(&world, "registry.example/a:1", true);
	assert_all_pass(&evidence);
	assert_sent_only_to(&world, "https://registry.example/", "-");
	check_text(0, first(&evidence, STAGE_MANIFEST, ENDPOINT_DKR)->host, "far.example");
	for (size_t i = 0; i < SIZE(refused); i++) {
		scripts[1].value = refused[i];
		world = (struct world){.scripts = scripts};
		evidence = walked(&world, "registry.example/a:1", true);
		const struct step *step = first(&evidence, STAGE_MANIFEST, ENDPOINT_DKR);
		check_row(i, step->symptom == SYMPTOM_BAD_REDIRECT);
		check_row(i, times_asked(&world, "/m") == times_asked(&world, "/manifests/"));
	}
}

static void a_mirror_in_docker_hubs_place_is_believed(void **state)
{
	const struct script scripts[] = {
		CONTENT(""),
		{"registry-1.docker.io/v2/", "", 200, "Docker-Distribution-Api-Version",
			"registry/2.0", "{}"},
		{"auth.docker.io/", NULL, 0, NULL, NULL, NULL},
		{"cloudflare.docker.com/", "", 403, NULL, NULL, ""},
		{0},
	};
	struct world world = {.scripts = scripts};
	(void)state;
	struct evidence evidence = walked(&world, "nginx", false);
	assert_int_equal(first(&evidence, STAGE_HTTP, ENDPOINT_API)->symptom, SYMPTOM_TIMEOUT);
	check_text(0, first(&evidence, STAGE_TOKEN, ENDPOINT_API)->host, "registry-1.docker.io");
	assert_int_equal(first(&evidence, STAGE_LAYERS, ENDPOINT_DKR)->outcome, OUTCOME_PASSED);
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
		cmocka_unit_test_teardown(docker_hub_is_foreseen_and_its_blobs_get_no_token, end),
		cmocka_unit_test_teardown(a_learnt_token_service_is_connected_first, end),
		cmocka_unit_test_teardown(a_realm_that_is_not_to_be_trusted_gets_nothing, end),
		cmocka_unit_test_teardown(
			basic_goes_to_the_registry_alone_and_only_when_asked, end),
		cmocka_unit_test_teardown(an_open_registry_is_sent_nothing, end),
		cmocka_unit_test_teardown(a_manifest_elsewhere_is_fetched_without_the_token, end),
		cmocka_unit_test_teardown(a_mirror_in_docker_hubs_place_is_believed, end),
	};
	return cmocka_run_group_tests_name("registry_auth", tests, NULL, NULL);
}
