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
	struct pending pending;
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
		socket_error_read(asked->pending.net->arena, fd, error, &asked->socket_error);
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
	while (done < 0 && errno == EINTR && !interrupted);
	return done < 0 ? note_error(context, fd) : 0;
}

static ares_ssize_t receive(ares_socket_t fd, void *bytes, size_t size, int flags,
	struct sockaddr *from, ares_socklen_t *len, void *context)
{
	struct asked *asked = context;
	ssize_t count;
	do /* c-ares takes an interruption for a server that failed */
		count = recvfrom(fd, bytes, size, flags, from, len);
	while (count < 0 && errno == EINTR && !interrupted);
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
	ssize_t sent;
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR && !interrupted);
	return sent < 0 ? note_error(context, fd) : sent;
}

static const struct ares_socket_functions sockets = {
	open_socket, close_socket, connect_socket, receive, send_all};

static void query_settle(struct asked *asked, enum symptom symptom, struct text detail)
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
	struct arena *arena = asked->pending.net->arena;
	struct query *query = asked->query;
	const struct socket_error *error = &asked->socket_error;
	query->error = error->name;
	query->hop = error->hop;
	if (asked->failed && error->symptom == SYMPTOM_REFUSED && !query->tcp && !query->truncated)
		query_settle(asked, SYMPTOM_REFUSED,
			T("ICMP port unreachable: no resolver listens there"));
	else if (asked->failed)
		query_settle(asked, error->symptom, error->words);
	else if (asked->ended)
		query_settle(
			asked, SYMPTOM_CLOSED, T("the server closed the connection, no answer"));
	else if (asked->heard)
		query_settle(asked, SYMPTOM_MALFORMED,
			text_format(arena, "%lld bytes came, no answer to the question",
				(long long)asked->heard));
	else if (status == ARES_ETIMEOUT && query->truncated)
		query_settle(asked, SYMPTOM_TIMEOUT,
			T("the UDP answer was truncated, and TCP port 53 does not answer"));
	else if (status == ARES_ETIMEOUT)
		query_settle(asked, SYMPTOM_TIMEOUT, text_of(ares_strerror(status)));
	else
		query_settle(asked, SYMPTOM_LOCAL, text_of(ares_strerror(status)));
}

static void on_answer(void *context, int status, int timeouts, unsigned char *bytes, int len)
{
	struct asked *asked = context;
	if (asked->settled || status == ARES_EDESTRUCTION || status == ARES_ECANCELLED)
		return;
	if (!bytes || len < NS_HFIXEDSZ) {
		settle_silence(asked, status);
		return;
	}
	struct query *query = asked->query;
	query->repeats = timeouts;
	struct text message = {(const char *)bytes, (size_t)len};
	enum symptom symptom = dns_read(asked->pending.net->arena, message, query->name,
		query->record, &query->addresses, &query->cnames);
	struct text detail = symptom == SYMPTOM_NONE ? T("") : text_of(ares_strerror(status));
	if (symptom == SYMPTOM_NODATA && query->cnames.count)
		detail = T("the chain of aliases ends without an address");
	else if (symptom == SYMPTOM_MALFORMED)
		detail = T("the answer is truncated or contradicts itself");
	query_settle(asked, symptom, detail);
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

static void query_ask(struct asked *asked, int64_t until_us)
{
	struct query *query = asked->query;
	forget_answers(query, offsetof(struct query, symptom), sizeof *query);
	query->began_us = clock_us();
	int status = open_channel(asked, until_us - query->began_us);
	if (status != ARES_SUCCESS)
		query_settle(asked, SYMPTOM_LOCAL, text_of(ares_strerror(status)));
	else
		ares_query(asked->channel, text_string(asked->pending.net->arena, query->name),
			ns_c_in, query->record == RECORD_AAAA ? ns_t_aaaa : ns_t_a, on_answer,
			asked);
}

/* the sockets of the channel that wait for something, and when it wants to send again */
static size_t query_list(struct pending *pending, struct pollfd *polls, int64_t *due_us)
{
	struct asked *asked = (struct asked *)pending;
	struct timeval room;
	const struct timeval *due = ares_timeout(asked->channel, NULL, &room);
	int64_t due_at = due ? clock_us() + due->tv_sec * SECOND_US + due->tv_usec : *due_us;
	*due_us = due_at < *due_us ? due_at : *due_us;
	ares_socket_t fds[ARES_GETSOCK_MAXNUM];
	unsigned wanted = (unsigned)ares_getsock(asked->channel, fds, ARES_GETSOCK_MAXNUM);
	size_t count = 0;
	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		/* what ARES_GETSOCK_READABLE and _WRITABLE say, without their signed shifts */
		int in = wanted >> i & 1 ? POLLIN : 0;
		int to = wanted >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0;
		if (in | to)
			polls[count++] = (struct pollfd){.fd = fds[i], .events = (short)(in | to)};
	}
	return count;
}

/* the channel can go when its last callback has returned */
static bool end_if_settled(struct asked *asked)
{
	if (asked->settled && asked->channel)
		ares_destroy(asked->channel);
	return asked->settled;
}

static bool query_advance(struct pending *pending, const struct pollfd *polls, size_t count)
{
	struct asked *asked = (struct asked *)pending;
	const short failed = POLLERR | POLLHUP | POLLNVAL;
	for (size_t i = 0; i < count && !asked->settled; i++) {
		short events = polls[i].revents;
		ares_process_fd(asked->channel,
			events & (POLLIN | failed) ? polls[i].fd : ARES_SOCKET_BAD,
			events & (POLLOUT | failed) ? polls[i].fd : ARES_SOCKET_BAD);
	}
	/* retransmits what is due */
	ares_process_fd(asked->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	/* asking again would only meet the limit that systems put on ICMP errors */
	if (!asked->settled && (asked->failed || asked->heard > HEARD_MAX))
		settle_silence(asked, ARES_ECONNREFUSED);
	return end_if_settled(asked);
}

static void query_give_up(struct pending *pending, enum symptom symptom)
{
	struct asked *asked = (struct asked *)pending;
	if (symptom == SYMPTOM_DEADLINE)
		query_settle(asked, SYMPTOM_DEADLINE, T(""));
	else
		settle_silence(asked, ARES_ETIMEOUT);
	end_if_settled(asked);
}

void resolve_begin(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	for (size_t i = 0; i < count; i++) {
		struct asked *asked = arena_new(net->arena, struct asked, 1);
		*asked = (struct asked){
			.pending = {.net = net,
				.polls_max = ARES_GETSOCK_MAXNUM,
				.list = query_list,
				.advance = query_advance,
				.give_up = query_give_up},
			.query = &queries[i],
		};
		query_ask(asked, until_us);
		/* where the kernel says at once that it cannot be sent, nothing is waited for */
		if (!asked->settled && asked->failed)
			settle_silence(asked, ARES_ECONNREFUSED);
		if (!end_if_settled(asked))
			pending_add(net, &asked->pending, &queries[i].pending, until_us);
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

void resolve_use_memory(void)
{
	ares_library_init_mem(ARES_LIB_INIT_ALL, memory_take, free, memory_resize);
}

struct text resolve_library(struct arena *arena)
{
	return text_format(arena, "c-ares %s", ares_version(NULL));
}
