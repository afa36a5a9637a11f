/* Task definitions: which calls does the start of such a task make, before anything of it runs? */
#include "model/task.h"
#include "base/encoding.h"
#include "model/json.h"
#include <stdlib.h>

enum { STORAGE_GIB_MAX = 1024 };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

struct task_reader {
	struct arena *arena;
	struct task *task;
	struct text container; /* the one that is read */
	struct text *complaint;
};

/* An ARN's parts: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE */
struct arn {
	struct text service, region, resource;
};

static bool arn_parse(struct text t, struct arn *out)
{
	if (!text_equal(text_cut(&t, T(":")), T("arn")))
		return false;
	text_cut(&t, T(":"));
	out->service = text_cut(&t, T(":"));
	out->region = text_cut(&t, T(":"));
	text_cut(&t, T(":"));
	out->resource = t;
	return t.len > 0;
}

/* Nothing of the file is repeated but the container's name, and that only if it is one. */
static bool refuse(struct task_reader *r, const char *what)
{
	bool named = r->container.len && r->container.len < 256 &&
		text_only(r->container, T(LETTERS "_-"));
	*r->complaint = text_format(r->arena, "%s%.*s%s%s", named ? "container " : "",
		TEXT(named ? r->container : T("")), named ? ": " : "", what);
	return false;
}

static struct task_need *add_need(struct task_reader *r, enum endpoint_kind kind)
{
	struct task *task = r->task;
	if (task->need_count == TASK_NEEDS_MAX)
		return NULL;
	struct task_need *need = &task->needs[task->need_count++];
	*need = (struct task_need){.endpoint = kind};
	return need;
}

static bool is_known(const struct task *task, const struct task_need *need)
{
	for (const struct task_need *other = task->needs; other < need; other++)
		if (other->endpoint == need->endpoint && text_equal(other->name, need->name) &&
			text_equal(other->bucket, need->bucket) &&
			text_equal(other->region, need->region) &&
			text_equal(other->stage, need->stage) &&
			text_equal(other->version, need->version) &&
			text_equal(other->stream, need->stream))
			return true;
	return false;
}

/* many containers name one secret: it is asked for once */
static bool keep(struct task_reader *r, const struct task_need *need)
{
	r->task->need_count -= is_known(r->task, need);
	return true;
}

/* secrets ---------------------------------------------------------------------------------- */

/* arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:JSON-KEY:VERSION-STAGE:VERSION-ID]
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
static bool take_secret(struct task_reader *r, struct text from, const struct arn *arn)
{
	struct task_need *need = add_need(r, ENDPOINT_SECRETSMANAGER);
	struct text rest = arn->resource;
	if (!need)
		return refuse(r, "there are more secrets than any task may have");
	text_cut(&rest, T(":"));
	struct text name = text_cut(&rest, T(":"));
	if (!partition_of_region(arn->region) || name.len == 0 ||
		!text_only(from, T(LETTERS "/_+=.@-:!")))
		return refuse(r, "valueFrom is no ARN of a secret");
	need->name = text_head(from, (size_t)(name.at + name.len - from.at));
	need->region = arn->region;
	text_cut(&rest, T(":"));
	need->stage = text_cut(&rest, T(":"));
	need->version = rest;
	return keep(r, need);
}

static bool take_parameter(struct task_reader *r, struct text from, struct text region)
{
	struct task_need *need = add_need(r, ENDPOINT_SSM);
	if (!need)
		return refuse(r, "there are more secrets than any task may have");
	if ((region.len && !partition_of_region(region)) || from.len == 0 || from.len > 2048 ||
		!text_only(from, T(LETTERS "/_.-:")))
		return refuse(r, "valueFrom is no ARN of a secret and no parameter's name");
	need->name = from;
	need->region = region;
	return keep(r, need);
}

static bool take_value(struct task_reader *r, struct text from)
{
	struct arn arn;
	if (!arn_parse(from, &arn))
		return take_parameter(r, from, T(""));
	if (text_equal(arn.service, T("ssm")))
		return take_parameter(r, from, arn.region);
	if (text_equal(arn.service, T("secretsmanager")))
		return take_secret(r, from, &arn);
	return refuse(r, "valueFrom is neither of Secrets Manager nor of Systems Manager");
}

static bool take_secrets(struct task_reader *r, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!take_value(r, json_text(r->arena, json_array_get(list, i), "valueFrom")))
			return false;
	return true;
}

/* environment files ------------------------------------------------------------------------ */

/* arn:aws:s3:::BUCKET/KEY
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html */
static bool take_file(struct task_reader *r, struct text value)
{
	struct task_need *need = add_need(r, ENDPOINT_ENVFILE);
	struct arn arn;
	if (!need)
		return refuse(r, "there are more environment files than any task may have");
	if (!arn_parse(value, &arn) || !text_equal(arn.service, T("s3")))
		return refuse(r, "an environment file is no ARN of an object in S3");
	struct text key = arn.resource;
	need->bucket = text_cut(&key, T("/"));
	need->name = percent_encode(r->arena, key, T("/"));
	if (need->bucket.len < 3 || need->bucket.len > 63 || key.len == 0 || key.len > 1024 ||
		!text_only(need->bucket, T("abcdefghijklmnopqrstuvwxyz0123456789.-")) ||
		text_starts(need->bucket, T(".")) || text_starts(need->bucket, T("-")))
		return refuse(r, "an environment file is no ARN of an object in S3");
	return keep(r, need);
}

static bool take_files(struct task_reader *r, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!take_file(r, json_text(r->arena, json_array_get(list, i), "value")))
			return false;
	return true;
}

/* the log driver --------------------------------------------------------------------------- */

/* https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
static bool take_awslogs(struct task_reader *r, const json_t *options)
{
	struct task_need *need = add_need(r, ENDPOINT_LOGS);
	if (!need)
		return refuse(r, "there are more log groups than any task may have");
	struct text prefix = json_text(r->arena, options, "awslogs-stream-prefix");
	need->region = json_text(r->arena, options, "awslogs-region");
	need->name = json_text(r->arena, options, "awslogs-group");
	need->creates = text_equal(json_text(r->arena, options, "awslogs-create-group"), T("true"));
	need->stream = text_format(r->arena, "%.*s%s%.*s%s", TEXT(prefix), prefix.len ? "/" : "",
		TEXT(r->container), r->container.len ? "/" : "");
	if (need->region.len && !partition_of_region(need->region))
		return refuse(r, "awslogs-region is no Region");
	if (need->name.len > 512 || !text_only(need->name, T(LETTERS "_/.#-")))
		return refuse(r, "awslogs-group is no name of a log group");
	if (need->stream.len > 400 || text_holds(need->stream, T(":")) ||
		text_holds(need->stream, T("*")))
		return refuse(r, "awslogs-stream-prefix is no beginning of a log stream's name");
	if (need->region.len == 0)
		need->mistake = T("awslogs-region is required");
	else if (need->name.len == 0)
		need->mistake = T("awslogs-group is required");
	return keep(r, need);
}

static bool take_logs(struct task_reader *r, const json_t *log)
{
	struct text driver = json_text(r->arena, log, "logDriver");
	if (!take_secrets(r, json_object_get(log, "secretOptions")))
		return false;
	if (text_equal(driver, T("awslogs")))
		return take_awslogs(r, json_object_get(log, "options"));
	if (driver.len > 0 && driver.len < 64 && text_only(driver, T(LETTERS "-_")))
		texts_add(r->arena, &r->task->unchecked,
			text_format(r->arena, "log driver %.*s", TEXT(driver)));
	return true;
}

/* the whole -------------------------------------------------------------------------------- */

static bool is_essential(const json_t *container)
{
	return !json_is_false(json_object_get(container, "essential"));
}

static void take_image(struct task_reader *r, const json_t *container, bool *has_essential)
{
	struct task *task = r->task;
	struct text image = json_text(r->arena, container, "image");
	bool first = is_essential(container) && !*has_essential;
	if (image.len == 0)
		return;
	if (first && task->image.len)
		texts_add(r->arena, &task->other_images, task->image);
	if (first || task->image.len == 0)
		task->image = image;
	else if (!text_equal(image, task->image))
		texts_add(r->arena, &task->other_images, image);
	*has_essential |= is_essential(container);
}

static bool take_container(struct task_reader *r, const json_t *container)
{
	const json_t *login = json_object_get(container, "repositoryCredentials");
	struct text parameter = json_text(r->arena, login, "credentialsParameter");
	r->container = json_text(r->arena, container, "name");
	if (r->container.len > 255 || !text_only(r->container, T(LETTERS "_-")))
		return refuse(r, "a container's name holds what no such name may");
	return (parameter.len == 0 || take_value(r, parameter)) &&
		take_secrets(r, json_object_get(container, "secrets")) &&
		take_files(r, json_object_get(container, "environmentFiles")) &&
		take_logs(r, json_object_get(container, "logConfiguration"));
}

/* WINDOWS_SERVER_2022_CORE is Windows of a build; X86_64 is amd64.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html */
static void take_platform(struct task_reader *r, const json_t *root)
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

static bool take_all(struct task_reader *r, const json_t *root)
{
	const json_t *containers = json_object_get(root, "containerDefinitions");
	struct task *task = r->task;
	struct arn arn = {0};
	bool has_essential = false;
	if (json_array_size(containers) == 0 || json_array_size(containers) > TASK_CONTAINERS_MAX)
		return refuse(r, "it has no containerDefinitions, as a task definition must");
	if (arn_parse(json_text(r->arena, root, "taskDefinitionArn"), &arn) &&
		partition_of_region(arn.region))
		task->region = arn.region;
	int64_t storage = json_integer_value(
		json_object_get(json_object_get(root, "ephemeralStorage"), "sizeInGiB"));
	task->storage = storage > 0 && storage <= STORAGE_GIB_MAX ? storage << 30 : FARGATE_STORAGE;
	task->execution_role = json_text(r->arena, root, "executionRoleArn");
	if (!text_only(task->execution_role, T(LETTERS "/_+=,.@-:")) ||
		task->execution_role.len > 2048)
		return refuse(r, "executionRoleArn is no ARN of a role");
	take_platform(r, root);
	for (size_t i = 0; i < json_array_size(containers); i++) {
		const json_t *container = json_array_get(containers, i);
		take_image(r, container, &has_essential);
		if (!take_container(r, container))
			return false;
	}
	r->container = T("");
	return task->image.len > 0 || refuse(r, "none of its containers has an image");
}

bool task_parse(struct arena *arena, struct text json, struct task *out, struct text *complaint)
{
	json_t *root = json_read(json, TASK_BYTES_MAX, complaint);
	if (!root)
		return false;
	*out = (struct task){.needs = arena_new(arena, struct task_need, TASK_NEEDS_MAX)};
	struct task_reader r = {.arena = arena, .task = out, .complaint = complaint};
	const json_t *inner = json_object_get(root, "taskDefinition");
	bool taken = take_all(&r, json_is_object(inner) ? inner : root);
	json_decref(root);
	return taken;
}

enum { ANSWER_BYTES_MAX = 64 * 1024 };

static json_t *string(struct text t)
{
	return json_stringn(t.at, t.len);
}

static void set(json_t *object, const char *key, struct text value)
{
	if (value.len)
		json_object_set_new(object, key, string(value));
}

static void fill_secret(json_t *body, const struct task_need *need)
{
	set(body, "SecretId", need->name);
	set(body, "VersionStage", need->stage);
	set(body, "VersionId", need->version);
}

static void fill_parameter(json_t *body, const struct task_need *need)
{
	json_t *names = json_array();
	json_array_append_new(names, string(need->name));
	json_object_set_new(body, "Names", names);
	json_object_set_new(body, "WithDecryption", json_true());
}

struct task_call task_call_of(struct arena *arena, const struct task_need *need, struct text unique)
{
	struct task_call call = {T("s3:GetObject"), T("s3"), T(""), T("")};
	json_t *body = json_object();
	if (need->endpoint == ENDPOINT_SECRETSMANAGER) {
		call = (struct task_call){T("secretsmanager:GetSecretValue"), T("secretsmanager"),
			T("secretsmanager.GetSecretValue"), T("")};
		fill_secret(body, need);
	} else if (need->endpoint == ENDPOINT_SSM) {
		call = (struct task_call){
			T("ssm:GetParameters"), T("ssm"), T("AmazonSSM.GetParameters"), T("")};
		fill_parameter(body, need);
	} else if (need->endpoint == ENDPOINT_LOGS) {
		call = (struct task_call){T("logs:CreateLogStream"), T("logs"),
			T("Logs_20140328.CreateLogStream"), T("")};
		set(body, "logGroupName", need->name);
		set(body, "logStreamName",
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
	struct text complaint;
	json_t *root = json_read(json, ANSWER_BYTES_MAX, &complaint);
	bool missing = json_array_size(json_object_get(root, "InvalidParameters")) > 0;
	json_decref(root);
	return missing;
}
