/* What the experiments need of the stages. */
#pragma once
#include "walk/probe.h"

/* The places where Amazon's resolver answers, besides the subnet's guess. What it is good for
 * depends on the machine's addresses: without IPv4 only the IPv6 one is named. */
struct addresses amazon_resolvers(struct probe *probe);

/* the record type that this machine can use: A unless it has IPv6 alone */
enum record record_of(const struct probe *probe);

/* Writes a query of an experiment down. */
void record_query(struct probe *probe, const struct query *query, enum experiment experiment,
	enum endpoint_kind kind, size_t follows);

enum { VIEWS_MAX = 16 };

/* what the VPC's own resolver says of a name whose addresses stay silent */
struct view {
	size_t follows;
	struct query query;
	struct address other; /* one that the walk did not see; family 0: none */
};

struct split_horizon {
	struct view at[VIEWS_MAX];
	size_t count;
};

/* Asks the VPC's own resolver about the hosts of the failed connections that begin at step `from`,
 * if another one is configured, and writes the answers down. */
void split_horizon_ask(
	struct probe *probe, struct split_horizon *split_horizon, size_t from, int64_t until_us);

/* Dials to the addresses that were found, VIEWS_MAX at most; returns how many. */
size_t split_horizon_plan(const struct split_horizon *split_horizon, struct dial *dials);

/* Writes down those dials, which begin at `dials`. */
void split_horizon_record(
	struct probe *probe, const struct split_horizon *split_horizon, const struct dial *dials);

/* A request to the registry for `kind` ("manifests" or "blobs") that got no complete answer is sent
 * again, as it was and over small segments. False: the step does not call for it. */
bool follow_registry(struct probe *probe, size_t follows, const char *kind);
/* names without an address that this machine can use: their dual-stack names are asked */
void follow_missing_ipv6(struct probe *probe, size_t from);

/* a failed step of the blob host: its blob is fetched once more, if that may tell anything */
void follow_blobs(struct probe *probe, size_t follows);
