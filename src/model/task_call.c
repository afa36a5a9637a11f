/* Requests of AWS JSON 1.1, and of S3, that the execution role is meant to make anyway.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
#include "model/task_call.h"
#include "model/json.h"
#include <stdlib.h>

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
