/* The command line, read into a struct. */
#pragma once
#include "base/address.h"
#include "cloud/subject.h"
#include "model/lists.h"
#include "model/task.h"
#include "walk/walk.h"

enum verb { VERB_CHECK, VERB_EXPLAIN, VERB_COMPARE, VERB_INSPECT };

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML };

struct options {
	enum verb verb;
	struct texts arguments; /* what is no option */

	/* check */
	struct platform platform; /* without an OS: not given; of inspect too */
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
	struct text output; /* of inspect: a folder */

	/* inspect */
	struct subject_options subject;
	struct text profile;
	struct texts reports; /* of walks, to be joined */

	/* all */
	enum format format;
};

/* Reads the command line and the environment's stand-ins for it (PULLPROBE_IMAGE,
 * PULLPROBE_OPTIONS). A mistake is one line on stderr and exit 2; --help and --version print and
 * exit 0. */
struct options options_read(
	struct arena *arena, int argc, char **argv, const struct environment *environment);

/* Whom to trust, by --ca-file, AWS_CA_BUNDLE or SSL_CERT_FILE; exit 2 where the file is no good. */
struct trust *options_trust(
	struct arena *arena, const struct options *options, const struct environment *environment);
