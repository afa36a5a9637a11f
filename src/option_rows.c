/* The options and the verbs, a row each, and what takes an option's value. */
#include "base/die.h"
#include "base/encoding.h"
#include "base/file.h"
#include "diagnose/verdict_bytes.h"
#include "model/aws.h"
#include "options.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_MAX = 3600 };

enum {
	CHECK = 1 << VERB_CHECK,
	EXPLAIN = 1 << VERB_EXPLAIN,
	COMPARE = 1 << VERB_COMPARE,
	PUSH = 1 << VERB_PUSH,
	INSPECT = 1 << VERB_INSPECT,
	LAUNCH = 1 << VERB_LAUNCH,
	SUBJECT = INSPECT | LAUNCH,
};

static bool take_flag(struct arena *arena, struct text value, void *out)
{
	(void)arena, (void)value;
	return *(bool *)out = true;
}

static bool take_text(struct arena *arena, struct text value, void *out)
{
	(void)arena;
	*(struct text *)out = value;
	return value.len > 0;
}

/* of an option that may be given several times */
static bool take_more(struct arena *arena, struct text value, void *out)
{
	texts_add(arena, out, value);
	return value.len > 0;
}

static bool take_ids(struct arena *arena, struct text value, void *out)
{
	while (value.len)
		if (!take_more(arena, text_trim(text_cut(&value, T(","))), out))
			return false;
	return ((struct texts *)out)->count > 0;
}

/* whole or decimal seconds, from a tenth to an hour */
static bool take_seconds(struct arena *arena, struct text value, void *out)
{
	(void)arena;
	int64_t *out_us = out;
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

/* the ten codes of a verdict, but the first, are its bytes */
static bool take_byte(struct arena *arena, struct text value, void *out)
{
	(void)arena;
	return text_number(value, out) && *(int64_t *)out > 0 && *(int64_t *)out < VERDICT_CODES;
}

static bool take_platform(struct arena *arena, struct text value, void *out)
{
	(void)arena;
	return platform_parse(value, out);
}

static bool take_puller(struct arena *arena, struct text value, void *out)
{
	(void)arena;
	return value.len && list_parse(LIST_PULLER, value, out);
}

static bool take_stage(struct arena *arena, struct text value, void *out)
{
	struct walk_options *walk = out;
	(void)arena;
	return walk->stage_asked = list_parse(LIST_STAGE, value, &walk->stage);
}

static void add_also(struct plan_options *options, enum endpoint_kind kind)
{
	size_t at = 0;
	while (at < options->also_count && options->also[at] != kind)
		at++;
	if (at == options->also_count)
		options->also[options->also_count++] = kind;
}

/* Of "eks" what a cluster without a way out needs of AWS besides the image; "eks=HOST" adds its
 * API server: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html */
static bool take_also(struct arena *arena, struct text value, void *out)
{
	static const enum endpoint_kind eks[] = {ENDPOINT_EKS_AUTH, ENDPOINT_STS, ENDPOINT_EC2};
	struct plan_options *options = out;
	while (value.len) {
		enum endpoint_kind kind;
		struct text host;
		uint16_t port = 0;
		struct text server = text_cut(&value, T(","));
		struct text name = text_cut(&server, T("="));
		if (!list_parse(LIST_ENDPOINT, name, &kind) || endpoint_use(kind) != USED_BY_ALSO ||
			(server.len && kind != ENDPOINT_EKS))
			return false;
		add_also(options, kind);
		for (size_t i = 0; kind == ENDPOINT_EKS && i < sizeof eks / sizeof *eks; i++)
			add_also(options, eks[i]);
		if (server.len == 0)
			continue;
		options->cluster = text_lower(arena, server);
		if (!text_starts(server, T("https://")))
			options->cluster = text_format(
				arena, "https://%.*s", TEXT(options->cluster));
		if (!endpoint_url_parse(options->cluster, &host, &port))
			return false;
	}
	return options->also_count > 0;
}

static bool take_also_from(struct arena *arena, struct text value, void *out)
{
	struct task *task = arena_new(arena, struct task, 1);
	struct text complaint;
	struct text content = file_argument(arena, value, TASK_BYTES_MAX);
	if (!task_parse(arena, content, task, &complaint))
		die(EXIT_USAGE, "%.*s is not a usable task definition: %.*s", TEXT(value),
			TEXT(complaint));
	*(const struct task **)out = task;
	return true;
}

static bool take_region(struct arena *arena, struct text value, void *out)
{
	return take_text(arena, value, out) && region_is_wellformed(value);
}

static bool take_role_arn(struct arena *arena, struct text value, void *out)
{
	return take_text(arena, value, out) && role_arn_is_wellformed(value);
}

static bool take_addresses(struct arena *arena, struct text value, void *out)
{
	struct addresses *addresses = out;
	while (value.len) {
		struct address address;
		if (!address_parse(text_cut(&value, T(",")), &address))
			return false;
		addresses_add(arena, addresses, address);
	}
	return addresses->count > 0;
}

/* the complaint does not repeat the value, which may hold a password */
static bool take_proxy(struct arena *arena, struct text value, void *out)
{
	if (!proxy_parse(arena, value, out))
		die(EXIT_USAGE,
			"--proxy takes http://[USER:PASSWORD@]HOST[:PORT], and no other scheme");
	return true;
}

static bool take_user(struct arena *arena, struct text value, void *out)
{
	return take_text(arena, value, out) && !text_holds(value, T(":"));
}

static bool take_seat(struct arena *arena, struct text value, void *out)
{
	return take_text(arena, value, out) &&
		(text_equal(value, T("lambda")) || text_equal(value, T("fargate")));
}

static bool take_format(struct arena *arena, struct text value, void *out)
{
	struct options *options = out;
	(void)arena;
	for (size_t i = 0; i < FORMATS; i++) {
		const struct format *format = &formats[i];
		if (!text_equal(text_of(format->name), value))
			continue;
		options->format = format;
		return format->verbs & (1u << options->verb);
	}
	return false;
}

#define TO(member) offsetof(struct options, member)

/* "|dns|tcp...", and " logs secretsmanager..." */
#define STAGE_NAME_(name, label, meaning) "|" label
#define NAME_PULL(label)
#define NAME_TASK(label)
#define NAME_ALSO(label) " " label
#define NAME_(label, used_by, code, order) NAME_##used_by(label)
#define ALSO_NAME_(name, label, traits, meaning) NAME_OF_(label, EXPAND_ traits)
#define EXPAND_(...) __VA_ARGS__
#define NAME_OF_(...) NAME_(__VA_ARGS__)

const struct option_row option_rows[] = {
	{"platform", "OS/ARCH[/VARIANT]", CHECK | SUBJECT, take_platform, TO(platform),
		"the platform that the image must have (this machine's)"},
	{"for", "fargate|lambda|ecs-docker|kubelet|docker", CHECK, take_puller, TO(walk.puller),
		"judge the image for this puller (the one of the task's launch type, else "
		"fargate)"},
	{"full", NULL, CHECK, take_flag, TO(walk.full),
		"fetch every layer whole and verify every digest (one byte of each)"},
	{"stage", &(STAGES(STAGE_NAME_))[1], CHECK, take_stage, TO(walk),
		"stop after this stage; the exit code is about it alone"},
	{"also", "NAME[,NAME]", CHECK, take_also, TO(plan),
		"further services:" ENDPOINTS(ALSO_NAME_) "; eks=HOST adds a cluster's API server"},
	{"also-from", "TASKDEF.json", CHECK, take_also_from, TO(plan.task),
		"the services that this task definition's start needs; IMAGE is then its own"},
	{"also-calls", NULL, CHECK, take_flag, TO(walk.also_calls),
		"call them as the start would: read its secrets and files, make a log stream"},
	{"timeout", "SECONDS", CHECK | PUSH | SUBJECT, take_seconds, TO(walk.timeout_us),
		"longest wait for one answer (5)"},
	{"deadline", "SECONDS", CHECK | PUSH | SUBJECT, take_seconds, TO(walk.deadline_us),
		"longest run (60)"},
	{"region", "REGION", CHECK | PUSH | SUBJECT, take_region, TO(region),
		"where the image name does not say (AWS_REGION)"},
	{"role-arn", "arn:aws:iam::ACCOUNT:role/NAME", CHECK | PUSH | SUBJECT, take_role_arn,
		TO(walk.role_arn), "assume this role through STS and probe with its permissions"},
	{"resolver", "IP[,IP]", CHECK | PUSH | SUBJECT, take_addresses, TO(walk.resolvers),
		"use these DNS servers (those of resolv.conf)"},
	{"ca-file", "FILE", CHECK | PUSH | SUBJECT, take_text, TO(ca_file),
		"trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)"},
	{"user", "NAME", CHECK | PUSH, take_user, TO(user),
		"of a registry other than private ECR (Docker's config.json)"},
	{"password-stdin", NULL, CHECK | PUSH, take_flag, TO(password_stdin),
		"its password, on stdin"},
	{"password-file", "FILE", CHECK | PUSH, take_text, TO(password_file),
		"its password, in a file"},
	{"proxy", "http://[USER:PASSWORD@]HOST[:PORT]", CHECK | PUSH, take_proxy, TO(walk.proxy),
		"use this proxy (none by default, even if HTTPS_PROXY is set, as on Fargate)"},
	{"label", "NAME", CHECK, take_text, TO(walk.label),
		"the name of this report in comparisons (zone and subnet, else the host name)"},
	{"format", "text|json|markdown|junit|openmetrics", CHECK | EXPLAIN, take_format, 0,
		"what stdout gets (text)"},
	{"format", "text|json|html|markdown|junit|openmetrics", COMPARE | SUBJECT, take_format, 0,
		"what is printed (text)"},
	{"report", "FILE", CHECK, take_text, TO(report), "also write the JSON report there"},
	{"summary", "FILE", CHECK, take_text, TO(summary),
		"also write the verdict and what to do there, in 4 KB (/dev/termination-log)"},
	{"output", "FILE", COMPARE, take_text, TO(output), "print there (stdout)"},
	{"create-repository", NULL, PUSH, take_flag, TO(create_repository),
		"of ECR: make the repository where there is none"},
	{"cluster", "NAME", SUBJECT, take_text, TO(subject.cluster),
		"of the service or the task: its name or ARN (\"default\")"},
	{"service", "NAME", SUBJECT, take_text, TO(subject.service),
		"a service: its subnets, groups, role, image, and its newest stopped task"},
	{"task", "ID", SUBJECT, take_text, TO(subject.task),
		"the same of one task, running or stopped"},
	{"task-definition", "FAMILY[:REVISION]", SUBJECT, take_text, TO(subject.task_definition),
		"the image, the role, and what a start needs besides"},
	{"byte", "N", EXPLAIN, take_byte, TO(byte),
		"print the ten codes of the report's verdict, and end with this one, 1 to 9"},
	{"image", "IMAGE", SUBJECT | EXPLAIN, take_text, TO(subject.image), "what is to be pulled"},
	{"container", "NAME", SUBJECT, take_text, TO(subject.container),
		"whose image (that of the pull that failed, else each)"},
	{"subnets", "ID[,ID]", SUBJECT, take_ids, TO(subject.subnets), "where it is to be pulled"},
	{"vpc", "ID", SUBJECT, take_text, TO(subject.vpc), "in every subnet of this VPC"},
	{"security-groups", "ID[,ID]", SUBJECT, take_ids, TO(subject.security_groups),
		"the task's (the VPC's default one)"},
	{"role", "ARN", SUBJECT | EXPLAIN, take_role_arn, TO(subject.role),
		"the role that pulls: the execution role"},
	{"public-ip", NULL, SUBJECT, take_flag, TO(subject.public_ip),
		"tasks have a public IP (assignPublicIp=ENABLED)"},
	{"profile", "NAME", PUSH | SUBJECT, take_text, TO(profile),
		"whose credentials and Region (AWS_PROFILE)"},
	{"report", "FILE", INSPECT, take_more, TO(reports),
		"join this report of check with the configuration; may be repeated"},
	{"output", "FOLDER", SUBJECT, take_text, TO(output),
		"also keep a report of each subnet there, and the page"},
	{"subjects", "FILE", LAUNCH, take_text, TO(subjects),
		"many subjects, a line of JSON each: {\"cluster\": \"prod\", \"service\": \"web\", "
		"\"role_arn\": ...}; needs --output"},
	{"resume", NULL, LAUNCH, take_flag, TO(resume),
		"of --subjects those that have no survey in the folder yet"},
	{"by", "lambda|fargate", LAUNCH, take_seat, TO(by),
		"as Lambda functions, or as Fargate tasks (those where tasks have a public IP)"},
	{"probe", "IMAGE", LAUNCH, take_text, TO(probe_image),
		"Fargate: an image of this program (push it to the repository pullprobe)"},
	{"logs", "GROUP", LAUNCH, take_text, TO(logs),
		"Fargate: take whole reports from this log group, not verdicts by exit codes"},
	{"remove-repository", NULL, LAUNCH, take_flag, TO(remove_repository),
		"Fargate: also remove that repository, if it was made for the run"},
	{"lambda-role", "ARN", LAUNCH, take_role_arn, TO(lambda_role),
		"the functions' role (one is made for the run, and removed)"},
	{"wait", "SECONDS", LAUNCH, take_seconds, TO(wait_us),
		"longest run, until all functions are ready and have answered (600)"},
	{"dry-run", NULL, LAUNCH, take_flag, TO(dry_run),
		"print the calls that would change something, and make none of them"},
	{"clean", NULL, LAUNCH, take_flag, TO(clean),
		"remove what earlier runs left, and do nothing else"},
};

_Static_assert(sizeof option_rows / sizeof *option_rows == OPTION_ROWS, "OPTION_ROWS counts them");

const struct verb_row verb_rows[VERBS] = {
	[VERB_CHECK] = {"check", "[options] IMAGE",
		"try every step of the pull from here and explain the result"},
	[VERB_EXPLAIN] = {"explain", "[options] REPORT.json | CODE[,CODE...] | TEXT | -",
		"explain a report, an exit code, an error text"},
	[VERB_COMPARE] = {"compare", "[options] REPORT.json...", "show reports side by side"},
	[VERB_PUSH] = {"push", "[options] IMAGE", "push this program as an image to a registry"},
	[VERB_INSPECT] = {"inspect", "[options]",
		"read the configuration of AWS, and name the resource to change"},
	[VERB_LAUNCH] = {"launch", "[options]",
		"send a probe into every subnet, and name the resource to change"},
};

const struct option_row *option_row(enum verb verb, const char *name)
{
	for (size_t i = 0; i < OPTION_ROWS; i++)
		if (option_rows[i].verbs & (1u << verb) && strcmp(option_rows[i].name, name) == 0)
			return &option_rows[i];
	return NULL;
}
