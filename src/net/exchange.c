/* HTTP by libcurl: transfers of a batch side by side, over connections that outlive the batch.
 *
 * Curl would queue transfers by itself, but a queued one must not be taken for a silent one: so a
 * transfer is handed over only when a connection is free for it, and its clock starts then. */
#include "base/die.h"
#include "base/memory.h"
#include "net/parts.h"
#include "net/transfer.h"
#include <stdlib.h>
#include <string.h>

enum { ACTIVE_MAX = 12, ACTIVE_PER_ORIGIN = 6, PROGRESS_US = 100 * 1000 };

struct batch {
	struct net *net;
	CURLM *multi;
	struct exchange *exchanges;
	bool *begun; /* of each */
	size_t count;
	size_t waiting; /* not begun */
	struct transfer *active[ACTIVE_MAX];
	size_t active_count;
	int64_t idle_us, until_us;
	int64_t told_us; /* when progress was last told */
};

/* "https://host:port": what connections are shared by */
static struct text origin(struct text url)
{
	size_t scheme = text_find(url, T("://"));
	struct text rest = text_skip(url, scheme + 3);
	size_t end = 0;
	while (end < rest.len && !strchr("/?#", rest.at[end]))
		end++;
	return text_head(url, scheme + 3 + end);
}

static bool has_room(const struct batch *batch, const struct exchange *exchange)
{
	size_t same = 0;
	if (batch->active_count == ACTIVE_MAX)
		return false;
	for (size_t i = 0; i < batch->active_count; i++)
		same += text_same(origin(batch->active[i]->exchange->url), origin(exchange->url));
	return same < ACTIVE_PER_ORIGIN;
}

static void begin(struct batch *batch, size_t index)
{
	struct transfer *transfer = arena_new(batch->net->arena, struct transfer, 1);
	transfer->net = batch->net;
	transfer->exchange = &batch->exchanges[index];
	batch->begun[index] = true;
	batch->waiting--;
	if (!transfer_begin(transfer))
		return;
	if (curl_multi_add_handle(batch->multi, transfer->curl) != CURLM_OK)
		transfer_stop(transfer, CAUSE_LOCAL);
	else
		batch->active[batch->active_count++] = transfer;
}

static void fill(struct batch *batch)
{
	for (size_t i = 0; i < batch->count && batch->waiting; i++) {
		if (!batch->begun[i] && has_room(batch, &batch->exchanges[i]))
			begin(batch, i);
	}
}

/* takes a transfer out of curl's hands and out of the list */
static void withdraw(struct batch *batch, struct transfer *transfer)
{
	curl_multi_remove_handle(batch->multi, transfer->curl);
	for (size_t i = 0; i < batch->active_count; i++) {
		if (batch->active[i] == transfer) {
			batch->active[i] = batch->active[--batch->active_count];
			return;
		}
	}
}

/* what curl says is done; true when a place became free */
static bool reap(struct batch *batch)
{
	bool any = false;
	int left;
	for (CURLMsg *message; (message = curl_multi_info_read(batch->multi, &left));) {
		if (message->msg != CURLMSG_DONE)
			continue;
		/* removing the handle ends the message's life */
		CURLcode code = message->data.result;
		char *private = NULL;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		struct transfer *transfer = (struct transfer *)(void *)private;
		withdraw(batch, transfer);
		transfer_end(transfer, code);
		any = true;
	}
	return any;
}

/* what has been silent for too long; true when a place became free */
static bool drop_idle(struct batch *batch)
{
	bool any = false;
	int64_t now = clock_us();
	for (size_t i = batch->active_count; i-- > 0;) {
		struct transfer *transfer = batch->active[i];
		transfer_look(transfer, now);
		if (now - transfer->moved_us < batch->idle_us)
			continue;
		withdraw(batch, transfer);
		transfer_stop(transfer, transfer->header_bytes ? CAUSE_STALLED : CAUSE_TIMEOUT);
		any = true;
	}
	return any;
}

static void tell(struct batch *batch)
{
	int64_t now = clock_us(), bytes = 0;
	if (!batch->net->progress || now - batch->told_us < PROGRESS_US)
		return;
	for (size_t i = 0; i < batch->count; i++)
		bytes += batch->begun[i] ? batch->exchanges[i].bytes : 0;
	batch->told_us = now;
	batch->net->progress(batch->net->progress_context, bytes);
}

/* curl waits less when it has a clock of its own to look at */
static int wait_idle_ms(const struct batch *batch)
{
	int64_t until = batch->until_us;
	for (size_t i = 0; i < batch->active_count; i++) {
		int64_t idle_until = batch->active[i]->moved_us + batch->idle_us;
		if (idle_until < until)
			until = idle_until;
	}
	return wait_ms(until);
}

/* To go on would be to take everybody for silent. */
static void check(CURLMcode code)
{
	if (code != CURLM_OK)
		die(EXIT_UNABLE, "cannot wait for the network: %s", curl_multi_strerror(code));
}

static void run(struct batch *batch)
{
	int running;
	fill(batch);
	while (batch->active_count && !interrupted && clock_us() < batch->until_us) {
		check(curl_multi_perform(batch->multi, &running));
		bool reaped = reap(batch);
		if (drop_idle(batch) || reaped) {
			fill(batch);
			continue;
		}
		tell(batch);
		check(curl_multi_poll(batch->multi, NULL, 0, wait_idle_ms(batch), NULL));
	}
}

/* Time is up, or a signal came: nothing stays unsettled. */
static void end(struct batch *batch)
{
	while (batch->active_count) {
		struct transfer *transfer = batch->active[batch->active_count - 1];
		withdraw(batch, transfer);
		transfer_stop(transfer, CAUSE_DEADLINE);
	}
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->begun[i])
			continue;
		struct transfer transfer = {.net = batch->net, .exchange = &batch->exchanges[i]};
		transfer.exchange->began_us = clock_us();
		transfer_stop(&transfer, CAUSE_DEADLINE);
	}
}

static void forget_answers(struct exchange *exchange)
{
	exchange->status = 0;
	exchange->headers = NULL;
	exchange->header_count = 0;
	exchange->kept = exchange->digest = T("");
	exchange->bytes = 0;
	exchange->announced = -1;
	exchange->peer = (struct address){0};
}

void exchange_batch(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us)
{
	struct batch batch = {
		.net = net,
		.multi = net->state,
		.exchanges = exchanges,
		.begun = arena_new(net->arena, bool, count),
		.count = count,
		.waiting = count,
		.idle_us = idle_us,
		.until_us = until_us,
		.told_us = clock_us(),
	};
	for (size_t i = 0; i < count; i++)
		forget_answers(&exchanges[i]);
	run(&batch);
	end(&batch);
}

void *exchange_begin(void)
{
	CURLM *multi = NULL;
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_take, free, memory_resize, memory_copy,
		    memory_take_zeroed) == CURLE_OK)
		multi = curl_multi_init();
	if (!multi)
		die(EXIT_UNABLE, "libcurl cannot be initialised");
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)ACTIVE_MAX);
	return multi;
}

void exchange_end(void *state)
{
	curl_multi_cleanup(state);
	curl_global_cleanup();
}

struct text exchange_library(struct arena *arena)
{
	return text_format(arena, "libcurl %s", curl_version_info(CURLVERSION_NOW)->version);
}
