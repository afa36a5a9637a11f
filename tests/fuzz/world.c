/* A network whose every byte is the fuzzer's. Nothing of it leaves the process: names and addresses
 * are scripted, and libcurl's sockets are pairs whose other end has answered already. */
#include "base/arena.h"
#include "fuzz.h"
#include "net/parts.h"
#include "walk/walk.h"
#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOST "123456789012.dkr.ecr.us-east-1.amazonaws.com"

/* more than libcurl has open at once */
enum { PEERS = 64 };

/* The world of the run, for socket(), which has no context of ours. */
static struct world *wired;
static int peers[PEERS];
static size_t peer_count;

static struct text next_answer(struct world *world)
{
	struct text rest = world->input;
	struct text part = fuzz_part(&rest);
	if (part.len < world->input.len)
		world->input = rest;
	return part;
}

/* names -------------------------------------------------------------------------------------- */

static void add_question(struct buffer *out, const struct query *query)
{
	struct text name = query->name;
	while (name.len) {
		struct text label = text_cut(&name, T("."));
		char len = (char)label.len;
		buffer_add(out, (struct text){&len, 1});
		buffer_add(out, label);
	}
	buffer_add(out, query->record == RECORD_AAAA ? T("\0\0\34\0\1") : T("\0\0\1\0\1"));
}

/* the input's header, the question, and the input's records */
static struct text message_of(struct arena *arena, const struct query *query, struct text input)
{
	struct buffer out = {.arena = arena};
	buffer_add(&out, text_head(input, 4));
	buffer_add(&out, T("\0\1"));
	buffer_add(&out, text_head(text_skip(input, 6), 6));
	add_question(&out, query);
	buffer_add(&out, text_skip(input, 12));
	return buffer_text(&out);
}

/* everything has settled when it was begun */
static void scripted_wait(struct net *net, int64_t until_us)
{
	(void)net, (void)until_us;
}

static void scripted_drop(struct net *net, const void *owner)
{
	(void)net, (void)owner;
}

static void resolve(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	struct world *world = net->state;
	(void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct query *query = &queries[i];
		struct address known = {.family = 4, .bytes = {10, 20, 1, 21}};
		query->addresses = (struct addresses){0};
		query->cnames = (struct texts){0};
		query->symptom = SYMPTOM_NODATA;
		query->began_us = 1;
		if (world->names && world->input.len >= 12) {
			query->symptom = dns_read(net->arena,
				message_of(net->arena, query, world->input), query->name,
				query->record, &query->addresses, &query->cnames);
		} else if (query->record == RECORD_A) {
			addresses_add(net->arena, &query->addresses, known);
			query->symptom = SYMPTOM_NONE;
		}
		must((query->symptom == SYMPTOM_NONE) <= (query->addresses.count > 0));
	}
}

/* connections -------------------------------------------------------------------------------- */

static void dial_all(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		dials[i].symptom = SYMPTOM_NONE;
		dials[i].fd = dup(STDERR_FILENO);
		dials[i].began_us = 1;
	}
}

static void tls_all(struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	(void)net, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		handshakes[i].symptom = SYMPTOM_NONE;
		handshakes[i].version = T("TLSv1.3");
		handshakes[i].anchor = T("amazon");
		handshakes[i].began_us = 1;
		if (handshakes[i].fd >= 0)
			close(handshakes[i].fd);
	}
}

/* In the place of libc's: only libcurl's streams are ours. */
int socket(int family, int type, int protocol)
{
	int pair[2];
	if (!wired || (type & 0xf) != SOCK_STREAM)
		return (int)syscall(SYS_socket, family, type, protocol);
	if (socketpair(AF_UNIX, type, 0, pair) < 0)
		return -1;
	struct text answer = next_answer(wired);
	if (answer.len)
		must(send(pair[1], answer.at, answer.len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
			(ssize_t)answer.len);
	shutdown(pair[1], SHUT_WR);
	/* the place of one that has long been read */
	int *place = &peers[peer_count++ % PEERS];
	if (peer_count > PEERS)
		close(*place);
	*place = pair[1];
	return pair[0];
}

int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t len)
{
	return wired ? 0 : (int)syscall(SYS_connect, fd, to.__sockaddr__, len);
}

static void close_peers(void)
{
	for (size_t i = 0; i < peer_count && i < PEERS; i++)
		close(peers[i]);
	peer_count = 0;
}

void fuzz_connect(struct arena *arena, struct text answer, struct dial *dial)
{
	struct world world = {.input = answer};
	struct net net;
	net_begin(&net, arena);
	wired = &world;
	net.connect(&net, dial, 1, clock_us() + SECOND_US);
	while (dial->pending)
		net.wait(&net, clock_us() + SECOND_US);
	wired = NULL;
	close_peers();
	net_end(&net);
}

/* exchanges ---------------------------------------------------------------------------------- */

/* Through libcurl, in the clear. */
static void exchange_by_wire(struct net *net, struct exchange *exchanges, size_t count,
	int64_t idle_us, int64_t until_us)
{
	struct world *world = net->state;
	struct net curl;
	struct text *urls = arena_new(net->arena, struct text, count);
	for (size_t i = 0; i < count; i++) {
		urls[i] = exchanges[i].url;
		if (text_starts(urls[i], T("https://")))
			exchanges[i].url = text_format(
				net->arena, "http://%.*s", TEXT(text_skip(urls[i], 8)));
	}
	net_begin(&curl, net->arena);
	wired = world;
	net_exchange(&curl, exchanges, count, idle_us, until_us);
	wired = NULL;
	close_peers();
	for (size_t i = 0; i < count; i++)
		exchanges[i].url = urls[i];
	net_end(&curl);
}

/* what every service says to a stranger, so that the walk goes on to what matters */
static const struct header welcome[] = {
	{{"WWW-Authenticate", 16}, {"Basic realm=\"ecr\"", 17}},
	{{"x-amz-request-id", 16}, {"1", 1}},
	{{"x-amzn-requestid", 16}, {"1", 1}},
};

static bool is_anonymous_request(const struct exchange *exchange)
{
	return !exchange->basic.len && !exchange->access_key.len &&
		(text_ends(exchange->url, T("amazonaws.com/")) ||
			text_ends(exchange->url, T("/v2/")));
}

/* "404 {...}": a status, where it is not 200, and the body; kept as libcurl's file would */
static void answer(struct arena *arena, struct exchange *exchange, struct text part)
{
	int64_t status = 200;
	if (text_number(text_head(part, 3), &status) && status >= 100)
		part = text_skip(part, 4);
	exchange->status = status >= 100 && status <= 599 ? (int)status : 200;
	exchange->bytes = (int64_t)part.len;
	exchange->digest = exchange->hash ? digest_of(arena, part) : T("");
	if (exchange->body_max && exchange->bytes > exchange->body_max)
		exchange->symptom = SYMPTOM_TOO_LARGE;
	if (!exchange->discard || exchange->status / 100 != 2)
		exchange->kept = text_keep(arena, text_head(part, (size_t)exchange->body_keep));
}

static void exchange_all_bodies(struct net *net, struct exchange *exchanges, size_t count,
	int64_t idle_us, int64_t until_us)
{
	(void)idle_us, (void)until_us;
	for (size_t i = 0; i < count; i++) {
		struct exchange *exchange = &exchanges[i];
		bool anonymous = is_anonymous_request(exchange);
		exchange->symptom = SYMPTOM_NONE;
		exchange->began_us = 1;
		exchange->announced = -1;
		exchange->headers = arena_new(net->arena, struct header, 3);
		memcpy(exchange->headers, welcome, sizeof welcome);
		exchange->header_count = anonymous ? 3 : 1;
		answer(net->arena, exchange, anonymous ? T("401 ") : next_answer(net->state));
	}
}

/* the walk ----------------------------------------------------------------------------------- */

static struct host_info host_info_of(struct arena *arena, const struct world *world)
{
	struct host_info here = {.host_name = T("here"), .resolvers = world->resolvers};
	struct address resolver = {.family = 4, .bytes = {10, 20, 0, 2}};
	here.networks = arena_new(arena, struct network, 1);
	must(network_parse(T("10.20.1.10/24"), here.networks));
	addresses_add(arena, &here.addresses, here.networks->address);
	if (!here.resolvers.count)
		addresses_add(arena, &here.resolvers, resolver);
	return here;
}

struct evidence fuzz_walk(struct arena *arena, struct world *world)
{
	static char id[] = "AWS_ACCESS_KEY_ID=fuzzkey";
	static char secret[] = "AWS_SECRET_ACCESS_KEY=" FUZZ_SECRET;
	static char *const variables[] = {id, secret, NULL};
	struct evidence evidence = {.version = T("0")};
	struct target target;
	struct text complaint;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	must(target_parse(arena, T(HOST "/app:1"), T(""), &target, &complaint));
	target.platform = (struct platform){.os = T("linux"), .architecture = T("amd64")};
	struct plan plan = plan_make(arena, &target, &(struct plan_options){.task = world->task});
	struct host_info here = host_info_of(arena, world);
	struct walk_options options = {
		.stage_asked = world->stage < STAGE_LAYERS,
		.stage = world->stage,
		.also_calls = world->task != NULL,
		.timeout_us = 60 * SECOND_US,
		.deadline_us = 60 * SECOND_US,
		.host_info = &here,
		.environment.variables = world->variables ? world->variables : variables,
	};
	struct net net = {
		.arena = arena,
		.resolve = resolve,
		.connect = dial_all,
		.handshake = tls_all,
		.send = world->wire ? exchange_by_wire : exchange_all_bodies,
		.wait = scripted_wait,
		.drop = scripted_drop,
		.state = world,
	};
	walk(arena, &net, &target, &plan, &options, &evidence);
	return evidence;
}
