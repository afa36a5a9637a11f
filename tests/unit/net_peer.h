/* A peer on loopback, in a thread of its own, that behaves as its `serve` says. */
#pragma once
#include "base/address.h"
#include "net/net.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
/* cmocka wants the standard headers before it */
#include <cmocka.h>

struct peer {
	void (*serve)(struct peer *peer, int fd); /* `fd` is closed after it */
	const void *data;			  /* for `serve` */
	struct address address;
	int fd;
	int served; /* connections or datagrams so far */
	pthread_t thread;
};

static inline void *peer_run(void *context)
{
	struct peer *peer = context;
	for (int fd; (fd = accept(peer->fd, NULL, NULL)) >= 0;) {
		peer->served++;
		peer->serve(peer, fd);
		close(fd);
	}
	return NULL;
}

/* A socket bound to a free port of 127.0.0.1, or to the one in peer->address. False: that one is
 * taken. */
static inline bool peer_try_bind(struct peer *peer, int type)
{
	struct sockaddr_storage name;
	if (!peer->address.family)
		assert_true(address_parse(T("127.0.0.1"), &peer->address));
	socklen_t len = address_to_sockaddr(&peer->address, &name);
	peer->fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	assert_true(peer->fd >= 0);
	const int on = 1;
	setsockopt(peer->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(peer->fd, (struct sockaddr *)&name, len) != 0) {
		close(peer->fd);
		return false;
	}
	assert_int_equal(getsockname(peer->fd, (struct sockaddr *)&name, &len), 0);
	assert_true(address_from_sockaddr((struct sockaddr *)&name, &peer->address));
	return true;
}

static inline void peer_bind(struct peer *peer, int type)
{
	assert_true(peer_try_bind(peer, type));
}

static inline void peer_listen(struct peer *peer)
{
	assert_int_equal(listen(peer->fd, 64), 0);
	assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
}

static inline void peer_begin(struct peer *peer)
{
	peer_bind(peer, SOCK_STREAM);
	peer_listen(peer);
}

static inline void peer_end(struct peer *peer)
{
	shutdown(peer->fd, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	close(peer->fd);
}

/* a port of loopback where nothing listens */
static inline struct address peer_nowhere(void)
{
	struct peer peer = {0};
	peer_bind(&peer, SOCK_STREAM);
	close(peer.fd);
	return peer.address;
}

/* Reads until the other side closes. */
static inline void peer_drain(int fd)
{
	char bytes[4096];
	while (read(fd, bytes, sizeof bytes) > 0)
		;
}

static inline void peer_reset(int fd)
{
	const struct linger now = {.l_onoff = 1};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static inline void peer_say(int fd, struct text text)
{
	while (text.len) {
		ssize_t sent = send(fd, text.at, text.len, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		text = text_skip(text, (size_t)sent);
	}
}

static inline void assert_text(struct text text, const char *expected)
{
	char copy[4096];
	assert_true(text.len < sizeof copy);
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	assert_string_equal(copy, expected);
}

static inline void assert_symptom(enum symptom symptom, enum symptom expected)
{
	assert_string_equal(symptom_name(symptom).at, symptom_name(expected).at);
}

/* long enough for a busy machine, where nothing waits for it to pass */
static inline int64_t soon(void)
{
	return clock_us() + 20 * SECOND_US;
}

/* for what must pass before a test can go on */
static inline int64_t shortly(void)
{
	return clock_us() + SECOND_US / 2;
}

/* Each begins a batch, and waits until all of it has settled. */
static inline void net_connect(struct net *net, struct dial *dials, size_t count, int64_t until_us)
{
	net->connect(net, dials, count, until_us);
	for (size_t i = 0; i < count; i++)
		while (dials[i].pending)
			net->wait(net, until_us);
}

static inline void net_handshake(
	struct net *net, struct handshake *handshakes, size_t count, int64_t until_us)
{
	net->handshake(net, handshakes, count, until_us);
	for (size_t i = 0; i < count; i++)
		while (handshakes[i].pending)
			net->wait(net, until_us);
}
