/* The parts of `explain TEXT`: a text is made plain, read for signs, judged by rows, advised on. */
#pragma once
#include "base/address.h"
#include "diagnose/error_text.h"
#include "diagnose/error_text_patterns.h"

enum { SET_MOST = 7, WHEN_MOST = 4 };

/* what was read in a text */
struct reading {
	struct text plain; /* escapes undone, one blank for white space, case as it was */
	struct text bare;  /* lower case, without white space, quotes and backslashes */
	bool has[PATTERN_COUNT];
	struct address address; /* that was dialled; family 0 where none can be read */
	struct text host;	/* that was asked for; empty where none is named */
	struct text image;	/* empty where none is named */
	struct text region;	/* a known one; else empty */
	struct text account;	/* twelve digits; else empty */
	struct text repository;
	struct text tag;
	struct text platform;	     /* that was wanted, where it is named */
	enum endpoint_kind endpoint; /* whose call failed */
};

/* one row of judgement; small, since there are many; what is zero asks nothing */
struct error_text_row {
	uint8_t when[WHEN_MOST];   /* enum pattern: all of them */
	uint8_t unless[WHEN_MOST]; /* enum pattern: none of them */
	uint8_t certainty;	   /* enum certainty */
	uint8_t set[SET_MOST];	   /* enum cause: the likeliest, then the alternatives */
	const char *says;	   /* with places to fill, see error_text_fill */
};

_Static_assert(PATTERN_COUNT <= UINT8_MAX && CAUSE_COUNT <= UINT8_MAX, "a row's fields are bytes");

/* the tables, in the order of their walk */
struct error_text_rows {
	const struct error_text_row *at;
	size_t count;
};
extern const struct error_text_rows error_text_calls;	  /* around the pull */
extern const struct error_text_rows error_text_answers;	  /* of registry, IAM, S3, the machine */
extern const struct error_text_rows error_text_transport; /* TLS, names, connections */
extern const struct error_text_rows error_text_remains;	  /* what is left of cut texts */

/* what to do about a cause */
struct error_text_advice {
	enum cause cause;
	enum stage stage;
	const char *verify;
	const char *fix;     /* a line each */
	const char *confirm; /* likewise */
	const char *options; /* of the `pullprobe check` line */
};

/* decoded and on one line; and its form for comparing */
struct text error_text_plain(struct arena *arena, struct text raw);
struct text error_text_bare(struct arena *arena, struct text plain);

/* sets the signs that have phrases */
void error_text_patterns(struct reading *reading);

/* reads names and addresses, and sets the signs that rest on them */
void error_text_details(struct arena *arena, struct reading *reading);

/* a Region that exists; "ap-southeest-1" does not, nor does the zone "us-east-1a" */
bool error_text_region_known(struct text region);

/* The host of a pull cannot exist, or is a valid name: neither where it is masked or foreign. */
enum host_kind { HOST_UNSURE, HOST_VALID, HOST_WRONG };
enum host_kind error_text_host_kind(struct text host);

/* the row that fits; the last one always does */
const struct error_text_row *error_text_row(const struct reading *reading);

/* the advice of a cause; every cause has one */
const struct error_text_advice *error_text_advice(enum cause cause);

/* `line` with {region}, {host}, {image}, {account}, {repository}, {tag}, {address}, {platform}
 * and {service} filled in; what is not known becomes a word in capitals */
struct text error_text_fill(struct arena *arena, const struct reading *reading, const char *line);

/* one of several phrases, separated by '|', stands in a bare text */
bool error_text_holds(struct text bare, struct text phrases);
