/* The parts of which a chain is made: one subnet, one endpoint, one way to it. */
#pragma once
#include "diagnose/configuration.h"
#include "diagnose/context.h"
#include "diagnose/policy.h"
#include "model/json.h"
#include "model/vpc.h"

/* addresses */

/* Where packets go to, or come from. */
struct ranges {
	struct network *at;
	size_t count;
	bool known;  /* each address is one that is used; else any one of them may be */
	bool public; /* without the private addresses in them */
	const struct vpc_vpc *outside; /* without those of this VPC; NULL: with them */
};

void ranges_add(struct arena *arena, struct ranges *ranges, struct network network);
/* CIDRs and addresses; what is neither is left out */
void ranges_add_texts(struct arena *arena, struct ranges *ranges, struct texts texts);

/* the public addresses of a family: any of them may be the one */
struct ranges ranges_public(struct arena *arena, uint8_t family, const struct vpc_vpc *outside);

/* A row of an ACL, of a security group, or of a route table. */
struct filter_row {
	struct network network;
	int64_t from, to; /* ports */
	bool allows;
	int64_t rank; /* of routes: the higher wins among equally long prefixes */
	const void *rule;
};

struct filter {
	struct filter_row *at; /* the first that fits decides; without one it is no */
	size_t count;
	const char *incomplete; /* what of it is not known; NULL: nothing */
};

/* Fills in the ports of a rule of AWS's; -1 is that it has none, and is about all. False: it is not
 * about TCP, or UDP. */
bool filter_ports(struct filter_row *row, bool udp, struct text protocol, int64_t from, int64_t to);

/* The range to open: what is not let through, or all where any address may be the one. */
struct text ranges_to_open(
	struct arena *arena, const struct ranges *ranges, const struct address *address);

void filter_add(struct arena *arena, struct filter *filter, struct filter_row row);

/* What a filter does to the packets from or to some ranges, with ports of a range. */
struct filtered {
	enum effect effect;
	bool by_port;		      /* of PARTLY and BLOCKS: some ports pass */
	const struct filter_row *row; /* the one that denies; NULL: none allows */
	struct address address;	      /* that is not let through */
};
struct filtered filter_judge(struct arena *arena, const struct filter *filter,
	const struct ranges *ranges, int64_t from, int64_t to);

/* One address of each part of the ranges in which the rows of the filter decide alike. */
struct addresses filter_samples(
	struct arena *arena, const struct filter *filter, const struct ranges *ranges);

/* the way */

struct judge {
	struct arena *arena;
	const struct evidence *evidence;
	const struct vpc_configuration *configuration;
	const struct target *target;
	const struct vpc_subnet *subnet;
	const struct vpc_vpc *vpc; /* NULL where it was not read */
	struct chain *chain;	   /* that is being made */
};

enum way_kind {
	WAY_INTERFACE, /* to the interfaces of a VPC endpoint */
	WAY_PUBLIC,    /* to public addresses, perhaps by a gateway endpoint */
	WAY_ELSEWHERE, /* to private addresses that are no endpoint's of this VPC */
};

struct way {
	enum way_kind kind;
	enum endpoint_kind endpoint;
	struct text service; /* ".us-east-1.ecr.dkr"; empty of other registries */
	bool is_s3;	     /* of AWS's, with a prefix list and gateway endpoints */
	struct text host;
	const struct vpc_endpoint *through; /* of INTERFACE; of PUBLIC, one that could serve */
	/* of PUBLIC, why an endpoint of the service here does not serve, the id to change and how
	 */
	struct text unused, unused_id, unused_fix;
	struct ranges to;
	struct ranges from;
	uint8_t family;
	int64_t port;
	bool udp; /* else TCP */
};

enum { WAYS_MAX = 8 };

struct ways {
	struct way at[WAYS_MAX];
	size_t count;
};

/* Appends the links of the way that blocks least; of those that are alike of the one on which
 * packets get furthest: it is the one that was made for them. */
void judge_best(struct judge *judge, const struct ways *ways);

/* Appends to the chain; what blocks and names no resource has its id as the one to change. */
struct link *judge_add(struct judge *judge, struct link link);

/* The same, with what it does: `line` and what it stands for. */
struct link *judge_link(struct judge *judge, struct link link, const char *line, ...)
	__attribute__((format(printf, 3, 4)));

/* The line of the configuration that was read; a line of advice; a command of the AWS CLI, which a
 * --region follows. */
void judge_read(struct judge *judge, struct link *link, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void judge_advise(struct judge *judge, struct link *link, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void judge_fix(struct judge *judge, struct link *link, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The document with one more statement, which is taken over; the statement alone where there is
 * none. */
struct text judge_with_statement(struct arena *arena, struct text document, json_t *statement);

/* how many links from that one on block */
size_t judge_blocks(const struct chain *chain, size_t from);

/* Those that block have another effect: there is a way beside them, or nobody takes theirs. */
void judge_soften(struct judge *judge, size_t from, enum effect effect);

/* Appends that a part was not read, by which call and why. */
void judge_unread(struct judge *judge, enum stage stage, const char *what, struct text id,
	enum vpc_part part, struct text about);

/* The servers that DHCP options name, and the way to them. False where it is not Amazon's DNS that
 * answers. */
bool judge_servers(struct judge *judge);

/* the addresses of a family among texts; whether each is used, else any may be */
struct ranges judge_ranges(struct judge *judge, struct texts texts, uint8_t family, bool known);

/* whether a part was read about the VPC of the judged subnet */
bool judge_read_vpc(const struct judge *judge, enum vpc_part part);

/* Lambda's interfaces have no public address, and its ephemeral ports are not the kernel's. */
bool judge_by_lambda(const struct judge *judge);

/* What a name leads to, as far as the configuration tells. */
struct naming {
	bool uncertain;			   /* servers or zones that are not described here answer */
	bool unread;			   /* whether there is an endpoint is not known */
	const struct vpc_endpoint *usable; /* private DNS leads to it; NULL: to public addresses */
	const struct vpc_endpoint *unusable;	   /* there is one, and `unused` says why not */
	struct text unused, unused_id, unused_fix; /* and what to change, how */
};
struct naming judge_names(struct judge *judge, const struct way *way);

/* the links of one way, file by file */
void judge_route(struct judge *judge, const struct way *way);
void judge_acls(struct judge *judge, const struct way *way);
void judge_nat_acl(struct judge *judge, const struct way *way, const struct vpc_subnet *nat);
void judge_groups(struct judge *judge, const struct way *way);
void judge_endpoint_policy(struct judge *judge, const struct way *way);
/* `taken` is the one way that packets take; NULL where it is not certain */
void judge_access(struct judge *judge, const struct way *way, const struct way *taken);
void judge_repository(struct judge *judge, const struct way *taken);

/* what an endpoint is asked for */
struct endpoint_call {
	enum endpoint_kind endpoint;
	enum stage stage;
	const char *action;
};

/* Whether the role may make the call on the resource: of the calls of one endpoint one is the
 * first. `repository` is what the policy of the repository says about it. */
void judge_role(struct judge *judge, const struct endpoint_call *call, struct text resource,
	const struct policy_answer *repository, bool is_first);

/* what the last three share: who pulls, and what */
bool judge_is_cross_account(const struct judge *judge);
struct text judge_repository_arn(struct judge *judge);
struct text judge_role_name(struct text arn);
const struct vpc_repository *judge_repository_of(const struct judge *judge);

/* The simulation of an action: of that resource, else the one that allows least. NULL: none. */
const struct vpc_simulation *judge_simulation(
	const struct judge *judge, const char *action, struct text resource);

/* adds what lets the role call it */
void judge_suggest_role(struct judge *judge, const struct vpc_simulation *simulation,
	const char *action, struct link *link);

/* the route table of a subnet: its own, else the main one; NULL where it was not read */
const struct vpc_route_table *judge_table(
	const struct judge *judge, const struct vpc_subnet *subnet);

/* the endpoint is of the way's service; the type is AWS's word */
bool judge_serves(const struct way *way, const struct vpc_endpoint *endpoint, struct text type);
