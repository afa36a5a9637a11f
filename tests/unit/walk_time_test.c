/* Suspicion on a scripted clock: what is late, what is dead, and what experiments are worth. */
#include "base/clock.h"
#include "check.h"
#include "walk/walk.h"
#include <unistd.h>

#define HOST "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#define API "10.20.2.11"

enum { MILLI_US = 1000, TIMEOUT_US = 5000 * MILLI_US, NEVER = -1, HELD_MAX = 256 };

/* one thing under way */
struct held {
	struct pending **at;
	enum symptom *symptom;
	int64_t *took_us, began_us, due_us, until_us;
	const void *owner;
	struct exchange *exchange; /* NULL: it is none */
};

/* the world of one test: times are of an answer, NEVER for none */
struct world {
	int64_t api_us; /* until the API's address accepts, from the system's choice of port */
	int64_t api_retry_us;	 /* from a chosen source port */
	int64_t api_tls_us;	 /* until its handshake is done */
	bool api_is_unknown;	 /* its name does not exist */
	int64_t resolver_us;	 /* of the other resolvers of the VPC */
	bool resolvers_are_dead; /* the machine's own: there are two */
	int64_t turn_us; /* until requests, which stay without an answer, have their turn; 0: none
			  */
	size_t dials, queries, handshakes;
	struct held held[HELD_MAX];
	size_t count;
};

static struct arena arena;
static int64_t now_us;

/* The clock of the whole program is the test's: this takes the place of src/base/clock.c. */
volatile sig_atomic_t interrupted;

int64_t clock_us(void)
{
	return now_us;
}

int64_t clock_unix(void)
{
	return 1767225600;
}

int64_t clock_unix_us(void)
{
	return clock_unix() * SECOND_US;
}

struct text clock_text(struct arena *at, int64_t unix_seconds)
{
	return text_format(at, "%lld", (long long)unix_seconds);
}

bool clock_parse(struct text t, int64_t *unix_seconds)
{
	(void)t, (void)unix_seconds;
	return false;
}

static void hold(struct net *net, struct pending **at, enum symptom *symptom, int64_t *took_us,
	int64_t after_us, int64_t until_us)
{
	struct world *world = net->state;
	int64_t due_us = after_us == NEVER ? INT64_MAX : now_us + after_us;
	assert_true(world->count < HELD_MAX);
	world->held[world->count++] = (struct held){
		at, symptom, took_us, now_us, due_us, until_us, net->owner, NULL};
	*at = (struct pending *)world; /* nobody looks into it */
}

static void resolve(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	for (size_t i = 0; i < count; i++) {
		struct query *query = &queries[i];
		struct address address;
		bool is_own = text_equal(address_text(&arena, &query->server), T("10.20.0.2"));
		bool is_api = text_starts(query->name, T("api."));
		query->began_us = now_us;
		query->symptom = SYMPTOM_NODATA;
		if (world->api_is_unknown && is_api) {
			query->symptom = SYMPTOM_NXDOMAIN;
		} else if (query->record == RECORD_A) {
			query->symptom = SYMPTOM_NONE;
			address_parse(is_api ? T(API) : T("10.20.2.99"), &address);
			addresses_add(&arena, &query->addresses, address);
		}
		world->queries++;
		hold(net, &query->pending, &query->symptom, &query->took_us,
			world->resolvers_are_dead ? NEVER
				: is_own	  ? MILLI_US
						  : world->resolver_us,
			until_us);
	}
}

static void dial(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	for (size_t i = 0; i < count; i++) {
		bool is_api = text_equal(address_text(&arena, &dials[i].to), T(API));
		int64_t after_us = !is_api     ? MILLI_US
			: dials[i].source_port ? world->api_retry_us
					       : world->api_us;
		dials[i].began_us = now_us;
		dials[i].fd = after_us == NEVER ? -1 : dup(STDERR_FILENO);
		dials[i].repeats = after_us != NEVER && after_us > 900 * MILLI_US;
		world->dials++;
		hold(net, &dials[i].pending, &dials[i].symptom, &dials[i].took_us, after_us,
			until_us);
	}
}

static void handshake(struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	for (size_t i = 0; i < count; i++) {
		struct handshake *one = &handshakes[i];
		bool is_api = text_starts(one->send_name, T("api.")) && !one->small;
		one->began_us = now_us;
		if (one->fd >= 0)
			close(one->fd);
		world->handshakes++;
		hold(net, &one->pending, &one->symptom, &one->took_us,
			is_api ? world->api_tls_us : MILLI_US, until_us);
	}
}

/* The net says of a request that waits for its turn that nothing has happened: `moved_us` is 0. */
static void send_silent(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us)
{
	struct world *world = net->state;
	assert_int_not_equal(world->turn_us, 0);
	for (size_t i = 0; i < count; i++) {
		exchanges[i].moved_us = 0;
		exchanges[i].began_us = now_us;
		hold(net, &exchanges[i].pending, &exchanges[i].symptom, &exchanges[i].took_us,
			NEVER, now_us + idle_us < until_us ? now_us + idle_us : until_us);
		world->held[world->count - 1].exchange = &exchanges[i];
	}
}

static int64_t end_of(const struct held *held)
{
	return held->due_us < held->until_us ? held->due_us : held->until_us;
}

/* Time goes on to the next event. */
static void wait_scripted(struct net *net, int64_t until_us)
{
	struct world *world = net->state;
	int64_t next_us = until_us;
	bool any = false;
	for (size_t i = 0; i < world->count; i++)
		if (world->held[i].at) {
			any = true;
			next_us = end_of(&world->held[i]) < next_us ? end_of(&world->held[i])
								    : next_us;
		}
	if (!any)
		return;
	now_us = next_us > now_us ? next_us : now_us;
	for (size_t i = 0; i < world->count; i++) {
		struct held *held = &world->held[i];
		if (held->at && held->exchange && now_us >= held->began_us + world->turn_us)
			held->exchange->moved_us = held->began_us + world->turn_us;
		if (!held->at || end_of(held) > now_us)
			continue;
		if (held->due_us > now_us)
			*held->symptom = SYMPTOM_TIMEOUT;
		*held->took_us = now_us - held->began_us;
		*held->at = NULL;
		held->at = NULL;
	}
}

static void drop_scripted(struct net *net, const void *owner)
{
	struct world *world = net->state;
	for (size_t i = 0; i < world->count; i++)
		if (world->held[i].at && world->held[i].owner == owner) {
			*world->held[i].at = NULL;
			world->held[i].at = NULL;
		}
}

/* the stages up to TLS, or to HTTP with requests, of a machine in a VPC whose resolver is its own
 */
static struct evidence walked(struct world *world)
{
	static char *const variables[] = {NULL};
	struct evidence evidence = {0};
	struct host_info here = {0};
	struct target target;
	struct text complaint;
	struct network network;
	struct address resolver;
	struct net net = {.arena = &arena,
		.resolve = resolve,
		.connect = dial,
		.handshake = handshake,
		.send = send_silent,
		.wait = wait_scripted,
		.drop = drop_scripted,
		.state = world};
	assert_true(network_parse(T("10.20.1.10/24"), &network));
	addresses_add(&arena, &here.addresses, network.address);
	here.networks = &network;
	assert_true(address_parse(T("10.20.0.2"), &resolver));
	addresses_add(&arena, &here.resolvers, resolver);
	assert_true(address_parse(T("10.20.0.3"), &resolver));
	if (world->resolvers_are_dead)
		addresses_add(&arena, &here.resolvers, resolver);
	assert_true(target_parse(&arena, T(HOST "/app:1"), T(""), &target, &complaint));
	struct plan plan = plan_make(&arena, &target, &(struct plan_options){0});
	struct walk_options options = {
		.stage_asked = true,
		.stage = world->turn_us ? STAGE_HTTP : STAGE_TLS,
		.timeout_us = TIMEOUT_US,
		.deadline_us = 60 * SECOND_US,
		.host_info = &here,
		.environment.variables = variables,
	};
	now_us = 1000 * SECOND_US;
	walk(&arena, &net, &target, &plan, &options, &evidence);
	return evidence;
}

static const struct step *step_of(const struct evidence *evidence, enum stage stage,
	enum endpoint_kind kind, enum experiment experiment)
{
	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->steps[i].stage == stage && evidence->steps[i].endpoint == kind &&
			evidence->steps[i].experiment == experiment)
			return &evidence->steps[i];
	return NULL;
}

static size_t experiments_in(const struct evidence *evidence)
{
	size_t count = 0;
	for (size_t i = 0; i < evidence->count; i++)
		count += evidence->steps[i].experiment != EXPERIMENT_NONE;
	return count;
}

static void healthy(struct world *world)
{
	*world = (struct world){
		.api_us = MILLI_US,
		.api_retry_us = MILLI_US,
		.api_tls_us = MILLI_US,
		.resolver_us = MILLI_US,
	};
}

static void a_healthy_path_is_under_no_suspicion(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	struct evidence evidence = walked(&world);
	assert_int_equal(evidence.took_us, 3 * MILLI_US);
	/* A and AAAA of three names, one connection and one handshake each */
	assert_int_equal(world.queries, 6);
	assert_int_equal(world.dials, 3);
	assert_int_equal(world.handshakes, 3);
}

static void late_but_fine_leaves_no_trace_but_its_lateness(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.api_us = 1001 * MILLI_US; /* the first SYN was lost */
	world.api_retry_us = NEVER;
	struct evidence evidence = walked(&world);
	const struct step *tcp = step_of(&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_NONE);
	const struct step *tls = step_of(&evidence, STAGE_TLS, ENDPOINT_API, EXPERIMENT_NONE);
	assert_int_equal(tcp->outcome, OUTCOME_PASSED);
	assert_int_equal(seen_number(tcp, FACT_LATE), 1);
	assert_int_equal(seen_number(tcp, FACT_REPEATS), 1);
	assert_int_equal(tls->outcome, OUTCOME_PASSED);
	assert_int_equal(seen_number(tls, FACT_LATE), 0);
	assert_int_equal(experiments_in(&evidence), 0);
	assert_true(world.dials > 3);
	/* what was begun for nothing is not waited for */
	assert_int_equal(evidence.took_us, 1003 * MILLI_US);
}

static void late_and_dead_is_told_in_one_timeout(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.api_us = world.api_retry_us = NEVER;
	struct evidence evidence = walked(&world);
	const struct step *again = step_of(
		&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_TCP_RETRY);
	const struct step *failed = step_of(&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_NONE);
	assert_int_equal(failed->outcome, OUTCOME_FAILED);
	assert_int_equal(failed->symptom, SYMPTOM_TIMEOUT);
	assert_int_equal(failed->took_us, TIMEOUT_US);
	assert_int_equal(seen_number(again, FACT_PASSED_TRIES), 0);
	assert_ptr_equal(&evidence.steps[again->follows], failed);
	/* the experiments come behind all steps of their stage, and before the next */
	assert_true(again > step_of(&evidence, STAGE_TCP, ENDPOINT_S3, EXPERIMENT_NONE));
	assert_true(again < step_of(&evidence, STAGE_TLS, ENDPOINT_API, EXPERIMENT_NONE));
	assert_int_equal(step_of(&evidence, STAGE_TLS, ENDPOINT_S3, EXPERIMENT_NONE)->outcome,
		OUTCOME_PASSED);
	assert_true(evidence.took_us <= TIMEOUT_US * 11 / 10);
	/* eight again, two other hosts: docs/evidence.md */
	assert_int_equal(world.dials, 3 + 8 + 2);
}

static void dead_and_the_experiments_decide(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.api_us = NEVER;
	struct evidence evidence = walked(&world);
	const struct step *again = step_of(
		&evidence, STAGE_TCP, ENDPOINT_API, EXPERIMENT_TCP_RETRY);
	assert_int_equal(again->outcome, OUTCOME_PASSED);
	assert_int_equal(seen_number(again, FACT_PASSED_TRIES), 8);
	/* they were done long before the connection that they follow was given up */
	assert_true(again->began_us + again->took_us < TIMEOUT_US / 2);
	assert_true(evidence.took_us <= TIMEOUT_US + 10 * MILLI_US);
}

static void a_vanishing_hello_is_varied_while_it_is_waited_for(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.api_tls_us = NEVER;
	struct evidence evidence = walked(&world);
	const struct step *small = step_of(
		&evidence, STAGE_TLS, ENDPOINT_API, EXPERIMENT_TLS_SMALL_HELLO);
	assert_int_equal(small->outcome, OUTCOME_PASSED);
	assert_int_equal(step_of(&evidence, STAGE_TLS, ENDPOINT_API, EXPERIMENT_TLS_1_2)->outcome,
		OUTCOME_FAILED);
	assert_true(evidence.took_us <= TIMEOUT_US * 11 / 10);
	assert_int_equal(world.handshakes, 3 + 10);
}

static void two_dead_resolvers_are_told_in_one_timeout(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.resolvers_are_dead = true;
	struct evidence evidence = walked(&world);
	const struct step *dns = step_of(&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_NONE);
	assert_int_equal(dns->symptom, SYMPTOM_TIMEOUT);
	assert_int_equal(seen_list(dns, FACT_SILENT_SERVERS).count, 1);
	assert_non_null(step_of(&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_DNS_OVER_TCP));
	/* experiments on the second begin later, and end with those on the first */
	assert_true(evidence.took_us <= TIMEOUT_US * 11 / 10);
}

static void useless_experiments_are_not_waited_for(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.api_is_unknown = true;
	world.resolver_us = NEVER;
	struct evidence evidence = walked(&world);
	const struct step *other = step_of(
		&evidence, STAGE_DNS, ENDPOINT_API, EXPERIMENT_DNS_OTHER_SERVER);
	assert_int_equal(other->symptom, SYMPTOM_TIMEOUT);
	/* the name's own server answered at once; others have a twentieth of --timeout for it */
	assert_true(evidence.took_us < 500 * MILLI_US);
}

/* nothing else settles after it has its turn */
static void a_request_that_waits_for_its_turn_is_suspect_later(void **state)
{
	struct world world;
	(void)state;
	healthy(&world);
	world.turn_us = 100 * MILLI_US;
	struct evidence evidence = walked(&world);
	const struct step *http = step_of(&evidence, STAGE_HTTP, ENDPOINT_API, EXPERIMENT_NONE);
	assert_int_equal(http->symptom, SYMPTOM_TIMEOUT);
	assert_non_null(step_of(&evidence, STAGE_HTTP, ENDPOINT_API, EXPERIMENT_HTTP_RETRY));
	assert_non_null(step_of(&evidence, STAGE_HTTP, ENDPOINT_API, EXPERIMENT_HTTP_SMALL_MSS));
	assert_true(evidence.took_us <= TIMEOUT_US * 12 / 10);
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
		cmocka_unit_test_teardown(a_healthy_path_is_under_no_suspicion, end),
		cmocka_unit_test_teardown(late_but_fine_leaves_no_trace_but_its_lateness, end),
		cmocka_unit_test_teardown(late_and_dead_is_told_in_one_timeout, end),
		cmocka_unit_test_teardown(dead_and_the_experiments_decide, end),
		cmocka_unit_test_teardown(a_vanishing_hello_is_varied_while_it_is_waited_for, end),
		cmocka_unit_test_teardown(two_dead_resolvers_are_told_in_one_timeout, end),
		cmocka_unit_test_teardown(useless_experiments_are_not_waited_for, end),
		cmocka_unit_test_teardown(a_request_that_waits_for_its_turn_is_suspect_later, end),
	};
	return cmocka_run_group_tests_name("walk_time", tests, NULL, NULL);
}
