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
	bool platform_asked;
	struct platform platform;
	bool full;
	bool stage_asked;
	enum stage stage;
	enum endpoint_kind also[ENDPOINT_COUNT];
	size_t also_count;
	const struct task *task; /* of --also-from, or NULL */
	bool also_calls;
	int64_t timeout_us;
	int64_t deadline_us;
	struct text region;
	struct text role_arn;
	struct addresses resolvers;
	struct text ca_file;
	struct proxy proxy;
	struct text label;
	struct text report;
	struct text user; /* of another registry than private ECR; empty: not given */
	bool password_stdin;
	struct text password_file;

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
