/* What a call looks like on the wire: AWS JSON 1.1, the query protocol, REST.
 * https://smithy.io/2.0/aws/protocols/index.html */
#include "base/arena.h"
#include "base/encoding.h"
#include "cloud/parts.h"
#include <string.h>

/* the page's token goes with the others */
static bool wants_token(const struct call *call)
{
	return call->row->send_next && call->token.len;
}

/* a form, or a query ----------------------------------------------------------------------------
 */

static void add_field(struct buffer *out, struct text name, struct text value)
{
	buffer_addf(out, "%s%.*s=", out->len ? "&" : "", TEXT(name));
	buffer_add(out, percent_encode(out->arena, value, T("")));
}

/* "SubnetId.1=..&SubnetId.2=..", "Filter.1.Name=..&Filter.1.Value.1=.." */
static void add_fields(struct buffer *out, const struct parameter *parameter,
	const struct texts *values, int *filters)
{
	struct arena *arena = out->arena;
	struct text name = text_of(parameter->name);
	if (values->count == 0)
		return;
	if (parameter->form == PARAMETER_FILTER) {
		struct text filter = text_format(arena, "Filter.%d", ++*filters);
		add_field(out, text_format(arena, "%.*s.Name", TEXT(filter)), name);
		name = text_format(arena, "%.*s.Value", TEXT(filter));
	}
	if (parameter->form == PARAMETER_TAG) {
		add_field(out, text_format(arena, "%.*s.Key", TEXT(name)), T(CLOUD_TAG));
		add_field(out, text_format(arena, "%.*s.Value", TEXT(name)), values->at[0]);
		return;
	}
	for (size_t i = 0; i < values->count; i++)
		add_field(out,
			parameter->form == PARAMETER_ONE
				? name
				: text_format(arena, "%.*s.%zu", TEXT(name), i + 1),
			values->at[i]);
}

static struct text form_of(struct arena *arena, const struct call *call)
{
	const struct call_row *row = call->row;
	struct buffer out = {.arena = arena};
	int filters = 0;
	if (service_row(row->service)->wire == WIRE_QUERY) {
		add_field(&out, T("Action"), text_of(row->name));
		add_field(&out, T("Version"), text_of(service_row(row->service)->version));
	}
	for (size_t i = 0; i < CALL_PARAMETERS && row->parameters[i].name; i++)
		add_fields(&out, &row->parameters[i], &call->values[i], &filters);
	if (wants_token(call))
		add_field(&out, text_of(row->send_next), call->token);
	return buffer_text(&out);
}

/* JSON ------------------------------------------------------------------------------------------
 */

/* [{"imageTag": "1"}] of "imageIds/imageTag" */
static void put_members(
	struct arena *arena, json_t *object, struct text name, const struct texts *values)
{
	struct text member = name;
	struct text list = text_keep(arena, text_cut(&member, T("/")));
	json_t *array = json_array();
	for (size_t i = 0; i < values->count; i++) {
		json_t *element = json_object();
		field_put(element, member.at, field_text(arena, values->at[i]));
		field_append(array, element);
	}
	field_put(object, list.at, array);
}

/* [{"Name": "VPCId", "Values": [..]}] */
static void put_filter(
	struct arena *arena, json_t *object, struct text name, const struct texts *values)
{
	json_t *filter = json_object();
	json_t *array = json_array();
	field_put(filter, "Name", field_text(arena, name));
	field_put(filter, "Values", field_texts(arena, *values));
	field_append(array, filter);
	field_put(object, "Filters", array);
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
	json_t *object = json_object();
	for (size_t i = 0; i < CALL_PARAMETERS && call->row->parameters[i].name; i++) {
		const struct parameter *parameter = &call->row->parameters[i];
		const struct texts *values = &call->values[i];
		if (values->count == 0)
			continue;
		if (parameter->form == PARAMETER_ONE)
			field_put(object, parameter->name, field_text(arena, values->at[0]));
		else if (parameter->form == PARAMETER_MANY)
			field_put(object, parameter->name, field_texts(arena, *values));
		else if (parameter->form == PARAMETER_FILTER)
			put_filter(arena, object, text_of(parameter->name), values);
		else
			put_members(arena, object, text_of(parameter->name), values);
	}
	if (wants_token(call))
		field_put(object, call->row->send_next, field_text(arena, call->token));
	return json_body(arena, object);
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
	const struct service_place *place = &cloud->places[call->row->service];
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
		exchange.region = place->region;
		exchange.service = text_of(service->name);
	}
	return exchange;
}
