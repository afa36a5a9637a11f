/* Ranges of addresses against rows about ranges. Between two neighbouring bounds of rows all
 * addresses fare alike, so one address of each such part is tried. */
#include "diagnose/configuration_parts.h"
#include <string.h>

/* Far more than the quotas of AWS allow, and few enough to be compared with each other. */
enum { ROWS_MAX = 5000, TRIES_MAX = 100 * 1000 * 1000 };

void ranges_add(struct arena *arena, struct ranges *ranges, struct network network)
{
	struct vpc_list list = {ranges->at, ranges->count};
	*(struct network *)vpc_add(arena, &list, sizeof network) = network;
	ranges->at = list.at;
	ranges->count = list.count;
}

static bool parse(struct text t, struct network *out)
{
	if (network_parse(t, out))
		return true;
	if (!address_parse(t, &out->address))
		return false;
	out->address.port = 0;
	out->bits = out->address.family == 6 ? 128 : 32;
	return true;
}

void ranges_add_texts(struct arena *arena, struct ranges *ranges, struct texts texts)
{
	struct network network;
	for (size_t i = 0; i < texts.count; i++)
		if (parse(texts.at[i], &network))
			ranges_add(arena, ranges, network);
}

/* Each range begins with an address that may be tried: those with a meaning of their own (RFC 6890)
 * are left out here, private ones when they are tried. */
struct ranges ranges_public(struct arena *arena, uint8_t family, const struct vpc_vpc *outside)
{
	static struct text v4[] = {T("1.0.0.0/8"), T("2.0.0.0/7"), T("4.0.0.0/6"), T("8.0.0.0/7"),
		T("11.0.0.0/8"), T("12.0.0.0/6"), T("16.0.0.0/4"), T("32.0.0.0/3"), T("64.0.0.0/2"),
		T("128.0.0.0/2"), T("192.0.0.0/3")};
	static struct text v6[] = {T("2000::/3")};
	struct ranges ranges = {.public = true, .outside = outside};
	ranges_add_texts(arena, &ranges,
		family == 6 ? (struct texts){v6, 1} : (struct texts){v4, sizeof v4 / sizeof *v4});
	return ranges;
}

void filter_add(struct arena *arena, struct filter *filter, struct filter_row row)
{
	struct vpc_list list = {filter->at, filter->count};
	if (filter->count == ROWS_MAX) {
		filter->incomplete = "what exceeds the quotas";
		return;
	}
	*(struct filter_row *)vpc_add(arena, &list, sizeof row) = row;
	filter->at = list.at;
	filter->count = list.count;
}

static struct address first_of(const struct network *network)
{
	struct address first = network->address;
	for (unsigned bit = network->bits; bit < 128; bit++)
		first.bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
	return first;
}

/* the address behind the last; false where there is none */
static bool next_of(const struct network *network, struct address *out)
{
	*out = first_of(network);
	for (unsigned bit = network->bits; bit-- > 0;) {
		uint8_t mask = (uint8_t)(0x80U >> bit % 8);
		out->bytes[bit / 8] ^= mask;
		if (out->bytes[bit / 8] & mask)
			return true;
	}
	return false;
}

static bool within_texts(const struct address *address, struct texts ranges)
{
	struct network network;
	for (size_t i = 0; i < ranges.count; i++)
		if (network_parse(ranges.at[i], &network) && address_within(address, &network))
			return true;
	return false;
}

static void sample(struct arena *arena, struct addresses *samples, const struct ranges *ranges,
	struct address address)
{
	bool inside = false;
	address.port = 0;
	if (ranges->public && !address_is_nat64(&address) &&
		(address_is_private(&address) || address_is_link_local(&address) ||
			address_is_loopback(&address)))
		return;
	if (ranges->outside &&
		(within_texts(&address, ranges->outside->cidrs) ||
			within_texts(&address, ranges->outside->cidrs6)))
		return;
	for (size_t i = 0; i < ranges->count; i++)
		inside |= address_within(&address, &ranges->at[i]);
	if (inside)
		addresses_add(arena, samples, address);
}

static void sample_bounds(struct arena *arena, struct addresses *samples,
	const struct ranges *ranges, const struct network *network)
{
	struct address next;
	sample(arena, samples, ranges, first_of(network));
	if (next_of(network, &next))
		sample(arena, samples, ranges, next);
}

struct addresses filter_samples(
	struct arena *arena, const struct filter *filter, const struct ranges *ranges)
{
	struct addresses samples = {0};
	for (size_t i = 0; i < ranges->count; i++)
		sample(arena, &samples, ranges, first_of(&ranges->at[i]));
	for (size_t i = 0; i < filter->count; i++)
		sample_bounds(arena, &samples, ranges, &filter->at[i].network);
	if (ranges->outside) {
		struct ranges own = {0};
		ranges_add_texts(arena, &own, ranges->outside->cidrs);
		ranges_add_texts(arena, &own, ranges->outside->cidrs6);
		for (size_t i = 0; i < own.count; i++)
			sample_bounds(arena, &samples, ranges, &own.at[i]);
	}
	return samples;
}

static const struct filter_row *decide(
	const struct filter *filter, const struct address *address, int64_t port)
{
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_row *row = &filter->at[i];
		if (port >= row->from && port <= row->to && address_within(address, &row->network))
			return row;
	}
	return NULL;
}

/* the ports at which a row begins or has ended */
static size_t sample_ports(
	struct arena *arena, const struct filter *filter, int64_t from, int64_t to, int64_t **out)
{
	size_t count = 0;
	*out = arena_new(arena, int64_t, 1 + 2 * filter->count);
	(*out)[count++] = from;
	for (size_t i = 0; i < filter->count; i++) {
		if (filter->at[i].from > from && filter->at[i].from <= to)
			(*out)[count++] = filter->at[i].from;
		if (filter->at[i].to >= from && filter->at[i].to < to)
			(*out)[count++] = filter->at[i].to + 1;
	}
	return count;
}

struct filtered filter_judge(struct arena *arena, const struct filter *filter,
	const struct ranges *ranges, int64_t from, int64_t to)
{
	struct filtered result = {.effect = EFFECT_UNDECIDED};
	struct addresses samples = filter_samples(arena, filter, ranges);
	int64_t *ports;
	size_t port_count = sample_ports(arena, filter, from, to, &ports);
	size_t open = 0;   /* addresses of which all ports pass */
	size_t closed = 0; /* of which none does */
	if (!samples.count || samples.count * port_count * filter->count > TRIES_MAX)
		return result;
	for (size_t i = 0; i < samples.count; i++) {
		size_t passed = 0;
		for (size_t p = 0; p < port_count; p++) {
			const struct filter_row *row = decide(filter, &samples.at[i], ports[p]);
			bool allows = row && row->allows;
			passed += allows;
			if (!allows && !result.address.family) {
				result.address = samples.at[i];
				result.row = row;
			}
		}
		open += passed == port_count;
		closed += passed == 0;
	}
	result.by_port = open + closed < samples.count;
	if (open == samples.count)
		result.effect = EFFECT_PASSES;
	else if (filter->incomplete)
		result.effect = EFFECT_UNREAD;
	else if (open == 0)
		result.effect = EFFECT_BLOCKS;
	else if (ranges->known)
		result.effect = EFFECT_PARTLY;
	return result;
}

bool filter_ports(struct filter_row *row, bool udp, struct text protocol, int64_t from, int64_t to)
{
	bool every = text_equal(protocol, T("-1"));
	row->from = every || from < 0 ? 0 : from;
	row->to = every || to < 0 ? UINT16_MAX : to;
	return every || text_equal(protocol, udp ? T("17") : T("6")) ||
		text_same(protocol, udp ? T("udp") : T("tcp"));
}

struct text ranges_to_open(
	struct arena *arena, const struct ranges *ranges, const struct address *address)
{
	struct text text;
	if (ranges->public)
		return address->family == 6 ? T("::/0") : T("0.0.0.0/0");
	if (ranges->count == 1) {
		text = address_text(arena, &ranges->at[0].address);
		return text_format(arena, "%.*s/%u", TEXT(text), ranges->at[0].bits);
	}
	text = address_text(arena, address);
	return text_format(arena, "%.*s/%d", TEXT(text), address->family == 6 ? 128 : 32);
}

struct ranges judge_ranges(struct judge *judge, struct texts texts, uint8_t family, bool known)
{
	struct ranges all = {0};
	struct ranges ranges = {.known = known};
	ranges_add_texts(judge->arena, &all, texts);
	for (size_t i = 0; i < all.count; i++)
		if (all.at[i].address.family == family)
			ranges_add(judge->arena, &ranges, all.at[i]);
	return ranges;
}
