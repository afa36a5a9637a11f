/* JSON from outside, and JSON of our own: the fields of a struct are rows of a table, which writing
 * and reading both walk. Jansson bounds the depth itself (JSON_PARSER_MAX_DEPTH, 2048). */
#include "model/json.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/encoding.h"

/* Jansson takes 300 bytes for an object that three stand for; an index of 1000 has 20,000. */
enum { VALUES_MAX = 50 * 1000 };

/* every value but the first follows one of these */
static bool has_many_values(struct text json)
{
	size_t values = 0;
	bool explanation = false;
	for (size_t i = 0; i < json.len; i++) {
		char c = json.at[i];
		if (c == '"')
			explanation = !explanation;
		else if (explanation)
			i += c == '\\';
		else
			values += c == ',' || c == '[' || c == '{';
	}
	return values > VALUES_MAX;
}

json_t *json_read(struct text json, size_t max, struct text *complaint)
{
	if (json.len > max) {
		*complaint = T("it is larger than we accept");
		return NULL;
	}
	if (has_many_values(json)) {
		*complaint = T("it holds more values than we accept");
		return NULL;
	}
	json_t *root = json_loadb(json.len ? json.at : "", json.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(root))
		return root;
	*complaint = root ? T("it is JSON but no object") : T("it is not JSON");
	json_decref(root);
	return NULL;
}

static struct text string_of(struct arena *arena, const json_t *string)
{
	struct text t = {json_string_value(string), json_string_length(string)};
	return t.at ? text_keep(arena, t) : T("");
}

struct text json_text(struct arena *arena, const json_t *object, const char *key)
{
	return string_of(arena, json_object_get(object, key));
}

struct texts json_texts(struct arena *arena, const json_t *array)
{
	struct texts list = {0};
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_is_string(json_array_get(array, i)))
			texts_add(arena, &list, string_of(arena, json_array_get(array, i)));
	return list;
}

/* what JSON numbers hold everywhere, RFC 8259 section 6 */
#define NUMBER_MAX (INT64_C(1) << 53)

json_t *field_text(struct arena *arena, struct text t)
{
	struct text whole = utf8_repair(arena, t);
	return json_stringn_nocheck(whole.len ? whole.at : "", whole.len);
}

json_t *field_texts(struct arena *arena, struct texts list)
{
	json_t *array = json_array();
	for (size_t i = 0; i < list.count; i++)
		field_append(array, field_text(arena, list.at[i]));
	return array;
}

void field_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		die(EXIT_UNABLE, "out of memory");
}

void field_append(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) != 0)
		die(EXIT_UNABLE, "out of memory");
}

json_t *field_value(struct arena *arena, const struct field *field, const void *from)
{
	const void *at = (const char *)from + field->at;
	switch (field->kind) {
	case FIELD_TEXT:
		return field_text(arena, *(const struct text *)at);
	case FIELD_TEXTS:
		return field_texts(arena, *(const struct texts *)at);
	case FIELD_FLAG:
		return json_boolean(*(const bool *)at);
	case FIELD_NAME:
		return field_text(
			arena, list_name((enum list)field->unknown, *(const unsigned *)at));
	case FIELD_TIME:
		return field_text(arena, clock_text(arena, *(const int64_t *)at));
	case FIELD_KNOWN:
		if (*(const int64_t *)at == field->unknown)
			return json_null();
		break;
	case FIELD_NUMBER:
		break;
	}
	return json_integer(*(const int64_t *)at);
}

void fields_write(struct arena *arena, json_t *object, const struct field *fields, size_t count,
	const void *from)
{
	for (const struct field *field = fields; field < fields + count; field++)
		field_put(object, field->key, field_value(arena, field, from));
}

bool json_refuse(struct json_reader *reader, const char *key, const char *mistake)
{
	struct arena *arena = reader->arena;
	struct text where = text_of(reader->part);
	if (reader->complaint.len)
		return false;
	if (reader->listed)
		where = text_format(arena, "%s[%zu]", reader->part, reader->index);
	reader->complaint = text_format(
		arena, "%.*s%s%s %s", TEXT(where), where.len ? "." : "", key, mistake);
	return false;
}

/* what may be said of a foreign name without harm to a terminal */
static struct text plain(struct arena *arena, struct text name)
{
	struct text letters = T(
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
	bool fit = name.len <= 40 && text_only(name, letters);
	return fit ? text_format(arena, "\"%.*s\"", TEXT(name)) : T("(unprintable)");
}

bool json_refuse_name(struct json_reader *reader, const char *key, struct text name)
{
	struct text shown = plain(reader->arena, name);
	struct text mistake = text_format(
		reader->arena, "%.*s is not known to this version", TEXT(shown));
	return json_refuse(reader, key, name.len ? mistake.at : "is missing");
}

static const json_t *get(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_null(value) ? NULL : value;
}

bool read_text(struct json_reader *reader, const json_t *object, const char *key, struct text *out)
{
	const json_t *value = get(object, key);
	if (value && !json_is_string(value))
		return json_refuse(reader, key, "should be a text");
	if (value)
		*out = string_of(reader->arena, value);
	return true;
}

static bool read_texts(
	struct json_reader *reader, const json_t *object, const char *key, struct texts *out)
{
	const json_t *value = get(object, key);
	*out = json_texts(reader->arena, value);
	if ((!value || json_is_array(value)) && out->count == json_array_size(value))
		return true;
	return json_refuse(reader, key, "should be a list of texts");
}

static bool read_name(
	struct json_reader *reader, const json_t *object, const struct field *field, unsigned *out)
{
	struct text name = {0};
	return read_text(reader, object, field->key, &name) &&
		(list_parse((enum list)field->unknown, name, out) ||
			json_refuse_name(reader, field->key, name));
}

static bool read_time(
	struct json_reader *reader, const json_t *object, const char *key, int64_t *out)
{
	struct text when = {0};
	return read_text(reader, object, key, &when) &&
		(!when.len || clock_parse(when, out) ||
			json_refuse(reader, key, "should be a time of RFC 3339"));
}

static bool read_flag(struct json_reader *reader, const json_t *object, const char *key, bool *out)
{
	const json_t *value = get(object, key);
	if (value && !json_is_boolean(value))
		return json_refuse(reader, key, "should be true or false");
	if (value)
		*out = json_is_true(value);
	return true;
}

bool read_number(struct json_reader *reader, const json_t *object, const char *key, int64_t *out)
{
	const json_t *value = get(object, key);
	int64_t number = json_integer_value(value);
	if (value && !json_is_integer(value))
		return json_refuse(reader, key, "should be a whole number");
	if (number < -NUMBER_MAX || number > NUMBER_MAX)
		return json_refuse(reader, key, "is too large a number");
	if (value)
		*out = number;
	return true;
}

bool field_read(
	struct json_reader *reader, const json_t *object, const struct field *field, void *into)
{
	void *at = (char *)into + field->at;
	switch (field->kind) {
	case FIELD_TEXT:
		return read_text(reader, object, field->key, at);
	case FIELD_TEXTS:
		return read_texts(reader, object, field->key, at);
	case FIELD_FLAG:
		return read_flag(reader, object, field->key, at);
	case FIELD_NAME:
		return read_name(reader, object, field, at);
	case FIELD_TIME:
		return read_time(reader, object, field->key, at);
	case FIELD_KNOWN:
		*(int64_t *)at = field->unknown;
		break;
	case FIELD_NUMBER:
		break;
	}
	return read_number(reader, object, field->key, at);
}

bool fields_read(struct json_reader *reader, const json_t *object, const struct field *fields,
	size_t count, void *into)
{
	for (const struct field *field = fields; field < fields + count; field++)
		if (!field_read(reader, object, field, into))
			return false;
	return true;
}
