/* UTF-8, RFC 3629. */
#include "base/utf8.h"
#include "base/buffer.h"

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

static size_t length_by(unsigned char first)
{
	size_t length = 1;
	while (length <= 4 && (first & forms[length].mask) != forms[length].mark)
		length++;
	return length;
}

/* no surrogate, nothing beyond Unicode's end, and not longer than need be */
static bool is_character(uint32_t point, size_t length)
{
	return point >= forms[length].least && point <= 0x10ffff &&
		(point < 0xd800 || point > 0xdfff);
}

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
	return is_character(value, length);
}

bool utf8_take(struct text *t, uint32_t *point)
{
	unsigned char first = (unsigned char)t->at[0];
	size_t length = length_by(first);
	bool good = decode(*t, length, point);
	if (!good)
		*point = first;
	*t = text_skip(*t, good ? length : 1);
	return good;
}

static bool is_utf8(struct text t)
{
	uint32_t point;
	while (t.len)
		if (!utf8_take(&t, &point))
			return false;
	return true;
}

struct text utf8_repair(struct arena *arena, struct text t)
{
	if (is_utf8(t))
		return t;
	struct buffer out = {.arena = arena};
	while (t.len) {
		struct text rest = t;
		uint32_t point;
		bool good = utf8_take(&rest, &point);
		buffer_add(&out, good ? text_head(t, t.len - rest.len) : T("\xef\xbf\xbd"));
		t = rest;
	}
	return buffer_text(&out);
}
