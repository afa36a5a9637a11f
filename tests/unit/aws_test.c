/* What AWS services answer, and what hostile or broken answers are taken for. */
#include "check.h"
#include "model/aws.h"
#include <string.h>

struct credentials_case {
	const char *json;
	const char *complaint; /* part of it; NULL when they are read */
	const char *access_key;
	const char *session_token;
	const char *role_arn;
};

static void credentials_are_those_of_the_container_or_of_imds(void **state)
{
	static const struct credentials_case cases[] = {
		{"{\"RoleArn\":\"arn:aws:iam::123456789012:role/r\",\"AccessKeyId\":"
		 "\"ASIAEXAMPLE\",\"SecretAccessKey\":\"sEXAMPLE\",\"Token\":\"tEXAMPLE\","
		 "\"Expiration\":\"2026-01-02T03:04:05Z\"}",
			NULL, "ASIAEXAMPLE", "tEXAMPLE", "arn:aws:iam::123456789012:role/r"},
		{"{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAEXAMPLE\",\"SecretAccessKey\":"
		 "\"sEXAMPLE\"}",
			NULL, "ASIAEXAMPLE", "", ""},
		{"{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot assume\"}",
			"AssumeRoleUnauthorizedAccess: EC2 cannot assume", "", "", ""},
		{"{\"code\":\"CredentialsUninitialized\",\"message\":\"m\",\"HTTPErrorCode\":503}",
			"CredentialsUninitialized: m", "", "", ""},
		{"{\"AccessKeyId\":\"AKIAEXAMPLE\"}", "SecretAccessKey", "", "", ""},
		{"{\"SecretAccessKey\":\"sEXAMPLE\"}", "AccessKeyId", "", "", ""},
		{"{\"AccessKeyId\":\"A\\r\\nX: EXAMPLE\",\"SecretAccessKey\":\"s\"}", "AccessKeyId",
			"", "", ""},
		{"{\"AccessKeyId\":\"AEXAMPLE\",\"SecretAccessKey\":\"s\",\"Token\":\"a\\nb\"}",
			"Token", "", "", ""},
		{"{\"AccessKeyId\":\"AEXAMPLE\\u0000\",\"SecretAccessKey\":\"s\"}", "not JSON", "",
			"", ""},
		{"{\"AccessKeyId\":[],\"SecretAccessKey\":7}", "AccessKeyId", "", "", ""},
		{"[]", "no object", "", "", ""},
		{"404 page not found", "not JSON", "", "", ""},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct credentials got;
		struct text complaint = {0};
		struct text json = exact(text_of(cases[i].json));
		bool read = credentials_parse(&arena, json, &got, &complaint);
		exact_end(json);
		check_row(i, read == !cases[i].complaint);
		if (!read) {
			check_row(i, text_holds(complaint, text_of(cases[i].complaint)));
			check_row(i, !text_holds(complaint, T("EXAMPLE")));
		} else {
			check_text(i, got.access_key, cases[i].access_key);
			check_text(i, got.secret_key, "sEXAMPLE");
			check_text(i, got.session_token, cases[i].session_token);
			check_text(i, got.role_arn, cases[i].role_arn);
		}
		arena_end(&arena);
	}
}

static void an_authorization_is_base64_with_an_end(void **state)
{
	static const struct {
		const char *json;
		const char *token; /* NULL when it is none */
		int64_t expires_at;
	} cases[] = {
		{"{\"authorizationData\":[{\"authorizationToken\":\"QVdTOkVYQU1QTEU=\","
		 "\"expiresAt\":1.7673e9,\"proxyEndpoint\":\"https://x\"}]}",
			"QVdTOkVYQU1QTEU=", 1767300000},
		{"{\"authorizationData\":[{\"authorizationToken\":\"QVdT\",\"expiresAt\":17}]}",
			"QVdT", 17},
		{"{\"authorizationData\":[{\"authorizationToken\":\"QVdT\",\"expiresAt\":1e300}]}",
			"QVdT", 0},
		{"{\"authorizationData\":[{\"authorizationToken\":\"QVdT\"}]}", "QVdT", 0},
		{"{\"authorizationData\":[{\"authorizationToken\":\"QVdT\\r\\nHost: x\"}]}", NULL,
			0},
		{"{\"authorizationData\":[]}", NULL, 0},
		{"{\"authorizationData\":[7]}", NULL, 0},
		{"{}", NULL, 0},
		{"", NULL, 0},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct text token;
		struct text complaint = {0};
		int64_t expires_at = -1;
		bool read = authorization_parse(
			&arena, text_of(cases[i].json), &token, &expires_at, &complaint);
		check_row(i, read == (cases[i].token != NULL));
		check_row(i, read == (complaint.len == 0));
		if (read) {
			check_text(i, token, cases[i].token);
			check_row(i, expires_at == cases[i].expires_at);
		}
		arena_end(&arena);
	}
}

struct error_case {
	const char *body;
	const char *code; /* NULL when it is no error */
	const char *message;
};

static void check_errors(const struct error_case *cases, size_t count, enum error_form form)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct aws_error error;
		struct text body = exact(text_of(cases[i].body));
		bool read = error_parse(&arena, body, form, &error);
		exact_end(body);
		check_row(i, read == (cases[i].code != NULL));
		if (read) {
			check_text(i, error.code, cases[i].code);
			check_text(i, error.message, cases[i].message);
		}
		arena_end(&arena);
	}
}

static void a_json_error_has_a_bare_code(void **state)
{
	static const struct error_case cases[] = {
		{"{\"__type\":\"AccessDeniedException\",\"Message\":\"User: x\"}",
			"AccessDeniedException", "User: x"},
		{"{\"__type\":\"com.amazon.coral.service#UnrecognizedClientException\","
		 "\"message\":\"m\"}",
			"UnrecognizedClientException", "m"},
		{"{\"__type\":\"ValidationException:http://x/#y\"}", "ValidationException", ""},
		{"{\"code\":\"NoIdInRequest\",\"message\":\"m\",\"HTTPErrorCode\":400}",
			"NoIdInRequest", "m"},
		{"{\"Code\":\"Failed\",\"Message\":\"m\"}", "Failed", "m"},
		{"{\"Code\":\"Success\"}", NULL, ""},
		{"{\"message\":\"m\"}", NULL, ""},
		{"{\"__type\":7}", NULL, ""},
		{"{\"__type\":\"#\"}", NULL, ""},
		{"{}", NULL, ""},
		{"null", NULL, ""},
		{"", NULL, ""},
	};
	(void)state;
	check_errors(cases, SIZE(cases), ERROR_AWS);
}

static void a_sentence_of_s3_tells_late_from_early(void **state)
{
	struct aws_error late = {.code = T("AccessDenied"), .message = T("Request has expired")};
	struct aws_error early = {
		.code = T("AccessDenied"), .message = T("Request is not yet valid")};
	struct aws_error plain = {.code = T("AccessDenied"), .message = T("Access Denied")};
	(void)state;
	assert_int_equal(symptom_of_error(403, &late), SYMPTOM_EXPIRED);
	assert_int_equal(symptom_of_error(403, &early), SYMPTOM_SKEWED);
	assert_int_equal(symptom_of_error(403, &plain), SYMPTOM_DENIED);
}

static void an_xml_error_is_s3s_or_sts(void **state)
{
	static const struct error_case cases[] = {
		{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code>"
		 "<Message>Request has expired</Message><X-Amz-Expires>3600</X-Amz-Expires>"
		 "</Error>",
			"AccessDenied", "Request has expired"},
		{"<Error><Code>AccessDenied</Code><Message>on resource: &quot;a&quot; &amp; "
		 "&#98;</Message></Error>",
			"AccessDenied", "on resource: \"a\" & b"},
		{"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>"
		 "Sender</Type><Code>ExpiredTokenException</Code><Message>m</Message></Error>"
		 "<RequestId>r</RequestId></ErrorResponse>",
			"ExpiredTokenException", "m"},
		{"<Error>\n <Code>\n NoSuchKey </Code>\n</Error>", "NoSuchKey", ""},
		/* cut short */
		{"<Error><Code>AccessDenied</Code><Message>Access Den", "AccessDenied",
			"Access Den"},
		{"<Error><Code>Access", NULL, ""},
		/* not where an error has them */
		{"<a><Code>x</Code></a>", NULL, ""},
		{"<Error><a><Code>x</Code></a></Error>", NULL, ""},
		{"<Error><Code>a<b>c</b>d</Code></Error>", NULL, ""},
		{"<Error><Code></Code></Error>", NULL, ""},
		{"<Error><Code>a</Code><Code>b</Code></Error>", "a", ""},
		{"<html><body>hello", NULL, ""},
		{"{\"Code\":\"x\"}", NULL, ""},
		{"", NULL, ""},
		{"\xff\xfe", NULL, ""},
		/* entities */
		{"<!DOCTYPE Error [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Error><Code>&b;"
		 "</Code></Error>",
			NULL, ""},
		{"<!DOCTYPE Error SYSTEM \"file:///etc/passwd\"><Error><Code>x</Code></Error>",
			NULL, ""},
		{"<Error><Code>&a;</Code></Error>", NULL, ""},
	};
	(void)state;
	check_errors(cases, SIZE(cases), ERROR_XML);
}

static void deep_and_large_xml_is_refused(void **state)
{
	struct arena arena = {0};
	struct aws_error error;
	char *deep = arena_new(&arena, char, 3 * 100000 + 1);
	(void)state;
	for (size_t i = 0; i < 100000; i++)
		memcpy(deep + 3 * i, "<a>", 3);
	assert_false(error_parse(&arena, (struct text){deep, 300000}, ERROR_XML, &error));
	size_t len = 2 * 1024 * 1024;
	char *large = arena_new(&arena, char, len);
	memset(large, ' ', len);
	memcpy(large, "<Error><Code>x</Code>", 21);
	assert_false(error_parse(&arena, (struct text){large, len}, ERROR_XML, &error));
	arena_end(&arena);
}

static void task_metadata_tells_where_we_stand(void **state)
{
	struct arena arena = {0};
	struct task_metadata task;
	(void)state;
	assert_true(task_metadata_parse(&arena,
		T("{\"Cluster\":\"c\",\"TaskARN\":\"arn:aws:ecs:us-east-1:123456789012:task/c/1\","
		  "\"LaunchType\":\"FARGATE\",\"AvailabilityZone\":\"us-east-1a\",\"Containers\":"
		  "[{\"Name\":\"a\"},{\"Networks\":[{\"NetworkMode\":\"awsvpc\","
		  "\"IPv4SubnetCIDRBlock\":\"10.20.1.0/24\",\"IPv6SubnetCIDRBlock\":"
		  "\"2600::/64\",\"DomainNameServers\":[\"10.20.0.2\",7]}]}],\"ClockDrift\":"
		  "{\"ClockErrorBound\":0.5458234999999999,\"ClockSynchronizationStatus\":"
		  "\"SYNCHRONIZED\"}}"),
		&task));
	check_text(0, task.task_arn, "arn:aws:ecs:us-east-1:123456789012:task/c/1");
	check_text(1, task.launch_type, "FARGATE");
	check_text(2, task.availability_zone, "us-east-1a");
	check_text(3, task.subnet_cidr, "10.20.1.0/24");
	check_text(4, task.subnet_cidr6, "2600::/64");
	assert_int_equal(task.resolvers.count, 1);
	check_text(5, task.resolvers.at[0], "10.20.0.2");
	assert_int_equal(task.clock_error_ms, 1);
	check_text(6, task.clock_status, "SYNCHRONIZED");
	assert_true(task_metadata_parse(&arena,
		T("{\"TaskARN\":\"t\",\"Containers\":7,\"ClockDrift\":{\"ClockErrorBound\":-1}}"),
		&task));
	assert_int_equal(task.clock_error_ms, -1);
	assert_int_equal(task.resolvers.count, 0);
	assert_false(task_metadata_parse(&arena, T("{}"), &task));
	assert_false(task_metadata_parse(&arena, T("V4 container metadata handler: x"), &task));
	arena_end(&arena);
}

static void the_apis_cross_checks_are_read(void **state)
{
	struct arena arena = {0};
	struct aws_error error;
	struct text t;
	(void)state;
	assert_true(error_parse(&arena,
		T("{\"failures\":[{\"imageId\":{\"imageTag\":\"x\"},\"failureCode\":"
		  "\"ImageNotFound\",\"failureReason\":\"Requested image not found\"}],"
		  "\"images\":[]}"),
		ERROR_BATCH, &error));
	check_text(0, error.code, "ImageNotFound");
	check_text(0, error.message, "Requested image not found");
	assert_false(
		error_parse(&arena, T("{\"failures\":[],\"images\":[{}]}"), ERROR_BATCH, &error));
	assert_false(error_parse(&arena, T("x"), ERROR_BATCH, &error));
	assert_true(image_status_parse(
		&arena, T("{\"imageDetails\":[{\"imageStatus\":\"ARCHIVED\"}]}"), &t));
	check_text(1, t, "ARCHIVED");
	assert_false(image_status_parse(&arena, T("{\"imageDetails\":[{}]}"), &t));
	arena_end(&arena);
}

static void a_code_is_found_in_a_text(void **state)
{
	static const struct {
		const char *text, *code;
		enum symptom symptom;
	} cases[] = {
		{"operation error ECR: GetAuthorizationToken, api error AccessDeniedException: "
		 "User",
			"AccessDeniedException", SYMPTOM_DENIED},
		{"accessdeniedexception: user: arn:aws:iam", "accessdeniedexception",
			SYMPTOM_DENIED},
		{"code: ExpiredTokenException", "ExpiredTokenException", SYMPTOM_EXPIRED},
		{"denied: requested access to the resource is denied", "denied", SYMPTOM_DENIED},
		{"the request was denied", "", SYMPTOM_NONE},
		{"NotAccessDenied", "", SYMPTOM_NONE},
		{"unauthorized: authentication required", "unauthorized", SYMPTOM_UNAUTHENTICATED},
		{"RequestLimitExceeded after AccessDenied", "RequestLimitExceeded",
			SYMPTOM_THROTTLED},
		{"name_unknown: repository", "name_unknown", SYMPTOM_REPOSITORY_UNKNOWN},
		{"", "", SYMPTOM_NONE},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct text code = {0};
		enum symptom symptom = SYMPTOM_NONE;
		bool found = aws_error_find(text_of(cases[i].text), &code, &symptom);
		check_text(i, code, cases[i].code);
		check_row(i, found == (cases[i].code[0] != '\0') && symptom == cases[i].symptom);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_found_in_a_text),
		cmocka_unit_test(credentials_are_those_of_the_container_or_of_imds),
		cmocka_unit_test(an_authorization_is_base64_with_an_end),
		cmocka_unit_test(a_json_error_has_a_bare_code),
		cmocka_unit_test(a_sentence_of_s3_tells_late_from_early),
		cmocka_unit_test(an_xml_error_is_s3s_or_sts),
		cmocka_unit_test(deep_and_large_xml_is_refused),
		cmocka_unit_test(task_metadata_tells_where_we_stand),
		cmocka_unit_test(the_apis_cross_checks_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
