/* TCP connections by plain sockets: all of a batch at once. */
#include "net/parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
/* behind time.h, whose struct timespec it uses */
#include <linux/errqueue.h>

static void settle(struct dial *dial, enum cause cause, struct text detail)
{
	dial->cause = cause;
	dial->detail = detail;
	dial->took_us = clock_us() - dial->began_us;
	if (cause != CAUSE_NONE && dial->fd >= 0) {
		close(dial->fd);
		dial->fd = -1;
	}
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

/* The ICMP error behind a failed connect; kernels before 5.8 do not keep it for TCP. */
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

static void settle_error(struct net *net, struct dial *dial, int error)
{
	struct sock_extended_err icmp = {0};
	struct text words = trouble_text(net->arena, error);
	enum cause cause = trouble_cause(error);
	dial->error = trouble_name(error);
	if (read_icmp(dial->fd, &icmp, &dial->hop)) {
		struct text hop = address_text(net->arena, &dial->hop);
		words = text_format(net->arena, "%.*s (ICMP type %u code %u from %.*s)",
			TEXT(words), icmp.ee_type, icmp.ee_code, TEXT(hop));
		if (is_prohibition(&icmp))
			cause = CAUSE_PROHIBITED;
	}
	settle(dial, cause, words);
}

static void note_local(struct dial *dial)
{
	struct sockaddr_storage name;
	socklen_t len = sizeof name;
	if (getsockname(dial->fd, (struct sockaddr *)&name, &len) == 0)
		address_from_sockaddr((const struct sockaddr *)&name, &dial->local);
}

/* What fails here fails by our own choice of port or size, and says nothing of the network. */
static bool prepare(const struct dial *dial)
{
	const int on = 1;
	bool six = dial->to.family == 6;
	if (dial->mss &&
		setsockopt(dial->fd, IPPROTO_TCP, TCP_MAXSEG, &dial->mss, sizeof dial->mss) < 0)
		return false;
	/* only for the ICMP error's origin, so failing is no harm */
	setsockopt(dial->fd, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_RECVERR : IP_RECVERR, &on,
		sizeof on);
	if (!dial->source_port)
		return true;
	struct address any = {.family = dial->to.family, .port = dial->source_port};
	struct sockaddr_storage name;
	socklen_t len = address_to_sockaddr(&any, &name);
	return setsockopt(dial->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		bind(dial->fd, (const struct sockaddr *)&name, len) == 0;
}

static void start(struct net *net, struct dial *dial)
{
	struct sockaddr_storage name;
	socklen_t len = address_to_sockaddr(&dial->to, &name);
	dial->began_us = clock_us();
	dial->error = T("");
	dial->hop = dial->local = (struct address){0};
	dial->fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->fd < 0) {
		int error = errno;
		dial->error = trouble_name(error);
		settle(dial, trouble_cause(error), trouble_text(net->arena, error));
	} else if (!prepare(dial)) {
		int error = errno;
		dial->error = trouble_name(error);
		settle(dial, CAUSE_LOCAL, trouble_text(net->arena, error));
	} else if (connect(dial->fd, (const struct sockaddr *)&name, len) < 0 &&
		errno != EINPROGRESS && errno != EINTR) {
		settle_error(net, dial, errno);
	} else {
		note_local(dial);
	}
}

static void finish(struct net *net, struct dial *dial)
{
	int error = 0;
	socklen_t len = sizeof error;
	if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error)
		settle_error(net, dial, error);
	else
		settle(dial, CAUSE_NONE, T(""));
}

/* One wait for all that is open; what it settles leaves the list. */
static size_t turn(struct net *net, struct dial *dials, struct pollfd *polls, size_t count, int ms)
{
	size_t settled = 0;
	if (poll(polls, count, ms) <= 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (polls[i].fd < 0 || !polls[i].revents)
			continue;
		finish(net, &dials[i]);
		polls[i].fd = -1;
		settled++;
	}
	return settled;
}

void dial_batch(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	struct pollfd *polls = arena_new(net->arena, struct pollfd, count);
	size_t open = 0;
	for (size_t i = 0; i < count; i++) {
		start(net, &dials[i]);
		polls[i] = (struct pollfd){.fd = dials[i].fd, .events = POLLOUT};
		open += dials[i].fd >= 0;
	}
	while (open && !interrupted && clock_us() < until_us)
		open -= turn(net, dials, polls, count, wait_ms(until_us));
	for (size_t i = 0; i < count; i++) {
		if (polls[i].fd >= 0)
			settle(&dials[i], wait_cause(), T(""));
	}
}
