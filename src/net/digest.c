/* SHA-256 by OpenSSL, which uses the processor's own instructions. */
#include "base/arena.h"
#include "base/die.h"
#include "net/net.h"
#include <openssl/evp.h>
#include <stdlib.h>

enum { SHA256_BYTES = 32 };

struct digest {
	EVP_MD_CTX *context;
};

struct digest *digest_begin(void)
{
	struct digest *digest = memory_take_zeroed(1, sizeof *digest);
	if (!digest || !(digest->context = EVP_MD_CTX_new()) ||
		!EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL))
		die(EXIT_UNABLE, "OpenSSL cannot make a SHA-256 digest");
	return digest;
}

void digest_add(struct digest *digest, struct text bytes)
{
	if (!EVP_DigestUpdate(digest->context, bytes.at, bytes.len))
		die(EXIT_UNABLE, "OpenSSL cannot make a SHA-256 digest");
}

struct text digest_end(struct digest *digest, struct arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1] = {0};
	if (!EVP_DigestFinal_ex(digest->context, hash, NULL))
		die(EXIT_UNABLE, "OpenSSL cannot make a SHA-256 digest");
	for (size_t i = 0; i < sizeof hash; i++) {
		hex[2 * i] = digits[hash[i] >> 4];
		hex[2 * i + 1] = digits[hash[i] & 15];
	}
	EVP_MD_CTX_free(digest->context);
	free(digest);
	return text_format(arena, "sha256:%s", hex);
}

struct text digest_of(struct arena *arena, struct text bytes)
{
	struct digest *digest = digest_begin();
	digest_add(digest, bytes);
	return digest_end(digest, arena);
}
