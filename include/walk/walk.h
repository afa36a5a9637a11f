/* The walk: looks at the path, hop by hop, and writes evidence. It does not know what any of it
 * means. */
#pragma once
#include "base/text.h"
#include "model/evidence.h"
#include "model/oci.h"
#include "model/plan.h"
#include "model/registry.h"
#include "model/url.h"
#include "net/net.h"

struct push; /* walk/push.h */

struct walk_options {
	bool full;
	bool also_calls; /* --also-calls: ask for what the plan's task needs */
	bool stage_asked;
	enum stage stage;
	int64_t timeout_us;
	int64_t deadline_us;	    /* from the start of the walk */
	struct addresses resolvers; /* of --resolver; empty: resolv.conf's */
	struct text label;
	enum puller puller;   /* of --for; UNKNOWN: by where the probe runs */
	struct proxy proxy;   /* of --proxy; without a host: none */
	struct text role_arn; /* of --role-arn; empty: none */
	struct login login;   /* of --user; basic empty: none */
	struct push *push;    /* to be done when the registry is signed in to; NULL: none */
	const struct trust *trust;
	const struct host_info *host_info; /* what the machine knows of itself */
	struct environment environment;
};

/* Walks the plan of a target. Every step that was tried or skipped is in `evidence`. */
void walk(struct arena *arena, struct net *net, const struct target *target,
	const struct plan *plan, const struct walk_options *options, struct evidence *evidence);
