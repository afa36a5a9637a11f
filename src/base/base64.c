/* Base64, RFC 4648 section 4. */
#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct text base64_encode(struct arena *arena, struct text t)
{
	size_t len = (t.len + 2) / 3 * 4;
	char *out = arena_new(arena, char, len + 1);
	for (size_t i = 0; i < t.len; i += 3) {
		uint32_t bits = 0;
		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (i + k < t.len ? (unsigned char)t.at[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			out[i / 3 * 4 + k] = i + k > t.len ? '='
							   : digits[bits >> (18 - 6 * k) & 63];
	}
	return (struct text){out, len};
}

/* 64: not a digit */
static unsigned value_of(char byte)
{
	unsigned value = 0;
	while (value < 64 && digits[value] != byte)
		value++;
	return value;
}

bool base64_decode(struct arena *arena, struct text t, struct text *out)
{
	size_t padding = text_ends(t, T("==")) ? 2 : text_ends(t, T("=")) ? 1 : 0;
	char *bytes = arena_new(arena, char, t.len / 4 * 3 + 1);
	uint32_t bits = 0;
	if (t.len % 4)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		unsigned value = i < t.len - padding ? value_of(t.at[i]) : 0;
		if (value == 64)
			return false;
		bits = bits << 6 | value;
		for (size_t k = 0; i % 4 == 3 && k < 3; k++)
			bytes[i / 4 * 3 + k] = (char)(bits >> (16 - 8 * k));
	}
	*out = (struct text){bytes, t.len / 4 * 3 - padding};
	return true;
}
