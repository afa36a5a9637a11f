/* The command line: its rows, what they are read into, and the usage text made of them. */
#pragma once
#include "base/address.h"
#include "cloud/subject.h"
#include "model/lists.h"
#include "model/task.h"
#include "report/survey.h"
#include "walk/walk.h"

enum verb { VERB_CHECK, VERB_EXPLAIN, VERB_COMPARE, VERB_PUSH, VERB_INSPECT, VERB_LAUNCH };

struct options {
	enum verb verb;
	struct texts arguments; /* what is no option */

	/* check */
	struct platform platform; /* without an OS: not given; of inspect too */
	struct plan_options plan; /* of --also and --also-from; options_plan adds the rest */
	struct text region;
	struct text ca_file;
	struct text report, summary; /* files */
	struct text user;	     /* of another registry than private ECR; empty: not given */
	bool password_stdin;
	struct text password_file;
	struct walk_options walk; /* of the walk itself */

	/* explain; and the image and the role of `subject` */
	int64_t byte; /* of --byte; 0: not given */

	/* compare */
	struct text output; /* of inspect: a folder */

	/* push */
	bool create_repository;

	/* inspect */
	struct subject_options subject;
	struct text profile;
	struct texts reports; /* of walks, to be joined */

	/* launch */
	struct text subjects; /* a file; or empty */
	bool resume;
	struct text by; /* "lambda", "fargate"; or empty */
	struct text probe_image, logs;
	bool remove_repository;
	struct text lambda_role;
	int64_t wait_us;
	bool dry_run, clean;

	/* all */
	const struct format *format;
};

/* Reads the command line and the environment's stand-ins for it (PULLPROBE_IMAGE,
 * PULLPROBE_OPTIONS). A mistake is one line on stderr and exit 2; --help and --version print and
 * exit 0. */
struct options options_read(
	struct arena *arena, int argc, char **argv, const struct environment *environment);

/* What inspect or launch is about, and where it is, must be said (exit 2). */
void options_check_subject(struct arena *arena, struct options *options);

/* Whom to trust, by --ca-file, AWS_CA_BUNDLE or SSL_CERT_FILE; exit 2 if the file is not usable. */
struct trust *options_trust(
	struct arena *arena, const struct options *options, const struct environment *environment);

/* Of --user, with its password read; nothing where it is not given. */
struct login options_login(struct arena *arena, const struct options *options);

/* Adds the environment's wishes for the hosts of a target; exit 2 if a URL is not valid. */
void options_plan(const struct environment *environment, const struct target *target,
	struct plan_options *out);

/* Reads an option's value into `out`, the option's destination. False: the value is not of the form
 * that `argument` names. */
typedef bool take_fn(struct arena *arena, struct text value, void *out);

struct option_row {
	const char *name;
	const char *argument; /* NULL: a flag */
	unsigned verbs;	      /* bits by verb */
	take_fn *take;
	size_t to; /* the destination, as an offset in struct options */
	const char *help;
};

/* what is printed: the report of a check, reports side by side, or a survey and its subnets'
 * reports */
struct content {
	struct compared *reports;
	size_t count;
	const struct survey *survey; /* NULL: none */
	struct report_style style;
};

struct format {
	const char *name;
	unsigned verbs; /* bits by verb */
	bool explains;	/* error texts and exit codes too, not reports alone */
	bool markdown;	/* the style of the text */
	struct text (*compare)(struct arena *arena, const struct comparison *comparison);
};

enum { FORMATS = 6 };

extern const struct format formats[FORMATS]; /* the first is the default */

bool format_is_json(const struct format *format);

/* What the content looks like in a format, whose style it takes on. */
struct text format_print(struct arena *arena, const struct format *format, struct content *content);

struct verb_row {
	const char *name;
	const char *arguments;
	const char *help;
};

enum { OPTION_ROWS = 49, VERBS = VERB_LAUNCH + 1 };

/* An option may have several rows, each for other verbs. */
extern const struct option_row option_rows[OPTION_ROWS];
const struct option_row *option_row(enum verb verb, const char *name); /* NULL: none */
extern const struct verb_row verb_rows[VERBS];			       /* by verb */
