/* All that is under way, and the one wait for it; the libraries that it is made of. */
#include "base/arena.h"
#include "net/parts.h"
#include <expat.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>

/* An interrupt that came between the look at the flag and the wait is seen soon. */
enum { PROGRESS_US = 100 * 1000, POLL_MS_MAX = 100 };

struct text header_value(const struct exchange *exchange, struct text name)
{
	for (size_t i = 0; i < exchange->header_count; i++) {
		if (text_same(exchange->headers[i].name, name))
			return exchange->headers[i].value;
	}
	return T("");
}

/* what everything waits for, and until when; the number of descriptors */
static size_t list_all(struct net *net, int64_t *due_us)
{
	struct underway *underway = net->state;
	size_t used = 0;
	if (!underway->polls || underway->polls_max > underway->poll_room) {
		underway->poll_room = underway->polls_max * 2 + 1;
		underway->polls = arena_new(net->arena, struct pollfd, underway->poll_room);
	}
	for (struct pending *one = underway->first; one; one = one->next) {
		struct pollfd *polls = underway->polls + used;
		one->polls_count = one->list ? one->list(one, polls, due_us) : 1;
		if (!one->list)
			*polls = (struct pollfd){.fd = one->fd, .events = one->events};
		used += one->polls_count;
		if (one->until_us < *due_us)
			*due_us = one->until_us;
	}
	return used;
}

/* Takes what has settled off the list: `*at` points to it. */
static void pending_remove(struct underway *underway, struct pending **at)
{
	struct pending *pending = *at;
	*at = pending->next;
	if (!*at)
		underway->last = at;
	underway->polls_max -= pending->polls_max;
	*pending->held = NULL;
}

/* One wait for all that is under way, and a turn for each. True: something has settled. */
static bool turn(struct net *net, int64_t due_us)
{
	struct underway *underway = net->state;
	bool any = false;
	pool_advance(underway->pool);
	size_t used = list_all(net, &due_us), at = 0;
	int64_t ms = (due_us - clock_us() + 999) / 1000;
	ms = ms < 0 ? 0 : ms < POLL_MS_MAX ? ms : POLL_MS_MAX;
	bool ready = pool_poll(underway->pool, underway->polls, used, (int)ms) > 0;
	pool_advance(underway->pool);
	for (struct pending **next = &underway->first; *next;) {
		struct pending *one = *next;
		bool done = one->advance(one, underway->polls + at, ready ? one->polls_count : 0);
		at += one->polls_count;
		bool stop = interrupted && !net->finishes;
		if (!done && (stop || clock_us() >= one->until_us)) {
			one->give_up(one, stop ? SYMPTOM_DEADLINE : SYMPTOM_TIMEOUT);
			done = true;
		}
		if (done)
			pending_remove(underway, next);
		else
			next = &one->next;
		any |= done;
	}
	return any;
}

static void wait(struct net *net, int64_t until_us)
{
	struct underway *underway = net->state;
	while (underway->first && !turn(net, until_us) && clock_us() < until_us && !interrupted) {
		if (!net->progress || !net->expected ||
			clock_us() - underway->told_us < PROGRESS_US)
			continue;
		underway->told_us = clock_us();
		net->progress(net->progress_context, net->received, net->expected);
	}
}

static void drop(struct net *net, const void *owner)
{
	struct underway *underway = net->state;
	for (struct pending **next = &underway->first; *next;) {
		struct pending *one = *next;
		if (one->owner != owner) {
			next = &one->next;
			continue;
		}
		/* curl may have settled it already */
		if (!one->advance(one, NULL, 0))
			one->give_up(one, SYMPTOM_DEADLINE);
		pending_remove(underway, next);
	}
}

void net_begin(struct net *net, struct arena *arena)
{
	struct underway *underway = arena_new(arena, struct underway, 1);
	/* OpenSSL writes to sockets without MSG_NOSIGNAL */
	signal(SIGPIPE, SIG_IGN);
	underway->last = &underway->first;
	underway->pool = pool_make(arena);
	*net = (struct net){
		.arena = arena,
		.resolve = resolve_begin,
		.connect = dial_begin,
		.handshake = tls_begin,
		.send = exchange_begin,
		.wait = wait,
		.drop = drop,
		.state = underway,
	};
}

void net_end(struct net *net)
{
	struct underway *underway = net->state;
	while (underway->first) {
		underway->first->owner = underway;
		drop(net, underway);
	}
	pool_end(underway->pool);
	tls_context_end(underway->ssl_context);
	net->state = NULL;
}

void net_resolve(struct net *net, struct query *queries, size_t count, int64_t until_us)
{
	net->resolve(net, queries, count, until_us);
	for (size_t i = 0; i < count; i++)
		while (queries[i].pending)
			net->wait(net, until_us);
}

void net_exchange(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us)
{
	net->send(net, exchanges, count, idle_us, until_us);
	for (size_t i = 0; i < count; i++)
		while (exchanges[i].pending)
			net->wait(net, until_us);
}

void net_libraries_begin(void)
{
	json_set_alloc_funcs(memory_take, free);
	tls_use_memory();
	resolve_use_memory();
}

struct text net_libraries(struct arena *arena)
{
	struct text curl = exchange_library(arena), openssl = tls_library(arena),
		    cares = resolve_library(arena);
	XML_Expat_Version expat = XML_ExpatVersionInfo();
	return text_format(arena, "%.*s, %.*s, %.*s, jansson %s, expat %d.%d.%d", TEXT(curl),
		TEXT(openssl), TEXT(cares), jansson_version_str(), expat.major, expat.minor,
		expat.micro);
}
