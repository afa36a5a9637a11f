/* The command line: rows of options, from which the usage text is printed too. */
#include "options.h"
#include "base/die.h"
#include "base/file.h"
#include "model/aws.h"
#include "net/net.h"
#include "output.h"
#include "usage.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_MAX = 3600 };

enum { CHECK = 1 << VERB_CHECK, EXPLAIN = 1 << VERB_EXPLAIN, COMPARE = 1 << VERB_COMPARE };

static bool take_platform(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	return options->platform_asked = platform_parse(value, &options->platform);
}

static bool take_full(struct arena *arena, struct options *options, struct text value)
{
	(void)arena, (void)value;
	return options->full = true;
}

static bool take_stage(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	return options->stage_asked = stage_parse(value, &options->stage);
}

static bool take_also(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	while (value.len) {
		enum role role;
		if (!role_parse(text_cut(&value, T(",")), &role) || role < ROLE_LOGS ||
			role > ROLE_ECS || options->also_count == ROLE_COUNT)
			return false;
		options->also[options->also_count++] = role;
	}
	return options->also_count > 0;
}

static bool take_also_from(struct arena *arena, struct options *options, struct text value)
{
	struct task *task = arena_new(arena, struct task, 1);
	struct text content;
	struct text complaint;
	bool read = text_equal(value, T("-"))
		? file_read_open(
			  arena, STDIN_FILENO, T("stdin"), TASK_BYTES_MAX, &content, &complaint)
		: file_read(arena, value, TASK_BYTES_MAX, &content, &complaint);
	if (!read)
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	if (!task_parse(arena, content, task, &complaint))
		die(EXIT_USAGE, "%.*s is no task definition that can be used: %.*s", TEXT(value),
			TEXT(complaint));
	options->task = task;
	return true;
}

static bool take_also_calls(struct arena *arena, struct options *options, struct text value)
{
	(void)arena, (void)value;
	return options->also_calls = true;
}

/* whole or decimal seconds, from a tenth to an hour */
static bool take_seconds(struct text value, int64_t *out_us)
{
	struct text fraction = value;
	struct text whole = text_cut(&fraction, T("."));
	int64_t seconds = 0;
	int64_t tenths = 0;
	if (!text_number(whole, &seconds) || seconds < 0 || seconds > SECONDS_MAX)
		return false;
	if (whole.len < value.len && (fraction.len != 1 || !text_number(fraction, &tenths)))
		return false;
	*out_us = seconds * SECOND_US + tenths * (SECOND_US / 10);
	return *out_us > 0;
}

static bool take_timeout(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	return take_seconds(value, &options->timeout_us);
}

static bool take_deadline(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	return take_seconds(value, &options->deadline_us);
}

static bool take_region(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->region = value;
	return region_is_wellformed(value);
}

static bool take_role_arn(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->role_arn = value;
	return role_arn_is_wellformed(value);
}

static bool take_resolver(struct arena *arena, struct options *options, struct text value)
{
	while (value.len) {
		struct address address;
		if (!address_parse(text_cut(&value, T(",")), &address))
			return false;
		addresses_add(arena, &options->resolvers, address);
	}
	return options->resolvers.count > 0;
}

static bool take_ca_file(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->ca_file = value;
	return value.len > 0;
}

/* what is wrong with it is told without it: it may hold a password */
static bool take_proxy(struct arena *arena, struct options *options, struct text value)
{
	if (!proxy_parse(arena, value, &options->proxy))
		die(EXIT_USAGE,
			"--proxy takes http://[USER:PASSWORD@]HOST[:PORT], and no other scheme");
	return true;
}

static bool take_user(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->user = value;
	return value.len > 0 && !text_holds(value, T(":"));
}

static bool take_password_stdin(struct arena *arena, struct options *options, struct text value)
{
	(void)arena, (void)value;
	return options->password_stdin = true;
}

static bool take_password_file(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->password_file = value;
	return value.len > 0;
}

static bool take_label(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->label = value;
	return value.len > 0;
}

static bool take_format(struct arena *arena, struct options *options, struct text value)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text",
		[FORMAT_JSON] = "json",
		[FORMAT_HTML] = "html",
	};
	size_t count = options->verb == VERB_COMPARE ? FORMAT_HTML + 1 : FORMAT_JSON + 1;
	size_t i = 0;
	(void)arena;
	while (i < count && !text_equal(text_of(names[i]), value))
		i++;
	options->format = (enum format)i;
	return i < count;
}

static bool take_report(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->report = value;
	return value.len > 0;
}

static bool take_output(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->output = value;
	return value.len > 0;
}

static const struct option_row rows[] = {
	{"platform", "OS/ARCH[/VARIANT]", CHECK, take_platform,
		"the platform that must exist in the image (this one's)"},
	{"full", NULL, CHECK, take_full,
		"fetch every layer whole and verify every digest (one byte of each)"},
	{"stage", "dns|tcp|tls|http|credentials|token|manifest|layers|start", CHECK, take_stage,
		"stop there; the exit code speaks of this stage alone"},
	{"also", "NAME[,NAME]", CHECK, take_also,
		"further services: logs secretsmanager ssm kms sts ssmmessages ecs"},
	{"also-from", "TASKDEF.json", CHECK, take_also_from,
		"the services that this task definition's start needs; IMAGE is then its own"},
	{"also-calls", NULL, CHECK, take_also_calls,
		"call them as the start would: read its secrets and files, make a log stream"},
	{"timeout", "SECONDS", CHECK, take_timeout, "longest wait for one answer (5)"},
	{"deadline", "SECONDS", CHECK, take_deadline, "longest run (60)"},
	{"region", "REGION", CHECK, take_region, "where the image name does not say (AWS_REGION)"},
	{"role-arn", "arn:aws:iam::ACCOUNT:role/NAME", CHECK, take_role_arn,
		"assume this role through STS and probe with its permissions"},
	{"resolver", "IP[,IP]", CHECK, take_resolver, "ask these (resolv.conf's)"},
	{"ca-file", "FILE", CHECK, take_ca_file,
		"trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)"},
	{"user", "NAME", CHECK, take_user,
		"of a registry other than private ECR (Docker's config.json)"},
	{"password-stdin", NULL, CHECK, take_password_stdin, "its password, on stdin"},
	{"password-file", "FILE", CHECK, take_password_file, "its password, in a file"},
	{"proxy", "http://[USER:PASSWORD@]HOST[:PORT]", CHECK, take_proxy,
		"walk through this proxy (none, whatever HTTPS_PROXY says: Fargate's pull uses "
		"none)"},
	{"label", "NAME", CHECK, take_label,
		"what compare calls this vantage (zone and subnet, else the host name)"},
	{"format", "text|json", CHECK | EXPLAIN, take_format, "what stdout gets (text)"},
	{"format", "text|json|html", COMPARE, take_format, "what is printed (text)"},
	{"report", "FILE", CHECK, take_report, "also write the JSON report there"},
	{"output", "FILE", COMPARE, take_output, "print there (stdout)"},
};

enum { ROWS = sizeof rows / sizeof *rows, OPTION_HELP = ROWS, OPTION_VERSION };

static const struct verb_row verbs[] = {
	[VERB_CHECK] = {"check", "[options] IMAGE", "walk the path here, then explain it"},
	[VERB_EXPLAIN] = {"explain", "[options] REPORT.json | CODE | TEXT | -",
		"explain a report, an exit code, an error text"},
	[VERB_COMPARE] = {"compare", "[options] REPORT.json...", "put vantages side by side"},
};

enum { VERBS = sizeof verbs / sizeof *verbs };

const struct option_row *option_row_at(size_t index)
{
	return index < ROWS ? &rows[index] : NULL;
}

const struct verb_row *verb_row_at(size_t index)
{
	return index < VERBS ? &verbs[index] : NULL;
}

_Noreturn static void print_version(struct arena *arena)
{
	struct text libraries = net_libraries(arena);
	output_print(
		text_format(arena, "pullprobe %s\n%.*s\n", PULLPROBE_VERSION, TEXT(libraries)));
	exit(EXIT_SUCCESS);
}

_Noreturn static void print_help(
	struct arena *arena, const struct environment *environment, const enum verb *verb)
{
	struct report_style style = output_style(environment);
	output_print(verb ? usage_of_verb(arena, &style, &verbs[*verb], *verb, rows, ROWS)
			  : usage(arena, &style, verbs, VERBS));
	exit(EXIT_SUCCESS);
}

/* getopt's own form of the rows */
static void long_options(struct option out[ROWS + 3])
{
	for (int i = 0; i < ROWS; i++)
		out[i] = (struct option){
			rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, i};
	out[OPTION_HELP] = (struct option){"help", no_argument, NULL, OPTION_HELP};
	out[OPTION_VERSION] = (struct option){"version", no_argument, NULL, OPTION_VERSION};
	out[ROWS + 2] = (struct option){0};
}

/* A name may stand in several rows, each for other verbs; getopt finds the first. */
static const struct option_row *row_for(enum verb verb, int index)
{
	for (int i = 0; i < ROWS; i++)
		if ((rows[i].verbs & (1u << verb)) && strcmp(rows[i].name, rows[index].name) == 0)
			return &rows[i];
	return &rows[index];
}

static void take(struct arena *arena, struct options *options, int index)
{
	const struct option_row *row = row_for(options->verb, index);
	struct text value = text_of(optarg);
	if (!(row->verbs & (1u << options->verb)))
		die(EXIT_USAGE, "--%s is not an option of %s; see pullprobe %s --help", row->name,
			verbs[options->verb].name, verbs[options->verb].name);
	if (!row->take(arena, options, value))
		die(EXIT_USAGE, "--%s takes %s, not \"%.*s\"", row->name, row->argument,
			TEXT(value));
}

_Noreturn static void refuse(const struct options *options, int word, char **words)
{
	const char *option = words[optind - 1];
	if (word == ':')
		die(EXIT_USAGE, "%s needs a value; see pullprobe %s --help", option,
			verbs[options->verb].name);
	die(EXIT_USAGE, "unknown option %s; see pullprobe %s --help", option,
		verbs[options->verb].name);
}

/* `words` begins with the verb's name, as getopt wants a program's */
static void read_words(struct arena *arena, struct options *options,
	const struct environment *environment, int count, char **words)
{
	struct option list[ROWS + 3];
	int word;
	long_options(list);
	opterr = 0;
	while ((word = getopt_long(count, words, ":h", list, NULL)) != -1) {
		if (word == OPTION_HELP || word == 'h')
			print_help(arena, environment, &options->verb);
		else if (word == OPTION_VERSION)
			print_version(arena);
		else if (word >= 0 && word < ROWS)
			take(arena, options, word);
		else
			refuse(options, word, words);
	}
	for (int i = optind; i < count; i++)
		texts_add(arena, &options->arguments, text_of(words[i]));
}

/* appends the words of a text that are parted by white space; no quoting */
static int split(struct arena *arena, struct text t, char **words, int count)
{
	for (t = text_trim(t); t.len; t = text_trim(t)) {
		size_t end = 0;
		while (end < t.len && !text_only(text_head(text_skip(t, end), 1), T(" \t\n\r")))
			end++;
		words[count++] = text_string(arena, text_head(t, end));
		t = text_skip(t, end);
	}
	return count;
}

static bool find_verb(struct text name, enum verb *out)
{
	for (size_t i = 0; i < VERBS; i++)
		if (text_equal(text_of(verbs[i].name), name)) {
			*out = (enum verb)i;
			return true;
		}
	return false;
}

/* The verb, or what stands where it should: the environment's image alone means "check". */
static enum verb read_verb(
	struct arena *arena, int argc, char **argv, const struct environment *environment)
{
	bool has_image = environment_get(environment, T("PULLPROBE_IMAGE")).len > 0;
	enum verb verb = VERB_CHECK;
	struct text first = text_of(argc > 1 ? argv[1] : NULL);
	if (text_equal(first, T("--version")))
		print_version(arena);
	if (text_equal(first, T("--help")) || text_equal(first, T("-h")))
		print_help(arena, environment, NULL);
	if (argc < 2 && !has_image)
		die(EXIT_USAGE,
			"a verb is missing: check, explain or compare; see pullprobe --help");
	if (argc >= 2 && !find_verb(first, &verb))
		die(EXIT_USAGE,
			"unknown verb \"%.*s\": check, explain or compare; see pullprobe --help",
			TEXT(first));
	return verb;
}

static void check_user(const struct options *options)
{
	bool password = options->password_stdin || options->password_file.len;
	if (options->password_stdin && options->password_file.len)
		die(EXIT_USAGE, "--password-stdin and --password-file exclude each other");
	if (options->user.len && !password)
		die(EXIT_USAGE, "--user needs --password-stdin or --password-file FILE");
	if (password && !options->user.len)
		die(EXIT_USAGE, "a password needs --user NAME");
}

static void check_arguments(struct arena *arena, struct options *options)
{
	check_user(options);
	if (options->stage_asked && options->stage == STAGE_START && !options->also_calls)
		die(EXIT_USAGE, "--stage start needs --also-from TASKDEF.json and --also-calls");
	if (options->also_calls && !options->task)
		die(EXIT_USAGE,
			"--also-calls needs --also-from TASKDEF.json: what is to be asked for");
	if (options->verb == VERB_CHECK && options->arguments.count == 0 && options->task)
		texts_add(arena, &options->arguments, options->task->image);
	if (options->verb == VERB_CHECK && options->arguments.count != 1)
		die(EXIT_USAGE, "check takes one image: pullprobe check [options] IMAGE");
	if (options->verb == VERB_EXPLAIN && options->arguments.count == 0)
		die(EXIT_USAGE, "explain takes a report, an exit code, an error text, or -");
	if (options->verb == VERB_COMPARE && options->arguments.count < 2)
		die(EXIT_USAGE, "compare takes two reports or more");
	if (options->deadline_us < options->timeout_us)
		options->timeout_us = options->deadline_us;
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
		.platform = platform_here(),
		.timeout_us = 5 * SECOND_US,
		.deadline_us = 60 * SECOND_US,
		.region = environment_get(environment, T("AWS_REGION")),
		.verb = read_verb(arena, argc, argv, environment),
	};
	words[0] = name;
	if (options.verb == VERB_CHECK)
		count = split(arena, more, words, count);
	for (int i = 2; i < argc; i++)
		words[count++] = argv[i];
	read_words(arena, &options, environment, count, words);
	if (options.verb == VERB_CHECK && options.arguments.count == 0 && image.len)
		texts_add(arena, &options.arguments, image);
	check_arguments(arena, &options);
	return options;
}
