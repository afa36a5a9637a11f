/* What the configuration does to a pull: for each subnet and endpoint the chain of links that a
 * name, a packet and a request meet, and which of them blocks. Pure, as all of the diagnosis. */
#pragma once
#include "model/finding.h"

/* What a link does, from the harmless to the worst. */
enum effect {
	EFFECT_PASSES,
	EFFECT_UNDECIDED, /* read, and yet it cannot be told */
	EFFECT_BEYOND,	  /* it leads to where describe calls show nothing */
	EFFECT_UNREAD,	  /* it could not be read; `line` says which call and why */
	EFFECT_PARTLY,	  /* it blocks some of the addresses */
	EFFECT_BLOCKS,
};

struct link {
	enum stage stage; /* of the walk, that meets it */
	const char *what; /* "route table", "network ACL" */
	struct text id;	  /* of the resource; may be empty */
	enum effect effect;
	struct text line; /* what it does, and the line of it that decides: a clause */
	/* of what blocks, wholly or partly */
	enum cause cause;
	struct text read;	/* the line of the configuration that was read */
	struct texts resources; /* ids or ARNs, the one to change first */
	struct texts fix;	/* commands of the AWS CLI */
};

struct chain {
	struct text subnet;
	enum endpoint_kind endpoint;
	struct text host;
	struct link *links; /* in the order in which they are met */
	size_t count;
};

struct chains {
	struct chain *at; /* subnet by subnet, the endpoints of the pull first */
	size_t count;
};

struct text effect_name(enum effect effect);

/* The chains of each subnet of the evidence's configuration. Where the walk saw to which addresses
 * a name leads, the links are judged for those. Empty without a configuration. */
struct chains configuration_chains(struct arena *arena, const struct evidence *evidence);

/* Joins the findings of the walk with the chains: a failure that exactly one link explains is
 * proven, and names what to change; what blocks and was not walked is likely; where the two
 * contradict, that is a finding, and the walk is believed. `findings` are in walking order before
 * and after. */
void configuration_join(struct arena *arena, const struct evidence *evidence,
	const struct chains *chains, struct diagnosis *diagnosis);

/* The first link that blocks in the one and not in the other, in words: "Route table rtb-2 of
 * subnet-2 has no route to the internet; Route table rtb-1 of subnet-1 leads 0.0.0.0/0 to nat-1".
 * Empty where the configurations do not tell, or none was read. */
struct text configuration_difference(
	struct arena *arena, const struct evidence *works, const struct evidence *breaks);
