/* What the files of the net layer share with each other and with nobody else: the adapters that
 * net_begin joins, the errors and waits of sockets, parsers, and whom to trust. */
#pragma once
#include "net/net.h"
#include <poll.h>

/* One thing under way: the first member of what its own file keeps of it. */
struct pending {
	struct net *net;
	struct pending **held; /* the element's pointer to this; NULL is written there at the end */
	const void *owner;
	int64_t until_us;
	/* What it waits for; or with `list` what that fills in, `polls_max` at most, which lowers
	 * `due_us` to the time at which it wants a turn in any case. */
	int fd;
	short events;
	size_t polls_max, polls_count; /* at most, and in this turn */
	size_t (*list)(struct pending *pending, struct pollfd *polls, int64_t *due_us);
	/* A turn: these may have something to tell. True: it has settled. */
	bool (*advance)(struct pending *pending, const struct pollfd *polls, size_t count);
	/* Settles it as `symptom`, TIMEOUT or DEADLINE, or as what is known better. */
	void (*give_up)(struct pending *pending, enum symptom symptom);
	struct pending *next;
};

/* what net_begin makes */
struct underway {
	struct pending *first, **last;
	size_t polls_max; /* of all */
	struct pollfd *polls;
	size_t poll_room;
	struct pool *pool; /* of exchanges */
	void *ssl_context; /* of handshakes; NULL: not made yet */
	int64_t told_us;   /* when progress was last told */
};

/* Puts something on the list; `held` is in its element. */
void pending_add(struct net *net, struct pending *pending, struct pending **held, int64_t until_us);

/* Clears an element's answers of an earlier use, which begin at this offset. */
void forget_answers(void *element, size_t from, size_t size);

/* each begins a batch, as net.h promises */
void resolve_begin(struct net *net, struct query *queries, size_t count, int64_t until_us);
void dial_begin(struct net *net, struct dial *dials, size_t count, int64_t until_us);
void tls_begin(struct net *net, struct handshake *handshakes, size_t count, int64_t until_us);
void exchange_begin(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us);

/* Exchanges share connections, and curl waits for all of them: the pool of a net. */
struct pool *pool_make(struct arena *arena);
void pool_end(struct pool *pool);
/* lets curl do what can be done without waiting */
void pool_advance(struct pool *pool);
/* poll, by which curl's sockets are waited for too */
int pool_poll(struct pool *pool, struct pollfd *polls, size_t count, int ms);

/* gives the SSL_CTX back */
void tls_context_end(void *context);

/* from here on OpenSSL, and c-ares, find memory or end the program */
void tls_use_memory(void);
void resolve_use_memory(void);

/* the resolvers that resolv.conf names, in order, port 53 where it names none */
void resolve_configured(struct arena *arena, struct addresses *out);

/* "OpenSSL 3.0.22", "c-ares 1.18.1", "libcurl 7.88.1": as linked, not as compiled */
struct text resolve_library(struct arena *arena);
struct text tls_library(struct arena *arena);
struct text exchange_library(struct arena *arena);

/* what an errno of a socket says of the network; LOCAL or EXHAUSTED when it is about
 * ourselves */
enum symptom socket_error_symptom(int error);

/* the system's words for it */
struct text socket_error_text(struct arena *arena, int error);

/* all that is known of a socket's failure */
struct socket_error {
	enum symptom symptom;
	struct text name;   /* the errno's, "ECONNREFUSED"; empty: none that a socket gives */
	struct text words;  /* the system's, and of the ICMP error where there was one */
	struct address hop; /* who sent the ICMP error; family 0 where not known */
};

/* `error` is the errno of `fd`, whose ICMP error is asked for; -1 has none. */
void socket_error_read(struct arena *arena, int fd, int error, struct socket_error *out);

/* Makes the system keep the ICMP errors of a socket (of address family 4 or 6), and tell all of
 * them: without this UDP tells of closed ports only. Failing is no harm. */
void socket_error_keep(int fd, int family);

/* what a peer sent, as far as it is text, without what a terminal would obey */
struct text socket_shown(struct arena *arena, struct text bytes);

/* Reads a DNS answer (RFC 1035 4): bytes in, values out.
 * The message answers the question for `name`. NONE: `addresses` got at least one. The aliases that
 * lead from the name are added to `cnames` whatever the symptom, so NXDOMAIN with aliases says that
 * the last of them does not exist (RFC 6604 3), and NODATA with aliases that it has no address of
 * this family. MALFORMED: the message breaks off, or is for another question. */
enum symptom dns_read(struct arena *arena, struct text message, struct text name,
	enum record record, struct addresses *addresses, struct texts *cnames);

/* OpenSSL's X509 and STACK_OF(X509), for callers without its headers */
struct x509_st;
struct stack_st_X509;

/* Judges `leaf`, sent with `chain` (which may hold the leaf too), by the handshake's `trust` and
 * `expect_name`: fills symptom, detail and anchor. Of several faults the gravest is told: an
 * unknown issuer, then time, then the name; so "expired" means that all else but the name is well.
 */
void trust_judge(struct arena *arena, struct x509_st *leaf, struct stack_st_X509 *chain,
	struct handshake *out);

/* Fills what the peer's certificates say: subject to chain. At most 200 names and 20 certificates
 * of a hostile peer are kept. */
void trust_read(struct arena *arena, const struct x509_st *leaf, const struct stack_st_X509 *chain,
	struct handshake *out);

/* Makes OpenSSL's SSL_CTX, given as void * for callers without OpenSSL's types, verify chains by
 * this trust, which must outlive it, and bound what its one connection may send besides data. All
 * connections share the two stores. */
void trust_attach(const struct trust *trust, void *ssl_ctx);

/* what a result of such a verification means: UNTRUSTED, EXPIRED, ...; NONE for X509_V_OK */
enum symptom trust_symptom(long verify_result);

/*
 * Mozilla's trusted roots, built in as DER certificates one behind the other. The Amazon and
 * Starfield ones sign every AWS endpoint; the others are for other registries, and loading
 * them takes about 50 ms, so only who needs them should.
 */
extern const unsigned char roots_amazon[];
extern const unsigned char roots_amazon_end[];
extern const unsigned char roots_other[];
extern const unsigned char roots_other_end[];
