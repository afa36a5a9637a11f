/* IP addresses, with the port where there is one. */
#include "base/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static size_t length(const struct address *address)
{
	return address->family == 6 ? 16 : 4;
}

static bool parse_bare(struct text t, struct address *out)
{
	char string[INET6_ADDRSTRLEN + 1];
	if (t.len == 0 || t.len >= sizeof string)
		return false;
	memcpy(string, t.at, t.len);
	string[t.len] = '\0';
	*out = (struct address){0};
	if (strlen(string) != t.len)
		return false;
	if (inet_pton(AF_INET, string, out->bytes) == 1)
		out->family = 4;
	else if (inet_pton(AF_INET6, string, out->bytes) == 1)
		out->family = 6;
	return out->family != 0;
}

bool address_parse(struct text t, struct address *out)
{
	if (parse_bare(t, out))
		return true;
	struct text port = t;
	bool bracketed = text_starts(t, T("["));
	struct text host = text_cut(&port, bracketed ? T("]") : T(":"));
	if (bracketed) {
		host = text_skip(host, 1);
		if (port.len == 0)
			return text_ends(t, T("]")) && parse_bare(host, out);
		if (!text_starts(port, T(":")))
			return false;
		port = text_skip(port, 1);
	}
	int64_t number;
	if (!text_number(port, &number) || number < 1 || number > 65535 || !parse_bare(host, out))
		return false;
	out->port = (uint16_t)number;
	return true;
}

bool network_parse(struct text t, struct network *out)
{
	struct text bits = t;
	struct text address = text_cut(&bits, T("/"));
	int64_t number;
	if (!parse_bare(address, &out->address) || !text_number(bits, &number) || number < 0 ||
		number > (int64_t)length(&out->address) * 8)
		return false;
	out->bits = (uint8_t)number;
	return true;
}

struct text address_text(struct arena *arena, const struct address *address)
{
	char string[INET6_ADDRSTRLEN];
	if (address->family == 0)
		return T("");
	inet_ntop(address->family == 6 ? AF_INET6 : AF_INET, address->bytes, string, sizeof string);
	return text_keep(arena, text_of(string));
}

struct texts address_texts(struct arena *arena, const struct addresses *addresses)
{
	struct texts list = {0};
	for (size_t i = 0; i < addresses->count; i++)
		texts_add(arena, &list, address_text(arena, &addresses->at[i]));
	return list;
}

struct text address_peer(struct arena *arena, const struct address *address)
{
	struct text bare = address_text(arena, address);
	if (address->family == 0)
		return bare;
	bool v6 = address->family == 6;
	return text_format(arena, "%s%.*s%s:%u", v6 ? "[" : "", TEXT(bare), v6 ? "]" : "",
		(unsigned)address->port);
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && a->port == b->port &&
		memcmp(a->bytes, b->bytes, length(a)) == 0;
}

bool address_within(const struct address *address, const struct network *network)
{
	if (address->family != network->address.family)
		return false;
	size_t whole = network->bits / 8;
	unsigned rest = network->bits % 8;
	if (memcmp(address->bytes, network->address.bytes, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	unsigned difference = address->bytes[whole] ^ network->address.bytes[whole];
	return difference >> (8 - rest) == 0;
}

/* `ranges` in CIDR notation, with blanks between */
static bool is_in_ranges(const struct address *address, struct text ranges)
{
	struct network network;
	while (ranges.len)
		if (network_parse(text_cut(&ranges, T(" ")), &network) &&
			address_within(address, &network))
			return true;
	return false;
}

bool address_is_private(const struct address *address)
{
	return is_in_ranges(
		address, T("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7"));
}

bool address_is_loopback(const struct address *address)
{
	return is_in_ranges(
		address, T("127.0.0.0/8 ::1/128 ::ffff:127.0.0.0/104 0.0.0.0/32 ::/128"));
}

bool address_is_link_local(const struct address *address)
{
	return is_in_ranges(
		address, T("169.254.0.0/16 fe80::/10 fd00:ec2::/32 ::ffff:169.254.0.0/112"));
}

bool address_is_nat64(const struct address *address)
{
	return is_in_ranges(address, T("64:ff9b::/96"));
}

socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof *out);
	if (address->family == 6) {
		struct sockaddr_in6 in6 = {
			.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
		memcpy(&in6.sin6_addr, address->bytes, 16);
		memcpy(out, &in6, sizeof in6);
		return sizeof in6;
	}
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
	memcpy(&in.sin_addr, address->bytes, 4);
	memcpy(out, &in, sizeof in);
	return sizeof in;
}

bool address_from_sockaddr(const struct sockaddr *from, struct address *out)
{
	*out = (struct address){0};
	if (from->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, from, sizeof in);
		out->family = 4;
		memcpy(out->bytes, &in.sin_addr, 4);
		out->port = ntohs(in.sin_port);
	} else if (from->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, from, sizeof in6);
		out->family = 6;
		memcpy(out->bytes, &in6.sin6_addr, 16);
		out->port = ntohs(in6.sin6_port);
	}
	return out->family != 0;
}

void addresses_add(struct arena *arena, struct addresses *list, struct address address)
{
	list->at = arena_grow(arena, list->at, list->count);
	list->at[list->count++] = address;
}
