/* A zip archive of one program, stored as it is.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
#include "base/encoding.h"

enum {
	VERSION_STORED = 10,
	MADE_BY_UNIX = 3 << 8 | 20,
	DATE_1980 = 1 << 5 | 1, /* a zip has no earlier day */
};

/* 0100755: everybody may run it. Without it Lambda's start ends with "permission denied". */
#define MODE_PROGRAM (UINT32_C(0100755) << 16)

/* CRC-32 of ISO 3309, four bits at a time */
static uint32_t crc_of(struct text bytes)
{
	static const uint32_t table[16] = {0, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190,
		0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.at[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

static void put(struct buffer *out, uint32_t value, size_t bytes)
{
	for (; bytes; bytes--, value >>= 8)
		buffer_add(out, (struct text){&(const char){(char)(value & 0xff)}, 1});
}

/* what both headers of a file say */
static void put_file(struct buffer *out, struct text name, struct text bytes, uint32_t crc)
{
	const uint32_t size = (uint32_t)bytes.len;
	put(out, VERSION_STORED, 2);
	put(out, 0, 4); /* no flags; stored */
	put(out, DATE_1980 << 16, 4);
	put(out, crc, 4);
	put(out, size, 4);
	put(out, size, 4);
	put(out, (uint32_t)name.len, 4); /* and no extra field */
}

struct text zip_program(struct arena *arena, struct text name, struct text bytes)
{
	struct buffer out = {.arena = arena};
	uint32_t crc = crc_of(bytes);
	buffer_add(&out, T("PK\3\4"));
	put_file(&out, name, bytes, crc);
	buffer_add(&out, name);
	buffer_add(&out, bytes);

	uint32_t directory = (uint32_t)out.len;
	buffer_add(&out, T("PK\1\2"));
	put(&out, MADE_BY_UNIX, 2);
	put_file(&out, name, bytes, crc);
	put(&out, 0, 4); /* no comment; the first disk */
	put(&out, 0, 2);
	put(&out, MODE_PROGRAM, 4);
	put(&out, 0, 4); /* where its header is */
	buffer_add(&out, name);

	uint32_t size = (uint32_t)out.len - directory;
	buffer_add(&out, T("PK\5\6"));
	put(&out, 0, 4);
	put(&out, 1 << 16 | 1, 4); /* one file, on this disk and in all */
	put(&out, size, 4);
	put(&out, directory, 4);
	put(&out, 0, 2);
	return buffer_text(&out);
}
