/* The command line: rows of options, from which the usage text is printed too. */
#include "options.h"
#include "base/die.h"
#include "model/aws.h"
#include "net/net.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 256, SECONDS_MAX = 3600 };

enum { CHECK = 1 << VERB_CHECK, EXPLAIN = 1 << VERB_EXPLAIN, COMPARE = 1 << VERB_COMPARE };

/* takes an option's value; false: the value is not of the form that `argument` names */
typedef bool take_fn(struct arena *arena, struct options *options, struct text value);

struct option_row {
	const char *name;
	const char *argument; /* NULL: a flag */
	unsigned verbs;
	take_fn *take;
	const char *help;
};

static bool take_platform(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	return platform_parse(value, &options->platform);
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

static bool take_label(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->label = value;
	return value.len > 0;
}

static bool take_format(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->format = text_equal(value, T("json")) ? FORMAT_JSON : FORMAT_TEXT;
	return options->format == FORMAT_JSON || text_equal(value, T("text"));
}

static bool take_report(struct arena *arena, struct options *options, struct text value)
{
	(void)arena;
	options->report = value;
	return value.len > 0;
}

static const struct option_row rows[] = {
	{"platform", "OS/ARCH[/VARIANT]", CHECK, take_platform,
		"the platform that must exist in the image (this one's)"},
	{"full", NULL, CHECK, take_full,
		"fetch every layer whole and verify every digest (one byte of each)"},
	{"stage", "dns|tcp|tls|http|credentials|token|manifest|layers", CHECK, take_stage,
		"stop there; the exit code speaks of this stage alone"},
	{"also", "NAME[,NAME]", CHECK, take_also,
		"further services: logs secretsmanager ssm kms sts ssmmessages ecs"},
	{"timeout", "SECONDS", CHECK, take_timeout, "longest wait for one answer (5)"},
	{"deadline", "SECONDS", CHECK, take_deadline, "longest run (60)"},
	{"region", "REGION", CHECK, take_region, "where the image name does not say (AWS_REGION)"},
	{"role-arn", "arn:aws:iam::ACCOUNT:role/NAME", CHECK, take_role_arn,
		"assume this role through STS and probe with its permissions"},
	{"resolver", "IP[,IP]", CHECK, take_resolver, "ask these (resolv.conf's)"},
	{"ca-file", "FILE", CHECK, take_ca_file,
		"trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)"},
	{"label", "NAME", CHECK, take_label,
		"what compare calls this vantage (zone and subnet, else the host name)"},
	{"format", "text|json", CHECK | EXPLAIN, take_format, "what stdout gets (text)"},
	{"report", "FILE", CHECK, take_report, "also write the JSON report there"},
};

enum { ROWS = sizeof rows / sizeof *rows, OPTION_HELP = ROWS, OPTION_VERSION };

static const struct verb_row {
	const char *name;
	const char *arguments;
	const char *help;
} verbs[] = {
	[VERB_CHECK] = {"check", "[options] IMAGE", "walk the path here, then explain it"},
	[VERB_EXPLAIN] = {"explain", "[options] REPORT.json | CODE | TEXT | -",
		"explain a report, an exit code, an error text"},
	[VERB_COMPARE] = {"compare", "REPORT.json...", "put vantages side by side"},
};

enum { VERBS = sizeof verbs / sizeof *verbs };

static void print_usage(void)
{
	puts("usage:");
	for (size_t i = 0; i < VERBS; i++)
		printf("  pullprobe %-8s %-42s %s\n", verbs[i].name, verbs[i].arguments,
			verbs[i].help);
	puts("  pullprobe --help | --version | VERB --help\n\n"
	     "Tells why a container image cannot be pulled from where it runs.\n"
	     "Exit codes: 0 the pull works, 2 usage, 3 the probe could not work; the others\n"
	     "name the hop that breaks: pullprobe explain CODE.");
}

static void print_verb_usage(enum verb verb)
{
	printf("usage: pullprobe %s %s\n\n", verbs[verb].name, verbs[verb].arguments);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].verbs & (1u << verb)) {
			char left[96];
			const char *argument = rows[i].argument ? rows[i].argument : "";
			snprintf(left, sizeof left, "--%s %s", rows[i].name, argument);
			/* a long one has a line of its own */
			bool fits = strlen(left) <= 30;
			printf("  %-30s%s%s\n", left,
				fits ? " " : "\n                                 ", rows[i].help);
		}
	if (verb == VERB_CHECK)
		puts("\nPULLPROBE_IMAGE and PULLPROBE_OPTIONS stand in for the command line.");
}

_Noreturn static void print_version(struct arena *arena)
{
	struct text libraries = net_libraries(arena);
	printf("pullprobe %s\n%.*s\n", PULLPROBE_VERSION, TEXT(libraries));
	exit(EXIT_SUCCESS);
}

_Noreturn static void print_help(const enum verb *verb)
{
	if (verb)
		print_verb_usage(*verb);
	else
		print_usage();
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

static void take(struct arena *arena, struct options *options, int index)
{
	const struct option_row *row = &rows[index];
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
static void read_words(struct arena *arena, struct options *options, int count, char **words)
{
	struct option list[ROWS + 3];
	int word;
	long_options(list);
	opterr = 0;
	while ((word = getopt_long(count, words, ":h", list, NULL)) != -1) {
		if (word == OPTION_HELP || word == 'h')
			print_help(&options->verb);
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
	for (t = text_trim(t); t.len && count < WORDS_MAX; t = text_trim(t)) {
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
static enum verb read_verb(struct arena *arena, int argc, char **argv, bool has_image)
{
	enum verb verb = VERB_CHECK;
	struct text first = text_of(argc > 1 ? argv[1] : NULL);
	if (text_equal(first, T("--version")))
		print_version(arena);
	if (text_equal(first, T("--help")) || text_equal(first, T("-h")))
		print_help(NULL);
	if (argc < 2 && !has_image)
		die(EXIT_USAGE,
			"a verb is missing: check, explain or compare; see pullprobe --help");
	if (argc >= 2 && !find_verb(first, &verb))
		die(EXIT_USAGE,
			"unknown verb \"%.*s\": check, explain or compare; see pullprobe --help",
			TEXT(first));
	return verb;
}

static void check_arguments(struct options *options)
{
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
	static char name[] = "pullprobe";
	char *words[WORDS_MAX + 1] = {name};
	int count = 1;
	struct options options = {
		.platform = platform_here(),
		.timeout_us = 5 * SECOND_US,
		.deadline_us = 60 * SECOND_US,
		.region = environment_get(environment, T("AWS_REGION")),
		.verb = read_verb(arena, argc, argv, image.len > 0),
	};
	if (options.verb == VERB_CHECK)
		count = split(
			arena, environment_get(environment, T("PULLPROBE_OPTIONS")), words, count);
	for (int i = 2; i < argc && count < WORDS_MAX; i++)
		words[count++] = argv[i];
	read_words(arena, &options, count, words);
	if (options.verb == VERB_CHECK && options.arguments.count == 0 && image.len)
		texts_add(arena, &options.arguments, image);
	check_arguments(&options);
	return options;
}
