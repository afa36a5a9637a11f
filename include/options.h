/* The command line, read into a struct. */
#pragma once
#include "base/address.h"
#include "model/lists.h"
#include "model/task.h"
#include "walk/walk.h"

enum verb { VERB_CHECK, VERB_EXPLAIN, VERB_COMPARE };

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML };

struct options {
	enum verb verb;
	struct texts arguments; /* what is no option */

	/* check */
	struct platform platform; /* without an OS: not given */
	enum endpoint_kind also[ENDPOINT_COUNT];
	size_t also_count;
	const struct task *task; /* of --also-from, or NULL */
	struct text region;
	struct text ca_file;
	struct text report;
	struct text user; /* of another registry than private ECR; empty: not given */
	bool password_stdin;
	struct text password_file;
	struct walk_options walk; /* what the walk itself is told */

	/* compare */
	struct text output;

	/* all */
	enum format format;
};

/* Reads the command line and the environment's stand-ins for it (PULLPROBE_IMAGE,
 * PULLPROBE_OPTIONS). A mistake is one line on stderr and exit 2; --help and --version print and
 * exit 0. */
struct options options_read(
	struct arena *arena, int argc, char **argv, const struct environment *environment);
