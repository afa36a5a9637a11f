/* TLS handshakes by OpenSSL: all of a batch at once over non-blocking descriptors.
 *
 * A handshake is let finish whoever the peer is, and judged after it: so a wrong certificate is
 * evidence too, and its names and issuer are known. */
#include "base/memory.h"
#include "net/parts.h"
#include "net/trust.h"
#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CERT_BYTES_MAX = 64 * 1024,  /* of the peer's certificate message */
	PEER_BYTES_MAX = 256 * 1024, /* of all that comes before the handshake is done */
	FIRST_BYTES = 64,	     /* looked at when the peer speaks no TLS */
	RECORD_ALERT = 21,	     /* RFC 8446 5.1 */
	RECORD_HANDSHAKE = 22,
};

struct shake {
	struct net *net;
	struct handshake *handshake;
	SSL *ssl;
	short events;
	char first[FIRST_BYTES]; /* what the peer said first */
	size_t first_len;
};

/* closes the descriptor: once, and in every case */
static void settle(struct shake *shake, enum cause cause, struct text detail)
{
	struct handshake *handshake = shake->handshake;
	handshake->cause = cause;
	handshake->detail = detail;
	handshake->took_us = clock_us() - handshake->began_us;
	SSL_free(shake->ssl);
	shake->ssl = NULL;
	shake->events = 0;
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
	for (size_t i = 0; i < words.len; i++) {
		if (name[i] == ' ')
			name[i] = '_';
	}
	return (struct text){name, words.len};
}

static enum cause judge_reason(int reason)
{
	switch (reason) {
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return CAUSE_CLOSED;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_HTTPS_PROXY_REQUEST:
		return CAUSE_NOT_TLS;
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_WRONG_SSL_VERSION:
	case SSL_R_NO_PROTOCOLS_AVAILABLE:
	case SSL_R_VERSION_TOO_LOW:
		return CAUSE_VERSION;
	default:
		return CAUSE_MALFORMED;
	}
}

/* what OpenSSL has to say about a failed handshake */
static void settle_words(struct shake *shake)
{
	struct arena *arena = shake->net->arena;
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);
	const char *words = ERR_reason_error_string(error);
	enum cause cause = judge_reason(reason);
	if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
		int alert = reason - SSL_AD_REASON_OFFSET;
		shake->handshake->alert = alert_name(arena, alert);
		cause = alert == SSL_AD_PROTOCOL_VERSION ? CAUSE_VERSION : CAUSE_ALERT;
	}
	settle(shake, cause, words ? text_of(words) : T("the handshake failed"));
}

static void settle_failure(struct shake *shake, int kind, int error)
{
	X509 *leaf = SSL_get0_peer_certificate(shake->ssl);
	if (leaf)
		trust_read(shake->net->arena, leaf, SSL_get_peer_cert_chain(shake->ssl),
			shake->handshake);
	if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SYSCALL && error == 0)) {
		settle(shake, CAUSE_CLOSED, T("the peer closed the connection"));
	} else if (kind == SSL_ERROR_SYSCALL) {
		settle(shake, trouble_cause(error), trouble_text(shake->net->arena, error));
	} else {
		settle_words(shake);
	}
}

static void settle_success(struct shake *shake)
{
	struct handshake *handshake = shake->handshake;
	struct arena *arena = shake->net->arena;
	X509 *leaf = SSL_get0_peer_certificate(shake->ssl);
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(shake->ssl);
	struct judgement judgement = {0};
	handshake->version = text_of(SSL_get_version(shake->ssl));
	handshake->cipher = text_of(SSL_get_cipher_name(shake->ssl));
	if (!leaf) {
		settle(shake, CAUSE_UNTRUSTED, T("the peer showed no certificate"));
		return;
	}
	trust_read(arena, leaf, chain, handshake);
	if (handshake->trust)
		trust_judge(
			arena, handshake->trust, leaf, chain, handshake->expect_name, &judgement);
	handshake->anchor = judgement.anchor;
	SSL_shutdown(shake->ssl);
	settle(shake, judgement.cause, judgement.detail);
}

/* Called around every operation on the socket (BIO_callback_ex): counts the bytes, and ends a
 * handshake of too many; OpenSSL itself would read on as long as more come. The first are kept,
 * since OpenSSL says of strange ones only that their version is wrong. */
static long watch_bytes(BIO *bio, int operation, const char *bytes, size_t len, int command,
	long argument, int result, size_t *processed)
{
	struct shake *shake = (void *)BIO_get_callback_arg(bio);
	(void)len, (void)command, (void)argument;
	if (operation == BIO_CB_READ && shake->handshake->peer_bytes > PEER_BYTES_MAX)
		return -1;
	if (result <= 0 || !processed)
		return result;
	if (operation == (BIO_CB_WRITE | BIO_CB_RETURN) && !shake->first_len) {
		shake->handshake->hello_bytes += (int64_t)*processed;
	} else if (operation == (BIO_CB_READ | BIO_CB_RETURN)) {
		shake->handshake->peer_bytes += (int64_t)*processed;
		if (!shake->first_len) {
			shake->first_len = *processed < FIRST_BYTES ? *processed : FIRST_BYTES;
			memcpy(shake->first, bytes, shake->first_len);
		}
	}
	return result;
}

static bool speaks_tls(const struct shake *shake)
{
	return shake->first_len == 0 || shake->first[0] == RECORD_ALERT ||
		shake->first[0] == RECORD_HANDSHAKE;
}

/* The first line of it, without what a terminal would obey. */
static struct text printable(struct arena *arena, struct text bytes)
{
	bytes = text_head(bytes, text_find(bytes, T("\n")));
	char *copy = text_string(arena, text_trim(bytes));
	size_t len = strlen(copy);
	for (size_t i = 0; i < len; i++) {
		if (copy[i] < ' ' || copy[i] > '~')
			copy[i] = '.';
	}
	return (struct text){copy, len};
}

static void settle_not_tls(struct shake *shake)
{
	/* OpenSSL took a record's head only; the rest of the line may still wait */
	ssize_t more = recv(shake->handshake->fd, shake->first + shake->first_len,
		FIRST_BYTES - shake->first_len, MSG_DONTWAIT);
	struct text first = {shake->first, shake->first_len + (more > 0 ? (size_t)more : 0)};
	const char *kind = "no TLS record";
	if (text_starts(first, T("SSH-")))
		kind = "an SSH server";
	else if (text_starts(first, T("HTTP/")))
		kind = "an HTTP answer";
	else if (text_starts(first, T("<")))
		kind = "a web page";
	struct text shown = printable(shake->net->arena, first);
	settle(shake, CAUSE_NOT_TLS,
		text_format(shake->net->arena, "%s: \"%.*s\"", kind, TEXT(shown)));
}

static void advance(struct shake *shake)
{
	ERR_clear_error();
	errno = 0;
	int result = SSL_connect(shake->ssl);
	int error = errno;
	int kind = SSL_get_error(shake->ssl, result);
	if (!speaks_tls(shake))
		settle_not_tls(shake);
	else if (shake->handshake->peer_bytes > PEER_BYTES_MAX)
		settle(shake, CAUSE_TOO_LARGE, T("the peer's part of the handshake is too long"));
	else if (result == 1)
		settle_success(shake);
	else if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
		shake->events = kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
	else
		settle_failure(shake, kind, error);
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

static bool offer_alpn(SSL *ssl)
{
	static const unsigned char http11[] = "\x08http/1.1";
	/* 0 is success here, unlike anywhere else */
	return SSL_set_alpn_protos(ssl, http11, sizeof http11 - 1) == 0;
}

static bool prepare(struct shake *shake, SSL_CTX *context)
{
	struct handshake *handshake = shake->handshake;
	shake->ssl = context ? SSL_new(context) : NULL;
	BIO *bio = shake->ssl ? BIO_new_socket(handshake->fd, BIO_NOCLOSE) : NULL;
	if (!bio)
		return false;
	BIO_set_callback_ex(bio, watch_bytes);
	BIO_set_callback_arg(bio, (char *)shake);
	SSL_set_bio(shake->ssl, bio, bio);
	SSL_set_connect_state(shake->ssl);
	if (handshake->tls12 && !SSL_set_max_proto_version(shake->ssl, TLS1_2_VERSION))
		return false;
	if (handshake->send_name.len &&
		!SSL_set_tlsext_host_name(
			shake->ssl, text_string(shake->net->arena, handshake->send_name)))
		return false;
	return handshake->small ? make_small(shake->ssl) : offer_alpn(shake->ssl);
}

/* Nothing of an earlier use may be left in the answers. */
static void begin(struct shake *shake, SSL_CTX *context)
{
	struct handshake *handshake = shake->handshake;
	*handshake = (struct handshake){
		.fd = handshake->fd,
		.send_name = handshake->send_name,
		.expect_name = handshake->expect_name,
		.trust = handshake->trust,
		.tls12 = handshake->tls12,
		.small = handshake->small,
		.began_us = clock_us(),
	};
	if (handshake->fd < 0)
		settle(shake, CAUSE_LOCAL, T("there is no connection"));
	else if (!prepare(shake, context))
		settle(shake, CAUSE_LOCAL, T("OpenSSL cannot make this handshake"));
	else
		advance(shake);
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

/* One wait for all that is open; the number still open after it. */
static size_t turn(struct net *net, struct shake *all, struct pollfd *polls, size_t count, int ms)
{
	size_t open = 0;
	for (size_t i = 0; i < count; i++)
		polls[i] = (struct pollfd){all[i].handshake->fd, all[i].events, 0};
	int ready = exchange_poll(net, polls, count, ms);
	for (size_t i = 0; i < count; i++) {
		if (all[i].ssl && ready > 0 && polls[i].revents)
			advance(&all[i]);
		open += all[i].ssl != NULL;
	}
	return open;
}

void shake_batch(struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	struct shake *all = arena_new(net->arena, struct shake, count);
	struct pollfd *polls = arena_new(net->arena, struct pollfd, count);
	SSL_CTX *context = make_context();
	size_t open = count;
	for (size_t i = 0; i < count; i++) {
		all[i] = (struct shake){.net = net, .handshake = &handshakes[i]};
		begin(&all[i], context);
	}
	while (open && !interrupted && clock_us() < until_us)
		open = turn(net, all, polls, count, wait_ms(until_us));
	for (size_t i = 0; i < count; i++) {
		if (all[i].ssl)
			settle(&all[i], wait_cause(), T(""));
	}
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

void shake_begin(void)
{
	CRYPTO_set_mem_functions(take, resize, give_back);
}

struct text shake_library(struct arena *arena)
{
	return text_format(arena, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
}
