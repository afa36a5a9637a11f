/* TCP connections by plain sockets, all of them at once; through a proxy's tunnel where one is
 * asked for: CONNECT and its answer (RFC 9110 9.3.6). Nothing may follow the answer's head before
 * we have spoken: so it is read to its end, whatever is in one packet. */
#include "net/parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_MAX = 16 * 1024, SHOWN_MAX = 64 };

/* a dial under way */
struct way {
	struct pending pending;
	struct dial *dial;
	bool connected;
	/* the asking for a tunnel */
	struct text rest; /* of the request, not yet sent; a secret may be in it */
	char *answer;
	size_t len;
};

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
	forget_answers(dial, offsetof(struct dial, symptom), sizeof *dial);
	dial->began_us = clock_us();
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

/* the tunnel ------------------------------------------------------------------------------- */

/* empty where no tunnel is asked for */
static struct text tunnel_request(struct arena *arena, const struct dial *dial)
{
	bool basic = dial->tunnel_basic.len > 0;
	if (!dial->tunnel.len)
		return T("");
	return text_format(arena, "CONNECT %.*s HTTP/1.1\r\nHost: %.*s\r\n%s%.*s%s\r\n",
		TEXT(dial->tunnel), TEXT(dial->tunnel), basic ? "Proxy-Authorization: Basic " : "",
		TEXT(dial->tunnel_basic), basic ? "\r\n" : "");
}

/* True, as of all that end the asking. */
static bool tunnel_fail(struct dial *dial, enum symptom symptom, struct text detail)
{
	dial->symptom = symptom;
	dial->detail = detail;
	return true;
}

static void take_header(struct arena *arena, struct dial *dial, struct text line)
{
	const struct {
		struct text name;
		struct text *value;
	} wanted[] = {
		{T("server"), &dial->server},
		{T("via"), &dial->via},
		{T("proxy-authenticate"), &dial->challenge},
	};
	struct text value = line, name = text_cut(&value, T(":"));
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (text_same(name, wanted[i].name) && !wanted[i].value->len)
			*wanted[i].value = text_keep(arena, text_trim(value));
}

static bool judge_answer(
	struct arena *arena, struct dial *dial, struct text head, struct text behind)
{
	struct text line = text_cut(&head, T("\r\n")), rest = line;
	/* "HTTP/1.1 407 Proxy Authentication Required": RFC 9112 section 4 */
	bool is_http = text_starts(text_cut(&rest, T(" ")), T("HTTP/1."));
	int64_t status;
	if (!is_http || !text_number(text_head(rest, 3), &status) || status < 100 || status > 599)
		return tunnel_fail(dial, SYMPTOM_MALFORMED,
			text_format(arena, "no HTTP answer: \"%.*s\"",
				TEXT(socket_shown(arena, text_head(line, SHOWN_MAX)))));
	dial->status = (int)status;
	while (head.len)
		take_header(arena, dial, text_cut(&head, T("\r\n")));
	if (dial->status < 200 || dial->status > 299)
		tunnel_fail(dial, SYMPTOM_STATUS,
			text_format(arena, "HTTP status %d to CONNECT", dial->status));
	else if (behind.len)
		tunnel_fail(
			dial, SYMPTOM_MALFORMED, T("bytes follow the proxy's answer to CONNECT"));
	return true;
}

/* Goes on as far as the socket lets it. True: the proxy has answered, or `error` (an errno) or the
 * dial's own `symptom` says why it has not. False: it waits for the socket. */
static bool tunnel_advance(struct way *way, int *error)
{
	struct dial *dial = way->dial;
	ssize_t count = 0;
	while (way->rest.len && count >= 0) {
		way->pending.events = POLLOUT;
		count = send(dial->fd, way->rest.at, way->rest.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		way->rest = text_skip(way->rest, count > 0 ? (size_t)count : 0);
	}
	if (count >= 0) {
		way->pending.events = POLLIN;
		count = recv(dial->fd, way->answer + way->len, HEAD_MAX - way->len, 0);
	}
	if (count < 0) {
		*error = errno == EAGAIN || errno == EINTR ? 0 : errno;
		return *error != 0;
	}
	way->len += (size_t)count;
	struct text all = {way->answer, way->len};
	size_t end = text_find(all, T("\r\n\r\n"));
	bool is_http = text_starts(all, text_head(T("HTTP/1."), all.len));
	if (end < all.len || (all.len && !is_http))
		return judge_answer(way->pending.net->arena, dial, text_head(all, end + 2),
			text_skip(all, end + 4));
	if (count == 0)
		return tunnel_fail(dial, SYMPTOM_CLOSED, T("the proxy closed the connection"));
	return way->len == HEAD_MAX &&
		tunnel_fail(
			dial, SYMPTOM_TOO_LARGE, T("the proxy's answer to CONNECT is too long"));
}

/* under way -------------------------------------------------------------------------------- */

/* The socket has something to tell: of the connection, then of the tunnel. */
static bool dial_advance(struct pending *pending, const struct pollfd *polls, size_t count)
{
	struct way *way = (struct way *)pending;
	struct dial *dial = way->dial;
	int error = 0;
	socklen_t len = sizeof error;
	if (!count || !polls->revents)
		return false;
	if (!way->connected && getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (!way->connected && !error) {
		/* SYNs that were lost, or whose answers were (RFC 6298 section 2: the first is sent
		 * again after one second) */
		struct tcp_info info = {0};
		len = sizeof info;
		getsockopt(dial->fd, IPPROTO_TCP, TCP_INFO, &info, &len);
		dial->repeats = (int)info.tcpi_total_retrans;
		way->rest = tunnel_request(pending->net->arena, dial);
	}
	way->connected = !error;
	if (!error && dial->tunnel.len && !tunnel_advance(way, &error))
		return false;
	if (error)
		settle_error(pending->net, dial, error);
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
				.events = POLLOUT,
				.advance = dial_advance,
				.give_up = dial_give_up},
			.dial = &dials[i],
			.answer = arena_new(net->arena, char, dials[i].tunnel.len ? HEAD_MAX : 0),
		};
		dial_start(net, &dials[i]);
		way->pending.fd = dials[i].fd;
		if (dials[i].fd >= 0)
			pending_add(net, &way->pending, &dials[i].pending, until_us);
	}
}
