/* HTTP by libcurl: transfers side by side, over connections that outlive them.
 *
 * Curl would queue transfers by itself, but a queued one must not be taken for a silent one: so a
 * transfer is handed over only when a connection is free for it, and its clock starts then. */
#include "base/arena.h"
#include "base/die.h"
#include "net/parts.h"
#include "net/transfer.h"
#include <stdlib.h>
#include <string.h>

enum { ACTIVE_MAX = 12, ACTIVE_PER_ORIGIN = 6 };

/* an exchange from its beginning until it is settled */
struct job {
	struct pending pending;
	struct exchange *exchange; /* NULL: settled, if only given up while it waited */
	struct origin *origin;
	int64_t idle_us;
	struct transfer *transfer; /* NULL: it waits for a place */
	struct job *next;	   /* that waits */
};

/* who connections are shared with */
struct origin {
	struct text name; /* "https://host:port" */
	size_t active;
	struct job *first, **last; /* that wait for a place */
	struct origin *next;
};

struct pool {
	struct arena *arena;
	CURLM *multi;
	struct origin *origins;
	struct job *active[ACTIVE_MAX];
	size_t active_count;
	struct curl_waitfd *waits;
	size_t wait_room;
};

static struct text origin_of(struct text url)
{
	size_t scheme = text_find(url, T("://"));
	struct text rest = text_skip(url, scheme + 3);
	size_t end = 0;
	while (end < rest.len && !strchr("/?#", rest.at[end]))
		end++;
	return text_head(url, scheme + 3 + end);
}

static struct origin *origin_for(struct pool *pool, struct text url)
{
	struct text name = origin_of(url);
	struct origin **at = &pool->origins;
	while (*at && !text_same((*at)->name, name))
		at = &(*at)->next;
	if (!*at) {
		*at = arena_new(pool->arena, struct origin, 1);
		(*at)->name = text_keep(pool->arena, name);
		(*at)->last = &(*at)->first;
	}
	return *at;
}

static void job_start(struct pool *pool, struct job *job)
{
	struct transfer *transfer = arena_new(pool->arena, struct transfer, 1);
	transfer->net = job->pending.net;
	transfer->exchange = job->exchange;
	transfer->job = job;
	if (!transfer_begin(transfer)) {
		job->exchange = NULL;
	} else if (curl_multi_add_handle(pool->multi, transfer->curl) != CURLM_OK) {
		transfer_stop(transfer, SYMPTOM_LOCAL);
		job->exchange = NULL;
	} else {
		job->transfer = transfer;
		pool->active[pool->active_count++] = job;
		job->origin->active++;
	}
}

/* Starts the next that waits for this origin; false when there is none, or no place. */
static bool start_one(struct pool *pool, struct origin *origin)
{
	while (origin->first && !origin->first->exchange)
		origin->first = origin->first->next;
	struct job *job = origin->first;
	if (!job)
		origin->last = &origin->first;
	if (!job || pool->active_count == ACTIVE_MAX || origin->active == ACTIVE_PER_ORIGIN)
		return false;
	origin->first = job->next;
	if (!origin->first)
		origin->last = &origin->first;
	job_start(pool, job);
	return true;
}

/* One of each origin in turn, so that none waits for another's many. */
static void fill(struct pool *pool)
{
	for (bool any = true; any;) {
		any = false;
		for (struct origin *origin = pool->origins; origin; origin = origin->next)
			any |= start_one(pool, origin);
	}
}

/* takes a job out of curl's hands and out of the list */
static struct transfer *job_withdraw(struct pool *pool, struct job *job)
{
	curl_multi_remove_handle(pool->multi, job->transfer->curl);
	size_t i = 0;
	while (pool->active[i] != job)
		i++;
	pool->active[i] = pool->active[--pool->active_count];
	job->origin->active--;
	return job->transfer;
}

static void job_stop(struct pool *pool, struct job *job, enum symptom symptom)
{
	transfer_stop(job_withdraw(pool, job), symptom);
	job->exchange = NULL;
}

/* what curl says is done */
static void reap(struct pool *pool)
{
	int left;
	for (CURLMsg *message; (message = curl_multi_info_read(pool->multi, &left));) {
		if (message->msg != CURLMSG_DONE)
			continue;
		/* removing the handle ends the message's life */
		CURLcode code = message->data.result;
		char *private = NULL;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		struct transfer *transfer = (struct transfer *)(void *)private;
		struct job *job = transfer->job;
		transfer_end(job_withdraw(pool, job), code);
		job->exchange = NULL;
	}
}

/* To go on would be to take everybody for silent. */
static void check(CURLMcode code)
{
	if (code != CURLM_OK)
		die(EXIT_UNABLE, "cannot wait for the network: %s", curl_multi_strerror(code));
}

void pool_advance(struct pool *pool)
{
	int running;
	fill(pool);
	if (pool->active_count == 0)
		return;
	check(curl_multi_perform(pool->multi, &running));
	reap(pool);
	fill(pool);
}

int pool_poll(struct pool *pool, struct pollfd *polls, size_t count, int ms)
{
	if (pool->active_count == 0)
		return wait_any(polls, count, ms);
	if (count > pool->wait_room) {
		pool->wait_room = count;
		pool->waits = arena_new(pool->arena, struct curl_waitfd, count);
	}
	for (size_t i = 0; i < count; i++)
		pool->waits[i] = (struct curl_waitfd){
			.fd = polls[i].fd,
			.events = (short)((polls[i].events & POLLIN ? CURL_WAIT_POLLIN : 0) |
				(polls[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0)),
		};
	check(curl_multi_poll(pool->multi, pool->waits, (unsigned)count, ms, NULL));
	/* curl tells nothing of errors */
	return count ? wait_any(polls, count, 0) : 0;
}

/* Curl knows what it waits for; silence is counted here. */
static size_t job_list(struct pending *pending, struct pollfd *polls, int64_t *due_us)
{
	const struct job *job = (struct job *)pending;
	(void)polls;
	if (job->transfer && job->transfer->moved_us + job->idle_us < *due_us)
		*due_us = job->transfer->moved_us + job->idle_us;
	return 0;
}

static bool job_advance(struct pending *pending, const struct pollfd *polls, size_t count)
{
	struct underway *underway = pending->net->state;
	struct job *job = (struct job *)pending;
	int64_t now = clock_us();
	(void)polls, (void)count;
	if (!job->exchange || !job->transfer)
		return !job->exchange;
	transfer_look(job->transfer, now);
	job->exchange->moved_us = job->transfer->moved_us;
	if (now - job->transfer->moved_us < job->idle_us)
		return false;
	job_stop(underway->pool, job,
		job->transfer->header_bytes ? SYMPTOM_STALLED : SYMPTOM_TIMEOUT);
	return true;
}

/* Time is up, or a signal came. */
static void job_give_up(struct pending *pending, enum symptom symptom)
{
	struct underway *underway = pending->net->state;
	struct job *job = (struct job *)pending;
	(void)symptom;
	if (job->transfer) {
		job_stop(underway->pool, job, SYMPTOM_DEADLINE);
		return;
	}
	struct transfer transfer = {.net = pending->net, .exchange = job->exchange};
	job->exchange->began_us = clock_us();
	transfer_stop(&transfer, SYMPTOM_DEADLINE);
	job->exchange = NULL;
}

static void forget_answers(struct exchange *exchange)
{
	exchange->symptom = SYMPTOM_NONE;
	exchange->detail = exchange->kept = exchange->digest = T("");
	exchange->status = 0;
	exchange->headers = NULL;
	exchange->header_count = 0;
	exchange->bytes = 0;
	exchange->moved_us = 0;
	exchange->announced = -1;
	exchange->peer = (struct address){0};
}

static void queue(struct net *net, struct exchange *exchange, int64_t idle_us, int64_t until_us)
{
	struct underway *underway = net->state;
	struct pool *pool = underway->pool;
	struct job *job = arena_new(pool->arena, struct job, 1);
	*job = (struct job){
		.pending = {.net = net,
			.list = job_list,
			.advance = job_advance,
			.give_up = job_give_up},
		.exchange = exchange,
		.origin = origin_for(pool, exchange->url),
		.idle_us = idle_us,
	};
	forget_answers(exchange);
	pending_add(net, &job->pending, &exchange->pending, until_us);
	*job->origin->last = job;
	job->origin->last = &job->next;
}

void exchange_begin(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us)
{
	struct underway *underway = net->state;
	for (size_t i = 0; i < count; i++)
		queue(net, &exchanges[i], idle_us, until_us);
	pool_advance(underway->pool);
}

struct pool *pool_make(struct arena *arena)
{
	struct pool *pool = arena_new(arena, struct pool, 1);
	pool->arena = arena;
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_take, free, memory_resize, memory_copy,
		    memory_take_zeroed) == CURLE_OK)
		pool->multi = curl_multi_init();
	if (!pool->multi)
		die(EXIT_UNABLE, "libcurl cannot be initialised");
	curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, 2L * ACTIVE_MAX);
	return pool;
}

void pool_end(struct pool *pool)
{
	while (pool->active_count)
		job_stop(pool, pool->active[0], SYMPTOM_DEADLINE);
	curl_multi_cleanup(pool->multi);
	curl_global_cleanup();
}

struct text exchange_library(struct arena *arena)
{
	return text_format(arena, "libcurl %s", curl_version_info(CURLVERSION_NOW)->version);
}
