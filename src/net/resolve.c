/* One question to one server, by c-ares.
 *
 * Every query has a channel of its own with a single server, so that an answer says something of
 * that server alone. The sockets are ours (ares_set_socket_functions): c-ares reports a closed
 * port, a missing route and a filter with one code, and only errno tells them apart. */

/* Debian 12's c-ares 1.18 has only what 1.34 calls deprecated. */
#define CARES_NO_DEPRECATED
#include "base/arena.h"
#include "base/die.h"
#include "base/file.h"
#include "net/parts.h"
#include <ares.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DNS_PORT = 53, EDNS_BYTES = 1232, UDP_TRIES = 4 };
enum { RESOLV_CONF_BYTES_MAX = 64 * 1024, HEARD_MAX = 128 * 1024 };

/* a query under way */
struct asked {
	struct net *net;
	struct query *query;
	ares_channel channel;
	bool settled;
	bool failed;   /* a socket did; `socket_error` says how */
	bool ended;    /* the server closed the TCP connection */
	int64_t heard; /* bytes that came, usable or not */
	struct socket_error socket_error;
};

/* What only means "later" is no failure. */
static int note_error(struct asked *asked, int fd)
{
	int error = errno;
	if (error == EAGAIN || error == EWOULDBLOCK || error == EINPROGRESS || error == EINTR)
		return -1;
	if (!asked->failed)
		socket_error_read(asked->net->arena, fd, error, &asked->socket_error);
	asked->failed = true;
	errno = error; /* for c-ares */
	return -1;
}

static ares_socket_t open_socket(int family, int type, int protocol, void *context)
{
	struct asked *asked = context;
	/* C-ares asks over TCP by itself only after a truncated UDP answer (RFC 7766 5), which then
	 * is no answer. */
	if (type == SOCK_STREAM && !asked->query->tcp) {
		asked->query->truncated = true;
		asked->heard = 0;
	}
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return note_error(asked, fd);
	socket_error_keep(fd, family == AF_INET6 ? 6 : 4);
	return fd;
}

static int close_socket(ares_socket_t fd, void *context)
{
	(void)context;
	return close(fd);
}

static int connect_socket(
	ares_socket_t fd, const struct sockaddr *to, ares_socklen_t len, void *context)
{
	int done;
	do
		done = connect(fd, to, len);
	while (done < 0 && errno == EINTR);
	return done < 0 ? note_error(context, fd) : 0;
}

static ares_ssize_t receive(ares_socket_t fd, void *bytes, size_t size, int flags,
	struct sockaddr *from, ares_socklen_t *len, void *context)
{
	struct asked *asked = context;
	ssize_t count = recvfrom(fd, bytes, size, flags, from, len);
	if (count < 0)
		return note_error(asked, fd);
	/* c-ares reads on as long as datagrams come, whether they answer or not */
	if (asked->heard > HEARD_MAX) {
		errno = EAGAIN;
		return -1;
	}
	asked->heard += count;
	asked->ended = count == 0;
	return count;
}

static ares_ssize_t send_all(ares_socket_t fd, const struct iovec *parts, int count, void *context)
{
	union {
		const struct iovec *given;
		struct iovec *wanted; /* POSIX forgot the const; sendmsg only reads */
	} vector = {.given = parts};
	struct msghdr message = {.msg_iov = vector.wanted, .msg_iovlen = (size_t)count};
	ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	return sent < 0 ? note_error(context, fd) : sent;
}

static const struct ares_socket_functions sockets = {
	open_socket, close_socket, connect_socket, receive, send_all};

static void settle(struct asked *asked, enum symptom symptom, struct text detail)
{
	struct query *query = asked->query;
	asked->settled = true;
	query->symptom = symptom;
	query->detail = detail;
	query->took_us = clock_us() - query->began_us;
}

/* No answer came: the sockets know more than c-ares' status. */
static void settle_silence(struct asked *asked, int status)
{
	struct arena *arena = asked->net->arena;
	struct query *query = asked->query;
	const struct socket_error *error = &asked->socket_error;
	query->error = error->name;
	query->hop = error->hop;
	if (asked->failed && error->symptom == SYMPTOM_REFUSED && !query->tcp && !query->truncated)
		settle(asked, SYMPTOM_REFUSED,
			T("ICMP port unreachable: no resolver listens there"));
	else if (asked->failed)
		settle(asked, error->symptom, error->words);
	else if (asked->ended)
		settle(asked, SYMPTOM_CLOSED, T("the server closed the connection, no answer"));
	else if (asked->heard)
		settle(asked, SYMPTOM_MALFORMED,
			text_format(arena, "%lld bytes came, no answer to the question",
				(long long)asked->heard));
	else if (status == ARES_ETIMEOUT && query->truncated)
		settle(asked, SYMPTOM_TIMEOUT,
			T("the UDP answer was truncated, and TCP port 53 does not answer"));
	else if (status == ARES_ETIMEOUT)
		settle(asked, SYMPTOM_TIMEOUT, text_of(ares_strerror(status)));
	else
		settle(asked, SYMPTOM_LOCAL, text_of(ares_strerror(status)));
}

static void on_answer(void *context, int status, int timeouts, unsigned char *bytes, int len)
{
	struct asked *asked = context;
	(void)timeouts;
	if (asked->settled || status == ARES_EDESTRUCTION || status == ARES_ECANCELLED)
		return;
	if (!bytes || len < NS_HFIXEDSZ) {
		settle_silence(asked, status);
		return;
	}
	struct query *query = asked->query;
	struct text message = {(const char *)bytes, (size_t)len};
	enum symptom symptom = dns_read(asked->net->arena, message, query->name, query->record,
		&query->addresses, &query->cnames);
	struct text detail = symptom == SYMPTOM_NONE ? T("") : text_of(ares_strerror(status));
	if (symptom == SYMPTOM_NODATA && query->cnames.count)
		detail = T("the chain of aliases ends without an address");
	else if (symptom == SYMPTOM_MALFORMED)
		detail = T("the answer is truncated or contradicts itself");
	settle(asked, symptom, detail);
}

/* Backoff doubles, so UDP asks at 0, 1/8, 3/8 and 7/8 of the time: one lost packet, or three, do
 * not fail the query. Neither resolv.conf nor the hosts file may have a say. */
static int open_channel(struct asked *asked, int64_t span_us)
{
	char no_file[] = "/dev/null", dns_only[] = "b";
	const struct address *server = &asked->query->server;
	struct ares_addr_port_node node = {.family = server->family == 6 ? AF_INET6 : AF_INET};
	int span = span_us > 0 ? (int)(span_us / 1000) + 1 : 1;
	struct ares_options options = {
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES |
			ARES_FLAG_EDNS | (asked->query->tcp ? ARES_FLAG_USEVC : 0),
		.timeout = asked->query->tcp ? span + 1000 : span / 8 + 1,
		.tries = asked->query->tcp ? 1 : UDP_TRIES,
		.ednspsz = EDNS_BYTES,
		.lookups = dns_only,
		.resolvconf_path = no_file,
	};
	int status = ares_init_options(&asked->channel, &options,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ |
			ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF);
	if (status != ARES_SUCCESS) {
		asked->channel = NULL;
		return status;
	}
	ares_set_socket_functions(asked->channel, &sockets, asked);
	memcpy(&node.addr, server->bytes, server->family == 6 ? 16 : 4);
	node.udp_port = node.tcp_port = server->port ? server->port : DNS_PORT;
	return ares_set_servers_ports(asked->channel, &node);
}

static void ask(struct asked *asked, int64_t until_us)
{
	struct query *query = asked->query;
	*query = (struct query){.name = query->name,
		.record = query->record,
		.tcp = query->tcp,
		.server = query->server,
		.began_us = clock_us()};
	int status = open_channel(asked, until_us - query->began_us);
	if (status != ARES_SUCCESS)
		settle(asked, SYMPTOM_LOCAL, text_of(ares_strerror(status)));
	else
		ares_query(asked->channel, text_string(asked->net->arena, query->name), ns_c_in,
			query->record == RECORD_AAAA ? ns_t_aaaa : ns_t_a, on_answer, asked);
}

/* the sockets of a channel that wait for something; their number */
static size_t list_sockets(struct asked *asked, struct pollfd *out)
{
	ares_socket_t fds[ARES_GETSOCK_MAXNUM];
	unsigned wanted = (unsigned)ares_getsock(asked->channel, fds, ARES_GETSOCK_MAXNUM);
	size_t count = 0;
	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		/* what ARES_GETSOCK_READABLE and _WRITABLE say, without their signed shifts */
		int in = wanted >> i & 1 ? POLLIN : 0;
		int to = wanted >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0;
		if (in | to)
			out[count++] = (struct pollfd){.fd = fds[i], .events = (short)(in | to)};
	}
	return count;
}

static void serve_sockets(struct asked *asked, const struct pollfd *polls, size_t count)
{
	const short failed = POLLERR | POLLHUP | POLLNVAL;
	for (size_t i = 0; i < count; i++) {
		short events = polls[i].revents;
		ares_process_fd(asked->channel,
			events & (POLLIN | failed) ? polls[i].fd : ARES_SOCKET_BAD,
			events & (POLLOUT | failed) ? polls[i].fd : ARES_SOCKET_BAD);
	}
	/* retransmits what is due */
	ares_process_fd(asked->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* One wait for all that is open; the number still open after it. `polls` has room for every socket,
 * `mine` for a number each. */
static size_t turn(struct asked *all, size_t count, struct pollfd *polls, size_t *mine, int ms)
{
	size_t used = 0, open = 0;
	for (size_t i = 0; i < count; i++) {
		mine[i] = all[i].settled ? 0 : list_sockets(&all[i], polls + used);
		used += mine[i];
		if (all[i].settled)
			continue;
		/* a channel may want to be served without any event */
		struct timeval room, most = {.tv_usec = (suseconds_t)ms * 1000};
		const struct timeval *due = ares_timeout(all[i].channel, &most, &room);
		if (due)
			ms = (int)(due->tv_sec * 1000 + (due->tv_usec + 999) / 1000);
	}
	if (exchange_poll(all[0].net, polls, used, ms) == 0)
		used = 0; /* interrupted, perhaps: the events are not set */
	for (size_t i = 0, at = 0; i < count; at += mine[i++]) {
		if (!all[i].settled)
			serve_sockets(&all[i], polls + at, used ? mine[i] : 0);
		/* asking again would only meet the limit that systems put on ICMP errors */
		if (!all[i].settled && (all[i].failed || all[i].heard > HEARD_MAX))
			settle_silence(&all[i], ARES_ECONNREFUSED);
		open += !all[i].settled;
	}
	return open;
}

void resolve_batch(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	struct asked *all = arena_new(net->arena, struct asked, count);
	struct pollfd *polls = arena_new(net->arena, struct pollfd, count * ARES_GETSOCK_MAXNUM);
	size_t *mine = arena_new(net->arena, size_t, count), open = 0;
	for (size_t i = 0; i < count; i++) {
		all[i] = (struct asked){.net = net, .query = &queries[i]};
		ask(&all[i], until_us);
		open += !all[i].settled;
	}
	while (open && !interrupted && clock_us() < until_us)
		open = turn(all, count, polls, mine, wait_ms(until_us));
	for (size_t i = 0; i < count; i++) {
		if (!all[i].settled && interrupted)
			settle(&all[i], SYMPTOM_DEADLINE, T(""));
		else if (!all[i].settled)
			settle_silence(&all[i], ARES_ETIMEOUT);
		if (all[i].channel)
			ares_destroy(all[i].channel);
	}
}

/* "nameserver 10.0.0.2 # ours": resolv.conf(5) */
static void take_line(struct arena *arena, struct text line, struct addresses *out)
{
	static const char key[] = "nameserver", blank[] = " \t\r";
	const char *at = text_string(arena, line);
	struct address server;
	if (strncmp(at, key, sizeof key - 1) != 0 || !strspn(at + sizeof key - 1, blank))
		return;
	at += sizeof key - 1;
	at += strspn(at, blank);
	if (!address_parse((struct text){at, strcspn(at, " \t\r%#;")}, &server))
		return;
	server.port = server.port ? server.port : DNS_PORT;
	addresses_add(arena, out, server);
}

/* Not by c-ares: where it cannot open or read the file, for whatever reason, it silently takes this
 * machine for the resolver, and the verdict would be about nobody's. */
void resolve_configured(struct arena *arena, struct addresses *out)
{
	struct text rest, complaint;
	/* where no descriptor is left, or it is a pipe or a folder, the program ends */
	if (!file_read(arena, T("/etc/resolv.conf"), RESOLV_CONF_BYTES_MAX, &rest, &complaint)) {
		/* without the file every resolver asks this machine; with one that cannot be read,
		 * nobody knows whom */
		if (errno == EINVAL || errno == ENXIO || errno == EISDIR)
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		if (errno != ENOENT)
			return;
		rest = T("");
	}
	while (rest.len)
		take_line(arena, text_cut(&rest, T("\n")), out);
	if (out->count == 0)
		take_line(arena, T("nameserver 127.0.0.1"), out);
}

void resolve_begin(void)
{
	ares_library_init_mem(ARES_LIB_INIT_ALL, memory_take, free, memory_resize);
}

struct text resolve_library(struct arena *arena)
{
	return text_format(arena, "c-ares %s", ares_version(NULL));
}
