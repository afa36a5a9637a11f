/* SHA-256 (and SHA-1, for a file's name) by OpenSSL, which uses the processor's own instructions.
 */
#include "base/arena.h"
#include "base/die.h"
#include "net/net.h"
#include <openssl/evp.h>

enum { SHA256_BYTES = 32 };

static struct text hex_of(struct arena *arena, const unsigned char *bytes, size_t count)
{
	struct buffer hex = {.arena = arena};
	for (size_t i = 0; i < count; i++)
		buffer_addf(&hex, "%02x", bytes[i]);
	return buffer_text(&hex);
}

static void must(int done)
{
	if (!done)
		die(EXIT_UNABLE, "OpenSSL cannot make a digest");
}

EVP_MD_CTX *digest_begin(void)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	must(digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL));
	return digest;
}

void digest_add(EVP_MD_CTX *digest, struct text bytes)
{
	must(EVP_DigestUpdate(digest, bytes.at, bytes.len));
}

struct text digest_end(EVP_MD_CTX *digest, struct arena *arena)
{
	unsigned char hash[SHA256_BYTES];
	must(EVP_DigestFinal_ex(digest, hash, NULL));
	EVP_MD_CTX_free(digest);
	struct text hex = hex_of(arena, hash, sizeof hash);
	return text_format(arena, "sha256:%.*s", TEXT(hex));
}

struct text digest_of(struct arena *arena, struct text bytes)
{
	EVP_MD_CTX *digest = digest_begin();
	digest_add(digest, bytes);
	return digest_end(digest, arena);
}

struct text digest_sha1(struct arena *arena, struct text bytes)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned count;
	must(EVP_Digest(bytes.at, bytes.len, hash, &count, EVP_sha1(), NULL));
	return hex_of(arena, hash, count);
}
