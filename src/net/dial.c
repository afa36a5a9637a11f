/* TCP connections by plain sockets, through a proxy's tunnel where one is asked for: all of them
 * at once. */
#include "net/parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static void dial_settle(struct dial *dial, enum symptom symptom, struct text detail)
{
	dial->symptom = symptom;
	dial->detail = detail;
	dial->took_us = clock_us() - dial->began_us;
	if (symptom != SYMPTOM_NONE && dial->fd >= 0) {
		close(dial->fd);
		dial->fd = -1;
	}
}

static void settle_error(struct net *net, struct dial *dial, int error)
{
	struct socket_error socket_error;
	socket_error_read(net->arena, dial->fd, error, &socket_error);
	dial->error = socket_error.name;
	dial->hop = socket_error.hop;
	dial_settle(dial, socket_error.symptom, socket_error.words);
}

/* What fails here fails by our own choice of port or size, and says nothing of the network. */
static bool dial_prepare(const struct dial *dial)
{
	const int on = 1;
	if (dial->mss &&
		setsockopt(dial->fd, IPPROTO_TCP, TCP_MAXSEG, &dial->mss, sizeof dial->mss) < 0)
		return false;
	socket_error_keep(dial->fd, dial->to.family);
	if (!dial->source_port)
		return true;
	struct address any = {.family = dial->to.family, .port = dial->source_port};
	struct sockaddr_storage name;
	socklen_t len = address_to_sockaddr(&any, &name);
	return setsockopt(dial->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		bind(dial->fd, (const struct sockaddr *)&name, len) == 0;
}

static void dial_start(struct net *net, struct dial *dial)
{
	struct sockaddr_storage name;
	socklen_t len = address_to_sockaddr(&dial->to, &name);
	*dial = (struct dial){
		.to = dial->to,
		.source_port = dial->source_port,
		.mss = dial->mss,
		.tunnel = dial->tunnel,
		.tunnel_basic = dial->tunnel_basic,
		.began_us = clock_us(),
	};
	dial->fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool made = dial->fd >= 0, prepared = made && dial_prepare(dial);
	int done = -1;
	if (prepared)
		do
			done = connect(dial->fd, (const struct sockaddr *)&name, len);
		while (done < 0 && errno == EINTR);
	/* EALREADY: what a signal ended went on all the same */
	if (prepared && (done == 0 || errno == EINPROGRESS || errno == EALREADY)) {
		len = sizeof name;
		if (getsockname(dial->fd, (struct sockaddr *)&name, &len) == 0)
			address_from_sockaddr((const struct sockaddr *)&name, &dial->local);
		return;
	}
	settle_error(net, dial, errno);
	if (made && !prepared && dial->symptom != SYMPTOM_EXHAUSTED)
		dial->symptom = SYMPTOM_LOCAL;
}

/* a dial under way */
struct way {
	struct pending pending;
	struct dial *dial;
	short events;
	struct tunnel tunnel;
	bool connected;
};

static size_t dial_list(struct pending *pending, struct pollfd *polls, int64_t *due_us)
{
	const struct way *way = (struct way *)pending;
	(void)due_us;
	*polls = (struct pollfd){.fd = way->dial->fd, .events = way->events};
	return 1;
}

/* SYNs that were lost, or whose answers were (RFC 6298 section 2: the first is sent again after one
 * second) */
static int repeats_of(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0
		? 0
		: (int)info.tcpi_total_retrans;
}

/* The socket has something to tell: of the connection, then of the tunnel. */
static bool dial_advance(struct pending *pending, const struct pollfd *polls, size_t count)
{
	struct way *way = (struct way *)pending;
	struct net *net = pending->net;
	struct dial *dial = way->dial;
	int error = 0;
	socklen_t len = sizeof error;
	if (!count || !polls->revents)
		return false;
	if (!way->connected && getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (!way->connected && !error) {
		dial->repeats = repeats_of(dial->fd);
		if (dial->tunnel.len)
			tunnel_begin(net->arena, dial, &way->tunnel);
	}
	way->connected = !error;
	if (!error && dial->tunnel.len &&
		!tunnel_advance(net->arena, dial, &way->tunnel, &way->events, &error))
		return false;
	if (error)
		settle_error(net, dial, error);
	else
		dial_settle(dial, dial->symptom, dial->detail);
	return true;
}

static void dial_give_up(struct pending *pending, enum symptom symptom)
{
	dial_settle(((struct way *)pending)->dial, symptom, T(""));
}

void dial_begin(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	for (size_t i = 0; i < count; i++) {
		struct way *way = arena_new(net->arena, struct way, 1);
		*way = (struct way){
			.pending = {.net = net,
				.polls_max = 1,
				.list = dial_list,
				.advance = dial_advance,
				.give_up = dial_give_up},
			.dial = &dials[i],
			.events = POLLOUT,
		};
		dial_start(net, &dials[i]);
		if (dials[i].fd >= 0)
			pending_add(net, &way->pending, &dials[i].pending, until_us);
	}
}
