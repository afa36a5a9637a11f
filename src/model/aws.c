/* What AWS services answer, in JSON and in XML. Every document is bounded, and values that go into
 * a header must fit in one. */
#include "model/aws.h"
#include "base/die.h"
#include "base/encoding.h"
#include "model/hosts.h"
#include "model/json.h"
#include "model/read.h"

enum { ANSWER_BYTES_MAX = 1024 * 1024, CLAIMS_MAX = 16 * 1024 };

/* no control character, no blank: what a header or a URL may hold as it is (RFC 9110 5.5) */
static bool is_visible(struct text t)
{
	return text_is_printable(t) && !text_holds(t, T(" "));
}

/* the first of the keys, by '|', that has a text */
static struct text first_text(struct arena *arena, const json_t *object, const char *keys)
{
	struct text rest = text_of(keys);
	struct text t = T("");
	while (t.len == 0 && rest.len)
		t = json_text(arena, object, text_string(arena, text_cut(&rest, T("|"))));
	return t;
}

bool error_parse(struct arena *arena, struct text body, enum error_form form, struct aws_error *out)
{
	static const struct {
		const char *list; /* whose first element has the keys; NULL: none */
		const char *codes, *messages;
	} forms[] = {
		[ERROR_AWS] = {NULL, "__type|code|Code", "message|Message|errorMessage"},
		[ERROR_XML] = {NULL, "Code", "Message"},
		[ERROR_BATCH] = {"failures", "failureCode", "failureReason"},
		[ERROR_REGISTRY] = {"errors", "code", "message"},
		[ERROR_TOKEN_SERVICE] = {NULL, "code", "details|message|error_description|error"},
	};
	const char *list = forms[form].list;
	/* what was cut short still tells the code, and the start of its sentence */
	json_t *root = form == ERROR_XML ? xml_read_cut(body, ANSWER_BYTES_MAX)
					 : json_read(body, ANSWER_BYTES_MAX, NULL);
	const json_t *at = list	    ? json_array_get(json_object_get(root, list), 0)
		: form == ERROR_XML ? xml_find(root, "Error")
				    : root;
	/* of XML elements of one name are a list, and numbers are texts */
	struct text (*read)(struct arena *, const json_t *,
		const char *) = form == ERROR_XML ? read_first : first_text;
	struct text code = read(arena, at, forms[form].codes);
	out->message = read(arena, at, forms[form].messages);
	json_decref(root);
	/* A code may have a namespace before it and a URL behind:
	 * "com.amazon.coral.service#AccessDeniedException", "ValidationException:http://..."
	 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
	if (form == ERROR_AWS) {
		code = text_cut(&code, T(":"));
		if (text_holds(code, T("#")))
			text_cut(&code, T("#"));
	}
	out->code = code;
	/* IMDS says so where all is well */
	return !text_equal(code, T("Success")) &&
		(code.len || (form == ERROR_TOKEN_SERVICE && out->message.len));
}

bool arn_parse(struct text t, struct arn *out)
{
	bool is_arn = text_equal(text_cut(&t, T(":")), T("arn"));
	out->partition = text_cut(&t, T(":"));
	out->service = text_cut(&t, T(":"));
	out->region = text_cut(&t, T(":"));
	out->account = text_cut(&t, T(":"));
	out->resource = t;
	return is_arn && t.len > 0;
}

bool role_arn_is_wellformed(struct text t)
{
	struct arn arn;
	return t.len <= 2048 && arn_parse(t, &arn) && text_starts(arn.partition, T("aws")) &&
		text_equal(arn.service, T("iam")) && arn.region.len == 0 &&
		account_is_wellformed(arn.account) && text_starts(arn.resource, T("role/")) &&
		arn.resource.len > 5 && !text_ends(arn.resource, T("/")) &&
		text_only(arn.resource, T(ALPHANUMERIC "+=,.@_/-"));
}

bool credentials_are_usable(const struct credentials *credentials)
{
	return is_visible(credentials->access_key) && is_visible(credentials->secret_key) &&
		(credentials->session_token.len == 0 || is_visible(credentials->session_token));
}

bool credentials_parse(
	struct arena *arena, struct text json, struct credentials *out, struct text *complaint)
{
	struct aws_error error;
	json_t *root = json_read(json, ANSWER_BYTES_MAX, complaint);
	if (!root)
		return false;
	*out = (struct credentials){
		.access_key = json_text(arena, root, "AccessKeyId"),
		.secret_key = json_text(arena, root, "SecretAccessKey"),
		.session_token = json_text(arena, root, "Token"),
		.expiration = json_text(arena, root, "Expiration"),
		.role_arn = json_text(arena, root, "RoleArn"),
	};
	json_decref(root);
	if (error_parse(arena, json, ERROR_AWS, &error))
		return complain(complaint,
			text_format(arena, "%.*s: %.*s", TEXT(error.code), TEXT(error.message)));
	if (!is_visible(out->access_key))
		return complain(complaint, T("it has no AccessKeyId"));
	if (!is_visible(out->secret_key))
		return complain(complaint, T("it has no SecretAccessKey"));
	if (!credentials_are_usable(out))
		return complain(complaint, T("its Token holds white space or a control character"));
	return true;
}

bool aws_xml_credentials_parse(
	struct arena *arena, struct text xml, struct credentials *out, struct text *complaint)
{
	struct text why;
	json_t *root = xml_read(xml, ANSWER_BYTES_MAX, &why);
	const json_t *keys = xml_find(root, "Credentials");
	*out = (struct credentials){
		.access_key = read_first(arena, keys, "AccessKeyId"),
		.secret_key = read_first(arena, keys, "SecretAccessKey"),
		.session_token = read_first(arena, keys, "SessionToken"),
		.expiration = read_first(arena, keys, "Expiration"),
		.role_arn = read_first(arena, xml_find(root, "AssumedRoleUser"), "Arn"),
	};
	json_decref(root);
	if (credentials_are_usable(out) && out->session_token.len)
		return true;
	*out = (struct credentials){0};
	return complain(complaint, T("the answer has no credentials in it"));
}

/* Epoch seconds, with or without a fraction; 0 when there are none or no calendar has them. */
static int64_t read_seconds(const json_t *object, const char *key)
{
	double seconds = json_number_value(json_object_get(object, key));
	double year_10000 = 253402300800.0;
	return seconds > 0 && seconds < year_10000 ? (int64_t)seconds : 0;
}

bool authorization_parse(struct arena *arena, struct text json, struct text *token,
	int64_t *expires_at, struct text *complaint)
{
	json_t *root = json_read(json, ANSWER_BYTES_MAX, complaint);
	if (!root)
		return false;
	const json_t *data = json_array_get(json_object_get(root, "authorizationData"), 0);
	*token = json_text(arena, data, "authorizationToken");
	*expires_at = read_seconds(data, "expiresAt");
	json_decref(root);
	if (token->len == 0)
		return complain(complaint, T("it has no authorizationToken"));
	/* RFC 4648 4: it becomes a header as it is */
	if (!text_only(*token, T(ALPHANUMERIC "+/=")))
		return complain(complaint, T("its authorizationToken is not base64"));
	return true;
}

bool image_status_parse(struct arena *arena, struct text json, struct text *status)
{
	json_t *root = json_read(json, ANSWER_BYTES_MAX, NULL);
	const json_t *detail = json_array_get(json_object_get(root, "imageDetails"), 0);
	*status = json_text(arena, detail, "imageStatus");
	json_decref(root);
	return status->len > 0;
}

/* the first network of the first container that has one: a task has one interface in awsvpc */
static const json_t *first_network(const json_t *root)
{
	const json_t *containers = json_object_get(root, "Containers");
	for (size_t i = 0; i < json_array_size(containers); i++) {
		const json_t *networks = json_object_get(json_array_get(containers, i), "Networks");
		if (json_array_size(networks))
			return json_array_get(networks, 0);
	}
	return NULL;
}

static int64_t read_milliseconds(const json_t *number)
{
	double value = json_number_value(number);
	if (!json_is_number(number) || value < 0 || value > 1e12)
		return -1;
	/* an error bound is never less than it says */
	int64_t whole = (int64_t)value;
	return value > (double)whole ? whole + 1 : whole;
}

bool task_metadata_parse(struct arena *arena, struct text json, struct task_metadata *out)
{
	json_t *root = json_read(json, ANSWER_BYTES_MAX, NULL);
	const json_t *network = first_network(root);
	const json_t *clock = json_object_get(root, "ClockDrift");
	*out = (struct task_metadata){
		.task_arn = json_text(arena, root, "TaskARN"),
		.launch_type = json_text(arena, root, "LaunchType"),
		.availability_zone = json_text(arena, root, "AvailabilityZone"),
		.subnet_cidr = json_text(arena, network, "IPv4SubnetCIDRBlock"),
		.subnet_cidr6 = json_text(arena, network, "IPv6SubnetCIDRBlock"),
		.resolvers = json_texts(arena, json_object_get(network, "DomainNameServers")),
		.clock_error_ms = read_milliseconds(json_object_get(clock, "ClockErrorBound")),
		.clock_status = json_text(arena, clock, "ClockSynchronizationStatus"),
	};
	json_decref(root);
	return out->task_arn.len > 0;
}

bool jwt_times(struct text token, int64_t *not_before, int64_t *expires)
{
	struct arena arena = {0};
	struct text claims;
	text_cut(&token, T("."));
	struct text middle = text_cut(&token, T("."));
	json_t *root = middle.len <= CLAIMS_MAX && base64url_decode(&arena, middle, &claims)
		? json_read(claims, CLAIMS_MAX, NULL)
		: NULL;
	bool is_token = root != NULL;
	*not_before = read_seconds(root, "nbf");
	*expires = read_seconds(root, "exp");
	json_decref(root);
	arena_end(&arena);
	return is_token;
}
