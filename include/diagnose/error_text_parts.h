/* The parts of `explain TEXT`: a text is made plain, read for patterns, hosts and addresses, and
 * judged by rows. */
#pragma once
#include "base/address.h"
#include "diagnose/advice.h"
#include "diagnose/error_text.h"
#include "diagnose/error_text_patterns.h"

enum { SET_MOST = 7, WHEN_MOST = 4 };

/* Whose host or registry it is: what is said of ECR's is false of the others'. */
enum owner {
	OWNER_UNKNOWN,
	OWNER_ECR,
	OWNER_ECR_PUBLIC,
	OWNER_S3,
	OWNER_AWS, /* another service of AWS */
	OWNER_HUB,
	OWNER_OTHER,
};

/* what was read in a text */
struct reading {
	struct text plain; /* escapes undone, one blank for white space, case as it was */
	struct text bare;  /* lower case, without white space, quotes and backslashes */
	bool has[PATTERN_COUNT];
	struct address address; /* that was dialled; family 0 where none can be read */
	struct text host;	/* that was asked for; empty where none is named */
	struct text image;	/* empty where none is named */
	enum owner registry;	/* whose the image is, as far as the text tells */
	struct target target;	/* of the image; what the text does not tell is empty */
	struct text platform;	/* that was wanted, where it is named */
};

/* One row of judgement; what is zero asks nothing. */
struct error_text_row {
	uint8_t when[WHEN_MOST];   /* enum pattern: all of them */
	uint8_t unless[WHEN_MOST]; /* enum pattern: none of them */
	uint8_t certainty;	   /* enum certainty */
	uint8_t set[SET_MOST];	   /* enum cause: the likeliest, then the alternatives */
	const char *says;	   /* a template, see fill.c */
	struct advice own;	   /* where something else is to be said than of the cause */
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

/* decoded and on one line; and its form for comparing */
struct text error_text_plain(struct arena *arena, struct text raw);
struct text error_text_bare(struct arena *arena, struct text plain);

/* sets the patterns that have phrases */
void error_text_patterns(struct reading *reading);

/* sets the patterns of error codes and statuses that the text names */
void error_text_codes(struct reading *reading);

/* reads names and addresses, and sets the patterns that rest on them */
void error_text_details(struct arena *arena, struct reading *reading);

/* The host of a pull cannot exist, or is a valid name: neither where it is masked or foreign. */
enum host_kind { HOST_UNSURE, HOST_VALID, HOST_WRONG };
enum host_kind error_text_host_kind(struct text host);
enum owner error_text_owner(struct text host);

/* registries that are known by their names; ends with NULL */
extern const char *const error_text_registries[];

/* the row that fits; the last one always does */
const struct error_text_row *error_text_row(const struct reading *reading);

/* one of several phrases, separated by '|', stands in a bare text */
bool error_text_holds(struct text bare, struct text phrases);

/* The columns of the rows. */
#define ALL(...)            \
	{                   \
		__VA_ARGS__ \
	}
#define NOT(...)            \
	{                   \
		__VA_ARGS__ \
	}

/* what stands for "TCP to a public address gets no answer" */
#define PATH_OUT CAUSE_NET_NO_EGRESS_ROUTE, CAUSE_NET_SECURITY_GROUP, CAUSE_NET_NACL

#define BY_DIGEST                                                                             \
	"The image is not in the pull-through cache, and a pull by digest does not import it" \
	": pull it once by its tag."

#define ERROR_TEXT_ROWS(rows)                       \
	{                                           \
		rows, sizeof(rows) / sizeof *(rows) \
	}
