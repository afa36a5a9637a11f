/* What is kept of one report for comparing it with others: little, so that hundreds fit. */
#pragma once
#include "model/finding.h"

/* what became of one stage at one endpoint, its many addresses or blobs taken together */
struct connectivity_row {
	enum stage stage;
	enum endpoint_kind endpoint;
	enum experiment experiment; /* NONE for a stage of the path itself */
	size_t outcomes[OUTCOME_COUNT];
	enum symptom symptom; /* of the first step that failed */
	struct text words;    /* what that one saw, else the first one */
	struct text issuer;   /* of tls: who vouched for the peer, or claimed to */
	unsigned places;      /* of dns: bits by enum place (diagnose/context.h) of the addresses */
	int64_t began_us;     /* from the start of the walk; what was skipped took no time */
	int64_t ended_us;
};

struct column {
	struct text file;
	struct text label; /* the vantage's own; columns_name makes it unlike the others' */
	struct text image;
	struct text platform;
	struct text zone;
	struct text subnet;
	struct texts resolvers;
	int64_t mtu; /* 0 when not known */
	struct text principal;
	struct text credential_source;
	int64_t started_at; /* Unix seconds */
	int64_t took_us;
	struct connectivity_row
		*connectivity; /* in the order in which their first steps were settled */
	size_t count;
	struct diagnosis diagnosis;
	struct text verdict; /* in one line */
};

/* Copies what is compared of a report into `arena`; evidence and diagnosis may end afterwards.
 * Texts are cut at some thousand bytes. */
struct column column_of(struct arena *arena, struct text file, const struct evidence *evidence,
	const struct diagnosis *diagnosis);

/* Gives every column whose label is missing or also another's a label with its file in it. */
void columns_name(struct arena *arena, struct column *columns, size_t count);

/* the stage of the path of that stage and role, or NULL */
const struct connectivity_row *column_connectivity_row(
	const struct column *column, enum stage stage, enum endpoint_kind kind);

/* what came of it: "ok", "skip", "FAIL timeout", or "PART timeout" where some passed */
struct text connectivity_row_outcome(
	struct arena *arena, const struct connectivity_row *connectivity_row);
