/* TCP connections against loopback: each symptom once. */
#include "net_peer.h"

static struct arena arena;
static struct net net;

static void serve_nothing(struct peer *peer, int fd)
{
	(void)peer;
	peer_drain(fd);
}

static void a_listener_accepts(void **state)
{
	(void)state;
	struct peer peer = {.serve = serve_nothing};
	peer_begin(&peer);
	struct dial dial = {.to = peer.address};
	net_connect(&net, &dial, 1, soon());
	assert_symptom(dial.symptom, SYMPTOM_NONE);
	assert_true(dial.fd >= 0);
	assert_text(address_text(&arena, &dial.local), "127.0.0.1");
	assert_true(dial.local.port != 0);
	close(dial.fd);
	peer_end(&peer);
}

static void a_closed_port_refuses(void **state)
{
	(void)state;
	struct dial dial = {.to = peer_nowhere()};
	net_connect(&net, &dial, 1, soon());
	assert_symptom(dial.symptom, SYMPTOM_REFUSED);
	assert_text(dial.error, "ECONNREFUSED");
	assert_int_equal(dial.fd, -1);
	assert_int_equal(dial.hop.family, 0);
}

/* Fills a listener's queue: further SYNs are dropped, as by a security group. */
static void a_full_queue_times_out_while_others_connect(void **state)
{
	(void)state;
	struct peer full = {0}, open = {.serve = serve_nothing};
	struct dial fill[3] = {0}, dials[2] = {0};
	peer_bind(&full, SOCK_STREAM);
	assert_int_equal(listen(full.fd, 0), 0);
	peer_begin(&open);
	for (size_t i = 0; i < 3; i++)
		fill[i].to = full.address;
	net_connect(&net, fill, 3, shortly());
	dials[0].to = full.address;
	dials[1].to = open.address;
	net_connect(&net, dials, 2, shortly());
	assert_symptom(dials[0].symptom, SYMPTOM_TIMEOUT);
	assert_int_equal(dials[0].fd, -1);
	assert_symptom(dials[1].symptom, SYMPTOM_NONE);
	close(dials[1].fd);
	for (size_t i = 0; i < 3; i++) {
		if (fill[i].fd >= 0)
			close(fill[i].fd);
	}
	peer_end(&open);
	close(full.fd);
}

static void the_source_port_is_used(void **state)
{
	(void)state;
	struct peer peer = {.serve = serve_nothing};
	peer_begin(&peer);
	struct dial dial = {.to = peer.address, .source_port = peer_nowhere().port, .mss = 536};
	net_connect(&net, &dial, 1, soon());
	assert_symptom(dial.symptom, SYMPTOM_NONE);
	assert_int_equal(dial.local.port, dial.source_port);
	close(dial.fd);
	peer_end(&peer);
}

static void a_source_port_that_is_taken_is_our_own_failure(void **state)
{
	(void)state;
	struct peer peer = {.serve = serve_nothing};
	peer_begin(&peer);
	struct dial dial = {.to = peer.address, .source_port = peer.address.port};
	net_connect(&net, &dial, 1, soon());
	assert_symptom(dial.symptom, SYMPTOM_LOCAL);
	assert_text(dial.error, "EADDRINUSE");
	assert_int_equal(dial.fd, -1);
	peer_end(&peer);
}

static void a_broadcast_address_is_prohibited(void **state)
{
	(void)state;
	struct dial dial = {0};
	assert_true(address_parse(T("255.255.255.255:443"), &dial.to));
	net_connect(&net, &dial, 1, soon());
	assert_true(dial.symptom == SYMPTOM_UNREACHABLE || dial.symptom == SYMPTOM_PROHIBITED);
	assert_true(dial.error.len > 0);
}

static void an_interrupt_ends_the_wait(void **state)
{
	(void)state;
	struct peer full = {0};
	struct dial dials[4] = {0};
	peer_bind(&full, SOCK_STREAM);
	assert_int_equal(listen(full.fd, 0), 0);
	for (size_t i = 0; i < 4; i++)
		dials[i].to = full.address;
	interrupted = 1;
	net_connect(&net, dials, 4, soon());
	interrupted = 0;
	for (size_t i = 0; i < 4; i++)
		assert_symptom(dials[i].symptom, SYMPTOM_DEADLINE);
	close(full.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener_accepts),
		cmocka_unit_test(a_closed_port_refuses),
		cmocka_unit_test(a_full_queue_times_out_while_others_connect),
		cmocka_unit_test(the_source_port_is_used),
		cmocka_unit_test(a_source_port_that_is_taken_is_our_own_failure),
		cmocka_unit_test(a_broadcast_address_is_prohibited),
		cmocka_unit_test(an_interrupt_ends_the_wait),
	};
	net_begin(&net, &arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	net_end(&net);
	arena_end(&arena);
	return failed;
}
