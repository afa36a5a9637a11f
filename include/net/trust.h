/* Judges certificate chains for shake and, by OpenSSL's callbacks, for curl. The one header that
 * knows OpenSSL's types; only the two files that use OpenSSL for TLS include it. */
#pragma once
#include "net/net.h"
#include <openssl/ssl.h>

struct judgement {
	enum symptom symptom; /* NONE, UNTRUSTED, EXPIRED, NOT_YET_VALID, NAME_MISMATCH, LOCAL */
	struct text detail;   /* OpenSSL's own words, and the certificate they are about */
	struct text anchor;   /* "amazon", "public", "added"; empty when no root vouches */
};

/* Judges `leaf`, sent with `chain` (which may hold the leaf too). Of several faults the gravest is
 * told: an unknown issuer, then time, then the name; so "expired" means that all else but the name
 * is well. An empty `name` is not checked. */
void trust_judge(struct arena *arena, const struct trust *trust, X509 *leaf, STACK_OF(X509) * chain,
	struct text name, struct judgement *out);

/* Fills what the peer's certificates say: subject to chain. At most 200 names and 20 certificates
 * of a hostile peer are kept. */
void trust_read(
	struct arena *arena, const X509 *leaf, const STACK_OF(X509) * chain, struct handshake *out);
