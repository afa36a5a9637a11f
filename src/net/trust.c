/* Whom to trust: the roots inside the program, those of the user, and a chain's judgement.
 *
 * Parsing all of Mozilla's roots takes longer than a healthy check's whole round trip, so there are
 * two stores: the near one (Amazon's roots and the user's) serves every healthy pull, and the full
 * one is made the first time that the near one does not do. */
#include "base/file.h"
#include "net/parts.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { CA_BYTES_MAX = 4 * 1024 * 1024, NAMES_MAX = 200, CHAIN_MAX = 20 };

/* of TLS's own, on one connection: a handshake has ten, and the tickets after it are few */
enum { MESSAGES_MAX = 1000 };

/* All of Mozilla's roots, and the store of them and of the others; NULL until they are needed. */
struct full {
	STACK_OF(X509) * others;
	X509_STORE *store;
};

struct trust {
	STACK_OF(X509) * amazon, *added;
	X509_STORE *near; /* amazon and added */
	struct full *full;
};

/* What the walk along a chain met: the first of each kind, with its depth. */
struct faults {
	struct fault {
		int error; /* X509_V_ERR_...; 0: none */
		int depth;
	} untrusted, time;
};

/* false when something stands there that begins as a certificate but is none */
static bool read_pem(BIO *bio, STACK_OF(X509) * out)
{
	for (X509 *cert; (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL;) {
		if (sk_X509_push(out, cert) <= 0)
			X509_free(cert);
	}
	/* the end of the file is an error to PEM_read */
	bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	ERR_clear_error();
	return whole;
}

/* PEM, or DER certificates one behind the other */
static void read_roots(const unsigned char *at, const unsigned char *end, STACK_OF(X509) * out)
{
	/* a DER certificate starts with a SEQUENCE; PEM, comments included, is printable */
	if (at < end && at[0] != 0x30) {
		BIO *bio = BIO_new_mem_buf(at, (int)(end - at));
		if (bio)
			read_pem(bio, out);
		BIO_free(bio);
		return;
	}
	for (X509 *cert; at < end && (cert = d2i_X509(NULL, &at, end - at)) != NULL;) {
		if (sk_X509_push(out, cert) <= 0)
			X509_free(cert);
	}
	ERR_clear_error();
}

static void add_all(X509_STORE *store, const STACK_OF(X509) * roots)
{
	for (int i = 0; store && i < sk_X509_num(roots); i++)
		X509_STORE_add_cert(store, sk_X509_value(roots, i));
}

/* Any certificate of a store is an anchor, as it is in Go's pools: the user's file may hold an
 * intermediate only. */
static X509_STORE *make_store(const STACK_OF(X509) * first, const STACK_OF(X509) * second)
{
	X509_STORE *store = X509_STORE_new();
	if (store)
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	add_all(store, first);
	add_all(store, second);
	return store;
}

static const STACK_OF(X509) * other_roots(const struct trust *trust)
{
	struct full *full = trust->full;
	if (!full->others) {
		full->others = sk_X509_new_null();
		if (full->others)
			read_roots(roots_other, roots_other_end, full->others);
	}
	return full->others;
}

static X509_STORE *full_store(const struct trust *trust)
{
	struct full *full = trust->full;
	if (!full->store && other_roots(trust)) {
		full->store = make_store(trust->amazon, trust->added);
		add_all(full->store, full->others);
	}
	return full->store;
}

static bool read_file(
	struct arena *arena, struct text file, STACK_OF(X509) * out, struct text *complaint)
{
	struct text pem;
	if (!file_read(arena, file, CA_BYTES_MAX, &pem, complaint))
		return false;
	BIO *bio = BIO_new_mem_buf(pem.len ? pem.at : "", (int)pem.len);
	bool whole = bio && read_pem(bio, out);
	BIO_free(bio);
	if (!whole)
		*complaint = text_format(arena, "%.*s holds a broken PEM certificate", TEXT(file));
	else if (sk_X509_num(out) == 0)
		*complaint = text_format(arena, "%.*s holds no PEM certificate", TEXT(file));
	return complaint->len == 0;
}

bool trust_make(struct arena *arena, struct text file, struct trust **out, struct text *complaint)
{
	struct trust *trust = arena_new(arena, struct trust, 1);
	trust->full = arena_new(arena, struct full, 1);
	trust->amazon = sk_X509_new_null();
	trust->added = sk_X509_new_null();
	*out = trust;
	*complaint = T("");
	if (!trust->amazon || !trust->added) {
		*complaint = T("no memory for certificates");
	} else {
		read_roots(roots_amazon, roots_amazon_end, trust->amazon);
		if (file.len)
			read_file(arena, file, trust->added, complaint);
		trust->near = make_store(trust->amazon, trust->added);
	}
	if (complaint->len == 0)
		return true;
	trust_end(trust);
	*out = NULL;
	return false;
}

void trust_end(struct trust *trust)
{
	if (!trust)
		return;
	sk_X509_pop_free(trust->amazon, X509_free);
	sk_X509_pop_free(trust->added, X509_free);
	X509_STORE_free(trust->near);
	sk_X509_pop_free(trust->full->others, X509_free);
	X509_STORE_free(trust->full->store);
}

/* OpenSSL asks at every fault whether to go on: it always is, so that one walk tells all. */
static int note_fault(int ok, X509_STORE_CTX *context)
{
	struct faults *faults = X509_STORE_CTX_get_app_data(context);
	int error = X509_STORE_CTX_get_error(context);
	bool of_time = error == X509_V_ERR_CERT_HAS_EXPIRED ||
		error == X509_V_ERR_CERT_NOT_YET_VALID;
	struct fault *fault = of_time ? &faults->time : &faults->untrusted;
	if (!ok && !fault->error)
		*fault = (struct fault){error, X509_STORE_CTX_get_error_depth(context)};
	return 1;
}

/* The same authority: its name and its key (RFC 5280 section 6.1.1 d). Its certificate may come in
 * several wrappings; those inside the program have no signature of their own. */
static bool holds(const STACK_OF(X509) * certs, X509 *cert)
{
	for (int i = 0; i < sk_X509_num(certs); i++) {
		X509 *one = sk_X509_value(certs, i);
		if (X509_NAME_cmp(X509_get_subject_name(one), X509_get_subject_name(cert)) == 0 &&
			EVP_PKEY_eq(X509_get0_pubkey(one), X509_get0_pubkey(cert)) == 1)
			return true;
	}
	return false;
}

/* The user's file may be a system's whole bundle: what is public anyway was not added. */
static struct text name_anchor(const struct trust *trust, X509_STORE_CTX *context)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
	int count = sk_X509_num(chain);
	X509 *root = count > 0 ? sk_X509_value(chain, count - 1) : NULL;
	if (!root)
		return T("");
	if (holds(trust->amazon, root))
		return T("amazon");
	bool added = holds(trust->added, root) && !holds(other_roots(trust), root);
	return added ? T("added") : T("public");
}

/* false when OpenSSL could not even begin */
static bool walk_chain(const struct trust *trust, X509_STORE *store, X509 *leaf,
	STACK_OF(X509) * chain, struct faults *faults, struct text *anchor)
{
	*faults = (struct faults){0};
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	if (!context || !store || !X509_STORE_CTX_init(context, store, leaf, chain)) {
		X509_STORE_CTX_free(context);
		return false;
	}
	X509_STORE_CTX_set_default(context, "ssl_server");
	/* as Go's pullers: no MD5 or SHA-1 below the root */
	X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), 1);
	X509_STORE_CTX_set_app_data(context, faults);
	X509_STORE_CTX_set_verify_cb(context, note_fault);
	int result = X509_verify_cert(context);
	/* a fault that no callback may forgive */
	if (result <= 0 && !faults->untrusted.error)
		faults->untrusted.error = X509_STORE_CTX_get_error(context);
	*anchor = faults->untrusted.error ? T("") : name_anchor(trust, context);
	X509_STORE_CTX_free(context);
	return true;
}

static bool walk_stores(const struct trust *trust, X509 *leaf, STACK_OF(X509) * chain,
	struct faults *faults, struct text *anchor)
{
	if (!walk_chain(trust, trust->near, leaf, chain, faults, anchor))
		return false;
	return !faults->untrusted.error ||
		walk_chain(trust, full_store(trust), leaf, chain, faults, anchor);
}

/* Only subjectAltName counts, RFC 9525 6.1 and every registry client since Go 1.15. */
static bool is_for(X509 *leaf, struct text name)
{
	struct address address;
	if (address_parse(name, &address))
		return X509_check_ip(leaf, address.bytes, address.family == 6 ? 16 : 4, 0) == 1;
	return X509_check_host(
		       leaf, name.at, name.len, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1;
}

/* an unknown issuer, then time; an error of 0 where there is none */
static const struct fault *gravest(const struct faults *faults)
{
	return faults->untrusted.error ? &faults->untrusted : &faults->time;
}

void trust_judge(struct arena *arena, X509 *leaf, STACK_OF(X509) * chain, struct handshake *out)
{
	struct text name = out->expect_name;
	struct faults faults;
	const struct fault *fault;
	if (!walk_stores(out->trust, leaf, chain, &faults, &out->anchor)) {
		out->symptom = SYMPTOM_LOCAL;
		out->detail = T("no memory for certificates");
	} else if ((fault = gravest(&faults))->error) {
		out->symptom = trust_symptom(fault->error);
		out->detail = text_format(arena, "%s (certificate %d of the chain)",
			X509_verify_cert_error_string(fault->error), fault->depth);
	} else if (name.len && !is_for(leaf, name)) {
		out->symptom = SYMPTOM_NAME_MISMATCH;
		out->detail = text_of(X509_verify_cert_error_string(X509_V_ERR_HOSTNAME_MISMATCH));
	}
	ERR_clear_error();
}

enum symptom trust_symptom(long result)
{
	switch (result) {
	case X509_V_OK:
		return SYMPTOM_NONE;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return SYMPTOM_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return SYMPTOM_NOT_YET_VALID;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return SYMPTOM_NAME_MISMATCH;
	case X509_V_ERR_OUT_OF_MEM:
		return SYMPTOM_LOCAL;
	default:
		return SYMPTOM_UNTRUSTED;
	}
}

/* Stands in for OpenSSL's own verification of a connection; names are curl's to check. */
static int verify_connection(X509_STORE_CTX *context, void *of)
{
	const struct trust *trust = of;
	X509 *leaf = X509_STORE_CTX_get0_cert(context);
	struct faults faults = {0};
	struct text anchor;
	bool walked = leaf &&
		walk_stores(trust, leaf, X509_STORE_CTX_get0_untrusted(context), &faults, &anchor);
	int error = walked ? gravest(&faults)->error : X509_V_ERR_OUT_OF_MEM;
	X509_STORE_CTX_set_error(context, error);
	return error == X509_V_OK;
}

/* OpenSSL takes in messages that are not for the caller, KeyUpdate or NewSessionTicket, as long as
 * more of them come, and so would never give the caller's clock a turn: a peer that sends more than
 * any has reason to is heard no further. The words are the nearest that OpenSSL has. */
static void count_message(
	int sent, int version, int type, const void *bytes, size_t len, SSL *ssl, void *context)
{
	(void)version, (void)bytes, (void)len, (void)context;
	/* curl makes a context for each connection, so the count is the connection's */
	SSL_CTX *of = SSL_get_SSL_CTX(ssl);
	uintptr_t count = (uintptr_t)SSL_CTX_get_app_data(of) + 1;
	if (sent || type != SSL3_RT_HANDSHAKE)
		return;
	SSL_CTX_set_app_data(of, (void *)count); /* NOLINT(performance-no-int-to-ptr) */
	if (count <= MESSAGES_MAX)
		return;
	ERR_raise(ERR_LIB_SSL, SSL_R_TOO_MANY_KEY_UPDATES);
	SSL_set0_rbio(ssl, BIO_new(BIO_s_null()));
}

void trust_attach(const struct trust *trust, void *ssl_ctx)
{
	union {
		const struct trust *given;
		void *wanted; /* handed back to verify_connection only */
	} argument = {.given = trust};
	SSL_CTX_set_cert_verify_callback(ssl_ctx, verify_connection, argument.wanted);
	SSL_CTX_set_options(ssl_ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_msg_callback(ssl_ctx, count_message);
}

static struct text name_text(struct arena *arena, const X509_NAME *name)
{
	struct text text = T("");
	BIO *bio = BIO_new(BIO_s_mem());
	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		char *at;
		long len = BIO_get_mem_data(bio, &at);
		text = text_keep(arena, (struct text){at, len > 0 ? (size_t)len : 0});
	}
	BIO_free(bio);
	return text;
}

static struct text time_text(struct arena *arena, const ASN1_TIME *time)
{
	struct tm tm;
	if (!ASN1_TIME_to_tm(time, &tm))
		return T("");
	return text_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static struct text ip_text(struct arena *arena, const ASN1_OCTET_STRING *ip)
{
	int len = ASN1_STRING_length(ip);
	struct address address = {.family = len == 16 ? 6 : 4};
	if (len != 4 && len != 16)
		return T("");
	memcpy(address.bytes, ASN1_STRING_get0_data(ip), (size_t)len);
	return address_text(arena, &address);
}

static void take_names(struct arena *arena, const X509 *leaf, struct texts *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < NAMES_MAX; i++) {
		int type;
		const void *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
		const ASN1_STRING *string = value;
		if (type == GEN_DNS)
			texts_add(arena, out,
				text_keep(arena,
					(struct text){(const char *)ASN1_STRING_get0_data(string),
						(size_t)ASN1_STRING_length(string)}));
		else if (type == GEN_IPADD)
			texts_add(arena, out, ip_text(arena, value));
	}
	GENERAL_NAMES_free(names);
}

void trust_read(
	struct arena *arena, const X509 *leaf, const STACK_OF(X509) * chain, struct handshake *out)
{
	out->subject = name_text(arena, X509_get_subject_name(leaf));
	out->issuer = name_text(arena, X509_get_issuer_name(leaf));
	out->not_before = time_text(arena, X509_get0_notBefore(leaf));
	out->not_after = time_text(arena, X509_get0_notAfter(leaf));
	take_names(arena, leaf, &out->names);
	for (int i = 0; i < sk_X509_num(chain) && i < CHAIN_MAX; i++)
		texts_add(arena, &out->chain,
			name_text(arena, X509_get_subject_name(sk_X509_value(chain, i))));
}
