/* Which names the walk asks for, where the first of them lead nowhere: against scripted answers. */
#include "check.h"
#include "walk/walk.h"
#include <unistd.h>

#define ACCOUNT "123456789012"
#define FIPS_HOST ACCOUNT ".dkr.ecr-fips.us-east-1.amazonaws.com"
#define PLAIN_HOST ACCOUNT ".dkr.ecr.us-east-1.amazonaws.com"
#define BUCKET "prod-us-east-1-starport-layer-bucket"
#define S3_HOST BUCKET ".s3.us-east-1.amazonaws.com"
#define FIRST "ecr-fips.us-east-1.amazonaws.com"
#define SECOND "api.ecr-fips.us-east-1.amazonaws.com"

/* a name that exists; what it has no address for is NODATA */
struct record_row {
	const char *name;
	const char *a;
	const char *aaaa;
};

struct world {
	const struct record_row *records;
	size_t count;
	struct texts asked;
};

static struct arena arena;

static void answer(struct query *query, const struct record_row *row)
{
	struct address address;
	const char *found = query->record == RECORD_A ? row->a : row->aaaa;
	query->symptom = SYMPTOM_NODATA;
	if (found && address_parse(text_of(found), &address)) {
		query->symptom = SYMPTOM_NONE;
		addresses_add(&arena, &query->addresses, address);
	}
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
	struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		queries[i].symptom = SYMPTOM_NXDOMAIN;
		texts_add(&arena, &world->asked, queries[i].name);
		for (size_t row = 0; row < world->count; row++)
			if (text_equal(queries[i].name, text_of(world->records[row].name)))
				answer(&queries[i], &world->records[row]);
	}
}

static void scripted_connect(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++)
		dials[i].fd = dup(STDERR_FILENO);
}

/* a walk of the first two stages, from a machine of that address */
static struct evidence walked(struct world *world, const char *host, const char *own)
{
	static char *const variables[] = {NULL};
	struct evidence evidence = {0};
	struct host_info here = {0};
	struct target target;
	struct text complaint;
	struct address address;
	struct network network;
	struct net net = {.arena = &arena,
		.resolve = scripted_resolve,
		.connect = scripted_connect,
		.wait = scripted_wait,
		.drop = scripted_drop,
		.state = world};
	assert_true(address_parse(text_of(own), &address));
	addresses_add(&arena, &here.addresses, address);
	network = (struct network){.address = address, .bits = 24};
	here.networks = &network;
	assert_true(address_parse(T("10.20.0.2"), &address));
	addresses_add(&arena, &here.resolvers, address);
	struct text image = text_format(&arena, "%s/app", host);
	assert_true(target_parse(&arena, image, T(""), &target, &complaint));
	struct plan plan = plan_make(&arena, &target, &(struct plan_options){0});
	struct walk_options options = {
		.stage_asked = true,
		.stage = STAGE_TCP,
		.timeout_us = SECOND_US,
		.deadline_us = 60 * SECOND_US,
		.host_info = &here,
		.environment.variables = variables,
	};
	walk(&arena, &net, &target, &plan, &options, &evidence);
	return evidence;
}

static bool was_asked(const struct world *world, const char *name)
{
	for (size_t i = 0; i < world->asked.count; i++)
		if (text_equal(world->asked.at[i], text_of(name)))
			return true;
	return false;
}

static const struct step *find(const struct evidence *evidence, enum stage stage,
	enum endpoint_kind kind, enum experiment experiment)
{
	for (size_t i = 0; i < evidence->count; i++) {
		const struct step *step = &evidence->steps[i];
		if (step->stage == stage && step->endpoint == kind &&
			step->experiment == experiment)
			return step;
	}
	return NULL;
}

static void a_fips_name_that_exists_is_the_only_one_asked(void **state)
{
	static const struct record_row records[] = {{FIRST, "10.20.2.11", NULL},
		{SECOND, "10.20.2.12", NULL}, {FIPS_HOST, "10.20.2.13", NULL},
		{S3_HOST, "52.216.0.10", NULL}};
	struct world world = {.records = records, .count = SIZE(records)};
	(void)state;
	struct evidence evidence = walked(&world, FIPS_HOST, "10.20.1.10");
	assert_true(was_asked(&world, FIRST));
	assert_false(was_asked(&world, SECOND));
	assert_int_equal(world.asked.count, 6);
	check_text(0, find(&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_NONE)->host, FIRST);
}

static void the_second_fips_name_is_taken_where_the_first_does_not_exist(void **state)
{
	static const struct record_row records[] = {{SECOND, "10.20.2.12", NULL},
		{FIPS_HOST, "10.20.2.13", NULL}, {S3_HOST, "52.216.0.10", NULL}};
	struct world world = {.records = records, .count = SIZE(records)};
	(void)state;
	struct evidence evidence = walked(&world, FIPS_HOST, "10.20.1.10");
	const struct step *failed = find(&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_NONE);
	const struct step *other = find(
		&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_DNS_OTHER_SPELLING);
	const struct step *tcp = find(&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_NONE);
	check_text(0, failed->host, FIRST);
	assert_int_equal(failed->symptom, SYMPTOM_NXDOMAIN);
	assert_non_null(other);
	check_text(1, other->host, SECOND);
	assert_int_equal(other->outcome, OUTCOME_PASSED);
	assert_ptr_equal(&evidence.steps[other->follows], failed);
	check_text(2, tcp->host, SECOND);
	assert_int_equal(tcp->outcome, OUTCOME_PASSED);
	/* what was found needs no more questions */
	assert_null(find(&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_DNS_KNOWN_NAME));
}

static void without_either_fips_name_the_first_one_is_what_failed(void **state)
{
	static const struct record_row records[] = {
		{FIPS_HOST, "10.20.2.13", NULL}, {S3_HOST, "52.216.0.10", NULL}};
	struct world world = {.records = records, .count = SIZE(records)};
	(void)state;
	struct evidence evidence = walked(&world, FIPS_HOST, "10.20.1.10");
	const struct step *other = find(
		&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_DNS_OTHER_SPELLING);
	const struct step *tcp = find(&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_NONE);
	assert_int_equal(other->outcome, OUTCOME_FAILED);
	assert_int_equal(tcp->outcome, OUTCOME_SKIPPED);
	check_text(0, tcp->host, FIRST);
	assert_non_null(find(&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_DNS_KNOWN_NAME));
}

static void a_name_without_aaaa_has_its_dual_stack_name_asked(void **state)
{
	static const struct record_row records[] = {
		{"api.ecr.us-east-1.amazonaws.com", "44.213.79.104", NULL},
		{PLAIN_HOST, "54.210.113.5", NULL}, {S3_HOST, "52.216.0.10", NULL},
		{"ecr.us-east-1.api.aws", "44.213.79.104", "2600:1f28::4"},
		{BUCKET ".s3.dualstack.us-east-1.amazonaws.com", "52.216.0.10", NULL}};
	struct world world = {.records = records, .count = SIZE(records)};
	(void)state;
	struct evidence evidence = walked(&world, PLAIN_HOST, "2600:1f18::10");
	static const struct {
		enum endpoint_kind endpoint;
		enum symptom symptom;
	} cases[] = {{ENDPOINT_API, SYMPTOM_NONE}, {ENDPOINT_DKR, SYMPTOM_NXDOMAIN},
		{ENDPOINT_S3, SYMPTOM_NODATA}};
	for (size_t i = 0; i < SIZE(cases); i++) {
		const struct step *failed = find(
			&evidence, STAGE_TCP, cases[i].endpoint, EXPERIMENT_NONE);
		const struct step *made = find(
			&evidence, STAGE_DNS, cases[i].endpoint, EXPERIMENT_DNS_DUALSTACK_NAME);
		check_row(i, failed->symptom == SYMPTOM_NO_ADDRESS);
		check_row(i, made && made->symptom == cases[i].symptom);
		check_row(i, made && &evidence.steps[made->follows] == failed);
		check_text(i, seen_text(made, FACT_RECORD), "AAAA");
	}
	/* a machine with IPv4 has no use for it */
	world.asked = (struct texts){0};
	walked(&world, PLAIN_HOST, "10.20.1.10");
	assert_false(was_asked(&world, "ecr.us-east-1.api.aws"));
}

static int forget(void **state)
{
	(void)state;
	arena_end(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_fips_name_that_exists_is_the_only_one_asked, forget),
		cmocka_unit_test_teardown(
			the_second_fips_name_is_taken_where_the_first_does_not_exist, forget),
		cmocka_unit_test_teardown(
			without_either_fips_name_the_first_one_is_what_failed, forget),
		cmocka_unit_test_teardown(
			a_name_without_aaaa_has_its_dual_stack_name_asked, forget),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
