/* Certificates made on the spot, and a TLS server for net_peer.h that shows them. */
#pragma once
#include "net_peer.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY = 24 * 3600 };

struct identity {
	EVP_PKEY *key;
	X509 *cert;
};

static inline void tls_extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert_non_null(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

/* Valid between the two times, seconds from now. Without an issuer it is a CA, signed by itself;
 * with one it is a server's, for the names ("DNS:a.example,IP:192.0.2.1"). */
static inline struct identity tls_identity(
	const char *subject, const struct identity *issuer, const char *names, long from, long to)
{
	static long serial = 1;
	struct identity made = {EVP_EC_gen("P-256"), X509_new()};
	X509_NAME *name = X509_get_subject_name(made.cert);
	X509_set_version(made.cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(made.cert), serial++);
	X509_NAME_add_entry_by_txt(
		name, "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0);
	X509_gmtime_adj(X509_getm_notBefore(made.cert), from);
	X509_gmtime_adj(X509_getm_notAfter(made.cert), to);
	X509_set_pubkey(made.cert, made.key);
	X509 *parent = issuer ? issuer->cert : made.cert;
	X509_set_issuer_name(made.cert, X509_get_subject_name(parent));
	if (issuer)
		tls_extend(made.cert, parent, NID_subject_alt_name, names);
	else
		tls_extend(made.cert, parent, NID_basic_constraints, "critical,CA:TRUE");
	assert_true(X509_sign(made.cert, issuer ? issuer->key : made.key, EVP_sha256()) > 0);
	return made;
}

static inline void tls_identity_end(struct identity *identity)
{
	EVP_PKEY_free(identity->key);
	X509_free(identity->cert);
}

/* a trust that has this certificate added, by way of a file */
static inline struct trust *tls_trust(struct arena *arena, X509 *cert)
{
	char path[] = "/tmp/pullprobe_trust_XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	struct trust *trust;
	struct text complaint;
	assert_non_null(file);
	PEM_write_X509(file, cert);
	fclose(file);
	assert_true(trust_make(arena, text_of(path), &trust, &complaint));
	unlink(path);
	return trust;
}

/* a server's context; to be freed */
static inline SSL_CTX *tls_server(const struct identity *identity)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate(context, identity->cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context, identity->key), 1);
	return context;
}

/* the server's side of a connection, or NULL when its handshake failed; to be freed */
static inline SSL *tls_accept(SSL_CTX *context, int fd)
{
	SSL *ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1)
		return ssl;
	SSL_free(ssl);
	ERR_clear_error();
	return NULL;
}
