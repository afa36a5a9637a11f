/* Evidence: all that the walk saw, and the only thing that crosses to the diagnosis. */
#pragma once
#include "base/address.h"
#include "model/lists.h"
#include "model/target.h"
#include "model/vpc.h"
#include <jansson.h>

/* one thing that a step saw */
struct seen {
	enum fact fact;
	struct text text;  /* of a TEXT fact */
	int64_t number;	   /* of a NUMBER or FLAG fact */
	bool flag;	   /* of a FLAG fact: `number` is not 0 */
	struct texts list; /* of a LIST fact */
};

/* one thing tried once */
struct step {
	enum stage stage;
	enum endpoint_kind endpoint;
	struct text host;
	struct text peer; /* "52.216.0.10:443"; empty where there was none */
	enum outcome outcome;
	enum symptom symptom;
	struct text detail; /* the library's or the service's own words; of SKIPPED, the reason */
	int64_t began_us;   /* from the start of the walk */
	int64_t took_us;
	enum experiment experiment; /* NONE for a step of the path itself */
	size_t follows;		    /* of an experiment: the step that called for it */
	uint64_t order;		    /* the walk's own, by which it sorts the steps at its end */
	struct seen *seen;
	size_t seen_count;
};

/* where the probe stood */
struct vantage {
	struct text label;
	struct text launch_type; /* "FARGATE", "EC2", "LAMBDA" or empty */
	struct text task_arn;
	struct text availability_zone;
	struct text subnet_cidr;  /* IPv4, of task metadata or the interface */
	struct text subnet_cidr6; /* the same for IPv6 */
	struct texts addresses;
	struct texts resolvers;
	int64_t mtu; /* of the interface that leads out; 0 when not known */
	struct text principal;
	struct text credential_source;
	int64_t clock_error_ms;	  /* task metadata's ClockErrorBound; -1 when not known */
	struct text clock_status; /* "SYNCHRONIZED", "NOT_SYNCHRONIZED" or empty */
};

struct evidence {
	struct text version; /* of the tool that looked */
	int64_t started_at;  /* Unix seconds */
	int64_t took_us;
	bool interrupted; /* by a signal or the deadline */
	bool full;	  /* --full: every layer whole */
	int64_t timeout_us;
	bool stage_asked; /* --stage was given, */
	enum stage stage; /* this one */
	struct target target;
	struct vantage vantage;
	struct vpc_configuration configuration; /* empty where none was read */
	struct step *steps;			/* in the order in which they were settled */
	size_t count;
};

/* Appends a step and returns it; valid until the next addition. */
struct step *evidence_add(struct arena *arena, struct evidence *evidence, struct step step);

/* Records a fact of a step, once. The kind must fit. Empty texts and lists are not recorded. */
void step_record(struct arena *arena, struct step *step, struct seen seen);
void step_saw(struct arena *arena, struct step *step, enum fact fact, struct text value);
void step_counted(struct arena *arena, struct step *step, enum fact fact, int64_t value);
void step_listed(struct arena *arena, struct step *step, enum fact fact, struct texts value);

/* What was seen: empty, 0 or an empty list where nothing was. */
struct text seen_text(const struct step *step, enum fact fact);
int64_t seen_number(const struct step *step, enum fact fact);
struct texts seen_list(const struct step *step, enum fact fact);
bool seen_at_all(const struct step *step, enum fact fact);

/* Its one JSON form, pullprobe.report.v1 (docs/report.schema.json). */

/* jansson takes some twenty times a hostile document's size */
enum { REPORT_BYTES_MAX = 16 * 1024 * 1024 };

/* the key "tool" of whatever is printed as JSON; the caller owns it */
json_t *tool_json(struct arena *arena, struct text version);

/* a new object with every key of the report but "findings" and "verdict"; the caller owns it */
json_t *schema_write(struct arena *arena, const struct evidence *evidence);

/* Reads a report back; its findings and verdict are not read. Every size is bounded, and a report
 * that is not one is refused with one line in `complaint`. */
bool schema_read(
	struct arena *arena, struct text json, struct evidence *out, struct text *complaint);
