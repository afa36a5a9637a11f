/* The verb launch: inspect, with a probe in every subnet at once. */
#include "launch.h"
#include "base/die.h"
#include "base/file.h"
#include "diagnose/diagnose.h"
#include "diagnose/verdict_bytes.h"
#include "model/json.h"
#include "output.h"
#include "report/report.h"
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { EXECUTABLE_MAX = 50 * 1024 * 1024 }; /* "Lambda quotas": of a zip that is sent directly */

/* Calls of the control plane, however patient the walks are. */
#define CALL_US (SECOND_US * 5)

static void tell(void *context, const struct probe *probe, struct text what)
{
	struct view *view = context;
	size_t index = (size_t)(probe - view->launch.probes);
	if (view->launch.cloud->dry_run)
		return;
	if (what.len && probe->error.len == 0)
		view_show(view, index, what);
	else
		view_take(view, index);
}

/* what is asked ---------------------------------------------------------------------------------
 */

static struct text seconds_text(struct arena *arena, int64_t us)
{
	return text_format(arena, "%lld.%lld", (long long)(us / SECOND_US),
		(long long)(us % SECOND_US / (SECOND_US / 10)));
}

/* the services besides that the task's start needs, as --also takes them */
static struct text also_of(struct arena *arena, const struct vpc_subject *subject)
{
	struct buffer out = {.arena = arena};
	for (size_t i = 0; i < subject->services.count; i++) {
		enum endpoint_kind kind;
		if (list_parse(LIST_ENDPOINT, subject->services.at[i], &kind) &&
			endpoint_use(kind) == USED_BY_ALSO)
			buffer_addf(
				&out, "%s%.*s", out.len ? "," : "", TEXT(subject->services.at[i]));
	}
	return buffer_text(&out);
}

/* The words of check: nothing of the caller's own environment. */
static struct texts words_of(const struct view *view)
{
	struct arena *arena = view->arena;
	const struct vpc_subject *subject = &view->survey->subject;
	const struct {
		const char *name;
		struct text value;
	} options[] = {
		{"--platform", subject->platform},
		{"--region", subject->region},
		{"--for",
			text_equal(subject->launch_type, T("EC2")) ? T("ecs-docker")
								   : T("fargate")},
		{"--also", also_of(arena, subject)},
		{"--timeout", seconds_text(arena, view->options->walk.timeout_us)},
		{"--deadline", seconds_text(arena, view->options->walk.deadline_us)},
	};
	struct texts words = {0};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (options[i].value.len) {
			texts_add(arena, &words, text_of(options[i].name));
			texts_add(arena, &words, options[i].value);
		}
	return words;
}

/* the event of a function */
static struct text event_of(
	const struct view *view, struct text image, struct text subnet, struct texts words)
{
	struct texts all = {0};
	json_t *event = json_object();
	texts_add(view->arena, &all, T("--label"));
	texts_add(view->arena, &all, subnet);
	for (size_t i = 0; i < words.count; i++)
		texts_add(view->arena, &all, words.at[i]);
	field_put(event, "image", field_text(view->arena, image));
	field_put(event, "options", field_texts(view->arena, all));
	return text_trim(json_line(view->arena, event));
}

static void ask(struct view *view, const struct vpc_configuration *configuration)
{
	struct launch *launch = &view->launch;
	const struct texts *subnets = &view->survey->subject.subnets;
	struct texts words = words_of(view);
	struct buffer joined = {.arena = view->arena};
	launch->count = subnets->count;
	launch->images = view->survey->images;
	for (size_t i = 0; i < words.count; i++)
		buffer_addf(&joined, "%s%.*s", i ? " " : "", TEXT(words.at[i]));
	launch->words = buffer_text(&joined);
	launch->probes = arena_new(view->arena, struct probe, subnets->count);
	view->states = arena_new(view->arena, struct text, subnets->count);
	for (size_t i = 0; i < subnets->count; i++) {
		struct probe *probe = &launch->probes[i];
		const struct vpc_subnet *known = VPC_FIND(
			configuration->subnets, vpc_subnet, subnets->at[i]);
		probe->subnet = subnets->at[i];
		probe->answers = arena_new(view->arena, struct probe_answer, launch->images.count);
		probe->ipv6 = known && known->cidrs6.count > 0;
		for (size_t k = 0; k < view->survey->images.count; k++)
			texts_add(view->arena, &probe->events,
				event_of(view, view->survey->images.at[k], probe->subnet, words));
	}
}

/* the story -------------------------------------------------------------------------------------
 */

static void begin(struct view *view, struct cloud *cloud)
{
	const struct options *options = view->options;
	struct winsize size;
	cloud->timeout_us = CALL_US;
	cloud->dry_run = options->dry_run;
	cloud->net->many = true;
	view->arena = cloud->arena;
	view->launch.cloud = cloud;
	view->launch.lambda_role = options->lambda_role;
	view->launch.executable = view->executable;
	view->launch.tell = tell;
	view->launch.context = view;
	view->launch.wait_us = options->wait_us;
	view->launch.answer_us = options->walk.deadline_us;
	launch_begin(&view->launch);
	if (isatty(STDERR_FILENO) && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0)
		view->rows = size.ws_row;
}

/* of --dry-run: the calls that would have been made */
static void print_instead(const struct cloud *cloud)
{
	for (size_t i = 0; i < cloud->instead.count; i++)
		output_print(text_format(cloud->arena, "%.*s\n", TEXT(cloud->instead.at[i])));
}

static void send_probes(void *context, struct cloud *cloud, const struct options *options,
	const struct vpc_configuration *configuration, struct survey *survey)
{
	struct view *view = context;
	view->survey = survey;
	begin(view, cloud);
	view->launch.security_groups = survey->subject.security_groups;
	view->launch.account = survey->subject.account;
	ask(view, configuration);
	if (view->launch.count + 1 > view->rows || options->dry_run)
		view->rows = 0;
	view->launch.public_ip = survey->subject.public_ip;
	bool fargate = options->by.len ? text_equal(options->by, T("fargate"))
				       : view->launch.public_ip;
	if (fargate && options->by.len == 0)
		fputs("the tasks have a public IP, which a Lambda function cannot have: by "
		      "Fargate\n",
			stderr);
	if (!fargate || launch_tasks(view))
		launch_by_lambda(&view->launch);
	print_instead(cloud);
	survey->made = view->launch.made;
}

static int clean(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct session session = {.trust = options_trust(arena, options, environment)};
	struct survey survey = {.verb = T("launch"),
		.version = text_of(PULLPROBE_VERSION),
		.started_at = clock_unix()};
	struct view view = {.arena = arena, .options = options, .survey = &survey};
	session_begin(&session, arena, options, environment, T(""));
	begin(&view, &session.cloud);
	bool whole = launch_clean(&view.launch);
	session_end(&session);
	survey.made = view.launch.made;
	survey.took_us = clock_us() - view.launch.began_us;
	if (view.launch.end.len && survey.made.count == 0)
		die(EXIT_UNABLE, "%.*s", TEXT(view.launch.end));
	print_instead(&session.cloud);
	struct report_style style = output_style(environment);
	output_print(format_is_json(options->format) ? survey_json(arena, &survey)
						     : survey_made_text(arena, &survey, &style));
	return !whole;
}

int launch_subject(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct view view = {.arena = arena, .options = options};
	struct text complaint;
	if (options->clean)
		return clean(arena, options, environment);
	/* /proc is closed once the keys are hidden */
	if (!file_read(arena, T("/proc/self/exe"), EXECUTABLE_MAX, &view.executable, &complaint))
		die(EXIT_UNABLE, "%.*s", TEXT(complaint));
	return survey_make(arena, options, environment, send_probes, &view);
}
