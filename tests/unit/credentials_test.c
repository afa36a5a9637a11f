/* The credential sources against a scripted world: which wins, what it asks, and what it makes of
 * bad answers. */
#include "base/clock.h"
#include "check.h"
#include "model/evidence.h"
#include "walk/walk.h"
#include <string.h>
#include <unistd.h>

#define HOST "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#define STS "https://sts.us-east-1.amazonaws.com/"
#define OTHER "arn:aws:iam::123456789012:role/team/other"
#define ROLE_PATH "/latest/meta-data/iam/security-credentials/"
#define KEYS                                                                \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAEXAMPLE\","            \
	"\"SecretAccessKey\":\"secretEXAMPLE\",\"Token\":\"tokenEXAMPLE\"," \
	"\"Expiration\":\"2099-01-01T00:00:00Z\"}"
#define ASSUMED                                                                                 \
	"<R><Result><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/other/s</Arn>" \
	"</AssumedRoleUser><Credentials><AccessKeyId>ASIAOTHEREXAMPLE</AccessKeyId>"            \
	"<SecretAccessKey>otherEXAMPLE</SecretAccessKey><SessionToken>otherTOKENEXAMPLE"        \
	"</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></Result></R>"
#define REFUSED(code) \
	"<ErrorResponse><Error><Code>" code "</Code><Message>m</Message></Error></ErrorResponse>"

/* the first row whose `url` begins the URL asked counts; without one there is no answer */
struct script {
	const char *url;
	int status;
	const char *body;
	enum symptom symptom;
};

struct world {
	const char *dead_address; /* this address is silent */
	const struct script *scripts;
	size_t script_count;
	struct exchange asked[64]; /* in order */
	size_t count;
	bool dialled_metadata;
};

static struct arena arena;
static char files[4][32]; /* of the test, removed after it */
static size_t file_count;

static const char *address_for(struct text name)
{
	return text_starts(name, T("sts.")) ? "10.20.2.17" : "10.20.2.11";
}

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
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct address address;
		queries[i].symptom = SYMPTOM_NODATA;
		if (queries[i].record == RECORD_AAAA)
			continue;
		queries[i].symptom = SYMPTOM_NONE;
		address_parse(text_of(address_for(queries[i].name)), &address);
		addresses_add(&arena, &queries[i].addresses, address);
	}
}

static void scripted_connect(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct text to = address_text(&arena, &dials[i].to);
		bool dead = world->dead_address && text_equal(to, text_of(world->dead_address));
		world->dialled_metadata |= text_equal(to, T("169.254.169.254"));
		dials[i].symptom = dead ? SYMPTOM_TIMEOUT : SYMPTOM_NONE;
		dials[i].fd = dead ? -1 : dup(STDERR_FILENO);
	}
}

static void scripted_handshake(
	struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++)
		if (handshakes[i].fd >= 0)
			close(handshakes[i].fd);
}

static void answer(struct exchange *exchange, const struct script *script)
{
	struct header *id = arena_new(&arena, struct header, 1);
	*id = (struct header){T("x-amzn-RequestId"), T("R1")};
	exchange->symptom = script->symptom;
	exchange->status = script->symptom == SYMPTOM_NONE ? script->status : 0;
	exchange->headers = id;
	exchange->header_count = 1;
	exchange->kept = text_of(script->body);
	exchange->peer = exchange->address;
}

static void scripted_send(struct net *net, struct exchange *exchanges, size_t count,
	int64_t idle_us, int64_t until_us)
{
	struct world *world = net->state;
	(void)idle_us, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		/* the API tells strangers that they are none of its own */
		static const struct script stranger = {.status = 400, .body = "{}"};
		exchanges[i].symptom = SYMPTOM_TIMEOUT;
		if (text_starts(exchanges[i].url, T("https://api.")) &&
			!exchanges[i].access_key.len)
			answer(&exchanges[i], &stranger);
		exchanges[i].began_us = clock_us();
		assert_true(world->count < SIZE(world->asked));
		world->asked[world->count++] = exchanges[i];
		for (size_t s = 0; s < world->script_count; s++)
			if (text_starts(exchanges[i].url, text_of(world->scripts[s].url))) {
				answer(&exchanges[i], &world->scripts[s]);
				break;
			}
	}
}

/* Walks with these scripts and variables, which end with NULL. */
static struct evidence walked(struct world *world, const struct script *scripts, size_t count,
	char **variables, const char *role_arn)
{
	struct host_info here = {0};
	struct evidence evidence = {0};
	struct target target;
	struct text complaint;
	struct network subnet;
	struct net net = {&arena, scripted_resolve, scripted_connect, scripted_handshake,
		.send = scripted_send, .wait = scripted_wait, .drop = scripted_drop,
		.state = world};
	struct walk_options wishes = {.timeout_us = SECOND_US,
		.deadline_us = 60 * SECOND_US,
		.host_info = &here,
		.role_arn = text_of(role_arn),
		.environment.variables = variables,
		.stage_asked = true,
		.stage = STAGE_TOKEN};
	network_parse(T("10.20.1.10/24"), &subnet);
	addresses_add(&arena, &here.addresses, subnet.address);
	here.networks = &subnet;
	address_parse(T("10.20.0.2"), &subnet.address);
	addresses_add(&arena, &here.resolvers, subnet.address);
	world->scripts = scripts;
	world->script_count = count;
	assert_true(target_parse(&arena, T(HOST "/app:1"), T(""), &target, &complaint));
	struct plan plan = plan_make(&arena, &target, &(struct plan_options){0});
	walk(&arena, &net, &target, &plan, &wishes, &evidence);
	return evidence;
}

/* the nth step of the caller, experiments too */
static const struct step *step_of(const struct evidence *evidence, size_t nth)
{
	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->steps[i].stage == STAGE_CREDENTIALS && nth-- == 0)
			return &evidence->steps[i];
	fail_msg("there is no such step of credentials");
	return NULL;
}

static void assert_step(size_t row, const struct step *step, const char *source,
	enum outcome outcome, enum symptom symptom)
{
	if (step->outcome != outcome || step->symptom != symptom)
		fail_msg("row %zu: %.*s, %.*s: %.*s", row, TEXT(outcome_name(step->outcome)),
			TEXT(symptom_name(step->symptom)), TEXT(step->detail));
	check_text(row, seen_text(step, FACT_SOURCE), source);
}

/* "NAME=" before the name of a new file with this content */
static char *file_with(const char *variable, const char *content)
{
	char *path = files[file_count++];
	snprintf(path, sizeof files[0], "/tmp/pullprobe.XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	close(fd);
	return text_string(&arena, text_format(&arena, "%s=%s", variable, path));
}

static char *of(const char *variable)
{
	return text_string(&arena, text_of(variable));
}

static const struct script metadata[] = {
	{"http://169.254.169.254/latest/api/token", 200, "metadataTOKENEXAMPLE", SYMPTOM_NONE},
	{"http://169.254.169.254" ROLE_PATH "pull-role", 200, KEYS, SYMPTOM_NONE},
	{"http://169.254.169.254" ROLE_PATH, 200, "pull-role\n", SYMPTOM_NONE},
};

/* the tests ------------------------------------------------------------------------------- */

static void the_first_source_that_is_configured_wins(void **state)
{
	static const struct {
		const char *variables[5];
		const char *source;
		size_t passed_over;
	} cases[] = {
		{{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=sEXAMPLE",
			 "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1/"},
			"environment", 0},
		{{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=sEXAMPLE",
			 "AWS_LAMBDA_FUNCTION_NAME=f"},
			"lambda", 0},
		{{"AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere", "AWS_ROLE_ARN=" OTHER,
			 "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1/"},
			"web_identity", 1},
		{{"AWS_WEB_IDENTITY_TOKEN_FILE=/run/secrets/eks.amazonaws.com/serviceaccount/token",
			 "AWS_ROLE_ARN=" OTHER,
			 "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials"},
			"irsa", 1},
		{{"AWS_PROFILE=shop", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1/"},
			"profile", 2},
		{{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1/"}, "container", 3},
		{{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials"},
			"pod_identity", 3},
		{{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://[fd00:ec2::23]/v1/credentials"},
			"pod_identity", 3},
		{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/x",
			 "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/"},
			"container", 3},
		{{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE"}, "imds", 4},
		{{"AWS_EC2_METADATA_DISABLED=TRUE"}, NULL, 5},
		{{"AWS_EXECUTION_ENV=AWS_ECS_FARGATE"}, NULL, 5},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct world world = {0};
		char *variables[6] = {0};
		for (size_t v = 0; v < 5 && cases[i].variables[v]; v++)
			variables[v] = of(cases[i].variables[v]);
		struct evidence evidence = walked(
			&world, metadata, SIZE(metadata), variables, NULL);
		const struct step *step = step_of(&evidence, 0);
		check_text(i, seen_text(step, FACT_SOURCE), cases[i].source);
		check_row(i, seen_list(step, FACT_PASSED_OVER).count == cases[i].passed_over);
		check_row(i, cases[i].source || step->symptom == SYMPTOM_NO_SOURCE);
		bool imds = cases[i].source && strcmp(cases[i].source, "imds") == 0;
		check_row(i, world.dialled_metadata == imds);
	}
}

static void an_instance_is_asked_for_a_token_a_role_and_its_keys(void **state)
{
	struct world world = {0};
	char *variables[] = {NULL};
	(void)state;
	struct evidence evidence = walked(&world, metadata, SIZE(metadata), variables, NULL);
	const struct step *step = step_of(&evidence, 0);
	assert_step(0, step, "imds", OUTCOME_PASSED, SYMPTOM_NONE);
	check_text(0, seen_text(step, FACT_PRINCIPAL), "pull-role");
	check_text(0, seen_text(step, FACT_EXPIRES), "2099-01-01T00:00:00Z");
	check_text(0, evidence.vantage.launch_type, "EC2");
	/* the services are asked beside it */
	const struct exchange *asked = world.asked;
	while (!text_starts(asked->url, T("http://169.254.169.254/")))
		assert_true(++asked < world.asked + world.count);
	assert_true(asked[0].put && !asked[0].post);
	check_text(0, asked[0].send[0].name, "x-aws-ec2-metadata-token-ttl-seconds");
	for (size_t i = 1; i < 3; i++) {
		check_row(i, !asked[i].put);
		check_text(i, asked[i].send[0].name, "x-aws-ec2-metadata-token");
		check_text(i, asked[i].send[0].value, "metadataTOKENEXAMPLE");
	}
	check_text(2, asked[2].url, "http://169.254.169.254" ROLE_PATH "pull-role");
}

/* IMDS names a role, a refusal by ECR its session */
static void the_principal_of_an_instance_is_the_one_that_ecr_names(void **state)
{
	const struct script scripts[] = {metadata[0], metadata[1], metadata[2],
		{"https://api.ecr", 400,
			"{\"__type\":\"AccessDeniedException\",\"message\":\"User: "
			"arn:aws:sts::123456789012:assumed-role/pull-role/i-1 is not authorized to "
			"perform: ecr:GetAuthorizationToken on resource: *\"}",
			SYMPTOM_NONE}};
	struct world world = {0};
	char *variables[] = {NULL};
	(void)state;
	struct evidence evidence = walked(&world, metadata, SIZE(metadata), variables, NULL);
	check_text(0, evidence.vantage.principal, "pull-role");
	world = (struct world){0};
	evidence = walked(&world, scripts, SIZE(scripts), variables, NULL);
	check_text(1, evidence.vantage.principal,
		"arn:aws:sts::123456789012:assumed-role/pull-role/i-1");
}

static void what_the_instance_answers_wrongly_is_told(void **state)
{
	static const struct {
		struct script first; /* stands before the good ones */
		enum symptom symptom;
		const char *principal;
	} cases[] = {
		{{"http://169.254.169.254/", 403, "", SYMPTOM_NONE}, SYMPTOM_STATUS, NULL},
		{{"http://169.254.169.254/latest/api", 200, "<html> x", SYMPTOM_NONE},
			SYMPTOM_MALFORMED, NULL},
		{{"http://169.254.169.254" ROLE_PATH, 404, "", SYMPTOM_NONE}, SYMPTOM_STATUS, NULL},
		{{"http://169.254.169.254" ROLE_PATH, 200, "", SYMPTOM_NONE}, SYMPTOM_MALFORMED,
			NULL},
		{{"http://169.254.169.254" ROLE_PATH, 200, "../../token", SYMPTOM_NONE},
			SYMPTOM_MALFORMED, NULL},
		{{"http://169.254.169.254" ROLE_PATH, 200, "a\rb", SYMPTOM_NONE}, SYMPTOM_MALFORMED,
			NULL},
		{{"http://169.254.169.254" ROLE_PATH "pull", 404, "", SYMPTOM_NONE}, SYMPTOM_STATUS,
			"pull-role"},
		{{"http://169.254.169.254" ROLE_PATH "pull", 200,
			 "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"m\"}",
			 SYMPTOM_NONE},
			SYMPTOM_STATUS, "pull-role"},
		{{"http://169.254.169.254" ROLE_PATH "pull", 200, "{\"Code\":\"Succ", SYMPTOM_NONE},
			SYMPTOM_MALFORMED, "pull-role"},
		{{"http://169.254.169.254" ROLE_PATH "pull", 0, "", SYMPTOM_TIMEOUT},
			SYMPTOM_TIMEOUT, "pull-role"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct world world = {0};
		struct script scripts[1 + SIZE(metadata)] = {cases[i].first};
		char *variables[] = {NULL};
		memcpy(scripts + 1, metadata, sizeof metadata);
		struct evidence evidence = walked(&world, scripts, SIZE(scripts), variables, NULL);
		const struct step *step = step_of(&evidence, 0);
		assert_step(i, step, "imds", OUTCOME_FAILED, cases[i].symptom);
		check_text(i, seen_text(step, FACT_PRINCIPAL), cases[i].principal);
	}
}

static void a_silent_put_is_followed_by_a_get(void **state)
{
	static const struct script scripts[] = {
		{"http://169.254.169.254/latest/api/token", 401, "", SYMPTOM_NONE},
	};
	struct world world = {0};
	char *variables[] = {NULL};
	(void)state;
	/* nothing answers: neither does GET */
	struct evidence evidence = walked(&world, NULL, 0, variables, NULL);
	assert_step(0, step_of(&evidence, 0), "imds", OUTCOME_FAILED, SYMPTOM_TIMEOUT);
	assert_int_equal(step_of(&evidence, 1)->experiment, EXPERIMENT_IMDS_GET);
	assert_int_equal(step_of(&evidence, 1)->outcome, OUTCOME_FAILED);
	/* a refusal is an answer, and needs no experiment */
	world = (struct world){0};
	evidence = walked(&world, scripts, SIZE(scripts), variables, NULL);
	for (size_t i = 0; i < evidence.count; i++)
		check_row(i, evidence.steps[i].experiment != EXPERIMENT_IMDS_GET);
}

static void without_instance_metadata_there_is_no_source(void **state)
{
	struct world world = {.dead_address = "169.254.169.254"};
	char *variables[] = {NULL};
	(void)state;
	struct evidence evidence = walked(&world, NULL, 0, variables, NULL);
	const struct step *step = step_of(&evidence, 0);
	assert_step(0, step, NULL, OUTCOME_FAILED, SYMPTOM_NO_SOURCE);
	assert_int_equal(seen_list(step, FACT_PASSED_OVER).count, 5);
	check_text(0, evidence.vantage.launch_type, NULL);
}

/* the first request that was signed for a service, or NULL */
static const struct exchange *signed_for(const struct world *world, const char *service)
{
	for (size_t i = 0; i < world->count; i++)
		if (text_equal(world->asked[i].service, text_of(service)))
			return &world->asked[i];
	return NULL;
}

/* {"exp":1}, {"nbf":4000000000}, {} */
#define EXPIRED_JWT "h.eyJleHAiOjF9.s"
#define EARLY_JWT "h.eyJuYmYiOjQwMDAwMDAwMDB9.s"
#define OTHER_JWT "h.e30.s"

static const struct exchange *sent_to(const struct world *world, const char *url)
{
	for (size_t i = 0; i < world->count; i++)
		if (text_equal(world->asked[i].url, text_of(url)))
			return &world->asked[i];
	fail_msg("nothing was sent to %s", url);
	return NULL;
}

static void a_web_identity_is_exchanged_unsigned(void **state)
{
	static const struct script scripts[] = {{STS, 200, ASSUMED, SYMPTOM_NONE}};
	struct world world = {0};
	(void)state;
	char *variables[] = {file_with("AWS_WEB_IDENTITY_TOKEN_FILE", "h+/=.e30.&x=1"),
		of("AWS_ROLE_ARN=" OTHER), of("AWS_ROLE_SESSION_NAME=me@here"), NULL};
	struct evidence evidence = walked(&world, scripts, SIZE(scripts), variables, NULL);
	const struct step *step = step_of(&evidence, 0);
	assert_step(0, step, "web_identity", OUTCOME_PASSED, SYMPTOM_NONE);
	check_text(0, seen_text(step, FACT_PRINCIPAL),
		"arn:aws:sts::123456789012:assumed-role/other/s");
	check_text(0, seen_text(step, FACT_URI), STS);
	check_text(0, sent_to(&world, STS)->access_key, NULL);
	check_text(0, sent_to(&world, STS)->body,
		"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn="
		"arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fother&RoleSessionName=me%40here"
		"&WebIdentityToken=h%2B%2F%3D.e30.%26x%3D1");
	/* STS was greeted with that, and the API is asked with what it gave */
	size_t times = 0;
	for (size_t i = 0; i < world.count; i++)
		times += text_equal(world.asked[i].url, T(STS));
	assert_int_equal(times, 1);
	check_text(0, signed_for(&world, "ecr")->access_key, "ASIAOTHEREXAMPLE");
}

static void what_sts_refuses_is_told(void **state)
{
	static const struct {
		const char *token;
		int status;
		const char *body;
		enum symptom symptom;
	} cases[] = {
		{OTHER_JWT, 403, REFUSED("AccessDenied"), SYMPTOM_DENIED},
		{OTHER_JWT, 400, REFUSED("InvalidIdentityToken"), SYMPTOM_STATUS},
		{EXPIRED_JWT, 400, REFUSED("InvalidIdentityToken"), SYMPTOM_EXPIRED},
		{EXPIRED_JWT, 400, REFUSED("ExpiredTokenException"), SYMPTOM_EXPIRED},
		{EARLY_JWT, 400, REFUSED("InvalidIdentityToken"), SYMPTOM_NOT_YET_VALID},
		{"no token", 400, REFUSED("InvalidIdentityToken"), SYMPTOM_STATUS},
		{OTHER_JWT, 400, REFUSED("Throttling"), SYMPTOM_THROTTLED},
		{OTHER_JWT, 403, "<html>", SYMPTOM_NOT_THE_SERVICE},
		{OTHER_JWT, 200, "", SYMPTOM_MALFORMED},
		{OTHER_JWT, 200, "<R><Credentials><AccessKeyId>A</AccessKeyId><Secre",
			SYMPTOM_MALFORMED},
		{OTHER_JWT, 200, "<!DOCTYPE R [<!ENTITY a \"b\">]>" ASSUMED, SYMPTOM_MALFORMED},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct world world = {0};
		struct script script = {STS, cases[i].status, cases[i].body, SYMPTOM_NONE};
		char *variables[] = {file_with("AWS_WEB_IDENTITY_TOKEN_FILE", cases[i].token),
			of("AWS_ROLE_ARN=" OTHER), NULL};
		struct evidence evidence = walked(&world, &script, 1, variables, NULL);
		assert_step(
			i, step_of(&evidence, 0), "web_identity", OUTCOME_FAILED, cases[i].symptom);
		check_text(i, seen_text(step_of(&evidence, 0), FACT_RESOURCE), OTHER);
		unlink(files[--file_count]);
	}
}

static void a_token_file_must_hold_the_token_alone(void **state)
{
	static const struct {
		const char *content;
		const char *says;
	} cases[] = {
		{"token\n", "line break"},
		{"token\r\nX: y", "line break"},
		{"", "is empty"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases) * 2; i++) {
		struct world world = {0};
		const char *content = cases[i / 2].content;
		bool pod = i % 2;
		char *variables[] = {file_with(pod ? "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
						   : "AWS_WEB_IDENTITY_TOKEN_FILE",
					     content),
			of(pod ? "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1"
			       : "AWS_ROLE_ARN=" OTHER),
			NULL};
		struct evidence evidence = walked(&world, NULL, 0, variables, NULL);
		const struct step *step = step_of(&evidence, 0);
		assert_step(i, step, pod ? "pod_identity" : "web_identity", OUTCOME_FAILED,
			SYMPTOM_LOCAL);
		check_row(i, text_holds(step->detail, text_of(cases[i / 2].says)));
		unlink(files[--file_count]);
	}
}

static void a_dead_sts_is_an_endpoint_of_its_own(void **state)
{
	struct world world = {.dead_address = "10.20.2.17"};
	bool silent = false;
	(void)state;
	char *variables[] = {file_with("AWS_WEB_IDENTITY_TOKEN_FILE", OTHER_JWT),
		of("AWS_ROLE_ARN=" OTHER), of("AWS_REGION=eu-west-1"), NULL};
	struct evidence evidence = walked(&world, NULL, 0, variables, NULL);
	for (size_t i = 0; i < evidence.count; i++) {
		const struct step *step = &evidence.steps[i];
		silent |= step->stage == STAGE_TCP && step->endpoint == ENDPOINT_STS &&
			step->symptom == SYMPTOM_TIMEOUT &&
			text_equal(step->host, T("sts.eu-west-1.amazonaws.com"));
		check_row(i,
			step->endpoint != ENDPOINT_API || step->stage != STAGE_TCP ||
				step->outcome == OUTCOME_PASSED);
	}
	assert_true(silent);
	assert_step(0, step_of(&evidence, 0), "web_identity", OUTCOME_SKIPPED, SYMPTOM_DEPENDENCY);
}

static void another_role_is_assumed_with_the_sources_keys(void **state)
{
	static const struct script scripts[] = {{STS, 200, ASSUMED, SYMPTOM_NONE}};
	static const struct script refusal[] = {{STS, 403, REFUSED("AccessDenied"), SYMPTOM_NONE}};
	char *variables[] = {of("AWS_ACCESS_KEY_ID=AKIDEXAMPLE"),
		of("AWS_SECRET_ACCESS_KEY=sEXAMPLE"), of("AWS_REGION=us-east-1"), NULL};
	struct world world = {0};
	(void)state;
	struct evidence evidence = walked(&world, scripts, SIZE(scripts), variables, OTHER);
	assert_step(0, step_of(&evidence, 0), "environment", OUTCOME_PASSED, SYMPTOM_NONE);
	assert_step(1, step_of(&evidence, 1), "assume_role", OUTCOME_PASSED, SYMPTOM_NONE);
	check_text(0, signed_for(&world, "sts")->access_key, "AKIDEXAMPLE");
	check_text(0, signed_for(&world, "sts")->region, "us-east-1");
	check_text(0, signed_for(&world, "ecr")->access_key, "ASIAOTHEREXAMPLE");
	check_text(0, evidence.vantage.credential_source, "environment");

	/* refused, the source's own keys ask for nothing more */
	world = (struct world){0};
	evidence = walked(&world, refusal, SIZE(refusal), variables, OTHER);
	assert_step(2, step_of(&evidence, 1), "assume_role", OUTCOME_FAILED, SYMPTOM_DENIED);
	assert_null(signed_for(&world, "ecr"));
}

static void a_profile_gives_keys_or_a_role_or_a_reason(void **state)
{
#define BASE "[base]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=sEXAMPLE\n"
	static const struct {
		const char *config, *keys, *profile;
		const char *says; /* NULL: it works */
		bool assumes;
	} cases[] = {
		{"", BASE, "base", NULL, false},
		{"[profile base]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=sEXAMPLE\n",
			"", "base", NULL, false},
		{"[profile r]\nrole_arn=" OTHER "\nsource_profile=base\n", BASE, "r", NULL, true},
		{"[profile r]\nrole_arn=" OTHER "\ncredential_source=Ec2InstanceMetadata\n", "",
			"r", NULL, true},
		{"[profile r]\nrole_arn=" OTHER "\ncredential_source=Environment\n", "", "r",
			"neither", false},
		{"[profile r]\nrole_arn=" OTHER "\nsource_profile=nobody\n", BASE, "r",
			"without keys", false},
		{"[profile r]\nrole_arn=" OTHER "\nmfa_serial=m\n", BASE, "r", "mfa_serial", false},
		{"[profile r]\nsso_session=corp\n", "", "r", "sso_session", false},
		{"[profile r]\ncredential_process=/bin/x\n", "", "r", "credential_process", false},
		{"[profile r]\nlogin_session=x\n", "", "r", "login_session", false},
		{"[r]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=sEXAMPLE\n", "", "r",
			"no credentials of the profile r", false},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct world world = {0};
		struct script scripts[1 + SIZE(metadata)] = {{STS, 200, ASSUMED, SYMPTOM_NONE}};
		char *variables[] = {file_with("AWS_CONFIG_FILE", cases[i].config),
			file_with("AWS_SHARED_CREDENTIALS_FILE", cases[i].keys),
			text_string(
				&arena, text_format(&arena, "AWS_PROFILE=%s", cases[i].profile)),
			NULL};
		memcpy(scripts + 1, metadata, sizeof metadata);
		struct evidence evidence = walked(&world, scripts, SIZE(scripts), variables, NULL);
		const struct step *step = step_of(&evidence, 0);
		assert_step(i, step, "profile", cases[i].says ? OUTCOME_FAILED : OUTCOME_PASSED,
			cases[i].says ? SYMPTOM_LOCAL : SYMPTOM_NONE);
		check_row(i, text_holds(step->detail, text_of(cases[i].says)));
		if (cases[i].assumes)
			assert_step(i, step_of(&evidence, 1), "assume_role", OUTCOME_PASSED,
				SYMPTOM_NONE);
		while (file_count)
			unlink(files[--file_count]);
	}
}

static void no_secret_becomes_evidence(void **state)
{
	static const char *const secrets[] = {"secretEXAMPLE", "tokenEXAMPLE", "ASIAEXAMPLE",
		"metadataTOKENEXAMPLE", "ASIAOTHEREXAMPLE", "otherEXAMPLE", "otherTOKENEXAMPLE"};
	struct world world = {0};
	char *variables[] = {NULL};
	(void)state;
	/* STS quotes what it was sent */
	struct script scripts[1 + SIZE(metadata)] = {{STS, 403,
		"<Error><Code>AccessDenied</Code><Message>ASIAEXAMPLE tokenEXAMPLE "
		"secretEXAMPLE metadataTOKENEXAMPLE</Message></Error>",
		SYMPTOM_NONE}};
	memcpy(scripts + 1, metadata, sizeof metadata);
	for (size_t round = 0; round < 2; round++) {
		struct evidence evidence = walked(&world, scripts, SIZE(scripts), variables, OTHER);
		json_t *json = schema_write(&arena, &evidence);
		char *printed = json_dumps(json, 0);
		for (size_t i = 0; i < SIZE(secrets); i++)
			if (strstr(printed, secrets[i]))
				fail_msg("%s is in %s", secrets[i], printed);
		free(printed);
		json_decref(json);
		scripts[0] = (struct script){STS, 200, ASSUMED, SYMPTOM_NONE};
	}
}

static int end(void **state)
{
	(void)state;
	while (file_count)
		unlink(files[--file_count]);
	arena_end(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_first_source_that_is_configured_wins, end),
		cmocka_unit_test_teardown(
			an_instance_is_asked_for_a_token_a_role_and_its_keys, end),
		cmocka_unit_test_teardown(
			the_principal_of_an_instance_is_the_one_that_ecr_names, end),
		cmocka_unit_test_teardown(what_the_instance_answers_wrongly_is_told, end),
		cmocka_unit_test_teardown(a_silent_put_is_followed_by_a_get, end),
		cmocka_unit_test_teardown(without_instance_metadata_there_is_no_source, end),
		cmocka_unit_test_teardown(a_web_identity_is_exchanged_unsigned, end),
		cmocka_unit_test_teardown(what_sts_refuses_is_told, end),
		cmocka_unit_test_teardown(a_token_file_must_hold_the_token_alone, end),
		cmocka_unit_test_teardown(a_dead_sts_is_an_endpoint_of_its_own, end),
		cmocka_unit_test_teardown(another_role_is_assumed_with_the_sources_keys, end),
		cmocka_unit_test_teardown(a_profile_gives_keys_or_a_role_or_a_reason, end),
		cmocka_unit_test_teardown(no_secret_becomes_evidence, end),
	};
	return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
