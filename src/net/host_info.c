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

/* The own address that the kernel would use towards `to`: connecting UDP sends nothing. */
static bool source_towards(const char *to, struct address *out)
{
	struct address address;
	struct sockaddr_storage name;
	if (!address_parse(text_of(to), &address))
		return false;
	socklen_t len = address_to_sockaddr(&address, &name);
	int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found = fd >= 0 && connect(fd, (const struct sockaddr *)&name, len) == 0;
	len = sizeof name;
	found = found && getsockname(fd, (struct sockaddr *)&name, &len) == 0 &&
		address_from_sockaddr((const struct sockaddr *)&name, out);
	if (fd >= 0)
		close(fd);
	out->port = 0;
	return found;
}

static int64_t mtu_of(const char *interface)
{
	struct ifreq request = {0};
	int64_t mtu = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* any will do: netdevice(7) */
	strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
	if (fd >= 0 && ioctl(fd, SIOCGIFMTU, &request) == 0)
		mtu = request.ifr_mtu;
	if (fd >= 0)
		close(fd);
	return mtu;
}

/* The MTU is of the interface that leads to documentation addresses (RFC 5737, RFC 3849), which
 * only the default route covers. */
static void look_interfaces(struct arena *arena, struct host_info *out)
{
	struct address source = {0};
	struct ifaddrs *all;
	size_t count = 0;
	bool leads_out = source_towards("192.0.2.1:443", &source) ||
		source_towards("[2001:db8::1]:443", &source);
	if (getifaddrs(&all) < 0)
		return;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next)
		count++;
	out->networks = arena_new(arena, struct network, count);
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		struct network network = {.bits = mask_bits(one->ifa_netmask)};
		if (!one->ifa_addr || !address_from_sockaddr(one->ifa_addr, &network.address))
			continue;
		network.address.port = 0;
		if (leads_out && !out->mtu && address_equal(&network.address, &source))
			out->mtu = mtu_of(one->ifa_name);
		if (!(one->ifa_flags & IFF_UP) || address_is_loopback(&network.address) ||
			address_is_link_local(&network.address))
			continue;
		out->networks[out->addresses.count] = network;
		addresses_add(arena, &out->addresses, network.address);
	}
	freeifaddrs(all);
}

void host_info_read(struct arena *arena, struct host_info *out)
{
	char name[256];
	*out = (struct host_info){0};
	look_interfaces(arena, out);
	resolve_configured(arena, &out->resolvers);
	if (gethostname(name, sizeof name) == 0)
		out->host_name = text_keep(arena, (struct text){name, strnlen(name, sizeof name)});
}
