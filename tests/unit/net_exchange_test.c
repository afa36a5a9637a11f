/* HTTP exchanges with peers on loopback that answer well, badly or not at all. */
#include "net/net.h"
#include "net/parts.h"
#include "net_tls_server.h"

static struct arena arena;
static struct net net;

/* what the peer answers to every request */
struct manner {
	SSL_CTX *context;   /* over TLS, when not NULL */
	struct text answer; /* as sent */
	bool hold;	    /* keeps the connection open after it */
	bool reset;	    /* resets it after it */
	char request[8192]; /* the last one */
};

static size_t receive(SSL *ssl, int fd, char *bytes, size_t size)
{
	ssize_t len = ssl ? SSL_read(ssl, bytes, (int)size) : read(fd, bytes, size);
	return len > 0 ? (size_t)len : 0;
}

/* Keeps a request's head, and what came with it; false at the connection's end. */
static bool take_request(struct manner *manner, SSL *ssl, int fd)
{
	char request[sizeof manner->request] = {0};
	size_t len = 0;
	while (!strstr(request, "\r\n\r\n")) {
		size_t more = receive(ssl, fd, request + len, sizeof request - 1 - len);
		if (more == 0)
			return false;
		len += more;
	}
	memcpy(manner->request, request, sizeof request);
	return true;
}

static void serve(struct peer *peer, int fd)
{
	union {
		const void *given;
		struct manner *wanted;
	} manner = {.given = peer->data};
	struct manner *as = manner.wanted;
	SSL *ssl = as->context ? tls_accept(as->context, fd) : NULL;
	if (as->context && !ssl)
		return;
	while (take_request(as, ssl, fd)) {
		if (ssl)
			SSL_write(ssl, as->answer.at, (int)as->answer.len);
		else
			peer_say(fd, as->answer);
		if (!as->hold)
			break;
	}
	if (as->reset)
		peer_reset(fd);
	if (ssl)
		SSL_shutdown(ssl);
	SSL_free(ssl);
	ERR_clear_error();
}

static struct text url_of(const struct peer *peer, const char *scheme, const char *path)
{
	return text_format(
		&arena, "%s://service.example:%u%s", scheme, (unsigned)peer->address.port, path);
}

static void run(struct manner *manner, struct exchange *exchange, int64_t idle_us)
{
	struct peer peer = {.serve = serve, .data = manner};
	peer_begin(&peer);
	if (!exchange->url.len)
		exchange->url = url_of(
			&peer, manner->context ? "https" : "http", "/a?secret=hidden");
	exchange->address = peer.address;
	net_exchange(&net, exchange, 1, idle_us, soon());
	/* else the kept connection would keep the peer's thread */
	net_end(&net);
	peer_end(&peer);
	net_begin(&net, &arena);
}

static void a_whole_answer_arrives(void **state)
{
	(void)state;
	struct manner manner = {.hold = true,
		.answer = T("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 404 Not Found\r\n"
			    "Content-Length: 11\r\nX-Name:  a value \r\n\r\nhello world")};
	struct header send[] = {{T("X-One"), T("1")}, {T("X-None"), T("")}};
	struct exchange exchange = {.send = send,
		.send_count = 2,
		.basic = T("dTpw"),
		.range = T("0-0"),
		.body_keep = 5,
		.hash = true};
	run(&manner, &exchange, 20 * SECOND_US);
	assert_symptom(exchange.symptom, SYMPTOM_NONE);
	assert_int_equal(exchange.status, 404);
	assert_text(exchange.kept, "hello");
	assert_int_equal(exchange.bytes, 11);
	assert_int_equal(exchange.announced, 11);
	assert_int_equal(exchange.header_count, 2);
	assert_text(header_value(&exchange, T("x-name")), "a value");
	assert_true(text_equal(exchange.digest, digest_of(&arena, T("hello world"))));
	assert_true(exchange.peer.port != 0);
	assert_text(address_text(&arena, &exchange.peer), "127.0.0.1");
	struct text request = text_of(manner.request);
	assert_true(
		text_starts(request, T("GET /a?secret=hidden HTTP/1.1\r\nHost: service.example:")));
	assert_true(text_holds(request, T("\r\nX-One: 1\r\n")));
	assert_true(text_holds(request, T("\r\nX-None:\r\n")));
	assert_true(text_holds(request, T("\r\nAuthorization: Basic dTpw\r\n")));
	assert_true(text_holds(request, T("\r\nRange: bytes=0-0\r\n")));
	assert_false(text_holds(request, T("Expect")));
}

static void a_post_is_signed(void **state)
{
	(void)state;
	struct manner manner = {.hold = true,
		.answer = T("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
			    "2\r\n{}\r\n0\r\n\r\n")};
	struct header send[] = {{T("Content-Type"), T("application/x-amz-json-1.1")}};
	struct exchange exchange = {.post = true,
		.body = T("{}"),
		.send = send,
		.send_count = 1,
		.access_key = T("AKIDEXAMPLE"),
		.secret_key = T("not a real secret"),
		.session_token = T("session"),
		.region = T("eu-west-1"),
		.service = T("ecr"),
		.body_keep = 100};
	run(&manner, &exchange, 20 * SECOND_US);
	assert_symptom(exchange.symptom, SYMPTOM_NONE);
	assert_text(exchange.kept, "{}");
	assert_int_equal(exchange.announced, -1);
	struct text request = text_of(manner.request);
	assert_true(text_holds(request, T("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")));
	assert_true(text_holds(request, T("/eu-west-1/ecr/aws4_request, SignedHeaders=")));
	assert_true(text_holds(request, T("x-amz-security-token")));
	assert_true(text_holds(request, T("\r\nX-Amz-Security-Token: session\r\n")));
	assert_false(text_holds(request, T("not a real secret")));
}

static void a_put_has_no_body(void **state)
{
	(void)state;
	struct manner manner = {.answer = T("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntoken")};
	struct header send[] = {{T("X-Ttl"), T("60")}};
	struct exchange exchange = {.put = true, .send = send, .send_count = 1, .body_keep = 100};
	run(&manner, &exchange, 20 * SECOND_US);
	assert_symptom(exchange.symptom, SYMPTOM_NONE);
	assert_text(exchange.kept, "token");
	struct text request = text_of(manner.request);
	assert_true(text_starts(request, T("PUT ")));
	assert_true(text_holds(request, T("\r\nX-Ttl: 60\r\n")));
	assert_true(text_ends(request, T("\r\n\r\n")));
	assert_false(text_holds(request, T("Content-")));
}

static void each_failure_has_its_symptom(void **state)
{
	static char many[300 * 8 + 100], long_line[80 * 1024], huge_line[200 * 1024];
	strcpy(many, "HTTP/1.1 200 OK\r\n");
	for (size_t i = 0; i < 300; i++)
		strcat(many, "X: 12\r\n");
	snprintf(long_line, sizeof long_line, "HTTP/1.1 200 OK\r\nX: %070000d\r\n\r\n", 1);
	snprintf(huge_line, sizeof huge_line, "HTTP/1.1 200 OK\r\nX: %0180000d\r\n\r\n", 1);
	const struct {
		struct text answer;
		bool hold, reset;
		enum symptom symptom;
		int status;
	} cases[] = {
		{T("HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: "
		   "0\r\n\r\n"),
			true, false, SYMPTOM_NONE, 307},
		{T("HTTP/1.1 200 OK\r\n\r\nto the end"), false, false, SYMPTOM_NONE, 200},
		{T("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell"), false, false,
			SYMPTOM_TRUNCATED, 200},
		{T("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"), false, false,
			SYMPTOM_TRUNCATED, 200},
		{T("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), true, false,
			SYMPTOM_MALFORMED, 200},
		{T("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell"), true, false,
			SYMPTOM_STALLED, 200},
		{T(""), true, false, SYMPTOM_TIMEOUT, 0},
		{T(""), false, false, SYMPTOM_CLOSED, 0},
		{T(""), false, true, SYMPTOM_RESET, 0},
		{T("SSH-2.0-Test\r\n"), true, false, SYMPTOM_MALFORMED, 0},
		{T("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n012345678901234567890123456789"),
			true, false, SYMPTOM_TOO_LARGE, 200},
		{text_of(many), true, false, SYMPTOM_TOO_LARGE, 200},
		{text_of(long_line), true, false, SYMPTOM_TOO_LARGE, 200},
		{text_of(huge_line), true, false, SYMPTOM_TOO_LARGE, 200},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct manner manner = {
			.answer = cases[i].answer, .hold = cases[i].hold, .reset = cases[i].reset};
		struct exchange exchange = {.body_max = 20, .body_keep = 100, .hash = true};
		bool waits = cases[i].symptom == SYMPTOM_STALLED ||
			cases[i].symptom == SYMPTOM_TIMEOUT;
		run(&manner, &exchange, waits ? SECOND_US / 2 : 20 * SECOND_US);
		if (exchange.symptom != cases[i].symptom)
			print_message("case %zu: %s\n", i, exchange.detail.at);
		assert_symptom(exchange.symptom, cases[i].symptom);
		assert_int_equal(exchange.status, cases[i].status);
		assert_false(text_holds(exchange.detail, T("hidden")));
	}
}

static void a_host_is_never_looked_up(void **state)
{
	(void)state;
	struct exchange exchanges[] = {
		{.url = T("http://localhost/")},
		{.url = T("ftp://127.0.0.1/")},
		{.url = T("http://127.0.0.1:1/"), .basic = T("a\r\nb")},
		{.url = text_format(&arena, "http://127.0.0.1:%u/", (unsigned)peer_nowhere().port)},
	};
	net_exchange(&net, exchanges, 4, SECOND_US, soon());
	assert_symptom(exchanges[0].symptom, SYMPTOM_NO_ADDRESS);
	assert_symptom(exchanges[1].symptom, SYMPTOM_LOCAL);
	assert_symptom(exchanges[2].symptom, SYMPTOM_LOCAL);
	assert_symptom(exchanges[3].symptom, SYMPTOM_REFUSED);
}

static void a_good_answer_is_discarded_when_it_is_a_secret(void **state)
{
	static const struct {
		const char *answer, *kept;
	} cases[] = {
		{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret", ""},
		{"HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\nwords", "words"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct manner manner = {.answer = text_of(cases[i].answer)};
		struct peer peer = {.serve = serve, .data = &manner};
		peer_begin(&peer);
		struct exchange exchange = {
			.url = text_format(
				&arena, "http://127.0.0.1:%u/", (unsigned)peer.address.port),
			.body_keep = 100,
			.discard = true,
		};
		net_exchange(&net, &exchange, 1, 20 * SECOND_US, soon());
		assert_symptom(exchange.symptom, SYMPTOM_NONE);
		assert_text(exchange.kept, cases[i].kept);
		assert_true(exchange.bytes > 0);
		net_end(&net);
		peer_end(&peer);
		net_begin(&net, &arena);
	}
}

static void a_proxy_is_used_only_when_given(void **state)
{
	(void)state;
	struct manner manner = {.answer = T("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")};
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	struct text proxy = text_format(
		&arena, "http://proxy.example:%u", (unsigned)peer.address.port);
	setenv("http_proxy", text_string(&arena, proxy), 1);
	setenv("no_proxy", "*", 1);
	struct exchange exchanges[] = {
		{.url = T("http://service.example/"), .address = peer_nowhere()},
		{.url = T("http://service.example/"), .address = peer.address, .proxy = proxy},
		{.url = T("https://service.example/"), .address = peer.address, .proxy = proxy},
	};
	net_exchange(&net, exchanges, 3, 20 * SECOND_US, soon());
	assert_symptom(exchanges[0].symptom, SYMPTOM_REFUSED);
	assert_symptom(exchanges[1].symptom, SYMPTOM_NONE);
	assert_int_equal(exchanges[1].status, 403);
	assert_symptom(exchanges[2].symptom, SYMPTOM_STATUS);
	assert_int_equal(exchanges[2].status, 403);
	net_end(&net);
	peer_end(&peer);
	net_begin(&net, &arena);
}

static void tls_is_judged_by_the_trust(void **state)
{
	static const struct {
		bool known_ca;
		const char *name;
		long to;
		enum symptom symptom;
	} cases[] = {
		{true, "DNS:service.example", DAY, SYMPTOM_NONE},
		{true, "DNS:other.example", DAY, SYMPTOM_NAME_MISMATCH},
		{true, "DNS:service.example", -DAY, SYMPTOM_EXPIRED},
		{false, "DNS:service.example", DAY, SYMPTOM_UNTRUSTED},
	};
	(void)state;
	struct identity ca = tls_identity("Test CA", NULL, NULL, -DAY, DAY);
	struct identity stranger = tls_identity("Strange CA", NULL, NULL, -DAY, DAY);
	struct trust *trust = tls_trust(&arena, ca.cert);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct identity leaf = tls_identity("leaf", cases[i].known_ca ? &ca : &stranger,
			cases[i].name, -2 * DAY, cases[i].to);
		struct manner manner = {.context = tls_server(&leaf),
			.answer = T("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")};
		struct exchange exchange = {.trust = trust, .body_keep = 10};
		run(&manner, &exchange, 20 * SECOND_US);
		assert_symptom(exchange.symptom, cases[i].symptom);
		if (cases[i].symptom == SYMPTOM_NONE)
			assert_text(exchange.kept, "ok");
		SSL_CTX_free(manner.context);
		tls_identity_end(&leaf);
	}
	trust_end(trust);
	tls_identity_end(&stranger);
	tls_identity_end(&ca);
}

static void what_is_no_tls_is_told(void **state)
{
	(void)state;
	struct manner manner = {.answer = T("x")};
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	struct exchange exchange = {.address = peer.address, .url = url_of(&peer, "https", "/")};
	net_exchange(&net, &exchange, 1, SECOND_US / 2, soon());
	assert_symptom(exchange.symptom, SYMPTOM_TIMEOUT);
	peer_end(&peer);
}

static void count_calls(void *context, int64_t received, int64_t expected)
{
	assert_true(received <= expected);
	++*(int *)context;
}

static void a_batch_keeps_its_connections(void **state)
{
	enum { COUNT = 10 };
	(void)state;
	struct manner manner = {
		.hold = true, .answer = T("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")};
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	for (size_t i = 0; i < 2 * COUNT; i++) {
		struct exchange one = {
			.address = peer.address, .url = url_of(&peer, "http", "/"), .body_keep = 2};
		net_exchange(&net, &one, 1, 20 * SECOND_US, soon());
		assert_symptom(one.symptom, SYMPTOM_NONE);
		assert_text(one.kept, "ok");
	}
	assert_int_equal(peer.served, 1);
	net_end(&net);
	peer_end(&peer);
	net_begin(&net, &arena);
}

static void what_was_begun_goes_on_while_others_wait(void **state)
{
	(void)state;
	struct manner manner = {
		.hold = true, .answer = T("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")};
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	struct exchange ahead = {
		.address = peer.address, .url = url_of(&peer, "http", "/"), .body_keep = 2};
	struct exchange left = ahead, after = ahead;
	net.send(&net, &ahead, 1, 20 * SECOND_US, soon());
	assert_non_null(ahead.pending);
	/* one wait is enough for one that answers */
	net.wait(&net, soon());
	assert_null(ahead.pending);
	assert_symptom(ahead.symptom, SYMPTOM_NONE);
	assert_text(ahead.kept, "ok");
	/* the connection is there for the next one */
	net_exchange(&net, &after, 1, 20 * SECOND_US, soon());
	assert_symptom(after.symptom, SYMPTOM_NONE);
	assert_int_equal(peer.served, 1);
	/* nobody waits for this one: the end does not either */
	net.send(&net, &left, 1, 20 * SECOND_US, soon());
	net_end(&net);
	assert_null(left.pending);
	peer_end(&peer);
	net_begin(&net, &arena);
}

static void an_end_settles_all(void **state)
{
	enum { COUNT = 30 };
	(void)state;
	struct manner manner = {.hold = true};
	struct peer peer = {.serve = serve, .data = &manner};
	struct exchange exchanges[COUNT] = {0};
	int calls = 0;
	peer_begin(&peer);
	for (size_t i = 0; i < COUNT; i++) {
		exchanges[i].address = peer.address;
		exchanges[i].url = url_of(&peer, "http", "/");
	}
	net.progress = count_calls;
	net.expected = 1;
	net.progress_context = &calls;
	net_exchange(&net, exchanges, COUNT, 20 * SECOND_US, shortly());
	for (size_t i = 0; i < COUNT; i++)
		assert_symptom(exchanges[i].symptom, SYMPTOM_DEADLINE);
	assert_in_range(calls, 1, 5);
	interrupted = 1;
	net_exchange(&net, exchanges, COUNT, 20 * SECOND_US, soon());
	interrupted = 0;
	for (size_t i = 0; i < COUNT; i++)
		assert_symptom(exchanges[i].symptom, SYMPTOM_DEADLINE);
	net_end(&net);
	peer_end(&peer);
	net_begin(&net, &arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_answer_arrives),
		cmocka_unit_test(a_post_is_signed),
		cmocka_unit_test(a_put_has_no_body),
		cmocka_unit_test(each_failure_has_its_symptom),
		cmocka_unit_test(a_host_is_never_looked_up),
		cmocka_unit_test(a_good_answer_is_discarded_when_it_is_a_secret),
		cmocka_unit_test(a_proxy_is_used_only_when_given),
		cmocka_unit_test(tls_is_judged_by_the_trust),
		cmocka_unit_test(what_is_no_tls_is_told),
		cmocka_unit_test(a_batch_keeps_its_connections),
		cmocka_unit_test(what_was_begun_goes_on_while_others_wait),
		cmocka_unit_test(an_end_settles_all),
	};
	net_begin(&net, &arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	net_end(&net);
	arena_end(&arena);
	return failed;
}
