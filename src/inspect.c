/* The verb inspect: reads the configuration, joins it with what walks saw, and names the resource
 * to change. Nothing is created, and no probe is sent. */
#include "inspect.h"
#include "base/die.h"
#include "base/file.h"
#include "diagnose/diagnose.h"
#include "output.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* the reports of walks --------------------------------------------------------------------------
 */

static struct evidence read_report(struct arena *arena, struct text path)
{
	struct evidence evidence;
	struct text content;
	struct text complaint;
	if (!file_read(arena, path, REPORT_BYTES_MAX, &content, &complaint))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	if (!schema_read(arena, content, &evidence, &complaint))
		die(EXIT_USAGE, "%.*s: %.*s", TEXT(path), TEXT(complaint));
	return evidence;
}

static bool is_within(struct text address, struct text cidr)
{
	struct address one;
	struct network network;
	return address_parse(address, &one) && network_parse(cidr, &network) &&
		address_within(&one, &network);
}

/* the walk was in this subnet: by its range, or by an address of it */
static bool walked_in(const struct vantage *vantage, const struct vpc_subnet *subnet)
{
	struct texts ranges = subnet->cidrs6;
	bool within = vantage->subnet_cidr.len && text_equal(vantage->subnet_cidr, subnet->cidr);
	for (size_t i = 0; i < vantage->addresses.count; i++) {
		within |= is_within(vantage->addresses.at[i], subnet->cidr);
		for (size_t k = 0; k < ranges.count; k++)
			within |= is_within(vantage->addresses.at[i], ranges.at[k]);
	}
	return within;
}

void survey_join(struct survey_subnet *element, const struct evidence *walk)
{
	struct vpc_configuration known = element->evidence.configuration;
	element->evidence = *walk;
	element->evidence.configuration = known;
	element->by = text_equal(walk->vantage.launch_type, T("LAMBDA")) ? T("lambda")
		: text_equal(walk->vantage.launch_type, T("FARGATE"))	 ? T("fargate")
									 : T("none");
}

/* Gives a walk to the elements of its subnet: to that of its image, or, where the subject has one
 * image, to that whatever the walk's own was. */
static void join_report(struct survey *survey, const struct vpc_configuration *configuration,
	const struct evidence *walk, struct text path)
{
	bool joined = false;
	for (size_t i = 0; i < survey->count; i++) {
		struct survey_subnet *element = &survey->subnets[i];
		const struct vpc_subnet *subnet = VPC_FIND(
			configuration->subnets, vpc_subnet, element->subnet);
		bool same = survey->images.count == 1 ||
			text_equal(walk->target.image, element->evidence.target.image);
		if (!subnet || !same || !walked_in(&walk->vantage, subnet))
			continue;
		survey_join(element, walk);
		joined = true;
	}
	if (!joined)
		die(EXIT_USAGE, "%.*s is a report of none of the subject's subnets", TEXT(path));
}

/* the survey ------------------------------------------------------------------------------------
 */

/* ECS's own words are explained by the rules of explain; the first that mean something count. */
static void explain_words(struct arena *arena, struct survey *survey)
{
	const struct texts words[] = {survey->reasons,
		{&survey->stopped_reason, survey->stopped_reason.len > 0}, survey->events};
	for (size_t i = 0; i < COUNT(words); i++)
		for (size_t k = 0; k < words[i].count && !survey->is_explained; k++) {
			survey->explained = error_text_explain(arena, words[i].at[k]);
			survey->is_explained = survey->explained.has_stage;
		}
}

/* each call that failed, once for each reason */
static void take_unread(struct arena *arena, struct vpc_list *unread, const struct vpc_list *calls)
{
	const struct vpc_call *call = calls->at;
	for (size_t i = 0; i < calls->count; i++, call++) {
		const struct vpc_call *known = unread->at;
		bool told = call->error.len == 0;
		for (size_t k = 0; k < unread->count; k++)
			told |= text_equal(known[k].call, call->call) &&
				text_equal(known[k].error, call->error);
		if (!told)
			*(struct vpc_call *)vpc_add(arena, unread, sizeof *call) = *call;
	}
}

static void set_subnet(struct arena *arena, struct survey_subnet *element,
	const struct subject *subject, size_t image, struct text id,
	const struct vpc_configuration *configuration)
{
	const struct vpc_subnet *subnet = VPC_FIND(configuration->subnets, vpc_subnet, id);
	struct evidence *evidence = &element->evidence;
	struct text complaint;
	element->subnet = id;
	element->by = T("none");
	if (subnet) {
		element->vpc = subnet->vpc;
		element->zone = subnet->zone;
	}
	evidence->version = text_of(PULLPROBE_VERSION);
	evidence->started_at = clock_unix();
	evidence->vantage = (struct vantage){.label = id,
		.availability_zone = element->zone,
		.subnet_cidr = subnet ? subnet->cidr : T(""),
		.clock_error_ms = -1};
	if (!target_parse(arena, subject->images.at[image], configuration->subject.region,
		    &evidence->target, &complaint) ||
		!platform_parse(configuration->subject.platform, &evidence->target.platform))
		die(EXIT_USAGE, "%.*s", TEXT(complaint));
	evidence->configuration = configuration_of(arena, configuration, subject, image, id);
}

static struct survey survey_of(struct arena *arena, const struct subject *subject,
	const struct vpc_configuration *configuration, struct text verb)
{
	const struct texts *subnets = &configuration->subject.subnets;
	struct survey survey = {.version = text_of(PULLPROBE_VERSION),
		.verb = verb,
		.started_at = clock_unix(),
		.cluster = subject->cluster,
		.service = subject->service,
		.task = subject->task,
		.task_definition = subject->task_definition,
		.images = subject->images,
		.subject = configuration->subject,
		.stopped_reason = subject->stopped_reason,
		.reasons = subject->reasons,
		.events = subject->events};
	survey.subnets = arena_new(
		arena, struct survey_subnet, subnets->count * subject->images.count);
	for (size_t i = 0; i < subject->images.count; i++)
		for (size_t k = 0; k < subnets->count; k++)
			set_subnet(arena, &survey.subnets[survey.count++], subject, i,
				subnets->at[k], configuration);
	take_unread(arena, &survey.unread, &subject->unread);
	take_unread(arena, &survey.unread, &configuration->calls);
	for (size_t i = 0; i < subject->images.count; i++)
		if (subject->registries[i])
			take_unread(arena, &survey.unread, &subject->registries[i]->calls);
	explain_words(arena, &survey);
	return survey;
}

/* what is kept ----------------------------------------------------------------------------------
 */

static void keep(struct arena *arena, struct text folder, struct text name, struct text content)
{
	struct text path = text_format(arena, "%.*s/%.*s", TEXT(folder), TEXT(name));
	int fd = output_open(arena, "report", path);
	if (!output_finish(fd, content))
		die(EXIT_UNABLE, "cannot write %.*s: %s", TEXT(path), strerror(errno));
}

void survey_keep(struct arena *arena, const struct survey *survey, size_t index, struct text folder)
{
	const struct survey_subnet *element = &survey->subnets[index];
	struct text name = survey->images.count > 1
		? text_format(arena, "%.*s-%zu.json", TEXT(element->subnet), index)
		: text_format(arena, "%.*s.json", TEXT(element->subnet));
	if (folder.len)
		keep(arena, folder, name,
			report_json(arena, &element->evidence, &element->diagnosis));
}

/* a report a subnet, and the survey */
static void keep_all(struct arena *arena, const struct survey *survey, struct text folder)
{
	for (size_t i = 0; i < survey->count; i++)
		survey_keep(arena, survey, i, folder);
	keep(arena, folder, T("survey.json"), survey_json(arena, survey));
}

void session_begin(struct session *session, struct arena *arena, const struct options *options,
	const struct environment *environment, struct text last_region)
{
	struct cloud_options where = {.profile = options->profile,
		.region = subject_region(&options->subject),
		.last_region = last_region,
		.role_arn = options->walk.role_arn};
	if (where.region.len == 0)
		where.region = options->region;
	if (where.region.len == 0)
		where.region = environment_get(environment, T("AWS_REGION"));
	process_hide();
	net_begin(&session->net, arena);
	host_info_read(arena, &session->host_info);
	session->walk = options->walk;
	session->walk.trust = session->trust;
	session->walk.host_info = &session->host_info;
	session->walk.environment = *environment;
	if (options->verb == VERB_LAUNCH)
		session->walk.deadline_us = options->wait_us;
	cloud_begin(&session->cloud, arena, &session->net, &where, &session->walk);
}

void session_end(struct session *session)
{
	net_end(&session->net);
	trust_end(session->trust);
}

/* the story -------------------------------------------------------------------------------------
 */

int inspect(
	struct arena *arena, const struct options *options, const struct environment *environment)
{
	return survey_make(arena, options, environment, NULL, NULL);
}

int survey_make(struct arena *arena, const struct options *options,
	const struct environment *environment, probes_fn *probes, void *context)
{
	struct session session = {.trust = options_trust(arena, options, environment)};
	struct text folder = options->output;
	struct subject subject;
	struct vpc_configuration configuration;

	/* before anything is asked */
	struct target target = {0};
	struct text complaint;
	target_parse(arena, options->subject.image, T(""), &target, &complaint);
	struct evidence *walks = arena_new(arena, struct evidence, options->reports.count + 1);
	for (size_t i = 0; i < options->reports.count; i++)
		walks[i] = read_report(arena, options->reports.at[i]);
	if (folder.len && mkdir(text_string(arena, folder), 0755) != 0 && errno != EEXIST)
		die(EXIT_USAGE, "cannot make the folder %.*s: %s", TEXT(folder), strerror(errno));

	/* read the configuration */
	int64_t began_us = clock_us();
	session_begin(&session, arena, options, environment, target.region);
	subject_read(&session.cloud, &options->subject, &subject);
	configuration_read(&session.cloud, &subject, &configuration);

	/* send probes */
	struct survey survey = survey_of(
		arena, &subject, &configuration, text_of(verb_rows[options->verb].name));
	if (probes)
		probes(context, &session.cloud, options, &configuration, &survey);
	session_end(&session);
	if (session.cloud.dry_run)
		return 0;

	/* judge it, with what walks saw */
	for (size_t i = 0; i < options->reports.count; i++)
		join_report(&survey, &configuration, &walks[i], options->reports.at[i]);
	for (size_t i = 0; i < survey.count; i++)
		survey.subnets[i].diagnosis = diagnose(arena, &survey.subnets[i].evidence);
	survey.took_us = clock_us() - began_us;

	/* print it */
	struct content content = {.reports = survey_reports(arena, &survey),
		.count = survey.count,
		.survey = &survey,
		.style = output_style(environment)};
	if (folder.len) {
		struct comparison comparison = comparison_of(
			arena, content.reports, content.count, survey.version);
		keep_all(arena, &survey, folder);
		keep(arena, folder, T("index.html"), compare_html(arena, &comparison));
	}
	output_print(format_print(arena, options->format, &content));
	return survey_exit_code(&survey);
}
