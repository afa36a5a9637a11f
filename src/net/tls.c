/* TLS handshakes by OpenSSL: all of them at once over non-blocking descriptors.
 *
 * A handshake is let finish whoever the peer is, and judged after it: so a wrong certificate is
 * evidence too, and its names and issuer are known. */
#include "base/arena.h"
#include "net/parts.h"
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CERT_BYTES_MAX = 64 * 1024 };  /* of the peer's certificate message */
enum { PEER_BYTES_MAX = 256 * 1024 }; /* of all that comes before the handshake is done */
enum { FIRST_BYTES = 64 };	      /* looked at when the peer speaks no TLS */
enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 }; /* RFC 8446 5.1 */

struct tls {
	struct pending pending;
	struct handshake *handshake;
	SSL *ssl;
	char first[FIRST_BYTES]; /* what the peer said first */
	size_t first_len;
};

/* closes the descriptor: once, and in every case */
static void tls_settle(struct tls *tls, enum symptom symptom, struct text detail)
{
	struct handshake *handshake = tls->handshake;
	handshake->symptom = symptom;
	handshake->detail = detail;
	handshake->took_us = clock_us() - handshake->began_us;
	SSL_free(tls->ssl);
	tls->ssl = NULL;
	if (handshake->fd >= 0)
		close(handshake->fd);
	handshake->fd = -1;
	ERR_clear_error();
}

/* "handshake_failure", as RFC 8446 6 writes it */
static struct text alert_name(struct arena *arena, int alert)
{
	struct text words = text_of(SSL_alert_desc_string_long(alert));
	if (words.len == 0 || text_same(words, T("unknown")))
		return text_format(arena, "alert_%d", alert);
	char *name = text_string(arena, words);
	for (size_t i = 0; i < words.len; i++)
		name[i] = name[i] == ' ' ? '_' : name[i];
	return (struct text){name, words.len};
}

static enum symptom symptom_of_reason(int reason)
{
	switch (reason) {
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return SYMPTOM_CLOSED;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_HTTPS_PROXY_REQUEST:
		return SYMPTOM_NOT_TLS;
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_WRONG_SSL_VERSION:
	case SSL_R_NO_PROTOCOLS_AVAILABLE:
	case SSL_R_VERSION_TOO_LOW:
		return SYMPTOM_VERSION;
	default:
		return SYMPTOM_MALFORMED;
	}
}

/* what OpenSSL has to say about a failed handshake */
static void settle_words(struct tls *tls)
{
	struct arena *arena = tls->pending.net->arena;
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);
	const char *words = ERR_reason_error_string(error);
	enum symptom symptom = symptom_of_reason(reason);
	if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
		int alert = reason - SSL_AD_REASON_OFFSET;
		tls->handshake->alert = alert_name(arena, alert);
		symptom = alert == SSL_AD_PROTOCOL_VERSION ? SYMPTOM_VERSION : SYMPTOM_ALERT;
	}
	tls_settle(tls, symptom, words ? text_of(words) : T("the handshake failed"));
}

static void settle_failure(struct tls *tls, int kind, int error)
{
	X509 *leaf = SSL_get0_peer_certificate(tls->ssl);
	if (leaf)
		trust_read(tls->pending.net->arena, leaf, SSL_get_peer_cert_chain(tls->ssl),
			tls->handshake);
	if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SYSCALL && error == 0))
		tls_settle(tls, SYMPTOM_CLOSED, T("the peer closed the connection"));
	else if (kind == SSL_ERROR_SYSCALL)
		tls_settle(tls, socket_error_symptom(error),
			socket_error_text(tls->pending.net->arena, error));
	else
		settle_words(tls);
}

static void settle_success(struct tls *tls)
{
	struct handshake *handshake = tls->handshake;
	struct arena *arena = tls->pending.net->arena;
	X509 *leaf = SSL_get0_peer_certificate(tls->ssl);
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(tls->ssl);
	handshake->version = text_of(SSL_get_version(tls->ssl));
	handshake->cipher = text_of(SSL_get_cipher_name(tls->ssl));
	if (!leaf) {
		tls_settle(tls, SYMPTOM_UNTRUSTED, T("the peer showed no certificate"));
		return;
	}
	trust_read(arena, leaf, chain, handshake);
	if (handshake->trust)
		trust_judge(arena, leaf, chain, handshake);
	SSL_shutdown(tls->ssl);
	tls_settle(tls, handshake->symptom, handshake->detail);
}

/* Called around every operation on the socket (BIO_callback_ex): counts the bytes, and ends a
 * handshake of too many; OpenSSL itself would read on as long as more come. The first are kept,
 * since OpenSSL says of strange ones only that their version is wrong. */
static long watch_bytes(BIO *bio, int operation, const char *bytes, size_t len, int command,
	long argument, int result, size_t *processed)
{
	struct tls *tls = (void *)BIO_get_callback_arg(bio);
	(void)len, (void)command, (void)argument;
	if (operation == BIO_CB_READ && tls->handshake->peer_bytes > PEER_BYTES_MAX)
		return -1;
	if (result <= 0 || !processed)
		return result;
	if (operation == (BIO_CB_WRITE | BIO_CB_RETURN) && !tls->first_len) {
		tls->handshake->hello_bytes += (int64_t)*processed;
	} else if (operation == (BIO_CB_READ | BIO_CB_RETURN)) {
		tls->handshake->peer_bytes += (int64_t)*processed;
		if (!tls->first_len) {
			tls->first_len = *processed < FIRST_BYTES ? *processed : FIRST_BYTES;
			memcpy(tls->first, bytes, tls->first_len);
		}
	}
	return result;
}

static void settle_not_tls(struct tls *tls)
{
	/* OpenSSL took a record's head only; the rest of the line may still wait */
	ssize_t more = recv(tls->handshake->fd, tls->first + tls->first_len,
		FIRST_BYTES - tls->first_len, MSG_DONTWAIT);
	struct text first = {tls->first, tls->first_len + (more > 0 ? (size_t)more : 0)};
	const char *kind = "no TLS record";
	if (text_starts(first, T("SSH-")))
		kind = "an SSH server";
	else if (text_starts(first, T("HTTP/")))
		kind = "an HTTP answer";
	else if (text_starts(first, T("<")))
		kind = "a web page";
	struct text line = text_trim(text_head(first, text_find(first, T("\n"))));
	struct text shown = socket_shown(tls->pending.net->arena, line);
	tls_settle(tls, SYMPTOM_NOT_TLS,
		text_format(tls->pending.net->arena, "%s: \"%.*s\"", kind, TEXT(shown)));
}

static void go_on(struct tls *tls)
{
	ERR_clear_error();
	errno = 0;
	int result = SSL_connect(tls->ssl);
	int error = errno;
	int kind = SSL_get_error(tls->ssl, result);
	if (tls->first_len && tls->first[0] != RECORD_ALERT && tls->first[0] != RECORD_HANDSHAKE)
		settle_not_tls(tls);
	else if (tls->handshake->peer_bytes > PEER_BYTES_MAX)
		tls_settle(
			tls, SYMPTOM_TOO_LARGE, T("the peer's part of the handshake is too long"));
	else if (result == 1)
		settle_success(tls);
	else if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
		tls->pending.events = kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
	else
		settle_failure(tls, kind, error);
}

static bool make_small(SSL *ssl)
{
	SSL_set_options(ssl, SSL_OP_NO_TICKET);
	return SSL_set1_groups_list(ssl, "X25519:P-256") == 1 &&
		SSL_set_ciphersuites(ssl, "TLS_AES_128_GCM_SHA256") == 1 &&
		SSL_set_cipher_list(
			ssl, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256") == 1 &&
		SSL_set1_sigalgs_list(ssl, "ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA+SHA256") ==
		1;
}

static bool tls_prepare(struct tls *tls, SSL_CTX *context)
{
	static const unsigned char http11[] = "\x08http/1.1";
	struct handshake *handshake = tls->handshake;
	tls->ssl = context ? SSL_new(context) : NULL;
	BIO *bio = tls->ssl ? BIO_new_socket(handshake->fd, BIO_NOCLOSE) : NULL;
	if (!bio)
		return false;
	BIO_set_callback_ex(bio, watch_bytes);
	BIO_set_callback_arg(bio, (char *)tls);
	SSL_set_bio(tls->ssl, bio, bio);
	SSL_set_connect_state(tls->ssl);
	if (handshake->tls12 && !SSL_set_max_proto_version(tls->ssl, TLS1_2_VERSION))
		return false;
	if (handshake->send_name.len &&
		!SSL_set_tlsext_host_name(
			tls->ssl, text_string(tls->pending.net->arena, handshake->send_name)))
		return false;
	if (handshake->small)
		return make_small(tls->ssl);
	/* 0 is success here, unlike anywhere else */
	return SSL_set_alpn_protos(tls->ssl, http11, sizeof http11 - 1) == 0;
}

static SSL_CTX *make_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (!context)
		return NULL;
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_max_cert_list(context, CERT_BYTES_MAX);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	/* judged afterwards, by trust_judge */
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	return context;
}

static bool tls_advance(struct pending *pending, const struct pollfd *polls, size_t count)
{
	struct tls *tls = (struct tls *)pending;
	if (count && polls->revents)
		go_on(tls);
	return !tls->ssl;
}

static void tls_give_up(struct pending *pending, enum symptom symptom)
{
	tls_settle((struct tls *)pending, symptom, T(""));
}

void tls_begin(struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	struct underway *underway = net->state;
	if (!underway->ssl_context)
		underway->ssl_context = make_context();
	for (size_t i = 0; i < count; i++) {
		struct tls *tls = arena_new(net->arena, struct tls, 1);
		*tls = (struct tls){
			.pending = {.net = net,
				.fd = handshakes[i].fd,
				.advance = tls_advance,
				.give_up = tls_give_up},
			.handshake = &handshakes[i],
		};
		forget_answers(
			&handshakes[i], offsetof(struct handshake, symptom), sizeof *handshakes);
		handshakes[i].began_us = clock_us();
		if (handshakes[i].fd < 0)
			tls_settle(tls, SYMPTOM_LOCAL, T("there is no connection"));
		else if (!tls_prepare(tls, underway->ssl_context))
			tls_settle(tls, SYMPTOM_LOCAL, T("OpenSSL cannot make this handshake"));
		else
			go_on(tls);
		if (tls->ssl)
			pending_add(net, &tls->pending, &handshakes[i].pending, until_us);
	}
}

void tls_context_end(void *context)
{
	SSL_CTX_free(context);
}

/* OpenSSL names the place that asks */
static void *take(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return memory_take(size);
}

static void *resize(void *at, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return memory_resize(at, size);
}

static void give_back(void *at, const char *file, int line)
{
	(void)file, (void)line;
	free(at);
}

void tls_use_memory(void)
{
	CRYPTO_set_mem_functions(take, resize, give_back);
}

struct text tls_library(struct arena *arena)
{
	return text_format(arena, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
}
