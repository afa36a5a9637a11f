/* Reads a DNS answer through a cursor that checks. */
#include "net/dns.h"
#include <string.h>

enum {
	HEADER_BYTES = 12,
	NAME_BYTES_MAX = 255,
	CNAMES_MAX = 16,
	RECORD_BYTES_MIN = 11, /* the root's name, type, class, TTL, length */
	TYPE_A = 1,
	TYPE_CNAME = 5,
	TYPE_AAAA = 28,
	CLASS_IN = 1,
	POINTER = 0xc0,
};

enum { RCODE_NOERROR = 0, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };

struct cursor {
	struct arena *arena;
	struct text message;
	size_t at;
	bool broken; /* something was read beyond the end, or makes no sense */
};

struct record_read {
	struct text owner;
	unsigned type;
	size_t data, data_len; /* within the message */
};

static unsigned take8(struct cursor *cursor)
{
	if (cursor->at >= cursor->message.len) {
		cursor->broken = true;
		return 0;
	}
	return (unsigned char)cursor->message.at[cursor->at++];
}

static unsigned take16(struct cursor *cursor)
{
	unsigned high = take8(cursor);
	return high << 8 | take8(cursor);
}

static void skip(struct cursor *cursor, size_t count)
{
	if (cursor->message.len - cursor->at < count)
		cursor->broken = true;
	else
		cursor->at += count;
}

/* One label and its dot behind what is in `out`. */
static void take_label(struct cursor *cursor, size_t len, char *out, size_t *used)
{
	if (*used + len + 1 > NAME_BYTES_MAX)
		cursor->broken = true;
	for (size_t i = 0; i < len && !cursor->broken; i++)
		out[(*used)++] = (char)take8(cursor);
	if (!cursor->broken)
		out[(*used)++] = '.';
}

/* A name with compression (RFC 1035 4.1.4). A pointer must lead backwards, so it ends. */
static struct text take_name(struct cursor *cursor)
{
	char name[NAME_BYTES_MAX];
	size_t used = 0, behind = 0, limit = cursor->at;
	for (unsigned len; (len = take8(cursor)) != 0 && !cursor->broken;) {
		if (len < POINTER && len > 63) {
			cursor->broken = true;
		} else if (len < POINTER) {
			take_label(cursor, len, name, &used);
		} else {
			size_t to = (len & ~(unsigned)POINTER) << 8 | take8(cursor);
			if (!behind)
				behind = cursor->at;
			if (to >= limit)
				cursor->broken = true;
			cursor->at = limit = to;
		}
	}
	if (behind)
		cursor->at = behind;
	if (cursor->broken)
		return T("");
	return text_keep(cursor->arena, (struct text){name, used ? used - 1 : 0});
}

static struct record_read take_record(struct cursor *cursor)
{
	struct record_read record = {.owner = take_name(cursor)};
	record.type = take16(cursor);
	if (take16(cursor) != CLASS_IN)
		record.type = 0; /* nothing for us; OPT has its own use of the class */
	skip(cursor, 4);
	record.data_len = take16(cursor);
	record.data = cursor->at;
	skip(cursor, record.data_len);
	return record;
}

/* Follows the aliases to the name that has the addresses. Their order in the message means
 * nothing, so each is looked for from the start. */
static struct text follow(struct cursor *cursor, struct text name,
	const struct record_read *records, size_t count, struct texts *cnames)
{
	for (size_t i = 0; i < count && cnames->count < CNAMES_MAX; i++) {
		if (records[i].type != TYPE_CNAME || !text_same(records[i].owner, name))
			continue;
		cursor->at = records[i].data;
		name = take_name(cursor);
		if (cursor->broken)
			break;
		texts_add(cursor->arena, cnames, name);
		i = (size_t)-1;
	}
	return name;
}

static void take_addresses(struct cursor *cursor, struct text owner, enum record wanted,
	const struct record_read *records, size_t count, struct addresses *out)
{
	struct address address = {.family = wanted == RECORD_AAAA ? 6 : 4};
	size_t len = address.family == 6 ? 16 : 4;
	unsigned type = address.family == 6 ? TYPE_AAAA : TYPE_A;
	for (size_t i = 0; i < count; i++) {
		if (records[i].type != type || !text_same(records[i].owner, owner))
			continue;
		if (records[i].data_len != len) {
			cursor->broken = true;
			return;
		}
		memcpy(address.bytes, cursor->message.at + records[i].data, len);
		addresses_add(cursor->arena, out, address);
	}
}

static enum cause judge(unsigned rcode, const struct addresses *addresses)
{
	switch (rcode) {
	case RCODE_NOERROR:
		return addresses->count ? CAUSE_NONE : CAUSE_NODATA;
	case RCODE_NXDOMAIN:
		return CAUSE_NXDOMAIN;
	case RCODE_REFUSED:
		return CAUSE_REFUSED;
	default:
		return CAUSE_SERVFAIL;
	}
}

/* The records of the answer section, behind the question that must be `name`'s. */
static struct record_read *take_records(struct cursor *cursor, struct text name, size_t *count)
{
	cursor->at = 4;
	unsigned questions = take16(cursor);
	*count = take16(cursor);
	cursor->at = HEADER_BYTES;
	if (questions != 1 || !text_same(take_name(cursor), name) ||
		*count > cursor->message.len / RECORD_BYTES_MIN)
		cursor->broken = true;
	skip(cursor, 4);
	if (cursor->broken)
		return NULL;
	struct record_read *records = arena_new(cursor->arena, struct record_read, *count);
	for (size_t i = 0; i < *count && !cursor->broken; i++)
		records[i] = take_record(cursor);
	return records;
}

enum cause dns_read(struct arena *arena, struct text message, struct text name, enum record record,
	struct addresses *addresses, struct texts *cnames)
{
	struct cursor cursor = {.arena = arena, .message = message};
	if (message.len < HEADER_BYTES)
		return CAUSE_MALFORMED;
	if (text_ends(name, T(".")))
		name.len--;
	size_t count;
	unsigned rcode = (unsigned char)message.at[3] & 0x0f;
	struct record_read *records = take_records(&cursor, name, &count);
	if (cursor.broken)
		return CAUSE_MALFORMED;
	struct text owner = follow(&cursor, name, records, count, cnames);
	if (rcode == RCODE_NOERROR)
		take_addresses(&cursor, owner, record, records, count, addresses);
	return cursor.broken ? CAUSE_MALFORMED : judge(rcode, addresses);
}
