/* pullprobe: runs where a container pull would run, tries each step of the pull, and says which one
 * fails, why, how certain that is, and what to change. */
#include "base/die.h"
#include "base/file.h"
#include "diagnose/diagnose.h"
#include "lambda/lambda.h"
#include "launch.h"
#include "model/finding.h"
#include "options.h"
#include "output.h"
#include "push.h"
#include "report/explain.h"
#include "report/report.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* check ------------------------------------------------------------------------------------ */

/* `given`, or where that is empty the first of two variables that is set */
static struct text or_environment(struct text given, const struct environment *environment,
	struct text first, struct text second)
{
	if (given.len == 0)
		given = environment_get(environment, first);
	return given.len ? given : environment_get(environment, second);
}

static struct target target_of(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	const struct task *task = options->plan.task;
	struct target target;
	struct text complaint;
	struct text region = or_environment(
		options->region, environment, T("AWS_REGION"), T("AWS_DEFAULT_REGION"));
	if (region.len == 0 && task)
		region = task->region;
	if (!target_parse(arena, options->arguments.at[0], region, &target, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	if (target.kind == REGISTRY_ECR && options->user.len)
		die(EXIT_USAGE, "--user is for other registries: private ECR uses AWS credentials");
	if (options->plan.also_count && !target.partition)
		die(EXIT_USAGE, "--also needs to know the Region: add --region REGION");
	if (options->platform.os.len)
		target.platform = options->platform;
	else if (task && task->has_platform)
		target.platform = task->platform;
	return target;
}

/* what was opened, if it was */
static void finish(int fd, const char *what, struct text path, struct text content)
{
	if (!output_finish(fd, content))
		fprintf(stderr, "pullprobe: cannot write the %s %.*s: %s\n", what, TEXT(path),
			strerror(errno));
}

/* "12.3 of 45.6 MB, 7.8 MB/s, 5 s left": the rate is that of all so far */
static void show_progress(void *context, int64_t received, int64_t expected)
{
	int64_t *since_us = context;
	int64_t now = clock_us();
	if (!*since_us)
		*since_us = now;
	double seconds = (double)(now - *since_us) / 1e6;
	double rate = seconds > 0 ? (double)received / seconds : 0;
	fprintf(stderr, "\r\033[K%.1f of %.1f MB", (double)received / 1e6, (double)expected / 1e6);
	if (rate > 0 && received < expected)
		fprintf(stderr, ", %.1f MB/s, %.0f s left", rate / 1e6,
			(double)(expected - received) / rate);
}

static int check(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct evidence evidence = {.version = text_of(PULLPROBE_VERSION)};
	struct host_info host_info;
	struct net net;

	/* what is to be pulled, through which endpoints */
	struct target target = target_of(arena, options, environment);
	struct plan_options wishes = options->plan;
	options_plan(environment, &target, &wishes);
	struct plan plan = plan_make(arena, &target, &wishes);
	struct trust *trust = options_trust(arena, options, environment);
	struct login login = options_login(arena, options);
	int report_fd = output_open(arena, "report", options->report);
	int summary_fd = output_open(arena, "summary", options->summary);
	process_hide();

	/* look at the path */
	bool progress = options->walk.full && isatty(STDERR_FILENO);
	net_begin(&net, arena);
	int64_t fetching_since_us = 0;
	net.progress = progress ? show_progress : NULL;
	net.progress_context = &fetching_since_us;
	host_info_read(arena, &host_info);
	struct walk_options walk_options = options->walk;
	walk_options.login = login;
	walk_options.trust = trust;
	walk_options.host_info = &host_info;
	walk_options.environment = *environment;
	walk(arena, &net, &target, &plan, &walk_options, &evidence);
	net_end(&net);
	trust_end(trust);
	if (progress)
		fputs("\r\033[K", stderr);

	/* explain it */
	struct compared report = {.evidence = evidence, .diagnosis = diagnose(arena, &evidence)};
	if (report_fd >= 0)
		finish(report_fd, "report", options->report,
			report_json(arena, &evidence, &report.diagnosis));
	if (summary_fd >= 0)
		finish(summary_fd, "summary", options->summary,
			report_summary(arena, &evidence, &report.diagnosis));
	struct text result = format_print(arena, options->format,
		&(struct content){
			.reports = &report, .count = 1, .style = output_style(environment)});
	/* the exit code still gives the verdict */
	if (!output_write(STDOUT_FILENO, result))
		fprintf(stderr, "pullprobe: cannot write to stdout: %s\n", strerror(errno));
	return report.diagnosis.exit_code;
}

/* compare ---------------------------------------------------------------------------------- */

static struct compared read_report(struct arena *arena, struct text path)
{
	struct arena scratch = {0};
	struct text complaint;
	struct text content = file_argument(&scratch, path, REPORT_BYTES_MAX);
	struct compared report = {.file = text_equal(path, T("-")) ? T("stdin") : path};
	if (!schema_read(arena, content, &report.evidence, &complaint))
		die(EXIT_USAGE, "%.*s: %.*s", TEXT(report.file), TEXT(complaint));
	arena_end(&scratch);
	report.diagnosis = diagnose(arena, &report.evidence);
	return report;
}

/* Of each report only evidence and diagnosis are kept, not its text. */
static int compare(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	size_t count = options->arguments.count;
	struct report_style style = output_style(environment);
	size_t streams = 0;

	/* stdin can be read once */
	for (size_t i = 0; i < count; i++)
		streams += text_equal(options->arguments.at[i], T("-"));
	if (streams > 1)
		die(EXIT_USAGE, "compare takes - once");

	/* read */
	struct compared *reports = arena_new(arena, struct compared, count);
	for (size_t i = 0; i < count; i++)
		reports[i] = read_report(arena, options->arguments.at[i]);

	/* print */
	int fd = output_open(arena, "comparison", options->output);
	style.colour = style.colour && fd < 0;
	struct text result = format_print(arena, options->format,
		&(struct content){.reports = reports, .count = count, .style = style});
	if (fd < 0)
		output_print(result);
	else if (!output_finish(fd, result))
		die(EXIT_UNABLE, "cannot write %.*s: %s", TEXT(options->output), strerror(errno));
	return 0;
}

/* lambda ----------------------------------------------------------------------------------- */

/* The options of the function's environment, and the CAs of its package, are the same for every
 * event. */
static int start_in_lambda(void)
{
	char *words[] = {(char[]){"pullprobe"}, (char[]){"check"}, (char[]){"IMAGE"}, NULL};
	struct arena arena = {0};
	struct environment environment = {environ};
	struct options options = options_read(&arena, 3, words, &environment);
	trust_end(options_trust(&arena, &options, &environment));
	arena_end(&arena);
	return 0;
}

static int check_in_lambda(int count, char **words, int64_t within_us)
{
	struct arena arena = {0};
	struct environment environment = {environ};
	struct options options = options_read(&arena, count, words, &environment);
	if (options.report.len || options.summary.len || !format_is_json(options.format))
		die(EXIT_USAGE,
			"--report, --summary and --format have no place in Lambda: the answer is "
			"the report");
	if (within_us && within_us < options.walk.deadline_us)
		options.walk.deadline_us = within_us;
	if (options.walk.deadline_us < options.walk.timeout_us)
		options.walk.timeout_us = options.walk.deadline_us;
	int code = check(&arena, &options, &environment);
	arena_end(&arena);
	return code;
}

static int explain_in_lambda(struct text subject, struct text error_text)
{
	struct arena arena = {0};
	struct explanation explanation = error_text_explain(&arena, error_text);
	output_print(error_text.len ? explain_message(&arena, subject, &explanation)
				    : T("{\"text\":\"\",\"explanation\":null}\n"));
	arena_end(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	static int (*const verbs[])(
		struct arena *, const struct options *, const struct environment *) = {
		[VERB_CHECK] = check,
		[VERB_EXPLAIN] = explain,
		[VERB_COMPARE] = compare,
		[VERB_PUSH] = push,
		[VERB_INSPECT] = inspect,
		[VERB_LAUNCH] = launch,
	};
	static const struct lambda lambda = {start_in_lambda, check_in_lambda, explain_in_lambda};
	struct arena arena = {0};
	struct environment environment = {environ};
	struct text name = text_of(argc > 0 ? argv[0] : NULL);
	struct text lambda_api = environment_get(&environment, T("AWS_LAMBDA_RUNTIME_API"));

	process_begin();
	net_libraries_begin();
	/* Lambda starts its runtimes without arguments, and the name that it starts is "bootstrap"
	 */
	if (argc < 2 &&
		(lambda_api.len || text_equal(name, T("bootstrap")) ||
			text_ends(name, T("/bootstrap")))) {
		if (lambda_api.len == 0)
			die(EXIT_UNABLE,
				"AWS_LAMBDA_RUNTIME_API is not set: bootstrap is for AWS Lambda");
		process_hide();
		return lambda_serve(lambda_api, &lambda);
	}

	struct options options = options_read(&arena, argc, argv, &environment);
	int code = verbs[options.verb](&arena, &options, &environment);
	arena_end(&arena);
	return code;
}
