/* The boundary to the world. Four functions begin a batch each and return at once; all that was
 * begun is one list of things under way, on which `wait` works. What the network does is a value in
 * the element, never a return code. Tests supply a scripted struct net, which may settle everything
 * when it is begun. */
#pragma once
#include "base/address.h"
#include "base/clock.h"
#include "model/lists.h"

/* Something under way. An element points to its own from its beginning until it has settled, and
 * must stay where it is as long. */
struct pending;

/* Whom to trust: the built-in roots and those that the user added. Made by trust_make. */
struct trust;

enum record { RECORD_A, RECORD_AAAA };

struct query {
	/* asked */
	struct text name;
	enum record record;
	struct address server; /* port 0 means 53 */
	bool tcp;
	/* answered */
	enum symptom symptom; /* NONE: `addresses` is not empty */
	struct text detail;
	struct text error;	    /* errno's name, when a socket said it: "ECONNREFUSED" */
	struct address hop;	    /* who sent an ICMP error; family 0 where not known */
	struct addresses addresses; /* without port */
	struct texts cnames;	    /* the chain, in order */
	bool truncated;		    /* the UDP answer was, and TCP was used or failed */
	int repeats;		    /* times that the question was sent again before the answer */
	int64_t began_us, took_us;  /* began: clock_us() */
	struct pending *pending;    /* NULL: settled, or never begun */
};

struct dial {
	/* asked */
	struct address to;
	uint16_t source_port; /* 0: the system's choice */
	int mss;	      /* TCP_MAXSEG; 0: the system's */
	struct text tunnel; /* "host:port": `to` is an HTTP proxy, to be asked for a tunnel to there
			       (CONNECT, RFC 9110 9.3.6); empty: none */
	struct text tunnel_basic; /* user and password for it in base64, or empty: a secret */
	/* answered */
	enum symptom symptom; /* STATUS: the proxy says no */
	struct text detail;
	int status;			    /* the proxy's; 0: none came */
	struct text server, via, challenge; /* headers of its answer */
	struct text error;    /* errno's name: "ECONNREFUSED"; empty where there is none */
	struct address local; /* own address and port */
	struct address hop;   /* who sent the ICMP error; family 0 where not known */
	int repeats;	      /* SYNs that were sent again before the connection stood */
	int fd;		      /* connected, non-blocking; -1 otherwise. The taker closes it. */
	int64_t began_us, took_us;
	struct pending *pending; /* NULL: settled, or never begun */
};

struct handshake {
	/* asked */
	int fd;			   /* of a dial; closed by the handshake in every case */
	struct text send_name;	   /* server name; empty: none is sent */
	struct text expect_name;   /* the certificate must be for it; empty: not checked */
	const struct trust *trust; /* NULL: any peer will do, as in experiments */
	bool tls12;		   /* at most TLS 1.2 */
	bool small; /* a ClientHello of less than 400 bytes: one key share of one curve */
	/* answered */
	enum symptom symptom; /* NONE, TIMEOUT, RESET, CLOSED, NOT_TLS, UNTRUSTED, EXPIRED,
			     NOT_YET_VALID, NAME_MISMATCH, ALERT, VERSION, LOCAL, ... */
	struct text detail;
	struct text version, cipher, alert;
	struct text subject, issuer, not_before, not_after; /* of the leaf; RFC 3339 */
	struct texts names;				    /* subjectAltName, DNS and IP */
	struct texts chain;				    /* subjects, leaf first, as sent */
	struct text anchor; /* "amazon", "public", "added"; empty when not verified */
	int64_t hello_bytes, peer_bytes;
	int64_t began_us, took_us;
	struct pending *pending; /* NULL: settled, or never begun */
};

struct header {
	struct text name; /* as sent */
	struct text value;
};

struct exchange {
	/* asked */
	struct text url;	/* absolute; http or https */
	struct address address; /* where its host is: no name is looked up; family 0 when the host
				   is an address already. A port other than 0 takes the place of the
				   URL's. With `proxy` it is where the proxy is. */
	bool post;		/* with `body`; GET otherwise */
	bool put;		/* PUT, with `body` where there is one */
	bool head;		/* HEAD */
	bool remove;		/* DELETE, without a body */
	struct text body;
	const struct header *send;
	size_t send_count;
	struct text basic;  /* "Authorization: Basic <this>": a secret */
	struct text bearer; /* "Authorization: Bearer <this>", in its place: a secret */
	/* AWS Signature Version 4, when access_key is not empty: secrets */
	struct text access_key, secret_key, session_token;
	struct text region, service;
	struct text range; /* "0-0"; empty: all */
	int64_t body_keep; /* keep so many bytes of the body; the rest is hashed and counted */
	int64_t body_max;  /* refuse a longer one (symptom TOO_LARGE); 0: no limit */
	bool discard;	   /* keep nothing of a good answer's (2xx) body: it is a secret */
	bool hash;	   /* digest the body while it streams */
	const struct trust *trust;
	int mss;
	struct text proxy; /* "http://host:port"; empty: none, whatever the environment says */
	struct text proxy_user, proxy_password; /* for it; secrets */
	/* answered; redirects are never followed */
	enum symptom symptom; /* NONE: an HTTP answer arrived whole, whatever its status */
	struct text detail;
	int status; /* 0: none */
	struct header *headers;
	size_t header_count;
	struct text kept;    /* the body's first body_keep bytes */
	int64_t bytes;	     /* received of the body */
	int64_t announced;   /* Content-Length; -1: not told */
	struct text digest;  /* "sha256:..." of what was received; with `hash` */
	struct address peer; /* with port */
	int64_t began_us, took_us;
	int64_t moved_us;	 /* when something last happened; 0: it waits for its turn */
	struct pending *pending; /* NULL: settled, or never begun */
};

/* told while exchanges run, at most ten times a second: `received` and `expected` of the net */
typedef void progress_fn(void *context, int64_t received, int64_t expected);

struct net {
	struct arena *arena; /* answers live here */
	/* Each begins its elements and returns at once. What is left at `until_us` settles as
	 * TIMEOUT; when a signal sets `interrupted` all settles as DEADLINE, within 100 ms. */
	void (*resolve)(struct net *net, struct query *queries, size_t count, int64_t until_us);
	void (*connect)(struct net *net, struct dial *dials, size_t count, int64_t until_us);
	void (*handshake)(
		struct net *net, struct handshake *handshakes, size_t count, int64_t until_us);
	/* Each exchange may be silent for `idle_us` (symptom TIMEOUT before the first byte of the
	 * answer, STALLED after it); all end at `until_us` (symptom DEADLINE). Connections are kept
	 * for later exchanges with the same host. */
	void (*send)(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
		int64_t until_us);
	/* Works on all that is under way until something settles, `until_us` has passed, or a
	 * signal comes. Returns at once when nothing is under way. */
	void (*wait)(struct net *net, int64_t until_us);
	/* Ends what was begun with this `owner` and is not settled: as DEADLINE. */
	void (*drop)(struct net *net, const void *owner);
	const void *owner; /* of what is begun from now on; set by who begins it */
	bool finishes;	   /* what is under way goes on when a signal comes; `wait` returns */
	bool many;	   /* hundreds of exchanges at once, even with one host */
	int64_t received;  /* bytes of bodies, since somebody set it to zero */
	int64_t expected;  /* as told to `progress`, which is not called while it is 0 */
	progress_fn *progress;
	void *progress_context;
	void *state; /* of the implementation */
};

/* Each begins a batch, and waits until all of it has settled. */
void net_resolve(struct net *net, struct query *queries, size_t count, int64_t until_us);
void net_exchange(struct net *net, struct exchange *exchanges, size_t count, int64_t idle_us,
	int64_t until_us);

/* the first header of that name, whatever its case; empty when there is none */
struct text header_value(const struct exchange *exchange, struct text name);

/* The real world; net_end closes what it holds. SIGPIPE is ignored from then on: OpenSSL writes to
 * sockets that a peer may have closed. */
void net_begin(struct net *net, struct arena *arena);
void net_end(struct net *net);

/* Reads PEM certificates from `file` (empty: only the built-in ones). False: `complaint` is one
 * line. The trust lives until trust_end. */
bool trust_make(struct arena *arena, struct text file, struct trust **out, struct text *complaint);
void trust_end(struct trust *trust);

/* What this machine knows of itself. */
struct host_info {
	struct addresses addresses; /* own, without loopback and link-local */
	struct network *networks;   /* of those addresses, in the same order */
	struct addresses resolvers; /* of resolv.conf, in order; port 53 */
	int64_t mtu;		    /* of the interface that leads out; 0 when not known */
	struct text host_name;
};

void host_info_read(struct arena *arena, struct host_info *out);

/* "libcurl 8.14.1, OpenSSL 3.5.7, c-ares 1.18.1, jansson 2.14, expat 2.6": what was linked */
struct text net_libraries(struct arena *arena);

/* From here on no library goes on without memory: it gets it, or the program ends (exit 3). To be
 * called before anything else of the net layer. */
void net_libraries_begin(void);

/* SHA-256 (FIPS 180-4): "sha256:" and 64 hexadecimal digits */
struct text digest_of(struct arena *arena, struct text bytes);

/* SHA-1, as 40 hexadecimal digits: a file's name, and nothing that is to be trusted */
struct text digest_sha1(struct arena *arena, struct text bytes);

/* The same over bytes that come in pieces. Every digest that was begun must be ended, which frees
 * it and gives the text. */
struct evp_md_ctx_st; /* OpenSSL's EVP_MD_CTX */
struct evp_md_ctx_st *digest_begin(void);
void digest_add(struct evp_md_ctx_st *digest, struct text bytes);
struct text digest_end(struct evp_md_ctx_st *digest, struct arena *arena);
