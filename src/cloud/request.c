/* What a call looks like on the wire: AWS JSON 1.1, the query protocol, REST.
 * https://smithy.io/2.0/aws/protocols/index.html */
#include "base/arena.h"
#include "base/encoding.h"
#include "cloud/parts.h"
#include <string.h>

/* the parameters --------------------------------------------------------------------------------
 */

/* [{"imageTag": "1"}] of "imageIds/imageTag" */
static void put_members(
	struct arena *arena, json_t *input, struct text name, const struct texts *values)
{
	struct text list = text_keep(arena, text_cut(&name, T("/")));
	json_t *array = json_array();
	for (size_t i = 0; i < values->count; i++)
		field_append(array, json_pack("{s:o}", name.at, field_text(arena, values->at[i])));
	field_put(input, list.at, array);
}

/* What is asked, as JSON: the body of AWS JSON 1.1. A form has the same, of other names. */
static json_t *input_of(struct arena *arena, const struct call *call)
{
	bool form = service_row(call->row->service)->wire == WIRE_QUERY;
	json_t *input = json_object();
	json_t *filters = json_array();
	for (size_t i = 0; i < CALL_PARAMETERS && call->row->parameters[i].name; i++) {
		const struct parameter *parameter = &call->row->parameters[i];
		const struct texts *values = &call->values[i];
		if (values->count == 0)
			continue;
		if (parameter->form == PARAMETER_ONE)
			field_put(input, parameter->name, field_text(arena, values->at[0]));
		else if (parameter->form == PARAMETER_TRUE)
			field_put(input, parameter->name, json_true());
		else if (parameter->form == PARAMETER_MANY)
			field_put(input, parameter->name, field_texts(arena, *values));
		else if (parameter->form == PARAMETER_FILTER)
			field_append(filters,
				json_pack("{s:s,s:o}", "Name", parameter->name,
					form ? "Value" : "Values", field_texts(arena, *values)));
		else if (parameter->form == PARAMETER_MEMBER)
			put_members(arena, input, text_of(parameter->name), values);
		else
			field_put(input, parameter->name,
				json_pack("[{s:s,s:o}]", "Key", CLOUD_TAG, "Value",
					field_text(arena, values->at[0])));
	}
	if (json_array_size(filters))
		field_put(input, form ? "Filter" : "Filters", json_incref(filters));
	json_decref(filters);
	if (call->row->send_next && call->token.len)
		field_put(input, call->row->send_next, field_text(arena, call->token));
	return input;
}

/* A form, or a query: "SubnetId.1=..&SubnetId.2=..", "Filter.1.Name=..&Filter.1.Value.1=..".
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html */
static void add_flat(struct buffer *out, struct text name, json_t *value)
{
	const char *key;
	size_t index;
	json_t *each;
	json_object_foreach (value, key, each)
		add_flat(out,
			name.len ? text_format(out->arena, "%.*s.%s", TEXT(name), key)
				 : text_of(key),
			each);
	json_array_foreach (value, index, each)
		add_flat(out, text_format(out->arena, "%.*s.%zu", TEXT(name), index + 1), each);
	if (!json_is_string(value))
		return;
	buffer_addf(out, "%s%.*s=", out->len ? "&" : "", TEXT(name));
	buffer_add(out, percent_encode(out->arena, text_of(json_string_value(value)), T("")));
}

static struct text form_of(struct arena *arena, const struct call *call)
{
	const struct service_row *service = service_row(call->row->service);
	struct buffer out = {.arena = arena};
	json_t *input = input_of(arena, call);
	if (service->wire == WIRE_QUERY)
		buffer_addf(&out, "Action=%s&Version=%s", call->row->name, service->version);
	add_flat(&out, T(""), input);
	json_decref(input);
	return buffer_text(&out);
}

struct text json_body(struct arena *arena, json_t *object)
{
	char *dump = json_dumps(object, JSON_COMPACT);
	struct text body = text_keep(arena, text_of(dump));
	free(dump);
	json_decref(object);
	return body;
}

/* The program itself is in no arena, since many calls carry it: who takes the answer frees it. */
static struct text body_with_code(const struct call *call)
{
	static const char key[] = "\"ZipFile\":\"";
	size_t before = text_find(call->body, text_of(key)) + sizeof key - 1;
	size_t len = call->body.len + call->code.len;
	char *body = memory_take(len);
	memcpy(body, call->body.at, before);
	memcpy(body + before, call->code.at, call->code.len);
	memcpy(body + before + call->code.len, call->body.at + before, call->body.len - before);
	return (struct text){body, len};
}

static struct text body_of(struct arena *arena, const struct call *call)
{
	if (call->body.len)
		return call->code.len ? body_with_code(call) : call->body;
	return json_body(arena, input_of(arena, call));
}

/* all -------------------------------------------------------------------------------------------
 */

static void set_content(
	struct arena *arena, struct exchange *exchange, struct text type, struct text target)
{
	struct header *headers = arena_new(arena, struct header, 2);
	headers[0] = (struct header){T("Content-Type"), type};
	headers[1] = (struct header){T("X-Amz-Target"), target};
	exchange->post = true;
	exchange->send = headers;
	exchange->send_count = target.len ? 2 : 1;
}

/* https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
static void set_function(
	struct arena *arena, struct exchange *exchange, const struct call *call, struct text url)
{
	struct text name = text_of(call->row->name);
	struct text function = call->values[0].count ? call->values[0].at[0] : T("");
	exchange->url = text_format(arena, "%.*s%s%s%.*s%s", TEXT(url),
		service_row(call->row->service)->version, function.len ? "/" : "", TEXT(function),
		text_starts(name, T("Invoke")) ? "/invocations" : "");
	exchange->remove = text_starts(name, T("Delete"));
	if (call->body.len) {
		set_content(arena, exchange, T("application/json"), T(""));
		exchange->body = body_of(arena, call);
	}
}

struct exchange request_of(struct cloud *cloud, const struct call *call)
{
	struct arena *arena = cloud->arena;
	const struct service_row *service = service_row(call->row->service);
	const struct service_place *place = place_of(cloud, call);
	struct exchange exchange = {.body_keep = CALL_ANSWER_MAX,
		.body_max = CALL_ANSWER_MAX,
		.trust = cloud->trust,
		.url = text_format(arena, "%.*s/", TEXT(place->url)),
		.address = place->addresses.at[call->attempts % place->addresses.count]};
	if (service->wire == WIRE_JSON) {
		set_content(arena, &exchange, T("application/x-amz-json-1.1"),
			text_format(arena, "%s.%s", service->version, call->row->name));
		exchange.body = body_of(arena, call);
	} else if (service->wire == WIRE_QUERY) {
		set_content(arena, &exchange, T("application/x-www-form-urlencoded; charset=utf-8"),
			T(""));
		exchange.body = form_of(arena, call);
	} else if (service->wire == WIRE_FUNCTION) {
		set_function(arena, &exchange, call, place->url);
	} else {
		struct text query = form_of(arena, call);
		exchange.url = text_format(
			arena, "%.*s%s?%.*s", TEXT(place->url), service->version, TEXT(query));
		exchange.send = call->send;
		exchange.send_count = call->send ? 1 : 0;
	}
	if (!(call->row->traits & CALL_UNSIGNED)) {
		exchange.access_key = cloud->credentials.access_key;
		exchange.secret_key = cloud->credentials.secret_key;
		exchange.session_token = cloud->credentials.session_token;
		exchange.region = place->signed_region;
		exchange.service = text_of(service->name);
	}
	return exchange;
}
