/* TLS handshakes against peers on loopback, good and bad. */
#include "net/parts.h"
#include "net_tls_server.h"

static struct arena arena;
static struct net net;

/* what the peer does after accepting */
struct manner {
	SSL_CTX *context;  /* speaks TLS with it, when not NULL */
	const char *say;   /* says this at once */
	bool reset, close; /* ends after the ClientHello */
};

static void serve(struct peer *peer, int fd)
{
	const struct manner *manner = peer->data;
	char hello[4096];
	if (manner->context) {
		SSL *ssl = tls_accept(manner->context, fd);
		if (ssl)
			SSL_read(ssl, hello, sizeof hello);
		SSL_free(ssl);
		ERR_clear_error();
		return;
	}
	if (manner->say)
		peer_say(fd, text_of(manner->say));
	if (!manner->reset && !manner->close) {
		peer_drain(fd);
		return;
	}
	if (read(fd, hello, sizeof hello) > 0 && manner->reset)
		peer_reset(fd);
}

static void tls(struct manner manner, struct handshake *handshake, int64_t until_us)
{
	struct peer peer = {.serve = serve, .data = &manner};
	peer_begin(&peer);
	struct dial dial = {.to = peer.address};
	net_connect(&net, &dial, 1, soon());
	assert_symptom(dial.symptom, SYMPTOM_NONE);
	handshake->fd = dial.fd;
	net_handshake(&net, handshake, 1, until_us);
	assert_int_equal(handshake->fd, -1);
	peer_end(&peer);
}

static void a_trusted_peer_passes(void **state)
{
	(void)state;
	struct identity ca = tls_identity("Test CA", NULL, NULL, -DAY, DAY);
	struct identity leaf = tls_identity(
		"leaf", &ca, "DNS:good.example,DNS:*.wild.example,IP:192.0.2.1", -DAY, DAY);
	struct trust *trust = tls_trust(&arena, ca.cert);
	struct manner manner = {.context = tls_server(&leaf)};
	struct handshake handshake = {
		.send_name = T("good.example"), .expect_name = T("a.wild.example"), .trust = trust};
	tls(manner, &handshake, soon());
	assert_symptom(handshake.symptom, SYMPTOM_NONE);
	assert_text(handshake.detail, "");
	assert_text(handshake.version, "TLSv1.3");
	assert_text(handshake.anchor, "added");
	assert_text(handshake.subject, "CN=leaf");
	assert_text(handshake.issuer, "CN=Test CA");
	assert_int_equal(handshake.names.count, 3);
	assert_text(handshake.names.at[2], "192.0.2.1");
	assert_int_equal(handshake.chain.count, 1);
	assert_int_equal(handshake.not_after.len, sizeof "2026-01-02T03:04:05Z" - 1);
	assert_true(handshake.hello_bytes > 0 && handshake.peer_bytes > 0);
	handshake.tls12 = handshake.small = true;
	handshake.expect_name = T("192.0.2.1");
	tls(manner, &handshake, soon());
	assert_symptom(handshake.symptom, SYMPTOM_NONE);
	assert_text(handshake.version, "TLSv1.2");
	assert_true(handshake.hello_bytes < 400);
	SSL_CTX_free(manner.context);
	trust_end(trust);
	tls_identity_end(&leaf);
	tls_identity_end(&ca);
}

static void the_gravest_fault_of_a_certificate_is_told(void **state)
{
	static const struct {
		bool known_ca;
		long from, to;
		const char *expect;
		enum symptom symptom;
	} cases[] = {
		{true, -DAY, DAY, "good.example", SYMPTOM_NONE},
		{true, -DAY, DAY, "", SYMPTOM_NONE},
		{true, -DAY, DAY, "other.example", SYMPTOM_NAME_MISMATCH},
		{true, -2 * DAY, -DAY, "good.example", SYMPTOM_EXPIRED},
		{true, -2 * DAY, -DAY, "other.example", SYMPTOM_EXPIRED},
		{true, DAY, 2 * DAY, "good.example", SYMPTOM_NOT_YET_VALID},
		{false, -DAY, DAY, "good.example", SYMPTOM_UNTRUSTED},
		{false, -2 * DAY, -DAY, "other.example", SYMPTOM_UNTRUSTED},
		/* the subject's common name is no name of a host */
		{true, -DAY, DAY, "leaf", SYMPTOM_NAME_MISMATCH},
	};
	(void)state;
	struct identity ca = tls_identity("Test CA", NULL, NULL, -DAY, DAY);
	struct identity stranger = tls_identity("Strange CA", NULL, NULL, -DAY, DAY);
	struct trust *trust = tls_trust(&arena, ca.cert);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct identity leaf = tls_identity("leaf", cases[i].known_ca ? &ca : &stranger,
			"DNS:good.example", cases[i].from, cases[i].to);
		struct manner manner = {.context = tls_server(&leaf)};
		struct handshake handshake = {.send_name = T("good.example"),
			.expect_name = text_of(cases[i].expect),
			.trust = trust};
		tls(manner, &handshake, soon());
		assert_symptom(handshake.symptom, cases[i].symptom);
		assert_int_equal(handshake.detail.len == 0, cases[i].symptom == SYMPTOM_NONE);
		assert_text(handshake.subject, "CN=leaf");
		assert_int_equal(handshake.anchor.len > 0, cases[i].known_ca);
		SSL_CTX_free(manner.context);
		tls_identity_end(&leaf);
	}
	trust_end(trust);
	tls_identity_end(&stranger);
	tls_identity_end(&ca);
}

static void a_peer_without_tls_is_described(void **state)
{
	static const struct {
		struct manner manner;
		enum symptom symptom;
		const char *detail;
	} cases[] = {
		{{.say = "SSH-2.0-Test\r\n"}, SYMPTOM_NOT_TLS, "an SSH server: \"SSH-2.0-Test\""},
		{{.say = "HTTP/1.1 400 Bad\x1b[31m\r\n\r\n"}, SYMPTOM_NOT_TLS,
			"an HTTP answer: \"HTTP/1.1 400 Bad.[31m\""},
		{{.say = "\x05\x01\x02"}, SYMPTOM_NOT_TLS, "no TLS record: \"...\""},
		{{.reset = true}, SYMPTOM_RESET, NULL},
		{{.close = true}, SYMPTOM_CLOSED, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct handshake handshake = {.send_name = T("good.example")};
		tls(cases[i].manner, &handshake, soon());
		assert_symptom(handshake.symptom, cases[i].symptom);
		assert_true(handshake.detail.len > 0);
		if (cases[i].detail)
			assert_text(handshake.detail, cases[i].detail);
		assert_true(handshake.hello_bytes > 0);
		assert_int_equal(handshake.version.len, 0);
	}
}

static void serve_alert(struct peer *peer, int fd)
{
	peer_say(fd, *(const struct text *)peer->data);
	peer_drain(fd);
}

/* RFC 8446 6: a record of type 21 with the level and the number */
static void an_alert_has_its_name(void **state)
{
	static const struct {
		char record[8];
		enum symptom symptom;
		const char *alert;
	} cases[] = {
		{"\x15\x03\x03\x00\x02\x02\x28", SYMPTOM_ALERT, "handshake_failure"},
		{"\x15\x03\x03\x00\x02\x02\x70", SYMPTOM_ALERT, "unrecognized_name"},
		{"\x15\x03\x01\x00\x02\x02\x46", SYMPTOM_VERSION, "protocol_version"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text record = {cases[i].record, 7};
		struct peer peer = {.serve = serve_alert, .data = &record};
		peer_begin(&peer);
		struct dial dial = {.to = peer.address};
		net_connect(&net, &dial, 1, soon());
		struct handshake handshake = {.fd = dial.fd};
		net_handshake(&net, &handshake, 1, soon());
		assert_symptom(handshake.symptom, cases[i].symptom);
		assert_text(handshake.alert, cases[i].alert);
		assert_int_equal(handshake.peer_bytes, 7);
		peer_end(&peer);
	}
}

static void silence_times_out_without_a_byte(void **state)
{
	(void)state;
	struct handshake handshake = {.send_name = T("good.example")};
	tls((struct manner){0}, &handshake, shortly());
	assert_symptom(handshake.symptom, SYMPTOM_TIMEOUT);
	assert_true(handshake.hello_bytes > 0);
	assert_int_equal(handshake.peer_bytes, 0);
}

static void an_old_version_is_told(void **state)
{
	(void)state;
	struct identity ca = tls_identity("Test CA", NULL, NULL, -DAY, DAY);
	struct manner manner = {.context = tls_server(&ca)};
	SSL_CTX_set_min_proto_version(manner.context, TLS1_3_VERSION);
	struct handshake handshake = {.tls12 = true};
	tls(manner, &handshake, soon());
	assert_symptom(handshake.symptom, SYMPTOM_VERSION);
	SSL_CTX_free(manner.context);
	tls_identity_end(&ca);
}

static void an_interrupt_and_a_missing_connection_settle(void **state)
{
	(void)state;
	struct handshake handshake = {.fd = -1};
	net_handshake(&net, &handshake, 1, soon());
	assert_symptom(handshake.symptom, SYMPTOM_LOCAL);
	interrupted = 1;
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	handshake.fd = fds[0];
	net_handshake(&net, &handshake, 1, soon());
	interrupted = 0;
	assert_symptom(handshake.symptom, SYMPTOM_DEADLINE);
	close(fds[1]);
}

/* How many of the roots, PEM or DER, are judged well as if a server showed them. Most may only
 * sign, which is no server's business; that is not the question here. */
static size_t count_anchors(const struct trust *trust, const unsigned char *at,
	const unsigned char *end, const char *anchor)
{
	BIO *bio = BIO_new_mem_buf(at, (int)(end - at));
	size_t count = 0;
	for (;;) {
		struct handshake judged = {.trust = trust};
		X509 *cert = *at == 0x30 ? d2i_X509_bio(bio, NULL)
					 : PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (!cert)
			break;
		trust_judge(&arena, cert, NULL, &judged);
		if (judged.symptom == SYMPTOM_NONE) {
			assert_text(judged.anchor, anchor);
			count++;
		}
		X509_free(cert);
	}
	BIO_free(bio);
	ERR_clear_error();
	return count;
}

static void the_anchor_says_which_roots_vouch(void **state)
{
	(void)state;
	struct trust *trust;
	struct text complaint;
	assert_true(trust_make(&arena, T(""), &trust, &complaint));
	assert_true(count_anchors(trust, roots_amazon, roots_amazon_end, "amazon") > 0);
	assert_true(count_anchors(trust, roots_other, roots_other_end, "public") > 0);
	trust_end(trust);
}

/* appends the first of some roots to a file, with a signature as other bundles have it */
static void write_first(FILE *file, const unsigned char *at, const unsigned char *end)
{
	X509 *cert = d2i_X509(NULL, &at, end - at);
	const ASN1_BIT_STRING *signature;
	assert_non_null(cert);
	X509_get0_signature(&signature, NULL, cert);
	assert_true(ASN1_STRING_set((ASN1_STRING *)signature, "signed", 6));
	assert_true(PEM_write_X509(file, cert));
	X509_free(cert);
}

static void a_public_root_in_the_users_file_is_still_public(void **state)
{
	(void)state;
	char path[] = "/tmp/rootsXXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	struct trust *trust;
	struct text complaint;
	assert_non_null(file);
	write_first(file, roots_amazon, roots_amazon_end);
	write_first(file, roots_other, roots_other_end);
	assert_int_equal(fclose(file), 0);
	assert_true(trust_make(&arena, text_of(path), &trust, &complaint));
	assert_true(count_anchors(trust, roots_amazon, roots_amazon_end, "amazon") > 0);
	assert_true(count_anchors(trust, roots_other, roots_other_end, "public") > 0);
	trust_end(trust);
	assert_int_equal(unlink(path), 0);
}

static void a_file_without_certificates_is_complained_of(void **state)
{
	(void)state;
	struct trust *trust;
	struct text complaint;
	char path[] = "/tmp/net_tls_test.XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_false(trust_make(&arena, text_of(path), &trust, &complaint));
	unlink(path);
	assert_true(text_ends(complaint, T(" holds no PEM certificate")));
	assert_false(trust_make(&arena, T("/nonexistent/file"), &trust, &complaint));
	assert_true(complaint.len > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trusted_peer_passes),
		cmocka_unit_test(the_gravest_fault_of_a_certificate_is_told),
		cmocka_unit_test(a_peer_without_tls_is_described),
		cmocka_unit_test(an_alert_has_its_name),
		cmocka_unit_test(silence_times_out_without_a_byte),
		cmocka_unit_test(an_old_version_is_told),
		cmocka_unit_test(an_interrupt_and_a_missing_connection_settle),
		cmocka_unit_test(the_anchor_says_which_roots_vouch),
		cmocka_unit_test(a_public_root_in_the_users_file_is_still_public),
		cmocka_unit_test(a_file_without_certificates_is_complained_of),
	};
	net_begin(&net, &arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	net_end(&net);
	arena_end(&arena);
	return failed;
}
