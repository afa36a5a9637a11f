/* What a certificate says, as values. */
#include "net/trust.h"
#include <openssl/x509v3.h>
#include <string.h>

enum { NAMES_MAX = 200, CHAIN_MAX = 20 };

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
