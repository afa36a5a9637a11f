/* HTTP by libcurl: transfers side by side, over connections that outlive them.
 *
 * Curl would queue transfers by itself, but a queued one must not be taken for a silent one: so a
 * transfer is handed over only when a connection is free for it, and its clock starts then. */
#include "base/die.h"
#include "net/transfer.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* of an image's pull; and, where net->many, of hundreds of calls that wait for their answers */
enum { ACTIVE_FEW = 12, ACTIVE_PER_ORIGIN = 6, ACTIVE_MAX = 256 };
enum { WAIT_TRIES = 16 }; /* that signals may end before a wait counts as one */

/* who connections are shared with */
struct origin {
	struct text name; /* "https://host:port" */
	size_t active;
	struct origin *next;
};

struct pool {
	struct arena *arena;
	CURLM *multi;
	struct origin *origins;
	struct transfer *waiting, **last; /* for a place, in their order */
	size_t active_count;
	struct curl_waitfd *waits;
	size_t wait_room;
};

static struct origin *origin_for(struct pool *pool, struct text url)
{
	struct origin **at = &pool->origins;
	size_t end = text_find(url, T("://")) + 3;
	while (end < url.len && !strchr("/?#", url.at[end]))
		end++;
	struct text name = text_head(url, end);
	while (*at && !text_same((*at)->name, name))
		at = &(*at)->next;
	if (!*at) {
		*at = arena_new(pool->arena, struct origin, 1);
		(*at)->name = text_keep(pool->arena, name);
	}
	return *at;
}

/* Starts those that wait and have a place: of one origin so few that none waits for another's many.
 */
static void fill(struct pool *pool)
{
	struct transfer **next = &pool->waiting;
	while (*next) {
		struct transfer *transfer = *next;
		bool many = transfer->pending.net->many;
		bool may = pool->active_count < (many ? ACTIVE_MAX : ACTIVE_FEW) &&
			(many || transfer->origin->active < ACTIVE_PER_ORIGIN);
		/* some were given up while they waited */
		bool is_wanted = transfer->exchange != NULL;
		if (is_wanted && !may) {
			next = &transfer->next;
			continue;
		}
		*next = transfer->next;
		if (!is_wanted || !transfer_begin(transfer))
			continue;
		if (curl_multi_add_handle(pool->multi, transfer->curl) != CURLM_OK) {
			transfer_settle(transfer, SYMPTOM_LOCAL, T(""));
			continue;
		}
		pool->active_count++;
		transfer->origin->active++;
	}
	pool->last = next;
}

/* takes a transfer out of curl's hands and out of the list */
static void withdraw(struct pool *pool, struct transfer *transfer)
{
	curl_multi_remove_handle(pool->multi, transfer->curl);
	pool->active_count--;
	transfer->origin->active--;
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
		struct text words;
		withdraw(pool, transfer);
		enum symptom symptom = transfer_symptom(transfer, code, &words);
		transfer_settle(transfer, symptom, words);
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

/* poll, which a signal may end early (0). Where the machine lets nobody wait, the program ends. */
static int wait_any(struct pollfd *polls, size_t count, int ms)
{
	int ready = -1;
	errno = EINTR;
	for (int i = 0; i < WAIT_TRIES && ready < 0 && errno == EINTR && !interrupted; i++)
		ready = poll(polls, count, ms);
	/* to go on would be to take everybody for silent */
	if (ready < 0 && errno != EINTR)
		die(EXIT_UNABLE, "cannot wait for the network: %s", strerror(errno));
	return ready < 0 ? 0 : ready;
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
static size_t transfer_list(struct pending *pending, struct pollfd *polls, int64_t *due_us)
{
	const struct transfer *transfer = (struct transfer *)pending;
	(void)polls;
	if (transfer->curl && transfer->moved_us + transfer->idle_us < *due_us)
		*due_us = transfer->moved_us + transfer->idle_us;
	else if (!transfer->curl && !transfer->exchange)
		*due_us = 0; /* curl had its answer at once: nothing would end the wait */
	return 0;
}

static void stop(struct transfer *transfer, enum symptom symptom)
{
	struct underway *underway = transfer->pending.net->state;
	if (transfer->curl)
		withdraw(underway->pool, transfer);
	else
		transfer->exchange->began_us = clock_us();
	transfer_settle(transfer, symptom, T(""));
}

static bool transfer_advance(struct pending *pending, const struct pollfd *polls, size_t count)
{
	struct transfer *transfer = (struct transfer *)pending;
	int64_t now = clock_us();
	(void)polls, (void)count;
	if (!transfer->curl)
		return !transfer->exchange;
	transfer_look(transfer, now);
	transfer->exchange->moved_us = transfer->moved_us;
	if (now - transfer->moved_us < transfer->idle_us)
		return false;
	stop(transfer, transfer->header_bytes ? SYMPTOM_STALLED : SYMPTOM_TIMEOUT);
	return true;
}

/* Time is up, or a signal came. */
static void transfer_give_up(struct pending *pending, enum symptom symptom)
{
	(void)symptom;
	stop((struct transfer *)pending, SYMPTOM_DEADLINE);
}

void exchange_begin(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us)
{
	struct underway *underway = net->state;
	for (size_t i = 0; i < count; i++) {
		struct transfer *transfer = arena_new(net->arena, struct transfer, 1);
		*transfer = (struct transfer){
			.pending = {.net = net,
				.list = transfer_list,
				.advance = transfer_advance,
				.give_up = transfer_give_up},
			.exchange = &exchanges[i],
			.origin = origin_for(underway->pool, exchanges[i].url),
			.idle_us = idle_us,
		};
		forget_answers(
			&exchanges[i], offsetof(struct exchange, symptom), sizeof *exchanges);
		exchanges[i].announced = -1;
		pending_add(net, &transfer->pending, &exchanges[i].pending, until_us);
		*underway->pool->last = transfer;
		underway->pool->last = &transfer->next;
	}
	pool_advance(underway->pool);
}

struct pool *pool_make(struct arena *arena)
{
	struct pool *pool = arena_new(arena, struct pool, 1);
	pool->arena = arena;
	pool->last = &pool->waiting;
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_take, free, memory_resize, memory_copy,
		    memory_take_zeroed) == CURLE_OK)
		pool->multi = curl_multi_init();
	if (!pool->multi)
		die(EXIT_UNABLE, "libcurl cannot be initialised");
	curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, 2L * ACTIVE_FEW);
	return pool;
}

void pool_end(struct pool *pool)
{
	curl_multi_cleanup(pool->multi);
	curl_global_cleanup();
}

struct text exchange_library(struct arena *arena)
{
	return text_format(arena, "libcurl %s", curl_version_info(CURLVERSION_NOW)->version);
}
