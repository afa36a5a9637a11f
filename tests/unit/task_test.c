/* Task definitions: what their start needs, and which of them cannot be used. */
#include "check.h"
#include "model/plan.h"
#include "model/task.h"
#include <string.h>

static struct arena arena;

#define SECRET "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"
#define CONTAINER(members) \
	"{\"containerDefinitions\":[{\"name\":\"app\",\"image\":\"i:1\"," members "}]}"

static struct text words_of(const struct task *task)
{
	struct text all = T("");
	for (size_t i = 0; i < task->need_count; i++) {
		const struct task_need *need = &task->needs[i];
		all = text_format(&arena, "%.*s%s%.*s %.*s %.*s%.*s%.*s%.*s%s%.*s", TEXT(all),
			i ? "; " : "", TEXT(endpoint_kind_name(need->endpoint)), TEXT(need->region),
			TEXT(need->bucket), TEXT(need->name), TEXT(need->stage),
			TEXT(need->version), need->creates ? " made" : "", TEXT(need->mistake));
	}
	return all;
}

static void what_a_start_needs_is_read(void **state)
{
	static const struct {
		const char *json, *needs;
	} cases[] = {
		{CONTAINER("\"cpu\":1"), ""},
		{CONTAINER("\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"" SECRET "\"}]"),
			"secretsmanager eu-west-1 " SECRET},
		{CONTAINER("\"secrets\":[{\"valueFrom\":\"" SECRET ":key:STAGE:id-1\"},"
			   "{\"valueFrom\":\"" SECRET ":other:STAGE:id-1\"}]"),
			"secretsmanager eu-west-1 " SECRET "STAGEid-1"},
		{CONTAINER("\"secrets\":[{\"valueFrom\":\"/shop/key\"},{\"valueFrom\":"
			   "\"arn:aws:ssm:us-east-2:123456789012:parameter/shop/key\"}]"),
			"ssm  /shop/key; ssm us-east-2 "
			"arn:aws:ssm:us-east-2:123456789012:parameter/shop/key"},
		{CONTAINER("\"repositoryCredentials\":{\"credentialsParameter\":\"" SECRET "\"}"),
			"secretsmanager eu-west-1 " SECRET},
		{CONTAINER("\"environmentFiles\":[{\"type\":\"s3\",\"value\":"
			   "\"arn:aws:s3:::env-files/a b/\\u00e9.env\"}]"),
			"envfile  env-filesa%20b/%C3%A9.env"},
		{CONTAINER("\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{"
			   "\"awslogs-group\":\"/ecs/app\",\"awslogs-region\":\"us-east-1\","
			   "\"awslogs-create-group\":\"true\"}}"),
			"logs us-east-1 /ecs/app made"},
		{CONTAINER("\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{"
			   "\"awslogs-group\":\"/ecs/app\"}}"),
			"logs  /ecs/appawslogs-region is required"},
		{CONTAINER("\"logConfiguration\":{\"logDriver\":\"splunk\",\"secretOptions\":["
			   "{\"name\":\"splunk-token\",\"valueFrom\":\"token\"}]}"),
			"ssm  token"},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct task task = {0};
		struct text complaint = {0};
		struct text json = exact(text_of(cases[i].json));
		if (!task_parse(&arena, json, &task, &complaint))
			fail_msg("row %zu: %.*s", i, TEXT(complaint));
		check_text(i, words_of(&task), cases[i].needs);
		check_text(i, task.image, "i:1");
		exact_end(json);
	}
}

static void what_cannot_be_used_is_refused_without_being_repeated(void **state)
{
	static const char *const cases[] = {
		"",
		"[]",
		"{}",
		"{\"containerDefinitions\":{}}",
		"{\"containerDefinitions\":[]}",
		"{\"containerDefinitions\":[1]}",
		"{\"containerDefinitions\":[{\"name\":\"a\"}]}",
		"{\"containerDefinitions\":[{\"name\":\"$(EVIL)\",\"image\":\"i\"}]}",
		CONTAINER("\"secrets\":[{\"name\":\"A\"}]"),
		CONTAINER("\"secrets\":[{\"valueFrom\":\"EVIL;x\"}]"),
		CONTAINER("\"secrets\":[{\"valueFrom\":\"arn:aws:iam::1:role/EVIL\"}]"),
		CONTAINER(
			"\"secrets\":[{\"valueFrom\":\"arn:aws:secretsmanager:EVIL:1:secret:a\"}]"),
		CONTAINER("\"secrets\":[{\"valueFrom\":\"arn:aws:secretsmanager:us-east-1:1:"
			  "secret\"}]"),
		CONTAINER("\"secrets\":[{\"valueFrom\":\"arn:aws:ssm:EVIL-:1:parameter/a\"}]"),
		CONTAINER("\"environmentFiles\":[{\"value\":\"arn:aws:s3:::EVIL.evil/a\"}]"),
		CONTAINER("\"environmentFiles\":[{\"value\":\"arn:aws:s3:::evil-bucket\"}]"),
		CONTAINER("\"environmentFiles\":[{\"value\":\"https://EVIL/a\"}]"),
		CONTAINER("\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{"
			  "\"awslogs-group\":\"$(EVIL)\"}}"),
		CONTAINER("\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{"
			  "\"awslogs-region\":\"EVIL.example\"}}"),
		CONTAINER("\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{"
			  "\"awslogs-stream-prefix\":\"EVIL:*\"}}"),
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct task task = {0};
		struct text complaint = {0};
		struct text json = exact(text_of(cases[i]));
		check_row(i, !task_parse(&arena, json, &task, &complaint));
		check_row(i, complaint.len > 0 && !text_holds(complaint, T("EVIL")));
		exact_end(json);
	}
}

static void more_needs_than_any_task_has_are_refused(void **state)
{
	struct task task = {0};
	struct text complaint = {0};
	struct text list = T("");
	(void)state;
	for (int i = 0; i <= TASK_NEEDS_MAX; i++)
		list = text_format(
			&arena, "%.*s%s{\"valueFrom\":\"p%d\"}", TEXT(list), i ? "," : "", i);
	struct text json = text_format(&arena,
		"{\"containerDefinitions\":[{\"image\":\"i\",\"secrets\":[%.*s]}]}", TEXT(list));
	assert_false(task_parse(&arena, json, &task, &complaint));
	check_text(0, complaint,
		"there are more secrets, environment files and log groups than any task may have");
}

#define DESCRIBED                                                                               \
	"{\"taskDefinition\":{\"taskDefinitionArn\":\"arn:aws:ecs:eu-west-1:1:task-definition/" \
	"a:1\","                                                                                \
	"\"executionRoleArn\":\"arn:aws:iam::1:role/e\",\"runtimePlatform\":{"                  \
	"\"cpuArchitecture\":\"ARM64\",\"operatingSystemFamily\":\"LINUX\"},"                   \
	"\"containerDefinitions\":[{\"name\":\"s\",\"essential\":false,\"image\":\"side:1\","   \
	"\"logConfiguration\":{\"logDriver\":\"awsfirelens\"}},"                                \
	"{\"name\":\"a\",\"image\":\"app:1\"},{\"name\":\"b\",\"image\":\"b:1\"}]}}"

static void the_first_essential_container_is_the_target(void **state)
{
	struct task task = {0};
	struct text complaint = {0};
	(void)state;
	assert_true(task_parse(&arena, T(DESCRIBED), &task, &complaint));
	check_text(0, task.image, "app:1");
	assert_int_equal(task.other_images.count, 2);
	check_text(1, task.other_images.at[0], "side:1");
	check_text(2, task.region, "eu-west-1");
	check_text(3, task.platform.architecture, "arm64");
	check_text(4, task.execution_role, "arn:aws:iam::1:role/e");
	check_text(5, task.unchecked.at[0], "log driver awsfirelens");
}

static void needs_have_endpoints_of_their_own_regions(void **state)
{
	static const char json[] = CONTAINER(
		"\"secrets\":[{\"valueFrom\":\"" SECRET "\"},{\"valueFrom\":\"/a\"},"
		"{\"valueFrom\":\"/b\"},{\"valueFrom\":\"arn:aws:ssm:us-east-2:1:parameter/c\"}],"
		"\"environmentFiles\":[{\"value\":\"arn:aws:s3:::env.files/a\"}]");
	static const char *const hosts[] = {"secretsmanager.eu-west-1.amazonaws.com",
		"ssm.us-east-1.amazonaws.com", "ssm.us-east-1.amazonaws.com",
		"ssm.us-east-2.amazonaws.com", "s3.us-east-1.amazonaws.com"};
	struct task task = {0};
	struct target target = {0};
	struct text complaint = {0};
	(void)state;
	assert_true(task_parse(&arena, T(json), &task, &complaint));
	assert_true(target_parse(&arena, T("123456789012.dkr.ecr.us-east-1.amazonaws.com/a"), T(""),
		&target, &complaint));
	struct plan plan = plan_make(&arena, &target, &(struct plan_options){.task = &task});
	assert_int_equal(plan.count, 3 + 4);
	for (size_t i = 0; i < SIZE(hosts); i++)
		check_text(i, plan.endpoints[plan.need_endpoints[i]].host, hosts[i]);
}

static void calls_are_well_formed_whatever_the_names(void **state)
{
	static const struct {
		struct task_need need;
		const char *target, *body;
	} cases[] = {
		{{.endpoint = ENDPOINT_SECRETSMANAGER,
			 .name = {"s", 1},
			 .stage = {"AWSPREVIOUS", 11}},
			"secretsmanager.GetSecretValue",
			"{\"SecretId\":\"s\",\"VersionStage\":\"AWSPREVIOUS\"}"},
		{{.endpoint = ENDPOINT_SSM, .name = {"/p", 2}}, "AmazonSSM.GetParameters",
			"{\"Names\":[\"/p\"],\"WithDecryption\":true}"},
		{{.endpoint = ENDPOINT_LOGS, .name = {"g", 1}, .stream = {"a\"/", 3}},
			"Logs_20140328.CreateLogStream",
			"{\"logGroupName\":\"g\",\"logStreamName\":\"a\\\"/u\"}"},
		{{.endpoint = ENDPOINT_ENVFILE, .name = {"k", 1}}, "", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct task_call call = task_call_of(&arena, &cases[i].need, T("u"));
		check_text(i, call.target, cases[i].target);
		check_text(i, call.body, cases[i].body);
	}
	assert_true(
		task_parameter_is_missing(T("{\"InvalidParameters\":[\"a\"],\"Parameters\":[]}")));
	assert_false(
		task_parameter_is_missing(T("{\"InvalidParameters\":[],\"Parameters\":[{}]}")));
	assert_false(task_parameter_is_missing(T("no JSON")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_start_needs_is_read),
		cmocka_unit_test(what_cannot_be_used_is_refused_without_being_repeated),
		cmocka_unit_test(more_needs_than_any_task_has_are_refused),
		cmocka_unit_test(the_first_essential_container_is_the_target),
		cmocka_unit_test(needs_have_endpoints_of_their_own_regions),
		cmocka_unit_test(calls_are_well_formed_whatever_the_names),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_end(&arena);
	return failed;
}
