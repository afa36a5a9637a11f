/* pullprobe: stands where a container pull would stand, walks the pull hop by hop, and says which
 * hop breaks, why, how sure it is, and what to change. */
#include "base/die.h"
#include "base/file.h"
#include "diagnose/diagnose.h"
#include "diagnose/quoted.h"
#include "model/exitcode.h"
#include "model/schema.h"
#include "options.h"
#include "report/explain.h"
#include "report/report.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { TEXT_MAX = 1024 * 1024 };

extern char **environ;

static void note_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction note = {.sa_handler = note_signal};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGINT, &note, NULL);
	sigaction(SIGTERM, &note, NULL);
	/* a closed stdout is an error of write, told and survived */
	sigaction(SIGPIPE, &ignore, NULL);
}

/* False: not all could be written; errno says why. */
static bool write_all(int fd, struct text t)
{
	while (t.len) {
		ssize_t count = write(fd, t.at, t.len);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		t = text_skip(t, (size_t)count);
	}
	return true;
}

static void print(struct text t)
{
	if (!write_all(STDOUT_FILENO, t))
		fprintf(stderr, "pullprobe: cannot write to stdout: %s\n", strerror(errno));
}

static struct report_style style_of(const struct environment *environment)
{
	struct report_style style = {.columns = 100};
	struct winsize size;
	int64_t columns;
	if (text_number(environment_get(environment, T("COLUMNS")), &columns) && columns > 0)
		style.columns = columns < 1000 ? (int)columns : 1000;
	if (!isatty(STDOUT_FILENO))
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		style.columns = size.ws_col;
	style.colour = environment_get(environment, T("NO_COLOR")).len == 0 &&
		!text_equal(environment_get(environment, T("TERM")), T("dumb"));
	return style;
}

/* check ------------------------------------------------------------------------------------ */

static bool is_true(struct text value)
{
	return text_same(value, T("true"));
}

static struct target target_of(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct target target;
	struct text complaint;
	struct text region = options->region;
	if (region.len == 0)
		region = environment_get(environment, T("AWS_DEFAULT_REGION"));
	if (!target_parse(arena, options->arguments.at[0], region, &target, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	if (target.kind != REGISTRY_ECR)
		die(EXIT_USAGE,
			"%.*s is not in private Amazon ECR, the only kind that is probed so far: "
			"ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG",
			TEXT(target.image));
	target.platform = options->platform;
	return target;
}

static struct plan plan_of(struct arena *arena, const struct options *options,
	const struct environment *environment, const struct target *target)
{
	struct plan_options wishes = {
		.fips = is_true(environment_get(environment, T("AWS_USE_FIPS_ENDPOINT"))),
		.dualstack = is_true(environment_get(environment, T("AWS_USE_DUALSTACK_ENDPOINT"))),
		.api_endpoint = environment_get(environment, T("AWS_ENDPOINT_URL_ECR")),
		.also_count = options->also_count,
	};
	if (wishes.api_endpoint.len == 0)
		wishes.api_endpoint = environment_get(environment, T("AWS_ENDPOINT_URL"));
	memcpy(wishes.also, options->also, sizeof wishes.also);
	return plan_make(arena, target, &wishes);
}

static struct trust *trust_of(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct trust *trust;
	struct text complaint;
	struct text file = options->ca_file;
	if (file.len == 0)
		file = environment_get(environment, T("AWS_CA_BUNDLE"));
	if (file.len == 0)
		file = environment_get(environment, T("SSL_CERT_FILE"));
	if (!trust_make(arena, file, &trust, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	return trust;
}

/* The report's file is opened before the walk, so that a path that cannot be written is a usage
 * mistake; what was in it stays until there is a report. -1: none was asked for. */
static int open_report(struct arena *arena, struct text path)
{
	if (path.len == 0)
		return -1;
	int fd = open(text_string(arena, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		die(EXIT_USAGE, "cannot write the report %.*s: %s", TEXT(path), strerror(errno));
	return fd;
}

static void write_report(int fd, struct text path, struct text json)
{
	if (fd < 0)
		return;
	/* not every file has a length: /dev/stderr */
	(void)!ftruncate(fd, 0);
	if (!write_all(fd, json) || close(fd) != 0)
		fprintf(stderr, "pullprobe: cannot write the report %.*s: %s\n", TEXT(path),
			strerror(errno));
}

static void show_progress(void *context, int64_t bytes)
{
	(void)context;
	fprintf(stderr, "\r%.1f MB", (double)bytes / 1e6);
}

static int check(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct evidence evidence = {.version = text_of(PULLPROBE_VERSION)};
	struct surroundings surroundings;
	struct net net;

	/* what is to be pulled, through which endpoints */
	struct target target = target_of(arena, options, environment);
	struct plan plan = plan_of(arena, options, environment, &target);
	struct trust *trust = trust_of(arena, options, environment);
	int report_fd = open_report(arena, options->report);

	/* look at the path */
	bool progress = options->full && isatty(STDERR_FILENO);
	net_begin(&net, arena);
	net.progress = progress ? show_progress : NULL;
	surroundings_look(arena, &surroundings);
	struct walk_options walk_options = {
		.full = options->full,
		.stage_asked = options->stage_asked,
		.stage = options->stage,
		.timeout_us = options->timeout_us,
		.deadline_us = options->deadline_us,
		.resolvers = options->resolvers,
		.label = options->label,
		.role_arn = options->role_arn,
		.trust = trust,
		.surroundings = &surroundings,
		.environment = *environment,
	};
	walk(arena, &net, &target, &plan, &walk_options, &evidence);
	net_end(&net);
	trust_end(trust);
	if (progress)
		fputs("\r\033[K", stderr);

	/* explain it */
	struct diagnosis diagnosis = diagnose(arena, &evidence);
	struct text json = report_json(arena, &evidence, &diagnosis);
	write_report(report_fd, options->report, json);
	struct report_style style = style_of(environment);
	print(options->format == FORMAT_JSON ? json
					     : report_text(arena, &evidence, &diagnosis, &style));
	return diagnosis.exit_code;
}

/* explain ---------------------------------------------------------------------------------- */

static void explain_report(struct arena *arena, const struct options *options,
	const struct report_style *style, const struct evidence *evidence)
{
	struct diagnosis diagnosis = diagnose(arena, evidence);
	print(options->format == FORMAT_JSON ? report_json(arena, evidence, &diagnosis)
					     : report_text(arena, evidence, &diagnosis, style));
}

static void explain_quoted(struct arena *arena, const struct options *options,
	const struct report_style *style, struct text error_text)
{
	struct quoted quoted = quoted_explain(arena, error_text);
	print(options->format == FORMAT_JSON ? explain_json(arena, &quoted)
					     : explain_text(arena, &quoted, style));
}

static void explain_number(struct arena *arena, const struct options *options,
	const struct report_style *style, int64_t number)
{
	const struct exit_code *row = exit_code_row((int)number);
	if (number > 255 || number < 0 || !row)
		die(EXIT_USAGE, "%lld is no exit code of pullprobe", (long long)number);
	print(options->format == FORMAT_JSON ? explain_code_json(arena, row)
					     : explain_code_text(arena, row, style));
}

/* A report where the content is one, an error text otherwise. */
static void explain_content(struct arena *arena, const struct options *options,
	const struct report_style *style, struct text content)
{
	struct evidence evidence;
	struct text complaint;
	bool looks_like_report = text_starts(text_trim(content), T("{")) &&
		text_holds(content, T("\"pullprobe.report."));
	if (!looks_like_report)
		explain_quoted(arena, options, style, text_head(content, TEXT_MAX));
	else if (schema_read(arena, content, &evidence, &complaint))
		explain_report(arena, options, style, &evidence);
	else
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
}

static struct text joined(struct arena *arena, const struct texts *words)
{
	struct text all = words->at[0];
	for (size_t i = 1; i < words->count; i++)
		all = text_format(arena, "%.*s %.*s", TEXT(all), TEXT(words->at[i]));
	return all;
}

static bool is_file(struct arena *arena, struct text path)
{
	return path.len < 4096 && access(text_string(arena, path), F_OK) == 0;
}

static int explain(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct report_style style = style_of(environment);
	struct text what = joined(arena, &options->arguments);
	struct text content;
	struct text complaint;
	int64_t number;
	if (text_number(what, &number)) {
		explain_number(arena, options, &style, number);
	} else if (text_equal(what, T("-"))) {
		if (!file_read_open(arena, STDIN_FILENO, T("stdin"), REPORT_BYTES_MAX, &content,
			    &complaint))
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		explain_content(arena, options, &style, content);
	} else if (is_file(arena, what)) {
		if (!file_read(arena, what, REPORT_BYTES_MAX, &content, &complaint))
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		explain_content(arena, options, &style, content);
	} else {
		explain_quoted(arena, options, &style, what);
	}
	return 0;
}

/* compare ---------------------------------------------------------------------------------- */

static int compare(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct report_style style = style_of(environment);
	size_t count = options->arguments.count;
	struct vantage_report *reports = arena_new(arena, struct vantage_report, count);
	for (size_t i = 0; i < count; i++) {
		struct text complaint;
		struct text content;
		reports[i].file = options->arguments.at[i];
		if (!file_read(arena, reports[i].file, REPORT_BYTES_MAX, &content, &complaint))
			die(EXIT_USAGE, "%.*s", TEXT(complaint));
		if (!schema_read(arena, content, &reports[i].evidence, &complaint))
			die(EXIT_USAGE, "%.*s: %.*s", TEXT(reports[i].file), TEXT(complaint));
		reports[i].diagnosis = diagnose(arena, &reports[i].evidence);
	}
	print(report_compare(arena, reports, count, &style));
	return 0;
}

int main(int argc, char **argv)
{
	static int (*const verbs[])(
		struct arena *, const struct options *, const struct environment *) = {
		[VERB_CHECK] = check,
		[VERB_EXPLAIN] = explain,
		[VERB_COMPARE] = compare,
	};
	struct arena arena = {0};
	struct environment environment = {environ};
	struct options options = options_read(&arena, argc, argv, &environment);

	catch_signals();
	int code = verbs[options.verb](&arena, &options, &environment);
	arena_end(&arena);
	return code;
}
