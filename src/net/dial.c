/* TCP connections by plain sockets, through a proxy's tunnel where one is asked for: all of a batch
 * at once. */
#include "net/parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static void settle(struct dial *dial, enum symptom symptom, struct text detail)
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
	settle(dial, socket_error.symptom, socket_error.words);
}

/* What fails here fails by our own choice of port or size, and says nothing of the network. */
static bool prepare(const struct dial *dial)
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

static void start(struct net *net, struct dial *dial)
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
	bool made = dial->fd >= 0, prepared = made && prepare(dial);
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
	struct net *net;
	struct dial *dial;
	struct tunnel tunnel;
	bool connected;
};

/* The socket has something to tell: of the connection, then of the tunnel. True: it is settled. */
static bool advance(struct way *way, short *events)
{
	struct arena *arena = way->net->arena;
	struct dial *dial = way->dial;
	int error = 0;
	socklen_t len = sizeof error;
	if (!way->connected && getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (!way->connected && !error && dial->tunnel.len)
		tunnel_begin(arena, dial, &way->tunnel);
	way->connected = !error;
	if (!error && dial->tunnel.len &&
		!tunnel_advance(arena, dial, &way->tunnel, events, &error))
		return false;
	if (error)
		settle_error(way->net, dial, error);
	else
		settle(dial, dial->symptom, dial->detail);
	return true;
}

/* One wait for all that is open; what it settles leaves the list. */
static size_t turn(struct net *net, struct way *ways, struct pollfd *polls, size_t count, int ms)
{
	size_t settled = 0;
	if (exchange_poll(net, polls, count, ms) == 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (polls[i].fd < 0 || !polls[i].revents || !advance(&ways[i], &polls[i].events))
			continue;
		polls[i].fd = -1;
		settled++;
	}
	return settled;
}

void dial_batch(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	struct pollfd *polls = arena_new(net->arena, struct pollfd, count);
	struct way *ways = arena_new(net->arena, struct way, count);
	size_t open = 0;
	for (size_t i = 0; i < count; i++) {
		ways[i] = (struct way){.net = net, .dial = &dials[i]};
		start(net, &dials[i]);
		polls[i] = (struct pollfd){.fd = dials[i].fd, .events = POLLOUT};
		open += dials[i].fd >= 0;
	}
	while (open && !interrupted && clock_us() < until_us)
		open -= turn(net, ways, polls, count, wait_ms(until_us));
	for (size_t i = 0; i < count; i++) {
		if (polls[i].fd >= 0)
			settle(&dials[i], wait_symptom(), T(""));
	}
}
