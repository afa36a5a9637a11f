/* The verb push: the running program becomes an image in a registry. */
#include "push.h"
#include "base/die.h"
#include "cloud/services.h"
#include "diagnose/diagnose.h"
#include "output.h"
#include "report/explain.h"

enum { EXIT_REFUSED = 1 };

/* A plan without the host of layers: nothing is pulled. */
static struct plan plan_of(
	struct arena *arena, const struct environment *environment, const struct target *target)
{
	struct plan_options wishes = {0};
	options_plan(environment, target, &wishes);
	struct plan plan = plan_make(arena, target, &wishes);
	if (plan.count && plan.endpoints[plan.count - 1].kind == ENDPOINT_S3)
		plan.count--;
	return plan;
}

/* The cloud's credentials, which a walk does not look for, as those of the environment. */
static struct environment environment_of(
	struct arena *arena, struct environment environment, const struct cloud *cloud)
{
	size_t count = 0;
	while (environment.variables[count])
		count++;
	char **variables = arena_new(arena, char *, count + 4);
	const struct credentials *own = &cloud->credentials;
	const struct {
		const char *name;
		struct text value;
	} keys[] = {{"AWS_ACCESS_KEY_ID", own->access_key},
		{"AWS_SECRET_ACCESS_KEY", own->secret_key},
		{"AWS_SESSION_TOKEN", own->session_token}};
	size_t end = 0;
	for (size_t i = 0; i < COUNT(keys); i++)
		variables[end++] = text_string(
			arena, text_format(arena, "%s=%.*s", keys[i].name, TEXT(keys[i].value)));
	for (size_t i = 0; i < count; i++)
		variables[end++] = environment.variables[i];
	return (struct environment){variables};
}

/* False: `complaint`. That it exists already is what is wanted. */
static bool make_repository(
	struct arena *arena, struct program_push *push, const struct target *target)
{
	struct cloud *cloud = push->cloud;
	struct call call = {.row = &ecr_push_calls[ECR_CREATE_REPOSITORY],
		.values = {one_text(arena, target->repository), one_text(arena, target->account)}};
	push->created = call_run(cloud, &call);
	if (push->created || text_equal(call.error.code, T("RepositoryAlreadyExistsException")))
		return true;
	push->complaint = push_words(
		arena, target, 0, &call.error, "the creation of the repository");
	return false;
}

static void walk_and_push(struct arena *arena, struct net *net, struct program_push *push,
	const struct target *target)
{
	struct walk_options walk_options = *push->walk;
	struct plan plan = plan_of(arena, &push->walk->environment, target);
	walk_options.stage_asked = true;
	walk_options.stage = STAGE_TOKEN;
	walk_options.push = &push->push;
	if (push->cloud && target->kind == REGISTRY_ECR)
		walk_options.environment = environment_of(
			arena, walk_options.environment, push->cloud);
	walk(arena, net, target, &plan, &walk_options, &push->evidence);
	push->evidence.stage_asked = false; /* of a push it is the whole path */
	push->diagnosis = diagnose(arena, &push->evidence);
}

int program_push(struct arena *arena, struct net *net, struct program_push *push)
{
	struct made_image *image = arena_new(arena, struct made_image, 1);
	struct target target;
	push->evidence.version = text_of(PULLPROBE_VERSION);
	push->push.image = image;
	if (!target_parse(arena, push->image, push->region, &target, &push->complaint))
		return EXIT_USAGE;
	if (!image_make(arena, image, &push->complaint))
		return EXIT_UNABLE;
	if (target.reference_kind == REFERENCE_DIGEST) {
		push->complaint = T("an image is pushed to a tag, not to a digest");
		return EXIT_USAGE;
	}
	if (push->create_repository && target.kind == REGISTRY_ECR &&
		!make_repository(arena, push, &target))
		return EXIT_REFUSED;
	push->reference = text_format(arena, "%.*s/%.*s@%.*s", TEXT(target.host),
		TEXT(target.repository), TEXT(image->manifest.digest));
	walk_and_push(arena, net, push, &target);
	const struct diagnosis *diagnosis = &push->diagnosis;
	push->complaint = push->push.complaint;
	if (push->push.done)
		return EXIT_WORKS;
	if (push->complaint.len)
		return EXIT_REFUSED;
	push->complaint = diagnosis->pull == PULL_BREAKS
		? diagnosis->findings[diagnosis->verdict].says
		: T("the time was up before the registry was reached");
	return diagnosis->exit_code;
}

/* what breaks on the way, as explain tells it */
static void print_break(
	struct arena *arena, const struct program_push *push, const struct report_style *style)
{
	struct explanation explanation = {
		.finding = push->diagnosis.findings[push->diagnosis.verdict], .has_stage = true};
	output_print(explain_text(arena, &explanation, style));
}

int push(struct arena *arena, const struct options *options, const struct environment *environment)
{
	struct report_style style = output_style(environment);
	struct walk_options walk_options = options->walk;
	struct program_push pushed = {.image = options->arguments.at[0],
		.region = options->region.len ? options->region
					      : environment_get(environment, T("AWS_REGION")),
		.create_repository = options->create_repository,
		.walk = &walk_options};
	struct host_info host_info;
	struct target target;
	struct cloud cloud;
	struct net net;

	/* before anything is asked */
	if (!target_parse(arena, pushed.image, pushed.region, &target, &pushed.complaint))
		die(EXIT_USAGE, "%.*s", TEXT(pushed.complaint));
	if (target.kind == REGISTRY_ECR && options->user.len)
		die(EXIT_USAGE, "--user is for other registries: private ECR uses AWS credentials");
	if (target.kind != REGISTRY_ECR && options->create_repository)
		die(EXIT_USAGE, "--create-repository is for ECR");
	struct trust *trust = options_trust(arena, options, environment);
	walk_options.login = options_login(arena, options);
	process_hide();

	/* push */
	net_begin(&net, arena);
	host_info_read(arena, &host_info);
	walk_options.trust = trust;
	walk_options.host_info = &host_info;
	walk_options.environment = *environment;
	if (target.kind == REGISTRY_ECR) {
		struct cloud_options cloud_options = {.profile = options->profile,
			.region = target.region,
			.role_arn = options->walk.role_arn};
		cloud_begin(&cloud, arena, &net, &cloud_options, &walk_options);
		walk_options.role_arn = T("");
		pushed.cloud = &cloud;
	}
	int code = program_push(arena, &net, &pushed);
	net_end(&net);
	trust_end(trust);

	/* say what became of it */
	if (code == EXIT_WORKS)
		output_print(text_format(arena, "%.*s %s, %.1f MB sent%s\n", TEXT(pushed.reference),
			pushed.push.was_there ? "was there already" : "is pushed",
			(double)pushed.push.sent / 1e6,
			pushed.created ? ", into a new repository" : ""));
	else if (pushed.diagnosis.pull == PULL_BREAKS)
		print_break(arena, &pushed, &style);
	else
		die(code, "%.*s", TEXT(pushed.complaint));
	return code;
}
