/* One exchange as a curl handle: what is asked, what comes back, what is freed. */
#include "net/transfer.h"
#include "base/arena.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEADER_BYTES_MAX = 16 * 1024,
	HEADER_LINES_MAX = 200,
	BUFFER_BYTES = 128 * 1024, /* enough for full speed; twelve of them fit the budget */
	PROGRESS_BYTES = 1024,	   /* of a body: fewer are none */
};

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct exchange *exchange = transfer->exchange;
	struct text line = {bytes, size * count};
	transfer->header_bytes += line.len;
	if (transfer->header_bytes > HEADER_BYTES_MAX ||
		++transfer->header_lines > HEADER_LINES_MAX) {
		transfer->refused = SYMPTOM_TOO_LARGE;
		return 0;
	}
	/* a status line begins a new head: the ones of 1xx answers are forgotten */
	if (text_starts(line, T("HTTP/"))) {
		exchange->header_count = 0;
		transfer->good = text_starts(text_skip(line, sizeof "HTTP/1.1"), T("2"));
	} else if (text_holds(line, T(":"))) {
		struct arena *arena = transfer->pending.net->arena;
		struct text value = text_keep(arena, line), name = text_cut(&value, T(":"));
		exchange->headers = arena_grow(arena, exchange->headers, exchange->header_count);
		exchange->headers[exchange->header_count++] = (struct header){
			name, text_trim(value)};
	}
	return size * count;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct exchange *exchange = transfer->exchange;
	struct text part = {bytes, size * count};
	if (exchange->body_max && exchange->bytes + (int64_t)part.len > exchange->body_max) {
		transfer->refused = SYMPTOM_TOO_LARGE;
		return 0;
	}
	if (exchange->bytes < exchange->body_keep && !(exchange->discard && transfer->good))
		buffer_add(&transfer->kept,
			text_head(part, (size_t)(exchange->body_keep - exchange->bytes)));
	if (transfer->digest)
		digest_add(transfer->digest, part);
	exchange->bytes += (int64_t)part.len;
	transfer->pending.net->received += (int64_t)part.len;
	return part.len;
}

/* Curl does not tell why there was no socket. */
static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *transfer = context;
	int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	(void)purpose;
	if (fd < 0)
		transfer->socket_error = errno;
	return fd;
}

static int on_socket(void *context, curl_socket_t fd, curlsocktype purpose)
{
	struct transfer *transfer = context;
	int mss = transfer->exchange->mss;
	(void)purpose;
	if (mss && setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss) < 0)
		return CURL_SOCKOPT_ERROR;
	return CURL_SOCKOPT_OK;
}

static CURLcode on_context(CURL *curl, void *ssl_ctx, void *context)
{
	struct transfer *transfer = context;
	(void)curl;
	trust_attach(transfer->exchange->trust, ssl_ctx);
	return CURLE_OK;
}

/* The line is built outside the arena, so that a secret in it can be wiped. */
static bool send_header(
	struct transfer *transfer, struct text name, const char *between, struct text value)
{
	size_t room = name.len + strlen(between) + value.len + 1;
	char *line = memory_take(room);
	struct curl_slist *more = NULL;
	snprintf(line, room, "%.*s%s%.*s", TEXT(name), between, TEXT(value));
	/* a line break would begin a header, or a request, that nobody asked for */
	if (strlen(line) == room - 1 && !strpbrk(line, "\r\n"))
		more = curl_slist_append(transfer->headers, line);
	explicit_bzero(line, room);
	free(line);
	if (more)
		transfer->headers = more;
	return more != NULL;
}

static bool set_headers(struct transfer *transfer)
{
	const struct exchange *exchange = transfer->exchange;
	/* curl wants an empty header written with a semicolon; "Expect:" takes curl's own away */
	bool done = send_header(transfer, T("Expect"), ":", T(""));
	for (size_t i = 0; i < exchange->send_count && done; i++)
		done = send_header(transfer, exchange->send[i].name,
			exchange->send[i].value.len ? ": " : ";", exchange->send[i].value);
	if (done && exchange->basic.len)
		done = send_header(transfer, T("Authorization"), ": Basic ", exchange->basic);
	if (done && exchange->bearer.len)
		done = send_header(transfer, T("Authorization"), ": Bearer ", exchange->bearer);
	if (done && exchange->access_key.len && exchange->session_token.len)
		done = send_header(
			transfer, T("X-Amz-Security-Token"), ": ", exchange->session_token);
	curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, transfer->headers);
	return done;
}

/* a copy that is wiped after curl took its own */
static bool set_secret(CURL *curl, CURLoption option, struct text secret)
{
	char *copy = strndup(secret.at, secret.len);
	bool done = copy && curl_easy_setopt(curl, option, copy) == CURLE_OK;
	if (copy)
		explicit_bzero(copy, secret.len);
	free(copy);
	return done;
}

/* whom AWS, and the proxy, are to know us as */
static bool set_signature(struct transfer *transfer)
{
	const struct exchange *exchange = transfer->exchange;
	if (exchange->proxy.len && exchange->proxy_user.len &&
		(!set_secret(transfer->curl, CURLOPT_PROXYUSERNAME, exchange->proxy_user) ||
			!set_secret(
				transfer->curl, CURLOPT_PROXYPASSWORD, exchange->proxy_password)))
		return false;
	if (!exchange->access_key.len)
		return true;
	struct text scope = text_format(transfer->pending.net->arena, "aws:amz:%.*s:%.*s",
		TEXT(exchange->region), TEXT(exchange->service));
	return curl_easy_setopt(transfer->curl, CURLOPT_AWS_SIGV4, scope.at) == CURLE_OK &&
		set_secret(transfer->curl, CURLOPT_USERNAME, exchange->access_key) &&
		set_secret(transfer->curl, CURLOPT_PASSWORD, exchange->secret_key);
}

/* The host, with its port, of a URL; false when it is none. */
static bool read_host(
	struct transfer *transfer, struct text url, struct text *host, struct text *port)
{
	CURLU *parts = curl_url();
	char *name = NULL, *number = NULL;
	bool done = parts &&
		!curl_url_set(parts, CURLUPART_URL, text_string(transfer->pending.net->arena, url),
			CURLU_NON_SUPPORT_SCHEME) &&
		!curl_url_get(parts, CURLUPART_HOST, &name, 0);
	/* only schemes that curl was built with have a default one */
	if (done)
		curl_url_get(parts, CURLUPART_PORT, &number, CURLU_DEFAULT_PORT);
	*host = text_keep(transfer->pending.net->arena, text_of(name));
	*port = text_keep(transfer->pending.net->arena, text_of(number));
	curl_free(name);
	curl_free(number);
	curl_url_cleanup(parts);
	return done;
}

/* Ties the transfer to the address that earlier stages reached; a host that would have to be looked
 * up is refused. Through a proxy the address is the proxy's, and the host's name is for it to
 * resolve. */
static bool set_pin(struct transfer *transfer)
{
	const struct exchange *exchange = transfer->exchange;
	struct arena *arena = transfer->pending.net->arena;
	bool by_proxy = exchange->proxy.len > 0;
	struct text host, port;
	struct address bare, address = exchange->address;
	if (!read_host(transfer, by_proxy ? exchange->proxy : exchange->url, &host, &port))
		return false;
	/* of IPv6 curl keeps the brackets */
	bool is_address = address_parse(host, &bare) || text_starts(host, T("["));
	if (!address.family || (by_proxy && is_address))
		return is_address;
	bool six = address.family == 6;
	struct text to = address_text(arena, &address);
	if (by_proxy)
		to = text_format(arena, six ? "%.*s:%.*s:[%.*s]" : "%.*s:%.*s:%.*s", TEXT(host),
			TEXT(port), TEXT(to));
	else
		to = text_format(arena, six ? "::[%.*s]:%.0u" : "::%.*s:%.0u", TEXT(to),
			(unsigned)address.port); /* nothing for 0 */
	transfer->pins = curl_slist_append(NULL, to.at);
	return transfer->pins &&
		curl_easy_setopt(transfer->curl, by_proxy ? CURLOPT_RESOLVE : CURLOPT_CONNECT_TO,
			transfer->pins) == CURLE_OK;
}

static void set_manners(CURL *curl)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
	curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* ours are the only clocks; 0 would mean curl's own five minutes */
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 24L * 3600 * 1000);
}

static void set_callbacks(struct transfer *transfer)
{
	CURL *curl = transfer->curl;
	curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->words);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, transfer);
}

/* No file of certificates: curl would read its default one for every connection. */
static void set_trust(struct transfer *transfer)
{
	CURL *curl = transfer->curl;
	curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!transfer->exchange->trust)
		return; /* then no root vouches for anybody */
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_context);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, transfer);
}

static void set_request(struct transfer *transfer)
{
	const struct exchange *exchange = transfer->exchange;
	struct arena *arena = transfer->pending.net->arena;
	CURL *curl = transfer->curl;
	curl_easy_setopt(curl, CURLOPT_URL, text_string(arena, exchange->url));
	/* an empty proxy and an empty list of exceptions keep the environment out */
	curl_easy_setopt(curl, CURLOPT_PROXY, text_string(arena, exchange->proxy));
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (exchange->range.len)
		curl_easy_setopt(curl, CURLOPT_RANGE, text_string(arena, exchange->range));
	if (exchange->put || exchange->remove)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, exchange->put ? "PUT" : "DELETE");
	if (exchange->head)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (exchange->post || (exchange->put && exchange->body.len)) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.len);
		curl_easy_setopt(
			curl, CURLOPT_POSTFIELDS, exchange->body.len ? exchange->body.at : "");
	}
	if (exchange->mss) {
		/* a kept connection has the usual segments, and this one's are too small to keep */
		curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	}
}

static void note_answer(struct transfer *transfer)
{
	struct exchange *exchange = transfer->exchange;
	CURL *curl = transfer->curl;
	long status = 0, connect_status = 0, port = 0;
	curl_off_t announced = -1;
	const char *ip = NULL;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &connect_status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
	curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &ip);
	curl_easy_getinfo(curl, CURLINFO_PRIMARY_PORT, &port);
	exchange->status = (int)(status ? status : connect_status);
	exchange->announced = announced;
	if (address_parse(text_of(ip), &exchange->peer))
		exchange->peer.port = (uint16_t)port;
}

void transfer_settle(struct transfer *transfer, enum symptom symptom, struct text detail)
{
	struct exchange *exchange = transfer->exchange;
	exchange->symptom = symptom;
	exchange->detail = detail;
	exchange->took_us = clock_us() - exchange->began_us;
	exchange->kept = buffer_text(&transfer->kept);
	if (transfer->digest)
		exchange->digest = digest_end(transfer->digest, transfer->pending.net->arena);
	transfer->digest = NULL;
	if (transfer->curl)
		note_answer(transfer);
	curl_easy_cleanup(transfer->curl);
	transfer->curl = NULL;
	for (struct curl_slist *item = transfer->headers; item; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->pins);
	transfer->headers = transfer->pins = NULL;
	transfer->exchange = NULL;
}

bool transfer_begin(struct transfer *transfer)
{
	struct exchange *exchange = transfer->exchange;
	exchange->began_us = transfer->moved_us = clock_us();
	transfer->kept.arena = transfer->pending.net->arena;
	transfer->curl = curl_easy_init();
	if (!transfer->curl) {
		transfer_settle(transfer, SYMPTOM_LOCAL, T(""));
		return false;
	}
	transfer->digest = exchange->hash ? digest_begin() : NULL;
	set_manners(transfer->curl);
	set_callbacks(transfer);
	set_trust(transfer);
	set_request(transfer);
	if (!set_pin(transfer)) {
		transfer_settle(
			transfer, SYMPTOM_NO_ADDRESS, T("no address was given for the URL's host"));
	} else if (!set_signature(transfer) || !set_headers(transfer)) {
		transfer_settle(transfer, SYMPTOM_LOCAL,
			T("the request cannot be sent: a header holds a line break, or curl lacks "
			  "the option"));
	}
	return transfer->curl != NULL;
}

void transfer_look(struct transfer *transfer, int64_t now_us)
{
	static const CURLINFO milestones[] = {CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T,
		CURLINFO_PRETRANSFER_TIME_T, CURLINFO_SIZE_UPLOAD_T};
	/* who lets an answer drip is as silent as who gives none: its head is due in one piece */
	int64_t mark = (transfer->header_bytes != 0) + transfer->exchange->bytes / PROGRESS_BYTES;
	for (size_t i = 0; i < sizeof milestones / sizeof *milestones; i++) {
		curl_off_t at = 0;
		curl_easy_getinfo(transfer->curl, milestones[i], &at);
		mark += at;
	}
	if (mark != transfer->mark)
		transfer->moved_us = now_us;
	transfer->mark = mark;
}
