/* IP addresses, with the port where there is one. */
#pragma once
#include "base/arena.h"
#include <sys/socket.h>

struct address {
	uint8_t family; /* 4, 6, or 0 for none */
	uint8_t bytes[16];
	uint16_t port; /* host byte order; 0 for none */
};

struct addresses {
	struct address *at;
	size_t count;
};

/* a range in CIDR notation, RFC 4632 */
struct network {
	struct address address;
	uint8_t bits;
};

/* "10.0.0.1", "fd00::1", "10.0.0.1:53", "[fd00::1]:53" */
bool address_parse(struct text t, struct address *out);

/* "10.20.1.0/24"; host bits may be set */
bool network_parse(struct text t, struct network *out);

/* without and with the port ("[fd00::1]:443") */
struct text address_text(struct arena *arena, const struct address *address);
struct texts address_texts(struct arena *arena, const struct addresses *addresses);
struct text address_peer(struct arena *arena, const struct address *address);

bool address_equal(const struct address *a, const struct address *b); /* ports too */
bool address_within(const struct address *address, const struct network *network);

/* RFC 1918, RFC 6598 (100.64.0.0/10), unique local RFC 4193: a hint, VPCs use other ranges too */
bool address_is_private(const struct address *address);
bool address_is_loopback(const struct address *address);

/* RFC 3927 and RFC 4291 2.5.6, and the fd00:ec2:: addresses of AWS' link-local services */
bool address_is_link_local(const struct address *address);

/* 64:ff9b::/96, RFC 6052: an IPv4 address that a DNS64 wrapped, for a NAT64 to translate */
bool address_is_nat64(const struct address *address);

/* the length of what was written to `out` */
socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *out);
bool address_from_sockaddr(const struct sockaddr *from, struct address *out);

void addresses_add(struct arena *arena, struct addresses *list, struct address address);
