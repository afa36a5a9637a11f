/* JSON from outside, and JSON of our own: the fields of a struct are rows of a table, which writing
 * and reading both walk. Jansson bounds the depth itself (JSON_PARSER_MAX_DEPTH, 2048). */
#include "model/json.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/encoding.h"
#include "model/record.h"

enum {
	/* jansson takes 300 bytes for an object of three; an index of 1000 has 20,000 values */
	VALUES_MAX = 50 * 1000,
	/* more than any VPC has; what judges them compares them with each other */
	LIST_MAX = 10 * 1000,
};

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
	json_t *root = NULL;
	struct text why = T("it is not JSON");
	if (json.len > max)
		why = T("it is larger than we accept");
	else if (has_many_values(json))
		why = T("it holds more values than we accept");
	else
		root = json_loadb(json.len ? json.at : "", json.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(root))
		return root;
	if (complaint)
		*complaint = root ? T("it is JSON but no object") : why;
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
	int64_t number = 0;
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_JOINED:
	case FIELD_EACH:
		return field_text(arena, *(const struct text *)at);
	case FIELD_TEXTS:
		return field_texts(arena, *(const struct texts *)at);
	case FIELD_FLAG:
	case FIELD_SECOND:
		return json_boolean(*(const bool *)at);
	case FIELD_NAME:
		return field_text(
			arena, list_name((enum list)field->unknown, *(const unsigned *)at));
	case FIELD_TIME:
		return field_text(arena, clock_text(arena, *(const int64_t *)at));
	case FIELD_NUMBER:
		number = *(const int64_t *)at;
		return number == field->unknown ? json_null() : json_integer(number);
	case FIELD_LIST:
		break;
	}
	const struct vpc_list *list = at;
	json_t *array = json_array();
	for (size_t i = 0; i < list->count; i++)
		field_append(array,
			record_write(arena, field->table,
				(const char *)list->at + i * field->table->size));
	return array;
}

void fields_write(struct arena *arena, json_t *object, const struct field *fields, size_t count,
	const void *from)
{
	for (const struct field *field = fields; field < fields + count; field++)
		field_put(object, field->key, field_value(arena, field, from));
}

json_t *record_write(struct arena *arena, const struct read_table *table, const void *from)
{
	json_t *object = json_object();
	fields_write(arena, object, table->rows, table->count, from);
	return object;
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

bool json_refuse_name(struct json_reader *reader, const char *key, struct text name)
{
	/* what may be said of a foreign name without harm to a terminal */
	bool plain = name.len <= 40 && text_only(name, T(ALPHANUMERIC "_.-"));
	struct text mistake = plain
		? text_format(reader->arena, "\"%.*s\" is not known to this version", TEXT(name))
		: T("(unprintable) is not known to this version");
	return json_refuse(reader, key, name.len ? mistake.at : "is missing");
}

/* Lists are in lists once: the configuration's, and those of a table, an ACL or a group. */
static bool read_records(struct json_reader *reader, const json_t *array, const struct field *field,
	struct vpc_list *list)
{
	const struct read_table *table = field->table;
	const json_t *element;
	size_t index;
	if (json_array_size(array) > LIST_MAX)
		return json_refuse(reader, field->key, "are too many");
	json_array_foreach (array, index, element) {
		if (!json_is_object(element))
			return json_refuse(reader, field->key, "should be a list of objects");
		if (!record_read(reader, element, table, vpc_add(reader->arena, list, table->size)))
			return false;
	}
	return true;
}

/* what a value of each kind should be, and its type in JSON */
static const struct {
	json_type type;
	const char *mistake;
} kinds[] = {
	[FIELD_TEXT] = {JSON_STRING, "should be a text"},
	[FIELD_JOINED] = {JSON_STRING, "should be a text"},
	[FIELD_EACH] = {JSON_STRING, "should be a text"},
	[FIELD_TEXTS] = {JSON_ARRAY, "should be a list of texts"},
	[FIELD_FLAG] = {JSON_TRUE, "should be true or false"},
	[FIELD_SECOND] = {JSON_TRUE, "should be true or false"},
	[FIELD_NUMBER] = {JSON_INTEGER, "should be a whole number"},
	[FIELD_TIME] = {JSON_STRING, "should be a text"},
	[FIELD_NAME] = {JSON_STRING, "should be a text"},
	[FIELD_LIST] = {JSON_ARRAY, "should be a list"},
};

bool field_read(
	struct json_reader *reader, const json_t *object, const struct field *field, void *into)
{
	void *at = (char *)into + field->at;
	const char *mistake = kinds[field->kind].mistake;
	const json_t *value = json_object_get(object, field->key);
	bool is_missing = !value || json_is_null(value);
	json_type type = is_missing ? kinds[field->kind].type : json_typeof(value);
	struct text text = string_of(reader->arena, value);
	int64_t number = json_integer_value(value);
	if ((type == JSON_FALSE ? JSON_TRUE : type) != kinds[field->kind].type)
		return json_refuse(reader, field->key, mistake);
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_JOINED:
	case FIELD_EACH:
		if (!is_missing)
			*(struct text *)at = text;
		return true;
	case FIELD_TEXTS:
		*(struct texts *)at = json_texts(reader->arena, value);
		return ((struct texts *)at)->count == json_array_size(value) ||
			json_refuse(reader, field->key, mistake);
	case FIELD_FLAG:
	case FIELD_SECOND:
		if (!is_missing)
			*(bool *)at = json_is_true(value);
		return true;
	case FIELD_NAME:
		return list_parse((enum list)field->unknown, text, at) ||
			json_refuse_name(reader, field->key, text);
	case FIELD_TIME:
		return !text.len || clock_parse(text, at) ||
			json_refuse(reader, field->key, "should be a time of RFC 3339");
	case FIELD_NUMBER:
		if (number < -NUMBER_MAX || number > NUMBER_MAX)
			return json_refuse(reader, field->key, "is too large a number");
		if (!is_missing || field->unknown != FIELD_NO_NULL)
			*(int64_t *)at = is_missing ? field->unknown : number;
		return true;
	case FIELD_LIST:
		break;
	}
	return read_records(reader, value, field, at);
}

bool fields_read(struct json_reader *reader, const json_t *object, const struct field *fields,
	size_t count, void *into)
{
	for (const struct field *field = fields; field < fields + count; field++)
		if (!field_read(reader, object, field, into))
			return false;
	return true;
}

bool record_read(struct json_reader *reader, const json_t *object, const struct read_table *table,
	void *into)
{
	return fields_read(reader, object, table->rows, table->count, into);
}

bool read_text(struct json_reader *reader, const json_t *object, const char *key, struct text *out)
{
	const struct field field = {.key = key, .kind = FIELD_TEXT};
	return field_read(reader, object, &field, out);
}
