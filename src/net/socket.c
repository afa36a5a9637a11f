/* What the adapters share: how something gets under way, and the meaning of errors of sockets and
 * of the ICMP errors behind them. */
#include "net/parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
/* behind time.h, whose struct timespec it uses */
#include <linux/errqueue.h>

void pending_add(struct net *net, struct pending *pending, struct pending **held, int64_t until_us)
{
	struct underway *underway = net->state;
	pending->held = held;
	pending->owner = net->owner;
	pending->until_us = until_us;
	*held = *underway->last = pending;
	underway->last = &pending->next;
	if (!pending->list)
		pending->polls_max = 1;
	underway->polls_max += pending->polls_max;
}

void forget_answers(void *element, size_t from, size_t size)
{
	memset((char *)element + from, 0, size - from);
}

struct meaning {
	struct text name;
	int error;
	enum symptom symptom;
};

#define ROW(number, means)                                   \
	{                                                    \
		{#number, sizeof #number - 1}, number, means \
	}

static const struct meaning meanings[] = {
	ROW(ETIMEDOUT, SYMPTOM_TIMEOUT),
	ROW(ECONNREFUSED, SYMPTOM_REFUSED),
	ROW(ECONNRESET, SYMPTOM_RESET),
	ROW(ECONNABORTED, SYMPTOM_RESET),
	/* the peer's reset came before our own write */
	ROW(EPIPE, SYMPTOM_RESET),
	ROW(ENETUNREACH, SYMPTOM_UNREACHABLE),
	ROW(EHOSTUNREACH, SYMPTOM_UNREACHABLE),
	ROW(ENETDOWN, SYMPTOM_UNREACHABLE),
	ROW(EHOSTDOWN, SYMPTOM_UNREACHABLE),
	/* what connect to a link-local address gives on Fargate, where no link has one */
	ROW(EINVAL, SYMPTOM_UNREACHABLE),
	ROW(EACCES, SYMPTOM_PROHIBITED),
	ROW(EPERM, SYMPTOM_PROHIBITED),
	ROW(EAFNOSUPPORT, SYMPTOM_NO_ADDRESS),
	ROW(EADDRNOTAVAIL, SYMPTOM_NO_ADDRESS),
	ROW(EADDRINUSE, SYMPTOM_LOCAL),
	ROW(EMFILE, SYMPTOM_EXHAUSTED),
	ROW(ENFILE, SYMPTOM_EXHAUSTED),
	ROW(ENOBUFS, SYMPTOM_EXHAUSTED),
	ROW(ENOMEM, SYMPTOM_EXHAUSTED),
	ROW(EMSGSIZE, SYMPTOM_LOCAL),
	ROW(EPROTO, SYMPTOM_LOCAL),
	ROW(ENOPROTOOPT, SYMPTOM_LOCAL),
	ROW(EBADF, SYMPTOM_LOCAL),
};

static struct meaning meaning_of(int error)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].error == error)
			return meanings[i];
	return (struct meaning){.symptom = SYMPTOM_LOCAL};
}

enum symptom socket_error_symptom(int error)
{
	return meaning_of(error).symptom;
}

struct text socket_error_text(struct arena *arena, int error)
{
	return text_keep(arena, text_of(strerror(error)));
}

void socket_error_keep(int fd, int family)
{
	const int on = 1;
	setsockopt(fd, family == 6 ? IPPROTO_IPV6 : IPPROTO_IP,
		family == 6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
}

/* RFC 792 and RFC 1812 5.2.7.1, RFC 4443 3.1: a router or firewall says that it will not */
static bool is_prohibition(const struct sock_extended_err *error)
{
	if (error->ee_origin == SO_EE_ORIGIN_ICMP)
		return error->ee_type == 3 &&
			(error->ee_code == 9 || error->ee_code == 10 || error->ee_code == 13);
	return error->ee_type == 1 &&
		(error->ee_code == 1 || error->ee_code == 5 || error->ee_code == 6);
}

/* Kernels before 5.8 do not keep it for TCP. */
static bool read_icmp(int fd, struct sock_extended_err *out, struct address *hop)
{
	_Alignas(struct cmsghdr) char control[512];
	struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
	if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part;
		part = CMSG_NXTHDR(&message, part)) {
		if (!(part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR) &&
			!(part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR))
			continue;
		/* the offender's address stands behind the error: SO_EE_OFFENDER */
		struct {
			struct sock_extended_err error;
			struct sockaddr_in6 offender;
		} got = {0};
		size_t len = part->cmsg_len - CMSG_LEN(0);
		memcpy(&got, CMSG_DATA(part), len < sizeof got ? len : sizeof got);
		*out = got.error;
		address_from_sockaddr((const struct sockaddr *)&got.offender, hop);
		hop->port = 0;
		return out->ee_origin == SO_EE_ORIGIN_ICMP || out->ee_origin == SO_EE_ORIGIN_ICMP6;
	}
	return false;
}

void socket_error_read(struct arena *arena, int fd, int error, struct socket_error *out)
{
	struct sock_extended_err icmp = {0};
	struct meaning meaning = meaning_of(error);
	*out = (struct socket_error){
		meaning.symptom, meaning.name, socket_error_text(arena, error), {0}};
	if (!read_icmp(fd, &icmp, &out->hop))
		return;
	struct text hop = address_text(arena, &out->hop);
	out->words = text_format(arena, "%.*s (ICMP type %u code %u from %.*s)", TEXT(out->words),
		icmp.ee_type, icmp.ee_code, TEXT(hop));
	if (is_prohibition(&icmp))
		out->symptom = SYMPTOM_PROHIBITED;
}

struct text socket_shown(struct arena *arena, struct text bytes)
{
	char *copy = text_string(arena, bytes);
	for (size_t i = 0; copy[i]; i++)
		copy[i] = copy[i] < ' ' || copy[i] > '~' ? '.' : copy[i];
	return text_of(copy);
}
