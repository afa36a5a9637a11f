/* Joins the four adapters to the real world. */
#include "net/net.h"
#include "base/die.h"
#include "net/parts.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { WAIT_TRIES = 16 }; /* that signals may end before a wait counts as one */

int wait_ms(int64_t until_us)
{
	int64_t left = (until_us - clock_us() + 999) / 1000;
	if (left < 0)
		return 0;
	return left < 100 ? (int)left : 100;
}

int wait_any(struct pollfd *polls, size_t count, int ms)
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

enum symptom wait_symptom(void)
{
	return interrupted ? SYMPTOM_DEADLINE : SYMPTOM_TIMEOUT;
}

struct text header_value(const struct exchange *exchange, struct text name)
{
	for (size_t i = 0; i < exchange->header_count; i++) {
		if (text_same(exchange->headers[i].name, name))
			return exchange->headers[i].value;
	}
	return T("");
}

void net_begin(struct net *net, struct arena *arena)
{
	/* OpenSSL writes to sockets without MSG_NOSIGNAL */
	signal(SIGPIPE, SIG_IGN);
	*net = (struct net){
		.arena = arena,
		.resolve = resolve_batch,
		.connect = dial_batch,
		.handshake = tls_batch,
		.begin = exchange_ahead,
		.exchange = exchange_batch,
		.state = exchange_begin(arena),
	};
}

void net_end(struct net *net)
{
	exchange_end(net->state);
	net->state = NULL;
}
