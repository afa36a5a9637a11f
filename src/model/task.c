/* Task definitions: which calls does the start of such a task make, before anything of it runs? */
#include "model/task.h"
#include "base/encoding.h"
#include "model/aws.h"
#include "model/json.h"
#include <stdlib.h>

enum { STORAGE_GIB_MAX = 1024 };

struct task_reader {
	struct arena *arena;
	struct task *task;
	struct text container; /* the one that is read */
	struct texts needed;   /* a text for each need, all that is in it */
	struct text *complaint;
};

/* Nothing of the file is repeated but the container's name, and that only if it is one. */
static bool task_refuse(struct task_reader *r, const char *what)
{
	bool named = r->container.len && r->container.len < 256 &&
		text_only(r->container, T(ALPHANUMERIC "_-"));
	*r->complaint = text_format(r->arena, "%s%.*s%s%s", named ? "container " : "",
		TEXT(named ? r->container : T("")), named ? ": " : "", what);
	return false;
}

/* Many containers name one secret: it is asked for once. */
static bool add_need(struct task_reader *r, const struct task_need *need)
{
	struct task *task = r->task;
	struct text key = text_format(r->arena, "%d %.*s %.*s %.*s %.*s %.*s %.*s",
		(int)need->endpoint, TEXT(need->region), TEXT(need->bucket), TEXT(need->name),
		TEXT(need->stage), TEXT(need->version), TEXT(need->stream));
	if (texts_hold(r->needed, key))
		return true;
	if (task->need_count == TASK_NEEDS_MAX)
		return task_refuse(r,
			"there are more secrets, environment files and log groups than any task "
			"may have");
	texts_add(r->arena, &r->needed, key);
	task->needs[task->need_count++] = *need;
	return true;
}

/* a key of every object of a list */
static bool read_each(struct task_reader *r, const json_t *list, const char *key,
	bool (*read)(struct task_reader *, struct text))
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!read(r, json_text(r->arena, json_array_get(list, i), key)))
			return false;
	return true;
}

/* secrets ---------------------------------------------------------------------------------- */

/* arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:JSON-KEY:VERSION-STAGE:VERSION-ID]
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
static bool read_secret(struct task_reader *r, struct text from, const struct arn *arn)
{
	struct text rest = arn->resource;
	text_cut(&rest, T(":"));
	struct text name = text_cut(&rest, T(":"));
	if (!partition_of_region(arn->region) || name.len == 0 ||
		!text_only(from, T(ALPHANUMERIC "/_+=.@-:!")))
		return task_refuse(r, "valueFrom is no ARN of a secret");
	text_cut(&rest, T(":"));
	struct text stage = text_cut(&rest, T(":"));
	return add_need(r,
		&(struct task_need){
			.endpoint = ENDPOINT_SECRETSMANAGER,
			.name = text_head(from, (size_t)(name.at + name.len - from.at)),
			.region = arn->region,
			.stage = stage,
			.version = rest,
		});
}

/* a parameter's name or ARN, or a secret's ARN */
static bool read_value(struct task_reader *r, struct text from)
{
	struct arn arn = {0};
	bool is_arn = arn_parse(from, &arn);
	if (is_arn && text_equal(arn.service, T("secretsmanager")))
		return read_secret(r, from, &arn);
	if (is_arn && !text_equal(arn.service, T("ssm")))
		return task_refuse(
			r, "valueFrom is neither of Secrets Manager nor of Systems Manager");
	struct text region = is_arn ? arn.region : T("");
	struct task_need need = {.endpoint = ENDPOINT_SSM, .name = from, .region = region};
	if ((region.len && !partition_of_region(region)) || from.len == 0 || from.len > 2048 ||
		!text_only(from, T(ALPHANUMERIC "/_.-:")))
		return task_refuse(r, "valueFrom is no ARN of a secret and no parameter's name");
	return add_need(r, &need);
}

/* environment files ------------------------------------------------------------------------ */

/* arn:aws:s3:::BUCKET/KEY
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html */
static bool read_file(struct task_reader *r, struct text value)
{
	struct task_need need = {.endpoint = ENDPOINT_ENVFILE};
	struct arn arn;
	if (!arn_parse(value, &arn) || !text_equal(arn.service, T("s3")))
		return task_refuse(r, "an environment file is no ARN of an object in S3");
	struct text key = arn.resource;
	need.bucket = text_cut(&key, T("/"));
	need.name = percent_encode(r->arena, key, T("/"));
	if (need.bucket.len < 3 || need.bucket.len > 63 || key.len == 0 || key.len > 1024 ||
		!text_only(need.bucket, T(LOWER DIGITS ".-")) || text_starts(need.bucket, T(".")) ||
		text_starts(need.bucket, T("-")))
		return task_refuse(r, "an environment file is no ARN of an object in S3");
	return add_need(r, &need);
}

/* the log driver --------------------------------------------------------------------------- */

/* https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
static bool read_awslogs(struct task_reader *r, const json_t *options)
{
	struct task_need need = {.endpoint = ENDPOINT_LOGS};
	struct text prefix = json_text(r->arena, options, "awslogs-stream-prefix");
	need.region = json_text(r->arena, options, "awslogs-region");
	need.name = json_text(r->arena, options, "awslogs-group");
	need.creates = text_equal(json_text(r->arena, options, "awslogs-create-group"), T("true"));
	need.stream = text_format(r->arena, "%.*s%s%.*s%s", TEXT(prefix), prefix.len ? "/" : "",
		TEXT(r->container), r->container.len ? "/" : "");
	if (need.region.len && !partition_of_region(need.region))
		return task_refuse(r, "awslogs-region is no Region");
	if (need.name.len > 512 || !text_only(need.name, T(ALPHANUMERIC "_/.#-")))
		return task_refuse(r, "awslogs-group is no name of a log group");
	if (need.stream.len > 400 || text_holds(need.stream, T(":")) ||
		text_holds(need.stream, T("*")))
		return task_refuse(
			r, "awslogs-stream-prefix is no beginning of a log stream's name");
	if (need.region.len == 0)
		need.mistake = T("awslogs-region is required");
	else if (need.name.len == 0)
		need.mistake = T("awslogs-group is required");
	return add_need(r, &need);
}

static bool read_log_driver(struct task_reader *r, const json_t *log)
{
	struct text driver = json_text(r->arena, log, "logDriver");
	if (!read_each(r, json_object_get(log, "secretOptions"), "valueFrom", read_value))
		return false;
	if (text_equal(driver, T("awslogs")))
		return read_awslogs(r, json_object_get(log, "options"));
	if (driver.len > 0 && driver.len < 64 && text_only(driver, T(ALPHANUMERIC "-_")))
		texts_add(r->arena, &r->task->unchecked,
			text_format(r->arena, "log driver %.*s", TEXT(driver)));
	return true;
}

/* the whole -------------------------------------------------------------------------------- */

/* The first essential container's image is the task's. */
static void read_container_image(
	struct task_reader *r, const json_t *container, bool *has_essential)
{
	struct task *task = r->task;
	struct text image = json_text(r->arena, container, "image");
	bool essential = !json_is_false(json_object_get(container, "essential"));
	bool first = essential && !*has_essential;
	if (image.len == 0)
		return;
	if (first && task->image.len)
		texts_add(r->arena, &task->other_images, task->image);
	if (first || task->image.len == 0)
		task->image = image;
	else if (!text_equal(image, task->image))
		texts_add(r->arena, &task->other_images, image);
	*has_essential |= essential;
}

static bool read_container(struct task_reader *r, const json_t *container)
{
	const json_t *login = json_object_get(container, "repositoryCredentials");
	struct text parameter = json_text(r->arena, login, "credentialsParameter");
	r->container = json_text(r->arena, container, "name");
	if (r->container.len > 255 || !text_only(r->container, T(ALPHANUMERIC "_-")))
		return task_refuse(r, "a container's name has a character that is not allowed");
	return (parameter.len == 0 || read_value(r, parameter)) &&
		read_each(r, json_object_get(container, "secrets"), "valueFrom", read_value) &&
		read_each(r, json_object_get(container, "environmentFiles"), "value", read_file) &&
		read_log_driver(r, json_object_get(container, "logConfiguration"));
}

/* WINDOWS_SERVER_2022_CORE is Windows of a build; X86_64 is amd64.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html */
static void read_runtime_platform(struct task_reader *r, const json_t *root)
{
	const json_t *platform = json_object_get(root, "runtimePlatform");
	struct text system = json_text(r->arena, platform, "operatingSystemFamily");
	struct text machine = json_text(r->arena, platform, "cpuArchitecture");
	static const struct {
		struct text family, version;
	} windows[] = {
		{{"WINDOWS_SERVER_2019", 19}, {"10.0.17763", 10}},
		{{"WINDOWS_SERVER_2022", 19}, {"10.0.20348", 10}},
		{{"WINDOWS_SERVER_2025", 19}, {"10.0.26100", 10}},
		{{"WINDOWS", 7}, {NULL, 0}},
	};
	bool arm = text_equal(machine, T("ARM64"));
	r->task->has_platform = system.len || machine.len;
	r->task->platform = (struct platform){
		.os = T("linux"),
		.architecture = arm ? T("arm64") : T("amd64"),
	};
	for (size_t i = sizeof windows / sizeof *windows; i-- > 0;)
		if (text_starts(system, windows[i].family)) {
			r->task->platform.os = T("windows");
			r->task->platform.os_version = windows[i].version;
		}
}

static bool read_definition(struct task_reader *r, const json_t *root)
{
	const json_t *containers = json_object_get(root, "containerDefinitions");
	struct task *task = r->task;
	struct arn arn = {0};
	bool has_essential = false;
	if (json_array_size(containers) == 0 || json_array_size(containers) > TASK_CONTAINERS_MAX)
		return task_refuse(r, "it has no containerDefinitions, as a task definition must");
	if (arn_parse(json_text(r->arena, root, "taskDefinitionArn"), &arn) &&
		partition_of_region(arn.region))
		task->region = arn.region;
	int64_t storage = json_integer_value(
		json_object_get(json_object_get(root, "ephemeralStorage"), "sizeInGiB"));
	task->storage = storage > 0 && storage <= STORAGE_GIB_MAX ? storage << 30 : FARGATE_STORAGE;
	task->execution_role = json_text(r->arena, root, "executionRoleArn");
	if (!text_only(task->execution_role, T(ALPHANUMERIC "/_+=,.@-:")) ||
		task->execution_role.len > 2048)
		return task_refuse(r, "executionRoleArn is no ARN of a role");
	read_runtime_platform(r, root);
	for (size_t i = 0; i < json_array_size(containers); i++) {
		const json_t *container = json_array_get(containers, i);
		read_container_image(r, container, &has_essential);
		if (!read_container(r, container))
			return false;
	}
	r->container = T("");
	return task->image.len > 0 || task_refuse(r, "none of its containers has an image");
}

bool task_parse(struct arena *arena, struct text json, struct task *out, struct text *complaint)
{
	json_t *root = json_read(json, TASK_BYTES_MAX, complaint);
	if (!root)
		return false;
	*out = (struct task){.needs = arena_new(arena, struct task_need, TASK_NEEDS_MAX)};
	struct task_reader r = {.arena = arena, .task = out, .complaint = complaint};
	const json_t *inner = json_object_get(root, "taskDefinition");
	bool read = read_definition(&r, json_is_object(inner) ? inner : root);
	json_decref(root);
	return read;
}

static void put_text(json_t *object, const char *key, struct text value)
{
	if (value.len)
		field_put(object, key, json_stringn(value.at, value.len));
}

struct task_call task_call_of(struct arena *arena, const struct task_need *need, struct text unique)
{
	struct task_call call = {.action = T("s3:GetObject"), .service = T("s3")};
	json_t *body = json_object();
	if (need->endpoint == ENDPOINT_SECRETSMANAGER) {
		call.action = T("secretsmanager:GetSecretValue");
		call.service = T("secretsmanager");
		call.target = T("secretsmanager.GetSecretValue");
		put_text(body, "SecretId", need->name);
		put_text(body, "VersionStage", need->stage);
		put_text(body, "VersionId", need->version);
	} else if (need->endpoint == ENDPOINT_SSM) {
		call.action = T("ssm:GetParameters");
		call.service = T("ssm");
		call.target = T("AmazonSSM.GetParameters");
		field_put(body, "Names", json_pack("[s%]", need->name.at, need->name.len));
		field_put(body, "WithDecryption", json_true());
	} else if (need->endpoint == ENDPOINT_LOGS) {
		call.action = T("logs:CreateLogStream");
		call.service = T("logs");
		call.target = T("Logs_20140328.CreateLogStream");
		put_text(body, "logGroupName", need->name);
		put_text(body, "logStreamName",
			text_format(arena, "%.*s%.*s", TEXT(need->stream), TEXT(unique)));
	}
	char *printed = json_dumps(body, JSON_COMPACT);
	if (call.target.len)
		call.body = text_keep(arena, text_of(printed));
	free(printed);
	json_decref(body);
	return call;
}

bool task_parameter_is_missing(struct text json)
{
	json_t *root = json_read(json, TASK_BYTES_MAX, NULL);
	bool missing = json_array_size(json_object_get(root, "InvalidParameters")) > 0;
	json_decref(root);
	return missing;
}
