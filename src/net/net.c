/* Joins the four adapters to the real world, and names the libraries that they are made of. */
#include "base/arena.h"
#include "net/parts.h"
#include <expat.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>

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

void net_libraries_begin(void)
{
	json_set_alloc_funcs(memory_take, free);
	tls_begin();
	resolve_begin();
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
