/* Reads a DNS answer by libc's parser. Those of c-ares forget the aliases of a name that has no
 * address, and an alias tells where such a name leads. */
#include "net/parts.h"
#include <arpa/nameser.h>
#include <string.h>

enum { CNAMES_MAX = 16 };

struct answer {
	struct arena *arena;
	ns_msg message;
	bool broken; /* something in it cannot be read */
};

/* The owner's record of that type, from number `*at` on, which then is the next one's. */
static bool next_record(
	struct answer *answer, struct text owner, ns_type type, int *at, ns_rr *record)
{
	while (*at < ns_msg_count(answer->message, ns_s_an)) {
		if (ns_parserr(&answer->message, ns_s_an, (*at)++, record) != 0) {
			answer->broken = true;
			return false;
		}
		if (ns_rr_type(*record) == type && ns_rr_class(*record) == ns_c_in &&
			text_same(text_of(ns_rr_name(*record)), owner))
			return true;
	}
	return false;
}

/* Follows the aliases to the name that has the addresses. Their order in the message means
 * nothing, so each is looked for from the start. */
static struct text follow(struct answer *answer, struct text name, struct texts *cnames)
{
	ns_rr record;
	char alias[NS_MAXDNAME];
	for (int at = 0; cnames->count < CNAMES_MAX; at = 0) {
		if (!next_record(answer, name, ns_t_cname, &at, &record))
			break;
		if (ns_name_uncompress(ns_msg_base(answer->message), ns_msg_end(answer->message),
			    ns_rr_rdata(record), alias, sizeof alias) < 0) {
			answer->broken = true;
			break;
		}
		name = text_keep(answer->arena, text_of(alias));
		texts_add(answer->arena, cnames, name);
	}
	return name;
}

static void take_addresses(
	struct answer *answer, struct text owner, enum record wanted, struct addresses *out)
{
	struct address address = {.family = wanted == RECORD_AAAA ? 6 : 4};
	size_t len = address.family == 6 ? NS_IN6ADDRSZ : NS_INADDRSZ;
	ns_type type = address.family == 6 ? ns_t_aaaa : ns_t_a;
	ns_rr record;
	for (int at = 0; next_record(answer, owner, type, &at, &record);) {
		if (ns_rr_rdlen(record) != len) {
			answer->broken = true;
			return;
		}
		memcpy(address.bytes, ns_rr_rdata(record), len);
		addresses_add(answer->arena, out, address);
	}
}

static enum symptom judge(int rcode, const struct addresses *addresses)
{
	switch (rcode) {
	case ns_r_noerror:
		return addresses->count ? SYMPTOM_NONE : SYMPTOM_NODATA;
	case ns_r_nxdomain:
		return SYMPTOM_NXDOMAIN;
	case ns_r_refused:
		return SYMPTOM_REFUSED;
	default:
		return SYMPTOM_SERVFAIL;
	}
}

/* Up to the end of its answers, as if nothing came behind them: clients do not look there, so what
 * is wrong there breaks no pull. */
static bool begin(struct answer *answer, struct text message)
{
	enum { COUNTS = 4, COUNTS_BEHIND = 8 }; /* RFC 1035 4.1.1, two bytes each */
	if (message.len < NS_HFIXEDSZ)
		return false;
	unsigned char *bytes = arena_new(answer->arena, unsigned char, message.len);
	memcpy(bytes, message.at, message.len);
	memset(bytes + COUNTS_BEHIND, 0, NS_HFIXEDSZ - COUNTS_BEHIND);
	const unsigned char *at = bytes + NS_HFIXEDSZ;
	for (int section = ns_s_qd; section <= ns_s_an; section++) {
		int count = (int)ns_get16(bytes + COUNTS + 2 * section);
		int len = ns_skiprr(at, bytes + message.len, (ns_sect)section, count);
		if (len < 0)
			return false;
		at += len;
	}
	return ns_initparse(bytes, (int)(at - bytes), &answer->message) == 0;
}

enum symptom dns_read(struct arena *arena, struct text message, struct text name,
	enum record record, struct addresses *addresses, struct texts *cnames)
{
	struct answer answer = {.arena = arena};
	ns_rr question;
	if (text_ends(name, T(".")))
		name.len--;
	if (!begin(&answer, message) || ns_msg_count(answer.message, ns_s_qd) != 1 ||
		ns_parserr(&answer.message, ns_s_qd, 0, &question) != 0 ||
		!text_same(text_of(ns_rr_name(question)), name))
		return SYMPTOM_MALFORMED;
	struct text owner = follow(&answer, name, cnames);
	int rcode = ns_msg_getflag(answer.message, ns_f_rcode);
	if (rcode == ns_r_noerror)
		take_addresses(&answer, owner, record, addresses);
	return answer.broken ? SYMPTOM_MALFORMED : judge(rcode, addresses);
}
