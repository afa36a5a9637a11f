/* The parts of `explain TEXT`: a text is made plain, read for signs, judged by rows, advised on. */
#pragma once
#include "base/address.h"
#include "diagnose/quoted.h"
#include "diagnose/quoted_signs.h"

enum { SET_MOST = 7, WHEN_MOST = 4 };

/* what was read in a text */
struct reading {
	struct text plain; /* escapes undone, one blank for white space, case as it was */
	struct text bare;  /* lower case, without white space, quotes and backslashes */
	bool has[SIGN_COUNT];
	struct address address; /* that was dialled; family 0 where none can be read */
	struct text host;	/* that was asked for; empty where none is named */
	struct text image;	/* empty where none is named */
	struct text region;	/* a known one; else empty */
	struct text account;	/* twelve digits; else empty */
	struct text repository;
	struct text tag;
	struct text platform; /* that was wanted, where it is named */
	enum role role;	      /* whose call failed */
};

/* one row of judgement; what is zero asks nothing */
struct quoted_row {
	enum sign when[WHEN_MOST];   /* all of them */
	enum sign unless[WHEN_MOST]; /* none of them */
	enum certainty certainty;
	enum class set[SET_MOST]; /* the likeliest, then the alternatives */
	const char *says;	  /* with places to fill, see quoted_fill */
};

/* the tables, in the order of their walk */
struct quoted_rows {
	const struct quoted_row *at;
	size_t count;
};
extern const struct quoted_rows quoted_calls;	  /* around the pull */
extern const struct quoted_rows quoted_answers;	  /* of registry, IAM, S3, the machine */
extern const struct quoted_rows quoted_transport; /* TLS, names, connections */
extern const struct quoted_rows quoted_remains;	  /* what is left of cut texts */

/* what to do about a class */
struct quoted_advice {
	enum class class;
	enum stage stage;
	const char *decide;
	const char *fix;     /* a line each */
	const char *confirm; /* likewise */
	const char *options; /* of the `pullprobe check` line */
};

/* decoded and on one line; and its form for comparing */
struct text quoted_plain(struct arena *arena, struct text raw);
struct text quoted_bare(struct arena *arena, struct text plain);

/* sets the signs that have phrases */
void quoted_signs(struct reading *reading);

/* reads names and addresses, and sets the signs that rest on them */
void quoted_places(struct arena *arena, struct reading *reading);

/* a Region that exists; "ap-southeest-1" does not, nor does the zone "us-east-1a" */
bool quoted_region_known(struct text region);

/* The host of a pull cannot exist, or is a valid name: neither where it is masked or foreign. */
enum host_kind { HOST_UNSURE, HOST_VALID, HOST_WRONG };
enum host_kind quoted_host_kind(struct text host);

/* the row that fits; the last one always does */
const struct quoted_row *quoted_row(const struct reading *reading);

/* the advice of a class; every class has one */
const struct quoted_advice *quoted_advice(enum class class);

/* `line` with {region}, {host}, {image}, {account}, {repository}, {tag}, {address}, {platform}
 * and {service} filled in; what is not known becomes a word in capitals */
struct text quoted_fill(struct arena *arena, const struct reading *reading, const char *line);
