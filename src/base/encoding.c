/* Encodings of text. */
#include "base/encoding.h"
#include "base/arena.h"
#include <ctype.h>
#include <string.h>

/* By the number of bytes: the first byte's mark, the mask of its mark, and the least character
 * that needs so many. */
static const struct {
	unsigned char mark, mask;
	uint32_t least;
} forms[] = {
	{0, 0, 0},
	{0x00, 0x80, 0x00},
	{0xc0, 0xe0, 0x80},
	{0xe0, 0xf0, 0x800},
	{0xf0, 0xf8, 0x10000},
};

static bool decode(struct text t, size_t length, uint32_t *point)
{
	if (length > 4 || length > t.len)
		return false;
	uint32_t value = (unsigned char)t.at[0] & (unsigned char)~forms[length].mask;
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)t.at[i];
		if ((next & 0xc0) != 0x80)
			return false;
		value = value << 6 | (next & 0x3f);
	}
	*point = value;
	/* no surrogate, nothing beyond Unicode's end, and not longer than need be */
	return value >= forms[length].least && value <= 0x10ffff &&
		(value < 0xd800 || value > 0xdfff);
}

bool utf8_take(struct text *t, uint32_t *point)
{
	unsigned char first = (unsigned char)t->at[0];
	size_t length = 1;
	while (length <= 4 && (first & forms[length].mask) != forms[length].mark)
		length++;
	bool good = decode(*t, length, point);
	if (!good)
		*point = first;
	*t = text_skip(*t, good ? length : 1);
	return good;
}

struct text utf8_repair(struct arena *arena, struct text t)
{
	struct buffer out = {.arena = arena};
	struct text rest = t;
	uint32_t point;
	bool good = true;
	while (rest.len && good)
		good = utf8_take(&rest, &point);
	if (good)
		return t;
	while (t.len) {
		rest = t;
		good = utf8_take(&rest, &point);
		buffer_add(&out, good ? text_head(t, t.len - rest.len) : T("\xef\xbf\xbd"));
		t = rest;
	}
	return buffer_text(&out);
}

static const char digits[] = ALPHANUMERIC "+/";

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

/* The whole bytes of as many digits; false where one is not of the alphabet. */
static bool decode_digits(
	struct arena *arena, struct text t, const char alphabet[65], struct text *out)
{
	char *bytes = arena_new(arena, char, t.len * 3 / 4 + 1);
	size_t len = 0;
	uint32_t bits = 0;
	for (size_t i = 0; i < t.len; i++) {
		const char *digit = t.at[i] ? strchr(alphabet, t.at[i]) : NULL;
		if (!digit)
			return false;
		bits = bits << 6 | (uint32_t)(digit - alphabet);
		if (i % 4)
			bytes[len++] = (char)(bits >> (6 - 2 * (i % 4)));
	}
	*out = (struct text){bytes, len};
	return true;
}

bool base64_decode(struct arena *arena, struct text t, struct text *out)
{
	size_t padding = text_ends(t, T("==")) ? 2 : text_ends(t, T("=")) ? 1 : 0;
	return t.len % 4 == 0 && decode_digits(arena, text_head(t, t.len - padding), digits, out);
}

bool base64url_decode(struct arena *arena, struct text t, struct text *out)
{
	return decode_digits(arena, t, ALPHANUMERIC "-_", out);
}

struct text percent_encode(struct arena *arena, struct text t, struct text keep)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < t.len; i++) {
		struct text byte = {t.at + i, 1};
		if (text_only(byte, T(ALPHANUMERIC "-._~")) || text_only(byte, keep))
			buffer_add(&out, byte);
		else
			buffer_addf(&out, "%%%02X", (unsigned)(unsigned char)*byte.at);
	}
	return buffer_text(&out);
}

struct text percent_decode(struct arena *arena, struct text t)
{
	static const char hex[] = "0123456789abcdef";
	char *out = arena_new(arena, char, t.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < t.len; i++) {
		out[len] = t.at[i];
		if (t.at[i] == '%' && i + 2 < t.len && isxdigit((unsigned char)t.at[i + 1]) &&
			isxdigit((unsigned char)t.at[i + 2])) {
			size_t high = (size_t)(strchr(hex, tolower(t.at[i + 1])) - hex);
			size_t low = (size_t)(strchr(hex, tolower(t.at[i + 2])) - hex);
			out[len] = (char)(high << 4 | low);
			i += 2;
		}
		len++;
	}
	return (struct text){out, len};
}

struct text text_lower(struct arena *arena, struct text t)
{
	char *copy = text_string(arena, t);
	for (size_t i = 0; i < t.len; i++)
		copy[i] = (char)tolower((unsigned char)copy[i]);
	return (struct text){copy, t.len};
}
