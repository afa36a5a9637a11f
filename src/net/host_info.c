/* What this machine knows of itself: addresses, MTU, resolvers, name. */
#include "net/parts.h"
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* the leading ones of a netmask */
static uint8_t mask_bits(const struct sockaddr *mask)
{
	struct address address;
	uint8_t bits = 0;
	if (!mask || !address_from_sockaddr(mask, &address))
		return 0;
	for (size_t i = 0; i < sizeof address.bytes; i++)
		bits = (uint8_t)(bits + __builtin_popcount(address.bytes[i]));
	return bits;
}

static bool is_own(const struct ifaddrs *interface, struct address *out)
{
	return interface->ifa_addr && (interface->ifa_flags & IFF_UP) &&
		address_from_sockaddr(interface->ifa_addr, out) && !address_is_loopback(out) &&
		!address_is_link_local(out);
}

static void look_interfaces(struct arena *arena, struct host_info *out)
{
	struct ifaddrs *all;
	size_t count = 0;
	if (getifaddrs(&all) < 0)
		return;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next)
		count++;
	out->networks = arena_new(arena, struct network, count);
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		struct network network;
		if (!is_own(one, &network.address))
			continue;
		network.address.port = 0;
		network.bits = mask_bits(one->ifa_netmask);
		out->networks[out->addresses.count] = network;
		addresses_add(arena, &out->addresses, network.address);
	}
	freeifaddrs(all);
}

/* The own address that the kernel would use towards `to`: connecting UDP sends nothing. */
static bool source_towards(const char *to, struct address *out)
{
	struct address address;
	struct sockaddr_storage name;
	bool found = false;
	if (!address_parse(text_of(to), &address))
		return false;
	socklen_t len = address_to_sockaddr(&address, &name);
	int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	if (connect(fd, (const struct sockaddr *)&name, len) == 0) {
		len = sizeof name;
		found = getsockname(fd, (struct sockaddr *)&name, &len) == 0 &&
			address_from_sockaddr((const struct sockaddr *)&name, out);
		out->port = 0;
	}
	close(fd);
	return found;
}

static int64_t mtu_of(const char *interface)
{
	struct ifreq request = {0};
	int64_t mtu = 0;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
	if (fd >= 0 && ioctl(fd, SIOCGIFMTU, &request) == 0)
		mtu = request.ifr_mtu;
	if (fd >= 0)
		close(fd);
	return mtu;
}

/* Towards documentation addresses (RFC 5737, RFC 3849), which only the default route covers. */
static void look_mtu(struct host_info *out)
{
	struct address source, own;
	struct ifaddrs *all;
	if (!source_towards("192.0.2.1:443", &source) &&
		!source_towards("[2001:db8::1]:443", &source))
		return;
	if (getifaddrs(&all) < 0)
		return;
	for (const struct ifaddrs *one = all; one && !out->mtu; one = one->ifa_next) {
		if (!one->ifa_addr || !address_from_sockaddr(one->ifa_addr, &own))
			continue;
		own.port = 0;
		if (address_equal(&own, &source))
			out->mtu = mtu_of(one->ifa_name);
	}
	freeifaddrs(all);
}

void host_info_read(struct arena *arena, struct host_info *out)
{
	char name[256];
	*out = (struct host_info){0};
	look_interfaces(arena, out);
	look_mtu(out);
	resolve_configured(arena, &out->resolvers);
	if (gethostname(name, sizeof name) == 0)
		out->host_name = text_keep(arena, (struct text){name, strnlen(name, sizeof name)});
}
