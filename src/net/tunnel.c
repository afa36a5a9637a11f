/* A tunnel through an HTTP proxy: CONNECT and its answer (RFC 9110 9.3.6). Nothing may follow the
 * answer's head before we have spoken: so it is read to its end, whatever is in one packet. */
#include "net/parts.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { HEAD_MAX = 16 * 1024, SHOWN_MAX = 64 };

void tunnel_begin(struct arena *arena, const struct dial *dial, struct tunnel *out)
{
	const char *before = dial->tunnel_basic.len ? "Proxy-Authorization: Basic " : "";
	const char *after = dial->tunnel_basic.len ? "\r\n" : "";
	*out = (struct tunnel){
		.rest = text_format(arena, "CONNECT %.*s HTTP/1.1\r\nHost: %.*s\r\n%s%.*s%s\r\n",
			TEXT(dial->tunnel), TEXT(dial->tunnel), before, TEXT(dial->tunnel_basic),
			after),
		.answer = arena_new(arena, char, HEAD_MAX),
	};
}

static void fail(struct dial *dial, enum symptom symptom, struct text detail)
{
	dial->symptom = symptom;
	dial->detail = detail;
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

/* "HTTP/1.1 407 Proxy Authentication Required": RFC 9112 section 4 */
static bool take_status(struct dial *dial, struct text line)
{
	struct text rest = line, version = text_cut(&rest, T(" "));
	int64_t status;
	if (!text_starts(version, T("HTTP/1.")) || !text_number(text_head(rest, 3), &status) ||
		status < 100 || status > 599)
		return false;
	dial->status = (int)status;
	return true;
}

static void judge_answer(
	struct arena *arena, struct dial *dial, struct text head, struct text behind)
{
	struct text line = text_cut(&head, T("\r\n"));
	if (!take_status(dial, line)) {
		struct text words = socket_shown(arena, text_head(line, SHOWN_MAX));
		fail(dial, SYMPTOM_MALFORMED,
			text_format(arena, "no HTTP answer: \"%.*s\"", TEXT(words)));
		return;
	}
	while (head.len)
		take_header(arena, dial, text_cut(&head, T("\r\n")));
	if (dial->status < 200 || dial->status > 299)
		fail(dial, SYMPTOM_STATUS,
			text_format(arena, "HTTP status %d to CONNECT", dial->status));
	else if (behind.len)
		fail(dial, SYMPTOM_MALFORMED, T("bytes follow the proxy's answer to CONNECT"));
}

/* One read; true when no more are needed. */
static bool read_more(struct arena *arena, struct dial *dial, struct tunnel *tunnel, int *error)
{
	ssize_t count = recv(dial->fd, tunnel->answer + tunnel->len, HEAD_MAX - tunnel->len, 0);
	if (count < 0) {
		*error = errno == EAGAIN || errno == EINTR ? 0 : errno;
		return *error != 0;
	}
	tunnel->len += (size_t)count;
	struct text all = {tunnel->answer, tunnel->len};
	size_t end = text_find(all, T("\r\n\r\n"));
	bool is_http = text_starts(all, text_head(T("HTTP/1."), all.len));
	if (end < all.len || (all.len && !is_http))
		judge_answer(arena, dial, text_head(all, end + 2), text_skip(all, end + 4));
	else if (count == 0)
		fail(dial, SYMPTOM_CLOSED, T("the proxy closed the connection"));
	else if (tunnel->len == HEAD_MAX)
		fail(dial, SYMPTOM_TOO_LARGE, T("the proxy's answer to CONNECT is too long"));
	else
		return false;
	return true;
}

bool tunnel_advance(
	struct arena *arena, struct dial *dial, struct tunnel *tunnel, short *events, int *error)
{
	while (tunnel->rest.len) {
		ssize_t count = send(
			dial->fd, tunnel->rest.at, tunnel->rest.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (count < 0) {
			*events = POLLOUT;
			*error = errno == EAGAIN || errno == EINTR ? 0 : errno;
			return *error != 0;
		}
		tunnel->rest = text_skip(tunnel->rest, (size_t)count);
	}
	*events = POLLIN;
	return read_more(arena, dial, tunnel, error);
}
