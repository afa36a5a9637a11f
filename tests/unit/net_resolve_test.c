/* DNS queries against a responder on loopback that answers as it is told. */
#include "net_peer.h"

enum behaviour {
	ANSWER,
	NXDOMAIN,
	SERVFAIL,
	REFUSED,
	NODATA,
	GARBAGE,
	OTHER_NAME,
	SILENCE,
	TRUNCATE,
	SECOND_TRY
};

static struct arena arena;
static struct net net;

struct responder {
	struct peer udp, tcp;
	enum behaviour behaviour;
	pthread_t thread;
};

static size_t put(unsigned char *out, size_t at, const void *bytes, size_t len)
{
	memcpy(out + at, bytes, len);
	return at + len;
}

/* www.example.com is an alias of real.example.com, 192.0.2.7, written address first */
static size_t put_answers(unsigned char *out, size_t at)
{
	static const unsigned char address[] = {
		4, 'r', 'e', 'a', 'l', 0xc0, 16, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7};
	static const unsigned char alias[] = {
		0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 7, 4, 'r', 'e', 'a', 'l', 0xc0, 16};
	out[7] = 2;
	at = put(out, at, address, sizeof address);
	return put(out, at, alias, sizeof alias);
}

/* the answer's length, from a question for www.example.com */
static size_t reply(
	enum behaviour behaviour, bool tcp, const unsigned char *question, unsigned char *out)
{
	static const unsigned char rcodes[] = {
		[NXDOMAIN] = 3, [SERVFAIL] = 2, [REFUSED] = 5, [SECOND_TRY] = 0};
	size_t len = 12 + 17 + 4;
	memcpy(out, question, len);
	memcpy(out + 2, "\x81\x80\0\1\0\0\0\0\0\0", 10);
	if (behaviour < sizeof rcodes)
		out[3] = (unsigned char)(0x80 | rcodes[behaviour]);
	if (behaviour == OTHER_NAME)
		out[13] = 'v';
	if (behaviour == GARBAGE)
		memset(out + 2, 0xff, len - 2);
	if (behaviour == TRUNCATE && !tcp)
		out[2] |= 2;
	else if (behaviour == ANSWER || behaviour == SECOND_TRY || behaviour == TRUNCATE)
		len = put_answers(out, len);
	return len;
}

static void *run_udp(void *context)
{
	struct responder *responder = context;
	unsigned char question[1500], answer[1500];
	struct sockaddr_storage from;
	for (;;) {
		socklen_t from_len = sizeof from;
		ssize_t len = recvfrom(responder->udp.fd, question, sizeof question, 0,
			(struct sockaddr *)&from, &from_len);
		if (len <= 0)
			return NULL;
		responder->udp.served++;
		if (responder->behaviour == SILENCE ||
			(responder->behaviour == SECOND_TRY && responder->udp.served == 1))
			continue;
		size_t size = reply(responder->behaviour, false, question, answer);
		sendto(responder->udp.fd, answer, size, 0, (struct sockaddr *)&from, from_len);
	}
}

static void serve_tcp(struct peer *peer, int fd)
{
	const struct responder *responder = peer->data;
	unsigned char question[1500], answer[1500];
	if (read(fd, question, sizeof question) < 30 || responder->behaviour == SILENCE)
		return;
	size_t len = reply(responder->behaviour, true, question + 2, answer + 2);
	answer[0] = 0;
	answer[1] = (unsigned char)len;
	peer_say(fd, (struct text){(char *)answer, len + 2});
	peer_drain(fd);
}

/* One port for UDP and TCP: that it is free for the one does not make it so for the other. */
static void bind_both(struct responder *responder)
{
	for (int tries = 0; tries < 100; tries++) {
		responder->udp.address = (struct address){0};
		peer_bind(&responder->udp, SOCK_DGRAM);
		responder->tcp.address = responder->udp.address;
		if (peer_try_bind(&responder->tcp, SOCK_STREAM))
			return;
		close(responder->udp.fd);
	}
	fail_msg("no port is free for both UDP and TCP");
}

static void begin(struct responder *responder, enum behaviour behaviour)
{
	*responder = (struct responder){.behaviour = behaviour, .tcp.serve = serve_tcp};
	responder->tcp.data = responder;
	bind_both(responder);
	peer_listen(&responder->tcp);
	assert_int_equal(pthread_create(&responder->thread, NULL, run_udp, responder), 0);
}

static void end(struct responder *responder)
{
	struct sockaddr_storage name;
	socklen_t len = address_to_sockaddr(&responder->udp.address, &name);
	sendto(responder->udp.fd, "", 0, 0, (struct sockaddr *)&name, len);
	pthread_join(responder->thread, NULL);
	close(responder->udp.fd);
	peer_end(&responder->tcp);
}

static struct query ask(enum behaviour behaviour, bool tcp, int64_t until_us)
{
	struct responder responder;
	begin(&responder, behaviour);
	struct query query = {
		.name = T("www.example.com"), .server = responder.udp.address, .tcp = tcp};
	net_resolve(&net, &query, 1, until_us);
	end(&responder);
	return query;
}

static void an_alias_is_followed_whatever_the_order(void **state)
{
	(void)state;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct query query = ask(ANSWER, tcp, soon());
		assert_symptom(query.symptom, SYMPTOM_NONE);
		assert_int_equal(query.cnames.count, 1);
		assert_text(query.cnames.at[0], "real.example.com");
		assert_int_equal(query.addresses.count, 1);
		assert_text(address_text(&arena, &query.addresses.at[0]), "192.0.2.7");
		assert_false(query.truncated);
	}
}

static void each_response_code_has_its_symptom(void **state)
{
	static const struct {
		enum behaviour behaviour;
		enum symptom symptom;
	} cases[] = {
		{NXDOMAIN, SYMPTOM_NXDOMAIN},
		{SERVFAIL, SYMPTOM_SERVFAIL},
		{REFUSED, SYMPTOM_REFUSED},
		{NODATA, SYMPTOM_NODATA},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (int tcp = 0; tcp < 2; tcp++) {
			struct query query = ask(cases[i].behaviour, tcp, soon());
			assert_symptom(query.symptom, cases[i].symptom);
			assert_int_equal(query.addresses.count, 0);
			assert_true(query.detail.len > 0);
		}
	}
}

static void a_truncated_answer_is_asked_for_over_tcp(void **state)
{
	(void)state;
	struct query query = ask(TRUNCATE, false, soon());
	assert_symptom(query.symptom, SYMPTOM_NONE);
	assert_true(query.truncated);
	assert_int_equal(query.addresses.count, 1);
}

static void one_lost_packet_is_forgiven(void **state)
{
	(void)state;
	struct query query = ask(SECOND_TRY, false, clock_us() + 3 * SECOND_US);
	assert_symptom(query.symptom, SYMPTOM_NONE);
}

static void silence_times_out(void **state)
{
	(void)state;
	struct query query = ask(SILENCE, false, shortly());
	assert_symptom(query.symptom, SYMPTOM_TIMEOUT);
}

static void a_connection_closed_without_an_answer_is_told(void **state)
{
	(void)state;
	struct query query = ask(SILENCE, true, soon());
	assert_symptom(query.symptom, SYMPTOM_CLOSED);
}

static void answers_to_other_questions_do_not_count(void **state)
{
	(void)state;
	assert_symptom(ask(OTHER_NAME, false, shortly()).symptom, SYMPTOM_MALFORMED);
	assert_symptom(ask(GARBAGE, false, shortly()).symptom, SYMPTOM_MALFORMED);
}

static void a_closed_port_refuses(void **state)
{
	(void)state;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct query query = {
			.name = T("www.example.com"), .server = peer_nowhere(), .tcp = tcp};
		net_resolve(&net, &query, 1, soon());
		assert_symptom(query.symptom, SYMPTOM_REFUSED);
		assert_text(query.error, "ECONNREFUSED");
	}
}

static void queries_of_a_batch_do_not_wait_for_each_other(void **state)
{
	(void)state;
	struct responder silent, working;
	begin(&silent, SILENCE);
	begin(&working, ANSWER);
	struct query queries[] = {
		{.name = T("www.example.com"), .server = silent.udp.address},
		{.name = T("www.example.com"), .server = working.udp.address},
		{.name = T("www.example.com"),
			.server = working.udp.address,
			.record = RECORD_AAAA},
		{.name = T("bad..name"), .server = working.udp.address},
	};
	net_resolve(&net, queries, 4, shortly());
	assert_symptom(queries[0].symptom, SYMPTOM_TIMEOUT);
	assert_symptom(queries[1].symptom, SYMPTOM_NONE);
	assert_symptom(queries[2].symptom, SYMPTOM_NODATA);
	assert_int_equal(queries[2].cnames.count, 1);
	assert_symptom(queries[3].symptom, SYMPTOM_LOCAL);
	end(&silent);
	end(&working);
}

static void an_interrupt_ends_the_wait(void **state)
{
	(void)state;
	interrupted = 1;
	struct query query = ask(SILENCE, false, soon());
	interrupted = 0;
	assert_symptom(query.symptom, SYMPTOM_DEADLINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alias_is_followed_whatever_the_order),
		cmocka_unit_test(each_response_code_has_its_symptom),
		cmocka_unit_test(a_truncated_answer_is_asked_for_over_tcp),
		cmocka_unit_test(one_lost_packet_is_forgiven),
		cmocka_unit_test(silence_times_out),
		cmocka_unit_test(a_connection_closed_without_an_answer_is_told),
		cmocka_unit_test(answers_to_other_questions_do_not_count),
		cmocka_unit_test(a_closed_port_refuses),
		cmocka_unit_test(queries_of_a_batch_do_not_wait_for_each_other),
		cmocka_unit_test(an_interrupt_ends_the_wait),
	};
	net_begin(&net, &arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	net_end(&net);
	arena_end(&arena);
	return failed;
}
