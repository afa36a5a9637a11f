/* Joins the four adapters to the real world. */
#include "net/net.h"
#include "net/parts.h"
#include <signal.h>

int wait_ms(int64_t until_us)
{
	int64_t left = (until_us - clock_us() + 999) / 1000;
	if (left < 0)
		return 0;
	return left < 100 ? (int)left : 100;
}

enum cause wait_cause(void)
{
	return interrupted ? CAUSE_DEADLINE : CAUSE_TIMEOUT;
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
		.handshake = shake_batch,
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
