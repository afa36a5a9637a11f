/* The command line, read by getopt's rules after the rows of option_rows.c. */
#include "options.h"
#include "base/die.h"
#include "base/file.h"
#include "net/net.h"
#include "output.h"
#include "report/page.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#ifndef PULLPROBE_PARTS /* the development build has the machine's own */
#define PULLPROBE_PARTS ""
#endif

/* of getopt, behind the rows' own indices; where the help of an option begins */
enum { OPTION_HELP = OPTION_ROWS, OPTION_VERSION, HELP = 33, PASSWORD_MAX = 16 * 1024 };

/* what --help prints of the whole program, and of a verb ----------------------------------------
 */

static struct text usage(struct arena *arena, const struct report_style *style)
{
	struct page page = page_new(arena, style);
	page_line(&page, INK_PLAIN, T("usage:"));
	for (const struct verb_row *row = verb_rows; row < verb_rows + VERBS; row++) {
		page_item(&page, 2, T("pullprobe "),
			text_format(arena, "%s %s", row->name, row->arguments));
		page_item(&page, 6, T(""), text_of(row->help));
	}
	page_item(&page, 2, T("pullprobe "), T("--help | --version | VERB --help"));
	page_heading(&page, T("Finds out why a container image cannot be pulled from here."));
	page_line(&page, INK_PLAIN,
		T("Exit codes: 0 the pull works, 2 usage, 3 the probe could not work; the others "
		  "name the step that fails: pullprobe explain CODE."));
	return buffer_text(&page.out);
}

static void put_option(struct page *page, const struct option_row *row)
{
	struct text name = text_format(page->out.arena, "--%s%s%s", row->name,
		row->argument ? " " : "", row->argument ? row->argument : "");
	bool is_long = page_width(page->out.arena, name) + 2 >= HELP;
	page_pair(page, 2, INK_PLAIN, name, HELP, is_long ? T("") : text_of(row->help));
	/* a long one has a line of its own */
	if (is_long)
		page_item(page, HELP, T(""), text_of(row->help));
}

static struct text usage_of_verb(
	struct arena *arena, const struct report_style *style, enum verb verb)
{
	struct page page = page_new(arena, style);
	page_item(&page, 0, T("usage: pullprobe "),
		text_format(arena, "%s %s", verb_rows[verb].name, verb_rows[verb].arguments));
	page_heading(&page, T("Options"));
	for (size_t i = 0; i < OPTION_ROWS; i++)
		if (option_rows[i].verbs & (1u << verb))
			put_option(&page, &option_rows[i]);
	if (verb == VERB_CHECK)
		page_heading(&page,
			T("PULLPROBE_IMAGE and PULLPROBE_OPTIONS replace the command "
			  "line."));
	return buffer_text(&page.out);
}

_Noreturn static void print_version(struct arena *arena)
{
	struct text libraries = net_libraries(arena);
	output_print(text_format(arena, "pullprobe %s\n%.*s\n%s", PULLPROBE_VERSION,
		TEXT(libraries), PULLPROBE_PARTS));
	exit(EXIT_SUCCESS);
}

_Noreturn static void print_help(
	struct arena *arena, const struct environment *environment, const enum verb *verb)
{
	struct report_style style = output_style(environment);
	output_print(verb ? usage_of_verb(arena, &style, *verb) : usage(arena, &style));
	exit(EXIT_SUCCESS);
}

static void read_option(struct arena *arena, struct options *options, int index)
{
	const struct option_row *row = &option_rows[index];
	struct text value = text_of(optarg);
	if (!row->take(arena, value, (char *)options + row->to))
		die(EXIT_USAGE, "--%s takes %s, not \"%.*s\"", row->name, row->argument,
			TEXT(value));
}

/* an option that other verbs have is named as such */
_Noreturn static void refuse_option(const char *verb, struct text word)
{
	struct text name = text_skip(word, 2);
	name = text_cut(&name, T("="));
	for (int i = 0; i < OPTION_ROWS; i++)
		if (text_equal(text_of(option_rows[i].name), name))
			die(EXIT_USAGE, "--%.*s is not an option of %s; see pullprobe %s --help",
				TEXT(name), verb, verb);
	die(EXIT_USAGE, "unknown option %.*s; see pullprobe %s --help", TEXT(word), verb);
}

/* `words` begins with the verb's name, as getopt wants a program's */
static void read_words(struct arena *arena, struct options *options,
	const struct environment *environment, int count, char **words)
{
	const char *verb = verb_rows[options->verb].name;
	/* getopt's own form of the verb's rows */
	struct option list[OPTION_ROWS + 3] = {
		{"help", no_argument, NULL, OPTION_HELP},
		{"version", no_argument, NULL, OPTION_VERSION},
	};
	int word, used = 2;
	for (int i = 0; i < OPTION_ROWS; i++)
		if (option_rows[i].verbs & (1u << options->verb))
			list[used++] = (struct option){option_rows[i].name,
				option_rows[i].argument ? required_argument : no_argument, NULL, i};
	opterr = 0;
	while ((word = getopt_long(count, words, ":h", list, NULL)) != -1) {
		if (word == OPTION_HELP || word == 'h')
			print_help(arena, environment, &options->verb);
		else if (word == OPTION_VERSION)
			print_version(arena);
		else if (word >= 0 && word < OPTION_ROWS)
			read_option(arena, options, word);
		else if (word == ':')
			die(EXIT_USAGE, "%s needs a value; see pullprobe %s --help",
				words[optind - 1], verb);
		else
			refuse_option(verb, text_of(words[optind - 1]));
	}
	for (int i = optind; i < count; i++)
		texts_add(arena, &options->arguments, text_of(words[i]));
}

/* appends the words of a text that are parted by white space; no quoting */
static int split(struct arena *arena, struct text t, char **words, int count)
{
	for (t = text_trim(t); t.len; t = text_trim(t)) {
		size_t end = text_until(t, T(" \t\n\r"));
		words[count++] = text_string(arena, text_head(t, end));
		t = text_skip(t, end);
	}
	return count;
}

/* The verb; without one, an image in the environment means "check". */
static enum verb read_verb(
	struct arena *arena, int argc, char **argv, const struct environment *environment)
{
	bool has_image = environment_get(environment, T("PULLPROBE_IMAGE")).len > 0;
	size_t verb = VERB_CHECK;
	struct text first = text_of(argc > 1 ? argv[1] : NULL);
	if (text_equal(first, T("--version")))
		print_version(arena);
	if (text_equal(first, T("--help")) || text_equal(first, T("-h")))
		print_help(arena, environment, NULL);
	if (argc < 2 && !has_image)
		die(EXIT_USAGE,
			"a verb is missing: check, explain, compare, push, inspect or launch; "
			"see pullprobe --help");
	while (argc >= 2 && verb < VERBS && !text_equal(text_of(verb_rows[verb].name), first))
		verb++;
	if (verb == VERBS)
		die(EXIT_USAGE,
			"unknown verb \"%.*s\": check, explain, compare, push, inspect or launch; "
			"see pullprobe --help",
			TEXT(first));
	return (enum verb)verb;
}

/* what inspect or launch is about, and where it is */
void options_check_subject(struct arena *arena, struct options *options)
{
	struct subject_options *subject = &options->subject;
	const char *verb = verb_rows[options->verb].name;
	bool by_ecs = subject->service.len || subject->task.len;
	bool placed = subject->subnets.count || subject->vpc.len;
	for (size_t i = 0; i < options->arguments.count; i++)
		texts_add(arena, &options->reports, options->arguments.at[i]);
	if (options->arguments.count && options->reports.count == options->arguments.count)
		die(EXIT_USAGE, "%s takes no argument \"%.*s\": its subject is said by options",
			verb, TEXT(options->arguments.at[0]));
	if (options->clean)
		return;
	if (options->subjects.len && options->output.len == 0)
		die(EXIT_USAGE, "--subjects needs --output FOLDER, for a folder of each");
	if (options->subjects.len)
		return;
	if (subject->service.len && subject->task.len)
		die(EXIT_USAGE, "--service and --task exclude each other");
	if (subject->cluster.len && !by_ecs)
		die(EXIT_USAGE, "--cluster needs --service NAME or --task ID");
	if (!by_ecs && subject->task_definition.len == 0 && subject->image.len == 0)
		die(EXIT_USAGE,
			"%s needs a subject: --cluster NAME --service NAME, --task ID, "
			"--task-definition FAMILY, or --image IMAGE",
			verb);
	if (!by_ecs && !placed)
		die(EXIT_USAGE, "add --subnets ID[,ID], or --vpc ID for all of a VPC's");
	subject->platform = options->platform;
}

static void check_arguments(const struct options *options)
{
	bool password = options->password_stdin || options->password_file.len;
	size_t count = options->arguments.count;
	const struct {
		bool is_wrong;
		const char *complaint;
	} mistakes[] = {
		{options->password_stdin && options->password_file.len,
			"--password-stdin and --password-file exclude each other"},
		{options->user.len && !password,
			"--user needs --password-stdin or --password-file FILE"},
		{password && !options->user.len, "a password needs --user NAME"},
		{options->walk.stage_asked && options->walk.stage == STAGE_START &&
				!options->walk.also_calls,
			"--stage start needs --also-from TASKDEF.json and --also-calls"},
		{options->walk.also_calls && !options->plan.task,
			"--also-calls needs --also-from TASKDEF.json, which names the calls"},
		{options->verb == VERB_CHECK && count != 1,
			"check takes one image: pullprobe check [options] IMAGE"},
		{options->verb == VERB_PUSH && count != 1,
			"push takes one image: pullprobe push [options] IMAGE"},
		{options->verb == VERB_EXPLAIN && count == 0,
			"explain takes a report, an exit code, an error text, or -"},
		{options->verb == VERB_COMPARE && count < 2, "compare takes two reports or more"},
	};
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		if (mistakes[i].is_wrong)
			die(EXIT_USAGE, "%s", mistakes[i].complaint);
}

struct options options_read(
	struct arena *arena, int argc, char **argv, const struct environment *environment)
{
	struct text image = environment_get(environment, T("PULLPROBE_IMAGE"));
	struct text more = environment_get(environment, T("PULLPROBE_OPTIONS"));
	static char name[] = "pullprobe";
	/* a word of the environment is two bytes at least, its separator among them */
	char **words = arena_new(arena, char *, (size_t)argc + more.len / 2 + 3);
	int count = 1;
	struct options options = {
		.wait_us = 600 * SECOND_US,
		.walk = {.timeout_us = 5 * SECOND_US, .deadline_us = 60 * SECOND_US},
		.verb = read_verb(arena, argc, argv, environment),
		.format = &formats[0],
	};
	words[0] = name;
	if (options.verb == VERB_CHECK)
		count = split(arena, more, words, count);
	for (int i = 2; i < argc; i++)
		words[count++] = argv[i];
	read_words(arena, &options, environment, count, words);
	if (options.verb == VERB_CHECK && options.arguments.count == 0 && image.len)
		texts_add(arena, &options.arguments, image);
	if (options.verb == VERB_CHECK && options.arguments.count == 0 && options.plan.task)
		texts_add(arena, &options.arguments, options.plan.task->image);
	check_arguments(&options);
	if (options.verb >= VERB_INSPECT)
		options_check_subject(arena, &options);
	if (options.walk.deadline_us < options.walk.timeout_us)
		options.walk.timeout_us = options.walk.deadline_us;
	return options;
}

struct trust *options_trust(
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

struct login options_login(struct arena *arena, const struct options *options)
{
	struct login login = {0};
	if (options->user.len == 0)
		return login;
	struct text password = file_argument(
		arena, options->password_stdin ? T("-") : options->password_file, PASSWORD_MAX);
	/* one line end behind a password is the file's */
	password.len -= text_ends(password, T("\n"));
	password.len -= text_ends(password, T("\r"));
	if (!login_make(arena, options->user, password, &login))
		die(EXIT_USAGE, "the password of --user is empty, or it holds a control character");
	return login;
}

static bool is_true(const struct environment *environment, struct text name)
{
	return text_same(environment_get(environment, name), T("true"));
}

/* The ECR API's own URL, where the environment names one. Its text is not repeated: it may hold a
 * password. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
static struct text api_endpoint_of(const struct environment *environment)
{
	struct text own = environment_get(environment, T("AWS_ENDPOINT_URL_ECR"));
	struct text url = own.len ? own : environment_get(environment, T("AWS_ENDPOINT_URL"));
	struct text host;
	uint16_t port;
	if (is_true(environment, T("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")))
		return T("");
	if (url.len && !endpoint_url_parse(url, &host, &port))
		die(EXIT_USAGE, "%s is not of the form https://HOST[:PORT], the only one supported",
			own.len ? "AWS_ENDPOINT_URL_ECR" : "AWS_ENDPOINT_URL");
	return url;
}

void options_plan(const struct environment *environment, const struct target *target,
	struct plan_options *out)
{
	out->fips = is_true(environment, T("AWS_USE_FIPS_ENDPOINT"));
	out->dualstack = is_true(environment, T("AWS_USE_DUALSTACK_ENDPOINT"));
	if (target->kind == REGISTRY_ECR)
		out->api_endpoint = api_endpoint_of(environment);
}
