/* CONNECT against a proxy on loopback: what it may answer, and how. */
#include "check.h"
#include "net_peer.h"

static struct arena arena;
static struct net net;

/* what the proxy says, in which pieces, and what it was asked */
struct manner {
	const char *answer;
	bool by_the_byte, reset;
	char asked[1024];
};

static void serve(struct peer *peer, int fd)
{
	struct manner *manner = (struct manner *)(uintptr_t)peer->data;
	struct text answer = text_of(manner->answer);
	size_t len = 0;
	ssize_t more = 1;
	while (more > 0 && !strstr(manner->asked, "\r\n\r\n") && len < sizeof manner->asked - 1) {
		more = read(fd, manner->asked + len, sizeof manner->asked - 1 - len);
		len += more > 0 ? (size_t)more : 0;
	}
	for (size_t i = 0; manner->by_the_byte && i < answer.len; i++)
		peer_say(fd, (struct text){answer.at + i, 1});
	if (!manner->by_the_byte)
		peer_say(fd, answer);
	if (manner->reset)
		peer_reset(fd);
	else
		shutdown(fd, SHUT_WR);
}

#define HEAD "HTTP/1.1 407 No\r\nVia: 1.1 corp\r\nServer: squid\r\nProxy-Authenticate: Basic x\r\n"

static void answers_are_told_apart(void **state)
{
	static const struct {
		struct manner manner;
		enum symptom symptom;
		int status;
	} cases[] = {
		{{.answer = "HTTP/1.1 200 Connection established\r\n\r\n"}, SYMPTOM_NONE, 200},
		{{.answer = "HTTP/1.0 200 OK\r\nProxy-Agent: x\r\n\r\n", .by_the_byte = true},
			SYMPTOM_NONE, 200},
		{{.answer = "HTTP/1.1 403 Forbidden\r\n\r\n<html>no</html>"}, SYMPTOM_STATUS, 403},
		{{.answer = HEAD "\r\n"}, SYMPTOM_STATUS, 407},
		{{.answer = "HTTP/1.1 302 Found\r\n\r\n"}, SYMPTOM_STATUS, 302},
		{{.answer = "HTTP/1.1 200 OK\r\n\r\nbytes"}, SYMPTOM_MALFORMED, 200},
		{{.answer = "220 mail.example ESMTP\r\n"}, SYMPTOM_MALFORMED, 0},
		{{.answer = "HTTP/1.1 abc\r\n\r\n"}, SYMPTOM_MALFORMED, 0},
		{{.answer = "HTTP/1.1 999 x\r\n\r\n"}, SYMPTOM_MALFORMED, 0},
		{{.answer = "HTTP/1.1 200 OK\r\n"}, SYMPTOM_CLOSED, 0},
		{{.answer = ""}, SYMPTOM_CLOSED, 0},
		{{.answer = "", .reset = true}, SYMPTOM_RESET, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct manner manner = cases[i].manner;
		struct peer peer = {.serve = serve, .data = &manner};
		peer_begin(&peer);
		struct dial dial = {.to = peer.address, .tunnel = T("service.example:443")};
		net_connect(&net, &dial, 1, soon());
		check_row(i, dial.symptom == cases[i].symptom);
		check_row(i, dial.status == cases[i].status);
		check_row(i, (dial.fd >= 0) == (dial.symptom == SYMPTOM_NONE));
		if (dial.fd >= 0)
			close(dial.fd);
		peer_end(&peer);
		if (dial.status == 407) {
			check_text(i, dial.via, "1.1 corp");
			check_text(i, dial.server, "squid");
			check_text(i, dial.challenge, "Basic x");
		}
	}
}

static void the_request_names_the_target_and_the_user(void **state)
{
	(void)state;
	struct manner manner = {.answer = "HTTP/1.1 200 OK\r\n\r\n"};
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	struct dial dial = {
		.to = peer.address, .tunnel = T("a.example:443"), .tunnel_basic = T("dTpw")};
	net_connect(&net, &dial, 1, soon());
	close(dial.fd);
	peer_end(&peer);
	assert_string_equal(manner.asked,
		"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"
		"Proxy-Authorization: Basic dTpw\r\n\r\n");
}

static void an_endless_head_ends(void **state)
{
	(void)state;
	char *answer = calloc(1, 40 * 1024);
	strcpy(answer, "HTTP/1.1 200 OK\r\n");
	memset(answer + strlen(answer), 'a', 32 * 1024);
	struct manner manner = {.answer = answer};
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	struct dial dial = {.to = peer.address, .tunnel = T("a.example:443")};
	net_connect(&net, &dial, 1, soon());
	assert_symptom(dial.symptom, SYMPTOM_TOO_LARGE);
	peer_end(&peer);
	free(answer);
}

static void serve_silence(struct peer *peer, int fd)
{
	(void)peer;
	peer_drain(fd);
}

static void silence_is_a_timeout(void **state)
{
	(void)state;
	struct peer peer = {.serve = serve_silence};
	peer_begin(&peer);
	struct dial dial = {.to = peer.address, .tunnel = T("a.example:443")};
	net_connect(&net, &dial, 1, shortly());
	assert_symptom(dial.symptom, SYMPTOM_TIMEOUT);
	assert_int_equal(dial.fd, -1);
	peer_end(&peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_told_apart),
		cmocka_unit_test(the_request_names_the_target_and_the_user),
		cmocka_unit_test(an_endless_head_ends),
		cmocka_unit_test(silence_is_a_timeout),
	};
	net_begin(&net, &arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	net_end(&net);
	arena_end(&arena);
	return failed;
}
